//! Acts on money of resident cadres: paying within the standard, keeping standards.

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use super::{Item, Per, ResidentPayment, Standard, deciding, store};
use crate::access::Permission;
use crate::affairs::duties::store as duties;
use crate::affairs::refusal::AffairsRefusal;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::books::service::regime_in;
use crate::ledger::books::store as books;
use crate::ledger::posting_map::account_for;
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::vouchers::{self, State};
use crate::ledger::{AccountCode, BookCode, Dimensions, FundClass, LedgerRefusal, Voucher, store as ledger_store};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};

/// Pays resident cadres within the standard: a submitted voucher that another person approves.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PayResident {
    /// The book.
    pub book: BookCode,
    /// What for.
    pub item: Item,
    /// The person's number among the duty persons; none for the team.
    pub duty: Option<i64>,
    /// Date.
    pub on: BusinessDate,
    /// How much.
    pub amount: Amount,
    /// Sheets of paper with it.
    pub sheets: i64,
    /// Where it is paid from; the bank when absent.
    #[serde(default)]
    pub money_account: Option<AccountCode>,
}

impl Act for PayResident {
    const KIND: &'static str = "resident.pay";
    type Answer = Numbered;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::AcceptClaims, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Numbered, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let name = self.check(tx, scene).await?;
        let voucher = self.voucher(tx, scene, &name).await?;
        let numbered = ledger::keep_drafts(tx, scene, &[&voucher]).await?.remove(0);
        vouchers::store::set_state(tx, &scene.county, &self.book, &[numbered.1], State::Submitted, None).await?;
        let (item, on, amount, voucher) = (self.item, self.on, self.amount, numbered.reference());
        let payment = ResidentPayment { item, duty: self.duty.unwrap_or(0), on, amount, voucher };
        let (year, done) = (self.on.year(), (scene.actor.as_str(), scene.at.as_str()));
        store::insert(tx, &scene.county, (&self.book, year), &payment, numbered.1.0, done).await?;
        Ok(numbered)
    }
}

impl PayResident {
    /// Refuses what the standard does not allow (Z-101, Z-301, Z-302, Z-401); answers the person's name.
    async fn check(&self, tx: &mut Connection, scene: &Scene) -> Result<String, Stop> {
        let book = books::book(tx, &scene.county, &self.book).await?;
        let book = book.ok_or_else(|| LedgerRefusal::UnknownBook { book: self.book.to_string() })?;
        let item = self.item.label_zh().to_owned();
        let standards = store::standards(tx, &scene.county).await?;
        let place = book.place.unwrap_or_default();
        let missing = || AffairsRefusal::NoStandard { item: item.clone(), on: self.on };
        let standard = deciding(&standards, self.item, self.on, &place).ok_or_else(missing)?;
        if !self.amount.is_positive() || (standard.per != Per::VillageYear && self.duty.is_none()) {
            return Err(AffairsRefusal::Incomplete { what: "金额、人员编号".to_owned() }.into());
        }
        let all = duties::duties(tx, &scene.county, &self.book).await?;
        let unknown = |duty: i64| AffairsRefusal::UnknownDuty { duty, book: self.book.to_string() };
        let name = match self.duty {
            Some(duty) => all.iter().find(|kept| kept.duty == duty).ok_or_else(|| unknown(duty))?.name.clone(),
            None => "工作组".to_owned(),
        };
        let allowed = standard.allows(&all, self.duty, self.on);
        let paid = store::payments(tx, &scene.county, &self.book, self.on.year()).await?;
        let of_same = |payment: &&ResidentPayment| payment.item == self.item && payment.duty == self.duty.unwrap_or(0);
        let left = allowed - paid.iter().filter(of_same).map(|payment| payment.amount).sum::<Amount>();
        if self.amount > left {
            let (amount, source) = (self.amount, standard.source.clone());
            return Err(AffairsRefusal::OverStandard { item, amount, left, standard: allowed, source }.into());
        }
        Ok(name)
    }

    async fn voucher(&self, tx: &mut Connection, scene: &Scene, name: &str) -> Result<Voucher, Stop> {
        let regime = regime_in(tx, &scene.county, &self.book, self.on.year()).await?;
        let cost = account_for(regime, "claim_resident")?;
        let bank = self.money_account.clone().map_or_else(|| account_for(regime, "bank"), Ok)?;
        let money = Dimensions { fund_class: Some(FundClass::Resident.label_zh().to_owned()), ..Dimensions::default() };
        let summary = format!("支付驻村{} {name}", self.item.label_zh());
        let draft = Voucher::on(&self.book, self.on, &summary).debit(&cost, self.amount, Dimensions::default());
        let mut voucher = draft.credit(&bank, self.amount, money).balanced()?;
        voucher.paper_attachments = self.sheets;
        Ok(voucher)
    }
}

/// Keeps a county's own standards.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveStandards {
    /// The rows.
    pub rules: Vec<Standard>,
}

impl Act for SaveStandards {
    const KIND: &'static str = "resident.standards";
    type Answer = i64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<i64, Stop> {
        self.rules.iter().try_for_each(Standard::check)?;
        store::save_standards(tx, &scene.county, &self.rules, (&scene.actor, &scene.at)).await?;
        Ok(self.rules.len() as i64)
    }
}
