//! Claims, their steps and photographs, limits and handover lists, as kept.

pub mod cash;
pub mod look_alike;

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::claim::{Claim, ClaimPhoto, ClaimState, Content, Step};
use super::limits::LimitRule;
use crate::calendar::BusinessDate;
use crate::db::rows::{as_json, column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;

fn plain<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("plain data always serialises")
}

fn read<T: serde::de::DeserializeOwned>(row: &AnyRow, index: usize) -> Result<T, Failure> {
    let text: String = column(row, index)?;
    serde_json::from_str(&text).map_err(|why| Failure::Damaged(format!("{text}: {why}")))
}

fn day_at(row: &AnyRow, index: usize) -> Result<Option<BusinessDate>, Failure> {
    Ok(column::<Option<String>>(row, index)?.and_then(|text| text.parse().ok()))
}

/// Keeps a claim as it stands now: a new number, or what is written under it already.
pub async fn save(tx: &mut Connection, county: &str, book: &BookCode, claim: &Claim) -> Result<(), Failure> {
    const SQL: &str = "insert into claim (county, book, claim, state, spent_on, kind, payee, invoice, amount_cents, content, made_by, \
         made_at, sent_on, accepted_by, voucher, handover) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
         on conflict (county, book, claim) do update set state = excluded.state, spent_on = excluded.spent_on, kind = excluded.kind, \
         payee = excluded.payee, invoice = excluded.invoice, amount_cents = excluded.amount_cents, content = excluded.content, \
         sent_on = excluded.sent_on, accepted_by = excluded.accepted_by, voucher = excluded.voucher, handover = excluded.handover";
    let content = &claim.content;
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(claim.claim).bind(claim.state.as_str());
    let query = query.bind(content.spent_on.map(|day| day.to_string()).unwrap_or_default()).bind(content.kind.as_str());
    let query = query.bind(content.payee.trim()).bind(content.invoice.trim()).bind(content.amount.fen()).bind(plain(content));
    let query = query.bind(&claim.made_by).bind(&claim.made_at).bind(claim.sent_on.map(|day| day.to_string()));
    query.bind(claim.accepted_by.as_deref()).bind(claim.voucher).bind(claim.handover).execute(tx).await?;
    Ok(())
}

/// The number after the last claim of a book, whose row is locked.
pub async fn next_number(tx: &mut Connection, county: &str, book: &BookCode) -> Result<i64, Failure> {
    const SQL: &str = "select cast(coalesce(max(claim), 0) + 1 as bigint) from claim where county = $1 and book = $2";
    column(&sqlx::query(SQL).bind(county).bind(&book.0).fetch_one(tx).await?, 0)
}

const CLAIM: &str = "select c.claim, c.state, c.content, c.made_by, c.made_at, c.sent_on, c.accepted_by, c.voucher, c.handover, \
     (select count(*) from claim_photo p where p.county = c.county and p.book = c.book and p.claim = c.claim) from claim c";

fn claim_at(row: &AnyRow) -> Result<Claim, Failure> {
    let content: Content = read(row, 2)?;
    Ok(Claim {
        claim: column(row, 0)?,
        state: parsed(row, 1, ClaimState::parse)?,
        content,
        made_by: column(row, 3)?,
        made_at: column(row, 4)?,
        sent_on: day_at(row, 5)?,
        accepted_by: column(row, 6)?,
        voucher: column(row, 7)?,
        handover: column(row, 8)?,
        photos: column(row, 9)?,
    })
}

/// One claim.
pub async fn claim(tx: &mut Connection, county: &str, book: &BookCode, claim: i64) -> Result<Option<Claim>, Failure> {
    let sql = AssertSqlSafe(format!("{CLAIM} where c.county = $1 and c.book = $2 and c.claim = $3"));
    let row = sqlx::query(sql).bind(county).bind(&book.0).bind(claim).fetch_optional(tx).await?;
    row.as_ref().map(claim_at).transpose()
}

