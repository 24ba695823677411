//! Proofs of the statements: two years to the fen, broken forms and books that must show, and random books that must balance.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::balance_sheet::{balance_sheet, by_form};
use super::equity::equity;
use super::evaluate::FormStatement;
use super::form::{Form, FormId};
use super::formula::{Source, Take};
use super::little_books::{LittleBook, cooperative, period, village, yuan};
use super::member_account::{FromRegister, MemberAmounts, member_accounts};
use super::receipts_payments::receipts_payments;
use super::surplus::surplus;
use super::trial_balance::{Shown, TrialBalance, by_member, trial_balance};
use super::{Check, StatementRefusal};
use crate::calendar::AccountingPeriod;
use crate::ledger::{AccountCode, Dimension, Stage, regime::regimes};
use crate::money::Amount;

fn balance_of(book: &LittleBook, at: &str) -> FormStatement {
    balance_sheet(book.regime, &book.chart, &book.rows, period(at)).unwrap()
}

fn surplus_of(book: &LittleBook, at: &str) -> FormStatement {
    surplus(book.regime, &book.chart, &book.rows, period(at), None).unwrap()
}

fn trial_of(book: &LittleBook, at: &str) -> TrialBalance {
    trial_balance(&book.chart, &book.rows, period(at), Shown::default()).unwrap()
}

fn expect(statement: &FormStatement, lines: &[(&str, &str)]) {
    for (key, amount) in lines {
        assert_eq!(statement.amount(key), yuan(amount), "{} line {key}", statement.title_zh);
    }
    assert!(statement.is_sound(), "{:?} {:?} {:?}", statement.checks, statement.in_no_line, statement.in_two_lines);
}

fn all_hold(checks: &[Check]) {
    let failed: Vec<&Check> = checks.iter().filter(|check| !check.holds).collect();
    assert!(failed.is_empty(), "{failed:?}");
}

const VILLAGE_SURPLUS: &[(&str, &str)] = &[
    ("1", "12845.67"),
    ("5", "2000.00"),
    ("5a", "1200.00"),
    ("6", "10845.67"),
    ("7", "8000.00"),
    ("8", "10.01"),
    ("9", "2500.25"),
    ("10", "99.99"),
    ("13", "16255.44"),
    ("14", "6899.50"),
    ("15", "100.00"),
    ("16", "23254.94"),
    ("17", "5000.00"),
    ("18", "3000.00"),
    ("19", "0.00"),
    ("20", "15254.94"),
];

const VILLAGE_BALANCE: &[(&str, &str)] = &[
    ("A1", "107555.44"),
    ("A3", "0.00"),
    ("A11", "80000.00"),
    ("A12", "4800.00"),
    ("A13", "75200.00"),
    ("A23", "182755.44"),
    ("B2", "2600.50"),
    ("B9", "40000.00"),
    ("C1", "40000.00"),
    ("C2", "84900.00"),
    ("C3", "15254.94"),
    ("C5", "182755.44"),
];

#[test]
fn a_village_year_to_the_fen_before_and_after_its_closing() {
    let mut book = village();
    for closed in [false, true] {
        expect(&balance_of(&book, "2024-12"), VILLAGE_BALANCE);
        expect(&surplus_of(&book, "2024-12"), VILLAGE_SURPLUS);
        all_hold(&trial_of(&book, "2024-12").checks);
        if !closed {
            book.close("2024-12");
        }
    }
    let trial = trial_of(&book, "2024-12");
    let gone = |code: &str| {
        trial.rows.iter().filter(|row| row.account.as_str().starts_with(code)).all(|row| row.columns.closing.is_zero())
    };
    assert!(["321", "32201", "501", "513"].into_iter().all(gone));
}

#[test]
fn at_an_interim_date_the_result_and_what_is_not_cleared_are_shown() {
    let balance = balance_of(&village(), "2024-11");
    expect(&balance, &[("X181", "50.00"), ("A3", "700.00"), ("B2", "300.50"), ("C3", "23144.93")]);
    assert_eq!(balance.line("A1").unwrap().compared, Some(yuan("51000.00")));
    assert_eq!(balance.line("A3").unwrap().compared, Some(yuan("200.00")));
    assert!(balance_of(&village(), "2024-12").line("X181").is_none());
    let cell = balance.line("A3").unwrap().cell.clone().unwrap();
    assert_eq!(cell.words_zh, "应收款(112)借方余额 + 内部往来(113)各明细借方余额合计");
    assert_eq!(cell.reads.iter().map(|read| read.amount).collect::<Vec<_>>(), [yuan("0"), yuan("700.00")]);
}

