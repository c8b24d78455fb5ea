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
    for one in shelves {
        marks.extend(shelf(store, person, *one, after, limits::INBOX_ROWS + 1)?);
    }
    marks.sort_unstable_by_key(|mark| (Reverse(mark.at), mark.conversation));
    let more = marks.len() > limits::INBOX_ROWS;
    marks.truncate(limits::INBOX_ROWS);
    Ok((marks, more))
}

/// At most so many of a person's conversations on one shelf.
///
/// # Errors
/// When the engine fails.
pub fn shelf(
    store: &Store,
    person: PersonId,
    shelf: Shelf,
    after: Option<InboxMark>,
    most: usize,
) -> Result<Vec<InboxMark>, StoreError> {
    let mut range = keys::inbox(person, shelf);
    if let Some(mark) = after {
        range.start = keys::after(&keys::inbox_row(person, shelf, mark.at, mark.conversation));
    }
    let rows = store.engine.scan(range, most, Direction::Forward)?;
    let mark = |(key, _): (bytes::Bytes, bytes::Bytes)| {
        let row = keys::parse_inbox_row(&key).ok_or(StoreError::Damaged("inbox row"))?;
        Ok(InboxMark { at: row.0, conversation: row.1 })
    };
    rows.into_iter().map(mark).collect()
}
