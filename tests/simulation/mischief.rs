//! What goes wrong in offices: wrong sums, wrong months, wrong people, things done twice.

use cunzhang::access::service::AddUser;
use cunzhang::calendar::AccountingPeriod as Period;
use cunzhang::controls::period_close::service::{ClosePeriod, ReopenPeriod, TransferProfitAndLoss};
use cunzhang::controls::year_close::service::{CloseYear, OpenYear};
use cunzhang::ledger::books::Book as NewBook;
use cunzhang::ledger::books::service::{AddAccounts, AddBook, AddMembers, OwnAccount, PostOpening, StopAccount};
use cunzhang::ledger::books::store::Member;
use cunzhang::ledger::conversion::Choice;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::vouchers::service::{CopyVoucher, KeepDrafts, MoveVouchers, ReverseVoucher, Step};
use cunzhang::ledger::{Dimension, EntityKind, Stage, Voucher, VoucherId};
use cunzhang::money::Amount;

use crate::acts::Act;
use crate::business;
use crate::director::{Director, Plan, USERS};
use crate::model::{Book, Model};

impl Director {
    pub fn mischief(&mut self, model: &Model) -> Plan {
        if self.dice.percent(14)
            && let Some((key, act)) = self.dice.any(&self.recent.clone())
        {
            return self.again(model, key, act);
        }
        let book = self.book(model);
        let act = match self.dice.below(16) {
            0..5 => self.wrong_voucher(model, book),
            5..7 => self.wrong_step(book),
            7 => self.anywhere(book),
            8 => self.wrong_close(book),
            9 => self.reopen(book),
            10 => self.wrong_year(book),
            11 => self.accounts(book),
            12 => self.stop_or_members(book),
            13 => self.registers(model),
            14 => PostOpening { book: book.code.clone(), lines: self.some_voucher(book).lines }.into(),
            _ => TransferProfitAndLoss { book: book.code.clone(), period: self.any_period(book) }.into(),
        };
        if self.dice.percent(75) {
            return self.by_somebody(model, act);
        }
        let names: Vec<&str> = USERS.iter().map(|(user, ..)| *user).chain(["无名", ""]).collect();
        Plan { user: (*self.dice.pick(&names)).to_owned(), key: None, act }
    }

    /// A key again: with the same request, by anybody, or with another.
    fn again(&mut self, model: &Model, key: String, act: Act) -> Plan {
        let book = self.book(model);
        let act = if self.dice.percent(60) { act } else { self.wrong_step(book) };
        Plan { key: Some(key), ..self.by_somebody(model, act) }
    }

    /// Any month of the book's years, one before and one after.
    fn any_period(&mut self, book: &Book) -> Period {
        let years: Vec<i32> = book.years.keys().copied().collect();
        let year = self.dice.pick(&years) + self.dice.below(3) as i32 - 1;
        Period::new(year, self.dice.below(13) as u32).unwrap_or(Period::opening(year))
    }

    fn some_voucher(&mut self, book: &Book) -> Voucher {
        let period =
            self.open_month(book).unwrap_or(*book.years.values().next().expect("a year").periods.keys().last().expect("a month"));
        business::everyday(&mut self.dice, book, period)
    }

    fn wrong_voucher(&mut self, model: &Model, book: &Book) -> Act {
        let mut voucher = self.some_voucher(book);
        let others: Vec<Voucher> = (0..self.dice.below(3)).map(|_| self.some_voucher(book)).collect();
        self.spoil(model, book, &mut voucher);
        let mut vouchers: Vec<Voucher> = others.into_iter().chain([voucher]).collect();
        if self.dice.percent(6) {
            vouchers.push(vouchers[0].clone()); // the same source key twice, where it has one
        }
        if self.dice.percent(3) {
            vouchers.clear();
        }
        if self.dice.percent(50) {
            return PostVouchers { vouchers, event: None }.into();
        }
        let book = if self.dice.percent(5) { "X999".into() } else { book.code.clone() };
        KeepDrafts { book, vouchers, skip_known: self.dice.percent(30) }.into()
    }

