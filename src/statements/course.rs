//! 全年走势: of each month so far, income and expense, and the cash and bank money at its end.
//!
//! Pure.
//!
//! 1. Income and expense of a month are the totals of its 收支明细表; money at its end is what its journals end with.

use super::figures::Figures;
use super::receipts_payments::receipts_payments;
use super::{MovementRow, StatementRefusal};
use crate::calendar::AccountingPeriod;
use crate::ledger::{AccountCode, Chart, Regime};
use crate::money::Amount;

/// A month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// The month.
    pub at: AccountingPeriod,
    /// 收入合计 of the month
    pub income: Amount,
    /// 支出合计 of the month
    pub expense: Amount,
    /// 库存现金 at its end
    pub cash: Amount,
    /// 银行存款 at its end
    pub bank: Amount,
}

/// The months of a year through one, from movements kept month by month.
/// Refuses rows of another year (S-105) and accounts outside the chart (S-104).
pub fn course(
    regime: &Regime,
    chart: &Chart,
    rows: &[MovementRow],
    through: AccountingPeriod,
) -> Result<Vec<Month>, StatementRefusal> {
    let first = AccountingPeriod::opening(through.year()).next();
    let months = std::iter::successors(Some(first), |month| Some(month.next())).take_while(|month| *month <= through);
    months.map(|at| month(regime, chart, rows, at)).collect()
}

fn month(regime: &Regime, chart: &Chart, rows: &[MovementRow], at: AccountingPeriod) -> Result<Month, StatementRefusal> {
    let flows = receipts_payments(regime, chart, rows, at, None)?;
    let figures = Figures::at(chart, rows, at)?;
    let ends_with = |roots: &[AccountCode]| roots.iter().map(|code| figures.moves(code).closing()).sum();
    let (cash, bank) = (ends_with(&regime.cash), ends_with(&regime.bank));
    Ok(Month { at, income: flows.income.month, expense: flows.expense.month, cash, bank })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statements::little_books::{period, village};
    use crate::statements::trial_balance::{Shown, trial_balance};

    #[test]
    fn the_last_month_agrees_with_the_statements_of_it() {
        let book = village();
        let at = period("2024-12");
        let months = course(book.regime, &book.chart, &book.rows, at).unwrap();
        assert_eq!(months.len(), 12);
        let flows = receipts_payments(book.regime, &book.chart, &book.rows, at, None).unwrap();
        let of = |part: fn(&Month) -> Amount| months.iter().map(part).sum::<Amount>();
        assert_eq!((of(|m| m.income), of(|m| m.expense)), (flows.income.year_to_date, flows.expense.year_to_date));
        let trial = trial_balance(&book.chart, &book.rows, at, Shown::default()).unwrap();
        let closing = |root: &AccountCode| {
            trial.rows.iter().find(|row| row.account == *root).map_or(Amount::ZERO, |row| row.columns.closing.net())
        };
        let bank: Amount = book.regime.bank.iter().map(closing).sum();
        assert_eq!(months[11].bank, bank);
        assert!(bank.is_positive() && flows.income.year_to_date.is_positive(), "the little book has both");
    }
}
