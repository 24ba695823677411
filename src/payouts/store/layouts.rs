//! Layouts of banks' files, as kept.

use crate::db::rows::column;
use crate::db::{Connection, Failure};

/// Keeps a bank's layout.
pub async fn save_layout(tx: &mut Connection, county: &str, layout: &str, columns: &str) -> Result<(), Failure> {
    const SQL: &str = "insert into payout_layout (county, layout, columns) values ($1, $2, $3) \
         on conflict (county, layout) do update set columns = excluded.columns";
    sqlx::query(SQL).bind(county).bind(layout).bind(columns).execute(tx).await?;
    Ok(())
}

/// A bank's layout.
pub async fn layout(tx: &mut Connection, county: &str, layout: &str) -> Result<Option<String>, Failure> {
    const SQL: &str = "select columns from payout_layout where county = $1 and layout = $2";
    let row = sqlx::query(SQL).bind(county).bind(layout).fetch_optional(tx).await?;
    row.map(|row| column(&row, 0)).transpose()
}
