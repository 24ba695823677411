//! The lending county as it should be: registers, batches, claims and the balances of both funds' books as plain maps.
//!
//! 1. An act that is refused leaves nothing behind: it is tried on a copy.
//! 2. Rules in the order in which the office asks them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Months};
use cunzhang::calendar::BusinessDate;
use cunzhang::products::microloan::{Fact, Happening};

use super::acts::CreditAct;
use super::loan::{Code, Loan, Terms};
use super::subsidy::Batch;

/// What the two policies of the simulation differ in.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    pub village: &'static str,
    /// `fund`, then the others, percent.
    pub shares: &'static [i64],
    pub with_interest: bool,
    pub trigger: i64,
    pub percent: i128,
    pub to_household: bool,
    pub months: u32,
    pub on_extension: bool,
    pub rate_fixed: bool,
}

pub const RULES: [Rules; 2] = [
    Rules {
        village: "459900101201",
        shares: &[80, 20],
        with_interest: true,
        trigger: 90,
        percent: 100,
        to_household: false,
        months: 36,
        on_extension: true,
        rate_fixed: false,
    },
    Rules {
        village: "459900102201",
        shares: &[50, 30, 20],
        with_interest: false,
        trigger: 30,
        percent: 50,
        to_household: true,
        months: 8,
        on_extension: false,
        rate_fixed: true,
    },
];

pub const MOST: i64 = 10_000_000;
pub const SUBSIDISED: i64 = 5_000_000;

/// A loan of the register.
#[derive(Debug, Clone)]
pub struct Head {
    pub household: String,
    pub bank: String,
    pub rules: Rules,
    pub terms: Terms,
    pub renews: Option<String>,
    pub facts: Vec<Fact>,
    /// As it was when it was last brought up to date.
    pub standing: Option<Loan>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    pub loan: String,
    pub bank: String,
    pub state: &'static str,
    pub filed_by: String,
    pub loss: i64,
    pub shares: Vec<i64>,
    pub paid: i64,
    pub recovered: i64,
    pub back: i64,
    pub written_off: i64,
    ratios: &'static [i64],
}

impl Claim {
    pub fn memo(&self) -> i64 {
        self.paid - self.back - self.written_off
    }
}

#[derive(Debug, Clone, Default)]
pub struct County {
    pub households: BTreeMap<String, Known>,
    pub loans: BTreeMap<String, Head>,
    pub claims: BTreeMap<String, Claim>,
    pub batches: BTreeMap<String, Batch>,
    /// Bank → fen in its special account.
    pub accounts: BTreeMap<String, i64>,
    /// Account of either book → debit − credit.
    pub balances: BTreeMap<&'static str, i64>,
}

/// A household: its village's rules, and since when it is removed from the lists.
#[derive(Debug, Clone)]
pub struct Known {
    pub rules: Rules,
    pub removed_on: Option<BusinessDate>,
}

/// `percent` of fen, half up.
pub fn share(fen: i64, percent: i64) -> i64 {
    (fen * percent * 2 + 100) / 200
}

/// The last day a loan may be extended to: a loan up to a year doubles, any other ends after three years.
fn latest_extension(terms: &Terms) -> BusinessDate {
    let months = |n: u32| terms.signed_on + Months::new(n);
    if terms.matures_on > months(12) {
        return months(36);
    }
    let doubled = (1..=12).find(|n| months(*n) == terms.matures_on).map(|n| months(n * 2));
    doubled.unwrap_or(terms.matures_on + (terms.matures_on - terms.signed_on))
}

/// Shares of a loss: all but the last rounded, the last takes what is left.
fn shared(fen: i64, ratios: &[i64]) -> Vec<i64> {
    let (last, others) = ratios.split_last().expect("a loss is shared by somebody");
    let mut parts: Vec<i64> = others.iter().map(|ratio| share(fen, *ratio)).collect();
    debug_assert!(*last > 0);
    parts.push(fen - parts.iter().sum::<i64>());
    parts
}

impl County {
    /// What the office must answer: done, or the code of the refusal.
    pub fn perform(&mut self, user: &str, today: BusinessDate, act: &CreditAct) -> Result<(), Code> {
        let mut tried = self.clone();
        tried.decide(user, today, act)?;
        *self = tried;
        Ok(())
    }

    pub fn post(&mut self, account: &'static str, fen: i64) {
        *self.balances.entry(account).or_default() += fen;
    }

