//! Bank accounts, statements and matches as kept. SQL only; nothing here decides.

mod accounts;
mod documents;
mod imports;
mod items;
mod loan_money;
mod loans;
mod matches;
mod shares;

pub use accounts::{Numbers, account, accounts_of, all_accounts, draw, frozen, lock, save_account};
pub use documents::{Document, document, latest_documents, rules, save_document, save_rule, save_template, templates};
pub use imports::{Existing, Import, existing, import_by_digest, imports, mark_undone, remove_lines, save_import, save_lines};
pub use items::{Balances, Free, balances, bank_items, book_items, chosen_bank, chosen_book, names};
pub use loan_money::{
    LoanAct, LoanLine, has_loan_acts, last_voucher, lines_made, lines_of_loan, loan_act_of, loan_acts, loan_names, loans_of,
    mark_loan_act_undone, save_loan_act,
};
pub use loans::register_rows;
pub use matches::{
    Group, Run, groups_of_bank, groups_of_book, has_parts, members, remove_groups, remove_parts, save_groups, save_parts,
};
pub use shares::Shares;
