//! Statements of two little books, posted through the acts users use: to the fen, and the same bytes on both databases.

mod support;

use std::collections::BTreeMap;

use cunzhang::calendar::AccountingPeriod;
use cunzhang::controls::period_close::service::{ClosePeriod, ReopenPeriod};
use cunzhang::controls::year_close::service::{CloseYear, OpenYear};
use cunzhang::db::Stop;
use cunzhang::exchange::sheet::{Cell, Sheet};
use cunzhang::exchange::{write_json::write_json, write_text::write_text, write_xlsx::write_xlsx};
use cunzhang::ledger::books::service::{AddAccounts, AddMembers, OwnAccount, PostOpening};
use cunzhang::ledger::books::store::Member;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::vouchers::service::{KeepDrafts, MoveVouchers, ReverseVoucher, Step};
use cunzhang::ledger::{BookCode, Dimension, Dimensions, EntityKind, Voucher, VoucherLine};
use cunzhang::money::Amount;
use cunzhang::statements::account_ledger::service::ledger_page;
use cunzhang::statements::account_ledger::{LedgerAsk, LedgerRow, RowKind};
use cunzhang::statements::service::{Keeping, Report, report};
use support::county::{County, date, yuan};
use support::{TestDatabase, engines, on_both_engines};

/// Lines written `102 +50000.00` (debit), `113/H001 -300.50` (credit, with its party), `241/@P1 -5.00` (with its project).
fn lines(text: &str) -> Vec<VoucherLine> {
    text.split(';').map(|line| line_of(line.trim())).collect()
}

fn line_of(text: &str) -> VoucherLine {
    let (account, amount) = text.split_once(' ').unwrap();
    let (account, member) = account.split_once('/').map_or((account, None), |(account, member)| (account, Some(member)));
    let mut dimensions = Dimensions::default();
    match member.map(|member| member.strip_prefix('@').ok_or(member)) {
        Some(Ok(project)) => dimensions.set(Dimension::Project, Some(project.to_owned())),
        Some(Err(party)) => dimensions.set(Dimension::Party, Some(party.to_owned())),
        None => {}
    }
    let (side, amount) = amount.split_at(1);
    let (debit, credit) = if side == "+" { (yuan(amount), Amount::ZERO) } else { (Amount::ZERO, yuan(amount)) };
    VoucherLine { summary: "测试业务".into(), account: account.into(), debit, credit, dimensions }
}

fn voucher(book: &BookCode, on: &str, text: &str) -> Voucher {
    Voucher { lines: lines(text), ..support::county::simple(book, on, "101", "102", "1.00") }
}

fn period(text: &str) -> AccountingPeriod {
    text.parse().unwrap()
}

/// A village's 2025; the same business whose figures `statements::proofs` computes by hand.
const VILLAGE: &[(&str, &str)] = &[
    ("2025-03-05", "102 +12345.67; 50101 -12345.67"),
    ("2025-04-10", "51301 +1200.00; 101 -200.00; 102 -1000.00"),
    ("2025-05-06", "102 +100000.00; 241/@P1 -100000.00"),
    ("2025-05-20", "153 +60000.00; 102 -60000.00"),
    ("2025-06-01", "151 +60000.00; 153 -60000.00"),
    ("2025-06-01", "241/@P1 +60000.00; 311 -60000.00"),
    ("2025-06-15", "102 +8000.00; 50301 -8000.00"),
    ("2025-07-07", "51401 +2500.25; 102 -2500.25"),
    ("2025-08-08", "51501 +99.99; 102 -99.99"),
    ("2025-09-09", "113/H001 +500.00; 50102 -500.00"),
    ("2025-10-10", "51305 +800.00; 152 -800.00"),
    ("2025-10-11", "181 +50.00; 101 -50.00"),
    ("2025-12-01", "102 +10.01; 50401 -10.01"),
    ("2025-12-02", "101 +50.00; 181 -50.00"),
    ("2025-12-03", "311 +100.00; 32202 -100.00"),
    ("2025-12-20", "3220101 +5000.00; 311 -5000.00"),
    ("2025-12-20", "3220102 +3000.00; 113/H001 -1000.00; 113/H002 -2000.00"),
];

