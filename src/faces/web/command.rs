//! A command of the catalogue as a page: its fields as a form, its answer as tables, and what can be done next.
//!
//! 1. A page shows what the command says, whole; figures are not computed here.
//! 2. A form keeps what was typed when the command refuses, and carries a key: a second click gets the first answer.
//! 3. In a book's pages the book is the address's; a bank account or a batch of another book is not reached from here.

use askama::Template;
use axum::extract::{FromRequest, Multipart, Query, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::address::escaped_query;
use super::columns;
use super::desks;
use super::frame::Frame;
use super::inputs::{Input, boxes};
use super::jobs;
use super::known;
use super::ledgers::{drill, spreadsheet};
use super::printing;
use super::routes::need_of;
use super::seat::{AtBook, Seat, scope_of};
use super::table::Table;
use super::text::{Texts, title_in_english};
use super::trouble::{FormRefusal, Trouble, show, status_of};
use super::wording;
use crate::access::Scope;
use crate::db::{Failure, Stop};
use crate::exchange::{Cell, Sheet};
use crate::faces::cli::output::Reply;
use crate::faces::commands::grammar::{Field, Form};
use crate::faces::commands::run::{Asking, Filled, Upload};
use crate::faces::commands::{Command, Kind, Place};
use crate::office::Actor;
use crate::refusal::Refusal;

/// Where a command is asked: in the county or in a book.
#[derive(Clone)]
pub enum Asked {
    /// In the county.
    County(Seat),
    /// In a book.
    Book(Box<AtBook>),
}

impl Asked {
    /// Who asks.
    pub fn seat(&self) -> &Seat {
        match self {
            Asked::County(seat) => seat,
            Asked::Book(at) => &at.seat,
        }
    }

    /// The frame of a page about it.
    pub fn frame(&self, title: &str, page: &str) -> Frame {
        match self {
            Asked::County(seat) => Frame::of(seat, title),
            Asked::Book(at) => Frame::at(at, title, page),
        }
    }

    /// The address of a page here.
    pub fn at(&self, page: &str) -> String {
        match self {
            Asked::County(_) => format!("/{page}"),
            Asked::Book(at) => at.at(page),
        }
    }

    /// The address of a command here.
    pub fn command(&self, command: Command) -> String {
        self.at(&format!("do/{}", command.path()))
    }

    /// True if this person may try it.
    pub fn may(&self, command: Command) -> bool {
        let seat = self.seat();
        let scope = match self {
            Asked::County(_) => Scope::County,
            Asked::Book(at) => scope_of(&at.book),
        };
        need_of(command).met_by(&seat.user, &seat.grants, &scope)
    }

    /// Runs it under a form's key.
    pub async fn run(&self, command: Command, filled: Filled, key: &str) -> Result<Reply, Stop> {
        self.run_for(command, filled, key, false).await
    }

    /// Runs it for a page, or for a file that takes in every row.
    async fn run_for(&self, command: Command, filled: Filled, key: &str, into_file: bool) -> Result<Reply, Stop> {
        let seat = self.seat();
        let actor = Actor { county: seat.county().to_owned(), user: seat.user.clone(), face: "web" };
        let book = match self {
            Asked::County(_) => None,
            Asked::Book(at) => Some(&at.book.book),
        };
        let asking = Asking { office: &seat.web.office, actor, book, watch: None, banks: seat.banks.clone(), into_file };
        asking.run(command, filled, Some(key)).await
    }
}

fn form_of(command: Command) -> Result<&'static Form, Stop> {
    Form::of(command.words).ok_or_else(|| Stop::Failed(Failure::Damaged(format!("no grammar for {}", command.words))))
}

/// A link to something that can be done next.
pub struct Next {
    /// Its words.
    pub word: String,
    /// Where it leads.
    pub href: String,
    /// It acts, rather than reads.
    pub acts: bool,
}

