//! Acts that pay what a product owes: a posted dividend plan becomes a batch, once.

use serde::{Deserialize, Serialize};

use super::draw_up::{DrawUp, DrawnUp};
use super::drawing::Drawing;
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::books::service::regime_in;
use crate::ledger::posting_map::account_for;
use crate::ledger::{AccountCode, BookCode, Regime};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::payouts::list::PayRow;
use crate::payouts::{PayoutKind, RowState};
use crate::products::cooperative_shares::distribution::PlanRow;
use crate::products::cooperative_shares::plan::PlanState;
use crate::products::cooperative_shares::refusal::DividendRefusal;
use crate::products::cooperative_shares::store::plans::{self, Plan};
use crate::refusal::Refusal;
use chrono::Datelike;

/// A row that pays a party; its details come from the payee's card.
pub(crate) fn bare_row(row: i64, party: &str, amount: Amount, remark: String) -> PayRow {
    PayRow {
        row,
        party: party.to_owned(),
        name: String::new(),
        id_number: String::new(),
        account_name: String::new(),
        account: String::new(),
        bank: String::new(),
        standard: None,
        quantity_milli: None,
        amount,
        withheld: Amount::ZERO,
        against: Vec::new(),
        remark,
        state: RowState::Waiting,
        attempt: 0,
        reason: None,
        decided_on: None,
        income: None,
    }
}

/// Pays a posted dividend plan: one row a member for refund, floor and share together.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PayDividend {
    /// The book.
    pub book: BookCode,
    /// The plan.
    pub plan: i64,
    /// Code of the new batch.
    pub batch: String,
    /// Date the checks look at.
    pub on: BusinessDate,
    /// Where the money is; the bank when absent.
    pub money_account: Option<AccountCode>,
    /// Why flagged rows are right.
    pub accept: Option<String>,
}

impl Act for PayDividend {
    const KIND: &'static str = "dividend.pay";
    type Answer = DrawnUp;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<DrawnUp, Stop> {
        let plan = plans::plan(tx, &scene.county, &self.book, self.plan).await?;
        let plan = plan.ok_or_else(|| DividendRefusal::UnknownPlan { book: self.book.to_string(), plan: self.plan })?;
        if plan.state != PlanState::Posted {
            let (state, needed) = (plan.state.label_zh().to_owned(), PlanState::Posted.label_zh().to_owned());
            return Err(DividendRefusal::WrongStep { plan: self.plan, state, needed }.into());
        }
        let regime = regime_in(tx, &scene.county, &self.book, self.on.year()).await?;
        let accounts = Accounts::of(regime)?;
        let list = self.list(tx, scene, &plan, accounts.surplus.clone()).await?;
        let mut drawing = Drawing::begin(tx, scene, list).await?;
        let mut pages = plans::Pages::paying(&self.book, self.plan);
        while let Some(rows) = pages.next(tx, &scene.county).await? {
            let paid = (drawing.rows() + 1..).zip(rows.iter().filter(|row| row.net.is_positive()));
            let mut rows: Vec<PayRow> = paid.map(|(n, row)| accounts.row(n as i64, row, plan.terms.year)).collect();
            drawing.add(tx, scene, &mut rows).await?;
        }
        drawing.end(tx, scene).await
    }
}

impl PayDividend {
    /// The list without its rows; they must come to what the plan pays out.
    async fn list(&self, tx: &mut Connection, scene: &Scene, plan: &Plan, payable: AccountCode) -> Result<DrawUp, Stop> {
        let (_, net) = plans::counted(tx, &scene.county, &self.book, self.plan).await?;
        Ok(DrawUp {
            batch: self.batch.clone(),
            book: self.book.clone(),
            kind: PayoutKind::Dividend,
            title: format!("{} 年分红", plan.terms.year),
            project: String::new(),
            on: self.on,
            payable: Some(payable),
            money_account: self.money_account.clone(),
            stated_total: Some(net),
            rows: Vec::new(),
            accept: self.accept.clone(),
            source: Some(format!("dividend:{}:{}", self.book, self.plan)),
        })
    }
}

/// The accounts a dividend is owed on.
struct Accounts {
    refund: Option<AccountCode>,
    surplus: AccountCode,
    cost: Option<AccountCode>,
}

impl Accounts {
    fn of(regime: &Regime) -> Result<Accounts, Refusal> {
        let optional = |usage: &str| account_for(regime, usage).ok();
        let surplus = account_for(regime, "surplus_payable")?;
        Ok(Accounts { refund: optional("refund_payable"), surplus, cost: optional("interest_payable") })
    }

    fn row(&self, number: i64, row: &PlanRow, year: i32) -> PayRow {
        let parts =
            [(self.refund.as_ref(), row.refund), (self.cost.as_ref(), row.cost), (Some(&self.surplus), row.surplus_payable())];
        let against = parts.into_iter().filter(|(_, amount)| amount.is_positive());
        let against = against.filter_map(|(account, amount)| Some((account?.clone(), amount))).collect();
        PayRow { withheld: row.tax, against, ..bare_row(number, &row.member, row.net, format!("{year}年分红")) }
    }
}
