//! 总账, 明细账 and 日记账: the lines of an account with a running balance, and the totals clerks expect below them.
//!
//! Pure, but for `store.rs` and `service.rs`.
//!
//! 1. Lines stand by date, then word and number, then line; bytes decide, so both databases give one order.
//! 2. Every balance is the one before it with the line added; the last one is the trial balance's closing.
//! 3. 本月合计 and 本年累计 count lines shown or summed before the page, never the opening.

pub mod service;
pub mod store;

use serde::{Deserialize, Serialize};

use super::figures::{Figures, Turn};
use super::{MovementRow, StatementRefusal};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::ledger::vouchers::{State, VoucherRef};
use crate::ledger::{AccountCode, Chart, Dimension, Word};
use crate::money::Amount;

/// Which lines are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerAsk {
    /// The account; what is beneath it counts too.
    pub account: AccountCode,
    /// First month.
    pub from: AccountingPeriod,
    /// Last month, of the same year.
    pub through: AccountingPeriod,
    /// Only lines of one member of a dimension.
    pub member: Option<(Dimension, String)>,
    /// Drafts, submitted and approved vouchers too.
    pub unposted: bool,
    /// 本日合计 after each day, as journals have it.
    pub daily: bool,
}

impl LedgerAsk {
    /// The posted lines of an account in one month.
    pub fn month(account: AccountCode, period: AccountingPeriod) -> LedgerAsk {
        LedgerAsk { account, from: period, through: period, member: None, unposted: false, daily: false }
    }

    /// Refuses a span over two years, backwards or without a month (S-108).
    pub fn check(&self) -> Result<(), StatementRefusal> {
        let sound = self.from <= self.through && self.from.year() == self.through.year() && !self.from.is_opening();
        let (from, through) = (self.from, self.through);
        if sound { Ok(()) } else { Err(StatementRefusal::BadSpan { from, through }) }
    }

    /// The months, in order.
    pub fn months(&self, from: AccountingPeriod) -> impl Iterator<Item = AccountingPeriod> {
        let through = self.through;
        std::iter::successors(Some(from), |period| Some(period.next())).take_while(move |period| *period <= through)
    }
}

/// The place of a line within its month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineKey {
    /// 日期
    pub dated_on: BusinessDate,
    /// 凭证字
    pub word: Word,
    /// 凭证号
    pub number: i64,
    /// Line within the voucher.
    pub line: i64,
}

/// Where a page begins: a month, after a line of it. As text `2026-10` or `2026-10|2026-10-12|记|12|3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerPlace {
    /// The month.
    pub period: AccountingPeriod,
    /// After this line; `None` for the month's beginning.
    pub after: Option<LineKey>,
}

impl std::fmt::Display for LedgerPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.period)?;
        let Some(key) = &self.after else { return Ok(()) };
        write!(f, "|{}|{}|{}|{}", key.dated_on, key.word.as_str(), key.number, key.line)
    }
}

impl std::str::FromStr for LedgerPlace {
    type Err = StatementRefusal;

    fn from_str(text: &str) -> Result<LedgerPlace, StatementRefusal> {
        place(text).ok_or_else(|| StatementRefusal::NotAPlace { text: text.to_owned() })
    }
}

fn place(text: &str) -> Option<LedgerPlace> {
    let parts: Vec<&str> = text.split('|').collect();
    let period = AccountingPeriod::parse(parts[0]).ok()?;
    let after = match parts[1..] {
        [] => None,
        [date, word, number, line] => Some(LineKey {
            dated_on: date.parse().ok()?,
            word: Word::parse(word)?,
            number: number.parse().ok()?,
            line: line.parse().ok()?,
        }),
        _ => return None,
    };
    Some(LedgerPlace { period, after })
}

/// A line of a voucher, as a ledger shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerLine {
    /// Date, word, number, line.
    pub key: LineKey,
    /// 科目
    pub account: AccountCode,
    /// 摘要
    pub summary: String,
    /// 借方 and 贷方, in fen; negative in red vouchers.
    pub turn: Turn,
    /// Posted or not yet.
    pub state: State,
}

/// What a row of a ledger is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// 上年结转, 期初余额
    Opening,
    /// A line of a voucher.
    Line,
    /// 本日合计
    DayTotal,
    /// 本月合计
    MonthTotal,
    /// 本年累计
    YearTotal,
}

