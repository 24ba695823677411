//! The figures of a book at the end of a period: movements added up by account, and by party where sides must not be netted.
//!
//! Pure.
//!
//! 1. closing = opening + movements of the year up to the period, for every account and party.
//! 2. Members are those of one dimension, 往来 unless said otherwise; rows of a dimension never add to the whole account.
//! 3. A balance is debit less credit; its sign says on which side it stands.

use std::collections::BTreeMap;
use std::ops::{Add, AddAssign};

use serde::{Deserialize, Serialize};

use super::{MovementRow, StatementRefusal};
use crate::calendar::AccountingPeriod;
use crate::ledger::{AccountCode, Chart, ChartAccount, Dimension, Side, Stage};
use crate::money::Amount;

/// A debit and a credit figure, in fen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// 借方
    pub debit: Amount,
    /// 贷方
    pub credit: Amount,
}

impl Turn {
    /// Debit less credit.
    pub fn net(self) -> Amount {
        self.debit - self.credit
    }

    /// A balance put on the side where it stands.
    pub fn standing(net: Amount) -> Turn {
        if net.is_negative() { Turn { debit: Amount::ZERO, credit: -net } } else { Turn { debit: net, credit: Amount::ZERO } }
    }

    /// No money on either side.
    pub fn is_zero(self) -> bool {
        self.debit.is_zero() && self.credit.is_zero()
    }
}

impl Add for Turn {
    type Output = Turn;
    fn add(self, other: Turn) -> Turn {
        Turn { debit: self.debit + other.debit, credit: self.credit + other.credit }
    }
}

impl AddAssign for Turn {
    fn add_assign(&mut self, other: Turn) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Turn {
    fn sum<I: Iterator<Item = Turn>>(turns: I) -> Turn {
        turns.fold(Turn::default(), Add::add)
    }
}

/// What an account (or one party on it) moved in the year, up to and including the period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moves {
    /// 年初余额 as posted
    pub opening: Turn,
    /// Ordinary business and transfers before the period.
    pub earlier: Turn,
    /// Ordinary business and transfers of the period.
    pub period: Turn,
    /// Ordinary business of the period alone.
    pub ordinary_period: Turn,
    /// 本年累计发生额 of ordinary business.
    pub ordinary: Turn,
    /// 本年累计发生额 of the closing transfers.
    pub transfer: Turn,
}

impl Moves {
    /// 本年累计发生额, transfers included.
    pub fn year_to_date(self) -> Turn {
        self.earlier + self.period
    }

    /// Balance at the beginning of the period, debit less credit.
    pub fn before(self) -> Amount {
        (self.opening + self.earlier).net()
    }

    /// Balance at the end of the period, debit less credit.
    pub fn closing(self) -> Amount {
        (self.opening + self.earlier + self.period).net()
    }

    fn take(&mut self, row: &MovementRow, at: AccountingPeriod) {
        let turn = Turn { debit: row.debit, credit: row.credit };
        let in_period = row.period == at;
        match row.stage {
            Stage::Opening => {
                self.opening += turn;
                return;
            }
            Stage::Ordinary => self.ordinary += turn,
            Stage::Transfer => self.transfer += turn,
        }
        if in_period {
            self.period += turn
        } else {
            self.earlier += turn
        }
        if in_period && row.stage == Stage::Ordinary {
            self.ordinary_period += turn;
        }
    }

    fn add(&mut self, other: &Moves) {
        self.opening += other.opening;
        self.earlier += other.earlier;
        self.period += other.period;
        self.ordinary_period += other.ordinary_period;
        self.ordinary += other.ordinary;
        self.transfer += other.transfer;
    }
}

/// The figures of one book and year at the end of a period.
#[derive(Debug, Clone)]
pub struct Figures<'a> {
    /// The book's chart of that year.
    pub chart: &'a Chart,
    /// The last period counted.
    pub at: AccountingPeriod,
    dimension: Dimension,
    accounts: BTreeMap<AccountCode, Moves>,
    parties: BTreeMap<AccountCode, BTreeMap<String, Moves>>,
}

impl<'a> Figures<'a> {
    /// Adds up the rows through a period; later rows are left out. Refuses rows of another year (S-105) and accounts outside the chart (S-104).
    pub fn at(chart: &'a Chart, rows: &[MovementRow], at: AccountingPeriod) -> Result<Figures<'a>, StatementRefusal> {
        Figures::by(chart, rows, at, Dimension::Party)
    }

    /// The same with the members of another dimension in place of the parties; then `split` and `standing` go by those.
    pub fn by(
        chart: &'a Chart,
        rows: &[MovementRow],
        at: AccountingPeriod,
        dimension: Dimension,
    ) -> Result<Figures<'a>, StatementRefusal> {
        let mut figures = Figures { chart, at, dimension, accounts: BTreeMap::new(), parties: BTreeMap::new() };
        for row in rows {
            if row.period.year() != at.year() {
                return Err(StatementRefusal::OtherYear { period: row.period, year: at.year() });
            }
            if chart.get(&row.account).is_none() {
                return Err(StatementRefusal::UnknownAccount { account: row.account.clone() });
            }
            if row.period <= at {
                figures.take(row);
            }
        }
        Ok(figures)
    }

