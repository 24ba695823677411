//! The bank's loan list against the register on both databases: one planted difference of each kind, one signed paper.

mod support;

use cunzhang::controls::reconciliation::loan_list::Finding;
use cunzhang::controls::reconciliation::service::{SaveLoanComparison, compare_list};
use cunzhang::exchange::loan_list_in::{BankListRow, read_loan_list};
use cunzhang::exchange::vouchers_in::ImportOptions;
use support::TestDatabase;
use support::county::{County, date};
use support::on_both_engines;
use support::process::run;

/// The bank's list on December 31: its words, its order, thousands separators, a total line and a remark.
const LIST: &str = "青禾农商行小额信贷台账\n截至:2022-12-31\n\
    借款合同号,借款人,贷款余额,欠息,执行利率,放款日期,到期日期,贷款状态,五级分类\n\
    合同L7,新户,\"10,000.00\",0.00,4.65%,2022-06-01,2025-06-01,正常,正常\n\
    合同L1,扎西・次仁,\"30,000.00\",,4.65%,2022-01-05,2025-01-05,正常,\n\
    合同L2,扎西・次仁,\"29,000.00\",,4.65%,2022-01-05,2025-01-05,正常,\n\
    合同L3,扎西・次仁,\"30,000.00\",,4.75%,2022-01-05,2025-01-05,正常,\n\
    合同L4,扎西・次仁,\"30,000.00\",,4.65%,2022-01-05,2025-01-05,正常,关注\n\
    合同L5,扎西・次仁,\"30,000.00\",290.63,4.65%,2022-01-05,2025-01-05,正常,\n\
    合计,,\"159,000.00\",,,,,,\n\
    本表仅供核对\n";

fn rows() -> Vec<BankListRow> {
    let list = read_loan_list(LIST.as_bytes(), &ImportOptions::default()).unwrap();
    assert_eq!(list.problems, []);
    list.rows
}

/// The demo's list again, years later: the same document although the register went on; each proposed correction, typed
/// as proposed, closes its difference and opens none.
#[test]
fn the_corrections_of_the_demo_close_their_differences() {
    let folder = tempfile::TempDir::new().unwrap();
    let place = folder.path().join("demo");
    run(["demo", "--no-serve", "--dir", place.to_str().unwrap()]).done();
    let db = format!("sqlite:{}", place.join("demo.db").display());
    let list = place.join("in/B3-贷款台账-2019-03.csv");
    let typed = |words: &[&str]| run(["--db", &db, "--as", "xianban"].into_iter().chain(words.iter().copied())).done();
    let compare = ["loan", "reconcile", list.to_str().unwrap(), "--bank", "B3", "--on", "2019-03-20", "--format", "json"];
    let compared = || -> Vec<serde_json::Value> {
        let answer: serde_json::Value = serde_json::from_str(&typed(&compare)).unwrap();
        answer["loans"].as_array().unwrap().clone()
    };
    let differing = |loans: &[serde_json::Value]| -> Vec<String> {
        let off = loans.iter().filter(|loan| loan["finding"] != "matched");
        off.map(|loan| loan["contract"].as_str().unwrap().to_owned()).collect()
    };
    assert!(typed(&[&compare[..7], &["--save"]].concat()).contains("与已签存的相同"));
    let mut loans = compared();
    let corrections: Vec<(String, String)> = loans
        .iter()
        .map(|loan| (loan["contract"].as_str().unwrap().to_owned(), loan["correction"].as_str().unwrap().to_owned()))
        .filter(|(_, correction)| !correction.is_empty())
        .collect();
    assert_eq!(corrections.len(), 5, "{corrections:?}");
    for (contract, correction) in corrections {
        let mut expected = differing(&loans);
        typed(&correction.split(' ').collect::<Vec<_>>());
        loans = compared();
        expected.retain(|other| *other != contract);
        assert_eq!(differing(&loans), expected, "after {correction}");
    }
}

on_both_engines! {
    /// Matched, amount, terms, class, a missed settlement, only ours, only the bank's; kept once.
    async fn each_kind_once(database: &TestDatabase) {
        let county = County::lending(database.url(), "2022-01-05", 6).await;
        for n in 1..=6 {
            county.lend(county.application(&format!("L{n}"), &format!("H{n:03}"), "B1", "30000", 36), "4.65").await;
        }
        county.clock.set(date("2022-12-31"));
        let compare = |rows: Vec<BankListRow>| {
            let county = &county;
            async move {
                let mut tx = county.office.db.reader().await.unwrap();
                compare_list(&mut tx, "459900", "B1", &rows, date("2022-12-31")).await.unwrap().0
            }
        };
        let found = compare(rows()).await;
        let kinds: Vec<(&str, Finding)> = found.iter().map(|row| (row.contract.as_str(), row.finding)).collect();
        assert_eq!(kinds, [
            ("合同L1", Finding::Matched),
            ("合同L2", Finding::AmountDiffers),
            ("合同L3", Finding::TermsDiffer),
            ("合同L4", Finding::StatusDiffers),
            ("合同L5", Finding::AmountDiffers),
            ("合同L6", Finding::OnlyOurs),
            ("合同L7", Finding::OnlyBank),
        ]);
        assert!(found[1].explanation.contains("1000.00") && found[1].correction.contains("loan repay L2 "), "{:?}", found[1]);
        assert!(found[4].explanation.starts_with("漏结息:2022-01-05 至 2022-03-21") && found[4].correction == "settle run --date 2022-03-20", "{:?}", found[4]);
        let mut backwards = rows();
        backwards.reverse();
        assert_eq!(compare(backwards.clone()).await, found);
        let save = |rows: Vec<BankListRow>| SaveLoanComparison { bank: "B1".into(), on: date("2022-12-31"), rows };
        let first = county.done("甲", save(rows())).await;
        let second = county.done("乙", save(backwards)).await;
        assert_eq!((first.version, second.version, first.known, second.known), (1, 1, false, true));
        assert_eq!(first.digest, second.digest);
    }
}
