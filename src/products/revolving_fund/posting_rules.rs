//! What moves of a revolving fund mean in debits and credits of the village's book.
//!
//! Pure. Source: posting-rules.md §5 \[proposal\]: Dr 102 / Cr 221—周转金; Dr 113—户 or 141 / Cr 102; and back.

use super::moves::{Move, Standing};
use crate::ledger::posting_map::account_for;
use crate::ledger::{AccountCode, BookCode, Dimensions, Regime, Voucher};
use crate::refusal::Refusal;

/// The voucher of a move; the money is in the bank unless another account is named.
pub fn moved(
    fund: &str,
    (book, regime): (&BookCode, &Regime),
    m: &Move,
    money: Option<&AccountCode>,
) -> Result<Voucher, Refusal> {
    let project = Some(fund.to_owned());
    let plain = || Dimensions { project: project.clone(), ..Dimensions::default() };
    let of = Dimensions { party: Some(m.party.clone()), document: Some(m.document.clone()), ..plain() };
    let usage = match m.kind.stands_with() {
        Standing::Capital => "revolving_fund",
        Standing::Loan => "member_account",
        Standing::Investment => "investment",
    };
    let bank = money.cloned().map_or_else(|| account_for(regime, "bank"), Ok)?;
    let other = account_for(regime, usage)?;
    let draft = Voucher::on(book, m.on, &format!("扶贫周转金{}", m.kind.label_zh()));
    let draft = if m.kind.comes_in() {
        draft.debit(&bank, m.amount, plain()).credit(&other, m.amount, of)
    } else {
        draft.debit(&other, m.amount, of).credit(&bank, m.amount, plain())
    };
    Ok(draft.balanced()?)
}
