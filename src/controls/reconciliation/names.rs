//! Whether two spellings are one name: the same, near, or different.
//!
//! Pure. Banks replace rare characters by `?`, `*`, pinyin or private-use characters and write middle dots
//! in many ways (`domain/validation.md` §6).
//!
//! 1. The same is only what is spelled the same; full-width letters, digits and blanks apart.
//! 2. Near is a question to a person, never an answer: nothing is matched on it automatically.
//! 3. Near needs at least one character that both spellings share.

use crate::money::amount::half_width;

/// How two names compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nearness {
    /// Other names, or a blank one.
    Different,
    /// Perhaps one name, damaged on its way.
    Near,
    /// Spelled the same.
    Same,
}

/// Names longer than this are compared for sameness only.
const LONGEST: usize = 40;

/// A name without blanks, in half-width letters and digits, capitals.
pub fn normal(name: &str) -> String {
    name.chars().map(half_width).filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
}

/// Compares two names that [`normal`] has written.
pub fn compare(a: &str, b: &str) -> Nearness {
    if a.is_empty() || b.is_empty() {
        return Nearness::Different;
    }
    if a == b {
        return Nearness::Same;
    }
    if !is_irregular(a) && !is_irregular(b) {
        return Nearness::Different;
    }
    let (a, b) = (without_dots(a), without_dots(b));
    let near = a.len() <= LONGEST && b.len() <= LONGEST && (a == b || fits(&pieces(&a), &b) || fits(&pieces(&b), &a));
    if near { Nearness::Near } else { Nearness::Different }
}

/// True if the spelling may stand for another: it holds a replacement sign, letters, or a middle dot.
pub fn is_irregular(name: &str) -> bool {
    name.chars().any(|c| is_dot(c) || is_stand_in(c))
}

fn is_dot(c: char) -> bool {
    matches!(
        c,
        '\u{B7}' | '\u{2022}' | '\u{30FB}' | '\u{FF65}' | '\u{2027}' | '\u{22C5}' | '\u{2219}' | '.' | '\u{2024}' | '\u{16EB}'
    )
}

/// A sign banks put for a character they cannot write.
fn is_stand_in(c: char) -> bool {
    is_hole(c) || matches!(c, '?' | '*') || c.is_ascii_alphabetic()
}

/// A sign that stands for exactly one character.
fn is_hole(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}' | '\u{FFFD}' | '□' | '〓' | '■')
}

fn without_dots(name: &str) -> Vec<char> {
    name.chars().filter(|c| !is_dot(*c)).collect()
}

/// A name read as a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Written(char),
    /// At least one character and at most so many.
    Lost(usize),
}

/// One lost character is written as one to four `?`, as some `*`, or as the letters of its pinyin.
fn pieces(name: &[char]) -> Vec<Piece> {
    let (mut pieces, mut at) = (Vec::with_capacity(name.len()), 0);
    while let Some(first) = name.get(at) {
        let same_kind = |c: &char| match first {
            '?' | '*' => c == first,
            letter if letter.is_ascii_alphabetic() => c.is_ascii_alphabetic(),
            _ => false,
        };
        let run = name[at..].iter().take_while(|c| same_kind(c)).count().max(1);
        pieces.push(match first {
            '*' => Piece::Lost(run * 3),
            '?' => Piece::Lost(run),
            letter if letter.is_ascii_alphabetic() => Piece::Lost(run.div_ceil(2)),
            hole if is_hole(*hole) => Piece::Lost(1),
            written => Piece::Written(*written),
        });
        at += run;
    }
    pieces
}

/// True if the pattern covers the name and shares at least one written character with it.
fn fits(pattern: &[Piece], name: &[char]) -> bool {
    // reached[j]: the pattern so far covers j characters; the second says whether one was shared.
    let mut reached = vec![(false, false); name.len() + 1];
    reached[0] = (true, false);
    for piece in pattern {
        let mut next = vec![(false, false); name.len() + 1];
        let covered = reached.iter().enumerate().filter(|(_, (there, _))| *there);
        for (from, (_, shared)) in covered {
            match piece {
                Piece::Written(c) if name.get(from) == Some(c) => next[from + 1] = (true, true),
                Piece::Written(_) if name.get(from).is_some_and(|other| is_hole(*other)) => {
                    next[from + 1] = (true, next[from + 1].1 | shared)
                }
                Piece::Written(_) => {}
                Piece::Lost(most) => {
                    let last = (from + most).min(name.len());
                    next[from.min(last)..=last].iter_mut().skip(1).for_each(|place| *place = (true, place.1 | shared));
                }
            }
        }
        reached = next;
    }
    reached[name.len()] == (true, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(a: &str, b: &str) -> Nearness {
        let (a, b) = (normal(a), normal(b));
        assert_eq!(compare(&a, &b), compare(&b, &a), "{a} {b}");
        compare(&a, &b)
    }

    #[test]
    fn same_is_spelled_the_same() {
        for (a, b) in [("龙青山", " 龙青山 "), ("甲公司（北）", "甲公司(北)"), ("ａｂ厂", "AB厂"), ("吉克·阿依", "吉克·阿依")]
        {
            assert_eq!(of(a, b), Nearness::Same, "{a} {b}");
        }
    }

    #[test]
    fn damage_is_near_and_never_the_same() {
        for (a, b) in [
            ("吉克·阿依", "吉克•阿依"),
            ("吉克·阿依", "吉克阿依"),
            ("吉克·阿依", "吉克.阿依"),
            ("王䶮", "王?"),
            ("王䶮", "王??"),
            ("王䶮", "王YAN"),
            ("王䶮", "王\u{E863}"),
            ("𬭎文", "?文"),
            ("张小明", "张*明"),
            ("张小明", "张**"),
            ("李𠮷喆", "李JIZHE"),
        ] {
            assert_eq!(of(a, b), Nearness::Near, "{a} {b}");
        }
    }

    #[test]
    fn other_people_are_different() {
        for (a, b) in [
            ("张三", "张三丰"),
            ("张三", "李三"),
            ("王䶮", "李?"),
            ("王䶮", "WANG YAN"),
            ("王䶮", "??"),
            ("", "王"),
            ("吉克·阿依", "吉克·阿木"),
            ("张小明", "张?"),
        ] {
            assert_eq!(of(a, b), Nearness::Different, "{a} {b}");
        }
    }
}
