//! Automatic matching against brute force, with twins, near-twins and shuffled input; sums against all subsets.

use cunzhang::calendar::BusinessDate;
use cunzhang::controls::reconciliation::candidates::sums;
use cunzhang::controls::reconciliation::evidence::{KnownNames, Strength};
use cunzhang::controls::reconciliation::matching::{Lines, Pair, Window, automatic, known_names};
use cunzhang::controls::reconciliation::{BankItem, BookItem};
use cunzhang::money::Amount;
use proptest::prelude::*;

const WINDOW: Window = Window { days: 3 };
const NAMES: [&str; 8] = ["", "龙青山", "龙青", "吉克·阿依", "吉克阿依", "王䶮", "王?", "韦大山"];
const ACCOUNTS: [&str; 4] = ["", "6217000000000000004", "6228480000000000018", "4599002000000001"];

fn day(n: i64) -> BusinessDate {
    BusinessDate::from_ymd_opt(2026, 10, 1).unwrap() + chrono::Duration::days(n)
}

fn bank(line: i64, on: i64, fen: i64, name: &str, account: &str, serial: &str) -> BankItem {
    let (name, account, serial) = (name.to_owned(), account.to_owned(), serial.to_owned());
    BankItem { line, part: 0, on: day(on), amount: Amount::from_fen(fen), name, account, serial, summary: "还款".into() }
}

fn book(voucher: i64, on: i64, fen: i64, party: &str, account: &str, summary: &str) -> BookItem {
    BookItem {
        voucher,
        line: 1,
        on: day(on),
        amount: Amount::from_fen(fen),
        summary: summary.into(),
        reference: format!("2026-10-记-{voucher}"),
        party: party.into(),
        party_account: account.into(),
        source: None,
        reverses: None,
    }
}

/// Keys of the pairs taken: (bank line, voucher).
fn keys(bank: &[BankItem], book: &[BookItem]) -> Vec<(i64, i64)> {
    keys_knowing(bank, book, &known_names(bank, book))
}

/// The same, where more names are known than the lines here carry.
fn keys_knowing(bank: &[BankItem], book: &[BookItem], known: &KnownNames) -> Vec<(i64, i64)> {
    let lines = Lines::new("A", bank, book, WINDOW, known);
    automatic(&lines).iter().map(|Pair { bank: b, book: v, .. }| (bank[*b].line, book[*v].voucher)).collect()
}

/// The definition, pair by pair: first what identifies, then what speaks for a pair, each unique on both sides.
fn brute(bank: &[BankItem], book: &[BookItem]) -> Vec<(i64, i64)> {
    let known = known_names(bank, book);
    let lines = Lines::new("A", bank, book, WINDOW, &known);
    let strength = |b: usize, v: usize| lines.agreement(b, v).map_or(Strength::None, |why| why.strength());
    let (mut free_bank, mut free_book) = (vec![true; bank.len()], vec![true; book.len()]);
    let mut taken = Vec::new();
    for (wanted, rival) in [(Strength::Identity, Strength::Identity), (Strength::Good, Strength::Near)] {
        let unique = |b: usize, v: usize| {
            strength(b, v) >= wanted
                && (0..book.len()).all(|other| other == v || !free_book[other] || strength(b, other) < rival)
                && (0..bank.len()).all(|other| other == b || !free_bank[other] || strength(other, v) < rival)
        };
        let all = (0..bank.len()).flat_map(|b| (0..book.len()).map(move |v| (b, v)));
        let found: Vec<(usize, usize)> = all.filter(|(b, v)| free_bank[*b] && free_book[*v] && unique(*b, *v)).collect();
        for (b, v) in found {
            (free_bank[b], free_book[v]) = (false, false);
            taken.push((bank[b].line, book[v].voucher));
        }
    }
    taken.sort_unstable();
    taken
}

