//! Bytes to values and back: postcard, trailing bytes rejected. A length that lies allocates
//! nothing much: past [`RESERVED_ELEMENTS`] a vector grows only as its elements arrive, and every
//! input is bounded by [`crate::limits::FRAME_BYTES`].

use postcard::de_flavors::Flavor;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::entry::Entry;
use crate::id::ConversationId;
use crate::limits;
use crate::wire::{Reply, ServerEvent, ServerFrame};

/// The bytes were not exactly one value of the expected type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("malformed bytes: not exactly one value of the expected type")
    }
}

impl std::error::Error for Malformed {}

/// Room that is made for a value before it is encoded: most need no more.
const RESERVED_BYTES: usize = 128;

/// `value` as bytes.
#[must_use]
pub fn encode<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    encode_into(value, Vec::with_capacity(RESERVED_BYTES))
}

/// `value` appended to `bytes`.
#[must_use]
pub fn encode_into<T: Serialize + ?Sized>(value: &T, bytes: Vec<u8>) -> Vec<u8> {
    let encoded = postcard::serialize_with_flavor(value, Appending(bytes));
    encoded.expect("in-memory encoding of our own types cannot fail")
}

/// Bytes that are appended to. What postcard has for it takes each by way of an iterator, and ids
/// come byte by byte.
struct Appending(Vec<u8>);

impl postcard::ser_flavors::Flavor for Appending {
    type Output = Vec<u8>;

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<Vec<u8>> {
        Ok(self.0)
    }
}

/// The one value `bytes` holds.
///
/// # Errors
/// [`Malformed`] when they are more than a frame, do not decode, or have bytes left over.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Malformed> {
    match take(bytes)? {
        (value, []) => Ok(value),
        _ => Err(Malformed),
    }
}

/// The first value `bytes` hold, and what comes after it.
///
/// # Errors
/// [`Malformed`] when they are more than a frame or do not decode.
pub fn take<T: DeserializeOwned>(bytes: &[u8]) -> Result<(T, &[u8]), Malformed> {
    if bytes.len() > limits::FRAME_BYTES {
        return Err(Malformed);
    }
    let mut deserializer = postcard::Deserializer::from_flavor(Wary { rest: bytes });
    let value = T::deserialize(&mut deserializer).map_err(|_| Malformed)?;
    Ok((value, deserializer.finalize().map_err(|_| Malformed)?))
}

/// Elements of a sequence that room is reserved for before they have arrived. Above the entries
/// of a page and the bytes of an ordinary message, so that honest frames lose nothing.
const RESERVED_ELEMENTS: usize = 256;

/// Bytes to decode that never admit to more than [`RESERVED_ELEMENTS`] being left. Postcard
/// reserves for every length up to what is left: a frame of lengths alone would take a megabyte.
struct Wary<'de> {
    rest: &'de [u8],
}

impl<'de> Flavor<'de> for Wary<'de> {
    type Remainder = &'de [u8];
    type Source = &'de [u8];

    fn pop(&mut self) -> postcard::Result<u8> {
        let (first, rest) =
            self.rest.split_first().ok_or(postcard::Error::DeserializeUnexpectedEnd)?;
        self.rest = rest;
        Ok(*first)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len().min(RESERVED_ELEMENTS))
    }

    fn try_take_n(&mut self, count: usize) -> postcard::Result<&'de [u8]> {
        let (taken, rest) =
            self.rest.split_at_checked(count).ok_or(postcard::Error::DeserializeUnexpectedEnd)?;
        self.rest = rest;
        Ok(taken)
    }

    fn finalize(self) -> postcard::Result<&'de [u8]> {
        Ok(self.rest)
    }
}

/// The frame that carries entries encoded before, so that an entry is encoded once for the store
/// and every recipient. Equals `encode(&ServerFrame::Event(ServerEvent::Entries { .. }))`.
#[must_use]
pub fn entries_frame(conversation: ConversationId, encoded: &[&[u8]]) -> Vec<u8> {
    let size = encoded.iter().map(|entry| entry.len()).sum::<usize>() + 32;
    let head = ServerFrame::Event(ServerEvent::Entries { conversation, entries: Vec::new() });
    let mut bytes = encode_into(&head, Vec::with_capacity(size));
    bytes.pop();
    append_entries(bytes, encoded)
}

/// A sequence of entries encoded before: `encode(&Vec<Entry>)`, appended to `bytes`.
#[must_use]
pub fn append_entries(bytes: Vec<u8>, encoded: &[&[u8]]) -> Vec<u8> {
    let mut bytes = encode_into(&encoded.len(), bytes);
    for entry in encoded {
        bytes.extend_from_slice(entry);
    }
    bytes
}

/// The frame that answers request `id`.
#[must_use]
pub fn reply_frame(id: u32, result: Result<Reply, crate::refusal::Refusal>) -> Vec<u8> {
    encode(&ServerFrame::Reply { id, result })
}

/// The bytes one entry takes in a page.
#[must_use]
pub fn entry_size(entry: &Entry) -> usize {
    postcard::experimental::serialized_size(entry).unwrap_or(usize::MAX)
}
