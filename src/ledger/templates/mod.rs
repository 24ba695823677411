//! 模板凭证: lines somebody enters month after month, kept under a name and taken as the beginning of a new voucher.
//!
//! 1. A template is nobody's voucher: it has no date, no number, and is in no book's sums.
//! 2. It may be unfinished: amounts may be blank and sides may differ. What is made of it is checked when it is saved.

pub mod service;
pub mod store;

use serde::{Deserialize, Serialize};

use crate::ledger::{Voucher, VoucherLine, Word};
use crate::refusals;

/// A template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its name, one in the book.
    pub name: String,
    /// 凭证字
    pub word: Word,
    /// 分录
    pub lines: Vec<VoucherLine>,
}

impl Template {
    /// What a voucher leaves as a pattern.
    pub fn of(name: &str, voucher: &Voucher) -> Template {
        Template { name: name.trim().to_owned(), word: voucher.word, lines: voucher.lines.clone() }
    }
}

refusals! {
    /// Why a template is turned away.
    pub enum TemplateRefusal {
        /// Without a name.
        "L-401" NoName
            zh "模板没有名称" en "the template has no name" next "起一个看得懂的名称,如“每月水电费”";
        /// Not there.
        "L-402" Unknown { name: String, book: String }
            zh "账套 {book} 没有模板“{name}”" en "book {book} has no template '{name}'" next "用 template list 查看已有的模板";
    }
}
