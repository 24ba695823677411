//! Asset cards and their entries, as kept.

use std::collections::BTreeSet;

use sqlx::any::AnyRow;

use super::card::{AssetCard, AssetState, KeptAsset, KeptEntry};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;

/// The voucher of an entry `e` was neither voided nor reversed, or there is none.
const STANDS: &str = "not exists (select 1 from voucher v where v.county = e.county and v.book = e.book \
     and ((v.voucher = e.voucher and v.state = 'voided') or (v.reverses = e.voucher and v.state = 'posted')))";

/// Keeps a new card. False if the code is taken.
pub async fn insert(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    (asset, card, project): (&str, &AssetCard, Option<&str>),
    (by, at): (&str, &str),
) -> Result<bool, Failure> {
    const SQL: &str = "insert into asset_card (county, book, asset, kind, state, card, project, made_by, made_at) \
         values ($1, $2, $3, $4, 'in_use', $5, $6, $7, $8) on conflict do nothing";
    let text = serde_json::to_string(card).expect("cards are plain data and always serialise");
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(asset).bind(card.kind.as_str()).bind(text);
    Ok(query.bind(project).bind(by).bind(at).execute(tx).await?.rows_affected() == 1)
}

/// Keeps what a card says now; its values stand.
pub async fn save_card(
    tx: &mut Connection,
    county: &str,
    (book, asset): (&BookCode, &str),
    card: &AssetCard,
) -> Result<(), Failure> {
    const SQL: &str = "update asset_card set card = $4 where county = $1 and book = $2 and asset = $3";
    let text = serde_json::to_string(card).expect("cards are plain data and always serialise");
    sqlx::query(SQL).bind(county).bind(&book.0).bind(asset).bind(text).execute(tx).await?;
    Ok(())
}

/// What became of an asset, oldest first.
pub async fn entries(tx: &mut Connection, county: &str, book: &BookCode, asset: &str) -> Result<Vec<KeptEntry>, Failure> {
    let sql = sqlx::AssertSqlSafe(format!(
        "select e.dated_on, e.kind, e.amount_cents, e.content, e.made_by, v.period || '-' || v.word || '-' || cast(v.number as text), \
         case when {STANDS} then 0 else 1 end from asset_entry e left join voucher v on v.county = e.county and v.book = e.book \
         and v.voucher = e.voucher where e.county = $1 and e.book = $2 and e.asset = $3 order by e.entry"
    ));
    let rows = sqlx::query(sql).bind(county).bind(&book.0).bind(asset).fetch_all(tx).await?;
    let entry = |row: &AnyRow| {
        Ok(KeptEntry {
            on: parsed(row, 0, |text| text.parse().ok())?,
            kind: column(row, 1)?,
            amount: Amount::from_fen(column(row, 2)?),
            content: column(row, 3)?,
            by: column(row, 4)?,
            voucher: column(row, 5)?,
            undone: column::<i64>(row, 6)? == 1,
        })
    };
    rows.iter().map(entry).collect()
}

/// The cards of a book had by a day, with their depreciation and disposals through it, by code.
pub async fn assets(tx: &mut Connection, county: &str, book: &BookCode, on: BusinessDate) -> Result<Vec<KeptAsset>, Failure> {
    let sql = sqlx::AssertSqlSafe(format!(
        "select c.asset, c.card, c.project, \
         cast(coalesce((select sum(e.amount_cents) from asset_entry e where e.county = c.county and e.book = c.book \
         and e.asset = c.asset and e.kind = 'depreciation' and e.dated_on <= $3 and {STANDS}), 0) as bigint), \
         (select count(*) from asset_entry e where e.county = c.county and e.book = c.book and e.asset = c.asset \
         and e.kind = 'disposal' and e.dated_on <= $3 and {STANDS}) from asset_card c where c.county = $1 and c.book = $2 order by c.asset"
    ));
    let last = if on == BusinessDate::MAX { "9999-12-31".to_owned() } else { on.to_string() };
    let rows = sqlx::query(sql).bind(county).bind(&book.0).bind(last).fetch_all(tx).await?;
    let all: Vec<KeptAsset> = rows.iter().map(asset_at).collect::<Result<_, Failure>>()?;
    Ok(all.into_iter().filter(|asset| asset.card.acquired_on <= on).collect())
}

fn asset_at(row: &AnyRow) -> Result<KeptAsset, Failure> {
    let gone: i64 = column(row, 4)?;
    Ok(KeptAsset {
        asset: column(row, 0)?,
        state: if gone > 0 { AssetState::Disposed } else { AssetState::InUse },
        card: parsed(row, 1, |text| serde_json::from_str(text).ok())?,
        project: column(row, 2)?,
        depreciated: Amount::from_fen(column(row, 3)?),
    })
}

/// An entry of an asset.
#[derive(Debug, Clone)]
pub struct Entry {
    /// `depreciation`, `disposal` or `change`.
    pub kind: &'static str,
    /// Date.
    pub on: BusinessDate,
    /// The month it is of.
    pub period: AccountingPeriod,
    /// How much.
    pub amount: Amount,
    /// In words.
    pub content: String,
}

/// Adds an entry; the book is locked.
pub async fn add_entry(
    tx: &mut Connection,
    county: &str,
    (book, asset): (&BookCode, &str),
    entry: &Entry,
    (voucher, by, at): (Option<i64>, &str, &str),
) -> Result<(), Failure> {
    const SQL: &str = "insert into asset_entry (county, book, asset, entry, kind, dated_on, period, amount_cents, content, made_by, \
         made_at, voucher) select $1, $2, $3, cast(coalesce(max(entry), 0) + 1 as bigint), $4, $5, $6, $7, $8, $9, $10, $11 \
         from asset_entry where county = $1 and book = $2 and asset = $3";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(asset).bind(entry.kind).bind(entry.on.to_string());
    let query = query.bind(entry.period.to_string()).bind(entry.amount.fen()).bind(&entry.content).bind(by).bind(at);
    query.bind(voucher).execute(tx).await?;
    Ok(())
}

/// The assets depreciated in a month by a voucher that stands.
pub async fn depreciated_in(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    period: AccountingPeriod,
) -> Result<BTreeSet<String>, Failure> {
    let sql = sqlx::AssertSqlSafe(format!(
        "select e.asset from asset_entry e where e.county = $1 and e.book = $2 and e.kind = 'depreciation' and e.period = $3 and {STANDS}"
    ));
    let rows = sqlx::query(sql).bind(county).bind(&book.0).bind(period.to_string()).fetch_all(tx).await?;
    rows.iter().map(|row| column(row, 0)).collect()
}
