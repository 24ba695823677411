//! Acts on vouchers: keep, change, submit, approve, return, post, void, reverse, copy.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::store;
use super::{KeptVoucher, State, head_of, stage_again};
use crate::access::Permission;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::{Connection, Stop, Writes};
use crate::ledger::class_rules;
use crate::ledger::service::{self as ledger, Books, Numbered, Outcome};
use crate::ledger::way_back::way_back;
use crate::ledger::{BookCode, LedgerRefusal, Stage, Voucher, VoucherId, posting, store as ledger_store};
use crate::office::{Act, Listing, Scene, Target};

/// Keeps vouchers as drafts of the acting person (entry, import). Rows imported before are left out
/// when `skip_known`, refused otherwise.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeepDrafts {
    /// The book.
    pub book: BookCode,
    /// Vouchers of that book.
    pub vouchers: Vec<Voucher>,
    /// Leave out what was imported before.
    pub skip_known: bool,
}

/// What keeping drafts did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The numbers given, in order.
    pub numbered: Vec<Numbered>,
    /// How many were in the book already.
    pub known: usize,
}

impl Act for KeepDrafts {
    const KIND: &'static str = "voucher.keep";
    type Answer = Kept;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepVouchers, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Kept, Stop> {
        self.check_kind()?;
        let fresh = if self.skip_known { self.fresh(tx, scene).await? } else { self.vouchers.iter().collect() };
        let known = self.vouchers.len() - fresh.len();
        if fresh.is_empty() && known > 0 {
            return Ok(Kept { numbered: Vec::new(), known });
        }
        Ok(Kept { numbered: ledger::keep_drafts(tx, scene, &fresh).await?, known })
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "vouchers": self.vouchers.len() })
    }

    fn as_listing(&self) -> Option<Listing<'_>> {
        (!self.skip_known).then_some(Listing::Keep(self))
    }
}

/// Keeps what several people enter at the same moment, in one list.
pub(crate) async fn keep_many(
    tx: &mut Connection,
    acts: &[(&Scene, &KeepDrafts)],
    books: Books,
    writes: &mut Writes<'_>,
) -> Result<Vec<Outcome>, Stop> {
    acts.iter().try_for_each(|(_, act)| act.check_kind())?;
    let lists: Vec<_> = acts.iter().map(|(scene, act)| (*scene, &act.book, act.vouchers.as_slice())).collect();
    ledger::keep_many(tx, &lists, books, writes).await
}

impl KeepDrafts {
    /// Refuses vouchers of another book (the permission was asked for this one) and openings.
    fn check_kind(&self) -> Result<(), LedgerRefusal> {
        if let Some(stray) = self.vouchers.iter().find(|voucher| voucher.book != self.book) {
            return Err(LedgerRefusal::OtherBook { book: self.book.to_string(), other: stray.book.to_string() });
        }
        match self.vouchers.iter().find(|voucher| voucher.stage == Stage::Opening) {
            Some(opening) => Err(LedgerRefusal::OpeningAsDraft { period: opening.period.to_string() }),
            None => Ok(()),
        }
    }

    /// Those the book does not have; the book is locked, so that no other import brings them meanwhile.
    async fn fresh(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<&Voucher>, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let keys: Vec<(&str, &str)> =
            self.vouchers.iter().filter_map(|v| Some((v.book.0.as_str(), v.source_key.as_deref()?))).collect();
        let known: std::collections::HashSet<String> =
            ledger_store::known_sources(tx, &scene.county, &keys).await?.into_iter().map(|(_, key)| key).collect();
        let is_new = |v: &&Voucher| v.source_key.as_ref().is_none_or(|key| !known.contains(key));
        Ok(self.vouchers.iter().filter(is_new).collect())
    }
}

/// What to do with some vouchers of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// 提交: draft → submitted
    Submit,
    /// 审核: submitted → approved, by another person
    Approve,
    /// 退回: submitted or approved → draft, with a reason
    Return,
    /// 过账: approved → posted
    Post,
    /// 作废: draft → voided; the number stays
    Void,
}

/// Moves vouchers one step on (or back) in their life; all of them or none.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MoveVouchers {
    /// The book.
    pub book: BookCode,
    /// Which vouchers.
    pub vouchers: Vec<VoucherId>,
    /// Which step.
    pub step: Step,
    /// Why, for a return.
    pub reason: Option<String>,
}

impl Act for MoveVouchers {
    const KIND: &'static str = "voucher.move";
    type Answer = Vec<String>;

    fn needs(&self) -> (Permission, Target<'_>) {
        let permission = match self.step {
            Step::Submit | Step::Void => Permission::KeepVouchers,
            Step::Approve | Step::Return => Permission::Review,
            Step::Post => Permission::Post,
        };
        (permission, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<String>, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let vouchers = load(tx, scene, &self.book, &self.vouchers).await?;
        let names = vouchers.iter().map(KeptVoucher::reference).collect();
        match self.step {
            Step::Submit => self.submit(tx, scene, &vouchers).await?,
            Step::Approve => self.approve(tx, scene, &vouchers).await?,
            Step::Return => self.return_to_maker(tx, scene, &vouchers).await?,
            Step::Post => post_approved(tx, scene, &self.book, vouchers).await?,
            Step::Void => self.void(tx, scene, &vouchers).await?,
        }
        Ok(names)
    }
}

impl MoveVouchers {
    async fn submit(&self, tx: &mut Connection, scene: &Scene, vouchers: &[KeptVoucher]) -> Result<(), Stop> {
        check_all(tx, scene, vouchers, &[State::Draft]).await?;
        Ok(store::set_state(tx, &scene.county, &self.book, &self.vouchers, State::Submitted, None).await?)
    }

