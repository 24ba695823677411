//! Change of regime: which account an old balance goes to, and the work sheet (转账工作底稿) that proves it.
//!
//! Pure. The maps are data (`charts/conversion.csv`); what depends on substance or on a decision is chosen by the accountant.
//!
//! 1. Every old balance goes somewhere, whole: the parts of a balance add up to it.
//! 2. Old balances are balanced, new balances are balanced.
//! 3. Income and expense carry nothing: the old year must be closed first.
//! 4. New balances stand on leaves of the new chart only.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::account::AccountCode;
use super::chart::{Chart, ChartRefusal};
use super::voucher::Dimensions;
use crate::money::Amount;
use crate::refusal::Refusal;
use crate::refusals;

/// How an old account's balance finds its new account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// It carries over; own sub-accounts keep their last digits.
    Carry,
    /// A decision chooses among the new accounts.
    Choose,
    /// What the balance consists of decides.
    BySubstance,
    /// Nothing to carry: the row only tells which account the name went to, for comparisons.
    NameOnly,
}

/// One row of a conversion map.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ConversionRow {
    /// Old regime.
    pub from: String,
    /// New regime.
    pub to: String,
    /// Old account.
    pub old: AccountCode,
    /// New accounts, the usual one first.
    #[serde(deserialize_with = "codes")]
    pub new: Vec<AccountCode>,
    /// How to choose.
    pub rule: Rule,
    /// Document and tag.
    pub source: String,
    /// A word to the accountant.
    pub note: String,
}

/// A balance of the old books: debit less credit, of one leaf and one set of dimension values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldBalance {
    /// Old account.
    pub account: AccountCode,
    /// 辅助核算
    pub dimensions: Dimensions,
    /// Debit less credit, in fen.
    pub amount: Amount,
}

/// A choice of the accountant: so much of an old balance goes to that new account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Old account.
    pub old: AccountCode,
    /// Its dimensions, as in the old balance.
    pub dimensions: Dimensions,
    /// New account.
    pub new: AccountCode,
    /// Debit less credit, in fen.
    pub amount: Amount,
}

/// A catch-up entry the transition rules ask for (grossing up amortisation, assets and debts not in the books).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    /// New account.
    pub account: AccountCode,
    /// 辅助核算
    pub dimensions: Dimensions,
    /// Debit less credit, in fen.
    pub amount: Amount,
    /// Why.
    pub reason: String,
}

/// One row of the work sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkRow {
    /// Old account and the part of its balance; `None` for an adjustment.
    pub old: Option<(AccountCode, Amount)>,
    /// New account.
    pub new: AccountCode,
    /// 辅助核算
    pub dimensions: Dimensions,
    /// New balance, debit less credit.
    pub amount: Amount,
    /// The rule's source, or the adjustment's reason.
    pub basis: String,
}

/// The work sheet: evidence of the conversion voucher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkSheet {
    /// Old regime.
    pub from: String,
    /// New regime.
    pub to: String,
    /// The rows, in the order of the old balances; adjustments last.
    pub rows: Vec<WorkRow>,
}

