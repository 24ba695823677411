//! `voucher list` and `voucher show`: vouchers as people read them.

use clap::Args;
use serde_json::json;

use super::counter::Counter;
use super::output::Reply;
use super::voucher::find;
use super::year::in_words;
use crate::calendar::AccountingPeriod;
use crate::db::Stop;
use crate::exchange::{Cell, Column, Sheet};
use crate::faces::print::vouchers;
use crate::ledger::attachments::store::{Attachment, attachments};
use crate::ledger::books::{Book, store as books};
use crate::ledger::vouchers::store;
use crate::ledger::vouchers::store::list::Filter;
use crate::ledger::vouchers::{KeptVoucher, State, VoucherRef};
use crate::ledger::{BookCode, Chart, Stage, VoucherLine};
use crate::money::Amount;
use crate::money::capitals::to_capitals;
use crate::papers::Paper;

/// Which vouchers to list.
#[derive(Debug, Args)]
pub struct ListArguments {
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 会计期间;不写时列全部
    #[arg(long, value_name = "YYYY-MM")]
    period: Option<AccountingPeriod>,
    /// 状态:draft 草稿、submitted 待审、approved 已审、posted 已过账、voided 作废
    #[arg(long, value_parser = state)]
    state: Option<State>,
    /// 从某张凭证之后开始(翻页)
    #[arg(long, value_name = "REF")]
    after: Option<VoucherRef>,
    /// 最多多少张
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
}

fn state(text: &str) -> Result<State, String> {
    State::parse(text).ok_or_else(|| "状态可用:draft、submitted、approved、posted、voided".to_owned())
}

/// A page of vouchers; JSON also names where the next page begins.
pub async fn list(arguments: ListArguments, counter: &Counter) -> Result<Reply, Stop> {
    let ListArguments { book, period, state, after, limit } = arguments;
    let book = BookCode(book);
    let mut tx = counter.snapshot().await?;
    counter.book(&mut tx, &book).await?;
    let latest = AccountingPeriod::opening(9999);
    let span = period.map_or((AccountingPeriod::opening(1900), latest), |period| (period, period));
    let found = store::page(&mut tx, counter.county(), &book, span, state, after.as_ref(), limit).await?;
    let columns = vec![
        Column::id("voucher", "凭证号"),
        Column::date("dated_on", "日期"),
        Column::text("summary", "摘要"),
        Column::amount("amount", "金额"),
        Column::count("lines", "分录"),
        Column::id("state", "状态"),
        Column::text("state_name", "状态名称"),
        Column::text("maker", "制单"),
        Column::text("reviewer", "审核"),
        Column::text("poster", "记账"),
        Column::id("reverses", "红冲对象"),
        Column::text("return_reason", "退回原因"),
    ];
    let mut sheet = Sheet::new("凭证", columns).subtitle(format!("账套 {book}"));
    found.iter().for_each(|voucher| sheet.push(row(voucher)));
    let full = i64::try_from(found.len()).is_ok_and(|listed| listed == limit);
    let next = found.last().filter(|_| full).map(KeptVoucher::reference);
    sheet.notes.extend(next.iter().map(|name| format!("还有更多:加 --after {name}")));
    let mut json = serde_json::to_value(&sheet).unwrap_or_default();
    json["next"] = json!(next);
    Ok(Reply { json: Some(json), ..Reply::sheet(sheet) })
}

fn row(voucher: &KeptVoucher) -> Vec<Cell> {
    let summary = voucher.content.lines.first().map_or("", |line| line.summary.as_str());
    let lines = i64::try_from(voucher.content.lines.len()).unwrap_or(i64::MAX);
    vec![
        voucher.reference().into(),
        voucher.content.dated_on.into(),
        summary.into(),
        voucher.content.totals().map(|(debit, _)| debit).into(),
        lines.into(),
        voucher.state.as_str().into(),
        voucher.state.label_zh().into(),
        voucher.maker.clone().into(),
        voucher.reviewer.clone().into(),
        voucher.poster.clone().into(),
        voucher.content.reverses.map(|id| id.0.to_string()).into(),
        voucher.return_reason.clone().into(),
    ]
}

