//! A village goes into another: refused while something is open, then its book ends and what it stood at is handed over by two
//! linked vouchers; its register, its readers and its public pages go on.

use cunzhang::access::service::AddUser;
use cunzhang::affairs::assets::service::AddAsset;
use cunzhang::affairs::assets::store as assets;
use cunzhang::controls::disclosure::service::making::MakeSheet;
use cunzhang::controls::disclosure::service::steps::{MoveSheet, SheetStep};
use cunzhang::controls::disclosure::sheet::Kind;
use cunzhang::controls::disclosure::span::Span;
use cunzhang::controls::disclosure::store::published;
use cunzhang::controls::mergers::service::MergeVillages;
use cunzhang::controls::mergers::store as mergers;
use cunzhang::controls::period_close::service::{ClosePeriod, ReopenPeriod, TransferProfitAndLoss};
use cunzhang::controls::supervision::service::overview::villages;
use cunzhang::controls::year_close::service::OpenYear;
use cunzhang::ledger::books::service::AddMembers;
use cunzhang::ledger::books::store::{self as books, Member};
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::vouchers::service::KeepDrafts;
use cunzhang::ledger::{BookCode, Dimensions, Voucher};
use cunzhang::money::Amount;
use cunzhang::products::cooperative_shares::store::register;
use cunzhang::products::leases::service::contract::OpenLease;
use cunzhang::products::leases::store as leases;
use cunzhang::products::village_claims::service::keep::KeepClaim;
use cunzhang::products::village_claims::service::steps::WithdrawClaim;

use crate::ground::{content, county};
use crate::support::county::{County, date, yuan};
use crate::support::proof::verified;
use crate::support::{TestDatabase, on_both_engines};

fn merge(on: &str) -> MergeVillages {
    MergeVillages {
        into: "V002".into(),
        from: vec!["V001".into()],
        on: date(on),
        document: "县政函〔2026〕3号".into(),
        accounts: Vec::new(),
    }
}

fn voucher(on: &str, (debit, of): (&str, Dimensions), credit: &str, amount: &str) -> Voucher {
    let draft = Voucher::on(&BookCode::from("V001"), date(on), "业务").debit(&debit.into(), yuan(amount), of);
    draft.credit(&credit.into(), yuan(amount), Dimensions::default()).balanced().unwrap()
}

async fn post(county: &County, voucher: Voucher) {
    county.done("zhuguan", PostVouchers { vouchers: vec![voucher], event: None }).await;
}

async fn cards(county: &County, book: &str, name: &str) {
    let card = Member { dimension: "party".into(), member: "H1".into(), name: name.into() };
    county.done("zhuguan", AddMembers { book: book.into(), members: vec![card] }).await;
}

async fn stands(county: &County, book: &str, account: &str, party: Option<&str>) -> Amount {
    let mut reader = county.office.db.reader().await.unwrap();
    register::balance(&mut reader, "459900", &BookCode::from(book), (2026, account, party)).await.unwrap()
}

