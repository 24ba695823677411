//! A project from document to benefit: who may, what is paid when, what the books hold, what the sheets show.

use cunzhang::affairs::assets::card::{AssetCard, AssetKind, AssetUse};
use cunzhang::affairs::assets::store as assets;
use cunzhang::controls::disclosure::service::making::MakeSheet;
use cunzhang::controls::disclosure::sheet::Kind as SheetKind;
use cunzhang::controls::disclosure::span::Span;
use cunzhang::controls::disclosure::store::sheets;
use cunzhang::controls::mergers::service::MergeVillages;
use cunzhang::controls::period_close::service::ClosePeriod;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::vouchers::service::{MoveVouchers, ReverseVoucher, Step};
use cunzhang::ledger::{BookCode, Dimensions, FundClass, Voucher, VoucherId};
use cunzhang::money::Amount;
use cunzhang::products::projects::card::{BudgetLine, Card, ProjectKind, ProjectState};
use cunzhang::products::projects::deed::{Contract, Payment, Work, WorkKind};
use cunzhang::products::projects::reports::{self, Whole};
use cunzhang::products::projects::service::ending::{AcceptProject, FinishProject, SettleProject};
use cunzhang::products::projects::service::keep::{ApproveProject, KeepProject};
use cunzhang::products::projects::service::money::{GrantMoney, Levy, PayProject, ReceiveGrant, ReturnGrant};
use cunzhang::products::projects::service::wholes::wholes;
use cunzhang::products::projects::service::works::{AddContract, RecordBenefit, RecordProgress, RecordWork};
use cunzhang::products::village_claims::claim::{Content, Kind, PaidFrom, Paper, Signature};
use cunzhang::products::village_claims::service::steps::SendClaim;

use crate::ground::{content, county, drafted};
use crate::support::county::{County, date, yuan};
use crate::support::proof::verified;
use crate::support::{TestDatabase, on_both_engines};

const BOOK: &str = "V001";
const ON: &str = "2026-01-05";

fn card(kind: ProjectKind, amount: &str) -> Card {
    Card {
        name: "村道硬化".into(),
        kind,
        document: "青农发〔2026〕3号".into(),
        funder: "县财政局".into(),
        fund_class: FundClass::Special,
        budget: vec![BudgetLine { item: "土建".into(), amount: yuan(amount) }],
        self_built: false,
        forms_asset: true,
        poverty_village: true,
        decision: "2026-01".into(),
        planned_from: None,
        planned_through: None,
    }
}

fn keep(project: &str, card: Card, is_new: bool) -> KeepProject {
    KeepProject { book: BOOK.into(), project: project.into(), card, is_new }
}

fn approve(project: &str) -> ApproveProject {
    ApproveProject { book: BOOK.into(), project: project.into(), on: date(ON), document: "青发改〔2026〕1号".into() }
}

fn receive(project: &str, amount: &str) -> ReceiveGrant {
    let (book, on, document) = (BOOK.into(), date(ON), "青财农〔2026〕8号".into());
    ReceiveGrant(GrantMoney { book, project: project.into(), on, amount: yuan(amount), document, money_account: None })
}

fn contract(project: &str, number: &str, amount: &str) -> AddContract {
    let (contract, contractor, item) = (number.into(), "清溪建筑队".into(), "土建".into());
    let contract = Contract { contract, contractor, item, amount: yuan(amount), advance_percent: 0 };
    AddContract { book: BOOK.into(), project: project.into(), on: date(ON), contract }
}

fn progress(project: &str, percent: i64) -> RecordProgress {
    RecordProgress { book: BOOK.into(), project: project.into(), on: date(ON), percent, note: "路面".into() }
}

fn pay(project: &str, contract: Option<&str>, amount: &str) -> PayProject {
    let payment = Payment {
        item: "土建".into(),
        contract: contract.map(Into::into),
        payee: "清溪建筑队".into(),
        amount: yuan(amount),
        fund_class: FundClass::Special,
    };
    PayProject { book: BOOK.into(), project: project.into(), on: date(ON), payment, sheets: 2, money_account: None }
}

fn accept(project: &str) -> AcceptProject {
    AcceptProject { book: BOOK.into(), project: project.into(), on: date(ON), document: "验收单1号".into() }
}

