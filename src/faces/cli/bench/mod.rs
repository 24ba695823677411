//! Benchmarks: `bench posting|backdate|dividend|matrix|papers|reconcile|report|settle`, each printing one JSON object.
//!
//! 1. They work on a scratch database of their own, made where `--db` points and removed afterwards
//!    (`ground.rs`); what the database named by `--db` holds is neither read nor written.
//! 2. Everything posted goes through the corridor (`Office::perform`), as users' acts do.
//! 3. A figure is the median of its runs; ratios compare runs that follow each other on the same machine.

mod backdate;
mod dividend;
mod gauges;
mod ground;
mod load;
mod matrix;
mod papers;
mod posting;
mod reconcile;
mod report;
mod settle;
mod store;

use crate::db::Stop;

/// What to measure.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum BenchCommand {
    /// Vouchers posted per second, beside bare inserts of the same rows.
    Posting(posting::Options),
    /// What a backdated voucher costs with later dates present.
    Backdate(backdate::Options),
    /// A dividend over many holders: plan, posting, pay file.
    Dividend(dividend::Options),
    /// What the supervision board costs over a county.
    Matrix(matrix::Options),
    /// What printing costs: a voucher, a month, a ledger, a list, a village's year.
    Papers(papers::Options),
    /// What reports of one month cost in a large book.
    Report(report::Options),
    /// Statement lines imported and matched with voucher lines.
    Reconcile(reconcile::Options),
    /// Loans whose interest is settled per second, in memory and end to end.
    Settle(settle::Options),
}

/// Runs a benchmark on a scratch database beside the one named; answers one JSON object.
pub async fn run(command: BenchCommand, db_url: &str) -> Result<String, Stop> {
    let figures = match command {
        BenchCommand::Posting(options) => posting::run(&options, db_url).await?,
        BenchCommand::Backdate(options) => backdate::run(&options, db_url).await?,
        BenchCommand::Dividend(options) => dividend::run(&options, db_url).await?,
        BenchCommand::Matrix(options) => matrix::run(&options, db_url).await?,
        BenchCommand::Papers(options) => papers::run(&options, db_url).await?,
        BenchCommand::Report(options) => report::run(&options, db_url).await?,
        BenchCommand::Reconcile(options) => reconcile::run(&options, db_url).await?,
        BenchCommand::Settle(options) => settle::run(&options, db_url).await?,
    };
    Ok(figures.to_string())
}
