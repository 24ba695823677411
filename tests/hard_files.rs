//! Files made to be hard: small ones that ask for much memory or much time. Every reader reads or refuses each of them.
//!
//! Each file is about as large as `CUNZHANG_HARD_MB` says (half unless it is set; 20 was tried by hand): what grows faster
//! than its file does not come to an end here. One test, so that the memory measured is its own.

#[path = "support/feed.rs"]
mod feed;
#[path = "support/readers.rs"]
mod readers;

use std::collections::BTreeMap;

use cunzhang::exchange::compound_file::wrapped;
use cunzhang::exchange::rows_in::{Limits, ReadOptions, for_each_row};
use cunzhang::exchange::{Column, Sheet, write_xlsx};
use feed::feed;

fn size() -> usize {
    std::env::var("CUNZHANG_HARD_MB").ok().and_then(|text| text.parse::<usize>().ok()).map_or(1 << 19, |mb| mb << 20)
}

fn repeated(head: &str, row: impl Fn(usize) -> String) -> Vec<u8> {
    let mut text = head.to_owned();
    for n in 0.. {
        text.push_str(&row(n));
        if text.len() >= size() {
            break;
        }
    }
    text.into_bytes()
}

/// A table of every kind the readers know, with all its columns: the same row again and again, and ever other rows.
fn tables() -> Vec<(String, Vec<u8>)> {
    let mut kinds: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for line in include_str!("../src/exchange/headings.csv").lines().skip(1) {
        let mut parts = line.split(',');
        let (Some(kind), Some(field), Some(heading)) = (parts.next(), parts.next(), parts.next()) else { continue };
        let fields = kinds.entry(kind).or_default();
        if !line.starts_with('#') && fields.iter().all(|(known, _)| *known != field) {
            fields.push((field, heading));
        }
    }
    let mut made = Vec::new();
    for (kind, fields) in kinds {
        let head = fields.iter().map(|(_, heading)| *heading).collect::<Vec<_>>().join(",") + "\n";
        for varied in [0, 1] {
            let row = |n: usize| fields.iter().map(|(field, _)| value(field, n * varied)).collect::<Vec<_>>().join(",") + "\n";
            made.push((format!("{kind}, {}", ["the same row", "other rows"][varied]), repeated(&head, row)));
        }
    }
    made
}

fn value(field: &str, n: usize) -> String {
    let is = |words: &[&str]| words.iter().any(|word| field.contains(word));
    match () {
        () if is(&["date", "_on", "from", "through"]) => format!("{}-{:02}-{:02}", 1990 + n % 60, 1 + n % 12, 1 + n % 28),
        () if is(&["amount", "debit", "credit", "balance", "money", "standard", "principal", "interest"]) => format!("{}.50", n),
        () if field == "id_number" => format!("4599001990{:08}", n),
        () if field == "household" => "H1".to_owned(),
        () => format!("{}", 101 + n),
    }
}

