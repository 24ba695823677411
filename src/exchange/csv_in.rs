//! Rows of csv and txt files.
//!
//! Pure.
//!
//! 1. The delimiter is the one of comma, tab, semicolon and bar that splits most lines alike.
//! 2. `="0012"` and `'=x`, two ways of keeping a spreadsheet program from touching a text, are taken off.
//! 3. A quotation mark that is never closed, or only by the mark that opens a later cell, is refused with the line
//!    where it stands: what follows it would be read as one long cell, and its rows would be missing.

use csv::{ReaderBuilder, StringRecord};

use super::encoding;
use super::refusal::ExchangeRefusal;
use super::rows_in::{CellKind, RawCell, ReadOptions, RowBuffer, Visit};
use super::write_csv::begins_a_formula;
use crate::refusal::Refusal;

/// Walks the rows of a text table.
pub fn for_each_csv_row(bytes: &[u8], options: &ReadOptions, visit: &mut Visit<'_>) -> Result<(), Refusal> {
    let text = encoding::decode(bytes, options.encoding.as_deref())?;
    if text.contains('\0') {
        return Err(ExchangeRefusal::NotATable { looks_like: "二进制文件".to_owned() }.into());
    }
    let delimiter = delimiter(&text);
    if let Some(line) = open_quote(&text, delimiter) {
        return Err(ExchangeRefusal::QuoteLeftOpen { line }.into());
    }
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let (mut record, mut row, mut lines) = (StringRecord::new(), RowBuffer::new(options), Lines { text: &text, at: 0, line: 1 });
    let unreadable = |error: csv::Error| ExchangeRefusal::Damaged { what: error.to_string() };
    while reader.read_record(&mut record).map_err(unreadable)? {
        let number = lines.line_at(record.position().map_or(0, |position| position.byte() as usize));
        for (column, field) in record.iter().enumerate() {
            if field.len() as u64 > options.limits.cell_bytes {
                return Err(ExchangeRefusal::Damaged { what: format!("第 {number} 行有一个单元格太长") }.into());
            }
            row.put(column, RawCell { text: unprotected(field).to_owned(), kind: CellKind::Text })?;
        }
        row.end_row(number, visit)?;
    }
    Ok(())
}

/// The delimiter that splits most of the first lines into equally many parts.
fn delimiter(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(60).collect();
    let score = |delimiter: u8| {
        let counts: Vec<usize> = lines.iter().map(|line| splits(line, delimiter)).filter(|count| *count > 0).collect();
        let alike = |count: &usize| counts.iter().filter(|other| *other == count).count();
        counts.iter().map(|count| (alike(count), *count)).max().unwrap_or_default()
    };
    // The first of equals wins, so a file without any delimiter is one column.
    b",\t;|".iter().rev().copied().max_by_key(|delimiter| score(*delimiter)).unwrap_or(b',')
}

/// The line where a quotation mark opens a cell that no mark closes, or one that other text follows lines below.
fn open_quote(text: &str, delimiter: u8) -> Option<u64> {
    let (mut within, mut line, mut opened) = (Within::Begin, 1, 0);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        within = match (within, byte) {
            (Within::Begin, b'"') => {
                opened = line;
                Within::Quoted
            }
            (Within::Quoted, b'"') => Within::Closed,
            (Within::Closed, b'"') | (Within::Quoted, _) => Within::Quoted,
            (_, b'\n' | b'\r') => Within::Begin,
            (_, byte) if byte == delimiter => Within::Begin,
            (Within::Closed, byte) if byte != b' ' && opened < line => return Some(opened),
            (Within::Closed, b' ') => Within::Closed,
            _ => Within::Plain,
        };
        line += u64::from(byte == b'\n' || (byte == b'\r' && bytes.peek() != Some(&b'\n')));
    }
    (within == Within::Quoted).then_some(opened)
}

/// Where in a cell a byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Begin,
    Plain,
    Quoted,
    /// After a mark that closes the cell, or doubles.
    Closed,
}

