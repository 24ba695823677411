//! What to do next after a refusal, in English; the refusal itself says it in Chinese.
//!
//! Pure. `next_en.csv` has a line for every code; a test of the tree finds those it lacks.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::refusal::Refusal;

const LINES: &str = include_str!("next_en.csv");

/// The next step; `None` for a code without a line.
pub fn next_in_english(refusal: &Refusal) -> Option<&'static str> {
    static STEPS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
        let mut reader = csv::Reader::from_reader(LINES.as_bytes());
        reader.deserialize::<(String, String)>().filter_map(Result::ok).collect()
    });
    STEPS.get(&refusal.code).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        let mut reader = csv::Reader::from_reader(LINES.as_bytes());
        let lines: Vec<(String, String)> = reader.deserialize().collect::<Result<_, _>>().unwrap();
        assert!(lines.len() > 500);
        for pair in lines.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} stands before {}", pair[0].0, pair[1].0);
        }
        let known = crate::money::amount::AmountRefusal::Empty.refusal();
        assert_eq!(next_in_english(&known), Some("Enter an amount, for example 1,234.56"));
    }
}
