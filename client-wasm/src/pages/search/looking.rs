//! What is looked for and what was found so far. An answer that comes after another question is
//! nobody's.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use shared_proto::id::{ConversationId, PersonId};
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use shared_proto::search::{Found, Hit, Mark, Search};
use shared_proto::wire::{Reply, Request};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, MouseEvent, UseForceUpdateHandle, hook, use_force_update, use_mut_ref};

use crate::hooks::desk::{Desk, use_desk};
use crate::text::Text;

/// What was found.
#[derive(Clone, Default)]
pub struct Page {
    /// The entries so far, newest first.
    pub hits: Vec<Hit>,
    /// What their conversations are called by.
    talks: HashMap<ConversationId, Vec<PersonId>>,
    people: HashMap<PersonId, PersonCard>,
    next: Option<Mark>,
}

impl Page {
    fn add(&mut self, found: Found) {
        self.hits.extend(found.hits);
        self.talks.extend(found.talks.into_iter().map(|talk| (talk.conversation, talk.others)));
        self.people.extend(found.people.into_iter().map(|card| (card.id, card)));
        self.next = found.next;
    }
}

#[derive(Default)]
struct Inner {
    /// The how-manieth question the last is.
    number: u32,
    asked: Search,
    busy: bool,
    refused: Option<Refusal>,
    found: Option<Page>,
    /// Everyone who was named by what was found.
    met: HashMap<PersonId, PersonCard>,
}

/// A search under way, or what it came to.
#[derive(Clone)]
pub struct Looking {
    desk: Desk,
    update: UseForceUpdateHandle,
    inner: Rc<RefCell<Inner>>,
}

impl Looking {
    /// Looks for something else. What was found before stays until that is.
    pub fn look(&self, asked: Search) {
        self.ask(asked);
    }

    /// Nothing is looked for any more.
    pub fn clear(&self) {
        let mut inner = self.inner.borrow_mut();
        let number = inner.number.wrapping_add(1);
        let was_empty = inner.found.is_none() && !inner.busy && inner.refused.is_none();
        let met = std::mem::take(&mut inner.met);
        *inner = Inner { number, met, ..Inner::default() };
        drop(inner);
        if !was_empty {
            self.update.force_update();
        }
    }

    /// Goes on after what was found.
    pub fn more(&self) -> Callback<MouseEvent> {
        let looking = self.clone();
        Callback::from(move |_: MouseEvent| {
            let inner = looking.inner.borrow();
            let after = inner.found.as_ref().and_then(|found| found.next);
            let asked = Search { after, ..inner.asked.clone() };
            let busy = inner.busy;
            drop(inner);
            if after.is_some() && !busy {
                looking.ask(asked);
            }
        })
    }

    fn ask(&self, asked: Search) {
        let number = {
            let mut inner = self.inner.borrow_mut();
            inner.number = inner.number.wrapping_add(1);
            inner.asked = asked.clone();
            inner.busy = true;
            inner.refused = None;
            inner.number
        };
        let answer = self.desk.request(Request::Search(asked.clone()));
        let looking = self.clone();
        self.update.force_update();
        spawn_local(async move {
            let answer = answer.await;
            let mut inner = looking.inner.borrow_mut();
            if inner.number != number {
                return;
            }
            inner.busy = false;
            match answer {
                Ok(Reply::Found(found)) => {
                    if asked.after.is_none() {
                        inner.found = None;
                    }
                    inner.met.extend(found.people.iter().map(|card| (card.id, card.clone())));
                    inner.found.get_or_insert_default().add(found);
                }
                Ok(_) => {}
                Err(refusal) => {
                    inner.refused = Some(refusal);
                    if asked.after.is_none() {
                        inner.found = None;
                    }
                }
            }
            drop(inner);
            looking.update.force_update();
        });
    }

    /// Its name in `data-state`.
    pub fn state(&self) -> &'static str {
        let inner = self.inner.borrow();
        match (&inner.found, inner.busy) {
            (_, true) => "looking",
            (Some(_), false) => "ready",
            (None, false) if inner.refused.is_some() => "refused",
            (None, false) => "idle",
        }
    }

    /// What was found so far.
    pub fn found(&self) -> Option<Page> {
        self.inner.borrow().found.clone()
    }

    /// Why the last was refused.
    pub fn refused(&self) -> Option<Refusal> {
        self.inner.borrow().refused
    }

    /// Whether there may be more.
    pub fn goes_on(&self) -> bool {
        self.inner.borrow().found.as_ref().is_some_and(|found| found.next.is_some())
    }

    /// How many there are, in words.
    pub fn count(&self, text: &Text) -> String {
        let inner = self.inner.borrow();
        let Some(found) = &inner.found else { return String::new() };
        let count = u32::try_from(found.hits.len()).unwrap_or(u32::MAX);
        let words = if found.next.is_some() { "search-count-more" } else { "search-count" };
        text.say_with(words, &[("count", count.into())])
    }

    /// Whom a conversation is called by.
    pub fn others(&self, conversation: ConversationId) -> Vec<PersonCard> {
        let inner = self.inner.borrow();
        let Some(found) = &inner.found else { return Vec::new() };
        let others = found.talks.get(&conversation).into_iter().flatten();
        others.filter_map(|person| found.people.get(person).cloned()).collect()
    }

    /// Everyone named so far, in this search and those before it, and these.
    pub fn people(&self, known: &[PersonCard], me: PersonId) -> Vec<PersonCard> {
        let inner = self.inner.borrow();
        let met = inner.met.values().filter(|card| card.id != me);
        let mut people: Vec<PersonCard> = known.iter().chain(met).cloned().collect();
        people.sort_unstable_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        people.dedup_by_key(|card| card.id);
        people
    }

    /// Somebody by id.
    pub fn person(&self, person: PersonId) -> Option<PersonCard> {
        self.inner.borrow().found.as_ref()?.people.get(&person).cloned()
    }
}

/// Nothing looked for yet.
#[hook]
pub fn use_looking() -> Looking {
    let inner = use_mut_ref(Inner::default);
    Looking { desk: use_desk(), update: use_force_update(), inner }
}
