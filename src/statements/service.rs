//! Reports of a book: loads chart, movements and last year's figures, fills the statement, gives its sheets.
//!
//! 1. Reads only; the same rows give the same sheets on both databases.
//! 2. Where the year before is not closed yet, the opening is what its closing would carry, and the report says so.
//! 3. A report costs what accounts and months cost; only ledgers read lines, a month at a time.

use std::collections::BTreeMap;

use super::account_ledger::service::ledger;
use super::account_ledger::{LedgerAsk, general_ledger};
use super::carried::{PROVISIONAL_ZH, REOPENED_ZH, UNCONVERTED_ZH, provisional_opening};
use super::evaluate::FormStatement;
use super::form::{Form, FormId};
use super::receipts_payments::{ReceiptsPayments, receipts_payments};
use super::sheets::{self, Heading, MemberNames};
use super::trial_balance::{Shown, by_member, trial_balance};
use super::{MovementRow, StatementRefusal, balance_sheet, course, equity, member_account, store, surplus};
use crate::calendar::AccountingPeriod;
use crate::db::{Connection, Stop};
use crate::exchange::sheet::Sheet;
use crate::ledger::books::store::BookYear;
use crate::ledger::books::{Book, BookRefusal, store as books};
use crate::ledger::{AccountCode, BookCode, Chart, Dimension, EntityKind, LedgerRefusal, Regime, regime};
use crate::money::Amount;
use crate::parties::store as households;
use crate::products::cooperative_shares::service::accounts as share_accounts;

/// Which report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// 科目余额表, down to a level (`None`: all), or by member of a dimension.
    TrialBalance {
        /// 1 for first-level accounts only.
        level: Option<usize>,
        /// By member of this dimension.
        dimension: Option<Dimension>,
    },
    /// 总账: one account, or every first-level account with figures.
    GeneralLedger {
        /// The account.
        account: Option<AccountCode>,
    },
    /// 明细账 of an account.
    Ledger {
        /// The account; what is beneath it counts too.
        account: AccountCode,
        /// First month; the report's period alone when absent.
        from: Option<AccountingPeriod>,
        /// Only one member of a dimension.
        member: Option<(Dimension, String)>,
        /// Vouchers not yet posted too.
        unposted: bool,
    },
    /// 现金日记账 and 银行存款日记账: one account, or every cash and bank account.
    Journal {
        /// The account.
        account: Option<AccountCode>,
        /// First month; the report's period alone when absent.
        from: Option<AccountingPeriod>,
        /// Vouchers not yet posted too.
        unposted: bool,
    },
    /// 资产负债表
    BalanceSheet,
    /// 收益及收益分配表, 盈余及盈余分配表
    Surplus,
    /// 成员权益变动表
    Equity {
        /// Figures only the accountant knows, by line key such as `311.inc.2`.
        given: BTreeMap<String, Amount>,
    },
    /// 成员账户 of one member, or of all.
    MemberAccount {
        /// The member.
        member: Option<String>,
    },
    /// 收支明细表
    ReceiptsPayments,
}

/// A book with one of its years, as reports need them.
#[derive(Debug, Clone)]
pub struct Keeping {
    /// The county.
    pub county: String,
    /// The book.
    pub book: Book,
    /// The year.
    pub year: i32,
    /// The regime of the year.
    pub regime: &'static Regime,
    /// The chart of the year.
    pub chart: Chart,
    years: Vec<BookYear>,
}

/// The year's opening, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opening {
    /// Carried, or the book's first year.
    Kept,
    /// Carried once, and the year before reopened since.
    Reopened,
    /// To be derived from the year before.
    Provisional,
    /// Needs a conversion to this year's regime.
    Unconverted,
}

impl Keeping {
    /// Loads a book's year. Refuses an unknown book (L-306) and a year it does not keep (B-103).
    pub async fn load(tx: &mut Connection, county: &str, book: &BookCode, year: i32) -> Result<Keeping, Stop> {
        let unknown = || LedgerRefusal::UnknownBook { book: book.to_string() };
        let found = books::book(tx, county, book).await?.ok_or_else(unknown)?;
        let years = books::years(tx, county, book).await?;
        Keeping::of_year(tx, county, &found, &years, year).await
    }

    async fn of_year(tx: &mut Connection, county: &str, book: &Book, years: &[BookYear], year: i32) -> Result<Keeping, Stop> {
        let not_kept = || BookRefusal::YearNotKept { book: book.book.to_string(), year: year.into() };
        let kept = years.iter().find(|kept| kept.year == year).ok_or_else(not_kept)?;
        let chart = books::chart(tx, county, &book.book, year).await?;
        let (county, regime) = (county.to_owned(), regime::regime(&kept.regime)?);
        Ok(Keeping { county, book: book.clone(), year, regime, chart, years: years.to_vec() })
    }

