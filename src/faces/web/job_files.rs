//! What a printing job made: kept in this server until newer ones take its place; the job's page opens it.
//!
//! 1. Only who started the job opens its file.
//! 2. The last files are kept and no others; an older one is printed again from the books, to the same bytes.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::address::{escaped_query, lead_to};
use super::jobs::{self, Answered, own};
use super::seat::Seat;
use super::trouble::{FormRefusal, Trouble};
use crate::db::{Failure, Stop};
use crate::faces::cli::watch::Watch;
use crate::faces::print::press;
use crate::office::jobs::JobState;
use crate::papers::Paper;

/// How many files are kept.
const MOST: usize = 16;

/// A printed paper.
#[derive(Clone)]
struct Printed {
    job: String,
    name: String,
    bytes: Arc<Vec<u8>>,
}

/// The files of the last printing jobs.
#[derive(Default)]
pub struct JobFiles(Mutex<VecDeque<Printed>>);

impl JobFiles {
    fn keep(&self, printed: Printed) {
        let mut kept = self.0.lock().expect("nothing panics while it holds the files");
        kept.push_back(printed);
        while kept.len() > MOST {
            kept.pop_front();
        }
    }

    fn of(&self, job: &str) -> Option<Printed> {
        self.0.lock().expect("nothing panics while it holds the files").iter().find(|kept| kept.job == job).cloned()
    }

    /// True if the job's file is there.
    pub fn has(&self, job: &str) -> bool {
        self.of(job).is_some()
    }
}

/// Prints papers as a job and leads to its page. A second click with the same key leads to the same job.
pub async fn start(seat: &Seat, place: String, name: String, papers: Vec<Paper>, key: &str) -> Result<Response, Trouble> {
    let number = jobs::number(seat, key);
    if let Some(watch) = jobs::begin(seat, &number, place, ("voucher print", "[]".to_owned())).await? {
        tokio::spawn(run(seat.clone(), number.clone(), name, papers, watch));
    }
    Ok(lead_to(&format!("/jobs/{number}")).into_response())
}

async fn run(seat: Seat, job: String, name: String, papers: Vec<Paper>, watch: Arc<Watch>) {
    let band = if seat.web.is_demo { seat.t().demo_data } else { "" };
    let (dressing, told) = (seat.dressing, Arc::clone(&watch));
    let work = move || {
        let tell = |done: usize, of: usize| {
            told.told(format!("{done} / {of}"));
        };
        press().map_err(|why| Stop::from(why.refusal()))?.print(&papers, &dressing, band, &tell)
    };
    let printed = tokio::task::spawn_blocking(work).await.map_err(|_| Stop::from(Failure::Stopped)).flatten();
    let ended = match printed {
        Ok(printed) => {
            let lines = vec![format!("{} · {} 页", name, printed.pages)];
            seat.web.job_files.keep(Printed { job: job.clone(), name, bytes: Arc::new(printed.bytes) });
            (JobState::Done, Answered { lines, ..Answered::default() })
        }
        Err(stop) => jobs::stopped(stop),
    };
    jobs::end(&seat, &job, ended).await;
}

/// The file of a job.
pub async fn page(seat: Seat, Path(number): Path<String>) -> Result<Response, Trouble> {
    let job = own(&seat, &number).await?;
    let gone = || Trouble::of(&seat, FormRefusal::NoSuchPage.into());
    let printed = seat.web.job_files.of(&job.job).ok_or_else(gone)?;
    let disposition = format!("inline; filename*=UTF-8''{}", escaped_query(&format!("{}.pdf", printed.name).replace('/', "-")));
    let heads = [(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, disposition)];
    Ok((heads, printed.bytes.to_vec()).into_response())
}
