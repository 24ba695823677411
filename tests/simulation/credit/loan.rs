//! A loan counted day by day: every rule of the timeline written a second time, without stretches.
//!
//! 1. Balances, rates and interest are whole numbers: fen, tenths of a part per million, fen × tenths.
//! 2. A day begins with what falls due on it, then come its facts, then it earns.

use std::collections::BTreeMap;

use chrono::Datelike;
use cunzhang::calendar::BusinessDate;
use cunzhang::products::microloan::{Fact, Happening, Settlement, Towards};

/// The code of a refusal.
pub type Code = &'static str;

/// What was signed.
#[derive(Debug, Clone)]
pub struct Terms {
    pub amount: i64,
    /// Parts per million.
    pub rate: i64,
    pub signed_on: BusinessDate,
    pub matures_on: BusinessDate,
    pub settlement: Settlement,
    pub compound: bool,
    /// True where principal is paid before interest, and interest before penalty.
    pub principal_first: bool,
}

/// A settled row: interest, penalty or compound interest.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub due: BusinessDate,
    pub start: BusinessDate,
    pub kind: &'static str,
    pub amount: i64,
    /// Day, balance and rate of every day that earned.
    pub days: Vec<(BusinessDate, i64, i64)>,
}

/// Where a loan stands.
#[derive(Debug, Clone)]
pub struct Loan {
    pub rows: Vec<Row>,
    pub disbursed_on: Option<BusinessDate>,
    pub disbursed: i64,
    pub not_due: i64,
    pub past_due: i64,
    pub interest: i64,
    pub penalty: i64,
    pub held: i64,
    pub written_off: i64,
    pub overdue_from: Option<BusinessDate>,
    pub renewed: bool,
    pub given_up: bool,
    compensated: bool,
    rate: i64,
    matures_on: BusinessDate,
    row_from: BusinessDate,
    earning: [Vec<(BusinessDate, i64, i64)>; 3],
}

fn is_due_day(settlement: Settlement, day: BusinessDate) -> bool {
    let every = match settlement {
        Settlement::Monthly => 1,
        Settlement::Quarterly => 3,
        Settlement::Yearly => 12,
    };
    day.day() == 21 && day.month().is_multiple_of(every)
}

fn rounded(numerator: i128, divisor: i128) -> i64 {
    i64::try_from((numerator * 2 + divisor) / (divisor * 2)).expect("interest of a simulated loan is small")
}

/// Interest of days, fen: `Σ balance × rate ÷ 360`, times a percentage.
pub fn interest_of(days: impl Iterator<Item = (i64, i64)>, percent: i128) -> i64 {
    let sum: i128 = days.map(|(balance, rate)| i128::from(balance) * i128::from(rate)).sum();
    rounded(sum * percent, 360 * 10_000_000 * 100)
}

impl Loan {
    /// The loan at the end of a day.
    pub fn at(terms: &Terms, facts: &[Fact], through: BusinessDate) -> Result<Loan, Code> {
        // Recoveries are never given back here: `tests/loan_money.rs` does.
        let mut left: Vec<&Fact> = facts.iter().filter(|fact| !matches!(fact.what, Happening::TakenBack { .. })).collect();
        for fact in facts {
            if let Happening::TakenBack { received_on, amount, towards } = fact.what {
                let same = |other: &&Fact| other.on == received_on && other.what == Happening::Repaid { amount, towards };
                let at = left.iter().position(same).ok_or("M-130")?;
                left.remove(at);
            }
        }
        let mut facts: Vec<&Fact> = left.into_iter().filter(|fact| fact.on <= through).collect();
        facts.sort();
        let mut loan = Loan {
            rows: Vec::new(),
            disbursed_on: None,
            disbursed: 0,
            not_due: 0,
            past_due: 0,
            interest: 0,
            penalty: 0,
            held: 0,
            written_off: 0,
            overdue_from: None,
            renewed: false,
            given_up: false,
            compensated: false,
            rate: terms.rate * 10,
            matures_on: terms.matures_on,
            row_from: terms.signed_on,
            earning: Default::default(),
        };
        let first = facts.first().map_or(terms.signed_on, |fact| fact.on.min(terms.signed_on));
        for day in first.iter_days().take_while(|day| *day <= through) {
            loan.fall_due(terms, day);
            for fact in facts.iter().filter(|fact| fact.on == day) {
                loan.take(terms, day, &fact.what)?;
            }
            loan.earn(terms, day);
        }
        Ok(loan)
    }

