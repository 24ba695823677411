//! What all lists about loans have in common: sums in yuan or 万元, terms in months or years, whose loan it is.
//!
//! Pure.
//!
//! 1. A unit stands in the heading or in a title line; a heading that names 元 comes before a title that names 万元.

use super::problems::{RowProblem, RowRefusal};
use super::records_in::{Record, TableFacts};
use super::refusal::PaperRefusal;
use super::values_in::{amount, date, id, plain};
use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::money::amount::half_width;

/// A sum of the list as read, and whether its heading says in which unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sum {
    amount: Amount,
    unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Yuan,
    TenThousand,
    Unsaid,
}

impl Sum {
    /// In yuan, once the titles of the file are known; `None` where it is too large.
    pub(super) fn in_yuan(self, table: &TableFacts) -> Option<Amount> {
        let says = |title: &String| title.contains("万元");
        let times = match self.unit {
            Unit::TenThousand => 10_000,
            Unit::Unsaid if table.titles.iter().any(says) => 10_000,
            _ => 1,
        };
        self.amount.fen().checked_mul(times).map(Amount::from_fen)
    }
}

/// The money of a field; nothing where the cell is blank.
pub(super) fn sum(record: &Record<'_>, field: &str, problems: &mut Vec<RowProblem>) -> Option<Sum> {
    if record.get(field).is_blank() {
        return None;
    }
    let amount = amount(record.get(field)).map_err(|why| problems.push(record.problem(field, why))).ok()?;
    let heading = record.columns.heading(field);
    let unit = match () {
        () if heading.contains("万元") => Unit::TenThousand,
        () if heading.contains('元') => Unit::Yuan,
        () => Unit::Unsaid,
    };
    Some(Sum { amount, unit })
}

/// A term in months: `12`, `12个月`, `1年`, `三年`; a heading that counts years makes the bare number years.
pub(super) fn months(record: &Record<'_>, field: &str, problems: &mut Vec<RowProblem>) -> Option<u32> {
    let text = plain(record.text(field));
    let heading: String = record.columns.heading(field).chars().map(half_width).collect();
    let by_year = text.contains('年') || (heading.contains('年') && !heading.contains('月') && !text.contains('月'));
    let bare = text.trim_end_matches(['年', '月', '个', '期']).trim();
    let number = bare.parse::<u32>().ok().or_else(|| in_words(bare));
    let months = number.and_then(|number| if by_year { number.checked_mul(12) } else { Some(number) });
    if months.is_none_or(|months| months == 0) {
        problems.push(record.problem(field, PaperRefusal::NotATerm { text: text.clone() }));
    }
    months.filter(|months| *months > 0)
}

fn in_words(text: &str) -> Option<u32> {
    let mut chars = text.chars();
    let (word, rest) = (chars.next()?, chars.next());
    let at = "一二三四五六七八九十".chars().position(|known| known == if word == '两' { '二' } else { word })?;
    u32::try_from(at + 1).ok().filter(|_| rest.is_none())
}

/// A number or code; a problem where it is needed and missing.
pub(super) fn code(record: &Record<'_>, field: &str, needed: &str, problems: &mut Vec<RowProblem>) -> Option<String> {
    let found = id(record.get(field)).map_err(|why| problems.push(record.problem(field, why))).ok()?;
    if found.is_none() && !needed.is_empty() {
        problems.push(record.problem(field, RowRefusal::BadCode { what: needed.to_owned(), text: String::new() }));
    }
    found.map(|text| plain(&text))
}

/// A date, if the cell holds one.
pub(super) fn day(record: &Record<'_>, field: &str, problems: &mut Vec<RowProblem>) -> Option<BusinessDate> {
    date(record.get(field)).map_err(|why| problems.push(record.problem(field, why))).ok().flatten()
}

/// True for totals, and for remarks below the table: words in one column and none of these fields.
pub(super) fn is_no_row(record: &Record<'_>, fields: &[&str]) -> bool {
    record.total_word().is_some() || record.all_blank(fields)
}
