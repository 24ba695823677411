//! Why the ledger refuses to keep or post a voucher. Codes L-1xx are shape, L-2xx state, L-3xx references.

use crate::money::Amount;
use crate::refusals;

refusals! {
    /// Why a voucher is not taken.
    pub enum LedgerRefusal {
        /// A line carries money on both sides, or none.
        "L-104" OneSideOnly { line: usize }
            zh "第 {line} 条分录必须且只能在借方或贷方一侧有金额" en "line {line} must carry money on exactly one side" next "改为一条分录一个方向";
        /// A negative amount outside a red voucher.
        "L-105" NegativeAmount { line: usize, amount: Amount }
            zh "第 {line} 条分录金额 {amount} 为负;红字只用于冲销凭证" en "line {line} is negative ({amount}); red amounts belong in reversals" next "用红冲更正,或换一个借贷方向";
        /// An amount beyond what one line may carry.
        "L-106" AmountTooLarge { line: usize, amount: Amount }
            zh "第 {line} 条分录金额 {amount} 超出范围" en "line {line}: {amount} is too large" next "核对金额的位数";
        /// A line without a summary.
        "L-107" SummaryMissing { line: usize }
            zh "第 {line} 条分录缺摘要" en "line {line} has no summary" next "填写摘要";
        /// The date does not fall into the period.
        "L-108" DateOutsidePeriod { date: String, period: String }
            zh "凭证日期 {date} 不在会计期间 {period} 内" en "the date {date} is outside the period {period}" next "改日期,或换会计期间";
        /// Nothing to post.
        "L-109" NoVouchers
            zh "没有凭证" en "there are no vouchers" next "先录入或导入凭证";
        /// A voucher of another book than the act's.
        "L-112" OtherBook { book: String, other: String }
            zh "凭证属于账套 {other},不能随账套 {book} 录入" en "the voucher is of book {other}, not of {book}" next "在 {other} 账套中录入";
        /// Openings stand in the opening of a year, and nothing else stands there.
        "L-113" StageOutsidePeriod { period: String }
            zh "年初余额只能在年初期间,年初期间也只放年初余额;{period} 不符" en "openings stand in the opening of a year and nothing else does; {period} does not fit" next "业务凭证记入 1–12 月;年初余额用 book opening 录入";
        /// An opening kept as a draft.
        "L-114" OpeningAsDraft { period: String }
            zh "{period} 的年初余额不能录成凭证草稿" en "the opening of {period} is not kept as a draft" next "用 book opening 录入年初余额";
        /// A red voucher whose lines are not those of the voucher it reverses.
        "L-115" NotItsReversal { voucher: String }
            zh "红冲凭证的分录与原凭证 {voucher} 不是同方向的相反数" en "the red voucher's lines are not those of {voucher} with the opposite sign" next "用红冲功能生成;部分更正请先整张红冲再重新录入";
        /// The period was closed.
        "L-201" PeriodClosed { book: String, period: String }
            zh "账套 {book} 的 {period} 已结账,不能再记账" en "period {period} of book {book} is closed" next "记入未结账的期间;确需补记的,由有权限的人反结账";
        /// The book has no such period.
        "L-202" PeriodNotKept { book: String, period: String }
            zh "账套 {book} 没有启用会计期间 {period}" en "book {book} does not keep period {period}" next "用 period list 查看已启用的期间,新年度先执行 year open";
        /// The voucher is not in the state the act needs.
        "L-203" WrongState { voucher: String, state: String, needed: String }
            zh "凭证 {voucher} 现为“{state}”,此操作需要“{needed}”" en "voucher {voucher} is '{state}', not '{needed}'" next "刷新后按当前状态办理";
        /// The reviewer made the voucher.
        "L-204" OwnVoucher { voucher: String, user: String }
            zh "凭证 {voucher} 由 {user} 制单,不能由本人审核" en "voucher {voucher} was made by {user}, who cannot review it" next "请另一位审核人办理";
        /// The voucher was reversed before.
        "L-205" AlreadyReversed { voucher: String, by: String }
            zh "凭证 {voucher} 已被 {by} 红冲" en "voucher {voucher} was already reversed by {by}" next "查看红冲凭证 {by}";
        /// A red voucher is not reversed again.
        "L-206" IsReversal { voucher: String }
            zh "凭证 {voucher} 本身是红冲凭证" en "voucher {voucher} is itself a reversal" next "重新录入正确的凭证";
        /// A register keeps what the voucher says, too.
        "L-209" KeptByRegister { voucher: String, what: String, way: String }
            zh "凭证 {voucher} 由业务“{what}”生成,台账也记着这件事,单独红冲会使账与台账不符" en "voucher {voucher} was made by a register ({what}), which a red voucher would not tell" next "{way}";
        /// A posted voucher would get another number.
        "L-210" PostedWouldMove { voucher: String, to: i64 }
            zh "整理断号要把已过账的凭证 {voucher} 改为第 {to} 号,已过账的凭证不能改号" en "renumbering would move the posted voucher {voucher} to number {to}" next "断号留在账上;空出的号可由后面的新凭证说明";
        /// Nothing to renumber.
        "L-211" NoGaps { book: String, period: String }
            zh "账套 {book} 的 {period} 凭证号连续,没有断号" en "the numbers of book {book} in {period} are without gaps" next "无需整理";
        /// A registered project has no such special funds left.
        "L-212" ProjectOverdrawn { book: String, account: String, project: String, balance: Amount }
            zh "账套 {book} 项目 {project} 的专项资金(科目 {account})将为 {balance},不能为负" en "the special funds ({account}) of project {project} in book {book} would stand at {balance}" next "先收到该项目的资金;不能用其他项目的资金支付";
        /// An error of an earlier year.
        "L-214" EarlierYear { voucher: String, year: i64 }
            zh "凭证 {voucher} 是以前年度的,不能在 {year} 年用红字冲销:红字会减少 {year} 年的收入和支出(BASIC 第51条)"
            en "voucher {voucher} is of an earlier year and is not reversed in red in {year}"
            next "用 voucher add 录一张蓝字更正凭证,摘要写“订正某年某月某号凭证”(合作社按未来适用法记入当年);该年还没有年结的,--on 写该年的日期";
        /// The book ended.
        "L-213" BookEnded { book: String, on: String }
            zh "账套 {book} 已于 {on} 撤并,不再记账,月份不再反结账" en "book {book} ended on {on} and takes nothing more" next "记入并入的账套(book mergers 可查)";
        /// These rows are in the book already.
        "L-207" AlreadyImported { source_key: String }
            zh "来源 {source_key} 的凭证已入账" en "the voucher from source {source_key} is in the book already" next "无需重复导入";
        /// A file's voucher that is in the book with other content.
        "L-215" ChangedSince { number: String, on: String, voucher: String }
            zh "文件中 {on} 的 {number} 以前已导入为 {voucher},内容不同" en "{number} of {on} is in the book as {voucher}, with other content"
            next "先把原来那张作废(草稿)或红冲(已过账),再导入更正的;确是另一张凭证的,加 --also-changed";
        /// The opening can only be posted into an empty book.
        "L-208" OpeningAfterPosting { book: String }
            zh "账套 {book} 已有记账凭证,不能再录期初余额" en "book {book} has posted vouchers; its opening is closed" next "差额用调整凭证补记";
        /// No such account in the book's year.
        "L-301" UnknownAccount { line: usize, account: String, book: String, year: i64 }
            zh "第 {line} 条分录:账套 {book} 的 {year} 年科目表没有科目 {account}" en "line {line}: book {book} has no account {account} in {year}" next "用 account list 查科目编码,或先增设明细科目";
        /// The account has sub-accounts.
        "L-302" NotALeaf { line: usize, account: String }
            zh "第 {line} 条分录:科目 {account} 有下级科目,要记到末级" en "line {line}: account {account} has sub-accounts" next "选择它的末级明细科目";
        /// The account is no longer used.
        "L-303" AccountStopped { line: usize, account: String }
            zh "第 {line} 条分录:科目 {account} 已停用" en "line {line}: account {account} is stopped" next "改用在用的科目";
        /// A required dimension is missing.
        "L-304" DimensionMissing { line: usize, account: String, dimension: String }
            zh "第 {line} 条分录:科目 {account} 必须填写“{dimension}”" en "line {line}: account {account} needs the dimension {dimension}" next "补填{dimension}";
        /// No such voucher.
        "L-305" UnknownVoucher { voucher: String, book: String }
            zh "账套 {book} 没有凭证 {voucher}" en "book {book} has no voucher {voucher}" next "用 voucher list 查看凭证号";
        /// No such book.
        "L-306" UnknownBook { book: String }
            zh "没有账套 {book}" en "there is no book {book}" next "用 book list 查看已有账套";
        /// A reference to a voucher cannot be read.
        "L-308" NotAVoucherRef { text: String }
            zh "“{text}” 不是凭证号" en "'{text}' does not name a voucher" next "写成 2026-10-记-12";
    }
}

refusals! {
    /// Why an act that must be explained is not done.
    pub enum ReasonRefusal {
        /// No reason given.
        "L-110" Missing { what: String }
            zh "{what}必须写明原因" en "a reason is required ({what})" next "补填原因后再办理";
    }
}

refusals! {
    /// Why a file is not stored with a voucher.
    pub enum AttachmentRefusal {
        /// Empty, or too large.
        "L-111" Size { name: String, megabytes: usize }
            zh "附件“{name}”为空或超过 {megabytes} MB" en "the attachment '{name}' is empty or larger than {megabytes} MB" next "压缩照片或拆分文件后再上传";
    }
}
