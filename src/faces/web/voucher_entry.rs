//! S03: entering a voucher, and changing a draft.
//!
//! 1. What was typed comes back with a refusal; nothing typed is lost.
//! 2. The form carries a key: a second click saves nothing twice.
//! 3. An unbalanced voucher is refused with its difference, a bad line with its place.

use std::collections::HashMap;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::address::{escaped_query, lead_to};
use super::fields::{self, Fields};
use super::frame::Frame;
use super::seat::AtBook;
use super::server;
use super::text::Texts;
use super::trouble::{FormRefusal, Trouble, show, status_of};
use super::voucher_paper::named;
use crate::calendar::AccountingPeriod;
use crate::db::{Connection, Failure, Stop};
use crate::faces::cli;
use crate::faces::resolve::{AccountNames, Cards};
use crate::ledger::books::store as books;
use crate::ledger::templates;
use crate::ledger::vouchers::service::{ChangeDraft, KeepDrafts, MoveVouchers, Step};
use crate::ledger::{AccountCode, Dimension, Dimensions, Stage, Voucher, VoucherLine, Word};
use crate::money::Amount;
use crate::parties::initials::readings;
use crate::refusal::Refusal;
use crate::statements::store::movements_by_month;

/// Blank rows of a new voucher; the script adds more, and so does saving a full one.
const ROWS: usize = 6;

#[derive(Template)]
#[template(path = "voucher_entry.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    grid_js: String,
    action: String,
    head: Head,
    rows: Vec<Row>,
    accounts: Vec<Choice>,
    cards: Vec<(String, String)>,
    templates: Vec<(String, String)>,
    saved: Option<(String, String)>,
    closed: bool,
    open_month: Option<String>,
    refusal: Option<Refusal>,
}

/// The head of the form as typed.
#[derive(Debug, Clone, Default)]
struct Head {
    key: String,
    word: String,
    date: String,
    papers: String,
    number: Option<i64>,
}

/// A row as typed.
#[derive(Debug, Clone, Default)]
struct Row {
    summary: String,
    account: String,
    dimensions: String,
    debit: String,
    credit: String,
}

impl Row {
    fn is_blank(&self) -> bool {
        [&self.account, &self.dimensions, &self.debit, &self.credit].iter().all(|text| text.trim().is_empty())
    }
}

/// What a save leaves to say.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Saved {
    saved: String,
    date: String,
    template: String,
}

/// A blank voucher.
pub async fn blank(at: AtBook, Query(saved): Query<Saved>) -> Result<Response, Trouble> {
    let today = at.seat.web.office.today().clamp(at.period.first_day(), at.period.last_day());
    let date = fields::text(&saved.date).unwrap_or_else(|| today.to_string());
    let head = Head { key: at.seat.form_key(), word: "记".to_owned(), date, papers: "0".to_owned(), number: None };
    let done = fields::text(&saved.saved).map(|name| (at.at(&format!("vouchers/{name}")), name));
    let pattern = pattern(&at, &saved.template).await.map_err(|stop| Trouble::of(&at.seat, stop))?;
    let (word, rows) = pattern.map_or((head.word.clone(), Vec::new()), |p| (p.word.as_str().to_owned(), rows_of(&p.lines)));
    render(&at, "vouchers/new", Head { word, ..head }, rows, done, None).await
}

/// The template asked for, if one is.
async fn pattern(at: &AtBook, name: &str) -> Result<Option<templates::Template>, Stop> {
    let Some(name) = fields::text(name) else { return Ok(None) };
    let mut tx = at.seat.snapshot().await?;
    cli::template::named(&mut tx, at.seat.county(), &at.book.book, &name).await.map(Some)
}

/// The templates of the book and where they are taken.
async fn templates_of(at: &AtBook) -> Result<Vec<(String, String)>, Stop> {
    let mut tx = at.seat.snapshot().await?;
    let kept = templates::store::templates(&mut tx, at.seat.county(), &at.book.book).await?;
    let taken = |name: &str| at.at(&format!("vouchers/new?template={}", escaped_query(name)));
    Ok(kept.into_iter().map(|template| (taken(&template.name), template.name)).collect())
}

async fn render(
    at: &AtBook,
    to: &str,
    head: Head,
    mut rows: Vec<Row>,
    saved: Option<(String, String)>,
    refusal: Option<Refusal>,
) -> Result<Response, Trouble> {
    let (t, status) = (at.t(), refusal.as_ref().map_or(axum::http::StatusCode::OK, status_of));
    let (accounts, cards) = choices(at).await.map_err(|stop| Trouble::of(&at.seat, stop))?;
    let templates = templates_of(at).await.map_err(|stop| Trouble::of(&at.seat, stop))?;
    rows.resize_with(ROWS.max(rows.len() + 1), Row::default);
    let open_month = super::seat::first_open(&at.periods).filter(|_| at.is_closed());
    let page = Page {
        t,
        frame: Frame::at(at, t.new_voucher, "vouchers/new"),
        grid_js: server::asset("grid.js"),
        action: at.at(to),
        head,
        rows,
        accounts,
        cards,
        templates,
        saved,
        closed: at.is_closed(),
        open_month: open_month.map(|month| format!("/b/{}/{month}/vouchers/new", at.book.book)),
        refusal,
    };
    Ok((status, show(&page)?).into_response())
}

