//! Resident identity numbers (居民身份证号): read, checked, never trusted to name a person.
//!
//! Pure; "today" is handed in. Source: GB 11643 \[recalled, verify\], `domain/validation.md` §1.
//!
//! 1. Stored form: 18 characters, ASCII digits, the check character upper case.
//! 2. A fifteen-digit number of an old list becomes its 18-digit form and carries a warning.
//! 3. The birth date exists and lies between 1900-01-01 and today.
//! 4. The region only warns: codes of abolished counties stay valid for life.

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use super::spreadsheet_damage::without_wrappings;
use crate::calendar::BusinessDate;
use crate::refusal::Refusal;
use crate::refusals;

/// A resident identity number in its stored form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct ResidentId(String);

/// Sex as the number's 17th digit says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// 男: odd.
    Male,
    /// 女: even.
    Female,
}

/// What may be wrong with a number that passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResidentIdWarning {
    /// Fifteen digits: out of use since 2013-01-01.
    FifteenDigits,
    /// The first two digits are no province known to the standard.
    UnknownProvince,
}

/// A number that passed, with what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedResidentId {
    /// The number in its stored form.
    pub id: ResidentId,
    /// Date of birth.
    pub born_on: BusinessDate,
    /// Sex.
    pub sex: Sex,
    /// What a person should look at.
    pub warnings: Vec<ResidentIdWarning>,
}

refusals! {
    /// Why a text is not a resident identity number.
    pub enum ResidentIdRefusal {
        /// Neither eighteen nor fifteen characters.
        "I-101" WrongIdLength { length: usize }
            zh "身份证号为 {length} 位,应为 18 位" en "the resident id has {length} characters, not 18" next "核对身份证原件";
        /// Something else than digits and a closing X.
        "I-102" WrongIdCharacter { character: char }
            zh "身份证号中有“{character}”" en "the resident id contains '{character}'" next "只填数字,末位可为 X";
        /// The date of birth does not exist, is before 1900 or after today.
        "I-103" ImpossibleBirthDate { date: String }
            zh "身份证号中的出生日期 {date} 不存在或超出范围" en "the birth date {date} in the resident id is impossible"
            next "核对身份证原件";
        /// The last character does not follow from the others.
        "I-104" WrongIdCheck
            zh "身份证号校验码不符" en "the check character of the resident id is wrong" next "逐位核对身份证原件";
    }
}

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
/// First two digits by GB/T 2260; 81–83 also begin residence permits (810000, 820000, 830000).
const PROVINCES: [u8; 36] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65,
    71, 81, 82, 83, 91,
];

impl ResidentId {
    /// Reads a number of 18 or, with a warning, 15 characters; full-width digits and a small x
    /// are taken. Refuses by shape, then date, then check.
    pub fn parse(text: &str, today: BusinessDate) -> Result<CheckedResidentId, Refusal> {
        Ok(check(&without_wrappings(text)?.to_ascii_uppercase(), today)?)
    }

    /// The number, unmasked.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The division code of the county of first registration (6 digits; it may be abolished).
    pub fn region(&self) -> &str {
        &self.0[..6]
    }

    /// Full years of age on a day.
    pub fn age_on(&self, day: BusinessDate) -> Option<u32> {
        day.years_since(birth_date(&self.0)?)
    }
}

impl std::fmt::Display for ResidentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&super::mask_id(&self.0))
    }
}

impl ResidentIdWarning {
    /// What a clerk should look at.
    pub const fn label_zh(self) -> &'static str {
        match self {
            ResidentIdWarning::FifteenDigits => "15 位旧号已停用,已换算为 18 位,请核对",
            ResidentIdWarning::UnknownProvince => "地区码不在现行省级代码中,请核对",
        }
    }
}

impl Sex {
    /// 男 or 女.
    pub const fn label_zh(self) -> &'static str {
        match self {
            Sex::Male => "男",
            Sex::Female => "女",
        }
    }
}

fn check(plain: &str, today: BusinessDate) -> Result<CheckedResidentId, ResidentIdRefusal> {
    let (id, old) = in_eighteen(plain)?;
    let wrong_date = || ResidentIdRefusal::ImpossibleBirthDate { date: id[6..14].to_owned() };
    let born_on = birth_date(&id).filter(|date| date.year() >= 1900 && *date <= today).ok_or_else(wrong_date)?;
    if !id.ends_with(check_character(&id[..17])) {
        return Err(ResidentIdRefusal::WrongIdCheck);
    }
    let sex = if id.as_bytes()[16] % 2 == 1 { Sex::Male } else { Sex::Female };
    let mut warnings = Vec::new();
    warnings.extend(old.then_some(ResidentIdWarning::FifteenDigits));
    let province_known = id[..2].parse().is_ok_and(|province: u8| PROVINCES.contains(&province));
    warnings.extend((!province_known).then_some(ResidentIdWarning::UnknownProvince));
    Ok(CheckedResidentId { id: ResidentId(id), born_on, sex, warnings })
}

