//! Cases of rent schedules and of what makes a lease.

use super::schedule::{periods, planned, rents};
use super::terms::{ContractKind, Direction, Due, LeaseParty, Terms, Thing, check_relet};
use crate::calendar::BusinessDate;
use crate::money::Amount;

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

fn yuan(text: &str) -> Amount {
    text.parse().unwrap()
}

fn party(code: &str, quantity_milli: i64, yearly: &str) -> LeaseParty {
    LeaseParty { party: code.into(), quantity_milli, yearly: yuan(yearly), is_member: true }
}

pub fn terms(direction: Direction) -> Terms {
    Terms {
        name: "香柚园".into(),
        kind: ContractKind::Lease,
        direction,
        thing: Thing::Land,
        description: "下岩屯 12 号地".into(),
        begins_on: day("2026-03-01"),
        ends_on: day("2028-06-01"),
        months: 3,
        due: Due::Arrears,
        steps: vec![(day("2027-03-01"), "105".parse().unwrap())],
        relets: None,
        instalments: Vec::new(),
        document: "租字1号".into(),
        parties: vec![party("H1", 3_500, "1000.00"), party("H2", 1_500, "100.00")],
    }
}

#[test]
fn rents_of_a_year_add_up_and_a_cut_year_counts_by_days() {
    let terms = terms(Direction::In);
    let plan = periods(&terms);
    assert_eq!(plan.len(), 9);
    assert_eq!((plan[0].from, plan[0].to, plan[0].due), (day("2026-03-01"), day("2026-06-01"), day("2026-06-01")));
    assert!(plan.windows(2).all(|pair| pair[0].to == pair[1].from) && plan[8].to == terms.ends_on);
    let of = |at: usize| rents(&terms, &terms.parties[at]).unwrap();
    let sum = |rents: &[Amount]| rents.iter().copied().sum::<Amount>().to_string();
    assert_eq!((sum(&of(0)[..4]), sum(&of(0)[4..8])), ("1000.00".into(), "1050.00".into()), "5 % more from the second year on");
    assert_eq!(of(0)[8].to_string(), "264.66", "1050 × 92 of the 365 days from 2028-03-01");
    let thirds = Terms { months: 1, ..terms.clone() };
    let monthly = rents(&thirds, &thirds.parties[1]).unwrap();
    assert_eq!(
        (sum(&monthly[..12]), monthly[0].to_string(), monthly[11].to_string()),
        ("100.00".into(), "8.34".into(), "8.33".into())
    );
}

#[test]
fn an_early_end_cuts_the_last_period_by_days() {
    let terms = Terms { due: Due::Advance, ..terms(Direction::Out) };
    let plan = planned(&terms, Some(day("2026-07-01"))).unwrap();
    assert_eq!(plan.len(), 2);
    assert_eq!(plan[0].rents[0].to_string(), "250.00");
    assert_eq!((plan[1].period.to, plan[1].rents[0].to_string()), (day("2026-07-01"), "81.52".into()), "30 of 92 days");
    assert_eq!(plan[1].period.due, day("2026-06-01"));
}

#[test]
fn what_does_not_hold_together_is_refused() {
    let wrong: [fn(&mut Terms); 7] = [
        |t| t.document = " ".into(),
        |t| t.ends_on = t.begins_on,
        |t| t.months = 5,
        |t| t.parties.clear(),
        |t| t.parties.push(party("H1", 1_000, "1.00")),
        |t| t.parties[0].yearly = Amount::ZERO,
        |t| t.relets = Some("Z9".into()),
    ];
    for change in wrong {
        let mut terms = terms(Direction::In);
        change(&mut terms);
        assert_eq!(terms.check("Z1").unwrap_err().refusal().code, "J-101");
    }
    let rented = terms(Direction::In);
    let mut again = terms(Direction::Out);
    assert!(check_relet("Z2", &again, &rented, 0).is_ok());
    assert_eq!(check_relet("Z2", &again, &rented, 1).unwrap_err().refusal().code, "J-205");
    again.ends_on = day("2028-06-02");
    assert_eq!(check_relet("Z2", &again, &rented, 0).unwrap_err().refusal().code, "J-205");
    assert_eq!(check_relet("Z2", &rented, &terms(Direction::Out), 0).unwrap_err().refusal().code, "J-205");
}
