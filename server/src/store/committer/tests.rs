use std::sync::atomic::AtomicUsize;
use std::sync::{Condvar, Mutex};

use bytes::Bytes;

use super::space::FREE_SPACE_AGE;
use super::*;
use crate::store::engine::Expect;
use crate::store::testing::chain;

/// Records what the committer says, and can hold it after a sync.
#[derive(Default)]
struct Watcher {
    groups: Mutex<Vec<usize>>,
    failures: AtomicUsize,
    held: Mutex<bool>,
    released: Condvar,
}

impl Watcher {
    fn hold(&self, held: bool) {
        *self.held.lock().unwrap() = held;
        self.released.notify_all();
    }
}

impl CommitObserver for Watcher {
    fn committed(&self, batches: usize, _operations: usize, _elapsed: Duration) {
        self.groups.lock().unwrap().push(batches);
        let held = self.held.lock().unwrap();
        drop(self.released.wait_while(held, |held| *held).unwrap());
    }

    fn failed(&self, _error: &EngineError) {
        self.failures.fetch_add(1, Ordering::SeqCst);
    }
}

fn put(key: &[u8], value: &[u8]) -> Batch {
    Batch { put: vec![(key.to_vec(), value.to_vec())], ..Batch::default() }
}

fn start(engine: Engine) -> (Arc<Engine>, Arc<Watcher>, Committer) {
    let (engine, watcher) = (Arc::new(engine), Arc::new(Watcher::default()));
    let committer = Committer::start(Arc::clone(&engine), chain(&engine), watcher.clone()).unwrap();
    (engine, watcher, committer)
}

/// Holds the committer after a first group, and queues `count` commits behind it.
async fn queue_behind_a_sync(
    watcher: &Watcher,
    committer: &Committer,
    count: usize,
) -> Vec<tokio::task::JoinHandle<Outcome>> {
    watcher.hold(true);
    let commit = |number: usize| {
        let committer = committer.clone();
        tokio::spawn(async move { committer.commit(put(b"k", &number.to_be_bytes())).await })
    };
    let mut commits = vec![commit(0)];
    while watcher.groups.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    for number in 1..=count {
        commits.push(commit(number));
        while committer.queue.max_capacity() - committer.queue.capacity() < number {
            tokio::task::yield_now().await;
        }
    }
    commits
}

#[tokio::test]
async fn what_waits_shares_the_next_sync_in_the_order_it_came() {
    let (engine, watcher, committer) = start(Engine::memory());
    let commits = queue_behind_a_sync(&watcher, &committer, 100).await;
    watcher.hold(false);
    for commit in commits {
        assert_eq!(commit.await.unwrap(), Ok(()));
    }
    assert_eq!(*watcher.groups.lock().unwrap(), [1, 100]);
    let last = Bytes::copy_from_slice(&100_usize.to_be_bytes());
    assert_eq!(engine.get(b"k").unwrap(), Some(last));
}

#[tokio::test]
async fn a_conflict_concerns_only_its_own_batch() {
    let dir = tempfile::tempdir().unwrap();
    let (engine, _, committer) = start(Engine::open_sled(dir.path()).unwrap());
    let only_new =
        || Batch { expect: vec![Expect { key: b"a".to_vec(), value: None }], ..put(b"a", b"1") };
    assert_eq!(committer.commit(only_new()).await, Ok(()));
    assert_eq!(committer.commit(only_new()).await, Err(CommitError::Conflict));
    assert_eq!(committer.commit(put(b"b", b"2")).await, Ok(()));
    assert!(engine.get(b"b").unwrap().is_some());
    assert!(!committer.failed());
}

#[tokio::test]
async fn stopping_finishes_what_waits_and_lets_go_of_the_engine() {
    let (engine, watcher, committer) = start(Engine::memory());
    let commits = queue_behind_a_sync(&watcher, &committer, 10).await;
    let stopping = tokio::spawn({
        let committer = committer.clone();
        async move { committer.stop().await }
    });
    while !committer.shared.stopping.load(Ordering::Acquire) {
        tokio::task::yield_now().await;
    }
    assert_eq!(committer.commit(put(b"late", b"")).await, Err(CommitError::Stopping));
    watcher.hold(false);
    stopping.await.unwrap();
    for commit in commits {
        assert_eq!(commit.await.unwrap(), Ok(()));
    }
    assert_eq!(Arc::strong_count(&engine), 1);
    committer.stop().await;
    assert_eq!(committer.commit(put(b"late", b"")).await, Err(CommitError::Stopping));
    assert_eq!(engine.get(b"late").unwrap(), None);
}

#[tokio::test]
async fn a_full_disk_refuses_commits_until_there_is_space_again() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Arc::new(Engine::open_sled(dir.path()).unwrap());
    let watcher = Arc::new(Watcher::default());
    let reserve = Arc::new(AtomicU64::new(u64::MAX));
    let committer = Committer::start_with_reserve(
        Arc::clone(&engine),
        chain(&engine),
        watcher,
        Arc::clone(&reserve),
    )
    .unwrap();
    assert_eq!(committer.commit(put(b"a", b"1")).await, Err(CommitError::StorageFull));
    assert_eq!(engine.get(b"a").unwrap(), None);
    reserve.store(0, Ordering::Relaxed);
    let began = Instant::now();
    while committer.commit(put(b"a", b"1")).await == Err(CommitError::StorageFull) {
        assert!(began.elapsed() < 5 * FREE_SPACE_AGE);
        tokio::task::yield_now().await;
    }
    assert!(engine.get(b"a").unwrap().is_some());
    assert!(!committer.failed());
}

