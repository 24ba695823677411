//! S17: a village's public page: no login, no script, a telephone first. It reads what was published, nothing else.
//!
//! 1. The only store it knows is `disclosure::store::published`; the only act, a question.
//! 2. A sheet keeps its address: replaced or withdrawn, the page says so and leads on.
//! 3. So does a village: merged into another, its pages say into which and since when, and lead there; that one names it.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::response::{Html, IntoResponse, Response};
use chrono::Datelike;
use serde::Deserialize;

use super::address::{escaped_query, lead_to};
use super::fields;
use super::printing;
use super::seat::Web;
use super::server;
use super::table::Table;
use super::trouble::Trouble;
use crate::controls::disclosure::refusal::DisclosureRefusal;
use crate::controls::disclosure::reports;
use crate::controls::disclosure::service::questions::{AskQuestion, LONGEST};
use crate::controls::disclosure::sheet::{DisclosureSheet, Question, SheetHead, SheetState, Succession};
use crate::controls::disclosure::store::published;
use crate::db::Stop;
use crate::exchange::Sheet;
use crate::ledger::BookCode;
use crate::office::Actor;

/// Rows of a table on one page.
const ROWS: usize = 100;

#[derive(Template)]
#[template(path = "public.html")]
struct Page {
    css: String,
    county: String,
    village: Option<(String, String)>,
    title: String,
    notices: Vec<String>,
    links: Vec<Link>,
    asked: Asked,
    here: String,
    searchable: bool,
    tables: Vec<Table>,
    pages: Vec<(usize, bool)>,
    facts: Vec<String>,
    answers: Vec<Question>,
    sheet: Option<i64>,
    longest: usize,
    is_demo: bool,
    papers: Vec<(&'static str, String)>,
}

/// What the address asks for.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// A name looked for.
    q: String,
    /// Larger type.
    big: String,
    /// Page of rows.
    p: String,
    /// Number of a question just asked.
    asked: String,
}

fn page(web: &Web, village: Option<(String, String)>, title: &str, asked: Asked) -> Page {
    Page {
        css: server::asset("public.css"),
        county: web.county.get().map(|(_, name)| name.clone()).unwrap_or_default(),
        here: String::new(),
        village,
        title: title.to_owned(),
        notices: Vec::new(),
        links: Vec::new(),
        asked,
        searchable: false,
        tables: Vec::new(),
        pages: Vec::new(),
        facts: Vec::new(),
        answers: Vec::new(),
        sheet: None,
        longest: LONGEST,
        is_demo: web.is_demo,
        papers: Vec::new(),
    }
}

fn shown(page: &Page) -> Result<Response, Trouble> {
    Ok(Html(page.render()?).into_response())
}

/// A word with an address, and what stands small beside it.
type Link = (String, String, String);

/// All villages with something published, and those that others were merged into.
pub async fn county(State(web): State<Arc<Web>>, Query(asked): Query<Asked>) -> Result<Response, Trouble> {
    let mut tx = web.office.db.begin_snapshot().await?;
    let mut villages: BTreeMap<String, (String, String)> = BTreeMap::new();
    for (code, name) in published::villages(&mut tx, web.county()).await? {
        villages.insert(code, (name, String::new()));
    }
    for gone in published::successions(&mut tx, web.county(), None).await? {
        villages.entry(gone.into.clone()).or_insert_with(|| (gone.into_unit.clone(), String::new()));
        let merged = format!("{} 起并入 {}", gone.on, gone.into_unit);
        villages.entry(gone.book).or_insert((gone.unit, String::new())).1 = merged;
    }
    let mut page = page(&web, None, "村务财务公开", asked);
    page.here = "/open".to_owned();
    page.links = villages.into_iter().map(|(code, (name, small))| (name, small, format!("/open/{code}"))).collect();
    if page.links.is_empty() {
        page.notices.push("还没有公开的内容。".to_owned());
    }
    shown(&page)
}

/// The name a village goes by on its page.
fn unit(code: &str, heads: &[SheetHead], mergers: &[Succession]) -> String {
    let of_merger = || mergers.first().map(|of| if of.book == code { of.unit.clone() } else { of.into_unit.clone() });
    heads.first().map(|head| head.unit.clone()).or_else(of_merger).unwrap_or_default()
}

/// Says that a village was merged into another, and leads there.
fn tell_merged(page: &mut Page, code: &str, mergers: &[Succession]) {
    let Some(gone) = mergers.iter().find(|of| of.book == code) else { return };
    let day = format!("{}年{}月{}日", gone.on.year(), gone.on.month(), gone.on.day());
    let (unit, into) = (&gone.unit, &gone.into_unit);
    page.notices.push(format!("{unit}已并入{into}:从{day}起的账目由{into}公开,以前公开的内容仍在原来的网址。"));
    page.links.insert(0, (format!("去看 {into} 的公开页"), format!("{} 起", gone.on), format!("/open/{}", gone.into)));
}

