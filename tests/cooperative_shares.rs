//! Shares and dividends on both databases: a register that stands on any past date, a year that ends, a plan through its steps.

mod support;

use std::collections::BTreeMap;

use cunzhang::ledger::books::service::PostOpening;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::{AccountCode, BookCode, EntityKind};
use cunzhang::money::allotment::allot;
use cunzhang::money::{Amount, Rate};
use cunzhang::products::cooperative_shares::class::{
    ClassKind, Floor, FloorTiming, Participation, ShareClass, Shortfall, Source,
};
use cunzhang::products::cooperative_shares::distribution::PlanRow;
use cunzhang::products::cooperative_shares::holding::EntryKind;
use cunzhang::products::cooperative_shares::plan::{Method, Terms};
use cunzhang::products::cooperative_shares::service::change::{Conversion, ConvertShares, MoveShares, Right, WithdrawShares};
use cunzhang::products::cooperative_shares::service::register::{AddShareClasses, KeepTrade, Quantify, Subscribe, Subscription};
use cunzhang::products::cooperative_shares::service::steps::{DropPlan, PostPlan, PublishPlan, ReviewPlan};
use cunzhang::products::cooperative_shares::service::year_end::{DraftPlan, SettleResult};
use cunzhang::products::cooperative_shares::store::plans;
use cunzhang::products::cooperative_shares::store::register::{self, ContributedAsset, Trade};
use sha2::{Digest, Sha256};
use support::TestDatabase;
use support::county::{County, date, simple, yuan};
use support::on_both_engines;

fn classes() -> Vec<ShareClass> {
    let floor = Floor {
        rate: "5".parse().unwrap(),
        timing: FloorTiming::FromProfit,
        shortfall: Shortfall::Carried,
        guarantor: None,
        basis: "县府办〔2026〕1号".into(),
    };
    vec![
        ShareClass::ordinary("A", "资金股", ClassKind::Subscribed),
        ShareClass::ordinary("C", "集体股", ClassKind::Collective),
        ShareClass::ordinary("Q", "量化股", ClassKind::Quantified),
        ShareClass {
            floor: Some(floor),
            participation: Participation::ByWeight,
            ..ShareClass::ordinary("P", "优先股", ClassKind::Preferred)
        },
    ]
}

fn paid(member: &str, source: Source, amount: &str) -> Subscription {
    Subscription { member: member.into(), source, paid: yuan(amount), assets: Vec::new(), shares: yuan(amount) }
}

fn subscribe(book: &BookCode, on: &str, class: &str, subscriptions: Vec<Subscription>) -> Subscribe {
    Subscribe {
        book: book.clone(),
        on: date(on),
        class: class.into(),
        money_account: AccountCode::from("102"),
        subscriptions,
        document: "入股协议".into(),
        investor_book: None,
        investor_project: None,
    }
}

fn terms() -> Terms {
    Terms {
        year: 2026,
        reserve_rate: "10".parse().unwrap(),
        refund_rate: "60".parse().unwrap(),
        basis: None,
        remaining: None,
        method: Method::ShareDays,
        tax_rate: Rate::ZERO,
    }
}

async fn held(county: &County, book: &BookCode, on: &str) -> BTreeMap<(String, String, String), String> {
    let mut reader = county.office.db.reader().await.unwrap();
    let held = register::holdings(&mut reader, "459900", book, date(on), None).await.unwrap();
    held.into_iter().map(|(p, amount)| ((p.holder, p.beneficiary, p.class), amount.to_string())).collect()
}

async fn account(county: &County, book: &BookCode, account: &str, party: Option<&str>) -> Amount {
    let mut reader = county.office.db.reader().await.unwrap();
    register::balance(&mut reader, "459900", book, (2026, account, party)).await.unwrap()
}

/// A cooperative with four kinds of holders, and a village that subscribes from its own book.
async fn founded(county: &County) -> (BookCode, BookCode) {
    let book = county.book("C001", EntityKind::Cooperative, "2026-01").await;
    let village = county.village("V001").await;
    let lines = simple(&village, "2026-01-01", "102", "301", "500000.00").lines;
    county.done("甲", PostOpening { book: village.clone(), lines }).await;
    county.done("甲", AddShareClasses { book: book.clone(), classes: classes() }).await;
    let own = vec![
        paid("H1", Source::OwnCash, "100000.00"),
        paid("H2", Source::Loan, "50000.00"),
        paid("H3", Source::HouseholdGrant, "50000.00"),
    ];
    county.done("甲", subscribe(&book, "2026-01-05", "A", own)).await;
    let mut collective = subscribe(&book, "2026-01-06", "C", vec![paid("V001", Source::FiscalFund, "350000.00")]);
    collective.investor_book = Some(village.clone());
    county.done("甲", collective).await;
    (book, village)
}

