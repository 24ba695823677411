//! Rows of xlsx and xls workbooks.
//!
//! Pure. `calamine` reads the formats; what it hands over is checked here.
//!
//! 1. An xlsx worksheet is read as a stream of cells, row by row; shared texts are held once.
//! 2. A number becomes its shortest decimal text; one that needs more than fifteen digits carries
//!    binary noise or lost digits: it is cut to the fifteen a spreadsheet program shows, and marked inexact.
//! 3. Date cells become ISO dates in the workbook's own calendar (1900 or 1904).
//! 4. A panic inside the format reader is a damaged file, not a crash.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, ExcelDateTime, Reader, Xls, XlsError, Xlsx, XlsxError};

use super::refusal::ExchangeRefusal;
use super::rows_in::{CellKind, RawCell, ReadOptions, RowBuffer, Visit};
use super::write_xlsx::XlsxNumber;
use super::zip_guard::check_unpacked_size;
use crate::refusal::Refusal;

/// Walks the rows of one worksheet of an xlsx workbook.
pub fn for_each_xlsx_row(bytes: &[u8], options: &ReadOptions, visit: &mut Visit<'_>) -> Result<(), Refusal> {
    check_unpacked_size(bytes, &options.limits)?;
    unpanicked(|| {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(xlsx_refusal)?;
        let name = chosen_sheet(book.sheet_names(), options)?;
        let mut cells = book.worksheet_cells_reader(&name).map_err(xlsx_refusal)?;
        let (mut row, mut at) = (RowBuffer::new(options), 0u32);
        while let Some(cell) = cells.next_cell().map_err(xlsx_refusal)? {
            let (cell_row, column) = cell.get_position();
            if cell_row < at {
                return Err(ExchangeRefusal::Damaged { what: format!("第 {} 行的顺序错乱", cell_row + 1) }.into());
            }
            if cell_row > at {
                row.end_row(u64::from(at) + 1, visit)?;
                at = cell_row;
            }
            row.put(column as usize, shared(cell.get_value()))?;
        }
        row.end_row(u64::from(at) + 1, visit)
    })
}

/// Walks the rows of one worksheet of an xls workbook (65,536 rows at most; held whole).
pub fn for_each_xls_row(bytes: &[u8], options: &ReadOptions, visit: &mut Visit<'_>) -> Result<(), Refusal> {
    let mut stream = super::compound_file::workbook(bytes)?;
    super::xls_guard::check(&mut stream)?;
    let plain = super::compound_file::wrapped(stream);
    unpanicked(|| {
        let mut book: Xls<_> = Xls::new(Cursor::new(plain.as_slice())).map_err(xls_refusal)?;
        let name = chosen_sheet(book.sheet_names(), options)?;
        let range = book.worksheet_range(&name).map_err(xls_refusal)?;
        let (first_row, first_column) = range.start().unwrap_or_default();
        let mut row = RowBuffer::new(options);
        for (number, cells) in (u64::from(first_row) + 1..).zip(range.rows()) {
            for (column, cell) in (first_column as usize..).zip(cells) {
                row.put(column, owned(cell))?;
            }
            row.end_row(number, visit)?;
        }
        Ok(())
    })
}

/// The worksheet asked for, or the first.
fn chosen_sheet(names: Vec<String>, options: &ReadOptions) -> Result<String, ExchangeRefusal> {
    let found = match &options.sheet {
        Some(wanted) => names.iter().find(|name| *name == wanted),
        None => names.first(),
    };
    found.cloned().ok_or_else(|| ExchangeRefusal::NoSuchSheet {
        name: options.sheet.clone().unwrap_or_else(|| "1".to_owned()),
        seen: names.join("、"),
    })
}

fn shared(value: &DataRef<'_>) -> RawCell {
    match value {
        DataRef::SharedString(text) => text_cell(text),
        other => owned(&Data::from(other.clone())),
    }
}

fn owned(value: &Data) -> RawCell {
    match value {
        Data::Empty => RawCell::default(),
        Data::String(text) | Data::DurationIso(text) => text_cell(text),
        Data::Int(number) => RawCell { text: number.to_string(), kind: CellKind::Number },
        Data::Float(number) => number_cell(*number),
        Data::Bool(yes) => text_cell(if *yes { "TRUE" } else { "FALSE" }),
        Data::DateTime(moment) => date_cell(moment),
        Data::DateTimeIso(text) => RawCell { text: text.chars().take(10).collect(), kind: CellKind::Date },
        Data::Error(error) => RawCell { text: error.to_string(), kind: CellKind::Error },
    }
}

fn text_cell(text: &str) -> RawCell {
    RawCell { text: text.trim().to_owned(), kind: CellKind::Text }
}

/// The number as decimal text (invariant 2).
fn number_cell(number: XlsxNumber) -> RawCell {
    let shortest = number.to_string();
    let digits = shortest.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit).count();
    let whole_digits = shortest.trim_start_matches('-').split('.').next().map_or(0, str::len);
    if whole_digits > 15 || !number.is_finite() {
        return RawCell { text: shortest, kind: CellKind::InexactNumber };
    }
    if digits <= 15 {
        return RawCell { text: shortest, kind: CellKind::Number };
    }
    let decimals = 15usize.saturating_sub(if shortest.trim_start_matches('-').starts_with('0') { 0 } else { whole_digits });
    let cut = format!("{number:.decimals$}");
    let text = if cut.contains('.') { cut.trim_end_matches('0').trim_end_matches('.') } else { &cut };
    RawCell { text: text.to_owned(), kind: CellKind::InexactNumber }
}

