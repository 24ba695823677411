//! Payouts on both databases: money that passes through, a dividend, rows that come back and are paid again.

mod support;

use cunzhang::db::Stop;
use cunzhang::exchange::vouchers_in::ImportOptions;
use cunzhang::exchange::{Growing, write_csv};
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::{AccountCode, BookCode, EntityKind};
use cunzhang::money::{Amount, Rate};
use cunzhang::payouts::files_in::{BankResult, read_list};
use cunzhang::payouts::layout::Layout;
use cunzhang::payouts::list::{PayRow, Payee, check_whole};
use cunzhang::payouts::service::draw_up::{DrawUp, KeepPayees, ReceiveFunds, ReviewBatch};
use cunzhang::payouts::service::sending::{CorrectRow, SendBatch, TakeResults};
use cunzhang::payouts::service::sources::PayDividend;
use cunzhang::payouts::store;
use cunzhang::payouts::{PayoutKind, RowState};
use cunzhang::products::cooperative_shares::class::{ClassKind, ShareClass, Source};
use cunzhang::products::cooperative_shares::plan::{Method, Terms};
use cunzhang::products::cooperative_shares::service::register::{AddShareClasses, Subscribe, Subscription};
use cunzhang::products::cooperative_shares::service::steps::{ArchivePlan, PostPlan, PublishPlan, ReviewPlan};
use cunzhang::products::cooperative_shares::service::year_end::{DraftPlan, SettleResult};
use cunzhang::products::cooperative_shares::store::{plans, register};
use support::TestDatabase;
use support::county::{County, actor, date, simple, yuan};
use support::on_both_engines;

fn payee(party: &str, name: &str, account: &str) -> Payee {
    let (name, account) = (name.to_owned(), account.to_owned());
    Payee { party: party.into(), account_name: name.clone(), name, account, bank: "农商行".into(), ..Payee::default() }
}

fn answer(row: i64, paid: bool) -> BankResult {
    BankResult {
        row: Some(row),
        account: String::new(),
        amount: None,
        paid,
        reason: if paid { "" } else { "账户销户" }.into(),
        serial: format!("S{row}"),
    }
}

async fn balance(county: &County, book: &BookCode, account: &str, party: Option<&str>) -> Amount {
    let mut reader = county.office.db.reader().await.unwrap();
    register::balance(&mut reader, "459900", book, (2026, account, party)).await.unwrap()
}

fn benefit(book: &BookCode, batch: &str, rows: Vec<PayRow>, stated: &str) -> DrawUp {
    DrawUp {
        batch: batch.into(),
        book: book.clone(),
        kind: PayoutKind::MinimumLiving,
        title: "3月低保".into(),
        project: "民政〔2026〕3号".into(),
        on: date("2026-03-05"),
        payable: None,
        money_account: None,
        stated_total: Some(yuan(stated)),
        rows,
        accept: None,
        source: None,
    }
}

fn rows() -> Vec<PayRow> {
    let text = "户编号,金额,补贴标准,人口\nH001,780.00,260.00,3\nH002,260.00,260.00,1\nH003,520.00,260.00,2\n";
    cunzhang::payouts::files_in::read_list(text.as_bytes(), &Default::default()).unwrap().whole().unwrap()
}

/// A list of several pages in which accounts come again: on the same page, on the next, on one long after.
fn long_list() -> Vec<PayRow> {
    let text: Vec<String> = (1..=5_000)
        .map(|n| {
            let account = if n % 701 == 0 { n / 1_402 } else { n };
            format!("P{n},韦一,韦一,6217{account:015},1.00")
        })
        .collect();
    let file = format!("户编号,户主姓名,户名,一卡通账号,金额\n{}\n", text.join("\n"));
    read_list(file.as_bytes(), &ImportOptions::default()).unwrap().whole().unwrap()
}