#[tokio::test]
async fn what_ends_access_may_use_the_reserve() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Arc::new(Engine::open_sled(dir.path()).unwrap());
    let watcher = Arc::new(Watcher::default());
    let reserve = Arc::new(AtomicU64::new(u64::MAX));
    let committer =
        Committer::start_with_reserve(Arc::clone(&engine), chain(&engine), watcher, reserve)
            .unwrap();
    assert_eq!(committer.commit(put(b"a", b"1")).await, Err(CommitError::StorageFull));
    assert_eq!(committer.commit_from_reserve(put(b"b", b"1")).await, Ok(()));
    assert_eq!(engine.get(b"a").unwrap(), None);
    assert!(engine.get(b"b").unwrap().is_some());
}

#[tokio::test]
async fn nothing_is_acknowledged_after_the_engine_failed() {
    let (_, watcher, committer) = start(Engine::memory());
    let large = Batch { put: vec![(vec![1], vec![0; 5_000])], ..Batch::default() };
    // Refused at the door it harms nobody; past the door the engine fails over it.
    assert_eq!(committer.commit(large.clone()).await, Err(CommitError::Failed));
    assert_eq!(committer.commit(put(b"a", b"1")).await, Ok(()));
    let (answer, answered) = oneshot::channel();
    committer.queue.send(Order::Commit(large, answer)).await.unwrap();
    assert_eq!(answered.await.unwrap(), Err(CommitError::Failed));
    assert!(committer.failed());
    for _ in 0..3 {
        assert_eq!(committer.commit(put(b"b", b"1")).await, Err(CommitError::Failed));
    }
    assert_eq!(watcher.failures.load(Ordering::SeqCst), 1);
    committer.stop().await;
    assert_eq!(committer.commit(put(b"b", b"1")).await, Err(CommitError::Failed));
}

#[tokio::test]
async fn a_panic_in_the_engine_counts_as_its_failure() {
    struct Panics;
    impl CommitObserver for Panics {
        fn committed(&self, _: usize, _: usize, _: Duration) {
            panic!("on purpose");
        }
        fn failed(&self, _: &EngineError) {}
    }
    let engine = Arc::new(Engine::memory());
    let committer = Committer::start(engine.clone(), chain(&engine), Arc::new(Panics)).unwrap();
    assert_eq!(committer.commit(put(b"a", b"1")).await, Err(CommitError::Failed));
    assert_eq!(committer.commit(put(b"b", b"1")).await, Err(CommitError::Failed));
    assert!(committer.failed());
}

fn read_all(mut snapshot: Snapshot) -> Result<Vec<(Bytes, Bytes)>, SnapshotError> {
    let mut records = Vec::new();
    loop {
        let next = snapshot.next(3)?;
        if next.is_empty() {
            return Ok(records);
        }
        records.extend(next);
    }
}

/// Commits from a thread that may block.
fn commit(committer: &Committer, batch: Batch) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(committer.commit(batch)).unwrap();
}

#[test]
fn a_snapshot_shows_nothing_of_later_commits() {
    let dir = tempfile::tempdir().unwrap();
    for engine in [Engine::memory(), Engine::open_sled(dir.path()).unwrap()] {
        let (engine, _, committer) = start(engine);
        for number in 0..20_u8 {
            commit(&committer, put(&[number], b"before"));
        }
        let before = engine.scan(vec![]..vec![255], 99, crate::store::engine::Direction::Forward);
        let mut snapshot = committer.snapshot().unwrap();
        let mut read = snapshot.next(3).unwrap();
        // Changed, gone and new; before and behind what has been read.
        for number in [0, 1, 7, 8, 19] {
            commit(&committer, put(&[number], b"after"));
            commit(&committer, put(&[number, 1], b"after"));
        }
        let gone = Batch { delete: vec![vec![2], vec![9], vec![18]], ..Batch::default() };
        commit(&committer, gone);
        commit(&committer, put(&[9], b"again"));
        read.extend(read_all(snapshot).unwrap());
        assert_eq!(read, before.unwrap());
    }
}

#[test]
fn a_snapshot_that_would_keep_too_much_aside_says_so() {
    let (_, _, committer) = start(Engine::memory());
    commit(&committer, put(b"a", b"before"));
    let mut snapshot = committer.snapshot().unwrap();
    snapshot.set_bound(1_000);
    for number in 0..100_u8 {
        commit(&committer, put(&[b'b', number], b"after"));
    }
    assert_eq!(snapshot.next(10), Err(SnapshotError::Overtaken));
    assert_eq!(read_all(committer.snapshot().unwrap()).unwrap().len(), 101);
}
