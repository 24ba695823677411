//! Administrative division codes (行政区划代码), province to village.
//!
//! Pure. Source: GB/T 2260, GB/T 10114 \[recalled, verify\], `domain/validation.md` §3.
//!
//! 1. Stored form: 12 digits; a county also goes by its first six.
//! 2. There is no check digit: only the structure is checked here; whether the code exists, and
//!    on which dates, is a question to the register of places.
//! 3. Below an empty level nothing stands (`451226000201` is no village), with one exception: a
//!    city without counties has townships of its own (东莞 `441900`).

use serde::Serialize;

use crate::money::amount::half_width;
use crate::refusals;

/// A 12-digit division code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct DivisionCode(String);

/// What a code names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DivisionLevel {
    /// 省级.
    Province,
    /// 地级.
    City,
    /// 县级.
    County,
    /// 乡级.
    Township,
    /// 村级.
    Village,
}

refusals! {
    /// Why a text is not a division code.
    pub enum DivisionCodeRefusal {
        /// Neither twelve nor six digits.
        "I-401" WrongDivisionLength { text: String }
            zh "“{text}” 不是行政区划代码" en "'{text}' is not a division code" next "填 12 位数字,县级可填 6 位";
        /// A level is named although the level above it is empty.
        "I-402" DivisionLevelEmpty { text: String }
            zh "区划代码 “{text}” 中间一级为零" en "the division code '{text}' skips a level" next "核对国家统计局公布的代码";
    }
}

/// Where each level ends, from province to village.
const ENDS: [(usize, DivisionLevel); 5] = [
    (2, DivisionLevel::Province),
    (4, DivisionLevel::City),
    (6, DivisionLevel::County),
    (9, DivisionLevel::Township),
    (12, DivisionLevel::Village),
];

impl DivisionCode {
    /// Reads 12 digits, or 6 for a county and what is above it. Refuses codes that skip a level.
    pub fn parse(text: &str) -> Result<DivisionCode, DivisionCodeRefusal> {
        let plain: String = text.trim().chars().map(half_width).collect();
        let digits = plain.bytes().all(|b| b.is_ascii_digit());
        if !digits || !matches!(plain.len(), 6 | 12) {
            return Err(DivisionCodeRefusal::WrongDivisionLength { text: text.trim().to_owned() });
        }
        let code = DivisionCode(format!("{plain:0<12}"));
        let named: Vec<bool> = (0..ENDS.len()).map(|at| code.part(at).bytes().any(|b| b != b'0')).collect();
        if code.0.starts_with('0') || skips_a_level(&named) {
            return Err(DivisionCodeRefusal::DivisionLevelEmpty { text: text.trim().to_owned() });
        }
        Ok(code)
    }

    /// The digits of one level alone.
    fn part(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { ENDS[at - 1].0 };
        &self.0[start..ENDS[at].0]
    }

    /// Where the code's own level stands in the list of levels.
    fn depth(&self) -> usize {
        (0..ENDS.len()).rev().find(|at| self.part(*at).bytes().any(|b| b != b'0')).unwrap_or(0)
    }

    /// The code, 12 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the code names.
    pub fn level(&self) -> DivisionLevel {
        ENDS[self.depth()].1
    }

    /// The place above; none above a province.
    pub fn parent(&self) -> Option<DivisionCode> {
        let depth = self.depth().checked_sub(1)?;
        Some(DivisionCode(format!("{:0<12}", &self.0[..ENDS[depth].0])))
    }

    /// The 6-digit county (or city without counties) the place lies in; none for a province or city.
    pub fn county(&self) -> Option<&str> {
        (self.level() >= DivisionLevel::County).then(|| &self.0[..6])
    }

    /// True if `other` is this place or lies in it.
    pub fn contains(&self, other: &DivisionCode) -> bool {
        other.0.starts_with(&self.0[..ENDS[self.depth()].0])
    }