#[test]
fn a_two_sided_account_shows_both_sides() {
    let trial = trial_of(&village(), "2024-11");
    let row = trial.rows.iter().find(|row| row.account.as_str() == "113").unwrap();
    assert_eq!((row.columns.closing.debit, row.columns.closing.credit), (yuan("700.00"), yuan("300.50")));
    assert_eq!((row.columns.opening.debit, row.columns.opening.credit), (yuan("700.00"), yuan("300.50")));
    assert_eq!((row.columns.year_to_date.debit, row.columns.period.debit), (yuan("500.00"), yuan("0")));
    all_hold(&trial.checks);
    let first_level =
        trial_balance(&village().chart, &village().rows, period("2024-11"), Shown { levels: 1, empty_accounts: true });
    assert_eq!(first_level.unwrap().rows.len(), 42);
}

#[test]
fn members_of_a_dimension_add_up_to_their_account() {
    let mut book = village();
    let table = by_member(&book.chart, &book.rows, period("2024-12"), Dimension::Party).unwrap();
    all_hold(&table.checks);
    let h2 = table.rows.iter().find(|row| row.member.as_deref() == Some("H002")).unwrap();
    assert_eq!((h2.columns.opening.credit, h2.columns.closing.credit), (yuan("2300.50") - yuan("2000"), yuan("2300.50")));
    book.post("2024-12", Stage::Ordinary, "113 +5.00; 102 -5.00");
    let broken = by_member(&book.chart, &book.rows, period("2024-12"), Dimension::Party).unwrap();
    assert!(broken.checks.iter().any(|check| !check.holds && check.name_zh.starts_with("113")));
    assert!(broken.rows.iter().any(|row| row.member.is_none() && row.columns.closing.debit == yuan("5.00")));
}

#[test]
fn receipts_and_payments_survive_a_monthly_transfer() {
    let mut book = village();
    book.close("2024-12");
    let table =
        |book: &LittleBook, at: &str, last| receipts_payments(book.regime, &book.chart, &book.rows, period(at), last).unwrap();
    let november = table(&book, "2024-11", None);
    assert_eq!((november.expense.month, november.income.month), (yuan("-34.56"), Amount::ZERO));
    let december = table(&book, "2024-12", Some(&november));
    assert_eq!((december.income.year_to_date, december.expense.year_to_date), (yuan("20855.68"), yuan("4600.24")));
    assert_eq!((december.difference.year_to_date, december.income.month), (yuan("16255.44"), yuan("10.01")));
    assert_eq!(december.income.last_year, Some(yuan("20845.67")));
    all_hold(&december.checks);
}

#[test]
fn a_cooperative_year_to_the_fen() {
    let mut book = cooperative();
    book.close("2024-12");
    let (balance, surplus) = (balance_of(&book, "2024-12"), surplus_of(&book, "2024-12"));
    expect(
        &balance,
        &[("1", "140020.10"), ("2", "500.00"), ("10", "30000.00"), ("22", "170520.10"), ("24", "200.00"), ("28", "300.33")],
    );
    expect(&balance, &[("29", "20000.00"), ("30", "6000.00"), ("33", "0.00"), ("36", "101000.00"), ("37", "30000.00")]);
    expect(&balance, &[("38", "1000.00"), ("39", "7471.98"), ("40", "4547.79"), ("42", "170520.10")]);
    expect(&surplus, &[("6", "280.13"), ("12", "28719.77"), ("13", "5300.00"), ("14", "400.00"), ("15", "2871.98")]);
    expect(&surplus, &[("16", "31547.79"), ("17", "20000.00"), ("18", "6000.00"), ("19", "1000.00"), ("20", "4547.79")]);
}

