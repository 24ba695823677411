//! What a field of a command can name here: books, accounts, banks, and plans and batches whose next step it is.
//!
//! 1. A step offers what stands before it; what it takes is the step's own to say (`TAKES` repeats it for choosing only).

use super::command::Asked;
use crate::controls::reconciliation::store as accounts;
use crate::db::{Failure, Stop};
use crate::faces::commands::Command;
use crate::faces::commands::grammar::Field;
use crate::faces::commands::run::Filled;
use crate::ledger::books::store as books;
use crate::parties::store as parties;
use crate::payouts::store as payouts;
use crate::products::cooperative_shares::store::{plans, register as shares};
use crate::products::entrusted_funds::store as entrusted;
use crate::products::microloan::subsidy::store as subsidy;
use crate::products::projects::store as projects;

/// What can be chosen: the word that is sent, and what people read.
pub type Known = Vec<(String, String)>;

/// The states a step takes its plan or batch in.
const TAKES: &[(&str, &[&str])] = &[
    ("dividend review", &["drafted"]),
    ("dividend publish", &["reviewed"]),
    ("dividend post", &["published"]),
    ("dividend pay", &["posted"]),
    ("dividend results", &["posted"]),
    ("dividend archive", &["posted"]),
    ("dividend drop", &["drafted", "reviewed", "published"]),
    ("payout review", &["drawn_up"]),
    ("payout send", &["reviewed", "sent"]),
    ("payout results", &["sent"]),
    ("payout correct", &["sent"]),
    ("payout drop", &["drawn_up", "reviewed"]),
    ("subsidy review", &["calculated"]),
    ("subsidy announce", &["reviewed"]),
    ("subsidy approve", &["reviewed"]),
    ("subsidy pay", &["approved"]),
    ("subsidy return", &["approved", "paid"]),
];

/// True if a command takes something in this state; what is not in the table takes any.
pub fn takes(command: Command, state: &str) -> bool {
    TAKES.iter().find(|(words, _)| *words == command.words).is_none_or(|(_, states)| states.contains(&state))
}

/// The state of the plan or batch a form names; none where it names none.
pub async fn state_of(asked: &Asked, command: Command, filled: &Filled) -> Result<Option<String>, Failure> {
    let mut tx = asked.seat().snapshot().await?;
    let county = asked.seat().county();
    Ok(match (asked, command.words.split(' ').next().unwrap_or_default()) {
        (Asked::Book(at), "dividend") => match filled.value("plan").and_then(|plan| plan.parse().ok()) {
            Some(plan) => plans::plan(&mut tx, county, &at.book.book, plan).await?.map(|plan| plan.state.as_str().to_owned()),
            None => None,
        },
        (Asked::Book(_), "payout") => match filled.value("batch") {
            Some(batch) => payouts::batch(&mut tx, county, batch).await?.map(|batch| batch.state.as_str().to_owned()),
            None => None,
        },
        (Asked::County(_), "subsidy") => {
            let batches = subsidy::batches(&mut tx, county).await?;
            batches.into_iter().find(|batch| Some(batch.batch.as_str()) == filled.value("quarter")).map(|batch| batch.state)
        }
        _ => None,
    })
}

/// What a field can name; `None` where anything may be typed.
pub async fn known(asked: &Asked, command: Command, field: &Field) -> Result<Option<Known>, Stop> {
    let seat = asked.seat();
    let (mut tx, county) = (seat.snapshot().await?, seat.county());
    let noun = command.words.split(' ').next().unwrap_or_default();
    let banking = command.words.starts_with("reconcile ") || matches!(command.words, "bank import" | "bank undo" | "bank list");
    let named = |code: &str, name: &str| (code.to_owned(), format!("{code} {name}"));
    Ok(match (field.name.as_str(), asked) {
        ("book", Asked::County(_)) if command.words != "book add" => {
            let all = books::books(&mut tx, county).await?;
            Some(all.iter().filter(|book| seat.may_read(book)).map(|book| named(&book.book.0, &book.name)).collect())
        }
        ("account" | "from" | "to", Asked::Book(at)) if banking => {
            let all = accounts::accounts_of(&mut tx, county, &at.book.book).await?;
            Some(all.iter().map(|account| named(&account.code, &account.bank_name)).collect())
        }
        ("class" | "into_class", Asked::Book(at)) if noun == "share" && command.words != "share class" => {
            let all = shares::classes(&mut tx, county, &at.book.book).await?;
            Some(all.into_values().map(|class| named(&class.class, &class.name)).collect())
        }
        ("bank", Asked::County(_)) if matches!(noun, "loan" | "fund") => {
            let all = parties::banks(&mut tx, county).await?;
            Some(all.iter().filter(|bank| seat.sees(&bank.bank).is_ok()).map(|bank| named(&bank.bank, &bank.name)).collect())
        }
        ("plan", Asked::Book(at)) => {
            let all = plans::plans(&mut tx, county, &at.book.book).await?;
            let fit = all.iter().rev().filter(|plan| takes(command, plan.state.as_str()));
            Some(fit.map(|plan| named(&plan.plan.to_string(), plan.state.label_zh())).collect())
        }
        ("batch", Asked::Book(at)) if noun == "payout" && !matches!(command.words, "payout draw-up" | "payout check") => {
            let all = payouts::batches(&mut tx, county, Some(&at.book.book)).await?;
            let fit = all.iter().rev().filter(|batch| takes(command, batch.state.as_str()));
            let words = |batch: &payouts::Batch| named(&batch.batch, &format!("{} {}", batch.title, batch.state.label_zh()));
            Some(fit.map(words).collect())
        }
        ("quarter", Asked::County(_)) if command.words != "subsidy run" => {
            let all = subsidy::batches(&mut tx, county).await?;
            Some(all.iter().rev().filter(|batch| takes(command, &batch.state)).map(|batch| named(&batch.batch, "")).collect())
        }
        ("scheme", Asked::County(_)) if noun == "entrust" && command.words != "entrust open" => {
            let all = entrusted::schemes(&mut tx, county).await?;
            Some(all.iter().map(|scheme| named(&scheme.scheme, "")).collect())
        }
        ("project", Asked::Book(at)) if noun == "project" && command.words != "project add" => {
            let all = projects::projects(&mut tx, county, &at.book.book).await?;
            Some(all.iter().map(|project| named(&project.project, &project.card.name)).collect())
        }
        _ => None,
    })
}
