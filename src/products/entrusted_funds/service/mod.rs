//! Acts on entrusted money: opening (`opening`), income (`running`), insolvency (`ending`). Handing money over and giving it back
//! look at other rooms too, so they are acts of the room that pays (`payouts`).

pub mod ending;
pub mod opening;
pub mod running;

use super::posting_rules::{Side, Sides};
use super::refusal::EntrustRefusal;
use super::store::{self, Move, Scheme};
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::books::service::regime_in;
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::{BookCode, Regime, Voucher, store as ledger_store};
use crate::money::Amount;
use crate::office::Scene;
use chrono::Datelike;
use std::collections::BTreeMap;

/// A scheme with the regimes of its books, the books locked.
pub struct Opened {
    /// The scheme.
    pub kept: Scheme,
    company: Option<(BookCode, &'static Regime)>,
    operator: Option<(BookCode, &'static Regime)>,
    investors: Vec<(String, BookCode, &'static Regime)>,
}

impl Opened {
    /// Locks the scheme's books and reads it. Refuses unknown schemes (E-301).
    pub async fn load(tx: &mut Connection, scene: &Scene, code: &str, on: BusinessDate) -> Result<Opened, Stop> {
        let kept = store::scheme(tx, &scene.county, code).await?;
        let kept = kept.ok_or_else(|| EntrustRefusal::UnknownScheme { scheme: code.to_owned() })?;
        let own = kept.terms.investors.iter().map(|(_, book)| book);
        let books: Vec<&BookCode> = kept.terms.company_book.iter().chain(&kept.terms.operator_book).chain(own).collect();
        ledger_store::lock_books(tx, scene.engine, &scene.county, &books).await?;
        let company = side(tx, scene, kept.terms.company_book.as_ref(), on).await?;
        let operator = side(tx, scene, kept.terms.operator_book.as_ref(), on).await?;
        let mut investors = Vec::new();
        for (party, book) in &kept.terms.investors {
            investors.push((party.clone(), book.clone(), regime_in(tx, &scene.county, book, on.year()).await?));
        }
        let kept = store::scheme(tx, &scene.county, code).await?.unwrap_or(kept);
        Ok(Opened { kept, company, operator, investors })
    }

    /// For posting rules.
    pub fn sides(&self, on: BusinessDate) -> Sides<'_> {
        fn side<'a>(found: &'a Option<(BookCode, &'static Regime)>) -> Option<Side<'a>> {
            found.as_ref().map(|(book, regime)| Side { book, regime })
        }
        let (company, operator) = (side(&self.company), side(&self.operator));
        let investors = self.investors.iter().map(|(party, book, regime)| (party.as_str(), Side { book, regime })).collect();
        Sides { scheme: &self.kept.scheme, terms: &self.kept.terms, on, company, operator, investors }
    }

    /// Refuses a scheme that does not run (E-203).
    pub fn must_run(&self) -> Result<(), EntrustRefusal> {
        let label = |state: &str| if state == "insolvent" { "经营主体资不抵债" } else { "已终止" };
        match self.kept.state.as_str() {
            "running" => Ok(()),
            state => Err(EntrustRefusal::NotRunning { scheme: self.kept.scheme.clone(), state: label(state).to_owned() }),
        }
    }
}

async fn side(
    tx: &mut Connection,
    scene: &Scene,
    book: Option<&BookCode>,
    on: BusinessDate,
) -> Result<Option<(BookCode, &'static Regime)>, Stop> {
    match book {
        Some(book) => Ok(Some((book.clone(), regime_in(tx, &scene.county, book, on.year()).await?))),
        None => Ok(None),
    }
}

/// Saves an event and posts its vouchers.
pub async fn posted(
    tx: &mut Connection,
    scene: &Scene,
    (kind, on, what): (&str, BusinessDate, serde_json::Value),
    vouchers: &[Voucher],
) -> Result<(String, Vec<Numbered>), Stop> {
    let event = scene.draw_id();
    ledger_store::save_event(tx, &scene.county, (&event, kind, &on.to_string()), &what, &scene.at).await?;
    let numbered = if vouchers.is_empty() { Vec::new() } else { ledger::post(tx, scene, vouchers, Some(&event)).await? };
    Ok((event, numbered))
}

/// What each household has entrusted, by code.
pub fn outstanding(moves: &[Move]) -> BTreeMap<String, Amount> {
    let mut there: BTreeMap<String, Amount> = BTreeMap::new();
    for moved in moves {
        *there.entry(moved.household.clone()).or_default() += moved.amount;
    }
    there
}

/// Refuses principal that moves inside a period already accrued (E-210).
pub async fn must_be_open(tx: &mut Connection, scene: &Scene, opened: &Opened, on: BusinessDate) -> Result<(), Stop> {
    let periods = store::periods(tx, &scene.county, &opened.kept.scheme).await?;
    match periods.iter().any(|period| on < period.to) {
        true => Err(EntrustRefusal::AlreadyAccrued { scheme: opened.kept.scheme.clone(), on }.into()),
        false => Ok(()),
    }
}