#[test]
fn equity_grows_and_shrinks_as_the_ledger_says() {
    let mut book = cooperative();
    book.close("2024-12");
    let drawn = |given: &[(&str, &str)]| {
        let given: BTreeMap<String, Amount> = given.iter().map(|(key, amount)| ((*key).to_owned(), yuan(amount))).collect();
        equity(book.regime, &book.chart, &book.rows, period("2024-12"), &given).unwrap()
    };
    let statement = drawn(&[("311.inc.2", "1000.00")]);
    all_hold(&statement.checks);
    let columns = &statement.columns;
    assert_eq!((columns[0].opening, columns[0].increase, columns[0].closing), (yuan("90000"), yuan("11000"), yuan("101000")));
    let grants: Vec<Amount> = columns[1].increases.iter().map(|part| part.cell.as_ref().unwrap().amount).collect();
    assert_eq!(grants, [yuan("29000.00"), yuan("1000.00")]);
    assert_eq!((columns[3].increase, columns[3].decrease), (yuan("2871.98"), yuan("400.00")));
    assert_eq!((columns[4].increase, columns[4].decrease), (yuan("29119.77"), yuan("29871.98")));
    assert_eq!(statement.totals[3], yuan("144019.77"));
    let wrong = drawn(&[("322.inc.1", "1.00")]);
    assert!(wrong.checks.iter().any(|check| !check.holds && check.name_zh.starts_with("盈余公积")));
}

#[test]
fn member_accounts_add_up_to_the_share_capital() {
    let book = cooperative();
    let amounts =
        MemberAmounts { contribution_from_poverty_assets: yuan("5000"), reserve_share: yuan("9999"), ..Default::default() };
    let quantified =
        MemberAmounts { reserve_share: yuan("100"), contribution_from_poverty_assets: yuan("5"), ..Default::default() };
    let moved = BTreeMap::from([(period("2024-03"), quantified)]);
    let known = FromRegister { name_zh: "甲".into(), opening: amounts, closing: amounts, moved, ..Default::default() };
    let register = BTreeMap::from([("M1".to_owned(), known)]);
    let drawn = member_accounts(&book.chart, &book.rows, period("2024-12"), &register).unwrap();
    assert!(drawn.checks[0].holds && !drawn.checks[1].holds, "{:?}", drawn.checks);
    let [m1, _, m3] = drawn.accounts.as_slice() else { panic!("three members") };
    assert_eq!((m1.opening.contribution_other, m1.closing.contribution_other), (yuan("55000"), yuan("56000")));
    assert_eq!((m1.closing.patronage_refund, m1.closing.remaining_surplus), (yuan("15000"), yuan("4000")));
    assert_eq!(m1.entries.len(), 2);
    assert_eq!(m1.entries[0].summary_zh, "到户类扶贫项目资产出资、出资变动、公积金量化");
    assert_eq!((m1.entries[0].amounts.contribution_other, m1.entries[0].amounts.reserve_share), (yuan("-5"), yuan("100")));
    assert_eq!(m1.entries[1].summary_zh, "出资变动、盈余返还、剩余盈余分配");
    assert_eq!((m3.opening.contribution_other, m3.entries[0].period), (Amount::ZERO, period("2024-09")));
}

#[test]
fn last_years_figures_stand_beside_only_of_the_same_regime() {
    let book = village();
    let (last, other) = (surplus_of(&book, "2024-11"), surplus_of(&cooperative(), "2024-12"));
    let draw = |last| surplus(book.regime, &book.chart, &book.rows, period("2024-12"), Some(last)).unwrap();
    assert_eq!(draw(&last).line("8").unwrap().compared, Some(Amount::ZERO));
    assert_eq!(draw(&last).line("1").unwrap().compared, Some(yuan("12845.67")));
    assert_eq!(draw(&other).line("1").unwrap().compared, None);
}

/// A form with one account taken out of it fails its check and names the account.
#[test]
fn a_form_that_forgets_an_account_is_caught() {
    let book = village();
    for forgotten in ["101", "102", "113", "151", "152", "241", "301", "311", "322"] {
        let mut form = Form::of("village-2023", FormId::Balance).unwrap();
        let is_it = |source: &Source| matches!(source, Source::Account(_, code) if code.as_str() == forgotten);
        form.lines.iter_mut().for_each(|line| line.terms.retain(|term| !is_it(&term.source)));
        let drawn = by_form(&form, &book.chart, &book.rows, period("2024-12")).unwrap();
        assert!(!drawn.checks[0].holds, "{forgotten}");
        assert!(
            !drawn.in_no_line.is_empty() && drawn.in_no_line.iter().all(|code| code.as_str().starts_with(forgotten)),
            "{forgotten}"
        );
    }
}

