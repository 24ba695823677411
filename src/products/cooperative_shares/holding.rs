//! Holdings: entries added up, on a date or over the days of a year.
//!
//! Pure.
//!
//! 1. A holding on a date is the sum of the entries up to and including it.
//! 2. A share held the whole year has as many share-days as the year has days; the first day counts.
//! 3. A holding never falls below zero on any date.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::class::{AccountColumn, Source};
use super::refusal::ShareRefusal;
use crate::calendar::BusinessDate;
use crate::money::Amount;

crate::words! {
    /// What an entry does.
    pub enum EntryKind {
        /// 入股
        Subscribe = "subscribe", "入股";
        /// 配股
        Allot = "allot", "配股";
        /// 转让
        Transfer = "transfer", "转让";
        /// 脱贫转股
        Convert = "convert", "脱贫转股";
        /// 退股
        Withdraw = "withdraw", "退股";
        /// 量化
        Quantify = "quantify", "量化";
        /// 转增
        Capitalise = "capitalise", "转增";
    }
}

/// What is held: by whom, for whom, of which class, from which source, in which column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// Owner; account 301 stands in this name.
    pub holder: String,
    /// Who gets the income.
    pub beneficiary: String,
    /// Class.
    pub class: String,
    /// Source of the contribution.
    pub source: Source,
    /// Column of the member account.
    pub column: AccountColumn,
}

impl Position {
    /// Owner and beneficiary in one.
    pub fn own(member: &str, class: &str, source: Source) -> Position {
        let (holder, beneficiary) = (member.to_owned(), member.to_owned());
        Position { holder, beneficiary, class: class.to_owned(), source, column: AccountColumn::of(source) }
    }

    /// The same share in another's name.
    pub fn held_by(&self, member: &str) -> Position {
        Position { holder: member.to_owned(), beneficiary: member.to_owned(), ..self.clone() }
    }
}

/// One entry of the register; leaving entries are negative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// From this day on.
    pub on: BusinessDate,
    /// What it does.
    pub kind: EntryKind,
    /// To what.
    pub position: Position,
    /// Added; taken away when negative.
    pub amount: Amount,
    /// 依据
    pub document: String,
}

/// What is held at the end of a day; zero holdings are left out.
pub fn holdings_on<'a>(entries: impl IntoIterator<Item = &'a Entry>, on: BusinessDate) -> BTreeMap<Position, Amount> {
    let mut held: BTreeMap<Position, Amount> = BTreeMap::new();
    for entry in entries.into_iter().filter(|entry| entry.on <= on) {
        *held.entry(entry.position.clone()).or_default() += entry.amount;
    }
    held.retain(|_, amount| !amount.is_zero());
    held
}

/// Fen times days an amount entered on `on` counts in a year that runs from `first` through `last`.
pub fn share_days(amount: Amount, on: BusinessDate, (first, last): (BusinessDate, BusinessDate)) -> i128 {
    let days = last.signed_duration_since(on.max(first)).num_days() + 1;
    i128::from(amount.fen()) * i128::from(days.max(0))
}

/// Whose share of which class is meant, on which day.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Owner.
    pub holder: &'a str,
    /// Who gets the income; the owner, unless only the income right was given away.
    pub beneficiary: &'a str,
    /// Class.
    pub class: &'a str,
    /// Date.
    pub on: BusinessDate,
}

impl<'a> Wanted<'a> {
    /// A member's own share.
    pub fn own(member: &'a str, class: &'a str, on: BusinessDate) -> Wanted<'a> {
        Wanted { holder: member, beneficiary: member, class, on }
    }

    fn is(&self, position: &Position) -> bool {
        position.holder == self.holder && position.beneficiary == self.beneficiary && position.class == self.class
    }
}

/// Takes an amount of contributions out of what is held, in the order of positions; answers the leaving entries.
/// Refuses an amount of zero (H-102), more than is held that day (H-201), a day before changes that need the holding (H-202).
pub fn taken_out(
    entries: &[Entry],
    wanted: Wanted<'_>,
    (kind, document): (EntryKind, &str),
    amount: Amount,
) -> Result<Vec<Entry>, ShareRefusal> {
    if !amount.is_positive() {
        return Err(ShareRefusal::NotPositive { member: wanted.holder.to_owned(), amount });
    }
    let mut held = holdings_on(entries, wanted.on);
    held.retain(|position, held| wanted.is(position) && position.column.is_contribution() && held.is_positive());
    let total: Amount = held.values().copied().sum();
    if total < amount {
        let (member, class) = (wanted.beneficiary.to_owned(), wanted.class.to_owned());
        return Err(ShareRefusal::NotHeld { member, class, on: wanted.on, held: total, wanted: amount });
    }
    let (mut left, mut leaving) = (amount, Vec::new());
    for (position, there) in held {
        let taken = left.take_up_to(there);
        if taken.is_positive() {
            leaving.push(Entry { on: wanted.on, kind, position, amount: -taken, document: document.to_owned() });
        }
    }
    check_later(entries, &leaving)?;
    Ok(leaving)
}

/// Refuses leaving entries after which a position would be negative on a later day (H-202).
pub fn check_later(entries: &[Entry], leaving: &[Entry]) -> Result<(), ShareRefusal> {
    for gone in leaving {
        let mut moves: Vec<(BusinessDate, Amount)> =
            entries.iter().filter(|e| e.position == gone.position).map(|e| (e.on, e.amount)).collect();
        moves.push((gone.on, gone.amount));
        moves.sort_by_key(|(on, amount)| (*on, amount.is_negative()));
        let mut standing = Amount::ZERO;
        for (_, amount) in moves {
            standing += amount;
            if standing.is_negative() {
                let (member, class) = (gone.position.holder.clone(), gone.position.class.clone());
                return Err(ShareRefusal::LaterEntry { member, class, on: gone.on });
            }
        }
    }
    Ok(())
}
