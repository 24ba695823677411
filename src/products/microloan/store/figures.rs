//! Sums over the register, made by the database: what breaker, leverage and reports look at.

use sqlx::any::AnyRow;

use crate::db::rows::{as_json, column};
use crate::db::{Connection, Failure};
use crate::products::microloan::reports::{ArrearsLine, RegisterLine};
use crate::products::microloan::risk_fund::breaker::Exposure;

/// Outstanding, overdue and bad principal by village and bank. `bad_from`: first day of past due that makes a loan bad.
/// A loan that matured unpaid is past due from that day, settled or not.
pub async fn exposures(tx: &mut Connection, county: &str, today: &str, bad_from: &str) -> Result<Vec<Exposure>, Failure> {
    const SQL: &str = "select place, bank, cast(sum(principal_cents) as bigint), \
         cast(sum(case when coalesce(overdue_from_on, matures_on) < $2 then principal_cents else 0 end) as bigint), \
         cast(sum(case when coalesce(overdue_from_on, matures_on) <= $3 or bank_class in ('substandard', 'doubtful', 'loss') \
         then principal_cents else 0 end) as bigint) \
         from loan_standing where county = $1 group by place, bank order by place, bank";
    let rows = sqlx::query(SQL).bind(county).bind(today).bind(bad_from).fetch_all(tx).await?;
    let exposure = |row: &AnyRow| -> Result<Exposure, Failure> {
        Ok(Exposure {
            place: column(row, 0)?,
            bank: column(row, 1)?,
            outstanding: column(row, 2)?,
            overdue: column(row, 3)?,
            bad: column(row, 4)?,
        })
    };
    rows.iter().map(exposure).collect()
}

/// What is approved or signed and not yet paid out, by bank.
pub async fn pledged(tx: &mut Connection, county: &str) -> Result<Vec<(String, i64)>, Failure> {
    const SQL: &str = "select bank, cast(sum(asked_cents) as bigint) from loan where county = $1 and state in ('approved', 'contracted') \
         group by bank order by bank";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect()
}

/// Loans with principal past due before a day, as of the last settlement or fact; `as_of` knows the others.
pub async fn arrears(tx: &mut Connection, county: &str, today: &str) -> Result<Vec<ArrearsLine>, Failure> {
    const SQL: &str = "select s.loan, s.bank, l.borrower, s.place, s.overdue_from_on, s.overdue_cents, s.principal_cents, \
         s.interest_cents, s.penalty_cents from loan_standing s join loan l on l.county = s.county and l.loan = s.loan \
         where s.county = $1 and s.overdue_from_on < $2 order by s.overdue_from_on, s.loan";
    let rows = sqlx::query(SQL).bind(county).bind(today).fetch_all(tx).await?;
    let line = |row: &AnyRow| -> Result<ArrearsLine, Failure> {
        let who = (column(row, 0)?, column(row, 1)?, column(row, 2)?, column(row, 3)?, column(row, 4)?);
        Ok((who.0, who.1, who.2, who.3, who.4, column(row, 5)?, column(row, 6)?, column(row, 7)?, column(row, 8)?))
    };
    rows.iter().map(line).collect()
}

/// Registered households and those ever lent to, loans and money paid out, by village: (village, registered, lent to, loans, paid out).
pub async fn progress(
    tx: &mut Connection,
    county: &str,
    (on, statuses): (&str, &[[&str; 1]]),
) -> Result<Vec<(String, i64, i64, i64, i64)>, Failure> {
    const REGISTERED: &str = "select h.place, count(*) from household h where h.county = $1 and exists (select 1 from household_status s \
         where s.county = h.county and s.household = h.household and s.from_on <= $2 \
         and s.status in (select value->>0 from jsonb_each($3))) group by h.place order by h.place";
    const LENT: &str = "select l.place, count(distinct l.household), count(*), cast(sum(s.disbursed_cents) as bigint) from loan l \
         join loan_standing s on s.county = l.county and s.loan = l.loan where l.county = $1 and s.disbursed_on <= $2 \
         group by l.place order by l.place";
    let mut found: std::collections::BTreeMap<String, (i64, i64, i64, i64)> = std::collections::BTreeMap::new();
    for row in sqlx::query(REGISTERED).bind(county).bind(on).bind(as_json(statuses)).fetch_all(&mut *tx).await? {
        found.entry(column(&row, 0)?).or_default().0 = column(&row, 1)?;
    }
    for row in sqlx::query(LENT).bind(county).bind(on).fetch_all(tx).await? {
        let village = found.entry(column(&row, 0)?).or_default();
        (village.1, village.2, village.3) = (column(&row, 1)?, column(&row, 2)?, column(&row, 3)?);
    }
    Ok(found.into_iter().map(|(place, (registered, lent, loans, paid))| (place, registered, lent, loans, paid)).collect())
}

/// All loans by number: (loan, contract number, borrower).
pub async fn borrowers(tx: &mut Connection, county: &str) -> Result<Vec<(String, String, String)>, Failure> {
    const SQL: &str = "select loan, coalesce(contract_number, ''), borrower from loan where county = $1 order by loan";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?, column(row, 2)?))).collect()
}

/// A line of the register and the days on which it changes by itself.
pub struct Dated {
    /// The line, as of the last settlement or fact.
    pub line: RegisterLine,
    next_due_on: Option<String>,
    /// First day of principal past due.
    pub overdue_from_on: Option<String>,
}

