use shared_proto::entry::Audience;

use super::testing::{begun, shared, upload};
use super::*;
use crate::store::committer::CommitError;
use crate::store::testing::{ANA, BEN, TALK, Talk, put, store};

/// What the smallest file counts.
const UNIT: u64 = limits::FILE_COUNTED_BYTES;

fn own(person: PersonId, n: u8) -> Own {
    Own { conversation: TALK, person, file: FileId::from_bytes([n; 16]) }
}

fn new(store: &Store, own: Own, bytes: u64, quota: u64) -> Result<Batch, Refusal> {
    match begin(store, own, &upload(bytes), quota).unwrap()? {
        Beginning::New(batch) => Ok(*batch),
        other => panic!("{other:?}"),
    }
}

fn refused(rule: Rule) -> Option<Refusal> {
    Some(Refusal::invalid(Field::File, rule))
}

#[tokio::test]
async fn two_at_a_time_come_to_no_more_than_the_quota() {
    let store = store();
    store.vault.create_conversation(TALK).unwrap();
    let (sixty, quota) = (60 * UNIT, 100 * UNIT);
    let first = new(&store, own(ANA, 1), sixty, quota).unwrap();
    let second = new(&store, own(ANA, 2), sixty, quota).unwrap();
    let others = new(&store, own(BEN, 3), sixty, quota).unwrap();
    put(&store, first).await;
    let conflict = store.commit(second).await;
    assert!(matches!(conflict, Err(StoreError::Commit(CommitError::Conflict))), "{conflict:?}");
    put(&store, others).await;
    let limit = (quota / 1024 / 1024) as u32;
    assert_eq!(new(&store, own(ANA, 2), sixty, quota).err(), refused(Rule::QuotaUsed { limit }));
    put(&store, new(&store, own(ANA, 2), 40 * UNIT, quota).unwrap()).await;
    assert!(new(&store, own(ANA, 4), 1, quota).is_err());
    // What is cancelled makes room, and what is shared does not.
    put(&store, forget(&store, own(ANA, 1)).unwrap().unwrap()).await;
    assert_eq!(find(&store, own(ANA, 1).file).unwrap(), None);
    put(&store, new(&store, own(ANA, 1), sixty, quota).unwrap()).await;
    assert!(new(&store, own(ANA, 4), 1, quota).is_err());
}

#[tokio::test]
async fn small_files_count_as_much_as_they_cost_and_give_back_as_much() {
    let store = store();
    store.vault.create_conversation(TALK).unwrap();
    let quota = 3 * UNIT;
    for n in 1..=3 {
        put(&store, new(&store, own(ANA, n), 1, quota).unwrap()).await;
    }
    assert_eq!(new(&store, own(ANA, 4), 1, quota).err(), refused(Rule::QuotaUsed { limit: 0 }));
    put(&store, forget(&store, own(ANA, 2)).unwrap().unwrap()).await;
    assert!(new(&store, own(ANA, 4), UNIT + 1, quota).is_err());
    put(&store, new(&store, own(ANA, 4), UNIT, quota).unwrap()).await;
    for n in [1, 3, 4] {
        put(&store, forget(&store, own(ANA, n)).unwrap().unwrap()).await;
    }
    assert!(new(&store, own(ANA, 5), quota, quota).is_ok(), "nothing is kept any more");
}

#[tokio::test]
async fn a_retry_finds_its_file_and_nobody_finds_anothers() {
    let store = store();
    store.vault.create_conversation(TALK).unwrap();
    begun(&store, own(ANA, 1), 60).await;
    let again = |bytes| begin(&store, own(ANA, 1), &upload(bytes), UNIT).unwrap();
    assert!(matches!(again(60), Ok(Beginning::Known(known)) if known == upload(60)));
    assert_eq!(again(61).err(), refused(Rule::Duplicate));
    let renamed = UploadRecord { name: "b.pdf".into(), ..upload(60) };
    let renamed = begin(&store, own(ANA, 1), &renamed, UNIT).unwrap();
    assert_eq!(renamed.err(), refused(Rule::Duplicate));
    for other in [own(BEN, 1), own(ANA, 2)] {
        assert_eq!(super::upload(&store, other).unwrap(), None);
        assert!(forget(&store, other).unwrap().is_none());
        assert!(unshared(&store, other).unwrap().is_none());
    }
}

#[tokio::test]
async fn what_was_cancelled_meanwhile_is_not_shared_and_what_was_shared_stays() {
    let store = store();
    let mut talk = Talk::begin(&store).await;
    begun(&store, own(ANA, 1), 3).await;
    let whole = Whole { pixels: None, hash: [5; 32] };
    put(&store, complete(&store, own(ANA, 1), whole).unwrap().unwrap()).await;
    let known = unshared(&store, own(ANA, 1)).unwrap().unwrap();
    assert_eq!(known.uploaded.whole, Some(whole));
    let cancel = forget(&store, own(ANA, 1)).unwrap().unwrap();

    let id = own(ANA, 1).file;
    talk.append(&store, &[(ANA, Audience::Members, shared(id, 3))]).await;
    let entry = Encoded::new(talk.entries.last().unwrap().clone());
    let mut batch = Batch::default();
    share(&store, &talk.sealing, TALK, known, &entry, &mut batch);
    let late = batch.clone();
    put(&store, batch).await;
    for lost in [cancel, late] {
        let conflict = store.commit(lost).await;
        assert!(matches!(conflict, Err(StoreError::Commit(CommitError::Conflict))));
    }
    let found = find(&store, id).unwrap().unwrap();
    assert_eq!((found.entry, found.bytes), (Some(entry.entry.id), 3));
    assert!(forget(&store, own(ANA, 1)).unwrap().is_none());
    let again = begin(&store, own(ANA, 1), &upload(3), UNIT).unwrap();
    assert!(matches!(again, Ok(Beginning::Shared)));
}

#[tokio::test]
async fn what_is_left_behind_is_found_and_what_is_fresh_is_not() {
    let store = store();
    store.vault.create_conversation(TALK).unwrap();
    begun(&store, own(ANA, 1), 3).await;
    let late = UploadRecord { begun_at: Millis(9), ..upload(3) };
    match begin(&store, own(BEN, 2), &late, UNIT).unwrap().unwrap() {
        Beginning::New(batch) => put(&store, *batch).await,
        other => panic!("{other:?}"),
    }
    let (old, last) = left_behind(&store, Millis(9), None).unwrap();
    assert_eq!((old, last), (vec![own(ANA, 1)], Some(own(BEN, 2))));
    assert_eq!(left_behind(&store, Millis(9), last).unwrap(), (vec![], None));
    let ids = [own(ANA, 1).file, own(ANA, 7).file];
    assert_eq!(known(&store, &ids).unwrap(), HashSet::from([ids[0]]));
}
