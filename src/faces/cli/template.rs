//! `template list | keep | drop | use`: patterns of vouchers that come back month after month.

use clap::Subcommand;
use serde_json::json;

use super::counter::Counter;
use super::output::Reply;
use super::voucher::find;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::Stop;
use crate::exchange::{Column, Sheet};
use crate::ledger::templates::service::{DropTemplate, KeepTemplate};
use crate::ledger::templates::{Template, TemplateRefusal, store};
use crate::ledger::vouchers::VoucherRef;
use crate::ledger::vouchers::service::KeepDrafts;
use crate::ledger::{BookCode, Stage, Voucher};

/// Verbs of templates.
#[derive(Debug, Subcommand)]
pub enum TemplateCommand {
    /// 列出模板凭证
    List {
        /// 账套编号
        #[arg(long)]
        book: String,
    },
    /// 把一张凭证存为模板
    Keep {
        /// 凭证号,如 2026-10-记-12
        voucher: VoucherRef,
        /// 模板名称
        #[arg(long)]
        name: String,
        /// 账套编号
        #[arg(long)]
        book: String,
    },
    /// 用模板生成一张草稿
    Use {
        /// 模板名称
        name: String,
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 凭证日期
        #[arg(long, value_name = "DATE")]
        on: BusinessDate,
    },
    /// 删去模板
    Drop {
        /// 模板名称
        name: String,
        /// 账套编号
        #[arg(long)]
        book: String,
    },
}

/// Runs a verb.
pub async fn run(command: TemplateCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        TemplateCommand::List { book } => list(&BookCode(book), counter).await,
        TemplateCommand::Keep { voucher, name, book } => keep(&voucher, name, BookCode(book), counter).await,
        TemplateCommand::Use { name, book, on } => draft(&name, BookCode(book), on, counter).await,
        TemplateCommand::Drop { name, book } => {
            counter.perform(DropTemplate { book: BookCode(book), name: name.clone() }).await?;
            Ok(Reply::said(format!("已删去模板“{name}”"), json!({ "template": name })))
        }
    }
}

async fn list(book: &BookCode, counter: &Counter) -> Result<Reply, Stop> {
    let columns = vec![
        Column::text("template", "模板"),
        Column::text("word", "凭证字"),
        Column::text("summary", "摘要"),
        Column::text("accounts", "科目"),
    ];
    let mut sheet = Sheet::new("模板凭证", columns);
    let mut tx = counter.snapshot().await?;
    counter.book(&mut tx, book).await?;
    for template in store::templates(&mut tx, counter.county(), book).await? {
        let summary = template.lines.first().map(|line| line.summary.clone()).unwrap_or_default();
        let accounts: Vec<&str> = template.lines.iter().map(|line| line.account.as_str()).collect();
        sheet.push(vec![template.name.into(), template.word.as_str().into(), summary.into(), accounts.join("、").into()]);
    }
    Ok(Reply::sheet(sheet))
}

async fn keep(from: &VoucherRef, name: String, book: BookCode, counter: &Counter) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    counter.book(&mut tx, &book).await?;
    let voucher = find(&mut tx, counter.county(), &book, from).await?;
    drop(tx);
    let lines = counter.perform(KeepTemplate { book, name: name.clone(), voucher }).await?;
    Ok(Reply::said(format!("凭证 {from} 的 {lines} 条分录已存为模板“{name}”"), json!({ "template": name, "lines": lines })))
}

/// The template of a name. Refuses one the book does not have.
pub async fn named(tx: &mut crate::db::Connection, county: &str, book: &BookCode, name: &str) -> Result<Template, Stop> {
    let found = store::templates(tx, county, book).await?.into_iter().find(|template| template.name == name);
    Ok(found.ok_or_else(|| TemplateRefusal::Unknown { name: name.to_owned(), book: book.to_string() })?)
}

async fn draft(name: &str, book: BookCode, on: BusinessDate, counter: &Counter) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    counter.book(&mut tx, &book).await?;
    let template = named(&mut tx, counter.county(), &book, name).await?;
    drop(tx);
    let voucher = Voucher {
        book: book.clone(),
        period: AccountingPeriod::of(on),
        dated_on: on,
        word: template.word,
        stage: Stage::Ordinary,
        lines: template.lines,
        reverses: None,
        source_key: None,
        paper_attachments: 0,
    };
    let kept = counter.perform(KeepDrafts { book, vouchers: vec![voucher], skip_known: false }).await?;
    let made: Vec<String> = kept.numbered.iter().map(|one| one.reference()).collect();
    Ok(Reply::said(format!("按模板“{name}”生成草稿 {}", made.join("、")), json!({ "template": name, "vouchers": made })))
}
