//! The exported journal loads in hledger, ledger and beancount, with the book's own balances.
//!
//! Skipped, with a printed notice, only where a program is not installed.

use std::collections::BTreeMap;
use std::process::Command;

use cunzhang::calendar::{AccountingPeriod, BusinessDate};
use cunzhang::exchange::journal_out::{JournalAccount, JournalFormat, JournalWriter, PostedVoucherView};
use cunzhang::ledger::{AccountClass, BookCode, Dimensions, Stage, VoucherLine, Word};
use cunzhang::money::Amount;

struct Posted {
    book: &'static str,
    period: AccountingPeriod,
    stage: Stage,
    number: i64,
    lines: Vec<VoucherLine>,
    reverses: Option<&'static str>,
}

fn line(summary: &str, account: &str, fen: i64) -> VoucherLine {
    let (debit, credit) = if fen >= 0 { (fen, 0) } else { (0, -fen) };
    let dimensions =
        Dimensions { party: Some("吉克·阿依; [2024-01-01], date:明天 \"x\\".into()), ..Dimensions::default() };
    VoucherLine {
        summary: summary.into(),
        account: account.into(),
        debit: Amount::from_fen(debit),
        credit: Amount::from_fen(credit),
        dimensions,
    }
}

fn red(summary: &str, account: &str, debit: i64, credit: i64) -> VoucherLine {
    VoucherLine { debit: Amount::from_fen(debit), credit: Amount::from_fen(credit), ..line(summary, account, 0) }
}

fn month(year: i32, month: u32) -> AccountingPeriod {
    AccountingPeriod::new(year, month).unwrap()
}

/// Names that try to break out of their fields, three years, a red reversal, a renamed account.
fn accounts(book: &'static str) -> Vec<JournalAccount> {
    use AccountClass::*;
    let chart = [
        ("101", "库存现金  (现;金)", Asset),
        ("102", "银行存款", Asset),
        ("10201", "农行〇一·支行: \"活期\"", Asset),
        ("202", "应付款", Liability),
        ("301", "公积公益金", Equity),
        ("321", "本年收益", Equity),
        ("401", "生产(劳务)成本", Cost),
        ("501", "经营收入", Income),
        ("541", "其他支出", Expense),
    ];
    let years = [2023, 2024, 2025];
    let account = |year: i32, (code, name, class): (&str, &str, AccountClass)| {
        let name = if year == 2025 && code == "301" { "专项应付与公积" } else { name };
        JournalAccount { book: book.into(), year, code: code.into(), name: name.to_owned(), class }
    };
    years.into_iter().flat_map(|year| chart.into_iter().map(move |row| account(year, row))).collect()
}

fn posted(book: &'static str) -> Vec<Posted> {
    let voucher = |period, stage, number, lines| Posted { book, period, stage, number, lines, reverses: None };
    let opening = |year| AccountingPeriod::opening(year);
    let carried = |year| {
        voucher(
            opening(year),
            Stage::Opening,
            1,
            vec![
                line("上年结转", "101", 50_000),
                line("上年结转", "10201", 149_500),
                line("上年结转", "301", -150_000),
                line("上年结转", "321", -49_500),
            ],
        )
    };
    vec![
        voucher(opening(2023), Stage::Opening, 1, vec![line("期初", "101", 100_000), line("期初", "301", -100_000)]),
        voucher(opening(2023), Stage::Opening, 2, vec![line("期初", "10201", 50_000), line("期初", "301", -50_000)]),
        voucher(
            month(2023, 3),
            Stage::Ordinary,
            1,
            vec![line("存现; (转)|款 \"引\"", "10201", 50_000), line("存现", "101", -50_000)],
        ),
        voucher(month(2023, 4), Stage::Ordinary, 1, vec![line("卖粮", "10201", 50_000), line("收入", "501", -50_000)]),
        voucher(month(2023, 5), Stage::Ordinary, 1, vec![line("错", "541", 999), line("错", "101", -999)]),
        Posted {
            reverses: Some("2023-05/记-1"),
            ..voucher(month(2023, 5), Stage::Ordinary, 2, vec![red("冲", "541", -999, 0), red("冲", "101", 0, -999)])
        },
        voucher(month(2023, 6), Stage::Ordinary, 1, vec![line("付", "541", 500), line("付", "10201", -500)]),
        voucher(
            month(2023, 12),
            Stage::Transfer,
            1,
            vec![line("结转", "501", 50_000), line("结转", "541", -500), line("结转", "321", -49_500)],
        ),
        carried(2024),
        voucher(month(2024, 1), Stage::Ordinary, 1, vec![line("借", "101", 7), line("借", "202", -7)]),
        voucher(month(2024, 2), Stage::Ordinary, 1, vec![line("还", "202", 7), line("还", "101", -7)]),
        carried(2025),
        voucher(month(2025, 1), Stage::Ordinary, 1, vec![line("*", "401", 1), line("*", "101", -1)]),
    ]
}

