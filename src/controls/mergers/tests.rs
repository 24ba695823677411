//! How cards, accounts and balances go over.

use super::*;
use crate::ledger::Side;

fn card(member: &str, name: &str) -> Card {
    Card { dimension: "party".into(), member: member.into(), name: name.into() }
}

fn account(code: &str, name: &str, class: AccountClass, parent: Option<&str>, is_leaf: bool) -> BookAccount {
    BookAccount {
        code: code.into(),
        name: name.into(),
        class,
        normal_side: Side::Debit,
        parent: parent.map(Into::into),
        is_leaf,
        is_two_sided: false,
        requires: Vec::new(),
        source: String::new(),
        stopped_on: None,
    }
}

fn balance(code: &str, party: Option<&str>, yuan: i64) -> Balance {
    let dimensions = Dimensions { party: party.map(Into::into), ..Dimensions::default() };
    Balance { account: code.into(), dimensions, net: Amount::from_yuan(yuan) }
}

#[test]
fn a_code_that_is_somebody_else_there_gets_the_books_before_it() {
    let from = BookCode::from("V001");
    let found = cards(
        &from,
        &[card("H1", "韦立春"), card("H2", "覃惊蛰"), card("H3", "莫雨水")],
        &[card("H1", "韦立春"), card("H2", "卢白露")],
        &BTreeSet::new(),
    );
    assert_eq!(found.new, [card("V001-H2", "覃惊蛰"), card("H3", "莫雨水")]);
    assert_eq!(found.renamed.len(), 1);
    let moved = renamed(&Dimensions { party: Some("H2".into()), ..Dimensions::default() }, &found);
    assert_eq!(moved.party.as_deref(), Some("V001-H2"));
}

#[test]
fn a_project_registered_there_is_another_one_even_by_the_same_name() {
    let road = Card { dimension: "project".into(), ..card("P1", "道路硬化") };
    let found = |there: &[&str]| {
        let there = there.iter().map(|project| (*project).to_owned()).collect();
        cards(&BookCode::from("V001"), std::slice::from_ref(&road), std::slice::from_ref(&road), &there)
    };
    assert_eq!(found(&[]).new, []);
    assert_eq!(found(&["P1"]).new, [Card { member: "V001-P1".into(), ..road.clone() }]);
}

#[test]
fn accounts_are_found_added_or_refused() {
    let (from, asset) = (BookCode::from("V001"), AccountClass::Asset);
    let own = [
        account("102", "银行存款", asset, None, false),
        account("10201", "农商行", asset, Some("102"), true),
        account("10202", "信用社", asset, Some("102"), true),
        account("501", "经营收入", AccountClass::Income, None, true),
    ];
    let there = [account("102", "银行存款", asset, None, false), account("10201", "邮储", asset, Some("102"), true)];
    let found = |balances: &[Balance], asked: &[(&str, &str)]| {
        let asked = asked.iter().map(|(a, b)| (AccountCode::from(*a), AccountCode::from(*b))).collect();
        accounts(&from, (balances, &own, &there), &asked).map_err(|why| why.refusal().code)
    };
    assert_eq!(found(&[balance("501", None, -5)], &[]), Err("B-304".into()));
    assert_eq!(found(&[balance("10201", None, 5)], &[]), Err("B-306".into()), "another bank");
    assert_eq!(found(&[balance("10201", None, 5)], &[("10201", "10209")]), Err("B-306".into()), "no such account");
    assert_eq!(found(&[balance("10201", None, 5)], &[("10201", "102")]), Err("B-306".into()), "takes no lines");
    assert_eq!(
        found(&[balance("10201", None, 5)], &[("10201", "10201")]).unwrap().to[&AccountCode::from("10201")].as_str(),
        "10201"
    );
    let added = found(&[balance("10202", None, 5)], &[]).unwrap();
    assert_eq!(added.new.iter().map(|account| account.code.as_str()).collect::<Vec<_>>(), ["10202"]);
}

#[test]
fn one_book_is_emptied_the_other_filled() {
    let (from, into) = (BookCode::from("V001"), BookCode::from("V009"));
    let balances = [balance("102", None, 70), balance("113", Some("H2"), -20), balance("301", None, -50)];
    let found = cards(&from, &[card("H2", "覃惊蛰")], &[card("H2", "卢白露")], &BTreeSet::new());
    let over = Over { from: (&from, "甲村"), into: (&into, "新村"), on: "2026-07-01".parse().unwrap() };
    let (given, taken) = handed_over(over, &balances, (&Accounts::default(), &found)).unwrap().unwrap();
    let sums = |voucher: &Voucher| {
        let line = |line: &crate::ledger::VoucherLine| {
            (line.account.to_string(), (line.debit - line.credit).to_string(), line.dimensions.party.clone())
        };
        voucher.lines.iter().map(line).collect::<Vec<_>>()
    };
    let row = |code: &str, net: &str, party: Option<&str>| (code.to_owned(), net.to_owned(), party.map(str::to_owned));
    assert_eq!(sums(&given), [row("102", "-70.00", None), row("113", "20.00", Some("H2")), row("301", "50.00", None)]);
    assert_eq!(sums(&taken), [row("102", "70.00", None), row("113", "-20.00", Some("V001-H2")), row("301", "-50.00", None)]);
    assert!(handed_over(over, &[], (&Accounts::default(), &found)).unwrap().is_none());
    assert!(sum(&balances).is_zero());
}
