//! What a loan is entitled to: one row of subsidy for each settled row of interest, and why a row gets none.
//!
//! Pure. Formula \[derived\] (domain/loans.md §4): eligible principal × days ÷ base × min(contract rate, policy rate),
//! times the share, rounded once per row, never above the interest charged.

use std::collections::BTreeMap;

use chrono::Months;

use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::parties::household::{Borrower, HouseholdStatus};
use crate::products::microloan::contract::Contract;
use crate::products::microloan::interest_subsidy::{SubsidyPolicy, subsidised_part};
use crate::products::microloan::policy::{Payee, Policy};
use crate::products::microloan::refusal::LoanRefusal;
use crate::products::microloan::timeline::{InterestRow, RowKind, Timeline};

/// A batch's days: rows due from the first through the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub from: BusinessDate,
    /// Last day.
    pub through: BusinessDate,
}

/// What was claimed for a row before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claimed {
    /// Sum of claims, supplements and claw-backs.
    pub amount: Amount,
    /// Why the last row got nothing.
    pub excluded: Option<String>,
    /// Year in which it was approved.
    pub year: i32,
}

/// A row of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubsidyRow {
    /// Day due.
    pub due: BusinessDate,
    /// First interest day.
    pub start: BusinessDate,
    /// `claim`, `supplement` or `clawback`.
    pub kind: &'static str,
    /// Interest days.
    pub days: i64,
    /// What earned.
    pub principal: Amount,
    /// Interest of the row.
    pub interest: Amount,
    /// Subsidy; negative in a claw-back, zero when excluded.
    pub subsidy: Amount,
    /// `S501`, or `S301` for a claw-back of an earlier year.
    pub account: &'static str,
    /// Why it gets nothing.
    pub excluded: Option<String>,
}

/// All that decides a loan's subsidy.
pub struct Case<'a> {
    /// The contract.
    pub contract: &'a Contract,
    /// The policy it was signed under.
    pub policy: &'a Policy,
    /// What that policy bears, by the rates of the signing day.
    pub bears: SubsidyPolicy,
    /// The household.
    pub borrower: &'a Borrower,
    /// The loan through the window's last day.
    pub timeline: &'a Timeline,
    /// What was claimed before, by due day.
    pub claimed: &'a BTreeMap<BusinessDate, Claimed>,
    /// Approved beyond what the fund carries.
    pub is_beyond_fund: bool,
    /// Days for which others have claimed for the household: first and last.
    pub elsewhere: &'a [(BusinessDate, BusinessDate)],
}

/// The rows of a loan in a batch.
pub fn rows(case: &Case<'_>, window: Window, this_year: i32) -> Result<Vec<SubsidyRow>, LoanRefusal> {
    let mut found = Vec::new();
    let mut gone = case.claimed.clone();
    for row in case.timeline.rows.iter().filter(|row| row.kind == RowKind::Interest && row.due <= window.through) {
        let before = gone.remove(&row.due);
        let entitled = case.entitled(row)?;
        found.extend(match before {
            None => Some(case.first(row, entitled, window)),
            Some(before) => case.difference(row, entitled, &before, this_year),
        });
    }
    // Rows that were claimed and are no longer there: repaid earlier than was known.
    for (due, before) in gone.into_iter().filter(|(_, before)| before.amount.is_positive()) {
        let nothing = InterestRow {
            kind: RowKind::Interest,
            start: due,
            due,
            days: 0,
            principal: Amount::ZERO,
            amount: Amount::ZERO,
            stretches: Vec::new(),
        };
        found.push(changed(&nothing, -before.amount, before.year, this_year));
    }
    found.sort_by_key(|row| row.due);
    Ok(found)
}

