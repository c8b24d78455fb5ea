use proptest::prelude::*;
use shared_proto::id::ConversationId;
use shared_proto::limits::FILE_CHUNK_BYTES as CHUNK;

use super::super::memory::MemoryBlobs;
use super::*;
use crate::store::vault::{PracticeKey, Vault};

fn id(byte: u8) -> FileId {
    FileId::from_random([byte; 16])
}

fn key(byte: u8) -> Arc<SealingKey> {
    let vault = Vault::open(None, PracticeKey::from_bytes([9; 32])).unwrap();
    vault.create_conversation(ConversationId::from_random([byte; 16])).unwrap()
}

fn blobs() -> Arc<Blobs> {
    Arc::new(Blobs::Memory(MemoryBlobs::default()))
}

/// No two chunks of it are alike.
fn content(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|place| (place / 7 + place / CHUNK) as u8).collect()
}

async fn write(file: &SealedFile, content: &[u8]) -> Hash {
    let mut writer = Writer::open(file.clone()).await.unwrap();
    for chunk in content.chunks(CHUNK).skip(writer.written() as usize) {
        writer.write(chunk.to_vec()).await.unwrap();
    }
    writer.finish().unwrap()
}

async fn read(file: &SealedFile, range: Range<u64>) -> Result<Vec<u8>, SealedError> {
    file.read(range)
        .try_fold(Vec::new(), async |all, piece| Ok([all, piece.to_vec()].concat()))
        .await
}

#[tokio::test]
async fn a_file_reads_as_it_was_written_and_nothing_of_it_is_seen_where_it_is_kept() {
    for bytes in [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
        let (blobs, content) = (blobs(), content(bytes));
        let file = SealedFile::new(Arc::clone(&blobs), &key(1), id(1), bytes as u64);
        let hash = write(&file, &content).await;
        assert_eq!(hash, <Hash>::from(Sha256::digest(&content)));
        assert_eq!(read(&file, 0..u64::MAX).await.unwrap(), content);
        assert_eq!(file.hash().await, Ok(hash));
        let kept = blobs.get_chunk(id(1), 0).await.unwrap().unwrap();
        assert!(bytes < 64 || !kept.windows(64).any(|window| window == &content[..64]));
    }
}

#[tokio::test]
async fn a_file_that_a_released_build_wrote_opens() {
    // Under the key that is 1 thirty-two times, sealed by another library (libsodium).
    const SEALED: [&str; 2] = [
        "01000102030405060708090a0b0c0d0e0f1011121314151617",
        "7c74a8e924be95e84980e9a135bb5f4e150ba92c48",
    ];
    let sealed = SEALED.concat();
    let byte = |place| u8::from_str_radix(&sealed[place..place + 2], 16).unwrap();
    let sealed: Vec<u8> = (0..sealed.len()).step_by(2).map(byte).collect();
    let (blobs, id) = (blobs(), FileId::from_bytes([7; 16]));
    blobs.put_chunk(id, 0, sealed.into()).await.unwrap();
    let file = SealedFile::new(blobs, &SealingKey::new(&[1; 32]), id, 5);
    assert_eq!(file.chunk(0).await.unwrap(), b"hello");
}

#[tokio::test]
async fn a_chunk_that_was_changed_swapped_moved_or_left_out_is_never_served() {
    let blobs = blobs();
    let of = |key: &SealingKey, id, bytes| SealedFile::new(Arc::clone(&blobs), key, id, bytes);
    let bytes = 2 * CHUNK as u64 + 5;
    let (file, other) = (of(&key(1), id(1), bytes), of(&key(1), id(2), bytes));
    write(&file, &content(bytes as usize)).await;
    write(&other, &content(bytes as usize)).await;
    let chunk = async |id, index| blobs.get_chunk(id, index).await.unwrap().unwrap();
    let is_damaged = async |index, put: Bytes| {
        let before = chunk(id(1), index).await;
        blobs.put_chunk(id(1), index, put).await.unwrap();
        assert_eq!(file.chunk(index).await, Err(SealedError::Damaged));
        assert_eq!(read(&file, 0..bytes).await, Err(SealedError::Damaged));
        assert_eq!(file.hash().await, Err(SealedError::Damaged));
        blobs.put_chunk(id(1), index, before).await.unwrap();
        assert!(file.hash().await.is_ok());
    };
    for place in [0, 1, 24, 25, 30, 44, 45] {
        let mut changed = chunk(id(1), 2).await.to_vec();
        changed[place] ^= 1;
        is_damaged(2, changed.into()).await;
    }
    is_damaged(0, chunk(id(1), 1).await).await;
    is_damaged(0, chunk(id(2), 0).await).await;
    is_damaged(2, chunk(id(1), 2).await.slice(..45)).await;
    is_damaged(2, Bytes::new()).await;

    let shorter = of(&key(1), id(1), 2 * CHUNK as u64);
    assert_eq!(shorter.chunk(1).await, Err(SealedError::Damaged), "the last is another");
    let longer = of(&key(1), id(1), 3 * CHUNK as u64 + 5);
    assert_eq!(longer.chunk(2).await, Err(SealedError::Damaged), "the last is another");
    let shorter = of(&key(1), id(1), bytes - 1);
    assert_eq!(shorter.chunk(2).await, Err(SealedError::Damaged));
    assert_eq!(file.chunk(3).await, Err(SealedError::Length));
    assert_eq!(of(&key(2), id(1), bytes).chunk(0).await, Err(SealedError::Damaged));
    blobs.delete(id(1)).await.unwrap();
    assert_eq!(file.chunk(0).await, Err(SealedError::Damaged));
}

