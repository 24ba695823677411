//! The web office: who may open what, forms from end to end, and real pages in a real browser.

#[path = "../support/mod.rs"]
mod support;

mod api;
mod backups;
mod bank;
mod browser;
mod chromium;
mod claims;
mod demo;
mod dividend_story;
mod forms;
mod loans;
mod login;
mod matrix;
mod office;
mod own_work;
mod points_of_books;
mod points_of_business;
mod printing;
mod public;
mod published;
mod restoring;
mod rooms;
mod scripts_off;
mod stories;
mod supervision;
mod village_stories;
