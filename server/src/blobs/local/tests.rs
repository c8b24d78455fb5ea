use std::os::unix::fs::PermissionsExt;

use proptest::prelude::*;
use tempfile::TempDir;

use super::super::Blobs;
use super::*;

/// No test writes so much that the disk it runs on would be too full.
const NO_RESERVE: u64 = 0;

fn id(byte: u8) -> FileId {
    FileId::from_random([byte; 16])
}

fn folder() -> (TempDir, Blobs) {
    let dir = tempfile::tempdir().unwrap();
    let blobs = open(dir.path());
    (dir, blobs)
}

fn open(dir: &Path) -> Blobs {
    let root = Blobs::directory(dir);
    Blobs::Local(LocalBlobs::open_with_reserve(&root, NO_RESERVE).unwrap())
}

/// The file of a blob.
fn file(dir: &Path, id: FileId) -> PathBuf {
    let [outer, inner] = fan_out(id);
    Blobs::directory(dir).join(outer).join(inner).join(id.to_string())
}

fn chunk(byte: u8, length: usize) -> Bytes {
    vec![byte; length].into()
}

#[tokio::test]
async fn a_chunk_is_there_after_opening_again_and_only_its_owner_may_read_it() {
    let (dir, blobs) = folder();
    for (index, length) in [(0, CHUNK_BYTES), (1, CHUNK_BYTES), (2, 5)] {
        blobs.put_chunk(id(1), index, chunk(index as u8 + 1, length)).await.unwrap();
    }
    drop(blobs);
    let blobs = open(dir.path());
    assert_eq!(blobs.stored(id(1)).await, Ok(3));
    assert_eq!(blobs.get_chunk(id(1), 1).await, Ok(Some(chunk(2, CHUNK_BYTES))));
    assert_eq!(blobs.get_chunk(id(1), 2).await, Ok(Some(chunk(3, 5))));
    assert_eq!(blobs.get_chunk(id(1), 3).await, Ok(None));
    assert_eq!(blobs.get_chunk(id(2), 0).await, Ok(None));
    let path = file(dir.path(), id(1));
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    for folder in path.ancestors().skip(1).take(3) {
        assert_eq!(mode(folder), 0o700, "{}", folder.display());
    }
}

#[tokio::test]
async fn a_blob_lies_in_its_file_as_a_released_build_laid_it() {
    let (dir, blobs) = folder();
    let id = FileId::from_bytes([0xab; 16]);
    blobs.put_chunk(id, 1, Bytes::from_static(b"hello")).await.unwrap();
    let name = "files/ab/ab/abababab-abab-abab-abab-abababababab";
    let written = fs::read(dir.path().join(name)).unwrap();
    let (before, slot) = written.split_at(266_240);
    assert!(before.iter().all(|byte| *byte == 0));
    // The checksum was worked out elsewhere.
    let head = b"\x01\0\0\0\x05\x8f\x88\xff\xfc\x2d\xcc\x75\x16\0\0\0";
    assert_eq!(slot, [&head[..], b"hello"].concat());
}

#[tokio::test]
async fn what_is_too_large_or_too_far_is_refused() {
    let (_dir, blobs) = folder();
    let put = async |index, length| blobs.put_chunk(id(1), index, chunk(1, length)).await;
    assert_eq!(put(0, CHUNK_BYTES + 1).await, Err(BlobError::TooLarge));
    assert_eq!(put(limits::FILE_CHUNKS, 1).await, Err(BlobError::TooLarge));
    assert_eq!(put(u32::MAX, 1).await, Err(BlobError::TooLarge));
    assert_eq!(blobs.list(None, 9).await, Ok(vec![]));
    assert_eq!(put(limits::FILE_CHUNKS - 1, CHUNK_BYTES).await, Ok(()));
    assert_eq!(blobs.get_chunk(id(1), u32::MAX).await, Ok(None));
    assert_eq!(blobs.stored(id(1)).await, Ok(0), "there is a gap before it");
}

