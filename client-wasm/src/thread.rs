//! What a conversation's list shows: entries and unsent messages become rows with day
//! separators, groups, marks and the "new messages" divider. Pure.

use std::rc::Rc;

use shared_proto::conversation::event::Event;
use shared_proto::id::{ClientMessageId, EntryId, PersonId};
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;
use shared_proto::wire::Cursor;

use crate::state::{Content, Conversation, Line, Older, OutboxItem, Stage};

/// Of a message that is answered this much is shown, in Unicode scalars.
const QUOTED_SCALARS: usize = 120;
/// Messages of one author closer than this stand together, in milliseconds.
const GROUP_MS: u64 = 5 * 60 * 1000;

/// How far a message of one's own has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// On its way.
    Sending,
    /// Stored by the server.
    Sent,
    /// On a device of everyone else.
    Delivered,
    /// On everyone else's screen.
    Read,
    /// Refused.
    Refused,
}

impl Mark {
    /// Its name in `data-mark` and in the Fluent messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Refused => "refused",
        }
    }
}

/// What a row is, whatever it says: stays the same while a message goes from unsent to read, so
/// that its element and measured height stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// The beginning of the conversation, or the sign that older history is on its way.
    Start,
    /// The separator of a local day.
    Day(i64),
    /// "New messages".
    Divider,
    /// An entry.
    Entry(EntryId),
    /// A message of one's own.
    Own(ClientMessageId),
}

impl Key {
    /// Whether it stays where it is among its neighbours when older history arrives. The top of
    /// the list, the day and the divider that stand there move up.
    #[must_use]
    pub const fn stays(self) -> bool {
        matches!(self, Self::Entry(_) | Self::Own(_))
    }
}

/// A message as a row shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Its entry; `None` until it is stored.
    pub entry: Option<EntryId>,
    /// The author's own id for it.
    pub client: Option<ClientMessageId>,
    /// When: the server's time, this device's until it is stored.
    pub at: Millis,
    /// Whose.
    pub author: PersonId,
    /// Whether it is one's own.
    pub own: bool,
    /// The message it answers.
    pub quoted: Option<Quoted>,
    /// What it says.
    pub content: Content,
    /// How far it has come, for one's own.
    pub mark: Option<Mark>,
    /// In a group: how many of the others have read it.
    pub read_by: Option<(usize, usize)>,
    /// Whether it is the newest of one's own: its mark is spelled out.
    pub newest: bool,
    /// Whether it begins a group.
    pub first: bool,
    /// Whether it ends a group.
    pub last: bool,
    /// Why it, or its withdrawal, was refused or is delayed.
    pub refusal: Option<Refusal>,
    /// Whether its withdrawal is on its way.
    pub withdrawing: bool,
    /// For a file of one's own: who sees nothing of it.
    pub hidden_from: Vec<PersonId>,
}

/// The message another one answers, as far as it is here.
#[derive(Clone, Debug, PartialEq)]
pub struct Quoted {
    /// Which.
    pub entry: EntryId,
    /// Whose, when it is held.
    pub author: Option<PersonId>,
    /// Its beginning; `None` when it was withdrawn, or is not held.
    pub text: Option<Rc<str>>,
}

impl Quoted {
    /// Of a message of this conversation.
    #[must_use]
    pub fn of(conversation: &Conversation, entry: EntryId) -> Self {
        let lines = conversation.thread.as_ref().map_or(&[][..], |thread| &thread.lines);
        let found = lines.binary_search_by(|line| line.entry.cmp(&entry));
        let line = found.ok().map(|index| &lines[index]);
        let text = line.and_then(|line| match &line.content {
            Content::Text(text) => Some(text.chars().take(QUOTED_SCALARS).collect::<String>()),
            _ => None,
        });
        Self { entry, author: line.map(|line| line.author), text: text.map(Rc::from) }
    }
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// The top of the list.
    Start(Older),
    /// A day begins.
    Day(i64, Millis),
    /// "New messages".
    Divider,
    /// Something that happened, and who did it.
    Note(EntryId, PersonId, Rc<Event>),
    /// A form that was assigned or submitted, by whom, and whether it is submitted.
    Form(EntryId, PersonId, Rc<Event>, bool),
    /// A message.
    Message(Rc<Message>),
}

impl Item {
    /// What it is.
    #[must_use]
    pub fn key(&self) -> Key {
        match self {
            Self::Start(_) => Key::Start,
            Self::Day(day, _) => Key::Day(*day),
            Self::Divider => Key::Divider,
            Self::Note(entry, ..) | Self::Form(entry, ..) => Key::Entry(*entry),
            Self::Message(message) => match (message.own, message.client, message.entry) {
                (true, Some(client), _) => Key::Own(client),
                (_, _, Some(entry)) => Key::Entry(entry),
                (_, Some(client), None) => Key::Own(client),
                (_, None, None) => Key::Start,
            },
        }
    }

    /// Its entry, when it is one.
    #[must_use]
    pub fn entry(&self) -> Option<EntryId> {
        match self {
            Self::Note(entry, ..) | Self::Form(entry, ..) => Some(*entry),
            Self::Message(message) => message.entry,
            _ => None,
        }
    }
}

