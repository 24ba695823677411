//! Entities that borrow, and what of their loans stands in their own books.

use std::collections::{BTreeMap, HashMap};

use crate::db::rows::{as_json, column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::{BookCode, VoucherId};
use crate::parties::household::{Borrower, HouseholdStatus, Standing};
use crate::parties::store as parties;
use crate::products::microloan::own_book::What;

/// Borrowers of these codes: households, and for codes that are no household's the entities that keep books here.
pub async fn borrowers(tx: &mut Connection, county: &str, codes: &[[&str; 1]]) -> Result<Vec<Borrower>, Failure> {
    const SQL: &str = "select b.book, b.name, b.place, b.first_period from jsonb_each($2) r cross join book b where b.county = $1 \
         and b.book = r.value->>0 and b.kind in ('village', 'cooperative', 'company') and b.stopped_on is null order by b.book";
    let mut found = parties::borrowers(tx, county, codes).await?;
    let unknown: Vec<&[&str; 1]> = codes.iter().filter(|code| found.iter().all(|known| known.household != code[0])).collect();
    if unknown.is_empty() {
        return Ok(found);
    }
    for row in sqlx::query(SQL).bind(county).bind(as_json(&unknown)).fetch_all(tx).await? {
        let from = parsed(&row, 3, |text| format!("{text}-01").parse().ok())?;
        found.push(Borrower {
            household: column(&row, 0)?,
            name: column(&row, 1)?,
            place: column::<Option<String>>(&row, 2)?.unwrap_or_else(|| county.to_owned()),
            id_number: String::new(),
            standings: vec![Standing { from, status: HouseholdStatus::Organisation, document: "账套".to_owned() }],
            moved_out_on: None,
            limit: None,
        });
    }
    found.dedup_by(|a, b| a.household == b.household);
    Ok(found)
}

/// An entry's last turn.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Turns so far; odd while the entry stands.
    pub turn: i64,
    /// The voucher of the last turn.
    pub voucher: VoucherId,
    /// What it says.
    pub what: What,
}

/// What stands in own books: loan → entry → last turn.
pub async fn kept(tx: &mut Connection, county: &str, keys: &str) -> Result<HashMap<String, BTreeMap<String, Kept>>, Failure> {
    const SQL: &str = "select v.loan, v.entry, v.turn, v.voucher, v.content from jsonb_each($2) r \
         cross join loan_voucher v where v.county = $1 and v.loan = r.value->>0 order by v.loan, v.entry, v.turn";
    let mut found: HashMap<String, BTreeMap<String, Kept>> = HashMap::new();
    for row in sqlx::query(SQL).bind(county).bind(keys).fetch_all(tx).await? {
        let what = parsed(&row, 4, |text| serde_json::from_str(text).ok())?;
        let kept = Kept { turn: column(&row, 2)?, voucher: VoucherId(column(&row, 3)?), what };
        found.entry(column(&row, 0)?).or_default().insert(column(&row, 1)?, kept);
    }
    Ok(found)
}

/// A turn as added: loan, entry, turn, book, voucher, date, content.
pub type Turn = (String, String, i64, String, i64, String, String);

/// Adds turns.
pub async fn add(tx: &mut Connection, county: &str, turns: &[Turn]) -> Result<(), Failure> {
    const SQL: &str = "insert into loan_voucher (county, loan, entry, turn, book, voucher, dated_on, content) \
         select $1, value->>0, value->>1, cast(value->>2 as bigint), value->>3, cast(value->>4 as bigint), value->>5, value->>6 \
         from jsonb_each($2)";
    sqlx::query(SQL).bind(county).bind(as_json(turns)).execute(tx).await?;
    Ok(())
}

/// The months open in a book.
pub async fn open_months(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<String>, Failure> {
    const SQL: &str = "select period from accounting_period where county = $1 and book = $2 and state = 'open' order by period";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    rows.iter().map(|row| column(row, 0)).collect()
}
