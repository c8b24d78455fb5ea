//! What a client has been told, now or once it has.

use shared_proto::entry::Entry;
use shared_proto::id::{ConversationId, EntryId};
use shared_proto::wire::{Request, ServerEvent};

use super::memory::{Arrival, Memory};
use super::{TestClient, texts};
use crate::support::wait::PATIENCE;

impl TestClient {
    /// What `probe` finds in its memory, now or later; `what` names it.
    pub(super) async fn until<T>(
        &self,
        what: &str,
        mut probe: impl FnMut(&mut Memory) -> Option<T> + Send,
    ) -> T {
        let mut changes = self.changes.clone();
        let waiting = async {
            loop {
                changes.mark_unchanged();
                if let Some(found) = probe(&mut self.lock()) {
                    return Some(found);
                }
                if changes.changed().await.is_err() {
                    return probe(&mut self.lock());
                }
            }
        };
        match tokio::time::timeout(PATIENCE, waiting).await {
            Ok(Some(found)) => found,
            Ok(None) => panic!("the socket closed while waiting for {what}: {:?}", self.seen()),
            Err(_) => panic!("waited {PATIENCE:?} in vain for {what}: {:?}", self.seen()),
        }
    }

    fn seen(&self) -> (Option<Option<u16>>, Vec<ServerEvent>) {
        let memory = self.lock();
        let events = memory.events.iter().map(|arrival| arrival.event.clone()).take(20).collect();
        (memory.closed, events)
    }

    /// The first event `probe` answers to, now or later; it is taken out, others stay.
    ///
    /// # Panics
    /// When none comes; `what` names it.
    pub async fn event<T>(
        &self,
        what: &str,
        mut probe: impl FnMut(&Arrival) -> Option<T> + Send,
    ) -> T {
        self.until(what, |memory| {
            let (place, found) = memory
                .events
                .iter()
                .enumerate()
                .find_map(|(place, arrival)| Some((place, probe(arrival)?)))?;
            memory.events.remove(place);
            Some(found)
        })
        .await
    }

    /// Takes every event that has come so far.
    #[must_use]
    pub fn take_events(&self) -> Vec<Arrival> {
        self.lock().events.drain(..).collect()
    }

    /// Asks for something, and so waits until the server has handled all that was said before.
    ///
    /// # Panics
    /// When the server refuses or the socket closes.
    pub async fn settle(&self) {
        self.request(Request::Ping).await.expect("a ping is never refused");
    }

    /// The close code, once the socket has closed; `None` when it broke without one.
    pub async fn close_code(&self) -> Option<u16> {
        self.until("the socket to close", |memory| memory.closed).await
    }

    /// Whether the socket has closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.lock().closed.is_some()
    }

    /// The entries it holds of a conversation, in order.
    #[must_use]
    pub fn held(&self, conversation: ConversationId) -> Vec<Entry> {
        self.lock().held.get(&conversation).cloned().unwrap_or_default()
    }

    /// The last entry it holds of a conversation.
    #[must_use]
    pub fn last_held(&self, conversation: ConversationId) -> Option<EntryId> {
        self.lock().held.get(&conversation)?.last().map(|entry| entry.id)
    }

    /// Everything the server did against its own contract: entries out of order or twice.
    #[must_use]
    pub fn breaches(&self) -> Vec<String> {
        self.lock().breaches.clone()
    }

    /// Waits until the last `texts.len()` messages it holds read `texts`.
    pub async fn reads(&self, conversation: ConversationId, expected: &[&str]) {
        self.until(&format!("the messages {expected:?}"), |memory| {
            let held = texts(memory.held.get(&conversation)?);
            held.ends_with(&expected.iter().map(ToString::to_string).collect::<Vec<_>>())
                .then_some(())
        })
        .await;
    }

    /// Waits until it holds at least `count` messages of a conversation.
    pub async fn holds(&self, conversation: ConversationId, count: usize) {
        self.until(&format!("{count} messages"), |memory| {
            (texts(memory.held.get(&conversation)?).len() >= count).then_some(())
        })
        .await;
    }
}
