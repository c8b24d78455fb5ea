//! What lies beside a conversation and is the person's own: drafts, the same on every device, and
//! what waits to be sent or done.

use std::rc::Rc;

use shared_proto::conversation::command::Command;
use shared_proto::id::{ClientMessageId, ConversationId};
use shared_proto::refusal::Refusal;
use shared_proto::wire::Pending;

use super::{Effect, News, State, Timer, retry_after_ms};
use crate::protocol::Request;

/// A draft is kept when typing pauses this long, in milliseconds.
const SAVE_MS: u64 = 700;

impl State {
    /// What stands in a composer differs from what the server keeps, or is about to, as far as that is
    /// known.
    fn is_dirty(&self, id: ConversationId) -> bool {
        let here = self.drafts.get(&id).map_or("", |draft| draft.as_ref());
        let kept = self.keeping.get(&id).or_else(|| self.kept_drafts.get(&id));
        self.unsure.contains(&id) || kept.map_or("", |kept| kept.as_ref()) != here
    }

    /// Whether closing the page, or signing out, would lose a draft.
    pub(super) fn has_unkept_draft(&self) -> bool {
        let written = |(id, draft): (&ConversationId, &Rc<str>)| {
            !draft.trim().is_empty() && self.is_dirty(*id)
        };
        self.drafts.iter().any(written)
    }

    /// Somebody types: it is kept when they pause.
    pub(super) fn draft_changed(&mut self, id: ConversationId) {
        if self.saving.insert(id) {
            self.effects.push(Effect::After(SAVE_MS, Timer::Draft(id)));
        }
    }

    /// Keeps a draft now, if it is another than the one that is kept; one at a time.
    pub(super) fn save_draft(&mut self, id: ConversationId) {
        self.saving.remove(&id);
        if !self.link.is_live() || self.keeping.contains_key(&id) || !self.is_dirty(id) {
            return;
        }
        let text = self.drafts.get(&id).cloned().unwrap_or_default();
        self.unsure.remove(&id);
        self.keeping.insert(id, text.clone());
        self.ask(Request::Draft { conversation: id, text: text.to_string() });
    }

    /// What was on its way is kept now.
    pub(super) fn draft_kept(&mut self, id: ConversationId) {
        let Some(text) = self.keeping.remove(&id) else { return };
        if let Some(conversation) = self.conversation_mut(id) {
            conversation.draft = !text.is_empty();
        }
        self.kept_drafts.insert(id, text);
        if !self.drafts.contains_key(&id) {
            // Sent meanwhile, or removed: no other device is to show it for longer.
            self.save_draft(id);
        } else if self.is_dirty(id) {
            self.draft_changed(id);
        }
    }

    /// After a reconnect: everything typed, sent and removed meanwhile.
    pub(super) fn save_drafts(&mut self) {
        // Of any other, what the server keeps is told when its conversation opens.
        let known = self.kept_drafts.keys().chain(self.unsure.iter());
        let known: Vec<ConversationId> = known.copied().collect();
        for id in known {
            self.save_draft(id);
        }
    }

    /// The line dropped: whether what was on its way is kept nobody knows.
    pub(super) fn drafts_lost(&mut self) {
        for (id, _) in std::mem::take(&mut self.keeping) {
            self.kept_drafts.remove(&id);
            self.unsure.insert(id);
        }
    }

    pub(super) fn draft_refused(&mut self, id: ConversationId, why: &Refusal) {
        self.keeping.remove(&id);
        self.kept_drafts.remove(&id);
        if let Some(wait) = retry_after_ms(why) {
            self.unsure.insert(id);
            if self.saving.insert(id) {
                self.effects.push(Effect::After(wait, Timer::Draft(id)));
            }
        }
    }

    /// What the server keeps: shown here, unless something else was typed here since. What is on its
    /// way from here is newer than anything it says until it has answered.
    pub(super) fn draft_is(&mut self, id: ConversationId, text: &str) {
        if self.keeping.contains_key(&id) {
            return;
        }
        let touched = self.is_dirty(id);
        self.unsure.remove(&id);
        self.kept_drafts.insert(id, text.into());
        if let Some(conversation) = self.conversation_mut(id) {
            conversation.draft = !text.is_empty();
        }
        if touched {
            self.draft_changed(id);
        } else if text.is_empty() {
            self.drafts.remove(&id);
        } else {
            self.drafts.insert(id, text.into());
        }
    }

    pub(super) fn pending(&mut self, id: ConversationId, pending: Pending) {
        if let Some(refusal) = pending.refused {
            self.announce(News::Refused(refusal));
        }
        if let Some(conversation) = self.conversation_mut(id) {
            conversation.pending.retain(|known| known.id != pending.id);
            let order = |pending: &Pending| (pending.due, pending.id);
            let before = |known: &Pending| order(known) < order(&pending);
            let at = conversation.pending.partition_point(before);
            conversation.pending.insert(at, pending);
            conversation.waits = true;
        }
    }

    pub(super) fn settled(&mut self, id: ConversationId, which: ClientMessageId) {
        if let Some(conversation) = self.conversation_mut(id) {
            conversation.pending.retain(|known| known.id != which);
            conversation.waits = !conversation.pending.is_empty();
        }
    }

    /// Takes back what waits. With `keep`, its text goes into the composer.
    pub(super) fn call_back(&mut self, id: ConversationId, which: ClientMessageId, keep: bool) {
        self.calling.retain(|(_, known, _)| *known != which);
        self.calling.push((id, which, keep));
        self.ask_called();
    }

    /// Asks for everything that is called back and not under way: also what the line dropped with,
    /// whose text may be in no other place any more.
    pub(super) fn ask_called(&mut self) {
        for (conversation, id, _) in self.calling.clone() {
            let request = Request::CallBack { conversation, id };
            if !self.requests.is_asked(&request) {
                self.ask(request);
            }
        }
    }

    /// It is answered; whether its text is wanted.
    fn answered(&mut self, which: ClientMessageId) -> bool {
        let at = self.calling.iter().position(|(_, known, _)| *known == which);
        at.is_none_or(|at| self.calling.remove(at).2)
    }

    pub(super) fn called_back(
        &mut self,
        id: ConversationId,
        which: ClientMessageId,
        command: Command,
    ) {
        let keep = self.answered(which);
        self.settled(id, which);
        if let Command::Send { text, quoted, .. } = command
            && keep
        {
            self.back_into_composer(id, &text);
            if let Some(quoted) = quoted {
                self.replying.insert(id, quoted);
            }
        }
    }

    pub(super) fn call_back_refused(
        &mut self,
        id: ConversationId,
        which: ClientMessageId,
        refusal: Refusal,
    ) {
        // What is not known may have been done: it is asked again after the next connection.
        if refusal != Refusal::Unavailable {
            self.answered(which);
        }
        match refusal {
            // It was sent, or taken back in another window, meanwhile.
            Refusal::NotFound => self.settled(id, which),
            refusal => self.announce(News::Refused(refusal)),
        }
    }

    /// Before whatever stands there.
    pub(super) fn back_into_composer(&mut self, id: ConversationId, text: &str) {
        let draft = self.drafts.get(&id).filter(|draft| !draft.trim().is_empty());
        let text = draft.map_or_else(|| text.to_owned(), |draft| format!("{text}\n{draft}"));
        self.drafts.insert(id, text.into());
        self.draft_changed(id);
    }
}
