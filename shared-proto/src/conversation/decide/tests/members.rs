//! Who joins a group, who leaves it, and what each of them may see.

use super::*;
use crate::conversation::event::{Added, Left};
use crate::conversation::state::List;
use crate::conversation::visible::visible_to;

/// A host, two clients in it, and a client who is not.
fn people() -> [PersonCard; 4] {
    [1, 2, 3, 4].map(|n| person(n, if n == 1 { Role::Provider } else { Role::Client }))
}

fn group() -> State {
    let [host, ben, cara, _] = people();
    conversation(&host, &[ben, cara])
}

#[track_caller]
fn check(state: &State, actor: &PersonCard, command: Command, expect: Result<Vec<Event>, Refusal>) {
    let pickable = picked(&people());
    let context = Context { pickable: &pickable, ..Context::of(actor) };
    let given = decide(state, command, &context);
    let events = given.map(|all| all.into_iter().map(|decided| decided.event).collect());
    assert_eq!(events, expect);
}

fn act(state: &mut State, n: u64, actor: &PersonCard, command: Command) -> Entry {
    let pickable = picked(&people());
    let context = Context { pickable: &pickable, ..Context::of(actor) };
    let decided = decide(state, command, &context).expect("accepted").remove(0);
    let entry = entry(n, actor.id, decided);
    apply(state, &entry);
    entry
}

#[test]
fn the_host_takes_in_whom_they_may_pick() {
    let [host, ben, _, dan] = people();
    let state = group();
    let add = |person: &PersonCard| Command::Add { person: person.id };
    check(&state, &host, add(&dan), Ok(vec![Event::Added(Added { person: dan.id })]));
    check(&state, &host, add(&ben), Ok(vec![]));
    check(&state, &ben, add(&dan), Err(Refusal::HostOnly));
    let nobody = person(99, Role::Client);
    let unknown = Refusal::invalid(Field::Participants, Rule::Unknown);
    check(&state, &host, add(&nobody), Err(unknown));
}

#[test]
fn a_group_holds_25_and_the_host_and_so_many_memberships_over_time() {
    let host = person(200, Role::Provider);
    let clients: Vec<_> = (1..=25).map(|n| person(n, Role::Client)).collect();
    let mut state = conversation(&host, &clients);
    let new = person(60, Role::Client);
    let everyone = picked(&[&clients[..], std::slice::from_ref(&new)].concat());
    let context = Context { pickable: &everyone, ..Context::of(&host) };
    let add = |person: &PersonCard| Command::Add { person: person.id };
    let full = Refusal::invalid(Field::Participants, Rule::TooMany { limit: 25 });
    assert_eq!(decide(&state, add(&new), &context), Err(full), "26 are refused");
    let mut number = 10;
    let mut one = |state: &mut State, command| {
        let decided = decide(state, command, &context)?.remove(0);
        number += 1;
        apply(state, &entry(number, host.id, decided));
        Ok::<_, Refusal>(())
    };
    // Somebody who comes and goes.
    for _ in 0..limits::MEMBERSHIPS - limits::MEMBERS {
        one(&mut state, Command::Remove { person: clients[0].id }).expect("removed");
        one(&mut state, add(&clients[0])).expect("back");
    }
    one(&mut state, Command::Remove { person: clients[0].id }).expect("removed");
    let rule = Rule::TooMany { limit: limits::MEMBERSHIPS as u32 };
    let refused = Refusal::invalid(Field::Memberships, rule);
    assert_eq!(one(&mut state, add(&clients[0])), Err(refused));
}

#[test]
fn who_may_leave_and_be_removed() {
    let [host, ben, cara, dan] = people();
    let left = |person: &PersonCard| Ok(vec![Event::Left(Left { person: person.id })]);
    let remove = |person: &PersonCard| Command::Remove { person: person.id };
    let mut state = group();
    check(&state, &ben, Command::Leave, left(&ben));
    check(&state, &host, Command::Leave, Err(Refusal::HostStays));
    check(&state, &host, remove(&cara), left(&cara));
    check(&state, &host, remove(&host), Err(Refusal::HostStays));
    check(&state, &host, remove(&dan), Err(Refusal::NotFound));
    check(&state, &ben, remove(&cara), Err(Refusal::HostOnly));
    act(&mut state, 2, &ben, Command::Leave);
    check(&state, &cara, Command::Leave, Err(Refusal::LastParticipant));
    check(&state, &host, remove(&cara), Err(Refusal::LastParticipant));
}

