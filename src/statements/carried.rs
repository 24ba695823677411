//! What a year would open with if the year before were closed today: for reports made before the year end's closing.
//!
//! Pure. The real opening is a voucher of the year's close; this one is never posted.
//!
//! 1. Σ debit = Σ credit of the whole accounts, as in the year before.
//! 2. Income, expense, the year's result and the appropriations all end in 未分配收益 (or the fund's balance), as the close does it.

use std::collections::BTreeMap;

use super::MovementRow;
use super::figures::Turn;
use crate::calendar::AccountingPeriod;
use crate::ledger::{AccountCode, Chart, Dimension, Regime, Stage};
use crate::money::Amount;

/// Remark under reports whose opening is derived.
pub const PROVISIONAL_ZH: &str = "上年未年结,期初为暂计";
/// Remark where the year before was reopened after its balances had been carried.
pub const REOPENED_ZH: &str = "上年已反结账,期初以再次年结为准";
/// Remark where the balances must be converted to another regime first.
pub const UNCONVERTED_ZH: &str = "上年未年结且会计制度变更,期初须经年结转换,暂未列入";

/// Opening rows of the year after, from all rows of a year by the regime that keeps both. An account that the next year's chart
/// does not have goes to the nearest one above it.
pub fn provisional_opening(regime: &Regime, (chart, next): (&Chart, &Chart), rows: &[MovementRow]) -> Vec<MovementRow> {
    let mut nets: BTreeMap<(Option<Dimension>, AccountCode, Option<String>), Amount> = BTreeMap::new();
    for row in rows {
        let account = match emptied_into(regime, chart, &row.account) {
            Some(_) if row.dimension.is_some() => continue,
            Some(into) => into,
            None => row.account.clone(),
        };
        let key = (row.dimension, there(next, account), row.member.clone());
        *nets.entry(key).or_default() += row.debit - row.credit;
    }
    let year = rows.first().map_or(0, |row| row.period.year()) + 1;
    let kept = nets.into_iter().filter(|(_, net)| !net.is_zero());
    kept.map(|((dimension, account, member), net)| {
        let Turn { debit, credit } = Turn::standing(net);
        let period = AccountingPeriod::opening(year);
        MovementRow { account, dimension, member, period, stage: Stage::Opening, debit, credit }
    })
    .collect()
}

/// Where the year end's transfers take an account's balance; `None` for one that keeps it.
fn emptied_into(regime: &Regime, chart: &Chart, account: &AccountCode) -> Option<AccountCode> {
    let into = regime.undistributed.as_ref().unwrap_or(&regime.result);
    let is_result = account == &regime.result || chart.get(account).is_some_and(|found| found.class.is_profit_and_loss());
    let is_appropriation = regime.appropriations.as_ref().is_some_and(|root| account.as_str().starts_with(root.as_str()));
    ((is_result || is_appropriation) && account != into).then(|| into.clone())
}

fn there(next: &Chart, account: AccountCode) -> AccountCode {
    match next.get(&account) {
        Some(_) => account,
        None => next.parent_of(&account).map_or(account, |above| above.code.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statements::figures::Figures;
    use crate::statements::little_books::{cooperative, period, village};

    #[test]
    fn it_is_the_closing_of_the_closed_year() {
        for mut book in [village(), cooperative()] {
            let early = provisional_opening(book.regime, (&book.chart, &book.chart), &book.rows);
            book.close("2024-12");
            let late = provisional_opening(book.regime, (&book.chart, &book.chart), &book.rows);
            assert_eq!(early, late);
            assert!(early.iter().all(|row| row.period == period("2025-00")));
            let closed: BTreeMap<_, _> = book.balances().into_iter().filter(|(_, net)| !net.is_zero()).collect();
            let figures = Figures::opening(&book.chart, &early, 2025).unwrap();
            let opened: BTreeMap<_, _> = figures.accounts().map(|(code, moves)| (code.clone(), moves.closing())).collect();
            assert_eq!(opened, closed);
        }
    }

    #[test]
    fn an_account_the_next_year_lacks_goes_to_the_one_above() {
        let mut book = village();
        book.chart.add_own("10201", "农商行", "").unwrap();
        book.post("2024-12", Stage::Ordinary, "10201 +5.00; 102 -5.00");
        let next = Chart::of("village-2023").unwrap();
        let opening = provisional_opening(book.regime, (&book.chart, &next), &book.rows);
        assert!(opening.iter().all(|row| next.get(&row.account).is_some()));
    }
}
