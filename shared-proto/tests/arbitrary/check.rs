//! What holds of every decoder, whatever it is fed.

use serde::Serialize;
use serde::de::DeserializeOwned;
use shared_proto::codec;
use shared_proto::conversation::event::{Event, redact};
use shared_proto::conversation::state::State;
use shared_proto::entry::Entry;
use shared_proto::form::Form;
use shared_proto::form::answers::Answers;
use shared_proto::form::version::Template;
use shared_proto::http::{Session, SetUp, SignIn, Unlock};
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{ClientFrame, ServerFrame};

use crate::memory::peak_of;
use crate::values::entry;

/// What a decoder may hold besides a multiple of its input.
const SPARE_BYTES: usize = 64 * 1024;
/// A frame from a client, per byte of it.
pub const PER_CLIENT_BYTE: usize = 4;
/// Anything else: the smallest inbox row is 23 bytes on the wire and about 190 in memory, and a
/// vector that grows holds its old and its new place for a moment.
pub const PER_BYTE: usize = 32;

/// Feeds `bytes` to one decoder and says whether it reads them.
#[track_caller]
pub fn check<T: DeserializeOwned + Serialize>(bytes: &[u8], per_byte: usize) -> bool {
    let (decoded, peak) = peak_of(|| codec::decode::<T>(bytes));
    let bound = per_byte * bytes.len() + SPARE_BYTES;
    let name = std::any::type_name::<T>();
    assert!(peak <= bound, "{name}: {peak} bytes held for {} of input", bytes.len());
    if let Ok(value) = &decoded {
        let again = codec::encode(value);
        assert!(codec::decode::<T>(&again).is_ok(), "{name} does not read what it wrote");
        let longer = [bytes, &[0]].concat();
        assert!(codec::decode::<T>(&longer).is_err(), "{name} took a trailing byte");
    }
    decoded.is_ok()
}

/// Feeds `bytes` to every decoder there is.
pub fn check_all(bytes: &[u8]) {
    check::<ClientFrame>(bytes, PER_CLIENT_BYTE);
    check::<SignIn>(bytes, PER_CLIENT_BYTE);
    check::<SetUp>(bytes, PER_CLIENT_BYTE);
    check::<Unlock>(bytes, PER_CLIENT_BYTE);
    check::<ServerFrame>(bytes, PER_BYTE);
    check::<Session>(bytes, PER_BYTE);
    check::<Result<PersonCard, Refusal>>(bytes, PER_BYTE);
    check::<Result<Session, Refusal>>(bytes, PER_BYTE);
    check::<Result<(), Refusal>>(bytes, PER_BYTE);
    check::<State>(bytes, PER_BYTE);
    check::<Vec<Entry>>(bytes, PER_BYTE);
    check::<Entry>(bytes, PER_BYTE);
    check::<Form>(bytes, PER_BYTE);
    check::<Template>(bytes, PER_BYTE);
    check::<Answers>(bytes, PER_BYTE);
    check_bodies(bytes);
}

/// Feeds `bytes` as a body to every kind, known or not.
pub fn check_bodies(bytes: &[u8]) {
    for kind in [0, 1, 2, 3, 4, 5, 16, 17, 0x8002, u16::MAX] {
        let body = bytes.to_vec();
        let entry = Entry { kind, body, ..entry() };
        let (_, peak) = peak_of(|| Event::decode(&entry));
        let bound = PER_CLIENT_BYTE * bytes.len() + SPARE_BYTES;
        assert!(peak <= bound, "body of kind {kind}: {peak} bytes for {}", bytes.len());
        let _ = redact(entry);
    }
}