refusals! {
    /// Why a conversion does not go through.
    pub enum ConversionRefusal {
        /// No map between the two regimes.
        "C-110" NoMap { from: String, to: String }
            zh "没有从 {from} 到 {to} 的科目衔接表" en "there is no conversion from {from} to {to}" next "核对新旧会计制度";
        /// The map does not know the account.
        "C-111" Unmapped { account: AccountCode, amount: Amount }
            zh "旧科目 {account} 余额 {amount} 没有对应的新科目" en "the old account {account} with {amount} has no new account"
            next "补充衔接关系或先清理该科目";
        /// The accountant has to choose.
        "C-112" ChoiceNeeded { account: AccountCode, amount: Amount, among: String }
            zh "旧科目 {account} 余额 {amount} 须按经济实质在 {among} 中选定新科目"
            en "choose among {among} for {amount} of the old account {account}" next "逐笔填写新科目和金额";
        /// The parts chosen do not add up to the balance.
        "C-113" PartsDiffer { account: AccountCode, amount: Amount, chosen: Amount }
            zh "旧科目 {account} 余额 {amount},已选定 {chosen},两者不等"
            en "{chosen} was chosen for {amount} of the old account {account}" next "补足或更正选定的金额";
        /// A choice outside the map.
        "C-114" NotAllowed { account: AccountCode, new: AccountCode }
            zh "旧科目 {account} 不能转入 {new}" en "the old account {account} may not go to {new}" next "按衔接规定选择新科目";
        /// Income or expense with a balance.
        "C-115" YearNotClosed { account: AccountCode, amount: Amount }
            zh "损益科目 {account} 尚有余额 {amount},旧账未结转" en "{account} still has {amount}: the old year is not closed"
            next "先办理年终结转";
        /// Old balances or new balances do not balance.
        "C-116" Unbalanced { side: &'static str, difference: Amount }
            zh "{side}借贷相差 {difference}" en "the {side} balances differ by {difference}" next "核对旧账余额和调整分录";
        /// A choice for a balance that is not there.
        "C-117" NoSuchBalance { account: AccountCode }
            zh "旧账没有科目 {account} 的对应余额" en "there is no such balance on the old account {account}"
            next "核对科目和辅助核算";
    }
}

/// The map between two regimes. Refuses a pair without one (C-110).
pub fn conversion_map(from: &str, to: &str) -> Result<Vec<&'static ConversionRow>, ConversionRefusal> {
    static ALL: LazyLock<Vec<ConversionRow>> = LazyLock::new(|| {
        let mut reader = csv::Reader::from_reader(include_str!("charts/conversion.csv").as_bytes());
        reader.deserialize().map(|row| row.expect("charts/conversion.csv is part of the program and read by its tests")).collect()
    });
    let rows: Vec<&ConversionRow> = ALL.iter().filter(|row| row.from == from && row.to == to).collect();
    if rows.is_empty() { Err(ConversionRefusal::NoMap { from: from.into(), to: to.into() }) } else { Ok(rows) }
}

/// The work sheet that takes the old year's closing balances into the new chart.
/// Refuses (C-110…C-117) what is unmapped, undecided, unclosed or unbalanced, and new accounts that are no leaves (C-101, C-102).
pub fn work_sheet(
    (from, to): (&str, &str),
    old: &[OldBalance],
    choices: &[Choice],
    adjustments: &[Adjustment],
    new_chart: &Chart,
) -> Result<WorkSheet, Refusal> {
    let map = conversion_map(from, to)?;
    refuse_stray_choices(old, choices)?;
    let mut rows = Vec::new();
    for balance in old.iter().filter(|balance| !balance.amount.is_zero()) {
        rows.extend(convert(&map, balance, choices, new_chart)?);
    }
    rows.extend(adjustments.iter().map(adjustment_row));
    rows.iter().try_for_each(|row| new_chart.leaf(&row.new).map(|_| ()))?;
    refuse_unbalanced("旧账余额", old.iter().map(|balance| balance.amount))?;
    refuse_unbalanced("新账余额", rows.iter().map(|row| row.amount))?;
    Ok(WorkSheet { from: from.into(), to: to.into(), rows })
}

fn convert(map: &[&ConversionRow], balance: &OldBalance, choices: &[Choice], new_chart: &Chart) -> Result<Vec<WorkRow>, Refusal> {
    let (account, amount) = (balance.account.clone(), balance.amount);
    let row = rule_for(map, &account).ok_or(ConversionRefusal::Unmapped { account: account.clone(), amount })?;
    if row.rule == Rule::NameOnly {
        return Err(ConversionRefusal::YearNotClosed { account, amount }.into());
    }
    let chosen: Vec<&Choice> = choices.iter().filter(|choice| is_for(choice, balance)).collect();
    if chosen.is_empty() {
        let new = usual_target(row, balance, new_chart)?;
        return Ok(vec![work_row(row, balance, new, amount)]);
    }
    refuse_bad_parts(row, balance, &chosen)?;
    Ok(chosen.into_iter().map(|choice| work_row(row, balance, choice.new.clone(), choice.amount)).collect())
}

