//! S10, step 3: which column of a waiting file serves what, chosen from lists with a sample value beside each heading.
//!
//! 1. What is chosen is a mapping like one typed in lines, and is kept as a template like one.
//! 2. Where nothing is chosen, the words county offices use decide; headings that serve nothing are named by the import.

use crate::exchange::head_look::look;
use crate::exchange::headings::Mapping;
use crate::exchange::rows_in::ReadOptions;
use crate::faces::commands::Command;
use crate::faces::commands::run::Filled;

/// What the fields of the choice are called, before the name of the target.
const FIELD: &str = "column.";

/// The commands that read a table, and which table of `exchange/headings.csv` it is.
const TABLES: [(&str, &str); 14] = [
    ("account import", "account"),
    ("bank import", "bank"),
    ("book opening", "opening"),
    ("member import", "member"),
    ("voucher import", "voucher"),
    ("household import", "household"),
    ("place import", "place"),
    ("loan import", "loan_application"),
    ("loan record", "loan_fact"),
    ("loan reconcile", "loan_list"),
    ("subsidy bank-list", "subsidy_list"),
    ("subsidy elsewhere", "subsidy_elsewhere"),
    ("payout draw-up", "payout_list"),
    ("payout results", "payout_results"),
];

/// One target and the headings that can serve it.
pub struct Choice {
    /// The field's name on the form.
    pub name: String,
    /// What it is, for people.
    pub label: &'static str,
    /// (heading, heading with a sample, chosen).
    pub headings: Vec<(String, String, bool)>,
}

/// The choices for the file that waits; none for a command that reads no such table or a file that is none.
pub fn choices(command: Command, filled: &Filled) -> Vec<Choice> {
    let table = TABLES.iter().find(|(words, _)| *words == command.words).map(|(_, table)| *table);
    let file = filled.files.iter().find(|file| file.field == "file");
    let Some((table, file)) = table.zip(file) else { return Vec::new() };
    let text = |name: &str| filled.value(name).map(str::to_owned);
    let options = ReadOptions { encoding: text("encoding"), sheet: text("sheet"), ..ReadOptions::default() };
    let typed = filled.files.iter().find(|file| file.field == "mapping").map(|file| String::from_utf8_lossy(&file.bytes));
    let mapping = typed.and_then(|text| Mapping::parse(&text).ok()).unwrap_or_default();
    let Ok(Some(look)) = look(&file.bytes, &options, table, &mapping) else { return Vec::new() };
    let shown = |index: usize| match look.samples[index].as_str() {
        "" => look.headings[index].clone(),
        sample => format!("{}(如 {})", look.headings[index], sample.chars().take(20).collect::<String>()),
    };
    let all = || (0..look.headings.len()).filter(|index| !look.headings[*index].trim().is_empty());
    let choice = |(field, label, serves): &(&str, &'static str, Option<usize>)| Choice {
        name: format!("{FIELD}{field}"),
        label,
        headings: all().map(|index| (look.headings[index].clone(), shown(index), Some(index) == *serves)).collect(),
    };
    look.targets.iter().map(choice).collect()
}

/// Takes the choices out of a form's fields, as the lines of a mapping; `None` where there was nothing to choose.
pub fn chosen(filled: &mut Filled) -> Option<String> {
    let is_choice = |(name, _): &(String, String)| name.starts_with(FIELD);
    let lines: Vec<String> = filled
        .values
        .iter()
        .filter(|pair| is_choice(pair))
        .filter(|(_, heading)| !heading.trim().is_empty())
        .map(|(name, heading)| format!("{}={heading}", &name[FIELD.len()..]))
        .collect();
    let asked = filled.values.iter().any(is_choice);
    filled.values.retain(|pair| !is_choice(pair));
    asked.then(|| lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::headings::Plan;
    use crate::faces::commands::COMMANDS;

    #[test]
    fn every_table_is_known_and_every_command_is_there() {
        for (words, table) in TABLES {
            assert!(COMMANDS.iter().any(|command| command.words == words), "{words}");
            assert!(!Plan { table, needs: &[] }.fields().is_empty(), "{table}");
        }
    }

    #[test]
    fn choices_become_a_mapping() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let values = vec![pair("column.household", "户号"), pair("book", "V001"), pair("column.place", "")];
        let mut filled = Filled { values, files: Vec::new() };
        assert_eq!(chosen(&mut filled).as_deref(), Some("household=户号"));
        assert_eq!(filled.values, [pair("book", "V001")]);
        assert_eq!(chosen(&mut filled), None);
    }
}