/// A row of a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// What it is.
    pub kind: RowKind,
    /// The month.
    pub period: AccountingPeriod,
    /// The line, for rows that are one.
    pub line: Option<LedgerLine>,
    /// The day of a day's total.
    pub day: Option<BusinessDate>,
    /// The line's amounts, or the total's.
    pub turn: Turn,
    /// Balance after the row, debit less credit.
    pub balance: Amount,
}

impl LedgerRow {
    /// 摘要
    pub fn summary(&self) -> &str {
        match (self.kind, &self.line) {
            (_, Some(line)) => &line.summary,
            (RowKind::Opening, None) if self.period.month() == 1 => "上年结转",
            (RowKind::Opening, None) => "期初余额",
            (RowKind::DayTotal, None) => "本日合计",
            (RowKind::YearTotal, None) => "本年累计",
            _ => "本月合计",
        }
    }

    /// 凭证号, as users name it: `2026-10-记-12`.
    pub fn reference(&self) -> Option<String> {
        let LineKey { word, number, .. } = self.line.as_ref()?.key;
        Some(VoucherRef { period: self.period, word, number }.to_string())
    }
}

/// A balance's direction: 借, 贷 or 平.
pub fn direction_zh(balance: Amount) -> &'static str {
    match (balance.is_zero(), balance.is_negative()) {
        (true, _) => "平",
        (_, true) => "贷",
        _ => "借",
    }
}

/// What stood before a month: the balance, and the year's turnover without its opening.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Before {
    /// Debit less credit.
    pub balance: Amount,
    /// 本年累计 before the month.
    pub year: Turn,
}

/// A ledger being written down: feeds lines in order, gives rows with balances.
#[derive(Debug, Clone)]
pub struct Running {
    balance: Amount,
    year: Turn,
    month: Turn,
    moved: bool,
    day: Option<(BusinessDate, Turn)>,
    daily: bool,
}

impl Running {
    /// Begins at the first day of a month.
    pub fn begin(before: Before, daily: bool) -> Running {
        let Before { balance, year } = before;
        Running { balance, year, month: Turn::default(), moved: false, day: None, daily }
    }

    /// Counts lines of the month that stand on earlier pages: all of them, and those of the last day.
    pub fn skip(&mut self, month: Turn, day: (BusinessDate, Turn)) {
        self.balance += month.net();
        self.year += month;
        self.month += month;
        self.moved = true;
        self.day = Some(day);
    }

    /// 上年结转 or 期初余额.
    pub fn opening(&self, period: AccountingPeriod) -> LedgerRow {
        self.row(RowKind::Opening, period, Turn::default())
    }

    /// Adds lines of a month.
    pub fn lines(&mut self, period: AccountingPeriod, lines: Vec<LedgerLine>, rows: &mut Vec<LedgerRow>) {
        for line in lines {
            if self.day.is_some_and(|(day, _)| day != line.key.dated_on) {
                self.end_day(period, rows);
            }
            self.add(line.key.dated_on, line.turn);
            let turn = line.turn;
            rows.push(LedgerRow { line: Some(line), ..self.row(RowKind::Line, period, turn) });
        }
    }

    fn add(&mut self, day: BusinessDate, turn: Turn) {
        self.balance += turn.net();
        self.year += turn;
        self.month += turn;
        self.moved = true;
        self.day.get_or_insert((day, Turn::default())).1 += turn;
    }

    fn end_day(&mut self, period: AccountingPeriod, rows: &mut Vec<LedgerRow>) {
        if let Some((day, turn)) = self.day.take()
            && self.daily
        {
            rows.push(LedgerRow { day: Some(day), ..self.row(RowKind::DayTotal, period, turn) });
        }
    }

    /// Ends a month: 本月合计 and 本年累计 if anything moved, or if it is the last one asked for.
    pub fn end_month(&mut self, period: AccountingPeriod, is_last: bool, rows: &mut Vec<LedgerRow>) {
        self.end_day(period, rows);
        let month = std::mem::take(&mut self.month);
        if std::mem::take(&mut self.moved) || is_last {
            rows.push(self.row(RowKind::MonthTotal, period, month));
            rows.push(self.row(RowKind::YearTotal, period, self.year));
        }
    }

    fn row(&self, kind: RowKind, period: AccountingPeriod, turn: Turn) -> LedgerRow {
        LedgerRow { kind, period, line: None, day: None, turn, balance: self.balance }
    }
}

