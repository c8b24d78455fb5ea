//! What somebody has been told of a conversation: how far it has come, and by how many notices.

use serde::{Deserialize, Serialize};
use shared_proto::id::EntryId;
use shared_proto::time::Millis;

/// What somebody has been told of one conversation, or will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRecord {
    /// The newest entry that concerned them when it was last decided.
    pub newest: EntryId,
    /// How far it has come.
    pub stage: Stage,
    /// When it is decided again.
    pub due: Option<Millis>,
}

/// How far a notice has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// They are told later, unless they have read it by then.
    Held,
    /// They were told, when they had read so far, by how many notices is not known: as [`Self::Out`],
    /// from before that was counted.
    Told(Option<EntryId>),
    /// They were told twice, as [`Self::OutTwice`], from before that was counted.
    Reminded(Option<EntryId>),
    /// They were told.
    Out {
        /// When they had read so far.
        read: Option<EntryId>,
        /// So many notices of it went, or wait to. One that is not wanted any more before it went is
        /// none of them; when none is left, nobody was told.
        count: u8,
    },
    /// They were told twice.
    OutTwice {
        /// When they had read so far.
        read: Option<EntryId>,
        /// The same, of both times.
        count: u8,
    },
}

impl Stage {
    /// How far they had read when they were told.
    #[must_use]
    pub const fn told(self) -> Option<Option<EntryId>> {
        match self {
            Self::Held => None,
            Self::Told(read)
            | Self::Reminded(read)
            | Self::Out { read, .. }
            | Self::OutTwice { read, .. } => Some(read),
        }
    }

    /// After they are told once more, by so many notices.
    #[must_use]
    pub const fn reminded(self, more: u8) -> Self {
        match self {
            Self::Out { read, count } | Self::OutTwice { read, count } => {
                Self::OutTwice { read, count: count.saturating_add(more) }
            }
            Self::Told(read) | Self::Reminded(read) => Self::Reminded(read),
            Self::Held => Self::Held,
        }
    }

    /// After so many notices of a burst that began when they had read so far do not go: as it was where
    /// that is not this one or is not known, and [`Self::Held`] when none is left.
    #[must_use]
    pub fn without(self, of: Option<EntryId>, gone: u8) -> Self {
        match self {
            Self::Out { read, count } | Self::OutTwice { read, count }
                if read == of && count <= gone =>
            {
                Self::Held
            }
            Self::Out { read, count } if read == of => Self::Out { read, count: count - gone },
            Self::OutTwice { read, count } if read == of => {
                Self::OutTwice { read, count: count - gone }
            }
            other => other,
        }
    }
}
