//! The rules run over a real book; flags come and go; a finding is answered and closed by another person; the matrix.

use cunzhang::controls::disclosure::service::making::MakeSheet;
use cunzhang::controls::disclosure::service::steps::{MoveSheet, SheetStep};
use cunzhang::controls::disclosure::sheet::Kind;
use cunzhang::controls::disclosure::span::Span;
use cunzhang::controls::supervision::finding::FindingState;
use cunzhang::controls::supervision::rules::{RuleKind, shipped};
use cunzhang::controls::supervision::service::findings::{AnswerFinding, CloseFinding, RaiseFinding};
use cunzhang::controls::supervision::service::flags::{RunFlags, SaveRules, WatchPerson};
use cunzhang::controls::supervision::service::overview::villages;
use cunzhang::controls::supervision::service::package::groups;
use cunzhang::controls::supervision::store;
use cunzhang::ledger::attachments::service::AttachFile;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::vouchers::service::{MoveVouchers, ReverseVoucher, Step};
use cunzhang::ledger::{BookCode, Dimensions, EntityKind, FundClass, Voucher};
use cunzhang::payouts::PayoutKind;
use cunzhang::payouts::files_in::read_list;
use cunzhang::payouts::list::Payee;
use cunzhang::payouts::service::draw_up::{DrawUp, KeepPayees};
use cunzhang::products::projects::card::{BudgetLine, Card, ProjectKind};
use cunzhang::products::projects::service::keep::KeepProject;
use cunzhang::products::village_claims::claim::Content;
use cunzhang::products::village_claims::service::steps::SendClaim;

use crate::ground::{content, county, drafted, draw_imprest};
use crate::support::county::{County, date, yuan};
use crate::support::{TestDatabase, on_both_engines};

async fn rules(county: &County) -> Vec<(RuleKind, String)> {
    let mut tx = county.office.db.begin_snapshot().await.unwrap();
    let flags = store::flags::flags(&mut tx, "459900", "V001", false).await.unwrap();
    flags.into_iter().map(|kept| (kept.flag.rule, kept.flag.object)).collect()
}

async fn has(county: &County, rule: RuleKind) -> bool {
    rules(county).await.iter().any(|(known, _)| *known == rule)
}

fn run() -> RunFlags {
    RunFlags { book: "V001".into(), year: None }
}

async fn pay(county: &County, book: &BookCode, account: &str, amount: &str) -> cunzhang::ledger::VoucherId {
    let draft = Voucher::on(book, date("2026-01-04"), "支付").debit(&"51401".into(), yuan(amount), Dimensions::default());
    let voucher = draft.credit(&account.into(), yuan(amount), Dimensions::default()).balanced().unwrap();
    county.done("zhuguan", PostVouchers { vouchers: vec![voucher], event: None }).await[0].1
}

