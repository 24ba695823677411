//! Which steps follow, and which votes pass.

use super::{Held, Matter, Step, ratio, rules};
use crate::money::Amount;

fn held(step: Step, on: &str, (expected, present): (i64, i64), (in_favour, against): (i64, i64)) -> Held {
    let on = on.parse().unwrap();
    let abstained = present - in_favour - against;
    Held { step, on, place: "村委会".into(), expected, present, in_favour, against, abstained, document: "记1".into() }
}

fn matter(steps: Vec<Held>) -> Matter {
    Matter { meeting: 1, subject: "发包水塘".into(), amount: Amount::ZERO, steps }
}

fn code(matter: &Matter, next: &Held) -> String {
    matter.check(next).err().map_or_else(|| "done".to_owned(), |why| why.refusal().code)
}

#[test]
fn steps_follow_one_another_and_enough_people_decide() {
    assert!(rules().iter().all(|rule| ratio(&rule.present).is_some() && ratio(&rule.passes).is_some()));
    let mut now = matter(Vec::new());
    let decide = held(Step::Decide, "2026-01-09", (30, 20), (11, 9));
    assert_eq!(code(&now, &decide), "Z-205");
    for (step, on) in [(Step::Propose, "2026-01-05"), (Step::Discuss, "2026-01-06"), (Step::Review, "2026-01-08")] {
        let next = held(step, on, (9, 7), (7, 0));
        assert_eq!(code(&now, &next), "done", "{step:?}");
        now.steps.push(next);
    }
    assert_eq!(code(&now, &held(Step::Decide, "2026-01-09", (30, 19), (19, 0))), "Z-204", "two thirds of 30 are 20");
    assert_eq!(code(&now, &held(Step::Decide, "2026-01-07", (30, 20), (20, 0))), "Z-102");
    assert_eq!(code(&now, &Held { abstained: 3, ..decide.clone() }), "Z-104");
    assert_eq!(code(&now, &Held { document: String::new(), ..decide.clone() }), "Z-101");
    assert_eq!(code(&now, &decide), "done");
    now.steps.push(held(Step::Decide, "2026-01-09", (30, 20), (10, 10)));
    assert!(!now.is_decided(), "half of those present are not more than half");
    assert_eq!(code(&now, &held(Step::ShowDecision, "2026-01-10", (0, 0), (0, 0))), "Z-205");
    now.steps.pop();
    now.steps.push(decide);
    assert!(now.is_decided());
    assert_eq!(code(&now, &held(Step::ShowResult, "2026-01-10", (0, 0), (0, 0))), "Z-205", "the decision is shown first");
    assert_eq!(code(&now, &held(Step::Supervise, "2026-01-10", (3, 3), (3, 0))), "done");
    assert_eq!(code(&now, &held(Step::Decide, "2026-01-11", (30, 30), (30, 0))), "Z-205", "a step is held once");
}
