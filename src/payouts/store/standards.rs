//! Standards of benefits, as kept.

use crate::calendar::BusinessDate;
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::money::Amount;
use crate::payouts::PayoutKind;
use crate::payouts::standards::Standard;

/// Every standard of the county, by benefit and date.
pub async fn standards(tx: &mut Connection, county: &str) -> Result<Vec<Standard>, Failure> {
    const SQL: &str =
        "select kind, starts_on, amount_cents, document from benefit_standard where county = $1 order by kind, starts_on";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    let standard = |row: &sqlx::any::AnyRow| {
        Ok(Standard {
            kind: parsed(row, 0, PayoutKind::parse)?,
            from: parsed(row, 1, |text| text.parse::<BusinessDate>().ok())?,
            amount: Amount::from_fen(column(row, 2)?),
            document: column(row, 3)?,
        })
    };
    rows.iter().map(standard).collect()
}

/// Keeps a standard.
pub async fn save_standard(tx: &mut Connection, county: &str, standard: &Standard) -> Result<(), Failure> {
    const SQL: &str =
        "insert into benefit_standard (county, kind, starts_on, amount_cents, document) values ($1, $2, $3, $4, $5)";
    let query = sqlx::query(SQL).bind(county).bind(standard.kind.as_str()).bind(standard.from.to_string());
    query.bind(standard.amount.fen()).bind(&standard.document).execute(tx).await?;
    Ok(())
}
