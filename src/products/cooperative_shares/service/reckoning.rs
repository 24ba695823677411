//! What a plan of some terms would be now: the register gone through page by page, as often as it takes.
//!
//! 1. However many members there are, only a page of them is held.
//! 2. The same facts give the same rows in the same order, and so the same digest. Nothing is changed here.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::year_end::{figures, year_of};
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::books::service::regime_in;
use crate::ledger::{BookCode, EntityKind};
use crate::money::Amount;
use crate::products::cooperative_shares::class::ShareClass;
use crate::products::cooperative_shares::distribution::floors::Floors;
use crate::products::cooperative_shares::distribution::sharing::Sharing;
use crate::products::cooperative_shares::distribution::totals::Totals;
use crate::products::cooperative_shares::distribution::{MemberFacts, PlanRow};
use crate::products::cooperative_shares::holding::share_days;
use crate::products::cooperative_shares::plan::{BookFigures, Method, Pools, Terms, pools};
use crate::products::cooperative_shares::refusal::DividendRefusal;
use crate::products::cooperative_shares::store::members::{self, Asked, Known};
use crate::products::cooperative_shares::store::plans;

/// A plan that is reckoned: its pools are known, its rows come page by page.
pub(super) struct Reckoning<'a> {
    /// What came out.
    pub(super) pools: Pools,
    sharing: Sharing<'a>,
    members: Members<'a>,
}

impl<'a> Reckoning<'a> {
    /// Reckons a plan of these terms. Refuses while accounts are not cleared (D-101), and as `plan` and `distribution` do.
    pub(super) async fn of(
        tx: &mut Connection,
        (county, book): (&'a str, &'a BookCode),
        terms: &'a Terms,
        classes: &'a BTreeMap<String, ShareClass>,
    ) -> Result<Reckoning<'a>, Stop> {
        let regime = regime_in(tx, county, book, terms.year).await?;
        let mut figures = figures(tx, county, book, regime, terms.year).await?;
        let mut members = Members::of(tx, (county, book), terms).await?;
        let totals = members.totals(tx, classes).await?;
        let floors = Floors::of(&totals)?;
        let beside = floors.before_profit();
        (figures.undistributed, figures.result) = (figures.undistributed - beside, figures.result - beside);
        let mut divided = pools(terms, &figures, regime.kind == EntityKind::Cooperative)?;
        let warnings = [divided.warning, totals.quantified_in_part()];
        divided.warning = warnings.into_iter().flatten().reduce(|first, next| format!("{first}。{next}"));
        let mut sharing = Sharing::of(terms, divided, totals, floors)?;
        members.settle(tx, &mut sharing).await?;
        let pools = match sharing.foreseen() {
            Some(pools) => pools,
            None => members.completed(tx, &mut sharing).await?,
        };
        check_there(&pools, beside, &figures)?;
        Ok(Reckoning { pools, sharing, members })
    }

    /// The rows of the next members; `None` behind the last.
    pub(super) async fn next(&mut self, tx: &mut Connection) -> Result<Option<Vec<PlanRow>>, Stop> {
        let Some(page) = self.members.next(tx).await? else { return Ok(None) };
        let mut rows = Vec::with_capacity(page.len());
        for (member, facts) in page {
            rows.push(self.sharing.row(member, &facts)?);
        }
        rows.retain(PlanRow::counts);
        Ok(Some(rows))
    }

    /// Digest of a plan of which nothing is kept.
    pub(super) async fn digest(mut self, tx: &mut Connection) -> Result<String, Stop> {
        let mut digest = RowsDigest::of(&self.pools);
        while let Some(rows) = self.next(tx).await? {
            digest.add(&rows);
        }
        Ok(digest.end())
    }
}

