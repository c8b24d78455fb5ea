//! Properties of the fold, the projections and the ids: invariants 2, 3 and 5 of
//! `docs/ARCHITECTURE.md`, over logs no rule would write as well as those it does.

use std::collections::BTreeSet;

use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::Index;
use shared_proto::chart::DetailField;
use shared_proto::codec;
use shared_proto::conversation::apply::apply;
use shared_proto::conversation::command::{
    Command, Context, FormCard, Given, New, Pickable, Reach, Target, Uploaded, Whole,
};
use shared_proto::conversation::decide::decide;
use shared_proto::conversation::event::{
    Activity, Added, Announced, Assigned, Away, Begun, Created, Decided, Emergency, Event, Left,
    Message, Part, Quoting, Redacted, Rescheduled, Shared, Start, Submitted, Withdrawn, kind,
    redact,
};
use shared_proto::conversation::state::{Grant, Member, Span, State, Tally, Viewer};
use shared_proto::conversation::visible::{project, seen_by, visible_to};
use shared_proto::entry::{Audience, Entry};
use shared_proto::file::{FileKind, Pixels};
use shared_proto::id::{
    ClientMessageId, ConversationId, DivisionId, EntryId, FileId, FormId, PersonId,
};
use shared_proto::limits;
use shared_proto::people::rules::{Actor, Does, With, may, may_with, sees};
use shared_proto::people::{AccountState, PersonCard, PersonRow, Role};
use shared_proto::practice::graphemes;
use shared_proto::refusal::{Field, Refusal};
use shared_proto::time::Millis;
use shared_proto::wire::{ServerEvent, ServerFrame};

/// Everybody there is: enough for members, former members and strangers.
const PEOPLE: u8 = 6;
/// An owner who is seldom a member.
const OUTSIDER: u8 = PEOPLE - 1;

fn id(n: u8) -> PersonId {
    PersonId::from_random([n; 16])
}

fn everybody() -> impl Iterator<Item = PersonId> {
    (0..PEOPLE).map(id)
}

fn card(n: u8) -> PersonCard {
    // An owner is the host of what is tried, and another one stands outside of most of it.
    let role = match n {
        0 | OUTSIDER => Role::Owner,
        1 | 2 => Role::Provider,
        _ => Role::Client,
    };
    PersonCard { id: id(n), name: format!("Person {n}"), role }
}

fn person() -> impl Strategy<Value = PersonId> {
    (0..PEOPLE).prop_map(id)
}

fn sorted_people() -> impl Strategy<Value = Vec<PersonId>> {
    btree_set(person(), 0..=usize::from(PEOPLE)).prop_map(|people| people.into_iter().collect())
}

fn audience() -> impl Strategy<Value = Audience> {
    prop_oneof![Just(Audience::Members), sorted_people().prop_map(Audience::Only)]
}

fn client_message_id() -> impl Strategy<Value = ClientMessageId> {
    any::<[u8; 16]>().prop_map(ClientMessageId::from_random)
}

