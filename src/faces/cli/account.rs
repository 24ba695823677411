//! `account list | add | import | stop`: a book's chart.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use super::counter::Counter;
use super::import::{self, FileArguments};
use super::output::Reply;
use crate::db::Stop;
use crate::exchange::accounts_in::read_accounts;
use crate::exchange::{Column, Sheet};
use crate::ledger::books::service::{AddAccounts, OwnAccount, StopAccount};
use crate::ledger::books::store;
use crate::ledger::posting::BookAccount;
use crate::ledger::{AccountCode, BookCode, Dimension};

/// Verbs of accounts.
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// 列出科目表
    List {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 年度;不写时取最近一年
        #[arg(long)]
        year: Option<i32>,
    },
    /// 增设明细科目
    Add {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 年度;不写时取最近一年
        #[arg(long)]
        year: Option<i32>,
        /// 科目编码:上级编码加两位
        #[arg(long)]
        code: String,
        /// 名称
        #[arg(long)]
        name: String,
        /// 必填的辅助核算,用逗号分隔:party、project、fund_class、document、bank_account
        #[arg(long, value_delimiter = ',', value_parser = dimension)]
        requires: Vec<Dimension>,
    },
    /// 从 csv/xlsx 导入明细科目
    Import {
        /// 文件
        file: PathBuf,
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 年度;不写时取最近一年
        #[arg(long)]
        year: Option<i32>,
        /// 只检查,不写入
        #[arg(long)]
        dry_run: bool,
        /// How to read it.
        #[command(flatten)]
        reading: FileArguments,
    },
    /// 停用科目(余额须为零)
    Stop {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 年度;不写时取最近一年
        #[arg(long)]
        year: Option<i32>,
        /// 科目编码
        #[arg(long)]
        code: String,
    },
}

/// Reads a dimension's name, for the grammar.
pub fn dimension(text: &str) -> Result<Dimension, String> {
    let known = || Dimension::ALL.map(|d| format!("{}({})", d.as_str(), d.label_zh())).join("、");
    Dimension::parse(text).ok_or_else(|| format!("辅助核算可用:{}", known()))
}

/// Runs a verb.
pub async fn run(command: AccountCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        AccountCommand::List { book, year } => list(&BookCode(book), year, counter).await,
        AccountCommand::Add { book, year, code, name, requires } => {
            let (book, own) = (BookCode(book), OwnAccount { code: code.clone(), name: name.clone(), requires });
            let year = year_of(counter, &book, year).await?;
            counter.perform(AddAccounts { book: book.clone(), year, accounts: vec![own] }).await?;
            let json = json!({ "book": book, "year": year, "account": code, "name": name });
            Ok(Reply::said(format!("{book} 的 {year} 年科目表已增设 {code} {name}"), json))
        }
        AccountCommand::Import { file, book, year, dry_run, reading } => {
            import_file(&file, BookCode(book), year, dry_run, &reading, counter).await
        }
        AccountCommand::Stop { book, year, code } => {
            let book = BookCode(book);
            let year = year_of(counter, &book, year).await?;
            counter.perform(StopAccount { book: book.clone(), year, account: AccountCode(code.clone()) }).await?;
            Ok(Reply::said(format!("科目 {code} 已停用"), json!({ "book": book, "year": year, "account": code })))
        }
    }
}

async fn year_of(counter: &Counter, book: &BookCode, year: Option<i32>) -> Result<i32, Stop> {
    counter.year(&mut *counter.snapshot().await?, book, year).await
}

async fn list(book: &BookCode, year: Option<i32>, counter: &Counter) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let year = counter.year(&mut tx, book, year).await?;
    let columns = vec![
        Column::id("account", "科目编码"),
        Column::text("name", "科目名称"),
        Column::text("class", "类别"),
        Column::text("normal_side", "方向"),
        Column::id("parent", "上级"),
        Column::text("leaf", "末级"),
        Column::text("requires", "辅助核算"),
        Column::id("stopped_on", "停用日期"),
        Column::text("source", "来源"),
    ];
    let mut sheet = Sheet::new("会计科目表", columns).subtitle(format!("账套 {book},{year} 年"));
    for account in store::accounts(&mut tx, counter.county(), book, year).await? {
        sheet.push(row(account));
    }
    Ok(Reply::sheet(sheet))
}

fn row(account: BookAccount) -> Vec<crate::exchange::Cell> {
    let requires: Vec<&str> = account.requires.iter().map(|dimension| dimension.label_zh()).collect();
    vec![
        account.code.0.into(),
        account.name.into(),
        account.class.label_zh().into(),
        account.normal_side.label_zh().into(),
        account.parent.map(|parent| parent.0).into(),
        (if account.is_leaf { "是" } else { "" }).into(),
        requires.join("、").into(),
        account.stopped_on.into(),
        account.source.into(),
    ]
}

async fn import_file(
    file: &Path,
    book: BookCode,
    year: Option<i32>,
    dry_run: bool,
    reading: &FileArguments,
    counter: &Counter,
) -> Result<Reply, Stop> {
    let mut read = read_accounts(&import::read_bytes(file)?, &reading.options()?)?;
    if !read.problems.is_empty() {
        return Ok(import::refused(&read.problems, &read.table));
    }
    let year = year_of(counter, &book, year).await?;
    let known = store::accounts(&mut *counter.snapshot().await?, counter.county(), &book, year).await?;
    let rows = read.accounts.len();
    // Files often repeat the statutory accounts, and a file may be imported again: what is there already stays.
    read.accounts.retain(|row| !known.iter().any(|account| account.code == row.code));
    read.accounts.sort_by(|a, b| a.code.cmp(&b.code));
    let own =
        |row: crate::exchange::accounts_in::AccountRow| OwnAccount { code: row.code.0, name: row.name, requires: row.requires };
    let accounts: Vec<OwnAccount> = read.accounts.into_iter().map(own).collect();
    let added = accounts.len();
    if !dry_run && added > 0 {
        counter.perform(AddAccounts { book: book.clone(), year, accounts }).await?;
    }
    let tail = if dry_run { ";未写入" } else { "" };
    let said = format!("{rows} 行,增设 {added} 个科目,{} 个已有{tail}", rows - added);
    let json =
        json!({ "rows": rows, "added": added, "known": rows - added, "dry_run": dry_run, "unknown_columns": read.table.unknown });
    Ok(import::with_unknown_columns(Reply::said(said, json), &read.table))
}