#[test]
fn who_left_is_told_so_and_keeps_what_they_could_read() {
    let [host, ben, _, _] = people();
    let mut state = group();
    let send = |n| Command::Send {
        client_message_id: ClientMessageId::from_random([n; 16]),
        text: "Hello".into(),
        quoted: None,
    };
    let before = act(&mut state, 2, &host, send(1));
    let leaves = act(&mut state, 3, &ben, Command::Leave);
    let after = act(&mut state, 4, &host, send(2));
    let member = state.member(ben.id).expect("a member that was");
    assert!(visible_to(&before, member) && visible_to(&leaves, member));
    assert!(!visible_to(&after, member));
    assert_eq!(state.list(ben.id, Millis(5)), List::Archived);
    assert_eq!(state.list(host.id, Millis(5)), List::Active);
    check(&state, &ben, send(3), Err(Refusal::NoMember));
    check(&state, &ben, Command::Leave, Err(Refusal::NoMember));
}

#[test]
fn who_joins_reads_from_then_on_and_who_comes_back_what_they_read_before_too() {
    let [host, ben, _, dan] = people();
    let mut state = group();
    let send = |n| Command::Send {
        client_message_id: ClientMessageId::from_random([n; 16]),
        text: "Hello".into(),
        quoted: None,
    };
    let first = act(&mut state, 2, &host, send(1));
    act(&mut state, 3, &ben, Command::Leave);
    let missed = act(&mut state, 4, &host, send(2));
    act(&mut state, 5, &host, Command::Add { person: ben.id });
    let joins = act(&mut state, 6, &host, Command::Add { person: dan.id });
    let last = act(&mut state, 7, &host, send(3));
    let sees = |person: &PersonCard, entry| visible_to(entry, state.member(person.id).unwrap());
    assert_eq!([&first, &missed, &last].map(|entry| sees(&ben, entry)), [true, false, true]);
    assert_eq!([&first, &missed, &joins, &last].map(|e| sees(&dan, e)), [false, false, true, true]);
    assert_eq!(state.tally(ben.id).map(|tally| tally.messages), Some(2));
    assert_eq!(state.tally(dan.id).map(|tally| tally.messages), Some(1));
}

#[test]
fn with_clients_in_it_its_providers_are_of_one_division() {
    const HERE: Option<DivisionId> = Some(DivisionId::from_bytes([1; 16]));
    const THERE: Option<DivisionId> = Some(DivisionId::from_bytes([2; 16]));
    let host = person(1, Role::Provider);
    let colleague = Pickable { division: THERE, ..pickable(2, Role::Provider, |_| {}) };
    let client = Pickable { division: HERE, ..pickable(3, Role::Client, |p| p.assigned = true) };
    let of_host = Pickable { division: HERE, ..pickable(1, Role::Provider, |_| {}) };
    let everyone = [of_host, colleague.clone(), client.clone()];
    let context = Context { division: HERE, pickable: &everyone, ..Context::of(&host) };
    let begin = |with: &Pickable| {
        let mut state = State::absent(Viewer::Everyone);
        let new = New::ongoing(vec![with.card.id]);
        let decided = decide(&state, Command::Create(new), &context).expect("begun").remove(0);
        apply(&mut state, &entry(1, host.id, decided));
        state
    };
    let add = |state: &State, person: &Pickable| {
        decide(state, Command::Add { person: person.card.id }, &context).err()
    };
    assert_eq!(add(&begin(&client), &colleague), Some(Refusal::OtherDivision));
    assert_eq!(add(&begin(&colleague), &client), Some(Refusal::OtherDivision));
}

#[test]
fn what_a_client_opens_is_led_by_the_provider_they_chose() {
    let (client, provider) = (person(1, Role::Client), person(2, Role::Provider));
    let pickable = picked(std::slice::from_ref(&provider));
    let context = Context { pickable: &pickable, ..Context::of(&client) };
    let new = Command::Create(New::ongoing(vec![provider.id]));
    let decided = decide(&State::absent(Viewer::Everyone), new, &context).expect("begun").remove(0);
    let Event::Begun(begun) = decided.event else { panic!() };
    assert_eq!((begun.host, begun.participants), (provider.id, vec![client.id]));
}
