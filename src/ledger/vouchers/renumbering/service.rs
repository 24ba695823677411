//! The act that closes the gaps of a month's numbers.

use serde::{Deserialize, Serialize};

use super::{Renumbered, moves};
use crate::access::Permission;
use crate::calendar::AccountingPeriod;
use crate::db::{Connection, Stop};
use crate::ledger::vouchers::{VoucherRef, store};
use crate::ledger::{BookCode, LedgerRefusal, Word, store as ledger_store};
use crate::office::{Act, Scene, Target};

/// 断号整理: closes the gaps of a month's numbers among vouchers not yet posted; the trail keeps old and new numbers.
/// Refuses where a posted voucher would move (L-210) and where nothing is missing (L-211).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RenumberVouchers {
    /// The book.
    pub book: BookCode,
    /// The month.
    pub period: AccountingPeriod,
    /// 凭证字
    pub word: Word,
}

impl Act for RenumberVouchers {
    const KIND: &'static str = "voucher.renumber";
    type Answer = Vec<Renumbered>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepVouchers, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<Renumbered>, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let series = (self.period, self.word);
        let moves = renumbering(tx, &scene.county, &self.book, series).await?;
        store::renumber(tx, &scene.county, &self.book, series, &moves).await?;
        Ok(moves)
    }
}

/// What renumbering a month's series would do.
pub async fn renumbering(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    (period, word): (AccountingPeriod, Word),
) -> Result<Vec<Renumbered>, Stop> {
    let series = store::series(tx, county, book, (period, word)).await?;
    let moves = moves(&series, |number| VoucherRef { period, word, number }.to_string())?;
    if moves.is_empty() {
        return Err(LedgerRefusal::NoGaps { book: book.to_string(), period: period.to_string() }.into());
    }
    Ok(moves)
}
