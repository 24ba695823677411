//! A list of people to be paid, and what is checked before a fen leaves.
//!
//! Pure. Source: validation.md §8 (YKT).
//!
//! 1. A finding either blocks the list or must be accepted with a reason; nothing is passed over.
//! 2. Standard × quantity is exact to the fen or it is a finding.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};

use super::RowState;
use super::standards::Standard;
use crate::calendar::BusinessDate;
use crate::ledger::AccountCode;
use crate::money::Amount;
use crate::parties::ResidentId;
use crate::parties::household::names_agree;

/// One row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayRow {
    /// 序号
    pub row: i64,
    /// The party in the book.
    pub party: String,
    /// 姓名
    pub name: String,
    /// 身份证号; blank for organisations.
    pub id_number: String,
    /// 户名
    pub account_name: String,
    /// 账号
    pub account: String,
    /// 开户行
    pub bank: String,
    /// 补贴标准
    pub standard: Option<Amount>,
    /// 数量, in thousandths.
    pub quantity_milli: Option<i64>,
    /// Paid out.
    pub amount: Amount,
    /// Withheld tax.
    pub withheld: Amount,
    /// What the payment settles: accounts and sums that add up to amount + withheld.
    pub against: Vec<(AccountCode, Amount)>,
    /// 备注
    pub remark: String,
    /// Where it stands.
    pub state: RowState,
    /// How often it went to the bank.
    pub attempt: i64,
    /// Why it came back.
    pub reason: Option<String>,
    /// When the bank decided.
    pub decided_on: Option<BusinessDate>,
    /// 核定年收入, what a top-up rests on.
    #[serde(default)]
    pub income: Option<Amount>,
}

/// What is known of a payee.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payee {
    /// The party.
    pub party: String,
    /// 姓名
    pub name: String,
    /// 身份证号
    pub id_number: String,
    /// 户名
    pub account_name: String,
    /// 账号
    pub account: String,
    /// 开户行
    pub bank: String,
    /// 死亡日期
    pub died_on: Option<BusinessDate>,
    /// 迁出日期
    pub moved_out_on: Option<BusinessDate>,
    /// Account and account name of the last payment that arrived.
    pub last_paid: Option<(String, String)>,
}

/// What the household register says of a party that is a household, or of the person with the row's id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registered {
    /// Head's name; blank where the party is no household.
    pub name: String,
    /// Head's resident id.
    pub id_number: String,
    /// 一卡通 account.
    pub account: Option<String>,
    /// First day the household no longer lived here.
    pub moved_out_on: Option<BusinessDate>,
    /// When the person of the row died, by resident id.
    pub died_on: Option<BusinessDate>,
    /// When that person moved away.
    pub gone_on: Option<BusinessDate>,
}

/// What was found in a row; row 0 is the list as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// 序号
    pub row: i64,
    /// True where the list cannot be drawn up with it.
    pub blocks: bool,
    /// In words.
    pub what: String,
}

/// What is known of a list's parties.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Their cards.
    pub payees: HashMap<String, Payee>,
    /// What the household register says.
    pub registered: HashMap<String, Registered>,
    /// The benefit's standard on the day of the list.
    pub standard: Option<Standard>,
}

/// Everything to be said of a list before it is drawn up on a date.
pub fn check(rows: &[PayRow], stated: Option<Amount>, known: &Known, on: BusinessDate) -> Vec<Finding> {
    let mut findings = check_rows(rows, known, on);
    findings.extend(check_whole(rows, stated));
    findings.sort_by_key(|finding| finding.row);
    findings
}

/// What is to be said of each row by itself and by what is known of its party; a page of a long list will do.
pub fn check_rows(rows: &[PayRow], known: &Known, on: BusinessDate) -> Vec<Finding> {
    let mut findings = Vec::new();
    for row in rows {
        let mut say = |blocks: bool, what: String| findings.push(Finding { row: row.row, blocks, what });
        own_findings(row, on, &mut say);
        if let Some(payee) = known.payees.get(&row.party) {
            payee_findings(row, payee, on, &mut say);
        }
        if let Some(registered) = known.registered.get(&row.party) {
            register_findings(row, registered, on, &mut say);
        }
        findings.extend(known.standard.iter().flat_map(|standard| standard.findings(row)));
    }
    findings
}

/// What is to be said of the list as a whole: its sum, who stands on it twice, accounts of several people.
pub fn check_whole(rows: &[PayRow], stated: Option<Amount>) -> Vec<Finding> {
    let mut whole = Whole::default();
    let mut findings = whole.add(rows, Earlier::default());
    findings.extend(whole.sum_finding(stated));
    findings
}

/// A list as a whole, page by page: of each row only two fingerprints stay, of its party and of its account.
#[derive(Debug, Default)]
pub struct Whole {
    /// Rows so far.
    pub rows: usize,
    /// Σ so far.
    pub total: Amount,
    parties: HashSet<u64>,
    accounts: HashSet<u64>,
}

/// What earlier pages have of some parties and accounts: the last row of each, and whose it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Earlier {
    /// By party.
    pub parties: HashMap<String, i64>,
    /// By account.
    pub accounts: HashMap<String, (i64, String)>,
}

