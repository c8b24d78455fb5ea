use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use shared_proto::id::ConversationId;

use super::*;
use crate::store::committer::CommitObserver;
use crate::store::engine::Direction;
use crate::store::testing::chain;
use crate::store::vault::PracticeKey;

struct Nobody;

impl CommitObserver for Nobody {
    fn committed(&self, _: usize, _: usize, _: Duration) {}
    fn failed(&self, error: &EngineError) {
        panic!("{error}");
    }
}

/// A store on disk, and a directory for its backups.
struct Practice {
    dir: tempfile::TempDir,
    engine: Arc<Engine>,
    committer: Committer,
    vault: Vault,
}

fn key() -> PracticeKey {
    PracticeKey::from_bytes([7; 32])
}

impl Practice {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        fs::create_dir(&data).unwrap();
        let vault = Vault::open(Some(&data), key()).unwrap();
        let engine = Arc::new(Engine::open_sled(&Engine::directory(&data)).unwrap());
        let committer =
            Committer::start(Arc::clone(&engine), chain(&engine), Arc::new(Nobody)).unwrap();
        Self { dir, engine, committer, vault }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn backup(&self) -> Result<Summary, BackupError> {
        let [to, keys_to, files_to] =
            ["data.backup", "keys.backup", "files.backup"].map(|name| self.path(name));
        let files = self.path("data").join("files");
        backup(&self.committer, &self.vault, &to, &keys_to, (&files, &files_to))
    }

    fn restore(&self, name: &str) -> Result<Summary, BackupError> {
        let [from, keys, files] =
            ["data.backup", "keys.backup", "files.backup"].map(|name| self.path(name));
        restore(&self.path(name), &from, &keys, &files)
    }

    fn fill(&self, records: u32) {
        let put = |number: u32| (number.to_be_bytes().to_vec(), vec![number as u8; 100]);
        let batches =
            (0..records).map(|number| Batch { put: vec![put(number)], ..Batch::default() });
        self.engine.commit_group(batches.collect()).unwrap();
    }
}

fn everything(engine: &Engine) -> Vec<(bytes::Bytes, bytes::Bytes)> {
    engine.scan(Vec::new()..vec![255; 9], usize::MAX, Direction::Forward).unwrap()
}

#[test]
fn a_restored_store_equals_the_one_backed_up() {
    let practice = Practice::new();
    practice.fill(3_000);
    let id = ConversationId::from_random([1; 16]);
    let sealed = practice.vault.create_conversation(id).unwrap().seal(b"here", b"hello");
    let made = practice.backup().unwrap();
    assert_eq!((made.records, made.keys), (3_000, 2));
    assert_eq!(made.bytes, fs::metadata(practice.path("data.backup")).unwrap().len());
    practice.fill(3_001);
    assert_eq!(practice.restore("restored").unwrap(), made);
    let data = practice.path("restored");
    let vault = Vault::open(Some(&data), key()).unwrap();
    let restored = Engine::open_sled(&Engine::directory(&data)).unwrap();
    assert_eq!(everything(&restored), everything(&practice.engine)[..3_000]);
    let sealing = vault.conversation(id).unwrap().unwrap();
    assert_eq!(sealing.open(b"here", &sealed).unwrap(), b"hello");
}

#[test]
fn an_empty_store_is_backed_up_and_restored() {
    let practice = Practice::new();
    assert_eq!(practice.backup().unwrap().records, 0);
    fs::create_dir(practice.path("restored")).unwrap();
    assert_eq!(practice.restore("restored").unwrap().keys, 1);
}

