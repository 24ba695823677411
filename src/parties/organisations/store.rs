//! Organisations, as kept, with what their books and share registers say.

use sqlx::any::AnyRow;

use super::{Listed, Organisation, OrganisationKind};
use crate::db::rows::{as_json, column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;

/// Registers organisations, or corrects them.
pub async fn save(tx: &mut Connection, county: &str, rows: &[Organisation]) -> Result<(), Failure> {
    const SQL: &str = "insert into organisation (county, organisation, credit_code, name, kind, place, representative, registered_cents, \
         registered_on, book) select $1, value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, cast(value->>6 as bigint), \
         value->>7, value->>8 from json_each($2) where true on conflict (county, organisation) do update set \
         credit_code = excluded.credit_code, name = excluded.name, kind = excluded.kind, place = excluded.place, \
         representative = excluded.representative, registered_cents = excluded.registered_cents, \
         registered_on = excluded.registered_on, book = excluded.book";
    let rows: Vec<_> = rows
        .iter()
        .map(|o| {
            let (since, book) = (o.registered_on.map(|on| on.to_string()), o.book.as_ref().map(|book| &book.0));
            let words = (&o.organisation, &o.credit_code, &o.name, o.kind.as_str(), &o.place, &o.representative);
            (words.0, words.1, words.2, words.3, words.4, words.5, o.registered.fen(), since, book)
        })
        .collect();
    sqlx::query(SQL).bind(county).bind(as_json(&rows)).execute(tx).await?;
    Ok(())
}

/// Whose credit code it is.
pub async fn with_code(tx: &mut Connection, county: &str, code: &str) -> Result<Option<String>, Failure> {
    const SQL: &str = "select organisation from organisation where county = $1 and credit_code = $2";
    let row = sqlx::query(SQL).bind(county).bind(code).fetch_optional(tx).await?;
    row.map(|row| column(&row, 0)).transpose()
}

/// All organisations with what was paid in (301 of a cooperative, 3001 of a company) and how many hold shares.
pub async fn listed(tx: &mut Connection, county: &str) -> Result<Vec<Listed>, Failure> {
    const SQL: &str = "select o.organisation, o.credit_code, o.name, o.kind, o.place, o.representative, o.registered_cents, \
         o.registered_on, o.book, \
         (select cast(coalesce(sum(m.credit_cents - m.debit_cents), 0) as bigint) from period_movement m \
          join book b on b.county = m.county and b.book = m.book \
          where m.county = o.county and m.book = o.book and m.dimension = '' and m.account in ('301', '3001') \
          and (m.stage <> 'opening' or m.period = substr(b.first_period, 1, 4) || '-00')), \
         (select cast(count(*) as bigint) from (select e.holder from share_entry e where e.county = o.county and e.book = o.book \
          group by e.holder having sum(e.amount_cents) <> 0) held) \
         from organisation o where o.county = $1 and o.stopped_on is null order by o.organisation";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    rows.iter().map(listed_at).collect()
}

fn listed_at(row: &AnyRow) -> Result<Listed, Failure> {
    let book: Option<String> = column(row, 8)?;
    let paid_in = book.as_ref().map(|_| column(row, 9)).transpose()?.map(Amount::from_fen);
    Ok(Listed {
        organisation: Organisation {
            organisation: column(row, 0)?,
            credit_code: column(row, 1)?,
            name: column(row, 2)?,
            kind: parsed(row, 3, OrganisationKind::parse)?,
            place: column(row, 4)?,
            representative: column(row, 5)?,
            registered: Amount::from_fen(column(row, 6)?),
            registered_on: column::<Option<String>>(row, 7)?.and_then(|text| text.parse().ok()),
            book: book.map(BookCode),
        },
        paid_in,
        members: column(row, 10)?,
    })
}
