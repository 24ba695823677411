//! The papers of a reconciliation: 银行存款余额调节表, outstanding items by age, the unmatched list.
//!
//! Pure.
//!
//! 1. Adjusted bank = bank + book receipts the bank lacks − book payments the bank lacks; adjusted book = book
//!    + bank receipts the book lacks − bank payments the book lacks (COOP37, account 102).
//! 2. Where the two differ, the paper says 不平 and the figure, and is not made to fit.
//! 3. The same lines give the same paper: items stand by date, then by number.

use std::collections::HashMap;

use super::account::BankAccount;
use super::{BankItem, BookItem};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::exchange::{Cell, Column, Dress, Sheet};
use crate::money::Amount;

/// What is outstanding on a day, and both balances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The month it is made for.
    pub period: AccountingPeriod,
    /// 银行对账单余额
    pub bank_balance: Amount,
    /// 账面余额
    pub book_balance: Amount,
    /// The bank's lines the books lack.
    pub bank: Vec<BankItem>,
    /// The book's lines the bank lacks.
    pub book: Vec<BookItem>,
    /// What has to be known beside the figures.
    pub notes: Vec<String>,
}

/// Both adjusted balances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Adjusted {
    /// 调节后银行余额
    pub bank: Amount,
    /// 调节后账面余额
    pub book: Amount,
}

impl Adjusted {
    /// What does not balance: bank less book.
    pub fn difference(&self) -> Amount {
        self.bank.checked_sub(self.book).unwrap_or(Amount::LARGEST)
    }
}

/// A kind of outstanding item: heading, and whose lines it holds.
const KINDS: [(&str, bool, bool); 4] = [
    ("加:企业已收、银行未收", false, true),
    ("减:企业已付、银行未付", false, false),
    ("加:银行已收、企业未收", true, true),
    ("减:银行已付、企业未付", true, false),
];

/// One outstanding item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outstanding {
    /// Index into the four kinds.
    pub kind: usize,
    /// Date.
    pub on: BusinessDate,
    /// Positive amount.
    pub amount: Amount,
    /// Line number or voucher.
    pub number: String,
    /// Words and counterparty.
    pub words: String,
    /// Days from its date to the end of the month.
    pub age: i64,
}

impl Outstanding {
    /// 超 30 天 and 超 90 天 are flagged.
    pub fn flag(&self) -> &'static str {
        match self.age {
            ..=30 => "",
            31..=90 => "△ 超 30 天",
            _ => "✕ 超 90 天",
        }
    }
}

impl Standing {
    /// Both adjusted balances; sums that do not fit make it unequal by the largest amount.
    pub fn adjusted(&self) -> Adjusted {
        let bank = self.book.iter().try_fold(self.bank_balance, |sum, item| sum.checked_add(item.amount));
        let book = self.bank.iter().try_fold(self.book_balance, |sum, item| sum.checked_add(item.amount));
        bank.zip(book).map_or(Adjusted { bank: Amount::LARGEST, book: Amount::ZERO }, |(bank, book)| Adjusted { bank, book })
    }

    /// The outstanding items by kind, date and number.
    pub fn outstanding(&self) -> Vec<Outstanding> {
        let end = self.period.last_day();
        let kind = |of_bank: bool, amount: Amount| match (of_bank, amount.is_negative()) {
            (false, false) => 0,
            (false, true) => 1,
            (true, false) => 2,
            (true, true) => 3,
        };
        let of_book = self.book.iter().map(|item| Outstanding {
            kind: kind(false, item.amount),
            on: item.on,
            amount: item.amount.abs(),
            number: item.reference.clone(),
            words: joined(&item.summary, &item.party),
            age: (end - item.on).num_days(),
        });
        let of_bank = self.bank.iter().map(|item| Outstanding {
            kind: kind(true, item.amount),
            on: item.on,
            amount: item.amount.abs(),
            number: line_name(item.line, item.part),
            words: joined(&item.summary, &item.name),
            age: (end - item.on).num_days(),
        });
        let mut items: Vec<Outstanding> = of_book.chain(of_bank).collect();
        items.sort_by(|a, b| (a.kind, a.on, &a.number, a.amount).cmp(&(b.kind, b.on, &b.number, b.amount)));
        items
    }
}

/// A line's name: `12`, or `12.1` for a part.
pub fn line_name(line: i64, part: i64) -> String {
    if part == 0 { line.to_string() } else { format!("{line}.{part}") }
}

