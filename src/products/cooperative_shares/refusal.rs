//! Why a share register or a distribution says no. H-1xx shape, H-2xx holdings, H-3xx references; D-1xx figures, D-2xx steps.

use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::refusals;

refusals! {
    /// Why the register does not take an entry.
    pub enum ShareRefusal {
        /// A class whose terms do not fit together.
        "H-101" BadClass { class: String, why: String }
            zh "股权种类 {class} 的约定不成立:{why}" en "the share class {class} does not hold together: {why}" next "按章程补齐后再登记";
        /// Money comes in positive amounts.
        "H-102" NotPositive { member: String, amount: Amount }
            zh "{member} 的股权金额 {amount} 须大于零" en "the amount {amount} of {member} must be positive" next "核对金额";
        /// No document.
        "H-103" NoDocument { what: String }
            zh "{what}缺依据文件" en "{what} needs a document" next "填写协议、决议或凭据的编号";
        /// A thing without a valuation paper.
        "H-104" NotValued { what: String }
            zh "实物出资“{what}”没有作价依据" en "the contribution in kind '{what}' has no valuation paper"
            next "填写发票、全体成员评估决议或评估报告的编号(COOP37 第17、22、25、30条)";
        /// A nominal value other than one yuan.
        "H-105" NotNominal { what: String, amount: Amount }
            zh "“{what}”按名义金额入账只能是 1.00 元,不是 {amount}" en "a nominal asset stands at 1.00 yuan, not {amount} ('{what}')" next "改为 1.00 元并在备查簿登记";
        /// Nobody to give to.
        "H-106" NobodyNamed
            zh "没有写明成员" en "no member is named" next "至少写一名成员";
        /// More than is held on that date.
        "H-201" NotHeld { member: String, class: String, on: BusinessDate, held: Amount, wanted: Amount }
            zh "{member} 在 {on} 持有 {class} 股权 {held},不足 {wanted}" en "{member} holds {held} of {class} on {on}, less than {wanted}"
            next "查 share register 后更正金额或日期";
        /// A later entry would be left without cover.
        "H-202" LaterEntry { member: String, class: String, on: BusinessDate }
            zh "{member} 的 {class} 股权在 {on} 之后已有变动,倒签会使持股为负" en "later entries of {member} on {class} after {on} would turn the holding negative" next "改用变动之后的日期";
        /// More would be quantified than there is.
        "H-203" OverQuantified { column: String, there: Amount, wanted: Amount }
            zh "{column}可量化余额 {there},不足 {wanted}" en "{there} is left to quantify for {column}, less than {wanted}" next "核对专项基金、公积金余额";
        /// Register and account differ.
        "H-204" NotTied { member: String, register: Amount, account: Amount }
            zh "{member} 的登记出资 {register} 与股金科目余额 {account} 不一致" en "the register says {register} for {member}, the account {account}" next "查股金科目的手工分录,先更正再办理";
        /// A leaving member bears no more than there is.
        "H-205" LossTooLarge { member: String, loss: Amount, most: Amount }
            zh "{member} 分摊的亏损 {loss} 超过可分摊的 {most}" en "{member} cannot bear {loss} of the loss, at most {most}"
            next "按章程核定分摊额,不超过账面亏损和应退金额";
        /// No such class.
        "H-301" UnknownClass { class: String }
            zh "没有股权种类 {class}" en "there is no share class {class}" next "先登记股权种类(share class)";
        /// Quantified parts are made by quantifying.
        "H-302" WrongClassKind { class: String, kind: String }
            zh "{class} 是{kind},不能这样办理" en "{class} is {kind} and is not handled this way" next "核对股权种类";
    }
}

