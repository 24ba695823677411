//! Papers of the share register: holdings and certificates of a day, things that were put in.

use std::collections::BTreeMap;

use clap::Args;

use super::counter::Counter;
use super::output::Reply;
use super::words::names_of;
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::exchange::Sheet;
use crate::ledger::BookCode;
use crate::money::Amount;
use crate::products::cooperative_shares::class::ShareClass;
use crate::products::cooperative_shares::holding::Position;
use crate::products::cooperative_shares::reports;
use crate::products::cooperative_shares::store::register as store;

/// A register at a date.
#[derive(Debug, Args)]
pub struct OnArguments {
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 截至日期;不写为今天
    #[arg(long)]
    on: Option<BusinessDate>,
    /// 只看一名成员
    #[arg(long)]
    member: Option<String>,
}

type Paper = fn(&str, BusinessDate, &[(Position, Amount)], &BTreeMap<String, ShareClass>, &reports::Names) -> Sheet;

/// What is held on a day, as one of the papers.
pub async fn held(a: OnArguments, counter: &Counter, paper: Paper) -> Result<Reply, Stop> {
    let (book, on) = (BookCode(a.book), a.on.unwrap_or_else(|| counter.office.today()));
    let mut tx = counter.snapshot().await?;
    counter.book(&mut tx, &book).await?;
    let held = store::holdings(&mut tx, counter.county(), &book, on, a.member.as_deref()).await?;
    let classes = store::classes(&mut tx, counter.county(), &book).await?;
    let holders = held.iter().map(|(position, _)| position.holder.as_str());
    let names = names_of(&mut tx, counter.county(), &book, holders).await?;
    Ok(Reply::sheet(paper(&book.0, on, &held, &classes, &names)))
}

/// 备查簿: the things put in through a day, nominal ones among them.
pub async fn assets(a: OnArguments, counter: &Counter) -> Result<Reply, Stop> {
    let (book, on) = (BookCode(a.book), a.on.unwrap_or_else(|| counter.office.today()));
    let mut tx = counter.snapshot().await?;
    counter.book(&mut tx, &book).await?;
    let mut assets = store::assets(&mut tx, counter.county(), &book).await?;
    assets.retain(|(put_in, asset)| *put_in <= on && a.member.as_ref().is_none_or(|member| *member == asset.member));
    let members = assets.iter().map(|(_, asset)| asset.member.as_str());
    let names = names_of(&mut tx, counter.county(), &book, members).await?;
    Ok(Reply::sheet(reports::contributed(&book.0, on, &assets, &names)))
}
