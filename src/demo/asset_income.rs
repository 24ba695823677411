//! The demo's asset income: money entrusted at 8 %, cooperatives whose shares are subscribed, allotted and converted, a dividend
//! for every member, and a month of benefits that pass through.
//!
//! Shapes from seeds.md: 4,000 yuan a household (环江); subscribe, allot, pay by share, convert on leaving poverty (蓬安);
//! 186 cooperatives with 4,434 members at county scale (环江).
//!
//! 1. The same scale gives the same steps; the first two cooperatives are typed, the others take the same acts.
//! 2. Loan money is refused, because the county's policy bans it by then; a grant to households is entrusted instead.

use super::asset_acts::Season;
use super::credit::head_name;
use super::files::{self, Opening};
use super::{COUNTY, Scale, Step, YEAR};
use crate::calendar::BusinessDate;
use crate::db::Failure;

/// The rural-investment company.
const COMPANY: &str = "R001";
/// The operator of the entrusted money: the first of the cooperatives below.
const OPERATOR: &str = "Z001";
/// Cooperatives whose year is typed command by command; the others of a county take the same acts (`asset_acts`).
pub(super) const SHOWN: usize = 2;

/// Members of every cooperative.
pub(super) fn cooperatives(scale: Scale) -> Vec<usize> {
    match scale {
        Scale::Small => vec![24, 23],
        Scale::County => (0..186).map(|n| if n < 156 { 24 } else { 23 }).collect(),
    }
}

pub(super) fn book(cooperative: usize) -> String {
    format!("Z{:03}", cooperative + 1)
}

pub(super) fn member(cooperative: usize, n: usize) -> String {
    format!("H{:03}{:02}", cooperative + 1, n + 1)
}

/// As the register of households names its head.
fn name(cooperative: usize, n: usize) -> String {
    head_name((cooperative + 1) * 100 + n)
}

/// A cooperative's name.
pub(super) fn name_of(cooperative: usize) -> String {
    format!("青禾县第{}农民专业合作社", cooperative + 1)
}

