//! Schemes of the naive model: every move, period, refund in a list.

use cunzhang::calendar::BusinessDate;

use super::acts::{Act, Answer};
use super::ground::{ALLOWED_THROUGH, BEGINS, ENDS, LOANS, OF_LOANS, Scheme as Terms};
use super::model::{Entry, Model, no};

#[derive(Debug, Clone)]
pub struct Period {
    pub from: BusinessDate,
    pub to: BusinessDate,
    pub rows: Vec<(String, i64, i64)>,
    pub operator: i64,
    pub received: i64,
    pub is_reinvested: bool,
}

impl Period {
    fn shares(&self) -> i64 {
        self.rows.iter().map(|row| row.2).sum()
    }
}

#[derive(Debug, Clone)]
pub struct Scheme {
    pub terms: Terms,
    pub moves: Vec<(String, BusinessDate, i64)>,
    pub periods: Vec<Period>,
    /// Household and what it owes back; negative where it paid back.
    pub refunds: Vec<(String, i64)>,
}

fn day(text: &str) -> BusinessDate {
    text.parse().expect("a day")
}

/// (from, to) of the two periods: half a year each from the first day, the second cut by the end.
fn windows() -> [(BusinessDate, BusinessDate); 2] {
    [(day(BEGINS), day("2026-07-10")), (day("2026-07-10"), day(ENDS))]
}

/// n ÷ d, half up.
fn rounded(n: i128, d: i128) -> i64 {
    ((2 * n + d) / (2 * d)) as i64
}

impl Scheme {
    pub fn new(terms: Terms) -> Scheme {
        Scheme { terms, moves: Vec::new(), periods: Vec::new(), refunds: Vec::new() }
    }

    pub fn principal(&self, household: &str) -> i64 {
        self.moves.iter().filter(|m| m.0 == household).map(|m| m.2).sum()
    }

    fn earns(&self, household: &str, (from, to): (BusinessDate, BusinessDate), rate: i64) -> i64 {
        let mut fen_days = 0_i128;
        for (_, on, fen) in self.moves.iter().filter(|m| m.0 == household && m.1 < to) {
            fen_days += i128::from(*fen) * i128::from((to - (*on).max(from)).num_days());
        }
        rounded(fen_days * i128::from(rate), 365 * 10_000)
    }

    fn households(&self) -> Vec<String> {
        let mut all: Vec<String> = self.moves.iter().map(|m| m.0.clone()).collect();
        all.sort();
        all.dedup();
        all
    }

    /// True if its next period can be accrued.
    pub fn is_due(&self, on: BusinessDate) -> bool {
        let next = windows().get(self.periods.len()).copied();
        !self.moves.is_empty() && next.is_some_and(|(from, to)| on >= if self.terms.advance { from } else { to })
    }

    fn source(&self, period: usize) -> String {
        format!("entrust:{}:{period}", self.terms.code)
    }

    /// What a household owes back: refunds less what it paid back and what was kept back of its payments.
    pub fn owed_back(&self, household: &str, model: &Model) -> i64 {
        let refunds: i64 = self.refunds.iter().filter(|r| r.0 == household).map(|r| r.1).sum();
        if !self.refunds.iter().any(|r| r.0 == household) {
            return 0;
        }
        let kept: i64 = (1..)
            .zip(&self.periods)
            .filter_map(|(n, period)| Some((period, model.paying(&self.source(n))?)))
            .map(|(period, batch)| cash(period, household) - batch.held_for(household))
            .sum();
        refunds - kept
    }

    /// Income nobody has sent yet, less what is owed back.
    pub fn due(&self, household: &str, model: &Model) -> i64 {
        let unsent = (1..).zip(&self.periods).filter(|(n, _)| model.paying(&self.source(*n)).is_none());
        unsent.map(|(_, period)| cash(period, household)).sum::<i64>() - self.owed_back(household, model)
    }

    fn missing(&self, at: usize) -> i64 {
        self.periods[at].operator - self.periods[at].received
    }
}

