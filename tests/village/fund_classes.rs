//! Classes of money: what each holds adds up to cash and bank, lines without one are shown or refused by date, and money of
//! resident cadres keeps to its standards.

use cunzhang::affairs::duties::Post;
use cunzhang::affairs::duties::service::{LeavePost, TakePost};
use cunzhang::affairs::residents::service::{PayResident, SaveStandards};
use cunzhang::affairs::residents::{Item, Standard, shipped as standards, store as residents};
use cunzhang::controls::disclosure::reports::ClassMoney;
use cunzhang::controls::fund_classes::service::at;
use cunzhang::ledger::class_rules::registers::{RegisterClass, shipped as registers};
use cunzhang::ledger::class_rules::service::{SaveClassRules, SaveRegisterClasses};
use cunzhang::ledger::class_rules::{ClassRule, Unclassed, shipped};
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::vouchers::service::{KeepDrafts, MoveVouchers, Step};
use cunzhang::ledger::{BookCode, Dimensions, FundClass, Voucher};
use cunzhang::money::Amount;
use cunzhang::products::leases::service::contract::OpenLease;
use cunzhang::products::leases::service::rent::{AccrueRent, ReceiveRent};
use cunzhang::products::leases::terms::LeaseParty;

use crate::ground::county;
use crate::support::county::{County, date, yuan};
use crate::support::{TestDatabase, on_both_engines};

fn spent(book: &BookCode, on: &str, account: &str, class: Option<&str>, amount: &str) -> Voucher {
    let money = Dimensions { fund_class: class.map(Into::into), ..Dimensions::default() };
    let draft = Voucher::on(book, date(on), "买办公用品").debit(&"51301".into(), yuan(amount), Dimensions::default());
    draft.credit(&account.into(), yuan(amount), money).balanced().unwrap()
}

async fn classes(county: &County, book: &BookCode) -> (Vec<(String, Amount)>, Amount) {
    let mut tx = county.office.db.begin_snapshot().await.unwrap();
    let (classes, accounts) = at(&mut tx, "459900", book, "2026-01".parse().unwrap()).await.unwrap();
    let closing = |money: &ClassMoney| (money.class.clone(), money.closing());
    (classes.iter().map(closing).collect(), accounts.iter().map(|(.., balance)| *balance).sum())
}

fn rule(from: &str, unclassed: Unclassed) -> ClassRule {
    ClassRule { rule: "county".into(), unclassed, from: date(from), ..shipped()[0].clone() }
}

