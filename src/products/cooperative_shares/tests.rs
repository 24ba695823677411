//! Cases of shares and distributions: worked examples, splits, floors, and properties that must hold for any register.

mod oracle;
mod passes;

use std::collections::BTreeMap;

use proptest::prelude::*;

use passes::{distribute, quantified_in_part};

use super::class::*;
use super::distribution::floors::floor_of;
use super::distribution::{MemberFacts, Standing};
use super::explain::explain;
use super::holding::*;
use super::plan::*;
use super::posting_rules::{Distribution, In};
use crate::calendar::BusinessDate;
use crate::ledger::regime::regime;
use crate::ledger::{BookCode, Voucher};
use crate::money::{Amount, Rate};

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

fn yuan(text: &str) -> Amount {
    text.parse().unwrap()
}

fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

fn terms(reserve: &str, refund: &str) -> Terms {
    let (reserve_rate, refund_rate) = (rate(reserve), rate(refund));
    let basis = Some("股份经济合作社,不适用合作社法".to_owned());
    Terms { year: 2026, reserve_rate, refund_rate, basis, remaining: None, method: Method::ShareDays, tax_rate: Rate::ZERO }
}

fn book(undistributed: &str, result: &str, reserve: &str) -> BookFigures {
    BookFigures { undistributed: yuan(undistributed), result: yuan(result), reserve: yuan(reserve) }
}

fn whole_year(base: &str, class: &str) -> Standing {
    Standing { class: class.into(), base: yuan(base), days: i128::from(yuan(base).fen()) * 365 }
}

fn member(trade: &str, standings: Vec<Standing>) -> MemberFacts {
    MemberFacts { trade: yuan(trade), arrears: Amount::ZERO, standings }
}

fn preferred(floor: &str, timing: FloorTiming, shortfall: Shortfall, participation: Participation) -> ShareClass {
    let guarantor = (shortfall == Shortfall::Guaranteed).then(|| "县农投".to_owned());
    let floor = Floor { rate: rate(floor), timing, shortfall, guarantor, basis: "协议".into() };
    ShareClass { floor: Some(floor), participation, ..ShareClass::ordinary("P", "优先股", ClassKind::Preferred) }
}

fn classes(preferred: Option<ShareClass>) -> BTreeMap<String, ShareClass> {
    let ordinary = ShareClass::ordinary("A", "资金股", ClassKind::Subscribed);
    [Some(ordinary), preferred].into_iter().flatten().map(|class| (class.class.clone(), class)).collect()
}

/// Worked example 1 [YANG]: 400,000; reserve 10 %; refunds 70 %; 108,000 over a base of 1,700,000.
#[test]
fn worked_example_one() {
    let terms = terms("10", "70");
    let divided = pools(&terms, &book("400000.00", "400000.00", "500000.00"), true).unwrap();
    assert_eq!((divided.reserve, divided.distributable), (yuan("40000.00"), yuan("360000.00")));
    assert_eq!((divided.refunds, divided.remaining, divided.warning.clone()), (yuan("252000.00"), yuan("108000.00"), None));
    let members = BTreeMap::from([
        ("M1".to_owned(), member("100000.00", vec![whole_year("100000.00", "A")])),
        ("M2".to_owned(), member("500000.00", vec![whole_year("1600000.00", "A")])),
    ]);
    let (pools, rows) = distribute(&terms, divided, &classes(None), members.clone(), 365).unwrap();
    assert_eq!(rows[0].share, yuan("6352.94"));
    assert_eq!(rows[0].refund, yuan("42000.00"));
    assert_eq!(rows.iter().map(|row| row.net).sum::<Amount>(), yuan("360000.00"));
    let said = explain(&rows[0], &pools);
    assert!(said.contains("6,352.94") && said.contains("42,000.00") && said.ends_with("实发 48,352.94 元。"), "{said}");
}