/// Counts lines as a text editor does; the csv reader's own count stops before blank lines.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the record that begins at a byte, blank lines before it passed over.
    fn line_at(&mut self, byte: usize) -> u64 {
        let bytes = self.text.as_bytes();
        let ends = |at: &usize| matches!(bytes.get(*at), Some(b'\n' | b'\r'));
        while self.at < byte || ends(&self.at) {
            let end_of_line = bytes[self.at] == b'\n' || (bytes[self.at] == b'\r' && bytes.get(self.at + 1) != Some(&b'\n'));
            self.line += u64::from(end_of_line);
            self.at += 1;
        }
        self.line
    }
}

/// How often the delimiter stands outside quotation marks.
fn splits(line: &str, delimiter: u8) -> usize {
    let (mut quoted, mut count) = (false, 0);
    for byte in line.bytes() {
        quoted ^= byte == b'"';
        count += usize::from(byte == delimiter && !quoted);
    }
    count
}

/// The text itself, without blanks and the marks that protect it from spreadsheet programs.
fn unprotected(field: &str) -> &str {
    let field = field.trim();
    let inner = field.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(field);
    let digits = |text: &str| text.len() > 4 && text.bytes().all(|b| b.is_ascii_alphanumeric());
    match inner.strip_prefix('\'') {
        Some(rest) if begins_a_formula(rest) || digits(rest) => rest.trim(),
        _ => inner.trim(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::rows_in::for_each_row;

    fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
        let mut rows = Vec::new();
        let mut visit = |row: crate::exchange::rows_in::RawRow<'_>| {
            rows.push((row.number, row.cells.iter().map(|cell| cell.text.clone()).collect()));
            Ok(())
        };
        for_each_row(text.as_bytes(), &ReadOptions::default(), &mut visit).unwrap();
        rows
    }

    #[test]
    fn finds_the_delimiter_below_title_lines() {
        for delimiter in [",", "\t", ";", "|"] {
            let text = "某村,2024年凭证\n\n日期,摘要,金额\n2024-03-21,买种子,5\n2024-03-22,\"卖,粮\",6\n".replace(',', delimiter);
            let rows = rows(&text);
            assert_eq!(rows[1], (3, vec!["日期".into(), "摘要".into(), "金额".into()]), "{delimiter}");
            assert_eq!(rows[3].1[1], format!("卖{delimiter}粮"));
            assert_eq!(rows[3].0, 5);
        }
    }

    #[test]
    fn takes_protection_off_and_keeps_the_text() {
        let rows = rows("a,b,c,d\n=\"00123\",'=1+1,'621700,'甲'\n");
        assert_eq!(rows[1].1, ["00123", "=1+1", "621700", "'甲'"]);
    }

    fn refused(text: &str) -> String {
        let refusal = for_each_row(text.as_bytes(), &ReadOptions::default(), &mut |_| Ok(())).unwrap_err();
        format!("{} {}", refusal.code, refusal.message_zh)
    }

    #[test]
    fn an_open_quotation_mark_is_refused_where_it_stands() {
        let long = format!("日期,摘要\n2024-01-01,\"开口\n{}", "2024-01-02,某事\n".repeat(5_000));
        let short = "日期,摘要,金额\n2024-01-01,甲,1\r\n2024-01-02,\"开口,2\n2024-01-03,乙,3\n";
        let to_the_next = "日期,摘要,金额\n2024-01-02,\"开口,2\n2024-01-03,\"卖,粮\",3\n";
        for (text, line) in [(long.as_str(), 2), (short, 3), (to_the_next, 2), ("a,\"", 1)] {
            assert!(refused(text).starts_with(&format!("X-109 第 {line} 行")), "{}", refused(text));
        }
    }

    #[test]
    fn cells_of_several_lines_and_doubled_marks_stay() {
        let rows = rows("a,b\n\"两\n行\",\"说\"\"好\"\"\"\n5\"管,\"x\" \n\"\"\"起\"\"\n头\",y\n");
        assert_eq!(rows[1].1, ["两\n行", "说\"好\""]);
        assert_eq!(rows[2], (4, vec!["5\"管".into(), "x".into()]));
        assert_eq!(rows[3].1, ["\"起\"\n头", "y"]);
    }
}
