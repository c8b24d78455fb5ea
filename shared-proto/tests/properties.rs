//! Properties of the fold, the projections and the ids: invariants 2, 3 and 5 of
//! `docs/ARCHITECTURE.md`, over logs no rule would write as well as those it does.

use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::Index;
use shared_proto::codec;
use shared_proto::conversation::apply::apply;
use shared_proto::conversation::command::{Command, Context, Pickable, Reach, Target};
use shared_proto::conversation::decide::decide;
use shared_proto::conversation::event::{
    Created, Decided, Emergency, Event, Message, Redacted, Withdrawn, kind, redact,
};
use shared_proto::conversation::state::{Grant, Member, State, Tally, Viewer};
use shared_proto::conversation::visible::{project, seen_by, visible_to};
use shared_proto::entry::{Audience, Entry};
use shared_proto::id::{ClientMessageId, ConversationId, DivisionId, EntryId, PersonId};
use shared_proto::limits;
use shared_proto::people::rules::{Actor, Does, With, may, may_with, sees};
use shared_proto::people::{AccountState, PersonCard, PersonRow, Role};
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
    prop_oneof![2 => created, 5 => message, 1 => withdrawn, 1 => redacted, 1 => emergency]
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

/// A log that begins as every real one: created for all its members.
fn begun(length: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Entry>> {
    (log(length), sorted_people()).prop_map(|(mut log, participants)| {
        if let Some(first) = log.first_mut() {
            let host = first.author;
            (first.kind, first.body) =
                Event::Created(Created { host, participants, division: None }).encode();
            first.audience = Audience::Members;
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

/// The fold of `log`, with some memberships ended or begun at entries of it or beyond.
fn with_memberships(log: &[Entry], ends: &[(Index, Option<Index>)]) -> State {
    let mut state = fold(&nothing(), log);
    let mut named = std::collections::BTreeSet::new();
    state.members.retain(|member| named.insert(member.person));
    for (member, (from, until)) in state.members.iter_mut().zip(ends) {
        if !log.is_empty() {
            member.from = log[from.index(log.len())].id;
            member.until = until.map(|until| log[until.index(log.len())].id);
        }
    }
    state
}

/// Checks invariant 5 for everybody, member or not, entry by entry.
fn check_projections(state: &State, entries: &[Entry]) -> Result<(), TestCaseError> {
    let mut whole = state.clone();
    for entry in entries {
        let before = whole.clone();
        apply(&mut whole, entry);
        for person in everybody() {
            let sees = whole.member(person).is_some_and(|member| visible_to(entry, member));
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
    fn it_does_so_whenever_memberships_begin_and_end(
        past in begun(1..20),
        ends in vec((any::<Index>(), option::of(any::<Index>())), 0..7),
        split in any::<Index>(),
    ) {
        let state = with_memberships(&past, &ends);
        let (_, rest) = past.split_at(split.index(past.len()));
        check_projections(&state, rest)?;
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
                matches!(entry.kind, kind::MESSAGE | kind::REDACTED)
                    && entry.author != member.person
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
    ) {
        let from = log[from.index(log.len())].id;
        let until = until.map(|until| log[until.index(log.len())].id);
        let member = Member { person: who, from, until, tally: None };
        for entry in &log {
            let named = match &entry.audience {
                Audience::Members => true,
                Audience::Only(people) => people.contains(&who) || entry.author == who,
            };
            let within = (from..=until.unwrap_or(EntryId::MAX)).contains(&entry.id);
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
            let Ok(Event::Message(_)) = decoded else {
                prop_assert_eq!(redacted, entry);
                continue;
            };
            let message = Event::Message(Message { client_message_id, text: text.clone() });
            let (kind, body) = message.encode();
            let entry = Entry { kind, body, ..entry };
            let redacted = redact(entry.clone());
            prop_assert_eq!(
                Event::decode(&redacted),
                Ok(Event::Redacted(Redacted { client_message_id }))
            );
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
    /// The membership of one ends with the newest entry.
    End(Index),
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
        1 => any::<Index>().prop_map(Try::End),
    ];
    (1..PEOPLE, vec(one, 0..40)).prop_map(|(participant, mut tries)| {
        tries.insert(0, Try::Create(0, vec![participant]));
        tries
    })
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
        let mut state = nothing();
        // What happened to the state: entries accepted, and memberships ended from outside.
        let mut happened: Vec<Result<Entry, usize>> = Vec::new();
        let mut log: Vec<Entry> = Vec::new();
        let mut withdrawn: Vec<EntryId> = Vec::new();
        for (step, attempt) in tries.into_iter().enumerate() {
            let (actor, command) = match attempt {
                Try::End(member) => {
                    if let (false, Some(newest)) = (state.members.is_empty(), log.last()) {
                        let member = member.index(state.members.len());
                        state.members[member].until = Some(newest.id);
                        happened.push(Err(member));
                    }
                    continue;
                }
                Try::Create(actor, named) => {
                    (actor, Command::Create { participants: named.into_iter().map(id).collect() })
                }
                Try::Send(actor, text) => {
                    let client_message_id = ClientMessageId::from_random([step as u8; 16]);
                    (actor, Command::Send { client_message_id, text })
                }
                Try::Emergency(actor, reason) => (actor, Command::Emergency { reason }),
                Try::Withdraw(actor, target) => {
                    let target = (!log.is_empty()).then(|| log[target.index(log.len())].id);
                    (actor, Command::Withdraw { target: target.unwrap_or(EntryId::MIN) })
                }
            };
            let target = match &command {
                Command::Withdraw { target } => log.iter().find(|entry| entry.id == *target),
                _ => None,
            };
            let target = target.map(|entry| Target {
                entry,
                withdrawn: withdrawn.contains(&entry.id),
            });
            let actor = card(actor);
            let now = Millis(step as u64 * BETWEEN_MS);
            let context = Context { pickable: &pickable, target, now, ..Context::of(&actor) };
            let before = state.clone();
            let decided = decide(&state, command.clone(), &context);
            prop_assert_eq!(&state, &before);
            match command {
                Command::Create { .. } => {}
                Command::Emergency { .. } => check_emergency(&state, &actor, &decided)?,
                Command::Send { .. } | Command::Withdraw { .. } => {
                    let reads = state.grants.iter().any(|grant| {
                        grant.person == actor.id && now < grant.until
                    });
                    let refused = if reads { Refusal::ReadOnly } else { Refusal::NotFound };
                    if !state.is_member(actor.id) {
                        prop_assert_eq!(&decided, &Err(refused));
                    }
                }
            }
            for decided in decided.unwrap_or_default() {
                match &decided.event {
                    Event::Message(message) => {
                        let count = message.text.chars().count();
                        prop_assert!(limits::MESSAGE_SCALARS.contains(&count));
                        prop_assert_eq!(message.text.trim(), &message.text);
                    }
                    Event::Created(created) => {
                        prop_assert!(limits::PARTICIPANTS.contains(&created.participants.len()));
                        prop_assert!(actor.role.is_provider());
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
                    Event::Redacted(_) => prop_assert!(false, "never stored"),
                }
                let granted = matches!(decided.event, Event::Emergency(_));
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
                happened.push(Ok(entry.clone()));
                log.push(entry);
            }
        }
        let mut again = nothing();
        let mut newest = None;
        for what in happened {
            match what {
                Ok(entry) => {
                    apply(&mut again, &entry);
                    newest = Some(entry.id);
                }
                Err(member) => again.members[member].until = newest,
            }
        }
        prop_assert_eq!(&again, &state);
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
            if entry.kind != kind::CREATED {
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
