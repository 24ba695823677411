//! Cases of a revolving fund's balance and of what is overdue.

use super::moves::{Move, MoveKind, Standing, balance, check, overdue, standings};
use crate::calendar::BusinessDate;

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

fn moved(on: &str, kind: MoveKind, party: &str, amount: &str) -> Move {
    let due_on = (kind == MoveKind::Lent).then(|| day(on) + chrono::Days::new(100));
    Move { on: day(on), kind, party: party.into(), amount: amount.parse().unwrap(), due_on, document: "周字1号".into() }
}

fn code(moves: &[Move], new: &Move) -> String {
    check("Z1", moves, new).map_or_else(|why| why.refusal().code, |()| "taken".into())
}

#[test]
fn the_balance_is_never_below_zero_on_any_day() {
    use MoveKind::*;
    let mut moves = vec![moved("2026-01-10", Received, "财政局", "100.00")];
    for (new, expected) in [
        (moved("2026-01-11", Lent, "H1", "100.01"), "K-201"),
        (moved("2026-01-09", Lent, "H1", "1.00"), "K-201"),
        (moved("2026-01-11", Lent, "H1", "0.00"), "K-101"),
        (Move { document: " ".into(), ..moved("2026-01-11", Lent, "H1", "1.00") }, "K-102"),
        (Move { due_on: None, ..moved("2026-01-11", Lent, "H1", "1.00") }, "K-103"),
        (moved("2026-01-11", Repaid, "H1", "1.00"), "K-202"),
        (moved("2026-02-01", Lent, "H1", "100.00"), "taken"),
        (moved("2026-03-01", Repaid, "H1", "60.00"), "taken"),
        (moved("2026-03-01", Repaid, "H1", "40.01"), "K-202"),
        (moved("2026-02-15", Returned, "财政局", "1.00"), "K-201"),
        (moved("2026-03-02", Invested, "C1", "60.00"), "taken"),
        (moved("2026-02-01", Repaid, "H1", "40.00"), "taken"),
    ] {
        assert_eq!(code(&moves, &new), expected, "{new:?}");
        if expected == "taken" {
            moves.push(new);
        }
    }
    assert_eq!(balance(&moves).to_string(), "40.00");
    assert_eq!(standings(&moves, Standing::Loan)["H1"].to_string(), "0.00");
    assert_eq!(standings(&moves, Standing::Investment)["C1"].to_string(), "60.00");
}

#[test]
fn the_oldest_loan_is_repaid_first() {
    use MoveKind::*;
    let moves = vec![
        moved("2026-01-01", Lent, "H1", "50.00"),
        moved("2026-02-01", Lent, "H1", "30.00"),
        moved("2026-03-01", Repaid, "H1", "45.00"),
    ];
    let late = |on: &str| overdue(&moves, "H1", day(on));
    assert_eq!(late("2026-04-11").0.to_string(), "0.00", "due that day");
    assert_eq!((late("2026-04-12").0.to_string(), late("2026-04-12").1), ("5.00".into(), Some(day("2026-04-11"))));
    assert_eq!(late("2026-06-01").0.to_string(), "35.00");
}
