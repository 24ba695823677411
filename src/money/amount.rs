//! `Amount`: a sum of money in whole fen (分), and how people write it.
//!
//! Pure. An amount may be negative (red entries, differences).
//!
//! 1. Arithmetic is checked: a sum that does not fit is a refusal (`checked_*`, `try_sum`) or a
//!    panic (`+ - neg`, where the operands are already bounded by [`Amount::LARGEST`]).
//! 2. What `Display` writes (`50000.00`), `parse` reads back as the same amount.
//! 3. Nothing is rounded while reading: a third decimal of a yuan is refused, a zero too (`1.000` may be a thousand).

use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use rusty_money::{Formatter, Money, Params, Position};
use serde::{Deserialize, Serialize};

use crate::refusals;

/// A sum of money in fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(i64);

refusals! {
    /// Why a text is not an amount.
    pub enum AmountRefusal {
        /// Nothing but blanks.
        "A-101" Empty
            zh "金额为空" en "the amount is empty" next "填写金额,例如 1,234.56";
        /// Characters that no notation of an amount has.
        "A-102" NotAnAmount { text: String }
            zh "“{text}” 不是金额" en "'{text}' is not an amount" next "改为数字,例如 1,234.56 或 5万元";
        /// More than two decimals: money stops at the fen and is never rounded on the way in.
        "A-103" TooManyDecimals { text: String }
            zh "“{text}” 的小数超过两位,金额只到分" en "'{text}' has more than two decimals" next "核对原始凭证,改到分";
        /// Larger than any book of a county can hold.
        "A-104" TooLarge { text: String }
            zh "“{text}” 超出可记账的最大金额" en "'{text}' is larger than a book can hold" next "核对位数和单位(元/万元)";
    }
}

impl Amount {
    /// No money.
    pub const ZERO: Amount = Amount(0);
    /// The largest amount a single line may carry: 999,999,999,999.99 yuan. Ninety thousand of
    /// them still fit into the integer beneath.
    pub const LARGEST: Amount = Amount(99_999_999_999_999);

    /// From whole fen.
    pub const fn from_fen(fen: i64) -> Amount {
        Amount(fen)
    }

    /// From whole yuan.
    pub const fn from_yuan(yuan: i64) -> Amount {
        Amount(yuan * 100)
    }

    /// In fen.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// True for no money at all.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// True below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// True above zero.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Without its sign.
    pub const fn abs(self) -> Amount {
        Amount(self.0.abs())
    }

    /// The sum, unless it does not fit.
    pub fn checked_add(self, other: Amount) -> Option<Amount> {
        self.0.checked_add(other.0).map(Amount)
    }

    /// The difference, unless it does not fit.
    pub fn checked_sub(self, other: Amount) -> Option<Amount> {
        self.0.checked_sub(other.0).map(Amount)
    }

    /// The sum of many, unless it does not fit.
    pub fn try_sum(amounts: impl IntoIterator<Item = Amount>) -> Option<Amount> {
        amounts.into_iter().try_fold(Amount::ZERO, Amount::checked_add)
    }

    /// Takes at most `wanted` out of `self` and returns what was taken.
    pub fn take_up_to(&mut self, wanted: Amount) -> Amount {
        let taken = wanted.min(*self).max(Amount::ZERO);
        *self -= taken;
        taken
    }

    /// With thousands separators, as people read it: `1,234.56`.
    pub fn grouped(self) -> String {
        let params = Params { rounding: Some(2), positions: &[Position::Sign, Position::Amount], ..Params::default() };
        Formatter::money(&Money::from_minor(self.0, rusty_money::iso::CNY), params)
    }

    /// Reads an amount in yuan as people write it: `1,234.56`, `¥1 234.5`, `１２３４`, `5万元`,
    /// `-20.00`, `(20.00)`. Blanks or commas may group by three; anything else is refused.
    pub fn parse(text: &str) -> Result<Amount, AmountRefusal> {
        Amount::parse_up_to(text, Amount::LARGEST)
    }

