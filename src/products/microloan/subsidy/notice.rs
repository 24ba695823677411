//! The public notice of a batch (贴息公示): who is subsidised and by how much, as it is posted.
//!
//! Pure.
//!
//! 1. Identity numbers stand masked; account and loan numbers do not stand there at all.
//! 2. One row for a household, village by village; the rows add up to what the batch pays.

use std::collections::BTreeMap;

use super::entitlement::SubsidyRow;
use crate::calendar::BusinessDate;
use crate::exchange::{Cell, Column, Dress, Sheet};
use crate::money::Amount;
use crate::parties::household::Borrower;
use crate::parties::masking::mask_id;

/// A household's row.
#[derive(Debug, Default, Clone, Copy)]
struct Sum {
    principal: Amount,
    days: i64,
    interest: Amount,
    subsidy: Amount,
}

/// The notice of a batch, by its name and its day. `rows`: household and what it is entitled to; `villages`: names of places.
pub fn notice(
    (batch, noticed_on): (&str, Option<BusinessDate>),
    rows: &[(&str, &SubsidyRow)],
    heads: &[Borrower],
    villages: &BTreeMap<String, String>,
) -> Sheet {
    let columns = vec![
        Column::count("n", "序号"),
        Column::text("village", "村"),
        Column::text("name", "户主"),
        Column::text("id", "身份证号"),
        Column::amount("principal", "贷款本金"),
        Column::count("days", "贴息天数"),
        Column::amount("interest", "应付利息"),
        Column::amount("subsidy", "贴息金额"),
    ];
    let dress = Dress { signers: vec!["村务监督委员会", "审核", "制表"], ..Dress::list().by("village") };
    let mut sheet = Sheet::new(format!("{batch} 贴息公示"), columns).dressed(dress).subtitle("金额单位:元");
    if let Some(on) = noticed_on {
        sheet.subtitle.push(format!("公示日期:{on}"));
    }
    let heads: BTreeMap<&str, &Borrower> = heads.iter().map(|head| (head.household.as_str(), head)).collect();
    let mut sums: BTreeMap<(&str, &str, &str), Sum> = BTreeMap::new();
    for (household, row) in rows.iter().filter(|(_, row)| row.excluded.is_none()) {
        let head = heads.get(household);
        let village = head.and_then(|head| villages.get(&head.place)).map_or("", String::as_str);
        let sum = sums.entry((village, household, head.map_or("", |head| head.id_number.as_str()))).or_default();
        sum.principal = sum.principal.max(row.principal);
        sum.days += row.days;
        sum.interest += row.interest;
        sum.subsidy += row.subsidy;
    }
    for (n, ((village, household, id), sum)) in (1_i64..).zip(&sums) {
        let name = heads.get(household).map_or(*household, |head| head.name.as_str());
        sheet.push(vec![
            n.into(),
            (*village).into(),
            name.into(),
            mask_id(id).into(),
            sum.principal.into(),
            sum.days.into(),
            sum.interest.into(),
            sum.subsidy.into(),
        ]);
    }
    let total = |of: fn(&Sum) -> Amount| Cell::from(sums.values().map(of).sum::<Amount>());
    let count = format!("{} 户", sums.len());
    let blank = || Cell::Empty;
    sheet.foot.push(vec![
        "合计".into(),
        blank(),
        count.into(),
        blank(),
        blank(),
        blank(),
        total(|s| s.interest),
        total(|s| s.subsidy),
    ]);
    sheet.notes.push("身份证号只显示首尾四位。对公示内容有异议的,请在公示期内向村务监督委员会或乡镇反映。".to_owned());
    sheet
}
