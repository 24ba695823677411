//! OFX 1 (SGML) and 2 (XML): `STMTTRN` entries, `LEDGERBAL` at the end.
//!
//! Pure. A small exact reader of `<TAG>value` pairs; closing tags of values are optional, as in OFX 1.
//!
//! 1. `TRNAMT` carries its sign from the account holder's side.

use super::{Statement, StatementFile, StatementLine, StatementRefusal};
use crate::calendar::BusinessDate;
use crate::money::Amount;

/// Reads the bank statements of a file.
pub fn read(text: &str) -> Result<StatementFile, StatementRefusal> {
    let mut reading = Reading { file: StatementFile { format: "OFX", ..StatementFile::default() }, ..Reading::default() };
    for (line, tag, value) in tags(text) {
        reading.take(line, tag, value)?;
    }
    reading.file.statements.retain(|statement| !statement.lines.is_empty());
    if reading.file.statements.is_empty() {
        return Err(StatementRefusal::NoLines { format: "OFX".to_owned() });
    }
    Ok(reading.file)
}

#[derive(Default)]
struct Reading {
    file: StatementFile,
    entry: Option<StatementLine>,
    /// The block the next values belong to.
    block: Block,
}

#[derive(Default, PartialEq)]
enum Block {
    #[default]
    Other,
    Own,
    Counterparty,
    Ledger,
}

impl Reading {
    fn take(&mut self, line: usize, tag: &str, value: &str) -> Result<(), StatementRefusal> {
        let bad = || StatementRefusal::BadFormat { format: "OFX".to_owned(), line, what: format!("{tag} {value}") };
        match (tag, self.entry.is_some()) {
            ("STMTRS" | "CCSTMTRS", _) if self.file.statements.len() >= super::ACCOUNTS => return Err(bad()),
            ("STMTRS" | "CCSTMTRS", _) => self.file.statements.push(Statement::default()),
            ("BANKACCTFROM" | "CCACCTFROM", _) => self.block = Block::Own,
            ("BANKACCTTO" | "CCACCTTO", _) => self.block = Block::Counterparty,
            ("LEDGERBAL", _) => self.block = Block::Ledger,
            ("AVAILBAL" | "/LEDGERBAL" | "/BANKACCTFROM" | "/BANKACCTTO", _) => self.block = Block::Other,
            ("STMTTRN", _) => self.entry = Some(StatementLine { row: line as u64, ..StatementLine::default() }),
            ("/STMTTRN", true) => self.end_entry(line)?,
            ("ACCTID", is_entry) => self.account(value, is_entry),
            ("BALAMT", false) if self.block == Block::Ledger => self.statement().closing = Some(amount(value).ok_or_else(bad)?),
            ("DTASOF", false) if self.block == Block::Ledger => self.statement().through = Some(day(value).ok_or_else(bad)?),
            ("DTSTART", false) => self.statement().from = Some(day(value).ok_or_else(bad)?),
            ("DTEND", false) => self.statement().through = Some(day(value).ok_or_else(bad)?),
            ("CURDEF", _) if !matches!(value, "CNY" | "RMB") => {
                return Err(StatementRefusal::OtherCurrency { text: value.to_owned() });
            }
            (_, true) => self.entry_value(tag, value).ok_or_else(bad)?,
            _ => {}
        }
        Ok(())
    }

    fn statement(&mut self) -> &mut Statement {
        if self.file.statements.is_empty() {
            self.file.statements.push(Statement::default());
        }
        let last = self.file.statements.len() - 1;
        &mut self.file.statements[last]
    }

    fn account(&mut self, value: &str, is_entry: bool) {
        match (&mut self.entry, is_entry && self.block == Block::Counterparty) {
            (Some(entry), true) => value.clone_into(&mut entry.account),
            _ if self.block == Block::Own => value.clone_into(&mut self.statement().account),
            _ => {}
        }
    }

    fn entry_value(&mut self, tag: &str, value: &str) -> Option<()> {
        let entry = self.entry.as_mut()?;
        match tag {
            "DTPOSTED" => entry.on = day(value)?,
            "TRNAMT" => entry.amount = amount(value)?,
            "FITID" => value.clone_into(&mut entry.serial),
            "NAME" => value.clone_into(&mut entry.name),
            "MEMO" => value.clone_into(&mut entry.summary),
            _ => {}
        }
        Some(())
    }

    fn end_entry(&mut self, line: usize) -> Result<(), StatementRefusal> {
        let entry = self.entry.take().unwrap_or_default();
        if entry.on == BusinessDate::default() || entry.amount.is_zero() {
            let what = "STMTTRN 缺少 DTPOSTED 或 TRNAMT".to_owned();
            return Err(StatementRefusal::BadFormat { format: "OFX".to_owned(), line, what });
        }
        self.statement().lines.push(entry);
        Ok(())
    }
}

/// (line, tag, value up to the next tag).
fn tags(text: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    let (mut rest, mut line) = (text, 1);
    std::iter::from_fn(move || {
        let open = rest.find('<')?;
        let close = open + rest[open..].find('>')?;
        let next = rest[close..].find('<').map_or(rest.len(), |next| close + next);
        let (tag, value) = (&rest[open + 1..close], rest[close + 1..next].trim());
        let at = line + rest[..open].matches('\n').count();
        line += rest[..next].matches('\n').count();
        rest = &rest[next..];
        Some((at, tag.split_whitespace().next().unwrap_or_default(), value))
    })
}

fn amount(text: &str) -> Option<Amount> {
    Amount::parse(text.trim_start_matches('+')).ok()
}

/// `20261021120000[+8:CST]`
fn day(text: &str) -> Option<BusinessDate> {
    let digits = text.get(..8).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
    BusinessDate::from_ymd_opt(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?)
}
