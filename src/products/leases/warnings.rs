//! What of a contract calls for somebody: money late, money due soon, a contract that is about to end.
//!
//! Pure: a contract with its facts, a day and how far to look; the days are data of the supervision rules.
//!
//! 1. The schedule decides, accrued or not: rent nobody accrued is late all the same.
//! 2. Money received in advance covers the next periods in their order, and what it covers is not missing.
//! 3. A contract that was ended warns of its end no more; what is owed for it stays late.

use super::facts::advance_left;
use super::reports::Whole;
use super::schedule::planned;
use super::terms::Direction;
use crate::calendar::BusinessDate;
use crate::exchange::{Column, Dress, Sheet};
use crate::money::Amount;
use crate::refusal::Refusal;

crate::words! {
    /// What is warned of.
    pub enum WarningKind {
        /// Its day is past.
        Late = "late", "逾期";
        /// Its day comes.
        Due = "due", "即将到期";
        /// The contract ends.
        Ending = "ending", "合同即将届满";
    }
}

/// How far to look ahead and back; a rule that does not hold looks nowhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Horizon {
    /// Days after the due day from which money is late.
    pub late_days: Option<i64>,
    /// Days before the due day.
    pub due_days: Option<i64>,
    /// Days before the end.
    pub ending_days: Option<i64>,
}

/// Money of a contract that was not received, or not paid to the households.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The period.
    pub period: i64,
    /// Whose.
    pub party: String,
    /// When it is due.
    pub due: BusinessDate,
    /// How much.
    pub amount: Amount,
}

/// A warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What.
    pub kind: WarningKind,
    /// The contract.
    pub lease: String,
    /// Its name.
    pub name: String,
    /// Whose money it is.
    pub direction: Direction,
    /// The other side; blank for an end.
    pub party: String,
    /// The day: due, or the end.
    pub on: BusinessDate,
    /// How much; zero for an end.
    pub amount: Amount,
}

/// Everything of the schedule that is still missing, by period.
pub fn missing(whole: &Whole) -> Result<Vec<Missing>, Refusal> {
    let terms = &whole.lease.terms;
    let advance = |party: &str| advance_left(party, &whole.receipts, &whole.rents);
    let mut left: Vec<Amount> = terms.parties.iter().map(|party| advance(&party.party)).collect();
    let mut found = Vec::new();
    for planned in planned(terms, whole.lease.ended_on)? {
        for (at, (party, rent)) in terms.parties.iter().zip(&planned.rents).enumerate() {
            let of_it = |rent: &&super::facts::Rent| (rent.period, &rent.party) == (planned.period.number, &party.party);
            let amount = match whole.rents.iter().find(of_it) {
                Some(kept) => whole.open(kept),
                None => *rent - left[at].take_up_to(*rent),
            };
            if amount.is_positive() {
                let (period, due) = (planned.period.number, planned.period.due);
                found.push(Missing { period, party: party.party.clone(), due, amount });
            }
        }
    }
    Ok(found)
}

/// What a contract calls for on a day, oldest first.
pub fn warnings(whole: &Whole, today: BusinessDate, horizon: Horizon) -> Result<Vec<Warning>, Refusal> {
    let (lease, terms) = (&whole.lease, &whole.lease.terms);
    let warning = |kind, party: &str, on, amount| Warning {
        kind,
        lease: lease.lease.clone(),
        name: terms.name.clone(),
        direction: terms.direction,
        party: party.to_owned(),
        on,
        amount,
    };
    let kind = |due: BusinessDate| match (today - due).num_days() {
        past if past >= 0 => horizon.late_days.filter(|days| past >= *days).map(|_| WarningKind::Late),
        past => horizon.due_days.filter(|days| -past <= *days).map(|_| WarningKind::Due),
    };
    let money = missing(whole)?.into_iter();
    let mut found: Vec<Warning> = money.filter_map(|m| Some(warning(kind(m.due)?, &m.party, m.due, m.amount))).collect();
    let left = (terms.ends_on - today).num_days();
    if lease.ended_on.is_none() && horizon.ending_days.is_some_and(|days| (0..=days).contains(&left)) {
        found.push(warning(WarningKind::Ending, "", terms.ends_on, Amount::ZERO));
    }
    found.sort_by(|a, b| (a.on, &a.lease, &a.party).cmp(&(b.on, &b.lease, &b.party)));
    Ok(found)
}

