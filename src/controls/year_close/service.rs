//! Acts of closing years: open a year, close a year through its transfers, carry its balances, change the regime.

use serde::{Deserialize, Serialize};

use super::year_end::{self, Balance, Occasion};
use crate::access::Permission;
use crate::calendar::AccountingPeriod;
use crate::controls::period_close::service::{Closed, Keeping, close, kept_period, lock, only, posted, transfer};
use crate::controls::period_close::{CloseRefusal, store};
use crate::db::{Connection, Stop};
use crate::ledger::books::service::{book_accounts, refuse_ended};
use crate::ledger::books::{BookRefusal, store as books};
use crate::ledger::conversion::{self, Adjustment, Choice, OldBalance, WorkSheet};
use crate::ledger::posting::PeriodState;
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::{AccountClass, AccountCode, BookCode, Chart, Regime, regime};
use crate::money::Amount;
use crate::money::rate::Rate;
use crate::office::{Act, Scene, Target};

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
        refuse_ended(tx, &scene.county, &self.book).await?;
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
