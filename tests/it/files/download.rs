//! Files on their way out: whole, in parts, recorded, and for as long as the session lasts.

use std::time::Duration;

use quietroom_tests::support::TestServer;
use shared_proto::audit::{Action, AuditFilter, Subject};
use shared_proto::http as api;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{CHUNK, fetch, get, pdf, send, share, shares, text};
use crate::audit::read;
use crate::given::{device, two, two_on};

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_file_is_handed_out_as_asked_for() {
    let two = two().await;
    let whole = text(2 * CHUNK + 500);
    let (file, _) = shares(&two.client, two.conversation, "a.txt", &whole).await;
    let path = api::file(two.conversation, file);
    let session = two.provider.session();
    let all = get(session, &path, &[]).await;
    assert_eq!((all.status, all.header("accept-ranges")), (200, Some("bytes")));
    let tag = all.header("etag").unwrap().to_owned();
    for (range, part) in [
        ("bytes=0-0", 0..1),
        ("bytes=10-19", 10..20),
        (format!("bytes={}-{}", CHUNK - 3, CHUNK + 2).as_str(), CHUNK - 3..CHUNK + 3),
        (format!("bytes={}-", 2 * CHUNK).as_str(), 2 * CHUNK..whole.len()),
        ("bytes=-7", whole.len() - 7..whole.len()),
    ] {
        let answer = get(session, &path, &[("Range", range), ("If-Range", &tag)]).await;
        assert_eq!(answer.status, 206, "{range}");
        assert!(answer.body == whole[part.clone()], "{range}");
        let said = format!("bytes {}-{}/{}", part.start, part.end - 1, whole.len());
        assert_eq!(answer.header("content-range"), Some(said.as_str()));
    }
    let beyond = get(session, &path, &[("Range", "bytes=99999999-")]).await;
    assert_eq!((beyond.status, beyond.body.len()), (416, 0));
    let other = get(session, &path, &[("Range", "bytes=0-0"), ("If-Range", "\"another\"")]).await;
    assert_eq!((other.status, other.body == whole), (200, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_opened_a_file_is_recorded_once_a_session_and_names_no_file() {
    let two = two_on(TestServer::options().unhurried()).await;
    let (file, _) = shares(&two.client, two.conversation, "a.pdf", &pdf("seen")).await;
    let records = || async {
        let all = read(&two.provider, AuditFilter::default()).await.entries;
        let mut opened: Vec<_> =
            all.into_iter().filter(|entry| entry.action == Action::FileOpened).collect();
        opened.reverse();
        opened
    };
    assert!(records().await.is_empty(), "sending and sharing is in the conversation");
    for _ in 0..3 {
        fetch(&two.client, two.conversation, file).await;
        get(two.client.session(), &api::file_preview(two.conversation, file), &[]).await;
    }
    let phone = device(&two.server, &two.jonas).await;
    fetch(&phone, two.conversation, file).await;
    fetch(&two.provider, two.conversation, file).await;
    let found = records().await;
    let who: Vec<_> = found.iter().map(|record| record.actor.unwrap()).collect();
    assert_eq!(who, [two.jonas.id, two.jonas.id, two.dana.id]);
    for record in found {
        assert_eq!(record.subject, Subject::Conversation(two.conversation));
        assert_eq!(record.detail, None);
        assert!(record.address.is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_handed_anything_without_a_session_of_their_own() {
    let two = two().await;
    let (file, _) = shares(&two.client, two.conversation, "a.pdf", &pdf("ours")).await;
    let path = api::file(two.conversation, file);
    let mut session = two.client.session().clone();
    assert_eq!(get(&session, &path, &[]).await.status, 200);
    session.cookie = "__Host-quietroom=invented".to_owned();
    assert_eq!(get(&session, &path, &[]).await.status, 401);
    two.client.session().sign_out().await;
    assert_eq!(get(two.client.session(), &path, &[]).await.status, 401);
    let provider = two.provider.session();
    let lock = quietroom_tests::support::people::post(
        &provider.server,
        api::LOCK,
        Vec::new(),
        Some(&provider.cookie),
    );
    assert_eq!(lock.await.unwrap().status, 200);
    assert_eq!(get(provider, &path, &[]).await.status, 403, "a locked screen shows nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_ends_with_its_session() {
    let two = two().await;
    let whole = text(20 * 1024 * 1024);
    let file = send(&two.client, two.conversation, "a.txt", &whole).await.unwrap();
    share(&two.client, two.conversation, file, &[]).await.unwrap();
    let session = two.client.session();
    let mut line = TcpStream::connect(session.server.socket).await.unwrap();
    let head = format!(
        "GET {} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n\r\n",
        api::file(two.conversation, file),
        session.server.host,
        session.cookie
    );
    line.write_all(head.as_bytes()).await.unwrap();
    let mut first = [0; 1_000];
    line.read_exact(&mut first).await.unwrap();
    assert!(first.starts_with(b"HTTP/1.1 200"));
    session.sign_out().await;
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(10), line.read_to_end(&mut rest)).await;
    drop(ended.expect("the line is closed"));
    assert!(rest.len() < whole.len(), "only what was on its way");
}
