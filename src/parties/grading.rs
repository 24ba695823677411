//! A credit grade and the limit that follows from it.
//!
//! Pure. The rule is data: one line per grade, `grade=score:limit`, best first. The shipped rule is a
//! \[proposal\]; counties name their own in the act that grades.

use serde::{Deserialize, Serialize};

use crate::money::Amount;
use crate::refusals;

/// The rule used where a county names none: four grades of the usual township forms.
pub const USUAL_RULE: &str = "AAA=90:50000 AA=80:40000 A=70:30000 B=60:10000";

/// A grade with its limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grade {
    /// Such as `AA`.
    pub grade: String,
    /// Largest loan.
    pub limit: Amount,
}

refusals! {
    /// Why a score gives no grade.
    pub enum GradingRefusal {
        /// The rule cannot be read.
        "I-621" BadRule { rule: String }
            zh "评级规则“{rule}”不能理解" en "the grading rule '{rule}' is not understood" next "写成 AAA=90:50000 AA=80:40000";
        /// Below the lowest grade.
        "I-622" NoGrade { score: i64 }
            zh "评分 {score} 未达最低等级,不予授信" en "a score of {score} reaches no grade" next "核对评分";
    }
}

/// The grade of a score by a rule.
pub fn grade(score: i64, rule: &str) -> Result<Grade, GradingRefusal> {
    let bad = || GradingRefusal::BadRule { rule: rule.to_owned() };
    for entry in rule.split_whitespace() {
        let (name, rest) = entry.split_once('=').ok_or_else(bad)?;
        let (from, limit) = rest.split_once(':').ok_or_else(bad)?;
        let from: i64 = from.parse().map_err(|_| bad())?;
        if score >= from {
            return Ok(Grade { grade: name.to_owned(), limit: Amount::parse(limit).map_err(|_| bad())? });
        }
    }
    Err(GradingRefusal::NoGrade { score })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_grade_reached_counts() {
        for (score, name, limit) in [(95, "AAA", 50_000), (80, "AA", 40_000), (60, "B", 10_000)] {
            assert_eq!(grade(score, USUAL_RULE), Ok(Grade { grade: name.into(), limit: Amount::from_yuan(limit) }));
        }
        assert_eq!(grade(59, USUAL_RULE).unwrap_err().refusal().code, "I-622");
        assert_eq!(grade(59, "A").unwrap_err().refusal().code, "I-621");
    }
}
