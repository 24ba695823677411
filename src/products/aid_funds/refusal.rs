//! Why a one-off fund says no. G-1xx shape, G-2xx balances, G-3xx references.

use crate::money::Amount;
use crate::refusals;

refusals! {
    /// Why money of the fund does not move.
    pub enum AidRefusal {
        /// Money comes in positive amounts.
        "G-101" NotPositive { book: String, amount: Amount }
            zh "基金 {book} 的金额 {amount} 须大于零" en "the amount {amount} of fund {book} must be positive" next "核对金额";
        /// No document.
        "G-102" NoDocument { book: String }
            zh "基金 {book} 缺用途或批准文件" en "the fund {book} names no purpose or document" next "填写用途和文件编号";
        /// More than there is.
        "G-201" NotEnough { book: String, there: Amount, wanted: Amount }
            zh "基金 {book} 可用余额 {there},不足 {wanted}" en "the fund {book} has {there} free, less than {wanted}" next "等资金到账,或核减名单";
        /// More than somebody paid in.
        "G-202" MoreThanPaidIn { book: String, there: Amount, wanted: Amount }
            zh "基金 {book} 本金 {there},不足退回 {wanted}" en "the capital of fund {book} is {there}, less than {wanted}" next "核对退回金额";
        /// Opened before.
        "G-203" FundExists { book: String }
            zh "账套 {book} 的基金已登记" en "the fund of book {book} is registered already" next "直接使用即可";
        /// The grant's code is taken.
        "G-204" GrantExists { grant: String }
            zh "资助批次 {grant} 已登记" en "the grant {grant} exists already" next "换一个编号";
        /// No fund on the book.
        "G-301" UnknownFund { book: String }
            zh "账套 {book} 没有登记专项基金" en "the book {book} has no fund" next "先执行 aid-fund open";
    }
}
