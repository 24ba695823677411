//! Rules of projects as dated rows: from which sum a decision of the village is needed, which share goes to poverty villages.
//!
//! Pure. The shipped rows are data (`rules.csv`), dated and with their source; a county adds its own, which go first.
//!
//! 1. The row of the nearest place decides; a row of the same name takes the older one's place.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::refusal::ProjectRefusal;
use crate::calendar::BusinessDate;
use crate::money::Amount;

crate::words! {
    /// What a rule is about.
    pub enum RuleKind {
        /// Budgets from this sum need a decision of the village.
        DecisionFrom = "decision_from", "须有村级决议的预算起点";
        /// Per cent of the year's project money that goes to poverty villages.
        PovertyVillageShare = "poverty_village_share", "投入脱贫村的资金比例";
    }
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectRule {
    /// Name.
    pub rule: String,
    /// What it is about.
    pub kind: RuleKind,
    /// Place code, blank for the whole county.
    #[serde(default)]
    pub place: String,
    /// A sum.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// Per cent.
    #[serde(default)]
    pub percent: Option<i64>,
    /// First day.
    pub from: BusinessDate,
    /// Last day.
    #[serde(default)]
    pub until: Option<BusinessDate>,
    /// Where it stands written.
    pub source: String,
}

impl ProjectRule {
    fn holds(&self, on: BusinessDate, place: &str) -> bool {
        let there = place.starts_with(self.place.trim_end_matches("000"));
        there && self.from <= on && self.until.is_none_or(|last| on <= last)
    }

    /// Refuses a row without what its kind needs (U-108).
    pub fn check(&self) -> Result<(), ProjectRefusal> {
        let wrong = |why: &str| Err(ProjectRefusal::BadRule { rule: self.rule.clone(), why: why.to_owned() });
        match self.kind {
            _ if self.rule.trim().is_empty() => wrong("缺名称"),
            _ if self.source.trim().is_empty() => wrong("缺依据"),
            _ if self.until.is_some_and(|until| until < self.from) => wrong("起止次序不对"),
            RuleKind::DecisionFrom if self.amount.is_none_or(Amount::is_negative) => wrong("缺金额"),
            RuleKind::PovertyVillageShare if self.percent.is_none_or(|p| !(0..=100).contains(&p)) => wrong("缺百分比"),
            _ => Ok(()),
        }
    }
}

/// The rows the program brings.
pub fn shipped() -> &'static [ProjectRule] {
    static ALL: LazyLock<Vec<ProjectRule>> = LazyLock::new(|| {
        let mut reader = csv::Reader::from_reader(include_str!("rules.csv").as_bytes());
        let rows = reader.deserialize::<ProjectRule>();
        rows.map(|row| row.expect("rules.csv is part of the program and read by its test")).collect()
    });
    &ALL
}

/// The shipped rows with a county's own in their place or beside them.
pub fn table(own: Vec<ProjectRule>) -> Vec<ProjectRule> {
    let by_name = shipped().iter().cloned().chain(own).map(|rule| (rule.rule.clone(), rule));
    by_name.collect::<BTreeMap<_, _>>().into_values().collect()
}

/// The row of a kind that decides at a place on a day.
pub fn deciding<'a>(table: &'a [ProjectRule], kind: RuleKind, on: BusinessDate, place: &str) -> Option<&'a ProjectRule> {
    let fits = table.iter().filter(|rule| rule.kind == kind && rule.holds(on, place));
    fits.max_by_key(|rule| (rule.place.trim_end_matches("000").len(), rule.from))
}
