//! The inbox: which conversations comes from the store, what is shown of each from its room.

use std::sync::Arc;

use shared_proto::id::{ConversationId, PersonId};
use shared_proto::limits;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::{InboxMark, InboxPage, Reply};

use super::gather::{self, Wanted};
use super::{access, tell};
use crate::hub::Hub;
use crate::room::Message;
use crate::socket::session::{Asker, Seen};
use crate::store::inbox;
use crate::store::keys::Shelf;

/// A page of one shelf of the asker's inbox.
pub async fn page(hub: &Arc<Hub>, asker: Asker, shelf: &'static [Shelf], after: Option<InboxMark>) {
    let person = asker.session.person.id;
    if let Err(refusal) = access::to(hub, &asker.session, Seen::Inbox).await {
        return asker.answer(Err(refusal));
    }
    page_of(hub, asker, person, shelf, after).await;
}

/// A page of somebody's conversations, as far as the asker is in them.
pub async fn page_of(
    hub: &Arc<Hub>,
    asker: Asker,
    person: PersonId,
    shelves: &'static [Shelf],
    after: Option<InboxMark>,
) {
    let read = hub.store.read(move |store| inbox::page(store, person, shelves, after)).await;
    let (marks, more) = match read {
        Ok(read) => read,
        Err(error) => {
            tracing::error!(%person, %error, "an inbox could not be read");
            return asker.answer(Err(error.refusal()));
        }
    };
    if marks.is_empty() {
        return asker.answer(Ok(Reply::Inbox(InboxPage::default())));
    }
    let conversations: Vec<_> = marks.iter().map(|mark| mark.conversation).collect();
    gather_rows(hub, asker, &conversations, Wanted::Page { marks, more });
}

/// Rows asked for one by one: part of the inbox, for the audit log too.
pub async fn rows(hub: &Arc<Hub>, asker: Asker, conversations: &[ConversationId]) {
    if conversations.len() > limits::ROWS_ASKED {
        let rule = Rule::TooMany { limit: limits::ROWS_ASKED as u32 };
        return asker.answer(Err(Refusal::invalid(Field::Conversations, rule)));
    }
    if conversations.is_empty() {
        return asker.answer(Ok(Reply::Rows(Vec::new())));
    }
    if let Err(refusal) = access::to(hub, &asker.session, Seen::Inbox).await {
        return asker.answer(Err(refusal));
    }
    gather_rows(hub, asker, conversations, Wanted::Rows);
}

fn gather_rows(hub: &Arc<Hub>, asker: Asker, conversations: &[ConversationId], wanted: Wanted) {
    let slots = gather::slots(asker, conversations.len(), wanted);
    for (conversation, slot) in conversations.iter().zip(slots) {
        tell(hub, *conversation, Message::Row { slot });
    }
}
