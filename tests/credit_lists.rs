//! Lists as townships and banks keep them, through the built program; and the fund's month on one paper.

mod support;

use std::path::PathBuf;

use cunzhang::calendar::AccountingPeriod;
use cunzhang::products::microloan::risk_fund::posting_rules::FundMove;
use cunzhang::products::microloan::risk_fund::service::{DecideClaims, FileClaims, MoveFund, PayClaims, RecoverClaims, Recovery};
use cunzhang::products::microloan::service::{SignLoans, fund_month_paper};
use cunzhang::products::microloan::store;
use support::TestDatabase;
use support::county::{County, date, yuan};
use support::credit::resident_id;
use support::on_both_engines;
use support::process::{Finished, run_on};

struct Folder(tempfile::TempDir);

impl Folder {
    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).expect("a test file can be written");
        path
    }
}

fn run(database: &TestDatabase, words: &[&str]) -> Finished {
    run_on(database.url(), words.iter().copied())
}

fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

on_both_engines! {
    /// From a township's list in GBK to the bank's lists of payments, repayments, classes and subsidy.
    async fn lists_of_townships_and_banks(database: &TestDatabase) {
        let county = County::lending(database.url(), "2022-01-05", 3).await;
        let folder = Folder(tempfile::TempDir::new().expect("a folder"));
        let asked = format!(
            "青禾镇脱贫人口小额信贷申请汇总表,,,,,,,\n填报单位:青禾镇,,,,,单位:万元,,\n\
             序号,借款编号,户主姓名,身份证号码,承贷银行,申请金额,期限,贷款用途,申请日期\n\
             1,D001,扎西,{},青禾农商行,5,三年,养牛,2022.1.5\n2,D002,次仁,{},青禾村镇银行,3,12个月,种桑,2022.1.5\n合计,,,,,8,,,\n",
            resident_id("1980-03-07", 1), resident_id("1980-03-07", 2),
        );
        let stranger = asked.replace(&resident_id("1980-03-07", 2), &resident_id("1980-03-07", 9));
        let path = folder.file("bad.csv", &gbk(&stranger));
        run(database, &["loan", "import", path.to_str().unwrap()]).refused("O-206");
        let path = folder.file("asked.csv", &gbk(&asked));
        let said = run(database, &["--as", "甲", "loan", "import", path.to_str().unwrap(), "--format", "json"]).done();
        assert!(said.contains("\"applications\":2"), "{said}");
        for (loan, amount, rate) in [("D001", "50000", "4.65"), ("D002", "30000", "3.80")] {
            county.approve(loan).await;
            county.done("甲", SignLoans { signings: vec![county.signing(loan, amount, rate)] }).await;
        }
        // The bank names the contract.
        let out = "青禾农商行放款清单\n序号,合同号,客户名称,放款日期,放款金额\n1,合同D001,扎西,2022/1/5,\"50,000.00\"\n2,D002,次仁,2022/1/5,30000\n";
        let path = folder.file("out.csv", &gbk(out));
        run(database, &["loan", "record", path.to_str().unwrap()]).done();
        county.settle("2022-03-20").await;
        let back = "借据号,还款日期,还本金额,还息金额,流水号\nD001,2022-03-21,,484.38,S1\nD002,2022-03-21,1000,237.50,S2\n";
        let path = folder.file("back.csv", back.as_bytes());
        county.clock.set(date("2022-03-31"));
        run(database, &["loan", "record", path.to_str().unwrap()]).done();
        let mut tx = county.office.db.reader().await.expect("a reader");
        let events = store::events(&mut tx, "459900", "D001").await.expect("reads");
        drop(tx);
        let last = events.last().expect("an event");
        assert!(last.2.contains("484.38") && last.2.contains("interest") && last.3 == "S1", "{last:?}");
        assert_eq!(county.standing("D002").await.1, yuan("29000"));
        let path = folder.file("classes.csv", "合同编号,五级分类\n合同D001,关注\nD002,正常\n".as_bytes());
        let said = run(database, &["loan", "bank-classes", path.to_str().unwrap(), "--format", "json"]).done();
        assert!(said.contains("\"loans\":2"), "{said}");
        run(database, &["subsidy", "run", "--quarter", "2022Q1"]).done();
        let path = folder.file("subsidy.csv", &gbk("2022年一季度贴息明细\n借据号,户名,应贴息金额\nD001,扎西,484.38\nD002,次仁,237.00\n"));
        run(database, &["subsidy", "bank-list", "--quarter", "2022Q1", path.to_str().unwrap()]).done();
        let said = run(database, &["subsidy", "compare", "--quarter", "2022Q1", "--format", "json"]).done();
        assert!(said.contains("equal") && said.contains("differs"), "{said}");
        let other = format!("身份证号,起始日期,截止日期,补贴金额\n{},2022-01-01,2022-03-31,300\n", resident_id("1980-03-07", 2));
        let path = folder.file("other.csv", &gbk(&other));
        let elsewhere = ["subsidy", "elsewhere", "--department", "县残联", path.to_str().unwrap(), "--format", "json"];
        assert!(run(database, &elsewhere).done().contains("\"loans\":1"));
        run(database, &["subsidy", "run", "--quarter", "2022Q1"]).done();
        let said = run(database, &["subsidy", "show", "--quarter", "2022Q1"]).done();
        assert!(said.contains("同期已由其他部门或银行申报"), "{said}");
    }

    /// The month's paper: every flow of the special accounts in its column, loans as they stood on the last day.
    async fn the_funds_month(database: &TestDatabase) {
        let county = County::lending(database.url(), "2020-01-05", 3).await;
        county.contribute("B1", "100000").await;
        county.lend(county.application("L1", "H001", "B1", "50000", 1), "4.15").await;
        county.lend(county.application("L2", "H002", "B2", "40000", 12), "4.15").await;
        county.settle("2020-03-20").await;
        county.settle("2020-05-20").await;
        let on = date("2020-05-20");
        let move_fund = |amount: &str, what| MoveFund { book: "F".into(), bank: "B1".into(), amount: yuan(amount), on, what };
        county.done("甲", move_fund("30", FundMove::Interest)).await;
        county.done("甲", move_fund("5", FundMove::Fee)).await;
        county.done("甲", move_fund("1000", FundMove::Moved { to: "B2".into() })).await;
        county.done("甲", FileClaims { book: None, on, claims: vec![("C1".into(), "L1".into())] }).await;
        county.done("乙", DecideClaims { claims: vec!["C1".into()], approve: true, on, reason: None }).await;
        county.done("甲", PayClaims { claims: vec!["C1".into()], on }).await;
        let recovery = Recovery { claim: "C1".into(), amount: yuan("10000"), on };
        county.done("甲", RecoverClaims { recoveries: vec![recovery] }).await;
        // What happens in June does not touch the paper of May.
        county.clock.set(date("2020-06-02"));
        county.repay("L2", "2020-06-02", "40000").await;
        let mut tx = county.office.db.reader().await.expect("a reader");
        let may: AccountingPeriod = "2020-05".parse().expect("a month");
        let (month, sheet) = fund_month_paper(&mut tx, "459900", "青禾县", may).await.expect("reads");
        let fen = |text: &str| yuan(text).fen();
        let banks: Vec<_> = month.banks().collect();
        assert_eq!(banks.len(), 2);
        let money = |at: usize| {
            let b = banks[at];
            [b.opening, b.interest, b.recovered, b.compensated, b.other, b.closing(), b.outstanding, b.overdue, b.bad]
        };
        let b1 = ["100000", "30", "8000", "-40142.94", "-1005", "66882.06"].map(fen);
        assert_eq!(money(0)[..6], b1);
        // Interest of 178.68 and penalty were owed first; the rest of 10,000 was principal.
        assert_eq!(banks[0].outstanding, banks[0].overdue);
        assert_eq!((banks[0].loans, banks[0].bad, banks[0].filed, banks[0].waiting), (1, banks[0].outstanding, 1, 0));
        assert_eq!(money(1), ["0", "0", "0", "0", "1000", "1000", "40000", "0", "0"].map(fen));
        assert_eq!(sheet.foot[0].len(), sheet.columns.len());
        drop(tx);
        let said = run(database, &["fund", "report", "--month", "2020-05"]).done();
        assert!(said.contains("风险补偿金月报表") && said.contains("66,882.06"), "{said}");
        let said = run(database, &["fund", "report", "--month", "2020-01", "--format", "json"]).done();
        assert!(said.contains("\"paid_out\":\"50000.00\"") && said.contains("\"capital\":\"100000.00\""), "{said}");
    }
}
