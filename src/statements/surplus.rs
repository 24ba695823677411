//! 收益及收益分配表 (village), 盈余及盈余分配表 (cooperative), 利润表 (company), 收支表 (funds): the year's result and where it went.
//!
//! Pure.
//!
//! 1. Income and expense are ordinary movements of the year; closing transfers never enter.
//! 2. What is left undistributed equals the balance sheet's line.
//! 3. The result equals what was transferred to distribution plus what still waits for its transfer.

use std::collections::BTreeMap;

use super::balance_sheet::balance_sheet;
use super::evaluate::{Filling, FormStatement, drop_empty};
use super::figures::Figures;
use super::form::{Form, FormId};
use super::{MovementRow, StatementRefusal};
use crate::calendar::AccountingPeriod;
use crate::ledger::{Chart, Regime};

/// The statement of the year through a period. `last_year` fills the column 上年金额 where it is of the same regime
/// (after a change of regime the column stays empty, as the transition rules allow).
/// Refuses as [`balance_sheet`] does.
pub fn surplus(
    regime: &Regime,
    chart: &Chart,
    rows: &[MovementRow],
    at: AccountingPeriod,
    last_year: Option<&FormStatement>,
) -> Result<FormStatement, StatementRefusal> {
    let form = Form::of(&regime.id, FormId::Surplus)?;
    let balance = balance_sheet(regime, chart, rows, at)?;
    let figures = Figures::at(chart, rows, at)?;
    let this_year = Filling { figures: &figures, others: &[&balance], given: &BTreeMap::new() }.fill(&form)?;
    Ok(match last_year {
        Some(last_year) => this_year.beside(last_year),
        None => drop_empty(this_year),
    })
}
