//! `household income | incomes | income-import | income-drop | warnings | warning-rules | warning-rule-add`.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use chrono::Datelike;
use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::counter::{Counter, CounterRefusal};
use super::import::{self, FileArguments};
use super::output::Reply;
use crate::calendar::BusinessDate;
use crate::controls::disclosure::store::rules as own_rules;
use crate::db::Stop;
use crate::incomes::files_in::read_incomes;
use crate::incomes::service::{DropIncome, ImportIncomes, SaveWarningRules};
use crate::incomes::store::{self, Which};
use crate::incomes::warnings::{self, rules};
use crate::incomes::{by_household, reports};
use crate::parties::household::RegisterRefusal;

/// Rows of a list, or of its sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// 按户
    Household,
    /// 按村汇总
    Village,
}

/// Verbs of incomes and signals.
#[derive(Debug, Subcommand)]
pub enum IncomeCommand {
    /// 一户的收入明细:账上发放的与导入的,每笔只计一次
    Income {
        /// 户编号
        household: String,
        /// 年度;不写为全部年度
        #[arg(long)]
        year: Option<i32>,
    },
    /// 收入登记:按户或按村,分类别,与上年比较
    Incomes {
        /// 区划代码(可写前几位)
        #[arg(long, default_value = "")]
        place: String,
        /// 年度;不写为上一年
        #[arg(long)]
        year: Option<i32>,
        /// 按户或按村
        #[arg(long, value_enum, default_value_t = By::Household)]
        by: By,
        /// 从此户编号之后
        #[arg(long, default_value = "")]
        after: String,
        /// 最多多少行;不写时屏幕和 json 为 500 行,csv、xlsx、pdf 为全部
        #[arg(long, value_parser = clap::value_parser!(i64).range(1..))]
        limit: Option<i64>,
    },
    /// 从 csv/xlsx 导入工资、转移性收入等(户编号、到账日期、收入类别、项目、金额、发放单位)
    IncomeImport {
        /// 文件
        file: PathBuf,
        /// How to read it.
        #[command(flatten)]
        reading: FileArguments,
        /// 只检查,不写入
        #[arg(long)]
        dry_run: bool,
    },
    /// 作废一行导入的收入
    IncomeDrop {
        /// 收入行编号
        #[arg(long)]
        entry: i64,
        /// 原因
        #[arg(long)]
        reason: String,
    },
    /// 农户监测预警:贷款逾期、分红收益未到账、收入下降、负债过高
    Warnings {
        /// 区划代码(可写前几位)
        #[arg(long, default_value = "")]
        place: String,
        /// 户编号;不写为全部
        #[arg(long, default_value = "")]
        household: String,
        /// 第几页
        #[arg(long, default_value_t = 1)]
        page: usize,
        /// 每页行数
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
    /// 监测预警规则
    WarningRules,
    /// 登记本县的监测预警规则(json 文件,一个列表)
    WarningRuleAdd {
        /// 文件
        file: PathBuf,
    },
}

/// Runs a verb.
pub async fn run(command: IncomeCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        IncomeCommand::Income { household, year } => one(counter, &household, year).await,
        IncomeCommand::Incomes { place, year, by, after, limit } => many(counter, &place, year, (by, &after, limit)).await,
        IncomeCommand::IncomeImport { file, reading, dry_run } => take(counter, &file, &reading, dry_run).await,
        IncomeCommand::IncomeDrop { entry, reason } => {
            counter.perform(DropIncome { entry, reason }).await?;
            Ok(Reply::said(format!("收入行 {entry} 已作废"), json!({ "entry": entry })))
        }
        IncomeCommand::Warnings { place, household, page, limit } => {
            signals(counter, Which { place: &place, household: &household }, (page, limit)).await
        }
        IncomeCommand::WarningRules => {
            let mut tx = counter.snapshot().await?;
            let own = own_rules::own(&mut tx, counter.county(), "warnings").await?;
            Ok(Reply::sheet(warnings::reports::rules(&rules::table(own))))
        }
        IncomeCommand::WarningRuleAdd { file } => {
            let unread = |why: serde_json::Error| CounterRefusal::NotDecisions { why: why.to_string() };
            let rules = serde_json::from_slice(&import::read_bytes(&file)?).map_err(unread)?;
            let kept = counter.perform(SaveWarningRules { rules }).await?;
            Ok(Reply::said(format!("已登记 {kept} 条监测预警规则"), json!({ "rules": kept })))
        }
    }
}

