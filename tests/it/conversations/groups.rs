//! Who joins and leaves a group, and what reaches whom.

use quietroom_tests::support::client::texts;
use quietroom_tests::support::{TestClient, TestServer};
use shared_proto::conversation::command::{Command, New};
use shared_proto::conversation::event::Event;
use shared_proto::id::ConversationId;
use shared_proto::people::Role;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{CatchUp, Direction, Held, InboxRow, Reply, Request, ServerEvent};

use super::{act, begin, fold, hears, shelf};
use crate::given::device;

async fn row(client: &TestClient, conversation: ConversationId) -> InboxRow {
    client
        .event("a row", |arrival| match &arrival.event {
            ServerEvent::Row(row) if row.conversation == conversation => Some((**row).clone()),
            _ => None,
        })
        .await
}

/// What a client has been told of a conversation besides rows.
fn told_of(client: &TestClient, conversation: ConversationId) -> Vec<ServerEvent> {
    let events = client.take_events().into_iter().map(|arrival| arrival.event);
    let of_it = |event: &ServerEvent| match event {
        ServerEvent::Entries { conversation: place, .. }
        | ServerEvent::Typing { conversation: place, .. }
        | ServerEvent::Presence { conversation: place, .. }
        | ServerEvent::Cursors { conversation: place, .. } => *place == conversation,
        _ => false,
    };
    events.filter(of_it).collect()
}

#[tokio::test]
async fn a_joiner_reads_from_when_they_join_and_who_left_keeps_what_they_had() {
    let server = TestServer::start().await;
    let people = [
        ("Hana Host", Role::Owner),
        ("Ben Client", Role::Client),
        ("Cara Client", Role::Client),
        ("Dan Client", Role::Client),
    ];
    let people = people.map(|(name, role)| server.person_add(name, role));
    let [host, ben, cara, dan] = &people;
    let hosts = device(&server, host).await;
    let bens = device(&server, ben).await;
    let caras = device(&server, cara).await;
    let dans = device(&server, dan).await;
    let talk = begin(&hosts, New::ongoing(vec![ben.id, cara.id])).await.unwrap();
    for client in [&hosts, &bens, &caras] {
        client.open(talk).await;
    }
    hosts.send(talk, "before Dan").await;
    assert_eq!(act(&bens, talk, Command::Add { person: dan.id }).await, Err(Refusal::HostOnly));

    let joined = act(&hosts, talk, Command::Add { person: dan.id }).await.unwrap().unwrap();
    let shown = row(&dans, talk).await;
    assert_eq!(shown.people.len(), 4, "with the names of all");
    assert_eq!(shown.preview.unwrap().entry, joined);
    hears(&bens, talk, "that Dan joins", |event| {
        matches!(event, Event::Added(body) if body.person == dan.id).then_some(())
    })
    .await;
    let opened = dans.open(talk).await;
    assert_eq!(opened.page.entries[0].id, joined, "nothing from before");
    hosts.send(talk, "with all").await;
    dans.reads(talk, &["with all"]).await;
    let first = fold(&hosts, talk).await.member(host.id).unwrap().from;
    let earlier = dans.page(talk, joined, Direction::Before).await;
    assert!(earlier.entries.is_empty() && !earlier.more, "by no way");
    let all = dans.page(talk, first, Direction::After).await;
    assert_eq!(all.entries[0].id, joined);

    act(&bens, talk, Command::Leave).await.unwrap();
    hears(&caras, talk, "that Ben left", |event| {
        matches!(event, Event::Left(body) if body.person == ben.id).then_some(())
    })
    .await;
    bens.settle().await;
    drop(told_of(&bens, talk));
    hosts.send(talk, "without Ben").await;
    caras.tell(Request::Typing { conversation: talk });
    caras.settle().await;
    act(&hosts, talk, Command::Announce { text: "Ben is gone".into() }).await.unwrap();
    bens.settle().await;
    assert_eq!(told_of(&bens, talk), [], "neither words nor typing nor anything else");
    let kept = bens.open(talk).await;
    assert_eq!(texts(&kept.page.entries), ["before Dan", "with all"]);
    assert_eq!((kept.here, kept.cursors), (vec![], vec![]));
    assert_eq!(kept.row.state.announcement, "", "what may be another now is not known to them");
    assert_eq!(bens.request(bens.message(talk, "hello?")).await, Err(Refusal::NoMember));
    assert_eq!(shelf(&bens, Request::Archive { after: None }).await, [talk]);
    assert!(shelf(&bens, Request::Inbox { after: None }).await.is_empty());
    let last = kept.page.entries.last().unwrap().id;
    let on = bens.page(talk, last, Direction::After).await;
    assert!(on.entries.is_empty() && !on.more);

    // Back again: what they missed stays missed, and what they had they have.
    act(&hosts, talk, Command::Add { person: ben.id }).await.unwrap();
    row(&bens, talk).await;
    hosts.send(talk, "with Ben again").await;
    let held = vec![Held { conversation: talk, last }];
    assert!(bens.request(Request::Resume { held }).await.is_ok());
    let caught_up = bens
        .event("to start over", |arrival| match &arrival.event {
            ServerEvent::CaughtUp { conversation, catch_up } if *conversation == talk => {
                Some(catch_up.clone())
            }
            _ => None,
        })
        .await;
    assert_eq!(caught_up, CatchUp::StartOver);
    let again = bens.open(talk).await;
    let said = texts(&again.page.entries);
    assert_eq!(said, ["before Dan", "with all", "with Ben again"]);
    assert_eq!(again.row.state.announcement, "Ben is gone");
    assert_eq!(bens.breaches(), Vec::<String>::new());
}

