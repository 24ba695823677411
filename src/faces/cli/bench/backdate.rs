//! `bench backdate`: what a voucher dated before everything else costs, with few and with many later dates present.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::gauges::{self, figure, median, millis_each, thousandths};
use super::ground::{BenchRefusal, Ground, actor};
use super::load::{Load, Shape};
use crate::db::Stop;
use crate::ledger::service::PostVouchers;
use crate::office::Office;

/// How vouchers are backdated.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Numbers of later dates, one book each.
    #[arg(long, value_delimiter = ',', default_values_t = [0, 365, 1_825])]
    later: Vec<u64>,
    /// Backdated vouchers a book; the figure is their median.
    #[arg(long, default_value_t = 300)]
    vouchers: u64,
}

/// Five years, enough for 1,825 later dates.
const YEARS: (i32, i32) = (2020, 6);
const LATEST: u64 = 365 * 6 - 1;

/// Measures.
pub async fn run(options: &Options, db_url: &str) -> Result<Value, Stop> {
    let is_bad = options.later.is_empty() || options.later.iter().any(|later| *later > LATEST);
    if is_bad || options.vouchers == 0 {
        let option = if is_bad { "--later" } else { "--vouchers" };
        return Err(BenchRefusal::NothingToMeasure { option: option.to_owned() }.into());
    }
    let ground = Ground::make(db_url, "backdate").await?;
    let measured = measure(options, &ground).await;
    ground.remove().await?;
    measured
}

async fn measure(options: &Options, ground: &Ground) -> Result<Value, Stop> {
    let office = ground.office().await?;
    let books = options.later.len() as u64;
    let load = Arc::new(Load::lay_out(&office, books, YEARS, Shape { vouchers: 1, lines: 2, hot: true }).await?);
    for (book, later) in (0..).zip(&options.later) {
        post_later(&office, &load, (book, books), *later).await?;
    }
    let medians = backdate(&office, &load, options).await?;
    let machine = gauges::machine(&office.db).await?;
    office.close().await;
    let (least, most) = (medians.iter().min(), medians.iter().max());
    let ratio = least.zip(most).map(|(least, most)| figure(thousandths(most.as_nanos(), least.as_nanos())));
    Ok(json!({
        "machine": machine,
        "later_dates": options.later,
        "ms_per_voucher": medians.iter().map(|took| figure(millis_each(*took, 1))).collect::<Vec<_>>(),
        "ratio": ratio,
        "vouchers": options.vouchers,
    }))
}

/// One voucher on each of the days after the first, in one book.
async fn post_later(office: &Office, load: &Load, (book, books): (u64, u64), later: u64) -> Result<(), Stop> {
    let days: Vec<u64> = (1..=later).collect();
    for some in days.chunks(500) {
        let vouchers = some.iter().map(|day| load.voucher_on(book + books * day, *day)).collect();
        office.perform(&actor(), PostVouchers { vouchers, event: None }, None).await?;
    }
    Ok(())
}

/// The median cost of a voucher on the first day of each book; books take turns, so that all meet the same machine.
async fn backdate(office: &Office, load: &Load, options: &Options) -> Result<Vec<Duration>, Stop> {
    let books = options.later.len() as u64;
    let mut taken: Vec<Vec<Duration>> = vec![Vec::new(); options.later.len()];
    for turn in 0..options.vouchers {
        for (book, taken) in (0..).zip(&mut taken) {
            let vouchers = vec![load.voucher_on(book + books * turn, 0)];
            let began = Instant::now();
            office.perform(&actor(), PostVouchers { vouchers, event: None }, None).await?;
            taken.push(began.elapsed());
        }
    }
    Ok(taken.into_iter().filter_map(median).collect())
}
