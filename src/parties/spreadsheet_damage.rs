//! Long numbers that went through a spreadsheet: what can be mended and what is lost.
//!
//! Pure. Source: `domain/validation.md` §4, last paragraph.
//!
//! 1. Wrappings that kept every digit (`="6217…"`, a leading `'` or tab) are taken off.
//! 2. Notations that lost digits (`6.217E+18`, `6217….0`) are refused: beyond fifteen significant
//!    digits nothing can be restored.

use crate::money::amount::half_width;
use crate::refusals;

refusals! {
    /// Why a long number cannot be taken from a spreadsheet.
    pub enum SpreadsheetDamage {
        /// The spreadsheet kept fifteen digits and threw the others away.
        "I-501" DigitsLost { text: String }
            zh "“{text}” 已被电子表格改成数值,末尾数字无法恢复"
            en "'{text}' was turned into a number by a spreadsheet; its last digits are lost"
            next "把该列设为文本后,从原始资料重新导出或录入";
    }
}

/// The number without the wrappings a spreadsheet puts around text, in half-width characters.
/// Refuses what the spreadsheet has damaged.
pub fn without_wrappings(text: &str) -> Result<String, SpreadsheetDamage> {
    let plain: String = text.trim().chars().map(half_width).collect();
    let plain = plain.trim();
    let in_quotes = plain.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let bare = in_quotes.unwrap_or(plain).trim_start_matches(['\'', '\u{2018}', '\u{2019}', '\t']).trim();
    if is_scientific(bare) || has_decimals(bare) {
        Err(SpreadsheetDamage::DigitsLost { text: text.trim().to_owned() })
    } else {
        Ok(bare.to_owned())
    }
}

/// `6.217E+18`, `6.217e18`, `4.51226E17`.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (signed, exponent) = match exponent.strip_prefix(['+', '-']) {
        Some(rest) => (true, rest),
        None => (false, exponent),
    };
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    digits(exponent) && digits(whole) && digits(decimals) && (signed || mantissa.contains('.'))
}

/// `6217000000000000000.00`: a number, no longer the text it was.
fn has_decimals(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || b == b',');
    text.split_once('.').is_some_and(|(whole, decimals)| !whole.is_empty() && digits(whole) && digits(decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrappings_come_off_and_damage_is_refused() {
        for text in ["6217000000000000004", "=\"6217000000000000004\"", "'6217000000000000004", "\t6217000000000000004 "] {
            assert_eq!(without_wrappings(text).as_deref(), Ok("6217000000000000004"), "{text}");
        }
        assert_eq!(without_wrappings("６２１７").as_deref(), Ok("6217"));
        for text in
            ["6.217E+18", "=\"6.217E+18\"", "'6.217E+18", "6.217e18", "6E+18", "６．２１７Ｅ＋１８", "6217000000000000004.00"]
        {
            assert!(without_wrappings(text).is_err(), "{text}");
        }
        // Letters of a credit code are not an exponent.
        assert_eq!(without_wrappings("54451226ME00000446").as_deref(), Ok("54451226ME00000446"));
        assert_eq!(without_wrappings("5E4451226").as_deref(), Ok("5E4451226"));
    }
}
