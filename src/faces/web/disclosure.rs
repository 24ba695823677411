//! S14: what must be published, sheets made from the live books, their way to the public, questions answered.

use axum::Form;
use axum::extract::{Path, Query};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::address::lead_to;
use super::fields::{self, Fields};
use super::frame::Frame;
use super::ledgers::spreadsheet;
use super::room::{Field, FormBox, Room};
use super::seat::AtBook;
use super::table::Table;
use super::trouble::{FormRefusal, Trouble};
use super::wording::in_words;
use super::{printing, public};
use crate::access::Permission;
use crate::controls::disclosure::refusal::DisclosureRefusal;
use crate::controls::disclosure::service::making::MakeSheet;
use crate::controls::disclosure::service::questions::{AnswerQuestion, ReleaseQuestion};
use crate::controls::disclosure::service::steps::{MoveSheet, SheetStep};
use crate::controls::disclosure::sheet::{DisclosureSheet, Kind, Question, SheetState};
use crate::controls::disclosure::span::Span;
use crate::controls::disclosure::{obligations, reports, store};
use crate::db::Stop;
use crate::ledger::books::store as books;
use crate::refusal::Refusal;

/// The room.
pub async fn page(at: AtBook) -> Result<Response, Trouble> {
    render(&at, None).await
}

async fn render(at: &AtBook, refusal: Option<Refusal>) -> Result<Response, Trouble> {
    let (t, county, book) = (at.t(), at.seat.county(), &at.book.book);
    let (today, year) = (at.seat.web.office.today(), at.period.year());
    let mut tx = at.seat.snapshot().await?;
    let heads = store::sheets::heads(&mut tx, county, book).await?;
    let questions = store::sheets::questions(&mut tx, county, book).await?;
    let rows = obligations::table(store::rules::own(&mut tx, county, "disclosure").await?);
    let mut dues = obligations::calendar(&rows, &heads, (at.book.first_period, year), today);
    let ended = books::stopped_on(&mut tx, county, book).await?;
    dues.retain(|due| due.is_of(ended));
    let mut room = Room::new(t, Frame::at(at, t.disclosure, "disclosure"), t.disclosure);
    room.refusal = refusal;
    if !store::published::heads(&mut tx, county, &book.0).await?.is_empty() {
        room.links.push((t.public_page.to_owned(), format!("/open/{book}")));
    }
    let sheet_link =
        |_: &[crate::exchange::Cell], key: &str, text: &str| (key == "sheet").then(|| at.at(&format!("disclosure/{text}")));
    let asked_for = (!questions.is_empty()).then(|| reports::questions(&at.book.name, &questions));
    let lists = [reports::calendar(&at.book.name, year, &dues), reports::register(&at.book.name, &heads)];
    let mut sheets: Vec<_> = lists.into_iter().chain(asked_for).collect();
    in_words(&mut tx, &at.seat, &mut sheets).await?;
    room.tables.extend(sheets.iter().map(|sheet| Table::of(sheet, sheet_link)));
    if at.may(Permission::Disclose) {
        room.forms.push(make_form(at));
    }
    room.forms.extend(question_forms(at, &questions));
    room.answer()
}

fn make_form(at: &AtBook) -> FormBox {
    let t = at.t();
    let kinds = Kind::ALL.iter().map(|kind| (kind.as_str().to_owned(), kind.label_zh().to_owned())).collect();
    FormBox::new(t.make_sheet, at.at("disclosure/make"), at.seat.form_key())
        .field(Field::select("kind", t.content, Kind::Receipts.as_str(), kinds))
        .field(Field::text("span", t.span_words, at.period.to_string()).required())
        .field(Field::text("subject", t.batch_words, ""))
        .field(Field::text("reason", t.correction_reason, ""))
        .button("make", t.make_sheet, "primary")
}

