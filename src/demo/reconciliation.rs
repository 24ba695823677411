//! The bank liaison officer's October: a bank's GBK file of 40 lines against the books of 枫林村.
//!
//! Pure. 32 lines match by themselves; 4 are near (a name the bank could not write, a date some days off); 2 are
//! each several vouchers; 1 is a fee nobody booked; 1 stays outstanding.

use encoding_rs::GB18030;

use super::{Step, YEAR};
use crate::calendar::BusinessDate;
use crate::money::Amount;

/// The village's book.
pub const BOOK: &str = "V900";
/// Its bank account.
pub const ACCOUNT: &str = "NS01";
const NUMBER: &str = "4599001012345678";
const OPENING: i64 = 10_000_000;

/// A line of the bank's file, and the vouchers that belong to it.
struct Line {
    day: u32,
    fen: i64,
    name: &'static str,
    summary: &'static str,
    /// (day, amount, name in the books) of each voucher.
    vouchers: Vec<(u32, i64, &'static str)>,
}

/// Names of the fictional households: solar terms, as everywhere in the demo.
const HOUSEHOLDS: [&str; 16] = [
    "韦立春",
    "莫雨水",
    "覃惊蛰",
    "蒙春分",
    "卢清明",
    "欧阳谷雨",
    "谭立夏",
    "袁小满",
    "韦芒种",
    "莫夏至",
    "覃小暑",
    "蒙大暑",
    "卢立秋",
    "谭处暑",
    "袁白露",
    "欧阳秋分",
];

/// As the bank writes them, and as they are.
const NEAR: [(&str, &str); 4] =
    [("王?", "王䶮"), ("扎西寒露", "扎西·寒露"), ("覃YAN霜降", "覃䶮霜降"), ("蒙\u{E863}立冬", "蒙𬭎立冬")];

/// The 40 lines in the order of the bank.
fn lines() -> Vec<Line> {
    let mut lines = Vec::new();
    let mut exact = |day: u32, fen: i64, name: &'static str, summary: &'static str| {
        lines.push(Line { day, fen, name, summary, vouchers: vec![(day, fen, name)] });
    };
    // Several identical instalments on one day are the normal case.
    for (index, name) in HOUSEHOLDS.into_iter().enumerate() {
        exact(21, if index % 4 == 3 { 60_694 } else { 43_604 }, name, "还息");
        exact(
            3 + index as u32,
            if index % 2 == 0 { 25_000 + index as i64 * 310 } else { -18_000 - index as i64 * 725 },
            name,
            if index % 2 == 0 { "承包费" } else { "劳务费" },
        );
    }
    for (index, (banks, ours)) in NEAR.into_iter().enumerate() {
        let (day, fen) = (10 + index as u32, 88_800 + index as i64 * 1_111);
        lines.push(Line { day, fen, name: banks, summary: "还款", vouchers: vec![(day + index as u32, fen, ours)] });
    }
    let several = |day: u32, name: &'static str, parts: &[i64]| Line {
        day,
        fen: parts.iter().sum(),
        name,
        summary: "货款",
        vouchers: parts.iter().map(|fen| (day, *fen, name)).collect(),
    };
    lines.push(several(24, "青禾县供销社", &[310_000, 125_050]));
    lines.push(several(25, "青禾县建材店", &[-200_000, -91_000, -8_880]));
    lines.push(Line { day: 30, fen: -1_500, name: "", summary: "账户管理费", vouchers: Vec::new() });
    lines.push(Line { day: 31, fen: 120_000, name: "青禾县粮站", summary: "来款", vouchers: Vec::new() });
    lines.sort_by_key(|line| line.day);
    lines
}

fn day(day: u32) -> BusinessDate {
    BusinessDate::from_ymd_opt(YEAR, 10, day).expect("days of October exist")
}

/// The bank's file: GBK, four title lines, 收 and 付, a total line.
fn bank_file() -> Vec<u8> {
    let mut text = format!(
        "青禾县农村商业银行股份有限公司\r\n账户明细对账单\r\n户名：枫林村股份经济合作社,账号：{NUMBER}\r\n查询期间：{} 至 {}\r\n\
         交易日期,摘要,收,付,余额,对方户名,对方账号,流水号\r\n",
        day(1),
        day(31)
    );
    let (mut balance, mut sums) = (OPENING, (0, 0));
    for (index, line) in lines().iter().enumerate() {
        balance += line.fen;
        let amount = Amount::from_fen(line.fen.abs()).grouped();
        let (plus, minus) = if line.fen > 0 { (amount, String::new()) } else { (String::new(), amount) };
        sums = (sums.0 + line.fen.max(0), sums.1 + (-line.fen).max(0));
        let (on, balance) = (day(line.day).format("%Y%m%d"), Amount::from_fen(balance).grouped());
        text += &format!("{on},{},\"{plus}\",\"{minus}\",\"{balance}\",{},,NS{YEAR}10{index:04}\r\n", line.summary, line.name);
    }
    let (plus, minus) = (Amount::from_fen(sums.0).grouped(), Amount::from_fen(sums.1).grouped());
    text += &format!("合计,,\"{plus}\",\"{minus}\",,,,\r\n");
    GB18030.encode(&text).0.into_owned()
}

/// A voucher of the month: number in the file, day, amount, name.
fn vouchers() -> Vec<(usize, u32, i64, &'static str, &'static str)> {
    let mut all: Vec<_> = lines()
        .iter()
        .flat_map(|line| line.vouchers.iter().map(|(day, fen, name)| (*day, *fen, *name, line.summary)).collect::<Vec<_>>())
        .collect();
    all.sort_by_key(|(day, ..)| *day);
    all.into_iter().enumerate().map(|(index, (day, fen, name, summary))| (index + 1, day, fen, name, summary)).collect()
}

