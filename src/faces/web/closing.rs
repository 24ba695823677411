//! S06: the closing wizard on one page: what is checked, what the carrying makes, the close, the reopening.
//!
//! 1. Red items block and amber ones ask for a reason; the page shows both before anything is done.
//! 2. December closes with the year; the button says so.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::address::{escaped_query, lead_to};
use super::desk::class_of;
use super::fields;
use super::frame::Frame;
use super::seat::AtBook;
use super::text::Texts;
use super::trouble::{Trouble, show, status_of};
use crate::access::Permission;
use crate::controls::period_close::checks::{CheckItem, Outcome};
use crate::controls::period_close::service::{ClosePeriod, Closed, ReopenPeriod, TransferProfitAndLoss, check};
use crate::controls::year_close::service::CloseYear;
use crate::db::Stop;
use crate::ledger::service::Numbered;
use crate::ledger::vouchers::store::list::{self, Filter};
use crate::ledger::vouchers::{State, VoucherRef};
use crate::refusal::Refusal;

#[derive(Template)]
#[template(path = "closing.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    items: Vec<Item>,
    blocked: usize,
    warned: usize,
    closed: bool,
    december: bool,
    may_close: bool,
    may_reopen: bool,
    question: String,
    here: String,
    key: String,
    done: String,
    digest: Option<String>,
    refusal: Option<Refusal>,
}

/// An item of the check list.
struct Item {
    check: String,
    name: String,
    class: &'static str,
    outcome: &'static str,
    findings: Vec<(String, Option<String>)>,
}

/// What was done, as the address carries it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Done {
    done: String,
}

/// The wizard.
pub async fn page(at: AtBook, Query(done): Query<Done>) -> Result<Response, Trouble> {
    render(&at, done.done, None).await
}

async fn render(at: &AtBook, done: String, refusal: Option<Refusal>) -> Result<Response, Trouble> {
    let mut tx = at.seat.snapshot().await?;
    let checks = check(&mut tx, at.seat.county(), &at.book.book, at.period).await.map_err(|why| Trouble::of(&at.seat, why))?;
    let count = |outcome: Outcome| checks.iter().filter(|item| item.outcome == outcome).count();
    let posted = Filter { state: Some(State::Posted), ..Filter::default() };
    let (posted_so_far, total) = list::sums(&mut tx, at.seat.county(), &at.book.book, at.period, &posted).await?;
    let status = refusal.as_ref().map_or(axum::http::StatusCode::OK, status_of);
    let kept = at.periods.iter().find(|kept| kept.period == at.period);
    let page = Page {
        t: at.t(),
        frame: Frame::at(at, at.t().closing, "closing"),
        blocked: count(Outcome::Blocked),
        warned: count(Outcome::Warned),
        items: checks.iter().map(|found| item(at, found)).collect(),
        closed: at.is_closed(),
        december: at.period.month() == 12,
        may_close: at.may(Permission::Close),
        may_reopen: at.may(Permission::Reopen),
        question: at.t().confirm_close.replace("{n}", &posted_so_far.to_string()).replace("{sum}", &total.grouped()),
        here: at.at("closing"),
        key: at.seat.form_key(),
        done,
        digest: kept.and_then(|kept| kept.digest.clone()),
        refusal,
    };
    Ok((status, show(&page)?).into_response())
}

fn item(at: &AtBook, found: &CheckItem) -> Item {
    Item {
        check: found.check.clone(),
        name: found.name_zh.clone(),
        class: class_of(found.outcome),
        outcome: found.outcome.label_zh(),
        findings: found.findings.iter().map(|words| (words.clone(), remedy(at, &found.check, words))).collect(),
    }
}

/// Where a finding is put right: the voucher it names, or the list or ledger it speaks of.
fn remedy(at: &AtBook, check: &str, words: &str) -> Option<String> {
    let first = words.split_whitespace().next()?;
    match check {
        "unposted" | "papers" => first.parse::<VoucherRef>().ok().map(|name| at.at(&format!("vouchers/{name}"))),
        "gaps" => words.split_whitespace().nth(1).and_then(|name| beside_gap(at, name)),
        "reconciliation" => {
            let account = words.split_whitespace().nth(1)?;
            Some(at.at(&format!("reconcile/{}#lines", escaped_query(account))))
        }
        "cash" => words.split_whitespace().nth(2).map(|code| at.at(&format!("journal?account={code}"))),
        "clearing" => words.split_whitespace().nth(1).map(|code| at.at(&format!("ledger?account={code}"))),
        "earlier_open" => Some(format!("/b/{}/{first}/closing", at.book.book)),
        "balance" => Some(at.at("trial-balance")),
        "statements" => Some(at.at("statements")),
        _ => None,
    }
}

/// The list between the neighbours of a missing number, where it can be renumbered.
fn beside_gap(at: &AtBook, missing: &str) -> Option<String> {
    let number = missing.parse::<VoucherRef>().ok()?.number;
    Some(at.at(&format!("vouchers?from={}&through={}", number - 1, number + 1)))
}

/// What the wizard's forms carry.
#[derive(Deserialize)]
pub struct Asked {
    key: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    reserve_rate: String,
}

async fn ended(at: &AtBook, outcome: Result<String, Stop>) -> Result<Response, Trouble> {
    match outcome {
        Ok(done) => Ok(lead_to(&format!("{}?done={}", at.at("closing"), escaped_query(&done))).into_response()),
        Err(Stop::Refused(refusal)) => render(at, String::new(), Some(refusal)).await,
        Err(failed) => Err(Trouble::of(&at.seat, failed)),
    }
}

fn names(made: &[Numbered]) -> String {
    made.iter().map(Numbered::reference).collect::<Vec<_>>().join("、")
}

/// 结转损益
pub async fn transfer(at: AtBook, Form(asked): Form<Asked>) -> Result<Response, Trouble> {
    let act = TransferProfitAndLoss { book: at.book.book.clone(), period: at.period };
    let made = at.seat.perform(act, &asked.key).await;
    let t = at.t();
    ended(&at, made.map(|made| if made.is_empty() { t.nothing_to_carry.to_owned() } else { names(&made) })).await
}

/// Closes the month, or with December the year.
pub async fn close(at: AtBook, Form(asked): Form<Asked>) -> Result<Response, Trouble> {
    let closed = if at.period.month() == 12 {
        let act = CloseYear {
            book: at.book.book.clone(),
            year: at.period.year(),
            reserve_rate: fields::text(&asked.reserve_rate),
            choices: Vec::new(),
            adjustments: Vec::new(),
        };
        at.seat.perform(act, &asked.key).await
    } else {
        let act = ClosePeriod { book: at.book.book.clone(), period: at.period, reason: fields::text(&asked.reason) };
        at.seat.perform(act, &asked.key).await
    };
    let said = |closed: Closed| format!("{} {}", closed.period, names(&closed.vouchers));
    ended(&at, closed.map(said)).await
}

/// Opens the month again.
pub async fn reopen(at: AtBook, Form(asked): Form<Asked>) -> Result<Response, Trouble> {
    let act = ReopenPeriod { book: at.book.book.clone(), period: at.period, reason: asked.reason.clone() };
    let outcome = at.seat.perform(act, &asked.key).await;
    ended(&at, outcome.map(|()| at.period.to_string())).await
}
