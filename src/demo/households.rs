//! The demo's information side: whom to call, a notice to all villages and who has read it, wages from elsewhere taken in,
//! incomes and signals at the year's end.
//!
//! 1. The same scale gives the same commands and files.

use super::{Step, YEAR};

/// Households whose wages are known.
const WAGED: i64 = 60;

fn typed(user: &'static str, line: &str, more: &[&str]) -> Step {
    let words = line.split_whitespace().chain(more.iter().copied()).map(str::to_owned).collect();
    Step::Command { user, words, refused: None }
}

/// The telephones of supervision, of the county and of every township.
pub fn founding(townships: &[String]) -> Vec<Step> {
    let contact = |place: &str, office: &str, phone: &str| {
        let line =
            format!("disclosure contact-add --place {place} --from {YEAR}-01-02 --office {office} --phone {phone} --document");
        typed("xianban", &line, &["青农字〔2025〕1号"])
    };
    let county = contact("459900000000", "县农业农村局", "0999-7000000");
    let of_township = (1..).zip(townships).map(|(n, place)| contact(place, "镇纪委监督室", &format!("0999-70000{n:02}")));
    std::iter::once(county).chain(of_township).collect()
}

/// March: all villages are told to publish their quarter, and one of them has read it.
pub fn notice() -> Vec<Step> {
    let words = "四月十五日前公开一季度财务状况、收益和债权债务。";
    vec![
        typed("xianban", "notice send", &["--title", "一季度财务公开", "--text", words]),
        typed("baozhang", "notice seen --book V001 --notice 1", &[]),
    ]
}

/// After the year: wages from elsewhere, one household without them, another whose list was sent twice.
pub fn year_end() -> Vec<Step> {
    let mut text = String::from("户编号,到账日期,收入类别,项目,金额,发放单位,备注\n");
    for n in 1..=WAGED {
        let before = 18_000 + n * 200;
        let now = if n == 7 { 6_000 } else { before + 900 };
        text.push_str(&format!("H{n:05},{}-12-20,工资性收入,县外务工,{before}.00,务工企业,\n", YEAR - 1));
        text.push_str(&format!("H{n:05},{YEAR}-12-20,工资性收入,县外务工,{now}.00,务工企业,\n"));
    }
    let name = format!("农户务工收入-{YEAR}.csv");
    let take = format!("household income-import in/{name}");
    vec![
        Step::File { name, bytes: text.into_bytes() },
        typed("xianban", &format!("{take} --dry-run"), &[]),
        typed("xianban", &take, &[]),
        typed("xianban", &take, &[]),
        typed("shenji", &format!("household incomes --year {YEAR} --out out/农户收入登记.xlsx"), &[]),
        typed("shenji", &format!("household incomes --year {YEAR} --by village --out out/分村收入汇总.xlsx"), &[]),
        typed("shenji", "household income H00007 --out out/农户收入明细-H00007.xlsx", &[]),
        typed("shenji", "household warnings --out out/农户监测预警.xlsx", &[]),
        typed("shenji", "notice outbox --out out/通知签收情况.xlsx", &[]),
    ]
}
