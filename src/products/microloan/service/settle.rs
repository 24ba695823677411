//! The settlement run: everything that fell due through a date, loan by loan in order of their numbers.
//!
//! 1. A chunk settles only what is due and not settled, so repeating one does nothing and a killed run goes on where
//!    it stopped, without an idempotency key; loans recorded in between are not missed.
//! 2. Missed periods are caught up in order; a loan that fails is named and stops no other.
//! 3. Ordinary loans are settled from their standing (`settle.rs`), the others from their facts.

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::Receiver;

use super::record::{Changes, bring_up_to_date};
use crate::access::Permission;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::rows::as_json;
use crate::db::{Connection, Failure, Stop};
use crate::money::Amount;
use crate::office::{Act, Actor, Office, Scene, Target};
use crate::products::microloan::settle::PlainLoan;
use crate::products::microloan::store::{self, RowEntry, heads, standings};
use crate::refusal::Refusal;

/// Loans of one chunk.
const CHUNK: i64 = 20_000;
/// Loans computed while others are written.
const PIECE: usize = 4_000;
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
        let page = standings::due_page(tx, &scene.county, &self.after, &due_on.to_string(), self.limit).await?;
        let last = page.lines().last().and_then(|line| line.split(' ').next()).map(str::to_owned);
        let (mut changes, rest) = settle_plain(tx, scene, page, due_on).await?;
        let mut failed = Vec::new();
        for rest in rest.chunks(BY_FACTS) {
            let keys = store::keys(rest.iter().map(String::as_str));
            let known = heads::heads(tx, &scene.county, &keys).await?;
            let facts = store::facts(tx, &scene.county, &keys).await?;
            let (others, named) = bring_up_to_date(tx, scene, &known, &facts, due_on).await?;
            changes.add(&others);
            failed.extend(named);
        }
        Ok(ChunkAnswer { last, changes, failed })
    }
}

/// Settles the loans of a page that need no facts; answers the others. While one piece is written, the next is computed.
async fn settle_plain(
    tx: &mut Connection,
    scene: &Scene,
    page: String,
    due_on: BusinessDate,
) -> Result<(Changes, Vec<String>), Stop> {
    let (mut changes, mut rest) = (Changes::default(), Vec::new());
    let mut pieces = computed(page, due_on, AccountingPeriod::of(scene.today).to_string());
    while let Some(piece) = pieces.recv().await {
        let piece = piece?;
        store::add_written_rows(tx, &scene.county, &piece.rows).await?;
        standings::advance(tx, &scene.county, &piece.moved).await?;
        changes.add(&piece.changes);
        rest.extend(piece.rest);
    }
    Ok((changes, rest))
}

/// Part of a page, computed and ready to be written.
struct Piece {
    /// Rows of the register, as the store takes them.
    rows: String,
    /// Where the loans stand then, as the store takes it.
    moved: String,
    changes: Changes,
    /// Loans that need their facts.
    rest: Vec<String>,
}

/// The pieces of a page, computed aside, at most two ahead of the writing.
fn computed(page: String, due_on: BusinessDate, month: String) -> Receiver<Result<Piece, Failure>> {
    let (sender, receiver) = tokio::sync::mpsc::channel(2);
    tokio::task::spawn_blocking(move || {
        let mut lines = page.lines().peekable();
        while lines.peek().is_some() {
            // Nobody waits for more where the writing has failed.
            if sender.blocking_send(piece(&mut lines, due_on, &month)).is_err() {
                break;
            }
        }
    });
    receiver
}

/// The next piece of a page. Pure.
fn piece<'l>(lines: &mut impl Iterator<Item = &'l str>, due_on: BusinessDate, month: &str) -> Result<Piece, Failure> {
    let (mut rows, mut moved, mut rest) = (Vec::with_capacity(PIECE), Vec::with_capacity(PIECE), Vec::new());
    let mut total = 0_i64;
    for line in lines.take(PIECE) {
        let loan = standings::due_loan(line)?;
        let settled = loan.plain.and_then(|plain| settled(&loan.loan, plain, due_on, month));
        let Some((own, to)) = settled else {
            rest.push(loan.loan);
            continue;
        };
        total += to.3;
        moved.push((loan.loan, to.0, Some(to.1), to.3, to.2));
        rows.extend(own);
    }
    let amount = Amount::from_fen(total);
    let changes = Changes { loans: moved.len() as i64, rows: rows.len() as i64, reversed: 0, amount };
    Ok(Piece { rows: as_json(&rows), moved: as_json(&moved), changes, rest })
}

/// First day not settled, next due day, first due day of interest, interest.
type To = (String, String, Option<String>, i64);

/// The rows of a plain loan through a day, and where it stands then; `None` where only the timeline says: the last row, or
/// a number too large for integers.
fn settled(loan: &str, mut plain: PlainLoan, due_on: BusinessDate, month: &str) -> Option<(Vec<RowEntry>, To)> {
    let (mut rows, mut interest, mut first_due, principal) = (Vec::with_capacity(1), 0_i64, None, plain.principal);
    while let Some(row) = plain.settle_next(due_on) {
        let due = row.due.to_string();
        interest += row.amount;
        if row.amount > 0 && first_due.is_none() {
            first_due = Some(due.clone());
        }
        rows.push((
            loan.to_owned(),
            due,
            "interest",
            1,
            row.start.to_string(),
            row.days,
            principal,
            row.amount,
            month.to_owned(),
        ));
    }
    let to = (plain.row_from.to_string(), plain.next_due.to_string(), first_due, interest);
    (plain.next_due > due_on).then_some((rows, to))
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
        progress.changes.add(&answer.changes);
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
