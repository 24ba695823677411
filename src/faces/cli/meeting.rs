//! `meeting add | hold | list | show`: matters a village decides, and the steps they go through (四议两公开一监督).

use clap::Subcommand;
use serde_json::json;

use super::counter::Counter;
use super::output::Reply;
use super::words::word;
use crate::affairs::meetings::service::{HoldStep, OpenMatter};
use crate::affairs::meetings::{Held, Step, record, register, store};
use crate::affairs::refusal::AffairsRefusal;
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::ledger::BookCode;
use crate::money::Amount;

/// Verbs of meetings.
#[derive(Debug, Subcommand)]
pub enum MeetingCommand {
    /// 登记要议的事项
    Add {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 事项
        #[arg(long)]
        subject: String,
        /// 涉及金额
        #[arg(long, default_value = "0")]
        amount: Amount,
    },
    /// 登记一个步骤:日期、到会、表决
    Hold {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 会议编号
        #[arg(long)]
        meeting: i64,
        /// 步骤
        #[arg(long, value_parser = |text: &str| word(text, Step::parse, Step::ALL.iter().map(|s| s.label_zh())))]
        step: Step,
        /// 日期;不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
        /// 地点
        #[arg(long, default_value = "")]
        place: String,
        /// 应到人数
        #[arg(long, default_value_t = 0)]
        expected: i64,
        /// 到会人数
        #[arg(long, default_value_t = 0)]
        present: i64,
        /// 赞成票
        #[arg(long, default_value_t = 0)]
        in_favour: i64,
        /// 反对票
        #[arg(long, default_value_t = 0)]
        against: i64,
        /// 弃权票
        #[arg(long, default_value_t = 0)]
        abstained: i64,
        /// 记录、照片或公告编号
        #[arg(long)]
        document: String,
    },
    /// 四议两公开登记簿
    List {
        /// 账套编号
        #[arg(long)]
        book: String,
    },
    /// 一个事项的各步骤
    Show {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 会议编号
        #[arg(long)]
        meeting: i64,
    },
}

/// Runs a verb.
pub async fn run(command: MeetingCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        MeetingCommand::Add { book, subject, amount } => {
            let meeting = counter.perform(OpenMatter { book: BookCode(book), subject, amount }).await?;
            Ok(Reply::said(format!("已登记会议 {meeting}"), json!({ "meeting": meeting })))
        }
        hold @ MeetingCommand::Hold { .. } => self::hold(hold, counter).await,
        MeetingCommand::List { book } => {
            let book = BookCode(book);
            let mut tx = counter.snapshot().await?;
            let unit = counter.book(&mut tx, &book).await?.name;
            Ok(Reply::sheet(register(&unit, &store::matters(&mut tx, counter.county(), &book, None).await?)))
        }
        MeetingCommand::Show { book, meeting } => {
            let book = BookCode(book);
            let mut tx = counter.snapshot().await?;
            let unit = counter.book(&mut tx, &book).await?.name;
            let found = store::matters(&mut tx, counter.county(), &book, Some(meeting.max(1))).await?;
            let unknown = || AffairsRefusal::UnknownMeeting { meeting, book: book.to_string() };
            let matter = found.into_iter().find(|matter| matter.meeting == meeting).ok_or_else(unknown)?;
            Ok(Reply::sheet(record(&unit, &matter)))
        }
    }
}

async fn hold(command: MeetingCommand, counter: &Counter) -> Result<Reply, Stop> {
    let MeetingCommand::Hold { book, meeting, step, on, place, expected, present, in_favour, against, abstained, document } =
        command
    else {
        unreachable!("called for steps");
    };
    let on = on.unwrap_or_else(|| counter.office.today());
    let held = Held { step, on, place, expected, present, in_favour, against, abstained, document };
    let passed = counter.perform(HoldStep { book: BookCode(book), meeting, held }).await?;
    let word = if passed { "已登记" } else { "未通过,已登记" };
    Ok(Reply::said(format!("会议 {meeting} {}{word}", step.label_zh()), json!({ "meeting": meeting, "passed": passed })))
}
