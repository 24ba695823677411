//! Questions and objections: asked by anybody, answered by the office, released by another person.

use serde::{Deserialize, Serialize};

use crate::access::Permission;
use crate::controls::disclosure::masking::masked;
use crate::controls::disclosure::refusal::DisclosureRefusal;
use crate::controls::disclosure::sheet::Question;
use crate::controls::disclosure::store;
use crate::db::{Connection, Stop};
use crate::ledger::refusal::ReasonRefusal;
use crate::ledger::{BookCode, store as ledger_store};
use crate::office::{Act, Scene, Target};

/// Most characters of a question.
pub const LONGEST: usize = 500;
/// Most questions of a village that may wait for an answer.
const MOST_WAITING: usize = 200;

/// A question from the public page about a published sheet; answers its number. Nothing of the person is kept, and long
/// numbers in the text are masked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AskQuestion {
    /// The book.
    pub book: BookCode,
    /// The sheet it is about.
    pub sheet: Option<i64>,
    /// What.
    pub text: String,
}

impl Act for AskQuestion {
    const KIND: &'static str = "disclosure.ask";
    type Answer = i64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Ask, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<i64, Stop> {
        let text = self.text.trim();
        if text.is_empty() || text.chars().count() > LONGEST {
            return Err(DisclosureRefusal::BadQuestion { most: LONGEST }.into());
        }
        if store::published::heads(tx, &scene.county, &self.book.0).await?.is_empty() {
            return Err(DisclosureRefusal::NothingPublic.into());
        }
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let waiting = store::sheets::questions(tx, &scene.county, &self.book).await?;
        if waiting.iter().filter(|question| question.answer.is_none()).count() >= MOST_WAITING {
            return Err(DisclosureRefusal::TooManyQuestions.into());
        }
        let asked = (self.sheet, masked(text));
        Ok(store::sheets::ask(tx, &scene.county, &self.book, (asked.0, &asked.1), &scene.today.to_string()).await?)
    }
}

async fn opened(tx: &mut Connection, scene: &Scene, book: &BookCode, question: i64) -> Result<Question, Stop> {
    ledger_store::lock_books(tx, scene.engine, &scene.county, &[book]).await?;
    let all = store::sheets::questions(tx, &scene.county, book).await?;
    let unknown = || DisclosureRefusal::UnknownQuestion { question, book: book.to_string() };
    Ok(all.into_iter().find(|known| known.question == question).ok_or_else(unknown)?)
}

/// Answers a question; the answer waits to be released.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AnswerQuestion {
    /// The book.
    pub book: BookCode,
    /// The question.
    pub question: i64,
    /// The answer.
    pub answer: String,
}

impl Act for AnswerQuestion {
    const KIND: &'static str = "disclosure.answer";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Disclose, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let question = opened(tx, scene, &self.book, self.question).await?;
        if question.released_on.is_some() {
            return Err(DisclosureRefusal::QuestionState { question: self.question, needed: "未放行".to_owned() }.into());
        }
        if self.answer.trim().is_empty() {
            return Err(ReasonRefusal::Missing { what: "答复".to_owned() }.into());
        }
        let (answer, by) = (masked(self.answer.trim()), scene.actor.clone());
        let answered = Question { answer: Some(answer), answered_by: Some(by), ..question };
        Ok(store::sheets::set_question(tx, &scene.county, &self.book, &answered, None).await?)
    }
}

/// Releases an answer to the public page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReleaseQuestion {
    /// The book.
    pub book: BookCode,
    /// The question.
    pub question: i64,
}

impl Act for ReleaseQuestion {
    const KIND: &'static str = "disclosure.release";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::ApproveDisclosure, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let question = opened(tx, scene, &self.book, self.question).await?;
        match &question.answered_by {
            None => Err(DisclosureRefusal::QuestionState { question: self.question, needed: "先答复".to_owned() }.into()),
            Some(by) if *by == scene.actor => {
                Err(DisclosureRefusal::OwnAnswer { question: self.question, user: by.clone() }.into())
            }
            Some(_) => {
                let released = Question { released_on: Some(scene.today), ..question };
                Ok(store::sheets::set_question(tx, &scene.county, &self.book, &released, Some(&scene.actor)).await?)
            }
        }
    }
}
