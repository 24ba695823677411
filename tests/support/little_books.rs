//! Two little books, a village's and a cooperative's, with a year of business whose statements were computed by hand; and how
//! tests ask for reports and read them.

use cunzhang::calendar::AccountingPeriod;
use cunzhang::controls::period_close::service::ClosePeriod;
use cunzhang::controls::year_close::service::CloseYear;
use cunzhang::db::Stop;
use cunzhang::exchange::sheet::Sheet;
use cunzhang::exchange::{write_json::write_json, write_text::write_text};
use cunzhang::ledger::books::service::{AddMembers, PostOpening};
use cunzhang::ledger::books::store::Member;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::vouchers::service::{MoveVouchers, ReverseVoucher, Step};
use cunzhang::ledger::{BookCode, Dimension, Dimensions, EntityKind, Voucher, VoucherLine};
use cunzhang::money::Amount;
use cunzhang::statements::service::{Report, report};

use super::county::{County, date, simple, yuan};

/// Lines written `102 +50000.00` (debit), `113/H001 -300.50` (credit, with its party), `241/@P1 -5.00` (with its project).
pub fn lines(text: &str) -> Vec<VoucherLine> {
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

pub fn voucher(book: &BookCode, on: &str, text: &str) -> Voucher {
    Voucher { lines: lines(text), ..simple(book, on, "101", "102", "1.00") }
}

pub fn period(text: &str) -> AccountingPeriod {
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
pub async fn little_county(url: &str) -> (County, BookCode, BookCode) {
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

pub async fn close_year(county: &County, book: &BookCode) {
    for month in 1..=11 {
        let period = AccountingPeriod::new(2025, month).unwrap();
        county.done("乙", ClosePeriod { book: book.clone(), period, reason: Some("附件在柜".into()) }).await;
    }
    let act = CloseYear { book: book.clone(), year: 2025, reserve_rate: None, choices: Vec::new(), adjustments: Vec::new() };
    county.done("乙", act).await;
}

pub async fn told(county: &County, book: &BookCode, at: &str, which: &Report) -> Vec<Sheet> {
    let mut tx = county.office.db.begin_snapshot().await.unwrap();
    report(&mut tx, "459900", book, period(at), which, true).await.unwrap_or_else(|stop| panic!("{which:?} {at}: {stop}"))
}

pub async fn refused(county: &County, book: &str, at: &str, which: &Report) -> String {
    let mut tx = county.office.db.begin_snapshot().await.unwrap();
    match report(&mut tx, "459900", &book.into(), period(at), which, false).await {
        Err(Stop::Refused(refusal)) => refusal.code,
        other => panic!("{which:?} was not refused: {other:?}"),
    }
}

/// The value of a column in the row that has a word in another column.
pub fn value(sheet: &Sheet, (column, word): (&str, &str), wanted: &str) -> String {
    let at = |key: &str| sheet.columns.iter().position(|column| column.key == key).unwrap_or_else(|| panic!("no column {key}"));
    let (column, wanted) = (at(column), at(wanted));
    let row = sheet.all_rows().find(|row| row[column].for_scripts().trim() == word);
    row.unwrap_or_else(|| panic!("{}: no row {word}", sheet.title))[wanted].for_scripts()
}

pub fn expect(sheet: &Sheet, key: &str, wanted: &str, figures: &[(&str, &str)]) {
    for (row, amount) in figures {
        assert_eq!(value(sheet, (key, row), wanted), *amount, "{} {row}\n{}", sheet.title, text(sheet));
    }
    let failed: Vec<&String> = sheet.notes.iter().filter(|note| note.starts_with('✕')).collect();
    assert!(failed.is_empty(), "{}: {failed:?}", sheet.title);
}

pub fn text(sheet: &Sheet) -> String {
    let mut out = Vec::new();
    write_text(sheet, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

pub fn json(sheets: &[Sheet]) -> String {
    let mut out = Vec::new();
    sheets.iter().for_each(|sheet| write_json(sheet, &mut out).unwrap());
    String::from_utf8(out).unwrap()
}

pub fn detail(account: &str, from: &str) -> Report {
    Report::Ledger { account: account.into(), from: Some(period(from)), member: None, unposted: false }
}

pub const TRIAL: Report = Report::TrialBalance { level: None, dimension: None };

pub const JOURNALS: Report = Report::Journal { account: None, from: None, unposted: false };
