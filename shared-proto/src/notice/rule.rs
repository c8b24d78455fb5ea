//! Who is told, on which channel, and when: one pure decision over facts.

use serde::{Deserialize, Serialize};

use crate::conversation::apply::is_counted;
use crate::conversation::event::kind;
use crate::conversation::state::Member;
use crate::conversation::visible::visible_to;
use crate::entry::Entry;
use crate::id::EntryId;
use crate::time::Millis;

use super::Channel;

/// Whether entries of this kind are told to those who are not there: what counts as unread, and what
/// begins, moves or calls off a conversation.
#[must_use]
pub const fn tells(entry_kind: u16) -> bool {
    is_counted(entry_kind)
        || matches!(
            entry_kind,
            kind::CREATED | kind::BEGUN | kind::ADDED | kind::RESCHEDULED | kind::CANCELLED
        )
}

/// Whether `member` may be told of `entry`: they are a member, see it, and it is another's. That
/// somebody joined is told to who joined.
#[must_use]
pub fn concerns(entry: &Entry, member: &Member) -> bool {
    tells(entry.kind)
        && entry.author != member.person
        && member.until.is_none()
        && visible_to(entry, member)
        && (entry.kind != kind::ADDED || member.from == entry.id)
}

/// Where a channel leads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Address {
    /// Nowhere: there is none.
    #[default]
    Missing,
    /// Nowhere: a telephone number without its country.
    Unfit,
    /// To somebody who has not shown yet that it is theirs.
    Unconfirmed,
    /// To them.
    Confirmed,
}

/// What a channel comes to for somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Way {
    /// Whether the practice lets it be used.
    pub policy: bool,
    /// Whether this server has a way out for it.
    pub offered: bool,
    /// Whether they agreed.
    pub consent: bool,
    /// Whether they ended it by an answer, as STOP, which the gateway may know as well.
    pub stopped: bool,
    /// Where it leads.
    pub address: Address,
}

/// What a person comes to, whatever they are told of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    /// Whether they have an account and may use it.
    pub may_enter: bool,
    /// When they were last active on any device they are signed in on.
    pub active_at: Option<Millis>,
    /// For how long after that they count as there, in milliseconds: as a rule
    /// [`crate::limits::NOTICE_ACTIVE_MS`].
    pub patience_ms: u64,
    /// When their quiet hours end, while it is within them.
    pub quiet_until: Option<Millis>,
    /// The channels, in the order of [`Channel::ALL`].
    pub ways: [Way; 3],
}

/// What has come for somebody in one conversation since they last read there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burst {
    /// Whether they are a member.
    pub member: bool,
    /// The newest entry that concerns them.
    pub newest: EntryId,
    /// How far they have read.
    pub read: Option<EntryId>,
    /// How far they had read when they were last told.
    pub told: Option<Option<EntryId>>,
}

/// Why somebody is not told, or not on one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Why {
    /// They take no part any more.
    NoMember,
    /// They have read it.
    Read,
    /// They have been told since they last read.
    Told,
    /// They have no account, or may not use it.
    NoAccount,
    /// The practice does not let the channel be used.
    Policy,
    /// They have not agreed to it.
    Consent,
    /// There is no address for it.
    NoAddress,
    /// The telephone number does not say its country.
    Unfit,
    /// The address has not been confirmed.
    Unconfirmed,
    /// This server has no way out for the channel.
    NoWayOut,
    /// All of it was taken back.
    Withdrawn,
    /// They answered STOP, and may be kept out by the gateway until they answer START.
    Stopped,
}

impl Why {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::NoMember,
        Self::Read,
        Self::Told,
        Self::NoAccount,
        Self::Policy,
        Self::Consent,
        Self::NoAddress,
        Self::Unfit,
        Self::Unconfirmed,
        Self::NoWayOut,
        Self::Withdrawn,
        Self::Stopped,
    ];
}

/// Why somebody is told later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Held {
    /// They were active a moment ago, and may read it by themselves.
    Active,
    /// It is within their quiet hours.
    Quiet,
}

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They are not told, on no channel.
    Nobody(Why),
    /// It is decided again then, by what holds then.
    Later(Millis, Held),
    /// They are told now on each channel that says `Ok`; of the others, why not.
    Now([Result<(), Why>; 3]),
}

/// Whether a channel may be used for somebody.
///
/// # Errors
/// Why not: what the practice decided, before what there is no way out for, before what they did,
/// before what is missing.
pub const fn way(way: &Way) -> Result<(), Why> {
    if !way.policy {
        return Err(Why::Policy);
    }
    if !way.offered {
        return Err(Why::NoWayOut);
    }
    if !way.consent {
        return Err(if way.stopped { Why::Stopped } else { Why::Consent });
    }
    match way.address {
        Address::Missing => Err(Why::NoAddress),
        Address::Unfit => Err(Why::Unfit),
        Address::Unconfirmed => Err(Why::Unconfirmed),
        Address::Confirmed => Ok(()),
    }
}

/// Which channels may be used for somebody.
pub fn ways(reader: &Reader) -> [Result<(), Why>; 3] {
    reader.ways.map(|of| way(&of))
}

/// What is decided of somebody at `now`. `reminds`: they are told once more, though they have been.
#[must_use]
pub fn judge(reader: &Reader, burst: &Burst, reminds: bool, now: Millis) -> Verdict {
    if !burst.member {
        return Verdict::Nobody(Why::NoMember);
    }
    if burst.read >= Some(burst.newest) {
        return Verdict::Nobody(Why::Read);
    }
    if let Some(told) = burst.told {
        // Who has read something since is told anew, and reminded of nothing.
        let since = burst.read > told;
        if since && reminds {
            return Verdict::Nobody(Why::Read);
        }
        if !since && !reminds {
            return Verdict::Nobody(Why::Told);
        }
    }
    if !reader.may_enter {
        return Verdict::Nobody(Why::NoAccount);
    }
    let ways = ways(reader);
    if ways.iter().all(Result::is_err) {
        return Verdict::Now(ways);
    }
    if let Some((until, held)) = waits(reader, now) {
        return Verdict::Later(until, held);
    }
    Verdict::Now(ways)
}

/// Whether a notice that has been decided still goes out on `channel`: it waited, as for a relay
/// that did not answer, and meanwhile it may have been read, or they may have changed their mind.
///
/// # Errors
/// Why it does not.
pub fn still(
    reader: &Reader,
    channel: Channel,
    member: bool,
    told_at: Option<EntryId>,
    read: Option<EntryId>,
) -> Result<(), Why> {
    if !member {
        return Err(Why::NoMember);
    }
    if !reader.may_enter {
        return Err(Why::NoAccount);
    }
    if read > told_at {
        return Err(Why::Read);
    }
    way(&reader.ways[channel.place()])
}

/// Until when something that has been decided still waits, at `now`: they have come back, or their
/// quiet hours have begun.
#[must_use]
pub fn waits(reader: &Reader, now: Millis) -> Option<(Millis, Held)> {
    let active = reader.active_at.map(|at| Millis(at.0.saturating_add(reader.patience_ms)));
    if let Some(until) = active.filter(|until| now < *until) {
        return Some((until, Held::Active));
    }
    let quiet = reader.quiet_until.filter(|until| now < *until);
    quiet.map(|until| (until, Held::Quiet))
}
