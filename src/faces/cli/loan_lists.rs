//! Lists about loans as townships and banks keep them: applications, facts, classes, subsidy; csv, xls or xlsx.
//!
//! 1. Banks may stand there by name, households by the resident id of a member, loans by their contract number.
//! 2. Nothing is taken from a list with a wrong row; every wrong row is shown.

use std::collections::HashMap;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::counter::{Counter, CounterRefusal};
use super::import::{self, FileArguments, read_bytes};
use super::output::Reply;
use crate::db::Stop;
use crate::exchange::loan_applications_in::{ApplicationRow, read_applications};
use crate::exchange::loan_facts_in::{FactKind, FactRow, read_facts};
use crate::exchange::problems::RowProblem;
use crate::exchange::subsidy_lists_in::{ElsewhereRow, read_bank_classes, read_bank_subsidy, read_elsewhere};
use crate::parties::{ResidentId, mask_id, store as parties};
use crate::products::microloan::refusal::LoanRefusal;
use crate::products::microloan::service::{Application, ApplyLoans, Entry, ImportBankClasses, RecordFacts};
use crate::products::microloan::store::{self, heads};
use crate::products::microloan::subsidy::service::{EnterClaimsElsewhere, ImportBankList};
use crate::products::microloan::subsidy::store::ClaimElsewhere;
use crate::products::microloan::{Fact, Happening, Towards};
use crate::refusal::Refusal;

/// A list and how to read it.
#[derive(Debug, Args)]
pub struct ListFile {
    /// 文件(csv、xls、xlsx,表头用中文或英文)
    file: PathBuf,
    /// How to read it.
    #[command(flatten)]
    reading: FileArguments,
}

impl ListFile {
    fn bytes(&self) -> Result<Vec<u8>, Stop> {
        Ok(read_bytes(&self.file)?)
    }
}

/// Households of resident ids, as the register has them.
struct Households(HashMap<String, String>);

impl Households {
    async fn of(counter: &Counter, ids: impl Iterator<Item = &String>) -> Result<Households, Stop> {
        let ids: Vec<String> = ids.map(|id| stored(counter, id)).collect();
        let asked: Vec<[&str; 1]> = ids.iter().map(|id| [id.as_str()]).collect();
        let mut tx = counter.snapshot().await?;
        Ok(Households(parties::households_of(&mut tx, counter.county(), &asked).await?.into_iter().collect()))
    }

    fn code(&self, counter: &Counter, own: Option<&String>, id: Option<&String>) -> Result<String, LoanRefusal> {
        let by_id = || self.0.get(&stored(counter, id?)).cloned();
        let unknown = || LoanRefusal::UnknownHousehold { household: id.map_or_else(String::new, |id| mask_id(id)) };
        own.cloned().or_else(by_id).ok_or_else(unknown)
    }
}

fn stored(counter: &Counter, id: &str) -> String {
    ResidentId::parse(id, counter.office.today()).map_or_else(|_| id.to_owned(), |read| read.id.as_str().to_owned())
}

/// Loan numbers of contract numbers; a number that is a loan's stands for itself.
async fn loans_of(counter: &Counter, numbers: impl Iterator<Item = &str>) -> Result<HashMap<String, String>, Stop> {
    let mut tx = counter.snapshot().await?;
    Ok(heads::loans_of_contracts(&mut tx, counter.county(), &store::keys(numbers)).await?.into_iter().collect())
}

fn named(loans: &HashMap<String, String>, number: String) -> String {
    loans.get(&number).cloned().unwrap_or(number)
}

/// `loan import`: applications.
pub async fn import_applications(counter: &Counter, list: ListFile) -> Result<Reply, Stop> {
    let read = read_applications(&list.bytes()?, &list.reading.options()?)?;
    let (mut problems, mut applications) = (read.problems, Vec::with_capacity(read.rows.len()));
    let households = Households::of(counter, read.rows.iter().filter_map(|row| row.id_number.as_ref())).await?;
    let banks = banks(counter).await?;
    for row in read.rows {
        match application(counter, &row, &households, &banks) {
            Ok(application) => applications.push(application),
            Err(why) => problems.push(RowProblem::at(row.row, "", &row.loan, why)),
        }
    }
    if !problems.is_empty() {
        return Ok(import::refused(&problems, &read.table));
    }
    let done = counter.perform(ApplyLoans { applications }).await?;
    let reply = Reply::said(format!("已登记申请 {done} 笔"), json!({ "applications": done }));
    Ok(import::with_unknown_columns(reply, &read.table))
}

/// Codes and names of banks, to codes.
async fn banks(counter: &Counter) -> Result<HashMap<String, String>, Stop> {
    let mut tx = counter.snapshot().await?;
    let known = parties::banks(&mut tx, counter.county()).await?;
    Ok(known.into_iter().flat_map(|bank| [(bank.name, bank.bank.clone()), (bank.bank.clone(), bank.bank)]).collect())
}

