//! S02: the desk of a book's month: what waits, with every number opening the list it counts, the month's steps, its figures,
//! and the year so far as two charts.

use askama::Template;

use super::address::escaped_query;
use super::charts::{Chart, Drawn, Look};
use super::frame::Frame;
use super::seat::AtBook;
use super::text::Texts;
use super::trouble::{Answer, Trouble, show};
use crate::affairs::notices::store as notices;
use crate::controls::period_close::checks::{CheckItem, Outcome};
use crate::controls::period_close::service::check;
use crate::controls::reconciliation::store as accounts;
use crate::controls::supervision::service::contracts;
use crate::db::{Connection, Failure, Stop};
use crate::ledger::vouchers::State;
use crate::ledger::vouchers::store::list;
use crate::money::Amount;
use crate::statements::course::Month;
use crate::statements::service::course_of_year;

#[derive(Template)]
#[template(path = "desk.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    work: Vec<Work>,
    steps: Vec<StepLine>,
    next: Option<String>,
    figures: Vec<Figure>,
    charts: Vec<Chart>,
}

/// A sum, and where it is made up.
struct Figure {
    word: &'static str,
    amount: Amount,
    href: String,
}

/// A thing that waits.
struct Work {
    count: i64,
    word: &'static str,
    href: String,
}

struct StepLine {
    name: String,
    outcome: &'static str,
    class: &'static str,
    count: usize,
    href: String,
}

/// The desk.
pub async fn page(at: AtBook) -> Answer {
    let t = at.t();
    let mut tx = at.seat.snapshot().await?;
    let (counts, returned) = list::counts(&mut tx, at.seat.county(), &at.book.book, at.period).await?;
    let checks = check(&mut tx, at.seat.county(), &at.book.book, at.period).await?;
    let of = |state: State| counts.iter().find(|(known, _)| *known == state).map_or(0, |(_, count)| *count);
    let gaps = checks.iter().find(|item| item.check == "gaps").map_or(0, |item| item.findings.len());
    let listed = |count: i64, word: &'static str, query: &str| Work { count, word, href: at.at(&format!("vouchers?{query}")) };
    let work = [
        listed(returned, t.work_returned, "returned=1&state=draft"),
        listed(of(State::Draft), t.work_drafts, "state=draft"),
        listed(of(State::Submitted), t.work_submitted, "state=submitted"),
        listed(of(State::Approved), t.work_approved, "state=approved"),
        Work { count: i64::try_from(gaps).unwrap_or(i64::MAX), word: t.work_gaps, href: at.at("closing#gaps") },
    ];
    let contracts = contract_work(&at, &mut tx).await?;
    let notices = notice_work(&at, &mut tx).await?;
    let work = work.into_iter().chain(bank_work(&at, &mut tx).await?).chain(contracts).chain(notices);
    let steps = checks.iter().map(|item| step_line(&at, item)).collect();
    let work: Vec<Work> = work.filter(|work| work.count > 0).collect();
    let closes = format!("{} {}", at.period.next().first_day(), t.due_to_close);
    let next = (work.is_empty() && !at.is_closed()).then_some(closes);
    let months = course_of_year(&mut tx, at.seat.county(), &at.book.book, at.period).await;
    let months = months.map_err(|stop| Trouble::of(&at.seat, stop))?;
    let (figures, charts) = (figures(&at, &months), charts(t, &months)?);
    show(&Page { t, frame: Frame::at(&at, t.desk, "desk"), work, steps, next, figures, charts })
}

/// What the month came to, each leading to the page it is added up on.
fn figures(at: &AtBook, months: &[Month]) -> Vec<Figure> {
    let (t, Some(month)) = (at.t(), months.last()) else { return Vec::new() };
    let flows = || at.at("statements?name=receipts-payments");
    let figure = |word: &'static str, amount: Amount, href: String| Figure { word, amount, href };
    vec![
        figure(t.money_at_hand, month.cash + month.bank, at.at("journal")),
        figure(t.month_income, month.income, flows()),
        figure(t.month_expense, month.expense, flows()),
    ]
}

/// The year so far, from its second month on: income beside expense, and the money at each month's end.
fn charts(t: &Texts, months: &[Month]) -> Result<Vec<Chart>, Failure> {
    if months.len() < 2 {
        return Ok(Vec::new());
    }
    let labels = || months.iter().map(|month| month.at.month().to_string()).collect();
    let of = |part: fn(&Month) -> Amount| months.iter().map(part).collect();
    let flows = [(t.income, of(|month| month.income)), (t.expense, of(|month| month.expense))];
    let money = [(t.bank_money, of(|month| month.bank)), (t.cash_money, of(|month| month.cash))];
    let drawn = |title, series| Drawn { title, points: t.month, labels: labels(), series };
    let both = [(Look::Bars, drawn(t.course_of_flows, flows)), (Look::Lines, drawn(t.course_of_money, money))];
    both.iter().filter(|(_, drawn)| !drawn.is_empty()).map(|(look, drawn)| drawn.chart(*look)).collect()
}

/// Bank accounts without this month's statement, and the bank's lines that are not matched.
async fn bank_work(at: &AtBook, tx: &mut Connection) -> Result<Vec<Work>, Failure> {
    let (county, through) = (at.seat.county(), at.period.last_day());
    let mut work = Vec::new();
    for account in accounts::accounts_of(tx, county, &at.book.book).await? {
        if account.starts_on > through {
            continue;
        }
        let here = at.at(&format!("reconcile/{}", escaped_query(&account.code)));
        let balances = accounts::balances(tx, county, &account, through).await?;
        if balances.covered_through.is_none_or(|covered| covered < at.period.first_day()) {
            work.push(Work { count: 1, word: at.t().work_statements, href: here });
            continue;
        }
        let free = accounts::Free { through, as_of: false };
        let open = accounts::bank_items(tx, county, &account, free).await?.len();
        work.push(Work { count: i64::try_from(open).unwrap_or(i64::MAX), word: at.t().work_open_lines, href: here });
    }
    Ok(work)
}

/// What contracts call for today: money late or due soon, an end that comes near.
async fn contract_work(at: &AtBook, tx: &mut Connection) -> Result<Option<Work>, Stop> {
    let found = contracts::warnings(tx, at.seat.county(), &at.book.book.0, at.seat.web.office.today()).await?;
    let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
    Ok((count > 0).then(|| Work { count, word: at.t().work_contracts, href: at.at("desks/leases") }))
}

/// Notices that nobody of the village has seen.
async fn notice_work(at: &AtBook, tx: &mut Connection) -> Result<Option<Work>, Failure> {
    let found = notices::of_book(tx, at.seat.county(), &at.book.book.0).await?;
    let count = found.iter().filter(|(_, reader)| reader.seen_by.is_none()).count();
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    Ok((count > 0).then(|| Work { count, word: at.t().work_notices, href: at.at("desks/affairs") }))
}

fn step_line(at: &AtBook, item: &CheckItem) -> StepLine {
    StepLine {
        name: item.name_zh.clone(),
        outcome: item.outcome.label_zh(),
        class: class_of(item.outcome),
        count: item.findings.len(),
        href: at.at(&format!("closing#{}", item.check)),
    }
}

/// The colour class of an outcome; its sign and word stand beside it.
pub fn class_of(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "ok",
        Outcome::Warned => "warn",
        Outcome::Blocked => "bad",
    }
}