fn joined(first: &str, second: &str) -> String {
    [first, second].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

fn titles(sheet: Sheet, account: &BankAccount, period: AccountingPeriod) -> Sheet {
    let number = crate::parties::masking::mask_account(&account.number);
    sheet
        .subtitle(format!("单位:{}(账套 {})", account.holder, account.book))
        .subtitle(format!("开户行:{} 账号:{number} 科目:{}", account.bank_name, account.account))
        .subtitle(format!("截至 {} 金额单位:元", period.last_day().format("%Y年%m月%d日")))
}

/// 银行存款余额调节表
pub fn statement(account: &BankAccount, standing: &Standing) -> Sheet {
    let columns = vec![
        Column::text("item", "项目"),
        Column::date("on", "日期"),
        Column::id("number", "流水/凭证"),
        Column::text("words", "摘要"),
        Column::amount("amount", "金额"),
    ];
    let mut sheet = titles(
        Sheet::new("银行存款余额调节表", columns).dressed(Dress::signed(&["会计主管", "复核", "编制"])),
        account,
        standing.period,
    );
    let (items, adjusted) = (standing.outstanding(), standing.adjusted());
    let figure = |label: &str, amount: Amount| vec![label.into(), Cell::Empty, Cell::Empty, Cell::Empty, amount.into()];
    let sides = [
        ("银行对账单余额", standing.bank_balance, 0..2, "调节后银行存款余额", adjusted.bank),
        ("企业账面余额", standing.book_balance, 2..4, "调节后账面存款余额", adjusted.book),
    ];
    for (label, balance, kinds, after, adjusted) in sides {
        sheet.push(figure(label, balance));
        for kind in kinds {
            let of_kind: Vec<&Outstanding> = items.iter().filter(|item| item.kind == kind).collect();
            let total = Amount::try_sum(of_kind.iter().map(|item| item.amount)).unwrap_or(Amount::LARGEST);
            sheet.push(figure(KINDS[kind].0, total));
            for item in of_kind {
                sheet.push(vec![
                    Cell::Empty,
                    item.on.into(),
                    item.number.as_str().into(),
                    item.words.as_str().into(),
                    item.amount.into(),
                ]);
            }
        }
        sheet.push(figure(after, adjusted));
    }
    let difference = adjusted.difference();
    let verdict = if difference.is_zero() { "平" } else { "不平" };
    sheet.foot.push(vec![verdict.into(), Cell::Empty, Cell::Empty, "差额".into(), difference.into()]);
    sheet.notes = standing.notes.clone();
    sheet
}

/// 未达账项账龄表
pub fn by_age(account: &BankAccount, standing: &Standing) -> Sheet {
    let columns = vec![
        Column::text("kind", "类别"),
        Column::date("on", "日期"),
        Column::id("number", "流水/凭证"),
        Column::text("words", "摘要"),
        Column::amount("amount", "金额"),
        Column::count("days", "天数"),
        Column::text("flag", "提示"),
    ];
    let mut sheet = titles(Sheet::new("未达账项账龄表", columns).dressed(Dress::statement()), account, standing.period);
    let mut items = standing.outstanding();
    items.sort_by_key(|item| std::cmp::Reverse(item.age));
    for item in &items {
        let kind = KINDS[item.kind].0.split(':').nth(1).unwrap_or_default();
        sheet.push(vec![
            kind.into(),
            item.on.into(),
            item.number.as_str().into(),
            item.words.as_str().into(),
            item.amount.into(),
            item.age.into(),
            item.flag().into(),
        ]);
    }
    for (label, over) in [("其中超 30 天", 30), ("其中超 90 天", 90)] {
        let count = items.iter().filter(|item| item.age > over).count() as i64;
        sheet.foot.push(vec![label.into(), Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, count.into()]);
    }
    sheet
}

/// 未匹配清单: both sides, with the first candidates of the bank's lines.
pub fn unmatched(account: &BankAccount, standing: &Standing, candidates: &HashMap<(i64, i64), String>) -> Sheet {
    let columns = vec![
        Column::text("side", "来源"),
        Column::id("number", "流水/凭证"),
        Column::date("on", "日期"),
        Column::amount("in", "收入"),
        Column::amount("out", "支出"),
        Column::text("words", "摘要"),
        Column::text("candidates", "可能对应"),
    ];
    let mut sheet = titles(Sheet::new("未匹配清单", columns), account, standing.period);
    let sides =
        |amount: Amount| if amount.is_negative() { (Cell::Empty, (-amount).into()) } else { (amount.into(), Cell::Empty) };
    for item in &standing.bank {
        let found = candidates.get(&(item.line, item.part));
        let ((plus, minus), words) = (sides(item.amount), joined(&item.summary, &item.name));
        let hint = found.map_or("", String::as_str);
        sheet.push(vec![
            "银行".into(),
            line_name(item.line, item.part).into(),
            item.on.into(),
            plus,
            minus,
            words.into(),
            hint.into(),
        ]);
    }
    for item in &standing.book {
        let ((plus, minus), words) = (sides(item.amount), joined(&item.summary, &item.party));
        let number = format!("{}#{}", item.reference, item.line);
        sheet.push(vec!["账面".into(), number.into(), item.on.into(), plus, minus, words.into(), Cell::Empty]);
    }
    sheet
}
