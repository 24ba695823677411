//! Matching: automatic, by hand, undone; and splitting lines for it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{At, locked};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::controls::reconciliation::account::BankAccount;
use crate::controls::reconciliation::evidence::KnownNames;
use crate::controls::reconciliation::matching::{Lines, Window, automatic};
use crate::controls::reconciliation::papers::line_name;
use crate::controls::reconciliation::{BankItem, BookItem, ReconciliationRefusal, names, store};
use crate::db::{Connection, Stop};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};

/// Matches every exact and unique pair.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunMatching {
    /// The bank account.
    pub at: At,
    /// Lines through this day.
    pub through: BusinessDate,
}

/// What an automatic run came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunReport {
    /// Pairs taken.
    pub pairs: i64,
    /// Statement lines left.
    pub bank_left: i64,
    /// Book lines left.
    pub book_left: i64,
}

impl Act for RunMatching {
    const KIND: &'static str = "reconcile.run";
    type Answer = RunReport;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Reconcile, Target::Book(&self.at.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<RunReport, Stop> {
        let account = locked(tx, scene, &self.at).await?;
        let (bank_names, cards) = store::names(tx, &scene.county, &account).await?;
        let normal: Vec<String> = bank_names.iter().chain(cards.values()).map(|name| names::normal(name)).collect();
        let known = KnownNames::of(normal.iter().map(String::as_str));
        let frozen = store::frozen(tx, &scene.county, &account).await?;
        let mut shares = store::Shares::read(tx, &scene.county, &account, self.through).await?;
        let mut report = RunReport { pairs: 0, bank_left: 0, book_left: 0 };
        while let Some((bank, book)) = shares.next(&cards)? {
            let lines = Lines::new(&account.code, &bank, &book, Window { days: account.auto_days }, &known);
            let pairs = automatic(&lines).into_iter();
            let open = pairs.filter(|pair| !frozen.holds_all([bank[pair.bank].on, book[pair.book].on].into_iter()));
            let group = |pair: crate::controls::reconciliation::matching::Pair| store::Group {
                bank: vec![(bank[pair.bank].line, bank[pair.bank].part)],
                book: vec![(book[pair.book].voucher, book[pair.book].line)],
                why: pair.why.reasons().join(";"),
            };
            let groups: Vec<store::Group> = open.map(group).collect();
            drop(lines);
            let taken = groups.len() as i64;
            keep(tx, scene, &account, ("auto", String::new()), &groups).await?;
            report.pairs += taken;
            report.bank_left += bank.len() as i64 - taken;
            report.book_left += book.len() as i64 - taken;
        }
        Ok(report)
    }
}

/// Keeps groups under numbers drawn for them; answers the first number.
pub(super) async fn keep(
    tx: &mut Connection,
    scene: &Scene,
    account: &BankAccount,
    (kind, note): (&'static str, String),
    groups: &[store::Group],
) -> Result<i64, Stop> {
    if groups.is_empty() {
        return Ok(0);
    }
    let wanted = store::Numbers { group: groups.len() as i64, run: 1, ..store::Numbers::default() };
    let last = store::draw(tx, &scene.county, &account.code, wanted).await?;
    let (run, first) = (store::Run { run: last.run, kind, note }, last.group - wanted.group + 1);
    store::save_groups(tx, &scene.county, (&account.code, &account.book), (&run, first), groups, (&scene.at, &scene.actor))
        .await?;
    Ok(first)
}

/// Matches lines a person chose: any number on both sides, or lines of one side that cancel each other.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Match {
    /// The bank account.
    pub at: At,
    /// Statement lines: (line, part).
    pub bank: Vec<(i64, i64)>,
    /// Book lines: (voucher, line).
    pub book: Vec<(i64, i64)>,
}

/// A group made by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    /// Its number.
    pub group: i64,
    /// The sum of both sides.
    pub amount: Amount,
}

