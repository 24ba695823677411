//! The one rounding of the house: half up, away from zero, to the fen.
//!
//! Pure.
//!
//! 1. It is called once per settlement row or per share of a sum, never per day.
//! 2. A half fen goes away from zero on both sides: 380.625 gives 380.63, -380.625 gives -380.63.
//! 3. What does not fit into an [`Amount`] is refused, never cut.

use rust_decimal::{Decimal, RoundingStrategy};

use super::Amount;
use super::amount::AmountRefusal;

/// Rounds yuan half up (away from zero) to whole fen. Refuses what no [`Amount`] can hold.
/// Source: `domain/loans.md` §7, "half up to 分, per settlement period" \[proposal\].
pub fn round_half_up_to_fen(yuan: Decimal) -> Result<Amount, AmountRefusal> {
    let too_large = || AmountRefusal::TooLarge { text: yuan.to_string() };
    let mut rounded = yuan.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(2);
    if rounded.scale() != 2 {
        return Err(too_large());
    }
    i64::try_from(rounded.mantissa()).map(Amount::from_fen).map_err(|_| too_large())
}

/// An amount in yuan as an exact decimal.
pub fn to_yuan(amount: Amount) -> Decimal {
    Decimal::new(amount.fen(), 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_fen_goes_away_from_zero() {
        for (yuan, rounded) in [
            ("380.625", "380.63"),
            ("-380.625", "-380.63"),
            ("35568.645", "35568.65"),
            ("296.875", "296.88"),
            ("6.0449999999999999999999999", "6.04"),
            ("0.005", "0.01"),
            ("-0.004", "0.00"),
            ("7", "7.00"),
        ] {
            let exact: Decimal = yuan.parse().unwrap();
            assert_eq!(round_half_up_to_fen(exact).unwrap().to_string(), rounded, "{yuan}");
        }
    }

    #[test]
    fn refuses_what_does_not_fit() {
        assert!(round_half_up_to_fen(Decimal::MAX).is_err());
        assert!(round_half_up_to_fen("92233720368547758.08".parse().unwrap()).is_err());
        assert_eq!(round_half_up_to_fen("92233720368547758.07".parse().unwrap()), Ok(Amount::from_fen(i64::MAX)));
    }

    #[test]
    fn yuan_come_back_as_the_same_amount() {
        for fen in [0, 1, -1, 99, i64::MAX, i64::MIN] {
            assert_eq!(round_half_up_to_fen(to_yuan(Amount::from_fen(fen))), Ok(Amount::from_fen(fen)));
        }
    }
}
