//! Recording facts of loans, late ones included: the timeline is derived anew and differences are settled.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::access::Permission;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::{Connection, Stop};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::products::microloan::fact::{Fact, Happening};
use crate::products::microloan::policy;
use crate::products::microloan::refusal::LoanRefusal;
use crate::products::microloan::service::own_books;
use crate::products::microloan::state::LoanState;
use crate::products::microloan::store::heads::LoanHead;
use crate::products::microloan::store::{self, RowEntry, SettledRow, heads, standings};
use crate::products::microloan::timeline::{InterestRow, Timeline, timeline};
use crate::refusal::Refusal;

/// A fact of a loan, with the paper it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Loan.
    pub loan: String,
    /// What happened.
    #[serde(flatten)]
    pub fact: Fact,
    /// Slip or list it comes from.
    #[serde(default)]
    pub reference: String,
}

/// Records facts of loans. Refuses the list at the first fact that cannot follow the others of its loan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecordFacts {
    /// The facts, on any loans, in any order.
    pub entries: Vec<Entry>,
}

/// What recording and settling changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Loans looked at.
    pub loans: i64,
    /// Rows settled.
    pub rows: i64,
    /// Rows set off because they turned out wrong.
    pub reversed: i64,
    /// Interest settled, less what was set off.
    pub amount: Amount,
}

impl Changes {
    /// Counts more.
    pub fn add(&mut self, more: &Changes) {
        self.loans += more.loans;
        self.rows += more.rows;
        self.reversed += more.reversed;
        self.amount += more.amount;
    }
}

impl Act for RecordFacts {
    const KIND: &'static str = "loan.record";
    type Answer = Changes;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepLoans, Target::Loans(self.entries.iter().map(|entry| entry.loan.as_str()).collect()))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Changes, Stop> {
        let own_act = |entry: &&Entry| {
            use Happening::{Compensated, RecoveryReturned, Renewed, SubsidyPaid, SubsidyReturned};
            let of_funds = matches!(entry.fact.what, SubsidyPaid { .. } | SubsidyReturned { .. } | RecoveryReturned { .. });
            of_funds || matches!(entry.fact.what, Compensated { .. } | Renewed { .. })
        };
        if let Some(entry) = self.entries.iter().find(own_act) {
            let (loan, what) = (entry.loan.clone(), entry.fact.what.label_zh().to_owned());
            return Err(LoanRefusal::OwnAct { loan, what }.into());
        }
        let is_receipt = |entry: &&Entry| matches!(entry.fact.what, Happening::Repaid { .. } | Happening::Recovered { .. });
        let receipts: Vec<&Entry> = self.entries.iter().filter(is_receipt).collect();
        let keys = store::keys(receipts.iter().map(|entry| entry.loan.as_str()));
        let compensated = store::compensated(tx, &scene.county, &keys).await?;
        for entry in receipts {
            let shared = |since: &BusinessDate| *since <= entry.fact.on;
            if compensated.get(&entry.loan).is_some_and(shared) {
                return Err(LoanRefusal::SharedWithFund { loan: entry.loan.clone() }.into());
            }
        }
        record(tx, scene, self.entries.clone()).await
    }

    fn in_words(&self) -> serde_json::Value {
        let shown: Vec<&Entry> = self.entries.iter().take(20).collect();
        serde_json::json!({ "facts": self.entries.len(), "first": shown })
    }
}

/// Records facts inside a running act.
pub(crate) async fn record(tx: &mut Connection, scene: &Scene, entries: Vec<Entry>) -> Result<Changes, Stop> {
    if let Some(late) = entries.iter().find(|entry| entry.fact.on > scene.today) {
        return Err(LoanRefusal::InTheFuture { loan: late.loan.clone(), on: late.fact.on }.into());
    }
    let keys = store::keys(entries.iter().map(|entry| entry.loan.as_str()));
    let known = heads::heads(tx, &scene.county, &keys).await?;
    let asked = entries.len();
    let entries = with_renewals(&known, entries);
    let (mut keys, mut known) = (keys, known);
    if entries.len() > asked {
        keys = store::keys(entries.iter().map(|entry| entry.loan.as_str()));
        known = heads::heads(tx, &scene.county, &keys).await?;
    }
    let mut facts = store::facts(tx, &scene.county, &keys).await?;
    refuse_unknown(&known, &entries)?;
    refuse_by_policy(tx, scene, &known, &facts, &entries).await?;
    let mut counts = store::event_counts(tx, &scene.county, &keys).await?;
    let mut rows = Vec::with_capacity(entries.len());
    for entry in &entries {
        let count = counts.entry(entry.loan.clone()).or_default();
        *count += 1;
        let content = serde_json::to_string(&entry.fact).expect("facts are plain data");
        let (loan, on) = (entry.loan.clone(), entry.fact.on.to_string());
        rows.push((loan, *count, on, entry.fact.what.kind(), content, entry.reference.clone()));
        facts.entry(entry.loan.clone()).or_default().push(entry.fact.clone());
    }
    store::add_events(tx, &scene.county, &rows, (&scene.actor, &scene.at)).await?;
    let (changes, failed) = bring_up_to_date(tx, scene, &known, &facts, scene.today).await?;
    if let Some((_, why)) = failed.into_iter().next() {
        return Err(Stop::Refused(why));
    }
    crate::products::microloan::subsidy::store::send_back(tx, &scene.county, &keys, "台账在复核后有变动").await?;
    Ok(changes)
}

