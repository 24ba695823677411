//! The bank's loan list against our register, loan by loan, with the difference explained where arithmetic can.
//!
//! Pure.
//!
//! 1. Every loan of either list is named exactly once, by contract number (or our loan number).
//! 2. An explanation is given only if it accounts for the difference to the fen (rounding: to two fen).
//! 3. The result stands in the order of contracts, whatever the order of the lists.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::BusinessDate;
use crate::exchange::loan_list_in::BankListRow;
use crate::exchange::{Cell, Column, Dress, Sheet};
use crate::money::Amount;

/// A loan as our register has it on the day of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterRow {
    /// 借据号
    pub loan: String,
    /// 合同号; blank if none is recorded.
    pub contract: String,
    /// 借款人
    pub borrower: String,
    /// Principal owed.
    pub principal: Amount,
    /// Interest settled and not paid.
    pub interest_owed: Amount,
    /// The same with what is settled on the day of the list itself, where the register has settled it: a bank may list it
    /// already or not yet.
    pub settled_that_day: Option<Amount>,
    /// Rate a year, parts per million.
    pub rate_ppm: i64,
    /// Days of the year the contract counts: 360 or 365.
    pub day_base: i64,
    /// Paid out on.
    pub starts_on: BusinessDate,
    /// Matures on.
    pub matures_on: BusinessDate,
    /// First day interest is not settled for.
    pub row_from: BusinessDate,
    /// Principal past due, and since when.
    pub overdue: Option<(Amount, BusinessDate)>,
    /// Status in words: 正常, 逾期, 已结清 …
    pub status: String,
    /// Our class in words: 正常, 关注 …
    pub class: String,
    /// The class the bank gave, where it is recorded; it stands before ours.
    pub bank_class: Option<String>,
}

/// What a comparison says of one loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// Everything agrees.
    Matched,
    /// 本金 or 欠息 differs.
    AmountDiffers,
    /// Dates or rate differ.
    TermsDiffer,
    /// Status or class differs.
    StatusDiffers,
    /// Only our register has it.
    OnlyOurs,
    /// Only the bank has it.
    OnlyBank,
}

impl Finding {
    /// As users read it.
    pub const fn label_zh(self) -> &'static str {
        match self {
            Finding::Matched => "✓ 相符",
            Finding::AmountDiffers => "✕ 金额不符",
            Finding::TermsDiffer => "✕ 日期或利率不符",
            Finding::StatusDiffers => "△ 状态或分类不符",
            Finding::OnlyOurs => "✕ 仅我方有",
            Finding::OnlyBank => "✕ 仅银行有",
        }
    }
}

/// One loan's comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Contract (or loan) number.
    pub contract: String,
    /// 借款人
    pub borrower: String,
    /// The gravest finding.
    pub finding: Finding,
    /// Our principal and the bank's.
    pub principal: (Option<Amount>, Option<Amount>),
    /// Our interest owed and the bank's.
    pub interest: (Option<Amount>, Option<Amount>),
    /// What differs, in words.
    pub differences: Vec<String>,
    /// What accounts for it, in words; blank if nothing does.
    pub explanation: String,
    /// The act that would correct our register, as a command; blank if none is proposed.
    pub correction: String,
}

/// Compares the lists as of a day.
pub fn compare(ours: &[RegisterRow], banks: &[BankListRow], on: BusinessDate) -> Vec<Comparison> {
    let mut by_contract: BTreeMap<&str, (Option<&RegisterRow>, Option<&BankListRow>)> = BTreeMap::new();
    let by_loan: BTreeMap<&str, &RegisterRow> = ours.iter().map(|row| (row.loan.as_str(), row)).collect();
    for row in ours {
        by_contract.entry(number(row)).or_default().0 = Some(row);
    }
    for row in banks {
        // A list may show our loan number instead of the contract's.
        let key = by_loan.get(row.contract.as_str()).map_or(row.contract.as_str(), |ours| number(ours));
        by_contract.entry(key).or_default().1 = Some(row);
    }
    by_contract.into_iter().filter_map(|(contract, pair)| one(contract, pair, on)).collect()
}

