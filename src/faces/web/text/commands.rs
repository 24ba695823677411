//! English names of commands and their fields; the grammar's help has the Chinese ones.
//!
//! Pure. `commands_en.csv`: a line with a command alone is its title, one with a field alone that field's name everywhere,
//! one with both the name it has on that command. A test finds what lacks one.

use std::collections::HashMap;
use std::sync::LazyLock;

const LINES: &str = include_str!("commands_en.csv");

type Names = HashMap<(String, String), String>;

fn names() -> &'static Names {
    static NAMES: LazyLock<Names> = LazyLock::new(|| {
        let mut reader = csv::Reader::from_reader(LINES.as_bytes());
        let lines = reader.deserialize::<(String, String, String)>().filter_map(Result::ok);
        lines.map(|(command, field, text)| ((command, field), text)).collect()
    });
    &NAMES
}

fn name(command: &str, field: &str) -> Option<&'static str> {
    names().get(&(command.to_owned(), field.to_owned())).map(String::as_str)
}

/// The title of a command, or of a noun.
pub fn title_in_english(words: &str) -> Option<&'static str> {
    name(words, "")
}

/// The name of a command's field.
pub fn label_in_english(words: &str, field: &str) -> Option<&'static str> {
    name(words, field).or_else(|| name("", field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faces::commands::COMMANDS;
    use crate::faces::commands::grammar::Form;
    use crate::faces::web::desks::DESKS;

    #[test]
    fn every_command_and_field_has_a_name_in_english() {
        let mut missing = Vec::new();
        for noun in DESKS.iter().flat_map(|desk| desk.nouns) {
            missing.extend(title_in_english(noun).is_none().then(|| format!("{noun},,")));
        }
        for command in COMMANDS {
            missing.extend(title_in_english(command.words).is_none().then(|| format!("{},,", command.words)));
            let fields = &Form::of(command.words).expect("the catalogue stands in the grammar").fields;
            let unnamed = fields.iter().filter(|field| label_in_english(command.words, &field.name).is_none());
            missing.extend(unnamed.map(|field| format!("{},{},", command.words, field.name)));
        }
        assert!(missing.is_empty(), "add to src/faces/web/text/commands_en.csv: {missing:#?}");
    }

    #[test]
    fn every_line_names_something() {
        for (command, field) in names().keys() {
            let form = (!command.is_empty()).then(|| Form::of(command).unwrap_or_else(|| panic!("{command} is no command")));
            let known = match form {
                Some(form) => field.is_empty() || form.field(field).is_some(),
                None => COMMANDS.iter().any(|known| Form::of(known.words).is_some_and(|form| form.field(field).is_some())),
            };
            assert!(known, "{command} has no field {field}");
        }
        assert!(names().len() > 400);
    }
}
