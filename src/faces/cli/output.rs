//! Answers to bytes: text, json, csv, xlsx; on the screen or in a file.
//!
//! 1. A refusal goes to standard error: `[CODE] sentence` in text, `{"refusal":{…}}` in json (exit 3).
//! 2. A failure goes there too: a sentence, or `{"failure":{"message"}}` (exit 4).
//! 3. `--out` leaves a whole file or none: it is written beside and renamed.
//! 4. A reader that closes the pipe early is no failure.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::args::{Common, Format};
use crate::db::{Failure, Stop};
use crate::exchange::{Column, Sheet, write_csv, write_json, write_text, write_xlsx};
use crate::refusal::Refusal;

/// The exit codes.
pub mod exit {
    /// Done.
    pub const DONE: u8 = 0;
    /// The command was not understood.
    pub const USAGE: u8 = 2;
    /// The books said no.
    pub const REFUSED: u8 = 3;
    /// The machine failed.
    pub const FAILED: u8 = 4;
}

/// What a command answers: words, tables, and the same for scripts.
#[derive(Debug, Default)]
pub struct Reply {
    /// Lines for people, before the tables.
    pub lines: Vec<String>,
    /// The answer for scripts; the first sheet when absent.
    pub json: Option<Value>,
    /// Tables.
    pub sheets: Vec<Sheet>,
    /// Printed after the answer; the command ends as refused.
    pub refusal: Option<Refusal>,
}

impl Reply {
    /// Words for people and a value for scripts.
    pub fn said(line: impl Into<String>, json: Value) -> Reply {
        Reply { lines: vec![line.into()], json: Some(json), ..Reply::default() }
    }

    /// A table.
    pub fn sheet(sheet: Sheet) -> Reply {
        Reply { sheets: vec![sheet], ..Reply::default() }
    }

    /// Text that is the same in every format asked for.
    pub fn raw(text: String) -> Reply {
        Reply { lines: vec![text], json: None, ..Reply::default() }
    }

    /// Nothing more to print.
    pub fn silent() -> Reply {
        Reply::default()
    }

    /// With a refusal after the answer.
    pub fn refused(mut self, why: impl Into<Refusal>) -> Reply {
        self.refusal = Some(why.into());
        self
    }

    fn render(&self, format: Format, mut out: impl Write) -> io::Result<()> {
        match (format, &self.json, &self.sheets[..]) {
            (Format::Json, Some(json), _) => writeln!(out, "{json}"),
            (Format::Json, None, [sheet, ..]) => write_json(sheet, out),
            (Format::Csv, _, [sheet, ..]) => write_csv(sheet, out),
            (Format::Csv, Some(json), []) => write_csv(&as_sheet(json), out),
            (Format::Xlsx, _, sheets @ [_, ..]) => write_xlsx(sheets, out),
            (Format::Xlsx, Some(json), []) => write_xlsx(&[as_sheet(json)], out),
            _ => {
                self.lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
                self.sheets.iter().try_for_each(|sheet| write_text(sheet, &mut out))
            }
        }
    }
}

/// An answer without a table, as a table of names and values.
fn as_sheet(json: &Value) -> Sheet {
    let mut sheet = Sheet::new("结果", vec![Column::text("name", "项目"), Column::text("value", "内容")]);
    for (name, value) in json.as_object().into_iter().flatten() {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        sheet.push(vec![name.as_str().into(), text.into()]);
    }
    sheet
}

/// Prints an answer; gives the exit code.
pub fn write(reply: Reply, common: &Common) -> u8 {
    let written = to_output(common, |out| reply.render(common.format(), out));
    match (written, &reply.refusal) {
        (Err(failure), _) => write_stop(&Stop::Failed(failure), common.format()),
        (Ok(()), Some(refusal)) => write_stop(&Stop::Refused(refusal.clone()), common.format()),
        (Ok(()), None) => exit::DONE,
    }
}

/// Hands the screen or the file of `--out` to a writer.
pub fn to_output(common: &Common, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    match &common.out {
        Some(path) => to_file(path, write).map_err(Failure::file(path)),
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            let written = write(&mut out).and_then(|()| out.flush());
            match written {
                Err(cause) if cause.kind() == ErrorKind::BrokenPipe => Ok(()),
                other => other.map_err(Failure::file(Path::new("stdout"))),
            }
        }
    }
}

fn to_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let whole = || {
        let mut out = BufWriter::new(File::create(&beside)?);
        write(&mut out)?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        std::fs::rename(&beside, path)
    };
    whole().inspect_err(|_| drop(std::fs::remove_file(&beside)))
}

/// Says why nothing (more) was done; gives the exit code.
pub fn write_stop(stop: &Stop, format: Format) -> u8 {
    match stop {
        Stop::Refused(refusal) if format == Format::Json => eprintln!("{}", json!({ "refusal": refusal })),
        Stop::Refused(refusal) => eprintln!("{refusal}"),
        Stop::Failed(failure) => return write_failure(&failure.to_string(), format),
    }
    exit::REFUSED
}

/// Says that the machine failed.
pub fn write_failure(message: &str, format: Format) -> u8 {
    match format {
        Format::Json => eprintln!("{}", json!({ "failure": { "message": message } })),
        _ => eprintln!("{message}"),
    }
    exit::FAILED
}
