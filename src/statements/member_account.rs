//! 成员账户: what one member put in, earned and holds in a cooperative in a year.
//!
//! Pure. Money comes from the member's movements; what the ledger does not know (quantified shares of reserves and grants, trade
//! volumes) is handed in from the share register.
//!
//! 1. 年末余额 of the contribution and of the quantified shares is the opening plus the entries.
//! 2. The contributions of all members add up to 股金.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::figures::{Figures, Moves};
use super::{Check, MovementRow, StatementRefusal};
use crate::calendar::AccountingPeriod;
use crate::ledger::{AccountCode, Chart, Dimension, Stage};
use crate::money::Amount;

/// The amounts of one row of a member's account, in the order of the official columns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberAmounts {
    /// 成员出资:来源于到户类扶贫项目资产的出资额
    pub contribution_from_poverty_assets: Amount,
    /// 成员出资:其他来源的出资额
    pub contribution_other: Amount,
    /// 公积金份额
    pub reserve_share: Amount,
    /// 接受国家财政直接补助形成财产量化份额
    pub fiscal_grant_share: Amount,
    /// 接受他人捐赠形成财产量化份额
    pub donation_share: Amount,
    /// 盈余返还金额
    pub patronage_refund: Amount,
    /// 剩余盈余分配金额
    pub remaining_surplus: Amount,
}

/// What the share register adds for one member.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FromRegister {
    /// 成员姓名(名称), as it may be shown.
    pub name_zh: String,
    /// 联系地址
    pub address: String,
    /// At the beginning of the year: the part of the contribution from poverty-alleviation assets, and the quantified shares.
    pub opening: MemberAmounts,
    /// At the end of the year, the same.
    pub closing: MemberAmounts,
    /// What the register entered in each month of the year: contributions from poverty-alleviation assets and quantified shares.
    pub moved: BTreeMap<AccountingPeriod, MemberAmounts>,
    /// 交易量 and 交易额 by product: name, volume as written, amount.
    pub trade: Vec<(String, String, Amount)>,
}

/// One entry of a member's account: a month in which something moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberEntry {
    /// 编号
    pub number: usize,
    /// 日期: the month
    pub period: AccountingPeriod,
    /// 摘要
    pub summary_zh: String,
    /// 出资变动, 量化, 盈余返还 and 剩余盈余分配 of the month.
    pub amounts: MemberAmounts,
}

/// The account of one member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberAccount {
    /// The party.
    pub member: String,
    /// 年度
    pub year: i32,
    /// Name, address, trade.
    pub register: FromRegister,
    /// 年初余额
    pub opening: MemberAmounts,
    /// The entries.
    pub entries: Vec<MemberEntry>,
    /// 年末余额/总额
    pub closing: MemberAmounts,
}

/// All members' accounts of a year, and their equations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberAccounts {
    /// One per member, in the order of their ids.
    pub accounts: Vec<MemberAccount>,
    /// Σ 出资额 = 股金; Σ 公积金份额 ≤ 盈余公积; Σ 量化份额 ≤ 专项基金.
    pub checks: Vec<Check>,
}

const SHARES: &str = "301";
const REFUNDS: &str = "221";
const REMAINING: &str = "222";

/// The accounts of every member with movements on 股金, 应付盈余返还 or 应付剩余盈余, or in the register (cooperative regimes).
/// Refuses rows of another year (S-105) and accounts outside the chart (S-104).
pub fn member_accounts(
    chart: &Chart,
    rows: &[MovementRow],
    at: AccountingPeriod,
    register: &BTreeMap<String, FromRegister>,
) -> Result<MemberAccounts, StatementRefusal> {
    let figures = Figures::at(chart, rows, at)?;
    let mut members: BTreeSet<String> = register.keys().cloned().collect();
    [SHARES, REFUNDS, REMAINING].iter().for_each(|code| members.extend(figures.parties_on(&(*code).into())));
    let by_member = entries_by_member(rows, at);
    let accounts: Vec<MemberAccount> = members
        .into_iter()
        .map(|member| {
            let entries = by_member.get(&member).cloned().unwrap_or_default();
            account(&figures, register.get(&member).cloned().unwrap_or_default(), member, entries)
        })
        .collect();
    let checks = checks(&figures, &accounts);
    Ok(MemberAccounts { accounts, checks })
}