fn cash(period: &Period, household: &str) -> i64 {
    period.rows.iter().filter(|row| row.0 == household).map(|row| row.1 - row.2).sum()
}

impl Model {
    pub fn on_scheme(&mut self, user: &str, act: Act) -> Answer {
        let nothing = Ok(String::new());
        let code = match &act {
            Act::Entrust { scheme, .. } | Act::Accrue { scheme, .. } | Act::Receive { scheme, .. } => scheme.clone(),
            Act::Reinvest { scheme, .. } | Act::PayIncome { scheme, .. } | Act::Return { scheme, .. } => scheme.clone(),
            Act::Collect { scheme, .. } => scheme.clone(),
            other => unreachable!("{other:?} is not of schemes"),
        };
        let Some(mut scheme) = self.schemes.get(&code).cloned() else { return no("E-301") };
        match act {
            Act::Entrust { on, household, fen, loan, .. } => {
                if on >= day(ENDS) {
                    return no("E-205");
                }
                if fen <= 0 {
                    return no("E-102");
                }
                if OF_LOANS.contains(&code.as_str()) {
                    self.of_a_loan(&code, on, (&household, fen), loan.as_deref())?;
                }
                if scheme.periods.iter().any(|period| on < period.to) {
                    return no("E-210");
                }
                scheme.moves.push((household, on, fen));
            }
            Act::Accrue { on, .. } => {
                let answer = self.accrue(&mut scheme, on)?;
                self.schemes.insert(code, scheme);
                return Ok(answer);
            }
            Act::Receive { fen, .. } => receive(&mut scheme, fen)?,
            Act::Reinvest { on, period, .. } => {
                let shares = scheme.terms.shares > 0;
                let Some(found) = scheme.periods.get_mut((period - 1).max(0) as usize).filter(|_| period > 0) else {
                    return no("E-302");
                };
                if !shares || found.shares() <= 0 || found.is_reinvested {
                    return no("E-211");
                }
                (found.is_reinvested, found.received) = (true, found.received + found.shares());
                for (household, _, fen) in found.rows.iter().filter(|row| row.2 > 0) {
                    let (holder, beneficiary) = (household.clone(), household.clone());
                    self.entries.push(Entry { on, holder, beneficiary, class: "A".into(), fen: *fen });
                }
            }
            Act::PayIncome { period, batch, .. } => return self.pay_income(user, &scheme, period, &batch),
            Act::Return { on, household, fen, .. } => self.give_back(&mut scheme, on, household, fen)?,
            Act::Collect { household, fen, .. } => {
                let owed = scheme.owed_back(&household, self).max(0);
                if fen <= 0 {
                    return no("E-102");
                }
                if fen > owed {
                    return no("E-215");
                }
                scheme.refunds.push((household, -fen));
            }
            other => unreachable!("{other:?} is not of schemes"),
        }
        self.schemes.insert(code, scheme);
        nothing
    }

    /// Loan money: allowed there and then, of the household's own loan, and no more than it owes.
    fn of_a_loan(&self, code: &str, on: BusinessDate, (household, fen): (&str, i64), loan: Option<&str>) -> Result<(), String> {
        if code == OF_LOANS[1] || on > day(ALLOWED_THROUGH) {
            return no("E-201");
        }
        if LOANS.iter().any(|(known, borrower, _)| Some(*known) == loan && *borrower != household) {
            return no("E-304");
        }
        match self.owes(household) {
            Some(owed) if self.entrusted_of_loans(household) + fen > owed => no("E-216"),
            _ => Ok(()),
        }
    }

