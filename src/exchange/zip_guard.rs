//! How large a workbook becomes when unpacked, read from its directory before anything is unpacked.
//!
//! Pure. The unpacker stops at the size the directory declares, so bounding the declared sizes bounds
//! the memory.
//!
//! 1. Every directory entry found anywhere in the file counts, so a second, hidden directory gains nothing.

use super::refusal::ExchangeRefusal;
use super::rows_in::Limits;

const ENTRY: &[u8] = b"PK\x01\x02";
const ENTRY_HEAD: usize = 46;
/// Extra fields of an entry that are looked at.
const EXTRAS: usize = 64;

/// Refuses a workbook whose parts unpack to more than the limits allow.
pub fn check_unpacked_size(bytes: &[u8], limits: &Limits) -> Result<(), ExchangeRefusal> {
    let (mut streamed, mut held) = (0u64, 0u64);
    for entry in
        bytes.windows(ENTRY.len()).enumerate().filter(|(_, piece)| *piece == ENTRY).filter_map(|(at, _)| entry(&bytes[at..]))
    {
        let total = if entry.name.starts_with(b"xl/worksheets/") { &mut streamed } else { &mut held };
        *total = total.saturating_add(entry.unpacked);
    }
    let too_large = |limit| Err(ExchangeRefusal::TooLarge { what: "解压后的字节数".to_owned(), limit });
    if streamed > limits.unpacked_bytes {
        return too_large(limits.unpacked_bytes);
    }
    if held > limits.held_bytes { too_large(limits.held_bytes) } else { Ok(()) }
}

struct Entry<'a> {
    name: &'a [u8],
    unpacked: u64,
}

/// The entry that begins here; `None` where the mark stands by chance.
fn entry(bytes: &[u8]) -> Option<Entry<'_>> {
    let short = |at: usize| Some(usize::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    let long = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let (method, unpacked) = (short(10)?, long(24)?);
    let name = bytes.get(ENTRY_HEAD..ENTRY_HEAD + short(28)?)?;
    let extra = bytes.get(ENTRY_HEAD + name.len()..ENTRY_HEAD + name.len() + short(30)?).unwrap_or_default();
    let plausible = matches!(method, 0 | 8) && !name.is_empty() && !name.iter().any(u8::is_ascii_control);
    let unpacked = if unpacked == u32::MAX { zip64_size(extra).unwrap_or(u64::MAX) } else { u64::from(unpacked) };
    plausible.then_some(Entry { name, unpacked })
}

/// The unpacked size in the extra field of large archives.
fn zip64_size(mut extra: &[u8]) -> Option<u64> {
    for _ in 0..EXTRAS {
        let id = u16::from_le_bytes(extra.get(..2)?.try_into().ok()?);
        let length = usize::from(u16::from_le_bytes(extra.get(2..4)?.try_into().ok()?));
        let body = extra.get(4..4 + length)?;
        if id == 1 {
            return Some(u64::from_le_bytes(body.get(..8)?.try_into().ok()?));
        }
        extra = &extra[4 + length..];
    }
    None
}
