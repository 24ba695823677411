//! Share registers and distribution plans, as kept.

pub mod plans;
pub mod register;
