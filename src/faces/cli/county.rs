//! `county add | list`: the counties of a database.

use clap::Subcommand;
use serde_json::json;

use super::args::Common;
use super::counter::{Counter, open_existing};
use super::output::Reply;
use crate::db::{Db, Stop};
use crate::exchange::{Column, Sheet};
use crate::ledger::books::service::AddCounty;
use crate::ledger::books::store;

/// Verbs of counties.
#[derive(Debug, Subcommand)]
pub enum CountyCommand {
    /// 建立一个县(数据库文件不存在时新建)
    Add {
        /// 县级区划代码,6 位
        #[arg(long)]
        code: String,
        /// 名称
        #[arg(long)]
        name: String,
    },
    /// 列出库里的县
    List,
}

/// Runs a verb. `add` is the command that makes a database.
pub async fn run(command: CountyCommand, common: &Common) -> Result<Reply, Stop> {
    match command {
        CountyCommand::Add { code, name } => add(code, name, common).await,
        CountyCommand::List => {
            let db = open_existing(&common.db).await?;
            let listed = list(&db).await;
            db.close().await;
            listed
        }
    }
}

async fn add(code: String, name: String, common: &Common) -> Result<Reply, Stop> {
    let counter = Counter::over(Db::open_ready(&common.db).await?, code.clone(), common);
    let added = counter.perform(AddCounty { name: name.clone() }).await;
    counter.close().await;
    added?;
    Ok(Reply::said(format!("已建立 {code} {name}"), json!({ "county": code, "name": name })))
}

async fn list(db: &Db) -> Result<Reply, Stop> {
    let mut tx = db.begin_snapshot().await?;
    let mut sheet = Sheet::new("县", vec![Column::id("county", "区划代码"), Column::text("name", "名称")]);
    for (code, name) in store::counties(&mut tx).await? {
        sheet.push(vec![code.into(), name.into()]);
    }
    Ok(Reply::sheet(sheet))
}
