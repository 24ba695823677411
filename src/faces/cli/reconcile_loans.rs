//! `reconcile loans | loan | loan-undo`: loan money on a bank's statement, posted as the loan's own acts.

use clap::Args;
use serde_json::json;

use super::bank::{at, line_ref};
use super::counter::Counter;
use super::output::Reply;
use super::reconcile::{Month, dimension, dimensions};
use crate::calendar::BusinessDate;
use crate::controls::reconciliation::account::BankAccount;
use crate::controls::reconciliation::loan_money::{Doing, Offer};
use crate::controls::reconciliation::papers::line_name;
use crate::controls::reconciliation::service::{PostLoanMoney, UndoLoanMoney, loan_offers, register};
use crate::controls::reconciliation::{BankItem, ReconciliationRefusal, store};
use crate::db::Stop;
use crate::exchange::{Column, Dress, Sheet};
use crate::ledger::{AccountCode, Dimension};
use crate::money::Amount;
use crate::products::microloan::Towards;

/// What the month's loan money may be.
#[derive(Debug, Args)]
pub struct LoansArguments {
    /// Which month.
    #[command(flatten)]
    month: Month,
    /// 办理确定的(有编号或户名、金额相同且唯一)
    #[arg(long)]
    post: bool,
    /// What stands against it.
    #[command(flatten)]
    against: Against,
}

/// What stands against collected money.
#[derive(Debug, Args)]
pub struct Against {
    /// 代收还款时的对方科目
    #[arg(long)]
    ledger_account: Option<String>,
    /// 对方科目的辅助核算
    #[arg(long = "dimension", value_parser = dimension)]
    dimensions: Vec<(Dimension, String)>,
}

/// A line, and what it stands for.
#[derive(Debug, Args)]
pub struct LoanArguments {
    /// 账户代号
    #[arg(long)]
    account: String,
    /// 流水号
    #[arg(long, value_parser = line_ref)]
    line: (i64, i64),
    /// 这笔贷款的还款(不写任何一项时,按唯一确定的可能办理)
    #[arg(long)]
    loan: Option<String>,
    /// 只还利息
    #[arg(long, requires = "loan")]
    interest: bool,
    /// 代偿编号,逗号分隔
    #[arg(long, value_delimiter = ',')]
    claims: Vec<String>,
    /// 代偿收回的总额(流水是其中基金应得的部分)
    #[arg(long, requires = "claims")]
    recovered: Option<Amount>,
    /// 贴息批次
    #[arg(long)]
    batch: Option<String>,
    /// 退票的收款户,逗号分隔
    #[arg(long, value_delimiter = ',', requires = "batch")]
    payees: Vec<String>,
    /// 收到贴息资金的文号
    #[arg(long)]
    document: Option<String>,
    /// What stands against it.
    #[command(flatten)]
    against: Against,
}

/// A payment to take back.
#[derive(Debug, Args)]
pub struct UndoArguments {
    /// 账户代号
    #[arg(long)]
    account: String,
    /// 流水号
    #[arg(long, value_parser = line_ref)]
    line: (i64, i64),
    /// 红字凭证日期;不写时为今天
    #[arg(long)]
    on: Option<BusinessDate>,
    /// 原因
    #[arg(long)]
    reason: String,
}

impl LoanArguments {
    /// What the arguments say the line stands for; nothing where they leave it to the offers.
    fn doing(&self) -> Option<Doing> {
        let towards = if self.interest { Towards::Interest } else { Towards::Any };
        match (&self.loan, &self.claims[..], &self.batch, &self.document) {
            (Some(loan), ..) => Some(Doing::Repaid { loan: loan.clone(), towards }),
            (_, [claim], ..) if self.recovered.is_some() => {
                Some(Doing::Recovered { claim: claim.clone(), amount: self.recovered.unwrap_or_default() })
            }
            (_, claims @ [_, ..], ..) => Some(Doing::Compensated { claims: claims.to_vec() }),
            (_, _, Some(batch), _) if self.payees.is_empty() => Some(Doing::SubsidyPaid { batch: batch.clone() }),
            (_, _, Some(batch), _) => Some(Doing::SubsidyReturned { batch: batch.clone(), payees: self.payees.clone() }),
            (.., Some(document)) => Some(Doing::SubsidyReceived { document: document.clone() }),
            _ => None,
        }
    }
}

impl Against {
    fn act(&self, account: &BankAccount, line: (i64, i64), doing: Doing) -> PostLoanMoney {
        let against = self.ledger_account.clone().map(AccountCode);
        PostLoanMoney { at: account.into(), line, doing, against, dimensions: dimensions(self.dimensions.clone()) }
    }
}

