//! The distribution in the plainest way: all members in memory, one list of parts after the other. What the program computes
//! page by page must be this to the fen.

use std::collections::BTreeMap;

use super::super::class::{ClassKind, FloorTiming, Participation, ShareClass, Shortfall};
use super::super::distribution::floors::floor_of;
use super::super::distribution::{MemberFacts, PlanRow, Standing, YearDays};
use super::super::plan::{Pools, Terms};
use super::super::refusal::DividendRefusal;
use crate::money::Amount;
use crate::money::allotment::{AllotmentRefusal, allot};
use crate::money::rounding::round_half_up_to_fen;
use crate::refusal::Refusal;

/// Computes every member's part and completes the pools. Members come in the order of their codes.
/// Refuses refunds without trade (D-105), shares without holders (D-106), rates of participation beyond 100 % (D-107).
pub fn distribute(
    terms: &Terms,
    mut pools: Pools,
    classes: &BTreeMap<String, ShareClass>,
    members: BTreeMap<String, MemberFacts>,
    year_days: YearDays,
) -> Result<(Pools, Vec<PlanRow>), Refusal> {
    let (mut rows, members): (Vec<PlanRow>, Vec<MemberFacts>) =
        members.into_iter().map(|(member, facts)| (opening_row(member, &facts, classes), facts)).unzip();
    pools.trade = rows.iter().map(|row| row.trade).sum();
    refund(&mut rows, &pools, terms)?;
    let mut claims = floors(members.iter(), classes, year_days)?;
    let rest = pay_floors(&mut rows, &mut claims, pools.remaining)?;
    let left = pay_at_rates(&mut rows, &members, classes, rest)?;
    pools.weight = rows.iter().map(|row| row.weight).sum::<i128>().to_string();
    pools.by_weight = left;
    if left.is_positive() {
        let parts = split(left, rows.iter().map(|row| row.weight), terms)?;
        rows.iter_mut().zip(parts).for_each(|(row, part)| row.share = part);
    }
    settle_shortfalls(&mut rows, &claims, &mut pools);
    for row in &mut rows {
        row.tax = round_half_up_to_fen(crate::money::rounding::to_yuan(row.surplus_payable()) * terms.tax_rate.fraction())?;
        row.net = row.refund + row.surplus_payable() + row.cost - row.tax;
    }
    pools.tax = rows.iter().map(|row| row.tax).sum();
    rows.retain(|row| !row.net.is_zero() || !row.carried.is_zero());
    Ok((pools, rows))
}

/// Says which quantified shares count for a part of the year only: they are set at the year's end or when the surplus is
/// distributed (statements.md §1.4), and by share-days such a share would count for a day.
pub fn quantified_in_part(
    classes: &BTreeMap<String, ShareClass>,
    members: &BTreeMap<String, MemberFacts>,
    year_days: YearDays,
) -> Option<String> {
    let in_words = |class: &ShareClass| {
        let of_class = |standing: &&Standing| standing.class == class.class && standing.base.is_positive();
        let in_part = |standing: &&Standing| standing.days < i128::from(standing.base.fen()) * i128::from(year_days);
        let held: Vec<&Standing> = members.values().flat_map(|facts| &facts.standings).filter(of_class).filter(in_part).collect();
        let base: Amount = held.iter().map(|standing| standing.base).sum();
        let days = held.iter().map(|standing| standing.days).sum::<i128>() / i128::from(base.fen().max(1));
        (!held.is_empty()).then(|| format!("{} {} 户共 {} 平均计 {days} 天", class.name, held.len(), base.grouped()))
    };
    let words: Vec<String> = classes.values().filter(|class| class.kind == ClassKind::Quantified).filter_map(in_words).collect();
    let how = "要按分配时的量化份额全额计的,编制时写登记日(--record-date)";
    (!words.is_empty()).then(|| format!("本年登记的量化份额按持有天数计(全年 {year_days} 天):{};{how}", words.join("、")))
}

fn opening_row(member: String, facts: &MemberFacts, classes: &BTreeMap<String, ShareClass>) -> PlanRow {
    let by_weight =
        |standing: &&Standing| classes.get(&standing.class).is_some_and(|class| class.participation == Participation::ByWeight);
    PlanRow {
        member,
        trade: facts.trade,
        arrears: facts.arrears.max(Amount::ZERO),
        base: facts.standings.iter().map(|standing| standing.base).sum(),
        weight: facts.standings.iter().filter(by_weight).map(|standing| standing.days).sum(),
        ..PlanRow::default()
    }
}

fn refund(rows: &mut [PlanRow], pools: &Pools, terms: &Terms) -> Result<(), Refusal> {
    if pools.refunds.is_zero() {
        return Ok(());
    }
    if !pools.trade.is_positive() {
        return Err(DividendRefusal::NoTrade { year: terms.year.into() }.into());
    }
    let parts = allot(pools.refunds, &rows.iter().map(|row| i128::from(row.trade.fen())).collect::<Vec<_>>())?;
    rows.iter_mut().zip(parts).for_each(|(row, part)| row.refund = part);
    Ok(())
}

fn split(pool: Amount, weights: impl Iterator<Item = i128>, terms: &Terms) -> Result<Vec<Amount>, Refusal> {
    allot(pool, &weights.collect::<Vec<_>>()).map_err(|why| match why {
        AllotmentRefusal::NoWeight => DividendRefusal::NoHolders { year: terms.year.into() }.into(),
        other => other.into(),
    })
}

