//! Statements as tables: csv, txt, xls and xlsx of any bank's columns.
//!
//! Pure.
//!
//! 1. A row with a date and money is a line; any other row must explain itself (title, total, remark,
//!    repeated head) or is a problem.
//! 2. A file may hold several accounts: by a column 账号, or by title lines before each part.

use super::side::{Basis, Step};
use super::titles::Facts;
use super::{BankOptions, Statement, StatementFile, StatementLine, StatementRefusal, checks, side};
use crate::calendar::BusinessDate;
use crate::exchange::headings::{Need, Plan, normal_heading};
use crate::exchange::problems::{RowProblem, RowRefusal};
use crate::exchange::records_in::{Record, TotalWord, for_each_record};
use crate::exchange::values_in::{amount, date, id, plain};
use crate::money::Amount;
use crate::refusal::Refusal;

const MONEY: Need = &[&["money_in", "money_out"], &["debit", "credit"], &["amount"]];

/// What a bank's table must have: a date and money in one of its forms.
pub const PLAN: Plan = Plan { table: "bank", needs: &[&[&["date"]], MONEY] };

/// A line with its value as the columns put it.
struct Raw {
    line: StatementLine,
    value: Amount,
}

/// One account's part of the file.
#[derive(Default)]
struct Part {
    facts: Facts,
    rows: Vec<Raw>,
    /// Σ of the columns as they stand: (credit, in or positive; debit, out or negative).
    sums: (Amount, Amount),
    findings: Vec<RowProblem>,
}

/// Reads a table of statement lines.
pub fn read(bytes: &[u8], options: &BankOptions) -> Result<StatementFile, Refusal> {
    let mut reading = Reading::default();
    let table = for_each_record(bytes, &options.read, &PLAN, &options.mapping, &mut |record| {
        reading.take(record);
        Ok(())
    })?;
    let mut titles = Facts::default();
    titles.take_row(table.titles.iter().map(String::as_str));
    let basis = reading.basis.unwrap_or(Basis::Signed);
    let mut file = StatementFile { format: "表格", problems: reading.problems, table, ..StatementFile::default() };
    let mut proven = options.debit_means;
    let parts = reading.parts.len();
    for (index, mut part) in reading.parts.into_iter().enumerate() {
        if index == 0 || parts == 1 {
            part.facts = merged(titles.clone(), part.facts);
        }
        if part.rows.is_empty() {
            continue;
        }
        let statement = part.settled(basis, proven)?;
        // What one account's balances prove holds for the file's other accounts too.
        proven = proven.or(statement.proof.map(|proof| if proof.turned { side::DebitMeans::In } else { side::DebitMeans::Out }));
        file.statements.push(statement);
    }
    if file.statements.is_empty() && file.problems.is_empty() {
        return Err(StatementRefusal::NoLines { format: file.format.to_owned() }.into());
    }
    Ok(file)
}

/// Facts of the title lines, overridden by what stands beside the rows.
fn merged(titles: Facts, rows: Facts) -> Facts {
    Facts {
        account: rows.account.or(titles.account),
        holder: rows.holder.or(titles.holder),
        from: rows.from.or(titles.from),
        through: rows.through.or(titles.through),
        opening: rows.opening.or(titles.opening),
        closing: rows.closing.or(titles.closing),
        total_in: rows.total_in.or(titles.total_in),
        total_out: rows.total_out.or(titles.total_out),
        count: rows.count.or(titles.count),
    }
}

/// The file as far as it was read.
#[derive(Default)]
struct Reading {
    parts: Vec<Part>,
    /// Index of the part the next row belongs to.
    at: usize,
    basis: Option<Basis>,
    problems: Vec<RowProblem>,
}

impl Reading {
    fn take(&mut self, record: &Record<'_>) {
        if self.parts.is_empty() {
            self.parts.push(Part::default());
        }
        let on = date(record.get("date"));
        match on {
            Ok(Some(on)) => self.take_line(record, on),
            _ if is_repeated_head(record) => {}
            _ if self.explains_itself(record) => {}
            Ok(None) if no_money(record) => {}
            Ok(None) => self.problems.push(record.problem("date", RowRefusal::NoDate)),
            Err(why) => self.problems.push(record.problem("date", why)),
        }
    }

