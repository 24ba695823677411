//! `share class | subscribe | allot | transfer | convert | quantify | withdraw | capitalise | trade | register | certificates |
//! assets`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::counter::Counter;
use super::import::{FileArguments, read_bytes};
use super::output::Reply;
use super::share_papers::{self, OnArguments};
use super::words::{member_amount, member_weight, named, word};
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::ledger::{AccountCode, BookCode};
use crate::money::{Amount, Rate};
use crate::payouts::files_in::read_list;
use crate::products::cooperative_shares::class::{ClassKind, Floor, FloorTiming, Participation, ShareClass, Shortfall, Source};
use crate::products::cooperative_shares::holding::EntryKind;
use crate::products::cooperative_shares::reports;
use crate::products::cooperative_shares::service::Registered;
use crate::products::cooperative_shares::service::change::{
    Capitalise, Conversion, ConvertShares, MoveShares, Right, WithdrawShares,
};
use crate::products::cooperative_shares::service::register::{AddShareClasses, KeepTrade, Quantify, Subscribe, Subscription};
use crate::products::cooperative_shares::store::register::{ContributedAsset, Trade};

/// Verbs of shares.
#[derive(Debug, Subcommand)]
pub enum ShareCommand {
    /// 登记股权种类
    Class(Box<ClassArguments>),
    /// 入股(现金或实物)
    Subscribe(Box<SubscribeArguments>),
    /// 配股到户
    Allot(MoveArguments),
    /// 转让
    Transfer(MoveArguments),
    /// 脱贫转股
    Convert(ConvertArguments),
    /// 量化专项基金、公积金到成员账户
    Quantify(QuantifyArguments),
    /// 退股
    Withdraw {
        /// Where, when, by which paper.
        #[command(flatten)]
        place: Place,
        /// 成员
        #[arg(long)]
        member: String,
        /// 付款科目
        #[arg(long, default_value = "102")]
        money_account: String,
        /// 按章程由退股成员分摊的亏损,从退款中扣除
        #[arg(long, default_value = "0.00")]
        loss: Amount,
    },
    /// 公积转增股金
    Capitalise {
        /// Where, when, by which paper.
        #[command(flatten)]
        place: Place,
        /// 来源:capital_reserve 资本公积、reserve 盈余公积
        #[arg(long)]
        from: String,
        /// 新股种类
        #[arg(long)]
        class: String,
        /// 金额
        #[arg(long)]
        amount: Amount,
    },
    /// 导入成员交易额(编号、金额)
    Trade {
        /// 文件
        file: PathBuf,
        /// 账套编号
        #[arg(long)]
        book: String,
        /// 年度
        #[arg(long)]
        year: i32,
        /// 产品
        #[arg(long)]
        product: String,
        /// How to read it.
        #[command(flatten)]
        reading: FileArguments,
    },
    /// 股权登记簿(任一日期)
    Register(OnArguments),
    /// 股权证
    Certificates(OnArguments),
    /// 实物出资备查簿(任一日期)
    Assets(OnArguments),
}

/// Where, when, by which paper.
#[derive(Debug, Args)]
pub struct Place {
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 日期
    #[arg(long)]
    on: BusinessDate,
    /// 依据文件
    #[arg(long)]
    document: String,
}

/// A class.
#[derive(Debug, Args)]
pub struct ClassArguments {
    /// 账套编号
    #[arg(long)]
    book: String,
    /// 编号
    #[arg(long)]
    class: String,
    /// 名称
    #[arg(long)]
    name: String,
    /// 性质:subscribed、allotted、preferred、collective、quantified
    #[arg(long, value_parser = |text: &str| word(text, ClassKind::parse, ClassKind::ALL.iter().map(|k| k.as_str())))]
    kind: ClassKind,
    /// 保底年率(优先股)
    #[arg(long)]
    floor: Option<Rate>,
    /// 保底支付时点:from_profit、before_profit
    #[arg(long, default_value = "from_profit", value_parser = |text: &str| word(text, FloorTiming::parse, FloorTiming::ALL.iter().map(|k| k.as_str())))]
    timing: FloorTiming,
    /// 不足时:carried、guaranteed、finance_cost
    #[arg(long, default_value = "carried", value_parser = |text: &str| word(text, Shortfall::parse, Shortfall::ALL.iter().map(|k| k.as_str())))]
    shortfall: Shortfall,
    /// 兜底方
    #[arg(long)]
    guarantor: Option<String>,
    /// 保底依据
    #[arg(long, default_value = "")]
    basis: String,
    /// 剩余参与:by_weight、at_rate、none
    #[arg(long, default_value = "by_weight", value_parser = |text: &str| word(text, Participation::parse, Participation::ALL.iter().map(|k| k.as_str())))]
    participation: Participation,
    /// 参与比例
    #[arg(long)]
    participation_rate: Option<Rate>,
}