    fn spoil(&mut self, model: &Model, book: &Book, voucher: &mut Voucher) {
        let line = self.dice.below(voucher.lines.len());
        match self.dice.below(22) {
            0 => voucher.lines[line].debit += Amount::from_fen(1),
            1 => voucher.lines.truncate(1),
            2 => voucher.lines.clear(),
            3 => {
                let both = Amount::from_fen(7);
                (voucher.lines[line].debit, voucher.lines[line].credit) = (both, both);
                voucher.lines.retain(|l| l.debit == both);
            }
            4 => voucher.lines.iter_mut().for_each(|l| *l = l.negated()),
            5 => {
                for line in &mut voucher.lines {
                    let huge = |side: Amount| if side.is_zero() { side } else { Amount::from_fen(100_000_000_000_000) };
                    (line.debit, line.credit) = (huge(line.debit), huge(line.credit));
                }
            }
            6 => voucher.lines[line].summary = " \u{3000}".into(),
            7 => voucher.dated_on = voucher.period.next().first_day(),
            8 => voucher.lines[line].account = "999".into(),
            9 => {
                let chart = book.years.get(&voucher.period.year()).map(|year| &year.chart);
                let is_parent = |code: &&String| chart.is_some_and(|chart| !crate::charts::is_leaf(chart, code));
                let parents: Vec<String> = chart.into_iter().flat_map(|c| c.keys().filter(is_parent)).cloned().collect();
                if let Some(code) = self.dice.any(&parents) {
                    voucher.lines[line].account = code.as_str().into();
                }
            }
            10 => voucher.lines.iter_mut().for_each(|l| l.dimensions = cunzhang::ledger::Dimensions::default()),
            11 => {
                for dimension in Dimension::ALL {
                    if voucher.lines[line].dimensions.get(dimension).is_some() {
                        voucher.lines[line].dimensions.set(dimension, Some("  ".into()));
                    }
                }
            }
            12 | 13 => {
                voucher.period = self.any_period(book);
                voucher.dated_on = voucher.period.first_day();
            }
            14 => voucher.book = "X999".into(),
            15 => voucher.book = self.book(model).code.clone(),
            16 => voucher.stage = Stage::Transfer,
            17 => {
                voucher.stage = Stage::Opening;
                if self.dice.percent(50) {
                    voucher.period = Period::opening(voucher.period.year());
                    voucher.dated_on = voucher.period.first_day();
                }
            }
            18..20 => self.false_reversal(book, voucher),
            20 => {
                let stopped = book.years.values().flat_map(|y| y.chart.iter().filter(|(_, a)| a.stopped).map(|(c, _)| c.clone()));
                let stopped: Vec<String> = stopped.collect();
                if let Some(code) = self.dice.any(&stopped) {
                    voucher.lines[line].account = code.as_str().into();
                }
            }
            _ => voucher.source_key = Some("表1:1".into()),
        }
    }

    /// A red voucher not made by reversing: sometimes it fits, mostly it does not.
    fn false_reversal(&mut self, book: &Book, voucher: &mut Voucher) {
        let ids: Vec<VoucherId> = book.ids().chain([VoucherId(0), VoucherId(1 << 40)]).collect();
        let Some(id) = self.dice.any(&ids) else { return };
        voucher.reverses = Some(id);
        if let Some(wrong) = book.kept(id).filter(|_| self.dice.percent(70)) {
            voucher.lines = wrong.content.lines.iter().map(|l| l.negated()).collect();
            voucher.source_key = None;
        }
    }

