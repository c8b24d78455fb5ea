//! What is new in a conversation, and whom of its members it concerns: its log from the newest entry
//! back, no further than somebody may be found who is to be told of it.

use std::collections::HashMap;

use shared_proto::conversation::state::State;
use shared_proto::id::{EntryId, PersonId};
use shared_proto::notice::rule::{concerns, tells};

use super::step::Step;
use crate::notices::left::walk_back;
use crate::store::StoreError;
use crate::store::conversations::Log;

/// What has come in a conversation since it was last decided there.
#[derive(Default)]
pub(super) struct New {
    /// The newest entry of those it can be decided of.
    pub settled: Option<EntryId>,
    /// Whether there are newer ones still: of what has only just come it is not known who had read
    /// before.
    pub fresh: bool,
    /// The newest of the others that concerns each member and has not been withdrawn, of those who
    /// are to be told and those it was found for on the way.
    pub newest: HashMap<PersonId, EntryId>,
}

impl New {
    /// What has come after `mark`, from the newest back for as long as somebody may be found to be told
    /// of it: `open` says of a member up to where they have read, and `None` of one whom nothing has to
    /// be found for. Whoever writes and does not read is looked for down to `mark`.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) fn since(
        step: &Step<'_>,
        log: &Log<'_>,
        state: &State,
        mark: Option<EntryId>,
        open: impl Fn(PersonId) -> Option<Option<EntryId>>,
    ) -> Result<Self, StoreError> {
        let mut new = Self::default();
        let members: Vec<_> = state.current().collect();
        let mut open: Vec<_> = members
            .iter()
            .filter_map(|member| open(member.person).map(|read| (member.person, read)))
            .collect();
        walk_back(log, log.upto, mark, |entry| {
            // One of a clock that was ahead is not waited for.
            let age = step.round.now.0.abs_diff(entry.at.0);
            if new.settled.is_none() && age < step.fresh_ms {
                new.fresh = true;
                return Ok(true);
            }
            new.settled.get_or_insert(entry.id);
            if entry.at < step.since {
                return Ok(false);
            }
            if tells(entry.kind) {
                let found: Vec<PersonId> = members
                    .iter()
                    .filter(|member| !new.newest.contains_key(&member.person))
                    .filter(|member| concerns(entry, member))
                    .map(|member| member.person)
                    .collect();
                if !found.is_empty() && !log.is_withdrawn(entry.id)? {
                    new.newest.extend(found.into_iter().map(|person| (person, entry.id)));
                }
            }
            open.retain(|(person, read)| {
                *read < Some(entry.id) && !new.newest.contains_key(person)
            });
            Ok(!open.is_empty())
        })?;
        Ok(new)
    }
}