    /// True for title lines of a further account, totals and remarks.
    fn explains_itself(&mut self, record: &Record<'_>) -> bool {
        let mut facts = Facts::default();
        let said = facts.take_row(record.cells.iter().map(|cell| cell.text.as_str()));
        if let Some(account) = &facts.account
            && self.parts[self.at].facts.account.as_ref() != Some(account)
        {
            self.switch_to(account.clone());
        }
        let part = &mut self.parts[self.at];
        part.facts = merged(std::mem::take(&mut part.facts), facts);
        match record.total_word() {
            Some(TotalWord::Rows(word)) => part.check_total(record, &word),
            Some(TotalWord::Other(word)) if word == "期初余额" => {
                part.facts.opening =
                    amount(record.get("balance")).ok().filter(|balance| !balance.is_zero()).or(part.facts.opening);
            }
            Some(TotalWord::Other(_)) => {}
            None => return said || is_remark(record),
        }
        true
    }

    /// The part of an account; the first part takes its name if it has none and no rows.
    fn switch_to(&mut self, account: String) {
        let known = self.parts.iter().position(|part| part.facts.account.as_ref() == Some(&account));
        let unnamed = self.parts[self.at].facts.account.is_none() && self.parts[self.at].rows.is_empty();
        self.at = match known {
            Some(known) => known,
            None if unnamed => self.at,
            None if self.parts.len() >= super::ACCOUNTS => {
                let what = format!("账户超过 {} 个", super::ACCOUNTS);
                let why = StatementRefusal::BadFormat { format: "表格".to_owned(), line: 0, what };
                return self.problems.push(RowProblem::at(0, "账号", &account, why));
            }
            None => {
                self.parts.push(Part::default());
                self.parts.len() - 1
            }
        };
        self.parts[self.at].facts.account = Some(account);
    }

    fn take_line(&mut self, record: &Record<'_>, on: BusinessDate) {
        if let Ok(Some(own)) = id(record.get("own_account"))
            && self.parts[self.at].facts.account.as_deref() != Some(own.as_str())
        {
            self.switch_to(own);
        }
        let before = self.problems.len();
        let line = line(record, on, &mut self.problems);
        let money = money(record, &mut self.problems);
        let (Some(line), Some((basis, credit, debit))) = (line, money) else { return };
        if self.problems.len() > before {
            return;
        }
        let part = &mut self.parts[self.at];
        let value = credit.checked_sub(debit).unwrap_or_default();
        if value.is_zero() {
            return part.brought_forward(record, &line, &mut self.problems);
        }
        self.basis.get_or_insert(basis);
        part.sums = (add(part.sums.0, credit), add(part.sums.1, debit));
        part.rows.push(Raw { line, value });
    }
}

fn add(sum: Amount, amount: Amount) -> Amount {
    sum.checked_add(amount).unwrap_or(sum)
}

/// A head printed again at the top of a page: most cells repeat the headings.
fn is_repeated_head(record: &Record<'_>) -> bool {
    let same = |(index, cell): (usize, &crate::exchange::rows_in::RawCell)| {
        !cell.is_blank()
            && record.columns.headings.get(index).is_some_and(|heading| normal_heading(heading) == normal_heading(&cell.text))
    };
    record.cells.iter().enumerate().filter(|pair| same((pair.0, pair.1))).count() >= 3
}

fn no_money(record: &Record<'_>) -> bool {
    record.all_blank(&["money_in", "money_out", "debit", "credit", "amount"])
}

/// A row of words alone: one or two cells, no number in a money column.
fn is_remark(record: &Record<'_>) -> bool {
    let filled = record.cells.iter().filter(|cell| !cell.is_blank()).count();
    filled <= 2
        && ["money_in", "money_out", "debit", "credit", "amount"].iter().all(|field| {
            let cell = record.get(field);
            cell.is_blank() || amount(cell).is_err()
        })
}

