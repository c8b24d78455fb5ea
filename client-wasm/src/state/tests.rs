//! The state driven as the server and a person drive it.

use shared_proto::codec;
use shared_proto::conversation::event::{Created, Event, Message, Withdrawn};
use shared_proto::conversation::state::{State as Fold, Viewer};
use shared_proto::entry::{Audience, Entry};
use shared_proto::http;
use shared_proto::id::{ClientMessageId, EntryId};
use shared_proto::people::Role;
use shared_proto::practice::{Practice, Settings};
use shared_proto::time::Millis;
use shared_proto::wire::{
    CatchUp, ClientFrame, Cursor, Direction, Hello, InboxPage, InboxRow, Opened, Page, Reply,
    Request, ServerEvent, ServerFrame, close,
};

use super::link::Phase;
use super::*;

mod announce;
mod around;
mod aside;
mod attaching;
mod create;
mod forms;
mod here;
mod link;
mod may;
mod outbox;
mod retries;
mod sound;
mod unread;

fn person(number: u8) -> PersonId {
    PersonId::from_random([number; 16])
}

fn practice() -> Practice {
    Practice { settings: Settings::named("Oak"), divisions: vec![], revision: 0 }
}

fn card(number: u8, role: Role) -> PersonCard {
    PersonCard { id: person(number), name: format!("Person {number}"), role }
}

fn message_id(number: u8) -> ClientMessageId {
    ClientMessageId::from_random([number; 16])
}

fn room() -> ConversationId {
    ConversationId::from_random([9; 16])
}

fn entry_id(number: u64) -> EntryId {
    EntryId::next(None, number, 0)
}

fn entry(number: u64, author: u8, event: &Event) -> Entry {
    let (kind, body) = event.encode();
    Entry {
        id: entry_id(number),
        at: Millis(number * 1000),
        author: person(author),
        audience: Audience::Members,
        kind,
        body,
    }
}

fn created() -> Entry {
    entry(
        1,
        2,
        &Event::Created(Created { host: person(2), participants: vec![person(1)], division: None }),
    )
}

fn message(number: u64, author: u8, client: u8, text: &str) -> Entry {
    let body = Message { client_message_id: message_id(client), text: text.to_owned() };
    entry(number, author, &Event::Message(body))
}

fn row(entries: &[Entry], unread: u32, read: Option<u64>) -> InboxRow {
    let mut state = Fold::absent(Viewer::Only(person(1)));
    for entry in entries {
        shared_proto::conversation::apply::apply(&mut state, entry);
    }
    InboxRow {
        conversation: room(),
        state,
        people: vec![card(1, Role::Client), card(2, Role::Owner)],
        preview: None,
        unread,
        read_up_to: read.map(entry_id),
        draft: false,
        pending: false,
    }
}

/// A client and what it wants done.
struct Client {
    state: State,
    now: u64,
}

impl Client {
    fn signed_in() -> Self {
        let mut client = Self { state: State::new(), now: 1_000_000 };
        let me = card(1, Role::Client);
        client.act(Action::SignedIn(me));
        client
    }

    fn live() -> Self {
        let mut client = Self::signed_in();
        client.hello();
        client
    }

    fn act(&mut self, action: Action) -> Vec<Effect> {
        self.state.update(Env { now: self.now, random: 0.5 }, action);
        self.state.take_effects()
    }

    fn frame(&mut self, frame: ServerFrame) -> Vec<Effect> {
        let socket = (0..100).find(|socket| self.state.link.is_current(*socket)).unwrap();
        let frame = Frame::read(&codec::encode(&frame)).unwrap();
        self.act(Action::Frame(socket, frame))
    }

    fn event(&mut self, event: ServerEvent) -> Vec<Effect> {
        self.frame(ServerFrame::Event(event))
    }

    fn hello(&mut self) -> Vec<Effect> {
        let hello = Hello {
            build: shared_proto::BUILD.to_owned(),
            me: card(1, Role::Client),
            now: Millis(self.now),
            practice: practice(),
            assigned: vec![],
        };
        self.event(ServerEvent::Hello(hello))
    }

    fn close(&mut self, code: u16) -> Vec<Effect> {
        let socket = (0..100).find(|socket| self.state.link.is_current(*socket)).unwrap();
        self.act(Action::Closed(socket, code))
    }

    fn reconnect(&mut self) -> Vec<Effect> {
        self.act(Action::TryNow);
        self.hello()
    }

