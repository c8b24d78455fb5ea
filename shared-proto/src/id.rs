//! Typed identifiers. All are 128 bits, written as RFC 9562 UUIDs where a person or a URL sees them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text was not a UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidId;

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "not an identifier: expected a UUID such as 018f2d3e-7a51-7cc1-9c6b-2b1d0a4c9e10",
        )
    }
}

impl std::error::Error for InvalidId {}

macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name([u8; 16]);

        impl $name {
            /// From its 16 bytes, big-endian as RFC 9562 lays a UUID out.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// Its 16 bytes; byte order is the order of the ids.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                Uuid::from_bytes(self.0).as_hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::try_parse(text).map(|id| Self(id.into_bytes())).map_err(|_| InvalidId)
            }
        }
    };
}

macro_rules! random_id {
    ($name:ident) => {
        impl $name {
            /// A version 4 UUID (RFC 9562, 5.4) from 16 random bytes of the caller's.
            #[must_use]
            pub fn from_random(random: [u8; 16]) -> Self {
                Self(uuid::Builder::from_random_bytes(random).into_uuid().into_bytes())
            }
        }
    };
}

typed_id!(
    /// A person, for good: never reused (164.312(a)(2)(i)).
    PersonId
);
typed_id!(
    /// A conversation. Opaque: it appears in URLs and says nothing.
    ConversationId
);
typed_id!(
    /// Chosen at random by the client for a message or a new conversation, so that a retry is
    /// recognised and stored once.
    ClientMessageId
);
typed_id!(
    /// An entry of a conversation. UUIDv7-shaped (RFC 9562, 5.7); order within its conversation.
    EntryId
);
typed_id!(
    /// A division: a part of a practice.
    DivisionId
);
typed_id!(
    /// A signed-in device, as its person tells it from their others: says nothing of its token.
    DeviceId
);
typed_id!(
    /// A passkey, as its person tells it from their others: not the id its device knows it by.
    PasskeyId
);
typed_id!(
    /// A form of the practice, through all its versions.
    FormId
);
random_id!(FormId);
typed_id!(
    /// A file somebody sends, made by the server. The only name it has where it is kept.
    FileId
);
random_id!(FileId);
typed_id!(
    /// A saved reply, chosen at random by whoever makes it.
    ReplyId
);
random_id!(ReplyId);
random_id!(PasskeyId);
random_id!(DivisionId);
random_id!(PersonId);
random_id!(ConversationId);
random_id!(ClientMessageId);

/// How far, at most, an entry id steps within one millisecond. Random, so that an entry hidden
/// from somebody leaves no hole they could notice (invariant 2).
const STEP_BITS: u32 = 40;
const RANDOM_BITS: u32 = 74;
const VALUE_BITS: u32 = 122;

impl EntryId {
    /// Before every entry of every conversation.
    pub const MIN: Self = Self([0; 16]);
    /// After every entry of every conversation.
    pub const MAX: Self = Self([0xff; 16]);

    /// What comes right before it; itself for the very first.
    #[must_use]
    pub const fn before(self) -> Self {
        Self(u128::from_be_bytes(self.0).saturating_sub(1).to_be_bytes())
    }

    /// The id for the entry that follows `last`, at `now_ms` (milliseconds since 1970), with
    /// 128 random bits of the caller's. Strictly above `last` even when the clock ran back.
    #[must_use]
    pub fn next(last: Option<EntryId>, now_ms: u64, random: u128) -> Self {
        let fresh = (u128::from(now_ms & 0xffff_ffff_ffff) << RANDOM_BITS)
            | (random & ((1 << RANDOM_BITS) - 1));
        let value = match last.map(EntryId::value) {
            Some(last) if fresh <= last => last + 1 + (random & ((1 << STEP_BITS) - 1)),
            _ => fresh,
        };
        Self::from_value(value & ((1 << VALUE_BITS) - 1))
    }

    /// The 122 bits that are not version and variant.
    fn value(self) -> u128 {
        let all = u128::from_be_bytes(self.0);
        let time = all >> 80;
        let a = (all >> 64) & 0xfff;
        let b = all & ((1 << 62) - 1);
        (time << RANDOM_BITS) | (a << 62) | b
    }

    fn from_value(value: u128) -> Self {
        let time = value >> RANDOM_BITS;
        let a = (value >> 62) & 0xfff;
        let b = value & ((1 << 62) - 1);
        Self(((time << 80) | (0x7 << 76) | (a << 64) | (0b10 << 62) | b).to_be_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_id_survives_its_text() {
        let id = ConversationId::from_random([7; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("nobody".parse::<PersonId>(), Err(InvalidId));
    }

    proptest! {
        #[test]
        fn entry_ids_rise_whatever_the_clock_does(
            steps in proptest::collection::vec((0u64..1 << 47, any::<u128>()), 1..50)
        ) {
            let mut last = None;
            for (now, random) in steps {
                let id = EntryId::next(last, now, random);
                prop_assert!(Some(id) > last);
                prop_assert_eq!(EntryId::from_value(id.value()), id);
                let uuid = Uuid::from_bytes(*id.as_bytes());
                prop_assert_eq!(uuid.get_version_num(), 7);
                prop_assert_eq!(uuid.get_variant(), uuid::Variant::RFC4122);
                last = Some(id);
            }
        }

        #[test]
        fn entry_ids_within_a_millisecond_step_by_chance(random in any::<u128>()) {
            let first = EntryId::next(None, 5, u128::MAX >> 1);
            let second = EntryId::next(Some(first), 5, random & !(1 << 73));
            prop_assert!(second.value() > first.value());
        }
    }
}
