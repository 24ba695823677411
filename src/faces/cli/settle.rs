//! `settle run`: interest settlement of all loans due. Ctrl-C stops it after the chunk in hand; it goes on when run again.

use clap::Subcommand;
use serde_json::json;

use super::counter::Counter;
use super::output::Reply;
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::exchange::{Column, Sheet};
use crate::products::microloan::service::{Progress, settle_run};

/// Verbs of settlement.
#[derive(Debug, Subcommand)]
pub enum SettleCommand {
    /// 结息:计到 --date 当天为止应结的全部利息、罚息,漏结的各期按顺序补上
    Run {
        /// 结息日(利息计到当天,次日入账)
        #[arg(long)]
        date: BusinessDate,
    },
}

/// Runs a verb.
pub async fn run(command: SettleCommand, counter: &Counter) -> Result<Reply, Stop> {
    let SettleCommand::Run { date } = command;
    let watch = counter.watch();
    let mut report = |progress: &Progress| watch.told(format!("已结 {} 笔", progress.changes.loans));
    let done = settle_run(&counter.office, &counter.actor, date, &mut report).await?;
    watch.end();
    let changes = &done.changes;
    let stopped = if done.is_cancelled { "(中途停止,再次执行即继续)" } else { "" };
    let said = format!(
        "结息 {date}:贷款 {} 笔,明细 {} 条,冲正 {} 条,金额 {}{stopped}",
        changes.loans, changes.rows, changes.reversed, changes.amount
    );
    let mut reply =
        Reply::said(said, json!({ "date": date, "changes": changes, "failed": done.failed, "cancelled": done.is_cancelled }));
    if !done.failed.is_empty() {
        let columns = vec![Column::id("loan", "借据号"), Column::id("code", "代码"), Column::text("reason", "原因")];
        let mut sheet = Sheet::new("未结息的贷款", columns);
        for (loan, why) in done.failed {
            sheet.push(vec![loan.into(), why.code.into(), why.message_zh.into()]);
        }
        reply.sheets.push(sheet);
    }
    Ok(reply)
}
