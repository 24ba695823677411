//! The demo's contracts: the third village contracts out its fish pond and sells timber by instalments. The pond's second half-year
//! is not paid and the contract nears its end, the timber's second instalment comes near: the desk and the supervision say so.
//! A pump changes its keeper on its card.
//!
//! 1. The same month gives the same commands.

use super::village::Village;
use super::village_claims::CLERK;
use super::{Step, YEAR};

/// What is done in a month; nothing outside the third village.
pub fn steps(month: u32, village: &Village) -> Vec<Step> {
    if village.index != 2 {
        return Vec::new();
    }
    match month {
        1 => signed(village),
        3 => vec![
            types("kuaiji", village, "lease accrue BOOK --lease MC1"),
            types("kuaiji", village, "lease receive BOOK --lease MC1 --amount 20000.00"),
        ],
        5 => vec![types(CLERK, village, "asset change BOOK --asset 泵-01 --keeper 覃惊蛰 --place 村东泵房 --reason 管护人更换")],
        7 => vec![types("kuaiji", village, "lease accrue BOOK --lease YT1")],
        _ => Vec::new(),
    }
}

fn types(user: &'static str, village: &Village, line: &str) -> Step {
    let line = line.replace("BOOK", &format!("--book {}", village.book));
    Step::Command { user, words: line.split_whitespace().map(str::to_owned).collect(), refused: None }
}

fn signed(village: &Village) -> Vec<Step> {
    let pond = format!(
        "lease open BOOK --lease YT1 --kind contracting --direction out --thing water --name 村东鱼塘发包 --from {YEAR}-01-01 \
         --until {YEAR}-12-15 --months 6 --party 清波渔业=12.5=9600.00 --document 村民代表会议决议2号"
    );
    let timber = format!(
        "lease open BOOK --lease MC1 --kind sale --direction out --thing forest --name 后山杉木出售 --from {YEAR}-01-01 \
         --until {}-03-01 --party 林源木业=180=30000.00 --instalment {YEAR}-03-10=20000.00 --instalment {YEAR}-11-01=10000.00 \
         --document 采伐证5号",
        YEAR + 1
    );
    let pump = format!(
        "asset add BOOK --asset 泵-01 --name 灌溉水泵 --acquired-on {}-06-01 --keeper 韦立春 --place 村部 --quantity 2台",
        YEAR - 1
    );
    vec![
        types("kuaiji", village, &pond),
        types("kuaiji", village, &timber),
        types(CLERK, village, &pump),
        types("kuaiji", village, "lease accrue BOOK --lease YT1"),
        types("kuaiji", village, "lease receive BOOK --lease YT1 --amount 4760.55"),
    ]
}

/// October, before the rules run: what the contracts call for; and the card of the pump.
pub fn papers(village: &Village) -> Vec<Step> {
    if village.index != 2 {
        return Vec::new();
    }
    let book = &village.book;
    vec![
        types("shenji", village, &format!("lease warnings BOOK --on {YEAR}-10-20 --out out/{book}-合同提醒.xlsx")),
        types("shenji", village, &format!("asset show BOOK --asset 泵-01 --out out/{book}-泵-01-变动记录.xlsx")),
    ]
}
