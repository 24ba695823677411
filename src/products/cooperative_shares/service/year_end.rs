//! Acts of the year's end: settling the result, drafting a plan from what the books and the register say.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::lock;
use crate::access::Permission;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::controls::period_close::store as closing;
use crate::controls::year_close::year_end::{self, Occasion};
use crate::db::{Connection, Stop};
use crate::ledger::books::store as books;
use crate::ledger::posting_map::account_for;
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::{AccountCode, BookCode, EntityKind, Regime};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::products::cooperative_shares::distribution::{self, MemberFacts, PlanRow, Standing};
use crate::products::cooperative_shares::holding::share_days;
use crate::products::cooperative_shares::plan::{BookFigures, Method, PlanState, Pools, Terms, pools};
use crate::products::cooperative_shares::refusal::DividendRefusal;
use crate::products::cooperative_shares::store::{plans, register as kept};

fn year_of(year: i32) -> (BusinessDate, BusinessDate) {
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
        let (pools, rows) = computed(tx, &scene.county, &self.book, &self.terms).await?;
        let facts = facts(tx, &scene.county, &self.book, year).await?;
        let made = plans::Made { terms: &self.terms, pools: &pools, digest: &digest(&pools, &rows), facts: &facts, rows: &rows };
        let plan = plans::insert(tx, &scene.county, &self.book, made, (&scene.actor, &scene.at)).await?;
        Ok(Drafted { plan, pools, rows: rows.len() })
    }
}

/// What the plan of these terms would be now. Changes nothing.
pub async fn computed(tx: &mut Connection, county: &str, book: &BookCode, terms: &Terms) -> Result<(Pools, Vec<PlanRow>), Stop> {
    let regime = crate::ledger::books::service::regime_in(tx, county, book, terms.year).await?;
    let mut figures = figures(tx, county, book, regime, terms.year).await?;
    let classes = kept::classes(tx, county, book).await?;
    let members = members(tx, county, book, terms).await?;
    let (first, last) = year_of(terms.year);
    let year_days = last.signed_duration_since(first).num_days() + 1;
    let beside = distribution::floors_before_profit(&classes, &members, year_days)?;
    (figures.undistributed, figures.result) = (figures.undistributed - beside, figures.result - beside);
    let mut divided = pools(terms, &figures, regime.kind == EntityKind::Cooperative)?;
    let in_part = distribution::quantified_in_part(&classes, &members, year_days);
    divided.warning = [divided.warning, in_part].into_iter().flatten().reduce(|first, next| format!("{first}。{next}"));
    let (pools, rows) = distribution::distribute(terms, divided, &classes, members, year_days)?;
    let wanted = pools.reserve + pools.refunds + pools.remaining + (pools.cost - beside);
    if wanted > figures.undistributed.max(Amount::ZERO) && pools.made_up.is_zero() {
        return Err(DividendRefusal::MoreThanThereIs { wanted, there: figures.undistributed }.into());
    }
    Ok((pools, rows))
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
async fn figures(tx: &mut Connection, county: &str, book: &BookCode, regime: &Regime, year: i32) -> Result<BookFigures, Stop> {
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

/// Trade, holdings and arrears of every member, by code.
async fn members(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    terms: &Terms,
) -> Result<BTreeMap<String, MemberFacts>, Stop> {
    let mut members: BTreeMap<String, MemberFacts> = BTreeMap::new();
    kept::trade_by_member(tx, county, book, terms.year, |member, amount| {
        members.entry(member).or_default().trade += amount;
    })
    .await?;
    for (member, owed) in plans::arrears(tx, county, book, terms.year).await? {
        members.entry(member).or_default().arrears += owed;
    }
    let (first, last) = year_of(terms.year);
    let through = match terms.method {
        Method::ShareDays => last,
        Method::RecordDate(on) => on,
    };
    kept::moves_of_year(tx, county, book, (first, through), |member, class, on, amount| {
        let from = if terms.method == Method::ShareDays { on } else { first };
        let days = share_days(amount, from, (first, last));
        stands(&mut members.entry(member).or_default().standings, class, amount, days);
    })
    .await?;
    Ok(members)
}

/// Adds to what a member holds of a class. Most hold one class, so the list has no room to spare.
fn stands(standings: &mut Vec<Standing>, class: String, amount: Amount, days: i128) {
    match standings.iter_mut().find(|standing| standing.class == class) {
        Some(standing) => {
            standing.base += amount;
            standing.days += days;
        }
        None => {
            standings.reserve_exact(1);
            standings.push(Standing { class, base: amount, days });
        }
    }
}

/// Digest of a plan's rows: the same facts give the same digest.
pub(super) fn digest(pools: &Pools, rows: &[PlanRow]) -> String {
    let mut sha = Sha256::new();
    sha.update(serde_json::to_string(pools).unwrap_or_default());
    for row in rows {
        sha.update(format!("{}|{}|{}|{}|{};", row.member, row.weight, row.refund, row.net, row.carried));
    }
    hex::encode(sha.finalize())
}
