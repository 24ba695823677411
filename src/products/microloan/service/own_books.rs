//! Brings the own books of borrowing entities up to date with their loans, in the act that changed them.
//!
//! 1. An entry that no longer holds is reversed in today's month and posted anew; both stay visible.
//! 2. An entry is dated on its day where that month is open, otherwise today.

use std::collections::{BTreeMap, HashMap};

use chrono::Datelike;

use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::{Connection, Stop};
use crate::ledger::books::service::regime_in;
use crate::ledger::service as ledger;
use crate::ledger::vouchers::store as vouchers;
use crate::ledger::{BookCode, Voucher, VoucherId};
use crate::money::Amount;
use crate::office::Scene;
use crate::products::microloan::fact::Fact;
use crate::products::microloan::own_book::{self, What, entries};
use crate::products::microloan::policy::ENTITY_LOAN;
use crate::products::microloan::store::heads::LoanHead;
use crate::products::microloan::store::own_books::{self as store, Kept, Turn};
use crate::products::microloan::timeline::Timeline;
use crate::refusal::Refusal;

/// The book of a loan's borrower, where it keeps one here.
pub fn own_book(head: &LoanHead) -> Option<BookCode> {
    (head.product == ENTITY_LOAN).then(|| BookCode(head.household.clone()))
}

/// Refuses loans whose borrower's book has no month open today: (loan, why).
pub(crate) async fn closed(tx: &mut Connection, scene: &Scene, heads: &[LoanHead]) -> Result<HashMap<String, Refusal>, Stop> {
    let (mut found, mut known) = (HashMap::new(), BTreeMap::new());
    let today = AccountingPeriod::of(scene.today).to_string();
    for (head, book) in heads.iter().filter_map(|head| Some((head, own_book(head)?))) {
        if !known.contains_key(&book) {
            known.insert(book.clone(), store::open_months(tx, &scene.county, &book).await?.contains(&today));
        }
        if !known[&book] {
            let why = own_book::OwnBookRefusal::NoOpenMonth { book: book.0, loan: head.loan.clone() };
            found.insert(head.loan.clone(), why.refusal());
        }
    }
    Ok(found)
}

/// A voucher to be posted, and the turn it will be.
struct Wanted {
    voucher: Voucher,
    loan: String,
    entry: String,
    turn: i64,
    what: What,
}

/// Posts what own books lack of these loans, and reverses what no longer holds.
pub(crate) async fn post(tx: &mut Connection, scene: &Scene, loans: &[(&LoanHead, &[Fact], &Timeline)]) -> Result<(), Stop> {
    let own: Vec<_> = loans.iter().filter_map(|(head, facts, line)| Some((*head, own_book(head)?, *facts, *line))).collect();
    if own.is_empty() {
        return Ok(());
    }
    let keys = crate::products::microloan::store::keys(own.iter().map(|(head, ..)| head.loan.as_str()));
    let mut kept = store::kept(tx, &scene.county, &keys).await?;
    let mut wanted = Vec::new();
    for (head, book, facts, line) in own {
        let before = kept.remove(&head.loan).unwrap_or_default();
        differences(tx, scene, (head, &book), entries(facts, line), before, &mut wanted).await?;
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let event = scene.draw_id();
    let what = serde_json::json!({ "loans": loans.len(), "vouchers": wanted.len() });
    let on = scene.today.to_string();
    crate::ledger::store::save_event(tx, &scene.county, (&event, "loan.own_book", &on), &what, &scene.at).await?;
    let list: Vec<Voucher> = wanted.iter().map(|wanted| wanted.voucher.clone()).collect();
    let posted = ledger::post(tx, scene, &list, Some(&event)).await?;
    let turn = |(wanted, numbered): (Wanted, ledger::Numbered)| -> Turn {
        let content = serde_json::to_string(&wanted.what).expect("entries are plain data");
        let (book, dated_on) = (numbered.0.0, wanted.voucher.dated_on.to_string());
        (wanted.loan, wanted.entry, wanted.turn, book, numbered.1.0, dated_on, content)
    };
    let turns: Vec<Turn> = wanted.into_iter().zip(posted).map(turn).collect();
    Ok(store::add(tx, &scene.county, &turns).await?)
}

/// The vouchers that turn what stands into what should.
async fn differences(
    tx: &mut Connection,
    scene: &Scene,
    (head, book): (&LoanHead, &BookCode),
    mut right: BTreeMap<String, own_book::Entry>,
    before: BTreeMap<String, Kept>,
    wanted: &mut Vec<Wanted>,
) -> Result<(), Stop> {
    let Some(contract) = &head.contract else { return Ok(()) };
    let mut turns: BTreeMap<String, i64> = BTreeMap::new();
    for (name, old) in before {
        let stands = old.turn % 2 == 1;
        if stands && right.get(&name).is_some_and(|entry| entry.what == old.what) {
            right.remove(&name);
            continue;
        }
        turns.insert(name.clone(), old.turn + i64::from(stands));
        if stands {
            let voucher = reversal(tx, scene, book, old.voucher).await?;
            wanted.push(Wanted { voucher, loan: head.loan.clone(), entry: name, turn: old.turn + 1, what: old.what });
        }
    }
    let open = if right.is_empty() { Vec::new() } else { store::open_months(tx, &scene.county, book).await? };
    for (name, entry) in right {
        let on = if open.contains(&AccountingPeriod::of(entry.on).to_string()) { entry.on } else { scene.today };
        let regime = regime_in(tx, &scene.county, book, on.year()).await?;
        let voucher = own_book::voucher((book, regime), (&head.loan, contract), on, &entry.what)?;
        let turn = turns.get(&name).copied().unwrap_or(0) + 1;
        wanted.push(Wanted { voucher, loan: head.loan.clone(), entry: name, turn, what: entry.what });
    }
    Ok(())
}

async fn reversal(tx: &mut Connection, scene: &Scene, book: &BookCode, wrong: VoucherId) -> Result<Voucher, Stop> {
    let found = vouchers::vouchers(tx, &scene.county, book, &[wrong]).await?.into_iter().next();
    let missing = || crate::db::Failure::Damaged(format!("loan_voucher names voucher {} of {book}", wrong.0));
    Ok(found.ok_or_else(missing)?.reversal(scene.today, AccountingPeriod::of(scene.today))?)
}

/// The vouchers of subsidy paid to entities (negative: given back, or the payment came back), dated on a day.
pub(crate) async fn subsidy_vouchers(
    tx: &mut Connection,
    scene: &Scene,
    (on, batch): (BusinessDate, &str),
    sums: &[(String, Amount)],
) -> Result<Vec<Voucher>, Stop> {
    let mut made = Vec::new();
    for (book, amount) in sums.iter().filter(|(_, amount)| !amount.is_zero()) {
        let book = BookCode(book.clone());
        let regime = regime_in(tx, &scene.county, &book, on.year()).await?;
        made.push(own_book::subsidy_received((&book, regime), on, batch, *amount)?);
    }
    Ok(made)
}
