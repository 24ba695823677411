//! `migrate`, `backup`, `restore`, `copy` and `verify`: keeping the database itself.
//!
//! 1. `restore` and `copy` fill an empty database; neither writes over books.
//! 2. `verify` changes nothing; what it finds ends the command as refused, with the first finding.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::args::Common;
use super::counter::{Counter, open_existing};
use super::output::Reply;
use crate::controls::audit_trail::service::{self, Checked, VerifyReport};
use crate::db::copy::{self, CopyReport};
use crate::db::{Db, Stop};
use crate::exchange::{Column, Sheet};
use crate::ledger::BookCode;
use crate::ledger::books::store as books;
use crate::office::{OfficeRefusal, backup};
use crate::refusal::Refusal;

/// Where a backup goes.
#[derive(Debug, Args)]
pub struct BackupArguments {
    /// 备份文件(SQLite)
    file: PathBuf,
    /// 文件已存在时覆盖
    #[arg(long)]
    replace: bool,
}

/// Where a copy goes.
#[derive(Debug, Args)]
pub struct CopyArguments {
    /// 目标数据库(空库):sqlite:文件 或 postgres://…
    #[arg(long, value_name = "URL", value_parser = super::args::address)]
    to: String,
}

/// What is verified.
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// 只核对一个账套
    #[arg(long)]
    book: Option<String>,
}

/// Brings the schema up to date, making the database if need be.
pub async fn migrate(common: &Common) -> Result<Reply, Stop> {
    let db = Db::open_ready(&common.db).await?;
    let engine = db.engine.name();
    db.close().await;
    Ok(Reply::said(format!("{engine} 数据库已是最新结构"), json!({ "engine": engine, "migrated": true })))
}

/// Backs the database up while others go on writing.
pub async fn back_up(arguments: &BackupArguments, common: &Common) -> Result<Reply, Stop> {
    let db = open_existing(&common.db).await?;
    let bar = bar();
    let done = backup::backup(&db, &arguments.file, arguments.replace, told(&bar)).await;
    bar.finish_and_clear();
    db.close().await;
    Ok(copied(&format!("已备份到 {}", arguments.file.display()), &done?))
}

/// Fills an empty database from a backup.
pub async fn restore(file: &std::path::Path, common: &Common) -> Result<Reply, Stop> {
    let bar = bar();
    let done = backup::restore(file, &common.db, told(&bar)).await;
    bar.finish_and_clear();
    Ok(copied(&format!("已从 {} 恢复", file.display()), &done?))
}

/// Copies the database into an empty one of either engine.
pub async fn copy(arguments: &CopyArguments, common: &Common) -> Result<Reply, Stop> {
    let from = open_existing(&common.db).await?;
    let to = Db::open_ready(&arguments.to).await?;
    let bar = bar();
    let done = copy::copy(&from, &to, told(&bar)).await;
    bar.finish_and_clear();
    from.close().await;
    to.close().await;
    Ok(copied("已复制到目标数据库", &done?))
}

/// A bar on a terminal; nothing in a pipe.
fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

fn told(bar: &ProgressBar) -> impl FnMut(&str, u64) + '_ {
    |table, rows| bar.set_message(format!("{table} {rows} 行"))
}

fn copied(said: &str, report: &CopyReport) -> Reply {
    let tables: serde_json::Map<String, Value> = report.tables.iter().map(|(name, rows)| ((*name).into(), json!(rows))).collect();
    Reply::said(format!("{said},共 {} 行", report.rows()), json!({ "rows": report.rows(), "tables": tables }))
}

/// Derives everything again, in the county named or in every county of the database.
pub async fn verify(arguments: &VerifyArguments, common: &Common) -> Result<Reply, Stop> {
    let db = open_existing(&common.db).await?;
    let verified = verify_counties(&db, arguments, common).await;
    db.close().await;
    verified
}

/// Re-derives the counter's county.
pub async fn verify_at(arguments: &VerifyArguments, counter: &Counter) -> Result<Reply, Stop> {
    let book = arguments.book.clone().map(BookCode);
    Ok(verified(&[service::verify(&counter.office.db, counter.county(), book.as_ref()).await?]))
}

async fn verify_counties(db: &Db, arguments: &VerifyArguments, common: &Common) -> Result<Reply, Stop> {
    let known = books::counties(&mut *db.begin_snapshot().await?).await?;
    if let Some(county) = common.county.as_ref().filter(|county| !known.iter().any(|(code, _)| code == *county)) {
        return Err(OfficeRefusal::UnknownCounty { county: county.clone() }.into());
    }
    let book = arguments.book.clone().map(BookCode);
    let mut reports = Vec::new();
    for (county, _) in known.iter().filter(|(code, _)| common.county.as_ref().is_none_or(|wanted| wanted == code)) {
        reports.push(service::verify(db, county, book.as_ref()).await?);
    }
    Ok(verified(&reports))
}

fn verified(reports: &[VerifyReport]) -> Reply {
    let ok = reports.iter().all(|report| report.ok);
    let findings: Vec<&Refusal> = reports.iter().flat_map(|report| &report.findings).collect();
    let beyond: u64 = reports.iter().map(|report| report.beyond).sum();
    let counts = counts(reports);
    let named: Vec<String> = counts.iter().map(|(_, label, count)| format!("{label} {count}")).collect();
    let head = if ok { "核对无误" } else { "核对发现问题" };
    let checked: serde_json::Map<String, Value> = counts.iter().map(|(key, _, count)| ((*key).into(), json!(count))).collect();
    let json = json!({ "ok": ok, "checked": checked, "findings": findings, "beyond": beyond });
    let reply = Reply::said(format!("{head}:{}", named.join("、")), json);
    match findings.first() {
        None => reply,
        Some(first) => Reply { sheets: vec![finding_sheet(&findings, beyond)], ..reply }.refused((*first).clone()),
    }
}

fn counts(reports: &[VerifyReport]) -> [(&'static str, &'static str, u64); 9] {
    let sum = |of: fn(&Checked) -> u64| reports.iter().map(|report| of(&report.checked)).sum();
    [
        ("books", "账套", sum(|c| c.books)),
        ("vouchers", "凭证", sum(|c| c.vouchers)),
        ("posted", "已过账", sum(|c| c.posted)),
        ("lines", "分录", sum(|c| c.lines)),
        ("movements", "发生额", sum(|c| c.movements)),
        ("series", "编号序列", sum(|c| c.series)),
        ("periods", "会计期间", sum(|c| c.periods)),
        ("acts", "操作日志", sum(|c| c.acts)),
        ("files", "附件", sum(|c| c.files)),
    ]
}

fn finding_sheet(findings: &[&Refusal], beyond: u64) -> Sheet {
    let columns = vec![Column::id("code", "代码"), Column::text("message_zh", "问题"), Column::text("next", "处理办法")];
    let mut sheet = Sheet::new("核对结果", columns);
    for finding in findings {
        sheet.push([&finding.code, &finding.message_zh, &finding.next].map(|text| text.as_str().into()).into());
    }
    sheet.notes.extend((beyond > 0).then(|| format!("另有 {beyond} 处未列出")));
    sheet
}
