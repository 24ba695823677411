//! Acts on the fund: money in and out, claims from filing to payment, recoveries, write-offs.

mod giving_back;

pub use giving_back::GiveBackRecovery;
pub(crate) use giving_back::take_back;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::claim::{Claim, ClaimState, loss};
use super::posting_rules::{self, FundMove};
use super::refusal::FundRefusal;
use super::store;
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::service as ledger;
use crate::ledger::{BookCode, Voucher};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::products::microloan::fact::{Fact, Happening};
use crate::products::microloan::policy;
use crate::products::microloan::refusal::LoanRefusal;
use crate::products::microloan::service::record::{Entry, record};
use crate::products::microloan::store::{self as register, heads, heads::LoanHead};
use crate::products::microloan::timeline::timeline;

/// Posts money of the fund that is not a claim.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MoveFund {
    /// Book of the fund.
    pub book: BookCode,
    /// Bank whose special account it is.
    pub bank: String,
    /// How much.
    pub amount: Amount,
    /// The day.
    pub on: BusinessDate,
    /// What.
    #[serde(flatten)]
    pub what: FundMove,
}

impl Act for MoveFund {
    const KIND: &'static str = "fund.move";
    /// The voucher's reference.
    type Answer = String;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<String, Stop> {
        if !self.amount.is_positive() {
            return Err(LoanRefusal::NotPositive { loan: self.bank.clone(), amount: self.amount }.into());
        }
        if matches!(self.what, FundMove::Returned { .. } | FundMove::Fee | FundMove::Moved { .. }) {
            refuse_short(tx, scene, &self.bank, self.amount).await?;
        }
        let voucher = posting_rules::moved(&self.book, self.on, &self.bank, self.amount, &self.what)?;
        let what = serde_json::to_value(self).unwrap_or_default();
        let event = save_event(tx, scene, "fund.moved", self.on, &what).await?;
        let posted = ledger::post(tx, scene, &[voucher], Some(&event)).await?;
        Ok(posted.first().map(ledger::Numbered::reference).unwrap_or_default())
    }
}

async fn save_event(
    tx: &mut Connection,
    scene: &Scene,
    kind: &str,
    on: BusinessDate,
    what: &serde_json::Value,
) -> Result<String, Stop> {
    let event = scene.draw_id();
    crate::ledger::store::save_event(tx, &scene.county, (&event, kind, &on.to_string()), what, &scene.at).await?;
    Ok(event)
}

/// Refuses a payment the special account does not cover.
async fn refuse_short(tx: &mut Connection, scene: &Scene, bank: &str, needed: Amount) -> Result<(), Stop> {
    let balances = store::balances(tx, &scene.county).await?;
    let balance = Amount::from_fen(balances.iter().find(|(name, _)| name == bank).map_or(0, |(_, fen)| *fen));
    if balance < needed {
        return Err(FundRefusal::NotEnough { bank: bank.to_owned(), balance, needed }.into());
    }
    Ok(())
}

/// Files claims for loans past due: (claim number, loan).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FileClaims {
    /// Book of the fund; the county's only one when absent.
    pub book: Option<BookCode>,
    /// The day.
    pub on: BusinessDate,
    /// Claim number and loan.
    pub claims: Vec<(String, String)>,
}

impl Act for FileClaims {
    const KIND: &'static str = "fund.claim";
    type Answer = Vec<Claim>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<Claim>, Stop> {
        let only = store::books(tx, &scene.county).await?.into_iter().next();
        let book = self.book.clone().or(only).ok_or(FundRefusal::NoFundBook)?;
        let keys = register::keys(self.claims.iter().map(|(_, loan)| loan.as_str()));
        let claimed = store::claimed_loans(tx, &scene.county, &keys).await?;
        let known: HashMap<String, LoanHead> =
            heads::heads(tx, &scene.county, &keys).await?.into_iter().map(|head| (head.loan.clone(), head)).collect();
        let facts = register::facts(tx, &scene.county, &keys).await?;
        let policies = policy::store::policies(tx, &scene.county).await?;
        let beyond = store::beyond(tx, &scene.county, &keys).await?;
        let mut filed = Vec::with_capacity(self.claims.len());
        for (number, loan) in &self.claims {
            if let Some(claim) = claimed.get(loan) {
                return Err(FundRefusal::AlreadyClaimed { loan: loan.clone(), claim: claim.clone() }.into());
            }
            let head = known.get(loan).ok_or_else(|| LoanRefusal::UnknownLoan { loan: loan.clone() })?;
            let row = head.policy.as_deref().map(|name| policy::named(&policies, name)).transpose()?;
            if beyond.contains(loan) && row.is_some_and(|row| row.excludes("over-leverage")) {
                return Err(FundRefusal::BeyondFund { loan: loan.clone() }.into());
            }
            filed.push(self.file(number, head, facts.get(loan).map_or(&[][..], Vec::as_slice), &policies, (&book, scene))?);
        }
        store::save_claims(tx, &scene.county, &filed).await?;
        Ok(filed)
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "claims": self.claims.len(), "on": self.on, "first": self.claims.first() })
    }
}

