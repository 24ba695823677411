//! Cells to values: dates, amounts, long numbers, sides.
//!
//! Pure.
//!
//! 1. Nothing is guessed: a date needs its year in four digits, a damaged number is refused.
//! 2. A blank or a dash where an amount stands is zero.

use super::problems::RowRefusal;
use super::rows_in::{CellKind, RawCell};
use crate::calendar::BusinessDate;
use crate::ledger::{Side, Stage, Word};
use crate::money::Amount;
use crate::money::amount::half_width;
use crate::refusal::Refusal;

/// The text in ASCII forms, without blanks at its ends.
pub fn plain(text: &str) -> String {
    text.chars().map(half_width).collect::<String>().trim().to_owned()
}

/// A date: `2024-03-21`, `2024/3/21`, `2024.3.21`, `20240321`, `2024年03月21日`, with or without a time
/// after it, a date cell, or a spreadsheet's day number. `None` for a blank.
pub fn date(cell: &RawCell) -> Result<Option<BusinessDate>, RowRefusal> {
    if cell.is_blank() {
        return Ok(None);
    }
    let text = plain(&cell.text);
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    let found = match text.split_once('年') {
        Some((year, rest)) => chinese_date(year, rest),
        None if day.bytes().all(|b| b.is_ascii_digit()) => digits_date(day),
        None => parts_date(day),
    };
    found.map(Some).ok_or_else(|| RowRefusal::NotADate { text: cell.text.clone() })
}

/// `20240321`, or days since 1899-12-30 as spreadsheets count (45372).
fn digits_date(digits: &str) -> Option<BusinessDate> {
    match digits.len() {
        8 => ymd(&digits[..4], &digits[4..6], &digits[6..]),
        5 => {
            let days = digits.parse::<u64>().ok().filter(|days| (20_000..80_000).contains(days))?;
            BusinessDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(chrono::Days::new(days))
        }
        _ => None,
    }
}

/// `2024年03月21日`, blanks anywhere, a time after it or not.
fn chinese_date(year: &str, rest: &str) -> Option<BusinessDate> {
    let (month, rest) = rest.split_once('月')?;
    let day = rest.split('日').next()?;
    ymd(year.trim(), month.trim(), day.trim())
}

fn parts_date(day: &str) -> Option<BusinessDate> {
    let mut parts = day.splitn(3, ['-', '/', '.']);
    ymd(parts.next()?, parts.next()?, parts.next()?)
}

fn ymd(year: &str, month: &str, day: &str) -> Option<BusinessDate> {
    let number = |text: &str, longest: usize| {
        let good = !text.is_empty() && text.len() <= longest && text.bytes().all(|b| b.is_ascii_digit());
        good.then(|| text.parse::<u32>().ok()).flatten()
    };
    let year = number(year, 4).filter(|year| (1949..=2199).contains(year))?;
    BusinessDate::from_ymd_opt(year as i32, number(month, 2)?, number(day, 2)?)
}

/// An amount in yuan; a blank or a dash is zero. Refuses formula errors and what is no amount.
pub fn amount(cell: &RawCell) -> Result<Amount, Refusal> {
    if cell.kind == CellKind::Error {
        return Err(RowRefusal::CellError { text: cell.text.clone() }.into());
    }
    let text = cell.text.trim_matches(|c: char| "-—－–─/".contains(c) || c.is_whitespace());
    if text.is_empty() { Ok(Amount::ZERO) } else { Ok(Amount::parse(&cell.text)?) }
}

/// An id, account or document number as text. Refuses numbers that a spreadsheet program rounded.
pub fn id(cell: &RawCell) -> Result<Option<String>, RowRefusal> {
    let damaged = cell.kind == CellKind::InexactNumber || in_exponent_form(&cell.text);
    match cell.kind {
        _ if damaged => Err(RowRefusal::DamagedNumber { text: cell.text.clone() }),
        CellKind::Error => Err(RowRefusal::CellError { text: cell.text.clone() }),
        _ if cell.is_blank() => Ok(None),
        _ => Ok(Some(cell.text.clone())),
    }
}

/// `6.21773E+18`: what a spreadsheet program writes into a csv for a long number.
fn in_exponent_form(text: &str) -> bool {
    let parts = text.split_once(['E', 'e']).and_then(|(digits, power)| Some((digits, power.strip_prefix('+')?)));
    let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    parts.is_some_and(|(digits, power)| number(digits) && number(power))
}

