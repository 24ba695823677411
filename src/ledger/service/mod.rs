//! The one door for money: `post` takes vouchers of business events to posted; `keep_drafts` numbers drafts.
//!
//! 1. A list of vouchers, on any books, in one fixed set of statements; a single voucher is a list of one.
//! 2. Books are locked in ascending order before anything is read that a decision rests on.
//! 3. Either every voucher of the list is posted or none.

mod drafts;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures_util::future::join;
use serde::{Deserialize, Serialize};

pub(crate) use drafts::{keep_drafts, keep_many};

use super::chain::{self, PostedHead};
use super::class_rules;
use super::posting::{self, Known, Series};
use super::refusal::LedgerRefusal;
use super::store::{self, BookState, VoucherRow};
use super::voucher::{BookCode, Dimension, Voucher, VoucherId, VoucherLine, Word};
use super::vouchers as kept;
use crate::access::Permission;
use crate::calendar::AccountingPeriod;
use crate::db::rows::as_json;
use crate::db::{Connection, Stop, Writes};
use crate::office::{Act, Listing, Scene, Target};

/// Who is named as reviewer of vouchers that the programme's rules made (domain/validation.md §10, IT20 art. 32).
pub const BY_RULE: &str = "系统规则";

/// Where a voucher stands in its book. As JSON a short list, since answers of long postings are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbered(pub BookCode, pub VoucherId, pub AccountingPeriod, pub Word, pub i64);

impl Numbered {
    /// As users name it: `2026-10-记-12`.
    pub fn reference(&self) -> String {
        format!("{}-{}-{}", self.2, self.3.as_str(), self.4)
    }
}

/// Posts vouchers that a rule of the programme made, or that were reviewed elsewhere.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PostVouchers {
    /// The vouchers, on any books of the county.
    pub vouchers: Vec<Voucher>,
    /// The event they belong to, if it has one of its own.
    pub event: Option<String>,
}

impl Act for PostVouchers {
    const KIND: &'static str = "voucher.post_by_rule";
    type Answer = Vec<Numbered>;

    fn needs(&self) -> (Permission, Target<'_>) {
        let first = self.vouchers.first().map(|voucher| &voucher.book);
        let one_book = self.vouchers.iter().all(|voucher| Some(&voucher.book) == first);
        (Permission::PostByRule, first.filter(|_| one_book).map_or(Target::County, Target::Book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<Numbered>, Stop> {
        post(tx, scene, &self.vouchers, self.event.as_deref()).await
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "vouchers": self.vouchers.len(), "event": self.event })
    }

    fn as_listing(&self) -> Option<Listing<'_>> {
        Some(Listing::Post(self))
    }
}

/// What one of several merged acts gets: its numbers, and (book, digest before, digest after) for the trail.
pub(crate) struct Outcome {
    pub(crate) numbered: Vec<Numbered>,
    pub(crate) trail: (Option<String>, Option<String>, Option<String>),
}

/// Posts vouchers inside a running act. Those of an event get the classes of money the rules name for what happened.
pub async fn post(tx: &mut Connection, scene: &Scene, vouchers: &[Voucher], event: Option<&str>) -> Result<Vec<Numbered>, Stop> {
    let vouchers = class_rules::service::classed(tx, &scene.county, event, vouchers).await?;
    let made: Vec<Made<'_>> = vouchers.iter().map(|voucher| Made { voucher, scene, event }).collect();
    let books = lock(tx, scene, &made).await?;
    let mut writes = Writes::of(scene.engine, &scene.county);
    let posted = post_made(tx, &made, books, &mut writes).await?;
    writes.send(tx).await?;
    Ok(posted.into_iter().map(|posted| posted.numbered).collect())
}

/// Posts what several acts want, in one list; their books are locked. What is left among `writes` is the caller's to send.
pub(crate) async fn post_many(
    tx: &mut Connection,
    acts: &[(&Scene, &PostVouchers)],
    books: Books,
    writes: &mut Writes<'_>,
) -> Result<Vec<Outcome>, Stop> {
    let made: Vec<Made<'_>> = acts
        .iter()
        .flat_map(|(scene, act)| act.vouchers.iter().map(|voucher| Made { voucher, scene, event: act.event.as_deref() }))
        .collect();
    if acts.iter().any(|(_, act)| act.vouchers.is_empty()) {
        return Err(LedgerRefusal::NoVouchers.into());
    }
    let mut posted = post_made(tx, &made, books, writes).await?.into_iter();
    Ok(acts.iter().map(|(_, act)| outcome(posted.by_ref().take(act.vouchers.len()).collect())).collect())
}

