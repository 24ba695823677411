//! Draft vouchers proposed from statement lines, and transfers between own accounts.

use serde::{Deserialize, Serialize};

use super::loan_offers::loan_offers;
use super::matching::keep;
use super::{At, locked};
use crate::access::Permission;
use crate::controls::reconciliation::account::BankAccount;
use crate::controls::reconciliation::evidence::source_key;
use crate::controls::reconciliation::papers::line_name;
use crate::controls::reconciliation::rules::{self, Rule};
use crate::controls::reconciliation::transfers::{Transfer, transfers};
use crate::controls::reconciliation::{BankItem, ReconciliationRefusal, store};
use crate::db::{Connection, Stop};
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::store as ledger_store;
use crate::ledger::{AccountCode, BookCode, Dimensions, Voucher};
use crate::office::{Act, Scene, Target};

/// Keeps a rule of a book.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddRule {
    /// The book.
    pub book: BookCode,
    /// The rule.
    pub rule: Rule,
}

impl Act for AddRule {
    const KIND: &'static str = "reconcile.rule";
    type Answer = String;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Reconcile, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<String, Stop> {
        store::save_rule(tx, &scene.county, &self.book, &self.rule).await?;
        Ok(self.rule.name.clone())
    }
}

/// Makes drafts from statement lines: by the book's rules, or of chosen lines on a named account. Posts nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProposeVouchers {
    /// The bank account.
    pub at: At,
    /// Lines through this day.
    pub through: crate::calendar::BusinessDate,
    /// These lines only: (line, part); all free lines where empty.
    pub lines: Vec<(i64, i64)>,
    /// The other account, instead of the rules.
    pub account: Option<AccountCode>,
    /// Dimensions of the line on that account.
    pub dimensions: Dimensions,
}

/// What was proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// The drafts, with the line and the rule each came from.
    pub drafts: Vec<(Numbered, String, String)>,
    /// Lines no rule speaks of.
    pub without_rule: i64,
    /// Lines that have their draft already.
    pub known: i64,
    /// Lines that are certainly loan money, by name: their loan acts are run, no draft is made.
    #[serde(default)]
    pub loan_money: Vec<String>,
}

impl Act for ProposeVouchers {
    const KIND: &'static str = "reconcile.propose";
    type Answer = Proposed;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepVouchers, Target::Book(&self.at.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Proposed, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.at.book]).await?;
        let account = locked(tx, scene, &self.at).await?;
        let rules = store::rules(tx, &scene.county, &account.book).await?;
        let (items, known) = self.fresh_items(tx, scene, &account).await?;
        let (items, loan_money) = self.without_loan_money(tx, scene, &account, items).await?;
        let (mut vouchers, mut origins, mut without_rule) = (Vec::new(), Vec::new(), 0);
        for item in &items {
            match self.voucher(&account, &rules, item)? {
                Some((voucher, rule)) => {
                    vouchers.push(voucher);
                    origins.push((line_name(item.line, item.part), rule));
                }
                None => without_rule += 1,
            }
        }
        let numbered = if vouchers.is_empty() {
            Vec::new()
        } else {
            ledger::keep_drafts(tx, scene, &vouchers.iter().collect::<Vec<_>>()).await?
        };
        let drafts = numbered.into_iter().zip(origins).map(|(numbered, (line, rule))| (numbered, line, rule)).collect();
        Ok(Proposed { drafts, without_rule, known, loan_money })
    }
}

impl ProposeVouchers {
    /// Free lines that have no draft yet, and how many have.
    async fn fresh_items(&self, tx: &mut Connection, scene: &Scene, account: &BankAccount) -> Result<(Vec<BankItem>, i64), Stop> {
        let items = if self.lines.is_empty() {
            let free = store::Free { through: self.through, as_of: false };
            store::bank_items(tx, &scene.county, account, free).await?
        } else {
            let items = store::chosen_bank(tx, &scene.county, account, &self.lines).await?;
            let missing = self.lines.iter().find(|line| !items.iter().any(|item| (item.line, item.part) == **line));
            if let Some((line, part)) = missing {
                return Err(ReconciliationRefusal::LineNotFree { line: line_name(*line, *part) }.into());
            }
            items
        };
        let keys: Vec<String> = items.iter().map(|item| source_key(&account.code, item.line, item.part)).collect();
        let asked: Vec<(&str, &str)> = keys.iter().map(|key| (account.book.0.as_str(), key.as_str())).collect();
        let known: std::collections::HashSet<String> =
            ledger_store::known_sources(tx, &scene.county, &asked).await?.into_iter().map(|(_, key)| key).collect();
        let count = items.len();
        let fresh: Vec<BankItem> =
            items.into_iter().zip(&keys).filter(|(_, key)| !known.contains(*key)).map(|(item, _)| item).collect();
        let known = (count - fresh.len()) as i64;
        Ok((fresh, known))
    }

