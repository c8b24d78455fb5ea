//! Files in conversations, over real sockets and HTTP: sent, shared, hidden, handed out.

mod download;
mod hide;
mod hostile;
mod kept;
mod members;
mod moved;
mod quota;
mod s3;
mod share;
mod upload;

use quietroom_tests::support::http::{Request as Http, Response};
use quietroom_tests::support::people::{Session, refusal};
use quietroom_tests::support::{TestClient, fresh_id};
use shared_proto::conversation::command::Command;
use shared_proto::conversation::event::{Event, Shared};
use shared_proto::entry::Entry;
use shared_proto::file::ask::{Ask, Told};
use shared_proto::http::{self as api, UPLOAD_OFFSET, UPLOAD_TYPE};
use shared_proto::id::{ClientMessageId, ConversationId, EntryId, FileId, PersonId};
use shared_proto::limits::FILE_CHUNK_BYTES;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::{Reply, Request};

use crate::conversations::act;

/// What is kept at a time.
pub const CHUNK: usize = FILE_CHUNK_BYTES;

/// A text of so many bytes, in which no two chunks are alike.
pub fn text(bytes: usize) -> Vec<u8> {
    let mut text = String::with_capacity(bytes + 16);
    while text.len() < bytes {
        text.push_str(&format!("{:x} ", text.len()));
    }
    text.truncate(bytes);
    text.into_bytes()
}

/// A picture that says it is of this size.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &sides[..], b"\x08\x02\0\0\0"].concat()
}

/// A document of this text.
pub fn pdf(text: &str) -> Vec<u8> {
    format!("%PDF-1.7\n% {text}\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n").into_bytes()
}

/// What is refused about a file.
pub const fn refused(rule: Rule) -> Refusal {
    Refusal::invalid(Field::File, rule)
}

/// Asks about files.
pub async fn ask(client: &TestClient, ask: Ask) -> Result<Told, Refusal> {
    match client.request(Request::File(ask)).await? {
        Reply::File(told) => Ok(told),
        other => panic!("{other:?}"),
    }
}

/// Wants to send a file; which it is, and where to go on.
pub async fn begin(
    client: &TestClient,
    conversation: ConversationId,
    client_id: ClientMessageId,
    name: &str,
    bytes: usize,
) -> Result<(FileId, u64), Refusal> {
    let (name, bytes) = (name.to_owned(), bytes as u64);
    match ask(client, Ask::Begin { conversation, client_id, name, bytes }).await? {
        Told::Upload { file, offset, .. } => Ok((file, offset)),
        other => panic!("{other:?}"),
    }
}

/// The request that sends the rest of a file, as the page makes it.
pub fn putting(session: &Session, path: String, offset: u64, body: Vec<u8>) -> Http {
    Http::put(path, body)
        .header("Origin", &session.server.origin)
        .header("Cookie", &session.cookie)
        .header("Content-Type", UPLOAD_TYPE)
        .header(UPLOAD_OFFSET, offset.to_string())
}

/// Sends the rest of a file.
pub async fn put(
    client: &TestClient,
    conversation: ConversationId,
    file: FileId,
    offset: u64,
    body: &[u8],
) -> Result<(), Refusal> {
    let session = client.session();
    let request = putting(session, api::file(conversation, file), offset, body.to_vec());
    let answer = request.send(session.server.socket, &session.server.host).await.unwrap();
    match answer.status {
        200 => Ok(()),
        _ => Err(refusal(&answer)),
    }
}

/// Sends a file, whole.
pub async fn send(
    client: &TestClient,
    conversation: ConversationId,
    name: &str,
    contents: &[u8],
) -> Result<FileId, Refusal> {
    let (file, offset) = begin(client, conversation, fresh_id(), name, contents.len()).await?;
    assert_eq!(offset, 0);
    put(client, conversation, file, 0, contents).await?;
    Ok(file)
}

/// Shares a file that was sent, and hides it from these.
pub async fn share(
    client: &TestClient,
    conversation: ConversationId,
    file: FileId,
    hidden_from: &[PersonId],
) -> Result<EntryId, Refusal> {
    let (client_message_id, hidden_from) = (fresh_id(), hidden_from.to_vec());
    let command = Command::Share { client_message_id, file, hidden_from };
    Ok(act(client, conversation, command).await?.expect("an entry comes of it"))
}

/// Sends and shares a file.
pub async fn shares(
    client: &TestClient,
    conversation: ConversationId,
    name: &str,
    contents: &[u8],
) -> (FileId, EntryId) {
    let file = send(client, conversation, name, contents).await.unwrap();
    (file, share(client, conversation, file, &[]).await.unwrap())
}

/// What somebody is handed at an address.
pub async fn get(session: &Session, path: &str, headers: &[(&str, &str)]) -> Response {
    let request = Http::get(path).header("Cookie", &session.cookie);
    let request =
        headers.iter().fold(request, |request, (name, value)| request.header(name, *value));
    request.send(session.server.socket, &session.server.host).await.unwrap()
}

/// What somebody is handed of a file.
pub async fn fetch(client: &TestClient, conversation: ConversationId, file: FileId) -> Response {
    get(client.session(), &api::file(conversation, file), &[]).await
}

/// The files somebody sees in a conversation, newest first, page by page.
pub async fn listed(client: &TestClient, conversation: ConversationId) -> Vec<Entry> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        match ask(client, Ask::List { conversation, before }).await {
            Ok(Told::Files { files, more }) => {
                before = files.last().map(|entry: &Entry| entry.id);
                all.extend(files);
                if !more {
                    return all;
                }
            }
            other => panic!("{other:?}"),
        }
    }
}

/// What an entry shares.
pub fn shared(entry: &Entry) -> Shared {
    match Event::decode(entry) {
        Ok(Event::Shared(shared)) => shared,
        other => panic!("{other:?}"),
    }
}
