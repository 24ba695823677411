//! Cases of the limit table, of look-alikes, of the cash book, of vouchers.

use super::cash_book::{self, CashEntry, CashKind};
use super::claim::{Claim, ClaimState, Content, Kind, PaidFrom, Paper, Signature};
use super::duplicates::{self, Alike, Likeness};
use super::limits::{self, LimitRule};
use super::posting_rules::{Under, booked};
use super::refusal::ClaimRefusal;
use crate::calendar::BusinessDate;
use crate::ledger::regime::regime;
use crate::ledger::{BookCode, FundClass};
use crate::money::Amount;

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

fn yuan(text: &str) -> Amount {
    text.parse().unwrap()
}

pub fn content() -> Content {
    Content {
        spent_on: Some(day("2026-03-02")),
        payee: "青溪镇文具店".into(),
        amount: yuan("380.00"),
        summary: "买打印纸".into(),
        fund_class: Some(FundClass::Office),
        signatures: vec![
            (Signature::Handler, "韦立春".into()),
            (Signature::Witness, "莫雨水".into()),
            (Signature::Approver, "覃惊蛰".into()),
        ],
        sheets: 2,
        ..Content::default()
    }
}

const PLACE: &str = "459900101201";

fn checked(content: &Content, photos: i64, table: &[LimitRule]) -> Result<(), ClaimRefusal> {
    limits::check(7, content, photos, table, day("2026-03-05"), PLACE)
}

fn code(content: &Content, photos: i64) -> String {
    checked(content, photos, limits::shipped()).map_or_else(|why| why.refusal().code, |()| "ok".into())
}

#[test]
fn shipped_rows_hold_together_and_cover_every_kind() {
    limits::shipped().iter().for_each(|rule| rule.check().unwrap());
    for kind in Kind::ALL {
        for amount in ["0.01", "1000.00", "1000.01", "10000.00", "10000.01", "99999999.99"] {
            let found = limits::deciding(limits::shipped(), (kind.as_str(), yuan(amount)), day("2026-01-01"), PLACE);
            assert!(found.is_some(), "{kind:?} {amount}");
        }
    }
}

#[test]
fn each_band_asks_for_its_signatures_and_papers() {
    assert_eq!(code(&content(), 1), "ok");
    assert_eq!(code(&content(), 0), "F-101", "no photograph");
    let mut alone = content();
    alone.signatures.remove(1);
    let why = checked(&alone, 1, limits::shipped()).unwrap_err().refusal();
    assert!(why.code == "F-101" && why.message_zh.contains("证明人") && !why.message_zh.contains("审批人"), "{why}");
    let mut larger = Content { amount: yuan("1000.01"), paid_from: PaidFrom::Bank, ..content() };
    assert_eq!(code(&larger, 1), "F-101");
    larger.signatures.push((Signature::Committees, "会议3号".into()));
    assert_eq!(code(&larger, 1), "ok");
    larger.amount = yuan("10000.01");
    larger.signatures.push((Signature::Representatives, "决议1号".into()));
    assert_eq!(code(&larger, 1), "F-101", "the record of 四议两公开 is missing");
    larger.papers.push((Paper::Decision, "决议1号".into()));
    assert_eq!(code(&larger, 1), "ok");
}

#[test]
fn what_may_not_be_claimed_is_refused() {
    assert_eq!(code(&Content { kind: Kind::Entertainment, ..content() }, 1), "F-102");
    assert_eq!(code(&Content { amount: yuan("2000.01"), ..over_imprest() }, 1), "F-103");
    assert_eq!(code(&over_imprest(), 1), "ok");
    assert_eq!(code(&Content { spent_on: Some(day("2026-01-05")), ..content() }, 1), "ok", "two months to the day");
    assert_eq!(code(&Content { spent_on: Some(day("2026-01-04")), ..content() }, 1), "F-104");
    assert_eq!(code(&Content { spent_on: Some(day("2026-03-06")), ..content() }, 1), "F-104", "tomorrow");
    let mut twice = content();
    twice.signatures[2].1 = "韦立春".into();
    assert_eq!(code(&twice, 1), "F-105");
    assert_eq!(code(&Content { fund_class: None, ..content() }, 1), "F-101");
}

fn over_imprest() -> Content {
    let mut content = Content { amount: yuan("2000.00"), ..content() };
    content.signatures.push((Signature::Committees, "会议3号".into()));
    content
}

#[test]
fn the_nearest_place_decides() {
    let township = LimitRule {
        rule: "qingxi".into(),
        place: "459900101000".into(),
        signatures: "handler witness approver township".into(),
        ..limits::shipped()[0].clone()
    };
    township.check().unwrap();
    let table = limits::table(vec![township.clone()]);
    assert_eq!(checked(&content(), 1, &table).unwrap_err().refusal().code, "F-101", "the township wants its own signature");
    let elsewhere = limits::check(7, &content(), 1, &table, day("2026-03-05"), "459900102201");
    assert!(elsewhere.is_ok(), "another township keeps the county's rows");
    let ended = limits::table(vec![LimitRule { until: Some(day("2025-12-31")), ..township }]);
    assert!(checked(&content(), 1, &ended).is_ok());
    let mut unread = limits::shipped()[0].clone();
    unread.signatures = "everybody".into();
    assert_eq!(unread.check().unwrap_err().refusal().code, "F-106");
}