/// The villages that were merged into this one, with what they published.
fn came(code: &str, mergers: &[Succession]) -> impl Iterator<Item = Link> {
    let link = |of: &Succession| {
        (format!("{} 并入前公开的内容", of.unit), format!("{} 起并入本村", of.on), format!("/open/{}", of.book))
    };
    mergers.iter().filter(move |of| of.into == code).map(link)
}

/// One village: what it publishes now, what was merged, and answers.
pub async fn village(
    State(web): State<Arc<Web>>,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let mut tx = web.office.db.begin_snapshot().await?;
    let found = published::village(&mut tx, web.county(), &code).await?;
    let (heads, mergers) = found.ok_or(Stop::from(DisclosureRefusal::NothingPublic))?;
    let unit = unit(&code, &heads, &mergers);
    let mut page = page(&web, Some((code.clone(), unit.clone())), &format!("{unit} 公开"), asked);
    page.here = format!("/open/{code}");
    page.links = heads.iter().map(|head| link(&code, head)).chain(came(&code, &mergers)).collect();
    tell_merged(&mut page, &code, &mergers);
    let latest = heads.iter().filter(|head| head.contact.is_some()).max_by_key(|head| (head.published_on, head.sheet));
    page.facts.extend(latest.and_then(|head| head.contact.as_ref()).map(|contact| format!("监督电话 {contact}")));
    page.answers = published::answers(&mut tx, web.county(), &code).await?;
    if !page.asked.asked.is_empty() {
        page.notices.push(format!("已收到提问,编号 {}。答复放行后在这里显示。", page.asked.asked));
    }
    shown(&page)
}

fn link(code: &str, head: &SheetHead) -> Link {
    let day = head.published_on.map_or(String::new(), |on| format!("{on} 公示"));
    (head.title.clone(), day, format!("/open/{code}/{}", head.sheet))
}

