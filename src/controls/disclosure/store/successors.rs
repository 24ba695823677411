//! Merged villages, as public pages name them: written once, when the merger is done.

use crate::controls::disclosure::sheet::Succession;
use crate::db::{Connection, Failure};

/// Keeps where a village went.
pub async fn insert(tx: &mut Connection, county: &str, gone: &Succession) -> Result<(), Failure> {
    const SQL: &str = "insert into disclosure_successor (county, book, unit, into_book, into_unit, merged_on) \
         values ($1, $2, $3, $4, $5, $6)";
    let query = sqlx::query(SQL).bind(county).bind(&gone.book).bind(&gone.unit).bind(&gone.into);
    query.bind(&gone.into_unit).bind(gone.on.to_string()).execute(tx).await?;
    Ok(())
}