fn date_cell(moment: &ExcelDateTime) -> RawCell {
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    RawCell { text: format!("{year:04}-{month:02}-{day:02}"), kind: CellKind::Date }
}

fn xlsx_refusal(error: XlsxError) -> ExchangeRefusal {
    match error {
        XlsxError::Password => ExchangeRefusal::Encrypted { what: "xlsx 工作簿".to_owned() },
        other => ExchangeRefusal::Damaged { what: other.to_string() },
    }
}

fn xls_refusal(error: XlsError) -> ExchangeRefusal {
    match error {
        XlsError::Password => ExchangeRefusal::Encrypted { what: "xls 工作簿".to_owned() },
        other => ExchangeRefusal::Damaged { what: other.to_string() },
    }
}

/// Runs a reader of foreign formats; its panic is a damaged file. Nothing it touched is used afterwards.
fn unpanicked(read: impl FnOnce() -> Result<(), Refusal>) -> Result<(), Refusal> {
    let damaged = |_| Err(ExchangeRefusal::Damaged { what: "内部结构不合规范".to_owned() }.into());
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::rows_in::{Limits, RawRow, for_each_row};
    use crate::exchange::sheet::{Column, Sheet, sample};
    use crate::exchange::write_xlsx;

    fn rows(bytes: &[u8], options: &ReadOptions) -> Result<Vec<(u64, Vec<RawCell>)>, Refusal> {
        let mut rows = Vec::new();
        let mut visit = |row: RawRow<'_>| {
            rows.push((row.number, row.cells.to_vec()));
            Ok(())
        };
        for_each_row(bytes, options, &mut visit)?;
        Ok(rows)
    }

    fn sample_bytes() -> Vec<u8> {
        let mut bytes = Vec::new();
        write_xlsx(&[sample()], &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn numbers_become_the_text_people_see() {
        for (number, text, kind) in [
            (1234.56, "1234.56", CellKind::Number),
            (0.1 + 0.2, "0.3", CellKind::InexactNumber),
            (1_234.560_000_000_000_1, "1234.56", CellKind::InexactNumber),
            (110_101_199_003_070_000.0, "110101199003070000", CellKind::InexactNumber),
            (-0.05, "-0.05", CellKind::Number),
            (102.0, "102", CellKind::Number),
        ] {
            assert_eq!(number_cell(number), RawCell { text: text.to_owned(), kind }, "{number}");
        }
    }

    #[test]
    fn reads_back_what_the_writer_wrote() {
        let rows = rows(&sample_bytes(), &ReadOptions::default()).unwrap();
        let texts = |row: usize| rows[row].1.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>();
        assert_eq!((rows[4].0, texts(4)), (5, vec!["102", "银行存款", "123456.78"]));
        assert_eq!(rows[4].1[2].kind, CellKind::Number);
        assert_eq!(texts(5), ["10201", "=1+1", "-5"]);
    }

    #[test]
    fn names_the_sheets_there_are() {
        let options = ReadOptions { sheet: Some("没有".to_owned()), ..ReadOptions::default() };
        let refused = rows(&sample_bytes(), &options).unwrap_err();
        assert!(refused.code == "X-108" && refused.message_zh.contains("试算平衡表"));
    }

    #[test]
    fn a_file_that_unpacks_to_too_much_is_refused_before_unpacking() {
        let mut sheet = Sheet::new("大", vec![Column::text("a", "一")]);
        sheet.rows = vec![vec!["字".repeat(1000).into()]; 2_000];
        let mut bytes = Vec::new();
        write_xlsx(&[sheet], &mut bytes).unwrap();
        let limits = Limits { unpacked_bytes: 10_000, ..Limits::default() };
        assert_eq!(rows(&bytes, &ReadOptions { limits, ..ReadOptions::default() }).unwrap_err().code, "X-106");
        let limits = Limits { held_bytes: 1_000, ..Limits::default() };
        assert_eq!(rows(&bytes, &ReadOptions { limits, ..ReadOptions::default() }).unwrap_err().code, "X-106");
    }

    #[test]
    fn says_what_a_file_looks_like() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let ole = |name: &str| [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), vec![0; 600], utf16(name)].concat();
        for (bytes, code, word) in [
            (b"%PDF-1.7".to_vec(), "X-105", "PDF"),
            (b"<html><table>".to_vec(), "X-105", "网页"),
            (b"PK\x03\x04 word/document.xml".to_vec(), "X-105", "压缩包"),
            (Vec::new(), "X-105", "空文件"),
            (ole("EncryptedPackage"), "X-104", "密码"),
            (ole("WordDocument"), "X-105", "doc"),
            (ole("Workbook"), "X-107", "损坏"),
        ] {
            let refused = rows(&bytes, &ReadOptions::default()).unwrap_err();
            assert!(refused.code == code && refused.message_zh.contains(word), "{refused}");
        }
    }
}
