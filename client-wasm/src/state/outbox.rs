//! Messages on their way: drawn at once, sent in order, once, however often the line drops.

use std::rc::Rc;

use shared_proto::conversation::decide::message_text;
use shared_proto::conversation::event::Event;
use shared_proto::entry::Entry;
use shared_proto::id::{ClientMessageId, ConversationId, EntryId};
use shared_proto::limits;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;

use super::attaching::{Attachment, Step};
use super::{Effect, Env, News, State, Sync, Timer, retry_after_ms};
use crate::protocol::Request;

/// Sends unanswered at a time. One conversation has one at most: a later message must not
/// overtake one that was refused in passing.
const IN_FLIGHT: usize = 16;
const _: () = assert!(IN_FLIGHT < limits::REQUESTS_PENDING);

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Not sent, or sent over a line that dropped.
    Waiting,
    /// Sent, not answered.
    InFlight,
    /// Stored; its entry is about to arrive.
    Stored(EntryId),
    /// Refused for good, unless the person changes something.
    Refused(Refusal),
}

/// A message not yet seen in its conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxItem {
    /// Where it goes.
    pub conversation: ConversationId,
    /// Recognises it.
    pub id: ClientMessageId,
    /// The last entry held when it was first sent; `None` before.
    pub held: Option<Option<EntryId>>,
    /// Trimmed.
    pub text: Rc<str>,
    /// The message it answers.
    pub quoted: Option<EntryId>,
    /// When it was written, by this device.
    pub at: Millis,
    /// Where it stands.
    pub stage: Stage,
    /// Not before this time, milliseconds since 1970.
    pub not_before: u64,
    /// Why it is still waiting, when it was refused in passing.
    pub delayed: Option<Refusal>,
}

/// What of a conversation is not sent, as its row in the inbox says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsent {
    /// This text, or a file of this name, waits or is on its way.
    Sending(Rc<str>),
    /// This text, or a file of this name, was refused.
    Refused(Rc<str>),
}

impl Unsent {
    /// Of this conversation, messages before files: what was refused first, since it needs the
    /// person.
    #[must_use]
    pub fn of(
        outbox: &[OutboxItem],
        files: &[Attachment],
        conversation: ConversationId,
    ) -> Option<Self> {
        let of_it = || outbox.iter().filter(|item| item.conversation == conversation);
        let files = || files.iter().filter(|item| item.conversation == conversation);
        let refused = of_it().find(|item| matches!(item.stage, Stage::Refused(_)));
        let failed = || files().find(|item| matches!(item.step, Step::Failed(_)));
        let sending = || of_it().rfind(|item| !matches!(item.stage, Stage::Stored(_)));
        let going = || files().rfind(|item| !matches!(item.step, Step::Stored(_)));
        refused
            .map(|item| Self::Refused(item.text.clone()))
            .or_else(|| failed().map(|item| Self::Refused(item.name.clone())))
            .or_else(|| sending().map(|item| Self::Sending(item.text.clone())))
            .or_else(|| going().map(|item| Self::Sending(item.name.clone())))
    }
}

/// Something written for a conversation that is no longer there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftBehind {
    /// Which message; `None` for what stood in the composer.
    pub message: Option<ClientMessageId>,
    /// What it says.
    pub text: Rc<str>,
}

impl State {
    /// What was written for this conversation and not sent.
    #[must_use]
    pub fn left_behind(&self, id: ConversationId) -> Vec<LeftBehind> {
        let sent = self.outbox.iter().filter(|item| item.conversation == id);
        let messages =
            sent.map(|item| LeftBehind { message: Some(item.id), text: item.text.clone() });
        let draft = self.drafts.get(&id).filter(|draft| !draft.trim().is_empty());
        let draft = draft.map(|text| LeftBehind { message: None, text: text.clone() });
        messages.chain(draft).collect()
    }

    /// A conversation that is gone while something written for it is still here.
    #[must_use]
    pub fn stranded(&self) -> Option<ConversationId> {
        let gone = self.gone.iter().filter(|id| !self.conversations.contains_key(id));
        gone.copied().find(|id| !self.left_behind(*id).is_empty())
    }

    pub(super) fn draft(&mut self, env: Env, conversation: ConversationId, text: &str) {
        self.draft_changed(conversation);
        let before = self.drafts.get(&conversation).map_or("", |draft| draft.as_ref());
        let grew = text.trim() != before.trim();
        if text.is_empty() {
            self.drafts.remove(&conversation);
        } else {
            self.drafts.insert(conversation, text.into());
            if grew && !text.trim().is_empty() {
                self.i_am_typing(env, conversation);
            }
        }
    }

    pub(super) fn submit(&mut self, env: Env, conversation: ConversationId, id: ClientMessageId) {
        let Some(draft) = self.drafts.get(&conversation) else { return };
        // The server's own rule; the composer shows what it says before anything is sent.
        let Ok(text) = message_text(draft) else { return };
        let item = OutboxItem {
            conversation,
            id,
            held: None,
            text: text.into(),
            quoted: self.replying.remove(&conversation),
            at: Millis(env.now),
            stage: Stage::Waiting,
            not_before: 0,
            delayed: None,
        };
        self.outbox.make_mut().push(item);
        self.drafts.remove(&conversation);
        self.typed_at.remove(&conversation);
        self.save_draft(conversation);
        self.latest(conversation);
        self.pump(env);
    }

