//! S15: the supervision board: villages by months, red flags, findings, the audit trail.
//!
//! 1. Everybody sees the villages they may read; the trail is for those who read the whole county.
//! 2. The page reads; what supervision writes is written on a village's own page (`village_watch.rs`).

use askama::Template;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Datelike};
use serde::Deserialize;

use super::address::escaped_query;
use super::frame::Frame;
use super::ledgers::spreadsheet;
use super::room::Room;
use super::seat::{Names, Seat};
use super::table::Table;
use super::text::Texts;
use super::text::supervision::Words;
use super::trouble::{Trouble, show};
use super::village_watch::flag_link;
use crate::access::{Scope, may_read};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::controls::supervision::matrix::{BookYear, Square, Tone, square, tallies};
use crate::controls::supervision::service::overview::villages;
use crate::controls::supervision::{reports, rules, store};
use crate::exchange::Sheet;
use crate::office::local_time;

/// Villages on a page.
const ROWS: usize = 100;
/// Most lines of the trail on its page.
const LINES: i64 = 500;

/// What the address asks for.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Asked {
    tab: String,
    year: String,
    q: String,
    only: String,
    p: String,
    by: String,
    from: String,
    through: String,
    contains: String,
    format: String,
}

#[derive(Template)]
#[template(path = "matrix.html")]
struct Page {
    t: &'static Texts,
    w: &'static Words,
    frame: Frame,
    tabs: Vec<(String, String, bool)>,
    asked: Asked,
    year: i32,
    month_word: &'static str,
    onlys: [(&'static str, &'static str); 3],
    rows: Vec<Row>,
    feet: Vec<(&'static str, Vec<String>)>,
    pages: Vec<(usize, String, bool)>,
}

struct Row {
    book: String,
    name: String,
    cells: Vec<Cell>,
}

struct Cell {
    month: String,
    tone: Tone,
    step: Tone,
    word: String,
    flags: i64,
    went: String,
}

/// The board.
pub async fn page(seat: Seat, Query(asked): Query<Asked>) -> Result<Response, Trouble> {
    match asked.tab.as_str() {
        "flags" => flags(&seat, &asked).await,
        "findings" => findings(&seat, &asked).await,
        "trail" if may_read(&seat.grants, &Scope::County) => trail(&seat, &asked).await,
        _ => matrix(&seat, asked).await,
    }
}

fn tabs(seat: &Seat, asked: &Asked) -> Vec<(String, String, bool)> {
    let w = seat.t().watch();
    let of_county = may_read(&seat.grants, &Scope::County);
    let all = [("", w.matrix), ("flags", w.flags), ("findings", w.findings), ("trail", w.trail)];
    let shown = all.into_iter().filter(|(tab, _)| of_county || *tab != "trail");
    let own = shown.map(|(tab, word)| (word.to_owned(), format!("/supervision?tab={tab}"), asked.tab == tab));
    let signals = of_county.then(|| (w.signals.to_owned(), "/do/household/warnings".to_owned(), false));
    own.chain(signals).collect()
}

fn year_of(seat: &Seat, asked: &Asked) -> i32 {
    asked.year.trim().parse().ok().filter(|year| (1990..2200).contains(year)).unwrap_or_else(|| seat.web.office.today().year())
}

async fn matrix(seat: &Seat, asked: Asked) -> Result<Response, Trouble> {
    let (year, today, w) = (year_of(seat, &asked), seat.web.office.today(), seat.t().watch());
    let (mut years, days) = villages(&mut *seat.snapshot().await?, seat.county(), year).await?;
    years.retain(|kept| {
        seat.may_read(&kept.book) && (kept.book.name.contains(asked.q.trim()) || kept.book.book.0 == asked.q.trim())
    });
    years.retain(|kept| squares(kept, year, (today, days)).any(|(_, square)| wanted(&asked.only, &square)));
    let at = asked.p.parse::<usize>().unwrap_or(1).max(1);
    let row = |kept: &BookYear| Row {
        book: kept.book.book.0.clone(),
        name: kept.book.name.clone(),
        cells: squares(kept, year, (today, days)).map(|(month, square)| cell(month, square)).collect(),
    };
    let more = format!("/supervision?year={year}&only={}&q={}&p=", asked.only, escaped_query(&asked.q));
    let pages = (1..=years.len().div_ceil(ROWS)).map(|n| (n, format!("{more}{n}"), n == at)).collect();
    let page = Page {
        t: seat.t(),
        w,
        frame: Frame::of(seat, w.board),
        tabs: tabs(seat, &asked),
        year,
        month_word: if seat.t().is_chinese() { "月" } else { "" },
        onlys: [("", w.all_villages), ("wrong", w.only_wrong), ("waiting", w.only_waiting)],
        rows: years.iter().skip((at - 1) * ROWS).take(ROWS).map(row).collect(),
        feet: feet(w, &years),
        pages,
        asked,
    };
    Ok(show(&page)?.into_response())
}

fn squares(kept: &BookYear, year: i32, as_of: (BusinessDate, i64)) -> impl Iterator<Item = (u32, Square)> {
    let period = move |n| AccountingPeriod::new(year, n).expect("1 to 12 are months");
    kept.months.iter().zip(1..).map(move |(month, n)| (n, square(month, period(n), as_of)))
}

fn wanted(only: &str, square: &Square) -> bool {
    match only {
        "wrong" => square.tone == Tone::Wrong,
        "waiting" => matches!(square.tone, Tone::Wrong | Tone::Waiting),
        _ => true,
    }
}

fn cell(month: u32, square: Square) -> Cell {
    let went = if square.went.is_zero() { String::new() } else { square.went.grouped() };
    Cell { month: format!("{month:02}"), tone: square.tone, step: square.step, word: square.word, flags: square.flags, went }
}

/// Sums of what the filter lets through.
fn feet(w: &'static Words, years: &[BookYear]) -> Vec<(&'static str, Vec<String>)> {
    let sums = tallies(years);
    let of = |figure: &dyn Fn(usize) -> String| (0..12).map(figure).collect::<Vec<_>>();
    vec![
        (w.closed, of(&|n| format!("{}/{}", sums[n].closed, sums[n].kept))),
        (w.published, of(&|n| format!("{}/{}", sums[n].published, sums[n].kept))),
        (w.flags, of(&|n| sums[n].flags.to_string())),
        (w.money_out, of(&|n| sums[n].went.grouped())),
    ]
}

/// A page of one list.
fn list(seat: &Seat, asked: &Asked, sheet: &Sheet, table: Table, nothing: &str) -> Result<Response, Trouble> {
    if asked.format == "xlsx" {
        return spreadsheet(&sheet.title, std::slice::from_ref(sheet));
    }
    let w = seat.t().watch();
    let mut room = Room::new(seat.t(), Frame::of(seat, w.board), w.board);
    room.tabs = tabs(seat, asked);
    room.notices.extend(table.subtitle.iter().map(|line| ("", line.clone())));
    if sheet.rows.is_empty() {
        room.notices.push(("ok", nothing.to_owned()));
    } else {
        let typed = [("by", &asked.by), ("from", &asked.from), ("through", &asked.through), ("contains", &asked.contains)];
        let typed: String = typed.iter().map(|(name, value)| format!("&{name}={}", escaped_query(value))).collect();
        room.links.push((seat.t().export_xlsx.to_owned(), format!("/supervision?tab={}&format=xlsx{typed}", asked.tab)));
        room.tables.push(Table { subtitle: Vec::new(), ..table });
    }
    if asked.tab == "trail" {
        room.search = Some(trail_search(w, asked));
    }
    room.answer()
}

async fn flags(seat: &Seat, asked: &Asked) -> Result<Response, Trouble> {
    let w = seat.t().watch();
    let mut tx = seat.snapshot().await?;
    let books = crate::ledger::books::store::books(&mut tx, seat.county()).await?;
    let mut kept = store::flags::flags(&mut tx, seat.county(), "", false).await?;
    kept.retain(|flag| books.iter().any(|book| book.book == flag.book && seat.may_read(book)));
    let rules = rules::table(crate::controls::disclosure::store::rules::own(&mut tx, seat.county(), "supervision").await?).len();
    let ran = match store::flags::last_run(&mut tx, seat.county(), "").await? {
        Some(at) => format!("{} {} · {rules} {}", w.rules_ran, local_time(&at), w.rules),
        None => w.rules_never_ran.to_owned(),
    };
    let rows: Vec<_> = kept.iter().map(|kept| (kept.book.0.clone(), kept.flag.clone(), kept.first_seen_on)).collect();
    let sheet = reports::flags(&rows, &ran);
    let mut table = Table::plain(&sheet);
    for (row, flag) in table.rows.iter_mut().zip(&kept) {
        row[0].href = Some(format!("/b/{}/{}/supervision", flag.book, AccountingPeriod::of(flag.flag.on)));
        let figure = row.iter_mut().skip(3).take(2);
        figure.for_each(|td| td.href = Some(flag_link(&flag.book.0, &flag.flag)).filter(|_| !td.text.is_empty()));
    }
    list(seat, asked, &sheet, table, w.no_flags)
}

async fn findings(seat: &Seat, asked: &Asked) -> Result<Response, Trouble> {
    let mut tx = seat.snapshot().await?;
    let books = crate::ledger::books::store::books(&mut tx, seat.county()).await?;
    let names = Names::of_county(&mut tx, seat.county()).await?;
    let mut kept = store::findings::findings(&mut tx, seat.county(), "").await?;
    kept.retain(|finding| books.iter().any(|book| book.book == finding.book && seat.may_read(book)));
    for finding in &mut kept {
        (finding.owner, finding.raised_by) = (names.of(&finding.owner).to_owned(), names.of(&finding.raised_by).to_owned());
    }
    let sheet = reports::findings(&kept, seat.web.office.today());
    let mut table = Table::plain(&sheet);
    for (row, finding) in table.rows.iter_mut().zip(&kept) {
        let period = AccountingPeriod::of(finding.raised_on);
        row[0].href = Some(format!("/b/{}/{period}/findings/{}", finding.book, finding.finding));
    }
    list(seat, asked, &sheet, table, seat.t().watch().no_findings)
}

async fn trail(seat: &Seat, asked: &Asked) -> Result<Response, Trouble> {
    let mut tx = seat.snapshot().await?;
    let names = Names::of_county(&mut tx, seat.county()).await?;
    let day = |text: &str| text.trim().parse::<BusinessDate>().ok();
    // A day of the county begins eight hours before the same day at Greenwich, by which the trail is kept.
    let instant = |on: Option<BusinessDate>| on.and_then(|on| on.pred_opt()).map_or(String::new(), |on| format!("{on}T16:00:00"));
    let (from, past) = (instant(day(&asked.from)), instant(day(&asked.through).and_then(|on| on.succ_opt())));
    let by = names.login_of(asked.by.trim());
    let lines = store::overview::trail(&mut tx, seat.county(), (by, &from, &past, asked.contains.trim()), LINES).await?;
    let shown = lines.into_iter().map(|[at, actor, kind, book, what]| {
        let actor = names.of(&actor).to_owned();
        [DateTime::parse_from_rfc3339(&at).map_or(at.clone(), |_| local_time(&at)), actor, kind, book, what]
    });
    let sheet = reports::trail(&shown.collect::<Vec<_>>());
    let table = Table::plain(&sheet);
    list(seat, asked, &sheet, table, seat.t().nothing_here)
}

/// The boxes the trail is searched by.
fn trail_search(w: &'static Words, asked: &Asked) -> Vec<(&'static str, &'static str, String)> {
    vec![
        ("tab", "", "trail".to_owned()),
        ("by", w.by, asked.by.clone()),
        ("from", "起日", asked.from.clone()),
        ("through", "止日", asked.through.clone()),
        ("contains", w.contains, asked.contains.clone()),
    ]
}