    /// The same book's year before, if it keeps it.
    async fn year_before(&self, tx: &mut Connection) -> Result<Option<Keeping>, Stop> {
        if !self.years.iter().any(|kept| kept.year == self.year - 1) {
            return Ok(None);
        }
        Ok(Some(Keeping::of_year(tx, &self.county, &self.book, &self.years, self.year - 1).await?))
    }

    async fn opening(&self, tx: &mut Connection) -> Result<Opening, Stop> {
        let Some(before) = self.years.iter().find(|kept| kept.year == self.year - 1) else { return Ok(Opening::Kept) };
        if before.carried_at.is_some() {
            return Ok(Opening::Kept);
        }
        if store::has_opening(tx, &self.county, &self.book.book, self.year).await? {
            return Ok(Opening::Reopened);
        }
        Ok(if before.regime == self.regime.id { Opening::Provisional } else { Opening::Unconverted })
    }

    /// What the year before would carry into this one, where it has not been carried; otherwise nothing.
    /// With a dimension its members too; without, the parties of two-sided accounts.
    pub async fn provisional(&self, tx: &mut Connection, dimension: Option<Dimension>) -> Result<Vec<MovementRow>, Stop> {
        if self.opening(tx).await? != Opening::Provisional {
            return Ok(Vec::new());
        }
        let Some(before) = self.year_before(tx).await? else { return Ok(Vec::new()) };
        let december = AccountingPeriod::opening(self.year).previous();
        let rows = Box::pin(before.rows(tx, december, dimension)).await?;
        Ok(provisional_opening(self.regime, (&before.chart, &self.chart), &rows))
    }

    /// The year's movements through a period, its opening included: whole accounts with the parties of two-sided ones, or the
    /// members of a dimension.
    pub async fn rows(
        &self,
        tx: &mut Connection,
        at: AccountingPeriod,
        dimension: Option<Dimension>,
    ) -> Result<Vec<MovementRow>, Stop> {
        let mut rows = match dimension {
            None => store::movements(tx, &self.county, &self.book.book, at).await?,
            Some(dimension) => store::movements_by(tx, &self.county, &self.book.book, at, dimension).await?,
        };
        rows.extend(self.provisional(tx, dimension).await?);
        Ok(rows)
    }

    async fn heading(&self, tx: &mut Connection, at: AccountingPeriod) -> Result<Heading, Stop> {
        let remark = match self.opening(tx).await? {
            Opening::Kept => None,
            Opening::Reopened => Some(REOPENED_ZH),
            Opening::Provisional => Some(PROVISIONAL_ZH),
            Opening::Unconverted => Some(UNCONVERTED_ZH),
        };
        Ok(Heading { unit: self.book.name.clone(), at, remarks: remark.into_iter().map(str::to_owned).collect() })
    }
}

/// The sheets of a report at the end of a period. Refuses an unknown book (L-306), a period (L-202) or year (B-103) it does not
/// keep, an unknown account (C-101) or member (S-110), a regime without the form (S-101).
pub async fn report(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    period: AccountingPeriod,
    report: &Report,
    formulas: bool,
) -> Result<Vec<Sheet>, Stop> {
    let keeping = Keeping::load(tx, county, book, period.year()).await?;
    if !store::has_period(tx, county, book, period).await? {
        return Err(LedgerRefusal::PeriodNotKept { book: book.to_string(), period: period.to_string() }.into());
    }
    let heading = keeping.heading(tx, period).await?;
    match report {
        Report::TrialBalance { level, dimension: None } => Ok(vec![trial(tx, &keeping, &heading, *level).await?]),
        Report::TrialBalance { dimension: Some(dimension), .. } => Ok(vec![members(tx, &keeping, &heading, *dimension).await?]),
        Report::GeneralLedger { account } => Ok(vec![general(tx, &keeping, &heading, account.as_ref()).await?]),
        Report::Ledger { account, from, member, unposted } => {
            let (member, unposted) = (member.clone(), *unposted);
            let ask = LedgerAsk { member, unposted, ..span(account, *from, period) };
            Ok(vec![sheets::ledgers::detail(&heading, "明细账", &keeping.chart, &ask, &ledger(tx, &keeping, &ask).await?)])
        }
        Report::Journal { account, from, unposted } => {
            let mut journals = Vec::new();
            for account in cash_accounts(&keeping, account.as_ref()) {
                let ask = LedgerAsk { unposted: *unposted, daily: true, ..span(&account, *from, period) };
                let rows = ledger(tx, &keeping, &ask).await?;
                let title = journal_title(keeping.regime, &account);
                journals.push(sheets::ledgers::detail(&heading, title, &keeping.chart, &ask, &rows));
            }
            Ok(journals)
        }
        Report::BalanceSheet => {
            let rows = keeping.rows(tx, period, None).await?;
            let statement = balance_sheet::balance_sheet(keeping.regime, &keeping.chart, &rows, period)?;
            Ok(vec![sheets::form_statement::sheet(&heading, &statement, formulas)])
        }
        Report::Surplus => {
            let statement = surplus_beside_last_year(tx, &keeping, period).await?;
            Ok(vec![sheets::form_statement::sheet(&heading, &statement, formulas)])
        }
        Report::Equity { given } => {
            let rows = keeping.rows(tx, period, None).await?;
            let statement = equity::equity(keeping.regime, &keeping.chart, &rows, period, given)?;
            Ok(sheets::equity::sheets(&heading, &statement, formulas))
        }
        Report::MemberAccount { member } => member_accounts(tx, &keeping, &heading, member.as_deref()).await,
        Report::ReceiptsPayments => {
            let table = receipts_beside_last_year(tx, &keeping, period).await?;
            Ok(vec![sheets::receipts_payments::sheet(&heading, &table)])
        }
    }
}