    /// Leaves out what is certainly loan money, unless these very lines and the other account were chosen by hand.
    async fn without_loan_money(
        &self,
        tx: &mut Connection,
        scene: &Scene,
        account: &BankAccount,
        items: Vec<BankItem>,
    ) -> Result<(Vec<BankItem>, Vec<String>), Stop> {
        if self.account.is_some() && !self.lines.is_empty() {
            return Ok((items, Vec::new()));
        }
        let offers = loan_offers(tx, &scene.county, account, &items).await?;
        let certain: std::collections::BTreeSet<(i64, i64)> =
            offers.iter().filter(|offer| offer.certain).map(|offer| offer.line).collect();
        let items = items.into_iter().filter(|item| !certain.contains(&(item.line, item.part))).collect();
        Ok((items, certain.into_iter().map(|(line, part)| line_name(line, part)).collect()))
    }

    fn voucher(&self, account: &BankAccount, rules: &[Rule], item: &BankItem) -> Result<Option<(Voucher, String)>, Stop> {
        let bank = account.in_books();
        if let Some(other) = &self.account {
            return Ok(Some((rules::voucher(item, &bank, other, &self.dimensions)?, String::new())));
        }
        let Some(rule) = rules::rule_for(rules, item) else { return Ok(None) };
        Ok(Some((rules::voucher(item, &bank, &rule.account, &rule.dimensions)?, rule.name.clone())))
    }
}

/// Matches transfers between two accounts of one book as one: both statement lines and both lines of the voucher.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MatchTransfers {
    /// The account money leaves.
    pub from: At,
    /// The account it comes to, of the same book.
    pub to: At,
    /// Lines through this day.
    pub through: crate::calendar::BusinessDate,
}

/// What was matched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transferred {
    /// Transfers matched on both accounts.
    pub matched: i64,
}

impl Act for MatchTransfers {
    const KIND: &'static str = "reconcile.transfers";
    type Answer = Transferred;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Reconcile, Target::Book(&self.from.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Transferred, Stop> {
        let none = || ReconciliationRefusal::NoTransfer { from: self.from.account.clone(), to: self.to.account.clone() };
        if self.from.book != self.to.book || self.from.account == self.to.account {
            return Err(none().into());
        }
        // In the order of codes, so that two acts never wait for each other.
        let (first, second) = if self.from.account < self.to.account { (&self.from, &self.to) } else { (&self.to, &self.from) };
        let (first, second) = (locked(tx, scene, first).await?, locked(tx, scene, second).await?);
        let (from, to) = if first.code == self.from.account { (first, second) } else { (second, first) };
        let free = store::Free { through: self.through, as_of: false };
        let (_, cards) = store::names(tx, &scene.county, &from).await?;
        let bank =
            (store::bank_items(tx, &scene.county, &from, free).await?, store::bank_items(tx, &scene.county, &to, free).await?);
        let book = (
            store::book_items(tx, &scene.county, &from, &cards, free).await?,
            store::book_items(tx, &scene.county, &to, &cards, free).await?,
        );
        let found = transfers((&from, &to), (&bank.0, &bank.1), (&book.0, &book.1));
        let frozen = (store::frozen(tx, &scene.county, &from).await?, store::frozen(tx, &scene.county, &to).await?);
        let open: Vec<&Transfer> = found
            .iter()
            .filter(|t| !frozen.0.holds_all(t.dates.iter().copied()) && !frozen.1.holds_all(t.dates.iter().copied()))
            .collect();
        if open.is_empty() {
            return Err(none().into());
        }
        let why = |other: &BankAccount| format!("本单位账户互转:{}", other.code);
        let leaving: Vec<_> =
            open.iter().map(|t| store::Group { bank: vec![t.out_line], book: vec![t.out_entry], why: why(&to) }).collect();
        let coming: Vec<_> =
            open.iter().map(|t| store::Group { bank: vec![t.in_line], book: vec![t.in_entry], why: why(&from) }).collect();
        let first_out = keep(tx, scene, &from, ("transfer", to.code.clone()), &leaving).await?;
        keep(tx, scene, &to, ("transfer", format!("{}:{first_out}", from.code)), &coming).await?;
        Ok(Transferred { matched: open.len() as i64 })
    }
}
