//! Why a revolving fund says no. K-1xx shape, K-2xx balances, K-3xx references.

use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::refusals;

refusals! {
    /// Why a move is not taken.
    pub enum RevolvingRefusal {
        /// Money comes in positive amounts.
        "K-101" NotPositive { fund: String, amount: Amount }
            zh "周转金 {fund} 的金额 {amount} 须大于零" en "the amount {amount} of revolving fund {fund} must be positive" next "核对金额";
        /// No paper, or nobody named.
        "K-102" NoDocument { fund: String }
            zh "周转金 {fund} 的收支缺对方或依据文件" en "a move of revolving fund {fund} names no party or no document" next "填写对方编号和文件编号";
        /// A loan says when it comes back.
        "K-103" NoDueDay { fund: String, party: String }
            zh "周转金 {fund} 借给 {party} 没有写明到期日" en "the loan of {fund} to {party} names no later day to come back" next "填写晚于借出日的到期日";
        /// The fund would be below zero.
        "K-201" NotThere { fund: String, on: BusinessDate, there: Amount, wanted: Amount }
            zh "周转金 {fund} 在 {on} 余额 {there},不足 {wanted}" en "revolving fund {fund} has {there} on {on}, less than {wanted}" next "收回借款或申请拨入后再办";
        /// More than the party has.
        "K-202" MoreThanHeld { party: String, on: BusinessDate, there: Amount, wanted: Amount }
            zh "{party} 在 {on} 名下 {there},不足 {wanted}" en "{party} has {there} on {on}, less than {wanted}" next "核对金额和对方";
        /// The code is taken.
        "K-203" FundExists { fund: String }
            zh "周转金 {fund} 已登记" en "the revolving fund {fund} exists already" next "换一个编号";
        /// No such fund in the book.
        "K-301" UnknownFund { fund: String }
            zh "没有周转金 {fund}" en "there is no revolving fund {fund}" next "用 revolving list 查看";
    }
}