/// The number in 18 characters, and whether it came in fifteen.
fn in_eighteen(plain: &str) -> Result<(String, bool), ResidentIdRefusal> {
    let length = plain.chars().count();
    let digits = if length == 18 { 17 } else { 15 };
    let closing_x = |at: usize, c: char| length == 18 && at == digits && c == 'X';
    let wrong = plain.chars().enumerate().find(|(at, c)| !c.is_ascii_digit() && !closing_x(*at, *c));
    match (length, wrong) {
        (18 | 15, Some((_, character))) => Err(ResidentIdRefusal::WrongIdCharacter { character }),
        (18, None) => Ok((plain.to_owned(), false)),
        (15, None) => {
            let longer = format!("{}19{}", &plain[..6], &plain[6..]);
            let check = check_character(&longer);
            Ok((format!("{longer}{check}"), true))
        }
        _ => Err(ResidentIdRefusal::WrongIdLength { length }),
    }
}

fn birth_date(id: &str) -> Option<BusinessDate> {
    let part = |range: std::ops::Range<usize>| id.get(range)?.parse::<u32>().ok();
    BusinessDate::from_ymd_opt(i32::try_from(part(6..10)?).ok()?, part(10..12)?, part(12..14)?)
}

/// The 18th character that follows from seventeen digits.
fn check_character(digits: &str) -> char {
    let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    CHECKS[sum as usize % 11]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> BusinessDate {
        BusinessDate::from_ymd_opt(2026, 10, 31).unwrap()
    }

    #[test]
    fn takes_the_valid_ones() {
        for (text, stored, born, sex) in [
            ("451226190001010016", "451226190001010016", "1900-01-01", Sex::Male),
            ("511323190102150029", "511323190102150029", "1901-02-15", Sex::Female),
            ("510726190206301231", "510726190206301231", "1902-06-30", Sex::Male),
            ("51168119031231444X", "51168119031231444X", "1903-12-31", Sex::Female),
            ("513325190402290052", "513325190402290052", "1904-02-29", Sex::Male),
            ("459900199003070189", "459900199003070189", "1990-03-07", Sex::Female),
            ("519900198511120260", "519900198511120260", "1985-11-12", Sex::Female),
            ("51168119031231444x", "51168119031231444X", "1903-12-31", Sex::Female),
            ("４５１２２６１９０００１０１００１６", "451226190001010016", "1900-01-01", Sex::Male),
            ("５１１６８１１９０３１２３１４４４ｘ", "51168119031231444X", "1903-12-31", Sex::Female),
            (" '459900199003070189", "459900199003070189", "1990-03-07", Sex::Female),
        ] {
            let checked = ResidentId::parse(text, today()).unwrap();
            assert_eq!((checked.id.as_str(), checked.born_on.to_string().as_str(), checked.sex), (stored, born, sex));
            assert_eq!(checked.warnings, []);
        }
    }

    #[test]
    fn fifteen_digits_become_eighteen_with_a_warning() {
        let checked = ResidentId::parse("451226000101001", today()).unwrap();
        assert_eq!(checked.id.as_str(), "451226190001010016");
        assert_eq!(checked.warnings, [ResidentIdWarning::FifteenDigits]);
        assert_eq!(checked.id.region(), "451226");
        assert_eq!(checked.id.age_on(today()), Some(126));
        assert_eq!(checked.id.to_string(), "4512**********0016");
    }

    #[test]
    fn refuses_the_others_with_their_reason() {
        for (text, code) in [
            ("451226190001010017", "I-104"),
            ("451226190002290013", "I-103"),
            ("511323190113150024", "I-103"),
            ("510726190206311237", "I-103"),
            ("511681190312314441", "I-104"),
            ("000000000000000000", "I-103"),
            ("459900209003070189", "I-103"),
            ("", "I-101"),
            ("45990019900307018", "I-101"),
            ("4599001990030701891", "I-101"),
            ("X59900199003070189", "I-102"),
            ("45990019900307018٩", "I-102"),
            ("45990019900307X", "I-102"),
            ("4.59900199003070E+17", "I-501"),
        ] {
            assert_eq!(ResidentId::parse(text, today()).map_err(|r| r.code), Err(code.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_birth_date_after_today_is_refused_and_today_is_taken() {
        let day = BusinessDate::from_ymd_opt(1990, 3, 7).unwrap();
        assert!(ResidentId::parse("459900199003070189", day).is_ok());
        assert!(ResidentId::parse("459900199003070189", day.pred_opt().unwrap()).is_err());
    }

    #[test]
    fn an_unknown_province_only_warns() {
        let seventeen = "99990019900307018";
        let id = format!("{seventeen}{}", check_character(seventeen));
        assert_eq!(ResidentId::parse(&id, today()).unwrap().warnings, [ResidentIdWarning::UnknownProvince]);
    }
}
