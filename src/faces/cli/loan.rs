//! `loan …`: the life of microloans, one verb for each step and fact; lists come from files.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::counter::Counter;
use super::loan_lists::{self, ListFile};
use super::loan_reconcile;
use super::loan_reports::{self, ReportKind};
use super::output::Reply;
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::money::{Amount, Rate};
use crate::products::microloan::service::{
    Application, ApplyLoans, ClassifyChunk, Entry, ImportBankClasses, SignLoans, Signing, StepLoans,
};
use crate::products::microloan::{AllotmentOrder, Fact, Happening, RepaymentMethod, Settlement, Step, Towards};

/// A fact's loan and day.
#[derive(Debug, Args)]
pub struct Of {
    /// 借据号
    loan: String,
    /// 日期,不写为今天;可以是过去的日期
    #[arg(long)]
    on: Option<BusinessDate>,
    /// 单据号
    #[arg(long, default_value = "")]
    reference: String,
}

/// Loans of a step.
#[derive(Debug, Args)]
pub struct Those {
    /// 借据号,可多个
    #[arg(required = true)]
    loans: Vec<String>,
    /// 日期,不写为今天
    #[arg(long)]
    on: Option<BusinessDate>,
    /// 意见
    #[arg(long, default_value = "")]
    note: String,
}

/// An application.
#[derive(Debug, Args)]
pub struct ApplyArguments {
    /// 借据号
    loan: String,
    /// 户编号
    #[arg(long)]
    household: String,
    /// 银行
    #[arg(long)]
    bank: String,
    /// 金额
    #[arg(long)]
    amount: String,
    /// 期限(月)
    #[arg(long)]
    months: u32,
    /// 用途
    #[arg(long)]
    purpose: String,
    /// 申请日期,不写为今天
    #[arg(long)]
    on: Option<BusinessDate>,
    /// 续贷:被续的借据号
    #[arg(long)]
    renews: Option<String>,
}

/// A contract.
#[derive(Debug, Args)]
pub struct SignArguments {
    /// 借据号
    loan: String,
    /// 合同号
    #[arg(long)]
    number: String,
    /// 金额
    #[arg(long)]
    amount: String,
    /// 年利率(%)
    #[arg(long)]
    rate: String,
    /// 签订日期,不写为今天
    #[arg(long)]
    on: Option<BusinessDate>,
    /// 到期日,不写按期限推算
    #[arg(long)]
    matures_on: Option<BusinessDate>,
    /// 结息周期
    #[arg(long, value_enum, default_value = "quarterly")]
    settlement: SettlementName,
    /// 还款方式
    #[arg(long, value_enum, default_value = "interest-only")]
    method: MethodName,
    /// 欠息计复利
    #[arg(long)]
    compound: bool,
    /// 还款分配顺序
    #[arg(long, default_value = "penalty-interest-principal")]
    order: String,
}

/// 结息周期.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum SettlementName {
    /// 按季
    Quarterly,
    /// 按月
    Monthly,
    /// 按年
    Yearly,
}

/// 还款方式.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum MethodName {
    /// 按期付息到期还本
    InterestOnly,
    /// 等额本息
    EqualInstalment,
    /// 等额本金
    EqualPrincipal,
}

