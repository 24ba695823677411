//! Acts of closing months: check, transfer, close, reopen.

use serde::{Deserialize, Serialize};

use super::checks::{self, CheckItem, Found, Outcome};
use super::{CloseRefusal, digest::period_digest, store};
use crate::access::Permission;
use crate::calendar::AccountingPeriod;
use crate::controls::year_close::year_end::{self, Balance, Occasion};
use crate::db::{Connection, Stop};
use crate::ledger::books::{BookRefusal, service::refuse_ended, store as books};
use crate::ledger::posting::PeriodState;
use crate::ledger::refusal::ReasonRefusal;
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::{AccountCode, BookCode, Chart, LedgerRefusal, Regime, Voucher, regime};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::statements::{self, balance_sheet};

/// A book with one of its years, as closing needs them.
pub(in crate::controls) struct Keeping {
    pub(in crate::controls) book: BookCode,
    pub(in crate::controls) year: i32,
    pub(in crate::controls) regime: &'static Regime,
    pub(in crate::controls) chart: Chart,
}

impl Keeping {
    pub(in crate::controls) async fn load(
        tx: &mut Connection,
        county: &str,
        book: &BookCode,
        year: i32,
    ) -> Result<Keeping, Stop> {
        if books::book(tx, county, book).await?.is_none() {
            return Err(LedgerRefusal::UnknownBook { book: book.to_string() }.into());
        }
        let years = books::years(tx, county, book).await?;
        let not_kept = || BookRefusal::YearNotKept { book: book.to_string(), year: year.into() };
        let kept = years.iter().find(|kept| kept.year == year).ok_or_else(not_kept)?;
        let chart = books::chart(tx, county, book, year).await?;
        Ok(Keeping { book: book.clone(), year, regime: regime::regime(&kept.regime)?, chart })
    }

    pub(in crate::controls) fn december(&self) -> AccountingPeriod {
        AccountingPeriod::opening(self.year + 1).previous()
    }

    pub(in crate::controls) fn whole_year(&self) -> (AccountingPeriod, AccountingPeriod) {
        (AccountingPeriod::opening(self.year), self.december())
    }

    pub(in crate::controls) fn is_profit_and_loss(&self, account: &AccountCode) -> bool {
        self.chart.get(account).is_some_and(|account| account.class.is_profit_and_loss())
    }
}

/// The check list of a period, for people to look at. Changes nothing.
pub async fn check(tx: &mut Connection, county: &str, book: &BookCode, period: AccountingPeriod) -> Result<Vec<CheckItem>, Stop> {
    let keeping = Keeping::load(tx, county, book, period.year()).await?;
    let kept = kept_period(tx, county, book, period).await?;
    let found = look(tx, county, &keeping, kept.period).await?;
    Ok(checks::check_list(&found, period.month() == 12))
}

pub(in crate::controls) async fn kept_period(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    period: AccountingPeriod,
) -> Result<store::KeptPeriod, Stop> {
    let kept = store::periods(tx, county, book).await?.into_iter().find(|kept| kept.period == period);
    let not_kept = || LedgerRefusal::PeriodNotKept { book: book.to_string(), period: period.to_string() };
    Ok(kept.filter(|kept| !kept.period.is_opening()).ok_or_else(not_kept)?)
}

async fn look(tx: &mut Connection, county: &str, keeping: &Keeping, period: AccountingPeriod) -> Result<Found, Stop> {
    let book = &keeping.book;
    let rows = statements::store::movements(tx, county, book, period).await?;
    let whole = || rows.iter().filter(|row| row.dimension.is_none());
    let too_large = || crate::ledger::voucher::Unbalanced::TooLarge;
    let debit = Amount::try_sum(whole().map(|row| row.debit)).ok_or_else(too_large)?;
    let credit = Amount::try_sum(whole().map(|row| row.credit)).ok_or_else(too_large)?;
    let figures = statements::figures::Figures::at(&keeping.chart, &rows, period)?;
    let standing = |account: &AccountCode| (account.clone(), figures.moves(account).closing());
    let unposted = store::unposted(tx, county, book, period).await?;
    Ok(Found {
        unposted: unposted.into_iter().map(|(voucher, state)| (voucher, state.label_zh().to_owned())).collect(),
        gaps: store::gaps(tx, county, book, period).await?,
        without_papers: store::without_papers(tx, county, book, period).await?,
        negative_cash: negative_cash(tx, county, keeping, period, &figures).await?,
        uncleared: keeping.regime.clearing.iter().map(standing).filter(|(_, balance)| !balance.is_zero()).collect(),
        overdrawn: store::overdrawn_projects(tx, county, book, period).await?,
        movement: (debit, credit),
        unsound: unsound(keeping, &rows, period),
        unreconciled: crate::controls::reconciliation::service::close_findings(tx, county, book, period).await?,
        earlier_open: earlier_open(&store::periods(tx, county, book).await?, period),
    })
}

