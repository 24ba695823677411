//! A finding (督办单): a question somebody has to answer by a day, and another person closes.
//!
//! Pure.

use serde::{Deserialize, Serialize};

use super::refusal::SupervisionRefusal;
use crate::calendar::BusinessDate;
use crate::ledger::BookCode;

crate::words! {
    /// Where a finding stands.
    pub enum FindingState {
        /// Waits for an answer.
        Open = "open", "待答复";
        /// Answered.
        Answered = "answered", "已答复";
        /// Closed.
        Closed = "closed", "已销号";
    }
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Number in the county.
    pub finding: i64,
    /// The book.
    pub book: BookCode,
    /// The flag it follows: rule and object.
    pub flag: Option<(String, String)>,
    /// Title.
    pub title: String,
    /// What is asked.
    pub text: String,
    /// Who answers.
    pub owner: String,
    /// By when.
    pub due_on: BusinessDate,
    /// State.
    pub state: FindingState,
    /// Who asked.
    pub raised_by: String,
    /// When.
    pub raised_on: BusinessDate,
    /// The answer.
    pub answer: Option<String>,
    /// The document it names.
    pub document: Option<String>,
    /// Who answered.
    pub answered_by: Option<String>,
    /// When.
    pub answered_on: Option<BusinessDate>,
    /// Who closed it.
    pub closed_by: Option<String>,
    /// When.
    pub closed_on: Option<BusinessDate>,
}

impl Finding {
    /// Refuses unless in this state (T-201).
    pub fn needs(&self, state: FindingState) -> Result<(), SupervisionRefusal> {
        if self.state == state {
            return Ok(());
        }
        let (now, needed) = (self.state.label_zh().to_owned(), state.label_zh().to_owned());
        Err(SupervisionRefusal::WrongState { finding: self.finding, state: now, needed })
    }

    /// Refuses who answered as the one who closes (T-202).
    pub fn closed_by(&self, user: &str) -> Result<(), SupervisionRefusal> {
        if self.answered_by.as_deref() == Some(user) || self.owner == user {
            return Err(SupervisionRefusal::OwnFinding { finding: self.finding, user: user.to_owned() });
        }
        Ok(())
    }

    /// True if its day is past and nobody answered.
    pub fn is_late(&self, today: BusinessDate) -> bool {
        self.state == FindingState::Open && self.due_on < today
    }
}
