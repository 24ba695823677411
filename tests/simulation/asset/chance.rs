//! Which act comes next: mostly one that can be done, often one that cannot.

use super::acts::Act;
use super::ground::{HOUSEHOLDS, LOANS, OF_LOANS};
use super::model::Model;
use crate::dice::Dice;

const USERS: [&str; 2] = ["甲", "乙"];

/// Who does what.
pub fn next(dice: &mut Dice, model: &Model) -> (&'static str, Act) {
    let act = match dice.below(100) {
        0..18 if !model.plan_is_live() || dice.percent(12) => shares(dice, model),
        18..50 => scheme(dice, model),
        50..52 => repay(dice, model),
        0..18 | 52..68 => plan(dice, model),
        _ => batch(dice, model),
    };
    let maker = match &act {
        Act::Review { batch, .. } => model.batches.get(batch).map(|batch| batch.by.as_str()),
        Act::ReviewPlan { plan } => model.plans.iter().find(|found| found.number == *plan).map(|plan| plan.by.as_str()),
        _ => None,
    };
    let others: Vec<&'static str> = USERS.into_iter().filter(|user| Some(*user) != maker || dice.percent(12)).collect();
    (*dice.pick(&others), act)
}

fn household(dice: &mut Dice) -> String {
    (*dice.pick(&HOUSEHOLDS)).to_owned()
}

/// A sum in fen: whole thousands of yuan mostly, now and then nothing.
fn sum(dice: &mut Dice) -> i64 {
    if dice.percent(3) { 0 } else { (1 + dice.below(50)) as i64 * 100_000 }
}

fn class(dice: &mut Dice) -> String {
    if dice.percent(3) { "X" } else { *dice.pick(&["A", "A", "C"]) }.to_owned()
}

/// A sum near one that is there: all of it, a part, or a fen too much.
fn near(dice: &mut Dice, there: i64) -> i64 {
    match dice.below(20) {
        0 => there + 1,
        1 => 0,
        2..13 => there,
        _ => there * (1 + dice.below(99) as i64) / 100,
    }
}

fn shares(dice: &mut Dice, model: &Model) -> Act {
    let (on, member, class) = (model.today, household(dice), class(dice));
    match dice.below(10) {
        0..4 => Act::Subscribe { on, member, class, fen: sum(dice) },
        4..7 => {
            let to = household(dice);
            if to == member {
                return Act::Subscribe { on, member, class, fen: sum(dice) };
            }
            let fen = near(dice, model.held(&member, &member, &class));
            Act::Move { on, from: member, to, class, fen, income_only: dice.percent(40) }
        }
        7..9 => {
            let with_right = |e: &&super::model::Entry| e.holder != e.beneficiary;
            let given: Vec<(String, String, String)> = model
                .entries
                .iter()
                .filter(with_right)
                .map(|e| (e.holder.clone(), e.beneficiary.clone(), e.class.clone()))
                .collect();
            match dice.any(&given).filter(|_| dice.percent(70)) {
                Some((owner, member, class)) => Act::Convert { on, member, class, to: Some(owner.clone()), owner: Some(owner) },
                None => {
                    let to = Some(household(dice)).filter(|to| *to != member);
                    Act::Convert { on, member, class, owner: None, to }
                }
            }
        }
        _ if dice.percent(50) => Act::Withdraw { on, member },
        _ => Act::Subscribe { on, member, class, fen: sum(dice) },
    }
}

/// A borrower repays of what it did not entrust, before interest is due in December.
fn repay(dice: &mut Dice, model: &Model) -> Act {
    let (on, (loan, household, _)) = (model.today, *dice.pick(&LOANS));
    let free = model.loans[loan] - model.entrusted_of_loans(household);
    if free <= 0 || on >= "2026-12-20".parse().expect("a day") {
        return scheme(dice, model);
    }
    Act::Repay { on, loan: loan.to_owned(), fen: (free * (1 + dice.below(60) as i64) / 100).max(1) }
}

