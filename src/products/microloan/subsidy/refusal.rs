//! Why a subsidy batch does not move on. M-6xx.

use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::refusals;

refusals! {
    /// Why the subsidy says no.
    pub enum SubsidyRefusal {
        /// Not a quarter or a year.
        "M-601" NotABatch { text: String }
            zh "“{text}”不是贴息批次" en "'{text}' is not a subsidy batch" next "写成 2026Q3 或 2026";
        /// An earlier batch is still on its way.
        "M-602" EarlierOpen { batch: String, earlier: String }
            zh "批次 {earlier} 尚未审批,不能计算 {batch}" en "batch {earlier} is not approved yet; {batch} cannot be run" next "先办完前一批次";
        /// No such batch.
        "M-603" UnknownBatch { batch: String }
            zh "没有贴息批次 {batch}" en "there is no subsidy batch {batch}" next "先执行 subsidy run";
        /// The state does not fit.
        "M-604" WrongBatchState { batch: String, state: String, step: String }
            zh "批次 {batch} 现为“{state}”,不能{step}" en "batch {batch} is '{state}'; it cannot be: {step}" next "按流程办理";
        /// Who made it does not review it.
        "M-605" OwnBatch { batch: String, user: String }
            zh "批次 {batch} 由 {user} 计算,须由另一人办理" en "{user} made batch {batch}; another person is needed" next "请另一位复核人办理";
        /// Must be run again.
        "M-606" MustRun { batch: String, why: String }
            zh "批次 {batch} 需要重新计算:{why}" en "batch {batch} must be run again: {why}" next "执行 subsidy run 后重新复核";
        /// Shown publicly first.
        "M-607" NoNotice { batch: String }
            zh "批次 {batch} 尚未公示" en "batch {batch} was not announced" next "公示期满后再审批";
        /// Changed since the review.
        "M-608" ChangedSinceReview { batch: String }
            zh "批次 {batch} 的明细在复核后有变动" en "the rows of batch {batch} changed after the review" next "重新复核";
        /// The subsidy account does not hold enough.
        "M-609" NotEnough { balance: Amount, needed: Amount }
            zh "贴息资金存款 {balance},不足 {needed}" en "the subsidy account holds {balance}, not {needed}" next "先收到财政拨款(subsidy receive)";
        /// The county keeps no subsidy book.
        "M-610" NoSubsidyBook
            zh "没有贴息资金账套" en "there is no book of subsidy money" next "先执行 book add --kind subsidy_fund";
        /// The days of the batch are not over.
        "M-612" NotOver { batch: String, through: BusinessDate }
            zh "批次 {batch} 到 {through} 才结束" en "batch {batch} lasts until {through}" next "期满后再计算";
        /// The row was not paid, or was returned before.
        "M-611" NotPaid { loan: String }
            zh "贷款 {loan} 在该批次没有已付款" en "loan {loan} has no payment in that batch" next "核对退票清单";
        /// A claim elsewhere that ends before it begins.
        "M-613" EndsBeforeBegin { household: String, from: BusinessDate }
            zh "农户 {household} 在其他部门的申报自 {from} 起,止日早于起日" en "the claim elsewhere for household {household} from {from} ends before it begins" next "核对起止日期";
    }
}
