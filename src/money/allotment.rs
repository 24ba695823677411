//! Splits a sum without losing a fen: by weights, by weights above floors, by shares of a loss.
//!
//! Pure. Integers throughout; the only rounding is the one of [`share_loss`].
//!
//! 1. The parts add up to the sum, to the last fen.
//! 2. Leftover fen go to the largest remainders; ties to the earlier member.
//! 3. A member without weight gets nothing and changes nobody's part.
//! 4. A negative sum splits as its opposite does, with the signs turned.
//!
//! [`allot`] splits over weights that are all here; [`passes`] gives the same parts over a register too long to hold.

pub mod passes;

use std::cmp::Reverse;

use rust_decimal::Decimal;

use super::amount::AmountRefusal;
use super::rounding::{round_half_up_to_fen, to_yuan};
use super::{Amount, Rate};
use crate::refusals;

refusals! {
    /// Why a sum cannot be split that way.
    pub enum AllotmentRefusal {
        /// Nobody has any weight, and there is something to split.
        "A-401" NoWeight
            zh "没有可分配的权重" en "nobody has any weight" next "至少一户的份额大于零";
        /// A weight below zero.
        "A-402" NegativeWeight { position: usize }
            zh "第 {position} 项权重为负" en "weight {position} is negative" next "核对份额";
        /// The sum or the weights are too large to be split exactly.
        "A-403" TooLargeToSplit
            zh "金额或权重过大,无法精确分配" en "the sum or the weights are too large to split exactly" next "缩小权重的单位";
        /// Floors for another number of members than weights.
        "A-404" FloorsDoNotFit { floors: usize, weights: usize }
            zh "保底 {floors} 项与权重 {weights} 项不一致" en "{floors} floors for {weights} weights" next "每户一项保底,没有的填 0";
        /// A floor below zero.
        "A-405" NegativeFloor { position: usize }
            zh "第 {position} 项保底为负" en "floor {position} is negative" next "没有保底的填 0";
        /// Floors are paid out of money that is there.
        "A-406" NegativePool { pool: Amount }
            zh "可分配金额 {pool} 为负,不能先付保底" en "the pool {pool} is negative and cannot pay floors" next "核对可分配收益";
        /// The shares of a loss do not make a whole.
        "A-407" SharesNotWhole { sum: String }
            zh "分担比例合计 {sum}%,不是 100%" en "the shares sum to {sum} %, not 100 %" next "调整比例使合计为 100%";
    }
}

impl From<AmountRefusal> for AllotmentRefusal {
    fn from(_: AmountRefusal) -> AllotmentRefusal {
        AllotmentRefusal::TooLargeToSplit
    }
}

/// What each member gets when floors are paid first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlooredAllotment {
    /// What each member gets in all; sums to the pool.
    pub parts: Vec<Amount>,
    /// How much of it pays the floor.
    pub floor_paid: Vec<Amount>,
    /// What is missing to the floor.
    pub shortfall: Vec<Amount>,
}

impl FlooredAllotment {
    /// Parts of a pool that promises nobody a floor.
    pub fn without_floors(parts: Vec<Amount>) -> FlooredAllotment {
        let nothing = vec![Amount::ZERO; parts.len()];
        FlooredAllotment { floor_paid: nothing.clone(), shortfall: nothing, parts }
    }
}

/// Splits the pool by weights: floors to the fen, then one fen each to the largest remainders,
/// ties to the earlier member. Refuses negative weights, and a list without any weight.
pub fn allot(pool: Amount, weights: &[i128]) -> Result<Vec<Amount>, AllotmentRefusal> {
    if let Some(at) = weights.iter().position(|weight| *weight < 0) {
        return Err(AllotmentRefusal::NegativeWeight { position: at + 1 });
    }
    let total = weights.iter().try_fold(0_i128, |sum, weight| sum.checked_add(*weight));
    let total = total.ok_or(AllotmentRefusal::TooLargeToSplit)?;
    if total == 0 {
        return Err(AllotmentRefusal::NoWeight);
    }
    let size = i128::from(pool.fen().unsigned_abs());
    if weights.iter().any(|weight| weight.checked_mul(size).is_none()) {
        return Err(AllotmentRefusal::TooLargeToSplit);
    }
    let whole = |weight: &i128| signed(weight * size / total, pool);
    let mut parts: Vec<Amount> = weights.iter().map(whole).collect();
    let leftover = size - parts.iter().map(|part| i128::from(part.fen().unsigned_abs())).sum::<i128>();
    for at in largest_remainders(leftover as usize, weights.len(), |at| weights[at] * size % total) {
        parts[at] += signed(1, pool);
    }
    Ok(parts)
}

