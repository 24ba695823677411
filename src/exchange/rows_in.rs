//! A table file as rows: csv, txt, xlsx or xls, whatever its name says.
//!
//! Pure: bytes in, one row after the other out.
//!
//! 1. Rows come with the number a person sees in the file; blank rows are passed over.
//! 2. Only one row is held at a time (xls, a small format, is held whole).
//! 3. No bytes make this panic or grow past [`Limits`]; what cannot be read is refused and named.

use super::refusal::ExchangeRefusal;
use super::{csv_in, excel_in};
use crate::refusal::Refusal;

/// What one cell of a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CellKind {
    /// Characters as they were typed; blank if there are none.
    #[default]
    Text,
    /// A number of a spreadsheet program, written out without exponent.
    Number,
    /// A number that lost digits: it has more than the fifteen a spreadsheet program keeps.
    InexactNumber,
    /// A date cell, as an ISO date.
    Date,
    /// A formula's error, such as `#REF!`.
    Error,
}

/// One cell of a file: its text and what kind of text that is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RawCell {
    /// The text without blanks at its ends.
    pub text: String,
    /// What the file says it is.
    pub kind: CellKind,
}

impl RawCell {
    /// True for a blank cell.
    pub fn is_blank(&self) -> bool {
        self.text.is_empty()
    }
}

/// One row of a file.
#[derive(Debug, Clone, Copy)]
pub struct RawRow<'a> {
    /// The row's number in the file, from 1.
    pub number: u64,
    /// Its cells, from the first column.
    pub cells: &'a [RawCell],
}

/// How much of a file is read at most.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the file as it lies.
    pub file_bytes: u64,
    /// Bytes a workbook's worksheets may unpack to; they are read as a stream.
    pub unpacked_bytes: u64,
    /// Bytes a workbook's other parts may unpack to; they are held in memory.
    pub held_bytes: u64,
    /// Rows of the table.
    pub rows: u64,
    /// Columns of the table.
    pub columns: u64,
    /// Bytes of one cell.
    pub cell_bytes: u64,
    /// Bytes of all cells together: a workbook may hold one text and name it in every row.
    pub text_bytes: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            file_bytes: 64 << 20,
            unpacked_bytes: 1 << 30,
            held_bytes: 64 << 20,
            rows: 1_048_576,
            columns: 256,
            cell_bytes: 32_767,
            text_bytes: 512 << 20,
        }
    }
}

/// What the user says about the file beyond its bytes.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The encoding, where guessing failed.
    pub encoding: Option<String>,
    /// The worksheet; the first one otherwise.
    pub sheet: Option<String>,
    /// How much is read at most.
    pub limits: Limits,
}

/// Receives the rows; a refusal ends the reading.
pub type Visit<'v> = dyn FnMut(RawRow<'_>) -> Result<(), Refusal> + 'v;

/// Walks the rows of a file. Refuses what is no table, is encrypted, damaged or too large.
pub fn for_each_row(bytes: &[u8], options: &ReadOptions, visit: &mut Visit<'_>) -> Result<(), Refusal> {
    let limit = options.limits.file_bytes;
    if bytes.len() as u64 > limit {
        return Err(ExchangeRefusal::TooLarge { what: "字节数".to_owned(), limit }.into());
    }
    match looks_like(bytes) {
        LooksLike::Xlsx => excel_in::for_each_xlsx_row(bytes, options, visit),
        LooksLike::Xls => excel_in::for_each_xls_row(bytes, options, visit),
        LooksLike::Text => csv_in::for_each_csv_row(bytes, options, visit),
        LooksLike::Encrypted => Err(ExchangeRefusal::Encrypted { what: "工作簿".to_owned() }.into()),
        LooksLike::Other(name) => Err(ExchangeRefusal::NotATable { looks_like: name.to_owned() }.into()),
    }
}

