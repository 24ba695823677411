//! What a verification can find, each with the place, what was expected and what was found.
//!
//! Pure. One code per invariant; the invariant's number (I1–I12) stands in the sentence.

use crate::refusal::Refusal;
use crate::refusals;

refusals! {
    /// A broken invariant.
    pub enum Finding {
        /// I1: debits and credits of a voucher differ.
        "V-101" Unbalanced { book: String, voucher: String, debit: String, credit: String }
            zh "账套 {book} 凭证 {voucher} 借贷不平:借方 {debit},贷方 {credit}(I1)" en "book {book} voucher {voucher}: debits {debit}, credits {credit} (I1)" next "这张凭证在程序之外被改动过,对照纸质凭证和备份查明";
        /// I2: the voucher is not what was posted.
        "V-102" DigestDiffers { book: String, voucher: String, expected: String, found: String }
            zh "账套 {book} 凭证 {voucher} 的内容与过账时的摘要不符:应为 {expected},存的是 {found}(I2)" en "book {book} voucher {voucher}: its content gives digest {expected}, stored is {found} (I2)" next "这张凭证在程序之外被改动过,对照纸质凭证和备份查明";
        /// I2: a place of the chain is missing or taken twice.
        "V-103" ChainBroken { book: String, expected: i64, found: i64, voucher: String }
            zh "账套 {book} 的过账顺序断号:第 {expected} 位应有凭证,接着的是第 {found} 位 {voucher}(I2)" en "book {book}: place {expected} of the posting order is missing, next is {found}, {voucher} (I2)" next "有凭证在程序之外被删除,从备份找回";
        /// I2: the book's row says something else than its vouchers.
        "V-104" BookRowDiffers { book: String, what: String, expected: String, found: String }
            zh "账套 {book} 登记的{what}不符:按凭证为 {expected},登记为 {found}(I2)" en "book {book}, {what}: its vouchers give {expected}, its row says {found} (I2)" next "账套登记或凭证在程序之外被改动过,对照备份查明";
        /// I3: a series of numbers has a gap or a number twice.
        "V-105" NumbersDiffer { book: String, series: String, expected: i64, found: i64, what: String }
            zh "账套 {book} 的 {series} 字凭证号不连续:{what},应到 {expected} 号,实有 {found} 张(I3)" en "book {book}, series {series}: {what}; last number {expected}, {found} vouchers (I3)" next "有凭证在程序之外被删除或改号,对照备份查明";
        /// I4: a movement is not the sum of its lines.
        "V-106" MovementDiffers { book: String, place: String, expected: String, found: String }
            zh "账套 {book} 发生额 {place} 与分录合计不符:分录为 {expected},登记为 {found}(I4)" en "book {book}, movement {place}: lines give {expected}, stored is {found} (I4)" next "发生额或分录在程序之外被改动过,对照备份查明";
        /// I5: a year does not begin as the one before ended.
        "V-107" OpeningDiffers { book: String, year: i64, account: String, expected: String, found: String }
            zh "账套 {book} 的 {year} 年初余额与上年末不符:科目 {account} 上年末 {expected},年初 {found}(I5)" en "book {book}, opening of {year}, account {account}: last year closed at {expected}, opened at {found} (I5)" next "查上年结转凭证和上年末凭证";
        /// I6: assets are not liabilities and equity.
        "V-108" EquationBroken { book: String, period: String, assets: String, rest: String }
            zh "账套 {book} 的 {period} 资产 {assets} 不等于负债、权益与收支之和 {rest}(I6)" en "book {book}, {period}: assets {assets}, liabilities, equity and result {rest} (I6)" next "先处理同一账套的其他问题,再查科目类别";
        /// I7: a line lacks the dimension its account is kept by.
        "V-109" MemberMissing { book: String, voucher: String, line: i64, account: String, dimension: String }
            zh "账套 {book} 凭证 {voucher} 第 {line} 条:科目 {account} 缺“{dimension}”,明细与总账不符(I7)" en "book {book} voucher {voucher} line {line}: account {account} lacks {dimension}, so members do not add up (I7)" next "对照纸质凭证和备份查明";
        /// I9: something was posted into a closed period.
        "V-110" PostedAfterClose { book: String, period: String, voucher: String, closed_at: String, posted_at: String }
            zh "账套 {book} 的 {period} 于 {closed_at} 结账,凭证 {voucher} 却在 {posted_at} 过账(I9)" en "book {book}: {period} closed at {closed_at}, voucher {voucher} posted at {posted_at} (I9)" next "期间或凭证在程序之外被改动过,对照审计轨迹查明";
        /// I9: a closed period's trial balance is no longer what was digested.
        "V-111" ClosingDiffers { book: String, period: String, expected: String, found: String }
            zh "账套 {book} 的 {period} 结账时的余额摘要不符:按分录为 {expected},结账时为 {found}(I9)" en "book {book}, {period}: lines give the closing digest {expected}, stored at the close is {found} (I9)" next "对照当月公示表上打印的摘要";
        /// I9: posted into a period the book does not keep.
        "V-112" PeriodMissing { book: String, period: String, voucher: String }
            zh "账套 {book} 没有会计期间 {period},凭证 {voucher} 却在其中(I9)" en "book {book} does not keep {period}, where voucher {voucher} stands (I9)" next "会计期间在程序之外被删除,从备份找回";
        /// I11: a key that may stand once stands twice.
        "V-113" KeyTwice { what: String, key: String, times: i64 }
            zh "{what}“{key}”出现 {times} 次(I11)" en "{what} '{key}' stands {times} times (I11)" next "查这几笔是否重复入账";
        /// I12: maker and reviewer are one person, or nobody reviewed.
        "V-114" OwnReview { book: String, voucher: String, maker: String, reviewer: String }
            zh "账套 {book} 凭证 {voucher} 制单“{maker}”,审核“{reviewer}”(I12)" en "book {book} voucher {voucher}: made by '{maker}', reviewed by '{reviewer}' (I12)" next "查是谁在程序之外改动";
        /// A line without a voucher, or in another period than its voucher.
        "V-115" LineAstray { book: String, voucher: String, line: i64, what: String }
            zh "账套 {book} 凭证 {voucher} 第 {line} 条分录{what}" en "book {book} voucher {voucher} line {line}: astray ({what})" next "凭证或分录在程序之外被删改,对照备份查明";
        /// A line on an account the year's chart does not have, or that has sub-accounts.
        "V-116" AccountWrong { book: String, voucher: String, line: i64, account: String, what: String }
            zh "账套 {book} 凭证 {voucher} 第 {line} 条:科目 {account} {what}" en "book {book} voucher {voucher} line {line}: account {account} ({what})" next "科目表或分录在程序之外被改动过,对照备份查明";
        /// A statutory account is not kept as its regime has it.
        "V-117" ChartDiffers { book: String, year: i64, account: String, expected: String, found: String }
            zh "账套 {book} {year} 年科目 {account} 的类别方向应为 {expected},现为 {found}" en "book {book}, {year}, account {account}: the regime has {expected}, kept is {found}" next "科目表在程序之外被改动过,对照备份查明";
        /// A voucher's state and its posting disagree.
        "V-118" StateDiffers { book: String, voucher: String, state: String, posted: String }
            zh "账套 {book} 凭证 {voucher} 状态为“{state}”,过账顺序为 {posted}" en "book {book} voucher {voucher}: state '{state}', place in the chain {posted}" next "凭证在程序之外被改动过,对照备份查明";
        /// A posting no act accounts for.
        "V-119" NoAct { book: String, voucher: String, by: String, at: String }
            zh "账套 {book} 凭证 {voucher} 由“{by}”于 {at} 过账,审计轨迹里没有这次操作" en "book {book} voucher {voucher}: posted by '{by}' at {at}, and no act says so" next "审计轨迹或凭证在程序之外被改动过,对照备份查明";
        /// An act saw a digest the chain no longer has.
        "V-120" DigestForgotten { book: String, act: String, digest: String }
            zh "审计轨迹 {act} 记下的账套 {book} 摘要 {digest} 已不在凭证链中" en "act {act} saw digest {digest} of book {book}, which the chain no longer has" next "账簿在程序之外被重写,对照备份和公示表查明";
        /// An act that cannot be read.
        "V-121" ActDamaged { act: String, what: String }
            zh "审计轨迹 {act} 的{what}无法读取" en "act {act}: its {what} cannot be read" next "审计轨迹在程序之外被改动过,对照备份查明";
        /// A stored file is not what was attached.
        "V-122" FileDiffers { digest: String, found: String }
            zh "附件文件 {digest} 的内容已变,现为 {found}" en "the attached file {digest} now has digest {found}" next "附件在程序之外被改动过,从备份找回";
        /// A voucher lists a file that is not stored.
        "V-123" FileMissing { book: String, voucher: i64, name: String, digest: String }
            zh "账套 {book} 第 {voucher} 张凭证的附件“{name}”({digest})不在库中" en "book {book}, voucher key {voucher}: the attachment '{name}' ({digest}) is not stored" next "附件在程序之外被删除,从备份找回";
        /// I5: the work sheet of a change of regime is gone.
        "V-124" WorkSheetMissing { book: String, year: i64 }
            zh "账套 {book} 从 {year} 年起换了会计制度,转账工作底稿不在库中(I5)" en "book {book} changed its regime in {year} and the work sheet is not stored (I5)" next "从备份找回";
        /// I8: two books, or a book and a register, that must agree do not.
        "V-125" BooksDisagree { what: String }
            zh "跨账套勾稽不符:{what}(I8)" en "books and registers that must agree do not: {what} (I8)" next "按所列金额核对两边的业务";
        /// I9: a month is open or closed otherwise than its acts left it.
        "V-126" MonthDiffers { book: String, period: String, expected: String, found: String }
            zh "账套 {book} 的 {period} 与审计轨迹不符:按结账、反结账操作应为“{expected}”,登记为“{found}”(I9)" en "book {book}, {period}: its acts say '{expected}', kept is '{found}' (I9)" next "会计期间或审计轨迹在程序之外被改动过,对照备份和当月公示表上的摘要查明";
    }
}

/// What was found, up to a number worth reading.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Findings {
    /// The first of them, in the order they were found.
    pub list: Vec<Refusal>,
    /// How many more there were.
    pub beyond: u64,
}

impl Findings {
    /// At most this many are kept.
    pub const MOST: usize = 100;

    /// Notes one.
    pub fn note(&mut self, finding: Finding) {
        if self.list.len() < Findings::MOST {
            self.list.push(finding.refusal());
        } else {
            self.beyond += 1;
        }
    }
}
