//! A surplus in its sharing: pass by pass it is found who gets the leftover fen, then every member's row is made.
//!
//! Pure. Every pass has the same members in the order of their codes and ends with [`Sharing::end_of_pass`].
//!
//! 1. The same members give the same rows, however often they come by.
//! 2. Nothing is kept of a member but what it adds; [`Pools`] are complete once all rows were made.

use super::floors::{Claim, Floors};
use super::totals::Totals;
use super::{MemberFacts, PlanRow};
use crate::money::Amount;
use crate::money::allotment::AllotmentRefusal;
use crate::money::allotment::passes::{Split, Weights};
use crate::money::rounding::{round_half_up_to_fen, to_yuan};
use crate::products::cooperative_shares::class::{FloorTiming, Participation, Shortfall};
use crate::products::cooperative_shares::plan::{Pools, Terms};
use crate::products::cooperative_shares::refusal::DividendRefusal;
use crate::refusal::Refusal;

/// Classes that take a fixed part of the pool.
type AtRates<'a> = Vec<(&'a str, Split)>;

/// What there is to share, and by which splits.
#[derive(Debug)]
pub struct Sharing<'a> {
    terms: &'a Terms,
    totals: Totals<'a>,
    pools: Pools,
    refund: Option<Split>,
    floors: Floors<'a>,
    short: Option<Split>,
    at_rate: AtRates<'a>,
    by_weight: Option<Split>,
}

