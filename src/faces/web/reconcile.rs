//! S11: the reconciliation desk of a bank account: both balances, the bank's open lines with what may belong to them, and
//! the book's open entries.
//!
//! 1. One form holds it all: every candidate is a button, chosen lines and entries are boxes; it works with scripts off.
//! 2. What is matched, drafted or saved is an act of its own; nothing here decides.

use std::collections::HashMap;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::address::{escaped_query, lead_to};
use super::fields::{self, Fields};
use super::frame::Frame;
use super::seat::AtBook;
use super::text::Texts;
use super::trouble::{FormRefusal, Trouble, show, status_of};
use crate::access::Permission;
use crate::controls::reconciliation::account::BankAccount;
use crate::controls::reconciliation::candidates::Candidate;
use crate::controls::reconciliation::papers::line_name;
use crate::controls::reconciliation::service::{
    At, Match, Page as Lines, ProposeVouchers, RunMatching, SaveReconciliation, Unmatch, standing, with_candidates,
};
use crate::controls::reconciliation::{ReconciliationRefusal, store};
use crate::db::Stop;
use crate::faces::cli::reconcile::{dimension, dimensions};
use crate::ledger::AccountCode;
use crate::ledger::books::store as books;
use crate::ledger::posting::BookAccount;
use crate::money::Amount;
use crate::refusal::Refusal;

/// The bank's lines a page.
const PAGE: usize = 60;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    done: String,
    undo: String,
    after: String,
}

#[derive(Template)]
#[template(path = "reconcile.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    account: String,
    bank_name: String,
    period: String,
    figures: Vec<(&'static str, String, bool)>,
    balanced: bool,
    notes: Vec<String>,
    lines: Vec<Line>,
    entries: Vec<Entry>,
    may: bool,
    may_draft: bool,
    here: String,
    back: String,
    key: String,
    done: String,
    undo: String,
    onward: Option<String>,
    accounts: Vec<(String, String)>,
    refusal: Option<Refusal>,
    script: String,
}

/// A line of the bank that is not matched.
struct Line {
    name: String,
    on: String,
    summary: String,
    party: String,
    money_in: String,
    money_out: String,
    candidates: Vec<Offer>,
}

/// What may belong to it: the button's value, the vouchers, and what agrees.
struct Offer {
    value: String,
    names: String,
    reasons: String,
}

/// An entry of the book that is not matched.
struct Entry {
    name: String,
    voucher: String,
    on: String,
    summary: String,
    party: String,
    money_in: String,
    money_out: String,
}

async fn account_of(at: &AtBook, code: &str) -> Result<BankAccount, Stop> {
    let mut tx = at.seat.snapshot().await?;
    let found = store::account(&mut tx, at.seat.county(), code).await?.filter(|account| account.book == at.book.book);
    Ok(found.ok_or_else(|| ReconciliationRefusal::UnknownAccount { account: code.to_owned() })?)
}

/// The desk.
pub async fn page(
    at: AtBook,
    Path(named): Path<HashMap<String, String>>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let code = named.get("account").cloned().unwrap_or_default();
    render(&at, &code, asked, None).await
}

async fn render(at: &AtBook, code: &str, asked: Asked, refusal: Option<Refusal>) -> Result<Response, Trouble> {
    let status = refusal.as_ref().map_or(StatusCode::OK, status_of);
    let page = gathered(at, code, asked, refusal).await.map_err(|why| Trouble::of(&at.seat, why))?;
    Ok((status, show(&page)?).into_response())
}

