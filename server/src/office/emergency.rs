//! Emergency access (164.312(a)(2)(ii)): an owner finds and opens, by giving a reason, what they
//! are no member of. The conversation's own rule decides and announces it.

use std::collections::BTreeMap;
use std::sync::Arc;

use shared_proto::audit::Action;
use shared_proto::conversation::command::Command;
use shared_proto::id::{ConversationId, PersonId};
use shared_proto::office::{EmergencyRow, Told};
use shared_proto::people::rules::{self, Does};
use shared_proto::people::{self as names, Role};
use shared_proto::refusal::Refusal;

use super::{Answer, actor, failed};
use crate::app::App;
use crate::audit;
use crate::room::{By, Message, Write};
use crate::socket::session::{Asker, Session};
use crate::store::keys::Shelf;
use crate::store::{conversations, inbox};

/// The conversations of a client: who is in each, and when; nothing of what was written.
///
/// # Errors
/// `OwnerOnly`; `NotFound`; `Invalid` for the reason; when it could not be recorded.
pub async fn list(app: &App, session: &Session, client: PersonId, reason: &str) -> Answer {
    let asker = session.person.id;
    let actor = actor(app, asker)?;
    rules::may(actor.role, Does::Emergency)?;
    let reason = names::reason(reason)?;
    let card = app.directory.card(client).filter(|card| card.role == Role::Client);
    card.ok_or(Refusal::NotFound)?;
    let record = audit::of(Action::EmergencyListed).over(session).to(client).with(&reason);
    audit::record(&app.store, record).await?;
    let read = app.store.read(move |store| {
        let (marks, _) = inbox::page(store, client, Shelf::ALL, None)?;
        let mut found = BTreeMap::new();
        for mark in marks {
            if let Some(loaded) = conversations::load(store, mark.conversation)? {
                found.insert(mark.conversation, loaded.header.state);
            }
        }
        Ok(found)
    });
    let found = read.await.map_err(|error| failed(&error))?;
    tracing::warn!(by = %asker, %client, "conversations were listed for emergency access");
    let row = |(conversation, state): (ConversationId, _)| {
        let state: shared_proto::conversation::state::State = state;
        let members = state.members.iter().filter_map(|member| app.directory.card(member.person));
        EmergencyRow {
            conversation,
            members: members.map(|card| card.name).collect(),
            created_at: state.created.map(|created| created.at).unwrap_or_default(),
            last_at: state.tally(client).map(|tally| tally.last_at).unwrap_or_default(),
        }
    };
    let mut rows: Vec<EmergencyRow> = found.into_iter().map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.last_at));
    Ok(Told::Emergency(rows))
}

/// Asks the conversation for a grant; its room decides, and answers.
pub fn open(app: &Arc<App>, asker: Asker, conversation: ConversationId, reason: String) {
    let by = asker.session.person.id;
    tracing::warn!(%by, %conversation, "emergency access was asked for");
    let write = Write::Do { held: None, command: Command::Emergency { reason } };
    let message = Message::Write { by: By::Asker(asker), write };
    if let Err((refusal, message)) = app.hub.send(conversation, message) {
        message.refuse(refusal);
    }
}