#[test]
fn a_form_that_reads_an_account_twice_or_forgets_the_result_is_caught() {
    let book = village();
    let mut form = Form::of("village-2023", FormId::Balance).unwrap();
    form.lines.iter_mut().filter(|line| line.key == "A5").for_each(|line| {
        line.terms[0].source = Source::Account(Take::DebitBalance, "151".into());
    });
    let drawn = by_form(&form, &book.chart, &book.rows, period("2024-12")).unwrap();
    assert!(!drawn.is_sound() && drawn.in_two_lines == [AccountCode::from("151")]);
    let mut form = Form::of("village-2023", FormId::Balance).unwrap();
    form.lines.iter_mut().for_each(|line| line.terms.retain(|term| term.source != Source::Result));
    let drawn = by_form(&form, &book.chart, &book.rows, period("2024-11")).unwrap();
    assert!(drawn.in_no_line.contains(&"50101".into()) && !drawn.checks[0].holds);
}

#[test]
fn broken_books_are_named() {
    let mut book = village();
    book.post("2024-12", Stage::Ordinary, "513 +1.00; 102 -1.00");
    let on_parent = trial_of(&book, "2024-12");
    assert!(on_parent.checks.iter().any(|check| !check.holds && check.name_zh.starts_with("513 =")));
    let mut book = village();
    book.post("2024-12", Stage::Ordinary, "102 +0.01");
    assert_eq!(trial_of(&book, "2024-12").checks.iter().filter(|check| !check.holds).count(), 3);
    assert!(!balance_of(&book, "2024-12").checks[0].holds);
    book.post("2023-12", Stage::Ordinary, "102 +1; 101 -1");
    let other_year = trial_balance(&book.chart, &book.rows, period("2024-12"), Shown::default()).unwrap_err();
    assert!(matches!(other_year, StatementRefusal::OtherYear { .. }));
}

/// Opening, then ordinary lines in pairs, on any leaf; amounts may be red.
fn random_book() -> impl Strategy<Value = LittleBook> {
    let pair =
        (0u32..=12, any::<prop::sample::Index>(), any::<prop::sample::Index>(), -5_000_000i64..5_000_000, 0usize..4, 0usize..4);
    (0..regimes().len(), prop::collection::vec(pair, 0..60)).prop_map(|(n, pairs)| {
        let mut book = LittleBook::new(&regimes()[n].id);
        let leaves: Vec<AccountCode> = book.chart.leaves().map(|leaf| leaf.code.clone()).collect();
        let carried: Vec<AccountCode> =
            book.chart.leaves().filter(|leaf| !leaf.class.is_profit_and_loss()).map(|leaf| leaf.code.clone()).collect();
        for (month, debit, credit, fen, party, other) in pairs {
            let (from, stage) = if month == 0 { (&carried, Stage::Opening) } else { (&leaves, Stage::Ordinary) };
            let at = AccountingPeriod::new(2024, month).unwrap_or(AccountingPeriod::opening(2024));
            let (debit, credit) = (debit.get(from).clone(), credit.get(from).clone());
            let party_of = |n: usize| ["P1", "P2", "P3"].get(n).copied();
            book.line(at, stage, &debit, party_of(party), true, Amount::from_fen(fen));
            book.line(at, stage, &credit, party_of(other), false, Amount::from_fen(fen));
        }
        book
    })
}

proptest! {
    #[test]
    fn any_balanced_book_balances_on_every_paper(mut book in random_book(), month in 1u32..=12) {
        for closed in [false, true] {
            for at in [month, 12].map(|month| AccountingPeriod::new(2024, month).unwrap().to_string()) {
                all_hold(&trial_of(&book, &at).checks);
                let balance = balance_of(&book, &at);
                prop_assert!(balance.is_sound(), "{} {at} {closed} {:?} {:?} {:?}", book.regime.id, balance.checks, balance.in_no_line, balance.in_two_lines);
                let surplus = surplus_of(&book, &at);
                prop_assert!(surplus.is_sound(), "{} {at} {closed} {:?}", book.regime.id, surplus.checks);
                let table = receipts_payments(book.regime, &book.chart, &book.rows, period(&at), None).unwrap();
                all_hold(&table.checks);
                if Form::of(&book.regime.id, FormId::Equity).is_ok() {
                    all_hold(&equity(book.regime, &book.chart, &book.rows, period(&at), &BTreeMap::new()).unwrap().checks);
                }
            }
            if !closed {
                book.close("2024-12");
            }
        }
    }

    #[test]
    fn the_trial_balance_agrees_with_plain_addition(book in random_book()) {
        let plain = book.balances();
        let trial = trial_of(&book, "2024-12");
        for row in trial.rows.iter().filter(|row| book.chart.is_leaf(&row.account)) {
            let expected = plain.get(&row.account).copied().unwrap_or_default();
            prop_assert_eq!(row.columns.closing.net(), expected);
        }
    }
}
