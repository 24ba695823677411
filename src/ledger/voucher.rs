//! A voucher: what an act or a person wants posted to one book, before it has a number.
//!
//! Pure. Accounts are checked against the book's chart in `posting`, not here.
//!
//! 1. A balanced voucher's debits equal its credits exactly, and it has at least two lines with money.
//! 2. A line carries money on one side only; lines of zero fall away.
//! 3. Negative amounts stand only in red (reversing) vouchers and in openings of accounts that stand on their wrong side.

use serde::{Deserialize, Serialize};

use super::account::AccountCode;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::money::Amount;
use crate::refusals;

/// The code of a book within its county, such as `V001`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BookCode(pub String);

impl From<&str> for BookCode {
    fn from(code: &str) -> BookCode {
        BookCode(code.to_owned())
    }
}

impl std::fmt::Display for BookCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

/// A voucher's key within its book: the order in which vouchers were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VoucherId(pub i64);

/// 凭证字: the series a voucher is numbered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Word {
    /// 记 any business
    #[serde(rename = "记")]
    General,
    /// 收 receipts
    #[serde(rename = "收")]
    Receipt,
    /// 付 payments
    #[serde(rename = "付")]
    Payment,
    /// 转 transfers
    #[serde(rename = "转")]
    Transfer,
}

impl Word {
    /// The character printed before the number.
    pub const fn as_str(self) -> &'static str {
        match self {
            Word::General => "记",
            Word::Receipt => "收",
            Word::Payment => "付",
            Word::Transfer => "转",
        }
    }

    /// Reads the character; 现收/银收 and the like count as 收, 现付/银付 as 付.
    pub fn parse(text: &str) -> Option<Word> {
        [Word::General, Word::Receipt, Word::Payment, Word::Transfer].into_iter().find(|word| text.ends_with(word.as_str()))
    }
}

/// What stage of the books a voucher belongs to; movements are kept apart by it, so that an income
/// statement never has to guess which debit of an income account was the year-end transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The first opening of a book, or balances carried from last year (period `YYYY-00`).
    Opening,
    /// Everything that happens in the year, distributions included.
    Ordinary,
    /// Clearing entries of the close: profit and loss to the year's result, result to distribution,
    /// distribution sub-accounts to undistributed.
    Transfer,
}

impl Stage {
    /// As the tables write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Stage::Opening => "opening",
            Stage::Ordinary => "ordinary",
            Stage::Transfer => "transfer",
        }
    }

    /// Reads what `as_str` writes.
    pub fn parse(text: &str) -> Option<Stage> {
        [Stage::Opening, Stage::Ordinary, Stage::Transfer].into_iter().find(|stage| stage.as_str() == text)
    }
}

/// A dimension (辅助核算) a line can carry beside its account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// 往来: household, member, person or organisation
    Party,
    /// 项目
    Project,
    /// 资金类别
    FundClass,
    /// 文号: the funding document
    Document,
    /// 银行账户
    BankAccount,
}

impl Dimension {
    /// All of them, in the order of the table's columns.
    pub const ALL: [Dimension; 5] =
        [Dimension::Party, Dimension::Project, Dimension::FundClass, Dimension::Document, Dimension::BankAccount];

    /// As the tables write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Dimension::Party => "party",
            Dimension::Project => "project",
            Dimension::FundClass => "fund_class",
            Dimension::Document => "document",
            Dimension::BankAccount => "bank_account",
        }
    }

    /// As users read it.
    pub const fn label_zh(self) -> &'static str {
        match self {
            Dimension::Party => "往来",
            Dimension::Project => "项目",
            Dimension::FundClass => "资金类别",
            Dimension::Document => "文号",
            Dimension::BankAccount => "银行账户",
        }
    }

    /// Reads what `as_str` or `label_zh` writes.
    pub fn parse(text: &str) -> Option<Dimension> {
        Dimension::ALL.into_iter().find(|d| d.as_str() == text || d.label_zh() == text)
    }
}

/// The dimension values of one line.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Dimensions {
    /// 往来
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// 项目
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// 资金类别
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fund_class: Option<String>,
    /// 文号
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// 银行账户
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_account: Option<String>,
}

impl Dimensions {
    /// The value of one dimension.
    pub fn get(&self, dimension: Dimension) -> Option<&str> {
        match dimension {
            Dimension::Party => self.party.as_deref(),
            Dimension::Project => self.project.as_deref(),
            Dimension::FundClass => self.fund_class.as_deref(),
            Dimension::Document => self.document.as_deref(),
            Dimension::BankAccount => self.bank_account.as_deref(),
        }
    }

    /// Sets the value of one dimension.
    pub fn set(&mut self, dimension: Dimension, value: Option<String>) {
        match dimension {
            Dimension::Party => self.party = value,
            Dimension::Project => self.project = value,
            Dimension::FundClass => self.fund_class = value,
            Dimension::Document => self.document = value,
            Dimension::BankAccount => self.bank_account = value,
        }
    }
}

/// One line (分录) of a voucher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoucherLine {
    /// 摘要
    pub summary: String,
    /// 科目
    pub account: AccountCode,
    /// 借方金额
    pub debit: Amount,
    /// 贷方金额
    pub credit: Amount,
    /// 辅助核算
    #[serde(flatten)]
    pub dimensions: Dimensions,
}