fn export(format: JournalFormat, books: &[&'static str]) -> String {
    let accounts: Vec<_> = books.iter().flat_map(|book| accounts(book)).collect();
    let mut writer = JournalWriter::begin(Vec::new(), format, &accounts).unwrap();
    for voucher in books.iter().flat_map(|book| posted(book)) {
        let Posted { book, period, stage, number, lines, reverses } = &voucher;
        let (book, dated_on): (BookCode, BusinessDate) = ((*book).into(), period.first_day());
        let view = PostedVoucherView {
            book: &book,
            period: *period,
            dated_on,
            word: Word::General,
            number: *number,
            stage: *stage,
            lines,
            reverses: *reverses,
        };
        writer.voucher(&view).unwrap();
    }
    String::from_utf8(writer.end().unwrap()).unwrap()
}

/// Runs a program on the journal; `None`, with a notice, if it is not installed.
fn run(program: &str, args: &[&str], journal: &str) -> Option<String> {
    let file = tempfile::Builder::new().suffix(".journal").tempfile().unwrap();
    std::fs::write(file.path(), journal).unwrap();
    let path = file.path().to_str().unwrap();
    let args: Vec<&str> = args.iter().map(|arg| if *arg == "FILE" { path } else { arg }).collect();
    let output = match Command::new(program).args(&args).env("LC_ALL", "C.UTF-8").output() {
        Ok(output) => output,
        Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("NOTICE: {program} is not installed; its check is skipped");
            return None;
        }
        Err(other) => panic!("{program}: {other}"),
    };
    let (text, error) =
        (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned());
    assert!(output.status.success() && error.is_empty(), "{program} {args:?}: {error}\n{text}\n{journal}");
    Some(text)
}

/// `code → fen` from lines that hold an amount with CNY and a name ending in a code part.
fn balances(text: &str) -> BTreeMap<String, i64> {
    let mut found = BTreeMap::new();
    for row in text.lines().filter(|row| row.contains("CNY") && row.contains(':')) {
        let amount = row
            .split(|c: char| c.is_whitespace() || c == ',')
            .map(|word| word.trim_matches('"').replace("CNY", ""))
            .find(|word| word.contains('.') && word.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit() || b == b'.'));
        let name = row.rsplit(':').next().unwrap();
        let code: String = name.chars().take_while(char::is_ascii_digit).collect();
        let fen = amount.unwrap_or_else(|| panic!("no amount in {row}")).parse::<Amount>().unwrap().fen();
        *found.entry(code).or_insert(0) += fen;
    }
    found.retain(|_, fen| *fen != 0);
    found
}

fn expected(books: i64) -> BTreeMap<String, i64> {
    let of_one = [("101", 49_999), ("10201", 149_500), ("301", -150_000), ("321", -49_500), ("401", 1)];
    of_one.into_iter().map(|(code, fen)| (code.to_owned(), fen * books)).collect()
}

#[test]
fn hledger_shows_the_same_balances() {
    for books in [&["V001"][..], &["V001", "V002"]] {
        let journal = export(JournalFormat::Hledger, books);
        let Some(text) = run("hledger", &["-f", "FILE", "balance", "--flat", "--no-total"], &journal) else { return };
        assert_eq!(balances(&text), expected(books.len() as i64), "{text}");
        run("hledger", &["-f", "FILE", "check", "accounts", "commodities", "balancednoautoconversion"], &journal);
    }
}

#[test]
fn ledger_shows_the_same_balances() {
    for books in [&["V001"][..], &["V001", "V002"]] {
        let journal = export(JournalFormat::Ledger, books);
        let args = ["--pedantic", "-f", "FILE", "balance", "--flat", "--no-total"];
        let Some(text) = run("ledger", &args, &journal) else { return };
        assert_eq!(balances(&text), expected(books.len() as i64), "{text}");
    }
}

#[test]
fn beancount_shows_the_same_balances() {
    for books in [&["V001"][..], &["V001", "V002"]] {
        let journal = export(JournalFormat::Beancount, books);
        if run("bean-check", &["FILE"], &journal).is_none() {
            return;
        }
        let query = "select account, sum(position) as balance group by account";
        let text = run("bean-query", &["-m", "FILE", query], &journal).unwrap();
        assert_eq!(balances(&text), expected(books.len() as i64), "{text}");
    }
}

#[test]
fn later_openings_only_move_what_was_renamed() {
    let journal = export(JournalFormat::Hledger, &["V001"]);
    assert_eq!(journal.matches("上年结转").count(), 0, "{journal}");
    assert_eq!(journal.matches("年初科目转换").count(), 1, "{journal}");
    let json: serde_json::Value = serde_json::from_str(&export(JournalFormat::Json, &["V001", "V002"])).unwrap();
    assert_eq!(json["vouchers"].as_array().unwrap().len(), 26);
    assert_eq!(json["vouchers"][5]["lines"][0]["debit"], "-9.99");
}
