//! `bench papers`: what printing costs: one voucher, a month of them, a long ledger, a long list, a village's year.
//!
//! 1. Everything is printed from a book that was posted through the corridor, but for the list, which is made up here.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::gauges::{self, figure, median, millis_each};
use super::ground::{BenchRefusal, COUNTY, Ground};
use super::load::{Load, Shape};
use super::posting;
use crate::calendar::AccountingPeriod;
use crate::db::Stop;
use crate::exchange::{Column, Dress, Sheet};
use crate::faces::print::{Printed, press, vouchers};
use crate::ledger::books::{Book, store as books};
use crate::ledger::vouchers::store::list::Filter;
use crate::money::Amount;
use crate::office::Office;
use crate::papers::{Dressing, Paper};
use crate::statements::service::{Report, report};

/// How much is printed.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Vouchers of the month that is printed as one file.
    #[arg(long, default_value_t = 300)]
    vouchers: u64,
    /// Rows of the ledger.
    #[arg(long, default_value_t = 3_000)]
    ledger_rows: u64,
    /// Rows of the list.
    #[arg(long, default_value_t = 20_000)]
    list_rows: i64,
    /// Runs of each; each figure is their median.
    #[arg(long, default_value_t = 5)]
    runs: u64,
}

const YEAR: i32 = 2026;

/// Measures.
pub async fn run(options: &Options, db_url: &str) -> Result<Value, Stop> {
    if options.vouchers == 0 || options.ledger_rows == 0 || options.list_rows < 1 || options.runs == 0 {
        return Err(BenchRefusal::NothingToMeasure { option: "0".to_owned() }.into());
    }
    let began = Instant::now();
    press().map_err(|why| why.refusal())?;
    let fonts = began.elapsed();
    let ground = Ground::make(db_url, "papers").await?;
    let measured = measure(options, fonts, &ground).await;
    ground.remove().await?;
    measured
}

async fn measure(options: &Options, fonts: Duration, ground: &Ground) -> Result<Value, Stop> {
    let office = ground.office().await?;
    let month = options.vouchers;
    let load = Load::lay_out(&office, 2, (YEAR, 1), Shape { vouchers: month * 12, lines: 4, hot: false }).await?;
    posting::post(&office, &Arc::new(load.on_book(0, month * 12)), month * 12, 500, 2).await?;
    let rows = options.ledger_rows * 40 / 4;
    posting::post(&office, &Arc::new(load.on_book(1, rows)), rows, 500, 2).await?;
    let (village, large) = (book(&office, &load, 0).await?, book(&office, &load, 1).await?);
    let march = AccountingPeriod::new(YEAR, 3).expect("March is a month");
    let papers = of_month(&office, &village, march).await?;
    let single = papers.iter().find_map(|paper| match paper {
        Paper::Vouchers(vouchers) => vouchers.first().map(|first| vec![Paper::Vouchers(vec![first.clone()])]),
        _ => None,
    });
    let (one, _) = median_of(options.runs * 4, &single.unwrap_or_default())?;
    let (many, many_pages) = median_of(options.runs, &papers)?;
    let (ledger, ledger_pages) = median_of(options.runs, &ledger(&office, &large, &load).await?)?;
    let (year, year_pages) = of_year(&office, &village).await?;
    let list = [Paper::Sheet(list(options.list_rows))];
    let (listed, list_pages) = median_of(1, &list)?;
    let machine = gauges::machine(&office.db).await?;
    office.close().await;
    let millis = |took: Duration| figure(millis_each(took, 1));
    Ok(json!({
        "machine": machine,
        "fonts_once_ms": millis(fonts),
        "one_voucher_ms": millis(one),
        "vouchers_ms": millis(many), "vouchers": month, "vouchers_pages": many_pages,
        "ledger_ms": millis(ledger), "ledger_pages": ledger_pages,
        "year_of_a_village_ms": millis(year), "year_pages": year_pages,
        "list_ms": millis(listed), "list_rows": options.list_rows, "list_pages": list_pages,
        "peak_rss_mb": gauges::peak_rss_mb(),
    }))
}

