//! The parts of `project`: what a card says, a line of a work list, an asset's card.

use clap::Args;
use rust_decimal::Decimal;

use super::asset::RestOfCard;
use super::words::{member_amount, word};
use crate::affairs::assets::card::{AssetCard, AssetUse};
use crate::calendar::BusinessDate;
use crate::ledger::FundClass;
use crate::money::Amount;
use crate::money::rounding::{round_half_up_to_fen, to_yuan};
use crate::products::projects::card::{BudgetLine, Card, ProjectKind};
use crate::products::projects::deed::{Work, WorkKind};

/// What a card says; what is not given stays as it was.
#[derive(Debug, Args)]
pub struct CardSays {
    /// 项目名称
    #[arg(long)]
    name: Option<String>,
    /// 类别
    #[arg(long, value_parser = |text: &str| word(text, ProjectKind::parse, ProjectKind::ALL.iter().map(|k| k.as_str())))]
    kind: Option<ProjectKind>,
    /// 来源文件
    #[arg(long)]
    document: Option<String>,
    /// 资金来源单位
    #[arg(long)]
    funder: Option<String>,
    /// 资金类别
    #[arg(long, value_parser = |text: &str| word(text, FundClass::parse, FundClass::ALL.iter().map(|f| f.label_zh())))]
    fund_class: Option<FundClass>,
    /// 预算项和金额,写成 土建=80000.00;可多个,写了就替换全部
    #[arg(long, value_parser = member_amount)]
    budget: Vec<(String, Amount)>,
    /// 村民自建
    #[arg(long)]
    self_built: bool,
    /// 不形成资产
    #[arg(long)]
    no_asset: bool,
    /// 投入脱贫村
    #[arg(long)]
    poverty_village: bool,
    /// 四议两公开记录编号
    #[arg(long)]
    decision: Option<String>,
    /// 计划开工
    #[arg(long)]
    planned_from: Option<BusinessDate>,
    /// 计划完工
    #[arg(long)]
    planned_through: Option<BusinessDate>,
}

impl CardSays {
    /// The card with what was said in place of what stood there.
    pub fn over(self, old: Option<Card>) -> Card {
        let old = old.unwrap_or_else(blank);
        let budget: Vec<BudgetLine> = self.budget.into_iter().map(|(item, amount)| BudgetLine { item, amount }).collect();
        Card {
            name: self.name.unwrap_or(old.name),
            kind: self.kind.unwrap_or(old.kind),
            document: self.document.unwrap_or(old.document),
            funder: self.funder.unwrap_or(old.funder),
            fund_class: self.fund_class.unwrap_or(old.fund_class),
            budget: if budget.is_empty() { old.budget } else { budget },
            self_built: self.self_built || old.self_built,
            forms_asset: !self.no_asset && old.forms_asset,
            poverty_village: self.poverty_village || old.poverty_village,
            decision: self.decision.unwrap_or(old.decision),
            planned_from: self.planned_from.or(old.planned_from),
            planned_through: self.planned_through.or(old.planned_through),
        }
    }
}

fn blank() -> Card {
    Card {
        name: String::new(),
        kind: ProjectKind::Grant,
        document: String::new(),
        funder: String::new(),
        fund_class: FundClass::Special,
        budget: Vec::new(),
        self_built: false,
        forms_asset: true,
        poverty_village: false,
        decision: String::new(),
        planned_from: None,
        planned_through: None,
    }
}

/// A line of a list of material and labour.
#[derive(Debug, Clone)]
pub struct WorkLine(pub Work);

/// `材料:水泥=2.5×480.00`; `*` and `x` do for the sign.
pub fn work_line(text: &str) -> Result<WorkLine, String> {
    const FORM: &str = "写成 材料:水泥=2.5×480.00 或 用工:韦立春=3×120.00";
    let (what, figures) = text.rsplit_once('=').ok_or(FORM)?;
    let (kind, what) = what.split_once([':', ':']).ok_or(FORM)?;
    let kind = word(kind.trim(), WorkKind::parse, WorkKind::ALL.iter().map(|kind| kind.label_zh()))?;
    let (quantity, price) = figures.split_once(['×', '*', 'x', 'X']).ok_or(FORM)?;
    let quantity: Decimal = quantity.trim().parse().map_err(|_| FORM)?;
    let thousandths = quantity.checked_mul(Decimal::ONE_THOUSAND).filter(|milli| milli.fract().is_zero());
    let quantity_milli = thousandths.and_then(|milli| i64::try_from(milli).ok()).ok_or("数量最多三位小数")?;
    let price = Amount::parse(price).map_err(|why| why.to_string())?;
    let product = quantity.checked_mul(to_yuan(price)).ok_or("数量或单价过大")?;
    let amount = round_half_up_to_fen(product).map_err(|why| why.to_string())?;
    Ok(WorkLine(Work { kind, what: what.trim().to_owned(), quantity_milli, price, amount }))
}

/// What an asset's card says.
#[derive(Debug, Args)]
pub struct AssetSays {
    /// 资产编号;不形成资产的项目不写
    #[arg(long)]
    asset: Option<String>,
    /// 用途
    #[arg(long, value_parser = |text: &str| word(text, AssetUse::parse, AssetUse::ALL.iter().map(|u| u.as_str())))]
    used_for: Option<AssetUse>,
    /// The rest of the card.
    #[command(flatten)]
    says: RestOfCard,
}

impl AssetSays {
    /// The code and the card of a finished project's asset.
    pub fn card(self, name: &str, on: BusinessDate) -> Option<(String, AssetCard)> {
        let card = self.says.card((name.to_owned(), self.used_for.unwrap_or(AssetUse::Welfare)), on);
        self.asset.map(|asset| (asset, card))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_list_is_read() {
        let WorkLine(line) = work_line("材料:水泥=2.5×480.00").unwrap();
        assert_eq!((line.kind, line.quantity_milli, line.amount.to_string()), (WorkKind::Material, 2_500, "1200.00".into()));
        let WorkLine(line) = work_line("用工:韦立春 = 3*0").unwrap();
        assert_eq!((line.kind, line.what.as_str(), line.amount), (WorkKind::Labour, "韦立春", Amount::ZERO));
        for bad in ["水泥=1×2", "材料:水泥", "材料:水泥=1", "机器:挖机=1×2", "材料:水泥=1.2345×2"] {
            assert!(work_line(bad).is_err(), "{bad}");
        }
    }
}
