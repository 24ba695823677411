//! `supervise run | flags | rules | rule-add | watch | matrix | trail`.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use super::counter::{Counter, CounterRefusal};
use super::import::read_bytes;
use super::output::Reply;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::controls::disclosure::store as disclosure;
use crate::controls::supervision::matrix::{BookYear, Month, square};
use crate::controls::supervision::rules::{self, Rule};
use crate::controls::supervision::service::flags::{RunFlags, SaveRules, WatchPerson};
use crate::controls::supervision::service::overview;
use crate::controls::supervision::{reports, store};
use crate::db::{Connection, Stop};
use crate::exchange::Sheet;
use crate::ledger::BookCode;
use crate::office::local_time;
use chrono::Datelike;

/// Verbs of supervision.
#[derive(Debug, Subcommand)]
pub enum SuperviseCommand {
    /// 运行预警规则
    Run {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 年度;不写为今年
        #[arg(long)]
        year: Option<i32>,
    },
    /// 预警清单
    Flags {
        /// 账套编号;不写为全县
        #[arg(long, default_value = "")]
        book: String,
        /// 已消除的也列出
        #[arg(long)]
        all: bool,
    },
    /// 预警规则
    Rules,
    /// 登记本县的预警规则(json 文件,一个列表)
    RuleAdd {
        /// 文件
        file: PathBuf,
    },
    /// 登记村干部及其亲属(付款给他们时预警)
    Watch {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 姓名
        #[arg(long)]
        name: String,
        /// 关系
        #[arg(long)]
        relation: String,
        /// 名单来源
        #[arg(long)]
        document: String,
    },
    /// 村月进度矩阵
    Matrix {
        /// 年度;不写为今年
        #[arg(long)]
        year: Option<i32>,
    },
    /// 操作轨迹查询
    Trail {
        /// 操作人
        #[arg(long, default_value = "")]
        by: String,
        /// 起日
        #[arg(long)]
        from: Option<BusinessDate>,
        /// 止日
        #[arg(long)]
        through: Option<BusinessDate>,
        /// 内容包含
        #[arg(long, default_value = "")]
        contains: String,
    },
}

/// Most lines of a trail.
const LINES: i64 = 500;

/// Runs a verb.
pub async fn run(command: SuperviseCommand, counter: &Counter) -> Result<Reply, Stop> {
    let this_year = counter.office.today().year();
    match command {
        SuperviseCommand::Run { book, year } => {
            let flags = counter.perform(RunFlags { book: BookCode(book), year }).await?;
            Ok(Reply::said(format!("规则已运行,现有预警 {flags} 条"), json!({ "flags": flags })))
        }
        SuperviseCommand::Flags { book, all } => flags(&book, all, counter).await,
        SuperviseCommand::Rules => {
            let mut tx = counter.snapshot().await?;
            let own = disclosure::rules::own(&mut tx, counter.county(), "supervision").await?;
            Ok(Reply::sheet(reports::rules(&rules::table(own))))
        }
        SuperviseCommand::RuleAdd { file } => {
            let unread = |why: serde_json::Error| CounterRefusal::NotDecisions { why: why.to_string() };
            let rules: Vec<Rule> = serde_json::from_slice(&read_bytes(&file)?).map_err(unread)?;
            let kept = counter.perform(SaveRules { rules }).await?;
            Ok(Reply::said(format!("已登记 {kept} 条预警规则"), json!({ "rules": kept })))
        }
        SuperviseCommand::Watch { book, name, relation, document } => {
            counter.perform(WatchPerson { book: BookCode(book), name: name.clone(), relation, document }).await?;
            Ok(Reply::said(format!("已登记 {name}"), json!({ "name": name })))
        }
        SuperviseCommand::Matrix { year } => {
            let mut tx = counter.snapshot().await?;
            Ok(Reply::sheet(matrix(&mut tx, counter.county(), year.unwrap_or(this_year), counter.office.today()).await?))
        }
        SuperviseCommand::Trail { by, from, through, contains } => {
            let day = |on: Option<BusinessDate>| on.map(|on| on.to_string()).unwrap_or_default();
            let after = through.and_then(|on| on.succ_opt());
            let mut tx = counter.snapshot().await?;
            let asked = (by.as_str(), day(from), day(after), contains.as_str());
            let lines =
                store::overview::trail(&mut tx, counter.county(), (asked.0, &asked.1, &asked.2), (asked.3, &[]), (0, LINES))
                    .await?;
            let shown = lines.into_iter().map(|[at, actor, kind, book, what]| [local_time(&at), actor, kind, book, what]);
            Ok(Reply::sheet(reports::trail(&shown.collect::<Vec<_>>())))
        }
    }
}

async fn flags(book: &str, all: bool, counter: &Counter) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let kept = store::flags::flags(&mut tx, counter.county(), book, all).await?;
    let last = store::flags::last_run(&mut tx, counter.county(), book).await?;
    let ran = last.map_or("规则还没有运行过".to_owned(), |at| {
        format!("规则 {} 条,最近运行 {}", rules::shipped().len(), local_time(&at))
    });
    let rows: Vec<_> = kept.into_iter().map(|kept| (kept.book.0, kept.flag, kept.first_seen_on)).collect();
    Ok(Reply::sheet(reports::flags(&rows, &ran)))
}

/// The matrix of a year: every village book, every month.
pub async fn matrix(tx: &mut Connection, county: &str, year: i32, today: BusinessDate) -> Result<Sheet, Stop> {
    let (years, days) = overview::villages(tx, county, year).await?;
    let words = |(month, n): (&Month, u32)| {
        let period = AccountingPeriod::new(year, n).expect("1 to 12 are months");
        square(month, period, (today, days)).words()
    };
    let row =
        |kept: &BookYear| (kept.book.book.0.clone(), kept.book.name.clone(), kept.months.iter().zip(1..).map(words).collect());
    Ok(reports::matrix(year, &years.iter().map(row).collect::<Vec<_>>()))
}
