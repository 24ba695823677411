//! `dividend settle | plan | review | publish | post | pay | results | list | show | drop | archive`.

use clap::{Args, Subcommand};
use serde_json::json;

use super::counter::Counter;
use super::output::Reply;
use super::payout;
use super::words::{named, party_names, people};
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::exchange::{Column, Sheet};
use crate::ledger::service::Numbered;
use crate::ledger::{AccountCode, BookCode};
use crate::money::{Amount, Rate};
use crate::payouts::service::sources::PayDividend;
use crate::products::cooperative_shares::plan::{Method, Terms};
use crate::products::cooperative_shares::refusal::DividendRefusal;
use crate::products::cooperative_shares::reports;
use crate::products::cooperative_shares::service::steps::{ArchivePlan, DropPlan, PostPlan, PublishPlan, ReviewPlan};
use crate::products::cooperative_shares::service::year_end::{DraftPlan, SettleResult};
use crate::products::cooperative_shares::store::plans;

/// Verbs of year-end distributions.
#[derive(Debug, Subcommand)]
pub enum DividendCommand {
    /// 结转本年盈余(分配前)
    Settle {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 年度
        #[arg(long)]
        year: i32,
    },
    /// 编制分配方案
    Plan(PlanArguments),
    /// 复核(另一人)
    Review(Which),
    /// 公示
    Publish {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// 公示起
        #[arg(long)]
        from: BusinessDate,
        /// 公示止
        #[arg(long)]
        through: BusinessDate,
        /// 公示文号或照片
        #[arg(long)]
        document: String,
    },
    /// 入账
    Post {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// 凭证日期
        #[arg(long)]
        on: BusinessDate,
    },
    /// 生成代发批次
    Pay {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// 批次号
        #[arg(long)]
        batch: String,
        /// 日期;不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
        /// 付款科目
        #[arg(long)]
        money_account: Option<String>,
        /// 对需核实各行的说明
        #[arg(long)]
        accept: Option<String>,
    },
    /// 导入银行回盘(同 payout results)
    Results(payout::ResultsArguments),
    /// 方案列表
    List {
        /// 账套编号
        #[arg(long)]
        book: String,
    },
    /// 分红明细表(每行说明计算过程)
    Show(Which),
    /// 作废未入账的方案
    Drop {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// 原因
        #[arg(long)]
        reason: String,
    },
    /// 归档
    Archive(Which),
}

/// A plan of a book.
#[derive(Debug, Args)]
pub struct Which {
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 方案号
    #[arg(long)]
    plan: i64,
}

/// What the members decided.
#[derive(Debug, Args)]
pub struct PlanArguments {
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 年度
    #[arg(long)]
    year: i32,
    /// 提取公积金比例(百分数)
    #[arg(long, default_value = "0")]
    reserve_rate: Rate,
    /// 按交易额返还占可分配盈余的比例(百分数)
    #[arg(long, default_value = "0")]
    refund_rate: Rate,
    /// 返还低于 60% 的依据
    #[arg(long)]
    basis: Option<String>,
    /// 按股分配的金额;不写为全部剩余
    #[arg(long)]
    remaining: Option<Amount>,
    /// 股权登记日;不写按持有天数
    #[arg(long)]
    record_date: Option<BusinessDate>,
    /// 代扣税率(百分数)
    #[arg(long, default_value = "0")]
    tax_rate: Rate,
}

