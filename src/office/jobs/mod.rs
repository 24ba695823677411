//! Jobs: long work that goes on without whoever started it, and what came of it.
//!
//! ```text
//! running ──▶ done | refused | failed
//!     └─────▶ interrupted   the program ended first; the same command goes on from there
//! ```
//!
//! Pure.

pub mod store;

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// At work.
    Running,
    /// Ended with an answer.
    Done,
    /// The books said no.
    Refused,
    /// The machine failed.
    Failed,
    /// The program ended before the work did.
    Interrupted,
}

impl JobState {
    const ALL: [(JobState, &'static str); 5] = [
        (JobState::Running, "running"),
        (JobState::Done, "done"),
        (JobState::Refused, "refused"),
        (JobState::Failed, "failed"),
        (JobState::Interrupted, "interrupted"),
    ];

    /// As tables write it.
    pub fn as_str(self) -> &'static str {
        JobState::ALL[self as usize].1
    }

    /// Reads what `as_str` writes.
    pub fn parse(text: &str) -> Option<JobState> {
        JobState::ALL.into_iter().find(|(_, word)| *word == text).map(|(state, _)| state)
    }
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its number.
    pub job: String,
    /// Who started it.
    pub user: String,
    /// The address it was started from.
    pub place: String,
    /// Which command.
    pub command: String,
    /// What was typed, as JSON.
    pub fields: String,
    /// How it stands.
    pub state: JobState,
    /// When it began.
    pub started_at: String,
    /// When it ended.
    pub ended_at: Option<String>,
    /// What it answered, as JSON.
    pub answer: Option<String>,
}
