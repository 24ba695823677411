//! Compares sums of a book: numbers with series, movements with lines, openings with closings, the two sides
//! of the balance sheet.
//!
//! Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::finding::{Finding, Findings};
use super::verify::{BookFacts, MovementKey, Sums};
use crate::calendar::AccountingPeriod;
use crate::controls::period_close::digest::period_digest;
use crate::ledger::conversion::WorkSheet;
use crate::ledger::posting::BookAccount;
use crate::ledger::{AccountClass, Chart};
use crate::money::Amount;

/// A series of numbers: vouchers counted, and the last number drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesCount {
    /// Period and word: `2026-10-记`.
    pub series: String,
    /// Vouchers of the series.
    pub vouchers: i64,
    /// Lowest number.
    pub lowest: i64,
    /// Highest number.
    pub highest: i64,
    /// Different numbers.
    pub different: i64,
    /// Last number drawn, as kept.
    pub last_number: i64,
}

impl SeriesCount {
    /// True if the numbers run from 1 to the last drawn, each once (I3).
    pub fn is_dense(&self) -> bool {
        let n = self.last_number;
        [self.vouchers, self.highest, self.different] == [n, n, n] && self.lowest == i64::from(n > 0)
    }

    /// The finding, with the first number that is missing or stands twice. `numbers` in ascending order.
    pub fn finding(&self, book: &str, numbers: &[i64]) -> Finding {
        let wrong = numbers.iter().zip(1..).find(|(number, place)| *number != place);
        let what = match wrong {
            Some((number, place)) if *number < place => format!("{number} 号重号"),
            Some((_, place)) => format!("缺 {place} 号"),
            None if self.vouchers < self.last_number => format!("缺 {} 号", self.vouchers + 1),
            None => format!("{} 号超出登记的末号", self.highest),
        };
        let (expected, found) = (self.last_number, self.vouchers);
        Finding::NumbersDiffer { book: book.to_owned(), series: self.series.clone(), expected, found, what }
    }
}

/// Compares one stored movement with the lines and strikes it off (I4).
pub fn compare_movement(
    book: &str,
    derived: &mut HashMap<MovementKey, Sums>,
    key: &MovementKey,
    stored: Sums,
    findings: &mut Findings,
) {
    let expected = derived.remove(key);
    if expected != Some(stored) {
        findings.note(movement_finding(book, key, expected, Some(stored)));
    }
}

/// Names the movements that should be there and are not (I4).
pub fn missing_movements(book: &str, derived: HashMap<MovementKey, Sums>, findings: &mut Findings) {
    for (key, sums) in derived.into_iter().collect::<BTreeMap<_, _>>() {
        findings.note(movement_finding(book, &key, Some(sums), None));
    }
}

fn movement_finding(book: &str, key: &MovementKey, expected: Option<Sums>, found: Option<Sums>) -> Finding {
    let (dimension, period, account, member, stage) = key;
    let member = if dimension.is_empty() { String::new() } else { format!(" {dimension}={member}") };
    let place = format!("{period} {account}{member} {stage}");
    let text = |sums: Option<Sums>| match sums {
        Some((debit, credit)) => format!("借 {} 贷 {}", yuan(debit), yuan(credit)),
        None => "无".to_owned(),
    };
    Finding::MovementDiffers { book: book.to_owned(), place, expected: text(expected), found: text(found) }
}

fn yuan(fen: i64) -> String {
    Amount::from_fen(fen).grouped()
}

/// Balances (debit − credit) at the end of a year, or at its opening, by dimension, account and member.
fn balances(movements: &HashMap<MovementKey, Sums>, year: i32, opening_only: bool) -> BTreeMap<(String, String, String), i64> {
    let (from, through) = (format!("{year:04}-00"), if opening_only { "00" } else { "12" });
    let through = format!("{year:04}-{through}");
    let mut balances: BTreeMap<_, i64> = BTreeMap::new();
    for ((dimension, period, account, member, _), (debit, credit)) in movements {
        if *period >= from && *period <= through {
            let balance = balances.entry((dimension.clone(), account.clone(), member.clone())).or_default();
            *balance = balance.wrapping_add(debit.wrapping_sub(*credit));
        }
    }
    balances.retain(|_, balance| *balance != 0);
    balances
}

