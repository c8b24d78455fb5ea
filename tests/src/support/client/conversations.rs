//! What a client does with conversations.

use shared_proto::entry::Entry;
use shared_proto::id::{ConversationId, EntryId, PersonId};
use shared_proto::limits;
use shared_proto::wire::{Direction, Held, InboxPage, Opened, Page, Reply, Request};

use super::TestClient;
use super::asking::Closed;
use crate::support::fresh_id;

impl TestClient {
    /// Starts a conversation.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn create(&self, participants: &[PersonId]) -> ConversationId {
        let request =
            Request::Create { client_id: fresh_id(), participants: participants.to_vec() };
        match self.request(request).await {
            Ok(Reply::Created(conversation)) => conversation,
            other => panic!("a conversation is not created: {other:?}"),
        }
    }

    /// Opens a conversation.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn open(&self, conversation: ConversationId) -> Opened {
        match self.request(Request::Open { conversation }).await {
            Ok(Reply::Opened(opened)) => *opened,
            other => panic!("a conversation is not opened: {other:?}"),
        }
    }

    /// The request that sends `text` with a fresh id.
    #[must_use]
    pub fn message(&self, conversation: ConversationId, text: &str) -> Request {
        Request::Send {
            conversation,
            client_message_id: fresh_id(),
            held: self.last_held(conversation),
            text: text.to_owned(),
        }
    }

    /// Sends a message and returns its entry.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn send(&self, conversation: ConversationId, text: &str) -> EntryId {
        match self.request(self.message(conversation, text)).await {
            Ok(Reply::Sent { entry, .. }) => entry,
            other => panic!("a message is not sent: {other:?}"),
        }
    }

    /// One page of history.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn page(
        &self,
        conversation: ConversationId,
        from: EntryId,
        direction: Direction,
    ) -> Page {
        match self.request(Request::History { conversation, from, direction }).await {
            Ok(Reply::Page(page)) => page,
            other => panic!("no page: {other:?}"),
        }
    }

    /// The whole conversation, oldest first, paged from its end.
    pub async fn history(&self, conversation: ConversationId) -> Vec<Entry> {
        let mut from = EntryId::MAX;
        let mut pages = Vec::new();
        loop {
            let page = self.page(conversation, from, Direction::Before).await;
            let more = page.more;
            if let Some(first) = page.entries.first() {
                from = first.id;
            }
            pages.push(page.entries);
            if !more {
                return pages.into_iter().rev().flatten().collect();
            }
        }
    }

    /// A page of the inbox.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn inbox(&self) -> InboxPage {
        match self.request(Request::Inbox { after: None }).await {
            Ok(Reply::Inbox(page)) => page,
            other => panic!("no inbox: {other:?}"),
        }
    }

    /// Asks what came since, in every conversation it holds, until it is in sync.
    ///
    /// # Errors
    /// [`Closed`] when the socket closes meanwhile.
    ///
    /// # Panics
    /// When it is refused. What answers that it is gone or too far ahead is no longer held.
    pub async fn resume(&self) -> Result<(), Closed> {
        let mut behind: Vec<Held> = {
            let memory = self.lock();
            let last = |entries: &Vec<Entry>| entries.last().map(|entry| entry.id);
            memory
                .held
                .iter()
                .filter_map(|(&conversation, entries)| {
                    Some(Held { conversation, last: last(entries)? })
                })
                .collect()
        };
        while !behind.is_empty() {
            let mut rest = Vec::new();
            for held in behind.chunks(limits::RESUME_CONVERSATIONS) {
                self.lock().resuming.extend(held.iter().map(|held| held.conversation));
                match self.ask(Request::Resume { held: held.to_vec() }).await?.result {
                    Ok(Reply::Done) => {}
                    other => panic!("a resume is answered by {other:?}"),
                }
                let memory = self.lock();
                for held in held {
                    if memory.resuming.contains(&held.conversation) {
                        let entries = &memory.held[&held.conversation];
                        let last = entries.last().expect("it held something").id;
                        rest.push(Held { conversation: held.conversation, last });
                    }
                }
            }
            behind = rest;
        }
        Ok(())
    }
}
