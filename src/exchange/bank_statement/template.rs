//! A mapping kept under a name and recognised when a file with the same head comes again.
//!
//! Pure.
//!
//! 1. A template fits a file whose head has exactly the template's headings, in any order.

use serde::{Deserialize, Serialize};

use super::{DebitMeans, SideProof};
use crate::exchange::headings::{Mapping, normal_heading};
use crate::exchange::records_in::TableFacts;
use crate::exchange::rows_in::{ReadOptions, for_each_row};
use crate::refusal::Refusal;

/// What is known about one kind of file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its name, such as 农商行网银.
    pub name: String,
    /// The file's headings, normalised and sorted, joined by `|`.
    pub headings: String,
    /// Mapping lines `目标=表头`.
    pub mapping: String,
    /// What 借 means, where it was once settled.
    pub debit_means: Option<DebitMeans>,
}

/// The headings of a read table as templates compare them.
pub fn headings_of(table: &TableFacts) -> String {
    let used = table.used.iter().map(|(_, heading)| heading.as_str());
    joined(used.chain(table.unknown.iter().map(String::as_str)))
}

fn joined<'a>(headings: impl Iterator<Item = &'a str>) -> String {
    let mut headings: Vec<String> = headings.map(normal_heading).filter(|heading| !heading.is_empty()).collect();
    headings.sort();
    headings.join("|")
}

impl Template {
    /// The template of a file that was read: its head, the mapping used, the side proven.
    pub fn of(name: &str, table: &TableFacts, mapping: &str, proof: Option<&SideProof>) -> Template {
        let means = |proof: &SideProof| if proof.turned { DebitMeans::In } else { DebitMeans::Out };
        Template {
            name: name.to_owned(),
            headings: headings_of(table),
            mapping: mapping.to_owned(),
            debit_means: proof.filter(|proof| proof.basis == super::side::Basis::DebitCredit).map(means),
        }
    }

    /// Its mapping.
    pub fn mapping(&self) -> Result<Mapping, Refusal> {
        Ok(Mapping::parse(&self.mapping)?)
    }
}

/// The template whose head one of the first rows of the file is; the first by name of several.
pub fn recognise<'t>(bytes: &[u8], options: &ReadOptions, templates: &'t [Template]) -> Option<&'t Template> {
    let (mut rows, mut found): (usize, Option<&Template>) = (0, None);
    // The reading is ended by a refusal as soon as the head is found or the first rows are over.
    let enough = || super::StatementRefusal::NoLines { format: String::new() }.refusal();
    let _ = for_each_row(bytes, options, &mut |row| {
        rows += 1;
        let head = joined(row.cells.iter().map(|cell| cell.text.as_str()));
        found = templates.iter().filter(|template| template.headings == head).min_by_key(|template| &template.name);
        if found.is_some() || rows >= 60 { Err(enough()) } else { Ok(()) }
    });
    found
}