impl FileClaims {
    fn file(
        &self,
        number: &str,
        head: &LoanHead,
        facts: &[Fact],
        policies: &[policy::Policy],
        (book, scene): (&BookCode, &Scene),
    ) -> Result<Claim, Stop> {
        let not_signed = || LoanRefusal::NotContracted { loan: head.loan.clone() };
        let (contract, name) = head.contract.as_ref().zip(head.policy.as_deref()).ok_or_else(not_signed)?;
        let position = timeline(&head.loan, contract, facts, self.on)?.position;
        let (principal, interest, shares) = loss(&head.loan, policy::named(policies, name)?, &position)?;
        let fund_share = shares.iter().filter(|share| share.party == "fund").map(|share| share.amount).sum();
        Ok(Claim {
            claim: number.to_owned(),
            book: book.clone(),
            loan: head.loan.clone(),
            bank: head.bank.clone(),
            state: ClaimState::Filed,
            filed_on: self.on,
            filed_by: scene.actor.clone(),
            days_overdue: position.days_past_due(),
            principal,
            interest,
            shares,
            fund_share,
            approved_by: None,
            approved_on: None,
            paid_on: None,
            paid: Amount::ZERO,
            recovered: Amount::ZERO,
            fund_recovered: Amount::ZERO,
            written_off: Amount::ZERO,
            written_off_on: None,
            written_off_reason: None,
            reason: None,
        })
    }
}

/// Approves or rejects claims; by another person than the one who filed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DecideClaims {
    /// The claims.
    pub claims: Vec<String>,
    /// True to approve.
    pub approve: bool,
    /// The day.
    pub on: BusinessDate,
    /// Reason of a rejection.
    #[serde(default)]
    pub reason: Option<String>,
}

impl Act for DecideClaims {
    const KIND: &'static str = "fund.approve";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Review, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        let step = if self.approve { "批准" } else { "退回" };
        let mut claims = claims_in(tx, scene, &self.claims, ClaimState::Filed, step).await?;
        for claim in &mut claims {
            if claim.filed_by == scene.actor {
                return Err(FundRefusal::OwnClaim { claim: claim.claim.clone(), user: scene.actor.clone() }.into());
            }
            claim.state = if self.approve { ClaimState::Approved } else { ClaimState::Rejected };
            (claim.approved_by, claim.approved_on) = (Some(scene.actor.clone()), Some(self.on));
            claim.reason.clone_from(&self.reason);
        }
        store::save_claims(tx, &scene.county, &claims).await?;
        Ok(claims.len())
    }
}

/// The claims of these numbers; refuses one that is missing or in another state.
async fn claims_in(
    tx: &mut Connection,
    scene: &Scene,
    asked: &[String],
    needed: ClaimState,
    step: &str,
) -> Result<Vec<Claim>, Stop> {
    let claims = store::claims_of(tx, &scene.county, &register::keys(asked.iter().map(String::as_str))).await?;
    if let Some(missing) = asked.iter().find(|number| claims.iter().all(|claim| claim.claim != **number)) {
        return Err(FundRefusal::UnknownClaim { claim: missing.clone() }.into());
    }
    match claims.iter().find(|claim| claim.state != needed) {
        Some(wrong) => {
            let (claim, state) = (wrong.claim.clone(), wrong.state.label_zh().to_owned());
            Err(FundRefusal::WrongClaimState { claim, state, step: step.to_owned() }.into())
        }
        None => Ok(claims),
    }
}

/// Pays approved claims to the banks: one voucher for each bank and book; the loans become compensated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PayClaims {
    /// The claims.
    pub claims: Vec<String>,
    /// The day.
    pub on: BusinessDate,
}

