//! Rows of a file to vouchers.
//!
//! Pure.
//!
//! 1. Rows with the same date and number are one voucher, wherever they stand; rows without date and number
//!    go on with the voucher above.
//! 2. Where a file numbers nothing, a voucher ends when it balances.
//! 3. A voucher with a bad row is not taken, and every bad row of the file is reported.
//! 4. Only balanced vouchers come out; negative amounts (red vouchers of the old program) stay negative.

use std::collections::HashMap;

use super::ExchangeRefusal;
use super::headings::{Mapping, Plan};
use super::lines_in::{self, LINE_FIELDS, RowAccount};
use super::problems::{Resolve, RowProblem, RowRefusal};
use super::records_in::{Record, TableFacts, TotalWord, for_each_record};
use super::rows_in::ReadOptions;
use super::source_key::SourceKeys;
use super::totals_in::RunningTotals;
use super::values_in::{date, stage, word_and_number, word_of};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::ledger::{BookCode, Stage, Voucher, VoucherLine, Word};
use crate::money::Amount;
use crate::refusal::Refusal;

const PLAN: Plan = Plan {
    table: "voucher",
    needs: &[&[&["date"]], &[&["account"], &["account_name"]], &[&["debit", "credit"], &["amount", "side"]]],
};

/// What the user says about a file of vouchers.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Encoding, worksheet, limits.
    pub read: ReadOptions,
    /// The user's own words for columns.
    pub mapping: Mapping,
}

/// A voucher as a file had it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedVoucher {
    /// The voucher, balanced, with its source key, not yet numbered by the book.
    pub voucher: Voucher,
    /// The file's own number, such as `记-12`; blank if it has none.
    pub file_number: String,
    /// First and last row in the file.
    pub rows: (u64, u64),
}

/// What a file of vouchers came to.
#[derive(Debug, Clone, Default)]
pub struct VouchersIn {
    /// The good vouchers, in the order of their first rows.
    pub vouchers: Vec<ImportedVoucher>,
    /// Every problem, by row. A problem of a total line concerns the file, not a voucher.
    pub problems: Vec<RowProblem>,
    /// Rows left out that need not be wrong.
    pub warnings: Vec<RowProblem>,
    /// Vouchers not taken.
    pub refused_vouchers: u64,
    /// Sums over all rows that have readable money; `None` if they do not fit.
    pub totals: Option<(Amount, Amount)>,
    /// Head row, titles, columns used and not used.
    pub table: TableFacts,
}

/// Reads a file of vouchers for a book. Refuses only files that are no such table; bad rows are reported.
pub fn read_vouchers(
    bytes: &[u8],
    book: &BookCode,
    options: &ImportOptions,
    resolve: &Resolve<'_>,
) -> Result<VouchersIn, Refusal> {
    let mut builder = Builder::default();
    let mut visit = |record: &Record<'_>| {
        builder.take(record, resolve);
        // A summary written once stands for the rows below it, each of which keeps it.
        if builder.carried > options.read.limits.held_bytes {
            let limit = options.read.limits.held_bytes;
            return Err(ExchangeRefusal::TooLarge { what: "沿用的摘要字节数".to_owned(), limit }.into());
        }
        Ok(())
    };
    let table = for_each_record(bytes, &options.read, &PLAN, &options.mapping, &mut visit)?;
    Ok(builder.finish(book, table))
}

/// A voucher while its rows are read.
#[derive(Debug)]
struct Group {
    dated_on: Option<BusinessDate>,
    word: Option<Word>,
    number: String,
    lines: Vec<VoucherLine>,
    /// Debit and credit of the lines; `None` if they do not fit.
    sums: Option<(Amount, Amount)>,
    stage: Stage,
    attachments: i64,
    rows: (u64, u64),
    bad: bool,
}

impl Group {
    fn is_balanced(&self) -> bool {
        !self.lines.is_empty() && self.sums.is_none_or(|(debit, credit)| debit == credit)
    }

    fn add(&mut self, line: VoucherLine) {
        self.sums =
            self.sums.and_then(|(debit, credit)| Some((debit.checked_add(line.debit)?, credit.checked_add(line.credit)?)));
        self.lines.push(line);
    }
}

