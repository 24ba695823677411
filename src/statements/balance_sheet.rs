//! 资产负债表: what is owned and owed at the end of a period.
//!
//! Pure.
//!
//! 1. Assets equal liabilities and equity, to the fen; if not, the accounts outside all lines are named.
//! 2. Between closings, income less expense not yet transferred stands in the undistributed line.
//! 3. 待处理财产损溢 that is not cleared stands as a line of its own and is never dropped.

use std::collections::BTreeMap;

use super::evaluate::{Filling, FormStatement};
use super::figures::Figures;
use super::form::{Form, FormId};
use super::{MovementRow, StatementRefusal};
use crate::calendar::AccountingPeriod;
use crate::ledger::{Chart, Regime};

/// The balance sheet at the end of a period, with the year's opening beside it.
/// Refuses rows of another year (S-105), accounts outside the chart (S-104) and a regime without the form (S-101).
pub fn balance_sheet(
    regime: &Regime,
    chart: &Chart,
    rows: &[MovementRow],
    at: AccountingPeriod,
) -> Result<FormStatement, StatementRefusal> {
    by_form(&Form::of(&regime.id, FormId::Balance)?, chart, rows, at)
}

/// The same by a form handed in (a corrected one, read from a file).
pub fn by_form(
    form: &Form,
    chart: &Chart,
    rows: &[MovementRow],
    at: AccountingPeriod,
) -> Result<FormStatement, StatementRefusal> {
    let closing = filled(form, &Figures::at(chart, rows, at)?)?;
    let opening = filled(form, &Figures::opening(chart, rows, at.year())?)?;
    Ok(closing.beside(&opening))
}

fn filled(form: &Form, figures: &Figures) -> Result<FormStatement, StatementRefusal> {
    Filling { figures, others: &[], given: &BTreeMap::new() }.fill(form)
}
