//! A piece of a conversation's index: some of its entries, and for each word which of them hold it.
//! Never changed: what is new makes another, which takes its place.
//!
//! Its bytes: how many entries it has (u16), how long its signposts and its words are (u32 each, all
//! big-endian), these, and then the entries. A word is how many bytes it shares with the one before,
//! how many follow, these, the length of its entries and these, each as the distance from the one
//! before; numbers but the first three are of seven bits a byte, the lowest first. Every sixteenth
//! word shares nothing, and a signpost says where it stands. In memory it is as it is kept: its
//! entries are taken apart when one of them is wanted, and that is seldom.

#[cfg(test)]
mod tests;

use foldhash::HashMap;
use serde::{Deserialize, Serialize};
use shared_proto::id::{EntryId, PersonId};
use shared_proto::time::Millis;
use shared_proto::{codec, limits};

use super::query::{Phrase, Query};
use super::sieve::Sieve;
use super::tokens;

/// Words from one that is whole to the next.
const STRIDE: usize = 16;
/// About what an entry takes besides its words.
const ROW_BYTES: usize = 20;
/// About what a word takes besides itself.
const WORD_BYTES: usize = 4;

/// An entry, as far as it is told from others without being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub entry: EntryId,
    /// When.
    pub at: Millis,
    /// Whose.
    pub author: PersonId,
    /// Whether it is a file.
    pub file: bool,
    /// For whom besides its author; `None` for everyone.
    pub only: Option<Vec<PersonId>>,
}

/// A piece of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// How many entries it has.
    count: u16,
    /// Signposts: where in `words` each whole one begins.
    whole: Box<[u32]>,
    words: Box<[u8]>,
    /// [`Entries`], encoded.
    entries: Box<[u8]>,
}

/// Its entries.
#[derive(Serialize, Deserialize)]
struct Entries {
    people: Vec<PersonId>,
    rows: Vec<RowRecord>,
}

#[derive(Serialize, Deserialize)]
struct RowRecord {
    entry: EntryId,
    /// Its time less the one in its id.
    after: i64,
    author: u16,
    file: bool,
    only: Option<Vec<u16>>,
}

/// The time in an entry's id: nearly always its own.
fn time_of(entry: EntryId) -> i64 {
    entry.as_bytes()[..6].iter().fold(0, |time, byte| (time << 8) | i64::from(*byte))
}

impl Segment {
    /// Its entries, in order; `None` when they are damaged.
    #[must_use]
    pub fn rows(&self) -> Option<Vec<Row>> {
        let Entries { people, rows } = codec::decode(&self.entries).ok()?;
        let person = |place: u16| people.get(usize::from(place)).copied();
        let row = |record: RowRecord| {
            let only = match record.only {
                Some(only) => Some(only.into_iter().map(person).collect::<Option<_>>()?),
                None => None,
            };
            Some(Row {
                entry: record.entry,
                at: Millis(record.after.wrapping_add(time_of(record.entry)) as u64),
                author: person(record.author)?,
                file: record.file,
                only,
            })
        };
        let rows: Vec<Row> = rows.into_iter().map(row).collect::<Option<_>>()?;
        (rows.len() == usize::from(self.count)).then_some(rows)
    }

    /// What it takes in memory, about.
    #[must_use]
    pub fn weight(&self) -> usize {
        size_of::<Self>() + self.whole.len() * 4 + self.words.len() + self.entries.len()
    }

