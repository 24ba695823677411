//! Acts by which shares change names or leave: allotment, transfer, conversion on leaving poverty, withdrawal, capitalisation.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Registered, check_covered, check_entries, in_book, lock, remember};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::{AccountCode, BookCode, EntityKind, Regime};
use crate::money::Amount;
use crate::money::allotment::allot;
use crate::office::{Act, Scene, Target};
use crate::products::cooperative_shares::class::{AccountColumn, Source};
use crate::products::cooperative_shares::holding::{Entry, EntryKind, Position, Wanted, holdings_on, taken_out};
use crate::products::cooperative_shares::posting_rules;
use crate::products::cooperative_shares::refusal::ShareRefusal;
use crate::products::cooperative_shares::store::register as kept;

/// What becomes of shares that change names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Owner and income go together: account 301 changes names.
    Ownership,
    /// Only the income goes; the owner stays.
    Income,
}

/// 配股 or 转让: one member's shares go to others.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MoveShares {
    /// The book.
    pub book: BookCode,
    /// Date of effect.
    pub on: BusinessDate,
    /// `allot` or `transfer`.
    pub kind: EntryKind,
    /// From whose holding.
    pub from: String,
    /// Of which class.
    pub class: String,
    /// Into which class; the same when absent.
    pub into_class: Option<String>,
    /// What goes.
    pub right: Right,
    /// To whom, how much.
    pub to: Vec<(String, Amount)>,
    /// 依据
    pub document: String,
}

impl Act for MoveShares {
    const KIND: &'static str = "share.move";
    type Answer = Registered;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Registered, Stop> {
        let regime = lock(tx, scene, &self.book, self.on).await?;
        let all = kept::entries_of(tx, &scene.county, &self.book, &[&self.from]).await?;
        let wanted = Wanted::own(&self.from, &self.class, self.on);
        let entries = moved(&all, wanted, (self.kind, &self.document), self.right, self.into_class.as_deref(), &self.to)?;
        check_entries(tx, scene, &self.book, &entries).await?;
        let voucher = posting_rules::changed_names(in_book(&self.book, regime, self.on), self.kind.label_zh(), &entries)?;
        let what = serde_json::json!({ "book": self.book, "from": self.from, "to": self.to.len(), "right": self.right, "document": self.document });
        remember(tx, scene, &self.book, ("shares_moved", self.on, what), voucher.as_slice(), &entries).await
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "book": self.book, "on": self.on, "kind": self.kind, "from": self.from, "class": self.class, "to": self.to.len() })
    }
}

/// The entries that take shares from one name and put them in others.
fn moved(
    all: &[Entry],
    wanted: Wanted<'_>,
    (kind, document): (EntryKind, &str),
    right: Right,
    into: Option<&str>,
    to: &[(String, Amount)],
) -> Result<Vec<Entry>, ShareRefusal> {
    if let Some((member, amount)) = to.iter().find(|(_, amount)| !amount.is_positive()) {
        return Err(ShareRefusal::NotPositive { member: member.clone(), amount: *amount });
    }
    let mut entries = taken_out(all, wanted, (kind, document), to.iter().map(|(_, amount)| *amount).sum())?;
    let mut taken: Vec<(Position, Amount)> = entries.iter().map(|entry| (entry.position.clone(), -entry.amount)).collect();
    for (member, amount) in to {
        let mut left = *amount;
        for (position, there) in &mut taken {
            let part = there.take_up_to(left);
            left -= part;
            if part.is_positive() {
                let mut position = match right {
                    Right::Ownership => position.held_by(member),
                    Right::Income => Position { beneficiary: member.clone(), ..position.clone() },
                };
                position.class = into.unwrap_or(&position.class).to_owned();
                entries.push(Entry { on: wanted.on, kind, position, amount: part, document: document.to_owned() });
            }
        }
    }
    Ok(entries)
}

/// What happens to a household's shares when it leaves poverty (posting-rules.md §4, three variants).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conversion {
    /// (a) Its own share stays its own: noted, nothing moves.
    Keeps,
    /// (b) The allotted share goes to the village or another household.
    OwnershipTo(String),
    /// (c) The income right goes back to the owner, or on to another household.
    IncomeTo {
        /// The owner.
        owner: String,
        /// Who gets the income from now on.
        beneficiary: String,
    },
}