fn rule_for<'a>(map: &[&'a ConversionRow], account: &AccountCode) -> Option<&'a ConversionRow> {
    let fits = map.iter().filter(|row| account.as_str().starts_with(row.old.as_str()));
    fits.max_by_key(|row| row.old.as_str().len()).copied()
}

/// The new account without a choice: the carried code with the sub-account's own digits, if that is a leaf.
fn usual_target(row: &ConversionRow, balance: &OldBalance, new_chart: &Chart) -> Result<AccountCode, Refusal> {
    let rest = &balance.account.as_str()[row.old.as_str().len()..];
    let target = row.new.first().map(|new| AccountCode(format!("{new}{rest}")));
    match target {
        Some(target) if row.rule == Rule::Carry && new_chart.is_leaf(&target) => Ok(target),
        _ => {
            let among = row.new.iter().map(|new| candidates(new, new_chart)).collect::<Vec<_>>().join("、");
            Err(ConversionRefusal::ChoiceNeeded { account: balance.account.clone(), amount: balance.amount, among }.into())
        }
    }
}

/// The leaves at or beneath a new account, as a choice names them.
fn candidates(new: &AccountCode, chart: &Chart) -> String {
    let leaves: Vec<&str> = chart.leaves().map(|leaf| leaf.code.as_str()).filter(|code| code.starts_with(new.as_str())).collect();
    leaves.join("、")
}

fn refuse_bad_parts(row: &ConversionRow, balance: &OldBalance, chosen: &[&Choice]) -> Result<(), ConversionRefusal> {
    let account = balance.account.clone();
    let allowed = |choice: &&&Choice| row.new.iter().any(|new| choice.new.as_str().starts_with(new.as_str()));
    if let Some(choice) = chosen.iter().find(|choice| !allowed(choice)) {
        return Err(ConversionRefusal::NotAllowed { account, new: choice.new.clone() });
    }
    let sum: Amount = chosen.iter().map(|choice| choice.amount).sum();
    if sum != balance.amount {
        return Err(ConversionRefusal::PartsDiffer { account, amount: balance.amount, chosen: sum });
    }
    Ok(())
}

fn refuse_stray_choices(old: &[OldBalance], choices: &[Choice]) -> Result<(), ConversionRefusal> {
    match choices.iter().find(|choice| !old.iter().any(|balance| is_for(choice, balance))) {
        Some(choice) => Err(ConversionRefusal::NoSuchBalance { account: choice.old.clone() }),
        None => Ok(()),
    }
}

fn refuse_unbalanced(side: &'static str, amounts: impl Iterator<Item = Amount>) -> Result<(), ConversionRefusal> {
    let difference: Amount = amounts.sum();
    if difference.is_zero() { Ok(()) } else { Err(ConversionRefusal::Unbalanced { side, difference }) }
}

fn is_for(choice: &Choice, balance: &OldBalance) -> bool {
    choice.old == balance.account && choice.dimensions == balance.dimensions
}

fn work_row(row: &ConversionRow, balance: &OldBalance, new: AccountCode, amount: Amount) -> WorkRow {
    let old = Some((balance.account.clone(), amount));
    WorkRow { old, new, dimensions: balance.dimensions.clone(), amount, basis: row.source.clone() }
}

fn adjustment_row(adjustment: &Adjustment) -> WorkRow {
    let Adjustment { account, dimensions, amount, reason } = adjustment.clone();
    WorkRow { old: None, new: account, dimensions, amount, basis: reason }
}

fn codes<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Vec<AccountCode>, D::Error> {
    Ok(String::deserialize(d)?.split_whitespace().map(AccountCode::from).collect())
}

/// Refuses a map that does not know an account of the old chart (C-101): the test of the data, and of a corrected map.
pub fn refuse_gaps(map: &[&ConversionRow], old_chart: &Chart) -> Result<(), ChartRefusal> {
    match old_chart.accounts().find(|account| rule_for(map, &account.code).is_none()) {
        Some(gap) => Err(ChartRefusal::UnknownAccount { code: gap.code.clone() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
