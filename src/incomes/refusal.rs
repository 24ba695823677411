//! Why an income is not taken in, why a rule of the signals is not kept. I-8xx.

use crate::refusals;

refusals! {
    /// Why the register of incomes says no.
    pub enum IncomeRefusal {
        /// No class.
        "I-801" UnknownType { text: String }
            zh "不认识收入类别“{text}”" en "unknown class of income '{text}'" next "可用:工资性收入 生产经营性收入 财产性收入 转移性收入";
        /// Nothing, or less.
        "I-802" NoAmount { text: String }
            zh "收入金额“{text}”不是正数" en "the income '{text}' is not above zero" next "填写实际到手的金额,单位元";
        /// No day, or one that is yet to come.
        "I-803" BadDay { text: String }
            zh "到账日期“{text}”没有填写或晚于今天" en "the day '{text}' is missing or yet to come" next "填写到账日期;只知道年度的写当年12月31日";
        /// No such row.
        "I-804" UnknownEntry { entry: i64 }
            zh "没有导入的收入 {entry},或已作废" en "there is no imported income {entry}, or it was dropped" next "用 household income 查看该户的收入行";
        /// A rule that cannot be.
        "I-805" BadRule { rule: String, why: String }
            zh "预警规则“{rule}”{why}" en "the rule '{rule}' cannot be kept: {why}" next "补上依据,核对起止日期、天数和百分比";
        /// A household without code.
        "I-806" NoHousehold
            zh "没有户编号" en "the household's code is missing" next "填写户编号";
    }
}
