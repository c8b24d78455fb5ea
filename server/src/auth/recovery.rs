//! Recovery codes: ten that each stand in once for a second factor that was lost (NIST SP
//! 800-63B-4, 3.1.2, look-up secrets). Only hashes are kept. Plain SHA-256 is enough: a code has
//! 140 random bits, and the standard asks for salt and a slow hash only below 112.

use sha2::{Digest, Sha256};
use shared_proto::limits;

/// Crockford's base32: no letter that is taken for another or for a digit.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of a code: five bits each.
const LENGTH: usize = 28;

/// New codes to show once, in groups of four, and their hashes to keep.
#[must_use]
pub fn generate() -> (Vec<String>, Vec<[u8; 32]>) {
    (0..limits::RECOVERY_CODES)
        .map(|_| {
            let letters = spelt(rand::random());
            let groups = letters.chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>();
            (groups.join("-"), hash(&letters))
        })
        .unzip()
}

/// A letter for the lowest five bits of each byte.
fn spelt(random: [u8; LENGTH]) -> [u8; LENGTH] {
    random.map(|byte| LETTERS[usize::from(byte & 31)])
}

/// Which of the kept hashes the typed code has; it must not be kept any longer. Case, spaces and
/// dashes do not matter; an O is a 0, and an I or L is a 1.
#[must_use]
pub fn verify(typed: &str, kept: &[[u8; 32]]) -> Option<usize> {
    let hash = hash(&normal(typed)?);
    // How long comparing hashes takes tells nothing: nobody can choose what they begin with.
    kept.iter().position(|one| *one == hash)
}

/// Whether what was typed has the form of a recovery code and not of an app's code.
#[must_use]
pub fn is_code(typed: &str) -> bool {
    normal(typed).is_some()
}

fn normal(typed: &str) -> Option<[u8; LENGTH]> {
    let mut letters = [0; LENGTH];
    let mut count = 0;
    for c in typed.chars() {
        // Dashes of every length: phones put in what they like.
        if c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}') {
            continue;
        }
        let letter = match c.to_ascii_uppercase() {
            'O' => b'0',
            'I' | 'L' => b'1',
            other => u8::try_from(other).ok()?,
        };
        if !LETTERS.contains(&letter) {
            return None;
        }
        *letters.get_mut(count)? = letter;
        count += 1;
    }
    (count == LENGTH).then_some(letters)
}

fn hash(letters: &[u8; LENGTH]) -> [u8; 32] {
    Sha256::new().chain_update(b"quietroom recovery code\0").chain_update(letters).finalize().into()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_code_opens_its_own_hash_and_no_two_are_the_same() {
        let (codes, kept) = generate();
        assert_eq!((codes.len(), kept.len()), (10, 10));
        for (n, code) in codes.iter().enumerate() {
            assert_eq!(verify(code, &kept), Some(n));
            assert_eq!(code.len(), 34);
        }
        let all: HashSet<_> = codes.iter().chain(&generate().0).cloned().collect();
        assert_eq!(all.len(), 20);
    }

    #[test]
    fn each_of_the_140_bits_makes_a_letter_of_its_own_another() {
        let none = spelt([0; LENGTH]);
        let with = |bit: usize| {
            let mut random = [0; LENGTH];
            random[bit / 5] = 1 << (bit % 5);
            spelt(random)
        };
        let changed = |bit| none.iter().zip(&with(bit)).filter(|(a, b)| a != b).count();
        assert!((0..140).all(|bit| changed(bit) == 1));
        let all: HashSet<_> = (0..140).map(with).collect();
        assert_eq!(all.len(), 140);
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let letters = b"01ABCDEFGHJKMNPQRSTVWXYZ2345";
        let kept = [hash(letters)];
        for typed in [
            "01AB-CDEF-GHJK-MNPQ-RSTV-WXYZ-2345",
            "o1ab cdef ghjk mnpq rstv wxyz 2345",
            "OlabcdefghjkmnpQrstvwxyz2345 ",
            "oI\u{2013}ab\u{a0}cdefghjkmnpq\u{2212}rstvwxyz2345",
        ] {
            assert_eq!(verify(typed, &kept), Some(0), "{typed}");
        }
        for typed in [
            "",
            "123456",
            "01AB-CDEF-GHJK-MNPQ",
            "01AB-CDEF-GHJK-MNPQ-RSTV-WXYZ-234",
            "01AB-CDEF-GHJK-MNPQ-RSTV-WXYZ-2345-1",
            "01AB-CDEF-GHJK-MNPQ-RSTV-WXYZ-234U",
            "01AB-CDEF-GHJK-MNPQ-RSTV-WXYZ-234é",
        ] {
            assert_eq!(verify(typed, &kept), None, "{typed}");
            assert!(!is_code(typed));
        }
        assert_eq!(verify("01AB-CDEF-GHJK-MNPQ-RSTV-WXYZ-2346", &kept), None);
    }
}
