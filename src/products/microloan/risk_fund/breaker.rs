//! The breaker and the leverage of the fund: whether a county, township, village or bank may take new loans.
//!
//! Pure. Inputs \[derived\] (domain/loans.md §5): overdue ratio = overdue principal ÷ outstanding; bad-loan ratio =
//! (次级 + 可疑 + 损失) ÷ outstanding; headroom = fund × leverage − outstanding − pledged.
//!
//! 1. Ratios are compared exactly (cross-multiplied), never rounded first.
//! 2. Without outstanding loans no breaker trips.

use rust_decimal::Decimal;

use crate::money::{Amount, Rate};
use crate::products::microloan::policy::Policy;

/// What is lent at a village by a bank, fen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// Village.
    pub place: String,
    /// Bank.
    pub bank: String,
    /// Principal outstanding.
    pub outstanding: i64,
    /// Principal of loans past due.
    pub overdue: i64,
    /// Principal of bad loans.
    pub bad: i64,
}

/// Where and why approvals are stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trip {
    /// Scope in words: 全县, a place code or a bank.
    pub place: String,
    /// The ratio, percent, for people.
    pub ratio: String,
    /// The threshold, percent.
    pub limit: String,
}

/// The first scope of the policy that has reached a threshold, for a loan of a village and bank.
pub fn tripped(policy: &Policy, exposures: &[Exposure], place: &str, bank: &str) -> Option<Trip> {
    policy.breaker_scopes.split_whitespace().find_map(|scope| {
        let (words, in_scope) = scope_of(scope, place, bank);
        let sums = exposures.iter().filter(|e| in_scope.holds(e)).fold((0_i128, 0_i128, 0_i128), |sum, e| {
            (sum.0 + i128::from(e.outstanding), sum.1 + i128::from(e.overdue), sum.2 + i128::from(e.bad))
        });
        let reached =
            |part: i128, limit: Option<Rate>| limit.filter(|limit| reaches(part, sums.0, *limit)).map(|limit| (part, limit));
        let (part, limit) = reached(sums.2, policy.breaker_npl).or_else(|| reached(sums.1, policy.breaker_overdue))?;
        Some(Trip { place: words, ratio: percent(part, sums.0), limit: limit.percent_text() })
    })
}

enum InScope {
    Place(String),
    Bank(String),
}

impl InScope {
    fn holds(&self, exposure: &Exposure) -> bool {
        match self {
            InScope::Place(prefix) => exposure.place.starts_with(prefix),
            InScope::Bank(bank) => exposure.bank == *bank,
        }
    }
}

fn scope_of(scope: &str, place: &str, bank: &str) -> (String, InScope) {
    let prefix = |length: usize| place.get(..length).unwrap_or(place).to_owned();
    match scope {
        "bank" => (format!("银行 {bank}"), InScope::Bank(bank.to_owned())),
        "village" => (format!("村 {place}"), InScope::Place(place.to_owned())),
        "township" => (format!("乡镇 {}", prefix(9)), InScope::Place(prefix(9))),
        _ => ("全县".to_owned(), InScope::Place(prefix(6))),
    }
}

fn reaches(part: i128, whole: i128, limit: Rate) -> bool {
    let ppm = limit.ppm().map_or(i128::MAX, i128::from);
    whole > 0 && part.checked_mul(1_000_000).zip(whole.checked_mul(ppm)).is_some_and(|(part, bound)| part >= bound)
}

/// `part ÷ whole` in percent with two decimals, rounded half up, as it is shown; nothing of nothing is 0.00. Thresholds
/// compare the sums, never this.
pub fn percent(part: i128, whole: i128) -> String {
    let (doubled, against) = (part * 20_000, whole.abs());
    let hundredths = if whole == 0 { 0 } else { (doubled.abs() + against) / (2 * against) * doubled.signum() * whole.signum() };
    Decimal::from_i128_with_scale(hundredths, 2).to_string()
}

