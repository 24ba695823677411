//! `voucher add` and `voucher change`: one voucher typed on the command line or handed over as JSON.
//!
//! 1. A line is `ACCOUNT debit|credit AMOUNT [summary] [party=…;project=…]`; JSON has the same names.
//! 2. Accounts may be codes or names of the book's chart in the voucher's year.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Deserialize;
use serde_json::json;

use super::counter::{Counter, CounterRefusal};
use super::output::Reply;
use super::{import, voucher};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::{Failure, Stop};
use crate::faces::resolve::{AccountNames, Cards};
use crate::ledger::vouchers::VoucherRef;
use crate::ledger::vouchers::service::{ChangeDraft, KeepDrafts, MoveVouchers, Step};
use crate::ledger::{BookCode, Dimension, Dimensions, Side, Stage, Voucher, VoucherLine, Word};
use crate::money::Amount;

/// A new voucher.
#[derive(Debug, Args)]
pub struct AddArguments {
    /// 账套编号
    #[arg(long)]
    book: String,
    /// What it says.
    #[command(flatten)]
    content: Content,
    /// 录入后即提交
    #[arg(long)]
    submit: bool,
}

/// A draft's new content.
#[derive(Debug, Args)]
pub struct ChangeArguments {
    /// 凭证号
    voucher: VoucherRef,
    /// 账套编号
    #[arg(long)]
    book: String,
    /// What it says.
    #[command(flatten)]
    content: Content,
}

/// What a voucher says.
#[derive(Debug, Args)]
pub struct Content {
    /// 日期
    #[arg(long, required_unless_present = "json", value_name = "DATE")]
    date: Option<BusinessDate>,
    /// 凭证字:记、收、付、转
    #[arg(long, default_value = "记", value_parser = word)]
    word: Word,
    /// 分录:'科目 debit|credit 金额 [摘要] [party=编号;project=编号]';至少两条
    #[arg(long = "line", value_name = "LINE", conflicts_with = "json", required_unless_present = "json")]
    lines: Vec<String>,
    /// 附单据张数
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..=9999))]
    attachments: i64,
    /// JSON 文件,- 为标准输入:{"date","word","attachments","lines":[{"account","debit"|"credit","summary","party"…}]}
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

pub(super) fn word(text: &str) -> Result<Word, String> {
    Word::parse(text).ok_or_else(|| "凭证字可用:记、收、付、转".to_owned())
}

/// A voucher as JSON hands it over.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    date: BusinessDate,
    #[serde(default)]
    word: Option<Word>,
    #[serde(default)]
    attachments: i64,
    #[serde(default)]
    stage: Option<Stage>,
    lines: Vec<WrittenLine>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WrittenLine {
    account: String,
    summary: String,
    debit: Amount,
    credit: Amount,
    party: Option<String>,
    project: Option<String>,
    fund_class: Option<String>,
    document: Option<String>,
    bank_account: Option<String>,
}

/// Keeps a new draft; submits it if asked.
pub async fn add(arguments: AddArguments, counter: &Counter) -> Result<Reply, Stop> {
    let book = BookCode(arguments.book);
    let voucher = content(&book, &arguments.content, counter).await?;
    let kept = counter.perform(KeepDrafts { book: book.clone(), vouchers: vec![voucher], skip_known: false }).await?;
    let [made] = &kept.numbered[..] else { unreachable!("one voucher in, one number out") };
    if arguments.submit {
        let act = MoveVouchers { book, vouchers: vec![made.1], step: Step::Submit, reason: None };
        counter.perform_next(act, "submit").await?;
    }
    let state = if arguments.submit { "submitted" } else { "draft" };
    let label = if arguments.submit { "已录入并提交" } else { "已录入草稿" };
    let json = json!({ "voucher": made.reference(), "id": made.1, "state": state });
    Ok(Reply::said(format!("{label} {}", made.reference()), json))
}

/// Replaces a draft's content.
pub async fn change(arguments: ChangeArguments, counter: &Counter) -> Result<Reply, Stop> {
    let (book, name) = (BookCode(arguments.book), arguments.voucher);
    let content = content(&book, &arguments.content, counter).await?;
    let id = voucher::find(&mut *counter.snapshot().await?, counter.county(), &book, &name).await?;
    counter.perform(ChangeDraft { voucher: id, content }).await?;
    Ok(Reply::said(format!("已改写 {name}"), json!({ "voucher": name.to_string(), "id": id })))
}

