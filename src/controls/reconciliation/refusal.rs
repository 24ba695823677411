//! Why a reconciliation says no.
//!
//! Pure.

use crate::refusals;

refusals! {
    /// What reconciliation refuses.
    pub enum ReconciliationRefusal {
        /// No such bank account.
        "R-101" UnknownAccount { account: String }
            zh "没有登记银行账户“{account}”" en "bank account '{account}' is not registered" next "用 bank list 查看,或用 bank add 登记";
        /// The code or number is registered already.
        "R-102" KnownAccount { account: String }
            zh "银行账户“{account}”已登记" en "bank account '{account}' is registered already" next "换一个代号,或直接使用已登记的账户";
        /// The file is another account's.
        "R-103" OtherAccount { account: String, file: String, number: String }
            zh "文件是账号 {file} 的对账单,银行账户 {account} 的账号是 {number}" en "the file is of account {file}, {account} is {number}"
            next "核对文件,或改用对应的银行账户";
        /// Several accounts in the file, none of them this one.
        "R-104" NotInFile { account: String, seen: String }
            zh "文件里没有银行账户 {account} 的流水,只有:{seen}" en "the file has no lines of {account}, only of: {seen}" next "核对账号";
        /// Lines dated before the account's start.
        "R-105" BeforeStart { row: u64, on: String, starts_on: String }
            zh "第 {row} 行的日期 {on} 早于对账起始日 {starts_on}" en "row {row} is dated {on}, before the start {starts_on}" next "只导入起始日以后的流水";
        /// It would change a closed and reconciled month.
        "R-106" PeriodFrozen { account: String, through: String }
            zh "银行账户 {account} 在 {through} 及以前已结账并对账,不能再变动" en "{account} is closed and reconciled through {through}" next "确需更正的,先反结账";
        /// An import other things rest on.
        "R-107" ImportInUse { import: i64, why: String }
            zh "第 {import} 次导入已被使用({why}),不能撤销" en "import {import} is in use ({why})" next "先撤销匹配、拆分或后来的导入";
        /// No such import, or it is undone.
        "R-108" UnknownImport { import: String }
            zh "没有可撤销的导入“{import}”" en "there is no import '{import}' to undo" next "用 bank list 查看导入记录";
        /// A line that is not there, or matched, or split.
        "R-109" LineNotFree { line: String }
            zh "流水 {line} 不存在、已匹配或已拆分" en "statement line {line} is not there, matched or split" next "用 reconcile list 查看未匹配的流水";
        /// A voucher line that is not there or matched.
        "R-110" EntryNotFree { entry: String }
            zh "分录 {entry} 不存在、未过账、不是本账户的分录或已匹配" en "entry {entry} is not there, not posted, not of this account or matched" next "用 reconcile list 查看未匹配的分录";
        /// The sums differ.
        "R-111" SumsDiffer { bank: String, book: String, difference: String }
            zh "流水合计 {bank} 与分录合计 {book} 相差 {difference},不能匹配" en "bank lines {bank} and entries {book} differ by {difference}" next "核对所选的行,或先拆分流水";
        /// Nothing to match.
        "R-112" TooFew
            zh "匹配至少要有两行" en "a match needs at least two lines" next "选上对应的流水和分录";
        /// Parts that do not add up.
        "R-113" BadSplit { line: String, amount: String, parts: String }
            zh "流水 {line} 的金额是 {amount},拆分合计为 {parts}" en "line {line} is {amount}, its parts add up to {parts}" next "各部分同收付方向,合计等于原金额";
        /// Not split, or parts in use.
        "R-114" NotSplit { line: String }
            zh "流水 {line} 没有拆分,或部分已匹配" en "line {line} is not split, or a part is matched" next "先撤销各部分的匹配";
        /// Not matched.
        "R-115" NotMatched { line: String }
            zh "{line} 没有匹配" en "{line} is not matched" next "用 reconcile list --matched 查看";
        /// A code or number of the wrong shape.
        "R-116" BadAccount { what: String }
            zh "银行账户资料不合规:{what}" en "bad bank account: {what}" next "核对后再登记";
        /// The document was saved for a closed month and would change.
        "R-117" DocumentFrozen { subject: String, period: String }
            zh "{subject} 在 {period} 的对账文件已签存且已结账,内容有变不能覆盖" en "the document of {subject} for {period} is saved and closed" next "先反结账,更正后重新签存";
        /// Two accounts that cannot transfer to each other.
        "R-118" NoTransfer { from: String, to: String }
            zh "账户 {from} 与 {to} 之间没有可匹配的转账" en "no transfer between {from} and {to} can be matched" next "核对两边的对账单是否都已导入";
        /// The line's loan act is done.
        "R-119" LoanMoneyDone { line: String }
            zh "流水 {line} 已办理贷款业务" en "the loan act of line {line} is done" next "要重新办理的,先用 reconcile loan-undo 撤销";
        /// The act would book another amount than the line's.
        "R-120" NotThatMuch { line: String, amount: String, made: String }
            zh "流水 {line} 的金额是 {amount},业务在本账户入账 {made},没有办理" en "line {line} is {amount}, the act books {made}" next "核对所选的贷款、代偿或批次";
        /// Nobody said what stands against collected money.
        "R-121" NoAgainst { line: String }
            zh "流水 {line} 是代收的贷款资金,没有写明对方科目" en "what stands against collected loan money (line {line}) was not said" next "用 --ledger-account 写明代收款的科目";
        /// The act has no way back.
        "R-122" NoWayBack { line: String, what: String }
            zh "流水 {line} 没有可撤销的还款或收回({what})" en "line {line} has no payment or recovery to take back ({what})" next "代偿用 fund recover 登记收回,贴息退票用 subsidy return 登记";
        /// The account's own book has the loan, and money of it goes the other way.
        "R-124" OwnLoan { line: String, loan: String }
            zh "贷款 {loan} 是本账套自己的借款,流水 {line} 的收付方向不是还款" en "loan {loan} is this book's own; line {line} is no payment of it" next "支出的流水才是还款;收到的借款由 loan disburse 入账后自动匹配";
        /// Nothing, or several things, may be meant.
        "R-123" NotCertain { line: String, offers: usize }
            zh "流水 {line} 有 {offers} 个可能的贷款业务,不能自动办理" en "line {line} has {offers} possible loan acts; none is certain" next "用 reconcile loans 查看,再写明贷款、代偿或批次";
    }
}
