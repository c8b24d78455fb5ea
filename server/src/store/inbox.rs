//! Which conversations a person has, last activity first. A row is only its key: what the inbox
//! shows of it comes from the conversation's room.

use std::cmp::Reverse;

use shared_proto::id::PersonId;
use shared_proto::limits;
use shared_proto::wire::InboxMark;

use super::engine::Direction;
use super::keys::{self, Shelf};
use super::{Store, StoreError};

/// What is stored under an inbox row's key.
pub const ROW: u8 = 1;

/// One page of a person's conversations on these shelves, and whether there are more.
///
/// # Errors
/// When the engine fails.
pub fn page(
    store: &Store,
    person: PersonId,
    shelves: &[Shelf],
    after: Option<InboxMark>,
) -> Result<(Vec<InboxMark>, bool), StoreError> {
    let mut marks = Vec::new();
    for shelf in shelves {
        let mut range = keys::inbox(person, *shelf);
        if let Some(mark) = after {
            let place = keys::inbox_row(person, *shelf, mark.at, mark.conversation);
            range.start = keys::after(&place);
        }
        for (key, _) in store.engine.scan(range, limits::INBOX_ROWS + 1, Direction::Forward)? {
            let (at, conversation) =
                keys::parse_inbox_row(&key).ok_or(StoreError::Damaged("inbox row"))?;
            marks.push(InboxMark { at, conversation });
        }
    }
    marks.sort_unstable_by_key(|mark| (Reverse(mark.at), mark.conversation));
    let more = marks.len() > limits::INBOX_ROWS;
    marks.truncate(limits::INBOX_ROWS);
    Ok((marks, more))
}
