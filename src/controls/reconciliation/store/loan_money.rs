//! Loan acts run from statement lines, and the names of the loans a line may speak of.

use sqlx::any::AnyRow;

use crate::calendar::BusinessDate;
use crate::controls::reconciliation::account::BankAccount;
use crate::controls::reconciliation::loan_money::Doing;
use crate::controls::reconciliation::loan_money::offers::LoanName;
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;

/// A loan act that was run from a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanAct {
    /// Number within the bank account.
    pub act: i64,
    /// The line: (line, part).
    pub line: (i64, i64),
    /// What was done.
    pub doing: Doing,
    /// Date of the line.
    pub on: BusinessDate,
    /// Amount of the line.
    pub amount: Amount,
    /// The voucher that was made in the account's book; the first of several.
    pub voucher: i64,
}

/// The loans that owe something, by number.
pub async fn loan_names(tx: &mut Connection, county: &str) -> Result<Vec<LoanName>, Failure> {
    const SQL: &str = "select s.loan, l.contract_number, l.borrower, s.interest_cents + s.penalty_cents + s.overdue_cents \
         from loan_standing s join loan l on l.county = s.county and l.loan = s.loan where s.county = $1 \
         and s.principal_cents + s.interest_cents + s.penalty_cents > 0 order by s.loan";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    let name = |row: &AnyRow| {
        Ok(LoanName {
            loan: column(row, 0)?,
            number: column::<Option<String>>(row, 1)?.unwrap_or_default(),
            borrower: column(row, 2)?,
            due: Amount::from_fen(column(row, 3)?),
        })
    };
    rows.iter().map(name).collect()
}

/// The loans of a product that a book's own entity has and owes, by number.
pub async fn loans_of(tx: &mut Connection, county: &str, book: &BookCode, product: &str) -> Result<Vec<String>, Failure> {
    const SQL: &str = "select l.loan from loan l join loan_standing s on s.county = l.county and s.loan = l.loan \
         where l.county = $1 and l.household = $2 and l.product = $3 \
         and s.principal_cents + s.interest_cents + s.penalty_cents > 0 order by l.loan";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(product).fetch_all(tx).await?;
    rows.iter().map(|row| column(row, 0)).collect()
}

/// The loan acts of an account that stand, in their order.
pub async fn loan_acts(tx: &mut Connection, county: &str, account: &str) -> Result<Vec<LoanAct>, Failure> {
    const SQL: &str = "select act, line, part, content, dated_on, amount_cents, voucher from statement_loan_act \
         where county = $1 and bank_account = $2 and undone_at is null order by act";
    sqlx::query(SQL).bind(county).bind(account).fetch_all(tx).await?.iter().map(loan_act).collect()
}

/// The loan act of a line that stands.
pub async fn loan_act_of(
    tx: &mut Connection,
    county: &str,
    account: &str,
    (line, part): (i64, i64),
) -> Result<Option<LoanAct>, Failure> {
    const SQL: &str = "select act, line, part, content, dated_on, amount_cents, voucher from statement_loan_act \
         where county = $1 and bank_account = $2 and line = $3 and part = $4 and undone_at is null";
    let query = sqlx::query(SQL).bind(county).bind(account).bind(line).bind(part);
    query.fetch_optional(tx).await?.as_ref().map(loan_act).transpose()
}

fn loan_act(row: &AnyRow) -> Result<LoanAct, Failure> {
    Ok(LoanAct {
        act: column(row, 0)?,
        line: (column(row, 1)?, column(row, 2)?),
        doing: parsed(row, 3, |text| serde_json::from_str(text).ok())?,
        on: parsed(row, 4, |text| text.parse().ok())?,
        amount: Amount::from_fen(column(row, 5)?),
        voucher: column(row, 6)?,
    })
}

/// True if a line between two numbers has a loan act that stands.
pub async fn has_loan_acts(tx: &mut Connection, county: &str, account: &str, (first, last): (i64, i64)) -> Result<bool, Failure> {
    const SQL: &str = "select 1 from statement_loan_act where county = $1 and bank_account = $2 and line >= $3 and line <= $4 \
         and undone_at is null limit 1";
    Ok(sqlx::query(SQL).bind(county).bind(account).bind(first).bind(last).fetch_optional(tx).await?.is_some())
}

