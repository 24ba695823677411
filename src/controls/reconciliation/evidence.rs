//! What speaks for a bank line and a book line being one business.
//!
//! Pure.
//!
//! 1. Amounts are compared exactly; nothing here has a tolerance.
//! 2. A serial number or the line's own draft identifies; account, name and reference speak for a pair.
//! 3. Where both sides name an account and the accounts differ, a same name only makes the pair near:
//!    two people may have one name.

use super::names::{self, Nearness};
use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::money::amount::half_width;

/// A line (or a part of a split line) of the bank's statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankItem {
    /// Number within the bank account.
    pub line: i64,
    /// 0 for a whole line, otherwise the number of the part.
    pub part: i64,
    /// 交易日期
    pub on: BusinessDate,
    /// Positive: money in.
    pub amount: Amount,
    /// 对方户名
    pub name: String,
    /// 对方账号
    pub account: String,
    /// 流水号
    pub serial: String,
    /// 摘要
    pub summary: String,
}

/// A posted line of the bank account in the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookItem {
    /// The voucher's key.
    pub voucher: i64,
    /// The line on it.
    pub line: i64,
    /// The voucher's date.
    pub on: BusinessDate,
    /// Debit less credit: positive is money in.
    pub amount: Amount,
    /// 摘要
    pub summary: String,
    /// The voucher's name: `2026-10-记-12`.
    pub reference: String,
    /// Name of the one party of the voucher; blank if it has none or several.
    pub party: String,
    /// The party's bank account, where the books know it.
    pub party_account: String,
    /// Key of the statement line the voucher was drafted from, if it was.
    pub source: Option<String>,
    /// The voucher this one reverses, or that reverses it.
    pub reverses: Option<i64>,
}

/// The key of a draft made from a statement line.
pub fn source_key(bank_account: &str, line: i64, part: i64) -> String {
    format!("bank:{bank_account}:{line}:{part}")
}

/// A bank line prepared for comparison.
#[derive(Debug, Clone)]
pub struct BankView {
    /// Normal name.
    pub name: String,
    /// Account without blanks.
    pub account: String,
    /// Serial in capitals; blank if too short to identify.
    pub serial: String,
    /// Words of the summary that can be references.
    pub references: Vec<String>,
    /// Key a draft made from it carries.
    pub source: String,
}

/// A book line prepared for comparison.
#[derive(Debug, Clone)]
pub struct BookView {
    /// Normal names the voucher gives: its party, else the known names in its summary.
    pub names: Vec<String>,
    /// Account numbers: the party's, else long numbers in the summary.
    pub accounts: Vec<String>,
    /// Words of the summary that can be serials or references.
    pub words: Vec<String>,
    /// Voucher name, as the bank's summary may quote it.
    pub reference: String,
    /// Source key.
    pub source: Option<String>,
}

/// What agrees between the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    /// Days from the bank's date to the voucher's.
    pub days: i64,
    /// The draft made from this very line, or its serial number stands in the summary.
    pub identity: bool,
    /// 对方账号 agrees.
    pub account: bool,
    /// Both name accounts and they differ.
    pub other_account: bool,
    /// 对方户名
    pub name: Nearness,
    /// A word such as a contract number stands in both summaries.
    pub reference: bool,
}

/// How far an agreement carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// Amount and date alone.
    None,
    /// Something is near: for people to look at.
    Near,
    /// Account, name or reference.
    Good,
    /// Serial number or own draft.
    Identity,
}

impl Agreement {
    /// How far it carries.
    pub fn strength(&self) -> Strength {
        let known = self.account || self.reference || self.name == Nearness::Same;
        let contradicted = self.other_account || (self.account && self.name == Nearness::Near);
        match () {
            () if self.identity => Strength::Identity,
            () if known && !contradicted => Strength::Good,
            () if known || self.name == Nearness::Near => Strength::Near,
            () => Strength::None,
        }
    }

    /// What agrees, in words, the amount first.
    pub fn reasons(&self) -> Vec<String> {
        let day = if self.days == 0 { "日期相同".to_owned() } else { format!("日期差 {} 天", self.days.abs()) };
        let mut reasons = vec!["金额相同".to_owned(), day];
        let mut add = |holds: bool, words: &str| holds.then(|| reasons.push(words.to_owned()));
        add(self.identity, "流水号相同");
        add(self.account, "对方账号相同");
        add(self.name == Nearness::Same, "户名相同");
        add(self.name == Nearness::Near, "户名相近(不等于相同)");
        add(self.reference, "摘要编号相同");
        add(self.other_account, "对方账号不同");
        reasons
    }
}

/// Prepares a bank line.
pub fn bank_view(bank_account: &str, item: &BankItem) -> BankView {
    let serial = plain(&item.serial);
    BankView {
        name: names::normal(&item.name),
        account: digits(&item.account),
        serial: if serial.len() >= 4 && serial.bytes().any(|b| b.is_ascii_digit()) { serial } else { String::new() },
        references: words(&item.summary),
        source: source_key(bank_account, item.line, item.part),
    }
}

