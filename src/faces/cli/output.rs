//! Answers to bytes: text, json, csv, xlsx, pdf; on the screen or in a file.
//!
//! 1. A refusal goes to standard error: `[CODE] sentence` in text, `{"refusal":{…}}` in json (exit 3).
//! 2. A failure goes there too: a sentence, or `{"failure":{"message"}}` (exit 4).
//! 3. `--out` leaves a whole file or none: it is written beside and renamed.
//! 4. A reader that closes the pipe early is no failure.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::args::{Common, Format};
use crate::db::{Failure, Stop};
use crate::exchange::{Cell, Column, Sheet, write_csv, write_json, write_text, write_xlsx};
use crate::faces::print::{Printed, press};
use crate::papers::Paper;
use crate::papers::setter::code_of;
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
    /// What is printed instead of the tables where a PDF is asked for.
    pub papers: Vec<Paper>,
    /// What stands above every printed page.
    pub band: &'static str,
    /// Printed after the answer; the command ends as refused.
    pub refusal: Option<Refusal>,
    /// The answer was written already.
    pub written: bool,
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

    /// A page of a list: words and json say after which row the next one begins, and how many rows there are still.
    pub fn page(mut sheet: Sheet, next: Option<String>, left: i64) -> Reply {
        let how = "csv、xlsx 文件不写 --limit 时列出全部";
        sheet.notes.extend(
            next.iter().map(|last| format!("还有 {left} 行没有列出:加 --after {last} 接着列,或用 --limit 写明行数;{how}")),
        );
        let mut json = serde_json::to_value(&sheet).unwrap_or_default();
        json["next"] = json!(next);
        Reply { json: Some(json), ..Reply::sheet(sheet) }
    }

    /// A table in which people read other words than scripts: `words` gives those of a column's key and a cell's text.
    pub fn worded(mut sheet: Sheet, words: impl Fn(&str, &str) -> Option<String>) -> Reply {
        let json = Reply::sheet(sheet.clone()).to_json();
        for (at, column) in sheet.columns.iter().enumerate() {
            for cell in sheet.rows.iter_mut().filter_map(|row| row.get_mut(at)) {
                let Cell::Text(text) = &*cell else { continue };
                if let Some(words) = words(&column.key, text) {
                    *cell = words.into();
                }
            }
        }
        Reply { json: Some(json), ..Reply::sheet(sheet) }
    }

    /// Text that is the same in every format asked for.
    pub fn raw(text: String) -> Reply {
        Reply { lines: vec![text], json: None, ..Reply::default() }
    }

    /// Nothing more to print: the answer went out as a stream.
    pub fn written() -> Reply {
        Reply { written: true, ..Reply::default() }
    }

    /// With a refusal after the answer.
    pub fn refused(mut self, why: impl Into<Refusal>) -> Reply {
        self.refusal = Some(why.into());
        self
    }

    /// The answer for scripts: its own value, or its tables.
    pub fn to_json(&self) -> Value {
        let table = |sheet: &Sheet| {
            let mut bytes = Vec::new();
            let written = write_json(sheet, &mut bytes).map_err(serde_json::Error::io);
            written.and_then(|()| serde_json::from_slice(&bytes)).unwrap_or_default()
        };
        match (&self.json, &self.sheets[..]) {
            (Some(json), _) => json.clone(),
            (None, [sheet]) => table(sheet),
            (None, []) => json!({ "lines": self.lines }),
            (None, sheets) => json!({ "sheets": sheets.iter().map(table).collect::<Vec<_>>() }),
        }
    }

    /// What is printed: its papers, or its tables, or its names and values.
    pub fn printable(&self) -> Vec<Paper> {
        let own = |sheets: &[Sheet]| sheets.iter().cloned().map(Paper::Sheet).collect::<Vec<_>>();
        match (&self.papers[..], &self.sheets[..], &self.json) {
            ([], [], Some(json)) => own(&[as_sheet(json)]),
            ([], sheets, _) => own(sheets),
            (papers, ..) => papers.to_vec(),
        }
    }

    /// As a PDF.
    fn print(&self, common: &Common) -> Result<Printed, Stop> {
        let papers = self.printable();
        let bar = ProgressBar::new(0);
        bar.set_style(ProgressStyle::with_template("打印 {wide_bar} {pos}/{len} 页").expect("the template is well formed"));
        let tell = |done: usize, of: usize| {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        };
        let printed = press().map_err(|why| why.refusal())?.print(&papers, &common.print.unwrap_or_default(), self.band, &tell);
        bar.finish_and_clear();
        printed
    }

    fn render(&self, format: Format, mut out: impl Write) -> io::Result<()> {
        match (format, &self.json, &self.sheets[..]) {
            (Format::Json, Some(json), _) => writeln!(out, "{json}"),
            (Format::Json, None, [sheet]) => write_json(sheet, out),
            (Format::Json, None, sheets @ [_, ..]) => {
                serde_json::to_writer(&mut out, &Several { sheets })?;
                writeln!(out)
            }
            (Format::Csv, _, sheets @ [_, ..]) => write_csvs(sheets, out),
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

/// Several tables as one json object.
#[derive(serde::Serialize)]
struct Several<'a> {
    sheets: &'a [Sheet],
}

/// Several tables under each other: one byte-order mark at the top, a blank line between.
fn write_csvs(sheets: &[Sheet], mut out: impl Write) -> io::Result<()> {
    for (at, sheet) in sheets.iter().enumerate() {
        if at == 0 {
            write_csv(sheet, &mut out)?;
            continue;
        }
        let mut bytes = Vec::new();
        write_csv(sheet, &mut bytes)?;
        out.write_all(b"\r\n")?;
        out.write_all(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes))?;
    }
    Ok(())
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
    if reply.written {
        return exit::DONE;
    }
    let refusal = reply.refusal.clone();
    match (write_file(reply, common), &refusal) {
        (Err(stop), _) => write_stop(&stop, common.format()),
        (Ok(()), Some(refusal)) => write_stop(&Stop::Refused(refusal.clone()), common.format()),
        (Ok(()), None) => exit::DONE,
    }
}

