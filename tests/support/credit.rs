//! A county that lends: villages, households, banks, the fund's and the subsidy book, and short ways to say acts.

use cunzhang::calendar::BusinessDate;
use cunzhang::db::Db;
use cunzhang::ledger::books::service::AddPlaces;
use cunzhang::ledger::books::store::Place;
use cunzhang::ledger::{BookCode, EntityKind};
use cunzhang::money::Amount;
use cunzhang::office::{Clock, Ids, Office};
use cunzhang::parties::household::{Bank, Household, HouseholdStatus, Person, Standing};
use cunzhang::parties::service::{RegisterBanks, RegisterHouseholds};
use cunzhang::products::microloan::risk_fund::posting_rules::FundMove;
use cunzhang::products::microloan::risk_fund::service::MoveFund;
use cunzhang::products::microloan::service::{
    Application, ApplyLoans, Entry, Progress, RecordFacts, SignLoans, Signing, StepLoans, settle_run,
};
use cunzhang::products::microloan::{Fact, Happening, Step, Towards};

use super::county::{County, actor, date, yuan};

/// A resident id of the fictional county, born on a day.
pub fn resident_id(born: &str, serial: u32) -> String {
    let seventeen = format!("459900{}{serial:03}", born.replace('-', ""));
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = seventeen.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{seventeen}{}", ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'][sum as usize % 11])
}

/// A household with one person.
pub fn household(code: &str, serial: u32, status: HouseholdStatus, from: &str) -> Household {
    Household {
        household: code.into(),
        place: "459900101201".into(),
        people: vec![Person {
            name: "扎西・次仁".into(),
            // Every day has 999 numbers.
            id_number: resident_id(&format!("1980-03-{:02}", 7 + (serial - 1) / 999), (serial - 1) % 999 + 1),
            relation: "户主".into(),
            is_able: true,
        }],
        standings: vec![Standing { from: date(from), status, document: "测试名单".into() }],
        phone: None,
        bank_account: None,
        moved_out_on: None,
    }
}

impl County {
    /// A lending county standing at a day: households H001…, banks B1 and B2, books F (fund) and S (subsidy).
    pub async fn lending(url: &str, today: &str, households: u32) -> County {
        let clock = Clock::standing_at(date(today));
        let office = Office::open(Db::open_ready(url).await.expect("a fresh database opens"), clock.clone(), Ids::seeded(7));
        let county = County { office, clock };
        county.done("甲", cunzhang::ledger::books::service::AddCounty { name: "青禾县".into() }).await;
        let place = |place: &str, name: &str, level: &str, parent: &str| Place {
            place: place.into(),
            name: name.into(),
            level: level.into(),
            parent: Some(parent.into()),
            valid_from: "2000-01-01".into(),
            valid_before: None,
            successor: None,
        };
        let places = vec![
            place("459900101000", "青禾镇", "township", "459900000000"),
            place("459900101201", "大坪村", "village", "459900101000"),
            place("459900102201", "小坪村", "village", "459900102000"),
        ];
        county.done("甲", AddPlaces { places }).await;
        let bank = |bank: &str, name: &str| Bank { bank: bank.into(), parent: None, name: name.into(), place: None };
        county.done("甲", RegisterBanks { banks: vec![bank("B1", "青禾农商行"), bank("B2", "青禾村镇银行")] }).await;
        let year = &today[..4];
        county.book("F", EntityKind::RiskFund, &format!("{year}-01")).await;
        county.book("S", EntityKind::SubsidyFund, &format!("{year}-01")).await;
        let list = (1..=households).map(|n| household(&format!("H{n:03}"), n, HouseholdStatus::OutOfPoverty, "2015-01-01"));
        county.done("甲", RegisterHouseholds { households: list.collect() }).await;
        county
    }

    /// Puts money into the fund's account at a bank.
    pub async fn contribute(&self, bank: &str, amount: &str) {
        let what = FundMove::Contributed { contributor: "财政局".into(), document: "青财〔1〕号".into() };
        let on = self.office.today();
        self.done("甲", MoveFund { book: BookCode::from("F"), bank: bank.into(), amount: yuan(amount), on, what }).await;
    }

    pub fn application(&self, loan: &str, household: &str, bank: &str, amount: &str, months: u32) -> Application {
        Application {
            loan: loan.into(),
            household: household.into(),
            bank: bank.into(),
            amount: yuan(amount),
            months,
            purpose: "养殖".into(),
            on: self.office.today(),
            renews: None,
        }
    }

    pub fn step(&self, step: Step, loan: &str) -> StepLoans {
        StepLoans { step, on: self.office.today(), loans: vec![loan.into()], note: String::new() }
    }

