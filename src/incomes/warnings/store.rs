//! What the signals are made from: loans, dues that did not arrive, debts, two years of income, for all households below a place.

use std::collections::HashMap;

use chrono::Datelike;
use sqlx::any::AnyRow;

use super::{DueFact, Facts, LoanFact};
use crate::calendar::BusinessDate;
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::incomes::store::{Which, households, lines};
use crate::incomes::{Origin, by_household};
use crate::money::Amount;
use crate::parties::mask_id;
use crate::payouts::PayoutKind;

/// household, loan, principal, overdue since, overdue, interest overdue since, interest.
const LOANS: &str = "select l.household, l.loan, s.principal_cents, s.overdue_from_on, s.overdue_cents, s.interest_overdue_from_on, \
     s.interest_cents from loan l join loan_standing s on s.county = l.county and s.loan = l.loan \
     join household h on h.county = l.county and h.household = l.household \
     where l.county = $1 and h.place >= $2 and h.place < $3 and ($4 = '' or l.household = $4) and s.principal_cents > 0 order by l.loan";
/// household, owed to the revolving fund.
const REVOLVING: &str = "select m.party, cast(sum(case m.kind when 'lent' then m.amount_cents else -m.amount_cents end) as bigint) \
     from revolving_move m join household h on h.county = m.county and h.household = m.party \
     where m.county = $1 and h.place >= $2 and h.place < $3 and ($4 = '' or m.party = $4) and m.kind in ('lent', 'repaid') \
     group by m.party";
/// household, since, fen, kind, book, batch: rows of lists that did not arrive.
const ROWS: &str = "select r.party, coalesce(b.sent_on, substr(b.drawn_up_at, 1, 10)), r.amount_cents, b.kind, b.book, b.batch \
     from payout_row r join payout_batch b on b.county = r.county and b.batch = r.batch and b.state <> 'dropped' \
     join household h on h.county = r.county and h.household = r.party \
     where r.county = $1 and h.place >= $2 and h.place < $3 and ($4 = '' or r.party = $4) and r.state <> 'paid'";
/// household, since, fen, book, plan: posted dividends without a list.
const PLANS: &str = "select r.member, p.posted_on, r.net_cents, r.book, r.plan from dividend_row r \
     join dividend_plan p on p.county = r.county and p.book = r.book and p.plan = r.plan and p.state = 'posted' \
     join household h on h.county = r.county and h.household = r.member \
     where r.county = $1 and h.place >= $2 and h.place < $3 and ($4 = '' or r.member = $4) and r.net_cents > 0 \
     and not exists (select 1 from payout_batch b where b.county = r.county \
     and b.source = 'dividend:' || r.book || ':' || cast(r.plan as text) and b.state <> 'dropped')";
/// household, since, fen, scheme: income of entrusted money without a list.
const ENTRUSTED: &str = "select i.household, p.due_on, i.amount_cents - i.reinvest_cents, i.scheme from entrusted_income i \
     join entrusted_period p on p.county = i.county and p.scheme = i.scheme and p.period = i.period \
     join household h on h.county = i.county and h.household = i.household \
     where i.county = $1 and h.place >= $2 and h.place < $3 and ($4 = '' or i.household = $4) and i.amount_cents > i.reinvest_cents \
     and not exists (select 1 from payout_batch b where b.county = i.county \
     and b.source = 'entrust:' || i.scheme || ':' || cast(i.period as text) and b.state <> 'dropped')";
/// household, since, fen, book, lease: rent of land without a list.
const RENTS: &str = "select r.party, r.due_on, r.amount_cents, l.book, r.lease from lease_rent r \
     join lease l on l.county = r.county and l.lease = r.lease and l.direction = 'in' \
     join household h on h.county = r.county and h.household = r.party \
     where r.county = $1 and h.place >= $2 and h.place < $3 and ($4 = '' or r.party = $4) \
     and not exists (select 1 from payout_batch b where b.county = r.county \
     and b.source = 'lease:' || r.lease || ':' || cast(r.period as text) and b.state <> 'dropped')";

fn day(row: &AnyRow, index: usize) -> Result<BusinessDate, Failure> {
    parsed(row, index, |text| text.parse().ok())
}

fn fen(row: &AnyRow, index: usize) -> Result<Amount, Failure> {
    Ok(Amount::from_fen(column(row, index)?))
}

