//! The class of money a register's line of cash carries (台账记账的资金类别): by the kind of what happened, at a place, on a day.
//!
//! Pure. The shipped rows are data (`registers.csv`), dated and with their source; a county's own row of the same name goes first.
//!
//! 1. A class that a register named itself stands; only what names none is filled in.
//! 2. A row for a kind and its detail (`payout_sent:dividend`) goes before one for the kind alone; the nearest place, the latest day.
//! 3. Only cash and bank get a class; a red voucher gets what stands on the one it cancels.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{ClassRefusal, is_money};
use crate::calendar::BusinessDate;
use crate::ledger::{AccountCode, FundClass, Voucher};

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterClass {
    /// Name; a row of the same name takes the older one's place.
    pub rule: String,
    /// Place code, blank for the whole county.
    #[serde(default)]
    pub place: String,
    /// What happened: the kind of the event, or kind and detail.
    pub kind: String,
    /// The class, by its name.
    pub class: String,
    /// First day.
    pub from: BusinessDate,
    /// Last day.
    #[serde(default)]
    pub until: Option<BusinessDate>,
    /// Where it stands written.
    pub source: String,
}

/// What a register did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// The kind of its event.
    pub kind: String,
    /// What of it, where the event says so.
    pub detail: Option<String>,
}

impl RegisterClass {
    /// The class.
    pub fn class(&self) -> Option<FundClass> {
        FundClass::parse(self.class.trim())
    }

    /// Refuses a row without a class, a kind, or where it stands written (L-502).
    pub fn check(&self) -> Result<(), ClassRefusal> {
        let wrong = |why: &str| Err(ClassRefusal::BadRule { rule: self.rule.clone(), why: why.to_owned() });
        match self {
            _ if self.rule.trim().is_empty() || self.kind.trim().is_empty() => wrong("缺名称或业务种类"),
            _ if self.class().is_none() => wrong("没有这个资金类别"),
            _ if self.source.trim().is_empty() => wrong("缺依据"),
            _ if self.until.is_some_and(|until| until < self.from) => wrong("起止次序不对"),
            _ => Ok(()),
        }
    }

    fn holds(&self, on: BusinessDate, place: &str) -> bool {
        let there = place.starts_with(self.place.trim_end_matches("000"));
        there && self.from <= on && self.until.is_none_or(|last| on <= last)
    }

    /// How near the row is to what happened; `None` if it is about something else.
    fn nearness(&self, what: &Happened) -> Option<usize> {
        match self.kind.split_once(':') {
            Some((kind, detail)) => (kind == what.kind && what.detail.as_deref() == Some(detail)).then_some(1),
            None => (self.kind == what.kind).then_some(0),
        }
    }
}

/// The rows the program brings.
pub fn shipped() -> &'static [RegisterClass] {
    static ALL: LazyLock<Vec<RegisterClass>> = LazyLock::new(|| {
        let mut reader = csv::Reader::from_reader(include_str!("registers.csv").as_bytes());
        let rows = reader.deserialize::<RegisterClass>();
        rows.map(|row| row.expect("registers.csv is part of the program and read by its test")).collect()
    });
    &ALL
}

/// The shipped rows with a county's own in their place or beside them.
pub fn table(own: Vec<RegisterClass>) -> Vec<RegisterClass> {
    let by_name = shipped().iter().cloned().chain(own).map(|rule| (rule.rule.clone(), rule));
    by_name.collect::<BTreeMap<_, _>>().into_values().collect()
}

/// The class for what happened at a place on a day.
pub fn class_for(table: &[RegisterClass], what: &Happened, on: BusinessDate, place: &str) -> Option<FundClass> {
    let fits = table.iter().filter(|rule| rule.holds(on, place)).filter_map(|rule| Some((rule.nearness(what)?, rule)));
    let nearest = fits.max_by_key(|(near, rule)| (*near, rule.place.trim_end_matches("000").len(), rule.from));
    nearest.and_then(|(_, rule)| rule.class())
}

/// The voucher with a class on its lines of money that named none.
pub fn filled(voucher: &Voucher, money: &[&AccountCode], class: FundClass) -> Voucher {
    let mut voucher = voucher.clone();
    for line in voucher.lines.iter_mut().filter(|line| is_money(money, &line.account)) {
        line.dimensions.fund_class.get_or_insert_with(|| class.label_zh().to_owned());
    }
    voucher
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{BookCode, Dimensions};
    use crate::money::Amount;

    fn day(text: &str) -> BusinessDate {
        text.parse().unwrap()
    }

    fn happened(kind: &str, detail: Option<&str>) -> Happened {
        Happened { kind: kind.into(), detail: detail.map(Into::into) }
    }

    #[test]
    fn the_nearest_row_decides() {
        assert!(shipped().iter().all(|rule| rule.check().is_ok()));
        let own = |rule: &str, place: &str, class: &str, from: &str| RegisterClass {
            rule: rule.into(),
            place: place.into(),
            class: class.into(),
            from: day(from),
            ..shipped()[0].clone()
        };
        let all = table(vec![
            own("镇", "459900101000", "村办公经费", "2026-02-01"),
            own("rent_received", "", "上级专项资金", "2026-01-01"),
        ]);
        let of = |on: &str, place: &str| class_for(&all, &happened("rent_received", None), day(on), place);
        assert_eq!(of("2026-01-31", "459900101201"), Some(FundClass::Special), "the county's own row in the shipped one's place");
        assert_eq!(of("2026-02-01", "459900101201"), Some(FundClass::Office), "the township's, from its day on");
        assert_eq!(of("2026-02-01", "459900102201"), Some(FundClass::Special));
        let sent = |detail| class_for(shipped(), &happened("payout_sent", detail), day("2026-01-01"), "");
        assert_eq!(sent(Some("dividend")), Some(FundClass::Collective));
        assert_eq!((sent(Some("minimum_living")), sent(None)), (Some(FundClass::Household), Some(FundClass::Household)));
        assert_eq!(class_for(shipped(), &happened("something_else", None), day("2026-01-01"), ""), None);
        let code = |rule: RegisterClass| rule.check().err().map(|why| why.refusal().code);
        assert_eq!(code(RegisterClass { class: "别的钱".into(), ..shipped()[0].clone() }).as_deref(), Some("L-502"));
    }

    #[test]
    fn only_money_without_a_class_is_filled() {
        let bank = AccountCode::from("102");
        let special = Dimensions { fund_class: Some("上级专项资金".into()), ..Dimensions::default() };
        let draft = Voucher::on(&BookCode::from("V001"), day("2026-02-01"), "收款");
        let draft = draft.debit(&"10201".into(), Amount::from_yuan(2), Dimensions::default());
        let draft = draft.debit(&"10202".into(), Amount::from_yuan(1), special);
        let voucher = draft.credit(&"50102".into(), Amount::from_yuan(3), Dimensions::default()).balanced().unwrap();
        let classes: Vec<_> =
            filled(&voucher, &[&bank], FundClass::Collective).lines.into_iter().map(|l| l.dimensions.fund_class).collect();
        assert_eq!(classes, [Some("村集体经济组织收益".into()), Some("上级专项资金".into()), None]);
    }
}
