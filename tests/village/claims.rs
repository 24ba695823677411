//! A claim's whole life: refused, mended, sent, returned by field, accepted, booked with its bills, handed over; the cash book.

use cunzhang::ledger::VoucherId;
use cunzhang::ledger::attachments::store::attachments;
use cunzhang::ledger::vouchers::service::{MoveVouchers, Step};
use cunzhang::ledger::vouchers::{State, store as vouchers};
use cunzhang::products::village_claims::claim::{ClaimState, Content, Kind, PaidFrom};
use cunzhang::products::village_claims::limits::{LimitRule, shipped};
use cunzhang::products::village_claims::service::booking::{BookClaims, HandOver};
use cunzhang::products::village_claims::service::cash::{CloseCashDay, SaveLimits};
use cunzhang::products::village_claims::service::keep::{KeepClaim, RemovePhoto};
use cunzhang::products::village_claims::service::steps::{AcceptClaim, ReturnClaim, SendClaim, WithdrawClaim};
use cunzhang::products::village_claims::store;

use crate::ground::{content, county, drafted, draw_imprest, photographed};
use crate::support::county::{date, yuan};
use crate::support::{TestDatabase, on_both_engines};

fn send(claim: i64) -> SendClaim {
    SendClaim { book: "V001".into(), claim, not_the_same: None }
}

