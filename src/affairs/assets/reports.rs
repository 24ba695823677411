//! Papers of assets: the register, and what became of one.
//!
//! Pure: cards in, sheets out.

use super::card::{AssetState, KeptAsset, KeptEntry};
use crate::exchange::{Cell, Column, Dress, Sheet};
use crate::money::Amount;

/// 资产资源登记簿
pub fn register(unit: &str, assets: &[KeptAsset]) -> Sheet {
    let columns = vec![
        Column::id("asset", "编号"),
        Column::text("name", "名称"),
        Column::text("kind", "类别"),
        Column::text("use", "用途"),
        Column::text("quantity", "数量"),
        Column::text("place", "坐落"),
        Column::text("keeper", "管护人"),
        Column::date("acquired_on", "取得日期"),
        Column::amount("cost", "原值"),
        Column::amount("depreciated", "累计折旧"),
        Column::amount("net", "净值"),
        Column::text("poverty_asset", "扶贫项目资产"),
        Column::id("project", "形成项目"),
        Column::text("state", "状态"),
    ];
    let mut sheet = Sheet::new("资产资源登记簿", columns)
        .dressed(Dress { lying: true, ..Dress::list() })
        .subtitle(format!("单位:{unit}"))
        .subtitle("金额单位:元");
    for asset in assets {
        let card = &asset.card;
        sheet.push(vec![
            asset.asset.as_str().into(),
            card.name.as_str().into(),
            card.kind.label_zh().into(),
            card.used_for.label_zh().into(),
            card.quantity.as_str().into(),
            card.place.as_str().into(),
            card.keeper.as_str().into(),
            card.acquired_on.into(),
            card.cost.into(),
            (card.depreciated_before + asset.depreciated).into(),
            asset.net().into(),
            if card.is_poverty_asset { "是" } else { "" }.into(),
            asset.project.as_deref().into(),
            asset.state.label_zh().into(),
        ]);
    }
    let there = || assets.iter().filter(|asset| asset.state == AssetState::InUse);
    let sum = |of: fn(&KeptAsset) -> Amount| there().map(of).sum::<Amount>();
    let foot = [sum(|a| a.card.cost), sum(|a| a.card.depreciated_before + a.depreciated), sum(KeptAsset::net)];
    let mut row = vec!["在用合计".into(), format!("{} 项", there().count()).into()];
    row.resize(8, Cell::Empty);
    sheet.foot.push(row.into_iter().chain(foot.map(Cell::from)).collect());
    sheet
}

/// 资产卡片变动记录: depreciation, changes of the card, disposal.
pub fn history(asset: &KeptAsset, entries: &[KeptEntry]) -> Sheet {
    let columns = vec![
        Column::date("on", "日期"),
        Column::text("what", "事项"),
        Column::amount("amount", "金额"),
        Column::text("content", "内容"),
        Column::id("voucher", "凭证"),
        Column::text("by", "经办"),
        Column::text("state", "状态"),
    ];
    let title = format!("{} {}", asset.asset, asset.card.name);
    let mut sheet = Sheet::new("资产卡片变动记录", columns).dressed(Dress::list()).subtitle(title);
    for entry in entries {
        let what = match entry.kind.as_str() {
            "depreciation" => "计提折旧",
            "disposal" => "处置",
            _ => "变更卡片",
        };
        sheet.push(vec![
            entry.on.into(),
            what.into(),
            entry.amount.into(),
            entry.content.as_str().into(),
            entry.voucher.as_deref().into(),
            entry.by.as_str().into(),
            if entry.undone { "已作废或红冲" } else { "" }.into(),
        ]);
    }
    sheet
}