/// A payment on a renewing loan settles the old one on the same day with the same money.
fn with_renewals(known: &[LoanHead], entries: Vec<Entry>) -> Vec<Entry> {
    let renewing: HashMap<&str, &str> =
        known.iter().filter_map(|head| Some((head.loan.as_str(), head.renews.as_deref()?))).collect();
    let mut all = Vec::with_capacity(entries.len());
    for entry in entries {
        let old = renewing.get(entry.loan.as_str()).copied();
        if let (Some(old), Happening::Disbursed { amount }) = (old, &entry.fact.what) {
            let what = Happening::Renewed { amount: *amount, by: entry.loan.clone() };
            all.push(Entry { loan: old.to_owned(), fact: Fact { on: entry.fact.on, what }, reference: entry.reference.clone() });
        }
        all.push(entry);
    }
    all
}

fn refuse_unknown(known: &[LoanHead], entries: &[Entry]) -> Result<(), LoanRefusal> {
    for entry in entries {
        let found = known.binary_search_by(|head| head.loan.as_str().cmp(&entry.loan));
        let head = found.map(|at| &known[at]).map_err(|_| LoanRefusal::UnknownLoan { loan: entry.loan.clone() })?;
        if head.contract.is_none() {
            return Err(LoanRefusal::NotContracted { loan: entry.loan.clone() });
        }
        if matches!(head.state, LoanState::Rejected | LoanState::Withdrawn) {
            let (state, step) = (head.state.label_zh().to_owned(), entry.fact.what.label_zh().to_owned());
            return Err(LoanRefusal::WrongStep { loan: entry.loan.clone(), state, step });
        }
    }
    Ok(())
}

/// Refuses an extension beyond what the loan's policy lets, and a change of a rate it fixes.
async fn refuse_by_policy(
    tx: &mut Connection,
    scene: &Scene,
    known: &[LoanHead],
    facts: &HashMap<String, Vec<Fact>>,
    entries: &[Entry],
) -> Result<(), Stop> {
    let bound = |entry: &&Entry| matches!(entry.fact.what, Happening::Extended { .. } | Happening::RateChanged { .. });
    if !entries.iter().any(|entry| bound(&entry)) {
        return Ok(());
    }
    let policies = policy::store::policies(tx, &scene.county).await?;
    let mut extended: BTreeMap<&str, Vec<BusinessDate>> = BTreeMap::new();
    for entry in entries.iter().filter(bound) {
        let head = known.iter().find(|head| head.loan == entry.loan);
        let Some((head, name)) = head.and_then(|head| Some((head, head.policy.as_deref()?))) else { continue };
        let row = policy::named(&policies, name)?;
        match entry.fact.what {
            Happening::Extended { to } => {
                let before = || facts.get(&entry.loan).map_or(Vec::new(), |facts| extensions(facts));
                let before = extended.entry(&entry.loan).or_insert_with(before);
                refuse_extension(head, row, before, to)?;
                before.push(to);
            }
            _ => refuse_fixed_rate(head, row, entry.fact.on)?,
        }
    }
    Ok(())
}

/// The days a loan was extended to.
fn extensions(facts: &[Fact]) -> Vec<BusinessDate> {
    let to = |fact: &Fact| match fact.what {
        Happening::Extended { to } => Some(to),
        _ => None,
    };
    facts.iter().filter_map(to).collect()
}

/// Refuses an extension more often or longer than the policy lets, after those before.
fn refuse_extension(head: &LoanHead, row: &policy::Policy, before: &[BusinessDate], to: BusinessDate) -> Result<(), LoanRefusal> {
    let loan = head.loan.clone();
    if before.len() as i64 >= row.extensions_max {
        return Err(LoanRefusal::NoMoreExtensions { loan, allowed: row.extensions_max });
    }
    let Some(contract) = &head.contract else { return Ok(()) };
    let now = before.iter().copied().fold(contract.matures_on, BusinessDate::max);
    let latest = row.latest_extension(contract.signed_on, contract.matures_on, now);
    if to > latest { Err(LoanRefusal::ExtendedTooLong { loan, to, latest }) } else { Ok(()) }
}

fn refuse_fixed_rate(head: &LoanHead, row: &policy::Policy, on: BusinessDate) -> Result<(), LoanRefusal> {
    let signed_on = head.contract.as_ref().map_or(on, |contract| contract.signed_on);
    if row.rate_fixed == "yes" && on > signed_on {
        return Err(LoanRefusal::RateFixed { loan: head.loan.clone(), policy: row.policy.clone(), signed_on });
    }
    Ok(())
}

