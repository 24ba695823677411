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
        /// Votes and attendance do not fit.
        "Z-104" VotesDiffer { step: String, present: i64, votes: i64 }
            zh "“{step}”到会 {present} 人,票数合计 {votes},不一致" en "{step}: {present} present and {votes} votes" next "赞成、反对、弃权合计应等于到会人数,到会不超过应到";
        /// Somebody has the post then.
        "Z-201" PostTaken { post: String, name: String, duty: i64 }
            zh "“{post}”在这段时间由 {name}(第 {duty} 号)担任" en "{name} (no. {duty}) is {post} in that time" next "先登记前任离任的日期";
        /// Two posts one person may not have at once.
        "Z-202" PostsClash { name: String, post: String, other: String }
            zh "{name} 同时任“{other}”,不能兼任“{post}”" en "{name} is {other} and cannot be {post} at once" next "不相容岗位由不同的人担任";
        /// It ended already.
        "Z-203" DutyEnded { duty: i64, through: BusinessDate }
            zh "第 {duty} 号任职已于 {through} 结束" en "duty {duty} ended on {through}" next "刷新后再看";
        /// Too few came.
        "Z-204" TooFewPresent { step: String, present: i64, expected: i64, least: String }
            zh "“{step}”应到 {expected} 人,到会 {present} 人,不足 {least}" en "{step}: {present} of {expected} came, fewer than {least}" next "到会人数达到规定后再召开";
        /// A step before another.
        "Z-205" OutOfTurn { step: String, needed: String }
            zh "“{step}”还不能记:需要“{needed}”" en "{step} needs '{needed}' first" next "按提议、商议、审议、决议、公开的次序办理";
        /// A matter that was not decided.
        "Z-206" NotDecided { meeting: i64, standing: String }
            zh "会议 {meeting} 现为“{standing}”,还没有通过的决议" en "matter {meeting} ('{standing}') was not decided" next "决议通过后再办理";
        /// Nothing loses value in that month.
        "Z-207" NothingToDepreciate { period: String }
            zh "{period} 没有应计提折旧的资产,或已计提" en "no asset is to be depreciated in {period}" next "用 asset list 查看;凭证作废后可重新计提";
        /// It is gone.
        "Z-208" AssetGone { asset: String }
            zh "资产 {asset} 已处置" en "the asset {asset} was disposed of" next "刷新后再看";
        /// The card says that already.
        "Z-209" NothingChanges { asset: String }
            zh "资产 {asset} 的卡片没有变动" en "nothing on the card of {asset} changes" next "写明要改的名称、坐落、管护人、用途、数量或证明;原值用处置或凭证更正";
        /// No such duty.
        "Z-301" UnknownDuty { duty: i64, book: String }
            zh "账套 {book} 没有第 {duty} 号任职" en "book {book} has no duty {duty}" next "用 duty list 查看";
        /// No standard on that day.
        "Z-302" NoStandard { item: String, on: BusinessDate }
            zh "{on} 没有“{item}”的标准" en "there is no standard for {item} on {on}" next "请县级业务人员登记标准(resident standard-add)";
        /// No such matter.
        "Z-303" UnknownMeeting { meeting: i64, book: String }
            zh "账套 {book} 没有会议 {meeting}" en "book {book} has no matter {meeting}" next "用 meeting list 查看";
        /// No such asset.
        "Z-304" UnknownAsset { asset: String, book: String }
            zh "账套 {book} 没有资产 {asset}" en "book {book} has no asset {asset}" next "用 asset list 查看";
        /// The code is taken.
        "Z-305" AssetTaken { asset: String }
            zh "资产编号 {asset} 已登记" en "the asset {asset} is registered already" next "换一个资产编号";
        /// More than the standard allows.
        "Z-401" OverStandard { item: String, amount: Amount, left: Amount, standard: Amount, source: String }
            zh "“{item}”标准 {standard},还可支付 {left},不能支付 {amount}({source})" en "{item}: the standard of {standard} leaves {left}, not {amount}" next "核对任职时间和已付的款项;超过标准的由派出单位承担";
    }
}
