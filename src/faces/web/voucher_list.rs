//! S04: the vouchers of a month: filtered, summed, moved on in bulk.
//!
//! 1. The filter stands in the address; the foot sums all that it lets through, not only this page.
//! 2. Posted vouchers have no control that changes them; the books refuse it besides.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::address::{escaped_query, lead_to, query_of};
use super::fields::{self, Fields};
use super::frame::Frame;
use super::seat::{AtBook, Names};
use super::text::Texts;
use super::trouble::{FormRefusal, Trouble};
use crate::access::Permission;
use crate::db::Stop;
use crate::ledger::vouchers::service::{MoveVouchers, Step};
use crate::ledger::vouchers::store::list::{self, Filter, Listed};
use crate::ledger::vouchers::{State, VoucherRef, store};
use crate::money::Amount;
use crate::refusal::Refusal;

/// Rows a page.
const PAGE: i64 = 100;

/// The filter as the address carries it.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Asked {
    state: String,
    returned: String,
    account: String,
    from: String,
    through: String,
    least: String,
    most: String,
    maker: String,
    after: String,
    done: String,
}

#[derive(Template)]
#[template(path = "voucher_list.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    asked: Asked,
    states: Vec<(&'static str, &'static str, bool)>,
    rows: Vec<Listed>,
    names: Names,
    count: i64,
    total: Amount,
    gaps: Vec<String>,
    next: Option<String>,
    here: String,
    renumber: String,
    key: String,
    may_keep: bool,
    may_review: bool,
    may_post: bool,
    open: bool,
    refusal: Option<Refusal>,
}

impl Asked {
    /// What the list lets through.
    pub fn filter(&self) -> Result<Filter, FormRefusal> {
        Ok(Filter {
            state: fields::text(&self.state).and_then(|text| State::parse(&text)),
            returned: !self.returned.is_empty(),
            account: fields::text(&self.account).and_then(|text| text.split_whitespace().next().map(str::to_owned)),
            from_number: fields::number("凭证号起", &self.from)?,
            through_number: fields::number("凭证号止", &self.through)?,
            from_amount: fields::amount("金额起", &self.least)?,
            through_amount: fields::amount("金额止", &self.most)?,
            maker: fields::text(&self.maker),
        })
    }

    /// The filter as a query again, without the place of the page.
    fn query(&self) -> String {
        let fields = [
            ("state", &self.state),
            ("returned", &self.returned),
            ("account", &self.account),
            ("from", &self.from),
            ("through", &self.through),
            ("least", &self.least),
            ("most", &self.most),
            ("maker", &self.maker),
        ];
        query_of(&fields)
    }
}

/// The list.
pub async fn page(at: AtBook, Query(asked): Query<Asked>) -> Result<Response, Trouble> {
    render(&at, asked, None).await
}

async fn render(at: &AtBook, asked: Asked, refusal: Option<Refusal>) -> Result<Response, Trouble> {
    let (filter, refusal) = match asked.filter() {
        Ok(filter) => (filter, refusal),
        Err(why) => (Filter::default(), Some(why.refusal())),
    };
    let after: Option<VoucherRef> = asked.after.parse().ok();
    let (county, book, t) = (at.seat.county(), &at.book.book, at.t());
    let mut tx = at.seat.snapshot().await?;
    let rows = list::page(&mut tx, county, book, at.period, &filter, after.as_ref(), PAGE).await?;
    let gaps = crate::controls::period_close::store::gaps(&mut tx, county, book, at.period).await?;
    let full = i64::try_from(rows.len()).is_ok_and(|shown| shown == PAGE);
    let (count, total) = match after {
        None if !full => list::sums_of(&rows),
        _ => list::sums(&mut tx, county, book, at.period, &filter).await?,
    };
    let next = rows
        .last()
        .filter(|_| full)
        .map(|last| format!("{}?{}&after={}", at.at("vouchers"), asked.query(), escaped_query(&last.reference.to_string())));
    let page = Page {
        t,
        frame: Frame::at(at, t.vouchers, "vouchers"),
        states: State::ALL.iter().map(|(state, word, label)| (*word, *label, filter.state == Some(*state))).collect(),
        rows,
        names: Names::of_county(&mut tx, county).await?,
        count,
        total,
        gaps,
        next,
        here: format!("{}?{}", at.at("vouchers"), asked.query()),
        renumber: at.at(&format!("do/voucher/renumber?period={}&dry_run=1", at.period)),
        key: at.seat.form_key(),
        may_keep: at.may(Permission::KeepVouchers),
        may_review: at.may(Permission::Review),
        may_post: at.may(Permission::Post),
        open: !at.is_closed(),
        refusal,
        asked,
    };
    let status = page.refusal.as_ref().map_or(axum::http::StatusCode::OK, super::trouble::status_of);
    Ok((status, super::trouble::show(&page)?).into_response())
}

/// Moves the chosen vouchers one step.
pub async fn step(
    at: AtBook,
    Query(asked): Query<Asked>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    match moved(&at, &Fields(fields)).await {
        Ok(count) => {
            let done = escaped_query(&format!("{count}"));
            Ok(lead_to(&format!("{}?{}&done={done}", at.at("vouchers"), asked.query())).into_response())
        }
        Err(Stop::Refused(refusal)) => render(&at, asked, Some(refusal)).await,
        Err(failed) => Err(Trouble::of(&at.seat, failed)),
    }
}

async fn moved(at: &AtBook, fields: &Fields) -> Result<usize, Stop> {
    let step = match fields.first("step") {
        "submit" => Step::Submit,
        "approve" => Step::Approve,
        "return" => Step::Return,
        "post" => Step::Post,
        "void" => Step::Void,
        other => return Err(FormRefusal::BadField { field: "操作".to_owned(), text: other.to_owned() }.into()),
    };
    let mut vouchers = Vec::new();
    let mut tx = at.seat.snapshot().await?;
    for name in fields.all("voucher") {
        let name: VoucherRef = name.parse()?;
        let found = store::find(&mut tx, at.seat.county(), &at.book.book, &name).await?;
        let unknown =
            || crate::ledger::LedgerRefusal::UnknownVoucher { voucher: name.to_string(), book: at.book.book.to_string() };
        vouchers.push(found.ok_or_else(unknown)?);
    }
    drop(tx);
    if vouchers.is_empty() {
        return Err(FormRefusal::NothingChosen.into());
    }
    let reason = fields::text(fields.first("reason"));
    let act = MoveVouchers { book: at.book.book.clone(), vouchers, step, reason };
    Ok(at.seat.perform(act, fields.first("key")).await?.len())
}