fn settle(project: &str, amount: &str) -> SettleProject {
    let (on, document) = (date(ON), "结算书1号".into());
    SettleProject { book: BOOK.into(), project: project.into(), on, amount: yuan(amount), document }
}

fn finish(project: &str, asset: Option<&str>) -> FinishProject {
    let card = AssetCard {
        name: "村道".into(),
        kind: AssetKind::Fixed,
        used_for: AssetUse::Welfare,
        cost: Amount::ZERO,
        acquired_on: date("2020-01-01"),
        quantity: "1.2公里".into(),
        place: String::new(),
        keeper: "韦立春".into(),
        document: "验收单1号".into(),
        is_poverty_asset: true,
        life_months: Some(240),
        salvage: Amount::ZERO,
        depreciated_before: Amount::ZERO,
    };
    let asset = asset.map(|code| (code.to_owned(), card));
    FinishProject { book: BOOK.into(), project: project.into(), on: date(ON), asset }
}

fn step(voucher: VoucherId, step: Step) -> MoveVouchers {
    let reason = (step == Step::Return).then(|| "金额不符".to_owned());
    MoveVouchers { book: BOOK.into(), vouchers: vec![voucher], step, reason }
}

/// Another person approves a payment's voucher and posts it.
async fn through(county: &County, voucher: VoucherId) {
    county.done("shenhe", step(voucher, Step::Approve)).await;
    county.done("shenhe", step(voucher, Step::Post)).await;
}

async fn stands(county: &County, project: &str) -> Whole {
    stands_in(county, (BOOK, project), "2026-01-31").await
}

async fn stands_in(county: &County, (book, project): (&str, &str), on: &str) -> Whole {
    let mut tx = county.office.db.begin_snapshot().await.unwrap();
    let all = wholes(&mut tx, "459900", &BookCode::from(book), date(on)).await.unwrap();
    all.into_iter().find(|whole| whole.project.project == project).unwrap()
}

async fn shown(county: &County, kind: SheetKind) -> String {
    let span: Span = Span::parse("2026Q1").unwrap();
    let act = MakeSheet { book: BOOK.into(), kind, span, subject: String::new(), reason: None };
    let sheet = county.done("kuaiji", act).await;
    let mut tx = county.office.db.begin_snapshot().await.unwrap();
    let kept = sheets::sheet(&mut tx, "459900", &BOOK.into(), sheet).await.unwrap().unwrap();
    serde_json::to_string(&kept.content).unwrap()
}

