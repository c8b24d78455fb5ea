//! Messages whose words are spread as in what people write: a few are everywhere, most hardly
//! anywhere.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rand::Rng;

/// Words there are.
const WORDS: usize = 30_000;
/// What a word is made of.
const CONSONANTS: &[u8] = b"bdfghklmnprstv";
const VOWELS: &[u8] = b"aeiou";

/// Makes messages, and writes each on a line of a file.
pub struct Texts {
    /// How often each word and those before it are used, of all.
    shares: Vec<f64>,
    file: Mutex<BufWriter<File>>,
}

impl Texts {
    /// Into a new file.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn to(path: &Path) -> io::Result<Self> {
        let mut sum = 0.0;
        let sums = (0..WORDS).map(|rank| {
            // Zipf's law, as Mandelbrot mended it for the most frequent.
            sum += 1.0 / (rank as f64 + 2.7);
            sum
        });
        let mut shares: Vec<f64> = sums.collect();
        shares.iter_mut().for_each(|share| *share /= sum);
        Ok(Self { shares, file: Mutex::new(BufWriter::new(File::create(path)?)) })
    }

    /// A message.
    pub fn make(&self) -> String {
        let mut random = rand::rng();
        let mut text = String::new();
        for number in 0..random.random_range(4..20) {
            if number > 0 {
                text.push(' ');
            }
            let share: f64 = random.random();
            push_word(&mut text, self.shares.partition_point(|known| *known < share));
        }
        text
    }

    /// Writes them down.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn note(&self, texts: &[String]) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        texts.iter().try_for_each(|text| writeln!(file, "{text}"))
    }

    /// Writes out what is still held.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(&self) -> io::Result<()> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner).flush()
    }
}

/// The word of that rank: the frequent ones are short.
fn push_word(text: &mut String, mut rank: usize) {
    loop {
        let syllable = rank % (CONSONANTS.len() * VOWELS.len());
        text.push(char::from(CONSONANTS[syllable / VOWELS.len()]));
        text.push(char::from(VOWELS[syllable % VOWELS.len()]));
        rank /= CONSONANTS.len() * VOWELS.len();
        if rank == 0 {
            return;
        }
        rank -= 1;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_rank_is_a_word_of_its_own() {
        let word = |rank| {
            let mut word = String::new();
            push_word(&mut word, rank);
            word
        };
        assert_eq!(word(0).len(), 2);
        assert_eq!((0..WORDS).map(word).collect::<HashSet<_>>().len(), WORDS);
    }
}
