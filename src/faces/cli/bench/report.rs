//! `bench report`: what one month's reports cost in a book of many lines.

use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};

use super::gauges::{self, rate};
use super::ground::{BenchRefusal, Ground};
use super::load::{Load, Shape};
use super::posting;
use crate::db::Stop;

/// How large the book is.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Lines of the book, posted over one year, two a voucher.
    #[arg(long, default_value_t = 1_000_000)]
    lines: u64,
}

/// Measures.
pub async fn run(options: &Options, db_url: &str) -> Result<Value, Stop> {
    if options.lines < 2 {
        return Err(BenchRefusal::NothingToMeasure { option: "--lines".to_owned() }.into());
    }
    let ground = Ground::make(db_url, "report").await?;
    let measured = measure(options, &ground).await;
    ground.remove().await?;
    measured
}

async fn measure(options: &Options, ground: &Ground) -> Result<Value, Stop> {
    let office = ground.office().await?;
    let vouchers = options.lines / 2;
    let load = Load::lay_out(&office, 1, (2026, 1), Shape { vouchers, lines: 2, hot: false }).await?;
    let began = Instant::now();
    posting::post(&office, &Arc::new(load), vouchers, 1_000, 2).await?;
    let set_up = began.elapsed();
    let machine = gauges::machine(&office.db).await?;
    office.close().await;
    Ok(json!({
        "machine": machine,
        "lines": vouchers * 2,
        "set_up_lines_per_s": rate(vouchers * 2, set_up),
        "peak_rss_mb": gauges::peak_rss_mb(),
    }))
}
