//! Reads amounts in capital characters and says exactly why a text is not one.
//!
//! Pure. See the parent for the rules of writing.
//!
//! 1. The value is read first; the text must then be one of the legal ways to write that value.
//! 2. 圆 and 圓 count as 元, 正 as 整; the traditional 貳 陸 億 萬 are taken; 人民币 may lead.

use super::{CAPITAL_DIGITS, Piece, Zero, pieces, to_capitals};
use crate::money::Amount;
use crate::refusals;

refusals! {
    /// Why a text is not an amount in capital characters.
    pub enum CapitalsRefusal {
        /// Nothing but blanks.
        "A-201" NoCapitals
            zh "大写金额为空" en "the amount in capitals is empty" next "填写大写金额,例如 壹仟零伍元零叁分";
        /// A character that amounts in capitals do not have: 一二三, 〇, 1, self-made signs.
        "A-202" NotACapital { text: String, character: char }
            zh "“{text}” 中的“{character}”不是大写金额用字"
            en "'{character}' in '{text}' is not a capital character for amounts"
            next "数字只用 零壹贰叁肆伍陆柒捌玖,单位只用 拾佰仟万亿元角分";
        /// 拾, 佰 or 仟 without a digit before it: 壹拾 is written in full.
        "A-203" UnitWithoutDigit { text: String, unit: char }
            zh "“{text}” 中的“{unit}”前缺数字" en "'{unit}' in '{text}' has no digit before it" next "写全,例如 壹拾元整";
        /// A digit without its unit, or an end without 元, 角 or 分.
        "A-204" MissingUnit { text: String }
            zh "“{text}” 缺少单位" en "'{text}' lacks a unit" next "每个数字后写明 仟佰拾、万亿、元角分";
        /// Units that do not fall from the highest to the lowest.
        "A-205" WrongOrder { text: String }
            zh "“{text}” 的单位次序不对" en "the units in '{text}' are out of order" next "单位从大到小:亿 万 仟 佰 拾 元 角 分";
        /// 零 twice in a row: a run of zeros gives one 零.
        "A-206" DoubledZero { text: String }
            zh "“{text}” 连写了两个零" en "'{text}' has 零 twice in a row" next "连续的 0 只写一个零";
        /// 整 after 分, in the middle, or missing after 元.
        "A-207" WholeMark { text: String, canonical: String }
            zh "“{text}” 的“整”字用错" en "整 is wrong in '{text}'" next "应写作 {canonical}";
        /// 零 where none belongs, or none where it belongs.
        "A-208" ZeroMisplaced { text: String, canonical: String }
            zh "“{text}” 的“零”字多写或漏写" en "零 is misplaced or missing in '{text}'" next "应写作 {canonical}";
        /// More than a book can count.
        "A-209" CapitalsTooLarge { text: String }
            zh "“{text}” 超出可表示的最大金额" en "'{text}' is larger than can be counted" next "核对单位(万/亿)";
    }
}

/// No amount that can be counted is written with more characters.
const LONGEST_TEXT: usize = 80;

/// Reads an amount in capital characters in any legal variant. Refuses everything else, with the
/// canonical text as the next step where the value itself is clear.
pub fn parse_capitals(text: &str) -> Result<Amount, CapitalsRefusal> {
    let shown = text.trim();
    let body: Vec<char> = shown.trim_start_matches("人民币").trim_start_matches([':', '：', ' ']).chars().map(modern).collect();
    if body.is_empty() {
        return Err(CapitalsRefusal::NoCapitals);
    }
    if let Some(character) = body.iter().copied().find(|c| !is_capital(*c)) {
        return Err(CapitalsRefusal::NotACapital { text: shown.to_owned(), character });
    }
    let amount = Reader { shown }.amount(&body)?;
    if matches(&body, &pieces(amount)) { Ok(amount) } else { Err(why_not(shown, &body, amount)) }
}

/// 圆 正 貳 陸 億 萬 圓 in the characters the canonical text uses.
fn modern(c: char) -> char {
    match c {
        '圆' | '圓' => '元',
        '正' => '整',
        '貳' => '贰',
        '陸' => '陆',
        '億' => '亿',
        '萬' => '万',
        '負' => '负',
        other => other,
    }
}

fn is_capital(c: char) -> bool {
    CAPITAL_DIGITS.contains(&c) || "拾佰仟万亿元角分整负".contains(c)
}

/// True if the text is one of the ways the pieces may be written.
fn matches(mut text: &[char], pieces: &[Piece]) -> bool {
    for piece in pieces {
        let (wanted, optional) = match *piece {
            Piece::Char(c) => (c, false),
            Piece::Zero(zero) => ('零', zero != Zero::Must),
            Piece::Whole { optional } => ('整', optional),
        };
        match text.split_first() {
            Some((first, rest)) if *first == wanted => text = rest,
            _ if optional => {}
            _ => return false,
        }
    }
    text.is_empty()
}

/// The value is clear but the text is not a legal way to write it: is it 整 or 零?
fn why_not(shown: &str, body: &[char], amount: Amount) -> CapitalsRefusal {
    let (text, canonical) = (shown.to_owned(), to_capitals(amount));
    let without_whole = |c: &&char| **c != '整';
    let as_needed: Vec<char> = body.iter().filter(without_whole).copied().collect();
    let pieces: Vec<Piece> = pieces(amount).into_iter().filter(|p| !matches!(p, Piece::Whole { .. })).collect();
    if matches(&as_needed, &pieces) {
        CapitalsRefusal::WholeMark { text, canonical }
    } else {
        CapitalsRefusal::ZeroMisplaced { text, canonical }
    }
}

