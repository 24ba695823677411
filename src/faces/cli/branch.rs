//! `branch add | list`: banks and branches.

use clap::Subcommand;
use serde_json::json;

use super::counter::Counter;
use super::output::Reply;
use crate::db::Stop;
use crate::exchange::{Column, Sheet};
use crate::parties::household::Bank;
use crate::parties::service::RegisterBanks;
use crate::parties::store;

/// Verbs of banks.
#[derive(Debug, Subcommand)]
pub enum BranchCommand {
    /// 登记银行或网点
    Add {
        /// 编号
        #[arg(long)]
        bank: String,
        /// 名称
        #[arg(long)]
        name: String,
        /// 上级行
        #[arg(long)]
        parent: Option<String>,
        /// 所在地区划代码
        #[arg(long)]
        place: Option<String>,
    },
    /// 列出银行网点
    List,
}

/// Runs a verb.
pub async fn run(command: BranchCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        BranchCommand::Add { bank, name, parent, place } => {
            let said = format!("已登记 {bank} {name}");
            let json = json!({ "bank": bank, "name": name });
            counter.perform(RegisterBanks { banks: vec![Bank { bank, parent, name, place }] }).await?;
            Ok(Reply::said(said, json))
        }
        BranchCommand::List => {
            let columns = vec![Column::id("bank", "编号"), Column::text("name", "名称"), Column::id("parent", "上级行")];
            let mut sheet = Sheet::new("银行网点", columns);
            let mut tx = counter.snapshot().await?;
            for bank in store::banks(&mut tx, counter.county()).await? {
                sheet.push(vec![bank.bank.into(), bank.name.into(), bank.parent.into()]);
            }
            Ok(Reply::sheet(sheet))
        }
    }
}
