//! Distribution plans of the naive model: share-days counted from the entries, largest remainders.

use std::collections::BTreeMap;

use cunzhang::calendar::BusinessDate;

use super::acts::{Act, Answer};
use super::model::{Model, no};

type Facts = (i64, i128, BTreeMap<String, i128>);

#[derive(Debug, Clone)]
pub struct Plan {
    pub state: &'static str,
    pub by: String,
    pub fen: i64,
    pub through: Option<BusinessDate>,
    /// What it was computed from: undistributed surplus, share-days of all, share-days of those who get something.
    pub facts: Facts,
    pub rows: BTreeMap<String, i64>,
    pub number: i64,
}

impl Plan {
    pub fn part(&self, member: &str) -> i64 {
        self.rows.get(member).copied().unwrap_or(0)
    }

    /// True while its members are owed it and no list pays it.
    pub fn is_owed(&self, model: &Model) -> bool {
        self.state == "posted" && model.paying(&self.source()).is_none()
    }

    fn source(&self) -> String {
        format!("dividend:C001:{}", self.number)
    }
}

fn split(pool: i64, weights: &BTreeMap<String, i128>) -> BTreeMap<String, i64> {
    let whole: i128 = weights.values().sum();
    let mut parts: Vec<(String, i64, i128)> = weights
        .iter()
        .map(|(member, weight)| {
            let product = i128::from(pool) * weight;
            (member.clone(), (product / whole) as i64, product % whole)
        })
        .collect();
    let left = pool - parts.iter().map(|part| part.1).sum::<i64>();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(parts[*at].2));
    order.into_iter().take(left as usize).for_each(|at| parts[at].1 += 1);
    parts.into_iter().filter(|part| part.1 != 0).map(|part| (part.0, part.1)).collect()
}

impl Model {
    /// Share-days of the year by who gets the income.
    fn share_days(&self) -> BTreeMap<String, i128> {
        let (first, last) = ("2026-01-01".parse().expect("a day"), "2026-12-31".parse::<BusinessDate>().expect("a day"));
        let mut days: BTreeMap<String, i128> = BTreeMap::new();
        for entry in &self.entries {
            let held = (last - entry.on.max(first)).num_days() + 1;
            *days.entry(entry.beneficiary.clone()).or_default() += i128::from(entry.fen) * i128::from(held);
        }
        days
    }

    /// What a plan of so much would pay now.
    fn planned(&self, fen: i64) -> Result<(Facts, BTreeMap<String, i64>), String> {
        if self.unsettled != 0 {
            return no("D-101");
        }
        if self.undistributed <= 0 {
            return no("D-103");
        }
        if fen > self.undistributed || fen < 0 {
            return no("D-102");
        }
        let days = self.share_days();
        if fen > 0 && days.values().sum::<i128>() == 0 {
            return no("D-106");
        }
        let rows = if fen > 0 { split(fen, &days) } else { BTreeMap::new() };
        let all = days.values().sum();
        let own = days.into_iter().filter(|(member, _)| rows.contains_key(member)).collect();
        Ok(((self.undistributed, all, own), rows))
    }

    /// True from a plan's draft until it is posted or dropped.
    pub fn plan_is_live(&self) -> bool {
        self.plans.last().is_some_and(|plan| ["drafted", "reviewed", "published"].contains(&plan.state))
    }

    /// True if what the last plan rests on has changed.
    pub fn plan_is_stale(&self) -> bool {
        !self.plans.is_empty() && self.unchanged(self.plans.len() - 1).is_err()
    }

    fn plan_at(&self, number: i64, state: &str) -> Result<usize, String> {
        match self.plans.iter().position(|plan| plan.number == number) {
            None => no("D-201"),
            Some(at) if self.plans[at].state == state => Ok(at),
            Some(_) => no("D-202"),
        }
    }

    fn unchanged(&self, at: usize) -> Result<(), String> {
        let (facts, rows) = self.planned(self.plans[at].fen)?;
        let plan = &self.plans[at];
        if facts == plan.facts && rows == plan.rows { Ok(()) } else { no("D-204") }
    }

    pub fn on_plan(&mut self, user: &str, act: Act) -> Answer {
        let nothing = Ok(String::new());
        match act {
            Act::Settle => {
                self.undistributed += std::mem::take(&mut self.unsettled);
                nothing
            }
            Act::Draft { fen } => {
                if self.plans.iter().any(|plan| plan.state != "dropped") {
                    return no("D-207");
                }
                let (facts, rows) = self.planned(fen)?;
                let number = self.plans.len() as i64 + 1;
                let answer = format!("{number} {}", rows.len());
                let plan = Plan { state: "drafted", by: user.to_owned(), fen, through: None, facts, rows, number };
                self.plans.push(plan);
                Ok(answer)
            }
            Act::ReviewPlan { plan } => {
                let at = self.plan_at(plan, "drafted")?;
                if self.plans[at].by == user {
                    return no("D-203");
                }
                self.unchanged(at)?;
                self.plans[at].state = "reviewed";
                nothing
            }
            Act::Publish { plan, from, through } => {
                let at = self.plan_at(plan, "reviewed")?;
                if (through - from).num_days() < 6 {
                    return no("D-206");
                }
                (self.plans[at].state, self.plans[at].through) = ("published", Some(through));
                nothing
            }
            Act::PostPlan { on, plan } => {
                let at = self.plan_at(plan, "published")?;
                if self.plans[at].through.is_some_and(|through| on <= through) {
                    return no("D-205");
                }
                self.unchanged(at)?;
                self.plans[at].state = "posted";
                let paid: i64 = self.plans[at].rows.values().sum();
                self.undistributed -= paid;
                Ok(paid.to_string())
            }
            Act::DropPlan { plan } => {
                let Some(found) = self.plans.iter_mut().find(|found| found.number == plan) else { return no("D-201") };
                if ["posted", "dropped"].contains(&found.state) {
                    return no("D-202");
                }
                found.state = "dropped";
                nothing
            }
            Act::PayDividend { plan, batch, .. } => {
                let at = self.plan_at(plan, "posted")?;
                let (source, rows) = (self.plans[at].source(), self.plans[at].rows.clone());
                self.draw_up(user, &batch, ("C001", Some(source)), rows.into_iter().collect())
            }
            other => unreachable!("{other:?} is not of plans"),
        }
    }
}
