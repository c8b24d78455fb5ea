//! Nobody finds what they could not read: nothing of others', from before they came or after they
//! left, hidden from them, or withdrawn.

use std::time::{Duration, Instant};

use quietroom_tests::support::TestServer;
use shared_proto::audit::Action;
use shared_proto::conversation::command::{Command, New};
use shared_proto::limits;
use shared_proto::office::Ask;
use shared_proto::people::Role;
use shared_proto::refusal::Refusal;
use shared_proto::search::{Filter, Found, Search};
use shared_proto::wire::Request;

use super::{ask, said, search, settled, two};
use crate::audit::count;
use crate::conversations::{act, begin, session};
use crate::files;
use crate::given::{device, stranger};
use crate::office::three_on;

#[tokio::test]
async fn nothing_is_found_of_others() {
    let two = two().await;
    let mira = stranger(&two.server);
    let hers = device(&two.server, &mira).await;
    two.client.send(two.conversation, "between the two of us").await;
    settled(&two.provider, two.conversation).await;
    assert_eq!(said(&two.provider, "between").await.len(), 1);
    assert!(search(&hers, "between").await.is_empty());
    let filter = Filter { author: Some(two.jonas.id), ..Filter::default() };
    let by_jonas = Search { filter, ..Search::default() };
    assert_eq!(ask(&hers, by_jonas).await, Ok(Found::default()));
    let own = hers.create(&[two.jonas.id]).await;
    hers.send(own, "between Mira and Jonas").await;
    settled(&hers, own).await;
    assert_eq!(said(&hers, "between").await, ["between Mira and Jonas"]);
    assert_eq!(said(&two.provider, "between").await, ["between the two of us"]);
    assert_eq!(said(&two.client, "between").await.len(), 2);
}

#[tokio::test]
async fn the_same_is_found_whether_a_conversation_is_on_a_screen_or_idle() {
    let mut two = two().await;
    two.client.send(two.conversation, "said long ago").await;
    let gone = two.client.send(two.conversation, "said and withdrawn long ago").await;
    act(&two.client, two.conversation, Command::Withdraw { target: gone }).await.unwrap();
    settled(&two.provider, two.conversation).await;
    two.server.kill9();
    two.server.restart().await;
    let mira = stranger(&two.server);
    let [danas, miras] = [device(&two.server, &two.dana).await, device(&two.server, &mira).await];
    assert!(two.server.metric("quietroom_rooms", &[]).await < 0.5, "it is idle");
    assert_eq!(said(&danas, "long ago").await, ["said long ago"]);
    assert!(said(&miras, "long ago").await.is_empty());
    danas.open(two.conversation).await;
    assert_eq!(said(&danas, "long ago").await, ["said long ago"], "now its room is asked");
    assert!(said(&miras, "long ago").await.is_empty());
}

#[tokio::test]
async fn a_search_is_answered_at_a_beat_whatever_is_hidden_from_who_asks() {
    let two = two().await;
    let mira = two.server.person_add("Mira Client", Role::Client);
    let miras = device(&two.server, &mira).await;
    two.provider.send(two.conversation, "kept from who comes later").await;
    act(&two.provider, two.conversation, Command::Add { person: mira.id }).await.unwrap();
    two.provider.send(two.conversation, "welcome").await;
    settled(&two.provider, two.conversation).await;
    let beat = Duration::from_millis(limits::SEARCH_BEAT_MS);
    for (word, found) in [("welcome", 1), ("kept", 0), ("nowhere", 0)] {
        for _ in 0..5 {
            let asked = Instant::now();
            assert_eq!(said(&miras, word).await.len(), found, "{word}");
            assert!(asked.elapsed() >= beat, "{word}");
        }
    }
}

#[tokio::test]
async fn a_joiner_finds_nothing_from_before_and_who_left_what_they_had() {
    let server = TestServer::options().unhurried().start().await;
    let host = server.person_add("Hana Host", Role::Owner);
    let [ben, cara] =
        ["Ben Client", "Cara Client"].map(|name| server.person_add(name, Role::Client));
    let hosts = device(&server, &host).await;
    let (bens, caras) = (device(&server, &ben).await, device(&server, &cara).await);
    let talk = begin(&hosts, New::ongoing(vec![ben.id])).await.unwrap();
    hosts.open(talk).await;
    hosts.send(talk, "word one").await;
    act(&hosts, talk, Command::Add { person: cara.id }).await.unwrap();
    hosts.send(talk, "word two").await;
    act(&bens, talk, Command::Leave).await.unwrap();
    hosts.send(talk, "word three").await;
    settled(&hosts, talk).await;
    assert_eq!(said(&hosts, "word").await, ["word three", "word two", "word one"]);
    assert_eq!(said(&caras, "word").await, ["word three", "word two"]);
    assert_eq!(said(&bens, "word").await, ["word two", "word one"]);
    let found = ask(&bens, Search { text: "word".into(), ..Search::default() }).await.unwrap();
    assert_eq!(found.talks[0].others, [host.id, cara.id], "as they knew it");
    // Back again: what they missed stays missed.
    act(&hosts, talk, Command::Add { person: ben.id }).await.unwrap();
    hosts.send(talk, "word four").await;
    settled(&hosts, talk).await;
    assert_eq!(said(&bens, "word").await, ["word four", "word two", "word one"]);
    // Not even that there is something: nothing is left to go on with.
    let page = ask(&caras, Search { text: "one".into(), ..Search::default() }).await;
    assert_eq!(page, Ok(Found::default()));
}