/// An account that can be chosen.
struct Choice {
    /// What is put in the box: code and name.
    shown: String,
    /// The letters each character of its name can begin with; they find it.
    letters: String,
    /// The dimensions its lines need.
    needs: String,
    /// What stands on it at the end of the month, posted.
    balance: String,
}

type Choices = (Vec<Choice>, Vec<(String, String)>);

/// Leaf accounts, and cards as (what is put in the box, name).
async fn choices(at: &AtBook) -> Result<Choices, Stop> {
    let mut tx = at.seat.snapshot().await?;
    let (county, book) = (at.seat.county(), &at.book.book);
    let chart = books::chart(&mut tx, county, book, at.period.year()).await?;
    let kept = books::accounts(&mut tx, county, book, at.period.year()).await?;
    let usable = kept.iter().filter(|account| account.is_leaf && account.stopped_on.is_none());
    let balances = balances(&mut tx, at).await?;
    let accounts = usable.map(|account| {
        let name = chart.full_name_zh(&account.code);
        Choice {
            shown: format!("{} {name}", account.code.as_str()),
            letters: readings(&name).join(","),
            needs: account.requires.iter().map(|dimension| dimension.label_zh()).collect::<Vec<_>>().join("、"),
            balance: standing(balances.get(&account.code).copied().unwrap_or_default()),
        }
    });
    let cards = books::members(&mut tx, county, book).await?;
    let label = |dimension: &str| Dimension::parse(dimension).map_or("", Dimension::label_zh);
    let cards = cards.into_iter().map(|card| (format!("{}:{}", label(&card.dimension), card.member), card.name));
    Ok((accounts.collect(), cards.collect()))
}

/// What stands on every account at the end of the month: debits less credits, posted.
async fn balances(tx: &mut Connection, at: &AtBook) -> Result<HashMap<AccountCode, Amount>, Failure> {
    let mut sums: HashMap<AccountCode, Amount> = HashMap::new();
    for row in movements_by_month(tx, at.seat.county(), &at.book.book, at.period).await? {
        *sums.entry(row.account).or_default() += row.debit - row.credit;
    }
    Ok(sums)
}

/// A balance with its direction: 借 1,234.56.
fn standing(balance: Amount) -> String {
    let (side, amount) = match balance {
        zero if zero.is_zero() => return "平".to_owned(),
        credit if credit.is_negative() => ("贷", -credit),
        debit => ("借", debit),
    };
    format!("{side} {}", amount.grouped())
}

/// The form as typed.
fn typed(fields: &Fields) -> (Head, Vec<Row>) {
    let head = Head {
        key: fields.first("key").to_owned(),
        word: fields.first("word").to_owned(),
        date: fields.first("date").to_owned(),
        papers: fields.first("papers").to_owned(),
        number: None,
    };
    let column = |name| fields.all(name).map(str::to_owned).collect::<Vec<_>>();
    let (summaries, accounts, dimensions) = (column("summary"), column("account"), column("dimensions"));
    let (debits, credits) = (column("debit"), column("credit"));
    let at = |list: &[String], row: usize| list.get(row).cloned().unwrap_or_default();
    let row = |n| Row {
        summary: at(&summaries, n),
        account: at(&accounts, n),
        dimensions: at(&dimensions, n),
        debit: at(&debits, n),
        credit: at(&credits, n),
    };
    (head, (0..summaries.len()).map(row).filter(|row| !row.is_blank()).collect())
}

/// The voucher a form describes.
async fn content(at: &AtBook, head: &Head, rows: &[Row]) -> Result<Voucher, Stop> {
    let dated_on = fields::date("日期", &head.date)?;
    let mut tx = at.seat.snapshot().await?;
    let names = AccountNames::of(&mut tx, at.seat.county(), &at.book.book, Some(at.period.year())).await?;
    let cards = Cards::of(&mut tx, at.seat.county(), &at.book.book).await?;
    let mut lines = Vec::with_capacity(rows.len());
    let mut above = String::new();
    for (n, row) in rows.iter().enumerate() {
        let summary = fields::text(&row.summary).unwrap_or_else(|| above.clone());
        above.clone_from(&summary);
        lines.push(line(n + 1, row, summary, &names, &cards)?);
    }
    Ok(Voucher {
        book: at.book.book.clone(),
        period: AccountingPeriod::of(dated_on),
        dated_on,
        word: Word::parse(&head.word).unwrap_or(Word::General),
        stage: Stage::Ordinary,
        lines,
        reverses: None,
        source_key: None,
        paper_attachments: fields::number("附单据", &head.papers)?.unwrap_or(0),
    })
}