/// What a row says about the voucher it belongs to.
struct Heading {
    dated_on: Option<BusinessDate>,
    word: Option<Word>,
    number: String,
}

#[derive(Default)]
struct Builder {
    groups: Vec<Group>,
    by_number: HashMap<(BusinessDate, Option<Word>, String), usize>,
    current: Option<usize>,
    totals: RunningTotals,
    /// Bytes of summaries taken from the row above.
    carried: u64,
    problems: Vec<RowProblem>,
    warnings: Vec<RowProblem>,
}

impl Builder {
    fn take(&mut self, record: &Record<'_>, resolve: &Resolve<'_>) {
        match record.total_word() {
            Some(TotalWord::Rows(word)) => self.problems.extend(self.totals.check(record, &word)),
            Some(TotalWord::Other(_)) => {}
            None if record.all_blank(&LINE_FIELDS) => self.warnings.push(record.problem("summary", RowRefusal::NotALine)),
            None => self.take_line(record, resolve),
        }
    }

    fn take_line(&mut self, record: &Record<'_>, resolve: &Resolve<'_>) {
        let mut found = Vec::new();
        let heading = heading(record, &mut found);
        let account = lines_in::account(record, resolve, &mut found);
        if let Some(RowAccount::Parent(code)) = &account {
            found.push(record.problem("account", RowRefusal::ParentAccount { code: code.to_string() }));
        }
        let money = lines_in::money(record, &mut found);
        let dimensions = lines_in::dimensions(record, &mut found);
        let (debit, credit) = money.unwrap_or_default();
        self.totals.add(debit, credit);
        let Some(index) = self.place(record, &heading, &mut found) else { return self.problems.append(&mut found) };
        let group = &mut self.groups[index];
        header_values(record, group, &mut found);
        group.bad |= !found.is_empty();
        self.problems.append(&mut found);
        if let (Some(RowAccount::Leaf(account)), Some((debit, credit))) = (account, money) {
            if debit.is_zero() && credit.is_zero() {
                return self.warnings.push(record.problem("debit", RowRefusal::NoMoney));
            }
            let summary = match (record.text("summary"), group.lines.last()) {
                ("", Some(above)) => {
                    self.carried += above.summary.len() as u64;
                    above.summary.clone()
                }
                (text, _) => text.to_owned(),
            };
            group.add(VoucherLine { summary, account, debit, credit, dimensions });
        }
    }

    /// The group a row belongs to; begins one if need be. `None` if it belongs to no voucher.
    fn place(&mut self, record: &Record<'_>, heading: &Heading, problems: &mut Vec<RowProblem>) -> Option<usize> {
        let goes_on = self.current.filter(|index| goes_on(&self.groups[*index], heading, !record.text("date").is_empty()));
        let known = || {
            let key = (heading.dated_on?, heading.word, heading.number.clone());
            (!heading.number.is_empty()).then(|| self.by_number.get(&key).copied()).flatten()
        };
        let index = match goes_on.or_else(known) {
            Some(index) => index,
            None => self.begin(record, heading, problems)?,
        };
        self.groups[index].rows.1 = record.row;
        self.current = Some(index);
        Some(index)
    }

    fn begin(&mut self, record: &Record<'_>, heading: &Heading, problems: &mut Vec<RowProblem>) -> Option<usize> {
        let date_written = !record.text("date").is_empty();
        let nothing_said = !date_written && heading.number.is_empty();
        let date_above = self.current.and_then(|index| self.groups[index].dated_on);
        let dated_on = if date_written { heading.dated_on } else { date_above };
        if dated_on.is_none() && !date_written {
            let why = if nothing_said { RowRefusal::NoVoucherBegun } else { RowRefusal::NoDate };
            problems.push(record.problem("date", why));
            if nothing_said {
                return None;
            }
        }
        let index = self.groups.len();
        if let (Some(day), false) = (dated_on, heading.number.is_empty()) {
            self.by_number.insert((day, heading.word, heading.number.clone()), index);
        }
        self.groups.push(Group {
            dated_on,
            word: heading.word,
            number: heading.number.clone(),
            lines: Vec::with_capacity(2),
            sums: Some((Amount::ZERO, Amount::ZERO)),
            stage: Stage::Ordinary,
            attachments: 0,
            rows: (record.row, record.row),
            bad: false,
        });
        Some(index)
    }