fn number(row: &RegisterRow) -> &str {
    if row.contract.is_empty() { &row.loan } else { &row.contract }
}

fn one(contract: &str, pair: (Option<&RegisterRow>, Option<&BankListRow>), on: BusinessDate) -> Option<Comparison> {
    let empty = |finding: Finding, borrower: &str| Comparison {
        contract: contract.to_owned(),
        borrower: borrower.to_owned(),
        finding,
        principal: (None, None),
        interest: (None, None),
        differences: Vec::new(),
        explanation: String::new(),
        correction: String::new(),
    };
    match pair {
        // A loan repaid on both sides need not stand on the bank's list.
        (Some(ours), None) if ours.principal.is_zero() && ours.interest_owed.is_zero() => None,
        (Some(ours), None) => {
            Some(Comparison { principal: (Some(ours.principal), None), ..empty(Finding::OnlyOurs, &ours.borrower) })
        }
        (None, Some(bank)) => {
            Some(Comparison { principal: (None, Some(bank.principal)), ..empty(Finding::OnlyBank, &bank.borrower) })
        }
        (Some(ours), Some(bank)) => Some(both(empty(Finding::Matched, &ours.borrower), ours, bank, on)),
        (None, None) => None,
    }
}

fn both(mut comparison: Comparison, ours: &RegisterRow, bank: &BankListRow, on: BusinessDate) -> Comparison {
    let ours = &as_listed(ours, bank);
    comparison.principal = (Some(ours.principal), Some(bank.principal));
    comparison.interest = (Some(ours.interest_owed), bank.interest_owed);
    let mut found = Vec::new();
    let mut differs = |finding: Finding, differs: bool, words: String| {
        if differs {
            found.push(finding);
            comparison.differences.push(words);
        }
    };
    differs(
        Finding::AmountDiffers,
        ours.principal != bank.principal,
        format!("本金:我方 {} 银行 {}", ours.principal, bank.principal),
    );
    if let Some(interest) = bank.interest_owed {
        differs(
            Finding::AmountDiffers,
            interest != ours.interest_owed,
            format!("欠息:我方 {} 银行 {interest}", ours.interest_owed),
        );
    }
    if let Some(rate) = bank.rate {
        differs(
            Finding::TermsDiffer,
            rate.ppm().ok() != Some(ours.rate_ppm),
            format!("利率:我方 {} 银行 {rate}", ppm(ours.rate_ppm)),
        );
    }
    for (label, mine, theirs) in [("放款日", ours.starts_on, bank.starts_on), ("到期日", ours.matures_on, bank.matures_on)]
    {
        if let Some(theirs) = theirs {
            differs(Finding::TermsDiffer, mine != theirs, format!("{label}:我方 {mine} 银行 {theirs}"));
        }
    }
    for (label, mine, theirs) in [("状态", &ours.status, &bank.status), ("五级分类", &ours.class, &bank.class)] {
        if let Some(theirs) = theirs {
            differs(Finding::StatusDiffers, mine != theirs, format!("{label}:我方 {mine} 银行 {theirs}"));
        }
    }
    comparison.finding = found.into_iter().min().unwrap_or(Finding::Matched);
    (comparison.explanation, comparison.correction) = explained(ours, bank, on);
    comparison
}

/// Our row with its interest as the bank lists it, where it is settled on the very day; with the bank's class where
/// recorded; an extended loan that is not late is 正常 in the words of banks that do not name extensions.
fn as_listed(ours: &RegisterRow, bank: &BankListRow) -> RegisterRow {
    let settled = ours.settled_that_day.filter(|settled| bank.interest_owed == Some(*settled));
    let class = ours.bank_class.as_ref().unwrap_or(&ours.class).clone();
    let performs = bank.status.as_deref() == Some("正常") && ours.status == "已展期";
    let status = if performs { "正常".to_owned() } else { ours.status.clone() };
    RegisterRow { interest_owed: settled.unwrap_or(ours.interest_owed), class, status, ..ours.clone() }
}

fn ppm(rate: i64) -> String {
    format!("{}.{:02}%", rate / 10_000, rate % 10_000 / 100)
}

