//! Why a sheet is not made, approved, published, why a question is not taken. Q-1xx shape, Q-2xx state, Q-3xx references.

use crate::refusals;

refusals! {
    /// Why disclosure says no.
    pub enum DisclosureRefusal {
        /// Not a time.
        "Q-107" BadSpan { text: String }
            zh "“{text}”不是公开的期间" en "'{text}' is not a time to publish" next "写成 2026-01、2026Q1 或 2026";
        /// There is nothing of it.
        "Q-108" NothingToShow { kind: String, span: String }
            zh "{span} 没有可公开的“{kind}”内容" en "there is nothing of {kind} to publish for {span}" next "核对期间或批次号";
        /// A long number would be public.
        "Q-103" HoldsNumber { number: String }
            zh "公开表里还有证件号或账号(以 {number} 开头),不能公开" en "the sheet still holds a long number beginning {number}" next "改摘要或名单中的号码后重新生成";
        /// A question that says nothing, or too much.
        "Q-104" BadQuestion { most: usize }
            zh "提问为空或超过 {most} 字" en "the question is blank or longer than {most} characters" next "写清楚问哪一笔,再提交";
        /// Too many questions wait.
        "Q-105" TooManyQuestions
            zh "待答复的提问太多,请过几天再提" en "too many questions wait for an answer" next "急事请打监督电话";
        /// A kind that needs its list.
        "Q-106" WhichList { kind: String }
            zh "“{kind}”要指明批次" en "{kind} needs the list's code" next "加 --subject 批次号";
        /// No telephone that may be public.
        "Q-109" BadContact { phone: String }
            zh "监督电话“{phone}”不能登记:须是单位的座机或热线,并写明单位和依据" en "'{phone}' is not a telephone of an office, or office and source are missing" next "座机写区号加号码(号码八位的用空格隔开),不登个人手机";
        /// Not in the state for this.
        "Q-201" WrongState { sheet: i64, state: String, needed: String }
            zh "公开表 {sheet} 现为“{state}”,此操作需要“{needed}”" en "sheet {sheet} is '{state}', not '{needed}'" next "刷新后按当前状态办理";
        /// The maker approves.
        "Q-202" OwnSheet { sheet: i64, user: String }
            zh "公开表 {sheet} 由 {user} 编制,不能由本人审核" en "sheet {sheet} was made by {user}, who cannot approve it" next "请村务监督委员会或镇审核人审核";
        /// A version waits already.
        "Q-203" VersionWaits { sheet: i64, state: String }
            zh "同一内容的公开表 {sheet} 还是“{state}”" en "sheet {sheet} of the same thing is still '{state}'" next "先办完那一份,再生成新的一份";
        /// A correction says why.
        "Q-204" NeedsReason { sheet: i64 }
            zh "公开表 {sheet} 已经公示过,再次生成是更正,须写明原因" en "sheet {sheet} was published; a new one is a correction and needs a reason" next "写明更正原因";
        /// Answer and release are two people.
        "Q-205" OwnAnswer { question: i64, user: String }
            zh "提问 {question} 由 {user} 答复,不能由本人放行" en "question {question} was answered by {user}, who cannot release it" next "请村务监督委员会放行";
        /// Not answered, or released already.
        "Q-206" QuestionState { question: i64, needed: String }
            zh "提问 {question} 须{needed}才能办理" en "question {question} must be {needed}" next "刷新后按当前状态办理";
        /// No such sheet.
        "Q-301" UnknownSheet { sheet: i64, book: String }
            zh "账套 {book} 没有公开表 {sheet}" en "book {book} has no sheet {sheet}" next "用 disclosure list 查看";
        /// No such question.
        "Q-302" UnknownQuestion { question: i64, book: String }
            zh "账套 {book} 没有提问 {question}" en "book {book} has no question {question}" next "刷新后再看";
        /// Nothing public under this address.
        "Q-303" NothingPublic
            zh "这里没有公开的内容" en "nothing is published here" next "这个村可能还没有到公开的日子;或在 /open 选村重新进入";
    }
}
