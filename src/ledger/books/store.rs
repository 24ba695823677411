//! Counties, places, books, years, accounts and cards, as kept.

use sqlx::any::AnyRow;

use super::Book;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::rows::{as_json, column, packing, parsed, unpacked};
use crate::db::{Connection, Failure};
use crate::ledger::posting::BookAccount;
use crate::ledger::store::{ACCOUNT_COLUMNS, book_account};
use crate::ledger::{AccountCode, BookCode, Chart, ChartAccount, EntityKind};

/// A county's name, if it is in this database.
pub async fn county(tx: &mut Connection, county: &str) -> Result<Option<String>, Failure> {
    let row = sqlx::query("select name from county where county = $1").bind(county).fetch_optional(tx).await?;
    row.map(|row| column(&row, 0)).transpose()
}

/// All counties: (code, name).
pub async fn counties(tx: &mut Connection) -> Result<Vec<(String, String)>, Failure> {
    let rows = sqlx::query("select county, name from county order by county").fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect()
}

/// Registers a county.
pub async fn save_county(tx: &mut Connection, county: &str, name: &str, at: &str) -> Result<(), Failure> {
    const SQL: &str = "insert into county (county, name, created_at) values ($1, $2, $3)";
    sqlx::query(SQL).bind(county).bind(name).bind(at).execute(tx).await?;
    Ok(())
}

/// A place: code, name, level, parent, from, before, successor.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Place {
    /// 12-digit code.
    pub place: String,
    /// Name.
    pub name: String,
    /// county, township, village or group.
    pub level: String,
    /// Code above it.
    pub parent: Option<String>,
    /// First day valid.
    pub valid_from: String,
    /// First day no longer valid.
    pub valid_before: Option<String>,
    /// Code that took its place.
    pub successor: Option<String>,
}

/// Registers places, or corrects their names and validity; answers how many were new.
pub async fn save_places(tx: &mut Connection, county: &str, places: &[Place]) -> Result<u64, Failure> {
    const SQL: &str = "insert into place (county, place, valid_from, name, level, parent, valid_before, successor) \
         select $1, value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6 from json_each($2) where true \
         on conflict (county, place, valid_from) do update set name = excluded.name, valid_before = excluded.valid_before, \
         successor = excluded.successor where place.name <> excluded.name \
         or coalesce(place.valid_before, '') <> coalesce(excluded.valid_before, '') \
         or coalesce(place.successor, '') <> coalesce(excluded.successor, '')";
    let rows: Vec<_> =
        places.iter().map(|p| (&p.place, &p.valid_from, &p.name, &p.level, &p.parent, &p.valid_before, &p.successor)).collect();
    Ok(sqlx::query(SQL).bind(county).bind(as_json(&rows)).execute(tx).await?.rows_affected())
}

/// All places of a county, by code and validity.
pub async fn places(tx: &mut Connection, county: &str) -> Result<Vec<Place>, Failure> {
    const SQL: &str = "select place, name, level, parent, valid_from, valid_before, successor from place \
         where county = $1 order by place, valid_from";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    let place = |row: &AnyRow| {
        Ok(Place {
            place: column(row, 0)?,
            name: column(row, 1)?,
            level: column(row, 2)?,
            parent: column(row, 3)?,
            valid_from: column(row, 4)?,
            valid_before: column(row, 5)?,
            successor: column(row, 6)?,
        })
    };
    rows.iter().map(place).collect()
}

/// True if a code is registered as a place.
pub async fn has_place(tx: &mut Connection, county: &str, place: &str) -> Result<bool, Failure> {
    const SQL: &str = "select 1 from place where county = $1 and place = $2 limit 1";
    Ok(sqlx::query(SQL).bind(county).bind(place).fetch_optional(tx).await?.is_some())
}

/// Makes a book.
pub async fn save_book(tx: &mut Connection, county: &str, book: &Book) -> Result<(), Failure> {
    const SQL: &str = "insert into book (county, book, name, kind, place, organisation, first_period, last_voucher, last_posted, \
         last_digest) values ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8)";
    let query = sqlx::query(SQL).bind(county).bind(&book.book.0).bind(&book.name).bind(book.kind.as_str());
    let query = query.bind(book.place.as_deref()).bind(book.organisation.as_deref()).bind(book.first_period.to_string());
    query.bind(crate::ledger::chain::GENESIS).execute(tx).await?;
    Ok(())
}

/// The books of a county, by code.
pub async fn books(tx: &mut Connection, county: &str) -> Result<Vec<Book>, Failure> {
    const SQL: &str = "select book, name, kind, place, organisation, first_period from book where county = $1 order by book";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    rows.iter().map(book_at).collect()
}

