//! Running the rules over a book; tuning them; people whose payments are watched.

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use crate::access::Permission;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::controls::disclosure::obligations::{self, Standing};
use crate::controls::disclosure::sheet::{SheetHead, SheetState};
use crate::controls::disclosure::store as disclosure;
use crate::controls::period_close::store as months;
use crate::controls::supervision::facts::{Facts, MonthFact, WithdrawnFact};
use crate::controls::supervision::flags::flags;
use crate::controls::supervision::rules::{self, Rule};
use crate::controls::supervision::service::registers;
use crate::controls::supervision::store;
use crate::db::{Connection, Stop};
use crate::ledger::books::service::regime_in;
use crate::ledger::books::store as books;
use crate::ledger::posting::PeriodState;
use crate::ledger::posting_map::account_for;
use crate::ledger::service::BY_RULE;
use crate::ledger::{AccountCode, BookCode, LedgerRefusal, Regime};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};

/// Runs every rule over the year of a day in a book; answers how many flags stand.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunFlags {
    /// The book.
    pub book: BookCode,
    /// The year; this one when absent.
    #[serde(default)]
    pub year: Option<i32>,
}

impl Act for RunFlags {
    const KIND: &'static str = "supervise.run";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Supervise, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        let rules = rules::table(disclosure::rules::own(tx, &scene.county, "supervision").await?);
        let year = self.year.unwrap_or_else(|| scene.today.year());
        let facts = gathered(tx, &scene.county, &self.book, year, scene.today).await?;
        let found = flags(&rules, &facts, scene.today);
        let names: Vec<&str> = rules.iter().map(|rule| rule.rule.as_str()).collect();
        let ran = (scene.today.to_string(), scene.at.clone());
        store::flags::keep_run(tx, &scene.county, &self.book, (&found, &names.join(" ")), (&ran.0, &ran.1)).await?;
        Ok(found.len())
    }
}

/// Everything the rules look at in a book's year.
pub async fn gathered(tx: &mut Connection, county: &str, book: &BookCode, year: i32, today: BusinessDate) -> Result<Facts, Stop> {
    let kept = books::book(tx, county, book).await?;
    let kept = kept.ok_or_else(|| LedgerRefusal::UnknownBook { book: book.to_string() })?;
    let regime = regime_in(tx, county, book, year).await?;
    let span = (AccountingPeriod::opening(year), AccountingPeriod::opening(year + 1).previous());
    let money: Vec<&str> = regime.cash.iter().chain(&regime.bank).map(|account| account.as_str()).collect();
    let cash: Vec<&str> = regime.cash.iter().map(|account| account.as_str()).collect();
    let periods: Vec<_> = months::periods(tx, county, book).await?;
    let ended = books::stopped_on(tx, county, book).await?;
    let is_kept = |period: AccountingPeriod| ended.is_none_or(|on| period.first_day() <= on);
    let of_year = |kept: &months::KeptPeriod| kept.period.year() == year && !kept.period.is_opening() && is_kept(kept.period);
    let periods: Vec<_> = periods.into_iter().filter(of_year).collect();
    let mut facts = Facts {
        vouchers: store::facts::vouchers(tx, county, book, (&money, &cash, BY_RULE), span).await?,
        claims: store::facts::claims(tx, county, book).await?,
        watched: store::flags::watched(tx, county, book).await?,
        ..Facts::default()
    };
    for kept in periods.iter().filter(|kept| kept.period.first_day() <= today) {
        let is_closed = kept.state == PeriodState::Closed;
        let reopened = kept.reason.clone().filter(|_| !is_closed);
        facts.months.push(MonthFact { period: kept.period, is_closed, reopened });
        facts.gaps.extend(months::gaps(tx, county, book, kept.period).await?);
    }
    balances(tx, county, (book, regime, span), &mut facts).await?;
    undisclosed(tx, county, (&kept, year, today), &mut facts).await?;
    registers::gather(tx, county, (&kept, &money, today), &mut facts).await?;
    Ok(facts)
}

type Kept<'a> = (&'a BookCode, &'a Regime, (AccountingPeriod, AccountingPeriod));

async fn balances(tx: &mut Connection, county: &str, (book, regime, span): Kept<'_>, facts: &mut Facts) -> Result<(), Stop> {
    for cash in &regime.cash {
        let mut standing = Amount::ZERO;
        for (day, moved) in store::facts::cash_moves(tx, county, book, cash.as_str(), span).await? {
            standing += moved;
            facts.cash.push((day, standing));
        }
    }
    if let Ok(special) = account_for(regime, "special_payable") {
        let projects = store::facts::members(tx, county, book, ("project", &[special.as_str()]), span).await?;
        facts.special = projects.into_iter().map(|fact| (fact.party, -fact.owed)).collect();
        facts.diverted = store::facts::diverted(tx, county, book, special.as_str(), span).await?;
    }
    parties(tx, county, (book, regime, span), facts).await?;
    let unmatched = crate::controls::reconciliation::service::close_findings(tx, county, book, span.1).await.unwrap_or_default();
    facts.unreconciled =
        unmatched.into_iter().filter(|(blocks, _)| *blocks).map(|(_, words)| (words, span.1.last_day())).collect();
    Ok(())
}

