//! `year open | close`, and `book convert`: years of a book and its change of regime.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Deserialize;
use serde_json::json;

use super::counter::{Counter, CounterRefusal};
use super::import;
use super::output::Reply;
use super::period::closed_reply;
use crate::controls::year_close::service::{CloseYear, OpenYear, preview_conversion};
use crate::db::Stop;
use crate::exchange::{Column, Dress, Sheet};
use crate::ledger::conversion::{Adjustment, Choice, WorkSheet};
use crate::ledger::{BookCode, Dimension, Dimensions};

/// Verbs of years.
#[derive(Debug, Subcommand)]
pub enum YearCommand {
    /// 启用年度
    Open {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 年度
        #[arg(long)]
        year: i32,
    },
    /// 年结:结转损益、提取公积金、清转分配、结 12 月、结转下年
    Close {
        /// Which year, and how a change of regime is decided.
        #[command(flatten)]
        year: YearArguments,
        /// 按章程提取公积金的比例(百分数,如 10)
        #[arg(long, value_name = "PCT")]
        reserve_rate: Option<String>,
    },
}

/// A year of a book.
#[derive(Debug, Args)]
pub struct YearArguments {
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 年度
    #[arg(long)]
    year: i32,
    /// 新旧制度衔接时的选择与补记(JSON:{"choices":[…],"adjustments":[…]})
    #[arg(long, value_name = "FILE")]
    choices: Option<PathBuf>,
}

/// Decisions of a change of regime.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Decisions {
    choices: Vec<Choice>,
    adjustments: Vec<Adjustment>,
}

/// Runs a verb.
pub async fn run(command: YearCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        YearCommand::Open { book, year } => {
            let regime = counter.perform(OpenYear { book: BookCode(book.clone()), year }).await?;
            let json = json!({ "book": book, "year": year, "regime": regime });
            Ok(Reply::said(format!("{book} 已启用 {year} 年度"), json))
        }
        YearCommand::Close { year: YearArguments { book, year, choices }, reserve_rate } => {
            let Decisions { choices, adjustments } = decisions(choices.as_deref())?;
            let act = CloseYear { book: BookCode(book.clone()), year, reserve_rate, choices, adjustments };
            let closed = counter.perform(act).await?;
            Ok(closed_reply(&format!("{book} 的 {year} 年度已年结,余额已转入 {} 年", year + 1), &closed))
        }
    }
}

fn decisions(file: Option<&Path>) -> Result<Decisions, Stop> {
    let Some(file) = file else { return Ok(Decisions::default()) };
    let read = serde_json::from_slice(&import::read_bytes(file)?);
    Ok(read.map_err(|why| CounterRefusal::NotDecisions { why: why.to_string() })?)
}

/// Shows the work sheet (转账工作底稿) a change of regime at the year's end would make; writes nothing.
pub async fn convert(arguments: YearArguments, counter: &Counter) -> Result<Reply, Stop> {
    let YearArguments { book, year, choices } = arguments;
    let (book, Decisions { choices, adjustments }) = (BookCode(book), decisions(choices.as_deref())?);
    let mut tx = counter.snapshot().await?;
    counter.book(&mut tx, &book).await?;
    let work = preview_conversion(&mut tx, counter.county(), &book, year, &choices, &adjustments).await?;
    let mut sheet = work_sheet(&work).subtitle(format!("账套 {book},{year} 年末,{} → {}", work.from, work.to));
    sheet.notes.push(format!("未写入;执行 year close --book {book} --year {year} 时按此转换"));
    Ok(Reply { json: Some(json!({ "book": book, "year": year, "work_sheet": work })), ..Reply::sheet(sheet) })
}

fn work_sheet(work: &WorkSheet) -> Sheet {
    let columns = vec![
        Column::id("old", "旧科目"),
        Column::amount("old_amount", "旧科目余额(贷方为负)"),
        Column::id("new", "新科目"),
        Column::text("dimensions", "辅助核算"),
        Column::amount("amount", "新科目余额(贷方为负)"),
        Column::text("basis", "依据"),
    ];
    let mut sheet = Sheet::new("转账工作底稿", columns).dressed(Dress::statement());
    for row in &work.rows {
        let old = row.old.as_ref();
        sheet.push(vec![
            old.map(|(code, _)| code.0.clone()).into(),
            old.map(|(_, amount)| *amount).into(),
            row.new.0.clone().into(),
            in_words(&row.dimensions).into(),
            row.amount.into(),
            row.basis.as_str().into(),
        ]);
    }
    sheet
}

/// The dimensions a line carries, with their labels.
pub fn in_words(dimensions: &Dimensions) -> String {
    let carried = Dimension::ALL.iter().filter_map(|d| Some(format!("{}:{}", d.label_zh(), dimensions.get(*d)?)));
    carried.collect::<Vec<_>>().join(" ")
}
