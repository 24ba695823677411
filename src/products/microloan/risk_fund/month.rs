//! The fund's month, as the banks and the county report it to the poverty-relief office (GXFUND art. 8).
//!
//! Pure: flows of the special accounts and loans as they stood on the last day in, one sheet out.
//!
//! 1. A bank's closing balance is its opening balance and the month's flows, each flow in one column.
//! 2. Loans stand as their facts say on the month's last day, whatever was settled since.
//! 3. The foot is the sum of the rows; its ratios are of the sums.

use std::collections::BTreeMap;

use super::breaker::percent;
use super::claim::{Claim, ClaimState};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::exchange::{Cell, Column, Dress, Sheet};
use crate::money::Amount;
use crate::products::microloan::classification::RiskClass;
use crate::products::microloan::timeline::Timeline;

/// A bank's month, fen.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct BankMonth {
    /// Bank.
    pub bank: String,
    /// Special account on the day before the month.
    pub opening: i64,
    /// Capital paid in, less capital given back.
    pub capital: i64,
    /// Interest of the account.
    pub interest: i64,
    /// The fund's part of recoveries.
    pub recovered: i64,
    /// Paid to banks for losses.
    pub compensated: i64,
    /// Fees, moves between banks and whatever else, net.
    pub other: i64,
    /// Loans first paid out in the month.
    pub lent: i64,
    /// Money paid out in the month.
    pub paid_out: i64,
    /// Principal received in the month.
    pub repaid: i64,
    /// Loans with principal outstanding on the last day.
    pub loans: i64,
    /// Their principal.
    pub outstanding: i64,
    /// Principal past due.
    pub overdue: i64,
    /// Principal of bad loans, by days.
    pub bad: i64,
    /// Claims filed in the month.
    pub filed: i64,
    /// Claims not yet decided or paid at its end.
    pub waiting: i64,
}

/// Money of a special account in the month: bank, the account on the other side (none for moves), debit − credit.
pub type Flow = (String, Option<String>, i64);

/// A fund's month in the making.
#[derive(Debug, Clone)]
pub struct Month {
    period: AccountingPeriod,
    banks: BTreeMap<String, BankMonth>,
}

impl Month {
    /// An empty month.
    pub fn new(period: AccountingPeriod) -> Month {
        Month { period, banks: BTreeMap::new() }
    }

    /// The month's last day.
    pub fn last_day(&self) -> BusinessDate {
        self.period.last_day()
    }

    fn bank(&mut self, bank: &str) -> &mut BankMonth {
        let new = || BankMonth { bank: bank.to_owned(), ..BankMonth::default() };
        self.banks.entry(bank.to_owned()).or_insert_with(new)
    }

    /// Takes the balances before the month and its flows.
    pub fn add_money(&mut self, openings: &[(String, i64)], flows: &[Flow]) {
        for (bank, fen) in openings {
            self.bank(bank).opening += fen;
        }
        for (bank, against, fen) in flows {
            let month = self.bank(bank);
            let kind = match against.as_deref().and_then(|account| account.get(..4)) {
                Some("F301") => &mut month.capital,
                Some("F401") => &mut month.interest,
                Some("F411") => &mut month.recovered,
                Some("F501") => &mut month.compensated,
                _ => &mut month.other,
            };
            *kind += fen;
        }
    }

    /// Takes a loan as it stood on the last day.
    pub fn add_loan(&mut self, bank: &str, timeline: &Timeline, paid_out: &[(BusinessDate, Amount)]) {
        let (first, last) = (self.period.first_day(), self.period.last_day());
        let within = |day: BusinessDate| first <= day && day <= last;
        let position = &timeline.position;
        let month = self.bank(bank);
        month.lent += i64::from(position.disbursed_on.is_some_and(within));
        month.paid_out += paid_out.iter().filter(|(day, _)| within(*day)).map(|(_, amount)| amount.fen()).sum::<i64>();
        month.repaid += timeline.applications.iter().filter(|a| within(a.on)).map(|a| a.principal.fen()).sum::<i64>();
        let principal = position.principal.fen();
        month.loans += i64::from(principal > 0);
        month.outstanding += principal;
        month.overdue += position.overdue_principal.fen();
        let class = RiskClass::by_days(position.days_past_due(), position.written_off.is_positive());
        month.bad += if class >= RiskClass::Substandard { principal } else { 0 };
    }

