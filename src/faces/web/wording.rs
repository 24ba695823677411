//! Sheets as pages show them: people by their names, acts by theirs, and nothing that only a terminal can do.
//!
//! 1. Figures, numbers of things and files are left as they are; a file that is evidence keeps what was kept.

use super::seat::{Names, Seat};
use super::text::{act_name, content_in_words};
use crate::db::{Connection, Failure};
use crate::exchange::{Cell, Column, Sheet};
use crate::ledger::Dimension;

/// The columns in which people stand.
const PEOPLE: &[&str] = &[
    "actor",
    "answered_by",
    "approved_by",
    "by",
    "changed_by",
    "drafted_by",
    "made_by",
    "owner",
    "posted_by",
    "raised_by",
    "reviewed_by",
    "seen_by",
];

/// Columns that repeat for programs what the next one says in words.
const FOR_PROGRAMS: &[(&str, &str)] = &[("dimension", "dimension_name"), ("state", "state_name")];

/// Puts the sheets of a command into the words of a page.
pub async fn in_words(tx: &mut Connection, seat: &Seat, sheets: &mut [Sheet]) -> Result<(), Failure> {
    let people = |sheet: &Sheet| sheet.columns.iter().any(|column| PEOPLE.contains(&column.key.as_str()));
    let names = match sheets.iter().any(people) {
        true => Names::of_county(tx, seat.county()).await?,
        false => Names::default(),
    };
    for sheet in sheets {
        sheet.notes.retain(|note| !note.contains(" --"));
        for (program, words) in FOR_PROGRAMS {
            drop_for_programs(sheet, program, words);
        }
        let is_trail = sheet.columns.iter().any(|column| column.key == "what") && people(sheet);
        for at in 0..sheet.columns.len() {
            let column = sheet.columns[at].clone();
            let cells = sheet.rows.iter_mut().filter_map(|row| row.get_mut(at));
            cells.for_each(|cell| word(seat, &names, &column, is_trail, cell));
        }
    }
    Ok(())
}

fn word(seat: &Seat, names: &Names, column: &Column, is_trail: bool, cell: &mut Cell) {
    let Cell::Text(text) = &*cell else { return };
    let words = match column.key.as_str() {
        key if PEOPLE.contains(&key) => names.of(text).to_owned(),
        "kind" if is_trail && seat.t().is_chinese() => act_name(text).to_owned(),
        "what" if is_trail && seat.t().is_chinese() => content_in_words(text),
        "dimension" => Dimension::parse(text).map_or_else(|| text.clone(), |dimension| dimension.label_zh().to_owned()),
        _ => return,
    };
    *cell = words.into();
}

/// Takes a column out of which the next says the same in words.
fn drop_for_programs(sheet: &mut Sheet, program: &str, words: &str) {
    let found = sheet.columns.windows(2).position(|pair| pair[0].key == program && pair[1].key == words);
    let Some(at) = found else { return };
    sheet.columns.remove(at);
    for row in sheet.rows.iter_mut().chain(&mut sheet.foot).filter(|row| row.len() > at) {
        row.remove(at);
    }
}
