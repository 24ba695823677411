//! camt.053 (ISO 20022 account statement): `Stmt` with balances and `Ntry` entries.
//!
//! Pure. `quick-xml` walks the document; nothing is expanded but the five entities of XML itself.
//!
//! 1. `CRDT` is money in, `DBIT` money out; `RvslInd` is already in the indicator and turns nothing.
//! 2. Attributes are looked at one by one, never against each other: a tag of a million of them ends.
//! 3. A batch entry is one line, as it is one line of the balance; its parts are named in the summary.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Statement, StatementFile, StatementLine, StatementRefusal};
use crate::calendar::BusinessDate;
use crate::money::Amount;

/// Elements may be nested this deep.
const DEPTH: usize = 64;

/// Reads the statements of a document.
pub fn read(text: &str) -> Result<StatementFile, StatementRefusal> {
    let mut reading = Reading { file: StatementFile { format: "camt.053", ..StatementFile::default() }, ..Reading::default() };
    let mut reader = Reader::from_str(text);
    let (mut path, mut value): (Vec<String>, String) = (Vec::new(), String::new());
    loop {
        let event = reader.read_event();
        let line = || text[..(reader.buffer_position() as usize).min(text.len())].matches('\n').count() + 1;
        let bad = |what: String| StatementRefusal::BadFormat { format: "camt.053".to_owned(), line: line(), what };
        match event.map_err(|error| bad(error.to_string()))? {
            Event::Eof => break,
            Event::Start(start) => {
                path.push(start.local_name().as_ref().to_owned());
                value.clear();
                let currency = start.attributes().with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == "Ccy");
                if currency.is_some_and(|currency| currency.value.as_ref() != "CNY") {
                    return Err(StatementRefusal::OtherCurrency { text: "非 CNY".to_owned() });
                }
                if path.len() > DEPTH {
                    return Err(bad("嵌套过深".to_owned()));
                }
                reading.open(path.last().map_or("", String::as_str)).ok_or_else(|| bad("账户过多".to_owned()))?;
            }
            Event::Text(text) => value.push_str(&text),
            Event::CData(text) => value.push_str(&text),
            Event::GeneralRef(entity) => value.push_str(match entity.as_ref() {
                "amp" => "&",
                "lt" => "<",
                "gt" => ">",
                "apos" => "'",
                "quot" => "\"",
                _ => "",
            }),
            Event::End(_) => {
                reading.close(&path, value.trim()).ok_or_else(|| bad(value.trim().to_owned()))?;
                value.clear();
                path.pop();
            }
            _ => {}
        }
    }
    reading.file.statements.retain(|statement| !statement.lines.is_empty());
    if reading.file.statements.is_empty() {
        return Err(StatementRefusal::NoLines { format: "camt.053".to_owned() });
    }
    Ok(reading.file)
}

#[derive(Default)]
struct Reading {
    file: StatementFile,
    entry: Option<StatementLine>,
    entries: u64,
    balance: (String, Option<Amount>, bool),
    is_out: bool,
    other: (Option<String>, Option<String>, Option<String>, Option<String>),
}

impl Reading {
    /// Begins an element; `None` if there are too many statements. An entry's row is its number in the document.
    fn open(&mut self, name: &str) -> Option<()> {
        match name {
            "Stmt" if self.file.statements.len() >= super::ACCOUNTS => return None,
            "Stmt" => self.file.statements.push(Statement::default()),
            "Bal" => self.balance = Default::default(),
            "Ntry" => {
                self.entries += 1;
                (self.is_out, self.other) = (false, Default::default());
                self.entry = Some(StatementLine { row: self.entries, ..StatementLine::default() });
            }
            _ => {}
        }
        Some(())
    }

