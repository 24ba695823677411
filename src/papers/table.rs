//! Any sheet as pages: title and unit above, the head repeated, totals and remarks below, places to sign, page m of n.
//!
//! Pure.
//!
//! 1. Figures stand on the right, one below the other; negative ones are red and keep their minus.
//! 2. Every page says whose table it is and which page of how many.
//! 3. Remarks follow the last row and flow on to further pages.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::code::{PLACE, code};
use super::columns::{Fit, MARGINS, Mark, PAD, fit, usable};
use super::leaf::{Leaf, MM};
use super::pages::{Kind, Line, Rows, mark};
use super::setter::Setter;
use crate::exchange::sheet::{Cell, ColumnKind, Sheet};

const TITLE_Y: i64 = 13 * MM;
const CODE_Y: i64 = 5 * MM;
const TITLE_SIZE: i64 = 5_640;
const SUBTITLE_SIZE: i64 = 3_175;
const SUBTITLE_PITCH: i64 = 5_200;
const NOTE_SIZE: i64 = 2_820;
const NOTE_PITCH: i64 = 4_400;
/// Room below the table for page numbers, and for signatures above them.
const BELOW: (i64, i64) = (14 * MM, 9 * MM);

/// What is the same on all pages of a table.
struct Frame<'a> {
    sheet: &'a Sheet,
    setter: &'a Setter<'a>,
    fit: Fit,
    title: Vec<String>,
    subtitles: Vec<[String; 3]>,
    head: Vec<String>,
    head_um: i64,
    least_um: i64,
    top_um: i64,
    bottom_um: i64,
}

/// The sheet's pages.
pub fn leaves(sheet: &Sheet, setter: &Setter<'_>) -> Vec<Leaf> {
    let sheet = &*in_groups(sheet);
    let body = printed(&sheet.rows, setter);
    let foot = printed(&sheet.foot, setter);
    let frame = Frame::of(sheet, setter, fit(sheet, &[&body, &foot], setter));
    let (body, foot) = (frame.lines(body, Kind::Body), frame.lines(foot, Kind::Total));
    let room_um = frame.bottom_um - frame.top_um - frame.head_um;
    let rows = Rows { sheet, body, foot, added_um: frame.row_um(1), room_um };
    frame.leaves(rows.pages())
}

/// The rows of one value of the grouping column together, in the order of the values; else as they stand.
fn in_groups(sheet: &Sheet) -> Cow<'_, Sheet> {
    let Some(by) = sheet.dress.by.and_then(|key| sheet.columns.iter().position(|column| column.key == key)) else {
        return Cow::Borrowed(sheet);
    };
    let mut sorted = sheet.clone();
    sorted.rows.sort_by_key(|row| row.get(by).map(Cell::for_scripts));
    Cow::Owned(sorted)
}

fn printed(rows: &[Vec<Cell>], setter: &Setter<'_>) -> Vec<Vec<Mark>> {
    let shown = |cell: &Cell| {
        let mark = mark(cell);
        Mark { text: setter.shown(&mark.text), ..mark }
    };
    rows.iter().map(|row| row.iter().map(shown).collect()).collect()
}