fn texts() -> Vec<(&'static str, Vec<u8>)> {
    let long = "长".repeat(10_000);
    let accounts: String = (0..1_000).map(|n| format!(":25:{}{n:04}\n:60F:C260101CNY1,\n", "9".repeat(size() / 3_000))).collect();
    let entry = |n: usize| format!(":61:2601020102C{n},NTRF\n");
    vec![
        ("a voucher that never balances", repeated("日期,摘要,科目编码,借方金额,贷方金额\n", |_| "2024-01-01,x,101,1,\n".into())),
        (
            "one long summary for all rows",
            repeated(&format!("日期,摘要,科目编码,借方金额,贷方金额\n2024-01-01,{long},101,1,\n"), |_| {
                ",,101,1,\n".into()
            }),
        ),
        ("nothing but problems", repeated("交易日期,收入,支出,余额,摘要\n", |_| "x,y,z,w,\n".into())),
        ("quotation marks", repeated("日期,摘要\n", |_| "\"\"\"".into())),
        ("commas", repeated("", |_| ",".into())),
        ("line ends", repeated("日期\n", |_| "\n".into())),
        ("one cell", repeated("日期,", |_| "长".into())),
        ("words behind one entry", repeated(":20:X\n:25:1\n:60F:C260101CNY1,\n:61:2601020102C1,NTRF\n", |_| ":86:abc\n".into())),
        (
            "names behind one entry",
            repeated(":20:X\n:25:1\n:60F:C260101CNY1,\n:61:2601020102C1,NTRF\n", |_| ":86:?32ab\n".into()),
        ),
        ("accounts that begin alike", repeated(&format!(":20:X\n:60F:C260101CNY1,\n{accounts}"), entry)),
        ("attributes of one tag", repeated("<Document><BkToCstmrStmt><Stmt", |n| format!(" a{n}=\"\""))),
        ("tags in each other", repeated("<Document><BkToCstmrStmt>", |_| "<Stmt>".into())),
        ("one text of a tag", repeated("<Document><BkToCstmrStmt><Stmt><Ntry><AddtlNtryInf>", |_| "&amp;字".into())),
        ("entries without end", repeated("<Document><BkToCstmrStmt><Stmt>", |_| "<Ntry><Amt>1</Amt>".into())),
        ("tags that do not close", repeated("<OFX>", |_| "<".into())),
        ("entries of nothing", repeated("<OFX><STMTRS>", |_| "<STMTTRN><DTPOSTED>20260101<TRNAMT>1</STMTTRN>".into())),
    ]
}

/// A directory of a zip whose entries carry fields without end.
fn directory() -> Vec<u8> {
    let mut bytes = b"PK\x03\x04xl/workbook".to_vec();
    while bytes.len() < size() {
        let mut entry = b"PK\x01\x02".to_vec();
        entry.resize(46, 0);
        entry[24..28].fill(0xFF);
        entry[28] = 1;
        entry[30..32].fill(0xFF);
        entry.push(b'a');
        bytes.extend(entry);
    }
    bytes
}

/// One long text, named in every row.
fn one_text() -> Vec<u8> {
    let mut sheet = Sheet::new("凭证", vec![Column::text("a", "日期"), Column::text("b", "摘要")]);
    sheet.rows = vec![vec!["2024-01-01".into(), "长".repeat(10_000).into()]; 400];
    let mut bytes = Vec::new();
    write_xlsx(&[sheet], &mut bytes).unwrap();
    bytes
}

fn record(out: &mut Vec<u8>, kind: u16, content: &[u8]) {
    out.extend(kind.to_le_bytes());
    out.extend((content.len() as u16).to_le_bytes());
    out.extend(content);
}

/// An xls of worksheets that begin at the places given by their number, with these records each.
fn xls(sheets: usize, apart: bool, texts: &[u8], cells: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let begin = |out: &mut Vec<u8>, kind: u16| {
        record(out, 0x0809, &[0x0600_u16, kind, 0x0DBB, 0x07CC, 0, 0, 6, 0].map(u16::to_le_bytes).concat());
    };
    let mut sheet = Vec::new();
    begin(&mut sheet, 0x10);
    cells.iter().for_each(|(kind, content)| record(&mut sheet, *kind, content));
    record(&mut sheet, 0x000A, &[]);
    let mut out = Vec::new();
    begin(&mut out, 5);
    record(&mut out, 0x00FC, &[&[0; 8], texts].concat());
    let first = out.len() + sheets * 14 + 4;
    for n in 0..sheets {
        let place = first + if apart { n * sheet.len() } else { 0 };
        record(
            &mut out,
            0x0085,
            &[&(place as u32).to_le_bytes()[..], &[0, 0, 2, 0], format!("{:02}", n % 100).as_bytes()].concat(),
        );
    }
    record(&mut out, 0x000A, &[]);
    assert_eq!(out.len(), first);
    (0..if apart { sheets } else { 1 }).for_each(|_| out.extend(&sheet));
    wrapped(out)
}