/// The account, its free lines of a month and their offers.
async fn offers(month: &Month, counter: &Counter) -> Result<(BankAccount, Vec<BankItem>, Vec<Offer>), Stop> {
    let mut tx = counter.snapshot().await?;
    let account = register(&mut tx, counter.county(), &month.account).await?;
    let free = store::Free { through: month.period.last_day(), as_of: false };
    let lines = store::bank_items(&mut tx, counter.county(), &account, free).await?;
    let offers = loan_offers(&mut tx, counter.county(), &account, &lines).await?;
    Ok((account, lines, offers))
}

/// Lists the offers, and posts the certain ones where asked.
pub async fn loans(arguments: LoansArguments, counter: &Counter) -> Result<Reply, Stop> {
    let (account, lines, offers) = offers(&arguments.month, counter).await?;
    let mut said = Vec::new();
    let mut done = Vec::new();
    for offer in offers.iter().filter(|offer| arguments.post && offer.certain) {
        let name = line_name(offer.line.0, offer.line.1);
        let act = arguments.against.act(&account, offer.line, offer.doing.clone());
        let posted = counter.perform_next(act, &name).await?;
        said.push(format!("流水 {name} 已办理:{} {}", offer.words, posted.amount.grouped()));
        done.push(json!({ "line": name, "doing": offer.doing, "done": posted }));
    }
    let sheet = sheet(&account, &lines, &offers);
    Ok(Reply { lines: said, json: Some(json!({ "offers": offers, "done": done })), ..Reply::sheet(sheet) })
}

/// 贷款资金核对清单
fn sheet(account: &BankAccount, lines: &[BankItem], offers: &[Offer]) -> Sheet {
    let columns = vec![
        Column::id("line", "流水"),
        Column::date("on", "日期"),
        Column::amount("amount", "金额"),
        Column::text("name", "对方户名"),
        Column::text("doing", "业务"),
        Column::text("words", "对象"),
        Column::text("reasons", "依据"),
        Column::text("certain", "确定"),
    ];
    let mut sheet =
        Sheet::new("贷款资金核对清单", columns).dressed(Dress::statement()).subtitle(format!("银行账户 {}", account.code));
    for offer in offers {
        let Some(line) = lines.iter().find(|line| (line.line, line.part) == offer.line) else { continue };
        sheet.push(vec![
            line_name(line.line, line.part).into(),
            line.on.into(),
            line.amount.into(),
            line.name.as_str().into(),
            offer.doing.label_zh().into(),
            offer.words.as_str().into(),
            offer.reasons.join(";").into(),
            if offer.certain { "✓" } else { "须人工选定" }.into(),
        ]);
    }
    sheet
}

/// Posts one line as what was said, or as the one certain offer.
pub async fn loan(arguments: LoanArguments, counter: &Counter) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let account = register(&mut tx, counter.county(), &arguments.account).await?;
    let doing = match arguments.doing() {
        Some(doing) => doing,
        None => {
            let line = store::chosen_bank(&mut tx, counter.county(), &account, &[arguments.line]).await?;
            certain(arguments.line, loan_offers(&mut tx, counter.county(), &account, &line).await?)?
        }
    };
    drop(tx);
    let what = doing.label_zh();
    let done = counter.perform(arguments.against.act(&account, arguments.line, doing)).await?;
    let name = line_name(arguments.line.0, arguments.line.1);
    Ok(Reply::said(format!("流水 {name} 已办理{what},金额 {}", done.amount.grouped()), json!(done)))
}

/// The one certain offer of a line. Refuses none and several.
fn certain(line: (i64, i64), offers: Vec<Offer>) -> Result<Doing, ReconciliationRefusal> {
    let count = offers.len();
    let found = offers.into_iter().find(|offer| offer.certain).map(|offer| offer.doing);
    found.ok_or_else(|| ReconciliationRefusal::NotCertain { line: line_name(line.0, line.1), offers: count })
}

/// Takes back the payment or recovery a line was posted as.
pub async fn undo(arguments: UndoArguments, counter: &Counter) -> Result<Reply, Stop> {
    let at = at(&arguments.account, counter).await?;
    let on = arguments.on.unwrap_or(counter.office.today());
    let act = counter.perform(UndoLoanMoney { at, line: arguments.line, on, reason: arguments.reason }).await?;
    let name = line_name(arguments.line.0, arguments.line.1);
    Ok(Reply::said(format!("流水 {name} 的业务已撤销,登记簿和账面均已冲回"), json!({ "act": act })))
}