/// Members of a long register with what they put in: first more than a page of those who come after the record date, then
/// codes in several scripts, whose order is that of their bytes.
fn long_register() -> (Vec<Subscription>, Vec<Subscription>) {
    let member = |code: String, n: usize| paid(&code, Source::OwnCash, &format!("{}.{:02}", 100 + n * 7_919 % 5_000, n % 7));
    let late = (0..5_200).map(|n| member(format!("A{n:05}"), n)).collect();
    let scripts = ["H", "h", "户", "é", "Z-", "一"];
    (late, (0..1_500).map(|n| member(format!("{}{}", scripts[n % 6], n * 31 % 1_499), n)).collect())
}

/// Everybody's trade: two products each, every fifth member without a share.
fn long_trade(members: &[Subscription]) -> Vec<Trade> {
    let of = |(n, member): (usize, &Subscription)| {
        let code = if n % 5 == 0 { format!("仅交易{n}") } else { member.member.clone() };
        ["香柚", "蚕茧"].map(|product| Trade {
            member: code.clone(),
            product: product.into(),
            volume: "1".into(),
            amount: Amount::from_fen((n as i64 * 104_729 + product.len() as i64) % 90_000),
        })
    };
    members.iter().enumerate().flat_map(of).collect()
}

/// What each member gets by one split over the whole list, in the order of codes.
fn in_one_split(pool: Amount, weights: &BTreeMap<String, i64>) -> BTreeMap<String, Amount> {
    let parts = allot(pool, &weights.values().map(|weight| i128::from(*weight)).collect::<Vec<_>>()).unwrap();
    weights.keys().cloned().zip(parts).collect()
}

fn by_member(amounts: impl Iterator<Item = (String, Amount)>) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    amounts.for_each(|(member, amount)| *sums.entry(member).or_default() += amount.fen());
    sums
}