const VILLAGE_OPENING: &str = "101 +1000.00; 102 +50000.00; 113/H001 +200.00; 113/H002 -300.50; 151 +20000.00; 152 -4000.00; \
    301 -40000.00; 311 -20000.00; 32202 -6899.50";

const COOPERATIVE: &[(&str, &str)] = &[
    ("2025-03-05", "102 +50000.00; 501 -50000.00"),
    ("2025-04-05", "521 +20000.10; 523 +1000.00; 102 -21000.10"),
    ("2025-06-05", "52401 +300.33; 215 -300.33"),
    ("2025-06-06", "102 +20.20; 52402 -20.20"),
    ("2025-07-05", "102 +30000.00; 235/@P1 -30000.00"),
    ("2025-08-05", "151 +30000.00; 102 -30000.00"),
    ("2025-08-05", "235/@P1 +30000.00; 311 -30000.00"),
    ("2025-09-05", "102 +11000.00; 301/M3 -10000.00; 321 -1000.00"),
    ("2025-12-05", "322 +400.00; 33202 -400.00"),
    ("2025-12-20", "3320101 +2871.98; 322 -2871.98"),
    ("2025-12-20", "3320102 +20000.00; 221/M1 -15000.00; 221/M2 -5000.00"),
    ("2025-12-20", "3320103 +6000.00; 222/M1 -4000.00; 222/M2 -2000.00"),
    ("2025-12-20", "3320104 +1000.00; 301/M1 -1000.00"),
];

const COOPERATIVE_OPENING: &str =
    "102 +100000.00; 114/M1 +500.00; 114/M2 -200.00; 301/M1 -60000.00; 301/M2 -30000.00; 322 -5000.00; 33202 -5300.00";

/// A county with both books, their 2025 posted and nothing closed.
async fn little_county(url: &str) -> (County, BookCode, BookCode) {
    let county = County::open(url).await;
    let village = county.book("V001", EntityKind::Village, "2025-01").await;
    let cooperative = county.book("C001", EntityKind::Cooperative, "2025-01").await;
    let card = |dimension: &str, member: &str, name: &str| Member {
        dimension: dimension.into(),
        member: member.into(),
        name: name.into(),
    };
    let members = vec![card("party", "H001", "甲户"), card("party", "H002", "乙户"), card("project", "P1", "道路硬化")];
    county.done("甲", AddMembers { book: village.clone(), members }).await;
    let members = vec![card("party", "M1", "子社员"), card("party", "M2", "丑社员"), card("project", "P1", "冷库")];
    county.done("甲", AddMembers { book: cooperative.clone(), members }).await;
    for (book, opening, year) in [(&village, VILLAGE_OPENING, VILLAGE), (&cooperative, COOPERATIVE_OPENING, COOPERATIVE)] {
        county.done("甲", PostOpening { book: book.clone(), lines: lines(opening) }).await;
        let vouchers = year.iter().map(|(on, text)| voucher(book, on, text)).collect();
        county.done("甲", PostVouchers { vouchers, event: None }).await;
    }
    reverse_one(&county, &village).await;
    (county, village, cooperative)
}

/// A wrong voucher and its reversal in red, both in November.
async fn reverse_one(county: &County, book: &BookCode) {
    let wrong = voucher(book, "2025-11-03", "51301 +34.56; 101 -34.56");
    let posted = county.done("甲", PostVouchers { vouchers: vec![wrong], event: None }).await;
    let on = date("2025-11-05");
    let red =
        county.done("甲", ReverseVoucher { book: book.clone(), voucher: posted[0].1, on, reason: Some("记错".into()) }).await;
    for step in [Step::Approve, Step::Post] {
        county.done("乙", MoveVouchers { book: book.clone(), vouchers: vec![red.1], step, reason: None }).await;
    }
}

