//! What no voucher gets past, tried with many: the check, the red voucher, the chain, the carrying.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::controls::year_close::year_end::{Balance, Occasion, carried};
use crate::ledger::chain::{GENESIS, PostedHead, digest};
use crate::ledger::vouchers::{KeptVoucher, State};
use crate::ledger::{Dimensions, VoucherId, Word};

const ACCOUNTS: [&str; 5] = ["101", "102", "113", "301", "50101"];

fn voucher(lines: Vec<VoucherLine>) -> Voucher {
    Voucher {
        book: "V001".into(),
        period: "2026-03".parse().unwrap(),
        dated_on: "2026-03-31".parse().unwrap(),
        word: Word::General,
        stage: Stage::Ordinary,
        lines,
        reverses: None,
        source_key: None,
        paper_attachments: 0,
    }
}

fn line(account: &str, debit: i64, credit: i64, party: Option<String>) -> VoucherLine {
    let dimensions = Dimensions { party, ..Dimensions::default() };
    VoucherLine {
        summary: "业务".into(),
        account: account.into(),
        debit: Amount::from_fen(debit),
        credit: Amount::from_fen(credit),
        dimensions,
    }
}

/// A book of 2026 with an open March; 113 asks for a party.
fn known() -> Known {
    let account = |code: &str| Usable {
        is_leaf: true,
        is_stopped: false,
        requires: if code == "113" { vec![Dimension::Party] } else { Vec::new() },
    };
    let mut known = Known::default();
    known.accounts.insert(("V001".into(), 2026), ACCOUNTS.iter().map(|code| ((*code).into(), account(code))).collect());
    known.periods.insert(("V001".into(), "2026-03".parse().unwrap()), PeriodState::Open);
    known
}

fn any_account() -> impl Strategy<Value = &'static str> {
    prop::sample::select(ACCOUNTS.as_slice())
}

/// Any fen a column can hold, mostly small.
fn any_fen() -> impl Strategy<Value = i64> {
    prop_oneof![4 => -3_i64..4, 4 => -10_000_000_i64..10_000_000, 1 => any::<i64>(), 1 => Just(Amount::LARGEST.fen())]
}

fn any_line() -> impl Strategy<Value = VoucherLine> {
    let party = prop::option::of(prop::sample::select(["", " ", "户一"].as_slice()).prop_map(str::to_owned));
    (any_account(), any_fen(), any_fen(), any::<bool>(), party).prop_map(|(account, a, b, one_side, party)| match one_side {
        true if b % 2 == 0 => line(account, a, 0, party),
        true => line(account, 0, a, party),
        false => line(account, a, b, party),
    })
}

/// Pairs of debit and credit: balanced by making.
fn balanced() -> impl Strategy<Value = Voucher> {
    let party = || Some("户一".to_owned());
    let pair = (any_account(), any_account(), 1_i64..1_000_000_000);
    let pairs = prop::collection::vec(pair, 1..6);
    pairs.prop_map(move |pairs| {
        let lines =
            pairs.into_iter().flat_map(|(debit, credit, fen)| [line(debit, fen, 0, party()), line(credit, 0, fen, party())]);
        voucher(lines.collect())
    })
}

fn kept(content: Voucher) -> KeptVoucher {
    KeptVoucher {
        id: VoucherId(7),
        number: 3,
        state: State::Posted,
        event: None,
        maker: "甲".into(),
        made_at: String::new(),
        reviewer: Some("乙".into()),
        poster: Some("乙".into()),
        posted_at: None,
        posted: Some(1),
        digest: None,
        reversed_by: None,
        return_reason: None,
        content,
    }
}

fn sides(lines: &[VoucherLine]) -> (i128, i128) {
    let sum = |side: fn(&VoucherLine) -> i64| lines.iter().map(|l| i128::from(side(l))).sum();
    (sum(|l| l.debit.fen()), sum(|l| l.credit.fen()))
}

fn code(refused: Result<(), Refusal>) -> Option<String> {
    refused.err().map(|refusal| refusal.code)
}

