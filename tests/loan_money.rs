//! Loan money on bank statements, on both databases: proposed against what is due, posted as the loan's own acts,
//! matched with what they book, and taken back.

mod support;

use cunzhang::controls::reconciliation::account::{BankAccount, CloseCheck};
use cunzhang::controls::reconciliation::loan_money::{Doing, Offer};
use cunzhang::controls::reconciliation::rules::{Direction, Rule};
use cunzhang::controls::reconciliation::service::{
    AddBankAccount, AddRule, At, ImportStatement, PostLoanMoney, ProposeVouchers, RunMatching, UndoImport, UndoLoanMoney,
    Unmatch, loan_offers,
};
use cunzhang::controls::reconciliation::store;
use cunzhang::controls::year_close::service::OpenYear;
use cunzhang::exchange::bank_statement::{BankOptions, read_statement};
use cunzhang::ledger::vouchers::service::ReverseVoucher;
use cunzhang::ledger::{AccountCode, BookCode, Dimensions, EntityKind, VoucherId};
use cunzhang::money::Amount;
use cunzhang::parties::household::HouseholdStatus;
use cunzhang::parties::service::RegisterHouseholds;
use cunzhang::products::microloan::Towards;
use cunzhang::products::microloan::risk_fund::service::{DecideClaims, FileClaims, GiveBackRecovery, RecoverClaims, Recovery};
use cunzhang::products::microloan::service::{check_equalities, check_loans};
use cunzhang::products::microloan::store::standings;
use cunzhang::products::microloan::subsidy::service::{BatchStep, StepBatch, subsidy_run};
use support::TestDatabase;
use support::county::{County, actor, date};
use support::credit::household;
use support::on_both_engines;

fn bank_account(code: &str, book: &str, account: &str, member: &str, from: &str) -> BankAccount {
    let number = format!("45990010{}", code.bytes().fold(10_000_000u64, |sum, byte| sum * 7 % 90_000_000 + u64::from(byte)));
    BankAccount {
        code: code.into(),
        number,
        bank_name: "青禾农商行".into(),
        holder: "青禾".into(),
        book: BookCode::from(book),
        account: AccountCode::from(account),
        member: member.into(),
        starts_on: date(from),
        opening: Some(Amount::ZERO),
        close_check: CloseCheck::Off,
        auto_days: 3,
        candidate_days: 10,
    }
}

async fn import(county: &County, account: &BankAccount, rows: &str) {
    let text = format!("日期,收,付,摘要,对方户名\n{rows}");
    let mut file = read_statement(text.as_bytes(), &BankOptions::default()).unwrap();
    assert_eq!(file.problems, []);
    let digest = format!("{:x}", text.bytes().fold(7u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte))));
    let (at, statement) = (At::from(account), file.statements.swap_remove(0));
    county.done("甲", ImportStatement { at, file_name: "x.csv".into(), digest, format: "表格".into(), statement }).await;
}

async fn offers(county: &County, account: &BankAccount) -> Vec<Offer> {
    let mut tx = county.office.db.reader().await.unwrap();
    let free = store::Free { through: date("2030-12-31"), as_of: false };
    let lines = store::bank_items(&mut tx, "459900", account, free).await.unwrap();
    loan_offers(&mut tx, "459900", account, &lines).await.unwrap()
}

/// Free lines of both sides.
async fn free(county: &County, account: &BankAccount) -> (usize, usize) {
    let mut tx = county.office.db.reader().await.unwrap();
    let all = store::Free { through: date("2030-12-31"), as_of: false };
    let bank = store::bank_items(&mut tx, "459900", account, all).await.unwrap();
    let book = store::book_items(&mut tx, "459900", account, &Default::default(), all).await.unwrap();
    (bank.len(), book.len())
}

/// Principal and interest of a loan, fen.
async fn standing(county: &County, loan: &str) -> (i64, i64) {
    let mut tx = county.office.db.reader().await.unwrap();
    let all = standings::money(&mut tx, "459900", "", 100).await.unwrap();
    let found = all.iter().find(|standing| standing.loan == loan).unwrap();
    (found.principal, found.interest)
}

async fn verified(county: &County) {
    let mut tx = county.office.db.reader().await.unwrap();
    assert_eq!(check_loans(&mut tx, "459900").await.unwrap().1.len(), 0);
    assert_eq!(check_equalities(&mut tx, "459900").await.unwrap().len(), 0);
}

