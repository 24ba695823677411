//! `member add | import | list`: cards of dimensions — households, members, projects, bank accounts.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use super::account::dimension;
use super::counter::Counter;
use super::import::{self, FileArguments};
use super::output::Reply;
use crate::db::Stop;
use crate::exchange::members_in::read_members;
use crate::exchange::{Column, Sheet};
use crate::ledger::books::service::AddMembers;
use crate::ledger::books::store::{self, Member};
use crate::ledger::{BookCode, Dimension};

/// Verbs of cards.
#[derive(Debug, Subcommand)]
pub enum MemberCommand {
    /// 登记一张
    Add {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 辅助核算:party、project、fund_class、document、bank_account
        #[arg(long, value_parser = dimension)]
        dimension: Dimension,
        /// 编号
        #[arg(long)]
        code: String,
        /// 名称
        #[arg(long)]
        name: String,
    },
    /// 从 csv/xlsx 导入(辅助核算、编号、名称)
    Import {
        /// 文件
        file: PathBuf,
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 文件里没有“辅助核算”列时,全部归入这一种
        #[arg(long, value_parser = dimension)]
        dimension: Option<Dimension>,
        /// 只检查,不写入
        #[arg(long)]
        dry_run: bool,
        /// How to read it.
        #[command(flatten)]
        reading: FileArguments,
    },
    /// 列出
    List {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 只列一种辅助核算
        #[arg(long, value_parser = dimension)]
        dimension: Option<Dimension>,
    },
}

/// Runs a verb.
pub async fn run(command: MemberCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        MemberCommand::Add { book, dimension, code, name } => {
            let said = format!("已登记{} {code} {name}", dimension.label_zh());
            let json = json!({ "book": book, "dimension": dimension, "member": code, "name": name });
            let card = Member { dimension: dimension.as_str().to_owned(), member: code, name };
            counter.perform(AddMembers { book: BookCode(book), members: vec![card] }).await?;
            Ok(Reply::said(said, json))
        }
        MemberCommand::Import { file, book, dimension, dry_run, reading } => {
            import_file(&file, BookCode(book), dimension, dry_run, &reading, counter).await
        }
        MemberCommand::List { book, dimension } => list(&BookCode(book), dimension, counter).await,
    }
}

async fn import_file(
    file: &Path,
    book: BookCode,
    dimension: Option<Dimension>,
    dry_run: bool,
    reading: &FileArguments,
    counter: &Counter,
) -> Result<Reply, Stop> {
    let read = read_members(&import::read_bytes(file)?, &reading.options()?, dimension)?;
    if !read.problems.is_empty() {
        return Ok(import::refused(&read.problems, &read.table));
    }
    let card = |row: crate::exchange::members_in::MemberRow| Member {
        dimension: row.dimension.as_str().to_owned(),
        member: row.code,
        name: row.name,
    };
    let members: Vec<Member> = read.members.into_iter().map(card).collect();
    let rows = members.len();
    let changed = if dry_run { 0 } else { counter.perform(AddMembers { book, members }).await? };
    let done = if dry_run {
        format!("检查通过 {rows} 行,未写入")
    } else {
        format!("导入 {rows} 行,新增或更新 {changed} 张")
    };
    let json = json!({ "rows": rows, "changed": changed, "dry_run": dry_run, "unknown_columns": read.table.unknown });
    Ok(import::with_unknown_columns(Reply::said(done, json), &read.table))
}

async fn list(book: &BookCode, only: Option<Dimension>, counter: &Counter) -> Result<Reply, Stop> {
    let columns = vec![
        Column::id("dimension", "辅助核算"),
        Column::text("dimension_name", "辅助核算名称"),
        Column::id("member", "编号"),
        Column::text("name", "名称"),
    ];
    let mut sheet = Sheet::new("辅助核算资料", columns).subtitle(format!("账套 {book}"));
    let mut tx = counter.snapshot().await?;
    counter.book(&mut tx, book).await?;
    for card in store::members(&mut tx, counter.county(), book).await? {
        let dimension = Dimension::parse(&card.dimension);
        if only.is_none() || only == dimension {
            let label = dimension.map_or("", Dimension::label_zh);
            sheet.push(vec![card.dimension.into(), label.into(), card.member.into(), card.name.into()]);
        }
    }
    Ok(Reply::sheet(sheet))
}
