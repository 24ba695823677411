//! What must be published when: the calendar of a village, from dated rows.
//!
//! Pure. The shipped rows are data (`obligations.csv`) with their source; a county's own row of the same name goes first.
//!
//! 1. A sheet counts for its obligation when it was published; late is after the last day for it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{Datelike, Days};
use serde::{Deserialize, Serialize};

use super::sheet::{Kind, SheetHead, SheetState};
use super::span::Span;
use crate::calendar::{AccountingPeriod, BusinessDate};

crate::words! {
    /// How often.
    pub enum Every {
        /// Each month.
        Month = "month", "每月";
        /// Each quarter.
        Quarter = "quarter", "每季度";
        /// Each year.
        Year = "year", "每年";
    }
}

/// An obligation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obligation {
    /// Name.
    pub rule: String,
    /// What.
    pub kind: Kind,
    /// How often.
    pub every: Every,
    /// Days after the end of the time, the last for it.
    pub due_days: u32,
    /// First day of the row.
    pub from: BusinessDate,
    /// Last day of the row.
    pub until: Option<BusinessDate>,
    /// Where it stands written.
    pub source: String,
}

/// The rows the program brings.
pub fn shipped() -> &'static [Obligation] {
    static ALL: LazyLock<Vec<Obligation>> = LazyLock::new(|| {
        let mut reader = csv::Reader::from_reader(include_str!("obligations.csv").as_bytes());
        reader.deserialize().map(|row| row.expect("obligations.csv is part of the program and read by its test")).collect()
    });
    &ALL
}

/// The shipped rows with a county's own in their place or beside them.
pub fn table(own: Vec<Obligation>) -> Vec<Obligation> {
    let by_name = shipped().iter().cloned().chain(own).map(|row| (row.rule.clone(), row));
    by_name.collect::<BTreeMap<_, _>>().into_values().collect()
}

crate::words! {
    /// How an obligation stands.
    pub enum Standing {
        /// Published in time.
        Done = "done", "✓ 已公开";
        /// Published too late.
        Late = "late", "△ 逾期公开";
        /// Not published, and the day is past.
        Overdue = "overdue", "✕ 逾期未公开";
        /// Not published, the day is yet to come.
        Waiting = "waiting", "待公开";
        /// Taken off.
        Withdrawn = "withdrawn", "✕ 已撤下";
    }
}

/// An obligation of one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// What.
    pub kind: Kind,
    /// Of which time.
    pub span: Span,
    /// Last day for it.
    pub due_on: BusinessDate,
    /// How it stands.
    pub standing: Standing,
    /// The sheet that counts for it.
    pub sheet: Option<i64>,
}

impl Due {
    /// True unless the book ended before the time began; a merged village owes what it kept, no more.
    pub fn is_of(&self, ended: Option<BusinessDate>) -> bool {
        ended.is_none_or(|on| self.span.from.first_day() <= on)
    }
}

fn spans(every: Every, year: i32) -> Vec<Span> {
    match every {
        Every::Month => (1..=12).filter_map(|month| AccountingPeriod::new(year, month)).map(Span::month).collect(),
        Every::Quarter => (1..=4).filter_map(|quarter| Span::quarter(year, quarter)).collect(),
        Every::Year => Span::year(year).into_iter().collect(),
    }
}

/// The calendar of a year: every obligation of months the book keeps, with the sheet that counts for it.
pub fn calendar(
    rows: &[Obligation],
    sheets: &[SheetHead],
    (first, year): (AccountingPeriod, i32),
    today: BusinessDate,
) -> Vec<Due> {
    let mut dues = Vec::new();
    for row in rows {
        for span in spans(row.every, year).into_iter().filter(|span| span.through >= first) {
            let end = span.through.last_day();
            if row.from > end || row.until.is_some_and(|last| last < end) || span.from.first_day() > today {
                continue;
            }
            let due_on = end.checked_add_days(Days::new(row.due_days.into())).unwrap_or(end);
            let (standing, sheet) = standing(row.kind, span, due_on, sheets, today);
            dues.push(Due { kind: row.kind, span, due_on, standing, sheet });
        }
    }
    dues.sort_by_key(|due| (due.due_on, due.kind));
    dues
}

fn standing(kind: Kind, span: Span, due_on: BusinessDate, sheets: &[SheetHead], today: BusinessDate) -> (Standing, Option<i64>) {
    let of_it = || sheets.iter().filter(|head| head.kind == kind && head.span == span && head.subject.is_empty());
    let public = of_it().filter(|head| matches!(head.state, SheetState::Published | SheetState::Replaced));
    let first = public.filter_map(|head| Some((head.published_on?, head.sheet))).min();
    match first {
        Some((on, sheet)) if on <= due_on => (Standing::Done, Some(sheet)),
        Some((_, sheet)) => (Standing::Late, Some(sheet)),
        None if of_it().any(|head| head.state == SheetState::Withdrawn) => (Standing::Withdrawn, None),
        None if today > due_on => (Standing::Overdue, None),
        None => (Standing::Waiting, None),
    }
}

/// The year of a day, for calendars.
pub fn year_of(today: BusinessDate) -> i32 {
    today.year()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(kind: Kind, span: &str, published_on: &str) -> SheetHead {
        SheetHead {
            sheet: 3,
            kind,
            span: Span::parse(span).unwrap(),
            subject: String::new(),
            version: 1,
            state: SheetState::Published,
            title: String::new(),
            unit: String::new(),
            digest: String::new(),
            made_by: String::new(),
            approved_by: None,
            published_on: published_on.parse().ok(),
            reason: None,
            approver: None,
            contact: None,
        }
    }

    #[test]
    fn in_time_late_overdue_and_waiting() {
        let first = AccountingPeriod::new(2026, 1).unwrap();
        let at = |sheets: &[SheetHead], today: &str| {
            let dues = calendar(shipped(), sheets, (first, 2026), today.parse().unwrap());
            dues.into_iter().find(|due| due.kind == Kind::Receipts).unwrap()
        };
        let due = at(&[], "2026-02-15");
        assert_eq!((due.due_on.to_string().as_str(), due.standing), ("2026-02-15", Standing::Waiting));
        assert_eq!(at(&[], "2026-02-16").standing, Standing::Overdue);
        assert_eq!(at(&[head(Kind::Receipts, "2026-01", "2026-02-15")], "2026-05-01").standing, Standing::Done);
        assert_eq!(at(&[head(Kind::Receipts, "2026-01", "2026-02-16")], "2026-05-01").standing, Standing::Late);
        let gone = SheetHead { state: SheetState::Withdrawn, ..head(Kind::Receipts, "2026-01", "2026-02-10") };
        assert_eq!(at(&[gone], "2026-02-12").standing, Standing::Withdrawn);
        let quarters = calendar(shipped(), &[], (first, 2026), "2026-07-31".parse().unwrap());
        assert_eq!(quarters.iter().filter(|due| due.kind == Kind::Position).count(), 3, "the third quarter has begun");
        let later = AccountingPeriod::new(2026, 6).unwrap();
        assert!(
            calendar(shipped(), &[], (later, 2026), "2026-12-31".parse().unwrap()).iter().all(|due| due.span.through >= later)
        );
    }
}
