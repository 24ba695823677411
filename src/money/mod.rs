//! Money: amounts in fen, rates, the one rounding, allotment, amounts in capital characters.
//!
//! Pure. No floats, no tolerance: equal means equal.

pub mod amount;
pub use amount::Amount;