/// The members that receive a leftover fen each: those of the largest remainders, ties to the earlier one.
fn largest_remainders(leftover: usize, members: usize, remainder: impl Fn(usize) -> i128) -> Vec<usize> {
    let mut order: Vec<usize> = (0..members).collect();
    if leftover < members {
        order.select_nth_unstable_by_key(leftover, |at| (Reverse(remainder(*at)), *at));
    }
    order.truncate(leftover);
    order
}

/// A part with the sign of the sum it comes from.
fn signed(part: i128, whole: Amount) -> Amount {
    let part = if whole.is_negative() { -part } else { part };
    Amount::from_fen(i64::try_from(part).expect("a part is no larger than the whole it comes from"))
}

/// Pays the floors first and splits the rest by weight. A pool short of the floors pays them pro
/// rata and leaves a shortfall; nobody then gets anything beyond.
pub fn allot_with_floors(pool: Amount, floors: &[Amount], weights: &[i128]) -> Result<FlooredAllotment, AllotmentRefusal> {
    let promised = floors_promised(pool, floors, weights)?;
    let rest = pool.checked_sub(promised).filter(|rest| !rest.is_negative());
    let floor_paid = match rest {
        Some(_) => floors.to_vec(),
        None => allot(pool, &floors.iter().map(|floor| i128::from(floor.fen())).collect::<Vec<_>>())?,
    };
    let beyond = match rest {
        Some(rest) if rest.is_positive() => allot(rest, weights)?,
        _ => vec![Amount::ZERO; floors.len()],
    };
    let parts = floor_paid.iter().zip(&beyond).map(|(floor, beyond)| *floor + *beyond).collect();
    let shortfall = floors.iter().zip(&floor_paid).map(|(floor, paid)| *floor - *paid).collect();
    Ok(FlooredAllotment { parts, floor_paid, shortfall })
}

/// The sum of the floors, once they and the pool make sense.
fn floors_promised(pool: Amount, floors: &[Amount], weights: &[i128]) -> Result<Amount, AllotmentRefusal> {
    if floors.len() != weights.len() {
        return Err(AllotmentRefusal::FloorsDoNotFit { floors: floors.len(), weights: weights.len() });
    }
    if pool.is_negative() {
        return Err(AllotmentRefusal::NegativePool { pool });
    }
    if let Some(at) = floors.iter().position(|floor| floor.is_negative()) {
        return Err(AllotmentRefusal::NegativeFloor { position: at + 1 });
    }
    if let Some(at) = weights.iter().position(|weight| *weight < 0) {
        return Err(AllotmentRefusal::NegativeWeight { position: at + 1 });
    }
    Amount::try_sum(floors.iter().copied()).ok_or(AllotmentRefusal::TooLargeToSplit)
}

/// Shares a loss or a recovery: every party but the last takes its share rounded half up (never
/// more than is left), the last takes the remainder. The shares must sum to 100 %.
/// Source: `domain/posting-rules.md` §2, check D \[derived\].
pub fn share_loss(amount: Amount, shares: &[Rate]) -> Result<Vec<Amount>, AllotmentRefusal> {
    let sum: Decimal = shares.iter().map(|share| share.percent()).sum();
    if sum != Decimal::ONE_HUNDRED {
        return Err(AllotmentRefusal::SharesNotWhole { sum: sum.normalize().to_string() });
    }
    let size =
        if amount.is_negative() { Amount::ZERO.checked_sub(amount).ok_or(AllotmentRefusal::TooLargeToSplit)? } else { amount };
    let (mut left, mut parts) = (size, Vec::with_capacity(shares.len()));
    for share in &shares[..shares.len() - 1] {
        let exact = to_yuan(size).checked_mul(share.fraction()).ok_or(AllotmentRefusal::TooLargeToSplit)?;
        parts.push(left.take_up_to(round_half_up_to_fen(exact)?));
    }
    parts.push(left);
    Ok(parts.into_iter().map(|part| signed(i128::from(part.fen()), amount)).collect())
}

#[cfg(test)]
mod tests;
