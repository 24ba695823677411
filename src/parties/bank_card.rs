//! Bank cards and accounts: what can be said about a number without asking the bank.
//!
//! Pure. Source: `domain/validation.md` §4.
//!
//! 1. Only cards follow Luhn; passbooks, company and special accounts do not.
//! 2. Passing is no proof: Luhn misses some swaps, so the bank's name check is still needed.
//! 3. A number a spreadsheet has rounded is refused, never guessed.

use serde::{Deserialize, Serialize};

use super::spreadsheet_damage::without_wrappings;
use crate::refusal::Refusal;
use crate::refusals;

/// What kind of account a number names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountKind {
    /// 银行卡 (also 一卡通): Luhn applies.
    Card,
    /// 存折.
    Passbook,
    /// 对公账户.
    Company,
    /// 专户.
    Special,
}

/// A bank account number in its stored form: digits only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct BankAccount(String);

refusals! {
    /// Why a text is not the number of a bank card or account.
    pub enum BankAccountRefusal {
        /// Cards have 13 to 19 digits, other accounts 5 to 32.
        "I-301" WrongAccountLength { length: usize }
            zh "账号为 {length} 位,位数不对" en "the account number has {length} digits, which is none of the lengths in use"
            next "银行卡为 13–19 位;核对卡面或存折";
        /// Something else than digits.
        "I-302" WrongAccountCharacter { character: char }
            zh "账号中有“{character}”" en "the account number contains '{character}'" next "账号只填数字";
        /// The last digit of a card does not follow from the others.
        "I-303" WrongCardCheck
            zh "银行卡号校验不符" en "the card number fails its check" next "逐位核对卡面;存折和对公账户请选对应的账户种类";
    }
}

impl BankAccount {
    /// Reads an account number of the given kind; spaces and hyphens are taken out.
    pub fn parse(text: &str, kind: AccountKind) -> Result<BankAccount, Refusal> {
        let plain: String = without_wrappings(text)?.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        Ok(check(plain, kind)?)
    }

    /// The number, unmasked.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for BankAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&super::mask_account(&self.0))
    }
}

fn check(digits: String, kind: AccountKind) -> Result<BankAccount, BankAccountRefusal> {
    if let Some(character) = digits.chars().find(|c| !c.is_ascii_digit()) {
        return Err(BankAccountRefusal::WrongAccountCharacter { character });
    }
    let lengths = if kind == AccountKind::Card { 13..=19 } else { 5..=32 };
    if !lengths.contains(&digits.len()) {
        return Err(BankAccountRefusal::WrongAccountLength { length: digits.len() });
    }
    if kind == AccountKind::Card && !passes_luhn(&digits) {
        return Err(BankAccountRefusal::WrongCardCheck);
    }
    Ok(BankAccount(digits))
}

/// Luhn: from the right, every second digit doubled, digits summed, divisible by ten.
fn passes_luhn(digits: &str) -> bool {
    let value = |(at, digit): (usize, u8)| {
        let doubled = u32::from(digit - b'0') << (at % 2);
        doubled / 10 + doubled % 10
    };
    digits.bytes().rev().enumerate().map(value).sum::<u32>().is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(text: &str) -> Result<BankAccount, String> {
        BankAccount::parse(text, AccountKind::Card).map_err(|refusal| refusal.code)
    }

    #[test]
    fn takes_the_valid_ones() {
        for text in [
            "6217000000000000004",
            "6228480000000000018",
            "6217990000000000022",
            "6231250000000000036",
            "621799000000000008",
            "6217990000000000220",
        ] {
            assert_eq!(card(text).unwrap().as_str(), text);
        }
        for text in [
            "6217 0000 0000 0000 004",
            "6217-0000-0000-0000-004",
            "=\"6217000000000000004\"",
            "'6217000000000000004",
            "\t6217000000000000004",
            "６２１７００００００００００００００４",
        ] {
            assert_eq!(card(text).unwrap().as_str(), "6217000000000000004", "{text}");
        }
    }

    #[test]
    fn refuses_the_others_with_their_reason() {
        for (text, code) in [
            ("6217000000000000005", "I-303"),
            ("6228480000000000081", "I-303"),
            ("621700000000000004", "I-303"),
            ("6258090000000070", "I-303"),
            ("0", "I-301"),
            ("", "I-301"),
            ("62170000000000000040", "I-301"),
            ("6217O00000000000004", "I-302"),
            ("6217٠00000000000004", "I-302"),
            ("6.217E+18", "I-501"),
            ("=\"6.217E+18\"", "I-501"),
            ("6217000000000000000.00", "I-501"),
        ] {
            assert_eq!(card(text), Err(code.to_owned()), "{text}");
        }
    }

    #[test]
    fn only_cards_follow_luhn() {
        for kind in [AccountKind::Passbook, AccountKind::Company, AccountKind::Special] {
            assert!(BankAccount::parse("6217000000000000005", kind).is_ok());
            assert!(BankAccount::parse("88-123456789", kind).is_ok());
            assert!(BankAccount::parse("12", kind).is_err());
        }
        assert_eq!(card("6217000000000000004").unwrap().to_string(), "***************0004");
    }
}
