//! Projects, their deeds and rules, as kept; and what the books say of them.

use std::collections::BTreeMap;

use serde::Serialize;
use sqlx::any::AnyRow;

use super::card::{Card, Project, ProjectKind};
use super::deed::{Deed, KeptDeed};
use super::rules::ProjectRule;
use super::standing::Standing;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::rows::{as_json, column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::{AccountCode, BookCode};
use crate::money::Amount;

fn text<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("plain data always serialises")
}

/// Keeps a card, new or changed.
pub async fn save(tx: &mut Connection, county: &str, book: &BookCode, project: &Project, at: &str) -> Result<(), Failure> {
    const SQL: &str = "insert into project (county, book, project, state, card, opened_by, opened_at) \
         values ($1, $2, $3, 'proposed', $4, $5, $6) on conflict (county, book, project) do update set card = excluded.card";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(&project.project).bind(text(&project.card));
    query.bind(&project.opened_by).bind(at).execute(tx).await?;
    Ok(())
}

fn project_at(row: &AnyRow) -> Result<Project, Failure> {
    let card: Card = parsed(row, 1, |text| serde_json::from_str(text).ok())?;
    Ok(Project { project: column(row, 0)?, card, opened_by: column(row, 2)? })
}

/// One project.
pub async fn project(tx: &mut Connection, county: &str, book: &BookCode, project: &str) -> Result<Option<Project>, Failure> {
    const SQL: &str = "select project, card, opened_by from project where county = $1 and book = $2 and project = $3";
    let row = sqlx::query(SQL).bind(county).bind(&book.0).bind(project).fetch_optional(tx).await?;
    row.as_ref().map(project_at).transpose()
}

