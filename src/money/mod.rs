//! Money: amounts in fen, rates, the one rounding, allotment, amounts in capital characters.
//!
//! Pure. No floats, no tolerance: equal means equal.

pub mod allotment;
pub mod amount;
pub mod capitals;
pub mod rate;
pub mod rounding;
pub use amount::Amount;
pub use rate::Rate;
