//! A register for a plan: page by page, in the order of member codes, what each member traded, is owed, holds.
//!
//! 1. A member stands on one page with everything, and each page comes after the one before by its members' codes.
//! 2. A page is found and read by keys: what it costs does not grow with the register.

use crate::calendar::BusinessDate;
use crate::db::rows::{Cells, column, packing, unpacked};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;

/// Rows of a page; more where the last member alone has more.
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

/// The member a page ends with: of so many rows behind a member, whichever they are, the last.
async fn last_of_page(tx: &mut Connection, asked: Asked<'_>, after: &str) -> Result<Option<String>, Failure> {
    let sql = format!(
        "select max(page.member) from (select members.member from ( \
         select held.member from (select beneficiary as member from share_entry where county = $1 and book = $2 \
         and beneficiary > $3 order by beneficiary limit {A_PAGE}) held \
         union all select traded.member from (select member from member_trade where county = $1 and book = $2 and year = $4 \
         and member > $3 order by member limit {A_PAGE}) traded \
         union all select owed.member from (select member from dividend_row where county = $1 and book = $2 and plan = $5 \
         and member > $3 and carried_cents <> 0 order by member limit {A_PAGE}) owed \
         ) members order by members.member limit {A_PAGE}) page"
    );
    let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(asked.county).bind(&asked.book.0).bind(after);
    column(&query.bind(i64::from(asked.year)).bind(asked.owed_by).fetch_one(tx).await?, 0)
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
