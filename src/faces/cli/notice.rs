//! `notice send | post | list | seen | outbox | show`: what the county and the centre tell villages, and who has read it.

use clap::Subcommand;
use serde_json::json;

use super::counter::Counter;
use super::output::Reply;
use crate::access::store as people;
use crate::affairs::notices::service::{SeeNotice, SendNotice};
use crate::affairs::notices::{Notice, NoticeRefusal, Reader, inbox, outbox, receipts, store};
use crate::db::Stop;
use crate::ledger::BookCode;
use crate::office::local_time;

/// Verbs of notices.
#[derive(Debug, Subcommand)]
pub enum NoticeCommand {
    /// 向一个区划下的各村发通知
    Send {
        /// 区划代码(可写前几位);不写为全县
        #[arg(long, default_value = "")]
        place: String,
        /// 标题
        #[arg(long)]
        title: String,
        /// 内容
        #[arg(long)]
        text: String,
    },
    /// 向一个村发通知
    Post {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 标题
        #[arg(long)]
        title: String,
        /// 内容
        #[arg(long)]
        text: String,
    },
    /// 本村的通知
    List {
        /// 账套编号
        #[arg(long)]
        book: String,
    },
    /// 签收通知
    Seen {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 通知编号
        #[arg(long)]
        notice: i64,
    },
    /// 全县通知及签收情况
    Outbox,
    /// 一份通知的签收表
    Show {
        /// 通知编号
        #[arg(long)]
        notice: i64,
    },
}

/// Runs a verb.
pub async fn run(command: NoticeCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        NoticeCommand::Send { place, title, text } => send(counter, SendNotice { book: None, place, title, words: text }).await,
        NoticeCommand::Post { book, title, text } => {
            let book = Some(BookCode(book));
            send(counter, SendNotice { book, place: String::new(), title, words: text }).await
        }
        NoticeCommand::List { book } => {
            let book = BookCode(book);
            let mut tx = counter.snapshot().await?;
            let unit = counter.book(&mut tx, &book).await?.name;
            let found = store::of_book(&mut tx, counter.county(), &book.0).await?;
            let names = people::names(&mut tx, counter.county()).await?;
            let found: Vec<_> = found.into_iter().map(|(notice, reader)| (from(notice, &names), by(reader, &names))).collect();
            Ok(Reply::sheet(inbox(&unit, &found)))
        }
        NoticeCommand::Seen { book, notice } => {
            counter.perform(SeeNotice { book: BookCode(book), notice }).await?;
            Ok(Reply::said(format!("通知 {notice} 已签收"), json!({ "notice": notice })))
        }
        NoticeCommand::Outbox => Ok(Reply::sheet(outbox(&all(counter).await?))),
        NoticeCommand::Show { notice } => {
            let found = all(counter).await?.into_iter().find(|(known, _)| known.notice == notice);
            let (notice, readers) = found.ok_or(NoticeRefusal::UnknownNotice { notice })?;
            Ok(Reply::sheet(receipts(&notice, &readers)))
        }
    }
}

async fn send(counter: &Counter, act: SendNotice) -> Result<Reply, Stop> {
    let notice = counter.perform(act).await?;
    Ok(Reply::said(format!("已发通知 {notice}"), json!({ "notice": notice })))
}

async fn all(counter: &Counter) -> Result<Vec<(Notice, Vec<Reader>)>, Stop> {
    let mut tx = counter.snapshot().await?;
    let names = people::names(&mut tx, counter.county()).await?;
    let found = store::all(&mut tx, counter.county()).await?;
    let named = found
        .into_iter()
        .map(|(notice, readers)| (from(notice, &names), readers.into_iter().map(|reader| by(reader, &names)).collect()));
    Ok(named.collect())
}

type Names = [(String, String)];

fn name(user: &str, names: &Names) -> String {
    names.iter().find(|(login, _)| login == user).map_or_else(|| user.to_owned(), |(_, name)| name.clone())
}

fn from(notice: Notice, names: &Names) -> Notice {
    Notice { posted_by: name(&notice.posted_by, names), ..notice }
}

fn by(reader: Reader, names: &Names) -> Reader {
    let seen_by = reader.seen_by.map(|user| name(&user, names));
    Reader { seen_by, seen_at: reader.seen_at.as_deref().map(local_time), ..reader }
}
