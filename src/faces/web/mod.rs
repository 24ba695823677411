//! The web office: pages rendered here, forms that become acts, nothing decided.
//!
//! ```text
//! request → limits, headers, cross-site check → session → guard (routes.rs) → page → reports or Office::perform → html
//! ```
//!
//! | file | question it answers |
//! |---|---|
//! | `routes.rs` | which addresses are there, and who may open them? |
//! | `guard.rs` | may this person open this one? |
//! | `seat.rs` | who sits here, in which county, with which words? |
//! | `frame.rs` | what stands around every page? |
//! | `table.rs` | how does a sheet become a table with links? |
//! | `room.rs` | how does a page of tables and forms look? |
//! | `trouble.rs` | what does a person see when something is refused or fails? |
//! | `desks.rs`, `command.rs` | how does a command of the catalogue become a page? |
//! | one file per room, its template beside it | what does this page show, and what do its buttons do? |
//!
//! 1. Every page is a real address, every action a real form; scripts only make them quicker (screens R1).
//! 2. No page asks another host for anything (R2); the content policy forbids it.
//! 3. A guard stands before every page and the act's own check behind every form.
//! 4. Words stand in `text/`, one file a language; templates hold none.

pub mod accounts;
pub mod address;
pub mod api;
pub mod audit;
pub mod backups;
pub mod bills;
pub mod books;
pub mod calculators;
pub mod cash_book;
pub mod charts;
pub mod claim;
pub mod claim_form;
pub mod claims;
pub mod closing;
pub mod columns;
pub mod command;
pub mod desk;
pub mod desks;
pub mod disclosure;
pub mod fields;
pub mod finding;
pub mod frame;
pub mod guard;
pub mod home;
pub mod households;
pub mod inputs;
pub mod job_files;
pub mod jobs;
pub mod kept;
pub mod known;
pub mod ledgers;
pub mod loans;
pub mod login;
pub mod printing;
pub mod public;
pub mod reconcile;
pub mod restoring;
pub mod room;
pub mod routes;
pub mod search;
pub mod seat;
pub mod server;
pub mod sessions;
pub mod setup;
pub mod statements;
pub mod supervision;
pub mod table;
pub mod text;
pub mod trouble;
pub mod uploads;
pub mod users;
pub mod village_watch;
pub mod voucher_entry;
pub mod voucher_list;
pub mod voucher_paper;
pub mod wording;