#[tokio::test]
async fn the_host_lets_somebody_go_and_stays_themself() {
    let server = TestServer::start().await;
    let host = server.person_add("Hana Host", Role::Owner);
    let [ben, cara] =
        ["Ben Client", "Cara Client"].map(|name| server.person_add(name, Role::Client));
    let hosts = device(&server, &host).await;
    let bens = device(&server, &ben).await;
    let talk = begin(&hosts, New::ongoing(vec![ben.id, cara.id])).await.unwrap();
    bens.open(talk).await;
    assert_eq!(act(&hosts, talk, Command::Leave).await, Err(Refusal::HostStays));
    let remove = Command::Remove { person: cara.id };
    assert_eq!(act(&bens, talk, remove.clone()).await, Err(Refusal::HostOnly));
    act(&hosts, talk, remove).await.unwrap();
    hears(&bens, talk, "that Cara is removed", |event| {
        matches!(event, Event::Left(body) if body.person == cara.id).then_some(())
    })
    .await;
    assert_eq!(act(&bens, talk, Command::Leave).await, Err(Refusal::LastParticipant));
    let remove = Command::Remove { person: ben.id };
    assert_eq!(act(&hosts, talk, remove).await, Err(Refusal::LastParticipant));
}

#[tokio::test]
async fn a_reply_quotes_a_message_and_is_sent_once() {
    let two = crate::given::two().await;
    let quoted = two.provider.send(two.conversation, "How are you?").await;
    let client_message_id = quietroom_tests::support::fresh_id();
    let reply = Command::Send { client_message_id, text: "Fine".into(), quoted: Some(quoted) };
    let (conversation, held) = (two.conversation, two.client.last_held(two.conversation));
    let reply = Request::Do { conversation, held, command: reply };
    let sent = two.client.request(reply.clone()).await;
    let Ok(Reply::Sent { entry, .. }) = sent else { panic!("{sent:?}") };
    let told = hears(&two.provider, two.conversation, "the reply", |event| match event {
        Event::Quoting(body) => Some((body.text, body.quoted)),
        _ => None,
    });
    assert_eq!(told.await, ("Fine".into(), quoted));
    assert_eq!(two.client.request(reply).await, sent, "a retry");
    act(&two.client, two.conversation, Command::Withdraw { target: entry }).await.unwrap();
    let history = two.provider.history(two.conversation).await;
    assert_eq!(
        texts(&history),
        ["How are you?", "[withdrawn]"],
        "a withdrawn reply says nothing any more"
    );
}