    /// The same book at the opening of its year: what the columns 年初余额 are made of.
    pub fn opening(chart: &'a Chart, rows: &[MovementRow], year: i32) -> Result<Figures<'a>, StatementRefusal> {
        Figures::at(chart, rows, AccountingPeriod::opening(year))
    }

    fn take(&mut self, row: &MovementRow) {
        match (row.dimension, &row.member) {
            (None, _) => self.accounts.entry(row.account.clone()).or_default().take(row, self.at),
            (Some(dimension), Some(member)) if dimension == self.dimension => {
                let parties = self.parties.entry(row.account.clone()).or_default();
                parties.entry(member.clone()).or_default().take(row, self.at);
            }
            _ => {}
        }
    }

    /// The accounts with movements at or beneath a code.
    pub fn beneath(&self, code: &AccountCode) -> impl Iterator<Item = (&AccountCode, &Moves)> {
        let prefix = code.as_str().to_owned();
        self.accounts.range(code.clone()..).take_while(move |(below, _)| below.as_str().starts_with(&prefix))
    }

    /// All movements of an account and what is beneath it; nothing moved gives zeros.
    pub fn moves(&self, code: &AccountCode) -> Moves {
        let mut all = Moves::default();
        self.beneath(code).for_each(|(_, moves)| all.add(moves));
        all
    }

    /// The movements of one party on an account and what is beneath it.
    pub fn moves_of(&self, code: &AccountCode, party: &str) -> Moves {
        let mut all = Moves::default();
        for (_, parties) in self.parties.range(code.clone()..).take_while(|(below, _)| below.as_str().starts_with(code.as_str()))
        {
            parties.get(party).into_iter().for_each(|moves| all.add(moves));
        }
        all
    }

    /// The parties with movements on an account or beneath it.
    pub fn parties_on(&self, code: &AccountCode) -> Vec<String> {
        let below = self.parties.range(code.clone()..).take_while(|(below, _)| below.as_str().starts_with(code.as_str()));
        let mut names: Vec<String> = below.flat_map(|(_, parties)| parties.keys().cloned()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Debit balances and credit balances of every account beneath and every party on it, added up without netting one against another.
    /// What carries no party counts as one more party.
    pub fn split(&self, code: &AccountCode, balance: fn(Moves) -> Amount) -> Turn {
        self.beneath(code).map(|(account, whole)| self.split_of(account, balance(*whole), balance)).sum()
    }

    /// The members on one account itself, with their movements.
    pub fn members_on(&self, account: &AccountCode) -> impl Iterator<Item = (&String, &Moves)> {
        self.parties.get(account).into_iter().flatten()
    }

    /// The sides on which one account's own parties stand.
    pub fn parts(&self, account: &AccountCode, balance: fn(Moves) -> Amount) -> Turn {
        let whole = self.accounts.get(account).copied().unwrap_or_default();
        self.split_of(account, balance(whole), balance)
    }

    fn split_of(&self, account: &AccountCode, whole: Amount, balance: fn(Moves) -> Amount) -> Turn {
        let parties = self.parties.get(account).into_iter().flat_map(BTreeMap::values);
        let nets: Vec<Amount> = parties.map(|moves| balance(*moves)).collect();
        let rest = whole - nets.iter().copied().sum();
        nets.into_iter().chain([rest]).map(Turn::standing).sum()
    }

    /// How an account's balance stands in a table: on its side, or on both where the account is two-sided.
    pub fn standing(&self, account: &ChartAccount, balance: fn(Moves) -> Amount) -> Turn {
        if account.two_sided { self.split(&account.code, balance) } else { Turn::standing(balance(self.moves(&account.code))) }
    }

    /// Income less expense not yet transferred to the year's result.
    pub fn untransferred_result(&self) -> Amount {
        self.profit_and_loss().map(|(_, credit)| credit).sum()
    }

    /// Every income and expense account that still has a balance, as credit less debit.
    pub fn profit_and_loss(&self) -> impl Iterator<Item = (&AccountCode, Amount)> {
        let is_result = |code: &AccountCode| self.chart.get(code).is_some_and(|account| account.class.is_profit_and_loss());
        let balances =
            self.accounts.iter().filter(move |(code, _)| is_result(code)).map(|(code, moves)| (code, -moves.closing()));
        balances.filter(|(_, balance)| !balance.is_zero())
    }

    /// Every account that has movements of its own.
    pub fn accounts(&self) -> impl Iterator<Item = (&AccountCode, &Moves)> {
        self.accounts.iter()
    }
}

/// A turnover counted on an account's normal side.
pub fn on_side(side: Side, turn: Turn) -> Amount {
    match side {
        Side::Debit => turn.net(),
        Side::Credit => -turn.net(),
    }
}
