//! Projects of a village that is merged go on in the book that takes its balances.
//!
//! 1. What goes over is the whole: card, approval, contracts, progress, lists, payments, claims. Nothing of it is done twice.
//! 2. The old card stays readable, says where the project went, and takes no further deed.
//! 3. Balances are not touched here: they go over with all the others of the book, under the project's new code.

use std::collections::BTreeMap;

use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::{BookCode, Dimension};
use crate::office::Scene;
use crate::products::projects::card::Project;
use crate::products::projects::deed::{Deed, KeptDeed};
use crate::products::projects::standing::Standing;
use crate::products::projects::store::{self, Done};

/// From which book into which, since when, by which decision, and the codes that change on the way: dimension and code, new code.
#[derive(Debug, Clone, Copy)]
pub struct Move<'a> {
    /// The book that ends.
    pub from: &'a BookCode,
    /// The book that goes on.
    pub into: &'a BookCode,
    /// First day of that.
    pub on: BusinessDate,
    /// The decision.
    pub document: &'a str,
    /// Codes that are somebody else's there.
    pub renamed: &'a BTreeMap<(String, String), String>,
}

impl Move<'_> {
    fn code(&self, dimension: Dimension, code: &str) -> String {
        let key = (dimension.as_str().to_owned(), code.to_owned());
        self.renamed.get(&key).cloned().unwrap_or_else(|| code.to_owned())
    }

    /// What was done so far, as the other book takes it: deeds that count, with the codes their people have there.
    fn history(&self, deeds: &[KeptDeed]) -> Vec<(BusinessDate, Deed)> {
        let party = |code: &str| self.code(Dimension::Party, code);
        let counted = deeds.iter().filter(|kept| !kept.undone);
        let own = counted.flat_map(|kept| match &kept.deed {
            Deed::MovedIn { deeds, .. } => deeds.clone(),
            deed => vec![(kept.on, deed.clone())],
        });
        own.map(|(on, deed)| (on, deed.with_parties(&party))).collect()
    }
}

/// Moves every project that goes on; both books are locked.
pub async fn move_projects(tx: &mut Connection, scene: &Scene, over: Move<'_>) -> Result<(), Stop> {
    for project in store::projects(tx, &scene.county, over.from).await? {
        let (deeds, standing) = store::standing(tx, &scene.county, (over.from, &project.project), None).await?;
        if standing.goes_on(&project.card) {
            go_on(tx, scene, over, (project, &deeds, &standing)).await?;
        }
    }
    Ok(())
}

async fn go_on(
    tx: &mut Connection,
    scene: &Scene,
    over: Move<'_>,
    (old, deeds, standing): (Project, &[KeptDeed], &Standing),
) -> Result<(), Stop> {
    let done = Done { on: over.on, by: &scene.actor, at: &scene.at, event: None, voucher: None };
    let document = over.document.to_owned();
    let new = Project { project: over.code(Dimension::Project, &old.project), ..old.clone() };
    let (project, claimed) = (old.project.clone(), standing.claimed);
    let came =
        Deed::MovedIn { book: over.from.0.clone(), project, document: document.clone(), deeds: over.history(deeds), claimed };
    let went = Deed::MovedOut { book: over.into.0.clone(), project: new.project.clone(), document };
    store::save(tx, &scene.county, over.into, &new, &scene.at).await?;
    for (book, project, deed, before) in
        [(over.into, &new.project, &came, Standing::default()), (over.from, &old.project, &went, standing.clone())]
    {
        let state = before.after(over.on, deed).state();
        store::add_deed(tx, &scene.county, (book, project), (deed, state.as_str()), done).await?;
    }
    Ok(())
}
