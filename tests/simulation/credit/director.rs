//! What happens next in the lending county: mostly what makes sense, now and then what must be refused.

use chrono::{Datelike, Days, Months};
use cunzhang::calendar::BusinessDate;
use cunzhang::money::{Amount, Rate};
use cunzhang::products::microloan::{Fact, Happening, Settlement, Towards};

use super::acts::CreditAct;
use super::loan::Terms;
use super::model::{County, Head};
use crate::dice::Dice;

pub struct Director {
    pub dice: Dice,
    loans: usize,
    claims: usize,
}

fn back(day: BusinessDate, days: usize) -> BusinessDate {
    day - Days::new(days as u64)
}

impl Director {
    pub fn new(seed: u64) -> Director {
        Director { dice: Dice::new(seed), loans: 0, claims: 0 }
    }

    /// Who acts and what.
    pub fn next(&mut self, county: &County, today: BusinessDate) -> (&'static str, CreditAct) {
        let user = *self.dice.pick(&["甲", "甲", "乙", "丙"]);
        let act = match self.dice.below(100) {
            0..14 => Some(self.lend(county, today)),
            14..50 => self.record(county, today),
            50..58 => Some(CreditAct::Settle),
            58..72 => self.claim(county),
            72..75 => Some(self.fund()),
            75..76 => self.remove(county),
            _ => Some(self.batch(county, today)),
        };
        (user, act.unwrap_or_else(|| self.lend(county, today)))
    }

    fn household(&mut self) -> String {
        let number = 1 + self.dice.below(15) + if self.dice.percent(50) { 100 } else { 0 };
        if self.dice.percent(2) { "H999".to_owned() } else { format!("H{number:03}") }
    }

    fn bank(&mut self) -> String {
        (*self.dice.pick(&["B1", "B2"])).to_owned()
    }

    fn lend(&mut self, county: &County, today: BusinessDate) -> CreditAct {
        self.loans += usize::from(!self.dice.percent(4));
        let household = self.household();
        let running =
            county.loans.iter().filter(|(_, head)| head.household == household).map(|(loan, _)| loan.clone()).next_back();
        let renews = running.filter(|_| self.dice.percent(35));
        let amount = if self.dice.percent(6) { 10_000_001 } else { 1 + self.dice.below(10_000_000) as i64 };
        let months = *self.dice.pick(&[3, 6, 6, 12, 12, 24, 36, 37]);
        let whole = today + Months::new(months);
        let matures_on = if self.dice.percent(20) { back(whole, self.dice.below(60)) } else { whole };
        let terms = Terms {
            amount,
            rate: 25_000 + 100 * self.dice.below(55) as i64,
            signed_on: today,
            matures_on,
            settlement: *self.dice.pick(&[Settlement::Quarterly, Settlement::Quarterly, Settlement::Monthly, Settlement::Yearly]),
            compound: self.dice.percent(25),
            principal_first: self.dice.percent(40),
        };
        let (loan, bank) = (format!("L{:03}", self.loans), self.bank());
        CreditAct::Lend { loan, household, bank, amount, months, terms, renews }
    }

    fn record(&mut self, county: &County, today: BusinessDate) -> Option<CreditAct> {
        let mut entries = Vec::new();
        for _ in 0..1 + self.dice.below(2) {
            let loans: Vec<&String> = county.loans.keys().collect();
            let loan = self.dice.any(&loans)?.clone();
            let fact = self.fact(&county.loans[&loan], today);
            entries.push((if self.dice.percent(1) { "L9".to_owned() } else { loan }, fact));
        }
        Some(CreditAct::Record { entries })
    }

    /// A day: mostly of the last weeks, now and then long ago or tomorrow.
    fn day(&mut self, today: BusinessDate) -> BusinessDate {
        match self.dice.below(100) {
            0..2 => today + Days::new(1),
            2..50 => today,
            50..90 => back(today, self.dice.below(40)),
            _ => back(today, self.dice.below(300)),
        }
    }

    fn fact(&mut self, head: &Head, today: BusinessDate) -> Fact {
        let on = self.day(today);
        let Some(loan) = &head.standing else {
            let part =
                if self.dice.percent(30) { 1 + self.dice.below(head.terms.amount as usize) as i64 } else { head.terms.amount };
            let part = part + i64::from(self.dice.percent(4));
            let on = if self.dice.percent(90) { on.max(head.terms.signed_on) } else { on };
            return Fact { on, what: Happening::Disbursed { amount: Amount::from_fen(part) } };
        };
        let owed = loan.principal() + loan.interest + loan.penalty;
        let fen = match self.dice.below(100) {
            0..4 => -(self.dice.below(3) as i64),
            4..34 => 1 + self.dice.below(owed.max(1) as usize) as i64,
            34..60 => owed,
            60..80 => loan.interest + loan.penalty,
            80..92 => owed + self.dice.below(200_000) as i64,
            _ => 1 + self.dice.below(50_000) as i64,
        };
        let amount = Amount::from_fen(fen);
        let towards = if self.dice.percent(25) { Towards::Interest } else { Towards::Any };
        let what = match self.dice.below(100) {
            0..53 => Happening::Repaid { amount, towards },
            53..58 => self.taken_back(head, on, amount),
            58..68 => Happening::Disbursed { amount: Amount::from_fen((head.terms.amount - loan.disbursed).max(1)) },
            68..78 => Happening::RateChanged { rate: Rate::from_ppm(20_000 + 100 * self.dice.below(99) as i64).expect("a rate") },
            78..88 => Happening::Extended { to: head.terms.matures_on + Days::new(self.dice.below(400) as u64) },
            88..97 => Happening::Recovered { amount },
            _ => Happening::WrittenOff { reason: "户主死亡".into() },
        };
        Fact { on, what }
    }