/// What the first bytes say a file is.
enum LooksLike {
    Xlsx,
    Xls,
    Text,
    Encrypted,
    Other(&'static str),
}

fn looks_like(bytes: &[u8]) -> LooksLike {
    const OTHERS: [(&[u8], &str); 9] = [
        (b"%PDF", "PDF 文件"),
        (b"\x89PNG", "图片"),
        (b"\xFF\xD8\xFF", "图片"),
        (b"Rar!", "RAR 压缩包"),
        (b"7z\xBC\xAF", "7z 压缩包"),
        (b"\x1F\x8B", "gzip 压缩包"),
        (b"%OFD", "OFD 文件"),
        (b"{\\rtf", "RTF 文档"),
        (b"SQLite format 3", "数据库文件"),
    ];
    let begin = &bytes[..bytes.len().min(2048)];
    if let Some((_, name)) = OTHERS.iter().find(|(mark, _)| begin.starts_with(mark)) {
        return LooksLike::Other(name);
    }
    if begin.starts_with(b"PK\x03\x04") {
        return if holds(bytes, b"xl/workbook") { LooksLike::Xlsx } else { LooksLike::Other("压缩包或其他办公文档") };
    }
    if begin.starts_with(b"\xD0\xCF\x11\xE0") {
        return ole_file(bytes);
    }
    text_file(bytes, begin)
}

/// Compound files: an xls, or the wrapping of an encrypted xlsx, or some other document.
fn ole_file(bytes: &[u8]) -> LooksLike {
    let named = |name: &str| holds(bytes, &name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    if named("EncryptedPackage") {
        LooksLike::Encrypted
    } else if named("Workbook") || named("Book") {
        LooksLike::Xls
    } else {
        LooksLike::Other("旧版办公文档(doc、ppt 等)")
    }
}

fn text_file(bytes: &[u8], begin: &[u8]) -> LooksLike {
    let wide = begin.starts_with(b"\xFF\xFE") || begin.starts_with(b"\xFE\xFF");
    let lower = String::from_utf8_lossy(begin).to_ascii_lowercase();
    let lower = lower.trim_start_matches(['\u{FEFF}', ' ', '\r', '\n', '\t']);
    if bytes.is_empty() {
        LooksLike::Other("空文件")
    } else if ["<html", "<!doctype html", "<table", "<meta"].iter().any(|mark| lower.starts_with(mark)) {
        LooksLike::Other("网页(有的系统把网页命名为 xls)")
    } else if lower.starts_with("<?xml") {
        LooksLike::Other("XML 文件")
    } else if !wide && begin.iter().filter(|byte| **byte == 0).count() * 8 > begin.len() {
        LooksLike::Other("二进制文件")
    } else {
        LooksLike::Text
    }
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|piece| piece == wanted)
}

/// Collects one row's cells and hands the row on, within the limits. Shared by the readers.
pub(super) struct RowBuffer<'o> {
    options: &'o ReadOptions,
    cells: Vec<RawCell>,
    rows: u64,
    text: u64,
}

impl<'o> RowBuffer<'o> {
    pub(super) fn new(options: &'o ReadOptions) -> RowBuffer<'o> {
        RowBuffer { options, cells: Vec::new(), rows: 0, text: 0 }
    }

    /// Puts a cell in its column. A blank needs no place.
    pub(super) fn put(&mut self, column: usize, cell: RawCell) -> Result<(), ExchangeRefusal> {
        let limits = &self.options.limits;
        if cell.is_blank() {
            return Ok(());
        }
        if column as u64 >= limits.columns {
            return Err(ExchangeRefusal::TooLarge { what: "列数".to_owned(), limit: limits.columns });
        }
        if cell.text.len() as u64 > limits.cell_bytes {
            return Err(ExchangeRefusal::TooLarge { what: "单元格字节数".to_owned(), limit: limits.cell_bytes });
        }
        self.text += cell.text.len() as u64;
        if self.text > limits.text_bytes {
            return Err(ExchangeRefusal::TooLarge { what: "文字字节数".to_owned(), limit: limits.text_bytes });
        }
        if self.cells.len() <= column {
            self.cells.resize_with(column + 1, RawCell::default);
        }
        self.cells[column] = cell;
        Ok(())
    }

    /// Hands the row to the visitor, unless it is blank, and begins the next.
    pub(super) fn end_row(&mut self, number: u64, visit: &mut Visit<'_>) -> Result<(), Refusal> {
        if self.cells.is_empty() {
            return Ok(());
        }
        self.rows += 1;
        let limit = self.options.limits.rows;
        if self.rows > limit {
            return Err(ExchangeRefusal::TooLarge { what: "行数".to_owned(), limit }.into());
        }
        visit(RawRow { number, cells: &self.cells })?;
        self.cells.clear();
        Ok(())
    }
}
