//! Five classes: ours by days past due, in chunks; the bank's as imported.

use chrono::Days;
use serde::{Deserialize, Serialize};

use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::office::{Act, Scene, Target};
use crate::products::microloan::classification::RiskClass;
use crate::products::microloan::refusal::LoanRefusal;
use crate::products::microloan::state::LoanState;
use crate::products::microloan::store::{as_of, standings};

/// Sets our class of the next loans after a number by their days past due on a date, and puts loans past due into overdue.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ClassifyChunk {
    /// The date.
    pub on: BusinessDate,
    /// Last loan of the chunk before; blank at first.
    pub after: String,
    /// How many loans at most.
    pub limit: i64,
}

impl Act for ClassifyChunk {
    const KIND: &'static str = "loan.classify";
    /// Last loan of the chunk (`None` at the end), and how many changed.
    type Answer = (Option<String>, u64);

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(Option<String>, u64), Stop> {
        let Some(last) = standings::page_end(tx, &scene.county, &self.after, self.limit).await? else { return Ok((None, 0)) };
        // Past due for 1, 91, 271 and 361 days begin after these.
        let borders = [0, 90, 270, 360].map(|days| (self.on - Days::new(days)).to_string());
        let changed = standings::classify(tx, &scene.county, (&self.after, &last), &borders).await?;
        let changed = changed + self.classify_unsettled(tx, &scene.county, &last).await?;
        standings::copy_states(tx, &scene.county, (&self.after, &last)).await?;
        Ok((Some(last), changed))
    }
}

impl ClassifyChunk {
    /// Classes the loans of the chunk on which something fell due that is not settled: by their facts.
    async fn classify_unsettled(&self, tx: &mut Connection, county: &str, last: &str) -> Result<u64, Stop> {
        let loans = standings::unsettled(tx, county, (&self.after, last), &self.on.to_string()).await?;
        let positions = as_of::positions(tx, county, &loans, self.on).await?;
        let mut rows = Vec::with_capacity(positions.len());
        for (loan, position) in &positions {
            let class = RiskClass::by_days(position.days_past_due(), position.written_off.is_positive());
            let moved = (position.state == LoanState::Overdue).then_some(LoanState::Overdue.as_str());
            rows.push((loan.as_str(), class.as_str(), moved));
        }
        Ok(standings::save_own_classes(tx, county, &rows).await?)
    }
}

/// Keeps the classes a bank gives: (loan, class in words).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportBankClasses {
    /// Loan and class.
    pub classes: Vec<(String, String)>,
}

impl Act for ImportBankClasses {
    const KIND: &'static str = "loan.bank_classes";
    type Answer = u64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepLoans, Target::Loans(self.classes.iter().map(|(loan, _)| loan.as_str()).collect()))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<u64, Stop> {
        let mut rows = Vec::with_capacity(self.classes.len());
        for (loan, class) in &self.classes {
            let class = RiskClass::parse(class).ok_or_else(|| LoanRefusal::UnknownWord { text: class.clone() })?;
            rows.push((loan.as_str(), class.as_str()));
        }
        Ok(standings::save_bank_classes(tx, &scene.county, &rows).await?)
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "loans": self.classes.len() })
    }
}
