//! A sheet as an aligned table for the terminal.
//!
//! Pure.
//!
//! 1. Columns line up where a Chinese character takes two places.
//! 2. Figures stand on the right, grouped by three; words on the left.
//! 3. Nothing a file brought in can move the cursor: control characters are printed as blanks.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::sheet::{Cell, Sheet};

const GAP: &str = "  ";

/// Writes title, head, rows, totals and notes.
pub fn write_text(sheet: &Sheet, mut out: impl Write) -> io::Result<()> {
    let widths = column_widths(sheet);
    let rule = widths.iter().map(|width| "─".repeat(*width)).collect::<Vec<_>>().join(GAP);
    for line in std::iter::once(&sheet.title).chain(&sheet.subtitle).filter(|line| !line.is_empty()) {
        writeln!(out, "{}", printable(line))?;
    }
    let headings: Vec<String> = sheet.columns.iter().map(|column| printable(&column.heading)).collect();
    write_line(sheet, &widths, &headings, &mut out)?;
    writeln!(out, "{rule}")?;
    for row in &sheet.rows {
        write_row(sheet, &widths, row, &mut out)?;
    }
    if !sheet.foot.is_empty() {
        writeln!(out, "{rule}")?;
    }
    for row in &sheet.foot {
        write_row(sheet, &widths, row, &mut out)?;
    }
    sheet.notes.iter().try_for_each(|note| writeln!(out, "{}", printable(note)))
}

/// The places each column needs, heading included.
pub(super) fn column_widths(sheet: &Sheet) -> Vec<usize> {
    let mut widths: Vec<usize> = sheet.columns.iter().map(|column| printable(&column.heading).width()).collect();
    for row in sheet.all_rows() {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(printable(&cell.for_people()).width());
        }
    }
    widths
}

fn write_row(sheet: &Sheet, widths: &[usize], row: &[Cell], out: &mut impl Write) -> io::Result<()> {
    let texts: Vec<String> = row.iter().map(|cell| printable(&cell.for_people())).collect();
    write_line(sheet, widths, &texts, out)
}

fn write_line(sheet: &Sheet, widths: &[usize], texts: &[String], out: &mut impl Write) -> io::Result<()> {
    let mut line = String::new();
    for ((column, width), text) in sheet.columns.iter().zip(widths).zip(texts) {
        let blank = " ".repeat(width.saturating_sub(text.width()));
        let (before, after) = if column.kind.is_figure() { (blank.as_str(), "") } else { ("", blank.as_str()) };
        line.extend([before, text, after, GAP]);
    }
    writeln!(out, "{}", line.trim_end())
}

/// Without control characters, which a terminal would obey.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::sheet::{Column, sample};

    #[test]
    fn columns_line_up_under_chinese_headings() {
        let mut out = Vec::new();
        write_text(&sample(), &mut out).unwrap();
        let expected = "\
试算平衡表
单位:示例村股份经济合作社
金额单位:元
科目编码  科目名称        借方
────────  ────────  ──────────
102       银行存款  123,456.78
10201     =1+1           -5.00
10202
────────  ────────  ──────────
合计                123,451.78
说明:未经审核
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn a_name_cannot_move_the_cursor() {
        let mut sheet = Sheet::new("t\u{1b}[2J", vec![Column::text("name", "户名")]);
        sheet.push(vec!["甲\r\n\u{7}乙".into()]);
        let mut out = Vec::new();
        write_text(&sheet, &mut out).unwrap();
        assert!(out.iter().all(|byte| *byte == b'\n' || !byte.is_ascii_control()));
    }
}
