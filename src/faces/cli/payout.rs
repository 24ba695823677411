//! `payout payees | layout | standard | standards | check | draw-up | review | receive | send | export | results | correct | list | show | drop`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::args::Common;
use super::counter::Counter;
use super::import::{FileArguments, read_bytes};
use super::output::Reply;
use super::payout_file;
use super::payout_list::{self, CheckArguments, ListArguments, rows_of};
use super::words::word;
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::exchange::{Column, Sheet};
use crate::ledger::{AccountCode, BookCode};
use crate::money::Amount;
use crate::payouts::PayoutKind;
use crate::payouts::files_in::{read_payees, read_results};
use crate::payouts::layout::{Field, Layout};
use crate::payouts::refusal::PayoutRefusal;
use crate::payouts::service::draw_up::{DrawUp, DrawnUp, DropBatch, KeepLayout, KeepPayees, ReceiveFunds, ReviewBatch};
use crate::payouts::service::sending::{CorrectRow, SendBatch, TakeResults};
use crate::payouts::service::standards::KeepStandard;
use crate::payouts::standards::Standard;
use crate::payouts::store::{self, Batch};

/// Verbs of payouts.
#[derive(Debug, Subcommand)]
pub enum PayoutCommand {
    /// 导入收款人资料(编号、姓名、身份证号、户名、账号、开户行、死亡日期、迁出日期)
    Payees {
        /// 文件
        file: PathBuf,
        /// How to read it.
        #[command(flatten)]
        reading: FileArguments,
    },
    /// 登记银行报盘格式,如 序号=row,户名=account_name,账号=account,金额=amount
    Layout {
        /// 名称
        #[arg(long)]
        name: String,
        /// 列
        #[arg(long)]
        columns: String,
    },
    /// 登记补贴标准(按执行日期;差额补助登记的是年度线)
    Standard {
        /// 种类:disability、minimum_living、welfare_job、top_up …
        #[arg(long, value_parser = |text: &str| word(text, PayoutKind::parse, PayoutKind::ALL.iter().map(|k| k.as_str())))]
        kind: PayoutKind,
        /// 执行日期
        #[arg(long)]
        from: BusinessDate,
        /// 标准
        #[arg(long)]
        amount: Amount,
        /// 文号
        #[arg(long)]
        document: String,
    },
    /// 补贴标准一览
    Standards,
    /// 只检查清单
    Check(CheckArguments),
    /// 编制批次
    DrawUp(Box<DrawUpArguments>),
    /// 复核(另一人)
    Review(Which),
    /// 代收代付资金到账
    Receive(WhichOn),
    /// 报盘:资金划出
    Send(WhichOn),
    /// 导出报盘文件(--out 写 csv 或 xlsx)
    Export {
        /// 批次号
        #[arg(long)]
        batch: String,
        /// 报盘格式名称
        #[arg(long)]
        layout: Option<String>,
    },
    /// 导入银行回盘
    Results(ResultsArguments),
    /// 更正退回的行
    Correct {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// 序号
        #[arg(long)]
        row: i64,
        /// 户名
        #[arg(long)]
        account_name: String,
        /// 账号
        #[arg(long)]
        account: String,
        /// 开户行
        #[arg(long, default_value = "")]
        bank: String,
    },
    /// 批次列表
    List {
        /// 账套编号
        #[arg(long)]
        book: Option<String>,
    },
    /// 批次明细
    Show {
        /// 批次号
        #[arg(long)]
        batch: String,
    },
    /// 作废未报盘的批次
    Drop {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// 原因
        #[arg(long)]
        reason: String,
    },
}

/// A batch.
#[derive(Debug, Args)]
pub struct Which {
    /// 批次号
    #[arg(long)]
    batch: String,
}

/// A batch on a date.
#[derive(Debug, Args)]
pub struct WhichOn {
    /// 批次号
    #[arg(long)]
    batch: String,
    /// 日期;不写为今天
    #[arg(long)]
    on: Option<BusinessDate>,
}

/// A batch from a file.
#[derive(Debug, Args)]
pub struct DrawUpArguments {
    /// The list.
    #[command(flatten)]
    list: ListArguments,
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 批次号
    #[arg(long)]
    batch: String,
    /// 种类:subsidy、minimum_living、disability、top_up、welfare_job、relief、reward、land_rent、lease_back、cadre_stipend …
    #[arg(long, value_parser = |text: &str| word(text, PayoutKind::parse, PayoutKind::ALL.iter().map(|k| k.as_str())))]
    kind: PayoutKind,
    /// 核对日期(补贴标准、死亡迁出);不写为今天
    #[arg(long)]
    on: Option<BusinessDate>,
    /// 名称
    #[arg(long)]
    title: String,
    /// 项目或文号
    #[arg(long, default_value = "")]
    project: String,
    /// 冲销科目;不写用代收代付科目
    #[arg(long)]
    payable: Option<String>,
    /// 付款科目;不写用银行存款
    #[arg(long)]
    money_account: Option<String>,
    /// 对需核实各行的说明
    #[arg(long)]
    accept: Option<String>,
}

