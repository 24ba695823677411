//! Compares how each month stands with what the audit trail says of it (I9).
//!
//! Pure.
//!
//! 1. A month is closed if, and only if, the last act on it closed it: at that moment, with that digest.
//! 2. An open month keeps no digest; one that does was closed by an act and opened by hand.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::finding::{Finding, Findings};
use crate::calendar::AccountingPeriod;

/// A period: name, state, when that began, digest of the close.
pub type PeriodRow = (String, String, String, Option<String>);

/// An act that closed or reopened a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthAct {
    /// Its kind.
    pub kind: String,
    /// When.
    pub at: String,
    /// What was asked.
    pub what: String,
    /// What was answered.
    pub answer: String,
}

/// What both a reopening asks and a close answers.
#[derive(Deserialize)]
struct Named {
    period: AccountingPeriod,
    digest: Option<String>,
}

/// Notes every month that does not stand as the acts left it; the acts in their order.
pub fn compare_months(book: &str, kept: &[PeriodRow], acts: &[MonthAct], findings: &mut Findings) {
    let closed = closed_by(acts);
    for (period, state, changed_at, digest) in kept {
        if AccountingPeriod::parse(period).is_ok_and(AccountingPeriod::is_opening) {
            continue;
        }
        let at = (state == "closed").then_some(changed_at.as_str());
        let (expected, found) = (closed.get(period).map_or_else(|| words(None, None), as_words), words(at, digest.as_deref()));
        if expected != found {
            findings.note(Finding::MonthDiffers { book: book.to_owned(), period: period.clone(), expected, found });
        }
    }
}

/// The months that are closed after all acts, with moment and digest.
fn closed_by(acts: &[MonthAct]) -> BTreeMap<String, (String, Option<String>)> {
    let mut closed = BTreeMap::new();
    for act in acts {
        let reopens = act.kind == "period.reopen";
        let text = if reopens { &act.what } else { &act.answer };
        let Ok(Named { period, digest }) = serde_json::from_str(text) else { continue };
        match reopens {
            true => closed.remove(&period.to_string()),
            false => closed.insert(period.to_string(), (act.at.clone(), digest)),
        };
    }
    closed
}

fn as_words((at, digest): &(String, Option<String>)) -> String {
    words(Some(at), digest.as_deref())
}

fn words(closed_at: Option<&str>, digest: Option<&str>) -> String {
    let state = closed_at.map_or_else(|| "未结账".to_owned(), |at| format!("{at} 结账"));
    digest.map_or_else(|| state.clone(), |digest| format!("{state},摘要 {digest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn act(kind: &str, at: &str, digest: &str) -> MonthAct {
        let text = |digest: &str| format!("{{\"period\":\"2026-01\",\"digest\":\"{digest}\"}}");
        MonthAct { kind: kind.into(), at: at.into(), what: text(""), answer: text(digest) }
    }

    fn found(kept: (&str, &str, Option<&str>), acts: &[MonthAct]) -> usize {
        let row = ("2026-01".to_owned(), kept.0.to_owned(), kept.1.to_owned(), kept.2.map(str::to_owned));
        let mut findings = Findings::default();
        compare_months("V001", &[row], acts, &mut findings);
        findings.list.len()
    }

    #[test]
    fn a_month_stands_as_its_last_act_left_it() {
        let closed = [act("period.close", "t1", "d1")];
        let reopened = [act("period.close", "t1", "d1"), act("period.reopen", "t2", "")];
        let again = [act("period.close", "t1", "d1"), act("period.reopen", "t2", ""), act("year.close", "t3", "d3")];
        assert_eq!(found(("closed", "t1", Some("d1")), &closed), 0);
        assert_eq!(found(("open", "t2", None), &reopened), 0);
        assert_eq!(found(("closed", "t3", Some("d3")), &again), 0);
        assert_eq!(found(("open", "t0", None), &[]), 0);
        for (kept, acts) in [
            (("open", "t1", Some("d1")), &closed[..]),
            (("open", "t1", None), &closed),
            (("closed", "t1", Some("d2")), &closed),
            (("closed", "t2", Some("d1")), &closed),
            (("closed", "t1", Some("d1")), &[]),
            (("closed", "t1", Some("d1")), &reopened),
            (("open", "t1", Some("d1")), &[]),
        ] {
            assert_eq!(found(kept, acts), 1, "{kept:?}");
        }
    }
}
