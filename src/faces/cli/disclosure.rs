//! `disclosure calendar | make | approve | return | publish | withdraw | list | show | questions | answer | release | obligation-add`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::counter::{Counter, CounterRefusal};
use super::import::read_bytes;
use super::output::Reply;
use super::words::word;
use crate::calendar::BusinessDate;
use crate::controls::disclosure::contact::{self, Contact};
use crate::controls::disclosure::obligations::{self, Obligation};
use crate::controls::disclosure::refusal::DisclosureRefusal;
use crate::controls::disclosure::service::making::MakeSheet;
use crate::controls::disclosure::service::questions::{AnswerQuestion, ReleaseQuestion};
use crate::controls::disclosure::service::steps::{MoveSheet, SaveContact, SaveObligations, SheetStep};
use crate::controls::disclosure::sheet::Kind;
use crate::controls::disclosure::span::Span;
use crate::controls::disclosure::{reports, store};
use crate::db::Stop;
use crate::ledger::BookCode;
use crate::ledger::books::store as books;

/// Verbs of disclosure.
#[derive(Debug, Subcommand)]
pub enum DisclosureCommand {
    /// 公开日历:应公开什么、何时、是否逾期
    Calendar {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 年度;不写为今年
        #[arg(long)]
        year: Option<i32>,
    },
    /// 从账上生成公开表(冻结的副本)
    Make {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 内容
        #[arg(long, value_parser = |text: &str| word(text, Kind::parse, Kind::ALL.iter().map(|k| k.as_str())))]
        kind: Kind,
        /// 期间:2026-01、2026Q1、2026
        #[arg(long, value_parser = |text: &str| Span::parse(text).map_err(|why| why.to_string()))]
        span: Span,
        /// 发放名单、贴息的批次号,或分红方案号
        #[arg(long, default_value = "")]
        subject: String,
        /// 更正原因
        #[arg(long)]
        reason: Option<String>,
    },
    /// 审核(编制人以外的人)
    Approve(Which),
    /// 退回
    Return(WhichWhy),
    /// 公示
    Publish(Which),
    /// 撤下
    Withdraw(WhichWhy),
    /// 公开表登记簿
    List {
        /// 账套编号
        #[arg(long)]
        book: String,
    },
    /// 一份公开表(上墙用)
    Show {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// 公开页网址,连同二维码印在表上
        #[arg(long, default_value = "")]
        address: String,
        /// 用 A3 纸大字
        #[arg(long)]
        a3: bool,
    },
    /// 群众提问
    Questions {
        /// 账套编号
        #[arg(long)]
        book: String,
    },
    /// 答复提问
    Answer {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 提问编号
        #[arg(long)]
        question: i64,
        /// 答复
        #[arg(long)]
        text: String,
    },
    /// 放行答复(答复人以外的人)
    Release {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 提问编号
        #[arg(long)]
        question: i64,
    },
    /// 监督电话:各地、自何日起
    Contacts,
    /// 登记监督电话(县、乡镇或村;印在公开表和公开页上)
    ContactAdd {
        /// 区划代码;不写为全县
        #[arg(long, default_value = "")]
        place: String,
        /// 起始日期;不写为今天
        #[arg(long)]
        from: Option<BusinessDate>,
        /// 单位
        #[arg(long)]
        office: String,
        /// 电话
        #[arg(long)]
        phone: String,
        /// 依据
        #[arg(long)]
        document: String,
    },
    /// 登记本县的公开要求(json 文件,一个列表)
    ObligationAdd {
        /// 文件
        file: PathBuf,
    },
}

/// A sheet of a book.
#[derive(Debug, Args)]
pub struct Which {
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 公开表编号
    #[arg(long)]
    sheet: i64,
}

/// A sheet and why.
#[derive(Debug, Args)]
pub struct WhichWhy {
    /// Which.
    #[command(flatten)]
    which: Which,
    /// 原因
    #[arg(long)]
    reason: String,
}

