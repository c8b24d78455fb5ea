use std::sync::atomic::AtomicU64;

use shared_proto::audit::AuditFilter;
use shared_proto::id::ConversationId;

use super::*;
use crate::store::Store;
use crate::store::committer::{CommitError, Committer};
use crate::store::engine::{Batch, Expect};
use crate::store::testing::{ANA, BEN, Nobody, TALK, chain, store};
use crate::store::vault::{PracticeKey, Vault};

fn record(at: u64, action: Action) -> Record {
    Record {
        at: Millis(at),
        actor: Some(ANA),
        address: Some(IpAddr::from([10, 0, 0, 7])),
        action,
        subject: Subject::Person(BEN),
        detail: None,
    }
}

fn opened(at: u64, by: PersonId) -> Record {
    let subject = Subject::Conversation(TALK);
    Record { actor: Some(by), subject, ..record(at, Action::ConversationOpened) }
}

/// The sequence numbers of a page.
fn shown(store: &Store, filter: AuditFilter, before: Option<u64>) -> Vec<u64> {
    let page = page(store, &filter, before).unwrap();
    page.entries.iter().map(|entry| entry.sequence).collect()
}

fn all(store: &Store) -> Vec<u64> {
    shown(store, AuditFilter::default(), None)
}

/// A log of twelve blocks of one record, and three accesses.
async fn filled() -> Store {
    let store = store();
    for at in 1..=12 {
        let record = if at % 4 == 0 { opened(at, BEN) } else { record(at, Action::SignedIn) };
        store.record(record).await.unwrap();
    }
    store
}

fn change(store: &Store, put: Vec<(Vec<u8>, Vec<u8>)>, delete: Vec<Vec<u8>>) {
    store.engine.commit_group(vec![Batch { put, delete, ..Batch::default() }]).unwrap();
}

