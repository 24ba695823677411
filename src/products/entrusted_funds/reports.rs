//! Papers of entrusted money: every scheme with what is late, and the run-off household by household.
//!
//! Pure: facts in, sheets out. Source: statements.md §4.4; loans.md §6.3.
//!
//! 1. Late is what the operator owes for a period on a day after it was due; its age counts from that day.

use std::collections::BTreeMap;

use chrono::Months;

use super::facts::{Accrued, Move, Scheme};
use super::income::{Period, income};
use super::scheme::Terms;
use crate::calendar::BusinessDate;
use crate::exchange::{Cell, Column, Dress, Sheet};
use crate::money::Amount;
use crate::refusal::Refusal;

/// A scheme with its facts.
#[derive(Debug, Clone)]
pub struct Whole {
    /// Code, state, terms.
    pub scheme: Scheme,
    /// Changes of principal.
    pub moves: Vec<Move>,
    /// Accrued periods.
    pub periods: Vec<Accrued>,
}

impl Whole {
    fn principal(&self) -> Amount {
        self.moves.iter().map(|moved| moved.amount).sum()
    }

    /// What the operator owes for periods due before a day, and how many days the oldest is late.
    pub fn late(&self, on: BusinessDate) -> (Amount, i64) {
        let late = self.periods.iter().filter(|period| period.due < on && period.missing().is_positive());
        let days = late.clone().map(|period| on.signed_duration_since(period.due).num_days()).max();
        (late.map(Accrued::missing).sum(), days.unwrap_or(0))
    }
}

/// 委托经营 behind a loan: who runs it, and what a year of it gives the household. `None` where nothing was handed over.
pub fn of_loan(schemes: &[(Scheme, Amount)]) -> Result<Option<Sheet>, Refusal> {
    let columns = vec![
        Column::id("scheme", "方案"),
        Column::text("name", "名称"),
        Column::id("operator", "经营主体"),
        Column::id("company_book", "农投公司账套"),
        Column::amount("principal", "委托本金"),
        Column::text("rate", "农户年收益率(%)"),
        Column::amount("income", "每年应得收益"),
        Column::date("ends_on", "到期日"),
        Column::id("document", "合同编号"),
    ];
    let mut sheet = Sheet::new("委托经营", columns);
    for (scheme, principal) in schemes {
        let terms = &scheme.terms;
        let company = terms.company_book.as_ref().map(ToString::to_string);
        let income = a_years_income(terms, *principal)?;
        sheet.push(vec![
            scheme.scheme.as_str().into(),
            terms.name.as_str().into(),
            terms.operator.as_str().into(),
            company.into(),
            (*principal).into(),
            terms.rate.percent_text().into(),
            income.into(),
            terms.ends_on.into(),
            terms.document.as_str().into(),
        ]);
    }
    Ok((!schemes.is_empty()).then_some(sheet))
}

/// What a principal earns in the first year of the contract.
fn a_years_income(terms: &Terms, principal: Amount) -> Result<Amount, Refusal> {
    let to = terms.begins_on.checked_add_months(Months::new(12)).unwrap_or(terms.ends_on);
    let year = Period { number: 1, from: terms.begins_on, to, due: to };
    income(&[(terms.begins_on, principal)], terms.rate, terms.day_count, year)
}

/// 委托资金台账: one row a scheme.
pub fn list(schemes: &[Whole], on: BusinessDate) -> Sheet {
    let columns = vec![
        Column::id("scheme", "方案"),
        Column::text("name", "名称"),
        Column::text("source", "资金来源"),
        Column::text("form", "性质"),
        Column::id("operator", "经营主体"),
        Column::text("rate", "年收益率"),
        Column::date("ends_on", "到期日"),
        Column::text("state", "状态"),
        Column::count("households", "户数"),
        Column::amount("principal", "委托余额"),
        Column::amount("accrued", "应付收益累计"),
        Column::amount("received", "已收收益累计"),
        Column::amount("late", "逾期收益"),
        Column::count("late_days", "逾期天数"),
    ];
    let mut sheet =
        Sheet::new("委托资金台账", columns).dressed(Dress::list()).subtitle(format!("截至 {on}")).subtitle("金额单位:元");
    for whole in schemes {
        let terms = &whole.scheme.terms;
        let (late, days) = whole.late(on);
        let households = by_household(&whole.moves).values().filter(|amount| amount.is_positive()).count();
        let state = match whole.scheme.state.as_str() {
            "insolvent" => "经营主体资不抵债",
            "ended" => "已终止",
            _ => "履行中",
        };
        sheet.push(vec![
            whole.scheme.scheme.as_str().into(),
            terms.name.as_str().into(),
            terms.source.label_zh().into(),
            terms.form.label_zh().into(),
            terms.operator.as_str().into(),
            terms.rate.to_string().into(),
            terms.ends_on.into(),
            state.into(),
            (households as i64).into(),
            whole.principal().into(),
            whole.periods.iter().map(|period| period.operator).sum::<Amount>().into(),
            whole.periods.iter().map(|period| period.received).sum::<Amount>().into(),
            Cell::amount_or_blank(late),
            days.into(),
        ]);
    }
    sheet
}

fn by_household(moves: &[Move]) -> BTreeMap<&str, Amount> {
    let mut sums: BTreeMap<&str, Amount> = BTreeMap::new();
    for moved in moves {
        *sums.entry(&moved.household).or_default() += moved.amount;
    }
    sums
}

/// 存量清退表: every household with money still entrusted, when it is due, and whether its loan matures first.
pub fn run_off(schemes: &[Whole], on: BusinessDate) -> Sheet {
    let columns = vec![
        Column::id("scheme", "方案"),
        Column::id("household", "户编号"),
        Column::amount("principal", "委托余额"),
        Column::id("loan", "贷款"),
        Column::date("loan_matures_on", "贷款到期日"),
        Column::date("ends_on", "委托到期日"),
        Column::text("warning", "提示"),
    ];
    let mut sheet = Sheet::new("委托经营存量清退表", columns).dressed(Dress::list()).subtitle(format!("截至 {on}"));
    for whole in schemes {
        let ends_on = whole.scheme.terms.ends_on;
        for (household, principal) in by_household(&whole.moves).into_iter().filter(|(_, amount)| amount.is_positive()) {
            let loans = whole.moves.iter().filter(|moved| moved.household == household && moved.loan.is_some());
            let matures = loans.clone().filter_map(|moved| moved.loan_matures_on).min();
            let warning = match matures {
                _ if whole.scheme.state == "insolvent" => "经营主体资不抵债",
                Some(matures) if matures < on => "贷款已到期,本金未归还",
                Some(matures) if matures <= ends_on && matures.signed_duration_since(on).num_days() <= 90 => "贷款 90 日内到期",
                Some(matures) if matures < ends_on => "贷款先于委托到期",
                _ => "",
            };
            let loan = loans.filter_map(|moved| moved.loan.clone()).next();
            let row = vec![whole.scheme.scheme.as_str().into(), household.into(), principal.into(), loan.into()];
            sheet.push(row.into_iter().chain([matures.into(), ends_on.into(), warning.into()]).collect());
        }
    }
    sheet.foot.push(vec!["合计".into(), Cell::Empty, schemes.iter().map(Whole::principal).sum::<Amount>().into()]);
    sheet
}
