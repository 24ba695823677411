//! A list: acts of one kind that wait together, through the corridor in one call.
//!
//! 1. What the corridor must know of all of them is one look-up; what they leave, but for their lines, is one hand-over.
//! 2. If the list cannot be done as a whole, nothing of it is: its acts are taken one by one then.
//! 3. Keys answered before are not looked up: a line of the trail with such a key is refused (its index is unique), and
//!    taken by itself its act gets the first answer before any other rule is asked.

use std::collections::HashSet;

use futures_util::future::join;

use super::act::{Listing, OfficeRefusal, Scene};
use super::desk::{Waiting, answer_text};
use super::store::{self, Asked, Standing};
use super::writer::{Writer, book_of};
use crate::access::{self, Scope};
use crate::db::{Connection, Failure, Stop, Writes};
use crate::ledger::service::{self as ledger, Books, Outcome};
use crate::ledger::vouchers::service::{self as drafts, Kept};

impl Writer {
    /// A run of listings at once; `Err` means: take them one by one.
    pub(super) async fn perform_list(&self, tx: &mut Connection, run: &[Waiting]) -> Result<Vec<String>, Stop> {
        let county = run[0].actor.county.as_str();
        let asked = asked(run).ok_or(Stop::Failed(Failure::OneByOne))?;
        let scenes = async { run.iter().map(|waiting| self.scene(&waiting.actor)).collect::<Vec<Scene>>() };
        let (standing, scenes) = join(store::standing(tx, self.db.engine, county, &asked), scenes).await;
        let standing = standing?;
        check_list(run, &asked, &standing)?;
        let mut writes = Writes::of(self.db.engine, county);
        let outcomes = list(tx, &scenes, run, standing.books, &mut writes).await?;
        let mut lines = Vec::with_capacity(run.len());
        for ((waiting, scene), (answer, trail)) in run.iter().zip(&scenes).zip(outcomes) {
            let mut line = self.line(waiting, scene, answer);
            (line.book, line.before_digest, line.after_digest) = trail;
            lines.push(line);
        }
        store::save_acts(&mut writes, &lines);
        writes.send(tx).await?;
        Ok(lines.into_iter().map(|line| line.answer).collect())
    }
}

/// What must be known of these acts; `None` if they are of two counties or share a key.
fn asked(run: &[Waiting]) -> Option<Asked<'_>> {
    let (mut asked, mut keys) = (Asked::default(), HashSet::new());
    for waiting in run {
        if waiting.actor.county != run[0].actor.county || waiting.key.as_ref().is_some_and(|key| !keys.insert(key)) {
            return None;
        }
        asked.users.push([waiting.actor.user.as_str()]);
        asked.books.extend(book_of(waiting.act.needs().1).map(|book| [book]));
        let vouchers = waiting.act.as_listing().into_iter().flat_map(Listing::vouchers);
        asked.books.extend(vouchers.map(|voucher| [voucher.book.0.as_str()]));
    }
    for names in [&mut asked.users, &mut asked.books] {
        names.sort_unstable();
        names.dedup();
    }
    Some(asked)
}

fn check_list(run: &[Waiting], asked: &Asked<'_>, standing: &Standing) -> Result<(), Stop> {
    for waiting in run {
        let (permission, target) = waiting.act.needs();
        let user = waiting.actor.user.as_str();
        let at = asked.users.binary_search(&[user]).expect("every actor's name is among those asked");
        let grants = &standing.actors[at].as_ref().map_err(|why| Stop::from(why.clone()))?.grants;
        let scope = match book_of(target) {
            None => Scope::County,
            Some(book) => {
                let place = standing.places.get(book);
                let place = place.ok_or_else(|| OfficeRefusal::UnknownBook { book: book.to_owned() })?.clone();
                Scope::Book { book: book.to_owned(), place }
            }
        };
        access::check(user, grants, permission, &scope)?;
    }
    Ok(())
}

/// An act's answer as text, and its book with the digests before and after.
type Listed = (String, (Option<String>, Option<String>, Option<String>));

/// Does a run of one kind in one list call.
async fn list(
    tx: &mut Connection,
    scenes: &[Scene],
    run: &[Waiting],
    books: Books,
    writes: &mut Writes<'_>,
) -> Result<Vec<Listed>, Stop> {
    let (mut post, mut keep) = (Vec::new(), Vec::new());
    for (scene, waiting) in scenes.iter().zip(run) {
        match waiting.act.as_listing() {
            Some(Listing::Post(act)) => post.push((scene, act)),
            Some(Listing::Keep(act)) => keep.push((scene, act)),
            None => return Err(Stop::Failed(Failure::OneByOne)),
        }
    }
    let posted = |outcome: Outcome| (answer_text(&outcome.numbered), outcome.trail);
    let kept = |outcome: Outcome| (answer_text(&Kept { numbered: outcome.numbered, known: 0 }), outcome.trail);
    match (post.is_empty(), keep.is_empty()) {
        (false, true) => Ok(ledger::post_many(tx, &post, books, writes).await?.into_iter().map(posted).collect()),
        (true, false) => Ok(drafts::keep_many(tx, &keep, books, writes).await?.into_iter().map(kept).collect()),
        _ => Err(Stop::Failed(Failure::OneByOne)),
    }
}
