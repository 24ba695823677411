//! `book add | list | show | opening | merge | mergers`, and `log`: the books and who did what in them.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use super::counter::Counter;
use super::import::{self, FileArguments};
use super::output::Reply;
use super::year::{self, YearArguments};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::controls::mergers;
use crate::controls::mergers::service::MergeVillages;
use crate::db::Stop;
use crate::exchange::openings_in::{OpeningsIn, read_openings};
use crate::exchange::{Column, Sheet};
use crate::faces::resolve::{AccountNames, Cards};
use crate::ledger::books::service::{AddBook, PostOpening};
use crate::ledger::books::{Book, store};
use crate::ledger::service::Numbered;
use crate::ledger::{AccountCode, BookCode, EntityKind, regime};
use crate::office::{self, local_time};

/// Verbs of books.
#[derive(Debug, Subcommand)]
pub enum BookCommand {
    /// 建账
    Add(AddArguments),
    /// 列出账套
    List,
    /// 查看账套
    Show {
        /// 账套编号
        #[arg(long)]
        book: String,
    },
    /// 导入期初余额(只能在记账之前,一次)
    Opening {
        /// csv 或 xlsx 文件
        file: PathBuf,
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 只检查,不写入
        #[arg(long)]
        dry_run: bool,
        /// How to read it.
        #[command(flatten)]
        reading: FileArguments,
    },
    /// 村级撤并:被撤并的账套自当月一日起停止记账,余额凭证移交并入的账套
    Merge {
        /// 并入的账套(新建的,或保留的村)
        #[arg(long)]
        into: String,
        /// 被撤并的账套,可多次
        #[arg(long, required = true)]
        from: Vec<String>,
        /// 撤并日期,某月一日
        #[arg(long)]
        on: BusinessDate,
        /// 批准文件
        #[arg(long)]
        document: String,
        /// 科目另有去处的:账套:原科目=新科目,可多次
        #[arg(long, value_parser = moved_account)]
        account: Vec<(BookCode, AccountCode, AccountCode)>,
    },
    /// 撤并登记簿
    Mergers,
    /// 新旧会计制度衔接:试算转账工作底稿(不写入;转换随 year close 办理)
    Convert(YearArguments),
}

/// A new book.
#[derive(Debug, Args)]
pub struct AddArguments {
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 名称
    #[arg(long)]
    name: String,
    /// 类型:village、cooperative、company、risk_fund、subsidy_fund、aid_fund
    #[arg(long, value_parser = kind)]
    kind: EntityKind,
    /// 第一个会计期间
    #[arg(long, value_name = "YYYY-MM")]
    from: AccountingPeriod,
    /// 会计制度;不写时按类型和日期选择
    #[arg(long)]
    regime: Option<String>,
    /// 区划代码,12 位
    #[arg(long)]
    place: Option<String>,
    /// 统一社会信用代码
    #[arg(long)]
    credit_code: Option<String>,
}

fn kind(text: &str) -> Result<EntityKind, String> {
    let known = || EntityKind::ALL.map(|kind| format!("{}({})", kind.as_str(), kind.label_zh())).join("、");
    EntityKind::parse(text).ok_or_else(|| format!("类型可用:{}", known()))
}

/// Runs a verb.
pub async fn run(command: BookCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        BookCommand::Add(arguments) => add(arguments, counter).await,
        BookCommand::List => list(counter).await,
        BookCommand::Show { book } => show(&BookCode(book), counter).await,
        BookCommand::Opening { file, book, dry_run, reading } => opening(&file, BookCode(book), dry_run, &reading, counter).await,
        BookCommand::Merge { into, from, on, document, account } => {
            let from = from.into_iter().map(BookCode).collect();
            merge(MergeVillages { into: BookCode(into), from, on, document, accounts: account }, counter).await
        }
        BookCommand::Mergers => {
            let mut tx = counter.snapshot().await?;
            Ok(Reply::sheet(mergers::register(&mergers::store::ended(&mut tx, counter.county()).await?)))
        }
        BookCommand::Convert(arguments) => year::convert(arguments, counter).await,
    }
}

