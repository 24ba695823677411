//! What members are promised beside their shares: floors of the year, class by class, and those of earlier years still owed.
//!
//! Pure.
//!
//! 1. A class's floor is one sum, split by share-days.
//! 2. Claims stand in this order: those of earlier years, then class by class; inside, by member code.

use rust_decimal::Decimal;

use super::totals::Totals;
use super::{MemberFacts, YearDays};
use crate::money::allotment::AllotmentRefusal;
use crate::money::allotment::passes::{Split, Weights};
use crate::money::rounding::round_half_up_to_fen;
use crate::money::{Amount, Rate};
use crate::products::cooperative_shares::class::{Floor, FloorTiming, Shortfall};
use crate::refusal::Refusal;

/// All that is promised.
#[derive(Debug)]
pub struct Floors<'a> {
    arrears: Amount,
    of_class: Vec<OfClass<'a>>,
}

/// The floor of one class.
#[derive(Debug)]
struct OfClass<'a> {
    class: &'a str,
    floor: &'a Floor,
    due: Amount,
    split: Split,
}

/// A floor somebody is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim<'a> {
    /// How much.
    pub due: Amount,
    /// When it is paid.
    pub timing: FloorTiming,
    /// When money is short.
    pub shortfall: Shortfall,
    /// Who owes the shortfall.
    pub guarantor: Option<&'a str>,
}

impl Claim<'_> {
    /// What of it is paid out of the pool, as far as the pool goes.
    pub fn from_profit(&self) -> Amount {
        if self.timing == FloorTiming::FromProfit { self.due } else { Amount::ZERO }
    }
}

impl<'a> Floors<'a> {
    /// What the members of these totals are promised.
    pub fn of(totals: &Totals<'a>) -> Result<Floors<'a>, Refusal> {
        let mut of_class = Vec::new();
        for (class, floor) in totals.classes.iter().filter_map(|(class, kept)| Some((class, kept.floor.as_ref()?))) {
            let days = totals.days_in(class);
            if days.total() > 0 {
                let due = floor_of(days.total(), floor.rate, totals.year_days)?;
                of_class.push(OfClass { class, floor, due, split: Split::of(due, &days)? });
            }
        }
        Ok(Floors { arrears: totals.arrears, of_class })
    }

    /// The floors paid beside the pool: they lower the profit before it is divided.
    pub fn before_profit(&self) -> Amount {
        self.of_class.iter().filter(|of| of.floor.timing == FloorTiming::BeforeProfit).map(|of| of.due).sum()
    }

    /// What the pool owes, by the turns of the claims.
    pub fn from_profit(&self) -> Weights {
        let mut due = Weights::default();
        due.add(i128::from(self.arrears.fen()));
        for of in self.of_class.iter().filter(|of| of.floor.timing == FloorTiming::FromProfit) {
            due.add(i128::from(of.due.fen()));
        }
        due
    }

    /// How many turns the claims have.
    pub fn turns(&self) -> usize {
        1 + self.of_class.len()
    }

    /// True once claims can be told.
    pub fn are_settled(&self) -> bool {
        self.of_class.iter().all(|of| of.split.is_settled())
    }

    /// A member comes by while floors may be open.
    pub fn look(&mut self, facts: &MemberFacts) {
        self.of_class.iter_mut().for_each(|of| of.split.look(0, facts.days_in(of.class)));
    }

    /// All members have come by.
    pub fn end_of_pass(&mut self) {
        self.of_class.iter_mut().for_each(|of| of.split.end_of_pass());
    }

    /// What a member is owed, turn by turn, once settled.
    pub fn claims(&mut self, facts: &MemberFacts) -> Vec<Claim<'a>> {
        let (timing, shortfall) = (FloorTiming::FromProfit, Shortfall::Carried);
        let arrears = Claim { due: facts.arrears.max(Amount::ZERO), timing, shortfall, guarantor: None };
        let of_year = self.of_class.iter_mut().map(|of| Claim {
            due: of.split.part(0, facts.days_in(of.class)),
            timing: of.floor.timing,
            shortfall: of.floor.shortfall,
            guarantor: of.floor.guarantor.as_deref(),
        });
        [arrears].into_iter().chain(of_year).collect()
    }
}

/// nominal × rate × days ÷ days of the year, rounded once.
pub fn floor_of(fen_days: i128, rate: Rate, year_days: YearDays) -> Result<Amount, Refusal> {
    let too_large = || AllotmentRefusal::TooLargeToSplit;
    let fen_days = Decimal::try_from_i128_with_scale(fen_days, 2).map_err(|_| too_large())?;
    let exact = fen_days.checked_mul(rate.fraction()).and_then(|sum| sum.checked_div(Decimal::from(year_days)));
    Ok(round_half_up_to_fen(exact.ok_or_else(too_large)?)?)
}