impl Dated {
    /// True if something fell due by the end of a day, or arrears have grown older.
    pub fn changes_by(&self, day: &str) -> bool {
        self.next_due_on.as_deref().is_some_and(|due| due <= day)
            || self.overdue_from_on.as_deref().is_some_and(|from| from < day)
    }
}

/// Which loans of the register are wanted; by default all.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of these villages.
    pub places: Option<Vec<String>>,
    /// Of these banks.
    pub banks: Option<Vec<String>>,
    /// Whose borrower's name holds this.
    pub borrower: String,
    /// In this state, as tables write it; blank for any.
    pub state: String,
}

impl Wanted {
    /// The condition on `loan_standing s` and `loan l`, from the parameter after this one on; `bound` follows the same order.
    fn condition(after: usize) -> String {
        let [places, banks, name] = [after + 1, after + 2, after + 3];
        format!(
            "(${places} = '' or s.place in (select value->>0 from jsonb_each(case when ${places} = '' then '[]' else ${places} end))) \
             and (${banks} = '' or s.bank in (select value->>0 from jsonb_each(case when ${banks} = '' then '[]' else ${banks} end))) \
             and (${name} = '' or l.borrower like ${name} escape '!')"
        )
    }

    /// What the condition's parameters are: villages, banks, and a pattern of the name.
    fn bound(&self) -> [String; 3] {
        let list = |codes: &Option<Vec<String>>| match codes {
            None => String::new(),
            Some(codes) => as_json(&codes.iter().map(|code| [code.as_str()]).collect::<Vec<_>>()),
        };
        let marked = |character: char| if "!%_".contains(character) { vec!['!', character] } else { vec![character] };
        let name: String = self.borrower.chars().flat_map(marked).collect();
        let pattern = if name.is_empty() { name } else { format!("%{name}%") };
        [list(&self.places), list(&self.banks), pattern]
    }
}

/// The register of loans paid out that are wanted, of any state, after a number.
pub async fn register(
    tx: &mut Connection,
    county: &str,
    wanted: &Wanted,
    (after, limit): (&str, i64),
) -> Result<Vec<Dated>, Failure> {
    let sql = format!(
        "select s.loan, l.borrower, s.place, s.bank, l.signed_on, s.state, s.disbursed_cents, s.principal_cents, \
         s.overdue_cents, s.interest_cents, s.penalty_cents, s.matures_on, s.own_class, s.bank_class, s.next_due_on, \
         s.overdue_from_on from loan_standing s join loan l on l.county = s.county and l.loan = s.loan \
         where s.county = $1 and s.loan > $2 and {} order by s.loan limit $3",
        Wanted::condition(3)
    );
    let [places, banks, name] = wanted.bound();
    let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(county).bind(after).bind(limit);
    let rows = query.bind(places).bind(banks).bind(name).fetch_all(tx).await?;
    let line = |row: &AnyRow| -> Result<Dated, Failure> {
        let line = (
            (column(row, 0)?, column(row, 1)?, column(row, 2)?, column(row, 3)?),
            (column(row, 4)?, column(row, 5)?, column(row, 6)?, column(row, 7)?),
            (column(row, 8)?, column(row, 9)?, column(row, 10)?, column(row, 11)?),
            (column(row, 12)?, column(row, 13)?),
        );
        Ok(Dated { line, next_due_on: column(row, 14)?, overdue_from_on: column(row, 15)? })
    };
    rows.iter().map(line).collect()
}

/// Sums over loans paid out, fen, as of the last settlement or fact.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many loans.
    pub loans: i64,
    /// Paid out.
    pub paid_out: i64,
    /// Principal owed.
    pub owed: i64,
    /// Of it past due.
    pub overdue: i64,
    /// Loans with something fallen due by the day that is not settled.
    pub unsettled: i64,
}

/// How many of the loans wanted owe and mature between two days.
pub async fn maturing(tx: &mut Connection, county: &str, wanted: &Wanted, days: (&str, &str)) -> Result<i64, Failure> {
    let sql = format!(
        "select count(*) from loan_standing s join loan l on l.county = s.county and l.loan = s.loan where s.county = $1 \
         and s.principal_cents > 0 and s.matures_on between $2 and $3 and {}",
        Wanted::condition(3)
    );
    let [places, banks, name] = wanted.bound();
    let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(county).bind(days.0).bind(days.1);
    column(&query.bind(places).bind(banks).bind(name).fetch_one(tx).await?, 0)
}

/// The sums over the loans wanted, as of a day.
pub async fn totals(tx: &mut Connection, county: &str, wanted: &Wanted, day: &str) -> Result<Totals, Failure> {
    let sql = format!(
        "select count(*), coalesce(cast(sum(s.disbursed_cents) as bigint), 0), coalesce(cast(sum(s.principal_cents) as bigint), 0), \
         coalesce(cast(sum(s.overdue_cents) as bigint), 0), \
         coalesce(cast(sum(case when s.next_due_on <= $2 then 1 else 0 end) as bigint), 0) from loan_standing s \
         join loan l on l.county = s.county and l.loan = s.loan where s.county = $1 and ($3 = '' or s.state = $3) and {}",
        Wanted::condition(3)
    );
    let [places, banks, name] = wanted.bound();
    let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(county).bind(day).bind(&wanted.state);
    let row = query.bind(places).bind(banks).bind(name).fetch_one(tx).await?;
    Ok(Totals {
        loans: column(&row, 0)?,
        paid_out: column(&row, 1)?,
        owed: column(&row, 2)?,
        overdue: column(&row, 3)?,
        unsettled: column(&row, 4)?,
    })
}
