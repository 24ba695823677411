//! A list in its making: rows completed from cards and registers, looked at, kept page by page.
//!
//! 1. A list is refused as a whole: nothing of it stays.
//! 2. However long it is, only a page of it is held.

use chrono::Datelike;

use super::draw_up::{DrawUp, DrawnUp};
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::books::service::regime_in;
use crate::ledger::posting_map::account_for;
use crate::ledger::store as ledger_store;
use crate::money::Amount;
use crate::office::Scene;
use crate::payouts::list::{self, Finding, Known, PayRow, Payee, Registered, Whole};
use crate::payouts::refusal::PayoutRefusal;
use crate::payouts::standards::{Standard, in_force};
use crate::payouts::store::{self, Batch, people};
use crate::payouts::{BatchState, PayoutKind};

/// Rows whose parties are looked up at a time: a list of a hundred thousand stays within its memory.
pub const A_PAGE: usize = 2_000;

/// Rows completed from the payees' cards and the household register, with everything to be said of them. Changes nothing.
pub async fn looked_at(
    tx: &mut Connection,
    county: &str,
    rows: &mut [PayRow],
    stated: Option<Amount>,
    (kind, on): (Option<PayoutKind>, BusinessDate),
) -> Result<Vec<Finding>, Stop> {
    let mut findings = Vec::new();
    let standard = standard(tx, county, kind, on).await?;
    for page in rows.chunks_mut(A_PAGE) {
        let known = completed(tx, county, page, standard.as_ref()).await?;
        findings.extend(list::check_rows(page, &known, on));
    }
    findings.extend(list::check_whole(rows, stated));
    findings.sort_by_key(|finding| finding.row);
    Ok(findings)
}

/// The standard of a benefit on a day.
async fn standard(
    tx: &mut Connection,
    county: &str,
    kind: Option<PayoutKind>,
    on: BusinessDate,
) -> Result<Option<Standard>, Stop> {
    let Some(kind) = kind else { return Ok(None) };
    Ok(in_force(&store::standards(tx, county).await?, kind, on).cloned())
}

/// Completes a page of rows; answers what is known of its parties.
async fn completed(tx: &mut Connection, county: &str, rows: &mut [PayRow], standard: Option<&Standard>) -> Result<Known, Stop> {
    let parties: Vec<String> = rows.iter().map(|row| row.party.clone()).collect();
    let asked: Vec<&str> = parties.iter().map(String::as_str).collect();
    let payees = store::payees(tx, county, &asked).await?;
    let mut registered = people::registered(tx, county, &asked).await?;
    for row in rows.iter_mut() {
        if let Some(payee) = payees.get(&row.party) {
            complete(row, payee);
        }
        if let Some(household) = registered.get(&row.party) {
            complete(row, &card_of(household));
        }
        if let Some(standard) = standard {
            standard.complete(row);
        }
    }
    let ids: Vec<&str> = rows.iter().map(|row| row.id_number.as_str()).filter(|id| !id.is_empty()).collect();
    let gone = people::gone(tx, county, &ids).await?;
    for row in rows.iter() {
        if let Some((died_on, gone_on)) = gone.get(&row.id_number) {
            let known = registered.entry(row.party.clone()).or_default();
            (known.died_on, known.gone_on) = (*died_on, *gone_on);
        }
    }
    Ok(Known { payees, registered, standard: standard.cloned() })
}

/// What the register says of a household, as a card: its head is paid on its 一卡通 account.
fn card_of(household: &Registered) -> Payee {
    let account_name = household.account.as_ref().map_or_else(String::new, |_| household.name.clone());
    Payee {
        name: household.name.clone(),
        id_number: household.id_number.clone(),
        account: household.account.clone().unwrap_or_default(),
        account_name,
        ..Payee::default()
    }
}

fn complete(row: &mut PayRow, payee: &Payee) {
    let fields = [
        (&mut row.name, &payee.name),
        (&mut row.id_number, &payee.id_number),
        (&mut row.account_name, &payee.account_name),
        (&mut row.account, &payee.account),
        (&mut row.bank, &payee.bank),
    ];
    for (own, card) in fields {
        if own.is_empty() {
            own.clone_from(card);
        }
    }
}

/// Draws up a batch inside a running act, from rows that are all here.
pub async fn draw_up(tx: &mut Connection, scene: &Scene, mut wanted: DrawUp) -> Result<DrawnUp, Stop> {
    let mut rows = std::mem::take(&mut wanted.rows);
    if rows.is_empty() {
        return Err(PayoutRefusal::EmptyList.into());
    }
    let mut drawing = Drawing::begin(tx, scene, wanted).await?;
    for page in rows.chunks_mut(A_PAGE) {
        drawing.add(tx, scene, page).await?;
    }
    drawing.end(tx, scene).await
}

/// A batch that is being drawn up page by page: its rows are kept at once, and all fall away again where it is refused.
pub struct Drawing {
    wanted: DrawUp,
    batch: Batch,
    standard: Option<Standard>,
    whole: Whole,
    findings: Vec<Finding>,
    parts: Result<(), PayoutRefusal>,
}

