//! `household import | grade | gone | list | standings | statement | numbers`: the register of households, and what one of them sees of all
//! books; incomes and signals stand in `household_income.rs`.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use super::counter::Counter;
use super::household_income::{self, IncomeCommand};
use super::import::{self, FileArguments};
use super::output::Reply;
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::exchange::households_in::read_households;
use crate::exchange::{Column, Sheet};
use crate::parties::grading::USUAL_RULE;
use crate::parties::household::{HouseholdStatus, RegisterRefusal};
use crate::parties::service::{GonePerson, GradeHouseholds, RegisterGone, RegisterHouseholds, UnmaskHousehold};
use crate::parties::{mask_id, store};

/// Verbs of households.
#[derive(Debug, Subcommand)]
pub enum HouseholdCommand {
    /// 从 csv/xlsx 导入农户,一人一行(户编号、村代码、姓名、身份证号、与户主关系、劳动能力、户类型、认定日期)
    Import {
        /// 文件
        file: PathBuf,
        /// How to read it.
        #[command(flatten)]
        reading: FileArguments,
        /// 没有认定日期时的起始日期
        #[arg(long, default_value = "2014-01-01")]
        since: BusinessDate,
        /// 只检查,不写入
        #[arg(long)]
        dry_run: bool,
    },
    /// 评级授信
    Grade {
        /// 户编号=评分,可多个
        #[arg(required = true)]
        scores: Vec<String>,
        /// 评级规则
        #[arg(long, default_value = USUAL_RULE)]
        rule: String,
        /// 评级日期,不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
    },
    /// 明白卡:借款、委托、股权、应得、已收
    Statement {
        /// 户编号
        household: String,
    },
    /// 查看一户的完整证件号、账号和电话(记入操作日志)
    Numbers {
        /// 户编号
        household: String,
        /// 事由
        #[arg(long)]
        why: String,
    },
    /// 登记死亡或迁出的人(代发时核对)
    Gone {
        /// 身份证号
        #[arg(long)]
        id: String,
        /// 死亡日期
        #[arg(long)]
        died_on: Option<BusinessDate>,
        /// 迁出日期
        #[arg(long)]
        moved_out_on: Option<BusinessDate>,
        /// 证明文件
        #[arg(long, default_value = "")]
        document: String,
    },
    /// 列出农户
    List {
        /// 区划代码(可写前几位)
        #[arg(long, default_value = "")]
        place: String,
        /// 从此户编号之后
        #[arg(long, default_value = "")]
        after: String,
        /// 最多多少行;不写时屏幕和 json 为 500 行,csv、xlsx、pdf 为全部
        #[arg(long, value_parser = clap::value_parser!(i64).range(1..))]
        limit: Option<i64>,
        /// 哪一天的户类型;不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
        /// 只列这种户类型
        #[arg(long, value_parser = |text: &str| HouseholdStatus::parse(text).ok_or("没有这种户类型"))]
        status: Option<HouseholdStatus>,
    },
    /// 一户的户类型变动:起止日期、认定文件
    Standings {
        /// 户编号
        household: String,
    },
    /// Incomes and signals.
    #[command(flatten)]
    Income(IncomeCommand),
}

/// Runs a verb.
pub async fn run(command: HouseholdCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        HouseholdCommand::Statement { household } => {
            let mut tx = counter.snapshot().await?;
            let card = crate::household_card::store::card(&mut tx, counter.county(), &household, counter.office.today()).await?;
            let json = json!(card);
            Ok(Reply { json: Some(json), ..Reply::sheet(card.sheet()) })
        }
        HouseholdCommand::Numbers { household, why } => numbers(counter, household, why).await,
        HouseholdCommand::Import { file, reading, since, dry_run } => {
            let read = read_households(&import::read_bytes(&file)?, &reading.options()?, (counter.office.today(), since))?;
            if !read.problems.is_empty() {
                return Ok(import::refused(&read.problems, &read.table));
            }
            let rows = read.households.len();
            if !dry_run {
                counter.perform(RegisterHouseholds { households: read.households }).await?;
            }
            let said = if dry_run { format!("检查通过 {rows} 户,未写入") } else { format!("登记 {rows} 户") };
            let json = json!({ "households": rows, "dry_run": dry_run, "unknown_columns": read.table.unknown });
            Ok(import::with_unknown_columns(Reply::said(said, json), &read.table))
        }
        HouseholdCommand::Grade { scores, rule, on } => {
            let score = |text: &String| {
                let (household, score) = text.split_once('=')?;
                Some((household.to_owned(), score.parse().ok()?))
            };
            let unknown = |text: &String| RegisterRefusal::UnknownHousehold { household: text.clone() };
            let scores = scores.iter().map(|text| score(text).ok_or_else(|| unknown(text))).collect::<Result<Vec<_>, _>>()?;
            let on = on.unwrap_or_else(|| counter.office.today());
            let graded = counter.perform(GradeHouseholds { on, rule, scores }).await?;
            Ok(Reply::said(format!("评级 {graded} 户"), json!({ "graded": graded })))
        }
        HouseholdCommand::Gone { id, died_on, moved_out_on, document } => {
            let person = GonePerson { id_number: id, died_on, moved_out_on, document };
            let registered = counter.perform(RegisterGone { people: vec![person] }).await?;
            Ok(Reply::said("已登记".to_owned(), json!({ "registered": registered })))
        }
        HouseholdCommand::Income(command) => household_income::run(command, counter).await,
        HouseholdCommand::List { place, after, limit, on, status } => {
            list(counter, (&place, &after, counter.rows(limit)), (on.unwrap_or_else(|| counter.office.today()), status)).await
        }
        HouseholdCommand::Standings { household } => standings(counter, &household).await,
    }
}

