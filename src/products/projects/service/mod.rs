//! Acts on projects: the card and its approval (`keep`), contracts, progress and lists (`works`), money (`money`),
//! acceptance, settlement and the asset (`ending`), what becomes of it when the village is merged (`moving`); `wholes` reads
//! them for papers.

pub mod ending;
pub mod keep;
pub mod money;
pub mod moving;
pub mod wholes;
pub mod works;

use chrono::Datelike;

use super::card::Project;
use super::deed::Deed;
use super::payment::At;
use super::posting_rules::Under;
use super::refusal::ProjectRefusal;
use super::standing::Standing;
use super::store::{self, Done};
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::books::service::regime_in;
use crate::ledger::posting_map::account_for;
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::{AccountCode, BookCode, Regime, Voucher, store as ledger_store};
use crate::money::Amount;
use crate::office::Scene;

/// A project of a locked book, with where it stands and the regime of a date's year.
pub struct Opened {
    /// The book.
    pub book: BookCode,
    /// The project.
    pub project: Project,
    /// Its standing.
    pub standing: Standing,
    /// The regime.
    pub regime: &'static Regime,
}

impl Opened {
    /// As the checks take it.
    pub fn at(&self) -> At<'_> {
        At { project: &self.project.project, card: &self.project.card, standing: &self.standing }
    }

    fn under<'a>(&'a self, on: BusinessDate, money: Option<&'a AccountCode>) -> Under<'a> {
        Under { book: &self.book, regime: self.regime, on, project: &self.project.project, card: &self.project.card, money }
    }

    /// Debit less credit of the account for a use, for this project.
    async fn balance(&self, tx: &mut Connection, scene: &Scene, usage: &str) -> Result<Amount, Stop> {
        let account = account_for(self.regime, usage)?;
        let all = store::balances(tx, &scene.county, &self.book, &[&account], None).await?;
        Ok(all.get(&(account.0, self.project.project.clone())).copied().unwrap_or_default())
    }

    /// Writes a deed down.
    async fn did(
        &mut self,
        tx: &mut Connection,
        scene: &Scene,
        (on, deed): (BusinessDate, &Deed),
        (event, voucher): (Option<&str>, Option<i64>),
    ) -> Result<i64, Stop> {
        self.standing.take(on, deed);
        let done = Done { on, by: &scene.actor, at: &scene.at, event, voucher };
        let here = (&self.book, self.project.project.as_str());
        Ok(store::add_deed(tx, &scene.county, here, (deed, self.standing.state().as_str()), done).await?)
    }

    /// Posts what a deed means and writes it down.
    async fn posted(
        &mut self,
        tx: &mut Connection,
        scene: &Scene,
        (on, deed): (BusinessDate, &Deed),
        vouchers: &[Voucher],
    ) -> Result<Vec<Numbered>, Stop> {
        let event = scene.draw_id();
        let kind = format!("project_{}", deed.words().0);
        let what = serde_json::json!({ "book": self.book, "project": self.project.project, "deed": deed });
        ledger_store::save_event(tx, &scene.county, (&event, &kind, &on.to_string()), &what, &scene.at).await?;
        let numbered = if vouchers.is_empty() { Vec::new() } else { ledger::post(tx, scene, vouchers, Some(&event)).await? };
        self.did(tx, scene, (on, deed), (Some(&event), numbered.first().map(|numbered| numbered.1.0))).await?;
        Ok(numbered)
    }
}

/// A project of a book, the book locked. Refuses one the book does not have (U-301).
pub async fn opened(
    tx: &mut Connection,
    scene: &Scene,
    (book, project): (&BookCode, &str),
    on: BusinessDate,
) -> Result<Opened, Stop> {
    ledger_store::lock_books(tx, scene.engine, &scene.county, &[book]).await?;
    let found = store::project(tx, &scene.county, book, project).await?;
    let found = found.ok_or_else(|| ProjectRefusal::UnknownProject { project: project.to_owned(), book: book.to_string() })?;
    let (_, standing) = store::standing(tx, &scene.county, (book, project), None).await?;
    let regime = regime_in(tx, &scene.county, book, on.year()).await?;
    Ok(Opened { book: book.clone(), project: found, standing, regime })
}

/// Refuses a blank document (U-102).
fn document(project: &str, what: &str, document: &str) -> Result<String, ProjectRefusal> {
    if document.trim().is_empty() {
        return Err(ProjectRefusal::NeedsDocument { project: project.to_owned(), what: what.to_owned() });
    }
    Ok(document.trim().to_owned())
}