/// The projects of a book, by code.
pub async fn projects(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<Project>, Failure> {
    const SQL: &str = "select project, card, opened_by from project where county = $1 and book = $2 order by project";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    rows.iter().map(project_at).collect()
}

/// The projects of a book that money may be claimed for, approved and not finished: code, name.
pub async fn open(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<(String, String)>, Failure> {
    const SQL: &str = "select project, card, opened_by from project where county = $1 and book = $2 \
         and state in ('approved', 'building', 'accepted', 'settled') order by project";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    rows.iter().map(|row| project_at(row).map(|project| (project.project, project.card.name))).collect()
}

/// True if the card was made by the end of a day.
pub async fn opened_by(
    tx: &mut Connection,
    county: &str,
    (book, project): (&BookCode, &str),
    on: BusinessDate,
) -> Result<bool, Failure> {
    const SQL: &str = "select 1 from project where county = $1 and book = $2 and project = $3 and substr(opened_at, 1, 10) <= $4";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(project).bind(on.to_string());
    Ok(query.fetch_optional(tx).await?.is_some())
}

/// Who did a deed, when, with which event and voucher.
#[derive(Debug, Clone, Copy)]
pub struct Done<'a> {
    /// Date of the deed.
    pub on: BusinessDate,
    /// By whom.
    pub by: &'a str,
    /// The instant.
    pub at: &'a str,
    /// Its event.
    pub event: Option<&'a str>,
    /// Its voucher's key.
    pub voucher: Option<i64>,
}

/// Adds a deed and sets the state it leads to; the book is locked. Answers its number.
pub async fn add_deed(
    tx: &mut Connection,
    county: &str,
    (book, project): (&BookCode, &str),
    (deed, state): (&Deed, &str),
    done: Done<'_>,
) -> Result<i64, Failure> {
    const NEXT: &str =
        "select cast(coalesce(max(deed), 0) + 1 as bigint) from project_deed where county = $1 and book = $2 and project = $3";
    const DEED: &str = "insert into project_deed (county, book, project, deed, kind, dated_on, amount_cents, content, made_by, made_at, \
         event, voucher) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    const STATE: &str = "update project set state = $4 where county = $1 and book = $2 and project = $3";
    let number: i64 = column(&sqlx::query(NEXT).bind(county).bind(&book.0).bind(project).fetch_one(&mut *tx).await?, 0)?;
    let query = sqlx::query(DEED).bind(county).bind(&book.0).bind(project).bind(number).bind(deed.words().0);
    let query = query.bind(done.on.to_string()).bind(deed.amount().fen()).bind(text(deed)).bind(done.by).bind(done.at);
    query.bind(done.event).bind(done.voucher).execute(&mut *tx).await?;
    sqlx::query(STATE).bind(county).bind(&book.0).bind(project).bind(state).execute(tx).await?;
    Ok(number)
}

/// The deeds of a project through a day, in their order.
pub async fn deeds(
    tx: &mut Connection,
    county: &str,
    (book, project): (&BookCode, &str),
    through: Option<BusinessDate>,
) -> Result<Vec<KeptDeed>, Failure> {
    const SQL: &str = "select d.deed, d.dated_on, d.content, d.made_by, v.period || '-' || v.word || '-' || cast(v.number as text), \
         cast(case when v.state = 'voided' or exists (select 1 from voucher r where r.county = d.county and r.book = d.book \
         and r.reverses = d.voucher and r.state = 'posted') then 1 else 0 end as bigint) \
         from project_deed d left join voucher v on v.county = d.county and v.book = d.book and v.voucher = d.voucher \
         where d.county = $1 and d.book = $2 and d.project = $3 and d.dated_on <= $4 order by d.deed";
    let last = through.map_or_else(|| "9999-12-31".to_owned(), |day| day.to_string());
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(project).bind(last).fetch_all(tx).await?;
    let deed = |row: &AnyRow| {
        let undone: i64 = column(row, 5)?;
        Ok(KeptDeed {
            number: column(row, 0)?,
            on: parsed(row, 1, |text| text.parse().ok())?,
            deed: parsed(row, 2, |text| serde_json::from_str(text).ok())?,
            by: column(row, 3)?,
            voucher: column(row, 4)?,
            undone: undone == 1,
        })
    };
    rows.iter().map(deed).collect()
}

/// What claims for works took of a project through a day: sent, accepted or booked.
pub async fn claimed(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    through: Option<BusinessDate>,
) -> Result<BTreeMap<String, Amount>, Failure> {
    const SQL: &str = "select amount_cents, content from claim where county = $1 and book = $2 and kind = 'project' \
         and state in ('sent', 'accepted', 'booked') and spent_on <= $3 order by claim";
    let last = through.map_or_else(|| "9999-12-31".to_owned(), |day| day.to_string());
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(last).fetch_all(tx).await?;
    let mut sums: BTreeMap<String, Amount> = BTreeMap::new();
    for row in &rows {
        let content: serde_json::Value = parsed(row, 1, |text| serde_json::from_str(text).ok())?;
        let project = content["project"].as_str().unwrap_or_default().trim().to_owned();
        *sums.entry(project).or_default() += Amount::from_fen(column(row, 0)?);
    }
    Ok(sums)
}

/// A project with its deeds through a day, and where it stands.
pub async fn standing(
    tx: &mut Connection,
    county: &str,
    (book, project): (&BookCode, &str),
    through: Option<BusinessDate>,
) -> Result<(Vec<KeptDeed>, Standing), Failure> {
    let deeds = deeds(tx, county, (book, project), through).await?;
    let claimed = claimed(tx, county, book, through).await?.get(project).copied().unwrap_or_default();
    let standing = Standing::of(&deeds, claimed);
    Ok((deeds, standing))
}

/// Debit less credit of accounts by project, over all that was posted through a month; carried openings are not counted twice.
pub async fn balances(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    accounts: &[&AccountCode],
    through: Option<AccountingPeriod>,
) -> Result<BTreeMap<(String, String), Amount>, Failure> {
    const SQL: &str = "select r.value->>0, m.member, cast(sum(m.debit_cents - m.credit_cents) as bigint) from json_each($3) r \
         join period_movement m on m.county = $1 and m.book = $2 and m.dimension = 'project' and m.account >= r.value->>0 \
         and m.account < (r.value->>0) || '~' join book b on b.county = m.county and b.book = m.book \
         where m.period <= $4 and (substr(m.period, 6) <> '00' or substr(m.period, 1, 4) = substr(b.first_period, 1, 4)) \
         group by r.value->>0, m.member";
    let roots: Vec<[&str; 1]> = accounts.iter().map(|account| [account.as_str()]).collect();
    let last = through.map_or_else(|| "9999-12".to_owned(), |period| period.to_string());
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(as_json(&roots)).bind(last).fetch_all(tx).await?;
    rows.iter().map(|row| Ok(((column(row, 0)?, column(row, 1)?), Amount::from_fen(column(row, 2)?)))).collect()
}

/// A county's rules: shipped rows and its own.
pub async fn rules(tx: &mut Connection, county: &str) -> Result<Vec<ProjectRule>, Failure> {
    const SQL: &str = "select row_text from control_rule where county = $1 and room = 'projects' order by rule";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    let own = rows.iter().map(|row| parsed(row, 0, |text| serde_json::from_str(text).ok())).collect::<Result<_, _>>()?;
    Ok(super::rules::table(own))
}

/// Keeps a county's own rules; one of the same name is replaced.
pub async fn save_rules(tx: &mut Connection, county: &str, rules: &[ProjectRule], (by, at): (&str, &str)) -> Result<(), Failure> {
    const SQL: &str = "insert into control_rule (county, room, rule, row_text, added_by, added_at) \
         select $1, 'projects', value->>0, value->>1, $3, $4 from json_each($2) where true \
         on conflict (county, room, rule) do update set row_text = excluded.row_text, added_by = excluded.added_by, \
         added_at = excluded.added_at";
    let rows: Vec<(&str, String)> = rules.iter().map(|rule| (rule.rule.as_str(), text(rule))).collect();
    sqlx::query(SQL).bind(county).bind(as_json(&rows)).bind(by).bind(at).execute(tx).await?;
    Ok(())
}

/// Approved sums of a year over the county: project, kind, whether it goes to a poverty village, the sum.
pub async fn approved_in(tx: &mut Connection, county: &str, year: i32) -> Result<Vec<(BookCode, Project, Amount)>, Failure> {
    const SQL: &str = "select p.project, p.card, p.opened_by, p.book, d.amount_cents from project_deed d \
         join project p on p.county = d.county and p.book = d.book and p.project = d.project \
         where d.county = $1 and d.kind = 'approved' and d.dated_on >= $2 and d.dated_on <= $3 order by p.book, p.project";
    let query = sqlx::query(SQL).bind(county).bind(format!("{year}-01-01")).bind(format!("{year}-12-31"));
    let rows = query.fetch_all(tx).await?;
    let one = |row: &AnyRow| Ok((BookCode(column(row, 3)?), project_at(row)?, Amount::from_fen(column(row, 4)?)));
    let all: Vec<(BookCode, Project, Amount)> = rows.iter().map(one).collect::<Result<_, Failure>>()?;
    Ok(all.into_iter().filter(|(_, project, _)| project.card.kind != ProjectKind::OneCase).collect())
}
