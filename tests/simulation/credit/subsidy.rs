//! Subsidy batches as they should be.

use std::collections::{BTreeMap, BTreeSet};

use cunzhang::calendar::BusinessDate;
use cunzhang::money::Amount;
use cunzhang::products::microloan::{Fact, Happening};

use super::loan::{Code, Loan, Row, interest_of};
use super::model::{County, Head, SUBSIDISED};

/// A row of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub loan: String,
    pub due: BusinessDate,
    pub start: BusinessDate,
    pub payee: String,
    pub interest: i64,
    pub subsidy: i64,
    pub account: &'static str,
    pub excluded: Option<&'static str>,
    pub paid: bool,
}

#[derive(Debug, Clone)]
pub struct Batch {
    pub through: BusinessDate,
    pub state: &'static str,
    pub made_by: String,
    pub open: bool,
    pub noticed: bool,
    pub approved_in: i32,
    pub lines: Vec<Line>,
}

impl Batch {
    /// Refuses a step that does not follow.
    fn needs(&self, state: &str) -> Result<(), Code> {
        match () {
            () if self.open => Err("M-606"),
            () if self.state != state => Err("M-604"),
            () => Ok(()),
        }
    }

    fn granted(&self) -> bool {
        matches!(self.state, "approved" | "paid")
    }
}

/// The days of `2022Q1`.
pub fn quarter(batch: &str) -> (BusinessDate, BusinessDate) {
    let (year, quarter) = batch.split_once('Q').expect("simulated batches are quarters");
    let (year, quarter): (i32, u32) = (year.parse().expect("a year"), quarter.parse().expect("a quarter"));
    let first = |year, month| BusinessDate::from_ymd_opt(year, month, 1).expect("a first day");
    let next = if quarter == 4 { first(year + 1, 1) } else { first(year, quarter * 3 + 1) };
    (first(year, quarter * 3 - 2), next.pred_opt().expect("a day before"))
}

impl County {
    pub fn send_back(&mut self, loans: &BTreeSet<String>) {
        for batch in self.batches.values_mut() {
            let waits = matches!(batch.state, "calculated" | "reviewed") && !batch.open;
            if waits && batch.lines.iter().any(|line| loans.contains(&line.loan)) {
                (batch.state, batch.open) = ("calculated", true);
            }
        }
    }

    fn batch(&mut self, name: &str) -> Result<&mut Batch, Code> {
        self.batches.get_mut(name).ok_or("M-603")
    }

    pub fn run_batch(&mut self, user: &str, today: BusinessDate, name: &str) -> Result<(), Code> {
        let through = quarter(name).1;
        if through > today {
            return Err("M-612");
        }
        if self.batches.iter().any(|(other, batch)| other != name && matches!(batch.state, "calculated" | "reviewed")) {
            return Err("M-602");
        }
        if self.batches.get(name).is_some_and(Batch::granted) {
            return Err("M-604");
        }
        self.batches.remove(name);
        let mut lines: Vec<Line> = Vec::new();
        for (loan, head) in &self.loans {
            let paid_out = head.standing.as_ref().and_then(|loan| loan.disbursed_on);
            if paid_out.is_none_or(|day| day > through) {
                continue;
            }
            for mut line in self.lines_of(loan, head, through, County::year(today))? {
                let same = |other: &&Line| self.loans[&other.loan].household == head.household && other.loan != line.loan;
                let overlaps = |other: &Line| other.start < line.due && line.start < other.due && other.subsidy > 0;
                if line.subsidy > 0 && lines.iter().filter(same).any(overlaps) {
                    (line.subsidy, line.excluded) = (0, Some("double-claim"));
                }
                lines.push(line);
            }
        }
        let made_by = user.to_owned();
        let batch = Batch { through, state: "calculated", made_by, open: false, noticed: false, approved_in: 0, lines };
        self.batches.insert(name.to_owned(), batch);
        Ok(())
    }

    fn lines_of(&self, loan: &str, head: &Head, through: BusinessDate, this_year: i32) -> Result<Vec<Line>, Code> {
        let line = Loan::at(&head.terms, &head.facts, through)?;
        let mut before = self.claimed(loan);
        let mut lines = Vec::new();
        for row in line.rows.iter().filter(|row| row.kind == "interest" && row.due <= through) {
            let removed = self.removed(head, row);
            let entitled = entitled(head, &line, row);
            let found = match before.remove(&row.due) {
                None => {
                    let overdue = line.overdue_from.is_some_and(|from| from < through);
                    let unpaid = head.rules.to_household && line.unpaid_from().is_some_and(|from| from <= row.due);
                    let reasons = [
                        (removed, "ineligible"),
                        (overdue, "overdue"),
                        (unpaid, "unpaid"),
                        (entitled == 0 && row.amount > 0, "beyond-term"),
                    ];
                    let excluded = reasons.into_iter().find(|(holds, _)| *holds).map(|(_, reason)| reason);
                    Some((if excluded.is_some() { 0 } else { entitled }, "S501", excluded))
                }
                Some((fen, excluded, year)) => {
                    let entitled = if removed { 0 } else { entitled };
                    let waits = match excluded {
                        Some("unpaid") => line.unpaid_from().is_some_and(|from| from <= row.due),
                        other => other.is_some(),
                    };
                    let difference = entitled - fen;
                    let account = if difference < 0 && year < this_year { "S301" } else { "S501" };
                    (!waits && difference != 0).then_some((difference, account, None))
                }
            };
            lines.extend(found.map(|found| (row.due, row.start, row.amount, found)));
        }
        for (due, (fen, _, year)) in before.into_iter().filter(|(_, (fen, ..))| *fen > 0) {
            let account = if year < this_year { "S301" } else { "S501" };
            lines.push((due, due, 0, (-fen, account, None)));
        }
        lines.sort_by_key(|line| line.0);
        let payee = if head.rules.to_household { &head.household } else { &head.bank };
        let line = |(due, start, interest, (subsidy, account, excluded))| {
            let (loan, payee) = (loan.to_owned(), payee.clone());
            Line { loan, due, start, payee, interest, subsidy, account, excluded, paid: false }
        };
        Ok(lines.into_iter().map(line).collect())
    }