fn voucher_file() -> Vec<u8> {
    let mut text = String::from("日期,凭证字号,摘要,科目编码,借方金额,贷方金额,附单据数\n");
    for (number, on, fen, name, summary) in vouchers() {
        let amount = Amount::from_fen(fen.abs());
        let (debit, credit) = if fen > 0 { ("102", "21102") } else { ("51301", "102") };
        let words = if fen > 0 { format!("收{name}{summary}") } else { format!("付{name}{summary}") };
        text += &format!(
            "{on},记-{number},{words},{debit},{amount},,1\n{on},记-{number},{words},{credit},,{amount},1\n",
            on = day(on)
        );
    }
    text.into_bytes()
}

/// The month as it is played: books, bank account, files, matching, papers, close.
pub fn steps() -> Vec<Step> {
    let mut steps = Vec::new();
    let command = |user: &'static str, words: &str| Step::Command {
        user,
        words: words.split_whitespace().map(str::to_owned).collect(),
        refused: None,
    };
    let file = |name: &str, bytes: Vec<u8>| Step::File { name: name.to_owned(), bytes };
    let (statement, period) = (format!("bank_{YEAR}-10_gbk.csv"), format!("{YEAR}-10"));
    let opening = Amount::from_fen(OPENING);
    steps.push(command("zhuguan", &format!("book add --kind village --from {period} --book {BOOK} --name 枫林村股份经济合作社")));
    steps.push(file(
        "V900-期初余额.csv",
        format!("科目编码,科目名称,借方余额,贷方余额\n102,银行存款,{opening},\n301,资本,,{opening}\n").into_bytes(),
    ));
    steps.push(command("kuaiji", &format!("book opening in/V900-期初余额.csv --book {BOOK}")));
    steps.push(file("V900-10月凭证.csv", voucher_file()));
    steps.push(command("kuaiji", &format!("voucher import in/V900-10月凭证.csv --book {BOOK} --submit")));
    steps.push(command("shenhe", &format!("voucher approve --book {BOOK} --period {period}")));
    steps.push(command("shenhe", &format!("voucher post --book {BOOK} --period {period}")));
    steps.push(command("zhuguan", &format!("bank add --account {ACCOUNT} --number {NUMBER} --bank 青禾农商行 --holder 枫林村股份经济合作社 --book {BOOK} --ledger-account 102 --from {}", day(1))));
    steps.push(file(&statement, bank_file()));
    let import = format!("bank import in/{statement} --account {ACCOUNT}");
    steps.push(command("xianban", &format!("{import} --template 青禾农商行网银")));
    steps.push(command("xianban", &import));
    steps.push(Step::Command {
        user: "kuaiji",
        words: words(&format!("period close --book {BOOK} --period {period}")),
        refused: Some("B-201"),
    });
    steps.push(command("xianban", &format!("reconcile run --account {ACCOUNT}")));
    steps.extend(by_hand(&period).into_iter().map(|line| command("xianban", &line)));
    steps.push(command(
        "xianban",
        &format!("reconcile rule --book {BOOK} --name 银行收费 --contains 管理费 --direction out --ledger-account 51301"),
    ));
    steps.push(command("kuaiji", &format!("reconcile propose --account {ACCOUNT}")));
    for (user, verb) in [("kuaiji", "submit"), ("shenhe", "approve"), ("shenhe", "post")] {
        steps.push(command(user, &format!("voucher {verb} --book {BOOK} --period {period}")));
    }
    steps.push(command("xianban", &format!("reconcile run --account {ACCOUNT}")));
    for (paper, name) in [("balance", "银行存款余额调节表"), ("age", "未达账项账龄表"), ("unmatched", "未匹配清单")]
    {
        let save = if paper == "balance" { " --save" } else { "" };
        steps.push(command(
            "xianban",
            &format!(
                "reconcile report --account {ACCOUNT} --period {period} --paper {paper}{save} --out out/{ACCOUNT}-{name}.xlsx"
            ),
        ));
    }
    steps.push(command("kuaiji", &format!("period close --book {BOOK} --period {period}")));
    steps
}

fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

/// The lines a person matches: near names, and several vouchers for one line.
fn by_hand(period: &str) -> Vec<String> {
    let (lines, vouchers) = (lines(), vouchers());
    let of_line = |line: &Line| -> Vec<String> {
        let entry = |(day, fen, name): &(u32, i64, &str)| {
            let found = vouchers.iter().find(|(_, on, sum, of, _)| (on, sum, of) == (day, fen, name)).map_or(0, |found| found.0);
            // The bank's side of a payment is the voucher's second line.
            format!("{period}-记-{found}#{}", if *fen > 0 { 1 } else { 2 })
        };
        line.vouchers.iter().map(entry).collect()
    };
    let chosen =
        lines.iter().enumerate().filter(|(_, line)| line.vouchers.len() > 1 || NEAR.iter().any(|(banks, _)| *banks == line.name));
    chosen
        .map(|(index, line)| {
            format!("reconcile match --account {ACCOUNT} --lines {} --entries {}", index + 1, of_line(line).join(","))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_lines_of_the_story() {
        let lines = lines();
        let count = |wanted: usize| lines.iter().filter(|line| line.vouchers.len() == wanted).count();
        assert_eq!((lines.len(), count(1), count(2) + count(3), count(0)), (40, 36, 2, 2));
        assert_eq!(by_hand("2025-10").len(), 6);
        assert_eq!(steps(), steps());
    }
}