#[tokio::test]
async fn nobody_finds_what_was_withdrawn() {
    let two = two().await;
    let kept = two.client.send(two.conversation, "regret nothing").await;
    let gone = two.client.send(two.conversation, "regret this").await;
    settled(&two.provider, two.conversation).await;
    assert_eq!(said(&two.provider, "regret").await, ["regret this", "regret nothing"]);
    let withdraw = Request::Withdraw { conversation: two.conversation, target: gone };
    two.client.request(withdraw).await.unwrap();
    for reader in [&two.provider, &two.client] {
        assert_eq!(said(reader, "regret").await, ["regret nothing"], "at once");
        assert!(search(reader, "\"regret this\"").await.is_empty());
    }
    settled(&two.provider, two.conversation).await;
    for reader in [&two.provider, &two.client] {
        assert_eq!(search(reader, "regret").await[0].entry, kept, "and for good");
        assert!(search(reader, "this").await.is_empty());
    }
}

#[tokio::test]
async fn what_is_over_is_searched_too() {
    let two = two().await;
    let talk = session(&two.provider, &[two.jonas.id], None).await.unwrap();
    two.provider.open(talk).await;
    two.provider.send(talk, "a word of an hour").await;
    act(&two.provider, talk, Command::Complete).await.unwrap();
    settled(&two.provider, two.conversation).await;
    for reader in [&two.provider, &two.client] {
        assert_eq!(said(reader, "hour").await, ["a word of an hour"]);
    }
}

#[tokio::test]
async fn who_reads_in_an_emergency_searches_nothing() {
    let three = three_on(TestServer::options().unhurried()).await;
    let conversation = three.provider.create(&[three.jonas.id]).await;
    three.provider.send(conversation, "a word for one").await;
    settled(&three.provider, conversation).await;
    let reason = "The client may be in danger".to_owned();
    let open = Request::Office(Ask::EmergencyOpen { conversation, reason });
    three.owner.request(open).await.unwrap();
    assert!(three.owner.open(conversation).await.page.entries.len() > 1);
    assert!(search(&three.owner, "word").await.is_empty());
}

#[tokio::test]
async fn a_search_is_recorded_once_a_connection_and_a_refused_one_never() {
    let two = two().await;
    for text in ["", "?!"] {
        let refused = ask(&two.client, Search { text: text.into(), ..Search::default() }).await;
        assert!(matches!(refused, Err(Refusal::Invalid { .. })));
    }
    assert_eq!(count(&two.server, Action::Searched), 0);
    for text in ["w", "wo", "wor"] {
        search(&two.client, text).await;
    }
    assert_eq!(count(&two.server, Action::Searched), 1);
    let again = two.client.reconnect().await.unwrap();
    search(&again, "wor").await;
    assert_eq!(count(&two.server, Action::Searched), 2, "another socket");
}

#[tokio::test]
async fn a_file_is_found_by_its_name_and_by_those_it_is_for() {
    let server = TestServer::options().unhurried().start().await;
    let host = server.person_add("Hana Host", Role::Owner);
    let [ben, cara] =
        ["Ben Client", "Cara Client"].map(|name| server.person_add(name, Role::Client));
    let hosts = device(&server, &host).await;
    let (bens, caras) = (device(&server, &ben).await, device(&server, &cara).await);
    let talk = begin(&hosts, New::ongoing(vec![ben.id, cara.id])).await.unwrap();
    for client in [&hosts, &bens, &caras] {
        client.open(talk).await;
    }
    let file = files::send(&hosts, talk, "Überweisung Mai.pdf", &files::pdf("a")).await.unwrap();
    let shared = files::share(&hosts, talk, file, &[ben.id]).await.unwrap();
    hosts.send(talk, "about the ueberweisung, überweisung").await;
    settled(&hosts, talk).await;
    let has_file = Filter { has_file: true, ..Filter::default() };
    for reader in [&hosts, &caras] {
        assert_eq!(search(reader, "uberweisung").await.len(), 2);
        let hits = search(reader, "\"uberweisung mai\"").await;
        assert_eq!(
            hits.iter().map(|hit| (hit.entry, hit.file)).collect::<Vec<_>>(),
            [(shared, true)]
        );
        let found = ask(reader, Search { filter: has_file, ..Search::default() }).await.unwrap();
        assert_eq!(found.hits.iter().map(|hit| hit.entry).collect::<Vec<_>>(), [shared]);
    }
    assert_eq!(search(&bens, "uberweisung").await.len(), 1);
    assert!(search(&bens, "mai").await.is_empty(), "it is hidden from them");
    let found = ask(&bens, Search { filter: has_file, ..Search::default() }).await;
    assert_eq!(found, Ok(Found::default()));
}
