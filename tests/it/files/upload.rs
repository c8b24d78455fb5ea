//! Files on their way in: in one go, in several, and with the server killed in between.

use std::time::Duration;

use quietroom_tests::support::{TestServer, eventually, fresh_id};
use shared_proto::file::ask::{Ask, Told};
use shared_proto::http as api;
use shared_proto::id::FileId;
use shared_proto::limits::FILE_MOVES_BYTES;
use shared_proto::refusal::{Refusal, Rule};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{CHUNK, ask, begin, fetch, pdf, put, putting, refused, send, share, text};
use crate::given::{Two, contents, device, two, two_on};

/// Sends a head that promises all of a file, and this much of it.
pub async fn half_sent(
    two: &Two,
    file: FileId,
    offset: u64,
    whole: usize,
    sent: &[u8],
) -> TcpStream {
    let session = two.client.session();
    let address = &session.server;
    let mut line = TcpStream::connect(address.socket).await.unwrap();
    let path = api::file(two.conversation, file);
    let head = format!(
        "PUT {path} HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nCookie: {}\r\nContent-Type: {}\r\n\
         {}: {offset}\r\nContent-Length: {}\r\n\r\n",
        address.host,
        address.origin,
        session.cookie,
        api::UPLOAD_TYPE,
        api::UPLOAD_OFFSET,
        whole as u64 - offset,
    );
    line.write_all(head.as_bytes()).await.unwrap();
    line.write_all(sent).await.unwrap();
    line.flush().await.unwrap();
    line
}