    /// Reads an amount for a calculation that no book will hold: up to `largest`, which may be beyond [`Amount::LARGEST`].
    pub fn parse_up_to(text: &str, largest: Amount) -> Result<Amount, AmountRefusal> {
        let plain: String = text.trim().chars().map(half_width).collect();
        if plain.is_empty() {
            return Err(AmountRefusal::Empty);
        }
        let not_an_amount = || AmountRefusal::NotAnAmount { text: text.trim().to_owned() };
        let (negative, body) = strip_sign(&plain);
        let (body, shift) = strip_unit(body);
        let (whole, decimals) = body.split_once('.').unwrap_or((body, ""));
        let whole = ungrouped(whole.trim()).ok_or_else(not_an_amount)?;
        let digits_only = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if !digits_only(&whole) || !digits_only(decimals) || (whole.is_empty() && decimals.is_empty()) {
            return Err(not_an_amount());
        }
        let scale = 2 + shift;
        if decimals.len() > scale {
            return Err(AmountRefusal::TooManyDecimals { text: text.trim().to_owned() });
        }
        let digits = format!("{whole}{decimals:0<scale$}");
        let fen = digits.parse::<i64>().ok().filter(|fen| *fen <= largest.0);
        let fen = fen.ok_or_else(|| AmountRefusal::TooLarge { text: text.trim().to_owned() })?;
        Ok(Amount(if negative { -fen } else { fen }))
    }
}

/// Full-width digits, signs and blanks in their ASCII form; other characters as they are.
pub fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' | '\u{00A0}' | '\u{2009}' | '\u{202F}' => ' ',
        '\u{2212}' | '\u{2013}' => '-',
        '。' => '.',
        other => other,
    }
}

/// Splits off a leading minus, accounting parentheses and the currency sign.
fn strip_sign(text: &str) -> (bool, &str) {
    let currency = |t: &str| -> usize {
        ["人民币", "¥", "￥", "RMB", "CNY"].iter().find(|sign| t.starts_with(**sign)).map_or(0, |sign| sign.len())
    };
    let in_parentheses = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
    let (mut negative, mut body) = in_parentheses.map_or((false, text), |inner| (true, inner.trim()));
    body = body[currency(body)..].trim_start();
    if let Some(rest) = body.strip_prefix('-') {
        (negative, body) = (!negative, rest.trim_start());
    } else if let Some(rest) = body.strip_prefix('+') {
        body = rest.trim_start();
    }
    (negative, body[currency(body)..].trim())
}

/// Splits off a unit behind the digits; returns how many places it moves the point.
fn strip_unit(text: &str) -> (&str, usize) {
    const UNITS: [(&str, usize); 6] = [("亿元", 8), ("万元", 4), ("千元", 3), ("亿", 8), ("万", 4), ("元", 0)];
    for (unit, shift) in UNITS {
        if let Some(rest) = text.strip_suffix(unit) {
            return (rest.trim_end(), shift);
        }
    }
    (text, 0)
}

/// The digits without their separators, where those group by three; `None` where they do not.
fn ungrouped(whole: &str) -> Option<String> {
    let groups: Vec<&str> = whole.split([',', ' ']).collect();
    let well_grouped =
        groups.len() == 1 || (!groups[0].is_empty() && groups[0].len() <= 3 && groups[1..].iter().all(|g| g.len() == 3));
    well_grouped.then(|| groups.concat())
}

impl std::fmt::Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", fen / 100, fen % 100))
    }
}

impl std::str::FromStr for Amount {
    type Err = AmountRefusal;

    fn from_str(text: &str) -> Result<Amount, AmountRefusal> {
        Amount::parse(text)
    }
}