    fn wrong_step(&mut self, book: &Book) -> Act {
        let steps = [Step::Submit, Step::Approve, Step::Return, Step::Post, Step::Void];
        let last = book.vouchers.len() as i64;
        let near = last - self.dice.below(12) as i64;
        let mut vouchers = vec![VoucherId(near.max(1))];
        if self.dice.percent(30) {
            vouchers.push(VoucherId(1 + self.dice.below(last as usize + 2) as i64));
        }
        if self.dice.percent(5) {
            vouchers.clear();
        }
        let reason = (*self.dice.pick(&[None, Some("  "), Some("附件不全")])).map(str::to_owned);
        MoveVouchers { book: book.code.clone(), vouchers, step: *self.dice.pick(&steps), reason }.into()
    }

    /// Reversing, copying, attaching, changing anything on any day.
    fn anywhere(&mut self, book: &Book) -> Act {
        let red: Vec<VoucherId> = book.ids().filter(|id| book.kept(*id).is_some_and(|v| v.content.reverses.is_some())).collect();
        let any = VoucherId(1 + self.dice.below(book.vouchers.len() + 2) as i64);
        let voucher = self.dice.any(&red).filter(|_| self.dice.percent(30)).unwrap_or(any);
        let period = self.any_period(book);
        let on = business::day(&mut self.dice, period);
        match self.dice.below(4) {
            0 => ReverseVoucher { book: book.code.clone(), voucher, on, reason: Some("重复".into()) }.into(),
            1 => CopyVoucher { book: book.code.clone(), voucher, on }.into(),
            2 => self.paper(book, voucher),
            _ => self.change(book, voucher).unwrap_or_else(|| self.wrong_step(book)),
        }
    }

    fn wrong_close(&mut self, book: &Book) -> Act {
        let period = self.any_period(book);
        if self.dice.percent(70) {
            return ClosePeriod { book: book.code.clone(), period, reason: None }.into();
        }
        let rate = *self.dice.pick(&[None, Some("10"), Some("101"), Some("-3"), Some("一成"), Some("0")]);
        self.close_year(book, period.year(), rate)
    }

    fn close_year(&mut self, book: &Book, year: i32, rate: Option<&str>) -> Act {
        let (choices, adjustments) = (Vec::new(), Vec::new());
        let mut act = CloseYear { book: book.code.clone(), year, reserve_rate: rate.map(str::to_owned), choices, adjustments };
        if book.years.contains_key(&year) && book.is_open(Period::opening(year + 1).previous()) == Some(true) {
            act.choices = book.choices(&act);
            self.spoil_choices(&mut act.choices);
        }
        act.into()
    }

    pub fn spoil_choices(&mut self, choices: &mut [Choice]) {
        let Some(last) = choices.last_mut() else { return };
        match self.dice.below(5) {
            0 => last.amount += Amount::from_fen(1),
            1 => last.new = "301".into(),
            2 => last.old = "101".into(),
            3 => last.new = last.new.as_str()[..3].into(),
            _ => {}
        }
    }

    fn reopen(&mut self, book: &Book) -> Act {
        // The last closed month, one of the two before it, or any.
        let closed = book.years.values().flat_map(|y| y.periods.iter()).filter(|(_, (closed, _))| *closed).map(|(p, _)| *p);
        let mut closed: Vec<Period> = closed.filter(|period| !period.is_opening()).collect();
        closed.sort();
        let late = closed.split_off(closed.len().saturating_sub(1 + self.dice.below(3)));
        let late = late.first().copied().filter(|_| self.dice.percent(70));
        let period = late.unwrap_or_else(|| self.any_period(book));
        let reason = (*self.dice.pick(&["漏记一笔", "漏记一笔", "审计调整", " "])).to_owned();
        ReopenPeriod { book: book.code.clone(), period, reason }.into()
    }

    fn wrong_year(&mut self, book: &Book) -> Act {
        let last = *book.years.keys().last().expect("a year");
        let year = last - 1 + self.dice.below(4) as i32;
        let in_time = self.month.month() >= 11 && year == self.month.year() + 1;
        if in_time || self.dice.percent(30) {
            let year = if in_time || self.dice.percent(3) { year } else { year.min(last) };
            return OpenYear { book: book.code.clone(), year }.into();
        }
        self.close_year(book, year, None)
    }

