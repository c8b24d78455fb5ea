use shared_proto::conversation::event::{
    Added, Assigned, Created, Event, Message as Body, Shared, Submitted,
};
use shared_proto::conversation::state::{State as Fold, Viewer};
use shared_proto::entry::{Audience, Entry};
use shared_proto::file::FileKind;
use shared_proto::id::{ConversationId, FileId, FormId};
use shared_proto::people::{PersonCard, Role};
use shared_proto::wire::{InboxRow, Page};

use super::*;
use crate::state::{File, Thread};

const MINUTE: u64 = 60_000;
const DAY: u64 = 24 * 60 * MINUTE;

fn person(number: u8) -> PersonId {
    PersonId::from_random([number; 16])
}

fn entry(number: u64, at: u64, author: u8, event: &Event) -> Entry {
    let (kind, body) = event.encode();
    let id = EntryId::next(None, number, 0);
    let audience = Audience::Members;
    Entry { id, at: Millis(at), author: person(author), audience, kind, body }
}

fn message(number: u64, at: u64, author: u8) -> Entry {
    let client_message_id = ClientMessageId::from_random([number as u8; 16]);
    entry(number, at, author, &Event::Message(Body { client_message_id, text: "words".into() }))
}

fn conversation(members: &[u8], mut entries: Vec<Entry>) -> Conversation {
    let participants = members[1..].iter().map(|number| person(*number)).collect();
    let created =
        Event::Created(Created { host: person(members[0]), participants, division: None });
    entries.insert(0, entry(1, 0, members[0], &created));
    let mut state = Fold::absent(Viewer::Only(person(1)));
    for entry in &entries {
        shared_proto::conversation::apply::apply(&mut state, entry);
    }
    let card = |number: &u8| PersonCard {
        id: person(*number),
        name: format!("Person {number}"),
        role: Role::Client,
    };
    let mut conversation = Conversation::new(InboxRow {
        conversation: ConversationId::from_random([9; 16]),
        state,
        people: members.iter().map(card).collect(),
        preview: None,
        unread: 0,
        read_up_to: None,
        draft: false,
        pending: false,
    });
    conversation.thread = Some(Thread::of(&Page { entries, more: false }));
    conversation
}

fn outline(conversation: &Conversation, outbox: &[OutboxItem]) -> Vec<String> {
    let day_of = |at: Millis| (at.0 / DAY) as i64;
    let items = items(conversation, outbox, person(1), &day_of);
    let names = items.iter().map(|item| match item {
        Item::Start(_) => "start".to_owned(),
        Item::Day(day, _) => format!("day {day}"),
        Item::Divider => "new".to_owned(),
        Item::Note(_, _, event) => match &**event {
            Event::Created(_) => "began".to_owned(),
            Event::Emergency(body) => format!("emergency {}", body.name),
            other => format!("{other:?}"),
        },
        Item::Form(_, _, event, submitted) => match &**event {
            Event::Submitted(_) => "handed over".to_owned(),
            _ => format!("form {submitted}"),
        },
        Item::Message(message) => {
            let edge = |is: bool, sign: &str| if is { sign.to_owned() } else { String::new() };
            let mark = message.mark.map_or("", Mark::name);
            format!("{}{mark}{}", edge(message.first, "<"), edge(message.last, ">"))
        }
    });
    names.collect()
}

#[test]
fn messages_of_one_author_within_five_minutes_stand_together() {
    let given = conversation(
        &[1, 2],
        vec![
            message(2, MINUTE, 2),
            message(3, 5 * MINUTE, 2),
            message(4, 11 * MINUTE, 2),
            message(5, 11 * MINUTE, 1),
        ],
    );
    assert_eq!(outline(&given, &[]), ["start", "day 0", "began", "<", ">", "<>", "<sent>"]);
}

#[test]
fn a_day_begins_once_even_when_the_clock_runs_back() {
    let given = conversation(
        &[1, 2],
        vec![message(2, DAY, 2), message(3, DAY - 1, 2), message(4, 2 * DAY, 2)],
    );
    let days: Vec<String> =
        outline(&given, &[]).into_iter().filter(|name| name.starts_with("day")).collect();
    assert_eq!(days, ["day 0", "day 1", "day 2"]);
}

#[test]
fn the_divider_stands_before_the_first_new_message_of_somebody_else() {
    let mut given = conversation(
        &[1, 2],
        vec![message(2, 1, 2), message(3, 2, 1), message(4, 3, 2), message(5, 4, 2)],
    );
    let mark = EntryId::next(None, 2, 0);
    given.thread.as_mut().unwrap().divider = Some(mark);
    assert_eq!(outline(&given, &[]), ["start", "day 0", "began", "<>", "<sent>", "new", "<", ">"]);
}

#[test]
fn marks_follow_the_others_cursors() {
    let mut given =
        conversation(&[1, 2], vec![message(2, 1, 1), message(3, 2, 1), message(4, 3, 1)]);
    let cursor = Cursor {
        person: person(2),
        received: Some(EntryId::next(None, 3, 0)),
        read: Some(EntryId::next(None, 2, 0)),
    };
    given.cursors.push(cursor);
    assert_eq!(outline(&given, &[])[3..], ["<read", "delivered", "sent>"]);
}

