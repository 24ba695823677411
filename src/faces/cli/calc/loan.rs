//! `calc interest`, `calc penalty`, `calc subsidy`: the microloan calculators.

use clap::Args;
use clap::builder::PossibleValue;
use rust_decimal::Decimal;
use serde_json::json;

use super::CalcFormat;
use super::table::table;
use crate::calendar::{BusinessDate, DayCount};
use crate::money::amount::half_width;
use crate::money::{Amount, Rate};
use crate::products::microloan::arrears::{Overdue, penalty_interest};
use crate::products::microloan::interest_subsidy::{SubsidyPolicy, interest_subsidy, totals};
use crate::products::microloan::schedule::total_interest;
use crate::products::microloan::{EarlyRepayment, LoanTerms, RateStep, RepaymentMethod, Settlement, schedule};
use crate::refusal::Refusal;
use crate::refusals;

/// When interest is settled, as people read it.
const SETTLEMENTS: [(&str, &str); 3] = [("quarterly", "按季"), ("monthly", "按月"), ("yearly", "按年")];

/// How the principal comes back, as people read it.
const METHODS: [(&str, &str); 3] =
    [("interest-only", "到期还本"), ("equal-instalment", "等额本息"), ("equal-principal", "等额本金")];

/// What every loan calculation needs.
#[derive(Debug, Clone, Args)]
pub struct LoanArguments {
    /// 本金(元)
    #[arg(long, allow_hyphen_values = true)]
    pub principal: String,
    /// 年利率(%)
    #[arg(long, allow_hyphen_values = true)]
    pub rate: String,
    /// 起息日(例如 2017-03-15)
    #[arg(long)]
    pub from: String,
    /// 到期日或还款日(当天不计息)
    #[arg(long)]
    pub to: String,
    /// 计息天数(actual/360、actual/365 或 30/360)
    #[arg(long, default_value = "actual/360")]
    pub day_count: String,
    /// 结息周期(每期 20 日结息)
    #[arg(long, value_parser = SETTLEMENTS.map(|(word, zh)| PossibleValue::new(word).help(zh)), default_value = "quarterly")]
    pub settlement: String,
}

/// A loan, its changes of rate and its early repayments.
#[derive(Debug, Clone, Args)]
pub struct InterestArguments {
    /// The loan
    #[command(flatten)]
    pub loan: LoanArguments,
    /// 还本方式
    #[arg(long, value_parser = METHODS.map(|(word, zh)| PossibleValue::new(word).help(zh)), default_value = "interest-only")]
    pub method: String,
    /// 利率变动(日期=年利率,可多次,例如 2022-07-01=3.70)
    #[arg(long, value_name = "DATE=PCT")]
    pub rate_from: Vec<String>,
    /// 提前还本(日期=金额,可多次,例如 2022-07-01=10000)
    #[arg(long, value_name = "DATE=AMOUNT")]
    pub repay: Vec<String>,
}

/// An overdue principal.
#[derive(Debug, Clone, Args)]
pub struct PenaltyArguments {
    /// The overdue principal, from the first overdue day to the day of payment
    #[command(flatten)]
    pub loan: LoanArguments,
    /// 罚息倍数(罚息利率为合同利率的几倍)
    #[arg(long, default_value = "1.5", allow_hyphen_values = true)]
    pub multiple: String,
    /// 未付罚息计收复利
    #[arg(long)]
    pub compound: bool,
}

/// A loan and the subsidy policy.
#[derive(Debug, Clone, Args)]
pub struct SubsidyArguments {
    /// The loan, its changes of rate and its early repayments
    #[command(flatten)]
    pub interest: InterestArguments,
    /// 贴息利率上限(%)
    #[arg(long)]
    pub cap: Option<String>,
    /// 贴息比例(0 至 1)
    #[arg(long, default_value = "1", allow_hyphen_values = true)]
    pub share: String,
    /// 贴息本金上限(元)
    #[arg(long)]
    pub principal_cap: Option<String>,
    /// 停止贴息日(当天起不再贴息)
    #[arg(long)]
    pub stops_on: Option<String>,
}

refusals! {
    /// Why an argument of a loan calculation cannot be read.
    pub enum LoanArgumentRefusal {
        /// Not `YYYY-MM-DD`, or no day of the calendar.
        "P-211" UnreadableDate { text: String }
            zh "“{text}” 不是日期" en "'{text}' is not a date" next "写成 2017-03-15";
        /// Not a plain number.
        "P-213" UnreadableNumber { text: String }
            zh "“{text}” 不是数字" en "'{text}' is not a number" next "填写数字,例如 1.5";
        /// Not `DATE=VALUE`.
        "P-212" UndatedValue { text: String }
            zh "“{text}” 缺少日期或数值" en "'{text}' is not DATE=VALUE" next "写成 2022-07-01=3.70";
    }
}

pub fn interest(arguments: &InterestArguments, format: CalcFormat) -> Result<String, Refusal> {
    let rows = schedule(&arguments.terms()?)?;
    let total = total_interest(&rows);
    if format == CalcFormat::Json {
        return Ok(json!({"rows": rows, "total_interest": total}).to_string());
    }
    let headings = ["期次", "起息日", "计息至", "到期日", "天数", "期初本金", "提前还本", "应还本金", "应付利息", "期末本金"];
    let mut lines: Vec<Vec<String>> = Vec::new();
    for row in &rows {
        let dates = [row.start, row.interest_through, row.due].map(|date| date.to_string());
        let amounts =
            [row.opening, row.principal_repaid_early, row.principal_due, row.interest, row.closing].map(Amount::grouped);
        lines.push([row.n.to_string()].into_iter().chain(dates).chain([row.days.to_string()]).chain(amounts).collect());
    }
    Ok(format!("{}\n利息合计 {}", table(&headings, &lines), total.grouped()))
}

