//! A command from typed fields and uploaded files.
//!
//! 1. Only fields the command has are taken; each becomes one word of the command line, so that no value is mistaken for
//!    an option and no option of another command can be slipped in.
//! 2. A file field takes bytes. They stand in a private folder while the command runs and are gone afterwards.
//! 3. What the grammar cannot read is refused with the field's name for people; nothing was opened by then.

use std::error::Error as _;
use std::path::Path;
use std::sync::Arc;

use clap::Parser;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::command::Command;
use super::grammar::{Field, FieldKind, Form};
use crate::calendar::BusinessDate;
use crate::controls::reconciliation::store as accounts;
use crate::db::{Failure, Stop};
use crate::faces::cli::args::{Arguments, Noun};
use crate::faces::cli::calc::{self, CalcFormat};
use crate::faces::cli::counter::Counter;
use crate::faces::cli::output::Reply;
use crate::faces::cli::watch::Watch;
use crate::faces::cli::{answer_at, keeping};
use crate::ledger::BookCode;
use crate::money::amount::half_width;
use crate::office::{Actor, Office};
use crate::payouts::store as payouts;
use crate::refusals;

refusals! {
    /// Why a command cannot be read.
    pub enum CommandRefusal {
        /// A field that must be there is not.
        "W-120" Missing { field: String }
            zh "没有填“{field}”" en "{field} is missing" next "填好后再提交";
        /// A field cannot be read.
        "W-121" Unreadable { field: String, text: String, why: String }
            zh "“{field}”填的“{text}”不对:{why}" en "'{text}' cannot be taken as {field}: {why}" next "按提示的格式更正";
        /// A field the command does not have.
        "W-122" NoSuchField { field: String, known: String }
            zh "没有“{field}”这一项" en "there is no field '{field}'; known: {known}" next "可用的项:{known}";
        /// Fields that do not go together, or one that must be there beside another.
        "W-123" NotTogether { why: String }
            zh "填的内容不能一起办理:{why}" en "the fields do not go together: {why}" next "按说明只填需要的项";
        /// A bank account or batch of another book.
        "W-124" OfAnotherBook { what: String, book: String }
            zh "“{what}”不是账套 {book} 的" en "'{what}' does not belong to book {book}" next "换到它所在的账套再办";
    }
}

/// A file somebody sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The field it belongs to.
    pub field: String,
    /// Its name at home.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A command filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// Fields by name, in order; a blank value is no value.
    pub values: Vec<(String, String)>,
    /// Files.
    pub files: Vec<Upload>,
}

impl Filled {
    /// The first value of a name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// Sets a field, whatever was typed there.
    pub fn set(&mut self, name: &str, value: &str) {
        self.values.retain(|(known, _)| known != name);
        self.values.push((name.to_owned(), value.to_owned()));
    }
}

/// Who asks for a command, and in which book.
pub struct Asking<'a> {
    /// The office.
    pub office: &'a Office,
    /// Who, from which face.
    pub actor: Actor,
    /// The book of the address; none in the county.
    pub book: Option<&'a BookCode>,
    /// Who watches it; nobody when it is short.
    pub watch: Option<Arc<Watch>>,
    /// The banks whose loans a bank's officer is kept to.
    pub banks: Option<Arc<[String]>>,
    /// The answer is filed as a table: lists are whole.
    pub into_file: bool,
}

impl Asking<'_> {
    /// Runs a command; acts run under a key, so that the same request is done once.
    pub async fn run(&self, command: Command, mut filled: Filled, key: Option<&str>) -> Result<Reply, Stop> {
        if let Some(book) = self.book {
            self.keep_to_the_book(book, command, &mut filled).await?;
        }
        let key = key.filter(|key| !key.is_empty() && !command.reads()).map(str::to_owned);
        let watch = self.watch.clone().unwrap_or_else(|| Arc::new(Watch::unseen()));
        let counter =
            Counter::in_office(self.office.clone(), self.actor.clone(), key).watched(watch).of_banks(self.banks.clone());
        let counter = if self.into_file { counter.into_file() } else { counter };
        Box::pin(run(command, &filled, &counter)).await
    }

    /// Sets the book where the command takes one; refuses an account or a batch of another book.
    async fn keep_to_the_book(&self, book: &BookCode, command: Command, filled: &mut Filled) -> Result<(), Stop> {
        if Form::of(command.words).is_some_and(|form| form.field("book").is_some()) {
            filled.set("book", &book.0);
        }
        let mut tx = self.office.db.begin_snapshot().await?;
        let banking = command.words.starts_with("bank ") || command.words.starts_with("reconcile ");
        for name in ["account", "from", "to", "batch"] {
            let Some(value) = filled.value(name).filter(|_| banking || name == "batch") else { continue };
            let of = match name {
                "batch" => payouts::batch(&mut tx, &self.actor.county, value).await?.map(|batch| batch.book),
                _ => accounts::account(&mut tx, &self.actor.county, value).await?.map(|account| account.book),
            };
            if of.is_some_and(|found| found != *book) {
                return Err(CommandRefusal::OfAnotherBook { what: value.to_owned(), book: book.to_string() }.into());
            }
        }
        Ok(())
    }
}

