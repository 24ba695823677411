//! What a scheme agrees, as `entrust open` takes it: in plain words, or in a file for what the words do not say.
//!
//! 1. A file is taken alone; words beside it are refused, never passed over.
//! 2. Nothing that decides money has a default: rate, dates, source and legal basis must be said.

use std::path::PathBuf;

use clap::Args;

use super::counter::terms_in;
use super::words::word;
use crate::calendar::{BusinessDate, DayCount};
use crate::db::Stop;
use crate::ledger::{AccountCode, BookCode};
use crate::money::Rate;
use crate::products::entrusted_funds::scheme::{Anchor, Bearer, Form, Frequency, FundSource, Role, Terms, Timing};

/// Terms of a scheme.
#[derive(Debug, Args)]
pub struct TermsArguments {
    /// 条款文件(json);写了文件就不再写下面各项
    #[arg(long)]
    terms: Option<PathBuf>,
    /// 名称
    #[arg(long, required_unless_present = "terms", conflicts_with = "terms")]
    name: Option<String>,
    /// 所在地区划代码
    #[arg(long, required_unless_present = "terms", conflicts_with = "terms")]
    place: Option<String>,
    /// 性质:debt 债权、equity 股权;不写为债权
    #[arg(long, conflicts_with = "terms",
        value_parser = |text: &str| word(text, Form::parse, Form::ALL.iter().map(|k| k.as_str())))]
    form: Option<Form>,
    /// 资金来源:loan、household_grant、donation、collective_fund、fiscal_fund
    #[arg(long, required_unless_present = "terms", conflicts_with = "terms",
        value_parser = |text: &str| word(text, FundSource::parse, FundSource::ALL.iter().map(|k| k.as_str())))]
    source: Option<FundSource>,
    /// 公司账套;农投公司居间时写
    #[arg(long, conflicts_with = "terms")]
    company_book: Option<String>,
    /// 经营主体账套;在本县记账时写
    #[arg(long, conflicts_with = "terms")]
    operator_book: Option<String>,
    /// 经营主体编号
    #[arg(long, required_unless_present = "terms", conflicts_with = "terms")]
    operator: Option<String>,
    /// 农户年收益率(百分数)
    #[arg(long, required_unless_present = "terms", conflicts_with = "terms")]
    rate: Option<Rate>,
    /// 经营主体支付的年率(百分数);不写同农户收益率,差额归公司
    #[arg(long, conflicts_with = "terms")]
    operator_rate: Option<Rate>,
    /// 计息天数:actual/365、actual/360、30/360;合同须写明
    #[arg(long, required_unless_present = "terms", conflicts_with = "terms")]
    day_count: Option<DayCount>,
    /// 结付周期:half_yearly 半年、yearly 一年;不写为一年
    #[arg(long, conflicts_with = "terms",
        value_parser = |text: &str| word(text, Frequency::parse, Frequency::ALL.iter().map(|k| k.as_str())))]
    frequency: Option<Frequency>,
    /// 结付时间:advance 先付、arrears 后付;不写为后付
    #[arg(long, conflicts_with = "terms",
        value_parser = |text: &str| word(text, Timing::parse, Timing::ALL.iter().map(|k| k.as_str())))]
    timing: Option<Timing>,
    /// 期次起点:calendar 按公历、anniversary 按合同周年;不写为按合同周年
    #[arg(long, conflicts_with = "terms",
        value_parser = |text: &str| word(text, Anchor::parse, Anchor::ALL.iter().map(|k| k.as_str())))]
    anchor: Option<Anchor>,
    /// 转股比例(百分数);收益中转为经营主体股权的部分
    #[arg(long, requires = "reinvest_class", conflicts_with = "terms")]
    reinvest_rate: Option<Rate>,
    /// 转股的股权种类
    #[arg(long, requires = "reinvest_rate", conflicts_with = "terms")]
    reinvest_class: Option<String>,
    /// 公司垫付:经营主体逾期时由公司先付农户
    #[arg(long, conflicts_with = "terms")]
    company_guarantees: bool,
    /// 贷款利息由谁付;不写为农户
    #[arg(long, conflicts_with = "terms",
        value_parser = |text: &str| word(text, Bearer::parse, Bearer::ALL.iter().map(|k| k.as_str())))]
    loan_interest_by: Option<Bearer>,
    /// 贴息由谁申报;不写为农户
    #[arg(long, conflicts_with = "terms",
        value_parser = |text: &str| word(text, Bearer::parse, Bearer::ALL.iter().map(|k| k.as_str())))]
    subsidy_claimed_by: Option<Bearer>,
    /// 贷款本金由谁还;不写为农户
    #[arg(long, conflicts_with = "terms",
        value_parser = |text: &str| word(text, Bearer::parse, Bearer::ALL.iter().map(|k| k.as_str())))]
    principal_repaid_by: Option<Bearer>,
    /// 签订日期
    #[arg(long, required_unless_present = "terms", conflicts_with = "terms")]
    signed_on: Option<BusinessDate>,
    /// 起息日
    #[arg(long, required_unless_present = "terms", conflicts_with = "terms")]
    from: Option<BusinessDate>,
    /// 本金到期日
    #[arg(long, required_unless_present = "terms", conflicts_with = "terms")]
    until: Option<BusinessDate>,
    /// 法律依据
    #[arg(long, required_unless_present = "terms", conflicts_with = "terms")]
    legal_basis: Option<String>,
    /// 合同编号
    #[arg(long, required_unless_present = "terms", conflicts_with = "terms")]
    document: Option<String>,
    /// 自有账套的出资方:编号=账套,可多次(村集体)
    #[arg(long, conflicts_with = "terms", value_parser = pair)]
    investor: Vec<(String, String)>,
    /// 各账套的资金科目:账套=科目,可多次;不写为银行存款
    #[arg(long, conflicts_with = "terms", value_parser = pair)]
    money_account: Vec<(String, String)>,
    /// 联结方:角色=名称,可多次,最多六个;角色为 company、village、enterprise、cooperative、bank、insurer
    #[arg(long, conflicts_with = "terms", value_parser = linked)]
    party: Vec<(Role, String)>,
}

