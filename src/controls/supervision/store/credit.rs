//! What the rules look at in the loan register: subsidies, classes, ages, entrusted money, of the loans of one place. A fixed
//! number of statements, each by key from the place's loans or households.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;

use crate::calendar::BusinessDate;
use crate::controls::supervision::facts::{AgeFact, ClassFact, ElsewhereFact, EntrustedFact, SubsidyFact};
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::money::Amount;
use crate::products::microloan::classification::RiskClass;
use crate::products::microloan::contract::Contract;
use crate::products::microloan::policy::Policy;

fn day(row: &AnyRow, index: usize) -> Result<BusinessDate, Failure> {
    parsed(row, index, |text| text.parse().ok())
}

fn fen(row: &AnyRow, index: usize) -> Result<Amount, Failure> {
    Ok(Amount::from_fen(column(row, index)?))
}

fn policy_of(row: &AnyRow, index: usize, policies: &[Policy]) -> Result<Option<Policy>, Failure> {
    let name: Option<String> = column(row, index)?;
    Ok(name.and_then(|name| policies.iter().find(|policy| policy.policy == name).cloned()))
}

/// What was borne of loans of the place's households that have several, or that others bear for, by approved batches.
pub async fn subsidies(tx: &mut Connection, county: &str, place: &str, policies: &[Policy]) -> Result<Vec<SubsidyFact>, Failure> {
    const SQL: &str = "select l.household, l.loan, min(s.start_on), s.due_on, max(s.principal_cents), \
         cast(sum(s.subsidy_cents) as bigint), l.policy from (select distinct household from loan where county = $1 and place = $2) h \
         join loan l on l.county = $1 and l.household = h.household \
         join subsidy_row s on s.county = l.county and s.loan = l.loan and s.excluded is null \
         join subsidy_batch b on b.county = s.county and b.batch = s.batch and b.state in ('approved', 'paid') \
         where exists (select 1 from loan o where o.county = $1 and o.household = l.household and o.loan <> l.loan) \
         or exists (select 1 from subsidy_elsewhere e where e.county = $1 and e.household = l.household) \
         group by l.household, l.loan, s.due_on, l.policy having sum(s.subsidy_cents) > 0 order by l.household, s.due_on, l.loan";
    let rows = sqlx::query(SQL).bind(county).bind(place).fetch_all(tx).await?;
    let fact = |row: &AnyRow| {
        let policy = policy_of(row, 6, policies)?;
        Ok(SubsidyFact {
            household: column(row, 0)?,
            loan: column(row, 1)?,
            days: (day(row, 2)?, day(row, 3)?),
            principal: fen(row, 4)?,
            amount: fen(row, 5)?,
            cap: policy.filter(|policy| !policy.excludes("double-claim")).map(|policy| policy.subsidised_max),
        })
    };
    rows.iter().map(fact).collect()
}

/// What others bore for the households of the place that have loans.
pub async fn elsewhere(tx: &mut Connection, county: &str, place: &str) -> Result<Vec<ElsewhereFact>, Failure> {
    const SQL: &str = "select e.household, e.department, e.from_on, e.through_on, e.amount_cents \
         from (select distinct household from loan where county = $1 and place = $2) h \
         join subsidy_elsewhere e on e.county = $1 and e.household = h.household order by e.household, e.from_on, e.department";
    let rows = sqlx::query(SQL).bind(county).bind(place).fetch_all(tx).await?;
    let fact = |row: &AnyRow| {
        Ok(ElsewhereFact {
            household: column(row, 0)?,
            department: column(row, 1)?,
            days: (day(row, 2)?, day(row, 3)?),
            amount: fen(row, 4)?,
        })
    };
    rows.iter().map(fact).collect()
}

/// Loans of a place that owe principal and whose bank gives another class than ours.
pub async fn classes(tx: &mut Connection, county: &str, place: &str) -> Result<Vec<ClassFact>, Failure> {
    const SQL: &str = "select s.loan, s.own_class, s.bank_class, s.principal_cents from loan l \
         join loan_standing s on s.county = l.county and s.loan = l.loan where l.county = $1 and l.place = $2 \
         and s.principal_cents > 0 and s.bank_class is not null and s.bank_class <> s.own_class order by s.loan";
    let rows = sqlx::query(SQL).bind(county).bind(place).fetch_all(tx).await?;
    let fact = |row: &AnyRow| {
        let (own, bank) = (parsed(row, 1, RiskClass::parse)?, parsed(row, 2, RiskClass::parse)?);
        Ok(ClassFact { loan: column(row, 0)?, own, bank, principal: fen(row, 3)? })
    };
    rows.iter().map(fact).collect()
}

/// Loans of a place with whose contract an age was kept, because the policy does not let it.
pub async fn ages(tx: &mut Connection, county: &str, place: &str, policies: &[Policy]) -> Result<Vec<AgeFact>, Failure> {
    const SQL: &str = "select l.loan, l.contract, e.content, l.policy from loan l \
         join loan_event e on e.county = l.county and e.loan = l.loan and e.kind = 'contracted' and e.content like '{\"age\":%' \
         where l.county = $1 and l.place = $2 and l.contract is not null and l.state not in ('rejected', 'withdrawn') order by l.loan, e.event_number";
    let mut found = Vec::new();
    for row in sqlx::query(SQL).bind(county).bind(place).fetch_all(tx).await? {
        let contract: Contract = parsed(&row, 1, |text| serde_json::from_str(text).ok())?;
        let age = parsed(&row, 2, |text| serde_json::from_str::<serde_json::Value>(text).ok()?["age"].as_u64())?;
        let Some(policy) = policy_of(&row, 3, policies)? else { continue };
        found.push(AgeFact {
            loan: column(&row, 0)?,
            on: contract.signed_on,
            age: u32::try_from(age).unwrap_or(u32::MAX),
            policy: (policy.policy, policy.age_min, policy.age_max),
            amount: contract.amount,
        });
    }
    Ok(found)
}

/// The loans whose money households of a place have in schemes. Principal that came back names no loan: of a household's
/// loans in a scheme no more is there than it has there.
pub async fn entrusted(tx: &mut Connection, county: &str, place: &str) -> Result<Vec<EntrustedFact>, Failure> {
    const SQL: &str = "select m.loan, m.scheme, min(m.dated_on), cast(sum(m.amount_cents) as bigint), \
         cast((select sum(t.amount_cents) from entrusted_move t where t.county = m.county and t.household = m.household \
         and t.scheme = m.scheme) as bigint), \
         (select s.disbursed_cents from loan_standing s where s.county = m.county and s.loan = m.loan) \
         from household h join entrusted_move m on m.county = h.county and m.household = h.household and m.loan is not null \
         where h.county = $1 and h.place = $2 group by m.county, m.loan, m.scheme, m.household order by m.loan, m.scheme, m.household";
    let mut found: BTreeMap<String, EntrustedFact> = BTreeMap::new();
    for row in sqlx::query(SQL).bind(county).bind(place).fetch_all(tx).await? {
        let (loan, there): (String, Amount) = (column(&row, 0)?, fen(&row, 3)?.min(fen(&row, 4)?));
        if there.is_positive() {
            let lent = column::<Option<i64>>(&row, 5)?.map(Amount::from_fen);
            let fact = found.entry(loan.clone()).or_insert_with(|| EntrustedFact { loan, schemes: Vec::new(), lent });
            fact.schemes.push((column(&row, 1)?, day(&row, 2)?, there));
        }
    }
    Ok(found.into_values().collect())
}
