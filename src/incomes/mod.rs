//! Incomes of households (收入登记): what the books paid each of them, and what was imported of wages and transfers from elsewhere;
//! signals (`warnings/`) that a household may be falling back.
//!
//! Pure, but for `store.rs`, `service.rs` and `warnings/store.rs`.
//!
//! 1. Every yuan is counted once: what a book paid counts as the payment that arrived; an imported row that says the same is shown and not counted.
//! 2. What the books paid is never imported and never typed: it is read from the payments.
//! 3. An imported row is known again by its content; one that was dropped stays dropped.

pub mod files_in;
pub mod refusal;
pub mod reports;
pub mod service;
pub mod store;
pub mod warnings;

use std::collections::BTreeMap;

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::payouts::PayoutKind;

crate::words! {
    /// The four classes of the household survey.
    pub enum IncomeType {
        /// Wages, work paid by the day, public-welfare jobs.
        Wage = "wage", "工资性收入";
        /// What the household makes and sells.
        Business = "business", "生产经营性收入";
        /// Dividends, income of entrusted money, rents.
        Property = "property", "财产性收入";
        /// Benefits, subsidies, gifts.
        Transfer = "transfer", "转移性收入";
    }
}

impl IncomeType {
    /// Reads a word of township lists as well.
    pub fn of_list(text: &str) -> Option<IncomeType> {
        match text.trim() {
            "工资" | "务工" | "务工收入" | "公益性岗位" | "公益岗" => Some(IncomeType::Wage),
            "经营" | "生产经营" | "经营性收入" | "生产经营收入" | "产业" => Some(IncomeType::Business),
            "财产" | "财产收入" | "分红" | "租金" => Some(IncomeType::Property),
            "转移" | "转移收入" | "补贴" | "补助" | "低保" => Some(IncomeType::Transfer),
            other => IncomeType::parse(other),
        }
    }

    /// The class of what the books pay.
    pub const fn of(kind: PayoutKind) -> IncomeType {
        use PayoutKind::*;
        match kind {
            Dividend | EntrustedIncome | LandRent | LeaseBack => IncomeType::Property,
            WelfareJob | CadreStipend => IncomeType::Wage,
            Subsidy | MinimumLiving | Disability | TopUp | Relief | Reward | Aid => IncomeType::Transfer,
        }
    }
}

/// Where an income or a signal comes from, with all that a page needs to lead there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Origin {
    /// A row of a list of payments: book, batch.
    Batch(String, String),
    /// A loan.
    Loan(String),
    /// A posted dividend: book, plan.
    Plan(String, i64),
    /// A scheme of entrusted money.
    Scheme(String),
    /// A lease: book, lease.
    Lease(String, String),
    /// An imported row, and who paid.
    Entry(i64, String),
    /// The incomes of a household's year.
    Year(String, i32),
}

impl Origin {
    /// As tables show it, with the month in whose pages it is found: a page leads on from these words.
    pub fn in_words(&self, on: BusinessDate) -> String {
        let month = format!("{}-{:02}", on.year(), on.month());
        match self {
            Origin::Batch(book, batch) => format!("代发 {book} {month} {batch}"),
            Origin::Loan(loan) => format!("贷款 {loan}"),
            Origin::Plan(book, plan) => format!("分红 {book} {month} {plan}"),
            Origin::Scheme(scheme) => format!("委托 {scheme}"),
            Origin::Lease(book, lease) => format!("租约 {book} {month} {lease}"),
            Origin::Entry(entry, _) => format!("导入 {entry}"),
            Origin::Year(household, year) => format!("收入 {household} {year}"),
        }
    }

    /// True for rows that were imported.
    pub const fn is_imported(&self) -> bool {
        matches!(self, Origin::Entry(..))
    }
}

/// A yuan or more that a household got.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IncomeLine {
    /// Which household.
    pub household: String,
    /// When it arrived.
    pub on: BusinessDate,
    /// Class.
    pub kind: IncomeType,
    /// What it is.
    pub item: String,
    /// Where it comes from.
    pub origin: Origin,
    /// How much.
    pub amount: Amount,
    /// Said of an imported row.
    pub remark: String,
    /// False for an imported row that the books have already.
    pub counted: bool,
}

/// The word in a remark by which an imported row counts although a book paid as much.
pub const BESIDES: &str = "另计";

