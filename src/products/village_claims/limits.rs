//! The limit table: for a kind of expense, an amount and a place, who must sign and which papers must be there.
//!
//! Pure. The shipped rows are data (`limits.csv`), dated and with their source; a county adds its own, which go first.
//!
//! 1. The row of the nearest place decides; among those, the row of the kind before the row of all kinds.
//! 2. An expense no row speaks of is refused, never let through.
//! 3. `imprest` and `cash` are rows of their own: what the clerk may pay at once and may hold.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::Months;
use serde::{Deserialize, Serialize};

use super::claim::{Content, PaidFrom, Paper, Signature};
use super::refusal::ClaimRefusal;
use crate::calendar::BusinessDate;
use crate::money::Amount;

/// Signature column of a row that forbids.
const FORBIDDEN: &str = "forbidden";

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitRule {
    /// Name; a row of the same name takes the older one's place.
    pub rule: String,
    /// Place code, blank for the whole county.
    pub place: String,
    /// Kind of expense, blank for all; or `imprest`, `cash`.
    pub kind: String,
    /// From this amount.
    pub from_amount: Amount,
    /// Through this amount; no end when absent.
    pub through_amount: Option<Amount>,
    /// Who signs, by words between blanks; `forbidden` if nobody can.
    pub signatures: String,
    /// Which papers, by words between blanks.
    pub papers: String,
    /// Bills older than this many months are late.
    pub within_months: Option<u32>,
    /// First day of the row.
    pub from: BusinessDate,
    /// Last day of the row.
    pub until: Option<BusinessDate>,
    /// Where it stands written.
    pub source: String,
}

impl LimitRule {
    fn holds(&self, on: BusinessDate, place: &str) -> bool {
        let there = place.starts_with(self.place.trim_end_matches("000"));
        there && self.from <= on && self.until.is_none_or(|last| on <= last)
    }

    fn spans(&self, amount: Amount) -> bool {
        self.from_amount <= amount && self.through_amount.is_none_or(|most| amount <= most)
    }

    /// Who signs.
    pub fn signers(&self) -> Vec<Signature> {
        self.signatures.split_whitespace().filter_map(Signature::parse).collect()
    }

    /// Which papers.
    pub fn needed_papers(&self) -> Vec<Paper> {
        self.papers.split_whitespace().filter_map(Paper::parse).collect()
    }

    /// Refuses a row that says nothing or cannot be read (F-106).
    pub fn check(&self) -> Result<(), ClaimRefusal> {
        let wrong = |why: &str| Err(ClaimRefusal::BadLimit { rule: self.rule.clone(), why: why.to_owned() });
        let known = |word: &str| word == FORBIDDEN || Signature::parse(word).is_some();
        match self {
            _ if self.rule.trim().is_empty() => wrong("缺名称"),
            _ if self.source.trim().is_empty() => wrong("缺依据"),
            _ if !self.signatures.split_whitespace().all(known) => wrong("签批环节看不懂"),
            _ if self.papers.split_whitespace().any(|word| Paper::parse(word).is_none()) => wrong("单据看不懂"),
            _ if self.through_amount.is_some_and(|most| most < self.from_amount) => wrong("金额起止次序不对"),
            _ if !["imprest", "cash", ""].contains(&self.kind.as_str()) && super::claim::Kind::parse(&self.kind).is_none() => {
                wrong("支出类别看不懂")
            }
            _ => Ok(()),
        }
    }
}

/// The rows the program brings.
pub fn shipped() -> &'static [LimitRule] {
    static ALL: LazyLock<Vec<LimitRule>> = LazyLock::new(|| {
        let mut reader = csv::Reader::from_reader(include_str!("limits.csv").as_bytes());
        let rows = reader.deserialize::<LimitRule>();
        rows.map(|row| row.expect("limits.csv is part of the program and read by its test")).collect()
    });
    &ALL
}

/// The shipped rows with a county's own in their place or beside them.
pub fn table(own: Vec<LimitRule>) -> Vec<LimitRule> {
    let by_name = shipped().iter().cloned().chain(own).map(|rule| (rule.rule.clone(), rule));
    by_name.collect::<BTreeMap<_, _>>().into_values().collect()
}

