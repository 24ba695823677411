//! `reconcile run | list | match | unmatch | split | unsplit | rule | propose | transfers | loans | loan | loan-undo | report`.
//!
//! 1. Statement lines are named by their number (`12`, a part `12.1`), entries by voucher and line (`2026-10-记-3#2`).

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::bank::{at, line_ref};
use super::counter::Counter;
use super::output::Reply;
use super::reconcile_loans;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::controls::reconciliation::rules::{Direction, Rule};
use crate::controls::reconciliation::service::{
    AddRule, At, Match, MatchTransfers, Page, ProposeVouchers, RunMatching, SaveReconciliation, SplitLine, Unmatch, UnsplitLine,
    register, standing, with_candidates,
};
use crate::controls::reconciliation::{ReconciliationRefusal, papers};
use crate::db::Stop;
use crate::ledger::vouchers::{VoucherRef, store as vouchers};
use crate::ledger::{AccountCode, BookCode, Dimension, Dimensions};
use crate::money::Amount;

/// Verbs of reconciliation.
#[derive(Debug, Subcommand)]
pub enum ReconcileCommand {
    /// 自动匹配:只匹配完全一致且唯一的
    Run(Through),
    /// 列出未匹配的流水和分录,附可能的对应
    List {
        /// Which month.
        #[command(flatten)]
        month: Month,
        /// 为这行流水以后的找可能的对应
        #[arg(long, value_parser = line_ref, default_value = "0")]
        after: (i64, i64),
        /// 为多少行流水找可能的对应
        #[arg(long, default_value_t = Page::FIRST.limit)]
        limit: usize,
    },
    /// 匹配选定的流水和分录(一对一、一对多、多对多,金额必须相等)
    Match(Lines),
    /// 撤销匹配
    Unmatch(Lines),
    /// 拆分一行流水
    Split {
        /// 账户代号
        #[arg(long)]
        account: String,
        /// 流水号
        #[arg(long)]
        line: i64,
        /// 各部分金额(支出为负)
        #[arg(long, value_delimiter = ',', allow_hyphen_values = true, required = true)]
        parts: Vec<Amount>,
    },
    /// 合并拆分的流水
    Unsplit {
        /// 账户代号
        #[arg(long)]
        account: String,
        /// 流水号
        #[arg(long)]
        line: i64,
    },
    /// 保存一条规则:摘要或户名包含某些字 → 科目
    Rule(RuleArguments),
    /// 按规则(或指定科目)为未匹配的流水生成草稿凭证,不过账
    Propose(ProposeArguments),
    /// 匹配本单位账户之间的转账
    Transfers {
        /// 转出账户
        #[arg(long)]
        from: String,
        /// 转入账户
        #[arg(long)]
        to: String,
        /// 截止日期
        #[arg(long)]
        through: Option<BusinessDate>,
    },
    /// 列出流水里的贷款资金(还款、还息、贴息、代偿)和依据,可办理确定的
    Loans(reconcile_loans::LoansArguments),
    /// 把一行流水办理为贷款业务:登记、记账并匹配
    Loan(reconcile_loans::LoanArguments),
    /// 撤销由流水办理的还款:登记簿和账面冲回,流水恢复未匹配
    LoanUndo(reconcile_loans::UndoArguments),
    /// 余额调节表、账龄表、未匹配清单
    Report {
        /// Which month.
        #[command(flatten)]
        month: Month,
        /// 哪一种
        #[arg(long, value_enum, default_value = "balance")]
        paper: Paper,
        /// 签存余额调节表(结账检查以签存的为准)
        #[arg(long)]
        save: bool,
    },
}

/// An account through a day.
#[derive(Debug, Args)]
pub struct Through {
    /// 账户代号
    #[arg(long)]
    account: String,
    /// 截止日期;不写时为今天
    #[arg(long)]
    through: Option<BusinessDate>,
}

/// A month of an account.
#[derive(Debug, Args)]
pub struct Month {
    /// 账户代号
    #[arg(long)]
    pub account: String,
    /// 会计期间
    #[arg(long, value_name = "YYYY-MM")]
    pub period: AccountingPeriod,
}

/// Chosen lines.
#[derive(Debug, Args)]
pub struct Lines {
    /// 账户代号
    #[arg(long)]
    account: String,
    /// 流水号,逗号分隔
    #[arg(long, value_delimiter = ',', value_parser = line_ref)]
    lines: Vec<(i64, i64)>,
    /// 分录,逗号分隔,如 2026-10-记-3#2
    #[arg(long, value_delimiter = ',')]
    entries: Vec<String>,
}

