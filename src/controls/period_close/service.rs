//! Acts of closing: check, transfer, close, reopen, open a year, close a year.

use serde::{Deserialize, Serialize};

use super::checks::{self, CheckItem, Found, Outcome};
use super::year_end::{self, Balance, Occasion};
use super::{CloseRefusal, digest::period_digest, store};
use crate::access::Permission;
use crate::calendar::AccountingPeriod;
use crate::db::{Connection, Stop};
use crate::ledger::books::{BookRefusal, service::book_accounts, store as books};
use crate::ledger::conversion::{self, Adjustment, Choice, OldBalance, WorkSheet};
use crate::ledger::posting::PeriodState;
use crate::ledger::refusal::ReasonRefusal;
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::{AccountClass, AccountCode, BookCode, Chart, LedgerRefusal, Regime, Voucher, regime};
use crate::money::Amount;
use crate::money::rate::Rate;
use crate::office::{Act, Scene, Target};
use crate::statements::{self, balance_sheet};

/// A book with one of its years, as closing needs them.
struct Keeping {
    book: BookCode,
    year: i32,
    regime: &'static Regime,
    chart: Chart,
}

impl Keeping {
    async fn load(tx: &mut Connection, county: &str, book: &BookCode, year: i32) -> Result<Keeping, Stop> {
        if books::book(tx, county, book).await?.is_none() {
            return Err(LedgerRefusal::UnknownBook { book: book.to_string() }.into());
        }
        let years = books::years(tx, county, book).await?;
        let not_kept = || BookRefusal::YearNotKept { book: book.to_string(), year: year.into() };
        let kept = years.iter().find(|kept| kept.year == year).ok_or_else(not_kept)?;
        let chart = books::chart(tx, county, book, year).await?;
        Ok(Keeping { book: book.clone(), year, regime: regime::regime(&kept.regime)?, chart })
    }

    fn december(&self) -> AccountingPeriod {
        AccountingPeriod::opening(self.year + 1).previous()
    }

    fn whole_year(&self) -> (AccountingPeriod, AccountingPeriod) {
        (AccountingPeriod::opening(self.year), self.december())
    }

