//! The stream of cells inside an xls file, and a file made anew around it.
//!
//! Pure. An xls workbook lies in a compound file: sectors, chained by a table, named by a directory.
//!
//! 1. No chain is followed further than the file has sectors: one that goes in a circle is refused.
//! 2. [`wrapped`] gives the plainest file that holds a stream, so that whoever reads it sees that stream and nothing else.

use super::refusal::ExchangeRefusal;

/// Sector numbers from here on mean something else than a place.
const RESERVED: u32 = 0xFFFF_FFFA;
const TABLE: u32 = 0xFFFF_FFFD;
const END: u32 = 0xFFFF_FFFE;
const FREE: u32 = 0xFFFF_FFFF;
/// Streams below this lie in short sectors.
const SHORT: usize = 4_096;
const SHORT_SECTOR: usize = 64;
/// Table sectors named in the head itself.
const IN_HEAD: usize = 109;

/// The stream of cells of an xls file.
pub fn workbook(bytes: &[u8]) -> Result<Vec<u8>, ExchangeRefusal> {
    let file = CompoundFile::of(bytes)?;
    let directory = file.chain(number(bytes, 48), usize::MAX)?;
    let entries: Vec<&[u8]> = directory.chunks_exact(128).collect();
    let named = |name: &str| entries.iter().find(|entry| entry_name(entry).eq_ignore_ascii_case(name));
    let entry = named("Workbook").or_else(|| named("Book")).ok_or_else(|| damaged("没有工作簿"))?;
    let (start, length) = (number(entry, 116), number(entry, 120) as usize);
    if length >= SHORT {
        return file.chain(start, length);
    }
    let root = entries[0];
    let short = file.chain(number(root, 116), number(root, 120) as usize)?;
    let next = numbers(&file.chain(number(bytes, 60), usize::MAX)?);
    follow(start, &next, length, |sector| piece(&short, sector as usize * SHORT_SECTOR, SHORT_SECTOR))
}

fn damaged(what: &str) -> ExchangeRefusal {
    ExchangeRefusal::Damaged { what: what.to_owned() }
}

fn entry_name(entry: &[u8]) -> String {
    let units = entry[..64].chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]]));
    char::decode_utf16(units.take_while(|unit| *unit != 0)).map(|c| c.unwrap_or('\u{FFFD}')).collect()
}

/// The number at a place; beyond the end, one that means no place.
fn number(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(FREE, u32::from_le_bytes)
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|four| number(four, 0)).collect()
}

/// What lies at a place, as far as there is anything.
fn piece(bytes: &[u8], at: usize, length: usize) -> Option<&[u8]> {
    bytes.get(at..bytes.len().min(at.checked_add(length)?)).filter(|found| !found.is_empty())
}

/// The sectors of a chain one after the other, up to a length.
fn follow<'b>(
    start: u32,
    next: &[u32],
    length: usize,
    sector: impl Fn(u32) -> Option<&'b [u8]>,
) -> Result<Vec<u8>, ExchangeRefusal> {
    let (mut found, mut at, mut steps) = (Vec::new(), start, 0);
    while at < RESERVED && found.len() < length {
        steps += 1;
        if steps > next.len() {
            return Err(damaged("扇区链成环"));
        }
        found.extend_from_slice(sector(at).ok_or_else(|| damaged("扇区在文件之外"))?);
        at = *next.get(at as usize).ok_or_else(|| damaged("扇区链中断"))?;
    }
    found.truncate(length);
    Ok(found)
}

struct CompoundFile<'b> {
    bytes: &'b [u8],
    size: usize,
    /// Sector to next sector.
    next: Vec<u32>,
}

