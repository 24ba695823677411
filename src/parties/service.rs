//! Acts on the registers of households and banks.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::grading::grade;
use super::household::{Bank, Household, RegisterRefusal, stored_name};
use super::{ResidentId, mask_id, store};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::books::store::places;
use crate::office::{Act, Scene, Target};

/// Registers households; one already known is replaced, its standings kept. Refuses the list at the first household
/// that is wrong: wrong ids, unknown village, a person who is in another household.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RegisterHouseholds {
    /// The households.
    pub households: Vec<Household>,
}

impl Act for RegisterHouseholds {
    const KIND: &'static str = "household.import";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        let villages: HashSet<String> = places(tx, &scene.county).await?.into_iter().map(|place| place.place).collect();
        let households = self.households.iter().map(|h| stored(h, &villages, scene.today)).collect::<Result<Vec<_>, Stop>>()?;
        refuse_doubles(tx, scene, &households).await?;
        store::save_households(tx, &scene.county, &households, &scene.at).await?;
        Ok(households.len())
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "households": self.households.len() })
    }
}

/// A household in its stored form, or why not.
fn stored(household: &Household, villages: &HashSet<String>, today: BusinessDate) -> Result<Household, Stop> {
    let mut stored = household.clone();
    let code = household.household.clone();
    if stored.people.is_empty() {
        return Err(RegisterRefusal::NobodyInIt { household: code }.into());
    }
    if stored.standings.is_empty() {
        return Err(RegisterRefusal::NoStanding { household: code }.into());
    }
    if !villages.contains(&stored.place) {
        return Err(RegisterRefusal::UnknownVillage { household: code, place: stored.place }.into());
    }
    for person in &mut stored.people {
        person.name = stored_name(&person.name);
        person.id_number = ResidentId::parse(&person.id_number, today)?.id.as_str().to_owned();
    }
    Ok(stored)
}

/// Refuses a person who is in two households, of this list or of the register.
async fn refuse_doubles(tx: &mut Connection, scene: &Scene, households: &[Household]) -> Result<(), Stop> {
    let people = || households.iter().flat_map(|h| h.people.iter().map(move |p| (p.id_number.as_str(), h.household.as_str())));
    let ids: Vec<[&str; 1]> = people().map(|(id, _)| [id]).collect();
    let known = store::households_of(tx, &scene.county, &ids).await?;
    let mut seen: HashMap<&str, &str> = known.iter().map(|(id, household)| (id.as_str(), household.as_str())).collect();
    for (id, household) in people() {
        let other = *seen.entry(id).or_insert(household);
        if other != household {
            let (household, other, id) = (household.to_owned(), other.to_owned(), mask_id(id));
            return Err(RegisterRefusal::InAnotherHousehold { household, other, id }.into());
        }
    }
    Ok(())
}

/// Shows the whole numbers of a household to somebody: what is done is that the trail says who looked, and why.
/// The numbers are read afterwards; they are in no answer that is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UnmaskHousehold {
    /// Which household.
    pub household: String,
    /// Why.
    pub why: String,
}

impl Act for UnmaskHousehold {
    const KIND: &'static str = "household.unmask";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let household = self.household.clone();
        if self.why.trim().is_empty() {
            return Err(RegisterRefusal::NoReason { household }.into());
        }
        if store::borrowers(tx, &scene.county, &[[&household]]).await?.is_empty() {
            return Err(RegisterRefusal::UnknownHousehold { household }.into());
        }
        Ok(())
    }
}

/// Registers banks and branches.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RegisterBanks {
    /// The banks, parents before branches.
    pub banks: Vec<Bank>,
}

impl Act for RegisterBanks {
    const KIND: &'static str = "bank.register";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        store::save_banks(tx, &scene.county, &self.banks).await?;
        Ok(self.banks.len())
    }
}

/// Grades households by a rule: (household, score).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GradeHouseholds {
    /// Day of the grading.
    pub on: BusinessDate,
    /// `AAA=90:50000 AA=80:40000 …`.
    pub rule: String,
    /// Household and score.
    pub scores: Vec<(String, i64)>,
}

impl Act for GradeHouseholds {
    const KIND: &'static str = "household.grade";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        let asked: Vec<[&str; 1]> = self.scores.iter().map(|(household, _)| [household.as_str()]).collect();
        let known: HashSet<String> =
            store::borrowers(tx, &scene.county, &asked).await?.into_iter().map(|b| b.household).collect();
        let mut rows = Vec::with_capacity(self.scores.len());
        for (household, score) in &self.scores {
            if !known.contains(household) {
                return Err(RegisterRefusal::UnknownHousehold { household: household.clone() }.into());
            }
            let graded = grade(*score, &self.rule)?;
            rows.push((household.as_str(), self.on.to_string(), *score, graded.grade, graded.limit.fen(), self.rule.as_str()));
        }
        store::save_grades(tx, &scene.county, &rows, &scene.actor).await?;
        Ok(rows.len())
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "households": self.scores.len(), "on": self.on, "rule": self.rule })
    }
}

/// Somebody who died or moved away.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GonePerson {
    /// Resident id.
    pub id_number: String,
    /// When they died.
    pub died_on: Option<BusinessDate>,
    /// When they moved away.
    pub moved_out_on: Option<BusinessDate>,
    /// Certificate or notice.
    pub document: String,
}

/// Registers who died or moved away, so that lists of payments are looked at.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RegisterGone {
    /// The people.
    pub people: Vec<GonePerson>,
}

impl Act for RegisterGone {
    const KIND: &'static str = "household.gone";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        let day = |on: Option<BusinessDate>| on.map(|on| on.to_string());
        let mut rows = Vec::with_capacity(self.people.len());
        for person in &self.people {
            let id = ResidentId::parse(&person.id_number, scene.today)?.id.as_str().to_owned();
            rows.push((id, day(person.died_on), day(person.moved_out_on), person.document.clone()));
        }
        store::save_gone(tx, &scene.county, &rows).await?;
        Ok(rows.len())
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "people": self.people.len() })
    }
}
