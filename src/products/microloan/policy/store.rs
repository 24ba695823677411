//! A county's own policy rows and reference rates, as kept.

use super::{Policy, ReferenceRate, merged, shipped_rates};
use crate::db::rows::{as_json, column};
use crate::db::{Connection, Failure};
use crate::money::Rate;

/// All rows of a county, shipped and own, with all their versions.
pub async fn policies(tx: &mut Connection, county: &str) -> Result<Vec<Policy>, Failure> {
    const SQL: &str = "select row_text from policy_row where county = $1 order by policy";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    let read = |row| -> Result<Policy, Failure> {
        let text: String = column(row, 0)?;
        serde_json::from_str(&text).map_err(|why| Failure::Damaged(format!("policy_row {text}: {why}")))
    };
    Ok(merged(rows.iter().map(read).collect::<Result<_, _>>()?))
}

/// Keeps new versions of rows.
pub async fn save_policies(tx: &mut Connection, county: &str, rows: &[Policy], (by, at): (&str, &str)) -> Result<(), Failure> {
    const SQL: &str = "insert into policy_row (county, policy, row_text, imported_at, imported_by) \
         select $1, value->>0, value->>1, $3, $4 from jsonb_each($2)";
    let texts: Vec<(&str, String)> =
        rows.iter().map(|row| (row.policy.as_str(), serde_json::to_string(row).expect("policies are plain data"))).collect();
    sqlx::query(SQL).bind(county).bind(as_json(&texts)).bind(at).bind(by).execute(tx).await?;
    Ok(())
}

/// All reference rates for a county: the shipped ones, then its own.
pub async fn rates(tx: &mut Connection, county: &str) -> Result<Vec<ReferenceRate>, Failure> {
    const SQL: &str = "select series, tier_months, from_on, rate_ppm, source from reference_rate where county = $1 \
         order by series, tier_months, from_on";
    let mut rates = shipped_rates();
    for row in sqlx::query(SQL).bind(county).fetch_all(tx).await? {
        let damaged = || Failure::Damaged("reference_rate".to_owned());
        rates.push(ReferenceRate {
            series: column(&row, 0)?,
            tier_months: u32::try_from(column::<i64>(&row, 1)?).map_err(|_| damaged())?,
            from: column::<String>(&row, 2)?.parse().map_err(|_| damaged())?,
            rate: Rate::from_ppm(column(&row, 3)?).map_err(|_| damaged())?,
            source: column(&row, 4)?,
        });
    }
    Ok(rates)
}

/// Keeps rates; one of the same series, tier and day is replaced.
pub async fn save_rates(tx: &mut Connection, county: &str, rates: &[(String, i64, String, i64, String)]) -> Result<(), Failure> {
    const SQL: &str = "insert into reference_rate (county, series, tier_months, from_on, rate_ppm, source) \
         select $1, value->>0, cast(value->>1 as bigint), value->>2, cast(value->>3 as bigint), value->>4 from jsonb_each($2) where true \
         on conflict (county, series, tier_months, from_on) do update set rate_ppm = excluded.rate_ppm, source = excluded.source";
    sqlx::query(SQL).bind(county).bind(as_json(rates)).execute(tx).await?;
    Ok(())
}
