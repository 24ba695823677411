//! The repayment schedule: one row per due date, interest rounded once in each.
//!
//! Pure.
//!
//! 1. Rows adjoin: the next starts on the day the last fell due, with its closing balance.
//! 2. All principal, early and due, adds up to the principal disbursed; the last row closes at zero.
//! 3. The day of an early repayment earns no interest on the part repaid; interest on that part
//!    is settled with its row. A loan repaid in full ends there (利随本清); on the day a row falls due, with that row.

use chrono::Days;
use rust_decimal::Decimal;
use serde::Serialize;

use super::accrual::{Stretch, interest};
use super::terms::{EarlyRepayment, LoanTerms, RepaymentMethod, TermsRefusal};
use crate::calendar::BusinessDate;
use crate::money::rounding::{round_half_up_to_fen, to_yuan};
use crate::money::{Amount, Rate};

/// One due date of a loan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScheduleRow {
    /// Number from 1.
    pub n: usize,
    /// First interest day.
    pub start: BusinessDate,
    /// Last interest day.
    pub interest_through: BusinessDate,
    /// Day on which interest and principal are due.
    pub due: BusinessDate,
    /// Interest days.
    pub days: i64,
    /// Principal owed at the start.
    pub opening: Amount,
    /// Principal repaid before it was due.
    pub principal_repaid_early: Amount,
    /// Principal due.
    pub principal_due: Amount,
    /// Interest due, rounded once.
    pub interest: Amount,
    /// Principal owed afterwards.
    pub closing: Amount,
}

/// A row with the stretches its interest comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Period {
    pub row: ScheduleRow,
    pub stretches: Vec<Stretch>,
}

/// The schedule of a loan. Refuses terms from which none follows.
pub fn schedule(terms: &LoanTerms) -> Result<Vec<ScheduleRow>, TermsRefusal> {
    Ok(periods(terms)?.into_iter().map(|period| period.row).collect())
}

/// The interest of all rows.
pub fn total_interest(rows: &[ScheduleRow]) -> Amount {
    rows.iter().map(|row| row.interest).sum()
}

/// The schedule with the stretches beneath it.
pub(super) fn periods(terms: &LoanTerms) -> Result<Vec<Period>, TermsRefusal> {
    terms.check()?;
    let mut repayments = terms.early_repayments.clone();
    repayments.sort_by_key(|repayment| repayment.on);
    let dues = terms.due_dates();
    let mut plan = PrincipalPlan::new(terms, dues.len())?;
    let (mut periods, mut start, mut balance) = (Vec::with_capacity(dues.len()), terms.disbursed_on, terms.principal);
    for (at, due) in dues.iter().copied().enumerate() {
        let within: Vec<_> = repayments.iter().filter(|r| start <= r.on && r.on < due).copied().collect();
        let mut period = period(terms, start, due, balance, &within)?;
        if let Some(last) = periods.last_mut().filter(|_| period.row.due == start) {
            repay_the_rest(last, &period.row);
            balance = Amount::ZERO;
            break;
        }
        period.row.n = at + 1;
        period.row.principal_due = plan.due(&period.row, terms.rate_on(start), dues.len() - at)?;
        period.row.closing -= period.row.principal_due;
        (start, balance) = (period.row.due, period.row.closing);
        periods.push(period);
        if balance.is_zero() {
            break;
        }
    }
    match repayments.iter().find(|repayment| balance.is_zero() && repayment.on > start) {
        Some(late) => Err(TermsRefusal::RepaidTooMuch { on: late.on, owed: Amount::ZERO }),
        None => Ok(periods),
    }
}

/// The principal was repaid in full on the day a row fell due: it is repaid with that row, none of no days follows.
fn repay_the_rest(period: &mut Period, rest: &ScheduleRow) {
    period.row.principal_repaid_early += rest.principal_repaid_early;
    period.row.closing = rest.closing;
}