/// A year's opening is the closing of the year before, by account and by each dimension's member (I5).
pub fn compare_opening(book: &str, movements: &HashMap<MovementKey, Sums>, year: i32, findings: &mut Findings) {
    let (closing, opening) = (balances(movements, year - 1, false), balances(movements, year, true));
    let keys: BTreeSet<_> = closing.keys().chain(opening.keys()).collect();
    for key in keys {
        let (expected, found) = (closing.get(key).copied().unwrap_or(0), opening.get(key).copied().unwrap_or(0));
        if expected != found {
            let (dimension, account, member) = key;
            let account = if dimension.is_empty() { account.clone() } else { format!("{account} {dimension}={member}") };
            let (expected, found) = (yuan(expected), yuan(found));
            findings.note(Finding::OpeningDiffers { book: book.to_owned(), year: year.into(), account, expected, found });
        }
    }
}

/// Over a change of regime the work sheet stands between: it begins at the closing and ends at the opening (I5).
pub fn compare_conversion(
    book: &str,
    movements: &HashMap<MovementKey, Sums>,
    year: i32,
    sheet: &WorkSheet,
    findings: &mut Findings,
) {
    let (mut old, mut new): (BTreeMap<String, i64>, BTreeMap<String, i64>) = Default::default();
    for row in &sheet.rows {
        if let Some((account, amount)) = &row.old {
            *old.entry(account.to_string()).or_default() += amount.fen();
        }
        *new.entry(row.new.to_string()).or_default() += row.amount.fen();
    }
    for (of_sheet, of_lines, what) in
        [(old, balances(movements, year - 1, false), "上年末"), (new, balances(movements, year, true), "年初")]
    {
        let whole = of_lines.into_iter().filter(|((dimension, ..), _)| dimension.is_empty());
        let of_lines: BTreeMap<String, i64> = whole.map(|((_, account, _), balance)| (account, balance)).collect();
        for account in of_sheet.keys().chain(of_lines.keys()).collect::<BTreeSet<_>>() {
            let of = |side: &BTreeMap<String, i64>| side.get(account).copied().unwrap_or(0);
            if of(&of_sheet) != of(&of_lines) {
                let account = format!("{account}(转账工作底稿,{what})");
                let (expected, found) = (yuan(of(&of_sheet)), yuan(of(&of_lines)));
                findings.note(Finding::OpeningDiffers { book: book.to_owned(), year: year.into(), account, expected, found });
            }
        }
    }
}

/// Assets are liabilities, equity and result at the end of every period (I6).
pub fn check_equation(book: &str, facts: &BookFacts, movements: &HashMap<MovementKey, Sums>, findings: &mut Findings) {
    let mut by_period: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for ((dimension, period, account, _, _), (debit, credit)) in movements {
        let chart = period.get(..4).and_then(|year| facts.accounts.get(year));
        let kept = chart.and_then(|chart| chart.get(&account.as_str().into()));
        let (Some(kept), "") = (kept, dimension.as_str()) else { continue };
        let sides = by_period.entry(period).or_default();
        match kept.class {
            AccountClass::Asset | AccountClass::Cost => sides.0 = sides.0.wrapping_add(debit.wrapping_sub(*credit)),
            _ => sides.1 = sides.1.wrapping_add(credit.wrapping_sub(*debit)),
        }
    }
    let (mut year, mut total) = ("", (0i64, 0i64));
    for (period, sides) in by_period {
        let this = period.get(..4).unwrap_or_default();
        total = if this == year { (total.0.wrapping_add(sides.0), total.1.wrapping_add(sides.1)) } else { sides };
        year = this;
        if total.0 != total.1 {
            let (assets, rest) = (yuan(total.0), yuan(total.1));
            findings.note(Finding::EquationBroken { book: book.to_owned(), period: period.to_owned(), assets, rest });
        }
    }
}