fn cell(kind: u16, row: u16, column: u16, rest: &[u8]) -> (u16, Vec<u8>) {
    (kind, [&row.to_le_bytes()[..], &column.to_le_bytes(), &[0, 0], rest].concat())
}

fn workbooks() -> Vec<(&'static str, Vec<u8>)> {
    let number = |row, column| cell(0x027E, row, column, &[3, 0, 0, 0]);
    let corners = vec![number(0, 0), number(u16::MAX, u16::MAX)];
    let wide = vec![number(0, 0), number(60_000, 255)];
    let stated = [(0x0200, [0_u32, u32::MAX].map(u32::to_le_bytes).concat()), number(0, 0)];
    let stated = vec![(stated[0].0, [&stated[0].1[..], &[0, 0, 0xFF, 0xFF, 0, 0]].concat()), stated[1].clone()];
    let text = [&50_000_u16.to_le_bytes()[..], &[0]].concat().into_iter().chain(vec![b'a'; 50_000]).collect::<Vec<u8>>();
    let labels = (0..60_000).map(|row| cell(0x00FD, row, 0, &[0; 4])).collect::<Vec<_>>();
    // A formula of nothing but names of worksheets.
    let reference = [0x3A, 0, 0, 0, 0, 0, 0].repeat(1_000);
    let formula = [&[0; 14][..], &(reference.len() as u16).to_le_bytes(), &reference].concat();
    let formulas = (0..(size() / 7_100) as u16).map(|row| cell(0x0006, row, 0, &formula)).collect::<Vec<_>>();
    let many = size() / 30;
    vec![
        ("two cells far apart", xls(1, true, &[], &corners)),
        ("many worksheets of two cells", xls(200, true, &[], &wide)),
        ("a stated size", xls(1, true, &[], &stated)),
        ("a long text in every row", xls(1, true, &text, &labels)),
        ("formulas", xls(1, true, &[], &formulas)),
        ("worksheets at one place", xls(many, false, &[], &vec![number(0, 0); many])),
    ]
}

#[test]
fn hard_files_are_read_or_refused() {
    let named = texts().into_iter().chain(workbooks()).map(|(name, bytes)| (name.to_owned(), bytes));
    let others = [("a directory".to_owned(), directory()), ("one text in every row".to_owned(), one_text())];
    for (name, bytes) in named.chain(others).chain(tables()) {
        let begun = std::time::Instant::now();
        feed(&bytes);
        println!("{name}: {} bytes, {} ms, peak {} MB", bytes.len(), begun.elapsed().as_millis(), peak());
    }
    assert!(peak() < 250 + 100 * (size() >> 20), "peak memory {} MB", peak());
}

/// The most memory this process held, MB.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse::<usize>().unwrap_or(0) / 1024
}

/// What asks for more than it may have is refused by name, not by chance.
#[test]
fn refusals_say_which_bound() {
    let code = |bytes: &[u8]| for_each_row(bytes, &ReadOptions::default(), &mut |_| Ok(())).unwrap_err().code;
    for (name, bytes) in workbooks() {
        match name {
            "a stated size" | "formulas" => {
                let mut rows = 0;
                for_each_row(&bytes, &ReadOptions::default(), &mut |_| {
                    rows += 1;
                    Ok(())
                })
                .unwrap();
                assert!(rows >= 1, "{name}");
            }
            "worksheets at one place" => assert_eq!(code(&bytes), "X-107", "{name}"),
            _ => assert_eq!(code(&bytes), "X-106", "{name}"),
        }
    }
    let limits = Limits { text_bytes: 1 << 20, ..Limits::default() };
    let refused = for_each_row(&one_text(), &ReadOptions { limits, ..ReadOptions::default() }, &mut |_| Ok(()));
    assert_eq!(refused.unwrap_err().code, "X-106");
}
