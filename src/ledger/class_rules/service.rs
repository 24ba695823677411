//! Looking at the classes of vouchers people make, giving registers theirs; keeping the rules.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::registers::{self, Happened, RegisterClass};
use super::store::REGISTERS;
use super::{ClassRule, Unclassed, deciding, is_bare, refuse_bare, store, table};
use crate::access::Permission;
use crate::db::{Connection, Stop};
use crate::ledger::regime::regime;
use crate::ledger::vouchers::store as vouchers;
use crate::ledger::{AccountCode, BookCode, Voucher};
use crate::office::{Act, Scene, Target};

/// Refuses vouchers of village books with lines of money that name no class, where the rules say so (L-501). Without a
/// row that refuses, nothing more is read than the county's own rows.
pub(crate) async fn refuse_unclassed(tx: &mut Connection, county: &str, vouchers: &[&Voucher]) -> Result<(), Stop> {
    let bare: Vec<&Voucher> = vouchers.iter().copied().filter(|voucher| is_bare(voucher)).collect();
    if bare.is_empty() {
        return Ok(());
    }
    let rules = table(store::own(tx, county).await?);
    if rules.iter().all(|rule| rule.unclassed == Unclassed::Report) {
        return Ok(());
    }
    let books: Vec<&BookCode> = bare.iter().map(|voucher| &voucher.book).collect();
    let villages = store::villages(tx, county, &books).await?;
    for voucher in bare {
        let Some((place, kept)) = villages.get(&(voucher.book.clone(), voucher.period.year())) else { continue };
        let rule = deciding(&rules, voucher.dated_on, place).filter(|rule| rule.unclassed == Unclassed::Refuse);
        if let Some(rule) = rule {
            let regime = regime(kept)?;
            let money: Vec<&AccountCode> = regime.cash.iter().chain(&regime.bank).collect();
            refuse_bare(voucher, &money, rule)?;
        }
    }
    Ok(())
}

/// Gives the lines of money that a register posts in village books the class the rules name for what happened; what names
/// a class keeps it. Vouchers without an event, and those of other books, stay as they are.
pub(crate) async fn classed<'a>(
    tx: &mut Connection,
    county: &str,
    event: Option<&str>,
    vouchers: &'a [Voucher],
) -> Result<Cow<'a, [Voucher]>, Stop> {
    let Some(event) = event else { return Ok(Cow::Borrowed(vouchers)) };
    let books: BTreeSet<&BookCode> = vouchers.iter().map(|voucher| &voucher.book).collect();
    let villages = store::villages(tx, county, &books.into_iter().collect::<Vec<_>>()).await?;
    if villages.is_empty() {
        return Ok(Cow::Borrowed(vouchers));
    }
    let Some(what) = store::happened(tx, county, event).await? else { return Ok(Cow::Borrowed(vouchers)) };
    let rules = registers::table(store::own_of(tx, county, REGISTERS).await?);
    let mut classed = Vec::with_capacity(vouchers.len());
    for voucher in vouchers {
        classed.push(of_village(tx, county, (voucher, &what), (&villages, &rules)).await?);
    }
    Ok(Cow::Owned(classed))
}

type Villages = HashMap<(BookCode, i32), (String, String)>;

async fn of_village(
    tx: &mut Connection,
    county: &str,
    (voucher, what): (&Voucher, &Happened),
    (villages, rules): (&Villages, &[RegisterClass]),
) -> Result<Voucher, Stop> {
    let Some((place, kept)) = villages.get(&(voucher.book.clone(), voucher.period.year())) else { return Ok(voucher.clone()) };
    if let Some(reversed) = voucher.reverses {
        let original = vouchers::vouchers(tx, county, &voucher.book, &[reversed]).await?;
        return Ok(as_reversed(voucher, original.first().map(|kept| &kept.content)));
    }
    let regime = regime(kept)?;
    let money: Vec<&AccountCode> = regime.cash.iter().chain(&regime.bank).collect();
    let class = registers::class_for(rules, what, voucher.dated_on, place);
    Ok(class.map_or_else(|| voucher.clone(), |class| registers::filled(voucher, &money, class)))
}

/// The red voucher with the classes of what it cancels.
fn as_reversed(red: &Voucher, original: Option<&Voucher>) -> Voucher {
    let mut red = red.clone();
    for (line, before) in red.lines.iter_mut().zip(original.map_or(&[][..], |original| &original.lines)) {
        if line.account == before.account && line.dimensions.fund_class.is_none() {
            line.dimensions.fund_class.clone_from(&before.dimensions.fund_class);
        }
    }
    red
}

/// Keeps a county's own rows of the classes that registers give.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveRegisterClasses {
    /// The rows.
    pub rules: Vec<RegisterClass>,
}

impl Act for SaveRegisterClasses {
    const KIND: &'static str = "fund_class.registers";
    type Answer = i64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<i64, Stop> {
        self.rules.iter().try_for_each(RegisterClass::check)?;
        let rows: Vec<(&str, &RegisterClass)> = self.rules.iter().map(|rule| (rule.rule.as_str(), rule)).collect();
        store::save_of(tx, (&scene.county, REGISTERS), &rows, (&scene.actor, &scene.at)).await?;
        Ok(self.rules.len() as i64)
    }
}

/// Keeps a county's own rules of classes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveClassRules {
    /// The rows.
    pub rules: Vec<ClassRule>,
}

impl Act for SaveClassRules {
    const KIND: &'static str = "fund_class.rules";
    type Answer = i64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<i64, Stop> {
        self.rules.iter().try_for_each(ClassRule::check)?;
        store::save(tx, &scene.county, &self.rules, (&scene.actor, &scene.at)).await?;
        Ok(self.rules.len() as i64)
    }
}
