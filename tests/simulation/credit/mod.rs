//! Three years of lending in lockstep: both databases and a naive model that counts day by day.
//!
//! 1. After every act: the same answer or refusal everywhere; every loan's standing and settled rows, every claim, the
//!    rows of every batch and the balances of both funds' books are the model's; equalities 4 and 5 hold in the books.
//! 2. Now and then, and at the end: every loan against its facts, by the program's own `verify`.
//! 3. A failure prints the seed: `CUNZHANG_SIM_SEED=… CUNZHANG_SIM_STEPS=… cargo test --test simulation lending`.

mod acts;
mod director;
mod loan;
mod model;
mod subsidy;

use std::collections::BTreeMap;

use chrono::{Datelike, Days};
use cunzhang::calendar::BusinessDate;
use cunzhang::controls::year_close::service::OpenYear;
use cunzhang::ledger::BookCode;
use cunzhang::parties::household::{Household, HouseholdStatus};
use cunzhang::parties::service::RegisterHouseholds;
use cunzhang::products::microloan::policy::service::ImportPolicies;
use cunzhang::products::microloan::policy::{Payee, Policy, SubsidyRule, shipped};
use cunzhang::products::microloan::service::{check_equalities, check_loans};
use sqlx::Row;

use crate::support::county::{County, date};
use crate::support::credit::household;
use crate::support::{TestDatabase, engines};
use model::{Known, RULES, Rules};

const STEPS: usize = 450;
const COUNTY: &str = "459900";

struct Side {
    database: TestDatabase,
    county: County,
}

fn policy(rules: &Rules) -> Policy {
    let nation = shipped().into_iter().find(|row| row.policy == "national-2021").expect("a shipped row");
    let shares = ["fund", "bank", "insurer"].iter().zip(rules.shares).map(|(party, share)| format!("{party}={share}"));
    Policy {
        policy: format!("sim-{}", &rules.village[..9]),
        place: rules.village[..9].to_owned(),
        signed_from: date("2022-01-01"),
        signed_until: None,
        sharing: shares.collect::<Vec<_>>().join(" "),
        risk_scope: if rules.with_interest { "principal+interest" } else { "principal" }.to_owned(),
        rate_fixed: if rules.rate_fixed { "yes" } else { "no" }.to_owned(),
        trigger_days: rules.trigger,
        over_leverage: "flag".to_owned(),
        subsidy_rule: SubsidyRule::Percent,
        subsidy_percent: rules.percent.to_string().parse().expect("a percentage"),
        subsidy_payee: if rules.to_household { Payee::Household } else { Payee::Bank },
        subsidy_months: rules.months,
        subsidy_on_extension: if rules.on_extension { "yes" } else { "no" }.to_owned(),
        ..nation
    }
}

impl Side {
    async fn open(database: TestDatabase) -> Side {
        let county = County::lending(database.url(), "2022-01-05", 15).await;
        let there = |n: u32| Household {
            place: RULES[1].village.into(),
            ..household(&format!("H{n:03}"), n, HouseholdStatus::OutOfPoverty, "2015-01-01")
        };
        county.done("甲", RegisterHouseholds { households: (101..=115).map(there).collect() }).await;
        county.done("甲", ImportPolicies { rows: RULES.iter().map(policy).collect() }).await;
        county.contribute("B1", "600000").await;
        county.contribute("B2", "600000").await;
        Side { database, county }
    }

    async fn fetch(&self, sql: &'static str) -> Vec<String> {
        let mut reader = self.county.office.db.reader().await.expect("a reader");
        let rows = sqlx::query(sql).bind(COUNTY).fetch_all(&mut *reader).await.expect("the tables can be read");
        rows.iter().map(|row| row.get(0)).collect()
    }
}

fn named(wanted: impl Iterator<Item = String>, found: Vec<String>, context: &str) {
    let wanted: Vec<String> = wanted.collect();
    let missing: Vec<&String> = wanted.iter().filter(|line| !found.contains(line)).collect();
    let strange: Vec<&String> = found.iter().filter(|line| !wanted.contains(line)).collect();
    assert!(missing.is_empty() && strange.is_empty(), "{context}\nthe model has {missing:#?}\nthe office has {strange:#?}");
}