/// Every commit raises the counters of a pair of keys that lie far apart, and moves a third key
/// that exists exactly once. A backup of one moment shows equal counters and one such key.
#[test]
fn a_backup_during_commits_is_of_one_moment() {
    const PAIRS: u64 = 400;
    let practice = Practice::new();
    let name = |side: u8, pair: u64| [&[side][..], &pair.to_be_bytes()].concat();
    let moving = |turn: u64| [&b"b"[..], &(turn % 1_000).to_be_bytes()].concat();
    let all = |turn: u64| Batch {
        put: (0..PAIRS / 2)
            .flat_map(|pair| {
                [b'a', b'c'].map(|side| (name(side, pair), turn.to_be_bytes().to_vec()))
            })
            .collect(),
        ..Batch::default()
    };
    practice.engine.commit_group(vec![all(0)]).unwrap();
    let (stop, turns) = (AtomicBool::new(false), AtomicU64::new(0));
    let mut moments = Vec::new();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            for turn in 1_u64.. {
                let pair = turn.wrapping_mul(2_654_435_761) % PAIRS;
                let counter = turn.to_be_bytes().to_vec();
                let put = [b'a', b'c'].map(|side| (name(side, pair), counter.clone()));
                let mut batch = Batch { put: put.to_vec(), ..Batch::default() };
                batch.put.push((moving(turn), counter));
                batch.delete.push(moving(turn - 1));
                runtime.block_on(practice.committer.commit(batch)).unwrap();
                turns.store(turn, Ordering::SeqCst);
                if stop.load(Ordering::SeqCst) {
                    break;
                }
            }
        });
        while turns.load(Ordering::SeqCst) < 5 {
            std::thread::yield_now();
        }
        for round in 0..4 {
            let acknowledged = turns.load(Ordering::SeqCst);
            let mut snapshot = practice.committer.snapshot().unwrap();
            let mut records = BTreeMap::new();
            loop {
                let next = snapshot.next(16).unwrap();
                if next.is_empty() {
                    break;
                }
                records.extend(next);
                let seen = turns.load(Ordering::SeqCst);
                while round % 2 == 0 && turns.load(Ordering::SeqCst) == seen {
                    std::thread::yield_now();
                }
            }
            moments.push((records, acknowledged));
        }
        practice.backup().unwrap();
        stop.store(true, Ordering::SeqCst);
    });
    practice.restore("restored").unwrap();
    let restored = Engine::open_sled(&Engine::directory(&practice.path("restored"))).unwrap();
    moments.push((everything(&restored).into_iter().collect(), 1));
    for (records, acknowledged) in moments {
        let mut newest = 0;
        for pair in 0..PAIRS {
            let (one, other) = (records.get(&*name(b'a', pair)), records.get(&*name(b'c', pair)));
            assert_eq!(one, other, "pair {pair}");
            let counter = one.map_or(0, |value| u64::from_be_bytes(value[..].try_into().unwrap()));
            newest = newest.max(counter);
        }
        let moved: Vec<_> = records.iter().filter(|(key, _)| key[0] == b'b').collect();
        assert_eq!(moved.len(), 1);
        assert_eq!(moved[0].1[..], newest.to_be_bytes());
        assert!(newest >= acknowledged, "{newest} {acknowledged}");
    }
}

#[test]
fn nothing_is_overwritten() {
    let practice = Practice::new();
    practice.backup().unwrap();
    let before = fs::read(practice.path("data.backup")).unwrap();
    practice.fill(1);
    assert!(matches!(practice.backup(), Err(BackupError::Exists(_))));
    assert_eq!(fs::read(practice.path("data.backup")).unwrap(), before);
    fs::remove_file(practice.path("data.backup")).unwrap();
    assert!(matches!(practice.backup(), Err(BackupError::Exists(_))));
    assert!(!practice.path("data.backup").exists());
    assert!(matches!(practice.restore("data"), Err(BackupError::NotEmpty(_))));
}

#[test]
fn a_damaged_backup_is_found_before_anything_becomes_usable() {
    let practice = Practice::new();
    practice.fill(40);
    practice.backup().unwrap();
    let sound = fs::read(practice.path("data.backup")).unwrap();
    let check = |bytes: &[u8], what: &str| {
        fs::write(practice.path("data.backup"), bytes).unwrap();
        let refused = practice.restore("restored");
        assert!(matches!(refused, Err(BackupError::Damaged(_))), "{what}: {refused:?}");
        assert_eq!(fs::read_dir(practice.path("restored")).unwrap().count(), 0, "{what}");
    };
    for at in [0, 15, 16, 17, 18, 21, 22, 30, 600, sound.len() - 41, sound.len() - 1] {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x41;
        check(&bytes, &format!("byte {at}"));
    }
    for length in [0, 10, 16, 700, sound.len() - 42, sound.len() - 1] {
        check(&sound[..length], &format!("cut at {length}"));
    }
    check(&[&sound[..], b"x"].concat(), "more than the end");
    fs::write(practice.path("data.backup"), &sound).unwrap();
    let keys = fs::read(practice.path("keys.backup")).unwrap();
    fs::write(practice.path("keys.backup"), &keys[..keys.len() - 1]).unwrap();
    check(&sound, "cut keys");
    fs::write(practice.path("keys.backup"), &keys).unwrap();
    practice.restore("restored").unwrap();
}

#[test]
fn a_restore_that_was_cut_off_is_never_taken_for_a_store() {
    let practice = Practice::new();
    let data = practice.path("cut");
    fs::create_dir_all(unfinished(&data)).unwrap();
    let refused = Vault::open(Some(&data), key());
    assert!(matches!(refused, Err(crate::store::vault::VaultError::RestoreUnfinished)));
}
