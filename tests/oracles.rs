//! The exported journal of seeded random books in hledger, ledger and beancount: strict checks, and every account's
//! balance as the program's own movements have it.
//!
//! Books of several years with red reversals, cards, Chinese names and sub-accounts, carried balances and a change of regime.

mod support;

use std::collections::BTreeMap;

use cunzhang::calendar::AccountingPeriod;
use cunzhang::controls::period_close::service::ClosePeriod;
use cunzhang::controls::year_close::service::CloseYear;
use cunzhang::exchange::journal_out::JournalFormat;
use cunzhang::ledger::books::service::{AddAccounts, OwnAccount, PostOpening};
use cunzhang::ledger::journal::service::{Counts, export};
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::vouchers::service::{MoveVouchers, ReverseVoucher, Step};
use cunzhang::ledger::{AccountCode, BookCode, Dimensions, EntityKind, Voucher, VoucherLine};
use cunzhang::money::Amount;
use sqlx::Row;
use support::TestDatabase;
use support::county::{County, date};
use support::on_both_engines;
use support::oracles::{Balances, Oracle};

/// Small numbers from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// A book to play: code, kind, first month, years, and pairs of accounts by year.
struct Play {
    code: &'static str,
    kind: EntityKind,
    first: &'static str,
    years: [i32; 2],
    pairs: [&'static [(&'static str, &'static str)]; 2],
}

const PLAYS: [Play; 3] = [
    Play {
        code: "C001",
        kind: EntityKind::Cooperative,
        first: "2022-09",
        years: [2022, 2023],
        pairs: [
            &[("10201", "501"), ("522", "10201"), ("114", "10201"), ("10201", "301"), ("121", "10201")],
            &[
                ("102", "501"),
                ("523", "102"),
                ("114", "102"),
                ("102", "301"),
                ("52401", "102"),
                ("102", "52402"),
                ("3320102", "221"),
            ],
        ],
    },
    Play {
        code: "V001",
        kind: EntityKind::Village,
        first: "2023-10",
        years: [2023, 2024],
        pairs: [
            &[("10201", "531"), ("541", "10201"), ("113", "10201"), ("10201", "241"), ("151", "10201")],
            &[("102", "50101"), ("51301", "102"), ("113", "102"), ("102", "241"), ("3220102", "21102"), ("101", "102")],
        ],
    },
    Play {
        code: "R001",
        kind: EntityKind::RiskFund,
        first: "2023-11",
        years: [2023, 2024],
        pairs: [
            &[("F10101", "F301"), ("F10101", "F401"), ("F502", "F10101")],
            &[("F10101", "F301"), ("F10101", "F401"), ("F501", "F10101")],
        ],
    },
];

fn voucher(dice: &mut Dice, book: &BookCode, period: AccountingPeriod, pairs: &[(&str, &str)], summaries: &[&str]) -> Voucher {
    let day = 1 + dice.below(28);
    let mut draft =
        Voucher::on(book, date(&format!("{period}-{day:02}")), summaries[dice.below(summaries.len() as u64) as usize]);
    for _ in 0..1 + dice.below(3) {
        let (debit, credit) = pairs[dice.below(pairs.len() as u64) as usize];
        let small = debit.starts_with("33") || debit.starts_with("32");
        let amount = Amount::from_fen(1 + dice.below(if small { 900 } else { 9_000_000 }) as i64);
        let member = Some(["吉克·阿依", "户 \"二\"", "H-03"][dice.below(3) as usize].to_owned());
        let cards = Dimensions { party: member.clone(), project: member, ..Dimensions::default() };
        draft = draft.debit(&AccountCode::from(debit), amount, cards.clone()).credit(&AccountCode::from(credit), amount, cards);
    }
    draft.balanced().expect("pairs balance")
}

/// Two years of a book, closed month by month, with reversals; the second year stays open.
async fn play(county: &County, dice: &mut Dice, play: &Play) {
    let book = county.book(play.code, play.kind, play.first).await;
    let bank = if play.kind == EntityKind::RiskFund { "F101" } else { "102" };
    let own = OwnAccount { code: format!("{bank}01"), name: "农商行〇一·支行: \"活期\"".into(), requires: Vec::new() };
    county.done("甲", AddAccounts { book: book.clone(), year: play.years[0], accounts: vec![own] }).await;
    let equity = if play.kind == EntityKind::RiskFund { "F301" } else { "301" };
    let cards = Dimensions { party: Some("全体".into()), ..Dimensions::default() };
    let opening = |account: &str, debit: i64, credit: i64| VoucherLine {
        summary: "期初余额".into(),
        account: account.into(),
        debit: Amount::from_fen(debit),
        credit: Amount::from_fen(credit),
        dimensions: cards.clone(),
    };
    let lines = vec![opening(&format!("{bank}01"), 12_345_678_901, 0), opening(equity, 0, 12_345_678_901)];
    county.done("甲", PostOpening { book: book.clone(), lines }).await;
    let mut period: AccountingPeriod = play.first.parse().expect("a period");
    for (year, pairs) in play.years.into_iter().zip(play.pairs) {
        while period.year() == year && !(year == play.years[1] && period.month() == 5) {
            month(county, dice, &book, period, pairs).await;
            let last = period.month() == 12;
            if !last {
                county.done("甲", ClosePeriod { book: book.clone(), period, reason: None }).await;
            }
            period = period.next();
        }
        if year == play.years[0] {
            county.done("甲", close_year(county, &book, year).await).await;
        }
    }
}

async fn month(county: &County, dice: &mut Dice, book: &BookCode, period: AccountingPeriod, pairs: &[(&str, &str)]) {
    const SUMMARIES: [&str; 6] =
        ["卖粮;五月", "付 \"运费\" | 车队", "村级开支 [2024-01-01]", "* 转存", "分红, date:明天", "电费\\水费"];
    let vouchers: Vec<Voucher> = (0..4).map(|_| voucher(dice, book, period, pairs, &SUMMARIES)).collect();
    let posted = county.done("甲", PostVouchers { vouchers, event: None }).await;
    let wrong = posted[dice.below(4) as usize].1;
    let on = period.last_day();
    let red = county.done("甲", ReverseVoucher { book: book.clone(), voucher: wrong, on, reason: None }).await;
    for step in [Step::Approve, Step::Post] {
        county.done("乙", MoveVouchers { book: book.clone(), vouchers: vec![red.1], step, reason: None }).await;
    }
}

/// Closes the year; the own bank account goes to its first-level account where the regime changes.
async fn close_year(county: &County, book: &BookCode, year: i32) -> CloseYear {
    use cunzhang::controls::period_close::store::balances;
    use cunzhang::ledger::conversion::Choice;
    let mut reader = county.office.db.reader().await.expect("a reader");
    let span = (AccountingPeriod::opening(year), AccountingPeriod::opening(year + 1).previous());
    let all = balances(&mut reader, "459900", book, span).await.expect("balances can be read");
    let bank = all.into_iter().filter(|b| b.account.as_str() == "10201");
    let choices = bank.map(|b| Choice { old: b.account, dimensions: b.dimensions, new: "102".into(), amount: b.net }).collect();
    CloseYear { book: book.clone(), year, reserve_rate: None, choices, adjustments: Vec::new() }
}

/// The program's own balances: (book, code) to debit less credit of each book's last year, from the movements.
async fn own_balances(county: &County) -> BTreeMap<(String, String), i64> {
    const SQL: &str = "select m.book, m.account, cast(sum(m.debit_cents - m.credit_cents) as bigint) from period_movement m \
         where m.county = '459900' and m.dimension = '' and m.period >= (select max(y.year) || '-00' from book_year y \
         where y.county = m.county and y.book = m.book) group by m.book, m.account";
    let mut reader = county.office.db.reader().await.expect("a reader");
    let rows = sqlx::query(SQL).fetch_all(&mut *reader).await.expect("movements can be read");
    let all = rows.iter().map(|row| ((row.get(0), row.get(1)), row.get(2)));
    all.filter(|(_, net): &(_, i64)| *net != 0).collect()
}

/// The oracle's balances by (book, code): the book stands in the second part of a name, the code begins the last.
fn by_code(balances: Balances, only: Option<&str>) -> BTreeMap<(String, String), i64> {
    let key = |name: &str| {
        let book = only.unwrap_or_else(|| name.split(':').nth(1).expect("a class and a book"));
        let last = name.rsplit(':').next().expect("a last part");
        (book.to_owned(), last.chars().take_while(|c| c.is_ascii_alphanumeric()).collect())
    };
    balances.iter().map(|(name, net)| (key(name), *net)).collect()
}

async fn exported(county: &County, format: &str, books: &[BookCode], suffix: &str) -> (tempfile::TempPath, Counts) {
    let file = tempfile::Builder::new().suffix(suffix).tempfile().expect("a temporary file can be made");
    let mut tx = county.office.db.begin_snapshot().await.expect("a snapshot");
    let format = JournalFormat::parse(format).expect("a known format");
    let out = std::io::BufWriter::new(file.reopen().expect("the file opens again"));
    let counts = export(&mut tx, "459900", books, format, out).await.expect("the export runs");
    (file.into_temp_path(), counts)
}

on_both_engines! {
    /// All books together and each alone: strictly valid, and the same balances to the fen.
    async fn three_programs_agree(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        for seed in [3, 2026] {
            let mut dice = Dice(seed);
            if seed == 3 {
                for one in &PLAYS {
                    play(&county, &mut dice, one).await;
                }
            } else {
                // More business on what is open, so that the second look is not the first again.
                for one in &PLAYS {
                    let period = format!("{}-05", one.years[1]).parse().expect("a period");
                    month(&county, &mut dice, &one.code.into(), period, one.pairs[1]).await;
                }
            }
            compare(&county, &[]).await;
        }
        compare(&county, &["V001".into()]).await;
    }

    /// Nothing unposted leaves; an unknown book is refused; json carries every posted voucher.
    async fn only_what_is_posted_leaves(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.village("V001").await;
        let wrong = support::county::simple(&book, "2026-01-05", "101", "102", "1.00");
        let kept = cunzhang::ledger::vouchers::service::KeepDrafts { book: book.clone(), vouchers: vec![wrong.clone()], skip_known: false };
        county.done("甲", kept).await;
        county.done("甲", PostVouchers { vouchers: vec![wrong], event: None }).await;
        let (file, counts) = exported(&county, "json", &[], ".json").await;
        let json: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).expect("the file is there")).expect("json");
        assert_eq!((counts.books, counts.vouchers, counts.lines), (1, 1, 2));
        assert_eq!(json["vouchers"][0]["number"], 2);
        let mut reader = county.office.db.reader().await.expect("a reader");
        let unknown = export(&mut reader, "459900", &["V404".into()], JournalFormat::Json, Vec::new()).await;
        assert!(unknown.is_err_and(|stop| stop.to_string().contains("L-306")));
    }
}

async fn compare(county: &County, books: &[BookCode]) {
    let only = books.first().map(|book| book.0.as_str());
    let mut own = own_balances(county).await;
    own.retain(|(book, _), _| only.is_none_or(|only| only == book));
    assert!(own.len() > 6, "{own:?}");
    for oracle in Oracle::ALL {
        let suffix = if oracle == Oracle::Beancount { ".beancount" } else { ".journal" };
        let (file, counts) = exported(county, oracle.name(), books, suffix).await;
        assert!(counts.vouchers > 20, "{counts:?}");
        oracle.check(&file).unwrap_or_else(|why| panic!("{}: {why}", oracle.name()));
        let theirs = oracle.balances(&file).unwrap_or_else(|why| panic!("{}: {why}", oracle.name()));
        assert_eq!(by_code(theirs, only), own, "{} {only:?}", oracle.name());
    }
}