impl Act for Match {
    const KIND: &'static str = "reconcile.match";
    type Answer = Matched;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Reconcile, Target::Book(&self.at.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Matched, Stop> {
        let account = locked(tx, scene, &self.at).await?;
        let (bank, book) = self.chosen(tx, scene, &account).await?;
        let amount = sums_equal(&bank, &book)?;
        let dates = || bank.iter().map(|item| item.on).chain(book.iter().map(|item| item.on));
        let frozen = store::frozen(tx, &scene.county, &account).await?;
        if frozen.holds_all(dates()) {
            return Err(ReconciliationRefusal::PeriodFrozen { account: account.code.clone(), through: frozen.label() }.into());
        }
        let group = store::Group { bank: self.bank.clone(), book: self.book.clone(), why: "人工匹配".to_owned() };
        Ok(Matched { group: keep(tx, scene, &account, ("hand", String::new()), &[group]).await?, amount })
    }
}

impl Match {
    /// The chosen lines; refuses one that is not there or not free, or chosen twice.
    async fn chosen(
        &self,
        tx: &mut Connection,
        scene: &Scene,
        account: &BankAccount,
    ) -> Result<(Vec<BankItem>, Vec<BookItem>), Stop> {
        let bank = store::chosen_bank(tx, &scene.county, account, &self.bank).await?;
        for (line, part) in &self.bank {
            let times = self.bank.iter().filter(|other| *other == &(*line, *part)).count();
            if times > 1 || !bank.iter().any(|item| (item.line, item.part) == (*line, *part)) {
                return Err(ReconciliationRefusal::LineNotFree { line: line_name(*line, *part) }.into());
            }
        }
        let book = store::chosen_book(tx, &scene.county, account, &self.book).await?;
        for (voucher, line) in &self.book {
            let times = self.book.iter().filter(|other| *other == &(*voucher, *line)).count();
            if times > 1 || !book.iter().any(|item| (item.voucher, item.line) == (*voucher, *line)) {
                return Err(ReconciliationRefusal::EntryNotFree { entry: format!("{voucher}#{line}") }.into());
            }
        }
        Ok((bank, book))
    }
}

/// The sum both sides share. Refuses sums that differ, and fewer than two lines.
fn sums_equal(bank: &[BankItem], book: &[BookItem]) -> Result<Amount, ReconciliationRefusal> {
    if bank.len() + book.len() < 2 {
        return Err(ReconciliationRefusal::TooFew);
    }
    let bank = Amount::try_sum(bank.iter().map(|item| item.amount)).unwrap_or(Amount::LARGEST);
    let book = Amount::try_sum(book.iter().map(|item| item.amount)).unwrap_or(Amount::LARGEST);
    if bank == book {
        return Ok(bank);
    }
    let difference = bank.checked_sub(book).unwrap_or(Amount::LARGEST).to_string();
    Err(ReconciliationRefusal::SumsDiffer { bank: bank.to_string(), book: book.to_string(), difference })
}

/// Dissolves the groups that statement lines or book lines belong to; the former state is back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Unmatch {
    /// The bank account.
    pub at: At,
    /// Statement lines: (line, part).
    pub bank: Vec<(i64, i64)>,
    /// Book lines: (voucher, line).
    pub book: Vec<(i64, i64)>,
}

impl Act for Unmatch {
    const KIND: &'static str = "reconcile.unmatch";
    /// How many lines are free again.
    type Answer = i64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Reconcile, Target::Book(&self.at.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<i64, Stop> {
        let account = locked(tx, scene, &self.at).await?;
        let mut groups = store::groups_of_bank(tx, &scene.county, &account.code, &self.bank).await?;
        groups.extend(store::groups_of_book(tx, &scene.county, (&account.code, &account.book), &self.book).await?);
        groups.sort_unstable();
        groups.dedup();
        if groups.is_empty() {
            let line = self.bank.first().map(|(line, part)| line_name(*line, *part));
            return Err(ReconciliationRefusal::NotMatched { line: line.unwrap_or_default() }.into());
        }
        let mut dates: HashMap<i64, Vec<BusinessDate>> = HashMap::new();
        for (group, _, _, on) in store::members(tx, &scene.county, &account.code, &groups).await? {
            dates.entry(group).or_default().push(on);
        }
        let frozen = store::frozen(tx, &scene.county, &account).await?;
        if dates.values().any(|dates| frozen.holds_all(dates.iter().copied())) {
            return Err(ReconciliationRefusal::PeriodFrozen { account: account.code.clone(), through: frozen.label() }.into());
        }
        Ok(store::remove_groups(tx, &scene.county, &account.code, &groups).await? as i64)
    }
}

/// Splits a free line into parts that can be matched apart.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SplitLine {
    /// The bank account.
    pub at: At,
    /// The line.
    pub line: i64,
    /// Amounts of the parts, signed as the line; two at least.
    pub parts: Vec<Amount>,
}

impl Act for SplitLine {
    const KIND: &'static str = "reconcile.split";
    type Answer = i64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Reconcile, Target::Book(&self.at.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<i64, Stop> {
        let account = locked(tx, scene, &self.at).await?;
        let found = store::chosen_bank(tx, &scene.county, &account, &[(self.line, 0)]).await?;
        let Some(item) = found.first() else {
            return Err(ReconciliationRefusal::LineNotFree { line: self.line.to_string() }.into());
        };
        let sum = Amount::try_sum(self.parts.iter().copied());
        let one_side = self.parts.iter().all(|part| !part.is_zero() && part.is_negative() == item.amount.is_negative());
        if self.parts.len() < 2 || !one_side || sum != Some(item.amount) {
            let (line, amount) = (self.line.to_string(), item.amount.to_string());
            let parts = sum.unwrap_or(Amount::LARGEST).to_string();
            return Err(ReconciliationRefusal::BadSplit { line, amount, parts }.into());
        }
        let frozen = store::frozen(tx, &scene.county, &account).await?;
        if frozen.holds_all(std::iter::once(item.on)) {
            return Err(ReconciliationRefusal::PeriodFrozen { account: account.code.clone(), through: frozen.label() }.into());
        }
        store::save_parts(tx, &scene.county, &account.code, self.line, &self.parts).await?;
        Ok(self.parts.len() as i64)
    }
}

/// Puts a split line together again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UnsplitLine {
    /// The bank account.
    pub at: At,
    /// The line.
    pub line: i64,
}

impl Act for UnsplitLine {
    const KIND: &'static str = "reconcile.unsplit";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Reconcile, Target::Book(&self.at.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let account = locked(tx, scene, &self.at).await?;
        if store::remove_parts(tx, &scene.county, &account.code, self.line).await? {
            return Ok(());
        }
        Err(ReconciliationRefusal::NotSplit { line: self.line.to_string() }.into())
    }
}
