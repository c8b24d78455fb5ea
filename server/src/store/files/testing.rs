//! Files, for tests of what is built on the store.

use shared_proto::conversation::event::{Event, Shared};
use shared_proto::file::FileKind;
use shared_proto::id::{ClientMessageId, FileId};
use shared_proto::limits;
use shared_proto::time::Millis;

use super::{Beginning, Own, UploadRecord, begin};
use crate::store::Store;
use crate::store::testing::put;

/// A file of so many bytes, as it is when it begins.
pub fn upload(bytes: u64) -> UploadRecord {
    let (name, kind) = ("a.pdf".into(), FileKind::Pdf);
    UploadRecord { name, kind, bytes, begun_at: Millis(1), whole: None }
}

/// Begins one.
pub async fn begun(store: &Store, own: Own, bytes: u64) {
    match begin(store, own, &upload(bytes), limits::FILES_PER_CLIENT_BYTES).unwrap().unwrap() {
        Beginning::New(batch) => put(store, *batch).await,
        other => panic!("{other:?}"),
    }
}

/// That it is shared.
pub fn shared(file: FileId, bytes: u64) -> Event {
    Event::Shared(Shared {
        client_message_id: ClientMessageId::from_bytes([1; 16]),
        file,
        name: "a.pdf".into(),
        kind: FileKind::Pdf,
        bytes,
        pixels: None,
        hash: [0; 32],
    })
}