#[tokio::test]
async fn a_disk_that_is_nearly_full_takes_no_chunk_and_still_reads_and_deletes() {
    let dir = tempfile::tempdir().unwrap();
    open(dir.path()).put_chunk(id(1), 0, chunk(1, 5)).await.unwrap();
    let root = Blobs::directory(dir.path());
    let full = Blobs::Local(LocalBlobs::open_with_reserve(&root, u64::MAX).unwrap());
    let put = full.put_chunk(id(1), 1, chunk(2, 5)).await;
    assert_eq!(put, Err(BlobError::StorageFull));
    assert_eq!(put.unwrap_err().refusal(), shared_proto::refusal::Refusal::StorageFull);
    assert_eq!(full.get_chunk(id(1), 0).await, Ok(Some(chunk(1, 5))));
    assert_eq!(full.stored(id(1)).await, Ok(1));
    assert_eq!(full.delete(id(1)).await, Ok(true));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_chunk_that_was_cut_off_is_not_there_and_those_before_it_are(
        whole in 0..3_u32,
        length in prop_oneof![Just(CHUNK_BYTES), 1..CHUNK_BYTES],
        // Among the first bytes, or anywhere.
        cut in prop_oneof![0..64_usize, 0..CHUNK_BYTES],
        // Of what was not written, a file system may show zeroes.
        zeroes in any::<bool>(),
        head_came_first in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (dir, blobs) = folder();
            for index in 0..=whole {
                let length = if index == whole { length } else { CHUNK_BYTES };
                blobs.put_chunk(id(1), index, chunk(index as u8 + 1, length)).await.unwrap();
            }
            let path = file(dir.path(), id(1));
            let written = OpenOptions::new().write(true).open(&path).unwrap();
            let end = slot_place(whole) + (HEAD_BYTES + length) as u64;
            let from = slot_place(whole) + if head_came_first { HEAD_BYTES as u64 } else { 0 };
            let cut = (from + cut as u64).min(end - 1);
            written.set_len(cut).unwrap();
            if zeroes {
                written.set_len(end).unwrap();
            }
            let blobs = open(dir.path());
            assert_eq!(blobs.stored(id(1)).await, Ok(whole));
            assert_eq!(blobs.get_chunk(id(1), whole).await, Ok(None));
            for index in 0..whole {
                let kept = blobs.get_chunk(id(1), index).await;
                assert_eq!(kept, Ok(Some(chunk(index as u8 + 1, CHUNK_BYTES))));
            }
            blobs.put_chunk(id(1), whole, chunk(9, length)).await.unwrap();
            assert_eq!(blobs.stored(id(1)).await, Ok(whole + 1));
            assert_eq!(blobs.get_chunk(id(1), whole).await, Ok(Some(chunk(9, length))));
        });
    }
}

#[tokio::test]
async fn a_whole_chunk_is_replaced_in_a_copy_and_what_is_left_of_one_does_no_harm() {
    use std::os::unix::fs::MetadataExt;
    let (dir, blobs) = folder();
    for index in 0..2 {
        blobs.put_chunk(id(1), index, chunk(1, CHUNK_BYTES)).await.unwrap();
    }
    let path = file(dir.path(), id(1));
    let inode = || path.metadata().unwrap().ino();
    let before = inode();
    // A process that was killed left its copy.
    fs::write(copy_of(&path), b"half of a copy").unwrap();
    blobs.put_chunk(id(1), 0, chunk(2, 7)).await.unwrap();
    assert_ne!(inode(), before, "the old one is whole until the new one is");
    assert_eq!(blobs.get_chunk(id(1), 0).await, Ok(Some(chunk(2, 7))));
    assert_eq!(blobs.get_chunk(id(1), 1).await, Ok(Some(chunk(1, CHUNK_BYTES))));
    assert!(!copy_of(&path).exists());
    for _ in 0..2 {
        fs::write(copy_of(&path), b"half of a copy").unwrap();
        assert_eq!(blobs.list(None, 9).await.unwrap().len(), 1);
        assert_eq!(blobs.stored(id(1)).await, Ok(2));
        assert!(!copy_of(&path).exists());
    }
    fs::write(copy_of(&path), b"half of a copy").unwrap();
    assert_eq!(blobs.delete(id(1)).await, Ok(true));
    assert_eq!(blobs.delete(id(1)).await, Ok(false));
    assert!(!copy_of(&path).exists() && !path.exists());
}

#[tokio::test]
async fn what_is_not_a_blob_is_neither_listed_nor_removed() {
    let (dir, blobs) = folder();
    blobs.put_chunk(id(0xab), 0, chunk(1, 5)).await.unwrap();
    let root = Blobs::directory(dir.path());
    let beside = file(dir.path(), id(0xab)).with_file_name("notes.txt");
    let upper = file(dir.path(), id(0xab)).with_file_name(id(0xab).to_string().to_uppercase());
    for stray in [&beside, &upper, &root.join("lost+found"), &root.join("zz")] {
        fs::write(stray, b"x").unwrap();
    }
    assert_eq!(blobs.list(None, 9).await.unwrap().len(), 1);
    let never = async |_| Ok::<_, BlobError>(HashSet::new());
    assert_eq!(blobs.sweep(Millis(u64::MAX), never, Some).await, Ok(1));
    assert!(beside.exists() && upper.exists());
}
