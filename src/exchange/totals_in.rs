//! A file's own total lines against the rows above them.
//!
//! Pure.
//!
//! 1. A total line is right if it equals the sum of all rows, of the rows since the last total line of the
//!    same word, or of the rows since any total line (合计 below every voucher, 小计 below every page).
//! 2. Comparison is exact.

use super::problems::{RowProblem, RowRefusal};
use super::records_in::Record;
use crate::money::Amount;

/// Debits and credits added up so far; `None` where they no longer fit.
type Sums = Option<(Amount, Amount)>;

/// The sums a total line may show.
#[derive(Debug, Clone)]
pub struct RunningTotals {
    all: Sums,
    since_any: Sums,
    since_word: Vec<(String, Sums)>,
}

const NOTHING: Sums = Some((Amount::ZERO, Amount::ZERO));

impl Default for RunningTotals {
    fn default() -> RunningTotals {
        RunningTotals { all: NOTHING, since_any: NOTHING, since_word: Vec::new() }
    }
}

impl RunningTotals {
    /// Adds a row.
    pub fn add(&mut self, debit: Amount, credit: Amount) {
        let sums = [&mut self.all, &mut self.since_any].into_iter().chain(self.since_word.iter_mut().map(|(_, sums)| sums));
        for sums in sums {
            *sums = sums.and_then(|(d, c)| Some((d.checked_add(debit)?, c.checked_add(credit)?)));
        }
    }

    /// Both sums over all rows; `None` if they do not fit.
    pub fn all(&self) -> Option<(Amount, Amount)> {
        self.all
    }

    /// Compares a total line, by its word, with the rows above; blank sides are not compared.
    pub fn check(&mut self, record: &Record<'_>, word: &str) -> Option<RowProblem> {
        let shown = |field: &str| {
            let cell = record.get(field);
            if cell.is_blank() { None } else { super::values_in::amount(cell).ok() }
        };
        let (debit, credit) = (shown("debit"), shown("credit"));
        let since_word = self.since_word.iter().find(|(known, _)| known == word).map_or(self.all, |(_, sums)| *sums);
        let agrees =
            |sums: Sums| sums.is_none_or(|(d, c)| debit.is_none_or(|shown| shown == d) && credit.is_none_or(|shown| shown == c));
        let right = [self.all, since_word, self.since_any].into_iter().any(agrees);
        let rows = self.all;
        self.since_any = NOTHING;
        self.since_word.retain(|(known, _)| known != word);
        self.since_word.push((word.to_owned(), NOTHING));
        (!right).then(|| record.problem(if debit.is_some() { "debit" } else { "credit" }, differs(word, (debit, credit), rows)))
    }
}

fn differs(word: &str, (debit, credit): (Option<Amount>, Option<Amount>), rows: Sums) -> RowRefusal {
    let side = |amount: Option<Amount>| amount.map_or_else(|| "—".to_owned(), |amount| amount.to_string());
    let in_words = |debit: Option<Amount>, credit: Option<Amount>| format!("借 {} 贷 {}", side(debit), side(credit));
    let (d, c) = rows.unzip();
    RowRefusal::TotalDiffers { label: word.to_owned(), file: in_words(debit, credit), rows: in_words(d, c) }
}
