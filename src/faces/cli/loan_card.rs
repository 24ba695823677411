//! A loan as people read it: where it stands today, what happened to it in words, the interest rows that stand.
//!
//! 1. The state is that of the day, as on the register; the head keeps what was signed.
//! 2. A row that was set off and settled anew is shown once, as it stands; one that was only set off is not shown.
//! 3. Instants are in the county's time, people have their names.

use std::collections::BTreeMap;

use super::words::person;
use crate::calendar::BusinessDate;
use crate::exchange::{Cell, Column, Sheet};
use crate::money::Amount;
use crate::office::local_time;
use crate::products::microloan::store::EventLine;
use crate::products::microloan::store::heads::LoanHead;
use crate::products::microloan::timeline::{Position, RowKind};
use crate::products::microloan::{Fact, Happening, LoanState, Step, Towards};

/// What the register has for a settled row: due, kind, entry, first day, days, principal, amount, month.
type RowEntry = (BusinessDate, RowKind, i64, BusinessDate, i64, i64, i64, String);

/// The state of the day: the timeline's once money was paid out, else the register's.
fn state(head: &LoanHead, position: Option<&Position>) -> LoanState {
    position.filter(|position| position.disbursed_on.is_some()).map_or(head.state, |position| position.state)
}

/// The head of the card; `village` and `bank` are names.
pub fn head(head: &LoanHead, position: Option<&Position>, (village, bank): (&str, &str), today: BusinessDate) -> Sheet {
    let title = format!("{} {} {}", head.loan, head.borrower, state(head, position).label_zh());
    let columns = vec![Column::text("field", "项目"), Column::text("value", "内容")];
    let mut sheet = Sheet::new(title, columns).subtitle(format!("截至 {today} · 金额单位:元"));
    let mut facts = vec![
        ("借款人", format!("{} {}", head.borrower, head.household)),
        ("村", village.to_owned()),
        ("银行", bank.to_owned()),
        ("合同号", head.contract_number.clone().unwrap_or_default()),
        ("用途", head.purpose.clone()),
    ];
    match &head.contract {
        Some(contract) => {
            facts.push(("合同金额", contract.amount.grouped()));
            facts.push(("期限", format!("{} 个月", head.asked_months)));
            facts.push(("签订利率", contract.rate.to_string()));
            facts.push(("签订日期", contract.signed_on.to_string()));
        }
        None => {
            facts.push(("申请金额", head.asked.grouped()));
            facts.push(("申请期限", format!("{} 个月", head.asked_months)));
        }
    }
    facts.extend(position.into_iter().flat_map(standing));
    for (field, value) in facts.into_iter().filter(|(_, value)| !value.trim().is_empty()) {
        sheet.push(vec![field.into(), value.into()]);
    }
    sheet
}

/// Where it stands; sums that are nothing are left out, but for what is owed.
fn standing(position: &Position) -> Vec<(&'static str, String)> {
    let money = |amount: Amount| if amount.is_zero() { String::new() } else { amount.grouped() };
    let past_due = match position.days_past_due() {
        0 => String::new(),
        days => format!("{days} 天"),
    };
    vec![
        ("放款日", position.disbursed_on.map(|day| day.to_string()).unwrap_or_default()),
        ("到期日", position.matures_on.to_string()),
        ("现行利率", position.rate.to_string()),
        ("累计放款", position.disbursed.grouped()),
        ("余额", position.principal.grouped()),
        ("其中逾期本金", money(position.overdue_principal)),
        ("逾期", past_due),
        ("应收未收利息", money(position.interest_owed)),
        ("应收未收罚息", money(position.penalty_owed)),
    ]
}

/// What happened, as recorded.
pub fn events(lines: Vec<EventLine>, people: &BTreeMap<String, String>) -> Sheet {
    let columns = vec![
        Column::date("on", "日期"),
        Column::text("kind", "事项"),
        Column::amount("amount", "金额"),
        Column::text("content", "内容"),
        Column::id("reference", "单据"),
        Column::text("recorded_at", "登记时间"),
        Column::text("by", "登记人"),
    ];
    let mut sheet = Sheet::new("办理经过", columns);
    for (on, kind, content, reference, at, by) in lines {
        let (what, amount, words) = said(&kind, &content);
        let money = amount.map_or(Cell::Empty, Cell::from);
        let end = [reference, local_time(&at), person(people, by)].map(Into::into);
        sheet.push([on.into(), what.into(), money, words.into()].into_iter().chain(end).collect());
    }
    sheet
}