async fn close_year(county: &County, book: &BookCode) {
    for month in 1..=11 {
        let period = AccountingPeriod::new(2025, month).unwrap();
        county.done("乙", ClosePeriod { book: book.clone(), period, reason: Some("附件在柜".into()) }).await;
    }
    let act = CloseYear { book: book.clone(), year: 2025, reserve_rate: None, choices: Vec::new(), adjustments: Vec::new() };
    county.done("乙", act).await;
}

async fn told(county: &County, book: &BookCode, at: &str, which: &Report) -> Vec<Sheet> {
    let mut tx = county.office.db.begin_snapshot().await.unwrap();
    report(&mut tx, "459900", book, period(at), which, true).await.unwrap_or_else(|stop| panic!("{which:?} {at}: {stop}"))
}

async fn refused(county: &County, book: &str, at: &str, which: &Report) -> String {
    let mut tx = county.office.db.begin_snapshot().await.unwrap();
    match report(&mut tx, "459900", &book.into(), period(at), which, false).await {
        Err(Stop::Refused(refusal)) => refusal.code,
        other => panic!("{which:?} was not refused: {other:?}"),
    }
}

/// The value of a column in the row that has a word in another column.
fn value(sheet: &Sheet, (column, word): (&str, &str), wanted: &str) -> String {
    let at = |key: &str| sheet.columns.iter().position(|column| column.key == key).unwrap_or_else(|| panic!("no column {key}"));
    let (column, wanted) = (at(column), at(wanted));
    let row = sheet.all_rows().find(|row| row[column].for_scripts().trim() == word);
    row.unwrap_or_else(|| panic!("{}: no row {word}", sheet.title))[wanted].for_scripts()
}

fn expect(sheet: &Sheet, key: &str, wanted: &str, figures: &[(&str, &str)]) {
    for (row, amount) in figures {
        assert_eq!(value(sheet, (key, row), wanted), *amount, "{} {row}\n{}", sheet.title, text(sheet));
    }
    let failed: Vec<&String> = sheet.notes.iter().filter(|note| note.starts_with('✕')).collect();
    assert!(failed.is_empty(), "{}: {failed:?}", sheet.title);
}

