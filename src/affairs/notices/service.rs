//! Acts on notices: sent by the centre or the county, seen by a village.

use serde::{Deserialize, Serialize};

use super::{Notice, NoticeRefusal, store};
use crate::access::Permission;
use crate::db::{Connection, Stop};
use crate::ledger::BookCode;
use crate::office::{Act, Scene, Target};

/// Sends a notice: to one book by those who keep its books, or to all villages below a place by the county. Answers its number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendNotice {
    /// The one book; none for villages below a place.
    pub book: Option<BookCode>,
    /// The place, or the first digits of it; blank for the whole county.
    #[serde(default)]
    pub place: String,
    /// Title.
    pub title: String,
    /// What it says.
    pub words: String,
}

impl Act for SendNotice {
    const KIND: &'static str = "notice.send";
    type Answer = i64;

    fn needs(&self) -> (Permission, Target<'_>) {
        match &self.book {
            Some(book) => (Permission::AcceptClaims, Target::Book(book)),
            None => (Permission::KeepRegisters, Target::County),
        }
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<i64, Stop> {
        if self.title.trim().is_empty() || self.words.trim().is_empty() {
            return Err(NoticeRefusal::SaysNothing.into());
        }
        let book = self.book.as_ref().map_or("", |book| book.0.as_str());
        if store::readers(tx, &scene.county, (&self.place, book)).await? == 0 {
            return Err(NoticeRefusal::ForNobody { place: self.place.clone() }.into());
        }
        let notice = Notice {
            notice: 0,
            place: self.place.clone(),
            book: book.to_owned(),
            title: self.title.trim().to_owned(),
            words: self.words.trim().to_owned(),
            posted_by: scene.actor.clone(),
            posted_on: scene.today,
        };
        Ok(store::insert(tx, &scene.county, &notice, &scene.at).await?)
    }
}

/// Somebody of a village has read a notice.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SeeNotice {
    /// The village's book.
    pub book: BookCode,
    /// The notice.
    pub notice: i64,
}

impl Act for SeeNotice {
    const KIND: &'static str = "notice.see";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::AnswerFinding, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let known = store::of_book(tx, &scene.county, &self.book.0).await?;
        if !known.iter().any(|(notice, _)| notice.notice == self.notice) {
            return Err(NoticeRefusal::UnknownNotice { notice: self.notice }.into());
        }
        Ok(store::seen(tx, &scene.county, (self.notice, &self.book.0), (&scene.actor, &scene.at)).await?)
    }
}