fn question_forms(at: &AtBook, questions: &[Question]) -> Vec<FormBox> {
    let t = at.t();
    let form = |question: &Question| {
        let title = format!("{} {} · {}", t.question, question.question, question.text);
        FormBox::new(&title, at.at("disclosure/question"), at.seat.form_key())
            .field(Field::hidden("question", question.question.to_string()))
    };
    let open = questions.iter().filter(|question| question.released_on.is_none());
    let forms = open.filter_map(|question| match &question.answer {
        None if at.may(Permission::Disclose) => {
            Some(form(question).field(Field::of("long", "answer", t.answer, "").required()).button("answer", t.answer, "primary"))
        }
        Some(answer) if at.may(Permission::ApproveDisclosure) => {
            Some(form(question).field(Field::text("shown", t.answer, answer)).asking(
                "release",
                t.release,
                "primary",
                t.confirm_release,
            ))
        }
        _ => None,
    });
    forms.collect()
}

/// Makes a sheet.
pub async fn make(at: AtBook, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Trouble> {
    let fields = Fields(fields);
    let made = async {
        let bad = || FormRefusal::BadField { field: "公开内容".to_owned(), text: fields.first("kind").to_owned() };
        let act = MakeSheet {
            book: at.book.book.clone(),
            kind: Kind::parse(fields.first("kind")).ok_or_else(bad)?,
            span: Span::parse(fields.first("span").trim())?,
            subject: fields.first("subject").trim().to_owned(),
            reason: fields::text(fields.first("reason")),
        };
        at.seat.perform(act, fields.first("key")).await
    };
    match made.await {
        Ok(sheet) => Ok(lead_to(&at.at(&format!("disclosure/{sheet}"))).into_response()),
        Err(Stop::Refused(refusal)) => render(&at, Some(refusal)).await,
        Err(failed) => Err(Trouble::of(&at.seat, failed)),
    }
}

/// Answers a question, or releases the answer.
pub async fn question(at: AtBook, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Trouble> {
    let fields = Fields(fields);
    let (book, key) = (at.book.book.clone(), fields.first("key"));
    let question = fields.first("question").parse().unwrap_or_default();
    let done = match fields.first("do") {
        "release" => at.seat.perform(ReleaseQuestion { book, question }, key).await,
        "answer" => at.seat.perform(AnswerQuestion { book, question, answer: fields.first("answer").to_owned() }, key).await,
        other => Err(no_such_step(other)),
    };
    match done {
        Ok(()) => Ok(lead_to(&at.at("disclosure")).into_response()),
        Err(Stop::Refused(refusal)) => render(&at, Some(refusal)).await,
        Err(failed) => Err(Trouble::of(&at.seat, failed)),
    }
}

/// What the address of a sheet asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    format: String,
}

/// One sheet: as it will hang on the wall.
pub async fn sheet(
    at: AtBook,
    Path((_, _, number)): Path<(String, String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    shown(&at, number.parse().unwrap_or_default(), (&asked.format, &public::origin(&headers)), None).await
}

/// The sheet as the public page will show it on a telephone.
pub async fn telephone(at: AtBook, Path((_, _, number)): Path<(String, String, String)>) -> Result<Response, Trouble> {
    public::preview(&at.seat.web, &at.book.book.0, &found(&at, number.parse().unwrap_or_default()).await?)
}

async fn found(at: &AtBook, number: i64) -> Result<DisclosureSheet, Trouble> {
    let book = &at.book.book;
    let unknown = || Trouble::of(&at.seat, DisclosureRefusal::UnknownSheet { sheet: number, book: book.to_string() }.into());
    let mut tx = at.seat.snapshot().await?;
    store::sheets::sheet(&mut tx, at.seat.county(), book, number).await?.ok_or_else(unknown)
}

async fn shown(at: &AtBook, number: i64, (format, origin): (&str, &str), refusal: Option<Refusal>) -> Result<Response, Trouble> {
    let (t, book) = (at.t(), &at.book.book);
    let sheet = found(at, number).await?;
    let address = format!("/open/{book}/{number}");
    let whole = format!("{origin}{address}");
    let digest = sheet.content.closing_digest.as_deref();
    let sheets = reports::wall(&sheet.head, sheet.content.thawed(), digest, (&whole, format == "a3"));
    match format {
        "xlsx" => return spreadsheet(&sheet.head.title, &sheets),
        "pdf" | "a3" => return printing::sheets(&at.seat, &sheet.head.title, sheets).await,
        _ => {}
    }
    let title = format!("{} · {}", sheet.head.title, sheet.head.state.label_zh());
    let mut room = Room::new(t, Frame::at(at, t.disclosure, "disclosure"), &title);
    room.back = Some((t.disclosure.to_owned(), at.at("disclosure")));
    room.refusal = refusal;
    let here = |way: &str| at.at(&format!("disclosure/{number}{way}"));
    room.links.push((t.wall_a4.to_owned(), here("?format=pdf")));
    room.links.push((t.wall_a3.to_owned(), here("?format=a3")));
    room.links.push((t.as_on_telephone.to_owned(), here("/phone")));
    room.links.push((t.export_xlsx.to_owned(), here("?format=xlsx")));
    if sheet.head.published_on.is_some() {
        room.links.push((t.public_page.to_owned(), address));
    }
    room.notices = notices(at, &sheet);
    room.tables = sheets.iter().map(Table::plain).collect();
    room.forms = step_forms(at, &sheet);
    room.answer()
}

fn notices(at: &AtBook, sheet: &DisclosureSheet) -> Vec<(&'static str, String)> {
    let t = at.t();
    let left_out =
        if sheet.content.left_out.is_empty() { t.nothing_left_out.to_owned() } else { sheet.content.left_out.join("、") };
    let mut notices = vec![("", format!("{}:{left_out}", t.left_out))];
    notices.push(match sheet.content.numbers().len() {
        0 => ("ok", format!("✓ {}", t.scan_clean)),
        found => ("bad", format!("✕ {} {found}", t.scan_found)),
    });
    if sheet.content.provisional {
        notices.push(("warn", format!("△ {}", t.provisional)));
    }
    if let Some(reason) = &sheet.head.reason {
        notices.push(("warn", format!("{}:{reason}", t.reason)));
    }
    notices
}

fn step_forms(at: &AtBook, sheet: &DisclosureSheet) -> Vec<FormBox> {
    let t = at.t();
    let form = |title: &str| FormBox::new(title, at.at(&format!("disclosure/{}/step", sheet.head.sheet)), at.seat.form_key());
    let with_reason = |title: &str| form(title).field(Field::text("reason", t.reason, "").required());
    let rows: usize = sheet.content.tables.iter().map(|table| table.rows.len()).sum();
    match sheet.head.state {
        SheetState::Drafted if at.may(Permission::ApproveDisclosure) => vec![
            form(t.approve).button("approve", t.approve, "primary"),
            with_reason(t.return_voucher).button("return", t.return_voucher, "danger"),
        ],
        SheetState::Approved if at.may(Permission::Disclose) => {
            vec![form(t.publish).asking("publish", t.publish, "primary", format!("{} {rows}", t.confirm_publish))]
        }
        SheetState::Published if at.may(Permission::Disclose) => {
            vec![with_reason(t.withdraw_sheet).asking("withdraw", t.withdraw_sheet, "danger", t.confirm_withdraw_sheet)]
        }
        _ => Vec::new(),
    }
}

/// Moves a sheet one step.
pub async fn step(
    at: AtBook,
    Path((_, _, number)): Path<(String, String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let (sheet, fields) = (number.parse().unwrap_or_default(), Fields(fields));
    let step = match fields.first("do") {
        "approve" => SheetStep::Approve,
        "return" => SheetStep::Return,
        "publish" => SheetStep::Publish,
        "withdraw" => SheetStep::Withdraw,
        other => return refused(&at, sheet, no_such_step(other)).await,
    };
    let act = MoveSheet { book: at.book.book.clone(), sheet, step, reason: fields::text(fields.first("reason")) };
    match at.seat.perform(act, fields.first("key")).await {
        Ok(()) => Ok(lead_to(&at.at(&format!("disclosure/{sheet}"))).into_response()),
        Err(stop) => refused(&at, sheet, stop).await,
    }
}

fn no_such_step(text: &str) -> Stop {
    FormRefusal::BadField { field: "操作".to_owned(), text: text.to_owned() }.into()
}

async fn refused(at: &AtBook, sheet: i64, stop: Stop) -> Result<Response, Trouble> {
    match stop {
        Stop::Refused(refusal) => shown(at, sheet, ("", ""), Some(refusal)).await,
        failed => Err(Trouble::of(&at.seat, failed)),
    }
}
