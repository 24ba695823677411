//! Masked forms of personal numbers, as every screen and paper shows them (R13).
//!
//! Pure.
//!
//! 1. A masked number keeps its length and never shows all its digits.

/// A resident identity number with its first and last four characters: `9900**********1234`.
/// Anything too short to hide at least half shows nothing.
pub fn mask_id(id: &str) -> String {
    masked(id, 4, 4)
}

/// An account number with its last four digits: `***************0004`.
pub fn mask_account(account: &str) -> String {
    masked(account, 0, 4)
}

/// A text in which every run of fifteen digits or more (identity numbers, cards) shows its last four only.
pub fn mask_numbers(text: &str) -> String {
    let mut shown = text.to_owned();
    let mut from = 0;
    for run in text.split(|c: char| !c.is_ascii_digit()) {
        if run.len() >= PERSONAL {
            shown.replace_range(from..from + run.len(), &mask_account(run));
        }
        from += run.len() + text[from + run.len()..].chars().next().map_or(0, char::len_utf8);
    }
    shown
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
        let said = mask_numbers("{\"卡\":\"6217000000000000004\",\"村\":\"459900101201\",\"证\":\"99000019900101123X\"}");
        assert_eq!(said, "{\"卡\":\"***************0004\",\"村\":\"459900101201\",\"证\":\"*************1123X\"}");
    }
}
