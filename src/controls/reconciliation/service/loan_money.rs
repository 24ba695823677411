//! Running the loan's own act from a statement line, and taking a payment back.
//!
//! 1. What the act books on the bank account is the line's amount, to the fen, or nothing is done.
//! 2. The line is left matched with the voucher lines the act made; undoing the match alone changes no loan.
//! 3. A loan of the account's own book is booked by its register alone, so a line never stands twice in the books.
//! 4. A payment or a recovery is taken back whole: the register counts it as never received, a red voucher cancels the
//!    money, the line is free again. Compensation and subsidies have ways back of their own: recovery, returned payment.

use serde::{Deserialize, Serialize};

use super::matching::keep;
use super::{At, locked};
use crate::access::Permission;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::controls::reconciliation::account::BankAccount;
use crate::controls::reconciliation::loan_money::{Doing, posting_rules};
use crate::controls::reconciliation::papers::line_name;
use crate::controls::reconciliation::store::LoanAct;
use crate::controls::reconciliation::{BankItem, ReconciliationRefusal, store};
use crate::db::{Connection, Stop};
use crate::ledger::service as ledger;
use crate::ledger::store as ledger_store;
use crate::ledger::vouchers::store as vouchers;
use crate::ledger::{AccountCode, Dimensions, Voucher, VoucherId};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::products::microloan::risk_fund::service::{self as fund, PayClaims, RecoverClaims, Recovery};
use crate::products::microloan::service::own_books::own_book;
use crate::products::microloan::service::{Entry, RecordFacts};
use crate::products::microloan::store::{self as register, heads};
use crate::products::microloan::subsidy::service::{BatchStep, ReceiveSubsidy, StepBatch};
use crate::products::microloan::{Fact, Happening};

/// Runs the loan act a line stands for, and matches the line with what it books.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PostLoanMoney {
    /// The bank account.
    pub at: At,
    /// The line: (line, part).
    pub line: (i64, i64),
    /// What it stands for.
    pub doing: Doing,
    /// The account that stands against money collected for a bank; for payments of borrowers only.
    #[serde(default)]
    pub against: Option<AccountCode>,
    /// Dimensions of that account.
    #[serde(default)]
    pub dimensions: Dimensions,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoanMoneyDone {
    /// Number of the loan act within the bank account.
    pub act: i64,
    /// The group the line is matched in.
    pub group: i64,
    /// The line's amount.
    pub amount: Amount,
    /// The first voucher made, by key.
    pub voucher: i64,
}

impl Act for PostLoanMoney {
    const KIND: &'static str = "reconcile.loan";
    type Answer = LoanMoneyDone;

    fn needs(&self) -> (Permission, Target<'_>) {
        match self.doing {
            Doing::Repaid { .. } | Doing::TakenBack { .. } => (Permission::KeepRegisters, Target::County),
            Doing::SubsidyReceived { .. } => (Permission::PostByRule, Target::Book(&self.at.book)),
            _ => (Permission::PostByRule, Target::County),
        }
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<LoanMoneyDone, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.at.book]).await?;
        let account = locked(tx, scene, &self.at).await?;
        let line = self.free_line(tx, scene, &account).await?;
        let before = store::last_voucher(tx, &scene.county, &account).await?;
        self.run(tx, scene, &account, &line).await?;
        let made = store::lines_made(tx, &scene.county, &account, before).await?;
        let sum = Amount::try_sum(made.iter().map(|(_, _, amount, _)| *amount)).unwrap_or(Amount::LARGEST);
        let Some(voucher) = made.first().filter(|_| sum == line.amount).map(|(voucher, ..)| *voucher) else {
            let (line, amount) = (line_name(line.line, line.part), line.amount.to_string());
            return Err(ReconciliationRefusal::NotThatMuch { line, amount, made: sum.to_string() }.into());
        };
        let book = made.iter().map(|(voucher, number, ..)| (*voucher, *number)).collect();
        let group = store::Group { bank: vec![self.line], book, why: format!("办理业务:{}", self.doing.label_zh()) };
        let act = LoanAct { act: 0, line: self.line, doing: self.doing.clone(), on: line.on, amount: line.amount, voucher };
        let act = store::save_loan_act(tx, &scene.county, &account, &act, (&scene.at, &scene.actor)).await?;
        let group = keep(tx, scene, &account, ("hand", format!("loan:{act}")), &[group]).await?;
        Ok(LoanMoneyDone { act, group, amount: line.amount, voucher })
    }
}