/// An event in words: its name, its money, the rest.
fn said(kind: &str, content: &str) -> (String, Option<Amount>, String) {
    if let Ok(fact) = serde_json::from_str::<Fact>(content) {
        return (fact.what.label_zh().to_owned(), fact.what.amount(), rest(fact.what));
    }
    const STEPS: [Step; 7] = [Step::Check, Step::Announce, Step::Grade, Step::Approve, Step::Sign, Step::Reject, Step::Withdraw];
    let step = STEPS.into_iter().find(|step| step.kind() == kind).map(Step::label_zh);
    let what = step.unwrap_or(if kind == LoanState::Applied.as_str() { "申请" } else { kind });
    let kept: serde_json::Value = serde_json::from_str(content).unwrap_or_default();
    (what.to_owned(), None, kept["note"].as_str().unwrap_or_default().to_owned())
}

fn rest(what: Happening) -> String {
    match what {
        Happening::RateChanged { rate } => format!("年利率 {rate}"),
        Happening::Extended { to } => format!("展期至 {to}"),
        Happening::Renewed { by, .. } => format!("由借据 {by} 续贷"),
        Happening::WrittenOff { reason } => reason,
        Happening::Repaid { towards: Towards::Interest, .. } => "只还利息".to_owned(),
        Happening::TakenBack { received_on, .. } => format!("{received_on} 的还款退回"),
        Happening::RecoveryReturned { received_on, .. } => format!("{received_on} 的收回款退回"),
        _ => String::new(),
    }
}

/// The interest rows that stand.
pub fn settled(entries: Vec<RowEntry>) -> Sheet {
    let columns = vec![
        Column::date("due", "结息日"),
        Column::text("kind", "类别"),
        Column::date("start", "起息日"),
        Column::count("days", "天数"),
        Column::amount("principal", "本金"),
        Column::amount("amount", "利息"),
        Column::id("settled_in", "入账月份"),
    ];
    let mut sheet = Sheet::new("结息明细", columns);
    for (due, kind, _, start, days, principal, amount, month) in standing_rows(entries) {
        let [principal, amount] = [principal, amount].map(|fen| Amount::from_fen(fen).into());
        sheet.push(vec![due.into(), kind.label_zh().into(), start.into(), days.into(), principal, amount, month.into()]);
    }
    sheet
}

/// Of each day and kind the last entry, where it stands: entries are numbered from 1, even ones set off the one before.
fn standing_rows(entries: Vec<RowEntry>) -> Vec<RowEntry> {
    let mut standing: Vec<RowEntry> = Vec::new();
    for entry in entries {
        match standing.last_mut() {
            Some(last) if (last.0, last.1) == (entry.0, entry.1) => *last = entry,
            _ => standing.push(entry),
        }
    }
    standing.retain(|entry| entry.2 % 2 == 1);
    standing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_told_in_words() {
        assert_eq!(said("applied", "{}"), ("申请".to_owned(), None, String::new()));
        assert_eq!(said("rejected", r#"{"note":"材料不全"}"#), ("退回".to_owned(), None, "材料不全".to_owned()));
        let repaid = r#"{"on":"2026-03-20","kind":"repaid","amount":"120.50","towards":"interest"}"#;
        let (what, amount, words) = said("repaid", repaid);
        assert_eq!((what.as_str(), amount.map(Amount::fen), words.as_str()), ("还款", Some(12_050), "只还利息"));
    }

    #[test]
    fn a_row_settled_anew_is_shown_once_and_one_set_off_not_at_all() {
        let day = |text: &str| text.parse::<BusinessDate>().unwrap();
        let row =
            |due, entry, amount| (day(due), RowKind::Interest, entry, day("2026-01-20"), 59, 5_000_000, amount, String::new());
        let entries = vec![
            row("2026-03-20", 1, 30_000),
            row("2026-03-20", 2, -30_000),
            row("2026-03-20", 3, 31_000),
            row("2026-06-20", 1, 30_000),
            row("2026-06-20", 2, -30_000),
        ];
        let shown = standing_rows(entries);
        assert_eq!(shown.iter().map(|row| (row.2, row.6)).collect::<Vec<_>>(), [(3, 31_000)]);
    }
}