/// What accounts for a difference of amounts, and what would correct our register.
fn explained(ours: &RegisterRow, bank: &BankListRow, on: BusinessDate) -> (String, String) {
    let loan = &ours.loan;
    let paid = ours.principal.checked_sub(bank.principal).unwrap_or_default();
    if paid.is_positive() {
        return (format!("银行已收本金 {paid},登记簿没有记"), format!("loan repay {loan} --on {on} --amount {paid}"));
    }
    if paid.is_negative() {
        return (format!("登记簿多记还款或少记放款 {}", -paid), String::new());
    }
    let Some(theirs) = bank.interest_owed else { return terms(ours, bank, on) };
    let more = theirs.checked_sub(ours.interest_owed).unwrap_or_default();
    if more.is_zero() {
        return terms(ours, bank, on);
    }
    if more.fen().abs() <= 2 {
        return ("四舍五入之差".to_owned(), String::new());
    }
    if let Some((from, due)) = missed_settlement(ours, more, on) {
        return (
            format!("漏结息:{from} 至 {due} 的利息 {more} 没有结"),
            format!("settle run --date {}", due.pred_opt().unwrap_or(due)),
        );
    }
    if let Some(words) = penalty(ours, more, on) {
        return (words, String::new());
    }
    if let Some(words) = wrong_day_count(ours, more) {
        return (words, String::new());
    }
    if theirs.is_zero() && ours.interest_owed.is_positive() {
        let paid = ours.interest_owed;
        return (format!("银行已收利息 {paid},登记簿没有记"), format!("loan repay {loan} --on {on} --amount {paid} --interest"));
    }
    (String::new(), String::new())
}

/// What would bring our terms to the bank's: a rate from the list's day, an extension agreed before maturity.
fn terms(ours: &RegisterRow, bank: &BankListRow, on: BusinessDate) -> (String, String) {
    let loan = &ours.loan;
    if let Some(rate) = bank.rate.filter(|rate| rate.ppm().ok() != Some(ours.rate_ppm)) {
        let words = "合同利率与银行执行利率不同,核对合同和利率调整通知".to_owned();
        return (words, format!("loan rate {loan} --on {on} --rate {}", rate.to_string().trim_end_matches('%')));
    }
    match bank.matures_on.filter(|theirs| *theirs > ours.matures_on && on < ours.matures_on) {
        Some(to) => ("银行已办展期,登记簿没有记".to_owned(), format!("loan extend {loan} --on {on} --to {to}")),
        None => class_only(ours, bank),
    }
}

fn class_only(ours: &RegisterRow, bank: &BankListRow) -> (String, String) {
    match &bank.class {
        Some(class) if *class != ours.class => {
            ("分类以银行为准登记,差异作为预警".to_owned(), format!("loan classify --loan {} --bank-class {class}", ours.loan))
        }
        _ => (String::new(), String::new()),
    }
}

/// `principal × rate × days ÷ base`, half up to the fen.
fn interest(principal: Amount, rate_ppm: i64, days: i64, base: i64) -> Option<Amount> {
    let product = i128::from(principal.fen()).checked_mul(i128::from(rate_ppm))?.checked_mul(i128::from(days))?;
    let divisor = i128::from(base) * 1_000_000;
    i64::try_from((product * 2 + divisor).div_euclid(divisor * 2)).ok().map(Amount::from_fen)
}

/// A settlement date (the 21st of a month) up to which the difference is our unsettled interest.
fn missed_settlement(ours: &RegisterRow, more: Amount, on: BusinessDate) -> Option<(BusinessDate, BusinessDate)> {
    use chrono::Datelike;
    let first = ours.row_from.with_day(21)?;
    let dues = (0..120).filter_map(|months| first.checked_add_months(chrono::Months::new(months)));
    let mut dues = dues.take_while(|due| *due <= on.succ_opt().unwrap_or(on)).filter(|due| *due > ours.row_from);
    dues.find(|due| interest(ours.principal, ours.rate_ppm, (*due - ours.row_from).num_days(), ours.day_base) == Some(more))
        .map(|due| (ours.row_from, due))
}

