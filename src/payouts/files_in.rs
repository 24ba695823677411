//! Files of payees, lists and bank answers, read into rows.
//!
//! Pure: bytes in, rows or problems out. Headings are data (`exchange/headings.csv`).
//!
//! 1. Ids and cards that a spreadsheet program rounded are refused, never guessed.
//! 2. A bank's word for the outcome is known or a problem; nothing is taken for success silently.

use crate::calendar::BusinessDate;
use crate::exchange::headings::Plan;
use crate::exchange::problems::RowProblem;
use crate::exchange::records_in::{Record, for_each_record};
use crate::exchange::values_in::{amount, date, id};
use crate::exchange::vouchers_in::ImportOptions;
use crate::ledger::AccountCode;
use crate::money::Amount;
use crate::refusal::Refusal;

use super::RowState;
use super::list::{PayRow, Payee, read_milli};
use super::refusal::PayoutRefusal;

const LIST: Plan = Plan { table: "payout_list", needs: &[&[&["party"]], &[&["amount"], &["quantity"], &["income"]]] };
const PAYEES: Plan = Plan { table: "payout_list", needs: &[&[&["party"]], &[&["name"]], &[&["account"]]] };
const RESULTS: Plan = Plan { table: "payout_results", needs: &[&[&["row"], &["account"]], &[&["outcome"]]] };

/// Rows, or everything that is wrong with them.
#[derive(Debug, Clone)]
pub struct Read<T> {
    /// The good rows.
    pub rows: Vec<T>,
    /// Every problem, by row.
    pub problems: Vec<RowProblem>,
}

impl<T> Read<T> {
    /// The rows; refused where there are problems (Y-307).
    pub fn whole(self) -> Result<Vec<T>, PayoutRefusal> {
        match self.problems.first() {
            None => Ok(self.rows),
            Some(first) => {
                let first = format!("第 {} 行 {}:{}", first.row, first.column, first.reason_zh);
                Err(PayoutRefusal::BadFile { problems: self.problems.len(), first })
            }
        }
    }
}

fn read<T>(
    bytes: &[u8],
    options: &ImportOptions,
    plan: &Plan,
    row: impl Fn(&Record<'_>) -> Result<T, (&'static str, Refusal)>,
) -> Result<Read<T>, Refusal> {
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    let mut visit = |record: &Record<'_>| {
        if record.total_word().is_none() {
            match row(record) {
                Ok(row) => rows.push(row),
                Err((field, why)) => problems.push(record.problem(field, why)),
            }
        }
        Ok(())
    };
    for_each_record(bytes, &options.read, plan, &options.mapping, &mut visit)?;
    Ok(Read { rows, problems })
}

fn text(record: &Record<'_>, field: &'static str) -> Result<String, (&'static str, Refusal)> {
    Ok(id(record.get(field)).map_err(|why| (field, why.into()))?.unwrap_or_default())
}

fn money(record: &Record<'_>, field: &'static str) -> Result<Amount, (&'static str, Refusal)> {
    amount(record.get(field)).map_err(|why| (field, why))
}

fn day(record: &Record<'_>, field: &'static str) -> Result<Option<BusinessDate>, (&'static str, Refusal)> {
    date(record.get(field)).map_err(|why| (field, why.into()))
}

/// Reads payees. Refuses files that are no such table.
pub fn read_payees(bytes: &[u8], options: &ImportOptions) -> Result<Read<Payee>, Refusal> {
    read(bytes, options, &PAYEES, |record| {
        let name = record.text("name").to_owned();
        let account_name = record.text("account_name").to_owned();
        Ok(Payee {
            party: text(record, "party")?,
            id_number: text(record, "id_number")?,
            account_name: if account_name.is_empty() { name.clone() } else { account_name },
            name,
            account: text(record, "account")?,
            bank: record.text("bank").to_owned(),
            died_on: day(record, "died_on")?,
            moved_out_on: day(record, "moved_out_on")?,
            last_paid: None,
        })
    })
}

