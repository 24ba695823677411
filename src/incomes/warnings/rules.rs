//! The rules of the signals: from which figure on, since when, and where that stands written.
//!
//! Pure. The shipped rows are data (`rules.csv`); a county's own row of the same name goes first.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::calendar::BusinessDate;
use crate::controls::supervision::rules::Severity;
use crate::incomes::refusal::IncomeRefusal;
use crate::money::Amount;

crate::words! {
    /// What is looked for in a household.
    pub enum RuleKind {
        /// Principal not repaid.
        LoanOverdue = "loan_overdue", "贷款逾期";
        /// Interest not paid.
        InterestOverdue = "interest_overdue", "贷款欠息";
        /// A dividend that did not arrive.
        DividendMissed = "dividend_missed", "分红未到账";
        /// Another income that did not arrive.
        IncomeMissed = "income_missed", "收益未到账";
        /// Less than the year before.
        IncomeFall = "income_fall", "收入下降";
        /// Debt against a year's income.
        DebtHigh = "debt_high", "负债过高";
    }
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// What.
    pub rule: RuleKind,
    /// How serious.
    pub severity: Severity,
    /// From this amount on.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// After so many days.
    #[serde(default)]
    pub days: Option<i64>,
    /// From so many percent on.
    #[serde(default)]
    pub percent: Option<i64>,
    /// First day of the row.
    pub from: BusinessDate,
    /// Last day of the row.
    #[serde(default)]
    pub until: Option<BusinessDate>,
    /// Where it stands written.
    pub source: String,
}

impl Rule {
    /// The amount; without one any.
    pub fn amount(&self) -> Amount {
        self.amount.unwrap_or(Amount::ZERO)
    }

    /// The days.
    pub fn days(&self) -> i64 {
        self.days.unwrap_or(0)
    }

    /// The percentage; without one any.
    pub fn percent(&self) -> i64 {
        self.percent.unwrap_or(0)
    }

    /// True on days the row holds.
    pub fn holds(&self, on: BusinessDate) -> bool {
        self.from <= on && self.until.is_none_or(|last| on <= last)
    }

    /// Refuses a row without a source, that ends before it begins, or with figures below zero (I-805).
    pub fn check(&self) -> Result<(), IncomeRefusal> {
        let wrong = |why: &str| Err(IncomeRefusal::BadRule { rule: self.rule.label_zh().to_owned(), why: why.to_owned() });
        match self {
            _ if self.source.trim().is_empty() => wrong("缺依据"),
            _ if self.until.is_some_and(|last| last < self.from) => wrong("起止日期次序不对"),
            _ if [self.days, self.percent].into_iter().flatten().any(i64::is_negative) => wrong("天数、百分比不对"),
            _ => Ok(()),
        }
    }
}

/// The rows the program brings.
pub fn shipped() -> &'static [Rule] {
    static ALL: LazyLock<Vec<Rule>> = LazyLock::new(|| {
        let mut reader = csv::Reader::from_reader(include_str!("rules.csv").as_bytes());
        reader.deserialize().map(|row| row.expect("rules.csv is part of the program and read by its test")).collect()
    });
    &ALL
}

/// The shipped rows with a county's own in their place.
pub fn table(own: Vec<Rule>) -> Vec<Rule> {
    let by_name = shipped().iter().cloned().chain(own).map(|rule| (rule.rule, rule));
    by_name.collect::<BTreeMap<_, _>>().into_values().collect()
}