    /// Takes a value at its closing tag; `None` if it is malformed.
    fn close(&mut self, path: &[String], value: &str) -> Option<()> {
        let ends =
            |tail: &[&str]| path.len() >= tail.len() && path[path.len() - tail.len()..].iter().zip(tail).all(|(a, b)| a == b);
        let Some(statement) = self.file.statements.last_mut() else { return Some(()) };
        if self.entry.is_none() {
            match () {
                () if ends(&["Acct", "Id", "IBAN"]) || ends(&["Acct", "Id", "Othr", "Id"]) => {
                    value.clone_into(&mut statement.account)
                }
                () if ends(&["Acct", "Nm"]) || ends(&["Acct", "Ownr", "Nm"]) => value.clone_into(&mut statement.holder),
                () if ends(&["FrToDt", "FrDtTm"]) => statement.from = Some(day(value)?),
                () if ends(&["FrToDt", "ToDtTm"]) => statement.through = Some(day(value)?),
                () if ends(&["Bal", "Tp", "CdOrPrtry", "Cd"]) => value.clone_into(&mut self.balance.0),
                () if ends(&["Bal", "Amt"]) => self.balance.1 = Some(amount(value)?),
                () if ends(&["Bal", "CdtDbtInd"]) => self.balance.2 = value == "DBIT",
                () if ends(&["Bal"]) => close_balance(statement, &self.balance),
                () => {}
            }
            return Some(());
        }
        if ends(&["Ntry"]) {
            return self.end_entry();
        }
        let entry = self.entry.as_mut()?;
        let (creditor, creditor_account, debtor, debtor_account) = &mut self.other;
        match () {
            () if ends(&["Ntry", "Amt"]) => entry.amount = amount(value)?,
            () if ends(&["Ntry", "CdtDbtInd"]) => self.is_out = value == "DBIT",
            () if ends(&["BookgDt", "Dt"]) || ends(&["BookgDt", "DtTm"]) => entry.on = day(value)?,
            () if ends(&["Ntry", "AcctSvcrRef"]) => value.clone_into(&mut entry.serial),
            () if ends(&["Ntry", "NtryRef"]) && entry.serial.is_empty() => value.clone_into(&mut entry.serial),
            () if ends(&["RmtInf", "Ustrd"]) || ends(&["AddtlNtryInf"]) => append(&mut entry.summary, value),
            () if ends(&["Cdtr", "Nm"]) || ends(&["Cdtr", "Pty", "Nm"]) => *creditor = Some(value.to_owned()),
            () if ends(&["Dbtr", "Nm"]) || ends(&["Dbtr", "Pty", "Nm"]) => *debtor = Some(value.to_owned()),
            () if ends(&["CdtrAcct", "Id", "IBAN"]) || ends(&["CdtrAcct", "Id", "Othr", "Id"]) => {
                *creditor_account = Some(value.to_owned())
            }
            () if ends(&["DbtrAcct", "Id", "IBAN"]) || ends(&["DbtrAcct", "Id", "Othr", "Id"]) => {
                *debtor_account = Some(value.to_owned())
            }
            () => {}
        }
        Some(())
    }

    fn end_entry(&mut self) -> Option<()> {
        let mut entry = self.entry.take()?;
        (entry.on != BusinessDate::default()).then_some(())?;
        let (creditor, creditor_account, debtor, debtor_account) = std::mem::take(&mut self.other);
        let (name, account) = if self.is_out { (creditor, creditor_account) } else { (debtor, debtor_account) };
        (entry.name, entry.account) = (name.unwrap_or_default(), account.unwrap_or_default());
        if self.is_out {
            entry.amount = -entry.amount;
        }
        self.file.statements.last_mut()?.lines.push(entry);
        Some(())
    }
}

fn close_balance(statement: &mut Statement, (code, amount, is_debit): &(String, Option<Amount>, bool)) {
    let signed = amount.map(|amount| if *is_debit { -amount } else { amount });
    match code.as_str() {
        "OPBD" | "PRCD" => statement.opening = statement.opening.or(signed),
        "CLBD" => statement.closing = signed,
        _ => {}
    }
}

fn append(summary: &mut String, value: &str) {
    if !value.is_empty() && !summary.contains(value) && summary.len() < 1_000 {
        if !summary.is_empty() {
            summary.push(' ');
        }
        summary.push_str(value);
    }
}

fn amount(text: &str) -> Option<Amount> {
    Amount::parse(text).ok()
}

fn day(text: &str) -> Option<BusinessDate> {
    text.get(..10)?.parse().ok()
}
