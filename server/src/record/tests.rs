//! What a record says of every kind of entry, and that what it says survives its forms.

use std::io::Cursor;

use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use shared_proto::conversation::event::{
    Added, Announced, Assigned, Begun, Emergency, Event, Left, Message, Quoting, Rescheduled,
    Shared, Start, Submitted, Withdrawn, redact,
};
use shared_proto::conversation::state::{Member, State, Viewer};
use shared_proto::entry::{Audience, Entry};
use shared_proto::file::FileKind;
use shared_proto::id::{ClientMessageId, EntryId, FileId, FormId, PersonId};
use shared_proto::people::Role;

use super::bundle::{Bundle, Transcript};
use super::people::People;
use super::row::row;
use super::*;
use crate::store::conversations::{Recorded, Withdrawal};

pub const ANA: PersonId = PersonId::from_bytes([1; 16]);
pub const BEN: PersonId = PersonId::from_bytes([2; 16]);
const STRANGER: PersonId = PersonId::from_bytes([9; 16]);
const AT: Millis = Millis(1_772_357_400_125);

fn card(id: PersonId, name: &str, role: Role) -> PersonCard {
    PersonCard { id, name: name.to_owned(), role }
}

pub fn head() -> Head {
    Head {
        conversation: ConversationId::from_bytes([5; 16]),
        practice: "Lindenhof & Söhne".to_owned(),
        exporter: card(ANA, "Ana <b>Ruiz</b>", Role::Provider),
        at: AT,
        zone: Zone::named("Europe/Zurich").unwrap(),
    }
}

pub fn people() -> People {
    let mut state = State::absent(Viewer::Everyone);
    state.members = [ANA, BEN].map(|person| Member::since(person, EntryId::MIN)).to_vec();
    let cards = [card(ANA, "Ana <b>Ruiz</b>", Role::Provider), card(BEN, "Ben", Role::Client)];
    People::new(&state, cards, [(BEN, "ben@example.org".to_owned()), (ANA, String::new())])
}

pub fn entry(number: u8, author: PersonId, event: &Event) -> Recorded {
    let (kind, body) = event.encode();
    let id = EntryId::from_bytes([number; 16]);
    let entry = Entry { id, at: AT, author, audience: Audience::Members, kind, body };
    Recorded { entry, withdrawn: None }
}

pub fn message(text: &str) -> Event {
    let client_message_id = ClientMessageId::from_bytes([3; 16]);
    Event::Message(Message { client_message_id, text: text.to_owned() })
}

/// Kind, text and details of an entry.
#[track_caller]
fn check(recorded: &Recorded, expect: (&str, &str, &str)) {
    let (people, zone) = (people(), head().zone);
    let row = row(1, recorded, &people, &zone);
    assert_eq!((row.kind.as_str(), row.text.as_str(), row.details.as_str()), expect);
}