#[derive(Template)]
#[template(path = "command.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    title: String,
    about: String,
    back: Option<(String, String)>,
    boxes: Vec<Input>,
    reads: bool,
    files: bool,
    looks_first: bool,
    staged: String,
    columns: Vec<columns::Choice>,
    waiting: Vec<String>,
    here: String,
    key: String,
    refusal: Option<Refusal>,
    lines: Vec<String>,
    tables: Vec<Table>,
    next: Vec<Next>,
    export: Option<String>,
    onward: Option<String>,
    answered: bool,
}

/// A command's name for people in the language of the seat.
pub fn title_of(t: &Texts, command: Command, form: &Form) -> String {
    let english = || title_in_english(command.words).unwrap_or(command.words);
    if t.is_chinese() { form.title().to_owned() } else { english().to_owned() }
}

/// The page of a command that is opened: a reader answers at once when it has what it needs, an act shows its form.
pub async fn open(asked: Asked, command: Command, Query(typed): Query<Vec<(String, String)>>) -> Result<Response, Trouble> {
    let asks_for = |format: &str| typed.iter().any(|(name, value)| name == "format" && value == format);
    let (xlsx, pdf) = (asks_for("xlsx"), asks_for("pdf"));
    let values: Vec<(String, String)> = typed.into_iter().filter(|(name, _)| name != "format" && name != "show").collect();
    let filled = Filled { values, files: Vec::new() };
    let form = form_of(command).map_err(|why| Trouble::of(asked.seat(), why))?;
    let set_here = |field: &Field| field.name == "book" && command.place == Place::Book;
    let is_ready = form.fields.iter().all(|field| !field.required || set_here(field) || filled.value(&field.name).is_some());
    if !command.reads() || form.takes_files() || !is_ready {
        return render(&asked, command, form, &filled, None).await;
    }
    let outcome = asked.run_for(command, filled.clone(), "", xlsx || pdf).await;
    match outcome {
        Ok(reply) if xlsx && !reply.sheets.is_empty() => spreadsheet(&reply.sheets[0].title.clone(), &reply.sheets),
        Ok(reply) if pdf => printing::pdf(asked.seat(), &title_of(asked.seat().t(), command, form), reply.printable()).await,
        outcome => render(&asked, command, form, &filled, Some(outcome)).await,
    }
}

/// A form that was sent.
pub async fn send(asked: Asked, command: Command, request: Request) -> Result<Response, Trouble> {
    let form = form_of(command).map_err(|why| Trouble::of(asked.seat(), why))?;
    let mut filled = read(request).await.map_err(|why| Trouble::of(asked.seat(), why))?;
    let asked_for = |name: &str| filled.value(name).unwrap_or_default().to_owned();
    let (key, button, staged) = (asked_for("key"), asked_for("act"), asked_for("staged"));
    filled.values.retain(|(name, _)| !matches!(name.as_str(), "key" | "act" | "staged"));
    with_files(&asked, &mut filled, &staged);
    if button == "preview" || button == "problems" {
        return preview(&asked, command, form, filled, &button).await;
    }
    if matches!(command.kind, Kind::Run(_)) {
        return jobs::start(&asked, command, filled, &key).await;
    }
    let outcome = asked.run(command, filled.clone(), &key).await;
    let taken = matches!(&outcome, Ok(reply) if reply.refusal.is_none());
    if taken || filled.files.is_empty() {
        return render(&asked, command, form, &filled, Some(outcome)).await;
    }
    // The file waits for a better mapping; nobody has to choose it again.
    let number = asked.seat().form_key();
    asked.seat().web.uploads.keep(&number, &asked.seat().user, &filled.files)?;
    rendered(&asked, command, form, &filled, (Some(outcome), number)).await
}

