//! `asset add | depreciate | dispose | list`: assets and resources of a village.

use clap::Subcommand;
use serde_json::json;

use super::counter::Counter;
use super::output::Reply;
use super::words::word;
use crate::affairs::assets::card::{AssetCard, AssetKind, AssetUse, Disposal};
use crate::affairs::assets::service::{AddAsset, Depreciate, Dispose};
use crate::affairs::assets::{reports, store};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::Stop;
use crate::ledger::service::Numbered;
use crate::ledger::{AccountCode, BookCode};
use crate::money::Amount;

/// Verbs of assets.
#[derive(Debug, Subcommand)]
pub enum AssetCommand {
    /// 登记已有的资产或资源(不记账)
    Add {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 资产编号
        #[arg(long)]
        asset: String,
        /// 名称
        #[arg(long)]
        name: String,
        /// 类别;不写为固定资产
        #[arg(long, value_parser = |text: &str| word(text, AssetKind::parse, AssetKind::ALL.iter().map(|k| k.label_zh())))]
        kind: Option<AssetKind>,
        /// 用途;不写为公益
        #[arg(long, value_parser = |text: &str| word(text, AssetUse::parse, AssetUse::ALL.iter().map(|u| u.label_zh())))]
        used_for: Option<AssetUse>,
        /// 原值;资源不写
        #[arg(long, default_value = "0")]
        cost: Amount,
        /// 取得日期
        #[arg(long)]
        acquired_on: BusinessDate,
        /// 数量
        #[arg(long, default_value = "")]
        quantity: String,
        /// 坐落
        #[arg(long, default_value = "")]
        place: String,
        /// 管护人
        #[arg(long, default_value = "")]
        keeper: String,
        /// 权属证明
        #[arg(long, default_value = "")]
        document: String,
        /// 扶贫项目资产
        #[arg(long)]
        poverty_asset: bool,
        /// 折旧月数;不写为不提折旧
        #[arg(long)]
        life_months: Option<i64>,
        /// 预计净残值
        #[arg(long, default_value = "0")]
        salvage: Amount,
        /// 登记前已提折旧
        #[arg(long, default_value = "0")]
        depreciated_before: Amount,
    },
    /// 计提一个月的折旧:生成待审凭证
    Depreciate {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 会计期间
        #[arg(long)]
        period: AccountingPeriod,
    },
    /// 处置:凭村级决议生成待审凭证
    Dispose {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 资产编号
        #[arg(long)]
        asset: String,
        /// 处置方式
        #[arg(long, value_parser = |text: &str| word(text, Disposal::parse, Disposal::ALL.iter().map(|d| d.label_zh())))]
        how: Disposal,
        /// 日期;不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
        /// 处置收入
        #[arg(long, default_value = "0")]
        proceeds: Amount,
        /// 村级决议,写 会议3 指向登记的会议
        #[arg(long)]
        decision: String,
        /// 收款科目;不写为银行存款
        #[arg(long)]
        money_account: Option<String>,
    },
    /// 资产资源登记簿
    List {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 截至日期;不写为今天
        #[arg(long)]
        on: Option<BusinessDate>,
    },
}

/// Runs a verb.
pub async fn run(command: AssetCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        add @ AssetCommand::Add { .. } => self::add(add, counter).await,
        AssetCommand::Depreciate { book, period } => {
            let done = counter.perform(Depreciate { book: BookCode(book), period }).await?;
            let (voucher, total) = (done.voucher.reference(), done.assets.iter().map(|(_, amount)| *amount).sum::<Amount>());
            let words = format!("{} 项资产计提折旧 {} 元,凭证 {voucher} 待审核", done.assets.len(), total.grouped());
            Ok(Reply::said(words, json!({ "voucher": voucher, "assets": done.assets })))
        }
        AssetCommand::Dispose { book, asset, how, on, proceeds, decision, money_account } => {
            let on = on.unwrap_or_else(|| counter.office.today());
            let money_account = money_account.map(AccountCode);
            let said = format!("资产 {asset} 已{}", how.label_zh());
            let act = Dispose { book: BookCode(book), asset, disposal: how, on, proceeds, decision, money_account };
            let voucher = counter.perform(act).await?.as_ref().map(Numbered::reference);
            let words = voucher.as_ref().map_or(said.clone(), |voucher| format!("{said},凭证 {voucher} 待审核"));
            Ok(Reply::said(words, json!({ "voucher": voucher })))
        }
        AssetCommand::List { book, on } => {
            let (book, on) = (BookCode(book), on.unwrap_or_else(|| counter.office.today()));
            let mut tx = counter.snapshot().await?;
            let unit = counter.book(&mut tx, &book).await?.name;
            Ok(Reply::sheet(reports::register(&unit, &store::assets(&mut tx, counter.county(), &book, on).await?)))
        }
    }
}

async fn add(command: AssetCommand, counter: &Counter) -> Result<Reply, Stop> {
    let AssetCommand::Add {
        book,
        asset,
        name,
        kind,
        used_for,
        cost,
        acquired_on,
        quantity,
        place,
        keeper,
        document,
        poverty_asset,
        life_months,
        salvage,
        depreciated_before,
    } = command
    else {
        unreachable!("called for additions");
    };
    let (kind, used_for) = (kind.unwrap_or(AssetKind::Fixed), used_for.unwrap_or(AssetUse::Welfare));
    let is_poverty_asset = poverty_asset;
    let card = AssetCard {
        name,
        kind,
        used_for,
        cost,
        acquired_on,
        quantity,
        place,
        keeper,
        document,
        is_poverty_asset,
        life_months,
        salvage,
        depreciated_before,
    };
    counter.perform(AddAsset { book: BookCode(book), asset: asset.clone(), card }).await?;
    Ok(Reply::said(format!("已登记资产 {asset}"), json!({ "asset": asset })))
}