on_both_engines! {
    /// Every change keeps the register and account 301 equal, member by member. S13-A3: any past date can be shown.
    async fn a_register_through_its_changes(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let (book, village) = founded(&county).await;
        let allot = |right, to: &str, amount: &str| MoveShares {
            book: book.clone(), on: date("2026-02-01"), kind: EntryKind::Allot, from: "V001".into(), class: "C".into(), into_class: None, right,
            to: vec![(to.into(), yuan(amount))], document: "配股方案".into(),
        };
        let done = county.done("甲", allot(Right::Ownership, "H4", "30000.00")).await;
        assert_eq!(done.vouchers.len(), 1);
        let done = county.done("甲", allot(Right::Income, "H5", "20000.00")).await;
        assert_eq!(done.vouchers.len(), 0, "only the income right moved");
        assert_eq!(county.refused("甲", allot(Right::Ownership, "H6", "300000.01")).await, "H-201");
        let convert = |member: &str, conversion, on: &str| ConvertShares {
            book: book.clone(), on: date(on), member: member.into(), class: "C".into(), amount: None, conversion, document: "脱贫公告".into(),
        };
        assert_eq!(county.done("甲", convert("H4", Conversion::Keeps, "2026-06-30")).await.entries, 0);
        county.done("甲", convert("H4", Conversion::OwnershipTo("H6".into()), "2026-07-01")).await;
        let back = Conversion::IncomeTo { owner: "V001".into(), beneficiary: "V001".into() };
        assert_eq!(county.done("甲", convert("H5", back, "2026-07-01")).await.vouchers.len(), 0);
        let at = |day| held(&county, &book, day);
        let key = |holder: &str, beneficiary: &str| (holder.to_owned(), beneficiary.to_owned(), "C".to_owned());
        assert_eq!(at("2026-01-31").await[&key("V001", "V001")], "350000.00");
        assert_eq!(at("2026-06-30").await[&key("H4", "H4")], "30000.00");
        assert_eq!(at("2026-06-30").await[&key("V001", "H5")], "20000.00");
        let now = at("2026-12-31").await;
        assert_eq!((now.get(&key("H4", "H4")), now[&key("H6", "H6")].as_str(), now[&key("V001", "V001")].as_str()), (None, "30000.00", "320000.00"));
        assert_eq!(account(&county, &book, "301", Some("H6")).await, yuan("30000.00"));
        assert_eq!(account(&county, &book, "301", Some("V001")).await, yuan("320000.00"));
        assert_eq!(account(&county, &village, "141", None).await, yuan("-350000.00"));
        assert_eq!(account(&county, &book, "301", None).await, yuan("550000.00"));
        let leave = WithdrawShares { book: book.clone(), on: date("2026-08-01"), member: "H1".into(), money_account: AccountCode::from("102"), loss: Amount::ZERO, document: "退股申请".into() };
        county.done("甲", leave.clone()).await;
        assert_eq!(account(&county, &book, "301", Some("H1")).await, Amount::ZERO);
        assert_eq!(county.refused("甲", leave).await, "H-106");
    }

    /// Things need a valuation; nominal ones stand at one yuan; differences go through 资本公积.
    async fn contributions_in_kind(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let (book, _) = founded(&county).await;
        let asset = |valued_by: &str, value: &str, paper: &str| ContributedAsset {
            member: "H7".into(), what: "5亩林地经营权".into(), account: AccountCode::from("161"), quantity: "5亩".into(), value: yuan(value),
            valued_by: valued_by.into(), valuation_paper: paper.into(), is_poverty_asset: true,
        };
        let kind = |asset: ContributedAsset, shares: &str| {
            let subscription = Subscription { member: "H7".into(), source: Source::Land, paid: Amount::ZERO, assets: vec![asset], shares: yuan(shares) };
            subscribe(&book, "2026-03-01", "A", vec![subscription])
        };
        assert_eq!(county.refused("甲", kind(asset("members", "10000.00", " "), "9000.00")).await, "H-104");
        assert_eq!(county.refused("甲", kind(asset("nominal", "2.00", ""), "1.00")).await, "H-105");
        county.done("甲", kind(asset("members", "10000.00", "成员大会决议3号"), "9000.00")).await;
        county.done("甲", kind(asset("nominal", "1.00", ""), "1.00")).await;
        assert_eq!(account(&county, &book, "321", None).await, yuan("1000.00"));
        assert_eq!(account(&county, &book, "301", Some("H7")).await, yuan("9001.00"));
        let mut reader = county.office.db.reader().await.unwrap();
        assert_eq!(register::assets(&mut reader, "459900", &book).await.unwrap().len(), 2);
    }

    /// A plan waits for cleared accounts, another person and the end of its notice. S13-A1: its rows are what there was to
    /// distribute. S13-A2: preferred shares get their floor. S13-A4: it posts one voucher a book, once.
    async fn a_plan_through_its_steps(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let (book, village) = founded(&county).await;
        let grant = vec![simple(&book, "2026-02-01", "102", "311", "200000.00")];
        county.done("甲", PostVouchers { vouchers: grant, event: None }).await;
        let quantify = |amount: &str| Quantify {
            book: book.clone(), on: date("2026-02-02"), class: "P".into(), source: Source::FiscalFund, amount: yuan(amount),
            members: vec![("H2".into(), 1), ("H3".into(), 1)], document: "量化方案".into(),
        };
        assert_eq!(county.refused("甲", quantify("200000.01")).await, "H-203");
        county.done("甲", quantify("200000.00")).await;
        let trade = [("H1", "120000.00"), ("H2", "60000.00"), ("H3", "60000.00")];
        let trade = trade.map(|(member, amount)| Trade { member: member.into(), product: "香柚".into(), volume: "1吨".into(), amount: yuan(amount) });
        county.done("甲", KeepTrade { book: book.clone(), year: 2026, trade: trade.to_vec() }).await;
        let business = vec![simple(&book, "2026-10-01", "102", "501", "150000.00"), simple(&book, "2026-10-02", "521", "102", "50000.00")];
        county.done("甲", PostVouchers { vouchers: business, event: None }).await;
        county.clock.set(date("2026-12-20"));
        let draft = || DraftPlan { book: book.clone(), terms: terms() };
        assert_eq!(county.refused("甲", draft()).await, "D-101");
        county.done("甲", SettleResult { book: book.clone(), year: 2026 }).await;
        assert_eq!(county.done("甲", SettleResult { book: book.clone(), year: 2026 }).await.len(), 0, "settled once");
        county.done("甲", PostVouchers { vouchers: vec![simple(&book, "2026-12-20", "18101", "121", "5.00")], event: None }).await;
        assert_eq!(county.refused("甲", draft()).await, "D-101");
        county.done("甲", PostVouchers { vouchers: vec![simple(&book, "2026-12-20", "121", "18101", "5.00")], event: None }).await;
        let plan = county.done("甲", draft()).await;
        assert_eq!((plan.pools.reserve, plan.pools.refunds, plan.pools.remaining), (yuan("10000.00"), yuan("54000.00"), yuan("36000.00")));
        assert_eq!(county.refused("甲", draft()).await, "D-207");
        let step = |plan: i64| (ReviewPlan { book: book.clone(), plan }, PublishPlan { book: book.clone(), plan, from: date("2026-12-20"), through: date("2026-12-26"), document: "公示1".into() });
        assert_eq!(county.refused("甲", step(1).0).await, "D-203");
        assert_eq!(county.refused("甲", step(1).1).await, "D-202");
        county.done("甲", KeepTrade { book: book.clone(), year: 2026, trade: vec![Trade { member: "H1".into(), product: "蚕茧".into(), volume: "1担".into(), amount: yuan("1.00") }] }).await;
        assert_eq!(county.refused("乙", step(1).0).await, "D-204");
        county.done("甲", DropPlan { book: book.clone(), plan: 1, reason: "补录交易额".into() }).await;
        let plan = county.done("甲", draft()).await;
        county.done("乙", step(plan.plan).0).await;
        county.done("甲", step(plan.plan).1).await;
        let post = PostPlan { book: book.clone(), plan: plan.plan, on: date("2026-12-27") };
        assert_eq!(county.refused("甲", post.clone()).await, "D-205");
        county.clock.set(date("2026-12-27"));
        let posted = county.done("甲", post.clone()).await;
        assert_eq!(posted.vouchers.len(), 2, "the cooperative's and the village's");
        assert_eq!(county.refused("甲", post).await, "D-202");
        let mut reader = county.office.db.reader().await.unwrap();
        let rows = plans::rows(&mut reader, "459900", &book, plan.plan).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.net).sum::<Amount>(), yuan("90000.00"));
        let floors: Vec<Amount> = rows.iter().map(|row| row.floor_paid).collect();
        assert_eq!(floors.iter().copied().sum::<Amount>(), yuan("9123.29"), "200,000 at 5 % from 2 February: 333 of 365 days");
        for row in &rows {
            assert_eq!(account(&county, &book, "221", Some(&row.member)).await, row.refund);
            assert_eq!(account(&county, &book, "222", Some(&row.member)).await, row.surplus_payable());
        }
        let to_village = rows.iter().find(|row| row.member == "V001").unwrap().net;
        assert_eq!(account(&county, &village, "502", None).await, to_village);
        assert_eq!(account(&county, &book, "322", None).await, yuan("10000.00"));
    }
    /// A register of several pages, one of them with nobody who counts: everybody's part is that of one split over the whole list,
    /// and the digest is that of its rows in the order of codes, on both engines.
    async fn a_long_register_is_shared_as_one_split(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.book("C001", EntityKind::Cooperative, "2026-01").await;
        county.done("甲", AddShareClasses { book: book.clone(), classes: classes() }).await;
        let (late, members) = long_register();
        let trade = long_trade(&members);
        county.done("甲", subscribe(&book, "2026-01-05", "A", members.clone())).await;
        county.done("甲", subscribe(&book, "2026-02-01", "C", members[..700].to_vec())).await;
        county.done("甲", subscribe(&book, "2026-06-01", "A", late)).await;
        county.done("甲", KeepTrade { book: book.clone(), year: 2026, trade: trade.clone() }).await;
        let vouchers = vec![simple(&book, "2026-10-01", "102", "501", "123456.78")];
        county.done("甲", PostVouchers { vouchers, event: None }).await;
        county.clock.set(date("2026-12-20"));
        county.done("甲", SettleResult { book: book.clone(), year: 2026 }).await;
        let terms = Terms { method: Method::RecordDate(date("2026-03-01")), ..terms() };
        let drafted = county.done("甲", DraftPlan { book: book.clone(), terms }).await;
        let held = members.iter().chain(&members[..700]).map(|member| (member.member.clone(), member.paid));
        let shares = in_one_split(drafted.pools.by_weight, &by_member(held));
        let refunds = in_one_split(drafted.pools.refunds, &by_member(trade.into_iter().map(|trade| (trade.member, trade.amount))));
        let mut reader = county.office.db.reader().await.unwrap();
        let rows = plans::rows(&mut reader, "459900", &book, drafted.plan).await.unwrap();
        assert_eq!(rows.len(), drafted.rows);
        let of = |amount: fn(&PlanRow) -> Amount| rows.iter().map(|row| (row.member.clone(), amount(row))).filter(|row| !row.1.is_zero()).collect::<BTreeMap<_, _>>();
        let some = |parts: BTreeMap<String, Amount>| parts.into_iter().filter(|part| !part.1.is_zero()).collect::<BTreeMap<_, _>>();
        assert_eq!((of(|row| row.share), of(|row| row.refund)), (some(shares), some(refunds)));
        let digest = rows.iter().fold(Sha256::new().chain_update(serde_json::to_string(&drafted.pools).unwrap()), |sha, row| {
            sha.chain_update(format!("{}|{}|{}|{}|{};", row.member, row.weight, row.refund, row.net, row.carried))
        });
        let kept = plans::plan(&mut reader, "459900", &book, drafted.plan).await.unwrap().unwrap();
        assert_eq!(kept.rows_digest, hex::encode(digest.finalize()));
        county.done("甲", AddShareClasses { book: book.clone(), classes: classes() }).await;
        county.done("乙", ReviewPlan { book: book.clone(), plan: drafted.plan }).await;
    }
}
