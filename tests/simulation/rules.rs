//! The model's rules for one voucher, one list and one person.

use std::collections::BTreeSet;

use cunzhang::ledger::vouchers::State;
use cunzhang::ledger::{Stage, Voucher, VoucherLine};

use crate::charts::{self, Chart};
use crate::model::{Book, Done, no};

impl Book {
    /// May this voucher be kept or posted?
    pub fn check(&self, voucher: &Voucher) -> Done<()> {
        check_shape(voucher)?;
        match self.is_open(voucher.period) {
            None => return no("L-202"),
            Some(false) => return no("L-201"),
            Some(true) => {}
        }
        let chart = &self.years[&voucher.period.year()].chart;
        voucher.lines.iter().try_for_each(|line| check_reference(voucher, line, chart))
    }

    pub fn refuse_known_sources(&self, list: &[&Voucher]) -> Done<()> {
        let mut seen: BTreeSet<&str> = self.vouchers.iter().filter_map(|v| v.content.source_key.as_deref()).collect();
        let fresh = list.iter().filter_map(|v| v.source_key.as_deref()).all(|key| seen.insert(key));
        if fresh { Ok(()) } else { no("L-207") }
    }

    /// A red voucher cancels a posted one that is not red itself, whole, and once.
    pub fn check_reversal(&self, red: &Voucher, before: &[&Voucher]) -> Done<()> {
        let Some(id) = red.reverses else { return Ok(()) };
        let wrong = self.find(id)?;
        if wrong.state != State::Posted {
            return no("L-203");
        }
        if wrong.content.reverses.is_some() {
            return no("L-206");
        }
        let before = before.iter().any(|other| other.reverses == Some(id));
        if before || self.vouchers.iter().any(|v| v.content.reverses == Some(id)) {
            return no("L-205");
        }
        if cancels(red, &wrong.content) { Ok(()) } else { no("L-115") }
    }
}

/// What a role may do.
pub fn allows(role: &str, permission: &str) -> bool {
    let may: &[&str] = match role {
        "accountant" => &["keep", "books", "post", "close", "rule"],
        "reviewer" => &["review", "post", "reopen"],
        "head" => &["keep", "review", "post", "close", "reopen", "books", "rule"],
        "clerk" => &["keep"],
        "officer" => &["registers", "books", "rule"],
        "administrator" => &["users"],
        _ => &[],
    };
    may.contains(&permission)
}

/// A grant for a township (`459900101000`) covers its villages.
pub fn covers(scope: &str, book: Option<&Book>) -> bool {
    let Some(book) = book else { return scope.is_empty() };
    let township = scope.strip_suffix("000").unwrap_or(scope);
    scope.is_empty() || scope == book.code.0 || book.place.as_deref().is_some_and(|place| place.starts_with(township))
}

/// What can be said of a voucher by itself.
pub fn check_shape(voucher: &Voucher) -> Done<()> {
    let sum = |side: fn(&VoucherLine) -> i64| voucher.lines.iter().map(|l| i128::from(side(l))).sum::<i128>();
    if sum(|l| l.debit.fen()) != sum(|l| l.credit.fen()) {
        return no("L-101");
    }
    if voucher.lines.len() < 2 {
        return no("L-102");
    }
    let (period, on) = (voucher.period, voucher.dated_on.to_string());
    let fits = if period.month() == 0 { on == format!("{}-01-01", period.year()) } else { on.starts_with(&period.to_string()) };
    if !fits {
        return no("L-108");
    }
    if (period.month() == 0) != (voucher.stage == Stage::Opening) {
        return no("L-113");
    }
    let red_allowed = voucher.reverses.is_some() || voucher.stage != Stage::Ordinary;
    for line in &voucher.lines {
        let (debit, credit) = (line.debit.fen(), line.credit.fen());
        if (debit == 0) == (credit == 0) {
            return no("L-104");
        }
        if !red_allowed && debit + credit < 0 {
            return no("L-105");
        }
        if !red_allowed && debit + credit > 99_999_999_999_999 {
            return no("L-106");
        }
        if line.summary.trim().is_empty() {
            return no("L-107");
        }
    }
    Ok(())
}

fn check_reference(voucher: &Voucher, line: &VoucherLine, chart: &Chart) -> Done<()> {
    let Some(account) = chart.get(line.account.as_str()) else { return no("L-301") };
    if !charts::is_leaf(chart, line.account.as_str()) {
        return no("L-302");
    }
    if account.stopped && voucher.reverses.is_none() && voucher.stage == Stage::Ordinary {
        return no("L-303");
    }
    let blank = |d: &cunzhang::ledger::Dimension| line.dimensions.get(*d).unwrap_or("").trim().is_empty();
    if account.requires.iter().any(blank) { no("L-304") } else { Ok(()) }
}

/// Line by line the same accounts and cards, and the opposite amounts on the same sides.
pub fn cancels(red: &Voucher, wrong: &Voucher) -> bool {
    let opposite = |(r, w): (&VoucherLine, &VoucherLine)| {
        r.account == w.account
            && r.dimensions == w.dimensions
            && r.debit.fen() == -w.debit.fen()
            && r.credit.fen() == -w.credit.fen()
    };
    red.lines.len() == wrong.lines.len() && red.lines.iter().zip(&wrong.lines).all(opposite)
}