#[test]
fn a_group_has_read_a_message_when_everyone_has() {
    let mut given = conversation(&[1, 2, 3], vec![message(2, 1, 1)]);
    let entry = EntryId::next(None, 2, 0);
    let cursor = |number| Cursor { person: person(number), received: None, read: Some(entry) };
    given.cursors.push(cursor(2));
    let read_by = |given: &Conversation| {
        let items = items(given, &[], person(1), &|_| 0);
        let Some(Item::Message(message)) = items.last().cloned() else { panic!("no message") };
        (message.mark, message.read_by)
    };
    assert_eq!(read_by(&given), (Some(Mark::Sent), Some((1, 2))));
    given.cursors.push(cursor(3));
    assert_eq!(read_by(&given), (Some(Mark::Read), Some((2, 2))));
}

#[test]
fn unsent_messages_stand_at_the_end_and_keep_their_key_when_they_arrive() {
    let given = conversation(&[1, 2], vec![message(2, 1, 1)]);
    let sent = items(&given, &[], person(1), &|_| 0);
    let item = OutboxItem {
        conversation: given.id,
        id: ClientMessageId::from_random([2; 16]),
        held: None,
        quoted: None,
        text: "words".into(),
        at: Millis(1),
        stage: Stage::Waiting,
        not_before: 0,
        delayed: None,
    };
    let before = conversation(&[1, 2], Vec::new());
    assert_eq!(outline(&before, std::slice::from_ref(&item)).last().unwrap(), "<sending>");
    let unsent = items(&before, &[item], person(1), &|_| 0);
    assert_eq!(unsent.last().map(Item::key), sent.last().map(Item::key));
}

#[test]
fn the_mark_of_ones_newest_message_is_spelled_out_and_no_other() {
    let entries = vec![message(2, 0, 1), message(3, 1, 1), message(4, 2, 2)];
    let conversation = conversation(&[1, 2], entries);
    let items = items(&conversation, &[], person(1), &|_| 0);
    let newest: Vec<_> = items
        .iter()
        .filter_map(|item| match item {
            Item::Message(message) if message.newest => message.entry,
            _ => None,
        })
        .collect();
    assert_eq!(newest, [EntryId::next(None, 3, 0)]);
}

#[test]
fn a_form_says_whether_it_was_submitted_and_is_news() {
    let client_message_id = ClientMessageId::from_random([7; 16]);
    let assigned = Event::Assigned(Assigned {
        client_message_id,
        form: FormId::from_random([1; 16]),
        version: 1,
        title: "Intake".into(),
        to: person(1),
    });
    let given = |number, author| entry(number, number, author, &assigned);
    let first = given(2, 2);
    let submitted = Event::Submitted(Submitted {
        client_message_id,
        assigned: first.id,
        title: "Intake".into(),
    });
    let mut given = conversation(&[2, 1], vec![first, given(3, 2), entry(4, 4, 1, &submitted)]);
    let rows = ["start", "day 0", "began", "form true", "form false", "handed over"];
    assert_eq!(outline(&given, &[]), rows);
    given.thread.as_mut().unwrap().divider = Some(EntryId::next(None, 2, 0));
    assert_eq!(outline(&given, &[])[4], "new");
}

fn shared() -> Shared {
    Shared {
        client_message_id: ClientMessageId::from_random([2; 16]),
        file: FileId::from_random([7; 16]),
        name: "scan.pdf".to_owned(),
        kind: FileKind::Pdf,
        bytes: 1,
        pixels: None,
        hash: [0; 32],
    }
}

#[test]
fn a_file_that_is_hidden_from_somebody_does_not_wait_for_them() {
    let audience = Audience::Only(vec![person(2)]);
    let file = Entry { audience, ..entry(2, 1, 1, &Event::Shared(shared())) };
    let mut given = conversation(&[1, 2, 3], vec![file]);
    let read = Some(EntryId::next(None, 2, 0));
    let drawn = |given: &Conversation| {
        let items = items(given, &[], person(1), &|_| 0);
        let Some(Item::Message(message)) = items.last().cloned() else { panic!("no message") };
        (message.mark, message.hidden_from.clone())
    };
    // They have read what came after it.
    given.cursors.push(Cursor { person: person(3), received: None, read });
    assert_eq!(drawn(&given), (Some(Mark::Sent), vec![person(3)]));
    given.cursors.push(Cursor { person: person(2), received: None, read });
    assert_eq!(drawn(&given), (Some(Mark::Read), vec![person(3)]));
}

#[test]
fn who_came_later_was_not_left_out_of_a_file() {
    let audience = Audience::Only(vec![person(2)]);
    let added = Event::Added(Added { person: person(3) });
    let given = conversation(&[1, 2], vec![entry(3, 1, 1, &added)]);
    let file = File { shared: shared(), audience };
    let hidden = |number| given.hidden_from(EntryId::next(None, number, 0), &file, person(1));
    assert_eq!(hidden(2), vec![]);
    assert_eq!(hidden(4), vec![person(3)]);
}
