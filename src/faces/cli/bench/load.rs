//! The load of a benchmark: books, and vouchers drawn one after another without chance.
//!
//! 1. The n-th voucher of a load is the same every time; all of them balance.

use chrono::Days;

use super::ground::{COUNTY, actor};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::{Failure, Stop};
use crate::ledger::books::service::{AddBook, AddCounty, book_accounts};
use crate::ledger::books::{Book, store as books};
use crate::ledger::{AccountCode, BookCode, Chart, EntityKind, Stage, Voucher, VoucherLine, Word};
use crate::money::Amount;
use crate::office::Office;

/// Where vouchers go and what they look like.
#[derive(Debug, Clone)]
pub struct Load {
    books: Vec<BookCode>,
    accounts: Vec<AccountCode>,
    /// Lines of a voucher, at least two.
    lines: u64,
    first_day: BusinessDate,
    /// Over how many days the vouchers spread.
    days: u64,
    /// How many vouchers there will be.
    vouchers: u64,
}

impl Load {
    /// Makes the county and its books from January of a year on, keeping `years` years.
    pub async fn lay_out(office: &Office, books: u64, (first_year, years): (i32, i32), shape: Shape) -> Result<Load, Stop> {
        office.perform(&actor(), AddCounty { name: "测速县".to_owned() }, None).await?;
        let january = AccountingPeriod::opening(first_year).first_day();
        let mut regime = String::new();
        let codes: Vec<BookCode> = (1..=books).map(|n| BookCode(format!("V{n:04}"))).collect();
        for code in &codes {
            regime = office.perform(&actor(), AddBook { book: book(code, january), regime: None }, None).await?;
            keep_years(office, code, &regime, first_year + 1..first_year + years).await?;
        }
        let chart = Chart::of(&regime)?;
        let plain = chart.leaves().filter(|account| account.requires.is_empty()).map(|account| account.code.clone());
        let accounts = plain.take(if shape.hot { 2 } else { 40 }).collect();
        let days = u64::try_from(years).unwrap_or(1) * 365;
        Ok(Load { books: codes, accounts, lines: shape.lines, first_day: january, days, vouchers: shape.vouchers })
    }

    /// The same load on one of its books only, with another number of vouchers.
    pub fn on_book(&self, index: u64, vouchers: u64) -> Load {
        Load { books: vec![pick(&self.books, index).clone()], vouchers, ..self.clone() }
    }

    /// The books.
    pub fn books(&self) -> &[BookCode] {
        &self.books
    }

    /// The accounts its lines stand on.
    pub fn accounts(&self) -> &[AccountCode] {
        &self.accounts
    }

    /// The n-th voucher, dated by its place in the load: early ones early.
    pub fn voucher(&self, n: u64) -> Voucher {
        let day = u128::from(n) * u128::from(self.days) / u128::from(self.vouchers.max(1));
        self.voucher_on(n, u64::try_from(day).unwrap_or(0) % self.days)
    }

    /// The n-th voucher, dated so many days after the first of January.
    pub fn voucher_on(&self, n: u64, day: u64) -> Voucher {
        let date = self.first_day.checked_add_days(Days::new(day)).unwrap_or(self.first_day);
        Voucher {
            book: pick(&self.books, n).clone(),
            period: AccountingPeriod::of(date),
            dated_on: date,
            word: Word::General,
            stage: Stage::Ordinary,
            lines: (0..self.lines).map(|line| self.line(n, line)).collect(),
            reverses: None,
            source_key: None,
            paper_attachments: 1,
        }
    }

    /// Half the lines are debits and half credits; both sides add up to the same.
    fn line(&self, n: u64, line: u64) -> VoucherLine {
        let debits = self.lines / 2;
        let fen = |count: u64| Amount::from_fen(i64::try_from((n % 9_973 + 1) * count).unwrap_or(1));
        let is_debit = line < debits;
        VoucherLine {
            summary: format!("收到第{n}笔资产租赁款"),
            account: pick(&self.accounts, n + line).clone(),
            debit: if is_debit { fen(self.lines - debits) } else { Amount::ZERO },
            credit: if is_debit { Amount::ZERO } else { fen(debits) },
            dimensions: Default::default(),
        }
    }
}

/// What the vouchers of a load look like.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// How many vouchers there will be.
    pub vouchers: u64,
    /// Lines of each, at least two.
    pub lines: u64,
    /// All of them on the same two accounts.
    pub hot: bool,
}

fn pick<T>(list: &[T], n: u64) -> &T {
    &list[usize::try_from(n % list.len() as u64).unwrap_or(0)]
}

fn book(code: &BookCode, first_day: BusinessDate) -> Book {
    let first_period = AccountingPeriod::of(first_day);
    Book {
        book: code.clone(),
        name: format!("测速村{code}"),
        kind: EntityKind::Village,
        place: None,
        organisation: None,
        first_period,
    }
}

async fn keep_years(office: &Office, code: &BookCode, regime: &str, years: std::ops::Range<i32>) -> Result<(), Stop> {
    let accounts = book_accounts(&Chart::of(regime)?);
    let mut tx = office.db.begin_write().await?;
    for year in years {
        let at = format!("{year}-01-01T00:00:00.000Z");
        books::save_year(&mut tx, COUNTY, code, (year, regime, 1), &accounts, ("测速", &at)).await?;
    }
    tx.commit().await.map_err(Failure::from)?;
    Ok(())
}