/// The months of a book's year through one. Refuses as [`report`] does.
pub async fn course_of_year(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    through: AccountingPeriod,
) -> Result<Vec<course::Month>, Stop> {
    let keeping = Keeping::load(tx, county, book, through.year()).await?;
    let mut rows = store::movements_by_month(tx, county, book, through).await?;
    rows.extend(keeping.provisional(tx, None).await?);
    Ok(course::course(keeping.regime, &keeping.chart, &rows, through)?)
}

fn span(account: &AccountCode, from: Option<AccountingPeriod>, through: AccountingPeriod) -> LedgerAsk {
    LedgerAsk { from: from.unwrap_or(through), ..LedgerAsk::month(account.clone(), through) }
}

async fn trial(tx: &mut Connection, keeping: &Keeping, heading: &Heading, level: Option<usize>) -> Result<Sheet, Stop> {
    let rows = keeping.rows(tx, heading.at, None).await?;
    let shown = level.map_or(Shown::default(), |levels| Shown { levels, ..Shown::default() });
    Ok(sheets::trial_balance::sheet(heading, &trial_balance(&keeping.chart, &rows, heading.at, shown)?))
}

async fn members(tx: &mut Connection, keeping: &Keeping, heading: &Heading, dimension: Dimension) -> Result<Sheet, Stop> {
    let rows = keeping.rows(tx, heading.at, Some(dimension)).await?;
    let table = by_member(&keeping.chart, &rows, heading.at, dimension)?;
    Ok(sheets::trial_balance::by_member(heading, &table, dimension, &names(tx, keeping).await?))
}

async fn names(tx: &mut Connection, keeping: &Keeping) -> Result<MemberNames, Stop> {
    let cards = books::members(tx, &keeping.county, &keeping.book.book).await?;
    Ok(cards.into_iter().filter_map(|card| Some(((Dimension::parse(&card.dimension)?, card.member), card.name))).collect())
}

async fn general(
    tx: &mut Connection,
    keeping: &Keeping,
    heading: &Heading,
    account: Option<&AccountCode>,
) -> Result<Sheet, Stop> {
    let mut rows = store::movements_by_month(tx, &keeping.county, &keeping.book.book, heading.at).await?;
    rows.extend(keeping.provisional(tx, None).await?);
    let has_figures = |code: &AccountCode| rows.iter().any(|row| row.account.as_str().starts_with(code.as_str()));
    let accounts: Vec<AccountCode> = match account {
        Some(account) => vec![keeping.chart.find(account)?.code.clone()],
        None => keeping.chart.first_level().map(|found| found.code.clone()).filter(has_figures).collect(),
    };
    let first = AccountingPeriod::opening(keeping.year).next().max(keeping.book.first_period);
    let ledgers = general_ledger(&keeping.chart, &rows, (first, heading.at.max(first)), &accounts)?;
    Ok(sheets::ledgers::general(heading, &keeping.chart, &ledgers))
}

