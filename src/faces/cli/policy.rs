//! `policy list | show | check | import | rates`: dated policy with its sources.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use super::counter::Counter;
use super::import::read_bytes;
use super::output::Reply;
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::exchange::{Cell, Column, Sheet, encoding};
use crate::money::Amount;
use crate::parties::household::{HouseholdStatus, RegisterRefusal};
use crate::parties::store as parties;
use crate::products::microloan::LoanRefusal;
use crate::products::microloan::policy::check::{Question, check};
use crate::products::microloan::policy::reference_rate::read_rates;
use crate::products::microloan::policy::service::{ImportPolicies, ImportRates};
use crate::products::microloan::policy::{self, HOUSEHOLD_LOAN};

/// Verbs of policy.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// 列出政策(--format csv 的结果改好后可再导入)
    List,
    /// 一条政策的全部内容和来源
    Show {
        /// 政策名
        policy: String,
    },
    /// 某户、某金额、某期限、某日可以贷多少,依据哪一条
    Check(CheckArguments),
    /// 导入本县政策:与已有同名而内容不同的成为新版本
    Import {
        /// csv 文件
        file: PathBuf,
    },
    /// 导入参考利率(series,tier_months,from,rate,source)
    Rates {
        /// csv 文件
        file: PathBuf,
    },
}

/// A question to policy.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// 户编号(已登记的农户)
    #[arg(long, required_unless_present = "status")]
    household: Option<String>,
    /// 户类型,没有登记时用
    #[arg(long)]
    status: Option<String>,
    /// 村代码,没有登记农户时用
    #[arg(long, default_value = "")]
    place: String,
    /// 金额
    #[arg(long)]
    amount: String,
    /// 期限(月)
    #[arg(long)]
    months: u32,
    /// 签订日期,不写为今天
    #[arg(long)]
    on: Option<BusinessDate>,
}

/// Runs a verb.
pub async fn run(command: PolicyCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        PolicyCommand::List => list(counter).await,
        PolicyCommand::Show { policy } => show(counter, &policy).await,
        PolicyCommand::Check(asked) => answer(counter, &asked).await,
        PolicyCommand::Import { file } => {
            let rows = policy::read_policies(text(&file)?.as_bytes())?;
            let (read, new) = (rows.len(), counter.perform(ImportPolicies { rows }).await?);
            Ok(Reply::said(format!("读入 {read} 条,新版本 {new} 条"), json!({ "read": read, "new": new })))
        }
        PolicyCommand::Rates { file } => {
            let rates = counter.perform(ImportRates { rates: read_rates(text(&file)?.as_bytes())? }).await?;
            Ok(Reply::said(format!("导入利率 {rates} 条"), json!({ "rates": rates })))
        }
    }
}

/// The file as UTF-8: spreadsheet programs write csv in the system's encoding.
fn text(file: &Path) -> Result<String, Stop> {
    Ok(encoding::decode(&read_bytes(file)?, None)?.into_owned())
}

/// The policies: for people in their words, in a file as the county edits it, with the columns in its order.
async fn list(counter: &Counter) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let policies = policy::store::policies(&mut tx, counter.county()).await?;
    let rows: Vec<serde_json::Value> = policies.iter().filter_map(|row| serde_json::to_value(row).ok()).collect();
    let sheet = if counter.files() { as_edited(&rows) } else { for_people(&rows) };
    Ok(Reply { json: Some(json!({ "policies": rows })), sheets: vec![sheet], ..Reply::default() })
}

fn as_edited(rows: &[serde_json::Value]) -> Sheet {
    let head = include_str!("../../products/microloan/policy/policies.csv").lines().next().unwrap_or_default();
    let mut sheet = Sheet::new("信贷政策", head.split(',').map(|key| Column::id(key, key)).collect());
    for row in rows {
        let cell = |key: &str| match &row[key] {
            serde_json::Value::Null => Cell::Empty,
            serde_json::Value::String(text) => text.as_str().into(),
            other => other.to_string().into(),
        };
        sheet.push(head.split(',').map(cell).collect());
    }
    sheet
}

