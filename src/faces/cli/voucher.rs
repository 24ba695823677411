//! `voucher …`: the life of vouchers, from a draft to the book.
//!
//! 1. Several vouchers named in one command move together or not at all.
//! 2. `--period` names every voucher of the period that is in the state the step begins with.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::counter::{Counter, CounterRefusal};
use super::output::Reply;
use super::voucher_entry::{self, AddArguments, ChangeArguments, word};
use super::voucher_import::{self, ImportArguments};
use super::{import, voucher_paper};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::{Connection, Stop};
use crate::exchange::{Column, Sheet};
use crate::ledger::attachments::service::AttachFile;
use crate::ledger::service::Numbered;
use crate::ledger::vouchers::renumbering::service::{RenumberVouchers, renumbering};
use crate::ledger::vouchers::service::{CopyVoucher, MoveVouchers, ReverseVoucher, Step};
use crate::ledger::vouchers::{State, VoucherRef, store};
use crate::ledger::{BookCode, LedgerRefusal, VoucherId, Word};

/// Verbs of vouchers.
#[derive(Debug, Subcommand)]
pub enum VoucherCommand {
    /// 从 csv/xlsx/xls 导入凭证,成为草稿
    Import(ImportArguments),
    /// 录入一张凭证,成为草稿
    Add(AddArguments),
    /// 改写草稿的内容;凭证字号不变
    Change(ChangeArguments),
    /// 列出凭证
    List(voucher_paper::ListArguments),
    /// 查看一张凭证
    Show {
        /// 凭证号,如 2026-10-记-12
        voucher: VoucherRef,
        /// 账套编号
        #[arg(long)]
        book: String,
    },
    /// 打印一个月的凭证:封面和全部凭证,一个 PDF(用 --out FILE.pdf)
    Print {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 会计期间
        #[arg(long, value_name = "YYYY-MM")]
        period: AccountingPeriod,
    },
    /// 提交:草稿 → 待审
    Submit(Which),
    /// 审核:待审 → 已审(不能由制单人审核)
    Approve(Which),
    /// 退回:待审或已审 → 草稿,须写原因
    Return {
        /// Which vouchers.
        #[command(flatten)]
        which: Which,
        /// 原因
        #[arg(long)]
        reason: Option<String>,
    },
    /// 过账:已审 → 已过账
    Post(Which),
    /// 作废草稿;编号保留
    Void {
        /// Which vouchers.
        #[command(flatten)]
        which: Which,
        /// 原因
        #[arg(long)]
        reason: Option<String>,
    },
    /// 红冲已过账的凭证:生成待审的红字凭证
    Reverse {
        /// 凭证号
        voucher: VoucherRef,
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 红字凭证的日期
        #[arg(long, value_name = "DATE")]
        on: BusinessDate,
        /// 原因
        #[arg(long)]
        reason: Option<String>,
    },
    /// 复制为新的草稿
    Copy {
        /// 凭证号
        voucher: VoucherRef,
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 新凭证的日期
        #[arg(long, value_name = "DATE")]
        on: BusinessDate,
    },
    /// 断号整理:未过账的凭证依次补上空号,作废的排到最后
    Renumber {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 会计期间
        #[arg(long, value_name = "YYYY-MM")]
        period: AccountingPeriod,
        /// 凭证字
        #[arg(long, default_value = "记", value_parser = word)]
        word: Word,
        /// 只列出改号前后,不写入
        #[arg(long)]
        dry_run: bool,
    },
    /// 附上文件
    Attach {
        /// 凭证号
        voucher: VoucherRef,
        /// 文件
        file: PathBuf,
        /// 账套编号
        #[arg(long)]
        book: String,
    },
}

/// Which vouchers of a book.
#[derive(Debug, Args)]
pub struct Which {
    /// 凭证号,可写几个
    #[arg(conflicts_with = "period")]
    vouchers: Vec<VoucherRef>,
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 整个会计期间中处于相应状态的凭证
    #[arg(long, value_name = "YYYY-MM")]
    period: Option<AccountingPeriod>,
}

/// Runs a verb.
pub async fn run(command: VoucherCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        VoucherCommand::Import(arguments) => voucher_import::run(arguments, counter).await,
        VoucherCommand::Add(arguments) => voucher_entry::add(arguments, counter).await,
        VoucherCommand::Change(arguments) => voucher_entry::change(arguments, counter).await,
        VoucherCommand::List(arguments) => voucher_paper::list(arguments, counter).await,
        VoucherCommand::Show { voucher, book } => voucher_paper::show(&BookCode(book), &voucher, counter).await,
        VoucherCommand::Print { book, period } => voucher_paper::month(&BookCode(book), period, counter).await,
        VoucherCommand::Submit(which) => step(which, Step::Submit, None, counter).await,
        VoucherCommand::Approve(which) => step(which, Step::Approve, None, counter).await,
        VoucherCommand::Return { which, reason } => step(which, Step::Return, reason, counter).await,
        VoucherCommand::Post(which) => step(which, Step::Post, None, counter).await,
        VoucherCommand::Void { which, reason } => step(which, Step::Void, reason, counter).await,
        VoucherCommand::Reverse { voucher, book, on, reason } => {
            let (book, id) = one(BookCode(book), &voucher, counter).await?;
            let made = counter.perform(ReverseVoucher { book, voucher: id, on, reason }).await?;
            Ok(made_from("红冲", "红字凭证", &voucher, &made))
        }
        VoucherCommand::Copy { voucher, book, on } => {
            let (book, id) = one(BookCode(book), &voucher, counter).await?;
            let made = counter.perform(CopyVoucher { book, voucher: id, on }).await?;
            Ok(made_from("复制", "草稿", &voucher, &made))
        }
        VoucherCommand::Renumber { book, period, word, dry_run } => {
            renumber(BookCode(book), (period, word), dry_run, counter).await
        }
        VoucherCommand::Attach { voucher, file, book } => attach(BookCode(book), &voucher, &file, counter).await,
    }
}

