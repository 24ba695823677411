//! A calculator's answer as a table, for csv, xlsx and paper; and the words its fields have for people.
//!
//! Pure.
//!
//! 1. A schedule's columns stand in the order of [`WORDS`], whatever order its JSON has; its totals are the foot.

use serde_json::{Map, Value};

use crate::exchange::{Cell, Column, ColumnKind, Sheet};
use crate::money::Amount;

/// (field, words), in the order in which fields stand as columns.
pub const WORDS: &[(&str, &str)] = &[
    ("n", "期次"),
    ("start", "起息日"),
    ("interest_through", "计息至"),
    ("due", "应还日"),
    ("days", "天数"),
    ("subsidised_days", "贴息天数"),
    ("opening", "期初本金"),
    ("principal_repaid_early", "提前还本"),
    ("principal_due", "应还本金"),
    ("overdue_principal", "逾期本金"),
    ("interest", "利息"),
    ("penalty_interest", "罚息"),
    ("fiscal_subsidy", "财政贴息"),
    ("borrower_pays", "借款人负担"),
    ("closing", "期末本金"),
    ("total_interest", "利息合计"),
    ("total", "合计"),
    ("totals", "合计"),
    ("borrower", "借款人负担"),
    ("parts", "各份"),
    ("floor_paid", "已付保底"),
    ("shortfall", "保底不足"),
    ("fund", "基金"),
    ("bank", "银行"),
    ("insurer", "保险"),
    ("amount", "金额"),
    ("capitals", "大写"),
    ("valid", "有效"),
    ("ok", "有效"),
    ("kind", "类别"),
    ("born_on", "出生日期"),
    ("sex", "性别"),
    ("division", "区划代码"),
    ("value", "内容"),
];

/// A field as people know it; a field without a word keeps its name.
pub fn label_zh(key: &str) -> &str {
    WORDS.iter().find(|(known, _)| *known == key).map_or(key, |(_, words)| words)
}

/// The table of an answer: a schedule, parts side by side, or names and contents.
pub fn sheet(title: &str, answer: &Value) -> Sheet {
    match (&answer["rows"], &answer["parts"]) {
        (Value::Array(rows), _) => schedule(title, rows, answer),
        (_, Value::Array(parts)) => side_by_side(title, parts.len(), answer),
        (_, Value::Object(parts)) => named(title, parts, |party| party.to_owned()),
        _ => named(title, answer.as_object().unwrap_or(&Map::new()), |key| label_zh(key).to_owned()),
    }
}

fn schedule(title: &str, rows: &[Value], answer: &Value) -> Sheet {
    let stands = |key: &&(&str, &str)| rows.first().is_some_and(|row| row.get(key.0).is_some());
    let columns: Vec<Column> = WORDS.iter().filter(stands).map(|(key, words)| Column::new(*key, *words, kind(key))).collect();
    let mut sheet = Sheet::new(title, columns).subtitle("金额单位:元");
    for row in rows {
        sheet.push(sheet.columns.iter().map(|column| cell(column.kind, &row[&column.key])).collect());
    }
    let total = |column: &Column| cell(column.kind, total_of(answer, &column.key));
    let totals = sheet.columns.iter().skip(1).map(total);
    sheet.foot.push(std::iter::once("合计".into()).chain(totals).collect());
    sheet
}

/// What an answer says a column comes to; nothing for columns that are not summed.
fn total_of<'a>(answer: &'a Value, column: &str) -> &'a Value {
    let totals = &answer["totals"];
    match column {
        "interest" if totals.is_null() => &answer["total_interest"],
        "penalty_interest" => &answer["total"],
        "borrower_pays" => &totals["borrower"],
        other => &totals[other],
    }
}

fn side_by_side(title: &str, parts: usize, answer: &Value) -> Sheet {
    let amounts = ["parts", "floor_paid", "shortfall"];
    let columns = amounts.iter().map(|key| Column::amount(*key, label_zh(key)));
    let mut sheet = Sheet::new(title, std::iter::once(Column::count("n", "序号")).chain(columns).collect());
    for (at, n) in (0..parts).zip(1_i64..) {
        let amounts = amounts.iter().map(|key| cell(ColumnKind::Amount, &answer[key][at]));
        sheet.push(std::iter::once(n.into()).chain(amounts).collect());
    }
    sheet
}

fn named(title: &str, values: &Map<String, Value>, words: impl Fn(&str) -> String) -> Sheet {
    let mut sheet = Sheet::new(title, vec![Column::text("name", "项目"), Column::text("value", "内容")]);
    for (name, value) in values {
        sheet.push(vec![words(name).into(), cell(ColumnKind::Text, value)]);
    }
    sheet
}

fn kind(key: &str) -> ColumnKind {
    match key {
        "n" | "days" | "subsidised_days" => ColumnKind::Count,
        "start" | "due" | "interest_through" => ColumnKind::Date,
        _ => ColumnKind::Amount,
    }
}

fn cell(kind: ColumnKind, value: &Value) -> Cell {
    let text = value.as_str().unwrap_or_default();
    match (kind, value) {
        (_, Value::Null) => Cell::Empty,
        (ColumnKind::Count, Value::Number(count)) => count.as_i64().into(),
        (ColumnKind::Amount, Value::String(_)) => Amount::parse(text).ok().into(),
        (ColumnKind::Date, Value::String(_)) => text.parse().ok().map_or(Cell::Empty, Cell::Date),
        (_, Value::String(_)) => text.into(),
        (_, other) => other.to_string().into(),
    }
}
