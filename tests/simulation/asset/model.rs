//! The naive model of asset income: lists of what happened; everything asked is counted from them.
//!
//! Nothing is shared with `src`: sums are fen, rates hundredths of a percent, days counted one by one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;
use cunzhang::calendar::BusinessDate;

use super::acts::{Act, Answer};
use super::dividend::Plan;
use super::entrusted::Scheme;
use super::ground::{EARNED, LOANS, OF_LOANS, SCHEMES, first_day};
use super::payout::Batch;

pub fn no<T>(code: &str) -> Result<T, String> {
    Err(code.to_owned())
}

/// A share entry.
#[derive(Debug, Clone)]
pub struct Entry {
    pub on: BusinessDate,
    pub holder: String,
    pub beneficiary: String,
    pub class: String,
    pub fen: i64,
}

#[derive(Debug, Clone)]
pub struct Model {
    pub today: BusinessDate,
    pub entries: Vec<Entry>,
    pub schemes: BTreeMap<String, Scheme>,
    pub batches: BTreeMap<String, Batch>,
    pub plans: Vec<Plan>,
    /// Loan → what is still owed.
    pub loans: BTreeMap<String, i64>,
    /// The cooperative's income less expense, not yet settled; and its undistributed surplus.
    pub unsettled: i64,
    pub undistributed: i64,
}

impl Model {
    pub fn founded() -> Model {
        Model {
            today: first_day(),
            entries: Vec::new(),
            schemes: SCHEMES.iter().map(|scheme| (scheme.code.to_owned(), Scheme::new(*scheme))).collect(),
            batches: BTreeMap::new(),
            plans: Vec::new(),
            loans: LOANS.iter().map(|(loan, _, yuan)| ((*loan).to_owned(), yuan * 100)).collect(),
            unsettled: EARNED * 100,
            undistributed: 0,
        }
    }

    /// Days pass, up to the middle of December.
    pub fn pass(&mut self, days: usize) {
        let last = BusinessDate::from_ymd_opt(2026, 12, 20).expect("a day");
        self.today = (self.today + Days::new(days as u64)).min(last);
    }

    /// What the office must answer; the model moves on where the act is done.
    pub fn perform(&mut self, user: &str, act: &Act) -> Answer {
        match act.clone() {
            Act::Subscribe { on, member, class, fen } => {
                if fen <= 0 {
                    return no("H-102");
                }
                if !known(&class) {
                    return no("H-301");
                }
                self.entries.push(Entry { on, holder: member.clone(), beneficiary: member, class, fen });
                Ok(String::new())
            }
            Act::Move { on, from, to, class, fen, income_only } => {
                if fen <= 0 {
                    return no("H-102");
                }
                self.take(on, (&from, &from, &class), fen)?;
                let holder = if income_only { from } else { to.clone() };
                self.entries.push(Entry { on, holder, beneficiary: to, class, fen });
                Ok(String::new())
            }
            Act::Convert { on, member, class, owner, to } => self.convert(on, (member, class), owner, to),
            Act::Withdraw { on, member } => {
                let own: BTreeSet<(String, String)> = self
                    .entries
                    .iter()
                    .filter(|e| e.holder == member)
                    .map(|e| (e.beneficiary.clone(), e.class.clone()))
                    .collect();
                let mut gone = false;
                for (beneficiary, class) in own {
                    let held = self.held(&member, &beneficiary, &class);
                    if held != 0 {
                        self.entries.push(Entry { on, holder: member.clone(), beneficiary, class, fen: -held });
                        gone = true;
                    }
                }
                if gone { Ok(String::new()) } else { no("H-106") }
            }
            act => self.perform_money(user, act),
        }
    }

    fn perform_money(&mut self, user: &str, act: Act) -> Answer {
        match act {
            Act::Settle | Act::Draft { .. } | Act::ReviewPlan { .. } | Act::Publish { .. } | Act::PostPlan { .. } => {
                self.on_plan(user, act)
            }
            Act::DropPlan { .. } | Act::PayDividend { .. } => self.on_plan(user, act),
            Act::DrawUp { .. } | Act::Fund { .. } | Act::Review { .. } | Act::Send { .. } | Act::Results { .. } => {
                self.on_batch(user, act)
            }
            Act::Correct { .. } | Act::Drop { .. } => self.on_batch(user, act),
            Act::Repay { loan, fen, .. } => {
                *self.loans.get_mut(&loan).expect("a loan of the county") -= fen;
                Ok(String::new())
            }
            act => self.on_scheme(user, act),
        }
    }