/// One sheet.
pub async fn sheet(
    State(web): State<Arc<Web>>,
    Path((code, number)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let nothing = || Trouble::from(Stop::from(DisclosureRefusal::NothingPublic));
    let number: i64 = number.parse().map_err(|_| nothing())?;
    let mut tx = web.office.db.begin_snapshot().await?;
    let found = published::sheet(&mut tx, web.county(), &code, number).await?.ok_or_else(nothing)?;
    let newer = published::standing_version(&mut tx, web.county(), &code, &found.head).await?;
    let mut page = page(&web, Some((code.clone(), found.head.unit.clone())), &found.head.title, asked);
    page.here = format!("/open/{code}/{number}");
    page.sheet = Some(number);
    page.facts = facts(&found);
    page.notices = notices(&found);
    page.links = newer.filter(|newer| *newer != number).map(|newer| newer_link(&code, newer)).into_iter().collect();
    tell_merged(&mut page, &code, &published::successions(&mut tx, web.county(), Some(&code)).await?);
    if found.head.state != SheetState::Withdrawn {
        page.searchable = true;
        page.papers = [("下载 PDF(可打印)", "pdf"), ("长图(发群)", "png")]
            .map(|(word, way)| (word, format!("/open/{code}/{number}/{way}")))
            .into();
        fill(&mut page, &found);
    }
    shown(&page)
}

fn newer_link(code: &str, newer: i64) -> Link {
    ("查看更正后的公开表".to_owned(), String::new(), format!("/open/{code}/{newer}"))
}

/// The tables, with the rows looked for, a page of them.
fn fill(page: &mut Page, found: &DisclosureSheet) {
    let wanted = fields::text(&page.asked.q);
    let at: usize = page.asked.p.parse().unwrap_or(1).max(1);
    let mut longest = 0;
    for sheet in found.content.thawed() {
        let mut table = Table::plain(&sheet);
        if let Some(wanted) = &wanted {
            table.rows.retain(|row| row.iter().any(|td| td.text.contains(wanted.as_str())));
        }
        longest = longest.max(table.rows.len());
        let last = at * ROWS >= table.rows.len();
        table.rows = table.rows.into_iter().skip((at - 1) * ROWS).take(ROWS).collect();
        if wanted.is_some() || !last {
            table.foot.clear();
        }
        page.tables.push(table);
    }
    if longest > ROWS {
        page.pages = (1..=longest.div_ceil(ROWS)).map(|n| (n, n == at)).collect();
    }
}

fn notices(found: &DisclosureSheet) -> Vec<String> {
    let reason = found.head.reason.as_deref().unwrap_or("");
    let mut notices = match found.head.state {
        SheetState::Replaced => vec![format!("这一份已更正,内容保留备查。更正原因:{reason}")],
        SheetState::Withdrawn => vec![format!("这一份已撤下。原因:{reason}")],
        _ if found.head.version > 1 => vec![format!("这是第 {} 版(更正)。原因:{reason}", found.head.version)],
        _ => Vec::new(),
    };
    if found.content.provisional {
        notices.push("有的月份还没有结账,数字是暂计。".to_owned());
    }
    notices
}

fn facts(found: &DisclosureSheet) -> Vec<String> {
    let head = &found.head;
    let mut facts = vec![format!("公示日期 {}", head.published_on.map_or(String::new(), |on| on.to_string()))];
    facts.push(format!("审核 {}", head.approver_shown()));
    facts.extend(head.contact.as_ref().map(|contact| format!("监督电话 {contact}")));
    facts.push(format!("校验码 {}", &head.digest[..16.min(head.digest.len())]));
    if let Some(digest) = &found.content.closing_digest {
        facts.push(format!("结账校验码 {}", &digest[..16.min(digest.len())]));
    }
    if !found.content.left_out.is_empty() {
        facts.push(format!("为保护个人信息,不公开:{}", found.content.left_out.join("、")));
    }
    facts
}

/// A question.
#[derive(Debug, Deserialize)]
pub struct Asking {
    text: String,
    #[serde(default)]
    sheet: String,
}

/// Takes a question from anybody.
pub async fn ask(State(web): State<Arc<Web>>, Path(code): Path<String>, Form(asking): Form<Asking>) -> Result<Response, Trouble> {
    let actor = Actor { county: web.county().to_owned(), user: "公众".to_owned(), face: "public" };
    let act = AskQuestion { book: BookCode(code.clone()), sheet: asking.sheet.parse().ok(), text: asking.text };
    let number = web.office.perform(&actor, act, None).await?;
    Ok(lead_to(&format!("/open/{}?asked={number}", escaped_query(&code))).into_response())
}

/// The sheet as a PDF, made from the frozen copy alone: the same copy gives the same bytes.
pub async fn paper(
    State(web): State<Arc<Web>>,
    Path((code, number)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let (name, sheets) = wall(&web, (&code, &number), &headers).await?;
    printing::public(&web, &name, sheets).await
}

/// The same as a long picture for the chat group.
pub async fn picture(
    State(web): State<Arc<Web>>,
    Path((code, number)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let (name, sheets) = wall(&web, (&code, &number), &headers).await?;
    printing::public_picture(&web, &name, sheets).await
}

/// The tables of a sheet that is or was public, dressed for the wall; nothing of one that was withdrawn.
async fn wall(web: &Web, (code, number): (&str, &str), headers: &HeaderMap) -> Result<(String, Vec<Sheet>), Trouble> {
    let nothing = || Trouble::from(Stop::from(DisclosureRefusal::NothingPublic));
    let number: i64 = number.parse().map_err(|_| nothing())?;
    let found = published::sheet(&mut *web.office.db.begin_snapshot().await?, web.county(), code, number).await?;
    let found = found.filter(|found| found.head.state != SheetState::Withdrawn).ok_or_else(nothing)?;
    let address = format!("{}/open/{}/{number}", origin(headers), escaped_query(code));
    let digest = found.content.closing_digest.as_deref();
    let sheets = reports::wall(&found.head, found.content.thawed(), digest, (&address, false));
    Ok((format!("{} {}", found.head.unit, found.head.title), sheets))
}

/// Where this server is, as who asks knows it.
pub fn origin(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let host = text(HOST.as_str()).unwrap_or_else(|| "localhost".to_owned());
    let scheme = text("x-forwarded-proto").filter(|scheme| scheme == "https").unwrap_or_else(|| "http".to_owned());
    format!("{scheme}://{host}")
}

/// A sheet as it will be shown once it is public, for those who make and approve it.
pub fn preview(web: &Web, code: &str, found: &DisclosureSheet) -> Result<Response, Trouble> {
    let mut page = page(web, Some((code.to_owned(), found.head.unit.clone())), &found.head.title, Asked::default());
    page.here = format!("/open/{code}/{}", found.head.sheet);
    page.facts = facts(found);
    page.notices = vec![format!("预览:这一份现为“{}”。", found.head.state.label_zh())];
    page.notices.extend(notices(found));
    fill(&mut page, found);
    shown(&page)
}

/// The code that leads to a village's page.
pub async fn code(State(web): State<Arc<Web>>, Path(code): Path<String>, headers: HeaderMap) -> Result<Response, Trouble> {
    let nothing = || Trouble::from(Stop::from(DisclosureRefusal::NothingPublic));
    published::village(&mut *web.office.db.begin_snapshot().await?, web.county(), &code).await?.ok_or_else(nothing)?;
    let address = format!("{}/open/{}", origin(&headers), escaped_query(&code));
    let drawn = qrcode::QrCode::new(address.as_bytes()).map_err(|_| nothing())?;
    let svg = drawn.render::<qrcode::render::svg::Color<'_>>().min_dimensions(240, 240).build();
    Ok(([(CONTENT_TYPE, "image/svg+xml")], svg).into_response())
}