    pub fn principal(&self) -> i64 {
        self.not_due + self.past_due
    }

    fn owed(&self) -> i64 {
        self.principal() + self.interest + self.penalty
    }

    pub fn is_settled(&self) -> bool {
        self.disbursed > 0 && self.owed() == 0 && !self.given_up && !self.renewed
    }

    /// The due day of the oldest interest that is not wholly paid.
    pub fn unpaid_from(&self) -> Option<BusinessDate> {
        let (mut left, mut oldest) = (self.interest, None);
        for row in self.rows.iter().rev().filter(|row| row.kind == "interest") {
            if left <= 0 {
                break;
            }
            left -= row.amount;
            oldest = Some(row.due);
        }
        oldest
    }

    fn fall_due(&mut self, terms: &Terms, day: BusinessDate) {
        let owes = self.principal() > 0 || (terms.compound && self.interest > 0);
        let ended = self.renewed || self.given_up;
        let by_calendar = is_due_day(terms.settlement, day) || day == self.matures_on;
        if self.disbursed_on.is_none() || ended || !owes || day <= self.row_from || !by_calendar {
            return;
        }
        if day == self.matures_on && self.row_from >= self.matures_on {
            return;
        }
        self.close_row(day);
        if day >= self.matures_on && self.not_due > 0 {
            self.past_due += self.not_due;
            self.not_due = 0;
            self.overdue_from = self.overdue_from.or(Some(day));
        }
        let held = std::mem::take(&mut self.held);
        if held > 0 {
            self.apply(terms, held, Towards::Any, false);
        }
    }

    fn earn(&mut self, terms: &Terms, day: BusinessDate) {
        if self.disbursed_on.is_none() {
            return;
        }
        let unpaid = if terms.compound { self.interest + self.penalty } else { 0 };
        let matured = day >= self.matures_on;
        let penalised = self.past_due + if matured { unpaid } else { 0 };
        let compounding = if matured { 0 } else { unpaid };
        let pots = [(self.not_due, self.rate), (penalised, self.rate / 10 * 15), (compounding, self.rate)];
        for (earning, (balance, rate)) in self.earning.iter_mut().zip(pots).filter(|(_, (balance, _))| *balance > 0) {
            earning.push((day, balance, rate));
        }
    }

    fn close_row(&mut self, day: BusinessDate) {
        let start = self.row_from;
        self.row_from = self.row_from.max(day);
        for (at, kind) in ["interest", "penalty", "compound"].into_iter().enumerate() {
            let days = std::mem::take(&mut self.earning[at]);
            if days.is_empty() {
                continue;
            }
            let amount = interest_of(days.iter().map(|(_, balance, rate)| (*balance, *rate)), 100);
            *(if at == 0 { &mut self.interest } else { &mut self.penalty }) += amount;
            self.rows.push(Row { due: day, start, kind, amount, days });
        }
    }

