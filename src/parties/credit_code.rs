//! Unified social credit codes (统一社会信用代码) of organisations.
//!
//! Pure. Source: GB 32100-2015 \[recalled, verify\], `domain/validation.md` §2.
//!
//! 1. Stored form: 18 upper-case characters of the standard's 31 (no I, O, S, V, Z).
//! 2. The code's own check refuses; the organisation code's inner check only warns.

use serde::Serialize;

use super::spreadsheet_damage::without_wrappings;
use crate::refusal::Refusal;
use crate::refusals;

/// A unified social credit code in its stored form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct CreditCode(String);

/// A code that passed, with what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedCreditCode {
    /// The code in its stored form.
    pub code: CreditCode,
    /// False where the 9-character organisation code fails its own check: look at it, no more.
    pub organisation_check_holds: bool,
}

refusals! {
    /// Why a text is not a unified social credit code.
    pub enum CreditCodeRefusal {
        /// Not eighteen characters.
        "I-201" WrongCodeLength { length: usize }
            zh "统一社会信用代码为 {length} 位,应为 18 位" en "the credit code has {length} characters, not 18"
            next "核对营业执照或登记证";
        /// A character outside the set; mostly I or O for 1 or 0.
        "I-202" WrongCodeCharacter { character: char, position: usize }
            zh "统一社会信用代码第 {position} 位“{character}”不可用" en "character {position}, '{character}', cannot stand in a credit code"
            next "不用 I、O、S、V、Z;注意 0 与 O、1 与 I;第 3–8 位为数字";
        /// The last character does not follow from the others.
        "I-203" WrongCodeCheck
            zh "统一社会信用代码校验码不符" en "the check character of the credit code is wrong" next "逐位核对营业执照或登记证";
    }
}

const CHARACTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
/// What the first two characters say \[recalled, verify\].
const KINDS: [(&str, &str); 13] = [
    ("91", "企业"),
    ("92", "个体工商户"),
    ("93", "农民专业合作社"),
    ("11", "机关"),
    ("12", "事业单位"),
    ("51", "社会团体"),
    ("52", "民办非企业单位"),
    ("53", "基金会"),
    ("54", "基层群众自治组织"),
    ("55", "基层群众自治组织"),
    ("N1", "组级集体经济组织"),
    ("N2", "村级集体经济组织"),
    ("N3", "乡镇级集体经济组织"),
];

impl CreditCode {
    /// Reads a code; small letters and full-width characters are taken. Refuses by length, then
    /// characters, then check.
    pub fn parse(text: &str) -> Result<CheckedCreditCode, Refusal> {
        Ok(check(without_wrappings(text)?.to_ascii_uppercase())?)
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The division code of the registering county (6 digits).
    pub fn region(&self) -> &str {
        &self.0[2..8]
    }

    /// What kind of organisation the first two characters name, where known.
    pub fn kind_zh(&self) -> Option<&'static str> {
        KINDS.iter().find(|(prefix, _)| self.0.starts_with(prefix)).map(|(_, kind)| *kind)
    }
}

impl std::fmt::Display for CreditCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

fn check(code: String) -> Result<CheckedCreditCode, CreditCodeRefusal> {
    let length = code.chars().count();
    if length != 18 {
        return Err(CreditCodeRefusal::WrongCodeLength { length });
    }
    let allowed = |at: usize, c: char| if (2..8).contains(&at) { c.is_ascii_digit() } else { CHARACTERS.contains(c) };
    if let Some((at, character)) = code.chars().enumerate().find(|(at, c)| !allowed(*at, *c)) {
        return Err(CreditCodeRefusal::WrongCodeCharacter { character, position: at + 1 });
    }
    if !code.ends_with(check_character(&code[..17])) {
        return Err(CreditCodeRefusal::WrongCodeCheck);
    }
    let organisation_check_holds = code[16..17] == organisation_check(&code[8..16]).to_string();
    Ok(CheckedCreditCode { code: CreditCode(code), organisation_check_holds })
}

/// The 18th character that follows from the seventeen before it.
fn check_character(code: &str) -> char {
    let value = |c: char| CHARACTERS.find(c).unwrap_or(0);
    let (sum, _) = code.chars().fold((0, 1), |(sum, weight), c| (sum + value(c) * weight, weight * 3 % 31));
    char::from(CHARACTERS.as_bytes()[(31 - sum % 31) % 31])
}

/// The organisation code's ninth character (GB 11714).
fn organisation_check(code: &str) -> char {
    let sum: u32 = code.chars().zip(ORGANISATION_WEIGHTS).map(|(c, weight)| c.to_digit(36).unwrap_or(0) * weight).sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_valid_ones() {
        for (text, kind) in [
            ("N2451226MF0000013N", "村级集体经济组织"),
            ("93451226MA0000023P", "农民专业合作社"),
            ("91451226MA0000031Q", "企业"),
            ("54451226ME00000446", "基层群众自治组织"),
            ("N2510726MF1A2B3C4Q", "村级集体经济组织"),
            ("93511323NA00000T1M", "农民专业合作社"),
            ("114512260000000510", "机关"),
            ("93451226MA0000023p", "农民专业合作社"),
            ("９３４５１２２６ＭＡ０００００２３Ｐ", "农民专业合作社"),
        ] {
            let checked = CreditCode::parse(text).unwrap();
            assert_eq!(checked.code.kind_zh(), Some(kind), "{text}");
        }
        assert_eq!(CreditCode::parse("93451226MA0000023p").unwrap().code.to_string(), "93451226MA0000023P");
        assert_eq!(CreditCode::parse("93451226MA0000023P").unwrap().code.region(), "451226");
    }

    #[test]
    fn refuses_the_others_with_their_reason() {
        for (text, code) in [
            ("N2451226MF0000013M", "I-203"),
            ("93451226MA000002I3", "I-202"),
            ("91451226MA0000O31Q", "I-202"),
            ("93451226MA0000032P", "I-203"),
            ("9345122MA0000023P", "I-201"),
            ("", "I-201"),
            ("9345A226MA0000023P", "I-202"),
            ("934512２6MA0000023٩", "I-202"),
            ("1.1451226E+17", "I-501"),
        ] {
            assert_eq!(CreditCode::parse(text).map_err(|r| r.code), Err(code.to_owned()), "{text}");
        }
    }

    #[test]
    fn the_inner_check_only_warns() {
        // The example code of GB 11714: D2143569-X.
        assert_eq!(organisation_check("D2143569"), 'X');
        let seventeen = "93459900D21435691";
        let code = format!("{seventeen}{}", check_character(seventeen));
        assert!(!CreditCode::parse(&code).unwrap().organisation_check_holds);
        let seventeen = "93459900D2143569X";
        let code = format!("{seventeen}{}", check_character(seventeen));
        assert!(CreditCode::parse(&code).unwrap().organisation_check_holds);
    }
}
