//! `bench settle`: interest settlement of many loans, in memory and end to end with durable rows.
//!
//! 1. End to end is `settle_run` itself: pages of standings read, rows written, standings moved on, one commit a chunk.
//! 2. Every run is the next quarter of the same loans; the figures are the medians of the runs.
//! 3. The raw limit is the quarter's rows inserted into the same table, as many a commit, deciding nothing.
//! 4. With `--catch-up DAYS` one run settles everything of so many days at once, instead of quarter by quarter.

use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::Days;
use serde_json::{Value, json};

use super::gauges::{self, figure, median, rate, thousandths};
use super::ground::{BenchRefusal, Ground, actor};
use crate::calendar::{BusinessDate, DayCount};
use crate::db::{Db, Stop};
use crate::ledger::books::service::AddCounty;
use crate::money::{Amount, Rate};
use crate::products::microloan::contract::Contract;
use crate::products::microloan::fact::{Fact, Happening};
use crate::products::microloan::service::settle_run;
use crate::products::microloan::settle::PlainLoan;
use crate::products::microloan::state::LoanState;
use crate::products::microloan::store::{self as register, heads::LoanHead, standings};
use crate::products::microloan::terms::Settlement;
use crate::products::microloan::timeline::timeline;

/// How many loans are settled.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Loans.
    #[arg(long, default_value_t = 100_000)]
    loans: u64,
    /// Quarters settled one after the other.
    #[arg(long, default_value_t = 3)]
    runs: u32,
    /// Settles so many days in one run, instead of quarters.
    #[arg(long, default_value_t = 0)]
    catch_up: u64,
}

const QUARTERS: [&str; 8] =
    ["2022-03-20", "2022-06-20", "2022-09-20", "2022-12-20", "2023-03-20", "2023-06-20", "2023-09-20", "2023-12-20"];

/// Measures.
pub async fn run(options: &Options, db_url: &str) -> Result<Value, Stop> {
    if options.loans == 0 || !(1..=8).contains(&options.runs) {
        let option = if options.loans == 0 { "--loans" } else { "--runs" };
        return Err(BenchRefusal::NothingToMeasure { option: option.to_owned() }.into());
    }
    let ground = Ground::make(db_url, "settle").await?;
    let measured = measure(options, &ground).await;
    ground.remove().await?;
    measured
}

async fn measure(options: &Options, ground: &Ground) -> Result<Value, Stop> {
    let office = ground.office().await?;
    office.perform(&actor(), AddCounty { name: "测速县".to_owned() }, None).await?;
    lay_out(&office.db, options.loans).await?;
    let (mut taken, mut rows, mut cpu) = (Vec::new(), 0, Duration::ZERO);
    for date in dates(options) {
        let (began, before) = (Instant::now(), used(&office.db).await?);
        let done = settle_run(&office, &actor(), date, &mut |_| true).await?;
        taken.push(began.elapsed());
        cpu += used(&office.db).await?.saturating_sub(before);
        rows += done.changes.rows;
    }
    let runs = taken.len() as u64;
    let raw = insert_raw(&office.db, options.loans).await?;
    let machine = gauges::machine(&office.db).await?;
    office.close().await;
    let took = median(taken).unwrap_or_default();
    let computed = median((0..options.runs.max(3)).map(|_| compute(options.loans)).collect()).unwrap_or_default();
    Ok(json!({
        "machine": machine,
        "loans": options.loans,
        "runs": runs,
        "rows": rows,
        "seconds": figure(thousandths(took.as_millis(), 1_000)),
        "raw_rows_per_s": rate(options.loans, raw),
        "ratio_to_raw": figure(thousandths(raw.as_nanos() * u128::from(rows.unsigned_abs()), took.as_nanos() * u128::from(options.loans * runs))),
        "cpu_us_per_loan": figure(thousandths(cpu.as_micros(), u128::from(options.loans * runs))),
        "compute_loans_per_s": rate(options.loans, computed),
        "loans_per_s": rate(options.loans, took),
        "peak_rss_mb": gauges::peak_rss_mb(),
    }))
}

