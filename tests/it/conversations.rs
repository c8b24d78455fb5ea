//! Sessions, groups, replies, drafts and what is sent later, over real sockets.

mod begin;
mod drafts;
mod groups;
mod later;
mod sessions;

use quietroom_tests::support::{TestClient, fresh_id};
use shared_proto::conversation::command::{Command, New};
use shared_proto::conversation::event::{Event, Start};
use shared_proto::conversation::state::State;
use shared_proto::id::{ClientMessageId, ConversationId, EntryId, PersonId};
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;
use shared_proto::wire::{Reply, Request, ServerEvent};

/// A change somebody makes; the entry that came of it, if any did.
pub async fn act(
    client: &TestClient,
    conversation: ConversationId,
    command: Command,
) -> Result<Option<EntryId>, Refusal> {
    let held = client.last_held(conversation);
    match client.request(Request::Do { conversation, held, command }).await? {
        Reply::Sent { entry, .. } => Ok(Some(entry)),
        Reply::Done => Ok(None),
        other => panic!("{other:?}"),
    }
}

/// A session that begins then.
pub async fn session(
    client: &TestClient,
    participants: &[PersonId],
    at: Option<Millis>,
) -> Result<ConversationId, Refusal> {
    begin(client, New { session: Some(Start { at }), ..New::ongoing(participants.to_vec()) }).await
}

/// A conversation.
pub async fn begin(client: &TestClient, new: New) -> Result<ConversationId, Refusal> {
    let request = Request::Begin { client_id: fresh_id(), new, invited: Vec::new() };
    match client.request(request).await? {
        Reply::Created(conversation) => Ok(conversation),
        other => panic!("{other:?}"),
    }
}

/// What somebody who opens it now sees of its fold.
pub async fn fold(client: &TestClient, conversation: ConversationId) -> State {
    client.open(conversation).await.row.state
}

/// The conversations on a shelf of somebody's inbox.
pub async fn shelf(client: &TestClient, request: Request) -> Vec<ConversationId> {
    match client.request(request).await {
        Ok(Reply::Inbox(page)) => page.rows.iter().map(|row| row.conversation).collect(),
        other => panic!("{other:?}"),
    }
}

/// Until an entry of this kind arrives.
pub async fn hears<T>(
    client: &TestClient,
    conversation: ConversationId,
    what: &str,
    probe: impl Fn(Event) -> Option<T> + Send + Sync,
) -> T {
    client
        .event(what, |arrival| match &arrival.event {
            ServerEvent::Entries { conversation: place, entries } if *place == conversation => {
                entries.iter().find_map(|entry| probe(Event::decode(entry).ok()?))
            }
            _ => None,
        })
        .await
}

/// A message that is written.
pub fn saying(text: &str, id: ClientMessageId) -> Command {
    Command::Send { client_message_id: id, text: text.into(), quoted: None }
}
