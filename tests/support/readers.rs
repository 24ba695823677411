//! Every reader of `exchange` and of the payouts, fed with the same bytes: only that they end, and their bounds, count.

use cunzhang::exchange::accounts_in::read_accounts;
use cunzhang::exchange::bank_statement::{BankOptions, read_statement};
use cunzhang::exchange::households_in::read_households;
use cunzhang::exchange::loan_applications_in::read_applications;
use cunzhang::exchange::loan_facts_in::read_facts;
use cunzhang::exchange::loan_list_in::read_loan_list;
use cunzhang::exchange::members_in::read_members;
use cunzhang::exchange::openings_in::read_openings;
use cunzhang::exchange::places_in::read_places;
use cunzhang::exchange::rows_in::{ReadOptions, for_each_row};
use cunzhang::exchange::subsidy_lists_in::{read_bank_classes, read_bank_subsidy, read_elsewhere};
use cunzhang::exchange::vouchers_in::{ImportOptions, read_vouchers};
use cunzhang::ledger::BookCode;
use cunzhang::payouts::files_in::{read_list, read_payees, read_results};

/// Feeds bytes to every reader.
pub fn feed(bytes: &[u8]) {
    let options = ImportOptions::default();
    let mut rows = 0;
    let walked = for_each_row(bytes, &ReadOptions::default(), &mut |row| {
        rows += 1;
        assert!(row.number >= 1 && row.cells.len() <= 256);
        Ok(())
    });
    assert!(rows <= 1_048_576);
    let _ = read_statement(bytes, &BankOptions::default());
    // What is no table of rows is none for any of the others: they all begin with the walk above.
    if walked.is_err() && rows == 0 {
        return;
    }
    if let Ok(read) = read_vouchers(bytes, &BookCode::from("V001"), &options, &|code, _| Ok(code.into())) {
        assert!(read.vouchers.iter().all(|imported| imported.voucher.check_balanced().is_ok()));
    }
    let day = |text: &str| text.parse().unwrap();
    let _ = read_openings(bytes, &options, &|code, _| Ok(code.into()));
    let _ = read_accounts(bytes, &options);
    let _ = read_places(bytes, &options);
    let _ = read_loan_list(bytes, &options);
    let _ = read_members(bytes, &options, None);
    let _ = read_households(bytes, &options, (day("2026-10-31"), day("2014-01-01")));
    let _ = read_applications(bytes, &options);
    let _ = read_facts(bytes, &options);
    let _ = read_bank_subsidy(bytes, &options);
    let _ = read_bank_classes(bytes, &options);
    let _ = read_elsewhere(bytes, &options, "残联");
    let _ = read_payees(bytes, &options);
    let _ = read_list(bytes, &options);
    let _ = read_results(bytes, &options);
}
