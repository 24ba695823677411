//! How much memory an xls workbook will ask for, counted before a reader holds it.
//!
//! Pure. The reader makes a rectangle of every worksheet, as large as its outermost cells, and copies a shared text into
//! every cell that names it: a few bytes could ask for any amount. What it needs not know is taken out: formulas (their
//! values stay) and the stated size.
//!
//! 1. Worksheets begin at different places, each where a record says that one begins, so none is read twice.
//! 2. Rectangles and copied texts together stay within [`CELLS`] and [`TEXT`].

use std::collections::BTreeSet;

use super::refusal::ExchangeRefusal;

/// Cells of all rectangles.
const CELLS: u64 = 4 << 20;
/// Bytes of the texts that are copied.
const TEXT: u64 = 256 << 20;

const BEGIN: u16 = 0x0809;
const FINISH: u16 = 0x000A;
const MORE: u16 = 0x003C;
const FORMULA: u16 = 0x0006;
const SIZE: u16 = 0x0200;
const SHARED_CELL: u16 = 0x00FD;
const NUMBERS: u16 = 0x00BD;
const CELL: [u16; 7] = [FORMULA, SHARED_CELL, NUMBERS, 0x0203, 0x0204, 0x0205, 0x00D6];
const SMALL_NUMBER: u16 = 0x027E;

/// Refuses a stream of cells that would take too much; takes out what is not needed.
pub fn check(stream: &mut [u8]) -> Result<(), ExchangeRefusal> {
    let places = simplified(stream);
    let globals = Globals::of(stream)?;
    if !globals.sheets.iter().all(|sheet| places.contains(sheet)) {
        return Err(damaged());
    }
    let (mut cells, mut text) = (0_u64, 0_u64);
    for sheet in &globals.sheets {
        let held = held(&stream[*sheet..], &globals.texts);
        (cells, text) = (cells.saturating_add(held.0), text.saturating_add(held.1));
    }
    for (found, limit, what) in [(cells, CELLS, "单元格数"), (text, TEXT, "文字字节数")] {
        if found > limit {
            return Err(ExchangeRefusal::TooLarge { what: what.to_owned(), limit });
        }
    }
    Ok(())
}

fn damaged() -> ExchangeRefusal {
    ExchangeRefusal::Damaged { what: "工作表的位置不合规范".to_owned() }
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// (kind, where its content begins, where it ends), record by record, as far as they are whole.
fn records(stream: &[u8]) -> impl Iterator<Item = (u16, usize, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (kind, length) = (short(stream, at)?, usize::from(short(stream, at + 2)?));
        let begins = at + 4;
        at = begins + length;
        (at <= stream.len()).then_some((kind, begins, at))
    })
}

/// Empties formulas and stated sizes; answers where something begins.
fn simplified(stream: &mut [u8]) -> BTreeSet<usize> {
    let found: Vec<(u16, usize, usize)> = records(stream).collect();
    for (kind, begins, ends) in &found {
        match *kind {
            // Value first, then the length of the formula and the formula.
            FORMULA if ends - begins >= 22 => stream[begins + 20..begins + 22].fill(0),
            SIZE => stream[*begins..*ends].fill(0),
            _ => {}
        }
    }
    found.into_iter().filter(|(kind, ..)| *kind == BEGIN).map(|(_, begins, _)| begins - 4).collect()
}

/// What stands before the worksheets.
struct Globals {
    /// Where the worksheets begin, each once.
    sheets: Vec<usize>,
    /// Most bytes of every shared text.
    texts: Vec<u32>,
}

impl Globals {
    fn of(stream: &[u8]) -> Result<Globals, ExchangeRefusal> {
        let (mut sheets, mut texts) = (Vec::new(), Vec::new());
        let mut records = records(stream).peekable();
        while let Some((kind, begins, ends)) = records.next() {
            let content = &stream[begins..ends];
            match kind {
                FINISH => break,
                0x002F if short(content, 0) != Some(0) => {
                    return Err(ExchangeRefusal::Encrypted { what: "xls 工作簿".to_owned() });
                }
                0x0085 => sheets.push(long(content, 0).ok_or_else(damaged)? as usize),
                0x00FC => {
                    let mut parts = vec![content.get(8..).ok_or_else(damaged)?];
                    while let Some((_, begins, ends)) = records.next_if(|(kind, ..)| *kind == MORE) {
                        parts.push(&stream[begins..ends]);
                    }
                    texts = shared_texts(&parts)?;
                }
                _ => {}
            }
        }
        let different: BTreeSet<&usize> = sheets.iter().collect();
        if different.len() < sheets.len() {
            return Err(damaged());
        }
        Ok(Globals { sheets, texts })
    }
}

