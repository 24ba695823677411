//! Each rule raises its flag on its case and not on the near-miss beside it.

use super::facts::{ClaimFact, Facts, MonthFact, PartyFact, VoucherFact};
use super::flags::flags;
use super::rules::{RuleKind, shipped, table};
use crate::calendar::BusinessDate;
use crate::money::Amount;

pub(super) fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

pub(super) fn yuan(text: &str) -> Amount {
    text.parse().unwrap()
}

pub(super) const TODAY: &str = "2026-07-01";

pub(super) fn voucher(number: i64, change: impl FnOnce(&mut VoucherFact)) -> VoucherFact {
    let mut voucher = VoucherFact {
        voucher: format!("2026-06-记-{number}"),
        period: "2026-06".parse().unwrap(),
        dated_on: day("2026-06-10"),
        made: (day("2026-06-11"), 9),
        money_out: yuan("123.45"),
        cash: Amount::ZERO,
        bank: yuan("-123.45"),
        own_review: false,
        papers: 1,
        is_red: false,
        is_ordinary: true,
        decided: false,
        claim: None,
    };
    change(&mut voucher);
    voucher
}

fn claim(number: i64, payee: &str, on: &str, amount: &str) -> ClaimFact {
    ClaimFact { claim: number, payee: payee.into(), kind: "office".into(), on: day(on), amount: yuan(amount) }
}

/// How often a rule is raised by facts.
pub(super) fn raised(rule: RuleKind, facts: &Facts) -> usize {
    flags(shipped(), facts, day(TODAY)).iter().filter(|flag| flag.rule == rule).count()
}

/// Raised once by the case, not by the near-miss.
pub(super) fn tells(rule: RuleKind, case: Facts, near_miss: Facts) {
    assert_eq!((raised(rule, &case), raised(rule, &near_miss)), (1, 0), "{rule:?}");
}

pub(super) fn of(vouchers: Vec<VoucherFact>) -> Facts {
    Facts { vouchers, ..Facts::default() }
}

fn claims(claims: Vec<ClaimFact>) -> Facts {
    Facts { claims, ..Facts::default() }
}

#[test]
fn every_rule_is_shipped_once_with_its_source() {
    assert_eq!(shipped().len(), RuleKind::ALL.len());
    shipped().iter().for_each(|rule| rule.check().unwrap());
    assert_eq!(table(Vec::new()).len(), RuleKind::ALL.len());
}

#[test]
fn rules_on_vouchers() {
    let one = |change: fn(&mut VoucherFact)| of(vec![voucher(1, change)]);
    tells(RuleKind::LargePayment, one(|v| v.money_out = yuan("10000.00")), one(|v| v.money_out = yuan("9999.99")));
    tells(RuleKind::NoDecision, one(|v| v.money_out = yuan("10000.01")), one(|v| v.money_out = yuan("10000.00")));
    assert_eq!(raised(RuleKind::NoDecision, &one(|v| (v.money_out, v.decided) = (yuan("20000.00"), true))), 0);
    tells(RuleKind::NoPapers, one(|v| v.papers = 0), one(|v| (v.papers, v.is_red) = (0, true)));
    tells(RuleKind::NightEntry, one(|v| v.made.1 = 22), one(|v| v.made.1 = 21));
    tells(RuleKind::NightEntry, one(|v| v.made.1 = 5), one(|v| v.made.1 = 6));
    tells(RuleKind::OwnReview, one(|v| v.own_review = true), one(|_| ()));
    tells(RuleKind::WeekendEntry, one(|v| v.made.0 = day("2026-06-13")), one(|v| v.made.0 = day("2026-06-12")));
    tells(RuleKind::BackDated, one(|v| v.made.0 = day("2026-07-12")), one(|v| v.made.0 = day("2026-07-11")));
}

#[test]
fn rules_on_a_months_vouchers() {
    let reds = |many: i64| of((1..=many).map(|n| voucher(n, |v| v.is_red = true)).collect());
    tells(RuleKind::ManyReversals, reds(3), reds(2));
    let rounds = |many: i64| of((1..=many).map(|n| voucher(n, |v| v.money_out = yuan("2000.00"))).collect());
    tells(RuleKind::RoundAmounts, rounds(5), rounds(4));
    let mut near = rounds(4);
    near.vouchers.push(voucher(5, |v| v.money_out = yuan("2000.50")));
    assert_eq!(raised(RuleKind::RoundAmounts, &near), 0);
}

#[test]
fn rules_on_claims() {
    let pair =
        |payee: &str, on: &str, amount: &str| claims(vec![claim(1, "甲店", "2026-06-01", "600.00"), claim(2, payee, on, amount)]);
    tells(RuleKind::SplitPayments, pair("甲店", "2026-06-04", "400.01"), pair("甲店", "2026-06-04", "400.00"));
    assert_eq!(raised(RuleKind::SplitPayments, &pair("甲店", "2026-06-05", "900.00")), 0, "four days apart");
    assert_eq!(raised(RuleKind::SplitPayments, &pair("乙店", "2026-06-01", "900.00")), 0, "another payee");
    assert_eq!(raised(RuleKind::SplitPayments, &pair("甲店", "2026-06-01", "1000.01")), 0, "one is over the limit by itself");
    tells(RuleKind::SamePayee, pair("甲店", "2026-07-01", "600.00"), pair("甲店", "2026-07-02", "600.00"));
    let watched =
        |name: &str| Facts { watched: vec![(name.into(), "村主任配偶".into())], ..pair("丙", "2026-06-01", "1.00") };
    tells(RuleKind::WatchedPayee, watched("丙"), watched("丁"));
}