#[test]
fn every_kind_of_entry_is_said_in_words() {
    let target = EntryId::from_bytes([7; 16]);
    let said = |event| entry(1, ANA, &event);
    let start = Millis(AT.0 + 3_600_000);
    check(&said(message("Hello")), ("message", "Hello", ""));
    let client_message_id = ClientMessageId::from_bytes([3; 16]);
    let reply = Quoting { client_message_id, text: "Yes".into(), quoted: target };
    check(
        &said(Event::Quoting(reply)),
        ("reply", "Yes", "Answers the entry 07070707-0707-0707-0707-070707070707"),
    );
    check(
        &said(Event::Withdrawn(Withdrawn { target })),
        ("withdrawal", "", "Withdrew the entry 07070707-0707-0707-0707-070707070707"),
    );
    let begun = |session| Begun {
        host: ANA,
        participants: vec![BEN, STRANGER],
        division: None,
        session,
        announcement: "Be early".into(),
    };
    let with = "Began the conversation with Ben, somebody";
    check(&said(Event::Begun(begun(None))), ("begin", "Be early", with));
    let timed = format!("{with}. A session that starts 1 March 2026, 11:30 (Europe/Zurich)");
    check(
        &said(Event::Begun(begun(Some(Start { at: Some(start) })))),
        ("begin", "Be early", &timed),
    );
    let at_once = format!("{with}. A session that starts at once");
    check(&said(Event::Begun(begun(Some(Start::default())))), ("begin", "Be early", &at_once));
    check(
        &said(Event::Announced(Announced { text: "Call 112".into() })),
        ("announcement", "Call 112", "Wrote across the top"),
    );
    check(
        &said(Event::Announced(Announced { text: String::new() })),
        ("announcement", "", "Took away what stands across the top"),
    );
    check(
        &said(Event::Rescheduled(Rescheduled { starts_at: Some(start) })),
        ("rescheduled", "", "The session starts 1 March 2026, 11:30 (Europe/Zurich)"),
    );
    check(
        &said(Event::Rescheduled(Rescheduled { starts_at: None })),
        ("rescheduled", "", "The session starts at once"),
    );
    check(&said(Event::Cancelled), ("cancelled", "", "Called the session off"));
    check(&said(Event::Completed), ("completed", "", "Completed the session"));
    check(&said(Event::Added(Added { person: BEN })), ("added", "", "Added Ben"));
    check(&said(Event::Left(Left { person: ANA })), ("left", "", "Left"));
    check(&said(Event::Left(Left { person: BEN })), ("removed", "", "Removed Ben"));
    let shared = Shared {
        client_message_id,
        file: FileId::from_bytes([4; 16]),
        name: "Letter.pdf".into(),
        kind: FileKind::Pdf,
        bytes: 7,
        pixels: None,
        hash: [0xab; 32],
    };
    let details =
        format!("Shared the file \u{201c}Letter.pdf\u{201d}, 7 bytes, SHA-256 {}", "ab".repeat(32));
    check(&said(Event::Shared(shared)), ("file", "", &details));
    let form = FormId::from_bytes([8; 16]);
    let title = "How are you?".to_owned();
    let assigned = Assigned { client_message_id, form, version: 1, title: title.clone(), to: BEN };
    check(
        &said(Event::Assigned(assigned)),
        ("form given", "", "Gave Ben the form \u{201c}How are you?\u{201d}"),
    );
    let submitted = Submitted { client_message_id, assigned: target, title };
    check(
        &said(Event::Submitted(submitted)),
        ("form submitted", "", "Submitted the form \u{201c}How are you?\u{201d}"),
    );
    let emergency = Emergency {
        person: STRANGER,
        name: "Dana".into(),
        until: start,
        reason: "nobody else is there".into(),
    };
    let read = entry(1, STRANGER, &Event::Emergency(emergency));
    let details =
        "Reads everything until 1 March 2026, 11:30 (Europe/Zurich). Reason: nobody else is there";
    check(&read, ("emergency", "", details));
    let people = people();
    assert_eq!(row(1, &read, &people, &head().zone).author, "Dana", "by the name of then");
    let by_a_colleague = entry(1, BEN, &Event::Begun(begun(None)));
    check(
        &by_a_colleague,
        ("begin", "Be early", "Began the conversation with Ana <b>Ruiz</b>, somebody"),
    );
    let mut newer = said(message("Hello"));
    newer.entry.kind = 999;
    check(&newer, ("entry of kind 999", "", ""));
}

#[test]
fn a_withdrawn_message_is_said_to_be_and_has_its_text_only_where_it_is_kept() {
    let (people, zone) = (people(), head().zone);
    let withdrawn = Some(Withdrawal { at: Some(AT) });
    let kept = Recorded { withdrawn, ..entry(1, ANA, &message("a secret")) };
    let taken = Recorded { entry: redact(kept.entry.clone()), withdrawn };
    for (recorded, has_text) in [(&kept, true), (&taken, false)] {
        let row = row(1, recorded, &people, &zone);
        let (mut table, mut page, mut lines) = (Vec::new(), Vec::new(), Vec::new());
        csv::row(&mut table, &row, &zone);
        html::row(&mut page, &row, &zone);
        lines::Lines::default().add(&mut lines, &row, Vec::new(), &zone);
        let to: Vec<_> = people.recipients(row.entry).collect();
        let said = crate::fhir::communication::communication(&row.communicated(&to, None));
        assert_eq!(said["status"], "entered-in-error");
        let shown = [table, page, lines, said.to_string().into_bytes()];
        for text in shown.map(|bytes| String::from_utf8(bytes).unwrap()) {
            assert_eq!(text.contains("a secret"), has_text, "{text}");
        }
        assert_eq!(row.withdrawn_at(), Some(AT));
    }
}