impl<'a> Frame<'a> {
    fn of(sheet: &'a Sheet, setter: &'a Setter<'a>, fit: Fit) -> Frame<'a> {
        let room = usable(fit.paper_um.0);
        let beside = if sheet.dress.code.is_empty() { 0 } else { PLACE };
        let title = setter.lines(&setter.shown(&sheet.title), (room - 2 * beside) * 1_000 / TITLE_SIZE);
        let subtitles = subtitles(sheet, setter, room);
        let head: Vec<Vec<String>> = sheet
            .columns
            .iter()
            .zip(&fit.widths_um)
            .map(|(column, width)| balanced(setter, &setter.shown(&column.heading), inner(*width) * 1_000 / fit.size_um))
            .collect();
        let tallest = head.iter().map(Vec::len).max().unwrap_or(1);
        let above = (TITLE_Y + title.len() as i64 * (TITLE_SIZE + 2 * MM)).max(if beside == 0 { 0 } else { CODE_Y + beside });
        let top_um = above + subtitles.len() as i64 * SUBTITLE_PITCH + 2 * MM;
        let below = BELOW.0 + if sheet.dress.signers.is_empty() { 0 } else { BELOW.1 };
        let fit_size = fit.size_um;
        let mut frame = Frame {
            sheet,
            setter,
            bottom_um: fit.paper_um.1 - below,
            fit,
            title,
            subtitles,
            head: head.iter().map(|lines| lines.join("\n")).collect(),
            head_um: 0,
            least_um: if sheet.dress.lying { 6_800 } else { fit_size * 19 / 10 },
            top_um,
        };
        frame.head_um = frame.row_um(tallest) + MM;
        frame.least_um = frame.closer();
        frame
    }

    /// Rows a little lower, where the whole table then stands on one page with its remarks.
    fn closer(&self) -> i64 {
        let rows = (self.sheet.rows.len() + self.sheet.foot.len()).max(1) as i64;
        let room = self.bottom_um - self.top_um - self.head_um - 3 * MM - self.sheet.notes.len() as i64 * NOTE_PITCH;
        let on_one_page = room / rows;
        if (self.fit.size_um * 3 / 2..self.least_um).contains(&on_one_page) { on_one_page } else { self.least_um }
    }

    /// Height of a row of so many lines of letters.
    fn row_um(&self, lines: usize) -> i64 {
        let signed = self.sheet.columns.iter().any(|column| column.key == "signature");
        let least = if signed { 10 * MM } else { self.least_um };
        least.max(lines as i64 * self.fit.size_um * 5 / 4 + 800)
    }

    /// Breaks cells to their columns' widths; tells how tall the rows are.
    fn lines(&self, rows: Vec<Vec<Mark>>, kind: Kind) -> Vec<Line> {
        rows.into_iter().map(|row| self.line(row, kind)).collect()
    }

    fn line(&self, row: Vec<Mark>, kind: Kind) -> Line {
        let room = |width: i64| inner(width) * 1_000 / self.fit.size_um;
        let broken = row.into_iter().zip(&self.fit.widths_um);
        let broken: Vec<(Mark, Vec<String>)> = broken
            .map(|(mark, width)| (self.setter.lines(&mark.text, room(*width)), mark))
            .map(|(lines, mark)| (mark, lines))
            .collect();
        let tallest = broken.iter().map(|(_, lines)| lines.len()).max().unwrap_or(1);
        let most = self.most_lines();
        let piece = |from: usize| {
            let part = |lines: &[String]| lines.iter().skip(from).take(most).cloned().collect::<Vec<_>>().join("\n");
            let marks = broken.iter().map(|(mark, lines)| Mark { text: part(lines), ..mark.clone() }).collect();
            Line { kind, marks, height_um: self.row_um((tallest - from).min(most)), more: Vec::new() }
        };
        let mut pieces = (0..tallest).step_by(most).map(piece);
        let first = pieces.next().unwrap_or_else(|| piece(0));
        let more = pieces.collect();
        Line { more, ..first }
    }

    /// Lines of letters that the row of a page holds, beside what is carried over.
    fn most_lines(&self) -> usize {
        let room = self.bottom_um - self.top_um - self.head_um - 3 * self.row_um(1);
        usize::try_from(room * 4 / 5 / self.fit.size_um).unwrap_or(1).max(1)
    }

    fn leaves(&self, pages: Vec<Vec<Line>>) -> Vec<Leaf> {
        let height = |lines: &[Line]| lines.iter().map(|line| line.height_um).sum::<i64>();
        let ends: Vec<i64> = pages.iter().map(|lines| self.top_um + self.head_um + height(lines)).collect();
        let notes = self.notes(ends.last().copied().unwrap_or(self.top_um));
        let of = pages.len() + notes.len() - 1;
        let blank = std::iter::repeat_with(Vec::new).take(notes.len() - 1);
        let first_notes = std::iter::repeat_with(|| json!(null)).take(pages.len() - 1).chain(notes);
        let numbered = pages.into_iter().map(Some).chain(blank.map(|_: Vec<Line>| None)).zip(first_notes).enumerate();
        numbered.map(|(at, (lines, notes))| self.leaf(lines.as_deref(), &notes, (at + 1, of))).collect()
    }

    /// Remarks below the last row: for that page, and for further ones.
    fn notes(&self, end: i64) -> Vec<Value> {
        let room = usable(self.fit.paper_um.0) * 1_000 / NOTE_SIZE;
        let nothing = self.sheet.rows.is_empty() && self.sheet.foot.is_empty();
        let words = self.sheet.notes.iter().map(String::as_str).chain(nothing.then_some("(没有数据)"));
        let mut lines =
            words.flat_map(|note| self.setter.lines(&self.setter.shown(note), room)).collect::<Vec<_>>().into_iter().peekable();
        let mut pages = Vec::new();
        let mut y = end + 2_500;
        loop {
            let fit = usize::try_from((self.bottom_um - y) / NOTE_PITCH).unwrap_or(0);
            let some: Vec<String> = lines.by_ref().take(fit).collect();
            pages.push(json!({ "y": y, "pitch": NOTE_PITCH, "size": NOTE_SIZE, "lines": some }));
            if lines.peek().is_none() {
                return pages;
            }
            y = self.top_um;
        }
    }

    fn leaf(&self, lines: Option<&[Line]>, notes: &Value, (n, of): (usize, usize)) -> Leaf {
        let (width_um, height_um) = self.fit.paper_um;
        let kinds = self.sheet.columns.iter().map(|column| if column.key == "side" { 'c' } else { side(column.kind) });
        let signers: Vec<String> = self.sheet.dress.signers.iter().map(|signer| format!("{signer}:")).collect();
        let data = json!({
            "x": MARGINS.0, "right": width_um - MARGINS.1, "pad": PAD, "size": self.fit.size_um,
            "title": { "y": TITLE_Y, "size": TITLE_SIZE, "lines": self.title },
            "sub": { "y": self.top_um - 2 * MM - self.subtitles.len() as i64 * SUBTITLE_PITCH, "pitch": SUBTITLE_PITCH,
                "size": SUBTITLE_SIZE, "rows": self.subtitles },
            "cols": self.fit.widths_um, "sides": kinds.collect::<String>(),
            "head": { "y": self.top_um, "h": self.head_um, "cells": self.head },
            "rows": lines.map(|lines| self.rows(lines)), "notes": notes,
            "sign": { "y": height_um - BELOW.0 - 3 * MM, "names": signers },
            "code": code(&self.sheet.dress.code, (width_um - MARGINS.1 - PLACE, CODE_Y)),
            "foot": { "y": height_um - 11 * MM, "text": format!("第 {n} 页 共 {of} 页") },
        });
        Leaf { template: "table", width_um, height_um, data }
    }

    fn rows(&self, lines: &[Line]) -> Value {
        let cell = |mark: Option<&Mark>| match mark {
            Some(mark) if mark.is_red => json!([mark.text]),
            Some(mark) => json!(mark.text),
            None => json!(""),
        };
        let cells = lines.iter().flat_map(|line| (0..self.sheet.columns.len()).map(|at| cell(line.marks.get(at))));
        let totals = lines.iter().enumerate().filter(|(_, line)| line.kind == Kind::Total).map(|(at, _)| at);
        json!({
            "hs": lines.iter().map(|line| line.height_um).collect::<Vec<_>>(),
            "cells": cells.collect::<Vec<_>>(),
            "totals": totals.collect::<Vec<_>>(),
        })
    }
}

/// A heading in as few lines as fit, and those of about one length.
fn balanced(setter: &Setter<'_>, heading: &str, room: i64) -> Vec<String> {
    let lines = setter.lines(heading, room);
    let even = setter.milli_ems(heading) / lines.len() as i64 + 500;
    let balanced = setter.lines(heading, even.min(room));
    if balanced.len() == lines.len() { balanced } else { lines }
}

/// Room between the blanks of a cell.
fn inner(width_um: i64) -> i64 {
    width_um - 2 * PAD - 100
}

fn side(kind: ColumnKind) -> char {
    match kind {
        ColumnKind::Amount | ColumnKind::Count => 'r',
        ColumnKind::Date => 'c',
        ColumnKind::Text | ColumnKind::Id => 'l',
    }
}

/// The lines below the title: left, middle and right while they fit beside each other.
fn subtitles(sheet: &Sheet, setter: &Setter<'_>, room_um: i64) -> Vec<[String; 3]> {
    let room = room_um * 1_000 / SUBTITLE_SIZE;
    let has_money = sheet.columns.iter().any(|column| column.kind == ColumnKind::Amount);
    let says_unit = sheet.subtitle.iter().any(|text| text.contains('元'));
    let unit = (has_money && !says_unit).then(|| "金额单位:元".to_owned());
    let words = sheet.subtitle.iter().chain(&unit);
    let texts: Vec<String> = words.flat_map(|text| setter.lines(&setter.shown(text), room)).collect();
    let mut rows = Vec::new();
    let mut left = &texts[..];
    while !left.is_empty() {
        let wide = |at: usize| left.get(at).map_or(room, |text| setter.milli_ems(text) + 1_000);
        let n = match (wide(0).max(wide(2)) * 2 + wide(1) <= room, wide(0) + wide(1) <= room) {
            (true, _) => 3,
            (_, true) => 2,
            _ => 1,
        };
        let row: [&str; 3] = match &left[..n] {
            [a, b, c] => [a, b, c],
            [a, b] => [a, "", b],
            [only] if !rows.is_empty() => ["", "", only],
            other => [&other[0], "", ""],
        };
        rows.push(row.map(str::to_owned));
        left = &left[n..];
    }
    rows
}