    fn decide(&mut self, user: &str, today: BusinessDate, act: &CreditAct) -> Result<(), Code> {
        match act {
            CreditAct::Lend { loan, household, bank, amount, months, terms, renews } => {
                self.apply_for(loan, household, (*amount, *months), renews.as_deref())?;
                let head = Head {
                    household: household.clone(),
                    bank: bank.clone(),
                    rules: self.households[household].rules,
                    terms: terms.clone(),
                    renews: renews.clone(),
                    facts: Vec::new(),
                    standing: None,
                };
                self.loans.insert(loan.clone(), head);
                Ok(())
            }
            CreditAct::Record { entries } => {
                for (loan, fact) in entries {
                    let receipt = matches!(fact.what, Happening::Repaid { .. } | Happening::Recovered { .. });
                    let paid = |f: &&Fact| matches!(f.what, Happening::Compensated { .. }) && f.on <= fact.on;
                    if receipt && self.loans.get(loan).is_some_and(|head| head.facts.iter().any(|f| paid(&f))) {
                        return Err("M-118");
                    }
                }
                self.record(today, entries.clone())
            }
            CreditAct::Settle => {
                let loans: Vec<String> = self.loans.keys().cloned().collect();
                let due_on = today.succ_opt().expect("a day follows");
                loans.iter().try_for_each(|loan| self.bring_up_to_date(loan, due_on))
            }
            CreditAct::Remove { household } => {
                let known = self.households.get_mut(household).expect("households are registered at first");
                known.removed_on = known.removed_on.or(Some(today));
                Ok(())
            }
            CreditAct::Fund { bank, fen, kind, to } => self.move_fund(bank, *fen, kind, to),
            CreditAct::File { claim, loan } => self.file(user, today, claim, loan),
            CreditAct::Decide { claim, approve } => {
                let claim = self.claim(claim, "filed")?;
                if claim.filed_by == user {
                    return Err("M-505");
                }
                claim.state = if *approve { "approved" } else { "rejected" };
                Ok(())
            }
            CreditAct::PayClaim { claim } => self.pay_claim(today, claim),
            CreditAct::Recover { claim, fen } => self.recover(today, claim, *fen),
            CreditAct::GiveUp { claim } => {
                let claim = self.claim(claim, "paid")?;
                let left = claim.memo();
                if left <= 0 {
                    return Err("M-510");
                }
                claim.written_off += left;
                Ok(())
            }
            CreditAct::SubsidyMoney { fen } => {
                self.post("S101", *fen);
                self.post("S301", -fen);
                Ok(())
            }
            CreditAct::RunBatch { batch } => self.run_batch(user, today, batch),
            CreditAct::Review { batch } => self.review(user, batch),
            CreditAct::Announce { batch } => self.announce(batch),
            CreditAct::Approve { batch } => self.approve(user, today, batch),
            CreditAct::Pay { batch } => self.pay(today, batch),
            CreditAct::Return { batch, payee } => self.take_back(batch, payee),
        }
    }

    fn apply_for(&self, loan: &str, household: &str, (fen, months): (i64, u32), renews: Option<&str>) -> Result<(), Code> {
        if self.loans.contains_key(loan) {
            return Err("M-303");
        }
        let settled = |head: &Head| head.standing.as_ref().is_some_and(|loan| loan.is_settled() || loan.renewed);
        let mut running = self.loans.iter().filter(|(_, head)| head.household == household && !settled(head));
        if running.next_back().is_some_and(|(other, _)| renews != Some(other)) {
            return Err("M-312");
        }
        let known = self.households.get(household).ok_or("M-304")?;
        if known.removed_on.is_some() || fen > MOST || fen <= 0 || !(1..=36).contains(&months) {
            return Err("M-306");
        }
        let (mut old, mut renewals) = (renews, 0);
        while let Some(number) = old {
            let head = self.loans.get(number).ok_or("M-102")?;
            renewals += 1;
            if renewals > 1 {
                return Err("M-114");
            }
            old = head.renews.as_deref();
        }
        Ok(())
    }

    /// Adds facts, the renewal of an old loan with the payment of the new one, and derives all of them anew.
    pub fn record(&mut self, today: BusinessDate, entries: Vec<(String, Fact)>) -> Result<(), Code> {
        if entries.iter().any(|(_, fact)| fact.on > today) {
            return Err("M-109");
        }
        let mut all = Vec::new();
        for (loan, fact) in entries {
            let old = self.loans.get(&loan).and_then(|head| head.renews.clone());
            if let (Some(old), Happening::Disbursed { amount }) = (old, &fact.what) {
                let what = Happening::Renewed { amount: *amount, by: loan.clone() };
                all.push((old, Fact { on: fact.on, what }));
            }
            all.push((loan, fact));
        }
        if all.iter().any(|(loan, _)| !self.loans.contains_key(loan)) {
            return Err("M-102");
        }
        let touched: BTreeSet<String> = all.iter().map(|(loan, _)| loan.clone()).collect();
        for (loan, fact) in all {
            let head = self.loans.get_mut(&loan).expect("looked up above");
            let is_extended = |fact: &Fact| matches!(fact.what, Happening::Extended { .. });
            if is_extended(&fact) && head.facts.iter().any(is_extended) {
                return Err("M-113");
            }
            if matches!(fact.what, Happening::Extended { to } if to > latest_extension(&head.terms)) {
                return Err("M-121");
            }
            let changes = matches!(fact.what, Happening::RateChanged { .. });
            if changes && head.rules.rate_fixed && fact.on > head.terms.signed_on {
                return Err("M-119");
            }
            head.facts.push(fact);
        }
        touched.iter().try_for_each(|loan| self.bring_up_to_date(loan, today))?;
        self.send_back(&touched);
        Ok(())
    }