    fn accounts(&mut self, book: &Book) -> Act {
        let last = *book.years.keys().last().expect("a year");
        let uncarried = book.years.get(&(last - 1)).is_some_and(|before| !before.carried);
        let codes: Vec<String> = book.years[&last].chart.keys().cloned().collect();
        let parent = self.dice.pick(&codes).clone();
        let is_named = ["result", "undistributed", "reserve", "reserve_appropriation"]
            .iter()
            .any(|column| book.named(last, column).iter().any(|named| parent.starts_with(named.as_str())));
        let last_digits = *self.dice.pick(&["01", "02", "03", "9", "一", "07 "]);
        // A parent whose balance is still to be carried would leave the carrying without a place.
        let year = if uncarried || is_named { last + 1 } else { last };
        let name = (*self.dice.pick(&["农商行·基本户", "第二组", "农商行·基本户", " "])).to_owned();
        let requires = if self.dice.percent(20) { vec![Dimension::Document] } else { Vec::new() };
        let own = |code: String| OwnAccount { code, name: name.clone(), requires: requires.clone() };
        let mut accounts = vec![own(format!("{parent}{last_digits}"))];
        if self.dice.percent(30) {
            accounts.push(own(format!("{parent}0101")));
        }
        AddAccounts { book: book.code.clone(), year, accounts }.into()
    }

    fn stop_or_members(&mut self, book: &Book) -> Act {
        let year = *book.years.keys().last().expect("a year") + self.dice.below(2) as i32 * self.dice.below(2) as i32;
        let kept = book.years.get(&year);
        let regime = kept.map_or("", |kept| kept.regime.as_str());
        let rare = |code: &&String| !business::is_usual(regime, code) && !code.starts_with("32") && !code.starts_with("33");
        let codes: Vec<String> = kept.into_iter().flat_map(|kept| kept.chart.keys().filter(rare)).cloned().collect();
        match self.dice.below(4) {
            0 => StopAccount { book: book.code.clone(), year, account: "102".into() }.into(),
            1 | 2 => {
                let account = self.dice.any(&codes).unwrap_or("998".into()).as_str().into();
                StopAccount { book: book.code.clone(), year, account }.into()
            }
            _ => {
                let names = ["吉克", "阿依", "木果"];
                let member = |d: &mut Director| Member {
                    dimension: (*d.dice.pick(&["party", "project", "party", "颜色"])).to_owned(),
                    member: format!("H{}", d.dice.below(4)),
                    name: (*d.dice.pick(&names)).to_owned(),
                };
                let mut members = vec![member(self), member(self)];
                members.dedup_by(|a, b| (&a.dimension, &a.member) == (&b.dimension, &b.member));
                AddMembers { book: book.code.clone(), members }.into()
            }
        }
    }

    fn registers(&mut self, model: &Model) -> Act {
        if self.dice.percent(30) {
            let role = (*self.dice.pick(&["财神", "clerk", "auditor"])).to_owned();
            return AddUser { user: "审".into(), name: "审某".into(), role, scope: String::new() }.into();
        }
        let code = self.book(model).code.clone();
        let mut book = NewBook {
            book: code,
            name: "再建".into(),
            kind: EntityKind::Village,
            place: None,
            organisation: None,
            first_period: Period::new(2024, 1).expect("a period"),
        };
        let mut regime = None;
        match self.dice.below(6) {
            0 => {}
            1 => book.book = "V 1".into(),
            2 => (book.book, book.place) = ("V009".into(), Some("459900999201".into())),
            3 => (book.book, regime) = ("V009".into(), Some("village-2004".to_owned())),
            4 => (book.book, regime) = ("V009".into(), Some("village-1999".to_owned())),
            _ => (book.book, book.first_period) = ("V009".into(), Period::new(2004, 12).expect("a period")),
        }
        AddBook { book, regime }.into()
    }
}
