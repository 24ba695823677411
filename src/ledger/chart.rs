//! The chart of accounts (科目表) of a regime, or of a book's year with its own sub-accounts.
//!
//! Pure. Statutory charts are data (`charts/*.csv`, one per regime); a book's chart is stored per year and comes back
//! through [`Chart::from_rows`].
//!
//! 1. Codes are unique; accounts are kept in the order of their codes.
//! 2. A sub-account's code is its parent's plus two digits, and it inherits class, side and dimensions.
//! 3. Postings go to leaves: an account with children takes none.
//! 4. Class and side come from the row, never from the first digit.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::account::{AccountClass, AccountCode, Side};
use super::regime::regime;
use super::voucher::{Dimension, Dimensions};
use crate::calendar::BusinessDate;
use crate::refusals;

/// One account of a chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartAccount {
    /// 科目编号
    pub code: AccountCode,
    /// 科目名称
    pub name_zh: String,
    /// Working translation of the name.
    pub name_en: String,
    /// 类别
    pub class: AccountClass,
    /// 余额方向
    pub normal_side: Side,
    /// Debit and credit balances of its leaves and parties are shown side by side, never netted (双向科目).
    pub two_sided: bool,
    /// Dimensions every line on this account must carry.
    pub requires: Vec<Dimension>,
    /// Document number and tag.
    pub source: String,
    /// A word to the reader.
    pub note: String,
}

impl ChartAccount {
    /// Refuses a line without a dimension this account requires (C-109).
    pub fn check_dimensions(&self, dimensions: &Dimensions) -> Result<(), ChartRefusal> {
        let missing = self.requires.iter().find(|wanted| dimensions.get(**wanted).is_none_or(|value| value.trim().is_empty()));
        match missing {
            Some(missing) => Err(ChartRefusal::DimensionMissing { code: self.code.clone(), dimension: missing.label_zh() }),
            None => Ok(()),
        }
    }
}

/// The accounts of a regime or of a book's year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chart {
    accounts: BTreeMap<AccountCode, ChartAccount>,
}