/// A subscription.
#[derive(Debug, Args)]
pub struct SubscribeArguments {
    /// Where, when, by which paper.
    #[command(flatten)]
    place: Place,
    /// 股权种类
    #[arg(long)]
    class: String,
    /// 资金来源
    #[arg(long, default_value = "own_cash", value_parser = |text: &str| word(text, Source::parse, Source::ALL.iter().map(|k| k.as_str())))]
    source: Source,
    /// 成员=金额,可多次
    #[arg(long, required = true, value_parser = member_amount)]
    member: Vec<(String, Amount)>,
    /// 折股金额(与实缴不同时);只用于单个成员
    #[arg(long)]
    shares: Option<Amount>,
    /// 收款科目
    #[arg(long, default_value = "102")]
    money_account: String,
    /// 实物名称;金额即作价
    #[arg(long, requires = "asset_account")]
    asset: Option<String>,
    /// 实物入账科目
    #[arg(long)]
    asset_account: Option<String>,
    /// 数量
    #[arg(long, default_value = "1")]
    quantity: String,
    /// 作价:papers 凭据、members 全体成员评估、appraiser 评估报告、nominal 名义金额
    #[arg(long, default_value = "papers")]
    valued_by: String,
    /// 作价依据编号
    #[arg(long, default_value = "")]
    valuation_paper: String,
    /// 属于扶贫项目资产
    #[arg(long)]
    poverty_asset: bool,
    /// 投资方自己的账套(村集体)
    #[arg(long)]
    investor_book: Option<String>,
    /// 投资方专项资金项目
    #[arg(long)]
    investor_project: Option<String>,
}

/// Shares that change names.
#[derive(Debug, Args)]
pub struct MoveArguments {
    /// Where, when, by which paper.
    #[command(flatten)]
    place: Place,
    /// 从谁
    #[arg(long)]
    from: String,
    /// 股权种类
    #[arg(long)]
    class: String,
    /// 改为种类
    #[arg(long)]
    into_class: Option<String>,
    /// 只转收益权,所有权不变
    #[arg(long)]
    income_only: bool,
    /// 成员=金额,可多次
    #[arg(long, required = true, value_parser = member_amount)]
    to: Vec<(String, Amount)>,
}

/// A conversion.
#[derive(Debug, Args)]
pub struct ConvertArguments {
    /// Where, when, by which paper.
    #[command(flatten)]
    place: Place,
    /// 脱贫户
    #[arg(long)]
    member: String,
    /// 股权种类
    #[arg(long)]
    class: String,
    /// 金额;不写为全部
    #[arg(long)]
    amount: Option<Amount>,
    /// 所有权转给(村集体或另一户);都不写为保留
    #[arg(long, conflicts_with = "income_to")]
    owner_to: Option<String>,
    /// 收益权转给,须写所有者(--owner)
    #[arg(long, requires = "owner")]
    income_to: Option<String>,
    /// 所有者
    #[arg(long)]
    owner: Option<String>,
}

/// A quantification.
#[derive(Debug, Args)]
pub struct QuantifyArguments {
    /// Where, when, by which paper.
    #[command(flatten)]
    place: Place,
    /// 股权种类(量化股或优先股)
    #[arg(long)]
    class: String,
    /// 来源:fiscal_fund、donation、reserve
    #[arg(long, default_value = "fiscal_fund", value_parser = |text: &str| word(text, Source::parse, Source::ALL.iter().map(|k| k.as_str())))]
    source: Source,
    /// 金额
    #[arg(long)]
    amount: Amount,
    /// 成员 或 成员=权重,可多次
    #[arg(long, required = true, value_parser = member_weight)]
    member: Vec<(String, i64)>,
}

