//! Walks one book's posted vouchers in the order of the chain and derives everything again.
//!
//! Pure: rows as they are kept go in, findings and sums come out.
//!
//! 1. A voucher's digest is computed on the *stored* digest before it, so one edit is named once.
//! 2. Texts are taken as they stand; a text no writer would write is a finding, not a failure.

use std::collections::{BTreeMap, HashMap};

use super::finding::{Finding, Findings};
use crate::calendar::AccountingPeriod;
use crate::ledger::chain::{self, PostedHead};
use crate::ledger::posting::BookAccount;
use crate::ledger::{AccountCode, Dimension, VoucherLine};
use crate::money::Amount;

/// A posted voucher as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostedRow {
    /// Key in the book.
    pub voucher: i64,
    /// Place in the chain.
    pub posted: i64,
    /// Period.
    pub period: String,
    /// 凭证字
    pub word: String,
    /// Number.
    pub number: i64,
    /// Date.
    pub dated_on: String,
    /// Stage.
    pub stage: String,
    /// Event.
    pub event: Option<String>,
    /// 制单
    pub maker: String,
    /// 审核
    pub reviewer: Option<String>,
    /// 记账
    pub poster: Option<String>,
    /// Instant of posting.
    pub posted_at: Option<String>,
    /// Stored digest.
    pub digest: Option<String>,
    /// Voucher it reverses.
    pub reverses: Option<i64>,
    /// Paper attachments.
    pub paper_attachments: i64,
    /// Its lines, in order.
    pub lines: Vec<LineRow>,
}

impl PostedRow {
    /// As users name it: `2026-10-记-12`.
    pub fn reference(&self) -> String {
        format!("{}-{}-{}", self.period, self.word, self.number)
    }
}

/// A line as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRow {
    /// Its number on the voucher.
    pub line: i64,
    /// The period it repeats from its voucher.
    pub period: String,
    /// Its content.
    pub content: VoucherLine,
}

/// What the book says beside its vouchers.
#[derive(Debug, Default)]
pub struct BookFacts {
    /// Accounts by year (as text) and code.
    pub accounts: HashMap<String, HashMap<AccountCode, BookAccount>>,
    /// Periods: when closed, `Some`.
    pub periods: BTreeMap<String, Option<String>>,
    /// Closed periods with the digest kept at their close.
    pub closings: Vec<(AccountingPeriod, Option<String>)>,
}

/// (dimension, period, account, member, stage); dimension and member empty for the whole account.
pub type MovementKey = (String, String, String, String, String);
/// Debit and credit in fen.
pub type Sums = (i64, i64);

/// The walk along one book's chain.
#[derive(Debug)]
pub struct Walk<'a> {
    county: &'a str,
    book: &'a str,
    facts: &'a BookFacts,
    /// Last place seen.
    pub place: i64,
    /// Stored digest at that place.
    pub digest: String,
    /// Movements derived from the lines.
    pub movements: HashMap<MovementKey, Sums>,
    /// Lines seen.
    pub lines: u64,
}