/// The words of a line; a damaged number or another currency is a problem.
fn line(record: &Record<'_>, on: BusinessDate, problems: &mut Vec<RowProblem>) -> Option<StatementLine> {
    let mut number = |field: &str| id(record.get(field)).map_err(|why| problems.push(record.problem(field, why))).ok();
    let (account, serial) = (number("account")?.unwrap_or_default(), number("serial")?.unwrap_or_default());
    let currency = plain(record.text("currency")).to_uppercase();
    if !matches!(currency.as_str(), "" | "人民币" | "人民币元" | "CNY" | "RMB" | "156" | "01" | "元") {
        problems.push(record.problem("currency", StatementRefusal::OtherCurrency { text: currency }));
        return None;
    }
    let balance_cell = record.get("balance");
    let balance = amount(balance_cell).map_err(|why| problems.push(record.problem("balance", why))).ok()?;
    let balance = (!balance_cell.is_blank() && balance_cell.text != "-").then_some(balance);
    let account = account.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let (name, bank) = (record.text("name").to_owned(), record.text("bank").to_owned());
    Some(StatementLine {
        row: record.row,
        on,
        amount: Amount::ZERO,
        balance,
        serial: plain(&serial),
        summary: words(record),
        name,
        account,
        bank,
    })
}

/// 摘要, 用途 and 备注, each once.
fn words(record: &Record<'_>) -> String {
    let mut kept: Vec<&str> = Vec::with_capacity(3);
    for field in ["summary", "purpose", "remark"] {
        let text = record.text(field);
        if !text.is_empty() && !kept.contains(&text) {
            kept.push(text);
        }
    }
    kept.join(" ")
}

/// (what it rests on, credit or in, debit or out), as the columns put it.
fn money(record: &Record<'_>, problems: &mut Vec<RowProblem>) -> Option<(Basis, Amount, Amount)> {
    let has = |field: &str| record.columns.index(field).is_some();
    if has("money_in") && has("money_out") {
        return two_columns(record, ("money_in", "money_out"), Basis::InOut, problems);
    }
    if has("debit") && has("credit") {
        return two_columns(record, ("credit", "debit"), Basis::DebitCredit, problems);
    }
    let value = amount(record.get("amount")).map_err(|why| problems.push(record.problem("amount", why))).ok()?;
    if !has("flag") {
        let (plus, minus) = if value.is_negative() { (Amount::ZERO, -value) } else { (value, Amount::ZERO) };
        return Some((Basis::Signed, plus, minus));
    }
    match flag(record.text("flag")) {
        Some((basis, true)) => Some((basis, value, Amount::ZERO)),
        Some((basis, false)) => Some((basis, Amount::ZERO, value)),
        None if value.is_zero() => Some((Basis::InOut, Amount::ZERO, Amount::ZERO)),
        None => {
            problems.push(record.problem("flag", StatementRefusal::UnknownFlag { text: record.text("flag").to_owned() }));
            None
        }
    }
}

fn two_columns(
    record: &Record<'_>,
    (plus, minus): (&str, &str),
    basis: Basis,
    problems: &mut Vec<RowProblem>,
) -> Option<(Basis, Amount, Amount)> {
    let mut read = |field: &str| amount(record.get(field)).map_err(|why| problems.push(record.problem(field, why))).ok();
    let (plus_amount, minus_amount) = (read(plus)?, read(minus)?);
    if !plus_amount.is_zero() && !minus_amount.is_zero() {
        let both = RowRefusal::BothSides { debit: minus_amount.to_string(), credit: plus_amount.to_string() };
        problems.push(record.problem(minus, both));
        return None;
    }
    Some((basis, plus_amount, minus_amount))
}

