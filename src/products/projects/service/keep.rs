//! The card of a project, its approval, and the rules of projects.

use serde::{Deserialize, Serialize};

use super::{document, opened};
use crate::access::Permission;
use crate::affairs::meetings::service::check_pointer;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::books::service::refuse_ended;
use crate::ledger::books::store::{self as books, Member};
use crate::ledger::{BookCode, Dimension, LedgerRefusal, store as ledger_store};
use crate::office::{Act, Scene, Target};
use crate::products::projects::card::{Card, Project, ProjectState};
use crate::products::projects::deed::Deed;
use crate::products::projects::refusal::ProjectRefusal;
use crate::products::projects::rules::{ProjectRule, RuleKind, deciding};
use crate::products::projects::store;

/// Registers a project, or changes one that waits for approval; the books can name it from now on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeepProject {
    /// The book.
    pub book: BookCode,
    /// Its code.
    pub project: String,
    /// The card.
    pub card: Card,
    /// True for a new one.
    pub is_new: bool,
}

impl Act for KeepProject {
    const KIND: &'static str = "project.keep";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepVouchers, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        self.card.check(&self.project)?;
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let before = store::project(tx, &scene.county, &self.book, &self.project).await?;
        match (&before, self.is_new) {
            (Some(_), true) => return Err(ProjectRefusal::ProjectTaken { project: self.project.clone() }.into()),
            (Some(_), false) => {
                opened(tx, scene, (&self.book, &self.project), scene.today).await?.at().needs(&[ProjectState::Proposed])?;
            }
            (None, false) => {
                let (project, book) = (self.project.clone(), self.book.to_string());
                return Err(ProjectRefusal::UnknownProject { project, book }.into());
            }
            (None, true) => refuse_ended(tx, &scene.county, &self.book).await?,
        }
        let opened_by = before.map_or_else(|| scene.actor.clone(), |before| before.opened_by);
        let kept = Project { project: self.project.clone(), card: self.card.clone(), opened_by };
        store::save(tx, &scene.county, &self.book, &kept, &scene.at).await?;
        let dimension = Dimension::Project.as_str().to_owned();
        let member = Member { dimension, member: self.project.clone(), name: self.card.name.clone() };
        books::save_members(tx, &scene.county, &self.book, &[member]).await?;
        Ok(())
    }
}

/// Approves a project with the document that says so. From the sum of the rules on a decision of the village is needed (U-408).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ApproveProject {
    /// The book.
    pub book: BookCode,
    /// Which.
    pub project: String,
    /// Date of the approval.
    pub on: BusinessDate,
    /// Its document.
    pub document: String,
}

impl Act for ApproveProject {
    const KIND: &'static str = "project.approve";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Review, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let mut project = opened(tx, scene, (&self.book, &self.project), self.on).await?;
        project.at().needs(&[ProjectState::Proposed])?;
        project.project.looked_at_by(&scene.actor)?;
        let document = document(&self.project, "批复", &self.document)?;
        let amount = project.project.card.total().unwrap_or_default();
        let book = books::book(tx, &scene.county, &self.book).await?;
        let book = book.ok_or_else(|| LedgerRefusal::UnknownBook { book: self.book.to_string() })?;
        let rules = store::rules(tx, &scene.county).await?;
        let rule = deciding(&rules, RuleKind::DecisionFrom, self.on, book.place.as_deref().unwrap_or_default());
        if let Some(rule) = rule.filter(|rule| rule.amount.is_some_and(|from| amount >= from))
            && project.project.card.decision.trim().is_empty()
        {
            let (project, source) = (self.project.clone(), rule.source.clone());
            return Err(ProjectRefusal::NeedsDecision { project, amount, source }.into());
        }
        check_pointer(tx, &scene.county, &self.book, &project.project.card.decision).await?;
        project.did(tx, scene, (self.on, &Deed::Approved { document, amount }), (None, None)).await?;
        Ok(())
    }
}

/// Keeps a county's own rules of projects.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveProjectRules {
    /// The rows.
    pub rules: Vec<ProjectRule>,
}

impl Act for SaveProjectRules {
    const KIND: &'static str = "project.rules";
    type Answer = i64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<i64, Stop> {
        self.rules.iter().try_for_each(ProjectRule::check)?;
        store::save_rules(tx, &scene.county, &self.rules, (&scene.actor, &scene.at)).await?;
        Ok(self.rules.len() as i64)
    }
}