impl<'a> Walk<'a> {
    /// Begins before the first voucher.
    pub fn begin(county: &'a str, book: &'a str, facts: &'a BookFacts) -> Walk<'a> {
        let (digest, movements) = (chain::GENESIS.to_owned(), HashMap::new());
        Walk { county, book, facts, place: 0, digest, movements, lines: 0 }
    }

    /// Takes the next voucher.
    pub fn take(&mut self, row: &PostedRow, findings: &mut Findings) {
        self.check_balance(row, findings);
        self.check_chain(row, findings);
        self.check_people(row, findings);
        self.check_period(row, findings);
        for line in &row.lines {
            self.check_line(row, line, findings);
            self.add(row, line);
        }
        self.lines += row.lines.len() as u64;
        self.place = row.posted;
        self.digest = row.digest.clone().unwrap_or_default();
    }

    /// Compares the end of the chain with the book's row.
    pub fn end(&self, last_posted: i64, last_digest: &str, findings: &mut Findings) {
        let mut differs = |what: &str, expected: String, found: String| {
            if expected != found {
                findings.note(Finding::BookRowDiffers { book: self.book.to_owned(), what: what.to_owned(), expected, found });
            }
        };
        differs("过账顺序", self.place.to_string(), last_posted.to_string());
        differs("末张凭证摘要", self.digest.clone(), last_digest.to_owned());
    }

    fn check_balance(&self, row: &PostedRow, findings: &mut Findings) {
        let sum = |side: fn(&VoucherLine) -> Amount| Amount::try_sum(row.lines.iter().map(|line| side(&line.content)));
        let (debit, credit) = (sum(|line| line.debit), sum(|line| line.credit));
        if debit.is_none() || debit != credit || row.lines.len() < 2 {
            let text = |sum: Option<Amount>| sum.map_or("溢出 overflow".to_owned(), Amount::grouped);
            let (debit, credit) = (text(debit), text(credit));
            findings.note(Finding::Unbalanced { book: self.book.to_owned(), voucher: row.reference(), debit, credit });
        }
    }

    fn check_chain(&self, row: &PostedRow, findings: &mut Findings) {
        let (book, voucher, expected) = (self.book.to_owned(), row.reference(), self.place + 1);
        if row.posted != expected {
            return findings.note(Finding::ChainBroken { book, expected, found: row.posted, voucher });
        }
        let found = row.digest.clone().unwrap_or_default();
        let expected = chain::digest(&self.digest, &self.head(row), row.lines.iter().map(|line| &line.content));
        if expected != found {
            findings.note(Finding::DigestDiffers { book, voucher, expected, found });
        }
    }

    fn head<'r>(&'r self, row: &'r PostedRow) -> PostedHead<'r> {
        PostedHead {
            county: self.county,
            book: self.book,
            voucher: row.voucher,
            posted: row.posted,
            period: &row.period,
            word: &row.word,
            number: row.number,
            dated_on: &row.dated_on,
            stage: &row.stage,
            event: row.event.as_deref(),
            maker: &row.maker,
            reviewer: row.reviewer.as_deref().unwrap_or_default(),
            poster: row.poster.as_deref().unwrap_or_default(),
            posted_at: row.posted_at.as_deref().unwrap_or_default(),
            reverses: row.reverses,
            paper_attachments: row.paper_attachments,
        }
    }

    fn check_people(&self, row: &PostedRow, findings: &mut Findings) {
        let reviewer = row.reviewer.clone().unwrap_or_default();
        if reviewer.is_empty() || reviewer == row.maker {
            let (book, maker) = (self.book.to_owned(), row.maker.clone());
            findings.note(Finding::OwnReview { book, voucher: row.reference(), maker, reviewer });
        }
    }

    fn check_period(&self, row: &PostedRow, findings: &mut Findings) {
        let (book, period, voucher) = (self.book.to_owned(), row.period.clone(), row.reference());
        let posted_at = row.posted_at.clone().unwrap_or_default();
        match self.facts.periods.get(&row.period) {
            None => findings.note(Finding::PeriodMissing { book, period, voucher }),
            Some(Some(closed_at)) if posted_at > *closed_at => {
                findings.note(Finding::PostedAfterClose { book, period, voucher, closed_at: closed_at.clone(), posted_at });
            }
            Some(_) => {}
        }
    }

    fn check_line(&self, row: &PostedRow, line: &LineRow, findings: &mut Findings) {
        let (book, voucher, number) = (self.book.to_owned(), row.reference(), line.line);
        if line.period != row.period {
            let what = format!("登记在 {}", line.period);
            findings.note(Finding::LineAstray { book: book.clone(), voucher: voucher.clone(), line: number, what });
        }
        let chart = row.period.get(..4).and_then(|year| self.facts.accounts.get(year));
        let account = chart.and_then(|chart| chart.get(&line.content.account));
        let code = line.content.account.to_string();
        let wrong = |what: &str| Finding::AccountWrong {
            book: book.clone(),
            voucher: voucher.clone(),
            line: number,
            account: code.clone(),
            what: what.to_owned(),
        };
        let Some(account) = account else { return findings.note(wrong("不在当年科目表")) };
        if !account.is_leaf {
            findings.note(wrong("不是末级科目"));
        }
        for missing in account.requires.iter().filter(|dimension| line.content.dimensions.get(**dimension).is_none()) {
            let (book, voucher, account) = (book.clone(), voucher.clone(), code.clone());
            let dimension = missing.label_zh().to_owned();
            findings.note(Finding::MemberMissing { book, voucher, line: number, account, dimension });
        }
    }

    /// Adds a line to the movements it should have made.
    fn add(&mut self, row: &PostedRow, line: &LineRow) {
        let carried = Dimension::ALL.iter().filter_map(|d| Some((d.as_str(), line.content.dimensions.get(*d)?)));
        for (dimension, member) in std::iter::once(("", "")).chain(carried) {
            let account = line.content.account.to_string();
            let key = (dimension.to_owned(), row.period.clone(), account, member.to_owned(), row.stage.clone());
            let sums = self.movements.entry(key).or_default();
            // An edited amount may not fit; the wrapped sum differs from the stored one and is found as such.
            *sums = (sums.0.wrapping_add(line.content.debit.fen()), sums.1.wrapping_add(line.content.credit.fen()));
        }
    }
}
