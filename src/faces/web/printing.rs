//! S16: the print centre of a book and month: paper, offsets and layer kept by this workstation, what can be printed, and
//! which characters no font has, before anything is printed. The same printing serves every page with a PDF.
//!
//! 1. What is printed is what the page shows: the same reports, the same papers as the command line's.
//! 2. The choice stays in a cookie of the workstation; the books know nothing of it.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::address::{escaped_query, lead_to};
use super::fields::Fields;
use super::frame::Frame;
use super::job_files;
use super::seat::{AtBook, Seat, Web};
use super::statements::statements;
use super::text::Texts;
use super::trouble::{FormRefusal, Trouble, show, status_of};
use super::voucher_list::Asked;
use super::voucher_paper::named;
use crate::controls::period_close::service::check;
use crate::db::{Failure, Stop};
use crate::exchange::Sheet;
use crate::faces::print::{check_list, press, vouchers};
use crate::ledger::attachments::store::attachments;
use crate::papers::leaf::{Layer, Slip, millimetres, tenths};
use crate::papers::setter::code_of;
use crate::papers::{Dressing, Paper};
use crate::refusal::Refusal;

/// Papers as a PDF, shown in the browser, from where it is printed or kept.
pub async fn pdf(seat: &Seat, name: &str, papers: Vec<Paper>) -> Result<Response, Trouble> {
    let band = if seat.web.is_demo { seat.t().demo_data } else { "" };
    made(name, papers, seat.dressing, band).await.map_err(|stop| Trouble::of(seat, stop))
}

/// Papers that are made at once for people who are not logged in; more of them wait, so that the office's own pages do not.
static FOR_ANYBODY: Semaphore = Semaphore::const_new(2);

/// Sheets that everybody may read, as a PDF for anybody: no choice of a workstation has a part in it.
pub async fn public(web: &Web, name: &str, sheets: Vec<Sheet>) -> Result<Response, Trouble> {
    let _turn = FOR_ANYBODY.acquire().await.map_err(|_| Stop::from(Failure::Stopped))?;
    let band = if web.is_demo { crate::demo::BAND } else { "" };
    Ok(made(name, sheets.into_iter().map(Paper::Sheet).collect(), Dressing::default(), band).await?)
}