    /// Shows the conversation with these entries.
    fn open(&mut self, entries: &[Entry], unread: u32, read: Option<u64>) {
        let effects = self.act(Action::Show(Some(room())));
        let id = id_of(&effects, |request| matches!(request, Request::Open { .. }));
        let opened = Opened {
            row: row(entries, unread, read),
            page: Page { entries: entries.to_vec(), more: false },
            cursors: Vec::new(),
            here: vec![person(1), person(2)],
        };
        self.reply(id, Ok(Reply::Opened(Box::new(opened))));
    }

    fn reply(&mut self, id: u32, result: Result<Reply, Refusal>) -> Vec<Effect> {
        self.frame(ServerFrame::Reply { id, result })
    }

    fn write(&mut self, number: u8, text: &str) -> Vec<Effect> {
        self.act(Action::Draft(room(), text.to_owned()));
        self.act(Action::Submit(room(), message_id(number)))
    }

    fn arrives(&mut self, entries: &[Entry]) -> Vec<Effect> {
        self.event(ServerEvent::Entries { conversation: room(), entries: entries.to_vec() })
    }

    fn conversation(&self) -> &Conversation {
        &self.state.conversations[&room()]
    }

    fn texts(&self) -> Vec<String> {
        let thread = self.conversation().thread.as_ref().unwrap();
        let texts = thread.lines.iter().filter_map(|line| match &line.content {
            Content::Text(text) => Some(text.to_string()),
            Content::Withdrawn => Some("(withdrawn)".to_owned()),
            _ => None,
        });
        texts.collect()
    }
}

fn frames(effects: &[Effect]) -> Vec<ClientFrame> {
    let frames = effects.iter().filter_map(|effect| match effect {
        Effect::Send(frame) => Some(codec::decode(frame).unwrap()),
        _ => None,
    });
    frames.collect()
}

/// Left to the end of the test, so that they can be looked into where they are asked for.
fn requests(effects: &[Effect]) -> Vec<&'static Request> {
    let left = |frame: ClientFrame| &*Box::leak(Box::new(frame.request));
    frames(effects).into_iter().map(left).collect()
}

#[track_caller]
fn id_of(effects: &[Effect], wanted: impl Fn(&Request) -> bool) -> u32 {
    let frames = frames(effects);
    let asked = frames.iter().find(|frame| wanted(&frame.request)).map(|frame| frame.id);
    asked.unwrap_or_else(|| panic!("not asked: {effects:?}"))
}

fn is_send(request: &Request) -> bool {
    matches!(request, Request::Send { .. })
}

fn sends(effects: &[Effect]) -> usize {
    requests(effects).into_iter().filter(|request| is_send(request)).count()
}

fn caught_up(entries: Vec<Entry>, more: bool) -> ServerEvent {
    let catch_up = CatchUp::Page {
        page: Page { entries, more },
        cursors: Vec::new(),
        here: vec![person(2)],
        unread: 0,
        read_up_to: None,
    };
    ServerEvent::CaughtUp { conversation: room(), catch_up }
}

#[test]
fn a_message_is_shown_at_once_and_cleared_by_its_entry() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let effects = client.write(7, "  hello  ");
    let id = id_of(&effects, is_send);
    assert_eq!(client.state.outbox.len(), 1);
    assert_eq!(&*client.state.outbox[0].text, "hello");
    assert!(client.state.drafts.is_empty());
    client.arrives(&[message(2, 1, 7, "hello")]);
    assert!(client.state.outbox.is_empty());
    client.reply(id, Ok(Reply::Sent { entry: entry_id(2), at: Millis(2000) }));
    assert_eq!(client.texts(), ["hello"]);
}

#[test]
fn a_message_written_offline_goes_out_once_after_the_conversation_has_caught_up() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    client.close(1006);
    assert_eq!(sends(&client.write(7, "later")), 0);
    assert!(client.state.has_unsent());
    let effects = client.reconnect();
    assert_eq!(sends(&effects), 0, "resumes before it sends");
    assert!(requests(&effects).iter().any(|request| matches!(request, Request::Resume { .. })));
    let effects = client.event(caught_up(Vec::new(), false));
    assert_eq!(sends(&effects), 1);
    assert_eq!(sends(&client.act(Action::Elapsed(Timer::Outbox))), 0);
}

#[test]
fn a_retry_keeps_its_id_and_the_entry_held_at_its_first_try() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let first = client.write(7, "once");
    client.close(1006);
    client.reconnect();
    let second = client.event(caught_up(vec![message(2, 2, 8, "meanwhile")], false));
    let [first, second] = [first, second].map(|effects| {
        requests(&effects).into_iter().find(|request| is_send(request)).cloned().unwrap()
    });
    assert_eq!(first, second);
}