/// The account asked for, or every leaf of the regime's cash and bank accounts.
fn cash_accounts(keeping: &Keeping, account: Option<&AccountCode>) -> Vec<AccountCode> {
    let Some(account) = account else {
        let roots = keeping.regime.cash.iter().chain(&keeping.regime.bank);
        let is_beneath = |leaf: &AccountCode, root: &AccountCode| leaf.as_str().starts_with(root.as_str());
        let leaves = |root| keeping.chart.leaves().map(|found| found.code.clone()).filter(move |leaf| is_beneath(leaf, root));
        return roots.flat_map(leaves).collect();
    };
    vec![account.clone()]
}

fn journal_title(regime: &Regime, account: &AccountCode) -> &'static str {
    let beneath = |roots: &[AccountCode]| roots.iter().any(|root| account.as_str().starts_with(root.as_str()));
    match (beneath(&regime.cash), beneath(&regime.bank)) {
        (true, _) => "现金日记账",
        (_, true) => "银行存款日记账",
        _ => "日记账",
    }
}

/// The surplus statement of the same months of last year, where it was kept by the same regime.
async fn surplus_beside_last_year(tx: &mut Connection, keeping: &Keeping, at: AccountingPeriod) -> Result<FormStatement, Stop> {
    let mut last_year = None;
    if let Some((before, then)) = same_months_before(tx, keeping, at).await? {
        let rows = before.rows(tx, then, None).await?;
        last_year = Some(surplus::surplus(before.regime, &before.chart, &rows, then, None)?);
    }
    let rows = keeping.rows(tx, at, None).await?;
    Ok(surplus::surplus(keeping.regime, &keeping.chart, &rows, at, last_year.as_ref())?)
}

async fn receipts_beside_last_year(
    tx: &mut Connection,
    keeping: &Keeping,
    at: AccountingPeriod,
) -> Result<ReceiptsPayments, Stop> {
    let mut last_year = None;
    if let Some((before, then)) = same_months_before(tx, keeping, at).await? {
        let rows = before.rows(tx, then, None).await?;
        last_year = Some(receipts_payments(before.regime, &before.chart, &rows, then, None)?);
    }
    let rows = keeping.rows(tx, at, None).await?;
    Ok(receipts_payments(keeping.regime, &keeping.chart, &rows, at, last_year.as_ref())?)
}

/// The year before and the same month of it, where the book keeps it by the same regime.
async fn same_months_before(
    tx: &mut Connection,
    keeping: &Keeping,
    at: AccountingPeriod,
) -> Result<Option<(Keeping, AccountingPeriod)>, Stop> {
    let Some(before) = keeping.year_before(tx).await? else { return Ok(None) };
    let then = AccountingPeriod::new(at.year() - 1, at.month()).unwrap_or(AccountingPeriod::opening(at.year() - 1));
    Ok((before.regime.id == keeping.regime.id).then_some((before, then)))
}

async fn member_accounts(
    tx: &mut Connection,
    keeping: &Keeping,
    heading: &Heading,
    member: Option<&str>,
) -> Result<Vec<Sheet>, Stop> {
    if keeping.regime.kind != EntityKind::Cooperative || !Form::exists(&keeping.regime.id, FormId::Balance) {
        return Err(StatementRefusal::NoSuchForm { regime: keeping.regime.id.clone(), form: "member_account" }.into());
    }
    let rows = keeping.rows(tx, heading.at, Some(Dimension::Party)).await?;
    let register = share_accounts::from_register(tx, &keeping.county, &keeping.book.book, heading.at).await?;
    let mut accounts = member_account::member_accounts(&keeping.chart, &rows, heading.at, &register)?;
    let cards = names(tx, keeping).await?;
    let card = |member: &str| cards.get(&(Dimension::Party, member.to_owned()));
    let members = accounts.accounts.iter().map(|account| account.member.as_str());
    let without_card: Vec<[&str; 1]> = members.filter(|member| card(member).is_none()).map(|member| [member]).collect();
    let heads = households::borrowers(tx, &keeping.county, &without_card).await?;
    let heads: BTreeMap<String, String> = heads.into_iter().map(|head| (head.household, head.name)).collect();
    for account in &mut accounts.accounts {
        let name = card(&account.member).or_else(|| heads.get(&account.member));
        account.register.name_zh = name.cloned().unwrap_or_default();
    }
    if let Some(wanted) = member.filter(|wanted| !accounts.accounts.iter().any(|account| account.member == **wanted)) {
        return Err(StatementRefusal::UnknownMember { member: wanted.to_owned() }.into());
    }
    Ok(sheets::member_account::sheets(heading, &accounts, |found| member.is_none_or(|wanted| wanted == found)))
}