/// Runs a verb.
pub async fn run(command: ShareCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        ShareCommand::Class(arguments) => class(*arguments, counter).await,
        ShareCommand::Subscribe(arguments) => said(counter.perform(subscription(*arguments)).await?, "已入股"),
        ShareCommand::Allot(arguments) => said(counter.perform(moving(arguments, EntryKind::Allot)).await?, "已配股"),
        ShareCommand::Transfer(arguments) => said(counter.perform(moving(arguments, EntryKind::Transfer)).await?, "已转让"),
        ShareCommand::Convert(arguments) => said(counter.perform(conversion(arguments)).await?, "已办理脱贫转股"),
        ShareCommand::Quantify(q) => {
            let (book, members) = (BookCode(q.place.book), q.member);
            let (class, source, amount, document) = (q.class, q.source, q.amount, q.place.document);
            said(counter.perform(Quantify { book, on: q.place.on, class, source, amount, members, document }).await?, "已量化")
        }
        ShareCommand::Withdraw { place, member, money_account, loss } => {
            let (book, money_account) = (BookCode(place.book), AccountCode(money_account));
            let act = WithdrawShares { book, on: place.on, member, money_account, loss, document: place.document };
            said(counter.perform(act).await?, "已退股")
        }
        ShareCommand::Capitalise { place, from, class, amount } => {
            let act = Capitalise { book: BookCode(place.book), on: place.on, from, class, amount, document: place.document };
            said(counter.perform(act).await?, "已转增")
        }
        ShareCommand::Trade { file, book, year, product, reading } => {
            let rows = read_list(&read_bytes(&file)?, &reading.options()?)?.whole()?;
            let trade = |row: crate::payouts::list::PayRow| Trade {
                member: row.party,
                product: product.clone(),
                volume: row.remark,
                amount: row.amount,
            };
            let trade: Vec<Trade> = rows.into_iter().map(trade).collect();
            let rows = counter.perform(KeepTrade { book: BookCode(book), year, trade }).await?;
            Ok(Reply::said(format!("已登记交易额 {rows} 行"), json!({ "rows": rows })))
        }
        ShareCommand::Register(arguments) => share_papers::held(arguments, counter, reports::register).await,
        ShareCommand::Certificates(arguments) => share_papers::held(arguments, counter, reports::certificates).await,
        ShareCommand::Assets(arguments) => share_papers::assets(arguments, counter).await,
    }
}

fn said(done: Registered, words: &str) -> Result<Reply, Stop> {
    let vouchers: Vec<String> = done.vouchers.iter().map(|n| format!("{} {}", n.0, n.reference())).collect();
    let line = format!("{words},登记 {} 条{}", done.entries, named(&vouchers));
    Ok(Reply::said(line, json!({ "event": done.event, "entries": done.entries, "vouchers": vouchers })))
}

async fn class(a: ClassArguments, counter: &Counter) -> Result<Reply, Stop> {
    let floor = a.floor.map(|rate| Floor {
        rate,
        timing: a.timing,
        shortfall: a.shortfall,
        guarantor: a.guarantor.clone(),
        basis: a.basis.clone(),
    });
    let (participation, participation_rate) = (a.participation, a.participation_rate);
    let class = ShareClass { class: a.class.clone(), name: a.name, kind: a.kind, floor, participation, participation_rate };
    counter.perform(AddShareClasses { book: BookCode(a.book), classes: vec![class] }).await?;
    Ok(Reply::said(format!("已登记股权种类 {}", a.class), json!({ "class": a.class })))
}

fn subscription(a: SubscribeArguments) -> Subscribe {
    let asset = |member: &str, value: Amount| {
        let account = a.asset_account.clone().map(AccountCode);
        a.asset.clone().zip(account).map(|(what, account)| ContributedAsset {
            member: member.to_owned(),
            what,
            account,
            quantity: a.quantity.clone(),
            value,
            valued_by: a.valued_by.clone(),
            valuation_paper: a.valuation_paper.clone(),
            is_poverty_asset: a.poverty_asset,
        })
    };
    let one = |(member, value): &(String, Amount)| {
        let assets: Vec<ContributedAsset> = asset(member, *value).into_iter().collect();
        let paid = if assets.is_empty() { *value } else { Amount::ZERO };
        Subscription { member: member.clone(), source: a.source, paid, assets, shares: a.shares.unwrap_or(*value) }
    };
    Subscribe {
        subscriptions: a.member.iter().map(one).collect(),
        book: BookCode(a.place.book),
        on: a.place.on,
        class: a.class,
        money_account: AccountCode(a.money_account),
        document: a.place.document,
        investor_book: a.investor_book.map(BookCode),
        investor_project: a.investor_project,
    }
}

fn moving(a: MoveArguments, kind: EntryKind) -> MoveShares {
    let right = if a.income_only { Right::Income } else { Right::Ownership };
    let (book, on, document) = (BookCode(a.place.book), a.place.on, a.place.document);
    MoveShares { book, on, kind, from: a.from, class: a.class, into_class: a.into_class, right, to: a.to, document }
}

fn conversion(a: ConvertArguments) -> ConvertShares {
    let conversion = match (a.owner_to, a.income_to, a.owner) {
        (Some(to), ..) => Conversion::OwnershipTo(to),
        (None, Some(beneficiary), Some(owner)) => Conversion::IncomeTo { owner, beneficiary },
        _ => Conversion::Keeps,
    };
    let (book, on, document) = (BookCode(a.place.book), a.place.on, a.place.document);
    ConvertShares { book, on, member: a.member, class: a.class, amount: a.amount, conversion, document }
}
