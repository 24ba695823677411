//! Vouchers as people handle them: kept as drafts, submitted, approved by another, posted, reversed in red.
//!
//! Pure, but for `store.rs` and `service.rs`.
//!
//! 1. Maker and reviewer are two people (I12).
//! 2. A number, once drawn, stays: a voided draft keeps it, marked 作废 (I3), until somebody closes the gaps of a month
//!    (`renumbering/`), which moves nothing that is posted and is written down.
//! 3. What is posted never changes; a correction is a red voucher and a new one.

pub mod renumbering;
pub mod service;
pub mod store;

use serde::{Deserialize, Serialize};

use super::chain::PostedHead;
use super::refusal::LedgerRefusal;
use super::{Stage, Voucher, VoucherId, VoucherLine, Word};
use crate::calendar::{AccountingPeriod, BusinessDate};

/// Where a voucher stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 草稿
    Draft,
    /// 待审
    Submitted,
    /// 已审
    Approved,
    /// 已过账
    Posted,
    /// 作废
    Voided,
}

impl State {
    /// All of them with the words of tables and of users.
    pub const ALL: [(State, &'static str, &'static str); 5] = [
        (State::Draft, "draft", "草稿"),
        (State::Submitted, "submitted", "待审"),
        (State::Approved, "approved", "已审"),
        (State::Posted, "posted", "已过账"),
        (State::Voided, "voided", "作废"),
    ];

    /// As tables and commands write it.
    pub fn as_str(self) -> &'static str {
        State::ALL[self as usize].1
    }

    /// As users read it.
    pub fn label_zh(self) -> &'static str {
        State::ALL[self as usize].2
    }

    /// Reads what `as_str` or `label_zh` writes.
    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|(_, name, label)| *name == text || *label == text).map(|(state, ..)| state)
    }
}

/// A voucher as kept: its content with number, state and the people who handled it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeptVoucher {
    /// Key within the book.
    pub id: VoucherId,
    /// Number within book, period and word.
    pub number: i64,
    /// State.
    pub state: State,
    /// Event it belongs to.
    pub event: Option<String>,
    /// 制单
    pub maker: String,
    /// When it was made.
    pub made_at: String,
    /// 审核
    pub reviewer: Option<String>,
    /// 记账
    pub poster: Option<String>,
    /// When it was posted.
    pub posted_at: Option<String>,
    /// Place in the book's chain.
    pub posted: Option<i64>,
    /// Digest in the book's chain.
    pub digest: Option<String>,
    /// The red voucher that reverses this one.
    pub reversed_by: Option<VoucherId>,
    /// Why it was returned to its maker.
    pub return_reason: Option<String>,
    /// Its content.
    #[serde(flatten)]
    pub content: Voucher,
}

impl KeptVoucher {
    /// As users name it: `2026-10-记-12`.
    pub fn reference(&self) -> String {
        VoucherRef { period: self.content.period, word: self.content.word, number: self.number }.to_string()
    }

    /// Refuses unless the voucher is in one of the states an act needs.
    pub fn needs(&self, states: &[State]) -> Result<(), LedgerRefusal> {
        if states.contains(&self.state) {
            return Ok(());
        }
        let needed = states.iter().map(|state| state.label_zh()).collect::<Vec<_>>().join("/");
        Err(LedgerRefusal::WrongState { voucher: self.reference(), state: self.state.label_zh().to_owned(), needed })
    }

    /// Refuses a red voucher that does not cancel this one, line by line and to the fen.
    pub fn check_cancelled_by(&self, red: &Voucher) -> Result<(), LedgerRefusal> {
        let cancels = |(wrong, red): (&VoucherLine, &VoucherLine)| {
            let VoucherLine { account, debit, credit, dimensions, .. } = wrong.negated();
            (account, debit, credit, dimensions) == (red.account.clone(), red.debit, red.credit, red.dimensions.clone())
        };
        let lines = &self.content.lines;
        if lines.len() == red.lines.len() && lines.iter().zip(&red.lines).all(cancels) {
            return Ok(());
        }
        Err(LedgerRefusal::NotItsReversal { voucher: self.reference() })
    }

    /// Refuses unless this voucher is one that a red voucher may cancel: posted, and not red itself.
    pub fn check_reversible(&self) -> Result<(), LedgerRefusal> {
        self.needs(&[State::Posted])?;
        if self.content.reverses.is_some() {
            return Err(LedgerRefusal::IsReversal { voucher: self.reference() });
        }
        Ok(())
    }