/// Claims of a book, newest first: of a state, or of all for none.
pub async fn claims(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    state: Option<ClaimState>,
) -> Result<Vec<Claim>, Failure> {
    let sql =
        AssertSqlSafe(format!("{CLAIM} where c.county = $1 and c.book = $2 and (c.state = $3 or $3 = '') order by c.claim desc"));
    let state = state.map_or("", ClaimState::as_str);
    let rows = sqlx::query(sql).bind(county).bind(&book.0).bind(state).fetch_all(tx).await?;
    rows.iter().map(claim_at).collect()
}

/// How many claims of each book stand in each state.
pub async fn counts(tx: &mut Connection, county: &str) -> Result<Vec<(BookCode, ClaimState, i64)>, Failure> {
    const SQL: &str = "select book, state, count(*) from claim where county = $1 group by book, state order by book, state";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((BookCode(column(row, 0)?), parsed(row, 1, ClaimState::parse)?, column(row, 2)?))).collect()
}

/// The claim a voucher was made from.
pub async fn of_voucher(tx: &mut Connection, county: &str, book: &BookCode, voucher: i64) -> Result<Option<i64>, Failure> {
    const SQL: &str = "select claim from claim where county = $1 and book = $2 and voucher = $3 order by claim";
    let row = sqlx::query(SQL).bind(county).bind(&book.0).bind(voucher).fetch_optional(tx).await?;
    row.map(|row| column(&row, 0)).transpose()
}

/// Writes down what was done.
pub async fn add_step(tx: &mut Connection, county: &str, book: &BookCode, claim: i64, step: &Step) -> Result<(), Failure> {
    const SQL: &str = "insert into claim_step (county, book, claim, step, action, actor, at, reasons) \
         select $1, $2, $3, cast(coalesce(max(step), 0) + 1 as bigint), $4, $5, $6, $7 from claim_step \
         where county = $1 and book = $2 and claim = $3";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(claim).bind(&step.action).bind(&step.actor).bind(&step.at);
    query.bind(plain(&step.reasons)).execute(tx).await?;
    Ok(())
}

/// What was done to a claim, oldest first.
pub async fn steps(tx: &mut Connection, county: &str, book: &BookCode, claim: i64) -> Result<Vec<Step>, Failure> {
    const SQL: &str =
        "select action, actor, at, reasons from claim_step where county = $1 and book = $2 and claim = $3 order by step";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(claim).fetch_all(tx).await?;
    let step =
        |row: &AnyRow| Ok(Step { action: column(row, 0)?, actor: column(row, 1)?, at: column(row, 2)?, reasons: read(row, 3)? });
    rows.iter().map(step).collect()
}

/// Keeps a photograph with a claim; its content once a county.
pub async fn add_photo(
    tx: &mut Connection,
    county: &str,
    (book, claim): (&BookCode, i64),
    photo: &ClaimPhoto,
    content: &[u8],
    (by, at): (&str, &str),
) -> Result<(), Failure> {
    const FILE: &str =
        "insert into attachment_file (county, digest, bytes_size, content) values ($1, $2, $3, $4) on conflict do nothing";
    const LINK: &str = "insert into claim_photo (county, book, claim, photo, digest, name, width, height, added_by, added_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let query = sqlx::query(FILE).bind(county).bind(&photo.digest).bind(content.len() as i64).bind(content.to_vec());
    query.execute(&mut *tx).await?;
    let query = sqlx::query(LINK).bind(county).bind(&book.0).bind(claim).bind(photo.photo).bind(&photo.digest).bind(&photo.name);
    query.bind(photo.width).bind(photo.height).bind(by).bind(at).execute(tx).await?;
    Ok(())
}

/// Takes a photograph off a claim; its content stays.
pub async fn remove_photo(tx: &mut Connection, county: &str, book: &BookCode, claim: i64, photo: i64) -> Result<u64, Failure> {
    const SQL: &str = "delete from claim_photo where county = $1 and book = $2 and claim = $3 and photo = $4";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(claim).bind(photo);
    Ok(query.execute(tx).await?.rows_affected())
}

