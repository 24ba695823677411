//! Asset cards and their entries, as kept.

use sqlx::any::AnyRow;

use super::card::{AssetCard, AssetState, KeptAsset};
use crate::calendar::BusinessDate;
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;

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

/// The cards of a book had by a day, with their depreciation and disposals through it, by code.
pub async fn assets(tx: &mut Connection, county: &str, book: &BookCode, on: BusinessDate) -> Result<Vec<KeptAsset>, Failure> {
    const SQL: &str = "select c.asset, c.card, c.project, \
         cast(coalesce((select sum(e.amount_cents) from asset_entry e where e.county = c.county and e.book = c.book \
         and e.asset = c.asset and e.kind = 'depreciation' and e.dated_on <= $3), 0) as bigint), \
         (select count(*) from asset_entry e where e.county = c.county and e.book = c.book and e.asset = c.asset \
         and e.kind = 'disposal' and e.dated_on <= $3) from asset_card c where c.county = $1 and c.book = $2 order by c.asset";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(on.to_string()).fetch_all(tx).await?;
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
