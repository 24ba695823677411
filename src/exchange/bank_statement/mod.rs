//! Bank statements: the bytes a bank hands out, as statement lines of one or more accounts.
//!
//! Pure.
//!
//! ```text
//!   bytes ─┬─ table (csv, txt, xls, xlsx): head, titles, totals ─▶ rows ─▶ side (money in or out) ┐
//!          ├─ mt940 ──────────────────────────────────────────────────────────────────────────────┤
//!          ├─ camt053 ────────────────────────────────────────────────────────────────────────────┼▶ checks ─▶ StatementFile
//!          └─ ofx ────────────────────────────────────────────────────────────────────────────────┘
//! ```
//!
//! 1. A line's amount is signed for the account's holder: positive is money in, whatever the bank calls it.
//! 2. 借 and 贷 on a statement are the bank's words and prove nothing: the running balance decides
//!    (`domain/validation.md` §7), and the proof is kept with the statement.
//! 3. Lines stand oldest first, as the bank's own balance orders them.
//! 4. A row that cannot be read is a problem and is never dropped in silence.

pub mod camt053;
pub mod checks;
pub mod mt940;
pub mod ofx;
pub mod refusal;
pub mod side;
pub mod table;
pub mod template;
pub mod titles;

use serde::{Deserialize, Serialize};

use super::encoding::decode;
use super::headings::Mapping;
use super::problems::RowProblem;
use super::rows_in::ReadOptions;
use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::refusal::Refusal;

pub use refusal::StatementRefusal;
pub use side::{DebitMeans, SideProof};
pub use template::Template;

/// Accounts one file may hold.
pub const ACCOUNTS: usize = 1_000;

/// One line of a bank statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct StatementLine {
    /// Row in the file.
    pub row: u64,
    /// 交易日期
    pub on: BusinessDate,
    /// Positive: money came in; negative: money went out.
    pub amount: Amount,
    /// The account's balance after the line, where the file states it.
    pub balance: Option<Amount>,
    /// The bank's own number of the line; blank where it gives none.
    pub serial: String,
    /// 摘要, 用途, 附言 and 备注 together.
    pub summary: String,
    /// 对方户名
    pub name: String,
    /// 对方账号
    pub account: String,
    /// 对方行名
    pub bank: String,
}

/// What a file states about one account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Statement {
    /// 账号; blank where the file names none.
    pub account: String,
    /// 户名
    pub holder: String,
    /// First day the statement covers: stated, or that of its first line.
    pub from: Option<BusinessDate>,
    /// Last day it covers: stated, or that of its last line.
    pub through: Option<BusinessDate>,
    /// Balance before the first line: stated, or worked out from the first line's.
    pub opening: Option<Amount>,
    /// Balance after the last line: stated, or the last line's.
    pub closing: Option<Amount>,
    /// The lines, oldest first.
    pub lines: Vec<StatementLine>,
    /// How it was settled which side is money in.
    pub proof: Option<SideProof>,
    /// What does not follow: broken chain, other totals, other closing balance. The lines are good nevertheless.
    pub findings: Vec<RowProblem>,
}

/// What a bank's file came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatementFile {
    /// What kind of file it was, in words.
    pub format: &'static str,
    /// One statement per account, in the order of the file.
    pub statements: Vec<Statement>,
    /// Rows that cannot be read. While there is one, the file is not to be imported.
    pub problems: Vec<RowProblem>,
    /// Head row, title lines and headings; blank for files that are no tables.
    pub table: super::records_in::TableFacts,
}

/// What the user says about a file.
#[derive(Debug, Clone, Default)]
pub struct BankOptions {
    /// Encoding, sheet, limits.
    pub read: ReadOptions,
    /// Headings of the user's own.
    pub mapping: Mapping,
    /// What 借 means in this file, if the balance does not settle it.
    pub debit_means: Option<DebitMeans>,
}

/// Reads a bank's file of any kind. Refuses what is no statement; rows that cannot be read or stand twice are problems.
pub fn read_statement(bytes: &[u8], options: &BankOptions) -> Result<StatementFile, Refusal> {
    let mut file = read_as(format_of(bytes), bytes, options)?;
    for statement in &mut file.statements {
        let (twice, perhaps) = checks::repeated(&statement.lines);
        file.problems.extend(twice);
        statement.findings.extend(perhaps);
    }
    Ok(file)
}

fn read_as(format: Format, bytes: &[u8], options: &BankOptions) -> Result<StatementFile, Refusal> {
    match format {
        Format::Table => table::read(bytes, options),
        other => {
            let limit = options.read.limits.file_bytes;
            if bytes.len() as u64 > limit {
                return Err(super::ExchangeRefusal::TooLarge { what: "字节数".to_owned(), limit }.into());
            }
            let text = decode(bytes, options.read.encoding.as_deref())?;
            let mut file = match other {
                Format::Mt940 => mt940::read(&text)?,
                Format::Camt053 => camt053::read(&text)?,
                _ => ofx::read(&text)?,
            };
            file.statements.iter_mut().for_each(checks::complete);
            Ok(file)
        }
    }
}

enum Format {
    Table,
    Mt940,
    Camt053,
    Ofx,
}

/// Told from the beginning of the file, never from its name.
fn format_of(bytes: &[u8]) -> Format {
    let begin = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
    let has = |mark: &str| begin.contains(mark);
    if has("<OFX>") || has("OFXHEADER") {
        Format::Ofx
    } else if has("camt.053") || has("BkToCstmrStmt") {
        Format::Camt053
    } else if has(":20:") && (has(":60F:") || has(":60M:")) {
        Format::Mt940
    } else {
        Format::Table
    }
}
