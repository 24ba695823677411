//! Sheets as one xlsx workbook, ready to print.
//!
//! Pure but for the spool of large sheets, which `rust_xlsxwriter` keeps in an unnamed temporary file.
//!
//! 1. Figures are numbers (format `#,##0.00`, negative ones red with a minus), ids are text.
//! 2. The same sheets give the same bytes: document dates are fixed, zip times are 1980.
//! 3. A sheet longer than a worksheet may be continues on a second worksheet.
//! 4. An amount arrives to the fen. A spreadsheet program shows fifteen significant digits; an amount of
//!    up to 10^15 fen has no more, and a decimal of fifteen digits survives the nearest binary double and
//!    the way back. Larger amounts (no book has them) are written as text.

use std::io::{self, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::sheet::{Cell, Column, ColumnKind, Sheet};
use super::write_text::column_widths;
use crate::money::Amount;

/// Rows of one worksheet; the rest continues on the next. The format ends at 1,048,576.
const ROWS_PER_WORKSHEET: usize = 1_000_000;
/// From here on rows are spooled instead of held in memory.
const LARGE_SHEET: usize = 10_000;
const EXACT_BELOW_FEN: u64 = 1_000_000_000_000_000;
const A4: u8 = 9;

/// A number inside an xlsx file; used at that border and nowhere else.
pub(super) type XlsxNumber = f64; // xlsx stores numbers as binary doubles

/// Writes a workbook with a worksheet for every sheet. Fails only as `out` fails, or on a text longer
/// than a cell may hold (32,767 characters).
pub fn write_xlsx(sheets: &[Sheet], mut out: impl Write) -> io::Result<()> {
    let bytes = workbook(sheets).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn workbook(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = new_workbook()?;
    let styles = Styles::new();
    let mut names = Vec::new();
    for sheet in sheets {
        let whole = sheet.rows.len() + sheet.foot.len();
        let mut from = 0;
        loop {
            let through = (from + ROWS_PER_WORKSHEET).min(sheet.rows.len());
            let name = worksheet_name(&sheet.title, &mut names);
            let worksheet =
                if whole > LARGE_SHEET { workbook.add_worksheet_with_low_memory()? } else { workbook.add_worksheet() };
            worksheet.set_name(name)?;
            write_worksheet(worksheet, sheet, from..through, &styles)?;
            from = through;
            if from == sheet.rows.len() {
                break;
            }
        }
    }
    workbook.save_to_buffer()
}

fn new_workbook() -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let made_on = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_author("村账").set_creation_datetime(&made_on));
    Ok(workbook)
}

/// One table written as its rows come: they go to the spool at once, with their texts, and none is kept.
pub struct XlsxRows<W: Write + Send> {
    workbook: Workbook,
    styles: Styles,
    head: Sheet,
    names: Vec<String>,
    row: u32,
    out: W,
}

impl<W: Write + Send> XlsxRows<W> {
    /// Writes the head of a sheet; the rows it has decide the columns' widths and are not written.
    pub fn begin(sheet: &Sheet, out: W) -> io::Result<XlsxRows<W>> {
        let workbook = new_workbook().map_err(io::Error::other)?;
        let mut table = XlsxRows { workbook, styles: Styles::new(), head: sheet.clone(), names: Vec::new(), row: 0, out };
        table.next_worksheet().map_err(io::Error::other)?;
        Ok(table)
    }

    fn next_worksheet(&mut self) -> Result<(), XlsxError> {
        let page = self.workbook.add_worksheet_with_constant_memory()?;
        page.set_name(worksheet_name(&self.head.title, &mut self.names))?;
        self.row = write_head(page, &self.head, &self.styles)?;
        Ok(())
    }

    /// Writes rows.
    pub fn rows(&mut self, rows: &[Vec<Cell>]) -> io::Result<()> {
        for row in rows {
            if self.row as usize > ROWS_PER_WORKSHEET {
                self.next_worksheet().map_err(io::Error::other)?;
            }
            self.write(row, false).map_err(io::Error::other)?;
        }
        Ok(())
    }

    fn write(&mut self, cells: &[Cell], is_foot: bool) -> Result<(), XlsxError> {
        let page = self.workbook.worksheet_from_index(self.names.len() - 1)?;
        let style = if is_foot { &self.styles.foot } else { &self.styles.body };
        write_cells(page, self.row, &self.head.columns, cells, style)?;
        self.row += 1;
        Ok(())
    }

    /// Writes the totals and packs the file; gives the writer back.
    pub fn end(mut self, foot: &[Vec<Cell>]) -> io::Result<W> {
        foot.iter().try_for_each(|cells| self.write(cells, true)).map_err(io::Error::other)?;
        self.workbook.save_to_writer(&mut self.out).map_err(io::Error::other)?;
        Ok(self.out)
    }
}

