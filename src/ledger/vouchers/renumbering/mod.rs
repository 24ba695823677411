//! 断号整理: which numbers unposted vouchers take so that nothing is missing among those that count.
//!
//! Pure but for `service.rs`.
//!
//! 1. What is posted keeps its number; a series that would need a posted voucher to move is refused, whole.
//! 2. Vouchers keep their order; voided drafts (作废) go behind them, so that no number is lost.
//! 3. Before and after are the same set of vouchers, each with one number.

pub mod service;

use super::State;
use crate::ledger::{LedgerRefusal, VoucherId};

/// A voucher that moves: its key, its number before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Renumbered {
    /// Which voucher.
    pub voucher: VoucherId,
    /// Number before.
    pub from: i64,
    /// Number after.
    pub to: i64,
}

/// Those of a series (one period, one word) that move, in the order of their numbers before.
/// Refuses where a posted voucher stands behind a gap (L-210).
pub fn moves(series: &[(VoucherId, i64, State)], name: impl Fn(i64) -> String) -> Result<Vec<Renumbered>, LedgerRefusal> {
    let mut ordered = series.to_vec();
    ordered.sort_by_key(|(_, number, state)| (*state == State::Voided, *number));
    let placed = (1..).zip(&ordered).filter(|(to, (_, from, _))| to != from);
    let mut moving = Vec::new();
    for (to, &(voucher, from, state)) in placed {
        if state == State::Posted {
            return Err(LedgerRefusal::PostedWouldMove { voucher: name(from), to });
        }
        moving.push(Renumbered { voucher, from, to });
    }
    moving.sort_by_key(|one| one.from);
    Ok(moving)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(series: &[(i64, State)]) -> Result<Vec<(i64, i64)>, String> {
        let series: Vec<_> = series.iter().map(|(number, state)| (VoucherId(*number), *number, *state)).collect();
        let moves = moves(&series, |number| format!("记-{number}")).map_err(|why| why.to_string())?;
        Ok(moves.iter().map(|one| (one.from, one.to)).collect())
    }

    #[test]
    fn gaps_close_and_voided_numbers_go_behind() {
        use State::{Draft, Posted, Submitted, Voided};
        assert_eq!(after(&[(1, Posted), (2, Draft)]), Ok(vec![]));
        assert_eq!(after(&[(1, Posted), (3, Draft), (4, Submitted)]), Ok(vec![(3, 2), (4, 3)]));
        assert_eq!(after(&[(1, Draft), (2, Voided), (3, Draft)]), Ok(vec![(2, 3), (3, 2)]));
        assert_eq!(after(&[(1, Voided)]), Ok(vec![]));
    }

    #[test]
    fn a_posted_voucher_never_moves() {
        use State::{Draft, Posted, Voided};
        assert!(after(&[(1, Voided), (2, Posted)]).unwrap_err().contains("记-2"));
        assert!(after(&[(1, Posted), (3, Draft), (4, Posted)]).is_err());
        assert_eq!(after(&[(1, Posted), (2, Voided), (3, Draft)]), Ok(vec![(2, 3), (3, 2)]));
    }
}
