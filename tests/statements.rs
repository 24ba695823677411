//! Statements of two little books, posted through the acts users use: to the fen, and the same bytes on both databases.

mod support;

use std::collections::BTreeMap;

use cunzhang::controls::period_close::service::ReopenPeriod;
use cunzhang::controls::year_close::service::OpenYear;
use cunzhang::exchange::sheet::{Cell, Sheet};
use cunzhang::exchange::write_xlsx::write_xlsx;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::{BookCode, Dimension, EntityKind};
use cunzhang::statements::service::Report;
use support::county::County;
use support::little_books::{
    JOURNALS, TRIAL, close_year, detail, expect, json, little_county, period, refused, told, value, voucher,
};
use support::{TestDatabase, engines, on_both_engines};

fn equity() -> Report {
    Report::Equity { given: BTreeMap::new() }
}

const MEMBERS: Report = Report::MemberAccount { member: None };

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
