//! What the share register says for members' accounts (成员账户): the contribution columns and the quantified parts.

use std::collections::BTreeMap;

use crate::calendar::AccountingPeriod;
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::products::cooperative_shares::class::AccountColumn;
use crate::products::cooperative_shares::store::{months, register as kept};
use crate::statements::member_account::{FromRegister, MemberAmounts};

/// Every member's part at the beginning and at the end of a period's year-to-date.
pub async fn from_register(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    at: AccountingPeriod,
) -> Result<BTreeMap<String, FromRegister>, Failure> {
    let mut members: BTreeMap<String, FromRegister> = BTreeMap::new();
    let before = AccountingPeriod::opening(at.year()).first_day().pred_opt().unwrap_or(at.first_day());
    for (on, is_opening) in [(before, true), (at.last_day(), false)] {
        for (position, amount) in kept::holdings(tx, county, book, on, None).await? {
            let member = members.entry(position.holder).or_default();
            let sums = if is_opening { &mut member.opening } else { &mut member.closing };
            add(sums, position.column, amount);
        }
    }
    let span = (AccountingPeriod::opening(at.year()).first_day(), at.last_day());
    for (member, column, period, amount) in months::moves_by_month(tx, county, book, span).await? {
        add(members.entry(member).or_default().moved.entry(period).or_default(), column, amount);
    }
    for trade in kept::trade(tx, county, book, at.year()).await? {
        members.entry(trade.member).or_default().trade.push((trade.product, trade.volume, trade.amount));
    }
    Ok(members)
}

/// Puts a holding into its column; what is not from poverty-alleviation assets the ledger knows itself.
fn add(sums: &mut MemberAmounts, column: AccountColumn, amount: crate::money::Amount) {
    match column {
        AccountColumn::FromPovertyAssets => sums.contribution_from_poverty_assets += amount,
        AccountColumn::FromOther => {}
        AccountColumn::Reserve => sums.reserve_share += amount,
        AccountColumn::FiscalGrant => sums.fiscal_grant_share += amount,
        AccountColumn::Donation => sums.donation_share += amount,
    }
}