/// One book.
pub async fn book(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Option<Book>, Failure> {
    const SQL: &str = "select book, name, kind, place, organisation, first_period from book where county = $1 and book = $2";
    let row = sqlx::query(SQL).bind(county).bind(&book.0).fetch_optional(tx).await?;
    row.as_ref().map(book_at).transpose()
}

/// First day a book takes nothing, of one that ended.
pub async fn stopped_on(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Option<BusinessDate>, Failure> {
    Ok(stopped(tx, county).await?.into_iter().find(|(ended, _)| ended == book).map(|(_, on)| on))
}

/// The books that ended, with the first day they take nothing.
pub async fn stopped(tx: &mut Connection, county: &str) -> Result<Vec<(BookCode, BusinessDate)>, Failure> {
    const SQL: &str = "select book, stopped_on from book where county = $1 and stopped_on is not null order by book";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((BookCode(column(row, 0)?), parsed(row, 1, |text| text.parse().ok())?))).collect()
}

fn book_at(row: &AnyRow) -> Result<Book, Failure> {
    Ok(Book {
        book: BookCode(column(row, 0)?),
        name: column(row, 1)?,
        kind: parsed(row, 2, EntityKind::parse)?,
        place: column(row, 3)?,
        organisation: column(row, 4)?,
        first_period: parsed(row, 5, |text| AccountingPeriod::parse(text).ok())?,
    })
}

/// A year of a book: regime, and when its balances were carried on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookYear {
    /// The year.
    pub year: i32,
    /// The regime its chart is kept by.
    pub regime: String,
    /// When its balances were carried to the next year.
    pub carried_at: Option<String>,
}

/// The years a book keeps, oldest first.
pub async fn years(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<BookYear>, Failure> {
    const SQL: &str = "select year, regime, carried_at from book_year where county = $1 and book = $2 order by year";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    let year =
        |row: &AnyRow| Ok(BookYear { year: column::<i64>(row, 0)? as i32, regime: column(row, 1)?, carried_at: column(row, 2)? });
    rows.iter().map(year).collect()
}

/// Opens a year: its regime, its accounts, its periods from a month on.
pub async fn save_year(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    (year, regime, first_month): (i32, &str, u32),
    accounts: &[BookAccount],
    (by, at): (&str, &str),
) -> Result<(), Failure> {
    const YEAR: &str = "insert into book_year (county, book, year, regime) values ($1, $2, $3, $4)";
    const PERIODS: &str = "insert into accounting_period (county, book, period, state, changed_at, changed_by) \
         select $1, $2, value->>0, 'open', $4, $5 from json_each($3)";
    sqlx::query(YEAR).bind(county).bind(&book.0).bind(i64::from(year)).bind(regime).execute(&mut *tx).await?;
    let months = (first_month..=12).filter_map(|month| AccountingPeriod::new(year, month));
    let periods: Vec<[String; 1]> =
        std::iter::once(AccountingPeriod::opening(year)).chain(months).map(|p| [p.to_string()]).collect();
    sqlx::query(PERIODS).bind(county).bind(&book.0).bind(as_json(&periods)).bind(at).bind(by).execute(&mut *tx).await?;
    save_accounts(tx, county, book, year, accounts).await
}

/// Adds accounts to a book's year.
pub async fn save_accounts(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    year: i32,
    accounts: &[BookAccount],
) -> Result<(), Failure> {
    const SQL: &str = "insert into account (county, book, year, account, name, class, normal_side, parent, is_leaf, is_two_sided, \
         requires, source, stopped_on) select $1, $2, $4, value->>0, value->>1, value->>2, value->>3, value->>4, \
         cast(value->>5 as bigint), cast(value->>6 as bigint), value->>7, value->>8, value->>9 from json_each($3)";
    let requires: Vec<String> =
        accounts.iter().map(|a| a.requires.iter().map(|d| d.as_str()).collect::<Vec<_>>().join(" ")).collect();
    let rows: Vec<_> = accounts
        .iter()
        .zip(&requires)
        .map(|(a, requires)| {
            let (class, side) = (a.class.as_str(), a.normal_side.as_str());
            let (leaf, two_sided) = (i64::from(a.is_leaf), i64::from(a.is_two_sided));
            (&a.code, &a.name, class, side, &a.parent, leaf, two_sided, requires, &a.source, &a.stopped_on)
        })
        .collect();
    sqlx::query(SQL).bind(county).bind(&book.0).bind(as_json(&rows)).bind(i64::from(year)).execute(tx).await?;
    Ok(())
}

/// The accounts of a book's year, by code.
pub async fn accounts(tx: &mut Connection, county: &str, book: &BookCode, year: i32) -> Result<Vec<BookAccount>, Failure> {
    const FROM: &str = "(select * from account where county = $1 and book = $2 and year = $3 order by account) accounts";
    let sql = sqlx::AssertSqlSafe(packing(&ACCOUNT_COLUMNS, FROM));
    let row = sqlx::query(sql).bind(county).bind(&book.0).bind(i64::from(year)).fetch_one(tx).await?;
    unpacked(&column::<String>(&row, 0)?).map(|cells| book_account(&cells)).collect()
}

/// The chart of a book's year, as statements read it.
pub async fn chart(tx: &mut Connection, county: &str, book: &BookCode, year: i32) -> Result<Chart, crate::db::Stop> {
    let accounts = accounts(tx, county, book, year).await?;
    Ok(Chart::from_rows(accounts.into_iter().map(chart_account).collect())?)
}

fn chart_account(account: BookAccount) -> ChartAccount {
    ChartAccount {
        code: account.code,
        name_zh: account.name,
        name_en: String::new(),
        class: account.class,
        normal_side: account.normal_side,
        two_sided: account.is_two_sided,
        requires: account.requires,
        source: account.source,
        note: String::new(),
    }
}

/// From now on postings go to the account's children.
pub async fn set_parent(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    year: i32,
    parent: &AccountCode,
) -> Result<(), Failure> {
    const SQL: &str = "update account set is_leaf = 0 where county = $1 and book = $2 and year = $3 and account = $4";
    sqlx::query(SQL).bind(county).bind(&book.0).bind(i64::from(year)).bind(parent.as_str()).execute(tx).await?;
    Ok(())
}

/// Stops an account from a date, or uses it again.
pub async fn set_stopped(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    (year, account): (i32, &AccountCode),
    stopped_on: Option<&str>,
) -> Result<(), Failure> {
    const SQL: &str = "update account set stopped_on = $5 where county = $1 and book = $2 and year = $3 and account = $4";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(i64::from(year)).bind(account.as_str());
    query.bind(stopped_on).execute(tx).await?;
    Ok(())
}

/// True if any line of the year, posted or not, stands on the account.
pub async fn has_lines(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    year: i32,
    account: &AccountCode,
) -> Result<bool, Failure> {
    const SQL: &str =
        "select 1 from voucher_line where county = $1 and book = $2 and account = $3 and period >= $4 and period <= $5 limit 1";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(account.as_str());
    Ok(query.bind(format!("{year:04}-00")).bind(format!("{year:04}-12")).fetch_optional(tx).await?.is_some())
}

/// A dimension's card.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Member {
    /// Which dimension (`party`, `project` …).
    pub dimension: String,
    /// Code.
    pub member: String,
    /// Name.
    pub name: String,
}

