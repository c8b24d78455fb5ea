//! Everything the client knows, and how it changes. One door: [`State::update`] takes an
//! [`Action`] and leaves [`Effect`]s for the driver (`hooks/driver.rs`) to carry out. Nothing here
//! reads a clock, a random source or the browser: they come in through [`Env`] and the actions,
//! so all of it runs in native tests.

use std::collections::HashMap;
use std::rc::Rc;

use shared_proto::form::ask::Happened;
use shared_proto::id::{ClientMessageId, ConversationId, EntryId, FileId, PersonId};
use shared_proto::people::PersonCard;
use shared_proto::practice::Policies;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;
use shared_proto::wire::{Held, ServerEvent};

use crate::few::Few;
use crate::protocol::{Frame, Request};
use crate::shared::Shared;

pub mod action;
pub mod announce;
pub mod around;
pub mod aside;
pub mod attaching;
pub mod clock;
pub mod conversation;
pub mod create;
pub mod cursors;
pub mod desk;
pub mod inbox;
pub mod link;
pub mod live;
pub mod may;
pub mod outbox;
pub mod requests;
pub mod threads;
pub mod unread;

#[cfg(test)]
mod tests;

pub use action::{Action, Effect, Timer};
pub use announce::{Announcement, News};
pub use attaching::{Attaching, Attachment};
pub use conversation::{Content, Conversation, File, Line, Older, Sync, Thread};
pub use create::{Creating, Search};
pub use desk::Ticket;
pub use inbox::{Inbox, Shelf};
pub use link::{Banner, Link};
pub use outbox::{LeftBehind, OutboxItem, Stage, Unsent};

/// What an update may not find out for itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Env {
    /// Milliseconds since 1970, by this device.
    pub now: u64,
    /// In 0..1.
    pub random: f64,
}

/// Who sits here.
#[derive(Clone, Debug, PartialEq)]
pub enum Session {
    /// Not known yet.
    Starting,
    /// The server did not answer at the start.
    Unreachable,
    /// The practice has no owner yet.
    SetUpNeeded,
    /// Nobody.
    SignedOut {
        /// Whether somebody was signed in here until their session ended.
        ended: bool,
    },
    /// A client whose portal access was switched off while they were signed in.
    PortalOff,
    /// Somebody whose screen is locked until they enter their password.
    Locked(PersonCard),
    /// Somebody.
    SignedIn(PersonCard),
}

/// Everything the client knows.
#[derive(Clone, Debug)]
pub struct State {
    /// Who sits here.
    pub session: Session,
    /// Whether they have to set up a second factor before anything else.
    pub factor_required: bool,
    /// The practice's name, once known.
    pub practice: String,
    /// What the owner decided.
    pub policies: Policies,
    /// The providers a client is assigned to.
    pub assigned: Vec<PersonCard>,
    /// Milliseconds without activity before the screen is locked, as the owner set it.
    idle_ms: u64,
    /// When the person was last active here, by this device.
    active_at: u64,
    /// The socket.
    pub link: Link,
    /// How much of the inbox is here.
    pub inbox: Inbox,
    /// How much of what is only read any more.
    pub archive: Inbox,
    /// Conversations known of.
    pub conversations: HashMap<ConversationId, Shared<Conversation>>,
    /// Their order in the inbox, last activity first.
    pub order: Shared<Vec<ConversationId>>,
    /// The one on screen.
    pub open: Option<ConversationId>,
    /// Asked for, but not there for this person.
    pub missing: Option<ConversationId>,
    /// What stands in each composer, exactly as typed. Never empty, but it may be blank.
    pub drafts: HashMap<ConversationId, Rc<str>>,
    /// The message each composer answers.
    pub replying: HashMap<ConversationId, EntryId>,
    /// Messages not yet seen in their conversation, in the order they were sent.
    pub outbox: Shared<Vec<OutboxItem>>,
    /// Files not yet seen in their conversation, in the order they were chosen.
    pub attachments: Shared<Vec<Attachment>>,
    /// People looked for.
    pub search: Search,
    /// A conversation being created.
    pub creating: Option<Creating>,
    /// Whether somebody looks: the page is visible and has the focus.
    pub attentive: bool,
    /// The server runs another build than this page.
    pub outdated: bool,
    /// Whether the person wants to hear that something came; asked when it first does.
    sound: Option<bool>,
    /// When it last sounded, by this device.
    sounded_at: u64,
    /// What a screen reader is told.
    pub announced: Shared<Vec<Announcement>>,
    announced_before: u32,
    /// The entry somebody wants to see where it stands.
    aim: Option<(ConversationId, EntryId)>,
    /// How often somebody wanted to.
    aims: u32,
    /// Conversations that were here and are not for this person any more.
    gone: Few<ConversationId>,
    /// Messages found so far while a conversation catches up.
    missed: HashMap<ConversationId, usize>,
    /// Drafts as the server keeps them, as far as it has said.
    kept_drafts: HashMap<ConversationId, Rc<str>>,
    /// Drafts on their way there.
    keeping: HashMap<ConversationId, Rc<str>>,
    /// Conversations of whose draft nobody knows what the server keeps: the line dropped, or it was
    /// refused for now.
    unsure: Few<ConversationId>,
    /// Drafts that are kept when typing pauses.
    saving: Few<ConversationId>,
    /// What is called back, and whether its text is wanted.
    calling: Vec<(ConversationId, ClientMessageId, bool)>,
    /// Files called off of which the server may still keep something.
    cancelled: Vec<(ConversationId, FileId)>,
    /// What the server's clock is ahead of this device's, in milliseconds.
    skew_ms: i64,
    /// This device's time of the last update.
    last_now: u64,
    /// The start everything is drawn anew at.
    next_start: Option<Millis>,
    /// Whose drafts and outbox these are, also after the session ended.
    kept_for: Option<PersonId>,
    requests: requests::Requests,
    desk: desk::Desk,
    marks: HashMap<ConversationId, cursors::Marks>,
    typed_at: HashMap<ConversationId, u64>,
    /// Conversations shown, most recently first: the last to be held.
    recent: Vec<ConversationId>,
    effects: Vec<Effect>,
}

