//! The model's book: vouchers handled by people, accounts, openings.

use cunzhang::calendar::{AccountingPeriod as Period, BusinessDate};
use cunzhang::ledger::books::service::AddAccounts;
use cunzhang::ledger::vouchers::State;
use cunzhang::ledger::vouchers::service::{ChangeDraft, KeepDrafts, MoveVouchers, Step};
use cunzhang::ledger::{AccountCode, Stage, Voucher, VoucherId, VoucherLine, Word};
use cunzhang::money::Amount;
use serde_json::{Value, json};

use crate::acts::{Act, Answer};
use crate::charts::{self, Account};
use crate::model::{Book, Done, no, said};
use crate::rules::cancels;

impl Book {
    pub fn decide(&mut self, user: &str, act: &Act) -> Answer {
        match act {
            Act::AddAccounts(a) => self.add_accounts(a),
            Act::StopAccount(a) => self.stop(a.year, &a.account),
            Act::AddMembers(a) => self.add_members(&a.members),
            Act::PostOpening(a) => self.opening(user, &a.lines),
            Act::KeepDrafts(a) => self.keep(user, a),
            Act::MoveVouchers(a) => self.step(user, a),
            Act::ChangeDraft(a) => self.change(user, a),
            Act::ReverseVoucher(a) => self.reverse(user, a.voucher, a.on),
            Act::CopyVoucher(a) => self.copy(user, a.voucher, a.on),
            Act::AttachFile(a) => self.attach(a.voucher, &a.digest, a.content.len()),
            Act::ClosePeriod(a) => self.close_month(a.period),
            Act::ReopenPeriod(a) => self.reopen(a.period, &a.reason),
            Act::TransferProfitAndLoss(a) => self.transfer_act(user, a.period),
            Act::OpenYear(a) => self.open_next(a.year),
            Act::CloseYear(a) => self.close_year(user, a),
            Act::AddUser(_) | Act::AddBook(_) | Act::PostVouchers(_) => unreachable!("these are the county's"),
        }
    }

    fn add_accounts(&mut self, act: &AddAccounts) -> Answer {
        if !self.years.contains_key(&act.year) {
            return no("B-103");
        }
        for own in &act.accounts {
            let code = own.code.trim().to_owned();
            if !code.is_ascii() || code.len() < 5 || !code[code.len() - 2..].bytes().all(|b| b.is_ascii_digit()) {
                return no("C-105");
            }
            let parent = &code[..code.len() - 2];
            let chart = &self.years[&act.year].chart;
            let Some(above) = chart.get(parent) else { return no("C-104") };
            if chart.contains_key(&code) {
                return no("C-103");
            }
            if own.name.trim().is_empty() {
                return no("C-106");
            }
            let used = |line: &VoucherLine| line.account.as_str() == parent;
            if self.vouchers.iter().any(|v| v.content.period.year() == act.year && v.content.lines.iter().any(used)) {
                return no("B-105");
            }
            let mut requires = above.requires.clone();
            requires.extend(own.requires.iter().filter(|d| !above.requires.contains(d)));
            let account = Account { class: above.class.clone(), requires, stopped: false };
            self.years.get_mut(&act.year).expect("looked up above").chart.insert(code, account);
        }
        Ok(json!(act.accounts.len()))
    }

    fn stop(&mut self, year: i32, account: &AccountCode) -> Answer {
        let known = self.years.get(&year).is_some_and(|kept| kept.chart.contains_key(account.as_str()));
        if !known {
            return no("C-101");
        }
        let (from, through) = (Period::opening(year), Period::opening(year + 1).previous());
        let lines = self.posted(from, through).flat_map(|v| &v.content.lines).filter(|l| l.account == *account);
        if lines.map(|l| l.debit.fen() - l.credit.fen()).sum::<i64>() != 0 {
            return no("B-106");
        }
        let chart = &mut self.years.get_mut(&year).expect("looked up above").chart;
        chart.get_mut(account.as_str()).expect("looked up above").stopped = true;
        Ok(Value::Null)
    }