    pub fn signing(&self, loan: &str, amount: &str, rate: &str) -> Signing {
        Signing {
            loan: loan.into(),
            number: format!("合同{loan}"),
            amount: yuan(amount),
            rate: rate.parse().expect("a rate in a test is well formed"),
            on: self.office.today(),
            matures_on: None,
            settlement: Default::default(),
            method: Default::default(),
            compound: false,
            order: Default::default(),
        }
    }

    /// From application to money paid out, today.
    pub async fn lend(&self, application: Application, rate: &str) {
        let (loan, amount) = (application.loan.clone(), application.amount.to_string());
        self.done("甲", ApplyLoans { applications: vec![application] }).await;
        self.approve(&loan).await;
        self.done("甲", SignLoans { signings: vec![self.signing(&loan, &amount, rate)] }).await;
        self.fact(&loan, self.office.today(), Happening::Disbursed { amount: yuan(&amount) }).await;
    }

    /// A loan of 50,000 at 4.65 % to each of the first households, today, in lists.
    pub async fn lend_many(&self, count: u32) {
        let loans: Vec<String> = (1..=count).map(|n| format!("L{n:05}")).collect();
        let application = |(n, loan): (u32, &String)| self.application(loan, &format!("H{n:03}"), "B1", "50000", 36);
        self.done("甲", ApplyLoans { applications: (1..).zip(&loans).map(application).collect() }).await;
        for (user, step) in
            [("甲", Step::Check), ("甲", Step::Announce), ("甲", Step::Grade), ("乙", Step::Approve), ("丙", Step::Approve)]
        {
            self.done(user, StepLoans { loans: loans.clone(), ..self.step(step, "") }).await;
        }
        let signings = loans.iter().map(|loan| self.signing(loan, "50000", "4.65")).collect();
        self.done("甲", SignLoans { signings }).await;
        let (on, what) = (self.office.today(), Happening::Disbursed { amount: yuan("50000") });
        let entry = |loan: &String| Entry { loan: loan.clone(), fact: Fact { on, what: what.clone() }, reference: String::new() };
        self.done("甲", RecordFacts { entries: loans.iter().map(entry).collect() }).await;
    }

    /// Through check, notice, grade and both approvals.
    pub async fn approve(&self, loan: &str) {
        for step in [Step::Check, Step::Announce, Step::Grade] {
            self.done("甲", self.step(step, loan)).await;
        }
        self.done("乙", self.step(Step::Approve, loan)).await;
        self.done("丙", self.step(Step::Approve, loan)).await;
    }

    pub fn entry(loan: &str, on: BusinessDate, what: Happening) -> RecordFacts {
        RecordFacts { entries: vec![Entry { loan: loan.into(), fact: Fact { on, what }, reference: String::new() }] }
    }

    pub async fn fact(&self, loan: &str, on: BusinessDate, what: Happening) {
        self.done("甲", County::entry(loan, on, what)).await;
    }

    pub async fn repay(&self, loan: &str, on: &str, amount: &str) {
        self.fact(loan, date(on), Happening::Repaid { amount: yuan(amount), towards: Towards::Any }).await;
    }

    /// Moves the clock on to a day and settles what is due by it.
    pub async fn settle(&self, day: &str) -> Progress {
        self.clock.set(date(day));
        let (clerk, mut go_on) = (actor("甲"), |_: &_| true);
        settle_run(&self.office, &clerk, date(day), &mut go_on).await.expect("the run is not stopped")
    }

    /// The standing of a loan: state, principal, interest and penalty owed.
    pub async fn standing(&self, loan: &str) -> (String, Amount, Amount, Amount) {
        let mut tx = self.office.db.reader().await.expect("a reader");
        let after = format!("{}!", &loan[..loan.len() - 1]);
        let lines =
            cunzhang::products::microloan::store::figures::register(&mut tx, "459900", &Default::default(), (&after, 1_000))
                .await
                .expect("reads");
        let line =
            lines.into_iter().map(|dated| dated.line).find(|line| line.0.0 == loan).expect("the loan stands in the register");
        (line.1.1, Amount::from_fen(line.1.3), Amount::from_fen(line.2.1), Amount::from_fen(line.2.2))
    }

    /// Nothing differs between books, registers and facts.
    pub async fn verified(&self) {
        let mut tx = self.office.db.reader().await.expect("a reader");
        let found = cunzhang::products::microloan::service::check_equalities(&mut tx, "459900").await.expect("reads");
        assert_eq!(found, []);
        let (_, found) = cunzhang::products::microloan::service::check_loans(&mut tx, "459900").await.expect("reads");
        assert_eq!(found, []);
    }
}
