//! One model of what every place of blobs does, over each there is; on a real S3 server where
//! `QUIETROOM_WEED` names one, as `cargo xtask test` does.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::*;

#[path = "../../../tests/src/support/weed.rs"]
mod weed;

use weed::Weed;

/// What a place is to hold: the chunks of each blob.
type Model = BTreeMap<FileId, BTreeMap<u32, Bytes>>;

/// A few blobs, so that most of what is tried meets something.
fn ids() -> [FileId; 5] {
    // Beside each other in the same folders, and at the ends of what there is.
    let mut near = [7; 16];
    near[15] = 8;
    [[0; 16], [7; 16], near, [0x7f; 16], [0xff; 16]].map(FileId::from_bytes)
}

fn whole(model: &Model, id: FileId) -> u32 {
    let chunks = model.get(&id).into_iter().flat_map(BTreeMap::keys).copied();
    without_a_gap(chunks)
}

async fn check(blobs: &Blobs, model: &Model) {
    for id in ids() {
        assert_eq!(blobs.stored(id).await, Ok(whole(model, id)));
    }
    for limit in [1, 3, limits::BLOBS_LISTED] {
        let (mut listed, mut after) = (Vec::new(), None);
        loop {
            let page = blobs.list(after, limit).await.unwrap();
            assert!(page.len() <= limit);
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            listed.extend(page.iter().map(|blob| blob.id));
        }
        assert_eq!(listed, model.keys().copied().collect::<Vec<_>>(), "{limit} at a time");
    }
}

/// Does whatever comes by chance, to a place that is empty and to the model of it.
async fn holds_the_model(blobs: &Blobs, seed: u64, steps: usize) {
    let mut chance = StdRng::seed_from_u64(seed);
    let mut model = Model::new();
    for step in 0..steps {
        let id = ids()[chance.random_range(0..5)];
        let index = chance.random_range(0..4);
        match chance.random_range(0..10) {
            0..5 => {
                let size = [0, 1, 1_000, 65_537, CHUNK_BYTES][chance.random_range(0..5)];
                let chunk = Bytes::from(vec![step as u8; size]);
                blobs.put_chunk(id, index, chunk.clone()).await.unwrap();
                model.entry(id).or_default().insert(index, chunk);
            }
            5..9 => {
                let kept = model.get(&id).and_then(|chunks| chunks.get(&index)).cloned();
                assert!(blobs.get_chunk(id, index).await == Ok(kept), "step {step}");
            }
            _ => {
                let was_there = model.remove(&id).is_some();
                assert_eq!(blobs.delete(id).await, Ok(was_there), "step {step}");
            }
        }
        if step % 16 == 0 {
            check(blobs, &model).await;
        }
    }
    check(blobs, &model).await;
    refuses_what_is_no_chunk(blobs).await;
    // What nothing knows of goes, and nothing else.
    let known: Vec<FileId> = model.keys().copied().step_by(2).collect();
    let keeps = |ids: Vec<FileId>| {
        let kept = ids.into_iter().filter(|id| known.contains(id)).collect();
        async move { Ok::<HashSet<FileId>, BlobError>(kept) }
    };
    assert_eq!(blobs.sweep(Millis(0), keeps, Some).await, Ok(0), "nothing is as old as that");
    let count = model.len() - known.len();
    assert_eq!(blobs.sweep(Millis(u64::MAX), keeps, Some).await, Ok(count));
    model.retain(|id, _| known.contains(id));
    check(blobs, &model).await;
}

async fn refuses_what_is_no_chunk(blobs: &Blobs) {
    let id = FileId::from_bytes([9; 16]);
    for (index, bytes) in [(0, CHUNK_BYTES + 1), (limits::FILE_CHUNKS, 1), (u32::MAX, 1)] {
        let put = blobs.put_chunk(id, index, Bytes::from(vec![0; bytes])).await;
        assert_eq!(put, Err(BlobError::TooLarge));
    }
    assert_eq!(blobs.get_chunk(id, u32::MAX).await, Ok(None));
    assert_eq!(blobs.delete(id).await, Ok(false));
}

#[tokio::test]
async fn memory_holds_the_model() {
    for seed in 0..4 {
        holds_the_model(&Blobs::Memory(MemoryBlobs::default()), seed, 300).await;
    }
}

#[tokio::test]
async fn a_folder_holds_the_model() {
    let folder = tempfile::tempdir().unwrap();
    for seed in 0..2 {
        let root = folder.path().join(seed.to_string());
        let blobs = LocalBlobs::open_with_reserve(&root, 0).unwrap();
        holds_the_model(&Blobs::Local(blobs), seed, 150).await;
    }
}

fn place(weed: &Weed, prefix: &str) -> S3Place {
    S3Place {
        endpoint: weed.endpoint(),
        is_plain: true,
        region: "us-east-1".into(),
        bucket: weed::BUCKET.into(),
        prefix: prefix.into(),
        access_key: weed::ACCESS_KEY.into(),
        secret_key: weed::SECRET_KEY.to_owned().into(),
    }
}

fn at(place: &S3Place) -> Blobs {
    Blobs::S3(S3Blobs::new(place).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_s3_server_holds_the_model() {
    if weed::program().is_none() {
        println!("QUIETROOM_WEED names no S3 server: cargo xtask test does");
        return;
    }
    let mut weed = Weed::start().await;
    let here = place(&weed, "practices/oak");
    holds_the_model(&at(&here), 1, 120).await;

    // Two practices in one bucket, one of whose names begins with the other's, are strangers.
    let other = at(&place(&weed, "practices/oak-2"));
    let id = FileId::from_bytes([3; 16]);
    other.put_chunk(id, 0, Bytes::from_static(b"theirs")).await.unwrap();
    assert_eq!(at(&here).get_chunk(id, 0).await, Ok(None));
    assert!(at(&here).list(None, 100).await.unwrap().iter().all(|blob| blob.id != id));
    let nothing = async |_: Vec<FileId>| Ok::<HashSet<FileId>, BlobError>(HashSet::new());
    at(&here).sweep(Millis(u64::MAX), nothing, Some).await.unwrap();
    assert_eq!(other.stored(id).await, Ok(1));

    // Who is not known there, and what is not there.
    let stranger = S3Place { secret_key: "another".to_owned().into(), ..here.clone() };
    let refused = at(&stranger).get_chunk(id, 0).await.unwrap_err();
    assert!(matches!(refused, BlobError::Remote(_)), "{refused}");
    let nowhere = at(&S3Place { bucket: "nowhere".into(), ..here.clone() });
    let refused = nowhere.list(None, 1).await.unwrap_err();
    assert!(matches!(refused, BlobError::Remote(_)), "{refused}");

    // Gone and back, with what it kept.
    weed.down();
    let away = at(&here).put_chunk(id, 0, Bytes::from_static(b"x")).await.unwrap_err();
    assert_eq!(away.refusal(), Refusal::Unavailable);
    weed.up().await;
    let mut back = Ok(None);
    for _ in 0..100 {
        back = other.get_chunk(id, 0).await;
        if back.is_ok() {
            break;
        }
    }
    assert_eq!(back, Ok(Some(Bytes::from_static(b"theirs"))));
}