    fn opening(&mut self, user: &str, lines: &[VoucherLine]) -> Answer {
        if self.last_posted > 0 {
            return no("L-208");
        }
        let year = *self.years.keys().next().expect("a book has a first year");
        let voucher = Voucher {
            book: self.code.clone(),
            period: Period::opening(year),
            dated_on: Period::opening(year).first_day(),
            word: Word::Transfer,
            stage: Stage::Opening,
            lines: lines.to_vec(),
            reverses: None,
            source_key: None,
            paper_attachments: 0,
        };
        self.check(&voucher)?;
        Ok(json!(self.take_posted(user, voucher)))
    }

    fn keep(&mut self, user: &str, act: &KeepDrafts) -> Answer {
        if act.vouchers.iter().any(|v| v.book != self.code) {
            return no("L-112");
        }
        if act.vouchers.iter().any(|v| v.stage == Stage::Opening) {
            return no("L-114");
        }
        let is_known = |v: &&Voucher| {
            let same = |kept: &crate::model::Kept| kept.content.source_key.is_some() && kept.content.source_key == v.source_key;
            act.skip_known && self.vouchers.iter().any(same)
        };
        let fresh: Vec<Voucher> = act.vouchers.iter().filter(|v| !is_known(v)).cloned().collect();
        let known = act.vouchers.len() - fresh.len();
        if fresh.is_empty() && known == 0 {
            return no("L-109");
        }
        fresh.iter().try_for_each(|v| self.check(v))?;
        let list: Vec<&Voucher> = fresh.iter().collect();
        self.refuse_known_sources(&list)?;
        list.iter().enumerate().try_for_each(|(at, red)| self.check_reversal(red, &list[..at]))?;
        let numbered: Vec<_> = fresh.into_iter().map(|v| self.take_draft(user, v)).collect();
        Ok(json!({ "numbered": said(numbered), "known": known }))
    }

    fn step(&mut self, user: &str, act: &MoveVouchers) -> Answer {
        let mut ids = act.vouchers.clone();
        ids.sort();
        ids.dedup();
        ids.iter().try_for_each(|id| self.find(*id).map(drop))?;
        if ids.is_empty() {
            return no("L-109");
        }
        let needs = |allowed: &[State], id: &VoucherId| {
            if allowed.contains(&self.vouchers[id.0 as usize - 1].state) { Ok(()) } else { no("L-203") }
        };
        let and_check = |allowed: &[State]| {
            ids.iter().try_for_each(|id| needs(allowed, id).and_then(|()| self.check(&self.find(*id)?.content)))
        };
        let reason = act.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
        match act.step {
            Step::Submit => and_check(&[State::Draft])?,
            Step::Approve => {
                let other = |id: &VoucherId| if self.find(*id)?.maker == user { no("L-204") } else { Ok(()) };
                ids.iter().try_for_each(|id| needs(&[State::Submitted], id).and_then(|()| other(id)))?;
                and_check(&[State::Submitted])?;
            }
            Step::Return if reason.is_none() => return no("L-110"),
            Step::Return => ids.iter().try_for_each(|id| needs(&[State::Submitted, State::Approved], id))?,
            Step::Post => and_check(&[State::Approved])?,
            Step::Void => ids.iter().try_for_each(|id| needs(&[State::Draft], id))?,
        }
        let names: Vec<String> = ids.iter().filter_map(|id| self.kept(*id)).map(|kept| kept.reference()).collect();
        for id in ids {
            self.move_one(user, id, act.step, reason, act.reason.as_deref());
        }
        Ok(json!(names))
    }

