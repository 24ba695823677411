//! Why supervision says no. T-1xx shape, T-2xx state, T-3xx references.

use crate::calendar::BusinessDate;
use crate::refusals;

refusals! {
    /// Why a rule, a finding, a package is not taken.
    pub enum SupervisionRefusal {
        /// A row of the rules.
        "T-101" BadRule { rule: String, why: String }
            zh "预警规则“{rule}”不成立:{why}" en "the rule '{rule}' does not hold together: {why}" next "按规则表的格式更正";
        /// A finding without question, owner or time.
        "T-102" BadFinding { why: String }
            zh "督办单不成立:{why}" en "the finding does not hold together: {why}" next "补齐后再发出";
        /// The folder is not empty.
        "T-103" FolderInUse { folder: String }
            zh "文件夹 {folder} 里已有内容" en "the folder {folder} is not empty" next "换一个空文件夹";
        /// Not a package.
        "T-104" NotAPackage { folder: String }
            zh "文件夹 {folder} 里没有校验清单" en "there is no list of digests in {folder}" next "核对路径;清单名为 清单.json";
        /// The package was changed.
        "T-105" PackageChanged { found: usize, first: String }
            zh "审计数据包有 {found} 处与清单不符,第一处:{first}" en "{found} places of the package differ from its list, first {first}" next "向出具单位重新索取,并报告这一差异";
        /// The day is past.
        "T-106" DueInThePast { due_on: BusinessDate }
            zh "答复期限 {due_on} 已过" en "the day to answer by, {due_on}, is past" next "改为今天以后的日期";
        /// Not in the state for this.
        "T-201" WrongState { finding: i64, state: String, needed: String }
            zh "督办单 {finding} 现为“{state}”,此操作需要“{needed}”" en "finding {finding} is '{state}', not '{needed}'" next "刷新后按当前状态办理";
        /// Closed by who answered.
        "T-202" OwnFinding { finding: i64, user: String }
            zh "督办单 {finding} 由 {user} 承办,不能由本人销号" en "finding {finding} was answered by {user}, who cannot close it" next "请发出督办单的人或其他监督人员销号";
        /// No such finding.
        "T-301" UnknownFinding { finding: i64 }
            zh "没有督办单 {finding}" en "there is no finding {finding}" next "用 finding list 查看";
        /// No such flag.
        "T-302" UnknownFlag { rule: String, object: String }
            zh "没有预警“{rule} {object}”" en "there is no flag {rule} {object}" next "先运行 supervise run,再从预警表里选";
    }
}
