//! The vouchers of a year's end: profit and loss to the result, the result to undistributed, the reserve,
//! appropriations cleared, balances carried.
//!
//! Pure: balances in, vouchers out. Sources: statements.md §1–2; posting-rules.md §4–5; FIN121 art. 28.
//!
//! 1. Each voucher moves exactly what stands on its accounts: run again, nothing is left to move.
//! 2. Lines keep every dimension, so that control accounts and their members stay equal (I7).
//! 3. The reserve is taken from this year's result after earlier losses are made good, never from a loss.

use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::controls::period_close::CloseRefusal;
use crate::ledger::voucher::Unbalanced;
use crate::ledger::{AccountCode, BookCode, Dimensions, Regime, Stage, Voucher, VoucherLine, Word};
use crate::money::rate::Rate;
use crate::money::{Amount, rounding};

/// A balance of one account and one set of dimension values: debit less credit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Balance {
    /// 科目
    pub account: AccountCode,
    /// 辅助核算
    pub dimensions: Dimensions,
    /// Debit less credit.
    pub net: Amount,
}

/// Which book, when.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// The book.
    pub book: &'a BookCode,
    /// Date of the vouchers.
    pub on: BusinessDate,
    /// Their period.
    pub period: AccountingPeriod,
}

impl Occasion<'_> {
    /// A voucher of this occasion, unless nothing moves.
    fn voucher(self, stage: Stage, lines: Vec<VoucherLine>) -> Result<Option<Voucher>, Unbalanced> {
        if lines.is_empty() {
            return Ok(None);
        }
        let voucher = Voucher {
            book: self.book.clone(),
            period: self.period,
            dated_on: self.on,
            word: Word::Transfer,
            stage,
            lines,
            reverses: None,
            source_key: None,
            paper_attachments: 0,
        };
        voucher.check_balanced()?;
        Ok(Some(voucher))
    }
}

/// A line that moves `net` (debit less credit) on an account.
fn line(summary: &str, account: &AccountCode, dimensions: &Dimensions, net: Amount) -> VoucherLine {
    let (debit, credit) = if net.is_negative() { (Amount::ZERO, -net) } else { (net, Amount::ZERO) };
    VoucherLine { summary: summary.to_owned(), account: account.clone(), debit, credit, dimensions: dimensions.clone() }
}

/// Empties balances into one account.
fn emptied(summary: &str, balances: &[Balance], into: &AccountCode) -> Vec<VoucherLine> {
    let mut lines: Vec<VoucherLine> = balances.iter().map(|b| line(summary, &b.account, &b.dimensions, -b.net)).collect();
    let total: Amount = balances.iter().map(|b| b.net).sum();
    if !total.is_zero() {
        lines.push(line(summary, into, &Dimensions::default(), total));
    }
    lines
}

/// 结转损益: income and expense to the year's result.
pub fn profit_and_loss(occasion: Occasion<'_>, regime: &Regime, balances: &[Balance]) -> Result<Option<Voucher>, Unbalanced> {
    occasion.voucher(Stage::Transfer, emptied("结转本期损益", balances, &regime.result))
}

/// 结转本年收益: the result to undistributed. Nothing where the regime's income goes straight to equity.
pub fn result(occasion: Occasion<'_>, regime: &Regime, balances: &[Balance]) -> Result<Option<Voucher>, Unbalanced> {
    match &regime.undistributed {
        Some(undistributed) => occasion.voucher(Stage::Transfer, emptied("结转本年收益", balances, undistributed)),
        None => Ok(None),
    }
}

/// 提取公积: `rate` of this year's result, after earlier losses. `undistributed` is what the account
/// holds with this year's result in it, on its credit side; `year` is this year's result alone.
pub fn reserve(
    occasion: Occasion<'_>,
    regime: &Regime,
    rate: Rate,
    (undistributed, year): (Amount, Amount),
) -> Result<Option<Voucher>, crate::refusal::Refusal> {
    let no_reserve = || CloseRefusal::NoReserve { regime: regime.id.clone() };
    let from = regime.reserve_appropriation.as_ref().ok_or_else(no_reserve)?;
    let to = regime.reserve.as_ref().ok_or_else(no_reserve)?;
    if rate > Rate::from_percent(100.into())? {
        return Err(CloseRefusal::BadReserveRate { rate: rate.to_string() }.into());
    }
    let base = undistributed.min(year).max(Amount::ZERO);
    let taken = rounding::round_half_up_to_fen(rounding::to_yuan(base) * rate.fraction())?;
    if taken.is_zero() {
        return Ok(None);
    }
    let none = Dimensions::default();
    let lines = vec![line("提取公积", from, &none, taken), line("提取公积", to, &none, -taken)];
    Ok(occasion.voucher(Stage::Ordinary, lines)?)
}

