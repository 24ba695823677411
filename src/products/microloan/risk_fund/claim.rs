//! A compensation claim: the loss, who bears it, what came back.
//!
//! Pure.
//!
//! 1. Shares sum to the loss, to the fen; the last party takes the remainder (posting-rules.md §2, check D).
//! 2. Recoveries are shared by the same ratio, of the sum recovered so far, so that the fund's share never drifts.
//! 3. What went back of a recovery leaves the claim as if it had never come, but for what was given up meanwhile.
//! 4. memo = paid − recovered for the fund − written off, never negative.

use serde::{Deserialize, Serialize};

use super::refusal::FundRefusal;
use crate::calendar::BusinessDate;
use crate::ledger::BookCode;
use crate::money::allotment::share_loss;
use crate::money::{Amount, Rate};
use crate::products::microloan::policy::Policy;
use crate::products::microloan::timeline::Position;

/// Where a claim stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClaimState {
    /// Filed by the bank.
    Filed,
    /// Approved by another person.
    Approved,
    /// Turned down.
    Rejected,
    /// Paid out of the fund.
    Paid,
}

impl ClaimState {
    /// As the tables write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            ClaimState::Filed => "filed",
            ClaimState::Approved => "approved",
            ClaimState::Rejected => "rejected",
            ClaimState::Paid => "paid",
        }
    }

    /// As users read it.
    pub const fn label_zh(self) -> &'static str {
        match self {
            ClaimState::Filed => "已申报",
            ClaimState::Approved => "已批准",
            ClaimState::Rejected => "未通过",
            ClaimState::Paid => "已代偿",
        }
    }

    /// Reads what `as_str` writes.
    pub fn parse(text: &str) -> Option<ClaimState> {
        [ClaimState::Filed, ClaimState::Approved, ClaimState::Rejected, ClaimState::Paid]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// A party and what it bears.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// `fund`, `bank`, `insurer`, `guarantor` …
    pub party: String,
    /// Its part.
    pub ratio: Rate,
    /// Its money.
    pub amount: Amount,
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Number.
    pub claim: String,
    /// Book of the fund that pays.
    pub book: BookCode,
    /// Loan.
    pub loan: String,
    /// Bank.
    pub bank: String,
    /// State.
    pub state: ClaimState,
    /// Day filed.
    pub filed_on: BusinessDate,
    /// Who filed it.
    pub filed_by: String,
    /// Days past due on that day.
    pub days_overdue: i64,
    /// Principal lost.
    pub principal: Amount,
    /// Interest lost, where the policy's scope has it.
    pub interest: Amount,
    /// Who bears it.
    pub shares: Vec<Share>,
    /// The fund's part.
    pub fund_share: Amount,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// When.
    pub approved_on: Option<BusinessDate>,
    /// Day paid.
    pub paid_on: Option<BusinessDate>,
    /// Paid by the fund.
    pub paid: Amount,
    /// Recovered from the household, all parties.
    pub recovered: Amount,
    /// Of it the fund's.
    pub fund_recovered: Amount,
    /// Given up by the fund.
    pub written_off: Amount,
    /// When.
    pub written_off_on: Option<BusinessDate>,
    /// Why.
    pub written_off_reason: Option<String>,
    /// Why rejected, or a note.
    pub reason: Option<String>,
}

impl Claim {
    /// What the fund still has claim to: paid − recovered − written off.
    pub fn memo(&self) -> Amount {
        self.paid - self.fund_recovered - self.written_off
    }

    /// Takes a recovery; answers the fund's part of it.
    pub fn recover(&mut self, amount: Amount) -> Result<Amount, FundRefusal> {
        let claim = || self.claim.clone();
        let loss = self.principal + self.interest;
        let total = self.recovered.checked_add(amount).filter(|total| amount.is_positive() && *total <= loss);
        let total = total.ok_or_else(|| FundRefusal::RecoversTooMuch { claim: claim(), left: loss - self.recovered })?;
        let so_far = self.fund_of(total)?;
        let fund = so_far - self.fund_recovered;
        // What was written off and comes back is no longer written off.
        let over = fund - self.memo();
        if over.is_positive() {
            self.written_off -= over.min(self.written_off);
        }
        (self.recovered, self.fund_recovered) = (total, so_far);
        Ok(fund)
    }

