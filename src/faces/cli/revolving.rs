//! `revolving open | receive | return | lend | repay | invest | recover | list | borrowers`: the village revolving fund (扶贫周转金).

use clap::{Args, Subcommand};
use serde_json::json;

use super::counter::Counter;
use super::output::Reply;
use super::words::named;
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::ledger::{AccountCode, BookCode};
use crate::money::Amount;
use crate::products::revolving_fund::moves::{Move, MoveKind};
use crate::products::revolving_fund::reports;
use crate::products::revolving_fund::service::{OpenRevolvingFund, RevolveMoney};
use crate::products::revolving_fund::store::{self, Fund};

/// Verbs of revolving funds.
#[derive(Debug, Subcommand)]
pub enum RevolvingCommand {
    /// 登记周转金
    Open {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 周转金编号
        #[arg(long)]
        fund: String,
        /// 名称
        #[arg(long)]
        name: String,
        /// 管理办法或批准文件
        #[arg(long)]
        document: String,
        /// 日期;不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
    },
    /// 拨入
    Receive(Money),
    /// 退回
    Return(Money),
    /// 借给农户
    Lend {
        /// The money.
        #[command(flatten)]
        money: Money,
        /// 到期日
        #[arg(long)]
        due: BusinessDate,
    },
    /// 农户归还
    Repay(Money),
    /// 投给合作社、企业
    Invest(Money),
    /// 收回投资
    Recover(Money),
    /// 周转金台账
    List {
        /// 截至日期;不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
    },
    /// 借用明细与逾期
    Borrowers {
        /// 周转金编号
        #[arg(long)]
        fund: String,
        /// 截至日期;不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
    },
}

/// Money that moves.
#[derive(Debug, Args)]
pub struct Money {
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 周转金编号
    #[arg(long)]
    fund: String,
    /// 对方编号
    #[arg(long)]
    party: String,
    /// 金额
    #[arg(long)]
    amount: Amount,
    /// 依据文件
    #[arg(long)]
    document: String,
    /// 收付款科目;不写为银行存款
    #[arg(long)]
    money_account: Option<String>,
    /// 日期;不写为今天
    #[arg(long)]
    on: Option<BusinessDate>,
}

/// Runs a verb.
pub async fn run(command: RevolvingCommand, counter: &Counter) -> Result<Reply, Stop> {
    let today = counter.office.today();
    match command {
        RevolvingCommand::Open { book, fund, name, document, on } => {
            let fund = Fund { fund, book: BookCode(book), name, document, opened_on: on.unwrap_or(today) };
            let (said, json) = (format!("已登记周转金 {}", fund.fund), json!(fund));
            counter.perform(OpenRevolvingFund { fund }).await?;
            Ok(Reply::said(said, json))
        }
        RevolvingCommand::Receive(money) => moved(counter, money, MoveKind::Received, None).await,
        RevolvingCommand::Return(money) => moved(counter, money, MoveKind::Returned, None).await,
        RevolvingCommand::Lend { money, due } => moved(counter, money, MoveKind::Lent, Some(due)).await,
        RevolvingCommand::Repay(money) => moved(counter, money, MoveKind::Repaid, None).await,
        RevolvingCommand::Invest(money) => moved(counter, money, MoveKind::Invested, None).await,
        RevolvingCommand::Recover(money) => moved(counter, money, MoveKind::Recovered, None).await,
        RevolvingCommand::List { on } => {
            let mut tx = counter.snapshot().await?;
            let mut rows = Vec::new();
            for fund in store::funds(&mut tx, counter.county()).await? {
                let moves = store::moves(&mut tx, counter.county(), &fund.fund).await?;
                rows.push((fund.fund, fund.book.0, fund.name, moves));
            }
            Ok(Reply::sheet(reports::list(&rows, on.unwrap_or(today))))
        }
        RevolvingCommand::Borrowers { fund, on } => {
            let mut tx = counter.snapshot().await?;
            let moves = store::moves(&mut tx, counter.county(), &fund).await?;
            Ok(Reply::sheet(reports::borrowers(&fund, &moves, on.unwrap_or(today))))
        }
    }
}

async fn moved(counter: &Counter, money: Money, kind: MoveKind, due_on: Option<BusinessDate>) -> Result<Reply, Stop> {
    let on = money.on.unwrap_or_else(|| counter.office.today());
    let what = Move { on, kind, party: money.party, amount: money.amount, due_on, document: money.document };
    let money_account = money.money_account.map(AccountCode);
    let done = counter.perform(RevolveMoney { book: BookCode(money.book), fund: money.fund, what, money_account }).await?;
    let vouchers: Vec<String> = done.vouchers.iter().map(|numbered| numbered.reference()).collect();
    let said =
        format!("{} {} 元,余额 {} 元{}", kind.label_zh(), money.amount.grouped(), done.balance.grouped(), named(&vouchers));
    Ok(Reply::said(said, json!({ "balance": done.balance, "vouchers": vouchers })))
}