impl State {
    /// Before anything is known; the driver asks for the session.
    #[must_use]
    pub fn new() -> Self {
        Self {
            session: Session::Starting,
            factor_required: false,
            practice: String::new(),
            policies: Policies::OPEN,
            assigned: Vec::new(),
            idle_ms: u64::MAX,
            active_at: 0,
            link: Link::default(),
            inbox: Inbox::default(),
            archive: Inbox::default(),
            conversations: HashMap::new(),
            order: Shared::default(),
            open: None,
            missing: None,
            drafts: HashMap::new(),
            replying: HashMap::new(),
            outbox: Shared::default(),
            attachments: Shared::default(),
            search: Search::default(),
            creating: None,
            attentive: true,
            outdated: false,
            sound: None,
            sounded_at: 0,
            announced: Shared::default(),
            announced_before: 0,
            aim: None,
            aims: 0,
            gone: Few::default(),
            missed: HashMap::new(),
            kept_drafts: HashMap::new(),
            keeping: HashMap::new(),
            unsure: Few::default(),
            saving: Few::default(),
            calling: Vec::new(),
            cancelled: Vec::new(),
            skew_ms: 0,
            last_now: 0,
            next_start: None,
            kept_for: None,
            requests: requests::Requests::default(),
            desk: desk::Desk::default(),
            marks: HashMap::new(),
            typed_at: HashMap::new(),
            recent: Vec::new(),
            effects: vec![Effect::AskSession],
        }
    }

    /// Who is signed in.
    #[must_use]
    pub fn me(&self) -> Option<&PersonCard> {
        match &self.session {
            Session::SignedIn(me) => Some(me),
            _ => None,
        }
    }

    /// Whether closing the page would lose something.
    #[must_use]
    pub fn has_unsent(&self) -> bool {
        self.has_unkept_draft()
            || !self.outbox.is_empty()
            || !self.attachments.is_empty()
            || self.calling.iter().any(|(_, _, keep)| *keep)
    }

    /// What the last updates want done, in order.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// The one door for change.
    pub fn update(&mut self, env: Env, action: Action) {
        self.last_now = env.now;
        match action {
            Action::SessionAnswered(answer) => self.session_answered(env, answer),
            Action::SignedIn(me) => self.signed_in(me),
            Action::SignedOut => self.signed_out(),
            Action::Frame(socket, frame) if self.link.is_current(socket) => {
                self.frame(env, frame);
            }
            Action::Closed(socket, code) if self.link.is_current(socket) => {
                self.closed(env, code);
            }
            Action::Frame(..) | Action::Closed(..) => {}
            Action::Active => self.active(env),
            Action::TryNow => self.try_now(),
            Action::Network(online) => self.network(online),
            Action::Sound(wanted) => self.sound = Some(wanted),
            Action::Attention(attentive) => self.attention(env, attentive),
            Action::Show(shown) => self.show(shown),
            Action::Draft(conversation, text) => self.draft(env, conversation, &text),
            Action::Submit(conversation, id) => self.submit(env, conversation, id),
            Action::Retry(id) => self.retry(env, id),
            Action::Discard(id) => self.discard(env, id),
            Action::Edit(id) => self.edit(env, id),
            Action::WantOlder(conversation) => self.want_older(conversation),
            Action::WantNewer(conversation) => self.want_newer(conversation),
            Action::Latest(conversation) => self.latest(conversation),
            Action::Aim(conversation, entry) => self.aim(conversation, entry),
            Action::WantRows(shelf) => self.want_rows(shelf),
            Action::Reply(conversation, entry) => match entry {
                Some(entry) => drop(self.replying.insert(conversation, entry)),
                None => drop(self.replying.remove(&conversation)),
            },
            Action::CallBack(conversation, id, keep) => self.call_back(conversation, id, keep),
            Action::Seen(conversation, entry) => self.seen(env, conversation, entry),
            Action::Withdraw(conversation, entry) => self.withdraw(conversation, entry),
            Action::Find(text) => self.find(text),
            Action::Create(id, new, invited) => self.create(id, *new, invited),
            Action::LeaveNew => self.creating = None,
            Action::Attaching(what) => self.attaching(env, what),
            Action::Office(ticket, ask) => self.office(ticket, ask),
            Action::OfficeLeft(ticket) => self.office_left(ticket),
            Action::Elapsed(timer) => self.elapsed(env, timer),
        }
    }

