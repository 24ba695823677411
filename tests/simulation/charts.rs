//! What the model knows of charts, regimes and conversions: the data files, read in its own way.

use std::collections::BTreeMap;

use cunzhang::ledger::Dimension;

/// An account of a book's year.
#[derive(Debug, Clone)]
pub struct Account {
    pub class: String,
    pub requires: Vec<Dimension>,
    pub stopped: bool,
}

impl Account {
    pub fn is_profit_and_loss(&self) -> bool {
        self.class == "income" || self.class == "expense"
    }
}

pub type Chart = BTreeMap<String, Account>;

/// Accounts with something beneath them take no lines.
pub fn is_leaf(chart: &Chart, code: &str) -> bool {
    chart.contains_key(code) && !chart.keys().any(|other| other != code && other.starts_with(code))
}

/// The leaves at or beneath a code.
pub fn leaves<'a>(chart: &'a Chart, code: &'a str) -> impl Iterator<Item = &'a String> {
    chart.keys().filter(move |other| other.starts_with(code) && is_leaf(chart, other))
}

type Rows = Vec<BTreeMap<String, String>>;

fn rows(text: &str) -> Rows {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(|row| row.expect("the data files are well formed")).collect()
}

pub fn chart(regime: &str) -> Chart {
    let text = match regime {
        "village-2004" => include_str!("../../src/ledger/charts/village-2004.csv"),
        "village-2023" => include_str!("../../src/ledger/charts/village-2023.csv"),
        "cooperative-2007" => include_str!("../../src/ledger/charts/cooperative-2007.csv"),
        "cooperative-2021" => include_str!("../../src/ledger/charts/cooperative-2021.csv"),
        "small-enterprise-2013" => include_str!("../../src/ledger/charts/small-enterprise-2013.csv"),
        "risk-fund" => include_str!("../../src/ledger/charts/risk-fund.csv"),
        "interest-subsidy" => include_str!("../../src/ledger/charts/interest-subsidy.csv"),
        other => panic!("the model does not know the regime {other}"),
    };
    let account = |row: BTreeMap<String, String>| {
        let requires = row["requires"].split_whitespace().filter_map(Dimension::parse).collect();
        (row["code"].clone(), Account { class: row["class"].clone(), requires, stopped: false })
    };
    rows(text).into_iter().map(account).collect()
}

/// A regime's row: column to text.
pub fn regimes() -> Rows {
    rows(include_str!("../../src/ledger/charts/regimes.csv"))
}

pub fn regime(id: &str) -> Option<BTreeMap<String, String>> {
    regimes().into_iter().find(|row| row["regime"] == id)
}

/// The regime a kind keeps on an ISO date.
pub fn regime_on(kind: &str, on: &str) -> Option<String> {
    let fits = |row: &&BTreeMap<String, String>| {
        row["kind"] == kind && row["from"].as_str() <= on && (row["until"].is_empty() || on <= row["until"].as_str())
    };
    regimes().iter().find(fits).map(|row| row["regime"].clone())
}

/// Where the old account goes: (old code of the rule, new codes, rule), the longest old code that fits.
pub fn conversion(from: &str, to: &str, account: &str) -> Option<(String, Vec<String>, String)> {
    let all = rows(include_str!("../../src/ledger/charts/conversion.csv"));
    let fits = all.into_iter().filter(|row| row["from"] == from && row["to"] == to && account.starts_with(&row["old"]));
    let best = fits.max_by_key(|row| row["old"].len())?;
    Some((best["old"].clone(), best["new"].split_whitespace().map(str::to_owned).collect(), best["rule"].clone()))
}
