//! The verbs of `project` that read, and its rules: `list | show | share | rule-add`.

use chrono::Datelike;
use serde_json::json;

use super::counter::{Counter, CounterRefusal};
use super::import::read_bytes;
use super::output::Reply;
use super::project::{ProjectCommand, found};
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::ledger::BookCode;
use crate::products::projects::rules::{ProjectRule, RuleKind, deciding};
use crate::products::projects::service::keep::SaveProjectRules;
use crate::products::projects::service::wholes::{whole, wholes};
use crate::products::projects::{reports, store};

/// The verbs that read, and the rules.
pub async fn look(command: ProjectCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        ProjectCommand::List { book, on } => {
            let (book, on) = (BookCode(book), on.unwrap_or_else(|| counter.office.today()));
            let mut tx = counter.snapshot().await?;
            let unit = counter.book(&mut tx, &book).await?.name;
            Ok(Reply::sheet(reports::list(&unit, &wholes(&mut tx, counter.county(), &book, on).await?)))
        }
        ProjectCommand::Show { which } => {
            let book = BookCode(which.book.clone());
            let found = found(&book, &which.project, counter).await?;
            let mut tx = counter.snapshot().await?;
            let unit = counter.book(&mut tx, &book).await?.name;
            let whole = whole(&mut tx, counter.county(), &book, found, counter.office.today()).await?;
            let json = json!({ "project": whole.project, "standing": whole.standing, "deeds": whole.deeds });
            Ok(Reply { sheets: reports::card(&unit, &whole), json: Some(json), ..Reply::default() })
        }
        ProjectCommand::Share { year } => {
            let today = counter.office.today();
            let year = year.unwrap_or_else(|| today.year());
            let mut tx = counter.snapshot().await?;
            let rules = store::rules(&mut tx, counter.county()).await?;
            let last = BusinessDate::from_ymd_opt(year, 12, 31).unwrap_or(today);
            let rule = deciding(&rules, RuleKind::PovertyVillageShare, last, "");
            Ok(Reply::sheet(reports::share(year, &store::approved_in(&mut tx, counter.county(), year).await?, rule)))
        }
        ProjectCommand::RuleAdd { file } => {
            let unread = |why: serde_json::Error| CounterRefusal::NotDecisions { why: why.to_string() };
            let rules: Vec<ProjectRule> = serde_json::from_slice(&read_bytes(&file)?).map_err(unread)?;
            let kept = counter.perform(SaveProjectRules { rules }).await?;
            Ok(Reply::said(format!("已登记 {kept} 条项目规定"), json!({ "rules": kept })))
        }
        _ => unreachable!("the verbs that act are answered before"),
    }
}
