//! May money be newly entrusted here, on this date? By place, date and source of the money.
//!
//! Pure. The rows are data (`policies.csv`), each with its basis; a county may hand in rows of its own before them.
//!
//! 1. The longest place prefix wins, among those the latest row in force.
//! 2. Money without a loan behind it is another kind of scheme, which no row bans (loans.md §6).

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::scheme::FundSource;
use crate::calendar::BusinessDate;

/// A row: in places whose code begins so, from that day on, money from there may (not) be entrusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyRow {
    /// Prefix of the division code; blank for the whole country.
    pub place: String,
    /// Source of the money.
    pub source_of_money: String,
    /// First day in force.
    pub from: BusinessDate,
    /// `yes` or `no`.
    pub allowed: String,
    /// Document and tag.
    pub basis: String,
}

/// The rows the program ships.
pub fn shipped() -> &'static [PolicyRow] {
    static ROWS: LazyLock<Vec<PolicyRow>> = LazyLock::new(|| {
        let mut reader = csv::Reader::from_reader(include_str!("policies.csv").as_bytes());
        let row = |row: Result<PolicyRow, csv::Error>| row.expect("policies.csv is part of the program and read by its test");
        reader.deserialize().map(row).collect()
    });
    &ROWS
}

/// The row that bans entrusting, if one does.
pub fn banned_by<'a>(rows: &'a [PolicyRow], place: &str, source: FundSource, on: BusinessDate) -> Option<&'a PolicyRow> {
    let covers = |row: &&PolicyRow| place.starts_with(&row.place) && row.source_of_money == source.as_str() && row.from <= on;
    let row = rows.iter().filter(covers).max_by_key(|row| (row.place.len(), row.from));
    row.filter(|row| row.allowed != "yes")
}
