//! `report …`: statements and account ledgers of a book at the end of a month, as tables for every format.
//!
//! 1. What a report says and how it is laid out is the statements room's; here it is asked for and printed.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};

use super::account::dimension;
use super::counter::Counter;
use super::output::Reply;
use crate::calendar::AccountingPeriod;
use crate::db::{Connection, Stop};
use crate::faces::commands::run::CommandRefusal;
use crate::faces::resolve::AccountNames;
use crate::ledger::{AccountCode, BookCode, Dimension};
use crate::money::Amount;
use crate::statements::service::{Report, report};

/// The reports.
#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// 科目余额表
    TrialBalance {
        /// Which book and month.
        #[command(flatten)]
        month: Month,
        /// 科目级次(1 为一级);不写时列全部
        #[arg(long)]
        level: Option<usize>,
        /// 按辅助核算列出:party、project、fund_class、document、bank_account
        #[arg(long, value_parser = dimension, conflicts_with = "level")]
        dimension: Option<Dimension>,
    },
    /// 明细账;不写科目,或加 --general,为总账
    Ledger {
        /// Which book and month.
        #[command(flatten)]
        month: Month,
        /// 科目编码或名称;不写时为总账,列出全部有数的一级科目
        #[arg(long)]
        account: Option<String>,
        /// 总账
        #[arg(long, conflicts_with_all = ["dimension", "member", "from", "unposted"])]
        general: bool,
        /// From where, and drafts.
        #[command(flatten)]
        span: Span,
        /// 只列一个对象:辅助核算种类
        #[arg(long, value_parser = dimension, requires = "member", requires = "account")]
        dimension: Option<Dimension>,
        /// 只列一个对象:编号(不写 --dimension 时为往来)
        #[arg(long, requires = "account")]
        member: Option<String>,
    },
    /// 现金日记账和银行存款日记账,逐日结出余额
    Journal {
        /// Which book and month.
        #[command(flatten)]
        month: Month,
        /// 科目编码或名称;不写时列全部现金和银行科目
        #[arg(long)]
        account: Option<String>,
        /// From where, and drafts.
        #[command(flatten)]
        span: Span,
    },
    /// 资产负债表
    BalanceSheet(Statement),
    /// 收益及收益分配表、盈余及盈余分配表、利润表或收支表
    Surplus(Statement),
    /// 成员权益变动表(合作社)
    Equity {
        /// Which book and month, with formulas or not.
        #[command(flatten)]
        statement: Statement,
        /// 手工指定的数:行次=金额,可写几个
        #[arg(long, value_name = "KEY=AMOUNT", value_parser = given)]
        given: Vec<(String, Amount)>,
    },
    /// 成员账户(合作社)
    MemberAccount {
        /// Which book and month.
        #[command(flatten)]
        month: Month,
        /// 成员编号;不写时列全部成员
        #[arg(long)]
        member: Option<String>,
    },
    /// 收支明细表
    ReceiptsPayments(Month),
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

/// What an account ledger shows beside the month.
#[derive(Debug, Args)]
pub struct Span {
    /// 从哪个月起(同一年);不写时只列 --period 一个月
    #[arg(long, value_name = "YYYY-MM")]
    from: Option<AccountingPeriod>,
    /// 未过账的凭证也列出
    #[arg(long)]
    unposted: bool,
}

/// A statement drawn up by a form.
#[derive(Debug, Args)]
pub struct Statement {
    /// Which book and month.
    #[command(flatten)]
    month: Month,
    /// 列出每个数的公式和取数科目
    #[arg(long)]
    formulas: bool,
}

fn given(text: &str) -> Result<(String, Amount), String> {
    let (key, amount) = text.split_once('=').ok_or("写成 行次=金额")?;
    Ok((key.to_owned(), Amount::parse(amount).map_err(|why| why.to_string())?))
}

/// Draws up a report.
pub async fn run(command: ReportCommand, counter: &Counter) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let (month, wanted, formulas) = wanted(&mut tx, command, counter).await?;
    let book = BookCode(month.book);
    let sheets = report(&mut tx, counter.county(), &book, month.period, &wanted, formulas).await?;
    Ok(Reply { sheets, ..Reply::default() })
}

/// The general ledger is of what is posted.
const NEEDS_ACCOUNT: &str = "未过账的凭证只在明细账里列出,要写科目(--account)";

async fn wanted(tx: &mut Connection, command: ReportCommand, counter: &Counter) -> Result<(Month, Report, bool), Stop> {
    Ok(match command {
        ReportCommand::TrialBalance { month, level, dimension } => (month, Report::TrialBalance { level, dimension }, false),
        ReportCommand::Ledger { month, account, general, span, dimension, member } => {
            let member = member.map(|member| (dimension.unwrap_or(Dimension::Party), member));
            let report = match named(tx, counter, &month, account).await? {
                Some(account) if !general => Report::Ledger { account, from: span.from, member, unposted: span.unposted },
                _ if span.unposted => return Err(CommandRefusal::NotTogether { why: NEEDS_ACCOUNT.to_owned() }.into()),
                account => Report::GeneralLedger { account },
            };
            (month, report, false)
        }
        ReportCommand::Journal { month, account, span } => {
            let account = named(tx, counter, &month, account).await?;
            (month, Report::Journal { account, from: span.from, unposted: span.unposted }, false)
        }
        ReportCommand::BalanceSheet(Statement { month, formulas }) => (month, Report::BalanceSheet, formulas),
        ReportCommand::Surplus(Statement { month, formulas }) => (month, Report::Surplus, formulas),
        ReportCommand::Equity { statement: Statement { month, formulas }, given } => {
            (month, Report::Equity { given: given.into_iter().collect::<BTreeMap<_, _>>() }, formulas)
        }
        ReportCommand::MemberAccount { month, member } => (month, Report::MemberAccount { member }, false),
        ReportCommand::ReceiptsPayments(month) => (month, Report::ReceiptsPayments, false),
    })
}

/// The account a code or a name means in the month's chart; parents too, since ledgers add up what is beneath.
async fn named(
    tx: &mut Connection,
    counter: &Counter,
    month: &Month,
    account: Option<String>,
) -> Result<Option<AccountCode>, Stop> {
    let Some(word) = account else { return Ok(None) };
    let book = BookCode(month.book.clone());
    counter.year(tx, &book, Some(month.period.year())).await?;
    let names = AccountNames::of(tx, counter.county(), &book, Some(month.period.year())).await?;
    Ok(Some(names.any(&word)?))
}