async fn content(book: &BookCode, typed: &Content, counter: &Counter) -> Result<Voucher, Stop> {
    let written = match &typed.json {
        Some(file) => serde_json::from_slice(&json_bytes(file)?).map_err(|why| not_a_voucher(why.to_string()))?,
        None => typed.written()?,
    };
    let mut tx = counter.snapshot().await?;
    counter.book(&mut tx, book).await?;
    let period = AccountingPeriod::of(written.date);
    let names = AccountNames::of(&mut tx, counter.county(), book, Some(period.year())).await?;
    let cards = Cards::of(&mut tx, counter.county(), book).await?;
    let lines = written.lines.into_iter().map(|line| line.resolved(&names, &cards)).collect::<Result<_, Stop>>()?;
    Ok(Voucher {
        book: book.clone(),
        period,
        dated_on: written.date,
        word: written.word.unwrap_or(Word::General),
        stage: written.stage.unwrap_or(Stage::Ordinary),
        lines,
        reverses: None,
        source_key: None,
        paper_attachments: written.attachments,
    })
}

fn json_bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    if file != Path::new("-") {
        return import::read_bytes(file);
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).map_err(Failure::file(file))?;
    Ok(bytes)
}

fn not_a_voucher(why: impl Into<String>) -> CounterRefusal {
    CounterRefusal::NotAVoucher { why: why.into() }
}

impl Content {
    fn written(&self) -> Result<Written, Stop> {
        let date = self.date.ok_or_else(|| not_a_voucher("没有日期"))?;
        let mut lines: Vec<WrittenLine> = self.lines.iter().map(|line| written_line(line)).collect::<Result<_, Stop>>()?;
        // As on paper: a line without words repeats those above it, the first those of the first that has any.
        let mut above = lines.iter().find(|line| !line.summary.is_empty()).map(|line| line.summary.clone()).unwrap_or_default();
        for line in &mut lines {
            if line.summary.is_empty() {
                line.summary.clone_from(&above);
            }
            above.clone_from(&line.summary);
        }
        Ok(Written { date, word: Some(self.word), attachments: self.attachments, stage: None, lines })
    }
}

/// Reads `ACCOUNT debit|credit AMOUNT [summary] [party=…;project=…]`.
fn written_line(text: &str) -> Result<WrittenLine, Stop> {
    let mut words = text.split_whitespace();
    let (Some(account), Some(side), Some(amount)) = (words.next(), words.next(), words.next()) else {
        return Err(not_a_voucher(format!("分录“{text}”应写 科目 debit|credit 金额")).into());
    };
    let side = Side::parse(side).ok_or_else(|| not_a_voucher(format!("“{side}”应为 debit 或 credit")))?;
    let (mut line, amount) = (WrittenLine { account: account.to_owned(), ..WrittenLine::default() }, Amount::parse(amount)?);
    match side {
        Side::Debit => line.debit = amount,
        Side::Credit => line.credit = amount,
    }
    let mut summary = Vec::new();
    for word in words {
        match dimensions(word) {
            Some(pairs) => pairs.into_iter().for_each(|(dimension, value)| line.set(dimension, value)),
            None => summary.push(word),
        }
    }
    line.summary = summary.join(" ");
    Ok(line)
}

/// Reads `party=H001;project=P01`; `None` if any part is something else.
fn dimensions(word: &str) -> Option<Vec<(Dimension, String)>> {
    let pair = |part: &str| {
        let (name, value) = part.split_once('=')?;
        Some((Dimension::parse(name)?, value.to_owned())).filter(|(_, value)| !value.is_empty())
    };
    word.trim_matches(['[', ']']).split([';', ';']).filter(|part| !part.is_empty()).map(pair).collect::<Option<Vec<_>>>()
}

impl WrittenLine {
    fn set(&mut self, dimension: Dimension, value: String) {
        let place = match dimension {
            Dimension::Party => &mut self.party,
            Dimension::Project => &mut self.project,
            Dimension::FundClass => &mut self.fund_class,
            Dimension::Document => &mut self.document,
            Dimension::BankAccount => &mut self.bank_account,
        };
        *place = Some(value);
    }

    fn resolved(self, names: &AccountNames, cards: &Cards) -> Result<VoucherLine, Stop> {
        let WrittenLine { account, summary, debit, credit, party, project, fund_class, document, bank_account } = self;
        let account = names.find_word(&account)?;
        let mut dimensions = Dimensions { party, project, fund_class, document, bank_account };
        cards.resolve(&mut dimensions);
        Ok(VoucherLine { summary, account, debit, credit, dimensions })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads() {
        let line = written_line("102 借 1,234.50 收 承包费 party=H001;项目=P01").unwrap();
        assert_eq!((line.account.as_str(), line.debit, line.summary.as_str()), ("102", Amount::from_fen(123_450), "收 承包费"));
        assert_eq!((line.party.as_deref(), line.project.as_deref()), (Some("H001"), Some("P01")));
        let line = written_line("银行存款 credit 5万元 a=b").unwrap();
        assert_eq!((line.credit, line.summary.as_str()), (Amount::from_yuan(50_000), "a=b"));
        for bad in ["", "102 debit", "102 left 5", "102 debit 五"] {
            assert!(written_line(bad).is_err(), "{bad}");
        }
    }
}
