//! `entrust open | hand-over | accrue | receive | reinvest | pay | return | collect | insolvent | list | run-off`.

use clap::{Args, Subcommand};
use serde_json::json;

use super::counter::Counter;
use super::entrust_terms::TermsArguments;
use super::output::Reply;
use super::payout;
use super::words::{member_amount, named};
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::ledger::AccountCode;
use crate::ledger::service::Numbered;
use crate::money::Amount;
use crate::payouts::service::entrusted::{PayEntrustedIncome, ReinvestIncome};
use crate::payouts::service::entrusting::Entrust;
use crate::payouts::service::returning::{CollectRefund, ReturnPrincipal};
use crate::products::entrusted_funds::facts::Handed;
use crate::products::entrusted_funds::reports::{self, Whole};
use crate::products::entrusted_funds::service::ending::DeclareInsolvent;
use crate::products::entrusted_funds::service::opening::OpenScheme;
use crate::products::entrusted_funds::service::running::{AccrueIncome, ReceiveIncome};
use crate::products::entrusted_funds::store;

/// Verbs of entrusted operation.
#[derive(Debug, Subcommand)]
pub enum EntrustCommand {
    /// 登记方案(逐项填写条款,或用 json 文件)
    Open {
        /// 方案编号
        #[arg(long)]
        scheme: String,
        /// What is agreed.
        #[command(flatten)]
        agreed: Box<TermsArguments>,
    },
    /// 农户交付资金
    HandOver {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 户=金额,可多次
        #[arg(long, required = true, value_parser = member_amount)]
        household: Vec<(String, Amount)>,
        /// 户=借据号,可多次(贷款资金)
        #[arg(long, value_parser = household_loan)]
        loan: Vec<(String, String)>,
        /// 贷款到期日(不在本系统登记的贷款)
        #[arg(long)]
        loan_matures_on: Option<BusinessDate>,
    },
    /// 计提到期的收益
    Accrue(At),
    /// 收到经营主体支付的收益
    Receive {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 金额
        #[arg(long)]
        amount: Amount,
    },
    /// 收益转股
    Reinvest {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 期次
        #[arg(long)]
        period: i64,
    },
    /// 生成收益代发批次
    Pay {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 期次
        #[arg(long)]
        period: i64,
        /// 批次号
        #[arg(long)]
        batch: String,
        /// 付款科目
        #[arg(long)]
        money_account: Option<String>,
        /// 对需核实各行的说明
        #[arg(long)]
        accept: Option<String>,
    },
    /// 本金归还到户贷款账户
    Return {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 户=金额,可多次
        #[arg(long, required = true, value_parser = member_amount)]
        household: Vec<(String, Amount)>,
    },
    /// 农户退回提前归还本金后多付的收益
    Collect {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 户=金额,可多次
        #[arg(long, required = true, value_parser = member_amount)]
        household: Vec<(String, Amount)>,
    },
    /// 经营主体资不抵债,核销债权
    Insolvent {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 批准文件
        #[arg(long)]
        document: String,
    },
    /// 委托资金台账(含逾期收益)
    List {
        /// 截至日期;不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
    },
    /// 存量清退表
    RunOff {
        /// 截至日期;不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
    },
}

/// A scheme on a date.
#[derive(Debug, Args)]
pub struct At {
    /// 方案编号
    #[arg(long)]
    scheme: String,
    /// 日期;不写为今天
    #[arg(long)]
    on: Option<BusinessDate>,
}

impl At {
    fn day(&self, counter: &Counter) -> BusinessDate {
        self.on.unwrap_or_else(|| counter.office.today())
    }
}

/// `H001=JJ2016001`.
fn household_loan(text: &str) -> Result<(String, String), String> {
    let (household, loan) = text.split_once('=').ok_or("写成 户编号=借据号")?;
    Ok((household.trim().to_owned(), loan.trim().to_owned()))
}

