//! MT940 (SWIFT customer statement): `:60F:` opening, `:61:` entries with `:86:` texts, `:62F:` closing.
//!
//! Pure. A small exact reader: amounts go from text to fen without a float.
//!
//! 1. Credit is money in, as the standard defines it from the account holder's side; `RC`/`RD` reverse.
//! 2. One message after the other on the same account is one statement.

use super::{Statement, StatementFile, StatementLine, StatementRefusal};
use crate::calendar::BusinessDate;
use crate::money::Amount;

/// Characters of an account that are kept.
const LONGEST_ACCOUNT: usize = 64;
/// Bytes of a line's words behind which no further `:86:` is added.
const LONGEST: usize = 1_000;

/// Reads the messages of a file.
pub fn read(text: &str) -> Result<StatementFile, StatementRefusal> {
    let mut file = StatementFile { format: "MT940", ..StatementFile::default() };
    let mut account = String::new();
    for (line, tag, body) in fields(text) {
        let bad = |what: &str| StatementRefusal::BadFormat { format: "MT940".to_owned(), line, what: what.to_owned() };
        match tag {
            "25" if file.statements.len() >= super::ACCOUNTS => return Err(bad("账户过多")),
            "25" => account = body.lines().next().unwrap_or_default().trim().chars().take(LONGEST_ACCOUNT).collect(),
            "60F" | "60M" => {
                let (on, opening) = balance(body).ok_or_else(|| bad(body))?;
                let statement = of_account(&mut file.statements, &account);
                statement.opening = statement.opening.or(Some(opening));
                statement.from = statement.from.or(Some(on));
            }
            "61" => {
                let entry = entry(body, line as u64).ok_or_else(|| bad(body))?;
                of_account(&mut file.statements, &account).lines.push(entry);
            }
            "86" => {
                if let Some(last) = of_account(&mut file.statements, &account).lines.last_mut() {
                    describe(last, body);
                }
            }
            "62F" | "62M" => {
                let (on, closing) = balance(body).ok_or_else(|| bad(body))?;
                let statement = of_account(&mut file.statements, &account);
                (statement.closing, statement.through) = (Some(closing), statement.through.max(Some(on)));
            }
            _ => {}
        }
    }
    if file.statements.iter().all(|statement| statement.lines.is_empty()) {
        return Err(StatementRefusal::NoLines { format: "MT940".to_owned() });
    }
    Ok(file)
}

fn of_account<'s>(statements: &'s mut Vec<Statement>, account: &str) -> &'s mut Statement {
    let known = statements.iter().position(|statement| statement.account == account);
    let index = known.unwrap_or_else(|| {
        statements.push(Statement { account: account.to_owned(), ..Statement::default() });
        statements.len() - 1
    });
    &mut statements[index]
}

/// (line, tag, body with its continuation lines).
fn fields(text: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let tag = line.strip_prefix(':').and_then(|rest| rest.split_once(':')).map_or("", |(tag, _)| tag);
        if matches!(tag.len(), 2 | 3) && tag.as_bytes()[..2].iter().all(u8::is_ascii_digit) {
            starts.push((index + 1, at));
        }
        at += line.len();
    }
    let ends: Vec<usize> = starts.iter().skip(1).map(|(_, at)| *at).chain([text.len()]).collect();
    starts.into_iter().zip(ends).map(|((line, start), end)| {
        let (tag, body) = text[start + 1..end].split_once(':').unwrap_or_default();
        (line, tag, body.trim_end_matches(['\r', '\n', '-', '}']))
    })
}

/// `C260930CNY1234,56`
fn balance(body: &str) -> Option<(BusinessDate, Amount)> {
    let body = body.trim();
    let sign = body.get(..1)?;
    let (on, currency, amount) = (short_date(body.get(1..7)?)?, body.get(7..10)?, money(body.get(10..)?)?);
    (currency == "CNY").then_some(())?;
    match sign {
        "C" => Some((on, amount)),
        "D" => Some((on, -amount)),
        _ => None,
    }
}

/// `2610211021C500,00NTRFREF123//BANK456` and a supplementary line.
fn entry(body: &str, row: u64) -> Option<StatementLine> {
    let (head, more) = body.split_once('\n').unwrap_or((body, ""));
    let head = head.trim_end();
    let on = short_date(head.get(..6)?)?;
    let rest = head.get(6..)?;
    let rest = match rest.get(..4) {
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => rest.get(4..)?,
        _ => rest,
    };
    let marks = [("RC", true), ("RD", false), ("EC", false), ("ED", true), ("C", false), ("D", true)];
    let (mark, is_out) = marks.into_iter().find(|(mark, _)| rest.starts_with(mark))?;
    let rest = rest.get(mark.len()..)?.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ',')?;
    let amount = money(&rest[..end])?;
    // The transaction type is one letter and three characters; then the references.
    let references = rest.get(end + 4..).unwrap_or_default();
    let (own, bank) = references.split_once("//").unwrap_or((references, ""));
    let serial = if bank.trim().is_empty() { own.trim() } else { bank.trim() };
    let summary =
        [own.trim(), more.trim()].into_iter().filter(|text| !matches!(*text, "" | "NONREF")).collect::<Vec<_>>().join(" ");
    let serial = if serial == "NONREF" { "" } else { serial };
    Some(StatementLine {
        row,
        on,
        amount: if is_out { -amount } else { amount },
        serial: serial.to_owned(),
        summary,
        ..StatementLine::default()
    })
}

/// The `:86:` text: subfields `?20…` purpose, `?31` account, `?32 ?33` name; or `/NAME/`-words; or plain words.
fn describe(line: &mut StatementLine, body: &str) {
    if line.summary.len() > LONGEST {
        return;
    }
    let joined: String = body.lines().map(str::trim_end).collect();
    if !joined.contains("?2") && !joined.contains("?3") {
        return line.summary = words(&line.summary, joined.trim());
    }
    let mut purpose = String::new();
    for field in joined.split('?').skip(1) {
        let (code, value) = field.split_at_checked(2).unwrap_or((field, ""));
        match code {
            "20" | "21" | "22" | "23" | "24" | "25" | "26" | "27" | "28" | "29" => purpose.push_str(value),
            "31" | "38" => line.account = value.trim().to_owned(),
            "32" | "33" if line.name.len() < LONGEST => line.name.push_str(value.trim()),
            _ => {}
        }
    }
    line.summary = words(&line.summary, purpose.trim());
}

fn words(first: &str, second: &str) -> String {
    [first, second].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

/// `1234,5` to fen; two decimals at most.
fn money(text: &str) -> Option<Amount> {
    let (whole, decimals) = text.trim().split_once(',')?;
    let good = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    (good(whole) && good(decimals) && !whole.is_empty()).then_some(())?;
    Amount::parse(&format!("{whole}.{decimals}")).ok()
}

fn short_date(digits: &str) -> Option<BusinessDate> {
    let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<u32>().ok();
    digits.bytes().all(|b| b.is_ascii_digit()).then_some(())?;
    BusinessDate::from_ymd_opt(2000 + number(0..2)? as i32, number(2..4)?, number(4..6)?)
}