    fn take(&mut self, terms: &Terms, day: BusinessDate, what: &Happening) -> Result<(), Code> {
        if what.amount().is_some_and(|amount| amount.fen() <= 0) {
            return Err("M-101");
        }
        let fen = what.amount().map_or(0, |amount| amount.fen());
        match what {
            Happening::RateChanged { rate } => self.rate = rate.ppm().expect("simulated rates are whole") * 10,
            Happening::Extended { to } => {
                self.refuse_ended()?;
                if day >= self.matures_on {
                    return Err("M-106");
                }
                if *to <= self.matures_on {
                    return Err("M-107");
                }
                self.matures_on = *to;
            }
            Happening::Disbursed { .. } => self.pay_out(terms, day, fen)?,
            Happening::Repaid { towards, .. } => {
                self.refuse_ended()?;
                self.receive(terms, day, fen, *towards);
            }
            Happening::SubsidyPaid { .. } => self.apply(terms, fen, Towards::Interest, true),
            Happening::SubsidyReturned { .. } => {
                let held = fen.min(self.held);
                self.held -= held;
                self.interest += fen - held;
            }
            Happening::Renewed { .. } => {
                self.refuse_ended()?;
                self.close_row(day);
                if self.interest + self.penalty > 0 {
                    return Err("M-110");
                }
                if fen != self.principal() {
                    return Err("M-111");
                }
                self.apply(terms, fen, Towards::Any, true);
                self.renewed = true;
            }
            Happening::Compensated { .. } => {
                self.refuse_ended()?;
                if self.past_due == 0 {
                    return Err("M-111");
                }
                self.compensated = true;
            }
            Happening::Recovered { .. } => self.recover(terms, day, fen)?,
            Happening::TakenBack { .. } | Happening::RecoveryReturned { .. } => {
                unreachable!("left out before the days are counted")
            }
            Happening::WrittenOff { .. } => {
                self.refuse_ended()?;
                self.close_row(day);
                if self.owed() == 0 {
                    return Err("M-111");
                }
                self.written_off = self.owed();
                (self.not_due, self.past_due, self.interest, self.penalty) = (0, 0, 0, 0);
                self.given_up = true;
            }
        }
        Ok(())
    }

    fn pay_out(&mut self, terms: &Terms, day: BusinessDate, fen: i64) -> Result<(), Code> {
        if self.disbursed_on.is_none() {
            (self.row_from, self.disbursed_on) = (day, Some(day));
        }
        if day >= self.matures_on {
            return Err("M-105");
        }
        self.refuse_ended()?;
        if self.disbursed + fen > terms.amount {
            return Err("M-108");
        }
        if self.principal() == 0 {
            self.row_from = day;
        }
        self.disbursed += fen;
        self.not_due += fen;
        Ok(())
    }

    fn recover(&mut self, terms: &Terms, day: BusinessDate, fen: i64) -> Result<(), Code> {
        if self.given_up {
            if fen > self.written_off {
                return Err("M-111");
            }
            self.written_off -= fen;
            return Ok(());
        }
        if !self.compensated {
            return Err("M-112");
        }
        self.receive(terms, day, fen, Towards::Any);
        Ok(())
    }

    fn receive(&mut self, terms: &Terms, day: BusinessDate, fen: i64, towards: Towards) {
        let clears = fen >= self.owed() && towards == Towards::Any;
        if self.past_due > 0 || clears {
            self.close_row(day);
        }
        self.apply(terms, fen, towards, true);
    }

    fn apply(&mut self, terms: &Terms, fen: i64, towards: Towards, early: bool) {
        let mut left = fen;
        let mut pay = |owed: &mut i64| {
            let part = left.min(*owed);
            (left, *owed) = (left - part, *owed - part);
        };
        let any = towards == Towards::Any;
        if terms.principal_first {
            if any {
                pay(&mut self.past_due);
            }
            pay(&mut self.interest);
            pay(&mut self.penalty);
        } else {
            pay(&mut self.penalty);
            pay(&mut self.interest);
            if any {
                pay(&mut self.past_due);
            }
        }
        if any && early {
            pay(&mut self.not_due);
        }
        self.held += left;
        if self.past_due == 0 {
            self.overdue_from = None;
        }
    }

    fn refuse_ended(&self) -> Result<(), Code> {
        match () {
            () if self.given_up => Err("M-104"),
            () if self.renewed => Err("M-105"),
            () if self.disbursed_on.is_none() => Err("M-103"),
            () if self.is_settled() => Err("M-105"),
            () => Ok(()),
        }
    }

    /// What stands settled: (due day, kind) → fen.
    pub fn settled(&self) -> BTreeMap<(BusinessDate, &'static str), i64> {
        let mut sums = BTreeMap::new();
        for row in &self.rows {
            *sums.entry((row.due, row.kind)).or_default() += row.amount;
        }
        sums
    }
}