/// 脱贫转股. Contracts that run go on (seeds.md §5.4); only what the variant says changes, from its date on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConvertShares {
    /// The book.
    pub book: BookCode,
    /// Date of effect; dividends count days before it for the household.
    pub on: BusinessDate,
    /// The household.
    pub member: String,
    /// Class.
    pub class: String,
    /// How much; all of it when absent.
    pub amount: Option<Amount>,
    /// Which variant.
    pub conversion: Conversion,
    /// 依据: announcement and decision.
    pub document: String,
}

impl Act for ConvertShares {
    const KIND: &'static str = "share.convert";
    type Answer = Registered;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Registered, Stop> {
        let regime = lock(tx, scene, &self.book, self.on).await?;
        if self.document.trim().is_empty() {
            return Err(ShareRefusal::NoDocument { what: "脱贫转股".to_owned() }.into());
        }
        let (holder, to, right) = match &self.conversion {
            Conversion::Keeps => (self.member.as_str(), None, Right::Ownership),
            Conversion::OwnershipTo(to) => (self.member.as_str(), Some(to), Right::Ownership),
            Conversion::IncomeTo { owner, beneficiary } => (owner.as_str(), Some(beneficiary), Right::Income),
        };
        let all = kept::entries_of(tx, &scene.county, &self.book, &[holder]).await?;
        let wanted = Wanted { holder, beneficiary: &self.member, class: &self.class, on: self.on };
        let is_it = |p: &Position| p.holder == holder && p.beneficiary == self.member && p.class == self.class;
        let held: Amount = holdings_on(&all, self.on).iter().filter(|(p, _)| is_it(p)).map(|(_, amount)| *amount).sum();
        let amount = self.amount.unwrap_or(held);
        let (mut entries, mut voucher) = (Vec::new(), None);
        if let Some(to) = to {
            let kind = (EntryKind::Convert, self.document.as_str());
            entries = moved(&all, wanted, kind, right, None, &[(to.clone(), amount)])?;
            check_entries(tx, scene, &self.book, &entries).await?;
            voucher = posting_rules::changed_names(in_book(&self.book, regime, self.on), "脱贫转股", &entries)?;
        } else if held < amount || !held.is_positive() {
            let (member, class) = (self.member.clone(), self.class.clone());
            return Err(ShareRefusal::NotHeld { member, class, on: self.on, held, wanted: amount }.into());
        }
        let what = serde_json::to_value(self).unwrap_or_default();
        remember(tx, scene, &self.book, ("shares_converted", self.on, what), voucher.as_slice(), &entries).await
    }
}

/// 退股: the contribution and the member's part of the reserve are paid out, less its part of a loss (H-205); its parts of grants and gifts fall back to be quantified anew.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WithdrawShares {
    /// The book.
    pub book: BookCode,
    /// Date.
    pub on: BusinessDate,
    /// The member.
    pub member: String,
    /// Account the money leaves from (or a payable).
    pub money_account: AccountCode,
    /// What it bears of the cooperative's loss by its statutes; taken off what is paid.
    #[serde(default)]
    pub loss: Amount,
    /// 依据
    pub document: String,
}

impl Act for WithdrawShares {
    const KIND: &'static str = "share.withdraw";
    type Answer = Registered;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Registered, Stop> {
        let regime = lock(tx, scene, &self.book, self.on).await?;
        let all = kept::entries_of(tx, &scene.county, &self.book, &[&self.member]).await?;
        let kind = EntryKind::Withdraw;
        let leave = |(position, amount): (Position, Amount)| Entry {
            on: self.on,
            kind,
            position,
            amount: -amount,
            document: self.document.clone(),
        };
        let entries: Vec<Entry> = holdings_on(&all, self.on).into_iter().map(leave).collect();
        check_entries(tx, scene, &self.book, &entries).await?;
        check_covered(&all, &entries)?;
        if regime.kind == EntityKind::Cooperative {
            self.check_tied(tx, scene).await?;
        }
        let sum = |of: &dyn Fn(AccountColumn) -> bool| -> Amount {
            entries.iter().filter(|entry| of(entry.position.column)).map(|entry| -entry.amount).sum()
        };
        let (contribution, reserve) = (sum(&AccountColumn::is_contribution), sum(&|column| column == AccountColumn::Reserve));
        let rules = in_book(&self.book, regime, self.on);
        self.check_loss(tx, scene, regime, contribution + reserve).await?;
        let voucher = if (contribution + reserve).is_zero() {
            None
        } else {
            let sums = (contribution, reserve, self.loss);
            Some(posting_rules::withdrawn(rules, &self.member, sums, &self.money_account)?)
        };
        let what = serde_json::to_value(self).unwrap_or_default();
        remember(tx, scene, &self.book, ("shares_withdrawn", self.on, what), voucher.as_slice(), &entries).await
    }
}

