//! The way of a sheet to the public: approved by another person, published, replaced by its correction, withdrawn.

use serde::{Deserialize, Serialize};

use super::opened;
use crate::access::Permission;
use crate::controls::disclosure::obligations::Obligation;
use crate::controls::disclosure::sheet::{SheetHead, SheetState};
use crate::controls::disclosure::store;
use crate::db::{Connection, Stop};
use crate::ledger::BookCode;
use crate::ledger::refusal::ReasonRefusal;
use crate::office::{Act, Scene, Target};

/// What to do with a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetStep {
    /// 审核: drafted → approved, by another person
    Approve,
    /// 退回: drafted → returned, with a reason
    Return,
    /// 公示: approved → published; the version before it is replaced
    Publish,
    /// 撤下: published → withdrawn, with a reason
    Withdraw,
}

/// Moves a sheet one step.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MoveSheet {
    /// The book.
    pub book: BookCode,
    /// The sheet.
    pub sheet: i64,
    /// The step.
    pub step: SheetStep,
    /// Why, for a return and a withdrawal.
    #[serde(default)]
    pub reason: Option<String>,
}

impl Act for MoveSheet {
    const KIND: &'static str = "disclosure.move";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        let permission = match self.step {
            SheetStep::Approve | SheetStep::Return => Permission::ApproveDisclosure,
            SheetStep::Publish | SheetStep::Withdraw => Permission::Disclose,
        };
        (permission, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let head = opened(tx, scene, &self.book, self.sheet).await?;
        let moved = match self.step {
            SheetStep::Approve => {
                head.needs(&[SheetState::Drafted])?;
                head.approved_by(&scene.actor)?;
                SheetHead { state: SheetState::Approved, approved_by: Some(scene.actor.clone()), ..head }
            }
            SheetStep::Return => {
                head.needs(&[SheetState::Drafted, SheetState::Approved])?;
                SheetHead { state: SheetState::Returned, approved_by: None, reason: Some(self.why("退回公开表")?), ..head }
            }
            SheetStep::Publish => {
                head.needs(&[SheetState::Approved])?;
                self.replace_older(tx, scene, &head).await?;
                SheetHead { state: SheetState::Published, published_on: Some(scene.today), ..head }
            }
            SheetStep::Withdraw => {
                head.needs(&[SheetState::Published])?;
                SheetHead { state: SheetState::Withdrawn, reason: Some(self.why("撤下公开表")?), ..head }
            }
        };
        Ok(store::sheets::set_state(tx, &scene.county, &self.book, &moved, &scene.at).await?)
    }
}

impl MoveSheet {
    fn why(&self, what: &str) -> Result<String, ReasonRefusal> {
        let reason = self.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
        reason.map(str::to_owned).ok_or_else(|| ReasonRefusal::Missing { what: what.to_owned() })
    }

    async fn replace_older(&self, tx: &mut Connection, scene: &Scene, new: &SheetHead) -> Result<(), Stop> {
        let older = store::sheets::heads(tx, &scene.county, &self.book).await?;
        let same = |head: &&SheetHead| {
            head.state == SheetState::Published && (head.kind, head.span, &head.subject) == (new.kind, new.span, &new.subject)
        };
        for head in older.iter().filter(same) {
            let replaced = SheetHead { state: SheetState::Replaced, reason: new.reason.clone(), ..head.clone() };
            store::sheets::set_state(tx, &scene.county, &self.book, &replaced, &scene.at).await?;
        }
        Ok(())
    }
}

/// Keeps a county's own obligations; answers how many.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveObligations {
    /// The rows.
    pub rows: Vec<Obligation>,
}

impl Act for SaveObligations {
    const KIND: &'static str = "disclosure.obligations";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        let rows: Vec<(String, Obligation)> = self.rows.iter().map(|row| (row.rule.clone(), row.clone())).collect();
        store::rules::save(tx, &scene.county, "disclosure", &rows, (&scene.actor, &scene.at)).await?;
        Ok(rows.len())
    }
}
