//! The digest chain: each posted voucher's digest covers its content and the digest before it.
//!
//! Pure. Anybody can recompute it: SHA-256 over the previous digest's hex text followed by the fields
//! below, each written as its byte length, a colon and its bytes; an absent field is written `-`.
//!
//! 1. No two different vouchers have the same canonical bytes: lengths make fields unmistakable.
//! 2. SQLite and PostgreSQL give the same digests for the same acts (I14).

use sha2::{Digest, Sha256};

use super::voucher::VoucherLine;

/// The digest before a book's first posted voucher.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Everything of a posted voucher but its lines, in the order it is digested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostedHead<'a> {
    /// The county's code.
    pub county: &'a str,
    /// The book's code.
    pub book: &'a str,
    /// The voucher's key in the book.
    pub voucher: i64,
    /// Its place in the chain, from 1.
    pub posted: i64,
    /// `2026-10`
    pub period: &'a str,
    /// 记/收/付/转
    pub word: &'a str,
    /// Number within book, period and word.
    pub number: i64,
    /// `2026-10-31`
    pub dated_on: &'a str,
    /// opening/ordinary/transfer
    pub stage: &'a str,
    /// The event it belongs to.
    pub event: Option<&'a str>,
    /// Who made it.
    pub maker: &'a str,
    /// Who reviewed it.
    pub reviewer: &'a str,
    /// Who posted it.
    pub poster: &'a str,
    /// When it was posted.
    pub posted_at: &'a str,
    /// The voucher it reverses.
    pub reverses: Option<i64>,
    /// Number of paper attachments.
    pub paper_attachments: i64,
}

/// The digest of a posted voucher that follows `previous` in its book.
pub fn digest<'l>(previous: &str, head: &PostedHead<'_>, lines: impl IntoIterator<Item = &'l VoucherLine>) -> String {
    let mut bytes = Vec::with_capacity(512);
    bytes.extend_from_slice(previous.as_bytes());
    write_head(&mut bytes, head);
    for line in lines {
        write_line(&mut bytes, line);
    }
    hex::encode(Sha256::digest(&bytes))
}

fn write_head(bytes: &mut Vec<u8>, head: &PostedHead<'_>) {
    for text in [head.county, head.book] {
        field(bytes, Some(text));
    }
    for number in [head.voucher, head.posted] {
        number_field(bytes, Some(number));
    }
    field(bytes, Some(head.period));
    field(bytes, Some(head.word));
    number_field(bytes, Some(head.number));
    for text in [head.dated_on, head.stage] {
        field(bytes, Some(text));
    }
    field(bytes, head.event);
    for text in [head.maker, head.reviewer, head.poster, head.posted_at] {
        field(bytes, Some(text));
    }
    number_field(bytes, head.reverses);
    number_field(bytes, Some(head.paper_attachments));
}

fn write_line(bytes: &mut Vec<u8>, line: &VoucherLine) {
    field(bytes, Some(line.account.as_str()));
    number_field(bytes, Some(line.debit.fen()));
    number_field(bytes, Some(line.credit.fen()));
    field(bytes, Some(&line.summary));
    for dimension in super::voucher::Dimension::ALL {
        field(bytes, line.dimensions.get(dimension));
    }
}

fn field(bytes: &mut Vec<u8>, text: Option<&str>) {
    match text {
        None => bytes.push(b'-'),
        Some(text) => {
            number(bytes, text.len() as i64);
            bytes.push(b':');
            bytes.extend_from_slice(text.as_bytes());
        }
    }
}

fn number_field(bytes: &mut Vec<u8>, value: Option<i64>) {
    match value {
        None => bytes.push(b'-'),
        Some(value) => {
            bytes.push(b'#');
            number(bytes, value);
            bytes.push(b';');
        }
    }
}

fn number(bytes: &mut Vec<u8>, value: i64) {
    use std::io::Write;
    write!(bytes, "{value}").expect("writing into memory does not fail");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{AccountCode, Dimensions};
    use crate::money::Amount;

    fn head() -> PostedHead<'static> {
        PostedHead {
            county: "459900",
            book: "V001",
            voucher: 1,
            posted: 1,
            period: "2026-01",
            word: "记",
            number: 1,
            dated_on: "2026-01-05",
            stage: "ordinary",
            event: None,
            maker: "甲",
            reviewer: "乙",
            poster: "乙",
            posted_at: "2026-01-05T01:00:00.000Z",
            reverses: None,
            paper_attachments: 0,
        }
    }

    fn line(summary: &str, account: &str) -> VoucherLine {
        VoucherLine {
            summary: summary.into(),
            account: AccountCode::from(account),
            debit: Amount::from_yuan(1),
            credit: Amount::ZERO,
            dimensions: Dimensions::default(),
        }
    }

    #[test]
    fn every_field_and_the_order_of_lines_count() {
        let (a, b) = (line("收", "101"), line("付", "102"));
        let first = digest(GENESIS, &head(), [&a, &b]);
        assert_eq!(first, digest(GENESIS, &head(), [&a, &b]));
        assert_ne!(first, digest(GENESIS, &head(), [&b, &a]));
        assert_ne!(first, digest(&first, &head(), [&a, &b]));
        assert_ne!(first, digest(GENESIS, &PostedHead { number: 2, ..head() }, [&a, &b]));
    }

    #[test]
    fn text_moved_between_fields_is_another_voucher() {
        let with_party = |party: Option<&str>, project: Option<&str>| {
            let dimensions =
                Dimensions { party: party.map(Into::into), project: project.map(Into::into), ..Dimensions::default() };
            digest(GENESIS, &head(), [&VoucherLine { dimensions, ..line("收", "101") }])
        };
        assert_ne!(with_party(Some("H1"), None), with_party(None, Some("H1")));
        assert_ne!(with_party(Some(""), None), with_party(None, None));
    }
}
