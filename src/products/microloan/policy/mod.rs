//! Policy as data: rows by place, signing date and product, each with its source (domain/loans.md §1–§6).
//!
//! Pure, but for `store.rs` and `service.rs`. The shipped rows are `policies.csv` and `reference_rates.csv`;
//! a county's own rows (imported) take the place of shipped rows of the same name.
//!
//! 1. A row holds for contracts signed from its first to its last day. A row that is imported anew gets a version
//!    (`national-2021#1`); a signed contract keeps the version it was signed under.
//! 2. Of the rows that fit a place and day the one for the narrower place wins, then the later one.
//! 3. A row that cannot be read is refused with its line; nothing is guessed.

pub mod check;
pub mod reference_rate;
pub mod service;
pub mod store;

use chrono::Months;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::calendar::BusinessDate;
use crate::money::{Amount, Rate};
use crate::parties::household::HouseholdStatus;
use crate::refusals;

pub use reference_rate::{ReferenceRate, shipped_rates};

/// Loans to households: the programme's product.
pub const HOUSEHOLD_LOAN: &str = "household-loan";
/// Loans to entities that keep books here (village collectives, cooperatives, companies).
pub const ENTITY_LOAN: &str = "entity-loan";

refusals! {
    /// Why a file of policies or rates is not taken, or a policy not found.
    pub enum PolicyRefusal {
        /// A line that is no policy.
        "M-401" BadRow { line: usize, why: String }
            zh "政策文件第 {line} 行不能理解:{why}" en "line {line} of the policy file is not understood: {why}" next "按 policy list --format csv 的列填写";
        /// No policy of that name.
        "M-402" UnknownPolicy { policy: String }
            zh "没有政策 {policy}" en "there is no policy {policy}" next "用 policy list 查看";
        /// No reference rate for a day.
        "M-403" NoReferenceRate { series: String, on: BusinessDate }
            zh "{on} 没有 {series} 的参考利率" en "there is no {series} rate on {on}" next "导入利率表(policy rates)";
    }
}

/// How a rate is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RateRule {
    /// 基准利率 of the tier.
    Benchmark,
    /// LPR: one year up to twelve months, five years beyond.
    Lpr,
    /// As agreed.
    Free,
}

/// What the fiscal fund bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubsidyRule {
    /// The contract's interest.
    Full,
    /// Interest up to the reference rate of the signing day.
    Capped,
    /// A percentage of the contract's interest.
    Percent,
}

/// Who receives the subsidy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Payee {
    /// The bank: the borrower's interest is settled by it.
    Bank,
    /// The household, after it has paid the bank.
    Household,
}

/// A row of policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Name.
    pub policy: String,
    /// What the product was called.
    pub name: String,
    /// Beginning of the division codes it holds for; blank is the nation.
    pub place: String,
    /// Product.
    pub product: String,
    /// First signing day.
    pub signed_from: BusinessDate,
    /// Last signing day.
    pub signed_until: Option<BusinessDate>,
    /// Standings that make a household eligible, blank-separated.
    pub eligible: String,
    /// Largest loan.
    pub max_amount: Amount,
    /// Largest principal subsidised (and compensated).
    pub subsidised_max: Amount,
    /// Longest term, months.
    pub max_term_months: u32,
    /// Bound of the rate.
    pub rate_rule: RateRule,
    /// Points above the reference rate that are allowed.
    pub rate_spread: Rate,
    /// Whether the rate is fixed for the contract's term (`yes`, `no`); a file without the column says no.
    #[serde(default = "no")]
    pub rate_fixed: String,
    /// What the fiscal fund bears.
    pub subsidy_rule: SubsidyRule,
    /// Percentage borne.
    pub subsidy_percent: Rate,
    /// Who receives it.
    pub subsidy_payee: Payee,
    /// `quarter` or `year`.
    pub subsidy_period: String,
    /// Months from payment that are subsidised.
    pub subsidy_months: u32,
    /// Whether an extension is subsidised (`yes`, `no`).
    pub subsidy_on_extension: String,
    /// Reasons for leaving a row out.
    pub exclusions: String,
    /// Who bears a loss: `fund=80 bank=20`, in order; the last takes the remainder.
    pub sharing: String,
    /// Days past due from which a claim is taken.
    pub trigger_days: i64,
    /// `principal` or `principal+interest`.
    pub risk_scope: String,
    /// Lending over fund.
    pub leverage_cap: i64,
    /// Beyond it: `refuse` or `flag`.
    pub over_leverage: String,
    /// Overdue ratio, percent, at which approvals stop.
    pub breaker_overdue: Option<Rate>,
    /// Bad-loan ratio, percent, at which approvals stop.
    pub breaker_npl: Option<Rate>,
    /// Where the ratios are looked at: county, township, village, bank.
    pub breaker_scopes: String,
    /// Whether loan money may newly be entrusted (户贷企用): `yes`, `no`.
    pub entrusted_allowed: String,
    /// Words of uses the loan is not for, blank-separated; a file without the column excludes none.
    #[serde(default)]
    pub excluded_uses: String,
    /// Renewals of one loan.
    pub renewals_max: i64,
    /// Extensions of one contract.
    pub extensions_max: i64,
    /// Loans that mature from this day on may be extended, whatever their term, …
    #[serde(default)]
    pub relief_from: Option<BusinessDate>,
    /// … to this day (2020年28号: to the end of March 2021).
    #[serde(default)]
    pub relief_until: Option<BusinessDate>,
    /// Youngest borrower.
    pub age_min: u32,
    /// Oldest borrower.
    pub age_max: u32,
    /// Penalty rate over contract rate.
    pub penalty_multiple: Decimal,
    /// Approvals by different people.
    pub approvals: i64,
    /// Document.
    pub source: String,
    /// What of it is confirmed.
    pub tag: String,
}

