//! What providers keep at hand for writing, and what is told without anybody writing it: saved
//! replies, hours and what they promise, away replies, and what clients change, over real sockets.

mod activity;
mod away;
mod greeting;
mod hours;
mod replies;

use quietroom_tests::support::TestClient;
use shared_proto::conversation::event::Event;
use shared_proto::desk::{Ask, KeptHours, News, Told};
use shared_proto::hours::{Day, Hours, Own, Promise, Span};
use shared_proto::id::ConversationId;
use shared_proto::office::Changed;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Reply, Request, ServerEvent};

/// Asks something about it.
pub async fn ask(client: &TestClient, ask: Ask) -> Result<Told, Refusal> {
    match client.request(Request::Desk(ask)).await? {
        Reply::Desk(told) => Ok(told),
        other => panic!("{other:?}"),
    }
}

async fn hours(client: &TestClient, one: Ask) -> Result<KeptHours, Refusal> {
    match ask(client, one).await? {
        Told::Hours(kept) => Ok(*kept),
        other => panic!("{other:?}"),
    }
}

/// Sets somebody's own hours, on what they are now.
pub async fn set_own(client: &TestClient, own: Own) -> Result<KeptHours, Refusal> {
    let revision = hours(client, Ask::Hours).await?.own_revision;
    hours(client, Ask::SetOwn { revision, own: Box::new(own) }).await
}

async fn promise(
    client: &TestClient,
    conversation: ConversationId,
) -> Result<Option<Promise>, Refusal> {
    match ask(client, Ask::Promise { conversation }).await? {
        Told::Promise(promise) => Ok(promise.map(|promise| *promise)),
        other => panic!("{other:?}"),
    }
}

/// Until somebody is told that something of it is another.
pub async fn news(client: &TestClient, news: News) {
    client
        .event("news", |arrival| match &arrival.event {
            ServerEvent::Changed(Changed::Desk(told)) if *told == news => Some(()),
            _ => None,
        })
        .await;
}

/// Every day from nine to five, an answer within two hours of them.
pub fn nine_to_five() -> Hours {
    let day = || Day(vec![Span { from: 9 * 60, until: 17 * 60 }]);
    Hours { week: std::array::from_fn(|_| day()), answer_within: Some(120) }
}

/// What a conversation says without anybody writing it, as somebody reads it.
async fn told(client: &TestClient, conversation: ConversationId) -> Vec<Event> {
    let history = client.history(conversation).await;
    let events = history.iter().filter_map(|entry| Event::decode(entry).ok());
    events.filter(|event| matches!(event, Event::Away(_) | Event::Activity(_))).collect()
}