/// The photographs of a claim.
pub async fn photos(tx: &mut Connection, county: &str, book: &BookCode, claim: i64) -> Result<Vec<ClaimPhoto>, Failure> {
    const SQL: &str = "select photo, digest, name, width, height from claim_photo \
         where county = $1 and book = $2 and claim = $3 order by photo";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(claim).fetch_all(tx).await?;
    let photo = |row: &AnyRow| {
        let (width, height) = (column(row, 3)?, column(row, 4)?);
        Ok(ClaimPhoto { photo: column(row, 0)?, digest: column(row, 1)?, name: column(row, 2)?, width, height })
    };
    rows.iter().map(photo).collect()
}

/// The content of a kept file.
pub async fn content(tx: &mut Connection, county: &str, digest: &str) -> Result<Option<Vec<u8>>, Failure> {
    const SQL: &str = "select content from attachment_file where county = $1 and digest = $2";
    let row = sqlx::query(SQL).bind(county).bind(digest).fetch_optional(tx).await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

/// Keeps a county's own limits; one of the same name is replaced.
pub async fn save_limits(tx: &mut Connection, county: &str, rules: &[LimitRule], (by, at): (&str, &str)) -> Result<(), Failure> {
    const SQL: &str = "insert into claim_limit (county, rule, row_text, added_by, added_at) \
         select $1, value->>0, value->>1, $3, $4 from json_each($2) where true \
         on conflict (county, rule) do update set row_text = excluded.row_text, added_by = excluded.added_by, added_at = excluded.added_at";
    let rows: Vec<(&str, String)> = rules.iter().map(|rule| (rule.rule.as_str(), plain(rule))).collect();
    sqlx::query(SQL).bind(county).bind(as_json(&rows)).bind(by).bind(at).execute(tx).await?;
    Ok(())
}

/// The limit table of a county: shipped rows and its own.
pub async fn limits(tx: &mut Connection, county: &str) -> Result<Vec<LimitRule>, Failure> {
    const SQL: &str = "select row_text from claim_limit where county = $1 order by rule";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    Ok(super::limits::table(rows.iter().map(|row| read(row, 0)).collect::<Result<_, _>>()?))
}

/// Keeps a handover list; answers its number.
pub async fn add_handover(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    on: BusinessDate,
    by: &str,
) -> Result<i64, Failure> {
    const NEXT: &str =
        "select cast(coalesce(max(handover), 0) + 1 as bigint) from claim_handover where county = $1 and book = $2";
    const SQL: &str = "insert into claim_handover (county, book, handover, handed_on, handed_by) values ($1, $2, $3, $4, $5)";
    let number: i64 = column(&sqlx::query(NEXT).bind(county).bind(&book.0).fetch_one(&mut *tx).await?, 0)?;
    sqlx::query(SQL).bind(county).bind(&book.0).bind(number).bind(on.to_string()).bind(by).execute(tx).await?;
    Ok(number)
}

/// The day a handover list was made.
pub async fn handed_on(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    handover: i64,
) -> Result<Option<BusinessDate>, Failure> {
    const SQL: &str = "select handed_on from claim_handover where county = $1 and book = $2 and handover = $3";
    let row = sqlx::query(SQL).bind(county).bind(&book.0).bind(handover).fetch_optional(tx).await?;
    row.map(|row| parsed(&row, 0, |text| text.parse().ok())).transpose()
}

/// True if the project register of a book has a project.
pub async fn has_project(tx: &mut Connection, county: &str, book: &BookCode, project: &str) -> Result<bool, Failure> {
    const SQL: &str = "select project from project where county = $1 and book = $2 and project = $3";
    let found = sqlx::query(SQL).bind(county).bind(&book.0).bind(project).fetch_optional(tx).await?;
    Ok(found.is_some())
}
