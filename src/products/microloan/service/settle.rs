//! The settlement run: everything that fell due through a date, loan by loan in order of their numbers.
//!
//! 1. A chunk settles only what is due and not settled, so repeating one does nothing and a killed run goes on where
//!    it stopped, without an idempotency key; loans recorded in between are not missed.
//! 2. Missed periods are caught up in order; a loan that fails is named and stops no other.
//! 3. Ordinary loans are settled from their standing (`settle.rs`), the others from their facts.

use serde::{Deserialize, Serialize};

use super::record::{Changes, bring_up_to_date};
use crate::access::Permission;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::{Connection, Stop};
use crate::money::Amount;
use crate::office::{Act, Actor, Office, Scene, Target};
use crate::products::microloan::store::{self, heads, standings, standings::DueLoan};
use crate::refusal::Refusal;

/// Loans of one chunk.
const CHUNK: i64 = 20_000;
/// Loans derived from their facts at a time: they take the memory.
const BY_FACTS: usize = 2_000;

/// Settles the next loans after a number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SettleChunk {
    /// The settlement date; interest is counted through it and due the day after.
    pub date: BusinessDate,
    /// Last loan of the chunk before; blank at first.
    pub after: String,
    /// How many loans at most.
    pub limit: i64,
}

/// What a chunk did, and where the next begins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkAnswer {
    /// Last loan of the chunk; `None` when there was none left.
    pub last: Option<String>,
    /// What changed.
    pub changes: Changes,
    /// Loans that were not settled, and why.
    pub failed: Vec<(String, Refusal)>,
}

impl Act for SettleChunk {
    const KIND: &'static str = "settle.chunk";
    type Answer = ChunkAnswer;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<ChunkAnswer, Stop> {
        let due_on = self.date.succ_opt().unwrap_or(self.date);
        let loans = standings::due(tx, &scene.county, &self.after, &due_on.to_string(), self.limit).await?;
        let last = loans.last().map(|loan| loan.loan.clone());
        let (mut changes, rest) = settle_plain(tx, scene, &loans, due_on).await?;
        let mut failed = Vec::new();
        for rest in rest.chunks(BY_FACTS) {
            let keys = store::keys(rest.iter().copied());
            let known = heads::heads(tx, &scene.county, &keys).await?;
            let facts = store::facts(tx, &scene.county, &keys).await?;
            let (others, named) = bring_up_to_date(tx, scene, &known, &facts, due_on).await?;
            changes.loans += others.loans;
            changes.rows += others.rows;
            changes.reversed += others.reversed;
            changes.amount += others.amount;
            failed.extend(named);
        }
        Ok(ChunkAnswer { last, changes, failed })
    }
}

/// Settles the loans that need no facts; answers the others.
async fn settle_plain<'l>(
    tx: &mut Connection,
    scene: &Scene,
    loans: &'l [DueLoan],
    due_on: BusinessDate,
) -> Result<(Changes, Vec<&'l str>), Stop> {
    let month = AccountingPeriod::of(scene.today).to_string();
    let (mut rows, mut moved, mut rest) = (Vec::with_capacity(loans.len()), Vec::with_capacity(loans.len()), Vec::new());
    let mut total = 0_i64;
    for loan in loans {
        let Some(mut plain) = loan.plain else {
            rest.push(loan.loan.as_str());
            continue;
        };
        let (mut interest, mut first_due, principal) = (0_i64, None, plain.principal);
        while let Some(row) = plain.settle_next(due_on) {
            interest += row.amount;
            first_due = first_due.or((row.amount > 0).then_some(row.due));
            let (due, start) = (row.due.to_string(), row.start.to_string());
            rows.push((loan.loan.clone(), due, "interest", 1, start, row.days, principal, row.amount, month.clone()));
        }
        total += interest;
        let next = (plain.next_due > due_on).then(|| plain.next_due.to_string());
        match next {
            // The last row, or a number too large for integers: the timeline says.
            None => {
                rows.truncate(rows.len() - rows.iter().rev().take_while(|row| row.0 == loan.loan).count());
                total -= interest;
                rest.push(loan.loan.as_str());
            }
            next => {
                let first_due = first_due.map(|due| due.to_string());
                moved.push((loan.loan.as_str(), plain.row_from.to_string(), next, interest, first_due));
            }
        }
    }
    store::add_rows(tx, &scene.county, &rows).await?;
    for moved in moved.chunks(4_000) {
        standings::advance(tx, &scene.county, moved).await?;
    }
    let changes = Changes { loans: moved.len() as i64, rows: rows.len() as i64, reversed: 0, amount: Amount::from_fen(total) };
    Ok((changes, rest))
}

/// How far a run is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// What changed so far.
    pub changes: Changes,
    /// Loans that were not settled, and why.
    pub failed: Vec<(String, Refusal)>,
    /// Last loan done.
    pub last: String,
    /// True when the run was stopped before its end.
    pub is_cancelled: bool,
}

/// Settles everything due through a date, chunk by chunk. `report` sees every chunk and may stop the run.
pub async fn settle_run(
    office: &Office,
    actor: &Actor,
    date: BusinessDate,
    report: &mut (dyn FnMut(&Progress) -> bool + Send),
) -> Result<Progress, Stop> {
    let mut progress = Progress::default();
    loop {
        let act = SettleChunk { date, after: progress.last.clone(), limit: CHUNK };
        let answer = office.perform(actor, act, None).await?;
        progress.changes.loans += answer.changes.loans;
        progress.changes.rows += answer.changes.rows;
        progress.changes.reversed += answer.changes.reversed;
        progress.changes.amount += answer.changes.amount;
        progress.failed.extend(answer.failed);
        match answer.last {
            None => return Ok(progress),
            Some(last) => progress.last = last,
        }
        if !report(&progress) {
            return Ok(Progress { is_cancelled: true, ..progress });
        }
    }
}