    fn elapsed(&mut self, env: Env, timer: Timer) {
        match timer {
            Timer::Connect(attempt) => self.connect_elapsed(attempt),
            Timer::AskSession => {
                if matches!(self.session, Session::Unreachable) {
                    self.effects.push(Effect::AskSession);
                }
            }
            Timer::Idle => self.idle_elapsed(env),
            Timer::Outbox => self.pump(env),
            Timer::Marks(conversation) => self.marks_elapsed(env, conversation),
            Timer::Typing(conversation) => self.forget_typing(env, conversation),
            Timer::Again(conversation) => self.again(conversation),
            Timer::Inbox => self.inbox_again(),
            Timer::Row(conversation) => self.row_again(conversation),
            Timer::Find => self.find_again(),
            Timer::Create => self.ask_creating(),
            Timer::Desk => self.ask_desk(),
            Timer::Withdraw(conversation) => self.ask_withdrawals(conversation),
            Timer::Announced(number) => self.forget_announced(number),
            Timer::Draft(conversation) => self.save_draft(conversation),
            Timer::Starts => self.starts_elapsed(),
            Timer::Files => {
                self.ask_cancelled();
                self.pump_files(env);
            }
        }
    }

    fn frame(&mut self, env: Env, frame: Frame) {
        match frame {
            Frame::Reply { id, answer } => self.reply(env, id, answer),
            Frame::Event(event) => self.event(env, *event),
        }
    }

    fn event(&mut self, env: Env, event: ServerEvent) {
        match event {
            ServerEvent::Hello(hello) => self.hello(env, hello),
            ServerEvent::Entries { conversation, entries } => {
                self.entries(env, conversation, &entries);
            }
            ServerEvent::Row(row) => self.rows(vec![*row]),
            ServerEvent::CaughtUp { conversation, catch_up } => {
                self.count_missed(conversation, &catch_up);
                self.caught_up(env, conversation, catch_up);
            }
            ServerEvent::Cursors { conversation, cursors } => {
                self.others_cursors(conversation, &cursors);
            }
            ServerEvent::Typing { conversation, person } => {
                self.typing(env, conversation, person);
            }
            ServerEvent::Presence { conversation, person, here } => {
                self.presence(conversation, person, here);
            }
            ServerEvent::Read { conversation, read_up_to, unread } => {
                self.read_elsewhere(conversation, read_up_to, unread);
            }
            ServerEvent::Changed(changed) => {
                self.changed(&changed);
                self.effects.push(Effect::Tell(Box::new(changed)));
            }
            ServerEvent::Draft { conversation, text } => self.draft_is(conversation, &text),
            ServerEvent::Pending { conversation, pending } => self.pending(conversation, pending),
            ServerEvent::Settled { conversation, id } => self.settled(conversation, id),
            ServerEvent::Form(Happened::Kept { conversation, entry, answers, .. }) => {
                if let Some(conversation) = self.conversation_mut(conversation) {
                    conversation.form_kept = Some(Rc::new((entry, answers)));
                }
            }
        }
    }

    /// Sends `request` when the socket is live.
    fn ask(&mut self, request: Request) {
        if self.link.is_live() {
            let frame = self.requests.ask(request);
            self.effects.push(Effect::Send(frame));
        }
    }

    fn resume(&mut self, held: Vec<Held>) {
        if !held.is_empty() {
            self.ask(Request::Resume { held });
        }
    }

    fn conversation_mut(&mut self, id: ConversationId) -> Option<&mut Conversation> {
        self.conversations.get_mut(&id).map(Shared::make_mut)
    }

    /// Drops everything that belongs to a person but drafts, outbox and files.
    fn forget_contents(&mut self) {
        self.conversations.clear();
        self.order = Shared::default();
        self.inbox = Inbox::default();
        self.archive = Inbox::default();
        self.replying.clear();
        self.kept_drafts.clear();
        self.keeping.clear();
        self.unsure.clear();
        self.saving.clear();
        self.next_start = None;
        self.sound = None;
        self.search = Search::default();
        self.creating = None;
        self.missing = None;
        self.announced = Shared::default();
        self.aim = None;
        self.gone.clear();
        self.missed.clear();
        self.requests = requests::Requests::default();
        self.close_desk();
        self.marks.clear();
        self.typed_at.clear();
        self.recent.clear();
    }
}

impl Default for State {
    fn default() -> Self {
        Self::new()
    }
}

/// Whether a refusal passes by itself, and in how many milliseconds to ask again.
fn retry_after_ms(refusal: &Refusal) -> Option<u64> {
    match refusal {
        Refusal::TooFast { retry_after_ms } => Some(u64::from(*retry_after_ms).max(100)),
        Refusal::Busy | Refusal::Stopping => Some(1_000),
        Refusal::StorageFull | Refusal::Unavailable => Some(10_000),
        _ => None,
    }
}
