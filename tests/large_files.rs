//! Files of twenty megabytes, and small ones that unpack to more: every reader answers each with a result or a refusal, and
//! this process never holds more than the bound beside the file.
//!
//! What must be refused says by which code; where either will do, only that it ends counts.

#[path = "support/bombs.rs"]
mod bombs;
#[path = "support/readers.rs"]
mod readers;

use bombs::{Part, workbook};
use readers::{READERS, Reader, walk};

const SIZE: usize = 20 << 20;
/// The most this process may hold, MB; about 480 were measured, two readers at work.
const BOUND: usize = 700;

/// A head, then rows until the size is reached.
fn filled(head: &str, row: impl Fn(usize) -> String) -> Vec<u8> {
    let mut text = String::with_capacity(SIZE + 4_096);
    text.push_str(head);
    for n in 0.. {
        text.push_str(&row(n));
        if text.len() >= SIZE {
            break;
        }
    }
    text.into_bytes()
}

/// A head and a row of each kind of table that reads well.
fn good(kind: &str, n: usize) -> (&'static str, String) {
    match kind {
        "bank" => ("日期,收,付,摘要,对方户名", format!("2026-01-05,{}.00,,利息,户{n}", n + 1)),
        "voucher" => (
            "日期,凭证号,摘要,科目编码,借方金额,贷方金额",
            format!("2024-03-21,记-{n},卖粮,101,1.00,\n2024-03-21,记-{n},卖粮,501,,1.00"),
        ),
        // A leaf, and its parent again and again.
        "opening" => ("科目编码,方向,期初余额,往来", format!("10201,借,1.00,户{n}\n102,借,1.00,")),
        "account" => ("科目编码,科目名称,余额方向", format!("{},科目{n},借", 1_000_000 + n)),
        "place" => ("区划代码,名称,启用日期", format!("4599{n:08},村{n},2000-01-01")),
        "loan_list" => (
            "合同号,借款人,贷款余额,年利率,放款日期,到期日期,贷款状态,五级分类",
            format!("合同{n},户{n},{}.00,4.65,2022-01-05,2025-01-05,正常,正常", n + 1),
        ),
        "member" => ("辅助核算,编号,名称", format!("往来,H{n},户{n}")),
        "household" => ("户编号,村代码,姓名,身份证号,户类型,认定日期", {
            let born = chrono::NaiveDate::from_ymd_opt(1950, 1, 1).unwrap() + chrono::Days::new(n as u64 / 999);
            let id = resident_id(&born.to_string(), (n % 999 + 1) as u32);
            format!("H{n},459900101201,户{n},{id},脱贫户,2015-01-01")
        }),
        "loan_application" => {
            ("借据号,户编号,银行,申请金额,期限,用途,申请日期", format!("L{n},H{n},B1,50000,36,养牛,2022-01-05"))
        }
        "loan_fact" => ("借据号,日期,业务类型,金额", format!("L{n},2022-03-21,还款,1.00")),
        "subsidy_list" => ("借据号,贴息金额", format!("L{n},1.00")),
        "subsidy_elsewhere" => ("户编号,贴息起始日,贴息截止日", format!("H{n},2022-01-01,2022-03-31")),
        "payout_list" => ("编号,姓名,户名,账号,开户行,金额", format!("H{n},户{n},户{n},6217{n:012},农商行,5.00")),
        "payout_results" => ("序号,账号,状态", format!("{n},6217{n:012},成功")),
        other => unreachable!("no table is a {other}"),
    }
}

/// A resident id of the fictional county, born on a day.
fn resident_id(born: &str, serial: u32) -> String {
    let seventeen = format!("459900{}{serial:03}", born.replace('-', ""));
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = seventeen.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{seventeen}{}", ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'][sum as usize % 11])
}

/// What every reader is given of its own kind: good rows to the end, each with a long remark in a column nobody reads (so
/// that there are tens of thousands, not a million), and rows of nothing but problems.
fn of_kind(kind: &str) -> Vec<(&'static str, Vec<u8>, Option<&'static str>)> {
    let head = good(kind, 0).0;
    let columns = head.split(',').count();
    let bad = ["?"].repeat(columns).join(",") + "\n";
    let (remark, wide, head) = ("字".repeat(150), format!("{head},其他说明\n"), format!("{head}\n"));
    let row = |n| good(kind, n).1.lines().map(|line| format!("{line},{remark}\n")).collect::<String>();
    vec![("rows", filled(&wide, row), None), ("problems", filled(&head, |_| bad.clone()), None)]
}

/// What no reader of tables takes: one line and one cell without an end, one that is quoted.
fn endless() -> Vec<(&'static str, Vec<u8>, Option<&'static str>)> {
    vec![
        ("one line", filled("日期,摘要\n", |_| "1,".into()), Some("X-106")),
        ("one cell", filled("日期,摘要\n", |_| "长".into()), Some("X-107")),
        ("one quoted cell", filled("日期,摘要\n\"", |_| "字,\n".into()), Some("X-109")),
    ]
}

