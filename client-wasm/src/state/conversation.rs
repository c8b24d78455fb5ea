//! A conversation as the client holds it: its fold, its row, and the part of its log that is here.

use std::rc::Rc;

use shared_proto::conversation::apply::{apply, is_counted, is_said};
use shared_proto::conversation::event::{Event, Shared};
use shared_proto::conversation::state::{Member, State as Fold};
use shared_proto::entry::{Audience, Entry};
use shared_proto::id::{ClientMessageId, ConversationId, EntryId, PersonId};
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;
use shared_proto::wire::{Cursor, InboxRow, Page, Pending, Preview, PreviewContent};

use crate::few::Few;

/// One entry that is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which entry.
    pub entry: EntryId,
    /// When, by the server's clock.
    pub at: Millis,
    /// Whose.
    pub author: PersonId,
    /// The author's own id for a message.
    pub client: Option<ClientMessageId>,
    /// The message it answers.
    pub quoted: Option<EntryId>,
    /// What it says.
    pub content: Content,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A message.
    Text(Rc<str>),
    /// A file.
    File(Rc<File>),
    /// A message taken back.
    Withdrawn,
    /// Anything else that happened: `note.rs` puts it in words.
    Note(Rc<Event>),
    /// Something this build does not know.
    Unsupported,
}

/// A file that was shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// What is said of it.
    pub shared: Shared,
    /// Who sees it.
    pub audience: Audience,
}

impl File {
    /// What an entry shares, if it is a file.
    #[must_use]
    pub fn of(entry: &Entry) -> Option<Self> {
        match Event::decode(entry) {
            Ok(Event::Shared(shared)) => Some(Self { shared, audience: entry.audience.clone() }),
            _ => None,
        }
    }

    /// Whether it is not hidden from somebody who was there.
    #[must_use]
    pub fn is_for(&self, person: PersonId) -> bool {
        match &self.audience {
            Audience::Members => true,
            Audience::Only(people) => people.binary_search(&person).is_ok(),
        }
    }
}

impl Line {
    /// What `entry` draws; `None` for a withdrawal, which changes its target instead.
    fn of(entry: &Entry) -> Option<Self> {
        let mut line = Self {
            entry: entry.id,
            at: entry.at,
            author: entry.author,
            client: None,
            quoted: None,
            content: Content::Unsupported,
        };
        match Event::decode(entry) {
            Ok(Event::Withdrawn(_)) => return None,
            Ok(Event::Shared(shared)) => {
                line.client = Some(shared.client_message_id);
                let audience = entry.audience.clone();
                line.content = Content::File(Rc::new(File { shared, audience }));
            }
            Ok(event) if is_said(entry.kind) => {
                let said = event.said()?;
                line.client = Some(said.client_message_id);
                line.quoted = said.quoted;
                line.content =
                    said.text.map_or(Content::Withdrawn, |text| Content::Text(text.into()));
            }
            Ok(event) => line.content = Content::Note(Rc::new(event)),
            Err(_) => {}
        }
        Some(line)
    }

    /// Whether it counts as a message.
    #[must_use]
    pub fn is_message(&self) -> bool {
        match &self.content {
            Content::Text(_) | Content::File(_) | Content::Withdrawn => true,
            Content::Note(event) => matches!(**event, Event::Assigned(_) | Event::Submitted(_)),
            Content::Unsupported => false,
        }
    }

    /// Whether it is something that goes from one person to others, and is there.
    #[must_use]
    pub fn is_sent(&self) -> bool {
        matches!(self.content, Content::Text(_) | Content::File(_))
    }
}

/// Whether there is more history above what is held, or below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Older {
    /// All of it is here.
    None,
    /// There is more.
    More,
    /// It has been asked for.
    Asked,
}

/// Whether live entries may be appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sync {
    /// Every entry arrives live.
    Live,
    /// Something may be missing after what is held; live entries are part of what comes.
    Behind,
}

/// The part of the log that is held: without gaps, up to `last`.
#[derive(Clone, Debug)]
pub struct Thread {
    /// In order.
    pub lines: Vec<Rc<Line>>,
    /// First and last entry held, drawn or not.
    pub held: Option<(EntryId, EntryId)>,
    /// What lies above.
    pub older: Older,
    /// What lies below.
    pub sync: Sync,
    /// Whether there is more below what is held: then it is a part that was opened at an entry.
    pub newer: Older,
    /// The entry it was opened at, and the how-manieth that was.
    pub aimed: Option<(EntryId, u32)>,
    /// "New messages" stands after this entry.
    pub divider: Option<EntryId>,
    /// Pages that may still be asked for until it is known where reading stopped (`unread.rs`);
    /// until then the thread is not shown.
    pub seeking: Option<u8>,
}

