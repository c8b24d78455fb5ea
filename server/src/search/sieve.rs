//! Which words a segment cannot hold: a Bloom filter over its words and their beginnings, read
//! instead of the segment by everyone who looks for others.

use shared_proto::limits;

/// Beginnings of words it knows of, in characters.
const BEGINNINGS: [usize; 3] = [8, 5, 3];
/// Bits of each word or beginning, and how many of them are looked at.
const BITS: usize = 8;
const LOOKS: u64 = 4;
/// The smallest one, in bytes.
const LEAST: usize = 16;

/// What tells a whole word from the beginning of one.
#[derive(Clone, Copy)]
enum Mark {
    Whole = 1,
    Beginning = 2,
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
            for length in BEGINNINGS {
                if let Some(beginning) = beginning(word, length) {
                    marks.push(hash(Mark::Beginning, beginning));
                }
            }
            if beginning(word, BEGINNINGS[0]).is_none() {
                marks.push(hash(Mark::Whole, word));
            }
        }
        marks.sort_unstable();
        marks.dedup();
        let size = (marks.len() * BITS / 8).clamp(LEAST, limits::SIEVE_BYTES);
        let mut bits = vec![0; size].into_boxed_slice();
        for mark in marks {
            for place in places(mark, size) {
                bits[place / 8] |= 1 << (place % 8);
            }
        }
        Self { bits }
    }

    /// As it was kept; `None` when it cannot be one.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let fits = (LEAST..=limits::SIEVE_BYTES).contains(&bytes.len());
        fits.then(|| Self { bits: bytes.into() })
    }

    /// As it is kept.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bits
    }

    /// Whether this word, or one that goes on with it, may be among them. `false` is certain.
    #[must_use]
    pub fn lets_through(&self, term: &str, open: bool) -> bool {
        let mark = match BEGINNINGS.into_iter().find_map(|length| beginning(term, length)) {
            Some(known) if open || beginning(term, BEGINNINGS[0]).is_some() => {
                hash(Mark::Beginning, known)
            }
            None if open => return true,
            _ => hash(Mark::Whole, term),
        };
        places(mark, self.bits.len()).all(|place| self.bits[place / 8] & (1 << (place % 8)) != 0)
    }
}

/// The first `length` characters of a word that has as many.
fn beginning(word: &str, length: usize) -> Option<&str> {
    let last = word.char_indices().nth(length - 1);
    last.map(|(at, letter)| &word[..at + letter.len_utf8()])
}

/// The bits of a mark, in a sieve of so many bytes.
fn places(mark: u64, size: usize) -> impl Iterator<Item = usize> {
    let (first, step) = (mark, mark.rotate_left(32) | 1);
    let bits = size as u64 * 8;
    (0..LOOKS).map(move |n| (first.wrapping_add(n.wrapping_mul(step)) % bits) as usize)
}

/// FNV-1a, then mixed as in SplitMix64: the same for good, whatever the machine.
fn hash(mark: Mark, word: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in std::iter::once(mark as u8).chain(word.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hashes_are_the_same_for_good() {
        assert_eq!(hash(Mark::Whole, "sleep"), 0xe0d0_2cec_ab59_4e24);
        assert_eq!(
            Sieve::of(["sleep"].into_iter()).bytes(),
            [0, 0, 130, 20, 16, 0, 0, 0, 32, 8, 0, 0, 0, 74, 0, 80]
        );
    }

    #[test]
    fn of_words_that_are_not_there_few_pass() {
        let words: Vec<String> = (0..1_500).map(|n| format!("{n:x}word{}", n * 7919)).collect();
        let sieve = Sieve::of(words.iter().map(String::as_str));
        assert!(sieve.bytes().len() <= limits::SIEVE_BYTES);
        let others = (0..10_000).map(|n| format!("{n:x}other{}", n * 104_729));
        let passed = others.filter(|word| sieve.lets_through(word, false)).count();
        assert!(passed < 2_000, "{passed} of 10,000");
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
                prop_assert!(sieve.lets_through(word, false));
                prop_assert!(sieve.lets_through(word, true));
                if let Some(beginning) = beginning(word, cut) {
                    prop_assert!(sieve.lets_through(beginning, true));
                }
            }
        }
    }
}