fn scheme(dice: &mut Dice, model: &Model) -> Act {
    let on = model.today;
    let code = match dice.below(50) {
        0 => "S9",
        1 => "S6",
        _ => *dice.pick(&["S1", "S2", "S3", "S3", "S4", "S5", "S5"]),
    };
    let code = code.to_owned();
    let (scheme, who) = (model.schemes.get(&code), household(dice));
    let periods = scheme.map_or(0, |scheme| scheme.periods.len());
    let period = if dice.percent(90) { periods.min(1 + dice.below(2)).max(1) as i64 } else { 3 };
    let missing = scheme.map_or(0, |s| s.periods.iter().map(|p| p.operator - p.received).sum::<i64>());
    let due = scheme.is_some_and(|s| s.is_due(on));
    match dice.below(16) {
        _ if due && dice.percent(60) => Act::Accrue { on, scheme: code },
        _ if missing > 0 && dice.percent(30) => Act::Receive { on, scheme: code, fen: missing },
        0..5 => {
            let own = LOANS.iter().find(|(_, household, _)| *household == who).map(|(loan, ..)| *loan);
            let loan = if dice.percent(90) { own } else { Some(dice.pick(&LOANS).0) };
            let loan = loan.filter(|_| OF_LOANS.contains(&code.as_str())).map(str::to_owned);
            let room = model.owes(&who).map(|owed| owed - model.entrusted_of_loans(&who)).filter(|_| loan.is_some());
            let fen = match room {
                Some(room) if dice.percent(70) => near(dice, room),
                _ => sum(dice),
            };
            Act::Entrust { on, scheme: code, household: who, fen, loan }
        }
        5 => Act::Accrue { on, scheme: code },
        8..10 => Act::Receive { on, scheme: code, fen: near(dice, missing) },
        10 => Act::Reinvest { on, scheme: if dice.percent(70) { "S4".to_owned() } else { code }, period },
        6..8 | 11..13 => {
            let batch = format!("W{}", dice.below(400));
            Act::PayIncome { on, scheme: code, period, batch }
        }
        13..15 => {
            let fen = near(dice, scheme.map_or(0, |s| s.principal(&who)));
            Act::Return { on, scheme: code, household: who, fen }
        }
        _ => {
            let owed = model.schemes["S3"].owed_back(&who, model).max(0);
            Act::Collect { on, scheme: "S3".to_owned(), household: who, fen: near(dice, owed) }
        }
    }
}

fn plan(dice: &mut Dice, model: &Model) -> Act {
    let (on, last) = (model.today, model.plans.last());
    let plan = if dice.percent(5) { 99 } else { last.map_or(1, |plan| plan.number) };
    let step = dice.percent(75);
    match last.map(|plan| plan.state) {
        _ if dice.percent(6) || (model.unsettled != 0 && dice.percent(70)) => Act::Settle,
        Some("drafted" | "published") if model.plan_is_stale() && dice.percent(70) => Act::DropPlan { plan },
        None | Some("dropped") if step => Act::Draft { fen: near(dice, model.undistributed / 2).max(0) },
        Some("drafted") if step => Act::ReviewPlan { plan },
        Some("reviewed") if step => {
            let days = if dice.percent(20) { 5 } else { 6 };
            Act::Publish { plan, from: on, through: on + chrono::Days::new(days) }
        }
        Some("published") if step => Act::PostPlan { on, plan },
        Some("posted") if step => Act::PayDividend { on, plan, batch: format!("D{}", dice.below(50)) },
        _ => match dice.below(6) {
            0 => Act::DropPlan { plan },
            1 => Act::Draft { fen: near(dice, model.undistributed / 2).max(0) },
            2 => Act::ReviewPlan { plan },
            3 => Act::PostPlan { on, plan },
            4 => Act::PayDividend { on, plan, batch: format!("D{}", dice.below(50)) },
            _ => Act::Settle,
        },
    }
}

fn batch(dice: &mut Dice, model: &Model) -> Act {
    let on = model.today;
    let open = |state: &str| state != "dropped" && state != "settled";
    let codes: Vec<String> = model.batches.iter().filter(|(_, b)| open(b.state)).map(|(code, _)| code.clone()).collect();
    let chosen = dice.any(&codes).filter(|_| !dice.percent(25));
    let Some(code) = chosen else { return draw_up(dice, model) };
    let (found, book) = (&model.batches[&code], model.batches[&code].book.clone());
    let (batch, wrong) = (code, dice.percent(20));
    match found.state {
        _ if wrong => match dice.below(6) {
            0 => Act::Fund { on, batch, book },
            1 => Act::Send { on, batch, book },
            2 => Act::Results { on, batch, book, back: vec![9] },
            3 => Act::Correct { batch, book, row: 1, party: found.rows[0].party.clone() },
            4 => Act::Drop { batch, book },
            _ => Act::Review { batch, book },
        },
        "drawn_up" if found.passes && !found.funded && dice.percent(50) => Act::Fund { on, batch, book },
        "drawn_up" => Act::Review { batch, book },
        "reviewed" if found.passes && !found.funded => Act::Fund { on, batch, book },
        "reviewed" => Act::Send { on, batch, book },
        _ => match found.rows.iter().position(|row| row.state == "returned") {
            Some(row) => Act::Correct { batch, book, row: row as i64 + 1, party: found.rows[row].party.clone() },
            None if found.rows.iter().any(|row| row.state == "corrected") => Act::Send { on, batch, book },
            None => {
                let sent: Vec<i64> = (1..).zip(&found.rows).filter(|(_, row)| row.state == "sent").map(|(n, _)| n).collect();
                let back = sent.into_iter().filter(|_| dice.percent(20)).collect();
                Act::Results { on, batch, book, back }
            }
        },
    }
}

fn draw_up(dice: &mut Dice, model: &Model) -> Act {
    let count = 1 + dice.below(4);
    let mut rows: Vec<(String, i64)> =
        HOUSEHOLDS.iter().skip(dice.below(3)).take(count).map(|party| ((*party).to_owned(), sum(dice).max(1))).collect();
    if dice.percent(6) {
        rows.push(rows[0].clone());
    }
    let stated = rows.iter().map(|row| row.1).sum::<i64>() + i64::from(dice.percent(6));
    Act::DrawUp { on: model.today, batch: format!("B{}", dice.below(200)), rows, stated }
}
