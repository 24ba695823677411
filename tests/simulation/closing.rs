//! The model's book: movements, checks, closing months and years.

use std::collections::BTreeMap;

use cunzhang::calendar::AccountingPeriod as Period;
use cunzhang::controls::year_close::service::CloseYear;
use cunzhang::ledger::conversion::Choice;
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
    fn close(&mut self, period: Period) -> Done<(String, Vec<Value>)> {
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

    fn transfer(&mut self, user: &str, period: Period) -> Done<Vec<Numbered>> {
        let chart = &self.years[&period.year()].chart;
        let mut moved = self.balances(Period::opening(period.year()), period);
        moved.retain(|(account, _), _| chart.get(account.as_str()).is_some_and(|a| a.is_profit_and_loss()));
        let into = self.named(period.year(), "result").remove(0);
        self.empty(user, period, "结转本期损益", &moved, &into)
    }

    /// Moves balances into one account.
    fn empty(&mut self, user: &str, period: Period, words: &str, moved: &Balances, into: &str) -> Done<Vec<Numbered>> {
        let mut lines: Vec<VoucherLine> =
            moved.iter().map(|((account, cards), net)| line(words, account.as_str(), cards, -net)).collect();
        let total: i64 = moved.values().sum();
        lines.extend((total != 0).then(|| line(words, into, &Dimensions::default(), total)));
        self.post_lines(user, (period, period.last_day()), Stage::Transfer, lines)
    }

    fn post_lines(
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

/// A line that moves `net` (debit less credit).
pub fn line(words: &str, account: &str, cards: &Dimensions, net: i64) -> VoucherLine {
    let (debit, credit) = (Amount::from_fen(net.max(0)), Amount::from_fen((-net).max(0)));
    VoucherLine { summary: words.to_owned(), account: account.into(), debit, credit, dimensions: cards.clone() }
}