impl WithdrawShares {
    /// Refuses a part of the loss beyond what the member would get or the book has lost (H-205).
    async fn check_loss(&self, tx: &mut Connection, scene: &Scene, regime: &Regime, due: Amount) -> Result<(), Stop> {
        if self.loss.is_zero() {
            return Ok(());
        }
        let year = chrono::Datelike::year(&self.on);
        let undistributed = regime.undistributed.as_ref().unwrap_or(&regime.result);
        let kept = kept::balance(tx, &scene.county, &self.book, (year, undistributed.as_str(), None)).await?;
        let (_, waiting) = kept::result(tx, &scene.county, &self.book, year).await?;
        let most = due.min((-(kept + waiting)).max(Amount::ZERO));
        if self.loss.is_negative() || self.loss > most {
            return Err(ShareRefusal::LossTooLarge { member: self.member.clone(), loss: self.loss, most }.into());
        }
        Ok(())
    }

    /// Refuses to pay out what the member's account does not say (H-204): somebody wrote on it by hand.
    async fn check_tied(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let (account, register) = kept::contributed(tx, &scene.county, &self.book, &self.member).await?;
        if account == register {
            return Ok(());
        }
        Err(ShareRefusal::NotTied { member: self.member.clone(), register, account }.into())
    }
}

/// 转增: 资本公积 or 盈余公积 becomes share capital in proportion to contributions, after a members' vote.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Capitalise {
    /// The book.
    pub book: BookCode,
    /// Date.
    pub on: BusinessDate,
    /// `capital_reserve` or `reserve`.
    pub from: String,
    /// Class of the new shares.
    pub class: String,
    /// How much.
    pub amount: Amount,
    /// 成员大会决议
    pub document: String,
}

impl Act for Capitalise {
    const KIND: &'static str = "share.capitalise";
    type Answer = Registered;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Registered, Stop> {
        let regime = lock(tx, scene, &self.book, self.on).await?;
        let held = kept::holdings(tx, &scene.county, &self.book, self.on, None).await?;
        let mut by_holder: std::collections::BTreeMap<&str, Amount> = std::collections::BTreeMap::new();
        for (position, amount) in held.iter().filter(|(position, _)| position.column.is_contribution()) {
            *by_holder.entry(&position.holder).or_default() += *amount;
        }
        if !self.amount.is_positive() || !BTreeSet::from(["capital_reserve", "reserve"]).contains(self.from.as_str()) {
            return Err(ShareRefusal::NotPositive { member: self.from.clone(), amount: self.amount }.into());
        }
        let rules = in_book(&self.book, regime, self.on);
        let account = rules.account(&self.from)?;
        let year = chrono::Datelike::year(&self.on);
        let there = kept::balance(tx, &scene.county, &self.book, (year, account.as_str(), None)).await?;
        if self.amount > there {
            return Err(ShareRefusal::OverQuantified { column: account.to_string(), there, wanted: self.amount }.into());
        }
        let parts = allot(self.amount, &by_holder.values().map(|amount| i128::from(amount.fen())).collect::<Vec<_>>())?;
        let entry = |(holder, amount): (&&str, Amount)| {
            let position = Position::own(holder, &self.class, Source::Reserve);
            Entry { on: self.on, kind: EntryKind::Capitalise, position, amount, document: self.document.clone() }
        };
        let entries: Vec<Entry> = by_holder.keys().zip(parts).map(entry).filter(|entry| !entry.amount.is_zero()).collect();
        check_entries(tx, scene, &self.book, &entries).await?;
        let voucher = posting_rules::capitalised(rules, &self.from, &entries)?;
        let what = serde_json::to_value(self).unwrap_or_default();
        remember(tx, scene, &self.book, ("shares_capitalised", self.on, what), &[voucher], &entries).await
    }
}