refusals! {
    /// Why a chart does not have or take an account.
    pub enum ChartRefusal {
        /// The code is not in this book's chart.
        "C-101" UnknownAccount { code: AccountCode }
            zh "科目 {code} 不在本账套的科目表中" en "account {code} is not in this chart"
            next "核对科目编号,或先增设明细科目";
        /// The account has children; lines belong to one of them.
        "C-102" NotALeaf { code: AccountCode, child: AccountCode }
            zh "科目 {code} 下设明细科目,不能直接记账" en "account {code} has sub-accounts and takes no lines itself"
            next "改用末级明细科目,例如 {child}";
        /// The code is taken.
        "C-103" DuplicateAccount { code: AccountCode }
            zh "科目 {code} 已存在" en "account {code} exists already" next "换一个编号";
        /// Nothing to hang the sub-account under.
        "C-104" UnknownParent { code: AccountCode }
            zh "科目 {code} 没有上级科目" en "account {code} has no parent in this chart"
            next "先增设上级科目,或改正编号";
        /// Not the parent's code plus two digits.
        "C-105" WrongShape { code: AccountCode }
            zh "科目编号 {code} 不合规则" en "{code} is not shaped like a sub-account's code"
            next "明细科目编号为上级编号加两位数字";
        /// No name.
        "C-106" Nameless { code: AccountCode }
            zh "科目 {code} 没有名称" en "account {code} has no name" next "填写科目名称";
        /// No such regime.
        "C-107" UnknownRegime { regime: String }
            zh "没有会计制度 {regime}" en "there is no regime {regime}" next "从 village-2023、cooperative-2021 等中选择";
        /// The kind of entity had no regime on that date.
        "C-108" NoRegimeThen { kind: String, on: BusinessDate }
            zh "{kind}在 {on} 没有可用的会计制度" en "no regime is known for {kind} on {on}" next "核对建账日期";
        /// Not among the first-level accounts the regime lets a book add.
        "C-118" NotOptional { code: AccountCode, regime: String }
            zh "会计制度 {regime} 没有可增设的一级科目 {code}" en "the regime {regime} lets nobody add the first-level account {code}"
            next "改为增设明细科目";
        /// A dimension the account requires is missing.
        "C-109" DimensionMissing { code: AccountCode, dimension: &'static str }
            zh "科目 {code} 必须填写辅助核算“{dimension}”" en "account {code} requires the dimension {dimension}"
            next "补填“{dimension}”";
    }
}

impl Chart {
    /// The statutory chart of a regime with its customary sub-accounts. Refuses an unknown regime (C-107).
    pub fn of(id: &str) -> Result<Chart, ChartRefusal> {
        let text = match regime(id)?.id.as_str() {
            "village-2004" => include_str!("charts/village-2004.csv"),
            "village-2023" => include_str!("charts/village-2023.csv"),
            "cooperative-2007" => include_str!("charts/cooperative-2007.csv"),
            "cooperative-2021" => include_str!("charts/cooperative-2021.csv"),
            "small-enterprise-2013" => include_str!("charts/small-enterprise-2013.csv"),
            "risk-fund" => include_str!("charts/risk-fund.csv"),
            "aid-fund" => include_str!("charts/aid-fund.csv"),
            "interest-subsidy" => include_str!("charts/interest-subsidy.csv"),
            _ => return Err(ChartRefusal::UnknownRegime { regime: id.to_owned() }),
        };
        Chart::from_rows(file_rows(text).map(FileRow::account).collect())
    }

    /// A chart from stored rows. Refuses a code that stands twice (C-103).
    pub fn from_rows(rows: Vec<ChartAccount>) -> Result<Chart, ChartRefusal> {
        let mut chart = Chart::default();
        for account in rows {
            let code = account.code.clone();
            if chart.accounts.insert(code.clone(), account).is_some() {
                return Err(ChartRefusal::DuplicateAccount { code });
            }
        }
        Ok(chart)
    }

    /// The accounts in the order of their codes.
    pub fn accounts(&self) -> impl Iterator<Item = &ChartAccount> {
        self.accounts.values()
    }

    /// The account with a code.
    pub fn get(&self, code: &AccountCode) -> Option<&ChartAccount> {
        self.accounts.get(code)
    }

    /// The account with a code. Refuses an unknown one (C-101).
    pub fn find(&self, code: &AccountCode) -> Result<&ChartAccount, ChartRefusal> {
        self.get(code).ok_or_else(|| ChartRefusal::UnknownAccount { code: code.clone() })
    }

    /// The account a line may stand on. Refuses an unknown one (C-101) and one with children (C-102).
    pub fn leaf(&self, code: &AccountCode) -> Result<&ChartAccount, ChartRefusal> {
        let account = self.find(code)?;
        match self.descendants(code).next() {
            None => Ok(account),
            Some(child) => Err(ChartRefusal::NotALeaf { code: code.clone(), child: child.code.clone() }),
        }
    }

    /// The nearest registered account whose code begins this one; `None` for a first-level account.
    pub fn parent_of(&self, code: &AccountCode) -> Option<&ChartAccount> {
        let text = code.as_str();
        let shorter = (1..text.len()).rev().filter(|end| text.is_char_boundary(*end));
        shorter.map(|end| AccountCode::from(&text[..end])).find_map(|parent| self.get(&parent))
    }

    /// 1 for first-level accounts, 2 for their children, and so on.
    pub fn level(&self, code: &AccountCode) -> usize {
        self.parent_of(code).map_or(1, |parent| 1 + self.level(&parent.code))
    }

    /// The first-level account a code belongs to (itself, if it is one).
    pub fn first_level_of<'a>(&'a self, code: &AccountCode) -> Option<&'a ChartAccount> {
        match self.parent_of(code) {
            Some(parent) => self.first_level_of(&parent.code),
            None => self.get(code),
        }
    }

    /// The accounts without a parent.
    pub fn first_level(&self) -> impl Iterator<Item = &ChartAccount> {
        self.accounts().filter(|account| self.parent_of(&account.code).is_none())
    }

    /// The accounts directly beneath one.
    pub fn children<'a>(&'a self, code: &'a AccountCode) -> impl Iterator<Item = &'a ChartAccount> {
        self.descendants(code).filter(move |below| self.parent_of(&below.code).is_some_and(|parent| parent.code == *code))
    }

    /// Every account beneath one.
    pub fn descendants<'a>(&'a self, code: &'a AccountCode) -> impl Iterator<Item = &'a ChartAccount> {
        let from = self.accounts.range(code.clone()..).skip_while(move |(below, _)| *below == code);
        from.take_while(move |(below, _)| below.as_str().starts_with(code.as_str())).map(|(_, account)| account)
    }

    /// The accounts that take lines.
    pub fn leaves(&self) -> impl Iterator<Item = &ChartAccount> {
        self.accounts().filter(|account| self.is_leaf(&account.code))
    }

    /// True for a registered account without children.
    pub fn is_leaf(&self, code: &AccountCode) -> bool {
        self.get(code).is_some() && self.descendants(code).next().is_none()
    }

    /// The names from the first level down, as vouchers print them: `应付款—代收代付—保险`.
    pub fn full_name_zh(&self, code: &AccountCode) -> String {
        let own = self.get(code).map_or_else(|| code.to_string(), |account| account.name_zh.clone());
        match self.parent_of(code) {
            Some(parent) => format!("{}—{own}", self.full_name_zh(&parent.code)),
            None => own,
        }
    }

    /// Adds the book's own sub-account. Refuses a wrong shape (C-105), an unknown parent (C-104), a taken code (C-103), no name (C-106).
    /// Whether the parent already has lines of its own is the caller's question: from now on it takes none.
    pub fn add_own(&mut self, code: &str, name_zh: &str, name_en: &str) -> Result<&ChartAccount, ChartRefusal> {
        let code = AccountCode(code.trim().to_owned());
        let parent = self.parent_for(&code)?.clone();
        if self.accounts.contains_key(&code) {
            return Err(ChartRefusal::DuplicateAccount { code });
        }
        let (name_zh, name_en) = (name_zh.trim().to_owned(), name_en.trim().to_owned());
        if name_zh.is_empty() {
            return Err(ChartRefusal::Nameless { code });
        }
        let own = ChartAccount { code: code.clone(), name_zh, name_en, source: "own".into(), note: String::new(), ..parent };
        Ok(self.accounts.entry(code).or_insert(own))
    }

    /// Adds a first-level account that the regime allows but does not prescribe, such as 109 其他货币资金; statement forms know it.
    /// Refuses any other (C-118) and one that is there already (C-103).
    pub fn add_optional(&mut self, id: &str, code: &str) -> Result<&ChartAccount, ChartRefusal> {
        let code = AccountCode::from(code.trim());
        let allowed = file_rows(include_str!("charts/optional.csv")).find(|row| row.regime == id && row.code == code);
        let allowed = allowed.ok_or_else(|| ChartRefusal::NotOptional { code: code.clone(), regime: id.to_owned() })?;
        if self.accounts.contains_key(&code) {
            return Err(ChartRefusal::DuplicateAccount { code });
        }
        Ok(self.accounts.entry(code).or_insert(allowed.account()))
    }

    fn parent_for(&self, code: &AccountCode) -> Result<&ChartAccount, ChartRefusal> {
        let text = code.as_str();
        let well_shaped = text.is_ascii() && text.len() >= 5 && text[text.len() - 2..].bytes().all(|b| b.is_ascii_digit());
        if !well_shaped {
            return Err(ChartRefusal::WrongShape { code: code.clone() });
        }
        let parent = AccountCode::from(&text[..text.len() - 2]);
        self.get(&parent).ok_or_else(|| ChartRefusal::UnknownParent { code: code.clone() })
    }
}

/// A row as the chart files write it.
#[derive(Deserialize)]
struct FileRow {
    /// Only in `optional.csv`.
    #[serde(default)]
    regime: String,
    code: AccountCode,
    name_zh: String,
    name_en: String,
    class: AccountClass,
    normal_side: Side,
    two_sided: String,
    requires: String,
    source: String,
    note: String,
}

fn file_rows(text: &str) -> impl Iterator<Item = FileRow> {
    let rows = csv::Reader::from_reader(text.as_bytes()).into_deserialize::<FileRow>();
    rows.map(|row| row.expect("the chart files are part of the program and read by its tests"))
}

impl FileRow {
    fn account(self) -> ChartAccount {
        let dimension = |word| Dimension::parse(word).expect("the chart files name known dimensions; a test reads them all");
        ChartAccount {
            requires: self.requires.split_whitespace().map(dimension).collect(),
            two_sided: self.two_sided == "yes",
            code: self.code,
            name_zh: self.name_zh,
            name_en: self.name_en,
            class: self.class,
            normal_side: self.normal_side,
            source: self.source,
            note: self.note,
        }
    }
}

#[cfg(test)]
mod tests;