#[test]
fn who_got_an_entry_is_who_was_there_and_whom_it_was_for() {
    let people = people();
    let mut said = entry(1, ANA, &message("Hello")).entry;
    let got = |said: &Entry| people.recipients(said).map(|card| card.id).collect::<Vec<_>>();
    assert_eq!(got(&said), [BEN]);
    said.audience = Audience::Only(vec![ANA]);
    assert!(got(&said).is_empty());
    assert_eq!(people.named()[1].email.as_deref(), Some("ben@example.org"));
    assert_eq!(people.named()[0].email, None);
}

/// The bundle of these entries, signed with a key made of `seed`, in the form for few or for `many`.
pub fn bundle(entries: &[Recorded], seed: u8, many: bool) -> Vec<u8> {
    let (head, people) = (head(), people());
    let mut bundle = Bundle::new(&head, &people, many);
    for transcript in Transcript::ALL {
        bundle.begin(transcript);
        for (number, recorded) in (1..).zip(entries) {
            bundle.row(transcript, &row(number, recorded, &people, &head.zone));
        }
        bundle.end(transcript);
    }
    bundle.begin_accesses();
    bundle.access("2026-03-01T10:30:00.125+01:00", None, "conversation-exported");
    bundle.end_accesses();
    bundle.finish(&SigningKey::from_bytes(&[seed; 32]));
    bundle.take()
}

/// The rows of a table, read as RFC 4180 says.
fn parsed(table: &str) -> Vec<Vec<String>> {
    let (mut rows, mut cells, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut chars = table.chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        match (quoted, c) {
            (true, '"') if chars.peek() == Some(&'"') => cell.push(chars.next().unwrap()),
            (_, '"') => quoted = !quoted,
            (false, ',') => cells.push(std::mem::take(&mut cell)),
            (false, '\r') if chars.peek() == Some(&'\n') => {
                chars.next();
                cells.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut cells));
            }
            (_, c) => cell.push(c),
        }
    }
    assert!(cells.is_empty() && cell.is_empty() && !quoted, "it ends with a whole row");
    rows
}

proptest! {
    #[test]
    fn whatever_is_written_is_one_row_of_the_table_and_no_formula(text in "[ -~\r\n\t;=+@\"'ü＝]{1,40}") {
        let (people, zone) = (people(), head().zone);
        let recorded = entry(1, ANA, &message(&text));
        let mut table = csv::head();
        csv::row(&mut table, &row(1, &recorded, &people, &zone), &zone);
        let table = String::from_utf8(table).unwrap();
        let rows = parsed(table.strip_prefix('\u{feff}').unwrap());
        prop_assert_eq!(rows.len(), 2);
        prop_assert_eq!(rows[0].len(), 10);
        prop_assert_eq!(rows[1].len(), 10);
        let shown = &rows[1][6];
        // Readable still: nothing is gone, and only apostrophes came.
        let plain = |text: &str| text.chars().filter(|c| *c != '\'').collect::<String>();
        prop_assert_eq!(plain(shown), plain(&text));
        for start in shown.split([';', '\t', '\r', '\n']) {
            let start = start.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
            prop_assert!(!start.starts_with(['=', '+', '-', '@', '＝']), "{}", shown);
        }
    }

    #[test]
    fn whatever_is_written_is_text_in_the_page_and_comes_back_from_the_lines(text in ".{1,40}") {
        let (people, zone) = (people(), head().zone);
        let recorded = entry(1, ANA, &message(&text));
        let row = row(1, &recorded, &people, &zone);
        let (mut page, mut line) = (Vec::new(), Vec::new());
        html::row(&mut page, &row, &zone);
        let page = String::from_utf8(page).unwrap();
        let tags = ["<li>", "<div class=\"of\">", "<b>", "<bdi>", "</bdi>", "</b>", "<time datetime=",
            "</time>", "</div>", "<p dir=\"auto\">", "</p>", "</li>"];
        prop_assert_eq!(page.matches('<').count(), tags.len(), "{}", page);
        lines::Lines::default().add(&mut line, &row, Vec::new(), &zone);
        let line: serde_json::Value = serde_json::from_slice(&line).unwrap();
        prop_assert_eq!(line["text"].as_str(), Some(text.as_str()));
    }

    #[test]
    fn every_bundle_checks(texts in proptest::collection::vec(".{1,40}", 0..8), many in any::<bool>()) {
        let entries: Vec<_> = (1..).zip(&texts).map(|(n, text)| entry(n, BEN, &message(text))).collect();
        let bundle = bundle(&entries, 1, many);
        let said = check::check(Cursor::new(bundle), None);
        prop_assert!(said.is_ok(), "{:?}", said);
    }
}
