//! Fields of forms, read as people type them: full-width digits, grouped amounts, dates in their usual forms.
//!
//! Pure.
//!
//! 1. A blank field is nothing, never zero.
//! 2. What cannot be read is named with its field and refused; nothing is guessed.

use super::trouble::FormRefusal;
use crate::calendar::BusinessDate;
use crate::exchange::rows_in::{CellKind, RawCell};
use crate::exchange::values_in;
use crate::money::Amount;
use crate::money::amount::half_width;

fn bad(field: &str, text: &str) -> FormRefusal {
    FormRefusal::BadField { field: field.to_owned(), text: text.to_owned() }
}

/// A text without the blanks around it; nothing if that leaves nothing.
pub fn text(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A whole number.
pub fn number(field: &str, text: &str) -> Result<Option<i64>, FormRefusal> {
    let plain: String = text.trim().chars().map(half_width).collect();
    if plain.is_empty() { Ok(None) } else { plain.parse().map(Some).map_err(|_| bad(field, text)) }
}

/// An amount in yuan.
pub fn amount(field: &str, text: &str) -> Result<Option<Amount>, FormRefusal> {
    if text.trim().is_empty() { Ok(None) } else { Amount::parse(text).map(Some).map_err(|_| bad(field, text)) }
}

/// A date.
pub fn date(field: &str, text: &str) -> Result<BusinessDate, FormRefusal> {
    let plain: String = text.trim().chars().map(half_width).collect();
    values_in::date(&RawCell { text: plain, kind: CellKind::Text }).ok().flatten().ok_or_else(|| bad(field, text))
}

/// The fields of a form that may repeat names, in their order.
#[derive(Debug, Clone, Default)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// The first value of a name; blank if it is not there.
    pub fn first<'a>(&'a self, name: &'a str) -> &'a str {
        self.all(name).next().unwrap_or("")
    }

    /// All values of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_read_as_people_type() {
        assert_eq!(number("号", " 12 ").unwrap(), Some(12));
        assert_eq!(amount("金额", "1,234.50").unwrap(), Some(Amount::from_fen(123_450)));
        assert_eq!(amount("金额", "  ").unwrap(), None);
        assert_eq!(date("日期", "2025.3.21").unwrap().to_string(), "2025-03-21");
        for wrong in [number("号", "十二").is_err(), amount("金额", "1.234").is_err(), date("日期", "").is_err()] {
            assert!(wrong);
        }
    }
}
