//! Statements of many banks' layouts, imported to the same lines; what does not follow is named; no bytes break a reader.

use cunzhang::calendar::BusinessDate;
use cunzhang::exchange::bank_statement::{
    BankOptions, DebitMeans, StatementFile, StatementLine, Template, read_statement, template,
};
use cunzhang::exchange::headings::Mapping;
use cunzhang::exchange::rows_in::ReadOptions;
use cunzhang::exchange::{Cell, Column, ColumnKind, Sheet, write_xlsx};
use cunzhang::money::Amount;
use proptest::prelude::*;

const OWN: &str = "4599001012345678";

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

/// The month every layout shows: (date, amount, serial, summary, name, account).
fn month() -> Vec<StatementLine> {
    let rows = [
        ("2026-10-08", 50_000, "S001", "贷款利息", "吉克·阿依", "6217000000000000004"),
        ("2026-10-08", 50_000, "S002", "贷款利息", "龙青山", "6228480000000000018"),
        ("2026-10-12", -123_456, "S003", "支付工程款", "青禾县建筑公司", "4599002000000001"),
        ("2026-10-21", 1_000_000, "S004", "贴息资金", "青禾县财政局", "4599003000000009"),
        ("2026-10-21", -500, "S005", "手续费", "", ""),
        ("2026-10-30", 61, "S006", "结息", "", ""),
    ];
    let mut balance = 100_000;
    let line = |(on, fen, serial, summary, name, account): (&str, i64, &str, &str, &str, &str)| {
        balance += fen;
        StatementLine {
            row: 0,
            on: day(on),
            amount: Amount::from_fen(fen),
            balance: Some(Amount::from_fen(balance)),
            serial: serial.into(),
            summary: summary.into(),
            name: name.into(),
            account: account.into(),
            bank: String::new(),
        }
    };
    rows.into_iter().map(line).collect()
}

fn plain(amount: Amount) -> String {
    amount.to_string()
}

/// (in, out) as two columns write them.
fn two(line: &StatementLine, none: &str, write: fn(Amount) -> String) -> (String, String) {
    if line.amount.is_negative() { (none.into(), write(-line.amount)) } else { (write(line.amount), none.into()) }
}

fn balance(line: &StatementLine) -> Amount {
    line.balance.unwrap()
}

fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

/// GBK, four title lines, 收/付 columns, a total line and remarks below.
fn savings_bank() -> Vec<u8> {
    let mut text = String::from(
        "青禾县农村商业银行对账单\r\n户名：青禾县枫林村股份经济合作社,,账号：4599 0010 1234 5678\r\n查询期间：2026-10-01 至 2026-10-31\r\n币种：人民币,,单位：元\r\n序号,交易日期,摘要,收,付,余额,对方户名,对方账号,交易流水号\r\n",
    );
    for (n, line) in month().iter().enumerate() {
        let (plus, minus) = two(line, "", Amount::grouped);
        let (on, account) =
            (line.on.format("%Y-%m-%d"), if line.account.is_empty() { String::new() } else { format!("\t{}", line.account) });
        text += &format!(
            "{},{on},{},\"{plus}\",\"{minus}\",\"{}\",{},{account},{}\r\n",
            n + 1,
            line.summary,
            balance(line).grouped(),
            line.name,
            line.serial
        );
    }
    text += "合计,,,\"11,000.61\",\"1,239.56\",,,,\r\n本对账单仅供参考\r\n";
    gbk(&text)
}

/// UTF-8 with a mark, 借/贷 as the bank sees them (or turned round), dashes for nothing.
fn debit_credit(turned: bool) -> Vec<u8> {
    let mut text = String::from(
        "\u{FEFF}账号:4599001012345678\n记账日期,交易流水号,借方发生额(元),贷方发生额(元),余额(元),交易摘要,对方账户名称,对方账户\n",
    );
    for line in month() {
        let (mut plus, mut minus) = two(&line, "-", Amount::grouped);
        if turned {
            std::mem::swap(&mut plus, &mut minus);
        }
        let on = line.on.format("%Y/%-m/%-d");
        text += &format!(
            "{on},{},\"{minus}\",\"{plus}\",\"{}\",{},{},{}\n",
            line.serial,
            balance(&line).grouped(),
            line.summary,
            line.name,
            line.account
        );
    }
    text.into_bytes()
}

