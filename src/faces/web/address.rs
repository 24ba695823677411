//! Addresses: texts as they may stand in one, and leading somebody to one.
//!
//! Pure.

use std::fmt::Write;

use axum::response::Redirect;

fn escaped(text: &str, plain: impl Fn(u8) -> bool) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut escaped, byte| {
        if plain(byte) {
            escaped.push(char::from(byte));
        } else {
            write!(escaped, "%{byte:02X}").expect("writing to a string does not fail");
        }
        escaped
    })
}

/// A text as it may stand in an address's query.
pub fn escaped_query(text: &str) -> String {
    escaped(text, |byte| byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte))
}

/// What somebody asked for as a query again: the fields that are not blank, without the blanks around them.
pub fn query_of(fields: &[(&str, &String)]) -> String {
    let typed = fields.iter().filter(|(_, value)| !value.trim().is_empty());
    typed.map(|(name, value)| format!("{name}={}", escaped_query(value.trim()))).collect::<Vec<_>>().join("&")
}

/// Leads to one of our own addresses, which may carry Chinese.
pub fn lead_to(address: &str) -> Redirect {
    Redirect::to(&escaped(address, |byte| byte.is_ascii_graphic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_and_addresses_are_escaped() {
        assert_eq!(escaped_query("/b/V1?a=1&b=账"), "/b/V1%3Fa%3D1%26b%3D%E8%B4%A6");
        assert_eq!(query_of(&[("q", &" 账 ".to_owned()), ("p", &String::new()), ("n", &"2".to_owned())]), "q=%E8%B4%A6&n=2");
        assert_eq!(escaped("/v/2026-01-记-1?a=1&b=2#c", |byte| byte.is_ascii_graphic()), "/v/2026-01-%E8%AE%B0-1?a=1&b=2#c");
    }
}