fn line(n: usize, row: &Row, summary: String, names: &AccountNames, cards: &Cards) -> Result<VoucherLine, Stop> {
    let place = |column: &str| format!("第 {n} 行{column}");
    let word = row.account.split_whitespace().next().unwrap_or("");
    let account = names.find_word(word).or_else(|why| names.find_word(row.account.trim()).map_err(|_| why));
    let account = account.or_else(|why| names.by_initials(word).ok_or(why))?;
    let mut dimensions = Dimensions::default();
    for part in row.dimensions.split([';', ';', '、', ',']).map(str::trim).filter(|part| !part.is_empty()) {
        let (dimension, member) = part.split_once([':', ':', '=']).unwrap_or(("往来", part));
        let bad = || FormRefusal::BadField { field: place("辅助核算"), text: part.to_owned() };
        let dimension = Dimension::parse(dimension.trim()).ok_or_else(bad)?;
        dimensions.set(dimension, member.split_whitespace().next().map(str::to_owned));
    }
    cards.resolve(&mut dimensions);
    let debit = fields::amount(&place("借方金额"), &row.debit)?.unwrap_or(Amount::ZERO);
    let credit = fields::amount(&place("贷方金额"), &row.credit)?.unwrap_or(Amount::ZERO);
    Ok(VoucherLine { summary, account, debit, credit, dimensions })
}

/// Saves a new voucher, as a draft or submitted.
pub async fn save(at: AtBook, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Trouble> {
    let fields = Fields(fields);
    let (head, rows) = typed(&fields);
    let made = async {
        let voucher = content(&at, &head, &rows).await?;
        let act = KeepDrafts { book: at.book.book.clone(), vouchers: vec![voucher], skip_known: false };
        let kept = at.seat.perform(act, &head.key).await?;
        let [made] = &kept.numbered[..] else { unreachable!("one voucher in, one number out") };
        if fields.first("do") == "submit" {
            let act = MoveVouchers { book: at.book.book.clone(), vouchers: vec![made.1], step: Step::Submit, reason: None };
            at.seat.perform(act, &format!("{}/submit", head.key)).await?;
        }
        Ok::<_, Stop>(made.clone())
    };
    match made.await {
        Ok(made) => {
            let to = format!("/b/{}/{}/vouchers/new", at.book.book, made.2);
            let said = escaped_query(&made.reference());
            Ok(lead_to(&format!("{to}?saved={said}&date={}", head.date)).into_response())
        }
        Err(Stop::Refused(refusal)) => render(&at, "vouchers/new", head, rows, None, Some(refusal)).await,
        Err(failed) => Err(Trouble::of(&at.seat, failed)),
    }
}

/// A draft in the form.
pub async fn edit(at: AtBook, Path((_, _, name)): Path<(String, String, String)>) -> Result<Response, Trouble> {
    let draft = named(&at, &name).await.map_err(|stop| Trouble::of(&at.seat, stop))?;
    let head = Head {
        key: at.seat.form_key(),
        word: draft.content.word.as_str().to_owned(),
        date: draft.content.dated_on.to_string(),
        papers: draft.content.paper_attachments.to_string(),
        number: Some(draft.number),
    };
    let rows = rows_of(&draft.content.lines);
    render(&at, &format!("vouchers/{name}/edit"), head, rows, None, None).await
}

fn rows_of(lines: &[VoucherLine]) -> Vec<Row> {
    let shown = |amount: Amount| if amount.is_zero() { String::new() } else { amount.to_string() };
    let dimensions = |line: &VoucherLine| {
        let carried = Dimension::ALL.iter().filter_map(|d| Some(format!("{}:{}", d.label_zh(), line.dimensions.get(*d)?)));
        carried.collect::<Vec<_>>().join(";")
    };
    let row = |line: &VoucherLine| Row {
        summary: line.summary.clone(),
        account: line.account.as_str().to_owned(),
        dimensions: dimensions(line),
        debit: shown(line.debit),
        credit: shown(line.credit),
    };
    lines.iter().map(row).collect()
}

/// Changes a draft; its number stays.
pub async fn change(
    at: AtBook,
    Path((_, _, name)): Path<(String, String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let fields = Fields(fields);
    let (mut head, rows) = typed(&fields);
    let changed = async {
        let draft = named(&at, &name).await?;
        let content = content(&at, &head, &rows).await?;
        at.seat.perform(ChangeDraft { voucher: draft.id, content }, &head.key).await?;
        if fields.first("do") == "submit" {
            let act = MoveVouchers { book: at.book.book.clone(), vouchers: vec![draft.id], step: Step::Submit, reason: None };
            at.seat.perform(act, &format!("{}/submit", head.key)).await?;
        }
        Ok::<_, Stop>(draft.number)
    };
    match changed.await {
        Ok(_) => Ok(lead_to(&at.at(&format!("vouchers/{name}"))).into_response()),
        Err(Stop::Refused(refusal)) => {
            head.number = name.rsplit('-').next().and_then(|number| number.parse().ok());
            render(&at, &format!("vouchers/{name}/edit"), head, rows, None, Some(refusal)).await
        }
        Err(failed) => Err(Trouble::of(&at.seat, failed)),
    }
}
