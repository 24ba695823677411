//! Which characters the bytes of a text file are.
//!
//! Pure. Order of trying (`domain/validation.md` §6): byte-order mark, strict UTF-8, GB18030 (which
//! contains GBK and GB2312); a name handed in overrides it.
//!
//! 1. Nothing is replaced: bytes that are no character refuse the file and name the line.
//! 2. A file that already holds U+FFFD is refused: its characters were lost elsewhere.
//! 3. Names are compared with every kind of middle dot as U+00B7.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::refusal::ExchangeRefusal;

/// The text of a file; `named` overrides what the bytes suggest. Refuses what does not decode.
pub fn decode<'a>(bytes: &'a [u8], named: Option<&str>) -> Result<Cow<'a, str>, ExchangeRefusal> {
    let encoding = match named {
        Some(name) => by_name(name)?,
        None => guess(bytes),
    };
    let bytes = without_mark(bytes, encoding);
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    let text = text.ok_or_else(|| first_bad_byte(bytes, encoding))?;
    match text.find('\u{FFFD}') {
        Some(place) => Err(ExchangeRefusal::CharactersLost { line: line_of(&text[..place]) }),
        None => Ok(text),
    }
}

/// The encoding's usual name, such as `GB18030`.
pub fn encoding_name(bytes: &[u8], named: Option<&str>) -> Result<&'static str, ExchangeRefusal> {
    Ok(named.map_or_else(|| Ok(guess(bytes)), by_name)?.name())
}

/// A name as it is compared: the middle dots of non-Han names as U+00B7, no blanks at its ends,
/// full-width letters and digits in their ASCII form. What is stored and shown stays as it came.
pub fn normal_name(name: &str) -> String {
    const DOTS: [char; 8] = ['\u{2022}', '\u{30FB}', '\u{FF65}', '\u{FF0E}', '\u{2027}', '\u{22C5}', '\u{2219}', '.'];
    name.trim().chars().map(|c| if DOTS.contains(&c) { '\u{B7}' } else { crate::money::amount::half_width(c) }).collect()
}

fn by_name(name: &str) -> Result<&'static Encoding, ExchangeRefusal> {
    match name.trim().to_ascii_lowercase().replace('_', "-").as_str() {
        "utf-8" | "utf8" | "utf-8-sig" => Ok(UTF_8),
        "gb18030" | "gbk" | "gb2312" | "cp936" | "ansi" => Ok(GB18030),
        "utf-16le" | "utf-16" | "unicode" => Ok(UTF_16LE),
        "utf-16be" => Ok(UTF_16BE),
        _ => Err(ExchangeRefusal::UnknownEncoding { name: name.to_owned() }),
    }
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => GB18030,
    }
}

fn without_mark<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> &'a [u8] {
    match Encoding::for_bom(bytes) {
        Some((marked, length)) if marked == encoding => &bytes[length..],
        _ => bytes,
    }
}

/// Where decoding stops.
fn first_bad_byte(bytes: &[u8], encoding: &'static Encoding) -> ExchangeRefusal {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let (mut read, mut piece, mut line) = (0, [0u8; 4096], 1);
    loop {
        let (result, taken, written) = decoder.decode_to_utf8_without_replacement(&bytes[read..], &mut piece, true);
        line += piece[..written].iter().filter(|byte| **byte == b'\n').count();
        read += taken;
        if !matches!(result, encoding_rs::DecoderResult::OutputFull) {
            return ExchangeRefusal::Undecodable { encoding: encoding.name().to_owned(), byte: read.max(1), line };
        }
    }
}

fn line_of(before: &str) -> usize {
    before.bytes().filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gb(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn finds_the_encoding() {
        let text = "户名,金额\n吉克·阿依,100.00\n䶮𬭎𠮷㛃喆〇,1\n";
        assert_eq!(decode(text.as_bytes(), None).unwrap(), text);
        assert_eq!(decode(&[b"\xEF\xBB\xBF", text.as_bytes()].concat(), None).unwrap(), text);
        assert_eq!(decode(&gb(text), None).unwrap(), text);
        assert_eq!(decode(&gb(text), Some("gbk")).unwrap(), text);
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&[b"\xFF\xFE", &wide[..]].concat(), None).unwrap(), text);
        assert_eq!(decode(&wide, Some("utf-16le")).unwrap(), text);
    }

    #[test]
    fn refuses_what_it_cannot_read_and_says_where() {
        let broken = [&gb("第一行\n第二"), &b"\xFF\xFF\n"[..]].concat();
        assert!(matches!(decode(&broken, None), Err(ExchangeRefusal::Undecodable { line: 2, .. })));
        assert!(matches!(decode(&gb("汉字"), Some("utf-8")), Err(ExchangeRefusal::Undecodable { line: 1, .. })));
        assert_eq!(decode("一\n二\n\u{FFFD}".as_bytes(), None), Err(ExchangeRefusal::CharactersLost { line: 3 }));
        assert!(matches!(decode(b"", Some("latin-9")), Err(ExchangeRefusal::UnknownEncoding { .. })));
    }

    #[test]
    fn middle_dots_are_one() {
        for name in ["吉克·阿依", "吉克•阿依", "吉克・阿依", "吉克．阿依", " 吉克.阿依 "] {
            assert_eq!(normal_name(name), "吉克·阿依");
        }
        assert_eq!(decode(b"\xBC\xAA\xA1\xA4\xB0\xA2", None).unwrap(), "吉\u{B7}阿");
    }
}
