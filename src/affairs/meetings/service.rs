//! Acts on meetings: a matter is opened, a step of it is held; and the look others take at a decision they point to.

use serde::{Deserialize, Serialize};

use super::{Held, store};
use crate::access::Permission;
use crate::affairs::refusal::AffairsRefusal;
use crate::db::{Connection, Stop};
use crate::ledger::{BookCode, store as ledger_store};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};

/// How a record points to a matter: 会议 and its number.
const POINTER: &str = "会议";

/// Opens a matter; answers its number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OpenMatter {
    /// The book.
    pub book: BookCode,
    /// What about.
    pub subject: String,
    /// The sum it is about; zero for none.
    pub amount: Amount,
}

impl Act for OpenMatter {
    const KIND: &'static str = "meeting.open";
    type Answer = i64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepVouchers, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<i64, Stop> {
        if self.subject.trim().is_empty() || self.amount.is_negative() {
            return Err(AffairsRefusal::Incomplete { what: "事项、金额".to_owned() }.into());
        }
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let what = (self.subject.trim(), self.amount);
        Ok(store::insert(tx, &scene.county, &self.book, what, (&scene.actor, &scene.at)).await?)
    }
}

/// A step of a matter is held.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HoldStep {
    /// The book.
    pub book: BookCode,
    /// The matter.
    pub meeting: i64,
    /// The step.
    pub held: Held,
}

impl Act for HoldStep {
    const KIND: &'static str = "meeting.hold";
    type Answer = bool;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepVouchers, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<bool, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let unknown = || AffairsRefusal::UnknownMeeting { meeting: self.meeting, book: self.book.to_string() };
        let found = store::matters(tx, &scene.county, &self.book, Some(self.meeting.max(1))).await?;
        let matter = found.into_iter().find(|matter| matter.meeting == self.meeting).ok_or_else(unknown)?;
        matter.check(&self.held)?;
        let here = (&self.book, self.meeting);
        store::add_step(tx, &scene.county, here, &self.held, (&scene.actor, &scene.at)).await?;
        Ok(self.held.passes())
    }
}

/// Looks at a record's number: one that points to a matter of this book (`会议3`) must point to a decided one (Z-206, Z-303);
/// any other number is of a paper elsewhere and is taken as it is.
pub async fn check_pointer(tx: &mut Connection, county: &str, book: &BookCode, record: &str) -> Result<(), Stop> {
    let Some(number) = record.trim().strip_prefix(POINTER).and_then(|rest| rest.trim().parse::<i64>().ok()) else {
        return Ok(());
    };
    let found = store::matters(tx, county, book, Some(number.max(1))).await?;
    let unknown = || AffairsRefusal::UnknownMeeting { meeting: number, book: book.to_string() };
    let matter = found.into_iter().find(|matter| matter.meeting == number).ok_or_else(unknown)?;
    if !matter.is_decided() {
        return Err(AffairsRefusal::NotDecided { meeting: number, standing: matter.standing() }.into());
    }
    Ok(())
}