/// What is asked of a policy first; its own page has all of it.
const FIRST_PARTS: &[&str] = &[
    "policy",
    "name",
    "place",
    "product",
    "signed_from",
    "signed_until",
    "eligible",
    "max_amount",
    "max_term_months",
    "rate_rule",
    "subsidy_rule",
    "tag",
];

fn for_people(rows: &[serde_json::Value]) -> Sheet {
    let parts = PARTS.iter().filter(|(key, _)| FIRST_PARTS.contains(key));
    let columns = parts.clone().map(|(key, label)| Column::id(*key, *label)).collect();
    let mut sheet = Sheet::new("信贷政策", columns);
    for row in rows {
        sheet.push(parts.clone().map(|(key, _)| part_in_words(row, key).into()).collect());
    }
    sheet
}

/// A part of a policy as people read it; blank where it says nothing.
fn part_in_words(row: &serde_json::Value, key: &str) -> String {
    let text = match &row[key] {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match key {
        "policy" | "name" | "source" | "tag" => text,
        "max_amount" | "subsidised_max" => Amount::parse(&text).map_or(text, Amount::grouped),
        _ if text.is_empty() => text,
        _ => in_words(&text),
    }
}

async fn show(counter: &Counter, name: &str) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let policies = policy::store::policies(&mut tx, counter.county()).await?;
    let row = serde_json::to_value(policy::named(&policies, name)?).unwrap_or_default();
    let mut sheet = Sheet::new(format!("政策 {name}"), vec![Column::id("name", "项目"), Column::text("value", "内容")]);
    for (key, label) in PARTS {
        let text = part_in_words(&row, key);
        if !text.is_empty() {
            sheet.push(vec![(*label).into(), text.into()]);
        }
    }
    Ok(Reply { json: Some(row), sheets: vec![sheet], ..Reply::default() })
}

/// What a policy says, as people read it, in the order of the file.
const PARTS: &[(&str, &str)] = &[
    ("policy", "政策"),
    ("name", "名称"),
    ("place", "适用区划"),
    ("product", "产品"),
    ("signed_from", "签订起日"),
    ("signed_until", "签订止日"),
    ("eligible", "对象"),
    ("max_amount", "最高金额(元)"),
    ("subsidised_max", "贴息本金上限(元)"),
    ("max_term_months", "最长期限(月)"),
    ("rate_rule", "利率上限依据"),
    ("rate_spread", "上浮(百分点)"),
    ("rate_fixed", "合同期内利率固定"),
    ("subsidy_rule", "贴息方式"),
    ("subsidy_percent", "贴息比例(%)"),
    ("subsidy_payee", "贴息付给"),
    ("subsidy_period", "贴息周期"),
    ("subsidy_months", "贴息期限(月)"),
    ("subsidy_on_extension", "展期贴息"),
    ("exclusions", "不予贴息"),
    ("sharing", "风险分担(%)"),
    ("trigger_days", "逾期多少天可代偿"),
    ("risk_scope", "代偿范围"),
    ("leverage_cap", "放大倍数"),
    ("over_leverage", "超过放大倍数"),
    ("breaker_overdue", "逾期率熔断(%)"),
    ("breaker_npl", "不良率熔断(%)"),
    ("breaker_scopes", "熔断范围"),
    ("entrusted_allowed", "允许委托经营"),
    ("renewals_max", "续贷次数"),
    ("extensions_max", "展期次数"),
    ("age_min", "最小年龄"),
    ("age_max", "最大年龄"),
    ("penalty_multiple", "罚息倍数"),
    ("approvals", "审批人数"),
    ("source", "来源"),
    ("tag", "核实情况"),
];

