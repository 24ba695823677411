//! The database side of the benchmarks: scratch databases, and bare inserts of the same rows (the raw limit).
//!
//! 1. The raw limit writes the rows a posting writes (vouchers, lines, one audit line an act) into the same
//!    tables with the same indexes, and decides, adds up and digests nothing.

use serde::Serialize;
use serde::ser::Serializer;
use sqlx::any::AnyConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection as _, Executor, Row};

use crate::db::rows::as_json;
use crate::db::{Connection, Db, Engine, Failure};

/// A value of a row.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'a> {
    /// text
    Text(&'a str),
    /// bigint
    Number(i64),
    /// null in a text column
    NoText,
    /// null in a bigint column
    NoNumber,
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Text(text) => to.serialize_str(text),
            Cell::Number(number) => to.serialize_i64(*number),
            Cell::NoText | Cell::NoNumber => to.serialize_none(),
        }
    }
}

/// How bare rows travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// One JSON parameter a statement.
    JsonRows,
    /// One placeholder a value, many rows a statement.
    Values,
}

impl Way {
    /// Both ways; the raw limit is the faster one.
    pub const BOTH: [Way; 2] = [Way::JsonRows, Way::Values];

    /// As the figures name it.
    pub const fn name(self) -> &'static str {
        match self {
            Way::JsonRows => "json rows",
            Way::Values => "values",
        }
    }
}

/// A table and its columns without the county; texts first, then `bigint`.
pub struct Table {
    name: &'static str,
    texts: &'static [&'static str],
    numbers: &'static [&'static str],
}

/// Vouchers as posted.
pub const VOUCHER: Table = Table {
    name: "voucher",
    texts: &[
        "book",
        "period",
        "word",
        "dated_on",
        "stage",
        "state",
        "maker",
        "made_at",
        "reviewer",
        "reviewed_at",
        "poster",
        "posted_at",
        "digest",
        "event",
        "source_key",
    ],
    numbers: &["voucher", "number", "posted", "reverses", "paper_attachments"],
};

/// Lines as posted.
pub const LINE: Table = Table {
    name: "voucher_line",
    texts: &["book", "period", "account", "summary", "party", "project", "fund_class", "document", "bank_account"],
    numbers: &["voucher", "line", "debit_cents", "credit_cents"],
};

/// Lines of the audit trail.
pub const ACT: Table = Table {
    name: "act",
    texts: &[
        "act",
        "at",
        "actor",
        "face",
        "kind",
        "book",
        "what",
        "before_digest",
        "after_digest",
        "idempotency_key",
        "request_digest",
        "answer",
    ],
    numbers: &[],
};

impl Table {
    fn columns(&self) -> String {
        let all: Vec<&str> = self.texts.iter().chain(self.numbers).copied().collect();
        format!("insert into {} (county, {})", self.name, all.join(", "))
    }

    fn json_statement(&self) -> String {
        let texts = (0..self.texts.len()).map(|at| format!("value->>{at}"));
        let numbers = (0..self.numbers.len()).map(|at| format!("cast(value->>{} as bigint)", at + self.texts.len()));
        let values: Vec<String> = texts.chain(numbers).collect();
        format!("{} select $1, {} from jsonb_each($2)", self.columns(), values.join(", "))
    }

    fn values_statement(&self, engine: Engine, rows: usize) -> String {
        let width = self.texts.len() + self.numbers.len() + 1;
        let place = |at: usize| match engine {
            Engine::Sqlite => "?".to_owned(),
            Engine::Postgres => format!("${}", at + 1),
        };
        let row = |row: usize| (0..width).map(|at| place(row * width + at)).collect::<Vec<_>>().join(", ");
        let all: Vec<String> = (0..rows).map(|at| format!("({})", row(at))).collect();
        format!("{} values {}", self.columns(), all.join(", "))
    }
}

/// Rows a statement of the `Values` way: more make its preparation longer than they save.
const ROWS_A_STATEMENT: usize = 50;

/// Inserts bare rows.
pub async fn insert(
    tx: &mut Connection,
    at: (Engine, &str),
    way: Way,
    table: &Table,
    rows: &[Vec<Cell<'_>>],
) -> Result<(), Failure> {
    let (engine, county) = at;
    match way {
        Way::JsonRows => {
            sqlx::query(AssertSqlSafe(table.json_statement())).bind(county).bind(as_json(rows)).execute(tx).await?;
        }
        Way::Values => {
            for rows in rows.chunks(ROWS_A_STATEMENT) {
                let mut query = sqlx::query(AssertSqlSafe(table.values_statement(engine, rows.len())));
                for row in rows {
                    query = row.iter().fold(query.bind(county), |query, cell| match cell {
                        Cell::Text(text) => query.bind(*text),
                        Cell::Number(number) => query.bind(*number),
                        Cell::NoText => query.bind(None::<&str>),
                        Cell::NoNumber => query.bind(None::<i64>),
                    });
                }
                query.execute(&mut *tx).await?;
            }
        }
    }
    Ok(())
}

/// The process that serves a connection.
pub async fn server_process(db: &Db) -> Result<i64, Failure> {
    let row = sqlx::query("select cast(pg_backend_pid() as bigint)").fetch_one(&mut *db.reader().await?).await?;
    Ok(row.try_get(0)?)
}

/// The engine's version.
pub async fn engine_version(db: &Db) -> Result<String, Failure> {
    let sql = match db.engine {
        Engine::Sqlite => "select sqlite_version()",
        Engine::Postgres => "select split_part(current_setting('server_version'), ' ', 1)",
    };
    let row = sqlx::query(sql).fetch_one(&mut *db.reader().await?).await?;
    Ok(row.try_get(0)?)
}

/// Makes a database on the server an address names.
pub async fn create_database(url: &str, name: &str) -> Result<(), Failure> {
    administer(url, &format!("create database \"{name}\"")).await
}

/// Removes a database, cutting off who is still connected.
pub async fn drop_database(url: &str, name: &str) -> Result<(), Failure> {
    administer(url, &format!("drop database \"{name}\" with (force)")).await
}

async fn administer(url: &str, statement: &str) -> Result<(), Failure> {
    sqlx::any::install_default_drivers();
    let options: AnyConnectOptions = url.parse().map_err(Failure::Database)?;
    let mut connection = options.connect().await?;
    connection.execute(AssertSqlSafe(statement.to_owned())).await?;
    Ok(connection.close().await?)
}
