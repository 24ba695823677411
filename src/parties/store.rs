//! Households, people, standings, grades and banks, as kept.

use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::household::{Bank, Borrower, Household, HouseholdStatus, Person, Standing};
use crate::calendar::BusinessDate;
use crate::db::rows::{Cells, as_json, column, packing, typed, unpacked};
use crate::db::sealing::{seal, seal_some, unseal};
use crate::db::{Connection, Failure};
use crate::money::Amount;

/// Registers households, or replaces what is known of them; standings are added.
pub async fn save_households(tx: &mut Connection, county: &str, households: &[Household], at: &str) -> Result<(), Failure> {
    const SQL: &str = "insert into household (county, household, place, head_name, head_id, labour, phone, bank_account, \
         moved_out_on, registered_at) select $1, value->>0, value->>1, value->>2, value->>3, cast(value->>4 as bigint), \
         value->>5, value->>6, value->>7, $3 from jsonb_each($2) where true on conflict (county, household) do update set \
         place = excluded.place, head_name = excluded.head_name, head_id = excluded.head_id, labour = excluded.labour, \
         phone = excluded.phone, bank_account = excluded.bank_account, moved_out_on = excluded.moved_out_on";
    let rows: Vec<_> = households
        .iter()
        .filter_map(|h| Some((h, h.people.first()?)))
        .map(|(h, head)| {
            let moved = h.moved_out_on.map(|day| day.to_string());
            let sealed = (seal(&head.id_number)?, seal_some(h.phone.as_deref())?, seal_some(h.bank_account.as_deref())?);
            Ok((&h.household, &h.place, &head.name, sealed.0, h.labour(), sealed.1, sealed.2, moved))
        })
        .collect::<Result<_, Failure>>()?;
    sqlx::query(SQL).bind(county).bind(as_json(&rows)).bind(at).execute(&mut *tx).await?;
    save_people(tx, county, households).await?;
    save_standings(tx, county, households).await
}

async fn save_people(tx: &mut Connection, county: &str, households: &[Household]) -> Result<(), Failure> {
    const CLEAR: &str = "delete from person where county = $1 and household in (select value->>0 from jsonb_each($2))";
    const SQL: &str = "insert into person (county, household, person, name, id_number, relation, is_able) \
         select $1, value->>0, cast(value->>1 as bigint), value->>2, value->>3, value->>4, cast(value->>5 as bigint) from jsonb_each($2)";
    let keys: Vec<[&str; 1]> = households.iter().map(|h| [h.household.as_str()]).collect();
    sqlx::query(CLEAR).bind(county).bind(as_json(&keys)).execute(&mut *tx).await?;
    let row = |h: &'_ Household, at: usize, p: &Person| {
        let id = seal(&p.id_number)?;
        Ok((h.household.clone(), at as i64 + 1, p.name.clone(), id, p.relation.clone(), i64::from(p.is_able)))
    };
    let people = households.iter().flat_map(|h| h.people.iter().enumerate().map(move |(at, p)| (h, at, p)));
    let rows = people.map(|(h, at, p)| row(h, at, p)).collect::<Result<Vec<_>, Failure>>()?;
    sqlx::query(SQL).bind(county).bind(as_json(&rows)).execute(tx).await?;
    Ok(())
}

async fn save_standings(tx: &mut Connection, county: &str, households: &[Household]) -> Result<(), Failure> {
    const SQL: &str = "insert into household_status (county, household, from_on, status, document) \
         select $1, value->>0, value->>1, value->>2, value->>3 from jsonb_each($2) where true \
         on conflict (county, household, from_on) do update set status = excluded.status, document = excluded.document";
    let row = |h: &'_ Household, s: &Standing| (h.household.clone(), s.from.to_string(), s.status.as_str(), s.document.clone());
    let rows: Vec<_> = households.iter().flat_map(|h| h.standings.iter().map(|s| row(h, s))).collect();
    sqlx::query(SQL).bind(county).bind(as_json(&rows)).execute(tx).await?;
    Ok(())
}

/// Where these resident ids are registered: (id, household).
pub async fn households_of(tx: &mut Connection, county: &str, ids: &[[&str; 1]]) -> Result<Vec<(String, String)>, Failure> {
    const SQL: &str = "select p.id_number, p.household from jsonb_each($2) r \
         cross join person p where p.county = $1 and p.id_number = r.value->>0";
    let ids = ids.iter().map(|[id]| Ok([seal(id)?])).collect::<Result<Vec<_>, Failure>>()?;
    let rows = sqlx::query(SQL).bind(county).bind(as_json(&ids)).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((unseal(column(row, 0)?)?, column(row, 1)?))).collect()
}