on_both_engines! {
    /// Others' money: received, sent, one row returned, corrected, paid again; the clearing account is back to zero and nothing was income.
    async fn money_passes_through(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.village("V001").await;
        assert_eq!(county.refused("甲", benefit(&book, "B1", rows(), "1560.00")).await, "Y-101", "accounts are missing");
        let payees = vec![payee("H001", "韦一", "6217000000000000004"), payee("H002", "覃二", "6217000000000000012"), payee("H003", "蓝三", "6217000000000000020")];
        county.done("县管理", KeepPayees { payees }).await;
        assert_eq!(county.refused("甲", benefit(&book, "B1", rows(), "1560.01")).await, "Y-101");
        let mut parted = benefit(&book, "B1", rows(), "1560.00");
        parted.rows[1].against = vec![(AccountCode::from("211"), yuan("259.99"))];
        assert_eq!(county.refused("甲", parted).await, "Y-104");
        county.done("甲", benefit(&book, "B1", rows(), "1560.00")).await;
        assert_eq!(county.refused("甲", benefit(&book, "B1", rows(), "1560.00")).await, "Y-201");
        let review = || ReviewBatch { book: book.clone(), batch: "B1".into() };
        let send = |on: &str| SendBatch { book: book.clone(), batch: "B1".into(), on: date(on) };
        assert_eq!(county.refused("甲", review()).await, "Y-204");
        assert_eq!(county.refused("甲", send("2026-03-06")).await, "Y-203");
        county.done("乙", review()).await;
        assert_eq!(county.refused("甲", send("2026-03-06")).await, "Y-205");
        let receive = || ReceiveFunds { book: book.clone(), batch: "B1".into(), on: date("2026-03-06") };
        county.done("甲", receive()).await;
        assert_eq!(county.refused("甲", receive()).await, "Y-208");
        assert_eq!(balance(&county, &book, "2110301", Some("H001")).await, yuan("780.00"));
        let sent = county.done("甲", send("2026-03-06")).await;
        assert_eq!((sent.rows, sent.total, sent.attempt), (3, yuan("1560.00"), 1));
        assert_eq!(county.refused("甲", send("2026-03-06")).await, "Y-206");
        let results = |results: Vec<BankResult>, others_paid| TakeResults { book: book.clone(), batch: "B1".into(), on: date("2026-03-08"), results, others_paid };
        assert_eq!(county.refused("甲", results(vec![answer(1, true), answer(2, false)], false)).await, "Y-304");
        assert_eq!(county.refused("甲", results(vec![answer(4, true)], true)).await, "Y-302");
        assert_eq!(county.refused("甲", results(vec![answer(1, true), answer(1, false)], true)).await, "Y-306");
        let odd = cunzhang::payouts::files_in::read_results("序号,状态\n1,大概成功\n".as_bytes(), &Default::default()).unwrap();
        assert_eq!(odd.problems.iter().map(|problem| problem.code.as_str()).collect::<Vec<_>>(), ["Y-305"]);
        let wrong = BankResult { amount: Some(yuan("1.00")), ..answer(1, true) };
        assert_eq!(county.refused("甲", results(vec![wrong], true)).await, "Y-303");
        let taken = county.done("甲", results(vec![answer(2, false)], true)).await;
        assert_eq!((taken.paid, taken.returned, taken.settled), ((2, yuan("1300.00")), (1, yuan("260.00")), false));
        assert_eq!(balance(&county, &book, "2110301", Some("H002")).await, yuan("260.00"), "owed again");
        let correct = |row| CorrectRow { book: book.clone(), batch: "B1".into(), row, account_name: "覃二".into(), account: "6217000000000000038".into(), bank: "农商行".into() };
        assert_eq!(county.refused("甲", correct(1)).await, "Y-207");
        assert_eq!(county.refused("甲", send("2026-03-09")).await, "Y-206", "not corrected yet");
        county.done("甲", correct(2)).await;
        let again = county.done("甲", send("2026-03-09")).await;
        assert_eq!((again.rows, again.total, again.attempt), (1, yuan("260.00"), 2));
        assert!(county.done("甲", results(vec![answer(2, true)], false)).await.settled);
        for account in ["2110301", "102", "50409"] {
            assert_eq!(balance(&county, &book, account, None).await, Amount::ZERO, "{account}");
        }
        let mut reader = county.office.db.reader().await.unwrap();
        let batch = store::batch(&mut reader, "459900", "B1").await.unwrap().unwrap();
        assert_eq!(store::clearing(&mut reader, "459900", &batch).await.unwrap(), Amount::ZERO);
        let mut changed = benefit(&book, "B2", rows(), "1560.00");
        changed.rows[0].account = "6217000000000000046".into();
        changed.rows[0].account_name = "韦一".into();
        assert_eq!(county.refused("甲", changed.clone()).await, "Y-102", "not the account of last time");
        changed.accept = Some("本人换卡,已核实".into());
        assert_eq!(county.done("甲", changed).await.flags.len(), 2, "H001 and H002, whose card still names the closed account");
    }

    /// Two pages and three rows: every row once, in its order.
    async fn a_list_longer_than_a_page(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.village("V001").await;
        let people = 10_003;
        let text: String = (1..=people).map(|n| format!("H{n},户{n},户{n},6217{n:012},1.00\n")).collect();
        let text = format!("编号,姓名,户名,账号,金额\n{text}");
        let list = cunzhang::payouts::files_in::read_list(text.as_bytes(), &Default::default()).unwrap().whole().unwrap();
        county.done("甲", benefit(&book, "B1", list, &format!("{people}.00"))).await;
        let mut reader = county.office.db.reader().await.unwrap();
        let kept = store::rows(&mut reader, "459900", "B1", &[]).await.unwrap();
        assert!(kept.iter().map(|row| (row.row, row.party.clone())).eq((1..=people).map(|n| (n, format!("H{n}")))));
        assert_eq!(store::rows(&mut reader, "459900", "B1", &[RowState::Sent]).await.unwrap(), []);
        let (layout, mut whole) = (Layout::default(), Vec::new());
        write_csv(&layout.sheet("低保", &kept), &mut whole).unwrap();
        let mut growing = Growing::csv(&layout.sheet("低保", &[]), Vec::new()).unwrap();
        let mut pages = store::Pages::of("B1", &[]);
        while let Some(rows) = pages.next(&mut reader, "459900").await.unwrap() {
            growing.rows(&layout.cells(&rows)).unwrap();
        }
        assert_eq!(growing.end(&[layout.foot(yuan(&format!("{people}.00")))]).unwrap(), whole, "the same bytes page by page");
    }

    /// A dividend longer than a part: parts that balance, each member paid what the plan says, once; sent and returned in parts.
    async fn a_long_dividend_goes_in_parts(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.book("C001", EntityKind::Cooperative, "2026-01").await;
        county.done("甲", AddShareClasses { book: book.clone(), classes: vec![ShareClass::ordinary("A", "资金股", ClassKind::Subscribed)] }).await;
        let members: Vec<usize> = (1..=2_003).collect();
        let paid = |n: &usize| Subscription { member: format!("H{n:04}"), source: Source::OwnCash, paid: Amount::from_yuan(*n as i64), assets: vec![], shares: Amount::from_yuan(*n as i64) };
        let subscribe = Subscribe {
            book: book.clone(), on: date("2026-01-05"), class: "A".into(), money_account: AccountCode::from("102"),
            subscriptions: members.iter().map(paid).collect(), document: "协议".into(), investor_book: None, investor_project: None,
        };
        county.done("甲", subscribe).await;
        county.done("县管理", KeepPayees { payees: members.iter().map(|n| payee(&format!("H{n:04}"), &format!("户{n}"), &format!("6217{n:012}"))).collect() }).await;
        county.done("甲", PostVouchers { vouchers: vec![simple(&book, "2026-06-01", "102", "501", "1000000.00")], event: None }).await;
        county.done("甲", SettleResult { book: book.clone(), year: 2026 }).await;
        county.clock.set(date("2026-12-10"));
        let terms = Terms {
            year: 2026, reserve_rate: "10".parse().unwrap(), refund_rate: Rate::ZERO, basis: Some("章程第30条".into()), remaining: None,
            method: Method::ShareDays, tax_rate: "20".parse().unwrap(),
        };
        county.done("甲", DraftPlan { book: book.clone(), terms }).await;
        county.done("乙", ReviewPlan { book: book.clone(), plan: 1 }).await;
        county.done("甲", PublishPlan { book: book.clone(), plan: 1, from: date("2026-12-11"), through: date("2026-12-17"), document: "公示栏".into() }).await;
        county.clock.set(date("2026-12-20"));
        let post = PostPlan { book: book.clone(), plan: 1, on: date("2026-12-20") };
        let posted = county.done("甲", post.clone()).await;
        assert_eq!((posted.vouchers.len(), posted.net), (2, yuan("720000.00")), "two parts; 900,000 less a fifth");
        assert_eq!(county.refused("甲", post).await, "D-202", "a second run adds nothing");
        assert_eq!(balance(&county, &book, "222", None).await, yuan("900000.00"));
        let mut reader = county.office.db.reader().await.unwrap();
        let rows = plans::rows(&mut reader, "459900", &book, 1).await.unwrap();
        for row in rows.iter().step_by(667).chain(rows.last()) {
            assert_eq!(balance(&county, &book, "222", Some(&row.member)).await, row.surplus_payable());
        }
        county.done("甲", PayDividend { book: book.clone(), plan: 1, batch: "D1".into(), on: date("2026-12-20"), money_account: None, accept: None }).await;
        let list = store::rows(&mut reader, "459900", "D1", &[]).await.unwrap();
        assert!(list.iter().map(|row| (&row.party, row.amount, row.withheld)).eq(rows.iter().map(|row| (&row.member, row.net, row.tax))));
        assert!(list.iter().map(|row| row.row).eq(1..=2_003));
        county.done("乙", ReviewBatch { book: book.clone(), batch: "D1".into() }).await;
        let send = |on: &str| SendBatch { book: book.clone(), batch: "D1".into(), on: date(on) };
        let sent = county.done("甲", send("2026-12-21")).await;
        assert_eq!((sent.vouchers.len(), sent.rows, sent.total), (2, 2_003, yuan("720000.00")));
        assert_eq!(county.refused("甲", send("2026-12-21")).await, "Y-206", "a second run adds nothing");
        assert_eq!((balance(&county, &book, "222", None).await, balance(&county, &book, "214", None).await), (Amount::ZERO, yuan("180000.00")));
        let results = TakeResults { book: book.clone(), batch: "D1".into(), on: date("2026-12-22"), results: members.iter().map(|n| answer(*n as i64, false)).collect(), others_paid: false };
        let back = county.done("甲", results).await;
        assert_eq!((back.vouchers.len(), back.returned, back.settled), (2, (2_003, yuan("720000.00")), false));
        assert_eq!(balance(&county, &book, "222", None).await, yuan("720000.00"), "owed again, tax withheld once");
    }

    /// A posted plan is paid once, with tax withheld; returned rows are owed again on the account they came from; then it is filed away.
    async fn a_dividend_is_paid(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.book("C001", EntityKind::Cooperative, "2026-01").await;
        county.done("甲", AddShareClasses { book: book.clone(), classes: vec![ShareClass::ordinary("A", "资金股", ClassKind::Subscribed)] }).await;
        let paid = |member: &str, amount: &str| Subscription { member: member.into(), source: Source::OwnCash, paid: yuan(amount), assets: vec![], shares: yuan(amount) };
        let subscribe = Subscribe {
            book: book.clone(), on: date("2026-01-05"), class: "A".into(), money_account: AccountCode::from("102"),
            subscriptions: vec![paid("H1", "10000.00"), paid("H2", "20000.00")], document: "协议".into(), investor_book: None, investor_project: None,
        };
        county.done("甲", subscribe).await;
        county.done("甲", PostVouchers { vouchers: vec![simple(&book, "2026-06-01", "102", "501", "1000.00")], event: None }).await;
        county.done("甲", SettleResult { book: book.clone(), year: 2026 }).await;
        county.clock.set(date("2026-12-10"));
        let terms = Terms {
            year: 2026, reserve_rate: Rate::ZERO, refund_rate: Rate::ZERO, basis: Some("章程第30条".into()), remaining: Some(yuan("900.00")),
            method: Method::RecordDate(date("2026-12-01")), tax_rate: "20".parse().unwrap(),
        };
        county.done("甲", DraftPlan { book: book.clone(), terms }).await;
        county.done("乙", ReviewPlan { book: book.clone(), plan: 1 }).await;
        let pay = |batch: &str| PayDividend { book: book.clone(), plan: 1, batch: batch.into(), on: date("2026-12-20"), money_account: None, accept: None };
        assert_eq!(county.refused("甲", pay("D1")).await, "D-202");
        county.done("甲", PublishPlan { book: book.clone(), plan: 1, from: date("2026-12-11"), through: date("2026-12-17"), document: "公示栏".into() }).await;
        county.clock.set(date("2026-12-20"));
        county.done("甲", PostPlan { book: book.clone(), plan: 1, on: date("2026-12-20") }).await;
        assert_eq!(county.refused("甲", ArchivePlan { book: book.clone(), plan: 1 }).await, "D-208");
        assert_eq!(county.refused("甲", pay("D1")).await, "Y-101", "nobody has an account");
        county.done("县管理", KeepPayees { payees: vec![payee("H1", "韦一", "62001"), payee("H2", "覃二", "62002")] }).await;
        county.done("甲", pay("D1")).await;
        assert_eq!(county.refused("甲", pay("D2")).await, "Y-202");
        county.done("乙", ReviewBatch { book: book.clone(), batch: "D1".into() }).await;
        county.done("甲", SendBatch { book: book.clone(), batch: "D1".into(), on: date("2026-12-21") }).await;
        assert_eq!(balance(&county, &book, "214", None).await, yuan("180.00"));
        assert_eq!(balance(&county, &book, "222", None).await, Amount::ZERO);
        let results = |row, paid| TakeResults { book: book.clone(), batch: "D1".into(), on: date("2026-12-22"), results: vec![answer(row, paid)], others_paid: true };
        county.done("甲", results(1, false)).await;
        assert_eq!(balance(&county, &book, "222", Some("H1")).await, yuan("240.00"), "300 less tax of 60");
        county.done("甲", CorrectRow { book: book.clone(), batch: "D1".into(), row: 1, account_name: "韦一".into(), account: "62009".into(), bank: String::new() }).await;
        county.done("甲", SendBatch { book: book.clone(), batch: "D1".into(), on: date("2026-12-23") }).await;
        assert!(county.done("甲", results(1, true)).await.settled);
        assert_eq!(balance(&county, &book, "222", None).await, Amount::ZERO);
        assert_eq!(balance(&county, &book, "214", None).await, yuan("180.00"), "withheld once");
        county.done("甲", ArchivePlan { book: book.clone(), plan: 1 }).await;
    }

    /// Households are paid on the account of their register without a card of their own; the dead and the moved are looked at.
    async fn the_register_is_joined(database: &TestDatabase) {
        use cunzhang::parties::household::HouseholdStatus;
        use cunzhang::parties::service::{GonePerson, RegisterGone, RegisterHouseholds};
        let county = County::lending(database.url(), "2026-03-01", 0).await;
        let book = county.village("V001").await;
        let mut households: Vec<_> =
            (1..=3).map(|n| support::credit::household(&format!("H00{n}"), n, HouseholdStatus::OutOfPoverty, "2015-01-01")).collect();
        for (n, household) in households.iter_mut().enumerate() {
            household.bank_account = Some(format!("621700000000000000{n}"));
        }
        let gone = households[1].people[0].id_number.clone();
        county.done("县管理", RegisterHouseholds { households }).await;
        let drawn = county.done("甲", benefit(&book, "B1", rows(), "1560.00")).await;
        assert_eq!((drawn.rows, drawn.flags.len()), (3, 0), "names, ids and accounts come from the register");
        let died = |on: &str| GonePerson { id_number: gone.clone(), died_on: Some(date(on)), moved_out_on: None, document: "死亡证明".into() };
        county.done("县管理", RegisterGone { people: vec![died("2026-03-06")] }).await;
        county.done("甲", benefit(&book, "B2", rows(), "1560.00")).await;
        county.done("县管理", RegisterGone { people: vec![died("2026-03-05")] }).await;
        assert_eq!(county.refused("甲", benefit(&book, "B3", rows(), "1560.00")).await, "Y-102", "dead on the day");
        let other = payee("H003", "别人", "6217000000000000099");
        county.done("县管理", KeepPayees { payees: vec![other] }).await;
        let mut looked_at = benefit(&book, "B3", rows(), "1560.00");
        looked_at.accept = Some("已核实".into());
        assert_eq!(county.done("甲", looked_at).await.flags.len(), 3, "one died; another's name and account are not the register's");
    }
    /// A list drawn up page by page is told what one that is looked at whole is told: accounts of several people, a name twice.
    async fn a_list_of_pages_is_looked_at_as_a_whole(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.village("V001").await;
        let draw = |rows: Vec<PayRow>, batch: &str| DrawUp { accept: Some("代收".into()), ..benefit(&book, batch, rows, "5000.00") };
        let drawn = county.done("甲", draw(long_list(), "B1")).await;
        let expected = check_whole(&long_list(), None);
        assert_eq!((drawn.flags.clone(), drawn.flags.len() > 5), (expected, true));
        let mut twice = long_list();
        (twice[10].party, twice[4_990].party) = ("P4500".into(), "P7".into());
        let Err(Stop::Refused(said)) = county.office.perform(&actor("甲"), draw(twice.clone(), "B2"), None).await else { panic!("twice") };
        let blocking = check_whole(&twice, None).into_iter().filter(|finding| finding.blocks).collect::<Vec<_>>();
        assert_eq!((said.code.as_str(), blocking.len()), ("Y-101", 2));
        assert!(said.message_zh.contains(&blocking[0].what) && blocking[0].what.ends_with("(第 11 行)"), "{}", said.message_zh);
    }
}