/// A floor somebody is owed.
struct Claim<'a> {
    row: usize,
    due: Amount,
    paid: Amount,
    timing: FloorTiming,
    shortfall: Shortfall,
    guarantor: Option<&'a str>,
}

/// Arrears of earlier years, row by row; floors of the year, class by class: the class's floor is one sum, split by share-days.
fn floors<'a, 'm>(
    members: impl Iterator<Item = &'m MemberFacts> + Clone,
    classes: &'a BTreeMap<String, ShareClass>,
    year_days: YearDays,
) -> Result<Vec<Claim<'a>>, Refusal> {
    let mut claims = Vec::new();
    for (row, facts) in members.clone().enumerate().filter(|(_, facts)| facts.arrears.is_positive()) {
        let (timing, shortfall) = (FloorTiming::FromProfit, Shortfall::Carried);
        claims.push(Claim { row, due: facts.arrears, paid: Amount::ZERO, timing, shortfall, guarantor: None });
    }
    for (code, floor) in classes.iter().filter_map(|(code, class)| Some((code, class.floor.as_ref()?))) {
        let days: Vec<i128> = members.clone().map(|facts| days_in(facts, code)).collect();
        let whole: i128 = days.iter().sum();
        if whole <= 0 {
            continue;
        }
        let parts = allot(floor_of(whole, floor.rate, year_days)?, &days)?;
        let (timing, shortfall, guarantor) = (floor.timing, floor.shortfall, floor.guarantor.as_deref());
        let claim = |(row, due)| Claim { row, due, paid: Amount::ZERO, timing, shortfall, guarantor };
        claims.extend(parts.into_iter().enumerate().filter(|(_, due)| due.is_positive()).map(claim));
    }
    Ok(claims)
}

/// Share-days of one class.
fn days_in(facts: &MemberFacts, class: &str) -> i128 {
    facts.standings.iter().filter(|standing| standing.class == class).map(|standing| standing.days).sum()
}

/// The floors paid beside the pool: they lower the profit before it is divided.
pub fn floors_before_profit(
    classes: &BTreeMap<String, ShareClass>,
    members: &BTreeMap<String, MemberFacts>,
    year_days: YearDays,
) -> Result<Amount, Refusal> {
    let claims = floors(members.values(), classes, year_days)?;
    Ok(claims.iter().filter(|claim| claim.timing == FloorTiming::BeforeProfit).map(|claim| claim.due).sum())
}

/// Pays floors out of the pool, pro rata where it is short; answers what is left.
fn pay_floors(rows: &mut [PlanRow], claims: &mut [Claim<'_>], pool: Amount) -> Result<Amount, Refusal> {
    let from_profit = |claim: &Claim<'_>| if claim.timing == FloorTiming::FromProfit { claim.due } else { Amount::ZERO };
    let due: Amount = claims.iter().map(from_profit).sum();
    let paid: Vec<Amount> = if due <= pool {
        claims.iter().map(from_profit).collect()
    } else {
        allot(pool, &claims.iter().map(|claim| i128::from(from_profit(claim).fen())).collect::<Vec<_>>())?
    };
    for (claim, paid) in claims.iter_mut().zip(paid) {
        claim.paid = paid;
        rows[claim.row].floor_due += claim.due;
        rows[claim.row].floor_paid += paid;
        if claim.shortfall == Shortfall::Carried && claim.timing == FloorTiming::FromProfit {
            rows[claim.row].carried += claim.due - paid;
        }
    }
    Ok(pool - due.min(pool))
}

/// Pays classes that take a fixed part of the pool; answers what is left for the others.
fn pay_at_rates(
    rows: &mut [PlanRow],
    members: &[MemberFacts],
    classes: &BTreeMap<String, ShareClass>,
    pool: Amount,
) -> Result<Amount, Refusal> {
    let mut left = pool;
    for class in classes.values().filter(|class| class.participation == Participation::AtRate) {
        let rate = class.participation_rate.unwrap_or_default();
        let weights: Vec<i128> = members.iter().map(|facts| days_in(facts, &class.class)).collect();
        if weights.iter().all(|weight| *weight == 0) {
            continue;
        }
        let part = round_half_up_to_fen(crate::money::rounding::to_yuan(pool) * rate.fraction())?;
        if part > left {
            return Err(DividendRefusal::BadRate { what: "参与比例合计".to_owned(), rate: rate.to_string() }.into());
        }
        left -= part;
        rows.iter_mut().zip(allot(part, &weights)?).for_each(|(row, part)| row.at_rate += part);
    }
    Ok(left)
}

/// Gives every floor not paid from the pool to whoever bears it.
fn settle_shortfalls(rows: &mut [PlanRow], claims: &[Claim<'_>], pools: &mut Pools) {
    for claim in claims {
        let missing = claim.due - claim.paid;
        match (claim.timing, claim.shortfall) {
            (FloorTiming::BeforeProfit, _) | (_, Shortfall::FinanceCost) => rows[claim.row].cost += missing,
            (_, Shortfall::Guaranteed) => {
                rows[claim.row].guaranteed += missing;
                if missing.is_positive() {
                    *pools.guaranteed.entry(claim.guarantor.unwrap_or_default().to_owned()).or_default() += missing;
                }
            }
            (_, Shortfall::Carried) => pools.carried += missing,
        }
    }
    pools.cost = rows.iter().map(|row| row.cost).sum();
}