    /// A payment of the loan that went back, or one that never was.
    fn taken_back(&mut self, head: &Head, on: BusinessDate, amount: Amount) -> Happening {
        let paid = |fact: &Fact| match fact.what {
            Happening::Repaid { amount, towards } => Some(Happening::TakenBack { received_on: fact.on, amount, towards }),
            _ => None,
        };
        let all: Vec<Happening> = head.facts.iter().filter_map(paid).collect();
        let nothing = Happening::TakenBack { received_on: on, amount, towards: Towards::Any };
        if self.dice.percent(20) { nothing } else { self.dice.any(&all).unwrap_or(nothing) }
    }

    fn claim(&mut self, county: &County) -> Option<CreditAct> {
        let past_due = |head: &Head| head.standing.as_ref().is_some_and(|loan| loan.past_due > 0);
        let fresh = |loan: &String| county.claims.values().all(|claim| claim.loan != *loan || claim.state == "rejected");
        let overdue: Vec<&String> =
            county.loans.iter().filter(|(loan, head)| past_due(head) && fresh(loan)).map(|(loan, _)| loan).collect();
        let open: Vec<&String> = county.claims.iter().filter(|(_, c)| c.state != "rejected").map(|(c, _)| c).collect();
        let chosen = self.dice.any(&open).cloned();
        let claim = if self.dice.percent(3) { "C999".to_owned() } else { chosen.unwrap_or_else(|| "C999".to_owned()) };
        let (state, loss) = county.claims.get(&claim).map_or(("", 0), |claim| (claim.state, claim.loss));
        match (self.dice.below(100), state) {
            (0..35, _) if !overdue.is_empty() || self.dice.percent(15) => {
                self.claims += 1;
                let loan = self.dice.any(&overdue).or(self.dice.any(&county.loans.keys().collect::<Vec<_>>()))?.clone();
                Some(CreditAct::File { claim: format!("C{:03}", self.claims), loan })
            }
            (0..80, "filed") => Some(CreditAct::Decide { claim, approve: !self.dice.percent(15) }),
            (0..80, "approved") => Some(CreditAct::PayClaim { claim }),
            (80..84, _) => Some(CreditAct::PayClaim { claim }),
            (84..88, _) => Some(CreditAct::Decide { claim, approve: true }),
            (88..92, _) => Some(CreditAct::GiveUp { claim }),
            _ => Some(CreditAct::Recover { claim, fen: self.dice.below(loss.max(1) as usize * 11 / 10) as i64 }),
        }
    }

    fn fund(&mut self) -> CreditAct {
        let kind = *self.dice.pick(&["contributed", "interest", "fee", "returned", "moved"]);
        let fen = if kind == "contributed" { 10_000_000 } else { self.dice.below(30_000_000) as i64 };
        let (bank, to) = (self.bank(), self.bank());
        CreditAct::Fund { bank, fen, kind, to }
    }

    fn remove(&mut self, county: &County) -> Option<CreditAct> {
        let here: Vec<&String> = county.households.iter().filter(|(_, h)| h.removed_on.is_none()).map(|(h, _)| h).collect();
        Some(CreditAct::Remove { household: (*self.dice.any(&here)?).clone() })
    }

    fn batch(&mut self, county: &County, today: BusinessDate) -> CreditAct {
        let before = back(today.with_day(1).expect("a first day"), 1);
        let ended = if before.month().is_multiple_of(3) { before } else { before - Months::new(before.month() % 3) };
        let last = format!("{}Q{}", ended.year(), ended.month() / 3);
        let wants = |states: &[&str]| {
            let open = county.batches.iter().filter(|(_, b)| states.contains(&b.state));
            open.map(|(name, b)| (name.clone(), b.state, b.open)).next_back()
        };
        let batch = wants(&["calculated", "reviewed"]).or_else(|| wants(&["approved"]));
        let (name, state, open) = batch.unwrap_or((last.clone(), "", true));
        let anything = self.dice.below(100);
        match state {
            _ if anything < 6 => CreditAct::RunBatch { batch: last },
            _ if anything < 12 => CreditAct::SubsidyMoney { fen: 1 + self.dice.below(9_000_000) as i64 },
            _ if anything < 15 => CreditAct::Pay { batch: last },
            _ if anything < 18 => CreditAct::Approve { batch: last },
            _ if anything < 24 => {
                let payees: Vec<&str> =
                    county.batches.values().flat_map(|b| b.lines.iter()).map(|line| line.payee.as_str()).collect();
                let payee = self.dice.any(&payees).unwrap_or("H101").to_owned();
                let paid = wants(&["paid"]).map_or(last, |(name, ..)| name);
                CreditAct::Return { batch: paid, payee }
            }
            "calculated" if open => CreditAct::RunBatch { batch: name },
            "calculated" => CreditAct::Review { batch: name },
            "reviewed" if anything < 55 => CreditAct::Announce { batch: name },
            "reviewed" => CreditAct::Approve { batch: name },
            "approved" => CreditAct::Pay { batch: name },
            _ => CreditAct::RunBatch { batch: last },
        }
    }
}
