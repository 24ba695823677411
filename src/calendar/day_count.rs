//! `DayCount`: how many days of interest lie between two dates, and of how long a year.
//!
//! Pure.
//!
//! 1. The first day counts, the last does not, so adjoining stretches add up.
//! 2. `actual/*` counts calendar days; `30/360` counts every month as thirty days.
//! 3. Turned round, a stretch has the same days with the opposite sign.

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use super::BusinessDate;
use crate::refusals;

/// A rule for counting interest days. The programme's loans use [`DayCount::Actual360`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum DayCount {
    /// Calendar days over 360 (银发〔2005〕129号 practice \[recalled, verify\]).
    #[default]
    #[serde(rename = "actual/360")]
    Actual360,
    /// Calendar days over 365, in leap years too.
    #[serde(rename = "actual/365")]
    Actual365,
    /// Months of thirty days over 360.
    #[serde(rename = "30/360")]
    Thirty360,
}

/// A part of a year, exact: `days` over `base`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearFraction {
    /// Interest days.
    pub days: i64,
    /// Days of the year they are a part of.
    pub base: i64,
}

refusals! {
    /// Why a text does not name a way to count days.
    pub enum DayCountRefusal {
        /// Not one of the three.
        "P-201" UnknownDayCount { text: String }
            zh "“{text}” 不是计息天数规则" en "'{text}' is not a day count" next "使用 actual/360、actual/365 或 30/360";
    }
}

impl DayCount {
    /// Every rule there is.
    pub const ALL: [DayCount; 3] = [DayCount::Actual360, DayCount::Actual365, DayCount::Thirty360];

    /// Interest days from `from` (counted) to `to` (not counted).
    pub fn days(self, from: BusinessDate, to: BusinessDate) -> i64 {
        match self {
            DayCount::Actual360 | DayCount::Actual365 => to.signed_duration_since(from).num_days(),
            DayCount::Thirty360 if to < from => -thirty_day_months(to, from),
            DayCount::Thirty360 => thirty_day_months(from, to),
        }
    }

    /// Days of the year the interest days are a part of.
    pub const fn base(self) -> i64 {
        match self {
            DayCount::Actual360 | DayCount::Thirty360 => 360,
            DayCount::Actual365 => 365,
        }
    }

    /// The part of a year from `from` to `to`.
    pub fn fraction(self, from: BusinessDate, to: BusinessDate) -> YearFraction {
        YearFraction { days: self.days(from, to), base: self.base() }
    }

    /// As contracts and the command line write it.
    pub const fn code(self) -> &'static str {
        match self {
            DayCount::Actual360 => "actual/360",
            DayCount::Actual365 => "actual/365",
            DayCount::Thirty360 => "30/360",
        }
    }

    /// As clerks read it.
    pub const fn label_zh(self) -> &'static str {
        match self {
            DayCount::Actual360 => "实际天数/360",
            DayCount::Actual365 => "实际天数/365",
            DayCount::Thirty360 => "每月30天/360",
        }
    }
}

/// Days between two dates when every month has thirty; a 31st counts as a 30th, first or last (30E/360).
fn thirty_day_months(from: BusinessDate, to: BusinessDate) -> i64 {
    let months = i64::from(to.year() - from.year()) * 12 + i64::from(to.month()) - i64::from(from.month());
    months * 30 + i64::from(to.day().min(30)) - i64::from(from.day().min(30))
}

impl std::fmt::Display for DayCount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.code())
    }
}

impl std::str::FromStr for DayCount {
    type Err = DayCountRefusal;

    fn from_str(text: &str) -> Result<DayCount, DayCountRefusal> {
        let named = DayCount::ALL.into_iter().find(|rule| rule.code() == text.trim());
        named.ok_or_else(|| DayCountRefusal::UnknownDayCount { text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> BusinessDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_first_day_counts_and_the_last_does_not() {
        for (rule, from, to, days) in [
            (DayCount::Actual360, "2017-03-15", "2017-03-21", 6),
            (DayCount::Actual360, "2017-03-21", "2017-06-21", 92),
            (DayCount::Actual360, "2019-12-21", "2020-03-15", 85),
            (DayCount::Actual365, "2017-03-15", "2020-03-15", 1096),
            (DayCount::Actual365, "2016-03-15", "2016-12-31", 291),
            (DayCount::Thirty360, "2017-03-21", "2017-06-21", 90),
            (DayCount::Thirty360, "2020-01-31", "2020-03-31", 60),
            (DayCount::Thirty360, "2020-01-15", "2020-01-31", 15),
            (DayCount::Thirty360, "2020-02-28", "2020-03-01", 3),
            (DayCount::Thirty360, "2020-01-30", "2020-01-31", 0),
            (DayCount::Thirty360, "2017-03-15", "2020-03-15", 1080),
        ] {
            assert_eq!(rule.days(on(from), on(to)), days, "{rule} {from} {to}");
            assert_eq!(rule.days(on(to), on(from)), -days);
            assert_eq!(rule.days(on(from), on(from)), 0);
        }
    }

    #[test]
    fn adjoining_stretches_add_up() {
        let days: Vec<BusinessDate> = on("2019-12-28").iter_days().take(70).collect();
        for rule in DayCount::ALL {
            for between in &days {
                let parts = rule.days(days[0], *between) + rule.days(*between, days[69]);
                assert_eq!(parts, rule.days(days[0], days[69]), "{rule} {between}");
            }
        }
    }

    #[test]
    fn names_are_read_back() {
        for rule in DayCount::ALL {
            assert_eq!(rule.code().parse::<DayCount>(), Ok(rule));
        }
        assert!("actual/actual".parse::<DayCount>().is_err());
        let fraction = DayCount::Actual365.fraction(on("2017-03-21"), on("2017-06-21"));
        assert_eq!(fraction, YearFraction { days: 92, base: 365 });
    }
}
