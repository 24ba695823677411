//! What a conversion must do and refuse: whole balances, decisions, catch-up entries.

use super::*;

const VILLAGE: (&str, &str) = ("village-2004", "village-2023");

fn old(rows: &[(&str, i64)]) -> Vec<OldBalance> {
    let balance = |(code, yuan): &(&str, i64)| OldBalance {
        account: (*code).into(),
        dimensions: Dimensions::default(),
        amount: Amount::from_yuan(*yuan),
    };
    rows.iter().map(balance).collect()
}

fn choice(old: &str, new: &str, yuan: i64) -> Choice {
    Choice { old: old.into(), dimensions: Dimensions::default(), new: new.into(), amount: Amount::from_yuan(yuan) }
}

fn sheet(rows: &[(&str, i64)], choices: &[Choice]) -> Result<WorkSheet, String> {
    let chart = Chart::of("village-2023").unwrap();
    work_sheet(VILLAGE, &old(rows), choices, &[], &chart).map_err(|refusal| refusal.code)
}

#[test]
fn the_maps_know_every_old_account_and_name_only_new_ones() {
    for (from, to) in [VILLAGE, ("cooperative-2007", "cooperative-2021")] {
        let (map, old, new) = (conversion_map(from, to).unwrap(), Chart::of(from).unwrap(), Chart::of(to).unwrap());
        refuse_gaps(&map, &old).unwrap();
        for row in &map {
            assert!(old.get(&row.old).is_some() && row.new.iter().all(|code| new.get(code).is_some()), "{row:?}");
            let same_kind = |code: &AccountCode| new.get(code).unwrap().class == old.get(&row.old).unwrap().class;
            assert!(row.new.iter().any(same_kind), "{row:?}");
        }
    }
}

#[test]
fn balances_move_by_meaning_not_by_code() {
    let rows = [("102", 900), ("154", 300), ("153", -50), ("211", -150), ("212", -200), ("32202", -800)];
    let sheet = sheet(&rows, &[choice("212", "311", -120), choice("212", "21102", -80)]).unwrap();
    let moved: Vec<(&str, i64)> = sheet.rows.iter().map(|row| (row.new.as_str(), row.amount.fen() / 100)).collect();
    let expected = [("102", 900), ("153", 300), ("154", -50), ("212", -150), ("311", -120), ("21102", -80), ("32202", -800)];
    assert_eq!(moved, expected);
}

#[test]
fn what_is_open_is_refused() {
    for (rows, choices, code) in [
        (vec![("102", 10), ("999", -10)], vec![], "C-111"),
        (vec![("102", 10), ("212", -10)], vec![], "C-112"),
        (vec![("102", 10), ("212", -10)], vec![choice("212", "311", -9)], "C-113"),
        (vec![("102", 10), ("212", -10)], vec![choice("212", "301", -10)], "C-114"),
        (vec![("102", 10), ("541", -10)], vec![], "C-115"),
        (vec![("102", 10), ("301", -9)], vec![], "C-116"),
        (vec![("102", 10), ("301", -10)], vec![choice("131", "132", 5)], "C-117"),
        (vec![("102", 10), ("202", -10)], vec![choice("202", "211", -10)], "C-102"),
    ] {
        assert_eq!(sheet(&rows, &choices), Err(code.to_owned()), "{rows:?}");
    }
    assert_eq!(conversion_map("village-2023", "village-2004").unwrap_err().refusal().code, "C-110");
}

#[test]
fn adjustments_are_balanced_too() {
    let chart = Chart::of("cooperative-2021").unwrap();
    let line = |code: &str, yuan| Adjustment {
        account: code.into(),
        dimensions: Dimensions::default(),
        amount: Amount::from_yuan(yuan),
        reason: "累计摊销还原".into(),
    };
    let (pair, books) = (("cooperative-2007", "cooperative-2021"), old(&[("161", 700), ("301", -700)]));
    let sheet = work_sheet(pair, &books, &[], &[line("161", 300), line("162", -300)], &chart).unwrap();
    assert_eq!(sheet.rows.len(), 4);
    assert_eq!(work_sheet(pair, &books, &[], &[line("161", 300)], &chart).unwrap_err().code, "C-116");
}
