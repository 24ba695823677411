//! Statements of many banks' layouts, imported to the same lines; what does not follow is named; no bytes break a reader.

mod support;

use cunzhang::exchange::bank_statement::{
    BankOptions, DebitMeans, StatementFile, StatementLine, Template, read_statement, template,
};
use cunzhang::exchange::headings::Mapping;
use cunzhang::exchange::rows_in::ReadOptions;
use proptest::prelude::*;
use support::statements::{OWN, debit_credit, layouts, month, newest_first, old_workbook, savings_bank};

fn read(bytes: &[u8]) -> StatementFile {
    read_statement(bytes, &BankOptions::default()).unwrap_or_else(|refusal| panic!("{refusal}"))
}

/// S10-A1: the GBK file with title lines, the workbook of it and every other layout give the same lines.
#[test]
fn every_layout_gives_the_same_lines() {
    for (name, bytes) in layouts() {
        let file = read(&bytes);
        assert_eq!(file.problems, [], "{name}");
        let [statement] = &file.statements[..] else { panic!("{name}: {} statements", file.statements.len()) };
        assert_eq!(statement.findings, [], "{name}");
        let bare = |line: &StatementLine| StatementLine { row: 0, balance: None, ..line.clone() };
        let lines: Vec<StatementLine> = statement.lines.iter().map(bare).collect();
        assert_eq!(lines, month().iter().map(bare).collect::<Vec<_>>(), "{name}");
        assert!(statement.account.is_empty() || statement.account == OWN, "{name}: {}", statement.account);
        if !name.contains("no balance") {
            assert_eq!(statement.closing, Some("10761.05".parse().unwrap()), "{name}");
            let opening = Some("1000.00".parse().unwrap());
            assert!(statement.opening == opening || name.starts_with("OFX"), "{name}: {:?}", statement.opening);
        }
    }
}

/// S10-A3: a statement with 借 and 贷 columns and one with them swapped both have the right sign, proven by the balance.
#[test]
fn the_side_is_proven_and_told() {
    let proof = |bytes: &[u8]| read(bytes).statements[0].proof.unwrap();
    assert!(!proof(&debit_credit(false)).turned && proof(&debit_credit(true)).turned);
    assert_eq!((proof(&debit_credit(true)).follow, proof(&debit_credit(true)).steps), (5, 5));
    assert!(proof(&newest_first()).newest_first);
    let bare = "日期,摘要,借方,贷方\n2026-10-01,甲,5.00,\n2026-10-02,乙,,7.00\n".as_bytes();
    assert_eq!(read_statement(bare, &BankOptions::default()).unwrap_err().code, "X-201");
    for (means, first) in [(DebitMeans::Out, -500), (DebitMeans::In, 500)] {
        let options = BankOptions { debit_means: Some(means), ..BankOptions::default() };
        assert_eq!(read_statement(bare, &options).unwrap().statements[0].lines[0].amount.fen(), first);
    }
}

/// The same row twice in a file (date, serial number, amount) is refused; equal rows without a number are two payments, and where
/// the balances go on the second is only suspected.
#[test]
fn a_row_stands_once() {
    let file = |rows: &str| read(format!("日期,流水号,摘要,收入,支出,余额\n{rows}").as_bytes());
    let twice = file("2026-10-01,S1,甲,5.00,,105.00\n2026-10-02,S2,乙,,7.00,98.00\n2026-10-01,S1,甲,5.00,,105.00\n");
    assert_eq!(twice.problems.iter().map(|p| (p.row, p.code.as_str())).collect::<Vec<_>>(), [(4, "X-205")]);
    let without_balance = read("日期,流水号,摘要,收入,支出\n2026-10-01,S1,甲,5.00,\n2026-10-01,S1,甲,5.00,\n".as_bytes());
    assert_eq!(without_balance.problems.len(), 1);
    let going_on = file("2026-10-01,S1,甲,5.00,,105.00\n2026-10-01,S1,甲,5.00,,110.00\n");
    assert_eq!((going_on.problems.len(), going_on.statements[0].findings[0].code.as_str()), (0, "X-218"));
    for number in ["", "0000"] {
        let equal = file(&format!("2026-10-01,{number},甲,5.00,,105.00\n2026-10-01,{number},甲,5.00,,110.00\n"));
        assert_eq!((equal.problems.len(), equal.statements[0].findings.len()), (0, 0), "{number}");
    }
}