on_both_engines! {
    async fn a_project_from_document_to_benefit(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        let blank = Card { decision: String::new(), ..card(ProjectKind::Grant, "80000.00") };
        assert_eq!(county.refused("cun", keep("P1", Card { budget: Vec::new(), ..blank.clone() }, true)).await, "U-101");
        assert_eq!(county.refused("shenhe", keep("P1", blank.clone(), true)).await, "N-103");
        county.done("cun", keep("P1", blank.clone(), true)).await;
        assert_eq!(county.refused("cun", keep("P1", blank, true)).await, "U-107");
        assert_eq!(county.refused("kuaiji", pay("P1", None, "1.00")).await, "U-201", "not approved");
        assert_eq!(county.refused("shenhe", approve("P1")).await, "U-408", "80,000.00 needs a decision");
        county.done("cun", keep("P1", card(ProjectKind::Grant, "80000.00"), false)).await;
        assert_eq!(county.refused("kuaiji", approve("P1")).await, "N-103");
        county.done("shenhe", approve("P1")).await;
        assert_eq!(county.refused("cun", keep("P1", card(ProjectKind::Grant, "90000.00"), false)).await, "U-201");

        county.done("kuaiji", receive("P1", "78000.00")).await;
        assert_eq!(county.refused("cun", contract("P1", "H1", "80000.01")).await, "U-401");
        county.done("cun", contract("P1", "H1", "79000.00")).await;
        assert_eq!(county.refused("cun", contract("P1", "H1", "1.00")).await, "U-203");
        assert_eq!(county.refused("kuaiji", pay("P1", Some("H1"), "1.00")).await, "U-403", "nothing is built");
        county.done("cun", progress("P1", 50)).await;
        assert_eq!(county.refused("kuaiji", pay("P1", Some("H1"), "39500.01")).await, "U-403");
        assert_eq!(county.refused("cun", pay("P1", Some("H1"), "1.00")).await, "N-103");
        let first = county.done("kuaiji", pay("P1", Some("H1"), "39500.00")).await;
        assert_eq!(county.refused("kuaiji", pay("P1", Some("H1"), "0.01")).await, "U-403", "a voucher that waits counts");
        county.done("shenhe", step(first.1, Step::Return)).await;
        county.done("kuaiji", step(first.1, Step::Void)).await;
        let second = county.done("kuaiji", pay("P1", Some("H1"), "39500.00")).await;
        assert_eq!(county.refused("kuaiji", step(second.1, Step::Approve)).await, "N-103");
        through(&county, second.1).await;

        // The clerk's claim for the same works counts with the rest.
        let claimed = Content { kind: Kind::Project, project: "P1".into(), amount: yuan("800.00"), paid_from: PaidFrom::Bank,
            papers: vec![(Paper::Contract, "H1".into())], signatures: content().signatures.into_iter()
            .chain([(Signature::Committees, "1".into())]).collect(), ..content() };
        let claim = drafted(&county, &book, claimed, 1).await;
        county.done("cun", SendClaim { book: book.clone(), claim, not_the_same: None }).await;
        assert_eq!(stands(&county, "P1").await.standing.claimed, yuan("800.00"));

        assert_eq!(county.refused("shenhe", accept("P1")).await, "U-207");
        county.done("cun", progress("P1", 100)).await;
        assert_eq!(county.refused("cun", progress("P1", 99)).await, "U-104");
        assert_eq!(county.refused("shenhe", settle("P1", "79000.00")).await, "U-201");
        county.done("shenhe", accept("P1")).await;
        assert_eq!(county.refused("shenhe", settle("P1", "80000.01")).await, "U-405");
        county.done("shenhe", settle("P1", "79000.00")).await;
        assert_eq!(county.refused("kuaiji", finish("P1", Some("A1"))).await, "U-208", "the claim is not in the books yet");
        let withdrawn = cunzhang::products::village_claims::service::steps::ReturnClaim {
            book: book.clone(), claim, reasons: vec![("项目".into(), "由合同支付".into())] };
        county.done("kuaiji", withdrawn).await;
        assert_eq!(county.refused("kuaiji", finish("P1", None)).await, "U-101", "an asset was formed");
        county.done("kuaiji", finish("P1", Some("A1"))).await;

        let whole = stands(&county, "P1").await;
        assert_eq!((whole.standing.state(), whole.construction, whole.special), (ProjectState::Finished, yuan("0.00"), yuan("0.00")));
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let asset = assets::assets(&mut tx, "459900", &book, date(ON)).await.unwrap().remove(0);
        assert_eq!((asset.asset.as_str(), asset.card.cost, asset.project.as_deref()), ("A1", yuan("79000.00"), Some("P1")));
        assert!(asset.card.is_poverty_asset);
        drop(tx);

        // What was kept back is paid later, to the fen of the settlement and not one more.
        assert_eq!(county.refused("kuaiji", pay("P1", Some("H1"), "39500.01")).await, "U-402");
        let rest = county.done("kuaiji", pay("P1", Some("H1"), "39500.00")).await;
        through(&county, rest.1).await;
        assert_eq!(county.refused("kuaiji", pay("P1", Some("H1"), "0.01")).await, "U-402");
        let benefit = RecordBenefit { book: book.clone(), project: "P1".into(), on: date(ON), year: 2026, amount: yuan("3000.00"), households: 12, document: "租约1号".into() };
        county.done("cun", benefit).await;
        let projects = shown(&county, SheetKind::Projects).await;
        assert!(projects.contains("79000.00") && projects.contains("已完工") && projects.contains("3000.00"), "{projects}");
        let sheet = shown(&county, SheetKind::Assets).await;
        assert!(sheet.contains("A1") && sheet.contains("79000.00"), "{sheet}");
    }

    async fn special_funds_never_stand_below_zero(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        let upkeep = Card { forms_asset: false, self_built: true, ..card(ProjectKind::Grant, "9000.00") };
        county.done("cun", keep("P1", upkeep.clone(), true)).await;
        county.done("cun", keep("P2", upkeep, true)).await;
        for project in ["P1", "P2"] {
            county.done("shenhe", approve(project)).await;
            county.done("kuaiji", receive(project, "3000.00")).await;
        }
        let lines = vec![Work { kind: WorkKind::Labour, what: "韦立春".into(), quantity_milli: 30_000, price: yuan("120.00"), amount: yuan("3600.00") }];
        county.done("cun", RecordWork { book: book.clone(), project: "P1".into(), on: date(ON), lines }).await;
        let too_much = county.done("kuaiji", pay("P1", None, "3000.01")).await;
        county.done("shenhe", step(too_much.1, Step::Approve)).await;
        assert_eq!(county.refused("shenhe", step(too_much.1, Step::Post)).await, "L-212", "the money of P2 is not P1's");
        county.done("shenhe", step(too_much.1, Step::Return)).await;
        county.done("kuaiji", step(too_much.1, Step::Void)).await;
        let paid = county.done("kuaiji", pay("P1", None, "2999.99")).await;
        through(&county, paid.1).await;
        // By hand neither: neither a debit nor the red voucher of a payment that would give too much back.
        let of = |project: &str| Dimensions { project: Some(project.into()), ..Dimensions::default() };
        let by_hand = |project: &str, amount: &str| {
            let draft = Voucher::on(&book, date(ON), "付款").debit(&"241".into(), yuan(amount), of(project));
            PostVouchers { vouchers: vec![draft.credit(&"102".into(), yuan(amount), of(project)).balanced().unwrap()], event: None }
        };
        assert_eq!(county.refused("kuaiji", by_hand("P1", "0.02")).await, "L-212");
        county.done("kuaiji", by_hand("P1", "0.01")).await;
        let back = |amount: &str| ReturnGrant(GrantMoney { book: book.clone(), project: "P2".into(), on: date(ON), amount: yuan(amount), document: "退款".into(), money_account: None });
        assert_eq!(county.refused("kuaiji", back("3000.01")).await, "U-407");
        county.done("kuaiji", back("3000.00")).await;
        let red = ReverseVoucher { book: book.clone(), voucher: paid.1, on: date(ON), reason: Some("付错".into()) };
        county.done("kuaiji", red).await;
        let whole = stands(&county, "P1").await;
        assert_eq!((whole.standing.paid, whole.special), (yuan("2999.99"), yuan("0.00")), "the red draft is not posted yet");
    }

    async fn villagers_build_with_a_levy(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        let own = Card { self_built: true, ..card(ProjectKind::OneCase, "900.00") };
        county.done("cun", keep("Y1", own, true)).await;
        county.done("shenhe", approve("Y1")).await;
        let levy = |comes_in: bool, households: &[(&str, &str)]| Levy { book: book.clone(), project: "Y1".into(), on: date(ON),
            households: households.iter().map(|(who, sum)| ((*who).into(), yuan(sum))).collect(), comes_in, money_account: None };
        county.done("kuaiji", levy(false, &[("H1", "300.00"), ("H2", "300.00")])).await;
        assert_eq!(county.refused("kuaiji", levy(true, &[("H1", "200.00"), ("H1", "100.01")])).await, "U-304");
        county.done("kuaiji", levy(true, &[("H1", "300.00"), ("H2", "250.00")])).await;
        let line = |kind, what: &str, milli, price: &str, amount: &str| Work { kind, what: what.into(), quantity_milli: milli, price: yuan(price), amount: yuan(amount) };
        let lines = vec![line(WorkKind::Material, "水泥", 1_200, "450.00", "540.00"), line(WorkKind::Labour, "韦立春", 3_000, "0.00", "0.00")];
        let work = RecordWork { book: book.clone(), project: "Y1".into(), on: date(ON), lines };
        assert_eq!(county.done("cun", work).await, yuan("540.00"));
        assert_eq!(county.refused("kuaiji", pay("Y1", None, "540.01")).await, "U-404");
        let paid = county.done("kuaiji", pay("Y1", None, "540.00")).await;
        through(&county, paid.1).await;
        county.done("cun", progress("Y1", 100)).await;
        county.done("shenhe", accept("Y1")).await;
        county.done("shenhe", settle("Y1", "540.00")).await;
        county.done("kuaiji", finish("Y1", Some("A2"))).await;
        let whole = stands(&county, "Y1").await;
        assert_eq!((whole.levy, whole.construction), (yuan("60.00"), yuan("0.00")), "600.00 levied, 540.00 used");
    }

    async fn a_reward_comes_after_the_acceptance(database: &TestDatabase) {
        let (county, _) = county(database.url()).await;
        county.done("cun", keep("J1", card(ProjectKind::Reward, "5000.00"), true)).await;
        county.done("shenhe", approve("J1")).await;
        assert_eq!(county.refused("kuaiji", receive("J1", "4000.00")).await, "U-206");
        county.done("cun", contract("J1", "H1", "5000.00")).await;
        county.done("cun", progress("J1", 100)).await;
        let paid = county.done("kuaiji", pay("J1", Some("H1"), "5000.00")).await;
        county.done("shenhe", accept("J1")).await;
        county.done("shenhe", settle("J1", "5000.00")).await;
        assert_eq!(county.refused("kuaiji", finish("J1", Some("A3"))).await, "U-208", "the payment waits for its review");
        through(&county, paid.1).await;
        county.done("kuaiji", finish("J1", Some("A3"))).await;
        county.done("kuaiji", receive("J1", "4000.00")).await;
        let whole = stands(&county, "J1").await;
        assert_eq!((whole.special, whole.standing.received), (yuan("0.00"), yuan("4000.00")), "it became the village's own at once");
    }
}

