//! The built program on both databases: exit codes, the json contract, refusals, imports, second clicks.

mod support;

use std::path::{Path, PathBuf};

use serde_json::Value;
use support::credit::resident_id;
use support::process::{Finished, cunzhang, run};
use support::{TestDatabase, on_both_engines};

/// The program on one database, as one person.
struct Desk<'a> {
    url: &'a str,
    folder: tempfile::TempDir,
}

const BOOK: [&str; 2] = ["--book", "V001"];

impl<'a> Desk<'a> {
    /// A county, its accountant and reviewer, and a village book from January 2026.
    fn open(database: &'a TestDatabase) -> Desk<'a> {
        let desk = Desk::empty(database);
        desk.run("root", &["county", "add", "--code", "459900", "--name", "青禾县"]).done();
        desk.run("root", &["book", "add", "--book", "V001", "--name", "甲村", "--kind", "village", "--from", "2026-01"]).done();
        for (user, role) in [("root", "administrator"), ("kuaiji", "accountant"), ("shenhe", "reviewer"), ("zhuguan", "head")] {
            desk.run("root", &["user", "add", "--user", user, "--name", user, "--role", role]).done();
        }
        desk
    }

    fn empty(database: &'a TestDatabase) -> Desk<'a> {
        let folder = tempfile::TempDir::new().expect("a folder can be made");
        Desk { url: database.url(), folder }
    }

    fn run(&self, user: &str, arguments: &[&str]) -> Finished {
        run(["--db", self.url, "--as", user].into_iter().chain(arguments.iter().copied()))
    }

    /// The answer as json; the command must succeed.
    fn json(&self, user: &str, arguments: &[&str]) -> Value {
        let text = self.run(user, &[arguments, &["--format", "json"]].concat()).done();
        serde_json::from_str(&text).unwrap_or_else(|why| panic!("{why}: {text}"))
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).expect("a test file can be written");
        path
    }

    fn import(&self, file: &Path, more: &[&str]) -> Value {
        self.json("kuaiji", &[&["voucher", "import", text(file)], &BOOK[..], more].concat())
    }

    fn add(&self, on: &str, amount: &str) -> String {
        let (debit, credit) = (format!("101 debit {amount} 提现"), format!("102 credit {amount}"));
        let added = self.json("kuaiji", &["voucher", "add", "--book", "V001", "--date", on, "--line", &debit, "--line", &credit]);
        added["voucher"].as_str().expect("an added voucher has a name").to_owned()
    }

    fn vouchers(&self) -> usize {
        let listed = self.json("kuaiji", &["voucher", "list", "--book", "V001"]);
        listed["rows"].as_array().expect("a list has rows").len()
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("test paths are text")
}

const TWO_VOUCHERS: &str = "甲村股份经济合作社记账凭证汇总\n单位:元,,,,,,\n日期,凭证号,摘要,科目名称,借方金额,贷方金额,审核人\n\
    2026-01-06,记-1,提取备用金,库存现金,500.00,,张\n,,提取备用金,银行存款,,500.00,\n\
    2026-01-09,记-2,支付会议费,差旅费,120.50,,李\n,,支付会议费,库存现金,,120.50,\n";

fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

on_both_engines! {
    /// A GBK file with title lines is understood, checked without writing, imported once.
    async fn an_office_file_is_imported_once(database: &TestDatabase) {
        let desk = Desk::open(database);
        let file = desk.file("jan.csv", &gbk(TWO_VOUCHERS));
        let tried = desk.import(&file, &["--dry-run"]);
        assert_eq!((tried["new"].as_i64(), tried["added"].as_i64(), desk.vouchers()), (Some(2), Some(0), 0));
        assert_eq!((tried["debit"].as_str(), tried["credit"].as_str()), (Some("620.50"), Some("620.50")));
        assert_eq!(tried["unknown_columns"], serde_json::json!(["审核人"]));
        let first = desk.import(&file, &[]);
        assert_eq!((first["added"].as_i64(), desk.vouchers()), (Some(2), 2));
        let again = desk.import(&file, &[]);
        assert_eq!((again["added"].as_i64(), again["known"].as_i64(), desk.vouchers()), (Some(0), Some(2), 2));
        let said = desk.run("kuaiji", &["voucher", "import", text(&file), "--book", "V001"]).done();
        assert!(said.contains("已导入过,新增 0 张") && said.contains("没有用到的列:审核人"), "{said}");
    }

    /// A list that is cut says how many rows are left and where they begin; a table that is filed is whole.
    async fn long_lists_say_how_they_go_on(database: &TestDatabase) {
        let desk = Desk::empty(database);
        desk.run("root", &["county", "add", "--code", "459900", "--name", "青禾县"]).done();
        let places = "区划代码,名称,启用日期\n459900101000,青禾镇,2000-01-01\n459900101201,大坪村,2000-01-01\n";
        desk.run("root", &["place", "import", text(&desk.file("places.csv", places.as_bytes()))]).done();
        let row = |n: u32| format!("H{n:04},459900101201,某户,{},一般农户,2015-01-01\n", resident_id("1980-03-07", n));
        let rows: String = (1..=501).map(row).collect();
        let file = desk.file("households.csv", format!("户编号,村代码,姓名,身份证号,户类型,认定日期\n{rows}").as_bytes());
        desk.run("root", &["household", "import", text(&file)]).done();
        let list = desk.json("root", &["household", "list"]);
        assert_eq!((list["rows"].as_array().unwrap().len(), list["next"].as_str()), (500, Some("H0500")));
        let rest = desk.json("root", &["household", "list", "--after", "H0500"]);
        assert_eq!((rest["rows"].as_array().unwrap().len(), rest["next"].is_null()), (1, true));
        assert!(desk.run("root", &["household", "list"]).done().contains("还有 1 行没有列出:加 --after H0500"));
        for list in [["household", "list"], ["household", "incomes"]] {
            let csv = desk.run("root", &[&list[..], &["--format", "csv"]].concat()).done();
            assert!(csv.lines().any(|line| line.starts_with("H0501")), "{list:?} is whole in csv");
        }
    }

    /// Equal rows of one file are two vouchers, and stay two.
    async fn equal_vouchers_of_a_file_both_count(database: &TestDatabase) {
        let desk = Desk::open(database);
        let row = "2026-01-06,,收卫生费,101,5,\n2026-01-06,,收卫生费,50409,,5\n";
        let file = desk.file("equal.csv", format!("日期,凭证号,摘要,科目编码,借方,贷方\n{row}{row}").as_bytes());
        assert_eq!(desk.import(&file, &[])["added"], 2);
        assert_eq!(desk.import(&file, &[])["added"], 0);
        assert_eq!(desk.vouchers(), 2);
    }

    /// Every bad row is named and nothing written; `--accepted-only` takes the rest.
    async fn bad_rows_stop_an_import(database: &TestDatabase) {
        let desk = Desk::open(database);
        let bad = "2026-01-10,记-3,x,999,5,\n,,x,102,,5\n2026-02-30,记-4,x,101,5,\n,,x,102,,5\n2027-01-04,记-5,x,101,5,\n,,x,102,,5\n";
        let file = desk.file("bad.csv", format!("{TWO_VOUCHERS}{bad}").replace("科目名称", "科目").as_bytes());
        let import = ["voucher", "import", text(&file), "--book", "V001"];
        let refused = desk.run("kuaiji", &[&import[..], &["--format", "json"]].concat()).ended_with(3);
        let answer: Value = serde_json::from_str(&refused.stdout).expect("the answer is json");
        let codes: Vec<_> = answer["problems"].as_array().unwrap().iter().map(|p| (p["row"].as_u64(), p["code"].as_str())).collect();
        assert_eq!(codes, [(Some(8), Some("X-125")), (Some(10), Some("X-121")), (Some(12), Some("L-202"))]);
        let refusal: Value = serde_json::from_str(&refused.stderr).expect("the refusal is json");
        assert_eq!(refusal["refusal"]["code"], "O-206");
        let words = desk.run("kuaiji", &import).refused("O-206");
        assert!(words.starts_with("[O-206] "), "{words}");
        assert_eq!(desk.vouchers(), 0);
        let taken = desk.import(&file, &["--accepted-only"]);
        assert_eq!((taken["added"].as_i64(), taken["refused"].as_i64(), desk.vouchers()), (Some(2), Some(3), 2));
    }

    /// From draft to book and back in red, with every refusal on the way.
    async fn a_voucher_lives(database: &TestDatabase) {
        let desk = Desk::open(database);
        let name = desk.add("2026-01-05", "1,000.00");
        assert_eq!(name, "2026-01-记-1");
        let act = |verb: &'static str| ["voucher", verb, "2026-01-记-1", "--book", "V001"];
        desk.run("shenhe", &act("approve")).refused("L-203");
        desk.run("kuaiji", &act("submit")).done();
        desk.run("kuaiji", &act("approve")).refused("N-103");
        desk.run("shenhe", &act("return")).refused("L-110");
        desk.run("shenhe", &[&act("return")[..], &["--reason", "附件不清"]].concat()).done();
        assert_eq!(desk.json("kuaiji", &act("show"))["return_reason"], "附件不清");
        desk.run("kuaiji", &act("submit")).done();
        desk.run("shenhe", &act("approve")).done();
        desk.run("kuaiji", &["voucher", "post", "--book", "V001", "--period", "2026-01"]).done();
        let paper = desk.run("kuaiji", &act("show")).done();
        assert!(paper.contains("壹仟元整") && paper.contains("审核:shenhe"), "{paper}");
        let red = desk.json("kuaiji", &[&act("reverse")[..], &["--on", "2026-01-20"]].concat());
        assert_eq!(red["voucher"], "2026-01-记-2");
        desk.run("kuaiji", &[&act("reverse")[..], &["--on", "2026-01-20"]].concat()).refused("L-205");
        assert_eq!(desk.json("kuaiji", &["voucher", "show", "2026-01-记-2", "--book", "V001"])["lines"][0]["debit"], "-1000.00");
    }

    /// The same key answers the first answer, also after more happened; another request under it is refused.
    async fn second_clicks_change_nothing(database: &TestDatabase) {
        let desk = Desk::open(database);
        let add = |amount: &str, key: &str| {
            let (debit, credit) = (format!("101 debit {amount} 提现"), format!("102 credit {amount}"));
            let command = ["voucher", "add", "--book", "V001", "--date", "2026-01-05", "--submit"];
            desk.run("kuaiji", &[&command[..], &["--line", &debit, "--line", &credit, "--key", key, "--format", "json"]].concat())
        };
        let first = add("10", "k1").done();
        desk.run("shenhe", &["voucher", "approve", "2026-01-记-1", "--book", "V001", "--key", "k2"]).done();
        assert_eq!(add("10", "k1").done(), first, "a repeated key is answered, also when the voucher went on");
        desk.run("shenhe", &["voucher", "approve", "2026-01-记-1", "--book", "V001", "--key", "k2"]).done();
        desk.run("shenhe", &["voucher", "approve", "2026-01-记-1", "--book", "V001"]).refused("L-203");
        add("11", "k1").refused("O-101");
        assert_eq!(desk.vouchers(), 1);
        add("10", "k3").done();
        assert_eq!(desk.vouchers(), 2, "the same content under another key is another voucher");
    }

    /// A month closes, takes nothing more, reopens with a reason; statements and the journal come out of it.
    async fn a_month_closes_and_reports(database: &TestDatabase) {
        let desk = Desk::open(database);
        let lines = "科目编码,科目名称,方向,期初余额\n102,银行存款,借,\"30,000.00\"\n311,公积公益金,贷,\"30,000.00\"\n";
        let opening = desk.file("opening.csv", lines.as_bytes());
        assert_eq!(desk.json("kuaiji", &["book", "opening", text(&opening), "--book", "V001", "--dry-run"])["debit"], "30000.00");
        desk.run("kuaiji", &["book", "opening", text(&opening), "--book", "V001"]).done();
        desk.run("kuaiji", &["book", "opening", text(&opening), "--book", "V001"]).refused("L-208");
        let name = desk.add("2026-01-05", "800");
        let month = ["--book", "V001", "--period", "2026-01"];
        assert_eq!(desk.json("zhuguan", &[&["period", "check"], &month[..]].concat())["can_close"], false);
        desk.run("zhuguan", &[&["period", "close"], &month[..]].concat()).refused("B-201");
        desk.run("kuaiji", &["voucher", "attach", &name, text(&opening), "--book", "V001"]).done();
        for (user, verb) in [("kuaiji", "submit"), ("shenhe", "approve"), ("kuaiji", "post")] {
            desk.run(user, &[&["voucher", verb], &month[..]].concat()).done();
        }
        assert_eq!(desk.json("zhuguan", &[&["period", "close"], &month[..]].concat())["state"], "closed");
        let (debit, credit) = ("101 debit 1 x", "102 credit 1");
        let late = ["voucher", "add", "--book", "V001", "--date", "2026-01-31", "--line", debit, "--line", credit];
        desk.run("kuaiji", &late).refused("L-201");
        let trial = desk.json("shenhe", &[&["report", "trial-balance"], &month[..]].concat());
        let bank = trial["rows"].as_array().unwrap().iter().find(|row| row["account"] == "102").expect("102 has figures").clone();
        assert_eq!((&bank["closing_debit"], &bank["opening_debit"]), (&Value::from("29200.00"), &Value::from("30000.00")));
        for report in ["balance-sheet", "surplus", "receipts-payments", "journal"] {
            desk.run("shenhe", &[&["report", report], &month[..]].concat()).done();
        }
        desk.run("shenhe", &[&["report", "equity"], &month[..]].concat()).refused("S-101");
        let journal = desk.run("shenhe", &["export", "journal", "--all"]).done();
        assert!(journal.contains("102 银行存款  -800.00 CNY"), "{journal}");
        desk.run("shenhe", &[&["period", "reopen"], &month[..]].concat()).ended_with(3);
        desk.run("shenhe", &[&["period", "reopen", "--reason", "补记"], &month[..]].concat()).done();
        assert_eq!(desk.json("shenhe", &["verify"])["ok"], true);
        assert!(desk.run("shenhe", &["log", "--book", "V001"]).done().contains("period.reopen"));
        // The trail and the months tell the county's own time, as the pages do.
        for (words, key) in [(["log", "--book", "V001"], "at"), (["period", "list", "--book=V001"], "changed_at")] {
            let shown: Value = serde_json::from_str(&desk.run("shenhe", &[&words[..], &["--format", "json"]].concat()).done()).expect("json");
            let times: Vec<&str> = shown["rows"].as_array().expect("rows").iter().filter_map(|row| row[key].as_str()).collect();
            assert!(!times.is_empty() && times.iter().all(|at| at.len() == 19 && !at.contains(['T', 'Z'])), "{times:?}");
        }
    }

    /// Registers: places, accounts, cards; imported again they change nothing.
    async fn registers_fill(database: &TestDatabase) {
        let desk = Desk::open(database);
        let places = desk.file("places.csv", "区划代码,名称\n459900101000,东镇\n459900101201,甲村\n".as_bytes());
        desk.run("kuaiji", &["place", "import", text(&places)]).refused("N-103");
        desk.run("root", &["user", "add", "--user", "xian", "--name", "县", "--role", "officer"]).done();
        for changed in [2, 0] {
            assert_eq!(desk.json("xian", &["place", "import", text(&places)])["changed"], changed);
        }
        let accounts = desk.file("accounts.csv", "编码,名称\n102,银行存款\n10201,农商行\n10202,农行\n".as_bytes());
        for (added, known) in [(2, 1), (0, 3)] {
            let read = desk.json("kuaiji", &["account", "import", text(&accounts), "--book", "V001"]);
            assert_eq!((read["added"].as_i64(), read["known"].as_i64()), (Some(added), Some(known)));
        }
        let cards = desk.file("cards.csv", "户编号,户主\nH001,吉克·阿依\n".as_bytes());
        desk.run("kuaiji", &["member", "import", text(&cards), "--book", "V001", "--dimension", "party"]).done();
        let command = ["voucher", "add", "--book", "V001", "--date", "2026-01-05"];
        let lines = ["--line", "113 debit 50 借支 party=吉克•阿依", "--line", "银行存款-农商行 credit 50"];
        desk.run("kuaiji", &[&command[..], &lines[..]].concat()).done();
        let shown = desk.json("kuaiji", &["voucher", "show", "2026-01-记-1", "--book", "V001"]);
        assert_eq!((&shown["lines"][0]["party"], &shown["lines"][1]["account"]), (&Value::from("H001"), &Value::from("10201")));
        desk.run("kuaiji", &[&command[..], &["--line", "102 debit 5 x", "--line", "101 credit 5"]].concat()).refused("X-126");
        desk.run("kuaiji", &[&command[..], &["--line", "113 debit 5 x", "--line", "101 credit 5"]].concat()).refused("L-304");
    }

    /// Who is not registered does nothing; json says so on standard error.
    async fn strangers_are_refused(database: &TestDatabase) {
        let desk = Desk::open(database);
        let add = ["account", "add", "--book", "V001", "--code", "10201", "--name", "农行"];
        let refused = desk.run("路人", &[&add[..], &["--format", "json"]].concat()).refused("N-101");
        let refusal: Value = serde_json::from_str(&refused).expect("the refusal is json");
        for part in ["code", "message_zh", "message_en", "next"] {
            assert!(refusal["refusal"][part].as_str().is_some_and(|text| !text.is_empty()), "{refused}");
        }
        desk.run("kuaiji", &["voucher", "list", "--book", "V009"]).refused("O-103");
        desk.run("kuaiji", &["voucher", "show", "2026-01-记-9", "--book", "V001"]).refused("L-305");
        desk.run("kuaiji", &["voucher", "submit", "--book", "V001"]).refused("O-204");
    }

    /// Without --county the only county is meant; with several, one must be named.
    async fn a_county_is_named_or_the_only_one(database: &TestDatabase) {
        let desk = Desk::empty(database);
        desk.run("a", &["migrate"]).done();
        desk.run("a", &["book", "list"]).refused("O-202");
        desk.run("a", &["county", "add", "--code", "459900", "--name", "青禾县"]).done();
        desk.run("a", &["county", "add", "--code", "459900", "--name", "青禾县"]).refused("B-112");
        desk.run("a", &["book", "list"]).done();
        desk.run("a", &["county", "add", "--code", "519900", "--name", "白水县"]).done();
        let refused = desk.run("a", &["book", "list"]).refused("O-203");
        assert!(refused.contains("459900 青禾县、519900 白水县"), "{refused}");
        desk.run("a", &["book", "list", "--county", "519900"]).done();
        desk.run("a", &["--county", "529900", "book", "list"]).refused("O-102");
    }

    /// Backup, restore and copy keep every figure.
    async fn books_travel(database: &TestDatabase) {
        let desk = Desk::open(database);
        desk.add("2026-01-05", "800");
        let backup = desk.folder.path().join("backup.db");
        desk.run("a", &["backup", text(&backup)]).done();
        desk.run("a", &["backup", text(&backup)]).refused("O-106");
        let (restored, copied) = (desk.folder.path().join("restored.db"), desk.folder.path().join("copied.db"));
        let (restored, copied) = (format!("sqlite:{}", restored.display()), format!("sqlite:{}", copied.display()));
        run(["--db", &restored, "restore", text(&backup)]).done();
        desk.run("a", &["copy", "--to", &copied]).done();
        desk.run("a", &["copy", "--to", &copied]).refused("O-105");
        let list = ["voucher", "list", "--book", "V001", "--format", "json"];
        let original = desk.run("a", &list).done();
        for url in [&restored, &copied] {
            assert_eq!(run(["--db", url.as_str()].into_iter().chain(list)).done(), original);
            run(["--db", url, "verify"]).done();
        }
    }

    /// The same table in four formats; a file of `--out` is whole and tells its format.
    async fn four_formats(database: &TestDatabase) {
        let desk = Desk::open(database);
        assert!(desk.run("a", &["book", "list"]).done().contains("村集体"));
        assert_eq!(desk.json("a", &["book", "list"])["rows"][0]["book"], "V001");
        assert!(desk.run("a", &["book", "list", "--format", "csv"]).done().starts_with("\u{FEFF}账套,名称"));
        let workbook = desk.folder.path().join("books.xlsx");
        desk.run("a", &["book", "list", "--out", text(&workbook)]).done();
        assert!(std::fs::read(&workbook).expect("the workbook is there").starts_with(b"PK"));
        let lost = desk.folder.path().join("no/such/folder/x.csv");
        desk.run("a", &["book", "list", "--out", text(&lost)]).ended_with(4);
    }
}

#[test]
fn usage_failures_and_missing_files_have_their_codes() {
    for usage in [
        &["book"][..],
        &["book", "fly"],
        &["--db", "mysql://x", "book", "list"],
        &["period", "close", "--book", "V001", "--period", "2026-1"],
        &["book", "list", "--format", "hledger"],
        &["voucher", "add", "--book", "V001", "--date", "2026-01-01"],
    ] {
        let said = run(usage.iter().copied()).ended_with(2).stderr;
        assert!(usage.len() == 1 || said.starts_with("用法不对:"), "{usage:?}: {said}");
    }
    let folder = tempfile::TempDir::new().expect("a folder can be made");
    let url = format!("sqlite:{}", folder.path().join("none.db").display());
    run(["--db", &url, "book", "list"]).refused("O-201");
    run(["--db", &url, "verify"]).refused("O-201");
    assert!(!folder.path().join("none.db").exists(), "reading made a file");
    // A folder is no database file.
    let url = format!("sqlite:{}", folder.path().display());
    let failed = run(["--db", &url, "--format", "json", "book", "list"]).ended_with(4);
    assert!(failed.stderr.contains("{\"failure\":{\"message\":"), "{}", failed.stderr);
}

#[test]
fn the_environment_names_database_and_person() {
    let folder = tempfile::TempDir::new().expect("a folder can be made");
    let url = format!("sqlite:{}", folder.path().join("env.db").display());
    let with = |arguments: &[&'static str]| {
        let mut command = cunzhang(arguments.iter().copied());
        command.env("CUNZHANG_DB", &url).env("CUNZHANG_AS", "小王").output().expect("the program starts")
    };
    assert!(with(&["county", "add", "--code", "459900", "--name", "青禾县"]).status.success());
    let log = String::from_utf8(with(&["log"]).stdout).expect("the program writes UTF-8");
    assert!(log.contains("小王") && log.contains("county.add"), "{log}");
}

#[test]
fn help_lists_every_noun() {
    let help = run(["--help"]).done();
    let nouns: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let expected: Vec<&str> = "county user place book account member voucher period template year household organisation claim \
        project fund-class asset meeting duty resident cash disclosure supervise finding notice audit lease \
        revolving aid-fund entrust share dividend payout report export branch bank reconcile policy loan \
        settle subsidy fund fonts log demo serve migrate backup restore copy verify bench calc"
        .split(' ')
        .collect();
    assert_eq!(nouns, expected);
    for noun in expected {
        run([noun, "--help"]).done();
    }
}

#[test]
fn calculators_need_no_database() {
    assert_eq!(run(["calc", "capitals", "1005.03"]).done().trim(), "壹仟零伍元零叁分");
    run(["calc", "check", "bank-card", "12"]).ended_with(3);
    let split: Value =
        serde_json::from_str(&run(["calc", "split", "--pool", "10000.00", "--weights", "1,1,1", "--format", "json"]).done())
            .expect("json");
    assert_eq!(split["parts"][0], "3333.34");
}