on_both_engines! {
    async fn flags_come_and_go(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        county.done("shenji", run()).await;
        assert!(!has(&county, RuleKind::LargePayment).await && !has(&county, RuleKind::NegativeCash).await);
        pay(&county, &book, "102", "10000.00").await;
        pay(&county, &book, "101", "0.01").await;
        assert_eq!(county.refused("kuaiji", run()).await, "N-103");
        county.done("shenji", run()).await;
        assert!(has(&county, RuleKind::LargePayment).await && has(&county, RuleKind::NegativeCash).await);
        assert!(!has(&county, RuleKind::NoDecision).await, "a fen less than the limit");
        // Cash comes in: the flag of below zero is gone, the payment's stays and keeps its first day.
        let first = rules(&county).await;
        let draft = Voucher::on(&book, date("2026-01-03"), "提现").debit(&"101".into(), yuan("9000.00"), Dimensions::default());
        let voucher = draft.credit(&"102".into(), yuan("9000.00"), Dimensions::default()).balanced().unwrap();
        county.done("zhuguan", PostVouchers { vouchers: vec![voucher], event: None }).await;
        county.done("shenji", run()).await;
        assert!(!has(&county, RuleKind::NegativeCash).await && has(&county, RuleKind::CashOverLimit).await);
        assert!(first.iter().filter(|(rule, _)| *rule == RuleKind::LargePayment).all(|flag| first.contains(flag)));
        // The county tunes a rule: from its day on the payment is small.
        let mut own = shipped().iter().find(|rule| rule.rule == RuleKind::LargePayment).unwrap().clone();
        own.amount = Some(yuan("20000.00"));
        assert_eq!(county.refused("kuaiji", SaveRules { rules: vec![own.clone()] }).await, "N-103");
        county.done("xianban", SaveRules { rules: vec![own] }).await;
        county.done("shenji", run()).await;
        assert!(!has(&county, RuleKind::LargePayment).await);
    }

    async fn claims_and_reversals_are_seen(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        draw_imprest(&county, &book, "3000.00").await;
        for (n, amount) in [(1, "600.00"), (2, "500.00")] {
            let claim = drafted(&county, &book, Content { amount: yuan(amount), ..content() }, n).await;
            county.done("cun", SendClaim { book: book.clone(), claim, not_the_same: None }).await;
        }
        county.done("shenji", WatchPerson { book: book.clone(), name: "青溪镇文具店".into(), relation: "村主任配偶经营".into(), document: "承诺书".into() }).await;
        for _ in 0..3 {
            let id = pay(&county, &book, "102", "5.00").await;
            county.done("zhuguan", ReverseVoucher { book: book.clone(), voucher: id, on: date("2026-01-05"), reason: None }).await;
        }
        county.done("shenji", run()).await;
        assert!(has(&county, RuleKind::SplitPayments).await && has(&county, RuleKind::WatchedPayee).await);
        assert!(!has(&county, RuleKind::ManyReversals).await, "red drafts are not posted yet");
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let split = store::flags::flags(&mut tx, "459900", "V001", false).await.unwrap();
        let split = split.iter().find(|kept| kept.flag.rule == RuleKind::SplitPayments).unwrap();
        assert_eq!((split.flag.amount, split.flag.claim), (yuan("1100.00"), Some(1)), "figure and way to the bill");
    }

    async fn registers_and_papers_are_seen(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        county.done("shenji", run()).await;
        let rules = [RuleKind::SamePaper, RuleKind::ProjectUnapproved, RuleKind::CashNotBanked];
        for rule in rules {
            assert!(!has(&county, rule).await, "{rule:?}");
        }
        // The same photograph on two vouchers.
        let (first, second) = (pay(&county, &book, "102", "5.00").await, pay(&county, &book, "102", "6.00").await);
        let attach = |voucher| AttachFile::new("V001".into(), voucher, "票.jpg".into(), "image/jpeg".into(), vec![1, 2, 3]);
        county.done("kuaiji", attach(first)).await;
        county.done("kuaiji", attach(second)).await;
        // A project is paid by a voucher made by hand before anybody approved it.
        let card = Card {
            name: "路".into(),
            kind: ProjectKind::Grant,
            document: "青农1号".into(),
            funder: "县财政局".into(),
            fund_class: FundClass::Special,
            budget: vec![BudgetLine { item: "土建".into(), amount: yuan("1000.00") }],
            self_built: false,
            forms_asset: true,
            poverty_village: false,
            decision: String::new(),
            planned_from: None,
            planned_through: None,
        };
        county.done("cun", KeepProject { book: book.clone(), project: "P1".into(), card, is_new: true }).await;
        let of_project = Dimensions { project: Some("P1".into()), ..Dimensions::default() };
        let draft = Voucher::on(&book, date("2026-01-04"), "预付工程款").debit(&"153".into(), yuan("500.00"), of_project.clone());
        let voucher = draft.credit(&"102".into(), yuan("500.00"), of_project).balanced().unwrap();
        county.done("zhuguan", PostVouchers { vouchers: vec![voucher], event: None }).await;
        // Cash that came in on New Year's Day was not banked by the fifth.
        let draft = Voucher::on(&book, date("2026-01-01"), "卖废品").debit(&"101".into(), yuan("80.00"), Dimensions::default());
        let voucher = draft.credit(&"50409".into(), yuan("80.00"), Dimensions::default()).balanced().unwrap();
        county.done("zhuguan", PostVouchers { vouchers: vec![voucher], event: None }).await;
        county.done("shenji", run()).await;
        for rule in rules {
            assert!(has(&county, rule).await, "{rule:?}");
        }
    }

    async fn dividends_debts_and_diverted_money_are_seen(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        let card = |party: &str| Payee { party: party.into(), name: party.into(), account_name: party.into(), account: "6217000000000000004".into(), ..Payee::default() };
        county.done("xianban", KeepPayees { payees: vec![card("H001")] }).await;
        let rules = [RuleKind::DividendUnlikePlan, RuleKind::ReturnWithoutContract, RuleKind::DebtsGrowing, RuleKind::SpecialDiverted];
        let of = |project: Option<&str>, party: Option<&str>| Dimensions { project: project.map(Into::into), party: party.map(Into::into), ..Default::default() };
        let moved = |debit: (&str, Dimensions), credit: (&str, Dimensions), amount: &str| {
            let draft = Voucher::on(&book, date("2026-01-04"), "调账").debit(&debit.0.into(), yuan(amount), debit.1);
            draft.credit(&credit.0.into(), yuan(amount), credit.1).balanced().unwrap()
        };
        // As it should be: the special fund pays its own project, a member owes no more than the limit.
        let well = vec![
            moved(("102", of(None, None)), ("241", of(Some("P1"), None)), "9000.00"),
            moved(("241", of(Some("P1"), None)), ("102", of(Some("P1"), None)), "500.00"),
            moved(("113", of(None, Some("H001"))), ("102", of(None, None)), "3000.00"),
        ];
        county.done("zhuguan", PostVouchers { vouchers: well, event: None }).await;
        // One voucher for two projects, each from its own fund.
        let both = Voucher::on(&book, date("2026-01-04"), "付两个项目工程款").debit(&"241".into(), yuan("30.00"), of(Some("P1"), None));
        let both = both.debit(&"241".into(), yuan("20.00"), of(Some("P2"), None)).credit(&"102".into(), yuan("30.00"), of(Some("P1"), None));
        let both = both.credit(&"102".into(), yuan("20.00"), of(Some("P2"), None)).balanced().unwrap();
        county.done("zhuguan", PostVouchers { vouchers: vec![both], event: None }).await;
        county.done("shenji", run()).await;
        for rule in rules {
            assert!(!has(&county, rule).await, "{rule:?}");
        }
        let badly = vec![
            moved(("241", of(Some("P1"), None)), ("102", of(Some("P2"), None)), "400.00"),
            moved(("113", of(None, Some("H001"))), ("102", of(None, None)), "0.01"),
            moved(("3220102", of(None, None)), ("113", of(None, Some("H002"))), "800.00"),
        ];
        let diverted = county.done("zhuguan", PostVouchers { vouchers: badly, event: None }).await[0].1;
        for (batch, kind) in [("F1", PayoutKind::Dividend), ("F2", PayoutKind::EntrustedIncome)] {
            let list = DrawUp {
                batch: batch.into(),
                book: book.clone(),
                kind,
                title: "补发".into(),
                project: String::new(),
                on: date("2026-01-05"),
                payable: Some("113".into()),
                money_account: None,
                stated_total: None,
                rows: read_list("户编号,金额\nH001,60.00\n".as_bytes(), &Default::default()).unwrap().whole().unwrap(),
                accept: Some("已核实".into()),
                source: None,
            };
            county.done("zhuguan", list).await;
        }
        county.done("shenji", run()).await;
        for rule in rules {
            assert!(has(&county, rule).await, "{rule:?}");
        }
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let kept = store::flags::flags(&mut tx, "459900", "V001", false).await.unwrap();
        let words = |rule| kept.iter().filter(|kept| kept.flag.rule == rule).map(|kept| kept.flag.words.as_str()).collect::<Vec<_>>();
        assert_eq!(words(RuleKind::SpecialDiverted), ["项目 P1 的专项资金 400.00 用于项目 P2"]);
        assert_eq!(words(RuleKind::DebtsGrowing), ["113 H001 180 日内欠款增加 3,000.01,现欠 3,000.01"]);
        assert_eq!(words(RuleKind::DividendUnlikePlan), ["代发 F1(补发)发放 60.00,没有分配方案", "手工分配 800.00,没有分配方案"]);
        drop(tx);
        // The red voucher puts it right.
        let red = ReverseVoucher { book: book.clone(), voucher: diverted, on: date("2026-01-05"), reason: None };
        let vouchers = vec![county.done("kuaiji", red).await.1];
        for step in [Step::Approve, Step::Post] {
            county.done("zhuguan", MoveVouchers { book: book.clone(), vouchers: vouchers.clone(), step, reason: None }).await;
        }
        county.done("shenji", run()).await;
        assert!(!has(&county, RuleKind::SpecialDiverted).await);
    }

    async fn a_member_paid_more_than_was_declared(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.book("C001", EntityKind::Cooperative, "2026-01").await;
        let of = |party: &str| Dimensions { party: Some(party.into()), ..Dimensions::default() };
        let pay = |account: &str, party: &str, amount: &str| {
            let draft = Voucher::on(&book, date("2026-01-04"), "付分红").debit(&account.into(), yuan(amount), of(party));
            draft.credit(&"102".into(), yuan(amount), Dimensions::default()).balanced().unwrap()
        };
        let vouchers = vec![pay("222", "M1", "50.00"), pay("113", "M2", "70.00")];
        county.done("甲", PostVouchers { vouchers, event: None }).await;
        county.done("甲", RunFlags { book, year: None }).await;
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let flags = store::flags::flags(&mut tx, "459900", "C001", false).await.unwrap();
        let found: Vec<_> = flags.iter().filter(|kept| kept.flag.rule == RuleKind::DividendUnlikePlan).collect();
        assert_eq!((found.len(), found[0].flag.object.as_str(), found[0].flag.amount), (1, "account:222:M1", yuan("50.00")));
    }

    async fn a_sheet_taken_off_is_seen_until_it_is_public_again(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        let make = |reason: Option<&str>| MakeSheet { book: book.clone(), kind: Kind::Receipts, span: Span::parse("2026-01").unwrap(), subject: String::new(), reason: reason.map(Into::into) };
        let step = |sheet, step, reason: Option<&str>| MoveSheet { book: book.clone(), sheet, step, reason: reason.map(Into::into) };
        let sheet = county.done("kuaiji", make(None)).await;
        county.done("jianwei", step(sheet, SheetStep::Approve, None)).await;
        county.done("kuaiji", step(sheet, SheetStep::Publish, None)).await;
        county.done("shenji", run()).await;
        assert!(!has(&county, RuleKind::DisclosureWithdrawn).await);
        county.done("kuaiji", step(sheet, SheetStep::Withdraw, Some("金额有误"))).await;
        county.done("shenji", run()).await;
        let object = sheet.to_string();
        assert!(rules(&county).await.contains(&(RuleKind::DisclosureWithdrawn, object)));
        let again = county.done("kuaiji", make(Some("更正金额"))).await;
        county.done("jianwei", step(again, SheetStep::Approve, None)).await;
        county.done("kuaiji", step(again, SheetStep::Publish, None)).await;
        county.done("shenji", run()).await;
        assert!(!has(&county, RuleKind::DisclosureWithdrawn).await);
    }

    async fn a_finding_is_closed_by_another_person(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        pay(&county, &book, "102", "12000.00").await;
        county.done("shenji", run()).await;
        let object = rules(&county).await.into_iter().find(|(rule, _)| *rule == RuleKind::NoDecision).unwrap().1;
        let raise = |owner: &str, due: &str, object: &str| RaiseFinding {
            book: "V001".into(),
            flag: Some(("no_decision".into(), object.into())),
            title: "大额支出没有决策记录".into(),
            text: "说明并补充材料".into(),
            owner: owner.into(),
            due_on: date(due),
        };
        assert_eq!(county.refused("kuaiji", raise("kuaiji", "2026-01-20", &object)).await, "N-103");
        assert_eq!(county.refused("shenji", raise("nobody", "2026-01-20", &object)).await, "T-102");
        assert_eq!(county.refused("shenji", raise("kuaiji", "2026-01-04", &object)).await, "T-106");
        assert_eq!(county.refused("shenji", raise("kuaiji", "2026-01-20", "2026-01-记-99")).await, "T-302");
        let finding = county.done("shenji", raise("kuaiji", "2026-01-20", &object)).await;
        let close = |back: Option<&str>| CloseFinding { book: "V001".into(), finding, back: back.map(Into::into) };
        assert_eq!(county.refused("shenji", close(None)).await, "T-201", "not answered yet");
        let answer = AnswerFinding { book: book.clone(), finding, answer: "已补会议记录".into(), document: Some("会议5号".into()) };
        county.done("kuaiji", answer.clone()).await;
        assert_eq!(county.refused("kuaiji", close(None)).await, "N-103");
        county.done("shenji", close(Some("材料不清楚"))).await;
        county.done("kuaiji", answer).await;
        county.done("xianban", close(None)).await;
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let kept = store::findings::finding(&mut tx, "459900", finding).await.unwrap().unwrap();
        assert_eq!((kept.state, kept.closed_by.as_deref()), (FindingState::Closed, Some("xianban")));
    }

    async fn the_package_holds_the_book(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        pay(&county, &book, "102", "12.00").await;
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let groups = groups(&mut tx, "459900", &book).await.unwrap();
        let rows = |name: &str| &groups.iter().find(|group| group.name == name).unwrap().rows;
        assert_eq!((rows("电子账簿").len(), rows("记账凭证").len()), (1, 4));
        assert_eq!(rows("电子账簿")[0][5], *rows("记账凭证")[3].last().unwrap(), "the chain's end is the last voucher's digest");
        let sum = |at: usize| rows("科目余额").iter().map(|row| yuan(&row[at])).sum::<cunzhang::money::Amount>();
        assert_eq!((sum(2), sum(3)), (yuan("100012.00"), yuan("100012.00")));
    }

    async fn the_matrix_counts(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let (years, days) = villages(&mut tx, "459900", 2026).await.unwrap();
        assert_eq!((years.len(), days), (2, 15), "two books");
        let january = years.iter().find(|kept| kept.book.book == book).unwrap().months[0];
        assert!(january.kept && !january.closed && january.flags == 0);
        assert_eq!((january.came, january.went), (yuan("100000.00"), yuan("0.00")), "as the movements say");
        let elsewhere = years.iter().find(|kept| kept.book.book != book).unwrap().months[0];
        assert!(elsewhere.came.is_zero() && elsewhere.kept);
        let lines = store::overview::trail(&mut tx, "459900", ("guanli", "", ""), ("cun", &[]), (0, 10)).await.unwrap();
        assert_eq!((lines.len(), lines[0][2].as_str()), (1, "user.add"));
    }
}