refusals! {
    /// Why a distribution is not drawn up or does not go on.
    pub enum DividendRefusal {
        /// An account that must be cleared first.
        "D-101" Uncleared { account: String, balance: Amount }
            zh "科目 {account} 还有余额 {balance},不能分配" en "account {account} still stands at {balance}; nothing is distributed" next "先结转损益、清理待处理财产损溢(dividend settle)";
        /// More than may be distributed.
        "D-102" MoreThanThereIs { wanted: Amount, there: Amount }
            zh "拟分配 {wanted},超过可分配 {there}" en "{wanted} is more than the distributable {there}" next "减少提取或分配";
        /// Nothing to distribute.
        "D-103" NothingThere { there: Amount }
            zh "可分配数为 {there},没有可分配的" en "the distributable sum is {there}; there is nothing to distribute" next "有亏损的先弥补";
        /// The 60 % rule without a recorded basis.
        "D-104" RefundsTooSmall { refunds: Amount, least: Amount }
            zh "盈余返还 {refunds} 低于可分配盈余的 60%({least}),合作社法要求不低于 60%" en "refunds of {refunds} are below 60 % of the distributable surplus ({least})"
            next "提高返还比例;不适用合作社法的(如股份经济合作社),写明依据(--basis)";
        /// Refunds wanted, but nobody traded.
        "D-105" NoTrade { year: i64 }
            zh "{year} 年没有成员交易额,无法计算盈余返还" en "no member trade of {year} is known, refunds cannot be computed" next "先导入成员交易量(额)";
        /// Nobody holds anything.
        "D-106" NoHolders { year: i64 }
            zh "{year} 年没有参与分配的股权" en "nobody holds a share that takes part in {year}" next "先登记股权";
        /// A rate outside 0–100 %.
        "D-107" BadRate { what: String, rate: String }
            zh "{what} {rate} 不在 0–100% 之间" en "{what} {rate} is outside 0–100 %" next "按章程填写";
        /// A village collective has no patronage refunds.
        "D-108" NoRefundsHere
            zh "村集体没有按交易额返还" en "a village collective pays no patronage refunds" next "返还比例填 0";
        /// No such plan.
        "D-201" UnknownPlan { book: String, plan: i64 }
            zh "账套 {book} 没有分配方案 {plan}" en "book {book} has no distribution plan {plan}" next "用 dividend list 查看";
        /// The plan is not at the step.
        "D-202" WrongStep { plan: i64, state: String, needed: String }
            zh "分配方案 {plan} 现为“{state}”,此步需要“{needed}”" en "plan {plan} is '{state}', not '{needed}'" next "按 编制→复核→公示→发放→归档 的次序办理";
        /// Own plan.
        "D-203" OwnPlan { plan: i64, user: String }
            zh "分配方案 {plan} 由 {user} 编制,不能由本人复核" en "plan {plan} was drafted by {user}, who cannot review it" next "请另一位人员复核";
        /// The facts changed since the draft.
        "D-204" FactsChanged { plan: i64 }
            zh "方案 {plan} 编制后股权、交易额或盈余有变动" en "holdings, trade or surplus changed since plan {plan} was drafted" next "重新编制方案";
        /// The notice is still up.
        "D-205" NoticeRunning { plan: i64, through: BusinessDate }
            zh "方案 {plan} 公示到 {through},期满后才能发放" en "the notice of plan {plan} runs through {through}" next "公示期满无异议后再办理";
        /// A notice that ends before it begins, or too short.
        "D-206" BadNotice { from: BusinessDate, through: BusinessDate }
            zh "公示期 {from} 至 {through} 不足 7 天" en "a notice from {from} through {through} is shorter than 7 days" next "按 7 天以上填写(YKT)";
        /// The year has a plan already.
        "D-207" YearHasPlan { year: i64, plan: i64 }
            zh "{year} 年已有分配方案 {plan}" en "{year} has plan {plan} already" next "先作废旧方案,或沿用旧方案";
        /// Something is not paid yet.
        "D-208" NotPaid { plan: i64, left: Amount }
            zh "方案 {plan} 还有 {left} 未发放,不能归档" en "{left} of plan {plan} is not paid yet" next "发放完毕(含退回重发)后再归档";
    }
}