fn no() -> String {
    "no".to_owned()
}

impl Policy {
    /// True if a contract of a place and day falls under the row.
    pub fn holds(&self, place: &str, product: &str, on: BusinessDate) -> bool {
        let begun = self.signed_from <= on && self.signed_until.is_none_or(|until| on <= until);
        begun && place.starts_with(&self.place) && self.product == product
    }

    /// The name without a version.
    pub fn base(&self) -> &str {
        self.policy.split('#').next().unwrap_or_default()
    }

    /// 0 for a shipped row, then counting the county's imports.
    pub fn version(&self) -> u32 {
        self.policy.split_once('#').and_then(|(_, version)| version.parse().ok()).unwrap_or(0)
    }

    /// True if a standing makes a household eligible.
    pub fn admits(&self, status: HouseholdStatus) -> bool {
        self.eligible.split_whitespace().any(|word| word == status.as_str())
    }

    /// True if a borrower of an age may be lent to.
    pub fn lets_age(&self, age: u32) -> bool {
        (self.age_min..=self.age_max).contains(&age)
    }

    /// The use a purpose names that the loan is not for.
    pub fn excluded_use(&self, purpose: &str) -> Option<&str> {
        self.excluded_uses.split_whitespace().find(|word| purpose.contains(word))
    }

    /// True if rows are left out for a reason.
    pub fn excludes(&self, reason: &str) -> bool {
        self.exclusions.split_whitespace().any(|word| word == reason)
    }

    /// The latest day a loan may be extended to (《个人贷款管理办法》): a loan of up to a year by as long again as its term,
    /// a longer one to the product's longest term; where relief is given, to its end. `now` is the maturity it has.
    pub fn latest_extension(&self, signed_on: BusinessDate, matures_on: BusinessDate, now: BusinessDate) -> BusinessDate {
        let after = |months: u32| signed_on + Months::new(months);
        let by_term = match (1..=12).find(|months| after(*months) == matures_on) {
            Some(months) => after(2 * months),
            None if matures_on < after(12) => matures_on + matures_on.signed_duration_since(signed_on),
            None => after(self.max_term_months),
        };
        let relieved = self.relief_until.filter(|_| self.relief_from.is_some_and(|from| from <= now));
        relieved.map_or(by_term, |until| until.max(by_term))
    }

    /// Who bears a loss, in order, with their percentages.
    pub fn shares(&self) -> Vec<(String, Rate)> {
        let share = |word: &str| {
            let (party, percent) = word.split_once('=')?;
            Some((party.to_owned(), Rate::parse(percent).ok()?))
        };
        self.sharing.split_whitespace().filter_map(share).collect()
    }
}

/// The rows shipped with the program.
pub fn shipped() -> Vec<Policy> {
    read_policies(include_bytes!("policies.csv")).expect("policies.csv is read by a test")
}

/// The bytes without the mark a spreadsheet program puts before UTF-8.
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// Reads a file of policies. Refuses the first line that is none.
pub fn read_policies(bytes: &[u8]) -> Result<Vec<Policy>, PolicyRefusal> {
    let bad = |line: usize, why: &dyn std::fmt::Display| PolicyRefusal::BadRow { line, why: why.to_string() };
    let mut reader = csv::Reader::from_reader(without_mark(bytes));
    let rows = reader.deserialize::<Policy>().enumerate();
    let policies = rows.map(|(at, row)| row.map_err(|why| bad(at + 2, &why))).collect::<Result<Vec<_>, _>>()?;
    for (at, policy) in policies.iter().enumerate() {
        let shares: Decimal = policy.shares().iter().map(|(_, share)| share.percent()).sum();
        if shares != Decimal::ONE_HUNDRED {
            return Err(bad(at + 2, &format!("分担比例合计 {shares}%,不是 100%")));
        }
    }
    Ok(policies)
}

/// Shipped rows and a county's own versions of them, by place and day.
pub fn merged(own: Vec<Policy>) -> Vec<Policy> {
    let mut all: Vec<Policy> = shipped().into_iter().chain(own).collect();
    all.sort_by(|a, b| (&a.place, a.signed_from, &a.policy).cmp(&(&b.place, b.signed_from, &b.policy)));
    all
}