fn days(first: i32, last: i32) -> (BusinessDate, BusinessDate) {
    let day = |year, month, day| BusinessDate::from_ymd_opt(year, month, day);
    (day(first, 1, 1).unwrap_or(BusinessDate::MIN), day(last, 12, 31).unwrap_or(BusinessDate::MAX))
}

async fn one(counter: &Counter, household: &str, year: Option<i32>) -> Result<Reply, Stop> {
    let which = Which { household, place: "" };
    let mut tx = counter.snapshot().await?;
    let known = store::households(&mut tx, counter.county(), which).await?;
    let unknown = || RegisterRefusal::UnknownHousehold { household: household.to_owned() };
    let (_, _, name, _) = known.first().ok_or_else(unknown)?;
    let span = year.map_or_else(|| days(1900, 9999), |year| days(year, year));
    let lines = store::lines(&mut tx, counter.county(), which, span).await?;
    let words = year.map_or_else(|| "全部年度".to_owned(), |year| format!("{year}年"));
    Ok(Reply::sheet(reports::lines((household, name), &lines, &words)))
}

async fn many(
    counter: &Counter,
    place: &str,
    year: Option<i32>,
    (by, after, limit): (By, &str, Option<i64>),
) -> Result<Reply, Stop> {
    let year = year.unwrap_or_else(|| counter.office.today().year() - 1);
    let which = Which { place, household: "" };
    let mut tx = counter.snapshot().await?;
    let known = store::households(&mut tx, counter.county(), which).await?;
    let lines = store::lines(&mut tx, counter.county(), which, days(year - 1, year)).await?;
    let sums = by_household(&lines, year);
    if by == By::Household {
        let limit = usize::try_from(counter.rows(limit)).unwrap_or(usize::MAX);
        let sheet = reports::households(&known, &sums, year, (after, limit));
        let mut left =
            known.iter().map(|(household, ..)| household.as_str()).filter(|household| *household > after).skip(limit - 1);
        let (last, left) = (left.next().map(str::to_owned), left.count() as i64);
        return Ok(Reply::page(sheet, last.filter(|_| left > 0), left));
    }
    let names: BTreeMap<_, _> = store::villages(&mut tx, counter.county()).await?.into_iter().collect();
    Ok(Reply::sheet(reports::villages(&known, &sums, year, &names)))
}

async fn take(counter: &Counter, file: &std::path::Path, reading: &FileArguments, dry_run: bool) -> Result<Reply, Stop> {
    let known = store::households(&mut *counter.snapshot().await?, counter.county(), Which::default()).await?;
    let known: HashSet<&str> = known.iter().map(|(household, ..)| household.as_str()).collect();
    let is_known = |household: &str| known.contains(household);
    let read = read_incomes(&import::read_bytes(file)?, &reading.options()?, (counter.office.today(), &is_known))?;
    if !read.problems.is_empty() {
        return Ok(import::refused(&read.problems, &read.table));
    }
    let rows = read.rows.len() as u64;
    let new = if dry_run { 0 } else { counter.perform(ImportIncomes { rows: read.rows }).await? };
    let said = if dry_run {
        format!("检查通过 {rows} 行,未写入")
    } else {
        format!("导入 {new} 行,已有 {} 行", rows - new)
    };
    let json = json!({ "rows": rows, "new": new, "dry_run": dry_run, "unknown_columns": read.table.unknown });
    Ok(import::with_unknown_columns(Reply::said(said, json), &read.table))
}

async fn signals(counter: &Counter, which: Which<'_>, page: (usize, usize)) -> Result<Reply, Stop> {
    let today = counter.office.today();
    let year = today.year() - 1;
    let mut tx = counter.snapshot().await?;
    let rules = rules::table(own_rules::own(&mut tx, counter.county(), "warnings").await?);
    let facts = warnings::store::facts(&mut tx, counter.county(), which, year).await?;
    let found: Vec<_> = facts.iter().flat_map(|facts| warnings::signals(&rules, facts, (today, year))).collect();
    let holding = rules.iter().filter(|rule| rule.holds(today)).count();
    Ok(Reply::sheet(warnings::reports::signals(&found, holding, today, page)))
}
