//! The household statement (明白卡): what a household borrowed, entrusted, holds, is owed and received, from all books and registers.
//!
//! Pure, but for `store.rs`. Source: seeds.md §5.2, §6.1; invariant I13.
//!
//! 1. Every yuan received stands on it once: as the payment that arrived, whatever book paid it.
//! 2. What is owed stands on it until its payment is sent: a batch's row takes the place of the dividend or income it pays.
//! 3. Every line names its source and date.

pub mod store;

use serde::{Deserialize, Serialize};

use crate::calendar::BusinessDate;
use crate::exchange::{Cell, Column, Dress, Sheet};
use crate::money::Amount;

crate::words! {
    /// A part of the statement.
    pub enum Section {
        /// 借了什么
        Borrowed = "borrowed", "贷款";
        /// 委托了什么
        Entrusted = "entrusted", "委托资金";
        /// 持有什么
        Held = "held", "股权";
        /// 该得什么
        Due = "due", "应得未发";
        /// 得了什么
        Received = "received", "已收到";
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CardLine {
    /// Part.
    pub section: Section,
    /// Since when, or when it arrived.
    pub on: Option<BusinessDate>,
    /// What it is.
    pub what: String,
    /// Contract, book, batch or scheme it comes from.
    pub source: String,
    /// How much.
    pub amount: Amount,
    /// State in words.
    pub state: String,
}

/// A household's statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseholdCard {
    /// Code.
    pub household: String,
    /// Name shown.
    pub name: String,
    /// On which date.
    pub on: BusinessDate,
    /// The lines, part by part, oldest first.
    pub lines: Vec<CardLine>,
}

impl HouseholdCard {
    /// Σ of a part.
    pub fn total(&self, section: Section) -> Amount {
        self.lines.iter().filter(|line| line.section == section).map(|line| line.amount).sum()
    }

    /// As it is printed.
    pub fn sheet(&self) -> Sheet {
        let columns = vec![
            Column::text("section", "类别"),
            Column::date("on", "日期"),
            Column::text("what", "事项"),
            Column::text("source", "来源"),
            Column::amount("amount", "金额"),
            Column::text("state", "状态"),
        ];
        let mut sheet = Sheet::new("帮扶明白卡", columns)
            .dressed(Dress::signed(&["户主(签字)", "帮扶责任人", "村(盖章)"]))
            .subtitle(format!("{} {}", self.household, self.name));
        sheet.subtitle.push(format!("截至 {}", self.on));
        sheet.subtitle.push("金额单位:元".to_owned());
        for line in &self.lines {
            let words = (line.what.as_str(), line.source.as_str(), line.state.as_str());
            let section = line.section.label_zh();
            sheet.push(vec![section.into(), line.on.into(), words.0.into(), words.1.into(), line.amount.into(), words.2.into()]);
        }
        for section in Section::ALL {
            let total = self.total(*section);
            if !total.is_zero() {
                sheet.foot.push(vec![section.label_zh().into(), Cell::Empty, "合计".into(), Cell::Empty, total.into()]);
            }
        }
        sheet
    }
}