on_both_engines! {
    async fn a_claim_from_bill_to_voucher(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        let mut unsigned = content();
        unsigned.signatures.remove(1);
        let claim = drafted(&county, &book, unsigned, 1).await;
        assert_eq!(county.refused("cun", send(claim)).await, "F-101", "the witness is missing");
        county.done("cun", KeepClaim { book: book.clone(), claim: Some(claim), content: content() }).await;
        county.done("cun", KeepClaim { book: book.clone(), claim: Some(claim), content: Content { project: "没有登记的路".into(), ..content() } }).await;
        assert_eq!(county.refused("cun", send(claim)).await, "F-304", "no such project in the register");
        county.done("cun", KeepClaim { book: book.clone(), claim: Some(claim), content: content() }).await;
        assert_eq!(county.refused("cun", send(claim)).await, "F-207", "no imprest was drawn");
        draw_imprest(&county, &book, "1000.00").await;
        county.done("cun", send(claim)).await;
        assert_eq!(county.refused("kuaiji", send(claim)).await, "N-103", "sending is the clerk's");
        assert_eq!(county.refused("cun", AcceptClaim { book: book.clone(), claim }).await, "N-103");

        let back = |reasons: Vec<(String, String)>| ReturnClaim { book: "V001".into(), claim, reasons };
        assert_eq!(county.refused("kuaiji", back(vec![("金额".into(), " ".into())])).await, "L-110");
        county.done("kuaiji", back(vec![("金额".into(), "与发票不符".into())])).await;
        let mended = Content { amount: yuan("350.00"), ..content() };
        county.done("cun", KeepClaim { book: book.clone(), claim: Some(claim), content: mended }).await;
        assert_eq!(photographed(&county, &book, claim, 1).await, 1, "the same picture is there already");
        assert_eq!(photographed(&county, &book, claim, 2).await, 2);
        county.done("cun", send(claim)).await;
        assert_eq!(county.refused("kuaiji", BookClaims { book: book.clone(), claims: vec![claim], on: date("2026-01-05"), account: None }).await, "F-201");
        county.done("kuaiji", AcceptClaim { book: book.clone(), claim }).await;
        assert_eq!(county.refused("cun", RemovePhoto { book: book.clone(), claim, photo: 1 }).await, "F-201");

        let act = BookClaims { book: book.clone(), claims: Vec::new(), on: date("2026-01-05"), account: None };
        let booked = county.done("kuaiji", act.clone()).await;
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let voucher = vouchers::vouchers(&mut tx, "459900", &book, &[booked[0].1.1]).await.unwrap().remove(0);
        assert_eq!((voucher.state, voucher.content.totals().unwrap().0, voucher.content.paper_attachments), (State::Submitted, yuan("350.00"), 2));
        assert!(voucher.content.lines[0].summary.contains(&format!("报账单{claim}号")));
        assert_eq!(attachments(&mut tx, "459900", &book, voucher.id).await.unwrap().len(), 2, "both bills are on it");
        let steps: Vec<String> = store::steps(&mut tx, "459900", &book, claim).await.unwrap().into_iter().map(|s| s.action).collect();
        assert_eq!(steps[..5], ["填报", "送审", "退回", "送审", "受理"]);
        drop(tx);

        // Booked once; after its voucher is voided, once more.
        let again = BookClaims { claims: vec![claim], ..act };
        assert_eq!(county.refused("kuaiji", again.clone()).await, "F-201");
        let void = |step, reason: Option<&str>| MoveVouchers { book: "V001".into(), vouchers: vec![voucher.id], step, reason: reason.map(Into::into) };
        county.done("shenhe", void(Step::Return, Some("科目不对"))).await;
        county.done("kuaiji", void(Step::Void, None)).await;
        let second = county.done("kuaiji", again.clone()).await;
        assert_ne!(second[0].1.1, VoucherId(voucher.id.0));
        assert_eq!(county.refused("kuaiji", again).await, "F-201");

        let number = county.done("cun", HandOver { book: book.clone() }).await;
        assert_eq!(county.refused("cun", HandOver { book: book.clone() }).await, "F-209");
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let kept = store::claim(&mut tx, "459900", &book, claim).await.unwrap().unwrap();
        assert_eq!((kept.handover, kept.state), (Some(number), ClaimState::Booked));
    }

    async fn the_same_bill_twice(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        draw_imprest(&county, &book, "2000.00").await;
        let first = drafted(&county, &book, Content { invoice: "No.2600123".into(), ..content() }, 1).await;
        county.done("cun", send(first)).await;
        let same_invoice = Content { invoice: "No.2600123".into(), amount: yuan("1.00"), ..content() };
        let second = drafted(&county, &book, same_invoice, 2).await;
        assert_eq!(county.refused("cun", send(second)).await, "F-203");
        let third = drafted(&county, &book, Content { amount: yuan("2.00"), ..content() }, 1).await;
        assert_eq!(county.refused("cun", send(third)).await, "F-204", "the picture is on the first claim");
        let fourth = drafted(&county, &book, content(), 3).await;
        assert_eq!(county.refused("cun", send(fourth)).await, "F-205");
        county.done("cun", SendClaim { not_the_same: Some("两次采购".into()), ..send(fourth) }).await;
        county.done("cun", WithdrawClaim { book: book.clone(), claim: third, reason: "重复".into() }).await;
        assert_eq!(county.refused("cun", send(third)).await, "F-201");
    }

    async fn cash_follows_the_claims(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        draw_imprest(&county, &book, "1000.00").await;
        let claim = drafted(&county, &book, content(), 1).await;
        county.done("cun", send(claim)).await;
        let close = |on: &str, counted: &str| CloseCashDay { book: "V001".into(), on: date(on), counted: yuan(counted) };
        assert_eq!(county.refused("cun", close("2026-01-04", "621.00")).await, "F-208");
        assert_eq!(county.done("cun", close("2026-01-04", "620.00")).await, yuan("620.00"));
        assert_eq!(county.refused("cun", close("2026-01-04", "620.00")).await, "F-206");
        // Changed after the day was closed: the difference goes into today, and comes back when it is withdrawn.
        county.done("kuaiji", ReturnClaim { book: book.clone(), claim, reasons: vec![("金额".into(), "多报".into())] }).await;
        county.done("cun", KeepClaim { book: book.clone(), claim: Some(claim), content: Content { amount: yuan("300.00"), ..content() } }).await;
        county.done("cun", send(claim)).await;
        assert_eq!(county.done("cun", close("2026-01-05", "700.00")).await, yuan("700.00"));
        let bank = Content { paid_from: PaidFrom::Bank, kind: Kind::Travel, payee: "客运站".into(), ..content() };
        let by_bank = drafted(&county, &book, bank, 9).await;
        county.done("cun", send(by_bank)).await;
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let entries = store::cash::entries(&mut tx, "459900", &book).await.unwrap();
        assert_eq!(entries.iter().map(|entry| entry.amount.to_string()).collect::<Vec<_>>(), ["1000.00", "-380.00", "80.00"]);
    }

    async fn a_townships_own_limits(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        draw_imprest(&county, &book, "1000.00").await;
        let own = LimitRule { rule: "qingxi".into(), place: "459900101000".into(), signatures: "township".into(), ..shipped()[0].clone() };
        assert_eq!(county.refused("kuaiji", SaveLimits { rules: vec![own.clone()] }).await, "N-103");
        county.done("xianban", SaveLimits { rules: vec![own.clone()] }).await;
        let claim = drafted(&county, &book, content(), 1).await;
        assert_eq!(county.refused("cun", send(claim)).await, "F-101");
        county.done("xianban", SaveLimits { rules: vec![LimitRule { until: Some(date("2025-12-31")), ..own }] }).await;
        county.done("cun", send(claim)).await;
    }
}
