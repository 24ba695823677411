//! The boxes of a command's page: each field of the grammar as the page shows it, with what it can name here.
//!
//! 1. What was typed stands in its box again; a date of an act is today's until another is typed.
//! 2. A field that names a book, a bank account or a kind of share is a choice among those this person may use.

use super::command::Asked;
use super::known::known;
use super::text::{Texts, label_in_english};
use crate::db::Stop;
use crate::faces::commands::grammar::{Field, FieldKind, Form};
use crate::faces::commands::run::Filled;
use crate::faces::commands::{Command, Place};

/// A field as the page shows it.
pub struct Input {
    /// Its name in the request.
    pub name: String,
    /// Its name for people.
    pub label: String,
    /// Its hint.
    pub hint: String,
    /// Which kind of box: `text`, `date`, `month`, `money`, `number`, `choice`, `flag`, `file`, `lines`.
    pub kind: &'static str,
    /// Must be filled in.
    pub required: bool,
    /// What stands there.
    pub value: String,
    /// (word, what it means, chosen).
    pub choices: Vec<(String, String, bool)>,
}

/// The boxes of a command.
pub async fn boxes(asked: &Asked, command: Command, form: &Form, filled: &Filled) -> Result<Vec<Input>, Stop> {
    let mut boxes = Vec::new();
    let here = |field: &&Field| (field.name != "book" || command.place == Place::County) && field.name != "dry_run";
    for field in form.fields.iter().filter(here) {
        let typed = filled.values.iter().filter(|(name, _)| *name == field.name).map(|(_, value)| value.as_str());
        let typed = typed.collect::<Vec<_>>().join("\n");
        boxes.push(box_of(asked, command, field, typed).await?);
    }
    Ok(boxes)
}

async fn box_of(asked: &Asked, command: Command, field: &Field, typed: String) -> Result<Input, Stop> {
    let today = || asked.seat().web.office.today().to_string();
    let typed = if typed.is_empty() && field.name == "on" && !command.reads() { today() } else { typed };
    let known = known(asked, command, field).await?;
    let none_fits = known.as_ref().is_some_and(Vec::is_empty);
    let input = input_of(asked.seat().t(), command.words, field, typed, known);
    let hint = if none_fits { asked.seat().t().waiting().none_fits.to_owned() } else { input.hint };
    Ok(Input { hint, ..input })
}

/// A field as a page shows it, with what was typed there and, where it names something, what it can name.
pub fn input_of(t: &Texts, words: &str, field: &Field, typed: String, known: Option<Vec<(String, String)>>) -> Input {
    let value = if typed.is_empty() { field.default.clone() } else { typed };
    let choices = match (&field.kind, known) {
        (FieldKind::Choice(choices), _) if t.is_chinese() => choices.clone(),
        (FieldKind::Choice(choices), _) => {
            choices.iter().map(|(word, _)| (word.clone(), word.replace(['-', '_'], " "))).collect()
        }
        (_, known) => known.unwrap_or_default(),
    };
    let kind = match &field.kind {
        _ if !choices.is_empty() => "choice",
        FieldKind::Text if field.many => "lines",
        FieldKind::Text | FieldKind::Choice(_) => "text",
        FieldKind::Date => "date",
        FieldKind::Month => "month",
        FieldKind::Money => "money",
        FieldKind::Number => "number",
        FieldKind::Flag => "flag",
        FieldKind::File if field.name == "mapping" => "lines",
        FieldKind::File => "file",
    };
    // What was typed stands there though it is none of them: the command says why it cannot be.
    let typed_else = !value.is_empty() && !choices.is_empty() && !choices.iter().any(|(word, _)| *word == value);
    let choices = choices.into_iter().chain(typed_else.then(|| (value.clone(), value.clone()))).collect::<Vec<_>>();
    let chosen = |(word, label): (String, String)| {
        let is = word == value;
        (word, label, is)
    };
    Input {
        name: field.name.clone(),
        label: if t.is_chinese() { field.label.clone() } else { in_english(words, field) },
        hint: if t.is_chinese() { field.hint.clone() } else { String::new() },
        kind,
        required: field.required,
        choices: choices.into_iter().map(chosen).collect(),
        value,
    }
}

fn in_english(words: &str, field: &Field) -> String {
    label_in_english(words, &field.name).map_or_else(|| field.name.replace('_', " "), str::to_owned)
}