/// `V001=V001`.
fn pair(text: &str) -> Result<(String, String), String> {
    let (left, right) = text.split_once('=').ok_or("写成 编号=编号")?;
    Ok((left.trim().to_owned(), right.trim().to_owned()))
}

/// `bank=青禾农商行`.
fn linked(text: &str) -> Result<(Role, String), String> {
    let (role, name) = text.split_once('=').ok_or("写成 角色=名称")?;
    Ok((word(role.trim(), Role::parse, Role::ALL.iter().map(|k| k.as_str()))?, name.trim().to_owned()))
}

impl TermsArguments {
    /// The terms. Refuses a file that cannot be understood (O-208).
    pub fn terms(self) -> Result<Terms, Stop> {
        if let Some(file) = &self.terms {
            return terms_in(file);
        }
        let rate = self.rate.unwrap_or_default();
        Ok(Terms {
            name: self.name.unwrap_or_default(),
            place: self.place.unwrap_or_default(),
            form: self.form.unwrap_or(Form::Debt),
            source: self.source.unwrap_or(FundSource::HouseholdGrant),
            company_book: self.company_book.map(BookCode),
            operator_book: self.operator_book.map(BookCode),
            operator: self.operator.unwrap_or_default(),
            rate,
            operator_rate: self.operator_rate.unwrap_or(rate),
            day_count: self.day_count.unwrap_or_default(),
            frequency: self.frequency.unwrap_or(Frequency::Yearly),
            timing: self.timing.unwrap_or(Timing::Arrears),
            anchor: self.anchor.unwrap_or(Anchor::Anniversary),
            reinvest_rate: self.reinvest_rate.unwrap_or_default(),
            reinvest_class: self.reinvest_class,
            company_guarantees: self.company_guarantees,
            loan_interest_by: self.loan_interest_by.unwrap_or(Bearer::Household),
            subsidy_claimed_by: self.subsidy_claimed_by.unwrap_or(Bearer::Household),
            principal_repaid_by: self.principal_repaid_by.unwrap_or(Bearer::Household),
            signed_on: self.signed_on.unwrap_or_default(),
            begins_on: self.from.unwrap_or_default(),
            ends_on: self.until.unwrap_or_default(),
            legal_basis: self.legal_basis.unwrap_or_default(),
            document: self.document.unwrap_or_default(),
            investors: self.investor.into_iter().map(|(party, book)| (party, BookCode(book))).collect(),
            money_accounts: self.money_account.into_iter().map(|(book, code)| (BookCode(book), AccountCode(code))).collect(),
            parties: self.party,
        })
    }
}