on_both_engines! {
    async fn classes_add_up_to_cash_and_bank(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        let vouchers = vec![
            spent(&book, "2026-01-05", "102", Some("村办公经费"), "300.10"),
            spent(&book, "2026-01-05", "102", Some("村集体经济组织收益"), "0.01"),
            spent(&book, "2026-01-05", "102", None, "20.00"),
        ];
        county.done("kuaiji", PostVouchers { vouchers, event: None }).await;
        let (closing, accounts) = classes(&county, &book).await;
        let of = |class: &str| closing.iter().find(|(known, _)| known == class).map(|(_, sum)| sum.to_string());
        assert_eq!(of("村办公经费").as_deref(), Some("99699.90"));
        assert_eq!(of("村集体经济组织收益").as_deref(), Some("-0.01"));
        assert_eq!(of("").as_deref(), Some("-20.00"), "未分类 is a row of its own");
        let total: Amount = closing.iter().map(|(_, sum)| *sum).sum();
        assert_eq!((total, accounts), (yuan("99679.89"), yuan("99679.89")));
    }

    async fn lines_without_a_class_are_refused_from_the_day_of_the_rule(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        let keep = |voucher: Voucher| KeepDrafts { book: "V001".into(), vouchers: vec![voucher], skip_known: false };
        let kept = county.done("kuaiji", keep(spent(&book, "2026-01-04", "102", None, "1.00"))).await;
        let submit = MoveVouchers { book: book.clone(), vouchers: kept.numbered.iter().map(|numbered| numbered.1).collect(), step: Step::Submit, reason: None };
        county.done("kuaiji", submit.clone()).await;
        assert_eq!(county.refused("kuaiji", SaveClassRules { rules: vec![rule("2026-01-04", Unclassed::Refuse)] }).await, "N-103");
        let silent = ClassRule { source: " ".into(), ..rule("2026-01-04", Unclassed::Refuse) };
        assert_eq!(county.refused("xianban", SaveClassRules { rules: vec![silent] }).await, "L-502");
        county.done("xianban", SaveClassRules { rules: vec![rule("2026-01-05", Unclassed::Refuse)] }).await;
        county.done("shenhe", MoveVouchers { step: Step::Approve, ..submit.clone() }).await;
        county.done("kuaiji", keep(spent(&book, "2026-01-04", "101", None, "1.00"))).await;
        assert_eq!(county.refused("kuaiji", keep(spent(&book, "2026-01-05", "102", None, "1.00"))).await, "L-501");
        assert_eq!(county.refused("kuaiji", keep(spent(&book, "2026-01-05", "102", Some("别的钱"), "1.00"))).await, "L-501");
        county.done("kuaiji", keep(spent(&book, "2026-01-05", "102", Some("村办公经费"), "1.00"))).await;
        county.done("kuaiji", keep(spent(&book, "2026-01-05", "21101", None, "1.00"))).await;
        // A rule of another township's does not reach here; the approval looks again.
        let elsewhere = ClassRule { place: "459900102000".into(), ..rule("2026-01-01", Unclassed::Refuse) };
        county.done("xianban", SaveClassRules { rules: vec![elsewhere] }).await;
        county.done("kuaiji", keep(spent(&book, "2026-01-05", "102", None, "2.00"))).await;
        county.done("xianban", SaveClassRules { rules: vec![rule("2026-01-01", Unclassed::Refuse)] }).await;
        assert_eq!(county.refused("shenhe", MoveVouchers { step: Step::Post, ..submit }).await, "L-501");
    }

    async fn registers_name_the_class_the_county_says(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        let own = RegisterClass { class: "上级专项资金".into(), from: date("2026-01-04"), source: "县财〔2026〕2号".into(), ..registers()[0].clone() };
        assert_eq!(own.kind, "rent_received");
        assert_eq!(county.refused("kuaiji", SaveRegisterClasses { rules: vec![own.clone()] }).await, "N-103");
        let silent = RegisterClass { class: "别的钱".into(), ..own.clone() };
        assert_eq!(county.refused("xianban", SaveRegisterClasses { rules: vec![silent] }).await, "L-502");
        county.done("xianban", SaveRegisterClasses { rules: vec![own] }).await;
        let parties = vec![LeaseParty { party: "N1".into(), quantity_milli: 1_000, yearly: yuan("1200.00"), is_member: false }];
        let terms = serde_json::json!({ "name": "门面", "direction": "out", "thing": "house", "description": "", "begins_on": "2026-01-01",
            "ends_on": "2027-01-01", "months": 6, "due": "advance", "document": "租1", "parties": parties });
        let terms = serde_json::from_value(terms).unwrap();
        county.done("zhuguan", OpenLease { book: book.clone(), lease: "M1".into(), terms }).await;
        county.done("zhuguan", AccrueRent { book: book.clone(), on: date("2026-01-03"), lease: None }).await;
        let receive = |on: &str| ReceiveRent { book: "V001".into(), lease: "M1".into(), party: None, on: date(on), amount: yuan("300.00"), in_advance: false, money_account: None };
        county.done("zhuguan", receive("2026-01-03")).await;
        county.done("zhuguan", receive("2026-01-04")).await;
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let (classes, _) = at(&mut tx, "459900", &book, "2026-01".parse().unwrap()).await.unwrap();
        let of = |name: &str| classes.iter().find(|class| class.class == name).map(|class| class.closing().to_string());
        assert_eq!((of("上级专项资金"), of("村集体经济组织收益")), (Some("300.00".into()), None), "the shipped row's place is taken, from its day on");
        assert_eq!(of(""), Some("300.00".into()), "the day before, no row names one");
    }

    async fn resident_cadres_are_paid_within_the_standard(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        let take = |post, name: &str, from: &str| TakePost { book: "V001".into(), post, name: name.into(), from: date(from), through: None, document: "组干〔2026〕1号".into() };
        let pay = |item, duty: Option<i64>, amount: &str| PayResident { book: "V001".into(), item, duty, on: date("2026-01-05"), amount: yuan(amount), sheets: 1, money_account: None };
        assert_eq!(county.refused("kuaiji", pay(Item::Office, Some(1), "1.00")).await, "Z-301");
        assert_eq!(county.done("kuaiji", take(Post::FirstSecretary, "卢白露", "2026-01-03")).await, 1);
        assert_eq!(county.refused("kuaiji", take(Post::FirstSecretary, "谭秋分", "2026-01-04")).await, "Z-201");
        assert_eq!(county.refused("cun", take(Post::Keeper, "谭秋分", "2026-01-04")).await, "N-103");
        assert_eq!(county.refused("kuaiji", pay(Item::Office, Some(1), "5000.01")).await, "Z-401");
        assert_eq!(county.refused("kuaiji", pay(Item::Office, None, "1.00")).await, "Z-101");
        let first = county.done("kuaiji", pay(Item::Office, Some(1), "5000.00")).await;
        assert_eq!(county.refused("kuaiji", pay(Item::Office, Some(1), "0.01")).await, "Z-401", "a voucher that waits counts");
        assert_eq!(county.refused("kuaiji", pay(Item::Living, Some(1), "1200.01")).await, "Z-401", "one month so far");
        county.done("kuaiji", pay(Item::Team, None, "5000.00")).await;
        county.done("kuaiji", pay(Item::Settling, Some(1), "2000.00")).await;
        let step = |step, reason: Option<&str>| MoveVouchers { book: "V001".into(), vouchers: vec![first.1], step, reason: reason.map(Into::into) };
        county.done("shenhe", step(Step::Return, Some("缺单据"))).await;
        county.done("kuaiji", step(Step::Void, None)).await;
        county.done("kuaiji", pay(Item::Office, Some(1), "4000.00")).await;
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let paid = residents::payments(&mut tx, "459900", &book, 2026).await.unwrap();
        assert_eq!(paid.iter().map(|payment| payment.amount).sum::<Amount>(), yuan("11000.00"), "the voided one does not count");
        let by_books = residents::paid_by_books(&mut tx, "459900", &book, &["102".into()], 2026).await.unwrap();
        assert_eq!(by_books, Amount::ZERO, "nothing is posted yet");
        drop(tx);
        // A county's own standard takes the shipped one's place; a blank one is refused.
        let own = Standard { amount: yuan("4000.00"), ..standards()[0].clone() };
        assert_eq!(county.refused("xianban", SaveStandards { rules: vec![Standard { source: String::new(), ..own.clone() }] }).await, "Z-103");
        county.done("xianban", SaveStandards { rules: vec![own] }).await;
        assert_eq!(county.refused("kuaiji", pay(Item::Office, Some(1), "0.01")).await, "Z-401");
        county.done("kuaiji", LeavePost { book: book.clone(), duty: 1, through: date("2026-01-31") }).await;
        assert_eq!(county.refused("kuaiji", LeavePost { book, duty: 1, through: date("2026-01-31") }).await, "Z-203");
        assert_eq!(FundClass::Resident.label_zh(), "驻村经费");
    }
}
