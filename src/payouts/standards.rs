//! What benefits pay by date: 60 → 100 yuan a month with one step a year, the poverty line of a year.
//!
//! Pure. Source: seeds.md §4.1, 4.2, 4.8.
//!
//! 1. A standard counts from its first day until the next one's; what was paid before is not touched.
//! 2. A row that says nothing of a standard takes the one in force; a row that says another is looked into.
//! 3. A top-up is what the assessed income lacks to the line, to the fen.

use serde::{Deserialize, Serialize};

use super::PayoutKind;
use super::list::{Finding, PayRow};
use crate::calendar::BusinessDate;
use crate::money::Amount;

/// A standard from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standard {
    /// Of which benefit.
    pub kind: PayoutKind,
    /// 执行日期
    pub from: BusinessDate,
    /// Of one person (or mu, or job) a month; the line of a year for a top-up.
    pub amount: Amount,
    /// 文号
    pub document: String,
}

/// The standard of a benefit on a date.
pub fn in_force(standards: &[Standard], kind: PayoutKind, on: BusinessDate) -> Option<&Standard> {
    standards.iter().filter(|standard| standard.kind == kind && standard.from <= on).max_by_key(|standard| standard.from)
}

/// 差额补助: what an income lacks to the poverty line.
pub fn top_up(line: Amount, income: Amount) -> Amount {
    (line - income).max(Amount::ZERO)
}

impl Standard {
    /// Completes a row: its standard, and its amount where it names none.
    pub fn complete(&self, row: &mut PayRow) {
        if self.kind == PayoutKind::TopUp {
            if let Some(income) = row.income.filter(|_| row.amount.is_zero()) {
                row.amount = top_up(self.amount, income);
            }
            return;
        }
        let standard = *row.standard.get_or_insert(self.amount);
        if let Some(product) = row.quantity_milli.filter(|_| row.amount.is_zero()).and_then(|quantity| times(standard, quantity))
        {
            row.amount = product;
        }
    }

    /// What a completed row says otherwise.
    pub fn findings(&self, row: &PayRow) -> Vec<Finding> {
        let say = |blocks: bool, what: String| vec![Finding { row: row.row, blocks, what }];
        let (from, document, ours) = (self.from, &self.document, self.amount);
        if self.kind != PayoutKind::TopUp {
            return match row.standard.filter(|standard| *standard != ours) {
                Some(theirs) => say(false, format!("补贴标准 {theirs} 与 {from} 起的 {ours}({document})不同")),
                None => Vec::new(),
            };
        }
        match row.income {
            Some(income) if top_up(ours, income) != row.amount => {
                say(true, format!("差额补助应为 {ours} − {income} = {},不是 {}", top_up(ours, income), row.amount))
            }
            Some(_) => Vec::new(),
            None => say(false, format!("没有核定收入,无法按 {from} 起的 {ours}({document})核对差额")),
        }
    }
}

/// Standard × quantity in thousandths, where that is whole fen.
fn times(standard: Amount, milli: i64) -> Option<Amount> {
    let product = i128::from(standard.fen()) * i128::from(milli);
    (product % 1000 == 0).then(|| i64::try_from(product / 1000).ok().map(Amount::from_fen)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::vouchers_in::ImportOptions;
    use crate::payouts::files_in::read_list;

    fn day(text: &str) -> BusinessDate {
        text.parse().unwrap()
    }

    /// 60 yuan a month in 2016, ten more each year until 100.
    fn steps() -> Vec<Standard> {
        let step = |n: i32| Standard {
            kind: PayoutKind::Disability,
            from: day(&format!("{}-01-01", 2016 + n)),
            amount: Amount::from_yuan(60 + 10 * i64::from(n)),
            document: format!("残联〔{}〕1号", 2016 + n),
        };
        (0..5).map(step).collect()
    }

    fn rows(text: &str) -> Vec<PayRow> {
        read_list(text.as_bytes(), &ImportOptions::default()).unwrap().whole().unwrap()
    }

    #[test]
    fn a_standard_counts_from_its_day() {
        let on = |text: &str| in_force(&steps(), PayoutKind::Disability, day(text)).map(|standard| standard.amount.to_string());
        assert_eq!(on("2015-12-31"), None);
        assert_eq!(on("2018-06-30").as_deref(), Some("80.00"));
        assert_eq!((on("2019-12-31").as_deref(), on("2020-01-01").as_deref()), (Some("90.00"), Some("100.00")));
        assert_eq!(in_force(&steps(), PayoutKind::MinimumLiving, day("2018-06-30")), None);
    }

    #[test]
    fn rows_take_the_standard_and_its_product() {
        let steps = steps();
        let standard = in_force(&steps, PayoutKind::Disability, day("2018-03-05")).unwrap();
        let mut rows = rows("编号,补贴标准,人口,金额\nH1,,2,\nH2,70.00,1,70.00\nH3,,1.5,120.00\n");
        rows.iter_mut().for_each(|row| standard.complete(row));
        assert_eq!((rows[0].standard, rows[0].amount), (Some(Amount::from_yuan(80)), Amount::from_yuan(160)));
        assert_eq!(
            (rows[2].amount, standard.findings(&rows[0]), standard.findings(&rows[2])),
            (Amount::from_yuan(120), vec![], vec![])
        );
        let found = standard.findings(&rows[1]);
        assert!(!found[0].blocks && found[0].what.contains("80.00") && found[0].what.contains("残联〔2018〕1号"), "{found:?}");
    }

    #[test]
    fn a_top_up_is_what_the_line_wants() {
        let line =
            Standard {
                kind: PayoutKind::TopUp, from: day("2016-01-01"), amount: Amount::from_yuan(4000), document: "线".into()
            };
        let mut rows = rows("编号,年收入,金额\nH1,3500.01,\nH2,3999.00,1.01\nH3,4000.01,\nH4,,5.00\n");
        rows.iter_mut().for_each(|row| line.complete(row));
        assert_eq!((rows[0].amount, rows[2].amount), ("499.99".parse().unwrap(), Amount::ZERO));
        let found: Vec<Vec<bool>> =
            rows.iter().map(|row| line.findings(row).into_iter().map(|finding| finding.blocks).collect()).collect();
        assert_eq!(found, [vec![], vec![true], vec![], vec![false]]);
    }
}
