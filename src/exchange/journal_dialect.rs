//! How hledger, ledger and beancount write a head and a transaction.
//!
//! Pure. Checked against hledger 1.25, ledger 3.3.0 and beancount 2.3.5 (`tests/journal_formats.rs`).
//!
//! 1. No text can end its field: characters that mean something are written full-width or escaped.

use std::io::{self, Write};

use super::journal_names::{AccountNames, full_width_if_special};
use super::journal_out::JournalFormat;
use crate::calendar::BusinessDate;
use crate::ledger::{AccountClass, Dimension};
use crate::money::Amount;

/// One transaction, whatever the program.
pub struct Transaction<'a> {
    /// Date.
    pub dated_on: BusinessDate,
    /// Word and number: `记-12`.
    pub code: String,
    /// What it is about.
    pub summary: String,
    /// Tags of the transaction.
    pub tags: Vec<(&'static str, String)>,
    /// Its lines.
    pub postings: Vec<Posting<'a>>,
}

/// One line of a transaction.
pub struct Posting<'a> {
    /// Name of the account.
    pub account: &'a str,
    /// Debit positive, credit negative.
    pub amount: Amount,
    /// Tags of the line.
    pub tags: Vec<(&'static str, String)>,
}

/// Tags that are not dimensions.
const TAGS: [&str; 4] = ["voucher", "stage", "reverses", "summary"];

/// Commodity, tags and accounts.
pub fn write_head(out: &mut impl Write, format: JournalFormat, names: &AccountNames) -> io::Result<()> {
    match format {
        JournalFormat::Hledger => writeln!(out, "; 村账 journal for hledger\ncommodity 1000.00 CNY\n")?,
        JournalFormat::Ledger => {
            writeln!(out, "; 村账 journal for ledger\ncommodity CNY\n    format 1000.00 CNY\n")?;
            // Announced, so that `--pedantic` takes them.
            let dimensions = Dimension::ALL.map(Dimension::as_str);
            TAGS.iter().chain(&dimensions).try_for_each(|tag| writeln!(out, "tag {tag}"))?;
        }
        JournalFormat::Beancount => {
            writeln!(out, "; 村账 journal for beancount\noption \"title\" \"村账\"\noption \"operating_currency\" \"CNY\"\n")?;
        }
        JournalFormat::Json => {}
    }
    for (name, class, year) in names.declared() {
        match format {
            JournalFormat::Hledger => writeln!(out, "account {name}  ; type:{}", hledger_type(class))?,
            JournalFormat::Ledger => writeln!(out, "account {name}")?,
            // A year early, so that no opening stands before its account.
            JournalFormat::Beancount => writeln!(out, "{:04}-01-01 open {name} CNY", year - 1)?,
            JournalFormat::Json => {}
        }
    }
    writeln!(out)
}

fn hledger_type(class: AccountClass) -> char {
    match class {
        AccountClass::Asset | AccountClass::Cost => 'A',
        AccountClass::Liability => 'L',
        AccountClass::Equity => 'E',
        AccountClass::Income => 'R',
        AccountClass::Expense => 'X',
    }
}

/// One transaction and a blank line.
pub fn write_transaction(out: &mut impl Write, format: JournalFormat, transaction: &Transaction<'_>) -> io::Result<()> {
    let Transaction { dated_on, code, summary, .. } = transaction;
    if format == JournalFormat::Beancount {
        writeln!(out, "{dated_on} * \"{}\" \"{}\"", quoted(code), quoted(summary))?;
    } else {
        writeln!(out, "{dated_on} * ({}) {}", safe(code), safe(summary))?;
    }
    write_tags(out, format, "  ", &transaction.tags)?;
    for posting in &transaction.postings {
        writeln!(out, "    {}  {} CNY", posting.account, posting.amount)?;
        write_tags(out, format, "      ", &posting.tags)?;
    }
    writeln!(out)
}

fn write_tags(out: &mut impl Write, format: JournalFormat, indent: &str, tags: &[(&'static str, String)]) -> io::Result<()> {
    tags.iter().try_for_each(|(key, value)| match format {
        JournalFormat::Beancount => writeln!(out, "{indent}{key}: \"{}\"", quoted(value)),
        _ => writeln!(out, "{indent}  ; {key}: {}", safe(value)),
    })
}

/// Inside beancount's quotation marks.
fn quoted(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.flat_map(|c| matches!(c, '"' | '\\').then_some('\\').into_iter().chain([c])).collect()
}

/// Behind a date or a tag of ledger and hledger.
fn safe(text: &str) -> String {
    let safe: String = text.chars().map(full_width_if_special).collect();
    safe.split_whitespace().collect::<Vec<_>>().join(" ")
}
