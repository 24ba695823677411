//! Whom villagers may call (监督电话): dated rows by place; the nearest place above a village counts.
//!
//! Pure. The shipped row is data (`contacts.csv`) with its source; any row of the county's own goes first.
//!
//! 1. A telephone of an office, never of a person; the scan of public pages must not take it for an account.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::masking::{masked, numbers_in};
use super::refusal::DisclosureRefusal;
use crate::calendar::BusinessDate;
use crate::exchange::{Column, Sheet};

/// A telephone from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// County, township or village; blank for everywhere.
    #[serde(default)]
    pub place: String,
    /// First day.
    pub from: BusinessDate,
    /// Whose.
    pub office: String,
    /// The number.
    pub phone: String,
    /// Where it stands written.
    pub document: String,
}

impl Contact {
    /// As sheets show it.
    pub fn words(&self) -> String {
        format!("{} {}", self.phone, self.office)
    }

    /// Refuses what is no telephone of an office.
    pub fn check(&self) -> Result<(), DisclosureRefusal> {
        let digits = self.phone.chars().filter(char::is_ascii_digit).count();
        let plain = self.phone.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | ' '));
        let public = masked(&self.phone) == self.phone && numbers_in(&self.phone).is_empty();
        if plain && public && digits >= 5 && !self.office.trim().is_empty() && !self.document.trim().is_empty() {
            return Ok(());
        }
        Err(DisclosureRefusal::BadContact { phone: masked(&self.phone) })
    }

    /// True for villages of its place, told by the code.
    fn covers(&self, village: &str) -> bool {
        village.starts_with(self.stem())
    }

    /// The digits that villages of the place begin with.
    fn stem(&self) -> &str {
        match self.place.len() {
            12 if self.place.ends_with("000000") => &self.place[..6],
            12 if self.place.ends_with("000") => &self.place[..9],
            _ => &self.place,
        }
    }
}

/// The row the program brings: the hotline that answers everywhere.
pub fn shipped() -> &'static [Contact] {
    static ALL: LazyLock<Vec<Contact>> = LazyLock::new(|| {
        let mut reader = csv::Reader::from_reader(include_str!("contacts.csv").as_bytes());
        reader.deserialize().map(|row| row.expect("contacts.csv is part of the program and read by its test")).collect()
    });
    &ALL
}

/// The telephone of a village on a day: of the nearest place, the latest row.
pub fn nearest<'a>(own: &'a [Contact], village: &str, on: BusinessDate) -> Option<&'a Contact> {
    let holding = |rows: &'a [Contact]| rows.iter().filter(move |row| row.from <= on && row.covers(village));
    let best = holding(own).max_by_key(|row| (row.stem().len(), row.from));
    best.or_else(|| shipped().iter().filter(|row| row.from <= on).max_by_key(|row| row.from))
}

/// 监督电话
pub fn register(own: &[Contact]) -> Sheet {
    let columns = vec![
        Column::id("place", "区划代码"),
        Column::date("from", "自"),
        Column::id("phone", "监督电话"),
        Column::text("office", "单位"),
        Column::text("document", "依据"),
    ];
    let mut sheet = Sheet::new("监督电话", columns);
    for row in shipped().iter().chain(own) {
        let texts = [&row.phone, &row.office, &row.document].map(|text| text.as_str().into());
        sheet.push([row.place.as_str().into(), row.from.into()].into_iter().chain(texts).collect());
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(place: &str, from: &str, phone: &str) -> Contact {
        let from = from.parse().unwrap();
        Contact { place: place.into(), from, office: "镇纪委".into(), phone: phone.into(), document: "公告".into() }
    }

    #[test]
    fn the_nearest_place_and_the_latest_row_count() {
        let own = [
            contact("459900000000", "2026-01-01", "0999-7000000"),
            contact("459900101000", "2026-02-01", "0999-7000001"),
            contact("459900101000", "2026-03-01", "0999-7000002"),
            contact("459900101202", "2026-01-01", "0999-7000003"),
        ];
        let at = |village: &str, on: &str| nearest(&own, village, on.parse().unwrap()).unwrap().phone.clone();
        assert_eq!(at("459900101201", "2025-12-31"), "12345", "before the county had its own");
        assert_eq!(at("459900101201", "2026-01-31"), "0999-7000000");
        assert_eq!(at("459900101201", "2026-02-28"), "0999-7000001");
        assert_eq!(at("459900101201", "2026-03-01"), "0999-7000002");
        assert_eq!(at("459900101202", "2026-03-01"), "0999-7000003");
        assert_eq!(at("459900102201", "2026-03-01"), "0999-7000000");
    }

    #[test]
    fn a_telephone_of_a_person_or_a_long_number_is_refused() {
        for good in ["12345", "0999-7000000", "0999 70000000"] {
            assert_eq!(contact("", "2026-01-01", good).check(), Ok(()), "{good}");
        }
        for bad in ["", "1234", "13800000000", "0999-70000000", "459900199003070189", "请找老王"] {
            assert_eq!(contact("", "2026-01-01", bad).check().unwrap_err().refusal().code, "Q-109", "{bad}");
        }
    }
}
