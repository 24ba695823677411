//! `subsidy run | review | announce | approve | pay | return | receive | bank-list | elsewhere | compare | list | show`.

use clap::{Args, Subcommand};
use serde_json::json;

use super::counter::Counter;
use super::loan_lists::{self, ListFile};
use super::output::Reply;
use super::words::people;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::exchange::{Cell, Column, Dress, Sheet};
use crate::ledger::BookCode;
use crate::ledger::books::store as books;
use crate::money::Amount;
use crate::parties::store as parties;
use crate::products::microloan::subsidy::compare::compare;
use crate::products::microloan::subsidy::entitlement::reason_zh;
use crate::products::microloan::subsidy::notice::notice;
use crate::products::microloan::subsidy::refusal::SubsidyRefusal;
use crate::products::microloan::subsidy::service::{BatchStep, ReceiveSubsidy, StepBatch, subsidy_run};
use crate::products::microloan::subsidy::store::{self, BatchRow};

/// A batch.
#[derive(Debug, Args)]
pub struct Which {
    /// 批次:2026Q3,或 2026(按年)
    #[arg(long)]
    quarter: String,
    /// 日期,不写为今天
    #[arg(long)]
    on: Option<BusinessDate>,
}

/// Verbs of subsidy.
#[derive(Debug, Subcommand)]
pub enum SubsidyCommand {
    /// 计算一个批次;中断后再次执行即继续
    Run(Which),
    /// 复核(计算人以外的人)
    Review(Which),
    /// 公示
    Announce(Which),
    /// 审批并入账
    Approve(Which),
    /// 支付并入账
    Pay(Which),
    /// 退票
    Return {
        /// The batch.
        #[command(flatten)]
        which: Which,
        /// 收款方(户编号),可多个
        #[arg(required = true)]
        payees: Vec<String>,
    },
    /// 收到财政贴息资金
    Receive {
        /// 贴息资金账套
        #[arg(long)]
        book: String,
        /// 金额
        #[arg(long)]
        amount: String,
        /// 文号
        #[arg(long)]
        document: String,
        /// 日期,不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
    },
    /// 导入银行的贴息清单(借据号、贴息金额)
    BankList {
        /// The batch.
        #[command(flatten)]
        which: Which,
        /// The list.
        #[command(flatten)]
        list: ListFile,
    },
    /// 导入其他部门(残联、农业……)或银行已申报的贴息(户编号或身份证号、起止日期、金额)
    Elsewhere {
        /// 申报部门;清单里有该列时以清单为准
        #[arg(long, default_value = "")]
        department: String,
        /// The list.
        #[command(flatten)]
        list: ListFile,
    },
    /// 逐笔比对银行清单
    Compare(Which),
    /// 列出批次
    List {
        /// 只列这个批次:2026Q3,或 2026(按年)
        #[arg(long)]
        quarter: Option<String>,
    },
    /// 批次明细
    Show(Which),
    /// 公示表(分村,身份证号遮盖),张贴用
    Notice(Which),
}

/// Runs a verb.
pub async fn run(command: SubsidyCommand, counter: &Counter) -> Result<Reply, Stop> {
    let today = counter.office.today();
    let on = |which: &Which| which.on.unwrap_or(today);
    match command {
        SubsidyCommand::Run(which) => compute(counter, &which.quarter).await,
        SubsidyCommand::Review(which) => step(counter, &which, BatchStep::Review, "复核通过").await,
        SubsidyCommand::Announce(which) => step(counter, &which, BatchStep::Announce { on: on(&which) }, "已公示").await,
        SubsidyCommand::Approve(which) => step(counter, &which, BatchStep::Approve { on: on(&which) }, "已审批").await,
        SubsidyCommand::Pay(which) => step(counter, &which, BatchStep::Pay { on: on(&which) }, "已支付").await,
        SubsidyCommand::Return { which, payees } => {
            step(counter, &which, BatchStep::Return { on: on(&which), payees }, "已登记退票").await
        }
        SubsidyCommand::Receive { book, amount, document, on } => {
            let (book, amount, on) = (BookCode(book), Amount::parse(&amount)?, on.unwrap_or(today));
            counter.perform(ReceiveSubsidy { book, amount, on, document }).await?;
            Ok(Reply::said(format!("收到贴息资金 {amount}"), json!({ "amount": amount })))
        }
        SubsidyCommand::BankList { which, list } => loan_lists::import_bank_list(counter, which.quarter, list).await,
        SubsidyCommand::Elsewhere { department, list } => loan_lists::import_elsewhere(counter, &department, list).await,
        SubsidyCommand::Compare(which) => compared(counter, &which.quarter).await,
        SubsidyCommand::List { quarter } => list(counter, quarter).await,
        SubsidyCommand::Show(which) => show(counter, &which.quarter).await,
        SubsidyCommand::Notice(which) => posted(counter, &which.quarter).await,
    }
}