async fn gathered(at: &AtBook, code: &str, asked: Asked, refusal: Option<Refusal>) -> Result<Page, Stop> {
    let account = account_of(at, code).await?;
    let (t, county) = (at.t(), at.seat.county());
    let mut tx = at.seat.snapshot().await?;
    let stands = standing(&mut tx, county, &account, at.period).await?;
    let after = line_key(&asked.after).unwrap_or((0, 0));
    let (open, _, candidates) = with_candidates(&mut tx, county, &account, at.period, Lines { after, limit: PAGE }).await?;
    let adjusted = stands.adjusted();
    let shown: Vec<_> = open.bank.iter().filter(|item| (item.line, item.part) > after).take(PAGE).collect();
    let onward = shown.last().filter(|_| shown.len() == PAGE).map(|last| format!("?after={}", line_name(last.line, last.part)));
    let kept = books::accounts(&mut tx, county, &at.book.book, at.period.year()).await?;
    Ok(Page {
        t,
        frame: Frame::at(at, t.bank_desk, "desks/bank"),
        figures: vec![
            (t.bank_balance, stands.bank_balance.grouped(), false),
            (t.book_balance, stands.book_balance.grouped(), false),
            (t.adjusted_bank, adjusted.bank.grouped(), false),
            (t.adjusted_book, adjusted.book.grouped(), false),
            (t.unreconciled, adjusted.difference().grouped(), adjusted.difference() != Amount::ZERO),
            (t.open_lines, open.bank.len().to_string(), false),
            (t.open_entries, open.book.len().to_string(), false),
        ],
        balanced: adjusted.difference() == Amount::ZERO,
        notes: stands.notes,
        lines: shown.iter().map(|item| line(item, &candidates)).collect(),
        entries: open.book.iter().map(entry).collect(),
        may: at.may(Permission::Reconcile),
        may_draft: at.may(Permission::KeepVouchers),
        here: at.at(&format!("reconcile/{}", escaped_query(code))),
        back: at.at("desks/bank"),
        key: at.seat.form_key(),
        done: asked.done,
        undo: asked.undo,
        onward,
        accounts: leaves(&kept),
        refusal,
        account: account.code,
        bank_name: account.bank_name,
        period: at.period.to_string(),
        script: super::server::asset("matcher.js"),
    })
}

/// The accounts a voucher may name: (code, name).
fn leaves(kept: &[BookAccount]) -> Vec<(String, String)> {
    let usable = kept.iter().filter(|account| account.is_leaf && account.stopped_on.is_none());
    usable.map(|account| (account.code.0.clone(), account.name.clone())).collect()
}

fn sides(amount: Amount) -> (String, String) {
    if amount.is_negative() { (String::new(), amount.abs().grouped()) } else { (amount.grouped(), String::new()) }
}

fn line(item: &crate::controls::reconciliation::BankItem, candidates: &[Candidate]) -> Line {
    let (money_in, money_out) = sides(item.amount);
    let key = (item.line, item.part);
    // A candidate of several bank lines is offered at the first of them.
    let offers = candidates
        .iter()
        .filter(|candidate| candidate.bank.first() == Some(&key) || candidate.bank.contains(&key) && candidate.bank.len() == 1);
    let offer = |candidate: &Candidate| Offer {
        value: format!("{}={}", keys(&candidate.bank), keys(&candidate.book)),
        names: candidate.names.clone(),
        reasons: candidate.reasons.join("、"),
    };
    Line {
        name: line_name(item.line, item.part),
        on: item.on.to_string(),
        summary: item.summary.clone(),
        party: item.name.clone(),
        money_in,
        money_out,
        candidates: offers.take(9).map(offer).collect(),
    }
}

fn entry(item: &crate::controls::reconciliation::BookItem) -> Entry {
    let (money_in, money_out) = sides(item.amount);
    Entry {
        name: format!("{}.{}", item.voucher, item.line),
        voucher: item.reference.clone(),
        on: item.on.to_string(),
        summary: item.summary.clone(),
        party: item.party.clone(),
        money_in,
        money_out,
    }
}

/// Lines of one side: (line, part) of the bank, (voucher, line) of the book.
type Keys = Vec<(i64, i64)>;

/// `12.0+13.0`
fn keys(keys: &[(i64, i64)]) -> String {
    keys.iter().map(|(first, second)| format!("{first}.{second}")).collect::<Vec<_>>().join("+")
}

/// `12`, `12.1`
fn line_key(text: &str) -> Option<(i64, i64)> {
    let (line, part) = text.split_once('.').unwrap_or((text, "0"));
    Some((line.trim().parse().ok()?, part.trim().parse().ok()?))
}

