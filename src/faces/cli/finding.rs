//! `finding raise | answer | return | close | list | show`.

use clap::{Args, Subcommand};
use serde_json::json;

use super::counter::Counter;
use super::output::Reply;
use crate::calendar::BusinessDate;
use crate::controls::supervision::refusal::SupervisionRefusal;
use crate::controls::supervision::service::findings::{AnswerFinding, CloseFinding, RaiseFinding};
use crate::controls::supervision::{reports, store};
use crate::db::Stop;
use crate::ledger::BookCode;

/// Verbs of findings.
#[derive(Debug, Subcommand)]
pub enum FindingCommand {
    /// 发出督办单
    Raise {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 事项
        #[arg(long)]
        title: String,
        /// 要求
        #[arg(long)]
        text: String,
        /// 承办人(登录名)
        #[arg(long)]
        owner: String,
        /// 答复期限
        #[arg(long)]
        due: BusinessDate,
        /// 针对的预警规则
        #[arg(long, requires = "object")]
        rule: Option<String>,
        /// 针对的预警标识
        #[arg(long, requires = "rule")]
        object: Option<String>,
    },
    /// 答复
    Answer {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// 答复
        #[arg(long)]
        text: String,
        /// 佐证:凭证号、报账单号或材料名
        #[arg(long)]
        document: Option<String>,
    },
    /// 退回答复
    Return {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// 原因
        #[arg(long)]
        reason: String,
    },
    /// 销号(承办人以外的人)
    Close(Which),
    /// 督办台账
    List {
        /// 账套编号;不写为全县
        #[arg(long, default_value = "")]
        book: String,
    },
    /// 督办单
    Show(Which),
}

/// A finding of a book.
#[derive(Debug, Args)]
pub struct Which {
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 督办单号
    #[arg(long)]
    finding: i64,
}

/// Runs a verb.
pub async fn run(command: FindingCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        FindingCommand::Raise { book, title, text, owner, due, rule, object } => {
            let act = RaiseFinding { book: BookCode(book), flag: rule.zip(object), title, text, owner, due_on: due };
            let finding = counter.perform(act).await?;
            Ok(said("已发出", finding))
        }
        FindingCommand::Answer { which, text, document } => {
            let act = AnswerFinding { book: BookCode(which.book), finding: which.finding, answer: text, document };
            counter.perform(act).await?;
            Ok(said("已答复", which.finding))
        }
        FindingCommand::Return { which, reason } => {
            let act = CloseFinding { book: BookCode(which.book), finding: which.finding, back: Some(reason) };
            counter.perform(act).await?;
            Ok(said("已退回", which.finding))
        }
        FindingCommand::Close(which) => {
            counter.perform(CloseFinding { book: BookCode(which.book), finding: which.finding, back: None }).await?;
            Ok(said("已销号", which.finding))
        }
        FindingCommand::List { book } => {
            let mut tx = counter.snapshot().await?;
            let findings = store::findings::findings(&mut tx, counter.county(), &book).await?;
            Ok(Reply::sheet(reports::findings(&findings, counter.office.today())))
        }
        FindingCommand::Show(which) => {
            let book = BookCode(which.book);
            let mut tx = counter.snapshot().await?;
            let unit = counter.book(&mut tx, &book).await?.name;
            let found = store::findings::finding(&mut tx, counter.county(), which.finding).await?;
            let unknown = || SupervisionRefusal::UnknownFinding { finding: which.finding };
            let found = found.filter(|found| found.book == book).ok_or_else(unknown)?;
            let sheets = vec![reports::finding(&found, &unit)];
            Ok(Reply { sheets, json: Some(json!(found)), ..Reply::default() })
        }
    }
}

fn said(words: &str, finding: i64) -> Reply {
    Reply::said(format!("督办单 {finding} {words}"), json!({ "finding": finding }))
}
