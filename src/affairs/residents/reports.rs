//! Papers of resident cadres' money: the standards, and a year's payments against them.
//!
//! Pure: facts in, sheets out.

use super::{Item, Per, ResidentPayment, Standard, deciding};
use crate::affairs::duties::Duty;
use crate::calendar::BusinessDate;
use crate::exchange::{Cell, Column, Dress, Sheet};
use crate::money::Amount;

/// 驻村经费标准
pub fn standards(rules: &[Standard]) -> Sheet {
    let columns = vec![
        Column::id("rule", "标准"),
        Column::text("item", "项目"),
        Column::amount("amount", "金额"),
        Column::text("per", "单位"),
        Column::id("place", "地区"),
        Column::date("from", "起"),
        Column::date("until", "止"),
        Column::text("source", "依据"),
    ];
    let mut sheet = Sheet::new("驻村经费标准", columns).dressed(Dress::list());
    for rule in rules {
        sheet.push(vec![
            rule.rule.as_str().into(),
            rule.item.label_zh().into(),
            rule.amount.into(),
            rule.per.label_zh().into(),
            rule.place.as_str().into(),
            rule.from.into(),
            rule.until.into(),
            rule.source.as_str().into(),
        ]);
    }
    sheet
}

/// 驻村经费执行情况: what the standards allow through a day, what was paid, and what the books paid beside the register.
pub fn against(
    (unit, place, on): (&str, &str, BusinessDate),
    rules: &[Standard],
    duties: &[Duty],
    payments: &[ResidentPayment],
    by_books: Amount,
) -> Sheet {
    let columns = vec![
        Column::text("item", "项目"),
        Column::text("person", "人员"),
        Column::amount("standard", "标准"),
        Column::amount("paid", "已付"),
        Column::amount("left", "余额"),
        Column::text("word", "说明"),
    ];
    let mut sheet = Sheet::new("驻村经费执行情况", columns)
        .dressed(Dress::list())
        .subtitle(format!("单位:{unit}"))
        .subtitle(format!("截至 {on} · 金额单位:元"));
    let (mut allowed, mut paid) = (Amount::ZERO, Amount::ZERO);
    for (item, who, name) in rows(rules, duties, place, on) {
        let standard = deciding(rules, item, on, place).map_or(Amount::ZERO, |rule| rule.allows(duties, who, on));
        let of_same = |payment: &&ResidentPayment| payment.item == item && payment.duty == who.unwrap_or(0);
        let sum: Amount = payments.iter().filter(of_same).map(|payment| payment.amount).sum();
        if standard.is_zero() && sum.is_zero() {
            continue;
        }
        (allowed, paid) = (allowed + standard, paid + sum);
        let word = if sum > standard { "超标准" } else { "" };
        let figures = [standard, sum, standard - sum].map(Cell::from);
        sheet.push([Cell::from(item.label_zh()), name.into()].into_iter().chain(figures).chain([word.into()]).collect());
    }
    let rest = by_books - paid;
    let word = if rest.is_zero() { "" } else { "未按标准登记,或凭证未过账" };
    sheet.push(vec!["账上其他驻村经费".into(), Cell::Empty, Amount::ZERO.into(), rest.into(), (-rest).into(), word.into()]);
    sheet.foot.push(vec!["合计".into(), Cell::Empty, allowed.into(), by_books.into(), (allowed - by_books).into()]);
    sheet
}

fn rows(rules: &[Standard], duties: &[Duty], place: &str, on: BusinessDate) -> Vec<(Item, Option<i64>, String)> {
    let mut rows = Vec::new();
    for item in Item::ALL {
        let Some(rule) = deciding(rules, *item, on, place) else { continue };
        if rule.per == Per::VillageYear {
            rows.push((*item, None, "工作组".to_owned()));
        } else {
            rows.extend(duties.iter().filter(|duty| rule.is_for(duty)).map(|duty| (*item, Some(duty.duty), duty.name.clone())));
        }
    }
    rows
}