/// Keeps a loan act under the next number; answers it.
pub async fn save_loan_act(
    tx: &mut Connection,
    county: &str,
    account: &BankAccount,
    act: &LoanAct,
    (at, by): (&str, &str),
) -> Result<i64, Failure> {
    const NEXT: &str = "select coalesce(max(act), 0) + 1 from statement_loan_act where county = $1 and bank_account = $2";
    const SQL: &str = "insert into statement_loan_act (county, bank_account, act, line, part, kind, loan, content, dated_on, \
         amount_cents, book, voucher, made_at, made_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let next: i64 = column(&sqlx::query(NEXT).bind(county).bind(&account.code).fetch_one(&mut *tx).await?, 0)?;
    let content = serde_json::to_string(&act.doing).expect("what was done is plain data");
    let query = sqlx::query(SQL).bind(county).bind(&account.code).bind(next).bind(act.line.0).bind(act.line.1);
    let query = query.bind(act.doing.kind()).bind(act.doing.targets().join(",")).bind(content).bind(act.on.to_string());
    let query = query.bind(act.amount.fen()).bind(&account.book.0).bind(act.voucher).bind(at).bind(by);
    query.execute(tx).await?;
    Ok(next)
}

/// Marks a loan act as taken back.
pub async fn mark_loan_act_undone(
    tx: &mut Connection,
    county: &str,
    (account, act): (&str, i64),
    (at, by): (&str, &str),
    why: &str,
) -> Result<(), Failure> {
    const SQL: &str = "update statement_loan_act set undone_at = $4, undone_by = $5, undone_why = $6 \
         where county = $1 and bank_account = $2 and act = $3";
    sqlx::query(SQL).bind(county).bind(account).bind(act).bind(at).bind(by).bind(why).execute(tx).await?;
    Ok(())
}

/// A bank's line that was turned into an act on a loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanLine {
    /// The bank account.
    pub account: String,
    /// The line's number in it.
    pub line: i64,
    /// The day.
    pub on: String,
    /// What the bank wrote.
    pub summary: String,
    /// The other party, as the bank wrote it.
    pub name: String,
    /// Money in; money out is negative.
    pub amount: Amount,
    /// What it was taken for, as the table writes it.
    pub kind: String,
}

/// The bank's lines that stand as acts on a loan, oldest first.
pub async fn lines_of_loan(tx: &mut Connection, county: &str, loan: &str) -> Result<Vec<LoanLine>, Failure> {
    const SQL: &str = "select a.bank_account, a.line, s.dated_on, s.summary, s.name, a.amount_cents, a.kind from statement_loan_act a \
         join statement_line s on s.county = a.county and s.bank_account = a.bank_account and s.line = a.line and s.part = a.part \
         where a.county = $1 and a.loan = $2 and a.undone_at is null order by s.dated_on, a.bank_account, a.line";
    let line = |row: &AnyRow| {
        Ok(LoanLine {
            account: column(row, 0)?,
            line: column(row, 1)?,
            on: column(row, 2)?,
            summary: column(row, 3)?,
            name: column(row, 4)?,
            amount: Amount::from_fen(column(row, 5)?),
            kind: column(row, 6)?,
        })
    };
    sqlx::query(SQL).bind(county).bind(loan).fetch_all(tx).await?.iter().map(line).collect()
}

/// The last voucher of the account's book, drafts included.
pub async fn last_voucher(tx: &mut Connection, county: &str, account: &BankAccount) -> Result<i64, Failure> {
    const SQL: &str = "select coalesce(max(voucher), 0) from voucher where county = $1 and book = $2";
    column(&sqlx::query(SQL).bind(county).bind(&account.book.0).fetch_one(tx).await?, 0)
}

/// The posted lines of the account on vouchers after one: (voucher, line, amount, date).
pub async fn lines_made(
    tx: &mut Connection,
    county: &str,
    account: &BankAccount,
    after: i64,
) -> Result<Vec<(i64, i64, Amount, BusinessDate)>, Failure> {
    const SQL: &str = "select l.voucher, l.line, l.debit_cents - l.credit_cents, v.dated_on from voucher v \
         join voucher_line l on l.county = v.county and l.book = v.book and l.voucher = v.voucher \
         where v.county = $1 and v.book = $2 and v.voucher > $3 and v.state = 'posted' and l.account = $4 \
         and ($5 = '' or l.bank_account = $5) order by l.voucher, l.line";
    let query = sqlx::query(SQL).bind(county).bind(&account.book.0).bind(after).bind(account.account.as_str());
    let rows = query.bind(&account.member).fetch_all(tx).await?;
    let line = |row: &AnyRow| {
        let on = parsed(row, 3, |text| text.parse().ok())?;
        Ok((column(row, 0)?, column(row, 1)?, Amount::from_fen(column(row, 2)?), on))
    };
    rows.iter().map(line).collect()
}