/// Worked example 2 [GAOXIAN]: floor 5 % of 1,000,000 beside the pool, participation 29 % of 100,000, 138 members.
#[test]
fn worked_example_two() {
    let mut class = preferred("5", FloorTiming::BeforeProfit, Shortfall::FinanceCost, Participation::AtRate);
    class.participation_rate = Some(rate("29"));
    let terms = terms("0", "0");
    let each = crate::money::allotment::allot(yuan("1000000.00"), &[1; 138]).unwrap();
    let mut members: BTreeMap<String, MemberFacts> = each
        .iter()
        .enumerate()
        .map(|(n, part)| (format!("H{n:03}"), member("0.00", vec![whole_year(&part.to_string(), "P")])))
        .collect();
    members.insert("Z".to_owned(), member("0.00", vec![whole_year("2420000.00", "A")]));
    let pools = pools(&terms, &book("100000.00", "100000.00", "0.00"), true).unwrap();
    assert!(pools.warning.is_some());
    let (pools, rows) = distribute(&terms, pools, &classes(Some(class)), members.clone(), 365).unwrap();
    let poor: Amount = rows.iter().filter(|row| row.member != "Z").map(|row| row.at_rate).sum();
    assert_eq!((poor, rows.last().unwrap().share), (yuan("29000.00"), yuan("71000.00")));
    let total = poor + pools.cost;
    assert_eq!(total, yuan("79000.00"));
    assert!(rows[0].net >= yuan("572.45") && rows[0].net <= yuan("572.48"), "{}", rows[0].net);
}

/// CN-30: floors of 4,000 each, then 14,000 by 1:1:1:7. CN-27: 10,000 over three.
#[test]
fn floors_first_then_shares() {
    let class = preferred("8", FloorTiming::FromProfit, Shortfall::Carried, Participation::ByWeight);
    let mut members: BTreeMap<String, MemberFacts> =
        ["A", "B", "C"].iter().map(|m| ((*m).to_owned(), member("0.00", vec![whole_year("50000.00", "P")]))).collect();
    members.insert("村集体".to_owned(), member("0.00", vec![whole_year("350000.00", "A")]));
    let terms = terms("0", "0");
    let divided = pools(&terms, &book("26000.00", "26000.00", "0.00"), true).unwrap();
    let (pools_out, rows) = distribute(&terms, divided, &classes(Some(class.clone())), members.clone(), 365).unwrap();
    assert_eq!(rows.iter().map(|row| row.net.to_string()).collect::<Vec<_>>(), ["5400.00", "5400.00", "5400.00", "9800.00"]);
    assert!(explain(&rows[0], &pools_out).contains("保底应付 4,000.00,从盈余付 4,000.00"));
    let short = pools(&terms, &book("10000.00", "10000.00", "0.00"), true).unwrap();
    let (out, rows) = distribute(&terms, short, &classes(Some(class)), members.clone(), 365).unwrap();
    assert_eq!(rows.iter().map(|row| row.net.to_string()).collect::<Vec<_>>(), ["3333.34", "3333.33", "3333.33"]);
    assert_eq!(out.carried, yuan("2000.00"));
    let class = preferred("8", FloorTiming::FromProfit, Shortfall::Guaranteed, Participation::None);
    let short = pools(&terms, &book("10000.00", "10000.00", "0.00"), true).unwrap();
    let (out, rows) = distribute(&terms, short, &classes(Some(class)), members.clone(), 365).unwrap();
    assert_eq!(rows.iter().map(|row| row.net).collect::<Vec<_>>(), [yuan("4000.00"); 3]);
    assert_eq!(out.guaranteed, BTreeMap::from([("县农投".to_owned(), yuan("2000.00"))]));
}

/// What was carried from a short year is paid first and said apart in the row's sentence.
#[test]
fn a_row_says_what_of_it_is_owed_from_earlier_years() {
    let class = preferred("8", FloorTiming::FromProfit, Shortfall::Carried, Participation::None);
    let owed = MemberFacts { arrears: yuan("666.66"), ..member("0.00", vec![whole_year("50000.00", "P")]) };
    let members = BTreeMap::from([("A".to_owned(), owed), ("B".to_owned(), member("0.00", vec![whole_year("50000.00", "A")]))]);
    let terms = terms("0", "0");
    let divided = pools(&terms, &book("5000.00", "5000.00", "0.00"), true).unwrap();
    let (out, rows) = distribute(&terms, divided, &classes(Some(class)), members, 365).unwrap();
    assert_eq!((rows[0].arrears, rows[0].floor_paid, rows[1].arrears), (yuan("666.66"), yuan("4666.66"), Amount::ZERO));
    let said = explain(&rows[0], &out);
    assert!(said.contains("保底应付 4,666.66,其中补付以前年度 666.66,从盈余付 4,666.66"), "{said}");
}