/// The answer of a calculator, for programs. `today` bounds dates of birth.
pub fn calculate(words_of: &str, filled: &Filled, today: BusinessDate) -> Result<serde_json::Value, Stop> {
    let form = Form::of(words_of).ok_or_else(|| CommandRefusal::NotTogether { why: words_of.to_owned() })?;
    let command = words(words_of, form, filled, Path::new(""))?;
    let arguments = Arguments::try_parse_from(command).map_err(|wrong| unreadable(form, &wrong))?;
    let Noun::Calc { command } = arguments.noun else { return Ok(serde_json::Value::Null) };
    let answer = calc::run(command, CalcFormat::Json, today)?;
    Ok(serde_json::from_str(&answer).unwrap_or(serde_json::Value::String(answer)))
}

/// Runs a command at a counter.
pub async fn run(command: Command, filled: &Filled, counter: &Counter) -> Result<Reply, Stop> {
    let form = Form::of(command.words).ok_or_else(|| Failure::Damaged(format!("no grammar for {}", command.words)))?;
    let folder = tempfile::tempdir().map_err(|cause| Failure::File { path: "uploads".to_owned(), cause })?;
    let words = words(command.words, form, filled, folder.path())?;
    let arguments = Arguments::try_parse_from(words).map_err(|wrong| unreadable(form, &wrong))?;
    match arguments.noun {
        Noun::Verify(arguments) => keeping::verify_at(&arguments, counter).await,
        noun => answer_at(noun, &arguments.common, counter).await,
    }
}

/// The command line a person would have typed.
fn words(command: &str, form: &Form, filled: &Filled, folder: &Path) -> Result<Vec<String>, Stop> {
    let mut words: Vec<String> = std::iter::once("cunzhang").chain(command.split(' ')).map(str::to_owned).collect();
    let mut bare = Vec::new();
    for (name, value) in &filled.values {
        let field = known(form, name)?;
        for value in values(field, value) {
            match field {
                Field { kind: FieldKind::File, .. } => return Err(CommandRefusal::Missing { field: field.label.clone() }.into()),
                Field { kind: FieldKind::Flag, .. } => words.push(format!("--{}", field.long)),
                Field { positional: true, .. } => bare.push(value),
                _ => words.push(format!("--{}={value}", field.long)),
            }
        }
    }
    for (at, upload) in filled.files.iter().enumerate() {
        let field = known(form, &upload.field)?;
        let path = put_down(folder, at, upload)?;
        if field.positional { bare.push(path) } else { words.push(format!("--{}={path}", field.long)) }
    }
    words.push("--".to_owned());
    words.extend(in_order(form, filled, bare));
    Ok(words)
}

/// Words without names stand in the order of the grammar, not of the request.
fn in_order(form: &Form, filled: &Filled, bare: Vec<String>) -> Vec<String> {
    let position = |name: &str| form.fields.iter().filter(|field| field.positional).position(|field| field.name == name);
    let typed = filled.values.iter().flat_map(|(name, value)| {
        let field = form.field(name).filter(|field| field.positional);
        field.map(|field| vec![position(name); values(field, value).len()]).unwrap_or_default()
    });
    let sent =
        filled.files.iter().filter_map(|file| form.field(&file.field).filter(|f| f.positional).map(|_| position(&file.field)));
    let mut placed: Vec<(Option<usize>, String)> = typed.chain(sent).zip(bare).collect();
    placed.sort_by_key(|(position, _)| *position);
    placed.into_iter().map(|(_, word)| word).collect()
}

fn known<'a>(form: &'a Form, name: &str) -> Result<&'a Field, CommandRefusal> {
    form.field(name).ok_or_else(|| {
        let known: Vec<&str> = form.fields.iter().map(|field| field.name.as_str()).collect();
        CommandRefusal::NoSuchField { field: name.to_owned(), known: known.join("、") }
    })
}