/// 结清各项分配: what was appropriated comes out of undistributed.
pub fn appropriations(occasion: Occasion<'_>, regime: &Regime, balances: &[Balance]) -> Result<Option<Voucher>, Unbalanced> {
    match &regime.undistributed {
        Some(undistributed) => occasion.voucher(Stage::Transfer, emptied("结清各项分配", balances, undistributed)),
        None => Ok(None),
    }
}

/// 上年结转: brings the new year's opening to the old year's closing; moves only what is not there yet.
pub fn carried(occasion: Occasion<'_>, closing: &[Balance], opening: &[Balance]) -> Result<Option<Voucher>, Unbalanced> {
    let mut wanted: std::collections::BTreeMap<(&AccountCode, &Dimensions), Amount> = std::collections::BTreeMap::new();
    for balance in closing {
        *wanted.entry((&balance.account, &balance.dimensions)).or_default() += balance.net;
    }
    for balance in opening {
        *wanted.entry((&balance.account, &balance.dimensions)).or_default() -= balance.net;
    }
    let moved = wanted.iter().filter(|(_, net)| !net.is_zero());
    occasion
        .voucher(Stage::Opening, moved.map(|((account, dimensions), net)| line("上年结转", account, dimensions, *net)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::regime::regime;

    fn balance(account: &str, party: Option<&str>, fen: i64) -> Balance {
        let dimensions = Dimensions { party: party.map(Into::into), ..Dimensions::default() };
        Balance { account: account.into(), dimensions, net: Amount::from_fen(fen) }
    }

    fn occasion(book: &BookCode) -> Occasion<'_> {
        Occasion { book, on: "2026-12-31".parse().unwrap(), period: "2026-12".parse().unwrap() }
    }

    #[test]
    fn profit_and_loss_go_to_the_result_with_their_dimensions() {
        let book = BookCode::from("V1");
        let balances = [balance("50101", None, -900), balance("51301", Some("H1"), 250)];
        let voucher = profit_and_loss(occasion(&book), regime("village-2023").unwrap(), &balances).unwrap().unwrap();
        let on = |code: &str| voucher.lines.iter().find(|l| l.account.as_str() == code).unwrap();
        assert_eq!((on("50101").debit.fen(), on("51301").credit.fen(), on("321").credit.fen()), (900, 250, 650));
        assert_eq!(on("51301").dimensions.party.as_deref(), Some("H1"));
        assert_eq!(profit_and_loss(occasion(&book), regime("village-2023").unwrap(), &[]).unwrap(), None);
    }

    #[test]
    fn the_reserve_comes_after_earlier_losses() {
        let book = BookCode::from("V1");
        let taken = |undistributed: i64, year: i64| {
            let amounts = (Amount::from_yuan(undistributed), Amount::from_yuan(year));
            let voucher = reserve(occasion(&book), regime("village-2023").unwrap(), Rate::parse("10").unwrap(), amounts).unwrap();
            voucher.map_or(Amount::ZERO, |v| v.lines[0].debit)
        };
        assert_eq!(taken(400_000, 400_000), Amount::from_yuan(40_000));
        assert_eq!(taken(300_000, 400_000), Amount::from_yuan(30_000), "a loss of 100,000 is made good first");
        assert_eq!(taken(900_000, 400_000), Amount::from_yuan(40_000), "earlier surplus was appropriated in its year");
        assert_eq!(taken(-5, 400_000), Amount::ZERO);
        assert_eq!(taken(400_000, -1), Amount::ZERO);
    }

    #[test]
    fn carrying_twice_moves_only_the_difference() {
        let book = BookCode::from("V1");
        let closing = [balance("101", None, 500), balance("113", Some("H1"), -200), balance("301", None, -300)];
        let first = carried(occasion(&book), &closing, &[]).unwrap().unwrap();
        assert_eq!(first.lines.len(), 3);
        assert_eq!(carried(occasion(&book), &closing, &closing).unwrap(), None);
        let later = [balance("101", None, 600), balance("113", Some("H1"), -300), balance("301", None, -300)];
        let second = carried(occasion(&book), &later, &closing).unwrap().unwrap();
        assert_eq!((second.lines.len(), second.lines[0].debit.fen()), (2, 100));
    }
}