/// The same as one tall picture.
pub async fn public_picture(web: &Web, name: &str, sheets: Vec<Sheet>) -> Result<Response, Trouble> {
    let _turn = FOR_ANYBODY.acquire().await.map_err(|_| Stop::from(Failure::Stopped))?;
    let band = if web.is_demo { crate::demo::BAND } else { "" };
    let papers: Vec<Paper> = sheets.into_iter().map(Paper::Sheet).collect();
    let work = move || press().map_err(|why| Stop::from(why.refusal()))?.picture(&papers, band);
    let bytes = tokio::task::spawn_blocking(work).await.map_err(|_| Stop::from(Failure::Stopped))??;
    let disposition = format!("inline; filename*=UTF-8''{}", escaped_query(&format!("{name}.png").replace('/', "-")));
    Ok(([(CONTENT_TYPE, "image/png".to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

async fn made(name: &str, papers: Vec<Paper>, dressing: Dressing, band: &'static str) -> Result<Response, Stop> {
    let work = move || press().map_err(|why| Stop::from(why.refusal()))?.print(&papers, &dressing, band, &|_, _| ());
    let printed = tokio::task::spawn_blocking(work).await.map_err(|_| Failure::Stopped)??;
    let disposition = format!("inline; filename*=UTF-8''{}", escaped_query(&format!("{name}.pdf").replace('/', "-")));
    Ok(([(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, disposition)], printed.bytes).into_response())
}

/// Sheets as a PDF.
pub async fn sheets(seat: &Seat, name: &str, sheets: Vec<Sheet>) -> Result<Response, Trouble> {
    pdf(seat, name, sheets.into_iter().map(Paper::Sheet).collect()).await
}

/// The choice this workstation keeps.
pub fn kept(headers: &HeaderMap) -> Dressing {
    let cookies = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let kept = cookies.flat_map(|text| text.split("; ")).find_map(|cookie| cookie.strip_prefix("print="));
    kept.and_then(|text| Dressing::parse(text).ok()).unwrap_or_default()
}

#[derive(Template)]
#[template(path = "printing.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    slips: Vec<(&'static str, &'static str, bool)>,
    layers: Vec<(&'static str, &'static str, bool)>,
    digits: bool,
    right: String,
    down: String,
    here: String,
    key: String,
    papers: Vec<(&'static str, String)>,
    fonts: Vec<String>,
    missing: Vec<(String, String)>,
    kept: bool,
    refusal: Option<Refusal>,
}

/// The choices as the form sends them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Choice {
    paper: String,
    layer: String,
    digits: String,
    right: String,
    down: String,
}

/// Whether a choice was just kept.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Kept {
    kept: String,
}

/// The page.
pub async fn page(at: AtBook, Query(asked): Query<Kept>) -> Result<Response, Trouble> {
    render(&at, at.seat.dressing, !asked.kept.is_empty(), None).await
}

async fn render(at: &AtBook, dressing: Dressing, kept: bool, refusal: Option<Refusal>) -> Result<Response, Trouble> {
    let t = at.t();
    let status = refusal.as_ref().map_or(StatusCode::OK, status_of);
    let (fonts, missing, fault) = match press() {
        Ok(press) => {
            let names = press.fonts().found.iter().map(|font| format!("{} {}", font.used_for.label_zh(), font.family)).collect();
            let papers = month(at, &Asked::default()).await.unwrap_or_default(); // a month without vouchers lacks nothing
            let missing = press.missing(&papers, &dressing);
            (names, missing.into_iter().map(|(c, text)| (format!("{c} {}", code_of(c)), text)).collect(), None)
        }
        Err(why) => (Vec::new(), Vec::new(), Some(why.refusal())),
    };
    let page = Page {
        t,
        frame: Frame::at(at, t.print_centre, "print"),
        slips: Slip::ALL.iter().map(|slip| (slip.as_str(), slip.label_zh(), *slip == dressing.slip)).collect(),
        layers: Layer::ALL.iter().map(|layer| (layer.as_str(), layer.label_zh(), *layer == dressing.layer)).collect(),
        digits: dressing.digits,
        right: millimetres(dressing.right),
        down: millimetres(dressing.down),
        here: at.at("print"),
        key: at.seat.form_key(),
        papers: papers(at),
        fonts,
        missing,
        kept,
        refusal: refusal.or(fault),
    };
    Ok((status, show(&page)?).into_response())
}

/// What can be printed of a month.
fn papers(at: &AtBook) -> Vec<(&'static str, String)> {
    let t = at.t();
    let mut papers = vec![
        (t.month_of_vouchers, at.at("print/vouchers")),
        (t.trial_balance, at.at("trial-balance?format=pdf")),
        (t.ledgers, at.at("ledger?format=pdf")),
        (t.journals, at.at("journal?format=pdf")),
    ];
    let statement = |(name, title, _)| (title, at.at(&format!("statements?name={name}&format=pdf")));
    papers.extend(statements(at.book.kind).into_iter().map(statement));
    papers.extend([(t.check_list, at.at("print/closing")), (t.test_sheet, at.at("print/trial"))]);
    papers
}

/// Keeps the choice in this workstation's cookie.
pub async fn choose(at: AtBook, Form(choice): Form<Choice>) -> Result<Response, Trouble> {
    match choice.read() {
        Ok(dressing) => {
            let cookie = format!("print={dressing}; Path=/; Max-Age=31536000; SameSite=Lax");
            Ok(([(SET_COOKIE, cookie)], lead_to(&at.at("print?kept=1"))).into_response())
        }
        Err(why) => render(&at, at.seat.dressing, false, Some(why.refusal())).await,
    }
}

impl Choice {
    fn read(&self) -> Result<Dressing, FormRefusal> {
        let bad = |field: &str, text: &str| FormRefusal::BadField { field: field.to_owned(), text: text.to_owned() };
        let offset = |field: &str, text: &str| match text.trim() {
            "" => Ok(0),
            typed => tenths(typed).ok_or_else(|| bad(field, text)),
        };
        Ok(Dressing {
            slip: Slip::parse(&self.paper).ok_or_else(|| bad("凭证纸张", &self.paper))?,
            layer: Layer::parse(&self.layer).ok_or_else(|| bad("打印内容", &self.layer))?,
            digits: !self.digits.is_empty(),
            right: offset("向右偏移(毫米)", &self.right)?,
            down: offset("向下偏移(毫米)", &self.down)?,
        })
    }
}

async fn month(at: &AtBook, asked: &Asked) -> Result<Vec<Paper>, Stop> {
    let mut tx = at.seat.snapshot().await?;
    vouchers::month(&mut tx, at.seat.county(), &at.book, at.period, &asked.filter()?).await
}

/// The vouchers of a month that a filter lets through, as one file.
pub async fn month_of_vouchers(at: AtBook, Query(asked): Query<Asked>) -> Result<Response, Trouble> {
    let papers = month(&at, &asked).await.map_err(|stop| Trouble::of(&at.seat, stop))?;
    pdf(&at.seat, &format!("{} {} {}", at.book.name, at.period, at.t().vouchers), papers).await
}

/// The same as a job, for months of many.
pub async fn month_as_job(at: AtBook, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Trouble> {
    let papers = month(&at, &Asked::default()).await.map_err(|stop| Trouble::of(&at.seat, stop))?;
    let name = format!("{} {} {}", at.book.name, at.period, at.t().vouchers);
    job_files::start(&at.seat, at.at("print"), name, papers, Fields(fields).first("key")).await
}

/// One voucher.
pub async fn voucher(at: AtBook, Path((_, _, name)): Path<(String, String, String)>) -> Result<Response, Trouble> {
    let papers = async {
        let voucher = named(&at, &name).await?;
        let (county, mut tx) = (at.seat.county(), at.seat.snapshot().await?);
        let files = attachments(&mut tx, county, &at.book.book, voucher.id).await?.len();
        let papers = voucher.content.paper_attachments + i64::try_from(files).unwrap_or(0);
        vouchers::one(&mut tx, county, &at.book, &voucher, papers).await
    };
    let papers = papers.await.map_err(|stop| Trouble::of(&at.seat, stop))?;
    pdf(&at.seat, &format!("{} {name}", at.book.name), papers).await
}

/// The closing check list.
pub async fn closing(at: AtBook) -> Result<Response, Trouble> {
    let items = async {
        let mut tx = at.seat.snapshot().await?;
        check(&mut tx, at.seat.county(), &at.book.book, at.period).await
    };
    let items = items.await.map_err(|stop| Trouble::of(&at.seat, stop))?;
    let sheet = check_list::sheet(&at.book.name, at.period, &items);
    sheets(&at.seat, &format!("{} {} {}", at.book.name, at.period, at.t().check_list), vec![sheet]).await
}

/// The sheet with the crosshair, where this workstation's offsets put it.
pub async fn trial(at: AtBook) -> Result<Response, Trouble> {
    pdf(&at.seat, at.t().test_sheet, vec![Paper::Trial]).await
}