/// Tabs, one signed amount, newest first, dates without signs.
fn newest_first() -> Vec<u8> {
    let mut text = String::from("账户明细查询\n交易日\t核心流水号\t交易金额\t账户余额\t用途\t交易对手\t交易对手账号\n");
    for line in month().iter().rev() {
        text += &format!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\n",
            line.on.format("%Y%m%d"),
            line.serial,
            line.amount,
            balance(line),
            line.summary,
            line.name,
            line.account
        );
    }
    text.into_bytes()
}

/// GB18030, amount and 借贷标志, dates in Chinese, page heads repeated and page totals.
fn flagged() -> Vec<u8> {
    const HEAD: &str = "日期,凭证号,借贷标志,发生额,余额,摘要,对方名称,对方账号\n";
    let mut text = String::from(HEAD);
    for (n, line) in month().iter().enumerate() {
        if n == 3 {
            text += &format!("本页小计,,,99.00,,,,\n{HEAD}");
        }
        let flag = if line.amount.is_negative() { "借" } else { "贷" };
        text += &format!(
            "{},{},{flag},{},{},{},{},{}\n",
            line.on.format("%Y年%m月%d日"),
            line.serial,
            plain(line.amount.abs()),
            balance(line),
            line.summary,
            line.name,
            line.account
        );
    }
    gbk(&text)
}

/// Bars, 收支标志, a dated row that brings the balance forward, no balance of its own.
fn signs() -> Vec<u8> {
    let mut text = String::from("账号|4599001012345678\n入账日期|流水号|收支标志|金额|对方户名|对方卡号|附言\n");
    for line in month() {
        let flag = if line.amount.is_negative() { "支" } else { "收" };
        text += &format!(
            "{} 10:20:30|{}|{flag}|{}|{}|{}|{}\n",
            line.on,
            line.serial,
            line.amount.abs(),
            line.name,
            line.account,
            line.summary
        );
    }
    text += "总笔数：6|收入合计：11000.61|支出合计：1239.56\n";
    text.into_bytes()
}

/// A workbook with date and number cells and two head rows.
fn workbook() -> Vec<u8> {
    let columns = [
        ("收付日期", ColumnKind::Date),
        ("流水号", ColumnKind::Id),
        ("收入", ColumnKind::Amount),
        ("支出", ColumnKind::Amount),
        ("余额", ColumnKind::Amount),
    ];
    let mut columns: Vec<Column> = columns.into_iter().map(|(heading, kind)| Column::new(heading, heading, kind)).collect();
    columns[0].heading = "交易日期".into();
    columns.extend(["摘要", "对方户名", "对方账号"].map(|heading| Column::text(heading, heading)));
    let mut sheet = Sheet::new("账户交易明细", columns)
        .subtitle(format!("账号:{OWN} 户名:枫林村"))
        .subtitle("期初余额：1000.00 期末余额：10761.05");
    for line in month() {
        let (plus, minus) = if line.amount.is_negative() { (Amount::ZERO, -line.amount) } else { (line.amount, Amount::ZERO) };
        let words = [line.summary.as_str(), line.name.as_str(), line.account.as_str()].map(Cell::from);
        let mut row = vec![
            line.on.into(),
            line.serial.as_str().into(),
            Cell::amount_or_blank(plus),
            Cell::amount_or_blank(minus),
            balance(&line).into(),
        ];
        row.extend(words);
        sheet.push(row);
    }
    let mut bytes = Vec::new();
    write_xlsx(&[sheet], &mut bytes).unwrap();
    bytes
}

