//! Why a register of village affairs says no. Z-1xx shape, Z-2xx state, Z-3xx references, Z-4xx limits.

use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::refusals;

refusals! {
    /// Why village affairs say no.
    pub enum AffairsRefusal {
        /// Something is missing or wrong.
        "Z-101" Incomplete { what: String }
            zh "还缺或有误:{what}" en "missing or wrong: {what}" next "补齐后再登记";
        /// Ends before it begins.
        "Z-102" EndsBefore { from: BusinessDate, through: BusinessDate }
            zh "{through} 在开始日期 {from} 之前" en "{through} is before the beginning on {from}" next "核对日期";
        /// A standard that cannot be read.
        "Z-103" BadStandard { rule: String, why: String }
            zh "标准 {rule} 不成立:{why}" en "the standard {rule} does not hold together: {why}" next "按标准表的格式更正";
        /// Somebody has the post then.
        "Z-201" PostTaken { post: String, name: String, duty: i64 }
            zh "“{post}”在这段时间由 {name}(第 {duty} 号)担任" en "{name} (no. {duty}) is {post} in that time" next "先登记前任离任的日期";
        /// Two posts one person may not have at once.
        "Z-202" PostsClash { name: String, post: String, other: String }
            zh "{name} 同时任“{other}”,不能兼任“{post}”" en "{name} is {other} and cannot be {post} at once" next "不相容岗位由不同的人担任";
        /// It ended already.
        "Z-203" DutyEnded { duty: i64, through: BusinessDate }
            zh "第 {duty} 号任职已于 {through} 结束" en "duty {duty} ended on {through}" next "刷新后再看";
        /// No such duty.
        "Z-301" UnknownDuty { duty: i64, book: String }
            zh "账套 {book} 没有第 {duty} 号任职" en "book {book} has no duty {duty}" next "用 duty list 查看";
        /// No standard on that day.
        "Z-302" NoStandard { item: String, on: BusinessDate }
            zh "{on} 没有“{item}”的标准" en "there is no standard for {item} on {on}" next "请县级业务人员登记标准(resident standard-add)";
        /// More than the standard allows.
        "Z-401" OverStandard { item: String, amount: Amount, left: Amount, standard: Amount, source: String }
            zh "“{item}”标准 {standard},还可支付 {left},不能支付 {amount}({source})" en "{item}: the standard of {standard} leaves {left}, not {amount}" next "核对任职时间和已付的款项;超过标准的由派出单位承担";
    }
}