/// Adds the files sent before under a number, and a mapping typed instead of sent.
fn with_files(asked: &Asked, filled: &mut Filled, staged: &str) {
    let seat = asked.seat();
    let before = seat.web.uploads.of(staged, &seat.user);
    filled
        .files
        .extend(before.into_iter().filter(|file| !filled.files.iter().any(|sent| sent.field == file.field)).collect::<Vec<_>>());
    let chosen = columns::chosen(filled);
    if let Some(text) = filled.value("mapping").map(str::to_owned).or(chosen) {
        filled.values.retain(|(name, _)| name != "mapping");
        filled.files.retain(|file| file.field != "mapping");
        filled.files.push(Upload { field: "mapping".to_owned(), name: "mapping.txt".to_owned(), bytes: text.into_bytes() });
    }
}

/// Looks at a file without taking it in; the file waits for the next click. `problems` gives what is wrong as a spreadsheet.
async fn preview(asked: &Asked, command: Command, form: &Form, mut filled: Filled, button: &str) -> Result<Response, Trouble> {
    let seat = asked.seat();
    let number = seat.form_key();
    seat.web.uploads.keep(&number, &seat.user, &filled.files)?;
    filled.set("dry_run", "1");
    let outcome = asked.run(command, filled.clone(), "").await;
    if let (Ok(reply), "problems") = (&outcome, button)
        && let Some(first) = reply.sheets.first()
    {
        return spreadsheet(&first.title, &reply.sheets);
    }
    filled.values.retain(|(name, _)| name != "dry_run");
    rendered(asked, command, form, &filled, (Some(outcome), number)).await
}

/// The fields and files of a form, however the browser sent them.
pub async fn read(request: Request) -> Result<Filled, Stop> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    let broken = |_| Stop::from(FormRefusal::NotTaken);
    if !kind.starts_with("multipart/form-data") {
        let axum::Form(values) =
            axum::Form::<Vec<(String, String)>>::from_request(request, &()).await.map_err(|_| FormRefusal::NotTaken)?;
        return Ok(Filled { values, files: Vec::new() });
    }
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| FormRefusal::NotTaken)?;
    let mut filled = Filled::default();
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let field = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            None => filled.values.push((field, part.text().await.map_err(broken)?)),
            Some(name) => {
                let bytes = part.bytes().await.map_err(broken)?.to_vec();
                if !(name.is_empty() && bytes.is_empty()) {
                    filled.files.push(Upload { field, name, bytes });
                }
            }
        }
    }
    Ok(filled)
}

async fn render(
    asked: &Asked,
    command: Command,
    form: &Form,
    filled: &Filled,
    outcome: Option<Result<Reply, Stop>>,
) -> Result<Response, Trouble> {
    rendered(asked, command, form, filled, (outcome, String::new())).await
}

/// The page, with the number of the files that wait for it.
async fn rendered(
    asked: &Asked,
    command: Command,
    form: &Form,
    filled: &Filled,
    (outcome, staged): (Option<Result<Reply, Stop>>, String),
) -> Result<Response, Trouble> {
    let seat = asked.seat();
    let (answered, reply, refusal) = match outcome {
        None => (false, Reply::default(), None),
        Some(Ok(reply)) => (true, reply, None),
        Some(Err(Stop::Refused(refusal))) => (false, Reply::default(), Some(refusal)),
        Some(Err(failed)) => return Err(Trouble::of(seat, failed)),
    };
    let mut reply = reply;
    wording::in_words(&mut *seat.snapshot().await?, seat, &mut reply.sheets).await?;
    let refusal = refusal.or_else(|| reply.refusal.clone());
    let t = seat.t();
    let state = known::state_of(asked, command, filled).await?;
    let title = title_of(t, command, form);
    let desk = desks::of(asked, command);
    let page = Page {
        t,
        frame: asked.frame(&title, &desk.map_or_else(|| "desk".to_owned(), desks::Desk::page)),
        back: desk.map(|desk| ((desk.title)(t).to_owned(), asked.at(&desk.page()))),
        boxes: boxes(asked, command, form, filled).await.map_err(|why| Trouble::of(seat, why))?,
        reads: command.reads() && !form.takes_files(),
        files: form.takes_files(),
        looks_first: form.field("dry_run").is_some(),
        waiting: filled.files.iter().filter(|_| !staged.is_empty()).map(|file| file.name.clone()).collect(),
        columns: if staged.is_empty() { Vec::new() } else { columns::choices(command, filled) },
        staged,
        here: asked.command(command),
        key: seat.form_key(),
        lines: reply.lines.clone(),
        tables: reply.sheets.iter().map(|sheet| table(asked, sheet)).collect(),
        onward: reply.sheets.first().and_then(|sheet| next_page(asked, command, filled, sheet)),
        next: next(asked, command, filled, state.as_deref()),
        export: (command.reads() && !reply.sheets.is_empty()).then(|| query(&asked.command(command), filled, "format=")),
        answered: answered && refusal.is_none(),
        about: if t.is_chinese() { form.about.clone() } else { String::new() },
        title,
        refusal,
    };
    let status = page.refusal.as_ref().map_or(StatusCode::OK, status_of);
    Ok((status, show(&page)?).into_response())
}

