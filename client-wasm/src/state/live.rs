//! What is only true now: who types, who is here.

use shared_proto::id::{ConversationId, PersonId};
use shared_proto::limits::{TYPING_MS, TYPING_REPEAT_MS};

use super::{Effect, Env, State, Timer};
use crate::protocol::Request;

/// How often it sounds at most, in milliseconds, however much comes.
const SOUND_EVERY_MS: u64 = 3_000;

impl State {
    pub(super) fn typing(&mut self, env: Env, id: ConversationId, person: PersonId) {
        if self.me().is_some_and(|me| me.id == person) {
            return;
        }
        let Some(conversation) = self.conversation_mut(id) else { return };
        let until = env.now + TYPING_MS;
        match conversation.typing.iter_mut().find(|(typing, _)| *typing == person) {
            Some(known) => known.1 = until,
            None => conversation.typing.push((person, until)),
        }
        self.effects.push(Effect::After(TYPING_MS, Timer::Typing(id)));
    }

    pub(super) fn forget_typing(&mut self, env: Env, id: ConversationId) {
        let over = |until: u64| until <= env.now;
        let Some(conversation) = self.conversations.get_mut(&id) else { return };
        if conversation.typing.iter().any(|(_, until)| over(*until)) {
            conversation.make_mut().typing.retain(|(_, until)| !over(*until));
        }
    }

    pub(super) fn presence(&mut self, id: ConversationId, person: PersonId, here: bool) {
        if self.me().is_some_and(|me| me.id == person) {
            return;
        }
        let Some(conversation) = self.conversation_mut(id) else { return };
        if here {
            conversation.here.insert(person);
        } else {
            conversation.here.remove(&person);
            conversation.typing.retain(|(typing, _)| *typing != person);
        }
    }

    /// Something came for somebody who does not look at it: sounds, if they wish that. Who never
    /// said anything is asked about once.
    pub(super) fn make_sound(&mut self, env: Env) {
        match self.sound {
            None if !self.requests.is_asked(&Request::Notices) => self.ask(Request::Notices),
            Some(true) if env.now.saturating_sub(self.sounded_at) >= SOUND_EVERY_MS => {
                self.sounded_at = env.now;
                self.effects.push(Effect::Sound);
            }
            _ => {}
        }
    }

    /// Says that this person types, at most every [`TYPING_REPEAT_MS`].
    pub(super) fn i_am_typing(&mut self, env: Env, id: ConversationId) {
        let last = self.typed_at.get(&id).copied().unwrap_or_default();
        if self.link.is_live() && env.now.saturating_sub(last) >= TYPING_REPEAT_MS {
            self.typed_at.insert(id, env.now);
            self.ask(Request::Typing { conversation: id });
        }
    }
}
