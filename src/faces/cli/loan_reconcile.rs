//! `loan reconcile FILE`: the bank's loan list against our register.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::counter::Counter;
use super::import::{self, FileArguments};
use super::output::Reply;
use crate::calendar::BusinessDate;
use crate::controls::reconciliation::service::{SaveLoanComparison, compare_list};
use crate::db::Stop;
use crate::exchange::loan_list_in::read_loan_list;

/// The list, and whose it is.
#[derive(Debug, Args)]
pub struct ReconcileArguments {
    /// 银行贷款台账(csv、xls、xlsx)
    file: PathBuf,
    /// 银行(登记簿里的名称)
    #[arg(long)]
    bank: String,
    /// 台账日期
    #[arg(long, value_name = "YYYY-MM-DD")]
    on: BusinessDate,
    /// 签存贷款逐笔核对表
    #[arg(long)]
    save: bool,
    /// How to read it.
    #[command(flatten)]
    reading: FileArguments,
}

/// Compares.
pub async fn run(arguments: ReconcileArguments, counter: &Counter) -> Result<Reply, Stop> {
    let list = read_loan_list(&import::read_bytes(&arguments.file)?, &arguments.reading.options()?)?;
    if !list.problems.is_empty() {
        return Ok(import::refused(&list.problems, &list.table));
    }
    counter.only_shown(&arguments.bank)?;
    let mut tx = counter.snapshot().await?;
    let (comparisons, sheet) = compare_list(&mut tx, counter.county(), &arguments.bank, &list.rows, arguments.on).await?;
    drop(tx);
    let mut reply =
        Reply { json: Some(json!({ "bank": arguments.bank, "on": arguments.on, "loans": comparisons })), ..Reply::sheet(sheet) };
    if arguments.save {
        let saved = counter.perform(SaveLoanComparison { bank: arguments.bank, on: arguments.on, rows: list.rows }).await?;
        let known = if saved.known { "与已签存的相同" } else { "已签存" };
        reply.lines.push(format!("{known}:第 {} 版,摘要 {}", saved.version, saved.digest));
    }
    Ok(import::with_unknown_columns(reply, &list.table))
}