/// S10-A4: a total line that is not the sum of the rows is named.
#[test]
fn what_does_not_follow_is_named_with_its_row() {
    let codes = |bytes: &[u8]| {
        let file = read(bytes);
        file.statements[0].findings.iter().map(|finding| (finding.row, finding.code.clone())).collect::<Vec<_>>()
    };
    let text = "日期,摘要,收入,支出,余额\n2026-10-01,甲,5.00,,105.00\n2026-10-02,乙,,7.00,98.00\n2026-10-03,丙,1.00,,90.00\n2026-10-04,丁,1.00,,91.00\n合计,,7.00,8.00,\n期末余额:92.00 总笔数:5笔";
    assert_eq!(codes(text.as_bytes()), [(6, "X-214".into()), (0, "X-215".into()), (4, "X-211".into()), (0, "X-212".into())]);
}

#[test]
fn damaged_rows_are_problems_and_none_is_lost() {
    let text = "日期,摘要,收入,支出,余额,对方账号,币种\n2026-10-01,甲,5.00,,105.00,6.217E+18,人民币\n2026-10-02,乙,1.00,,106.00,,USD\n十月三日,丙,1.00,,107.00,,\n2026-10-04,丁,x,,108.00,,\n2026-10-05,戊,1.00,2.00,108.00,,\n2026-10-06,己,,,108.00,,\n";
    let file = read(text.as_bytes());
    let found: Vec<(u64, &str)> = file.problems.iter().map(|problem| (problem.row, problem.code.as_str())).collect();
    assert_eq!(found, [(2, "X-128"), (3, "X-204"), (4, "X-121"), (5, "A-102"), (6, "X-123"), (7, "X-203")]);
}

/// Words that name no side, an opening the first row does not bear out, words the balance turns round, no line at all.
#[test]
fn what_a_bank_may_get_wrong_otherwise() {
    let flags = "日期,摘要,金额,收支标志,余额\n2026-10-01,甲,5.00,收,105.00\n2026-10-02,乙,7.00,左,98.00\n";
    let found: Vec<(u64, String)> = read(flags.as_bytes()).problems.into_iter().map(|p| (p.row, p.code)).collect();
    assert_eq!(found, [(3, "X-202".to_owned())]);
    let codes =
        |text: &str| read(text.as_bytes()).statements.swap_remove(0).findings.into_iter().map(|f| f.code).collect::<Vec<_>>();
    let opening = ":20:X\n:25:4599001012345678\n:60F:C261001CNY100,00\n:61:2610021002C5,00NTRFNONREF\n:62F:C261002CNY106,00\n";
    assert_eq!(codes(opening), ["X-212"]);
    let stated = "期初余额:99.00\n日期,摘要,收入,支出,余额\n2026-10-01,甲,5.00,,105.00\n2026-10-02,乙,,7.00,98.00\n";
    assert_eq!(codes(stated), ["X-213"]);
    let turned = "日期,摘要,收入,支出,余额\n2026-10-01,甲,5.00,,95.00\n2026-10-02,乙,7.00,,88.00\n2026-10-03,丙,,1.00,89.00\n";
    assert_eq!(codes(turned), ["X-217"]);
    for empty in ["<OFX><STMTRS></STMTRS></OFX>", ":20:X\n:25:1\n:60F:C261001CNY1,\n:62F:C261001CNY1,\n"] {
        assert_eq!(read_statement(empty.as_bytes(), &BankOptions::default()).unwrap_err().code, "X-222", "{empty}");
    }
}

