//! `place import | list`: townships and villages by division code.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use super::counter::Counter;
use super::import::{self, FileArguments};
use super::output::Reply;
use crate::db::Stop;
use crate::exchange::places_in::{PlaceRow, read_places};
use crate::exchange::problems::RowProblem;
use crate::exchange::{Column, Sheet};
use crate::ledger::books::service::AddPlaces;
use crate::ledger::books::store::{self, Place};
use crate::parties::division_code::{DivisionCode, DivisionLevel};

/// The first day of validity where a file names none.
const ALWAYS: &str = "1949-10-01";

/// Verbs of places.
#[derive(Debug, Subcommand)]
pub enum PlaceCommand {
    /// 从 csv/xlsx 导入区划(区划代码、名称、启用日期、停用日期、并入代码)
    Import {
        /// 文件
        file: PathBuf,
        /// How to read it.
        #[command(flatten)]
        reading: FileArguments,
        /// 只检查,不写入
        #[arg(long)]
        dry_run: bool,
    },
    /// 列出区划
    List,
}

/// Runs a verb.
pub async fn run(command: PlaceCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        PlaceCommand::Import { file, reading, dry_run } => import_file(counter, &file, &reading, dry_run).await,
        PlaceCommand::List => list(counter).await,
    }
}

async fn import_file(counter: &Counter, file: &std::path::Path, reading: &FileArguments, dry_run: bool) -> Result<Reply, Stop> {
    let mut read = read_places(&import::read_bytes(file)?, &reading.options()?)?;
    let mut places = Vec::with_capacity(read.places.len());
    for row in &read.places {
        match place(row) {
            Ok(place) => places.push(place),
            Err(problem) => read.problems.push(*problem),
        }
    }
    if !read.problems.is_empty() {
        return Ok(import::refused(&read.problems, &read.table));
    }
    let rows = places.len();
    let changed = if dry_run { 0 } else { counter.perform(AddPlaces { places }).await? };
    let done = if dry_run {
        format!("检查通过 {rows} 行,未写入")
    } else {
        format!("导入 {rows} 行,新增或更新 {changed} 个")
    };
    let json = json!({ "rows": rows, "changed": changed, "dry_run": dry_run, "unknown_columns": read.table.unknown });
    Ok(import::with_unknown_columns(Reply::said(done, json), &read.table))
}

/// The row with its level and what lies above it, told by the code.
fn place(row: &PlaceRow) -> Result<Place, Box<RowProblem>> {
    let bad = |why| Box::new(RowProblem::at(row.row, "区划代码", &row.code, why));
    let code = DivisionCode::parse(&row.code).map_err(|why| bad(why.refusal()))?;
    let level = match code.level() {
        DivisionLevel::Village => "village",
        DivisionLevel::Township => "township",
        _ => "county",
    };
    let before = row.valid_through.and_then(|day| day.succ_opt());
    Ok(Place {
        place: code.as_str().to_owned(),
        name: row.name.clone(),
        level: level.to_owned(),
        parent: code.parent().map(|parent| parent.as_str().to_owned()),
        valid_from: row.valid_from.map_or_else(|| ALWAYS.to_owned(), |day| day.to_string()),
        valid_before: before.map(|day| day.to_string()),
        successor: row.successor.clone(),
    })
}

/// A level as people read it.
fn level_zh(level: &str) -> Option<String> {
    let words = match level {
        "village" => "村(居)",
        "township" => "乡镇(街道)",
        "county" => "县(区)",
        _ => return None,
    };
    Some(words.to_owned())
}

async fn list(counter: &Counter) -> Result<Reply, Stop> {
    let columns = vec![
        Column::id("place", "区划代码"),
        Column::text("name", "名称"),
        Column::text("level", "级别"),
        Column::id("parent", "上级"),
        Column::id("valid_from", "启用日期"),
        Column::id("valid_before", "停用日期"),
        Column::id("successor", "并入代码"),
    ];
    let mut sheet = Sheet::new("行政区划", columns);
    let mut tx = counter.snapshot().await?;
    for place in store::places(&mut tx, counter.county()).await? {
        let Place { place, name, level, parent, valid_from, valid_before, successor } = place;
        sheet.push(vec![
            place.into(),
            name.into(),
            level.into(),
            parent.into(),
            valid_from.into(),
            valid_before.into(),
            successor.into(),
        ]);
    }
    Ok(Reply::worded(sheet, |key, text| if key == "level" { level_zh(text) } else { None }))
}