fn application(
    counter: &Counter,
    row: &ApplicationRow,
    households: &Households,
    banks: &HashMap<String, String>,
) -> Result<Application, Refusal> {
    let unknown = || LoanRefusal::UnknownBank { bank: row.bank.clone() };
    Ok(Application {
        loan: row.loan.clone(),
        household: households.code(counter, row.household.as_ref(), row.id_number.as_ref())?,
        bank: banks.get(&row.bank).cloned().ok_or_else(unknown)?,
        amount: row.amount,
        months: row.months,
        purpose: row.purpose.clone(),
        on: row.on.unwrap_or_else(|| counter.office.today()),
        renews: row.renews.clone(),
    })
}

/// `loan record`: facts from a bank's list, or from json.
pub async fn record_facts(counter: &Counter, list: ListFile) -> Result<Reply, Stop> {
    let bytes = list.bytes()?;
    if bytes.trim_ascii_start().starts_with(b"[") {
        let bad = |why: serde_json::Error| CounterRefusal::NotDecisions { why: why.to_string() };
        return recorded(counter, serde_json::from_slice(&bytes).map_err(bad)?).await;
    }
    let read = read_facts(&bytes, &list.reading.options()?)?;
    if !read.problems.is_empty() {
        return Ok(import::refused(&read.problems, &read.table));
    }
    let loans = loans_of(counter, read.rows.iter().map(|row| row.loan.as_str())).await?;
    let entries = read.rows.into_iter().map(|row| entry(row, &loans)).collect();
    Ok(import::with_unknown_columns(recorded(counter, entries).await?, &read.table))
}

fn entry(row: FactRow, loans: &HashMap<String, String>) -> Entry {
    let what = match row.kind {
        FactKind::PaidOut(amount) => Happening::Disbursed { amount },
        FactKind::Received(amount, true) => Happening::Repaid { amount, towards: Towards::Interest },
        FactKind::Received(amount, false) => Happening::Repaid { amount, towards: Towards::Any },
        FactKind::Extended(to) => Happening::Extended { to },
        FactKind::Rate(rate) => Happening::RateChanged { rate },
        FactKind::WrittenOff(reason) => Happening::WrittenOff { reason },
        FactKind::Recovered(amount) => Happening::Recovered { amount },
    };
    Entry { loan: named(loans, row.loan), fact: Fact { on: row.on, what }, reference: row.reference }
}

/// Records facts and says what changed.
pub async fn recorded(counter: &Counter, entries: Vec<Entry>) -> Result<Reply, Stop> {
    let count = entries.len();
    let changes = counter.perform(RecordFacts { entries }).await?;
    let said = format!("已登记 {count} 项;结息明细 {} 条,冲正 {} 条", changes.rows, changes.reversed);
    Ok(Reply::said(said, json!({ "facts": count, "changes": changes })))
}

/// `loan bank-classes`: the bank's five classes.
pub async fn import_classes(counter: &Counter, list: ListFile) -> Result<Reply, Stop> {
    let read = read_bank_classes(&list.bytes()?, &list.reading.options()?)?;
    if !read.problems.is_empty() {
        return Ok(import::refused(&read.problems, &read.table));
    }
    let loans = loans_of(counter, read.rows.iter().map(|row| row.0.as_str())).await?;
    let classes = read.rows.into_iter().map(|(number, class)| (named(&loans, number), class)).collect();
    let kept = counter.perform(ImportBankClasses { classes }).await?;
    Ok(Reply::said(format!("导入银行分类 {kept} 笔"), json!({ "loans": kept })))
}

/// `subsidy bank-list`: the bank's sums of a batch.
pub async fn import_bank_list(counter: &Counter, batch: String, list: ListFile) -> Result<Reply, Stop> {
    let read = read_bank_subsidy(&list.bytes()?, &list.reading.options()?)?;
    if !read.problems.is_empty() {
        return Ok(import::refused(&read.problems, &read.table));
    }
    let kept = counter.perform(ImportBankList { batch, rows: read.rows }).await?;
    Ok(Reply::said(format!("导入 {kept} 笔"), json!({ "rows": kept })))
}

/// `subsidy elsewhere`: what other departments have claimed.
pub async fn import_elsewhere(counter: &Counter, department: &str, list: ListFile) -> Result<Reply, Stop> {
    let read = read_elsewhere(&list.bytes()?, &list.reading.options()?, department)?;
    let (mut problems, mut claims) = (read.problems, Vec::with_capacity(read.rows.len()));
    let households = Households::of(counter, read.rows.iter().filter_map(|row| row.id_number.as_ref())).await?;
    let mut strangers = 0_usize;
    for row in read.rows {
        let ElsewhereRow { row: at, household, id_number, department, from, through, amount, document } = row;
        match households.code(counter, household.as_ref(), id_number.as_ref()) {
            Ok(household) => claims.push(ClaimElsewhere { household, department, from, through, amount, document }),
            // Other departments serve people who are in no register of ours.
            Err(_) if household.is_none() => strangers += 1,
            Err(why) => problems.push(RowProblem::at(at, "", "", why)),
        }
    }
    if !problems.is_empty() {
        return Ok(import::refused(&problems, &read.table));
    }
    let rows = claims.len();
    let loans = counter.perform(EnterClaimsElsewhere { claims }).await?;
    let said = format!("登记其他部门申报 {rows} 条,涉及贷款 {loans} 笔;未登记的人 {strangers} 条");
    Ok(Reply::said(said, json!({ "claims": rows, "loans": loans, "not_registered": strangers })))
}