/// (basis, true for credit or in).
fn flag(text: &str) -> Option<(Basis, bool)> {
    match plain(text).to_ascii_lowercase().as_str() {
        "收" | "收入" | "+" | "转入" | "存入" | "存" | "来账" | "in" | "收款" | "进账" => {
            Some((Basis::InOut, true))
        }
        "支" | "支出" | "付" | "-" | "转出" | "支取" | "取" | "往账" | "out" | "付款" | "出账" => {
            Some((Basis::InOut, false))
        }
        "贷" | "贷方" | "c" | "cr" | "credit" | "2" => Some((Basis::DebitCredit, true)),
        "借" | "借方" | "d" | "dr" | "debit" | "1" => Some((Basis::DebitCredit, false)),
        _ => None,
    }
}

impl Part {
    /// A dated row without money: the balance brought forward, or a row that lost its amount.
    fn brought_forward(&mut self, record: &Record<'_>, line: &StatementLine, problems: &mut Vec<RowProblem>) {
        let words = ["期初", "承前", "上期", "上页", "结转", "余额"];
        match line.balance {
            Some(balance)
                if words.iter().any(|word| line.summary.contains(word)) || (line.summary.is_empty() && self.rows.is_empty()) =>
            {
                self.facts.opening = self.facts.opening.or(Some(balance));
            }
            _ if words.iter().any(|word| line.summary.contains(word)) => {}
            _ => problems.push(record.problem("amount", StatementRefusal::NoMoney)),
        }
    }

    /// Compares a total line with the columns above it.
    fn check_total(&mut self, record: &Record<'_>, word: &str) {
        let columns = [("money_in", self.sums.0), ("credit", self.sums.0), ("money_out", self.sums.1), ("debit", self.sums.1)];
        for (field, rows) in columns {
            let cell = record.get(field);
            let stated = amount(cell).ok().filter(|_| !cell.is_blank());
            if word != "小计" && !word.contains('页') && stated.is_some_and(|stated| stated != rows) {
                let (label, stated) = (word.to_owned(), stated.unwrap_or_default().to_string());
                self.findings
                    .push(record.problem(field, StatementRefusal::TotalDiffers { label, rows: rows.to_string(), stated }));
            }
        }
    }

    /// Settles the side, puts the rows oldest first, completes and checks.
    fn settled(self, basis: Basis, told: Option<side::DebitMeans>) -> Result<Statement, Refusal> {
        let steps: Vec<Step> =
            self.rows.iter().map(|raw| Step { on: raw.line.on, value: raw.value, balance: raw.line.balance }).collect();
        let proof = side::settle(&steps, (self.facts.opening, self.facts.closing), basis, told)?;
        let mut lines: Vec<StatementLine> = self
            .rows
            .into_iter()
            .map(|raw| StatementLine { amount: if proof.turned { -raw.value } else { raw.value }, ..raw.line })
            .collect();
        if proof.newest_first {
            lines.reverse();
        }
        let facts = self.facts;
        let mut statement = Statement {
            account: facts.account.unwrap_or_default(),
            holder: facts.holder.unwrap_or_default(),
            from: facts.from,
            through: facts.through,
            opening: facts.opening,
            closing: facts.closing,
            lines,
            proof: Some(proof),
            findings: self.findings,
        };
        if proof.turned && basis != Basis::DebitCredit {
            statement.findings.push(RowProblem::at(0, "", "", StatementRefusal::WordsTurned { steps: proof.steps }));
        }
        for (stated, rows) in [(facts.total_in, self.sums.0), (facts.total_out, self.sums.1)] {
            if let Some((label, stated)) = stated.filter(|(_, stated)| *stated != rows) {
                let (rows, stated) = (rows.to_string(), stated.to_string());
                statement.findings.push(RowProblem::at(0, "", "", StatementRefusal::TotalDiffers { label, rows, stated }));
            }
        }
        if let Some(stated) = facts.count.filter(|count| !count.is_empty() && *count != statement.lines.len().to_string()) {
            statement.findings.push(RowProblem::at(
                0,
                "",
                "",
                StatementRefusal::CountDiffers { rows: statement.lines.len(), stated },
            ));
        }
        checks::complete(&mut statement);
        Ok(statement)
    }
}
