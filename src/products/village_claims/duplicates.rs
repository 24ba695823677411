//! Is this the bill of another claim? By invoice number, by photograph, by payee and amount.
//!
//! Pure.
//!
//! 1. One invoice and one photograph belong to one claim of the county.
//! 2. The same payee and amount within [`WINDOW_DAYS`] days needs a sentence why it is not the same.

use super::claim::Content;
use super::refusal::ClaimRefusal;
use crate::calendar::BusinessDate;

/// Days within which payee and amount are compared.
pub const WINDOW_DAYS: i64 = 30;

/// What makes another claim look the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Likeness {
    /// The number of the invoice.
    Invoice,
    /// Photograph number so-and-so.
    Photo(i64),
    /// Payee and amount, spent on a day.
    Payee(Option<BusinessDate>),
}

/// Another claim, `book-number`, that looks like this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// Its name.
    pub other: String,
    /// Why.
    pub by: Likeness,
}

/// Refuses a claim that others look like, unless a reason is given for what a reason is enough for (F-203 … F-205).
pub fn check(content: &Content, alike: &[Alike], reason: Option<&str>) -> Result<(), ClaimRefusal> {
    let explained = reason.is_some_and(|reason| !reason.trim().is_empty());
    for Alike { other, by } in alike {
        let other = other.clone();
        match by {
            Likeness::Invoice => return Err(ClaimRefusal::SameInvoice { invoice: content.invoice.clone(), other }),
            Likeness::Photo(photo) => return Err(ClaimRefusal::SamePhoto { photo: *photo, other }),
            Likeness::Payee(on) if !explained && near(content.spent_on, *on) => {
                return Err(ClaimRefusal::SamePayee { payee: content.payee.clone(), amount: content.amount, other });
            }
            Likeness::Payee(_) => {}
        }
    }
    Ok(())
}

fn near(one: Option<BusinessDate>, other: Option<BusinessDate>) -> bool {
    one.zip(other).is_none_or(|(one, other)| (one - other).num_days().abs() <= WINDOW_DAYS)
}
