//! What a project means in debits and credits.
//!
//! Pure. Source: posting-rules.md §5 (special funds, works, one-case levies, rewards).
//!
//! 1. Lines of money carry the class of money; every line carries the project.
//! 2. Works that last are 在建工程 until they are finished; what makes nothing lasting comes off the special funds at once.
//! 3. At the end the grant used becomes 公积公益金, the levy first.

use super::card::{Card, ProjectKind};
use super::deed::Payment;
use crate::calendar::BusinessDate;
use crate::ledger::posting_map::account_for;
use crate::ledger::{AccountCode, BookCode, Dimensions, FundClass, Regime, Voucher};
use crate::money::Amount;
use crate::refusal::Refusal;

/// Where a voucher is made, for which project.
#[derive(Debug, Clone, Copy)]
pub struct Under<'a> {
    /// The book.
    pub book: &'a BookCode,
    /// Its regime.
    pub regime: &'a Regime,
    /// Date.
    pub on: BusinessDate,
    /// The project's code.
    pub project: &'a str,
    /// Its card.
    pub card: &'a Card,
    /// Where the money is; the regime's bank account when absent.
    pub money: Option<&'a AccountCode>,
}

impl Under<'_> {
    fn plain(&self) -> Dimensions {
        Dimensions { project: Some(self.project.to_owned()), ..Dimensions::default() }
    }

    fn of(&self, party: &str) -> Dimensions {
        Dimensions { party: Some(party.to_owned()), ..self.plain() }
    }

    fn class(&self, class: FundClass) -> Dimensions {
        Dimensions { fund_class: Some(class.label_zh().to_owned()), ..self.plain() }
    }

    fn money(&self) -> Result<AccountCode, Refusal> {
        self.money.cloned().map_or_else(|| self.account("bank"), Ok)
    }

    fn account(&self, usage: &str) -> Result<AccountCode, Refusal> {
        Ok(account_for(self.regime, usage)?)
    }

    fn begun(&self, what: &str) -> crate::ledger::voucher::VoucherDraft {
        Voucher::on(self.book, self.on, &format!("{what} {}", self.card.name))
    }
}

/// 收到专项资金
pub fn received(s: Under<'_>, amount: Amount) -> Result<Voucher, Refusal> {
    let draft = s.begun("收到项目资金").debit(&s.money()?, amount, s.class(s.card.fund_class));
    Ok(draft.credit(&s.account("special_payable")?, amount, s.plain()).balanced()?)
}

/// 退回未用资金
pub fn returned(s: Under<'_>, amount: Amount) -> Result<Voucher, Refusal> {
    let draft = s.begun("退回项目结余资金").debit(&s.account("special_payable")?, amount, s.plain());
    Ok(draft.credit(&s.money()?, amount, s.class(s.card.fund_class)).balanced()?)
}

/// 一事一议筹资应收
pub fn levied(s: Under<'_>, households: &[(String, Amount)]) -> Result<Voucher, Refusal> {
    let (member, total) = (s.account("member_account")?, households.iter().map(|(_, amount)| *amount).sum());
    let draft = s.begun("应收一事一议筹资");
    let draft = households.iter().fold(draft, |draft, (who, amount)| draft.debit(&member, *amount, s.of(who)));
    Ok(draft.credit(&s.account("village_levy")?, total, s.plain()).balanced()?)
}

/// 一事一议筹资收到
pub fn collected(s: Under<'_>, households: &[(String, Amount)]) -> Result<Voucher, Refusal> {
    let (member, total) = (s.account("member_account")?, households.iter().map(|(_, amount)| *amount).sum());
    let draft = s.begun("收到一事一议筹资").debit(&s.money()?, total, s.class(s.card.fund_class));
    let draft = households.iter().fold(draft, |draft, (who, amount)| draft.credit(&member, *amount, s.of(who)));
    Ok(draft.balanced()?)
}

/// 付款: for works, for what makes nothing lasting, or of what was kept back when it was finished.
pub fn paid(s: Under<'_>, payment: &Payment, is_finished: bool) -> Result<Voucher, Refusal> {
    let draft = s.begun(&format!("支付{}", payment.item));
    let draft = match s.card.kind {
        _ if is_finished => draft.debit(&s.account("claim_payable")?, payment.amount, s.of(&payment.payee)),
        _ if s.card.forms_asset => draft.debit(&s.account("construction")?, payment.amount, s.plain()),
        ProjectKind::Reward => draft.debit(&s.account("claim_public_works")?, payment.amount, s.plain()),
        ProjectKind::OneCase => draft.debit(&s.account("village_levy")?, payment.amount, s.plain()),
        _ => draft.debit(&s.account("special_payable")?, payment.amount, s.plain()),
    };
    Ok(draft.credit(&s.money()?, payment.amount, s.class(payment.fund_class)).balanced()?)
}

/// What a finished work leaves in the books.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ending {
    /// Under construction, as paid.
    pub built: Amount,
    /// Owed to builders by the settlement: who and how much.
    pub owed: Vec<(String, Amount)>,
    /// Levies that paid for it.
    pub levy: Amount,
    /// Special funds that paid for it.
    pub grant: Amount,
}

/// 完工转固定资产, with what is still owed to builders.
pub fn finished(s: Under<'_>, ending: &Ending) -> Result<Voucher, Refusal> {
    let owed = ending.owed.iter().map(|(_, amount)| *amount).sum::<Amount>();
    let draft = s.begun("完工转固定资产").debit(&s.account("fixed_asset")?, ending.built + owed, s.plain());
    let mut draft = draft.credit(&s.account("construction")?, ending.built, s.plain());
    for (who, amount) in &ending.owed {
        draft = draft.credit(&s.account("claim_payable")?, *amount, s.of(who));
    }
    Ok(draft.balanced()?)
}

/// The levy and the grant that paid for a project become 公积公益金.
pub fn funds_kept(s: Under<'_>, levy: Amount, grant: Amount) -> Result<Voucher, Refusal> {
    let mut draft = s.begun("项目资金转公积公益金");
    for (usage, amount) in [("village_levy", levy), ("special_payable", grant)] {
        if amount.is_positive() {
            draft = draft.debit(&s.account(usage)?, amount, s.plain());
        }
    }
    Ok(draft.credit(&s.account("special_fund")?, levy + grant, s.plain()).balanced()?)
}
