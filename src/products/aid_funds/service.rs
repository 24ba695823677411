//! Acts on one-off funds: opening one, money in and out. Grants are acts of the room that pays (`payouts`).

use serde::{Deserialize, Serialize};

use super::posting_rules::{self, AidMove, In, With};
use super::refusal::AidRefusal;
use super::store::{self, AidFund};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::books::service::regime_in;
use crate::ledger::posting_map::account_for;
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::{AccountCode, BookCode, Regime, store as ledger_store};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use chrono::Datelike;

/// Opens a fund on its book. Refuses books of other kinds (C-130).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OpenAidFund {
    /// The fund.
    pub fund: AidFund,
}

impl Act for OpenAidFund {
    const KIND: &'static str = "aid_fund.open";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.fund.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let fund = &self.fund;
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&fund.book]).await?;
        account_for(regime_in(tx, &scene.county, &fund.book, fund.opened_on.year()).await?, "grants")?;
        if fund.purpose.trim().is_empty() || fund.document.trim().is_empty() {
            return Err(AidRefusal::NoDocument { book: fund.book.to_string() }.into());
        }
        if store::is_fund(tx, &scene.county, &fund.book).await? {
            return Err(AidRefusal::FundExists { book: fund.book.to_string() }.into());
        }
        Ok(store::insert_fund(tx, &scene.county, fund).await?)
    }
}

/// A fund's regime on a date, its book locked. Refuses books without a fund (G-301).
pub async fn opened(tx: &mut Connection, scene: &Scene, book: &BookCode, on: BusinessDate) -> Result<&'static Regime, Stop> {
    ledger_store::lock_books(tx, scene.engine, &scene.county, &[book]).await?;
    if !store::is_fund(tx, &scene.county, book).await? {
        return Err(AidRefusal::UnknownFund { book: book.to_string() }.into());
    }
    regime_in(tx, &scene.county, book, on.year()).await
}

/// Refuses what the fund has not free: in the bank, and not promised to people (G-201).
pub async fn refuse_short(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    regime: &Regime,
    wanted: Amount,
) -> Result<(), Stop> {
    let bank = store::balance(tx, county, book, account_for(regime, "bank")?.as_str()).await?;
    let promised = -store::balance(tx, county, book, account_for(regime, "grant_payable")?.as_str()).await?;
    if bank - promised < wanted {
        return Err(AidRefusal::NotEnough { book: book.to_string(), there: bank - promised, wanted }.into());
    }
    Ok(())
}

/// Posts money of a fund that is not a grant. Refuses more than is there (G-201), and more capital than was paid in (G-202).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MoveAidMoney {
    /// The fund's book.
    pub book: BookCode,
    /// Date.
    pub on: BusinessDate,
    /// What.
    pub what: AidMove,
    /// How much.
    pub amount: Amount,
    /// From or to whom, by which paper.
    pub with: With,
    /// Where the money is; the bank when absent.
    #[serde(default)]
    pub money_account: Option<AccountCode>,
}

impl Act for MoveAidMoney {
    const KIND: &'static str = "aid_fund.move";
    type Answer = Vec<Numbered>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<Numbered>, Stop> {
        let regime = opened(tx, scene, &self.book, self.on).await?;
        let book = || self.book.to_string();
        if !self.amount.is_positive() {
            return Err(AidRefusal::NotPositive { book: book(), amount: self.amount }.into());
        }
        let needs_paper = !matches!(self.what, AidMove::Interest | AidMove::Fee);
        if needs_paper && (self.with.party.trim().is_empty() || self.with.document.trim().is_empty()) {
            return Err(AidRefusal::NoDocument { book: book() }.into());
        }
        if !self.what.comes_in() {
            refuse_short(tx, &scene.county, &self.book, regime, self.amount).await?;
        }
        if self.what == AidMove::Returned {
            let capital = account_for(regime, "fund_capital")?;
            let there = -store::balance(tx, &scene.county, &self.book, capital.as_str()).await?;
            if there < self.amount {
                return Err(AidRefusal::MoreThanPaidIn { book: book(), there, wanted: self.amount }.into());
            }
        }
        let voucher = posting_rules::moved(
            In { book: &self.book, regime, on: self.on, money: self.money_account.as_ref() },
            self.what,
            self.amount,
            &self.with,
        )?;
        let event = scene.draw_id();
        let what = serde_json::to_value(self).unwrap_or_default();
        ledger_store::save_event(tx, &scene.county, (&event, "aid_money_moved", &self.on.to_string()), &what, &scene.at).await?;
        ledger::post(tx, scene, &[voucher], Some(&event)).await
    }
}
