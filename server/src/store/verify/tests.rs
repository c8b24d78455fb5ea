use std::sync::Arc;

use shared_proto::chart::Details;
use shared_proto::conversation::command::Command;
use shared_proto::conversation::event::{Part, Withdrawn};
use shared_proto::entry::Audience;
use shared_proto::hours::Own;
use shared_proto::id::{ClientMessageId, DeviceId, FileId, ReplyId};
use shared_proto::limits;
use shared_proto::notice::Channel;
use shared_proto::notice::ask::PushDevice;
use shared_proto::people::Role;
use shared_proto::replies::Reply;
use shared_proto::time::Millis;

use super::*;
use crate::store::cursors::CursorRecord;
use crate::store::engine::Batch;
use crate::store::files;
use crate::store::files::testing::{begun, shared};
use crate::store::forms::testing::Forms;
use crate::store::notices::{DeviceRecord, Job, Named, NoticeRecord, Stage};
use crate::store::practice::PracticeRecord;
use crate::store::settled::{SettledAt, SettledRecord};
use crate::store::testing::{ANA, BEN, CARA, TALK, Talk, message, person, put, store};
use crate::store::{charts, parts, seal, sessions};

/// Three people in one conversation with a message, one that was withdrawn, and a cursor.
async fn practice_of_three() -> Store {
    let store = store();
    for (id, email) in [(ANA, "ana@example.org"), (BEN, "ben@b"), (CARA, "cara@c")] {
        let role = if id == ANA { Role::Owner } else { Role::Provider };
        let record = PersonRecord { role, ..person(id, email) };
        put(&store, people::add(&store, &record)).await;
    }
    let named = PracticeRecord::named("The practice", Millis(1));
    let details = Details::default();
    let records = vec![practice::put(&store, &named), charts::put(&store, ANA, &details)];
    let mut batch = Batch { put: records, ..Batch::default() };
    let mut owners = practice::Owners::load(&store).unwrap();
    let ana = people::load(&store, ANA).unwrap().unwrap();
    assert!(owners.follow(&ana) && !owners.follow(&ana));
    owners.put(&store, &mut batch);
    sessions::put(&store, &[1; 32], &session(), &mut batch);
    put(&store, batch).await;
    let mut held = factors::FactorsRecord { recovery: vec![[4; 32]], ..Default::default() };
    held.passkeys.push(factors::testing::passkey(5));
    let none = factors::load(&store, ANA).unwrap();
    put(&store, factors::put(&store, ANA, &none, &held)).await;

    let hours = hours::change(&store, keys::own_hours(ANA), 0, Own::default()).unwrap();
    put(&store, hours.unwrap().2).await;
    let id = ReplyId::from_bytes([5; 16]);
    let reply = Reply { id, revision: 0, title: "Hours".into(), text: "Open".into() };
    let kept = replies::change::<()>(&store, Some(BEN), |kept| {
        kept.push(reply);
        Ok(())
    });
    put(&store, kept.unwrap().unwrap()).await;

    let mut talk = Talk::begin(&store).await;
    let mut batch = Batch::default();
    let client =
        PersonRecord { assigned: vec![ANA], ..people::load(&store, BEN).unwrap().unwrap() };
    activity::intend(&store, &client, &[Part::Phone], &mut batch).unwrap();
    batch.put.push(aside::put_away(&talk.sealing, TALK, Millis(1)));
    // Something that was called back.
    let id = ClientMessageId::from_bytes([8; 16]);
    let command = keys::command(TALK, BEN, id);
    parts::put(&talk.sealing, &command, &Command::Complete, 0, &mut batch);
    let waited = SettledAt { person: BEN, id, record: SettledRecord { at: Millis(1), parts: 1 } };
    settled::put(&store, &talk.sealing, TALK, &waited, &mut batch);
    put(&store, batch).await;
    let target = talk.next_id();
    let all = || Audience::Members;
    let events = [
        (ANA, all(), message(1, "taken back")),
        (BEN, all(), message(2, "kept")),
        (ANA, all(), Event::Withdrawn(Withdrawn { target })),
    ];
    talk.append(&store, &events).await;
    let key = keys::cursor(TALK, BEN);
    let cursor = CursorRecord { received: Some(target), read: Some(target), messages_read: 1 };
    let record = vec![(key.clone(), seal(&talk.sealing, &key, &cursor))];
    put(&store, Batch { put: record, ..Batch::default() }).await;
    // Somebody is told later, and something waits and was set aside.
    let mut batch = Batch::default();
    batch.put.push(notices::put_mark(&talk.sealing, TALK, target));
    let told = NoticeRecord { newest: target, stage: Stage::Held, due: Some(Millis(9)) };
    notices::put(&store, &talk.sealing, (TALK, BEN), None, Some(&told), &mut batch);
    let job = Job::new(BEN, Millis(1));
    let named = Named { channel: Channel::Email, since: Millis(1), id: [6; 16], job };
    named.put(&store, &mut batch);
    let dead = named.dead_key();
    batch.put.push((dead.clone(), store.seal(&dead, &named.job)));
    let device = PushDevice { endpoint: "x".into(), key: vec![4], secret: vec![1] };
    let session = DeviceId::from_bytes([1; 16]);
    let key = keys::push_device(BEN, &[3; 16]);
    let record = DeviceRecord { device, session, since: Millis(1) };
    batch.put.push((key.clone(), store.seal(&key, &record)));
    put(&store, batch).await;
    // One form that is being filled in, and one that has been submitted.
    let forms = Forms::of(&store).await;
    forms.keep(&store, &mut talk, BEN, "half").await;
    forms.submit(&store, &mut talk, CARA, "whole").await;
    two_files(&store, &mut talk).await;
    store
}

