//! `fund-class balance | rules | rule-add | registers | register-add`: what each class of money holds, what becomes of lines
//! without a class, and which class registers give.

use std::path::{Path, PathBuf};

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
use crate::ledger::class_rules::registers::{self, RegisterClass};
use crate::ledger::class_rules::service::{SaveClassRules, SaveRegisterClasses};
use crate::ledger::class_rules::{ClassRule, store, table};
use crate::ledger::way_back::way_back;
use crate::money::Amount;
use crate::payouts::PayoutKind;

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
    /// 台账记账的资金类别:每种业务的现金、银行分录归哪一类
    Registers,
    /// 登记本县的台账资金类别(json 文件,一个列表)
    RegisterAdd {
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
        FundClassCommand::Registers => {
            let mut tx = counter.snapshot().await?;
            Ok(Reply::sheet(of_registers(&registers::table(store::own_registers(&mut tx, counter.county()).await?))))
        }
        FundClassCommand::RegisterAdd { file } => {
            let kept = counter.perform(SaveRegisterClasses { rules: rows_in(&file)? }).await?;
            Ok(Reply::said(format!("已登记 {kept} 条台账资金类别"), json!({ "rules": kept })))
        }
        FundClassCommand::RuleAdd { file } => {
            let kept = counter.perform(SaveClassRules { rules: rows_in(&file)? }).await?;
            Ok(Reply::said(format!("已登记 {kept} 条资金类别规定"), json!({ "rules": kept })))
        }
    }
}

/// The rows of a file. Refuses what is not a list of them (O-208).
fn rows_in<R: serde::de::DeserializeOwned>(file: &Path) -> Result<Vec<R>, Stop> {
    let unread = |why: serde_json::Error| CounterRefusal::NotDecisions { why: why.to_string() };
    Ok(serde_json::from_slice(&read_bytes(file)?).map_err(unread)?)
}

/// What a register did, in the words of users: the kind, and of which benefit.
fn in_words(kind: &str) -> String {
    let (kind, detail) = kind.split_once(':').unwrap_or((kind, ""));
    let what = way_back(kind).map_or(kind, |(what, _)| what);
    match PayoutKind::parse(detail) {
        Some(benefit) => format!("{what}({})", benefit.label_zh()),
        None => what.to_owned(),
    }
}

fn of_registers(rules: &[RegisterClass]) -> Sheet {
    let columns = vec![
        Column::id("rule", "规定"),
        Column::id("place", "地区"),
        Column::text("happened", "业务"),
        Column::id("kind", "业务代码"),
        Column::text("class", "资金类别"),
        Column::date("from", "起"),
        Column::date("until", "止"),
        Column::text("source", "依据"),
    ];
    let mut sheet = Sheet::new("台账资金类别", columns).dressed(Dress::list());
    for rule in rules {
        sheet.push(vec![
            rule.rule.as_str().into(),
            rule.place.as_str().into(),
            in_words(&rule.kind).into(),
            rule.kind.as_str().into(),
            rule.class.as_str().into(),
            rule.from.into(),
            rule.until.into(),
            rule.source.as_str().into(),
        ]);
    }
    sheet
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_row_says_in_chinese_what_happened() {
        for rule in registers::shipped() {
            let words = in_words(&rule.kind);
            assert!(!words.contains(|c: char| c.is_ascii_alphabetic()), "{}: {words}", rule.kind);
        }
        assert_eq!(in_words("payout_sent:lease_back"), "代发报盘(返租倒包)");
    }
}