    fn accrue(&mut self, scheme: &mut Scheme, on: BusinessDate) -> Answer {
        let Some((from, to)) = windows().get(scheme.periods.len()).copied() else { return no("E-206") };
        if on < (if scheme.terms.advance { from } else { to }) {
            return no("E-206");
        }
        let (mut rows, mut operator) = (Vec::new(), 0);
        for household in scheme.households() {
            let gets = scheme.earns(&household, (from, to), scheme.terms.rate);
            if gets > 0 {
                operator += scheme.earns(&household, (from, to), scheme.terms.operator_rate);
                rows.push((household, gets, rounded(i128::from(gets) * i128::from(scheme.terms.shares), 100)));
            }
        }
        if rows.is_empty() {
            return no("E-206");
        }
        let households: i64 = rows.iter().map(|row| row.1).sum();
        scheme.periods.push(Period { from, to, rows, operator, received: 0, is_reinvested: false });
        self.unsettled -= operator;
        Ok(format!("{} {operator} {households}", scheme.periods.len()))
    }

    fn pay_income(&mut self, user: &str, scheme: &Scheme, period: i64, batch: &str) -> Answer {
        let at = (period - 1).max(0) as usize;
        let Some(found) = scheme.periods.get(at).filter(|_| period > 0) else { return no("E-302") };
        if found.shares() > 0 && !found.is_reinvested {
            return no("E-212");
        }
        if scheme.missing(at) > 0 && scheme.terms.has_company {
            return no("E-209");
        }
        let pays = |row: &(String, i64, i64)| {
            let back = scheme.owed_back(&row.0, self).max(0);
            (row.0.clone(), (row.1 - row.2 - back).max(0))
        };
        let rows: Vec<(String, i64)> = found.rows.iter().map(pays).filter(|row| row.1 > 0).collect();
        let book = if scheme.terms.has_company { "R001" } else { "C001" };
        self.draw_up(user, batch, (book, Some(scheme.source(at + 1))), rows)
    }

    fn give_back(&mut self, scheme: &mut Scheme, on: BusinessDate, household: String, fen: i64) -> Result<(), String> {
        if !scheme.terms.advance && scheme.periods.iter().any(|period| on < period.to) {
            return no("E-210");
        }
        if fen <= 0 {
            return no("E-102");
        }
        if scheme.principal(&household) < fen {
            return no("E-208");
        }
        let running: Vec<usize> = (0..scheme.periods.len()).filter(|at| on < scheme.periods[*at].to).collect();
        for at in &running {
            let waiting = self.paying(&scheme.source(at + 1)).filter(|batch| ["drawn_up", "reviewed"].contains(&batch.state));
            if waiting.is_some() {
                return no("E-214");
            }
        }
        let earned = |scheme: &Scheme, at: usize, rate: i64| {
            scheme.earns(&household, (scheme.periods[at].from, scheme.periods[at].to), rate)
        };
        let (rate, theirs) = (scheme.terms.rate, scheme.terms.operator_rate);
        let before: Vec<(i64, i64)> = running.iter().map(|at| (earned(scheme, *at, rate), earned(scheme, *at, theirs))).collect();
        scheme.moves.push((household.clone(), on, -fen));
        for (at, (was, owed)) in running.into_iter().zip(before) {
            let (less, operator) = (was - earned(scheme, at, rate), owed - earned(scheme, at, theirs));
            if less > 0 {
                scheme.refunds.push((household.clone(), less));
                scheme.periods[at].operator -= operator;
                let overpaid = (-scheme.missing(at)).max(0);
                scheme.periods[at].received -= overpaid;
                self.unsettled += operator;
            }
        }
        Ok(())
    }
}

fn receive(scheme: &mut Scheme, fen: i64) -> Result<(), String> {
    if !scheme.terms.has_company {
        return no("E-213");
    }
    if fen <= 0 {
        return no("E-102");
    }
    let open = |period: &Period| period.operator - period.received - if period.is_reinvested { 0 } else { period.shares() };
    if fen > scheme.periods.iter().map(open).sum() {
        return no("E-207");
    }
    let mut left = fen;
    for period in &mut scheme.periods {
        let part = left.min(open(period));
        (period.received, left) = (period.received + part, left - part);
    }
    Ok(())
}