fn check_there(pools: &Pools, beside: Amount, figures: &BookFigures) -> Result<(), DividendRefusal> {
    let wanted = pools.reserve + pools.refunds + pools.remaining + (pools.cost - beside);
    if wanted > figures.undistributed.max(Amount::ZERO) && pools.made_up.is_zero() {
        return Err(DividendRefusal::MoreThanThereIs { wanted, there: figures.undistributed });
    }
    Ok(())
}

/// The members of a register, in the order of their codes; behind the last they begin anew.
struct Members<'a> {
    asked: Asked<'a>,
    method: Method,
    year: (BusinessDate, BusinessDate),
    after: String,
}

impl<'a> Members<'a> {
    async fn of(tx: &mut Connection, (county, book): (&'a str, &'a BookCode), terms: &Terms) -> Result<Members<'a>, Stop> {
        let year = year_of(terms.year);
        let through = match terms.method {
            Method::ShareDays => year.1,
            Method::RecordDate(on) => on,
        };
        let owed_by = plans::last_before(tx, county, book, terms.year).await?;
        let asked = Asked { county, book, year: terms.year, owed_by, through };
        Ok(Members { asked, method: terms.method, year, after: String::new() })
    }

    /// The next page; `None` once behind the last.
    async fn next(&mut self, tx: &mut Connection) -> Result<Option<BTreeMap<String, MemberFacts>>, Stop> {
        let after = std::mem::take(&mut self.after);
        let Some(page) = members::page(tx, self.asked, &after).await? else { return Ok(None) };
        let mut by_code: BTreeMap<String, MemberFacts> = BTreeMap::new();
        for (member, known) in page.known {
            self.learn(by_code.entry(member).or_default(), known);
        }
        self.after = page.last;
        Ok(Some(by_code))
    }

    fn learn(&self, facts: &mut MemberFacts, known: Known) {
        match known {
            Known::Traded(amount) => facts.trade += amount,
            Known::Owed(amount) => facts.arrears += amount,
            Known::Holds(class, on, amount) => {
                let from = if self.method == Method::ShareDays { on } else { self.year.0 };
                facts.stands(&class, amount, share_days(amount, from, self.year));
            }
        }
    }

    async fn totals<'c>(&mut self, tx: &mut Connection, classes: &'c BTreeMap<String, ShareClass>) -> Result<Totals<'c>, Stop> {
        let year_days = self.year.1.signed_duration_since(self.year.0).num_days() + 1;
        let mut totals = Totals::of(classes, year_days);
        while let Some(page) = self.next(tx).await? {
            page.values().for_each(|facts| totals.add(facts));
        }
        Ok(totals)
    }

    /// Finds who gets the leftover fen.
    async fn settle(&mut self, tx: &mut Connection, sharing: &mut Sharing<'_>) -> Result<(), Stop> {
        while !sharing.is_settled() {
            while let Some(page) = self.next(tx).await? {
                page.values().for_each(|facts| sharing.look(facts));
            }
            sharing.end_of_pass();
        }
        Ok(())
    }

    /// What all rows come to.
    async fn completed(&mut self, tx: &mut Connection, sharing: &mut Sharing<'_>) -> Result<Pools, Stop> {
        while let Some(page) = self.next(tx).await? {
            for (member, facts) in page {
                sharing.row(member, &facts)?;
            }
        }
        Ok(sharing.completed())
    }
}

/// Digest of a plan's rows in its making: the same facts give the same digest.
pub(super) struct RowsDigest(Sha256);

impl RowsDigest {
    pub(super) fn of(pools: &Pools) -> RowsDigest {
        RowsDigest(Sha256::new().chain_update(serde_json::to_string(pools).unwrap_or_default()))
    }

    pub(super) fn add(&mut self, rows: &[PlanRow]) {
        for row in rows {
            self.0.update(format!("{}|{}|{}|{}|{};", row.member, row.weight, row.refund, row.net, row.carried));
        }
    }

    pub(super) fn end(self) -> String {
        hex::encode(self.0.finalize())
    }
}