/// The record at which the log is found damaged.
#[track_caller]
fn damaged_at(store: &Store) -> u64 {
    match verify(store, None) {
        Err(StoreError::Audit { sequence, .. }) => sequence,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn records_are_kept_in_order_and_read_newest_first() {
    let store = filled().await;
    assert_eq!(all(&store), (1..=12).rev().collect::<Vec<_>>());
    assert_eq!(verify(&store, None).unwrap().head.sequence, 12);
    let page = page(&store, &AuditFilter::default(), Some(3)).unwrap();
    assert_eq!(page.entries[1], record(1, Action::SignedIn).entry(1));
    assert_eq!((page.entries.len(), page.next), (2, None));
    let opened = AuditFilter { action: Some(Action::ConversationOpened), ..Default::default() };
    assert_eq!(shown(&store, opened, None), [12, 8, 4]);
    assert_eq!(shown(&store, opened, Some(8)), [4]);
}

#[tokio::test]
async fn records_of_one_round_share_values_within_what_a_value_may_take() {
    let store = store();
    let long = Some("é".repeat(limits::AUDIT_DETAIL_SCALARS));
    let records: Vec<Record> = (1..=64)
        .map(|at| Record { detail: long.clone(), ..record(at, Action::PersonChanged) })
        .collect();
    store.record_all(records).await.unwrap();
    let range = keys::prefix_range(keys::AUDIT);
    let blocks = store.engine.scan(range, 100, Direction::Forward).unwrap();
    assert!((8..16).contains(&blocks.len()), "{} blocks", blocks.len());
    assert!(blocks.iter().all(|(key, value)| key.len() + value.len() <= limits::RECORD_BYTES));
    assert_eq!(verify(&store, None).unwrap().head.sequence, 64);
    let first = page(&store, &AuditFilter::default(), None).unwrap();
    assert_eq!((first.entries.len(), first.next), (limits::AUDIT_ROWS, Some(15)));
    assert_eq!(shown(&store, AuditFilter::default(), first.next).len(), 14);
}

#[tokio::test]
async fn what_conflicts_leaves_no_record_and_no_gap() {
    for engine in
        [Engine::memory(), Engine::open_sled(tempfile::tempdir().unwrap().path()).unwrap()]
    {
        let vault = Vault::open(None, PracticeKey::from_bytes([7; 32])).unwrap();
        let store = Store::open(Arc::new(engine), vault, Arc::new(Nobody)).unwrap();
        let once = |at| Batch {
            expect: vec![Expect { key: b"k".to_vec(), value: None }],
            put: vec![(b"k".to_vec(), vec![1])],
            audit: vec![record(at, Action::PersonAdded)],
            ..Batch::default()
        };
        let (first, second, third) = tokio::join!(
            store.commit(once(1)),
            store.commit(once(2)),
            store.record(record(3, Action::SignedIn)),
        );
        assert!(first.is_ok() && third.is_ok());
        assert!(matches!(second, Err(StoreError::Commit(CommitError::Conflict))));
        let page = page(&store, &AuditFilter::default(), None).unwrap();
        let at: Vec<u64> = page.entries.iter().map(|entry| entry.at.0).collect();
        assert_eq!(at, [3, 1]);
        assert_eq!(verify(&store, None).unwrap().head.sequence, 2);
    }
}

#[tokio::test]
async fn the_log_goes_on_where_it_ended_when_the_store_is_opened_again() {
    let dir = tempfile::tempdir().unwrap();
    for round in 1..=3 {
        // The vault takes an engine without keys for a loss: it comes first.
        let vault = Vault::open(Some(dir.path()), PracticeKey::from_bytes([7; 32])).unwrap();
        let engine = Arc::new(Engine::open_sled(&Engine::directory(dir.path())).unwrap());
        let store = Store::open(engine, vault, Arc::new(Nobody)).unwrap();
        store.record(record(round, Action::ServerStarted)).await.unwrap();
        store.record_all(vec![opened(round, ANA), opened(round, BEN)]).await.unwrap();
        assert_eq!(verify(&store, None).unwrap().head.sequence, 3 * round);
        store.committer.stop().await;
    }
}

#[tokio::test]
async fn a_flipped_bit_is_found_and_named() {
    let store = filled().await;
    let key = keys::audit(7);
    let mut sealed = store.engine.get(&key).unwrap().unwrap().to_vec();
    sealed[40] ^= 1;
    change(&store, vec![(key, sealed)], vec![]);
    assert_eq!(damaged_at(&store), 7);
    assert!(page(&store, &AuditFilter::default(), None).is_err(), "nothing altered is shown");
}

#[tokio::test]
async fn a_missing_record_is_found_and_named_also_the_first() {
    for missing in [1, 7] {
        let store = filled().await;
        change(&store, vec![], vec![keys::audit(missing)]);
        assert_eq!(damaged_at(&store), missing);
    }
}

#[tokio::test]
async fn a_record_in_anothers_place_is_found() {
    let store = filled().await;
    let other = store.engine.get(&keys::audit(3)).unwrap().unwrap().to_vec();
    change(&store, vec![(keys::audit(2), other)], vec![]);
    assert_eq!(damaged_at(&store), 2);
}

#[tokio::test]
async fn a_record_somebody_with_the_key_rewrote_breaks_the_chain() {
    let store = filled().await;
    let key = keys::audit(5);
    let (_, mut block) =
        Block::open(&store.records, &key, &store.engine.get(&key).unwrap().unwrap()).unwrap();
    block.records[0].actor = Some(BEN);
    change(&store, vec![(key.clone(), store.seal(&key, &block))], vec![]);
    assert_eq!(damaged_at(&store), 6);
}

#[tokio::test]
async fn members_see_who_opened_a_conversation_newest_first() {
    let store = filled().await;
    let found = accesses(&store, TALK, None).unwrap();
    let at: Vec<u64> = found.accesses.iter().map(|access| access.at.0).collect();
    assert_eq!((at, found.next), (vec![12, 8, 4], None));
    assert!(found.accesses.iter().all(|access| access.person == Some(BEN)));
    let other = ConversationId::from_bytes([1; 16]);
    assert_eq!(accesses(&store, other, None).unwrap().accesses, []);
    for at in 13..=72 {
        store.record(opened(at, ANA)).await.unwrap();
    }
    let first = accesses(&store, TALK, None).unwrap();
    assert_eq!(first.accesses.len(), limits::ACCESS_ROWS);
    let rest = accesses(&store, TALK, first.next).unwrap();
    assert_eq!((rest.accesses.len(), rest.next), (13, None));
    assert_eq!(rest.accesses[0].at.0 + 1, first.accesses[limits::ACCESS_ROWS - 1].at.0);
}

#[tokio::test]
async fn an_access_that_is_hidden_or_made_up_is_found() {
    let store = filled().await;
    change(&store, vec![], vec![keys::access(TALK, 8)]);
    assert_eq!(damaged_at(&store), 8);

    let store = filled().await;
    let kept = AccessRecord { at: Millis(9), person: Some(BEN), action: Action::EmergencyOpened };
    let key = keys::access(TALK, 9);
    change(&store, vec![(key.clone(), store.seal(&key, &kept))], vec![]);
    assert_eq!(damaged_at(&store), 9);
}

#[tokio::test]
async fn old_records_go_and_the_rest_still_holds_together() {
    let store = filled().await;
    let step = prune(&store, Millis(6)).unwrap().unwrap();
    assert_eq!(step.records, 5);
    store.commit(step.batch).await.unwrap();
    assert!(prune(&store, Millis(6)).unwrap().is_none());
    let checked = verify(&store, Some(5)).unwrap();
    assert_eq!((checked.removed.sequence, checked.head.sequence), (5, 12));
    assert_eq!(checked.asked, Some(checked.removed));
    assert_eq!(all(&store), (6..=12).rev().collect::<Vec<_>>());
    assert_eq!(accesses(&store, TALK, None).unwrap().accesses.len(), 2);
    // The oldest that is left cannot be taken away as if it had been too old.
    change(&store, vec![], vec![keys::audit(6)]);
    assert_eq!(damaged_at(&store), 6);
}

#[tokio::test]
async fn the_last_record_stays_however_old_it_is() {
    let store = filled().await;
    while let Some(step) = prune(&store, Millis(u64::MAX)).unwrap() {
        store.commit(step.batch).await.unwrap();
    }
    assert_eq!(all(&store), [12]);
    store.record(record(13, Action::SignedIn)).await.unwrap();
    let before = verify(&store, None).unwrap().head;
    assert_eq!(before.sequence, 13);
    let recovered = Chain::recover(&store.engine, Arc::clone(&store.records)).unwrap();
    assert_eq!(recovered.head(), before);
}

#[tokio::test]
async fn records_alone_are_written_from_the_reserve() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Arc::new(Engine::open_sled(dir.path()).unwrap());
    let reserve = Arc::new(AtomicU64::new(u64::MAX));
    let chain = chain(&engine);
    let committer =
        Committer::start_with_reserve(Arc::clone(&engine), chain, Arc::new(Nobody), reserve)
            .unwrap();
    let batch = || Batch { audit: vec![record(1, Action::InboxOpened)], ..Batch::default() };
    assert_eq!(committer.commit(batch()).await, Err(CommitError::StorageFull));
    assert_eq!(committer.record(batch()).await, Ok(()));
}
