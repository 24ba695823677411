//! The papers of the register of incomes: one household's lines, households and villages by class and year.
//!
//! Pure.

use std::collections::BTreeMap;

use super::{IncomeLine, IncomeType, Origin, YearOfIncome};
use crate::exchange::{Cell, Column, Dress, Sheet};
use crate::money::Amount;
use crate::parties::mask_id;

/// A household of the list: code, village, head, identity number.
pub type Household = (String, String, String, String);

fn years(head: Vec<Column>, year: i32) -> Vec<Column> {
    let types = IncomeType::ALL.iter().map(|kind| Column::amount(kind.as_str(), kind.label_zh()));
    let sums = [
        Column::amount("total", format!("{year}年合计")),
        Column::amount("before", format!("{}年合计", year - 1)),
        Column::amount("change", "增减"),
    ];
    head.into_iter().chain(types).chain(sums).collect()
}

fn figures(sums: &YearOfIncome) -> impl Iterator<Item = Cell> {
    let all = [sums.total(), sums.before, sums.total() - sums.before];
    sums.by_type.into_iter().chain(all).map(Cell::from).collect::<Vec<_>>().into_iter()
}

fn added<'a>(all: impl Iterator<Item = &'a YearOfIncome>) -> YearOfIncome {
    let mut whole = YearOfIncome::default();
    for sums in all {
        whole.by_type.iter_mut().zip(sums.by_type).for_each(|(sum, more)| *sum += more);
        whole.before += sums.before;
    }
    whole
}

/// 农户收入登记: every household of the list, those without income too; the foot sums all of them, also where a page shows some.
pub fn households(
    households: &[Household],
    sums: &BTreeMap<String, YearOfIncome>,
    year: i32,
    (after, limit): (&str, usize),
) -> Sheet {
    let head = vec![
        Column::id("household", "户编号"),
        Column::id("place", "村代码"),
        Column::text("head", "户主"),
        Column::id("id_number", "身份证号"),
    ];
    let mut sheet = Sheet::new(format!("{year}年农户收入登记"), years(head, year)).subtitle("金额单位:元");
    let nothing = YearOfIncome::default();
    let of = |household: &str| sums.get(household).unwrap_or(&nothing);
    for (household, place, name, id) in households.iter().filter(|known| known.0.as_str() > after).take(limit) {
        let head: [Cell; 4] = [household.as_str().into(), place.as_str().into(), name.as_str().into(), mask_id(id).into()];
        sheet.push(head.into_iter().chain(figures(of(household))).collect());
    }
    let whole = added(households.iter().map(|known| of(&known.0)));
    let foot = [Cell::from("合计"), Cell::Empty, format!("{} 户", households.len()).into(), Cell::Empty];
    sheet.foot.push(foot.into_iter().chain(figures(&whole)).collect());
    sheet.notes.push(SOURCES.to_owned());
    sheet
}

const SOURCES: &str =
    "账上发放(分红、委托收益、租金、补贴、公益性岗位、贴息)按到账计,另加导入的工资、转移性收入等;同一笔只计一次。";

/// 分村收入汇总
pub fn villages(
    households: &[Household],
    sums: &BTreeMap<String, YearOfIncome>,
    year: i32,
    names: &BTreeMap<String, String>,
) -> Sheet {
    let head = vec![Column::id("place", "村代码"), Column::text("village", "村"), Column::count("households", "户数")];
    let mut sheet = Sheet::new(format!("{year}年分村农户收入汇总"), years(head, year)).subtitle("金额单位:元");
    let mut by_place: BTreeMap<&str, (i64, Vec<&YearOfIncome>)> = BTreeMap::new();
    for (household, place, ..) in households {
        let entry = by_place.entry(place).or_default();
        entry.0 += 1;
        entry.1.extend(sums.get(household));
    }
    for (place, (count, found)) in &by_place {
        let name = names.get(*place).map_or("", String::as_str);
        let head: [Cell; 3] = [(*place).into(), name.into(), (*count).into()];
        sheet.push(head.into_iter().chain(figures(&added(found.iter().copied()))).collect());
    }
    let whole = added(by_place.values().flat_map(|(_, found)| found.iter().copied()));
    let foot = [Cell::from("合计"), format!("{} 村", by_place.len()).into(), (households.len() as i64).into()];
    sheet.foot.push(foot.into_iter().chain(figures(&whole)).collect());
    sheet.notes.push(SOURCES.to_owned());
    sheet
}

/// 一户收入明细: line by line with where each comes from.
pub fn lines((household, name): (&str, &str), lines: &[IncomeLine], span: &str) -> Sheet {
    let columns = vec![
        Column::date("on", "到账日期"),
        Column::text("type", "收入类别"),
        Column::text("item", "项目"),
        Column::amount("amount", "金额"),
        Column::id("origin", "来源"),
        Column::text("payer", "发放单位"),
        Column::text("remark", "备注"),
    ];
    let mut sheet = Sheet::new("农户收入明细", columns)
        .dressed(Dress::signed(&["户主(签字)", "登记人", "村(盖章)"]))
        .subtitle(format!("{household} {name} · {span}"))
        .subtitle("金额单位:元");
    for line in lines {
        let payer = match &line.origin {
            Origin::Entry(_, payer) => payer.as_str(),
            Origin::Batch(book, _) => book,
            _ => "",
        };
        let remark = if line.counted { line.remark.clone() } else { format!("账上已列,不重复计 {}", line.remark) };
        sheet.push(vec![
            line.on.into(),
            line.kind.label_zh().into(),
            line.item.as_str().into(),
            if line.counted { line.amount.into() } else { Cell::Empty },
            line.origin.in_words(line.on).into(),
            payer.into(),
            remark.trim_end().into(),
        ]);
    }
    for kind in IncomeType::ALL {
        let of_it = lines.iter().filter(|line| line.counted && line.kind == *kind);
        let sum: Amount = of_it.map(|line| line.amount).sum();
        if !sum.is_zero() {
            sheet.foot.push(vec!["小计".into(), kind.label_zh().into(), Cell::Empty, sum.into()]);
        }
    }
    let sum: Amount = lines.iter().filter(|line| line.counted).map(|line| line.amount).sum();
    sheet.foot.push(vec!["合计".into(), Cell::Empty, Cell::Empty, sum.into()]);
    sheet
}