async fn standings(side: &Side, model: &model::County, context: &str) {
    let line = |(loan, head): (&String, &model::Head)| {
        let l = head.standing.as_ref()?;
        let (first, overdue) = (l.disbursed_on?, l.overdue_from.map_or("-".to_owned(), |day| day.to_string()));
        let money = [l.disbursed, l.principal(), l.past_due, l.interest, l.penalty, l.held, l.written_off];
        Some(format!("{loan} {first} {overdue} {}", money.map(|fen| fen.to_string()).join(" ")))
    };
    const SQL: &str = "select loan || ' ' || disbursed_on || ' ' || coalesce(overdue_from_on, '-') || ' ' \
         || cast(disbursed_cents as text) || ' ' || cast(principal_cents as text) || ' ' || cast(overdue_cents as text) || ' ' \
         || cast(interest_cents as text) || ' ' || cast(penalty_cents as text) || ' ' || cast(held_cents as text) || ' ' \
         || cast(written_off_cents as text) from loan_standing where county = $1";
    named(model.loans.iter().filter_map(line), side.fetch(SQL).await, context);
}

async fn rows(side: &Side, model: &model::County, context: &str) {
    let of = |(loan, head): (&String, &model::Head)| {
        let settled = head.standing.iter().flat_map(|l| l.settled()).filter(|(_, fen)| *fen != 0);
        let lines: Vec<String> = settled.map(|((due, kind), fen)| format!("{loan} {due} {kind} {fen}")).collect();
        lines
    };
    const SQL: &str = "select loan || ' ' || due_on || ' ' || kind || ' ' || cast(sum(amount_cents) as text) from loan_row \
         where county = $1 group by loan, due_on, kind having sum(amount_cents) <> 0";
    named(model.loans.iter().flat_map(of), side.fetch(SQL).await, context);
}

async fn claims(side: &Side, model: &model::County, context: &str) {
    let line = |(number, c): (&String, &model::Claim)| {
        let money = [c.loss, c.shares[0], c.paid, c.recovered, c.back, c.written_off];
        format!("{number} {} {} {} {}", c.loan, c.bank, c.state, money.map(|fen| fen.to_string()).join(" "))
    };
    const SQL: &str = "select claim || ' ' || loan || ' ' || bank || ' ' || state || ' ' \
         || cast(principal_cents + interest_cents as text) || ' ' || cast(fund_cents as text) || ' ' || cast(paid_cents as text) || ' ' \
         || cast(recovered_cents as text) || ' ' || cast(fund_recovered_cents as text) || ' ' || cast(written_off_cents as text) \
         from fund_claim where county = $1";
    named(model.claims.iter().map(line), side.fetch(SQL).await, context);
}

async fn batches(side: &Side, model: &model::County, context: &str) {
    let of = |(name, batch): (&String, &subsidy::Batch)| {
        let line = |l: &subsidy::Line| {
            let (excluded, paid) = (l.excluded.unwrap_or("-"), if l.paid { "paid" } else { "-" });
            let money = format!("{} {} {}", l.interest, l.subsidy, l.account);
            format!("{name} {} {} {} {} {money} {excluded} {paid}", batch.state, l.loan, l.due, l.payee)
        };
        batch.lines.iter().map(line).collect::<Vec<_>>()
    };
    const SQL: &str = "select b.batch || ' ' || b.state || ' ' || s.loan || ' ' || s.due_on || ' ' || s.payee || ' ' \
         || cast(s.interest_cents as text) || ' ' || cast(s.subsidy_cents as text) || ' ' || s.account || ' ' \
         || coalesce(s.excluded, '-') || ' ' || case when s.paid_on is null then '-' else 'paid' end \
         from subsidy_batch b join subsidy_row s on s.county = b.county and s.batch = b.batch where b.county = $1";
    named(model.batches.iter().flat_map(of), side.fetch(SQL).await, context);
}

/// The balances are the model's, and so the equalities hold: the books against the registers of the model.
async fn books(side: &Side, model: &model::County, context: &str) {
    let kept = model.balances.iter().filter(|(_, fen)| **fen != 0);
    const SQL: &str = "select account || ' ' || cast(sum(debit_cents - credit_cents) as text) from period_movement \
         where county = $1 and dimension = '' and stage = 'ordinary' group by account having sum(debit_cents - credit_cents) <> 0";
    named(kept.map(|(account, fen)| format!("{account} {fen}")), side.fetch(SQL).await, context);
    let accounts = model.accounts.iter().filter(|(_, fen)| **fen != 0);
    const BANKS: &str = "select member || ' ' || cast(sum(debit_cents - credit_cents) as text) from period_movement \
         where county = $1 and dimension = 'bank_account' and account = 'F101' and stage = 'ordinary' group by member \
         having sum(debit_cents - credit_cents) <> 0";
    named(accounts.map(|(bank, fen)| format!("{bank} {fen}")), side.fetch(BANKS).await, context);
    let mut reader = side.county.office.db.reader().await.expect("a reader");
    assert_eq!(check_equalities(&mut reader, COUNTY).await.expect("reads"), [], "{context}");
}