const DAY: &str = "2026-02-01";

/// Pays for a project of V002 on the day of the merger, another person posts it.
async fn paid_there(county: &County, project: &str, amount: &str) {
    let there = PayProject { book: "V002".into(), on: date(DAY), ..pay(project, Some("H1"), amount) };
    let voucher = county.done("kuaiji", there).await.1;
    for step in [Step::Approve, Step::Post] {
        let moved = MoveVouchers { book: "V002".into(), vouchers: vec![voucher], step, reason: None };
        county.done("shenhe", moved).await;
    }
}

/// V001 with a project half built, one with something owed to its builder, one that waits for approval; V002 with a project of
/// the first one's code and name.
async fn two_villages(county: &County) {
    let there = |act: KeepProject| KeepProject { book: "V002".into(), ..act };
    county.done("kuaiji", there(keep("P1", card(ProjectKind::Grant, "9000.00"), true))).await;
    county.done("shenhe", ApproveProject { book: "V002".into(), ..approve("P1") }).await;
    let ReceiveGrant(money) = receive("P1", "5000.00");
    county.done("kuaiji", ReceiveGrant(GrantMoney { book: "V002".into(), ..money })).await;
    for (project, budget, sum, percent, part) in
        [("P1", "80000.00", "50000.00", 50, "20000.00"), ("P2", "1000.00", "1000.00", 100, "900.00")]
    {
        county.done("cun", keep(project, card(ProjectKind::Grant, budget), true)).await;
        county.done("shenhe", approve(project)).await;
        county.done("kuaiji", receive(project, if project == "P1" { "60000.00" } else { budget })).await;
        county.done("cun", contract(project, "H1", sum)).await;
        county.done("cun", progress(project, percent)).await;
        let voucher = county.done("kuaiji", pay(project, Some("H1"), part)).await;
        through(county, voucher.1).await;
    }
    county.done("shenhe", accept("P2")).await;
    county.done("shenhe", settle("P2", "1000.00")).await;
    county.done("kuaiji", finish("P2", Some("A2"))).await;
    county.done("cun", keep("P3", card(ProjectKind::Grant, "500.00"), true)).await;
}

