//! Sheets, questions and dated rules, as kept (`sheets`), what sheets are made from (`facts`), where merged villages went
//! (`successors`), and all that the public page may read (`published`).

pub mod contacts;
pub mod facts;
pub mod lists;
pub mod published;
pub mod rules;
pub mod sheets;
pub mod successors;