impl Case<'_> {
    /// Last day (exclusive) that is subsidised.
    fn stops_on(&self, first: BusinessDate) -> BusinessDate {
        let by_months = first + Months::new(self.policy.subsidy_months);
        if self.policy.subsidy_on_extension == "yes" { by_months } else { by_months.min(self.contract.matures_on) }
    }

    /// The subsidy of a row by the numbers alone.
    fn entitled(&self, row: &InterestRow) -> Result<Amount, LoanRefusal> {
        let stops_on = self.timeline.position.disbursed_on.map(|first| self.stops_on(first));
        let bears = SubsidyPolicy { stops_on, ..self.bears };
        Ok(subsidised_part(&row.stretches, self.contract.day_count, &bears, row.due)?.min(row.amount))
    }

    fn first(&self, row: &InterestRow, entitled: Amount, window: Window) -> SubsidyRow {
        let excluded =
            self.lasting_reason(row).or_else(|| self.passing_reason(row, window)).or_else(|| self.term_reason(row, entitled));
        SubsidyRow {
            due: row.due,
            start: row.start,
            kind: if row.due < window.from { "supplement" } else { "claim" },
            days: row.days,
            principal: row.principal,
            interest: row.amount,
            subsidy: if excluded.is_some() { Amount::ZERO } else { entitled },
            account: "S501",
            excluded: excluded.map(str::to_owned),
        }
    }

    /// What a row that was decided before gets or gives back now.
    fn difference(&self, row: &InterestRow, entitled: Amount, before: &Claimed, this_year: i32) -> Option<SubsidyRow> {
        let entitled = if self.lasting_reason(row).is_some() { Amount::ZERO } else { entitled };
        let waits = match before.excluded.as_deref() {
            Some("unpaid") => self.is_unpaid(row),
            Some(_) => true,
            None => false,
        };
        let difference = entitled - before.amount;
        (!waits && !difference.is_zero()).then(|| changed(row, difference, before.year, this_year))
    }

    /// Reasons that stay: the household was never entitled, was removed, has moved away; the fund does not carry the
    /// loan; somebody else has claimed for the same days.
    fn lasting_reason(&self, row: &InterestRow) -> Option<&'static str> {
        let policy = self.policy;
        let admitted = |day: BusinessDate| self.borrower.status_on(day).is_some_and(|status| policy.admits(status));
        let removed = self.borrower.status_on(row.due) == Some(HouseholdStatus::Removed);
        if policy.excludes("ineligible") && (!admitted(self.contract.signed_on) || removed) {
            return Some("ineligible");
        }
        let moved = self.borrower.moved_out_on.is_some_and(|day| day <= row.due);
        if policy.excludes("moved-away") && moved {
            return Some("moved-away");
        }
        if policy.excludes("over-leverage") && self.is_beyond_fund {
            return Some("over-leverage");
        }
        let same = |days: &(BusinessDate, BusinessDate)| is_same_period((row.start, row.due), *days);
        (policy.excludes("double-claim") && self.elsewhere.iter().any(same)).then_some("claimed-elsewhere")
    }

    /// Reasons of the batch's day: not repaid normally, interest not yet paid where the household is refunded.
    fn passing_reason(&self, row: &InterestRow, window: Window) -> Option<&'static str> {
        let overdue = self.timeline.position.overdue_from.is_some_and(|from| from < window.through);
        if self.policy.excludes("overdue") && overdue {
            return Some("overdue");
        }
        (self.policy.subsidy_payee == Payee::Household && self.is_unpaid(row)).then_some("unpaid")
    }

    fn term_reason(&self, row: &InterestRow, entitled: Amount) -> Option<&'static str> {
        (entitled.is_zero() && row.amount.is_positive()).then_some("beyond-term")
    }

    fn is_unpaid(&self, row: &InterestRow) -> bool {
        self.timeline.position.interest_overdue_from.is_some_and(|from| from <= row.due)
    }
}

/// A claim elsewhere is for a row if the row falls due in its days, or its days lie within the row's. A calendar quarter
/// so takes the settlement of the quarter's last month and leaves the next one, of which it shares ten days.
pub fn is_same_period((start, due): (BusinessDate, BusinessDate), (from, through): (BusinessDate, BusinessDate)) -> bool {
    (from <= due && due <= through) || (start <= from && through < due)
}

fn changed(row: &InterestRow, difference: Amount, year: i32, this_year: i32) -> SubsidyRow {
    let gives_back = difference.is_negative();
    SubsidyRow {
        due: row.due,
        start: row.start,
        kind: if gives_back { "clawback" } else { "supplement" },
        days: row.days,
        principal: row.principal,
        interest: row.amount,
        subsidy: difference,
        account: if gives_back && year < this_year { "S301" } else { "S501" },
        excluded: None,
    }
}

/// Reasons for people.
pub fn reason_zh(reason: &str) -> &str {
    match reason {
        "ineligible" => "贷款日不符合条件或已清退",
        "moved-away" => "已迁出",
        "overdue" => "逾期未正常还款",
        "unpaid" => "利息尚未缴纳",
        "beyond-term" => "超出贴息期限",
        "double-claim" => "同户同期重复申报",
        "over-leverage" => "超过风险补偿金放大倍数",
        "claimed-elsewhere" => "同期已由其他部门或银行申报",
        other => other,
    }
}
