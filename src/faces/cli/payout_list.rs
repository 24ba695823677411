//! Lists of people to be paid: read from a file, looked at, held against the standards of benefits.

use std::path::PathBuf;

use clap::Args;

use super::counter::Counter;
use super::import::{FileArguments, read_bytes};
use super::output::Reply;
use super::words::word;
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::exchange::{Column, Sheet};
use crate::money::Amount;
use crate::payouts::files_in::read_list;
use crate::payouts::list::PayRow;
use crate::payouts::service::drawing::looked_at;
use crate::payouts::{PayoutKind, store};

/// A list in a file.
#[derive(Debug, Args)]
pub struct ListArguments {
    /// 清单文件
    pub file: PathBuf,
    /// 批次总额
    #[arg(long)]
    pub total: Option<Amount>,
    /// How to read it.
    #[command(flatten)]
    pub reading: FileArguments,
}

/// A list to be looked at.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// The list.
    #[command(flatten)]
    list: ListArguments,
    /// 种类;写了才按登记的标准核对
    #[arg(long, value_parser = |text: &str| word(text, PayoutKind::parse, PayoutKind::ALL.iter().map(|k| k.as_str())))]
    kind: Option<PayoutKind>,
    /// 核对日期;不写为今天
    #[arg(long)]
    on: Option<BusinessDate>,
}

/// The rows of a list's file; refuses the file at its first bad row.
pub fn rows_of(file: &std::path::Path, reading: &FileArguments) -> Result<Vec<PayRow>, Stop> {
    Ok(read_list(&read_bytes(file)?, &reading.options()?)?.whole()?)
}

/// The standards of benefits.
pub async fn standards(counter: &Counter) -> Result<Reply, Stop> {
    let columns = vec![
        Column::text("kind", "种类"),
        Column::date("from", "执行日期"),
        Column::amount("amount", "标准"),
        Column::text("document", "文号"),
    ];
    let mut sheet = Sheet::new("补贴标准", columns);
    let mut tx = counter.snapshot().await?;
    for one in store::standards(&mut tx, counter.county()).await? {
        sheet.push(vec![one.kind.label_zh().into(), one.from.into(), one.amount.into(), one.document.into()]);
    }
    Ok(Reply::sheet(sheet))
}

/// Everything to be said of a list; nothing is kept.
pub async fn check(a: CheckArguments, today: BusinessDate, counter: &Counter) -> Result<Reply, Stop> {
    let mut rows = rows_of(&a.list.file, &a.list.reading)?;
    let mut tx = counter.snapshot().await?;
    let as_of = (a.kind, a.on.unwrap_or(today));
    let findings = looked_at(&mut tx, counter.county(), &mut rows, a.list.total, as_of).await?;
    let columns = vec![Column::count("row", "序号"), Column::text("weight", "性质"), Column::text("what", "问题")];
    let mut sheet = Sheet::new("发放清单检查", columns);
    for finding in findings {
        let weight = if finding.blocks { "✕ 错误" } else { "△ 需核实" };
        sheet.push(vec![finding.row.into(), weight.into(), finding.what.into()]);
    }
    Ok(Reply::sheet(sheet))
}
