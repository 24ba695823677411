//! What an asset loses in a month.
//!
//! Pure. Straight line; source: posting-rules.md §5 (timing), domain rule of nominal values.
//!
//! 1. It begins in the month after the asset was had and ends in the last month of its life.
//! 2. What is left is spread over the months left, rounded once a month; the last month takes the rest, so that the sum is exact.
//! 3. Resources, assets of one yuan and assets without a life lose nothing.

use super::card::{AssetKind, KeptAsset};
use crate::calendar::AccountingPeriod;
use crate::money::Amount;

/// Months from one period to another.
fn months(from: AccountingPeriod, to: AccountingPeriod) -> i64 {
    (i64::from(to.year()) - i64::from(from.year())) * 12 + i64::from(to.month()) - i64::from(from.month())
}

/// What an asset loses in a month, by what it has lost before.
pub fn of_month(asset: &KeptAsset, period: AccountingPeriod) -> Amount {
    let card = &asset.card;
    let Some(life) = card.life_months.filter(|life| *life > 0) else { return Amount::ZERO };
    let nth = months(AccountingPeriod::of(card.acquired_on), period);
    if nth < 1 || card.kind == AssetKind::Resource || card.cost <= Amount::from_yuan(1) {
        return Amount::ZERO;
    }
    let left = (asset.net() - card.salvage).max(Amount::ZERO);
    let months_left = (life - nth + 1).max(1);
    Amount::from_fen((left.fen() * 2 + months_left) / (months_left * 2))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::card::{AssetCard, AssetState, AssetUse};
    use super::*;

    fn asset(cost: i64, life: Option<i64>) -> KeptAsset {
        let card = AssetCard {
            name: "村部".into(),
            kind: AssetKind::Fixed,
            used_for: AssetUse::Office,
            cost: Amount::from_fen(cost),
            acquired_on: "2025-01-20".parse().unwrap(),
            quantity: String::new(),
            place: String::new(),
            keeper: String::new(),
            document: String::new(),
            is_poverty_asset: false,
            life_months: life,
            salvage: Amount::ZERO,
            depreciated_before: Amount::ZERO,
        };
        KeptAsset { asset: "A1".into(), state: AssetState::InUse, card, project: None, depreciated: Amount::ZERO }
    }

    fn period(months: i64) -> AccountingPeriod {
        AccountingPeriod::new(2025 + (months / 12) as i32, (months % 12) as u32 + 1).unwrap()
    }

    #[test]
    fn it_begins_after_the_month_and_spares_what_is_nominal() {
        let whole = asset(120_000, Some(12));
        assert_eq!(of_month(&whole, period(0)), Amount::ZERO, "not in the month it was had");
        assert_eq!(of_month(&whole, period(1)), Amount::from_fen(10_000));
        assert_eq!(of_month(&asset(100, Some(12)), period(1)), Amount::ZERO, "one yuan");
        assert_eq!(of_month(&asset(120_000, None), period(1)), Amount::ZERO);
        let late = KeptAsset { depreciated: Amount::from_fen(119_999), ..asset(120_000, Some(12)) };
        assert_eq!(of_month(&late, period(40)), Amount::from_fen(1), "what is left after its life goes at once");
    }

    proptest! {
        /// Month by month to the end of its life, an asset loses exactly what it may lose.
        #[test]
        fn the_months_add_up(cost in 101i64..900_000_000, life in 1i64..480, salvage in 0i64..100) {
            let mut now = asset(cost, Some(life));
            now.card.salvage = Amount::from_fen(salvage);
            for month in 1..=life {
                let lost = of_month(&now, period(month));
                prop_assert!(!lost.is_negative());
                now.depreciated += lost;
            }
            prop_assert_eq!(now.net(), now.card.salvage);
            prop_assert_eq!(of_month(&now, period(life + 1)), Amount::ZERO);
        }
    }
}
