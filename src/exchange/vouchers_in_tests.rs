//! Cases of voucher files: the same rows in every format, twins, totals, and what is refused.

use super::*;
use crate::exchange::problems::RowReason;
use crate::exchange::sheet::{Cell, Column, Sheet};
use crate::exchange::write_xlsx;
use crate::ledger::AccountCode;

fn chart(code: &str, name: &str) -> Result<AccountCode, RowReason> {
    match (code, name) {
        ("101", _) | ("", "现金") => Ok("101".into()),
        ("10201", _) => Ok("10201".into()),
        ("501", _) | ("", "经营收入") => Ok("501".into()),
        ("102", _) => Err(RowReason::NotLeaf("102".into())),
        _ => Err(RowRefusal::UnknownAccount { code: code.to_owned(), name: name.to_owned() }.into()),
    }
}

fn read(bytes: &[u8]) -> VouchersIn {
    read_vouchers(bytes, &BookCode::from("V001"), &ImportOptions::default(), &chart).unwrap()
}

fn codes(read: &VouchersIn) -> Vec<(u64, &str)> {
    read.problems.iter().map(|problem| (problem.row, problem.code.as_str())).collect()
}

const HEAD: &str = "日期,凭证字号,摘要,科目编码,科目名称,借方金额,贷方金额,往来,附单据张数\n";

fn office_file() -> String {
    format!(
        "示例县示例镇示例村股份经济合作社\n记账凭证序时簿\n2024年3月,金额单位:元\n制表:会计\n{HEAD}{}",
        "2024-03-21,记-1,卖粮,101,现金,\"1,234.56\",,,2\n,,,501,经营收入,,\"1,234.56\",吉克·阿依,\n\
         2024-03-22,记-2,存现,10201,农行,1000,,,\n2024-03-22,记-2,存现,101,现金,,1000.00,,\n\
         ,,合计,,,\"2,234.56\",\"2,234.56\",,\n会计主管: 记账: 制单:\n"
    )
}

#[test]
fn gbk_csv_with_title_lines_equals_xlsx() {
    let text = office_file();
    let gbk = encoding_rs::GB18030.encode(&text).0.into_owned();
    let mut sheet = Sheet::new("示例县示例镇示例村股份经济合作社", Vec::new())
        .subtitle("记账凭证序时簿")
        .subtitle("2024年3月")
        .subtitle("制表:会计");
    sheet.columns = HEAD.trim().split(',').map(|heading| Column::text(heading, heading)).collect();
    let day = |d| Cell::Date(BusinessDate::from_ymd_opt(2024, 3, d).unwrap());
    let money = |fen| Cell::Amount(Amount::from_fen(fen));
    sheet.rows = vec![
        vec![
            day(21),
            "记-1".into(),
            "卖粮".into(),
            Cell::Count(101),
            "现金".into(),
            money(123_456),
            Cell::Empty,
            Cell::Empty,
            Cell::Count(2),
        ],
        vec![
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            "501".into(),
            "经营收入".into(),
            Cell::Empty,
            money(123_456),
            "吉克·阿依".into(),
        ],
        vec![day(22), "记-2".into(), "存现".into(), "10201".into(), "农行".into(), money(100_000)],
        vec![day(22), "记-2".into(), "存现".into(), "101".into(), "现金".into(), Cell::Empty, money(100_000)],
    ];
    sheet.foot = vec![vec![Cell::Empty, Cell::Empty, "合计".into(), Cell::Empty, Cell::Empty, money(223_456), money(223_456)]];
    let mut xlsx = Vec::new();
    write_xlsx(&[sheet], &mut xlsx).unwrap();
    let (from_csv, from_xlsx) = (read(&gbk), read(&xlsx));
    assert_eq!(codes(&from_csv), []);
    assert_eq!(from_csv.vouchers, from_xlsx.vouchers);
    assert_eq!(from_csv.vouchers.len(), 2);
    let first = &from_csv.vouchers[0];
    assert_eq!((first.file_number.as_str(), first.rows, first.voucher.paper_attachments), ("记-1", (6, 7), 2));
    assert_eq!(first.voucher.lines[1].summary, "卖粮");
    assert_eq!(first.voucher.lines[1].dimensions.party.as_deref(), Some("吉克·阿依"));
    assert_eq!(from_csv.warnings.len(), 1, "the line of signatures is reported, not imported");
    assert_eq!(from_csv.table.head_row, 5);
}

