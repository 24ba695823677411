//! What may belong to a bank line that is not matched: single lines and groups with the exact sum, ranked, with reasons.
//!
//! Pure. Nothing here is taken by itself: a person chooses.
//!
//! 1. Every proposal's sums are equal to the fen.
//! 2. The order of proposals depends on what agrees, then on dates and voucher names, never on the order of input.
//! 3. The search for sums looks at a bounded number of lines, the nearest ones, and says nothing about others.

use super::evidence::{Agreement, BankItem, BookItem, Strength, agree, bank_view, book_view};
use super::matching::{Window, known_names};
use crate::money::Amount;

/// Lines a search for sums looks at.
const LOOKED_AT: usize = 18;
/// Lines a found group has at most, unless they are one day's, one party's or one voucher's lines together.
const GROUP: usize = 4;
/// Groups found at most.
const GROUPS: usize = 20;

/// A proposal: book lines whose sum is that of the bank lines.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Candidate {
    /// Bank lines: (line, part).
    pub bank: Vec<(i64, i64)>,
    /// Book lines: (voucher, line).
    pub book: Vec<(i64, i64)>,
    /// What agrees, in words.
    pub reasons: Vec<String>,
    /// How it reads on the book's side: voucher names.
    pub names: String,
}

/// Proposals for one bank line, the best first.
pub fn for_line(bank_account: &str, line: &BankItem, bank: &[BankItem], book: &[BookItem], window: Window) -> Vec<Candidate> {
    let mut near: Vec<&BookItem> = book.iter().filter(|item| (item.on - line.on).num_days().abs() <= window.days).collect();
    near.sort_by_key(|item| ((item.on - line.on).num_days().abs(), item.voucher, item.line));
    let mut ranked: Vec<(Rank, Candidate)> = singles(bank_account, line, &near);
    ranked.extend(one_to_many(line, &near));
    ranked.extend(many_to_one(line, bank, &near, window));
    ranked.extend(cancelled(line, bank, window));
    ranked.sort_by(|a, b| (&a.0, &a.1.names, &a.1.book, &a.1.bank).cmp(&(&b.0, &b.1.names, &b.1.book, &b.1.bank)));
    let mut candidates: Vec<Candidate> = ranked.into_iter().map(|(_, candidate)| candidate).collect();
    let mut seen = std::collections::HashSet::new();
    candidates.retain(|candidate| seen.insert((candidate.bank.clone(), candidate.book.clone())));
    candidates
}

/// Smaller is better: kind, then what agrees, then days.
type Rank = (u8, std::cmp::Reverse<Strength>, i64);

fn singles(bank_account: &str, line: &BankItem, near: &[&BookItem]) -> Vec<(Rank, Candidate)> {
    let view = bank_view(bank_account, line);
    let same = near.iter().filter(|item| item.amount == line.amount);
    let alone = [line.clone()];
    let ranked = same.map(|item| {
        let known = known_names(&alone, std::slice::from_ref(*item));
        let why: Agreement = agree((line, &view), (item, &book_view(item, known.within(&item.summary))));
        let candidate = Candidate {
            bank: vec![key(line)],
            book: vec![(item.voucher, item.line)],
            reasons: why.reasons(),
            names: item.reference.clone(),
        };
        ((0, std::cmp::Reverse(why.strength()), why.days.abs()), candidate)
    });
    ranked.collect()
}

fn key(line: &BankItem) -> (i64, i64) {
    (line.line, line.part)
}

/// Several book lines for one bank line: together by voucher, party or day, or found by their sum.
fn one_to_many(line: &BankItem, near: &[&BookItem]) -> Vec<(Rank, Candidate)> {
    let same_side: Vec<&BookItem> =
        near.iter().copied().filter(|item| item.amount.is_negative() == line.amount.is_negative()).collect();
    let mut found = Vec::new();
    let mut offer = |items: &[&BookItem], reason: &str, kind: u8| {
        if items.len() > 1 && Amount::try_sum(items.iter().map(|item| item.amount)) == Some(line.amount) {
            found.push(ranked_group(kind, &[line], items, reason));
        }
    };
    for (reason, by) in GROUPINGS {
        for items in grouped(&same_side, *by) {
            offer(&items, reason, 1);
        }
    }
    let nearest = nearest(&same_side, |item| (item.on - line.on).num_days().abs(), |item| (item.voucher, item.line));
    let amounts: Vec<Amount> = nearest.iter().map(|item| item.amount).collect();
    for sum in sums(line.amount, &amounts, GROUP, GROUPS) {
        let items: Vec<&BookItem> = sum.iter().map(|index| nearest[*index]).collect();
        offer(&items, "合计金额相同", 2);
    }
    found
}

