//! `bench report`: what one month's reports cost in a book of many lines.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::gauges::{self, figure, median, millis_each, rate, thousandths};
use super::ground::{BenchRefusal, COUNTY, Ground};
use super::load::{Load, Shape};
use super::posting;
use crate::calendar::AccountingPeriod;
use crate::db::Stop;
use crate::ledger::{AccountCode, BookCode};
use crate::office::Office;
use crate::statements::account_ledger::LedgerAsk;
use crate::statements::account_ledger::service::ledger_page;
use crate::statements::service::{self, Keeping, Report};

/// How large the book is.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Lines of the book, posted over one year, two a voucher.
    #[arg(long, default_value_t = 1_000_000)]
    lines: u64,
    /// Runs of each report; each figure is their median.
    #[arg(long, default_value_t = 21)]
    runs: u64,
}

/// Measures.
pub async fn run(options: &Options, db_url: &str) -> Result<Value, Stop> {
    if options.lines < 2 || options.runs == 0 {
        let option = if options.lines < 2 { "--lines" } else { "--runs" };
        return Err(BenchRefusal::NothingToMeasure { option: option.to_owned() }.into());
    }
    let ground = Ground::make(db_url, "report").await?;
    let measured = measure(options, &ground).await;
    ground.remove().await?;
    measured
}

/// The month reported: the last one, so that the whole year stands behind it.
const MONTH: (i32, u32) = (2026, 12);

async fn measure(options: &Options, ground: &Ground) -> Result<Value, Stop> {
    let office = ground.office().await?;
    let (large, small) = (options.lines / 2, (options.lines / 20).max(1));
    let load = Load::lay_out(&office, 2, (MONTH.0, 1), Shape { vouchers: large, lines: 2, hot: false }).await?;
    let began = Instant::now();
    posting::post(&office, &Arc::new(load.on_book(0, large)), large, 1_000, 2).await?;
    let set_up = began.elapsed();
    posting::post(&office, &Arc::new(load.on_book(1, small)), small, 1_000, 2).await?;
    let of_large = Taken::of(&office, &load, 0, options.runs).await?;
    let of_small = Taken::of(&office, &load, 1, options.runs).await?;
    let machine = gauges::machine(&office.db).await?;
    office.close().await;
    let growth = |of: fn(&Taken) -> Duration| figure(thousandths(of(&of_large).as_nanos(), of(&of_small).as_nanos()));
    let millis = |took: Duration| figure(millis_each(took, 1));
    Ok(json!({
        "machine": machine,
        "lines": large * 2,
        "trial_balance_ms": millis(of_large.trial_balance),
        "balance_sheet_ms": millis(of_large.balance_sheet),
        "ledger_page_ms": millis(of_large.ledger_page),
        "to_a_book_of_a_tenth": {
            "trial_balance": growth(|taken| taken.trial_balance),
            "balance_sheet": growth(|taken| taken.balance_sheet),
            "ledger_page": growth(|taken| taken.ledger_page),
        },
        "runs": options.runs,
        "set_up_lines_per_s": rate(large * 2, set_up),
        "peak_rss_mb": gauges::peak_rss_mb(),
    }))
}

/// What each report took: the median of its runs.
struct Taken {
    trial_balance: Duration,
    balance_sheet: Duration,
    ledger_page: Duration,
}

impl Taken {
    async fn of(office: &Office, load: &Load, book: usize, runs: u64) -> Result<Taken, Stop> {
        let (book, account) = (&load.books()[book], &load.accounts()[0]);
        let trial = Report::TrialBalance { level: None, dimension: None };
        let (mut trials, mut sheets, mut pages) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..runs {
            trials.push(report_once(office, book, &trial).await?);
            sheets.push(report_once(office, book, &Report::BalanceSheet).await?);
            pages.push(page_once(office, book, account).await?);
        }
        let middle = |taken| median(taken).unwrap_or_default();
        Ok(Taken { trial_balance: middle(trials), balance_sheet: middle(sheets), ledger_page: middle(pages) })
    }
}

fn month() -> AccountingPeriod {
    AccountingPeriod::new(MONTH.0, MONTH.1).expect("December is a month")
}

async fn report_once(office: &Office, book: &BookCode, report: &Report) -> Result<Duration, Stop> {
    let began = Instant::now();
    let mut tx = office.db.begin_snapshot().await?;
    service::report(&mut tx, COUNTY, book, month(), report, false).await?;
    Ok(began.elapsed())
}

/// The first hundred lines of an account's month.
async fn page_once(office: &Office, book: &BookCode, account: &AccountCode) -> Result<Duration, Stop> {
    let began = Instant::now();
    let mut tx = office.db.begin_snapshot().await?;
    let keeping = Keeping::load(&mut tx, COUNTY, book, MONTH.0).await?;
    ledger_page(&mut tx, &keeping, &LedgerAsk::month(account.clone(), month()), None, 100).await?;
    Ok(began.elapsed())
}