async fn renumber(book: BookCode, series: (AccountingPeriod, Word), dry_run: bool, counter: &Counter) -> Result<Reply, Stop> {
    let (period, word) = series;
    let mut tx = counter.snapshot().await?;
    counter.book(&mut tx, &book).await?;
    let planned = renumbering(&mut tx, counter.county(), &book, series).await;
    drop(tx);
    let moved = if dry_run { planned? } else { counter.perform(RenumberVouchers { book, period, word }).await? };
    let name = |number| VoucherRef { period, word, number }.to_string();
    let mut sheet = Sheet::new("断号整理", vec![Column::text("from", "原凭证号"), Column::text("to", "新凭证号")]);
    for one in &moved {
        sheet.push(vec![name(one.from).into(), name(one.to).into()]);
    }
    let said = if dry_run { "将改号" } else { "已改号" };
    let json = json!({ "dry_run": dry_run, "moved": moved });
    Ok(Reply { lines: vec![format!("{said} {} 张", moved.len())], json: Some(json), ..Reply::sheet(sheet) })
}

fn made_from(did: &str, what: &str, from: &VoucherRef, made: &Numbered) -> Reply {
    let json = json!({ "voucher": made.reference(), "id": made.1, "from": from.to_string() });
    Reply::said(format!("{did} {from},生成{what} {}", made.reference()), json)
}

/// The key of a named voucher. Refuses a name the book does not have.
pub async fn find(tx: &mut Connection, county: &str, book: &BookCode, name: &VoucherRef) -> Result<VoucherId, Stop> {
    let found = store::find(tx, county, book, name).await?;
    Ok(found.ok_or_else(|| LedgerRefusal::UnknownVoucher { voucher: name.to_string(), book: book.to_string() })?)
}

async fn one(book: BookCode, name: &VoucherRef, counter: &Counter) -> Result<(BookCode, VoucherId), Stop> {
    let mut tx = counter.snapshot().await?;
    counter.book(&mut tx, &book).await?;
    let id = find(&mut tx, counter.county(), &book, name).await?;
    Ok((book, id))
}

async fn step(which: Which, step: Step, reason: Option<String>, counter: &Counter) -> Result<Reply, Stop> {
    let book = BookCode(which.book.clone());
    let vouchers = chosen(&which, &book, step, counter).await?;
    let moved = counter.perform(MoveVouchers { book, vouchers, step, reason }).await?;
    let (did, ..) = words(step);
    let named = match &moved[..] {
        [first, .., last] if moved.len() > 5 => format!("{first} … {last}"),
        few => few.join("、"),
    };
    Ok(Reply::said(format!("已{did} {} 张:{named}", moved.len()), json!({ "step": step, "vouchers": moved })))
}

/// What a step is called, and the states it may begin with.
fn words(step: Step) -> (&'static str, &'static [State]) {
    match step {
        Step::Submit => ("提交", &[State::Draft]),
        Step::Approve => ("审核", &[State::Submitted]),
        Step::Return => ("退回", &[State::Submitted, State::Approved]),
        Step::Post => ("过账", &[State::Approved]),
        Step::Void => ("作废", &[State::Draft]),
    }
}

async fn chosen(which: &Which, book: &BookCode, step: Step, counter: &Counter) -> Result<Vec<VoucherId>, Stop> {
    let mut tx = counter.snapshot().await?;
    counter.book(&mut tx, book).await?;
    let mut ids = Vec::new();
    for name in &which.vouchers {
        ids.push(find(&mut tx, counter.county(), book, name).await?);
    }
    if let Some(period) = which.period {
        for state in words(step).1 {
            ids.extend(of_period(&mut tx, counter.county(), book, period, *state).await?);
        }
    } else if ids.is_empty() {
        return Err(CounterRefusal::NothingNamed.into());
    }
    ids.sort();
    ids.dedup();
    Ok(ids)
}

/// The vouchers of a period in one state.
async fn of_period(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    period: AccountingPeriod,
    state: State,
) -> Result<Vec<VoucherId>, Stop> {
    const PAGE: i64 = 1_000;
    let (mut ids, mut after) = (Vec::new(), None);
    loop {
        let page = store::page(tx, county, book, (period, period), Some(state), after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { return Ok(ids) };
        after = Some(VoucherRef { period, word: last.content.word, number: last.number });
        ids.extend(page.iter().map(|voucher| voucher.id));
    }
}

async fn attach(book: BookCode, name: &VoucherRef, file: &std::path::Path, counter: &Counter) -> Result<Reply, Stop> {
    let (book, id) = one(book, name, counter).await?;
    let file_name = file.file_name().map_or_else(String::new, |part| part.to_string_lossy().into_owned());
    let act = AttachFile::new(book, id, file_name.clone(), media_type(file).to_owned(), import::read_bytes(file)?);
    let digest = act.digest.clone();
    let number = counter.perform(act).await?;
    let json = json!({ "voucher": name.to_string(), "attachment": number, "name": file_name, "digest": digest });
    Ok(Reply::said(format!("{name} 的第 {number} 个附件:{file_name}"), json))
}

fn media_type(file: &std::path::Path) -> &'static str {
    match file.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("pdf") => "application/pdf",
        Some("ofd") => "application/ofd",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("xml") => "application/xml",
        Some("txt") => "text/plain",
        Some("csv") => "text/csv",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}