/// The shared texts as they stand in a record and those that go on with it.
struct Parts<'p> {
    parts: &'p [&'p [u8]],
    part: usize,
    at: usize,
}

impl<'p> Parts<'p> {
    fn left(&self) -> &'p [u8] {
        self.parts.get(self.part).map_or(&[], |part| &part[self.at..])
    }

    fn next_part(&mut self) -> bool {
        (self.part, self.at) = (self.part + 1, 0);
        self.part < self.parts.len()
    }

    /// Bytes that never go on in another part.
    fn take(&mut self, count: usize) -> Option<&'p [u8]> {
        let found = self.left().get(..count)?;
        self.at += count;
        Some(found)
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            let here = self.left().len().min(count);
            self.at += here;
            count -= here;
            if count > 0 && !self.next_part() {
                return None;
            }
        }
        Some(())
    }

    /// Characters of one or two bytes; in every further part a byte says which.
    fn characters(&mut self, mut count: usize, mut is_wide: bool) -> Option<()> {
        loop {
            let here = (self.left().len() / if is_wide { 2 } else { 1 }).min(count);
            self.at += here * if is_wide { 2 } else { 1 };
            count -= here;
            if count == 0 {
                return Some(());
            }
            is_wide = self.next_part().then(|| self.take(1))??[0] & 1 != 0;
        }
    }

    /// One text; answers its characters.
    fn text(&mut self) -> Option<u16> {
        let head = self.take(3)?;
        let (count, flags) = (short(head, 0)?, head[2]);
        let runs = if flags & 8 != 0 { short(self.take(2)?, 0)? } else { 0 };
        let more = if flags & 4 != 0 { long(self.take(4)?, 0)? } else { 0 };
        self.characters(usize::from(count), flags & 1 != 0)?;
        self.skip(usize::from(runs) * 4)?;
        self.skip(more as usize)?;
        Some(count)
    }
}

fn shared_texts(parts: &[&[u8]]) -> Result<Vec<u32>, ExchangeRefusal> {
    let (mut found, mut parts) = (Vec::new(), Parts { parts, part: 0, at: 0 });
    let bad = || ExchangeRefusal::Damaged { what: "共享文字不完整".to_owned() };
    while !parts.left().is_empty() || parts.next_part() {
        let characters = if parts.left().is_empty() { 0 } else { parts.text().ok_or_else(bad)? };
        found.push(u32::from(characters) * 3);
    }
    Ok(found)
}

/// (cells of the rectangles, bytes of copied texts) of the worksheet that begins here.
fn held(sheet: &[u8], texts: &[u32]) -> (u64, u64) {
    let (mut rows, mut columns, mut copied) = ((u16::MAX, 0), (u16::MAX, 0), 0_u64);
    let (mut depth, mut has_formulas) = (0_usize, false);
    for (kind, begins, ends) in records(sheet) {
        let content = &sheet[begins..ends];
        match kind {
            BEGIN => depth += 1,
            FINISH if depth <= 1 => break,
            FINISH => depth -= 1,
            _ if depth > 1 => {}
            // A formula's text: it stands where the formula did, or in the first cell.
            0x0207 => (rows.0, columns.0) = (0, 0),
            kind if CELL.contains(&kind) || kind == SMALL_NUMBER => {
                let (Some(row), Some(column)) = (short(content, 0), short(content, 2)) else { continue };
                let last = if kind == NUMBERS { short(content, content.len() - 2).unwrap_or(column) } else { column };
                rows = (rows.0.min(row), rows.1.max(row));
                columns = (columns.0.min(column), columns.1.max(column).max(last));
                has_formulas |= kind == FORMULA;
                if let (SHARED_CELL, Some(text)) = (kind, long(content, 6)) {
                    copied += texts.get(text as usize).copied().map_or(0, u64::from);
                }
            }
            _ => {}
        }
    }
    let side = |(first, last): (u16, u16)| u64::from(last.saturating_sub(first)) + 1;
    (side(rows) * side(columns) * if has_formulas { 2 } else { 1 }, copied)
}
