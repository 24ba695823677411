//! Splits a sum over weights that come by again and again and are never held all at once: a register of any length.
//!
//! Pure. The weights come by once to be added up ([`Weights`]); then pass by pass, always the same in the same order, until
//! the split is settled (typically twice); from then on each pass gives every weight its part.
//!
//! 1. The parts are those that [`super::allot`] gives to the same weights in the same order.
//! 2. What is held does not grow with the weights: a count for each of 65,536 ranges of remainders, and none once settled.
//! 3. Where weights have turns, those of an earlier turn count as earlier members, however they come by.

use super::{AllotmentRefusal, Amount, signed};

/// What the weights of a split come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Weights {
    seen: usize,
    total: i128,
    largest: i128,
    negative: Option<usize>,
    too_large: bool,
}

impl Weights {
    /// The next weight.
    pub fn add(&mut self, weight: i128) {
        self.seen += 1;
        self.negative = self.negative.or((weight < 0).then_some(self.seen));
        self.largest = self.largest.max(weight);
        match self.total.checked_add(weight) {
            Some(total) => self.total = total,
            None => self.too_large = true,
        }
    }

    /// Their sum.
    pub fn total(&self) -> i128 {
        self.total
    }

    /// True where no weight differs from zero.
    pub fn are_zero(&self) -> bool {
        self.largest == 0 && self.negative.is_none()
    }

    /// The sum and the largest, if a pool of this size can be split by them; what cannot is refused in the order of `allot`.
    fn checked(&self, size: i128) -> Result<u128, AllotmentRefusal> {
        match self {
            Weights { negative: Some(position), .. } => Err(AllotmentRefusal::NegativeWeight { position: *position }),
            Weights { too_large: true, .. } => Err(AllotmentRefusal::TooLargeToSplit),
            Weights { total: 0, .. } => Err(AllotmentRefusal::NoWeight),
            Weights { largest, .. } if largest.checked_mul(size).is_none() => Err(AllotmentRefusal::TooLargeToSplit),
            Weights { total, .. } => Ok(total.unsigned_abs()),
        }
    }
}

/// A split in its making, then made: open while it is not known which remainders get a leftover fen.
#[derive(Debug, Clone)]
pub struct Split {
    pool: Amount,
    total: u128,
    /// Leftover fen for remainders looked into; before the first pass ends, what no part has got yet.
    wanted: u128,
    search: Option<Search>,
    /// A remainder from here on gets a fen.
    from: u128,
    /// How many of the remainders just below get one, by turn.
    ties: Vec<u128>,
    /// Those of them this pass has not given yet.
    left: Vec<u128>,
}

/// The range of remainders that is looked into, cut into equal parts that are counted, turn by turn.
#[derive(Debug, Clone)]
struct Search {
    first_pass: bool,
    low: u128,
    shift: u32,
    counts: Vec<Vec<u32>>,
}

const PARTS_IN_BITS: u32 = 16;
const PARTS: usize = 1 << PARTS_IN_BITS;

impl Search {
    fn over(low: u128, bits: u32, turns: usize) -> Search {
        let shift = bits.saturating_sub(PARTS_IN_BITS);
        Search { first_pass: false, low, shift, counts: vec![vec![0; PARTS]; turns] }
    }

    fn count(&mut self, turn: usize, remainder: u128) {
        let part = remainder.checked_sub(self.low).map(|above| above >> self.shift);
        if let Some(count) = part.and_then(|part| self.counts[turn].get_mut(usize::try_from(part).ok()?)) {
            *count += 1;
        }
    }

    fn counted(&self, part: usize) -> u128 {
        self.counts.iter().map(|turn| u128::from(turn[part])).sum()
    }

    /// Where a part of the range begins.
    fn start(&self, part: usize) -> u128 {
        self.low + ((part as u128) << self.shift)
    }
}

impl Split {
    /// Begins to split a pool by weights. Refuses what `allot` refuses: negative weights, none, too large ones.
    pub fn of(pool: Amount, weights: &Weights) -> Result<Split, AllotmentRefusal> {
        Split::in_turns(pool, weights, 1)
    }

    /// The same where the weights have several turns.
    pub fn in_turns(pool: Amount, weights: &Weights, turns: usize) -> Result<Split, AllotmentRefusal> {
        let wanted = u128::from(pool.fen().unsigned_abs());
        let total = weights.checked(i128::from(pool.fen().unsigned_abs()))?;
        let search = Search { first_pass: true, ..Search::over(0, u128::BITS - (total - 1).leading_zeros(), turns) };
        let none = vec![0; turns];
        Ok(Split { pool, total, wanted, search: Some(search), from: u128::MAX, ties: none.clone(), left: none })
    }

    /// True once parts can be given.
    pub fn is_settled(&self) -> bool {
        self.search.is_none()
    }

    /// A weight's part, rounded down, and its remainder.
    fn divided(&self, weight: i128) -> (u128, u128) {
        let product = weight.unsigned_abs() * u128::from(self.pool.fen().unsigned_abs());
        (product / self.total, product % self.total)
    }

    /// A weight comes by while the split may be open.
    pub fn look(&mut self, turn: usize, weight: i128) {
        let (whole, remainder) = self.divided(weight);
        if let Some(search) = &mut self.search {
            if remainder < self.from {
                search.count(turn, remainder);
            }
            if search.first_pass {
                self.wanted -= whole;
            }
        }
    }

    /// A weight's part, once settled.
    pub fn part(&mut self, turn: usize, weight: i128) -> Amount {
        let (whole, remainder) = self.divided(weight);
        let mut fen = whole + u128::from(remainder >= self.from);
        if remainder + 1 == self.from && self.left[turn] > 0 {
            self.left[turn] -= 1;
            fen += 1;
        }
        signed(i128::try_from(fen).expect("a part is no larger than the pool"), self.pool)
    }

    /// All weights have come by: an open split narrows what it looks into, a settled one gives its parts from the first again.
    pub fn end_of_pass(&mut self) {
        if let Some(search) = self.search.take() {
            self.narrow(&search);
        }
        self.left.clone_from(&self.ties);
    }

    /// Takes ranges from the top while all in them get a fen; the one that only some get is looked into.
    fn narrow(&mut self, search: &Search) {
        let mut part = PARTS;
        while self.wanted > 0 && self.wanted >= search.counted(part - 1) {
            part -= 1;
            self.wanted -= search.counted(part);
        }
        self.from = self.from.min(search.start(part));
        if self.wanted > 0 && search.shift == 0 {
            self.tie(search, part - 1);
        } else if self.wanted > 0 {
            self.search = Some(Search::over(search.start(part - 1), search.shift, search.counts.len()));
        }
    }

    /// The remainders of a part are all the same: the first of them get what is left.
    fn tie(&mut self, search: &Search, part: usize) {
        for (turn, counts) in search.counts.iter().enumerate() {
            self.ties[turn] = self.wanted.min(u128::from(counts[part]));
            self.wanted -= self.ties[turn];
        }
    }
}

#[cfg(test)]
mod tests;
