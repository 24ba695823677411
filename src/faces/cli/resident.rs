//! `resident pay | check | standards | standard-add`: money of resident cadres against its standards.

use std::path::PathBuf;

use chrono::Datelike;
use clap::Subcommand;
use serde_json::json;

use super::counter::{Counter, CounterRefusal};
use super::import::read_bytes;
use super::output::Reply;
use super::words::word;
use crate::affairs::duties::store as duties;
use crate::affairs::residents::service::{PayResident, SaveStandards};
use crate::affairs::residents::{Item, Standard, reports, store};
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::ledger::books::service::regime_in;
use crate::ledger::{AccountCode, BookCode};
use crate::money::Amount;

/// Verbs of resident cadres' money.
#[derive(Debug, Subcommand)]
pub enum ResidentCommand {
    /// 支付驻村经费:在标准内生成待审凭证
    Pay {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 项目
        #[arg(long, value_parser = |text: &str| word(text, Item::parse, Item::ALL.iter().map(|i| i.label_zh())))]
        item: Item,
        /// 任职编号;工作组经费不写
        #[arg(long)]
        duty: Option<i64>,
        /// 日期;不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
        /// 金额
        #[arg(long)]
        amount: Amount,
        /// 附单据张数
        #[arg(long, default_value_t = 1)]
        sheets: i64,
        /// 付款科目;不写为银行存款
        #[arg(long)]
        money_account: Option<String>,
    },
    /// 驻村经费执行情况:标准、已付、余额
    Check {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 截至日期;不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
    },
    /// 驻村经费标准
    Standards,
    /// 登记本县的驻村经费标准(json 文件,一个列表)
    StandardAdd {
        /// 文件
        file: PathBuf,
    },
}

/// Runs a verb.
pub async fn run(command: ResidentCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        ResidentCommand::Pay { book, item, duty, on, amount, sheets, money_account } => {
            let on = on.unwrap_or_else(|| counter.office.today());
            let money_account = money_account.map(AccountCode);
            let act = PayResident { book: BookCode(book), item, duty, on, amount, sheets, money_account };
            let voucher = counter.perform(act).await?.reference();
            let words = format!("支付{} {} 元,凭证 {voucher} 待审核", item.label_zh(), amount.grouped());
            Ok(Reply::said(words, json!({ "voucher": voucher })))
        }
        ResidentCommand::Check { book, on } => check(BookCode(book), on, counter).await,
        ResidentCommand::Standards => {
            let mut tx = counter.snapshot().await?;
            Ok(Reply::sheet(reports::standards(&store::standards(&mut tx, counter.county()).await?)))
        }
        ResidentCommand::StandardAdd { file } => {
            let unread = |why: serde_json::Error| CounterRefusal::NotDecisions { why: why.to_string() };
            let rules: Vec<Standard> = serde_json::from_slice(&read_bytes(&file)?).map_err(unread)?;
            let kept = counter.perform(SaveStandards { rules }).await?;
            Ok(Reply::said(format!("已登记 {kept} 条驻村经费标准"), json!({ "rules": kept })))
        }
    }
}

async fn check(book: BookCode, on: Option<BusinessDate>, counter: &Counter) -> Result<Reply, Stop> {
    let on = on.unwrap_or_else(|| counter.office.today());
    let mut tx = counter.snapshot().await?;
    let (county, kept) = (counter.county(), counter.book(&mut tx, &book).await?);
    let standards = store::standards(&mut tx, county).await?;
    let people = duties::duties(&mut tx, county, &book).await?;
    let payments = store::payments(&mut tx, county, &book, on.year()).await?;
    let regime = regime_in(&mut tx, county, &book, on.year()).await?;
    let money: Vec<AccountCode> = regime.cash.iter().chain(&regime.bank).cloned().collect();
    let by_books = store::paid_by_books(&mut tx, county, &book, &money, on.year()).await?;
    let place = kept.place.unwrap_or_default();
    Ok(Reply::sheet(reports::against((&kept.name, &place, on), &standards, &people, &payments, by_books)))
}