#[test]
fn the_same_bill_is_not_claimed_twice() {
    let alike = |by| vec![Alike { other: "V001-3".into(), by }];
    let code =
        |by, reason| duplicates::check(&content(), &alike(by), reason).map_or_else(|why| why.refusal().code, |()| "ok".into());
    assert_eq!(code(Likeness::Invoice, Some("不是")), "F-203");
    assert_eq!(code(Likeness::Photo(1), Some("不是")), "F-204");
    assert_eq!(code(Likeness::Payee(Some(day("2026-02-01"))), None), "F-205");
    assert_eq!(code(Likeness::Payee(Some(day("2026-02-01"))), Some("每月一次")), "ok");
    assert_eq!(code(Likeness::Payee(Some(day("2026-01-30"))), None), "ok", "31 days before");
}

fn entry(entry: i64, on: &str, fen: i64) -> CashEntry {
    let kind = if fen > 0 { CashKind::Drawn } else { CashKind::Claim };
    CashEntry { entry, on: day(on), kind, amount: Amount::from_fen(fen), summary: String::new(), claim: None }
}

#[test]
fn cash_never_stands_below_zero() {
    let book = [entry(1, "2026-03-01", 1_000), entry(2, "2026-03-05", -600)];
    let code =
        |new: &CashEntry, closed| cash_book::check(&book, new, closed).map_or_else(|why| why.refusal().code, |()| "ok".into());
    assert_eq!(code(&entry(3, "2026-03-06", -400), None), "ok");
    assert_eq!(code(&entry(3, "2026-03-06", -401), None), "F-207");
    assert_eq!(code(&entry(3, "2026-03-02", -401), None), "F-207", "the fifth would stand at -1");
    assert_eq!(code(&entry(3, "2026-02-28", -1), None), "F-207");
    assert_eq!(code(&entry(3, "2026-03-05", -1), Some(day("2026-03-05"))), "F-206");
    assert_eq!(cash_book::close(&book, day("2026-03-05"), Amount::from_fen(400), None), Ok(Amount::from_fen(400)));
    assert_eq!(cash_book::close(&book, day("2026-03-05"), Amount::from_fen(399), None).unwrap_err().refusal().code, "F-208");
}

#[test]
fn a_claim_becomes_a_voucher() {
    let book = BookCode::from("V001");
    let under = Under { book: &book, regime: regime("village-2023").unwrap(), on: day("2026-03-31") };
    let claim = Claim {
        claim: 7,
        state: ClaimState::Accepted,
        content: content(),
        made_by: "村".into(),
        made_at: String::new(),
        sent_on: None,
        accepted_by: None,
        voucher: None,
        handover: None,
        photos: 1,
    };
    let voucher = booked(under, &claim, None).unwrap();
    let sides: Vec<_> = voucher.lines.iter().map(|l| (l.account.as_str(), l.debit.to_string(), l.credit.to_string())).collect();
    assert_eq!(sides, [("51301", "380.00".into(), "0.00".into()), ("112", "0.00".into(), "380.00".into())]);
    assert_eq!(voucher.lines[1].dimensions.fund_class.as_deref(), Some("村办公经费"));
    assert_eq!((voucher.lines[1].dimensions.party.as_deref(), voucher.paper_attachments), (Some("报账员"), 2));
    assert!(voucher.lines[0].summary.contains("报账单7号") && voucher.source_key.as_deref() == Some("claim:7"));
    for regime_id in ["village-2023", "village-2004"] {
        let under = Under { regime: regime(regime_id).unwrap(), ..under };
        for (kind, paid_from) in Kind::ALL.iter().flat_map(|kind| PaidFrom::ALL.iter().map(move |paid| (*kind, *paid))) {
            let claim = Claim { content: Content { kind, paid_from, project: "路".into(), ..content() }, ..claim.clone() };
            assert!(booked(under, &claim, None).is_ok(), "{regime_id} {kind:?} {paid_from:?}");
        }
    }
}

proptest::proptest! {
    /// Whatever is entered in whatever order, no evening of a book that was checked stands below zero.
    #[test]
    fn checked_books_have_no_evening_below_zero(moves in proptest::collection::vec((0_u32..20, -500_i64..500), 1..40)) {
        let mut book: Vec<CashEntry> = Vec::new();
        for (n, (day, fen)) in moves.into_iter().enumerate() {
            let new = entry(n as i64 + 1, &format!("2026-03-{:02}", day + 1), fen);
            if cash_book::check(&book, &new, None).is_ok() {
                book.push(new);
                book.sort_by_key(|entry| entry.on);
            }
        }
        proptest::prop_assert!(cash_book::evenings(&book).iter().all(|(_, balance)| !balance.is_negative()));
    }
}
