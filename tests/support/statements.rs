//! One month of a bank account as eleven banks and standards write it.

use cunzhang::calendar::BusinessDate;
use cunzhang::exchange::bank_statement::StatementLine;
use cunzhang::exchange::{Cell, Column, ColumnKind, Sheet, write_xlsx};
use cunzhang::money::Amount;

pub const OWN: &str = "4599001012345678";

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

/// The month every layout shows: (date, amount, serial, summary, name, account).
pub fn month() -> Vec<StatementLine> {
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
pub fn savings_bank() -> Vec<u8> {
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
pub fn debit_credit(turned: bool) -> Vec<u8> {
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
pub fn newest_first() -> Vec<u8> {
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

/// An xls as older online banking writes it: titles above, texts and numbers, a total line below.
pub fn old_workbook(is_encrypted: bool) -> Vec<u8> {
    use super::xls::Cell::{Blank, Fen, Text};
    let title = format!("账号:{OWN}");
    let lines = month();
    let dates: Vec<String> = lines.iter().map(|line| line.on.format("%Y年%m月%d日").to_string()).collect();
    let heads = ["记账日期", "凭证号", "借方发生额", "贷方发生额", "余额", "摘要", "对方户名", "对方账号"];
    let mut rows = vec![vec![Text("青禾县农村商业银行账户交易明细")], vec![Text(&title)], heads.map(Text).into_iter().collect()];
    let (mut paid, mut received) = (0, 0);
    for (line, on) in lines.iter().zip(&dates) {
        let fen = line.amount.fen();
        (paid, received) = (paid + (-fen).max(0), received + fen.max(0));
        let money = |fen: i64| if fen > 0 { Fen(fen) } else { Blank };
        rows.push(vec![
            Text(on),
            Text(&line.serial),
            money(-fen),
            money(fen),
            Fen(balance(line).fen()),
            Text(&line.summary),
            Text(&line.name),
            Text(&line.account),
        ]);
    }
    rows.push(vec![Text("合计"), Blank, Fen(paid), Fen(received)]);
    super::xls::xls(&rows, is_encrypted)
}

pub fn layouts() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("GBK 收/付", savings_bank()),
        ("借/贷, the bank's view", debit_credit(false)),
        ("借/贷 turned round", debit_credit(true)),
        ("signed, newest first", newest_first()),
        ("借贷标志", flagged()),
        ("收支标志, no balance", signs()),
        ("xlsx", workbook()),
        ("xls", old_workbook(false)),
        ("MT940", mt940()),
        ("camt.053", camt()),
        ("OFX 1", ofx(true)),
        ("OFX 2", ofx(false)),
    ]
}