/// The bank's answer.
#[derive(Debug, Args)]
pub struct ResultsArguments {
    /// 回盘文件(序号或账号、状态、失败原因)
    file: PathBuf,
    /// 批次号
    #[arg(long)]
    batch: String,
    /// 回盘日期;不写为今天
    #[arg(long)]
    on: Option<BusinessDate>,
    /// 回盘只列失败行,其余为成功
    #[arg(long)]
    others_paid: bool,
    /// How to read it.
    #[command(flatten)]
    reading: FileArguments,
}

/// Runs a verb.
pub async fn run(command: PayoutCommand, common: &Common, counter: &Counter) -> Result<Reply, Stop> {
    let today = counter.office.today();
    match command {
        PayoutCommand::Payees { file, reading } => {
            let payees = read_payees(&read_bytes(&file)?, &reading.options()?)?.whole()?;
            let rows = counter.perform(KeepPayees { payees }).await?;
            Ok(Reply::said(format!("已登记收款人 {rows} 名"), json!({ "rows": rows })))
        }
        PayoutCommand::Layout { name, columns } => {
            counter.perform(KeepLayout { layout: name.clone(), columns }).await?;
            Ok(Reply::said(format!("已登记报盘格式 {name}"), json!({ "layout": name })))
        }
        PayoutCommand::Standard { kind, from, amount, document } => {
            let standard = Standard { kind, from, amount, document };
            counter.perform(KeepStandard { standard: standard.clone() }).await?;
            Ok(Reply::said(format!("已登记{}标准:{from} 起 {amount} 元", kind.label_zh()), json!(standard)))
        }
        PayoutCommand::Standards => payout_list::standards(counter).await,
        PayoutCommand::Check(asked) => payout_list::check(asked, today, counter).await,
        PayoutCommand::DrawUp(arguments) => draw_up(*arguments, today, counter).await,
        PayoutCommand::Review(which) => {
            let book = book_of(&which.batch, counter).await?;
            counter.perform(ReviewBatch { book, batch: which.batch.clone() }).await?;
            Ok(done(&which.batch, "已复核"))
        }
        PayoutCommand::Receive(which) => {
            let book = book_of(&which.batch, counter).await?;
            counter.perform(ReceiveFunds { book, batch: which.batch.clone(), on: which.on.unwrap_or(today) }).await?;
            Ok(done(&which.batch, "资金已到账"))
        }
        PayoutCommand::Send(which) => {
            let book = book_of(&which.batch, counter).await?;
            let sent = counter.perform(SendBatch { book, batch: which.batch.clone(), on: which.on.unwrap_or(today) }).await?;
            let line = format!("批次 {} 第 {} 次报盘:{} 行,{} 元", which.batch, sent.attempt, sent.rows, sent.total.grouped());
            Ok(Reply::said(line, json!(sent)))
        }
        PayoutCommand::Export { batch, layout } => payout_file::export(&batch, layout.as_deref(), (common, counter)).await,
        PayoutCommand::Results(arguments) => results(arguments, counter).await,
        PayoutCommand::Correct { which, row, account_name, account, bank } => {
            let book = book_of(&which.batch, counter).await?;
            counter.perform(CorrectRow { book, batch: which.batch.clone(), row, account_name, account, bank }).await?;
            Ok(done(&which.batch, &format!("第 {row} 行已更正")))
        }
        PayoutCommand::List { book } => list(book.map(BookCode).as_ref(), counter).await,
        PayoutCommand::Show { batch } => show(&batch, counter).await,
        PayoutCommand::Drop { which, reason } => {
            let book = book_of(&which.batch, counter).await?;
            counter.perform(DropBatch { book, batch: which.batch.clone(), reason }).await?;
            Ok(done(&which.batch, "已作废"))
        }
    }
}

fn done(batch: &str, words: &str) -> Reply {
    Reply::said(format!("批次 {batch} {words}"), json!({ "batch": batch }))
}

