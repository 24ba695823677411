//! Revolving funds and their moves, as kept.

use sqlx::any::AnyRow;

use super::moves::{Move, MoveKind};
use crate::calendar::BusinessDate;
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;

/// A fund.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Fund {
    /// Code, one in the county.
    pub fund: String,
    /// The village's book.
    pub book: BookCode,
    /// Name.
    pub name: String,
    /// The rule or approval it rests on.
    pub document: String,
    /// Since when.
    pub opened_on: BusinessDate,
}

/// Keeps a new fund.
pub async fn insert_fund(tx: &mut Connection, county: &str, fund: &Fund) -> Result<(), Failure> {
    const SQL: &str =
        "insert into revolving_fund (county, fund, book, name, document, opened_on) values ($1, $2, $3, $4, $5, $6)";
    let query = sqlx::query(SQL).bind(county).bind(&fund.fund).bind(&fund.book.0).bind(&fund.name);
    query.bind(&fund.document).bind(fund.opened_on.to_string()).execute(tx).await?;
    Ok(())
}

fn fund_at(row: &AnyRow) -> Result<Fund, Failure> {
    Ok(Fund {
        fund: column(row, 0)?,
        book: BookCode(column(row, 1)?),
        name: column(row, 2)?,
        document: column(row, 3)?,
        opened_on: parsed(row, 4, |text| text.parse().ok())?,
    })
}

/// All funds, by code.
pub async fn funds(tx: &mut Connection, county: &str) -> Result<Vec<Fund>, Failure> {
    const SQL: &str = "select fund, book, name, document, opened_on from revolving_fund where county = $1 order by fund";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    rows.iter().map(fund_at).collect()
}

/// One fund.
pub async fn fund(tx: &mut Connection, county: &str, fund: &str) -> Result<Option<Fund>, Failure> {
    const SQL: &str = "select fund, book, name, document, opened_on from revolving_fund where county = $1 and fund = $2";
    let row = sqlx::query(SQL).bind(county).bind(fund).fetch_optional(tx).await?;
    row.as_ref().map(fund_at).transpose()
}

/// Adds a move behind the last one of the fund.
pub async fn add_move(tx: &mut Connection, county: &str, fund: &str, m: &Move, event: &str) -> Result<(), Failure> {
    const SQL: &str = "insert into revolving_move (county, fund, move, dated_on, kind, party, amount_cents, due_on, document, event) \
         select $1, $2, cast(coalesce(max(move), 0) + 1 as bigint), $3, $4, $5, $6, $7, $8, $9 from revolving_move where county = $1 and fund = $2";
    let query = sqlx::query(SQL).bind(county).bind(fund).bind(m.on.to_string()).bind(m.kind.as_str()).bind(&m.party);
    let query = query.bind(m.amount.fen()).bind(m.due_on.map(|due| due.to_string())).bind(&m.document);
    query.bind(event).execute(tx).await?;
    Ok(())
}

/// The moves of a fund, in the order they were entered.
pub async fn moves(tx: &mut Connection, county: &str, fund: &str) -> Result<Vec<Move>, Failure> {
    const SQL: &str = "select dated_on, kind, party, amount_cents, due_on, document from revolving_move \
         where county = $1 and fund = $2 order by move";
    let rows = sqlx::query(SQL).bind(county).bind(fund).fetch_all(tx).await?;
    let moved = |row: &AnyRow| {
        Ok(Move {
            on: parsed(row, 0, |text| text.parse().ok())?,
            kind: parsed(row, 1, MoveKind::parse)?,
            party: column(row, 2)?,
            amount: Amount::from_fen(column(row, 3)?),
            due_on: column::<Option<String>>(row, 4)?.and_then(|text| text.parse().ok()),
            document: column(row, 5)?,
        })
    };
    rows.iter().map(moved).collect()
}