    /// What a household still owes its bank; nothing where it has no loan in the register.
    pub fn owes(&self, household: &str) -> Option<i64> {
        let own = LOANS.iter().filter(|(_, borrower, _)| *borrower == household);
        own.map(|(loan, ..)| self.loans[*loan]).reduce(|sum, more| sum + more)
    }

    /// Loan money of a household that is entrusted.
    pub fn entrusted_of_loans(&self, household: &str) -> i64 {
        OF_LOANS.iter().map(|code| self.schemes[*code].principal(household)).sum()
    }

    /// Borrowers that ever handed money over: whom equality 1 compares.
    pub fn borrowers_in_schemes(&self) -> usize {
        let moved = |household: &str| self.schemes.values().any(|s| s.moves.iter().any(|m| m.0 == household));
        LOANS.iter().filter(|(_, household, _)| moved(household)).count()
    }

    /// What is held of a class by an owner for somebody.
    pub fn held(&self, holder: &str, beneficiary: &str, class: &str) -> i64 {
        let own = |e: &&Entry| e.holder == holder && e.beneficiary == beneficiary && e.class == class;
        self.entries.iter().filter(own).map(|e| e.fen).sum()
    }

    fn take(&mut self, on: BusinessDate, (holder, beneficiary, class): (&str, &str, &str), fen: i64) -> Result<(), String> {
        if self.held(holder, beneficiary, class) < fen {
            return no("H-201");
        }
        let (holder, beneficiary, class) = (holder.to_owned(), beneficiary.to_owned(), class.to_owned());
        self.entries.push(Entry { on, holder, beneficiary, class, fen: -fen });
        Ok(())
    }

    fn convert(
        &mut self,
        on: BusinessDate,
        (member, class): (String, String),
        owner: Option<String>,
        to: Option<String>,
    ) -> Answer {
        let holder = owner.clone().unwrap_or_else(|| member.clone());
        let fen = self.held(&holder, &member, &class);
        let Some(to) = to else {
            return if fen > 0 { Ok(String::new()) } else { no("H-201") };
        };
        if fen <= 0 {
            return no("H-102");
        }
        self.take(on, (&holder, &member, &class), fen)?;
        let holder = if owner.is_some() { holder } else { to.clone() };
        self.entries.push(Entry { on, holder, beneficiary: to, class, fen });
        Ok(String::new())
    }

    /// Borrowed, entrusted, held, due, received, in fen: what the household's statement must show.
    pub fn statement(&self, household: &str) -> Vec<i64> {
        let entrusted = self.schemes.values().map(|scheme| scheme.principal(household)).sum();
        let is_own = |e: &&Entry| e.holder == household || e.beneficiary == household;
        let held = self.entries.iter().filter(is_own).map(|e| e.fen).sum();
        let mut due: i64 = self.schemes.values().map(|scheme| scheme.due(household, self)).sum();
        due += self.plans.iter().filter(|plan| plan.is_owed(self)).map(|plan| plan.part(household)).sum::<i64>();
        let rows = || self.batches.values().filter(|b| b.is_live()).flat_map(|b| &b.rows).filter(|row| row.party == household);
        due += rows().filter(|row| row.state != "paid").map(|row| row.fen).sum::<i64>();
        let received = rows().filter(|row| row.state == "paid").map(|row| row.fen).sum();
        vec![self.owes(household).unwrap_or(0), entrusted, held, due, received]
    }

    /// The live batch that pays a source.
    pub fn paying(&self, source: &str) -> Option<&Batch> {
        self.batches.values().find(|batch| batch.is_live() && batch.source.as_deref() == Some(source))
    }
}

fn known(class: &str) -> bool {
    ["A", "C"].contains(&class)
}
