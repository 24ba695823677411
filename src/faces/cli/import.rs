//! What every import has in common: reading the file, its options, and the table of what is wrong.
//!
//! 1. Bad rows are shown with row, column, value, reason and what to do; the command then ends as refused.
//! 2. Columns nobody asked for are named, so that nothing is lost in silence.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::counter::CounterRefusal;
use super::output::Reply;
use crate::db::{Failure, Stop};
use crate::exchange::headings::Mapping;
use crate::exchange::problems::RowProblem;
use crate::exchange::records_in::TableFacts;
use crate::exchange::rows_in::ReadOptions;
use crate::exchange::vouchers_in::ImportOptions;
use crate::exchange::{Column, Sheet, encoding};

/// How a file is read.
#[derive(Debug, Clone, Args)]
pub struct FileArguments {
    /// 列对照文件,每行“目标=表头”
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// 编码(utf-8、gb18030、gbk、utf-16le);不写时自动识别
    #[arg(long)]
    pub encoding: Option<String>,
    /// 工作表名;不写时取第一张
    #[arg(long)]
    pub sheet: Option<String>,
}

impl FileArguments {
    /// As the readers take them. Refuses a mapping file that cannot be understood.
    pub fn options(&self) -> Result<ImportOptions, Stop> {
        let mapping = match &self.mapping {
            Some(path) => Mapping::parse(&encoding::decode(&read_bytes(path)?, None)?)?,
            None => Mapping::default(),
        };
        let read = ReadOptions { encoding: self.encoding.clone(), sheet: self.sheet.clone(), ..ReadOptions::default() };
        Ok(ImportOptions { read, mapping })
    }
}

/// The bytes of a file.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(Failure::file(path))
}

/// The problems as a table: 行, 列, 原值, 原因, 处理办法.
pub fn problem_sheet(title: &str, problems: &[RowProblem]) -> Sheet {
    let columns = vec![
        Column::count("row", "行"),
        Column::text("column", "列"),
        Column::text("value", "原值"),
        Column::id("code", "代码"),
        Column::text("reason_zh", "原因"),
        Column::text("next_zh", "处理办法"),
    ];
    let mut sheet = Sheet::new(title, columns);
    for problem in problems {
        let row = i64::try_from(problem.row).unwrap_or(i64::MAX);
        let texts = [&problem.column, &problem.value, &problem.code, &problem.reason_zh, &problem.next_zh];
        sheet.push(std::iter::once(row.into()).chain(texts.map(|text| text.as_str().into())).collect());
    }
    sheet
}

/// The answer when nothing is taken because rows are wrong.
pub fn refused(problems: &[RowProblem], table: &TableFacts) -> Reply {
    let json = json!({ "problems": problems, "unknown_columns": table.unknown });
    let sheets = vec![problem_sheet("问题清单", problems)];
    let reply = Reply { json: Some(json), sheets, ..Reply::default() };
    with_unknown_columns(reply, table).refused(CounterRefusal::BadRows { rows: problems.len() }.refusal())
}

/// Names the columns that were not imported.
pub fn with_unknown_columns(mut reply: Reply, table: &TableFacts) -> Reply {
    if !table.unknown.is_empty() {
        reply.lines.push(format!("没有用到的列:{}", table.unknown.join("、")));
    }
    reply
}
