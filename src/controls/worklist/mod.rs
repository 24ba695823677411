//! What waits for somebody in the county: vouchers, claims, batches and plans, and whose turn it is.
//!
//! Pure, but for `store.rs`.
//!
//! 1. A thing waits for those who may take its next step; who made it sees it waiting too, and is refused by the step itself.
//! 2. Counts are of rows that the list named beside them shows; nothing is kept.

pub mod store;

use crate::access::Permission;

/// Things of one kind and state that wait in one book, or in the county.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// What they are.
    pub kind: Kind,
    /// The book; none for the county's.
    pub book: Option<String>,
    /// The month of vouchers.
    pub period: Option<String>,
    /// How many.
    pub count: i64,
}

macro_rules! kinds {
    ($( $variant:ident $name:literal $permission:ident; )*) => {
        /// What waits, told by what it is and where it stands.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "the names are the states")]
        pub enum Kind { $( $variant ),* }

        impl Kind {
            /// Reads `what state`, as the store writes it.
            pub fn parse(text: &str) -> Option<Kind> {
                match text { $( $name => Some(Kind::$variant), )* _ => None }
            }

            /// What the next step needs.
            pub const fn needs(self) -> Permission {
                match self { $( Kind::$variant => Permission::$permission ),* }
            }
        }
    };
}

kinds! {
    VoucherDraft "voucher draft" KeepVouchers;
    VoucherSubmitted "voucher submitted" Review;
    VoucherApproved "voucher approved" Post;
    ClaimSent "claim sent" AcceptClaims;
    ClaimAccepted "claim accepted" AcceptClaims;
    ClaimReturned "claim returned" Claim;
    DividendDrafted "dividend drafted" Review;
    DividendReviewed "dividend reviewed" PostByRule;
    DividendPublished "dividend published" PostByRule;
    PayoutDrawnUp "payout drawn_up" Review;
    PayoutReviewed "payout reviewed" PostByRule;
    PayoutSent "payout sent" PostByRule;
    SheetDrafted "sheet drafted" ApproveDisclosure;
    SheetReturned "sheet returned" Disclose;
    SheetApproved "sheet approved" Disclose;
    FindingOpen "finding open" AnswerFinding;
    FindingAnswered "finding answered" Supervise;
    SubsidyCalculated "subsidy calculated" Review;
    SubsidyReviewed "subsidy reviewed" Review;
    SubsidyApproved "subsidy approved" PostByRule;
    FundClaimFiled "fund-claim filed" Review;
    FundClaimApproved "fund-claim approved" PostByRule;
    LoanApplied "loan applied" KeepRegisters;
    LoanChecked "loan checked" KeepRegisters;
    LoanAnnounced "loan announced" KeepRegisters;
    LoanGraded "loan graded" Review;
    LoanApproved "loan approved" KeepLoans;
    LoanContracted "loan contracted" KeepLoans;
}