/// A rule.
#[derive(Debug, Args)]
pub struct RuleArguments {
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 规则名称
    #[arg(long)]
    name: String,
    /// 摘要或户名包含
    #[arg(long)]
    contains: String,
    /// 收、付或都可以
    #[arg(long, value_enum, default_value = "both")]
    direction: Way,
    /// 对方科目
    #[arg(long)]
    ledger_account: String,
    /// 对方科目的辅助核算,如 party=H001
    #[arg(long = "dimension", value_parser = dimension)]
    dimensions: Vec<(Dimension, String)>,
}

/// Which lines a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Way {
    /// 收
    In,
    /// 付
    Out,
    /// 收付
    Both,
}

/// Which drafts.
#[derive(Debug, Args)]
pub struct ProposeArguments {
    /// 账户代号
    #[arg(long)]
    account: String,
    /// 截止日期;不写时为今天
    #[arg(long)]
    through: Option<BusinessDate>,
    /// 只为这些流水
    #[arg(long, value_delimiter = ',', value_parser = line_ref)]
    lines: Vec<(i64, i64)>,
    /// 对方科目(不按规则)
    #[arg(long)]
    ledger_account: Option<String>,
    /// 对方科目的辅助核算
    #[arg(long = "dimension", value_parser = dimension)]
    dimensions: Vec<(Dimension, String)>,
}

/// Which paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Paper {
    /// 银行存款余额调节表
    Balance,
    /// 未达账项账龄表
    Age,
    /// 未匹配清单
    Unmatched,
}

/// Reads `party=H001`.
pub fn dimension(text: &str) -> Result<(Dimension, String), String> {
    let pair = text.split_once('=').and_then(|(name, value)| Some((Dimension::parse(name)?, value.to_owned())));
    pair.ok_or_else(|| format!("“{text}”不是辅助核算,写成 party=H001"))
}

/// Dimensions of pairs.
pub fn dimensions(pairs: Vec<(Dimension, String)>) -> Dimensions {
    let mut dimensions = Dimensions::default();
    pairs.into_iter().for_each(|(dimension, value)| dimensions.set(dimension, Some(value)));
    dimensions
}

/// Runs a verb.
pub async fn run(command: ReconcileCommand, counter: &Counter) -> Result<Reply, Stop> {
    let today = counter.office.today();
    match command {
        ReconcileCommand::Run(Through { account, through }) => {
            let act = RunMatching { at: at(&account, counter).await?, through: through.unwrap_or(today) };
            let report = counter.perform(act).await?;
            let said = format!("自动匹配 {} 对;未匹配流水 {} 行、分录 {} 条", report.pairs, report.bank_left, report.book_left);
            Ok(Reply::said(said, json!(report)))
        }
        ReconcileCommand::List { month, after, limit } => list(&month, Page { after, limit }, counter).await,
        ReconcileCommand::Match(lines) => {
            let (at, book) = entries(&lines, counter).await?;
            let matched = counter.perform(Match { at, bank: lines.lines, book }).await?;
            Ok(Reply::said(format!("已匹配,第 {} 组,金额 {}", matched.group, matched.amount.grouped()), json!(matched)))
        }
        ReconcileCommand::Unmatch(lines) => {
            let (at, book) = entries(&lines, counter).await?;
            let freed = counter.perform(Unmatch { at, bank: lines.lines, book }).await?;
            Ok(Reply::said(format!("已撤销匹配,恢复未匹配 {freed} 行"), json!({ "freed": freed })))
        }
        ReconcileCommand::Split { account, line, parts } => {
            let count = counter.perform(SplitLine { at: at(&account, counter).await?, line, parts }).await?;
            Ok(Reply::said(format!("流水 {line} 已拆成 {count} 部分:{line}.1 …"), json!({ "line": line, "parts": count })))
        }
        ReconcileCommand::Unsplit { account, line } => {
            counter.perform(UnsplitLine { at: at(&account, counter).await?, line }).await?;
            Ok(Reply::said(format!("流水 {line} 已合并"), json!({ "line": line })))
        }
        ReconcileCommand::Rule(arguments) => rule(arguments, counter).await,
        ReconcileCommand::Propose(arguments) => propose(arguments, counter).await,
        ReconcileCommand::Transfers { from, to, through } => {
            let act = MatchTransfers {
                from: at(&from, counter).await?,
                to: at(&to, counter).await?,
                through: through.unwrap_or(today),
            };
            let done = counter.perform(act).await?;
            Ok(Reply::said(format!("匹配账户互转 {} 笔", done.matched), json!(done)))
        }
        ReconcileCommand::Loans(arguments) => reconcile_loans::loans(arguments, counter).await,
        ReconcileCommand::Loan(arguments) => reconcile_loans::loan(arguments, counter).await,
        ReconcileCommand::LoanUndo(arguments) => reconcile_loans::undo(arguments, counter).await,
        ReconcileCommand::Report { month, paper, save } => report(&month, paper, save, counter).await,
    }
}

