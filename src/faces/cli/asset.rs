//! `asset add | change | depreciate | dispose | list | show`: assets and resources of a village.

use clap::{Args, Subcommand};
use serde_json::json;

use super::counter::Counter;
use super::output::Reply;
use super::words::word;
use crate::affairs::assets::card::{AssetCard, AssetKind, AssetUse, CardChange, Disposal};
use crate::affairs::assets::service::{AddAsset, ChangeAsset, Depreciate, Dispose};
use crate::affairs::assets::{reports, store};
use crate::affairs::refusal::AffairsRefusal;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::Stop;
use crate::ledger::service::Numbered;
use crate::ledger::{AccountCode, BookCode};
use crate::money::Amount;

/// What a card says beside name, use and value, in the words of the command line.
#[derive(Debug, Args)]
pub struct RestOfCard {
    /// 数量
    #[arg(long, default_value = "")]
    quantity: String,
    /// 坐落
    #[arg(long, default_value = "")]
    place: String,
    /// 管护人
    #[arg(long, default_value = "")]
    keeper: String,
    /// 权属证明或验收单
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
}

impl RestOfCard {
    /// The card of a fixed asset without a value yet.
    pub fn card(self, (name, used_for): (String, AssetUse), acquired_on: BusinessDate) -> AssetCard {
        AssetCard {
            name,
            kind: AssetKind::Fixed,
            used_for,
            cost: Amount::ZERO,
            acquired_on,
            quantity: self.quantity,
            place: self.place,
            keeper: self.keeper,
            document: self.document,
            is_poverty_asset: self.poverty_asset,
            life_months: self.life_months,
            salvage: self.salvage,
            depreciated_before: Amount::ZERO,
        }
    }
}

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
        /// The rest of the card.
        #[command(flatten)]
        says: Box<RestOfCard>,
        /// 登记前已提折旧
        #[arg(long, default_value = "0")]
        depreciated_before: Amount,
    },
    /// 变更卡片:名称、坐落、管护人、用途、数量、证明;原值和折旧不变
    Change {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 资产编号
        #[arg(long)]
        asset: String,
        /// 新名称
        #[arg(long)]
        name: Option<String>,
        /// 新坐落
        #[arg(long)]
        place: Option<String>,
        /// 新管护人
        #[arg(long)]
        keeper: Option<String>,
        /// 新用途;以后各月的折旧随用途记账
        #[arg(long, value_parser = |text: &str| word(text, AssetUse::parse, AssetUse::ALL.iter().map(|u| u.label_zh())))]
        used_for: Option<AssetUse>,
        /// 新数量
        #[arg(long)]
        quantity: Option<String>,
        /// 新权属证明
        #[arg(long)]
        document: Option<String>,
        /// 变更原因
        #[arg(long)]
        reason: String,
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
    /// 一项资产的折旧、变更和处置
    Show {
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 资产编号
        #[arg(long)]
        asset: String,
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
        AssetCommand::Change { book, asset, name, place, keeper, used_for, quantity, document, reason } => {
            let change = CardChange { name, place, keeper, used_for, quantity, document };
            let words = counter.perform(ChangeAsset { book: BookCode(book), asset: asset.clone(), change, reason }).await?;
            Ok(Reply::said(format!("资产 {asset} 的卡片已变更:{words}"), json!({ "asset": asset, "change": words })))
        }
        AssetCommand::Show { book, asset } => show(BookCode(book), &asset, counter).await,
        AssetCommand::List { book, on } => {
            let (book, on) = (BookCode(book), on.unwrap_or_else(|| counter.office.today()));
            let mut tx = counter.snapshot().await?;
            let unit = counter.book(&mut tx, &book).await?.name;
            Ok(Reply::sheet(reports::register(&unit, &store::assets(&mut tx, counter.county(), &book, on).await?)))
        }
    }
}

async fn add(command: AssetCommand, counter: &Counter) -> Result<Reply, Stop> {
    let AssetCommand::Add { book, asset, name, kind, used_for, cost, acquired_on, says, depreciated_before } = command else {
        unreachable!("called for additions");
    };
    let (kind, used_for) = (kind.unwrap_or(AssetKind::Fixed), used_for.unwrap_or(AssetUse::Welfare));
    let card = AssetCard { kind, cost, depreciated_before, ..says.card((name, used_for), acquired_on) };
    counter.perform(AddAsset { book: BookCode(book), asset: asset.clone(), card }).await?;
    Ok(Reply::said(format!("已登记资产 {asset}"), json!({ "asset": asset })))
}

async fn show(book: BookCode, asset: &str, counter: &Counter) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    counter.book(&mut tx, &book).await?;
    let all = store::assets(&mut tx, counter.county(), &book, BusinessDate::MAX).await?;
    let unknown = || AffairsRefusal::UnknownAsset { asset: asset.to_owned(), book: book.to_string() };
    let kept = all.into_iter().find(|kept| kept.asset == asset).ok_or_else(unknown)?;
    Ok(Reply::sheet(reports::history(&kept, &store::entries(&mut tx, counter.county(), &book, asset).await?)))
}
