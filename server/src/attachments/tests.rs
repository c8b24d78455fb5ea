use std::sync::Arc;

use shared_proto::file::{Pixels, Seen};
use shared_proto::id::{ConversationId, FileId};
use shared_proto::limits::FILE_CHUNK_BYTES as CHUNK;

use super::*;
use crate::blobs::Blobs;
use crate::blobs::memory::MemoryBlobs;
use crate::store::vault::{PracticeKey, Vault};

const ID: FileId = FileId::from_bytes([7; 16]);

struct Place {
    blobs: Arc<Blobs>,
    vault: Vault,
}

impl Place {
    fn new() -> Self {
        let vault = Vault::open(None, PracticeKey::from_bytes([9; 32])).unwrap();
        Self { blobs: Arc::new(Blobs::Memory(MemoryBlobs::default())), vault }
    }

    fn file(&self, bytes: usize) -> SealedFile {
        let conversation = ConversationId::from_bytes([1; 16]);
        let key = self.vault.create_conversation(conversation).unwrap();
        SealedFile::new(Arc::clone(&self.blobs), &key, ID, bytes as u64)
    }

    async fn upload(&self, bytes: usize, kind: FileKind) -> Upload {
        Upload::open(self.file(bytes), kind).await.unwrap()
    }

    async fn kept(&self) -> u32 {
        self.blobs.stored(ID).await.unwrap()
    }
}

/// A text of so many bytes.
fn text(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|place| b'a' + (place / 3 % 26) as u8).collect()
}

fn png() -> Vec<u8> {
    let head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x2c\0\0\0\xc8\x08\x02\0\0\0";
    [&head[..], &vec![0; CHUNK]].concat()
}

fn refused(rule: Rule) -> Option<UploadError> {
    Some(UploadError::Refused(Refusal::invalid(Field::File, rule)))
}

#[tokio::test]
async fn a_file_comes_in_pieces_of_any_length() {
    for piece in [1_000, 65_536, CHUNK, CHUNK + 1, 10 * CHUNK] {
        let place = Place::new();
        let text = text(2 * CHUNK + 100);
        let mut upload = place.upload(text.len(), FileKind::Text).await;
        assert_eq!(upload.offset(), 0);
        for piece in text.chunks(piece) {
            upload.take(piece).await.unwrap();
        }
        assert_eq!(upload.offset(), text.len() as u64);
        let received = upload.finish().unwrap();
        assert_eq!(place.file(text.len()).hash().await, Ok(received.hash));
        assert_eq!(received.seen, Seen { pixels: None });
    }
}

#[tokio::test]
async fn what_was_seen_in_a_picture_is_known_also_when_it_came_in_two_tries() {
    let place = Place::new();
    let png = png();
    let mut upload = place.upload(png.len(), FileKind::Png).await;
    upload.take(&png[..CHUNK + 5]).await.unwrap();
    drop(upload);
    let mut upload = place.upload(png.len(), FileKind::Png).await;
    assert_eq!(upload.offset(), CHUNK as u64, "what had come of the second chunk is lost");
    upload.take(&png[CHUNK..]).await.unwrap();
    let received = upload.finish().unwrap();
    assert_eq!(received.seen.pixels, Some(Pixels { width: 300, height: 200 }));
    assert_eq!(place.file(png.len()).hash().await, Ok(received.hash));
}

#[tokio::test]
async fn nothing_is_kept_of_a_file_that_is_something_else() {
    let place = Place::new();
    let page = [b"<html><script>alert(1)</script>", &text(CHUNK)[..]].concat();
    let mut upload = place.upload(page.len(), FileKind::Png).await;
    assert_eq!(upload.take(&page).await.err(), refused(Rule::Differs));
    assert_eq!(upload.take(b"more").await.err(), refused(Rule::Differs));
    assert_eq!(place.kept().await, 0);
    assert_eq!(upload.finish().err(), refused(Rule::Differs));
}

#[tokio::test]
async fn a_text_that_turns_into_something_else_is_refused_where_it_does() {
    let place = Place::new();
    let mut text = text(3 * CHUNK);
    text[2 * CHUNK + 5] = 0;
    let mut upload = place.upload(text.len(), FileKind::Text).await;
    assert_eq!(upload.take(&text).await.err(), refused(Rule::Differs));
    assert_eq!(place.kept().await, 2);
    let other = Upload::open(place.file(3 * CHUNK), FileKind::Pdf).await;
    assert_eq!(other.err(), refused(Rule::Differs), "what is kept is judged again");
}

#[tokio::test]
async fn a_file_has_the_size_it_was_said_to_have() {
    let place = Place::new();
    for (bytes, rule) in [(0, Rule::Empty), (25 * 1024 * 1024 + 1, Rule::TooLarge { limit: 25 })] {
        let upload = Upload::open(place.file(bytes), FileKind::Text).await;
        assert_eq!(upload.err(), refused(rule));
    }
    let mut upload = place.upload(10, FileKind::Text).await;
    upload.take(b"012345678").await.unwrap();
    assert_eq!(upload.finish().err(), Some(UploadError::Unfinished));
    let mut upload = place.upload(10, FileKind::Text).await;
    assert_eq!(upload.take(b"0123456789a").await.err(), refused(Rule::Malformed));
    assert!(upload.finish().is_err());
    let mut upload = place.upload(10, FileKind::Text).await;
    assert_eq!(upload.offset(), 10, "all of it had been kept");
    assert_eq!(upload.take(b"a").await.err(), refused(Rule::Malformed));
    assert!(place.upload(10, FileKind::Text).await.finish().is_ok());
}