/// The values in a text: one, or one a line where there may be several; figures and dates with half-width characters.
fn values(field: &Field, text: &str) -> Vec<String> {
    let plain = |text: &str| match field.kind {
        FieldKind::Text | FieldKind::Choice(_) => text.trim().to_owned(),
        _ => text.trim().chars().map(half_width).collect(),
    };
    let parts: Vec<String> = if field.many { text.lines().map(plain).collect() } else { vec![plain(text)] };
    let blank = |part: &String| part.is_empty() || field.kind == FieldKind::Flag && matches!(part.as_str(), "false" | "0");
    parts.into_iter().filter(|part| !blank(part)).collect()
}

/// Puts an upload into the folder under a name of ours that keeps its own last part, for readers that look at it.
fn put_down(folder: &Path, at: usize, upload: &Upload) -> Result<String, Failure> {
    let own = upload.name.rsplit(['/', '\\']).next().unwrap_or("");
    let plain: String = own.chars().filter(|c| !c.is_control()).collect::<Vec<_>>().into_iter().rev().take(80).collect();
    let plain: String = plain.chars().rev().collect();
    let inside = folder.join(at.to_string());
    std::fs::create_dir(&inside).map_err(Failure::file(&inside))?;
    let path = inside.join(if plain.trim_matches('.').is_empty() { "file".to_owned() } else { plain });
    std::fs::write(&path, &upload.bytes).map_err(Failure::file(&path))?;
    Ok(path.display().to_string())
}

/// What the grammar says against it, with the field's name for people.
fn unreadable(form: &Form, wrong: &clap::Error) -> CommandRefusal {
    let said = |kind: ContextKind| match wrong.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        _ => String::new(),
    };
    let label = |word: &str| form.field_called(word).map_or_else(|| word.to_owned(), |field| field.label.clone());
    let arguments = said(ContextKind::InvalidArg);
    let named: Vec<String> = arguments.split('、').map(label).collect();
    match wrong.kind() {
        ErrorKind::MissingRequiredArgument => CommandRefusal::Missing { field: named.join("、") },
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => CommandRefusal::Unreadable {
            field: named.join("、"),
            text: said(ContextKind::InvalidValue),
            why: wrong.source().map_or_else(|| said(ContextKind::ValidValue), ToString::to_string),
        },
        _ => CommandRefusal::NotTogether {
            why: if arguments.is_empty() {
                wrong.kind().to_string()
            } else {
                format!("{}、{}", named.join("、"), label(&said(ContextKind::PriorArg)))
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(values: &[(&str, &str)]) -> Filled {
        Filled { values: values.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(), files: Vec::new() }
    }

    fn line(words_of: &str, values: &[(&str, &str)]) -> Result<Vec<String>, Stop> {
        words(words_of, Form::of(words_of).unwrap(), &filled(values), Path::new("/nowhere"))
    }

    fn refused(words: &str, values: &[(&str, &str)]) -> String {
        let form = Form::of(words).unwrap();
        let line = line(words, values).unwrap();
        unreadable(form, &Arguments::try_parse_from(line).unwrap_err()).refusal().message_zh
    }

    #[test]
    fn fields_become_words_that_cannot_be_mistaken() {
        let line = line("fund claim", &[("claims", "C1=L1\n--as=admin\n"), ("book", " R1 "), ("on", "2026-0３-01")]).unwrap();
        assert_eq!(line, ["cunzhang", "fund", "claim", "--book=R1", "--on=2026-03-01", "--", "C1=L1", "--as=admin"]);
    }

    #[test]
    fn what_the_grammar_says_is_said_in_words() {
        assert_eq!(refused("fund recover", &[("claim", "C1")]), "没有填“收回金额”");
        assert!(refused("settle run", &[("date", "昨天")]).starts_with("“"), "{}", refused("settle run", &[("date", "昨天")]));
        assert!(line("settle run", &[("db", "sqlite:other.db")]).is_err(), "options of the program are no fields");
        assert!(line("household import", &[("file", "/etc/passwd")]).is_err(), "a path is never taken from outside");
    }

    #[test]
    fn an_uploads_name_cannot_leave_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let upload = |name: &str| Upload { field: "file".into(), name: name.into(), bytes: b"x".to_vec() };
        for (at, name) in ["../../etc/passwd", "..", "C:\\账\\一月.xlsx", "", &"长".repeat(300)].into_iter().enumerate() {
            let path = put_down(folder.path(), at, &upload(name)).unwrap();
            assert!(Path::new(&path).canonicalize().unwrap().starts_with(folder.path().canonicalize().unwrap()), "{path}");
        }
    }
}