impl Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Amount, D::Error> {
        Amount::parse(&String::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

const OVERFLOW: &str = "amounts are bounded by Amount::LARGEST when read";

impl Add for Amount {
    type Output = Amount;
    fn add(self, other: Amount) -> Amount {
        self.checked_add(other).expect(OVERFLOW)
    }
}

impl Sub for Amount {
    type Output = Amount;
    fn sub(self, other: Amount) -> Amount {
        self.checked_sub(other).expect(OVERFLOW)
    }
}

impl Neg for Amount {
    type Output = Amount;
    fn neg(self) -> Amount {
        Amount(self.0.checked_neg().expect(OVERFLOW))
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Amount) {
        *self = *self + other;
    }
}

impl SubAssign for Amount {
    fn sub_assign(&mut self, other: Amount) {
        *self = *self - other;
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Amount>>(amounts: I) -> Amount {
        amounts.fold(Amount::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        for (text, fen) in [
            ("1,234.56", 123_456),
            ("¥1 234.5", 123_450),
            ("１２３４", 123_400),
            ("5万元", 5_000_000),
            ("1.2345万元", 1_234_500),
            ("2.49亿元", 24_900_000_000),
            ("-20.00", -2_000),
            ("(20.00)", -2_000),
            ("￥-0.05", -5),
            (".5", 50),
            ("7.", 700),
            ("人民币 300 元", 30_000),
            ("１，２３４．５０", 123_450),
            ("1.234500万元", 1_234_500),
            ("−3", -300),
        ] {
            assert_eq!(Amount::parse(text).map(Amount::fen), Ok(fen), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not_an_amount() {
        for (text, code) in [
            ("", "A-101"),
            ("   ", "A-101"),
            ("abc", "A-102"),
            ("1,23.4", "A-102"),
            ("1.2.3", "A-102"),
            ("6.217E+18", "A-102"),
            ("--5", "A-102"),
            ("-", "A-102"),
            ("1.005", "A-103"),
            ("1.000", "A-103"),
            ("12.340", "A-103"),
            ("1.2345000万元", "A-103"),
            ("0.123456789万元", "A-103"),
            ("1000000000000", "A-104"),
            ("99999999999999999999", "A-104"),
        ] {
            let code_of = |refusal: AmountRefusal| refusal.refusal().code;
            assert_eq!(Amount::parse(text).map_err(code_of), Err(code.to_owned()), "{text}");
        }
    }

    #[test]
    fn prints_what_it_reads() {
        for fen in [0, 1, -1, 99, 100, -12_345, 99_999_999_999_999] {
            let amount = Amount::from_fen(fen);
            assert_eq!(Amount::parse(&amount.to_string()), Ok(amount));
            assert_eq!(Amount::parse(&amount.grouped()), Ok(amount));
        }
        assert_eq!(Amount::from_fen(-123_456_789).grouped(), "-1,234,567.89");
        assert_eq!(Amount::from_fen(5).to_string(), "0.05");
    }

    #[test]
    fn takes_no_more_than_there_is() {
        let mut left = Amount::from_yuan(10);
        assert_eq!(left.take_up_to(Amount::from_yuan(4)), Amount::from_yuan(4));
        assert_eq!(left.take_up_to(Amount::from_yuan(9)), Amount::from_yuan(6));
        assert_eq!(left, Amount::ZERO);
    }

    proptest::proptest! {
        #[test]
        fn reads_back_whatever_it_writes(fen in -99_999_999_999_999_i64..=99_999_999_999_999) {
            let amount = Amount::from_fen(fen);
            proptest::prop_assert_eq!(Amount::parse(&amount.to_string()), Ok(amount));
            proptest::prop_assert_eq!(Amount::parse(&amount.grouped()), Ok(amount));
            proptest::prop_assert_eq!(-(-amount), amount);
        }

        #[test]
        fn sums_are_exact_or_nothing(a in proptest::num::i64::ANY, b in proptest::num::i64::ANY) {
            let exact = i64::try_from(i128::from(a) + i128::from(b)).ok().map(Amount::from_fen);
            proptest::prop_assert_eq!(Amount::from_fen(a).checked_add(Amount::from_fen(b)), exact);
            let exact = i64::try_from(i128::from(a) - i128::from(b)).ok().map(Amount::from_fen);
            proptest::prop_assert_eq!(Amount::from_fen(a).checked_sub(Amount::from_fen(b)), exact);
        }

        #[test]
        fn what_is_taken_and_what_is_left_are_what_there_was(there in 0_i64..1_000_000, wanted in -1_000_000_i64..2_000_000) {
            let mut left = Amount::from_fen(there);
            let taken = left.take_up_to(Amount::from_fen(wanted));
            proptest::prop_assert_eq!((taken + left).fen(), there);
            proptest::prop_assert!(!taken.is_negative() && !left.is_negative());
        }

        #[test]
        fn nothing_but_amounts_is_read(text in ".{0,12}") {
            if let Ok(amount) = Amount::parse(&text) {
                proptest::prop_assert!(amount.abs() <= Amount::LARGEST);
            }
        }
    }
}
