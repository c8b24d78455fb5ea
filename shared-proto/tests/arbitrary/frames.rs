//! Valid frames.

use shared_proto::codec;
use shared_proto::conversation::command::New;
use shared_proto::desk::{self, KeptHours};
use shared_proto::file;
use shared_proto::form::ask as form;
use shared_proto::refusal::Refusal;
use shared_proto::search::{Filter, Search};
use shared_proto::time::Millis;
use shared_proto::wire::{
    CatchUp, ClientFrame, Cursor, Direction, Due, Held, Hello, InboxPage, Invitee, Opened, Page,
    Pending, Rehearsal, Reply, Request, ServerEvent, ServerFrame,
};

use crate::desk::{common, own, saved};
use crate::forms::{about_forms, told_of_forms};
use crate::office::{asks, changed, practice, told};
use crate::values::{
    card, command, entry, entry_id, file_id, found, mark, message_id, person, room, row, share,
};

/// Valid frames to damage: each shape that holds a sequence or a text.
pub fn valid() -> Vec<Vec<u8>> {
    let (conversation, client_message_id) = (room(), message_id());
    let requests = [
        Request::Inbox { after: None },
        Request::Rows { conversations: vec![room(); 3] },
        Request::FindPeople { text: "ana".into() },
        Request::Create { client_id: message_id(), participants: vec![person(); 3] },
        Request::Resume { held: vec![Held { conversation, last: entry_id() }; 3] },
        Request::History { conversation, from: entry_id(), direction: Direction::After },
        Request::Send { conversation, client_message_id, held: None, text: "hello".into() },
        Request::Begin {
            client_id: message_id(),
            new: New { announcement: Some("hello".into()), ..New::ongoing(vec![person(); 3]) },
            invited: vec![Invitee { name: "Ana".into(), email: "a@b".into() }; 3],
        },
        Request::Do { conversation, held: None, command: command() },
        Request::Later { conversation, id: message_id(), due: Due::Undoable, command: command() },
        Request::Draft { conversation, text: "hello".into() },
        Request::Do { conversation, held: None, command: share() },
        Request::File(file::ask::Ask::Begin {
            conversation,
            client_id: message_id(),
            name: "a.pdf".into(),
            bytes: 1,
        }),
        Request::Search(Search {
            text: "hello".into(),
            filter: Filter { author: Some(person()), ..Filter::default() },
            after: Some(mark()),
        }),
        Request::Desk(desk::Ask::SaveReply { shared: true, reply: Box::new(saved()) }),
        Request::Desk(desk::Ask::SetOwn { revision: 1, own: Box::new(own()) }),
        Request::Desk(desk::Ask::SetCommon { revision: 1, common: Box::new(common()) }),
    ];
    let page = Page { entries: vec![entry(); 3], more: false };
    let cursors = vec![Cursor { person: person(), received: None, read: None }; 3];
    let here = vec![person()];
    let opened =
        Opened { row: row(), page: page.clone(), cursors: cursors.clone(), here: here.clone() };
    let catch_up = CatchUp::Page { page: page.clone(), cursors, here, unread: 1, read_up_to: None };
    let replies = [
        Reply::Inbox(InboxPage { rows: vec![row(); 3], next: None }),
        Reply::People(vec![card(); 3]),
        Reply::Opened(Box::new(opened)),
        Reply::Page(page),
        Reply::Rehearsal(Rehearsal {
            unread: vec![(person(), 1); 3],
            drafts: vec![person(); 3],
            waiting: vec![person(); 3],
            forms: vec![person(); 3],
        }),
        Reply::CalledBack(command()),
        Reply::Emails(vec![(person(), "a@b".into()); 3]),
        Reply::File(file::ask::Told::Files { files: vec![entry(); 3], more: false }),
        Reply::File(file::ask::Told::Upload { file: file_id(), offset: 1, name: "a.pdf".into() }),
        Reply::Found(found()),
        Reply::Desk(desk::Told::Replies { shared: vec![saved(); 3], own: vec![saved()] }),
        Reply::Desk(desk::Told::Hours(Box::new(KeptHours {
            own: own(),
            common: common(),
            ..KeptHours::default()
        }))),
        Reply::Desk(desk::Told::Promise(Some(Box::default()))),
        Reply::Desk(desk::Told::Greeting("hello".into())),
    ];
    let events = [
        ServerEvent::Hello(Hello {
            build: "0.1".into(),
            me: card(),
            now: Millis(1),
            practice: practice(),
            assigned: vec![card()],
        }),
        ServerEvent::Entries { conversation, entries: vec![entry(); 3] },
        ServerEvent::CaughtUp { conversation, catch_up },
        ServerEvent::Draft { conversation, text: "hello".into() },
        ServerEvent::Pending {
            conversation,
            pending: Pending {
                id: message_id(),
                due: Millis(1),
                command: command(),
                refused: Some(Refusal::Ended),
            },
        },
    ];
    let requests = requests.into_iter().chain(asks().into_iter().map(Request::Office));
    let requests = requests.chain(about_forms().into_iter().map(Request::Form));
    let replies = replies.into_iter().chain(told().into_iter().map(Reply::Office));
    let replies = replies.chain(told_of_forms().into_iter().map(Reply::Form));
    let events = events.into_iter().chain(changed().into_iter().map(ServerEvent::Changed));
    let (entry, answers, at) = (entry_id(), vec![7; 30], Millis(1));
    let kept = form::Happened::Kept { conversation, entry, answers, at };
    let events = events.chain([ServerEvent::Form(kept)]);
    let requests = requests.map(|request| codec::encode(&ClientFrame { id: 7, request }));
    let replies = replies.map(|reply| codec::reply_frame(7, Ok(reply)));
    let events = events.map(|event| codec::encode(&ServerFrame::Event(event)));
    requests.chain(replies).chain(events).collect()
}
