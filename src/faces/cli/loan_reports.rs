//! `loan list | show | report`: what the register says.

use std::collections::BTreeMap;

use clap::ValueEnum;
use serde_json::json;

use super::counter::Counter;
use super::loan_card;
use super::output::Reply;
use super::words::people;
use crate::access::AccessRefusal;
use crate::calendar::BusinessDate;
use crate::controls::reconciliation::loan_money::Doing;
use crate::controls::reconciliation::store::{LoanLine, lines_of_loan};
use crate::db::{Connection, Stop};
use crate::exchange::{Column, Sheet};
use crate::ledger::books::store::places;
use crate::parties::store as parties;
use crate::products::entrusted_funds;
use crate::products::microloan::store::figures::{self, Wanted};
use crate::products::microloan::store::{self, as_of, heads};
use crate::products::microloan::{LoanRefusal, LoanState, reports, timeline};

/// Which report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportKind {
    /// 台账
    Register,
    /// 30/60/90 天内到期
    Due,
    /// 逾期账龄与明细
    Arrears,
    /// 风险贷款率
    AtRisk,
    /// 五级分类
    Classes,
    /// 放贷进度
    Progress,
}

/// A report as of a day.
pub async fn report(counter: &Counter, which: ReportKind, on: BusinessDate) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let wanted = Wanted { banks: counter.banks(), ..Wanted::default() };
    let sheets = report_on(&mut tx, counter.county(), (which, &wanted), (on, counter.office.today())).await?;
    Ok(Reply { sheets, ..Reply::default() })
}

/// The sheets of a report as of a day over the loans wanted; `today` is the office's. Progress is the county's; of some
/// banks alone it is their portfolio at risk.
pub async fn report_on(
    tx: &mut Connection,
    county: &str,
    (which, wanted): (ReportKind, &Wanted),
    (on, today): (BusinessDate, BusinessDate),
) -> Result<Vec<Sheet>, Stop> {
    if which == ReportKind::Progress && wanted.banks.is_none() {
        let named = places(tx, county).await?.into_iter().map(|place| (place.place, place.name));
        let names: BTreeMap<String, String> = named.collect();
        let villages = figures::progress(tx, county, (&on.to_string(), LENDING)).await?;
        return Ok(vec![reports::progress(on, &villages, &names)]);
    }
    let loans = as_of::all_on(tx, county, wanted, (on, today)).await?;
    Ok(match which {
        ReportKind::Due => vec![reports::due_list(on, &as_of::maturing(&loans, (on, on + chrono::Days::new(90))))],
        ReportKind::Arrears => reports::arrears(on, &as_of::arrears(&loans, on)).to_vec(),
        ReportKind::AtRisk | ReportKind::Progress => {
            vec![reports::at_risk(on, &as_of::arrears(&loans, on), as_of::outstanding(&loans))]
        }
        ReportKind::Classes => vec![reports::classes(&as_of::classes(&loans)).subtitle(format!("截至 {on}"))],
        ReportKind::Register => {
            let lines: Vec<_> = loans.into_iter().map(|dated| dated.line).collect();
            vec![reports::register(on, &lines)]
        }
    })
}

/// Standings that count as registered in 放贷进度.
const LENDING: &[[&str; 1]] = &[
    ["registered-poor"],
    ["out-of-poverty"],
    ["monitored-unstable"],
    ["monitored-marginal"],
    ["monitored-hardship"],
    ["in-need"],
];

/// A page of loans.
pub async fn list(counter: &Counter, page: (&str, i64), (state, place): (&str, &str)) -> Result<Reply, Stop> {
    let columns = vec![
        Column::id("loan", "借据号"),
        Column::id("household", "户编号"),
        Column::text("borrower", "借款人"),
        Column::id("place", "村代码"),
        Column::id("bank", "银行"),
        Column::amount("asked", "申请金额"),
        Column::date("applied_on", "申请日期"),
        Column::text("state", "状态"),
        Column::id("policy", "政策"),
    ];
    let mut sheet = Sheet::new("贷款", columns);
    let state = match state {
        "" => "",
        text => LoanState::parse(text).ok_or_else(|| LoanRefusal::UnknownWord { text: text.to_owned() })?.as_str(),
    };
    let banks = counter.banks();
    let which = (state, place, banks.as_deref());
    let mut tx = counter.snapshot().await?;
    let found = heads::page(&mut tx, counter.county(), page, which).await?;
    let last = found.last().filter(|_| found.len() as i64 == page.1).map(|last| last.loan.clone());
    let left = match &last {
        Some(last) => heads::heads_after(&mut tx, counter.county(), last, which).await?,
        None => 0,
    };
    for head in found {
        sheet.push(vec![
            head.loan.into(),
            head.household.into(),
            head.borrower.into(),
            head.place.into(),
            head.bank.into(),
            head.asked.into(),
            head.applied_on.into(),
            head.state.label_zh().into(),
            head.policy.into(),
        ]);
    }
    Ok(Reply::page(sheet, last.filter(|_| left > 0), left))
}

