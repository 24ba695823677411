//! Which side of a statement is money in, and in which order its rows stand: worked out from the running balance.
//!
//! Pure.
//!
//! 1. 借/贷 is never trusted: it is settled by the balance, else by what the user said, else refused.
//! 2. 收/支 and signs mean what they say, unless every balance of the file says the opposite.
//! 3. The answer does not depend on whether the file lists its rows oldest or newest first.

use serde::{Deserialize, Serialize};

use super::StatementRefusal;
use crate::calendar::BusinessDate;
use crate::money::Amount;

/// What a row's value rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Words or columns that say in or out.
    InOut,
    /// One signed amount.
    Signed,
    /// 借 and 贷.
    DebitCredit,
}

/// What 借 means on a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DebitMeans {
    /// The bank's own view: debit is money out of the customer's account.
    Out,
    /// The customer's view.
    In,
}

/// A row as the side is judged by: its value is credit less debit, in less out, or the signed amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// 交易日期
    pub on: BusinessDate,
    /// Value as the columns put it.
    pub value: Amount,
    /// Balance after it.
    pub balance: Option<Amount>,
}

/// How it was settled which side is money in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SideProof {
    /// What the rows rest on.
    pub basis: Basis,
    /// True if the columns' sides are turned round.
    pub turned: bool,
    /// True if the file lists the newest row first.
    pub newest_first: bool,
    /// Balances that could be followed.
    pub steps: usize,
    /// Of these, how many follow as read.
    pub follow: usize,
    /// And how many would follow the other way round.
    pub otherwise: usize,
    /// True if somebody had to say it.
    pub told: bool,
}

impl SideProof {
    /// The proof in one sentence.
    pub fn in_words(&self) -> String {
        let reading = match (self.basis, self.turned) {
            (Basis::DebitCredit, false) => "借方为支出、贷方为收入",
            (Basis::DebitCredit, true) => "借方为收入、贷方为支出",
            (_, false) => "收支按列名",
            (_, true) => "收支与列名相反",
        };
        let order = if self.newest_first { "最新在前" } else { "最早在前" };
        let by = if self.told { "(由用户指定)" } else { "" };
        let Self { follow, steps, otherwise, .. } = self;
        format!("{reading}{by}:{steps} 个余额中 {follow} 个接得上,反过来只有 {otherwise} 个;{order}")
    }
}

/// Settles side and order of an account's rows, as they stand in the file.
pub fn settle(
    rows: &[Step],
    (opening, closing): (Option<Amount>, Option<Amount>),
    basis: Basis,
    told: Option<DebitMeans>,
) -> Result<SideProof, StatementRefusal> {
    let orders = possible_orders(rows);
    let best = |turned: bool| {
        let tries = orders.iter().map(|newest_first| (follows(rows, (opening, closing), turned, *newest_first), *newest_first));
        // The first of equals, so that the file's own order is kept where nothing speaks against it.
        tries.reduce(|best, next| if next.0.0 > best.0.0 { next } else { best }).unwrap_or(((0, 0), false))
    };
    let (straight, round) = (best(false), best(true));
    let steps = straight.0.1;
    let proof = |turned: bool, told: bool| {
        let ((this, other), newest_first) =
            if turned { ((round.0, straight.0), round.1) } else { ((straight.0, round.0), straight.1) };
        SideProof { basis, turned, newest_first, steps, follow: this.0, otherwise: other.0, told }
    };
    let settled = |this: usize, other: usize| this > other && this * 2 > steps;
    match basis {
        _ if steps > 1 && round.0.0 == steps && straight.0.0 < steps => Ok(proof(true, false)),
        Basis::InOut | Basis::Signed => Ok(proof(false, false)),
        Basis::DebitCredit if settled(straight.0.0, round.0.0) => Ok(proof(false, false)),
        Basis::DebitCredit if settled(round.0.0, straight.0.0) => Ok(proof(true, false)),
        Basis::DebitCredit => match told {
            Some(means) => Ok(proof(means == DebitMeans::In, true)),
            None => Err(StatementRefusal::SideUnsettled { forward: straight.0.0, backward: round.0.0, steps }),
        },
    }
}

/// False for oldest first, true for newest first; both where the dates allow both.
fn possible_orders(rows: &[Step]) -> Vec<bool> {
    let rising = rows.windows(2).all(|pair| pair[0].on <= pair[1].on);
    let falling = rows.windows(2).all(|pair| pair[0].on >= pair[1].on);
    match (rising, falling) {
        (true, false) => vec![false],
        (false, true) => vec![true],
        _ => vec![false, true],
    }
}

