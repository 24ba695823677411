//! `bench reconcile`: importing statement lines and matching them with as many voucher lines.
//!
//! 1. The files are read from bytes as a bank would send them, a month at a time; the vouchers stand in the books before.
//! 2. One line in fifty is a twin of the line before, and stays unmatched, as it must.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::gauges;
use super::ground::{BenchRefusal, Ground, actor};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::controls::reconciliation::account::{BankAccount, CloseCheck};
use crate::controls::reconciliation::service::{AddBankAccount, At, ImportStatement, RunMatching};
use crate::db::Stop;
use crate::exchange::bank_statement::{BankOptions, read_statement};
use crate::ledger::books::Book;
use crate::ledger::books::service::{AddBook, AddCounty};
use crate::ledger::service::PostVouchers;
use crate::ledger::{AccountCode, BookCode, Dimensions, EntityKind, Voucher};
use crate::money::Amount;
use crate::office::Office;

/// How many lines.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Statement lines, spread over one year; as many voucher lines of the bank account.
    #[arg(long, default_value_t = 100_000)]
    lines: u64,
}

const YEAR: i32 = 2026;

/// Measures.
pub async fn run(options: &Options, db_url: &str) -> Result<Value, Stop> {
    if options.lines == 0 {
        return Err(BenchRefusal::NothingToMeasure { option: "--lines".to_owned() }.into());
    }
    let ground = Ground::make(db_url, "reconcile").await?;
    let measured = measure(options.lines, &ground).await;
    ground.remove().await?;
    measured
}

async fn measure(lines: u64, ground: &Ground) -> Result<Value, Stop> {
    let office = ground.office().await?;
    let at = lay_out(&office, lines).await?;
    let cpu = gauges::own_cpu();
    let (mut import, mut imported) = (Duration::ZERO, 0);
    for month in 1..=12 {
        let bytes = file(lines, month);
        let began = Instant::now();
        imported += import_file(&office, &at, bytes, month).await?;
        import += began.elapsed();
    }
    let began = Instant::now();
    let through = AccountingPeriod::opening(YEAR + 1).previous().last_day();
    let report = office.perform(&actor(), RunMatching { at, through }, None).await?;
    let matching = began.elapsed();
    let cpu = gauges::own_cpu().zip(cpu).map(|(after, before)| after.saturating_sub(before));
    let machine = gauges::machine(&office.db).await?;
    office.close().await;
    Ok(json!({
        "machine": machine,
        "lines": imported,
        "import_s": gauges::figure(gauges::thousandths(import.as_millis(), 1_000)),
        "match_s": gauges::figure(gauges::thousandths(matching.as_millis(), 1_000)),
        "cpu_s": cpu.map(|cpu| gauges::figure(gauges::thousandths(cpu.as_millis(), 1_000))),
        "rows_per_s": gauges::rate(lines, import + matching),
        "matched": report.pairs,
        "left": report.bank_left,
        "peak_rss_mb": gauges::peak_rss_mb(),
    }))
}

/// A book with its bank account and the vouchers.
async fn lay_out(office: &Office, lines: u64) -> Result<At, Stop> {
    office.perform(&actor(), AddCounty { name: "测速县".to_owned() }, None).await?;
    let first_period = AccountingPeriod::opening(YEAR).next();
    let (code, name) = (BookCode::from("V001"), "测速村".to_owned());
    let book = Book { book: code.clone(), name, kind: EntityKind::Village, place: None, organisation: None, first_period };
    office.perform(&actor(), AddBook { book, regime: None }, None).await?;
    let account = BankAccount {
        code: "NS01".to_owned(),
        number: "4599001012345678".to_owned(),
        bank_name: "测速银行".to_owned(),
        holder: "测速村".to_owned(),
        book: code.clone(),
        account: AccountCode::from("102"),
        member: String::new(),
        starts_on: first_period.first_day(),
        opening: Some(Amount::ZERO),
        close_check: CloseCheck::Off,
        auto_days: 3,
        candidate_days: 10,
    };
    let at = At::from(&account);
    office.perform(&actor(), AddBankAccount { account }, None).await?;
    let mut numbers = (0..lines).peekable();
    while numbers.peek().is_some() {
        let vouchers: Vec<Voucher> = numbers.by_ref().take(5_000).filter_map(|n| voucher(&code, n, lines)).collect();
        office.perform(&actor(), PostVouchers { vouchers, event: None }, None).await?;
    }
    Ok(at)
}

/// What the n-th line is: its day, amount, name. A twin repeats the line before.
fn business(n: u64, lines: u64) -> (BusinessDate, Amount, String) {
    let n = if n % 50 == 1 { n - 1 } else { n };
    let day = u64::from(u32::try_from(u128::from(n) * 360 / u128::from(lines.max(1))).unwrap_or(0));
    let january = AccountingPeriod::opening(YEAR).first_day();
    let on = january.checked_add_days(chrono::Days::new(day)).unwrap_or(january);
    let mixed = n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
    let fen = i64::try_from(mixed % 900_000).unwrap_or(0) + 100;
    (on, Amount::from_fen(fen), format!("户{:06}", mixed % 50_021))
}

fn voucher(book: &BookCode, n: u64, lines: u64) -> Option<Voucher> {
    let (on, amount, name) = business(n, lines);
    let draft = Voucher::on(book, on, &format!("收{name}利息"));
    let (bank, income) = (AccountCode::from("102"), AccountCode::from("50101"));
    draft.debit(&bank, amount, Dimensions::default()).credit(&income, amount, Dimensions::default()).balanced().ok()
}

/// The bank's file of a month.
fn file(lines: u64, month: u32) -> Vec<u8> {
    let mut text = String::from("交易日期,摘要,收入金额,支出金额,对方户名,对方账号,流水号\n");
    for n in 0..lines {
        let (on, amount, name) = business(n, lines);
        if AccountingPeriod::of(on).month() == month {
            text += &format!("{on},还息,{amount},,{name},,F{n:08}\n");
        }
    }
    text.into_bytes()
}

async fn import_file(office: &Office, at: &At, bytes: Vec<u8>, month: u32) -> Result<i64, Stop> {
    let Ok(mut file) = read_statement(&bytes, &BankOptions::default()) else { return Ok(0) };
    let digest = hex::encode(Sha256::digest(&bytes));
    drop(bytes);
    let Some(statement) = file.statements.pop() else { return Ok(0) };
    let act =
        ImportStatement { at: at.clone(), file_name: format!("{month}.csv"), digest, format: file.format.to_owned(), statement };
    Ok(office.perform(&actor(), act, None).await?.lines_new)
}
