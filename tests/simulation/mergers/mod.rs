//! Contracts, hand-written vouchers and mergers of villages in lockstep: random valid and invalid acts over half a year on both
//! databases against a naive model; one village goes into the third in March, another in May.
//!
//! 1. After every act: the same answer or the same refusal from both databases and from the model.
//! 2. After every act, in every book: money by class, what every party owes or paid in advance, and what is late of its
//!    contracts are what the model says; so a book that ended holds nothing and no book holds what is another's.
//! 3. After every merger and at the end both databases verify clean, digests alike.
//! 4. A failure prints the seed: `CUNZHANG_SIM_SEED=… CUNZHANG_SIM_STEPS=… cargo test --test simulation mergers`.

mod ground;
mod model;

use std::collections::BTreeMap;

use cunzhang::calendar::{AccountingPeriod, BusinessDate};
use cunzhang::controls::disclosure::reports::ClassMoney;
use cunzhang::controls::fund_classes::service::at;
use cunzhang::controls::mergers::service::MergeVillages;
use cunzhang::controls::period_close::service::{ClosePeriod, TransferProfitAndLoss};
use cunzhang::controls::supervision::service::contracts::warnings;
use cunzhang::db::Connection;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::{Dimensions, Voucher};
use cunzhang::money::Amount;
use cunzhang::products::leases::service::contract::OpenLease;
use cunzhang::products::leases::service::rent::{AccrueRent, ReceiveRent};
use cunzhang::products::leases::terms::{ContractKind, Direction, Due, LeaseParty, Terms, Thing};
use cunzhang::products::leases::warnings::WarningKind;
use sqlx::Row;

use crate::dice::Dice;
use crate::set;
use crate::support;
use crate::support::county::date;
use crate::village::ground::Sides;
use ground::founded;
use model::{Contract, Model};

const STEPS: usize = 120;
const VILLAGES: [&str; 3] = ["V001", "V002", "V003"];
const COLLECTIVE: &str = "村集体经济组织收益";
const CLASSES: [&str; 3] = ["村办公经费", COLLECTIVE, ""];
const OPENING: i64 = 10_000_000;

fn fen(amount: i64) -> Amount {
    Amount::from_fen(amount)
}

fn expected(answer: &Result<impl Sized, String>) -> String {
    answer.as_ref().err().cloned().unwrap_or_else(|| "done".to_owned())
}

/// A day of a month of 2026.
fn day(month: u32, day: u32) -> BusinessDate {
    date(&format!("2026-{month:02}-{day:02}"))
}

/// Whose turn it is, and when.
struct Turn<'a> {
    sides: &'a Sides,
    month: u32,
    at: &'a str,
}