    /// As it is kept.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let whole = codec::encode(&self.whole);
        let mut bytes = self.count.to_be_bytes().to_vec();
        for part in [&*whole, &*self.words] {
            bytes.extend_from_slice(&(part.len() as u32).to_be_bytes());
        }
        for part in [&*whole, &*self.words, &*self.entries] {
            bytes.extend_from_slice(part);
        }
        bytes
    }

    /// What was kept; `None` when it is damaged.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (count, rest) = bytes.split_first_chunk()?;
        let (whole, rest) = rest.split_first_chunk()?;
        let (words, rest) = rest.split_first_chunk()?;
        let (whole, rest) = rest.split_at_checked(u32::from_be_bytes(*whole) as usize)?;
        let (words, entries) = rest.split_at_checked(u32::from_be_bytes(*words) as usize)?;
        Some(Self {
            count: u16::from_be_bytes(*count),
            whole: codec::decode(whole).ok()?,
            words: words.into(),
            entries: entries.into(),
        })
    }

    /// Which of its entries may hold all that is looked for, in order.
    #[must_use]
    pub fn matching(&self, query: &Query) -> Vec<u16> {
        let mut left: Option<Vec<u16>> = None;
        for phrase in &query.phrases {
            for (term, open) in terms(phrase) {
                let found = self.holding(term, open);
                let both = match left {
                    Some(left) => intersection(&left, &found),
                    None => found,
                };
                if both.is_empty() {
                    return both;
                }
                left = Some(both);
            }
        }
        left.unwrap_or_else(|| (0..self.count).collect())
    }

    /// Which of its entries hold a word, or one that goes on with it, in order.
    fn holding(&self, term: &str, open: bool) -> Vec<u16> {
        let mut found = Vec::new();
        let mut words = self.words_from(term.as_bytes());
        while let Some((word, entries)) = words.next() {
            let fits =
                if open { word.starts_with(term.as_bytes()) } else { word == term.as_bytes() };
            if fits {
                found.extend(decode_entries(entries));
                if !open {
                    break;
                }
            } else if word > term.as_bytes() {
                break;
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The words from the last whole one that is not above `term` on.
    fn words_from(&self, term: &[u8]) -> Words<'_> {
        let at = |place: &u32| self.words.get(*place as usize..).unwrap_or_default();
        let above = self.whole.partition_point(|place| {
            let mut rest = at(place);
            let first = take_number(&mut rest).and_then(|_| {
                let length = take_number(&mut rest)?;
                take(&mut rest, length)
            });
            first.is_some_and(|word| word <= term)
        });
        let start = self.whole.get(above.saturating_sub(1));
        Words { rest: start.map(at).unwrap_or_default(), word: Vec::new() }
    }
}

/// The words of a phrase, and whether each may go on.
pub fn terms(phrase: &Phrase) -> impl Iterator<Item = (&str, bool)> {
    let last = phrase.terms.len() - 1;
    let terms = phrase.terms.iter().enumerate();
    terms.map(move |(n, term)| (term.as_str(), phrase.open && n == last))
}

fn intersection(left: &[u16], right: &[u16]) -> Vec<u16> {
    left.iter().filter(|row| right.binary_search(row).is_ok()).copied().collect()
}

/// Words read one after the other. What is damaged is the end.
struct Words<'a> {
    rest: &'a [u8],
    word: Vec<u8>,
}

impl<'a> Words<'a> {
    /// The next word, and the bytes that name its entries.
    fn next(&mut self) -> Option<(&[u8], &'a [u8])> {
        let shared = take_number(&mut self.rest)?;
        let length = take_number(&mut self.rest)?;
        let own = take(&mut self.rest, length)?;
        if shared > self.word.len() {
            return None;
        }
        self.word.truncate(shared);
        self.word.extend_from_slice(own);
        let length = take_number(&mut self.rest)?;
        let entries = take(&mut self.rest, length)?;
        Some((&self.word, entries))
    }
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(count)?;
    *rest = left;
    Some(taken)
}