/// Words of the file as people read them, one by one; what is no such word stays.
fn in_words(text: &str) -> String {
    let word = |word: &str| -> String {
        let words = match word {
            "yes" => "是",
            "no" => "否",
            "household-loan" => "农户贷款",
            "entity-loan" => "经营主体贷款",
            "organisation" => "经营主体",
            "benchmark" => "基准利率",
            "lpr" => "LPR",
            "free" => "面议",
            "full" => "全额",
            "capped" => "参考利率以内",
            "percent" => "按比例",
            "bank" => "银行",
            "household" => "农户",
            "quarter" => "按季",
            "year" => "按年",
            "overdue" => "逾期",
            "over-limit" => "超过上限",
            "ineligible" => "不符合条件",
            "double-claim" => "重复申报",
            "principal" => "本金",
            "principal+interest" => "本金和利息",
            "refuse" => "不再受理",
            "flag" => "提示",
            "county" => "县",
            "township" => "乡镇",
            "village" => "村",
            _ => return HouseholdStatus::parse(word).map_or_else(|| share(word), |status| status.label_zh().to_owned()),
        };
        words.to_owned()
    };
    let known = text.split(' ').map(word).collect::<Vec<_>>();
    known.join(if text.contains(';') { " " } else { "、" })
}

/// `fund=80`: who bears how much.
fn share(word: &str) -> String {
    match word.split_once('=') {
        Some(("fund", part)) => format!("基金 {part}"),
        Some(("bank", part)) => format!("银行 {part}"),
        Some(("insurer", part)) => format!("保险 {part}"),
        _ => word.to_owned(),
    }
}

async fn answer(counter: &Counter, asked: &CheckArguments) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let on = asked.on.unwrap_or_else(|| counter.office.today());
    let amount = Amount::parse(&asked.amount)?;
    let status = asked
        .status
        .as_deref()
        .map(|text| HouseholdStatus::parse(text).ok_or_else(|| RegisterRefusal::UnknownStatus { text: text.to_owned() }));
    let (status, months) = (status.transpose()?, asked.months);
    let mut question = Question { status, age: None, limit: None, amount, months, on, purpose: "" };
    let mut place = if asked.place.is_empty() { counter.county().to_owned() } else { asked.place.clone() };
    if let Some(household) = &asked.household {
        let found = parties::borrowers(&mut tx, counter.county(), &[[household]]).await?.into_iter().next();
        let borrower = found.ok_or_else(|| LoanRefusal::UnknownHousehold { household: household.clone() })?;
        (question.status, question.age, question.limit) = (borrower.status_on(on), borrower.age_on(on), borrower.limit);
        place = borrower.place;
    }
    let policies = policy::store::policies(&mut tx, counter.county()).await?;
    let rates = policy::store::rates(&mut tx, counter.county()).await?;
    let row = policy::choose(&policies, &place, HOUSEHOLD_LOAN, on).ok_or(LoanRefusal::NoPolicy { place, on })?;
    let verdict = check(row, &rates, &question)?;
    let mut lines = vec![format!("政策 {} {}(来源:{};核实情况:{})", verdict.policy, row.name, verdict.source, verdict.tag)];
    lines.push(if verdict.is_allowed { "可以办理".to_owned() } else { format!("不可以:{}", verdict.reasons.join(";")) });
    let cap = verdict.rate_cap.map_or_else(|| "面议".to_owned(), |cap| cap.to_string());
    lines.push(format!(
        "最高 {} 元,其中贴息本金 {} 元;最长 {} 个月;利率不高于 {cap}{}",
        verdict.max_amount,
        verdict.subsidised,
        verdict.max_term_months,
        if verdict.rate_fixed { ",合同期内固定" } else { "" }
    ));
    lines.push(format!("户贷企用(委托经营):{}", if verdict.entrusted_allowed { "允许" } else { "不允许" }));
    Ok(Reply { lines, json: serde_json::to_value(&verdict).ok(), ..Reply::default() })
}
