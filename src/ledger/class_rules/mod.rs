//! What becomes of a line of money in a village book that names no class of money: reported as 未分类, or refused from a day on; and
//! which class the lines of a register get (`registers`).
//!
//! Pure, but for `store.rs` and `service.rs`. The shipped rows are data (`rules.csv`), dated and with their source.
//!
//! 1. Openings, red vouchers and what a register of the programme posts are never refused; they are reported.
//! 2. Where lines are refused, a class is one of the classes, by name.

pub mod registers;
pub mod service;
pub mod store;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{AccountCode, FundClass, Voucher};
use crate::calendar::BusinessDate;
use crate::refusals;

crate::words! {
    /// What becomes of such a line.
    pub enum Unclassed {
        /// Shown as 未分类.
        Report = "report", "列未分类";
        /// Not taken.
        Refuse = "refuse", "不予入账";
    }
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassRule {
    /// Name; a row of the same name takes the older one's place.
    pub rule: String,
    /// Place code, blank for the whole county.
    #[serde(default)]
    pub place: String,
    /// What becomes of it.
    pub unclassed: Unclassed,
    /// First day.
    pub from: BusinessDate,
    /// Last day.
    #[serde(default)]
    pub until: Option<BusinessDate>,
    /// Where it stands written.
    pub source: String,
}

refusals! {
    /// Why a line of money is not taken for its class.
    pub enum ClassRefusal {
        /// No class where one is asked for.
        "L-501" Unclassed { line: usize, account: String, classes: String, source: String }
            zh "第 {line} 条分录(科目 {account})要写明资金类别({source})" en "line {line} on {account} must name its class of money" next "资金类别可用:{classes}";
        /// A rule that cannot be read.
        "L-502" BadRule { rule: String, why: String }
            zh "资金类别规定 {rule} 不成立:{why}" en "the rule of classes {rule} does not hold together: {why}" next "按规定表的格式更正";
    }
}

impl ClassRule {
    fn holds(&self, on: BusinessDate, place: &str) -> bool {
        let there = place.starts_with(self.place.trim_end_matches("000"));
        there && self.from <= on && self.until.is_none_or(|last| on <= last)
    }

    /// Refuses a row that says nothing (L-502).
    pub fn check(&self) -> Result<(), ClassRefusal> {
        let wrong = |why: &str| Err(ClassRefusal::BadRule { rule: self.rule.clone(), why: why.to_owned() });
        match self {
            _ if self.rule.trim().is_empty() => wrong("缺名称"),
            _ if self.source.trim().is_empty() => wrong("缺依据"),
            _ if self.until.is_some_and(|until| until < self.from) => wrong("起止次序不对"),
            _ => Ok(()),
        }
    }
}

/// The rows the program brings.
pub fn shipped() -> &'static [ClassRule] {
    static ALL: LazyLock<Vec<ClassRule>> = LazyLock::new(|| {
        let mut reader = csv::Reader::from_reader(include_str!("rules.csv").as_bytes());
        let rows = reader.deserialize::<ClassRule>();
        rows.map(|row| row.expect("rules.csv is part of the program and read by its test")).collect()
    });
    &ALL
}

/// The shipped rows with a county's own in their place or beside them.
pub fn table(own: Vec<ClassRule>) -> Vec<ClassRule> {
    let by_name = shipped().iter().cloned().chain(own).map(|rule| (rule.rule.clone(), rule));
    by_name.collect::<BTreeMap<_, _>>().into_values().collect()
}

/// The row that decides at a place on a day: the nearest place's, the latest of it.
pub fn deciding<'a>(table: &'a [ClassRule], on: BusinessDate, place: &str) -> Option<&'a ClassRule> {
    let fits = table.iter().filter(|rule| rule.holds(on, place));
    fits.max_by_key(|rule| (rule.place.trim_end_matches("000").len(), rule.from))
}

/// True if a voucher has a line whose class is not one.
pub fn is_bare(voucher: &Voucher) -> bool {
    let made_here = voucher.stage == super::Stage::Ordinary && voucher.reverses.is_none();
    made_here && voucher.lines.iter().any(|line| class_of(line).is_none())
}

fn class_of(line: &super::VoucherLine) -> Option<FundClass> {
    line.dimensions.fund_class.as_deref().and_then(|class| FundClass::parse(class.trim()))
}

/// True for an account at or beneath one of cash or bank.
fn is_money(money: &[&AccountCode], account: &AccountCode) -> bool {
    money.iter().any(|root| account.as_str().starts_with(root.as_str()))
}

/// Refuses the first line on cash or bank that names no class (L-501).
pub fn refuse_bare(voucher: &Voucher, money: &[&AccountCode], rule: &ClassRule) -> Result<(), ClassRefusal> {
    let lines = voucher.lines.iter().enumerate();
    match lines.into_iter().find(|(_, line)| is_money(money, &line.account) && class_of(line).is_none()) {
        Some((at, line)) => {
            let classes = FundClass::ALL.iter().map(|class| class.label_zh()).collect::<Vec<_>>().join("、");
            let (account, source) = (line.account.to_string(), rule.source.clone());
            Err(ClassRefusal::Unclassed { line: at + 1, account, classes, source })
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{BookCode, Dimensions};
    use crate::money::Amount;

    #[test]
    fn lines_of_money_name_their_class_where_they_must() {
        assert!(shipped().iter().all(|rule| rule.check().is_ok()));
        let day = |text: &str| text.parse::<BusinessDate>().unwrap();
        let own =
            ClassRule { rule: "county".into(), unclassed: Unclassed::Refuse, from: day("2026-02-01"), ..shipped()[0].clone() };
        let all = table(vec![own]);
        let of = |on: &str| deciding(&all, day(on), "459900101201").unwrap().unclassed;
        assert_eq!((of("2026-01-31"), of("2026-02-01")), (Unclassed::Report, Unclassed::Refuse));
        let bank = AccountCode::from("102");
        let made = |class: Option<&str>| {
            let money = Dimensions { fund_class: class.map(Into::into), ..Dimensions::default() };
            let draft = Voucher::on(&BookCode::from("V001"), day("2026-02-01"), "付款");
            let draft = draft.debit(&"51301".into(), Amount::from_yuan(1), Dimensions::default());
            draft.credit(&"10201".into(), Amount::from_yuan(1), money).balanced().unwrap()
        };
        let code = |class| refuse_bare(&made(class), &[&bank], &all[0]).err().map(|why| why.refusal().code);
        assert_eq!(code(None).as_deref(), Some("L-501"));
        assert_eq!(code(Some("别的钱")).as_deref(), Some("L-501"));
        assert_eq!(code(Some("村办公经费")), None);
        assert!(is_bare(&made(Some("村办公经费"))), "the expense has no class and needs none");
    }
}
