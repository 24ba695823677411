//! The demo's merger: a hamlet with a book of its own for two months goes into the sixth village on the first of July; its book
//! ends, what it stood at is handed over, and nothing of it is mixed.
//!
//! 1. The same month gives the same commands.

use super::files::{self, Opening, table};
use super::village::Village;
use super::{Step, YEAR};
use crate::db::Failure;

const BOOK: &str = "V291";
const NAME: &str = "青溪镇新坪村股份经济合作社";

/// What is done in a month; nothing outside the sixth village.
pub fn steps(month: u32, village: &Village) -> Result<Vec<Step>, Failure> {
    match month {
        _ if village.index != 5 => Ok(Vec::new()),
        5 => founded(village),
        6 => Ok(closed()),
        7 => Ok(merged(village)),
        _ => Ok(Vec::new()),
    }
}

fn types(user: &'static str, line: &str, refused: Option<&'static str>) -> Step {
    Step::Command { user, words: line.split_whitespace().map(str::to_owned).collect(), refused }
}

fn founded(village: &Village) -> Result<Vec<Step>, Failure> {
    let place = format!("{}291", &village.place[..9]);
    let heads = [("place", "区划代码"), ("name", "名称"), ("valid_from", "启用日期")];
    let rows = vec![vec![place.clone(), "新坪村".to_owned(), "2020-01-01".to_owned()]];
    let opening = [Opening::new("102", "银行存款", true, 36_000), Opening::new("301", "资本", false, 36_000)];
    let voucher = format!("voucher add --book {BOOK} --date {YEAR}-05-20 --attachments 1 --submit");
    let mut words: Vec<String> = voucher.split_whitespace().map(str::to_owned).collect();
    for line in ["102 debit 1200.00 收到运转补助 fund_class=村办公经费", "50301 credit 1200.00 收到运转补助"] {
        words.extend(["--line".to_owned(), line.to_owned()]);
    }
    Ok(vec![
        Step::File { name: "新坪村区划.xlsx".to_owned(), bytes: table("青禾县区划", &heads, rows)? },
        types("xianban", "place import in/新坪村区划.xlsx", None),
        types("zhuguan", &format!("book add --kind village --from {YEAR}-05 --book {BOOK} --name {NAME} --place {place}"), None),
        Step::File { name: format!("{BOOK}-期初余额.xlsx"), bytes: files::openings(NAME, &opening)? },
        types("kuaiji", &format!("book opening in/{BOOK}-期初余额.xlsx --book {BOOK}"), None),
        Step::Command { user: "kuaiji", words, refused: None },
        types("shenhe", &format!("voucher approve --book {BOOK} --period {YEAR}-05"), None),
        types("shenhe", &format!("voucher post --book {BOOK} --period {YEAR}-05"), None),
        types("kuaiji", &format!("period close --book {BOOK} --period {YEAR}-05"), None),
    ])
}

fn closed() -> Vec<Step> {
    vec![
        types("kuaiji", &format!("period transfer --book {BOOK} --period {YEAR}-06"), None),
        types("kuaiji", &format!("period close --book {BOOK} --period {YEAR}-06 --reason 撤并前结账"), None),
    ]
}

fn merged(village: &Village) -> Vec<Step> {
    let merge = |day: &str| {
        format!("book merge --into {} --from {BOOK} --on {YEAR}-07-{day} --document 青政函〔{YEAR}〕6号", village.book)
    };
    vec![
        types("zhuguan", &merge("02"), Some("B-301")),
        types("zhuguan", &merge("01"), None),
        types("kuaiji", &format!("period reopen --book {BOOK} --period {YEAR}-06 --reason 补记"), Some("N-103")),
        types("zhuguan", &format!("period reopen --book {BOOK} --period {YEAR}-06 --reason 补记"), Some("L-213")),
        types("kuaiji", &format!("period close --book {BOOK} --period {YEAR}-07 --reason 撤并移交"), None),
        types("shenji", "book mergers --out out/撤并登记簿.xlsx", None),
    ]
}