#[test]
fn a_message_found_while_catching_up_is_not_sent_again() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    client.write(7, "arrived after all");
    client.close(1006);
    client.reconnect();
    let effects = client.event(caught_up(vec![message(2, 1, 7, "arrived after all")], false));
    assert_eq!(sends(&effects), 0);
    assert!(client.state.outbox.is_empty());
    assert_eq!(client.texts(), ["arrived after all"]);
}

#[test]
fn messages_of_one_conversation_go_one_after_the_other() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let effects = client.write(7, "first");
    let id = id_of(&effects, is_send);
    assert_eq!(sends(&client.write(8, "second")), 0);
    let effects = client.arrives(&[message(2, 1, 7, "first")]);
    assert_eq!(sends(&effects), 1);
    let effects = client.reply(id, Ok(Reply::Sent { entry: entry_id(2), at: Millis(1) }));
    assert_eq!(sends(&effects), 0);
}

#[test]
fn a_passing_refusal_is_retried_after_its_time_and_in_order() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let id = id_of(&client.write(7, "fast"), is_send);
    client.write(8, "faster");
    let effects = client.reply(id, Err(Refusal::TooFast { retry_after_ms: 700 }));
    assert!(effects.contains(&Effect::After(700, Timer::Outbox)));
    assert_eq!(sends(&effects), 0, "the second does not overtake the first");
    client.now += 700;
    let effects = client.act(Action::Elapsed(Timer::Outbox));
    assert!(matches!(requests(&effects)[0], Request::Send { text, .. } if text == "fast"));
}

#[test]
fn a_refused_message_stays_with_its_reason_until_it_is_edited() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let id = id_of(&client.write(7, "no"), is_send);
    client.reply(id, Err(Refusal::NotFound));
    assert_eq!(client.state.outbox[0].stage, Stage::Refused(Refusal::NotFound));
    client.act(Action::Draft(room(), "next".to_owned()));
    client.act(Action::Edit(message_id(7)));
    assert!(client.state.outbox.is_empty());
    assert_eq!(&*client.state.drafts[&room()], "no\nnext");
}

#[test]
fn entries_are_folded_once_whatever_arrives_twice() {
    let mut client = Client::live();
    client.open(&[created(), message(2, 2, 5, "a")], 1, None);
    client.arrives(&[message(3, 2, 6, "b")]);
    client.arrives(&[message(3, 2, 6, "b")]);
    assert_eq!(client.texts(), ["a", "b"]);
    assert_eq!(client.conversation().unread, 2);
}

#[test]
fn live_entries_before_a_conversation_has_caught_up_are_part_of_what_comes() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    client.close(1006);
    client.reconnect();
    client.arrives(&[message(4, 2, 8, "late")]);
    assert!(client.texts().is_empty());
    let effects = client.event(caught_up(vec![message(3, 2, 7, "early")], true));
    let resumed = requests(&effects)
        .into_iter()
        .any(|request| matches!(request, Request::Resume { held } if held[0].last == entry_id(3)));
    assert!(resumed, "the rest is asked for");
    client.event(caught_up(vec![message(4, 2, 8, "late")], false));
    assert_eq!(client.texts(), ["early", "late"]);
}

#[test]
fn too_far_behind_starts_over_and_gone_is_not_found() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    client.close(1006);
    client.reconnect();
    let catch_up = CatchUp::StartOver;
    let effects = client.event(ServerEvent::CaughtUp { conversation: room(), catch_up });
    id_of(&effects, |request| matches!(request, Request::Open { .. }));
    client.event(ServerEvent::CaughtUp { conversation: room(), catch_up: CatchUp::Gone });
    assert_eq!(client.state.missing, Some(room()));
    assert!(client.state.conversations.is_empty());
}

#[test]
fn a_withdrawn_message_loses_its_text_everywhere() {
    let mut client = Client::live();
    client.open(&[created(), message(2, 2, 5, "secret")], 0, Some(2));
    client.arrives(&[message(3, 2, 6, "newest")]);
    client.arrives(&[entry(4, 2, &Event::Withdrawn(Withdrawn { target: entry_id(3) }))]);
    assert_eq!(client.texts(), ["secret", "(withdrawn)"]);
    let preview = client.conversation().preview.clone().unwrap();
    assert_eq!(preview.content, shared_proto::wire::PreviewContent::Withdrawn);
}