/// What parties owe, by how much members owe more than before, and what of dividends no plan stands behind.
async fn parties(tx: &mut Connection, county: &str, (book, regime, span): Kept<'_>, facts: &mut Facts) -> Result<(), Stop> {
    let accounts =
        |usages: &[&str]| -> Vec<AccountCode> { usages.iter().filter_map(|usage| account_for(regime, usage).ok()).collect() };
    let members = accounts(&["member_account"]);
    let owing = accounts(&["receivable", "member_account"]);
    facts.parties = store::facts::members(tx, county, book, ("party", &codes(&owing)), span).await?;
    // A year and more before: what grew within some days began there.
    let since = AccountingPeriod::opening(span.0.year() - 1);
    facts.debts = store::facts::debts(tx, county, book, &codes(&members), (since, span.1)).await?;
    let distributed = accounts(&["surplus_appropriation", "refund_appropriation"]);
    facts.declared = store::facts::declared(tx, county, book, &codes(&distributed), span).await?;
    // A village owes dividends on the account of all it has with a member: there a debit balance is a debt like others.
    let mut payable = accounts(&["surplus_payable", "refund_payable"]);
    payable.retain(|account| !owing.contains(account));
    facts.overpaid = store::facts::members(tx, county, book, ("party", &codes(&payable)), span).await?;
    Ok(())
}

fn codes(accounts: &[AccountCode]) -> Vec<&str> {
    accounts.iter().map(|account| account.as_str()).collect()
}

async fn undisclosed(
    tx: &mut Connection,
    county: &str,
    (kept, year, today): (&crate::ledger::books::Book, i32, BusinessDate),
    facts: &mut Facts,
) -> Result<(), Stop> {
    let heads = disclosure::sheets::heads(tx, county, &kept.book).await?;
    let rows = obligations::table(disclosure::rules::own(tx, county, "disclosure").await?);
    let dues = obligations::calendar(&rows, &heads, (kept.first_period, year), today);
    let open = dues.into_iter().filter(|due| due.standing == Standing::Overdue);
    let ended = books::stopped_on(tx, county, &kept.book).await?;
    let open = open.filter(|due| due.is_of(ended));
    facts.undisclosed = open.map(|due| (format!("{}{}未公开", due.span.label_zh(), due.kind.label_zh()), due.due_on)).collect();
    facts.withdrawn = taken_off(&heads);
    Ok(())
}

/// Sheets that were taken off and of which no other version is public.
fn taken_off(heads: &[SheetHead]) -> Vec<WithdrawnFact> {
    let same =
        |one: &SheetHead, other: &SheetHead| (one.kind, one.span, &one.subject) == (other.kind, other.span, &other.subject);
    let public = |head: &&SheetHead| !heads.iter().any(|other| other.state == SheetState::Published && same(head, other));
    let fact = |head: &SheetHead| {
        let (title, reason) = (head.title.clone(), head.reason.clone().unwrap_or_default());
        Some(WithdrawnFact { sheet: head.sheet, title, on: head.published_on?, reason })
    };
    heads.iter().filter(|head| head.state == SheetState::Withdrawn).filter(public).filter_map(fact).collect()
}

/// Keeps a county's own rules; answers how many.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveRules {
    /// The rows.
    pub rules: Vec<Rule>,
}

impl Act for SaveRules {
    const KIND: &'static str = "supervise.rules";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        self.rules.iter().try_for_each(Rule::check)?;
        let rows: Vec<(String, Rule)> = self.rules.iter().map(|rule| (rule.rule.as_str().to_owned(), rule.clone())).collect();
        disclosure::rules::save(tx, &scene.county, "supervision", &rows, (&scene.actor, &scene.at)).await?;
        Ok(rows.len())
    }
}

/// Keeps a watched person of a book.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WatchPerson {
    /// The book.
    pub book: BookCode,
    /// Name.
    pub name: String,
    /// What they are to whom.
    pub relation: String,
    /// The list it was given with.
    pub document: String,
}

impl Act for WatchPerson {
    const KIND: &'static str = "supervise.watch";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Supervise, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let who = (self.name.trim(), self.relation.as_str(), self.document.as_str());
        Ok(store::flags::watch(tx, &scene.county, &self.book, who).await?)
    }
}
