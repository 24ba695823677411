//! Exchange: bytes of files to rows, rows to vouchers and registers, and figures back to files.
//!
//! Pure: bytes in, values out; writers take any [`std::io::Write`]. Nothing here opens a file, asks a
//! clock or knows a database. What an account is, and whether a book may take a voucher, the ledger says.
//!
//! ```text
//!   bytes ── encoding ──▶ csv_in ┐                         ┌▶ vouchers_in ─▶ vouchers with source keys
//!        └─ zip_guard, xls_guard ─▶ excel_in ┴▶ rows_in ─▶ records_in ─┼▶ openings_in ─▶ opening lines
//!                                     (head row: headings)  ├▶ accounts_in, places_in
//!   Sheet ─▶ write_text · write_csv · write_json · write_xlsx      posted vouchers ─▶ journal_out
//! ```

pub mod accounts_in;
pub mod bank_statement;
pub mod compound_file;
pub mod csv_in;
pub mod dress;
pub mod encoding;
pub mod excel_in;
pub mod growing;
pub mod head_look;
pub mod headings;
pub mod households_in;
pub mod journal_dialect;
pub mod journal_names;
pub mod journal_out;
pub mod lines_in;
pub mod loan_applications_in;
pub mod loan_facts_in;
pub mod loan_list_in;
mod loan_papers_in;
pub mod members_in;
pub mod openings_in;
pub mod photo;
pub mod places_in;
pub mod problems;
pub mod records_in;
pub mod refusal;
pub mod rows_in;
pub mod sheet;
pub mod source_key;
pub mod subsidy_lists_in;
pub mod totals_in;
pub mod values_in;
pub mod vouchers_in;
pub mod write_csv;
pub mod write_json;
pub mod write_text;
pub mod write_xlsx;
mod xls_guard;
pub mod zip_guard;

pub use dress::Dress;
pub use growing::Growing;
pub use refusal::ExchangeRefusal;
pub use sheet::{Cell, Column, ColumnKind, Sheet};
pub use write_csv::write_csv;
pub use write_json::write_json;
pub use write_text::write_text;
pub use write_xlsx::write_xlsx;
