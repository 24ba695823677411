//! A statement's arithmetic: opening + in − out = closing, each balance from the one before, no gap to the last file.
//!
//! Pure.
//!
//! 1. What does not follow is a finding with its row; the lines stay as the bank wrote them.

use std::collections::HashMap;

use super::{Statement, StatementLine, StatementRefusal};
use crate::exchange::problems::RowProblem;
use crate::money::Amount;

/// Works out what the statement does not state (opening, closing, days), and adds the findings.
pub fn complete(statement: &mut Statement) {
    let implied = statement.lines.first().and_then(|first| first.balance?.checked_sub(first.amount));
    if let (Some(stated), Some(implied)) = (statement.opening, implied)
        && stated != implied
    {
        let why = StatementRefusal::OpeningDiffers { expected: implied.to_string(), stated: stated.to_string() };
        statement.findings.push(RowProblem::at(statement.lines[0].row, "", "", why));
    }
    statement.opening = statement.opening.or(implied);
    let breaks = chain(statement.opening.filter(|opening| implied.is_none_or(|implied| implied == *opening)), &statement.lines);
    statement.findings.extend(breaks);
    let reached = reached(statement.opening, &statement.lines);
    if let (Some(stated), Some(reached)) = (statement.closing, reached)
        && stated != reached
    {
        let why = StatementRefusal::ClosingDiffers { expected: reached.to_string(), stated: stated.to_string() };
        statement.findings.push(RowProblem::at(0, "", "", why));
    }
    let last = statement.lines.last().and_then(|last| last.balance);
    statement.closing = statement.closing.or(last).or(reached);
    statement.from = earliest(statement.from, statement.lines.iter().map(|line| line.on).min());
    statement.through = statement.through.max(statement.lines.iter().map(|line| line.on).max());
}

fn earliest<T: Ord>(stated: Option<T>, found: Option<T>) -> Option<T> {
    match (stated, found) {
        (Some(stated), Some(found)) => Some(stated.min(found)),
        (stated, found) => stated.or(found),
    }
}

/// Rows whose balance does not follow from the one before; after a break the chain goes on from the row itself.
pub fn chain(opening: Option<Amount>, lines: &[StatementLine]) -> Vec<RowProblem> {
    let (mut at, mut breaks) = (opening, Vec::new());
    for line in lines {
        let expected = at.and_then(|at| at.checked_add(line.amount));
        if let (Some(expected), Some(stated)) = (expected, line.balance)
            && expected != stated
        {
            let why = StatementRefusal::ChainBroken { expected: expected.to_string(), stated: stated.to_string() };
            breaks.push(RowProblem::at(line.row, "余额", &stated.to_string(), why));
        }
        at = line.balance.or(expected);
    }
    breaks
}

/// Rows that repeat an earlier one of the file (date, serial number, amount): refused ones, and those that another balance says
/// are a second payment. Rows without a serial number may be equal.
pub fn repeated(lines: &[StatementLine]) -> (Vec<RowProblem>, Vec<RowProblem>) {
    let (mut first, mut twice, mut perhaps) = (HashMap::new(), Vec::new(), Vec::new());
    for line in lines.iter().filter(|line| is_number(&line.serial)) {
        let earlier: &mut Vec<&StatementLine> = first.entry((line.on, line.serial.as_str(), line.amount)).or_default();
        let same = |other: &&&StatementLine| line.balance.is_none() || other.balance.is_none() || other.balance == line.balance;
        match (earlier.iter().find(same), earlier.first()) {
            (Some(other), _) => {
                twice.push(RowProblem::at(line.row, "", &line.serial, StatementRefusal::RowTwice { first: other.row }))
            }
            (None, Some(other)) => {
                perhaps.push(RowProblem::at(line.row, "", &line.serial, StatementRefusal::MaybeTwice { first: other.row }));
            }
            (None, None) => {}
        }
        earlier.push(line);
    }
    (twice, perhaps)
}

/// Not what banks write where they have no number.
fn is_number(serial: &str) -> bool {
    serial.chars().any(|c| !matches!(c, '0' | '-' | '/'))
}

/// Opening plus all lines.
fn reached(opening: Option<Amount>, lines: &[StatementLine]) -> Option<Amount> {
    lines.iter().try_fold(opening?, |at, line| at.checked_add(line.amount))
}

/// Where the last statement ended and this one begins: a finding if balances do not meet.
pub fn gap(closed_at: Option<Amount>, statement: &Statement) -> Option<RowProblem> {
    let (before, after) = (closed_at?, statement.opening?);
    let why = StatementRefusal::Gap { before: before.to_string(), after: after.to_string() };
    (before != after).then(|| RowProblem::at(statement.lines.first().map_or(0, |line| line.row), "", "", why))
}
