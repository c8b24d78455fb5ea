//! When a session may be written to, moved, called off and completed; and what stands across the
//! top.

use super::*;
use crate::conversation::event::{Announced, Rescheduled, Start};
use crate::conversation::state::{Ending, List};

const NOW: Millis = Millis(100_000_000);
const LATER: Millis = Millis(NOW.0 + 3_600_000);

fn people() -> (PersonCard, PersonCard) {
    (person(1, Role::Provider), person(2, Role::Client))
}

/// A session that begins then, created at `NOW`.
fn session(at: Option<Millis>) -> State {
    let (host, client) = people();
    let mut state = State::absent(Viewer::Everyone);
    let new = New { session: Some(Start { at }), ..New::ongoing(vec![client.id]) };
    apply_all(&mut state, &host, Command::Create(new), NOW).expect("created");
    state
}

fn apply_all(
    state: &mut State,
    actor: &PersonCard,
    command: Command,
    now: Millis,
) -> Result<Vec<Event>, Refusal> {
    let (host, client) = people();
    let pickable = picked(&[host, client]);
    let context = Context { now, pickable: &pickable, ..Context::of(actor) };
    let decided = decide(state, command, &context)?;
    let events = decided.iter().map(|decided| decided.event.clone()).collect();
    for (step, decided) in decided.into_iter().enumerate() {
        let last = state.members.first().and_then(|host| host.tally?.last);
        let mut entry = entry(now.0 + step as u64, actor.id, decided);
        entry.id = EntryId::next(last, now.0, 5);
        entry.at = now;
        apply(state, &entry);
    }
    Ok(events)
}

fn send() -> Command {
    let client_message_id = ClientMessageId::from_random([1; 16]);
    Command::Send { client_message_id, text: "Hello".into(), quoted: None }
}

#[test]
fn nobody_writes_before_the_start_and_everybody_at_it() {
    let (host, client) = people();
    let state = session(Some(LATER));
    for actor in [&host, &client] {
        let at = |now| decide(&state, send(), &Context { now, ..Context::of(actor) }).err();
        let early = Some(Refusal::NotStarted { starts_at: LATER });
        assert_eq!(at(NOW), early);
        assert_eq!(at(Millis(LATER.0 - 1_000)), early, "a second before");
        assert_eq!(at(Millis(LATER.0 - 1)), early);
        assert_eq!(at(LATER), None, "at the start");
        let once = session(None);
        let context = Context { now: NOW, ..Context::of(actor) };
        assert_eq!(decide(&once, send(), &context).err(), None, "a blank start is at once");
    }
}

#[test]
fn a_start_lies_within_two_years_and_hardly_in_the_past() {
    let refused = |rule| Err(Refusal::invalid(Field::StartsAt, rule));
    let check = |at: u64, expect: Result<Option<Millis>, Refusal>| {
        assert_eq!(starts_at(Some(Millis(at)), NOW), expect, "{at}");
    };
    assert_eq!(starts_at(None, NOW), Ok(None));
    check(NOW.0 + limits::AHEAD_MS, Ok(Some(Millis(NOW.0 + limits::AHEAD_MS))));
    check(NOW.0 + limits::AHEAD_MS + 1, refused(Rule::TooFar));
    check(NOW.0 - limits::LATE_START_MS, Ok(Some(Millis(NOW.0 - limits::LATE_START_MS))));
    check(NOW.0 - limits::LATE_START_MS - 1, refused(Rule::Past));
    let (host, client) = people();
    let pickable = picked(std::slice::from_ref(&client));
    let start = Some(Start { at: Some(Millis(1)) });
    let new = New { session: start, ..New::ongoing(vec![client.id]) };
    let context = Context { now: NOW, pickable: &pickable, ..Context::of(&host) };
    let state = State::absent(Viewer::Everyone);
    let given = decide(&state, Command::Create(new.clone()), &context);
    assert_eq!(given.err(), Some(Refusal::invalid(Field::StartsAt, Rule::Past)));
    let pickable = [Pickable { card: host.clone(), ..pickable[0].clone() }];
    let context = Context { pickable: &pickable, actor: &client, ..context };
    let new = New { participants: vec![host.id], ..new };
    assert_eq!(decide(&state, Command::Create(new), &context).err(), Some(Refusal::ProviderOnly));
}

#[test]
fn the_host_moves_and_cancels_before_the_start_and_completes_after_it() {
    let (host, client) = people();
    let early = Some(Refusal::NotStarted { starts_at: LATER });
    let (ongoing, waits, runs) =
        (conversation(&host, std::slice::from_ref(&client)), session(Some(LATER)), session(None));
    let move_it = Command::Reschedule { starts_at: Some(Millis(LATER.0 + 1)) };
    let (over, not_one) = (Some(Refusal::Started), Some(Refusal::NotASession));
    for (command, before, after) in
        [(move_it, None, over), (Command::Cancel, None, over), (Command::Complete, early, None)]
    {
        let ask = |state: &State, actor| {
            let context = Context { now: NOW, ..Context::of(actor) };
            decide(state, command.clone(), &context).err()
        };
        assert_eq!(ask(&waits, &host), before, "{command:?}");
        assert_eq!(ask(&runs, &host), after, "{command:?}");
        assert_eq!(ask(&ongoing, &host), not_one, "{command:?}");
        for state in [&waits, &runs, &ongoing] {
            assert_eq!(ask(state, &client), Some(Refusal::HostOnly), "{command:?}");
        }
    }
}

