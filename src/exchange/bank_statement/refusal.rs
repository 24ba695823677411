//! Why a bank's file is not taken, and what in it does not follow.
//!
//! Pure.

use crate::refusals;

refusals! {
    /// What is wrong with a bank statement.
    pub enum StatementRefusal {
        /// 借 and 贷 without anything that says which is money in.
        "X-201" SideUnsettled { forward: usize, backward: usize, steps: usize }
            zh "余额不能说明借方是收入还是支出(借方为支出时 {forward}/{steps} 行相符,为收入时 {backward}/{steps} 行)"
            en "the balances do not tell whether debit is money out ({forward} of {steps} rows follow) or in ({backward} of {steps})"
            next "用 --debit-is out(借方为支出)或 in(借方为收入)说明";
        /// A flag that names neither side.
        "X-202" UnknownFlag { text: String }
            zh "“{text}”看不出是收还是支" en "'{text}' says neither in nor out" next "改为 收/支 或 借/贷";
        /// No money in the row.
        "X-203" NoMoney
            zh "没有金额" en "there is no amount" next "核对原文件的这一行";
        /// Not renminbi.
        "X-204" OtherCurrency { text: String }
            zh "币种“{text}”不是人民币" en "currency '{text}' is not CNY" next "只导入人民币账户";
        /// The same row a second time.
        "X-205" RowTwice { first: u64 }
            zh "与第 {first} 行是同一笔:日期、流水号、金额都相同" en "the same as row {first}: date, serial number and amount"
            next "删去重复的一行再导入;银行确有两笔的,应有两个流水号或各自的余额";
        /// The chain of balances breaks here.
        "X-211" ChainBroken { expected: String, stated: String }
            zh "余额接不上:按上一行应为 {expected},这里写的是 {stated}" en "the balance does not follow: expected {expected}, stated {stated}"
            next "核对此行前后是否缺行或多行";
        /// The stated closing balance differs.
        "X-212" ClosingDiffers { expected: String, stated: String }
            zh "期初加收入减支出为 {expected},对账单期末余额写的是 {stated}" en "opening plus in less out is {expected}, the stated closing balance is {stated}"
            next "核对文件是否完整";
        /// The stated opening balance differs from the first row's.
        "X-213" OpeningDiffers { expected: String, stated: String }
            zh "按第一行推算的期初余额为 {expected},对账单写的是 {stated}" en "the first row implies an opening balance of {expected}, stated {stated}"
            next "核对文件开头是否缺行";
        /// A total line differs.
        "X-214" TotalDiffers { label: String, rows: String, stated: String }
            zh "{label}:各行相加为 {rows},文件写的是 {stated}" en "{label}: the rows add up to {rows}, the file says {stated}"
            next "核对文件是否完整";
        /// A number of rows differs.
        "X-215" CountDiffers { rows: usize, stated: String }
            zh "读到 {rows} 行,文件写的笔数是 {stated}" en "{rows} rows were read, the file says {stated}" next "核对文件是否完整";
        /// Days between two files that no file covers.
        "X-216" Gap { before: String, after: String }
            zh "上次对账单到余额 {before} 为止,这一份从余额 {after} 开始,中间缺行" en "the last statement ended at {before}, this one begins at {after}: lines are missing between"
            next "补导入中间日期的对账单";
        /// Words and balance disagree; the balance wins.
        "X-217" WordsTurned { steps: usize }
            zh "按列名,收支方向与余额不符;已按余额判断({steps} 行都相符)" en "the balance turns the headings' sides round ({steps} rows follow)"
            next "核对一两行金额的收支方向";
        /// Looks like an earlier row, but the bank's balance goes on.
        "X-218" MaybeTwice { first: u64 }
            zh "疑似与第 {first} 行重复:日期、流水号、金额相同,余额不同;已按两笔导入" en "perhaps row {first} again: same date, serial number and amount, another balance"
            next "与银行核对是否两笔";
        /// Not a statement of its kind.
        "X-221" BadFormat { format: String, line: usize, what: String }
            zh "{format} 文件第 {line} 行不合规范:{what}" en "{format}: line {line} is malformed: {what}" next "从银行重新导出";
        /// A statement without any line.
        "X-222" NoLines { format: String }
            zh "{format} 文件里没有交易" en "the {format} file holds no entries" next "检查导出的日期范围";
    }
}