#[test]
fn equal_vouchers_get_two_keys_and_the_same_file_the_same() {
    let twins = format!("{HEAD}{}", "2024-03-21,,卖粮,101,,5,,,\n2024-03-21,,卖粮,501,,,5,,\n".repeat(2));
    let (first, again) = (read(twins.as_bytes()), read(twins.as_bytes()));
    let keys = |read: &VouchersIn| read.vouchers.iter().map(|v| v.voucher.source_key.clone().unwrap()).collect::<Vec<_>>();
    assert_eq!(keys(&first).len(), 2);
    assert_ne!(keys(&first)[0], keys(&first)[1]);
    assert_eq!(keys(&first), keys(&again));
    let more = format!("标题\n\n{twins}2024-03-21,,卖粮,101,,6,,,\n2024-03-21,,卖粮,501,,,6,,\n");
    assert_eq!(keys(&read(more.as_bytes()))[..2], keys(&first));
}

#[test]
fn rows_of_one_number_belong_together_wherever_they_stand() {
    let text = format!(
        "{HEAD}2024-03-21,记1,a,101,,5,,,\n2024-03-21,记2,b,101,,6,,,\n2024-03-21,记1,a,501,,,5,,\n2024-03-21,记2,b,501,,,6,,\n"
    );
    let read = read(text.as_bytes());
    assert_eq!(codes(&read), []);
    assert_eq!(read.vouchers.iter().map(|v| v.rows).collect::<Vec<_>>(), [(2, 4), (3, 5)]);
}

#[test]
fn amount_and_side_in_two_columns() {
    let text = "日期;字;号;摘要;科目;方向;金额\n20240321;收;3;卖粮;现金;借;5万元\n20240321;收;3;卖粮;经营收入;贷;50000\n";
    let read = read(text.as_bytes());
    assert_eq!(codes(&read), []);
    assert_eq!((read.vouchers[0].voucher.word, read.vouchers[0].file_number.as_str()), (Word::Receipt, "收-3"));
    assert_eq!(read.vouchers[0].voucher.lines[0].debit, Amount::from_yuan(50_000));
}

#[test]
fn every_problem_is_named_with_its_place() {
    let text = format!(
        "{HEAD}{}",
        "2024-13-01,记-1,a,999,无,abc,,,两张\n\
         2024-03-01,记-2,a,102,银行存款,5,,,\n2024-03-01,记-2,a,501,,,5,,\n\
         2024-03-01,记-3,a,101,,5,5,,\n2024-03-01,记-4,a,101,,5,,,\n2024-03-01,记-4,a,501,,,4.99,,\n\
         2024-03-01,凭-5,a,,,1.005,,6.21E+17,\n2024-03-02,记-6,a,101,,5,,,\n2024-03-02,记-6,a,501,,,5,,\n合计,,,,,99,99,,\n"
    );
    let read = read(text.as_bytes());
    let expected = [
        (2, "X-121"),
        (2, "X-125"),
        (2, "A-102"),
        (2, "X-135"),
        (3, "X-126"),
        (5, "X-123"),
        (6, "L-101"),
        (8, "X-129"),
        (8, "X-124"),
        (8, "A-103"),
        (8, "X-128"),
        (11, "X-130"),
    ];
    assert_eq!(codes(&read), expected);
    assert_eq!(read.problems[0].column, "日期");
    assert_eq!((read.vouchers.len(), read.refused_vouchers), (1, 5));
    assert!(read.problems[0].to_string().starts_with("第 2 行“日期”列 [X-121] “2024-13-01”不是日期"));
}

#[test]
fn page_totals_and_grand_totals_are_compared() {
    let pair = "2024-03-01,记-1,a,101,,5,,,\n,,,501,,,5,,\n";
    let next = "2024-03-01,记-2,a,101,,7,,,\n,,,501,,,7,,\n";
    let good = format!("{HEAD}{pair}本页小计,,,,,5,5,,\n{next}本页小计,,,,,7,7,,\n承前页,,,,,5,5,,\n合 计,,,,,12.00,12.00,,\n");
    assert_eq!(codes(&read(good.as_bytes())), []);
    let bad = format!("{HEAD}{pair}{next}总计:,,,,,12.00,12.01,,\n");
    assert_eq!(codes(&read(bad.as_bytes())), [(6, "X-130")]);
}

#[test]
fn files_that_are_no_vouchers_are_refused_with_what_was_seen() {
    let refused =
        |text: &str| read_vouchers(text.as_bytes(), &BookCode::from("V001"), &ImportOptions::default(), &chart).unwrap_err();
    let missing = refused("日期,摘要,借方,会计\n2024-01-01,a,1,b\n");
    assert!(
        missing.code == "X-111" && missing.message_zh.contains("科目编码或科目名称") && missing.message_zh.contains("会计"),
        "{missing}"
    );
    assert_eq!(refused("今天天气好\n").code, "X-110");
    assert_eq!(refused(HEAD).code, "X-115");
    assert_eq!(refused("日期,科目,借方,贷方,借方\n1,2,3,4,5\n").code, "X-112");
}