/// One loan: position, facts as recorded, the settled rows that stand.
pub async fn show(counter: &Counter, loan: &str) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let of = |bank: &str| counter.only_shown(bank);
    let (json, sheets) = one(&mut tx, counter.county(), (loan, &of), counter.office.today()).await?;
    Ok(Reply { json: Some(json), sheets, ..Reply::default() })
}

/// The bank's lines for a loan; nothing where there are none.
fn bank_lines(lines: Vec<LoanLine>) -> Option<Sheet> {
    let columns = vec![
        Column::date("on", "日期"),
        Column::id("bank_account", "银行账户"),
        Column::count("line", "行"),
        Column::text("what", "业务"),
        Column::text("summary", "银行摘要"),
        Column::text("name", "对方户名"),
        Column::amount("amount", "金额"),
    ];
    let mut sheet = Sheet::new("银行流水", columns);
    for line in lines {
        let what = Doing::kind_zh(&line.kind);
        let words = [line.summary, line.name].map(Into::into);
        let place = vec![line.on.into(), line.account.into(), line.line.into(), what.into()];
        sheet.push(place.into_iter().chain(words).chain([line.amount.into()]).collect());
    }
    (!sheet.rows.is_empty()).then_some(sheet)
}

/// Refuses a bank whose loans whoever asks does not see.
pub type Shown<'a> = &'a (dyn Fn(&str) -> Result<(), AccessRefusal> + Sync);

/// One loan: its contract and timeline, and as tables its head, its facts, its settled rows and the bank's lines for it.
/// `shown` refuses loans of banks that whoever asks does not see.
pub async fn one(
    tx: &mut Connection,
    county: &str,
    (loan, shown): (&str, Shown<'_>),
    today: BusinessDate,
) -> Result<(serde_json::Value, Vec<Sheet>), Stop> {
    let keys = store::keys([loan]);
    let found = heads::heads(tx, county, &keys).await?.into_iter().next();
    let head = found.ok_or_else(|| LoanRefusal::UnknownLoan { loan: loan.to_owned() })?;
    shown(&head.bank)?;
    let facts = store::facts(tx, county, &keys).await?.remove(loan).unwrap_or_default();
    let line = match &head.contract {
        Some(contract) => Some(timeline(loan, contract, &facts, today)?),
        None => None,
    };
    let people = people(tx, county).await?;
    let villages = places(tx, county).await?;
    let banks = parties::banks(tx, county).await?;
    let village = villages.iter().rev().find(|place| place.place == head.place).map_or(head.place.as_str(), |place| &place.name);
    let bank = banks.iter().find(|bank| bank.bank == head.bank).map_or(head.bank.as_str(), |bank| &bank.name);
    let card = loan_card::head(&head, line.as_ref().map(|line| &line.position), (village, bank), today);
    let events = loan_card::events(store::events(tx, county, loan).await?, &people);
    let rows = loan_card::settled(store::row_entries(tx, county, loan).await?);
    let json = json!({ "loan": loan, "state": head.state, "policy": head.policy, "contract": head.contract, "timeline": line });
    let lines = bank_lines(lines_of_loan(tx, county, loan).await?);
    let schemes = entrusted_funds::store::schemes_of_loan(tx, county, (&head.household, loan)).await?;
    let entrusted = entrusted_funds::reports::of_loan(&schemes)?;
    Ok((json, vec![card, events, rows].into_iter().chain(entrusted).chain(lines).collect()))
}
