//! What is wrong with a command as typed: in Chinese with an example, then as the grammar says it in English.
//!
//! 1. The missing argument is named as it is typed and as people call it.
//! 2. The example is made from the grammar, so that it is never out of date.

use std::error::Error as _;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory};

use super::args::Arguments;
use crate::faces::commands::grammar::{Field, FieldKind, Form};

/// Says it where the command was typed; help asked for is printed as it is.
pub fn tell(wrong: &clap::Error, typed: &[OsString]) {
    let is_help = !wrong.use_stderr() || wrong.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if is_help {
        let _ = wrong.print(); // nobody is left to tell
        return;
    }
    let mut root = Arguments::command();
    root.build();
    let (command, words) = reached(&root, typed);
    let english = wrong.render().to_string();
    let english: Vec<&str> = english.lines().filter(|line| !line.starts_with("For more information")).collect();
    let lines = in_chinese(wrong, command, &words).into_iter().chain(english.into_iter().map(str::to_owned));
    eprintln!("{}", lines.collect::<Vec<_>>().join("\n").trim_end());
}

/// The last command that was named, and its words.
fn reached<'a>(root: &'a Command, typed: &[OsString]) -> (&'a Command, String) {
    let (mut command, mut words, mut is_value) = (root, Vec::new(), false);
    for word in typed.iter().skip(1).map(|word| word.to_string_lossy()) {
        if std::mem::take(&mut is_value) {
            continue;
        }
        if let Some(long) = word.strip_prefix("--") {
            let arg = command.get_arguments().find(|arg| arg.get_long() == Some(long));
            is_value = arg.is_some_and(|arg| arg.get_action().takes_values());
        } else if let Some(below) = command.find_subcommand(&*word) {
            command = below;
            words.push(below.get_name());
        }
    }
    (command, words.join(" "))
}

/// What was said about a kind of thing, one by one.
fn said(wrong: &clap::Error, kind: ContextKind) -> Vec<String> {
    match wrong.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

fn in_chinese(wrong: &clap::Error, command: &Command, words: &str) -> Vec<String> {
    let form = Form::of(words);
    let named = |word: &String| match form.and_then(|form| form.field_called(word)) {
        Some(field) => format!("{word}({})", field.label),
        None => word.clone(),
    };
    let all = |kind: ContextKind| said(wrong, kind).iter().map(named).collect::<Vec<_>>().join("、");
    let argument = all(ContextKind::InvalidArg);
    let value = said(wrong, ContextKind::InvalidValue).join("、");
    let head = match wrong.kind() {
        ErrorKind::MissingRequiredArgument => format!("缺少 {argument}"),
        ErrorKind::InvalidSubcommand => format!("没有“{}”这个命令", said(wrong, ContextKind::InvalidSubcommand).join("、")),
        ErrorKind::UnknownArgument => format!("没有“{argument}”这一项"),
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 后面没有写内容"),
        ErrorKind::InvalidValue => format!("{argument} 填的“{value}”不对"),
        ErrorKind::ValueValidation => {
            let why = wrong.source().map(ToString::to_string).unwrap_or_default();
            format!("{argument} 填的“{value}”不对:{why}")
        }
        ErrorKind::ArgumentConflict if !argument.is_empty() => match all(ContextKind::PriorArg) {
            prior if prior.is_empty() => format!("{argument} 不能与其他项一起写"),
            prior => format!("{argument} 不能与 {prior} 一起写"),
        },
        _ => "命令不能这样写".to_owned(),
    };
    let mut lines = vec![format!("用法不对:{head}")];
    lines.extend(choices(wrong, command));
    lines.extend(form.filter(|_| !command.has_subcommands()).map(|form| format!("例:{}", example(words, form, wrong))));
    lines.push(format!("说明:cunzhang {words}{}--help", if words.is_empty() { "" } else { " " }));
    lines
}

/// What could have been meant.
fn choices(wrong: &clap::Error, command: &Command) -> Option<String> {
    let listed = |words: Vec<String>| (!words.is_empty()).then(|| format!("可用的:{}", words.join("、")));
    match wrong.kind() {
        ErrorKind::InvalidSubcommand => listed(command.get_subcommands().map(|below| below.get_name().to_owned()).collect()),
        ErrorKind::InvalidValue => listed(said(wrong, ContextKind::ValidValue)),
        ErrorKind::UnknownArgument => {
            let longs = command.get_arguments().filter(|arg| !arg.is_global_set()).filter_map(|arg| arg.get_long());
            listed(longs.filter(|long| *long != "help").map(|long| format!("--{long}")).collect())
        }
        _ => None,
    }
}

/// The command with everything it must have, and what was missing.
fn example(words: &str, form: &Form, wrong: &clap::Error) -> String {
    let asked = said(wrong, ContextKind::InvalidArg);
    let is_asked = |field: &Field| {
        let missing = wrong.kind() == ErrorKind::MissingRequiredArgument;
        missing && asked.iter().any(|word| form.field_called(word).is_some_and(|found| found.name == field.name))
    };
    let wanted = form.fields.iter().filter(|field| field.required || is_asked(field));
    let typed = wanted.map(|field| match (field.positional, &field.kind) {
        (true, _) => sample(field),
        (false, FieldKind::Flag) => format!("--{}", field.long),
        (false, _) => format!("--{} {}", field.long, sample(field)),
    });
    ["cunzhang".to_owned(), words.to_owned()].into_iter().chain(typed).collect::<Vec<_>>().join(" ")
}

/// Something that may stand there.
fn sample(field: &Field) -> String {
    match &field.kind {
        FieldKind::Date => "2026-10-31".to_owned(),
        FieldKind::Month => "2026-10".to_owned(),
        FieldKind::Money => "1000.00".to_owned(),
        FieldKind::Number => "1".to_owned(),
        FieldKind::Choice(words) => words.first().map(|(word, _)| word.clone()).unwrap_or_default(),
        FieldKind::File => "文件.xlsx".to_owned(),
        FieldKind::Text | FieldKind::Flag if field.name == "book" => "V001".to_owned(),
        FieldKind::Text | FieldKind::Flag => field.label.replace(' ', ""),
    }
}