async fn numbers(counter: &Counter, household: String, why: String) -> Result<Reply, Stop> {
    counter.perform(UnmaskHousehold { household: household.clone(), why }).await?;
    let (phone, account, people) = store::numbers(&mut *counter.snapshot().await?, counter.county(), &household).await?;
    let columns = vec![Column::text("name", "姓名"), Column::text("what", "项目"), Column::id("number", "号码")];
    let mut sheet = Sheet::new("农户完整号码", columns);
    let of_house = [("联系电话", phone), ("银行账号", account)];
    for (what, number) in of_house.into_iter().filter_map(|(what, number)| Some((what, number?))) {
        sheet.push(vec![household.as_str().into(), what.into(), number.into()]);
    }
    for (name, relation, id) in people {
        sheet.push(vec![name.into(), format!("身份证号({relation})").into(), id.into()]);
    }
    Ok(Reply::sheet(sheet))
}

async fn list(
    counter: &Counter,
    which: (&str, &str, i64),
    (on, status): (BusinessDate, Option<HouseholdStatus>),
) -> Result<Reply, Stop> {
    let columns = vec![
        Column::id("household", "户编号"),
        Column::id("place", "村代码"),
        Column::text("head", "户主"),
        Column::id("id_number", "身份证号"),
        Column::count("labour", "劳动力"),
        Column::text("status", "户类型"),
        Column::date("from", "自"),
        Column::date("until", "至"),
        Column::date("moved_out_on", "迁出"),
    ];
    let mut sheet = Sheet::new("农户", columns).subtitle(format!("{on} 的户类型"));
    let mut tx = counter.snapshot().await?;
    let found = store::page(&mut tx, counter.county(), which, (on, status)).await?;
    let last = found.last().filter(|_| found.len() as i64 == which.2).map(|last| last.household.clone());
    let left = match &last {
        Some(last) => store::households_after(&mut tx, counter.county(), (which.0, last), (on, status)).await?,
        None => 0,
    };
    for found in found {
        let words = found.standing.map(|(status, _)| status.label_zh());
        sheet.push(vec![
            found.household.into(),
            found.place.into(),
            found.head.into(),
            mask_id(&found.id_number).into(),
            found.labour.into(),
            words.into(),
            found.standing.map(|(_, from)| from).into(),
            found.next_on.and_then(|next| next.pred_opt()).into(),
            found.moved_out_on.into(),
        ]);
    }
    Ok(Reply::page(sheet, last.filter(|_| left > 0), left))
}

async fn standings(counter: &Counter, household: &str) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let found = store::borrowers(&mut tx, counter.county(), &[[household]]).await?;
    let unknown = || RegisterRefusal::UnknownHousehold { household: household.to_owned() };
    let found = found.first().ok_or_else(unknown)?;
    let columns = vec![
        Column::date("from", "自"),
        Column::date("until", "至"),
        Column::text("status", "户类型"),
        Column::text("document", "认定文件"),
    ];
    let mut sheet = Sheet::new("户类型变动", columns).subtitle(format!("{household} {}", found.name));
    let ends = found.standings.iter().skip(1).map(|next| next.from.pred_opt()).chain([found.moved_out_on]);
    for (standing, until) in found.standings.iter().zip(ends) {
        sheet.push(vec![
            standing.from.into(),
            until.into(),
            standing.status.label_zh().into(),
            standing.document.as_str().into(),
        ]);
    }
    Ok(Reply::sheet(sheet))
}