/// The households of these codes, with standings and the limit of the last grade.
pub async fn borrowers(tx: &mut Connection, county: &str, households: &[[&str; 1]]) -> Result<Vec<Borrower>, Failure> {
    const FROM: &str = "(select h.household, h.place, h.head_name, h.head_id, h.moved_out_on, \
         (select g.limit_cents from credit_grade g where g.county = h.county and g.household = h.household \
          order by g.graded_on desc limit 1) as limit_cents from jsonb_each($2) r \
         cross join household h where h.county = $1 and h.household = r.value->>0 order by h.household) h";
    const STANDINGS: &str = "(select s.household, s.from_on, s.status, s.document from jsonb_each($2) r \
         cross join household_status s where s.county = $1 and s.household = r.value->>0 order by s.household, s.from_on) s";
    let asked: std::collections::BTreeSet<&[&str; 1]> = households.iter().collect();
    let asked = as_json(&asked.into_iter().collect::<Vec<_>>());
    let name = typed("head_name");
    let sql = packing(&["household", "place", &name, "head_id", "moved_out_on", "limit_cents"], FROM);
    let text: String = column(&sqlx::query(AssertSqlSafe(sql)).bind(county).bind(&asked).fetch_one(&mut *tx).await?, 0)?;
    let mut found = unpacked(&text).map(|row| borrower(&row)).collect::<Result<Vec<_>, Failure>>()?;
    let sql = packing(&["household", "from_on", "status", &typed("document")], STANDINGS);
    let text: String = column(&sqlx::query(AssertSqlSafe(sql)).bind(county).bind(&asked).fetch_one(tx).await?, 0)?;
    let mut at = 0;
    for row in unpacked(&text) {
        let household = row.text(0)?;
        while found.get(at).is_some_and(|borrower| borrower.household < household) {
            at += 1;
        }
        if let Some(borrower) = found.get_mut(at).filter(|borrower| borrower.household == household) {
            borrower.standings.push(standing(&row)?);
        }
    }
    Ok(found)
}

fn borrower(row: &Cells<'_>) -> Result<Borrower, Failure> {
    Ok(Borrower {
        household: row.text(0)?,
        place: row.text(1)?,
        name: row.text(2)?,
        id_number: unseal(row.text(3)?)?,
        standings: Vec::new(),
        moved_out_on: row.optional(4)?,
        limit: row.optional(5)?.map(Amount::from_fen),
    })
}

fn standing(row: &Cells<'_>) -> Result<Standing, Failure> {
    let from = row.parsed(1, |text| text.parse().ok())?;
    Ok(Standing { from, status: row.parsed(2, HouseholdStatus::parse)?, document: row.text(3)? })
}

/// Keeps grades: (household, day, score, grade, limit, rule).
pub async fn save_grades(
    tx: &mut Connection,
    county: &str,
    grades: &[(&str, String, i64, String, i64, &str)],
    by: &str,
) -> Result<(), Failure> {
    const SQL: &str = "insert into credit_grade (county, household, graded_on, score, grade, limit_cents, rule, graded_by) \
         select $1, value->>0, value->>1, cast(value->>2 as bigint), value->>3, cast(value->>4 as bigint), value->>5, $3 \
         from jsonb_each($2) where true on conflict (county, household, graded_on) do update set score = excluded.score, \
         grade = excluded.grade, limit_cents = excluded.limit_cents, rule = excluded.rule, graded_by = excluded.graded_by";
    sqlx::query(SQL).bind(county).bind(as_json(grades)).bind(by).execute(tx).await?;
    Ok(())
}

/// Registers banks, or corrects their names.
pub async fn save_banks(tx: &mut Connection, county: &str, banks: &[Bank]) -> Result<(), Failure> {
    const SQL: &str = "insert into bank (county, bank, parent, name, place) select $1, value->>0, value->>1, value->>2, value->>3 \
         from jsonb_each($2) where true on conflict (county, bank) do update set parent = excluded.parent, name = excluded.name, \
         place = excluded.place";
    let rows: Vec<_> = banks.iter().map(|b| (&b.bank, &b.parent, &b.name, &b.place)).collect();
    sqlx::query(SQL).bind(county).bind(as_json(&rows)).execute(tx).await?;
    Ok(())
}

/// All banks, by code.
pub async fn banks(tx: &mut Connection, county: &str) -> Result<Vec<Bank>, Failure> {
    const SQL: &str = "select bank, parent, name, place from bank where county = $1 and stopped_on is null order by bank";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    let bank = |row: &AnyRow| -> Result<Bank, Failure> {
        Ok(Bank { bank: column(row, 0)?, parent: column(row, 1)?, name: column(row, 2)?, place: column(row, 3)? })
    };
    rows.iter().map(bank).collect()
}

/// Everybody in the register, by household: (household, name).
pub async fn names(tx: &mut Connection, county: &str) -> Result<Vec<(String, String)>, Failure> {
    const SQL: &str = "select household, name from person where county = $1 order by household, person";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect()
}

/// A household of the register as of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Code.
    pub household: String,
    /// Village.
    pub place: String,
    /// Head.
    pub head: String,
    /// The head's identity number.
    pub id_number: String,
    /// How many can work.
    pub labour: i64,
    /// Standing on the day, and since when.
    pub standing: Option<(HouseholdStatus, BusinessDate)>,
    /// Day on which the next standing begins.
    pub next_on: Option<BusinessDate>,
    /// First day it no longer lived here.
    pub moved_out_on: Option<BusinessDate>,
}