/// Penalty on what is past due: 30 % to 50 % over the contract rate, or all of the raised rate (PBC251).
fn penalty(ours: &RegisterRow, more: Amount, on: BusinessDate) -> Option<String> {
    let (overdue, since) = ours.overdue?;
    let days = (on - since).num_days();
    (1..=50).find_map(|percent| {
        let raised = |parts: i64| ours.rate_ppm.checked_mul(parts).map(|ppm| ppm / 100);
        [(raised(percent)?, "加收"), (raised(100 + percent)?, "按")].into_iter().find_map(|(rate, _)| {
            let fits = [days, days + 1].into_iter().any(|days| interest(overdue, rate, days, ours.day_base) == Some(more));
            fits.then(|| format!("银行收取罚息 {more}:逾期本金 {overdue}、{days} 天、上浮 {percent}%"))
        })
    })
}

/// The interest of the last whole quarter counted on another year or by a day more or less.
fn wrong_day_count(ours: &RegisterRow, more: Amount) -> Option<String> {
    let from = ours.row_from.checked_sub_months(chrono::Months::new(3))?.max(ours.starts_on);
    let days = (ours.row_from - from).num_days();
    let right = interest(ours.principal, ours.rate_ppm, days, ours.day_base)?;
    let other = if ours.day_base == 360 { 365 } else { 360 };
    let tries = [
        (days, other, format!("按一年 {other} 天计息")),
        (days + 1, ours.day_base, "多计一天".to_owned()),
        (days - 1, ours.day_base, "少计一天".to_owned()),
    ];
    tries.into_iter().find_map(|(days, base, words)| {
        let wrong = interest(ours.principal, ours.rate_ppm, days, base)?;
        (wrong.checked_sub(right) == Some(more)).then(|| format!("银行计息天数不同:{from} 至 {} {words}", ours.row_from))
    })
}

/// 贷款逐笔核对表
pub fn sheet(bank: &str, on: BusinessDate, comparisons: &[Comparison]) -> Sheet {
    let columns = vec![
        Column::id("contract", "合同号"),
        Column::text("borrower", "借款人"),
        Column::text("finding", "结果"),
        Column::amount("principal_ours", "我方本金"),
        Column::amount("principal_bank", "银行本金"),
        Column::amount("interest_ours", "我方欠息"),
        Column::amount("interest_bank", "银行欠息"),
        Column::text("differences", "差异"),
        Column::text("explanation", "原因"),
        Column::text("correction", "建议办理"),
    ];
    let mut sheet = Sheet::new("贷款逐笔核对表", columns)
        .dressed(Dress::signed(&["银行(盖章)", "县主管部门(盖章)", "核对人"]))
        .subtitle(format!("银行:{bank}"))
        .subtitle(format!("截至 {on} 金额单位:元"));
    for row in comparisons {
        sheet.push(vec![
            row.contract.as_str().into(),
            row.borrower.as_str().into(),
            row.finding.label_zh().into(),
            row.principal.0.into(),
            row.principal.1.into(),
            row.interest.0.into(),
            row.interest.1.into(),
            row.differences.join(";").into(),
            row.explanation.as_str().into(),
            row.correction.as_str().into(),
        ]);
    }
    let all = [
        Finding::Matched,
        Finding::AmountDiffers,
        Finding::TermsDiffer,
        Finding::StatusDiffers,
        Finding::OnlyOurs,
        Finding::OnlyBank,
    ];
    let counts: Vec<String> = all
        .iter()
        .map(|finding| (finding, comparisons.iter().filter(|row| row.finding == *finding).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(finding, count)| format!("{} {count} 笔", finding.label_zh()))
        .collect();
    let total = |side: fn(&Comparison) -> Option<Amount>| {
        Amount::try_sum(comparisons.iter().filter_map(side)).map_or(Cell::Empty, Cell::Amount)
    };
    sheet.foot.push(vec![
        "合计".into(),
        Cell::Empty,
        counts.join(",").into(),
        total(|row| row.principal.0),
        total(|row| row.principal.1),
    ]);
    sheet.notes.push("经办:          银行经办:          复核:          ".to_owned());
    sheet
}

#[cfg(test)]
mod tests;