/// `V001:10201=10203`.
fn moved_account(text: &str) -> Result<(BookCode, AccountCode, AccountCode), String> {
    let (book, codes) = text.split_once(':').ok_or("写成 账套:原科目=新科目")?;
    let (from, to) = codes.split_once('=').ok_or("写成 账套:原科目=新科目")?;
    Ok((BookCode::from(book.trim()), AccountCode::from(from.trim()), AccountCode::from(to.trim())))
}

async fn merge(act: MergeVillages, counter: &Counter) -> Result<Reply, Stop> {
    let (into, on, count) = (act.into.clone(), act.on, act.from.len());
    let merged = counter.perform(act).await?;
    let pair =
        |(given, taken): &(Numbered, Numbered)| format!("{} {} → {} {}", given.0, given.reference(), taken.0, taken.reference());
    let vouchers: Vec<String> = merged.vouchers.iter().map(pair).collect();
    let words = format!("第 {} 号撤并:{count} 个账套自 {on} 并入 {into};移交凭证 {}", merged.merger, vouchers.join(","));
    Ok(Reply::said(words, json!({ "merger": merged.merger, "vouchers": vouchers, "grants": merged.grants })))
}

async fn add(arguments: AddArguments, counter: &Counter) -> Result<Reply, Stop> {
    let AddArguments { book, name, kind, from, regime, place, credit_code } = arguments;
    let organisation = match credit_code {
        Some(code) => Some(crate::parties::credit_code::CreditCode::parse(&code)?.code.as_str().to_owned()),
        None => None,
    };
    let said = format!("已建账套 {book} {name},自 {} 起", from.label_zh());
    let new = Book { book: BookCode(book.clone()), name: name.clone(), kind, place, organisation, first_period: from };
    let regime = counter.perform(AddBook { book: new, regime }).await?;
    let title = regime::regime(&regime).map_or(String::new(), |regime| regime.name_zh.clone());
    Ok(Reply::said(format!("{said},执行《{title}》"), json!({ "book": book, "name": name, "regime": regime })))
}

async fn list(counter: &Counter) -> Result<Reply, Stop> {
    let columns = vec![
        Column::id("book", "账套"),
        Column::text("name", "名称"),
        Column::id("kind", "类型"),
        Column::text("kind_name", "类型名称"),
        Column::id("place", "区划代码"),
        Column::id("organisation", "信用代码"),
        Column::id("first_period", "启用期间"),
        Column::id("years", "年度"),
    ];
    let mut sheet = Sheet::new("账套", columns);
    let mut tx = counter.snapshot().await?;
    for book in store::books(&mut tx, counter.county()).await? {
        let years = store::years(&mut tx, counter.county(), &book.book).await?;
        let years: Vec<String> = years.iter().map(|kept| kept.year.to_string()).collect();
        sheet.push(vec![
            book.book.0.into(),
            book.name.into(),
            book.kind.as_str().into(),
            book.kind.label_zh().into(),
            book.place.into(),
            book.organisation.into(),
            book.first_period.to_string().into(),
            years.join(" ").into(),
        ]);
    }
    Ok(Reply::sheet(sheet))
}

async fn show(book: &BookCode, counter: &Counter) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let found = counter.book(&mut tx, book).await?;
    let years = store::years(&mut tx, counter.county(), book).await?;
    let mut lines = vec![
        format!("账套  {} {}", found.book, found.name),
        format!("类型  {}", found.kind.label_zh()),
        format!("启用  {}", found.first_period.label_zh()),
    ];
    lines.extend(found.place.iter().map(|place| format!("区划  {place}")));
    lines.extend(found.organisation.iter().map(|code| format!("信用代码  {code}")));
    for kept in &years {
        let title = regime::regime(&kept.regime).map_or(kept.regime.as_str(), |regime| regime.name_zh.as_str());
        let carried = if kept.carried_at.is_some() { ",已结转下年" } else { "" };
        lines.push(format!("{} 年  {title}{carried}", kept.year));
    }
    let years: Vec<_> = years.iter().map(|y| json!({ "year": y.year, "regime": y.regime, "carried_at": y.carried_at })).collect();
    let json = json!({
        "book": found.book, "name": found.name, "kind": found.kind, "place": found.place,
        "organisation": found.organisation, "first_period": found.first_period, "years": years,
    });
    Ok(Reply { lines, json: Some(json), ..Reply::default() })
}