/// Shares quantified on 31 December count for one day of 365 by share-days: the plan says so; by a record date nothing is said.
#[test]
fn shares_quantified_at_the_years_end_are_named() {
    let classes = BTreeMap::from([("Q".to_owned(), ShareClass::ordinary("Q", "量化股", ClassKind::Quantified))]);
    let last_day = Standing { class: "Q".into(), base: yuan("30000.00"), days: i128::from(yuan("30000.00").fen()) };
    let members = |standing: Standing| BTreeMap::from([("M1".to_owned(), member("0.00", vec![standing]))]);
    let said = quantified_in_part(&classes, &members(last_day), 365).unwrap();
    assert!(said.contains("量化股 1 户共 30,000.00 平均计 1 天") && said.contains("--record-date"), "{said}");
    assert_eq!(quantified_in_part(&classes, &members(whole_year("30000.00", "Q")), 365), None);
}

/// 1,000.00 over seven equal members: five get 142.86, two 142.85.
#[test]
fn seven_equal_members() {
    let terms = terms("0", "0");
    let members: BTreeMap<String, MemberFacts> =
        (1..=7).map(|n| (format!("M{n}"), member("0.00", vec![whole_year("100.00", "A")]))).collect();
    let divided = pools(&terms, &book("1000.00", "1000.00", "0.00"), true).unwrap();
    let (_, rows) = distribute(&terms, divided, &classes(None), members.clone(), 365).unwrap();
    let nets: Vec<String> = rows.iter().map(|row| row.net.to_string()).collect();
    assert_eq!(nets, ["142.86", "142.86", "142.86", "142.86", "142.86", "142.85", "142.85"]);
}

/// However a plan is cut into parts, every part balances and each account and member gets what one voucher would give.
#[test]
fn a_plan_posted_in_parts_comes_to_the_same() {
    let guaranteed = preferred("8", FloorTiming::FromProfit, Shortfall::Guaranteed, Participation::ByWeight);
    let mut members: BTreeMap<String, MemberFacts> = (0..7)
        .map(|n| {
            (format!("M{n}"), member("100.00", vec![whole_year("50000.00", "P"), whole_year(&format!("{}.00", 1 + n), "A")]))
        })
        .collect();
    members.insert("Z".to_owned(), member("0.00", vec![whole_year("350000.00", "A")]));
    let terms = terms("10", "60");
    let divided = pools(&terms, &book("30000.00", "30000.00", "0.00"), true).unwrap();
    let (pools, rows) = distribute(&terms, divided, &classes(Some(guaranteed)), members.clone(), 365).unwrap();
    assert!(pools.guaranteed["县农投"].is_positive());
    let (code, regime) = (BookCode::from("C001"), regime("cooperative-2021").unwrap());
    let posted = |members_a_part: usize| {
        let book = In { book: &code, regime, on: day("2026-12-31") };
        let mut making = Distribution::of(book, &terms, &pools, rows.len().div_ceil(members_a_part));
        let mut sums: BTreeMap<(String, Option<String>), i64> = BTreeMap::new();
        let parts: Vec<Voucher> = rows.chunks(members_a_part).map(|rows| making.part(rows).unwrap()).collect();
        for line in parts.iter().flat_map(|voucher| &voucher.lines) {
            *sums.entry((line.account.to_string(), line.dimensions.party.clone())).or_default() +=
                line.debit.fen() - line.credit.fen();
        }
        (parts, sums)
    };
    let (whole, expected) = posted(rows.len());
    assert_eq!((whole.len(), whole[0].lines[0].summary.as_str()), (1, "提取公积金"));
    for members_a_part in 1..rows.len() {
        let (parts, sums) = posted(members_a_part);
        assert_eq!(sums, expected, "{members_a_part}");
        assert!(parts[0].lines[0].summary.ends_with(&format!("(1/{})", parts.len())));
    }
}

