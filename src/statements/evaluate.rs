//! Fills a form from a book's figures: every cell knows its formula, the accounts it read and what each gave.
//!
//! Pure.
//!
//! 1. A cell's amount is the sum of what it read.
//! 2. A figure given by hand replaces the formula of its line and says so; lines above it are built on the given figure.
//! 3. For a balance sheet, every balance outside all lines and every balance counted twice is named.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::figures::{Figures, on_side};
use super::form::{Form, FormCheck, FormId, FormLine};
use super::formula::{Source, Take, Term, source_words_zh, words_zh};
use super::{Check, StatementRefusal};
use crate::calendar::AccountingPeriod;
use crate::ledger::{AccountCode, Side};
use crate::money::Amount;

/// One thing a cell read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    /// In words: `银行存款(102)借方余额`.
    pub words_zh: String,
    /// The account, where it was one.
    pub account: Option<AccountCode>,
    /// What it gave, with the sign it entered the cell.
    pub amount: Amount,
}

/// A filled cell that can be asked where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The figure, in fen.
    pub amount: Amount,
    /// The formula as the form writes it; `given` for a figure given by hand.
    pub formula: String,
    /// The formula in words.
    pub words_zh: String,
    /// What was read.
    pub reads: Vec<Read>,
}

/// A line of a filled statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementLine {
    /// 行次
    pub key: String,
    /// 项目
    pub label_zh: String,
    /// The same in English.
    pub label_en: String,
    /// `left`, `right` or empty.
    pub side: String,
    /// Words for rendering.
    pub style: String,
    /// Document and tag.
    pub source: String,
    /// 期末余额 or 本年金额; `None` for a heading.
    pub cell: Option<Cell>,
    /// 年初余额 or 上年金额, where there is one.
    pub compared: Option<Amount>,
}

impl StatementLine {
    /// The figure; a heading has none.
    pub fn amount(&self) -> Amount {
        self.cell.as_ref().map_or(Amount::ZERO, |cell| cell.amount)
    }
}

/// A filled statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormStatement {
    /// Regime id of the form.
    pub regime: String,
    /// Which statement.
    pub form: FormId,
    /// Title and form number.
    pub title_zh: String,
    /// Through which period.
    pub at: AccountingPeriod,
    /// The lines in order.
    pub lines: Vec<StatementLine>,
    /// The equations.
    pub checks: Vec<Check>,
    /// Accounts with a balance that no line reads (balance sheets only; otherwise empty).
    pub in_no_line: Vec<AccountCode>,
    /// Accounts with a balance that more than one line reads (balance sheets only).
    pub in_two_lines: Vec<AccountCode>,
}

impl FormStatement {
    /// The line with a key.
    pub fn line(&self, key: &str) -> Option<&StatementLine> {
        self.lines.iter().find(|line| line.key == key)
    }

    /// The figure of a line; zero for a key the form does not have.
    pub fn amount(&self, key: &str) -> Amount {
        self.line(key).map_or(Amount::ZERO, StatementLine::amount)
    }

    /// True if every equation holds and every balance has exactly one line.
    pub fn is_sound(&self) -> bool {
        self.checks.iter().all(|check| check.holds) && self.in_no_line.is_empty() && self.in_two_lines.is_empty()
    }

    /// Puts another statement's figures beside the lines of the same key, if it is of the same regime and form; lines that stand
    /// only when they have money and have none on either side fall away.
    pub fn beside(mut self, other: &FormStatement) -> FormStatement {
        if (&other.regime, other.form) == (&self.regime, self.form) {
            self.lines.iter_mut().for_each(|line| line.compared = other.line(&line.key).map(StatementLine::amount));
        }
        drop_empty(self)
    }
}

fn worth_showing(line: &StatementLine) -> bool {
    let optional = line.style.split(' ').any(|word| word == "if_not_zero");
    !optional || !line.amount().is_zero() || line.compared.is_some_and(|amount| !amount.is_zero())
}

/// What a statement is filled from.
pub struct Filling<'a> {
    /// The book's figures.
    pub figures: &'a Figures<'a>,
    /// Statements that `of(form,line)` reads.
    pub others: &'a [&'a FormStatement],
    /// Figures given by hand, by line key.
    pub given: &'a BTreeMap<String, Amount>,
}