/// Equalities 4 and 5 in the model itself: they say what the rules mean, whatever the office does.
fn equalities(model: &model::County, context: &str) {
    let of = |account: &str| model.balances.get(account).copied().unwrap_or(0);
    let granted = model.batches.values().filter(|batch| matches!(batch.state, "approved" | "paid"));
    let rows: i64 = granted.flat_map(|batch| &batch.lines).filter(|line| line.account == "S501").map(|line| line.subsidy).sum();
    assert_eq!(of("S501"), rows, "equality 4 {context}");
    let memo: i64 = model.claims.values().map(|claim| claim.memo() + claim.written_off).sum();
    assert_eq!(of("F501") + of("F411"), memo, "equality 5 {context}");
    assert!(model.claims.values().all(|claim| claim.shares.iter().sum::<i64>() == claim.loss), "{context}");
}

async fn play(seed: u64) {
    let steps = crate::set("CUNZHANG_SIM_STEPS").map_or(STEPS, |steps| steps as usize);
    println!("lending: seed {seed}, {steps} steps; again with CUNZHANG_SIM_SEED={seed} CUNZHANG_SIM_STEPS={steps}");
    let mut sides = Vec::new();
    for database in engines() {
        sides.push(Side::open(database).await);
    }
    let mut model = model::County::default();
    for (rules, first) in RULES.into_iter().zip([1, 101]) {
        let household = |n: u32| (format!("H{n:03}"), Known { rules, removed_on: None });
        model.households.extend((first..first + 15).map(household));
    }
    model.accounts = BTreeMap::from([("B1".into(), 60_000_000), ("B2".into(), 60_000_000)]);
    model.balances = BTreeMap::from([("F101", 120_000_000), ("F301", -120_000_000)]);
    let mut director = director::Director::new(seed);
    let (mut today, mut done, mut refused): (BusinessDate, usize, BTreeMap<&str, usize>) =
        (date("2022-01-05"), 0, BTreeMap::new());
    for step in 1..=steps {
        let year = today.year();
        today = today + Days::new(director.dice.below(6) as u64);
        for side in &sides {
            side.county.clock.set(today);
            for book in ["F", "S"].into_iter().filter(|_| today.year() > year) {
                side.county.done("甲", OpenYear { book: BookCode::from(book), year: today.year() }).await;
            }
        }
        let (user, act) = director.next(&model, today);
        let expected = model.perform(user, today, &act);
        match &expected {
            Ok(()) => done += 1,
            Err(code) => *refused.entry(code).or_default() += 1,
        }
        for side in &sides {
            let context = format!("seed {seed} step {step} on {today}, {user} on {}: {act:?}", side.database.name());
            let answer = act.perform(&side.county, user, today).await;
            assert_eq!(answer, expected.map_err(str::to_owned), "{context}");
            standings(side, &model, &context).await;
            rows(side, &model, &context).await;
            claims(side, &model, &context).await;
            batches(side, &model, &context).await;
            books(side, &model, &context).await;
            if step % 40 == 0 || step == steps {
                let mut reader = side.county.office.db.reader().await.expect("a reader");
                let (_, found) = check_loans(&mut reader, COUNTY).await.expect("reads");
                assert_eq!(found, [], "{context}");
            }
        }
        equalities(&model, &format!("seed {seed} step {step}"));
    }
    let paid = model.claims.values().filter(|claim| claim.paid > 0).count();
    let granted = model.batches.values().filter(|batch| batch.state == "paid").count();
    println!(
        "until {today}: done {done}, loans {}, claims paid {paid}, batches paid {granted}, refused {refused:?}",
        model.loans.len()
    );
}

#[test]
fn lending_first_seed() {
    crate::support::engines::run(play(crate::set("CUNZHANG_SIM_SEED").unwrap_or(3)));
}

#[test]
fn lending_second_seed() {
    if crate::set("CUNZHANG_SIM_SEED").is_none() {
        crate::support::engines::run(play(20_261_121));
    }
}