/// One that is still sent, and one that was shared.
async fn two_files(store: &Store, talk: &mut Talk) {
    for file in [FileId::from_bytes([6; 16]), FileId::from_bytes([7; 16])] {
        let own = files::Own { conversation: TALK, person: ANA, file };
        begun(store, own, 3).await;
    }
    let file = FileId::from_bytes([7; 16]);
    let own = files::Own { conversation: TALK, person: ANA, file };
    let unshared = files::unshared(store, own).unwrap().unwrap();
    let shared = shared(file, 3);
    talk.append(store, &[(ANA, Audience::Only(vec![BEN]), shared)]).await;
    let entry = Encoded::new(talk.entries.last().unwrap().clone());
    let mut batch = Batch::default();
    files::share(store, &talk.sealing, TALK, unshared, &entry, &mut batch);
    put(store, batch).await;
}

fn session() -> SessionRecord {
    SessionRecord {
        person: ANA,
        epoch: 0,
        device: DeviceId::from_bytes([3; 16]),
        stage: sessions::Stage::Full,
        created_at: Millis(1),
        expires_at: Millis(9),
        last_active: Millis(1),
        browser: "Chrome".into(),
        system: "Linux".into(),
    }
}

fn damage(store: &Store) -> String {
    verify(store).unwrap_err().to_string()
}

#[tokio::test]
async fn a_sound_store_is_counted() {
    let store = practice_of_three().await;
    let summary = Summary { conversations: 1, entries: 8, people: 3, audit: 0, files: 1 };
    assert_eq!(verify(&store).unwrap(), summary);
}

#[tokio::test]
async fn what_was_counted_before_small_files_had_a_least_size_is_right_and_counted_anew() {
    let store = Arc::new(practice_of_three().await);
    // As it was: Ana's two files of three bytes.
    let (before, now) = (keys::kept(ANA), keys::counted(ANA));
    let sum = |key: &[u8]| store.get::<u64>(key, "files kept").unwrap();
    let least = limits::FILE_COUNTED_BYTES;
    assert_eq!((sum(&before), sum(&now)), (None, Some(2 * least)));
    let of_bytes = |bytes: u64| Batch {
        put: vec![(before.clone(), store.seal(&before, &bytes))],
        delete: vec![now.clone()],
        ..Batch::default()
    };
    put(&store, of_bytes(7)).await;
    assert_eq!(damage(&store), "a files kept (of another size) record is damaged");
    put(&store, of_bytes(6)).await;
    verify(&store).expect("a store of before is sound");
    assert_eq!(files::count_anew(&store).await.unwrap(), 1);
    assert_eq!((sum(&before), sum(&now)), (None, Some(2 * least)));
    verify(&store).unwrap();
    assert_eq!(files::count_anew(&store).await.unwrap(), 0, "once");
    // What is cancelled gives back what it counts now.
    let own = files::Own { conversation: TALK, person: ANA, file: FileId::from_bytes([6; 16]) };
    put(&store, files::forget(&store, own).unwrap().unwrap()).await;
    assert_eq!(sum(&now), Some(least));
    verify(&store).unwrap();
    let counted = Batch { put: vec![(now.clone(), store.seal(&now, &3_u64))], ..Batch::default() };
    put(&store, counted).await;
    assert_eq!(damage(&store), "a files kept (of another size) record is damaged");
}

#[tokio::test]
async fn a_flipped_bit_in_any_record_is_found() {
    let store = practice_of_three().await;
    let everything = vec![0]..vec![u8::MAX];
    let all = store.engine.scan(everything, 1_000, Direction::Forward).unwrap();
    let mut kinds: Vec<u8> = all.iter().map(|(key, _)| key[0]).collect();
    kinds.dedup();
    assert_eq!(kinds, b"BDEGHKMNOQRSVXYZcefghijklmoprsuwxz", "every kind of record is tried");
    for (key, value) in all {
        let key = key.to_vec();
        let mut flipped = value.to_vec();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 1;
        put(&store, Batch { put: vec![(key.clone(), flipped)], ..Batch::default() }).await;
        let said = damage(&store);
        assert!(said.contains("damaged"), "{:?}: {said}", key[0] as char);
        let whole = vec![(key, value.to_vec())];
        put(&store, Batch { put: whole, ..Batch::default() }).await;
        verify(&store).unwrap();
    }
}

#[tokio::test]
async fn a_record_that_is_missing_or_belongs_to_nothing_is_found() {
    let store = practice_of_three().await;
    let everything = vec![0]..vec![u8::MAX];
    let all = store.engine.scan(everything, 1_000, Direction::Forward).unwrap();
    for (key, value) in all {
        // Without a cursor somebody reads again, an unnamed practice has no record of its own, and
        // nobody can tell that a chart, hours or replies were ever begun, or what was still to be
        // told, or that anything was to be told, and to which browser.
        if b"ckHRVNMQDB".contains(&key[0]) || *key == *keys::practice() {
            continue;
        }
        let key = key.to_vec();
        put(&store, Batch { delete: vec![key.clone()], ..Batch::default() }).await;
        let said = damage(&store);
        assert!(said.contains("damaged"), "{:?}: {said}", key[0] as char);
        put(&store, Batch { put: vec![(key, value.to_vec())], ..Batch::default() }).await;
    }
    for key in [&b"J"[..], b"mother"] {
        let stray = vec![(key.to_vec(), vec![1])];
        put(&store, Batch { put: stray, ..Batch::default() }).await;
        assert_eq!(damage(&store), "a unknown record is damaged");
        put(&store, Batch { delete: vec![key.to_vec()], ..Batch::default() }).await;
    }
    verify(&store).unwrap();
}