impl<'a> Sharing<'a> {
    /// Divides the pools among what the members come to. Refuses refunds without trade (D-105), shares without holders
    /// (D-106), rates of participation beyond 100 % (D-107).
    pub fn of(terms: &'a Terms, mut pools: Pools, totals: Totals<'a>, floors: Floors<'a>) -> Result<Sharing<'a>, Refusal> {
        pools.trade = Amount::from_fen(i64::try_from(totals.trade.total()).map_err(|_| AllotmentRefusal::TooLargeToSplit)?);
        let refund = refund(terms, &pools, &totals.trade)?;
        let owed = floors.from_profit();
        let due = Amount::from_fen(i64::try_from(owed.total()).map_err(|_| AllotmentRefusal::TooLargeToSplit)?);
        let short = (due > pools.remaining).then(|| Split::in_turns(pools.remaining, &owed, floors.turns())).transpose()?;
        let (at_rate, left) = at_rates(&totals, pools.remaining - due.min(pools.remaining))?;
        pools.weight = totals.weight.total().to_string();
        pools.by_weight = left;
        let by_weight = left.is_positive().then(|| split(left, &totals.weight, terms)).transpose()?;
        Ok(Sharing { terms, totals, pools, refund, floors, short, at_rate, by_weight })
    }

    /// True once rows can be made.
    pub fn is_settled(&self) -> bool {
        self.floors.are_settled() && self.splits().all(Split::is_settled)
    }

    fn splits(&self) -> impl Iterator<Item = &Split> {
        let beside = self.refund.iter().chain(&self.short).chain(&self.by_weight);
        beside.chain(self.at_rate.iter().map(|(_, split)| split))
    }

    /// A member comes by while it is not settled.
    pub fn look(&mut self, facts: &MemberFacts) {
        if let Some(short) = self.short.as_mut().filter(|_| self.floors.are_settled()) {
            let claims = self.floors.claims(facts);
            claims.iter().enumerate().for_each(|(turn, claim)| short.look(turn, weight(claim)));
        }
        self.floors.look(facts);
        self.refund.iter_mut().for_each(|split| split.look(0, i128::from(facts.trade.fen())));
        self.at_rate.iter_mut().for_each(|(class, split)| split.look(0, facts.days_in(class)));
        self.by_weight.iter_mut().for_each(|split| split.look(0, facts.weight(self.totals.classes)));
    }

    /// All members have come by.
    pub fn end_of_pass(&mut self) {
        if self.floors.are_settled() {
            self.short.iter_mut().for_each(Split::end_of_pass);
        }
        self.floors.end_of_pass();
        self.refund.iter_mut().chain(&mut self.by_weight).for_each(Split::end_of_pass);
        self.at_rate.iter_mut().for_each(|(_, split)| split.end_of_pass());
    }

    /// The pools where what rows will come to is known before the first is made: all floors are paid, and nothing is withheld.
    pub fn foreseen(&self) -> Option<Pools> {
        let known = self.short.is_none() && self.terms.tax_rate.is_zero();
        known.then(|| Pools { cost: self.floors.before_profit(), ..self.pools.clone() })
    }

    /// All rows were made once: the pools with what they came to.
    pub fn completed(&mut self) -> Pools {
        self.end_of_pass();
        self.pools.clone()
    }

    /// A member's row, once settled; what it adds to the pools is added.
    pub fn row(&mut self, member: String, facts: &MemberFacts) -> Result<PlanRow, Refusal> {
        let weighs = facts.weight(self.totals.classes);
        let mut row = PlanRow { member, trade: facts.trade, base: facts.base(), weight: weighs, ..PlanRow::default() };
        row.arrears = facts.arrears.max(Amount::ZERO);
        row.refund = self.refund.as_mut().map_or(Amount::ZERO, |split| split.part(0, i128::from(facts.trade.fen())));
        for (turn, claim) in self.floors.claims(facts).into_iter().enumerate() {
            let paid = self.short.as_mut().map_or(claim.from_profit(), |short| short.part(turn, weight(&claim)));
            row.floor_due += claim.due;
            row.floor_paid += paid;
            self.settle(&mut row, claim, claim.due - paid);
        }
        row.at_rate = self.at_rate.iter_mut().map(|(class, split)| split.part(0, facts.days_in(class))).sum();
        row.share = self.by_weight.as_mut().map_or(Amount::ZERO, |split| split.part(0, weighs));
        row.tax = round_half_up_to_fen(to_yuan(row.surplus_payable()) * self.terms.tax_rate.fraction())?;
        row.net = row.refund + row.surplus_payable() + row.cost - row.tax;
        self.pools.tax += row.tax;
        Ok(row)
    }

    /// Gives what is missing of a floor to whoever bears it.
    fn settle(&mut self, row: &mut PlanRow, claim: Claim<'_>, missing: Amount) {
        match (claim.timing, claim.shortfall) {
            _ if missing.is_zero() => {}
            (FloorTiming::BeforeProfit, _) | (_, Shortfall::FinanceCost) => {
                row.cost += missing;
                self.pools.cost += missing;
            }
            (_, Shortfall::Guaranteed) => {
                row.guaranteed += missing;
                *self.pools.guaranteed.entry(claim.guarantor.unwrap_or_default().to_owned()).or_default() += missing;
            }
            (_, Shortfall::Carried) => {
                row.carried += missing;
                self.pools.carried += missing;
            }
        }
    }
}

/// A claim as a weight where the pool is short.
fn weight(claim: &Claim<'_>) -> i128 {
    i128::from(claim.from_profit().fen())
}

fn refund(terms: &Terms, pools: &Pools, trade: &Weights) -> Result<Option<Split>, Refusal> {
    if pools.refunds.is_zero() {
        return Ok(None);
    }
    if !pools.trade.is_positive() {
        return Err(DividendRefusal::NoTrade { year: terms.year.into() }.into());
    }
    Ok(Some(Split::of(pools.refunds, trade)?))
}

/// Splits for classes that take a fixed part of the pool; answers what is left for the others.
fn at_rates<'a>(totals: &Totals<'a>, pool: Amount) -> Result<(AtRates<'a>, Amount), Refusal> {
    let (mut splits, mut left) = (Vec::new(), pool);
    for class in totals.classes.values().filter(|class| class.participation == Participation::AtRate) {
        let (rate, days) = (class.participation_rate.unwrap_or_default(), totals.days_in(&class.class));
        if days.are_zero() {
            continue;
        }
        let part = round_half_up_to_fen(to_yuan(pool) * rate.fraction())?;
        if part > left {
            return Err(DividendRefusal::BadRate { what: "参与比例合计".to_owned(), rate: rate.to_string() }.into());
        }
        left -= part;
        splits.push((class.class.as_str(), Split::of(part, &days)?));
    }
    Ok((splits, left))
}

fn split(pool: Amount, weights: &Weights, terms: &Terms) -> Result<Split, Refusal> {
    Split::of(pool, weights).map_err(|why| match why {
        AllotmentRefusal::NoWeight => DividendRefusal::NoHolders { year: terms.year.into() }.into(),
        other => other.into(),
    })
}