fn mt940() -> Vec<u8> {
    let mut text = format!(":20:STMT\r\n:25:{OWN}\r\n:28C:10/1\r\n:60F:C261001CNY1000,\r\n");
    for line in month() {
        let (mark, amount) = if line.amount.is_negative() { ("D", -line.amount) } else { ("C", line.amount) };
        let amount = amount.to_string().replace('.', ",");
        text += &format!(
            ":61:{}{}{mark}{amount}NTRFNONREF//{}\r\n:86:166?00X?20{}?31{}?32{}\r\n",
            line.on.format("%y%m%d"),
            line.on.format("%m%d"),
            line.serial,
            line.summary,
            line.account,
            line.name
        );
    }
    (text + ":62F:C261031CNY10761,05\r\n-").into_bytes()
}

fn camt() -> Vec<u8> {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><Stmt><Acct><Id><Othr><Id>{OWN}</Id></Othr></Id></Acct>\
         <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-10-01</Dt></Dt></Bal>\
         <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">10761.05</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-10-31</Dt></Dt></Bal>"
    );
    for line in month() {
        let out = line.amount.is_negative();
        let (indicator, party) = if out { ("DBIT", "Cdtr") } else { ("CRDT", "Dbtr") };
        text += &format!(
            "<Ntry><Amt Ccy=\"CNY\">{}</Amt><CdtDbtInd>{indicator}</CdtDbtInd><BookgDt><Dt>{}</Dt></BookgDt><AcctSvcrRef>{}</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><{party}><Pty><Nm>{}</Nm></Pty></{party}>\
             <{party}Acct><Id><Othr><Id>{}</Id></Othr></Id></{party}Acct></RltdPties><RmtInf><Ustrd>{}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n",
            line.amount.abs(),
            line.on,
            line.serial,
            line.name,
            line.account,
            line.summary
        );
    }
    (text + "</Stmt></BkToCstmrStmt></Document>").into_bytes()
}

fn ofx(sgml: bool) -> Vec<u8> {
    let end = |tag: &str| if sgml { String::new() } else { format!("</{tag}>") };
    let mut text =
        String::from(if sgml { "OFXHEADER:100\nDATA:OFXSGML\n\n" } else { "<?xml version=\"1.0\"?><?OFX OFXHEADER=\"200\"?>\n" });
    text += &format!(
        "<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>CNY{}<BANKACCTFROM><ACCTID>{OWN}{}</BANKACCTFROM><BANKTRANLIST><DTSTART>20261001{}<DTEND>20261031{}\n",
        end("CURDEF"),
        end("ACCTID"),
        end("DTSTART"),
        end("DTEND")
    );
    for line in month() {
        let values = [
            ("DTPOSTED", line.on.format("%Y%m%d120000[+8:CST]").to_string()),
            ("TRNAMT", line.amount.to_string()),
            ("FITID", line.serial),
            ("NAME", line.name),
            ("MEMO", line.summary),
        ];
        text += "<STMTTRN>";
        for (tag, value) in values {
            text += &format!("<{tag}>{value}{}\n", end(tag));
        }
        text += &format!("<BANKACCTTO><ACCTID>{}{}</BANKACCTTO></STMTTRN>\n", line.account, end("ACCTID"));
    }
    text += &format!(
        "</BANKTRANLIST><LEDGERBAL><BALAMT>10761.05{}<DTASOF>20261031{}</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>",
        end("BALAMT"),
        end("DTASOF")
    );
    text.into_bytes()
}

fn layouts() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("GBK 收/付", savings_bank()),
        ("借/贷, the bank's view", debit_credit(false)),
        ("借/贷 turned round", debit_credit(true)),
        ("signed, newest first", newest_first()),
        ("借贷标志", flagged()),
        ("收支标志, no balance", signs()),
        ("xlsx", workbook()),
        ("MT940", mt940()),
        ("camt.053", camt()),
        ("OFX 1", ofx(true)),
        ("OFX 2", ofx(false)),
    ]
}

fn read(bytes: &[u8]) -> StatementFile {
    read_statement(bytes, &BankOptions::default()).unwrap_or_else(|refusal| panic!("{refusal}"))
}

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
    fn broken_files_are_read_or_refused(which in 0usize..11, at in 0usize..4_000, with in proptest::collection::vec(any::<u8>(), 0..6), cut in any::<bool>()) {
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
