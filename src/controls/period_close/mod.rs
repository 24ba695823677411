//! Closing months: the check list, the order, the reopening.
//!
//! Pure, but for `store.rs` and `service.rs`.
//!
//! ```text
//!   open ──ClosePeriod──▶ closed ──ReopenPeriod (last closed, reason)──▶ open
//!   December is closed by year_close: transfers → checks → close → next year opened → balances carried
//! ```
//!
//! 1. Months close in order and reopen in the opposite order; a closed month takes nothing (I9).
//! 2. What blocks is never closed over; what warns is named in the closing act.
//! 3. The close keeps the digest of the closing trial balance, so that a rewritten past is found.

pub mod checks;
pub mod digest;
pub mod service;
pub mod store;

pub use checks::{CheckItem, Outcome};

use crate::refusals;

refusals! {
    /// Why a period is not closed or reopened.
    pub enum CloseRefusal {
        /// Something on the check list blocks.
        "B-201" ChecksBlock { book: String, period: String, items: String }
            zh "账套 {book} 的 {period} 还不能结账:{items}" en "period {period} of book {book} cannot close: {items}" next "按检查表逐项处理后再结账";
        /// An earlier month is still open.
        "B-202" EarlierOpen { book: String, period: String, earlier: String }
            zh "账套 {book} 的 {earlier} 尚未结账,不能先结 {period}" en "{earlier} of book {book} is still open, {period} cannot close before it" next "按月份顺序结账";
        /// A later month is closed.
        "B-203" LaterClosed { book: String, period: String, later: String }
            zh "账套 {book} 的 {later} 已结账,不能先反结 {period}" en "{later} of book {book} is closed, reopen it before {period}" next "从最后一个已结账月份开始反结账";
        /// The period is already in the state asked for.
        "B-204" AlreadySo { book: String, period: String, state: String }
            zh "账套 {book} 的 {period} 已是“{state}”" en "period {period} of book {book} is {state} already" next "无需再次办理";
        /// December closes with the year.
        "B-205" DecemberClosesWithYear { book: String, year: i64 }
            zh "12 月随年度一起结账" en "December closes with the year" next "执行 year close --book {book} --year {year}";
        /// More would be taken than there is.
        "B-206" MoreThanDistributable { wanted: String, there: String }
            zh "提取 {wanted} 超过可分配数 {there}" en "{wanted} is more than the distributable {there}" next "减少提取,或先弥补亏损";
        /// The year was closed.
        "B-207" YearCarried { book: String, year: i64 }
            zh "账套 {book} 的 {year} 年度已年结" en "year {year} of book {book} is closed already" next "如需更正,先反结 12 月";
        /// A rate outside 0–100 %.
        "B-208" BadReserveRate { rate: String }
            zh "提取比例 {rate} 不在 0–100% 之间" en "the reserve rate {rate} is outside 0–100 %" next "按章程填写提取比例";
        /// The regime has no distribution accounts.
        "B-209" NoReserve { regime: String }
            zh "会计制度 {regime} 没有公积金提取科目" en "the regime {regime} has no reserve to appropriate to" next "不要填写提取比例";
    }
}