fn take_number(rest: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for place in 0..3 {
        let byte = *take(rest, 1)?.first()?;
        number |= usize::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn put_number(bytes: &mut Vec<u8>, mut number: usize) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn decode_entries(mut bytes: &[u8]) -> impl Iterator<Item = u16> {
    let mut last = 0;
    std::iter::from_fn(move || {
        last += take_number(&mut bytes)?;
        u16::try_from(last).ok()
    })
}

fn encode_rows(rows: &[Row]) -> Vec<u8> {
    let mut people: Vec<PersonId> = rows.iter().map(|row| row.author).collect();
    people.extend(rows.iter().flat_map(|row| row.only.iter().flatten()));
    people.sort_unstable();
    people.dedup();
    let place = |person: &PersonId| people.binary_search(person).unwrap_or_default() as u16;
    let rows = rows.iter().map(|row| RowRecord {
        entry: row.entry,
        after: (row.at.0 as i64).wrapping_sub(time_of(row.entry)),
        author: place(&row.author),
        file: row.file,
        only: row.only.as_ref().map(|only| only.iter().map(place).collect()),
    });
    let rows = rows.collect();
    codec::encode(&Entries { rows, people })
}

/// A segment that is being made.
#[derive(Default)]
pub struct Builder {
    rows: Vec<Row>,
    words: HashMap<String, Vec<u16>>,
    size: usize,
}

impl Builder {
    /// Goes on from one that was kept; `None` when it is damaged.
    #[must_use]
    pub fn from(segment: &Segment) -> Option<Self> {
        let mut builder = Self::default();
        builder.append(segment)?;
        Some(builder)
    }

    /// About how many bytes it comes to.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.size
    }

    /// Whether it holds nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether it takes another entry: fewer than [`limits::SEGMENT_BYTES`] are in it.
    #[must_use]
    pub const fn has_room(&self) -> bool {
        self.size < limits::SEGMENT_BYTES
    }

    /// Takes in an entry that comes after all others, and what it says.
    pub fn add(&mut self, row: Row, text: &str) {
        let number = self.rows.len() as u16;
        self.size += ROW_BYTES + row.only.as_ref().map_or(0, Vec::len) * 2;
        self.rows.push(row);
        let Self { words, size, .. } = self;
        tokens::each(text, |term, _| match words.get_mut(term) {
            Some(entries) if entries.last() == Some(&number) => {}
            Some(entries) => {
                entries.push(number);
                *size += 1;
            }
            None => {
                words.insert(term.to_owned(), vec![number]);
                *size += WORD_BYTES + term.len() / 2;
            }
        });
    }

    /// Takes in all of another, whose entries come after these; `None` when it is damaged.
    pub fn append(&mut self, segment: &Segment) -> Option<()> {
        let before = self.rows.len() as u16;
        self.rows.append(&mut segment.rows()?);
        self.size += usize::from(segment.count) * ROW_BYTES + segment.words.len();
        let mut words = Words { rest: &segment.words, word: Vec::new() };
        while let Some((word, entries)) = words.next() {
            let Ok(word) = std::str::from_utf8(word) else { continue };
            let entries = decode_entries(entries).map(|entry| entry.saturating_add(before));
            match self.words.get_mut(word) {
                Some(known) => known.extend(entries),
                None => {
                    self.words.insert(word.to_owned(), entries.collect());
                }
            }
        }
        Some(())
    }

    /// Its entries.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Forgets what an entry said; whether it was there.
    pub fn forget(&mut self, entry: EntryId) -> bool {
        let Some(number) = self.rows.iter().position(|row| row.entry == entry) else {
            return false;
        };
        self.rows.remove(number);
        let number = number as u16;
        self.words.retain(|_, entries| {
            entries.retain(|one| *one != number);
            for one in entries.iter_mut().filter(|one| **one > number) {
                *one -= 1;
            }
            !entries.is_empty()
        });
        true
    }

    /// What its words let through.
    #[must_use]
    pub fn sieve(&self) -> Sieve {
        Sieve::of(self.words.keys().map(String::as_str))
    }

    /// The segment.
    #[must_use]
    pub fn build(self) -> Segment {
        let (mut whole, mut bytes) = (Vec::<u32>::new(), Vec::new());
        let mut words: Vec<(String, Vec<u16>)> = self.words.into_iter().collect();
        words.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let mut before = String::new();
        for (number, (word, entries)) in words.into_iter().enumerate() {
            let shared = if number % STRIDE == 0 {
                whole.push(bytes.len() as u32);
                0
            } else {
                let same = word.bytes().zip(before.bytes()).take_while(|(a, b)| a == b);
                same.count()
            };
            put_number(&mut bytes, shared);
            put_number(&mut bytes, word.len() - shared);
            bytes.extend_from_slice(&word.as_bytes()[shared..]);
            let mut distances = Vec::with_capacity(entries.len());
            let mut last = 0;
            for entry in entries {
                put_number(&mut distances, usize::from(entry.saturating_sub(last)));
                last = entry;
            }
            put_number(&mut bytes, distances.len());
            bytes.extend_from_slice(&distances);
            before = word;
        }
        Segment {
            count: self.rows.len() as u16,
            whole: whole.into(),
            words: bytes.into(),
            entries: encode_rows(&self.rows).into(),
        }
    }
}
