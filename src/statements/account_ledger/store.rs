//! Lines of accounts in ledger order, and what stood before them. A month is found by account and period in the index of
//! lines; nothing reads a whole book.

use sqlx::any::AnyRow;

use super::{Before, LedgerLine, LineKey};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::rows::{as_json, column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::vouchers::State;
use crate::ledger::{AccountCode, BookCode, Dimension, Word};
use crate::money::Amount;
use crate::statements::figures::Turn;

/// Whose lines are read.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    /// 县
    pub county: &'a str,
    /// 账套
    pub book: &'a BookCode,
    /// The accounts, each by its own code.
    pub accounts: &'a [AccountCode],
    /// Only one member of a dimension.
    pub member: Option<(Dimension, &'a str)>,
    /// Vouchers not yet posted too.
    pub unposted: bool,
}

/// Lines of `$3` accounts in period `$4`, posted or (`$5` = 1) not yet. Without statistics SQLite takes the index by account only
/// for a range, so the month is written as one; the cross joins keep the order accounts → lines → vouchers. The index holds all
/// that is needed to put lines in order; what stands on them is fetched for the page alone.
const OF_MONTH: &str = "from json_each($3) a cross join voucher_line l cross join voucher v \
     where l.county = $1 and l.book = $2 and l.account = a.value->>0 and l.period >= $4 and l.period <= $4 \
     and v.county = $1 and v.book = $2 and v.voucher = l.voucher and v.period >= $4 and v.period <= $4 \
     and (v.state = 'posted' or ($5 = 1 and v.state <> 'voided')) ";

/// Only lines of member `$7` of dimension `$6`.
const OF_MEMBER: &str = "and $7 = case $6 when 'party' then l.party when 'project' then l.project \
     when 'fund_class' then l.fund_class when 'document' then l.document else l.bank_account end ";

/// All lines; says nothing, but names the same parameters.
const OF_ALL: &str = "and $6 = '' and $7 = '' ";

/// Lines after the place `$8`–`$11`.
const AFTER: &str = "(v.dated_on > $8 or (v.dated_on = $8 and (v.word > $9 or (v.word = $9 and (v.number > $10 \
     or (v.number = $10 and l.line > $11)))))) ";

type Query = sqlx::query::Query<'static, sqlx::Any, sqlx::any::AnyArguments>;

impl Lines<'_> {
    fn whose(&self) -> &'static str {
        if self.member.is_some() { OF_MEMBER } else { OF_ALL }
    }

    fn bound(&self, sql: &str, period: AccountingPeriod) -> Query {
        let (dimension, member) = self.named();
        let query = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()))
            .bind(self.county.to_owned())
            .bind(self.book.0.clone())
            .bind(self.codes())
            .bind(period.to_string());
        query.bind(i64::from(self.unposted)).bind(dimension).bind(member)
    }

    fn codes(&self) -> String {
        as_json(&self.accounts.iter().map(|account| [account.as_str()]).collect::<Vec<_>>())
    }

    fn named(&self) -> (&'static str, String) {
        self.member.map_or(("", String::new()), |(dimension, member)| (dimension.as_str(), member.to_owned()))
    }

    /// Lines of a month in ledger order, after a line; at most `limit`.
    pub async fn of_month(
        &self,
        tx: &mut Connection,
        period: AccountingPeriod,
        after: Option<&LineKey>,
        limit: i64,
    ) -> Result<Vec<LedgerLine>, Failure> {
        let sql = format!(
            "select k.dated_on, k.word, k.number, k.line, l.account, l.summary, l.debit_cents, l.credit_cents, k.state \
             from (select v.dated_on, v.word, v.number, v.voucher, l.line, v.state {OF_MONTH}{}and {AFTER}\
             order by v.dated_on, v.word, v.number, l.line limit $12) k cross join voucher_line l \
             where l.county = $1 and l.book = $2 and l.voucher = k.voucher and l.line = k.line \
             order by k.dated_on, k.word, k.number, k.line",
            self.whose()
        );
        let query = after_line(self.bound(&sql, period), after);
        query.bind(limit).fetch_all(tx).await?.iter().map(line).collect()
    }

    /// What the lines of a month through a line move: all of them, and those of its day.
    pub async fn through(
        &self,
        tx: &mut Connection,
        period: AccountingPeriod,
        through: &LineKey,
    ) -> Result<(Turn, Turn), Failure> {
        let sql = format!(
            "select cast(coalesce(sum(l.debit_cents), 0) as bigint), cast(coalesce(sum(l.credit_cents), 0) as bigint), \
             cast(coalesce(sum(case when v.dated_on = $8 then l.debit_cents end), 0) as bigint), \
             cast(coalesce(sum(case when v.dated_on = $8 then l.credit_cents end), 0) as bigint) {OF_MONTH}{}and not {AFTER}",
            self.whose()
        );
        let row = after_line(self.bound(&sql, period), Some(through)).fetch_one(tx).await?;
        Ok((turn(&row, 0)?, turn(&row, 2)?))
    }

    /// What stood before a month: from movements, and from unposted lines where they count.
    pub async fn before(&self, tx: &mut Connection, period: AccountingPeriod) -> Result<Before, Failure> {
        const SQL: &str = "select cast(coalesce(sum(m.debit_cents - m.credit_cents), 0) as bigint), \
             cast(coalesce(sum(case when m.stage = 'opening' then 0 else m.debit_cents end), 0) as bigint), \
             cast(coalesce(sum(case when m.stage = 'opening' then 0 else m.credit_cents end), 0) as bigint) \
             from json_each($3) a cross join period_movement m where m.county = $1 and m.book = $2 and m.dimension = $4 \
             and m.period = a.value->>0 and m.account = a.value->>1 and m.member = $5";
        let opening = AccountingPeriod::opening(period.year());
        let months = std::iter::successors(Some(opening), |month| Some(month.next())).take_while(|month| *month < period);
        let places: Vec<(String, &str)> =
            months.flat_map(|month| self.accounts.iter().map(move |account| (month.to_string(), account.as_str()))).collect();
        let (dimension, member) = self.named();
        let query = sqlx::query(SQL).bind(self.county).bind(&self.book.0).bind(as_json(&places));
        let row = query.bind(dimension).bind(member).fetch_one(&mut *tx).await?;
        let posted = Before { balance: Amount::from_fen(column(&row, 0)?), year: turn(&row, 1)? };
        let waiting = if self.unposted { self.waiting_before(tx, period).await? } else { Turn::default() };
        Ok(Before { balance: posted.balance + waiting.net(), year: posted.year + waiting })
    }

    /// What unposted vouchers of the year's earlier months would move.
    async fn waiting_before(&self, tx: &mut Connection, period: AccountingPeriod) -> Result<Turn, Failure> {
        const SQL: &str = "select cast(coalesce(sum(l.debit_cents), 0) as bigint), cast(coalesce(sum(l.credit_cents), 0) as bigint) \
             from voucher v cross join voucher_line l where l.county = v.county and l.book = v.book and l.voucher = v.voucher \
             and v.county = $1 and v.book = $2 and v.period >= $4 and v.period < $5 and v.state <> 'posted' and v.state <> 'voided' \
             and l.account || '' in (select value->>0 from json_each($3)) \
             and ($6 = '' or $7 = case $6 when 'party' then l.party when 'project' then l.project \
             when 'fund_class' then l.fund_class when 'document' then l.document else l.bank_account end)";
        let (dimension, member) = self.named();
        let query = sqlx::query(SQL).bind(self.county).bind(&self.book.0).bind(self.codes());
        let query = query.bind(AccountingPeriod::opening(period.year()).to_string()).bind(period.to_string());
        turn(&query.bind(dimension).bind(member).fetch_one(tx).await?, 0)
    }
}

/// Binds the place of a line, or one before all lines.
fn after_line(query: Query, after: Option<&LineKey>) -> Query {
    match after {
        Some(key) => query.bind(key.dated_on.to_string()).bind(key.word.as_str()).bind(key.number).bind(key.line),
        None => query.bind("").bind("").bind(0_i64).bind(0_i64),
    }
}

fn turn(row: &AnyRow, first: usize) -> Result<Turn, Failure> {
    Ok(Turn { debit: Amount::from_fen(column(row, first)?), credit: Amount::from_fen(column(row, first + 1)?) })
}

fn line(row: &AnyRow) -> Result<LedgerLine, Failure> {
    let key = LineKey {
        dated_on: parsed(row, 0, |text| text.parse::<BusinessDate>().ok())?,
        word: parsed(row, 1, Word::parse)?,
        number: column(row, 2)?,
        line: column(row, 3)?,
    };
    let (account, summary) = (AccountCode(column(row, 4)?), column(row, 5)?);
    Ok(LedgerLine { key, account, summary, turn: turn(row, 6)?, state: parsed(row, 8, State::parse)? })
}