impl VoucherLine {
    /// The line with its sides' signs turned: what a red voucher carries.
    pub fn negated(&self) -> VoucherLine {
        VoucherLine { debit: -self.debit, credit: -self.credit, ..self.clone() }
    }
}

/// A voucher for one book, not yet numbered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voucher {
    /// 账套
    pub book: BookCode,
    /// 会计期间; the date's month unless said otherwise
    pub period: AccountingPeriod,
    /// 日期
    pub dated_on: BusinessDate,
    /// 凭证字
    pub word: Word,
    /// Which stage of the books it belongs to.
    pub stage: Stage,
    /// 分录
    pub lines: Vec<VoucherLine>,
    /// The voucher this one reverses (红冲).
    pub reverses: Option<VoucherId>,
    /// Key of the imported rows it came from; the same key is taken once.
    pub source_key: Option<String>,
    /// Number of paper attachments (附单据张数) beyond the files stored with it.
    pub paper_attachments: i64,
}

refusals! {
    /// Why lines are not a voucher.
    pub enum Unbalanced {
        /// Debits and credits differ.
        "L-101" Difference { debit: Amount, credit: Amount, difference: Amount }
            zh "借方合计 {debit} 与贷方合计 {credit} 不相等,相差 {difference}"
            en "debits {debit} and credits {credit} differ by {difference}"
            next "补齐或更正分录后再试";
        /// Fewer than two lines carry money.
        "L-102" TooFewLines
            zh "凭证至少要有两条有金额的分录" en "a voucher needs at least two lines with money" next "补录对方科目";
        /// The sums do not fit.
        "L-103" TooLarge
            zh "金额合计超出可记账的范围" en "the sums are too large for a book" next "核对金额的位数";
    }
}

impl Voucher {
    /// Begins a general voucher on a date. Lines follow with `debit` and `credit`; `balanced` ends it.
    pub fn on(book: &BookCode, date: BusinessDate, summary: &str) -> VoucherDraft {
        VoucherDraft {
            voucher: Voucher {
                book: book.clone(),
                period: AccountingPeriod::of(date),
                dated_on: date,
                word: Word::General,
                stage: Stage::Ordinary,
                lines: Vec::new(),
                reverses: None,
                source_key: None,
                paper_attachments: 0,
            },
            summary: summary.to_owned(),
        }
    }

    /// The sums of both sides; `None` if they do not fit.
    pub fn totals(&self) -> Option<(Amount, Amount)> {
        Some((Amount::try_sum(self.lines.iter().map(|l| l.debit))?, Amount::try_sum(self.lines.iter().map(|l| l.credit))?))
    }

    /// Refuses unless debits equal credits and at least two lines carry money.
    pub fn check_balanced(&self) -> Result<(), Unbalanced> {
        let (debit, credit) = self.totals().ok_or(Unbalanced::TooLarge)?;
        if debit != credit {
            let difference = debit.checked_sub(credit).ok_or(Unbalanced::TooLarge)?;
            return Err(Unbalanced::Difference { debit, credit, difference });
        }
        if self.lines.len() < 2 { Err(Unbalanced::TooFewLines) } else { Ok(()) }
    }
}

/// A voucher in the making.
#[derive(Debug, Clone)]
pub struct VoucherDraft {
    voucher: Voucher,
    summary: String,
}

impl VoucherDraft {
    /// In another series than 记.
    pub fn word(mut self, word: Word) -> VoucherDraft {
        self.voucher.word = word;
        self
    }

    /// In another stage than ordinary business.
    pub fn stage(mut self, stage: Stage) -> VoucherDraft {
        self.voucher.stage = stage;
        self
    }

    /// In another period than the date's month (an opening).
    pub fn period(mut self, period: AccountingPeriod) -> VoucherDraft {
        self.voucher.period = period;
        self
    }

    /// The summary of the lines that follow.
    pub fn summary(mut self, summary: &str) -> VoucherDraft {
        self.summary = summary.to_owned();
        self
    }

    /// A debit line; an amount of zero adds none.
    pub fn debit(self, account: &AccountCode, amount: Amount, dimensions: Dimensions) -> VoucherDraft {
        self.line(account, amount, Amount::ZERO, dimensions)
    }

    /// A credit line; an amount of zero adds none.
    pub fn credit(self, account: &AccountCode, amount: Amount, dimensions: Dimensions) -> VoucherDraft {
        self.line(account, Amount::ZERO, amount, dimensions)
    }

    fn line(mut self, account: &AccountCode, debit: Amount, credit: Amount, dimensions: Dimensions) -> VoucherDraft {
        if !(debit.is_zero() && credit.is_zero()) {
            let summary = self.summary.clone();
            self.voucher.lines.push(VoucherLine { summary, account: account.clone(), debit, credit, dimensions });
        }
        self
    }

    /// The finished voucher; an unbalanced one cannot exist.
    pub fn balanced(self) -> Result<Voucher, Unbalanced> {
        self.voucher.check_balanced()?;
        Ok(self.voucher)
    }
}
