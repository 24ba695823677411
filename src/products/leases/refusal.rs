//! Why a lease is not taken, accrued, received, ended. J-1xx shape, J-2xx state, J-3xx references.

use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::refusals;

refusals! {
    /// Why a lease says no.
    pub enum LeaseRefusal {
        /// What is agreed does not make a lease.
        "J-101" BadLease { lease: String, why: String }
            zh "租约 {lease} 不成立:{why}" en "the lease {lease} does not hold together: {why}" next "按合同补齐后再登记";
        /// Money comes in positive amounts.
        "J-102" NotPositive { lease: String, amount: Amount }
            zh "租约 {lease} 的金额 {amount} 须大于零" en "the amount {amount} of lease {lease} must be positive" next "核对金额";
        /// The code is taken.
        "J-201" LeaseExists { lease: String }
            zh "租约 {lease} 已登记" en "the lease {lease} exists already" next "换一个编号";
        /// Nothing is due.
        "J-202" NothingDue { book: String, on: BusinessDate }
            zh "账套 {book} 到 {on} 没有应计提的租金" en "no rent of book {book} is due by {on}" next "到期后再计提";
        /// More than is owed, and nobody said it is in advance.
        "J-203" MoreThanOwed { lease: String, amount: Amount, owed: Amount }
            zh "租约 {lease} 收到 {amount},超过应收 {owed}" en "{amount} received for lease {lease} is more than the {owed} owed" next "多收部分作预收的,加 --in-advance";
        /// Other leases have to be ended otherwise.
        "J-204" AlreadyAccrued { lease: String, on: BusinessDate }
            zh "租约 {lease} 在 {on} 之后的租金已计提,不能提前终止到这一天" en "rent of lease {lease} after {on} is accrued already" next "终止日改到已计提期间之后,或先红冲";
        /// Land that was not rented cannot be let again.
        "J-205" NotRented { lease: String, why: String }
            zh "租约 {lease} 不能转包:{why}" en "the lease {lease} cannot let that again: {why}" next "核对租入合同的面积和期限";
        /// The way of the rent does not fit.
        "J-206" WrongDirection { lease: String, direction: String }
            zh "租约 {lease} 是{direction}合同,不办这一步" en "the lease {lease} goes the other way ({direction})" next "租出收租用 lease receive,租入付租用 lease pay";
        /// Ended before.
        "J-207" HasEnded { lease: String, on: BusinessDate }
            zh "租约 {lease} 已于 {on} 终止" en "the lease {lease} ended on {on}" next "核对租约编号";
        /// No such lease in the book.
        "J-301" UnknownLease { lease: String }
            zh "没有租约 {lease}" en "there is no lease {lease}" next "用 lease list 查看";
        /// The period is not accrued.
        "J-302" UnknownPeriod { lease: String, period: i64 }
            zh "租约 {lease} 第 {period} 期尚未计提" en "period {period} of lease {lease} is not accrued" next "先执行 lease accrue";
        /// Somebody who is not in the contract.
        "J-303" NotAParty { lease: String, party: String }
            zh "{party} 不是租约 {lease} 的对方" en "{party} is not a party of lease {lease}" next "核对编号";
    }
}
