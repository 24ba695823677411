//! Accounts: their codes, classes and sides.
//!
//! Pure.
//!
//! 1. An account's identity is (chart, code): a code alone means different things in different regimes.
//! 2. Class and normal side come from the chart's row, never from the first digit.
//! 3. A sub-account's code begins with its parent's; what belongs to a parent is found by prefix of *registered* codes.

use serde::{Deserialize, Serialize};

/// The code of an account within one book's year, such as `102` or `10201`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountCode(pub String);

impl AccountCode {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for AccountCode {
    fn from(code: &str) -> AccountCode {
        AccountCode(code.to_owned())
    }
}

impl std::fmt::Display for AccountCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

/// What kind of thing an account keeps; decides where statements look for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountClass {
    /// 资产
    Asset,
    /// 负债
    Liability,
    /// 所有者权益
    Equity,
    /// 成本: work in progress, an asset for statements
    Cost,
    /// 收入
    Income,
    /// 支出
    Expense,
}

impl AccountClass {
    /// As the charts and tables write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            AccountClass::Asset => "asset",
            AccountClass::Liability => "liability",
            AccountClass::Equity => "equity",
            AccountClass::Cost => "cost",
            AccountClass::Income => "income",
            AccountClass::Expense => "expense",
        }
    }

    /// As users read it.
    pub const fn label_zh(self) -> &'static str {
        match self {
            AccountClass::Asset => "资产",
            AccountClass::Liability => "负债",
            AccountClass::Equity => "所有者权益",
            AccountClass::Cost => "成本",
            AccountClass::Income => "收入",
            AccountClass::Expense => "支出",
        }
    }

    /// Reads what `as_str` or `label_zh` writes.
    pub fn parse(text: &str) -> Option<AccountClass> {
        const ALL: [AccountClass; 6] = [
            AccountClass::Asset,
            AccountClass::Liability,
            AccountClass::Equity,
            AccountClass::Cost,
            AccountClass::Income,
            AccountClass::Expense,
        ];
        ALL.into_iter().find(|class| class.as_str() == text || class.label_zh() == text)
    }

    /// Income and expense: emptied into the current-year result by a transfer.
    pub const fn is_profit_and_loss(self) -> bool {
        matches!(self, AccountClass::Income | AccountClass::Expense)
    }
}

/// Debit or credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// 借
    Debit,
    /// 贷
    Credit,
}

impl Side {
    /// As the charts and tables write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Side::Debit => "debit",
            Side::Credit => "credit",
        }
    }

    /// 借 or 贷.
    pub const fn label_zh(self) -> &'static str {
        match self {
            Side::Debit => "借",
            Side::Credit => "贷",
        }
    }

    /// Reads `debit`, `credit`, `借`, `贷`.
    pub fn parse(text: &str) -> Option<Side> {
        [Side::Debit, Side::Credit].into_iter().find(|side| side.as_str() == text || side.label_zh() == text)
    }
}
