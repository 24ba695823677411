//! Why a payout does not go on. Y-1xx the list, Y-2xx steps, Y-3xx references and bank answers.

use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::refusals;

refusals! {
    /// Why the payout engine says no.
    pub enum PayoutRefusal {
        /// Findings that block.
        "Y-101" ListBlocked { count: usize, first: String }
            zh "发放清单有 {count} 处错误:{first}" en "the list has {count} errors: {first}" next "逐行更正后重新编制(payout check)";
        /// Findings that must be accepted.
        "Y-102" FlagsNotAccepted { count: usize, first: String }
            zh "发放清单有 {count} 处需核实:{first}" en "the list has {count} rows to look into: {first}" next "核实后写明理由(--accept)";
        /// Nothing in the list.
        "Y-103" EmptyList
            zh "发放清单没有行" en "the list has no rows" next "核对文件或来源";
        /// Parts of a row do not add up.
        "Y-104" PartsDiffer { row: i64, parts: Amount, amount: Amount }
            zh "第 {row} 行冲销科目合计 {parts} 与应付 {amount} 不一致" en "row {row}: what it settles sums to {parts}, not {amount}" next "核对应付科目";
        /// The bank's layout names something unknown.
        "Y-105" BadLayout { text: String }
            zh "报盘格式“{text}”无法识别" en "the layout '{text}' cannot be read" next "写成 序号=row,户名=account_name,账号=account,金额=amount,备注=remark";
        /// What a row settles cannot be read.
        "Y-106" BadParts { text: String }
            zh "冲销科目“{text}”无法识别" en "'{text}' does not say which accounts a row settles" next "写成 科目=金额,几个科目用分号隔开,如 221=600.00;222=400.00";
        /// Others' money is owed on one account.
        "Y-107" PartsOfOthersMoney { row: i64, payable: String }
            zh "第 {row} 行:代收代付的钱只冲销 {payable},不能另写科目" en "row {row}: money that passes through is owed on {payable} alone" next "删去冲销科目一列";
        /// A standard says how much and by which document.
        "Y-108" BadStandard { kind: String, amount: Amount }
            zh "{kind}标准 {amount} 须大于零并写明文号" en "the standard {amount} of {kind} must be positive and name its document" next "按文件填写金额和文号";
        /// The code is taken.
        "Y-201" BatchExists { batch: String }
            zh "批次 {batch} 已存在" en "batch {batch} exists already" next "换一个批次号";
        /// The source is being paid.
        "Y-202" SourcePaid { source_key: String, batch: String }
            zh "{source_key} 已在批次 {batch} 发放" en "{source_key} is paid by batch {batch} already" next "查看该批次,不要重复发放";
        /// Not at the step.
        "Y-203" WrongStep { batch: String, state: String, needed: String }
            zh "批次 {batch} 现为“{state}”,此步需要“{needed}”" en "batch {batch} is '{state}', not '{needed}'" next "按 编制→复核→报盘→回盘 的次序办理";
        /// Own list.
        "Y-204" OwnBatch { batch: String, user: String }
            zh "批次 {batch} 由 {user} 编制,不能由本人复核" en "batch {batch} was drawn up by {user}, who cannot review it" next "请另一位人员复核";
        /// The money for the batch is not there.
        "Y-205" NotFunded { batch: String, received: Amount, total: Amount }
            zh "批次 {batch} 应到 {total},实到 {received},代收代付的钱到账后才能报盘" en "batch {batch} needs {total}, {received} came in" next "先登记到账(payout receive)";
        /// Nothing waits.
        "Y-206" NothingToSend { batch: String }
            zh "批次 {batch} 没有待报盘的行" en "batch {batch} has no rows to send" next "退回的行先更正再重发";
        /// Only what came back is corrected.
        "Y-207" NotReturned { batch: String, row: i64, state: String }
            zh "批次 {batch} 第 {row} 行现为“{state}”,只有退回的行可以更正" en "row {row} of batch {batch} is '{state}', only returned rows are corrected" next "核对行号";
        /// More came in than the batch needs.
        "Y-208" TooMuchReceived { batch: String, received: Amount, total: Amount }
            zh "批次 {batch} 到账合计 {received},超过批次总额 {total}" en "batch {batch} received {received}, more than its {total}" next "核对拨款文件,多出部分另行登记";
        /// The kind takes no money in.
        "Y-209" NotPassingThrough { batch: String }
            zh "批次 {batch} 不是代收代付,不登记到账" en "batch {batch} does not pass others' money through" next "直接复核、报盘";
        /// What was paid by a standard is not changed afterwards.
        "Y-210" StandardExists { kind: String, from: BusinessDate, amount: Amount }
            zh "{kind}自 {from} 起的标准已登记为 {amount}" en "the standard of {kind} from {from} is kept as {amount}" next "新标准另写执行日期";
        /// No such batch.
        "Y-301" UnknownBatch { batch: String }
            zh "没有批次 {batch}" en "there is no batch {batch}" next "用 payout list 查看";
        /// The bank names a row that was not sent.
        "Y-302" NotSent { batch: String, row: i64 }
            zh "回盘第 {row} 行不在批次 {batch} 本次报盘之内" en "row {row} of the answer was not sent with batch {batch}" next "核对是否选错了批次或回盘文件";
        /// The bank's amount differs.
        "Y-303" AmountDiffers { row: i64, ours: Amount, theirs: Amount }
            zh "回盘第 {row} 行金额 {theirs} 与报盘 {ours} 不一致" en "row {row}: the bank says {theirs}, we sent {ours}" next "向银行核对";
        /// The answer is not whole.
        "Y-304" NotWhole { missing: usize, amount: Amount }
            zh "回盘缺 {missing} 行,金额 {amount};成功与失败之和须等于报盘" en "the answer lacks {missing} rows, {amount}" next "补齐回盘文件,或注明其余成功(--others-paid)";
        /// A word of the bank nobody knows.
        "Y-305" UnknownOutcome { row: i64, text: String }
            zh "回盘第 {row} 行状态“{text}”不认识" en "row {row}: the outcome '{text}' is not known" next "写成 成功 或 失败";
        /// A row twice in the answer.
        "Y-306" AnsweredTwice { row: i64 }
            zh "回盘第 {row} 行出现两次" en "row {row} is answered twice" next "核对回盘文件";
        /// A problem in a file of rows.
        "Y-307" BadFile { problems: usize, first: String }
            zh "文件有 {problems} 处错误:{first}" en "the file has {problems} problems: {first}" next "更正后重新导入";
    }
}
