//! Cases for splitting: the worked numbers of dividends and of loss sharing, refusals, and what
//! holds for every split.

use proptest::prelude::*;

use super::*;

fn yuan(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

fn amounts(texts: &[&str]) -> Vec<Amount> {
    texts.iter().map(|text| yuan(text)).collect()
}

fn rates(texts: &[&str]) -> Vec<Rate> {
    texts.iter().map(|text| Rate::parse(text).unwrap()).collect()
}

fn code<T: std::fmt::Debug>(result: Result<T, AllotmentRefusal>) -> String {
    result.unwrap_err().refusal().code
}

#[test]
fn equal_shares_of_a_round_pool() {
    assert_eq!(allot(yuan("10000.00"), &[1, 1, 1]).unwrap(), amounts(&["3333.34", "3333.33", "3333.33"]));
    assert_eq!(allot(yuan("-10000.00"), &[1, 1, 1]).unwrap(), amounts(&["-3333.34", "-3333.33", "-3333.33"]));
    assert_eq!(allot(yuan("0.02"), &[1, 0, 1, 1]).unwrap(), amounts(&["0.01", "0", "0.01", "0"]));
    assert_eq!(allot(yuan("1.00"), &[1, 2, 4]).unwrap(), amounts(&["0.14", "0.29", "0.57"]));
    assert_eq!(allot(Amount::ZERO, &[3, 4]).unwrap(), amounts(&["0", "0"]));
}

#[test]
fn preferred_floors_before_ordinary_shares() {
    let floors = amounts(&["4000", "4000", "4000", "0"]);
    let split = allot_with_floors(yuan("26000"), &floors, &[1, 1, 1, 7]).unwrap();
    assert_eq!(split.parts, amounts(&["5400", "5400", "5400", "9800"]));
    assert_eq!(split.floor_paid, floors);
    assert_eq!(split.shortfall, amounts(&["0", "0", "0", "0"]));
}

#[test]
fn a_short_pool_pays_floors_pro_rata() {
    let split = allot_with_floors(yuan("10000"), &amounts(&["4000", "4000", "4000", "0"]), &[1, 1, 1, 7]).unwrap();
    assert_eq!(split.parts, amounts(&["3333.34", "3333.33", "3333.33", "0"]));
    assert_eq!(split.floor_paid, split.parts);
    assert_eq!(split.shortfall, amounts(&["666.66", "666.67", "666.67", "0"]));
    let exact = allot_with_floors(yuan("5"), &amounts(&["2", "3"]), &[0, 0]).unwrap();
    assert_eq!(exact.parts, amounts(&["2", "3"]));
}

#[test]
fn losses_and_recoveries_are_shared() {
    for (amount, shares, parts) in [
        ("50812.35", ["70", "30"], ["35568.65", "15243.70"]),
        ("10000.00", ["70", "30"], ["7000.00", "3000.00"]),
        ("51234.56", ["80", "20"], ["40987.65", "10246.91"]),
        ("10000.01", ["80", "20"], ["8000.01", "2000.00"]),
        ("50000.00", ["70", "30"], ["35000.00", "15000.00"]),
        ("-50812.35", ["70", "30"], ["-35568.65", "-15243.70"]),
    ] {
        assert_eq!(share_loss(yuan(amount), &rates(&shares)).unwrap(), amounts(&parts), "{amount}");
    }
    assert_eq!(share_loss(yuan("0.01"), &rates(&["50", "50", "0"])).unwrap(), amounts(&["0.01", "0", "0"]));
}

#[test]
fn refusals_name_their_reason() {
    assert_eq!(code(allot(yuan("1"), &[])), "A-401");
    assert_eq!(code(allot(yuan("1"), &[0, 0])), "A-401");
    assert_eq!(code(allot(yuan("1"), &[1, -1])), "A-402");
    assert_eq!(code(allot(yuan("1"), &[i128::MAX, 1])), "A-403");
    assert_eq!(code(allot(yuan("1"), &[i128::MAX])), "A-403");
    assert_eq!(code(allot_with_floors(yuan("1"), &[Amount::ZERO], &[1, 1])), "A-404");
    assert_eq!(code(allot_with_floors(yuan("1"), &amounts(&["-1", "0"]), &[1, 1])), "A-405");
    assert_eq!(code(allot_with_floors(yuan("-1"), &amounts(&["1", "0"]), &[1, 1])), "A-406");
    assert_eq!(code(allot_with_floors(yuan("1"), &amounts(&["1", "0"]), &[1, -1])), "A-402");
    assert_eq!(code(allot_with_floors(yuan("2"), &amounts(&["1", "0"]), &[0, 0])), "A-401");
    assert_eq!(code(share_loss(yuan("1"), &rates(&["70", "29.999999"]))), "A-407");
    assert_eq!(code(share_loss(yuan("1"), &[])), "A-407");
}

fn weights() -> impl Strategy<Value = Vec<i128>> {
    proptest::collection::vec(0_i128..1_000_000_000, 1..12).prop_filter("some weight", |w| w.iter().any(|w| *w > 0))
}

proptest! {
    #[test]
    fn parts_sum_to_the_pool_and_stay_within_a_fen(fen in any::<i64>(), weights in weights()) {
        let parts = allot(Amount::from_fen(fen), &weights).unwrap();
        let total: i128 = weights.iter().sum();
        prop_assert_eq!(parts.iter().map(|p| i128::from(p.fen())).sum::<i128>(), i128::from(fen));
        for (part, weight) in parts.iter().zip(&weights) {
            let off = i128::from(part.fen()) * total - i128::from(fen) * weight;
            prop_assert!(off.abs() < total);
        }
    }

    #[test]
    fn a_member_without_weight_changes_nothing(fen in any::<i64>(), weights in weights(), at in 0_usize..12) {
        let parts = allot(Amount::from_fen(fen), &weights).unwrap();
        let at = at.min(weights.len());
        let (mut more, mut expected) = (weights.clone(), parts);
        more.insert(at, 0);
        expected.insert(at, Amount::ZERO);
        prop_assert_eq!(allot(Amount::from_fen(fen), &more).unwrap(), expected);
    }

    #[test]
    fn order_decides_nothing_but_ties(fen in 0_i64..1_000_000_000, weights in weights()) {
        let pool = Amount::from_fen(fen);
        let parts = allot(pool, &weights).unwrap();
        let reversed: Vec<i128> = weights.iter().rev().copied().collect();
        let total: i128 = weights.iter().sum();
        let remainder = |at: usize| weights[at] * i128::from(fen) % total;
        let mut back = allot(pool, &reversed).unwrap();
        back.reverse();
        for at in 0..weights.len() {
            let tied = (0..weights.len()).any(|other| other != at && remainder(other) == remainder(at));
            prop_assert!(parts[at] == back[at] || tied, "member {at}");
        }
    }

    #[test]
    fn floors_and_the_rest_sum_to_the_pool(
        fen in 0_i64..10_000_000,
        members in proptest::collection::vec((0_i64..1_000_000, 1_i128..100), 1..8),
    ) {
        let floors: Vec<Amount> = members.iter().map(|(floor, _)| Amount::from_fen(*floor)).collect();
        let weights: Vec<i128> = members.iter().map(|(_, weight)| *weight).collect();
        let split = allot_with_floors(Amount::from_fen(fen), &floors, &weights).unwrap();
        prop_assert_eq!(split.parts.iter().copied().sum::<Amount>(), Amount::from_fen(fen));
        for (at, floor) in floors.iter().enumerate() {
            prop_assert_eq!(split.floor_paid[at] + split.shortfall[at], *floor);
            prop_assert!(!split.shortfall[at].is_negative() && split.floor_paid[at] <= split.parts[at]);
        }
    }

    #[test]
    fn shared_losses_sum_and_keep_their_sign(fen in any::<i64>(), share in 0_i64..=1_000_000) {
        prop_assume!(fen != i64::MIN);
        let shares = [Rate::from_ppm(share).unwrap(), Rate::from_ppm(1_000_000 - share).unwrap()];
        let parts = share_loss(Amount::from_fen(fen), &shares).unwrap();
        prop_assert_eq!(parts[0] + parts[1], Amount::from_fen(fen));
        prop_assert!(parts.iter().all(|part| part.fen().signum() * fen.signum() >= 0));
    }
}
