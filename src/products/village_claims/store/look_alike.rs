//! Which other claims look like one: by invoice and photograph in the county, by payee and amount in the book.

use crate::db::rows::column;
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::products::village_claims::claim::Claim;
use crate::products::village_claims::duplicates::{Alike, Likeness};

/// Claims that look like this one and were not taken back.
pub async fn alike(tx: &mut Connection, county: &str, book: &BookCode, claim: &Claim) -> Result<Vec<Alike>, Failure> {
    let mut alike = same_invoice(tx, county, book, claim).await?;
    alike.extend(same_photo(tx, county, book, claim).await?);
    alike.extend(same_payee(tx, county, book, claim).await?);
    Ok(alike)
}

fn name(book: String, claim: i64) -> String {
    format!("{book}-{claim}")
}

async fn same_invoice(tx: &mut Connection, county: &str, book: &BookCode, claim: &Claim) -> Result<Vec<Alike>, Failure> {
    const SQL: &str = "select book, claim from claim where county = $1 and invoice = $4 and invoice <> '' and state <> 'withdrawn' \
         and not (book = $2 and claim = $3) order by book, claim";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(claim.claim).bind(claim.content.invoice.trim());
    let rows = query.fetch_all(tx).await?;
    rows.iter().map(|row| Ok(Alike { other: name(column(row, 0)?, column(row, 1)?), by: Likeness::Invoice })).collect()
}

async fn same_photo(tx: &mut Connection, county: &str, book: &BookCode, claim: &Claim) -> Result<Vec<Alike>, Failure> {
    const SQL: &str = "select o.book, o.claim, p.photo from claim_photo p join claim_photo o on o.county = p.county and o.digest = p.digest \
         and not (o.book = p.book and o.claim = p.claim) join claim c on c.county = o.county and c.book = o.book and c.claim = o.claim \
         and c.state <> 'withdrawn' where p.county = $1 and p.book = $2 and p.claim = $3 order by o.book, o.claim, p.photo";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(claim.claim).fetch_all(tx).await?;
    let alike = |row| Ok(Alike { other: name(column(row, 0)?, column(row, 1)?), by: Likeness::Photo(column(row, 2)?) });
    rows.iter().map(alike).collect()
}

async fn same_payee(tx: &mut Connection, county: &str, book: &BookCode, claim: &Claim) -> Result<Vec<Alike>, Failure> {
    const SQL: &str = "select book, claim, spent_on from claim where county = $1 and book = $2 and claim <> $3 and payee = $4 \
         and amount_cents = $5 and state not in ('withdrawn', 'draft') order by claim";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(claim.claim).bind(claim.content.payee.trim());
    let rows = query.bind(claim.content.amount.fen()).fetch_all(tx).await?;
    let alike = |row| {
        let on = column::<String>(row, 2)?.parse().ok();
        Ok(Alike { other: name(column(row, 0)?, column(row, 1)?), by: Likeness::Payee(on) })
    };
    rows.iter().map(alike).collect()
}
