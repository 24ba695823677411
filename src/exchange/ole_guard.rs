//! Looks at the sector chains of an xls file before a reader follows them: a chain that goes in a circle has no end.
//!
//! Pure.

use super::refusal::ExchangeRefusal;

/// Sectors named in the head itself.
const IN_HEAD: usize = 109;

/// Refuses a compound file in which some chain of sectors goes in a circle.
pub fn check_chains(bytes: &[u8]) -> Result<(), ExchangeRefusal> {
    let damaged = || ExchangeRefusal::Damaged { what: "扇区链成环".to_owned() };
    let number = |at: usize| bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_le_bytes);
    let shift = bytes.get(30..32).map_or(0, |two| u16::from_le_bytes([two[0], two[1]]));
    if !(7..=12).contains(&shift) {
        return Ok(());
    }
    let size = 1_usize << shift;
    let sectors = bytes.len() / size + 1;
    let place = |sector: u32| (sector as usize).checked_add(1).and_then(|sector| sector.checked_mul(size));
    let mut tables: Vec<u32> = (0..IN_HEAD).filter_map(|nth| number(76 + 4 * nth)).collect();
    let (mut more, mut steps) = (number(68).unwrap_or(u32::MAX), 0);
    while let Some(at) = place(more).filter(|at| at + size <= bytes.len()) {
        steps += 1;
        if steps > sectors {
            return Err(damaged());
        }
        tables.extend((0..size / 4 - 1).filter_map(|nth| number(at + 4 * nth)));
        more = number(at + size - 4).unwrap_or(u32::MAX);
    }
    let places = tables.into_iter().filter_map(place).filter(|at| at + size <= bytes.len());
    let next: Vec<u32> = places.take(sectors).flat_map(|at| (0..size / 4).filter_map(move |nth| number(at + 4 * nth))).collect();
    if has_circle(&next) { Err(damaged()) } else { Ok(()) }
}

/// True if following `next` from some place never ends.
fn has_circle(next: &[u32]) -> bool {
    let mut walk = vec![0_usize; next.len()];
    for start in 0..next.len() {
        let mut at = start;
        while at < next.len() && walk[at] == 0 {
            walk[at] = start + 1;
            at = next[at] as usize;
        }
        if at < next.len() && walk[at] == start + 1 {
            return true;
        }
    }
    false
}