/// Leverage and headroom of one bank, or of all.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Headroom {
    /// Bank; blank for all.
    pub bank: String,
    /// Money in the special account.
    pub fund: Amount,
    /// Lent and not repaid.
    pub outstanding: Amount,
    /// Approved and not yet paid out.
    pub pledged: Amount,
    /// Fund × cap.
    pub capacity: Amount,
    /// What may still be approved; negative beyond the cap.
    pub headroom: Amount,
}

/// The headroom a fund leaves; `None` where the sums do not fit.
pub fn headroom(bank: &str, fund: Amount, (outstanding, pledged): (Amount, Amount), cap: i64) -> Option<Headroom> {
    let capacity = Amount::from_fen(fund.fen().checked_mul(cap)?);
    let headroom = capacity.checked_sub(outstanding)?.checked_sub(pledged)?;
    Some(Headroom { bank: bank.to_owned(), fund, outstanding, pledged, capacity, headroom })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::products::microloan::policy::{named, shipped};

    #[test]
    fn the_breaker_trips_at_its_threshold_and_names_the_place() {
        let policies = shipped();
        let tongxu = named(&policies, "tongxu-2025").unwrap(); // overdue 5 %, bad 3 %, county and township
        let at = |place: &str, outstanding, overdue, bad| Exposure {
            place: place.into(),
            bank: "B1".into(),
            outstanding,
            overdue,
            bad,
        };
        let quiet = [at("410222101201", 10_000, 499, 299), at("410222102201", 100_000, 0, 0)];
        assert_eq!(tripped(tongxu, &quiet, "410222101201", "B1"), None);
        let bad = [at("410222101201", 10_000, 400, 300), at("410222102201", 100_000, 0, 0)];
        let trip = tripped(tongxu, &bad, "410222101201", "B1").unwrap();
        assert_eq!((trip.place.as_str(), trip.ratio.as_str(), trip.limit.as_str()), ("乡镇 410222101", "3.00", "3.00"));
        assert_eq!(tripped(tongxu, &bad, "410222102201", "B1"), None);
        let banks = named(&policies, "example-5-3-2").unwrap(); // county and bank
        let two = [Exposure { bank: "B2".into(), ..at("519902101201", 100_000, 0, 0) }, at("519902101201", 1_000, 900, 10)];
        assert_eq!(tripped(banks, &two, "519902101201", "B1").unwrap().place, "银行 B1");
        assert_eq!(tripped(banks, &two, "519902101201", "B2"), None);
    }

    #[test]
    fn one_yi_carries_ten() {
        let found = headroom("", Amount::from_yuan(100_000_000), (Amount::from_yuan(249_000_000), Amount::ZERO), 10).unwrap();
        assert_eq!(found.capacity, Amount::from_yuan(1_000_000_000));
        assert_eq!(found.headroom, Amount::from_yuan(751_000_000));
        assert_eq!(percent(5_121, 18_434), "27.78");
    }

    #[test]
    fn shown_percentages_are_rounded_half_up_and_thresholds_are_not() {
        for (part, whole, shown) in [
            (150, 540, "27.78"),
            (1, 20_000, "0.01"),
            (-1, 20_000, "-0.01"),
            (1, -20_000, "-0.01"),
            (1, 30_000, "0.00"),
            (895, 100_000, "0.90"),
            (1, 0, "0.00"),
        ] {
            assert_eq!(percent(part, whole), shown, "{part} of {whole}");
        }
        let policies = shipped();
        let (place, bank) = ("410222101201".to_owned(), "B1".to_owned());
        let nearly = [Exposure { place, bank, outstanding: 100_000_000, overdue: 0, bad: 2_999_999 }];
        assert_eq!(percent(2_999_999, 100_000_000), "3.00");
        assert_eq!(tripped(named(&policies, "tongxu-2025").unwrap(), &nearly, "410222101201", "B1"), None);
    }
}