impl Drawing {
    /// Opens the list. Refuses a code that is taken (Y-201) and a source that is paid (Y-202).
    pub async fn begin(tx: &mut Connection, scene: &Scene, wanted: DrawUp) -> Result<Drawing, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&wanted.book]).await?;
        if store::batch(tx, &scene.county, &wanted.batch).await?.is_some() {
            return Err(PayoutRefusal::BatchExists { batch: wanted.batch }.into());
        }
        if let Some(source) = &wanted.source
            && let Some(batch) = store::batch_of_source(tx, &scene.county, source).await?
        {
            return Err(PayoutRefusal::SourcePaid { source_key: source.clone(), batch }.into());
        }
        let batch = batch(tx, scene, &wanted).await?;
        // What a product owes is its own; a standard holds for lists that are typed in.
        let kind = Some(wanted.kind).filter(|_| wanted.source.is_none());
        let standard = standard(tx, &scene.county, kind, wanted.on).await?;
        Ok(Drawing { wanted, batch, standard, whole: Whole::default(), findings: Vec::new(), parts: Ok(()) })
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.whole.rows
    }

    /// Adds rows, completed from what is known of their parties.
    pub async fn add(&mut self, tx: &mut Connection, scene: &Scene, rows: &mut [PayRow]) -> Result<(), Stop> {
        let known = completed(tx, &scene.county, rows, self.standard.as_ref()).await?;
        self.findings.extend(list::check_rows(rows, &known, self.wanted.on));
        let earlier = store::earlier(tx, &scene.county, &self.batch.batch, self.whole.seen_before(rows)).await?;
        self.findings.extend(self.whole.add(rows, earlier));
        if self.parts.is_ok() {
            self.parts = check_parts(rows).and_then(|()| check_payable(rows, &self.batch));
        }
        Ok(store::insert_rows(tx, &scene.county, &self.batch.batch, rows).await?)
    }

    /// Closes the list. Refuses one without rows (Y-103), with findings (Y-101, Y-102), with parts that differ (Y-104) or that
    /// split others' money (Y-107).
    pub async fn end(mut self, tx: &mut Connection, scene: &Scene) -> Result<DrawnUp, Stop> {
        if self.whole.rows == 0 {
            return Err(PayoutRefusal::EmptyList.into());
        }
        self.findings.extend(self.whole.sum_finding(self.wanted.stated_total));
        self.findings.sort_by_key(|finding| finding.row);
        check_findings(&self.findings, self.wanted.accept.as_deref())?;
        self.parts?;
        self.batch.rows = i64::try_from(self.whole.rows).unwrap_or(i64::MAX);
        self.batch.total = self.whole.total;
        store::insert_batch(tx, &scene.county, &self.batch, (&scene.at, self.wanted.accept.as_deref())).await?;
        Ok(DrawnUp { rows: self.whole.rows, total: self.whole.total, flags: self.findings })
    }
}

fn check_findings(findings: &[Finding], accept: Option<&str>) -> Result<(), PayoutRefusal> {
    let said = |finding: &Finding| {
        if finding.row == 0 { finding.what.clone() } else { format!("第 {} 行 {}", finding.row, finding.what) }
    };
    if let Some(first) = findings.iter().find(|finding| finding.blocks) {
        let count = findings.iter().filter(|finding| finding.blocks).count();
        return Err(PayoutRefusal::ListBlocked { count, first: said(first) });
    }
    match findings.first() {
        Some(first) if accept.is_none_or(|reason| reason.trim().is_empty()) => {
            Err(PayoutRefusal::FlagsNotAccepted { count: findings.len(), first: said(first) })
        }
        _ => Ok(()),
    }
}

/// Others' money comes in on one account and leaves from it, or the batch would not return to zero.
fn check_payable(rows: &[PayRow], batch: &Batch) -> Result<(), PayoutRefusal> {
    let strange = |row: &&PayRow| row.against.iter().any(|(account, _)| *account != batch.payable);
    match rows.iter().find(strange).filter(|_| batch.kind.passes_through()) {
        Some(row) => Err(PayoutRefusal::PartsOfOthersMoney { row: row.row, payable: batch.payable.to_string() }),
        None => Ok(()),
    }
}

fn check_parts(rows: &[PayRow]) -> Result<(), PayoutRefusal> {
    for row in rows.iter().filter(|row| !row.against.is_empty()) {
        let (parts, amount) = (row.against.iter().map(|(_, part)| *part).sum(), row.amount + row.withheld);
        if parts != amount {
            return Err(PayoutRefusal::PartsDiffer { row: row.row, parts, amount });
        }
    }
    Ok(())
}

/// The batch of a list, still without rows.
async fn batch(tx: &mut Connection, scene: &Scene, wanted: &DrawUp) -> Result<Batch, Stop> {
    let regime = regime_in(tx, &scene.county, &wanted.book, wanted.on.year()).await?;
    let payable = match &wanted.payable {
        Some(account) => account.clone(),
        None => account_for(regime, "pass_through")?,
    };
    let money_account = match &wanted.money_account {
        Some(account) => account.clone(),
        None => account_for(regime, "bank")?,
    };
    Ok(Batch {
        batch: wanted.batch.clone(),
        book: wanted.book.clone(),
        kind: wanted.kind,
        title: wanted.title.clone(),
        project: wanted.project.clone(),
        state: BatchState::DrawnUp,
        payable,
        money_account,
        rows: 0,
        total: Amount::ZERO,
        received: Amount::ZERO,
        source: wanted.source.clone(),
        attempt: 0,
        drawn_up_by: scene.actor.clone(),
    })
}