    /// Derives a loan through a day, or through the last row that stands settled.
    fn bring_up_to_date(&mut self, loan: &str, through: BusinessDate) -> Result<(), Code> {
        let head = self.loans.get_mut(loan).expect("the loan is known");
        if head.facts.is_empty() {
            return Ok(());
        }
        let last = head.standing.iter().flat_map(|loan| loan.rows.iter().map(|row| row.due)).max();
        let found = Loan::at(&head.terms, &head.facts, last.map_or(through, |last| last.max(through)))?;
        head.standing = found.disbursed_on.is_some().then_some(found);
        Ok(())
    }

    fn move_fund(&mut self, bank: &str, fen: i64, kind: &str, to: &str) -> Result<(), Code> {
        if fen <= 0 {
            return Err("M-101");
        }
        let (other, incoming) = match kind {
            "contributed" => ("F301", true),
            "interest" => ("F401", true),
            "returned" => ("F301", false),
            "fee" => ("F502", false),
            _ => ("F101", false),
        };
        let money = self.accounts.entry(bank.to_owned()).or_default();
        if !incoming && *money < fen {
            return Err("M-506");
        }
        let signed = if incoming { fen } else { -fen };
        *money += signed;
        if kind == "moved" {
            *self.accounts.entry(to.to_owned()).or_default() += fen;
        }
        self.post("F101", signed);
        self.post(other, -signed);
        Ok(())
    }

    fn file(&mut self, user: &str, today: BusinessDate, claim: &str, loan: &str) -> Result<(), Code> {
        if self.claims.values().any(|claim| claim.loan == loan && claim.state != "rejected") {
            return Err("M-502");
        }
        let head = self.loans.get(loan).ok_or("M-102")?;
        let position = Loan::at(&head.terms, &head.facts, today)?;
        let days = position.overdue_from.map_or(0, |from| (today - from).num_days());
        if days < head.rules.trigger || position.past_due == 0 {
            return Err("M-501");
        }
        let interest = if head.rules.with_interest { position.interest } else { 0 };
        let loss = position.principal().min(SUBSIDISED) + interest;
        let filed = Claim {
            loan: loan.to_owned(),
            bank: head.bank.clone(),
            state: "filed",
            filed_by: user.to_owned(),
            loss,
            shares: shared(loss, head.rules.shares),
            paid: 0,
            recovered: 0,
            back: 0,
            written_off: 0,
            ratios: head.rules.shares,
        };
        self.claims.insert(claim.to_owned(), filed);
        Ok(())
    }

    fn claim(&mut self, number: &str, state: &str) -> Result<&mut Claim, Code> {
        let claim = self.claims.get_mut(number).ok_or("M-503")?;
        if claim.state == state { Ok(claim) } else { Err("M-504") }
    }

    fn pay_claim(&mut self, today: BusinessDate, number: &str) -> Result<(), Code> {
        let (bank, paid) = self.claim(number, "approved").map(|claim| (claim.bank.clone(), claim.shares[0]))?;
        let money = self.accounts.entry(bank).or_default();
        if *money < paid {
            return Err("M-506");
        }
        *money -= paid;
        self.post("F101", -paid);
        self.post("F501", paid);
        let claim = self.claim(number, "approved")?;
        (claim.state, claim.paid) = ("paid", paid);
        let (loan, amount) = (claim.loan.clone(), cunzhang::money::Amount::from_fen(claim.loss));
        self.record(today, vec![(loan, Fact { on: today, what: Happening::Compensated { amount } })])
    }

    fn recover(&mut self, today: BusinessDate, number: &str, fen: i64) -> Result<(), Code> {
        let claim = self.claim(number, "paid")?;
        let total = claim.recovered + fen;
        if fen <= 0 || total > claim.loss {
            return Err("M-507");
        }
        let so_far = shared(total, claim.ratios)[0];
        let part = so_far - claim.back;
        let over = part - claim.memo();
        if over > 0 {
            claim.written_off -= over.min(claim.written_off);
        }
        (claim.recovered, claim.back) = (total, so_far);
        let (loan, bank) = (claim.loan.clone(), claim.bank.clone());
        *self.accounts.entry(bank).or_default() += part;
        self.post("F101", part);
        self.post("F411", -part);
        let amount = cunzhang::money::Amount::from_fen(fen);
        self.record(today, vec![(loan, Fact { on: today, what: Happening::Recovered { amount } })])
    }

    /// First day no longer subsidised.
    pub fn stops_on(head: &Head, first: BusinessDate) -> BusinessDate {
        let by_months = first + Months::new(head.rules.months);
        if head.rules.on_extension { by_months } else { by_months.min(head.terms.matures_on) }
    }

    pub fn year(day: BusinessDate) -> i32 {
        day.year()
    }
}
