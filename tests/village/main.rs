//! Village rooms on both databases: claims and cash, disclosure, supervision, projects, affairs.

#[path = "../support/mod.rs"]
mod support;

mod claims;
mod disclosure;
mod ground;
mod supervision;