    /// Gives back what came in too high; answers the fund's part of it.
    pub fn give_back(&mut self, amount: Amount) -> Result<Amount, FundRefusal> {
        let left = self.recovered.checked_sub(amount).filter(|left| amount.is_positive() && !left.is_negative());
        let too_much = || FundRefusal::GivesBackTooMuch { claim: self.claim.clone(), recovered: self.recovered };
        let left = left.ok_or_else(too_much)?;
        let so_far = self.fund_of(left)?;
        let fund = self.fund_recovered - so_far;
        (self.recovered, self.fund_recovered) = (left, so_far);
        Ok(fund)
    }

    /// The fund's part of all that was recovered.
    fn fund_of(&self, recovered: Amount) -> Result<Amount, FundRefusal> {
        let parts = share_loss(recovered, &self.shares.iter().map(|share| share.ratio).collect::<Vec<_>>());
        let parts = parts.map_err(|_| FundRefusal::NotSharable { claim: self.claim.clone() })?;
        Ok(self.shares.iter().zip(&parts).find(|(share, _)| share.party == "fund").map_or(Amount::ZERO, |(_, part)| *part))
    }
}

/// The loss of a loan past due, shared by its policy. Refuses loans that are not past due long enough.
pub fn loss(loan: &str, policy: &Policy, position: &Position) -> Result<(Amount, Amount, Vec<Share>), FundRefusal> {
    let days = position.days_past_due();
    if days < policy.trigger_days || !position.overdue_principal.is_positive() {
        return Err(FundRefusal::TooEarly { loan: loan.to_owned(), days, needed: policy.trigger_days });
    }
    let principal = position.principal.min(policy.subsidised_max);
    let interest = if policy.risk_scope == "principal" { Amount::ZERO } else { position.interest_owed };
    let shares = policy.shares();
    let ratios: Vec<Rate> = shares.iter().map(|(_, ratio)| *ratio).collect();
    let parts = share_loss(principal + interest, &ratios).map_err(|_| FundRefusal::NotSharable { claim: loan.to_owned() })?;
    let shared = shares.into_iter().zip(parts).map(|((party, ratio), amount)| Share { party, ratio, amount });
    Ok((principal, interest, shared.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ratios that are not a whole: nobody could say who bears the rest.
    #[test]
    fn a_loss_is_shared_whole_or_not_at_all() {
        let share =
            |party: &str, percent: &str| Share { party: party.into(), ratio: percent.parse().unwrap(), amount: Amount::ZERO };
        let day = "2024-04-20".parse().unwrap();
        let claim = |shares: Vec<Share>| Claim {
            claim: "C1".into(),
            book: BookCode::from("F"),
            loan: "L1".into(),
            bank: "B1".into(),
            state: ClaimState::Paid,
            filed_on: day,
            filed_by: "甲".into(),
            days_overdue: 90,
            principal: Amount::from_yuan(50_000),
            interest: Amount::ZERO,
            shares,
            fund_share: Amount::from_yuan(35_000),
            approved_by: None,
            approved_on: None,
            paid_on: Some(day),
            paid: Amount::from_yuan(35_000),
            recovered: Amount::ZERO,
            fund_recovered: Amount::ZERO,
            written_off: Amount::ZERO,
            written_off_on: None,
            written_off_reason: None,
            reason: None,
        };
        let ten = Amount::from_yuan(10);
        assert_eq!(claim(vec![share("fund", "70"), share("bank", "30")]).recover(ten).unwrap(), Amount::from_yuan(7));
        let why = claim(vec![share("fund", "70"), share("bank", "20")]).recover(ten).unwrap_err();
        assert_eq!(why.refusal().code, "M-508");
        // What goes back leaves what would have come: the fund's part of 10.01 − 0.05, not of each by itself.
        let mut shared = claim(vec![share("fund", "70"), share("bank", "30")]);
        for fen in 1..40 {
            let before = shared.clone();
            let came = shared.recover(Amount::from_fen(fen)).unwrap();
            let mut back = shared.clone();
            assert_eq!((back.give_back(Amount::from_fen(fen)).unwrap(), back), (came, before));
        }
        let (recovered, part) = (shared.recovered, shared.fund_recovered);
        assert_eq!(shared.give_back(recovered + Amount::from_fen(1)).unwrap_err().refusal().code, "M-512");
        assert_eq!(shared.give_back(Amount::ZERO).unwrap_err().refusal().code, "M-512");
        assert_eq!(shared.give_back(recovered).unwrap(), part);
        assert_eq!(shared.memo(), Amount::from_yuan(35_000));
    }
}
