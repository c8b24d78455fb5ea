use crate::blobs::local::LocalBlobs;
use crate::blobs::memory::MemoryBlobs;
use shared_proto::time::Millis;

use super::*;
use crate::store::forms::testing::Forms;
use crate::store::practice::{self, PracticeRecord};
use crate::store::testing::{ANA, BEN, CARA, TALK, Talk, message, person, put, store};
use shared_proto::entry::Audience;

fn key() -> PracticeKey {
    PracticeKey::from_bytes([7; 32])
}

/// Three people, one of them without an email, who talk.
async fn practice() -> Store {
    let store = store();
    for (id, email) in [(ANA, "ana@example.org"), (BEN, "ben@example.org"), (CARA, "")] {
        put(&store, people::add(&store, &person(id, email))).await;
    }
    let named = PracticeRecord::named("The practice", Millis(1));
    let record = vec![practice::put(&store, &named)];
    put(&store, super::super::engine::Batch { put: record, ..Default::default() }).await;
    let mut talk = Talk::begin(&store).await;
    let all = || Audience::Members;
    talk.append(&store, &[(ANA, all(), message(1, "one")), (BEN, all(), message(2, "two"))]).await;
    let forms = Forms::of(&store).await;
    forms.keep(&store, &mut talk, BEN, "half").await;
    forms.submit(&store, &mut talk, CARA, "whole").await;
    store
}

/// On a thread of its own, as the command does it: what it commits waits for it.
fn reseal_to(store: &Store, to: &Path) -> Result<Summary, ResealError> {
    let open = || LocalBlobs::open_with_reserve(&Blobs::directory(to), 0).map(Blobs::Local);
    let blobs = Arc::new(Blobs::Memory(MemoryBlobs::default()));
    let resealed = || reseal(store, &blobs, to, key(), open);
    std::thread::scope(|scope| scope.spawn(resealed).join().unwrap())
}

fn records(engine: &Engine) -> Vec<(bytes::Bytes, bytes::Bytes)> {
    engine.scan(vec![0]..vec![u8::MAX; 2], 1_000, Direction::Forward).unwrap()
}

fn opened(to: &Path, key: PracticeKey) -> Result<Store, StoreError> {
    let vault = Vault::open(Some(to), key)?;
    let engine = Engine::open_sled(&Engine::directory(to))?;
    Store::open(Arc::new(engine), vault, Arc::new(Unobserved))
}

#[tokio::test]
async fn all_is_there_and_nothing_opens_with_a_key_that_was() {
    let old = practice().await;
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("anew");
    let summary = reseal_to(&old, &to).unwrap();
    assert_eq!((summary.people, summary.conversations, summary.entries), (3, 1, 6));

    let new = opened(&to, key()).unwrap();
    let verified = verify::verify(&new).unwrap();
    assert_eq!(verified, Summary { audit: summary.audit + 1, ..summary }, "and that it was done");
    for email in ["ana@example.org", "ben@example.org"] {
        let [before, after] = [&old, &new].map(|of| people::by_email(of, email).unwrap());
        assert!(before.is_some() && before == after);
        assert_ne!(old.vault.lookup("email", email), new.vault.lookup("email", email));
    }
    let [was, is] = [&old, &new].map(|store| store.vault.conversation(TALK).unwrap().unwrap());
    let values = records(&old.engine);
    for (key, value) in records(&new.engine) {
        assert!(old.vault.records().open(&key, &value).is_err() && was.open(&key, &value).is_err());
        assert!(values.iter().all(|(_, before)| *before != value), "{key:?} was only copied");
    }
    for (key, value) in &values {
        assert!(new.vault.records().open(key, value).is_err() && is.open(key, value).is_err());
    }
    // What somebody asks for again is the same, and a checkpoint kept elsewhere still tells.
    let name = |store: &Store| store.vault.name("conversation", "ana/1");
    assert_eq!(name(&old), name(&new));
    assert_eq!(old.vault.checkpoint_key(), new.vault.checkpoint_key());
}

#[tokio::test]
async fn it_can_be_done_again_and_the_lasting_keys_last() {
    let first = practice().await;
    let folder = tempfile::tempdir().unwrap();
    let [once, twice] = ["once", "twice"].map(|name| folder.path().join(name));
    reseal_to(&first, &once).unwrap();
    let second = opened(&once, key()).unwrap();
    reseal_to(&second, &twice).unwrap();
    let third = opened(&twice, key()).unwrap();
    assert_eq!(first.vault.name("person", "x"), third.vault.name("person", "x"));
    assert_eq!(first.vault.checkpoint_key(), third.vault.checkpoint_key());
    verify::verify(&third).unwrap();
}

#[tokio::test]
async fn a_damaged_record_stops_it_and_leaves_nothing_that_opens() {
    let old = practice().await;
    let (key, value) = records(&old.engine).swap_remove(3);
    let mut changed = value.to_vec();
    *changed.last_mut().unwrap() ^= 1;
    let batch =
        super::super::engine::Batch { put: vec![(key.to_vec(), changed)], ..Default::default() };
    put(&old, batch).await;
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("anew");
    let refused = reseal_to(&old, &to).unwrap_err();
    assert!(matches!(refused, ResealError::Old(_)), "{refused}");
    assert_eq!(fs::read_dir(&to).unwrap().count(), 0);

    fs::write(to.join("something"), "there").unwrap();
    let refused = reseal_to(&practice().await, &to).unwrap_err();
    assert!(matches!(refused, ResealError::Directory(BackupError::NotEmpty(_))), "{refused}");
    assert!(to.join("something").exists());
}