/// One voucher like its paper: head, lines, 合计 in capitals, who handled it.
pub async fn show(book: &BookCode, name: &VoucherRef, counter: &Counter) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let head = counter.book(&mut tx, book).await?;
    let id = find(&mut tx, counter.county(), book, name).await?;
    let voucher = store::vouchers(&mut tx, counter.county(), book, &[id]).await?.remove(0);
    let chart = books::chart(&mut tx, counter.county(), book, name.period.year()).await?;
    let files = attachments(&mut tx, counter.county(), book, id).await?;
    let linked: Vec<_> = [voucher.content.reverses, voucher.reversed_by].into_iter().flatten().collect();
    let linked = store::vouchers(&mut tx, counter.county(), book, &linked).await?;
    let named = |id| linked.iter().find(|other| Some(other.id) == id).map(KeptVoucher::reference);
    let links = (named(voucher.content.reverses), named(voucher.reversed_by));
    let mut json = serde_json::to_value(&voucher).unwrap_or_default();
    let (debit, credit) = voucher.content.totals().unwrap_or_default();
    json["voucher"] = json!(voucher.reference());
    json["totals"] = json!({ "debit": debit, "credit": credit, "capitals": to_capitals(debit) });
    json["attachments"] = json!(files);
    json["reverses_voucher"] = json!(links.0);
    json["reversed_by_voucher"] = json!(links.1);
    let papers = voucher.content.paper_attachments + i64::try_from(files.len()).unwrap_or(0);
    let papers = vouchers::one(&mut tx, counter.county(), &head, &voucher, papers).await?;
    Ok(Reply { json: Some(json), papers, ..Reply::sheet(paper(&head, &voucher, &chart, &files, links)) })
}

/// A month's vouchers under their cover; on the screen, how many there are.
pub async fn month(book: &BookCode, period: AccountingPeriod, counter: &Counter) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let head = counter.book(&mut tx, book).await?;
    let papers = vouchers::month(&mut tx, counter.county(), &head, period, &Filter::default()).await?;
    let count: usize = papers.iter().map(|paper| if let Paper::Vouchers(vouchers) = paper { vouchers.len() } else { 0 }).sum();
    let said = Reply::said(format!("{period} 共 {count} 张凭证;加 --out 文件.pdf 打印"), json!({ "vouchers": count }));
    Ok(Reply { papers, ..said })
}

fn paper(
    book: &Book,
    voucher: &KeptVoucher,
    chart: &Chart,
    files: &[Attachment],
    (reverses, reversed_by): (Option<String>, Option<String>),
) -> Sheet {
    let content = &voucher.content;
    let columns = vec![
        Column::text("summary", "摘要"),
        Column::id("account", "科目编码"),
        Column::text("account_name", "科目名称"),
        Column::text("dimensions", "辅助核算"),
        Column::amount("debit", "借方金额"),
        Column::amount("credit", "贷方金额"),
    ];
    let papers = content.paper_attachments + i64::try_from(files.len()).unwrap_or(0);
    let number = format!("{}字第 {} 号", content.word.as_str(), voucher.number);
    let mut sheet = Sheet::new("记账凭证", columns)
        .subtitle(format!("单位:{}", book.name))
        .subtitle(format!("{}  {number}  附单据 {papers} 张", content.dated_on.format("%Y年%m月%d日")))
        .subtitle(format!("状态:{}{}", voucher.state.label_zh(), stage_words(content.stage)));
    for line in &content.lines {
        sheet.push(line_row(line, chart));
    }
    let (debit, credit) = content.totals().unwrap_or_default();
    sheet.foot.push(vec!["合计".into(), Cell::Empty, to_capitals(debit).into(), Cell::Empty, debit.into(), credit.into()]);
    let blank = |person: &Option<String>| person.clone().unwrap_or_default();
    sheet.notes.push(format!("制单:{}  审核:{}  记账:{}", voucher.maker, blank(&voucher.reviewer), blank(&voucher.poster)));
    sheet.notes.extend(reverses.map(|name| format!("红冲凭证:{name}")));
    sheet.notes.extend(reversed_by.map(|name| format!("已被红冲:{name}")));
    sheet.notes.extend(voucher.return_reason.iter().map(|reason| format!("退回原因:{reason}")));
    sheet.notes.extend(files.iter().map(|file| format!("附件 {}:{}", file.attachment, file.name)));
    sheet
}

fn stage_words(stage: Stage) -> &'static str {
    match stage {
        Stage::Opening => "(期初)",
        Stage::Ordinary => "",
        Stage::Transfer => "(结转)",
    }
}

fn line_row(line: &VoucherLine, chart: &Chart) -> Vec<Cell> {
    let side = |amount: Amount| Cell::amount_or_blank(amount);
    vec![
        line.summary.as_str().into(),
        line.account.as_str().into(),
        chart.full_name_zh(&line.account).into(),
        in_words(&line.dimensions).into(),
        side(line.debit),
        side(line.credit),
    ]
}
