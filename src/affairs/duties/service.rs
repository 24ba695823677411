//! Acts on duty persons: somebody takes a post, leaves it.

use serde::{Deserialize, Serialize};

use super::{Duty, Post, store};
use crate::access::Permission;
use crate::affairs::refusal::AffairsRefusal;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::{BookCode, store as ledger_store};
use crate::office::{Act, Scene, Target};

/// Somebody takes a post; answers the number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TakePost {
    /// The book.
    pub book: BookCode,
    /// The post.
    pub post: Post,
    /// Who.
    pub name: String,
    /// From.
    pub from: BusinessDate,
    /// Through, if that is known.
    pub through: Option<BusinessDate>,
    /// The paper that appoints.
    pub document: String,
}

impl Act for TakePost {
    const KIND: &'static str = "duty.add";
    type Answer = i64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepBooks, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<i64, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let others = store::duties(tx, &scene.county, &self.book).await?;
        let duty = Duty {
            duty: others.last().map_or(0, |last| last.duty) + 1,
            post: self.post,
            name: self.name.trim().to_owned(),
            from: self.from,
            through: self.through,
            document: self.document.trim().to_owned(),
        };
        duty.check(&others)?;
        store::insert(tx, &scene.county, &self.book, &duty, (&scene.actor, &scene.at)).await?;
        Ok(duty.duty)
    }
}

/// Somebody leaves a post.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LeavePost {
    /// The book.
    pub book: BookCode,
    /// The number.
    pub duty: i64,
    /// The last day.
    pub through: BusinessDate,
}

impl Act for LeavePost {
    const KIND: &'static str = "duty.end";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepBooks, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let duties = store::duties(tx, &scene.county, &self.book).await?;
        let unknown = || AffairsRefusal::UnknownDuty { duty: self.duty, book: self.book.to_string() };
        let duty = duties.iter().find(|duty| duty.duty == self.duty).ok_or_else(unknown)?;
        if let Some(through) = duty.through {
            return Err(AffairsRefusal::DutyEnded { duty: self.duty, through }.into());
        }
        if self.through < duty.from {
            return Err(AffairsRefusal::EndsBefore { from: duty.from, through: self.through }.into());
        }
        Ok(store::set_through(tx, &scene.county, &self.book, self.duty, self.through).await?)
    }
}