/// One row before its due principal is known: interest by stretches of even balance and rate.
fn period(
    terms: &LoanTerms,
    start: BusinessDate,
    due: BusinessDate,
    opening: Amount,
    repayments: &[EarlyRepayment],
) -> Result<Period, TermsRefusal> {
    let (mut balance, mut due) = (opening, due);
    for repayment in repayments {
        let (on, owed) = (repayment.on, balance);
        balance = balance
            .checked_sub(repayment.amount)
            .filter(|left| !left.is_negative())
            .ok_or(TermsRefusal::RepaidTooMuch { on, owed })?;
        if balance.is_zero() {
            due = on;
        }
    }
    let stretches = stretches(terms, start, due, opening, repayments);
    let row = ScheduleRow {
        n: 0,
        start,
        interest_through: due - Days::new(1),
        due,
        days: terms.day_count.days(start, due),
        opening,
        principal_repaid_early: opening - balance,
        principal_due: Amount::ZERO,
        interest: interest(&stretches, terms.day_count)?,
        closing: balance,
    };
    Ok(Period { row, stretches })
}

/// Cuts a row's days where the balance or the rate changes.
fn stretches(
    terms: &LoanTerms,
    start: BusinessDate,
    due: BusinessDate,
    opening: Amount,
    repayments: &[EarlyRepayment],
) -> Vec<Stretch> {
    let changes = terms.rate_steps.iter().map(|step| step.from).chain(repayments.iter().map(|repayment| repayment.on));
    let mut cuts: Vec<BusinessDate> = changes.filter(|day| start < *day && *day < due).chain([start, due]).collect();
    cuts.sort();
    cuts.dedup();
    let repaid_by = |day| repayments.iter().filter(|r| r.on <= day).map(|r| r.amount).sum::<Amount>();
    let stretch = |pair: &[BusinessDate]| Stretch {
        start: pair[0],
        before: pair[1],
        balance: opening - repaid_by(pair[0]),
        rate: terms.rate_on(pair[0]),
    };
    cuts.windows(2).map(stretch).collect()
}

/// How much principal each row asks for.
pub(super) struct PrincipalPlan {
    method: RepaymentMethod,
    /// Equal principal, or the instalment at `rate`.
    even: Amount,
    rate: Rate,
}

impl PrincipalPlan {
    pub(super) fn new(terms: &LoanTerms, rows: usize) -> Result<PrincipalPlan, TermsRefusal> {
        let rate = terms.rate_on(terms.disbursed_on);
        let even = match terms.method {
            RepaymentMethod::InterestOnly => Amount::ZERO,
            RepaymentMethod::EqualPrincipal => even_share(terms.principal, rows)?,
            RepaymentMethod::EqualInstalment => instalment(terms.principal, rate, rows)?,
        };
        Ok(PrincipalPlan { method: terms.method, even, rate })
    }

    /// The principal due with a row, `rows_left` of them still to come (this one counted). The
    /// last row takes whatever is owed; a new rate sets the instalment anew.
    pub(super) fn due(&mut self, row: &ScheduleRow, rate: Rate, rows_left: usize) -> Result<Amount, TermsRefusal> {
        let owed = row.closing;
        if self.method == RepaymentMethod::EqualInstalment && rate != self.rate {
            (self.even, self.rate) = (instalment(row.opening, rate, rows_left)?, rate);
        }
        let planned = match self.method {
            _ if rows_left == 1 => owed,
            RepaymentMethod::InterestOnly => Amount::ZERO,
            RepaymentMethod::EqualPrincipal => self.even,
            RepaymentMethod::EqualInstalment => self.even - row.interest,
        };
        Ok(planned.min(owed).max(Amount::ZERO))
    }
}

/// The principal over the rows, rounded to the fen.
fn even_share(principal: Amount, rows: usize) -> Result<Amount, TermsRefusal> {
    let share = to_yuan(principal).checked_div(Decimal::from(rows));
    share.and_then(|share| round_half_up_to_fen(share).ok()).ok_or(TermsRefusal::TooLargeToCount)
}

/// The equal instalment `P·r·(1+r)ⁿ ÷ ((1+r)ⁿ − 1)` with a twelfth of the yearly rate, rounded to
/// the fen. The power is kept to 28 digits.
fn instalment(principal: Amount, rate: Rate, rows: usize) -> Result<Amount, TermsRefusal> {
    if rate.is_zero() {
        return even_share(principal, rows);
    }
    let counted = || {
        let monthly = rate.fraction().checked_div(Decimal::from(12))?;
        let grown = (0..rows).try_fold(Decimal::ONE, |grown, _| grown.checked_mul(Decimal::ONE + monthly))?;
        let factor = monthly.checked_mul(grown.checked_div(grown.checked_sub(Decimal::ONE)?)?)?;
        round_half_up_to_fen(to_yuan(principal).checked_mul(factor)?).ok()
    };
    counted().ok_or(TermsRefusal::TooLargeToCount)
}
