//! A recovery that came in too high goes back: the fund's part leaves its account, the household owes what it owed.
//!
//! 1. The claim, the register and the fund's book change together, or nothing does.
//! 2. The fund gives back what it would not have got: its part of all that came, less its part of what was right.

use serde::{Deserialize, Serialize};

use super::{claims_in, post_event, refuse_short};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::products::microloan::fact::{Fact, Happening};
use crate::products::microloan::risk_fund::claim::{Claim, ClaimState};
use crate::products::microloan::risk_fund::{posting_rules, store};
use crate::products::microloan::service::record::{Entry, record};

/// Gives back money of a recovery.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GiveBackRecovery {
    /// The claim.
    pub claim: String,
    /// How much was too much, all parties.
    pub amount: Amount,
    /// Day the recovery was recorded for.
    pub received_on: BusinessDate,
    /// Day the money goes back.
    pub on: BusinessDate,
}

impl Act for GiveBackRecovery {
    const KIND: &'static str = "fund.give_back";
    /// The fund's part.
    type Answer = Amount;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Amount, Stop> {
        let (claim, part) = take_back(tx, scene, &self.claim, self.amount, (self.received_on, self.on)).await?;
        if part.is_positive() {
            refuse_short(tx, scene, &claim.bank, part).await?;
            let voucher = posting_rules::given_back(&claim, self.on, part)?;
            post_event(tx, scene, "fund.recovery-returned", self.on, self, &[voucher]).await?;
        }
        Ok(part)
    }
}

/// Takes money of a recovery out of its claim and the register; whoever calls books it. Answers the fund's part.
pub(crate) async fn take_back(
    tx: &mut Connection,
    scene: &Scene,
    claim: &str,
    amount: Amount,
    (received_on, on): (BusinessDate, BusinessDate),
) -> Result<(Claim, Amount), Stop> {
    let mut claims = claims_in(tx, scene, &[claim.to_owned()], ClaimState::Paid, "退回").await?;
    let found = claims.first_mut().expect("claims_in found the number");
    let part = found.give_back(amount)?;
    let what = Happening::RecoveryReturned { received_on, amount };
    let entry = Entry { loan: found.loan.clone(), fact: Fact { on, what }, reference: found.claim.clone() };
    store::save_claims(tx, &scene.county, &claims).await?;
    record(tx, scene, vec![entry]).await?;
    Ok((claims.swap_remove(0), part))
}
