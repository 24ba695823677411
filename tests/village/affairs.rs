//! Assets and meetings: depreciation proposed once a month, disposals by decision, and decisions that claims and projects point to.

use cunzhang::affairs::assets::card::{AssetCard, AssetKind, AssetState, AssetUse, CardChange, Disposal};
use cunzhang::affairs::assets::service::{AddAsset, ChangeAsset, Depreciate, Dispose};
use cunzhang::affairs::assets::store as assets;
use cunzhang::affairs::meetings::service::{HoldStep, OpenMatter};
use cunzhang::affairs::meetings::{Held, Step};
use cunzhang::controls::supervision::store::overview;
use cunzhang::ledger::vouchers::service::{MoveVouchers, Step as Move};
use cunzhang::ledger::vouchers::store as vouchers;
use cunzhang::ledger::{BookCode, VoucherId};
use cunzhang::money::Amount;
use cunzhang::products::village_claims::claim::{Content, PaidFrom, Paper, Signature};
use cunzhang::products::village_claims::service::steps::SendClaim;

use crate::ground::{content, county, drafted};
use crate::support::county::{County, date, yuan};
use crate::support::{TestDatabase, on_both_engines};

fn card(cost: &str, used_for: AssetUse, life_months: Option<i64>) -> AssetCard {
    AssetCard {
        name: "村部".into(),
        kind: AssetKind::Fixed,
        used_for,
        cost: yuan(cost),
        acquired_on: date("2025-12-10"),
        quantity: "1幢".into(),
        place: "河东".into(),
        keeper: "韦立春".into(),
        document: "产权证1号".into(),
        is_poverty_asset: false,
        life_months,
        salvage: Amount::ZERO,
        depreciated_before: Amount::ZERO,
    }
}

fn add(asset: &str, card: AssetCard) -> AddAsset {
    AddAsset { book: "V001".into(), asset: asset.into(), card }
}

fn dispose(asset: &str, decision: &str, proceeds: &str) -> Dispose {
    let (book, on, money_account) = ("V001".into(), date("2026-01-05"), None);
    let (disposal, decision, proceeds) = (Disposal::Sold, decision.into(), yuan(proceeds));
    Dispose { book, asset: asset.into(), disposal, on, proceeds, decision, money_account }
}

fn hold(meeting: i64, step: Step, (expected, present): (i64, i64), in_favour: i64) -> HoldStep {
    let (on, against) = (date("2026-01-05"), present - in_favour);
    let held =
        Held {
            step, on, place: "村部".into(), expected, present, in_favour, against, abstained: 0, document: "记录1".into()
        };
    HoldStep { book: "V001".into(), meeting, held }
}

/// A matter that was decided.
async fn decided(county: &County, amount: &str) -> i64 {
    let open = OpenMatter { book: "V001".into(), subject: "处置旧村部".into(), amount: yuan(amount) };
    let meeting = county.done("cun", open).await;
    for (step, people) in [(Step::Propose, 5), (Step::Discuss, 7), (Step::Review, 20), (Step::Decide, 30)] {
        assert!(county.done("cun", hold(meeting, step, (people, people), people)).await, "{step:?}");
    }
    meeting
}

async fn net(county: &County, asset: &str) -> (AssetState, String) {
    let mut tx = county.office.db.begin_snapshot().await.unwrap();
    let all = assets::assets(&mut tx, "459900", &BookCode::from("V001"), date("2026-12-31")).await.unwrap();
    let asset = all.into_iter().find(|kept| kept.asset == asset).unwrap();
    (asset.state, asset.net().to_string())
}

async fn lines(county: &County, voucher: VoucherId) -> Vec<(String, String, String)> {
    let mut tx = county.office.db.begin_snapshot().await.unwrap();
    let kept = vouchers::vouchers(&mut tx, "459900", &BookCode::from("V001"), &[voucher]).await.unwrap().remove(0);
    kept.content.lines.iter().map(|line| (line.account.to_string(), line.debit.to_string(), line.credit.to_string())).collect()
}