/// Its openings: account, whether debit, yuan.
pub(super) fn openings_of(cooperative: usize) -> [(&'static str, bool, i64); 2] {
    let surplus = 20_000 + 137 * cooperative as i64;
    [("102", true, surplus), ("33202", false, surplus)]
}

/// Yuan its member `n` pays in.
pub(super) fn paid_in(n: usize) -> i64 {
    500 + 50 * (n % 7) as i64
}

pub(super) fn village(cooperative: usize) -> String {
    format!("VZ{:03}", cooperative + 1)
}

/// Steps in the making.
#[derive(Default)]
struct Steps(Vec<Step>);

impl Steps {
    fn types(&mut self, user: &'static str, line: &str) {
        self.command(user, line, &[], None);
    }

    fn command(&mut self, user: &'static str, line: &str, more: &[String], refused: Option<&'static str>) {
        let words = line.split_whitespace().map(str::to_owned).chain(more.iter().cloned()).collect();
        self.0.push(Step::Command { user, words, refused });
    }

    fn file(&mut self, name: &str, bytes: Vec<u8>) {
        self.0.push(Step::File { name: name.to_owned(), bytes });
    }

    fn day(&mut self, month: u32, day: u32) {
        self.0.push(Step::Day(BusinessDate::from_ymd_opt(YEAR, month, day).expect("the steps' days exist in the demo's year")));
    }
}

/// January: the books, shares and the scheme begin.
pub fn founding(scale: Scale) -> Result<Vec<Step>, Failure> {
    let mut steps = Steps::default();
    let sizes = cooperatives(scale);
    steps.types(
        "zhuguan",
        &format!("book add --kind company --from {YEAR}-01 --book {COMPANY} --name 青禾县农村投资有限责任公司"),
    );
    for (at, size) in sizes.iter().enumerate().take(SHOWN) {
        found(&mut steps, at, *size)?;
    }
    steps.0.push(Step::Acts(Season::Founding));
    payees(&mut steps, &sizes);
    registers(&mut steps);
    scheme(&mut steps);
    benefits(&mut steps);
    Ok(steps.0)
}

fn found(steps: &mut Steps, at: usize, size: usize) -> Result<(), Failure> {
    let (code, title) = (book(at), name_of(at));
    steps.types("zhuguan", &format!("book add --kind cooperative --from {YEAR}-01 --book {code} --name {title}"));
    let names = ["银行存款", "未分配盈余"];
    let opening: Vec<Opening> = openings_of(at)
        .iter()
        .zip(names)
        .map(|((account, debit, yuan), name)| Opening::new(account, name, *debit, *yuan))
        .collect();
    let file = format!("{code}-期初余额.xlsx");
    steps.file(&file, files::openings(&title, &opening)?);
    steps.types("kuaiji", &format!("book opening in/{file} --book {code}"));
    for (class, label, kind) in [("A", "资金股", "subscribed"), ("C", "集体股", "collective")] {
        steps.types("kuaiji", &format!("share class --book {code} --class {class} --name {label} --kind {kind}"));
    }
    let place = format!("--book {code} --on {YEAR}-01-02");
    let paid: Vec<String> =
        (0..size).flat_map(|n| ["--member".to_owned(), format!("{}={}.00", member(at, n), paid_in(n))]).collect();
    steps.command("kuaiji", &format!("share subscribe {place} --document 入股协议 --class A"), &paid, None);
    let line = format!(
        "share subscribe {place} --document 村民代表大会决议 --class C --source revolving_fund --member {}=20000.00",
        village(at)
    );
    steps.types("kuaiji", &line);
    let line = format!("share allot {place} --document 配股到户方案 --from {} --class C", village(at));
    steps.types("kuaiji", &format!("{line} --to {}=2000.00", member(at, 0)));
    steps.types("kuaiji", &format!("{line} --income-only --to {}=1500.00", member(at, 1)));
    Ok(())
}

fn payees(steps: &mut Steps, sizes: &[usize]) {
    let mut text = "编号,姓名,户名,账号,开户行\n".to_owned();
    for (at, size) in sizes.iter().enumerate() {
        for n in 0..*size {
            let name = name(at, n);
            text.push_str(&format!("{},{name},{name},62000{:06}{:04},青禾农商行\n", member(at, n), at + 1, n + 1));
        }
        text.push_str(&format!("{v},第{n}村集体,第{n}村集体,2010{n:08},青禾农商行\n", v = village(at), n = at + 1));
    }
    steps.file("收款人.csv", text.into_bytes());
    steps.types("xianban", "payout payees in/收款人.csv");
}

/// The registers around them: who is who, land rented from households and let again, the revolving fund, an education-aid fund.
fn registers(steps: &mut Steps) {
    steps.types(
        "xianban",
        &format!("organisation add --organisation N001 --kind company --name 青禾县农村投资有限责任公司 --registered 5000000.00 --book {COMPANY}"),
    );
    for at in 0..SHOWN {
        let line =
            format!("organisation add --organisation {b} --kind cooperative --name {} --book {b}", name_of(at), b = book(at));
        steps.types("xianban", &format!("{line} --registered 1000000.00"));
    }
    let lease = |name: &str, direction: &str, relets: Option<&str>, parties: serde_json::Value| {
        serde_json::json!({
            "name": name, "direction": direction, "thing": "land", "description": "白石村下岩屯 1–3 号地", "begins_on": format!("{YEAR}-01-01"),
            "ends_on": format!("{}-01-01", YEAR + 5), "months": 12, "due": "advance", "steps": [[format!("{}-01-01", YEAR + 3), "105"]],
            "relets": relets, "document": "村民代表大会决议3号", "parties": parties,
        })
    };
    let rented: Vec<_> = (0..4)
        .map(|n| serde_json::json!({ "party": member(0, n), "quantity_milli": 2_500, "yearly": "1500.00", "is_member": true }))
        .collect();
    let let_to = serde_json::json!([{ "party": book(0), "quantity_milli": 10_000, "yearly": "7000.00", "is_member": false }]);
    for (code, terms) in
        [("Z1", lease("下岩土地流转", "in", None, rented.into())), ("Z2", lease("下岩土地转包", "out", Some("Z1"), let_to))]
    {
        let file = format!("租约条款-{code}.json");
        steps.file(&file, terms.to_string().into_bytes());
        steps.types("kuaiji", &format!("lease open --book V001 --lease {code} --terms in/{file}"));
    }
    steps.types("kuaiji", "lease accrue --book V001");
    steps.types("kuaiji", "lease receive --book V001 --lease Z2 --amount 7000.00");
    steps.command("kuaiji", "lease receive --book V001 --lease Z2 --amount 7000.00", &[], Some("J-203"));
    steps.types("kuaiji", "lease pay --book V001 --lease Z1 --period 1 --batch ZJ-1");
    pay(steps, "ZJ-1", "序号,状态,失败原因\n1,成功,\n");
    let fund = "--book V002 --fund ZZ1";
    steps.types("kuaiji", &format!("revolving open {fund} --name 新塘村扶贫周转金 --document 县周转金管理办法"));
    steps.types("kuaiji", &format!("revolving receive {fund} --party 县财政局 --amount 100000.00 --document 拨款通知1号"));
    let lend = format!("revolving lend {fund} --due {YEAR}-12-01 --document 借据1号");
    steps.types("kuaiji", &format!("{lend} --party {} --amount 20000.00", member(1, 0)));
    steps.command("kuaiji", &format!("{lend} --party {} --amount 80000.01", member(1, 1)), &[], Some("K-201"));
    steps.types("zhuguan", &format!("book add --kind aid_fund --from {YEAR}-01 --book E001 --name 青禾县教育救助基金"));
    steps.types(
        "kuaiji",
        "aid-fund open --book E001 --purpose 教育救助 --standard 大学新生每人5000元 --document 县教育救助基金办法",
    );
    steps.types("kuaiji", "aid-fund receive --book E001 --amount 200000.00 --party 县财政局 --document 拨款通知2号");
    steps.types("kuaiji", "aid-fund donate --book E001 --amount 30000.00 --party 爱心企业 --document 捐赠协议1号");
    steps.file("助学名单.csv", format!("编号,金额\n{},5000.00\n{},5000.00\n", member(0, 5), member(1, 5)).into_bytes());
    steps.types(
        "kuaiji",
        "aid-fund grant in/助学名单.csv --book E001 --grant 1 --title 春季助学 --document 批复1号 --total 10000.00",
    );
    pay(steps, "E001-1", "序号,状态,失败原因\n1,成功,\n");
}

/// 8 % on 50,000 of a household grant, paid at the beginning of the year: 4,000 yuan a household.
fn scheme(steps: &mut Steps) {
    for (code, source) in [("W1", "loan"), ("W2", "household_grant")] {
        let terms = serde_json::json!({
            "name": "香柚基地委托经营", "place": format!("{COUNTY}100201"), "form": "debt", "source": source,
            "company_book": COMPANY, "operator_book": OPERATOR, "operator": OPERATOR, "rate": "8", "operator_rate": "8.2",
            "day_count": "actual/365", "frequency": "yearly", "timing": "advance", "anchor": "anniversary",
            "reinvest_rate": "0", "reinvest_class": null, "company_guarantees": false, "loan_interest_by": "county",
            "subsidy_claimed_by": "company", "principal_repaid_by": "operator", "signed_on": format!("{YEAR}-01-02"),
            "begins_on": format!("{YEAR}-01-02"), "ends_on": format!("{}-01-02", YEAR + 3), "legal_basis": "县资产收益扶贫实施办法",
            "document": format!("委字{code}号"), "parties": [["company", COMPANY], ["cooperative", OPERATOR], ["bank", "青禾农商行"]],
        });
        let file = format!("委托条款-{code}.json");
        steps.file(&file, terms.to_string().into_bytes());
        steps.types("kuaiji", &format!("entrust open --scheme {code} --terms in/{file}"));
    }
    let money: Vec<String> = (0..10).flat_map(|n| ["--household".to_owned(), format!("{}=50000.00", member(0, n))]).collect();
    let hand_over = |code: &str| format!("entrust hand-over --scheme {code} --on {YEAR}-01-02");
    steps.command("kuaiji", &hand_over("W1"), &money, Some("E-201"));
    steps.command("kuaiji", &hand_over("W2"), &money, None);
    let at = format!("--scheme W2 --on {YEAR}-01-02");
    steps.types("kuaiji", &format!("entrust accrue {at}"));
    steps.command("kuaiji", &format!("entrust pay {at} --period 1 --batch W2-1"), &[], Some("E-209"));
    steps.types("kuaiji", &format!("entrust receive {at} --amount 41000.00"));
    steps.types("kuaiji", &format!("entrust pay {at} --period 1 --batch W2-1"));
    pay(steps, "W2-1", "序号,状态,失败原因\n1,成功,\n");
}

/// A reviewed batch goes to the bank and its answer comes back.
fn pay(steps: &mut Steps, batch: &str, answer: &str) {
    steps.types("shenhe", &format!("payout review --batch {batch}"));
    steps.types("kuaiji", &format!("payout send --batch {batch}"));
    steps.types("kuaiji", &format!("payout export --batch {batch} --out out/代发-{batch}.xlsx"));
    let file = format!("回盘-{batch}.csv");
    steps.file(&file, answer.as_bytes().to_vec());
    steps.types("kuaiji", &format!("payout results in/{file} --batch {batch} --others-paid"));
}

/// What benefits pay by date: the disability allowance rises by ten yuan a year until it stands at a hundred (蓬安).
fn standards(steps: &mut Steps) {
    let keep = |kind: &str, year: i32, amount: i32, by: &str| {
        format!("payout standard --kind {kind} --from {year}-01-01 --amount {amount}.00 --document {by}〔{year}〕1号")
    };
    for (year, amount) in (2016..=2020).zip((60..).step_by(10)) {
        steps.types("xianban", &keep("disability", year, amount, "青残联"));
    }
    steps.types("xianban", &keep("minimum_living", YEAR, 260, "青民发"));
}

/// A month of 低保 through a village's account: one row returned, corrected, paid again.
fn benefits(steps: &mut Steps) {
    let mut text = "编号,补贴标准,人口,金额,备注\n".to_owned();
    for n in 0..5 {
        text.push_str(&format!("{},260.00,{},{}.00,农村低保\n", member(0, n), n + 1, 260 * (n + 1)));
    }
    standards(steps);
    steps.file("低保.csv", text.into_bytes());
    steps.types(
        "kuaiji",
        "payout draw-up in/低保.csv --book V001 --batch DB-01 --kind minimum_living --title 1月低保 --total 3900.00",
    );
    steps.types("kuaiji", "payout receive --batch DB-01");
    pay(steps, "DB-01", "序号,状态,失败原因\n3,失败,账户销户\n");
    let name = name(0, 2);
    steps.types("kuaiji", &format!("payout correct --batch DB-01 --row 3 --account-name {name} --account 62000999990003"));
    steps.types("kuaiji", "payout send --batch DB-01");
    steps.file("回盘-DB-01-2.csv", "序号,状态,失败原因\n3,成功,\n".as_bytes().to_vec());
    steps.types("kuaiji", "payout results in/回盘-DB-01-2.csv --batch DB-01");
}

/// July 1: two households have left poverty; their allotted shares go on, their own stay.
pub fn midyear(scale: Scale) -> Vec<Step> {
    let mut steps = Steps::default();
    steps.day(7, 1);
    steps.0.push(Step::Acts(Season::Midyear));
    for at in 0..cooperatives(scale).len().min(SHOWN) {
        let line = format!("share convert --book {} --on {YEAR}-07-01 --document 脱贫公告 --class", book(at));
        steps.types("kuaiji", &format!("{line} A --member {}", member(at, 0)));
        steps.types("kuaiji", &format!("{line} C --member {} --owner-to {}", member(at, 0), member(at, 2)));
        let owner = village(at);
        steps.types("kuaiji", &format!("{line} C --member {} --income-to {owner} --owner {owner}", member(at, 1)));
    }
    steps.0
}

/// December: every cooperative distributes by share under a recorded basis, is reviewed, published, posted and paid.
pub fn year_end(scale: Scale) -> Vec<Step> {
    let mut steps = Steps::default();
    steps.0.push(Step::Acts(Season::YearEnd));
    for at in 0..cooperatives(scale).len().min(SHOWN) {
        let which = format!("--book {} --plan 1", book(at));
        let terms = format!("dividend plan --book {} --year {YEAR} --remaining 15000.00", book(at));
        if at == 0 {
            steps.command("kuaiji", &terms, &[], Some("D-101"));
            steps.types("kuaiji", &format!("dividend settle --book {} --year {YEAR}", book(at)));
            steps.command("kuaiji", &terms, &[], Some("D-103"));
            continue; // its finance cost of the entrusted money is larger than its surplus
        }
        steps.command("kuaiji", &terms, &[], Some("D-104"));
        steps.command("kuaiji", &terms, &["--basis".to_owned(), "章程规定按股分红,成员大会决议".to_owned()], None);
        steps.types("shenhe", &format!("dividend review {which}"));
        steps.types(
            "kuaiji",
            &format!("dividend publish {which} --from {YEAR}-12-20 --through {YEAR}-12-28 --document 公示栏照片"),
        );
        steps.types("kuaiji", &format!("dividend post {which} --on {YEAR}-12-31"));
        let batch = format!("FH-{}", book(at));
        steps.types("kuaiji", &format!("dividend pay {which} --batch {batch}"));
        pay(&mut steps, &batch, "序号,状态,失败原因\n1,成功,\n");
        steps.types("kuaiji", &format!("dividend archive {which}"));
    }
    papers(&mut steps);
    steps.0
}

fn papers(steps: &mut Steps) {
    steps.types("shenji", &format!("share register --book Z002 --on {YEAR}-06-30 --out out/Z002-股权登记簿-6月.xlsx"));
    steps.types("shenji", &format!("share certificates --book Z002 --on {YEAR}-12-31 --out out/Z002-股权证.xlsx"));
    steps.types("shenji", "dividend show --book Z002 --plan 1 --out out/Z002-分红明细表.xlsx");
    steps.types("shenji", "entrust list --out out/委托资金台账.xlsx");
    steps.types("shenji", "entrust run-off --out out/委托经营存量清退表.xlsx");
    steps.types("shenji", "payout list --out out/代发批次.xlsx");
    steps.types("shenji", "organisation list --out out/企业合作社名录.xlsx");
    steps.types("shenji", &format!("lease list --on {YEAR}-12-31 --out out/租约台账.xlsx"));
    steps.types("shenji", "lease schedule --lease Z1 --out out/Z1-租金计划表.xlsx");
    steps.types("shenji", "revolving list --out out/扶贫周转金台账.xlsx");
    steps.types("shenji", "revolving borrowers --fund ZZ1 --out out/ZZ1-借用明细.xlsx");
    steps.types("shenji", "aid-fund list --out out/县级专项基金一览.xlsx");
    steps.types("shenji", "aid-fund grants --book E001 --out out/E001-资助台账.xlsx");
    steps.types("shenji", &format!("household statement {} --out out/明白卡-{}.xlsx", member(0, 0), member(0, 0)));
}
