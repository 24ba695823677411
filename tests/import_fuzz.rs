//! No bytes make the readers panic, hang or grow: what they cannot read they refuse.
//!
//! `proptest` prints the failing input; its seed is kept beside this file.

#[path = "support/feed.rs"]
mod feed;
#[path = "support/readers.rs"]
mod readers;

use cunzhang::exchange::headings::Mapping;
use cunzhang::exchange::vouchers_in::{ImportOptions, read_vouchers};
use cunzhang::exchange::{Column, Sheet, write_csv, write_xlsx};
use cunzhang::ledger::BookCode;
use cunzhang::money::Amount;
use feed::feed;
use proptest::prelude::*;

fn sheet(rows: usize) -> Sheet {
    let columns = ["日期", "凭证字号", "摘要", "科目编码", "借方金额", "贷方金额"].map(|heading| Column::text(heading, heading));
    let mut sheet = Sheet::new("凭证", columns.to_vec());
    for n in 0..rows {
        let amount = Amount::from_fen(n as i64 + 1);
        sheet.push(vec!["2024-03-21".into(), format!("记-{n}").into(), "卖粮".into(), "101".into(), amount.into()]);
        sheet.push(vec![
            "2024-03-21".into(),
            format!("记-{n}").into(),
            "卖粮".into(),
            "501".into(),
            Default::default(),
            amount.into(),
        ]);
    }
    sheet
}

fn xlsx() -> Vec<u8> {
    let mut bytes = Vec::new();
    write_xlsx(&[sheet(3)], &mut bytes).unwrap();
    bytes
}

fn csv() -> Vec<u8> {
    let mut bytes = Vec::new();
    write_csv(&sheet(3), &mut bytes).unwrap();
    bytes
}

/// Replaces, cuts and doubles pieces of a good file.
fn damaged(good: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let length = good.len();
    let edits = prop::collection::vec((0..length, any::<u8>(), 0..4u8), 1..12);
    (Just(good), edits).prop_map(|(mut bytes, edits)| {
        for (at, byte, what) in edits {
            let at = at.min(bytes.len().saturating_sub(1));
            match what {
                0 | 1 if !bytes.is_empty() => bytes[at] = byte,
                2 => bytes.truncate(at),
                _ => bytes.insert(at, byte),
            }
        }
        bytes
    })
}

/// Text that looks like a table: known headings, amounts, dates, quotation marks, delimiters, other scripts.
fn table_like() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "日期",
        "凭证字号",
        "摘要",
        "科目编码",
        "科目名称",
        "借方金额",
        "贷方金额",
        "方向",
        "金额",
        "合计",
        "本页小计",
        "2024-03-21",
        "20240230",
        "45372",
        "1,234.56",
        "-5",
        "9999999999999999",
        "999999999999.99",
        "记-1",
        "收0002",
        "101",
        "\"",
        "'",
        "=1+1",
        "#REF!",
        "6.2E+17",
        "吉克·阿依",
        "\u{FEFF}",
        "𠮷",
        "",
        " ",
        "余额方向",
        "区划代码",
        "名称",
        "459901101201",
    ]);
    let delimiter = prop::sample::select(vec![",", "\t", ";", "|", "\n", "\r\n", "\r"]);
    prop::collection::vec((word, delimiter), 0..120)
        .prop_map(|parts| parts.into_iter().flat_map(|(word, end)| [word, end]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        feed(&bytes);
    }

    #[test]
    fn any_bytes_behind_a_known_beginning(mark in 0..6usize, bytes in prop::collection::vec(any::<u8>(), 0..1_200)) {
        let marks: [&[u8]; 6] = [b"PK\x03\x04xl/workbook", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1W\0o\0r\0k\0b\0o\0o\0k\0", b"\xFF\xFE", b"\xFE\xFF", b"\xEF\xBB\xBF", b"PK\x01\x02"];
        feed(&[marks[mark], &bytes[..]].concat());
    }

    #[test]
    fn damaged_workbooks(bytes in damaged(xlsx())) {
        feed(&bytes);
    }

    #[test]
    fn damaged_text(bytes in damaged(csv())) {
        feed(&bytes);
    }

    #[test]
    fn tables_of_every_shape(text in table_like()) {
        feed(text.as_bytes());
        feed(&encoding_rs::GB18030.encode(&text).0);
    }

    #[test]
    fn any_mapping(text in "(日期|account|摘要)?[=,＝#]?.{0,12}\n?.{0,12}") {
        if let Ok(mapping) = Mapping::parse(&text) {
            let options = ImportOptions { mapping, ..ImportOptions::default() };
            let _ = read_vouchers(&csv(), &BookCode::from("V001"), &options, &|code, _| Ok(code.into()));
        }
    }
}

/// Files that were chosen or found to be hard, kept beside the tests: every reader sees each of them every time.
#[test]
fn kept_files_are_read_or_refused() {
    let mut seen = 0;
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/damaged")).unwrap() {
        let begun = std::time::Instant::now();
        feed(&std::fs::read(entry.unwrap().path()).unwrap());
        assert!(begun.elapsed().as_secs() < 10);
        seen += 1;
    }
    assert!(seen >= 11, "{seen} files");
}

#[test]
fn good_files_are_read() {
    for bytes in [xlsx(), csv()] {
        let read = read_vouchers(&bytes, &BookCode::from("V001"), &ImportOptions::default(), &|code, _| Ok(code.into())).unwrap();
        assert_eq!((read.vouchers.len(), read.problems.len()), (3, 0));
    }
}
