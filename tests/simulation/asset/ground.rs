//! The county of this simulation: a company, a cooperative, a village, four households, six schemes, three loans.

use cunzhang::calendar::{BusinessDate, DayCount};
use cunzhang::db::Db;
use cunzhang::ledger::books::Book;
use cunzhang::ledger::books::service::{AddBook, AddCounty, AddPlaces};
use cunzhang::ledger::books::store::Place;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::{BookCode, EntityKind};
use cunzhang::money::Rate;
use cunzhang::office::{Act, Actor, Clock, Ids, Office};
use cunzhang::parties::household::{Bank, HouseholdStatus};
use cunzhang::parties::service::{RegisterBanks, RegisterHouseholds};
use cunzhang::payouts::list::Payee;
use cunzhang::payouts::service::draw_up::KeepPayees;
use cunzhang::products::cooperative_shares::class::{ClassKind, ShareClass};
use cunzhang::products::cooperative_shares::service::register::AddShareClasses;
use cunzhang::products::entrusted_funds::scheme::{Anchor, Bearer, Form, Frequency, FundSource, Terms, Timing};
use cunzhang::products::entrusted_funds::service::opening::OpenScheme;
use cunzhang::products::microloan::policy::service::ImportPolicies;
use cunzhang::products::microloan::policy::{Policy, shipped};
use cunzhang::products::microloan::service::{ApplyLoans, SignLoans, Signing};
use cunzhang::products::microloan::{Happening, Settlement};

use crate::support::county::{County, date, simple, yuan};
use crate::support::credit::household;
use crate::support::{TestDatabase, engines};

pub const COUNTY: &str = "459900";
pub const HOUSEHOLDS: [&str; 5] = ["H1", "H2", "H3", "H4", "V001"];
/// Yuan the cooperative earned before anything else.
pub const EARNED: i64 = 200_000;
/// Code, source, company between, operator's rate, households' rate (hundredths of a percent), part for shares (percent), in advance.
pub const SCHEMES: [Scheme; 6] = [
    Scheme { code: "S1", has_company: true, operator_rate: 850, rate: 800, shares: 0, advance: false },
    Scheme { code: "S2", has_company: false, operator_rate: 600, rate: 600, shares: 0, advance: false },
    Scheme { code: "S3", has_company: true, operator_rate: 800, rate: 730, shares: 0, advance: true },
    Scheme { code: "S4", has_company: true, operator_rate: 900, rate: 900, shares: 40, advance: false },
    Scheme { code: "S5", has_company: true, operator_rate: 800, rate: 800, shares: 0, advance: false },
    Scheme { code: "S6", has_company: true, operator_rate: 800, rate: 800, shares: 0, advance: false },
];
/// Schemes of loan money; the second lies where no policy allows them.
pub const OF_LOANS: [&str; 2] = ["S5", "S6"];
/// Loan, household, yuan: paid out on the first day, interest due after the last.
pub const LOANS: [(&str, &str, i64); 3] = [("L1", "H1", 30_000), ("L2", "H2", 20_000), ("L3", "H3", 45_000)];
/// The last day the policy allows new entrusting of loan money.
pub const ALLOWED_THROUGH: &str = "2026-08-31";
pub const BEGINS: &str = "2026-01-10";
pub const ENDS: &str = "2026-12-10";

#[derive(Debug, Clone, Copy)]
pub struct Scheme {
    pub code: &'static str,
    pub has_company: bool,
    pub operator_rate: i64,
    pub rate: i64,
    pub shares: i64,
    pub advance: bool,
}

pub struct Side {
    pub database: TestDatabase,
    pub office: Office,
    pub clock: Clock,
}

pub fn actor(user: &str) -> Actor {
    Actor { county: COUNTY.into(), user: user.into(), face: "test" }
}

pub fn first_day() -> BusinessDate {
    date("2026-01-10")
}

async fn done<A: Act>(office: &Office, act: A) {
    office.perform(&actor("甲"), act, None).await.unwrap_or_else(|stop| panic!("{} was stopped: {stop}", A::KIND));
}