/// Verbs of loans.
#[derive(Debug, Subcommand)]
pub enum LoanCommand {
    /// 与银行的贷款台账逐笔核对
    Reconcile(loan_reconcile::ReconcileArguments),
    /// 申请
    Apply(ApplyArguments),
    /// 导入贷款申请汇总表(借据号、户编号或身份证号、银行、金额、期限、用途……)
    Import(ListFile),
    /// 导入银行的放款、还款明细(或 json);可以迟到、可以乱序
    Record(ListFile),
    /// 村级核查
    Check(Those),
    /// 公示
    Announce(Those),
    /// 评级完成
    Grade(Those),
    /// 审批(每一级由不同的人)
    Approve(Those),
    /// 退回
    Reject(Those),
    /// 撤回
    Withdraw(Those),
    /// 签订合同
    Sign(SignArguments),
    /// 放款
    Disburse {
        /// The loan.
        #[command(flatten)]
        of: Of,
        /// 金额
        #[arg(long)]
        amount: String,
    },
    /// 还款
    Repay {
        /// The loan.
        #[command(flatten)]
        of: Of,
        /// 金额
        #[arg(long, allow_hyphen_values = true)]
        amount: String,
        /// 只还利息
        #[arg(long)]
        interest: bool,
    },
    /// 展期(到期前办理)
    Extend {
        /// The loan.
        #[command(flatten)]
        of: Of,
        /// 新到期日
        #[arg(long)]
        to: BusinessDate,
    },
    /// 续贷:以新换旧的申请,与 apply --renews 相同
    Renew(ApplyArguments),
    /// 利率变动或更正
    Rate {
        /// The loan.
        #[command(flatten)]
        of: Of,
        /// 年利率(%)
        #[arg(long)]
        rate: String,
    },
    /// 核销
    WriteOff {
        /// The loan.
        #[command(flatten)]
        of: Of,
        /// 原因
        #[arg(long)]
        reason: String,
    },
    /// 核销后收回
    Recover {
        /// The loan.
        #[command(flatten)]
        of: Of,
        /// 金额
        #[arg(long)]
        amount: String,
    },
    /// 按逾期天数分类,并把到期未还的转为逾期
    Classify {
        /// 日期,不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
        /// 只登记这笔贷款的银行分类
        #[arg(long, requires = "bank_class")]
        loan: Option<String>,
        /// 银行的五级分类
        #[arg(long, requires = "loan")]
        bank_class: Option<String>,
    },
    /// 导入银行的五级分类(借据号或合同号、五级分类)
    BankClasses(ListFile),
    /// 列出贷款
    List {
        /// 状态
        #[arg(long, default_value = "")]
        state: String,
        /// 区划代码(可写前几位)
        #[arg(long, default_value = "")]
        place: String,
        /// 从此借据号之后
        #[arg(long, default_value = "")]
        after: String,
        /// 最多多少行;不写时屏幕和 json 为 500 行,csv、xlsx、pdf 为全部
        #[arg(long, value_parser = clap::value_parser!(i64).range(1..))]
        limit: Option<i64>,
    },
    /// 一笔贷款:合同、事实、结息明细
    Show {
        /// 借据号
        loan: String,
    },
    /// 报表:台账、到期、逾期账龄、风险贷款率、五级分类、放贷进度
    Report {
        /// 哪一张
        #[arg(value_enum)]
        which: ReportKind,
        /// 截至日期,不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
    },
}

/// Runs a verb.
pub async fn run(command: LoanCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        LoanCommand::Reconcile(arguments) => loan_reconcile::run(arguments, counter).await,
        LoanCommand::Apply(asked) | LoanCommand::Renew(asked) => {
            let on = asked.on.unwrap_or_else(|| counter.office.today());
            let ApplyArguments { loan, household, bank, amount, months, purpose, renews, .. } = asked;
            let amount = Amount::parse(&amount)?;
            let said = format!("已登记申请 {loan}");
            let json = json!({ "loan": loan });
            let application = Application { loan, household, bank, amount, months, purpose, on, renews };
            counter.perform(ApplyLoans { applications: vec![application] }).await?;
            Ok(Reply::said(said, json))
        }
        LoanCommand::Import(list) => loan_lists::import_applications(counter, list).await,
        LoanCommand::Record(list) => loan_lists::record_facts(counter, list).await,
        LoanCommand::Check(those) => step(counter, Step::Check, those).await,
        LoanCommand::Announce(those) => step(counter, Step::Announce, those).await,
        LoanCommand::Grade(those) => step(counter, Step::Grade, those).await,
        LoanCommand::Approve(those) => step(counter, Step::Approve, those).await,
        LoanCommand::Reject(those) => step(counter, Step::Reject, those).await,
        LoanCommand::Withdraw(those) => step(counter, Step::Withdraw, those).await,
        LoanCommand::Sign(signing) => sign(counter, signing).await,
        LoanCommand::Disburse { of, amount } => fact(counter, of, Happening::Disbursed { amount: Amount::parse(&amount)? }).await,
        LoanCommand::Repay { of, amount, interest } => {
            let towards = if interest { Towards::Interest } else { Towards::Any };
            fact(counter, of, Happening::Repaid { amount: Amount::parse(&amount)?, towards }).await
        }
        LoanCommand::Extend { of, to } => fact(counter, of, Happening::Extended { to }).await,
        LoanCommand::Rate { of, rate } => fact(counter, of, Happening::RateChanged { rate: Rate::parse(&rate)? }).await,
        LoanCommand::WriteOff { of, reason } => fact(counter, of, Happening::WrittenOff { reason }).await,
        LoanCommand::Recover { of, amount } => fact(counter, of, Happening::Recovered { amount: Amount::parse(&amount)? }).await,
        LoanCommand::Classify { loan: Some(loan), bank_class: Some(class), .. } => {
            let kept = counter.perform(ImportBankClasses { classes: vec![(loan, class)] }).await?;
            Ok(Reply::said(format!("导入银行分类 {kept} 笔"), json!({ "loans": kept })))
        }
        LoanCommand::Classify { on, .. } => classify(counter, on.unwrap_or_else(|| counter.office.today())).await,
        LoanCommand::BankClasses(list) => loan_lists::import_classes(counter, list).await,
        LoanCommand::List { state, place, after, limit } => {
            loan_reports::list(counter, (&after, counter.rows(limit)), (&state, &place)).await
        }
        LoanCommand::Show { loan } => loan_reports::show(counter, &loan).await,
        LoanCommand::Report { which, on } => {
            loan_reports::report(counter, which, on.unwrap_or_else(|| counter.office.today())).await
        }
    }
}

