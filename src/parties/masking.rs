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
    }
}