async fn opening(file: &Path, book: BookCode, dry_run: bool, reading: &FileArguments, counter: &Counter) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let first = counter.book(&mut tx, &book).await?.first_period.year();
    let names = AccountNames::of(&mut tx, counter.county(), &book, Some(first)).await?;
    let cards = Cards::of(&mut tx, counter.county(), &book).await?;
    drop(tx);
    let mut read = read_openings(&import::read_bytes(file)?, &reading.options()?, &|code, name| names.find(code, name))?;
    if !read.problems.is_empty() {
        return Ok(import::refused(&read.problems, &read.table));
    }
    read.lines.iter_mut().for_each(|(_, line)| cards.resolve(&mut line.dimensions));
    let (debit, credit) = read.totals.unwrap_or_default();
    let OpeningsIn { lines, table, .. } = read;
    let lines: Vec<_> = lines.into_iter().map(|(_, line)| line).collect();
    let mut json = json!({
        "lines": lines.len(), "debit": debit, "credit": credit, "dry_run": dry_run, "unknown_columns": table.unknown,
    });
    let sums = format!("{} 行,借方合计 {},贷方合计 {}", lines.len(), debit.grouped(), credit.grouped());
    let said = if dry_run {
        if debit != credit {
            let difference = debit.checked_sub(credit).unwrap_or_default();
            return Err(crate::ledger::voucher::Unbalanced::Difference { debit, credit, difference }.into());
        }
        format!("检查通过:{sums};未写入")
    } else {
        let posted = counter.perform(PostOpening { book, lines }).await?;
        json["voucher"] = json!(posted.reference());
        format!("已记期初余额 {}:{sums}", posted.reference())
    };
    Ok(import::with_unknown_columns(Reply::said(said, json), &table))
}

/// The audit trail.
#[derive(Debug, Args)]
pub struct Log {
    /// 只看一个账套
    #[arg(long)]
    book: Option<String>,
    /// 从某条之后开始(该条的编号)
    #[arg(long, default_value = "", hide_default_value = true)]
    after: String,
    /// 最多多少条
    #[arg(long, default_value_t = 100)]
    limit: usize,
}

/// Lists the audit trail, oldest first.
pub async fn log(which: &Log, counter: &Counter) -> Result<Reply, Stop> {
    const PAGE: i64 = 1_000;
    let columns = vec![
        Column::id("act", "编号"),
        Column::id("at", "时间"),
        Column::text("actor", "操作人"),
        Column::id("face", "来源"),
        Column::id("kind", "操作"),
        Column::id("book", "账套"),
        Column::text("what", "内容"),
        Column::id("idempotency_key", "请求号"),
    ];
    let mut sheet = Sheet::new("操作日志", columns);
    let (mut tx, mut after) = (counter.snapshot().await?, which.after.clone());
    while sheet.rows.len() < which.limit {
        let page = office::acts(&mut tx, counter.county(), &after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.act);
        let wanted = page.into_iter().filter(|act| which.book.is_none() || act.book == which.book);
        for act in wanted.take(which.limit - sheet.rows.len()) {
            sheet.push(vec![
                act.act.into(),
                local_time(&act.at).into(),
                act.actor.into(),
                act.face.into(),
                act.kind.into(),
                act.book.into(),
                act.what.into(),
                act.idempotency_key.into(),
            ]);
        }
    }
    Ok(Reply::sheet(sheet))
}
