//! Sessions as kept.

use crate::db::rows::column;
use crate::db::{Db, Failure};

/// Keeps a session's record.
pub async fn save(db: &Db, county: &str, session: &str, record: &str, expires_at: &str) -> Result<(), Failure> {
    const SQL: &str = "insert into web_session (county, session, record, expires_at) values ($1, $2, $3, $4) \
         on conflict (county, session) do update set record = excluded.record, expires_at = excluded.expires_at";
    let mut tx = db.begin_write().await?;
    sqlx::query(SQL).bind(county).bind(session).bind(record).bind(expires_at).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

/// A session's record and expiry, if it has not expired.
pub async fn load(db: &Db, county: &str, session: &str, now: &str) -> Result<Option<(String, String)>, Failure> {
    const SQL: &str = "select record, expires_at from web_session where county = $1 and session = $2 and expires_at > $3";
    let row = sqlx::query(SQL).bind(county).bind(session).bind(now).fetch_optional(&mut *db.reader().await?).await?;
    row.map(|row| Ok((column(&row, 0)?, column(&row, 1)?))).transpose()
}

/// Ends a session.
pub async fn delete(db: &Db, county: &str, session: &str) -> Result<(), Failure> {
    let mut tx = db.begin_write().await?;
    let query = sqlx::query("delete from web_session where county = $1 and session = $2");
    query.bind(county).bind(session).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

/// Forgets sessions that have expired.
pub async fn delete_expired(db: &Db, county: &str, now: &str) -> Result<(), Failure> {
    let mut tx = db.begin_write().await?;
    let query = sqlx::query("delete from web_session where county = $1 and expires_at <= $2");
    query.bind(county).bind(now).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

/// Ends every session: whoever was logged in logs in again.
pub async fn delete_all(db: &Db, county: &str) -> Result<(), Failure> {
    let mut tx = db.begin_write().await?;
    sqlx::query("delete from web_session where county = $1").bind(county).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}