/// Marks the imported rows that say what a book paid: same household, class, year and sum, each payment answering for one row.
pub fn count_once(lines: &mut [IncomeLine]) {
    let key = |line: &IncomeLine| (line.household.clone(), line.kind, line.on.year(), line.amount);
    let mut paid: BTreeMap<_, usize> = BTreeMap::new();
    for line in lines.iter().filter(|line| !line.origin.is_imported()) {
        *paid.entry(key(line)).or_default() += 1;
    }
    for line in lines.iter_mut().filter(|line| line.origin.is_imported() && !line.remark.contains(BESIDES)) {
        if let Some(left) = paid.get_mut(&key(line)).filter(|left| **left > 0) {
            *left -= 1;
            line.counted = false;
        }
    }
}

/// Sums by class of a year.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearOfIncome {
    /// In the order of [`IncomeType::ALL`].
    pub by_type: [Amount; 4],
    /// The year before.
    pub before: Amount,
}

impl YearOfIncome {
    /// All classes.
    pub fn total(&self) -> Amount {
        self.by_type.iter().copied().sum()
    }

    /// Takes a line of the year or of the one before.
    pub fn take(&mut self, line: &IncomeLine, year: i32) {
        match line.on.year() {
            _ if !line.counted => {}
            of if of == year => self.by_type[line.kind as usize] += line.amount,
            of if of == year - 1 => self.before += line.amount,
            _ => {}
        }
    }
}

/// The sums of every household that has any.
pub fn by_household(lines: &[IncomeLine], year: i32) -> BTreeMap<String, YearOfIncome> {
    let mut sums: BTreeMap<String, YearOfIncome> = BTreeMap::new();
    for line in lines {
        sums.entry(line.household.clone()).or_default().take(line, year);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(origin: Origin, on: &str, fen: i64, remark: &str) -> IncomeLine {
        IncomeLine {
            household: "H1".into(),
            on: on.parse().unwrap(),
            kind: IncomeType::Property,
            item: "分红".into(),
            origin,
            amount: Amount::from_fen(fen),
            remark: remark.into(),
            counted: true,
        }
    }

    fn paid(on: &str, fen: i64) -> IncomeLine {
        line(Origin::Batch("V001".into(), "B1".into()), on, fen, "")
    }

    fn imported(entry: i64, on: &str, fen: i64, remark: &str) -> IncomeLine {
        line(Origin::Entry(entry, "县外务工".into()), on, fen, remark)
    }

    #[test]
    fn a_row_that_says_what_a_book_paid_is_not_counted() {
        let mut lines = vec![
            paid("2025-12-20", 40_000),
            imported(1, "2025-12-31", 40_000, ""),
            imported(2, "2025-12-31", 40_000, ""),
            imported(3, "2025-12-31", 40_001, ""),
            imported(4, "2024-12-31", 40_000, ""),
        ];
        count_once(&mut lines);
        assert_eq!(lines.iter().map(|line| line.counted).collect::<Vec<_>>(), [true, false, true, true, true]);
        let year = &by_household(&lines, 2025)["H1"];
        assert_eq!((year.total(), year.before), (Amount::from_fen(120_001), Amount::from_fen(40_000)));
    }

    #[test]
    fn a_row_marked_as_another_payment_counts() {
        let mut lines = vec![paid("2025-12-20", 40_000), imported(1, "2025-12-31", 40_000, "另计:第二个合作社")];
        count_once(&mut lines);
        assert!(lines.iter().all(|line| line.counted));
    }

    proptest::proptest! {
        /// What the books paid always counts; of each sum as many rows count as there are more rows than payments, in any order.
        #[test]
        fn each_yuan_once(paid_fen in proptest::collection::vec(1i64..4, 0..8), rows in proptest::collection::vec(1i64..4, 0..8)) {
            let mut lines: Vec<_> = paid_fen.iter().map(|fen| paid("2025-06-01", *fen)).collect();
            lines.extend((1..).zip(&rows).map(|(entry, fen)| imported(entry, "2025-07-01", *fen, "")));
            count_once(&mut lines);
            let of = |list: &[i64], fen| list.iter().filter(|known| **known == fen).count() as i64;
            let expected: i64 = (1..4).map(|fen| fen * of(&paid_fen, fen).max(of(&rows, fen))).sum();
            let counted: Amount = lines.iter().filter(|line| line.counted).map(|line| line.amount).sum();
            proptest::prop_assert_eq!(counted, Amount::from_fen(expected));
            proptest::prop_assert!(lines.iter().filter(|line| !line.origin.is_imported()).all(|line| line.counted));
        }
    }
}