impl PostLoanMoney {
    /// The line; refuses one that is not free, whose loan act is done, or that lies in a frozen month.
    async fn free_line(&self, tx: &mut Connection, scene: &Scene, account: &BankAccount) -> Result<BankItem, Stop> {
        let line = || line_name(self.line.0, self.line.1);
        if store::loan_act_of(tx, &scene.county, &account.code, self.line).await?.is_some() {
            return Err(ReconciliationRefusal::LoanMoneyDone { line: line() }.into());
        }
        let found = store::chosen_bank(tx, &scene.county, account, &[self.line]).await?.pop();
        let found = found.ok_or_else(|| ReconciliationRefusal::LineNotFree { line: line() })?;
        refuse_frozen(tx, scene, account, &[found.on]).await?;
        Ok(found)
    }

    async fn run(&self, tx: &mut Connection, scene: &Scene, account: &BankAccount, line: &BankItem) -> Result<(), Stop> {
        let on = line.on;
        match &self.doing {
            Doing::Repaid { loan, towards } => {
                let is_own = is_own(tx, scene, account, loan).await?;
                let amount = if is_own { -line.amount } else { line.amount };
                if is_own && !amount.is_positive() {
                    let (line, loan) = (line_name(line.line, line.part), loan.clone());
                    return Err(ReconciliationRefusal::OwnLoan { line, loan }.into());
                }
                let what = Happening::Repaid { amount, towards: *towards };
                record(tx, scene, loan, Fact { on, what }, &source(account, line)).await?;
                if is_own {
                    // The register booked it: the payment stands in the own book by the act that recorded it.
                    return Ok(());
                }
                let none = || ReconciliationRefusal::NoAgainst { line: line_name(line.line, line.part) };
                let against = self.against.as_ref().ok_or_else(none)?;
                let words = format!("代收 {} 贷款 {loan} {}", line.name, self.doing.label_zh());
                let voucher = posting_rules::collected(line, &account.in_books(), (against, &self.dimensions), &words);
                post(tx, scene, ("loan.collected", on, loan), voucher.map_err(|why| why.refusal())?).await?;
            }
            Doing::TakenBack { act, .. } => {
                let acts = store::loan_acts(tx, &scene.county, &account.code).await?;
                let paid = acts.into_iter().find(|paid| paid.act == *act && paid.amount == -line.amount);
                let unknown = || ReconciliationRefusal::NoWayBack { line: line_name(line.line, line.part), what: String::new() };
                let why = format!("流水 {} 退回", line_name(line.line, line.part));
                take_back(tx, scene, account, &paid.ok_or_else(unknown)?, (on, &why)).await?;
            }
            Doing::Compensated { claims } => {
                PayClaims { claims: claims.clone(), on }.perform(tx, scene).await?;
            }
            Doing::Recovered { claim, amount } => {
                let recoveries = vec![Recovery { claim: claim.clone(), amount: *amount, on }];
                RecoverClaims { recoveries }.perform(tx, scene).await?;
            }
            Doing::SubsidyPaid { batch } => {
                StepBatch { batch: batch.clone(), step: BatchStep::Pay { on } }.perform(tx, scene).await?;
            }
            Doing::SubsidyReturned { batch, payees } => {
                let step = BatchStep::Return { on, payees: payees.clone() };
                StepBatch { batch: batch.clone(), step }.perform(tx, scene).await?;
            }
            Doing::SubsidyReceived { document } => {
                let (book, document) = (account.book.clone(), document.clone());
                ReceiveSubsidy { book, amount: line.amount, on, document }.perform(tx, scene).await?;
            }
        }
        Ok(())
    }
}

async fn refuse_frozen(tx: &mut Connection, scene: &Scene, account: &BankAccount, dates: &[BusinessDate]) -> Result<(), Stop> {
    let frozen = store::frozen(tx, &scene.county, account).await?;
    if frozen.holds_all(dates.iter().copied()) {
        return Err(ReconciliationRefusal::PeriodFrozen { account: account.code.clone(), through: frozen.label() }.into());
    }
    Ok(())
}

/// True for a loan of the entity whose book the account stands in.
async fn is_own(tx: &mut Connection, scene: &Scene, account: &BankAccount, loan: &str) -> Result<bool, Stop> {
    let found = heads::heads(tx, &scene.county, &register::keys([loan])).await?;
    Ok(found.first().and_then(own_book).is_some_and(|book| book == account.book))
}

/// How the register names a statement line.
fn source(account: &BankAccount, line: &BankItem) -> String {
    format!("{} 流水 {}", account.code, line_name(line.line, line.part))
}

