//! The way of a sheet to the public: approved by another person, published, replaced by its correction, withdrawn.

use serde::{Deserialize, Serialize};

use super::opened;
use crate::access::{Permission, store as people};
use crate::controls::disclosure::contact::{Contact, nearest};
use crate::controls::disclosure::obligations::Obligation;
use crate::controls::disclosure::sheet::{SheetHead, SheetState};
use crate::controls::disclosure::store;
use crate::db::{Connection, Stop};
use crate::ledger::BookCode;
use crate::ledger::books::store as books;
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
                let approver = Some(approver(tx, scene).await?);
                SheetHead { state: SheetState::Approved, approved_by: Some(scene.actor.clone()), approver, ..head }
            }
            SheetStep::Return => {
                head.needs(&[SheetState::Drafted, SheetState::Approved])?;
                SheetHead {
                    state: SheetState::Returned,
                    approved_by: None,
                    approver: None,
                    reason: Some(self.why("退回公开表")?),
                    ..head
                }
            }
            SheetStep::Publish => {
                head.needs(&[SheetState::Approved])?;
                self.replace_older(tx, scene, &head).await?;
                let contact = self.contact(tx, scene).await?;
                SheetHead { state: SheetState::Published, published_on: Some(scene.today), contact, ..head }
            }
            SheetStep::Withdraw => {
                head.needs(&[SheetState::Published])?;
                SheetHead { state: SheetState::Withdrawn, reason: Some(self.why("撤下公开表")?), ..head }
            }
        };
        Ok(store::sheets::set_state(tx, &scene.county, &self.book, &moved, &scene.at).await?)
    }
}

/// The approver's name with the role by which they approve.
async fn approver(tx: &mut Connection, scene: &Scene) -> Result<String, Stop> {
    let names = people::names(tx, &scene.county).await?;
    let name = names.into_iter().find(|(user, _)| *user == scene.actor).map_or(scene.actor.clone(), |(_, name)| name);
    let actors = people::actors(tx, &scene.county, std::slice::from_ref(&scene.actor)).await?;
    let grants = actors.into_iter().next().and_then(Result::ok).unwrap_or_default().grants;
    let role = grants.iter().map(|grant| grant.role).find(|role| role.allows(Permission::ApproveDisclosure));
    Ok(role.map_or(name.clone(), |role| format!("{name}({})", role.label_zh())))
}

impl MoveSheet {
    /// Whom to call, of the place nearest to the book.
    async fn contact(&self, tx: &mut Connection, scene: &Scene) -> Result<Option<String>, Stop> {
        let place = books::book(tx, &scene.county, &self.book).await?.and_then(|book| book.place).unwrap_or_default();
        let own = store::contacts::all(tx, &scene.county).await?;
        Ok(nearest(&own, &place, scene.today).map(Contact::words))
    }

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

/// Keeps a telephone of supervision.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveContact {
    /// The row.
    pub contact: Contact,
}

impl Act for SaveContact {
    const KIND: &'static str = "disclosure.contact";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        self.contact.check()?;
        Ok(store::contacts::save(tx, &scene.county, &self.contact, (&scene.actor, &scene.at)).await?)
    }
}
