//! Which conversations a person has, last activity first. A row is only its key: what the inbox
//! shows of it comes from the conversation's room.

use shared_proto::id::PersonId;
use shared_proto::limits;
use shared_proto::wire::InboxMark;

use super::engine::Direction;
use super::{Store, StoreError, keys};

/// What is stored under an inbox row's key.
pub const ROW: u8 = 1;

/// One page of a person's conversations, and whether there are more.
///
/// # Errors
/// When the engine fails.
pub fn page(
    store: &Store,
    person: PersonId,
    after: Option<InboxMark>,
) -> Result<(Vec<InboxMark>, bool), StoreError> {
    let mut range = keys::inbox(person);
    if let Some(mark) = after {
        range.start = keys::after(&keys::inbox_row(person, mark.at, mark.conversation));
    }
    let mut rows = store.engine.scan(range, limits::INBOX_ROWS + 1, Direction::Forward)?;
    let more = rows.len() > limits::INBOX_ROWS;
    rows.truncate(limits::INBOX_ROWS);
    let marks = rows.iter().map(|(key, _)| {
        let (at, conversation) =
            keys::parse_inbox_row(key).ok_or(StoreError::Damaged("inbox row"))?;
        Ok(InboxMark { at, conversation })
    });
    let marks = marks.collect::<Result<Vec<_>, StoreError>>()?;
    Ok((marks, more))
}