fn earlier_open(periods: &[store::KeptPeriod], period: AccountingPeriod) -> Vec<AccountingPeriod> {
    let open = periods.iter().filter(|kept| kept.state == PeriodState::Open && !kept.period.is_opening());
    open.map(|kept| kept.period).filter(|earlier| *earlier < period).collect()
}

/// Days of the period on which a cash account ended below zero (cash is never negative; BASIC art. 57).
async fn negative_cash(
    tx: &mut Connection,
    county: &str,
    keeping: &Keeping,
    period: AccountingPeriod,
    figures: &statements::figures::Figures<'_>,
) -> Result<Vec<(AccountCode, crate::calendar::BusinessDate, Amount)>, Stop> {
    let mut below = Vec::new();
    for cash in &keeping.regime.cash {
        let mut standing: Option<(AccountCode, Amount)> = None;
        for (account, day, moved) in store::daily(tx, county, &keeping.book, period, cash).await? {
            let before = standing.filter(|(same, _)| *same == account).map(|(_, amount)| amount);
            let balance = before.unwrap_or_else(|| figures.moves(&account).before()) + moved;
            if balance.is_negative() {
                below.push((account.clone(), day, balance));
            }
            standing = Some((account, balance));
        }
    }
    Ok(below)
}

/// The equations of the balance sheet that do not hold; a regime without the form has none.
fn unsound(keeping: &Keeping, rows: &[statements::MovementRow], period: AccountingPeriod) -> Vec<String> {
    match balance_sheet::balance_sheet(keeping.regime, &keeping.chart, rows, period) {
        Ok(sheet) => {
            let failing = sheet.checks.iter().filter(|check| !check.holds);
            failing.map(|c| format!("{}:{} ≠ {}", c.name_zh, c.left.grouped(), c.right.grouped())).collect()
        }
        Err(_) => Vec::new(),
    }
}

/// What a close did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// The period closed.
    pub period: AccountingPeriod,
    /// Digest of its closing trial balance.
    pub digest: String,
    /// Items that warned and were closed over.
    pub warnings: Vec<CheckItem>,
    /// Vouchers the close made.
    pub vouchers: Vec<Numbered>,
}

/// Closes a month. December closes with the year.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ClosePeriod {
    /// The book.
    pub book: BookCode,
    /// The month.
    pub period: AccountingPeriod,
    /// What to say of items that warn.
    pub reason: Option<String>,
}

impl Act for ClosePeriod {
    const KIND: &'static str = "period.close";
    type Answer = Closed;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Close, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Closed, Stop> {
        let keeping = lock(tx, scene, &self.book, self.period.year()).await?;
        if self.period.month() == 12 {
            let (book, year) = (self.book.to_string(), self.period.year().into());
            return Err(CloseRefusal::DecemberClosesWithYear { book, year }.into());
        }
        let (digest, warnings) = close(tx, scene, &keeping, self.period).await?;
        Ok(Closed { period: self.period, digest, warnings, vouchers: Vec::new() })
    }
}

pub(in crate::controls) async fn lock(tx: &mut Connection, scene: &Scene, book: &BookCode, year: i32) -> Result<Keeping, Stop> {
    crate::ledger::store::lock_books(tx, scene.engine, &scene.county, &[book]).await?;
    Keeping::load(tx, &scene.county, book, year).await
}

/// Checks and closes; January closes its year's opening with it. Answers the digest and what warned.
pub(in crate::controls) async fn close(
    tx: &mut Connection,
    scene: &Scene,
    keeping: &Keeping,
    period: AccountingPeriod,
) -> Result<(String, Vec<CheckItem>), Stop> {
    let kept = kept_period(tx, &scene.county, &keeping.book, period).await?;
    if kept.state == PeriodState::Closed {
        return Err(already(&keeping.book, period, "已结账"));
    }
    let found = look(tx, &scene.county, keeping, period).await?;
    if let Some(earlier) = found.earlier_open.first() {
        let (book, period, earlier) = (keeping.book.to_string(), period.to_string(), earlier.to_string());
        return Err(CloseRefusal::EarlierOpen { book, period, earlier }.into());
    }
    let items = checks::check_list(&found, period.month() == 12);
    if let Some(items) = checks::blocking(&items) {
        return Err(CloseRefusal::ChecksBlock { book: keeping.book.to_string(), period: period.to_string(), items }.into());
    }
    let digest = period_digest(&keeping.book, period, &store::trial_rows(tx, &scene.county, &keeping.book, period).await?);
    let closing: Vec<AccountingPeriod> = store::periods(tx, &scene.county, &keeping.book)
        .await?
        .into_iter()
        .filter(|kept| kept.period <= period && kept.state == PeriodState::Open)
        .map(|kept| kept.period)
        .collect();
    let (by, state) = ((scene.actor.as_str(), scene.at.as_str()), (closing.as_slice(), "closed"));
    store::set_periods(tx, &scene.county, &keeping.book, state, by, (None, Some(&digest))).await?;
    Ok((digest, items.into_iter().filter(|item| item.outcome == Outcome::Warned).collect()))
}

