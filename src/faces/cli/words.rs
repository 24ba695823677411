//! Small readings that several nouns share: words of an enum, `成员=金额`, names of parties.

use std::collections::BTreeMap;

use crate::access::store as access;
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::ledger::books::store as books;
use crate::money::Amount;
use crate::parties::store as households;

/// One of an enum's words; the error lists them.
pub fn word<T>(text: &str, parse: impl Fn(&str) -> Option<T>, words: impl Iterator<Item = &'static str>) -> Result<T, String> {
    parse(text).ok_or_else(|| format!("可用:{}", words.collect::<Vec<_>>().join("、")))
}

/// `H001=50000.00`.
pub fn member_amount(text: &str) -> Result<(String, Amount), String> {
    let (member, amount) = text.split_once('=').ok_or("写成 编号=金额")?;
    Ok((member.trim().to_owned(), Amount::parse(amount).map_err(|why| why.to_string())?))
}

/// `H001` or `H001=3`.
pub fn member_weight(text: &str) -> Result<(String, i64), String> {
    let (member, weight) = text.split_once('=').unwrap_or((text, "1"));
    Ok((member.trim().to_owned(), weight.trim().parse().map_err(|_| "权重是整数".to_owned())?))
}

/// `,凭证 …`, or nothing.
pub fn named(vouchers: &[String]) -> String {
    match vouchers {
        [] => String::new(),
        [first, .., last] if vouchers.len() > MANY_VOUCHERS => format!(",凭证 {first} 至 {last} 共 {} 张", vouchers.len()),
        _ => format!(",凭证 {}", vouchers.join("、")),
    }
}

/// More vouchers than these are named by the first and the last.
const MANY_VOUCHERS: usize = 12;

/// Names of these parties: as the book's cards have them, else as the register of households does.
pub async fn names_of(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    codes: impl Iterator<Item = &str>,
) -> Result<BTreeMap<String, String>, Failure> {
    let mut names = party_names(tx, county, book).await?;
    let unknown: Vec<[&str; 1]> = codes.filter(|code| !names.contains_key(*code)).map(|code| [code]).collect();
    let heads = households::borrowers(tx, county, &unknown).await?;
    names.extend(heads.into_iter().map(|head| (head.household, head.name)));
    Ok(names)
}

/// Names of a book's parties by code.
pub async fn party_names(tx: &mut Connection, county: &str, book: &BookCode) -> Result<BTreeMap<String, String>, Failure> {
    let cards = books::members(tx, county, book).await?;
    Ok(cards.into_iter().filter(|card| card.dimension == "party").map(|card| (card.member, card.name)).collect())
}

/// Names of the county's users by login name.
pub async fn people(tx: &mut Connection, county: &str) -> Result<BTreeMap<String, String>, Failure> {
    Ok(access::names(tx, county).await?.into_iter().collect())
}

/// A login name as people know its owner.
pub fn person(people: &BTreeMap<String, String>, user: String) -> String {
    people.get(&user).cloned().unwrap_or(user)
}
