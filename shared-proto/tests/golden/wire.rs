//! Frames of the socket, and what they hold besides entries.

use shared_proto::audit::{
    Access, AccessPage, Action, AuditEntry, AuditFilter, AuditPage, Group, Subject,
};
use shared_proto::conversation::command::{Command, New};
use shared_proto::desk;
use shared_proto::file::ask;
use shared_proto::form::ask as form;
use shared_proto::office::{Ask, Changed, Told};
use shared_proto::refusal::Refusal;
use shared_proto::search::{Filter, Found, Hit, Mark, Piece, Search, Talk};
use shared_proto::wire::{
    CatchUp, ClientFrame, Direction, Due, Held, Hello, InboxPage, Invitee, Opened, Pending,
    PreviewContent, Rehearsal, Reply, Request, ServerEvent, ServerFrame, close,
};

use crate::*;

fn audit_entry() -> AuditEntry {
    AuditEntry {
        sequence: 300,
        at: AT,
        actor: Some(ANA),
        address: Some(std::net::IpAddr::from([10, 0, 0, 7])),
        action: Action::PersonChanged,
        subject: Subject::Person(BEN),
        detail: Some("name".into()),
    }
}

fn access() -> Access {
    Access { at: AT, person: Some(BEN), action: Action::ConversationOpened }
}

