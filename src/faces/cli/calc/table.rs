//! Small tables on a terminal: columns of figures under Chinese headings.
//!
//! Pure. A Chinese character is two columns wide.

use unicode_width::UnicodeWidthStr;

/// Right-aligned columns, two blanks apart; the last line has no line end.
pub fn table(headings: &[&str], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
    let cells = |column: usize| rows.iter().chain([&head]).filter_map(move |row| row.get(column));
    let width = |column: usize| cells(column).map(|cell| cell.width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let line = |row: &Vec<String>| {
        let padded = |(cell, width): (&String, &usize)| format!("{}{cell}", " ".repeat(width - cell.width()));
        row.iter().zip(&widths).map(padded).collect::<Vec<_>>().join("  ")
    };
    [&head].into_iter().chain(rows).map(line).collect::<Vec<_>>().join("\n")
}