    fn is_profit_and_loss(&self, account: &AccountCode) -> bool {
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

async fn kept_period(
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
        movement: (debit, credit),
        unsound: unsound(keeping, &rows, period),
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

async fn lock(tx: &mut Connection, scene: &Scene, book: &BookCode, year: i32) -> Result<Keeping, Stop> {
    crate::ledger::store::lock_books(tx, scene.engine, &scene.county, &[book]).await?;
    Keeping::load(tx, &scene.county, book, year).await
}

/// Checks and closes; January closes its year's opening with it. Answers the digest and what warned.
async fn close(
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

async fn transfer(
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

fn only(balances: Vec<Balance>, wanted: impl Fn(&AccountCode) -> bool) -> Vec<Balance> {
    balances.into_iter().filter(|balance| wanted(&balance.account)).collect()
}

async fn posted(tx: &mut Connection, scene: &Scene, voucher: Option<Voucher>) -> Result<Vec<Numbered>, Stop> {
    match voucher {
        Some(voucher) => ledger::post(tx, scene, &[voucher], None).await,
        None => Ok(Vec::new()),
    }
}

/// Opens the next year of a book with the accounts of the year before. Refuses where the regime changes with that year.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OpenYear {
    /// The book.
    pub book: BookCode,
    /// The year to open.
    pub year: i32,
}

impl Act for OpenYear {
    const KIND: &'static str = "year.open";
    type Answer = String;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepBooks, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<String, Stop> {
        let before = lock(tx, scene, &self.book, self.year - 1).await?;
        if is_kept(tx, scene, &self.book, self.year).await? {
            return Err(BookRefusal::YearOpened { book: self.book.to_string(), year: self.year.into() }.into());
        }
        let next = next_regime(&before)?;
        open_year(tx, scene, &before, next).await?;
        Ok(next.id.clone())
    }
}

async fn is_kept(tx: &mut Connection, scene: &Scene, book: &BookCode, year: i32) -> Result<bool, Stop> {
    Ok(books::years(tx, &scene.county, book).await?.iter().any(|kept| kept.year == year))
}

/// The regime of the year after: the same while it is in force, else the one that took its place.
fn next_regime(before: &Keeping) -> Result<&'static Regime, Stop> {
    let first_day = AccountingPeriod::opening(before.year + 1).first_day();
    if before.regime.in_force(first_day) { Ok(before.regime) } else { Ok(regime::regime_on(before.regime.kind, first_day)?) }
}

/// Opens the year after: with the same accounts, or with the new regime's chart.
async fn open_year(tx: &mut Connection, scene: &Scene, before: &Keeping, next: &Regime) -> Result<(), Stop> {
    let accounts = if next.id == before.regime.id {
        books::accounts(tx, &scene.county, &before.book, before.year).await?
    } else {
        book_accounts(&Chart::of(&next.id)?)
    };
    let year = (before.year + 1, next.id.as_str(), 1);
    Ok(books::save_year(tx, &scene.county, &before.book, year, &accounts, (&scene.actor, &scene.at)).await?)
}

/// Closes a year: profit and loss transferred, reserve taken, appropriations cleared, December closed, the next year
/// opened and its opening brought to this year's closing. After a reopening it is run again and moves what is new.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CloseYear {
    /// The book.
    pub book: BookCode,
    /// The year.
    pub year: i32,
    /// Reserve by the articles of association, in percent text such as `10`; none is taken when absent.
    pub reserve_rate: Option<String>,
    /// Choices of a change of regime (accounts.md §4), where balances need a decision.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// Catch-up entries of a change of regime.
    #[serde(default)]
    pub adjustments: Vec<Adjustment>,
}

impl Act for CloseYear {
    const KIND: &'static str = "year.close";
    type Answer = Closed;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Close, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Closed, Stop> {
        let keeping = lock(tx, scene, &self.book, self.year).await?;
        let december = keeping.december();
        if kept_period(tx, &scene.county, &self.book, december).await?.state == PeriodState::Closed {
            return Err(CloseRefusal::YearCarried { book: self.book.to_string(), year: self.year.into() }.into());
        }
        let mut vouchers = transfer(tx, scene, &keeping, december).await?;
        vouchers.extend(self.distribute(tx, scene, &keeping).await?);
        let (digest, warnings) = close(tx, scene, &keeping, december).await?;
        vouchers.extend(self.carry(tx, scene, &keeping).await?);
        store::set_carried(tx, &scene.county, &self.book, self.year, Some(&scene.at)).await?;
        Ok(Closed { period: december, digest, warnings, vouchers })
    }
}

impl CloseYear {
    /// Result to undistributed, reserve, appropriations cleared (FIN121 art. 28; posting-rules.md §4–5).
    async fn distribute(&self, tx: &mut Connection, scene: &Scene, keeping: &Keeping) -> Result<Vec<Numbered>, Stop> {
        let december = keeping.december();
        let occasion = Occasion { book: &keeping.book, on: december.last_day(), period: december };
        let Some(undistributed) = &keeping.regime.undistributed else { return Ok(Vec::new()) };
        let result = only(self.balances(tx, scene, keeping).await?, |account| *account == keeping.regime.result);
        let year: Amount = -result.iter().map(|balance| balance.net).sum::<Amount>();
        let mut vouchers = posted(tx, scene, year_end::result(occasion, keeping.regime, &result)?).await?;
        if let Some(rate) = &self.reserve_rate {
            let there = -standing(&self.balances(tx, scene, keeping).await?, |account| account == undistributed);
            let voucher = year_end::reserve(occasion, keeping.regime, Rate::parse(rate)?, (there, year))?;
            vouchers.extend(posted(tx, scene, voucher).await?);
        }
        let balances = self.balances(tx, scene, keeping).await?;
        let there = -standing(&balances, |account| account == undistributed);
        let root = keeping.regime.appropriations.as_ref().map_or("~", AccountCode::as_str);
        let appropriated = only(balances, |account| account.as_str().starts_with(root));
        let wanted: Amount = appropriated.iter().map(|balance| balance.net).sum();
        if wanted > there.max(Amount::ZERO) {
            return Err(CloseRefusal::MoreThanDistributable { wanted: wanted.grouped(), there: there.grouped() }.into());
        }
        vouchers.extend(posted(tx, scene, year_end::appropriations(occasion, keeping.regime, &appropriated)?).await?);
        Ok(vouchers)
    }

    async fn balances(&self, tx: &mut Connection, scene: &Scene, keeping: &Keeping) -> Result<Vec<Balance>, Stop> {
        Ok(store::balances(tx, &scene.county, &keeping.book, keeping.whole_year()).await?)
    }

    /// Brings the next year's opening to this year's closing, through the work sheet where the regime changes.
    async fn carry(&self, tx: &mut Connection, scene: &Scene, keeping: &Keeping) -> Result<Vec<Numbered>, Stop> {
        let next = next_regime(keeping)?;
        if !is_kept(tx, scene, &keeping.book, keeping.year + 1).await? {
            open_year(tx, scene, keeping, next).await?;
        }
        let opening = AccountingPeriod::opening(keeping.year + 1);
        let mut closing = self.balances(tx, scene, keeping).await?;
        let mut event = None;
        if next.id != keeping.regime.id {
            let chart = books::chart(tx, &scene.county, &keeping.book, keeping.year + 1).await?;
            let sheet = self.work_sheet(keeping, &next.id, &closing, &chart)?;
            event = Some(save_work_sheet(tx, scene, &keeping.book, &sheet).await?);
            closing = sheet
                .rows
                .iter()
                .map(|r| Balance { account: r.new.clone(), dimensions: r.dimensions.clone(), net: r.amount })
                .collect();
        }
        let there = store::balances(tx, &scene.county, &keeping.book, (opening, opening)).await?;
        let occasion = Occasion { book: &keeping.book, on: opening.first_day(), period: opening };
        match year_end::carried(occasion, &closing, &there)? {
            Some(voucher) => ledger::post(tx, scene, &[voucher], event.as_deref()).await,
            None => Ok(Vec::new()),
        }
    }

    fn work_sheet(&self, keeping: &Keeping, to: &str, closing: &[Balance], chart: &Chart) -> Result<WorkSheet, Stop> {
        let old = |b: &Balance| OldBalance { account: b.account.clone(), dimensions: b.dimensions.clone(), amount: b.net };
        let old: Vec<OldBalance> = closing.iter().map(old).collect();
        Ok(conversion::work_sheet((&keeping.regime.id, to), &old, &self.choices, &self.adjustments, chart)?)
    }
}

fn standing(balances: &[Balance], wanted: impl Fn(&AccountCode) -> bool) -> Amount {
    balances.iter().filter(|balance| wanted(&balance.account)).map(|balance| balance.net).sum()
}

/// Keeps the work sheet (转账工作底稿) as the event the conversion voucher points to (COOP38).
async fn save_work_sheet(tx: &mut Connection, scene: &Scene, book: &BookCode, sheet: &WorkSheet) -> Result<String, Stop> {
    let event = scene.draw_id();
    let what = serde_json::json!({ "book": book, "work_sheet": sheet });
    let on = scene.today.to_string();
    crate::ledger::store::save_event(tx, &scene.county, (&event, "regime_converted", &on), &what, &scene.at).await?;
    Ok(event)
}

/// The work sheet a change of regime would make of the year's present balances. Changes nothing.
pub async fn preview_conversion(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    year: i32,
    choices: &[Choice],
    adjustments: &[Adjustment],
) -> Result<WorkSheet, Stop> {
    let keeping = Keeping::load(tx, county, book, year).await?;
    let next = next_regime(&keeping)?;
    let balances = store::balances(tx, county, book, keeping.whole_year()).await?;
    let carries = only(balances, |account| {
        !keeping.is_profit_and_loss(account) && keeping.chart.get(account).is_some_and(|a| a.class != AccountClass::Income)
    });
    let act =
        CloseYear { book: book.clone(), year, reserve_rate: None, choices: choices.to_vec(), adjustments: adjustments.to_vec() };
    act.work_sheet(&keeping, &next.id, &carries, &Chart::of(&next.id)?)
}
