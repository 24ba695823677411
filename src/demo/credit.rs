//! Three years of lending in 青禾县 (459900): small, or with the figures one county published in autumn 2016.
//!
//! At county scale 18,434 households are registered in twelve townships; by 30 September 2016 5,121 of them were lent
//! 2.49亿元 against a fund of 1亿元 that carries 10亿元 (domain/seeds.md §1, 1.1 and 1.5): 27.78 %.
//!
//! 1. The same seed gives the same loans, repayments, defaults and claims; ids and people are invented.
//! 2. Everything happens through the acts people use; approvals and reviews by other people than the clerk.
//! 3. Some loans go wrong: late repayments that become known later, defaults, claims, recoveries, one write-off.

use chrono::{Datelike, Days, Months};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;

use super::{COUNTY, Scale};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::controls::year_close::service::OpenYear;
use crate::db::Stop;
use crate::ledger::books::service::{AddBook, AddPlaces};
use crate::ledger::books::{Book, store as books};
use crate::ledger::{BookCode, EntityKind};
use crate::money::{Amount, Rate};
use crate::office::{Act, Actor, Clock, Office};
use crate::parties::household::{Bank, Household, HouseholdStatus, Person, Standing};
use crate::parties::service::{RegisterBanks, RegisterHouseholds};
use crate::products::microloan::risk_fund::posting_rules::FundMove;
use crate::products::microloan::risk_fund::service::{
    DecideClaims, FileClaims, MoveFund, PayClaims, RecoverClaims, Recovery, WriteOffClaims,
};
use crate::products::microloan::service::{
    Application, ApplyLoans, ClassifyChunk, Entry, RecordFacts, SignLoans, Signing, StepLoans, settle_run,
};
use crate::products::microloan::store::figures;
use crate::products::microloan::subsidy::service::{BatchStep, ReceiveSubsidy, StepBatch, subsidy_run};
use crate::products::microloan::{AllotmentOrder, Fact, Happening, RepaymentMethod, Settlement, Step, Towards};

/// The first of the three years.
pub const FROM: i32 = 2016;
/// Books of the fund and of subsidy money.
pub const FUND: &str = "F001";
/// The subsidy book.
pub const SUBSIDY: &str = "S001";
/// Rows of one act.
const LIST: usize = 1_000;

/// What was played.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Played {
    /// Households registered.
    pub households: usize,
    /// Loans paid out.
    pub loans: usize,
    /// Money paid out.
    pub paid_out: Amount,
    /// Claims paid by the fund.
    pub claims: usize,
    /// Subsidy approved.
    pub subsidy: Amount,
}

/// The name of a household's head; `H00001` is number 0.
pub fn head_name(number: usize) -> String {
    const SURNAMES: [&str; 12] = ["覃", "韦", "谭", "卢", "蒙", "莫", "黄", "罗", "陆", "玉", "欧阳", "吴"];
    const NAMES: [&str; 14] =
        ["秀兰", "建国", "䶮", "桂花", "志强", "美丽", "镕", "小梅", "大山", "喆", "春生", "玉珍", "堃", "海·英"];
    format!("{}{}", SURNAMES[number % 12], NAMES[(number / 12) % 14])
}

/// Plays three years from January 2016. The county must be there; its clock must not stand later than that.
pub async fn play(office: &Office, clock: &Clock, scale: Scale) -> Result<Played, Stop> {
    let (loans, households) = match scale {
        Scale::Small => (300, 1_080),
        Scale::County => (5_121, 18_434),
    };
    let chance = ChaCha12Rng::seed_from_u64(2016);
    let mut county = Lending { office, clock, chance, scale, loans: Vec::new(), played: Played::default() };
    county.found(households).await?;
    county.lend(loans).await?;
    for quarter in 0..12 {
        county.quarter(quarter).await?;
    }
    Ok(county.played)
}

/// A loan of the demo.
struct Lent {
    loan: String,
    household: String,
    bank: String,
    amount: Amount,
    on: BusinessDate,
    months: u32,
    /// Does not pay at maturity.
    defaults: bool,
}

struct Lending<'a> {
    office: &'a Office,
    clock: &'a Clock,
    chance: ChaCha12Rng,
    scale: Scale,
    loans: Vec<Lent>,
    played: Played,
}

fn day(year: i32, month: u32, of: u32) -> BusinessDate {
    BusinessDate::from_ymd_opt(year, month, of).expect("the days of the demo are days of the calendar")
}