/// An account's 总账: 上年结转, then 本月合计 and 本年累计 of each month from `from` through `at`. The rows must stand month by month.
/// Refuses rows of another year (S-105) and accounts outside the chart (S-104).
pub fn general_ledger(
    chart: &Chart,
    rows: &[MovementRow],
    (from, at): (AccountingPeriod, AccountingPeriod),
    accounts: &[AccountCode],
) -> Result<Vec<(AccountCode, Vec<LedgerRow>)>, StatementRefusal> {
    let begin = Figures::at(chart, rows, from)?;
    let before = |account: &AccountCode| Before { balance: begin.moves(account).before(), year: begin.moves(account).earlier };
    let mut ledgers: Vec<(AccountCode, Running, Vec<LedgerRow>)> =
        accounts.iter().map(|account| (account.clone(), Running::begin(before(account), false), Vec::new())).collect();
    ledgers.iter_mut().for_each(|(_, running, written)| written.push(running.opening(from)));
    for period in std::iter::successors(Some(from), |period| Some(period.next())).take_while(|period| *period <= at) {
        let figures = Figures::at(chart, rows, period)?;
        for (account, running, written) in &mut ledgers {
            let turn = figures.moves(account).period;
            if !turn.is_zero() {
                running.add(period.last_day(), turn);
            }
            running.end_month(period, period == at, written);
        }
    }
    Ok(ledgers.into_iter().map(|(account, _, written)| (account, written)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(on: &str, number: i64, debit: i64, credit: i64) -> LedgerLine {
        let key = LineKey { dated_on: on.parse().unwrap(), word: Word::General, number, line: 1 };
        let turn = Turn { debit: Amount::from_yuan(debit), credit: Amount::from_yuan(credit) };
        LedgerLine { key, account: "101".into(), summary: "收支".into(), turn, state: State::Posted }
    }

    fn written(rows: &[LedgerRow]) -> Vec<(&str, i64, i64, i64)> {
        rows.iter().map(|r| (r.summary(), r.turn.debit.fen(), r.turn.credit.fen(), r.balance.fen())).collect()
    }

    fn month() -> Vec<LedgerLine> {
        vec![line("2026-02-03", 1, 5, 0), line("2026-02-03", 2, 0, 2), line("2026-02-09", 3, 0, 10)]
    }

    #[test]
    fn a_journal_ends_days_months_and_years() {
        let year = Turn { debit: Amount::from_yuan(7), credit: Amount::from_yuan(1) };
        let mut running = Running::begin(Before { balance: Amount::from_yuan(6), year }, true);
        let february: AccountingPeriod = "2026-02".parse().unwrap();
        let mut rows = vec![running.opening(february)];
        running.lines(february, month(), &mut rows);
        running.end_month(february, true, &mut rows);
        let expected = [
            ("期初余额", 0, 0, 600),
            ("收支", 500, 0, 1100),
            ("收支", 0, 200, 900),
            ("本日合计", 500, 200, 900),
            ("收支", 0, 1000, -100),
            ("本日合计", 0, 1000, -100),
            ("本月合计", 500, 1200, -100),
            ("本年累计", 1200, 1300, -100),
        ];
        assert_eq!(written(&rows), expected);
        assert_eq!(rows.iter().map(|r| direction_zh(r.balance)).filter(|d| *d == "贷").count(), 4);
    }

    #[test]
    fn a_second_page_goes_on_where_the_first_ended() {
        let february: AccountingPeriod = "2026-02".parse().unwrap();
        let mut whole = Vec::new();
        let mut running = Running::begin(Before::default(), true);
        running.lines(february, month(), &mut whole);
        running.end_month(february, true, &mut whole);
        let mut paged = Vec::new();
        let mut first = Running::begin(Before::default(), true);
        first.lines(february, month()[..2].to_vec(), &mut paged);
        let mut second = Running::begin(Before::default(), true);
        let seen = Turn { debit: Amount::from_yuan(5), credit: Amount::from_yuan(2) };
        second.skip(seen, ("2026-02-03".parse().unwrap(), seen));
        second.lines(february, month()[2..].to_vec(), &mut paged);
        second.end_month(february, true, &mut paged);
        assert_eq!(paged, whole);
    }

    #[test]
    fn a_place_reads_back() {
        for text in ["2026-10", "2026-10|2026-10-12|记|12|3"] {
            assert_eq!(text.parse::<LedgerPlace>().unwrap().to_string(), text);
        }
        for bad in ["", "2026", "2026-10|", "2026-10|2026-10-12|记|12", "2026-10|x|记|1|1", "2026-10|2026-10-12|X|1|1"] {
            assert_eq!(bad.parse::<LedgerPlace>().unwrap_err().refusal().code, "S-109", "{bad}");
        }
    }
}