on_both_engines! {
    /// A merged village's projects go on where its balances go: card and books agree there, nothing is paid twice or from the
    /// money of the project that has the same code and name there; the old cards stay to be read and take nothing.
    async fn unfinished_projects_of_a_merged_village_go_on(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        two_villages(&county).await;
        let waits = county.done("kuaiji", pay("P1", Some("H1"), "1.00")).await.1;
        let close = ClosePeriod { book: book.clone(), period: "2026-01".parse().unwrap(), reason: Some("撤并".into()) };
        let document = "县政函〔2026〕3号".to_owned();
        let merge = MergeVillages { into: "V002".into(), from: vec![book.clone()], on: date(DAY), document, accounts: Vec::new() };
        county.done("shenhe", step(waits, Step::Return)).await;
        county.done("kuaiji", step(waits, Step::Void)).await;
        county.done("zhuguan", close).await;
        county.done("zhuguan", merge).await;

        let (old, new) = (stands_in(&county, (BOOK, "P1"), DAY).await, stands_in(&county, ("V002", "V001-P1"), DAY).await);
        assert_eq!((old.standing.state(), old.special, old.construction), (ProjectState::Moved, yuan("0.00"), yuan("0.00")));
        assert_eq!((new.standing.state(), new.standing.progress, new.standing.paid), (ProjectState::Building, 50, yuan("20000.00")));
        assert_eq!((new.special, new.construction, new.project.opened_by.as_str()), (yuan("60000.00"), yuan("20000.00"), "cun"));
        assert_eq!(stands_in(&county, ("V002", "P1"), DAY).await.special, yuan("5000.00"), "the money of the other P1");
        assert_eq!(stands_in(&county, (BOOK, "P1"), "2026-01-31").await.standing.state(), ProjectState::Building, "as it stood before");
        let papers = |whole: &Whole| format!("{:?}", reports::card("村", whole));
        assert!(papers(&old).contains("转到账套 V002 项目 V001-P1"), "{}", papers(&old));
        assert!(papers(&new).contains("自账套 V001 项目 P1 转入") && papers(&new).contains("签订合同"), "{}", papers(&new));
        assert_eq!(county.refused("cun", progress("P1", 60)).await, "U-201", "the old card takes nothing");
        assert_eq!(county.refused("cun", keep("P3", card(ProjectKind::Grant, "600.00"), false)).await, "U-201");

        assert_eq!(county.refused("cun", keep("P4", card(ProjectKind::Grant, "500.00"), true)).await, "L-213");

        // It goes on where it stood: paid within contract and progress, settled, finished, the rest of the money given back.
        let there = |act: RecordProgress| RecordProgress { book: "V002".into(), on: date(DAY), ..act };
        let more = PayProject { book: "V002".into(), on: date(DAY), ..pay("V001-P1", Some("H1"), "5000.01") };
        assert_eq!(county.refused("kuaiji", more).await, "U-403", "half done, 20,000.00 of 25,000.00 paid");
        county.done("kuaiji", there(progress("V001-P1", 100))).await;
        paid_there(&county, "V001-P1", "30000.00").await;
        county.done("shenhe", AcceptProject { book: "V002".into(), on: date(DAY), ..accept("V001-P1") }).await;
        county.done("shenhe", SettleProject { book: "V002".into(), on: date(DAY), ..settle("V001-P1", "50000.00") }).await;
        county.done("kuaiji", FinishProject { book: "V002".into(), on: date(DAY), ..finish("V001-P1", Some("A1")) }).await;
        let ReceiveGrant(money) = receive("V001-P1", "10000.01");
        let back = |amount| ReturnGrant(GrantMoney { book: "V002".into(), on: date(DAY), amount, ..money.clone() });
        assert_eq!(county.refused("kuaiji", back(yuan("10000.01"))).await, "U-407");
        county.done("kuaiji", back(yuan("10000.00"))).await;
        // What was kept back of the finished one is paid there; the proposed one is approved there, not by who made its card.
        paid_there(&county, "P2", "100.00").await;
        let more = PayProject { book: "V002".into(), on: date(DAY), ..pay("P2", Some("H1"), "0.01") };
        assert_eq!(county.refused("kuaiji", more).await, "U-401");
        county.done("shenhe", ApproveProject { book: "V002".into(), on: date(DAY), ..approve("P3") }).await;
        let whole = stands_in(&county, ("V002", "V001-P1"), DAY).await;
        assert_eq!((whole.standing.state(), whole.special, whole.construction), (ProjectState::Finished, yuan("0.00"), yuan("0.00")));
        verified(&county.office.db).await;
    }
}
