//! Passwords: hashed with argon2id, checked in constant time, never kept, logged or shown.
//!
//! Pure: the salt is handed in.
//!
//! 1. A password has at least eight characters and is not the login name.
//! 2. An unknown user costs as much time as a wrong password, so that names cannot be tried out.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::refusals;

refusals! {
    /// Why a password is not taken.
    pub enum PasswordRefusal {
        /// Shorter than eight characters.
        "N-201" TooShort
            zh "密码少于 8 个字符" en "the password has fewer than 8 characters" next "换一个至少 8 个字符的密码";
        /// Longer than anybody types.
        "N-202" TooLong
            zh "密码超过 128 个字符" en "the password has more than 128 characters" next "换一个短一些的密码";
        /// The login name itself.
        "N-203" IsTheName
            zh "密码与登录名相同" en "the password is the login name" next "换一个别人猜不到的密码";
        /// The two entries differ.
        "N-204" NotRepeated
            zh "两次输入的密码不一致" en "the two passwords differ" next "重新输入两次";
        /// The present password is wrong.
        "N-205" WrongPassword
            zh "原密码不对" en "the present password is wrong" next "重新输入原密码;忘记的请管理员重设";
    }
}

/// 19 MiB, two passes: the second recommendation of OWASP's password storage cheat sheet.
fn argon() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).expect("19 MiB, two passes and one lane are within argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Refuses a password that is too easy.
pub fn check(user: &str, password: &str) -> Result<(), PasswordRefusal> {
    match password.chars().count() {
        0..8 => Err(PasswordRefusal::TooShort),
        129.. => Err(PasswordRefusal::TooLong),
        _ if password == user => Err(PasswordRefusal::IsTheName),
        _ => Ok(()),
    }
}

/// The hash to keep, in PHC form. The salt's 16 bytes come from the office's chance.
pub fn hash(password: &str, salt: &[u8; 16]) -> String {
    let salt = SaltString::encode_b64(salt).expect("16 bytes make a valid salt");
    let hashed = argon().hash_password(password.as_bytes(), &salt);
    hashed.expect("a password of at most 128 characters can be hashed").to_string()
}

/// True if the password is the one hashed.
pub fn verify(password: &str, kept: &str) -> bool {
    PasswordHash::new(kept).is_ok_and(|kept| argon().verify_password(password.as_bytes(), &kept).is_ok())
}

/// Costs what a check costs and says no: for names that are not users.
pub fn verify_nobody(password: &str) -> bool {
    verify(password, NOBODY)
}

/// A hash nobody has the password of; it must parse, or saying no would cost nothing and tell.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_knows_its_password_only() {
        let kept = hash("青山绿水2026", &[7; 16]);
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("青山绿水2026", &kept));
        for wrong in ["", "青山绿水2025", "青山绿水2026 ", &kept] {
            assert!(!verify(wrong, &kept), "{wrong}");
        }
        assert_ne!(kept, hash("青山绿水2026", &[8; 16]));
        assert!(!verify_nobody("whatever"));
        assert!(PasswordHash::new(NOBODY).is_ok());
    }

    #[test]
    fn easy_passwords_are_refused() {
        assert_eq!(check("kuaiji", "1234567"), Err(PasswordRefusal::TooShort));
        assert_eq!(check("kuaijikuaiji", "kuaijikuaiji"), Err(PasswordRefusal::IsTheName));
        assert_eq!(check("kuaiji", &"长".repeat(129)), Err(PasswordRefusal::TooLong));
        assert_eq!(check("kuaiji", "青山绿水两江风光"), Ok(()));
    }
}
