//! The fields of a command, read from the grammar: what they are called, what they take, which must be there.
//!
//! Pure.
//!
//! 1. The grammar of the terminal is the only list of fields; what a page shows and a document describes is made from it.
//! 2. A help text's first clause is the field's name for people, the rest its hint.

use std::any::TypeId;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::LazyLock;

use clap::{Arg, ArgAction, CommandFactory};
use serde::Serialize;

use crate::affairs::assets::card::{AssetKind, AssetUse, Disposal};
use crate::affairs::duties::Post;
use crate::affairs::meetings::Step as MeetingStep;
use crate::affairs::residents::Item;
use crate::calendar::{AccountingPeriod, BusinessDate, DayCount};
use crate::faces::cli::args::Arguments;
use crate::ledger::{Dimension, EntityKind, FundClass};
use crate::money::Amount;
use crate::parties::organisations::OrganisationKind;
use crate::payouts::PayoutKind;
use crate::products::cooperative_shares::class::{ClassKind, FloorTiming, Participation, Shortfall, Source};
use crate::products::entrusted_funds::scheme;
use crate::products::leases::terms;
use crate::products::projects::card::ProjectKind;

/// What a field takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// Any text.
    Text,
    /// A date.
    Date,
    /// A month.
    Month,
    /// An amount in yuan.
    Money,
    /// A whole number.
    Number,
    /// One of these: (word, what it means).
    Choice(Vec<(String, String)>),
    /// Yes or no.
    Flag,
    /// A file's bytes.
    File,
}

/// A field of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name in requests.
    pub name: String,
    /// Its name for people, in Chinese.
    pub label: String,
    /// The rest of its help.
    pub hint: String,
    /// What it takes.
    pub kind: FieldKind,
    /// Must be there.
    pub required: bool,
    /// May be there several times.
    pub many: bool,
    /// Stands without its name on the command line.
    pub positional: bool,
    /// What it is when it is not there.
    pub default: String,
    /// As it is typed on the command line, without dashes.
    pub long: String,
}

/// A command as people and programs fill it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// What it does, in Chinese.
    pub about: String,
    /// Its fields, in the order of the grammar.
    pub fields: Vec<Field>,
}

impl Form {
    /// The form of a command or a noun; `None` if the grammar has no such words. The grammar is read once.
    pub fn of(words: &str) -> Option<&'static Form> {
        static FORMS: LazyLock<HashMap<String, Form>> = LazyLock::new(|| {
            let mut root = Arguments::command();
            root.build();
            let mut forms = HashMap::new();
            gather(&root, "", &mut forms);
            forms
        });
        FORMS.get(words)
    }

    /// The name of the command for people: its help's first clause.
    pub fn title(&self) -> &str {
        clause(&self.about).0
    }

    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field that the grammar calls this: `--book <BOOK>`, `<FILE>`.
    pub fn field_called(&self, word: &str) -> Option<&Field> {
        let typed = word.split([' ', '=']).next().unwrap_or_default();
        self.fields.iter().find(|field| {
            let bare = || field.positional && word.to_lowercase().contains(&format!("<{}>", field.name));
            !field.long.is_empty() && typed.strip_prefix("--") == Some(&field.long) || bare()
        })
    }

    /// True if it takes a file.
    pub fn takes_files(&self) -> bool {
        self.fields.iter().any(|field| field.kind == FieldKind::File)
    }
}

/// The forms below a command, by their words.
fn gather(command: &clap::Command, before: &str, into: &mut HashMap<String, Form>) {
    for below in command.get_subcommands() {
        let words = format!("{before} {}", below.get_name()).trim().to_owned();
        gather(below, &words, into);
        let own = |arg: &&Arg| !arg.is_global_set() && !matches!(arg.get_id().as_str(), "help" | "version");
        let fields = below.get_arguments().filter(own).map(field).collect();
        into.insert(words, Form { about: below.get_about().map(ToString::to_string).unwrap_or_default(), fields });
    }
}

/// A help text's first clause and the rest.
fn clause(help: &str) -> (&str, &str) {
    match help.find([';', ',', '(', ':', '。']) {
        Some(at) if at > 0 => (help[..at].trim(), help[at..].trim_matches([';', ',', ':', '。', ' '])),
        _ => (help.trim(), ""),
    }
}

fn field(arg: &Arg) -> Field {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let (label, hint) = clause(&help);
    let name = arg.get_long().map_or_else(|| arg.get_id().to_string(), |long| long.replace('-', "_"));
    let default: Vec<String> = arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    let several = arg.get_num_args().is_some_and(|range| range.max_values() > 1);
    Field {
        label: if label.is_empty() { name.clone() } else { label.to_owned() },
        hint: hint.to_owned(),
        kind: kind(arg),
        required: arg.is_required_set(),
        many: several || matches!(arg.get_action(), ArgAction::Append),
        positional: arg.is_positional(),
        default: default.join("\n"),
        long: arg.get_long().unwrap_or_default().to_owned(),
        name,
    }
}

