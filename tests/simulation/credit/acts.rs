//! The acts of lending, said shortly; each is performed through the one corridor.

use cunzhang::calendar::BusinessDate;
use cunzhang::db::Stop;
use cunzhang::ledger::BookCode;
use cunzhang::money::{Amount, Rate};
use cunzhang::office::Act;
use cunzhang::parties::household::{Household, HouseholdStatus};
use cunzhang::parties::service::RegisterHouseholds;
use cunzhang::products::microloan::risk_fund::posting_rules::FundMove;
use cunzhang::products::microloan::risk_fund::service::{
    DecideClaims, FileClaims, MoveFund, PayClaims, RecoverClaims, Recovery, WriteOffClaims,
};
use cunzhang::products::microloan::service::{Application, ApplyLoans, Entry, RecordFacts, SignLoans, Signing, settle_run};
use cunzhang::products::microloan::subsidy::service::{BatchStep, ReceiveSubsidy, StepBatch, subsidy_run};
use cunzhang::products::microloan::{AllotmentOrder, Fact};

use super::loan::Terms;
use super::model::RULES;
use crate::support::county::{County, actor};
use crate::support::credit::household;

#[derive(Debug, Clone)]
pub enum CreditAct {
    /// From application to contract.
    Lend {
        loan: String,
        household: String,
        bank: String,
        amount: i64,
        months: u32,
        terms: Terms,
        renews: Option<String>,
    },
    Record {
        entries: Vec<(String, Fact)>,
    },
    Settle,
    /// A household is removed from the lists today.
    Remove {
        household: String,
    },
    Fund {
        bank: String,
        fen: i64,
        kind: &'static str,
        to: String,
    },
    File {
        claim: String,
        loan: String,
    },
    Decide {
        claim: String,
        approve: bool,
    },
    PayClaim {
        claim: String,
    },
    Recover {
        claim: String,
        fen: i64,
    },
    GiveUp {
        claim: String,
    },
    SubsidyMoney {
        fen: i64,
    },
    RunBatch {
        batch: String,
    },
    Review {
        batch: String,
    },
    Announce {
        batch: String,
    },
    Approve {
        batch: String,
    },
    Pay {
        batch: String,
    },
    Return {
        batch: String,
        payee: String,
    },
}

fn answered<T>(answer: Result<T, Stop>) -> Result<(), String> {
    match answer {
        Ok(_) => Ok(()),
        Err(Stop::Refused(refusal)) => Err(refusal.code),
        Err(Stop::Failed(failure)) => panic!("the machine failed: {failure}"),
    }
}

async fn perform<A: Act>(county: &County, user: &str, act: A) -> Result<(), String> {
    answered(county.office.perform(&actor(user), act, None).await)
}

impl CreditAct {
    /// Performs the act: done, or the code of the refusal. A failure of the machine ends the simulation.
    pub async fn perform(&self, county: &County, user: &str, today: BusinessDate) -> Result<(), String> {
        let on = today;
        let step = |batch: &String, step| StepBatch { batch: batch.clone(), step };
        match self.clone() {
            CreditAct::Lend { loan, household, bank, amount, months, terms, renews } => {
                let application =
                    Application { renews, on, ..county.application(&loan, &household, &bank, &yuan(amount), months) };
                perform(county, "甲", ApplyLoans { applications: vec![application] }).await?; // whoever records does not approve
                county.approve(&loan).await;
                let order = if terms.principal_first { "principal-interest-penalty" } else { "penalty-interest-principal" };
                let signing = Signing {
                    rate: Rate::from_ppm(terms.rate).expect("a simulated rate"),
                    matures_on: Some(terms.matures_on),
                    settlement: terms.settlement,
                    compound: terms.compound,
                    order: AllotmentOrder::parse(order).expect("an order"),
                    ..county.signing(&loan, &yuan(amount), "3")
                };
                county.done("甲", SignLoans { signings: vec![signing] }).await;
                Ok(())
            }
            CreditAct::Record { entries } => {
                let entry = |(loan, fact)| Entry { loan, fact, reference: String::new() };
                perform(county, user, RecordFacts { entries: entries.into_iter().map(entry).collect() }).await
            }
            CreditAct::Settle => {
                let done = settle_run(&county.office, &actor(user), today, &mut |_| true).await;
                if let Ok(progress) = &done {
                    assert!(progress.failed.is_empty(), "{:?}", progress.failed);
                }
                answered(done)
            }
            CreditAct::Remove { household: code } => {
                let serial = code[1..].parse().expect("households are numbered");
                let place = RULES[usize::from(serial > 100)].village.to_owned();
                let removed = Household { place, ..household(&code, serial, HouseholdStatus::Removed, &on.to_string()) };
                perform(county, user, RegisterHouseholds { households: vec![removed] }).await
            }
            CreditAct::Fund { bank, fen, kind, to } => {
                let (contributor, document) = ("财政局".to_owned(), "青财〔2〕号".to_owned());
                let what = match kind {
                    "contributed" => FundMove::Contributed { contributor, document },
                    "returned" => FundMove::Returned { contributor, document },
                    "interest" => FundMove::Interest,
                    "fee" => FundMove::Fee,
                    _ => FundMove::Moved { to },
                };
                let amount = Amount::from_fen(fen);
                perform(county, user, MoveFund { book: BookCode::from("F"), bank, amount, on, what }).await
            }
            CreditAct::File { claim, loan } => {
                perform(county, user, FileClaims { book: None, on, claims: vec![(claim, loan)] }).await
            }
            CreditAct::Decide { claim, approve } => {
                perform(county, user, DecideClaims { claims: vec![claim], approve, on, reason: None }).await
            }
            CreditAct::PayClaim { claim } => perform(county, user, PayClaims { claims: vec![claim], on }).await,
            CreditAct::Recover { claim, fen } => {
                let recoveries = vec![Recovery { claim, amount: Amount::from_fen(fen), on }];
                perform(county, user, RecoverClaims { recoveries }).await
            }
            CreditAct::GiveUp { claim } => {
                perform(county, user, WriteOffClaims { claims: vec![claim], on, reason: "户主死亡".into() }).await
            }
            CreditAct::SubsidyMoney { fen } => {
                let (amount, document) = (Amount::from_fen(fen), "青财〔3〕号".to_owned());
                perform(county, user, ReceiveSubsidy { book: BookCode::from("S"), amount, on, document }).await
            }
            CreditAct::RunBatch { batch } => answered(subsidy_run(&county.office, &actor(user), &batch, &mut |_| true).await),
            CreditAct::Review { batch } => perform(county, user, step(&batch, BatchStep::Review)).await,
            CreditAct::Announce { batch } => perform(county, user, step(&batch, BatchStep::Announce { on })).await,
            CreditAct::Approve { batch } => perform(county, user, step(&batch, BatchStep::Approve { on })).await,
            CreditAct::Pay { batch } => perform(county, user, step(&batch, BatchStep::Pay { on })).await,
            CreditAct::Return { batch, payee } => {
                perform(county, user, step(&batch, BatchStep::Return { on, payees: vec![payee] })).await
            }
        }
    }
}

fn yuan(fen: i64) -> String {
    Amount::from_fen(fen).to_string()
}
