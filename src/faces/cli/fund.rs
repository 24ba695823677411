//! `fund contribute | return | interest | fee | move | claim | approve | reject | pay | recover | give-back | write-off | status | claims | report`.

use std::collections::HashMap;

use clap::{Args, Subcommand};
use serde_json::json;

use super::counter::Counter;
use super::output::Reply;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::Stop;
use crate::exchange::{Column, Dress, Sheet};
use crate::ledger::BookCode;
use crate::ledger::books::store as books;
use crate::money::Amount;
use crate::products::microloan::policy::{self, HOUSEHOLD_LOAN};
use crate::products::microloan::reports;
use crate::products::microloan::risk_fund::month::BankMonth;
use crate::products::microloan::risk_fund::posting_rules::FundMove;
use crate::products::microloan::risk_fund::refusal::FundRefusal;
use crate::products::microloan::risk_fund::service::{
    DecideClaims, FileClaims, GiveBackRecovery, MoveFund, PayClaims, RecoverClaims, Recovery, WriteOffClaims,
};
use crate::products::microloan::risk_fund::store;
use crate::products::microloan::service::fund_month_paper;
use crate::products::microloan::store::figures;

/// Money of the fund.
#[derive(Debug, Args)]
pub struct Money {
    /// 风险补偿金账套
    #[arg(long)]
    book: String,
    /// 专户所在银行
    #[arg(long)]
    bank: String,
    /// 金额
    #[arg(long)]
    amount: String,
    /// 日期,不写为今天
    #[arg(long)]
    on: Option<BusinessDate>,
}

/// Claims by their numbers.
#[derive(Debug, Args)]
pub struct Which {
    /// 代偿编号,可多个
    #[arg(required = true)]
    claims: Vec<String>,
    /// 日期,不写为今天
    #[arg(long)]
    on: Option<BusinessDate>,
    /// 原因
    #[arg(long)]
    reason: Option<String>,
}

/// Verbs of the fund.
#[derive(Debug, Subcommand)]
pub enum FundCommand {
    /// 拨入
    Contribute {
        /// The money.
        #[command(flatten)]
        money: Money,
        /// 拨款单位
        #[arg(long)]
        from: String,
        /// 文号
        #[arg(long)]
        document: String,
    },
    /// 退回财政
    Return {
        /// The money.
        #[command(flatten)]
        money: Money,
        /// 收款单位
        #[arg(long)]
        to: String,
        /// 文号
        #[arg(long)]
        document: String,
    },
    /// 专户利息
    Interest(Money),
    /// 专户手续费
    Fee(Money),
    /// 在银行之间调剂
    Move {
        /// The money.
        #[command(flatten)]
        money: Money,
        /// 调入银行
        #[arg(long)]
        to: String,
    },
    /// 申报代偿
    Claim {
        /// 代偿编号=借据号,可多个
        #[arg(required = true)]
        claims: Vec<String>,
        /// 账套,不写为唯一的一个
        #[arg(long)]
        book: Option<String>,
        /// 日期,不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
    },
    /// 批准代偿(申报人以外的人)
    Approve(Which),
    /// 退回代偿
    Reject(Which),
    /// 支付代偿款
    Pay(Which),
    /// 代偿后收回,按比例分担
    Recover {
        /// 代偿编号
        claim: String,
        /// 收回金额
        #[arg(long)]
        amount: String,
        /// 日期,不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
    },
    /// 退回多收的代偿收回款:基金退回应得以外的部分,农户仍欠
    GiveBack {
        /// 代偿编号
        claim: String,
        /// 多收的金额(各方合计)
        #[arg(long)]
        amount: String,
        /// 当时登记收回的日期
        #[arg(long)]
        received_on: BusinessDate,
        /// 退回日期,不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
    },
    /// 核销代偿余额
    WriteOff(Which),
    /// 余额、放大倍数、剩余额度
    Status,
    /// 代偿台账
    Claims,
    /// 风险补偿金月报表(报扶贫办):专户收支、放款、放大倍数、逾期、代偿
    Report {
        /// 月份,如 2026-09;不写为今天所在的月
        #[arg(long, value_name = "YYYY-MM")]
        month: Option<AccountingPeriod>,
    },
}