#[test]
fn what_was_on_screen_is_read_and_told_at_most_once_a_second() {
    let mut client = Client::live();
    client.open(&[created(), message(2, 2, 5, "a"), message(3, 2, 6, "b")], 2, Some(1));
    assert_eq!(client.state.unread_total(), 2);
    let is_read = |request: &&Request| matches!(request, Request::ReadUpTo { .. });
    let effects = client.act(Action::Seen(room(), entry_id(2)));
    assert_eq!(requests(&effects).iter().filter(|request| is_read(request)).count(), 1);
    assert_eq!(client.state.unread_total(), 1);
    let effects = client.act(Action::Seen(room(), entry_id(3)));
    assert!(requests(&effects).is_empty(), "the second waits");
    assert_eq!(client.state.unread_total(), 0);
    client.now += 1000;
    let effects = client.act(Action::Elapsed(Timer::Marks(room())));
    assert!(
        matches!(requests(&effects)[0], Request::ReadUpTo { entry, .. } if *entry == entry_id(3))
    );
}

#[test]
fn nothing_is_read_while_nobody_looks() {
    let mut client = Client::live();
    client.open(&[created()], 0, Some(1));
    client.act(Action::Attention(false));
    client.arrives(&[message(2, 2, 5, "psst")]);
    client.act(Action::Seen(room(), entry_id(2)));
    assert_eq!(client.state.unread_total(), 1);
    let thread = client.conversation().thread.as_ref().unwrap();
    assert_eq!(thread.divider, Some(entry_id(1)), "the divider waits for them");
}

#[test]
fn the_divider_stands_where_reading_stopped_when_a_conversation_is_shown_again() {
    let mut client = Client::live();
    client.open(&[created(), message(2, 2, 5, "a")], 0, Some(2));
    client.act(Action::Show(None));
    client.arrives(&[message(3, 2, 6, "b")]);
    client.act(Action::Show(Some(room())));
    let catch_up = CatchUp::Page {
        page: Page::default(),
        cursors: Vec::new(),
        here: Vec::new(),
        unread: 1,
        read_up_to: Some(entry_id(2)),
    };
    client.event(ServerEvent::CaughtUp { conversation: room(), catch_up });
    client.act(Action::Seen(room(), entry_id(3)));
    let thread = client.conversation().thread.as_ref().unwrap();
    assert_eq!(thread.divider, Some(entry_id(2)));
}

#[test]
fn read_on_another_device_clears_unread_but_never_goes_back() {
    let mut client = Client::live();
    client.open(&[created(), message(2, 2, 5, "a"), message(3, 2, 6, "b")], 2, Some(1));
    let read = |up_to, unread| ServerEvent::Read {
        conversation: room(),
        read_up_to: entry_id(up_to),
        unread,
    };
    client.event(read(3, 0));
    client.event(read(2, 1));
    assert_eq!(client.state.unread_total(), 0);
}

#[test]
fn typing_passes_by_itself_and_with_the_message() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let typing = || ServerEvent::Typing { conversation: room(), person: person(2) };
    client.event(typing());
    assert_eq!(client.conversation().typing.len(), 1);
    client.now += shared_proto::limits::TYPING_MS;
    client.act(Action::Elapsed(Timer::Typing(room())));
    assert!(client.conversation().typing.is_empty());
    client.event(typing());
    client.arrives(&[message(2, 2, 5, "there")]);
    assert!(client.conversation().typing.is_empty());
}

#[test]
fn typing_is_told_every_three_seconds_while_it_goes_on() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let told = |effects: &[Effect]| {
        requests(effects).iter().any(|request| matches!(request, Request::Typing { .. }))
    };
    assert!(told(&client.act(Action::Draft(room(), "a".to_owned()))));
    assert!(!told(&client.act(Action::Draft(room(), "ab".to_owned()))));
    client.now += 3_000;
    assert!(told(&client.act(Action::Draft(room(), "abc".to_owned()))));
    assert!(!told(&client.act(Action::Draft(room(), String::new()))));
}

#[test]
fn a_lost_connection_is_tried_again_and_said() {
    let mut client = Client::live();
    let effects = client.close(close::GOING_AWAY);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::After(375, Timer::Connect(_)))));
    assert_eq!(client.state.banner(), Some(Banner::Reconnecting));
    client.act(Action::Network(false));
    assert_eq!(client.state.banner(), Some(Banner::Offline));
    let effects = client.act(Action::Network(true));
    assert!(matches!(effects[..], [Effect::Connect(_)]), "at once");
    client.hello();
    assert_eq!(client.state.banner(), None);
    client.close(close::TOO_MANY_SOCKETS);
    assert_eq!(client.state.banner(), Some(Banner::TooManyWindows));
}

