//! `duty add | end | list`: who has which post in a village, from when to when.

use clap::Subcommand;
use serde_json::json;

use super::counter::Counter;
use super::output::Reply;
use super::words::word;
use crate::affairs::duties::service::{LeavePost, TakePost};
use crate::affairs::duties::{Post, register, store};
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::ledger::BookCode;

/// Verbs of duty persons.
#[derive(Debug, Subcommand)]
pub enum DutyCommand {
    /// 登记任职
    Add {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 岗位
        #[arg(long, value_parser = |text: &str| word(text, Post::parse, Post::ALL.iter().map(|p| p.label_zh())))]
        post: Post,
        /// 姓名
        #[arg(long)]
        name: String,
        /// 任职日期
        #[arg(long)]
        from: BusinessDate,
        /// 离任日期;在任的不写
        #[arg(long)]
        through: Option<BusinessDate>,
        /// 任职文件
        #[arg(long)]
        document: String,
    },
    /// 登记离任
    End {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 任职编号
        #[arg(long)]
        duty: i64,
        /// 最后一日;不写为今天
        #[arg(long)]
        through: Option<BusinessDate>,
    },
    /// 岗位人员登记簿
    List {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 只看这一天在任的
        #[arg(long)]
        on: Option<BusinessDate>,
    },
}

/// Runs a verb.
pub async fn run(command: DutyCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        DutyCommand::Add { book, post, name, from, through, document } => {
            let said = format!("{} {name}", post.label_zh());
            let act = TakePost { book: BookCode(book), post, name, from, through, document };
            let duty = counter.perform(act).await?;
            Ok(Reply::said(format!("已登记第 {duty} 号任职 {said}"), json!({ "duty": duty })))
        }
        DutyCommand::End { book, duty, through } => {
            let through = through.unwrap_or_else(|| counter.office.today());
            counter.perform(LeavePost { book: BookCode(book), duty, through }).await?;
            Ok(Reply::said(format!("第 {duty} 号任职到 {through} 结束"), json!({ "duty": duty })))
        }
        DutyCommand::List { book, on } => {
            let book = BookCode(book);
            let mut tx = counter.snapshot().await?;
            let unit = counter.book(&mut tx, &book).await?.name;
            let mut duties = store::duties(&mut tx, counter.county(), &book).await?;
            duties.retain(|duty| on.is_none_or(|on| duty.lasts(on, on)));
            Ok(Reply::sheet(register(&unit, &duties)))
        }
    }
}