pub(super) async fn kept(batch: &str, counter: &Counter) -> Result<Batch, Stop> {
    let mut tx = counter.snapshot().await?;
    let found = store::batch(&mut tx, counter.county(), batch).await?;
    Ok(found.ok_or_else(|| PayoutRefusal::UnknownBatch { batch: batch.to_owned() })?)
}

async fn book_of(batch: &str, counter: &Counter) -> Result<BookCode, Stop> {
    Ok(kept(batch, counter).await?.book)
}

/// The answer to a batch drawn up.
pub fn drawn_up(batch: &str, drawn: &DrawnUp) -> Reply {
    let line = format!("已编制批次 {batch}:{} 行,{} 元,已说明 {} 处", drawn.rows, drawn.total.grouped(), drawn.flags.len());
    Reply::said(line, json!({ "batch": batch, "rows": drawn.rows, "total": drawn.total, "flags": drawn.flags }))
}

async fn draw_up(a: DrawUpArguments, today: BusinessDate, counter: &Counter) -> Result<Reply, Stop> {
    let rows = rows_of(&a.list.file, &a.list.reading)?;
    let act = DrawUp {
        batch: a.batch.clone(),
        book: BookCode(a.book),
        kind: a.kind,
        title: a.title,
        project: a.project,
        on: a.on.unwrap_or(today),
        payable: a.payable.map(AccountCode),
        money_account: a.money_account.map(AccountCode),
        stated_total: a.list.total,
        rows,
        accept: a.accept,
        source: None,
    };
    Ok(drawn_up(&a.batch, &counter.perform(act).await?))
}

/// Takes the bank's answer.
pub async fn results(a: ResultsArguments, counter: &Counter) -> Result<Reply, Stop> {
    let results = read_results(&read_bytes(&a.file)?, &a.reading.options()?)?.whole()?;
    let book = book_of(&a.batch, counter).await?;
    let on = a.on.unwrap_or_else(|| counter.office.today());
    let act = TakeResults { book, batch: a.batch.clone(), on, results, others_paid: a.others_paid };
    let answered = counter.perform(act).await?;
    let ((paid, paid_sum), (back, back_sum)) = (answered.paid, answered.returned);
    let end = if answered.settled { ",批次发放完毕" } else { "" };
    let line = format!("批次 {}:成功 {paid} 行 {} 元,退回 {back} 行 {} 元{end}", a.batch, paid_sum.grouped(), back_sum.grouped());
    Ok(Reply::said(line, json!(answered)))
}

async fn list(book: Option<&BookCode>, counter: &Counter) -> Result<Reply, Stop> {
    let columns = vec![
        Column::id("batch", "批次"),
        Column::id("book", "账套"),
        Column::text("kind", "种类"),
        Column::text("title", "名称"),
        Column::text("state", "状态"),
        Column::count("rows", "行数"),
        Column::amount("total", "总额"),
        Column::amount("received", "到账"),
        Column::amount("clearing", "往来余额"),
    ];
    let mut sheet = Sheet::new("代发批次", columns);
    let mut tx = counter.snapshot().await?;
    for batch in store::batches(&mut tx, counter.county(), book).await? {
        let clearing =
            if batch.kind.passes_through() { store::clearing(&mut tx, counter.county(), &batch).await? } else { Amount::ZERO };
        let words = [batch.batch.into(), batch.book.0.into(), batch.kind.label_zh().into(), batch.title.into()];
        let rest = [batch.state.label_zh().into(), batch.rows.into(), batch.total.into(), batch.received.into(), clearing.into()];
        sheet.push(words.into_iter().chain(rest).collect());
    }
    Ok(Reply::sheet(sheet))
}

async fn show(batch: &str, counter: &Counter) -> Result<Reply, Stop> {
    let kept = kept(batch, counter).await?;
    let mut tx = counter.snapshot().await?;
    let rows = store::rows(&mut tx, counter.county(), batch, &[]).await?;
    let fields = [Field::Row, Field::Party, Field::Name, Field::AccountName, Field::Account, Field::Amount, Field::Remark];
    let columns = fields.iter().map(|field| (field.label_zh().to_owned(), *field)).collect();
    let mut sheet = Layout { columns }.sheet(&kept.title, &rows).subtitle(format!("批次 {batch} {}", kept.state.label_zh()));
    sheet.columns.push(Column::text("state", "状态"));
    sheet.columns.push(Column::text("reason", "原因"));
    for (cells, row) in sheet.rows.iter_mut().zip(&rows) {
        cells.push(row.state.label_zh().into());
        cells.push(row.reason.clone().into());
        cells[4] = crate::parties::mask_account(&row.account).into();
    }
    Ok(Reply::sheet(sheet))
}
