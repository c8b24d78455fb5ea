//! Beginning a conversation, and going on with several after a reconnect.

use std::sync::Arc;

use shared_proto::id::{ClientMessageId, ConversationId, PersonId};
use shared_proto::limits;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::{Held, Reply};

use super::gather::Resuming;
use super::{recorded, tell};
use crate::hub::Hub;
use crate::room::{Message, Write};
use crate::socket::session::Asker;

/// A new conversation. Its id is a keyed hash of who asks and their own id for it, so that a
/// retry finds the same one, and nobody else could have named it.
pub fn create(
    hub: &Arc<Hub>,
    asker: Asker,
    client_id: ClientMessageId,
    participants: Vec<PersonId>,
) {
    if participants.len() > limits::MEMBERS * 2 {
        let rule = Rule::TooMany { limit: *limits::PARTICIPANTS.end() as u32 };
        return asker.answer(Err(Refusal::invalid(Field::Participants, rule)));
    }
    let name = format!("{}/{client_id}", asker.session.person.id);
    let hash = hub.store.vault.name("conversation", &name);
    let mut random = [0; 16];
    random.copy_from_slice(&hash[..16]);
    let host = asker.session.person.id;
    let pickable = hub.directory.pickable(host, &participants);
    let division = hub.directory.actor(host).and_then(|host| host.division);
    let write = Write::Create { participants, pickable, division };
    tell(hub, ConversationId::from_random(random), Message::Write { asker, write });
}

/// What is new in the conversations the client shows.
pub async fn resume(hub: &Arc<Hub>, asker: Asker, held: &[Held]) {
    if held.len() > limits::RESUME_CONVERSATIONS {
        let rule = Rule::TooMany { limit: limits::RESUME_CONVERSATIONS as u32 };
        return asker.answer(Err(Refusal::invalid(Field::Conversations, rule)));
    }
    if held.is_empty() {
        return asker.answer(Ok(Reply::Done));
    }
    let conversations: Vec<_> = held.iter().map(|held| held.conversation).collect();
    let Some(asker) = recorded(hub, asker, &conversations).await else { return };
    let resuming = Resuming::new(asker, held.len());
    for held in held {
        let message = Message::Resume { resuming: Arc::clone(&resuming), last: held.last };
        tell(hub, held.conversation, message);
    }
}
