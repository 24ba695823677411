//! Why a project says no. U-1xx shape, U-2xx state, U-3xx references, U-4xx limits.

use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::refusals;

refusals! {
    /// Why a project says no.
    pub enum ProjectRefusal {
        /// The card or contract lacks something.
        "U-101" CardIncomplete { project: String, what: String }
            zh "项目 {project} 还缺或有误:{what}" en "project {project} lacks or has wrong: {what}" next "补齐后再保存";
        /// A document is asked for.
        "U-102" NeedsDocument { project: String, what: String }
            zh "项目 {project} 的{what}要写明文件或记录编号" en "project {project}: {what} needs the number of its document" next "写明文件、会议记录或验收单的编号";
        /// Sums are positive.
        "U-103" NotPositive { project: String, amount: Amount }
            zh "项目 {project}:金额 {amount} 须大于零" en "project {project}: the amount {amount} must be positive" next "核对金额";
        /// Progress is 0 to 100 and never less than before.
        "U-104" BadPercent { percent: i64, before: i64 }
            zh "进度 {percent}% 不成立:应在 {before}% 与 100% 之间" en "{percent} % is not between {before} % and 100 %" next "核对现场进度;进度只能增加";
        /// A line of material or labour that does not add up.
        "U-105" BadWork { line: i64, what: String, amount: Amount }
            zh "清单第 {line} 行“{what}”的数量、单价与金额 {amount} 不符,或缺项" en "line {line} '{what}': quantity times price is not {amount}" next "按数量×单价四舍五入到分更正";
        /// Others build it.
        "U-106" NotSelfBuilt { project: String }
            zh "项目 {project} 不是村民自建,没有材料用工清单" en "project {project} is not self-built" next "按合同和进度付款";
        /// The register already has it.
        "U-107" ProjectTaken { project: String }
            zh "项目 {project} 已登记" en "project {project} is registered already" next "用 project change 修改待批复的项目,或换一个编号";
        /// A rule of projects cannot be read.
        "U-108" BadRule { rule: String, why: String }
            zh "项目规定 {rule} 不成立:{why}" en "the project rule {rule} does not hold together: {why}" next "按规定表的格式更正";
        /// Not in the state for this.
        "U-201" WrongState { project: String, state: String, needed: String }
            zh "项目 {project} 现为“{state}”,此操作需要“{needed}”" en "project {project} is '{state}', not '{needed}'" next "按批复、实施、验收、结算、完工的次序办理";
        /// Before it was approved.
        "U-202" BeforeApproval { project: String, on: BusinessDate, approved_on: BusinessDate }
            zh "项目 {project} 于 {approved_on} 批复,{on} 的业务在批复之前" en "project {project} was approved on {approved_on}; {on} is before that" next "批复后再实施和付款";
        /// The number is taken.
        "U-203" ContractTaken { project: String, contract: String }
            zh "项目 {project} 已有合同 {contract}" en "project {project} has the contract {contract} already" next "换一个合同编号";
        /// Progress goes forward.
        "U-204" BackInTime { project: String, on: BusinessDate, last: BusinessDate }
            zh "项目 {project} 的进度已记到 {last},{on} 在其之前" en "project {project} has progress through {last}; {on} is before that" next "核对日期";
        /// Nobody looks at their own.
        "U-205" OwnProject { project: String, user: String }
            zh "项目 {project} 由 {user} 立项,不能由本人批复、验收或结算" en "project {project} was made by {user}, who cannot approve it" next "请另一位审核人办理";
        /// Rewards come after acceptance.
        "U-206" RewardTooEarly { project: String }
            zh "项目 {project} 是以奖代补,验收后才能收到奖补资金" en "project {project} is rewarded after its acceptance" next "先验收";
        /// Not finished building.
        "U-207" NotDone { project: String, progress: i64 }
            zh "项目 {project} 进度 {progress}%,不能验收" en "project {project} is {progress} % done and cannot be accepted" next "进度到 100% 后再验收";
        /// The books and the settlement differ.
        "U-208" BooksDiffer { project: String, books: Amount, register: Amount }
            zh "项目 {project}:账上在建工程 {books},登记已付 {register},不一致" en "project {project}: the books have {books} under construction, the register paid {register}" next "先把付款凭证全部审核过账;手工凭证记错项目的红冲更正";
        /// No such project.
        "U-301" UnknownProject { project: String, book: String }
            zh "账套 {book} 没有项目 {project}" en "book {book} has no project {project}" next "用 project list 查看,或先用 project add 登记";
        /// No such budget line.
        "U-302" UnknownItem { project: String, item: String }
            zh "项目 {project} 的预算没有“{item}”这一项,或合同不属于这一项" en "the budget of {project} has no '{item}' for this" next "用 project show 查看预算各项";
        /// No such contract.
        "U-303" UnknownContract { project: String, contract: String }
            zh "项目 {project} 没有合同 {contract}" en "project {project} has no contract {contract}" next "先用 project contract 登记合同";
        /// The household owes no such levy.
        "U-304" NotLevied { project: String, household: String, left: Amount }
            zh "项目 {project}:户 {household} 应缴筹资只剩 {left}" en "project {project}: household {household} owes {left}" next "核对户和金额";
        /// The asset's code is taken.
        "U-305" AssetTaken { asset: String }
            zh "资产编号 {asset} 已登记" en "the asset {asset} is registered already" next "换一个资产编号";
        /// Beyond a budget line.
        "U-401" OverItem { project: String, item: String, amount: Amount, left: Amount }
            zh "项目 {project}:{amount} 超过预算“{item}”的余额 {left}" en "project {project}: {amount} is more than the {left} left of '{item}'" next "核对金额;需要调整预算的先报批";
        /// Beyond the whole.
        "U-402" OverTotal { project: String, amount: Amount, left: Amount, most: Amount }
            zh "项目 {project}:{amount} 超过可付余额 {left}(批复或结算 {most})" en "project {project}: {amount} is more than the {left} left of {most}" next "核对金额和已付、已报账的款项";
        /// Ahead of the progress.
        "U-403" AheadOfProgress { project: String, contract: String, amount: Amount, done: i64, left: Amount }
            zh "项目 {project} 合同 {contract}:进度 {done}%,现在最多再付 {left},不能付 {amount}" en "project {project}, contract {contract}: {done} % done allows {left} more, not {amount}" next "先用 project progress 登记进度,或按进度付款";
        /// Beyond the lists.
        "U-404" BeyondLists { project: String, amount: Amount, left: Amount }
            zh "项目 {project}:{amount} 超过材料用工清单的未付余额 {left}" en "project {project}: {amount} is more than the {left} unpaid on its lists" next "先用 project work 登记材料用工清单";
        /// A settlement out of bounds.
        "U-405" BadSettlement { project: String, amount: Amount, least: Amount, most: Amount }
            zh "项目 {project}:结算 {amount} 应在已付 {least} 与批复 {most} 之间" en "project {project}: the settlement {amount} must lie between {least} and {most}" next "核对结算审定数";
        /// No contract, and not self-built.
        "U-406" NeedsContract { project: String }
            zh "项目 {project} 不是村民自建,付款要写明合同" en "project {project} is not self-built; a payment names its contract" next "先用 project contract 登记合同";
        /// More than there is.
        "U-407" FundShort { project: String, amount: Amount, balance: Amount }
            zh "项目 {project} 的专项资金余额 {balance},不足 {amount}" en "project {project} has {balance} of special funds, not {amount}" next "核对到账的资金;不能用其他项目的资金";
        /// A decision of the village is asked for.
        "U-408" NeedsDecision { project: String, amount: Amount, source: String }
            zh "项目 {project} 预算 {amount},须有四议两公开记录({source})" en "project {project} of {amount} needs the village's decision" next "用 project change --decision 写明会议记录编号";
    }
}