/// Reads the value, lenient about 零 and 整 only.
struct Reader<'a> {
    shown: &'a str,
}

impl Reader<'_> {
    fn text(&self) -> String {
        self.shown.to_owned()
    }

    fn amount(&self, body: &[char]) -> Result<Amount, CapitalsRefusal> {
        if body.len() > LONGEST_TEXT {
            return Err(CapitalsRefusal::CapitalsTooLarge { text: self.text() });
        }
        if body.windows(2).any(|pair| pair == ['零', '零']) {
            return Err(CapitalsRefusal::DoubledZero { text: self.text() });
        }
        let (negative, body) = body.strip_prefix(&['负']).map_or((false, body), |rest| (true, rest));
        let body = body.strip_suffix(&['整']).unwrap_or(body);
        if body.iter().any(|c| "整负".contains(*c)) {
            return Err(CapitalsRefusal::WrongOrder { text: self.text() });
        }
        let needs_yuan = |c: &char| "拾佰仟万亿".contains(*c);
        if body.is_empty() || (!body.contains(&'元') && body.iter().any(needs_yuan)) {
            return Err(CapitalsRefusal::MissingUnit { text: self.text() });
        }
        let (yuan, decimals) = split_once(body, '元').unwrap_or((&[], body));
        let fen = self.whole(yuan)?.checked_mul(100).zip(Some(self.decimals(decimals)?)).and_then(|(y, d)| y.checked_add(d));
        let signed = fen.map(|fen| if negative { -i128::from(fen) } else { i128::from(fen) });
        let fits = signed.and_then(|fen| i64::try_from(fen).ok()).map(Amount::from_fen);
        fits.ok_or_else(|| CapitalsRefusal::CapitalsTooLarge { text: self.text() })
    }

    /// What stands before 元: …亿…万….
    fn whole(&self, text: &[char]) -> Result<u64, CapitalsRefusal> {
        let too_large = || CapitalsRefusal::CapitalsTooLarge { text: self.text() };
        let scaled =
            |high: u64, unit: u64, low: u64| high.checked_mul(unit).and_then(|high| high.checked_add(low)).ok_or_else(too_large);
        if let Some(at) = text.iter().rposition(|c| *c == '亿') {
            let (high, low) = (self.whole(&text[..at])?, self.whole(&text[at + 1..])?);
            return if high == 0 { Err(self.no_digit('亿')) } else { scaled(high, 100_000_000, low) };
        }
        let Some((high, low)) = split_once(text, '万') else { return self.group(text) };
        match self.group(high)? {
            0 => Err(self.no_digit('万')),
            high => scaled(high, 10_000, self.group(low)?),
        }
    }

    /// One group of four: …仟…佰…拾….
    fn group(&self, text: &[char]) -> Result<u64, CapitalsRefusal> {
        let (mut sum, mut below, mut digit) = (0, 10_000, None);
        for c in text.iter().copied() {
            let unit = match (c, digit) {
                ('零', None) => continue,
                ('零', Some(_)) => return Err(CapitalsRefusal::MissingUnit { text: self.text() }),
                ('拾', _) => 10,
                ('佰', _) => 100,
                ('仟', _) => 1_000,
                (_, None) => {
                    digit = Some(self.digit(c)?);
                    continue;
                }
                _ => return Err(self.not_this_unit(c)),
            };
            if unit >= below {
                return Err(CapitalsRefusal::WrongOrder { text: self.text() });
            }
            sum += digit.take().ok_or_else(|| self.no_digit(c))? * unit;
            below = unit;
        }
        Ok(sum + digit.unwrap_or(0))
    }

    /// What stands behind 元: …角…分.
    fn decimals(&self, text: &[char]) -> Result<u64, CapitalsRefusal> {
        let (mut sum, mut below, mut digit) = (0, 100, None);
        for c in text.iter().copied() {
            let unit = match c {
                '零' if digit.is_none() => continue,
                '角' => 10,
                '分' => 1,
                _ if digit.is_none() => {
                    digit = Some(self.digit(c)?);
                    continue;
                }
                _ => return Err(self.not_this_unit(c)),
            };
            if unit >= below {
                return Err(CapitalsRefusal::WrongOrder { text: self.text() });
            }
            sum += digit.take().ok_or_else(|| self.no_digit(c))? * unit;
            below = unit;
        }
        if digit.is_some() { Err(CapitalsRefusal::MissingUnit { text: self.text() }) } else { Ok(sum) }
    }

    /// A digit where one is due; a unit there lacks its digit or stands out of order.
    fn digit(&self, c: char) -> Result<u64, CapitalsRefusal> {
        let value = CAPITAL_DIGITS.iter().position(|digit| *digit == c).map(|value| value as u64);
        value.ok_or_else(|| match c {
            '拾' | '佰' | '仟' => self.no_digit(c),
            _ => CapitalsRefusal::WrongOrder { text: self.text() },
        })
    }

    /// After a digit: another digit lacks the unit between, any other character is out of order.
    fn not_this_unit(&self, c: char) -> CapitalsRefusal {
        let text = self.text();
        if CAPITAL_DIGITS.contains(&c) { CapitalsRefusal::MissingUnit { text } } else { CapitalsRefusal::WrongOrder { text } }
    }

    fn no_digit(&self, unit: char) -> CapitalsRefusal {
        CapitalsRefusal::UnitWithoutDigit { text: self.text(), unit }
    }
}

/// Splits at the first such character.
fn split_once(text: &[char], at: char) -> Option<(&[char], &[char])> {
    let at = text.iter().position(|c| *c == at)?;
    Some((&text[..at], &text[at + 1..]))
}