impl Turn<'_> {
    fn on(&self) -> BusinessDate {
        day(self.month, 15)
    }

    /// A contract of a year from January on, by months, with an instalment of its own sum each.
    async fn open(&self, dice: &mut Dice, model: &mut Model) -> (String, String) {
        let village = dice.below(VILLAGES.len());
        let number = model.contracts.len() + 1;
        let (monthly, arrears) = (1_000 + dice.below(40_000) as i64, dice.percent(50));
        let (code, party) = (format!("合{number}"), format!("租户{number}"));
        let kind = *dice.pick(&[ContractKind::Lease, ContractKind::Contracting]);
        let parties =
            vec![LeaseParty { party: party.clone(), quantity_milli: 1_000, yearly: fen(12 * monthly), is_member: false }];
        let terms = Terms {
            name: code.clone(),
            kind,
            direction: Direction::Out,
            thing: Thing::House,
            description: String::new(),
            begins_on: day(1, 1),
            ends_on: date("2027-01-01"),
            months: 1,
            due: if arrears { Due::Arrears } else { Due::Advance },
            steps: Vec::new(),
            relets: None,
            instalments: Vec::new(),
            document: "合同".into(),
            parties,
        };
        let act = OpenLease { book: VILLAGES[village].into(), lease: code.clone(), terms };
        let answer = self.sides.both("kuaiji", act, self.at).await;
        if model.ended.contains(&village) {
            return ("L-213".into(), expected(&answer));
        }
        let first = 1 + u32::from(arrears);
        let mut due: Vec<(BusinessDate, i64)> = (first..=12).map(|month| (day(month, 1), monthly)).collect();
        if arrears {
            due.push((date("2027-01-01"), monthly));
        }
        model.contracts.push(Contract { code, party, village, due, settled: Vec::new(), advance: 0 });
        ("done".into(), expected(&answer))
    }

    /// Everything due of a village becomes owed.
    async fn accrue(&self, dice: &mut Dice, model: &mut Model) -> (String, String) {
        let village = dice.below(VILLAGES.len());
        let act = AccrueRent { book: VILLAGES[village].into(), on: self.on(), lease: None };
        let answer = self.sides.both("kuaiji", act, self.at).await;
        let (mut count, mut sum) = (0, 0);
        for contract in model.contracts.iter_mut().filter(|contract| contract.village == village) {
            let (periods, amount) = contract.accrue(self.on());
            (count, sum) = (count + periods, sum + amount);
        }
        if let Ok(done) = &answer {
            assert_eq!((done.periods.len(), done.out.fen()), (count, sum), "{}: accrued", self.at);
        }
        (if count > 0 { "done" } else { "J-202" }.into(), expected(&answer))
    }

    /// A party pays, into the book of its contract or into another.
    async fn receive(&self, dice: &mut Dice, model: &mut Model) -> (String, String) {
        if model.contracts.is_empty() {
            return ("nothing".into(), "nothing".into());
        }
        let which = dice.below(model.contracts.len());
        let contract = &mut model.contracts[which];
        let village = if dice.percent(80) { contract.village } else { dice.below(VILLAGES.len()) };
        let exact = dice.percent(40) && contract.owed() > 0;
        let amount = if exact { contract.owed() } else { dice.below(60_000) as i64 - 1_000 };
        let in_advance = dice.percent(40);
        let act = ReceiveRent {
            book: VILLAGES[village].into(),
            lease: contract.code.clone(),
            party: None,
            on: self.on(),
            amount: fen(amount),
            in_advance,
            money_account: None,
        };
        let answer = self.sides.both("kuaiji", act, self.at).await;
        let should = match amount {
            _ if village != contract.village => "J-301",
            ..=0 => "J-102",
            _ if amount > contract.owed() && !in_advance => "J-203",
            _ => "done",
        };
        if should == "done" {
            contract.receive(amount);
            model.class(village, COLLECTIVE, amount);
        }
        (should.into(), expected(&answer))
    }

    /// A voucher by hand: a cost, or money lent to the card H1; a book that ended takes neither.
    async fn by_hand(&self, dice: &mut Dice, model: &mut Model) -> (String, String) {
        let (village, class) = (dice.below(VILLAGES.len()), *dice.pick(&CLASSES));
        let (amount, is_lent) = (1 + dice.below(50_000) as i64, dice.percent(50));
        let money = Dimensions { fund_class: Some(class.to_owned()).filter(|class| !class.is_empty()), ..Dimensions::default() };
        let card = Dimensions { party: is_lent.then(|| "H1".to_owned()), ..Dimensions::default() };
        let draft = Voucher::on(&VILLAGES[village].into(), self.on(), "手工凭证");
        let draft = draft.debit(&if is_lent { "113" } else { "51301" }.into(), fen(amount), card);
        let voucher = draft.credit(&"102".into(), fen(amount), money).balanced().unwrap();
        let answer = self.sides.both("kuaiji", PostVouchers { vouchers: vec![voucher], event: None }, self.at).await;
        if model.ended.contains(&village) {
            return ("L-213".into(), expected(&answer));
        }
        model.class(village, class, -amount);
        if is_lent {
            *model.debts[village].entry("H1".into()).or_default() += amount;
        }
        ("done".into(), expected(&answer))
    }

    /// One village goes into the third on the first of this month: refused while a month is open or profit not cleared.
    async fn merge(&self, from: usize, model: &mut Model) {
        let merge = || MergeVillages {
            into: VILLAGES[2].into(),
            from: vec![VILLAGES[from].into()],
            on: day(self.month, 1),
            document: "撤并文件".into(),
            accounts: Vec::new(),
        };
        let both = async |act: MergeVillages| expected(&self.sides.both("zhuguan", act, self.at).await);
        assert_eq!(both(merge()).await, "B-302", "{}: months are open", self.at);
        for month in 1..self.month {
            let period: AccountingPeriod = format!("2026-{month:02}").parse().unwrap();
            let book = || VILLAGES[from].into();
            if month + 1 == self.month {
                self.sides.both("zhuguan", TransferProfitAndLoss { book: book(), period }, self.at).await.unwrap();
            }
            let close = ClosePeriod { book: book(), period, reason: Some("撤并".into()) };
            self.sides.both("zhuguan", close, self.at).await.unwrap();
        }
        assert_eq!(both(merge()).await, "done", "{}", self.at);
        model.merge(from, 2);
        assert_eq!(both(merge()).await, "B-309", "{}: it ended", self.at);
    }
}

