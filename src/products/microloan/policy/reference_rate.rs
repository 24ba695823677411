//! Benchmark and LPR rates by day of effect and tier (domain/loans.md §7).
//!
//! Pure. The rate of a contract is that of its signing day and of the first tier its term fits in.

use serde::{Deserialize, Serialize};

use super::{Policy, PolicyRefusal, RateRule, SubsidyRule};
use crate::calendar::BusinessDate;
use crate::money::Rate;
use crate::products::microloan::interest_subsidy::SubsidyPolicy;

/// A published rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferenceRate {
    /// `benchmark` or `lpr`.
    pub series: String,
    /// Longest term the tier is for, months.
    pub tier_months: u32,
    /// Day of effect.
    pub from: BusinessDate,
    /// The rate a year.
    pub rate: Rate,
    /// Where it was published.
    pub source: String,
}

/// The rates shipped with the program.
pub fn shipped_rates() -> Vec<ReferenceRate> {
    read_rates(include_bytes!("reference_rates.csv")).expect("reference_rates.csv is read by a test")
}

/// Reads a file of rates. Refuses the first line that is none.
pub fn read_rates(bytes: &[u8]) -> Result<Vec<ReferenceRate>, PolicyRefusal> {
    let mut reader = csv::Reader::from_reader(super::without_mark(bytes));
    let rows = reader.deserialize::<ReferenceRate>().enumerate();
    rows.map(|(at, row)| row.map_err(|why| PolicyRefusal::BadRow { line: at + 2, why: why.to_string() })).collect()
}

/// The rate of a series on a day for a term; later rows in the list win over earlier ones of the same day.
pub fn reference(rates: &[ReferenceRate], series: &str, on: BusinessDate, months: u32) -> Result<Rate, PolicyRefusal> {
    let fitting = rates.iter().filter(|rate| rate.series == series && rate.from <= on && months <= rate.tier_months);
    let tier = fitting.clone().map(|rate| rate.tier_months).min();
    let found = fitting.filter(|rate| Some(rate.tier_months) == tier).max_by_key(|rate| rate.from);
    found.map(|rate| rate.rate).ok_or_else(|| PolicyRefusal::NoReferenceRate { series: series.to_owned(), on })
}

impl Policy {
    /// The reference rate of a contract; `None` where the rate is free.
    pub fn reference(&self, rates: &[ReferenceRate], on: BusinessDate, months: u32) -> Result<Option<Rate>, PolicyRefusal> {
        match self.rate_rule {
            RateRule::Free => Ok(None),
            RateRule::Benchmark => reference(rates, "benchmark", on, months).map(Some),
            RateRule::Lpr => reference(rates, "lpr", on, months).map(Some),
        }
    }

    /// The highest contract rate allowed; `None` where the rate is free.
    pub fn rate_cap(&self, rates: &[ReferenceRate], on: BusinessDate, months: u32) -> Result<Option<Rate>, PolicyRefusal> {
        let capped = |rate: Rate| Rate::from_percent(rate.percent() + self.rate_spread.percent()).unwrap_or(rate);
        Ok(self.reference(rates, on, months)?.map(capped))
    }

    /// What the fiscal fund bears of a contract signed on a day.
    pub fn subsidy(&self, rates: &[ReferenceRate], on: BusinessDate, months: u32) -> Result<SubsidyPolicy, PolicyRefusal> {
        let rate_cap = if self.subsidy_rule == SubsidyRule::Capped { self.reference(rates, on, months)? } else { None };
        let share = self.subsidy_percent.fraction();
        Ok(SubsidyPolicy { rate_cap, principal_cap: Some(self.subsidised_max), share, stops_on: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tier_and_the_signing_day_decide() {
        let rates = shipped_rates();
        let at = |series: &str, day: &str, months| reference(&rates, series, day.parse().unwrap(), months).map(|r| r.to_string());
        for (series, day, months, rate) in [
            ("benchmark", "2016-03-15", 36, "4.75%"),
            ("benchmark", "2016-03-15", 12, "4.35%"),
            ("benchmark", "2015-10-23", 12, "4.60%"),
            ("lpr", "2021-06-01", 12, "3.85%"),
            ("lpr", "2021-06-01", 13, "4.65%"),
            ("lpr", "2026-06-01", 36, "3.50%"),
        ] {
            assert_eq!(at(series, day, months).unwrap(), rate, "{series} {day} {months}");
        }
        let before = at("lpr", "2019-08-19", 12).unwrap_err();
        assert_eq!(before.refusal().code, "M-403");
    }
}