fn take(account: &BankAccount, offer: &Offer) -> PostLoanMoney {
    take_as(account, offer.line.0, offer.doing.clone())
}

fn take_as(account: &BankAccount, line: i64, doing: Doing) -> PostLoanMoney {
    let against = Some(AccountCode::from("202"));
    PostLoanMoney { at: At::from(account), line: (line, 0), doing, against, dimensions: Dimensions::default() }
}

/// Three loans of 30,000 at 4.65 % to people with names of their own.
async fn lent(database: &TestDatabase) -> County {
    let county = County::lending(database.url(), "2022-01-05", 0).await;
    let people = ["龙青山", "韦大山", "王䶮"];
    for (n, name) in (1..).zip(people) {
        let mut of = household(&format!("H{n:03}"), n, HouseholdStatus::OutOfPoverty, "2015-01-01");
        of.people[0].name = name.into();
        county.done("甲", RegisterHouseholds { households: vec![of] }).await;
        county.lend(county.application(&format!("L{n}"), &format!("H{n:03}"), "B1", "30000", 36), "4.65").await;
    }
    county
}

/// A village that collects for the bank.
async fn collecting(county: &County) -> BankAccount {
    county.book("V001", EntityKind::Village, "2022-01").await;
    let account = bank_account("NS01", "V001", "102", "", "2022-01-01");
    county.done("甲", AddBankAccount { account: account.clone() }).await;
    account
}