/// A conversation.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// Which.
    pub id: ConversationId,
    /// The shared fold, as projected to this person.
    pub fold: Fold,
    /// Its members by name.
    pub people: Vec<PersonCard>,
    /// The newest entry.
    pub preview: Option<Preview>,
    /// Messages of others after the read mark.
    pub unread: u32,
    /// The person's own read mark.
    pub read_up_to: Option<EntryId>,
    /// What of the log is here.
    pub thread: Option<Thread>,
    /// How far others have received and read, one each.
    pub cursors: Vec<Cursor>,
    /// Others with a live connection.
    pub here: Few<PersonId>,
    /// Others who type, and until when that is believed (milliseconds since 1970).
    pub typing: Vec<(PersonId, u64)>,
    /// Messages whose withdrawal has been asked for.
    pub withdrawing: Few<EntryId>,
    /// A withdrawal that was refused.
    pub withdraw_refused: Option<(EntryId, Refusal)>,
    /// Whether anybody else can read what is written, as far as it is known.
    pub reachable: bool,
    /// Whether something stands in its composer that is not here yet.
    pub draft: bool,
    /// What of the person's own waits to be decided, or was refused when it was; the first due
    /// first.
    pub pending: Vec<Pending>,
    /// Whether anything of the kind does, also while it is not here.
    pub waits: bool,
    /// Answers to a form that another device of the person's kept last: the entry that assigned it,
    /// and the answers, encoded.
    pub form_kept: Option<Rc<(EntryId, Vec<u8>)>>,
}

impl Conversation {
    /// From its row.
    #[must_use]
    pub fn new(row: InboxRow) -> Self {
        Self {
            id: row.conversation,
            fold: row.state,
            people: row.people,
            preview: row.preview,
            unread: row.unread,
            read_up_to: row.read_up_to,
            thread: None,
            cursors: Vec::new(),
            here: Few::default(),
            typing: Vec::new(),
            withdrawing: Few::default(),
            withdraw_refused: None,
            reachable: true,
            draft: row.draft,
            pending: Vec::new(),
            waits: row.pending,
            form_kept: None,
        }
    }

    /// A newer row of it. What was read here but has not reached the server yet stays read. Whether
    /// what is held of it has to be asked for anew: who comes back is shown no entry of what they
    /// missed.
    pub(super) fn renew(&mut self, row: InboxRow, me: PersonId) -> bool {
        let since = |fold: &Fold| fold.member(me).map(|member| member.from);
        let rejoined = since(&row.state) > since(&self.fold);
        let newest = |fold: &Fold| fold.tally(me).and_then(|tally| tally.last);
        // Live entries may have overtaken an answer that was already under way.
        if newest(&row.state) >= newest(&self.fold) {
            self.fold = row.state;
            self.preview = row.preview;
            if row.read_up_to >= self.read_up_to {
                self.unread = row.unread;
            }
        }
        self.people = row.people;
        self.draft = row.draft;
        self.waits = row.pending;
        self.read_up_to = self.read_up_to.max(row.read_up_to);
        if rejoined {
            self.thread = None;
        }
        rejoined
    }

    /// Somebody by id.
    #[must_use]
    pub fn person(&self, id: PersonId) -> Option<&PersonCard> {
        self.people.iter().find(|person| person.id == id)
    }

    /// Whether somebody is in it, and does not only read it in an emergency.
    #[must_use]
    pub fn has_member(&self, id: PersonId) -> bool {
        self.fold.members.iter().any(|member| member.person == id && member.until.is_none())
    }

    /// The members besides `me`, in the order they joined.
    pub fn others(&self, me: PersonId) -> impl Iterator<Item = &PersonCard> {
        self.fold
            .members
            .iter()
            .filter(move |member| member.person != me && member.until.is_none())
            .filter_map(|member| self.person(member.person))
    }

    /// Those of `me`'s conversation at the time who were not to see a file of theirs.
    #[must_use]
    pub fn hidden_from(&self, entry: EntryId, file: &File, me: PersonId) -> Vec<PersonId> {
        let was_there = |member: &&Member| {
            let now = member.from <= entry && member.until.is_none_or(|until| entry <= until);
            now || member.before.iter().any(|span| span.from <= entry && entry <= span.until)
        };
        let there = self.fold.members.iter().filter(was_there).map(|member| member.person);
        there.filter(|person| *person != me && !file.is_for(*person)).collect()
    }

    /// Last activity, by which the inbox is sorted. For who only reads it in an emergency nothing is
    /// counted: the time of what the row shows.
    #[must_use]
    pub fn last_at(&self, me: PersonId) -> Millis {
        let counted = self.fold.tally(me).map(|tally| tally.last_at);
        let shown = || self.preview.as_ref().map(|preview| preview.at);
        counted.or_else(shown).unwrap_or(Millis(0))
    }

    /// The newest entry known of, drawn or not.
    #[must_use]
    pub fn last_known(&self, me: PersonId) -> Option<EntryId> {
        let held = self.thread.as_ref().and_then(|thread| thread.held).map(|held| held.1);
        held.max(self.fold.tally(me).and_then(|tally| tally.last))
    }

