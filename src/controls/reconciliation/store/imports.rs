//! Imports of statements and their lines.

use std::collections::HashMap;

use sqlx::any::AnyRow;

use crate::calendar::BusinessDate;
use crate::db::rows::{as_json, column, parsed};
use crate::db::sealing::seal;
use crate::db::{Connection, Failure};
use crate::exchange::bank_statement::StatementLine;
use crate::money::Amount;

/// Lines written at a time.
const AT_A_TIME: usize = 2_000;

/// One import.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Import {
    /// Number within the account.
    pub import: i64,
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of the file.
    pub digest: String,
    /// 表格, MT940 …
    pub format: String,
    /// First day it covers.
    pub from: BusinessDate,
    /// Last day it covers.
    pub through: BusinessDate,
    /// Balance before its first line.
    pub opening: Option<Amount>,
    /// Balance after its last line.
    pub closing: Option<Amount>,
    /// Lines added.
    pub lines_new: i64,
    /// Lines that were there already.
    pub lines_known: i64,
    /// Number of the first line added.
    pub first_line: i64,
    /// Number of the last line added.
    pub last_line: i64,
    /// How the side was proven.
    pub proof: String,
    /// What did not follow, one sentence a line.
    pub findings: String,
    /// When.
    pub imported_at: String,
    /// By whom.
    pub imported_by: String,
    /// When it was undone.
    pub undone_at: Option<String>,
}

const HEAD: &str = "select import, file_name, digest, format, from_on, through_on, opening_cents, closing_cents, lines_new, lines_known, \
     first_line, last_line, proof, findings, imported_at, imported_by, undone_at from statement_import where county = $1 and bank_account = $2";

fn read(row: &AnyRow) -> Result<Import, Failure> {
    Ok(Import {
        import: column(row, 0)?,
        file_name: column(row, 1)?,
        digest: column(row, 2)?,
        format: column(row, 3)?,
        from: parsed(row, 4, |text| text.parse().ok())?,
        through: parsed(row, 5, |text| text.parse().ok())?,
        opening: column::<Option<i64>>(row, 6)?.map(Amount::from_fen),
        closing: column::<Option<i64>>(row, 7)?.map(Amount::from_fen),
        lines_new: column(row, 8)?,
        lines_known: column(row, 9)?,
        first_line: column(row, 10)?,
        last_line: column(row, 11)?,
        proof: column(row, 12)?,
        findings: column(row, 13)?,
        imported_at: column(row, 14)?,
        imported_by: column(row, 15)?,
        undone_at: column(row, 16)?,
    })
}

/// All imports of an account, in their order.
pub async fn imports(tx: &mut Connection, county: &str, account: &str) -> Result<Vec<Import>, Failure> {
    let sql = sqlx::AssertSqlSafe(format!("{HEAD} order by import"));
    sqlx::query(sql).bind(county).bind(account).fetch_all(tx).await?.iter().map(read).collect()
}

/// The import of the very same file, if it stands.
pub async fn import_by_digest(tx: &mut Connection, county: &str, account: &str, digest: &str) -> Result<Option<Import>, Failure> {
    let sql = sqlx::AssertSqlSafe(format!("{HEAD} and digest = $3 and undone_at is null order by import limit 1"));
    sqlx::query(sql).bind(county).bind(account).bind(digest).fetch_optional(tx).await?.as_ref().map(read).transpose()
}

/// Records an import.
pub async fn save_import(tx: &mut Connection, county: &str, account: &str, import: &Import) -> Result<(), Failure> {
    const SQL: &str = "insert into statement_import (county, bank_account, import, file_name, digest, format, from_on, through_on, \
         opening_cents, closing_cents, lines_new, lines_known, first_line, last_line, proof, findings, imported_at, imported_by) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    let query = sqlx::query(SQL).bind(county).bind(account).bind(import.import).bind(&import.file_name).bind(&import.digest);
    let query = query.bind(&import.format).bind(import.from.to_string()).bind(import.through.to_string());
    let query = query.bind(import.opening.map(Amount::fen)).bind(import.closing.map(Amount::fen)).bind(import.lines_new);
    let query = query.bind(import.lines_known).bind(import.first_line).bind(import.last_line).bind(&import.proof);
    query.bind(&import.findings).bind(&import.imported_at).bind(&import.imported_by).execute(tx).await?;
    Ok(())
}

/// What is known of lines that look alike: how many there are.
pub type Existing = HashMap<String, i64>;

/// The lines of some days, counted by key.
pub async fn existing(
    tx: &mut Connection,
    county: &str,
    account: &str,
    (from, through): (BusinessDate, BusinessDate),
) -> Result<Existing, Failure> {
    const SQL: &str = "select line_key, cast(count(*) as bigint) from statement_line where county = $1 and bank_account = $2 \
         and dated_on >= $3 and dated_on <= $4 and part = 0 group by line_key";
    let query = sqlx::query(SQL).bind(county).bind(account).bind(from.to_string()).bind(through.to_string());
    query.fetch_all(tx).await?.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect()
}

/// Adds lines: (key, line), numbered from `first` on.
pub async fn save_lines(
    tx: &mut Connection,
    county: &str,
    account: &str,
    (import, first): (i64, i64),
    lines: &[(String, &StatementLine)],
) -> Result<(), Failure> {
    const SQL: &str = "insert into statement_line (county, bank_account, line, part, import, file_row, dated_on, amount_cents, \
         balance_cents, line_key, serial, summary, name, account, bank, parts) \
         select $1, $2, cast(value->>0 as bigint), 0, $4, cast(value->>1 as bigint), value->>2, cast(value->>3 as bigint), \
         cast(value->>4 as bigint), value->>5, value->>6, value->>7, value->>8, value->>9, value->>10, 0 from json_each($3)";
    for (numbers, part) in (first..).step_by(AT_A_TIME).zip(lines.chunks(AT_A_TIME)) {
        let row = |(number, (key, line)): (i64, &'_ (String, &StatementLine))| {
            let on = line.on.to_string();
            Ok((
                number,
                line.row,
                on,
                line.amount.fen(),
                line.balance.map(Amount::fen),
                key.clone(),
                line.serial.clone(),
                line.summary.clone(),
                line.name.clone(),
                seal(&line.account)?,
                line.bank.clone(),
            ))
        };
        let rows = (numbers..).zip(part).map(row).collect::<Result<Vec<_>, Failure>>()?;
        sqlx::query(SQL).bind(county).bind(account).bind(as_json(&rows)).bind(import).execute(&mut *tx).await?;
    }
    Ok(())
}

/// Takes the lines of an import out again.
pub async fn remove_lines(tx: &mut Connection, county: &str, account: &str, import: i64) -> Result<u64, Failure> {
    const SQL: &str = "delete from statement_line where county = $1 and bank_account = $2 and import = $3";
    Ok(sqlx::query(SQL).bind(county).bind(account).bind(import).execute(tx).await?.rows_affected())
}

/// Marks an import as undone.
pub async fn mark_undone(
    tx: &mut Connection,
    county: &str,
    account: &str,
    import: i64,
    (at, by): (&str, &str),
) -> Result<(), Failure> {
    const SQL: &str =
        "update statement_import set undone_at = $4, undone_by = $5 where county = $1 and bank_account = $2 and import = $3";
    sqlx::query(SQL).bind(county).bind(account).bind(import).bind(at).bind(by).execute(tx).await?;
    Ok(())
}
