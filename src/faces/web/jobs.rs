//! Long work as a job: a page that says how far it is, live or by looking again, and what came of it.
//!
//! 1. Leaving and coming back shows the same job; a restart shows that it was interrupted, and how to go on.
//! 2. Who started a job sees and stops it, nobody else.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use askama::Template;
use axum::extract::Path;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat};
use futures_util::stream;
use serde::{Deserialize, Serialize};

use super::address::lead_to;
use super::backups;
use super::command::{Asked, table, title_of};
use super::frame::Frame;
use super::restoring;
use super::seat::{Seat, Web};
use super::table::Table;
use super::text::Texts;
use super::trouble::{Answer, FormRefusal, Trouble, show};
use crate::db::{Failure, Stop};
use crate::faces::cli::output::Reply;
use crate::faces::cli::watch::Watch;
use crate::faces::commands::grammar::Form;
use crate::faces::commands::run::{Asking, Filled};
use crate::faces::commands::{Command, Place, find};
use crate::office::jobs::{Job, JobState, store};
use crate::office::{Actor, local_time};
use crate::refusal::Refusal;

/// The jobs at work in this server.
#[derive(Default)]
pub struct AtWork(Mutex<HashMap<String, Arc<Watch>>>);

impl AtWork {
    fn of(&self, job: &str) -> Option<Arc<Watch>> {
        self.0.lock().expect("nothing panics while it holds the jobs").get(job).cloned()
    }

    /// A job begins.
    pub fn begin(&self, job: &str) -> Arc<Watch> {
        let watch = Arc::new(Watch::unseen());
        self.0.lock().expect("nothing panics while it holds the jobs").insert(job.to_owned(), Arc::clone(&watch));
        watch
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.lock().expect("nothing panics while it holds the jobs").len()
    }

    /// A job ended.
    pub fn end(&self, job: &str) {
        self.0.lock().expect("nothing panics while it holds the jobs").remove(job);
    }
}

/// What a job answered.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Answered {
    /// Words.
    pub lines: Vec<String>,
    /// Tables.
    pub tables: Vec<Table>,
    /// Why not.
    pub refusal: Option<Refusal>,
}

