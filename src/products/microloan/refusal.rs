//! Why a loan does not take a step or a fact. M-1xx facts of a loan, M-3xx steps before the contract.

use crate::calendar::BusinessDate;
use crate::money::{Amount, Rate};
use crate::refusals;

refusals! {
    /// Why the register of loans says no.
    pub enum LoanRefusal {
        /// Money comes in positive amounts.
        "M-101" NotPositive { loan: String, amount: Amount }
            zh "贷款 {loan} 的金额 {amount} 须大于零" en "loan {loan}: the amount {amount} must be positive" next "核对金额和正负号";
        /// No such loan.
        "M-102" UnknownLoan { loan: String }
            zh "没有贷款 {loan}" en "there is no loan {loan}" next "用 loan list 查看台账";
        /// Nothing can happen to a loan before money was paid out.
        "M-103" NotDisbursed { loan: String }
            zh "贷款 {loan} 尚未放款" en "loan {loan} was not disbursed" next "先登记放款";
        /// A written-off loan takes recoveries, not repayments.
        "M-104" LoanWrittenOff { loan: String }
            zh "贷款 {loan} 已核销,不能再记还款" en "loan {loan} is written off; record a recovery instead of a repayment" next "改记收回";
        /// Nothing is owed any more.
        "M-105" LoanSettled { loan: String, on: BusinessDate }
            zh "贷款 {loan} 在 {on} 已结清" en "loan {loan} is settled on {on}" next "核对借据号和日期";
        /// An extension is agreed before maturity.
        "M-106" ExtendedTooLate { loan: String, matures_on: BusinessDate }
            zh "贷款 {loan} 于 {matures_on} 到期,展期须在到期前办理" en "loan {loan} matures on {matures_on}; an extension is agreed before that day" next "到期后按逾期办理";
        /// The new maturity does not lie after the old.
        "M-107" NotLonger { loan: String, to: BusinessDate }
            zh "贷款 {loan} 展期到 {to} 不晚于原到期日" en "loan {loan}: {to} is not after the maturity" next "核对展期后的到期日";
        /// More was paid out than the contract lends.
        "M-108" MoreThanContract { loan: String, contract: Amount, total: Amount }
            zh "贷款 {loan} 累计放款 {total} 超过合同金额 {contract}" en "loan {loan}: {total} paid out exceeds the contract's {contract}" next "核对放款金额";
        /// A fact dated after today.
        "M-109" InTheFuture { loan: String, on: BusinessDate }
            zh "贷款 {loan} 的日期 {on} 晚于今天" en "loan {loan}: {on} lies after today" next "核对日期";
        /// A renewal leaves no interest behind.
        "M-110" InterestOwed { loan: String, owed: Amount }
            zh "贷款 {loan} 还欠息 {owed},不能续贷" en "loan {loan} still owes interest of {owed} and is not renewed" next "先收清利息";
        /// Only what is owed can be written off, compensated or recovered.
        "M-111" NotOwed { loan: String, what: String }
            zh "贷款 {loan} 没有可{what}的金额" en "loan {loan} has nothing for: {what}" next "核对贷款状态";
        /// The loan was never compensated nor written off.
        "M-112" NothingToRecover { loan: String }
            zh "贷款 {loan} 未代偿也未核销,收回应记为还款" en "loan {loan} was neither compensated nor written off" next "改记还款";
        /// The policy lets no further extension.
        "M-113" NoMoreExtensions { loan: String, allowed: i64 }
            zh "贷款 {loan} 按政策最多展期 {allowed} 次" en "the policy lets loan {loan} be extended {allowed} time(s)" next "核对政策(policy show)";
        /// The policy lets no further renewal.
        "M-114" NoMoreRenewals { loan: String, allowed: i64 }
            zh "贷款 {loan} 按政策最多续贷 {allowed} 次" en "the policy lets loan {loan} be renewed {allowed} time(s)" next "核对政策(policy show)";
        /// The contract of a fact is missing.
        "M-115" NotContracted { loan: String }
            zh "贷款 {loan} 尚未签订合同" en "loan {loan} has no contract" next "先登记合同";
        /// Too large to be counted exactly.
        "M-116" TooLargeToCount { loan: String }
            zh "贷款 {loan} 的金额、利率或期限过大,无法精确计息" en "loan {loan} is too large to be counted exactly" next "核对本金和利率的单位";
        /// Words that name no such thing.
        "M-117" UnknownWord { text: String }
            zh "不认识“{text}”" en "'{text}' is not understood" next "核对可用的词";
        /// What comes back after compensation is shared with the fund.
        "M-118" SharedWithFund { loan: String }
            zh "贷款 {loan} 已代偿,收回款要与风险补偿金分担" en "loan {loan} was compensated; what comes back is shared with the fund" next "用 fund recover 登记收回";
        /// What the funds pay and what a new loan takes over is recorded by their own acts, with their books.
        "M-120" OwnAct { loan: String, what: String }
            zh "贷款 {loan} 的“{what}”不能直接登记" en "'{what}' of loan {loan} is not recorded by itself" next "贴息用 subsidy pay,代偿用 fund pay,续贷用 loan renew";
        /// A payment that was never recorded goes back.
        "M-130" NothingToTakeBack { loan: String, on: BusinessDate }
            zh "贷款 {loan} 在 {on} 没有可退回的同额还款" en "loan {loan} has no such payment on {on} to take back" next "用 loan show 核对还款记录";
        /// More of a recovery goes back than came in.
        "M-131" RecoveredLess { loan: String, on: BusinessDate }
            zh "贷款 {loan} 在 {on} 收回的款项没有这么多" en "loan {loan} recovered less than that on {on}" next "用 loan show 核对收回的日期和金额";
        /// The policy fixes the rate for the contract's term; only a rate recorded wrongly is corrected, from the signing day.
        "M-119" RateFixed { loan: String, policy: String, signed_on: BusinessDate }
            zh "贷款 {loan} 按政策 {policy} 执行固定利率,合同期内不调整" en "policy {policy} fixes the rate of loan {loan} for its term" next "登记错误的利率,自签订日 {signed_on} 起更正";
        /// The policy lets no extension that long.
        "M-121" ExtendedTooLong { loan: String, to: BusinessDate, latest: BusinessDate }
            zh "贷款 {loan} 最晚可展期到 {latest},不能展期到 {to}" en "loan {loan} may be extended to {latest} at the latest, not to {to}" next "一年以内的贷款展期不超过原期限,其余连同原期限不超过政策最长期限(policy show);还不上的到期后按逾期办理";
        /// The step does not follow the state.
        "M-301" WrongStep { loan: String, state: String, step: String }
            zh "贷款 {loan} 现为“{state}”,不能办理“{step}”" en "loan {loan} is '{state}'; '{step}' does not follow" next "按流程先办前一步";
        /// The same person twice in the line of approvals.
        "M-302" SameApprover { loan: String, user: String }
            zh "贷款 {loan} 已由 {user} 经办或审批过,须由另一人审批" en "{user} has already handled loan {loan}; another person approves" next "请下一级审批人办理";
        /// The register has the number already.
        "M-303" LoanExists { loan: String }
            zh "贷款编号 {loan} 已存在" en "loan {loan} exists already" next "换一个编号,或核对是否重复登记";
        /// The household is not registered.
        "M-304" UnknownHousehold { household: String }
            zh "没有农户 {household}" en "there is no household {household}" next "先登记或导入农户";
        /// The bank is not registered.
        "M-305" UnknownBank { bank: String }
            zh "没有银行 {bank}" en "there is no bank {bank}" next "先登记银行网点";
        /// The policy of the date says no.
        "M-306" AgainstPolicy { loan: String, policy: String, why: String }
            zh "贷款 {loan} 不符合政策 {policy}:{why}" en "loan {loan} is against policy {policy}: {why}" next "用 policy check 查看依据";
        /// The contract's rate lies above the policy's.
        "M-307" RateTooHigh { loan: String, rate: Rate, cap: Rate }
            zh "贷款 {loan} 利率 {rate} 高于政策上限 {cap}" en "loan {loan}: the rate {rate} is above the policy's {cap}" next "核对签订日的基准利率或 LPR";
        /// The amount lies above the household's credit limit or what was asked.
        "M-308" AboveLimit { loan: String, amount: Amount, limit: Amount }
            zh "贷款 {loan} 金额 {amount} 超过授信额度 {limit}" en "loan {loan}: {amount} exceeds the limit of {limit}" next "核对评级授信";
        /// Defaults have stopped new approvals at a place or bank.
        "M-309" BreakerOpen { loan: String, place: String, ratio: String, limit: String }
            zh "{place} 的不良或逾期率 {ratio}% 已达 {limit}%,暂停新增贷款审批({loan})" en "{place}: {ratio} % has reached {limit} %; approvals are stopped ({loan})" next "处置逾期贷款后恢复,或由县级部门调整阈值";
        /// The fund carries no more lending.
        "M-310" NoHeadroom { loan: String, bank: String, headroom: Amount }
            zh "{bank} 的风险补偿金放大额度只剩 {headroom},贷款 {loan} 超出" en "the fund leaves a headroom of {headroom} at {bank}; loan {loan} exceeds it" next "补充风险补偿金,或由政策允许超倍数";
        /// No policy row is in force at the place and date.
        "M-311" NoPolicy { place: String, on: BusinessDate }
            zh "{place} 在 {on} 没有适用的政策" en "no policy is in force at {place} on {on}" next "用 policy list 查看,或导入本县政策";
        /// The household owes on another loan of the programme.
        "M-312" LoanRunning { loan: String, other: String }
            zh "农户已有未结清贷款 {other},不能再发放 {loan}" en "the household still owes on {other}; {loan} is refused" next "还清或续贷后再申请";
    }
}
