//! Two little books for tests, posted by hand the plain way: a village's year 2024 and a cooperative's.
//!
//! Pure. A naive model of `period_movement`: every line becomes a row of its own, and one more per party.

use std::collections::BTreeMap;

use super::MovementRow;
use crate::calendar::AccountingPeriod;
use crate::ledger::{AccountCode, Chart, Dimension, Regime, Stage, regime::regime};
use crate::money::Amount;

/// A book under test.
#[derive(Debug)]
pub struct LittleBook {
    pub regime: &'static Regime,
    pub chart: Chart,
    pub rows: Vec<MovementRow>,
}

/// An amount as people write it.
pub fn yuan(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

pub fn period(text: &str) -> AccountingPeriod {
    text.parse().unwrap()
}

impl LittleBook {
    pub fn new(id: &str) -> LittleBook {
        LittleBook { regime: regime(id).unwrap(), chart: Chart::of(id).unwrap(), rows: Vec::new() }
    }

    /// Posts lines written `102 +50000.00` (debit) or `113/H001 -300.50` (credit); `+-3` is a red debit.
    pub fn post(&mut self, at: &str, stage: Stage, lines: &str) {
        for line in lines.split(';').map(str::trim) {
            let (account, amount) = line.split_once(' ').unwrap();
            let (account, party) = account.split_once('/').map_or((account, None), |(account, party)| (account, Some(party)));
            let (side, amount) = amount.split_at(1);
            self.line(period(at), stage, &account.into(), party, side == "+", yuan(amount));
        }
    }

    pub fn line(
        &mut self,
        at: AccountingPeriod,
        stage: Stage,
        account: &AccountCode,
        party: Option<&str>,
        is_debit: bool,
        amount: Amount,
    ) {
        let (debit, credit) = if is_debit { (amount, Amount::ZERO) } else { (Amount::ZERO, amount) };
        let whole = MovementRow { account: account.clone(), dimension: None, member: None, period: at, stage, debit, credit };
        if let Some(party) = party {
            let member = Some(party.to_owned());
            self.rows.push(MovementRow { dimension: Some(Dimension::Party), member, ..whole.clone() });
        }
        self.rows.push(whole);
    }

    /// The year-end transfers: income and expense to the result, result to undistributed, appropriations out of undistributed.
    pub fn close(&mut self, at: &str) {
        let result = self.regime.result.clone();
        let is_result = |book: &LittleBook, code: &AccountCode| book.chart.get(code).unwrap().class.is_profit_and_loss();
        self.empty(at, &result, is_result);
        if let (Some(undistributed), Some(root)) = (self.regime.undistributed.clone(), self.regime.appropriations.clone()) {
            self.empty(at, &undistributed, |book, code| *code == book.regime.result);
            self.empty(at, &undistributed, move |_, code| code.as_str().starts_with(root.as_str()));
        }
    }

    fn empty(&mut self, at: &str, into: &AccountCode, which: impl Fn(&LittleBook, &AccountCode) -> bool) {
        for (account, balance) in self.balances() {
            if which(self, &account) && !balance.is_zero() {
                self.line(period(at), Stage::Transfer, &account, None, false, balance);
                self.line(period(at), Stage::Transfer, into, None, true, balance);
            }
        }
    }

    /// Debit less credit of every account, the plain way.
    pub fn balances(&self) -> BTreeMap<AccountCode, Amount> {
        let mut balances: BTreeMap<AccountCode, Amount> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| row.dimension.is_none()) {
            *balances.entry(row.account.clone()).or_default() += row.debit - row.credit;
        }
        balances
    }
}

/// A village's 2024 before its closing transfers.
pub fn village() -> LittleBook {
    let mut book = LittleBook::new("village-2023");
    let opening = "101 +1000.00; 102 +50000.00; 113/H001 +200.00; 113/H002 -300.50; 151 +20000.00; 152 -4000.00; \
                   301 -40000.00; 311 -20000.00; 32202 -6899.50";
    book.post("2024-00", Stage::Opening, opening);
    for (at, lines) in [
        ("2024-03", "102 +12345.67; 50101 -12345.67"),
        ("2024-04", "51301 +1234.56; 101 -234.56; 102 -1000.00"),
        ("2024-05", "102 +100000.00; 241 -100000.00"),
        ("2024-05", "153 +60000.00; 102 -60000.00"),
        ("2024-06", "151 +60000.00; 153 -60000.00; 241 +60000.00; 311 -60000.00"),
        ("2024-06", "102 +8000.00; 50301 -8000.00"),
        ("2024-07", "51401 +2500.25; 102 -2500.25"),
        ("2024-08", "51501 +99.99; 102 -99.99"),
        ("2024-09", "113/H001 +500.00; 50102 -500.00"),
        ("2024-10", "51305 +800.00; 152 -800.00"),
        ("2024-10", "181 +50.00; 101 -50.00"),
        ("2024-11", "51301 +-34.56; 101 --34.56"),
        ("2024-12", "102 +10.01; 50401 -10.01"),
        ("2024-12", "101 +50.00; 181 -50.00"),
        ("2024-12", "311 +100.00; 32202 -100.00"),
        ("2024-12", "3220101 +5000.00; 311 -5000.00"),
        ("2024-12", "3220102 +3000.00; 113/H001 -1000.00; 113/H002 -2000.00"),
    ] {
        book.post(at, Stage::Ordinary, lines);
    }
    book
}

/// A cooperative's 2024 before its closing transfers.
pub fn cooperative() -> LittleBook {
    let mut book = LittleBook::new("cooperative-2021");
    let opening =
        "102 +100000.00; 114/M1 +500.00; 114/M2 -200.00; 301/M1 -60000.00; 301/M2 -30000.00; 322 -5000.00; 33202 -5300.00";
    book.post("2024-00", Stage::Opening, opening);
    for (at, lines) in [
        ("2024-03", "102 +50000.00; 501 -50000.00"),
        ("2024-04", "521 +20000.10; 523 +1000.00; 102 -21000.10"),
        ("2024-06", "52401 +300.33; 215 -300.33"),
        ("2024-06", "102 +20.20; 52402 -20.20"),
        ("2024-07", "102 +30000.00; 235 -30000.00"),
        ("2024-08", "151 +30000.00; 102 -30000.00; 235 +30000.00; 311 -30000.00"),
        ("2024-09", "102 +11000.00; 301/M3 -10000.00; 321 -1000.00"),
        ("2024-12", "322 +400.00; 33202 -400.00"),
        ("2024-12", "3320101 +2871.98; 322 -2871.98"),
        ("2024-12", "3320102 +20000.00; 221/M1 -15000.00; 221/M2 -5000.00"),
        ("2024-12", "3320103 +6000.00; 222/M1 -4000.00; 222/M2 -2000.00"),
        ("2024-12", "3320104 +1000.00; 301/M1 -1000.00"),
    ] {
        book.post(at, Stage::Ordinary, lines);
    }
    book
}