/// The row that decides for a kind and an amount at a place on a day.
pub fn deciding<'a>(
    table: &'a [LimitRule],
    (kind, amount): (&str, Amount),
    on: BusinessDate,
    place: &str,
) -> Option<&'a LimitRule> {
    let fits = |rule: &&LimitRule| rule.holds(on, place) && (rule.kind == kind || rule.kind.is_empty());
    let nearest =
        table.iter().filter(fits).map(|rule| (rule.place.trim_end_matches("000").len(), !rule.kind.is_empty())).max()?;
    let at_it = |rule: &&LimitRule| (rule.place.trim_end_matches("000").len(), !rule.kind.is_empty()) == nearest;
    table.iter().filter(fits).filter(at_it).find(|rule| rule.spans(amount))
}

/// The most that may be paid from (`imprest`) or held in (`cash`) cash at a place, with the row that says so.
pub fn most<'a>(table: &'a [LimitRule], kind: &str, on: BusinessDate, place: &str) -> Option<(Amount, &'a LimitRule)> {
    let rows = table.iter().filter(|rule| rule.kind == kind && rule.holds(on, place));
    let row = rows.max_by_key(|rule| rule.place.trim_end_matches("000").len())?;
    Some((row.through_amount?, row))
}

/// Refuses a claim that may not be sent: fields, kind, signatures, papers, people, age, imprest (F-101 … F-105).
pub fn check(
    claim: i64,
    content: &Content,
    photos: i64,
    table: &[LimitRule],
    today: BusinessDate,
    place: &str,
) -> Result<(), ClaimRefusal> {
    let missing =
        |what: Vec<&str>, rule: &str| Err(ClaimRefusal::Missing { claim, what: what.join("、"), rule: rule.to_owned() });
    let blank = content.blank_fields();
    let (false, Some(spent_on)) = (!blank.is_empty(), content.spent_on) else { return missing(blank, "报账单必填") };
    let kind = (content.kind.as_str(), content.amount);
    let none = || ClaimRefusal::NoRule { kind: content.kind.label_zh().to_owned(), amount: content.amount };
    let rule = deciding(table, kind, spent_on, place).ok_or_else(none)?;
    if rule.signatures == FORBIDDEN {
        return Err(ClaimRefusal::Forbidden { kind: content.kind.label_zh().to_owned(), source: rule.source.clone() });
    }
    let unsigned = rule.signers().into_iter().filter(|signature| content.signed(*signature).is_empty()).map(Signature::label_zh);
    let absent = |paper: &Paper| if *paper == Paper::Photo { photos == 0 } else { content.paper(*paper).is_empty() };
    let lacking: Vec<&str> = unsigned.chain(rule.needed_papers().into_iter().filter(absent).map(Paper::label_zh)).collect();
    if !lacking.is_empty() {
        return missing(lacking, &rule.source);
    }
    check_people(claim, content)?;
    check_age(spent_on, today, rule)?;
    check_imprest(content, table, spent_on, place)
}

/// Three people stand for a claim, not one three times.
fn check_people(claim: i64, content: &Content) -> Result<(), ClaimRefusal> {
    let people = [Signature::Handler, Signature::Witness, Signature::Approver];
    let mut names: Vec<&str> =
        people.iter().map(|signature| content.signed(*signature)).filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(ClaimRefusal::SamePerson { claim, name: pair[0].to_owned() }),
        None => Ok(()),
    }
}

fn check_age(spent_on: BusinessDate, today: BusinessDate, rule: &LimitRule) -> Result<(), ClaimRefusal> {
    let last = rule.within_months.and_then(|months| spent_on.checked_add_months(Months::new(months)));
    if spent_on > today || last.is_some_and(|last| last < today) {
        return Err(ClaimRefusal::WrongDay { spent_on, today, source: rule.source.clone() });
    }
    Ok(())
}

fn check_imprest(content: &Content, table: &[LimitRule], on: BusinessDate, place: &str) -> Result<(), ClaimRefusal> {
    match most(table, "imprest", on, place) {
        Some((limit, rule)) if content.paid_from == PaidFrom::Imprest && content.amount > limit => {
            Err(ClaimRefusal::OverImprest { amount: content.amount, limit, source: rule.source.clone() })
        }
        _ => Ok(()),
    }
}