/// Runs a verb.
pub async fn run(command: FundCommand, counter: &Counter) -> Result<Reply, Stop> {
    let today = counter.office.today();
    match command {
        FundCommand::Contribute { money, from, document } => {
            moved(counter, money, FundMove::Contributed { contributor: from, document }).await
        }
        FundCommand::Return { money, to, document } => {
            moved(counter, money, FundMove::Returned { contributor: to, document }).await
        }
        FundCommand::Interest(money) => moved(counter, money, FundMove::Interest).await,
        FundCommand::Fee(money) => moved(counter, money, FundMove::Fee).await,
        FundCommand::Move { money, to } => moved(counter, money, FundMove::Moved { to }).await,
        FundCommand::Claim { claims, book, on } => {
            let pair = |text: &String| text.split_once('=').map(|(claim, loan)| (claim.to_owned(), loan.to_owned()));
            let unknown = |text: &String| FundRefusal::UnknownClaim { claim: text.clone() };
            let claims = claims.iter().map(|text| pair(text).ok_or_else(|| unknown(text))).collect::<Result<Vec<_>, _>>()?;
            let filed = counter.perform(FileClaims { book: book.map(BookCode), on: on.unwrap_or(today), claims }).await?;
            let total: Amount = filed.iter().map(|claim| claim.fund_share).sum();
            Ok(Reply::said(format!("申报 {} 笔,基金分担 {total}", filed.len()), json!({ "claims": filed })))
        }
        FundCommand::Approve(Which { claims, on, reason }) => {
            let done = counter.perform(DecideClaims { claims, approve: true, on: on.unwrap_or(today), reason }).await?;
            Ok(Reply::said(format!("批准 {done} 笔"), json!({ "approved": done })))
        }
        FundCommand::Reject(Which { claims, on, reason }) => {
            let done = counter.perform(DecideClaims { claims, approve: false, on: on.unwrap_or(today), reason }).await?;
            Ok(Reply::said(format!("退回 {done} 笔"), json!({ "rejected": done })))
        }
        FundCommand::Pay(Which { claims, on, .. }) => {
            let paid = counter.perform(PayClaims { claims, on: on.unwrap_or(today) }).await?;
            Ok(Reply::said(format!("支付代偿 {paid}"), json!({ "paid": paid })))
        }
        FundCommand::Recover { claim, amount, on } => {
            let recovery = Recovery { claim, amount: Amount::parse(&amount)?, on: on.unwrap_or(today) };
            let part = counter.perform(RecoverClaims { recoveries: vec![recovery] }).await?;
            Ok(Reply::said(format!("基金收回 {part}"), json!({ "fund_part": part })))
        }
        FundCommand::GiveBack { claim, amount, received_on, on } => {
            let (amount, on) = (Amount::parse(&amount)?, on.unwrap_or(today));
            let part = counter.perform(GiveBackRecovery { claim, amount, received_on, on }).await?;
            Ok(Reply::said(format!("基金退回 {part}"), json!({ "fund_part": part })))
        }
        FundCommand::WriteOff(Which { claims, on, reason }) => {
            let act = WriteOffClaims { claims, on: on.unwrap_or(today), reason: reason.unwrap_or_default() };
            let total = counter.perform(act).await?;
            Ok(Reply::said(format!("核销代偿余额 {total}"), json!({ "written_off": total })))
        }
        FundCommand::Status => status(counter).await,
        FundCommand::Claims => claims(counter).await,
        FundCommand::Report { month } => report(counter, month.unwrap_or_else(|| AccountingPeriod::of(today))).await,
    }
}

