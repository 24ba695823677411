//! The county from afar: a village's month as one word, one colour and its figures.
//!
//! Pure.
//!
//! 1. A month has one word: the first of its steps that is not done. A flag makes it red whatever the word.
//! 2. A month that has not begun, or that a book does not keep, says nothing.

use super::rules::{Rule, RuleKind};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::ledger::books::Book;
use crate::money::Amount;

/// A book's month as it is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Month {
    /// The month is kept.
    pub kept: bool,
    /// Closed.
    pub closed: bool,
    /// Vouchers not posted.
    pub waiting: i64,
    /// Receipts of the month are public.
    pub published: bool,
    /// Cash and bank: in.
    pub came: Amount,
    /// Cash and bank: out.
    pub went: Amount,
    /// Flags that stand and are more than a note.
    pub flags: i64,
}

/// A book with the twelve months of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookYear {
    /// The book.
    pub book: Book,
    /// January first.
    pub months: [Month; 12],
}

crate::words! {
    /// How a month stands.
    pub enum Tone {
        /// Nothing to say.
        Blank = "blank", "";
        /// All done.
        Done = "ok", "✓";
        /// Something waits.
        Waiting = "warn", "△";
        /// Something is wrong or late.
        Wrong = "bad", "✕";
    }
}

/// A month in the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Square {
    /// How it stands, flags counted.
    pub tone: Tone,
    /// How its steps stand.
    pub step: Tone,
    /// The step, in a word.
    pub word: String,
    /// Flags.
    pub flags: i64,
    /// Money that left.
    pub went: Amount,
}

impl Square {
    /// Sign and word, with the flags.
    pub fn words(&self) -> String {
        let flags = if self.flags > 0 { format!(" ✕预警{}", self.flags) } else { String::new() };
        format!("{}{}{flags}", self.step.label_zh(), self.word)
    }
}

/// Days after a month's end within which it is closed, by the rule that watches it.
pub fn days_to_close(rules: &[Rule]) -> i64 {
    rules.iter().find(|rule| rule.rule == RuleKind::CloseLate).map_or(15, Rule::days)
}

/// A month as one word.
pub fn square(month: &Month, period: AccountingPeriod, (today, days): (BusinessDate, i64)) -> Square {
    let nothing = !month.kept || period.first_day() > today;
    let is_late = (today - period.last_day()).num_days() > days;
    let (step, word) = match month {
        _ if nothing => (Tone::Blank, String::new()),
        Month { closed: true, published: true, .. } => (Tone::Done, "已公开".to_owned()),
        Month { closed: true, .. } => (Tone::Waiting, "待公开".to_owned()),
        Month { waiting: 1.., .. } if is_late => (Tone::Wrong, format!("逾期{}张", month.waiting)),
        _ if is_late => (Tone::Wrong, "逾期未结".to_owned()),
        Month { waiting: 1.., .. } => (Tone::Waiting, format!("待办{}张", month.waiting)),
        Month { came, went, .. } if came.is_zero() && went.is_zero() => (Tone::Waiting, "未记账".to_owned()),
        _ => (Tone::Waiting, "待结账".to_owned()),
    };
    let tone = if month.flags > 0 && !nothing { Tone::Wrong } else { step };
    Square { tone, step, word, flags: if nothing { 0 } else { month.flags }, went: month.went }
}

/// What a column of the matrix adds up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Books that keep the month.
    pub kept: i64,
    /// Closed.
    pub closed: i64,
    /// Published.
    pub published: i64,
    /// Flags.
    pub flags: i64,
    /// Money that left.
    pub went: Amount,
}

/// The twelve columns added up.
pub fn tallies(years: &[BookYear]) -> [Tally; 12] {
    let mut tallies = [Tally::default(); 12];
    for (month, at) in years.iter().flat_map(|year| year.months.iter().zip(0_usize..)) {
        let tally = &mut tallies[at];
        tally.kept += i64::from(month.kept);
        tally.closed += i64::from(month.closed);
        tally.published += i64::from(month.published);
        tally.flags += month.flags;
        tally.went += month.went;
    }
    tallies
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(month: Month, period: &str, today: &str) -> String {
        square(&month, period.parse().unwrap(), (today.parse().unwrap(), 15)).words()
    }

    #[test]
    fn a_month_says_the_first_step_that_is_not_done() {
        let kept = Month { kept: true, ..Month::default() };
        let busy = Month { went: Amount::from_fen(1), ..kept };
        let (may, june) = ("2026-05", "2026-06");
        assert_eq!(told(Month::default(), may, "2026-06-01"), "");
        assert_eq!(told(kept, june, "2026-05-31"), "", "not begun");
        assert_eq!(told(kept, may, "2026-06-01"), "△未记账");
        assert_eq!(told(busy, may, "2026-06-15"), "△待结账");
        assert_eq!(told(busy, may, "2026-06-16"), "✕逾期未结");
        assert_eq!(told(Month { waiting: 3, ..busy }, may, "2026-06-15"), "△待办3张");
        assert_eq!(told(Month { waiting: 3, ..busy }, may, "2026-06-16"), "✕逾期3张");
        let closed = Month { closed: true, ..busy };
        assert_eq!(told(closed, may, "2026-07-30"), "△待公开");
        let public = Month { published: true, ..closed };
        assert_eq!(told(public, may, "2026-07-30"), "✓已公开");
        assert_eq!(told(Month { flags: 2, ..public }, may, "2026-07-30"), "✓已公开 ✕预警2");
    }
}
