//! A register that comes by pass by pass gives the rows of the one held in memory: any classes, floors, arrears, taxes, ties.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::class::{ClassKind, FloorTiming, Participation, ShareClass, Shortfall};
use super::super::distribution::floors::Floors;
use super::super::distribution::sharing::Sharing;
use super::super::distribution::totals::Totals;
use super::super::distribution::{MemberFacts, PlanRow, YearDays};
use super::super::plan::{Pools, Terms};
use super::{oracle, preferred, terms};
use crate::money::{Amount, Rate};
use crate::refusal::Refusal;

type Classes = BTreeMap<String, ShareClass>;
type Members = BTreeMap<String, MemberFacts>;

fn totals<'a>(classes: &'a Classes, members: &Members, year_days: YearDays) -> Totals<'a> {
    let mut totals = Totals::of(classes, year_days);
    members.values().for_each(|facts| totals.add(facts));
    totals
}

/// What the program does with a register, over one that is here.
pub fn distribute(
    terms: &Terms,
    divided: Pools,
    classes: &Classes,
    members: Members,
    year_days: YearDays,
) -> Result<(Pools, Vec<PlanRow>), Refusal> {
    let totals = totals(classes, &members, year_days);
    let floors = Floors::of(&totals)?;
    let mut sharing = Sharing::of(terms, divided, totals, floors)?;
    while !sharing.is_settled() {
        members.values().for_each(|facts| sharing.look(facts));
        sharing.end_of_pass();
    }
    let foreseen = sharing.foreseen();
    let first = rows(&mut sharing, &members)?;
    let pools = sharing.completed();
    assert!(foreseen.is_none_or(|foreseen| foreseen == pools));
    let again = rows(&mut sharing, &members)?;
    assert_eq!(first, again, "made once more they are the same");
    Ok((pools, again))
}

fn rows(sharing: &mut Sharing<'_>, members: &Members) -> Result<Vec<PlanRow>, Refusal> {
    let mut rows = members.iter().map(|(member, facts)| sharing.row(member.clone(), facts)).collect::<Result<Vec<_>, _>>()?;
    rows.retain(PlanRow::counts);
    Ok(rows)
}

/// What a plan says of quantified shares, over a register that is here.
pub fn quantified_in_part(classes: &Classes, members: &Members, year_days: YearDays) -> Option<String> {
    totals(classes, members, year_days).quantified_in_part()
}

fn any_preferred(code: &'static str) -> impl Strategy<Value = ShareClass> {
    let shortfall = prop_oneof![Just(Shortfall::Carried), Just(Shortfall::Guaranteed), Just(Shortfall::FinanceCost)];
    let participation = prop_oneof![Just(Participation::ByWeight), Just(Participation::AtRate), Just(Participation::None)];
    let timing = prop_oneof![Just(FloorTiming::FromProfit), Just(FloorTiming::BeforeProfit)];
    (shortfall, participation, timing, 0..=12u32).prop_map(move |(shortfall, participation, timing, rate)| ShareClass {
        class: code.to_owned(),
        participation_rate: (participation == Participation::AtRate).then(|| "29".parse().unwrap()),
        ..preferred(&rate.to_string(), timing, shortfall, participation)
    })
}

fn any_classes() -> impl Strategy<Value = Classes> {
    let of = |at_rate: bool| {
        let mut quantified = ShareClass::ordinary("Q", "量化股", ClassKind::Quantified);
        if at_rate {
            (quantified.participation, quantified.participation_rate) = (Participation::AtRate, Some("31".parse().unwrap()));
        }
        [ShareClass::ordinary("A", "资金股", ClassKind::Subscribed), quantified]
    };
    (any::<bool>(), any_preferred("P"), any_preferred("R")).prop_map(move |(at_rate, p, r)| {
        of(at_rate).into_iter().chain([p, r]).map(|class| (class.class.clone(), class)).collect()
    })
}

/// Few values, so that many remainders are tied; or any.
fn any_fen() -> impl Strategy<Value = i64> {
    prop_oneof![Just(0), 1i64..4, Just(100_000), 0i64..3_000_000]
}

fn any_members() -> impl Strategy<Value = Members> {
    let holding = || prop_oneof![Just((0, 1)), (any_fen(), prop_oneof![Just(365i64), Just(184), 1i64..=365])];
    let member =
        (any_fen(), prop_oneof![3 => Just(0), 1 => any_fen()], [holding(), holding(), holding(), holding()].prop_map(Vec::from));
    let facts = |(trade, arrears, held): (i64, i64, Vec<(i64, i64)>)| {
        let mut facts =
            MemberFacts { trade: Amount::from_fen(trade), arrears: Amount::from_fen(arrears), ..MemberFacts::default() };
        for (class, (fen, days)) in ["A", "P", "Q", "R"].into_iter().zip(held) {
            facts.stands(class, Amount::from_fen(fen), i128::from(fen) * i128::from(days));
        }
        facts
    };
    prop::collection::vec(member, 0..40)
        .prop_map(move |members| members.into_iter().enumerate().map(|(n, member)| (format!("M{n:03}"), facts(member))).collect())
}

fn any_pools() -> impl Strategy<Value = Pools> {
    let fen = || prop_oneof![0i64..50, 0i64..5_000_000].prop_map(Amount::from_fen);
    (fen(), fen()).prop_map(|(refunds, remaining)| Pools { refunds, remaining, ..Pools::default() })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn passes_give_what_memory_gives(classes in any_classes(), members in any_members(), pools in any_pools(), tax in prop_oneof![Just(0u32), 0u32..=20]) {
        let terms = Terms { tax_rate: Rate::from_percent(tax.into()).unwrap(), ..terms("0", "0") };
        let in_memory = oracle::distribute(&terms, pools.clone(), &classes, members.clone(), 365);
        let by_passes = distribute(&terms, pools, &classes, members.clone(), 365);
        prop_assert_eq!(by_passes, in_memory);
        prop_assert_eq!(quantified_in_part(&classes, &members, 365), oracle::quantified_in_part(&classes, &members, 365));
        let beside = Floors::of(&totals(&classes, &members, 365)).unwrap().before_profit();
        prop_assert_eq!(beside, oracle::floors_before_profit(&classes, &members, 365).unwrap());
    }
}