/// Runs a verb.
pub async fn run(command: DisclosureCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        DisclosureCommand::Calendar { book, year } => calendar(BookCode(book), year, counter).await,
        DisclosureCommand::Make { book, kind, span, subject, reason } => {
            let sheet = counter.perform(MakeSheet { book: BookCode(book), kind, span, subject, reason }).await?;
            Ok(Reply::said(format!("已生成公开表 {sheet}"), json!({ "sheet": sheet })))
        }
        DisclosureCommand::Approve(which) => moved(which, SheetStep::Approve, None, counter).await,
        DisclosureCommand::Return(WhichWhy { which, reason }) => moved(which, SheetStep::Return, Some(reason), counter).await,
        DisclosureCommand::Publish(which) => moved(which, SheetStep::Publish, None, counter).await,
        DisclosureCommand::Withdraw(WhichWhy { which, reason }) => moved(which, SheetStep::Withdraw, Some(reason), counter).await,
        DisclosureCommand::List { book } => {
            let book = BookCode(book);
            let mut tx = counter.snapshot().await?;
            let unit = counter.book(&mut tx, &book).await?.name;
            let heads = store::sheets::heads(&mut tx, counter.county(), &book).await?;
            Ok(Reply::sheet(reports::register(&unit, &heads)))
        }
        DisclosureCommand::Show { which, address, a3 } => show(which, (&address, a3), counter).await,
        DisclosureCommand::Questions { book } => {
            let book = BookCode(book);
            let mut tx = counter.snapshot().await?;
            let unit = counter.book(&mut tx, &book).await?.name;
            let questions = store::sheets::questions(&mut tx, counter.county(), &book).await?;
            Ok(Reply::sheet(reports::questions(&unit, &questions)))
        }
        DisclosureCommand::Answer { book, question, text } => {
            counter.perform(AnswerQuestion { book: BookCode(book), question, answer: text }).await?;
            Ok(Reply::said(format!("已答复提问 {question},待放行"), json!({ "question": question })))
        }
        DisclosureCommand::Release { book, question } => {
            counter.perform(ReleaseQuestion { book: BookCode(book), question }).await?;
            Ok(Reply::said(format!("答复 {question} 已放行"), json!({ "question": question })))
        }
        DisclosureCommand::Contacts => {
            let own = store::contacts::all(&mut *counter.snapshot().await?, counter.county()).await?;
            Ok(Reply::sheet(contact::register(&own)))
        }
        DisclosureCommand::ContactAdd { place, from, office, phone, document } => {
            let from = from.unwrap_or_else(|| counter.office.today());
            let contact = Contact { place, from, office, phone, document };
            counter.perform(SaveContact { contact: contact.clone() }).await?;
            Ok(Reply::said(format!("已登记监督电话 {}", contact.words()), json!(contact)))
        }
        DisclosureCommand::ObligationAdd { file } => {
            let unread = |why: serde_json::Error| CounterRefusal::NotDecisions { why: why.to_string() };
            let rows: Vec<Obligation> = serde_json::from_slice(&read_bytes(&file)?).map_err(unread)?;
            let kept = counter.perform(SaveObligations { rows }).await?;
            Ok(Reply::said(format!("已登记 {kept} 条公开要求"), json!({ "rows": kept })))
        }
    }
}

async fn moved(which: Which, step: SheetStep, reason: Option<String>, counter: &Counter) -> Result<Reply, Stop> {
    counter.perform(MoveSheet { book: BookCode(which.book), sheet: which.sheet, step, reason }).await?;
    let word = match step {
        SheetStep::Approve => "已审核",
        SheetStep::Return => "已退回",
        SheetStep::Publish => "已公示",
        SheetStep::Withdraw => "已撤下",
    };
    Ok(Reply::said(format!("公开表 {} {word}", which.sheet), json!({ "sheet": which.sheet, "step": step })))
}

async fn calendar(book: BookCode, year: Option<i32>, counter: &Counter) -> Result<Reply, Stop> {
    let today = counter.office.today();
    let year = year.unwrap_or_else(|| obligations::year_of(today));
    let mut tx = counter.snapshot().await?;
    let kept = counter.book(&mut tx, &book).await?;
    let heads = store::sheets::heads(&mut tx, counter.county(), &book).await?;
    let rows = obligations::table(store::rules::own(&mut tx, counter.county(), "disclosure").await?);
    let mut dues = obligations::calendar(&rows, &heads, (kept.first_period, year), today);
    let ended = books::stopped_on(&mut tx, counter.county(), &book).await?;
    dues.retain(|due| due.is_of(ended));
    Ok(Reply::sheet(reports::calendar(&kept.name, year, &dues)))
}

async fn show(which: Which, address: (&str, bool), counter: &Counter) -> Result<Reply, Stop> {
    let book = BookCode(which.book);
    let mut tx = counter.snapshot().await?;
    counter.book(&mut tx, &book).await?;
    let unknown = || DisclosureRefusal::UnknownSheet { sheet: which.sheet, book: book.to_string() };
    let sheet = store::sheets::sheet(&mut tx, counter.county(), &book, which.sheet).await?.ok_or_else(unknown)?;
    let digest = sheet.content.closing_digest.as_deref();
    let sheets = reports::wall(&sheet.head, sheet.content.thawed(), digest, address);
    Ok(Reply { sheets, json: Some(json!(sheet)), ..Reply::default() })
}