async fn book(office: &Office, load: &Load, index: usize) -> Result<Book, Stop> {
    let code = &load.books()[index];
    let mut tx = office.db.begin_snapshot().await?;
    let found = books::book(&mut tx, COUNTY, code).await?;
    found.ok_or_else(|| BenchRefusal::NothingToMeasure { option: code.to_string() }.into())
}

fn print(papers: &[Paper]) -> Result<Printed, Stop> {
    press().map_err(|why| why.refusal())?.print(papers, &Dressing::default(), "", &|_, _| ())
}

/// Median time and pages; the first run warms up and is not counted.
fn median_of(runs: u64, papers: &[Paper]) -> Result<(Duration, usize), Stop> {
    let mut pages = if runs > 1 { print(papers)?.pages } else { 0 };
    let mut taken = Vec::new();
    for _ in 0..runs {
        let began = Instant::now();
        pages = print(papers)?.pages.max(pages);
        taken.push(began.elapsed());
    }
    Ok((median(taken).unwrap_or_default(), pages))
}

async fn of_month(office: &Office, book: &Book, period: AccountingPeriod) -> Result<Vec<Paper>, Stop> {
    let mut tx = office.db.begin_snapshot().await?;
    vouchers::month(&mut tx, COUNTY, book, period, &Filter::default()).await
}

async fn reported(office: &Office, book: &Book, period: AccountingPeriod, wanted: &Report) -> Result<Vec<Paper>, Stop> {
    let mut tx = office.db.begin_snapshot().await?;
    let sheets = report(&mut tx, COUNTY, &book.book, period, wanted, false).await?;
    Ok(sheets.into_iter().map(Paper::Sheet).collect())
}

async fn ledger(office: &Office, book: &Book, load: &Load) -> Result<Vec<Paper>, Stop> {
    let (from, december) = (AccountingPeriod::new(YEAR, 1), AccountingPeriod::new(YEAR, 12).expect("December is a month"));
    let wanted = Report::Ledger { account: load.accounts()[0].clone(), from, member: None, unposted: false };
    reported(office, book, december, &wanted).await
}

/// Twelve months of vouchers, trial balances and journals, the general ledger and the statements of the year.
async fn of_year(office: &Office, book: &Book) -> Result<(Duration, usize), Stop> {
    let began = Instant::now();
    let mut pages = 0;
    for month in 1..=12 {
        let period = AccountingPeriod::new(YEAR, month).expect("twelve months are a year");
        pages += print(&of_month(office, book, period).await?)?.pages;
        let mut wanted = vec![
            Report::TrialBalance { level: None, dimension: None },
            Report::Journal { account: None, from: None, unposted: false },
            Report::ReceiptsPayments,
        ];
        if month == 12 {
            wanted.extend([Report::BalanceSheet, Report::Surplus, Report::GeneralLedger { account: None }]);
        }
        for wanted in wanted {
            pages += print(&reported(office, book, period, &wanted).await?)?.pages;
        }
    }
    Ok((began.elapsed(), pages))
}

/// A list as subsidies have them.
fn list(rows: i64) -> Sheet {
    let columns = vec![
        Column::id("n", "序号"),
        Column::text("place", "村组"),
        Column::text("name", "户主"),
        Column::id("id", "身份证号"),
        Column::amount("principal", "本金"),
        Column::count("days", "天数"),
        Column::amount("subsidy", "贴息金额"),
        Column::text("remark", "备注"),
    ];
    let mut sheet =
        Sheet::new("贴息发放清单", columns).dressed(Dress::list()).subtitle("编制单位:测速县").subtitle("金额单位:元");
    for n in 1..=rows {
        let subsidy = Amount::from_fen(n * 7 % 90_000 + 1);
        let (name, id) = (format!("户主{n}"), format!("4599**********{:04}", n % 10_000));
        let place = format!("青溪镇第{}村第{}组", n / 200 + 1, n % 9 + 1);
        let words: [crate::exchange::Cell; 4] = [n.to_string().into(), place.into(), name.into(), id.into()];
        let figures = [Amount::from_yuan(50_000).into(), (n % 92).into(), subsidy.into(), "按季贴息".into()];
        sheet.push(words.into_iter().chain(figures).collect());
    }
    sheet
}
