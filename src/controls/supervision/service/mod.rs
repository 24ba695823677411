//! Acts of supervision: running the rules (`flags`), findings (`findings`); what the package holds (`package`).

pub mod findings;
pub mod flags;
pub mod package;