#[test]
fn refusals_name_the_figure() {
    let code = |terms: &Terms, figures: &BookFigures, refunds: bool| pools(terms, figures, refunds).unwrap_err().code;
    let good = book("100.00", "100.00", "0.00");
    assert_eq!(code(&Terms { basis: None, ..terms("0", "59.99") }, &good, true), "D-104");
    assert!(pools(&Terms { basis: None, ..terms("0", "60") }, &good, true).is_ok());
    assert_eq!(code(&Terms { remaining: Some(yuan("100.01")), ..terms("0", "0") }, &good, true), "D-102");
    assert_eq!(code(&terms("0", "0"), &book("-5.00", "-5.00", "4.99"), true), "D-103");
    assert_eq!(pools(&terms("10", "0"), &book("-5.00", "-5.00", "9.00"), true).unwrap().made_up, yuan("5.00"));
    assert_eq!(code(&terms("0", "10"), &good, false), "D-108");
    assert_eq!(code(&terms("101", "0"), &good, true), "D-107");
    let none = BTreeMap::new();
    let divided = pools(&terms("0", "70"), &good, true).unwrap();
    assert_eq!(distribute(&terms("0", "70"), divided, &classes(None), none.clone(), 365).unwrap_err().code, "D-105");
    let divided = pools(&terms("0", "0"), &good, true).unwrap();
    assert_eq!(distribute(&terms("0", "0"), divided, &classes(None), none.clone(), 365).unwrap_err().code, "D-106");
}

#[test]
fn a_share_counts_from_its_first_day() {
    let year = (day("2026-01-01"), day("2026-12-31"));
    for (on, days) in [("2025-06-01", 365), ("2026-01-01", 365), ("2026-01-02", 364), ("2026-12-31", 1), ("2027-01-01", 0)] {
        assert_eq!(share_days(Amount::from_fen(1), day(on), year), days, "{on}");
    }
    assert_eq!(floor_of(share_days(yuan("50000.00"), day("2026-07-02"), year), rate("8"), 365).unwrap(), yuan("2005.48"));
}

#[test]
fn leaving_shares_are_covered_on_every_later_day() {
    let own = Position::own("H1", "A", Source::OwnCash);
    let entry = |on: &str, amount: i64| Entry {
        on: day(on),
        kind: EntryKind::Subscribe,
        position: own.clone(),
        amount: Amount::from_yuan(amount),
        document: "协议".into(),
    };
    let entries = [entry("2026-01-01", 100), entry("2026-06-01", -80)];
    let take = |on: &str, amount: i64| {
        let kind = (EntryKind::Transfer, "协议");
        taken_out(&entries, Wanted::own("H1", "A", day(on)), kind, Amount::from_yuan(amount)).map_err(|why| why.refusal().code)
    };
    assert_eq!(take("2026-07-01", 21), Err("H-201".into()));
    assert_eq!(take("2026-03-01", 21), Err("H-202".into()));
    assert_eq!(take("2026-03-01", 20).unwrap()[0].amount, Amount::from_yuan(-20));
    assert_eq!(take("2026-03-01", 0), Err("H-102".into()));
    assert_eq!(holdings_on(&entries, day("2026-05-31"))[&own], Amount::from_yuan(100));
    assert_eq!(holdings_on(&entries, day("2026-06-01"))[&own], Amount::from_yuan(20));
}

prop_compose! {
    fn any_members()(held in prop::collection::vec((0i64..2_000_000, 0i64..2_000_000, 1i64..=365, 0i64..900_000), 1..12))
        -> BTreeMap<String, MemberFacts> {
        let facts = |(a, p, days, trade): (i64, i64, i64, i64)| {
            let standing = |class: &str, fen: i64| Standing { class: class.into(), base: Amount::from_fen(fen), days: i128::from(fen) * i128::from(days) };
            MemberFacts { trade: Amount::from_fen(trade), arrears: Amount::ZERO, standings: vec![standing("A", a), standing("P", p)] }
        };
        held.into_iter().enumerate().map(|(n, row)| (format!("M{n:03}"), facts(row))).collect()
    }
}