fn text(sheet: &Sheet) -> String {
    let mut out = Vec::new();
    write_text(sheet, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn json(sheets: &[Sheet]) -> String {
    let mut out = Vec::new();
    sheets.iter().for_each(|sheet| write_json(sheet, &mut out).unwrap());
    String::from_utf8(out).unwrap()
}

fn detail(account: &str, from: &str) -> Report {
    Report::Ledger { account: account.into(), from: Some(period(from)), member: None, unposted: false }
}

fn equity() -> Report {
    Report::Equity { given: BTreeMap::new() }
}

const MEMBERS: Report = Report::MemberAccount { member: None };
const TRIAL: Report = Report::TrialBalance { level: None, dimension: None };
const JOURNALS: Report = Report::Journal { account: None, from: None, unposted: false };

/// Every report of both books at a month, by its place in the list.
async fn all_reports(county: &County, village: &BookCode, cooperative: &BookCode, at: &str) -> Vec<String> {
    let by = |dimension| Report::TrialBalance { level: None, dimension: Some(dimension) };
    let general = || Report::GeneralLedger { account: None };
    let january = format!("{}-01", &at[..4]);
    let mut all = Vec::new();
    for book in [village, cooperative] {
        for which in [TRIAL, by(Dimension::Party), by(Dimension::Project), general(), detail("102", &january), JOURNALS] {
            all.push(json(&told(county, book, at, &which).await));
        }
        for which in [Report::BalanceSheet, Report::Surplus, Report::ReceiptsPayments] {
            all.push(json(&told(county, book, at, &which).await));
        }
    }
    for which in [equity(), MEMBERS] {
        all.push(json(&told(county, cooperative, at, &which).await));
    }
    all
}

const VILLAGE_BALANCE: &[(&str, &str)] = &[
    ("A1", "107555.44"),
    ("A3", ""),
    ("A11", "80000.00"),
    ("A12", "4800.00"),
    ("A13", "75200.00"),
    ("A23", "182755.44"),
    ("B2", "2600.50"),
    ("B6", "2600.50"),
    ("B9", "40000.00"),
    ("C1", "40000.00"),
    ("C2", "84900.00"),
    ("C3", "15254.94"),
    ("C5", "182755.44"),
];

const VILLAGE_SURPLUS: &[(&str, &str)] = &[
    ("1", "12845.67"),
    ("5", "2000.00"),
    ("6", "10845.67"),
    ("7", "8000.00"),
    ("13", "16255.44"),
    ("14", "6899.50"),
    ("15", "100.00"),
    ("16", "23254.94"),
    ("17", "5000.00"),
    ("18", "3000.00"),
    ("20", "15254.94"),
];

on_both_engines! {
    /// A village's year, before and after its closing, and its place in the next year.
    async fn a_village_year(database: &TestDatabase) {
        let (county, village, _) = little_county(database.url()).await;
        for closed in [false, true] {
            let balance = told(&county, &village, "2025-12", &Report::BalanceSheet).await.remove(0);
            expect(&balance, "line", "amount", VILLAGE_BALANCE);
            expect(&balance, "line", "compared", &[("A1", "51000.00"), ("A3", "200.00"), ("B2", "300.50"), ("A23", "67200.00")]);
            assert_eq!(balance.title, "资产负债表(会村01表)");
            assert_eq!(balance.subtitle, ["编制单位:V001账", "日期:2025年12月31日", "金额单位:元"]);
            assert_eq!(value(&balance, ("line", "A3"), "formula"), "应收款(112)借方余额 + 内部往来(113)各明细借方余额合计");
            assert_eq!(value(&balance, ("line", "A1"), "reads"), "库存现金(101)借方余额 800.00;银行存款(102)借方余额 106,755.44");
            assert!(balance.notes.contains(&"✓ 资产总计 = 负债和所有者权益总计:182,755.44 = 182,755.44".to_owned()));
            let surplus = told(&county, &village, "2025-12", &Report::Surplus).await.remove(0);
            expect(&surplus, "line", "amount", VILLAGE_SURPLUS);
            let flows = told(&county, &village, "2025-12", &Report::ReceiptsPayments).await.remove(0);
            expect(&flows, "name", "year_to_date", &[("收入合计", "20855.68"), ("支出合计", "4600.24"), ("收支差额", "16255.44")]);
            expect(&flows, "name", "month", &[("收入合计", "10.01"), ("支出合计", "0.00"), ("收支差额", "10.01")]);
            let trial = told(&county, &village, "2025-12", &TRIAL).await.remove(0);
            expect(&trial, "account", "closing_debit", &[("102", "106755.44"), ("101", "800.00")]);
            expect(&trial, "account", "closing_credit", &[("113", "2600.50"), ("241", "40000.00"), ("32202", "15254.94")].map(|(a, b)| (a, if closed || a != "32202" { b } else { "6999.50" })));
            if !closed {
                close_year(&county, &village).await;
            }
        }
    }

    /// At an interim date two-sided accounts show both sides and pending property stands as its own line.
    async fn an_interim_month(database: &TestDatabase) {
        let (county, village, _) = little_county(database.url()).await;
        let balance = told(&county, &village, "2025-11", &Report::BalanceSheet).await.remove(0);
        expect(&balance, "line", "amount", &[("X181", "50.00"), ("A3", "700.00"), ("B2", "300.50"), ("C3", "23144.93")]);
        let trial = told(&county, &village, "2025-11", &Report::TrialBalance { level: Some(1), dimension: None }).await.remove(0);
        expect(&trial, "account", "closing_debit", &[("113", "700.00")]);
        expect(&trial, "account", "closing_credit", &[("113", "300.50")]);
        expect(&trial, "account", "period_debit", &[("513", "")]);
        expect(&trial, "account", "year_debit", &[("513", "2000.00"), ("合计", "305495.91")]);
        let by_project = told(&county, &village, "2025-11", &Report::TrialBalance { level: None, dimension: Some(Dimension::Project) }).await.remove(0);
        expect(&by_project, "member", "closing_credit", &[("P1", "40000.00")]);
        expect(&by_project, "member", "member_name", &[("P1", "道路硬化")]);
        let surplus = told(&county, &village, "2025-11", &Report::Surplus).await.remove(0);
        expect(&surplus, "line", "amount", &[("13", "16245.43"), ("20", "23144.93")]);
        assert_eq!(surplus.columns[2].heading, "本年累计金额");
    }

    /// A cooperative's three statements and the account of each member.
    async fn a_cooperative_year(database: &TestDatabase) {
        let (county, _, cooperative) = little_county(database.url()).await;
        for closed in [false, true] {
            let balance = told(&county, &cooperative, "2025-12", &Report::BalanceSheet).await.remove(0);
            expect(&balance, "line", "amount", &[("1", "140020.10"), ("2", "500.00"), ("22", "170520.10"), ("24", "200.00"), ("36", "101000.00"), ("42", "170520.10")]);
            let surplus = told(&county, &cooperative, "2025-12", &Report::Surplus).await.remove(0);
            expect(&surplus, "line", "amount", &[("1", "50000.00"), ("12", "28719.77"), ("15", "2871.98"), ("20", "4547.79")]);
            let matrix = told(&county, &cooperative, "2025-12", &equity()).await;
            expect(&matrix[0], "item", "shares", &[("年初余额", "90000.00"), ("本年增加数", "11000.00"), ("年末余额", "101000.00")]);
            expect(&matrix[0], "item", "total", &[("年初余额", "100300.00"), ("年末余额", "144019.77")]);
            assert_eq!(value(&matrix[1], ("key", "322.inc.1"), "amount"), "2871.98");
            let members = told(&county, &cooperative, "2025-12", &MEMBERS).await;
            assert_eq!(members.iter().map(|sheet| sheet.title.as_str()).collect::<Vec<_>>(), ["成员账户 M1", "成员账户 M2", "成员账户 M3"]);
            assert_eq!(members[0].subtitle[0], "成员姓名(名称):子社员");
            expect(&members[0], "summary", "contribution_other", &[("年初余额", "60000.00"), ("年末余额(总额)", "61000.00")]);
            expect(&members[0], "summary", "patronage_refund", &[("年末余额(总额)", "15000.00")]);
            expect(&members[2], "summary", "contribution_other", &[("年初余额", "0.00"), ("出资变动", "10000.00"), ("年末余额(总额)", "10000.00")]);
            if !closed {
                close_year(&county, &cooperative).await;
            }
        }
    }

    /// While the old year is open the new one opens with what it would carry, and says so; closing it changes no figure.
    async fn a_new_year_before_the_old_is_closed(database: &TestDatabase) {
        let (county, village, cooperative) = little_county(database.url()).await;
        for book in [&village, &cooperative] {
            county.done("甲", OpenYear { book: book.clone(), year: 2026 }).await;
        }
        let january = vec![voucher(&village, "2026-01-04", "102 +7.00; 50401 -7.00"), voucher(&cooperative, "2026-01-04", "102 +7.00; 501 -7.00")];
        county.done("甲", PostVouchers { vouchers: january, event: None }).await;
        const PROVISIONAL: &str = "上年未年结,期初为暂计";
        let before = all_reports(&county, &village, &cooperative, "2026-01").await;
        assert!(before.iter().all(|sheets| sheets.contains(PROVISIONAL)));
        let balance = told(&county, &village, "2026-01", &Report::BalanceSheet).await.remove(0);
        expect(&balance, "line", "compared", &[("A1", "107555.44"), ("C3", "15254.94"), ("A23", "182755.44")]);
        expect(&balance, "line", "amount", &[("A1", "107562.44"), ("C3", "15261.94")]);
        let surplus = told(&county, &village, "2026-01", &Report::Surplus).await.remove(0);
        expect(&surplus, "line", "amount", &[("8", "7.00"), ("14", "15254.94"), ("20", "15261.94")]);
        close_year(&county, &village).await;
        close_year(&county, &cooperative).await;
        let after = all_reports(&county, &village, &cooperative, "2026-01").await;
        for (before, after) in before.iter().zip(&after) {
            let without = before.replace(&format!("\"{PROVISIONAL}\","), "").replace(&format!("\"{PROVISIONAL}\""), "");
            assert_eq!(&without, after);
        }
        let reopen = ReopenPeriod { book: village.clone(), period: period("2025-12"), reason: "补记".into() };
        county.done("乙", reopen).await;
        let again = told(&county, &village, "2026-01", &TRIAL).await.remove(0);
        assert_eq!(again.notes[0], "上年已反结账,期初以再次年结为准");
    }

    /// 明细账 and 日记账: running balances, totals, drafts, one party, sub-accounts under their parent.
    async fn ledgers(database: &TestDatabase) {
        let (county, village, _) = little_county(database.url()).await;
        let bank = told(&county, &village, "2025-06", &detail("102", "2025-01")).await.remove(0);
        let written: Vec<String> = bank.rows.iter().map(|row| row.iter().map(Cell::for_people).collect::<Vec<_>>().join("|")).collect();
        assert_eq!(written, [
            "||上年结转|||借|50,000.00",
            "2025-03-05|2025-03-记-1|测试业务|12,345.67||借|62,345.67",
            "||本月合计|12,345.67|0.00|借|62,345.67",
            "||本年累计|12,345.67|0.00|借|62,345.67",
            "2025-04-10|2025-04-记-1|测试业务||1,000.00|借|61,345.67",
            "||本月合计|0.00|1,000.00|借|61,345.67",
            "||本年累计|12,345.67|1,000.00|借|61,345.67",
            "2025-05-06|2025-05-记-1|测试业务|100,000.00||借|161,345.67",
            "2025-05-20|2025-05-记-2|测试业务||60,000.00|借|101,345.67",
            "||本月合计|100,000.00|60,000.00|借|101,345.67",
            "||本年累计|112,345.67|61,000.00|借|101,345.67",
            "2025-06-15|2025-06-记-3|测试业务|8,000.00||借|109,345.67",
            "||本月合计|8,000.00|0.00|借|109,345.67",
            "||本年累计|120,345.67|61,000.00|借|109,345.67",
        ]);
        let parent = told(&county, &village, "2025-12", &detail("513", "2025-12")).await.remove(0);
        let rows: Vec<String> = parent.rows.iter().map(|row| row.iter().map(Cell::for_people).collect::<Vec<_>>().join("|")).collect();
        assert_eq!(rows, ["||期初余额||||借|2,000.00", "||本月合计||0.00|0.00|借|2,000.00", "||本年累计||2,000.00|0.00|借|2,000.00"]);
        let party = Report::Ledger { account: "113".into(), from: Some(period("2025-01")), member: Some((Dimension::Party, "H001".into())), unposted: false };
        let party = told(&county, &village, "2025-12", &party).await.remove(0);
        let last = party.rows.last().unwrap().iter().map(Cell::for_people).collect::<Vec<_>>();
        assert_eq!(last, ["", "", "本年累计", "500.00", "1,000.00", "贷", "300.00"]);
        assert!(party.subtitle.contains(&"往来:H001".to_owned()));
        let november = told(&county, &village, "2025-11", &JOURNALS).await;
        assert_eq!(november[0].title, "现金日记账 101 库存现金");
        let cash: Vec<String> = november[0].rows.iter().map(|row| row.iter().skip(2).map(Cell::for_people).collect::<Vec<_>>().join("|")).collect();
        assert_eq!(cash, [
            "期初余额|||借|750.00",
            "测试业务||34.56|借|715.44",
            "本日合计|0.00|34.56|借|715.44",
            "注销2025年11月03日记字1号凭证||-34.56|借|750.00",
            "本日合计|0.00|-34.56|借|750.00",
            "本月合计|0.00|0.00|借|750.00",
            "本年累计|0.00|250.00|借|750.00",
        ]);
        county.done("甲", KeepDrafts { book: village.clone(), vouchers: vec![voucher(&village, "2025-10-30", "101 +3.00; 102 -3.00"), voucher(&village, "2025-11-30", "101 +5.00; 102 -5.00")], skip_known: false }).await;
        let drafts = Report::Ledger { account: "101".into(), from: None, member: None, unposted: true };
        let drafts = told(&county, &village, "2025-11", &drafts).await.remove(0);
        assert_eq!(drafts.rows[0].last().unwrap().for_scripts(), "753.00");
        assert_eq!(value(&drafts, ("state", "草稿"), "balance"), "758.00");
        let general = told(&county, &village, "2025-03", &Report::GeneralLedger { account: Some("102".into()) }).await.remove(0);
        assert_eq!(general.rows.last().unwrap().iter().skip(2).map(Cell::for_people).collect::<Vec<_>>(), ["2025-03", "本年累计", "12,345.67", "0.00", "借", "62,345.67"]);
    }

    /// Pages of any size joined together are the whole ledger; each knows what it carries forward.
    async fn pages(database: &TestDatabase) {
        let (county, village, _) = little_county(database.url()).await;
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let keeping = Keeping::load(&mut tx, "459900", &village, 2025).await.unwrap();
        let whole_year = LedgerAsk { from: period("2025-01"), daily: true, ..LedgerAsk::month("102".into(), period("2025-12")) };
        let whole = ledger_page(&mut tx, &keeping, &whole_year, None, 1_000).await.unwrap();
        assert_eq!(whole.next, None);
        for size in 1..=12 {
            let mut rows: Vec<LedgerRow> = Vec::new();
            let mut place = None;
            loop {
                let page = ledger_page(&mut tx, &keeping, &whole_year, place.as_ref(), size).await.unwrap();
                assert_eq!(page.before, rows.last().map_or(yuan("50000.00"), |row| row.balance));
                rows.extend(page.rows);
                place = page.next.map(|next| next.to_string().parse().unwrap());
                if place.is_none() {
                    break;
                }
            }
            assert_eq!(rows, whole.rows, "pages of {size}");
        }
        assert_eq!(whole.rows.iter().filter(|row| row.kind == RowKind::Line).count(), 8);
    }

    /// What cannot be reported is refused with a code.
    async fn refusals(database: &TestDatabase) {
        let (county, ..) = little_county(database.url()).await;
        let member = Report::MemberAccount { member: Some("M9".into()) };
        for (book, at, which, code) in [
            ("X001", "2025-12", &TRIAL, "L-306"),
            ("V001", "2024-12", &TRIAL, "B-103"),
            ("V001", "2026-01", &TRIAL, "B-103"),
            ("V001", "2025-12", &detail("999", "2025-12"), "C-101"),
            ("V001", "2025-12", &Report::GeneralLedger { account: Some("999".into()) }, "C-101"),
            ("V001", "2025-06", &detail("102", "2025-07"), "S-108"),
            ("V001", "2025-12", &equity(), "S-101"),
            ("V001", "2025-12", &MEMBERS, "S-101"),
            ("C001", "2025-12", &member, "S-110"),
        ] {
            assert_eq!(refused(&county, book, at, which).await, code, "{book} {at} {which:?}");
        }
        county.book("V002", EntityKind::Village, "2025-07").await;
        assert_eq!(refused(&county, "V002", "2025-06", &TRIAL).await, "L-202");
    }

    /// Own sub-accounts stand beneath their parent, set in, and add up to it.
    async fn sub_accounts(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.village("V001").await;
        let own = |code: &str, name: &str| OwnAccount { code: code.into(), name: name.into(), requires: Vec::new() };
        county.done("甲", AddAccounts { book: book.clone(), year: 2026, accounts: vec![own("10201", "农商行"), own("10202", "信用社")] }).await;
        let vouchers = vec![voucher(&book, "2026-01-03", "10201 +5.00; 50401 -5.00"), voucher(&book, "2026-01-04", "10202 +2.00; 10201 -2.00")];
        county.done("甲", PostVouchers { vouchers, event: None }).await;
        let trial = told(&county, &book, "2026-01", &TRIAL).await.remove(0);
        expect(&trial, "account", "closing_debit", &[("102", "5.00"), ("10201", "3.00"), ("10202", "2.00")]);
        assert_eq!(trial.rows[1][1].for_scripts(), "　农商行");
        let journals = told(&county, &book, "2026-01", &JOURNALS).await;
        assert_eq!(journals.iter().map(|sheet| sheet.title.as_str()).collect::<Vec<_>>(), ["现金日记账 101 库存现金", "银行存款日记账 10201 银行存款—农商行", "银行存款日记账 10202 银行存款—信用社"]);
        let whole = told(&county, &book, "2026-01", &detail("102", "2026-01")).await.remove(0);
        let accounts: Vec<String> = whole.rows.iter().map(|row| row[3].for_scripts()).collect();
        assert_eq!(accounts, ["", "10201", "10202", "10201", "", ""].map(str::to_owned));
    }
}

/// Both databases print the same bytes, and the workbook reads back as the sheets.
#[test]
fn the_same_bytes_on_both_and_the_workbook_reads_back() {
    let databases = engines();
    let printed: Vec<Vec<String>> = databases.iter().map(|database| engines::run(everything(database.url()))).collect();
    assert_eq!(printed[0].len(), printed[1].len());
    for (sqlite, postgres) in printed[0].iter().zip(&printed[1]) {
        assert_eq!(sqlite, postgres);
    }
}

async fn everything(url: &str) -> Vec<String> {
    let (county, village, cooperative) = little_county(url).await;
    let mut all = all_reports(&county, &village, &cooperative, "2025-11").await;
    close_year(&county, &village).await;
    close_year(&county, &cooperative).await;
    all.extend(all_reports(&county, &village, &cooperative, "2025-12").await);
    all.extend(all_reports(&county, &village, &cooperative, "2026-01").await);
    let mut sheets = told(&county, &village, "2025-12", &Report::BalanceSheet).await;
    sheets.extend(told(&county, &cooperative, "2025-12", &equity()).await);
    sheets.extend(told(&county, &village, "2025-12", &JOURNALS).await);
    reads_back(&sheets);
    all
}

/// Every cell of the workbook is the sheet's: figures as numbers, ids as text.
fn reads_back(sheets: &[Sheet]) {
    use calamine::Reader;
    let mut bytes = Vec::new();
    write_xlsx(sheets, &mut bytes).unwrap();
    let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    let names = book.sheet_names();
    assert_eq!(names.len(), sheets.len());
    for (sheet, name) in sheets.iter().zip(names) {
        let range = book.worksheet_range(&name).unwrap();
        let first = 2 + sheet.subtitle.len();
        for (row, cells) in sheet.all_rows().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let found = range.get_value(((first + row) as u32, column as u32));
                assert!(same(cell, found), "{name} {row} {column}: {cell:?} {found:?}");
            }
        }
    }
}

fn same(cell: &Cell, found: Option<&calamine::Data>) -> bool {
    use calamine::Data;
    match (cell, found) {
        (Cell::Empty, None | Some(Data::Empty)) => true,
        (Cell::Text(text), Some(Data::String(read))) => text == read,
        (Cell::Text(text), None | Some(Data::Empty)) => text.is_empty(),
        (Cell::Amount(amount), Some(Data::Float(read))) => format!("{read:.2}") == amount.to_string(),
        (Cell::Count(count), Some(Data::Float(read))) => format!("{read:.0}") == count.to_string(),
        (Cell::Date(date), Some(Data::DateTime(read))) => {
            let (year, month, day, ..) = read.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}") == date.to_string()
        }
        _ => false,
    }
}