    async fn approve(&self, tx: &mut Connection, scene: &Scene, vouchers: &[KeptVoucher]) -> Result<(), Stop> {
        for voucher in vouchers {
            voucher.needs(&[State::Submitted])?;
            voucher.reviewed_by(&scene.actor)?;
        }
        check_all(tx, scene, vouchers, &[State::Submitted]).await?;
        Ok(store::approve(tx, &scene.county, &self.book, &self.vouchers, &scene.actor, &scene.at).await?)
    }

    async fn return_to_maker(&self, tx: &mut Connection, scene: &Scene, vouchers: &[KeptVoucher]) -> Result<(), Stop> {
        let reason = self.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
        let reason = reason.ok_or_else(|| super::super::refusal::ReasonRefusal::Missing { what: "退回".to_owned() })?;
        for voucher in vouchers {
            voucher.needs(&[State::Submitted, State::Approved])?;
        }
        Ok(store::set_state(tx, &scene.county, &self.book, &self.vouchers, State::Draft, Some(reason)).await?)
    }

    async fn void(&self, tx: &mut Connection, scene: &Scene, vouchers: &[KeptVoucher]) -> Result<(), Stop> {
        for voucher in vouchers {
            voucher.needs(&[State::Draft])?;
        }
        store::release_reversed(tx, &scene.county, &self.book, &self.vouchers).await?;
        Ok(store::set_state(tx, &scene.county, &self.book, &self.vouchers, State::Voided, self.reason.as_deref()).await?)
    }
}

/// Loads vouchers; refuses keys the book does not have.
pub(in crate::ledger) async fn load(
    tx: &mut Connection,
    scene: &Scene,
    book: &BookCode,
    ids: &[VoucherId],
) -> Result<Vec<KeptVoucher>, Stop> {
    let found = store::vouchers(tx, &scene.county, book, ids).await?;
    match ids.iter().find(|id| !found.iter().any(|voucher| voucher.id == **id)) {
        Some(missing) => Err(LedgerRefusal::UnknownVoucher { voucher: missing.0.to_string(), book: book.to_string() }.into()),
        None if found.is_empty() => Err(LedgerRefusal::NoVouchers.into()),
        None => Ok(found),
    }
}

/// Refuses unless each voucher is in a state the step needs and may still be kept in its book and period.
async fn check_all(tx: &mut Connection, scene: &Scene, vouchers: &[KeptVoucher], states: &[State]) -> Result<(), Stop> {
    let contents: Vec<&Voucher> = vouchers.iter().map(|v| &v.content).collect();
    let known = ledger::known(tx, &scene.county, &contents).await?;
    class_rules::service::refuse_unclassed(tx, &scene.county, &contents).await?;
    for voucher in vouchers {
        voucher.needs(states)?;
        posting::check(&voucher.content, &known)?;
    }
    Ok(())
}

/// Posts approved vouchers in the order of their keys: chain, movements, book.
async fn post_approved(tx: &mut Connection, scene: &Scene, book: &BookCode, vouchers: Vec<KeptVoucher>) -> Result<(), Stop> {
    check_all(tx, scene, &vouchers, &[State::Approved]).await?;
    let mut books = ledger_store::lock_books(tx, scene.engine, &scene.county, &[book]).await?;
    let state = books.get_mut(book).ok_or_else(|| LedgerRefusal::UnknownBook { book: book.to_string() })?;
    let mut posted = Vec::with_capacity(vouchers.len());
    for voucher in &vouchers {
        let (period, dated_on) = (voucher.content.period.to_string(), voucher.content.dated_on.to_string());
        let place = state.last_posted + 1;
        let head = head_of(voucher, &scene.county, (&period, &dated_on), place, &scene.actor, &scene.at);
        posted.push((voucher.id.0, place, ledger::extend(state, &head, &voucher.content.lines)));
    }
    store::mark_posted(tx, &scene.county, book, &posted, &scene.actor, &scene.at).await?;
    let lines = vouchers.iter().map(|v| (&v.content.book, v.content.period, v.content.stage, v.content.lines.as_slice()));
    let mut writes = Writes::of(scene.engine, &scene.county);
    ledger_store::advance_books(&mut writes, &books);
    ledger::add_movements(tx, &scene.county, lines, &mut writes).await?;
    Ok(writes.send(tx).await?)
}

/// Refuses red vouchers that do not cancel a posted voucher of their book, whole and once.
pub(in crate::ledger) async fn refuse_wrong_reversals(
    tx: &mut Connection,
    county: &str,
    vouchers: &[&Voucher],
) -> Result<(), Stop> {
    let mut red: BTreeMap<&BookCode, Vec<(VoucherId, &Voucher)>> = BTreeMap::new();
    for voucher in vouchers {
        if let Some(reversed) = voucher.reverses {
            red.entry(&voucher.book).or_default().push((reversed, *voucher));
        }
    }
    for (book, list) in red {
        let ids: Vec<VoucherId> = list.iter().map(|(reversed, _)| *reversed).collect();
        let wrong = store::vouchers(tx, county, book, &ids).await?;
        let mut taken = store::reversals(tx, county, book, &ids).await?;
        for (id, voucher) in list {
            let unknown = || LedgerRefusal::UnknownVoucher { voucher: id.0.to_string(), book: book.to_string() };
            let wrong = wrong.iter().find(|kept| kept.id == id).ok_or_else(unknown)?;
            wrong.check_reversible()?;
            if let Some(by) = taken.insert(id, wrong.reference()) {
                return Err(LedgerRefusal::AlreadyReversed { voucher: wrong.reference(), by }.into());
            }
            wrong.check_cancelled_by(voucher)?;
        }
    }
    Ok(())
}

/// Replaces the content of a draft; its number and word stay. Who changes it is its maker from then on, so that nobody
/// approves what they wrote (I12). A red voucher goes on cancelling what it reverses, to the fen.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeDraft {
    /// Which draft.
    pub voucher: VoucherId,
    /// Its new content.
    pub content: Voucher,
}