#[tokio::test]
async fn a_file_goes_with_the_key_of_its_conversation() {
    let vault = Vault::open(None, PracticeKey::from_bytes([9; 32])).unwrap();
    let conversation = ConversationId::from_random([1; 16]);
    let blobs = blobs();
    let sealing = vault.create_conversation(conversation).unwrap();
    let file = SealedFile::new(Arc::clone(&blobs), &sealing, id(1), 5);
    write(&file, b"hello").await;
    assert_eq!(file.chunk(0).await.unwrap(), b"hello");
    vault.destroy_conversation(conversation).unwrap();
    assert!(vault.conversation(conversation).unwrap().is_none());
    let anew = vault.create_conversation(conversation).unwrap();
    let file = SealedFile::new(blobs, &anew, id(1), 5);
    assert_eq!(file.chunk(0).await, Err(SealedError::Damaged), "it went with its key");
}

#[tokio::test]
async fn a_write_goes_on_where_it_ended_and_takes_back_only_what_opens() {
    let bytes = 3 * CHUNK + 5;
    let (blobs, content) = (blobs(), content(bytes));
    let file = SealedFile::new(Arc::clone(&blobs), &key(1), id(1), bytes as u64);
    let chunks: Vec<&[u8]> = content.chunks(CHUNK).collect();
    let mut writer = Writer::open(file.clone()).await.unwrap();
    for chunk in &chunks[..3] {
        writer.write(chunk.to_vec()).await.unwrap();
    }
    assert_eq!(writer.finish().err(), Some(SealedError::Length), "one is missing");
    // The third is of somebody else's making.
    blobs.put_chunk(id(1), 2, Bytes::from_static(b"torn")).await.unwrap();
    let mut writer = Writer::open(file.clone()).await.unwrap();
    for chunk in &chunks[..2] {
        assert_eq!(writer.recall().await.unwrap().as_deref(), Some(*chunk));
    }
    assert_eq!((writer.recall().await, writer.recall().await), (Ok(None), Ok(None)));
    assert_eq!(writer.written(), 2);
    for wrong in [CHUNK - 1, CHUNK + 1, 0] {
        assert_eq!(writer.write(vec![0; wrong]).await, Err(SealedError::Length));
    }
    for chunk in &chunks[2..] {
        writer.write(chunk.to_vec()).await.unwrap();
    }
    assert_eq!(writer.write(vec![0]).await, Err(SealedError::Length), "it is full");
    assert_eq!(writer.finish(), Ok(Sha256::digest(&content).into()));
    assert_eq!(read(&file, 0..bytes as u64).await.unwrap(), content);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_range_is_what_lies_there(
        bytes in prop_oneof![1..5_usize, CHUNK - 2..CHUNK + 3, 1..3 * CHUNK],
        start in 0..4 * CHUNK as u64,
        length in prop_oneof![0..4_u64, 0..3 * CHUNK as u64],
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let content = content(bytes);
        let start = start.min(bytes as u64 + 2);
        let read = runtime.block_on(async {
            let file = SealedFile::new(blobs(), &key(1), id(1), bytes as u64);
            write(&file, &content).await;
            read(&file, start..start + length).await
        });
        let end = (start + length).min(bytes as u64) as usize;
        let expected = content.get(start as usize..end).unwrap_or_default();
        prop_assert_eq!(read.as_deref(), Ok(expected));
    }
}
