//! The same bytes as `shared_proto::wire`.

use shared_proto::desk;
use shared_proto::file::ask as file;
use shared_proto::hours::Promise;
use shared_proto::id::{ConversationId, EntryId};
use shared_proto::notice;
use shared_proto::office;
use shared_proto::time::Millis;
use shared_proto::wire::{self, ClientFrame, ServerFrame};

use super::*;

fn room() -> ConversationId {
    ConversationId::from_random([9; 16])
}

fn entry(number: u64) -> EntryId {
    EntryId::next(None, number, 0)
}

fn message() -> ClientMessageId {
    ClientMessageId::from_random([3; 16])
}

fn file_id() -> FileId {
    FileId::from_random([5; 16])
}

fn person(number: u8) -> PersonId {
    PersonId::from_random([number; 16])
}

/// Each as the state asks it, and as the protocol has it.
fn pairs() -> Vec<(Request, wire::Request)> {
    let conversation = room();
    let (client_message_id, client_id) = (message(), message());
    let after = Some(InboxMark { at: Millis(1_000), conversation });
    let (held, text) = (Some(entry(7)), "Good morning".to_owned());
    let new = New { announcement: Some("Hello".to_owned()), ..New::ongoing(vec![person(1)]) };
    let invited = vec![Invitee { name: "A".to_owned(), email: "a@example.org".to_owned() }];
    let (name, bytes) = ("letter.pdf".to_owned(), 300_000);
    vec![
        (Request::Ping, wire::Request::Ping),
        (Request::Inbox { after }, wire::Request::Inbox { after }),
        (Request::Archive { after: None }, wire::Request::Archive { after: None }),
        (
            Request::Rows { conversations: vec![room(), room()] },
            wire::Request::Rows { conversations: vec![room(), room()] },
        ),
        (
            Request::FindPeople { text: text.clone() },
            wire::Request::FindPeople { text: text.clone() },
        ),
        (Request::Open { conversation }, wire::Request::Open { conversation }),
        (Request::Leave { conversation }, wire::Request::Leave { conversation }),
        (
            Request::Resume { held: vec![Held { conversation, last: entry(4) }] },
            wire::Request::Resume { held: vec![Held { conversation, last: entry(4) }] },
        ),
        (
            Request::History { conversation, from: entry(4), direction: Direction::After },
            wire::Request::History { conversation, from: entry(4), direction: Direction::After },
        ),
        (
            Request::Send {
                conversation,
                client_message_id,
                held,
                text: text.clone(),
                quoted: None,
            },
            wire::Request::Send { conversation, client_message_id, held, text: text.clone() },
        ),
        (
            Request::Send {
                conversation,
                client_message_id,
                held,
                text: text.clone(),
                quoted: held,
            },
            wire::Request::Do {
                conversation,
                held,
                command: Command::Send { client_message_id, text: text.clone(), quoted: held },
            },
        ),
        (
            Request::Share {
                conversation,
                client_message_id,
                held,
                file: file_id(),
                hidden_from: vec![person(2), person(3)],
            },
            wire::Request::Do {
                conversation,
                held,
                command: Command::Share {
                    client_message_id,
                    file: file_id(),
                    hidden_from: vec![person(2), person(3)],
                },
            },
        ),
        (
            Request::Withdraw { conversation, target: entry(4) },
            wire::Request::Withdraw { conversation, target: entry(4) },
        ),
        (
            Request::ReceivedUpTo { conversation, entry: entry(4) },
            wire::Request::ReceivedUpTo { conversation, entry: entry(4) },
        ),
        (
            Request::ReadUpTo { conversation, entry: entry(4) },
            wire::Request::ReadUpTo { conversation, entry: entry(4) },
        ),
        (Request::Typing { conversation }, wire::Request::Typing { conversation }),
        (
            Request::Draft { conversation, text: text.clone() },
            wire::Request::Draft { conversation, text: text.clone() },
        ),
        (Request::Active, wire::Request::Office(office::Ask::Active)),
        (
            Request::Reachable { conversation },
            wire::Request::Office(office::Ask::Reachable { conversation }),
        ),
        (Request::Notices, wire::Request::Office(office::Ask::Notices(notice::ask::Ask::Standing))),
        (
            Request::Begin { client_id, new: new.clone(), invited: invited.clone() },
            wire::Request::Begin { client_id, new, invited },
        ),
        (
            Request::CallBack { conversation, id: client_id },
            wire::Request::CallBack { conversation, id: client_id },
        ),
        (
            Request::Upload { conversation, client_id, name: name.clone(), bytes },
            wire::Request::File(file::Ask::Begin { conversation, client_id, name, bytes }),
        ),
        (
            Request::CancelUpload { conversation, file: file_id() },
            wire::Request::File(file::Ask::Cancel { conversation, file: file_id() }),
        ),
        (
            Request::Page(codec::encode(&wire::Request::Emails { conversation })),
            wire::Request::Emails { conversation },
        ),
    ]
}

#[test]
fn what_is_asked_is_what_the_protocol_says() {
    for (own, request) in pairs() {
        assert_eq!(own.body(), codec::encode(&request), "{own:?}");
        let frame = codec::encode(&ClientFrame { id: 300, request: request.clone() });
        assert_eq!(super::frame(300, &own.body()), frame, "{own:?}");
        assert_eq!(own.is_answered(), request.is_answered(), "{own:?}");
    }
    let asked = wire::Request::Desk(desk::Ask::Promise { conversation: room() });
    assert_eq!(promise(room()), codec::encode(&asked));
}

