//! Amounts in capital characters (人民币大写), both ways: `1005.03` ⇄ 壹仟零伍元零叁分.
//!
//! Pure. Source: 《会计基础工作规范》 art. 52 (`domain/validation.md` §5).
//!
//! 1. What [`to_capitals`] writes, [`parse_capitals`] reads back as the same amount.
//! 2. One amount has one canonical text; the reader also takes every legal variant of it and
//!    nothing else: a text is right only if the amount it reads as could be written that way.
//! 3. A run of zeros gives one 零. Between two groups of four it may be left out where the lower
//!    group has a 仟 digit; canonical text leaves it out there, unless a whole group is empty
//!    (壹亿零贰仟元整, since 壹亿贰仟 is also spoken for 120,000,000).

mod reading;

pub use reading::{CapitalsRefusal, parse_capitals};

use super::Amount;

/// The ten digits in capital characters.
pub const CAPITAL_DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];

/// Whether a 零 stands before a digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Zero {
    Must,
    /// May stand; canonical text has it.
    MayWritten,
    /// May stand; canonical text leaves it out.
    MayOmitted,
}

/// A piece of a text in capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Char(char),
    Zero(Zero),
    /// 整; optional after 角 (bank-instrument practice).
    Whole {
        optional: bool,
    },
}

/// The amount in its canonical capital characters, without 人民币 in front. Red amounts begin
/// with 负 \[proposal\].
pub fn to_capitals(amount: Amount) -> String {
    let written = |piece: Piece| match piece {
        Piece::Char(c) => Some(c),
        Piece::Zero(Zero::Must | Zero::MayWritten) => Some('零'),
        Piece::Zero(Zero::MayOmitted) => None,
        Piece::Whole { .. } => Some('整'),
    };
    pieces(amount).into_iter().filter_map(written).collect()
}

/// Every piece an amount may be written with, in order.
fn pieces(amount: Amount) -> Vec<Piece> {
    let fen = amount.fen().unsigned_abs();
    let (yuan, jiao, fen) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut out = Vec::new();
    if amount.is_negative() {
        out.push(Piece::Char('负'));
    }
    if yuan > 0 {
        whole_yuan(yuan, &mut out);
        out.push(Piece::Char('元'));
    } else if jiao == 0 && fen == 0 {
        out.extend([Piece::Char('零'), Piece::Char('元')]);
    }
    decimals(yuan, jiao, fen, &mut out);
    out
}

/// 角, 分 and the closing 整.
fn decimals(yuan: u64, jiao: u64, fen: u64, out: &mut Vec<Piece>) {
    if jiao > 0 {
        if yuan > 0 && yuan.is_multiple_of(10) {
            out.push(Piece::Zero(Zero::MayWritten));
        }
        out.extend([digit(jiao), Piece::Char('角')]);
    }
    if fen == 0 {
        out.push(Piece::Whole { optional: jiao > 0 });
        return;
    }
    if jiao == 0 && yuan > 0 {
        out.push(Piece::Zero(Zero::Must));
    }
    out.extend([digit(fen), Piece::Char('分')]);
}

/// The digits and units before 元.
fn whole_yuan(yuan: u64, out: &mut Vec<Piece>) {
    let mut above: Option<u32> = None;
    for place in (0..=yuan.ilog10()).rev() {
        let value = yuan / 10_u64.pow(place) % 10;
        if value > 0 {
            out.extend(above.and_then(|above| zero_between(above, place)).map(Piece::Zero));
            out.push(digit(value));
            out.extend(unit_in_group(place).map(Piece::Char));
            above = Some(place);
        }
        if place % 4 == 0 {
            out.extend(group_unit(yuan, place / 4).map(Piece::Char));
        }
    }
}

/// The 零 between two digits that follow each other when zeros are skipped (invariant 3).
fn zero_between(above: u32, below: u32) -> Option<Zero> {
    let groups_apart = above / 4 - below / 4;
    match (above - below, groups_apart, below % 4) {
        (1, ..) => None,
        (_, 1, 3) => Some(Zero::MayOmitted),
        (_, 2.., 3) => Some(Zero::MayWritten),
        _ => Some(Zero::Must),
    }
}

fn digit(value: u64) -> Piece {
    Piece::Char(CAPITAL_DIGITS[value as usize])
}

/// 拾, 佰, 仟 by the place inside a group of four.
fn unit_in_group(place: u32) -> Option<char> {
    [None, Some('拾'), Some('佰'), Some('仟')][place as usize % 4]
}

/// 万 or 亿 behind a group of four. 亿 also closes the groups above it (壹万亿), so it is written
/// whenever any digit stands at or above it.
fn group_unit(yuan: u64, group: u32) -> Option<char> {
    let at_or_above = yuan / 10_u64.pow(group * 4);
    match group {
        0 => None,
        _ if group.is_multiple_of(2) => (at_or_above > 0).then_some('亿'),
        _ => (!at_or_above.is_multiple_of(10_000)).then_some('万'),
    }
}

#[cfg(test)]
mod tests;