    fn finish(mut self, book: &BookCode, table: TableFacts) -> VouchersIn {
        self.by_number = HashMap::new();
        let (mut keys, mut refused_vouchers) = (SourceKeys::default(), 0);
        let mut vouchers = Vec::with_capacity(self.groups.len());
        for group in std::mem::take(&mut self.groups) {
            match finish_group(group, book, &mut keys, &mut self.problems) {
                Some(voucher) => vouchers.push(voucher),
                None => refused_vouchers += 1,
            }
        }
        self.problems.sort_by_key(|problem| problem.row);
        let (problems, warnings, totals) = (self.problems, self.warnings, self.totals.all());
        VouchersIn { vouchers, problems, warnings, refused_vouchers, totals, table }
    }
}

/// True if a row goes on with the voucher above it.
fn goes_on(group: &Group, heading: &Heading, date_written: bool) -> bool {
    let same_date = !date_written || (heading.dated_on.is_some() && heading.dated_on == group.dated_on);
    let same_word = heading.word.is_none() || heading.word == group.word;
    let same_number = match (heading.number.as_str(), date_written) {
        ("", false) => true,
        // Without a number, a row that repeats the date goes on until the voucher balances.
        ("", true) => !group.is_balanced() || group.bad,
        (number, _) => number == group.number,
    };
    same_date && same_word && same_number
}

/// Date, word and number of a row.
fn heading(record: &Record<'_>, problems: &mut Vec<RowProblem>) -> Heading {
    let dated_on = date(record.get("date")).map_err(|why| problems.push(record.problem("date", why))).unwrap_or_default();
    let own = word_and_number(record.text("number")).map_err(|why| problems.push(record.problem("number", why)));
    let (word, number) = own.unwrap_or_else(|()| (None, record.text("number").to_owned()));
    let word = match record.text("word") {
        "" => word,
        text => word_of(text).map_err(|why| problems.push(record.problem("word", why))).ok().or(word),
    };
    Heading { dated_on, word, number }
}

/// Stage and attachments: any row of a voucher may carry them; the largest count stands.
fn header_values(record: &Record<'_>, group: &mut Group, problems: &mut Vec<RowProblem>) {
    match stage(record.get("stage")) {
        Ok(Stage::Ordinary) => {}
        Ok(other) => group.stage = other,
        Err(why) => problems.push(record.problem("stage", why)),
    }
    let text = record.text("attachments").trim_end_matches('张').trim();
    match text.parse::<u16>() {
        Ok(count) => group.attachments = group.attachments.max(i64::from(count)),
        Err(_) if text.is_empty() || text == "-" => {}
        Err(_) => problems.push(record.problem("attachments", RowRefusal::AttachmentCount { text: text.to_owned() })),
    }
}

/// The group as a balanced voucher with its key; `None`, with the reason added, if it is not one.
fn finish_group(group: Group, book: &BookCode, keys: &mut SourceKeys, problems: &mut Vec<RowProblem>) -> Option<ImportedVoucher> {
    let word = group.word.unwrap_or(Word::General);
    let file_number = if group.number.is_empty() { String::new() } else { format!("{}-{}", word.as_str(), group.number) };
    if group.bad {
        return None;
    }
    let dated_on = group.dated_on?;
    let period = AccountingPeriod::of(dated_on);
    let (lines, stage, paper_attachments) = (group.lines, group.stage, group.attachments);
    let mut voucher =
        Voucher { book: book.clone(), period, dated_on, word, stage, lines, reverses: None, source_key: None, paper_attachments };
    if let Err(why) = voucher.check_balanced() {
        problems.push(RowProblem::at(group.rows.0, "", &file_number, why));
        return None;
    }
    voucher.source_key = Some(keys.next(&voucher, &file_number));
    Some(ImportedVoucher { voucher, file_number, rows: group.rows })
}

#[cfg(test)]
#[path = "vouchers_in_tests.rs"]
mod tests;