/// The last version of every row.
pub fn current(policies: &[Policy]) -> impl Iterator<Item = &Policy> {
    let newer = |row: &Policy| policies.iter().any(|other| other.base() == row.base() && other.version() > row.version());
    policies.iter().filter(move |row| !newer(row))
}

/// The row a contract falls under: of the last versions the narrowest place, then the latest beginning.
pub fn choose<'p>(policies: &'p [Policy], place: &str, product: &str, on: BusinessDate) -> Option<&'p Policy> {
    current(policies).filter(|row| row.holds(place, product, on)).max_by_key(|row| (row.place.len(), row.signed_from))
}

/// The row of a name. Refuses a name there is not.
pub fn named<'p>(policies: &'p [Policy], name: &str) -> Result<&'p Policy, PolicyRefusal> {
    policies.iter().find(|row| row.policy == name).ok_or_else(|| PolicyRefusal::UnknownPolicy { policy: name.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_rows_can_be_read_and_name_their_source() {
        let rows = shipped();
        assert!(rows.len() >= 10);
        assert!(rows.iter().all(|row| !row.source.is_empty() && row.subsidised_max <= row.max_amount));
        assert!(rows.iter().all(|row| row.eligible.split_whitespace().all(|word| HouseholdStatus::parse(word).is_some())));
        assert_eq!(named(&rows, "example-5-3-2").unwrap().shares().len(), 3);
        assert!(named(&rows, "nowhere").is_err());
    }

    #[test]
    fn an_imported_row_is_a_new_version_and_the_old_one_stays_for_what_was_signed() {
        let old = shipped().into_iter().find(|row| row.policy == "national-2021").unwrap();
        let new = Policy { policy: "national-2021#1".into(), extensions_max: 2, ..old.clone() };
        let all = merged(vec![new.clone()]);
        let on = "2022-01-01".parse().unwrap();
        assert_eq!(choose(&all, "110101001001", HOUSEHOLD_LOAN, on), Some(&new));
        assert_eq!(named(&all, "national-2021"), Ok(&old));
    }

    #[test]
    fn an_extension_is_as_long_as_a_short_loan_and_ends_with_the_longest_term() {
        let rows = shipped();
        for (policy, signed_on, matures_on, latest) in [
            ("national-2021", "2022-01-05", "2023-01-05", "2024-01-05"),
            ("national-2021", "2023-08-31", "2024-02-29", "2024-08-31"),
            ("national-2021", "2022-01-05", "2022-01-25", "2022-02-14"),
            ("national-2021", "2022-01-05", "2023-01-06", "2025-01-05"),
            ("national-2021", "2022-01-05", "2025-01-05", "2025-01-05"),
            ("guangxi-2015", "2016-12-31", "2019-12-31", "2019-12-31"),
            ("guangxi-2015", "2017-01-05", "2020-01-05", "2021-03-31"),
        ] {
            let on = |day: &str| day.parse::<BusinessDate>().unwrap();
            let found = named(&rows, policy).unwrap().latest_extension(on(signed_on), on(matures_on), on(matures_on));
            assert_eq!(found, on(latest), "{policy} {signed_on} {matures_on}");
        }
    }

    #[test]
    fn the_narrower_place_and_the_signing_day_decide() {
        let rows = shipped();
        let at =
            |place: &str, day: &str| choose(&rows, place, HOUSEHOLD_LOAN, day.parse().unwrap()).map(|row| row.policy.as_str());
        for (place, day, policy) in [
            ("451226101201", "2016-03-15", Some("huanjiang-2016")),
            ("450102001001", "2016-03-15", Some("guangxi-2015")),
            ("451226101201", "2017-12-07", Some("guangxi-2017")),
            ("440523100000", "2019-01-01", Some("nanao-2018")),
            ("410222100000", "2025-06-01", Some("tongxu-2025")),
            ("459900101201", "2021-03-03", Some("guangxi-2019")),
            ("459900101201", "2021-03-04", Some("national-2021")),
            ("110101001001", "2026-05-01", Some("national-2026")),
            ("110101001001", "2014-01-01", None),
        ] {
            assert_eq!(at(place, day), policy, "{place} {day}");
        }
    }

    #[test]
    fn a_row_that_cannot_be_read_names_its_line() {
        let text = String::from_utf8(include_bytes!("policies.csv").to_vec()).unwrap();
        assert_eq!(read_policies(format!("\u{FEFF}{text}").as_bytes()), Ok(shipped()));
        let broken = text.replacen("fund=100", "fund=90", 1);
        assert_eq!(read_policies(broken.as_bytes()).unwrap_err().refusal().code, "M-401");
        assert!(read_policies(text.replacen("2014-12-10", "heute", 1).as_bytes()).unwrap_err().to_string().contains("第 2 行"));
    }
}