fn kind(arg: &Arg) -> FieldKind {
    if matches!(arg.get_action(), ArgAction::SetTrue) {
        return FieldKind::Flag;
    }
    let is = |id: TypeId| arg.get_value_parser().type_id() == id;
    let choices: Vec<(String, String)> = arg
        .get_possible_values()
        .iter()
        .map(|value| {
            (value.get_name().to_owned(), value.get_help().map_or_else(|| value.get_name().to_owned(), ToString::to_string))
        })
        .collect();
    let choices = if choices.is_empty() { vocabulary(is) } else { choices };
    match () {
        () if !choices.is_empty() => FieldKind::Choice(choices),
        () if is(TypeId::of::<PathBuf>()) => FieldKind::File,
        () if is(TypeId::of::<BusinessDate>()) => FieldKind::Date,
        () if is(TypeId::of::<AccountingPeriod>()) => FieldKind::Month,
        () if is(TypeId::of::<Amount>()) || arg.get_id() == "amount" => FieldKind::Money,
        () if [TypeId::of::<i64>(), TypeId::of::<i32>(), TypeId::of::<usize>(), TypeId::of::<u32>()].into_iter().any(is) => {
            FieldKind::Number
        }
        () => FieldKind::Text,
    }
}

/// The words a type takes, with what people call them.
fn vocabulary(is: impl Fn(TypeId) -> bool) -> Vec<(String, String)> {
    macro_rules! first_of {
        ($($kind:ty),*) => {
            $(if is(TypeId::of::<$kind>()) {
                return <$kind>::ALL.iter().map(|word| (word.as_str().to_owned(), word.label_zh().to_owned())).collect();
            })*
        };
    }
    first_of!(ClassKind, FloorTiming, Shortfall, Participation, Source, PayoutKind, OrganisationKind, EntityKind, Dimension);
    first_of!(scheme::Form, scheme::FundSource, scheme::Frequency, scheme::Timing, scheme::Anchor, scheme::Bearer);
    first_of!(FundClass, ProjectKind, AssetUse, Post, Item, AssetKind, Disposal, MeetingStep);
    first_of!(terms::Direction, terms::Thing, terms::Due);
    if is(TypeId::of::<DayCount>()) {
        return DayCount::ALL.iter().map(|rule| (rule.code().to_owned(), rule.code().to_owned())).collect();
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_from_the_grammar() {
        let form = Form::of("fund contribute").unwrap();
        assert_eq!(form.title(), "拨入");
        let kinds: Vec<(&str, &FieldKind, bool)> =
            form.fields.iter().map(|field| (field.name.as_str(), &field.kind, field.required)).collect();
        assert!(kinds.contains(&("amount", &FieldKind::Money, true)), "{kinds:?}");
        assert!(kinds.contains(&("on", &FieldKind::Date, false)), "{kinds:?}");
        assert_eq!(form.field("on").map(|on| (on.label.as_str(), on.hint.as_str())), Some(("日期", "不写为今天")));
        assert_eq!(Form::of("bank import").unwrap().field("file").unwrap().kind, FieldKind::File);
        assert!(
            matches!(&Form::of("bank add").unwrap().field("close").unwrap().kind, FieldKind::Choice(words) if words.len() == 3)
        );
        assert!(Form::of("fund swallow").is_none());
        // The terms of a lease and a scheme are boxes to fill in; a file is another way.
        for (words, field) in [("lease open", "direction"), ("entrust open", "source"), ("entrust open", "day_count")] {
            let form = Form::of(words).unwrap();
            assert!(matches!(form.field(field).unwrap().kind, FieldKind::Choice(_)), "{words} {field}");
            assert!(!form.field("terms").unwrap().required, "{words}");
        }
    }

    /// A file's path typed as text would be read wherever it lies: such an argument must be a path to the grammar.
    #[test]
    fn no_text_field_is_a_path() {
        fn look(command: &clap::Command) {
            for arg in command.get_arguments() {
                let names = arg.get_value_names().unwrap_or_default();
                let says_so = names.iter().any(|name| matches!(name.as_str(), "FILE" | "PATH" | "DIR"));
                assert!(!says_so || kind(arg) == FieldKind::File, "{} {}", command.get_name(), arg.get_id());
            }
            command.get_subcommands().for_each(look);
        }
        look(&Arguments::command());
    }

    #[test]
    fn every_field_of_the_catalogue_has_a_name_for_people() {
        for command in super::super::COMMANDS {
            let form = Form::of(command.words).unwrap();
            assert!(!form.title().is_empty(), "{} has no help", command.words);
            for field in &form.fields {
                assert!(
                    !field.label.is_ascii() || field.label.len() > 20,
                    "{}: {} has no Chinese name",
                    command.words,
                    field.name
                );
            }
        }
    }
}
