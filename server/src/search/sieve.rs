//! Which words a segment cannot hold: a Bloom filter over its words and their beginnings, read
//! instead of the segment by everyone who looks for others.

use shared_proto::limits;

/// Beginnings of words it knows of, in characters, the longest first. One letter is typed before the
/// second: without it the first of a rare word would have everything read.
const BEGINNINGS: [usize; 6] = [8, 6, 4, 3, 2, 1];
/// Bytes that are looked at for one word, and the smallest sieve: all of its bits are in one line of
/// the processor's cache, and most of what a search takes is waiting for these.
const BLOCK: usize = 32;
/// Bits of a sieve for each word or beginning in it, and how many of them are looked at: of others
/// fewer than one in a hundred passes.
const BITS: usize = 12;
const LOOKS: usize = 6;

/// What tells a whole word from the beginning of one.
#[derive(Clone, Copy)]
enum Kind {
    Whole = 1,
    Beginning = 2,
}

/// What is looked at for one word: worked out once, and held against many sieves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(u64);

impl Mark {
    /// Of this word, or of every one that goes on with it.
    #[must_use]
    pub fn of(term: &str, open: bool) -> Self {
        let known = |length: &usize| beginning(term, *length);
        match BEGINNINGS.iter().find_map(known) {
            Some(known) if open || beginning(term, BEGINNINGS[0]).is_some() => {
                Self::new(Kind::Beginning, known)
            }
            _ => Self::new(Kind::Whole, term),
        }
    }

    /// FNV-1a, then mixed as in SplitMix64: the same for good, whatever the machine.
    fn new(kind: Kind, word: &str) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in std::iter::once(kind as u8).chain(word.bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Self(hash ^ (hash >> 31))
    }

    /// Which of so many blocks is its own.
    const fn block(self, count: usize) -> usize {
        (((self.0 >> 32) * count as u64) >> 32) as usize
    }

    /// Its bits in the block: a byte of the hash for each.
    fn bits(self) -> [u8; LOOKS] {
        let [bits @ .., _, _] = self.0.to_le_bytes();
        bits
    }
}

/// The words of a segment, and their beginnings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sieve {
    bits: Box<[u8]>,
}

impl Sieve {
    /// Of these words. They may come in any order; each counts once when they are sorted.
    #[must_use]
    pub fn of<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut marks = Vec::new();
        for word in words {
            let known = BEGINNINGS.iter().filter_map(|length| beginning(word, *length));
            marks.extend(known.map(|known| Mark::new(Kind::Beginning, known)));
            if beginning(word, BEGINNINGS[0]).is_none() {
                marks.push(Mark::new(Kind::Whole, word));
            }
        }
        marks.sort_unstable();
        marks.dedup();
        let count = (marks.len() * BITS / 8).div_ceil(BLOCK).clamp(1, limits::SIEVE_BYTES / BLOCK);
        let mut blocks = vec![[0; BLOCK]; count];
        for mark in marks {
            let block = &mut blocks[mark.block(count)];
            for bit in mark.bits() {
                block[usize::from(bit / 8)] |= 1 << (bit % 8);
            }
        }
        Self { bits: blocks.into_flattened().into() }
    }

    /// As it was kept; `None` when it cannot be one.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let fits = (BLOCK..=limits::SIEVE_BYTES).contains(&bytes.len())
            && bytes.len().is_multiple_of(BLOCK);
        fits.then(|| Self { bits: bytes.into() })
    }

    /// As it is kept.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bits
    }

    /// Whether a word of this mark may be among them. `false` is certain.
    #[must_use]
    pub fn lets_through(&self, mark: Mark) -> bool {
        let (blocks, _) = self.bits.as_chunks::<BLOCK>();
        let block = &blocks[mark.block(blocks.len())];
        let looks = mark.bits().map(|bit| block[usize::from(bit / 8)] >> (bit % 8));
        looks.into_iter().fold(1, |all, look| all & look) != 0
    }
}

/// The first `length` characters of a word that has as many.
fn beginning(word: &str, length: usize) -> Option<&str> {
    let last = word.char_indices().nth(length - 1);
    last.map(|(at, letter)| &word[..at + letter.len_utf8()])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hashes_are_the_same_for_good() {
        assert_eq!(Mark::new(Kind::Whole, "sleep"), Mark(0xe0d0_2cec_ab59_4e24));
        assert_eq!(
            Sieve::of(["sleep"].into_iter()).bytes(),
            [
                0, 36, 96, 8, 80, 82, 2, 0, 16, 97, 0, 10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 104, 64, 12,
                0, 128, 0, 32, 0, 18, 0, 5
            ]
        );
    }

    #[test]
    fn of_words_that_are_not_there_few_pass() {
        let words: Vec<String> = (0..1_500).map(|n| format!("{n:x}word{}", n * 7919)).collect();
        let sieve = Sieve::of(words.iter().map(String::as_str));
        assert!(sieve.bytes().len() <= limits::SIEVE_BYTES);
        let others = (0..10_000).map(|n| format!("{n:x}other{}", n * 104_729));
        let passed = others.filter(|word| sieve.lets_through(Mark::of(word, false))).count();
        assert!(passed < 2_000, "{passed} of 10,000");
    }

    #[test]
    fn of_beginnings_that_are_not_there_few_pass_however_short() {
        let sieve = Sieve::of(["medication", "sleeping", "badly", "now"].into_iter());
        for length in 1..=10 {
            let passes = |word: &str| sieve.lets_through(Mark::of(&word[..length], true));
            assert!(passes("medication"), "{length}");
            assert!(!passes("wonderfully"), "{length}");
        }
    }

    proptest! {
        #[test]
        fn no_word_that_is_there_is_held_back(
            words in prop::collection::btree_set("\\PC{1,12}", 1..50), cut in 1_usize..12,
        ) {
            let sieve = Sieve::of(words.iter().map(String::as_str));
            let kept = Sieve::from_bytes(sieve.bytes()).unwrap();
            prop_assert_eq!(&kept, &sieve);
            for word in &words {
                prop_assert!(sieve.lets_through(Mark::of(word, false)));
                prop_assert!(sieve.lets_through(Mark::of(word, true)));
                if let Some(beginning) = beginning(word, cut) {
                    prop_assert!(sieve.lets_through(Mark::of(beginning, true)));
                }
            }
        }
    }
}