#[test]
fn a_failed_connection_asks_whether_the_session_has_ended() {
    let mut client = Client::signed_in();
    let effects = client.close(1006);
    assert!(effects.contains(&Effect::AskSession));
    let answer = http::Session::SignedOut { practice: "P".to_owned() };
    client.act(Action::SessionAnswered(Some(answer)));
    assert_eq!(client.state.session, Session::SignedOut { ended: true });
    assert_eq!(client.state.link.phase, Phase::Off);
}

#[test]
fn an_ended_session_keeps_what_was_not_sent_for_the_same_person_only() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    client.write(7, "unsent");
    client.act(Action::Draft(room(), "draft".to_owned()));
    client.close(close::SESSION_ENDED);
    assert!(client.state.conversations.is_empty(), "contents leave memory");
    client.act(Action::SignedIn(card(1, Role::Client)));
    assert_eq!(client.state.outbox.len(), 1);
    assert_eq!(client.state.drafts.len(), 1);
    client.act(Action::SignedIn(card(3, Role::Client)));
    assert!(!client.state.has_unsent());
}

#[test]
fn signing_out_forgets_everything() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    client.write(7, "unsent");
    client.act(Action::SignedOut);
    client.act(Action::SignedIn(card(1, Role::Client)));
    assert!(!client.state.has_unsent());
}

#[test]
fn the_inbox_is_sorted_by_last_activity_and_paged() {
    let mut client = Client::signed_in();
    let effects = client.hello();
    let id = id_of(&effects, |request| matches!(request, Request::Inbox { .. }));
    let other = ConversationId::from_random([8; 16]);
    let old = InboxRow { conversation: other, ..row(&[created()], 0, None) };
    let new = row(&[created(), message(2, 2, 5, "a")], 1, None);
    let mark = shared_proto::wire::InboxMark { at: Millis(1000), conversation: other };
    let page = InboxPage { rows: vec![old, new], next: Some(mark) };
    client.reply(id, Ok(Reply::Inbox(page)));
    assert_eq!(*client.state.order, [room(), other]);
    let effects = client.act(Action::WantRows(Shelf::Live));
    assert_eq!(requests(&effects), [&Request::Inbox { after: Some(mark) }]);
    assert!(client.act(Action::WantRows(Shelf::Live)).is_empty(), "asked once");
}

#[test]
fn entries_of_an_unknown_conversation_ask_for_its_row() {
    let mut client = Client::live();
    let effects = client.arrives(&[message(2, 2, 5, "a")]);
    assert!(requests(&effects).contains(&&Request::Rows { conversations: vec![room()] }));
}

#[test]
fn older_history_goes_above_what_is_held() {
    let mut client = Client::live();
    client.open(&[message(5, 2, 5, "new")], 0, None);
    let conversation = client.state.conversations.get_mut(&room()).unwrap().make_mut();
    conversation.thread.as_mut().unwrap().older = Older::More;
    let effects = client.act(Action::WantOlder(room()));
    let id = id_of(&effects, |request| matches!(request, Request::History { .. }));
    assert!(client.act(Action::WantOlder(room())).is_empty(), "asked once");
    let page = Page { entries: vec![created(), message(2, 2, 4, "old")], more: false };
    client.reply(id, Ok(Reply::Page(page)));
    assert_eq!(client.texts(), ["old", "new"]);
}

#[test]
fn cursors_of_others_only_go_forward() {
    let mut client = Client::live();
    client.open(&[created(), message(2, 1, 5, "a"), message(3, 1, 6, "b")], 0, None);
    let cursors = |received, read| ServerEvent::Cursors {
        conversation: room(),
        cursors: vec![Cursor {
            person: person(2),
            received: Some(entry_id(received)),
            read: Some(entry_id(read)),
        }],
    };
    client.event(cursors(3, 3));
    client.event(cursors(2, 2));
    assert_eq!(client.conversation().cursors[0].read, Some(entry_id(3)));
}

#[test]
fn an_outdated_page_offers_to_reload_and_keeps_working() {
    let mut client = Client::signed_in();
    let hello = Hello {
        build: "newer".to_owned(),
        me: card(1, Role::Client),
        now: Millis(client.now),
        practice: practice(),
        assigned: vec![],
    };
    client.event(ServerEvent::Hello(hello));
    assert_eq!(client.state.banner(), Some(Banner::Outdated));
    assert!(client.state.link.is_live());
}