/// Debit less credit by account and party of a book, as posted.
async fn parties(tx: &mut Connection, book: &str) -> BTreeMap<(String, String), i64> {
    const SQL: &str = "select account, member, cast(sum(debit_cents - credit_cents) as bigint) from period_movement \
         where county = '459900' and book = $1 and dimension = 'party' group by account, member \
         having sum(debit_cents - credit_cents) <> 0";
    let rows = sqlx::query(SQL).bind(book).fetch_all(tx).await.unwrap();
    rows.iter().map(|row| ((row.get(0), row.get(1)), row.get(2))).collect()
}

async fn prove(turn: &Turn<'_>, model: &Model) {
    for county in &turn.sides.counties {
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        for (village, book) in VILLAGES.iter().enumerate() {
            let place = format!("{}, {book}", turn.at);
            assert_eq!(parties(&mut tx, book).await, model.parties(village), "{place}: what parties owe");
            let period: AccountingPeriod = format!("2026-{:02}", turn.month).parse().unwrap();
            let (classes, accounts) = at(&mut tx, "459900", &(*book).into(), period).await.unwrap();
            let sum: Amount = classes.iter().map(ClassMoney::closing).sum();
            assert_eq!(sum, accounts.iter().map(|(.., balance)| *balance).sum::<Amount>(), "{place}: classes and accounts");
            let stands: BTreeMap<String, i64> =
                classes.iter().map(|class| (class.class.clone(), class.closing().fen())).collect();
            let kept = |all: &BTreeMap<String, i64>| all.clone().into_iter().filter(|(_, fen)| *fen != 0).collect::<Vec<_>>();
            assert_eq!(kept(&stands), kept(&model.classes[village]), "{place}: classes");
            let told = warnings(&mut tx, "459900", book, turn.on()).await.unwrap();
            let told = told.into_iter().filter(|warning| warning.kind == WarningKind::Late);
            let mut told: Vec<_> = told.map(|warning| (warning.lease, warning.on, warning.amount.fen())).collect();
            told.sort();
            let here = model.contracts.iter().filter(|contract| contract.village == village);
            let late = |contract: &Contract| {
                contract.late(turn.on()).into_iter().map(|(on, sum)| (contract.code.clone(), on, sum)).collect()
            };
            let mut should: Vec<(String, BusinessDate, i64)> = here.flat_map(|contract| -> Vec<_> { late(contract) }).collect();
            should.sort();
            assert_eq!(told, should, "{place}: what is late");
        }
    }
}

/// Both databases verify clean, and their chains are the same.
async fn alike(sides: &Sides, at: &str) {
    let mut reports = Vec::new();
    for county in &sides.counties {
        reports.push(support::proof::verified(&county.office.db).await);
    }
    assert_eq!(reports[0], reports[1], "{at}: the same digests");
}

async fn run(seed: u64, steps: usize) {
    let (_databases, sides) = founded().await;
    let (mut dice, mut model) = (Dice::new(seed), Model::new());
    let (mut count, mut month): (BTreeMap<String, usize>, u32) = (BTreeMap::new(), 1);
    for number in 1..=steps {
        let at_step = format!("seed {seed}, step {number}");
        let now = 1 + (number * 6 / (steps + 1)) as u32;
        let turn = Turn { sides: &sides, month: now, at: &at_step };
        if now != month {
            month = now;
            sides.counties.iter().for_each(|county| county.clock.set(turn.on()));
            if let Some(from) = [(3, 0), (5, 1)].iter().find(|(merged, _)| *merged == month).map(|(_, from)| *from) {
                turn.merge(from, &mut model).await;
                prove(&turn, &model).await;
                alike(&sides, &at_step).await;
            }
        }
        let (should, was) = match dice.below(100) {
            0..12 => turn.open(&mut dice, &mut model).await,
            12..28 => turn.accrue(&mut dice, &mut model).await,
            28..65 => turn.receive(&mut dice, &mut model).await,
            _ => turn.by_hand(&mut dice, &mut model).await,
        };
        assert_eq!(was, should, "{at_step}: answered (left), the model (right)");
        *count.entry(was).or_default() += 1;
        prove(&turn, &model).await;
    }
    println!("{count:?}");
    assert!(count.len() > 4 || steps < STEPS, "the acts reached too few answers: {count:?}");
    alike(&sides, "at the end").await;
}

#[test]
fn merged_villages_hand_over_what_they_have_and_nothing_is_mixed() {
    let steps = set("CUNZHANG_SIM_STEPS").map_or(STEPS, |steps| steps as usize);
    let seed = set("CUNZHANG_SIM_SEED").unwrap_or(11);
    println!("mergers: seed {seed}, {steps} steps; again with CUNZHANG_SIM_SEED={seed} CUNZHANG_SIM_STEPS={steps}");
    support::engines::run(run(seed, steps));
}
