//! Asset income in lockstep: shares, dividends, entrusted money and payouts as random valid and invalid acts, on both databases
//! against a naive model.
//!
//! 1. After every act: the same answer or the same refusal from both databases and from the model.
//! 2. After every act: the equalities 1–3, 6 and 8 of posting-rules.md §6 hold, and every household's statement shows each yuan
//!    once, as the model counts it (I13).
//! 3. A failure prints the seed: `CUNZHANG_SIM_SEED=… CUNZHANG_SIM_STEPS=… cargo test --test simulation asset`.

mod acts;
mod chance;
mod dividend;
mod entrusted;
mod ground;
mod model;
mod payout;

use std::collections::BTreeMap;

use cunzhang::controls::equalities::findings;
use cunzhang::controls::equalities::service::compare;
use cunzhang::household_card::{Section, store as cards};

use crate::dice::Dice;
use crate::set;
use crate::support;
use ground::{Side, actor, open};
use model::Model;

const STEPS: usize = 100;

fn play(seed: u64) {
    let steps = set("CUNZHANG_SIM_STEPS").map_or(STEPS, |steps| steps as usize);
    println!("asset income: seed {seed}, {steps} steps; again with CUNZHANG_SIM_SEED={seed} CUNZHANG_SIM_STEPS={steps}");
    support::engines::run(run(seed, steps));
}

async fn run(seed: u64, steps: usize) {
    let (sides, mut model, mut dice) = (open(seed).await, Model::founded(), Dice::new(seed));
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for step in 1..=steps {
        if dice.percent(60) {
            model.pass(1 + dice.below(2 * 330 / steps.max(1) + 1));
            sides.iter().for_each(|side| side.clock.set(model.today));
        }
        let (user, act) = chance::next(&mut dice, &model);
        let expected = model.perform(user, &act);
        let words = match &expected {
            Ok(_) => act.kind().to_owned(),
            Err(code) => code.clone(),
        };
        *count.entry(words).or_default() += 1;
        for side in &sides {
            let answer = act.perform(&side.office, &actor(user)).await;
            let at = format!("step {step} on {} in {}", model.today, side.database.name());
            assert_eq!(answer, expected, "\n{at}: answered (left), the model (right), to {user}:\n{act:?}");
            prove(side, &model, &format!("{at} after {act:?} → {expected:?}")).await;
        }
    }
    println!("{count:?}");
}

/// The equalities, and every household's statement beside the model's count.
async fn prove(side: &Side, model: &Model, at: &str) {
    let mut reader = side.office.db.reader().await.expect("a reader");
    let compared = compare(&mut reader, ground::COUNTY).await.expect("compared");
    let found = findings(&compared);
    assert!(found.is_empty(), "{at}: {found:?}");
    let borrowers = compared.iter().filter(|pair| pair.equality == 1).count();
    assert_eq!(borrowers, model.borrowers_in_schemes(), "{at}: whom equality 1 compares");
    for household in ground::HOUSEHOLDS {
        let card = cards::card(&mut reader, ground::COUNTY, household, model.today).await.expect("a statement");
        let shown = Section::ALL.iter().map(|section| card.total(*section).fen()).collect::<Vec<_>>();
        assert_eq!(
            shown,
            model.statement(household),
            "{at}: statement of {household} (left), the model (right): {:?}",
            card.lines
        );
    }
}

#[test]
fn the_first_seed_of_asset_income() {
    if set("CUNZHANG_SIM_SEED").is_none() {
        play(8);
    }
}

#[test]
fn the_asset_seed_asked_for() {
    play(set("CUNZHANG_SIM_SEED").unwrap_or(20_170_901));
}
