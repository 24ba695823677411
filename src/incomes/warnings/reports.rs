//! The papers of the signals.
//!
//! Pure.

use super::Signal;
use super::rules::Rule;
use crate::calendar::BusinessDate;
use crate::exchange::{Column, Sheet};

/// 监测预警: a page of so many rows; what stands below counts all.
pub fn signals(signals: &[Signal], rules: usize, today: BusinessDate, (page, limit): (usize, usize)) -> Sheet {
    let columns = vec![
        Column::id("household", "户编号"),
        Column::id("place", "村代码"),
        Column::text("head", "户主"),
        Column::id("id_number", "身份证号"),
        Column::text("severity", "程度"),
        Column::text("rule", "信号"),
        Column::text("words", "情况"),
        Column::amount("amount", "金额"),
        Column::date("on", "起于"),
        Column::id("origin", "来源"),
    ];
    let mut sheet = Sheet::new("农户监测预警", columns).subtitle(format!("截至 {today} · 规则 {rules} 条"));
    for signal in signals.iter().skip(page.saturating_sub(1).saturating_mul(limit)).take(limit) {
        sheet.push(vec![
            signal.household.as_str().into(),
            signal.place.as_str().into(),
            signal.name.as_str().into(),
            signal.masked_id.as_str().into(),
            signal.severity.label_zh().into(),
            signal.rule.label_zh().into(),
            signal.words.as_str().into(),
            signal.amount.into(),
            signal.on.into(),
            signal.origin.in_words(signal.on).into(),
        ]);
    }
    let mut households: Vec<&str> = signals.iter().map(|signal| signal.household.as_str()).collect();
    households.dedup();
    let pages = signals.len().div_ceil(limit.max(1)).max(1);
    sheet.notes.push(format!("共 {} 条,涉及 {} 户;第 {page} 页,共 {pages} 页。", signals.len(), households.len()));
    sheet.notes.push("完整证件号凭 household numbers 查看,并记入操作日志。".to_owned());
    sheet
}

/// 监测规则
pub fn rules(rules: &[Rule]) -> Sheet {
    let columns = vec![
        Column::id("rule", "代码"),
        Column::text("name", "信号"),
        Column::text("severity", "程度"),
        Column::amount("amount", "金额"),
        Column::count("days", "天数"),
        Column::count("percent", "百分比"),
        Column::date("from", "起"),
        Column::date("until", "止"),
        Column::text("source", "依据"),
    ];
    let mut sheet = Sheet::new("监测预警规则", columns);
    for rule in rules {
        sheet.push(vec![
            rule.rule.as_str().into(),
            rule.rule.label_zh().into(),
            rule.severity.label_zh().into(),
            rule.amount.into(),
            rule.days.into(),
            rule.percent.into(),
            rule.from.into(),
            rule.until.into(),
            rule.source.as_str().into(),
        ]);
    }
    sheet
}