fn read_keys(text: &str) -> Result<Vec<(i64, i64)>, FormRefusal> {
    let bad = || FormRefusal::BadField { field: "流水".to_owned(), text: text.to_owned() };
    text.split('+').filter(|part| !part.is_empty()).map(|part| line_key(part).ok_or_else(bad)).collect()
}

/// One of the desk's buttons.
pub async fn act(
    at: AtBook,
    Path(named): Path<HashMap<String, String>>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let (code, typed) = (named.get("account").cloned().unwrap_or_default(), Fields(typed));
    match acted(&at, &code, &typed).await {
        Ok((done, undo)) => {
            let to =
                at.at(&format!("reconcile/{}?done={}&undo={}", escaped_query(&code), escaped_query(&done), escaped_query(&undo)));
            Ok(lead_to(&to).into_response())
        }
        Err(Stop::Refused(refusal)) => render(&at, &code, Asked::default(), Some(refusal)).await,
        Err(failed) => Err(Trouble::of(&at.seat, failed)),
    }
}

/// Does it; answers what was done and, for a match, the line by which it is taken back.
async fn acted(at: &AtBook, code: &str, typed: &Fields) -> Result<(String, String), Stop> {
    let account = account_of(at, code).await?;
    let here = At { book: account.book.clone(), account: account.code.clone() };
    let (t, key, through) = (at.t(), typed.first("key"), at.period.last_day());
    let take = typed.first("take");
    if !take.is_empty() {
        let (bank, book) = take.split_once('=').unwrap_or((take, ""));
        return matched(at, here, (read_keys(bank)?, read_keys(book)?), key).await;
    }
    match typed.first("do") {
        "run" => {
            let report = at.seat.perform(RunMatching { at: here, through }, key).await?;
            Ok((format!("{} {}", t.matched_pairs, report.pairs), String::new()))
        }
        "match" => {
            let (bank, book) = (chosen(typed, "line")?, chosen(typed, "entry")?);
            matched(at, here, (bank, book), key).await
        }
        "undo" => {
            let bank = read_keys(typed.first("undo"))?;
            let freed = at.seat.perform(Unmatch { at: here, bank, book: Vec::new() }, key).await?;
            Ok((format!("{} {freed}", t.freed_lines), String::new()))
        }
        "propose" => {
            let dims = fields::text(typed.first("dimensions"))
                .map(|text| text.split_whitespace().map(dimension).collect::<Result<Vec<_>, _>>());
            let dims = dims.transpose().map_err(|why| FormRefusal::BadField { field: t.dimensions.to_owned(), text: why })?;
            let code = typed.first("ledger_account").split_whitespace().next().unwrap_or_default().to_owned();
            let (lines, account) = (chosen(typed, "line")?, Some(AccountCode(code)).filter(|code| !code.0.is_empty()));
            let act = ProposeVouchers { at: here, through, lines, account, dimensions: dimensions(dims.unwrap_or_default()) };
            let made = at.seat.perform(act, key).await?;
            let names: Vec<String> = made.drafts.iter().map(|(numbered, ..)| numbered.reference()).collect();
            Ok((format!("{} {} {}", t.drafts_made, made.drafts.len(), names.join("、")), String::new()))
        }
        "save" => {
            let saved = at.seat.perform(SaveReconciliation { at: here, period: at.period }, key).await?;
            Ok((format!("{} {}", t.paper_saved, saved.version), String::new()))
        }
        _ => Err(FormRefusal::NothingChosen.into()),
    }
}

fn chosen(typed: &Fields, name: &str) -> Result<Vec<(i64, i64)>, FormRefusal> {
    let all: Vec<&str> = typed.all(name).collect();
    if all.is_empty() { Err(FormRefusal::NothingChosen) } else { read_keys(&all.join("+")) }
}

async fn matched(at: &AtBook, here: At, (bank, book): (Keys, Keys), key: &str) -> Result<(String, String), Stop> {
    let undo = bank.first().map(|first| keys(std::slice::from_ref(first))).unwrap_or_default();
    let done = at.seat.perform(Match { at: here, bank, book }, key).await?;
    Ok((format!("{} {}", at.t().matched_sum, done.amount.grouped()), undo))
}
