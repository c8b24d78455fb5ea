//! Who may read and send when: those who left, those who join, and when all is over.

use quietroom_tests::support::{TestServer, fresh_id};
use shared_proto::conversation::command::{Command, New};
use shared_proto::http as api;
use shared_proto::people::Role;
use shared_proto::refusal::Refusal;

use super::{begin, fetch, get, listed, pdf, put, send, share, shares};
use crate::conversations::{act, begin as begin_conversation, session};
use crate::given::{device, stranger, two};

#[tokio::test(flavor = "multi_thread")]
async fn who_left_keeps_what_they_had_and_who_joins_sees_what_comes() {
    let server = TestServer::start().await;
    let host = server.person_add("Hana Host", Role::Owner);
    let [ben, cara, dan] = ["Ben Client", "Cara Client", "Dan Client"]
        .map(|name| server.person_add(name, Role::Client));
    let hosts = device(&server, &host).await;
    let bens = device(&server, &ben).await;
    let dans = device(&server, &dan).await;
    let talk = begin_conversation(&hosts, New::ongoing(vec![ben.id, cara.id])).await.unwrap();
    let (first, _) = shares(&hosts, talk, "first.pdf", &pdf("first")).await;
    let waiting = send(&bens, talk, "waiting.pdf", &pdf("waiting")).await.unwrap();
    act(&hosts, talk, Command::Add { person: dan.id }).await.unwrap();
    act(&bens, talk, Command::Leave).await.unwrap();
    let (second, _) = shares(&hosts, talk, "second.pdf", &pdf("second")).await;

    assert_eq!(fetch(&bens, talk, first).await.body, pdf("first"), "who left keeps it");
    assert_eq!(fetch(&bens, talk, second).await.status, 404);
    assert_eq!(fetch(&dans, talk, first).await.status, 404, "from before they joined");
    assert_eq!(fetch(&dans, talk, second).await.body, pdf("second"));
    assert_eq!((listed(&bens, talk).await.len(), listed(&dans, talk).await.len()), (1, 1));
    assert_eq!(share(&bens, talk, waiting, &[]).await, Err(Refusal::NoMember));
    let late = begin(&bens, talk, fresh_id(), "late.pdf", 40).await;
    assert_eq!(late, Err(Refusal::NoMember));
    let late = put(&bens, talk, waiting, 0, &pdf("waiting")).await;
    assert_eq!(late, Err(Refusal::NoMember));
}

#[tokio::test(flavor = "multi_thread")]
async fn when_a_session_is_over_its_files_are_read_and_none_are_sent() {
    let server = TestServer::start().await;
    let (host, client) = server.pair();
    let hosts = device(&server, &host).await;
    let clients = device(&server, &client).await;
    let talk = session(&hosts, &[client.id], None).await.unwrap();
    let (file, _) = shares(&clients, talk, "a.pdf", &pdf("for good")).await;
    let waiting = send(&clients, talk, "b.pdf", &pdf("too late")).await.unwrap();
    let (half, _) = begin(&clients, talk, fresh_id(), "c.pdf", 40).await.unwrap();
    act(&hosts, talk, Command::Complete).await.unwrap();
    for reader in [&hosts, &clients] {
        assert_eq!(fetch(reader, talk, file).await.body, pdf("for good"));
        assert_eq!(listed(reader, talk).await.len(), 1);
        let begun = begin(reader, talk, fresh_id(), "d.pdf", 40).await;
        assert_eq!(begun, Err(Refusal::Ended));
    }
    assert_eq!(put(&clients, talk, half, 0, &[b'x'; 40]).await, Err(Refusal::Ended));
    assert_eq!(share(&clients, talk, waiting, &[]).await, Err(Refusal::Ended));
    // What was not shared can be given up all the same.
    let cancel = shared_proto::file::ask::Ask::Cancel { conversation: talk, file: waiting };
    assert!(super::ask(&clients, cancel).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_answered_exactly_as_if_there_were_nothing() {
    let two = two().await;
    let (file, _) = shares(&two.client, two.conversation, "a.pdf", &pdf("ours")).await;
    let stranger = device(&two.server, &stranger(&two.server)).await;
    let nowhere = shared_proto::id::ConversationId::from_random([3; 16]);
    let nothing = shared_proto::id::FileId::from_random([4; 16]);
    let session = stranger.session();
    for path in [api::file as fn(_, _) -> String, api::file_preview] {
        let absent = get(session, &path(nowhere, nothing), &[]).await;
        assert_eq!(absent.status, 404);
        let timeless = |answer: &quietroom_tests::support::http::Response| {
            let headers = answer.headers.iter().filter(|(name, _)| name != "date").cloned();
            (answer.status, headers.collect::<Vec<_>>(), answer.body.clone())
        };
        for (conversation, file) in [(two.conversation, file), (nowhere, file)] {
            let foreign = get(session, &path(conversation, file), &[]).await;
            assert_eq!(timeless(&foreign), timeless(&absent));
        }
        let own = get(two.client.session(), &path(two.conversation, nothing), &[]).await;
        assert_eq!(timeless(&own), timeless(&absent));
    }
    let begun = begin(&stranger, two.conversation, fresh_id(), "a.exe", 0).await;
    assert_eq!(begun, Err(Refusal::NotFound), "before anything is said of the file");
    let sent = put(&stranger, two.conversation, file, 0, b"abc").await;
    assert_eq!(sent, Err(Refusal::NotFound));
    let nobody = get(session, "/api/conversations/x/files/y", &[]).await;
    assert_eq!(nobody.status, 404, "what is no id names nothing");
}