impl Act for ChangeDraft {
    const KIND: &'static str = "voucher.change";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepVouchers, Target::Book(&self.content.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.content.book]).await?;
        let old = load(tx, scene, &self.content.book, &[self.voucher]).await?.remove(0);
        old.needs(&[State::Draft])?;
        let content = Voucher {
            period: old.content.period,
            word: old.content.word,
            stage: old.content.stage,
            reverses: old.content.reverses,
            source_key: old.content.source_key,
            ..self.content.clone()
        };
        posting::check(&content, &ledger::known(tx, &scene.county, &[&content]).await?)?;
        if let Some(wrong) = content.reverses {
            load(tx, scene, &content.book, &[wrong]).await?.remove(0).check_cancelled_by(&content)?;
        }
        Ok(store::replace_draft(tx, &scene.county, self.voucher, &content, (&scene.actor, &scene.at)).await?)
    }
}

/// Makes the red voucher that cancels a posted one, submitted for somebody else's approval.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReverseVoucher {
    /// The book.
    pub book: BookCode,
    /// The wrong voucher.
    pub voucher: VoucherId,
    /// Date of the red voucher, in an open period.
    pub on: BusinessDate,
    /// Why.
    pub reason: Option<String>,
}

impl Act for ReverseVoucher {
    const KIND: &'static str = "voucher.reverse";
    type Answer = Numbered;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepVouchers, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Numbered, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let wrong = load(tx, scene, &self.book, &[self.voucher]).await?.remove(0);
        if let Some(red) = store::reversal_of(tx, &scene.county, &self.book, self.voucher).await? {
            return Err(LedgerRefusal::AlreadyReversed { voucher: wrong.reference(), by: red }.into());
        }
        refuse_kept_by_register(tx, scene, &wrong).await?;
        let red = wrong.reversal(self.on, AccountingPeriod::of(self.on))?;
        wrong.check_year_of(self.on)?;
        let numbered = ledger::keep_drafts(tx, scene, &[&red]).await?.remove(0);
        store::set_state(tx, &scene.county, &self.book, &[numbered.1], State::Submitted, None).await?;
        Ok(numbered)
    }
}

/// Refuses a voucher that a register knows of: its own act puts the mistake right on both sides (L-209).
async fn refuse_kept_by_register(tx: &mut Connection, scene: &Scene, wrong: &KeptVoucher) -> Result<(), Stop> {
    let Some(event) = &wrong.event else { return Ok(()) };
    let kind = store::event_kind(tx, &scene.county, event).await?;
    match kind.as_deref().and_then(way_back) {
        Some((what, way)) => {
            let (what, way) = (what.to_owned(), way.to_owned());
            Err(LedgerRefusal::KeptByRegister { voucher: wrong.reference(), what, way }.into())
        }
        None => Ok(()),
    }
}

/// Copies a voucher's lines into a new draft.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CopyVoucher {
    /// The book.
    pub book: BookCode,
    /// The voucher to copy.
    pub voucher: VoucherId,
    /// Date of the copy.
    pub on: BusinessDate,
}

impl Act for CopyVoucher {
    const KIND: &'static str = "voucher.copy";
    type Answer = Numbered;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepVouchers, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Numbered, Stop> {
        let pattern = load(tx, scene, &self.book, &[self.voucher]).await?.remove(0);
        let copy = Voucher {
            period: AccountingPeriod::of(self.on),
            dated_on: self.on,
            stage: stage_again(pattern.content.stage),
            reverses: None,
            source_key: None,
            paper_attachments: 0,
            ..pattern.content
        };
        Ok(ledger::keep_drafts(tx, scene, &[&copy]).await?.remove(0))
    }
}
