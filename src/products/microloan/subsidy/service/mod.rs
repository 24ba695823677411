//! Acts on subsidy batches: run in chunks, review, notice, approval, payment, returns; the bank's list.

pub mod run;
pub mod steps;

pub use run::{SubsidyChunk, subsidy_run};
pub use steps::{BatchStep, EnterClaimsElsewhere, ImportBankList, ReceiveSubsidy, StepBatch};

use super::entitlement::Window;
use super::refusal::SubsidyRefusal;
use super::store::{self, Batch};
use crate::calendar::AccountingPeriod;
use crate::db::{Connection, Stop};

/// The days of a batch: `2026Q3` or `2026`.
pub fn window(batch: &str) -> Result<Window, SubsidyRefusal> {
    let wrong = || SubsidyRefusal::NotABatch { text: batch.to_owned() };
    let (year, months) = match batch.split_once('Q') {
        None => (batch, (1, 12)),
        Some((year, quarter)) => {
            let quarter = quarter.parse::<u32>().ok().filter(|quarter| (1..=4).contains(quarter)).ok_or_else(wrong)?;
            (year, (quarter * 3 - 2, quarter * 3))
        }
    };
    let year = year.parse::<i32>().ok().filter(|_| year.len() == 4).ok_or_else(wrong)?;
    let month = |month| AccountingPeriod::new(year, month).ok_or_else(wrong);
    Ok(Window { from: month(months.0)?.first_day(), through: month(months.1)?.last_day() })
}

pub(crate) async fn find(tx: &mut Connection, county: &str, batch: &str) -> Result<Batch, Stop> {
    let found = store::batches(tx, county).await?.into_iter().find(|found| found.batch == batch);
    Ok(found.ok_or_else(|| SubsidyRefusal::UnknownBatch { batch: batch.to_owned() })?)
}

pub(crate) fn needs_state(batch: &Batch, state: &str, step: &str) -> Result<(), SubsidyRefusal> {
    let name = batch.batch.clone();
    if let Some(why) = &batch.open_reason {
        return Err(SubsidyRefusal::MustRun { batch: name, why: why.clone() });
    }
    if batch.state != state {
        return Err(SubsidyRefusal::WrongBatchState { batch: name, state: batch.state.clone(), step: step.to_owned() });
    }
    Ok(())
}