/// What only a bank's other formats have.
fn statements() -> Vec<(&'static str, Vec<u8>, Option<&'static str>)> {
    let mt940 = ":20:X\n:25:1\n:60F:C260101CNY1,\n";
    let camt = "<Document><BkToCstmrStmt><Stmt>";
    let entry = "<Ntry><Amt>1</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-01-01</Dt></BookgDt></Ntry>";
    vec![
        ("MT940: entries", filled(mt940, |n| format!(":61:2601020102C{n},NTRF\n")), None),
        ("MT940: words", filled(&format!("{mt940}:61:2601020102C1,NTRF\n"), |_| ":86:abc\n".into()), None),
        ("MT940: one word", filled(&format!("{mt940}:61:2601020102C1,NTRF\n:86:"), |_| "字".into()), None),
        ("MT940: tags", filled(mt940, |n| format!(":{:02}:\n", n % 100)), None),
        ("MT940: accounts", filled(mt940, |n| format!(":25:{n}\n:61:2601020102C1,NTRF\n")), Some("X-221")),
        ("camt: entries", filled(camt, |_| entry.into()), None),
        ("camt: depth", filled(camt, |_| "<a>".into()), Some("X-221")),
        ("camt: one text", filled(&format!("{camt}<Ntry><AddtlNtryInf>"), |_| "&amp;字".into()), None),
        ("camt: one tag", filled("<BkToCstmrStmt><", |_| "长".into()), None),
        ("camt: attributes", filled("<BkToCstmrStmt><Stmt", |n| format!(" a{n}=\"\"")), None),
        ("camt: statements", filled("<BkToCstmrStmt>", |_| "<Stmt></Stmt>".into()), Some("X-221")),
        ("OFX: entries", filled("<OFX><STMTRS>", |_| "<STMTTRN><DTPOSTED>20260101<TRNAMT>1</STMTTRN>".into()), None),
        ("OFX: depth", filled("<OFX>", |_| "<a>".into()), None),
        ("OFX: brackets", filled("<OFX>", |_| "<".into()), None),
    ]
}

/// Small workbooks that unpack to much.
fn unpacking() -> Vec<(&'static str, Vec<u8>, Option<&'static str>)> {
    let (begun, end) = ("<worksheet><sheetData>", "</sheetData></worksheet>");
    let none = || Part::plain("<sst></sst>");
    let rows = |count| Part::repeated(begun, "<row><c><v>1</v></c></row>", count, end);
    let cell = |piece: &str| {
        let head = format!("{begun}<row><c t=\"inlineStr\"><is><t>");
        Part::repeated(&head, piece, SIZE / piece.len(), &format!("</t></is></c></row>{end}"))
    };
    let texts = Part::repeated("<sst>", "<si><t>aaaaaaaa</t></si>", 4 << 20, "</sst>");
    let one_text = Part::repeated("<sst><si><t>", "a", 60 << 20, "</t></si></sst>");
    let named = Part::repeated(begun, "<row><c t=\"s\"><v>0</v></c></row>", 1_000, end);
    vec![
        ("rows without end", workbook(rows(1_100_000), none(), None), Some("X-106")),
        ("a worksheet of two gigabytes, so it says", workbook(rows(10), none(), Some(2 << 30)), Some("X-106")),
        ("a worksheet larger than it says", workbook(rows(400_000), none(), Some(1_000)), None),
        ("one cell", workbook(cell("aaaaaaaa"), none(), None), Some("X-106")),
        ("texts in texts", workbook(cell("<r><t>"), none(), None), None),
        ("shared texts", workbook(rows(10), texts, None), Some("X-106")),
        ("one shared text in every row", workbook(named, one_text, None), Some("X-106")),
    ]
}

/// The most memory this process held, MB.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse::<usize>().unwrap_or(0) / 1024
}

/// Reads a file and holds the answer and the memory against what they may be.
fn check(name: &str, bytes: &[u8], expected: Option<&str>, read: impl Fn(&[u8]) -> Result<(), String>) {
    let begun = std::time::Instant::now();
    let answer = read(bytes);
    println!("{name}: {} bytes, {} ms, peak {} MB, {answer:?}", bytes.len(), begun.elapsed().as_millis(), peak());
    if let Some(code) = expected {
        assert_eq!(answer.as_ref().map_err(String::as_str), Err(code), "{name}");
    }
    assert!(peak() < BOUND, "{name}: {} MB", peak());
}

fn each_of_its_kind((reader, kind, read): &(&str, &str, Reader)) {
    for (shape, bytes, expected) in of_kind(kind) {
        check(&format!("{reader}, {shape}"), &bytes, expected, read);
    }
}

/// One test, so that the memory measured is its own.
#[test]
fn twenty_megabytes_end_in_a_result_or_a_refusal() {
    // Two at a time: what every reader needs of memory is measured with another's.
    std::thread::scope(|scope| {
        for first in [0, 1] {
            scope.spawn(move || READERS.iter().skip(first).step_by(2).for_each(each_of_its_kind));
        }
    });
    for (shape, bytes, expected) in endless() {
        check(&format!("any table, {shape}"), &bytes, expected, |bytes| walk(bytes).1);
    }
    let (_, _, statement) = READERS[0];
    for (shape, bytes, expected) in statements() {
        check(shape, &bytes, expected, statement);
    }
    for (shape, bytes, expected) in unpacking() {
        check(&format!("workbook, {shape}"), &bytes, expected, |bytes| walk(bytes).1);
    }
}