on_both_engines! {
    async fn a_village_goes_into_another(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        cards(&county, "V001", "韦立春").await;
        cards(&county, "V002", "卢白露").await;
        let owed = Dimensions { party: Some("H1".into()), ..Dimensions::default() };
        post(&county, voucher("2026-01-05", ("113", owed), "102", "300.00")).await;
        post(&county, voucher("2026-01-05", ("51301", Dimensions::default()), "102", "40.00")).await;
        let card = serde_json::json!({ "name": "水泵", "kind": "fixed", "use": "welfare", "cost": "6000.00", "acquired_on": "2025-06-01", "depreciated_before": "600.00" });
        county.done("cun", AddAsset { book: book.clone(), asset: "泵1".into(), card: serde_json::from_value(card).unwrap() }).await;
        let terms = |party: &str| serde_json::from_value(serde_json::json!({ "name": "门面", "direction": "out", "thing": "house", "description": "",
            "begins_on": "2026-01-01", "ends_on": "2027-01-01", "months": 12, "due": "arrears", "document": "租1",
            "parties": [{ "party": party, "quantity_milli": 1, "yearly": "12.00" }] })).unwrap();
        county.done("zhuguan", OpenLease { book: book.clone(), lease: "M1".into(), terms: terms("N1") }).await;
        county.done("guanli", AddUser { user: "xinzhen".into(), name: "新镇".into(), role: "auditor".into(), scope: "459900102000".into() }).await;

        // What does not fit is refused, and nothing is done.
        assert_eq!(county.refused("cun", merge("2026-02-01")).await, "N-103");
        assert_eq!(county.refused("zhuguan", merge("2026-02-02")).await, "B-301", "the first of a month");
        assert_eq!(county.refused("zhuguan", MergeVillages { into: "V001".into(), ..merge("2026-02-01") }).await, "B-301");
        assert_eq!(county.refused("zhuguan", merge("2026-02-01")).await, "B-302", "January is open");
        let claim = county.done("cun", KeepClaim { book: book.clone(), claim: None, content: content() }).await;
        let transfer = TransferProfitAndLoss { book: book.clone(), period: "2026-01".parse().unwrap() };
        let close = |month: &str| ClosePeriod { book: "V001".into(), period: month.parse().unwrap(), reason: Some("撤并".into()) };
        county.done("zhuguan", close("2026-01")).await;
        let draft = KeepDrafts { skip_known: false, book: book.clone(), vouchers: vec![voucher("2026-02-01", ("101", Dimensions::default()), "102", "1.00")] };
        county.done("kuaiji", draft.clone()).await;
        assert_eq!(county.refused("zhuguan", merge("2026-02-01")).await, "B-303", "a draft waits");
        let mut tx = county.office.db.begin_write().await.unwrap();
        sqlx::query("update voucher set state = 'voided' where county = '459900' and book = 'V001' and state = 'draft'").execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(county.refused("zhuguan", merge("2026-02-01")).await, "B-305", "a claim is open");
        county.done("cun", WithdrawClaim { book: book.clone(), claim, reason: "撤并".into() }).await;
        assert_eq!(county.refused("zhuguan", merge("2026-02-01")).await, "B-304", "January's expense was not cleared");
        let reopen = ReopenPeriod { book: book.clone(), period: "2026-01".parse().unwrap(), reason: "结转损益".into() };
        county.done("zhuguan", reopen.clone()).await;
        county.done("zhuguan", transfer).await;
        county.done("zhuguan", close("2026-01")).await;
        let public = MakeSheet { book: book.clone(), kind: Kind::Contracts, span: Span::parse("2026Q1").unwrap(), subject: String::new(), reason: None };
        let sheet = county.done("kuaiji", public).await;
        for (user, step) in [("shenhe", SheetStep::Approve), ("kuaiji", SheetStep::Publish)] {
            county.done(user, MoveSheet { book: book.clone(), sheet, step, reason: None }).await;
        }
        assert!(stands(&county, "V002", "102", None).await.is_zero(), "nothing was handed over so far");

        let merged = county.done("zhuguan", merge("2026-02-01")).await;
        assert_eq!((merged.merger, merged.vouchers.len(), merged.grants), (1, 1, 1));
        // Emptied and filled, to the fen, each in a book of its own; the code that is somebody else's there is told apart.
        for account in ["102", "113", "301", "321"] {
            assert!(stands(&county, "V001", account, None).await.is_zero(), "{account}");
        }
        assert_eq!(stands(&county, "V002", "102", None).await, yuan("-99660.00"));
        assert_eq!((stands(&county, "V002", "113", Some("V001-H1")).await, stands(&county, "V002", "113", Some("H1")).await), (yuan("-300.00"), yuan("0.00")));
        assert_eq!((stands(&county, "V002", "301", None).await, stands(&county, "V002", "321", None).await), (yuan("100000.00"), yuan("-40.00")));
        // The old book takes nothing more and is not opened again.
        assert_eq!(county.refused("kuaiji", draft).await, "L-213");
        assert_eq!(county.refused("zhuguan", PostVouchers { vouchers: vec![voucher("2026-03-01", ("101", Dimensions::default()), "102", "1.00")], event: None }).await, "L-213");
        assert_eq!(county.refused("zhuguan", reopen).await, "L-213");
        assert_eq!(county.refused("zhuguan", OpenYear { book: book.clone(), year: 2027 }).await, "L-213");
        assert_eq!(county.refused("zhuguan", merge("2026-02-01")).await, "B-309");
        let new = KeepClaim { book: book.clone(), claim: None, content: content() };
        assert_eq!(county.refused("cun", new).await, "L-213");
        assert_eq!(county.refused("zhuguan", OpenLease { book: book.clone(), lease: "M2".into(), terms: terms("N1") }).await, "L-213");
        county.done("zhuguan", close("2026-02")).await;

        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let ended = mergers::ended(&mut tx, "459900").await.unwrap();
        assert_eq!((ended.len(), ended[0].into.0.as_str(), ended[0].given.as_deref(), ended[0].taken.as_deref()), (1, "V002", Some("2026-02-记-2"), Some("2026-02-记-1")));
        let places = books::places(&mut tx, "459900").await.unwrap();
        let old = places.iter().find(|place| place.place == "459900101201").unwrap();
        assert_eq!((old.successor.as_deref(), old.valid_before.as_deref()), (Some("459900102201"), Some("2026-02-01")));
        // Registers go on in the other book.
        let (own, there) = (BookCode::from("V001"), BookCode::from("V002"));
        let moved = assets::assets(&mut tx, "459900", &there, date("2026-03-01")).await.unwrap();
        assert_eq!((moved[0].asset.as_str(), moved[0].net()), ("泵1", yuan("5400.00")));
        assert_eq!(assets::assets(&mut tx, "459900", &own, date("2026-03-01")).await.unwrap()[0].state.as_str(), "disposed");
        assert_eq!(leases::lease(&mut tx, "459900", "M1").await.unwrap().unwrap().book, there);
        // Links to what it published work; its months after the end say nothing.
        assert!(published::sheet(&mut tx, "459900", "V001", sheet).await.unwrap().is_some());
        let (years, _) = villages(&mut tx, "459900", 2026).await.unwrap();
        let kept: Vec<bool> = years.iter().find(|year| year.book.book == own).unwrap().months.iter().map(|month| month.kept).collect();
        assert_eq!((kept[1], kept[2], kept[11]), (true, false, false));
        drop(tx);
        // The reader of the new township reads the old book too; the books prove themselves.
        let grants = cunzhang::access::store::users(&mut county.office.db.reader().await.unwrap(), "459900").await.unwrap();
        assert!(grants.iter().any(|(user, _, _, scope)| user == "xinzhen" && scope == "V001"));
        verified(&county.office.db).await;
    }
}