fn overdue(row: &AnyRow, at: usize) -> Result<Option<(BusinessDate, Amount)>, Failure> {
    let since: Option<String> = column(row, at)?;
    Ok(since.and_then(|since| since.parse().ok()).zip(Some(fen(row, at + 1)?)))
}

async fn rows(tx: &mut Connection, sql: &'static str, county: &str, which: Which<'_>) -> Result<Vec<AnyRow>, Failure> {
    let query = sqlx::query(sql).bind(county).bind(which.place).bind(format!("{}~", which.place)).bind(which.household);
    Ok(query.fetch_all(tx).await?)
}

/// The facts of every household below a place, with the incomes of a year and of the one before.
pub async fn facts(tx: &mut Connection, county: &str, which: Which<'_>, year: i32) -> Result<Vec<Facts>, Failure> {
    let first = |year| BusinessDate::from_ymd_opt(year, 1, 1).unwrap_or(BusinessDate::MIN);
    let last = first(year + 1).pred_opt().unwrap_or(BusinessDate::MAX);
    debug_assert_eq!(last.year(), year);
    let incomes = by_household(&lines(tx, county, which, (first(year - 1), last)).await?, year);
    let mut all: Vec<Facts> = Vec::new();
    for (household, place, name, id) in households(tx, county, which).await? {
        let income = incomes.get(&household).map_or((Amount::ZERO, Amount::ZERO), |sums| (sums.total(), sums.before));
        all.push(Facts { household, place, name, masked_id: mask_id(&id), income, ..Facts::default() });
    }
    let at: HashMap<String, usize> = all.iter().enumerate().map(|(at, facts)| (facts.household.clone(), at)).collect();
    debts(tx, county, which, (&at, &mut all)).await?;
    dues(tx, county, which, (&at, &mut all)).await?;
    Ok(all)
}

type Known<'a> = (&'a HashMap<String, usize>, &'a mut Vec<Facts>);

async fn debts(tx: &mut Connection, county: &str, which: Which<'_>, (at, all): Known<'_>) -> Result<(), Failure> {
    for row in rows(tx, LOANS, county, which).await? {
        let household: String = column(&row, 0)?;
        let Some(facts) = at.get(&household).and_then(|at| all.get_mut(*at)) else { continue };
        facts.debt += fen(&row, 2)?;
        facts.loans.push(LoanFact { loan: column(&row, 1)?, overdue: overdue(&row, 3)?, interest: overdue(&row, 5)? });
    }
    for row in rows(tx, REVOLVING, county, which).await? {
        let household: String = column(&row, 0)?;
        let Some(facts) = at.get(&household).and_then(|at| all.get_mut(*at)) else { continue };
        facts.debt += fen(&row, 1)?;
    }
    Ok(())
}

async fn dues(tx: &mut Connection, county: &str, which: Which<'_>, (at, all): Known<'_>) -> Result<(), Failure> {
    type Reading = fn(&AnyRow) -> Result<(bool, String, Origin), Failure>;
    const PARTS: [(&str, Reading); 4] = [(ROWS, of_row), (PLANS, of_plan), (ENTRUSTED, of_scheme), (RENTS, of_lease)];
    for (sql, read) in PARTS {
        for row in rows(tx, sql, county, which).await? {
            let household: String = column(&row, 0)?;
            let Some(facts) = at.get(&household).and_then(|at| all.get_mut(*at)) else { continue };
            let (is_dividend, what, origin) = read(&row)?;
            facts.dues.push(DueFact { is_dividend, what, since: day(&row, 1)?, amount: fen(&row, 2)?, origin });
        }
    }
    Ok(())
}

fn of_row(row: &AnyRow) -> Result<(bool, String, Origin), Failure> {
    let kind = parsed(row, 3, PayoutKind::parse)?;
    Ok((kind == PayoutKind::Dividend, kind.label_zh().to_owned(), Origin::Batch(column(row, 4)?, column(row, 5)?)))
}

fn of_plan(row: &AnyRow) -> Result<(bool, String, Origin), Failure> {
    Ok((true, "分红".to_owned(), Origin::Plan(column(row, 3)?, column(row, 4)?)))
}

fn of_scheme(row: &AnyRow) -> Result<(bool, String, Origin), Failure> {
    Ok((false, "委托收益".to_owned(), Origin::Scheme(column(row, 3)?)))
}

fn of_lease(row: &AnyRow) -> Result<(bool, String, Origin), Failure> {
    Ok((false, "土地租金".to_owned(), Origin::Lease(column(row, 3)?, column(row, 4)?)))
}
