//! The demo's duty persons and resident cadres: who has which post in the third village, and what the first secretary is paid
//! within the standards; and what each class of money holds at the year's end.
//!
//! 1. The same month gives the same commands.

use super::village::Village;
use super::{Step, YEAR};

/// What is done in a month; nothing outside the first township's villages.
pub fn steps(month: u32, village: &Village) -> Vec<Step> {
    match (month, village.index) {
        (1, 2) => taken(village),
        (3, 2) => paid(village),
        _ => Vec::new(),
    }
}

fn types(user: &'static str, village: &Village, line: &str, refused: Option<&'static str>) -> Step {
    let line = line.replace("BOOK", &format!("--book {}", village.book));
    Step::Command { user, words: line.split_whitespace().map(str::to_owned).collect(), refused }
}

fn taken(village: &Village) -> Vec<Step> {
    let document = "--from 2025-01-02 --document 云村字〔2025〕1号";
    let people = [("clerk", "韦立春"), ("finance_head", "覃惊蛰"), ("supervision_head", "莫雨水"), ("first_secretary", "卢白露")];
    let mut steps: Vec<Step> = people
        .iter()
        .map(|(post, name)| types("kuaiji", village, &format!("duty add BOOK --post {post} --name {name} {document}"), None))
        .collect();
    let clash = format!("duty add BOOK --post supervisor --name 韦立春 {document}");
    steps.push(types("kuaiji", village, &clash, Some("Z-202")));
    steps
}

fn paid(village: &Village) -> Vec<Step> {
    let (came, paid) = (format!("{YEAR}-03-04"), format!("{YEAR}-03-20"));
    let mut words: Vec<String> = format!("voucher add --book {} --date {came} --attachments 1 --submit", village.book)
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    for line in ["102 debit 12000.00 收到驻村经费 fund_class=驻村经费", "50303 credit 12000.00 收到驻村经费"] {
        words.extend(["--line".to_owned(), line.to_owned()]);
    }
    let pay = |item: &str, amount: &str, refused| {
        let line = format!("resident pay BOOK --item {item} --duty 4 --on {paid} --amount {amount}");
        types("kuaiji", village, &line, refused)
    };
    vec![
        Step::Command { user: "kuaiji", words, refused: None },
        pay("settling", "2000.00", None),
        pay("living", "4800.00", Some("Z-401")),
        pay("living", "3600.00", None),
        pay("office", "1860.00", None),
    ]
}

/// The papers of the year's end, of the first three villages.
pub fn papers(village: &Village) -> Vec<Step> {
    if village.index > 2 {
        return Vec::new();
    }
    let book = &village.book;
    let mut steps = vec![types(
        "shenji",
        village,
        &format!("fund-class balance BOOK --span {YEAR} --out out/{book}-资金类别余额.xlsx"),
        None,
    )];
    if village.index == 2 {
        steps.push(types("shenji", village, &format!("duty list BOOK --out out/{book}-岗位人员登记簿.xlsx"), None));
        steps.push(types(
            "shenji",
            village,
            &format!("resident check BOOK --on {YEAR}-12-31 --out out/{book}-驻村经费执行情况.xlsx"),
            None,
        ));
    }
    steps
}