impl Act for PayClaims {
    const KIND: &'static str = "fund.pay";
    /// What the fund paid.
    type Answer = Amount;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Amount, Stop> {
        let mut claims = claims_in(tx, scene, &self.claims, ClaimState::Approved, "支付").await?;
        let mut by_bank: BTreeMap<(&BookCode, &str), Vec<&Claim>> = BTreeMap::new();
        for claim in &claims {
            by_bank.entry((&claim.book, &claim.bank)).or_default().push(claim);
        }
        let mut vouchers = Vec::with_capacity(by_bank.len());
        for ((book, bank), claims) in by_bank {
            refuse_short(tx, scene, bank, claims.iter().map(|claim| claim.fund_share).sum()).await?;
            if claims.iter().any(|claim| claim.fund_share.is_positive()) {
                vouchers.push(posting_rules::compensated(book, self.on, &claims)?);
            }
        }
        post_event(tx, scene, "fund.compensated", self.on, &self.claims, &vouchers).await?;
        let entry = |claim: &Claim| {
            let what = Happening::Compensated { amount: claim.principal + claim.interest };
            Entry { loan: claim.loan.clone(), fact: Fact { on: self.on, what }, reference: claim.claim.clone() }
        };
        let entries = claims.iter().map(entry).collect();
        for claim in &mut claims {
            (claim.state, claim.paid, claim.paid_on) = (ClaimState::Paid, claim.fund_share, Some(self.on));
        }
        store::save_claims(tx, &scene.county, &claims).await?;
        record(tx, scene, entries).await?;
        Ok(claims.iter().map(|claim| claim.paid).sum())
    }
}

async fn post_event<T: Serialize>(
    tx: &mut Connection,
    scene: &Scene,
    kind: &str,
    on: BusinessDate,
    what: &T,
    vouchers: &[Voucher],
) -> Result<(), Stop> {
    if !vouchers.is_empty() {
        let event = save_event(tx, scene, kind, on, &serde_json::to_value(what).unwrap_or_default()).await?;
        ledger::post(tx, scene, vouchers, Some(&event)).await?;
    }
    Ok(())
}

/// Money back from a household after compensation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Recovery {
    /// Claim.
    pub claim: String,
    /// How much came back, all parties.
    pub amount: Amount,
    /// The day.
    pub on: BusinessDate,
}

/// Shares recoveries by the claims' ratios; the fund's part comes into its account, the loan owes less.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecoverClaims {
    /// The recoveries.
    pub recoveries: Vec<Recovery>,
}

impl Act for RecoverClaims {
    const KIND: &'static str = "fund.recover";
    /// The fund's part.
    type Answer = Amount;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Amount, Stop> {
        let mut numbers: Vec<String> = self.recoveries.iter().map(|recovery| recovery.claim.clone()).collect();
        numbers.sort();
        numbers.dedup();
        let mut claims = claims_in(tx, scene, &numbers, ClaimState::Paid, "收回").await?;
        let (mut vouchers, mut entries, mut total) = (Vec::new(), Vec::new(), Amount::ZERO);
        for recovery in &self.recoveries {
            let claim = claims.iter_mut().find(|claim| claim.claim == recovery.claim).expect("claims_in found every number");
            let part = claim.recover(recovery.amount)?;
            if part.is_positive() {
                vouchers.push(posting_rules::recovered(claim, recovery.on, part)?);
            }
            total += part;
            let what = Happening::Recovered { amount: recovery.amount };
            entries.push(Entry {
                loan: claim.loan.clone(),
                fact: Fact { on: recovery.on, what },
                reference: claim.claim.clone(),
            });
        }
        let on = self.recoveries.first().map_or(scene.today, |recovery| recovery.on);
        post_event(tx, scene, "fund.recovered", on, &self.recoveries, &vouchers).await?;
        store::save_claims(tx, &scene.county, &claims).await?;
        record(tx, scene, entries).await?;
        Ok(total)
    }
}

/// Gives up what is left of claims (death, disability, disaster …): a memo, the money was spent before.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WriteOffClaims {
    /// The claims.
    pub claims: Vec<String>,
    /// The day.
    pub on: BusinessDate,
    /// Why.
    pub reason: String,
}

impl Act for WriteOffClaims {
    const KIND: &'static str = "fund.write_off";
    type Answer = Amount;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Review, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Amount, Stop> {
        let mut claims = claims_in(tx, scene, &self.claims, ClaimState::Paid, "核销").await?;
        let mut total = Amount::ZERO;
        for claim in &mut claims {
            let left = claim.memo();
            if !left.is_positive() {
                return Err(FundRefusal::NothingLeft { claim: claim.claim.clone() }.into());
            }
            claim.written_off += left;
            (claim.written_off_on, claim.written_off_reason) = (Some(self.on), Some(self.reason.clone()));
            total += left;
        }
        store::save_claims(tx, &scene.county, &claims).await?;
        Ok(total)
    }
}
