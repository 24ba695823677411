//! The first letters of a Chinese name's syllables: 白石村 is `bsc`. People type them to find a name.
//!
//! Pure. A character with several readings is found by each: 银行 by `yh` and by `yx`. One without a reading keeps itself;
//! letters stay, in lower case.

use pinyin::ToPinyinMulti;

/// The letters each character of a text can begin with.
pub fn readings(text: &str) -> Vec<String> {
    let of = |character: char| match character.to_pinyin_multi() {
        Some(several) => {
            let mut letters: Vec<&str> = several.into_iter().map(|reading| reading.first_letter()).collect();
            letters.sort_unstable();
            letters.dedup();
            letters.concat()
        }
        None => character.to_lowercase().to_string(),
    };
    text.chars().map(of).collect()
}

/// True if a name is spelt by these letters from somewhere on.
pub fn holds(name: &str, letters: &str) -> bool {
    let (readings, letters) = (readings(name), typed(letters));
    !letters.is_empty() && readings.windows(letters.len()).any(|part| agree(part, &letters))
}

/// True if a whole name is spelt by these letters.
pub fn spells(name: &str, letters: &str) -> bool {
    let (readings, letters) = (readings(name), typed(letters));
    !letters.is_empty() && readings.len() == letters.len() && agree(&readings, &letters)
}

fn typed(letters: &str) -> Vec<char> {
    letters.chars().flat_map(char::to_lowercase).collect()
}

fn agree(readings: &[String], letters: &[char]) -> bool {
    readings.iter().zip(letters).all(|(reading, letter)| reading.contains(*letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_their_letters() {
        for (name, letters, found) in [
            ("白石村", "bsc", (true, true)),
            ("白石村", "BS", (true, false)),
            ("白石村", "sc", (true, false)),
            ("银行存款", "yhck", (true, true)),
            ("银行存款", "yxck", (true, true)),
            ("会计", "kj", (true, true)),
            ("A村1组·", "ac1z·", (true, true)),
            ("白石村", "bscx", (false, false)),
            ("白石村", "", (false, false)),
            ("", "b", (false, false)),
        ] {
            assert_eq!((holds(name, letters), spells(name, letters)), found, "{name} {letters}");
        }
        assert_eq!(readings("银行"), ["y", "hx"]);
    }
}
