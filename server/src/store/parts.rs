//! Values larger than the engine keeps safely, in parts: each under the key of the whole with its
//! own number behind it, sealed for its place.

use serde::Serialize;
use serde::de::DeserializeOwned;
use shared_proto::{codec, limits};

use super::engine::{Batch, Direction, Engine};
use super::vault::SealingKey;
use super::{StoreError, keys};

/// Version, part, parts.
const HEAD: usize = 3;
const VERSION: u8 = 1;
/// Of one part, less the longest key (50), its seal (41) and head.
const PART_BYTES: usize = limits::RECORD_BYTES - 50 - 41 - HEAD;
/// The most parts of one value: it came in one frame.
pub const MOST: usize = limits::FRAME_BYTES / PART_BYTES + 1;

fn part_key(key: &[u8], part: usize) -> Vec<u8> {
    let mut whole = key.to_vec();
    whole.push(part as u8);
    whole
}

/// The key of the first part of a value kept at `key`: every change seals it anew.
#[must_use]
pub fn first(key: &[u8]) -> Vec<u8> {
    part_key(key, 0)
}

/// Adds to `batch` what keeps `value` at `key`, in place of a value of `before` parts; how many
/// parts it has now.
pub fn put<T: Serialize + ?Sized>(
    sealing: &SealingKey,
    key: &[u8],
    value: &T,
    before: usize,
    batch: &mut Batch,
) -> usize {
    put_bytes(sealing, key, &codec::encode(value), before, batch)
}

/// As [`put`], for bytes as they are.
pub fn put_bytes(
    sealing: &SealingKey,
    key: &[u8],
    body: &[u8],
    before: usize,
    batch: &mut Batch,
) -> usize {
    let parts = body.len().div_ceil(PART_BYTES).max(1);
    for part in 0..parts {
        let chunk = body.get(part * PART_BYTES..).unwrap_or_default();
        let chunk = &chunk[..chunk.len().min(PART_BYTES)];
        let mut plain = vec![VERSION, part as u8, parts as u8];
        plain.extend_from_slice(chunk);
        let key = part_key(key, part);
        let sealed = sealing.seal(&key, &plain);
        batch.put.push((key, sealed));
    }
    delete_from(key, parts, before, batch);
    parts
}

/// Adds to `batch` what removes a value of so many parts.
pub fn delete(key: &[u8], parts: usize, batch: &mut Batch) {
    delete_from(key, 0, parts, batch);
}

fn delete_from(key: &[u8], from: usize, until: usize, batch: &mut Batch) {
    batch.delete.extend((from..until).map(|part| part_key(key, part)));
}

/// The value kept at `key`, and how many parts it has.
///
/// # Errors
/// `Damaged` with `what` when a part is missing or does not open.
pub fn get<T: DeserializeOwned>(
    engine: &Engine,
    sealing: &SealingKey,
    key: &[u8],
    what: &'static str,
) -> Result<Option<(T, usize)>, StoreError> {
    let Some((body, parts)) = get_bytes(engine, sealing, key, what)? else { return Ok(None) };
    let value = codec::decode(&body).map_err(|_| StoreError::Damaged(what))?;
    Ok(Some((value, parts)))
}

/// As [`get`], for bytes as they are.
///
/// # Errors
/// As there.
pub fn get_bytes(
    engine: &Engine,
    sealing: &SealingKey,
    key: &[u8],
    what: &'static str,
) -> Result<Option<(Vec<u8>, usize)>, StoreError> {
    let damaged = || StoreError::Damaged(what);
    let rows = engine.scan(keys::prefix_range(key), MOST, Direction::Forward)?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut body = Vec::new();
    for (number, (key, sealed)) in rows.iter().enumerate() {
        let plain = sealing.open(key, sealed).map_err(|_| damaged())?;
        let [VERSION, part, parts, chunk @ ..] = plain.as_slice() else { return Err(damaged()) };
        if usize::from(*part) != number || usize::from(*parts) != rows.len() {
            return Err(damaged());
        }
        body.extend_from_slice(chunk);
    }
    Ok(Some((body, rows.len())))
}

/// As [`get_bytes`], where it is known how many parts there are, with one read for each. `None` when
/// the first of them is not there.
///
/// # Errors
/// `Damaged` with `what` when another is missing, or one does not open or is of another value.
pub fn get_all(
    engine: &Engine,
    sealing: &SealingKey,
    key: &[u8],
    parts: usize,
    what: &'static str,
) -> Result<Option<Vec<u8>>, StoreError> {
    let damaged = || StoreError::Damaged(what);
    let mut body = Vec::new();
    for part in 0..parts {
        let key = part_key(key, part);
        let Some(sealed) = engine.get(&key)? else {
            return if part == 0 { Ok(None) } else { Err(damaged()) };
        };
        let mut plain = sealing.open(&key, &sealed).map_err(|_| damaged())?;
        let is_it = plain.get(..HEAD) == Some([VERSION, part as u8, parts as u8].as_slice());
        if !is_it {
            return Err(damaged());
        }
        if parts == 1 {
            plain.drain(..HEAD);
            return Ok(Some(plain));
        }
        body.extend_from_slice(&plain[HEAD..]);
    }
    Ok(Some(body).filter(|_| parts > 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::vault::{PracticeKey, Vault};

    #[test]
    fn a_value_of_any_size_comes_back_whole_and_leaves_nothing_behind() {
        let vault = Vault::open(None, PracticeKey::from_bytes([7; 32])).unwrap();
        let (engine, sealing) = (Engine::memory(), vault.records());
        let mut before = 0;
        for size in [0, 10, PART_BYTES - 3, PART_BYTES, 3 * PART_BYTES, 2, 60_000, 1] {
            let mut batch = Batch::default();
            let value = "x".repeat(size);
            before = put(&sealing, b"key", &value, before, &mut batch);
            assert!(
                batch
                    .put
                    .iter()
                    .all(|(key, value)| { key.len() + value.len() <= limits::RECORD_BYTES })
            );
            engine.commit_group(vec![batch]).unwrap();
            let back: Option<(String, usize)> = get(&engine, &sealing, b"key", "a").unwrap();
            assert_eq!(back, Some((value, before)), "{size}");
            let known = |parts| get_all(&engine, &sealing, b"key", parts, "a");
            let (whole, _) = get_bytes(&engine, &sealing, b"key", "a").unwrap().unwrap();
            assert_eq!(known(before).unwrap(), Some(whole));
            assert!(known(before + 1).is_err(), "it is of fewer parts");
        }
        let mut batch = Batch::default();
        delete(b"key", before, &mut batch);
        engine.commit_group(vec![batch]).unwrap();
        let nothing: Option<(String, usize)> = get(&engine, &sealing, b"key", "a").unwrap();
        assert_eq!(nothing, None);
        let rest = engine.scan(keys::prefix_range(b"key"), 8, Direction::Forward).unwrap();
        assert!(rest.is_empty());
    }

    #[test]
    fn a_missing_part_is_found() {
        let vault = Vault::open(None, PracticeKey::from_bytes([7; 32])).unwrap();
        let (engine, sealing) = (Engine::memory(), vault.records());
        let mut batch = Batch::default();
        put(&sealing, b"key", &"x".repeat(9_000), 0, &mut batch);
        batch.put.remove(1);
        engine.commit_group(vec![batch]).unwrap();
        assert!(get::<String>(&engine, &sealing, b"key", "a").is_err());
        assert!(get_all(&engine, &sealing, b"key", 3, "a").is_err());
        assert_eq!(get_all(&engine, &sealing, b"other", 3, "a").unwrap(), None);
    }
}