#[test]
fn identical_instalments_of_one_day_are_left_to_people() {
    let banks =
        [bank(1, 20, 43_604, "龙青山", "", ""), bank(2, 20, 43_604, "龙青山", "", ""), bank(3, 20, 43_604, "韦大山", "", "")];
    let books = [
        book(1, 20, 43_604, "", "", "收龙青山利息"),
        book(2, 20, 43_604, "", "", "收龙青山利息"),
        book(3, 21, 43_604, "", "", "收韦大山利息"),
    ];
    assert_eq!(keys(&banks, &books), [(3, 3)]);
}

#[test]
fn amount_and_date_alone_never_match() {
    assert_eq!(keys(&[bank(1, 1, 100, "龙青山", "", "")], &[book(1, 1, 100, "", "", "收利息")]), []);
    assert_eq!(keys(&[bank(1, 1, 100, "龙青山", "", "")], &[book(1, 1, 101, "龙青山", "", "")]), []);
    assert_eq!(keys(&[bank(1, 1, 100, "龙青山", "", "")], &[book(1, 5, 100, "龙青山", "", "")]), []);
    assert_eq!(keys(&[bank(1, 1, 100, "龙青山", "", "")], &[book(1, 1, -100, "龙青山", "", "")]), []);
}

#[test]
fn near_names_are_never_taken_and_stand_in_the_way() {
    assert_eq!(keys(&[bank(1, 1, 100, "王?", "", "")], &[book(1, 1, 100, "王䶮", "", "")]), []);
    let banks = [bank(1, 1, 100, "王䶮", "", ""), bank(2, 1, 100, "王?", "", "")];
    assert_eq!(keys(&banks, &[book(1, 1, 100, "王䶮", "", "")]), []);
    // One name, two people: the accounts say so.
    let books = [book(1, 1, 100, "王䶮", ACCOUNTS[2], "")];
    assert_eq!(keys(&[bank(1, 1, 100, "王䶮", ACCOUNTS[1], "")], &books), []);
}

#[test]
fn serials_settle_twins() {
    let banks = [bank(1, 1, 100, "龙青山", "", "S00017"), bank(2, 1, 100, "龙青山", "", "S00018")];
    let books = [book(1, 1, 100, "龙青山", "", "利息 S00018"), book(2, 1, 100, "龙青山", "", "利息")];
    assert_eq!(keys(&banks, &books), [(1, 2), (2, 1)]);
}

