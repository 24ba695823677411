//! What happens to the fund, in debits and credits of its book (posting-rules.md §2).
//!
//! Pure. F101 carries the bank as its bank account, F301 contributor and document, F501 and F411 the bank as party.

use crate::calendar::BusinessDate;
use crate::ledger::voucher::{Unbalanced, VoucherDraft};
use crate::ledger::{AccountCode, BookCode, Dimensions, Voucher};
use crate::money::Amount;
use serde::{Deserialize, Serialize};

use super::claim::Claim;

/// Money of the fund that is not a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FundMove {
    /// Capital paid in, by source and document.
    Contributed {
        /// Who paid.
        contributor: String,
        /// Document number.
        document: String,
    },
    /// Capital given back to its source.
    Returned {
        /// To whom.
        contributor: String,
        /// Document number.
        document: String,
    },
    /// Interest of the account: stays in the fund.
    Interest,
    /// A fee.
    Fee,
    /// Moved to the account at another bank.
    Moved {
        /// The other bank.
        to: String,
    },
}

fn bank(code: &str) -> Dimensions {
    Dimensions { bank_account: Some(code.to_owned()), ..Dimensions::default() }
}

fn capital(contributor: &str, document: &str) -> Dimensions {
    Dimensions { party: Some(contributor.to_owned()), document: Some(document.to_owned()), ..Dimensions::default() }
}

fn party(code: &str) -> Dimensions {
    Dimensions { party: Some(code.to_owned()), ..Dimensions::default() }
}

fn account(code: &str) -> AccountCode {
    AccountCode::from(code)
}

/// Money that comes into or goes out of a bank's special account.
pub fn moved(book: &BookCode, on: BusinessDate, at: &str, amount: Amount, what: &FundMove) -> Result<Voucher, Unbalanced> {
    let draft = |summary: &str| Voucher::on(book, on, summary);
    let incoming = |draft: VoucherDraft| draft.debit(&account("F101"), amount, bank(at));
    let outgoing = |draft: VoucherDraft| draft.credit(&account("F101"), amount, bank(at));
    let draft = match what {
        FundMove::Contributed { contributor, document } => {
            incoming(draft("拨入风险补偿金")).credit(&account("F301"), amount, capital(contributor, document))
        }
        FundMove::Returned { contributor, document } => {
            outgoing(draft("退回风险补偿金").debit(&account("F301"), amount, capital(contributor, document)))
        }
        FundMove::Interest => incoming(draft("专户利息")).credit(&account("F401"), amount, Dimensions::default()),
        FundMove::Fee => outgoing(draft("专户手续费").debit(&account("F502"), amount, Dimensions::default())),
        FundMove::Moved { to } => outgoing(draft("专户调剂").debit(&account("F101"), amount, bank(to))),
    };
    draft.balanced()
}

/// Claims paid to one bank: Dr F501 / Cr F101, the fund's share only.
pub fn compensated(book: &BookCode, on: BusinessDate, claims: &[&Claim]) -> Result<Voucher, Unbalanced> {
    let draft = claims.iter().fold(Voucher::on(book, on, "代偿"), |draft, claim| {
        let draft = draft.summary(&format!("代偿 {} 贷款 {}", claim.claim, claim.loan));
        draft.debit(&account("F501"), claim.fund_share, party(&claim.bank))
    });
    let total: Amount = claims.iter().map(|claim| claim.fund_share).sum();
    let at = claims.first().map_or("", |claim| claim.bank.as_str());
    draft.summary("支付代偿款").credit(&account("F101"), total, bank(at)).balanced()
}

/// The fund's part of a recovery: Dr F101 / Cr F411.
pub fn recovered(claim: &Claim, on: BusinessDate, fund_part: Amount) -> Result<Voucher, Unbalanced> {
    let draft = Voucher::on(&claim.book, on, &format!("代偿收回 {} 贷款 {}", claim.claim, claim.loan));
    draft.debit(&account("F101"), fund_part, bank(&claim.bank)).credit(&account("F411"), fund_part, party(&claim.bank)).balanced()
}

/// What came back too high goes back: Dr F411 / Cr F101.
pub fn given_back(claim: &Claim, on: BusinessDate, fund_part: Amount) -> Result<Voucher, Unbalanced> {
    let draft = Voucher::on(&claim.book, on, &format!("退回多收的代偿款 {} 贷款 {}", claim.claim, claim.loan));
    draft.debit(&account("F411"), fund_part, party(&claim.bank)).credit(&account("F101"), fund_part, bank(&claim.bank)).balanced()
}