/// 合同提醒: what is late, due or about to end.
pub fn sheet(warnings: &[Warning], today: BusinessDate) -> Sheet {
    let columns = vec![
        Column::id("lease", "合同"),
        Column::text("name", "名称"),
        Column::text("direction", "方向"),
        Column::text("warning", "提醒"),
        Column::id("party", "对方"),
        Column::date("on", "日期"),
        Column::count("days", "天数"),
        Column::amount("amount", "未收(未付)"),
    ];
    let mut sheet = Sheet::new("合同提醒", columns).dressed(Dress::list()).subtitle(format!("截至 {today}"));
    sheet.subtitle.push("金额单位:元;天数为负的是已逾期".to_owned());
    for warning in warnings {
        sheet.push(vec![
            warning.lease.as_str().into(),
            warning.name.as_str().into(),
            warning.direction.label_zh().into(),
            warning.kind.label_zh().into(),
            warning.party.as_str().into(),
            warning.on.into(),
            (warning.on - today).num_days().into(),
            warning.amount.into(),
        ]);
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::super::facts::{Lease, Receipt};
    use super::super::terms::{ContractKind, LeaseParty};
    use super::super::tests::terms;
    use super::*;

    fn day(text: &str) -> BusinessDate {
        text.parse().unwrap()
    }

    fn yuan(text: &str) -> Amount {
        text.parse().unwrap()
    }

    /// 1,200.00 on 2026-03-01 and 800.00 on 2026-09-01, until 2026-12-01.
    fn sold() -> Whole {
        let mut terms = terms(Direction::Out);
        (terms.kind, terms.ends_on) = (ContractKind::Sale, day("2026-12-01"));
        terms.parties = vec![LeaseParty { party: "N1".into(), quantity_milli: 1_000, yearly: yuan("2000.00"), is_member: false }];
        terms.instalments = vec![(day("2026-03-01"), yuan("1200.00")), (day("2026-09-01"), yuan("800.00"))];
        terms.check("H1").unwrap();
        let lease = Lease { lease: "H1".into(), book: "V001".into(), terms, ended_on: None };
        Whole { lease, rents: Vec::new(), receipts: Vec::new(), paid_periods: Vec::new() }
    }

    const LOOK: Horizon = Horizon { late_days: Some(1), due_days: Some(15), ending_days: Some(60) };

    fn told(whole: &Whole, today: &str, horizon: Horizon) -> Vec<(WarningKind, String)> {
        warnings(whole, day(today), horizon).unwrap().into_iter().map(|w| (w.kind, w.amount.to_string())).collect()
    }

    #[test]
    fn late_due_and_ending_each_from_its_day() {
        let whole = sold();
        let (late, due) = ((WarningKind::Late, "1200.00".to_owned()), (WarningKind::Due, "800.00".to_owned()));
        assert_eq!(told(&whole, "2026-03-01", LOOK), [], "on its day");
        assert_eq!(told(&whole, "2026-03-02", LOOK), std::slice::from_ref(&late));
        assert_eq!(told(&whole, "2026-08-16", LOOK), std::slice::from_ref(&late), "sixteen days before the second");
        assert_eq!(told(&whole, "2026-08-17", LOOK), [late, due]);
        let end = (WarningKind::Ending, "0.00".to_owned());
        assert!(!told(&whole, "2026-10-01", LOOK).contains(&end), "61 days before its end");
        assert!(told(&whole, "2026-10-02", LOOK).contains(&end) && told(&whole, "2026-12-01", LOOK).contains(&end));
        assert!(!told(&whole, "2026-12-02", LOOK).contains(&end));
        assert_eq!(told(&whole, "2026-10-02", Horizon::default()), []);
    }

    #[test]
    fn money_in_advance_and_an_end_are_counted() {
        let mut whole = sold();
        let receipt = Receipt { party: "N1".into(), on: day("2026-02-01"), amount: yuan("1500.00"), advance: yuan("1500.00") };
        whole.receipts.push(receipt);
        assert_eq!(told(&whole, "2026-09-02", LOOK), [(WarningKind::Late, "500.00".to_owned())], "300.00 of it are there");
        whole.lease.ended_on = Some(day("2026-08-01"));
        assert_eq!(told(&whole, "2026-10-02", LOOK), []);
    }

    #[test]
    fn instalments_make_the_price() {
        let check = |change: fn(&mut super::super::terms::Terms)| {
            let mut terms = sold().lease.terms;
            change(&mut terms);
            terms.check("H1").err().map(|why| why.refusal().code)
        };
        let refused = Some("J-101".to_owned());
        assert_eq!(check(|_| ()), None);
        assert_eq!(check(|t| t.instalments[1].1 = Amount::from_yuan(801)), refused);
        assert_eq!(check(|t| t.instalments.swap(0, 1)), refused);
        assert_eq!(check(|t| t.ends_on = "2026-09-01".parse().unwrap()), refused);
        assert_eq!(check(|t| t.direction = Direction::In), refused);
        assert_eq!(check(|t| t.kind = ContractKind::Lease), refused, "a lease has periods");
    }
}
