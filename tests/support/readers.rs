//! Every reader of `exchange` and of the payouts, by name: only that they end, and their bounds, count.

use cunzhang::exchange::accounts_in::read_accounts;
use cunzhang::exchange::bank_statement::{BankOptions, read_statement};
use cunzhang::exchange::households_in::read_households;
use cunzhang::exchange::loan_applications_in::read_applications;
use cunzhang::exchange::loan_facts_in::read_facts;
use cunzhang::exchange::loan_list_in::read_loan_list;
use cunzhang::exchange::members_in::read_members;
use cunzhang::exchange::openings_in::read_openings;
use cunzhang::exchange::places_in::read_places;
use cunzhang::exchange::problems::RowReason;
use cunzhang::exchange::rows_in::{ReadOptions, for_each_row};
use cunzhang::exchange::subsidy_lists_in::{read_bank_classes, read_bank_subsidy, read_elsewhere};
use cunzhang::exchange::vouchers_in::{ImportOptions, read_vouchers};
use cunzhang::ledger::{AccountCode, BookCode};
use cunzhang::payouts::files_in::{read_list, read_payees, read_results};
use cunzhang::refusal::Refusal;

/// Reads bytes to their end; the code of the refusal where it refuses them.
pub type Reader = fn(&[u8]) -> Result<(), String>;

/// A reader: its name, the kind of table it reads (as `headings.csv` calls it), itself.
pub const READERS: [(&str, &str, Reader); 15] = [
    ("bank statement", "bank", |bytes| done(read_statement(bytes, &BankOptions::default()))),
    ("vouchers", "voucher", vouchers),
    ("openings", "opening", |bytes| done(read_openings(bytes, &plain(), &leaf_or_parent))),
    ("accounts", "account", |bytes| done(read_accounts(bytes, &plain()))),
    ("places", "place", |bytes| done(read_places(bytes, &plain()))),
    ("bank's loan list", "loan_list", |bytes| done(read_loan_list(bytes, &plain()))),
    ("members", "member", |bytes| done(read_members(bytes, &plain(), None))),
    ("households", "household", |bytes| done(read_households(bytes, &plain(), (day("2026-10-31"), day("2014-01-01"))))),
    ("applications", "loan_application", |bytes| done(read_applications(bytes, &plain()))),
    ("facts of loans", "loan_fact", |bytes| done(read_facts(bytes, &plain()))),
    ("bank's subsidies", "subsidy_list", |bytes| done(read_bank_subsidy(bytes, &plain()))),
    ("bank's classes", "loan_list", |bytes| done(read_bank_classes(bytes, &plain()))),
    ("subsidies elsewhere", "subsidy_elsewhere", |bytes| done(read_elsewhere(bytes, &plain(), "残联"))),
    ("payees and lists", "payout_list", |bytes| done(read_payees(bytes, &plain())).and(done(read_list(bytes, &plain())))),
    ("bank's results", "payout_results", |bytes| done(read_results(bytes, &plain()))),
];

/// Codes of three digits are parents, as in a chart with sub-accounts everywhere.
fn leaf_or_parent(code: &str, _: &str) -> Result<AccountCode, RowReason> {
    if code.len() == 3 { Err(RowReason::NotLeaf(code.into())) } else { Ok(code.into()) }
}

fn plain() -> ImportOptions {
    ImportOptions::default()
}

fn day(text: &str) -> cunzhang::calendar::BusinessDate {
    text.parse().unwrap()
}

fn done<T>(read: Result<T, Refusal>) -> Result<(), String> {
    read.map(drop).map_err(|why| why.code)
}

fn vouchers(bytes: &[u8]) -> Result<(), String> {
    let read = read_vouchers(bytes, &BookCode::from("V001"), &plain(), &|code, _| Ok(code.into()));
    if let Ok(read) = &read {
        assert!(read.vouchers.iter().all(|imported| imported.voucher.check_balanced().is_ok()));
    }
    done(read)
}

/// Walks the rows, within their bounds; answers how many there were and how it ended.
pub fn walk(bytes: &[u8]) -> (u64, Result<(), String>) {
    let mut rows = 0;
    let walked = for_each_row(bytes, &ReadOptions::default(), &mut |row| {
        rows += 1;
        assert!(row.number >= 1 && row.cells.len() <= 256);
        Ok(())
    });
    assert!(rows <= 1_048_576);
    (rows, done(walked))
}
