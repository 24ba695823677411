//! What a split by passes gives is held against `allot`, over few and many weights, tied and not, in one turn and in several.

use proptest::prelude::*;

use super::super::allot;
use super::*;

/// The parts a split gives to weights that come by member for member, one weight a turn; and how often they came by before.
fn by_passes(pool: Amount, members: &[Vec<i128>]) -> Result<(Vec<Vec<Amount>>, usize), AllotmentRefusal> {
    let (mut weights, turns) = (Weights::default(), members.first().map_or(1, Vec::len));
    (0..turns).for_each(|turn| members.iter().for_each(|member| weights.add(member[turn])));
    let (mut split, mut passes) = (Split::in_turns(pool, &weights, turns)?, 0);
    while !split.is_settled() {
        members.iter().for_each(|member| (0..turns).for_each(|turn| split.look(turn, member[turn])));
        split.end_of_pass();
        passes += 1;
    }
    let mut part = |member: &Vec<i128>| (0..turns).map(|turn| split.part(turn, member[turn])).collect();
    Ok((members.iter().map(&mut part).collect(), passes))
}

fn in_one_turn(pool: i64, weights: &[i128]) -> Result<(Vec<Amount>, usize), AllotmentRefusal> {
    let members: Vec<Vec<i128>> = weights.iter().map(|weight| vec![*weight]).collect();
    let (parts, passes) = by_passes(Amount::from_fen(pool), &members)?;
    Ok((parts.into_iter().flatten().collect(), passes))
}

#[test]
fn ties_go_to_the_earlier_ones_however_many() {
    let equal = vec![365_i128 * 100_000; 1_000];
    let (parts, passes) = in_one_turn(123_456, &equal).unwrap();
    assert_eq!(parts, allot(Amount::from_fen(123_456), &equal).unwrap());
    assert_eq!((parts[455].fen(), parts[456].fen()), (124, 123));
    assert!((1..=3).contains(&passes), "{passes}");
}

#[test]
fn an_earlier_turn_comes_first() {
    let members = vec![vec![1, 1]; 3];
    let (parts, _) = by_passes(Amount::from_fen(10), &members).unwrap();
    let expected = [[2, 2], [2, 1], [2, 1]].map(|fen| fen.map(Amount::from_fen).to_vec());
    assert_eq!(parts, expected);
}

#[test]
fn parts_are_given_again_from_the_first() {
    let mut weights = Weights::default();
    (0..3).for_each(|_| weights.add(1));
    let mut split = Split::of(Amount::from_fen(10), &weights).unwrap();
    (0..3).for_each(|_| split.look(0, 1));
    split.end_of_pass();
    for _ in 0..2 {
        assert_eq!([0; 3].map(|turn| split.part(turn, 1).fen()), [4, 3, 3]);
        split.end_of_pass();
    }
}

#[test]
fn what_cannot_be_split_is_refused_as_there() {
    let lists: [&[i128]; 6] = [&[], &[0, 0], &[1, -1], &[3, -2, -1], &[i128::MAX, 1], &[i128::MAX]];
    for weights in lists {
        let (here, there) = (in_one_turn(100, weights).map(|_| ()), allot(Amount::from_fen(100), weights).map(|_| ()));
        assert_eq!(here.unwrap_err().to_string(), there.unwrap_err().to_string(), "{weights:?}");
    }
    let largest = [i128::MAX / 100, 7, 0];
    assert_eq!(in_one_turn(100, &largest).unwrap().0, allot(Amount::from_fen(100), &largest).unwrap());
}

fn weights() -> impl Strategy<Value = Vec<i128>> {
    let few_values = proptest::collection::vec(0_i128..5, 1..200);
    let any_values = proptest::collection::vec(0_i128..40_000_000_000_000, 1..200);
    prop_oneof![few_values, any_values].prop_filter("some weight", |weights| weights.iter().any(|weight| *weight > 0))
}

proptest! {
    #[test]
    fn every_split_is_the_one_of_allot(pool in prop_oneof![-500_i64..500, any::<i64>()], weights in weights()) {
        let (parts, passes) = in_one_turn(pool, &weights).unwrap();
        prop_assert_eq!(parts, allot(Amount::from_fen(pool), &weights).unwrap());
        prop_assert!(passes <= 4, "{}", passes);
    }

    #[test]
    fn turns_are_one_list_after_the_other(pool in 0_i64..5_000, members in proptest::collection::vec([0_i128..4, 0..40, 0..4], 1..60)) {
        let one_list: Vec<i128> = (0..3).flat_map(|turn| members.iter().map(move |member| member[turn])).collect();
        prop_assume!(one_list.iter().any(|weight| *weight > 0));
        let members: Vec<Vec<i128>> = members.iter().map(|member| member.to_vec()).collect();
        let (parts, _) = by_passes(Amount::from_fen(pool), &members).unwrap();
        let flat: Vec<Amount> = (0..3).flat_map(|turn| parts.iter().map(move |member| member[turn])).collect();
        prop_assert_eq!(flat, allot(Amount::from_fen(pool), &one_list).unwrap());
    }
}
