//! Logs of chance, of entries that say what may be said and what may not.

use std::ops::Range;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::Index;
use shared_proto::chart::DetailField;
use shared_proto::conversation::event::{
    Activity, Added, Announced, Assigned, Away, Begun, Created, Emergency, Event, Left, Message,
    Part, Quoting, Redacted, Rescheduled, Shared, Start, Submitted, Withdrawn,
};
use shared_proto::entry::{Audience, Entry};
use shared_proto::file::{FileKind, Pixels};
use shared_proto::id::{ClientMessageId, EntryId, FileId, FormId};
use shared_proto::time::Millis;

use crate::{client_message_id, person, sorted_people};

fn audience() -> impl Strategy<Value = Audience> {
    prop_oneof![Just(Audience::Members), sorted_people().prop_map(Audience::Only)]
}

pub fn event() -> impl Strategy<Value = Event> {
    let created = (person(), sorted_people()).prop_map(|(host, participants)| {
        Event::Created(Created { host, participants, division: None })
    });
    let emergency = (person(), any::<u64>()).prop_map(|(person, until)| {
        let (name, reason) = ("Somebody".into(), "Somebody is in danger".into());
        Event::Emergency(Emergency { person, name, until: Millis(until), reason })
    });
    let message = (client_message_id(), ".{0,40}")
        .prop_map(|(client_message_id, text)| Event::Message(Message { client_message_id, text }));
    let withdrawn = any::<[u8; 16]>()
        .prop_map(|target| Event::Withdrawn(Withdrawn { target: EntryId::from_bytes(target) }));
    let redacted = client_message_id()
        .prop_map(|client_message_id| Event::Redacted(Redacted { client_message_id }));
    let replies = (client_message_id(), ".{0,40}", any::<[u8; 16]>(), any::<bool>()).prop_map(
        |(client_message_id, text, quoted, redacted)| {
            let quoted = EntryId::from_bytes(quoted);
            match redacted {
                true => Event::RedactedQuoting(Redacted { client_message_id }),
                false => Event::Quoting(Quoting { client_message_id, text, quoted }),
            }
        },
    );
    let shared = (client_message_id(), "[a-z]{1,20}", option::of(any::<(u32, u32)>())).prop_map(
        |(client_message_id, name, sides)| {
            let pixels = sides.map(|(width, height)| Pixels { width, height });
            Event::Shared(Shared { client_message_id, name, pixels, ..file() })
        },
    );
    prop_oneof![
        1 => created,
        2 => beginning().prop_map(Event::Begun),
        5 => message,
        1 => withdrawn,
        1 => redacted,
        1 => emergency,
        1 => beside(),
        2 => replies,
        3 => shared,
        4 => membership(),
        4 => session(),
        2 => about_a_form(),
    ]
}

/// A form is given or submitted, to and by whom it may be and may not be.
fn about_a_form() -> impl Strategy<Value = Event> {
    (client_message_id(), person(), any::<[u8; 16]>(), any::<bool>()).prop_map(
        |(client_message_id, to, bytes, submitted)| {
            let title = String::from("Before we meet");
            match submitted {
                true => {
                    let assigned = EntryId::from_bytes(bytes);
                    Event::Submitted(Submitted { client_message_id, assigned, title })
                }
                false => {
                    let (form, version) = (FormId::from_bytes(bytes), 1);
                    Event::Assigned(Assigned { client_message_id, form, version, title, to })
                }
            }
        },
    )
}

/// A file that is no picture.
pub fn file() -> Shared {
    Shared {
        client_message_id: ClientMessageId::from_bytes([1; 16]),
        file: FileId::from_bytes([2; 16]),
        name: "a.pdf".into(),
        kind: FileKind::Pdf,
        bytes: 3,
        pixels: None,
        hash: [4; 32],
    }
}

