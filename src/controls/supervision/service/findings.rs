//! Findings: sent, answered, sent back, closed by another person.

use serde::{Deserialize, Serialize};

use crate::access::{Permission, store as access};
use crate::calendar::BusinessDate;
use crate::controls::supervision::finding::{Finding, FindingState};
use crate::controls::supervision::refusal::SupervisionRefusal;
use crate::controls::supervision::store;
use crate::db::{Connection, Stop};
use crate::ledger::refusal::ReasonRefusal;
use crate::ledger::{BookCode, store as ledger_store};
use crate::office::{Act, Scene, Target};

/// Sends a finding about a book, after a flag or without one; answers its number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RaiseFinding {
    /// The book.
    pub book: BookCode,
    /// The flag: rule and object.
    #[serde(default)]
    pub flag: Option<(String, String)>,
    /// Title.
    pub title: String,
    /// What is asked.
    pub text: String,
    /// Who answers: a login name.
    pub owner: String,
    /// By when.
    pub due_on: BusinessDate,
}

impl Act for RaiseFinding {
    const KIND: &'static str = "finding.raise";
    type Answer = i64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Supervise, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<i64, Stop> {
        let wrong = |why: &str| Err(SupervisionRefusal::BadFinding { why: why.to_owned() }.into());
        if self.title.trim().is_empty() || self.text.trim().is_empty() {
            return wrong("缺事项或要求");
        }
        if access::person(tx, &scene.county, self.owner.trim()).await?.is_none() {
            return wrong("没有这位承办人");
        }
        if self.due_on < scene.today {
            return Err(SupervisionRefusal::DueInThePast { due_on: self.due_on }.into());
        }
        if let Some((rule, object)) = &self.flag {
            let known = store::flags::flags(tx, &scene.county, &self.book.0, true).await?;
            if !known.iter().any(|kept| kept.flag.rule.as_str() == rule && kept.flag.object == *object) {
                return Err(SupervisionRefusal::UnknownFlag { rule: rule.clone(), object: object.clone() }.into());
            }
        }
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let finding = self.opened(store::findings::next_number(tx, &scene.county).await?, scene);
        store::findings::save(tx, &scene.county, &finding).await?;
        Ok(finding.finding)
    }
}

impl RaiseFinding {
    fn opened(&self, finding: i64, scene: &Scene) -> Finding {
        Finding {
            finding,
            book: self.book.clone(),
            flag: self.flag.clone(),
            title: self.title.trim().to_owned(),
            text: self.text.trim().to_owned(),
            owner: self.owner.trim().to_owned(),
            due_on: self.due_on,
            state: FindingState::Open,
            raised_by: scene.actor.clone(),
            raised_on: scene.today,
            answer: None,
            document: None,
            answered_by: None,
            answered_on: None,
            closed_by: None,
            closed_on: None,
        }
    }
}

async fn opened(tx: &mut Connection, scene: &Scene, book: &BookCode, finding: i64) -> Result<Finding, Stop> {
    ledger_store::lock_books(tx, scene.engine, &scene.county, &[book]).await?;
    let found = store::findings::finding(tx, &scene.county, finding).await?.filter(|found| found.book == *book);
    found.ok_or_else(|| SupervisionRefusal::UnknownFinding { finding }.into())
}

/// Answers a finding, naming the document that shows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AnswerFinding {
    /// The book.
    pub book: BookCode,
    /// The finding.
    pub finding: i64,
    /// The answer.
    pub answer: String,
    /// Voucher, claim or paper.
    #[serde(default)]
    pub document: Option<String>,
}

impl Act for AnswerFinding {
    const KIND: &'static str = "finding.answer";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::AnswerFinding, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let finding = opened(tx, scene, &self.book, self.finding).await?;
        finding.needs(FindingState::Open)?;
        if self.answer.trim().is_empty() {
            return Err(ReasonRefusal::Missing { what: "答复督办单".to_owned() }.into());
        }
        let answered = Finding {
            state: FindingState::Answered,
            answer: Some(self.answer.trim().to_owned()),
            document: self.document.clone(),
            answered_by: Some(scene.actor.clone()),
            answered_on: Some(scene.today),
            ..finding
        };
        Ok(store::findings::save(tx, &scene.county, &answered).await?)
    }
}

/// Closes an answered finding, or sends it back with a reason.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CloseFinding {
    /// The book.
    pub book: BookCode,
    /// The finding.
    pub finding: i64,
    /// Why it is sent back; closed when absent.
    #[serde(default)]
    pub back: Option<String>,
}

impl Act for CloseFinding {
    const KIND: &'static str = "finding.close";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Supervise, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let finding = opened(tx, scene, &self.book, self.finding).await?;
        finding.needs(FindingState::Answered)?;
        finding.closed_by(&scene.actor)?;
        let moved = match &self.back {
            Some(why) if why.trim().is_empty() => return Err(ReasonRefusal::Missing { what: "退回答复".to_owned() }.into()),
            Some(why) => {
                let answer = format!("{}(退回:{})", finding.answer.as_deref().unwrap_or(""), why.trim());
                Finding { state: FindingState::Open, answer: Some(answer), ..finding }
            }
            None => {
                let (closed_by, closed_on) = (Some(scene.actor.clone()), Some(scene.today));
                Finding { state: FindingState::Closed, closed_by, closed_on, ..finding }
            }
        };
        Ok(store::findings::save(tx, &scene.county, &moved).await?)
    }
}
