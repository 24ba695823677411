//! The end of a project: accepted, settled, its asset formed.

use serde::{Deserialize, Serialize};

use super::{Opened, document, opened};
use crate::access::Permission;
use crate::affairs::assets::card::AssetCard;
use crate::affairs::assets::store as assets;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::BookCode;
use crate::ledger::service::Numbered;
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::products::projects::card::{ProjectKind, ProjectState};
use crate::products::projects::deed::Deed;
use crate::products::projects::posting_rules::{self, Ending};
use crate::products::projects::refusal::ProjectRefusal;

/// Accepts a project that is done, by its record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AcceptProject {
    /// The book.
    pub book: BookCode,
    /// The project.
    pub project: String,
    /// Date.
    pub on: BusinessDate,
    /// The record.
    pub document: String,
}

impl Act for AcceptProject {
    const KIND: &'static str = "project.accept";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Review, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let mut project = opened(tx, scene, (&self.book, &self.project), self.on).await?;
        project.at().needs(&[ProjectState::Approved, ProjectState::Building])?;
        project.project.looked_at_by(&scene.actor)?;
        if project.standing.progress < 100 {
            let (project, progress) = (self.project.clone(), project.standing.progress);
            return Err(ProjectRefusal::NotDone { project, progress }.into());
        }
        project.at().progress(100, self.on)?;
        let document = document(&self.project, "验收", &self.document)?;
        project.did(tx, scene, (self.on, &Deed::Accepted { document }), (None, None)).await?;
        Ok(())
    }
}

/// Fixes the final sum, between what was paid and what was approved (U-405).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SettleProject {
    /// The book.
    pub book: BookCode,
    /// The project.
    pub project: String,
    /// Date.
    pub on: BusinessDate,
    /// The final sum.
    pub amount: Amount,
    /// The settlement's document.
    pub document: String,
}

impl Act for SettleProject {
    const KIND: &'static str = "project.settle";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Review, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let mut project = opened(tx, scene, (&self.book, &self.project), self.on).await?;
        project.project.looked_at_by(&scene.actor)?;
        project.at().settle(self.amount)?;
        let document = document(&self.project, "结算", &self.document)?;
        project.did(tx, scene, (self.on, &Deed::Settled { amount: self.amount, document }), (None, None)).await?;
        Ok(())
    }
}

/// Finishes a settled project: works become an asset of the village with a card, what is still owed to builders a debt, and the
/// levy and grant that paid for it the village's own. Everything paid must be posted (U-208).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FinishProject {
    /// The book.
    pub book: BookCode,
    /// The project.
    pub project: String,
    /// Date.
    pub on: BusinessDate,
    /// The asset's code and card; its cost and date are the settlement's. None for projects that make nothing lasting.
    pub asset: Option<(String, AssetCard)>,
}

impl Act for FinishProject {
    const KIND: &'static str = "project.finish";
    type Answer = Vec<Numbered>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<Numbered>, Stop> {
        let mut project = opened(tx, scene, (&self.book, &self.project), self.on).await?;
        project.at().needs(&[ProjectState::Settled])?;
        if project.project.card.forms_asset != self.asset.is_some() {
            let (project, what) = (self.project.clone(), "资产编号(形成资产的填,不形成的不填)".to_owned());
            return Err(ProjectRefusal::CardIncomplete { project, what }.into());
        }
        let ending = self.ending(tx, scene, &project).await?;
        let under = project.under(self.on, None);
        let mut made = Vec::new();
        if self.asset.is_some() {
            made.push(posting_rules::finished(under, &ending)?);
        }
        if (ending.levy + ending.grant).is_positive() {
            made.push(posting_rules::funds_kept(under, ending.levy, ending.grant)?);
        }
        let owed = ending.owed.iter().map(|(_, amount)| *amount).sum::<Amount>();
        let cost = project.standing.settled.unwrap_or_default();
        if let Some((code, card)) = &self.asset {
            self.register(tx, scene, (code, card), cost).await?;
        }
        let asset = self.asset.as_ref().map(|(code, _)| code.clone());
        let deed = Deed::Finished { asset, cost, owed, funds: (ending.levy, ending.grant) };
        project.posted(tx, scene, (self.on, &deed), &made).await
    }
}

impl FinishProject {
    async fn register(
        &self,
        tx: &mut Connection,
        scene: &Scene,
        (code, card): (&str, &AssetCard),
        cost: Amount,
    ) -> Result<(), Stop> {
        let card = AssetCard { cost, acquired_on: self.on, ..card.clone() };
        let kept = (code, &card, Some(self.project.as_str()));
        card.check(code)?;
        if code.trim().is_empty() || !assets::insert(tx, &scene.county, &self.book, kept, (&scene.actor, &scene.at)).await? {
            return Err(ProjectRefusal::AssetTaken { asset: code.to_owned() }.into());
        }
        Ok(())
    }

    /// What the books hold of the project against what the register knows.
    async fn ending(&self, tx: &mut Connection, scene: &Scene, project: &Opened) -> Result<Ending, Stop> {
        let (standing, card) = (&project.standing, &project.project.card);
        let settled = standing.settled.unwrap_or_default();
        let special = -project.balance(tx, scene, "special_payable").await?;
        if !card.forms_asset {
            let grant = if card.kind == ProjectKind::Reward { special.max(Amount::ZERO) } else { Amount::ZERO };
            return Ok(Ending { grant, ..Ending::default() });
        }
        let built = project.balance(tx, scene, "construction").await?;
        if built != standing.spent() {
            let (project, register) = (self.project.clone(), standing.spent());
            return Err(ProjectRefusal::BooksDiffer { project, books: built, register }.into());
        }
        let levy = match card.kind {
            ProjectKind::OneCase => (-project.balance(tx, scene, "village_levy").await?).max(Amount::ZERO).min(settled),
            _ => Amount::ZERO,
        };
        let grant = special.max(Amount::ZERO).min(settled - levy);
        Ok(Ending { built, owed: owed(project, settled), levy, grant })
    }
}

/// What the settlement still owes, by builder: each contract's rest in its order, then the village's own people.
fn owed(project: &Opened, settled: Amount) -> Vec<(String, Amount)> {
    let mut left = settled - project.standing.spent();
    let mut owed = Vec::new();
    for under in &project.standing.contracts {
        let rest = left.take_up_to((under.contract.amount - under.paid).max(Amount::ZERO));
        if rest.is_positive() {
            owed.push((under.contract.contractor.clone(), rest));
        }
    }
    if left.is_positive() {
        owed.push((project.project.card.name.clone(), left));
    }
    owed
}