    pub(super) fn retry(&mut self, env: Env, id: ClientMessageId) {
        if let Some(item) = self.outbox_item(id) {
            if item.stage == Stage::Refused(Refusal::TooFarBehind) {
                // The person has looked and not found it: it is a new message from here on.
                item.held = None;
            }
            item.stage = Stage::Waiting;
            item.not_before = 0;
            self.pump(env);
        }
    }

    pub(super) fn discard(&mut self, env: Env, id: ClientMessageId) {
        self.outbox.make_mut().retain(|item| item.id != id);
        self.pump(env);
    }

    /// Back into the composer, before whatever stands there.
    pub(super) fn edit(&mut self, env: Env, id: ClientMessageId) {
        let Some(item) = self.outbox.iter().find(|item| item.id == id).cloned() else { return };
        let draft = self.drafts.get(&item.conversation);
        let text = match draft.filter(|draft| !draft.trim().is_empty()) {
            Some(draft) => format!("{}\n{draft}", item.text),
            None => item.text.to_string(),
        };
        self.drafts.insert(item.conversation, text.into());
        self.draft_changed(item.conversation);
        if let Some(quoted) = item.quoted {
            self.replying.insert(item.conversation, quoted);
        }
        self.discard(env, id);
    }

    fn outbox_item(&mut self, id: ClientMessageId) -> Option<&mut super::OutboxItem> {
        self.outbox.make_mut().iter_mut().find(|item| item.id == id)
    }

    /// Sends what may be sent now.
    pub(super) fn pump(&mut self, env: Env) {
        if !self.link.is_live() || self.outbox.is_empty() {
            return;
        }
        let Some(me) = self.me().map(|me| me.id) else { return };
        let is_in_flight = |item: &&OutboxItem| item.stage == Stage::InFlight;
        let mut in_flight = self.outbox.iter().filter(is_in_flight).count();
        let mut busy: Vec<ConversationId> = Vec::new();
        let mut outbox = self.outbox.clone();
        for index in 0..outbox.len() {
            let item = &outbox[index];
            let (id, stage) = (item.conversation, item.stage);
            if !matches!(stage, Stage::Waiting | Stage::InFlight) || busy.contains(&id) {
                continue;
            }
            busy.push(id);
            let known = self.conversations.get(&id);
            let synced = known.and_then(|known| known.thread.as_ref());
            let synced = synced.is_none_or(|thread| thread.sync == Sync::Live);
            if stage == Stage::InFlight || in_flight >= IN_FLIGHT || !synced {
                continue;
            }
            if item.not_before > env.now {
                let wait = item.not_before - env.now;
                self.effects.push(Effect::After(wait, Timer::Outbox));
                continue;
            }
            let held = item.held.unwrap_or_else(|| known.and_then(|known| known.last_known(me)));
            let item = &mut outbox.make_mut()[index];
            item.held = Some(held);
            item.stage = Stage::InFlight;
            in_flight += 1;
            let (client_message_id, text) = (item.id, item.text.to_string());
            let quoted = item.quoted;
            self.ask(Request::Send { conversation: id, client_message_id, held, text, quoted });
        }
        self.outbox = outbox;
    }

    pub(super) fn stored(&mut self, env: Env, id: ClientMessageId, entry: EntryId) {
        let Some(item) = self.outbox.iter().find(|item| item.id == id) else {
            return self.pump(env);
        };
        // Its entry has come already, or will not be drawn here: nothing is left to wait for.
        let thread = self.conversations.get(&item.conversation);
        let thread = thread.and_then(|conversation| conversation.thread.as_ref());
        let arrived = thread.is_none_or(|thread| thread.held.is_some_and(|held| held.1 >= entry));
        if arrived {
            self.outbox.make_mut().retain(|item| item.id != id);
        } else if let Some(item) = self.outbox_item(id) {
            item.stage = Stage::Stored(entry);
            item.delayed = None;
        }
        self.pump(env);
    }

    pub(super) fn send_refused(&mut self, env: Env, id: ClientMessageId, refusal: Refusal) {
        if let Some(item) = self.outbox_item(id) {
            match retry_after_ms(&refusal) {
                Some(wait) => {
                    let told = item.delayed.replace(refusal).is_some();
                    item.stage = Stage::Waiting;
                    item.not_before = env.now + wait;
                    if !told {
                        self.announce(News::Delayed(refusal));
                    }
                }
                None => {
                    item.stage = Stage::Refused(refusal);
                    self.announce(News::Refused(refusal));
                }
            }
        }
        self.pump(env);
    }

    /// Clears what has arrived as an entry.
    pub(super) fn clear_sent(&mut self, conversation: ConversationId, entries: &[Entry]) {
        let Some(me) = self.me().map(|me| me.id) else { return };
        if !self.outbox.iter().any(|item| item.conversation == conversation) {
            return;
        }
        let arrived = entries.iter().filter(|entry| entry.author == me);
        let arrived: Vec<ClientMessageId> = arrived
            .filter_map(|entry| Some(Event::decode(entry).ok()?.said()?.client_message_id))
            .collect();
        if self.outbox.iter().any(|item| arrived.contains(&item.id)) {
            self.outbox.make_mut().retain(|item| !arrived.contains(&item.id));
        }
    }
}
