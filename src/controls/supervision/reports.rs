//! Papers of supervision: flags, rules, findings, one finding (督办单), the matrix, the trail.
//!
//! Pure.

use super::finding::Finding;
use super::flags::Flag;
use super::package::Change;
use super::rules::{Rule, RuleKind};
use crate::calendar::BusinessDate;
use crate::exchange::{Cell, Column, Sheet};

/// 预警清单: book, flag, first seen.
pub fn flags(rows: &[(String, Flag, BusinessDate)], ran: &str) -> Sheet {
    let columns = vec![
        Column::id("book", "账套"),
        Column::text("severity", "程度"),
        Column::text("rule", "规则"),
        Column::text("words", "情况"),
        Column::amount("amount", "金额"),
        Column::date("on", "发生日期"),
        Column::id("voucher", "凭证"),
        Column::id("claim", "报账单"),
        Column::date("first_seen_on", "首次发现"),
        Column::id("object", "标识"),
    ];
    let mut sheet = Sheet::new("监督预警", columns).subtitle(ran);
    for (book, flag, first) in rows {
        sheet.push(vec![
            book.as_str().into(),
            flag.severity.label_zh().into(),
            flag.rule.label_zh().into(),
            flag.words.as_str().into(),
            Cell::amount_or_blank(flag.amount),
            flag.on.into(),
            flag.voucher.as_deref().into(),
            flag.claim.map(|claim| claim.to_string()).into(),
            (*first).into(),
            flag.object.as_str().into(),
        ]);
    }
    sheet
}

/// 预警规则
pub fn rules(rules: &[Rule]) -> Sheet {
    let columns = vec![
        Column::id("rule", "代码"),
        Column::text("name", "规则"),
        Column::text("severity", "程度"),
        Column::amount("amount", "金额"),
        Column::count("days", "天数"),
        Column::count("count", "次数"),
        Column::date("from", "起"),
        Column::date("until", "止"),
        Column::text("source", "依据"),
    ];
    let mut sheet = Sheet::new("预警规则", columns);
    for rule in rules {
        sheet.push(vec![
            rule.rule.as_str().into(),
            rule.rule.label_zh().into(),
            rule.severity.label_zh().into(),
            rule.amount.into(),
            rule.days.into(),
            rule.count.into(),
            rule.from.into(),
            rule.until.into(),
            rule.source.as_str().into(),
        ]);
    }
    sheet
}

/// 督办台账
pub fn findings(findings: &[Finding], today: BusinessDate) -> Sheet {
    let columns = vec![
        Column::id("finding", "督办单"),
        Column::id("book", "账套"),
        Column::text("title", "事项"),
        Column::text("state", "状态"),
        Column::text("owner", "承办人"),
        Column::date("due_on", "期限"),
        Column::date("raised_on", "发出"),
        Column::text("raised_by", "发出人"),
        Column::date("closed_on", "销号"),
    ];
    let mut sheet = Sheet::new("督办台账", columns).subtitle(format!("截至 {today}"));
    for finding in findings {
        let late = if finding.is_late(today) { "(逾期)" } else { "" };
        sheet.push(vec![
            finding.finding.to_string().into(),
            finding.book.0.as_str().into(),
            finding.title.as_str().into(),
            format!("{}{late}", finding.state.label_zh()).into(),
            finding.owner.as_str().into(),
            finding.due_on.into(),
            finding.raised_on.into(),
            finding.raised_by.as_str().into(),
            finding.closed_on.into(),
        ]);
    }
    sheet
}

/// 督办单
pub fn finding(finding: &Finding, unit: &str) -> Sheet {
    let mut sheet = Sheet::new("督办单", vec![Column::text("field", "项目"), Column::text("value", "内容")])
        .subtitle(format!("第 {} 号 · {}", finding.finding, finding.state.label_zh()))
        .subtitle(format!("被督办单位:{unit}"));
    let day = |on: Option<BusinessDate>| on.map(|on| on.to_string()).unwrap_or_default();
    let flag = finding
        .flag
        .as_ref()
        .map(|(rule, object)| format!("{} {object}", RuleKind::parse(rule).map_or(rule.as_str(), |kind| kind.label_zh())));
    let flag = flag.unwrap_or_default();
    let rows = [
        ("事项", finding.title.clone()),
        ("要求", finding.text.clone()),
        ("预警", flag),
        ("承办人", finding.owner.clone()),
        ("答复期限", finding.due_on.to_string()),
        ("发出", format!("{} {}", finding.raised_by, finding.raised_on)),
        ("答复", finding.answer.clone().unwrap_or_default()),
        ("佐证材料", finding.document.clone().unwrap_or_default()),
        ("答复人", format!("{} {}", finding.answered_by.as_deref().unwrap_or(""), day(finding.answered_on))),
        ("销号", format!("{} {}", finding.closed_by.as_deref().unwrap_or(""), day(finding.closed_on))),
    ];
    for (field, value) in rows.into_iter().filter(|(_, value)| !value.trim().is_empty()) {
        sheet.push(vec![field.into(), value.into()]);
    }
    sheet.notes.push("发出单位(章):__________  承办单位(章):__________".to_owned());
    sheet
}

/// 村月进度矩阵: villages down, months across.
pub fn matrix(year: i32, rows: &[(String, String, Vec<String>)]) -> Sheet {
    let mut columns = vec![Column::id("book", "账套"), Column::text("name", "村")];
    columns.extend((1..=12).map(|month| Column::text(format!("{year}-{month:02}"), format!("{month}月"))));
    let mut sheet = Sheet::new(format!("{year}年村级账务进度"), columns);
    for (book, name, months) in rows {
        let head: Vec<Cell> = vec![book.as_str().into(), name.as_str().into()];
        sheet.push(head.into_iter().chain(months.iter().map(|words| words.as_str().into())).collect());
    }
    sheet
}

/// 操作轨迹
pub fn trail(lines: &[[String; 5]]) -> Sheet {
    let columns = vec![
        Column::text("at", "时间"),
        Column::text("actor", "操作人"),
        Column::id("kind", "业务"),
        Column::id("book", "账套"),
        Column::text("what", "内容"),
    ];
    let mut sheet = Sheet::new("操作轨迹", columns);
    for line in lines {
        sheet.push(line.iter().map(|text| text.as_str().into()).collect());
    }
    sheet
}

/// 审计数据包核验
pub fn changes(changes: &[Change]) -> Sheet {
    let mut sheet = Sheet::new("审计数据包核验", vec![Column::text("file", "文件"), Column::text("what", "差异")]);
    for change in changes {
        sheet.push(vec![change.file.as_str().into(), change.what.as_str().into()]);
    }
    sheet
}
