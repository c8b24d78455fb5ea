//! What is answered for a host who is away.

use quietroom_tests::support::TestClient;
use shared_proto::conversation::event::{Away, Event, kind};
use shared_proto::hours::Own;
use shared_proto::id::{ConversationId, PersonId};
use shared_proto::wire::ServerEvent;

use super::hours::{MONDAY_AT_THREE, after};
use super::{nine_to_five, set_own, told};
use crate::clock::{Clock, HOUR, now};
use crate::conversations::hears;
use crate::files::{pdf, send, share};
use crate::given::device;
use crate::office::{Three, three_on};

/// Somebody who answers from nine to five, at three at night.
async fn at_night(clock: &Clock) -> (Three, ConversationId) {
    clock.jump(MONDAY_AT_THREE - now());
    let three = three_on(clock.options()).await;
    let own = Own { hours: Some(nine_to_five()), away: "I am asleep.".into(), ..Own::default() };
    set_own(&three.provider, own).await.unwrap();
    let talk = three.provider.create(&[three.jonas.id]).await;
    three.client.open(talk).await;
    (three, talk)
}

/// Until somebody is not here any more.
async fn gone(client: &TestClient, who: PersonId) {
    client
        .event("that they are gone", |arrival| match &arrival.event {
            ServerEvent::Presence { person, here: false, .. } if *person == who => Some(()),
            _ => None,
        })
        .await;
}

async fn away(client: &TestClient, talk: ConversationId) -> Away {
    hears(client, talk, "an away reply", |event| match event {
        Event::Away(away) => Some(away),
        _ => None,
    })
    .await
}

#[tokio::test]
async fn who_is_away_answers_once_a_day_with_a_promise() {
    let clock = Clock::new();
    let (mut three, talk) = at_night(&clock).await;
    three.provider.hang_up();
    gone(&three.client, three.samuel.id).await;
    let sent = three.client.send(talk, "Are you there?").await;
    let said = away(&three.client, talk).await;
    assert_eq!(said, Away { text: "I am asleep.".into(), by: Some(after(8)) });
    let history = three.client.history(talk).await;
    let at = history.iter().position(|entry| entry.id == sent).unwrap();
    let entry = &history[at + 1];
    assert_eq!((entry.kind, entry.author), (kind::AWAY, three.samuel.id), "right after it");
    three.client.send(talk, "It is urgent").await;
    // Also not by a server that starts anew.
    three.server.kill9();
    three.server.restart().await;
    let client = device(&three.server, &three.jonas).await;
    client.open(talk).await;
    client.send(talk, "Hello?").await;
    assert_eq!(told(&client, talk).await.len(), 1);
    clock.jump(MONDAY_AT_THREE + 24 * HOUR - now());
    let client = device(&three.server, &three.jonas).await;
    client.open(talk).await;
    client.send(talk, "Good morning").await;
    assert_eq!(away(&client, talk).await.by, Some(after(32)), "another day");
    let host = device(&three.server, &three.samuel).await;
    let row = host.inbox().await.rows.remove(0);
    assert_eq!(row.unread, 4, "messages, and nothing that nobody wrote");
    three.server.sigterm().await;
    three.server.succeed(&["verify", "--data", three.server.data().to_str().unwrap()], "");
}

#[tokio::test]
async fn a_file_that_is_hidden_from_somebody_is_not_answered_to_everybody() {
    let clock = Clock::new();
    let (three, _) = at_night(&clock).await;
    let talk = three.provider.create(&[three.jonas.id, three.dana.id]).await;
    three.client.open(talk).await;
    three.provider.hang_up();
    gone(&three.client, three.samuel.id).await;
    let file = send(&three.client, talk, "letter.pdf", &pdf("for Samuel")).await.unwrap();
    share(&three.client, talk, file, &[three.dana.id]).await.unwrap();
    assert!(told(&three.client, talk).await.is_empty(), "it would tell Dana of the file");
    // What is for everyone is answered, the first of it.
    three.client.send(talk, "Are you there?").await;
    assert_eq!(away(&three.client, talk).await.text, "I am asleep.");
}

#[tokio::test]
async fn who_is_here_or_within_their_hours_is_not_away() {
    let clock = Clock::new();
    let (three, talk) = at_night(&clock).await;
    three.client.send(talk, "You are here").await;
    three.provider.hang_up();
    gone(&three.client, three.samuel.id).await;
    clock.jump(MONDAY_AT_THREE + 7 * HOUR - now());
    let client = device(&three.server, &three.jonas).await;
    client.open(talk).await;
    client.send(talk, "It is ten").await;
    assert_eq!(told(&client, talk).await, []);
    clock.jump(MONDAY_AT_THREE + 15 * HOUR - now());
    let client = device(&three.server, &three.jonas).await;
    client.open(talk).await;
    let host = device(&three.server, &three.samuel).await;
    set_own(&host, Own { hours: Some(nine_to_five()), ..Own::default() }).await.unwrap();
    host.hang_up();
    gone(&client, three.samuel.id).await;
    client.send(talk, "It is six").await;
    assert_eq!(told(&client, talk).await, [], "who says nothing of it");
}

#[tokio::test]
async fn colleagues_are_not_answered_automatically() {
    let clock = Clock::new();
    let (three, _) = at_night(&clock).await;
    let talk = three.provider.create(&[three.dana.id, three.jonas.id]).await;
    three.owner.open(talk).await;
    three.client.open(talk).await;
    three.provider.hang_up();
    gone(&three.owner, three.samuel.id).await;
    three.owner.send(talk, "Are you there?").await;
    assert_eq!(told(&three.owner, talk).await, []);
    three.client.send(talk, "And for me?").await;
    away(&three.owner, talk).await;
}