/// Reads a list of people to be paid, with the accounts a row settles where it says so (Y-106); what a row lacks is taken from the payee's card.
pub fn read_list(bytes: &[u8], options: &ImportOptions) -> Result<Read<PayRow>, Refusal> {
    let mut read = read(bytes, options, &LIST, |record| {
        let quantity = record.text("quantity");
        let milli = read_milli(quantity);
        if !quantity.is_empty() && milli.is_none() {
            let why = crate::money::amount::AmountRefusal::NotAnAmount { text: quantity.to_owned() };
            return Err(("quantity", why.into()));
        }
        let standard = money(record, "standard")?;
        let income = if record.text("income").is_empty() { None } else { Some(money(record, "income")?) };
        Ok(PayRow {
            row: 0,
            party: text(record, "party")?,
            name: record.text("name").to_owned(),
            id_number: text(record, "id_number")?,
            account_name: record.text("account_name").to_owned(),
            account: text(record, "account")?,
            bank: record.text("bank").to_owned(),
            standard: (!standard.is_zero()).then_some(standard),
            quantity_milli: milli,
            amount: money(record, "amount")?,
            withheld: Amount::ZERO,
            against: parts(record.text("against")).map_err(|why| ("against", why.into()))?,
            remark: record.text("remark").to_owned(),
            state: RowState::Waiting,
            attempt: 0,
            reason: None,
            decided_on: None,
            income,
        })
    })?;
    (1..).zip(&mut read.rows).for_each(|(number, row)| row.row = number);
    Ok(read)
}

/// `221=600.00;222=400.00`: the accounts a row settles, with their sums. Nothing where the column is blank.
fn parts(text: &str) -> Result<Vec<(AccountCode, Amount)>, PayoutRefusal> {
    let wrong = || PayoutRefusal::BadParts { text: text.to_owned() };
    let part = |part: &str| {
        let (account, amount) = part.split_once(['=', '＝', ':', '：']).ok_or_else(wrong)?;
        let amount = amount.trim().parse::<Amount>().ok().filter(|amount| amount.is_positive()).ok_or_else(wrong)?;
        if account.trim().is_empty() { Err(wrong()) } else { Ok((AccountCode::from(account.trim()), amount)) }
    };
    text.split([';', '；']).filter(|text| !text.trim().is_empty()).map(part).collect()
}

/// What the bank says of one row.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct BankResult {
    /// 序号, where the bank repeats it.
    pub row: Option<i64>,
    /// 账号
    pub account: String,
    /// 金额, where the bank repeats it.
    pub amount: Option<Amount>,
    /// 成功
    pub paid: bool,
    /// 失败原因
    pub reason: String,
    /// 流水号
    pub serial: String,
}

/// Reads a bank's answer.
pub fn read_results(bytes: &[u8], options: &ImportOptions) -> Result<Read<BankResult>, Refusal> {
    read(bytes, options, &RESULTS, |record| {
        let row = record.text("row").trim_end_matches(".0").parse().ok();
        let outcome = record.text("outcome");
        let paid = outcome_of(outcome).ok_or_else(|| {
            let row = row.unwrap_or(i64::try_from(record.row).unwrap_or(i64::MAX));
            ("outcome", PayoutRefusal::UnknownOutcome { row, text: outcome.to_owned() }.into())
        })?;
        let sum = money(record, "amount")?;
        Ok(BankResult {
            row,
            account: text(record, "account")?,
            amount: (!sum.is_zero()).then_some(sum),
            paid,
            reason: record.text("reason").to_owned(),
            serial: record.text("serial").to_owned(),
        })
    })
}

/// 成功 and 失败 in the words of banks.
fn outcome_of(text: &str) -> Option<bool> {
    const PAID: [&str; 8] = ["成功", "交易成功", "入账成功", "处理成功", "已入账", "发放成功", "success", "S"];
    const FAILED: [&str; 9] = ["失败", "交易失败", "入账失败", "处理失败", "退回", "退票", "发放失败", "fail", "F"];
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text.trim()));
    if is(&PAID) {
        Some(true)
    } else if is(&FAILED) {
        Some(false)
    } else {
        None
    }
}
