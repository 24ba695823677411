//! `report …`: statements of a book at the end of a month, as tables for every format.
//!
//! 1. A report reads movements in one snapshot; what it computes is the statements room's, what it looks like is said here.
//! 2. Equations that fail are shown below the table and in json; a report is printed all the same.

pub mod equity;
pub mod form;
pub mod member;
pub mod receipts;
pub mod trial;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::account::dimension;
use super::counter::Counter;
use super::output::Reply;
use crate::calendar::AccountingPeriod;
use crate::db::{Connection, Stop};
use crate::exchange::Sheet;
use crate::ledger::books::{Book, store as books};
use crate::ledger::regime::{self, Regime};
use crate::ledger::{BookCode, Chart, Dimension};
use crate::money::Amount;
use crate::statements::{Check, MovementRow, store};

/// The statements.
#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// 科目余额表
    TrialBalance {
        /// Which book and month.
        #[command(flatten)]
        month: Month,
        /// 科目级次(1 为一级);不写时列全部
        #[arg(long)]
        level: Option<usize>,
        /// 按辅助核算列出:party、project、fund_class、document、bank_account
        #[arg(long, value_parser = dimension)]
        dimension: Option<Dimension>,
        /// 没有数的科目也列出
        #[arg(long)]
        all_accounts: bool,
    },
    /// 资产负债表
    BalanceSheet(Statement),
    /// 收益及收益分配表、盈余及盈余分配表、利润表或收支表
    Surplus(Statement),
    /// 成员权益变动表(合作社)
    Equity {
        /// Which book and month.
        #[command(flatten)]
        month: Month,
        /// 手工指定的数:行次=金额,可写几个
        #[arg(long, value_name = "KEY=AMOUNT", value_parser = given)]
        given: Vec<(String, Amount)>,
    },
    /// 成员账户(合作社)
    MemberAccount {
        /// Which book and month.
        #[command(flatten)]
        month: Month,
        /// 成员编号;不写时列全部成员
        #[arg(long)]
        member: Option<String>,
    },
    /// 收支明细表
    ReceiptsPayments(Month),
}

/// A month of a book.
#[derive(Debug, Args)]
pub struct Month {
    /// 账套编号
    #[arg(long)]
    pub book: String,
    /// 会计期间
    #[arg(long, value_name = "YYYY-MM")]
    pub period: AccountingPeriod,
}

/// A statement drawn up by a form.
#[derive(Debug, Args)]
pub struct Statement {
    /// Which book and month.
    #[command(flatten)]
    pub month: Month,
    /// 列出每个数的公式和取数科目
    #[arg(long)]
    pub formulas: bool,
}

fn given(text: &str) -> Result<(String, Amount), String> {
    let (key, amount) = text.split_once('=').ok_or("写成 行次=金额")?;
    Ok((key.to_owned(), Amount::parse(amount).map_err(|why| why.to_string())?))
}

/// Draws up a statement.
pub async fn run(command: ReportCommand, counter: &Counter) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    match command {
        ReportCommand::TrialBalance { month, level, dimension, all_accounts } => {
            let shown = trial::Wanted { level, dimension, all_accounts };
            trial::draw(&mut tx, counter, &month, shown).await
        }
        ReportCommand::BalanceSheet(which) => form::balance_sheet(&mut tx, counter, &which).await,
        ReportCommand::Surplus(which) => form::surplus(&mut tx, counter, &which).await,
        ReportCommand::Equity { month, given } => equity::draw(&mut tx, counter, &month, given).await,
        ReportCommand::MemberAccount { month, member } => member::draw(&mut tx, counter, &month, member).await,
        ReportCommand::ReceiptsPayments(month) => receipts::draw(&mut tx, counter, &month).await,
    }
}

/// What every statement is drawn from.
pub struct Drawn {
    /// The book.
    pub book: Book,
    /// The regime of that year.
    pub regime: &'static Regime,
    /// The chart of that year.
    pub chart: Chart,
    /// The movements through the period.
    pub rows: Vec<MovementRow>,
    /// The period.
    pub at: AccountingPeriod,
}

impl Drawn {
    /// Reads a book's chart and movements. Refuses a book the county and a year the book does not have.
    pub async fn load(tx: &mut Connection, counter: &Counter, month: &Month) -> Result<Drawn, Stop> {
        let book = counter.book(tx, &BookCode(month.book.clone())).await?;
        counter.year(tx, &book.book, Some(month.period.year())).await?;
        Drawn::of(tx, counter.county(), book, month.period).await
    }

    async fn of(tx: &mut Connection, county: &str, book: Book, at: AccountingPeriod) -> Result<Drawn, Stop> {
        let years = books::years(tx, county, &book.book).await?;
        let kept = years.iter().find(|kept| kept.year == at.year());
        let id = kept.map_or_else(String::new, |kept| kept.regime.clone());
        let chart = books::chart(tx, county, &book.book, at.year()).await?;
        let rows = store::movements(tx, county, &book.book, at).await?;
        Ok(Drawn { regime: regime::regime(&id)?, book, chart, rows, at })
    }

    /// The same month of the year before, where the book keeps it.
    pub async fn year_before(&self, tx: &mut Connection, counter: &Counter) -> Result<Option<Drawn>, Stop> {
        let Some(at) = AccountingPeriod::new(self.at.year() - 1, self.at.month()) else { return Ok(None) };
        let years = books::years(tx, counter.county(), &self.book.book).await?;
        if !years.iter().any(|kept| kept.year == at.year()) {
            return Ok(None);
        }
        Ok(Some(Drawn::of(tx, counter.county(), self.book.clone(), at).await?))
    }

    /// The lines below a title: whose, when, in what money.
    pub fn titled(&self, sheet: Sheet) -> Sheet {
        sheet
            .subtitle(format!("单位:{}", self.book.name))
            .subtitle(format!("期间:{}", self.at.label_zh()))
            .subtitle("金额单位:元")
    }

    /// The facts every statement's json begins with.
    pub fn facts(&self, title: &str) -> Value {
        json!({ "title": title, "book": self.book.book, "book_name": self.book.name, "period": self.at, "regime": self.regime.id })
    }
}

/// The equations below a table: how many hold, and each that fails.
pub fn check_notes(sheet: &mut Sheet, checks: &[Check]) {
    let failed: Vec<&Check> = checks.iter().filter(|check| !check.holds).collect();
    if failed.is_empty() {
        sheet.notes.push(format!("✓ 勾稽关系 {} 项全部相符", checks.len()));
    }
    for check in failed {
        sheet.notes.push(format!("✕ {}:{} 与 {} 不符", check.name_zh, check.left.grouped(), check.right.grouped()));
    }
}

/// The sheet's json with the equations.
pub fn with_checks(sheet: &Sheet, checks: &[Check]) -> Value {
    let mut json = serde_json::to_value(sheet).unwrap_or_default();
    json["checks"] = json!(checks);
    json
}
