//! Households from the spreadsheets townships keep: one row per person.
//!
//! Pure. The rows of a household may stand anywhere; the first is its head.
//!
//! 1. Every bad row is reported with its place; a household with a bad row is not taken.
//! 2. A resident id that stands in two households of the file is a problem of the later row.

use std::collections::{HashMap, HashSet};

use super::headings::Plan;
use super::problems::{RowProblem, RowRefusal};
use super::records_in::{Record, TableFacts, for_each_record};
use super::values_in::{date, id};
use super::vouchers_in::ImportOptions;
use crate::calendar::BusinessDate;
use crate::parties::household::{Household, HouseholdStatus, Person, RegisterRefusal, Standing, is_inexact, stored_name};
use crate::parties::{ResidentId, mask_id};
use crate::refusal::Refusal;

const PLAN: Plan =
    Plan { table: "household", needs: &[&[&["household"]], &[&["place"]], &[&["name"]], &[&["id_number"]], &[&["status"]]] };

/// What a file of households came to.
#[derive(Debug, Clone, Default)]
pub struct HouseholdsIn {
    /// The households without problems, in order of their first rows.
    pub households: Vec<Household>,
    /// Every problem, by row.
    pub problems: Vec<RowProblem>,
    /// Head row, columns used and not used.
    pub table: TableFacts,
}

/// Reads a file of households. Refuses only files that are no such table. Standings without a day begin on `since`.
pub fn read_households(
    bytes: &[u8],
    options: &ImportOptions,
    (today, since): (BusinessDate, BusinessDate),
) -> Result<HouseholdsIn, Refusal> {
    let mut reading = Reading {
        today,
        since,
        days: HashSet::new(),
        found: Vec::new(),
        at: HashMap::new(),
        ids: HashMap::new(),
        problems: Vec::new(),
    };
    let table = for_each_record(bytes, &options.read, &PLAN, &options.mapping, &mut |record| {
        if record.total_word().is_none() {
            reading.take(record);
        }
        Ok(())
    })?;
    let good = reading.found.into_iter().filter(|(_, bad)| !bad).map(|(household, _)| household).collect();
    Ok(HouseholdsIn { households: good, problems: reading.problems, table })
}

struct Reading {
    today: BusinessDate,
    since: BusinessDate,
    found: Vec<(Household, bool)>,
    at: HashMap<String, usize>,
    ids: HashMap<String, String>,
    /// Household and day of every standing.
    days: HashSet<(usize, BusinessDate)>,
    problems: Vec<RowProblem>,
}

impl Reading {
    fn take(&mut self, record: &Record<'_>) {
        let code = match id(record.get("household")) {
            Ok(Some(code)) => code,
            Ok(None) => {
                return self
                    .problems
                    .push(record.problem("household", RowRefusal::BadCode { what: "户编号".into(), text: String::new() }));
            }
            Err(why) => return self.problems.push(record.problem("household", why)),
        };
        let before = self.problems.len();
        let person = self.person(record, &code);
        let standing = self.standing(record);
        let place = id(record.get("place")).map_err(|why| self.problems.push(record.problem("place", why))).ok().flatten();
        let bad = self.problems.len() > before;
        let index = *self.at.entry(code.clone()).or_insert(self.found.len());
        if index == self.found.len() {
            let household = Household {
                household: code,
                place: place.unwrap_or_default(),
                people: Vec::new(),
                standings: Vec::new(),
                phone: Some(record.text("phone").to_owned()).filter(|text| !text.is_empty()),
                bank_account: id(record.get("bank_account")).ok().flatten(),
                moved_out_on: None,
            };
            self.found.push((household, false));
        }
        let (household, is_bad) = &mut self.found[index];
        *is_bad |= bad;
        household.people.extend(person);
        household.standings.extend(standing.filter(|new| self.days.insert((index, new.from))));
    }

    fn person(&mut self, record: &Record<'_>, household: &str) -> Option<Person> {
        let name = stored_name(record.text("name"));
        if name.is_empty() || is_inexact(&name) {
            self.problems.push(record.problem("name", RegisterRefusal::InexactName { name: name.clone() }));
        }
        let text = match id(record.get("id_number")) {
            Ok(text) => text.unwrap_or_default(),
            Err(why) => {
                self.problems.push(record.problem("id_number", why));
                return None;
            }
        };
        let checked = ResidentId::parse(&text, self.today).map_err(|why| self.problems.push(record.problem("id_number", why)));
        let id_number = checked.ok()?.id.as_str().to_owned();
        let other = self.ids.entry(id_number.clone()).or_insert_with(|| household.to_owned());
        if other != household {
            let (household, other, id) = (household.to_owned(), other.clone(), mask_id(&id_number));
            self.problems.push(record.problem("id_number", RegisterRefusal::InAnotherHousehold { household, other, id }));
        }
        let relation = Some(record.text("relation")).filter(|text| !text.is_empty()).unwrap_or("户主").to_owned();
        let is_able = !matches!(record.text("labour"), "无" | "否" | "无劳动能力" | "丧失劳动能力" | "0");
        Some(Person { name, id_number, relation, is_able })
    }

    fn standing(&mut self, record: &Record<'_>) -> Option<Standing> {
        let text = record.text("status").to_owned();
        let status = HouseholdStatus::parse(&text);
        if status.is_none() {
            self.problems.push(record.problem("status", RegisterRefusal::UnknownStatus { text }));
        }
        let from = date(record.get("status_from")).map_err(|why| self.problems.push(record.problem("status_from", why))).ok()?;
        Some(Standing { from: from.unwrap_or(self.since), status: status?, document: record.text("document").to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_household_come_together_and_doubles_are_found() {
        let text = "户编号,村代码,姓名,身份证号,与户主关系,劳动能力,户类型,认定日期\n\
                    H1,459900101201,王䶮,459900199003070189,户主,有,脱贫户,2018-12-31\n\
                    H2,459900102201,扎西•次仁,519900198511120260,,无,边缘户,\n\
                    H1,459900101201,王喆,459900190001010015,子,有,脱贫户,2018-12-31\n\
                    H3,459900102201,李?,519900198511120260,户主,有,富裕户,2018-12-31\n";
        let day = |text: &str| text.parse().unwrap();
        let read = read_households(text.as_bytes(), &ImportOptions::default(), (day("2026-10-31"), day("2014-01-01"))).unwrap();
        let codes: Vec<_> = read.problems.iter().map(|problem| (problem.row, problem.code.as_str())).collect();
        assert_eq!(codes, [(4, "I-104"), (5, "I-607"), (5, "I-603"), (5, "I-605")]);
        assert_eq!(read.households.len(), 1);
        assert_eq!((read.households[0].people[0].name.as_str(), read.households[0].labour()), ("扎西·次仁", 0));
    }
}
