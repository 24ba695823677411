//! Copies a whole database into an empty one of either engine.
//!
//! 1. Everything is read from one snapshot, so writers go on meanwhile.
//! 2. All of it arrives or nothing: the target is filled in one transaction.
//! 3. Memory does not grow with the books: rows come in pages by key, files one by one.
//! 4. Digests travel as they are; both databases verify alike afterwards.

use serde_json::Value;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe, Row};

use super::rows::as_json;
use super::tables::{Kind, TABLES, Table};
use super::{Connection, Db, Failure, Stop};
use crate::office::CopyRefusal;

/// Rows a page.
const PAGE: i64 = 2_000;

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CopyReport {
    /// Rows by table, in the order they were copied.
    pub tables: Vec<(&'static str, u64)>,
}

impl CopyReport {
    /// All rows.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|(_, rows)| rows).sum()
    }
}

/// Copies everything. `progress` hears of every page: the table, and its rows so far.
/// Refuses a target that holds anything (O-105); the target's schema must be up to date.
pub async fn copy(from: &Db, to: &Db, mut progress: impl FnMut(&str, u64)) -> Result<CopyReport, Stop> {
    let mut target = to.begin_write().await?;
    refuse_data(&mut target).await?;
    let mut source = from.begin_snapshot().await?;
    let mut tables = Vec::with_capacity(TABLES.len());
    for table in TABLES {
        let rows = copy_table(&mut source, &mut target, table, &mut progress).await?;
        tables.push((table.name, rows));
    }
    if let Some(statement) = to.engine.after_filling() {
        sqlx::query(statement).execute(&mut *target).await?;
    }
    target.commit().await?;
    Ok(CopyReport { tables })
}

async fn refuse_data(target: &mut Connection) -> Result<(), Stop> {
    for table in TABLES {
        let sql = AssertSqlSafe(format!("select 1 from {} limit 1", table.name));
        if sqlx::query(sql).fetch_optional(&mut *target).await?.is_some() {
            return Err(CopyRefusal::TargetNotEmpty { table: table.name.to_owned() }.into());
        }
    }
    Ok(())
}

async fn copy_table(
    source: &mut Connection,
    target: &mut Connection,
    table: &Table,
    progress: &mut impl FnMut(&str, u64),
) -> Result<u64, Failure> {
    let (mut after, mut copied) = (None, 0);
    loop {
        let page = read_page(source, table, after.as_ref()).await?;
        let Some(last) = page.last() else { return Ok(copied) };
        let key = values(last, &table.columns[..table.key])?;
        write_page(target, table, &page).await?;
        copied += page.len() as u64;
        progress(table.name, copied);
        after = Some(key);
    }
}

/// The rows after a key, in the order of the key.
async fn read_page(source: &mut Connection, table: &Table, after: Option<&Vec<Value>>) -> Result<Vec<AnyRow>, Failure> {
    let (columns, key) = (names(table.columns), names(&table.columns[..table.key]));
    let limit = if table.has_bytes() { 1 } else { PAGE };
    let beyond = after.map_or(String::new(), |_| format!("where ({key}) > ({})", placeholders(table.key)));
    let sql = AssertSqlSafe(format!("select {columns} from {} {beyond} order by {key} limit {limit}", table.name));
    let query = after.into_iter().flatten().fold(sqlx::query(sql), bind);
    Ok(query.fetch_all(source).await?)
}

async fn write_page(target: &mut Connection, table: &Table, page: &[AnyRow]) -> Result<(), Failure> {
    let (name, columns) = (table.name, names(table.columns));
    if !table.has_bytes() {
        let rows = page.iter().map(|row| values(row, table.columns)).collect::<Result<Vec<_>, _>>()?;
        let sql = AssertSqlSafe(format!("insert into {name} ({columns}) select {} from json_each($1)", from_json(table)));
        sqlx::query(sql).bind(as_json(&rows)).execute(target).await?;
        return Ok(());
    }
    for row in page {
        let sql = AssertSqlSafe(format!("insert into {name} ({columns}) values ({})", placeholders(table.columns.len())));
        bind_row(sqlx::query(sql), row, table)?.execute(&mut *target).await?;
    }
    Ok(())
}

/// Binds all columns of a row that carries bytes.
fn bind_row<'q>(
    mut query: Query<'q, Any, AnyArguments>,
    row: &AnyRow,
    table: &Table,
) -> Result<Query<'q, Any, AnyArguments>, Failure> {
    for (index, (_, kind)) in table.columns.iter().enumerate() {
        query = match kind {
            Kind::Text => query.bind(row.try_get::<Option<String>, _>(index)?),
            Kind::Int => query.bind(row.try_get::<Option<i64>, _>(index)?),
            Kind::Bytes => query.bind(row.try_get::<Option<Vec<u8>>, _>(index)?),
        };
    }
    Ok(query)
}

fn bind<'q>(query: Query<'q, Any, AnyArguments>, value: &Value) -> Query<'q, Any, AnyArguments> {
    match value.as_i64() {
        Some(number) => query.bind(number),
        None => query.bind(value.as_str().unwrap_or_default().to_owned()),
    }
}

/// The first columns of a row as JSON values; tables with bytes are asked for their keys only.
fn values(row: &AnyRow, columns: &[(&str, Kind)]) -> Result<Vec<Value>, Failure> {
    let value = |(index, (_, kind)): (usize, &(&str, Kind))| match kind {
        Kind::Int => Ok(row.try_get::<Option<i64>, _>(index)?.map_or(Value::Null, Value::from)),
        _ => Ok(row.try_get::<Option<String>, _>(index)?.map_or(Value::Null, Value::from)),
    };
    columns.iter().enumerate().map(value).collect()
}

fn names(columns: &[(&str, Kind)]) -> String {
    columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

fn placeholders(count: usize) -> String {
    (1..=count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// The columns of a row that came as a JSON list.
fn from_json(table: &Table) -> String {
    let column = |(index, (_, kind)): (usize, &(&str, Kind))| match kind {
        Kind::Int => format!("cast(value->>{index} as bigint)"),
        _ => format!("value->>{index}"),
    };
    table.columns.iter().enumerate().map(column).collect::<Vec<_>>().join(", ")
}
