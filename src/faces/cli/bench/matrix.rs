//! `bench matrix`: the supervision board over a county of many villages with a year of vouchers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::gauges::{self, figure, median, millis_each, rate};
use super::ground::{BenchRefusal, COUNTY, Ground, actor};
use super::load::{Load, Shape};
use super::posting;
use crate::calendar::AccountingPeriod;
use crate::controls::period_close::service::ClosePeriod;
use crate::controls::supervision::matrix::{square, tallies};
use crate::controls::supervision::service::flags::RunFlags;
use crate::controls::supervision::service::overview::villages;
use crate::db::Stop;
use crate::office::Office;

/// How large the county is.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Villages.
    #[arg(long, default_value_t = 500)]
    villages: u64,
    /// Vouchers of a village's year, four lines each.
    #[arg(long, default_value_t = 240)]
    vouchers: u64,
    /// Runs; the figure is their median.
    #[arg(long, default_value_t = 21)]
    runs: u64,
}

const YEAR: i32 = 2025;

/// Measures.
pub async fn run(options: &Options, db_url: &str) -> Result<Value, Stop> {
    if options.villages == 0 || options.runs == 0 {
        let option = if options.villages == 0 { "--villages" } else { "--runs" };
        return Err(BenchRefusal::NothingToMeasure { option: option.to_owned() }.into());
    }
    let ground = Ground::make(db_url, "matrix").await?;
    let measured = measure(options, &ground).await;
    ground.remove().await?;
    measured
}

async fn measure(options: &Options, ground: &Ground) -> Result<Value, Stop> {
    let office = ground.office().await?;
    let count = options.villages * options.vouchers;
    let load = Load::lay_out(&office, options.villages, (YEAR, 1), Shape { vouchers: count, lines: 4, hot: false }).await?;
    let load = Arc::new(load);
    let began = Instant::now();
    posting::post(&office, &load, count, 1_000, 2).await?;
    let set_up = began.elapsed();
    // Every tenth village has run the rules and tried to close January.
    for book in load.books().iter().step_by(10) {
        office.perform(&actor(), RunFlags { book: book.clone(), year: Some(YEAR) }, None).await?;
        let period = AccountingPeriod::new(YEAR, 1).expect("January is a month");
        let close = ClosePeriod { book: book.clone(), period, reason: Some("测速".to_owned()) };
        if let Err(Stop::Failed(failure)) = office.perform(&actor(), close, None).await {
            return Err(failure.into()); // a month with something open stays open, as it would for people
        }
    }
    let (matrix, shown) = taken(&office, options.runs).await?;
    let machine = gauges::machine(&office.db).await?;
    office.close().await;
    Ok(json!({
        "machine": machine,
        "villages": options.villages,
        "vouchers": count,
        "matrix_ms": figure(millis_each(matrix, 1)),
        "squares": shown,
        "runs": options.runs,
        "set_up_vouchers_per_s": rate(count, set_up),
        "peak_rss_mb": gauges::peak_rss_mb(),
    }))
}

/// What the board takes, read and put into words: the median, and how many squares say something.
async fn taken(office: &Office, runs: u64) -> Result<(Duration, usize), Stop> {
    let today = office.today();
    let (mut took, mut said) = (Vec::new(), 0);
    for _ in 0..runs {
        let began = Instant::now();
        let (years, days) = villages(&mut *office.db.begin_snapshot().await?, COUNTY, YEAR).await?;
        let month = |n| AccountingPeriod::new(YEAR, n).expect("1 to 12 are months");
        let squares =
            years.iter().flat_map(|kept| kept.months.iter().zip(1..)).map(|(at, n)| square(at, month(n), (today, days)));
        said = squares.filter(|square| !square.word.is_empty()).count();
        tallies(&years);
        took.push(began.elapsed());
    }
    Ok((median(took).unwrap_or_default(), said))
}