on_both_engines! {
    async fn depreciation_is_proposed_once_a_month(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        assert_eq!(county.refused("cun", add(" ", card("1.00", AssetUse::Office, None))).await, "Z-101");
        county.done("cun", add("A1", card("120000.00", AssetUse::Office, Some(240)))).await;
        county.done("cun", add("A2", card("6000.00", AssetUse::Welfare, Some(60)))).await;
        county.done("cun", add("A3", card("9000.00", AssetUse::Business, None))).await;
        assert_eq!(county.refused("cun", add("A1", card("1.00", AssetUse::Office, None))).await, "Z-305");
        let month = || Depreciate { book: "V001".into(), period: "2026-01".parse().unwrap() };
        assert_eq!(county.refused("cun", month()).await, "N-103");
        let done = county.done("kuaiji", month()).await;
        assert_eq!(done.assets, [("A1".to_owned(), yuan("500.00")), ("A2".to_owned(), yuan("100.00"))]);
        let row = |account: &str, debit: &str, credit: &str| (account.to_owned(), debit.to_owned(), credit.to_owned());
        let expected = [row("51305", "500.00", "0.00"), row("51403", "100.00", "0.00"), row("152", "0.00", "500.00"), row("152", "0.00", "100.00")];
        assert_eq!(lines(&county, done.voucher.1).await, expected);
        assert_eq!(county.refused("kuaiji", month()).await, "Z-207", "once a month");
        let step = |step, reason: Option<&str>| MoveVouchers { book: book.clone(), vouchers: vec![done.voucher.1], step, reason: reason.map(Into::into) };
        county.done("shenhe", step(Move::Return, Some("用途有误"))).await;
        county.done("kuaiji", step(Move::Void, None)).await;
        assert_eq!(net(&county, "A1").await.1, "120000.00", "a voided voucher is no depreciation");
        county.done("kuaiji", month()).await;
        assert_eq!(net(&county, "A1").await.1, "119500.00");
    }

    async fn a_card_changes_and_says_so(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        county.done("cun", add("A1", card("120000.00", AssetUse::Office, Some(240)))).await;
        let change = |change: CardChange, reason: &str| ChangeAsset { book: "V001".into(), asset: "A1".into(), change, reason: reason.into() };
        let moved = CardChange { place: Some("河西".into()), used_for: Some(AssetUse::Welfare), keeper: Some(" 莫雨水 ".into()), ..CardChange::default() };
        assert_eq!(county.refused("shenji", change(moved.clone(), "搬迁")).await, "N-103");
        assert_eq!(county.refused("cun", change(moved.clone(), " ")).await, "L-110");
        assert_eq!(county.refused("cun", change(CardChange { name: Some("村部".into()), ..CardChange::default() }, "同名")).await, "Z-209");
        assert_eq!(county.refused("cun", change(CardChange { name: Some(" ".into()), ..CardChange::default() }, "空名")).await, "Z-101");
        let other = ChangeAsset { asset: "A9".into(), ..change(moved.clone(), "搬迁") };
        assert_eq!(county.refused("cun", other).await, "Z-304");
        county.done("cun", change(moved, "村部搬到河西")).await;
        let done = county.done("kuaiji", Depreciate { book: book.clone(), period: "2026-01".parse().unwrap() }).await;
        assert_eq!(lines(&county, done.voucher.1).await[0].0, "51403", "everybody's from now on");
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let kept = assets::assets(&mut tx, "459900", &book, date("2026-12-31")).await.unwrap().remove(0);
        assert_eq!((kept.card.place.as_str(), kept.card.keeper.as_str(), kept.card.cost), ("河西", "莫雨水", yuan("120000.00")));
        let entries = assets::entries(&mut tx, "459900", &book, "A1").await.unwrap();
        assert_eq!(entries.iter().map(|entry| entry.kind.as_str()).collect::<Vec<_>>(), ["change", "depreciation"]);
        assert!(entries[0].content.contains("坐落“河东”改为“河西”") && entries[0].content.ends_with("村部搬到河西"));
        let trail = overview::trail(&mut tx, "459900", ("cun", "", ""), ("村部搬到河西", &[]), (0, 10)).await.unwrap();
        assert_eq!((trail.len(), trail[0][2].as_str()), (1, "asset.change"));
    }

    async fn an_asset_goes_by_a_decision(database: &TestDatabase) {
        let (county, _) = county(database.url()).await;
        let worn = AssetCard { depreciated_before: yuan("4000.00"), ..card("10000.00", AssetUse::Office, Some(120)) };
        county.done("cun", add("A1", worn)).await;
        assert_eq!(county.refused("kuaiji", dispose("A9", "会议1", "1.00")).await, "Z-304");
        assert_eq!(county.refused("kuaiji", dispose("A1", " ", "1.00")).await, "Z-101");
        assert_eq!(county.refused("kuaiji", dispose("A1", "会议1", "1.00")).await, "Z-303");
        let open = OpenMatter { book: "V001".into(), subject: "处置".into(), amount: yuan("7000.00") };
        let meeting = county.done("cun", open).await;
        assert_eq!(county.refused("cun", hold(meeting, Step::Decide, (30, 30), 30)).await, "Z-205");
        assert_eq!(county.refused("kuaiji", dispose("A1", "会议1", "1.00")).await, "Z-206");
        let second = decided(&county, "7000.00").await;
        let voucher = county.done("kuaiji", dispose("A1", &format!("会议{second}"), "7000.00")).await.unwrap();
        let debit: Vec<(String, String)> = lines(&county, voucher.1).await.into_iter().map(|(account, debit, _)| (account, debit)).collect();
        let row = |account: &str, debit: &str| (account.to_owned(), debit.to_owned());
        let expected = [row("154", "6000.00"), row("152", "4000.00"), row("151", "0.00"), row("102", "7000.00"), row("154", "0.00"), row("154", "1000.00"), row("50409", "0.00")];
        assert_eq!(debit, expected, "a gain of 1,000.00, nothing left in 154");
        assert_eq!(net(&county, "A1").await.0, AssetState::Disposed);
        assert_eq!(county.refused("kuaiji", dispose("A1", &format!("会议{second}"), "1.00")).await, "Z-208");
    }

    async fn claims_point_to_decisions(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        let claim = |record: &str| Content {
            amount: yuan("12000.00"),
            paid_from: PaidFrom::Bank,
            papers: vec![(Paper::Decision, "1".into())],
            signatures: content().signatures.into_iter().chain([(Signature::Committees, "2026-1".into()), (Signature::Representatives, record.into())]).collect(),
            ..content()
        };
        let send = |claim| SendClaim { book: "V001".into(), claim, not_the_same: None };
        let first = drafted(&county, &book, claim("会议1"), 1).await;
        assert_eq!(county.refused("cun", send(first)).await, "Z-303");
        let open = OpenMatter { book: book.clone(), subject: "购置".into(), amount: yuan("12000.00") };
        county.done("cun", open).await;
        assert_eq!(county.refused("cun", send(first)).await, "Z-206", "nobody decided it");
        for (step, people) in [(Step::Propose, 5), (Step::Discuss, 7), (Step::Review, 20)] {
            county.done("cun", hold(1, step, (people, people), people)).await;
        }
        assert_eq!(county.refused("cun", hold(1, Step::Decide, (30, 19), 19)).await, "Z-204");
        assert!(!county.done("cun", hold(1, Step::Decide, (30, 20), 10)).await, "half are not more than half");
        assert_eq!(county.refused("cun", send(first)).await, "Z-206", "it was turned down");
        let meeting = decided(&county, "12000.00").await;
        let second = drafted(&county, &book, Content { payee: "县农机站".into(), ..claim(&format!("会议{meeting}")) }, 2).await;
        county.done("cun", send(second)).await;
        let third = drafted(&county, &book, Content { payee: "县种子站".into(), ..claim("镇备案2026-7") }, 3).await;
        county.done("cun", send(third)).await;
    }
}
