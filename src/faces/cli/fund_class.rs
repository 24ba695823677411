//! `fund-class balance | rules | rule-add`: what each class of money holds, and what becomes of lines without a class.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use super::counter::{Counter, CounterRefusal};
use super::import::read_bytes;
use super::output::Reply;
use crate::calendar::AccountingPeriod;
use crate::controls::disclosure::reports;
use crate::controls::disclosure::reports::ClassMoney;
use crate::controls::disclosure::span::Span;
use crate::controls::fund_classes::{proof, service};
use crate::db::Stop;
use crate::exchange::{Column, Dress, Sheet};
use crate::ledger::BookCode;
use crate::ledger::class_rules::service::SaveClassRules;
use crate::ledger::class_rules::{ClassRule, store, table};
use crate::money::Amount;

/// Verbs of classes of money.
#[derive(Debug, Subcommand)]
pub enum FundClassCommand {
    /// 各类资金余额:合计等于现金加银行存款
    Balance {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 期间,写成 2026-01、2026Q1 或 2026;不写为本月
        #[arg(long, value_parser = |text: &str| Span::parse(text).map_err(|why| why.to_string()))]
        span: Option<Span>,
    },
    /// 未标资金类别的处理规定
    Rules,
    /// 登记本县的资金类别规定(json 文件,一个列表)
    RuleAdd {
        /// 文件
        file: PathBuf,
    },
}

/// Runs a verb.
pub async fn run(command: FundClassCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        FundClassCommand::Balance { book, span } => {
            let book = BookCode(book);
            let span = span.unwrap_or_else(|| Span::month(AccountingPeriod::of(counter.office.today())));
            let mut tx = counter.snapshot().await?;
            let unit = counter.book(&mut tx, &book).await?.name;
            let (classes, accounts) = service::balances(&mut tx, counter.county(), &book, span).await?;
            let total: Amount = classes.iter().map(ClassMoney::closing).sum();
            let sheet = reports::classes(&classes).subtitle(format!("单位:{unit} · {}", span.label_zh()));
            Ok(Reply { sheets: vec![sheet, proof(&accounts, total)], ..Reply::default() })
        }
        FundClassCommand::Rules => {
            let mut tx = counter.snapshot().await?;
            Ok(Reply::sheet(listed(&table(store::own(&mut tx, counter.county()).await?))))
        }
        FundClassCommand::RuleAdd { file } => {
            let unread = |why: serde_json::Error| CounterRefusal::NotDecisions { why: why.to_string() };
            let rules: Vec<ClassRule> = serde_json::from_slice(&read_bytes(&file)?).map_err(unread)?;
            let kept = counter.perform(SaveClassRules { rules }).await?;
            Ok(Reply::said(format!("已登记 {kept} 条资金类别规定"), json!({ "rules": kept })))
        }
    }
}

fn listed(rules: &[ClassRule]) -> Sheet {
    let columns = vec![
        Column::id("rule", "规定"),
        Column::id("place", "地区"),
        Column::text("unclassed", "未标资金类别的"),
        Column::date("from", "起"),
        Column::date("until", "止"),
        Column::text("source", "依据"),
    ];
    let mut sheet = Sheet::new("资金类别规定", columns).dressed(Dress::list());
    for rule in rules {
        sheet.push(vec![
            rule.rule.as_str().into(),
            rule.place.as_str().into(),
            rule.unclassed.label_zh().into(),
            rule.from.into(),
            rule.until.into(),
            rule.source.as_str().into(),
        ]);
    }
    sheet
}
