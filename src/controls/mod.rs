//! Controls over the books: closing periods, and proving afterwards that nothing was changed.

pub mod audit_trail;