impl<'b> CompoundFile<'b> {
    fn of(bytes: &'b [u8]) -> Result<CompoundFile<'b>, ExchangeRefusal> {
        let size = match bytes.get(30..32) {
            Some([9, 0]) => 512,
            Some([12, 0]) => 4_096,
            _ => return Err(damaged("扇区大小不合规范")),
        };
        let mut file = CompoundFile { bytes, size, next: Vec::new() };
        let mut tables: Vec<u32> = (0..IN_HEAD).map(|nth| number(bytes, 76 + 4 * nth)).collect();
        let (mut more, mut steps, sectors) = (number(bytes, 68), 0, bytes.len() / size + 1);
        while let Some(further) = file.sector(more).filter(|_| more < RESERVED) {
            steps += 1;
            if steps > sectors {
                return Err(damaged("扇区链成环"));
            }
            let mut further = numbers(further);
            more = further.pop().unwrap_or(END);
            tables.extend(further);
        }
        tables.retain(|table| *table < RESERVED);
        if tables.len() > sectors {
            return Err(damaged("扇区表多于扇区"));
        }
        file.next = tables.into_iter().filter_map(|table| file.sector(table)).flat_map(numbers).collect();
        Ok(file)
    }

    fn sector(&self, sector: u32) -> Option<&'b [u8]> {
        piece(self.bytes, (sector as usize).checked_add(1)?.checked_mul(self.size)?, self.size)
    }

    fn chain(&self, start: u32, length: usize) -> Result<Vec<u8>, ExchangeRefusal> {
        follow(start, &self.next, length, |sector| self.sector(sector))
    }
}

/// A compound file that holds a stream of cells and nothing else, in sectors of 4,096 bytes.
pub fn wrapped(mut stream: Vec<u8>) -> Vec<u8> {
    const SIZE: usize = 4_096;
    stream.resize(stream.len().max(1).next_multiple_of(SIZE), 0);
    let sectors = stream.len() / SIZE;
    let tables = (sectors + 1).div_ceil(SIZE / 4 - 1);
    debug_assert!(tables <= IN_HEAD, "a file of 64 MB needs 17");
    let mut file = Vec::with_capacity(stream.len() + (tables + 2) * SIZE);
    file.extend([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    file.extend([0; 16]);
    for word in [0x003E_u16, 4, 0xFFFE, 12, 6, 0, 0, 0] {
        file.extend(word.to_le_bytes());
    }
    let place = |nth: usize| u32::try_from(nth).unwrap_or(END);
    for word in [1, place(tables), place(tables), 0, SHORT as u32, END, 0, END, 0].into_iter().chain((0..tables).map(place)) {
        file.extend(word.to_le_bytes());
    }
    file.resize(512, 0xFF);
    file.resize(SIZE, 0);
    let chain = (1..=sectors).map(|nth| if nth == sectors { END } else { place(tables + 1 + nth) });
    for next in std::iter::repeat_n(TABLE, tables).chain([END]).chain(chain) {
        file.extend(next.to_le_bytes());
    }
    file.resize(SIZE * (tables + 1), 0xFF);
    file.extend(entry("Root Entry", 5, 1, FREE, 0));
    file.extend(entry("Workbook", 2, FREE, place(tables + 1), stream.len() as u64));
    file.resize(SIZE * (tables + 2), 0);
    file.extend(stream);
    file
}

fn entry(name: &str, kind: u8, child: u32, start: u32, length: u64) -> Vec<u8> {
    let mut bytes: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let named = bytes.len() as u16 + 2;
    bytes.resize(64, 0);
    bytes.extend(named.to_le_bytes());
    bytes.extend([kind, 1]);
    for number in [FREE, FREE, child] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend([0; 36]);
    bytes.extend(start.to_le_bytes());
    bytes.extend(length.to_le_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrapped_comes_out_again() {
        for length in [1_usize, 4_096, 5_000, 4_096 * 1_023, 4_096 * 3_000] {
            let stream: Vec<u8> = (0..length).map(|nth| nth as u8).collect();
            let found = workbook(&wrapped(stream.clone())).unwrap();
            assert!(found.starts_with(&stream) && found.len() == length.next_multiple_of(4_096), "{length}");
        }
    }

    #[test]
    fn a_circle_and_a_gap_are_refused() {
        let good = wrapped(vec![7; 20_000]);
        // The table's first entries: itself, the directory, then the stream's sectors. The directory follows itself, or
        // the stream goes on behind the end.
        for (sector, next) in [(1, 1_u32), (4, 900)] {
            let mut bad = good.clone();
            bad[4_096 + 4 * sector..][..4].copy_from_slice(&next.to_le_bytes());
            assert!(matches!(workbook(&bad), Err(ExchangeRefusal::Damaged { .. })), "{next}");
        }
        assert!(workbook(&good[..5_000]).is_err());
    }
}
