//! What is wrong with single rows: every problem of a file is collected, none hides another.
//!
//! Pure.

use crate::ledger::AccountCode;
use crate::refusal::Refusal;
use crate::refusals;

/// A problem of one row: the place, the reason, what to do.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RowProblem {
    /// Row number in the file, from 1.
    pub row: u64,
    /// Heading of the column; blank if the whole row is meant.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// Stable code.
    pub code: String,
    /// Reason in Chinese.
    pub reason_zh: String,
    /// Reason in English.
    pub reason_en: String,
    /// What to do, in Chinese.
    pub next_zh: String,
}

impl RowProblem {
    /// A refusal found at a place.
    pub fn at(row: u64, column: &str, value: &str, why: impl Into<Refusal>) -> RowProblem {
        let Refusal { code, message_zh, message_en, next } = why.into();
        let (column, value) = (column.to_owned(), value.to_owned());
        RowProblem { row, column, value, code, reason_zh: message_zh, reason_en: message_en, next_zh: next }
    }
}

impl std::fmt::Display for RowProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "第 {} 行", self.row)?;
        if !self.column.is_empty() {
            write!(f, "“{}”列", self.column)?;
        }
        write!(f, " [{}] {}。{}", self.code, self.reason_zh, self.next_zh)
    }
}

/// What the book says to an account named in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowReason {
    /// The account exists but has sub-accounts: no line may stand on it, an opening may show its sum.
    NotLeaf(AccountCode),
    /// The book refuses the account (unknown, stopped, ambiguous name …).
    Refused(Refusal),
}

impl From<Refusal> for RowReason {
    fn from(refusal: Refusal) -> RowReason {
        RowReason::Refused(refusal)
    }
}

impl From<RowRefusal> for RowReason {
    fn from(why: RowRefusal) -> RowReason {
        RowReason::Refused(why.refusal())
    }
}

/// Looks an account up in the book's chart by code and name; either may be blank.
pub type Resolve<'r> = dyn Fn(&str, &str) -> Result<AccountCode, RowReason> + 'r;

refusals! {
    /// Why a row is not taken.
    pub enum RowRefusal {
        /// Not a date in any known form.
        "X-121" NotADate { text: String }
            zh "“{text}”不是日期" en "'{text}' is not a date" next "写成 2024-03-21";
        /// The row needs a date and has none.
        "X-122" NoDate
            zh "没有日期" en "there is no date" next "补上凭证日期";
        /// Money on both sides of one line.
        "X-123" BothSides { debit: String, credit: String }
            zh "同一行借方 {debit} 和贷方 {credit} 都有金额" en "one line has debit {debit} and credit {credit}" next "拆成两行";
        /// The row names no account.
        "X-124" NoAccount
            zh "没有科目" en "there is no account" next "补上科目编码或科目名称";
        /// The book has no such account.
        "X-125" UnknownAccount { code: String, name: String }
            zh "账套里没有科目“{code} {name}”" en "the book has no account '{code} {name}'" next "先增设该科目,或改正编码";
        /// A parent account carries no lines.
        "X-126" ParentAccount { code: String }
            zh "科目 {code} 有下级科目,不能直接记账" en "account {code} has sub-accounts" next "改用它的末级科目";
        /// A row without date and number before any voucher began.
        "X-127" NoVoucherBegun
            zh "这一行没有日期和凭证号,前面也没有凭证" en "no voucher has begun before this row" next "补上日期和凭证号";
        /// A long number that a spreadsheet program turned into a rounded one.
        "X-128" DamagedNumber { text: String }
            zh "长号码“{text}”被表格软件当成数字,后几位已丢失" en "the long number '{text}' lost its last digits in a spreadsheet"
            next "把该列设为文本,从原件重新录入或从原系统导出";
        /// A voucher word nobody knows.
        "X-129" UnknownWord { text: String }
            zh "不认识凭证字“{text}”" en "unknown voucher word '{text}'" next "改为 记、收、付 或 转";
        /// The file's own total line disagrees with its rows.
        "X-130" TotalDiffers { label: String, file: String, rows: String }
            zh "{label}行写的是 {file},各行相加是 {rows}" en "the total line says {file}, the rows add up to {rows}"
            next "文件可能不全或被改动,与导出的系统核对";
        /// A formula error in a cell.
        "X-131" CellError { text: String }
            zh "单元格是公式错误 {text}" en "the cell holds the error {text}" next "在表格软件中改正公式后另存";
        /// Neither debit nor credit.
        "X-132" NotASide { text: String }
            zh "“{text}”不是借贷方向" en "'{text}' is neither debit nor credit" next "写 借 或 贷";
        /// A line without money; it is left out.
        "X-133" NoMoney
            zh "这一行没有金额,未导入" en "the line has no money and is left out" next "如有遗漏请补上金额";
        /// A row with words only; it is left out.
        "X-134" NotALine
            zh "这一行没有科目和金额,未导入" en "the row has neither account nor money and is left out" next "如是凭证分录请补全";
        /// Another row of the same voucher is wrong, so the voucher is not taken.
        "X-135" AttachmentCount { text: String }
            zh "附单据张数“{text}”不是张数" en "'{text}' is not a number of attachments" next "填写整数";
        /// A stage nobody knows.
        "X-136" UnknownStage { text: String }
            zh "不认识阶段“{text}”" en "unknown stage '{text}'" next "写 业务 或 结转";
        /// The sums do not fit.
        "X-137" TooLarge
            zh "金额合计超出可记账的范围" en "the sums are too large for a book" next "核对金额的位数";
        /// The same thing twice in one file.
        "X-138" Repeated { what: String, first_row: u64 }
            zh "{what} 与第 {first_row} 行重复" en "{what} repeats row {first_row}" next "删去重复的一行";
        /// A code of the wrong shape.
        "X-139" BadCode { what: String, text: String }
            zh "{what}“{text}”不合规" en "'{text}' is not a well-formed code" next "核对位数,只用数字";
        /// A name is missing.
        "X-140" NoName
            zh "没有名称" en "there is no name" next "补上名称";
        /// A dimension nobody knows.
        "X-141" UnknownDimension { text: String }
            zh "不认识辅助核算“{text}”" en "unknown dimension '{text}'" next "可用 往来、项目、资金类别、文号、银行账户";
        /// The end lies before the beginning.
        "X-142" EndsBeforeItBegins
            zh "停用日期早于启用日期" en "it ends before it begins" next "核对两个日期";
        /// A parent's balance is not the sum of its sub-accounts.
        "X-143" ParentDiffers { code: String, file: String, rows: String }
            zh "上级科目 {code} 的余额 {file} 不等于下级合计 {rows}" en "account {code} shows {file}, its sub-accounts add up to {rows}"
            next "核对上下级科目的余额";
    }
}