fn any_class() -> impl Strategy<Value = ShareClass> {
    let shortfall = prop_oneof![Just(Shortfall::Carried), Just(Shortfall::Guaranteed), Just(Shortfall::FinanceCost)];
    let participation = prop_oneof![Just(Participation::ByWeight), Just(Participation::None)];
    let timing = prop_oneof![Just(FloorTiming::FromProfit), Just(FloorTiming::BeforeProfit)];
    (shortfall, participation, timing).prop_map(|(s, p, t)| preferred("6", t, s, p))
}

proptest! {
    /// Parts sum to the pools; a floor is never undercut while somebody pays for it; a zero member changes nobody's part.
    #[test]
    fn any_distribution_adds_up(members in any_members(), class in any_class(), surplus in 1i64..50_000_000, refund in 0i64..=100) {
        let mut terms = terms("10", "0");
        terms.refund_rate = Rate::from_percent(refund.into()).unwrap();
        let figures = BookFigures { undistributed: Amount::from_fen(surplus), result: Amount::from_fen(surplus), reserve: Amount::ZERO };
        let Ok(divided) = pools(&terms, &figures, true) else { return Ok(()) };
        prop_assert_eq!(divided.reserve + divided.refunds + divided.remaining, figures.undistributed);
        let classes = classes(Some(class.clone()));
        let Ok((out, rows)) = distribute(&terms, divided.clone(), &classes, members.clone(), 365) else { return Ok(()) };
        prop_assert_eq!(rows.iter().map(|r| r.refund).sum::<Amount>(), out.refunds);
        let from_pool: Amount = rows.iter().map(|r| r.floor_paid + r.share).sum();
        prop_assert_eq!(from_pool, out.remaining);
        for row in &rows {
            prop_assert_eq!(row.floor_paid + row.guaranteed + row.cost + row.carried, row.floor_due);
            prop_assert_eq!(row.net, row.refund + row.surplus_payable() + row.cost);
            let floor = class.floor.as_ref().unwrap();
            let promised = floor.shortfall != Shortfall::Carried || out.carried.is_zero();
            if promised { prop_assert!(row.surplus_payable() + row.cost >= row.floor_due); }
        }
        prop_assert_eq!(rows.iter().map(|r| r.carried).sum::<Amount>(), out.carried);
        let mut more = members.clone();
        more.insert("M000x".into(), MemberFacts::default());
        let (_, again) = distribute(&terms, divided, &classes, more, 365).unwrap();
        prop_assert_eq!(rows, again);
    }

    /// Taking out and putting in elsewhere keeps the total, on every date.
    #[test]
    fn moving_shares_keeps_the_total(parts in prop::collection::vec(1i64..1000, 1..8), taken in 1i64..4000) {
        let sources = [Source::OwnCash, Source::Loan, Source::HouseholdGrant, Source::Land];
        let entries: Vec<Entry> = parts.iter().enumerate().map(|(n, fen)| Entry {
            on: day("2026-01-01"), kind: EntryKind::Subscribe, position: Position::own("H1", "A", sources[n % 4]),
            amount: Amount::from_fen(*fen), document: "协议".into(),
        }).collect();
        let total: i64 = parts.iter().sum();
        let out = taken_out(&entries, Wanted::own("H1", "A", day("2026-02-01")), (EntryKind::Transfer, "协议"), Amount::from_fen(taken));
        prop_assert_eq!(out.is_ok(), taken <= total);
        if let Ok(out) = out {
            prop_assert_eq!(out.iter().map(|e| e.amount).sum::<Amount>(), Amount::from_fen(-taken));
            let all: Vec<Entry> = entries.into_iter().chain(out).collect();
            prop_assert!(holdings_on(&all, day("2026-03-01")).values().all(|held| held.is_positive()));
        }
    }
}
