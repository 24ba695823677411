//! What pages of a list that are kept already say of parties and accounts of the next.

use crate::db::rows::{as_json, packing, unpacked};
use crate::db::sealing::{seal, unseal};
use crate::db::{Connection, Failure, rows::column};
use crate::payouts::list::Earlier;

/// The last kept row of each of these parties and of each of these accounts; nothing is asked where none is named.
pub async fn earlier(
    tx: &mut Connection,
    county: &str,
    batch: &str,
    (parties, accounts): (Vec<&str>, Vec<&str>),
) -> Result<Earlier, Failure> {
    let mut earlier = Earlier::default();
    if !parties.is_empty() {
        let parties: Vec<[String; 1]> = parties.iter().map(|party| [(*party).to_owned()]).collect();
        for (row, party, _) in last_rows(tx, (county, batch), "party", &parties).await? {
            earlier.parties.insert(party, row);
        }
    }
    if !accounts.is_empty() {
        let accounts = accounts.iter().map(|account| Ok([seal(account)?])).collect::<Result<Vec<_>, Failure>>()?;
        for (row, party, account) in last_rows(tx, (county, batch), "account", &accounts).await? {
            earlier.accounts.insert(unseal(account)?, (row, party));
        }
    }
    Ok(earlier)
}

/// Row, party and sealed account of the last row with each of these values of a column.
async fn last_rows(
    tx: &mut Connection,
    (county, batch): (&str, &str),
    by: &str,
    asked: &[[String; 1]],
) -> Result<Vec<(i64, String, String)>, Failure> {
    let last = format!(
        "payout_row p where p.county = $1 and p.batch = $2 and p.row_number in (select max(r.row_number) from payout_row r \
         where r.county = $1 and r.batch = $2 and r.{by} in (select value->>0 from json_each($3)) group by r.{by})"
    );
    let query = sqlx::query(sqlx::AssertSqlSafe(packing(&["p.row_number", "p.party", "p.account"], &last)));
    let text: String = column(&query.bind(county).bind(batch).bind(as_json(asked)).fetch_one(tx).await?, 0)?;
    unpacked(&text).map(|row| Ok((row.parsed(0, |text| text.parse().ok())?, row.text(1)?, row.text(2)?))).collect()
}
