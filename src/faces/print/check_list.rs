//! The closing check list as a sheet: what was looked at, what was found, places to sign.
//!
//! Pure.

use crate::calendar::AccountingPeriod;
use crate::controls::period_close::checks::{CheckItem, Outcome};
use crate::exchange::{Column, Dress, Sheet};

/// The list of a book's month.
pub fn sheet(unit: &str, period: AccountingPeriod, items: &[CheckItem]) -> Sheet {
    let can_close = items.iter().all(|item| item.outcome != Outcome::Blocked);
    let mut sheet = items_of("结账检查表", items).subtitle(format!("编制单位:{unit}")).subtitle(period.label_zh());
    sheet.dress = Dress::signed(&["会计主管", "审核", "会计"]);
    sheet.notes.push((if can_close { "可以结账" } else { "还不能结账" }).to_owned());
    sheet
}

/// The rows of the list: one for each finding.
pub fn items_of(title: &str, items: &[CheckItem]) -> Sheet {
    let columns = vec![
        Column::text("name", "检查项目"),
        Column::text("outcome", "结果"),
        Column::text("finding", "情况"),
        Column::id("check", "代码"),
    ];
    let mut sheet = Sheet::new(title, columns);
    for item in items {
        let head = |finding: &str| {
            vec![item.name_zh.as_str().into(), item.outcome.label_zh().into(), finding.into(), item.check.as_str().into()]
        };
        sheet.push(head(item.findings.first().map_or("", String::as_str)));
        for finding in item.findings.iter().skip(1) {
            sheet.push(vec!["".into(), "".into(), finding.as_str().into()]);
        }
    }
    sheet
}