/// The instant, as jobs keep it.
pub fn local_now(web: &Web) -> String {
    web.office.instant().to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Keeps a job of a command that begins, with who watches it; nothing where a first click began it already.
pub async fn begin(
    seat: &Seat,
    number: &str,
    place: String,
    (command, fields): (&str, String),
) -> Result<Option<Arc<Watch>>, Failure> {
    if store::find(&mut *seat.snapshot().await?, seat.county(), number).await?.is_some() {
        return Ok(None);
    }
    let job = Job {
        job: number.to_owned(),
        user: seat.user.clone(),
        place,
        command: command.to_owned(),
        fields,
        state: JobState::Running,
        started_at: local_now(&seat.web),
        ended_at: None,
        answer: None,
    };
    store::begin(&seat.web.office.db, seat.county(), &job).await?;
    Ok(Some(seat.web.at_work.begin(number)))
}

/// Keeps what came of a job.
pub async fn end(seat: &Seat, number: &str, (state, answered): (JobState, Answered)) {
    let answer = serde_json::to_string(&answered).unwrap_or_default();
    let kept = store::end(&seat.web.office.db, seat.county(), number, (state, &local_now(&seat.web), &answer)).await;
    if let Err(failure) = kept {
        tracing::error!(%failure, job = number, "what came of a job could not be kept");
    }
    seat.web.at_work.end(number);
}

/// The number of a job: the form's key, so that a second click finds the first one's.
pub fn number(seat: &Seat, key: &str) -> String {
    if key.is_empty() { seat.form_key() } else { key.to_owned() }
}

/// What came of work that stopped.
pub fn stopped(stop: Stop) -> (JobState, Answered) {
    match stop {
        Stop::Refused(refusal) => (JobState::Refused, Answered { refusal: Some(refusal), ..Answered::default() }),
        Stop::Failed(failure) => {
            tracing::error!(%failure, "a job failed");
            (JobState::Failed, Answered::default())
        }
    }
}

/// Starts a command as a job and leads to its page. A second click with the same key leads to the same job.
pub async fn start(asked: &Asked, command: Command, filled: Filled, key: &str) -> Result<Response, Trouble> {
    let seat = asked.seat();
    let number = number(seat, key);
    let fields = serde_json::to_string(&filled.values).unwrap_or_default();
    if let Some(watch) = begin(seat, &number, asked.command(command), (command.words, fields)).await? {
        tokio::spawn(run(asked.clone(), command, filled, number.clone(), watch));
    }
    Ok(lead_to(&format!("/jobs/{number}")).into_response())
}

async fn run(asked: Asked, command: Command, filled: Filled, number: String, watch: Arc<Watch>) {
    let seat = asked.seat().clone();
    let actor = Actor { county: seat.county().to_owned(), user: seat.user.clone(), face: "web" };
    let book = match &asked {
        Asked::County(_) => None,
        Asked::Book(at) => Some(at.book.book.clone()),
    };
    let asking = Asking {
        office: &seat.web.office,
        actor,
        book: book.as_ref(),
        watch: Some(watch),
        banks: seat.banks.clone(),
        into_file: false,
    };
    let outcome = asking.run(command, filled, Some(&number)).await;
    end(&seat, &number, ended(&asked, outcome)).await;
}

fn ended(asked: &Asked, outcome: Result<Reply, Stop>) -> (JobState, Answered) {
    match outcome {
        Ok(reply) => {
            let state = if reply.refusal.is_some() { JobState::Refused } else { JobState::Done };
            let tables = reply.sheets.iter().map(|sheet| table(asked, sheet)).collect();
            (state, Answered { lines: reply.lines, tables, refusal: reply.refusal })
        }
        Err(stop) => stopped(stop),
    }
}

/// A job of one's own.
pub async fn own(seat: &Seat, number: &str) -> Result<Job, Trouble> {
    // Asked first: a job that ends in between is found ended, one nobody works at any more was broken off.
    let at_work = seat.web.at_work.of(number).is_some();
    let found = store::find(&mut *seat.snapshot().await?, seat.county(), number).await?;
    let own = found.filter(|job| job.user == seat.user).map(|job| match job.state {
        JobState::Running if !at_work => Job { state: JobState::Interrupted, ..job },
        _ => job,
    });
    own.ok_or_else(|| Trouble::of(seat, FormRefusal::NoSuchPage.into()))
}

fn state_word(t: &'static Texts, state: JobState) -> &'static str {
    match state {
        JobState::Running => t.job_running,
        JobState::Done => t.job_done,
        JobState::Refused => t.job_refused,
        JobState::Failed => t.job_failed,
        JobState::Interrupted => t.job_interrupted,
    }
}

fn title(t: &Texts, command: &str) -> String {
    let own = [
        (backups::TAKE, t.safe().take_backup),
        (restoring::PROVE, t.safe().prove_backup),
        (restoring::RESTORE, t.safe().restore),
    ];
    if let Some((_, word)) = own.iter().find(|(known, _)| *known == command) {
        return (*word).to_owned();
    }
    let known = [Place::Book, Place::County].into_iter().find_map(|place| find(place, command));
    known.zip(Form::of(command)).map_or_else(|| command.to_owned(), |(known, form)| title_of(t, known, form))
}

#[derive(Template)]
#[template(path = "jobs.html")]
struct List {
    t: &'static Texts,
    frame: Frame,
    rows: Vec<(String, String, &'static str, String, String)>,
}

/// One's own jobs.
pub async fn list(seat: Seat) -> Answer {
    let jobs = store::of_user(&mut *seat.snapshot().await?, seat.county(), &seat.user).await?;
    let t = seat.t();
    let row = |job: Job| {
        let word = state_word(t, job.state);
        (
            job.job,
            title(t, &job.command),
            word,
            local_time(&job.started_at),
            job.ended_at.as_deref().map(local_time).unwrap_or_default(),
        )
    };
    show(&List { t, frame: Frame::of(&seat, t.jobs), rows: jobs.into_iter().map(row).collect() })
}

#[derive(Template)]
#[template(path = "job.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    title: String,
    job: Job,
    state: &'static str,
    class: &'static str,
    started: String,
    elapsed: String,
    words: String,
    answered: Answered,
    running: bool,
    /// Done of how many, where it says so.
    part: Option<(String, String)>,
    /// Something was printed.
    has_file: bool,
}

/// `20 / 307`.
fn part(words: &str) -> Option<(String, String)> {
    let (done, of) = words.split_once(" / ")?;
    [done, of].iter().all(|text| text.parse::<u64>().is_ok()).then(|| (done.to_owned(), of.to_owned()))
}

/// One job.
pub async fn page(seat: Seat, Path(number): Path<String>) -> Answer {
    let job = own(&seat, &number).await?;
    let (t, running) = (seat.t(), job.state == JobState::Running);
    let words = seat.web.at_work.of(&job.job).map(|watch| watch.words()).unwrap_or_default();
    let read = job.answer.as_deref().map(serde_json::from_str::<Answered>).transpose();
    let answered = read.map_err(|cause| Failure::Damaged(format!("answer of job {number}: {cause}")))?.unwrap_or_default();
    let ended = job.ended_at.as_deref().and_then(|at| DateTime::parse_from_rfc3339(at).ok());
    let began = DateTime::parse_from_rfc3339(&job.started_at).ok();
    let until = ended.unwrap_or_else(|| seat.web.office.instant().fixed_offset());
    let elapsed = began.map_or_else(String::new, |began| format!("{} {}", (until - began).num_seconds(), t.seconds));
    let class = match job.state {
        JobState::Done => "ok",
        JobState::Running => "",
        JobState::Interrupted => "warn",
        JobState::Refused | JobState::Failed => "bad",
    };
    let title = title(t, &job.command);
    let page = Page {
        t,
        frame: Frame::of(&seat, &title),
        state: state_word(t, job.state),
        started: local_time(&job.started_at),
        title,
        class,
        elapsed,
        part: part(&words),
        has_file: !running && seat.web.job_files.has(&job.job),
        words,
        answered,
        running,
        job,
    };
    show(&page)
}

/// How far it is, as it goes; the last event says that it ended.
pub async fn events(seat: Seat, Path(number): Path<String>) -> Result<Response, Trouble> {
    let job = own(&seat, &number).await?;
    let web = Arc::clone(&seat.web);
    let steps = stream::unfold((web, job.job, false), |(web, number, is_over)| async move {
        if is_over {
            return None;
        }
        tokio::time::sleep(Duration::from_millis(400)).await;
        let (event, over) = match web.at_work.of(&number) {
            Some(watch) => (Event::default().data(watch.words()), false),
            None => (Event::default().event("ended").data("ended"), true),
        };
        Some((Ok::<_, Infallible>(event), (web, number, over)))
    });
    Ok(Sse::new(steps).keep_alive(KeepAlive::default()).into_response())
}

/// Asks a job to stop after the chunk in hand.
pub async fn stop(seat: Seat, Path(number): Path<String>) -> Result<Response, Trouble> {
    let job = own(&seat, &number).await?;
    if let Some(watch) = seat.web.at_work.of(&job.job) {
        watch.stop();
    }
    Ok(lead_to(&format!("/jobs/{number}")).into_response())
}
