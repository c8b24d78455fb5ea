//! Nobody is shown anything unless the audit log says so: once a socket for its inbox, its searches,
//! each list of people, each chart and each conversation. A socket lasts no longer than a session, so
//! whoever types into a search or comes back to a chart is recorded once for that time and not once a
//! key. The socket waits for the record, and no room does.

use std::sync::Arc;

use shared_proto::audit::Action;
use shared_proto::id::ConversationId;
use shared_proto::refusal::Refusal;
use tokio::sync::oneshot;

use super::tell;
use crate::audit;
use crate::hub::Hub;
use crate::room::Message;
use crate::socket::session::{Seen, Session};

/// Whatever it is, of what they may see: a foreign thing must have been refused before.
///
/// # Errors
/// When it could not be recorded.
pub async fn to(hub: &Arc<Hub>, session: &Session, seen: Seen) -> Result<(), Refusal> {
    if session.has_seen(seen) {
        return Ok(());
    }
    let record = match seen {
        Seen::Inbox => audit::of(Action::InboxOpened),
        Seen::Search => audit::of(Action::Searched),
        Seen::InboxWith(person) => audit::of(Action::InboxOpened).to(person),
        Seen::People(list) => audit::of(Action::PeopleListed).naming(&[list.word()]),
        Seen::Chart(person) => audit::of(Action::ChartOpened).to(person),
        Seen::Conversation(conversation) => {
            audit::of(Action::ConversationOpened).in_conversation(conversation)
        }
        Seen::Form(conversation, entry) => {
            let record = audit::of(Action::FormOpened).in_conversation(conversation);
            record.with(&entry.to_string())
        }
    };
    audit::record(&hub.store, record.over(session)).await?;
    session.note_seen(seen);
    Ok(())
}

/// Conversations: those the person may read are recorded, all at once. Of the others nothing is,
/// and whoever asks for one is answered by its room, as if it were not there.
///
/// # Errors
/// When it could not be recorded, or a room could not be asked.
pub async fn to_conversations(
    hub: &Arc<Hub>,
    session: &Session,
    conversations: &[ConversationId],
) -> Result<(), Refusal> {
    let person = session.person.id;
    let mut asked = Vec::new();
    for &conversation in conversations {
        let known = asked.iter().any(|(asked, _)| *asked == conversation);
        if known || session.has_seen(Seen::Conversation(conversation)) {
            continue;
        }
        let (answer, answered) = oneshot::channel();
        tell(hub, conversation, Message::Reads { person, answer });
        asked.push((conversation, answered));
    }
    let mut opened = Vec::new();
    for (conversation, answered) in asked {
        if answered.await.unwrap_or(Err(Refusal::Unavailable))? {
            opened.push(conversation);
        }
    }
    if opened.is_empty() {
        return Ok(());
    }
    let mut records = Vec::with_capacity(opened.len());
    for &conversation in &opened {
        let record = audit::of(Action::ConversationOpened).in_conversation(conversation);
        records.push(record.over(session));
    }
    hub.store.record_all(records).await.map_err(|error| audit::failed(&error))?;
    for conversation in opened {
        session.note_seen(Seen::Conversation(conversation));
    }
    Ok(())
}