/// Prepares a book line; `found` are the known names that stand in its summary.
pub fn book_view(item: &BookItem, found: Vec<String>) -> BookView {
    let party = names::normal(&item.party);
    let words = words(&item.summary);
    let long_number = |word: &&String| word.len() >= 8 && word.bytes().all(|b| b.is_ascii_digit());
    let accounts = match digits(&item.party_account) {
        number if number.is_empty() => words.iter().filter(long_number).cloned().collect(),
        number => vec![number],
    };
    BookView {
        names: if party.is_empty() { found } else { vec![party] },
        accounts,
        words,
        reference: item.reference.clone(),
        source: item.source.clone(),
    }
}

/// Compares a bank line with a book line of the same amount.
pub fn agree(bank: (&BankItem, &BankView), book: (&BookItem, &BookView)) -> Agreement {
    let ((bank_item, bank), (book_item, book)) = (bank, book);
    let account = !bank.account.is_empty() && book.accounts.contains(&bank.account);
    let known_account = !bank.account.is_empty() && !book_item.party_account.is_empty();
    Agreement {
        days: (book_item.on - bank_item.on).num_days(),
        identity: book.source.as_ref() == Some(&bank.source) || (!bank.serial.is_empty() && book.words.contains(&bank.serial)),
        account,
        other_account: known_account && !account,
        name: book.names.iter().map(|name| names::compare(&bank.name, name)).max().unwrap_or(Nearness::Different),
        reference: shared(&bank.references, &book.words) || voucher_names(&bank_item.summary).any(|name| name == book.reference),
    }
}

fn shared(references: &[String], words: &[String]) -> bool {
    references.iter().any(|reference| is_reference(reference) && words.contains(reference))
}

/// Long enough to be no chance, and no date.
pub fn is_reference(word: &str) -> bool {
    let is_date = word.len() == 8 && word.starts_with("20") && word.bytes().all(|b| b.is_ascii_digit());
    word.len() >= 6 && !is_date
}

/// Runs of letters and digits with a digit in them, in capitals; four characters and more.
pub fn words(text: &str) -> Vec<String> {
    let text = plain(text);
    let runs = text.split(|c: char| !c.is_ascii_alphanumeric());
    let mut words: Vec<String> =
        runs.filter(|run| run.len() >= 4 && run.bytes().any(|b| b.is_ascii_digit())).map(str::to_owned).collect();
    words.sort();
    words.dedup();
    words
}

fn plain(text: &str) -> String {
    text.trim().chars().map(half_width).collect::<String>().to_ascii_uppercase()
}

fn digits(account: &str) -> String {
    plain(account).chars().filter(|c| c.is_ascii_alphanumeric() || *c == '*').collect()
}

/// Words of a summary that look like `2026-10-记-12`.
pub fn voucher_names(summary: &str) -> impl Iterator<Item = &str> {
    let words = summary.split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | ';' | '；' | '(' | ')'));
    words.filter(|word| word.len() >= 11 && word.matches('-').count() == 3)
}

/// Names to look for in summaries: found without comparing every name with every summary.
#[derive(Debug, Default)]
pub struct KnownNames {
    /// Lengths of the names that begin with two characters, the longest first; a name has at least two.
    lengths: std::collections::HashMap<(char, char), Vec<usize>>,
    names: std::collections::HashSet<Vec<char>>,
}

impl KnownNames {
    /// Takes normal names; those of one character stand for nobody in a running text.
    pub fn of<'a>(names: impl Iterator<Item = &'a str>) -> KnownNames {
        let mut known = KnownNames::default();
        for name in names {
            let name: Vec<char> = name.chars().collect();
            if let [first, second, ..] = name[..] {
                let lengths = known.lengths.entry((first, second)).or_default();
                if !lengths.contains(&name.len()) {
                    lengths.push(name.len());
                    // The longest first: 张三丰 in a text is not 张三.
                    lengths.sort_unstable_by_key(|length| std::cmp::Reverse(*length));
                }
                known.names.insert(name);
            }
        }
        known
    }

    /// The names that stand in a text, the longest where several begin at one place, none inside another.
    pub fn within(&self, text: &str) -> Vec<String> {
        let text: Vec<char> = names::normal(text).chars().collect();
        let (mut found, mut at) = (Vec::new(), 0);
        while at + 1 < text.len() {
            let lengths = self.lengths.get(&(text[at], text[at + 1])).map_or(&[][..], Vec::as_slice);
            let here = lengths.iter().filter_map(|length| text.get(at..at + length)).find(|name| self.names.contains(*name));
            at += here.map_or(1, <[char]>::len);
            found.extend(here.map(|name| name.iter().collect::<String>()));
        }
        found.sort();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_known_name_counts() {
        let known = KnownNames::of(["张三", "张三丰", "龙青山"].into_iter());
        assert_eq!(known.within("付张三丰工程款"), ["张三丰"]);
        assert_eq!(known.within("收张三、龙青山还款"), ["张三", "龙青山"]);
        assert_eq!(known.within("收李四还款"), Vec::<String>::new());
    }

    #[test]
    fn words_are_numbers_and_no_dates_count_as_references() {
        assert_eq!(words("还贷 HT2026-00017 于20261021,第12次 ａ１２３４"), ["00017", "20261021", "A1234", "HT2026"]);
        assert!(is_reference("HT2026") && !is_reference("20261021") && !is_reference("00017"));
    }
}
