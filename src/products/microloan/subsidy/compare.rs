//! The bank's list against ours, row by row.
//!
//! Pure. Equal means equal to the fen.

use serde::Serialize;

use crate::money::Amount;

/// A loan on which the lists differ, or agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// Loan.
    pub loan: String,
    /// Our subsidy.
    pub ours: Option<Amount>,
    /// The bank's.
    pub banks: Option<Amount>,
    /// `equal`, `differs`, `ours-only`, `bank-only`.
    pub result: &'static str,
}

/// Compares two lists sorted by loan, each loan once.
pub fn compare(ours: &[(String, Amount)], banks: &[(String, Amount)]) -> Vec<Compared> {
    let (mut left, mut right) = (ours.iter().peekable(), banks.iter().peekable());
    let mut found = Vec::with_capacity(ours.len().max(banks.len()));
    loop {
        let (one, other) = match (left.peek(), right.peek()) {
            (None, None) => return found,
            (Some(_), None) => (left.next(), None),
            (None, Some(_)) => (None, right.next()),
            (Some(a), Some(b)) if a.0 == b.0 => (left.next(), right.next()),
            (Some(a), Some(b)) if a.0 < b.0 => (left.next(), None),
            _ => (None, right.next()),
        };
        let result = match (one, other) {
            (Some(a), Some(b)) if a.1 == b.1 => "equal",
            (Some(_), Some(_)) => "differs",
            (Some(_), None) => "ours-only",
            _ => "bank-only",
        };
        let loan = one.or(other).map(|row| row.0.clone()).unwrap_or_default();
        found.push(Compared { loan, ours: one.map(|row| row.1), banks: other.map(|row| row.1), result });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_loan_of_either_list_is_named_once() {
        let list = |rows: &[(&str, i64)]| rows.iter().map(|(l, f)| ((*l).to_owned(), Amount::from_fen(*f))).collect::<Vec<_>>();
        let found = compare(&list(&[("A", 1), ("B", 2), ("D", 4)]), &list(&[("A", 1), ("B", 3), ("C", 9)]));
        let results: Vec<_> = found.iter().map(|row| (row.loan.as_str(), row.result)).collect();
        assert_eq!(results, [("A", "equal"), ("B", "differs"), ("C", "bank-only"), ("D", "ours-only")]);
    }
}
