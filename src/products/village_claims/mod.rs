//! Village claims (村级报账): what a reporting clerk spent, with its bills, until it stands in the books; and the clerk's cash.
//!
//! ```text
//!   draft ──SendClaim──▶ sent ──AcceptClaim──▶ accepted ──BookClaims──▶ booked (a draft voucher with the bills)
//!     ▲                   │ ReturnClaim (reasons by field)
//!   KeepClaim ◀─ returned ◀┘        draft, returned ──WithdrawClaim──▶ withdrawn
//! ```
//! Pure, but for `store/` and `service/`.
//!
//! 1. A claim is sent only when it has every signature and paper the limit table of its place asks for.
//! 2. The same bill is not claimed twice: invoice number, photograph, payee and amount are looked at.
//! 3. Who made a claim neither accepts nor returns it.
//! 4. A booked claim has one voucher that carries its sum, its bills and its number.
//! 5. The cash book never stands below zero on any day; a closed day takes nothing.

pub mod cash_book;
pub mod claim;
pub mod duplicates;
pub mod limits;
pub mod papers;
pub mod posting_rules;
pub mod refusal;
pub mod service;
pub mod store;

#[cfg(test)]
mod tests;
