//! Files over years: backed up, restored, sealed anew, checked.

use std::path::PathBuf;

use quietroom_tests::support::{ServerOptions, TestServer, fresh_id};
use shared_proto::id::{ClientMessageId, ConversationId, FileId};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::upload::half_sent;
use super::{CHUNK, begin, fetch, pdf, put, shares, text};
use crate::given::{Two, contents, device, two};

/// The arguments of a command on this practice's data.
pub fn on<'a>(data: &'a str, key: &'a str, arguments: &[&'a str]) -> Vec<&'a str> {
    let words = if ["key", "files", "audit"].contains(&arguments[0]) { 2 } else { 1 };
    let (command, rest) = arguments.split_at(words);
    [command, &["--data", data, "--key-file", key], rest].concat()
}

/// Where everything of a practice lies, and where it may go.
pub struct Paths {
    pub data: String,
    pub key: String,
    pub backup: String,
    pub keys: String,
    pub other: String,
}

pub fn paths(server: &TestServer) -> Paths {
    let path = |name: &str| server.folder().join(name).to_str().unwrap().to_owned();
    Paths {
        data: server.data().to_str().unwrap().to_owned(),
        key: format!("{}.key", server.data().to_str().unwrap()),
        backup: path("practice.backup"),
        keys: path("practice.keys"),
        other: path("other"),
    }
}

/// Two files: the first is shared, the other on its way under its sender's id.
pub type Files = (FileId, Vec<u8>, ClientMessageId, Vec<u8>);

/// A file that is shared and one of which a part has come; what is in each.
pub async fn with_files(two: &Two) -> Files {
    let whole = text(2 * CHUNK + 9);
    let (file, _) = shares(&two.client, two.conversation, "a.txt", &whole).await;
    let (client_id, half) = (fresh_id(), text(3 * CHUNK));
    let name = "half.txt";
    let (coming, _) =
        begin(&two.client, two.conversation, client_id, name, half.len()).await.unwrap();
    // Cut off within the second piece.
    let mut line = half_sent(two, coming, 0, half.len(), &half[..CHUNK + 7]).await;
    line.shutdown().await.unwrap();
    drop(line.read_to_end(&mut Vec::new()).await);
    (file, whole, client_id, half)
}

/// That they are there, and go on, where this data was made.
pub async fn are_there(options: ServerOptions, data: &str, key: &str, two: &Two, files: &Files) {
    let (file, whole, client_id, half) = files;
    let server = options.data(data).flag("--key-file", key).start().await;
    let jonas = device(&server, &two.jonas).await;
    let conversation: ConversationId = two.conversation;
    assert!(fetch(&jonas, conversation, *file).await.body == *whole);
    let on = begin(&jonas, conversation, *client_id, "half.txt", half.len()).await;
    let Ok((coming, offset)) = on else { panic!("{on:?}") };
    assert_eq!(offset, CHUNK as u64, "what had come of the other too");
    put(&jonas, conversation, coming, offset, &half[CHUNK..]).await.unwrap();
    let (late, _) = shares(&jonas, conversation, "late.pdf", &pdf("late")).await;
    assert_eq!(fetch(&jonas, conversation, late).await.body, pdf("late"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_takes_files_along_and_they_are_read_where_it_is_restored() {
    let two = two().await;
    let files = with_files(&two).await;
    let Paths { data, key, backup, keys, other } = paths(&two.server);
    let back_up = on(&data, &key, &["backup", "--to", &backup, "--keys-to", &keys]);
    let printed = two.server.succeed(&back_up, "");
    assert!(printed.contains(" 2 files"), "{printed}");
    // What comes later is not in it.
    let (later, _) = shares(&two.client, two.conversation, "later.pdf", &pdf("later")).await;
    let restore = on(&other, &key, &["restore", "--from", &backup, "--keys", &keys]);
    let printed = two.server.succeed(&restore, "");
    assert!(printed.contains(" 2 files"), "{printed}");
    let printed = two.server.succeed(&on(&other, &key, &["verify"]), "");
    assert!(printed.contains("files 1 ok"), "{printed}");
    are_there(TestServer::options(), &other, &key, &two, &files).await;
    assert_eq!(fetch(&two.provider, two.conversation, later).await.body, pdf("later"));
    // A folder that is not there is no backup of files.
    let elsewhere = format!("{other}.again");
    let restore = ["restore", "--from", &backup, "--keys", &keys, "--files", "/nowhere/at/all"];
    let output = two.server.command(&on(&elsewhere, &key, &restore), "");
    assert!(!output.status.success(), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_anew_and_under_another_practice_key_files_are_read() {
    let mut two = two().await;
    let files = with_files(&two).await;
    let Paths { data, key, other, .. } = paths(&two.server);
    two.server.succeed(&on(&data, &key, &["key", "rotate"]), "");
    assert!(fetch(&two.provider, two.conversation, files.0).await.body == files.1);
    two.server.sigterm().await;
    let printed = two.server.succeed(&on(&data, &key, &["key", "reseal", "--to", &other]), "");
    assert!(printed.contains("files 1"), "{printed}");
    let folder = |data: &str| contents(&PathBuf::from(data).join("files"));
    let (before, after) = (folder(&data), folder(&other));
    assert_eq!((before.len(), after.len()), (2, 2));
    for (path, bytes) in &after {
        let name = path.file_name().unwrap();
        let old = before.iter().find(|(path, _)| path.file_name() == Some(name)).unwrap();
        assert_ne!(bytes[32..1_000], old.1[32..1_000], "sealed with another key");
    }
    are_there(TestServer::options(), &other, &key, &two, &files).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_missing_changed_or_anothers_is_found_and_never_served() {
    let mut two = two().await;
    let (first, _) = shares(&two.client, two.conversation, "a.txt", &text(2 * CHUNK)).await;
    let (second, _) = shares(&two.client, two.conversation, "b.txt", &text(2 * CHUNK)).await;
    let Paths { data, key, .. } = paths(&two.server);
    let path = |file: FileId| {
        let [outer, inner, ..] = *file.as_bytes();
        let folder = two.server.data().join(format!("files/{outer:02x}/{inner:02x}"));
        folder.join(file.to_string())
    };
    let (one, other) = (path(first), path(second));
    let sound = std::fs::read(&one).unwrap();
    let mut flipped = sound.clone();
    flipped[CHUNK + 30_000] ^= 1;
    for (what, bytes) in [
        ("missing", None),
        ("cut", Some(sound[..sound.len() / 2].to_vec())),
        ("changed", Some(flipped)),
        ("another's", Some(std::fs::read(&other).unwrap())),
    ] {
        match bytes {
            Some(bytes) => std::fs::write(&one, bytes).unwrap(),
            None => std::fs::remove_file(&one).unwrap(),
        }
        let answer = fetch(&two.provider, two.conversation, first).await;
        let served = answer.status == 200 && answer.body.len() == 2 * CHUNK;
        assert!(!served, "{what}: {}", answer.status);
        two.server.sigterm().await;
        let verify = on(&data, &key, &["verify"]);
        let output = two.server.command(&verify, "");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains("contents of a file"), "{what}: {said}");
        let records = on(&data, &key, &["verify", "--records-only"]);
        assert!(two.server.succeed(&records, "").contains("files 2 ok"));
        std::fs::write(&one, &sound).unwrap();
        two.server.succeed(&verify, "");
        two.server.restart().await;
        two.provider = device(&two.server, &two.dana).await;
    }
    assert_eq!(fetch(&two.provider, two.conversation, first).await.body.len(), 2 * CHUNK);
}
