use bytes::Bytes;
use shared_proto::id::EntryId;

use super::*;
use crate::blobs::local::LocalBlobs;
use crate::blobs::memory::MemoryBlobs;
use crate::store::engine::Batch;
use crate::store::testing::{ANA, TALK, put, store};

const PIECE: u64 = limits::FILE_CHUNK_BYTES as u64;

fn id(number: u8) -> FileId {
    FileId::from_bytes([number; 16])
}

fn chunk(number: u8, index: u32) -> Bytes {
    Bytes::from(vec![number ^ index as u8; 1_000 + usize::from(number)])
}

/// A practice with a file of three chunks that is shared, and one of which two chunks have come.
async fn practice(from: &Blobs) -> Store {
    let store = store();
    for (number, shared, sent) in [(1, true, 3), (2, false, 2)] {
        let entry = shared.then_some(EntryId::MIN);
        let record = FileRecord { conversation: TALK, person: ANA, bytes: 3 * PIECE, entry };
        let key = keys::file(id(number));
        let sealed = store.seal(&key, &record);
        put(&store, Batch { put: vec![(key, sealed)], ..Batch::default() }).await;
        for index in 0..sent {
            from.put_chunk(id(number), index, chunk(number, index)).await.unwrap();
        }
    }
    store
}

fn memory() -> Blobs {
    Blobs::Memory(MemoryBlobs::default())
}

/// That all of it, and nothing else, is there.
async fn is_there(blobs: &Blobs) {
    for (number, sent) in [(1, 3), (2, 2)] {
        assert_eq!(blobs.stored(id(number)).await, Ok(sent));
        for index in 0..sent {
            let found = blobs.get_chunk(id(number), index).await;
            assert_eq!(found, Ok(Some(chunk(number, index))), "{number}/{index}");
        }
    }
    assert_eq!(blobs.list(None, 10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_is_moved_is_there_as_it_was_and_at_the_old_place_too() {
    let from = memory();
    let store = practice(&from).await;
    // What nothing knows of stays behind.
    from.put_chunk(id(9), 0, chunk(9, 0)).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let to = Blobs::Local(LocalBlobs::open_with_reserve(folder.path(), 0).unwrap());
    let moved = move_all(&store, &from, &to).await.unwrap();
    assert_eq!(moved, Moved { files: 2, copied: 5, there: 0, lost: 0 });
    is_there(&to).await;
    from.delete(id(9)).await.unwrap();
    is_there(&from).await;
    let again = move_all(&store, &from, &to).await.unwrap();
    assert_eq!(again, Moved { files: 2, copied: 0, there: 5, lost: 0 });
}

#[tokio::test]
async fn a_move_that_was_interrupted_goes_on_and_leaves_nothing_of_what_has_changed_since() {
    let from = memory();
    let store = practice(&from).await;
    let to = memory();
    // One chunk of an earlier try is there, one is of before the file was sent anew, and of the one
    // that is still sent there was more.
    to.put_chunk(id(1), 0, chunk(1, 0)).await.unwrap();
    to.put_chunk(id(1), 1, chunk(7, 1)).await.unwrap();
    for index in 0..3 {
        to.put_chunk(id(2), index, chunk(7, index)).await.unwrap();
    }
    let moved = move_all(&store, &from, &to).await.unwrap();
    assert_eq!(moved, Moved { files: 2, copied: 4, there: 1, lost: 0 });
    is_there(&to).await;
}

#[tokio::test]
async fn what_was_lost_before_is_said_and_the_rest_is_moved() {
    let from = memory();
    let store = practice(&from).await;
    from.delete(id(1)).await.unwrap();
    from.put_chunk(id(1), 2, chunk(1, 2)).await.unwrap();
    let to = memory();
    let moved = move_all(&store, &from, &to).await.unwrap();
    assert_eq!(moved, Moved { files: 2, copied: 3, there: 0, lost: 1 });
    assert_eq!(to.get_chunk(id(1), 2).await, Ok(Some(chunk(1, 2))));
}

#[tokio::test]
async fn nothing_is_moved_to_where_files_of_others_are() {
    let from = memory();
    let store = practice(&from).await;
    let to = memory();
    to.put_chunk(id(9), 0, chunk(9, 0)).await.unwrap();
    let refused = move_all(&store, &from, &to).await;
    assert!(matches!(refused, Err(MoveError::Taken)), "{refused:?}");
    assert_eq!(to.list(None, 10).await.unwrap().len(), 1);
}