/// What nobody wrote.
fn beside() -> impl Strategy<Value = Event> {
    let field = any::<Index>().prop_map(|field| *field.get(&DetailField::ALL));
    let part = prop_oneof![
        Just(Part::Name),
        Just(Part::Phone),
        Just(Part::Email),
        field.prop_map(Part::Detail),
    ];
    prop_oneof![
        vec(part, 0..5).prop_map(|parts| Event::Activity(Activity { parts })),
        ("[a-z]{0,8}", start()).prop_map(|(text, by)| Event::Away(Away { text, by })),
    ]
}

fn start() -> impl Strategy<Value = Option<Millis>> {
    option::of((0u64..1 << 41).prop_map(Millis))
}

fn beginning() -> impl Strategy<Value = Begun> {
    let session = option::of(start().prop_map(|at| Start { at }));
    (person(), sorted_people(), session, "[a-z]{0,8}").prop_map(
        |(host, participants, session, announcement)| Begun {
            host,
            participants,
            division: None,
            session,
            announcement,
        },
    )
}

/// Somebody joins or leaves, those who are none and those who are already among them.
fn membership() -> impl Strategy<Value = Event> {
    (person(), any::<bool>()).prop_map(|(person, joins)| match joins {
        true => Event::Added(Added { person }),
        false => Event::Left(Left { person }),
    })
}

/// What changes around a session, whether there is one or not.
fn session() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => "[a-z]{0,8}".prop_map(|text| Event::Announced(Announced { text })),
        2 => start().prop_map(|starts_at| Event::Rescheduled(Rescheduled { starts_at })),
        1 => Just(Event::Cancelled),
        1 => Just(Event::Completed),
    ]
}

/// A kind and a body: well formed, of a kind unknown here, or damaged.
fn content() -> impl Strategy<Value = (u16, Vec<u8>)> {
    let damaged = (event(), any::<Index>(), any::<u8>()).prop_map(|(event, at, byte)| {
        let (kind, mut body) = event.encode();
        let at = at.index(body.len());
        body[at] = byte;
        (kind, body)
    });
    let cut = (event(), any::<Index>()).prop_map(|(event, at)| {
        let (kind, mut body) = event.encode();
        body.truncate(at.index(body.len()));
        (kind, body)
    });
    prop_oneof![
        6 => event().prop_map(|event| event.encode()),
        2 => (any::<u16>(), vec(any::<u8>(), 0..40)),
        1 => damaged,
        1 => cut,
    ]
}

/// Entries with rising ids under a clock that jumps both ways.
pub fn log(length: Range<usize>) -> impl Strategy<Value = Vec<Entry>> {
    let entry = (0u64..1 << 40, any::<u128>(), person(), audience(), content());
    vec(entry, length).prop_map(|drafts| {
        let mut last = None;
        let mut number = |(at, random, author, audience, (kind, body))| {
            let id = EntryId::next(last, at, random);
            last = Some(id);
            Entry { id, at: Millis(at), author, audience, kind, body }
        };
        drafts.into_iter().map(&mut number).collect()
    })
}

/// A log that begins as every real one: for all its members.
pub fn begun(length: Range<usize>) -> impl Strategy<Value = Vec<Entry>> {
    (log(length), beginning(), any::<bool>()).prop_map(|(mut log, begun, old)| {
        if let Some(first) = log.first_mut() {
            let Begun { participants, division, .. } = begun.clone();
            let created = Created { host: first.author, participants, division };
            let event = if old { Event::Created(created) } else { Event::Begun(begun) };
            (first.kind, first.body) = event.encode();
            first.audience = Audience::Members;
        }
        log
    })
}

/// A log in which people come and go all the time.
pub fn restless() -> impl Strategy<Value = Vec<Entry>> {
    let changes = vec((any::<Index>(), prop_oneof![membership(), session()]), 10..40);
    (begun(2..40), changes).prop_map(|(mut log, changes)| {
        for (at, event) in changes {
            let at = 1 + at.index(log.len() - 1);
            (log[at].kind, log[at].body) = event.encode();
            log[at].audience = Audience::Members;
        }
        log
    })
}

pub fn any_log() -> impl Strategy<Value = Vec<Entry>> {
    prop_oneof![1 => log(0..30), 3 => begun(0..30)]
}