/// Bytes of files that have come in, as the operator sees them.
async fn came_in(server: &TestServer, bytes: usize) {
    eventually("the server to have read what was sent", async || {
        let read = server.metric("quietroom_upload_bytes_total", &[]).await;
        (read >= bytes as f64).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_whose_line_was_cut_goes_on_where_it_was() {
    let two = two().await;
    let whole = text(3 * CHUNK + 1_234);
    let client_id = fresh_id();
    let again =
        || async { begin(&two.client, two.conversation, client_id, "a.txt", whole.len()).await };
    let (file, offset) = again().await.unwrap();
    assert_eq!(offset, 0);
    let sent = 2 * CHUNK + 100;
    let line = half_sent(&two, file, 0, whole.len(), &whole[..sent]).await;
    came_in(&two.server, sent).await;
    drop(line);
    let (same, offset) = again().await.unwrap();
    assert_eq!((same, offset), (file, 2 * CHUNK as u64), "whole chunks are kept");
    // Not from anywhere else.
    for wrong in [0, CHUNK as u64, 3 * CHUNK as u64, whole.len() as u64 + 1] {
        let rest = &whole[wrong.min(whole.len() as u64) as usize..];
        let put = put(&two.client, two.conversation, file, wrong, rest).await;
        assert_eq!(put, Err(Refusal::Outdated), "from {wrong}");
    }
    assert_eq!(share(&two.client, two.conversation, file, &[]).await, Err(Refusal::NotWhole));
    put(&two.client, two.conversation, file, offset, &whole[offset as usize..]).await.unwrap();
    assert_eq!(again().await, Ok((file, whole.len() as u64)), "it only needs to be shared");
    share(&two.client, two.conversation, file, &[]).await.unwrap();
    assert_eq!(fetch(&two.provider, two.conversation, file).await.body, whole);
    assert_eq!(again().await, Ok((file, whole.len() as u64)), "shared, it is known still");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_comes_drop_by_drop_is_cut_and_goes_on_where_it_was() {
    let two = two().await;
    let whole = text(2 * CHUNK + 10);
    let client_id = fresh_id();
    let again =
        || async { begin(&two.client, two.conversation, client_id, "a.txt", whole.len()).await };
    let (file, _) = again().await.unwrap();
    let line = half_sent(&two, file, 0, whole.len(), &whole[..CHUNK]).await;
    came_in(&two.server, CHUNK).await;
    drop(line);
    assert_eq!(again().await, Ok((file, CHUNK as u64)));
    // More than stalls, and less than gets on.
    let line = half_sent(&two, file, CHUNK as u64, whole.len(), &[]).await;
    let (mut reader, mut writer) = line.into_split();
    let dripping = async {
        let mut second = tokio::time::interval(Duration::from_secs(1));
        for drop in whole[CHUNK..].chunks(FILE_MOVES_BYTES / 16) {
            second.tick().await;
            // The other half sees the end.
            let _ = writer.write_all(drop).await;
        }
        panic!("all of it was taken");
    };
    let mut answer = Vec::new();
    tokio::select! {
        // A reset is an end too.
        _ = reader.read_to_end(&mut answer) => {}
        () = dripping => {}
    }
    assert_eq!(again().await, Ok((file, CHUNK as u64)), "what was kept is kept");
    put(&two.client, two.conversation, file, CHUNK as u64, &whole[CHUNK..]).await.unwrap();
    share(&two.client, two.conversation, file, &[]).await.unwrap();
    assert_eq!(fetch(&two.provider, two.conversation, file).await.body, whole);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_back_over_another_line_ends_the_one_nobody_knows_is_dead() {
    let two = two().await;
    let whole = text(2 * CHUNK + 10);
    let client_id = fresh_id();
    let again =
        || async { begin(&two.client, two.conversation, client_id, "a.txt", whole.len()).await };
    let (file, _) = again().await.unwrap();
    let mut line = half_sent(&two, file, 0, whole.len(), &whole[..CHUNK + 5]).await;
    came_in(&two.server, CHUNK + 5).await;
    let busy = put(&two.client, two.conversation, file, 0, &whole).await;
    assert_eq!(busy, Err(Refusal::Busy), "one line at a time");
    assert_eq!(again().await, Ok((file, CHUNK as u64)));
    let mut answer = Vec::new();
    line.write_all(&whole[..1]).await.unwrap();
    drop(line.read_to_end(&mut answer).await);
    assert!(answer.starts_with(b"HTTP/1.1 403"), "{:?}", String::from_utf8_lossy(&answer));
    put(&two.client, two.conversation, file, CHUNK as u64, &whole[CHUNK..]).await.unwrap();
    share(&two.client, two.conversation, file, &[]).await.unwrap();
    assert_eq!(fetch(&two.provider, two.conversation, file).await.body, whole);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_in_the_middle_costs_no_chunk_that_was_kept() {
    let mut two = two().await;
    let whole = text(5 * CHUNK + 77);
    let client_id = fresh_id();
    let name = "a.txt";
    let conversation = two.conversation;
    let (file, _) = begin(&two.client, conversation, client_id, name, whole.len()).await.unwrap();
    let mut offset = 0;
    for kill in 1..=3 {
        let sent = &whole[offset as usize..kill * CHUNK + 300];
        let line = half_sent(&two, file, offset, whole.len(), sent).await;
        came_in(&two.server, sent.len()).await;
        two.server.kill9();
        drop(line);
        two.server.restart().await;
        two.client = device(&two.server, &two.jonas).await;
        let (same, from) =
            begin(&two.client, conversation, client_id, name, whole.len()).await.unwrap();
        assert_eq!((same, from), (file, (kill * CHUNK) as u64), "kill {kill}");
        offset = from;
    }
    put(&two.client, conversation, file, offset, &whole[offset as usize..]).await.unwrap();
    two.server.restart().await;
    let jonas = device(&two.server, &two.jonas).await;
    share(&jonas, conversation, file, &[]).await.unwrap();
    two.server.restart().await;
    let dana = device(&two.server, &two.dana).await;
    assert_eq!(fetch(&dana, conversation, file).await.body, whole);
    two.server.sigterm().await;
    let printed =
        two.server.succeed(&["verify", "--data", two.server.data().to_str().unwrap()], "");
    assert!(printed.contains("files 1 ok"), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cancelled_leaves_nothing_and_what_is_shared_cannot_be() {
    let two = two().await;
    let (conversation, client_id) = (two.conversation, fresh_id());
    let whole = text(2 * CHUNK);
    let (file, _) =
        begin(&two.client, conversation, client_id, "a.txt", whole.len()).await.unwrap();
    let line = half_sent(&two, file, 0, whole.len(), &whole[..CHUNK + 5]).await;
    came_in(&two.server, CHUNK + 5).await;
    let cancel = Ask::Cancel { conversation, file };
    assert_eq!(ask(&two.provider, cancel.clone()).await, Err(Refusal::NotFound), "another's");
    assert_eq!(ask(&two.client, cancel.clone()).await, Ok(Told::Cancelled), "while it comes");
    drop(line);
    assert_eq!(ask(&two.client, cancel).await, Err(Refusal::NotFound));
    assert!(contents(&two.server.data().join("files")).is_empty());
    let gone = put(&two.client, conversation, file, 0, &whole).await;
    assert_eq!(gone, Err(Refusal::NotFound));
    // Begun anew it is another file under the same name.
    let again = begin(&two.client, conversation, client_id, "b.pdf", 40).await;
    assert_eq!(again, Ok((file, 0)));

    let file = send(&two.client, conversation, "c.pdf", &pdf("kept")).await.unwrap();
    share(&two.client, conversation, file, &[]).await.unwrap();
    for client in [&two.client, &two.provider] {
        let cancel = ask(client, Ask::Cancel { conversation, file }).await;
        assert_eq!(cancel, Err(Refusal::NotFound));
    }
    assert_eq!(fetch(&two.provider, conversation, file).await.body, pdf("kept"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_begun_as_one_is_not_sent_as_another() {
    let two = two().await;
    let (conversation, client_id) = (two.conversation, fresh_id());
    begin(&two.client, conversation, client_id, "a.txt", 10).await.unwrap();
    for (name, bytes) in [("a.txt", 11), ("b.txt", 10), ("a.pdf", 10)] {
        let other = begin(&two.client, conversation, client_id, name, bytes).await;
        assert_eq!(other, Err(refused(Rule::Duplicate)), "{name} of {bytes}");
    }
    // Somebody else's own id is another file, and so is the same in another conversation.
    let theirs = begin(&two.provider, conversation, client_id, "a.txt", 10).await.unwrap();
    let elsewhere = two.provider.create(&[two.jonas.id]).await;
    let there = begin(&two.client, elsewhere, client_id, "a.txt", 10).await.unwrap();
    assert_ne!(theirs.0, there.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_of_a_page_of_our_own_and_of_its_sender_alone() {
    let two = two().await;
    let conversation = two.conversation;
    let (file, _) = begin(&two.client, conversation, fresh_id(), "a.txt", 3).await.unwrap();
    let session = two.client.session();
    let path = api::file(conversation, file);
    let (socket, host) = (session.server.socket, &session.server.host);
    let foreign = quietroom_tests::support::http::Request::put(&path, b"abc".to_vec())
        .header("Origin", "https://example.org")
        .header("Cookie", &session.cookie)
        .header("Content-Type", api::UPLOAD_TYPE)
        .header(api::UPLOAD_OFFSET, "0");
    assert_eq!(foreign.send(socket, host).await.unwrap().status, 403);
    let theirs = put(&two.provider, conversation, file, 0, b"abc").await;
    assert_eq!(theirs, Err(Refusal::NotFound), "another member's");
    for (length, offset) in [(2, "0"), (4, "0"), (3, "-1"), (3, "+0"), (3, ""), (3, "0x0")] {
        let request = putting(session, path.clone(), 0, vec![b'a'; length]);
        let request = request.without(api::UPLOAD_OFFSET).header(api::UPLOAD_OFFSET, offset);
        let answer = request.send(socket, host).await.unwrap();
        assert_eq!(answer.status, 422, "{length} bytes from {offset:?}");
    }
    put(&two.client, conversation, file, 0, b"abc").await.unwrap();
    put(&two.client, conversation, file, 3, b"").await.expect("a retry after a lost answer");
    assert_eq!(put(&two.client, conversation, file, 0, b"abc").await, Err(Refusal::Outdated));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_ends_with_the_session_it_is_of_and_with_the_server() {
    let mut two = two().await;
    let whole = text(2 * CHUNK);
    let conversation = two.conversation;
    let name = "a.txt";
    let (file, _) = begin(&two.client, conversation, fresh_id(), name, whole.len()).await.unwrap();
    let mut line = half_sent(&two, file, 0, whole.len(), &whole[..CHUNK + 5]).await;
    came_in(&two.server, CHUNK + 5).await;
    assert_eq!(two.client.session().sign_out().await, 200);
    let mut answer = Vec::new();
    // It is noticed within a second; then the rest is not waited for.
    tokio::time::timeout(Duration::from_secs(8), line.read_to_end(&mut answer))
        .await
        .expect("an upload ends with its session")
        .unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 401"), "{:?}", String::from_utf8_lossy(&answer));

    two.client = device(&two.server, &two.jonas).await;
    let (file, _) = begin(&two.client, conversation, fresh_id(), name, whole.len()).await.unwrap();
    let _line = half_sent(&two, file, 0, whole.len(), &whole[..CHUNK + 5]).await;
    came_in(&two.server, 2 * CHUNK + 10).await;
    let (status, took) = two.server.sigterm().await;
    assert!(status.success() && took < Duration::from_secs(6), "{status} after {took:?}");
}

/// The most memory the process has held since it was last asked to forget, in KiB.
fn most_kib(server: &TestServer) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().split(' ').next().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_25_megabytes_takes_less_than_2_of_memory() {
    let two = two_on(TestServer::options().unhurried()).await;
    let whole = text(25 * 1024 * 1024);
    // What the first ones make the process keep for good: threads, buffers, the store's pages.
    for _ in 0..8 {
        let file = send(&two.client, two.conversation, "warm.txt", &whole[..4 * CHUNK]).await;
        share(&two.client, two.conversation, file.unwrap(), &[]).await.unwrap();
    }
    std::fs::write(format!("/proc/{}/clear_refs", two.server.pid()), "5").unwrap();
    let before = most_kib(&two.server);
    let file = send(&two.client, two.conversation, "a.txt", &whole).await.unwrap();
    let grown = most_kib(&two.server).saturating_sub(before);
    println!("{grown} KiB more at the most");
    assert!(grown < 2 * 1024, "{grown} KiB more than the {before} before");
    share(&two.client, two.conversation, file, &[]).await.unwrap();
    assert!(fetch(&two.provider, two.conversation, file).await.body == whole);
}