    /// Takes the claims of the county.
    pub fn add_claims(&mut self, claims: &[Claim]) {
        let (first, last) = (self.period.first_day(), self.period.last_day());
        for claim in claims.iter().filter(|claim| claim.filed_on <= last) {
            let paid = claim.paid_on.is_some_and(|day| day <= last);
            let month = self.bank(&claim.bank);
            month.filed += i64::from(first <= claim.filed_on);
            month.waiting += i64::from(!paid && claim.state != ClaimState::Rejected);
        }
    }

    /// The banks, by code.
    pub fn banks(&self) -> impl Iterator<Item = &BankMonth> {
        self.banks.values()
    }

    /// The paper: one row a bank. `names` are the banks' names; `cap` is how many times the fund may be lent.
    pub fn sheet(&self, county: &str, names: &BTreeMap<String, String>, cap: i64) -> Sheet {
        let mut sheet = Sheet::new("扶贫小额信贷风险补偿金月报表", columns())
            .dressed(Dress::statement())
            .subtitle(format!("填报单位:{county}"))
            .subtitle(format!("{} 截至 {}", self.period, self.last_day()));
        for month in self.banks.values() {
            let name = names.get(&month.bank).unwrap_or(&month.bank);
            sheet.push(month.row(name, cap));
        }
        let whole = self.banks.values().fold(BankMonth::default(), BankMonth::plus);
        sheet.foot.push(whole.row("合计", cap));
        let beyond = whole.headroom(cap) < 0;
        sheet.notes.push(format!("放大倍数上限 {cap} 倍;{}", if beyond { "合计已超过上限" } else { "合计未超过上限" }));
        sheet.notes.push("逾期、不良按天数(91 天起为不良)统计,不含已核销贷款。".to_owned());
        sheet
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("bank", "银行"),
        Column::amount("opening", "专户期初"),
        Column::amount("capital", "本月拨入"),
        Column::amount("interest", "本月利息"),
        Column::amount("recovered", "本月代偿收回"),
        Column::amount("compensated", "本月代偿"),
        Column::amount("other", "其他收支"),
        Column::amount("closing", "专户期末"),
        Column::count("lent", "本月放款笔数"),
        Column::amount("paid_out", "本月放款"),
        Column::amount("repaid", "本月收回本金"),
        Column::count("loans", "结余笔数"),
        Column::amount("outstanding", "贷款余额"),
        Column::id("leverage", "放大倍数"),
        Column::amount("headroom", "剩余额度"),
        Column::amount("overdue", "逾期本金"),
        Column::id("overdue_ratio", "逾期率(%)"),
        Column::id("bad_ratio", "不良率(%)"),
        Column::count("filed", "本月申报代偿"),
        Column::count("waiting", "待批待付代偿"),
    ]
}

impl BankMonth {
    /// Special account on the last day.
    pub fn closing(&self) -> i64 {
        self.opening + self.capital + self.interest + self.recovered + self.compensated + self.other
    }

    fn headroom(&self, cap: i64) -> i64 {
        self.closing().saturating_mul(cap).saturating_sub(self.outstanding)
    }

    fn plus(self, other: &BankMonth) -> BankMonth {
        BankMonth {
            bank: String::new(),
            opening: self.opening + other.opening,
            capital: self.capital + other.capital,
            interest: self.interest + other.interest,
            recovered: self.recovered + other.recovered,
            compensated: self.compensated + other.compensated,
            other: self.other + other.other,
            lent: self.lent + other.lent,
            paid_out: self.paid_out + other.paid_out,
            repaid: self.repaid + other.repaid,
            loans: self.loans + other.loans,
            outstanding: self.outstanding + other.outstanding,
            overdue: self.overdue + other.overdue,
            bad: self.bad + other.bad,
            filed: self.filed + other.filed,
            waiting: self.waiting + other.waiting,
        }
    }

    fn row(&self, name: &str, cap: i64) -> Vec<Cell> {
        let fen = |amount: i64| Cell::from(Amount::from_fen(amount));
        let of_lending = |part: i64| Cell::from(percent(i128::from(part), i128::from(self.outstanding)));
        let mut row: Vec<Cell> = vec![name.into()];
        let money = [self.opening, self.capital, self.interest, self.recovered, -self.compensated, self.other, self.closing()];
        row.extend(money.map(fen));
        row.extend([self.lent.into(), fen(self.paid_out), fen(self.repaid), self.loans.into(), fen(self.outstanding)]);
        let leverage = percent(i128::from(self.outstanding), i128::from(self.closing()) * 100);
        row.extend([leverage.into(), fen(self.headroom(cap)), fen(self.overdue)]);
        row.extend([of_lending(self.overdue), of_lending(self.bad), self.filed.into(), self.waiting.into()]);
        row
    }
}