/// Loans that could not be brought up to date, with the reason.
pub(crate) type Failed = Vec<(String, Refusal)>;

/// Derives loans anew through a day and settles what differs from what was settled. A loan that fails is left as it
/// was and named.
pub(crate) async fn bring_up_to_date(
    tx: &mut Connection,
    scene: &Scene,
    loans: &[LoanHead],
    facts: &HashMap<String, Vec<Fact>>,
    through: BusinessDate,
) -> Result<(Changes, Failed), Stop> {
    let keys = store::keys(loans.iter().map(|head| head.loan.as_str()));
    let settled = store::settled_rows(tx, &scene.county, &keys).await?;
    let month = AccountingPeriod::of(scene.today).to_string();
    let mut closed = own_books::closed(tx, scene, loans).await?;
    let (mut changes, mut failed, mut rows, mut timelines) = (Changes::default(), Vec::new(), Vec::new(), Vec::new());
    for head in loans {
        let Some(contract) = &head.contract else { continue };
        if let Some(why) = closed.remove(&head.loan) {
            failed.push((head.loan.clone(), why));
            continue;
        }
        let before = settled.get(&head.loan).map_or(&[][..], Vec::as_slice);
        let through =
            before.iter().filter(|row| row.entry % 2 == 1).map(|row| row.due).max().map_or(through, |due| due.max(through));
        match timeline(&head.loan, contract, facts.get(&head.loan).map_or(&[][..], Vec::as_slice), through) {
            Err(why) => failed.push((head.loan.clone(), why.refusal())),
            Ok(found) => {
                differences(&head.loan, &found.rows, before, &month, &mut rows, &mut changes);
                changes.loans += 1;
                timelines.push((head, found));
            }
        }
    }
    store::add_rows(tx, &scene.county, &rows).await?;
    save_standings(tx, scene, &timelines).await?;
    let facts_of = |head: &LoanHead| facts.get(&head.loan).map_or(&[][..], Vec::as_slice);
    let derived: Vec<_> = timelines.iter().map(|(head, line)| (*head, facts_of(head), line)).collect();
    own_books::post(tx, scene, &derived).await?;
    Ok((changes, failed))
}

async fn save_standings(tx: &mut Connection, scene: &Scene, timelines: &[(&LoanHead, Timeline)]) -> Result<(), Stop> {
    let positions: Vec<_> = timelines.iter().map(|(head, found)| (*head, &found.position)).collect();
    standings::save(tx, &scene.county, &positions).await?;
    let changed = positions.iter().filter(|(head, position)| head.state != position.state);
    let states: Vec<_> = changed.map(|(head, position)| (head.loan.as_str(), position.state.as_str(), head.approvals)).collect();
    if !states.is_empty() {
        heads::save_states(tx, &scene.county, &states).await?;
    }
    Ok(())
}

/// The entries that turn what was settled into what the timeline says: opposites first, then the right rows.
fn differences(
    loan: &str,
    right: &[InterestRow],
    settled: &[SettledRow],
    month: &str,
    rows: &mut Vec<RowEntry>,
    changes: &mut Changes,
) {
    let mut sums: BTreeMap<(BusinessDate, &'static str), (BusinessDate, i64, i64, i64)> = BTreeMap::new();
    for row in right {
        let sum = sums.entry((row.due, row.kind.as_str())).or_insert((row.start, 0, 0, 0));
        *sum = (sum.0.min(row.start), sum.1 + row.days, row.principal.fen(), sum.3 + row.amount.fen());
    }
    for old in settled {
        let key = (old.due, old.kind.as_str());
        let stands = old.entry % 2 == 1;
        let same = sums.get(&key).is_some_and(|new| *new == (old.start, old.days, old.principal, old.amount));
        if stands && same {
            sums.remove(&key);
            continue;
        }
        let mut entry = old.entry;
        if stands {
            entry += 1;
            rows.push(entry_of(loan, key, entry, (old.start, -old.days, old.principal, -old.amount), month));
            changes.reversed += 1;
            changes.amount -= Amount::from_fen(old.amount);
        }
        if let Some(new) = sums.remove(&key) {
            rows.push(entry_of(loan, key, entry + 1, new, month));
            changes.rows += 1;
            changes.amount += Amount::from_fen(new.3);
        }
    }
    for (key, new) in sums {
        rows.push(entry_of(loan, key, 1, new, month));
        changes.rows += 1;
        changes.amount += Amount::from_fen(new.3);
    }
}

fn entry_of(
    loan: &str,
    (due, kind): (BusinessDate, &'static str),
    entry: i64,
    (start, days, principal, amount): (BusinessDate, i64, i64, i64),
    month: &str,
) -> RowEntry {
    (loan.to_owned(), due.to_string(), kind, entry, start.to_string(), days, principal, amount, month.to_owned())
}
