//! `lease open | accrue | receive | pay | end | list | schedule | warnings`: contracts of lease, contracting and sale.

use clap::{Args, Subcommand};
use serde_json::json;

use super::counter::Counter;
use super::lease_terms::TermsArguments;
use super::output::Reply;
use super::payout;
use super::words::named;
use crate::calendar::BusinessDate;
use crate::controls::supervision::service::contracts;
use crate::db::Stop;
use crate::ledger::service::Numbered;
use crate::ledger::{AccountCode, BookCode};
use crate::money::Amount;
use crate::payouts::service::rents::{PayRent, whole, wholes};
use crate::products::leases::refusal::LeaseRefusal;
use crate::products::leases::reports;
use crate::products::leases::service::contract::{EndLease, OpenLease};
use crate::products::leases::service::rent::{AccrueRent, ReceiveRent};
use crate::products::leases::{store, warnings};

/// Verbs of leases.
#[derive(Debug, Subcommand)]
pub enum LeaseCommand {
    /// 登记合同:租赁、发包或出售(逐项填写条款,或用 json 文件)
    Open {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// What is agreed.
        #[command(flatten)]
        agreed: Box<TermsArguments>,
    },
    /// 计提到期租金、承包费、价款(账套全部合同,或其中一个)
    Accrue {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 只计提这一个租约
        #[arg(long)]
        lease: Option<String>,
        /// 日期;不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
    },
    /// 收到租金、承包费、价款
    Receive {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 付款的对方;只有一方时可不写
        #[arg(long)]
        party: Option<String>,
        /// 金额
        #[arg(long)]
        amount: Amount,
        /// 超过应收的部分作预收
        #[arg(long)]
        in_advance: bool,
        /// 收款科目;不写为银行存款
        #[arg(long)]
        money_account: Option<String>,
    },
    /// 生成租金代发批次(租入)
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
    /// 终止租约,退还未用的预收租金
    End {
        /// Which, when.
        #[command(flatten)]
        at: At,
        /// 协议或决议
        #[arg(long)]
        document: String,
        /// 退款科目;不写为银行存款
        #[arg(long)]
        money_account: Option<String>,
    },
    /// 租约台账(含逾期租金)
    List {
        /// 账套编号;不写为全部
        #[arg(long, default_value = "")]
        book: String,
        /// 截至日期;不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
    },
    /// 租金计划表
    Schedule {
        /// 租约编号
        #[arg(long)]
        lease: String,
    },
    /// 合同提醒:逾期未收、即将到期应收、即将届满
    Warnings {
        /// 账套编号;不写为全部
        #[arg(long, default_value = "")]
        book: String,
        /// 截至日期;不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
    },
}

/// A lease of a book.
#[derive(Debug, Args)]
pub struct Which {
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 租约编号
    #[arg(long)]
    lease: String,
}

/// A lease on a date.
#[derive(Debug, Args)]
pub struct At {
    /// Which.
    #[command(flatten)]
    which: Which,
    /// 日期;不写为今天
    #[arg(long)]
    on: Option<BusinessDate>,
}

impl At {
    fn taken(self, counter: &Counter) -> (BookCode, String, BusinessDate) {
        (BookCode(self.which.book), self.which.lease, self.on.unwrap_or_else(|| counter.office.today()))
    }
}

/// Runs a verb.
pub async fn run(command: LeaseCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        LeaseCommand::Open { which, agreed } => open(which, *agreed, counter).await,
        LeaseCommand::Accrue { book, lease, on } => {
            let on = on.unwrap_or_else(|| counter.office.today());
            let accrued = counter.perform(AccrueRent { book: BookCode(book), on, lease }).await?;
            let (periods, out, owed) = (accrued.periods.len(), accrued.out.grouped(), accrued.owed.grouped());
            Ok(Reply::said(format!("计提 {periods} 期:应收 {out} 元,应付 {owed} 元"), json!(accrued)))
        }
        LeaseCommand::Receive { at, party, amount, in_advance, money_account } => {
            let ((book, lease, on), money_account) = (at.taken(counter), money_account.map(AccountCode));
            let act = ReceiveRent { book, lease, party, on, amount, in_advance, money_account };
            posted("已收到", &counter.perform(act).await?)
        }
        LeaseCommand::Pay { at, period, batch, money_account, accept } => {
            let ((book, lease, on), money_account) = (at.taken(counter), money_account.map(AccountCode));
            let act = PayRent { book, lease, period, batch: batch.clone(), on, money_account, accept };
            Ok(payout::drawn_up(&batch, &counter.perform(act).await?))
        }
        LeaseCommand::End { at, document, money_account } => {
            let ((book, lease, on), money_account) = (at.taken(counter), money_account.map(AccountCode));
            posted("租约已终止", &counter.perform(EndLease { book, lease, on, document, money_account }).await?)
        }
        LeaseCommand::List { book, on } => {
            let on = on.unwrap_or_else(|| counter.office.today());
            let mut tx = counter.snapshot().await?;
            Ok(Reply::sheet(reports::list(&wholes(&mut tx, counter.county(), &book).await?, on)?))
        }
        LeaseCommand::Warnings { book, on } => {
            let on = on.unwrap_or_else(|| counter.office.today());
            let mut tx = counter.snapshot().await?;
            let found = contracts::warnings(&mut tx, counter.county(), &book, on).await?;
            Ok(Reply::sheet(warnings::sheet(&found, on)))
        }
        LeaseCommand::Schedule { lease } => {
            let mut tx = counter.snapshot().await?;
            let unknown = || LeaseRefusal::UnknownLease { lease: lease.clone() };
            let found = store::lease(&mut tx, counter.county(), &lease).await?.ok_or_else(unknown)?;
            Ok(Reply::sheet(reports::schedule(&whole(&mut tx, counter.county(), found).await?)?))
        }
    }
}

fn posted(words: &str, vouchers: &[Numbered]) -> Result<Reply, Stop> {
    let vouchers: Vec<String> = vouchers.iter().map(|numbered| format!("{} {}", numbered.0, numbered.reference())).collect();
    Ok(Reply::said(format!("{words}{}", named(&vouchers)), json!({ "vouchers": vouchers })))
}

async fn open(which: Which, agreed: TermsArguments, counter: &Counter) -> Result<Reply, Stop> {
    let act = OpenLease { book: BookCode(which.book), lease: which.lease.clone(), terms: agreed.terms()? };
    let periods = counter.perform(act).await?;
    Ok(Reply::said(format!("已登记租约 {},共 {periods} 期", which.lease), json!({ "lease": which.lease, "periods": periods })))
}