pub fn penalty(arguments: &PenaltyArguments, format: CalcFormat) -> Result<String, Refusal> {
    let rows = penalty_interest(&arguments.overdue()?)?;
    let total: Amount = rows.iter().map(|row| row.penalty_interest).sum();
    if format == CalcFormat::Json {
        return Ok(json!({"rows": rows, "total": total}).to_string());
    }
    let mut lines: Vec<Vec<String>> = Vec::new();
    for row in &rows {
        let amounts = [row.overdue_principal, row.penalty_interest].map(Amount::grouped);
        let counted = [row.n.to_string(), row.start.to_string(), row.due.to_string(), row.days.to_string()];
        lines.push(counted.into_iter().chain(amounts).collect());
    }
    let headings = ["期次", "起算日", "结算日", "天数", "逾期本金", "罚息"];
    Ok(format!("{}\n罚息合计 {}", table(&headings, &lines), total.grouped()))
}

pub fn subsidy(arguments: &SubsidyArguments, format: CalcFormat) -> Result<String, Refusal> {
    let rows = interest_subsidy(&arguments.interest.terms()?, &arguments.policy()?)?;
    let sums = totals(&rows);
    if format == CalcFormat::Json {
        return Ok(json!({"rows": rows, "totals": sums}).to_string());
    }
    let mut lines: Vec<Vec<String>> = Vec::new();
    for row in &rows {
        let amounts = [row.interest, row.fiscal_subsidy, row.borrower_pays].map(Amount::grouped);
        let counted = [row.n.to_string(), row.start.to_string(), row.due.to_string()];
        let days = [row.days, row.subsidised_days].map(|days| days.to_string());
        lines.push(counted.into_iter().chain(days).chain(amounts).collect());
    }
    let headings = ["期次", "起息日", "到期日", "天数", "贴息天数", "利息", "财政贴息", "农户负担"];
    let [interest, fiscal, borrower] = [sums.interest, sums.fiscal_subsidy, sums.borrower].map(Amount::grouped);
    Ok(format!("{}\n利息合计 {interest}  财政贴息 {fiscal}  农户负担 {borrower}", table(&headings, &lines)))
}

impl LoanArguments {
    fn settlement(&self) -> Settlement {
        Settlement::parse(&self.settlement).unwrap_or_default()
    }

    fn day_count(&self) -> Result<DayCount, Refusal> {
        Ok(self.day_count.parse::<DayCount>()?)
    }
}

impl InterestArguments {
    fn terms(&self) -> Result<LoanTerms, Refusal> {
        let (principal, rate) = (Amount::parse(&self.loan.principal)?, Rate::parse(&self.loan.rate)?);
        let method = match self.method.as_str() {
            "equal-instalment" => RepaymentMethod::EqualInstalment,
            "equal-principal" => RepaymentMethod::EqualPrincipal,
            _ => RepaymentMethod::InterestOnly,
        };
        let step = |text: &String| dated(text).and_then(|(from, rate)| Ok(RateStep { from, rate: Rate::parse(rate)? }));
        let repaid =
            |text: &String| dated(text).and_then(|(on, amount)| Ok(EarlyRepayment { on, amount: Amount::parse(amount)? }));
        Ok(LoanTerms {
            day_count: self.loan.day_count()?,
            settlement: self.loan.settlement(),
            method,
            rate_steps: self.rate_from.iter().map(step).collect::<Result<_, Refusal>>()?,
            early_repayments: self.repay.iter().map(repaid).collect::<Result<_, Refusal>>()?,
            ..LoanTerms::usual(principal, rate, date(&self.loan.from)?, date(&self.loan.to)?)
        })
    }
}

impl PenaltyArguments {
    fn overdue(&self) -> Result<Overdue, Refusal> {
        Ok(Overdue {
            principal: Amount::parse(&self.loan.principal)?,
            contract_rate: Rate::parse(&self.loan.rate)?,
            multiple: number(&self.multiple)?,
            from: date(&self.loan.from)?,
            to: date(&self.loan.to)?,
            day_count: self.loan.day_count()?,
            settlement: self.loan.settlement(),
            compound: self.compound,
        })
    }
}

impl SubsidyArguments {
    fn policy(&self) -> Result<SubsidyPolicy, Refusal> {
        Ok(SubsidyPolicy {
            rate_cap: self.cap.as_deref().map(Rate::parse).transpose()?,
            principal_cap: self.principal_cap.as_deref().map(Amount::parse).transpose()?,
            share: number(&self.share)?,
            stops_on: self.stops_on.as_deref().map(date).transpose()?,
        })
    }
}

/// `2017-03-15`.
fn date(text: &str) -> Result<BusinessDate, Refusal> {
    let plain: String = text.trim().chars().map(half_width).collect();
    let shaped = plain.len() == 10 && plain.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let read = shaped.then(|| plain.parse().ok()).flatten();
    read.ok_or_else(|| LoanArgumentRefusal::UnreadableDate { text: text.to_owned() }.into())
}

/// `2022-07-01=3.70`.
fn dated(text: &str) -> Result<(BusinessDate, &str), Refusal> {
    let (day, value) = text.split_once('=').ok_or_else(|| LoanArgumentRefusal::UndatedValue { text: text.to_owned() })?;
    Ok((date(day)?, value))
}

fn number(text: &str) -> Result<Decimal, Refusal> {
    let plain: String = text.trim().chars().map(half_width).collect();
    Decimal::from_str_exact(&plain).map_err(|_| LoanArgumentRefusal::UnreadableNumber { text: text.to_owned() }.into())
}
