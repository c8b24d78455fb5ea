//! What a screen reader is told. Each piece of news is said once, in words that never change
//! afterwards: a live region whose words change is read again, one whose words are repeated is not.

use shared_proto::conversation::event::Event;
use shared_proto::entry::Entry;
use shared_proto::id::{ConversationId, EntryId, PersonId};
use shared_proto::refusal::Refusal;
use shared_proto::wire::CatchUp;

use super::{Effect, State, Timer};

/// How long news stays in the page, in milliseconds: long enough to be noticed.
const KEPT_MS: u64 = 10_000;
/// News in the page at a time. In a flood the oldest goes before its time: nobody is read that much.
const KEPT: usize = 20;
/// More messages than this at once are counted instead of read.
const READ: usize = 5;

/// Something to be said.
#[derive(Clone, Debug, PartialEq)]
pub struct Announcement {
    /// Rises by one: the same words twice are two announcements.
    pub number: u32,
    /// What.
    pub news: News,
}

/// What there is to say.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// A message in the conversation on screen.
    Here {
        /// Which.
        entry: EntryId,
        /// Whose, by name.
        name: String,
        /// What it says.
        text: String,
    },
    /// A message in another.
    Elsewhere {
        /// Whose, by name.
        name: String,
    },
    /// Messages that arrived together.
    Many {
        /// How many.
        count: usize,
        /// Who is in the conversation, by name.
        names: Vec<String>,
    },
    /// Something was refused.
    Refused(Refusal),
    /// A message is sent later.
    Delayed(Refusal),
}

/// What is read of an entry: the text of a message, the name of a file.
pub(super) fn spoken(event: Event) -> Option<String> {
    match event {
        Event::Shared(file) => Some(file.name),
        event => event.said()?.text,
    }
}

impl State {
    pub(super) fn announce(&mut self, news: News) {
        let number = self.announced.last().map_or(self.announced_before, |last| last.number) + 1;
        self.announced_before = number;
        let announced = self.announced.make_mut();
        if announced.len() == KEPT {
            announced.remove(0);
        }
        announced.push(Announcement { number, news });
        self.effects.push(Effect::After(KEPT_MS, Timer::Announced(number)));
    }

    pub(super) fn forget_announced(&mut self, number: u32) {
        if self.announced.iter().any(|said| said.number <= number) {
            self.announced.make_mut().retain(|said| said.number > number);
        }
    }

    /// What was taken back is not left in the page for a screen reader either.
    pub(super) fn unsay(&mut self, target: EntryId) {
        let says = |news: &News| matches!(news, News::Here { entry, .. } if *entry == target);
        if self.announced.iter().any(|said| says(&said.news)) {
            self.announced.make_mut().retain(|said| !says(&said.news));
        }
    }

    /// Messages of others that arrived live.
    pub(super) fn announce_messages(
        &mut self,
        id: ConversationId,
        messages: Vec<(EntryId, PersonId, String)>,
    ) {
        if messages.len() > READ {
            return self.announce_many(id, messages.len());
        }
        for (entry, author, text) in messages {
            let author = self.conversations.get(&id).and_then(|known| known.person(author));
            let name = author.map(|person| person.name.clone()).unwrap_or_default();
            self.announce(if self.open == Some(id) {
                News::Here { entry, name, text }
            } else {
                News::Elsewhere { name }
            });
        }
    }

    /// Before `catch_up` is taken in: counts the messages in it, and says how many once all are
    /// here.
    pub(super) fn count_missed(&mut self, id: ConversationId, catch_up: &CatchUp) {
        let CatchUp::Page { page, .. } = catch_up else {
            self.missed.remove(&id);
            return;
        };
        let Some(me) = self.me().map(|me| me.id) else { return };
        let message = |entry: &&Entry| {
            let said = || spoken(Event::decode(entry).ok()?);
            entry.author != me && said().is_some()
        };
        let held = self.conversations.get(&id).and_then(|known| known.thread.as_ref()?.held);
        let fresh = page.entries.iter().filter(|entry| held.is_none_or(|held| held.1 < entry.id));
        let count = fresh.filter(message).count() + self.missed.remove(&id).unwrap_or_default();
        if page.more {
            self.missed.insert(id, count);
        } else if count > 0 {
            self.announce_many(id, count);
        }
    }

    fn announce_many(&mut self, id: ConversationId, count: usize) {
        let Some(me) = self.me().map(|me| me.id) else { return };
        let Some(conversation) = self.conversations.get(&id) else { return };
        let names = conversation.others(me).map(|person| person.name.clone()).collect();
        self.announce(News::Many { count, names });
    }
}