/// 借 or 贷, also 借方/贷方, D/C, Dr/Cr, 1-letter signs of old programs. `None` for a blank or 平.
pub fn side(cell: &RawCell) -> Result<Option<Side>, RowRefusal> {
    match plain(&cell.text).to_ascii_lowercase().as_str() {
        "" | "平" => Ok(None),
        "借" | "借方" | "d" | "dr" | "debit" => Ok(Some(Side::Debit)),
        "贷" | "贷方" | "c" | "cr" | "credit" => Ok(Some(Side::Credit)),
        _ => Err(RowRefusal::NotASide { text: cell.text.clone() }),
    }
}

/// The stage a row names; ordinary business for a blank.
pub fn stage(cell: &RawCell) -> Result<Stage, RowRefusal> {
    match cell.text.as_str() {
        "" | "业务" | "日常" | "ordinary" => Ok(Stage::Ordinary),
        "结转" | "期末结转" | "transfer" => Ok(Stage::Transfer),
        _ => Err(RowRefusal::UnknownStage { text: cell.text.clone() }),
    }
}

/// A voucher's own number in its file: its word and the rest, such as 记 and `12` of `记-0012`, `记字第12号`.
/// A number without a word leaves it open.
pub fn word_and_number(text: &str) -> Result<(Option<Word>, String), RowRefusal> {
    let text = plain(text);
    let split = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let (front, rest) = text.split_at(split);
    let word = front.trim_matches(|c: char| "字第号-_#—. ".contains(c) || c.is_whitespace());
    let word = match word {
        "" => None,
        named => Some(word_of(named)?),
    };
    let number = rest.trim_end_matches(['号', ' ']).trim_start_matches('0');
    Ok((word, number.split_whitespace().collect::<Vec<_>>().join(" ")))
}

/// 记, 收, 付, 转 and their longer forms (现收, 银付, 记账凭证, 转账凭证).
pub fn word_of(text: &str) -> Result<Word, RowRefusal> {
    let short = text.trim().trim_end_matches("凭证").trim_end_matches(['账', '帐', '款', '字']);
    Word::parse(short).ok_or_else(|| RowRefusal::UnknownWord { text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> RawCell {
        RawCell { text: text.to_owned(), kind: CellKind::Text }
    }

    #[test]
    fn dates_in_every_form() {
        let day = BusinessDate::from_ymd_opt(2024, 3, 21).unwrap();
        for text in [
            "20240321",
            "2024-03-21",
            "2024/3/21",
            "2024.3.21",
            "2024年03月21日",
            "2024年3月21日 10:00",
            "２０２４-３-２１",
            "2024-03-21 00:00:00",
            "2024-03-21T08:00:00",
            "45372",
            "2024 年 3 月 21 日",
        ] {
            assert_eq!(date(&cell(text)), Ok(Some(day)), "{text}");
        }
        assert_eq!(date(&cell("")), Ok(None));
        for text in ["24-03-21", "2024-13-01", "2024-02-30", "2024-03", "三月", "1234", "123456789", "2024-3-21-1", "-"] {
            assert!(date(&cell(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn a_dash_is_no_money() {
        for text in ["", "-", "—", "－", " - ", "0.00"] {
            assert_eq!(amount(&cell(text)), Ok(Amount::ZERO), "{text}");
        }
        assert_eq!(amount(&cell("-1,234.50")), Ok(Amount::from_fen(-123_450)));
        assert_eq!(amount(&RawCell { text: "#REF!".into(), kind: CellKind::Error }).unwrap_err().code, "X-131");
    }

    #[test]
    fn damaged_numbers_are_refused() {
        assert!(id(&cell("6.21773E+18")).is_err());
        assert!(id(&RawCell { text: "459901199003070000".into(), kind: CellKind::InexactNumber }).is_err());
        assert_eq!(id(&cell("459901199003070012")), Ok(Some("459901199003070012".into())));
        assert_eq!(id(&RawCell { text: "10201".into(), kind: CellKind::Number }), Ok(Some("10201".into())));
    }

    #[test]
    fn words_and_numbers() {
        for (text, word, number) in [
            ("记-12", Some(Word::General), "12"),
            ("记0012", Some(Word::General), "12"),
            ("记字第12号", Some(Word::General), "12"),
            ("现收-5", Some(Word::Receipt), "5"),
            ("银付 07", Some(Word::Payment), "7"),
            ("转12 1/3", Some(Word::Transfer), "12 1/3"),
            ("0008", None, "8"),
        ] {
            assert_eq!(word_and_number(text), Ok((word, number.to_owned())), "{text}");
        }
        assert!(word_and_number("凭-3").is_err());
        assert_eq!(word_of("转账凭证"), Ok(Word::Transfer));
    }
}
