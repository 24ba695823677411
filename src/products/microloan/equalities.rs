//! The cross-book equalities of the credit programme (posting-rules.md §6, 4 and 5), and the register against its facts.
//!
//! Pure: sums in, findings out. `service::check_equalities` reads the sums.

use serde::Serialize;

use crate::money::Amount;

/// A sum that does not agree with another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which equality.
    pub rule: &'static str,
    /// Where: a book, a batch, a loan.
    pub place: String,
    /// What the books say.
    pub books: Amount,
    /// What the registers say.
    pub registers: Amount,
}

/// Equal sums give nothing.
pub fn equal(rule: &'static str, place: &str, books: i64, registers: i64) -> Option<Finding> {
    let (books, registers) = (Amount::from_fen(books), Amount::from_fen(registers));
    (books != registers).then(|| Finding { rule, place: place.to_owned(), books, registers })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_fen_is_a_finding() {
        assert_eq!(equal("4", "S", 100, 100), None);
        let finding = equal("4", "S", 100, 101).unwrap();
        assert_eq!((finding.books, finding.registers), (Amount::from_fen(100), Amount::from_fen(101)));
    }
}