/// Prints an answer into the file of `--out`, for those who print nothing else.
pub fn write_file(reply: Reply, common: &Common) -> Result<(), Stop> {
    if reply.written {
        return Ok(());
    }
    let printed = (common.format() == Format::Pdf).then(|| reply.print(common)).transpose()?;
    let mut out = Destination::open(common)?;
    let path = out.path();
    let failed = move |cause| Failure::File { path, cause };
    let written = match &printed {
        Some(printed) => out.write_all(&printed.bytes),
        None => reply.render(common.format(), &mut out),
    };
    written.and_then(|()| out.finish()).map_err(failed)?;
    if let Some(printed) = printed {
        printed.missing.iter().for_each(|(c, text)| eprintln!("字体里没有的字,已印代码:{c} {}(在“{text}”)", code_of(*c)));
    }
    Ok(())
}

/// Refuses a PDF before anything is done where no font could print it.
pub fn check_printable(common: &Common) -> Result<(), Stop> {
    if common.format() == Format::Pdf {
        press().map_err(|why| why.refusal())?;
    }
    Ok(())
}

/// The screen, or the file of `--out`, which is whole or not there: it is written beside and renamed by `finish`.
pub struct Destination {
    out: BufWriter<Box<dyn Write + Send>>,
    files: Option<(PathBuf, PathBuf)>,
}

impl Destination {
    /// Opens it. Fails where the file cannot be made.
    pub fn open(common: &Common) -> Result<Destination, Failure> {
        let Some(path) = &common.out else {
            return Ok(Destination { out: BufWriter::new(Box::new(io::stdout())), files: None });
        };
        let mut beside = path.as_os_str().to_owned();
        beside.push(".part");
        let beside = PathBuf::from(beside);
        let file = File::create(&beside).map_err(Failure::file(path))?;
        Ok(Destination { out: BufWriter::new(Box::new(file)), files: Some((beside, path.clone())) })
    }

    /// Its name in messages.
    pub fn path(&self) -> String {
        self.files.as_ref().map_or_else(|| "stdout".to_owned(), |(_, path)| path.display().to_string())
    }

    /// Flushes, and gives the file its name.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()?;
        match self.files.take() {
            Some((beside, path)) => {
                File::open(&beside)?.sync_all()?;
                std::fs::rename(beside, path)
            }
            None => Ok(()),
        }
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Drop for Destination {
    fn drop(&mut self) {
        if let Some((beside, _)) = self.files.take() {
            drop(std::fs::remove_file(beside)); // half a file helps nobody
        }
    }
}

/// True where a failure only says that the reader of a pipe went away.
pub fn is_closed_pipe(failure: &Failure) -> bool {
    matches!(failure, Failure::File { cause, .. } if cause.kind() == ErrorKind::BrokenPipe)
}

/// Says why nothing (more) was done; gives the exit code.
pub fn write_stop(stop: &Stop, format: Format) -> u8 {
    match stop {
        Stop::Failed(failure) if is_closed_pipe(failure) => return exit::DONE,
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
