//! Settlement of ordinary loans from their standing alone: the same rows the timeline gives, without its facts.
//!
//! Pure.
//!
//! 1. Only for loans whose balance and rate have not changed since the last settlement and that are not past due.
//! 2. Only rows due before maturity: the last one is the timeline's.
//! 3. Integers throughout; one rounding, half up, per row.

use super::terms::Settlement;
use crate::calendar::{BusinessDate, DayCount};

/// What the next settlement of an ordinary loan follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlainLoan {
    /// Principal, fen.
    pub principal: i64,
    /// Rate a year, parts per million.
    pub rate_ppm: i64,
    /// How days are counted.
    pub day_count: DayCount,
    /// When interest is settled.
    pub settlement: Settlement,
    /// First interest day not settled.
    pub row_from: BusinessDate,
    /// Next day on which interest falls due.
    pub next_due: BusinessDate,
    /// Maturity.
    pub matures_on: BusinessDate,
}

/// A row settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlainRow {
    /// First interest day.
    pub start: BusinessDate,
    /// Day due.
    pub due: BusinessDate,
    /// Interest days.
    pub days: i64,
    /// Interest, fen.
    pub amount: i64,
}

impl PlainLoan {
    /// Settles the next row due on or before a day and moves on; `None` where none is, or where it is the last one.
    pub fn settle_next(&mut self, day: BusinessDate) -> Option<PlainRow> {
        if self.next_due > day || self.next_due >= self.matures_on {
            return None;
        }
        let days = self.day_count.days(self.row_from, self.next_due);
        let amount = interest(self.principal, self.rate_ppm, days, self.day_count.base())?;
        let row = PlainRow { start: self.row_from, due: self.next_due, days, amount };
        self.row_from = self.next_due;
        self.next_due = self.settlement.next_due(self.row_from)?.min(self.matures_on);
        Some(row)
    }
}

/// `principal × rate × days ÷ base`, rounded half up to the fen; `None` where it does not fit.
pub fn interest(principal: i64, rate_ppm: i64, days: i64, base: i64) -> Option<i64> {
    let divisor = base.checked_mul(1_000_000)?;
    match principal.checked_mul(rate_ppm).and_then(|yearly| yearly.checked_mul(days)) {
        Some(product) if product >= 0 => Some(product / divisor + i64::from(product % divisor * 2 >= divisor)),
        _ => {
            let product = i128::from(principal).checked_mul(i128::from(rate_ppm))?.checked_mul(i128::from(days))?;
            i64::try_from((product * 2 + i128::from(divisor)) / (i128::from(divisor) * 2)).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Contract, Fact, Happening, timeline};
    use super::*;
    use crate::money::{Amount, Rate};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_short_way_gives_the_rows_of_the_timeline(
            fen in 1_i64..99_999_999_999_999, ppm in 0_i64..300_000, offset in 0_u64..400, term in 20_u64..1_500, at in 0_usize..3, rule in 0_usize..3,
        ) {
            let start = BusinessDate::from_ymd_opt(2019, 12, 1).unwrap() + chrono::Days::new(offset);
            let (settlement, day_count) =
                ([Settlement::Quarterly, Settlement::Monthly, Settlement::Yearly][at], DayCount::ALL[rule]);
            let usual = Contract::usual(Amount::from_fen(fen), Rate::from_ppm(ppm).unwrap(), start, start + chrono::Days::new(term));
            let contract = Contract { settlement, day_count, ..usual };
            let facts = [Fact { on: start, what: Happening::Disbursed { amount: contract.amount } }];
            let end = start + chrono::Days::new(2_000);
            let before_maturity: Vec<_> = timeline("L", &contract, &facts, end).unwrap().rows.into_iter()
                .filter(|row| row.due < contract.matures_on)
                .map(|row| PlainRow { start: row.start, due: row.due, days: row.days, amount: row.amount.fen() }).collect();
            let position = timeline("L", &contract, &facts, start).unwrap().position;
            prop_assert!(position.is_plain);
            let mut plain = PlainLoan {
                principal: fen, rate_ppm: ppm, day_count, settlement, row_from: start,
                next_due: position.next_due.unwrap(), matures_on: contract.matures_on,
            };
            let ours: Vec<_> = std::iter::from_fn(|| plain.settle_next(end)).collect();
            prop_assert_eq!(ours, before_maturity);
        }
    }

    #[test]
    fn half_a_fen_goes_up() {
        assert_eq!(interest(5_000_000, 43_500, 92, 360), Some(55_583));
        assert_eq!(interest(5_000_000, 65_250, 42, 360), Some(38_063)); // 380.625
        assert_eq!(interest(99_999_999_999_999, 10_000_000, 9_999, 360), Some(27_774_999_999_999_722));
    }
}