/// Runs a verb.
pub async fn run(command: EntrustCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        EntrustCommand::Open { scheme, agreed } => open(scheme, *agreed, counter).await,
        EntrustCommand::HandOver { at, household, loan, loan_matures_on } => {
            let loan_of = |household: &str| loan.iter().find(|(of, _)| of == household).map(|(_, loan)| loan.clone());
            let handed = |(household, amount): (String, Amount)| {
                let loan = loan_of(&household);
                Handed { household, amount, loan, loan_matures_on }
            };
            let (on, money) = (at.day(counter), household.into_iter().map(handed).collect());
            posted("已交付", &counter.perform(Entrust { scheme: at.scheme, on, money }).await?)
        }
        EntrustCommand::Accrue(at) => {
            let on = at.day(counter);
            let accrued = counter.perform(AccrueIncome { scheme: at.scheme, on }).await?;
            let line = format!(
                "第 {} 期:{} 户应得 {} 元,经营主体应付 {} 元",
                accrued.period,
                accrued.rows,
                accrued.households.grouped(),
                accrued.operator.grouped()
            );
            Ok(Reply::said(line, json!(accrued)))
        }
        EntrustCommand::Receive { at, amount } => {
            let on = at.day(counter);
            posted("已收到", &counter.perform(ReceiveIncome { scheme: at.scheme, on, amount }).await?)
        }
        EntrustCommand::Reinvest { at, period } => {
            let on = at.day(counter);
            posted("已转股", &counter.perform(ReinvestIncome { scheme: at.scheme, period, on }).await?)
        }
        EntrustCommand::Pay { at, period, batch, money_account, accept } => {
            let (on, money_account) = (at.day(counter), money_account.map(AccountCode));
            let act = PayEntrustedIncome { scheme: at.scheme, period, batch: batch.clone(), on, money_account, accept };
            Ok(payout::drawn_up(&batch, &counter.perform(act).await?))
        }
        EntrustCommand::Return { at, household } => {
            let on = at.day(counter);
            posted("本金已归还", &counter.perform(ReturnPrincipal { scheme: at.scheme, on, money: household }).await?)
        }
        EntrustCommand::Collect { at, household } => {
            let on = at.day(counter);
            posted("已退回", &counter.perform(CollectRefund { scheme: at.scheme, on, money: household }).await?)
        }
        EntrustCommand::Insolvent { at, document } => {
            let on = at.day(counter);
            posted("已核销债权", &counter.perform(DeclareInsolvent { scheme: at.scheme, on, document }).await?)
        }
        EntrustCommand::List { on } => {
            let on = on.unwrap_or_else(|| counter.office.today());
            Ok(Reply::sheet(reports::list(&wholes(counter).await?, on)))
        }
        EntrustCommand::RunOff { on } => {
            let on = on.unwrap_or_else(|| counter.office.today());
            Ok(Reply::sheet(reports::run_off(&wholes(counter).await?, on)))
        }
    }
}

fn posted(words: &str, vouchers: &[Numbered]) -> Result<Reply, Stop> {
    let vouchers: Vec<String> = vouchers.iter().map(|numbered| format!("{} {}", numbered.0, numbered.reference())).collect();
    Ok(Reply::said(format!("{words}{}", named(&vouchers)), json!({ "vouchers": vouchers })))
}

async fn open(scheme: String, agreed: TermsArguments, counter: &Counter) -> Result<Reply, Stop> {
    let periods = counter.perform(OpenScheme { scheme: scheme.clone(), terms: agreed.terms()? }).await?;
    Ok(Reply::said(format!("已登记方案 {scheme},共 {periods} 期"), json!({ "scheme": scheme, "periods": periods })))
}

async fn wholes(counter: &Counter) -> Result<Vec<Whole>, Stop> {
    let mut tx = counter.snapshot().await?;
    let mut wholes = Vec::new();
    for scheme in store::schemes(&mut tx, counter.county()).await? {
        let moves = store::moves(&mut tx, counter.county(), &scheme.scheme).await?;
        let periods = store::periods(&mut tx, counter.county(), &scheme.scheme).await?;
        wholes.push(Whole { scheme, moves, periods });
    }
    Ok(wholes)
}
