//! `quietroom verify-bundle`: whether a bundle is as it was made, from the file alone.

#[cfg(test)]
mod tests;

use std::io::{Read, Seek};
use std::path::Path;

use ed25519_dalek::{Signature, VerifyingKey};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use shared_proto::limits;

use super::manifest::{FORMAT, MANIFEST, Manifest, SIGNATURE, TRANSCRIPT};
use super::zip::read::{Reader, ZipError};
use crate::auth::sessions::hex;

/// Why a bundle is not to be relied on.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// It is no file of the form a bundle has.
    #[error("this is no bundle, or it was changed: {0}")]
    Zip(#[from] ZipError),
    /// Its list is not there, or none.
    #[error("this is no bundle of this version: its list of members cannot be read")]
    Manifest,
    /// The signature is of something else.
    #[error("the signature is not right: the list of members was changed after it was signed")]
    Signature,
    /// It was signed with another key.
    #[error("it was signed with another key than the one given: {0}")]
    Foreign(String),
    /// A member is not what the list says.
    #[error("{0} is not as it was signed: it was changed")]
    Changed(String),
    /// A member is not in the list, or not in its place.
    #[error("{0} is not in the list of members at this place: it was added, moved or renamed")]
    Added(String),
    /// A listed member is not there.
    #[error("{0} is missing")]
    Missing(String),
    /// The transcript does not hang together.
    #[error("the transcript does not hang together at line {0}: a line was changed or taken away")]
    Chain(u64),
    /// The key that was given is none.
    #[error("this is no key: write its 64 hexadecimal digits, or name a file that holds them")]
    Key,
    /// A file could not be read.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// Checks the bundle in a file; with a key, that it was signed with it. Lines that say what was
/// found in order.
///
/// # Errors
/// [`CheckError`].
pub fn check_file(path: &Path, key: Option<&str>) -> Result<Vec<String>, CheckError> {
    let key = key.map(given_key).transpose()?;
    check(std::fs::File::open(path)?, key)
}

/// The key somebody gives: in hexadecimal, or in a file.
fn given_key(text: &str) -> Result<VerifyingKey, CheckError> {
    let parsed = |text: &str| {
        let bytes = unhex::<32>(text.trim())?;
        VerifyingKey::from_bytes(&bytes).ok()
    };
    if let Some(key) = parsed(text) {
        return Ok(key);
    }
    let mut held = String::new();
    // No more of it is read than a key has, with the white space around it.
    let file = std::fs::File::open(text).map_err(|_| CheckError::Key)?;
    file.take(256).read_to_string(&mut held).map_err(|_| CheckError::Key)?;
    parsed(&held).ok_or(CheckError::Key)
}

/// As [`check_file`], for what is open already.
///
/// # Errors
/// [`CheckError`].
pub fn check<R: Read + Seek>(
    file: R,
    key: Option<VerifyingKey>,
) -> Result<Vec<String>, CheckError> {
    let mut zip = Reader::open(file)?;
    let (manifest, signer) = signed_list(&mut zip)?;
    if let Some(key) = key
        && key != signer
    {
        return Err(CheckError::Foreign(manifest.key));
    }
    members(&mut zip, &manifest)?;
    let mut lines = vec![
        format!(
            "the record of conversation {} in {}, as {} ({}) could see it on {} ({})",
            plain(&manifest.conversation),
            plain(&manifest.practice),
            plain(&manifest.exporter.name),
            plain(&manifest.exporter.role),
            plain(&manifest.at),
            plain(&manifest.time_zone),
        ),
        format!(
            "{} members, none changed, missing or added; the transcript's {} entries hang together",
            manifest.members.len(),
            manifest.entries
        ),
    ];
    lines.push(if key.is_some() {
        format!("signed with the key that was given: {}", manifest.key)
    } else {
        format!(
            "signed with the key {}: compare it with the one the practice publishes, since anybody \
             can sign with a key of their own; or give that one with --key",
            manifest.key
        )
    });
    Ok(lines)
}

/// The list, and whose signature it bears.
fn signed_list<R: Read + Seek>(
    zip: &mut Reader<R>,
) -> Result<(Manifest, VerifyingKey), CheckError> {
    let names = zip.members();
    let Some(at) = names.len().checked_sub(2) else { return Err(CheckError::Manifest) };
    let (list, signature) = (&names[at], &names[at + 1]);
    let fits = list.bytes <= limits::BUNDLE_MANIFEST_BYTES && signature.bytes == 64;
    if list.name != MANIFEST || signature.name != SIGNATURE || !fits {
        return Err(CheckError::Manifest);
    }
    let (list, signature) = (whole(zip, at)?, whole(zip, at + 1)?);
    let manifest: Manifest = serde_json::from_slice(&list).map_err(|_| CheckError::Manifest)?;
    if manifest.format != FORMAT {
        return Err(CheckError::Manifest);
    }
    let key = unhex::<32>(&manifest.key).and_then(|key| VerifyingKey::from_bytes(&key).ok());
    let key = key.ok_or(CheckError::Manifest)?;
    let signature = Signature::from_slice(&signature).map_err(|_| CheckError::Signature)?;
    key.verify_strict(&list, &signature).map_err(|_| CheckError::Signature)?;
    Ok((manifest, key))
}

fn whole<R: Read + Seek>(zip: &mut Reader<R>, index: usize) -> Result<Vec<u8>, ZipError> {
    let mut bytes = Vec::new();
    zip.read(index, |piece| bytes.extend_from_slice(piece))?;
    Ok(bytes)
}

/// Holds every member against the list, and the lines of the transcript against each other.
fn members<R: Read + Seek>(zip: &mut Reader<R>, manifest: &Manifest) -> Result<(), CheckError> {
    let count = zip.members().len().saturating_sub(2);
    let mut has_transcript = false;
    for index in 0..count {
        let (name, bytes) = {
            let member = &zip.members()[index];
            (member.name.clone(), member.bytes)
        };
        let listed = manifest.members.get(index).filter(|listed| listed.name == name);
        let Some(listed) = listed else {
            // What is listed here and nowhere else is missing; else there is something too many.
            let missing = manifest.members.get(index);
            let there = |wanted: &str| zip.members().iter().any(|member| member.name == wanted);
            return Err(match missing.filter(|listed| !there(&listed.name)) {
                Some(missing) => CheckError::Missing(plain(&missing.name)),
                None => CheckError::Added(plain(&name)),
            });
        };
        let (mut sha256, mut chain) = (Sha256::new(), Chain::default());
        let is_transcript = name == TRANSCRIPT;
        zip.read(index, |piece| {
            sha256.update(piece);
            if is_transcript {
                chain.take(piece);
            }
        })?;
        if bytes != listed.bytes || hex(&sha256.finalize()) != listed.sha256 {
            return Err(CheckError::Changed(plain(&name)));
        }
        if is_transcript {
            chain.ends(manifest)?;
            has_transcript = true;
        }
    }
    match manifest.members.get(count) {
        Some(missing) => Err(CheckError::Missing(plain(&missing.name))),
        None if has_transcript => Ok(()),
        None => Err(CheckError::Missing(TRANSCRIPT.to_owned())),
    }
}

/// The lines of a transcript, as far as they came.
#[derive(Default)]
struct Chain {
    head: [u8; 32],
    count: u64,
    line: Vec<u8>,
    broken: bool,
}

impl Chain {
    fn take(&mut self, mut piece: &[u8]) {
        while let Some(end) = piece.iter().position(|byte| *byte == b'\n') {
            self.gather(&piece[..end]);
            self.line();
            piece = &piece[end + 1..];
        }
        self.gather(piece);
    }

    fn gather(&mut self, bytes: &[u8]) {
        self.broken |= self.line.len() + bytes.len() > limits::BUNDLE_LINE_BYTES;
        if !self.broken {
            self.line.extend_from_slice(bytes);
        }
    }

    fn line(&mut self) {
        #[derive(Deserialize)]
        struct Bound<'a> {
            number: u64,
            before: &'a str,
        }
        if self.broken {
            return;
        }
        let bound = serde_json::from_slice::<Bound<'_>>(&self.line).ok();
        let follows =
            |bound: &Bound<'_>| bound.number == self.count + 1 && bound.before == hex(&self.head);
        if !bound.as_ref().is_some_and(follows) {
            self.broken = true;
            return;
        }
        self.head = Sha256::digest(&self.line).into();
        self.count += 1;
        self.line.clear();
    }

    fn ends(&self, manifest: &Manifest) -> Result<(), CheckError> {
        let whole = !self.broken && self.line.is_empty();
        if whole && self.count == manifest.entries && hex(&self.head) == manifest.chain {
            Ok(())
        } else {
            Err(CheckError::Chain(self.count + 1))
        }
    }
}

/// A text of the bundle as a terminal takes it: on one line, and nothing that steers it.
fn plain(text: &str) -> String {
    let steers = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| !c.is_control() && !steers(*c)).collect()
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let formed = text.len() == 2 * N && text.bytes().all(|digit| digit.is_ascii_hexdigit());
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    formed.then_some(bytes)
}
