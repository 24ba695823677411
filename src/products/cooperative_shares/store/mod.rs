//! Share registers and distribution plans, as kept.

pub mod members;
pub mod months;
pub mod plans;
pub mod register;