    /// What the digits say about a township (街道, 镇, 乡) or a village (居委会, 村委会).
    pub fn kind_zh(&self) -> &'static str {
        let number: u32 = self.part(self.depth()).parse().unwrap_or(0);
        match (self.level(), number) {
            (DivisionLevel::Township, 1..=99) => "街道",
            (DivisionLevel::Township, 100..=199) => "镇",
            (DivisionLevel::Township, 200..=399) => "乡",
            (DivisionLevel::Village, 1..=199) => "居委会",
            (DivisionLevel::Village, 200..=399) => "村委会",
            (DivisionLevel::Township, _) => "类似乡级单位",
            (DivisionLevel::Village, _) => "类似村级单位",
            (level, _) => level.label_zh(),
        }
    }
}

impl DivisionLevel {
    /// As clerks read it.
    pub const fn label_zh(self) -> &'static str {
        match self {
            DivisionLevel::Province => "省级",
            DivisionLevel::City => "地级",
            DivisionLevel::County => "县级",
            DivisionLevel::Township => "乡级",
            DivisionLevel::Village => "村级",
        }
    }
}

/// True if a level is named below an empty one; the county alone may be empty.
fn skips_a_level(named: &[bool]) -> bool {
    let below_city = named[2..].contains(&true);
    (below_city && !named[1]) || (named[4] && !named[3])
}

impl std::fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> DivisionCode {
        DivisionCode::parse(text).unwrap()
    }

    #[test]
    fn levels_kinds_and_parents() {
        for (text, level, kind, parent) in [
            ("450000000000", DivisionLevel::Province, "省级", None),
            ("451200000000", DivisionLevel::City, "地级", Some("450000000000")),
            ("451226000000", DivisionLevel::County, "县级", Some("451200000000")),
            ("459900001000", DivisionLevel::Township, "街道", Some("459900000000")),
            ("459901101000", DivisionLevel::Township, "镇", Some("459901000000")),
            ("459901201000", DivisionLevel::Township, "乡", Some("459901000000")),
            ("459901401000", DivisionLevel::Township, "类似乡级单位", Some("459901000000")),
            ("459901101001", DivisionLevel::Village, "居委会", Some("459901101000")),
            ("459901101201", DivisionLevel::Village, "村委会", Some("459901101000")),
            ("459901101498", DivisionLevel::Village, "类似村级单位", Some("459901101000")),
        ] {
            let place = code(text);
            assert_eq!((place.level(), place.kind_zh()), (level, kind), "{text}");
            assert_eq!(place.parent().as_ref().map(DivisionCode::as_str), parent);
        }
    }

    #[test]
    fn every_seed_county_reads_from_six_digits() {
        for county in ["511323", "510726", "510727", "510725", "510722", "510705", "510781", "511681", "451226", "513325"] {
            let place = code(county);
            assert_eq!((place.level(), place.county()), (DivisionLevel::County, Some(county)));
            assert!(code(&county[..4].parse::<u32>().map(|c| format!("{c}00")).unwrap()).contains(&place));
        }
        assert_eq!(code("450000").county(), None);
        assert!(code("459901101000").contains(&code("459901101201")));
        assert!(!code("459901101000").contains(&code("459901102201")));
        assert_eq!(code("４５１２２６").as_str(), "451226000000");
    }

    #[test]
    fn refuses_what_has_no_structure() {
        for (text, refused) in [
            ("", "I-401"),
            ("45122", "I-401"),
            ("451226101", "I-401"),
            ("45122610120A", "I-401"),
            ("4512261012011", "I-401"),
            ("٤51226", "I-401"),
            ("000000", "I-402"),
            ("051226", "I-402"),
            ("450026", "I-402"),
            ("451226000201", "I-402"),
            ("450000101000", "I-402"),
        ] {
            assert_eq!(DivisionCode::parse(text).map_err(|r| r.refusal().code), Err(refused.to_owned()), "{text}");
        }
    }
}
