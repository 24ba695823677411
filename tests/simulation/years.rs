//! The model's years: opened, cleared, closed, carried, converted.

use cunzhang::calendar::AccountingPeriod as Period;
use cunzhang::controls::year_close::service::CloseYear;
use cunzhang::ledger::conversion::Choice;
use cunzhang::ledger::service::Numbered;
use cunzhang::ledger::{AccountCode, Dimensions, Stage};
use cunzhang::money::Amount;
use serde_json::json;

use crate::acts::Answer;
use crate::charts;
use crate::closing::{Balances, line};
use crate::model::{Book, Done, no, said};

impl Book {
    /// The regime of the year after.
    pub fn next_regime(&self, year: i32) -> Done<String> {
        charts::regime_on(&self.kind, &format!("{}-01-01", year + 1)).ok_or("C-108".to_owned())
    }

    pub fn open_next(&mut self, year: i32) -> Answer {
        self.year(year - 1)?;
        if self.years.contains_key(&year) {
            return no("B-108");
        }
        let regime = self.next_regime(year - 1)?;
        self.open_after(year - 1, &regime);
        Ok(json!(regime))
    }

    fn open_after(&mut self, year: i32, regime: &str) {
        let before = &self.years[&year];
        let chart = if before.regime == regime { before.chart.clone() } else { charts::chart(regime) };
        self.open_year(year + 1, regime, chart, 1);
    }

    pub fn close_year(&mut self, user: &str, act: &CloseYear) -> Answer {
        self.year(act.year)?;
        let december = Period::new(act.year, 12).ok_or("L-202")?;
        if !self.is_open(december).ok_or("L-202")? {
            return no("B-207");
        }
        let mut vouchers = self.clear_year(user, act)?;
        let (digest, warnings) = self.close(december)?;
        vouchers.extend(self.carry(user, act)?);
        self.years.get_mut(&act.year).expect("looked up above").carried = true;
        Ok(json!({ "period": december, "digest": digest, "warnings": warnings, "vouchers": said(vouchers) }))
    }

    /// Everything of the close before December shuts.
    pub fn clear_year(&mut self, user: &str, act: &CloseYear) -> Done<Vec<Numbered>> {
        let (opening, december) = (Period::opening(act.year), Period::new(act.year, 12).ok_or("L-202")?);
        let mut vouchers = self.transfer(user, december)?;
        let Some(undistributed) = self.named(act.year, "undistributed").pop() else { return Ok(vouchers) };
        let result = self.named(act.year, "result").remove(0);
        let mut moved = self.balances(opening, december);
        moved.retain(|(account, _), _| account.as_str() == result);
        let year: i64 = -moved.values().sum::<i64>();
        vouchers.extend(self.empty(user, december, "结转本年收益", &moved, &undistributed)?);
        let there = |book: &Book| {
            let all = book.balances(opening, december);
            -all.iter().filter(|((a, _), _)| a.as_str() == undistributed).map(|(_, net)| net).sum::<i64>()
        };
        if let Some(rate) = &act.reserve_rate {
            let base = there(self).min(year).max(0);
            let taken = self.reserve(act.year, rate, base)?;
            vouchers.extend(self.take_reserve(user, december, taken)?);
        }
        let there = there(self);
        let root = self.named(act.year, "appropriations").remove(0);
        let mut moved = self.balances(opening, december);
        moved.retain(|(account, _), _| account.as_str().starts_with(&root));
        if moved.values().sum::<i64>() > there.max(0) {
            return no("B-206");
        }
        vouchers.extend(self.empty(user, december, "结清各项分配", &moved, &undistributed)?);
        Ok(vouchers)
    }

    /// The reserve in fen: percent text with at most two decimals, half up.
    fn reserve(&self, year: i32, rate: &str, base: i64) -> Done<i64> {
        let (whole, decimals) = rate.split_once('.').unwrap_or((rate, ""));
        let Ok(hundredths) = format!("{whole}{decimals:0<2}").parse::<i128>() else { return no("A-301") };
        if hundredths < 0 {
            return no("A-302");
        }
        if self.named(year, "reserve").is_empty() {
            return no("B-209");
        }
        if hundredths > 10_000 {
            return no("B-208");
        }
        let exact = i128::from(base) * hundredths;
        Ok(((exact * 2 + 10_000) / 20_000) as i64)
    }