/// The formats every worksheet uses.
struct Styles {
    title: Format,
    plain: Format,
    head: Format,
    body: Row,
    foot: Row,
}

/// Formats of one kind of row.
struct Row {
    text: Format,
    amount: Format,
    count: Format,
    date: Format,
}

impl Row {
    fn new(base: Format) -> Row {
        let base = base.set_border(FormatBorder::Thin);
        Row {
            text: base.clone().set_num_format("@"),
            amount: base.clone().set_num_format("#,##0.00;[Red]-#,##0.00"),
            count: base.clone().set_num_format("#,##0;[Red]-#,##0"),
            date: base.set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center),
        }
    }
}

impl Styles {
    fn new() -> Styles {
        let head = Format::new().set_bold().set_border(FormatBorder::Thin).set_text_wrap();
        Styles {
            title: Format::new().set_bold().set_font_size(16),
            plain: Format::new().set_num_format("@"),
            head: head.set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter).set_background_color("#EDEDED"),
            body: Row::new(Format::new()),
            foot: Row::new(Format::new().set_bold()),
        }
    }
}

fn write_worksheet(page: &mut Worksheet, sheet: &Sheet, rows: std::ops::Range<usize>, styles: &Styles) -> Result<(), XlsxError> {
    let last_part = rows.end == sheet.rows.len();
    let mut row = write_head(page, sheet, styles)?;
    for cells in &sheet.rows[rows] {
        write_cells(page, row, &sheet.columns, cells, &styles.body)?;
        row += 1;
    }
    let (foot, notes) = if last_part { (&sheet.foot[..], &sheet.notes[..]) } else { (&[][..], &[][..]) };
    for cells in foot {
        write_cells(page, row, &sheet.columns, cells, &styles.foot)?;
        row += 1;
    }
    for note in notes {
        page.write_string_with_format(row, 0, note, &styles.plain)?;
        row += 1;
    }
    Ok(())
}

/// Title lines and headings; answers the row below them.
fn write_head(page: &mut Worksheet, sheet: &Sheet, styles: &Styles) -> Result<u32, XlsxError> {
    let head_row = 1 + sheet.subtitle.len() as u32;
    set_page(page, sheet, head_row)?;
    page.write_string_with_format(0, 0, &sheet.title, &styles.title)?;
    for (row, line) in (1..).zip(&sheet.subtitle) {
        page.write_string_with_format(row, 0, line, &styles.plain)?;
    }
    for (index, column) in (0..).zip(&sheet.columns) {
        page.write_string_with_format(head_row, index, &column.heading, &styles.head)?;
    }
    Ok(head_row + 1)
}

/// Paper, repeated and frozen head, widths.
fn set_page(page: &mut Worksheet, sheet: &Sheet, head_row: u32) -> Result<(), XlsxError> {
    page.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0).set_print_center_horizontally(true);
    page.set_footer("&C第 &P 页 共 &N 页");
    page.set_repeat_rows(head_row, head_row)?;
    page.set_freeze_panes(head_row + 1, 0)?;
    for (index, width) in (0..).zip(column_widths(sheet)) {
        page.set_column_width(index, width.clamp(6, 48) as u32 + 2)?;
    }
    Ok(())
}

fn write_cells(page: &mut Worksheet, row: u32, columns: &[Column], cells: &[Cell], styles: &Row) -> Result<(), XlsxError> {
    for (index, column) in (0..).zip(columns) {
        let cell = cells.get(usize::from(index)).unwrap_or(&Cell::Empty);
        write_cell(page, row, index, column.kind, cell, styles)?;
    }
    Ok(())
}

fn write_cell(page: &mut Worksheet, row: u32, column: u16, kind: ColumnKind, cell: &Cell, styles: &Row) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => page.write_blank(row, column, if kind == ColumnKind::Amount { &styles.amount } else { &styles.text })?,
        Cell::Text(text) => page.write_string_with_format(row, column, text, &styles.text)?,
        Cell::Count(count) if count.unsigned_abs() < EXACT_BELOW_FEN => {
            page.write_number_with_format(row, column, *count as XlsxNumber, &styles.count)?
        }
        Cell::Amount(amount) if amount.fen().unsigned_abs() < EXACT_BELOW_FEN => {
            page.write_number_with_format(row, column, yuan(*amount), &styles.amount)?
        }
        Cell::Amount(_) | Cell::Count(_) => page.write_string_with_format(row, column, cell.for_scripts(), &styles.text)?,
        Cell::Date(date) => {
            use chrono::Datelike;
            // A worksheet's calendar begins in 1900; earlier dates are written as text.
            let Some(year) = u16::try_from(date.year()).ok().filter(|year| (1900..=9999).contains(year)) else {
                page.write_string_with_format(row, column, cell.for_scripts(), &styles.text)?;
                return Ok(());
            };
            let day = ExcelDateTime::from_ymd(year, date.month() as u8, date.day() as u8)?;
            page.write_datetime_with_format(row, column, &day, &styles.date)?
        }
    };
    Ok(())
}