async fn record(tx: &mut Connection, scene: &Scene, loan: &str, fact: Fact, reference: &str) -> Result<(), Stop> {
    let entry = Entry { loan: loan.to_owned(), fact, reference: reference.to_owned() };
    RecordFacts { entries: vec![entry] }.perform(tx, scene).await?;
    Ok(())
}

async fn post(
    tx: &mut Connection,
    scene: &Scene,
    (kind, on, of): (&str, BusinessDate, &str),
    voucher: Voucher,
) -> Result<(), Stop> {
    let event = scene.draw_id();
    let what = serde_json::json!({ "of": of });
    ledger_store::save_event(tx, &scene.county, (&event, kind, &on.to_string()), &what, &scene.at).await?;
    ledger::post(tx, scene, &[voucher], Some(&event)).await?;
    Ok(())
}

/// Takes a payment or a recovery out of the register and cancels its voucher in red on a day.
async fn take_back(
    tx: &mut Connection,
    scene: &Scene,
    account: &BankAccount,
    paid: &LoanAct,
    (on, why): (BusinessDate, &str),
) -> Result<(), Stop> {
    let (kind, of, is_booked) = match &paid.doing {
        Doing::Repaid { loan, towards } => {
            let is_own = is_own(tx, scene, account, loan).await?;
            let amount = if is_own { -paid.amount } else { paid.amount };
            let what = Happening::TakenBack { received_on: paid.on, amount, towards: *towards };
            record(tx, scene, loan, Fact { on, what }, why).await?;
            ("loan.collected-back", loan, !is_own)
        }
        Doing::Recovered { claim, amount } => {
            fund::take_back(tx, scene, claim, *amount, (paid.on, on)).await?;
            ("fund.recovery-returned", claim, true)
        }
        other => {
            let (line, what) = (line_name(paid.line.0, paid.line.1), other.label_zh().to_owned());
            return Err(ReconciliationRefusal::NoWayBack { line, what }.into());
        }
    };
    let wrong = vouchers::vouchers(tx, &scene.county, &account.book, &[VoucherId(paid.voucher)]).await?;
    for wrong in wrong.into_iter().filter(|_| is_booked) {
        let red = wrong.reversal(on, AccountingPeriod::of(on))?;
        post(tx, scene, (kind, on, of), red).await?;
    }
    store::mark_loan_act_undone(tx, &scene.county, (&account.code, paid.act), (&scene.at, &scene.actor), why).await?;
    Ok(())
}

/// Takes back a payment or a recovery that a line was posted as: the line is free again, as before.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UndoLoanMoney {
    /// The bank account.
    pub at: At,
    /// The line: (line, part).
    pub line: (i64, i64),
    /// Date of the red voucher, in an open period.
    pub on: BusinessDate,
    /// Why.
    pub reason: String,
}

impl Act for UndoLoanMoney {
    const KIND: &'static str = "reconcile.loan_undo";
    /// The act taken back.
    type Answer = i64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<i64, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.at.book]).await?;
        let account = locked(tx, scene, &self.at).await?;
        let (county, code) = (scene.county.as_str(), account.code.as_str());
        let none =
            || ReconciliationRefusal::NoWayBack { line: line_name(self.line.0, self.line.1), what: "没有办理".to_owned() };
        let paid = store::loan_act_of(tx, county, code, self.line).await?.ok_or_else(none)?;
        refuse_frozen(tx, scene, &account, &[paid.on]).await?;
        let groups = store::groups_of_bank(tx, county, code, &[self.line]).await?;
        store::remove_groups(tx, county, code, &groups).await?;
        let before = store::last_voucher(tx, county, &account).await?;
        take_back(tx, scene, &account, &paid, (self.on, &self.reason)).await?;
        let made = store::lines_made(tx, county, &account, before).await?;
        let first = store::lines_made(tx, county, &account, paid.voucher - 1).await?;
        // The collected money and its red twin cancel each other: neither is outstanding.
        let both = first.iter().filter(|(voucher, ..)| *voucher == paid.voucher).chain(&made);
        let book: Vec<(i64, i64)> = both.map(|(voucher, line, ..)| (*voucher, *line)).collect();
        let others = store::groups_of_book(tx, county, (code, &account.book), &book).await?;
        store::remove_groups(tx, county, code, &others).await?;
        let group = store::Group { bank: Vec::new(), book, why: "业务撤销:原凭证与红字凭证".to_owned() };
        keep(tx, scene, &account, ("hand", format!("loan-undo:{}", paid.act)), &[group]).await?;
        Ok(paid.act)
    }
}
