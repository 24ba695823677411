//! Village rooms on both databases: claims and cash, disclosure, supervision, projects, affairs.

#[path = "../support/mod.rs"]
mod support;

mod affairs;
mod claims;
mod contracts;
mod disclosure;
mod fund_classes;
mod ground;
mod loan_flags;
mod mergers;
mod projects;
mod supervision;
