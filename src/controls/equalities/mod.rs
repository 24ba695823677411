//! Equalities across books and registers: what one book says another must say too.
//!
//! Pure, but for `store.rs` and `service.rs`. Source: posting-rules.md §6, equalities 1–3, 6, 8; 9 and 10 are ours.
//!
//! 1. Every equality compares two figures that come from different places; a difference is a finding with both.
//! 2. Nothing found means every equality held for every scheme, cooperative, batch and household.

pub mod service;
pub mod store;

use serde::{Deserialize, Serialize};

use crate::money::Amount;

/// A figure that stands here and must stand there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// Number of the equality in posting-rules.md §6.
    pub equality: u8,
    /// What is compared: scheme and household, cooperative and member, batch.
    pub what: String,
    /// Here.
    pub left: Amount,
    /// There.
    pub right: Amount,
}

/// An equality that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EqualityFinding {
    /// Number of the equality.
    pub equality: u8,
    /// In words, with both figures.
    pub what: String,
}

/// The comparisons that do not hold.
pub fn findings(compared: &[Compared]) -> Vec<EqualityFinding> {
    let wrong = compared.iter().filter(|pair| pair.left != pair.right);
    wrong.map(|pair| EqualityFinding { equality: pair.equality, what: in_words(pair) }).collect()
}

fn in_words(pair: &Compared) -> String {
    let name = match pair.equality {
        1 => "借款户委托资金超过贷款本金",
        2 => "公司账与委托登记、经营主体账",
        3 => "合作社账与村集体账、股权登记",
        6 => "代收代付批次收付",
        9 => "租约应收应付与租约登记",
        10 => "扶贫周转金账与登记",
        _ => "到户发放与账上支付",
    };
    format!("{name}不一致:{} {} ≠ {}", pair.what, pair.left.grouped(), pair.right.grouped())
}
