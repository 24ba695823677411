//! The register of loans as a comparison with a bank's list reads it.

use sqlx::any::AnyRow;

use crate::controls::reconciliation::loan_list::RegisterRow;
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::money::Amount;
use crate::products::microloan::classification::RiskClass;
use crate::products::microloan::state::LoanState;

/// The loans of a bank that were paid out, by number.
pub async fn register_rows(tx: &mut Connection, county: &str, bank: &str) -> Result<Vec<RegisterRow>, Failure> {
    const SQL: &str = "select s.loan, l.contract_number, l.borrower, s.principal_cents, s.interest_cents + s.penalty_cents, s.rate_ppm, \
         s.day_count, s.disbursed_on, s.matures_on, s.row_from_on, s.overdue_cents, s.overdue_from_on, s.state, s.own_class, s.bank_class \
         from loan_standing s join loan l on l.county = s.county and l.loan = s.loan where s.county = $1 and s.bank = $2 order by s.loan";
    let rows = sqlx::query(SQL).bind(county).bind(bank).fetch_all(tx).await?;
    rows.iter().map(register_row).collect()
}

fn register_row(row: &AnyRow) -> Result<RegisterRow, Failure> {
    let day = |index: usize| parsed(row, index, |text| text.parse().ok());
    let since: Option<String> = column(row, 11)?;
    let overdue = Amount::from_fen(column(row, 10)?);
    let own = parsed(row, 13, RiskClass::parse)?;
    let bank = column::<Option<String>>(row, 14)?.and_then(|class| RiskClass::parse(&class));
    Ok(RegisterRow {
        loan: column(row, 0)?,
        contract: column::<Option<String>>(row, 1)?.unwrap_or_default(),
        borrower: column(row, 2)?,
        principal: Amount::from_fen(column(row, 3)?),
        interest_owed: Amount::from_fen(column(row, 4)?),
        rate_ppm: column(row, 5)?,
        day_base: if column::<String>(row, 6)?.contains("365") { 365 } else { 360 },
        starts_on: day(7)?,
        matures_on: day(8)?,
        row_from: day(9)?,
        overdue: since.and_then(|text| text.parse().ok()).map(|since| (overdue, since)),
        status: parsed(row, 12, LoanState::parse)?.label_zh().to_owned(),
        class: bank.unwrap_or(own).label_zh().to_owned(),
    })
}
