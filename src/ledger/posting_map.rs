//! Which account a regime keeps for a use: 股金, 应付剩余盈余, 应收利息 …
//!
//! Pure. The rows are data (`charts/posting_map.csv`), each with its source.
//!
//! 1. Posting rules name uses; only this map names account codes.
//! 2. A use that a regime does not have is refused, never guessed.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::account::AccountCode;
use super::regime::Regime;
use crate::refusals;

refusals! {
    /// Why a business cannot be posted to a book.
    pub enum PostingMapRefusal {
        /// The regime has no account for it.
        "C-130" NoAccountFor { regime: String, usage: String }
            zh "会计制度 {regime} 没有用于“{usage}”的科目" en "the regime {regime} has no account for '{usage}'" next "核对账套的种类;该业务记在别的账套";
    }
}

/// The account a regime keeps for a use. Refuses a use it does not have (C-130).
pub fn account_for(regime: &Regime, usage: &str) -> Result<AccountCode, PostingMapRefusal> {
    let found = rows().get(&(regime.id.clone(), usage.to_owned())).cloned();
    found.ok_or_else(|| PostingMapRefusal::NoAccountFor { regime: regime.id.clone(), usage: usage.to_owned() })
}

#[derive(Deserialize)]
struct MapRow {
    regime: String,
    #[serde(rename = "use")]
    usage: String,
    account: String,
}

fn rows() -> &'static HashMap<(String, String), AccountCode> {
    static ALL: LazyLock<HashMap<(String, String), AccountCode>> = LazyLock::new(|| {
        let mut reader = csv::Reader::from_reader(include_str!("charts/posting_map.csv").as_bytes());
        let rows = reader.deserialize::<MapRow>();
        let row =
            |row: Result<MapRow, csv::Error>| row.expect("charts/posting_map.csv is part of the program and read by its test");
        rows.map(row).map(|row| ((row.regime, row.usage), AccountCode(row.account))).collect()
    });
    &ALL
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Chart;
    use crate::ledger::regime::regime;

    #[test]
    fn every_account_of_the_map_takes_lines() {
        for ((id, usage), account) in rows() {
            let chart = Chart::of(id).unwrap();
            assert!(chart.is_leaf(account), "{id} {usage} {account}");
        }
        assert_eq!(account_for(regime("risk-fund").unwrap(), "shares").unwrap_err().refusal().code, "C-130");
        assert_eq!(account_for(regime("cooperative-2021").unwrap(), "shares").unwrap().as_str(), "301");
    }
}