    fn take_reserve(&mut self, user: &str, december: Period, taken: i64) -> Done<Vec<Numbered>> {
        if taken == 0 {
            return Ok(Vec::new());
        }
        let (year, none) = (december.year(), Dimensions::default());
        let (from, to) = (self.named(year, "reserve_appropriation").remove(0), self.named(year, "reserve").remove(0));
        let lines = vec![line("提取公积", &from, &none, taken), line("提取公积", &to, &none, -taken)];
        self.post_lines(user, (december, december.last_day()), Stage::Ordinary, lines)
    }

    fn carry(&mut self, user: &str, act: &CloseYear) -> Done<Vec<Numbered>> {
        let regime = self.next_regime(act.year)?;
        if !self.years.contains_key(&(act.year + 1)) {
            self.open_after(act.year, &regime);
        }
        let mut wanted = self.balances(Period::opening(act.year), Period::opening(act.year + 1).previous());
        if regime != self.years[&act.year].regime {
            wanted = self.converted(act.year, &wanted, &act.choices)?;
        }
        let opening = Period::opening(act.year + 1);
        for (key, net) in self.balances(opening, opening) {
            *wanted.entry(key).or_default() -= net;
        }
        let moved = wanted.into_iter().filter(|(_, net)| *net != 0);
        let lines = moved.map(|((account, cards), net)| line("上年结转", account.as_str(), &cards, net)).collect();
        self.post_lines(user, (opening, opening.first_day()), Stage::Opening, lines)
    }

    /// Old balances on the accounts of the new regime.
    fn converted(&self, year: i32, old: &Balances, choices: &[Choice]) -> Done<Balances> {
        let (from, next) = (&self.years[&year].regime, &self.years[&(year + 1)]);
        let mut new = Balances::new();
        let stray = |c: &Choice| !old.contains_key(&(c.old.clone(), c.dimensions.clone()));
        if choices.iter().any(stray) {
            return no("C-117");
        }
        for ((account, cards), net) in old {
            let Some((rule, targets, kind)) = charts::conversion(from, &next.regime, account.as_str()) else {
                return no("C-111");
            };
            if kind == "name_only" {
                return no("C-115");
            }
            let chosen: Vec<&Choice> = choices.iter().filter(|c| c.old == *account && c.dimensions == *cards).collect();
            if chosen.is_empty() {
                let target = format!("{}{}", targets[0], &account.as_str()[rule.len()..]);
                if kind != "carry" || !charts::is_leaf(&next.chart, &target) {
                    return no("C-112");
                }
                *new.entry((AccountCode(target), cards.clone())).or_default() += net;
                continue;
            }
            if chosen.iter().any(|c| !targets.iter().any(|t| c.new.as_str().starts_with(t))) {
                return no("C-114");
            }
            if chosen.iter().map(|c| c.amount.fen()).sum::<i64>() != *net {
                return no("C-113");
            }
            for choice in chosen {
                *new.entry((choice.new.clone(), cards.clone())).or_default() += choice.amount.fen();
            }
        }
        for (account, _) in new.keys() {
            match (next.chart.contains_key(account.as_str()), charts::is_leaf(&next.chart, account.as_str())) {
                (false, _) => return no("C-101"),
                (true, false) => return no("C-102"),
                (true, true) => {}
            }
        }
        Ok(new)
    }

    /// Choices that would let a change of regime through: whole balances to the first leaf allowed.
    pub fn choices(&self, act: &CloseYear) -> Vec<Choice> {
        let mut book = self.clone();
        let regime = self.next_regime(act.year).unwrap_or_default();
        if book.clear_year("", act).is_err() || regime == self.years[&act.year].regime {
            return Vec::new();
        }
        let chart = self.years.get(&(act.year + 1)).map_or_else(|| charts::chart(&regime), |next| next.chart.clone());
        let old = book.balances(Period::opening(act.year), Period::opening(act.year + 1).previous());
        let undecided = old.iter().filter_map(|((account, cards), net)| {
            let (rule, targets, kind) = charts::conversion(&self.years[&act.year].regime, &regime, account.as_str())?;
            let usual = format!("{}{}", targets[0], &account.as_str()[rule.len()..]);
            if kind == "carry" && charts::is_leaf(&chart, &usual) {
                return None;
            }
            let new = charts::leaves(&chart, &targets[0]).next()?.as_str().into();
            Some(Choice { old: account.clone(), dimensions: cards.clone(), new, amount: Amount::from_fen(*net) })
        });
        undecided.collect()
    }
}
