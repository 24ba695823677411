//! `organisation add | list`: companies and cooperatives of the county.

use clap::{Args, Subcommand};
use serde_json::json;

use super::counter::Counter;
use super::output::Reply;
use super::words::word;
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::ledger::BookCode;
use crate::money::Amount;
use crate::parties::organisations::service::RegisterOrganisations;
use crate::parties::organisations::{Organisation, OrganisationKind, list, store};

/// Verbs of organisations.
#[derive(Debug, Subcommand)]
pub enum OrganisationCommand {
    /// 登记或更正
    Add(Box<AddArguments>),
    /// 名录(注册资本与实缴、成员数)
    List,
}

/// An organisation.
#[derive(Debug, Args)]
pub struct AddArguments {
    /// 编号
    #[arg(long)]
    organisation: String,
    /// 名称
    #[arg(long)]
    name: String,
    /// 类型:company、cooperative、enterprise
    #[arg(long, value_parser = |text: &str| word(text, OrganisationKind::parse, OrganisationKind::ALL.iter().map(|k| k.as_str())))]
    kind: OrganisationKind,
    /// 统一社会信用代码
    #[arg(long)]
    credit_code: Option<String>,
    /// 区划代码
    #[arg(long)]
    place: Option<String>,
    /// 法定代表人、理事长
    #[arg(long, default_value = "")]
    representative: String,
    /// 注册资本
    #[arg(long, default_value = "0.00")]
    registered: Amount,
    /// 成立日期
    #[arg(long)]
    registered_on: Option<BusinessDate>,
    /// 账套编号
    #[arg(long)]
    book: Option<String>,
}

/// Runs a verb.
pub async fn run(command: OrganisationCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        OrganisationCommand::Add(arguments) => {
            let organisation = Organisation {
                organisation: arguments.organisation,
                credit_code: arguments.credit_code,
                name: arguments.name,
                kind: arguments.kind,
                place: arguments.place,
                representative: arguments.representative,
                registered: arguments.registered,
                registered_on: arguments.registered_on,
                book: arguments.book.map(BookCode),
            };
            let (said, json) = (format!("已登记 {} {}", organisation.organisation, organisation.name), json!(organisation));
            counter.perform(RegisterOrganisations { organisations: vec![organisation] }).await?;
            Ok(Reply::said(said, json))
        }
        OrganisationCommand::List => {
            let mut tx = counter.snapshot().await?;
            let listed = store::listed(&mut tx, counter.county()).await?;
            Ok(Reply { json: Some(json!({ "organisations": listed })), ..Reply::sheet(list(&listed)) })
        }
    }
}