impl Filling<'_> {
    /// Fills the form. Refuses a missing other statement (S-107) and a line that does not stand above (S-103).
    /// Lines that stand only when they have money are all still there; [`FormStatement::beside`] or [`drop_empty`] takes them out.
    pub fn fill(&self, form: &Form) -> Result<FormStatement, StatementRefusal> {
        let mut lines: Vec<StatementLine> = Vec::new();
        for line in &form.lines {
            let cell = if line.terms.is_empty() { None } else { Some(self.cell(line, &lines)?) };
            lines.push(statement_line(line, cell));
        }
        let checks = form.checks.iter().map(|check| self.check(check, &lines)).collect::<Result<_, _>>()?;
        let (in_no_line, in_two_lines) = if form.id == FormId::Balance { self.misplaced(form) } else { (Vec::new(), Vec::new()) };
        let (regime, title_zh) = (form.regime.clone(), form.title_zh.clone());
        Ok(FormStatement { regime, form: form.id, title_zh, at: self.figures.at, lines, checks, in_no_line, in_two_lines })
    }

    fn cell(&self, line: &FormLine, above: &[StatementLine]) -> Result<Cell, StatementRefusal> {
        if let Some(amount) = self.given.get(&line.key) {
            let read = Read { words_zh: "由会计填列".into(), account: None, amount: *amount };
            return Ok(Cell { amount: *amount, formula: "given".into(), words_zh: "由会计填列".into(), reads: vec![read] });
        }
        let reads = self.reads(&line.key, &line.terms, above)?;
        let amount = reads.iter().map(|read| read.amount).sum();
        Ok(Cell { amount, formula: line.formula.clone(), words_zh: words_zh(&line.terms, self.figures.chart), reads })
    }

    fn check(&self, check: &FormCheck, lines: &[StatementLine]) -> Result<Check, StatementRefusal> {
        let side = |terms: &[Term]| -> Result<Amount, StatementRefusal> {
            Ok(self.reads(&check.name_zh, terms, lines)?.iter().map(|read| read.amount).sum())
        };
        Ok(Check::equal(check.name_zh.clone(), side(&check.left)?, side(&check.right)?))
    }

    fn reads(&self, line: &str, terms: &[Term], above: &[StatementLine]) -> Result<Vec<Read>, StatementRefusal> {
        let mut reads = Vec::new();
        for term in terms {
            for (account, amount) in self.figures_of(line, &term.source, above)? {
                let words_zh = source_words_zh(&term.source, self.figures.chart);
                reads.push(Read { words_zh, account, amount: if term.less { -amount } else { amount } });
            }
        }
        Ok(reads)
    }

    fn figures_of(&self, line: &str, source: &Source, above: &[StatementLine]) -> Result<Found, StatementRefusal> {
        let unknown = |key: &str| StatementRefusal::UnknownLine { line: line.to_owned(), wanted: key.to_owned() };
        let place = |key: &str| above.iter().position(|line| line.key == key).ok_or_else(|| unknown(key));
        Ok(match source {
            Source::Zero => vec![(None, Amount::ZERO)],
            Source::Account(take, code) => vec![(Some(code.clone()), self.taken(*take, code))],
            Source::Result => self.figures.profit_and_loss().map(|(code, credit)| (Some(code.clone()), credit)).collect(),
            Source::Line(key) => vec![(None, above[place(key)?].amount())],
            Source::Sum(from, to) => {
                let (from, to) = (place(from)?, place(to)?);
                let summed = above.get(from..=to).ok_or_else(|| unknown(&above[to].key))?;
                vec![(None, summed.iter().map(StatementLine::amount).sum())]
            }
            Source::Of(form, key) => vec![(None, self.other(form, key)?)],
        })
    }

    fn other(&self, form: &str, key: &str) -> Result<Amount, StatementRefusal> {
        let statement = self.others.iter().find(|other| other.form.as_str() == form);
        let line = statement.and_then(|other| other.line(key));
        line.map(StatementLine::amount).ok_or_else(|| StatementRefusal::MissingStatement { wanted: format!("{form} {key}") })
    }

    fn taken(&self, take: Take, code: &AccountCode) -> Amount {
        let moves = self.figures.moves(code);
        let normal_side = || self.figures.chart.get(code).map_or(Side::Debit, |account| account.normal_side);
        match take {
            Take::DebitBalance => moves.closing(),
            Take::CreditBalance => -moves.closing(),
            Take::DebitParts => self.figures.split(code, |moves| moves.closing()).debit,
            Take::CreditParts => self.figures.split(code, |moves| moves.closing()).credit,
            Take::Turnover => on_side(normal_side(), moves.ordinary),
            Take::DebitMovement => moves.ordinary.debit,
            Take::CreditMovement => moves.ordinary.credit,
            Take::Transferred => -moves.transfer.net(),
            Take::OpeningDebit => moves.opening.net(),
            Take::OpeningCredit => -moves.opening.net(),
        }
    }

    /// Balances that no line reads, and balances that several lines read.
    fn misplaced(&self, form: &Form) -> (Vec<AccountCode>, Vec<AccountCode>) {
        let terms: Vec<&Source> = form.lines.iter().flat_map(|line| &line.terms).map(|term| &term.source).collect();
        let (mut missing, mut doubled) = (BTreeSet::new(), BTreeSet::new());
        for (account, _) in self.figures.accounts() {
            let parts = self.figures.parts(account, |moves| moves.closing());
            for (side, amount) in [(Side::Debit, parts.debit), (Side::Credit, parts.credit)] {
                match terms.iter().filter(|source| self.reads_side(source, account, side)).count() {
                    _ if amount.is_zero() => {}
                    0 => drop(missing.insert(account.clone())),
                    1 => {}
                    _ => drop(doubled.insert(account.clone())),
                }
            }
        }
        (missing.into_iter().collect(), doubled.into_iter().collect())
    }

    fn reads_side(&self, source: &Source, account: &AccountCode, side: Side) -> bool {
        match source {
            Source::Account(take, code) => {
                let both = matches!(take, Take::DebitBalance | Take::CreditBalance);
                let one =
                    (*take == Take::DebitParts && side == Side::Debit) || (*take == Take::CreditParts && side == Side::Credit);
                (both || one) && account.as_str().starts_with(code.as_str())
            }
            Source::Result => self.figures.chart.get(account).is_some_and(|account| account.class.is_profit_and_loss()),
            _ => false,
        }
    }
}

type Found = Vec<(Option<AccountCode>, Amount)>;

fn statement_line(line: &FormLine, cell: Option<Cell>) -> StatementLine {
    StatementLine {
        key: line.key.clone(),
        label_zh: line.label_zh.clone(),
        label_en: line.label_en.clone(),
        side: line.side.clone(),
        style: line.style.clone(),
        source: line.source.clone(),
        cell,
        compared: None,
    }
}

/// Without the lines that stand only when they have money and have none.
pub fn drop_empty(mut statement: FormStatement) -> FormStatement {
    statement.lines.retain(worth_showing);
    statement
}