    fn removed(&self, head: &Head, row: &Row) -> bool {
        self.households[&head.household].removed_on.is_some_and(|day| day <= row.due || day <= head.terms.signed_on)
    }

    /// What was granted for a loan before: due day → (fen, last reason, year of the last approval).
    fn claimed(&self, loan: &str) -> BTreeMap<BusinessDate, (i64, Option<&'static str>, i32)> {
        let mut granted: Vec<&Batch> = self.batches.values().filter(|batch| batch.granted()).collect();
        granted.sort_by_key(|batch| batch.through);
        let mut found: BTreeMap<BusinessDate, (i64, Option<&'static str>, i32)> = BTreeMap::new();
        for batch in granted {
            for line in batch.lines.iter().filter(|line| line.loan == loan) {
                let sum = found.entry(line.due).or_default();
                *sum = (sum.0 + line.subsidy, line.excluded, batch.approved_in);
            }
        }
        found
    }

    pub fn review(&mut self, user: &str, name: &str) -> Result<(), Code> {
        let batch = self.batch(name)?;
        batch.needs("calculated")?;
        if batch.made_by == user {
            return Err("M-605");
        }
        batch.state = "reviewed";
        Ok(())
    }

    pub fn announce(&mut self, name: &str) -> Result<(), Code> {
        let batch = self.batch(name)?;
        batch.needs("reviewed")?;
        batch.noticed = true;
        Ok(())
    }

    pub fn approve(&mut self, user: &str, today: BusinessDate, name: &str) -> Result<(), Code> {
        let batch = self.batch(name)?;
        batch.needs("reviewed")?;
        if batch.made_by == user {
            return Err("M-605");
        }
        if !batch.noticed {
            return Err("M-607");
        }
        (batch.state, batch.approved_in) = ("approved", County::year(today));
        let sums: Vec<(&'static str, i64)> = batch.lines.iter().map(|line| (line.account, line.subsidy)).collect();
        for (account, fen) in sums {
            self.post(account, fen);
            self.post("S201", -fen);
        }
        Ok(())
    }

    pub fn pay(&mut self, today: BusinessDate, name: &str) -> Result<(), Code> {
        let money = self.balances.get("S101").copied().unwrap_or(0);
        let batch = self.batch(name)?;
        let waits = |line: &&mut Line| !line.paid && line.excluded.is_none();
        let mut unpaid: Vec<&mut Line> = batch.lines.iter_mut().filter(waits).collect();
        if batch.state != "approved" && (batch.state != "paid" || unpaid.is_empty()) {
            return Err("M-604");
        }
        let needed: i64 = unpaid.iter().map(|line| line.subsidy).sum();
        if money < needed {
            return Err("M-609");
        }
        unpaid.iter_mut().for_each(|line| line.paid = true);
        let to_banks = unpaid.iter().filter(|line| line.payee.starts_with('B') && line.subsidy != 0);
        let fact = |line: &&mut Line| {
            let what = match Amount::from_fen(line.subsidy) {
                amount if line.subsidy > 0 => Happening::SubsidyPaid { amount },
                amount => Happening::SubsidyReturned { amount: -amount },
            };
            (line.loan.clone(), Fact { on: today, what })
        };
        let facts = to_banks.map(fact).collect();
        batch.state = "paid";
        self.post("S101", -needed);
        self.post("S201", needed);
        self.record(today, facts)
    }

    pub fn take_back(&mut self, name: &str, payee: &str) -> Result<(), Code> {
        let batch = self.batch(name)?;
        let back = |line: &&mut Line| line.paid && line.payee == payee && !payee.starts_with('B');
        let mut lines: Vec<&mut Line> = batch.lines.iter_mut().filter(back).collect();
        let fen: i64 = lines.iter().map(|line| line.subsidy).sum();
        if fen <= 0 {
            return Err("M-611");
        }
        lines.iter_mut().for_each(|line| line.paid = false);
        self.post("S101", fen);
        self.post("S201", -fen);
        Ok(())
    }
}

/// The subsidy of a row by the numbers alone: day by day, never above the interest.
fn entitled(head: &Head, line: &Loan, row: &Row) -> i64 {
    let stops_on = line.disbursed_on.map_or(row.due, |first| County::stops_on(head, first));
    let days = row.days.iter().filter(|(day, ..)| *day < stops_on).map(|(_, balance, rate)| ((*balance).min(SUBSIDISED), *rate));
    interest_of(days, head.rules.percent).min(row.amount)
}
