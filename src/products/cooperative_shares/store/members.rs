//! A register for a plan: page by page, in the order of member codes, what each member traded, is owed, holds.
//!
//! 1. A member stands on one page with everything, and each page comes after the one before by its members' codes.
//! 2. A page is found and read by keys: what it costs does not grow with the register.

use crate::calendar::BusinessDate;
use crate::db::rows::{Cells, column, packing, unpacked};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;

/// Rows of a page, of each thing asked; more where the last member alone has more.
const A_PAGE: usize = 5_000;

/// What is asked of a register.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The county.
    pub county: &'a str,
    /// The book.
    pub book: &'a BookCode,
    /// Whose trade.
    pub year: i32,
    /// The plan that tells what is still owed; 0 for none.
    pub owed_by: i64,
    /// Entries through this day.
    pub through: BusinessDate,
}

/// One thing known of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// It traded for so much.
    Traded(Amount),
    /// A floor of an earlier year is owed.
    Owed(Amount),
    /// From a day on it holds so much more of a class.
    Holds(String, BusinessDate, Amount),
}

/// What is known of some members.
#[derive(Debug)]
pub struct Page {
    /// Member by member in any order.
    pub known: Vec<(String, Known)>,
    /// The next page begins behind this member.
    pub last: String,
}

/// What is known of the members behind one; `None` behind the last. Those whose entries all come later have nothing on it.
pub async fn page(tx: &mut Connection, asked: Asked<'_>, after: &str) -> Result<Option<Page>, Failure> {
    const FACTS: &str = "(select beneficiary as member, 'holds' as what, class, dated_on, amount_cents as cents from share_entry \
         where county = $1 and book = $2 and beneficiary > $3 and beneficiary <= $6 and dated_on <= $7 \
         union all select member, 'traded', '', '', amount_cents from member_trade \
         where county = $1 and book = $2 and year = $4 and member > $3 and member <= $6 \
         union all select member, 'owed', '', '', carried_cents from dividend_row \
         where county = $1 and book = $2 and plan = $5 and member > $3 and member <= $6 and carried_cents <> 0) facts";
    let Some(last) = last_of_page(tx, asked, after).await? else { return Ok(None) };
    let sql = packing(&["member", "what", "class", "dated_on", "cents"], FACTS);
    let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(asked.county).bind(&asked.book.0).bind(after);
    let query = query.bind(i64::from(asked.year)).bind(asked.owed_by).bind(&last).bind(asked.through.to_string());
    let text: String = column(&query.fetch_one(tx).await?, 0)?;
    let known = unpacked(&text).map(|row| known_at(&row)).collect::<Result<_, _>>()?;
    Ok(Some(Page { known, last }))
}

/// The member a page ends with: none of what is asked has more rows up to it than a page has, but for that member's own.
async fn last_of_page(tx: &mut Connection, asked: Asked<'_>, after: &str) -> Result<Option<String>, Failure> {
    const HELD: &str = "select beneficiary from share_entry where county = $1 and book = $2 and beneficiary > $3";
    const TRADED: &str = "select member from member_trade where county = $1 and book = $2 and year = $4 and member > $3";
    const OWED: &str = "select member from dividend_row where county = $1 and book = $2 and plan = $5 and member > $3";
    let skipped = A_PAGE - 1;
    let full = |of: &str, code: &str| format!("({of} order by {code} limit 1 offset {skipped})");
    let last = |of: &str, code: &str| format!("({of} order by {code} desc limit 1)");
    let codes = [(HELD, "beneficiary"), (TRADED, "member"), (OWED, "member")];
    let columns: Vec<String> =
        codes.iter().map(|(of, code)| full(of, code)).chain(codes.iter().map(|(of, code)| last(of, code))).collect();
    let sql = format!("select {}", columns.join(", "));
    let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(asked.county).bind(&asked.book.0).bind(after);
    let row = query.bind(i64::from(asked.year)).bind(asked.owed_by).fetch_one(tx).await?;
    let ends = (0..6).map(|at| column(&row, at)).collect::<Result<Vec<Option<String>>, _>>()?;
    let (full, last) = ends.split_at(codes.len());
    Ok(full.iter().flatten().min().or(last.iter().flatten().max()).cloned())
}

fn known_at(row: &Cells<'_>) -> Result<(String, Known), Failure> {
    let cents = row.fen(4)?;
    let known = match row.text(1)?.as_str() {
        "holds" => Known::Holds(row.text(2)?, row.parsed(3, |text| text.parse().ok())?, cents),
        "traded" => Known::Traded(cents),
        _ => Known::Owed(cents),
    };
    Ok((row.text(0)?, known))
}