/// A page of households below a place, after a code, as they stood on a day; a status asked for leaves the others out.
pub async fn page(
    tx: &mut Connection,
    county: &str,
    (place, after, limit): (&str, &str, i64),
    (on, status): (BusinessDate, Option<HouseholdStatus>),
) -> Result<Vec<Listed>, Failure> {
    const SQL: &str = "select h.household, h.place, h.head_name, h.head_id, h.labour, s.status, s.from_on, \
         (select min(n.from_on) from household_status n where n.county = h.county and n.household = h.household and n.from_on > $6), \
         h.moved_out_on from household h left join household_status s on s.county = h.county and s.household = h.household \
         and s.from_on = (select max(l.from_on) from household_status l where l.county = h.county and l.household = h.household \
         and l.from_on <= $6) where h.county = $1 and h.place >= $2 and h.place < $3 and h.household > $4 \
         and ($7 = '' or s.status = $7) order by h.household limit $5";
    let query = sqlx::query(SQL).bind(county).bind(place).bind(format!("{place}~")).bind(after).bind(limit);
    let rows = query.bind(on.to_string()).bind(status.map_or("", HouseholdStatus::as_str)).fetch_all(tx).await?;
    rows.iter().map(listed).collect()
}

/// How many households such a page leaves to come after a code.
pub async fn households_after(
    tx: &mut Connection,
    county: &str,
    (place, after): (&str, &str),
    (on, status): (BusinessDate, Option<HouseholdStatus>),
) -> Result<i64, Failure> {
    const SQL: &str = "select count(*) from household h left join household_status s on s.county = h.county \
         and s.household = h.household and s.from_on = (select max(l.from_on) from household_status l where l.county = h.county \
         and l.household = h.household and l.from_on <= $5) where h.county = $1 and h.place >= $2 and h.place < $3 \
         and h.household > $4 and ($6 = '' or s.status = $6)";
    let query = sqlx::query(SQL).bind(county).bind(place).bind(format!("{place}~")).bind(after).bind(on.to_string());
    column(&query.bind(status.map_or("", HouseholdStatus::as_str)).fetch_one(tx).await?, 0)
}

fn listed(row: &AnyRow) -> Result<Listed, Failure> {
    let day = |index| column::<Option<String>>(row, index).map(|text| text.and_then(|text| text.parse::<BusinessDate>().ok()));
    let status = column::<Option<String>>(row, 5)?.as_deref().and_then(HouseholdStatus::parse);
    Ok(Listed {
        household: column(row, 0)?,
        place: column(row, 1)?,
        head: column(row, 2)?,
        id_number: unseal(column(row, 3)?)?,
        labour: column(row, 4)?,
        standing: status.zip(day(6)?),
        next_on: day(7)?,
        moved_out_on: day(8)?,
    })
}

/// The whole numbers of a household: its phone and account, and (name, relation, id) of everybody in it.
pub async fn numbers(
    tx: &mut Connection,
    county: &str,
    household: &str,
) -> Result<(Option<String>, Option<String>, Vec<(String, String, String)>), Failure> {
    const HOUSEHOLD: &str = "select phone, bank_account from household where county = $1 and household = $2";
    const PEOPLE: &str = "select name, relation, id_number from person where county = $1 and household = $2 order by person";
    let row = sqlx::query(HOUSEHOLD).bind(county).bind(household).fetch_one(&mut *tx).await?;
    let whole = |index| column::<Option<String>>(&row, index)?.map(unseal).transpose();
    let people = sqlx::query(PEOPLE).bind(county).bind(household).fetch_all(tx).await?;
    let person = |row: &AnyRow| Ok((column(row, 0)?, column(row, 1)?, unseal(column(row, 2)?)?));
    Ok((whole(0)?, whole(1)?, people.iter().map(person).collect::<Result<_, Failure>>()?))
}

/// Keeps who died or moved away: (id, died on, moved out on, document).
pub async fn save_gone(
    tx: &mut Connection,
    county: &str,
    gone: &[(String, Option<String>, Option<String>, String)],
) -> Result<(), Failure> {
    const SQL: &str = "insert into person_gone (county, id_number, died_on, moved_out_on, document) \
         select $1, value->>0, value->>1, value->>2, value->>3 from jsonb_each($2) where true \
         on conflict (county, id_number) do update set died_on = excluded.died_on, moved_out_on = excluded.moved_out_on, \
         document = excluded.document";
    let sealed = gone.iter().map(|(id, died, moved, document)| Ok((seal(id)?, died, moved, document)));
    let gone = sealed.collect::<Result<Vec<_>, Failure>>()?;
    sqlx::query(SQL).bind(county).bind(as_json(&gone)).execute(tx).await?;
    Ok(())
}