/// The rows of `conversation` for `me`, oldest first. `day_of` gives the local day of a time, as
/// a number that rises by one a day.
#[must_use]
pub fn items(
    conversation: &Conversation,
    outbox: &[OutboxItem],
    me: PersonId,
    day_of: &dyn Fn(Millis) -> i64,
) -> Vec<Item> {
    let Some(thread) = &conversation.thread else { return Vec::new() };
    let others: Vec<PersonId> = conversation.others(me).map(|person| person.id).collect();
    let known = conversation.cursors.iter();
    let cursors: Vec<Cursor> =
        known.filter(|cursor| others.contains(&cursor.person)).copied().collect();
    let mut list = List {
        items: Vec::with_capacity(thread.lines.len() + 16),
        day: None,
        previous: None,
        day_of,
    };
    list.items.push(Item::Start(thread.older));
    let mut divided = false;
    let submitted = submitted(&thread.lines);
    for line in &thread.lines {
        let news = line.author != me && line.is_message();
        if !divided && news && thread.divider.is_some_and(|mark| line.entry > mark) {
            list.begin_day(line.at);
            list.divide();
            divided = true;
        }
        if let Content::Note(event) = &line.content {
            list.begin_day(line.at);
            let event = Rc::clone(event);
            list.items.push(match &*event {
                Event::Assigned(_) => {
                    let submitted = submitted.contains(&line.entry);
                    Item::Form(line.entry, line.author, event, submitted)
                }
                Event::Submitted(_) => Item::Form(line.entry, line.author, event, true),
                _ => Item::Note(line.entry, line.author, event),
            });
            list.previous = None;
            continue;
        }
        list.push(of_line(conversation, line, me, &others, &cursors));
    }
    for item in outbox.iter().filter(|item| item.conversation == conversation.id) {
        list.push(of_outbox(conversation, item, me));
    }
    let newest = list.items.iter_mut().rev().find_map(|item| match item {
        Item::Message(message) => message.mark.is_some().then_some(message),
        _ => None,
    });
    if let Some(newest) = newest {
        Rc::make_mut(newest).newest = true;
    }
    list.items
}

/// The entries that assigned a form which is submitted. Of a form that is here, that it was
/// submitted is here too: it comes later.
fn submitted(lines: &[Rc<Line>]) -> Vec<EntryId> {
    let assigned = |line: &Rc<Line>| match &line.content {
        Content::Note(event) => match &**event {
            Event::Submitted(body) => Some(body.assigned),
            _ => None,
        },
        _ => None,
    };
    lines.iter().filter_map(assigned).collect()
}

struct List<'a> {
    items: Vec<Item>,
    day: Option<i64>,
    /// Index of the message before, while a group may go on.
    previous: Option<usize>,
    day_of: &'a dyn Fn(Millis) -> i64,
}

impl List<'_> {
    /// Days only ever begin: a clock that ran back adds no second separator.
    fn begin_day(&mut self, at: Millis) {
        let day = (self.day_of)(at);
        if self.day.is_none_or(|before| before < day) {
            self.day = Some(day);
            self.items.push(Item::Day(day, at));
            self.previous = None;
        }
    }

    fn divide(&mut self) {
        self.items.push(Item::Divider);
        self.previous = None;
    }

    fn push(&mut self, mut message: Message) {
        self.begin_day(message.at);
        let index = self.previous;
        if let Some(Item::Message(before)) = index.and_then(|index| self.items.get_mut(index))
            && before.author == message.author
            && message.at.since(before.at) < GROUP_MS
        {
            Rc::make_mut(before).last = false;
            message.first = false;
        }
        self.previous = Some(self.items.len());
        self.items.push(Item::Message(Rc::new(message)));
    }
}

fn of_line(
    conversation: &Conversation,
    line: &Line,
    me: PersonId,
    others: &[PersonId],
    cursors: &[Cursor],
) -> Message {
    let own = line.author == me;
    let marked = own && line.is_sent();
    let file = match &line.content {
        Content::File(file) => Some(file),
        _ => None,
    };
    // Whoever it is hidden from never gets it.
    let sees = |person: PersonId| file.is_none_or(|file| file.is_for(person));
    let others = others.iter().filter(|person| sees(**person)).count();
    let cursors = || cursors.iter().filter(|cursor| sees(cursor.person));
    let reached = |mark: Option<EntryId>| mark >= Some(line.entry);
    let read = cursors().filter(|cursor| reached(cursor.read)).count();
    let received = cursors().filter(|cursor| reached(cursor.received.max(cursor.read)));
    let mark = marked.then(|| {
        if others > 0 && read == others {
            Mark::Read
        } else if others > 0 && received.count() == others {
            Mark::Delivered
        } else {
            Mark::Sent
        }
    });
    let hidden_from = file.filter(|_| own);
    let hidden_from = hidden_from.map(|file| conversation.hidden_from(line.entry, file, me));
    let refused = conversation.withdraw_refused.filter(|refused| refused.0 == line.entry);
    Message {
        entry: Some(line.entry),
        client: line.client,
        at: line.at,
        author: line.author,
        own,
        quoted: line.quoted.map(|entry| Quoted::of(conversation, entry)),
        content: line.content.clone(),
        mark,
        read_by: (marked && others > 1 && read > 0).then_some((read, others)),
        newest: false,
        first: true,
        last: true,
        refusal: refused.map(|refused| refused.1),
        withdrawing: conversation.withdrawing.contains(&line.entry),
        hidden_from: hidden_from.unwrap_or_default(),
    }
}

fn of_outbox(conversation: &Conversation, item: &OutboxItem, me: PersonId) -> Message {
    let (mark, entry, refusal) = match item.stage {
        Stage::Waiting | Stage::InFlight => (Mark::Sending, None, item.delayed),
        Stage::Stored(entry) => (Mark::Sent, Some(entry), None),
        Stage::Refused(refusal) => (Mark::Refused, None, Some(refusal)),
    };
    Message {
        entry,
        client: Some(item.id),
        at: item.at,
        author: me,
        own: true,
        quoted: item.quoted.map(|entry| Quoted::of(conversation, entry)),
        content: Content::Text(item.text.clone()),
        mark: Some(mark),
        read_by: None,
        newest: false,
        first: true,
        last: true,
        refusal,
        withdrawing: false,
        hidden_from: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