fn read(reply: wire::Reply) -> Result<Reply, Refusal> {
    let answered = Ok::<_, Refusal>(reply);
    let frame = codec::encode(&ServerFrame::Reply { id: 300, result: answered.clone() });
    let is = Frame::Reply { id: 300, answer: codec::encode(&answered) };
    assert_eq!(Frame::read(&frame), Ok(is), "the frame holds the answer as it is");
    answer(&codec::encode(&answered)).expect("it is read")
}

#[test]
fn what_is_answered_is_what_the_protocol_says() {
    let card = PersonCard {
        id: person(1),
        name: "A".to_owned(),
        role: shared_proto::people::Role::Client,
    };
    let page = Page { entries: vec![], more: true };
    let upload = file::Told::Upload { file: file_id(), offset: 300, name: "a.pdf".to_owned() };
    let waits = Command::Send { client_message_id: message(), text: "b".to_owned(), quoted: None };
    let inbox = InboxPage::default();
    assert_eq!(read(wire::Reply::Inbox(inbox.clone())), Ok(Reply::Inbox(inbox)));
    assert_eq!(read(wire::Reply::Rows(vec![])), Ok(Reply::Rows(vec![])));
    let people = vec![card];
    assert_eq!(read(wire::Reply::People(people.clone())), Ok(Reply::People(people)));
    assert_eq!(read(wire::Reply::Created(room())), Ok(Reply::Created(room())));
    assert_eq!(read(wire::Reply::Page(page.clone())), Ok(Reply::Page(page)));
    let sent = wire::Reply::Sent { entry: entry(4), at: Millis(9) };
    assert_eq!(read(sent), Ok(Reply::Sent(entry(4))));
    let reachable = wire::Reply::Office(office::Told::Reachable(true));
    assert_eq!(read(reachable), Ok(Reply::Reachable(true)));
    let standing = |sound| {
        let quiet = Some(notice::Quiet { from: 1_320, until: 420 });
        Box::new(notice::ask::Standing {
            wishes: Wishes { quiet, remind_after: Some(24), sound },
            stopped: [None, Some(notice::rule::Why::Consent), None],
            push_key: vec![4; 65],
            browsers: 2,
            this_browser: true,
            mobile_confirmed: false,
        })
    };
    for sound in [true, false] {
        let told = wire::Reply::Office(office::Told::Notices(standing(sound)));
        assert_eq!(read(told), Ok(Reply::Notices(sound)));
    }
    assert_eq!(read(wire::Reply::CalledBack(waits.clone())), Ok(Reply::CalledBack(waits)));
    let is = Reply::Upload { file: file_id(), offset: 300, name: "a.pdf".to_owned() };
    assert_eq!(read(wire::Reply::File(upload)), Ok(is));
    for other in [
        wire::Reply::Done,
        wire::Reply::File(file::Told::Cancelled),
        wire::Reply::Office(office::Told::Devices(vec![])),
        wire::Reply::Emails(vec![(person(1), "a@example.org".to_owned())]),
    ] {
        assert_eq!(read(other), Ok(Reply::Other));
    }
}

#[test]
fn a_refusal_is_read_whatever_was_asked() {
    let refused = Err::<wire::Reply, _>(Refusal::TooFast { retry_after_ms: 700 });
    let bytes = codec::encode(&refused);
    assert_eq!(refusal(&bytes), Some(Refusal::TooFast { retry_after_ms: 700 }));
    assert_eq!(answer(&bytes), Ok(Err(Refusal::TooFast { retry_after_ms: 700 })));
    assert_eq!(super::refused(Refusal::TooFast { retry_after_ms: 700 }), bytes);
    let granted = codec::encode(&Ok::<_, Refusal>(wire::Reply::Done));
    assert_eq!(refusal(&granted), None);
}

#[test]
fn what_is_promised_is_read() {
    let promise = Some(Box::new(Promise { waits: true, ..Promise::default() }));
    let told = wire::Reply::Desk(desk::Told::Promise(promise.clone()));
    assert_eq!(promised(&codec::encode(&Ok::<_, Refusal>(told))), Ok(promise));
    let other = Ok::<_, Refusal>(wire::Reply::Done);
    assert_eq!(promised(&codec::encode(&other)), Err(Malformed));
    assert_eq!(promised(&super::refused(Refusal::NotFound)), Err(Malformed));
}

#[test]
fn what_is_no_frame_is_malformed() {
    for bytes in [&[][..], &[2], &[0], &[1, 200], &[0, 1]] {
        let read = Frame::read(bytes);
        let answered = match &read {
            Ok(Frame::Reply { answer: bytes, .. }) => answer(bytes).map(|_| ()),
            Ok(Frame::Event(_)) => Ok(()),
            Err(malformed) => Err(*malformed),
        };
        assert_eq!(answered, Err(Malformed), "{bytes:?}: {read:?}");
    }
    let mut long = codec::encode(&Ok::<_, Refusal>(wire::Reply::Created(room())));
    long.push(0);
    assert_eq!(answer(&long), Err(Malformed), "bytes left over");
}