async fn list(month: &Month, page: Page, counter: &Counter) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let account = register(&mut tx, counter.county(), &month.account).await?;
    let (_, sheet, candidates) = with_candidates(&mut tx, counter.county(), &account, month.period, page).await?;
    Ok(Reply { json: Some(json!({ "unmatched": sheet_rows(&sheet), "candidates": candidates })), ..Reply::sheet(sheet) })
}

/// The rows of a sheet for scripts.
fn sheet_rows(sheet: &crate::exchange::Sheet) -> Vec<serde_json::Value> {
    let row = |cells: &Vec<crate::exchange::Cell>| {
        let pairs = sheet.columns.iter().zip(cells).map(|(column, cell)| (column.key.clone(), json!(cell.for_scripts())));
        serde_json::Value::Object(pairs.collect())
    };
    sheet.rows.iter().map(row).collect()
}

/// The account of chosen lines, and the entries by key.
async fn entries(lines: &Lines, counter: &Counter) -> Result<(At, Vec<(i64, i64)>), Stop> {
    let at = at(&lines.account, counter).await?;
    let mut tx = counter.snapshot().await?;
    let mut found = Vec::with_capacity(lines.entries.len());
    for entry in &lines.entries {
        let unknown = || ReconciliationRefusal::EntryNotFree { entry: entry.clone() };
        let (name, line) = entry.rsplit_once('#').ok_or_else(unknown)?;
        let name: VoucherRef = name.parse()?;
        let voucher = vouchers::find(&mut tx, counter.county(), &at.book, &name).await?.ok_or_else(unknown)?;
        found.push((voucher.0, line.parse().map_err(|_| unknown())?));
    }
    Ok((at, found))
}

async fn rule(arguments: RuleArguments, counter: &Counter) -> Result<Reply, Stop> {
    let direction = match arguments.direction {
        Way::In => Direction::In,
        Way::Out => Direction::Out,
        Way::Both => Direction::Both,
    };
    let rule = Rule {
        name: arguments.name,
        contains: arguments.contains,
        direction,
        account: AccountCode(arguments.ledger_account),
        dimensions: dimensions(arguments.dimensions),
    };
    let name = counter.perform(AddRule { book: BookCode(arguments.book), rule }).await?;
    Ok(Reply::said(format!("规则“{name}”已保存"), json!({ "rule": name })))
}

async fn propose(arguments: ProposeArguments, counter: &Counter) -> Result<Reply, Stop> {
    let act = ProposeVouchers {
        at: at(&arguments.account, counter).await?,
        through: arguments.through.unwrap_or(counter.office.today()),
        lines: arguments.lines,
        account: arguments.ledger_account.map(AccountCode),
        dimensions: dimensions(arguments.dimensions),
    };
    let proposed = counter.perform(act).await?;
    let mut said = vec![format!(
        "生成草稿 {} 张;没有规则的流水 {} 行,已有草稿的 {} 行",
        proposed.drafts.len(),
        proposed.without_rule,
        proposed.known
    )];
    let drafts: Vec<_> = proposed
        .drafts
        .iter()
        .map(|(numbered, line, rule)| json!({ "voucher": numbered.reference(), "line": line, "rule": rule }))
        .collect();
    said.extend(proposed.drafts.iter().map(|(numbered, line, rule)| format!("流水 {line} → {} {rule}", numbered.reference())));
    if !proposed.loan_money.is_empty() {
        said.push(format!(
            "贷款资金 {} 行不生成草稿,用 reconcile loans --post 办理:{}",
            proposed.loan_money.len(),
            proposed.loan_money.join("、")
        ));
    }
    let json = json!({ "drafts": drafts, "without_rule": proposed.without_rule, "known": proposed.known, "loan_money": proposed.loan_money });
    Ok(Reply { lines: said, json: Some(json), ..Reply::default() })
}

async fn report(month: &Month, paper: Paper, save: bool, counter: &Counter) -> Result<Reply, Stop> {
    let mut lines = Vec::new();
    if save {
        let saved = counter.perform(SaveReconciliation { at: at(&month.account, counter).await?, period: month.period }).await?;
        let known = if saved.known { "与已签存的相同" } else { "已签存" };
        lines.push(format!("{known}:第 {} 版,摘要 {}", saved.version, saved.digest));
    }
    let mut tx = counter.snapshot().await?;
    let account = register(&mut tx, counter.county(), &month.account).await?;
    let sheet = match paper {
        Paper::Unmatched => with_candidates(&mut tx, counter.county(), &account, month.period, Page::FIRST).await?.1,
        Paper::Balance => papers::statement(&account, &standing(&mut tx, counter.county(), &account, month.period).await?),
        Paper::Age => papers::by_age(&account, &standing(&mut tx, counter.county(), &account, month.period).await?),
    };
    Ok(Reply { lines, ..Reply::sheet(sheet) })
}