    fn move_one(&mut self, user: &str, id: VoucherId, step: Step, reason: Option<&str>, as_said: Option<&str>) {
        let place = self.last_posted + 1;
        let kept = self.kept_mut(id);
        match step {
            Step::Submit => (kept.state, kept.reviewer, kept.return_reason) = (State::Submitted, None, None),
            Step::Approve => (kept.state, kept.reviewer, kept.return_reason) = (State::Approved, Some(user.to_owned()), None),
            Step::Return => (kept.state, kept.reviewer, kept.return_reason) = (State::Draft, None, reason.map(str::to_owned)),
            Step::Void => {
                (kept.state, kept.return_reason) = (State::Voided, as_said.map(str::to_owned));
                (kept.content.reverses, kept.content.source_key) = (None, None);
            }
            Step::Post => {
                (kept.state, kept.poster, kept.posted) = (State::Posted, Some(user.to_owned()), Some(place));
                self.last_posted = place;
            }
        }
    }

    fn change(&mut self, user: &str, act: &ChangeDraft) -> Answer {
        let old = self.find(act.voucher)?.clone();
        if old.state != State::Draft {
            return no("L-203");
        }
        let content = Voucher {
            dated_on: act.content.dated_on,
            lines: act.content.lines.clone(),
            paper_attachments: act.content.paper_attachments,
            ..old.content
        };
        self.check(&content)?;
        if let Some(wrong) = content.reverses.and_then(|id| self.kept(id))
            && !cancels(&content, &wrong.content)
        {
            return no("L-115");
        }
        let kept = self.kept_mut(act.voucher);
        (kept.content, kept.return_reason, kept.maker) = (content, None, user.to_owned());
        Ok(Value::Null)
    }

    fn reverse(&mut self, user: &str, id: VoucherId, on: BusinessDate) -> Answer {
        let wrong = self.find(id)?.clone();
        if self.vouchers.iter().any(|v| v.content.reverses == Some(id)) {
            return no("L-205");
        }
        if wrong.state != State::Posted {
            return no("L-203");
        }
        if wrong.content.reverses.is_some() {
            return no("L-206");
        }
        if wrong.content.period.year() < Period::of(on).year() {
            return no("L-214");
        }
        let d = wrong.content.dated_on.to_string();
        let (year, month, day) = (&d[..4], &d[5..7], &d[8..]);
        let summary = format!("注销{year}年{month}月{day}日{}字{}号凭证", wrong.content.word.as_str(), wrong.number);
        let mut red = self.again(&wrong.content, on);
        red.reverses = Some(id);
        for line in &mut red.lines {
            line.summary.clone_from(&summary);
            line.debit = Amount::from_fen(-line.debit.fen());
            line.credit = Amount::from_fen(-line.credit.fen());
        }
        self.check(&red)?;
        let numbered = self.take_draft(user, red);
        self.kept_mut(numbered.1).state = State::Submitted;
        Ok(json!(numbered))
    }

    fn copy(&mut self, user: &str, id: VoucherId, on: BusinessDate) -> Answer {
        let copy = self.again(&self.find(id)?.content.clone(), on);
        self.check(&copy)?;
        Ok(json!(self.take_draft(user, copy)))
    }

    /// The same lines on another day; an opening comes again as ordinary business.
    fn again(&self, voucher: &Voucher, on: BusinessDate) -> Voucher {
        let stage = if voucher.stage == Stage::Opening { Stage::Ordinary } else { voucher.stage };
        let period = on.to_string()[..7].parse().expect("a date's month is a period");
        Voucher { period, dated_on: on, stage, reverses: None, source_key: None, paper_attachments: 0, ..voucher.clone() }
    }

    fn attach(&mut self, id: VoucherId, digest: &str, size: usize) -> Answer {
        if size == 0 || size > 10 * 1024 * 1024 {
            return no("L-111");
        }
        self.find(id)?;
        let files = &mut self.kept_mut(id).files;
        let at = files.iter().position(|file| file == digest).unwrap_or(files.len());
        if at == files.len() {
            files.push(digest.to_owned());
        }
        Ok(json!(at + 1))
    }

    /// The chart of a year.
    pub fn leaf(&self, year: i32, code: &str) -> bool {
        self.years.get(&year).is_some_and(|kept| charts::is_leaf(&kept.chart, code))
    }

    pub fn year(&self, year: i32) -> Done<&crate::model::Year> {
        self.years.get(&year).ok_or("B-103".to_owned())
    }
}
