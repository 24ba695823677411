//! Keeping a claim and its photographs while it is with the clerk.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{WITH_THE_CLERK, moved, opened};
use crate::access::Permission;
use crate::db::{Connection, Stop};
use crate::exchange::photo::Photo;
use crate::ledger::books::service::refuse_ended;
use crate::ledger::{BookCode, store as ledger_store};
use crate::office::{Act, Scene, Target};
use crate::products::village_claims::claim::{Claim, ClaimPhoto, ClaimState, Content};
use crate::products::village_claims::refusal::ClaimRefusal;
use crate::products::village_claims::store;

/// Most photographs of a claim.
pub const MOST_PHOTOS: i64 = 12;

/// Keeps a new claim, or what a claim says now; answers its number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeepClaim {
    /// The book.
    pub book: BookCode,
    /// The claim; a new one when absent.
    pub claim: Option<i64>,
    /// What it says.
    pub content: Content,
}

impl Act for KeepClaim {
    const KIND: &'static str = "claim.keep";
    type Answer = i64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Claim, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<i64, Stop> {
        if let Some(number) = self.claim {
            let claim = opened(tx, scene, &self.book, number).await?;
            claim.needs(&WITH_THE_CLERK)?;
            store::save(tx, &scene.county, &self.book, &Claim { content: self.content.clone(), ..claim }).await?;
            return Ok(number);
        }
        super::place_of(tx, &scene.county, &self.book).await?;
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        refuse_ended(tx, &scene.county, &self.book).await?;
        let claim = Claim {
            claim: store::next_number(tx, &scene.county, &self.book).await?,
            state: ClaimState::Draft,
            content: self.content.clone(),
            made_by: scene.actor.clone(),
            made_at: scene.at.clone(),
            sent_on: None,
            accepted_by: None,
            voucher: None,
            handover: None,
            photos: 0,
        };
        moved(tx, scene, &self.book, &claim, ("填报", Vec::new())).await?;
        Ok(claim.claim)
    }
}

/// Adds a photographed bill, made small and anonymous before; answers its number. The same picture again is there already.
#[derive(Debug, Clone, Serialize)]
pub struct AddPhoto {
    /// The book.
    pub book: BookCode,
    /// The claim.
    pub claim: i64,
    /// Name of the file.
    pub name: String,
    /// SHA-256 of the picture, hex.
    pub digest: String,
    /// Pixels across and down.
    pub size: (u32, u32),
    /// The picture.
    #[serde(skip)]
    pub content: Vec<u8>,
}

impl AddPhoto {
    /// From a cleaned photograph.
    pub fn new(book: BookCode, claim: i64, name: String, photo: Photo) -> AddPhoto {
        let digest = hex::encode(Sha256::digest(&photo.content));
        AddPhoto { book, claim, name, digest, size: (photo.width, photo.height), content: photo.content }
    }
}

impl Act for AddPhoto {
    const KIND: &'static str = "claim.photo";
    type Answer = i64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Claim, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<i64, Stop> {
        let claim = opened(tx, scene, &self.book, self.claim).await?;
        let there = store::photos(tx, &scene.county, &self.book, self.claim).await?;
        if let Some(same) = there.iter().find(|photo| photo.digest == self.digest) {
            return Ok(same.photo);
        }
        claim.needs(&WITH_THE_CLERK)?;
        if there.len() as i64 >= MOST_PHOTOS {
            return Err(ClaimRefusal::TooManyPhotos { claim: self.claim, most: MOST_PHOTOS }.into());
        }
        let photo = ClaimPhoto {
            photo: there.last().map_or(0, |last| last.photo) + 1,
            digest: self.digest.clone(),
            name: self.name.clone(),
            width: self.size.0.into(),
            height: self.size.1.into(),
        };
        let at = (&self.book, self.claim);
        store::add_photo(tx, &scene.county, at, &photo, &self.content, (&scene.actor, &scene.at)).await?;
        Ok(photo.photo)
    }
}

/// Takes a photograph off a claim.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RemovePhoto {
    /// The book.
    pub book: BookCode,
    /// The claim.
    pub claim: i64,
    /// Which.
    pub photo: i64,
}

impl Act for RemovePhoto {
    const KIND: &'static str = "claim.photo_remove";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Claim, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        opened(tx, scene, &self.book, self.claim).await?.needs(&WITH_THE_CLERK)?;
        if store::remove_photo(tx, &scene.county, &self.book, self.claim, self.photo).await? == 0 {
            return Err(ClaimRefusal::UnknownPhoto { claim: self.claim, photo: self.photo }.into());
        }
        Ok(())
    }
}
