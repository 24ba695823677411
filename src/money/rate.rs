//! `Rate`: a percentage a year (4.35 %), or a share of a whole (70 %), held exactly.
//!
//! Pure. The unit people write is the percent; columns hold parts per million of one (`*_ppm`).
//!
//! 1. A rate is never negative and never above 1,000 %.
//! 2. At most six decimals of a percent are read; nothing is rounded while reading.
//! 3. What `Display` writes (`4.35%`), `parse` reads back as the same rate.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::amount::half_width;
use crate::refusals;

/// A rate in percent, exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rate {
    percent: Decimal,
}

/// One percent in parts per million of one.
const PPM_OF_A_PERCENT: Decimal = Decimal::from_parts(10_000, 0, 0, false, 0);

refusals! {
    /// Why a text or a number is not a rate.
    pub enum RateRefusal {
        /// No digits, or other characters than digits, a point and a percent sign.
        "A-301" NotARate { text: String }
            zh "“{text}” 不是利率" en "'{text}' is not a rate" next "按百分数填写,例如 4.35";
        /// Below zero: no rate of the programme is.
        "A-302" NegativeRate { text: String }
            zh "利率 “{text}” 小于零" en "the rate '{text}' is negative" next "核对合同利率";
        /// Above 1,000 %: a slip of the point.
        "A-303" AbsurdRate { text: String }
            zh "利率 “{text}” 超过 1000%" en "the rate '{text}' is above 1000 %" next "核对小数点;4.35% 填 4.35";
        /// More than six decimals of a percent.
        "A-304" TooManyRateDecimals { text: String }
            zh "利率 “{text}” 的小数超过六位" en "the rate '{text}' has more than six decimals" next "核对合同利率";
        /// The rate has no exact form in whole parts per million.
        "A-305" NotInPartsPerMillion { rate: Rate }
            zh "利率 {rate} 不能精确到百万分之一" en "the rate {rate} is not a whole number of parts per million"
            next "利率最多保留四位小数(百分数)";
    }
}

impl Rate {
    /// No interest.
    pub const ZERO: Rate = Rate { percent: Decimal::ZERO };
    /// The largest rate that is not taken for a slip: 1,000 %.
    pub const LARGEST_PERCENT: Decimal = Decimal::ONE_THOUSAND;
    /// Decimals of a percent that are kept.
    pub const DECIMALS: u32 = 6;

    /// From percent: `4.35` is 4.35 %.
    pub fn from_percent(percent: Decimal) -> Result<Rate, RateRefusal> {
        let text = percent.to_string();
        let percent = percent.normalize();
        if percent.is_sign_negative() && !percent.is_zero() {
            Err(RateRefusal::NegativeRate { text })
        } else if percent > Rate::LARGEST_PERCENT {
            Err(RateRefusal::AbsurdRate { text })
        } else if percent.scale() > Rate::DECIMALS {
            Err(RateRefusal::TooManyRateDecimals { text })
        } else {
            Ok(Rate { percent })
        }
    }

    /// From parts per million of one: 43,500 is 4.35 %.
    pub fn from_ppm(ppm: i64) -> Result<Rate, RateRefusal> {
        Rate::from_percent(Decimal::new(ppm, 4))
    }

    /// In parts per million of one; refused where that is not a whole number.
    pub fn ppm(self) -> Result<i64, RateRefusal> {
        let ppm = (self.percent * PPM_OF_A_PERCENT).normalize();
        let whole = (ppm.scale() == 0).then(|| i64::try_from(ppm.mantissa()).ok()).flatten();
        whole.ok_or(RateRefusal::NotInPartsPerMillion { rate: self })
    }

    /// In percent.
    pub const fn percent(self) -> Decimal {
        self.percent
    }

    /// As a fraction of one: 4.35 % is 0.0435. Exact.
    pub fn fraction(self) -> Decimal {
        self.percent * Decimal::new(1, 2)
    }

    /// The rate times a multiple (a penalty rate is 1.5 times the contract rate). Exact: it may
    /// have more decimals than a rate that is read.
    pub fn times(self, multiple: Decimal) -> Result<Rate, RateRefusal> {
        let text = format!("{self} × {multiple}");
        match self.percent.checked_mul(multiple).map(|percent| percent.normalize()) {
            Some(percent) if percent.is_sign_negative() && !percent.is_zero() => Err(RateRefusal::NegativeRate { text }),
            Some(percent) if percent <= Rate::LARGEST_PERCENT => Ok(Rate { percent }),
            _ => Err(RateRefusal::AbsurdRate { text }),
        }
    }

