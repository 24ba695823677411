//! Organisations (企业、合作社名录): companies and cooperatives of the county, their registered capital beside what was paid in.
//!
//! Pure, but for `store.rs` and `service.rs`. Source: seeds.md §2.8.
//!
//! 1. A credit code is checked, and belongs to one organisation.
//! 2. Registered capital is what the licence says; paid-in capital is what the book says, never the other way round.

pub mod service;
pub mod store;

use serde::{Deserialize, Serialize};

use crate::calendar::BusinessDate;
use crate::exchange::{Cell, Column, Sheet};
use crate::ledger::BookCode;
use crate::money::Amount;
use crate::refusals;

crate::words! {
    /// What an organisation is.
    pub enum OrganisationKind {
        /// 农投公司 and other companies of the county
        Company = "company", "公司";
        /// 农民专业合作社
        Cooperative = "cooperative", "合作社";
        /// 经营主体、龙头企业
        Enterprise = "enterprise", "经营企业";
    }
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Code within the county.
    pub organisation: String,
    /// 统一社会信用代码
    #[serde(default)]
    pub credit_code: Option<String>,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: OrganisationKind,
    /// Division code.
    #[serde(default)]
    pub place: Option<String>,
    /// 法定代表人、理事长
    #[serde(default)]
    pub representative: String,
    /// 注册资本、成员出资总额
    pub registered: Amount,
    /// 成立日期
    #[serde(default)]
    pub registered_on: Option<BusinessDate>,
    /// Its book, where it keeps one here.
    #[serde(default)]
    pub book: Option<BookCode>,
}

refusals! {
    /// Why an organisation is not registered.
    pub enum OrganisationRefusal {
        /// No name.
        "I-701" NoName { organisation: String }
            zh "组织 {organisation} 没有名称或注册资本为负" en "the organisation {organisation} has no name, or its capital is negative" next "按营业执照填写";
        /// The credit code is another's.
        "I-702" CodeTaken { code: String, other: String }
            zh "统一社会信用代码 {code} 已登记在 {other}" en "the credit code {code} belongs to {other}" next "核对是否重复登记";
        /// The book is of another kind, or not there.
        "I-703" WrongBook { organisation: String, book: String }
            zh "组织 {organisation} 的账套 {book} 不存在或种类不符" en "the book {book} of {organisation} is missing or of another kind" next "核对账套编号,公司对公司账,合作社对合作社账";
    }
}

/// An organisation with what its book says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// As registered.
    #[serde(flatten)]
    pub organisation: Organisation,
    /// 实收资本、股金; `None` without a book.
    pub paid_in: Option<Amount>,
    /// Members who hold shares.
    pub members: i64,
}

/// 企业合作社名录 with the county's totals.
pub fn list(rows: &[Listed]) -> Sheet {
    let columns = vec![
        Column::id("organisation", "编号"),
        Column::id("credit_code", "统一社会信用代码"),
        Column::text("name", "名称"),
        Column::text("kind", "类型"),
        Column::id("place", "区划代码"),
        Column::text("representative", "负责人"),
        Column::date("registered_on", "成立日期"),
        Column::id("book", "账套"),
        Column::amount("registered", "注册资本"),
        Column::amount("paid_in", "实缴"),
        Column::count("members", "成员数"),
    ];
    let mut sheet = Sheet::new("企业、合作社名录", columns).subtitle("金额单位:元");
    for row in rows {
        let o = &row.organisation;
        sheet.push(vec![
            o.organisation.as_str().into(),
            o.credit_code.clone().into(),
            o.name.as_str().into(),
            o.kind.label_zh().into(),
            o.place.clone().into(),
            o.representative.as_str().into(),
            o.registered_on.into(),
            o.book.as_ref().map(|book| book.0.clone()).into(),
            o.registered.into(),
            row.paid_in.into(),
            row.members.into(),
        ]);
    }
    let mut foot = vec![Cell::Empty; 8];
    foot[0] = "合计".into();
    foot.push(rows.iter().map(|row| row.organisation.registered).sum::<Amount>().into());
    foot.push(rows.iter().filter_map(|row| row.paid_in).sum::<Amount>().into());
    foot.push(rows.iter().map(|row| row.members).sum::<i64>().into());
    sheet.foot.push(foot);
    sheet
}