#[test]
fn many_lines_of_one_amount_and_day_take_no_time() {
    let names: Vec<String> = (0..20_000).map(|n| format!("户{n:05}")).collect();
    let banks: Vec<BankItem> = (0..).zip(&names).map(|(n, name)| bank(n, 20, 43_604, name, "", "")).collect();
    let books: Vec<BookItem> = (0..).zip(&names).map(|(n, name)| book(n, 20, 43_604, "", "", &format!("收{name}利息"))).collect();
    let begun = std::time::Instant::now();
    assert_eq!(keys(&banks, &books).len(), 20_000);
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

fn any_bank() -> impl Strategy<Value = (i64, i64, usize, usize, usize)> {
    (0i64..8, prop_oneof![Just(100i64), Just(-100), Just(250)], 0usize..8, 0usize..4, 0usize..4)
}

/// Bank lines and book lines over few amounts, days, names and accounts: mostly twins and near-twins.
fn any_lines() -> impl Strategy<Value = (Vec<BankItem>, Vec<BookItem>)> {
    let banks = proptest::collection::vec(any_bank(), 0..9);
    let books = proptest::collection::vec((any_bank(), any::<bool>(), any::<bool>()), 0..9);
    (banks, books).prop_map(|(banks, books)| {
        let serial = |n: usize| ["", "S00017", "S00018", "S00019"][n];
        let banks = (1..)
            .zip(banks)
            .map(|(n, (on, fen, name, account, s))| bank(n, on, fen, NAMES[name], ACCOUNTS[account], serial(s)))
            .collect();
        let books = (1..).zip(books).map(|(n, ((on, fen, name, account, s), by_party, with_serial))| {
            let words = format!("收{}款 {}", if by_party { "" } else { NAMES[name] }, if with_serial { serial(s) } else { "" });
            let mut item = book(n, on, fen, if by_party { NAMES[name] } else { "" }, ACCOUNTS[account], &words);
            item.source = (s == 3 && name == 3).then(|| "bank:A:1:0".to_owned());
            item
        });
        (banks, books.collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// S11-A1: matching with one key takes what is exact and unique, and nothing else.
    #[test]
    fn takes_exactly_the_unique_pairs((banks, books) in any_lines()) {
        prop_assert_eq!(keys(&banks, &books), brute(&banks, &books));
    }

    #[test]
    fn the_order_of_input_changes_nothing((banks, books) in any_lines(), seed in any::<u64>()) {
        let shuffled = |n: usize| {
            let mut order: Vec<usize> = (0..n).collect();
            order.sort_by_key(|i| (seed ^ (*i as u64 + 1)).wrapping_mul(0x9E37_79B9_7F4A_7C15));
            order
        };
        let banks2: Vec<BankItem> = shuffled(banks.len()).into_iter().map(|i| banks[i].clone()).collect();
        let books2: Vec<BookItem> = shuffled(books.len()).into_iter().map(|i| books[i].clone()).collect();
        prop_assert_eq!(keys(&banks, &books), keys(&banks2, &books2));
    }

    #[test]
    fn a_planted_twin_unmakes_a_pair((banks, books) in any_lines(), which in any::<prop::sample::Index>(), on_bank in any::<bool>()) {
        let taken = keys(&banks, &books);
        if taken.is_empty() {
            return Ok(());
        }
        let (line, voucher) = taken[which.index(taken.len())];
        let (mut banks2, mut books2) = (banks.clone(), books.clone());
        if on_bank {
            let twin = banks.iter().find(|item| item.line == line).unwrap();
            banks2.push(BankItem { line: 99, ..twin.clone() });
        } else {
            let twin = books.iter().find(|item| item.voucher == voucher).unwrap();
            books2.push(BookItem { voucher: 99, reference: "2026-10-记-99".into(), ..twin.clone() });
        }
        let again = keys(&banks2, &books2);
        // A draft of the very line still identifies it beside a twin of the bank's.
        let own_draft = books.iter().any(|item| item.voucher == voucher && item.source.is_some());
        prop_assert!(own_draft || !again.contains(&(line, voucher)), "{:?} {} {:?}", again, line, (line, voucher));
    }

    #[test]
    fn what_is_left_has_no_unique_pair((banks, books) in any_lines()) {
        let known = known_names(&banks, &books);
        let taken = keys(&banks, &books);
        let banks: Vec<BankItem> = banks.into_iter().filter(|item| taken.iter().all(|(line, _)| *line != item.line)).collect();
        let books: Vec<BookItem> = books.into_iter().filter(|item| taken.iter().all(|(_, voucher)| *voucher != item.voucher)).collect();
        prop_assert_eq!(keys_knowing(&banks, &books, &known), []);
    }

    #[test]
    fn sums_are_all_the_sums(amounts in proptest::collection::vec(1i64..12, 0..10), target in 1i64..40, out in any::<bool>()) {
        let signed = |fen: i64| Amount::from_fen(if out { -fen } else { fen });
        let list: Vec<Amount> = amounts.iter().map(|fen| signed(*fen)).collect();
        let mut found = sums(signed(target), &list, 4, 10_000);
        let subsets = (1u32..1 << amounts.len()).map(|mask| (0..amounts.len()).filter(|i| mask >> i & 1 == 1).collect::<Vec<_>>());
        let mut all: Vec<Vec<usize>> = subsets.filter(|set| set.len() <= 4 && set.iter().map(|i| amounts[*i]).sum::<i64>() == target).collect();
        found.sort();
        all.sort();
        prop_assert_eq!(found, all);
    }
}