/// How many stated balances follow from the one before, and how many could.
fn follows(
    rows: &[Step],
    (opening, closing): (Option<Amount>, Option<Amount>),
    turned: bool,
    newest_first: bool,
) -> (usize, usize) {
    let (mut at, mut since, mut follow, mut steps) = (opening, Amount::ZERO, 0, 0);
    let mut look = |row: &Step| {
        since = since.checked_add(if turned { -row.value } else { row.value }).unwrap_or_default();
        let Some(balance) = row.balance else { return };
        if let Some(before) = at {
            steps += 1;
            follow += usize::from(before.checked_add(since) == Some(balance));
        }
        (at, since) = (Some(balance), Amount::ZERO);
    };
    if newest_first {
        rows.iter().rev().for_each(&mut look)
    } else {
        rows.iter().for_each(&mut look)
    }
    // A stated closing balance is one more step, unless the last row states its own.
    if let (Some(at), Some(closing)) = (at, closing)
        && (!since.is_zero() || rows.iter().all(|row| row.balance.is_none()))
    {
        steps += 1;
        follow += usize::from(at.checked_add(since) == Some(closing));
    }
    (follow, steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(values: &[(u32, i64, i64)]) -> Vec<Step> {
        let on = |day| BusinessDate::from_ymd_opt(2026, 10, day).unwrap();
        let step = |(day, value, balance): &(u32, i64, i64)| {
            let (value, balance) = (Amount::from_fen(*value), Amount::from_fen(*balance));
            Step { on: on(*day), value, balance: Some(balance) }
        };
        values.iter().map(step).collect()
    }

    #[test]
    fn the_balance_tells_side_and_order() {
        let straight = rows(&[(1, 100, 100), (2, -30, 70), (3, -20, 50)]);
        let proof = settle(&straight, (None, None), Basis::DebitCredit, None).unwrap();
        assert_eq!((proof.turned, proof.newest_first, proof.follow, proof.otherwise), (false, false, 2, 0));
        let round = rows(&[(1, -100, 100), (2, 30, 70), (3, 20, 50)]);
        assert!(settle(&round, (None, None), Basis::DebitCredit, None).unwrap().turned);
        let newest: Vec<Step> = straight.iter().rev().copied().collect();
        let proof = settle(&newest, (None, None), Basis::DebitCredit, None).unwrap();
        assert_eq!((proof.turned, proof.newest_first), (false, true));
    }

    #[test]
    fn nothing_to_go_by_is_asked() {
        // Equal amounts on one day read forwards one way and backwards the other way.
        let twins = rows(&[(1, 100, 100), (1, 100, 200), (1, 100, 300)]);
        assert!(settle(&twins, (None, None), Basis::DebitCredit, None).is_err());
        assert!(!settle(&twins, (Some(Amount::ZERO), None), Basis::DebitCredit, None).unwrap().turned);
        assert!(settle(&twins, (None, None), Basis::DebitCredit, Some(DebitMeans::In)).unwrap().turned);
        let mut bare = twins.clone();
        bare.iter_mut().for_each(|row| row.balance = None);
        assert!(settle(&bare, (None, None), Basis::DebitCredit, None).is_err());
        assert!(!settle(&bare, (Some(Amount::ZERO), Some(Amount::from_fen(300))), Basis::DebitCredit, None).unwrap().turned);
    }

    #[test]
    fn a_chain_that_breaks_once_still_tells() {
        let broken = rows(&[(1, 100, 100), (2, -30, 70), (3, -20, 5_050), (4, 10, 5_060)]);
        let proof = settle(&broken, (None, None), Basis::DebitCredit, None).unwrap();
        assert_eq!((proof.turned, proof.follow, proof.steps), (false, 2, 3));
    }

    #[test]
    fn words_give_way_only_to_every_balance() {
        let turned = rows(&[(1, -100, 100), (2, 30, 70), (3, 20, 50)]);
        assert!(settle(&turned, (None, None), Basis::InOut, None).unwrap().turned);
        let one = rows(&[(1, -100, 100), (2, 30, 70)]);
        assert!(!settle(&one, (None, None), Basis::InOut, None).unwrap().turned);
    }
}
