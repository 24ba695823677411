//! Which account of a book a file or a person means: by code, by name, or by the path of names.
//!
//! 1. A code decides alone; a name must fit exactly one account (银行存款, 银行存款-农商行, 农商行).
//! 2. Names are compared without blanks and without the marks that join the parts of a path.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::db::{Connection, Stop};
use crate::exchange::encoding::normal_name;
use crate::exchange::problems::{RowReason, RowRefusal};
use crate::ledger::books::store;
use crate::ledger::posting::BookAccount;
use crate::ledger::{AccountCode, BookCode, Dimension, Dimensions};
use crate::parties::initials::spells;
use crate::refusals;

refusals! {
    /// Why a name does not tell an account.
    pub enum NameRefusal {
        /// Several accounts have the name.
        "X-151" SeveralAccounts { name: String, codes: String }
            zh "科目名称“{name}”对应几个科目:{codes}" en "several accounts are named '{name}': {codes}" next "写明科目编码,或写完整的科目路径";
    }
}

/// The accounts of a book by code and name.
#[derive(Debug, Default)]
pub struct AccountNames {
    /// Code → is a leaf in some year.
    leaf: HashMap<String, bool>,
    /// Compared name or path → codes.
    named: HashMap<String, BTreeSet<String>>,
}

impl AccountNames {
    /// The accounts of one year of a book, or of all its years.
    pub async fn of(tx: &mut Connection, county: &str, book: &BookCode, year: Option<i32>) -> Result<AccountNames, Stop> {
        let years = store::years(tx, county, book).await?;
        let mut names = AccountNames::default();
        for kept in years.iter().filter(|kept| year.is_none_or(|year| year == kept.year)) {
            names.add(&store::accounts(tx, county, book, kept.year).await?);
        }
        Ok(names)
    }

    fn add(&mut self, accounts: &[BookAccount]) {
        let by_code: HashMap<&AccountCode, &BookAccount> = accounts.iter().map(|account| (&account.code, account)).collect();
        for account in accounts {
            *self.leaf.entry(account.code.0.clone()).or_default() |= account.is_leaf;
            let (mut path, mut above) = (compared(&account.name), account.parent.as_ref());
            self.name(path.clone(), account);
            while let Some(parent) = above.and_then(|code| by_code.get(code)) {
                path = format!("{}{path}", compared(&parent.name));
                self.name(path.clone(), account);
                above = parent.parent.as_ref();
            }
        }
    }

    fn name(&mut self, name: String, account: &BookAccount) {
        self.named.entry(name).or_default().insert(account.code.0.clone());
    }

    /// The account meant by a code or, where the code is blank, by a name.
    pub fn find(&self, code: &str, name: &str) -> Result<AccountCode, RowReason> {
        let code: String = code.chars().filter(|c| !matches!(c, '.' | '-') && !c.is_whitespace()).collect();
        let unknown = || RowRefusal::UnknownAccount { code: code.clone(), name: name.to_owned() };
        let found = if code.is_empty() { self.by_name(name)?.ok_or_else(unknown)? } else { code.clone() };
        match self.leaf.get(&found) {
            Some(true) => Ok(AccountCode(found)),
            Some(false) => Err(RowReason::NotLeaf(AccountCode(found))),
            None => Err(unknown().into()),
        }
    }

    /// The leaf account meant by one word, code or name.
    pub fn find_word(&self, word: &str) -> Result<AccountCode, crate::refusal::Refusal> {
        let code = self.any(word)?;
        let is_leaf = self.leaf.get(&code.0) == Some(&true);
        if is_leaf { Ok(code) } else { Err(RowRefusal::ParentAccount { code: code.0 }.refusal()) }
    }

    /// The one leaf account whose name begins with these syllables' letters: `yhck` is 银行存款.
    pub fn by_initials(&self, letters: &str) -> Option<AccountCode> {
        if letters.is_empty() || !letters.bytes().all(|letter| letter.is_ascii_alphabetic()) {
            return None;
        }
        let meant = self.named.iter().filter(|(name, _)| spells(name, letters)).flat_map(|(_, codes)| codes);
        let mut leaves = meant.filter(|code| self.leaf.get(*code) == Some(&true));
        let first = leaves.next()?;
        leaves.all(|other| other == first).then(|| AccountCode(first.clone()))
    }

    /// The account meant by one word, code or name; one with sub-accounts is as good.
    pub fn any(&self, word: &str) -> Result<AccountCode, crate::refusal::Refusal> {
        let found = if self.leaf.contains_key(word) { self.find(word, "") } else { self.find("", word) };
        found.or_else(|why| match why {
            RowReason::NotLeaf(code) => Ok(code),
            RowReason::Refused(refusal) => Err(refusal),
        })
    }

