//! The demo's village that comes late: its books of 2023 stand on the chart of 2004 and are brought to the chart of 2023 by a
//! work sheet (转账工作底稿), shown first and then carried out.
//!
//! 1. The sheet is made before the year is closed; the close does what the sheet says.

use super::Step;

/// The book.
pub const BOOK: &str = "V901";

fn typed(user: &'static str, line: &str, more: &[&str]) -> Step {
    let words = line.split_whitespace().chain(more.iter().copied()).map(str::to_owned).collect();
    Step::Command { user, words, refused: None }
}

/// Its last month, the sheet, the close.
pub fn steps() -> Vec<Step> {
    let at = format!("--book {BOOK}");
    let mut steps =
        vec![typed("zhuguan", &format!("book add {at} --kind village --from 2023-12"), &["--name", "柳塘乡旧村股份经济合作社"])];
    let vouchers = [
        ("102 debit 30000.00 收到成员集资", "301 credit 30000.00 收到成员集资"),
        ("151 debit 8000.00 购办公设备", "102 credit 8000.00 购办公设备"),
        ("112 debit 500.00 借支差旅费", "102 credit 500.00 借支差旅费"),
    ];
    for (debit, credit) in vouchers {
        let line = format!("voucher add {at} --date 2023-12-05 --attachments 1 --submit");
        steps.push(typed("kuaiji", &line, &["--line", debit, "--line", credit]));
    }
    steps.push(typed("shenhe", &format!("voucher approve {at} --period 2023-12"), &[]));
    steps.push(typed("shenhe", &format!("voucher post {at} --period 2023-12"), &[]));
    for ending in ["xlsx", "pdf"] {
        steps.push(typed("kuaiji", &format!("book convert {at} --year 2023 --out out/{BOOK}-转账工作底稿.{ending}"), &[]));
    }
    steps.push(typed("zhuguan", &format!("year close {at} --year 2023"), &[]));
    steps
}
