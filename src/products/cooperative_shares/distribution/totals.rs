//! What a register comes to: its members come by once and are added up.
//!
//! Pure.
//!
//! 1. Nothing is kept of a member but what it adds.

use std::collections::BTreeMap;

use super::{MemberFacts, YearDays};
use crate::money::Amount;
use crate::money::allotment::passes::Weights;
use crate::products::cooperative_shares::class::{ClassKind, ShareClass};

/// Sums over all members.
#[derive(Debug)]
pub struct Totals<'a> {
    /// The classes of the book.
    pub classes: &'a BTreeMap<String, ShareClass>,
    /// Days of the year.
    pub year_days: YearDays,
    /// Trade, as weights of the refunds.
    pub trade: Weights,
    /// Share-days of those who share by weight.
    pub weight: Weights,
    /// Floors of earlier years still owed.
    pub arrears: Amount,
    days: BTreeMap<&'a str, Weights>,
    in_part: BTreeMap<&'a str, InPart>,
}

/// Quantified shares that count for a part of the year.
#[derive(Debug, Default)]
struct InPart {
    members: usize,
    base: Amount,
    days: i128,
}

impl<'a> Totals<'a> {
    /// Of nobody yet.
    pub fn of(classes: &'a BTreeMap<String, ShareClass>, year_days: YearDays) -> Totals<'a> {
        let days = classes.keys().map(|class| (class.as_str(), Weights::default())).collect();
        let quantified = classes.values().filter(|class| class.kind == ClassKind::Quantified);
        let in_part = quantified.map(|class| (class.class.as_str(), InPart::default())).collect();
        let (trade, weight) = (Weights::default(), Weights::default());
        Totals { classes, year_days, trade, weight, arrears: Amount::ZERO, days, in_part }
    }

    /// The next member.
    pub fn add(&mut self, facts: &MemberFacts) {
        self.trade.add(i128::from(facts.trade.fen()));
        self.weight.add(facts.weight(self.classes));
        self.arrears += facts.arrears.max(Amount::ZERO);
        self.days.iter_mut().for_each(|(class, days)| days.add(facts.days_in(class)));
        for standing in &facts.standings {
            let whole_year = i128::from(standing.base.fen()) * i128::from(self.year_days);
            let in_part = standing.base.is_positive() && standing.days < whole_year;
            if let Some(part) = self.in_part.get_mut(standing.class.as_str()).filter(|_| in_part) {
                part.members += 1;
                part.base += standing.base;
                part.days += standing.days;
            }
        }
    }

    /// Share-days of a class, as weights.
    pub fn days_in(&self, class: &str) -> Weights {
        self.days.get(class).cloned().unwrap_or_default()
    }

    /// Says which quantified shares count for a part of the year only: they are set at the year's end or when the surplus is
    /// distributed (statements.md §1.4), and by share-days such a share would count for a day.
    pub fn quantified_in_part(&self) -> Option<String> {
        let in_words = |(class, part): (&&str, &InPart)| {
            let (name, days) = (&self.classes[*class].name, part.days / i128::from(part.base.fen().max(1)));
            format!("{name} {} 户共 {} 平均计 {days} 天", part.members, part.base.grouped())
        };
        let words: Vec<String> = self.in_part.iter().filter(|(_, part)| part.members > 0).map(in_words).collect();
        let (year, how) = (self.year_days, "要按分配时的量化份额全额计的,编制时写登记日(--record-date)");
        (!words.is_empty()).then(|| format!("本年登记的量化份额按持有天数计(全年 {year} 天):{};{how}", words.join("、")))
    }
}