    /// Leaves before parents: a parent is meant only where no leaf has the name.
    fn by_name(&self, name: &str) -> Result<Option<String>, RowReason> {
        let Some(codes) = self.named.get(&compared(name)) else { return Ok(None) };
        let leaves: Vec<&String> = codes.iter().filter(|code| self.leaf.get(*code) == Some(&true)).collect();
        match (&leaves[..], codes.len()) {
            ([leaf], _) => Ok(Some((*leaf).clone())),
            ([], 1) => Ok(codes.first().cloned()),
            _ => {
                let codes = codes.iter().cloned().collect::<Vec<_>>().join("、");
                Err(NameRefusal::SeveralAccounts { name: name.to_owned(), codes }.refusal().into())
            }
        }
    }
}

/// The cards of a book's dimensions: files often write a name where the books want the card's code.
#[derive(Debug, Default)]
pub struct Cards {
    codes: HashSet<(String, String)>,
    /// (dimension, compared name) → code; `None` where several cards share the name.
    named: HashMap<(String, String), Option<String>>,
}

impl Cards {
    /// The cards registered in a book.
    pub async fn of(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Cards, Stop> {
        let mut cards = Cards::default();
        for card in store::members(tx, county, book).await? {
            let code = card.member.clone();
            let same = |known: &mut Option<String>| *known = None;
            let key = (card.dimension.clone(), compared(&card.name));
            cards.named.entry(key).and_modify(same).or_insert(Some(code));
            cards.codes.insert((card.dimension, card.member));
        }
        Ok(cards)
    }

    /// Turns a name that fits exactly one card into its code; anything else stays as it came.
    pub fn resolve(&self, dimensions: &mut Dimensions) {
        for dimension in Dimension::ALL {
            let Some(value) = dimensions.get(dimension) else { continue };
            let kind = dimension.as_str().to_owned();
            if self.codes.contains(&(kind.clone(), value.to_owned())) {
                continue;
            }
            if let Some(Some(code)) = self.named.get(&(kind, compared(value))) {
                dimensions.set(dimension, Some(code.clone()));
            }
        }
    }
}

fn compared(name: &str) -> String {
    let joins = |c: char| c.is_whitespace() || "-—–_/\\|>:：、".contains(c);
    normal_name(name).chars().filter(|c| !joins(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{AccountClass, Side};

    fn account(code: &str, name: &str, parent: Option<&str>, is_leaf: bool) -> BookAccount {
        BookAccount {
            code: code.into(),
            name: name.into(),
            class: AccountClass::Asset,
            normal_side: Side::Debit,
            parent: parent.map(AccountCode::from),
            is_leaf,
            is_two_sided: false,
            requires: Vec::new(),
            source: String::new(),
            stopped_on: None,
        }
    }

    #[test]
    fn codes_names_and_paths() {
        let mut names = AccountNames::default();
        names.add(&[
            account("101", "库存现金", None, true),
            account("102", "银行存款", None, false),
            account("10201", "农商行", Some("102"), true),
            account("113", "内部往来", None, false),
            account("11301", "其他", Some("113"), true),
            account("202", "应付款", None, false),
            account("20201", "其他", Some("202"), true),
        ]);
        let code = |code: &str, name: &str| names.find(code, name).map(|code| code.0);
        assert_eq!(code("101", "随便").unwrap(), "101");
        assert_eq!(code("102-01", "").unwrap(), "10201");
        assert_eq!(code("", "银行存款—农商行").unwrap(), "10201");
        assert_eq!(code("", "应付款/其他").unwrap(), "20201");
        assert_eq!(code("102", "").unwrap_err(), RowReason::NotLeaf("102".into()));
        for (asked, refused) in [(("", "其他"), "X-151"), (("999", ""), "X-125"), (("", "没有"), "X-125")] {
            let RowReason::Refused(refusal) = code(asked.0, asked.1).unwrap_err() else { panic!("{asked:?}") };
            assert_eq!(refusal.code, refused, "{asked:?}");
        }
        assert_eq!(names.find_word("农商行").unwrap().0, "10201");
        assert_eq!(names.find_word("银行存款").unwrap_err().code, "X-126");
        let by = |letters: &str| names.by_initials(letters).map(|code| code.0);
        assert_eq!(
            (by("kcxj").as_deref(), by("YHCKNSH").as_deref(), by("nsx").as_deref()),
            (Some("101"), Some("10201"), Some("10201"))
        );
        assert_eq!((by("qt"), by("yhck"), by(""), by("101")), (None, None, None, None), "two, no leaf, nothing, no letters");
    }
}