async fn compute(counter: &Counter, batch: &str) -> Result<Reply, Stop> {
    let watch = counter.watch();
    let mut report = |done: i64| watch.told(format!("已算 {done} 笔"));
    let whole = subsidy_run(&counter.office, &counter.actor, batch, &mut report).await?;
    watch.end();
    let mut tx = counter.snapshot().await?;
    let rows = store::rows(&mut tx, counter.county(), batch).await?;
    let total: Amount = rows.iter().map(|row| row.row.subsidy).sum();
    let excluded = rows.iter().filter(|row| row.row.excluded.is_some()).count();
    let stopped = if whole { "" } else { "(中途停止,再次执行即继续)" };
    let said = format!("批次 {batch}:明细 {} 条,不予贴息 {excluded} 条,贴息 {}{stopped}", rows.len(), total.grouped());
    Ok(Reply::said(
        said,
        json!({ "batch": batch, "rows": rows.len(), "excluded": excluded, "subsidy": total, "complete": whole }),
    ))
}

async fn step(counter: &Counter, which: &Which, step: BatchStep, said: &str) -> Result<Reply, Stop> {
    let amount = counter.perform(StepBatch { batch: which.quarter.clone(), step }).await?;
    let json = json!({ "batch": which.quarter, "amount": amount });
    Ok(Reply::said(format!("批次 {} {said},金额 {amount}", which.quarter), json))
}

/// The rows of a batch, of the banks shown here.
async fn rows_shown(tx: &mut Connection, counter: &Counter, batch: &str) -> Result<Vec<BatchRow>, Stop> {
    let mut rows = store::rows(tx, counter.county(), batch).await?;
    rows.retain(|row| counter.shows(&row.bank));
    Ok(rows)
}

async fn compared(counter: &Counter, batch: &str) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let rows = rows_shown(&mut tx, counter, batch).await?;
    let mut ours: Vec<(String, Amount)> = Vec::new();
    for row in rows.iter().filter(|row| row.row.excluded.is_none()) {
        match ours.last_mut() {
            Some(last) if last.0 == row.loan => last.1 += row.row.subsidy,
            _ => ours.push((row.loan.clone(), row.row.subsidy)),
        }
    }
    let list = store::bank_list(&mut tx, counter.county(), batch).await?.into_iter();
    let theirs: Vec<_> = list.filter(|row| counter.shows(&row.2)).map(|row| (row.0, row.1)).collect();
    let found = compare(&ours, &theirs);
    let columns = vec![
        Column::id("loan", "借据号"),
        Column::amount("ours", "本系统"),
        Column::amount("banks", "银行"),
        Column::text("result", "结果"),
    ];
    let mut sheet = Sheet::new(format!("{batch} 与银行清单比对"), columns);
    for row in &found {
        let result = match row.result {
            "equal" => "一致",
            "differs" => "金额不同",
            "ours-only" => "银行没有",
            _ => "本系统没有",
        };
        sheet.push(vec![row.loan.as_str().into(), row.ours.into(), row.banks.into(), result.into()]);
    }
    Ok(Reply { json: Some(json!({ "rows": found })), sheets: vec![sheet], ..Reply::default() })
}