fn terms(scheme: Scheme) -> Terms {
    let rate = |hundredths: i64| -> Rate { format!("{}.{:02}", hundredths / 100, hundredths % 100).parse().expect("a rate") };
    let source = match scheme.code {
        "S2" => FundSource::Donation,
        "S3" => FundSource::CollectiveFund,
        "S5" | "S6" => FundSource::Loan,
        _ => FundSource::HouseholdGrant,
    };
    Terms {
        name: scheme.code.into(),
        place: if scheme.code == "S6" { "519900101201" } else { "459900101201" }.into(),
        form: Form::Debt,
        source,
        company_book: scheme.has_company.then(|| BookCode::from("R001")),
        operator_book: Some(BookCode::from("C001")),
        operator: "C001".into(),
        rate: rate(scheme.rate),
        operator_rate: rate(scheme.operator_rate),
        day_count: DayCount::Actual365,
        frequency: Frequency::HalfYearly,
        timing: if scheme.advance { Timing::Advance } else { Timing::Arrears },
        anchor: Anchor::Anniversary,
        reinvest_rate: scheme.shares.to_string().parse().expect("a rate"),
        reinvest_class: (scheme.shares > 0).then(|| "A".to_owned()),
        company_guarantees: false,
        loan_interest_by: Bearer::County,
        subsidy_claimed_by: Bearer::Company,
        principal_repaid_by: Bearer::Operator,
        signed_on: date("2026-01-01"),
        begins_on: date(BEGINS),
        ends_on: date(ENDS),
        legal_basis: "办法".into(),
        document: "委字".into(),
        investors: if scheme.code == "S3" { vec![("V001".into(), BookCode::from("V001"))] } else { Vec::new() },
        money_accounts: Vec::new(),
        parties: Vec::new(),
    }
}

/// Both databases with the county founded.
pub async fn open(seed: u64) -> Vec<Side> {
    let mut sides = Vec::new();
    for database in engines() {
        let clock = Clock::standing_at(first_day());
        let db = Db::open_ready(database.url()).await.expect("a fresh database opens");
        let office = Office::open(db, clock.clone(), Ids::seeded(seed));
        found(&office).await;
        lend(&office, &clock).await;
        sides.push(Side { database, office, clock });
    }
    sides
}

async fn found(office: &Office) {
    done(office, AddCounty { name: "青禾县".into() }).await;
    let kinds = [("R001", EntityKind::Company), ("C001", EntityKind::Cooperative), ("V001", EntityKind::Village)];
    for (code, kind) in kinds {
        let first_period = "2026-01".parse().expect("a period");
        let book = Book { book: code.into(), name: code.into(), kind, place: None, organisation: None, first_period };
        done(office, AddBook { book, regime: None }).await;
    }
    let cooperative = BookCode::from("C001");
    let classes = vec![
        ShareClass::ordinary("A", "资金股", ClassKind::Subscribed),
        ShareClass::ordinary("C", "集体股", ClassKind::Collective),
    ];
    done(office, AddShareClasses { book: cooperative.clone(), classes }).await;
    let income = simple(&cooperative, "2026-01-05", "102", "501", &format!("{EARNED}.00"));
    done(office, PostVouchers { vouchers: vec![income], event: None }).await;
    let payee = |party: &&str| Payee {
        party: (*party).into(),
        name: (*party).into(),
        account_name: (*party).into(),
        account: format!("6200{party}"),
        ..Payee::default()
    };
    done(office, KeepPayees { payees: HOUSEHOLDS.iter().map(payee).collect() }).await;
    for scheme in SCHEMES {
        done(office, OpenScheme { scheme: scheme.code.into(), terms: terms(scheme) }).await;
    }
}

/// The households borrow where the place's own policy still allows to entrust loan money.
async fn lend(office: &Office, clock: &Clock) {
    let county = County { office: office.clone(), clock: clock.clone() };
    let village = |place: &str, level: &str, parent: &str| Place {
        place: place.into(),
        name: place.into(),
        level: level.into(),
        parent: Some(parent.into()),
        valid_from: "2000-01-01".into(),
        valid_before: None,
        successor: None,
    };
    let places = vec![village("459900101000", "township", "459900000000"), village("459900101201", "village", "459900101000")];
    done(office, AddPlaces { places }).await;
    let bank = Bank { bank: "B1".into(), parent: None, name: "青禾农商行".into(), place: None };
    done(office, RegisterBanks { banks: vec![bank] }).await;
    county.book("F001", EntityKind::RiskFund, "2026-01").await;
    county.book("S001", EntityKind::SubsidyFund, "2026-01").await;
    let own = Policy {
        policy: "county-run-off".into(),
        place: COUNTY.into(),
        signed_until: Some(date(ALLOWED_THROUGH)),
        entrusted_allowed: "yes".into(),
        ..shipped().into_iter().find(|row| row.policy == "national-2021").expect("it is shipped")
    };
    done(office, ImportPolicies { rows: vec![own] }).await;
    for (serial, (loan, code, amount)) in (1..).zip(LOANS) {
        let mut borrower = household(code, serial, HouseholdStatus::OutOfPoverty, "2015-01-01");
        borrower.people[0].name = code.into();
        done(office, RegisterHouseholds { households: vec![borrower] }).await;
        let amount = amount.to_string();
        done(office, ApplyLoans { applications: vec![county.application(loan, code, "B1", &amount, 36)] }).await;
        county.approve(loan).await;
        let signing = Signing { settlement: Settlement::Yearly, ..county.signing(loan, &amount, "3.00") };
        done(office, SignLoans { signings: vec![signing] }).await;
        county.fact(loan, first_day(), Happening::Disbursed { amount: yuan(&amount) }).await;
    }
}