impl Lending<'_> {
    async fn done<A: Act>(&self, user: &str, act: A) -> Result<A::Answer, Stop> {
        let actor = Actor { county: COUNTY.to_owned(), user: user.to_owned(), face: "demo" };
        self.office.perform(&actor, act, None).await
    }

    /// Villages, banks, books, households, the fund's capital.
    async fn found(&mut self, households: usize) -> Result<(), Stop> {
        self.clock.set(day(2016, 1, 4));
        let mut villages = super::script::villages(self.scale);
        let mut tx = self.office.db.reader().await?;
        let known: Vec<String> = books::places(&mut tx, COUNTY).await?.into_iter().map(|place| place.place).collect();
        drop(tx);
        villages.retain(|village| !known.contains(&village.place));
        let place = |place: String, name: String, level: &str| books::Place {
            parent: (level == "village").then(|| format!("{}000", &place[..9])),
            place,
            name,
            level: level.to_owned(),
            valid_from: "2010-01-01".to_owned(),
            valid_before: None,
            successor: None,
        };
        let mut places: Vec<_> = villages.iter().map(|v| place(v.place.clone(), v.name.clone(), "village")).collect();
        let mut townships: Vec<(String, String)> =
            villages.iter().map(|v| (format!("{}000", &v.place[..9]), v.name.chars().take(3).collect())).collect();
        townships.dedup();
        places.extend(
            townships.into_iter().filter(|(code, _)| !known.contains(code)).map(|(code, name)| place(code, name, "township")),
        );
        if !places.is_empty() {
            self.done("xianban", AddPlaces { places }).await?;
        }
        let bank = |bank: &str, name: &str| Bank { bank: bank.into(), parent: None, name: name.into(), place: None };
        let banks = vec![bank("B1", "青禾农村商业银行"), bank("B2", "青禾村镇银行"), bank("B3", "邮储银行青禾支行")];
        self.done("xianban", RegisterBanks { banks }).await?;
        let book = |code: &str, name: &str, kind| AddBook {
            book: Book {
                book: BookCode::from(code),
                name: name.to_owned(),
                kind,
                place: None,
                organisation: None,
                first_period: AccountingPeriod::of(day(2016, 1, 1)),
            },
            regime: None,
        };
        self.done("xianban", book(FUND, "青禾县风险补偿金", EntityKind::RiskFund)).await?;
        self.done("xianban", book(SUBSIDY, "青禾县贴息资金", EntityKind::SubsidyFund)).await?;
        self.register(households).await?;
        let capital = match self.scale {
            Scale::Small => [("B1", 3_000_000), ("B2", 1_500_000), ("B3", 1_500_000)],
            Scale::County => [("B1", 50_000_000), ("B2", 25_000_000), ("B3", 25_000_000)],
        };
        for (bank, yuan) in capital {
            let what = FundMove::Contributed { contributor: "县财政局".into(), document: "青财农〔2016〕1号".into() };
            self.money(bank, Amount::from_yuan(yuan), what).await?;
        }
        Ok(())
    }

    async fn money(&self, bank: &str, amount: Amount, what: FundMove) -> Result<(), Stop> {
        let on = self.office.today();
        self.done("xianban", MoveFund { book: BookCode::from(FUND), bank: bank.to_owned(), amount, on, what }).await?;
        Ok(())
    }

    async fn register(&mut self, count: usize) -> Result<(), Stop> {
        let villages = super::script::villages(self.scale);
        let mut list = Vec::with_capacity(LIST);
        for number in 0..count {
            let place = villages[number % villages.len()].place.clone();
            list.push(self.household(number, place));
            if list.len() == LIST || number + 1 == count {
                self.done("xianban", RegisterHouseholds { households: std::mem::take(&mut list) }).await?;
            }
        }
        self.played.households = count;
        Ok(())
    }

    fn household(&mut self, number: usize, place: String) -> Household {
        let born = day(1956, 1, 1) + Days::new((number as u64 * 37) % 12_700);
        let seventeen = format!("{COUNTY}{}{:03}", born.format("%Y%m%d"), number / 2 % 1_000);
        let name = head_name(number);
        let person =
            Person { name, id_number: with_check(&seventeen), relation: "户主".into(), is_able: !number.is_multiple_of(9) };
        let standing = |from, status| Standing { from, status, document: "建档立卡".to_owned() };
        let mut standings = vec![standing(day(2014, 6, 1), HouseholdStatus::RegisteredPoor)];
        if self.chance.random_range(0..3) == 0 {
            standings.push(standing(day(2017, 12, 31), HouseholdStatus::OutOfPoverty));
        }
        let household = format!("H{:05}", number + 1);
        Household { household, place, people: vec![person], standings, phone: None, bank_account: None, moved_out_on: None }
    }

    /// Applications of nine months, all paid out by the end of September 2016.
    async fn lend(&mut self, count: usize) -> Result<(), Stop> {
        let whole = Amount::from_yuan(if self.scale == Scale::County { 249_000_000 } else { 14_500_000 });
        let mut left = whole.fen() / 100_000 - 20 * count as i64; // thousands above twenty thousand each
        for number in 0..count {
            let months = [12, 24, 36][self.chance.random_range(0..3)];
            let rest = (count - number) as i64;
            let most = left.min(30);
            let least = (left - 30 * (rest - 1)).max(0);
            let even = (left / rest + i64::from(left % rest > 0)).clamp(least, most);
            left -= even;
            let on = day(2016, 1, 11) + Days::new(number as u64 * 255 / count as u64);
            let defaults = self.chance.random_range(0..60) == 0;
            self.loans.push(Lent {
                loan: format!("D{:05}", number + 1),
                household: format!("H{:05}", number * 3 + 1),
                bank: ["B1", "B1", "B2", "B3"][number % 4].to_owned(),
                amount: Amount::from_yuan((20 + even) * 1_000),
                on,
                months,
                defaults,
            });
        }
        let mut from = 0;
        for month in 1..=9 {
            let through = self.loans.partition_point(|loan| loan.on.month() <= month);
            self.pay_out(from..through, AccountingPeriod::of(day(2016, month, 1)).last_day()).await?;
            from = through;
        }
        Ok(())
    }

    /// A month's loans from application to payment, in lists.
    async fn pay_out(&mut self, range: std::ops::Range<usize>, last: BusinessDate) -> Result<(), Stop> {
        self.clock.set(last);
        for start in range.clone().step_by(LIST) {
            let some = &self.loans[start..range.end.min(start + LIST)];
            let numbers: Vec<String> = some.iter().map(|lent| lent.loan.clone()).collect();
            let applications = some.iter().map(Lent::application).collect();
            self.done("xianban", ApplyLoans { applications }).await?;
            let steps = [(Step::Check, "xianban"), (Step::Announce, "xianban"), (Step::Grade, "xianban")];
            for (step, user) in steps.into_iter().chain([(Step::Approve, "shenhe"), (Step::Approve, "zhuguan")]) {
                let note = "经核查符合条件".to_owned();
                self.done(user, StepLoans { step, on: last, loans: numbers.clone(), note }).await?;
            }
            let signings = some.iter().map(Lent::signing).collect::<Result<_, Stop>>()?;
            self.done("xianban", SignLoans { signings }).await?;
            let entries = some.iter().map(|lent| lent.entry(lent.on, Happening::Disbursed { amount: lent.amount })).collect();
            self.done("xianban", RecordFacts { entries }).await?;
            self.played.loans += some.len();
            self.played.paid_out += some.iter().map(|lent| lent.amount).sum();
        }
        Ok(())
    }

    /// A quarter: settlement, repayments at maturity, subsidy, claims, recoveries.
    async fn quarter(&mut self, number: u32) -> Result<(), Stop> {
        let (year, month) = (2016 + i32::try_from(number / 4).unwrap_or(0), number % 4 * 3 + 3);
        let settled = day(year, month, 20);
        self.clock.set(settled);
        if number > 0 && number.is_multiple_of(4) {
            for book in [FUND, SUBSIDY] {
                self.done("zhuguan", OpenYear { book: BookCode::from(book), year }).await?;
            }
        }
        let actor = Actor { county: COUNTY.to_owned(), user: "xianban".to_owned(), face: "demo" };
        settle_run(self.office, &actor, settled, &mut |_| true).await?;
        let last = AccountingPeriod::of(settled).last_day();
        self.clock.set(last);
        self.repay(settled, last).await?;
        self.done("xianban", ClassifyChunk { on: last, after: String::new(), limit: i64::MAX }).await?;
        self.subsidise(&actor, &format!("{year}Q{}", month / 3), last).await?;
        self.compensate(number, last).await
    }

    /// Principal of loans that matured since the last quarter, recorded on the quarter's last day.
    async fn repay(&mut self, settled: BusinessDate, last: BusinessDate) -> Result<(), Stop> {
        let before = settled - Months::new(3);
        let since = AccountingPeriod::of(before).last_day();
        let matured = self.loans.iter().filter(|lent| since < lent.matures_on() && lent.matures_on() <= last && !lent.defaults);
        let what = |lent: &Lent| Happening::Repaid { amount: lent.amount, towards: Towards::Any };
        let mut entries: Vec<Entry> = matured.map(|lent| lent.entry(lent.matures_on(), what(lent))).collect();
        // One household in two hundred had repaid a part earlier, which the bank reports only now.
        let late = self.loans.iter().step_by(200).filter(|lent| lent.on < since && lent.matures_on() > last && !lent.defaults);
        let part = Happening::Repaid { amount: Amount::from_yuan(1_000), towards: Towards::Any };
        entries.extend(late.map(|lent| lent.entry(since + Days::new(10), part.clone())));
        for entries in entries.chunks(LIST) {
            self.done("xianban", RecordFacts { entries: entries.to_vec() }).await?;
        }
        Ok(())
    }

    async fn subsidise(&mut self, actor: &Actor, batch: &str, on: BusinessDate) -> Result<(), Stop> {
        subsidy_run(self.office, actor, batch, &mut |_| true).await?;
        let step = |step| StepBatch { batch: batch.to_owned(), step };
        self.done("shenhe", step(BatchStep::Review)).await?;
        self.done("xianban", step(BatchStep::Announce { on })).await?;
        let amount = self.done("zhuguan", step(BatchStep::Approve { on })).await?;
        self.played.subsidy += amount;
        if amount.is_positive() {
            let document = format!("青财农〔{}〕{}号", on.year(), on.month());
            self.done("xianban", ReceiveSubsidy { book: BookCode::from(SUBSIDY), amount, on, document }).await?;
        }
        self.done("xianban", step(BatchStep::Pay { on })).await?;
        Ok(())
    }

    /// Claims for loans ninety days past due; a part comes back the quarter after; one is written off.
    async fn compensate(&mut self, quarter: u32, on: BusinessDate) -> Result<(), Stop> {
        self.money("B1", Amount::from_yuan(3_000), FundMove::Interest).await?;
        let mut tx = self.office.db.reader().await?;
        let arrears = figures::arrears(&mut tx, COUNTY, &(on - Days::new(90)).to_string()).await?;
        let known = crate::products::microloan::risk_fund::store::claims(&mut tx, COUNTY).await?;
        drop(tx);
        let fresh = arrears.iter().filter(|line| known.iter().all(|claim| claim.loan != line.0));
        let claims: Vec<(String, String)> = fresh.map(|line| (format!("C{}", &line.0[1..]), line.0.clone())).collect();
        let recoveries: Vec<Recovery> = known
            .iter()
            .filter(|claim| claim.recovered.is_zero() && claim.written_off.is_zero())
            .step_by(2)
            .map(|claim| Recovery { claim: claim.claim.clone(), amount: Amount::from_yuan(5_000), on })
            .collect();
        if !recoveries.is_empty() {
            self.done("xianban", RecoverClaims { recoveries }).await?;
        }
        if quarter == 11
            && let Some(claim) = known.iter().find(|claim| claim.memo().is_positive())
        {
            let reason = "户主死亡,无可执行财产".to_owned();
            self.done("zhuguan", WriteOffClaims { claims: vec![claim.claim.clone()], on, reason }).await?;
        }
        if claims.is_empty() {
            return Ok(());
        }
        let numbers: Vec<String> = claims.iter().map(|(claim, _)| claim.clone()).collect();
        self.played.claims += numbers.len();
        self.done("xianban", FileClaims { book: Some(BookCode::from(FUND)), on, claims }).await?;
        self.done("shenhe", DecideClaims { claims: numbers.clone(), approve: true, on, reason: None }).await?;
        self.done("xianban", PayClaims { claims: numbers, on }).await?;
        Ok(())
    }
}