fn account(
    figures: &Figures,
    register: FromRegister,
    member: String,
    entries: BTreeMap<AccountingPeriod, MemberAmounts>,
) -> MemberAccount {
    let balance = |code: &str, of: fn(Moves) -> Amount| -of(figures.moves_of(&code.into(), &member));
    let granted = |code: &str| figures.moves_of(&code.into(), &member).ordinary.credit;
    let mut opening = register.opening;
    opening.contribution_other = balance(SHARES, |moves| moves.opening.net()) - opening.contribution_from_poverty_assets;
    let mut closing = register.closing;
    closing.contribution_other = balance(SHARES, Moves::closing) - closing.contribution_from_poverty_assets;
    (closing.patronage_refund, closing.remaining_surplus) = (granted(REFUNDS), granted(REMAINING));
    let entries = with_register(entries, &register.moved)
        .into_iter()
        .filter(|(_, amounts)| *amounts != MemberAmounts::default())
        .enumerate();
    let entries = entries.map(|(n, (period, amounts))| entry(n + 1, period, amounts)).collect();
    MemberAccount { member, year: figures.at.year(), register, opening, entries, closing }
}

/// The ledger's months with what the register entered; the ledger counts all contributions as other ones.
fn with_register(
    mut entries: BTreeMap<AccountingPeriod, MemberAmounts>,
    moved: &BTreeMap<AccountingPeriod, MemberAmounts>,
) -> BTreeMap<AccountingPeriod, MemberAmounts> {
    for (period, more) in moved {
        let amounts = entries.entry(*period).or_default();
        amounts.contribution_other -= more.contribution_from_poverty_assets;
        amounts.contribution_from_poverty_assets += more.contribution_from_poverty_assets;
        amounts.reserve_share += more.reserve_share;
        amounts.fiscal_grant_share += more.fiscal_grant_share;
        amounts.donation_share += more.donation_share;
    }
    entries
}

fn entry(number: usize, period: AccountingPeriod, amounts: MemberAmounts) -> MemberEntry {
    let causes = [
        (amounts.contribution_from_poverty_assets, "到户类扶贫项目资产出资"),
        (amounts.contribution_other, "出资变动"),
        (amounts.reserve_share, "公积金量化"),
        (amounts.fiscal_grant_share, "财政补助量化"),
        (amounts.donation_share, "捐赠量化"),
        (amounts.patronage_refund, "盈余返还"),
        (amounts.remaining_surplus, "剩余盈余分配"),
    ];
    let words: Vec<&str> = causes.iter().filter(|(amount, _)| !amount.is_zero()).map(|(_, word)| *word).collect();
    MemberEntry { number, period, summary_zh: words.join("、"), amounts }
}

/// What moved on each member's accounts, by month.
fn entries_by_member(rows: &[MovementRow], at: AccountingPeriod) -> BTreeMap<String, BTreeMap<AccountingPeriod, MemberAmounts>> {
    let mut entries: BTreeMap<String, BTreeMap<AccountingPeriod, MemberAmounts>> = BTreeMap::new();
    let counted =
        |row: &&MovementRow| row.dimension == Some(Dimension::Party) && row.stage == Stage::Ordinary && row.period <= at;
    for row in rows.iter().filter(counted) {
        let Some(member) = &row.member else { continue };
        let beneath = |code: &str| row.account.as_str().starts_with(code);
        let amounts = entries.entry(member.clone()).or_default().entry(row.period).or_default();
        if beneath(SHARES) {
            amounts.contribution_other += row.credit - row.debit;
        } else if beneath(REFUNDS) {
            amounts.patronage_refund += row.credit;
        } else if beneath(REMAINING) {
            amounts.remaining_surplus += row.credit;
        }
    }
    entries
}

fn checks(figures: &Figures, accounts: &[MemberAccount]) -> Vec<Check> {
    let credit = |code: &str| -figures.moves(&AccountCode::from(code)).closing();
    let sum = |of: fn(&MemberAmounts) -> Amount| accounts.iter().map(|account| of(&account.closing)).sum::<Amount>();
    let contributions = sum(|amounts| amounts.contribution_from_poverty_assets + amounts.contribution_other);
    vec![
        Check::equal("各成员出资额合计 = 股金", contributions, credit(SHARES)),
        Check::at_most("各成员公积金份额合计 ≤ 盈余公积", sum(|amounts| amounts.reserve_share), credit("322")),
        Check::at_most(
            "各成员量化份额合计 ≤ 专项基金",
            sum(|amounts| amounts.fiscal_grant_share + amounts.donation_share),
            credit("311"),
        ),
    ]
}
