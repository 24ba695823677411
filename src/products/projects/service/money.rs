//! Money of a project: received, levied and collected, paid, returned.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Opened, document, opened};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::vouchers::{self, State};
use crate::ledger::{AccountCode, BookCode};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::products::projects::card::{ProjectKind, ProjectState};
use crate::products::projects::deed::{Deed, Payment};
use crate::products::projects::posting_rules;
use crate::products::projects::refusal::ProjectRefusal;
use crate::products::projects::standing::Standing;

/// After the approval.
const GOING: [ProjectState; 5] =
    [ProjectState::Approved, ProjectState::Building, ProjectState::Accepted, ProjectState::Settled, ProjectState::Finished];

/// Money from above for a project: when, how much, by which document, through which account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GrantMoney {
    /// The book.
    pub book: BookCode,
    /// The project.
    pub project: String,
    /// Date.
    pub on: BusinessDate,
    /// How much.
    pub amount: Amount,
    /// The document it comes or goes with.
    pub document: String,
    /// Where it comes in or goes out; the bank when absent.
    #[serde(default)]
    pub money_account: Option<AccountCode>,
}

impl GrantMoney {
    /// The project after its approval, its book locked. Refuses sums that are not positive.
    async fn opened(&self, tx: &mut Connection, scene: &Scene) -> Result<Opened, Stop> {
        let project = opened(tx, scene, (&self.book, &self.project), self.on).await?;
        project.at().needs(&GOING)?;
        project.at().positive(self.amount)?;
        Ok(project)
    }
}

/// Money of a project from above arrives; a reward only after the acceptance (U-206).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReceiveGrant(pub GrantMoney);

impl Act for ReceiveGrant {
    const KIND: &'static str = "project.receive";
    type Answer = Vec<Numbered>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.0.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<Numbered>, Stop> {
        let (asked, mut project) = (&self.0, self.0.opened(tx, scene).await?);
        let is_reward = project.project.card.kind == ProjectKind::Reward;
        if is_reward && project.standing.accepted.is_none() {
            return Err(ProjectRefusal::RewardTooEarly { project: asked.project.clone() }.into());
        }
        let (amount, document) = (asked.amount, document(&asked.project, "到账资金", &asked.document)?);
        let under = project.under(asked.on, asked.money_account.as_ref());
        let mut made = vec![posting_rules::received(under, amount)?];
        if is_reward && project.standing.finished.is_some() {
            made.push(posting_rules::funds_kept(under, Amount::ZERO, amount)?);
        }
        project.posted(tx, scene, (asked.on, &Deed::Received { amount, document }), &made).await
    }
}

/// Unused money goes back to where it came from, no more than is left of it (U-407).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReturnGrant(pub GrantMoney);

impl Act for ReturnGrant {
    const KIND: &'static str = "project.return";
    type Answer = Vec<Numbered>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.0.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<Numbered>, Stop> {
        let (asked, mut project) = (&self.0, self.0.opened(tx, scene).await?);
        let (amount, balance) = (asked.amount, -project.balance(tx, scene, "special_payable").await?);
        if amount > balance {
            return Err(ProjectRefusal::FundShort { project: asked.project.clone(), amount, balance }.into());
        }
        let document = document(&asked.project, "退回资金", &asked.document)?;
        let voucher = posting_rules::returned(project.under(asked.on, asked.money_account.as_ref()), amount)?;
        project.posted(tx, scene, (asked.on, &Deed::Returned { amount, document }), &[voucher]).await
    }
}

/// 一事一议筹资: what households decided to pay becomes due, or comes in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Levy {
    /// The book.
    pub book: BookCode,
    /// The project.
    pub project: String,
    /// Date.
    pub on: BusinessDate,
    /// Household and sum.
    pub households: Vec<(String, Amount)>,
    /// True when the money comes in, false when it becomes due.
    pub comes_in: bool,
    /// Where it comes in; the bank when absent.
    #[serde(default)]
    pub money_account: Option<AccountCode>,
}

impl Act for Levy {
    const KIND: &'static str = "project.levy";
    type Answer = Vec<Numbered>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<Numbered>, Stop> {
        let mut project = opened(tx, scene, (&self.book, &self.project), self.on).await?;
        project.at().needs(&GOING)?;
        if project.project.card.kind != ProjectKind::OneCase || self.households.is_empty() {
            let (project, what) = (self.project.clone(), "类别(只有一事一议项目筹资)和户名单".to_owned());
            return Err(ProjectRefusal::CardIncomplete { project, what }.into());
        }
        self.households.iter().try_for_each(|(_, amount)| project.at().positive(*amount))?;
        let under = project.under(self.on, self.money_account.as_ref());
        let households = self.households.clone();
        let (deed, voucher) = if self.comes_in {
            self.owed(&project.standing)?;
            (Deed::Collected { households }, posting_rules::collected(under, &self.households)?)
        } else {
            (Deed::Levied { households }, posting_rules::levied(under, &self.households)?)
        };
        project.posted(tx, scene, (self.on, &deed), &[voucher]).await
    }
}

impl Levy {
    /// Refuses more than a household still owes (U-304).
    fn owed(&self, standing: &Standing) -> Result<(), ProjectRefusal> {
        let mut asked: BTreeMap<&str, Amount> = BTreeMap::new();
        for (household, amount) in &self.households {
            let sum = asked.entry(household).or_default();
            *sum += *amount;
            let (due, came) = standing.levied.get(household).copied().unwrap_or_default();
            if came + *sum > due {
                let (project, household) = (self.project.clone(), household.clone());
                return Err(ProjectRefusal::NotLevied { project, household, left: due - came });
            }
        }
        Ok(())
    }
}

/// Pays for a project: a submitted voucher within budget, contract and progress; another person approves and posts it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PayProject {
    /// The book.
    pub book: BookCode,
    /// The project.
    pub project: String,
    /// Date.
    pub on: BusinessDate,
    /// The payment.
    pub payment: Payment,
    /// Sheets of paper with it.
    pub sheets: i64,
    /// Where it is paid from; the bank when absent.
    #[serde(default)]
    pub money_account: Option<AccountCode>,
}

impl Act for PayProject {
    const KIND: &'static str = "project.pay";
    type Answer = Numbered;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::AcceptClaims, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Numbered, Stop> {
        let mut project = opened(tx, scene, (&self.book, &self.project), self.on).await?;
        project.at().pay(&self.payment, self.on)?;
        let is_finished = project.standing.finished.is_some();
        let under = project.under(self.on, self.money_account.as_ref());
        let mut voucher = posting_rules::paid(under, &self.payment, is_finished)?;
        voucher.paper_attachments = self.sheets;
        let numbered = ledger::keep_drafts(tx, scene, &[&voucher]).await?.remove(0);
        vouchers::store::set_state(tx, &scene.county, &self.book, &[numbered.1], State::Submitted, None).await?;
        project.did(tx, scene, (self.on, &Deed::Paid(self.payment.clone())), (None, Some(numbered.1.0))).await?;
        Ok(numbered)
    }
}