fn query(address: &str, filled: &Filled, more: &str) -> String {
    let typed = filled.values.iter().map(|(name, value)| format!("{}={}", escaped_query(name), escaped_query(value)));
    format!("{address}?{}", typed.chain([more.to_owned()]).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&"))
}

/// A sheet as a table whose numbers of loans, households, vouchers, batches and plans lead to them.
pub fn table(asked: &Asked, sheet: &Sheet) -> Table {
    Table::of(sheet, |cells: &[Cell], key, text| {
        if sheet.columns.iter().any(|column| column.key == key && column.kind.is_figure()) {
            return None;
        }
        let in_book = match asked {
            Asked::Book(at) => {
                drill(at, cells, key, text).filter(|_| matches!(key, "voucher" | "account") && !desks::is_bank(sheet))
            }
            Asked::County(_) => None,
        };
        in_book.or_else(|| desks::drill(asked, key, text))
    })
}

/// What can be done with what is shown: the commands of the same noun that take one of its fields, in the state it is in.
fn next(asked: &Asked, command: Command, filled: &Filled, state: Option<&str>) -> Vec<Next> {
    let noun = command.words.split(' ').next().unwrap_or_default();
    let shared = |form: &Form| {
        let carried = |(name, value): &&(String, String)| {
            form.field(name).is_some() && name != "on" && name != "book" && !value.trim().is_empty()
        };
        filled.values.iter().filter(carried).cloned().collect::<Vec<_>>()
    };
    let same = |other: &&Command| {
        other.place == command.place
            && other.words != command.words
            && other.words.split(' ').next() == Some(noun)
            && asked.may(**other)
            && state.is_none_or(|state| known::takes(**other, state))
    };
    let all = crate::faces::commands::COMMANDS.iter().filter(same).filter_map(|other| {
        let form = Form::of(other.words)?;
        let values = shared(form);
        let carried = Filled { values, files: Vec::new() };
        let href = query(&asked.command(*other), &carried, "");
        (!carried.values.is_empty()).then(|| Next { word: title_of(asked.seat().t(), *other, form), href, acts: !other.reads() })
    });
    all.collect()
}

/// The address of the next page of a list that takes `after` and has filled its page.
pub fn next_page(asked: &Asked, command: Command, filled: &Filled, sheet: &Sheet) -> Option<String> {
    let form = Form::of(command.words)?;
    form.field("after")?;
    let asked_for =
        filled.value("limit").map(str::to_owned).or_else(|| form.field("limit").map(|limit| limit.default.clone()))?;
    let full = asked_for.parse() == Ok(sheet.rows.len());
    let last = sheet.rows.last().filter(|_| full)?.first()?.for_people();
    let mut onward = filled.clone();
    onward.set("after", &last);
    Some(query(&asked.command(command), &onward, ""))
}
