//! What becomes of somebody's burst when notices of it do not go after all: once none of them went or
//! waits, nobody was told, and it is decided anew by what holds then.

use std::collections::HashMap;

use shared_proto::id::{ConversationId, EntryId, PersonId};
use shared_proto::time::Millis;

use crate::store::engine::Batch;
use crate::store::notices::{self, NoticeRecord, Stage};
use crate::store::{Store, StoreError, conversations};

/// A burst: whose, where, and how far they had read.
pub(super) type Of = (PersonId, ConversationId, Option<EntryId>);

/// Adds to `batch` what is kept of each burst, once one notice of it for each time it is named goes no
/// more. Whether one is decided anew now. `Notices::records` is held meanwhile.
///
/// # Errors
/// When the store fails.
pub(super) fn through(
    store: &Store,
    now: Millis,
    fell: &[Of],
    batch: &mut Batch,
) -> Result<bool, StoreError> {
    let mut counts: HashMap<Of, u8> = HashMap::new();
    for of in fell {
        let count = counts.entry(*of).or_default();
        *count = count.saturating_add(1);
    }
    let mut anew = false;
    for (of, gone) in counts {
        match fall(store, now, of, gone, batch) {
            Ok(is_anew) => anew |= is_anew,
            // What cannot be read keeps nobody else's from going.
            Err(error) if error.is_damage() => {
                tracing::error!(%error, "whom a notice did not reach could not be looked up");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(anew)
}

fn fall(
    store: &Store,
    now: Millis,
    (person, conversation, read): Of,
    gone: u8,
    batch: &mut Batch,
) -> Result<bool, StoreError> {
    let Some(loaded) = conversations::load(store, conversation)? else { return Ok(false) };
    let of = (conversation, person);
    let Some(before) = notices::of_one(store, &loaded.sealing, of)? else { return Ok(false) };
    let stage = before.stage.without(read, gone);
    if stage == before.stage {
        return Ok(false);
    }
    let anew = stage == Stage::Held;
    let due = if anew { Some(now) } else { before.due };
    let after = NoticeRecord { stage, due, ..before };
    notices::put(store, &loaded.sealing, of, Some(&before), Some(&after), batch);
    Ok(anew)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{ANA, BEN, TALK, Talk, message, put, store};
    use shared_proto::entry::Audience;

    #[tokio::test]
    async fn a_burst_is_decided_anew_once_none_of_its_notices_goes() {
        let store = store();
        let mut talk = Talk::begin(&store).await;
        let newest = talk.append(&store, &[(ANA, Audience::Members, message(1, "Hello"))]).await;
        let out = |count| NoticeRecord {
            newest,
            stage: Stage::Out { read: None, count },
            due: Some(Millis(9)),
        };
        let mut batch = Batch::default();
        notices::put(&store, &talk.sealing, (TALK, BEN), None, Some(&out(3)), &mut batch);
        put(&store, batch).await;
        let now = Millis(5);
        let kept = || notices::of_one(&store, &talk.sealing, (TALK, BEN)).unwrap().unwrap();
        let of = |read| (BEN, TALK, read);
        for (fell, is_anew, expected) in [
            // Of another burst, and of nobody.
            (vec![of(Some(newest)), (ANA, TALK, None)], false, out(3)),
            (vec![of(None), of(None)], false, out(1)),
            (vec![of(None)], true, NoticeRecord { stage: Stage::Held, due: Some(now), ..out(0) }),
            // It has been said.
            (vec![of(None)], false, NoticeRecord { stage: Stage::Held, due: Some(now), ..out(0) }),
        ] {
            let mut batch = Batch::default();
            assert_eq!(through(&store, now, &fell, &mut batch).unwrap(), is_anew);
            put(&store, batch).await;
            assert_eq!(kept(), expected);
        }
        let (due, _) = notices::due(&store, now).unwrap();
        assert_eq!(due, [(now, TALK, BEN)], "and at no other time");
    }
}