#[test]
fn rules_on_cash_and_months() {
    let cash = |amount: &str| Facts { cash: vec![(day("2026-06-03"), yuan(amount))], ..Facts::default() };
    tells(RuleKind::CashOverLimit, cash("5000.01"), cash("5000.00"));
    tells(RuleKind::NegativeCash, cash("-0.01"), cash("0.00"));
    let month = |period: &str, is_closed: bool, reopened: Option<&str>| Facts {
        months: vec![MonthFact { period: period.parse().unwrap(), is_closed, reopened: reopened.map(Into::into) }],
        ..Facts::default()
    };
    tells(RuleKind::CloseLate, month("2026-05", false, None), month("2026-06", false, None));
    assert_eq!(raised(RuleKind::CloseLate, &month("2026-05", true, None)), 0);
    tells(RuleKind::Reopened, month("2026-06", false, Some("补记")), month("2026-06", false, None));
    let gaps = |gaps: Vec<String>| Facts { gaps, ..Facts::default() };
    tells(RuleKind::NumberGap, gaps(vec!["2026-06-记-3".into()]), gaps(Vec::new()));
}

#[test]
fn rules_on_what_should_have_been_done() {
    let since = |on: &str| vec![("基本户未对账".to_owned(), day(on))];
    let bank = |on: &str| Facts { unreconciled: since(on), ..Facts::default() };
    tells(RuleKind::BankUnreconciled, bank("2026-05-31"), bank("2026-06-01"));
    let disclosure = |on: &str| Facts { undisclosed: since(on), ..Facts::default() };
    tells(RuleKind::DisclosureLate, disclosure("2026-06-30"), disclosure(TODAY));
    let rent = |due: &str, missing: &str| Facts { rents: vec![("Z1".into(), day(due), yuan(missing))], ..Facts::default() };
    tells(RuleKind::RentLate, rent("2026-06-30", "0.01"), rent(TODAY, "500.00"));
    assert_eq!(raised(RuleKind::RentLate, &rent("2026-01-01", "0.00")), 0, "paid");
    tells(RuleKind::RentDue, rent("2026-07-16", "0.01"), rent("2026-07-17", "500.00"));
    assert_eq!(raised(RuleKind::RentDue, &rent(TODAY, "5.00")) + raised(RuleKind::RentDue, &rent("2026-07-02", "0.00")), 0);
    let ending = |on: &str| Facts { endings: vec![("Z1".into(), day(on))], ..Facts::default() };
    tells(RuleKind::ContractEnding, ending("2026-08-30"), ending("2026-08-31"));
    assert_eq!(raised(RuleKind::ContractEnding, &ending("2026-06-30")), 0, "it is over");
    let special = |amount: &str| Facts { special: vec![("道路".into(), yuan(amount))], ..Facts::default() };
    tells(RuleKind::SpecialNegative, special("-0.01"), special("0.00"));
}

#[test]
fn rules_on_parties() {
    let owes = |party: &str, moved_on: &str, owed: &str| Facts {
        parties: vec![PartyFact { account: "112".into(), party: party.into(), owed: yuan(owed), moved_on: day(moved_on) }],
        ..Facts::default()
    };
    tells(RuleKind::OldClaim, owes("甲公司", "2026-01-01", "1.00"), owes("甲公司", "2026-01-02", "1.00"));
    assert_eq!(raised(RuleKind::OldClaim, &owes("甲公司", "2020-01-01", "-5.00")), 0, "we owe them");
    tells(RuleKind::OldAdvance, owes("报账员", "2026-05-01", "1.00"), owes("报账员", "2026-05-02", "1.00"));
    assert_eq!(raised(RuleKind::OldClaim, &owes("报账员", "2020-01-01", "1.00")), 0, "an advance has a rule of its own");
}

#[test]
fn a_county_tunes_a_rule_from_a_day_on() {
    let mut own = shipped().iter().find(|rule| rule.rule == RuleKind::LargePayment).unwrap().clone();
    (own.amount, own.from) = (Some(yuan("500.00")), day("2026-06-10"));
    let facts = |on: &str| of(vec![voucher(1, |v| (v.money_out, v.dated_on) = (yuan("600.00"), day(on)))]);
    let count = |on: &str| {
        flags(&table(vec![own.clone()]), &facts(on), day(TODAY)).iter().filter(|f| f.rule == RuleKind::LargePayment).count()
    };
    assert_eq!((count("2026-06-10"), count("2026-06-09")), (1, 0));
}
