//! The register of loans as a comparison with a bank's list reads it: as it was on the day of the list.

use sqlx::any::AnyRow;

use crate::calendar::BusinessDate;
use crate::controls::reconciliation::loan_list::RegisterRow;
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::money::Amount;
use crate::products::microloan::classification::RiskClass;
use crate::products::microloan::state::LoanState;
use crate::products::microloan::store::{self as register, heads};
use crate::products::microloan::timeline::{Position, timeline};

/// Loans derived from their facts at a time.
const CHUNK: usize = 1_000;

/// The loans of a bank that were paid out by a day, by number, as they stood on it. What was recorded or settled for later
/// days does not count, so that the same list gives the same answer whenever it is compared.
pub async fn register_rows(tx: &mut Connection, county: &str, bank: &str, on: BusinessDate) -> Result<Vec<RegisterRow>, Failure> {
    const SQL: &str = "select s.loan, l.contract_number, l.borrower, s.principal_cents, s.interest_cents + s.penalty_cents, s.rate_ppm, \
         s.day_count, s.disbursed_on, s.matures_on, s.row_from_on, s.overdue_cents, s.overdue_from_on, s.state, \
         s.bank_class, case when s.row_from_on > $3 or exists (select 1 from loan_event e where e.county = s.county \
         and e.loan = s.loan and e.happened_on > $3) then 1 else 0 end, s.written_off_cents \
         from loan_standing s join loan l on l.county = s.county and l.loan = s.loan \
         where s.county = $1 and s.bank = $2 and s.disbursed_on <= $3 order by s.loan";
    let rows = sqlx::query(SQL).bind(county).bind(bank).bind(on.to_string()).fetch_all(&mut *tx).await?;
    let mut found = Vec::with_capacity(rows.len());
    let mut later = Vec::new();
    for row in &rows {
        if column::<i64>(row, 14)? == 1 {
            later.push(found.len());
        }
        found.push(register_row(row, on)?);
    }
    for part in later.chunks(CHUNK) {
        as_of(tx, county, &mut found, part, on).await?;
    }
    Ok(found)
}

fn register_row(row: &AnyRow, on: BusinessDate) -> Result<RegisterRow, Failure> {
    let day = |index: usize| parsed(row, index, |text| text.parse().ok());
    let since: Option<String> = column(row, 11)?;
    let overdue = Amount::from_fen(column(row, 10)?);
    let since: Option<BusinessDate> = since.and_then(|text| text.parse().ok());
    // State and class follow the day, whenever classification ran last.
    let days = since.map_or(0, |since| (on - since).num_days().max(0));
    let state = parsed(row, 12, LoanState::parse)?;
    let is_late = days > 0 && matches!(state, LoanState::Disbursed | LoanState::Extended);
    let state = if is_late { LoanState::Overdue } else { state };
    let own = RiskClass::by_days(days, column::<i64>(row, 15)? > 0);
    let bank = column::<Option<String>>(row, 13)?.and_then(|class| RiskClass::parse(&class));
    Ok(RegisterRow {
        loan: column(row, 0)?,
        contract: column::<Option<String>>(row, 1)?.unwrap_or_default(),
        borrower: column(row, 2)?,
        principal: Amount::from_fen(column(row, 3)?),
        interest_owed: Amount::from_fen(column(row, 4)?),
        settled_that_day: None,
        rate_ppm: column(row, 5)?,
        day_base: if column::<String>(row, 6)?.contains("365") { 365 } else { 360 },
        starts_on: day(7)?,
        matures_on: day(8)?,
        row_from: day(9)?,
        overdue: since.map(|since| (overdue, since)),
        status: state.label_zh().to_owned(),
        bank_class: bank.map(|class| class.label_zh().to_owned()),
        class: own.label_zh().to_owned(),
    })
}

/// Puts loans whose register has gone on back to the day, from their facts.
async fn as_of(
    tx: &mut Connection,
    county: &str,
    rows: &mut [RegisterRow],
    which: &[usize],
    on: BusinessDate,
) -> Result<(), Failure> {
    let keys = register::keys(which.iter().map(|at| rows[*at].loan.as_str()));
    let mut facts = register::facts(tx, county, &keys).await?;
    let heads = heads::heads(tx, county, &keys).await?;
    for at in which {
        let row = &mut rows[*at];
        let Some(contract) = heads.iter().find(|head| head.loan == row.loan).and_then(|head| head.contract.as_ref()) else {
            continue;
        };
        let mut facts = facts.remove(&row.loan).unwrap_or_default();
        facts.retain(|fact| fact.on <= on);
        let day_after = on.succ_opt().unwrap_or(on);
        let at = |through| timeline(&row.loan, contract, &facts, through).map(|line| line.position);
        if let (Ok(then), Ok(settled)) = (at(on), at(day_after)) {
            let is_settled = row.row_from > on;
            back(row, &then);
            row.settled_that_day = is_settled.then(|| settled.interest_owed + settled.penalty_owed);
        }
    }
    Ok(())
}

fn back(row: &mut RegisterRow, then: &Position) {
    row.principal = then.principal;
    row.interest_owed = then.interest_owed + then.penalty_owed;
    row.rate_ppm = then.rate.ppm().unwrap_or(row.rate_ppm);
    row.matures_on = then.matures_on;
    row.row_from = then.row_from;
    row.overdue = then.overdue_from.map(|since| (then.overdue_principal, since));
    then.state.label_zh().clone_into(&mut row.status);
    let class = RiskClass::by_days(then.days_past_due(), then.written_off.is_positive());
    class.label_zh().clone_into(&mut row.class);
}