impl Lent {
    fn matures_on(&self) -> BusinessDate {
        self.on + Months::new(self.months)
    }

    fn application(&self) -> Application {
        Application {
            loan: self.loan.clone(),
            household: self.household.clone(),
            bank: self.bank.clone(),
            amount: self.amount,
            months: self.months,
            purpose: ["养猪", "种桑养蚕", "种香柚", "养菜牛"][self.loan.bytes().last().map_or(0, usize::from) % 4].to_owned(),
            on: self.on,
            renews: None,
        }
    }

    /// At the benchmark rate of 2015-10-24.
    fn signing(&self) -> Result<Signing, Stop> {
        Ok(Signing {
            loan: self.loan.clone(),
            number: format!("青信{}", self.loan),
            amount: self.amount,
            rate: Rate::parse(if self.months <= 12 { "4.35" } else { "4.75" })?,
            on: self.on,
            matures_on: None,
            settlement: Settlement::Quarterly,
            method: RepaymentMethod::InterestOnly,
            compound: false,
            // The fiscal fund settles the interest, so what the household brings is principal.
            order: AllotmentOrder::parse("principal-interest-penalty")?,
        })
    }

    fn entry(&self, on: BusinessDate, what: Happening) -> Entry {
        Entry { loan: self.loan.clone(), fact: Fact { on, what }, reference: String::new() }
    }
}

/// The eighteenth character of a resident id (GB 11643).
fn with_check(seventeen: &str) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = seventeen.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'][sum as usize % 11];
    format!("{seventeen}{check}")
}