/// Registers cards, or corrects their names; answers how many changed.
pub async fn save_members(tx: &mut Connection, county: &str, book: &BookCode, members: &[Member]) -> Result<u64, Failure> {
    const SQL: &str = "insert into dimension_member (county, book, dimension, member, name) \
         select $1, $2, value->>0, value->>1, value->>2 from json_each($3) where true \
         on conflict (county, book, dimension, member) do update set name = excluded.name where dimension_member.name <> excluded.name";
    let rows: Vec<_> = members.iter().map(|m| (&m.dimension, &m.member, &m.name)).collect();
    Ok(sqlx::query(SQL).bind(county).bind(&book.0).bind(as_json(&rows)).execute(tx).await?.rows_affected())
}

/// The cards of a book.
pub async fn members(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<Member>, Failure> {
    const SQL: &str =
        "select dimension, member, name from dimension_member where county = $1 and book = $2 order by dimension, member";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    rows.iter().map(|row| Ok(Member { dimension: column(row, 0)?, member: column(row, 1)?, name: column(row, 2)? })).collect()
}

/// The net movement (debit − credit, fen) of an account in a year, all stages.
pub async fn balance(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    year: i32,
    account: &AccountCode,
) -> Result<i64, Failure> {
    const SQL: &str = "select cast(coalesce(sum(debit_cents - credit_cents), 0) as bigint) from period_movement \
         where county = $1 and book = $2 and dimension = '' and period >= $3 and period <= $4 and account = $5";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(format!("{year:04}-00")).bind(format!("{year:04}-12"));
    column(&query.bind(account.as_str()).fetch_one(tx).await?, 0)
}

/// True if anything was posted to the book.
pub async fn has_posted(tx: &mut Connection, county: &str, book: &BookCode) -> Result<bool, Failure> {
    const SQL: &str = "select 1 from voucher where county = $1 and book = $2 and posted > 0 limit 1";
    Ok(sqlx::query(SQL).bind(county).bind(&book.0).fetch_optional(tx).await?.is_some())
}
