//! What a socket has told so far, folded as the browser folds it.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Instant;

use shared_proto::entry::Entry;
use shared_proto::id::ConversationId;
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{CatchUp, Reply, ServerEvent};
use tokio::sync::oneshot;

/// An event and when it came.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Its place among all frames of this socket, replies included.
    pub order: u64,
    /// When it was read.
    pub at: Instant,
    /// What it says.
    pub event: ServerEvent,
}

/// An answer and its place among all frames of this socket.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its place.
    pub order: u64,
    /// What it says.
    pub result: Result<Reply, Refusal>,
}

/// What a client remembers.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) me: Option<PersonCard>,
    pub(super) frames: u64,
    pub(super) events: VecDeque<Arrival>,
    pub(super) waiting: HashMap<u32, oneshot::Sender<Answer>>,
    pub(super) next_request: u32,
    pub(super) held: HashMap<ConversationId, Vec<Entry>>,
    pub(super) resuming: HashSet<ConversationId>,
    pub(super) breaches: Vec<String>,
    pub(super) closed: Option<Option<u16>>,
}

impl Memory {
    /// Takes in an event.
    pub(super) fn fold(&mut self, event: &ServerEvent) {
        match event {
            ServerEvent::Hello(hello) => {
                if self.frames != 1 {
                    self.breaches.push("a greeting that is not the first frame".to_owned());
                }
                self.me = Some(hello.me.clone());
            }
            ServerEvent::Entries { conversation, entries }
                if !self.resuming.contains(conversation) =>
            {
                self.append(*conversation, entries);
            }
            ServerEvent::CaughtUp { conversation, catch_up: CatchUp::Page { page, .. } } => {
                self.append(*conversation, &page.entries);
                if !page.more {
                    self.resuming.remove(conversation);
                }
            }
            ServerEvent::CaughtUp { conversation, .. } => {
                self.resuming.remove(conversation);
                self.held.remove(conversation);
            }
            _ => {}
        }
    }

    fn append(&mut self, conversation: ConversationId, entries: &[Entry]) {
        let held = self.held.entry(conversation).or_default();
        for entry in entries {
            match held.last() {
                Some(last) if last.id >= entry.id => {
                    self.breaches.push(format!("{} after {} in {conversation}", entry.id, last.id))
                }
                _ => held.push(entry.clone()),
            }
        }
    }
}
