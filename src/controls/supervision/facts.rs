//! What the rules look at: a book's vouchers, cash by day, months, claims, contracts, what registers say of its place.
//!
//! Pure.

use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::money::Amount;
use crate::payouts::PayoutKind;
use crate::products::microloan::classification::RiskClass;

/// A posted voucher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoucherFact {
    /// Reference.
    pub voucher: String,
    /// Month.
    pub period: AccountingPeriod,
    /// Its date.
    pub dated_on: BusinessDate,
    /// The day it was made, and the hour, in the county's time.
    pub made: (BusinessDate, u32),
    /// Money that left by it.
    pub money_out: Amount,
    /// Cash that came by it, less what left.
    pub cash: Amount,
    /// The same of the bank.
    pub bank: Amount,
    /// Its maker is its reviewer.
    pub own_review: bool,
    /// Papers and files.
    pub papers: i64,
    /// A red voucher.
    pub is_red: bool,
    /// Made by hand, not by the year's end or a rule of the programme.
    pub is_ordinary: bool,
    /// A decision stands behind it.
    pub decided: bool,
    /// The claim it was made from.
    pub claim: Option<i64>,
}

/// A claim that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimFact {
    /// Number.
    pub claim: i64,
    /// Payee.
    pub payee: String,
    /// Kind of expense.
    pub kind: String,
    /// When it was spent.
    pub on: BusinessDate,
    /// How much.
    pub amount: Amount,
}

/// A month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthFact {
    /// Month.
    pub period: AccountingPeriod,
    /// Closed.
    pub is_closed: bool,
    /// Why it was opened again.
    pub reopened: Option<String>,
}

/// A project of the register, beside what the books paid for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectFact {
    /// Code.
    pub project: String,
    /// Spent: by the register or by the books, whichever is more.
    pub spent: Amount,
    /// The approved sum.
    pub approved: Option<Amount>,
    /// Per cent done, and as of which day.
    pub progress: (i64, Option<BusinessDate>),
    /// What the contracts allow in advance, in fen.
    pub advance: Amount,
    /// It was accepted.
    pub accepted: bool,
    /// Day of the last thing that happened to it.
    pub last_on: BusinessDate,
}

/// A period of an entrusted scheme that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomeFact {
    /// Scheme and period.
    pub period: String,
    /// When it was due.
    pub due: BusinessDate,
    /// What the households were not sent.
    pub unpaid: Amount,
    /// What the operator did not pay.
    pub arrears: Amount,
}

/// A party's balance on an account of claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyFact {
    /// Account.
    pub account: String,
    /// Party.
    pub party: String,
    /// What it owes.
    pub owed: Amount,
    /// Last day of the last month with a movement.
    pub moved_on: BusinessDate,
}

/// A list of people paid that no register owes: no plan of a dividend, no scheme of entrusted money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFact {
    /// The batch.
    pub batch: String,
    /// What was paid.
    pub kind: PayoutKind,
    /// When.
    pub on: BusinessDate,
    /// Its title.
    pub title: String,
    /// How much.
    pub total: Amount,
}

/// A posted voucher that takes money of one project for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DivertedFact {
    /// Reference.
    pub voucher: String,
    /// Its date.
    pub on: BusinessDate,
    /// The project whose special fund falls.
    pub from: String,
    /// The project the other lines name.
    pub to: String,
    /// By how much the fund falls.
    pub amount: Amount,
}

/// A sheet that was public, was taken off and stands nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithdrawnFact {
    /// Its number.
    pub sheet: i64,
    /// Its title.
    pub title: String,
    /// Since when it had been public.
    pub on: BusinessDate,
    /// Why it was taken off.
    pub reason: String,
}

/// Interest of a loan that the fiscal fund bore for some days, all batches added up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubsidyFact {
    /// Whose.
    pub household: String,
    /// The loan.
    pub loan: String,
    /// First day, and the day it was due: the first that is no longer in it.
    pub days: (BusinessDate, BusinessDate),
    /// What earned.
    pub principal: Amount,
    /// What was borne.
    pub amount: Amount,
    /// The principal a household may have subsidised over all its loans; none where the policy lets only one be subsidised.
    pub cap: Option<Amount>,
}

