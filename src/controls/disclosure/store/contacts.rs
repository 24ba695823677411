//! Telephones of supervision, as kept.

use sqlx::any::AnyRow;

use crate::controls::disclosure::contact::Contact;
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};

/// The county's own rows.
pub async fn all(tx: &mut Connection, county: &str) -> Result<Vec<Contact>, Failure> {
    const SQL: &str =
        "select place, from_on, office, phone, document from disclosure_contact where county = $1 order by place, from_on";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    let contact = |row: &AnyRow| {
        let from = parsed(row, 1, |text| text.parse().ok())?;
        Ok(Contact { place: column(row, 0)?, from, office: column(row, 2)?, phone: column(row, 3)?, document: column(row, 4)? })
    };
    rows.iter().map(contact).collect()
}

/// Keeps a row; one of the same place and day is corrected.
pub async fn save(tx: &mut Connection, county: &str, contact: &Contact, (by, at): (&str, &str)) -> Result<(), Failure> {
    const SQL: &str = "insert into disclosure_contact (county, place, from_on, office, phone, document, made_by, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (county, place, from_on) do update set office = excluded.office, \
         phone = excluded.phone, document = excluded.document, made_by = excluded.made_by, made_at = excluded.made_at";
    let query = sqlx::query(SQL).bind(county).bind(&contact.place).bind(contact.from.to_string()).bind(&contact.office);
    query.bind(&contact.phone).bind(&contact.document).bind(by).bind(at).execute(tx).await?;
    Ok(())
}
