//! Contracts, progress, lists of material and labour, and what a finished project brings.

use serde::{Deserialize, Serialize};

use super::{document, opened};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::BookCode;
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::products::projects::card::ProjectState;
use crate::products::projects::deed::{Contract, Deed, Work};

/// Registers a contract.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddContract {
    /// The book.
    pub book: BookCode,
    /// The project.
    pub project: String,
    /// Signed on.
    pub on: BusinessDate,
    /// The contract.
    pub contract: Contract,
}

impl Act for AddContract {
    const KIND: &'static str = "project.contract";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepVouchers, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let mut project = opened(tx, scene, (&self.book, &self.project), self.on).await?;
        project.at().contract(&self.contract)?;
        project.at().after_approval(self.on)?;
        project.did(tx, scene, (self.on, &Deed::Contracted(self.contract.clone())), (None, None)).await?;
        Ok(())
    }
}

/// Fills in the progress card (项目进度卡).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecordProgress {
    /// The book.
    pub book: BookCode,
    /// The project.
    pub project: String,
    /// As of which day.
    pub on: BusinessDate,
    /// Per cent done.
    pub percent: i64,
    /// What was done.
    pub note: String,
}

impl Act for RecordProgress {
    const KIND: &'static str = "project.progress";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepVouchers, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let mut project = opened(tx, scene, (&self.book, &self.project), self.on).await?;
        project.at().progress(self.percent, self.on)?;
        let note = document(&self.project, "进度说明", &self.note)?;
        project.did(tx, scene, (self.on, &Deed::Progressed { percent: self.percent, note }), (None, None)).await?;
        Ok(())
    }
}

/// Lists material and labour of a self-built work.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecordWork {
    /// The book.
    pub book: BookCode,
    /// The project.
    pub project: String,
    /// Date of the list.
    pub on: BusinessDate,
    /// The lines.
    pub lines: Vec<Work>,
}

impl Act for RecordWork {
    const KIND: &'static str = "project.work";
    type Answer = Amount;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepVouchers, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Amount, Stop> {
        let mut project = opened(tx, scene, (&self.book, &self.project), self.on).await?;
        project.at().work(&self.lines)?;
        project.at().after_approval(self.on)?;
        let deed = Deed::Worked { lines: self.lines.clone() };
        project.did(tx, scene, (self.on, &deed), (None, None)).await?;
        Ok(deed.amount())
    }
}

/// Writes down what a finished project brought in a year.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecordBenefit {
    /// The book.
    pub book: BookCode,
    /// The project.
    pub project: String,
    /// Date.
    pub on: BusinessDate,
    /// Of which year.
    pub year: i64,
    /// How much.
    pub amount: Amount,
    /// To how many households.
    pub households: i64,
    /// Shown by.
    pub document: String,
}

impl Act for RecordBenefit {
    const KIND: &'static str = "project.benefit";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepVouchers, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let mut project = opened(tx, scene, (&self.book, &self.project), self.on).await?;
        project.at().needs(&[ProjectState::Finished])?;
        project.at().positive(self.amount)?;
        let document = document(&self.project, "后续收益", &self.document)?;
        let deed = Deed::Benefited { year: self.year, amount: self.amount, households: self.households.max(0), document };
        project.did(tx, scene, (self.on, &deed), (None, None)).await?;
        Ok(())
    }
}