fn fingerprint(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

impl Whole {
    /// The parties and accounts of a page that earlier pages may have: their fingerprints were seen.
    pub fn seen_before<'a>(&self, rows: &'a [PayRow]) -> (Vec<&'a str>, Vec<&'a str>) {
        let of = |seen: &HashSet<u64>, text: &'a str| Some(text).filter(|text| seen.contains(&fingerprint(text)));
        let parties = rows.iter().filter_map(|row| of(&self.parties, &row.party)).collect();
        (parties, rows.iter().filter_map(|row| of(&self.accounts, &row.account)).collect())
    }

    /// Adds a page: who stands on the list twice, accounts of several people.
    pub fn add(&mut self, rows: &[PayRow], mut earlier: Earlier) -> Vec<Finding> {
        let mut findings = Vec::new();
        for row in rows {
            let mut say = |blocks: bool, what: String| findings.push(Finding { row: row.row, blocks, what });
            if let Some(first) = earlier.parties.insert(row.party.clone(), row.row) {
                say(true, format!("{} 在本批次出现两次(第 {first} 行)", row.name));
            }
            if !row.account.is_empty()
                && let Some((first, party)) = earlier.accounts.insert(row.account.clone(), (row.row, row.party.clone()))
                && party != row.party
            {
                say(false, format!("账号与第 {first} 行({party})相同,一个账号收多户的钱"));
            }
            self.remember(row);
        }
        findings
    }

    fn remember(&mut self, row: &PayRow) {
        self.parties.insert(fingerprint(&row.party));
        if !row.account.is_empty() {
            self.accounts.insert(fingerprint(&row.account));
        }
        self.total += row.amount;
        self.rows += 1;
    }

    /// What is to be said of its sum, where the approval names one.
    pub fn sum_finding(&self, stated: Option<Amount>) -> Option<Finding> {
        let (total, stated) = (self.total, stated.filter(|stated| *stated != self.total)?);
        let what =
            format!("各行合计 {} 与批次总额 {} 不一致,相差 {}", total.grouped(), stated.grouped(), (total - stated).grouped());
        Some(Finding { row: 0, blocks: true, what })
    }
}

fn own_findings(row: &PayRow, on: BusinessDate, say: &mut impl FnMut(bool, String)) {
    if !row.amount.is_positive() {
        say(true, format!("金额 {} 须大于零", row.amount));
    }
    if let (Some(standard), Some(quantity)) = (row.standard, row.quantity_milli) {
        let product = i128::from(standard.fen()) * i128::from(quantity);
        if product != i128::from(row.amount.fen()) * 1000 {
            say(true, format!("标准 {standard} × 数量 {} ≠ 金额 {}", milli(quantity), row.amount));
        }
    }
    if row.account.trim().is_empty() {
        say(true, format!("{} 没有账号", row.name));
    } else if row.account_name.trim() != row.name.trim() {
        say(false, format!("户名“{}”与姓名“{}”不一致", row.account_name, row.name));
    }
    if !row.id_number.is_empty()
        && let Err(why) = ResidentId::parse(&row.id_number, on)
    {
        say(true, format!("身份证号有误:{}", why.message_zh));
    }
}

fn payee_findings(row: &PayRow, payee: &Payee, on: BusinessDate, say: &mut impl FnMut(bool, String)) {
    if let Some(died_on) = payee.died_on.filter(|died_on| *died_on <= on) {
        say(false, format!("{} 已于 {died_on} 死亡", row.name));
    }
    if let Some(moved) = payee.moved_out_on.filter(|moved| *moved <= on) {
        say(false, format!("{} 已于 {moved} 迁出", row.name));
    }
    let now = (row.account.clone(), row.account_name.clone());
    if payee.last_paid.as_ref().is_some_and(|last| *last != now) {
        say(false, format!("{} 的账号或户名与上次成功发放不同", row.name));
    }
}

fn register_findings(row: &PayRow, registered: &Registered, on: BusinessDate, say: &mut impl FnMut(bool, String)) {
    if !registered.name.is_empty() && !names_agree(&registered.name, &row.name) {
        say(false, format!("姓名“{}”与农户登记的户主“{}”不一致", row.name, registered.name));
    }
    if registered.account.as_ref().is_some_and(|account| *account != row.account) {
        say(false, format!("{} 的账号与农户登记的一卡通账号不同", row.name));
    }
    if let Some(died_on) = registered.died_on.filter(|died_on| *died_on <= on) {
        say(false, format!("{} 登记为 {died_on} 死亡", row.name));
    }
    if let Some(moved) = registered.gone_on.into_iter().chain(registered.moved_out_on).filter(|moved| *moved <= on).min() {
        say(false, format!("{} 登记为 {moved} 迁出", row.name));
    }
}

/// Thousandths as people write them: `1.5`.
pub fn milli(quantity: i64) -> String {
    let text = format!("{}.{:03}", quantity / 1000, quantity % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A quantity as people write it, in thousandths; `None` where it has more decimals or is no number.
pub fn read_milli(text: &str) -> Option<i64> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let fits = !whole.is_empty() && part.len() <= 3 && digits(whole) && digits(part);
    fits.then(|| format!("{whole}{part:0<3}").parse().ok()).flatten()
}