/// Interest of a household that another department or bank bore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElsewhereFact {
    /// Whose.
    pub household: String,
    /// Who bore it.
    pub department: String,
    /// First day and last.
    pub days: (BusinessDate, BusinessDate),
    /// How much.
    pub amount: Amount,
}

/// A loan whose two classes differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassFact {
    /// The loan.
    pub loan: String,
    /// Ours, by days.
    pub own: RiskClass,
    /// The bank's.
    pub bank: RiskClass,
    /// What is owed.
    pub principal: Amount,
}

/// A loan whose borrower was younger or older at its signing than its policy lets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeFact {
    /// The loan.
    pub loan: String,
    /// When it was signed.
    pub on: BusinessDate,
    /// The age then.
    pub age: u32,
    /// The policy, its youngest and its oldest.
    pub policy: (String, u32, u32),
    /// What was lent at most.
    pub amount: Amount,
}

/// What of a loan's money is in schemes of entrusted money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntrustedFact {
    /// The loan.
    pub loan: String,
    /// The schemes, each since when and with how much.
    pub schemes: Vec<(String, BusinessDate, Amount)>,
    /// What was lent; none where the loan's bank gives no list.
    pub lent: Option<Amount>,
}

/// Everything of a book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Posted vouchers of the time looked at.
    pub vouchers: Vec<VoucherFact>,
    /// Claims of it.
    pub claims: Vec<ClaimFact>,
    /// Cash on evenings with a movement.
    pub cash: Vec<(BusinessDate, Amount)>,
    /// Months.
    pub months: Vec<MonthFact>,
    /// Missing numbers.
    pub gaps: Vec<String>,
    /// Bank accounts not reconciled: what was found, and since when.
    pub unreconciled: Vec<(String, BusinessDate)>,
    /// What was not published: words, and the last day for it.
    pub undisclosed: Vec<(String, BusinessDate)>,
    /// Money of contracts: contract, day it is due, what is missing.
    pub rents: Vec<(String, BusinessDate, Amount)>,
    /// Contracts that run, with their ends.
    pub endings: Vec<(String, BusinessDate)>,
    /// Special funds by project.
    pub special: Vec<(String, Amount)>,
    /// Projects of the register.
    pub projects: Vec<ProjectFact>,
    /// Entrusted income of the place or the book.
    pub incomes: Vec<IncomeFact>,
    /// Loans of the place past due: loan, since when, how much.
    pub loans: Vec<(String, BusinessDate, Amount)>,
    /// Lists of people paid with rows in doubt: batch, day, what was said of them, sum.
    pub doubts: Vec<(String, BusinessDate, String, Amount)>,
    /// Papers on two vouchers: the later voucher, its day, the other.
    pub papers: Vec<(String, BusinessDate, String)>,
    /// Claims on parties.
    pub parties: Vec<PartyFact>,
    /// What members' debts moved by, month by month: account, party, month, more owed.
    pub debts: Vec<(String, String, AccountingPeriod, Amount)>,
    /// Dividends declared by hand: voucher, its day, how much.
    pub declared: Vec<(String, BusinessDate, Amount)>,
    /// Members who were paid more than was declared for them.
    pub overpaid: Vec<PartyFact>,
    /// Lists of dividends and entrusted income that no register owes.
    pub lists: Vec<ListFact>,
    /// Money of one project used for another.
    pub diverted: Vec<DivertedFact>,
    /// Sheets taken off.
    pub withdrawn: Vec<WithdrawnFact>,
    /// Subsidies of households of the place that have several loans or were subsidised elsewhere.
    pub subsidies: Vec<SubsidyFact>,
    /// What others bore for them.
    pub elsewhere: Vec<ElsewhereFact>,
    /// Loans of the place whose classes differ.
    pub classes: Vec<ClassFact>,
    /// Loans of the place signed at an age the policy does not let.
    pub ages: Vec<AgeFact>,
    /// Loans of the place whose money is entrusted.
    pub entrusted: Vec<EntrustedFact>,
    /// Watched people: name, relation.
    pub watched: Vec<(String, String)>,
}
