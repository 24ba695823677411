//! The first letters of a Chinese name's syllables: 白石村 is `bsc`. People type them to find a name.
//!
//! Pure. A character without a reading keeps itself; letters stay, in lower case.

use pinyin::ToPinyin;

/// The initials of a text.
pub fn initials(text: &str) -> String {
    let first = |character: char| match character.to_pinyin() {
        Some(reading) => reading.first_letter().to_owned(),
        None => character.to_lowercase().to_string(),
    };
    text.chars().map(first).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_have_initials() {
        for (name, letters) in [("白石村", "bsc"), ("欧阳明", "oym"), ("A村1组·", "ac1z·"), ("", "")] {
            assert_eq!(super::initials(name), letters);
        }
    }
}
