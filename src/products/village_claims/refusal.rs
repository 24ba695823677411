//! Why a claim is not sent, accepted, booked; why cash is not entered. F-1xx shape, F-2xx state, F-3xx references.

use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::refusals;

refusals! {
    /// Why a claim or the cash book says no.
    pub enum ClaimRefusal {
        /// Fields, signatures or papers are missing.
        "F-101" Missing { claim: i64, what: String, rule: String }
            zh "报账单 {claim} 还缺:{what}(依据:{rule})" en "claim {claim} lacks: {what} ({rule})" next "补齐后再送审;草稿已保存,不会丢";
        /// Villages may not spend on this.
        "F-102" Forbidden { kind: String, source: String }
            zh "“{kind}”不能报账:{source}" en "'{kind}' cannot be claimed: {source}" next "退还垫付人,或改报实际的支出类别";
        /// More than the clerk may pay from the imprest.
        "F-103" OverImprest { amount: Amount, limit: Amount, source: String }
            zh "{amount} 超过备用金单笔限额 {limit}({source})" en "{amount} is more than the imprest limit of {limit}" next "改为银行转账,或先向代理记账中心申请";
        /// Too old, or in the future.
        "F-104" WrongDay { spent_on: BusinessDate, today: BusinessDate, source: String }
            zh "支出日期 {spent_on} 不在可报账的期限内(今天 {today};{source})" en "spent on {spent_on}, outside the time for claims (today {today})" next "核对日期;确属逾期的,由乡镇批准后按往来补记";
        /// One person signed twice.
        "F-105" SamePerson { claim: i64, name: String }
            zh "报账单 {claim} 的经手人、证明人、审批人不能是同一人({name})" en "{name} signs claim {claim} more than once" next "请不同的人分别签字";
        /// A row of the limit table.
        "F-106" BadLimit { rule: String, why: String }
            zh "限额规定 {rule} 不成立:{why}" en "the limit rule {rule} does not hold together: {why}" next "按限额表的格式更正";
        /// Nothing covers it.
        "F-107" NoRule { kind: String, amount: Amount }
            zh "限额表里没有“{kind}”{amount} 元的规定" en "no row of the limit table covers {kind} of {amount}" next "请县级业务人员补充限额规定";
        /// Too many photographs.
        "F-108" TooManyPhotos { claim: i64, most: i64 }
            zh "报账单 {claim} 最多 {most} 张照片" en "claim {claim} takes {most} photographs at most" next "分成几张报账单";
        /// Cash moves in positive amounts.
        "F-109" NotPositive { amount: Amount }
            zh "金额 {amount} 须大于零" en "the amount {amount} must be positive" next "核对金额";
        /// Not in the state for this.
        "F-201" WrongState { claim: i64, state: String, needed: String }
            zh "报账单 {claim} 现为“{state}”,此操作需要“{needed}”" en "claim {claim} is '{state}', not '{needed}'" next "刷新后按当前状态办理";
        /// Nobody looks at their own claim.
        "F-202" OwnClaim { claim: i64, user: String }
            zh "报账单 {claim} 由 {user} 填报,不能由本人受理或退回" en "claim {claim} was made by {user}, who cannot take it in" next "请代理记账中心的另一位会计办理";
        /// The invoice is on another claim.
        "F-203" SameInvoice { invoice: String, other: String }
            zh "发票 {invoice} 已在报账单 {other} 报过" en "invoice {invoice} is on claim {other} already" next "核对发票;不能重复报账";
        /// The photograph is on another claim.
        "F-204" SamePhoto { photo: i64, other: String }
            zh "第 {photo} 张照片与报账单 {other} 的照片是同一张" en "photograph {photo} is the one on claim {other}" next "核对票据;不能重复报账";
        /// The same sum to the same payee.
        "F-205" SamePayee { payee: String, amount: Amount, other: String }
            zh "30 天内已有付给 {payee} 的同额报账 {other}({amount})" en "{other} claims {amount} to {payee} within 30 days" next "确非重复的,写明理由后再送审";
        /// The day was closed.
        "F-206" DayClosed { on: BusinessDate, last: BusinessDate }
            zh "{on} 的现金账已结到 {last}" en "the cash book is closed through {last}; {on} takes nothing" next "记在 {last} 之后的日期";
        /// Cash would be below zero.
        "F-207" BelowZero { on: BusinessDate, balance: Amount }
            zh "{on} 的现金余额将为 {balance},不能为负" en "cash would stand at {balance} on {on}" next "先领取备用金,或改为银行转账";
        /// What was counted is not what the book says.
        "F-208" CountDiffers { on: BusinessDate, balance: Amount, counted: Amount }
            zh "{on} 账面现金 {balance},清点 {counted},不一致" en "on {on} the book says {balance}, counted {counted}" next "查明原因;查不清的先记现金长款或短款";
        /// Nothing to hand over.
        "F-209" NothingToHandOver { book: String }
            zh "账套 {book} 没有待移交的报账单" en "book {book} has no claims to hand over" next "送审后再移交原始凭证";
        /// No such claim.
        "F-301" UnknownClaim { claim: i64, book: String }
            zh "账套 {book} 没有报账单 {claim}" en "book {book} has no claim {claim}" next "用 claim list 查看报账单";
        /// No such photograph.
        "F-302" UnknownPhoto { claim: i64, photo: i64 }
            zh "报账单 {claim} 没有第 {photo} 张照片" en "claim {claim} has no photograph {photo}" next "刷新后再看";
        /// No such list.
        "F-303" UnknownHandover { handover: i64, book: String }
            zh "账套 {book} 没有移交清单 {handover}" en "book {book} has no handover list {handover}" next "用 claim list 查看";
        /// A project the register does not have.
        "F-304" UnknownProject { project: String, book: String }
            zh "账套 {book} 的项目台账没有项目 {project}" en "the register of {book} has no project {project}" next "用 project list 查编号;新项目先登记(project add)";
    }
}