fn outcome(posted: Vec<Posted>) -> Outcome {
    let one_book = posted.iter().all(|p| p.numbered.0 == posted[0].numbered.0);
    let book = one_book.then(|| posted[0].numbered.0.0.clone());
    let before = one_book.then(|| posted[0].before.clone());
    let after = one_book.then(|| posted[posted.len() - 1].digest.clone());
    Outcome { numbered: posted.into_iter().map(|p| p.numbered).collect(), trail: (book, before, after) }
}

/// A voucher with who makes it and why.
struct Made<'a> {
    voucher: &'a Voucher,
    scene: &'a Scene,
    event: Option<&'a str>,
}

struct Posted {
    numbered: Numbered,
    place: i64,
    before: String,
    digest: String,
}

/// Books by code, locked.
pub(crate) type Books = HashMap<BookCode, BookState>;

async fn lock(tx: &mut Connection, scene: &Scene, made: &[Made<'_>]) -> Result<Books, Stop> {
    let asked: Vec<&BookCode> = made.iter().map(|made| &made.voucher.book).collect::<BTreeSet<_>>().into_iter().collect();
    Ok(store::lock_books(tx, scene.engine, &scene.county, &asked).await?)
}

async fn post_made(
    tx: &mut Connection,
    made: &[Made<'_>],
    mut books: Books,
    writes: &mut Writes<'_>,
) -> Result<Vec<Posted>, Stop> {
    let vouchers: Vec<&Voucher> = made.iter().map(|m| m.voucher).collect();
    let known = checked(tx, made, &vouchers, &books).await?;
    let (numbered, last) = number(&vouchers, &mut books, &known);
    // The database takes the lines, most of the rows, while the chain and what else it is given are worked out here.
    let worked_out = async {
        let posted = link(made, &numbered, &mut books);
        let rows = voucher_rows(made, &numbered, &posted);
        (posted, rows, movements(vouchers.iter().map(|v| (&v.book, v.period, v.stage, v.lines.as_slice()))))
    };
    let (inserted, (posted, rows, movements)) = join(insert_lines(tx, made, &numbered), worked_out).await;
    inserted?;
    store::insert_vouchers(writes, rows);
    store::advance_books(writes, &books);
    store::keep_numbers(writes, &last);
    store::add_movements(tx, writes, &movements?).await?;
    let drawn_on = store::projects_drawn_on(vouchers.iter().map(|v| (&v.book, v.lines.as_slice())));
    refuse_overdrawn(tx, &made[0].scene.county, drawn_on, writes).await?;
    Ok(posted)
}

/// Refuses the list if any voucher may not be kept in its book, which is locked; what is known of accounts and series.
async fn checked(tx: &mut Connection, made: &[Made<'_>], vouchers: &[&Voucher], books: &Books) -> Result<Known, Stop> {
    let Some(first) = made.first() else { return Err(LedgerRefusal::NoVouchers.into()) };
    let county = &first.scene.county;
    if let Some(missing) = vouchers.iter().map(|voucher| &voucher.book).filter(|book| !books.contains_key(*book)).min() {
        return Err(LedgerRefusal::UnknownBook { book: missing.to_string() }.into());
    }
    let known = known(tx, county, vouchers).await?;
    for voucher in vouchers {
        posting::check_stopped(voucher, books.get(&voucher.book).and_then(|state| state.stopped_on.as_deref()))?;
        posting::check(voucher, &known)?;
    }
    refuse_known_sources(tx, county, vouchers).await?;
    kept::service::refuse_wrong_reversals(tx, county, vouchers).await?;
    Ok(known)
}

async fn refuse_known_sources(tx: &mut Connection, county: &str, vouchers: &[&Voucher]) -> Result<(), Stop> {
    let keys: Vec<(&str, &str)> = vouchers.iter().filter_map(|v| Some((v.book.0.as_str(), v.source_key.as_deref()?))).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let mut seen = BTreeSet::new();
    if let Some((_, twice)) = keys.iter().find(|key| !seen.insert(**key)) {
        return Err(LedgerRefusal::AlreadyImported { source_key: (*twice).to_owned() }.into());
    }
    match store::known_sources(tx, county, &keys).await?.first() {
        Some((_, source_key)) => Err(LedgerRefusal::AlreadyImported { source_key: source_key.clone() }.into()),
        None => Ok(()),
    }
}

/// The accounts, periods and series these vouchers refer to.
pub(crate) async fn known(tx: &mut Connection, county: &str, vouchers: &[&Voucher]) -> Result<Known, Stop> {
    let (mut accounts, mut periods, mut series) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for voucher in vouchers {
        let (book, period) = (voucher.book.0.as_str(), voucher.period);
        periods.insert((book, period));
        series.insert((book, period, voucher.word));
        accounts.extend(voucher.lines.iter().map(|line| (book, period.year(), line.account.as_str())));
    }
    let (accounts, periods): (Vec<_>, Vec<_>) = (accounts.into_iter().collect(), periods.into_iter().collect());
    Ok(store::known(tx, county, &accounts, &periods, &series.into_iter().collect::<Vec<_>>()).await?)
}

/// Draws keys and numbers for vouchers in their order; the last numbers of their series with them.
fn number(vouchers: &[&Voucher], books: &mut Books, known: &Known) -> (Vec<Numbered>, BTreeMap<Series, i64>) {
    let mut last = BTreeMap::new();
    let mut numbered = Vec::with_capacity(vouchers.len());
    for voucher in vouchers {
        let state = books.get_mut(&voucher.book).expect("every book was found before numbers are drawn");
        state.last_voucher += 1;
        let series = (voucher.book.clone(), voucher.period, voucher.word);
        let before = || known.last_numbers.get(&series).copied().unwrap_or(0);
        let number = last.get(&series).copied().unwrap_or_else(before) + 1;
        numbered.push(Numbered(voucher.book.clone(), VoucherId(state.last_voucher), voucher.period, voucher.word, number));
        last.insert(series, number);
    }
    (numbered, last)
}

/// Puts numbered vouchers into their books' chains.
fn link(made: &[Made<'_>], numbered: &[Numbered], books: &mut HashMap<BookCode, BookState>) -> Vec<Posted> {
    let chained = made.iter().zip(numbered).map(|(made, numbered)| {
        let state = books.get_mut(&made.voucher.book).expect("every book was found before numbers are drawn");
        let (period, dated_on) = (numbered.2.to_string(), made.voucher.dated_on.to_string());
        let head = PostedHead {
            county: &made.scene.county,
            book: &numbered.0.0,
            voucher: numbered.1.0,
            posted: state.last_posted + 1,
            period: &period,
            word: numbered.3.as_str(),
            number: numbered.4,
            dated_on: &dated_on,
            stage: made.voucher.stage.as_str(),
            event: made.event,
            maker: &made.scene.actor,
            reviewer: BY_RULE,
            poster: &made.scene.actor,
            posted_at: &made.scene.at,
            reverses: made.voucher.reverses.map(|v| v.0),
            paper_attachments: made.voucher.paper_attachments,
        };
        let before = state.last_digest.clone();
        let digest = extend(state, &head, &made.voucher.lines);
        Posted { place: state.last_posted, before, digest, numbered: numbered.clone() }
    });
    chained.collect()
}

/// Adds one voucher to a book's chain; answers its digest.
pub(crate) fn extend(state: &mut BookState, head: &PostedHead<'_>, lines: &[VoucherLine]) -> String {
    let digest = chain::digest(&state.last_digest, head, lines);
    state.last_posted += 1;
    state.last_digest.clone_from(&digest);
    digest
}

/// Rows of numbered vouchers: posted ones with their places in the chain, drafts without.
fn voucher_rows<'a>(made: &'a [Made<'_>], numbered: &'a [Numbered], posted: &'a [Posted]) -> String {
    let row = |(at, (made, numbered)): (usize, (&'a Made<'_>, &'a Numbered))| {
        let (voucher, actor, posted) = (made.voucher, made.scene.actor.as_str(), posted.get(at));
        VoucherRow(
            voucher.book.0.as_str(),
            numbered.1.0,
            voucher.period,
            voucher.word.as_str(),
            numbered.4,
            voucher.dated_on,
            voucher.stage.as_str(),
            made.event,
            actor,
            posted.map(|_| BY_RULE),
            posted.map(|_| actor),
            posted.map(|posted| posted.place),
            posted.map(|posted| posted.digest.as_str()),
            voucher.reverses.map(|v| v.0),
            voucher.source_key.as_deref(),
            voucher.paper_attachments,
            &made.scene.at,
            posted.map(|_| made.scene.at.as_str()),
        )
    };
    as_json(&made.iter().zip(numbered).enumerate().map(row).collect::<Vec<_>>())
}

/// Inserts the lines of numbered vouchers, so many a statement.
async fn insert_lines(tx: &mut Connection, made: &[Made<'_>], numbered: &[Numbered]) -> Result<(), Stop> {
    let mut lines = Vec::with_capacity((made.len() * 2).min(store::AT_ONCE));
    for (made, numbered) in made.iter().zip(numbered) {
        let voucher = made.voucher;
        for line in store::line_rows(&voucher.book, numbered.1, voucher.period, &voucher.lines) {
            if lines.len() == store::AT_ONCE {
                store::insert_lines(tx, &made.scene.county, &lines).await?;
                lines.clear();
            }
            lines.push(line);
        }
    }
    Ok(store::insert_lines(tx, &made[0].scene.county, &lines).await?)
}

/// Posted lines of one voucher: book, month, stage, lines.
pub(crate) type Lines<'a> = (&'a BookCode, AccountingPeriod, super::Stage, &'a [VoucherLine]);

/// What lines add to the movements of their periods: to the whole account, and to each dimension they carry.
fn movements<'a>(posted: impl Iterator<Item = Lines<'a>>) -> Result<store::Movements<'a>, super::voucher::Unbalanced> {
    let mut movements = store::Movements::new();
    for (book, period, stage, lines) in posted {
        for line in lines {
            let whole = std::iter::once(("", ""));
            let carried = Dimension::ALL.iter().filter_map(|d| Some((d.as_str(), line.dimensions.get(*d)?)));
            for (dimension, member) in whole.chain(carried) {
                let key = (book.0.as_str(), dimension, period, line.account.as_str(), member, stage.as_str());
                let sums = movements.entry(key).or_default();
                sums.0 = sums.0.checked_add(line.debit.fen()).ok_or(super::voucher::Unbalanced::TooLarge)?;
                sums.1 = sums.1.checked_add(line.credit.fen()).ok_or(super::voucher::Unbalanced::TooLarge)?;
            }
        }
    }
    Ok(movements)
}

/// Adds posted lines to the movements of their periods.
pub(crate) async fn add_movements<'a>(
    tx: &mut Connection,
    county: &str,
    posted: impl Iterator<Item = Lines<'a>> + Clone,
    writes: &mut Writes<'_>,
) -> Result<(), Stop> {
    store::add_movements(tx, writes, &movements(posted.clone())?).await?;
    let drawn_on = store::projects_drawn_on(posted.map(|(book, _, _, lines)| (book, lines)));
    refuse_overdrawn(tx, county, drawn_on, writes).await
}

/// Refuses what was posted if the special funds of a registered project drawn on now stand below zero (L-212).
async fn refuse_overdrawn(
    tx: &mut Connection,
    county: &str,
    drawn_on: BTreeSet<(&str, &str, &str)>,
    writes: &mut Writes<'_>,
) -> Result<(), Stop> {
    if drawn_on.is_empty() {
        return Ok(());
    }
    writes.send(tx).await?;
    match store::overdrawn_project(tx, county, drawn_on).await? {
        Some((book, account, project, balance)) => {
            Err(LedgerRefusal::ProjectOverdrawn { book, account, project, balance }.into())
        }
        None => Ok(()),
    }
}
