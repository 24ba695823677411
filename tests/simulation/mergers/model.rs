//! Villages, contracts and debts, kept as plainly as possible: what was agreed, what came, in which book it stands.

use std::collections::{BTreeMap, BTreeSet};

use cunzhang::calendar::BusinessDate;

use super::{COLLECTIVE, OPENING, VILLAGES};

/// A contract with one party: its instalments, how many were accrued, what of each was paid, what came in advance.
#[derive(Debug, Clone)]
pub struct Contract {
    pub code: String,
    pub party: String,
    pub village: usize,
    pub due: Vec<(BusinessDate, i64)>,
    pub settled: Vec<i64>,
    pub advance: i64,
}

impl Contract {
    pub fn owed(&self) -> i64 {
        self.due.iter().zip(&self.settled).map(|((_, amount), settled)| amount - settled).sum()
    }

    /// Accrues what is due by a day; answers how many instalments and their sum.
    pub fn accrue(&mut self, on: BusinessDate) -> (usize, i64) {
        let (mut count, mut sum) = (0, 0);
        while let Some((_, amount)) = self.due.get(self.settled.len()).filter(|(due, _)| *due <= on) {
            let from_advance = self.advance.min(*amount);
            self.advance -= from_advance;
            self.settled.push(from_advance);
            (count, sum) = (count + 1, sum + amount);
        }
        (count, sum)
    }

    pub fn receive(&mut self, mut amount: i64) {
        for ((_, due), settled) in self.due.iter().zip(&mut self.settled) {
            let paid = amount.min(due - *settled);
            *settled += paid;
            amount -= paid;
        }
        self.advance += amount;
    }

    /// What is late on a day, accrued or not: day and sum.
    pub fn late(&self, on: BusinessDate) -> Vec<(BusinessDate, i64)> {
        let mut advance = self.advance;
        let mut late = Vec::new();
        for (at, (due, amount)) in self.due.iter().enumerate() {
            let missing = self.settled.get(at).map_or_else(
                || {
                    let covered = advance.min(*amount);
                    advance -= covered;
                    amount - covered
                },
                |settled| amount - settled,
            );
            if missing > 0 && *due < on {
                late.push((*due, missing));
            }
        }
        late
    }
}

#[derive(Debug)]
pub struct Model {
    pub contracts: Vec<Contract>,
    /// By village: money by class.
    pub classes: Vec<BTreeMap<String, i64>>,
    /// By village: what the cards owe on 113.
    pub debts: Vec<BTreeMap<String, i64>>,
    pub ended: BTreeSet<usize>,
}

impl Model {
    pub fn new() -> Model {
        let money = BTreeMap::from([(super::CLASSES[0].to_owned(), OPENING), (COLLECTIVE.to_owned(), OPENING)]);
        let villages = VILLAGES.len();
        Model {
            contracts: Vec::new(),
            classes: vec![money; villages],
            debts: vec![BTreeMap::new(); villages],
            ended: BTreeSet::new(),
        }
    }

    pub fn class(&mut self, village: usize, class: &str, by: i64) {
        *self.classes[village].entry(class.to_owned()).or_default() += by;
    }

    /// The balances on accounts of parties that a book should hold: debit less credit.
    pub fn parties(&self, village: usize) -> BTreeMap<(String, String), i64> {
        let mut all = BTreeMap::new();
        for contract in self.contracts.iter().filter(|contract| contract.village == village) {
            all.insert(("112".to_owned(), contract.party.clone()), contract.owed());
            all.insert(("21104".to_owned(), contract.party.clone()), -contract.advance);
        }
        all.extend(self.debts[village].iter().map(|(party, fen)| (("113".to_owned(), party.clone()), *fen)));
        all.retain(|_, fen| *fen != 0);
        all
    }

    /// One village goes into another: money by class, debts under cards told apart, contracts.
    pub fn merge(&mut self, from: usize, into: usize) {
        for (class, fen) in std::mem::take(&mut self.classes[from]) {
            self.class(into, &class, fen);
        }
        for (party, fen) in std::mem::take(&mut self.debts[from]) {
            *self.debts[into].entry(format!("{}-{party}", VILLAGES[from])).or_default() += fen;
        }
        self.contracts.iter_mut().filter(|contract| contract.village == from).for_each(|contract| contract.village = into);
        self.ended.insert(from);
    }
}