    /// Refuses a red voucher of a later year: an earlier year's errors are put right in blue (posting-rules.md §7).
    pub fn check_year_of(&self, on: BusinessDate) -> Result<(), LedgerRefusal> {
        let (own, year) = (self.content.period.year(), AccountingPeriod::of(on).year());
        if own < year {
            return Err(LedgerRefusal::EarlierYear { voucher: self.reference(), year: year.into() });
        }
        Ok(())
    }

    /// Refuses the maker as reviewer (I12).
    pub fn reviewed_by(&self, user: &str) -> Result<(), LedgerRefusal> {
        if self.maker == user {
            return Err(LedgerRefusal::OwnVoucher { voucher: self.reference(), user: user.to_owned() });
        }
        Ok(())
    }

    /// The red voucher that cancels this one: the same sides, negative amounts (BASIC art. 51). An opening is
    /// cancelled by ordinary business of a month, so that opening(n+1) = closing(n) stays true.
    pub fn reversal(&self, on: BusinessDate, period: AccountingPeriod) -> Result<Voucher, LedgerRefusal> {
        self.check_reversible()?;
        let cancelled =
            format!("注销{}{}字{}号凭证", self.content.dated_on.format("%Y年%m月%d日"), self.content.word.as_str(), self.number);
        let red = |line: &VoucherLine| VoucherLine { summary: cancelled.clone(), ..line.negated() };
        Ok(Voucher {
            period,
            dated_on: on,
            lines: self.content.lines.iter().map(red).collect(),
            stage: stage_again(self.content.stage),
            reverses: Some(self.id),
            source_key: None,
            paper_attachments: 0,
            ..self.content.clone()
        })
    }
}

/// The stage of a voucher made again in a month: what stood in an opening is ordinary business there.
pub(crate) fn stage_again(stage: Stage) -> Stage {
    if stage == Stage::Opening { Stage::Ordinary } else { stage }
}

/// A voucher's name: `2026-10-记-12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct VoucherRef {
    /// Period.
    pub period: AccountingPeriod,
    /// Word.
    pub word: Word,
    /// Number.
    pub number: i64,
}

impl std::fmt::Display for VoucherRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}-{}", self.period, self.word.as_str(), self.number)
    }
}

impl std::str::FromStr for VoucherRef {
    type Err = LedgerRefusal;

    fn from_str(text: &str) -> Result<VoucherRef, LedgerRefusal> {
        let wrong = || LedgerRefusal::NotAVoucherRef { text: text.to_owned() };
        let period = text.get(..7).and_then(|p| AccountingPeriod::parse(p).ok()).ok_or_else(wrong)?;
        let rest = text[7..].trim_start_matches('-');
        let digits = rest.find(|c: char| c.is_ascii_digit()).ok_or_else(wrong)?;
        let word = Word::parse(rest[..digits].trim_end_matches('-')).ok_or_else(wrong)?;
        let number = rest[digits..].parse().map_err(|_| wrong())?;
        Ok(VoucherRef { period, word, number })
    }
}

/// The head of a kept voucher as the chain digests it.
pub(in crate::ledger) fn head_of<'a>(
    voucher: &'a KeptVoucher,
    county: &'a str,
    (period, dated_on): (&'a str, &'a str),
    posted: i64,
    poster: &'a str,
    posted_at: &'a str,
) -> PostedHead<'a> {
    PostedHead {
        county,
        book: &voucher.content.book.0,
        voucher: voucher.id.0,
        posted,
        period,
        word: voucher.content.word.as_str(),
        number: voucher.number,
        dated_on,
        stage: voucher.content.stage.as_str(),
        event: voucher.event.as_deref(),
        maker: &voucher.maker,
        reviewer: voucher.reviewer.as_deref().unwrap_or(""),
        poster,
        posted_at,
        reverses: voucher.content.reverses.map(|v| v.0),
        paper_attachments: voucher.content.paper_attachments,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_reads_back() {
        let reference: VoucherRef = "2026-10-记-12".parse().unwrap();
        assert_eq!(reference.to_string(), "2026-10-记-12");
        assert_eq!("2026-10记0012".parse::<VoucherRef>().unwrap(), reference);
        for bad in ["", "记-12", "2026-13-记-1", "2026-10-记-", "2026-10-12", "2026-10-X-1", "二〇二六"] {
            assert!(bad.parse::<VoucherRef>().is_err(), "{bad}");
        }
    }
}