proptest! {
    #[test]
    fn what_passes_is_balanced_one_sided_and_positive(lines in prop::collection::vec(any_line(), 0..6), mirror in any::<bool>()) {
        let mirrored: Vec<VoucherLine> = lines.iter().map(|l| VoucherLine { debit: l.credit, credit: l.debit, ..l.clone() }).collect();
        let voucher = voucher(if mirror { lines.into_iter().chain(mirrored).collect() } else { lines });
        if check(&voucher, &known()).is_ok() {
            let (debit, credit) = sides(&voucher.lines);
            prop_assert_eq!(debit, credit);
            prop_assert!(voucher.lines.len() >= 2);
            for line in &voucher.lines {
                prop_assert!(line.debit.is_zero() != line.credit.is_zero());
                prop_assert!(!line.debit.is_negative() && !line.credit.is_negative());
                prop_assert!(line.account.as_str() != "113" || line.dimensions.party.as_deref() == Some("户一"));
            }
        }
    }

    #[test]
    fn one_fen_more_is_refused(voucher in balanced(), at in any::<prop::sample::Index>(), fen in prop_oneof![Just(1_i64), Just(-1), -500_i64..500]) {
        prop_assert_eq!(check(&voucher, &known()), Ok(()));
        let mut wrong = voucher.clone();
        let line = at.get(&voucher.lines);
        let index = voucher.lines.iter().position(|l| std::ptr::eq(l, line)).unwrap();
        wrong.lines[index].debit += Amount::from_fen(fen);
        prop_assert_eq!(code(check(&wrong, &known())), (fen != 0).then(|| "L-101".to_owned()));
    }

    #[test]
    fn a_closed_or_unknown_month_takes_nothing(voucher in balanced(), month in 1_u32..13, closed in any::<bool>()) {
        let period = AccountingPeriod::new(2026, month).unwrap();
        let voucher = Voucher { period, dated_on: period.last_day(), ..voucher };
        let mut known = known();
        known.periods.insert((voucher.book.clone(), "2026-03".parse().unwrap()), if closed { PeriodState::Closed } else { PeriodState::Open });
        let expected = match (month, closed) { (3, true) => Some("L-201"), (3, false) => None, _ => Some("L-202") };
        prop_assert_eq!(code(check(&voucher, &known)), expected.map(str::to_owned));
    }

    #[test]
    fn a_red_voucher_leaves_nothing_and_nothing_else_cancels(voucher in balanced(), at in any::<prop::sample::Index>(), fen in 1_i64..9) {
        let kept = kept(voucher.clone());
        let red = kept.reversal("2026-03-31".parse().unwrap(), "2026-03".parse().unwrap()).unwrap();
        prop_assert_eq!(check(&red, &known()), Ok(()));
        prop_assert_eq!(kept.check_cancelled_by(&red), Ok(()));
        let mut left: BTreeMap<(AccountCode, Dimensions), (i64, i64)> = BTreeMap::new();
        for line in voucher.lines.iter().chain(&red.lines) {
            let sums = left.entry((line.account.clone(), line.dimensions.clone())).or_default();
            *sums = (sums.0 + line.debit.fen(), sums.1 + line.credit.fen());
        }
        prop_assert!(left.values().all(|sums| *sums == (0, 0)));
        let mut other = red.clone();
        let index = at.index(other.lines.len());
        other.lines[index].debit += Amount::from_fen(fen);
        prop_assert!(kept.check_cancelled_by(&other).is_err());
        other.lines.remove(index);
        prop_assert!(kept.check_cancelled_by(&other).is_err());
        let again = KeptVoucher { content: red, ..kept }.reversal("2026-03-31".parse().unwrap(), "2026-03".parse().unwrap());
        prop_assert!(again.is_err());
    }

    #[test]
    fn any_change_of_a_line_changes_the_digest(voucher in balanced(), at in any::<prop::sample::Index>(), fen in 1_i64..9) {
        let head = PostedHead {
            county: "459900", book: "V001", voucher: 1, posted: 1, period: "2026-03", word: "记", number: 1, dated_on: "2026-03-31",
            stage: "ordinary", event: None, maker: "甲", reviewer: "乙", poster: "乙", posted_at: "", reverses: None, paper_attachments: 0,
        };
        let honest = digest(GENESIS, &head, &voucher.lines);
        let index = at.index(voucher.lines.len());
        let changed = |change: &dyn Fn(&mut VoucherLine)| {
            let mut lines = voucher.lines.clone();
            change(&mut lines[index]);
            digest(GENESIS, &head, &lines)
        };
        prop_assert_ne!(&honest, &changed(&|l| l.debit += Amount::from_fen(fen)));
        prop_assert_ne!(&honest, &changed(&|l| std::mem::swap(&mut l.debit, &mut l.credit)));
        prop_assert_ne!(&honest, &changed(&|l| l.account = AccountCode(format!("{}0", l.account))));
        prop_assert_ne!(&honest, &changed(&|l| l.dimensions.project = l.dimensions.party.take()));
    }

    #[test]
    fn carrying_brings_the_opening_to_the_closing(
        closing in prop::collection::btree_map(0_usize..9, 1_i64..1_000_000, 0..6),
        opening in prop::collection::btree_map(0_usize..9, 1_i64..1_000_000, 0..6),
    ) {
        let balances = |of: &BTreeMap<usize, i64>| {
            let total: i64 = of.values().sum();
            let rest = (total != 0).then(|| (99, -total));
            let balance = |(at, fen): (usize, i64)| Balance {
                account: ACCOUNTS[at % 5].into(),
                dimensions: Dimensions { party: Some(at.to_string()), ..Dimensions::default() },
                net: Amount::from_fen(fen),
            };
            of.iter().map(|(at, fen)| (*at, *fen)).chain(rest).map(balance).collect::<Vec<_>>()
        };
        let (closing, mut there) = (balances(&closing), balances(&opening));
        let book = BookCode::from("V001");
        let occasion = Occasion { book: &book, on: "2027-01-01".parse().unwrap(), period: "2027-00".parse().unwrap() };
        let carry = carried(occasion, &closing, &there).unwrap();
        let moved = carry.iter().flat_map(|voucher| &voucher.lines);
        there.extend(moved.map(|l| Balance { account: l.account.clone(), dimensions: l.dimensions.clone(), net: l.debit - l.credit }));
        let sums = |list: &[Balance]| {
            let mut sums: BTreeMap<(AccountCode, Dimensions), i64> = BTreeMap::new();
            list.iter().for_each(|b| *sums.entry((b.account.clone(), b.dimensions.clone())).or_default() += b.net.fen());
            sums.retain(|_, net| *net != 0);
            sums
        };
        prop_assert_eq!(sums(&there), sums(&closing));
        prop_assert_eq!(carried(occasion, &closing, &there).unwrap(), None);
    }
}