/// Runs a verb.
pub async fn run(command: DividendCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        DividendCommand::Settle { book, year } => {
            let vouchers = references(&counter.perform(SettleResult { book: BookCode(book), year }).await?);
            Ok(Reply::said(format!("已结转 {year} 年盈余{}", named(&vouchers)), json!({ "vouchers": vouchers })))
        }
        DividendCommand::Plan(arguments) => plan(arguments, counter).await,
        DividendCommand::Review(which) => {
            counter.perform(ReviewPlan { book: BookCode(which.book), plan: which.plan }).await?;
            done(which.plan, "已复核")
        }
        DividendCommand::Publish { which, from, through, document } => {
            counter.perform(PublishPlan { book: BookCode(which.book), plan: which.plan, from, through, document }).await?;
            done(which.plan, "已公示")
        }
        DividendCommand::Post { which, on } => {
            let posted = counter.perform(PostPlan { book: BookCode(which.book), plan: which.plan, on }).await?;
            let vouchers = references(&posted.vouchers);
            let json = json!({ "plan": which.plan, "event": posted.event, "vouchers": vouchers, "net": posted.net });
            Ok(Reply::said(format!("方案 {} 已入账,应发 {} 元{}", which.plan, posted.net.grouped(), named(&vouchers)), json))
        }
        DividendCommand::Pay { which, batch, on, money_account, accept } => {
            let on = on.unwrap_or_else(|| counter.office.today());
            let money_account = money_account.map(AccountCode);
            let act =
                PayDividend { book: BookCode(which.book), plan: which.plan, batch: batch.clone(), on, money_account, accept };
            Ok(payout::drawn_up(&batch, &counter.perform(act).await?))
        }
        DividendCommand::Results(arguments) => payout::results(arguments, counter).await,
        DividendCommand::List { book } => list(&BookCode(book), counter).await,
        DividendCommand::Show(which) => show(&BookCode(which.book), which.plan, counter).await,
        DividendCommand::Drop { which, reason } => {
            counter.perform(DropPlan { book: BookCode(which.book), plan: which.plan, reason }).await?;
            done(which.plan, "已作废")
        }
        DividendCommand::Archive(which) => {
            counter.perform(ArchivePlan { book: BookCode(which.book), plan: which.plan }).await?;
            done(which.plan, "已归档")
        }
    }
}

fn references(vouchers: &[Numbered]) -> Vec<String> {
    vouchers.iter().map(|numbered| format!("{} {}", numbered.0, numbered.reference())).collect()
}

fn done(plan: i64, words: &str) -> Result<Reply, Stop> {
    Ok(Reply::said(format!("方案 {plan} {words}"), json!({ "plan": plan })))
}

async fn plan(a: PlanArguments, counter: &Counter) -> Result<Reply, Stop> {
    let method = a.record_date.map_or(Method::ShareDays, Method::RecordDate);
    let (reserve_rate, refund_rate, tax_rate) = (a.reserve_rate, a.refund_rate, a.tax_rate);
    let terms = Terms { year: a.year, reserve_rate, refund_rate, basis: a.basis, remaining: a.remaining, method, tax_rate };
    let drafted = counter.perform(DraftPlan { book: BookCode(a.book), terms }).await?;
    let pools = &drafted.pools;
    let mut line = format!(
        "方案 {}:提取 {},可分配 {},返还 {},按股 {},{} 户",
        drafted.plan,
        pools.reserve.grouped(),
        pools.distributable.grouped(),
        pools.refunds.grouped(),
        pools.remaining.grouped(),
        drafted.rows
    );
    if let Some(warning) = &pools.warning {
        line.push_str(&format!("\n△ {warning}"));
    }
    Ok(Reply::said(line, json!(drafted)))
}

async fn list(book: &BookCode, counter: &Counter) -> Result<Reply, Stop> {
    let columns = vec![
        Column::count("plan", "方案"),
        Column::count("year", "年度"),
        Column::text("state", "状态"),
        Column::amount("distributable", "可分配"),
        Column::amount("refunds", "盈余返还"),
        Column::amount("remaining", "按股分配"),
        Column::text("drafted_by", "编制"),
    ];
    let mut sheet = Sheet::new("盈余分配方案", columns).subtitle(format!("账套 {book}"));
    let mut tx = counter.snapshot().await?;
    for plan in plans::plans(&mut tx, counter.county(), book).await? {
        let pools = plan.pools;
        let head = vec![plan.plan.into(), i64::from(plan.terms.year).into(), plan.state.label_zh().into()];
        let sums = [pools.distributable.into(), pools.refunds.into(), pools.remaining.into(), plan.drafted_by.into()];
        sheet.push(head.into_iter().chain(sums).collect());
    }
    let people = people(&mut tx, counter.county()).await?;
    Ok(Reply::worded(sheet, |key, text| if key == "drafted_by" { people.get(text).cloned() } else { None }))
}

async fn show(book: &BookCode, plan: i64, counter: &Counter) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let kept = plans::plan(&mut tx, counter.county(), book, plan).await?;
    let kept = kept.ok_or_else(|| DividendRefusal::UnknownPlan { book: book.to_string(), plan })?;
    let rows = plans::rows(&mut tx, counter.county(), book, plan).await?;
    let mut names = party_names(&mut tx, counter.county(), book).await?;
    let members: Vec<&str> = rows.iter().map(|row| row.member.as_str()).collect();
    for (party, payee) in crate::payouts::store::payees(&mut tx, counter.county(), &members).await? {
        names.entry(party).or_insert(payee.name);
    }
    Ok(Reply::sheet(reports::dividend_list(&book.0, &kept.terms, &kept.pools, &rows, &names)))
}