golden! {
    client_frame_keeps_its_bytes: ClientFrame {
        ClientFrame { .. } => {
            ClientFrame { id: 300, request: Request::Ping } => "ac 02 00",
        }
    }

    requests_keep_their_bytes: Request {
        Request::Ping => { Request::Ping => "00" }
        Request::Inbox { .. } => {
            Request::Inbox { after: None } => "01 00",
            Request::Inbox { after: Some(mark()) } => "01 01 ac 02 c0*16",
        }
        Request::Rows { .. } => { Request::Rows { conversations: vec![ROOM] } => "02 01 c0*16" }
        Request::FindPeople { .. } => {
            Request::FindPeople { text: "ana".into() } => "03 03 'ana'",
        }
        Request::Create { .. } => {
            Request::Create { client_id: MINE, participants: vec![BEN] } => "04 11*16 01 bb*16",
        }
        Request::Open { .. } => { Request::Open { conversation: ROOM } => "05 c0*16" }
        Request::Leave { .. } => { Request::Leave { conversation: ROOM } => "06 c0*16" }
        Request::Resume { .. } => {
            Request::Resume { held: vec![Held { conversation: ROOM, last: LAST }] } =>
                "07 01 c0*16 e2*16",
        }
        Request::History { .. } => {
            Request::History { conversation: ROOM, from: LAST, direction: Direction::After } =>
                "08 c0*16 e2*16 01",
        }
        Request::Send { .. } => {
            Request::Send {
                conversation: ROOM,
                client_message_id: MINE,
                held: None,
                text: "hé".into(),
            } => "09 c0*16 11*16 00 03 68 c3 a9",
            Request::Send {
                conversation: ROOM,
                client_message_id: MINE,
                held: Some(LAST),
                text: "hi".into(),
            } => "09 c0*16 11*16 01 e2*16 02 'hi'",
        }
        Request::Withdraw { .. } => {
            Request::Withdraw { conversation: ROOM, target: LAST } => "0a c0*16 e2*16",
        }
        Request::ReceivedUpTo { .. } => {
            Request::ReceivedUpTo { conversation: ROOM, entry: LAST } => "0b c0*16 e2*16",
        }
        Request::ReadUpTo { .. } => {
            Request::ReadUpTo { conversation: ROOM, entry: LAST } => "0c c0*16 e2*16",
        }
        Request::Typing { .. } => { Request::Typing { conversation: ROOM } => "0d c0*16" }
        Request::Office(_) => { Request::Office(Ask::Active) => "0e 0b" }
        Request::Audit { .. } => {
            Request::Audit { filter: AuditFilter::default(), before: None } => "0f 00*6",
            Request::Audit {
                filter: AuditFilter {
                    person: Some(ANA),
                    action: Some(Action::SignInFailed),
                    from: Some(AT),
                    until: None,
                    group: Some(Group::SignIns),
                },
                before: Some(300),
            } => "0f 01 aa*16 01 01 01 ac 02 00 01 00 01 ac 02",
        }
        Request::Accesses { .. } => {
            Request::Accesses { conversation: ROOM, before: None } => "10 c0*16 00",
        }
        Request::Begin { .. } => {
            Request::Begin {
                client_id: MINE,
                new: New::ongoing(vec![BEN]),
                invited: vec![Invitee { name: "Cy".into(), email: "c@d".into() }],
            } => "11*17 01 bb*16 00*4 01 02 'Cy' 03 63 40 64",
        }
        Request::Do { .. } => {
            Request::Do { conversation: ROOM, held: Some(LAST), command: Command::Leave } => "12 c0*16 01 e2*16 0a",
        }
        Request::Archive { .. } => { Request::Archive { after: Some(mark()) } => "13 01 ac 02 c0*16" }
        Request::Rehearse { .. } => { Request::Rehearse { conversation: ROOM } => "14 c0*16" }
        Request::Later { .. } => {
            Request::Later {
                conversation: ROOM,
                id: MINE,
                due: Due::At(AT),
                command: Command::Complete,
            } => "15 c0*16 11*16 00 ac 02 07",
            Request::Later {
                conversation: ROOM,
                id: MINE,
                due: Due::Undoable,
                command: Command::Complete,
            } => "15 c0*16 11*16 01 07",
        }
        Request::CallBack { .. } => { Request::CallBack { conversation: ROOM, id: MINE } => "16 c0*16 11*16" }
        Request::Draft { .. } => {
            Request::Draft { conversation: ROOM, text: "hi".into() } => "17 c0*16 02 'hi'",
        }
        Request::Emails { .. } => { Request::Emails { conversation: ROOM } => "18 c0*16" }
        Request::Form(_) => { Request::Form(form::Ask::List { after: None }) => "19 00 00" }
        Request::File(_) => {
            Request::File(ask::Ask::List { conversation: ROOM, before: None }) => "1a 02 c0*16 00",
        }
        Request::Search(_) => {
            Request::Search(Search::default()) => "1b 00*6",
            Request::Search(Search {
                text: "hi".into(),
                filter: Filter {
                    author: Some(BEN),
                    from: Some(AT),
                    until: Some(LATER),
                    has_file: true,
                },
                after: Some(Mark { at: AT, conversation: ROOM, entry: LAST }),
            }) => "1b 02 'hi' 01 bb*16 01 ac 02 01 ad 02 01 01 ac 02 c0*16 e2*16",
        }
        Request::Desk(_) => { Request::Desk(desk::Ask::Hours) => "1c 03" }
    }

    groups_keep_their_bytes: Group {
        Group::SignIns => { Group::SignIns => "00" }
        Group::Accounts => { Group::Accounts => "01" }
        Group::People => { Group::People => "02" }
        Group::Practice => { Group::Practice => "03" }
        Group::Conversations => { Group::Conversations => "04" }
        Group::Emergency => { Group::Emergency => "05" }
        Group::Server => { Group::Server => "06" }
    }

    directions_keep_their_bytes: Direction {
        Direction::Before => { Direction::Before => "00" }
        Direction::After => { Direction::After => "01" }
    }

    server_frames_keep_their_bytes: ServerFrame {
        ServerFrame::Reply { .. } => {
            ServerFrame::Reply { id: 300, result: Ok(Reply::Done) } => "00 ac 02 00 00",
            ServerFrame::Reply { id: 1, result: Err(Refusal::NotFound) } => "00 01 01 03",
        }
        ServerFrame::Event(_) => {
            ServerFrame::Event(ServerEvent::Typing { conversation: ROOM, person: BEN }) =>
                "01 05 c0*16 bb*16",
        }
    }

    replies_keep_their_bytes: Reply {
        Reply::Done => { Reply::Done => "00" }
        Reply::Inbox(_) => {
            Reply::Inbox(InboxPage { rows: vec![], next: None }) => "01 00 00",
            Reply::Inbox(InboxPage { rows: vec![row()], next: Some(mark()) }) =>
                "01 01 c0*16 01 aa*16 01 ac 02 aa*16 01 d1*16 02 aa*16 e1*16 00 01 ac 02 01 e2*16 \
                 ac 02 00 bb*16 e1*16 01 e2*16 00*5 01 aa*16 03 'Ana' 01 01 e2*16 ac 02 bb*16 01 \
                 02 'hi' 02 01 e1*16 01 00 01 ac 02 c0*16",
        }
        Reply::Rows(_) => {
            Reply::Rows(vec![row()]) =>
                "02 01 c0*16 01 aa*16 01 ac 02 aa*16 01 d1*16 02 aa*16 e1*16 00 01 ac 02 01 e2*16 \
                 ac 02 00 bb*16 e1*16 01 e2*16 00*5 01 aa*16 03 'Ana' 01 01 e2*16 ac 02 bb*16 01 \
                 02 'hi' 02 01 e1*16 01 00",
        }
        Reply::People(_) => { Reply::People(vec![card()]) => "03 01 aa*16 03 'Ana' 01" }
        Reply::Created(_) => { Reply::Created(ROOM) => "04 c0*16" }
        Reply::Opened(_) => {
            Reply::Opened(Box::new(Opened {
                row: row(),
                page: page(),
                cursors: vec![cursor()],
                here: vec![BEN],
            })) =>
                "05 c0*16 01 aa*16 01 ac 02 aa*16 01 d1*16 02 aa*16 e1*16 00 01 ac 02 01 e2*16 ac \
                 02 00 bb*16 e1*16 01 e2*16 00*5 01 aa*16 03 'Ana' 01 01 e2*16 ac 02 bb*16 01 02 \
                 'hi' 02 01 e1*16 01 00 01 e2*16 ac 02 bb*16 00 02 02 01 ff 01 01 bb*16 01 e2*16 \
                 00 01 bb*16",
        }
        Reply::Page(_) => { Reply::Page(page()) => "06 01 e2*16 ac 02 bb*16 00 02 02 01 ff 01" }
        Reply::Sent { .. } => { Reply::Sent { entry: LAST, at: AT } => "07 e2*16 ac 02" }
        Reply::Office(_) => { Reply::Office(Told::Devices(vec![])) => "08 05 00" }
        Reply::Audit(_) => {
            Reply::Audit(AuditPage {
                entries: vec![audit_entry()],
                next: Some(300),
                people: vec![card()],
            }) =>
                "09 01 ac 02 ac 02 01 aa*16 01 00 0a 00 00 07 11 01 bb*16 01 04 'name' 01 ac 02 \
                 01 aa*16 03 'Ana' 01",
        }
        Reply::Accesses(_) => {
            Reply::Accesses(AccessPage {
                accesses: vec![access()],
                next: None,
                people: vec![card()],
            }) => "0a 01 ac 02 01 bb*16 24 00 01 aa*16 03 'Ana' 01",
        }
        Reply::Rehearsal(_) => {
            Reply::Rehearsal(Rehearsal {
                unread: vec![(BEN, 300)],
                drafts: vec![ANA],
                waiting: vec![BEN],
                forms: vec![ANA, BEN],
            }) => "0b 01 bb*16 ac 02 01 aa*16 01 bb*16 02 aa*16 bb*16",
        }
        Reply::CalledBack(_) => { Reply::CalledBack(Command::Complete) => "0c 07" }
        Reply::Emails(_) => { Reply::Emails(vec![(BEN, "b@c".into())]) => "0d 01 bb*16 03 62 40 63" }
        Reply::Form(_) => { Reply::Form(form::Told::Template(vec![1, 2])) => "0e 02 02 01 02" }
        Reply::File(_) => { Reply::File(ask::Told::Cancelled) => "0f 01" }
        Reply::Found(_) => {
            Reply::Found(Found {
                hits: vec![Hit {
                    conversation: ROOM,
                    entry: LAST,
                    at: AT,
                    author: ANA,
                    file: true,
                    snippet: vec![Piece { text: "hi".into(), found: true }],
                }],
                talks: vec![Talk { conversation: ROOM, others: vec![BEN] }],
                people: vec![card()],
                next: Some(Mark { at: AT, conversation: ROOM, entry: LAST }),
            }) => "10 01 c0*16 e2*16 ac 02 aa*16 01 01 02 'hi' 01 01 c0*16 01 bb*16 01 aa*16 03 'Ana' 01 01 ac 02 c0*16 e2*16",
        }
        Reply::Desk(_) => { Reply::Desk(desk::Told::Promise(None)) => "11 02 00" }
    }

    previews_keep_their_bytes: PreviewContent {
        PreviewContent::Created => { PreviewContent::Created => "00" }
        PreviewContent::Message(_) => { PreviewContent::Message("hi".into()) => "01 02 'hi'" }
        PreviewContent::Withdrawn => { PreviewContent::Withdrawn => "02" }
        PreviewContent::Unsupported => { PreviewContent::Unsupported => "03" }
        PreviewContent::Emergency => { PreviewContent::Emergency => "04" }
        PreviewContent::Entry { .. } => {
            PreviewContent::Entry { kind: 300, body: vec![1, 2] } => "05 ac 02 02 01 02",
        }
    }

    events_keep_their_bytes: ServerEvent {
        ServerEvent::Hello(_) => {
            ServerEvent::Hello(Hello {
                build: "0.1".into(),
                me: card(),
                now: AT,
                practice: practice(),
                assigned: vec![card()],
            }) =>
                "00 03 30 2e 31 aa*16 03 'Ana' 01 ac 02 03 'Oak' 03 'CET' 02 'de' 03 'EUR' 02 'hi' \
                 ac 02 0d 02 01 01 00 01 02 03 'Hut' 01 d1*16 01 41 ac 02 01 aa*16 03 'Ana' \
                 01",
        }
        ServerEvent::Entries { .. } => {
            ServerEvent::Entries { conversation: ROOM, entries: vec![entry()] } =>
                "01 c0*16 01 e2*16 ac 02 bb*16 00 02 02 01 ff",
        }
        ServerEvent::Row(_) => {
            ServerEvent::Row(Box::new(row())) =>
                "02 c0*16 01 aa*16 01 ac 02 aa*16 01 d1*16 02 aa*16 e1*16 00 01 ac 02 01 e2*16 ac \
                 02 00 bb*16 e1*16 01 e2*16 00*5 01 aa*16 03 'Ana' 01 01 e2*16 ac 02 bb*16 01 02 \
                 'hi' 02 01 e1*16 01 00",
        }
        ServerEvent::CaughtUp { .. } => {
            ServerEvent::CaughtUp { conversation: ROOM, catch_up: CatchUp::Gone } => "03 c0*16 02",
        }
        ServerEvent::Cursors { .. } => {
            ServerEvent::Cursors { conversation: ROOM, cursors: vec![cursor()] } =>
                "04 c0*16 01 bb*16 01 e2*16 00",
        }
        ServerEvent::Typing { .. } => {
            ServerEvent::Typing { conversation: ROOM, person: BEN } => "05 c0*16 bb*16",
        }
        ServerEvent::Presence { .. } => {
            ServerEvent::Presence { conversation: ROOM, person: BEN, here: true } =>
                "06 c0*16 bb*16 01",
        }
        ServerEvent::Read { .. } => {
            ServerEvent::Read { conversation: ROOM, read_up_to: LAST, unread: 3 } =>
                "07 c0*16 e2*16 03",
        }
        ServerEvent::Changed(_) => {
            ServerEvent::Changed(Changed::PersonGone(BEN)) => "08 01 bb*16",
        }
        ServerEvent::Draft { .. } => {
            ServerEvent::Draft { conversation: ROOM, text: "hi".into() } => "09 c0*16 02 'hi'",
        }
        ServerEvent::Pending { .. } => {
            ServerEvent::Pending {
                conversation: ROOM,
                pending: Pending {
                    id: MINE,
                    due: AT,
                    command: Command::Complete,
                    refused: Some(Refusal::HostOnly),
                },
            } => "0a c0*16 11*16 ac 02 07 01 28",
        }
        ServerEvent::Settled { .. } => {
            ServerEvent::Settled { conversation: ROOM, id: MINE } => "0b c0*16 11*16",
        }
        ServerEvent::Form(_) => {
            ServerEvent::Form(form::Happened::Kept {
                conversation: ROOM,
                entry: LAST,
                answers: vec![1, 2],
                at: AT,
            }) => "0c 00 c0*16 e2*16 02 01 02 ac 02",
        }
    }

    catch_ups_keep_their_bytes: CatchUp {
        CatchUp::Page { .. } => {
            CatchUp::Page {
                page: page(),
                cursors: vec![cursor()],
                here: vec![ANA, BEN],
                unread: 3,
                read_up_to: Some(FIRST),
            } =>
                "00 01 e2*16 ac 02 bb*16 00 02 02 01 ff 01 01 bb*16 01 e2*16 00 02 aa*16 bb*16 03 \
                 01 e1*16",
        }
        CatchUp::StartOver => { CatchUp::StartOver => "01" }
        CatchUp::Gone => { CatchUp::Gone => "02" }
    }
}

#[test]
fn close_codes_stay_what_they_are() {
    let codes = [
        close::GOING_AWAY,
        close::MALFORMED,
        close::TOO_BIG,
        close::SESSION_ENDED,
        close::PORTAL_OFF,
        close::TOO_SLOW,
        close::LOCKED,
        close::TOO_MANY_SOCKETS,
    ];
    assert_eq!(codes, [1001, 1008, 1009, 4401, 4403, 4408, 4423, 4429]);
}