async fn step(counter: &Counter, step: Step, those: Those) -> Result<Reply, Stop> {
    let on = those.on.unwrap_or_else(|| counter.office.today());
    let count = those.loans.len();
    let flags = counter.perform(StepLoans { step, on, loans: those.loans, note: those.note }).await?;
    let mut reply = Reply::said(format!("{} {count} 笔", step.label_zh()), json!({ "loans": count, "flags": flags }));
    reply.lines.extend(flags);
    Ok(reply)
}

async fn sign(counter: &Counter, asked: SignArguments) -> Result<Reply, Stop> {
    let settlement = match asked.settlement {
        SettlementName::Quarterly => Settlement::Quarterly,
        SettlementName::Monthly => Settlement::Monthly,
        SettlementName::Yearly => Settlement::Yearly,
    };
    let method = match asked.method {
        MethodName::InterestOnly => RepaymentMethod::InterestOnly,
        MethodName::EqualInstalment => RepaymentMethod::EqualInstalment,
        MethodName::EqualPrincipal => RepaymentMethod::EqualPrincipal,
    };
    let signing = Signing {
        loan: asked.loan.clone(),
        number: asked.number,
        amount: Amount::parse(&asked.amount)?,
        rate: Rate::parse(&asked.rate)?,
        on: asked.on.unwrap_or_else(|| counter.office.today()),
        matures_on: asked.matures_on,
        settlement,
        method,
        compound: asked.compound,
        order: AllotmentOrder::parse(&asked.order)?,
    };
    counter.perform(SignLoans { signings: vec![signing] }).await?;
    Ok(Reply::said(format!("已签合同 {}", asked.loan), json!({ "loan": asked.loan })))
}

async fn fact(counter: &Counter, of: Of, what: Happening) -> Result<Reply, Stop> {
    let on = of.on.unwrap_or_else(|| counter.office.today());
    loan_lists::recorded(counter, vec![Entry { loan: of.loan, fact: Fact { on, what }, reference: of.reference }]).await
}

async fn classify(counter: &Counter, on: BusinessDate) -> Result<Reply, Stop> {
    let watch = counter.watch();
    let (mut after, mut changed) = (String::new(), 0);
    loop {
        let (last, some) = counter.office.perform(&counter.actor, ClassifyChunk { on, after, limit: 20_000 }, None).await?;
        changed += some;
        let is_going = watch.told(format!("分类变动 {changed} 笔"));
        match last {
            Some(last) if is_going => after = last,
            rest => {
                watch.end();
                let stopped = if rest.is_some() { "(中途停止,再次执行即继续)" } else { "" };
                let json = json!({ "on": on, "changed": changed, "cancelled": rest.is_some() });
                return Ok(Reply::said(format!("分类变动 {changed} 笔{stopped}"), json));
            }
        }
    }
}