#[test]
fn two_accounts_in_one_file() {
    let column = "账号,交易日期,借方,贷方,余额,摘要\nA0000001,2026-10-01,5.00,,95.00,甲\nB0000002,2026-10-01,,3.00,13.00,乙\nA0000001,2026-10-02,,1.00,96.00,丙\nB0000002,2026-10-03,2.00,,11.00,丁\n";
    let titles = "账号:A0000001\n交易日期,借方,贷方,余额,摘要\n2026-10-01,5.00,,95.00,甲\n2026-10-02,,1.00,96.00,丙\n合计,5.00,1.00,,\n账号:B0000002\n交易日期,借方,贷方,余额,摘要\n2026-10-01,,3.00,13.00,乙\n2026-10-03,2.00,,11.00,丁\n合计,2.00,3.00,,\n";
    for text in [column, titles] {
        let file = read(text.as_bytes());
        assert_eq!(file.problems, []);
        let parts: Vec<_> = file
            .statements
            .iter()
            .map(|s| (s.account.as_str(), s.lines.iter().map(|l| l.amount.fen()).collect::<Vec<_>>(), s.findings.len()))
            .collect();
        assert_eq!(parts, [("A0000001", vec![-500, 100], 0), ("B0000002", vec![300, -200], 0)]);
    }
}

#[test]
fn an_encrypted_xls_is_called_that() {
    let refusal = read_statement(&old_workbook(true), &BankOptions::default()).unwrap_err();
    assert!(refusal.code == "X-104" && refusal.message_zh.contains("xls 工作簿"), "{refusal}");
}

#[test]
fn a_template_is_recognised_by_its_head() {
    let text = "入账时点,事由,进,出,结余\n2026-10-01,甲,5.00,,105.00\n2026-10-02,乙,,7.00,98.00\n";
    assert_eq!(read_statement(text.as_bytes(), &BankOptions::default()).unwrap_err().code, "X-110");
    let lines = "date=入账时点\nsummary=事由\nmoney_in=进\nmoney_out=出\nbalance=结余";
    let options = BankOptions { mapping: Mapping::parse(lines).unwrap(), ..BankOptions::default() };
    let file = read_statement(text.as_bytes(), &options).unwrap();
    let kept = Template::of("某银行", &file.table, lines, file.statements[0].proof.as_ref());
    let other = Template { name: "别的".into(), headings: "甲|乙".into(), ..kept.clone() };
    let again = text.replace("甲", "丙");
    let templates = [other, kept.clone()];
    assert_eq!(template::recognise(again.as_bytes(), &ReadOptions::default(), &templates), Some(&kept));
    assert_eq!(template::recognise(&savings_bank(), &ReadOptions::default(), &templates), None);
}

#[test]
fn twenty_megabytes_of_anything_end_soon() {
    let long = |piece: &str| piece.repeat((20 << 20) / piece.len()).into_bytes();
    let files = [
        long("账号:"),
        long("日期,余额,收入,支出\n"),
        [b"<OFX>".to_vec(), long("<STMTRS>")].concat(),
        [b":20:x\n:60F:C261001CNY1,\n".to_vec(), long(":25:1\n:60F:C261001CNY1,\n")].concat(),
        [b"<BkToCstmrStmt>".to_vec(), long("<Stmt>")].concat(),
        [b"<BkToCstmrStmt><Stmt>".to_vec(), long("<Ntry><BookgDt><Dt>2026-10-01</Dt></BookgDt></Ntry>")].concat(),
        [b"<OFX>".to_vec(), long("<")].concat(),
    ];
    for bytes in files {
        let begun = std::time::Instant::now();
        let _ = read_statement(&bytes, &BankOptions::default());
        eprintln!("{:?}", begun.elapsed());
        assert!(begun.elapsed().as_secs() < 30, "{:?}", String::from_utf8_lossy(&bytes[..40]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = read_statement(&bytes, &BankOptions::default());
    }

    #[test]
    fn broken_files_are_read_or_refused(which in 0usize..12, at in 0usize..4_000, with in proptest::collection::vec(any::<u8>(), 0..6), cut in any::<bool>()) {
        let mut bytes = layouts().swap_remove(which).1;
        let at = at % bytes.len();
        if cut { bytes.truncate(at) } else { bytes.splice(at..at, with) ; }
        if let Ok(file) = read_statement(&bytes, &BankOptions::default()) {
            for statement in &file.statements {
                prop_assert!(statement.lines.iter().all(|line| !line.amount.is_zero()));
            }
        }
    }
}
