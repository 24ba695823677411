//! What the household register says of the parties of a list.

use std::collections::HashMap;

use super::day_at;
use crate::calendar::BusinessDate;
use crate::db::rows::{as_json, column, packing, typed, unpacked};
use crate::db::sealing::{seal, unseal};
use crate::db::{Connection, Failure};
use crate::payouts::list::Registered;

const AT_ONCE: usize = 5_000;

/// The parties that are households, as registered.
pub async fn registered(tx: &mut Connection, county: &str, parties: &[&str]) -> Result<HashMap<String, Registered>, Failure> {
    const ASKED: &str = "jsonb_each($2) r cross join household h where h.county = $1 and h.household = r.value->>0";
    let name = typed("h.head_name");
    let sql = packing(&["h.household", &name, "h.head_id", "h.bank_account", "h.moved_out_on"], ASKED);
    let mut found = HashMap::new();
    for chunk in parties.chunks(AT_ONCE) {
        let asked: Vec<[&str; 1]> = chunk.iter().map(|party| [*party]).collect();
        let query = sqlx::query(sqlx::AssertSqlSafe(sql.as_str())).bind(county).bind(as_json(&asked));
        let text: String = column(&query.fetch_one(&mut *tx).await?, 0)?;
        for row in unpacked(&text) {
            let registered = Registered {
                name: row.text(1)?,
                id_number: unseal(row.text(2)?)?,
                account: row.optional(3)?.map(unseal).transpose()?.map(|account| account.trim().to_owned()),
                moved_out_on: row.optional(4)?,
                ..Registered::default()
            };
            found.insert(row.text(0)?, registered);
        }
    }
    Ok(found)
}

/// When somebody died, when they moved away.
pub type Gone = (Option<BusinessDate>, Option<BusinessDate>);

/// Who of these resident ids died or moved away.
pub async fn gone(tx: &mut Connection, county: &str, ids: &[&str]) -> Result<HashMap<String, Gone>, Failure> {
    const SQL: &str = "select g.id_number, g.died_on, g.moved_out_on from json_each($2) r \
         cross join person_gone g where g.county = $1 and g.id_number = r.value->>0";
    let mut found = HashMap::new();
    for chunk in ids.chunks(AT_ONCE) {
        let asked: Vec<[String; 1]> = chunk.iter().map(|id| Ok([seal(id)?])).collect::<Result<_, Failure>>()?;
        for row in sqlx::query(SQL).bind(county).bind(as_json(&asked)).fetch_all(&mut *tx).await? {
            found.insert(unseal(column(&row, 0)?)?, (day_at(&row, 1)?, day_at(&row, 2)?));
        }
    }
    Ok(found)
}
