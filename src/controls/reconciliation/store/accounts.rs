//! The register of bank accounts, and the numbers its rows draw.

use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use crate::calendar::AccountingPeriod;
use crate::controls::reconciliation::account::{BankAccount, CloseCheck, Frozen};
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Engine, Failure};
use crate::ledger::{AccountCode, BookCode};
use crate::money::Amount;

const HEAD: &str = "select bank_account, number, bank_name, holder, book, account, member, starts_on, opening_cents, close_check, \
     auto_days, candidate_days from bank_account where county = $1 and ";

fn read(row: &AnyRow) -> Result<BankAccount, Failure> {
    Ok(BankAccount {
        code: column(row, 0)?,
        number: column(row, 1)?,
        bank_name: column(row, 2)?,
        holder: column(row, 3)?,
        book: BookCode(column(row, 4)?),
        account: AccountCode(column(row, 5)?),
        member: column(row, 6)?,
        starts_on: parsed(row, 7, |text| text.parse().ok())?,
        opening: column::<Option<i64>>(row, 8)?.map(Amount::from_fen),
        close_check: parsed(row, 9, CloseCheck::parse)?,
        auto_days: column(row, 10)?,
        candidate_days: column(row, 11)?,
    })
}

/// One account.
pub async fn account(tx: &mut Connection, county: &str, code: &str) -> Result<Option<BankAccount>, Failure> {
    let sql = AssertSqlSafe(format!("{HEAD} bank_account = $2"));
    sqlx::query(sql).bind(county).bind(code).fetch_optional(tx).await?.as_ref().map(read).transpose()
}

/// The accounts of a book, by code.
pub async fn accounts_of(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<BankAccount>, Failure> {
    let sql = AssertSqlSafe(format!("{HEAD} book = $2 order by bank_account"));
    sqlx::query(sql).bind(county).bind(&book.0).fetch_all(tx).await?.iter().map(read).collect()
}

/// All accounts of the county, by code.
pub async fn all_accounts(tx: &mut Connection, county: &str) -> Result<Vec<BankAccount>, Failure> {
    let sql = AssertSqlSafe(format!("{HEAD} 1 = 1 order by bank_account"));
    sqlx::query(sql).bind(county).fetch_all(tx).await?.iter().map(read).collect()
}

/// Registers an account, or changes everything of it but its code, book and account.
pub async fn save_account(tx: &mut Connection, county: &str, account: &BankAccount) -> Result<(), Failure> {
    const SQL: &str = "insert into bank_account (county, bank_account, number, bank_name, holder, book, account, member, starts_on, \
         opening_cents, close_check, auto_days, candidate_days, last_line, last_import, last_group, last_run) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, 0, 0)";
    let query = sqlx::query(SQL).bind(county).bind(&account.code).bind(&account.number).bind(&account.bank_name);
    let query = query.bind(&account.holder).bind(&account.book.0).bind(account.account.as_str()).bind(&account.member);
    let query = query.bind(account.starts_on.to_string()).bind(account.opening.map(Amount::fen));
    query.bind(account.close_check.as_str()).bind(account.auto_days).bind(account.candidate_days).execute(tx).await?;
    Ok(())
}

/// Locks an account's row.
pub async fn lock(tx: &mut Connection, engine: Engine, county: &str, code: &str) -> Result<bool, Failure> {
    const SQL: &str = "select bank_account from bank_account where county = $1 and bank_account = $2";
    let sql = AssertSqlSafe(format!("{SQL}{}", engine.locking()));
    Ok(sqlx::query(sql).bind(county).bind(code).fetch_optional(tx).await?.is_some())
}

/// The last numbers an account has drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Numbers {
    /// Of statement lines.
    pub line: i64,
    /// Of imports.
    pub import: i64,
    /// Of groups.
    pub group: i64,
    /// Of runs.
    pub run: i64,
}

/// Draws numbers; answers the last of each.
pub async fn draw(tx: &mut Connection, county: &str, code: &str, wanted: Numbers) -> Result<Numbers, Failure> {
    const SQL: &str = "update bank_account set last_line = last_line + $3, last_import = last_import + $4, \
         last_group = last_group + $5, last_run = last_run + $6 where county = $1 and bank_account = $2 \
         returning last_line, last_import, last_group, last_run";
    let query =
        sqlx::query(SQL).bind(county).bind(code).bind(wanted.line).bind(wanted.import).bind(wanted.group).bind(wanted.run);
    numbers(&query.fetch_one(tx).await?)
}

fn numbers(row: &AnyRow) -> Result<Numbers, Failure> {
    Ok(Numbers { line: column(row, 0)?, import: column(row, 1)?, group: column(row, 2)?, run: column(row, 3)? })
}

/// The last month of an account that is both closed and reconciled.
pub async fn frozen(tx: &mut Connection, county: &str, account: &BankAccount) -> Result<Frozen, Failure> {
    const SQL: &str = "select max(d.period) from reconciliation_document d join accounting_period p on p.county = d.county \
         and p.book = $3 and p.period = d.period and p.state = 'closed' \
         where d.county = $1 and d.kind = 'bank' and d.subject = $2";
    let row = sqlx::query(SQL).bind(county).bind(&account.code).bind(&account.book.0).fetch_one(tx).await?;
    let period: Option<String> = column(&row, 0)?;
    let damaged = |text: &String| Failure::Damaged(format!("period {text}"));
    Ok(Frozen(period.as_ref().map(|text| AccountingPeriod::parse(text).map_err(|_| damaged(text))).transpose()?))
}
