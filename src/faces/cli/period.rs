//! `period list | check | close | reopen | transfer`: months of a book.

use clap::{Args, Subcommand};
use serde_json::json;

use super::counter::Counter;
use super::output::Reply;
use crate::calendar::AccountingPeriod;
use crate::controls::period_close::service::{self, ClosePeriod, Closed, ReopenPeriod, TransferProfitAndLoss};
use crate::controls::period_close::{Outcome, store};
use crate::db::Stop;
use crate::exchange::{Column, Sheet};
use crate::faces::print::check_list::{self, items_of};
use crate::ledger::BookCode;
use crate::ledger::posting::PeriodState;
use crate::ledger::service::Numbered;
use crate::office::local_time;

/// Verbs of periods.
#[derive(Debug, Subcommand)]
pub enum PeriodCommand {
    /// 列出会计期间
    List {
        /// 账套编号
        #[arg(long)]
        book: String,
    },
    /// 结账前检查
    Check(Month),
    /// 结账(12 月随年度结账)
    Close {
        /// Which month.
        #[command(flatten)]
        month: Month,
        /// 对提醒事项的说明
        #[arg(long)]
        reason: Option<String>,
    },
    /// 反结账(从最后一个已结账月份开始),须写原因
    Reopen {
        /// Which month.
        #[command(flatten)]
        month: Month,
        /// 原因
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
    },
    /// 结转损益(按月结转的账套)
    Transfer(Month),
}

/// A month of a book.
#[derive(Debug, Args)]
pub struct Month {
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 会计期间
    #[arg(long, value_name = "YYYY-MM")]
    period: AccountingPeriod,
}

/// Runs a verb.
pub async fn run(command: PeriodCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        PeriodCommand::List { book } => list(&BookCode(book), counter).await,
        PeriodCommand::Check(Month { book, period }) => check(&BookCode(book), period, counter).await,
        PeriodCommand::Close { month: Month { book, period }, reason } => {
            let closed = counter.perform(ClosePeriod { book: BookCode(book), period, reason }).await?;
            Ok(closed_reply(&format!("{} 已结账", period.label_zh()), &closed))
        }
        PeriodCommand::Reopen { month: Month { book, period }, reason } => {
            counter.perform(ReopenPeriod { book: BookCode(book.clone()), period, reason }).await?;
            let json = json!({ "book": book, "period": period, "state": "open" });
            Ok(Reply::said(format!("{} 已反结账", period.label_zh()), json))
        }
        PeriodCommand::Transfer(Month { book, period }) => {
            let made = counter.perform(TransferProfitAndLoss { book: BookCode(book), period }).await?;
            let names: Vec<String> = made.iter().map(Numbered::reference).collect();
            let said = if names.is_empty() {
                "没有需要结转的损益".to_owned()
            } else {
                format!("已结转损益:{}", names.join("、"))
            };
            Ok(Reply::said(said, json!({ "vouchers": names })))
        }
    }
}

async fn list(book: &BookCode, counter: &Counter) -> Result<Reply, Stop> {
    let columns = vec![
        Column::id("period", "会计期间"),
        Column::id("state", "状态"),
        Column::text("state_name", "状态名称"),
        Column::id("changed_at", "时间"),
        Column::text("changed_by", "经办人"),
        Column::text("reason", "原因"),
        Column::id("digest", "余额表摘要"),
    ];
    let mut sheet = Sheet::new("会计期间", columns).subtitle(format!("账套 {book}"));
    let mut tx = counter.snapshot().await?;
    counter.book(&mut tx, book).await?;
    for kept in store::periods(&mut tx, counter.county(), book).await? {
        let (state, label) = match kept.state {
            PeriodState::Open => ("open", "未结账"),
            PeriodState::Closed => ("closed", "已结账"),
        };
        sheet.push(vec![
            kept.period.to_string().into(),
            state.into(),
            label.into(),
            local_time(&kept.changed_at).into(),
            kept.changed_by.into(),
            kept.reason.into(),
            kept.digest.into(),
        ]);
    }
    Ok(Reply::sheet(sheet))
}

async fn check(book: &BookCode, period: AccountingPeriod, counter: &Counter) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let head = counter.book(&mut tx, book).await?;
    let items = service::check(&mut tx, counter.county(), book, period).await?;
    let can_close = items.iter().all(|item| item.outcome != Outcome::Blocked);
    let sheet = check_list::sheet(&head.name, period, &items);
    let json = json!({ "book": book, "period": period, "can_close": can_close, "items": items });
    Ok(Reply { json: Some(json), ..Reply::sheet(sheet) })
}

/// What a close did: the vouchers it made, what it closed over, the digest for the public sheet.
pub fn closed_reply(said: &str, closed: &Closed) -> Reply {
    let names: Vec<String> = closed.vouchers.iter().map(Numbered::reference).collect();
    let mut lines = vec![said.to_owned()];
    lines.extend((!names.is_empty()).then(|| format!("生成凭证:{}", names.join("、"))));
    lines.push(format!("余额表摘要:{}", closed.digest));
    let warned = (!closed.warnings.is_empty()).then(|| items_of("带提醒结账", &closed.warnings));
    let json = json!({
        "period": closed.period, "state": "closed", "digest": closed.digest, "vouchers": names, "warnings": closed.warnings,
    });
    Reply { lines, json: Some(json), sheets: warned.into_iter().collect(), ..Reply::default() }
}