/// A closed month's digest is that of its trial balance, derived from the lines (I9).
pub fn compare_closings(
    book: &str,
    closings: &[(AccountingPeriod, Option<String>)],
    movements: &HashMap<MovementKey, Sums>,
    findings: &mut Findings,
) {
    for (period, found) in closings.iter().filter(|(period, _)| !period.is_opening()) {
        let (from, through) = (AccountingPeriod::opening(period.year()).to_string(), period.to_string());
        let mut rows: BTreeMap<_, Sums> = BTreeMap::new();
        for ((dimension, month, account, member, _), (debit, credit)) in movements {
            if *month >= from && *month <= through {
                let sums = rows.entry((dimension.clone(), account.clone(), member.clone())).or_default();
                *sums = (sums.0.wrapping_add(*debit), sums.1.wrapping_add(*credit));
            }
        }
        let (expected, found) = (period_digest(&book.into(), *period, &rows), found.clone().unwrap_or_default());
        if expected != found {
            findings.note(Finding::ClosingDiffers { book: book.to_owned(), period: through, expected, found });
        }
    }
}

/// Statutory accounts have the class and side their regime gives them; everything else rests on that.
pub fn compare_chart<'a>(
    book: &str,
    year: i32,
    regime: &Chart,
    kept: impl Iterator<Item = &'a BookAccount>,
    findings: &mut Findings,
) {
    for account in kept {
        let Some(statutory) = regime.get(&account.code) else { continue };
        let expected = format!("{}/{}", statutory.class.label_zh(), statutory.normal_side.label_zh());
        let found = format!("{}/{}", account.class.label_zh(), account.normal_side.label_zh());
        if expected != found {
            let code = account.code.to_string();
            findings.note(Finding::ChartDiffers { book: book.to_owned(), year: year.into(), account: code, expected, found });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(vouchers: i64, lowest: i64, highest: i64, different: i64, last_number: i64) -> SeriesCount {
        SeriesCount { series: "2026-01-记".into(), vouchers, lowest, highest, different, last_number }
    }

    #[test]
    fn a_series_is_dense_or_says_where_not() {
        assert!(series(3, 1, 3, 3, 3).is_dense());
        for (wrong, numbers, what) in [
            (series(2, 1, 3, 2, 3), vec![1, 3], "缺 2 号"),
            (series(2, 1, 2, 2, 3), vec![1, 2], "缺 3 号"),
            (series(3, 1, 3, 2, 3), vec![1, 1, 3], "1 号重号"),
            (series(3, 1, 3, 3, 2), vec![1, 2, 3], "3 号超出登记的末号"),
            (series(2, 2, 3, 2, 3), vec![2, 3], "缺 1 号"),
        ] {
            assert!(!wrong.is_dense(), "{what}");
            assert!(wrong.finding("V001", &numbers).refusal().message_zh.contains(what), "{what}");
        }
    }

    #[test]
    fn an_opening_is_compared_by_account_and_member() {
        let key = |dimension: &str, period: &str, member: &str| {
            (dimension.to_owned(), period.to_owned(), "112".to_owned(), member.to_owned(), "ordinary".to_owned())
        };
        let mut movements = HashMap::from([
            (key("", "2025-03", ""), (700, 200)),
            (key("party", "2025-03", "H1"), (700, 200)),
            (key("", "2026-00", ""), (500, 0)),
            (key("party", "2026-00", "H1"), (500, 0)),
        ]);
        let found = |movements: &HashMap<_, _>| {
            let mut findings = Findings::default();
            compare_opening("V001", movements, 2026, &mut findings);
            findings.list.len()
        };
        assert_eq!(found(&movements), 0);
        let moved = movements.remove(&key("party", "2026-00", "H1")).unwrap();
        movements.insert(key("party", "2026-00", "H2"), moved);
        assert_eq!(found(&movements), 2);
    }
}
