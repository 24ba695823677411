//! Masked forms of personal numbers, as every screen and paper shows them (R13).
//!
//! Pure.
//!
//! 1. A masked number keeps its length and never shows all its digits.

use serde_json::Value;

/// A resident identity number with its first and last four characters: `9900**********1234`.
/// Anything too short to hide at least half shows nothing.
pub fn mask_id(id: &str) -> String {
    masked(id, 4, 4)
}

/// An account number with its last four digits: `***************0004`.
pub fn mask_account(account: &str) -> String {
    masked(account, 0, 4)
}

/// What is said of an act, in whose texts every run of fifteen digits or more (identity numbers, cards) shows its last four
/// only. Figures are no texts and stay.
pub fn mask_texts(said: Value) -> Value {
    match said {
        Value::String(text) => Value::String(mask_numbers(text)),
        Value::Array(values) => Value::Array(values.into_iter().map(mask_texts).collect()),
        Value::Object(fields) => Value::Object(fields.into_iter().map(|(name, value)| (name, mask_texts(value))).collect()),
        figure => figure,
    }
}

fn mask_numbers(mut text: String) -> String {
    let long = |(_, run): &(usize, &str)| run.len() >= PERSONAL;
    let begin = |run: &str| run.as_ptr() as usize - text.as_ptr() as usize;
    let runs = text.split(|c: char| !c.is_ascii_digit()).map(|run| (begin(run), run)).filter(long);
    let masked: Vec<(usize, String)> = runs.map(|(at, run)| (at, mask_account(run))).collect();
    for (at, run) in masked {
        text.replace_range(at..at + run.len(), &run);
    }
    text
}

/// Digits from which on a number is an identity or account number; codes of places have twelve.
const PERSONAL: usize = 15;

fn masked(text: &str, first: usize, last: usize) -> String {
    let length = text.chars().count();
    let shown = length >= 2 * (first + last);
    let keep = |at: usize| shown && (at < first || at + last >= length);
    text.chars().enumerate().map(|(at, c)| if keep(at) { c } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_ends_and_hides_the_middle() {
        assert_eq!(mask_id("990000199001011234"), "9900**********1234");
        assert_eq!(mask_id("451226000101001"), "***************");
        assert_eq!(mask_account("6217000000000000004"), "***************0004");
        assert_eq!(mask_account("12345678"), "****5678");
        assert_eq!(mask_account("1234567"), "*******");
        assert_eq!(mask_id(""), "");
        let said = serde_json::json!({ "卡": "6217000000000000004 王", "村": "459900101201", "限": i64::MAX, "证": ["99000019900101123X"] });
        let masked = serde_json::json!({ "卡": "***************0004 王", "村": "459900101201", "限": i64::MAX, "证": ["*************1123X"] });
        assert_eq!(mask_texts(said), masked);
    }
}
