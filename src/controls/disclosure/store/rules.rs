//! A county's own dated rows of a control room.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::db::rows::{as_json, column};
use crate::db::{Connection, Failure};

/// The rows of a room.
pub async fn own<T: DeserializeOwned>(tx: &mut Connection, county: &str, room: &str) -> Result<Vec<T>, Failure> {
    const SQL: &str = "select row_text from control_rule where county = $1 and room = $2 order by rule";
    let rows = sqlx::query(SQL).bind(county).bind(room).fetch_all(tx).await?;
    let read = |row| {
        let text: String = column(row, 0)?;
        serde_json::from_str(&text).map_err(|why| Failure::Damaged(format!("control_rule {text}: {why}")))
    };
    rows.iter().map(read).collect()
}

/// Keeps rows; one of the same name is replaced.
pub async fn save<T: Serialize>(
    tx: &mut Connection,
    county: &str,
    room: &str,
    rows: &[(String, T)],
    (by, at): (&str, &str),
) -> Result<(), Failure> {
    const SQL: &str = "insert into control_rule (county, room, rule, row_text, added_by, added_at) \
         select $1, $2, value->>0, value->>1, $4, $5 from json_each($3) where true \
         on conflict (county, room, rule) do update set row_text = excluded.row_text, added_by = excluded.added_by, \
         added_at = excluded.added_at";
    let texts: Vec<(&str, String)> =
        rows.iter().map(|(rule, row)| (rule.as_str(), serde_json::to_string(row).expect("rules are plain data"))).collect();
    sqlx::query(SQL).bind(county).bind(room).bind(as_json(&texts)).bind(by).bind(at).execute(tx).await?;
    Ok(())
}