async fn posted(counter: &Counter, quarter: &str) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let batches = store::batches(&mut tx, counter.county()).await?;
    let unknown = || SubsidyRefusal::UnknownBatch { batch: quarter.to_owned() };
    let batch = batches.into_iter().find(|batch| batch.batch == quarter).ok_or_else(unknown)?;
    let rows = store::rows(&mut tx, counter.county(), quarter).await?;
    let households: Vec<[&str; 1]> = rows.iter().map(|row| [row.household.as_str()]).collect();
    let heads = parties::borrowers(&mut tx, counter.county(), &households).await?;
    let places = books::places(&mut tx, counter.county()).await?;
    let villages = places.into_iter().map(|place| (place.place, place.name)).collect();
    let rows: Vec<_> = rows.iter().map(|row| (row.household.as_str(), &row.row)).collect();
    Ok(Reply::sheet(notice((&batch.batch, batch.notice_on), &rows, &heads, &villages)))
}

/// A batch's state as people read it.
fn state_zh(state: &str) -> &str {
    match state {
        "calculated" => "待复核",
        "reviewed" => "已复核",
        "approved" => "已审批",
        "paid" => "已发放",
        _ => state,
    }
}

async fn list(counter: &Counter, quarter: Option<String>) -> Result<Reply, Stop> {
    let columns = vec![
        Column::id("batch", "批次"),
        Column::text("state", "状态"),
        Column::count("rows", "明细"),
        Column::amount("subsidy", "贴息"),
        Column::text("made_by", "计算"),
        Column::text("reviewed_by", "复核"),
        Column::text("approved_by", "审批"),
        Column::text("open_reason", "待办"),
    ];
    let mut sheet = Sheet::new("贴息批次", columns);
    let mut tx = counter.snapshot().await?;
    let mut batches = store::batches(&mut tx, counter.county()).await?;
    if let Some(batch) = quarter {
        batches.retain(|kept| kept.batch == batch);
        if batches.is_empty() {
            return Err(SubsidyRefusal::UnknownBatch { batch }.into());
        }
    }
    for batch in batches {
        let rows = rows_shown(&mut tx, counter, &batch.batch).await?;
        let total: Amount = rows.iter().map(|row| row.row.subsidy).sum();
        sheet.push(vec![
            batch.batch.into(),
            batch.state.into(),
            (rows.len() as i64).into(),
            total.into(),
            batch.made_by.into(),
            batch.reviewed_by.into(),
            batch.approved_by.into(),
            batch.open_reason.into(),
        ]);
    }
    let people = people(&mut tx, counter.county()).await?;
    Ok(Reply::worded(sheet, |key, text| match key {
        "state" => Some(state_zh(text).to_owned()),
        "made_by" | "reviewed_by" | "approved_by" => people.get(text).cloned(),
        _ => None,
    }))
}

async fn show(counter: &Counter, batch: &str) -> Result<Reply, Stop> {
    let columns = vec![
        Column::id("loan", "借据号"),
        Column::id("household", "户编号"),
        Column::id("bank", "银行"),
        Column::date("due", "结息日"),
        Column::count("days", "天数"),
        Column::amount("principal", "本金"),
        Column::amount("interest", "利息"),
        Column::amount("subsidy", "贴息"),
        Column::text("kind", "类别"),
        Column::text("excluded", "不予贴息原因"),
    ];
    let mut sheet = Sheet::new(format!("{batch} 贴息明细表"), columns).dressed(Dress::list()).subtitle("金额单位:元");
    let mut tx = counter.snapshot().await?;
    let rows = rows_shown(&mut tx, counter, batch).await?;
    let sum = |pick: fn(&BatchRow) -> Amount| Cell::from(rows.iter().map(pick).sum::<Amount>());
    let blank = || Cell::Empty;
    sheet.foot.push(vec![
        "合计".into(),
        blank(),
        blank(),
        blank(),
        blank(),
        blank(),
        sum(|r| r.row.interest),
        sum(|r| r.row.subsidy),
    ]);
    for row in rows {
        let kind = match row.row.kind {
            "claim" => "本期",
            "supplement" => "补贴",
            _ => "扣回",
        };
        sheet.push(vec![
            row.loan.into(),
            row.household.into(),
            row.bank.into(),
            row.row.due.into(),
            row.row.days.into(),
            row.row.principal.into(),
            row.row.interest.into(),
            row.row.subsidy.into(),
            kind.into(),
            row.row.excluded.as_deref().map(reason_zh).into(),
        ]);
    }
    Ok(Reply::sheet(sheet))
}