#[test]
fn completion_and_cancellation_are_final_and_leave_everything_readable_only() {
    let (host, client) = people();
    for (start, command, how) in [
        (None, Command::Complete, Ending::Completed),
        (Some(LATER), Command::Cancel, Ending::Cancelled),
    ] {
        let mut state = session(start);
        apply_all(&mut state, &host, command.clone(), NOW).expect("ended");
        assert_eq!(state.ended().map(|ended| ended.how), Some(how));
        let all = [
            send(),
            Command::Withdraw { target: EntryId::MIN },
            Command::Announce { text: "hi".into() },
            Command::Reschedule { starts_at: None },
            Command::Cancel,
            Command::Complete,
            Command::Add { person: client.id },
            Command::Remove { person: client.id },
            Command::Leave,
        ];
        for command in all {
            for actor in [&host, &client] {
                let context = Context { now: LATER, ..Context::of(actor) };
                let given = decide(&state, command.clone(), &context);
                assert_eq!(given, Err(Refusal::Ended), "{command:?}");
            }
        }
        for person in [host.id, client.id] {
            assert_eq!(state.list(person, NOW), List::Archived);
        }
    }
}

#[test]
fn scheduled_or_active_follows_from_the_start_alone() {
    let (host, client) = people();
    let mut state = session(Some(LATER));
    assert_eq!(state.list(client.id, Millis(LATER.0 - 1)), List::Scheduled);
    assert_eq!(state.list(client.id, LATER), List::Active);
    let at = Some(Millis(LATER.0 * 2));
    let command = Command::Reschedule { starts_at: at };
    let moved = apply_all(&mut state, &host, command.clone(), NOW);
    assert_eq!(moved, Ok(vec![Event::Rescheduled(Rescheduled { starts_at: at })]));
    assert_eq!(state.list(client.id, LATER), List::Scheduled);
    assert_eq!(apply_all(&mut state, &host, command, NOW), Ok(vec![]), "it is so already");
    let once = apply_all(&mut state, &host, Command::Reschedule { starts_at: None }, NOW);
    assert!(once.is_ok());
    assert_eq!(state.list(client.id, NOW), List::Active);
}

#[test]
fn in_a_session_clients_answer_under_every_policy() {
    let (_, client) = people();
    let state = session(None);
    for client_start in [ClientStart::Assigned, ClientStart::AfterProviderFirst, ClientStart::Never]
    {
        let policies = policies(client_start);
        assert_eq!(may_write(&state, &client, &policies, true, NOW), Ok(()), "{client_start:?}");
    }
}

#[test]
fn the_host_alone_edits_what_stands_across_the_top_within_120_graphemes() {
    let (host, client) = people();
    let family = "👨‍👩‍👧‍👦";
    let mut state = conversation(&host, std::slice::from_ref(&client));
    let announce = |state: &State, actor: &PersonCard, text: &str| {
        decide(state, Command::Announce { text: text.into() }, &Context::of(actor))
    };
    assert_eq!(announce(&state, &client, "hi"), Err(Refusal::HostOnly));
    let longest = "é".repeat(120);
    assert!(announce(&state, &host, &longest).is_ok());
    assert!(announce(&state, &host, &family.repeat(40)).is_ok(), "counted as people count");
    let too_long = Refusal::invalid(Field::Announcement, Rule::TooLong { limit: 120 });
    assert_eq!(announce(&state, &host, &"é".repeat(121)), Err(too_long));
    let events = apply_all(&mut state, &host, Command::Announce { text: " Hi ".into() }, NOW);
    assert_eq!(events, Ok(vec![Event::Announced(Announced { text: "Hi".into() })]));
    assert_eq!(state.announcement, "Hi");
    assert_eq!(announce(&state, &host, "Hi"), Ok(vec![]), "it is so already");
    assert_eq!(
        announce(&state, &host, "").map(|events| events.len()),
        Ok(1),
        "nothing stands there"
    );
}

#[test]
fn a_conversation_begins_with_what_the_practice_announces_or_with_its_own() {
    let (host, client) = people();
    let pickable = picked(std::slice::from_ref(&client));
    let context = Context { pickable: &pickable, announcement: "Call 112", ..Context::of(&host) };
    let begun = |announcement: Option<&str>| {
        let announcement = announcement.map(str::to_owned);
        let new = New { announcement, ..New::ongoing(vec![client.id]) };
        let decided = decide(&State::absent(Viewer::Everyone), Command::Create(new), &context)?;
        let mut state = State::absent(Viewer::Everyone);
        for decided in decided {
            apply(&mut state, &entry(1, host.id, decided));
        }
        Ok::<_, Refusal>(state.announcement)
    };
    assert_eq!(begun(None), Ok("Call 112".into()));
    assert_eq!(begun(Some("Our own")), Ok("Our own".into()));
    assert_eq!(begun(Some("")), Ok(String::new()));
    assert!(begun(Some(&"x".repeat(121))).is_err());
}
