//! What a record takes of a log: every entry somebody may see, oldest first, a stretch at a time.

use shared_proto::conversation::event;
use shared_proto::conversation::state::Member;
use shared_proto::conversation::visible::visible_to;
use shared_proto::entry::Entry;
use shared_proto::id::EntryId;
use shared_proto::limits;
use shared_proto::time::Millis;
use shared_proto::wire::Direction;

use super::{Log, entry_size};
use crate::store::StoreError;

/// An entry as a record takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The entry; without its text when it was withdrawn, unless the record keeps that.
    pub entry: Entry,
    /// That it was withdrawn.
    pub withdrawn: Option<Withdrawal>,
}

/// A message was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// When; `None` for whom that is not to be seen: it came after they left.
    pub at: Option<Millis>,
}

/// A stretch of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    /// What the reader may see of it, oldest first.
    pub entries: Vec<Recorded>,
    /// Where the next stretch begins, strictly after it; `None` at the end.
    pub next: Option<EntryId>,
}

impl Log<'_> {
    /// The stretch after `from`, with at most [`limits::EXPORT_ENTRIES`] entries looked at and
    /// about [`limits::EXPORT_BYTES`]. Text that was withdrawn is there only if `keeps_text`.
    ///
    /// # Errors
    /// When the engine fails or a record is damaged.
    pub fn recorded(
        &self,
        member: &Member,
        from: EntryId,
        keeps_text: bool,
    ) -> Result<Stretch, StoreError> {
        let (mut entries, mut next) = (Vec::new(), None);
        let (mut looked_at, mut bytes, mut last) = (0, 0, from);
        self.walk(from, Direction::After, |entry| {
            if looked_at == limits::EXPORT_ENTRIES || bytes >= limits::EXPORT_BYTES {
                next = Some(last);
                return false;
            }
            looked_at += 1;
            last = entry.id;
            if visible_to(&entry, member) {
                bytes += entry_size(&entry);
                entries.push(entry);
            }
            true
        })?;
        let entries = self.with_withdrawals(member, entries, keeps_text)?;
        Ok(Stretch { entries, next })
    }

    fn with_withdrawals(
        &self,
        member: &Member,
        entries: Vec<Entry>,
        keeps_text: bool,
    ) -> Result<Vec<Recorded>, StoreError> {
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else {
            return Ok(Vec::new());
        };
        let withdrawals = self.withdrawals(first.id, last.id)?;
        let recorded = entries.into_iter().map(|entry| {
            let Some(by) = withdrawals.get(&entry.id) else {
                return Ok(Recorded { entry, withdrawn: None });
            };
            let seen = self.find(*by)?.filter(|withdrawal| visible_to(withdrawal, member));
            let withdrawn = Some(Withdrawal { at: seen.map(|withdrawal| withdrawal.at) });
            let entry = if keeps_text { entry } else { event::redact(entry) };
            Ok(Recorded { entry, withdrawn })
        });
        recorded.collect()
    }
}
