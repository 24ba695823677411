//! Acts of supervision: what contracts call for (`contracts`), running the rules (`flags`), findings (`findings`); what the package holds (`package`); the matrix
//! (`overview`); what registers say of a book (`registers`) and
//! of the loans of its place (`credit`).

pub mod contracts;
pub mod credit;
pub mod findings;
pub mod flags;
pub mod overview;
pub mod package;
pub mod registers;
