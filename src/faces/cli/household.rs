//! `household statement`: the 明白卡 of one household.

use clap::Subcommand;
use serde_json::json;

use super::counter::Counter;
use super::output::Reply;
use crate::db::Stop;
use crate::household_card::store;

/// Verbs of households.
#[derive(Debug, Subcommand)]
pub enum HouseholdCommand {
    /// 明白卡:借款、委托、股权、应得、已收
    Statement {
        /// 户编号
        household: String,
    },
}

/// Runs a verb.
pub async fn run(command: HouseholdCommand, counter: &Counter) -> Result<Reply, Stop> {
    let HouseholdCommand::Statement { household } = command;
    let mut tx = counter.snapshot().await?;
    let card = store::card(&mut tx, counter.county(), &household, counter.office.today()).await?;
    let json = json!(card);
    Ok(Reply { json: Some(json), ..Reply::sheet(card.sheet()) })
}