    /// Folds a new entry, and appends it to what is held. Returns whether it was new to the fold.
    pub(super) fn append(&mut self, entry: &Entry, me: PersonId) -> bool {
        let before = self.fold.tally(me).copied().unwrap_or_default();
        let is_new = before.last.is_none_or(|last| last < entry.id);
        if is_new {
            apply(&mut self.fold, entry);
            self.tell_who_is_here(me);
            let after = self.fold.tally(me).copied().unwrap_or_default();
            self.unread += after.messages - before.messages;
            self.preview = Some(Preview::of(entry, false));
            if entry.author == me && is_counted(entry.kind) {
                self.read_up_to = self.read_up_to.max(Some(entry.id));
                self.unread = 0;
            }
        }
        self.typing.retain(|(person, _)| *person != entry.author);
        if let Some(thread) = &mut self.thread {
            thread.append(entry);
        }
        if let Ok(Event::Withdrawn(withdrawn)) = Event::decode(entry) {
            self.withdrawing.remove(&withdrawn.target);
            let was_preview =
                self.preview.as_ref().is_some_and(|preview| preview.entry == withdrawn.target);
            if was_preview && let Some(preview) = &mut self.preview {
                preview.content = PreviewContent::Withdrawn;
            }
        }
        is_new
    }

    /// Who is here is told of who takes part, to who takes part.
    fn tell_who_is_here(&mut self, me: PersonId) {
        let takes_part = |person: &PersonId| self.fold.is_member(*person);
        if !takes_part(&me) {
            self.here.clear();
            self.typing.clear();
        } else if !self.here.iter().all(takes_part) {
            self.here = self.here.iter().copied().filter(takes_part).collect();
        }
    }

    /// Messages of others after the read mark, by what is held.
    pub(super) fn count_unread(&self, me: PersonId) -> Option<u32> {
        let thread = self.thread.as_ref()?;
        let mark = self.read_up_to?;
        let reaches = thread.reaches(Some(mark));
        let after = thread.lines.iter().rev().take_while(|line| line.entry > mark);
        let count = after.filter(|line| line.author != me && line.is_message()).count();
        reaches.then_some(count as u32)
    }

    pub(super) fn lost(&mut self) {
        self.here.clear();
        self.typing.clear();
        if let Some(thread) = &mut self.thread {
            thread.sync = Sync::Behind;
            // What is here is better than nothing while the line is down.
            thread.seeking = None;
            for side in [&mut thread.older, &mut thread.newer] {
                if *side == Older::Asked {
                    *side = Older::More;
                }
            }
        }
    }
}

impl Thread {
    /// The newest page of a conversation.
    #[must_use]
    pub fn of(page: &Page) -> Self {
        let older = if page.more { Older::More } else { Older::None };
        let (lines, sync) = (Vec::new(), Sync::Live);
        let (newer, aimed) = (Older::None, None);
        let mut thread =
            Self { lines, held: None, older, sync, newer, aimed, divider: None, seeking: None };
        for entry in &page.entries {
            thread.append(entry);
        }
        thread
    }

    pub(super) fn append(&mut self, entry: &Entry) {
        if self.held.is_some_and(|held| entry.id <= held.1) {
            return;
        }
        if let Ok(Event::Withdrawn(withdrawn)) = Event::decode(entry) {
            self.withdraw(withdrawn.target);
        }
        if self.is_cut() {
            return;
        }
        self.held = Some((self.held.map_or(entry.id, |held| held.0), entry.id));
        self.lines.extend(Line::of(entry).map(Rc::new));
    }

    /// Puts an older page above what is held.
    pub(super) fn prepend(&mut self, page: &Page) {
        self.older = if page.more { Older::More } else { Older::None };
        let first = self.held.map(|held| held.0);
        let fresh = page.entries.iter().filter(|entry| first.is_none_or(|first| entry.id < first));
        let lines: Vec<Rc<Line>> = fresh.filter_map(Line::of).map(Rc::new).collect();
        if let (Some(entry), Some(held)) = (page.entries.first(), &mut self.held) {
            held.0 = held.0.min(entry.id);
        }
        self.lines.splice(0..0, lines);
    }

    fn withdraw(&mut self, target: EntryId) {
        if let Ok(index) = self.lines.binary_search_by(|line| line.entry.cmp(&target)) {
            let line = Rc::make_mut(&mut self.lines[index]);
            line.content = Content::Withdrawn;
        }
    }

    /// Whether everything after `mark` is held.
    pub(super) fn reaches(&self, mark: Option<EntryId>) -> bool {
        let held = self.held.is_some_and(|held| mark >= Some(held.0));
        (held || self.older == Older::None) && !self.is_cut()
    }

    /// Where "new messages" goes for somebody who has read up to `mark`: only when a message of
    /// another person follows it, and where it begins is held.
    pub(super) fn divide(&mut self, mark: Option<EntryId>, me: PersonId) {
        let after = |line: &Rc<Line>| mark.is_none_or(|mark| line.entry > mark);
        let news =
            self.lines.iter().any(|line| after(line) && line.author != me && line.is_message());
        self.divider = (news && self.reaches(mark)).then(|| mark.unwrap_or(EntryId::MIN));
    }
}