fn event() -> impl Strategy<Value = Event> {
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
fn file() -> Shared {
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
fn log(length: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Entry>> {
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
fn begun(length: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Entry>> {
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
fn restless() -> impl Strategy<Value = Vec<Entry>> {
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

fn any_log() -> impl Strategy<Value = Vec<Entry>> {
    prop_oneof![1 => log(0..30), 3 => begun(0..30)]
}

fn fold(state: &State, entries: &[Entry]) -> State {
    let mut state = state.clone();
    entries.iter().for_each(|entry| apply(&mut state, entry));
    state
}

fn nothing() -> State {
    State::absent(Viewer::Everyone)
}

/// Checks invariant 5 for everybody, member or not, entry by entry. Who joins starts from their
/// projection, which no entry brings them.
fn check_projections(state: &State, entries: &[Entry]) -> Result<(), TestCaseError> {
    let mut whole = state.clone();
    for entry in entries {
        let before = whole.clone();
        apply(&mut whole, entry);
        for person in everybody() {
            let sees = whole.member(person).is_some_and(|member| visible_to(entry, member));
            let joins = whole.is_member(person) && !before.is_member(person);
            if joins && entry.kind == kind::ADDED {
                continue;
            }
            let mut theirs = project(&before, person);
            if sees {
                apply(&mut theirs, entry);
            }
            prop_assert_eq!(project(&whole, person), theirs, "sees: {}, {:?}", sees, entry);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_client_that_folds_what_it_sees_holds_its_projection(log in any_log()) {
        check_projections(&nothing(), &log)?;
    }

    #[test]
    fn it_does_so_whoever_comes_and_goes(log in restless()) {
        check_projections(&nothing(), &log)?;
    }

    #[test]
    fn who_is_no_member_any_more_learns_nothing_of_what_comes_after(log in restless()) {
        let mut whole = nothing();
        let mut left: Vec<(PersonId, State)> = Vec::new();
        for entry in &log {
            let before = whole.clone();
            apply(&mut whole, entry);
            left.retain(|(person, _)| !whole.is_member(*person));
            for (person, then) in &left {
                prop_assert_eq!(&project(&whole, *person), then);
            }
            let gone = |person: &PersonId| {
                before.is_member(*person) && !whole.is_member(*person)
            };
            left.extend(everybody().filter(gone).map(|person| (person, project(&whole, person))));
        }
    }

    #[test]
    fn who_joins_learns_of_nobody_who_had_left_before(log in restless()) {
        let mut whole = nothing();
        for entry in &log {
            let before = whole.clone();
            apply(&mut whole, entry);
            for person in everybody() {
                if before.member(person).is_some() || whole.member(person).is_none() {
                    continue;
                }
                let known = project(&whole, person);
                prop_assert!(known.members.iter().all(|member| member.until.is_none()));
                prop_assert!(known.members.iter().all(|member| member.before.is_empty()));
            }
        }
    }

    #[test]
    fn everybody_knows_of_exactly_the_times_they_were_there_for_also_who_comes_back(
        log in restless(),
    ) {
        let mut whole = nothing();
        // Who has been in it together with whom, and since when the other was.
        let mut met: BTreeSet<(PersonId, PersonId, EntryId)> = BTreeSet::new();
        for entry in &log {
            apply(&mut whole, entry);
            let here: Vec<&Member> = whole.current().collect();
            for one in &here {
                met.extend(here.iter().map(|other| (one.person, other.person, other.from)));
            }
            for person in everybody() {
                let known = project(&whole, person);
                let since = |member: &Member| {
                    let earlier: Vec<EntryId> = member.before.iter().map(|span| span.from).collect();
                    let all = earlier.into_iter().chain([member.from]);
                    all.map(|from| (person, member.person, from)).collect::<Vec<_>>()
                };
                let known: BTreeSet<_> = known.members.iter().flat_map(since).collect();
                let expect: BTreeSet<_> =
                    met.iter().filter(|(one, ..)| *one == person).copied().collect();
                prop_assert_eq!(known, expect);
            }
        }
    }

    #[test]
    fn a_fold_goes_on_where_it_stopped(log in any_log(), split in any::<Index>()) {
        let (prefix, rest) = log.split_at(split.index(log.len() + 1));
        let halves = fold(&fold(&nothing(), prefix), rest);
        prop_assert_eq!(&halves, &fold(&nothing(), &log));
        let stored: State = codec::decode(&codec::encode(&halves)).expect("its own bytes");
        prop_assert_eq!(stored, halves);
    }

    #[test]
    fn a_projection_holds_nothing_of_anybody_else(log in any_log()) {
        let whole = fold(&nothing(), &log);
        for person in everybody() {
            let theirs = project(&whole, person);
            prop_assert_eq!(project(&theirs, person), theirs.clone());
            prop_assert_eq!(theirs.tally(person), whole.tally(person));
            let others = theirs.members.iter().filter(|member| member.person != person);
            prop_assert!(others.into_iter().all(|member| member.tally.is_none()));
            if whole.member(person).is_none() {
                prop_assert_eq!(theirs, State::absent(Viewer::Only(person)));
            }
        }
    }

    #[test]
    fn a_tally_counts_exactly_the_visible_messages_of_others(log in begun(1..30)) {
        let whole = fold(&nothing(), &log);
        for member in &whole.members {
            let mut seen = log.iter().filter(|entry| visible_to(entry, member));
            let counted = seen.clone().filter(|entry| {
                matches!(
                    entry.kind,
                    kind::MESSAGE
                        | kind::REDACTED
                        | kind::QUOTING
                        | kind::REDACTED_QUOTING
                        | kind::ASSIGNED
                        | kind::SUBMITTED
                        | kind::SHARED
                ) && entry.author != member.person
            });
            let last = seen.next_back();
            let expect = Tally {
                messages: counted.count() as u32,
                last: last.map(|entry| entry.id),
                last_at: last.map(|entry| entry.at).unwrap_or_default(),
            };
            prop_assert_eq!(member.tally, Some(expect));
        }
    }

    #[test]
    fn nobody_sees_what_is_outside_their_audience_or_their_membership(
        log in log(1..20),
        who in person(),
        from in any::<Index>(),
        until in option::of(any::<Index>()),
        earlier in option::of((any::<Index>(), any::<Index>())),
    ) {
        let at = |index: Index| log[index.index(log.len())].id;
        let (from, until) = (at(from), until.map(at));
        let earlier = earlier.map(|(from, until)| Span { from: at(from), until: at(until) });
        let before = earlier.into_iter().collect();
        let member = Member { until, before, ..Member::since(who, from) };
        for entry in &log {
            let named = match &entry.audience {
                Audience::Members => true,
                Audience::Only(people) => people.contains(&who) || entry.author == who,
            };
            let within = (from..=until.unwrap_or(EntryId::MAX)).contains(&entry.id)
                || earlier.is_some_and(|span| (span.from..=span.until).contains(&entry.id));
            prop_assert_eq!(visible_to(entry, &member), named && within);
        }
    }

    #[test]
    fn a_withdrawn_message_keeps_everything_but_its_text(
        log in log(1..10),
        text in "[a-z]{12,40}",
        client_message_id in client_message_id(),
    ) {
        for entry in log {
            let decoded = Event::decode(&entry);
            let redacted = redact(entry.clone());
            let left = Redacted { client_message_id };
            let (message, left) = match decoded {
                Ok(Event::Message(_)) => {
                    let message = Message { client_message_id, text: text.clone() };
                    (Event::Message(message), Event::Redacted(left))
                }
                Ok(Event::Quoting(Quoting { quoted, .. })) => {
                    let message = Quoting { client_message_id, text: text.clone(), quoted };
                    (Event::Quoting(message), Event::RedactedQuoting(left))
                }
                _ => {
                    prop_assert_eq!(redacted, entry);
                    continue;
                }
            };
            let (kind, body) = message.encode();
            let entry = Entry { kind, body, ..entry };
            let redacted = redact(entry.clone());
            prop_assert_eq!(Event::decode(&redacted), Ok(left));
            let left = codec::encode(&redacted);
            prop_assert!(!left.windows(8).any(|part| text.as_bytes().starts_with(part)));
            let (kind, body) = (entry.kind, entry.body.clone());
            prop_assert_eq!(Entry { kind, body, ..redacted }, entry);
        }
    }

    #[test]
    fn a_withdrawn_message_folds_as_it_did(log in any_log()) {
        let redacted: Vec<Entry> = log.iter().cloned().map(redact).collect();
        prop_assert_eq!(fold(&nothing(), &redacted), fold(&nothing(), &log));
    }

    #[test]
    fn events_and_entries_survive_their_bytes(event in event(), log in log(1..5)) {
        let (kind, body) = event.encode();
        for entry in log {
            let said = Entry { kind, body: body.clone(), ..entry.clone() };
            prop_assert_eq!(Event::decode(&said), Ok(event.clone()));
            let bytes = codec::encode(&entry);
            prop_assert_eq!(codec::entry_size(&entry), bytes.len());
            prop_assert_eq!(codec::decode::<Entry>(&bytes), Ok(entry));
        }
    }

    #[test]
    fn entries_encoded_once_make_the_frame_encoded_whole(
        log in prop_oneof![log(0..10), log(120..140)],
        conversation in any::<[u8; 16]>().prop_map(ConversationId::from_random),
    ) {
        let encoded: Vec<Vec<u8>> = log.iter().map(codec::encode).collect();
        let slices: Vec<&[u8]> = encoded.iter().map(Vec::as_slice).collect();
        let frame = codec::entries_frame(conversation, &slices);
        prop_assert_eq!(codec::append_entries(vec![7], &slices)[1..].to_vec(), codec::encode(&log));
        let whole = ServerFrame::Event(ServerEvent::Entries { conversation, entries: log });
        prop_assert_eq!(frame, codec::encode(&whole));
    }

    #[test]
    fn entry_ids_rise_by_steps_nobody_can_count_in(
        start in (0u64..1 << 47, any::<u128>()),
        back in 0u64..1 << 47,
        randoms in vec(any::<u128>(), 2..60),
    ) {
        // The clock runs back and stands still, so every id is a step above the one before.
        let mut last = EntryId::next(None, start.0, start.1);
        let stuck = start.0.saturating_sub(back);
        let mut steps = std::collections::BTreeSet::new();
        for random in &randoms {
            let next = EntryId::next(Some(last), stuck, *random);
            prop_assert!(next > last && next > EntryId::MIN && next < EntryId::MAX);
            prop_assert_eq!(next.as_bytes()[6] >> 4, 7, "version 7");
            prop_assert_eq!(next.as_bytes()[8] >> 6, 0b10, "the variant of RFC 9562");
            let bits = |id: EntryId| u128::from_be_bytes(*id.as_bytes());
            steps.insert(bits(next).wrapping_sub(bits(last)));
            last = next;
        }
        let different = randoms.iter().collect::<std::collections::BTreeSet<_>>().len();
        prop_assert!(steps.len() + 1 >= different, "steps repeat: {:?}", steps);
    }
}

/// What somebody tries.
#[derive(Clone, Debug)]
enum Try {
    Create(u8, Vec<u8>),
    Send(u8, String),
    Withdraw(u8, Index),
    Emergency(u8, String),
    /// Anything else a member may do.
    Do(u8, Command),
    /// A form that was given is submitted.
    Submit(u8, Index),
}

/// Time between two tries, so that a grant ends within a few of them, in milliseconds.
const BETWEEN_MS: u64 = limits::EMERGENCY_MS / 4;

fn reason() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just(String::from(" She said she would not wake up again ")),
        1 => "[a-z ]{0,12}",
        1 => Just("é".repeat(201)),
    ]
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let people = || vec(0..PEOPLE + 1, 0..5);
    let text = prop_oneof![
        8 => ".{0,20}",
        1 => Just("é".repeat(8_000)),
        1 => Just(format!(" {} ", "é".repeat(8_001))),
    ];
    let one = prop_oneof![
        3 => (0..PEOPLE, people()).prop_map(|(actor, named)| Try::Create(actor, named)),
        6 => (0..PEOPLE, text).prop_map(|(actor, text)| Try::Send(actor, text)),
        4 => (0..PEOPLE, any::<Index>()).prop_map(|(actor, target)| Try::Withdraw(actor, target)),
        3 => (prop_oneof![2 => Just(OUTSIDER), 1 => 0..PEOPLE], reason())
            .prop_map(|(actor, reason)| Try::Emergency(actor, reason)),
        6 => (0..PEOPLE, done()).prop_map(|(actor, command)| Try::Do(actor, command)),
        3 => (0..PEOPLE, any::<Index>()).prop_map(|(actor, given)| Try::Submit(actor, given)),
    ];
    (1..PEOPLE, 1..PEOPLE, vec(one, 0..40)).prop_map(|(first, second, mut tries)| {
        let mut people = vec![first, second];
        people.dedup();
        tries.insert(0, Try::Create(0, people));
        tries
    })
}

fn done() -> impl Strategy<Value = Command> {
    let text = prop_oneof![4 => "[a-z ]{0,10}", 1 => Just("é".repeat(121))];
    let at = option::of((0u64..60 * BETWEEN_MS).prop_map(Millis));
    prop_oneof![
        2 => text.prop_map(|text| Command::Announce { text }),
        1 => at.prop_map(|starts_at| Command::Reschedule { starts_at }),
        1 => Just(Command::Cancel),
        1 => Just(Command::Complete),
        3 => person().prop_map(|person| Command::Add { person }),
        2 => person().prop_map(|person| Command::Remove { person }),
        2 => Just(Command::Leave),
        3 => (client_message_id(), vec(person(), 0..4)).prop_map(|(client_message_id, to)| {
            let form = FormId::from_bytes([7; 16]);
            Command::Assign { client_message_id, form, version: 1, to }
        }),
        4 => (client_message_id(), vec(person(), 0..3)).prop_map(
            |(client_message_id, hidden_from)| {
                Command::Share { client_message_id, file: file().file, hidden_from }
            }
        ),
    ]
}

proptest! {
    #[test]
    fn the_state_is_the_fold_of_what_was_accepted_and_nothing_else(tries in tries()) {
        let pickable = |n| Pickable {
            card: card(n),
            account: Reach::Active,
            assigned: false,
            division: None,
        };
        let pickable: Vec<Pickable> = (0..PEOPLE).map(pickable).collect();
        let Shared { file, name, kind, bytes, pixels, hash, .. } = file();
        let whole = Some(Whole { pixels, hash });
        let uploaded = Uploaded { file, name, kind, bytes, whole };
        let mut state = nothing();
        let mut log: Vec<Entry> = Vec::new();
        let mut withdrawn: Vec<EntryId> = Vec::new();
        let mut given: Vec<(EntryId, PersonId, bool)> = Vec::new();
        for (step, attempt) in tries.into_iter().enumerate() {
            let (actor, command) = match attempt {
                Try::Do(actor, command) => (actor, command),
                Try::Create(actor, named) => {
                    let session = (named.len() % 2 == 0).then(|| Start {
                        at: (named.len() % 4 == 0).then_some(Millis((step as u64 + 3) * BETWEEN_MS)),
                    });
                    let named = named.into_iter().map(id).collect();
                    (actor, Command::Create(New { session, ..New::ongoing(named) }))
                }
                Try::Send(actor, text) => {
                    let client_message_id = ClientMessageId::from_random([step as u8; 16]);
                    let quoted = log.iter().rev().nth(text.len() % 7).map(|entry| entry.id);
                    let quoted = quoted.filter(|_| text.len() % 3 == 0);
                    (actor, Command::Send { client_message_id, text, quoted })
                }
                Try::Emergency(actor, reason) => (actor, Command::Emergency { reason }),
                Try::Submit(actor, which) => {
                    let assigned = (!given.is_empty()).then(|| given[which.index(given.len())].0);
                    let assigned = assigned.unwrap_or(EntryId::MIN);
                    let client_message_id = ClientMessageId::from_random([step as u8; 16]);
                    (actor, Command::Submit { client_message_id, assigned })
                }
                Try::Withdraw(actor, target) => {
                    let target = (!log.is_empty()).then(|| log[target.index(log.len())].id);
                    (actor, Command::Withdraw { target: target.unwrap_or(EntryId::MIN) })
                }
            };
            let target = command.target();
            let target = target.and_then(|id| log.iter().find(|entry| entry.id == id));
            let target = target.map(|entry| Target {
                entry,
                withdrawn: withdrawn.contains(&entry.id),
            });
            let actor = card(actor);
            let now = Millis(step as u64 * BETWEEN_MS);
            let title = "Before we meet";
            let wanted = match &command {
                Command::Submit { assigned, .. } => Some(*assigned),
                _ => None,
            };
            let wanted = given.iter().find(|(entry, ..)| Some(*entry) == wanted).copied();
            let context = Context {
                pickable: &pickable,
                target,
                now,
                form: (step % 5 > 0).then_some(FormCard { title, retired: step % 7 == 0 }),
                given: wanted.map(|(_, to, submitted)| Given { to, title, submitted }),
                file: Some(&uploaded),
                ..Context::of(&actor)
            };
            let before = state.clone();
            let decided = decide(&state, command.clone(), &context);
            prop_assert_eq!(&state, &before);
            match command {
                Command::Create { .. } => {}
                Command::Emergency { .. } => check_emergency(&state, &actor, &decided)?,
                _ => {
                    let reads = state.grants.iter().any(|grant| {
                        grant.person == actor.id && now < grant.until
                    });
                    let refused = match (state.member(actor.id), reads) {
                        (_, true) => Refusal::ReadOnly,
                        (Some(_), false) => Refusal::NoMember,
                        (None, false) => Refusal::NotFound,
                    };
                    if !state.is_member(actor.id) {
                        prop_assert_eq!(&decided, &Err(refused));
                    } else if state.ended().is_some() {
                        prop_assert_eq!(&decided, &Err(Refusal::Ended));
                    }
                }
            }
            let waits = state.waits_for(now).is_some();
            let host = state.host() == Some(actor.id);
            for decided in decided.unwrap_or_default() {
                match &decided.event {
                    Event::Message(_) | Event::Quoting(_) => {
                        let said = decided.event.clone().said().and_then(|said| said.text);
                        let text = said.expect("what was written");
                        prop_assert!(limits::MESSAGE_SCALARS.contains(&text.chars().count()));
                        prop_assert_eq!(text.trim(), &text);
                        prop_assert!(!waits, "before the start");
                    }
                    Event::Begun(begun) => {
                        prop_assert!(limits::PARTICIPANTS.contains(&begun.participants.len()));
                        prop_assert!(actor.role.is_provider());
                    }
                    Event::Announced(announced) => {
                        prop_assert!(host && graphemes(&announced.text) <= 120);
                    }
                    Event::Rescheduled(_) | Event::Cancelled => prop_assert!(host && waits),
                    Event::Completed => prop_assert!(host && !waits && state.session.is_some()),
                    Event::Added(added) => {
                        prop_assert!(host && !state.is_member(added.person));
                        prop_assert!(state.current().count() < limits::MEMBERS);
                    }
                    Event::Left(left) => {
                        prop_assert!(host || left.person == actor.id);
                        prop_assert!(Some(left.person) != state.host());
                        prop_assert!(state.current().count() > 2);
                    }
                    Event::Withdrawn(Withdrawn { target }) => {
                        prop_assert!(!withdrawn.contains(target));
                        withdrawn.push(*target);
                    }
                    Event::Emergency(emergency) => {
                        prop_assert_eq!(emergency.person, actor.id);
                        prop_assert_eq!(&emergency.name, &actor.name);
                        prop_assert_eq!(emergency.until, Millis(now.0 + limits::EMERGENCY_MS));
                        prop_assert_eq!(emergency.reason.trim(), &emergency.reason);
                        let count = emergency.reason.chars().count();
                        prop_assert!(limits::REASON_SCALARS.contains(&count));
                        prop_assert_eq!(&decided.audience, &Audience::Members);
                    }
                    Event::Assigned(body) => {
                        prop_assert!(host && state.is_member(body.to) && body.to != actor.id);
                        let mut between = vec![actor.id, body.to];
                        between.sort_unstable();
                        prop_assert_eq!(&decided.audience, &Audience::Only(between));
                    }
                    Event::Submitted(body) => {
                        let found = given.iter_mut().find(|(entry, ..)| *entry == body.assigned);
                        let (_, to, submitted) = found.expect("a form that was given");
                        prop_assert!(*to == actor.id && !*submitted, "once, by whom it was given");
                        *submitted = true;
                        let mut between = vec![actor.id];
                        between.extend(state.host());
                        between.sort_unstable();
                        prop_assert_eq!(&decided.audience, &Audience::Only(between));
                    }
                    Event::Shared(_) => {
                        prop_assert!(!waits, "before the start");
                        if let Audience::Only(people) = &decided.audience {
                            prop_assert!(people.is_sorted_by(|one, next| one < next));
                            prop_assert!(!people.is_empty() && !people.contains(&actor.id));
                            prop_assert!(people.iter().all(|person| state.is_member(*person)));
                        }
                    }
                    Event::Activity(_) | Event::Away(_) => {
                        prop_assert!(false, "nobody asks for it");
                    }
                    Event::Created(_) | Event::Redacted(_) | Event::RedactedQuoting(_) => {
                        prop_assert!(false, "never written");
                    }
                }
                let granted = matches!(decided.event, Event::Emergency(_));
                let gives = match &decided.event {
                    Event::Assigned(body) => Some(body.to),
                    _ => None,
                };
                let (kind, body) = decided.event.encode();
                let id = EntryId::next(log.last().map(|entry| entry.id), step as u64, 5);
                let (at, author, audience) = (now, actor.id, decided.audience);
                let entry = Entry { id, at, author, audience, kind, body };
                apply(&mut state, &entry);
                if granted {
                    let end = Millis(now.0 + limits::EMERGENCY_MS);
                    prop_assert!(state.has_grant(actor.id, now));
                    prop_assert!(state.has_grant(actor.id, Millis(end.0 - 1)));
                    prop_assert!(!state.has_grant(actor.id, end));
                    prop_assert!(!state.is_member(actor.id));
                }
                given.extend(gives.map(|to| (id, to, false)));
                log.push(entry);
            }
        }
        prop_assert_eq!(&fold(&nothing(), &log), &state);
        prop_assert_eq!(state.created.map(|created| created.host), log.first().map(|e| e.author));
    }
}

/// What an emergency is answered: owners only, for what there is, and nothing new for members.
fn check_emergency(
    state: &State,
    actor: &PersonCard,
    decided: &Result<Vec<Decided>, Refusal>,
) -> Result<(), TestCaseError> {
    match decided {
        _ if actor.role != Role::Owner => prop_assert_eq!(decided, &Err(Refusal::OwnerOnly)),
        Err(refusal) => {
            let reason = matches!(refusal, Refusal::Invalid { field: Field::Reason, .. });
            let absent = *refusal == Refusal::NotFound && state.created.is_none();
            prop_assert!(reason || absent, "{:?}", refusal);
        }
        Ok(events) => {
            prop_assert!(state.created.is_some());
            prop_assert_eq!(events.len(), usize::from(!state.is_member(actor.id)));
        }
    }
    Ok(())
}

/// Who is a member, and from where to where.
fn memberships(state: &State) -> Vec<(PersonId, EntryId, Option<EntryId>)> {
    state.members.iter().map(|member| (member.person, member.from, member.until)).collect()
}

proptest! {
    #[test]
    fn a_grant_makes_nobody_a_member_and_only_a_grant_makes_a_reader(log in any_log()) {
        let mut state = nothing();
        for entry in &log {
            let before = state.clone();
            apply(&mut state, entry);
            let changes = [kind::CREATED, kind::BEGUN, kind::ADDED, kind::LEFT];
            if !changes.contains(&entry.kind) {
                prop_assert_eq!(memberships(&state), memberships(&before));
            }
            match Event::decode(entry) {
                Ok(Event::Emergency(said)) if entry.audience == Audience::Members => {
                    let grant = Grant { person: said.person, from: entry.id, until: said.until };
                    prop_assert_eq!(state.grants.last(), Some(&grant));
                    let theirs = state.grants.iter().filter(|grant| grant.person == said.person);
                    prop_assert_eq!(theirs.count(), 1);
                }
                _ => prop_assert_eq!(&state.grants, &before.grants),
            }
            prop_assert!(state.grants.len() <= limits::GRANTS);
        }
    }

    #[test]
    fn a_grant_is_in_nobodys_projection_and_shows_nothing_of_how_far_anybody_is(
        log in any_log(),
    ) {
        let whole = fold(&nothing(), &log);
        for person in everybody() {
            prop_assert!(project(&whole, person).grants.is_empty());
            let shown = seen_by(&whole, person);
            prop_assert!(shown.grants.is_empty());
            prop_assert_eq!(shown.created, whole.created);
            prop_assert_eq!(memberships(&shown), memberships(&whole));
            let others = shown.members.iter().filter(|member| member.person != person);
            prop_assert!(others.into_iter().all(|member| member.tally.is_none()));
        }
    }
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![Just(Role::Owner), Just(Role::Provider), Just(Role::Client)]
}

fn division() -> impl Strategy<Value = Option<DivisionId>> {
    option::of((0u8..2).prop_map(|n| DivisionId::from_random([n; 16])))
}

fn person_row() -> impl Strategy<Value = PersonRow> {
    let account = prop_oneof![
        Just(AccountState::None),
        Just(AccountState::Invited { until: Millis(1) }),
        Just(AccountState::Active),
        Just(AccountState::Suspended),
    ];
    let email = prop_oneof![Just(String::new()), Just(String::from("a@b"))];
    (person(), role(), account, email, division(), sorted_people(), any::<bool>()).prop_map(
        |(id, role, account, email, division, assigned, portal)| PersonRow {
            card: PersonCard { id, name: "Somebody".into(), role },
            account,
            email,
            phone: String::new(),
            chart_number: String::new(),
            division,
            assigned,
            portal,
        },
    )
}

proptest! {
    #[test]
    fn whom_somebody_does_not_see_is_not_there_whatever_they_want(
        (id, role, division) in (person(), role(), division()),
        row in person_row(),
    ) {
        let actor = Actor { id, role, division };
        // Written anew, so that the rule and its test do not fail together.
        let expect = match (role, row.card.role) {
            (Role::Owner, _) | (Role::Provider, Role::Owner | Role::Provider) => true,
            (Role::Provider, Role::Client) => {
                row.division == division || row.assigned.contains(&id)
            }
            (Role::Client, _) => false,
        };
        prop_assert_eq!(sees(&actor, &row), expect);
        prop_assert_eq!(may_with(&actor, With::See, &row).is_ok(), expect);
        let owner = Actor { role: Role::Owner, ..actor };
        for does in With::ALL {
            let answer = may_with(&actor, does, &row);
            if !expect {
                prop_assert_eq!(answer, Err(Refusal::NotFound), "{:?}", does);
            }
            if answer.is_ok() {
                prop_assert_eq!(may_with(&owner, does, &row), Ok(()), "{:?} of an owner", does);
            }
        }
        for does in Does::ALL {
            prop_assert!(may(role, does).is_err() || may(Role::Owner, does).is_ok());
        }
    }
}
