//! Whatever bytes arrive, a decoder answers: no panic, no memory out of proportion to them.

mod check;
mod desk;
mod forms;
mod frames;
mod memory;
mod office;
mod smallest;
mod values;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use shared_proto::codec::{self, Malformed};
use shared_proto::form::Form;
use shared_proto::form::answers::Answers;
use shared_proto::form::version::Template;
use shared_proto::limits;
use shared_proto::wire::{ClientFrame, Request, ServerFrame};

use check::{PER_BYTE, PER_CLIENT_BYTE, check, check_all, check_bodies};
use forms::forms;
use frames::valid;
use memory::peak_of;

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    // Small bytes choose real variants and lengths more often than even chance would.
    let likely = prop_oneof![3 => 0u8..20, 1 => any::<u8>()];
    prop_oneof![vec(any::<u8>(), 0..400), vec(likely, 0..400)]
}

/// A valid frame with some bytes replaced, inserted, removed, or its tail cut or grown.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let edit = (0u8..5, any::<Index>(), prop_oneof![any::<u8>(), Just(0x80), Just(0xff)]);
    (any::<Index>(), vec(edit, 1..6)).prop_map(|(which, edits)| {
        let valid = [valid(), forms()].concat();
        let mut bytes = valid[which.index(valid.len())].clone();
        for (what, at, byte) in edits {
            let at = at.index(bytes.len().max(1));
            match what {
                0 if at < bytes.len() => bytes[at] = byte,
                1 => bytes.insert(at.min(bytes.len()), byte),
                2 if at < bytes.len() => drop(bytes.remove(at)),
                3 => bytes.truncate(at),
                _ => bytes.extend(std::iter::repeat_n(byte, at)),
            }
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn arbitrary_bytes_neither_panic_nor_fill_memory(bytes in bytes()) {
        check_all(&bytes);
        check_bodies(&[&[1], &bytes[..]].concat());
    }

    #[test]
    fn damaged_frames_neither_panic_nor_fill_memory(bytes in damaged()) {
        check_all(&bytes);
    }
}

#[test]
fn valid_frames_are_read() {
    for bytes in valid() {
        let client = check::<ClientFrame>(&bytes, PER_CLIENT_BYTE);
        let server = check::<ServerFrame>(&bytes, PER_BYTE);
        assert!(client || server);
    }
    let [form, template, answers] = &forms()[..] else { panic!("a form of each kind") };
    assert!(check::<Form>(form, PER_BYTE));
    assert!(check::<Template>(template, PER_BYTE));
    assert!(check::<Answers>(answers, PER_BYTE));
}

/// The varint of a length, as postcard writes it.
fn varint(length: u64) -> Vec<u8> {
    codec::encode(&length)
}

#[test]
fn a_length_that_lies_reserves_nothing_much() {
    let lies = [60, 200, 1_000, 4_000, 30_000, 60_000, 1 << 20, 1 << 32, u64::MAX];
    for bytes in [valid(), forms()].concat() {
        for at in 0..bytes.len() {
            for lie in lies {
                // The byte is replaced by a length the rest of the frame does not hold, and what
                // follows is as long as a frame can be, so that the lie is not seen at once.
                for tail in [0, 1_000, 60_000] {
                    let mut lying = bytes[..at].to_vec();
                    lying.extend(varint(lie));
                    lying.extend(&bytes[at + 1..]);
                    lying.resize(lying.len() + tail, 0xff);
                    let per_byte = PER_CLIENT_BYTE;
                    check::<ClientFrame>(&lying, per_byte);
                    check::<ServerFrame>(&lying, PER_BYTE);
                    check::<Form>(&lying, PER_BYTE);
                    check::<Template>(&lying, PER_BYTE);
                    check::<Answers>(&lying, PER_BYTE);
                }
            }
        }
    }
}

#[test]
fn more_than_a_frame_is_refused_unread() {
    let text = "x".repeat(limits::FRAME_BYTES - 4);
    let frame =
        |text: String| codec::encode(&ClientFrame { id: 1, request: Request::FindPeople { text } });
    let mut full = frame(text);
    while full.len() > limits::FRAME_BYTES {
        full = frame("x".repeat(full.len() - 8));
    }
    assert!(codec::decode::<ClientFrame>(&full).is_ok());
    let over = frame("x".repeat(limits::FRAME_BYTES));
    let (decoded, peak) = peak_of(|| codec::decode::<ClientFrame>(&over));
    assert_eq!((decoded, peak), (Err(Malformed), 0));
}

#[test]
fn trailing_bytes_are_refused() {
    for bytes in valid() {
        for tail in [&[0][..], &[0xff; 3], &bytes] {
            let longer = [&bytes, tail].concat();
            assert_eq!(codec::decode::<ClientFrame>(&longer), Err(Malformed));
            assert_eq!(codec::decode::<ServerFrame>(&longer), Err(Malformed));
        }
    }
}
