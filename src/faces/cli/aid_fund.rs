//! `aid-fund open | receive | return | donate | interest | fee | grant | list | grants`: one-off county funds.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::counter::Counter;
use super::import::FileArguments;
use super::output::Reply;
use super::words::named;
use super::{payout, payout_list};
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::ledger::{AccountCode, BookCode};
use crate::money::Amount;
use crate::payouts::service::grants::GrantAid;
use crate::products::aid_funds::posting_rules::{AidMove, With};
use crate::products::aid_funds::reports::{self, Position};
use crate::products::aid_funds::service::{MoveAidMoney, OpenAidFund};
use crate::products::aid_funds::store::{self, AidFund};

/// Verbs of one-off funds.
#[derive(Debug, Subcommand)]
pub enum AidFundCommand {
    /// 登记专项基金
    Open {
        /// 账套编号(aid_fund 类)
        #[arg(long)]
        book: String,
        /// 用途
        #[arg(long)]
        purpose: String,
        /// 资助对象和标准
        #[arg(long, default_value = "")]
        standard: String,
        /// 管理办法
        #[arg(long)]
        document: String,
        /// 日期;不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
    },
    /// 拨入本金
    Receive(Money),
    /// 退回本金
    Return(Money),
    /// 接受捐赠
    Donate(Money),
    /// 专户利息
    Interest(Money),
    /// 手续费
    Fee(Money),
    /// 批准资助名单并生成代发批次
    Grant(Box<GrantArguments>),
    /// 专项基金一览
    List,
    /// 资助台账
    Grants {
        /// 账套编号
        #[arg(long)]
        book: String,
    },
}

/// Money in or out.
#[derive(Debug, Args)]
pub struct Money {
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 金额
    #[arg(long)]
    amount: Amount,
    /// 拨款单位、捐赠人
    #[arg(long, default_value = "")]
    party: String,
    /// 文号
    #[arg(long, default_value = "")]
    document: String,
    /// 日期;不写为今天
    #[arg(long)]
    on: Option<BusinessDate>,
    /// 收付款科目;不写为银行存款
    #[arg(long)]
    money_account: Option<String>,
}

/// A list of people.
#[derive(Debug, Args)]
pub struct GrantArguments {
    /// 名单文件(同代发清单)
    file: PathBuf,
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 资助批次
    #[arg(long)]
    grant: String,
    /// 名称
    #[arg(long)]
    title: String,
    /// 批准文件
    #[arg(long)]
    document: String,
    /// 批准总额
    #[arg(long)]
    total: Option<Amount>,
    /// 对需核实各行的说明
    #[arg(long)]
    accept: Option<String>,
    /// 日期;不写为今天
    #[arg(long)]
    on: Option<BusinessDate>,
    /// How to read it.
    #[command(flatten)]
    reading: FileArguments,
}

/// Runs a verb.
pub async fn run(command: AidFundCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        AidFundCommand::Open { book, purpose, standard, document, on } => {
            let opened_on = on.unwrap_or_else(|| counter.office.today());
            let fund = AidFund { book: BookCode(book), purpose, standard, document, opened_on };
            let (said, json) = (format!("已登记专项基金 {}", fund.purpose), json!(fund));
            counter.perform(OpenAidFund { fund }).await?;
            Ok(Reply::said(said, json))
        }
        AidFundCommand::Receive(money) => moved(counter, money, AidMove::Contributed).await,
        AidFundCommand::Return(money) => moved(counter, money, AidMove::Returned).await,
        AidFundCommand::Donate(money) => moved(counter, money, AidMove::Donated).await,
        AidFundCommand::Interest(money) => moved(counter, money, AidMove::Interest).await,
        AidFundCommand::Fee(money) => moved(counter, money, AidMove::Fee).await,
        AidFundCommand::Grant(arguments) => grant(counter, *arguments).await,
        AidFundCommand::List => {
            let positions = positions(counter).await?;
            Ok(Reply { json: Some(json!({ "funds": positions })), ..Reply::sheet(reports::list(&positions)) })
        }
        AidFundCommand::Grants { book } => {
            let mut tx = counter.snapshot().await?;
            let grants = store::grants(&mut tx, counter.county(), &BookCode(book.clone())).await?;
            let row = |g: store::Grant| (g.grant, g.title, g.document, g.on, g.rows, g.total, g.batch);
            Ok(Reply::sheet(reports::grants(&book, grants.into_iter().map(row).collect())))
        }
    }
}

async fn moved(counter: &Counter, money: Money, what: AidMove) -> Result<Reply, Stop> {
    let on = money.on.unwrap_or_else(|| counter.office.today());
    let with = With { party: money.party, document: money.document };
    let act = MoveAidMoney {
        book: BookCode(money.book),
        on,
        what,
        amount: money.amount,
        with,
        money_account: money.money_account.map(AccountCode),
    };
    let vouchers: Vec<String> = counter.perform(act).await?.iter().map(|numbered| numbered.reference()).collect();
    let said = format!("{} {} 元{}", what.label_zh(), money.amount.grouped(), named(&vouchers));
    Ok(Reply::said(said, json!({ "vouchers": vouchers })))
}

async fn grant(counter: &Counter, arguments: GrantArguments) -> Result<Reply, Stop> {
    let rows = payout_list::rows_of(&arguments.file, &arguments.reading)?;
    let act = GrantAid {
        book: BookCode(arguments.book),
        grant: arguments.grant,
        title: arguments.title,
        document: arguments.document,
        on: arguments.on.unwrap_or_else(|| counter.office.today()),
        rows,
        stated_total: arguments.total,
        accept: arguments.accept,
    };
    let batch = act.batch();
    Ok(payout::drawn_up(&batch, &counter.perform(act).await?))
}

async fn positions(counter: &Counter) -> Result<Vec<Position>, Stop> {
    let mut tx = counter.snapshot().await?;
    let mut positions = Vec::new();
    for fund in store::funds(&mut tx, counter.county()).await? {
        let grants = store::grants(&mut tx, counter.county(), &fund.book).await?;
        positions.push(Position {
            bank: store::balance(&mut tx, counter.county(), &fund.book, "F101").await?,
            promised: -store::balance(&mut tx, counter.county(), &fund.book, "F201").await?,
            capital: -store::balance(&mut tx, counter.county(), &fund.book, "F301").await?,
            granted: grants.iter().map(|grant| grant.total).sum(),
            grants: grants.len() as i64,
            book: fund.book.0,
            purpose: fund.purpose,
        });
    }
    Ok(positions)
}
