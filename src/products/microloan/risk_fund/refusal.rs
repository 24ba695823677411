//! Why the fund does not take a claim, a payment or a recovery. M-5xx.

use crate::money::Amount;
use crate::refusals;

refusals! {
    /// Why the fund says no.
    pub enum FundRefusal {
        /// Not past due long enough.
        "M-501" TooEarly { loan: String, days: i64, needed: i64 }
            zh "贷款 {loan} 逾期 {days} 天,未达代偿条件 {needed} 天" en "loan {loan} is {days} days past due; compensation needs {needed}" next "继续催收,达到天数后再申报";
        /// The loan has a claim.
        "M-502" AlreadyClaimed { loan: String, claim: String }
            zh "贷款 {loan} 已有代偿申报 {claim}" en "loan {loan} has the claim {claim} already" next "查看该申报的进度";
        /// No such claim.
        "M-503" UnknownClaim { claim: String }
            zh "没有代偿申报 {claim}" en "there is no claim {claim}" next "用 fund status 查看";
        /// The state does not fit.
        "M-504" WrongClaimState { claim: String, state: String, step: String }
            zh "代偿 {claim} 现为“{state}”,不能{step}" en "claim {claim} is '{state}'; it cannot be: {step}" next "按流程办理";
        /// Nobody approves what they filed.
        "M-505" OwnClaim { claim: String, user: String }
            zh "代偿 {claim} 由 {user} 申报,不能由本人批准" en "{user} filed claim {claim} and cannot approve it" next "请另一位审批人办理";
        /// The special account does not hold enough.
        "M-506" NotEnough { bank: String, balance: Amount, needed: Amount }
            zh "{bank} 的风险补偿金专户余额 {balance},不足 {needed}" en "the special account at {bank} holds {balance}, not {needed}" next "先拨入或调剂风险补偿金";
        /// More comes back than was lost.
        "M-507" RecoversTooMuch { claim: String, left: Amount }
            zh "代偿 {claim} 最多还可收回 {left}" en "claim {claim} can recover at most {left}" next "多出部分记为贷款还款";
        /// The policy's shares do not make a whole.
        "M-508" NotSharable { claim: String }
            zh "{claim} 的损失不能按政策比例分担" en "the loss of {claim} cannot be shared by the policy" next "核对政策的分担比例";
        /// More goes back than came.
        "M-512" GivesBackTooMuch { claim: String, recovered: Amount }
            zh "代偿 {claim} 共收回 {recovered},退回的金额要大于零且不超过它" en "claim {claim} recovered {recovered}; what goes back is positive and no more than that" next "用 fund claims 核对已收回金额";
        /// The county keeps no book of the fund.
        "M-509" NoFundBook
            zh "没有风险补偿金账套" en "there is no book of the risk fund" next "先执行 book add --kind risk_fund";
        /// Nothing is left to write off.
        "M-510" NothingLeft { claim: String }
            zh "代偿 {claim} 没有可核销的余额" en "claim {claim} has nothing left to write off" next "核对代偿状态";
        /// Lent beyond what the fund carries, and the policy leaves that out (GXFUND art. 8).
        "M-511" BeyondFund { loan: String }
            zh "贷款 {loan} 超过风险补偿金放大倍数,按政策不予代偿" en "loan {loan} was lent beyond the fund's leverage; the policy bears no loss of it" next "由银行自行承担,或由政策规定的部门另行决定";
    }
}