on_both_engines! {
    /// Interest due on March 21 is 290.63 for everybody: names and numbers tell, amounts do not. Posting records the
    /// payment, books the collected money and leaves the line matched.
    async fn interest_collected_for_the_bank(database: &TestDatabase) {
        let county = lent(database).await;
        let account = collecting(&county).await;
        county.settle("2022-03-21").await;
        county.clock.set(date("2022-04-30"));
        import(&county, &account, "2022-03-21,290.63,,还息,龙青山\n2022-03-21,290.63,,还息,王?\n2022-03-22,290.63,,合同L2 利息,他人代付\n2022-03-22,290.64,,还息,龙青山\n2022-03-22,,5.00,手续费,\n").await;
        let found = offers(&county, &account).await;
        let certain: Vec<(i64, String)> = found.iter().filter(|offer| offer.certain).map(|offer| (offer.line.0, offer.doing.targets().join(","))).collect();
        assert_eq!(certain, [(1, "L1".to_owned()), (3, "L2".to_owned())]);
        assert!(found.iter().any(|offer| offer.line.0 == 2 && offer.doing.targets() == ["L3"] && !offer.certain && offer.reasons.iter().any(|reason| reason.contains("相近"))));
        assert!(found.iter().all(|offer| offer.line.0 < 4), "neither a fen more nor a fee is loan money");
        let first = found.iter().find(|offer| offer.certain).unwrap();
        assert!(first.reasons.iter().any(|reason| reason.contains("应还利息")), "{:?}", first.reasons);
        let before = standing(&county, "L1").await;
        assert_eq!(before, (3_000_000, 29_063));
        let no_account = PostLoanMoney { against: None, ..take(&account, first) };
        assert_eq!(county.refused("甲", no_account).await, "R-121");
        assert_eq!(standing(&county, "L1").await, before, "a refusal leaves nothing behind");
        county.done("甲", take(&account, first)).await;
        assert_eq!(standing(&county, "L1").await, (3_000_000, 0));
        assert_eq!(free(&county, &account).await, (4, 0), "the line and what it booked are matched");
        assert_eq!(county.refused("甲", take(&account, first)).await, "R-119");
        assert!(offers(&county, &account).await.iter().all(|offer| offer.line.0 != 1));
        assert_eq!(county.refused("甲", UndoImport { at: At::from(&account), import: None }).await, "R-107");
        // The match alone may be undone and found again; the payment stays.
        county.done("甲", Unmatch { at: At::from(&account), bank: vec![(1, 0)], book: vec![] }).await;
        assert_eq!((standing(&county, "L1").await.1, free(&county, &account).await), (0, (5, 1)));
        assert_eq!(county.refused("甲", UndoImport { at: At::from(&account), import: None }).await, "R-107");
        let run = RunMatching { at: At::from(&account), through: date("2022-12-31") };
        assert_eq!(county.done("甲", run).await.pairs, 1);
        // Undone whole: register, books and statement as before.
        let undo = UndoLoanMoney { at: At::from(&account), line: (1, 0), on: date("2022-04-30"), reason: "记错户".into() };
        county.done("甲", undo.clone()).await;
        assert_eq!((standing(&county, "L1").await, free(&county, &account).await), (before, (5, 0)));
        assert_eq!(county.refused("甲", undo).await, "R-122");
        assert_eq!(offers(&county, &account).await, found, "what was offered before is offered again");
        verified(&county).await;
        // A person chooses: the near name, and a payment of any amount.
        county.done("甲", take_as(&account, 2, Doing::Repaid { loan: "L3".into(), towards: Towards::Interest })).await;
        county.done("甲", take_as(&account, 4, Doing::Repaid { loan: "L1".into(), towards: Towards::Any })).await;
        assert_eq!(standing(&county, "L1").await, (2_999_999, 0));
        assert_eq!(county.refused("甲", take_as(&account, 5, Doing::Repaid { loan: "L1".into(), towards: Towards::Any })).await, "M-101");
        verified(&county).await;
    }

    /// The bank turns a payment back days later: the register forgets it, a red voucher takes the bank's line.
    async fn a_reversed_payment(database: &TestDatabase) {
        let county = lent(database).await;
        let account = collecting(&county).await;
        county.settle("2022-03-21").await;
        county.clock.set(date("2022-04-30"));
        import(&county, &account, "2022-03-21,290.63,,还息,龙青山\n2022-04-02,,290.63,冲正,龙青山\n").await;
        let found = offers(&county, &account).await;
        assert_eq!(found.iter().filter(|offer| offer.certain).count(), 1, "nothing is recorded yet that could go back");
        county.done("甲", take(&account, &found[0])).await;
        let back = offers(&county, &account).await;
        assert_eq!((back.len(), back[0].certain, back[0].doing.kind()), (1, true, "taken-back"));
        county.done("甲", take(&account, &back[0])).await;
        assert_eq!(standing(&county, "L1").await, (3_000_000, 29_063));
        assert_eq!(free(&county, &account).await, (0, 0));
        assert_eq!(offers(&county, &account).await, []);
        verified(&county).await;
    }

    /// A cooperative pays its own loan: the line runs the loan's act, stands in the books once, and is no draft's business.
    async fn a_loan_of_the_own_book(database: &TestDatabase) {
        let county = County::lending(database.url(), "2023-01-05", 2).await;
        county.book("C001", EntityKind::Cooperative, "2023-01").await;
        let account = bank_account("CX01", "C001", "102", "", "2023-01-01");
        county.done("甲", AddBankAccount { account: account.clone() }).await;
        county.lend(county.application("E1", "C001", "B1", "200000", 12), "4.00").await;
        county.settle("2023-03-20").await;
        county.clock.set(date("2023-04-30"));
        import(&county, &account, "2023-01-05,200000.00,,放款,青禾农商行\n2023-03-21,,1666.67,贷款利息,青禾农商行\n2023-03-22,,1666.67,购化肥,农资店\n2023-03-23,1666.67,,贷款利息,青禾农商行\n").await;
        let found = offers(&county, &account).await;
        let seen: Vec<_> = found.iter().map(|offer| (offer.line.0, offer.certain, offer.doing.targets().join(","))).collect();
        assert_eq!(seen, [(2, true, "E1".to_owned()), (3, false, "E1".to_owned())], "{found:?}");
        let rule = Rule { name: "贷款".into(), contains: "贷款".into(), direction: Direction::Out, account: AccountCode::from("52401"), dimensions: Dimensions::default() };
        county.done("甲", AddRule { book: account.book.clone(), rule }).await;
        let propose = ProposeVouchers { at: At::from(&account), through: date("2023-12-31"), lines: vec![], account: None, dimensions: Dimensions::default() };
        let proposed = county.done("甲", propose).await;
        assert_eq!((proposed.drafts.len(), proposed.loan_money), (0, vec!["2".to_owned()]));
        let before = (standing(&county, "E1").await, free(&county, &account).await);
        assert_eq!(before.0, (20_000_000, 166_667));
        assert_eq!(county.refused("甲", take_as(&account, 4, found[0].doing.clone())).await, "R-124");
        let done = county.done("甲", PostLoanMoney { against: None, ..take(&account, &found[0]) }).await;
        assert_eq!((standing(&county, "E1").await.1, done.amount), (0, Amount::from_fen(-166_667)));
        assert_eq!(free(&county, &account).await, (before.1.0 - 1, before.1.1), "one voucher, matched with the line");
        verified(&county).await;
        let reverse = ReverseVoucher { book: account.book.clone(), voucher: VoucherId(done.voucher), on: date("2023-04-30"), reason: None };
        assert_eq!(county.refused("甲", reverse).await, "L-209");
        let undo = UndoLoanMoney { at: At::from(&account), line: (2, 0), on: date("2023-04-30"), reason: "记错".into() };
        county.done("甲", undo).await;
        assert_eq!((standing(&county, "E1").await, free(&county, &account).await), before);
        assert_eq!(offers(&county, &account).await, found);
        verified(&county).await;
    }

    /// The whole loan is cleared early: principal and interest to the day, by the borrower's name.
    async fn a_loan_paid_off(database: &TestDatabase) {
        let county = lent(database).await;
        let account = collecting(&county).await;
        county.clock.set(date("2022-02-20"));
        // 30,000 × 4.65 % × 31 ÷ 360 = 120.125, half up.
        import(&county, &account, "2022-02-05,30120.13,,结清贷款,韦大山\n").await;
        let found = offers(&county, &account).await;
        assert_eq!((found.len(), found[0].certain, found[0].words.contains("结清")), (1, true, true));
        county.done("甲", take(&account, &found[0])).await;
        assert_eq!(standing(&county, "L2").await, (0, 0));
        verified(&county).await;
    }

    /// Compensation paid by the fund and the fund's part of a recovery run the fund's acts.
    async fn compensation_and_recovery(database: &TestDatabase) {
        let county = lent(database).await;
        county.contribute("B1", "100000").await;
        county.clock.set(date("2025-01-05"));
        for year in 2022..=2024 {
            county.done("甲", OpenYear { book: BookCode::from("F"), year: year + 1 }).await;
        }
        county.settle("2025-04-20").await;
        let claims = vec![("C1".to_owned(), "L1".to_owned()), ("C2".to_owned(), "L2".to_owned())];
        county.done("甲", FileClaims { book: None, on: date("2025-04-20"), claims }).await;
        let account = bank_account("FX01", "F", "F101", "B1", "2025-01-01");
        county.done("甲", AddBankAccount { account: account.clone() }).await;
        let mut tx = county.office.db.reader().await.unwrap();
        let filed = cunzhang::products::microloan::risk_fund::store::claims(&mut tx, "459900").await.unwrap();
        drop(tx);
        let share = filed[0].fund_share;
        assert_eq!(filed[1].fund_share, share, "equal loans, equal claims");
        let both = share + share;
        county.clock.set(date("2025-05-30"));
        import(&county, &account, &format!("2025-04-25,,{share},代偿 C2,青禾农商行\n2025-04-26,,{both},代偿,青禾农商行\n2025-04-27,,{share},代偿,青禾农商行\n")).await;
        assert_eq!(offers(&county, &account).await, [], "what nobody approved is not due");
        county.done("乙", DecideClaims { claims: vec!["C1".into(), "C2".into()], approve: true, on: date("2025-04-21"), reason: None }).await;
        let found = offers(&county, &account).await;
        assert!(found.iter().all(|offer| !offer.certain), "three lines want two claims: {found:?}");
        let second = found.iter().find(|offer| offer.line.0 == 1 && offer.doing == Doing::Compensated { claims: vec!["C2".into()] }).unwrap();
        assert!(second.reasons.iter().any(|reason| reason.contains("编号")), "{:?}", second.reasons);
        assert_eq!(county.refused("甲", take_as(&account, 1, Doing::Compensated { claims: vec!["C1".into(), "C2".into()] })).await, "R-120");
        county.done("甲", take(&account, second)).await;
        let found = offers(&county, &account).await;
        let certain: Vec<&Offer> = found.iter().filter(|offer| offer.certain).collect();
        assert_eq!((certain.len(), certain[0].line.0), (1, 3), "the one claim left is the third line's: {found:?}");
        county.done("甲", take(&account, certain[0])).await;
        assert_eq!(free(&county, &account).await, (1, 0));
        let part = Amount::from_fen(80_000);
        import(&county, &account, &format!("2025-05-10,{part},,收回代偿款 C1,青禾农商行\n")).await;
        let found = offers(&county, &account).await;
        let recovery = found.iter().find(|offer| matches!(&offer.doing, Doing::Recovered { claim, .. } if claim == "C1")).unwrap();
        let before = (standing(&county, "L1").await, free(&county, &account).await);
        county.done("甲", take(&account, recovery)).await;
        assert_eq!(free(&county, &account).await, (1, 0));
        verified(&county).await;
        let undo = |line| UndoLoanMoney { at: At::from(&account), line: (line, 0), on: date("2025-05-30"), reason: "收错户".into() };
        // Compensation has its own way back; a recovery goes back as it came, in red.
        assert_eq!(county.refused("甲", undo(3)).await, "R-122");
        county.done("甲", undo(4)).await;
        assert_eq!((standing(&county, "L1").await, free(&county, &account).await), before);
        assert_eq!(offers(&county, &account).await, found, "what was offered before is offered again");
        verified(&county).await;
        // Recorded again as too much: the excess goes back out of the fund, and the household owes it again.
        let recover = |amount: &str| Recovery { claim: "C1".into(), amount: amount.parse().unwrap(), on: date("2025-05-10") };
        assert_eq!(county.done("甲", RecoverClaims { recoveries: vec![recover("1000.00")] }).await, part);
        let owed = standing(&county, "L1").await;
        assert_eq!(county.done("甲", RecoverClaims { recoveries: vec![recover("250.00")] }).await, Amount::from_fen(20_000));
        let back = |amount: &str, received_on: &str| {
            let (amount, received_on) = (amount.parse().unwrap(), date(received_on));
            GiveBackRecovery { claim: "C1".into(), amount, received_on, on: date("2025-05-30") }
        };
        assert_eq!(county.refused("甲", back("1250.01", "2025-05-10")).await, "M-512");
        assert_eq!(county.refused("甲", back("250.00", "2025-05-11")).await, "M-131");
        assert_eq!(county.done("甲", back("250.00", "2025-05-10")).await, Amount::from_fen(20_000));
        assert_eq!(standing(&county, "L1").await, owed);
        verified(&county).await;
    }

    /// Budget money in, the batch out, a payment back: the subsidy book's own acts.
    async fn subsidy_money(database: &TestDatabase) {
        let county = lent(database).await;
        county.settle("2022-03-31").await;
        let account = bank_account("TX01", "S", "S101", "", "2022-01-01");
        county.done("甲", AddBankAccount { account: account.clone() }).await;
        assert!(subsidy_run(&county.office, &actor("甲"), "2022Q1", &mut |_| true).await.unwrap());
        let step = |step| StepBatch { batch: "2022Q1".into(), step };
        county.done("乙", step(BatchStep::Review)).await;
        county.done("甲", step(BatchStep::Announce { on: date("2022-03-31") })).await;
        county.done("乙", step(BatchStep::Approve { on: date("2022-03-31") })).await;
        county.clock.set(date("2022-04-30"));
        let mut tx = county.office.db.reader().await.unwrap();
        let rows = cunzhang::products::microloan::subsidy::store::rows(&mut tx, "459900", "2022Q1").await.unwrap();
        drop(tx);
        let total: Amount = rows.iter().filter(|row| row.row.excluded.is_none()).map(|row| row.row.subsidy).sum();
        assert!(total.is_positive());
        import(&county, &account, &format!("2022-04-01,10000.00,,拨付贴息 青财〔2022〕3号,财政局\n2022-04-10,,{total},2022Q1 贴息,\n2022-04-11,,{total},其他,\n")).await;
        let found = offers(&county, &account).await;
        let document = found.iter().find(|offer| offer.line.0 == 1).unwrap();
        assert_eq!((document.doing.clone(), document.certain), (Doing::SubsidyReceived { document: "青财〔2022〕3号".into() }, false));
        county.done("甲", take(&account, document)).await;
        let batch = found.iter().find(|offer| offer.line.0 == 2).unwrap();
        assert!(batch.certain && found.iter().any(|offer| offer.line.0 == 3 && !offer.certain), "{found:?}");
        county.done("甲", take(&account, batch)).await;
        assert_eq!(free(&county, &account).await, (1, 0));
        verified(&county).await;
    }
}