async fn moved(counter: &Counter, money: Money, what: FundMove) -> Result<Reply, Stop> {
    let (on, amount) = (money.on.unwrap_or_else(|| counter.office.today()), Amount::parse(&money.amount)?);
    let voucher = counter.perform(MoveFund { book: BookCode(money.book), bank: money.bank, amount, on, what }).await?;
    Ok(Reply::said(format!("已记账 {voucher}"), json!({ "voucher": voucher })))
}

async fn status(counter: &Counter) -> Result<Reply, Stop> {
    let (today, county) = (counter.office.today(), counter.county());
    let mut tx = counter.snapshot().await?;
    let policies = policy::store::policies(&mut tx, county).await?;
    let cap = policy::choose(&policies, county, HOUSEHOLD_LOAN, today).map_or(10, |row| row.leverage_cap);
    let bad_from = (today - chrono::Days::new(91)).to_string();
    let exposures = figures::exposures(&mut tx, county, &today.to_string(), &bad_from).await?;
    let balances = store::balances(&mut tx, county).await?;
    let pledged: HashMap<String, i64> = figures::pledged(&mut tx, county).await?.into_iter().collect();
    let names = balances.iter().map(|(bank, _)| bank.as_str()).chain([""]);
    let rooms: Vec<_> = names.filter_map(|bank| store::room(bank, &balances, &exposures, &pledged, cap)).collect();
    let json = json!({ "rooms": rooms, "leverage_cap": cap });
    Ok(Reply { json: Some(json), sheets: vec![reports::fund(&rooms)], ..Reply::default() })
}

async fn report(counter: &Counter, month: AccountingPeriod) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let name = books::county(&mut tx, counter.county()).await?.unwrap_or_else(|| counter.county().to_owned());
    let (found, sheet) = fund_month_paper(&mut tx, counter.county(), &name, month).await?;
    let banks: Vec<_> = found.banks().collect();
    let money = |bank: &BankMonth| {
        let fen = [bank.opening, bank.capital, bank.interest, bank.recovered, bank.compensated, bank.other, bank.closing()];
        let [opening, capital, interest, recovered, compensated, other, closing] = fen.map(Amount::from_fen);
        let [paid_out, repaid, outstanding, overdue, bad] =
            [bank.paid_out, bank.repaid, bank.outstanding, bank.overdue, bank.bad].map(Amount::from_fen);
        json!({
            "bank": bank.bank, "opening": opening, "capital": capital, "interest": interest, "recovered": recovered,
            "compensated": compensated, "other": other, "closing": closing, "loans_paid_out": bank.lent, "paid_out": paid_out,
            "principal_repaid": repaid, "loans": bank.loans, "outstanding": outstanding, "overdue": overdue, "bad": bad,
            "claims_filed": bank.filed, "claims_waiting": bank.waiting,
        })
    };
    let json = json!({ "month": month.to_string(), "banks": banks.into_iter().map(money).collect::<Vec<_>>() });
    Ok(Reply { json: Some(json), sheets: vec![sheet], ..Reply::default() })
}

async fn claims(counter: &Counter) -> Result<Reply, Stop> {
    let columns = vec![
        Column::id("claim", "代偿编号"),
        Column::id("loan", "借据号"),
        Column::id("bank", "银行"),
        Column::text("state", "状态"),
        Column::amount("loss", "损失"),
        Column::amount("fund", "基金分担"),
        Column::amount("recovered", "基金已收回"),
        Column::amount("written_off", "已核销"),
        Column::amount("memo", "备查余额"),
    ];
    let mut sheet = Sheet::new("代偿台账", columns).dressed(Dress::list());
    let mut tx = counter.snapshot().await?;
    let claims = store::claims(&mut tx, counter.county()).await?;
    for claim in &claims {
        let money = [claim.principal + claim.interest, claim.fund_share, claim.fund_recovered, claim.written_off, claim.memo()];
        let head = [claim.claim.as_str(), &claim.loan, &claim.bank, claim.state.label_zh()].map(Into::into);
        sheet.push(head.into_iter().chain(money.map(Into::into)).collect());
    }
    Ok(Reply { json: Some(json!({ "claims": claims })), sheets: vec![sheet], ..Reply::default() })
}