/// The settlement dates of the runs.
fn dates(options: &Options) -> Vec<BusinessDate> {
    match options.catch_up {
        0 => QUARTERS.iter().take(options.runs as usize).map(|quarter| day(quarter)).collect(),
        days => vec![plain(0).row_from + Days::new(days)],
    }
}

/// Processor time used so far, the server's with it.
async fn used(db: &Db) -> Result<Duration, Stop> {
    let server = gauges::server_cpu(db).await?.unwrap_or_default();
    Ok(gauges::own_cpu().unwrap_or_default() + server)
}

/// Inserts one row a loan into the table of settled rows, five thousand a commit.
async fn insert_raw(db: &Db, loans: u64) -> Result<Duration, Stop> {
    let began = Instant::now();
    for first in (0..loans).step_by(5_000) {
        let row = |number: u64| {
            let loan = plain(number);
            let (due, start) = ("2024-12-21".to_owned(), "2024-09-21".to_owned());
            (format!("L{number:09}"), due, "interest", 1, start, 91, loan.principal, loan.principal / 100, "2024-12".to_owned())
        };
        let rows: Vec<_> = (first..loans.min(first + 5_000)).map(row).collect();
        let mut tx = db.begin_write().await?;
        register::add_rows(&mut tx, &actor().county, &rows).await?;
        tx.commit().await?;
    }
    Ok(began.elapsed())
}

fn day(text: &str) -> BusinessDate {
    text.parse().expect("the quarters above are dates")
}

/// The loan of a number, as its standing has it.
fn plain(number: u64) -> PlainLoan {
    PlainLoan {
        principal: 1_000_000 + i64::try_from(number % 4_000_000).unwrap_or(0),
        rate_ppm: 34_500 + i64::try_from(number % 13).unwrap_or(0) * 1_000,
        day_count: DayCount::Actual360,
        settlement: Settlement::Quarterly,
        row_from: day("2022-01-05"),
        next_due: day("2022-03-21"),
        matures_on: day("2025-01-05"),
    }
}

/// One quarter of all loans, in memory, on one core.
fn compute(loans: u64) -> Duration {
    let page: Vec<PlainLoan> = (0..loans.min(100_000)).map(plain).collect();
    let due = day("2022-03-21");
    let (began, mut done) = (Instant::now(), 0);
    while done < loans {
        let some = usize::try_from(loans - done).unwrap_or(usize::MAX).min(page.len());
        let sum: i64 = page[..some].iter().filter_map(|loan| { *loan }.settle_next(due)).map(|row| row.amount).sum();
        black_box(sum);
        done += some as u64;
    }
    began.elapsed()
}

/// Standings of loans paid out on one day, written without their facts.
async fn lay_out(db: &Db, loans: u64) -> Result<(), Stop> {
    let mut next = 0;
    while next < loans {
        let last = (next + 20_000).min(loans);
        let made: Vec<_> = (next..last).map(loan).collect::<Result<_, Stop>>()?;
        let rows: Vec<_> = made.iter().map(|(head, position)| (head, position)).collect();
        let mut tx = db.begin_write().await?;
        standings::save(&mut tx, &actor().county, &rows).await?;
        tx.commit().await?;
        next = last;
    }
    Ok(())
}

fn loan(number: u64) -> Result<(LoanHead, crate::products::microloan::timeline::Position), Stop> {
    let plain = plain(number);
    let (amount, rate, on) = (Amount::from_fen(plain.principal), Rate::from_ppm(plain.rate_ppm)?, plain.row_from);
    let contract = Contract::usual(amount, rate, on, plain.matures_on);
    let facts = [Fact { on, what: Happening::Disbursed { amount } }];
    let position = timeline("", &contract, &facts, on)?.position;
    let head = LoanHead {
        loan: format!("L{number:09}"),
        household: format!("H{number:09}"),
        borrower: "测速户".to_owned(),
        place: format!("459999{:03}201", 101 + number % 12),
        bank: format!("B{}", number % 3 + 1),
        product: String::new(),
        policy: None,
        purpose: String::new(),
        asked: amount,
        asked_months: 36,
        applied_on: on,
        applied_by: String::new(),
        state: LoanState::Disbursed,
        approvals: 0,
        contract: Some(contract),
        contract_number: None,
        renews: None,
    };
    Ok((head, position))
}
