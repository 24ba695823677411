//! The model's book: movements, checks, closing months and years.

use std::collections::BTreeMap;

use cunzhang::calendar::AccountingPeriod as Period;
use cunzhang::ledger::service::Numbered;
use cunzhang::ledger::vouchers::State;
use cunzhang::ledger::{AccountCode, Dimension, Dimensions, Stage, Voucher, VoucherLine, Word};
use cunzhang::money::Amount;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::acts::Answer;
use crate::charts;
use crate::model::{Book, Done, no, said};

/// (account, cards) to debit less credit, in fen; zeros left out.
pub type Balances = BTreeMap<(AccountCode, Dimensions), i64>;
/// dimension, period, account, member, stage → debit, credit.
pub type Movements = BTreeMap<(String, String, String, String, String), (i64, i64)>;

impl Book {
    pub fn balances(&self, from: Period, through: Period) -> Balances {
        let mut all = Balances::new();
        for line in self.posted(from, through).flat_map(|v| &v.content.lines) {
            *all.entry((line.account.clone(), line.dimensions.clone())).or_default() += line.debit.fen() - line.credit.fen();
        }
        all.retain(|_, net| *net != 0);
        all
    }

    pub fn movements(&self) -> Movements {
        let mut all = Movements::new();
        for kept in self.vouchers.iter().filter(|v| v.state == State::Posted) {
            for line in &kept.content.lines {
                let cards = Dimension::ALL.into_iter().filter_map(|d| Some((d.as_str(), line.dimensions.get(d)?)));
                for (dimension, member) in std::iter::once(("", "")).chain(cards) {
                    let (period, stage) = (kept.content.period.to_string(), kept.content.stage.as_str().to_owned());
                    let key = (dimension.to_owned(), period, line.account.0.clone(), member.to_owned(), stage);
                    let sums = all.entry(key).or_default();
                    *sums = (sums.0 + line.debit.fen(), sums.1 + line.credit.fen());
                }
            }
        }
        all
    }

    /// The digest of the trial balance at the end of a period.
    pub fn digest(&self, period: Period) -> String {
        let (from, through) = (Period::opening(period.year()).to_string(), period.to_string());
        let mut rows: BTreeMap<(String, String, String), (i64, i64)> = BTreeMap::new();
        for ((dimension, at, account, member, _), (debit, credit)) in self.movements() {
            if at >= from && at <= through {
                let sums = rows.entry((dimension, account, member)).or_default();
                *sums = (sums.0 + debit, sums.1 + credit);
            }
        }
        let lines: String = rows
            .iter()
            .map(|((dimension, account, member), (debit, credit))| {
                format!("{}\n", json!([[dimension, account, member], [debit, credit]]))
            })
            .collect();
        hex::encode(Sha256::digest(format!("{}|{period}\n{lines}", self.code)))
    }

    /// A column of the regime's row, as codes.
    pub fn named(&self, year: i32, column: &str) -> Vec<String> {
        let row = charts::regime(&self.years[&year].regime).expect("a book keeps a known regime");
        row[column].split_whitespace().map(str::to_owned).collect()
    }

    fn net(&self, period: Period, beneath: &str) -> i64 {
        let all = self.balances(Period::opening(period.year()), period);
        all.iter().filter(|((account, _), _)| account.as_str().starts_with(beneath)).map(|(_, net)| net).sum()
    }

    /// The first day of the period on which cash stands below zero: (account, how much).
    pub fn negative_cash(&self, period: Period) -> Option<(String, i64)> {
        let mut worst = None;
        for cash in self.named(period.year(), "cash") {
            for leaf in charts::leaves(&self.years[&period.year()].chart, &cash) {
                let mut days: BTreeMap<String, i64> = BTreeMap::new();
                for kept in self.posted(Period::opening(period.year()), period) {
                    let before = kept.content.period != period;
                    let day = if before { String::new() } else { kept.content.dated_on.to_string() };
                    for line in kept.content.lines.iter().filter(|l| l.account.as_str() == leaf) {
                        *days.entry(day.clone()).or_default() += line.debit.fen() - line.credit.fen();
                    }
                }
                let mut standing = 0;
                for (day, moved) in days {
                    standing += moved;
                    if standing < 0 && !day.is_empty() && worst.as_ref().is_none_or(|(_, least)| standing < *least) {
                        worst = Some((leaf.clone(), standing));
                    }
                }
            }
        }
        worst
    }

    pub fn unposted(&self, period: Period) -> Vec<cunzhang::ledger::VoucherId> {
        let waits = |state: State| matches!(state, State::Draft | State::Submitted | State::Approved);
        self.ids().filter(|id| self.kept(*id).is_some_and(|v| v.content.period == period && waits(v.state))).collect()
    }

    /// Clearing accounts with a balance.
    pub fn uncleared(&self, period: Period) -> Vec<(String, i64)> {
        let named = self.named(period.year(), "clearing").into_iter();
        named.map(|code| (code.clone(), self.net(period, &code))).filter(|(_, net)| *net != 0).collect()
    }