/// Yuan for the file: both operands are exact below 2^53, so the quotient is the double nearest to the
/// decimal amount, and prints as it (invariant 4).
fn yuan(amount: Amount) -> XlsxNumber {
    amount.fen() as XlsxNumber / 100.0
}

/// The title as a worksheet may be named: 31 characters, none of `[]:*?/\`, no two alike.
fn worksheet_name(title: &str, taken: &mut Vec<String>) -> String {
    let allowed = |c: char| if "[]:*?/\\".contains(c) || c.is_control() { ' ' } else { c };
    let clean: String = title.chars().map(allowed).collect();
    let clean = clean.trim_matches(|c: char| c == '\'' || c == ' ');
    let clean = if clean.is_empty() { "表" } else { clean };
    let cut = |keep: usize| {
        clean
            .chars()
            .scan(0, |units, c| {
                *units += c.len_utf16();
                (*units <= keep).then_some(c)
            })
            .collect::<String>()
    };
    let names = std::iter::once(cut(31)).chain((2..).map(|n| format!("{} ({n})", cut(25))));
    let is_free = |name: &String| !taken.iter().any(|other| other.to_lowercase() == name.to_lowercase());
    let name = names.into_iter().find(is_free).expect("the numbers do not end before a free name is found");
    taken.push(name.clone());
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::sheet::sample;
    use calamine::{Data, Reader};

    fn read(bytes: Vec<u8>, name: &str) -> calamine::Range<Data> {
        let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(io::Cursor::new(bytes)).unwrap();
        book.worksheet_range(name).unwrap()
    }

    #[test]
    fn figures_are_numbers_ids_are_text_and_bytes_repeat() {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        write_xlsx(&[sample(), sample()], &mut first).unwrap();
        write_xlsx(&[sample(), sample()], &mut second).unwrap();
        assert_eq!(first, second);
        let range = read(first, "试算平衡表 (2)");
        assert_eq!(range.get_value((4, 0)), Some(&Data::String("102".into())));
        assert_eq!(range.get_value((4, 2)), Some(&Data::Float(123_456.78)));
        assert_eq!(range.get_value((5, 1)), Some(&Data::String("=1+1".into())));
        assert_eq!(range.get_value((7, 2)), Some(&Data::Float(123_451.78)));
    }

    #[test]
    fn large_sheets_are_spooled_and_still_right() {
        let mut sheet = Sheet::new("明细账", vec![Column::id("n", "号"), Column::amount("a", "金额")]);
        sheet.rows = (0..12_000).map(|n| vec![format!("{n:05}").into(), Amount::from_fen(n * 7).into()]).collect();
        let mut bytes = Vec::new();
        write_xlsx(&[sheet], &mut bytes).unwrap();
        let range = read(bytes, "明细账");
        assert_eq!(range.get_value((12_001, 0)), Some(&Data::String("11999".into())));
        assert_eq!(range.get_value((12_001, 1)), Some(&Data::Float(839.93)));
    }

    #[test]
    fn rows_written_as_they_come_stand_where_those_of_a_whole_sheet_do() {
        let sheet = Sheet { notes: Vec::new(), ..sample() };
        let mut whole = Vec::new();
        write_xlsx(std::slice::from_ref(&sheet), &mut whole).unwrap();
        let mut growing = XlsxRows::begin(&sheet, Vec::new()).unwrap();
        sheet.rows.iter().for_each(|row| growing.rows(std::slice::from_ref(row)).unwrap());
        let grown = growing.end(&sheet.foot).unwrap();
        assert_eq!(read(grown, "试算平衡表"), read(whole, "试算平衡表"));
    }

    #[test]
    fn amounts_come_back_to_the_fen() {
        for fen in [1, -1, 10, 29, 58, 115, 99_999_999_999_999, -123_456_789_012_345, 999_999_999_999_999] {
            let amount = Amount::from_fen(fen);
            assert_eq!(format!("{:.2}", yuan(amount)), amount.to_string());
            assert_eq!(yuan(amount), amount.to_string().parse::<XlsxNumber>().unwrap());
        }
    }

    #[test]
    fn worksheet_names_are_legal_and_differ() {
        let mut taken = Vec::new();
        assert_eq!(worksheet_name("收支[明细]表/2024", &mut taken), "收支 明细 表 2024");
        assert_eq!(worksheet_name("", &mut taken), "表");
        assert_eq!(worksheet_name("", &mut taken), "表 (2)");
        assert!(worksheet_name(&"长".repeat(40), &mut taken).chars().count() <= 31);
    }
}
