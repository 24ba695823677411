//! Papers of contracts: the register with what is late, and the rent schedule of one lease.
//!
//! Pure: facts in, sheets out.
//!
//! 1. Late is what the schedule has due before a day and was not paid by it; its age counts from the day it was due.

use super::facts::{Lease, Receipt, Rent, advance_left};
use super::schedule::planned;
use super::terms::Direction;
use super::warnings::missing;
use crate::calendar::BusinessDate;
use crate::exchange::{Cell, Column, Dress, Sheet};
use crate::money::Amount;
use crate::refusal::Refusal;

/// A lease with its facts.
#[derive(Debug, Clone)]
pub struct Whole {
    /// The lease.
    pub lease: Lease,
    /// Accrued rents.
    pub rents: Vec<Rent>,
    /// Receipts.
    pub receipts: Vec<Receipt>,
    /// Periods whose rent was sent to households.
    pub paid_periods: Vec<i64>,
}

impl Whole {
    /// What is open of a rent: not received, or not sent to the household.
    pub fn open(&self, rent: &Rent) -> Amount {
        match self.lease.terms.direction {
            Direction::Out => rent.missing(),
            Direction::In if self.paid_periods.contains(&rent.period) => Amount::ZERO,
            Direction::In => rent.amount,
        }
    }

    /// What is late on a day, and how many days the oldest is.
    pub fn late(&self, on: BusinessDate) -> Result<(Amount, i64), Refusal> {
        let late: Vec<_> = missing(self)?.into_iter().filter(|missing| missing.due < on).collect();
        let days = late.iter().map(|missing| on.signed_duration_since(missing.due).num_days()).max();
        Ok((late.iter().map(|missing| missing.amount).sum(), days.unwrap_or(0)))
    }
}

/// 租约台账: one row a lease.
pub fn list(leases: &[Whole], on: BusinessDate) -> Result<Sheet, Refusal> {
    let columns = vec![
        Column::id("lease", "租约"),
        Column::id("book", "账套"),
        Column::text("name", "名称"),
        Column::text("kind", "类型"),
        Column::text("direction", "方向"),
        Column::text("thing", "标的"),
        Column::count("parties", "对方户数"),
        Column::text("quantity", "数量"),
        Column::amount("yearly", "年租金(价款)"),
        Column::date("begins_on", "起"),
        Column::date("ends_on", "止"),
        Column::id("relets", "转包自"),
        Column::amount("accrued", "已计提"),
        Column::amount("open", "未收(未付)"),
        Column::amount("advance", "预收余额"),
        Column::amount("late", "逾期"),
        Column::count("late_days", "逾期天数"),
    ];
    let mut sheet = Sheet::new("租约台账", columns).dressed(Dress::list()).subtitle(format!("截至 {on}")).subtitle("金额单位:元");
    for whole in leases {
        let (lease, terms) = (&whole.lease, &whole.lease.terms);
        let (late, days) = whole.late(on)?;
        let advance: Amount = terms.parties.iter().map(|party| advance_left(&party.party, &whole.receipts, &whole.rents)).sum();
        let words: [Cell; 6] = [
            lease.lease.as_str().into(),
            lease.book.0.as_str().into(),
            terms.name.as_str().into(),
            terms.kind.label_zh().into(),
            terms.direction.label_zh().into(),
            terms.thing.label_zh().into(),
        ];
        let yearly: Amount = terms.parties.iter().map(|party| party.yearly).sum();
        let figures: [Cell; 11] = [
            (terms.parties.len() as i64).into(),
            milli(terms.quantity_milli()).into(),
            yearly.into(),
            terms.begins_on.into(),
            lease.ended_on.unwrap_or(terms.ends_on).into(),
            terms.relets.clone().into(),
            whole.rents.iter().map(|rent| rent.amount).sum::<Amount>().into(),
            whole.rents.iter().map(|rent| whole.open(rent)).sum::<Amount>().into(),
            advance.into(),
            late.into(),
            days.into(),
        ];
        sheet.push(words.into_iter().chain(figures).collect());
    }
    Ok(sheet)
}

/// 租金计划表: every period of a lease and party, accrued or to come.
pub fn schedule(whole: &Whole) -> Result<Sheet, Refusal> {
    let columns = vec![
        Column::count("period", "期次"),
        Column::id("party", "对方"),
        Column::date("from", "起"),
        Column::date("to", "止"),
        Column::date("due", "应付日"),
        Column::amount("rent", "租金"),
        Column::amount("settled", "已收(已付)"),
        Column::text("state", "状态"),
    ];
    let terms = &whole.lease.terms;
    let mut sheet =
        Sheet::new("租金计划表", columns).dressed(Dress::list()).subtitle(format!("{} {}", whole.lease.lease, terms.name));
    sheet.subtitle.push("金额单位:元".to_owned());
    let mut total = Amount::ZERO;
    for planned in planned(terms, whole.lease.ended_on)? {
        let period = planned.period;
        for (party, amount) in terms.parties.iter().zip(&planned.rents) {
            let kept = whole.rents.iter().find(|rent| rent.period == period.number && rent.party == party.party);
            let open = kept.map(|rent| whole.open(rent));
            let state = match open {
                None => "未到期",
                Some(open) if open.is_positive() => "应收(应付)",
                Some(_) => "已结清",
            };
            total += *amount;
            sheet.push(vec![
                period.number.into(),
                party.party.as_str().into(),
                period.from.into(),
                period.to.into(),
                period.due.into(),
                (*amount).into(),
                open.map(|open| *amount - open).into(),
                state.into(),
            ]);
        }
    }
    let blank = || Cell::Empty;
    sheet.foot.push(vec!["合计".into(), blank(), blank(), blank(), blank(), total.into()]);
    Ok(sheet)
}

/// Thousandths as people write them: `3.5`.
fn milli(quantity: i64) -> String {
    let text = format!("{}.{:03}", quantity / 1000, quantity % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
