//! Papers of the share register and of distributions: register, certificates, dividend list.
//!
//! Pure: rows in, sheets out. Source: screens.md S13; statements.md §4.4.
//!
//! 1. Totals are sums of the rows shown.

use std::collections::BTreeMap;

use super::class::ShareClass;
use super::contribution::ContributedAsset;
use super::distribution::PlanRow;
use super::explain::explain;
use super::holding::Position;
use super::plan::{Pools, Terms};
use crate::calendar::BusinessDate;
use crate::exchange::{Cell, Column, Dress, Sheet};
use crate::money::Amount;

/// Names of parties by code; a code without a name shows itself.
pub type Names = BTreeMap<String, String>;

fn name_of(names: &Names, code: &str) -> Cell {
    names.get(code).cloned().unwrap_or_else(|| code.to_owned()).into()
}

/// 股权登记簿 at a date.
pub fn register(
    book: &str,
    on: BusinessDate,
    held: &[(Position, Amount)],
    classes: &BTreeMap<String, ShareClass>,
    names: &Names,
) -> Sheet {
    let columns = vec![
        Column::id("holder", "成员编号"),
        Column::text("name", "成员"),
        Column::id("beneficiary", "收益人编号"),
        Column::text("class", "股权种类"),
        Column::text("kind", "性质"),
        Column::text("source", "资金来源"),
        Column::text("column", "成员账户栏目"),
        Column::amount("amount", "金额"),
    ];
    let mut sheet =
        Sheet::new("股权登记簿", columns).dressed(Dress::list()).subtitle(format!("账套 {book}")).subtitle(format!("截至 {on}"));
    for (position, amount) in held {
        let class = classes.get(&position.class);
        sheet.push(vec![
            position.holder.as_str().into(),
            name_of(names, &position.holder),
            position.beneficiary.as_str().into(),
            class.map_or(position.class.as_str(), |class| class.name.as_str()).into(),
            class.map_or("", |class| class.kind.label_zh()).into(),
            position.source.label_zh().into(),
            position.column.label_zh().into(),
            (*amount).into(),
        ]);
    }
    let blanks = vec![Cell::Empty; 6];
    let total: Amount = held.iter().map(|(_, amount)| *amount).sum();
    sheet.foot.push(["合计".into()].into_iter().chain(blanks).chain([total.into()]).collect());
    sheet
}

/// 股权证 data: one row per owner and class with what it stands for on the day.
pub fn certificates(
    book: &str,
    on: BusinessDate,
    held: &[(Position, Amount)],
    classes: &BTreeMap<String, ShareClass>,
    names: &Names,
) -> Sheet {
    let columns = vec![
        Column::id("certificate", "股权证号"),
        Column::id("holder", "成员编号"),
        Column::text("name", "成员"),
        Column::text("class", "股权种类"),
        Column::amount("amount", "金额"),
        Column::text("capitals", "大写"),
        Column::date("on", "截至"),
    ];
    let mut sheet = Sheet::new("股权证", columns).dressed(Dress::certificates()).subtitle(format!("账套 {book}"));
    let mut sums: BTreeMap<(&str, &str), Amount> = BTreeMap::new();
    for (position, amount) in held.iter().filter(|(position, _)| position.column.is_contribution()) {
        *sums.entry((&position.holder, &position.class)).or_default() += *amount;
    }
    for ((holder, class), amount) in sums {
        let name = classes.get(class).map_or(class, |class| class.name.as_str());
        let capitals = crate::money::capitals::to_capitals(amount);
        let number = format!("{book}-{class}-{holder}");
        sheet.push(vec![
            number.into(),
            holder.into(),
            name_of(names, holder),
            name.into(),
            amount.into(),
            capitals.into(),
            on.into(),
        ]);
    }
    sheet
}

/// 实物出资备查簿: what was put in otherwise than in money, at which value and by which paper; things at one nominal yuan have no
/// other place than this.
pub fn contributed(book: &str, on: BusinessDate, assets: &[(BusinessDate, ContributedAsset)], names: &Names) -> Sheet {
    let columns = vec![
        Column::date("on", "日期"),
        Column::id("member", "成员编号"),
        Column::text("name", "成员"),
        Column::text("what", "名称"),
        Column::text("quantity", "数量"),
        Column::id("account", "入账科目"),
        Column::amount("value", "作价"),
        Column::text("valued_by", "作价方式"),
        Column::text("paper", "作价依据"),
        Column::text("poverty_asset", "扶贫项目资产"),
    ];
    let mut sheet = Sheet::new("实物出资备查簿", columns).dressed(Dress::list()).subtitle(format!("账套 {book}"));
    sheet.subtitle.push(format!("截至 {on}"));
    for (put_in, asset) in assets {
        let valued_by = match asset.valued_by.as_str() {
            "papers" => "凭据",
            "members" => "全体成员评估",
            "appraiser" => "评估报告",
            _ => "名义金额",
        };
        let member = [(*put_in).into(), asset.member.as_str().into(), name_of(names, &asset.member)];
        let thing = [asset.what.as_str().into(), asset.quantity.as_str().into(), asset.account.as_str().into()];
        let poverty = if asset.is_poverty_asset { "是" } else { "" };
        let value = [asset.value.into(), valued_by.into(), asset.valuation_paper.as_str().into(), poverty.into()];
        sheet.push(member.into_iter().chain(thing).chain(value).collect());
    }
    let total: Amount = assets.iter().map(|(_, asset)| asset.value).sum();
    let blanks = std::iter::repeat_n(Cell::Empty, 5);
    sheet.foot.push(["合计".into()].into_iter().chain(blanks).chain([total.into()]).collect());
    sheet
}

/// 分红明细表: every member's part, what it is made of, and room for a signature.
pub fn dividend_list(book: &str, terms: &Terms, pools: &Pools, rows: &[PlanRow], names: &Names) -> Sheet {
    let columns = vec![
        Column::id("member", "成员编号"),
        Column::text("name", "成员"),
        Column::amount("base", "股权金额"),
        Column::amount("refund", "盈余返还"),
        Column::amount("floor", "保底"),
        Column::amount("share", "按股分配"),
        Column::amount("tax", "代扣税"),
        Column::amount("net", "实发"),
        Column::text("explanation", "计算过程"),
        Column::text("signature", "签名(指印)"),
    ];
    let mut sheet = Sheet::new(format!("{} 年分红明细表", terms.year), columns)
        .dressed(Dress::list())
        .subtitle(format!("账套 {book}"))
        .subtitle("金额单位:元");
    let floor = |row: &PlanRow| row.floor_paid + row.guaranteed + row.cost;
    for row in rows {
        sheet.push(vec![
            row.member.as_str().into(),
            name_of(names, &row.member),
            row.base.into(),
            Cell::amount_or_blank(row.refund),
            Cell::amount_or_blank(floor(row)),
            Cell::amount_or_blank(row.share + row.at_rate),
            Cell::amount_or_blank(row.tax),
            row.net.into(),
            explain(row, pools).into(),
            Cell::Empty,
        ]);
    }
    let sum = |of: &dyn Fn(&PlanRow) -> Amount| Cell::from(rows.iter().map(of).sum::<Amount>());
    sheet.foot.push(vec![
        "合计".into(),
        Cell::Empty,
        sum(&|row| row.base),
        sum(&|row| row.refund),
        sum(&floor),
        sum(&|row| row.share + row.at_rate),
        sum(&|row| row.tax),
        sum(&|row| row.net),
    ]);
    sheet.notes.extend(pools.warning.clone());
    sheet
}
