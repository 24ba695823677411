//! Papers of revolving funds: one row a fund, one row a borrower.
//!
//! Pure: facts in, sheets out.

use super::moves::{Move, Standing, balance, overdue, standings};
use crate::calendar::BusinessDate;
use crate::exchange::{Cell, Column, Dress, Sheet};
use crate::money::Amount;

/// 周转金台账: (code, book, name, moves) of every fund.
pub fn list(funds: &[(String, String, String, Vec<Move>)], on: BusinessDate) -> Sheet {
    let columns = vec![
        Column::id("fund", "周转金"),
        Column::id("book", "账套"),
        Column::text("name", "名称"),
        Column::amount("capital", "拨入净额"),
        Column::amount("lent", "借出在外"),
        Column::amount("invested", "投出在外"),
        Column::amount("balance", "余额"),
        Column::count("borrowers", "借款户数"),
        Column::amount("overdue", "逾期"),
        Column::text("cycles", "周转次数"),
    ];
    let mut sheet =
        Sheet::new("扶贫周转金台账", columns).dressed(Dress::statement()).subtitle(format!("截至 {on}")).subtitle("金额单位:元");
    for (fund, book, name, moves) in funds {
        let loans = standings(moves, Standing::Loan);
        let sum = |of: Standing| standings(moves, of).into_values().sum::<Amount>();
        let late: Amount = loans.keys().map(|party| overdue(moves, party, on).0).sum();
        let borrowers = loans.values().filter(|amount| amount.is_positive()).count() as i64;
        let head: [Cell; 3] = [fund.as_str().into(), book.as_str().into(), name.as_str().into()];
        let sums = [sum(Standing::Capital), sum(Standing::Loan), sum(Standing::Investment), balance(moves)];
        let tail: [Cell; 3] = [borrowers.into(), late.into(), cycles(moves).into()];
        sheet.push(head.into_iter().chain(sums.map(Cell::from)).chain(tail).collect());
    }
    sheet
}

/// How often the capital was lent or invested: Σ lent and invested ÷ net capital, with one decimal.
fn cycles(moves: &[Move]) -> String {
    let out: Amount = moves.iter().filter(|m| m.kind.adds() && !m.kind.comes_in()).map(|m| m.amount).sum();
    let capital: Amount = standings(moves, Standing::Capital).into_values().sum();
    match i128::from(out.fen()) * 10 / i128::from(capital.fen().max(1)) {
        _ if !capital.is_positive() => String::new(),
        tenths => format!("{}.{}", tenths / 10, tenths % 10),
    }
}

/// 借款人明细: who has what of a fund, and what is late.
pub fn borrowers(fund: &str, moves: &[Move], on: BusinessDate) -> Sheet {
    let columns = vec![
        Column::id("party", "对方"),
        Column::text("what", "性质"),
        Column::amount("outstanding", "在外余额"),
        Column::amount("overdue", "逾期"),
        Column::date("overdue_since", "逾期起"),
        Column::count("days", "逾期天数"),
    ];
    let mut sheet =
        Sheet::new("扶贫周转金借用明细", columns).dressed(Dress::list()).subtitle(fund).subtitle(format!("截至 {on}"));
    for (standing, label) in [(Standing::Loan, "借款"), (Standing::Investment, "投资")] {
        for (party, amount) in standings(moves, standing).into_iter().filter(|(_, amount)| amount.is_positive()) {
            let (late, since) = if standing == Standing::Loan { overdue(moves, party, on) } else { (Amount::ZERO, None) };
            let days = since.map(|since| on.signed_duration_since(since).num_days());
            sheet.push(vec![party.into(), label.into(), amount.into(), Cell::amount_or_blank(late), since.into(), days.into()]);
        }
    }
    sheet
}
