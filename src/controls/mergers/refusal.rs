//! Why villages are not merged. B-30x.

use crate::calendar::BusinessDate;
use crate::refusals;

refusals! {
    /// Why a merger is not done.
    pub enum MergerRefusal {
        /// Not a merger.
        "B-301" NotAMerger { why: String }
            zh "撤并不成立:{why}" en "this is no merger: {why}" next "写明并入的账套、被撤并的账套、当月一日的日期和批准文件";
        /// A month before it is open.
        "B-302" MonthOpen { book: String, period: String }
            zh "账套 {book} 的 {period} 还没有结账" en "month {period} of book {book} is not closed" next "撤并日以前的月份先全部结账";
        /// Vouchers that wait, or are dated on the day or after it.
        "B-303" VouchersLeft { book: String, vouchers: String }
            zh "账套 {book} 还有未过账或撤并日以后的凭证:{vouchers}" en "book {book} has vouchers that wait, or of the day or later: {vouchers}" next "过账、作废这些凭证,或改撤并日期";
        /// Income and expense still stand.
        "B-304" ProfitNotCleared { book: String, account: String }
            zh "账套 {book} 的损益科目 {account} 还有余额" en "income or expense account {account} of book {book} still has a balance" next "在最后一个月执行 period transfer 结转损益后结账";
        /// A register has something open.
        "B-305" StillOpen { book: String, what: String }
            zh "账套 {book} 还有没办完的{what}" en "book {book} has open items: {what}" next "报账单入账或撤回、代发批次办完后再撤并;未完工的项目不用等,会一起转过去";
        /// The account means something else there.
        "B-306" OtherAccount { book: String, account: String, name: String, other: String }
            zh "账套 {book} 的科目 {account} {name} 在并入账套是 {other},不能直接并入" en "account {account} {name} of book {book} is {other} in the other book, or takes no lines there" next "在并入账套设好明细科目,用 --account 账套:原科目=新科目 指明";
        /// A running contract names somebody whose code is another's there.
        "B-307" OtherParty { book: String, lease: String, party: String }
            zh "账套 {book} 的合同 {lease} 的对方 {party} 在并入账套是另一个人" en "party {party} of contract {lease} in book {book} is somebody else in the other book" next "先终止合同,或在并入账套改用别的编号";
        /// Kept by another regime.
        "B-308" OtherRegime { book: String, regime: String, other: String }
            zh "账套 {book} 执行 {regime},并入账套执行 {other}" en "book {book} is kept by {regime}, the other by {other}" next "先按同一会计制度转换(book convert)";
        /// Ended before.
        "B-309" HasEnded { book: String, on: BusinessDate }
            zh "账套 {book} 已于 {on} 撤并" en "book {book} was merged on {on}" next "用 book mergers 查看并入的账套";
    }
}
