//! What the sheets must show beside sound figures: broken statements, trade by product, blanks and zeros.

use super::{Heading, check_note, form_statement, member_account, set_in, trial_balance, year_span};
use crate::exchange::sheet::{Cell, Sheet};
use crate::ledger::Stage;
use crate::statements::Check;
use crate::statements::balance_sheet::balance_sheet;
use crate::statements::little_books::{LittleBook, cooperative, period, village, yuan};
use crate::statements::member_account::{FromRegister, member_accounts};
use crate::statements::trial_balance::{Shown, trial_balance as trial};

fn heading(at: &str) -> Heading {
    Heading { unit: "示例村".into(), at: period(at), remarks: vec!["上年未年结,期初为暂计".into()] }
}

fn balance(book: &LittleBook, at: &str, formulas: bool) -> Sheet {
    let statement = balance_sheet(book.regime, &book.chart, &book.rows, period(at)).unwrap();
    form_statement::sheet(&heading(at), &statement, formulas)
}

#[test]
fn a_broken_balance_names_the_difference_and_the_accounts() {
    let mut book = village();
    book.chart.add_optional("village-2023", "109").unwrap();
    let mut missing = book.chart.get(&"112".into()).unwrap().clone();
    missing.code = "119".into();
    let rows = book.chart.accounts().cloned().chain([missing]).collect();
    book.chart = crate::ledger::Chart::from_rows(rows).unwrap();
    book.post("2024-12", Stage::Ordinary, "119 +30.00; 102 -30.00");
    let sheet = balance(&book, "2024-12", false);
    assert_eq!(sheet.notes[0], "上年未年结,期初为暂计");
    assert_eq!(sheet.notes[1], "✕ 资产总计 = 负债和所有者权益总计:182,725.44 ≠ 182,755.44,相差 -30.00");
    assert_eq!(sheet.notes[2], "✕ 未列入任何项目的科目:119");
    assert!(sheet.rows.iter().all(|row| row.len() == sheet.columns.len()));
}

#[test]
fn totals_say_zero_and_lines_stay_blank() {
    let sheet = balance(&LittleBook::new("village-2023"), "2024-01", true);
    let row = |key: &str| sheet.rows.iter().find(|row| row[1] == Cell::Text(key.into())).unwrap();
    assert_eq!((&row("A1")[2], &row("A1")[3]), (&Cell::Empty, &Cell::Empty));
    assert_eq!((row("A23")[2].for_people(), row("A23")[3].for_people()), ("0.00".into(), "0.00".into()));
    let book = village();
    let table = trial(&book.chart, &book.rows, period("2024-11"), Shown::default()).unwrap();
    let sheet = trial_balance::sheet(&heading("2024-11"), &table);
    assert_eq!(sheet.foot[0].len(), 10);
    assert!(sheet.foot[0][2..].iter().all(|cell| matches!(cell, Cell::Amount(_))));
    assert!(sheet.rows.iter().flatten().all(|cell| !matches!(cell, Cell::Amount(amount) if amount.is_zero())));
}

#[test]
fn a_member_shows_trade_by_product_in_the_year_total() {
    let book = cooperative();
    let trade = vec![("稻谷".into(), "1,200 公斤".into(), yuan("3600.00")), ("菜籽".into(), "50 公斤".into(), yuan("400.00"))];
    let register = FromRegister { name_zh: "子社员".into(), trade, ..FromRegister::default() };
    let accounts = member_accounts(&book.chart, &book.rows, period("2024-12"), &[("M1".into(), register)].into()).unwrap();
    let sheets = member_account::sheets(&heading("2024-12"), &accounts, |member| member == "M1");
    let headings: Vec<&str> = sheets[0].columns[8..].iter().map(|column| column.heading.as_str()).collect();
    assert_eq!(headings, ["交易量(稻谷)", "交易量(菜籽)", "交易额(稻谷)", "交易额(菜籽)", "盈余返还金额", "剩余盈余分配金额"]);
    let traded: Vec<String> = sheets[0].rows.last().unwrap()[2..].iter().map(Cell::for_people).collect();
    assert_eq!(traded, ["本年交易", "", "", "", "", "", "1,200 公斤", "50 公斤", "3,600.00", "400.00", "", ""]);
    let total: Vec<String> = sheets[0].foot[0][8..].iter().map(Cell::for_people).collect();
    assert_eq!(total, ["1,200 公斤", "50 公斤", "3,600.00", "400.00", "15,000.00", "4,000.00"]);
    assert!(sheets[0].notes.iter().any(|note| note == "✓ 各成员出资额合计 = 股金:101,000.00 = 101,000.00"));
}

#[test]
fn checks_spans_and_levels_in_words() {
    let too_much = Check::at_most("份额 ≤ 基金", yuan("3"), yuan("2"));
    assert_eq!(check_note(&too_much), "✕ 份额 ≤ 基金:3.00 > 2.00,相差 1.00");
    assert_eq!(check_note(&Check::at_most("份额 ≤ 基金", yuan("1"), yuan("2"))), "✓ 份额 ≤ 基金:1.00 ≤ 2.00");
    let spans: Vec<String> = ["2024-00", "2024-01", "2024-10", "2024-12"].map(|at| year_span(period(at))).to_vec();
    assert_eq!(spans, ["2024年初", "2024年1月", "2024年1月至10月", "2024年度"]);
    assert_eq!((set_in("农商行", 1), set_in("农商行", 3)), ("农商行".into(), "　　农商行".into()));
}
