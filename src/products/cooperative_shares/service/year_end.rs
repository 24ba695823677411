//! Acts of the year's end: settling the result, drafting a plan from what the books and the register say.

use serde::{Deserialize, Serialize};

use super::lock;
use super::reckoning::{Reckoning, RowsDigest};
use crate::access::Permission;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::controls::period_close::store as closing;
use crate::controls::year_close::year_end::{self, Occasion};
use crate::db::{Connection, Stop};
use crate::ledger::books::store as books;
use crate::ledger::posting_map::account_for;
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::{AccountCode, BookCode, Regime};
use crate::office::{Act, Scene, Target};
use crate::products::cooperative_shares::plan::{BookFigures, PlanState, Pools, Terms};
use crate::products::cooperative_shares::refusal::DividendRefusal;
use crate::products::cooperative_shares::store::{plans, register as kept};

/// The first and the last day of a year.
pub(super) fn year_of(year: i32) -> (BusinessDate, BusinessDate) {
    (AccountingPeriod::opening(year).first_day(), december(year).last_day())
}

fn december(year: i32) -> AccountingPeriod {
    AccountingPeriod::opening(year + 1).previous()
}

/// 结转本年盈余: income and expense to the year's result, the result to undistributed, so that it can be distributed before
/// the year is closed. Run again it moves what is new.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SettleResult {
    /// The book.
    pub book: BookCode,
    /// The year.
    pub year: i32,
}

impl Act for SettleResult {
    const KIND: &'static str = "dividend.settle";
    type Answer = Vec<Numbered>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Close, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<Numbered>, Stop> {
        let (first, last) = year_of(self.year);
        let regime = lock(tx, scene, &self.book, first).await?;
        let chart = books::chart(tx, &scene.county, &self.book, self.year).await?;
        let period = december(self.year);
        let occasion = Occasion { book: &self.book, on: last, period };
        let span = (AccountingPeriod::opening(self.year), period);
        let mut posted = Vec::new();
        let earned: Vec<&AccountCode> =
            chart.accounts().filter(|account| account.class.is_profit_and_loss()).map(|account| &account.code).collect();
        let balances = closing::balances_on(tx, &scene.county, &self.book, span, &earned).await?;
        if let Some(voucher) = year_end::profit_and_loss(occasion, regime, &balances)? {
            posted.extend(ledger::post(tx, scene, &[voucher], None).await?);
        }
        let balances = closing::balances_on(tx, &scene.county, &self.book, span, &[&regime.result]).await?;
        if let Some(voucher) = year_end::result(occasion, regime, &balances)? {
            posted.extend(ledger::post(tx, scene, &[voucher], None).await?);
        }
        Ok(posted)
    }
}

/// 编制分配方案. Refuses while 181, 321/331 or income and expense are not cleared (D-101), and as the rules of `plan` and `distribution` do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DraftPlan {
    /// The book.
    pub book: BookCode,
    /// What the members decided.
    pub terms: Terms,
}

/// A plan as drafted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafted {
    /// Its number.
    pub plan: i64,
    /// What came out.
    pub pools: Pools,
    /// How many get something.
    pub rows: usize,
}

impl Act for DraftPlan {
    const KIND: &'static str = "dividend.plan";
    type Answer = Drafted;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Drafted, Stop> {
        let year = self.terms.year;
        lock(tx, scene, &self.book, year_of(year).0).await?;
        let live = plans::plans(tx, &scene.county, &self.book).await?;
        if let Some(plan) = live.iter().find(|plan| plan.terms.year == year && plan.state != PlanState::Dropped) {
            return Err(DividendRefusal::YearHasPlan { year: year.into(), plan: plan.plan }.into());
        }
        let classes = kept::classes(tx, &scene.county, &self.book).await?;
        let reckoned = Reckoning::of(tx, (&scene.county, &self.book), &self.terms, &classes).await?;
        self.keep(tx, scene, reckoned).await
    }
}

impl DraftPlan {
    /// Keeps the rows as they come, then the plan with their digest.
    async fn keep(&self, tx: &mut Connection, scene: &Scene, mut reckoned: Reckoning<'_>) -> Result<Drafted, Stop> {
        let (county, book) = (scene.county.as_str(), &self.book);
        let plan = plans::next_number(tx, county, book).await?;
        let (mut digest, mut rows) = (RowsDigest::of(&reckoned.pools), 0);
        while let Some(page) = reckoned.next(tx).await? {
            plans::insert_rows(tx, county, book, plan, &page).await?;
            digest.add(&page);
            rows += page.len();
        }
        let (pools, digest) = (reckoned.pools, digest.end());
        let facts = facts(tx, county, book, self.terms.year).await?;
        let made = plans::Made { plan, terms: &self.terms, pools: &pools, digest: &digest, facts: &facts };
        plans::insert(tx, county, book, made, (&scene.actor, &scene.at)).await?;
        Ok(Drafted { plan, pools, rows })
    }
}

/// What a plan of a year rests on, as a text: while it stays the same, so does the plan. Refuses what must be cleared first (D-101).
pub(super) async fn facts(tx: &mut Connection, county: &str, book: &BookCode, year: i32) -> Result<String, Stop> {
    let regime = crate::ledger::books::service::regime_in(tx, county, book, year).await?;
    let figures = figures(tx, county, book, regime, year).await?;
    let changes = kept::changes(tx, county, book).await?;
    let arrears = plans::last_before(tx, county, book, year).await?;
    Ok(format!("{changes} {} {} {} {arrears}", figures.undistributed, figures.result, figures.reserve))
}

/// What the book says; refuses what must be cleared first (D-101).
pub(super) async fn figures(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    regime: &Regime,
    year: i32,
) -> Result<BookFigures, Stop> {
    for account in regime.clearing.iter().chain([&regime.result]) {
        let balance = kept::balance(tx, county, book, (year, account.as_str(), None)).await?;
        if !balance.is_zero() {
            return Err(DividendRefusal::Uncleared { account: account.to_string(), balance: -balance }.into());
        }
    }
    let (result, waiting) = kept::result(tx, county, book, year).await?;
    if !waiting.is_zero() {
        return Err(DividendRefusal::Uncleared { account: "损益类".to_owned(), balance: waiting }.into());
    }
    let undistributed = regime.undistributed.clone().unwrap_or_else(|| regime.result.clone());
    let mut there = kept::balance(tx, county, book, (year, undistributed.as_str(), None)).await?;
    if let Some(appropriations) = &regime.appropriations {
        there += kept::balance(tx, county, book, (year, appropriations.as_str(), None)).await?;
    }
    let reserve = kept::balance(tx, county, book, (year, account_for(regime, "reserve")?.as_str(), None)).await?;
    Ok(BookFigures { undistributed: there, result, reserve })
}