/// What book lines may have in common.
type Grouping = (&'static str, fn(&BookItem) -> String);
const GROUPINGS: &[Grouping] = &[
    ("同一凭证,合计金额相同", |item| item.reference.clone()),
    ("同一往来,合计金额相同", |item| item.party.clone()),
    ("同一天,合计金额相同", |item| item.on.to_string()),
];

fn grouped<'i>(items: &[&'i BookItem], by: fn(&BookItem) -> String) -> Vec<Vec<&'i BookItem>> {
    let mut groups: std::collections::BTreeMap<String, Vec<&BookItem>> = std::collections::BTreeMap::new();
    for item in items {
        groups.entry(by(item)).or_default().push(item);
    }
    groups.remove("");
    groups.into_values().map(sorted).collect()
}

fn sorted(mut items: Vec<&BookItem>) -> Vec<&BookItem> {
    items.sort_by_key(|item| (item.voucher, item.line));
    items
}

/// Several bank lines, this one among them, for one book line.
fn many_to_one(line: &BankItem, bank: &[BankItem], near: &[&BookItem], window: Window) -> Vec<(Rank, Candidate)> {
    let close = |item: &&BankItem| {
        key(item) != key(line)
            && (item.on - line.on).num_days().abs() <= window.days
            && item.amount.is_negative() == line.amount.is_negative()
    };
    let others: Vec<&BankItem> = bank.iter().filter(close).collect();
    let others = nearest(&others, |item| (item.on - line.on).num_days().abs(), key);
    let amounts: Vec<Amount> = others.iter().map(|item| item.amount).collect();
    let larger = near
        .iter()
        .filter(|item| item.amount.abs() > line.amount.abs() && item.amount.is_negative() == line.amount.is_negative());
    let mut found = Vec::new();
    for item in larger.take(LOOKED_AT * 4) {
        let Some(rest) = item.amount.checked_sub(line.amount) else { continue };
        for sum in sums(rest, &amounts, GROUP - 1, 2) {
            let mut lines: Vec<&BankItem> = sum.iter().map(|index| others[*index]).collect();
            lines.push(line);
            found.push(ranked_group(2, &lines, &[item], "几笔流水合计等于一笔分录"));
        }
    }
    found
}

/// A bank line the bank itself turned back: the opposite amount, the same counterparty.
fn cancelled(line: &BankItem, bank: &[BankItem], window: Window) -> Vec<(Rank, Candidate)> {
    let opposite =
        bank.iter().filter(|item| item.amount.fen() == -line.amount.fen() && (item.on - line.on).num_days().abs() <= window.days);
    let same = opposite.filter(|item| {
        (!line.account.is_empty() && item.account == line.account) || (!line.name.is_empty() && item.name == line.name)
    });
    same.map(|item| ranked_group(1, &[line, item], &[], "银行冲正:一收一付,对方相同")).collect()
}

fn ranked_group(kind: u8, bank: &[&BankItem], book: &[&BookItem], reason: &str) -> (Rank, Candidate) {
    let mut keys: Vec<(i64, i64)> = bank.iter().map(|item| key(item)).collect();
    keys.sort_unstable();
    let names = book.iter().map(|item| item.reference.as_str()).collect::<Vec<_>>().join("、");
    let mut items: Vec<(i64, i64)> = book.iter().map(|item| (item.voucher, item.line)).collect();
    items.sort_unstable();
    let spread = book.iter().map(|item| (item.on - bank[0].on).num_days().abs()).max().unwrap_or(0);
    let candidate = Candidate { bank: keys, book: items, reasons: vec![reason.to_owned()], names };
    ((kind, std::cmp::Reverse(Strength::None), spread), candidate)
}

/// The nearest members, in an order of their own.
fn nearest<'i, T, K: Ord>(items: &[&'i T], distance: impl Fn(&T) -> i64, own: impl Fn(&T) -> K) -> Vec<&'i T> {
    let mut items = items.to_vec();
    items.sort_by_key(|item| (distance(item), own(item)));
    items.truncate(LOOKED_AT);
    items
}

/// Sets of two to `most` amounts (all of one sign) that add up to a target exactly; at most `limit` of them, the
/// smallest sets first, each as ascending indexes.
pub fn sums(target: Amount, amounts: &[Amount], most: usize, limit: usize) -> Vec<Vec<usize>> {
    let mut search = Search { amounts, limit, found: Vec::new(), chosen: Vec::new() };
    for size in 1..=most {
        search.size(target, 0, size);
    }
    search.found
}

struct Search<'a> {
    amounts: &'a [Amount],
    limit: usize,
    found: Vec<Vec<usize>>,
    chosen: Vec<usize>,
}

impl Search<'_> {
    /// All sets of `size` members from `from` on that add up to `left`.
    fn size(&mut self, left: Amount, from: usize, size: usize) {
        if self.found.len() >= self.limit {
            return;
        }
        if size == 0 {
            if left.is_zero() {
                self.found.push(self.chosen.clone());
            }
            return;
        }
        for index in from..self.amounts.len() {
            let Some(rest) = left.checked_sub(self.amounts[index]) else { continue };
            // All members have one sign: what overshoots cannot come back.
            if !rest.is_zero() && rest.is_negative() != left.is_negative() {
                continue;
            }
            self.chosen.push(index);
            self.size(rest, index + 1, size - 1);
            self.chosen.pop();
        }
    }
}