fn already(book: &BookCode, period: AccountingPeriod, state: &str) -> Stop {
    CloseRefusal::AlreadySo { book: book.to_string(), period: period.to_string(), state: state.to_owned() }.into()
}

/// Reopens the last closed month, with a reason, by somebody who may.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReopenPeriod {
    /// The book.
    pub book: BookCode,
    /// The month.
    pub period: AccountingPeriod,
    /// Why.
    pub reason: String,
}

impl Act for ReopenPeriod {
    const KIND: &'static str = "period.reopen";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Reopen, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        if self.reason.trim().is_empty() {
            return Err(ReasonRefusal::Missing { what: "反结账".to_owned() }.into());
        }
        let keeping = lock(tx, scene, &self.book, self.period.year()).await?;
        refuse_ended(tx, &scene.county, &self.book).await?;
        if kept_period(tx, &scene.county, &self.book, self.period).await?.state == PeriodState::Open {
            return Err(already(&self.book, self.period, "未结账"));
        }
        let periods = store::periods(tx, &scene.county, &self.book).await?;
        let later = periods.iter().find(|kept| kept.period > self.period && kept.state == PeriodState::Closed);
        if let Some(later) = later {
            let (book, period) = (self.book.to_string(), self.period.to_string());
            return Err(CloseRefusal::LaterClosed { book, period, later: later.period.to_string() }.into());
        }
        let opening = AccountingPeriod::opening(keeping.year);
        let reopened = if self.period.month() == 1
            || !periods.iter().any(|k| k.period < self.period && !k.period.is_opening() && k.period.year() == keeping.year)
        {
            vec![opening, self.period]
        } else {
            vec![self.period]
        };
        let by = (scene.actor.as_str(), scene.at.as_str());
        store::set_periods(tx, &scene.county, &self.book, (&reopened, "open"), by, (Some(self.reason.trim()), None)).await?;
        if self.period.month() == 12 {
            store::set_carried(tx, &scene.county, &self.book, keeping.year, None).await?;
        }
        Ok(())
    }
}

/// 结转损益: moves income and expense to the year's result, through a month. May be run monthly or left to the year's end.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TransferProfitAndLoss {
    /// The book.
    pub book: BookCode,
    /// Through which month.
    pub period: AccountingPeriod,
}

impl Act for TransferProfitAndLoss {
    const KIND: &'static str = "period.transfer";
    type Answer = Vec<Numbered>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Close, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<Numbered>, Stop> {
        let keeping = lock(tx, scene, &self.book, self.period.year()).await?;
        transfer(tx, scene, &keeping, self.period).await
    }
}

pub(in crate::controls) async fn transfer(
    tx: &mut Connection,
    scene: &Scene,
    keeping: &Keeping,
    through: AccountingPeriod,
) -> Result<Vec<Numbered>, Stop> {
    let year = (AccountingPeriod::opening(keeping.year), through);
    let balances = store::balances(tx, &scene.county, &keeping.book, year).await?;
    let income_and_expense = only(balances, |account| keeping.is_profit_and_loss(account));
    let occasion = Occasion { book: &keeping.book, on: through.last_day(), period: through };
    posted(tx, scene, year_end::profit_and_loss(occasion, keeping.regime, &income_and_expense)?).await
}

pub(in crate::controls) fn only(balances: Vec<Balance>, wanted: impl Fn(&AccountCode) -> bool) -> Vec<Balance> {
    balances.into_iter().filter(|balance| wanted(&balance.account)).collect()
}

pub(in crate::controls) async fn posted(
    tx: &mut Connection,
    scene: &Scene,
    voucher: Option<Voucher>,
) -> Result<Vec<Numbered>, Stop> {
    match voucher {
        Some(voucher) => ledger::post(tx, scene, &[voucher], None).await,
        None => Ok(Vec::new()),
    }
}
