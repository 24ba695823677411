//! The setter: widths of texts, where they break, and what stands for characters that no font has.
//!
//! Pure.
//!
//! 1. A character no font has is printed as its code, `[U+2CEB2]`, and remembered with the text it stood in.
//! 2. A broken text, put together again, is the text; only blanks at a break are dropped.
//! 3. A word or number is broken only where it is wider than the room it has.

use std::cell::RefCell;
use std::collections::BTreeMap;

/// Widths of characters.
pub trait Widths {
    /// The widest any of the faces in use makes it, in thousandths of the letters' size; `None` where no font has it.
    fn milli_em(&self, c: char) -> Option<i64>;
}

/// Characters that no font has, each with a text it stands in.
pub type Missing = BTreeMap<char, String>;

/// Sets texts with the fonts there are.
pub struct Setter<'a> {
    widths: &'a dyn Widths,
    missing: RefCell<Missing>,
}

/// Closing marks, which do not begin a line.
const CLOSING: &str = "，。、；：？！）》」』】〕%,.;:?!)]}元";

impl<'a> Setter<'a> {
    /// A setter with these fonts.
    pub fn new(widths: &'a dyn Widths) -> Setter<'a> {
        Setter { widths, missing: RefCell::default() }
    }

    /// What could not be printed as itself so far.
    pub fn missing(&self) -> Missing {
        self.missing.borrow().clone()
    }

    /// The text as it is printed: control characters as blanks, missing ones as their codes.
    pub fn shown(&self, text: &str) -> String {
        if text.chars().all(|c| !c.is_control() && self.milli_em(c).is_some()) {
            return text.to_owned();
        }
        let mut shown = String::with_capacity(text.len() + 16);
        for c in text.chars() {
            match (c.is_control(), self.milli_em(c)) {
                (true, _) => shown.push(' '),
                (false, Some(_)) => shown.push(c),
                (false, None) => {
                    self.missing.borrow_mut().entry(c).or_insert_with(|| text.to_owned());
                    shown.push_str(&code_of(c));
                }
            }
        }
        shown
    }

    fn milli_em(&self, c: char) -> Option<i64> {
        if changes_only_its_neighbour(c) { Some(0) } else { self.widths.milli_em(c) }
    }

    /// Width of a text in thousandths of the letters' size.
    pub fn milli_ems(&self, text: &str) -> i64 {
        text.chars().map(|c| self.milli_em(c).unwrap_or(1000)).sum()
    }

    /// Width of the widest part that is not to be broken.
    pub fn longest_word(&self, text: &str) -> i64 {
        pieces(text).map(|piece| self.milli_ems(piece.trim_end())).max().unwrap_or(0)
    }

    /// Lines of at most `room` thousandths of the letters' size; at least one.
    pub fn lines(&self, text: &str, room: i64) -> Vec<String> {
        if self.milli_ems(text) <= room {
            return vec![text.to_owned()];
        }
        let mut lines = vec![String::new()];
        let mut used = 0;
        for piece in pieces(text) {
            let wide = self.milli_ems(piece.trim_end());
            if used > 0 && used + wide > room {
                lines.push(String::new());
                used = 0;
            }
            if wide > room {
                used = self.spell(piece, room, &mut lines);
                continue;
            }
            last(&mut lines).push_str(piece);
            used += self.milli_ems(piece);
        }
        lines.iter().map(|line| line.trim_end().to_owned()).collect()
    }

    /// A word wider than the room, letter by letter.
    fn spell(&self, piece: &str, room: i64, lines: &mut Vec<String>) -> i64 {
        let mut used = 0;
        for c in piece.chars() {
            let wide = self.milli_em(c).unwrap_or(1000);
            if used > 0 && used + wide > room {
                lines.push(String::new());
                used = 0;
            }
            last(lines).push(c);
            used += wide;
        }
        used
    }
}

fn last(lines: &mut [String]) -> &mut String {
    lines.last_mut().expect("there is at least one line")
}

/// The code of a character in brackets.
pub fn code_of(c: char) -> String {
    format!("[U+{:04X}]", u32::from(c))
}

/// Joiners and variation selectors: they have no width and no glyph of their own.
fn changes_only_its_neighbour(c: char) -> bool {
    matches!(u32::from(c), 0x200B..=0x200F | 0x2060 | 0xFE00..=0xFE0F | 0xFEFF | 0xE0100..=0xE01EF)
}

/// The parts between which a line may break.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    let ends = text.char_indices().zip(text.chars().skip(1).map(Some).chain([None]));
    ends.filter_map(move |((at, c), next)| {
        if next.is_some_and(|next| !may_break(c, next)) {
            return None;
        }
        let piece = &text[from..at + c.len_utf8()];
        from = at + c.len_utf8();
        Some(piece)
    })
}

fn may_break(before: char, after: char) -> bool {
    if CLOSING.contains(after) || after == ' ' || changes_only_its_neighbour(after) || "（《「『【〔([".contains(before) {
        return false;
    }
    let in_a_number = before == ',' && after.is_ascii_digit();
    before == ' ' || is_wide(before) || is_wide(after) || ("-/_;,；，".contains(before) && !in_a_number)
}

/// Characters of a full square: Chinese, Japanese, Korean, Yi and their marks.
fn is_wide(c: char) -> bool {
    unicode_width::UnicodeWidthChar::width(c) == Some(2) || "“”‘’…—·".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half a square for Latin, one for the rest; no glyph for 𬺲.
    struct Plain;

    impl Widths for Plain {
        fn milli_em(&self, c: char) -> Option<i64> {
            (c != '𬺲').then(|| if c.is_ascii() { 500 } else { 1000 })
        }
    }

    #[test]
    fn texts_break_between_squares_and_not_in_numbers() {
        let setter = Setter::new(&Plain);
        assert_eq!(setter.lines("支付办公用品款", 4000), ["支付办公", "用品款"]);
        assert_eq!(setter.lines("收到2025年补助1,234.56元整", 6000), ["收到2025年补", "助1,234.56元", "整"]);
        assert_eq!(setter.lines("修路(一期)", 3000), ["修路", "(一期)"]);
        assert_eq!(setter.lines("", 3000), [""]);
        assert_eq!(setter.lines("0123456789", 2000), ["0123", "4567", "89"]);
        assert_eq!(setter.lines("甲,乙。丙", 2000), ["甲,", "乙。", "丙"]);
    }

    #[test]
    fn what_no_font_has_is_named() {
        let setter = Setter::new(&Plain);
        assert_eq!(setter.shown("张𬺲\t山"), "张[U+2CEB2] 山");
        assert_eq!(setter.shown("葛\u{E0100}"), "葛\u{E0100}");
        assert_eq!(setter.missing(), Missing::from([('𬺲', "张𬺲\t山".to_owned())]));
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost_at_a_break(text in "[ a-z0-9,.()甲乙丙丁、。《》]{0,40}", room in 1000i64..9000) {
            let setter = Setter::new(&Plain);
            let lines = setter.lines(&text, room);
            let joined = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            proptest::prop_assert_eq!(joined(&lines.concat()), joined(&text));
        }
    }
}
