//! `AccountingPeriod`: one month of a book (`2026-10`), or the opening of a year (`2026-00`).
//!
//! Pure. The accounting year is the calendar year.
//!
//! 1. Periods sort as they follow each other in time; the opening stands before January.
//! 2. `parse` reads exactly what `Display` writes.

use serde::{Deserialize, Serialize};

use super::BusinessDate;
use crate::refusals;

/// A month of a book. Month 0 is the year's opening, where only carried balances stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountingPeriod {
    year: i32,
    month: u32,
}

refusals! {
    /// Why a text is not a period.
    pub enum PeriodRefusal {
        /// Not `YYYY-MM`.
        "P-101" NotAPeriod { text: String }
            zh "“{text}” 不是会计期间" en "'{text}' is not an accounting period" next "写成 2026-10";
    }
}

impl AccountingPeriod {
    /// The month a date falls into.
    pub fn of(date: BusinessDate) -> AccountingPeriod {
        use chrono::Datelike;
        AccountingPeriod { year: date.year(), month: date.month() }
    }

    /// Month 1 to 12 of a year; `None` for another month or a year outside 1900–9999.
    pub fn new(year: i32, month: u32) -> Option<AccountingPeriod> {
        ((1900..=9999).contains(&year) && (1..=12).contains(&month)).then_some(AccountingPeriod { year, month })
    }

    /// The opening of a year, before its January.
    pub const fn opening(year: i32) -> AccountingPeriod {
        AccountingPeriod { year, month: 0 }
    }

    /// The accounting year.
    pub const fn year(self) -> i32 {
        self.year
    }

    /// 1 to 12; 0 for the opening.
    pub const fn month(self) -> u32 {
        self.month
    }

    /// True for the opening of a year.
    pub const fn is_opening(self) -> bool {
        self.month == 0
    }

    /// The month after; after December the next January, after the opening the year's January.
    pub const fn next(self) -> AccountingPeriod {
        if self.month == 12 {
            AccountingPeriod { year: self.year + 1, month: 1 }
        } else {
            AccountingPeriod { year: self.year, month: self.month + 1 }
        }
    }

    /// The month before; before January the last December, before the opening too.
    pub const fn previous(self) -> AccountingPeriod {
        if self.month <= 1 {
            AccountingPeriod { year: self.year - 1, month: 12 }
        } else {
            AccountingPeriod { year: self.year, month: self.month - 1 }
        }
    }

    /// The first day; for an opening, January 1.
    pub fn first_day(self) -> BusinessDate {
        BusinessDate::from_ymd_opt(self.year, self.month.max(1), 1).expect("a period has a valid month and year")
    }

    /// The last day; for an opening, January 1.
    pub fn last_day(self) -> BusinessDate {
        if self.is_opening() {
            self.first_day()
        } else {
            self.next().first_day().pred_opt().expect("the years are far from chrono's limits")
        }
    }

    /// True if the date falls into this period (an opening takes only January 1).
    pub fn contains(self, date: BusinessDate) -> bool {
        if self.is_opening() { date == self.first_day() } else { AccountingPeriod::of(date) == self }
    }

    /// Reads `2026-10`.
    pub fn parse(text: &str) -> Result<AccountingPeriod, PeriodRefusal> {
        let wrong = || PeriodRefusal::NotAPeriod { text: text.to_owned() };
        let (year, month) = text.split_once('-').filter(|(y, m)| y.len() == 4 && m.len() == 2).ok_or_else(wrong)?;
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten();
        let (year, month) = (digits(year).ok_or_else(wrong)? as i32, digits(month).ok_or_else(wrong)?);
        if (1900..=9999).contains(&year) && month <= 12 { Ok(AccountingPeriod { year, month }) } else { Err(wrong()) }
    }

    /// As people read it: `2026年10月`, `2026年初`.
    pub fn label_zh(self) -> String {
        if self.is_opening() { format!("{}年初", self.year) } else { format!("{}年{}月", self.year, self.month) }
    }
}

impl std::fmt::Display for AccountingPeriod {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl std::str::FromStr for AccountingPeriod {
    type Err = PeriodRefusal;

    fn from_str(text: &str) -> Result<AccountingPeriod, PeriodRefusal> {
        AccountingPeriod::parse(text)
    }
}

impl Serialize for AccountingPeriod {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AccountingPeriod {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<AccountingPeriod, D::Error> {
        AccountingPeriod::parse(&String::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_follow_each_other_over_the_year_end() {
        let december: AccountingPeriod = "2023-12".parse().unwrap();
        assert_eq!(december.next().to_string(), "2024-01");
        assert_eq!(december.next().previous(), december);
        assert_eq!(AccountingPeriod::opening(2024).next(), december.next());
        assert!(december < AccountingPeriod::opening(2024) && AccountingPeriod::opening(2024) < december.next());
        assert_eq!(AccountingPeriod::new(2024, 2).unwrap().last_day().to_string(), "2024-02-29");
    }

    #[test]
    fn reads_only_year_and_month() {
        for bad in ["2026", "2026-13", "26-01", "2026-1", "2026-01-01", "", "２０２６-01", "+026-01"] {
            assert!(AccountingPeriod::parse(bad).is_err(), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn periods_follow_each_other_and_read_back(year in 1901_i32..9998, month in 0_u32..13) {
            let period = AccountingPeriod { year, month };
            proptest::prop_assert_eq!(AccountingPeriod::parse(&period.to_string()), Ok(period));
            proptest::prop_assert!(period < period.next() && period.previous() < period);
            proptest::prop_assert_eq!(period.next().previous() == period, month != 0);
            proptest::prop_assert!(period.contains(period.first_day()) && period.contains(period.last_day()));
            proptest::prop_assert!(!period.contains(period.next().last_day()));
            proptest::prop_assert_eq!(period.to_string() < period.next().to_string(), period < period.next());
        }
    }
}
