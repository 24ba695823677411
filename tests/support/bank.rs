//! One row at least in every table of the reconciliation, for tests that carry a whole database about.

use cunzhang::controls::reconciliation::account::{BankAccount, CloseCheck};
use cunzhang::controls::reconciliation::rules::{Direction, Rule};
use cunzhang::controls::reconciliation::service::{
    AddBankAccount, AddRule, At, ImportStatement, KeepTemplate, Match, SaveReconciliation,
};
use cunzhang::exchange::bank_statement::{BankOptions, Template, read_statement};
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::{AccountCode, BookCode, Dimensions};

use super::county::{County, date, simple};

/// Registers a bank account of a book on account 102, imports a line, matches it and keeps the paper.
pub async fn reconcile_one(county: &County, book: &BookCode) {
    let account = BankAccount {
        code: "NS01".into(),
        number: "4599001012345678".into(),
        bank_name: "青禾农商行".into(),
        holder: "枫林村".into(),
        book: book.clone(),
        account: AccountCode::from("102"),
        member: String::new(),
        starts_on: date("2026-01-01"),
        opening: None,
        close_check: CloseCheck::Warn,
        auto_days: 3,
        candidate_days: 10,
    };
    let at = At::from(&account);
    county.done("甲", AddBankAccount { account }).await;
    let mut file =
        read_statement("日期,收,付,余额,摘要\n2026-01-20,7.00,,5007.00,租金\n".as_bytes(), &BankOptions::default()).unwrap();
    let template = Template::of("某行", &file.table, "", None);
    let statement = file.statements.remove(0);
    county
        .done(
            "甲",
            ImportStatement {
                at: at.clone(),
                file_name: "一月.csv".into(),
                digest: "00".into(),
                format: "表格".into(),
                statement,
            },
        )
        .await;
    let rent = simple(book, "2026-01-20", "102", "50102", "7.00");
    let posted = county.done("甲", PostVouchers { vouchers: vec![rent], event: None }).await;
    county.done("甲", Match { at: at.clone(), bank: vec![(1, 0)], book: vec![(posted[0].1.0, 1)] }).await;
    let rule = Rule {
        name: "费".into(),
        contains: "费".into(),
        direction: Direction::Out,
        account: AccountCode::from("51301"),
        dimensions: Dimensions::default(),
    };
    county.done("甲", AddRule { book: book.clone(), rule }).await;
    county.done("甲", KeepTemplate { template }).await;
    county.done("甲", SaveReconciliation { at, period: "2026-01".parse().unwrap() }).await;
}
