//! What happens to a one-off fund, in debits and credits of its book.
//!
//! Pure. Source: posting-rules.md §0 \[proposal\]: capital in F301, gifts in F402, grants in F501 against what is owed in F201.

use serde::{Deserialize, Serialize};

use crate::calendar::BusinessDate;
use crate::ledger::posting_map::account_for;
use crate::ledger::{AccountCode, BookCode, Dimensions, Regime, Voucher};
use crate::money::Amount;
use crate::refusal::Refusal;

/// A book with its regime, on a date.
#[derive(Debug, Clone, Copy)]
pub struct In<'a> {
    /// The book.
    pub book: &'a BookCode,
    /// Its regime.
    pub regime: &'a Regime,
    /// The voucher's date.
    pub on: BusinessDate,
    /// Where the money is, where that is not the bank account of the posting map.
    pub money: Option<&'a AccountCode>,
}

crate::words! {
    /// Money of the fund that is not a grant.
    pub enum AidMove {
        /// 拨入本金
        Contributed = "contributed", "拨入";
        /// 退回本金
        Returned = "returned", "退回";
        /// 接受捐赠
        Donated = "donated", "捐赠";
        /// 专户利息
        Interest = "interest", "利息";
        /// 手续费
        Fee = "fee", "手续费";
    }
}

impl AidMove {
    /// True where money comes in.
    pub const fn comes_in(self) -> bool {
        matches!(self, AidMove::Contributed | AidMove::Donated | AidMove::Interest)
    }

    const fn usage(self) -> &'static str {
        match self {
            AidMove::Contributed | AidMove::Returned => "fund_capital",
            AidMove::Donated => "donations",
            AidMove::Interest => "interest_income",
            AidMove::Fee => "fees",
        }
    }
}

/// From or to whom, by which paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct With {
    /// 拨款单位、捐赠人
    pub party: String,
    /// 文号
    pub document: String,
}

/// Money comes in or goes out.
pub fn moved(s: In<'_>, what: AidMove, amount: Amount, with: &With) -> Result<Voucher, Refusal> {
    let named = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let of = Dimensions { party: named(&with.party), document: named(&with.document), ..Dimensions::default() };
    let bank = s.money.cloned().map_or_else(|| account_for(s.regime, "bank"), Ok)?;
    let other = account_for(s.regime, what.usage())?;
    let draft = Voucher::on(s.book, s.on, &format!("专项基金{}", what.label_zh()));
    let draft = if what.comes_in() {
        draft.debit(&bank, amount, Dimensions::default()).credit(&other, amount, of)
    } else {
        draft.debit(&other, amount, of).credit(&bank, amount, Dimensions::default())
    };
    Ok(draft.balanced()?)
}

/// A list is approved: owed to everybody on it.
pub fn granted(s: In<'_>, grant: &str, rows: &[(String, Amount)]) -> Result<Voucher, Refusal> {
    let of = |party: Option<&str>| Dimensions {
        party: party.map(str::to_owned),
        document: Some(grant.to_owned()),
        ..Dimensions::default()
    };
    let total = rows.iter().map(|(_, amount)| *amount).sum();
    let draft = Voucher::on(s.book, s.on, "批准资助").debit(&account_for(s.regime, "grants")?, total, of(None));
    let payable = account_for(s.regime, "grant_payable")?;
    let draft = rows.iter().fold(draft, |draft, (party, amount)| draft.credit(&payable, *amount, of(Some(party))));
    Ok(draft.balanced()?)
}