    pub fn earlier_open(&self, period: Period) -> Option<Period> {
        let all = self.years.values().flat_map(|year| &year.periods);
        all.filter(|(p, (closed, _))| !closed && !p.is_opening() && **p < period).map(|(p, _)| *p).min()
    }

    fn without_papers(&self, period: Period) -> usize {
        let bare = |v: &&crate::model::Kept| {
            let c = &v.content;
            c.stage == Stage::Ordinary && c.reverses.is_none() && c.paper_attachments == 0 && v.files.is_empty()
        };
        self.posted(period, period).filter(bare).count()
    }

    /// Checks and closes; answers digest and warnings.
    pub fn close(&mut self, period: Period) -> Done<(String, Vec<Value>)> {
        match self.is_open(period) {
            _ if period.is_opening() => return no("L-202"),
            None => return no("L-202"),
            Some(false) => return no("B-204"),
            Some(true) => {}
        }
        if self.earlier_open(period).is_some() {
            return no("B-202");
        }
        let uncleared = self.uncleared(period).len();
        if !self.unposted(period).is_empty() || self.negative_cash(period).is_some() || (period.month() == 12 && uncleared > 0) {
            return no("B-201");
        }
        let papers = self.without_papers(period);
        let warnings = [("papers", papers), ("clearing", uncleared)].into_iter().filter(|(_, found)| *found > 0);
        let warnings = warnings.map(|(check, found)| json!([check, found])).collect();
        let digest = self.digest(period);
        for (at, kept) in self.years.values_mut().flat_map(|year| &mut year.periods) {
            if *at <= period && !kept.0 {
                *kept = (true, Some(digest.clone()));
            }
        }
        Ok((digest, warnings))
    }

    pub fn close_month(&mut self, period: Period) -> Answer {
        self.year(period.year())?;
        if period.month() == 12 {
            return no("B-205");
        }
        let (digest, warnings) = self.close(period)?;
        Ok(json!({ "period": period, "digest": digest, "warnings": warnings, "vouchers": [] }))
    }

    pub fn reopen(&mut self, period: Period, reason: &str) -> Answer {
        if reason.trim().is_empty() {
            return no("L-110");
        }
        self.year(period.year())?;
        match self.is_open(period) {
            _ if period.is_opening() => return no("L-202"),
            None => return no("L-202"),
            Some(true) => return no("B-204"),
            Some(false) => {}
        }
        if self.years.values().flat_map(|year| &year.periods).any(|(p, (closed, _))| *p > period && *closed) {
            return no("B-203");
        }
        let year = self.years.get_mut(&period.year()).expect("looked up above");
        let first = year.periods.keys().nth(1) == Some(&period);
        for (at, kept) in &mut year.periods {
            if *at == period || (first && at.is_opening()) {
                *kept = (false, None);
            }
        }
        year.carried = year.carried && period.month() != 12;
        Ok(Value::Null)
    }

    pub fn transfer_act(&mut self, user: &str, period: Period) -> Answer {
        self.year(period.year())?;
        self.transfer(user, period).map(said)
    }

    pub fn transfer(&mut self, user: &str, period: Period) -> Done<Vec<Numbered>> {
        let chart = &self.years[&period.year()].chart;
        let mut moved = self.balances(Period::opening(period.year()), period);
        moved.retain(|(account, _), _| chart.get(account.as_str()).is_some_and(|a| a.is_profit_and_loss()));
        let into = self.named(period.year(), "result").remove(0);
        self.empty(user, period, "结转本期损益", &moved, &into)
    }

    /// Moves balances into one account.
    pub fn empty(&mut self, user: &str, period: Period, words: &str, moved: &Balances, into: &str) -> Done<Vec<Numbered>> {
        let mut lines: Vec<VoucherLine> =
            moved.iter().map(|((account, cards), net)| line(words, account.as_str(), cards, -net)).collect();
        let total: i64 = moved.values().sum();
        lines.extend((total != 0).then(|| line(words, into, &Dimensions::default(), total)));
        self.post_lines(user, (period, period.last_day()), Stage::Transfer, lines)
    }

    pub fn post_lines(
        &mut self,
        user: &str,
        (period, dated_on): (Period, cunzhang::calendar::BusinessDate),
        stage: Stage,
        lines: Vec<VoucherLine>,
    ) -> Done<Vec<Numbered>> {
        if lines.is_empty() {
            return Ok(Vec::new());
        }
        let voucher = Voucher {
            book: self.code.clone(),
            period,
            dated_on,
            word: Word::Transfer,
            stage,
            lines,
            reverses: None,
            source_key: None,
            paper_attachments: 0,
        };
        self.check(&voucher)?;
        Ok(vec![self.take_posted(user, voucher)])
    }
}

/// A line that moves `net` (debit less credit).
pub fn line(words: &str, account: &str, cards: &Dimensions, net: i64) -> VoucherLine {
    let (debit, credit) = (Amount::from_fen(net.max(0)), Amount::from_fen((-net).max(0)));
    VoucherLine { summary: words.to_owned(), account: account.into(), debit, credit, dimensions: cards.clone() }
}