    /// True for no interest.
    pub const fn is_zero(self) -> bool {
        self.percent.is_zero()
    }

    /// Reads a percentage as people write it: `4.35`, `4.35%`, `４．３５％`, `年利率 4.35%`.
    pub fn parse(text: &str) -> Result<Rate, RateRefusal> {
        let plain: String = text.trim().chars().map(half_width).collect();
        let body = plain.trim_start_matches("年利率").trim_start();
        let body = body.strip_suffix('%').unwrap_or(body).trim_end();
        let digits = body.strip_prefix(['-', '+']).unwrap_or(body);
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(decimals) || (whole.is_empty() && decimals.is_empty()) {
            return Err(RateRefusal::NotARate { text: text.trim().to_owned() });
        }
        if decimals.trim_end_matches('0').len() > Rate::DECIMALS as usize {
            return Err(RateRefusal::TooManyRateDecimals { text: text.trim().to_owned() });
        }
        let sign = if body.starts_with('-') { "-" } else { "" };
        let canonical = format!("{sign}0{whole}.{:0<1}", decimals.trim_end_matches('0'));
        let percent = canonical.parse().map_err(|_| RateRefusal::AbsurdRate { text: text.trim().to_owned() })?;
        Rate::from_percent(percent)
    }

    /// Digits of the percentage without the sign, at least two decimals: `4.35`, `8.00`.
    pub fn percent_text(self) -> String {
        let mut percent = self.percent.normalize();
        percent.rescale(percent.scale().max(2));
        percent.to_string()
    }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&format!("{}%", self.percent_text()))
    }
}

impl std::str::FromStr for Rate {
    type Err = RateRefusal;

    fn from_str(text: &str) -> Result<Rate, RateRefusal> {
        Rate::parse(text)
    }
}

impl Serialize for Rate {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.percent_text())
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Rate, D::Error> {
        Rate::parse(&String::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_percentages_and_prints_them() {
        for (text, ppm, shown) in [
            ("4.35", 43_500, "4.35%"),
            ("4.35%", 43_500, "4.35%"),
            ("４．３５％", 43_500, "4.35%"),
            ("8", 80_000, "8.00%"),
            ("6.525", 65_250, "6.525%"),
            ("0", 0, "0.00%"),
            ("-0", 0, "0.00%"),
            ("1000", 10_000_000, "1000.00%"),
            ("3.4500000000", 34_500, "3.45%"),
            (".5 %", 5_000, "0.50%"),
            ("年利率 4.75%", 47_500, "4.75%"),
        ] {
            let rate = Rate::parse(text).unwrap();
            assert_eq!(rate.ppm(), Ok(ppm), "{text}");
            assert_eq!(rate.to_string(), shown);
            assert_eq!(Rate::parse(&rate.to_string()), Ok(rate));
            assert_eq!(Rate::from_ppm(ppm), Ok(rate));
        }
    }

    #[test]
    fn refuses_what_is_no_rate() {
        for (text, code) in [
            ("", "A-301"),
            ("%", "A-301"),
            ("4,35", "A-301"),
            ("4.35%%", "A-301"),
            ("1e3", "A-301"),
            ("四", "A-301"),
            ("-4.35", "A-302"),
            ("1000.01", "A-303"),
            ("99999999999999999999999999999999999", "A-303"),
            ("4.1234567", "A-304"),
        ] {
            assert_eq!(Rate::parse(text).map_err(|r| r.refusal().code), Err(code.to_owned()), "{text}");
        }
        assert!(Rate::parse("4.123456").unwrap().ppm().is_err());
        assert!(Rate::from_ppm(-1).is_err());
    }

    #[test]
    fn penalty_rates_are_exact() {
        let contract = Rate::parse("4.35").unwrap();
        assert_eq!(contract.times("1.5".parse().unwrap()).unwrap().to_string(), "6.525%");
        assert_eq!(contract.fraction().to_string(), "0.0435");
    }
}
