//! S15: the supervision board: villages by months, red flags, findings, the audit trail.
//!
//! 1. Everybody sees the villages they may read; the trail is for those who read the whole county.
//! 2. The page reads; what supervision writes is written on a village's own page (`village_watch.rs`).

use askama::Template;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Datelike};
use serde::Deserialize;

use super::address::{escaped_query, query_of};
use super::frame::Frame;
use super::ledgers::spreadsheet;
use super::room::Room;
use super::seat::{Names, Seat};
use super::table::Table;
use super::text::supervision::Words;
use super::text::{Texts, act_name, acts_named, content_in_words};
use super::trouble::{Trouble, show};
use super::village_watch::flag_link;
use crate::access::{Scope, may_read};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::controls::supervision::matrix::{BookYear, Square, Tone, square, tallies};
use crate::controls::supervision::service::overview::villages;
use crate::controls::supervision::{reports, rules, store};
use crate::exchange::Sheet;
use crate::ledger::books::Book;
use crate::office::local_time;

/// Villages, and lines of a list, on a page.
const ROWS: usize = 100;
/// Most lines of the trail in one spreadsheet.
const IN_A_FILE: usize = 100_000;

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

impl Asked {
    /// The page of a list that is shown, from 0.
    fn page(&self) -> usize {
        self.p.trim().parse::<usize>().unwrap_or(1).max(1) - 1
    }

    /// The address of what is asked for, on another page or as a file.
    fn address(&self, more: &str) -> String {
        let typed = [
            ("q", &self.q),
            ("only", &self.only),
            ("by", &self.by),
            ("from", &self.from),
            ("through", &self.through),
            ("contains", &self.contains),
        ];
        format!("/supervision?tab={}&{}&{more}", self.tab, query_of(&typed))
    }

    /// One page of a table that is there whole, and the pages to choose from.
    fn one_page(&self, mut table: Table) -> (Table, Vec<(String, String, bool)>) {
        let (at, all) = (self.page(), table.rows.len().div_ceil(ROWS));
        let pages = (0..all).map(|n| ((n + 1).to_string(), self.address(&format!("p={}", n + 1)), n == at));
        let pages = if all > 1 { pages.collect() } else { Vec::new() };
        table.rows = table.rows.into_iter().skip(at * ROWS).take(ROWS).collect();
        (table, pages)
    }
}

/// A page of one list, with the pages to choose from.
fn list(
    seat: &Seat,
    asked: &Asked,
    sheet: &Sheet,
    (table, pages): (Table, Vec<(String, String, bool)>),
    nothing: &str,
) -> Result<Response, Trouble> {
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
        room.links.push((seat.t().export_xlsx.to_owned(), asked.address("format=xlsx")));
        room.tables.push(Table { subtitle: Vec::new(), ..table });
    }
    room.pages = pages;
    room.search = match asked.tab.as_str() {
        "trail" => Some(trail_search(w, asked)),
        "flags" => Some(flag_search(w, asked)),
        _ => None,
    };
    room.answer()
}

async fn flags(seat: &Seat, asked: &Asked) -> Result<Response, Trouble> {
    let w = seat.t().watch();
    let mut tx = seat.snapshot().await?;
    let books = crate::ledger::books::store::books(&mut tx, seat.county()).await?;
    let mut kept = store::flags::flags(&mut tx, seat.county(), "", false).await?;
    let of_village = |book: &Book| book.name.contains(asked.q.trim()) || book.book.0 == asked.q.trim();
    kept.retain(|flag| books.iter().any(|book| book.book == flag.book && seat.may_read(book) && of_village(book)));
    kept.retain(|kept| {
        kept.flag.words.contains(asked.contains.trim()) || kept.flag.rule.label_zh().contains(asked.contains.trim())
    });
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
        if let Some(book) = books.iter().find(|book| book.book == flag.book) {
            row[0].text = format!("{} {}", book.book, book.name);
        }
        let figure = row.iter_mut().skip(3).take(2);
        figure.for_each(|td| td.href = Some(flag_link(&flag.book.0, &flag.flag)).filter(|_| !td.text.is_empty()));
    }
    list(seat, asked, &sheet, asked.one_page(table), w.no_flags)
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
    list(seat, asked, &sheet, asked.one_page(table), seat.t().watch().no_findings)
}

async fn trail(seat: &Seat, asked: &Asked) -> Result<Response, Trouble> {
    let mut tx = seat.snapshot().await?;
    let names = Names::of_county(&mut tx, seat.county()).await?;
    let day = |text: &str| text.trim().parse::<BusinessDate>().ok();
    // A day of the county begins eight hours before the same day at Greenwich, by which the trail is kept.
    let instant = |on: Option<BusinessDate>| on.and_then(|on| on.pred_opt()).map_or(String::new(), |on| format!("{on}T16:00:00"));
    let (from, past) = (instant(day(&asked.from)), instant(day(&asked.through).and_then(|on| on.succ_opt())));
    let by = names.login_of(asked.by.trim());
    let (skip, most) = if asked.format == "xlsx" { (0, IN_A_FILE) } else { (asked.page() * ROWS, ROWS) };
    let part = (i64::try_from(skip).unwrap_or(i64::MAX), i64::try_from(most).unwrap_or(i64::MAX) + 1);
    let words = asked.contains.trim();
    let mut lines = store::overview::trail(&mut tx, seat.county(), (by, &from, &past), (words, &acts_named(words)), part).await?;
    let goes_on = lines.len() > most;
    lines.truncate(most);
    let chinese = seat.t().is_chinese();
    let shown = lines.into_iter().map(|[at, actor, kind, book, what]| {
        let actor = names.of(&actor).to_owned();
        let at = DateTime::parse_from_rfc3339(&at).map_or(at.clone(), |_| local_time(&at));
        // A file keeps the content as it is kept: it is evidence. The page says it in words.
        let what = if chinese && asked.format != "xlsx" { content_in_words(&what) } else { what };
        [at, actor, if chinese { act_name(&kind).to_owned() } else { kind }, book, what]
    });
    let mut sheet = reports::trail(&shown.collect::<Vec<_>>());
    if goes_on && asked.format == "xlsx" {
        sheet.notes.push(format!("只导出最近 {IN_A_FILE} 行;更早的请按日期分段导出"));
    }
    list(seat, asked, &sheet, (Table::plain(&sheet), around(seat.t(), asked, goes_on)), seat.t().nothing_here)
}

/// The pages before and after one whose number of pages nobody has counted.
fn around(t: &Texts, asked: &Asked, goes_on: bool) -> Vec<(String, String, bool)> {
    let at = asked.page();
    let to = |word: &str, n: usize| (word.to_owned(), asked.address(&format!("p={n}")), false);
    let before = (at > 0).then(|| to(t.page_before, at));
    before.into_iter().chain(goes_on.then(|| to(t.next_page, at + 2))).collect()
}

/// The boxes flags are searched by.
fn flag_search(w: &'static Words, asked: &Asked) -> Vec<(&'static str, &'static str, String)> {
    vec![
        ("tab", "", "flags".to_owned()),
        ("q", w.find_village, asked.q.clone()),
        ("contains", w.rule_or_words, asked.contains.clone()),
    ]
}

/// The boxes the trail is searched by.
fn trail_search(w: &'static Words, asked: &Asked) -> Vec<(&'static str, &'static str, String)> {
    vec![
        ("tab", "", "trail".to_owned()),
        ("by", w.by, asked.by.clone()),
        ("from", w.from_day, asked.from.clone()),
        ("through", w.through_day, asked.through.clone()),
        ("contains", w.contains, asked.contains.clone()),
    ]
}
