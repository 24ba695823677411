//! `cash enter | close | book`: the reporting clerk's cash book.

use clap::Subcommand;
use serde_json::json;

use super::counter::Counter;
use super::output::Reply;
use super::words::word;
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::ledger::BookCode;
use crate::money::Amount;
use crate::products::village_claims::cash_book::{self, CashKind};
use crate::products::village_claims::service::cash::{CloseCashDay, EnterCash};
use crate::products::village_claims::{papers, store};

/// Verbs of the cash book.
#[derive(Debug, Subcommand)]
pub enum CashCommand {
    /// 登记现金收支(报账支出随送审自动登记)
    Enter {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 类别:drawn 领取、received 收取、handed_in 解缴、over 长款、short 短款
        #[arg(long, value_parser = |text: &str| word(text, CashKind::parse, CashKind::ALL.iter().map(|k| k.as_str())))]
        kind: CashKind,
        /// 金额
        #[arg(long)]
        amount: Amount,
        /// 摘要
        #[arg(long)]
        summary: String,
        /// 日期;不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
    },
    /// 日清:清点数与账面一致才结
    Close {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 清点的现金
        #[arg(long)]
        counted: Amount,
        /// 日期;不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
    },
    /// 现金日记账
    Book {
        /// 账套编号
        #[arg(long)]
        book: String,
    },
}

/// Runs a verb.
pub async fn run(command: CashCommand, counter: &Counter) -> Result<Reply, Stop> {
    let today = counter.office.today();
    match command {
        CashCommand::Enter { book, kind, amount, summary, on } => {
            let act = EnterCash { book: BookCode(book), on: on.unwrap_or(today), kind, amount, summary };
            let entry = counter.perform(act).await?;
            Ok(Reply::said(format!("已登记第 {entry} 笔"), json!({ "entry": entry })))
        }
        CashCommand::Close { book, counted, on } => {
            let on = on.unwrap_or(today);
            let balance = counter.perform(CloseCashDay { book: BookCode(book), on, counted }).await?;
            Ok(Reply::said(format!("{on} 日清,余额 {} 元", balance.grouped()), json!({ "on": on, "balance": balance })))
        }
        CashCommand::Book { book } => {
            let book = BookCode(book);
            let mut tx = counter.snapshot().await?;
            let unit = counter.book(&mut tx, &book).await?.name;
            let entries = store::cash::entries(&mut tx, counter.county(), &book).await?;
            let closed = store::cash::closed_through(&mut tx, counter.county(), &book).await?;
            let json = json!({ "entries": entries, "balance": cash_book::standing(&entries, BusinessDate::MAX), "closed_through": closed });
            Ok(Reply { sheets: vec![papers::cash_book(&unit, &entries, closed)], json: Some(json), ..Reply::default() })
        }
    }
}
