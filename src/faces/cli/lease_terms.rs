//! What a lease agrees, as `lease open` takes it: in plain words, or in a file for what the words do not say.
//!
//! 1. A file is taken alone; words beside it are refused, never passed over.

use std::path::PathBuf;

use clap::Args;

use super::counter::terms_in;
use super::words::word;
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::money::{Amount, Rate};
use crate::payouts::list::read_milli;
use crate::products::leases::terms::{ContractKind, Direction, Due, LeaseParty, Terms, Thing};

/// Terms of a lease.
#[derive(Debug, Args)]
pub struct TermsArguments {
    /// 条款文件(json);写了文件就不再写下面各项
    #[arg(long)]
    terms: Option<PathBuf>,
    /// 名称
    #[arg(long, required_unless_present = "terms", conflicts_with = "terms")]
    name: Option<String>,
    /// 类型:lease 租赁、contracting 发包(承包)、sale 出售;不写为租赁
    #[arg(long, conflicts_with = "terms",
        value_parser = |text: &str| word(text, ContractKind::parse, ContractKind::ALL.iter().map(|k| k.as_str())))]
    kind: Option<ContractKind>,
    /// 方向:out 租出、in 租入
    #[arg(long, required_unless_present = "terms", conflicts_with = "terms",
        value_parser = |text: &str| word(text, Direction::parse, Direction::ALL.iter().map(|k| k.as_str())))]
    direction: Option<Direction>,
    /// 标的:land 耕地、forest 林地、grass 草地、water 水面、house 房屋、equipment 设备、other 其他资产
    #[arg(long, required_unless_present = "terms", conflicts_with = "terms",
        value_parser = |text: &str| word(text, Thing::parse, Thing::ALL.iter().map(|k| k.as_str())))]
    thing: Option<Thing>,
    /// 地块、地址等说明
    #[arg(long, conflicts_with = "terms")]
    description: Option<String>,
    /// 起租日
    #[arg(long, required_unless_present = "terms", conflicts_with = "terms")]
    from: Option<BusinessDate>,
    /// 到期日;租期最后一天的次日
    #[arg(long, required_unless_present = "terms", conflicts_with = "terms")]
    until: Option<BusinessDate>,
    /// 租金周期(月);1、3、6 或 12,不写为 12
    #[arg(long, conflicts_with = "terms")]
    months: Option<u32>,
    /// 付租时间:advance 先付、arrears 后付;不写为先付
    #[arg(long, conflicts_with = "terms",
        value_parser = |text: &str| word(text, Due::parse, Due::ALL.iter().map(|k| k.as_str())))]
    due: Option<Due>,
    /// 对方:编号=数量=年租金(出售写价款),可多次
    #[arg(long, required_unless_present = "terms", conflicts_with = "terms", value_parser = party)]
    party: Vec<LeaseParty>,
    /// 对方是本账套的成员或农户(往来记成员或内部往来)
    #[arg(long, conflicts_with = "terms")]
    members: bool,
    /// 租金调整:日期=首年租金的百分数,可多次
    #[arg(long, conflicts_with = "terms", value_parser = step)]
    step: Vec<(BusinessDate, Rate)>,
    /// 出售的分期付款:日期=金额,可多次
    #[arg(long, conflicts_with = "terms", value_parser = instalment)]
    instalment: Vec<(BusinessDate, Amount)>,
    /// 转包的租入合同(返租倒包)
    #[arg(long, conflicts_with = "terms")]
    relets: Option<String>,
    /// 合同或决议编号
    #[arg(long, required_unless_present = "terms", conflicts_with = "terms")]
    document: Option<String>,
}

/// `H001=3.5=700.00`.
fn party(text: &str) -> Result<LeaseParty, String> {
    let mut parts = text.split('=').map(str::trim);
    let (Some(party), Some(quantity), Some(yearly), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err("写成 编号=数量=年租金".to_owned());
    };
    let quantity_milli = read_milli(quantity).ok_or("数量最多三位小数")?;
    let yearly = Amount::parse(yearly).map_err(|why| why.to_string())?;
    Ok(LeaseParty { party: party.to_owned(), quantity_milli, yearly, is_member: false })
}

/// `2029-01-01=105`.
fn step(text: &str) -> Result<(BusinessDate, Rate), String> {
    let (from, rate) = text.split_once('=').ok_or("写成 日期=百分数")?;
    let from = from.trim().parse().map_err(|_| "日期写成 2029-01-01".to_owned())?;
    Ok((from, rate.trim().parse().map_err(|why: crate::money::rate::RateRefusal| why.to_string())?))
}

/// `2026-03-01=5000.00`.
fn instalment(text: &str) -> Result<(BusinessDate, Amount), String> {
    let (on, amount) = text.split_once('=').ok_or("写成 日期=金额")?;
    let on = on.trim().parse().map_err(|_| "日期写成 2026-03-01".to_owned())?;
    Ok((on, Amount::parse(amount.trim()).map_err(|why| why.to_string())?))
}

impl TermsArguments {
    /// The terms. Refuses a file that cannot be understood (O-208).
    pub fn terms(self) -> Result<Terms, Stop> {
        if let Some(file) = &self.terms {
            return terms_in(file);
        }
        let is_member = self.members;
        Ok(Terms {
            name: self.name.unwrap_or_default(),
            kind: self.kind.unwrap_or(ContractKind::Lease),
            direction: self.direction.unwrap_or(Direction::Out),
            thing: self.thing.unwrap_or(Thing::Other),
            description: self.description.unwrap_or_default(),
            begins_on: self.from.unwrap_or_default(),
            ends_on: self.until.unwrap_or_default(),
            months: self.months.unwrap_or(12),
            due: self.due.unwrap_or(Due::Advance),
            steps: self.step,
            relets: self.relets,
            instalments: self.instalment,
            document: self.document.unwrap_or_default(),
            parties: self.party.into_iter().map(|party| LeaseParty { is_member, ..party }).collect(),
        })
    }
}
