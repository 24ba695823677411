//! What time a sheet is about: a month, a quarter or a year.
//!
//! Pure.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::refusal::DisclosureRefusal;
use crate::calendar::AccountingPeriod;

/// Months of a year, first and last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First month.
    pub from: AccountingPeriod,
    /// Last month.
    pub through: AccountingPeriod,
}

impl Span {
    /// One month.
    pub const fn month(period: AccountingPeriod) -> Span {
        Span { from: period, through: period }
    }

    fn months(year: i32, from: u32, through: u32) -> Option<Span> {
        Some(Span { from: AccountingPeriod::new(year, from)?, through: AccountingPeriod::new(year, through)? })
    }

    /// A quarter, 1 to 4.
    pub fn quarter(year: i32, quarter: u32) -> Option<Span> {
        if (1..=4).contains(&quarter) { Span::months(year, 3 * quarter - 2, 3 * quarter) } else { None }
    }

    /// A whole year.
    pub fn year(year: i32) -> Option<Span> {
        Span::months(year, 1, 12)
    }

    /// Reads `2026-01`, `2026Q1`, `2026`.
    pub fn parse(text: &str) -> Result<Span, DisclosureRefusal> {
        let wrong = || DisclosureRefusal::BadSpan { text: text.to_owned() };
        let year = text.get(..4).and_then(|year| year.parse().ok()).ok_or_else(wrong)?;
        let span = match text.get(4..) {
            Some("") => Span::year(year),
            Some(rest) if rest.starts_with('Q') => rest[1..].parse().ok().and_then(|quarter| Span::quarter(year, quarter)),
            _ => AccountingPeriod::parse(text).ok().filter(|period| !period.is_opening()).map(Span::month),
        };
        span.ok_or_else(wrong)
    }

    /// Sorts the latest end first, of one end the month before the quarter and the quarter before the year.
    pub const fn newest_first(self) -> Reverse<(AccountingPeriod, AccountingPeriod)> {
        Reverse((self.through, self.from))
    }

    /// As people read it.
    pub fn label_zh(self) -> String {
        match (self.from.month(), self.through.month()) {
            (from, through) if from == through => self.from.label_zh(),
            (1, 12) => format!("{}年度", self.from.year()),
            (from, _) => format!("{}年第{}季度", self.from.year(), from / 3 + 1),
        }
    }
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.from.month(), self.through.month()) {
            (from, through) if from == through => write!(f, "{}", self.from),
            (1, 12) => write!(f, "{}", self.from.year()),
            (from, _) => write!(f, "{}Q{}", self.from.year(), from / 3 + 1),
        }
    }
}

impl Serialize for Span {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Span, D::Error> {
        Span::parse(&String::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_month_stands_first() {
        let mut spans = ["2025Q4", "2025", "2026Q1", "2025-12", "2026-03", "2026-04"].map(|text| Span::parse(text).unwrap());
        spans.sort_by_key(|span| span.newest_first());
        assert_eq!(spans.map(|span| span.to_string()), ["2026-04", "2026-03", "2026Q1", "2025-12", "2025Q4", "2025"]);
    }

    #[test]
    fn spans_read_back() {
        for (text, label) in
            [("2026-01", "2026年1月"), ("2026Q1", "2026年第1季度"), ("2026Q4", "2026年第4季度"), ("2026", "2026年度")]
        {
            let span = Span::parse(text).unwrap();
            assert_eq!((span.to_string().as_str(), span.label_zh().as_str()), (text, label));
        }
        for bad in ["", "2026Q5", "2026Q", "2026-00", "2026-13", "202", "二〇二六"] {
            assert!(Span::parse(bad).is_err(), "{bad}");
        }
    }
}
