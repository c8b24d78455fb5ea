use super::*;
use crate::conversation::apply::apply;
use crate::conversation::command::Target;
use crate::conversation::state::Viewer;
use crate::entry::Entry;
use crate::people::{PersonCard, Role};
use crate::time::Millis;

fn person(n: u8, role: Role) -> PersonCard {
    PersonCard { id: PersonId::from_random([n; 16]), name: format!("Person {n}"), role }
}

fn entry(n: u64, author: PersonId, decided: Decided) -> Entry {
    let (kind, body) = decided.event.encode();
    let id = EntryId::next(None, n, 0);
    Entry { id, at: Millis(n), author, audience: decided.audience, kind, body }
}

fn conversation(host: &PersonCard, others: &[PersonCard]) -> State {
    let mut state = State::absent(Viewer::Everyone);
    let participants = others.iter().map(|person| person.id).collect();
    let context = Context { pickable: others, ..Context::of(host) };
    for decided in decide(&state, Command::Create { participants }, &context).expect("created") {
        apply(&mut state, &entry(1, host.id, decided));
    }
    state
}

#[track_caller]
fn check_create(host: &PersonCard, named: &[PersonCard], pickable: usize, expect: Option<Refusal>) {
    let state = State::absent(Viewer::Everyone);
    let participants = named.iter().map(|person| person.id).collect();
    let context = Context { pickable: &named[..pickable], ..Context::of(host) };
    let given = decide(&state, Command::Create { participants }, &context);
    assert_eq!(given.err(), expect);
}

#[test]
fn create_takes_1_to_25_known_people_once_each_from_a_provider() {
    let invalid = |rule| Some(Refusal::invalid(Field::Participants, rule));
    let host = person(200, Role::Provider);
    let clients: Vec<_> = (1..=26).map(|n| person(n, Role::Client)).collect();
    check_create(&host, &clients[..1], 1, None);
    check_create(&host, &clients[..25], 25, None);
    check_create(&host, &clients, 26, invalid(Rule::TooMany { limit: 25 }));
    check_create(&host, &[], 0, invalid(Rule::Empty));
    check_create(&host, &clients[..2], 1, invalid(Rule::Unknown));
    check_create(&host, &[clients[0].clone(), clients[0].clone()], 2, invalid(Rule::Duplicate));
    check_create(&host, std::slice::from_ref(&host), 1, invalid(Rule::Duplicate));
    check_create(&person(200, Role::Owner), &clients[..1], 1, None);
    check_create(&clients[0], &clients[1..2], 1, Some(Refusal::ClientCannotStart));
}

#[test]
fn an_existing_conversation_is_not_created_again() {
    let (host, client) = (person(1, Role::Provider), person(2, Role::Client));
    let state = conversation(&host, std::slice::from_ref(&client));
    let pickable = [client.clone()];
    let context = Context { pickable: &pickable, ..Context::of(&host) };
    let given = decide(&state, Command::Create { participants: vec![client.id] }, &context);
    assert_eq!(given, Err(Refusal::NotFound));
}

#[track_caller]
fn check_send(text: &str, expect: Result<&str, Rule>) {
    let (host, client) = (person(1, Role::Provider), person(2, Role::Client));
    let state = conversation(&host, std::slice::from_ref(&client));
    let client_message_id = ClientMessageId::from_random([9; 16]);
    let command = Command::Send { client_message_id, text: text.to_owned() };
    let given = decide(&state, command, &Context::of(&client));
    let expect = expect
        .map(|text| to_all(Event::Message(Message { client_message_id, text: text.to_owned() })))
        .map_err(|rule| Refusal::invalid(Field::Text, rule));
    assert_eq!(given, expect);
}

#[test]
fn a_message_has_1_to_8000_scalars_after_trimming() {
    check_send("hello", Ok("hello"));
    check_send("  two\nlines \n", Ok("two\nlines"));
    check_send("", Err(Rule::Empty));
    check_send(" \n\t ", Err(Rule::Empty));
    check_send(&"a".repeat(8_000), Ok(&"a".repeat(8_000)));
    check_send(&"a".repeat(8_001), Err(Rule::TooLong { limit: 8_000 }));
    check_send(&"😀".repeat(8_000), Ok(&"😀".repeat(8_000)));
    check_send(&format!(" {} ", "😀".repeat(8_001)), Err(Rule::TooLong { limit: 8_000 }));
}

#[test]
fn a_stranger_is_answered_as_if_nothing_were_there() {
    let (host, client) = (person(1, Role::Provider), person(2, Role::Client));
    let state = conversation(&host, &[client]);
    let stranger = person(3, Role::Owner);
    let client_message_id = ClientMessageId::from_random([9; 16]);
    let send = Command::Send { client_message_id, text: "hi".into() };
    let withdraw = Command::Withdraw { target: EntryId::MIN };
    for state in [&state, &State::absent(Viewer::Everyone)] {
        for command in [send.clone(), withdraw.clone()] {
            assert_eq!(decide(state, command, &Context::of(&stranger)), Err(Refusal::NotFound));
        }
    }
}

#[track_caller]
fn check_withdraw(by: u8, author: u8, withdrawn: bool, expect: Option<Refusal>) {
    let (host, client) = (person(1, Role::Provider), person(2, Role::Client));
    let state = conversation(&host, std::slice::from_ref(&client));
    let people = [host, client];
    let message =
        Message { client_message_id: ClientMessageId::from_random([9; 16]), text: "x".into() };
    let decided = to_all(Event::Message(message)).remove(0);
    let target = entry(2, people[usize::from(author)].id, decided);
    let context = Context {
        target: Some(Target { entry: &target, withdrawn }),
        ..Context::of(&people[usize::from(by)])
    };
    let given = decide(&state, Command::Withdraw { target: target.id }, &context);
    assert_eq!(given.err(), expect);
}

#[test]
fn a_message_is_withdrawn_by_its_author_once() {
    check_withdraw(1, 1, false, None);
    check_withdraw(0, 0, false, None);
    check_withdraw(0, 1, false, Some(Refusal::NotAuthor));
    check_withdraw(1, 1, true, Some(Refusal::AlreadyWithdrawn));
}

#[test]
fn only_a_message_that_is_there_is_withdrawn() {
    let (host, client) = (person(1, Role::Provider), person(2, Role::Client));
    let state = conversation(&host, std::slice::from_ref(&client));
    let withdraw = |id| Command::Withdraw { target: id };
    let given = decide(&state, withdraw(EntryId::MIN), &Context::of(&host));
    assert_eq!(given, Err(Refusal::NotFound));
    let created = Created { host: host.id, participants: vec![client.id] };
    let created = entry(1, host.id, to_all(Event::Created(created)).remove(0));
    let context = Context {
        target: Some(Target { entry: &created, withdrawn: false }),
        ..Context::of(&host)
    };
    assert_eq!(decide(&state, withdraw(created.id), &context), Err(Refusal::NotAMessage));
}

#[test]
fn a_withdrawal_reaches_exactly_those_who_saw_the_message() {
    let (host, client) = (person(1, Role::Provider), person(2, Role::Client));
    let state = conversation(&host, std::slice::from_ref(&client));
    let message =
        Message { client_message_id: ClientMessageId::from_random([9; 16]), text: "x".into() };
    let audience = Audience::Only(vec![host.id]);
    let decided = Decided { audience: audience.clone(), event: Event::Message(message) };
    let target = entry(2, host.id, decided);
    let context =
        Context { target: Some(Target { entry: &target, withdrawn: false }), ..Context::of(&host) };
    let given = decide(&state, Command::Withdraw { target: target.id }, &context);
    assert_eq!(given.expect("withdrawn")[0].audience, audience);
    let context = Context { actor: &client, ..context };
    let given = decide(&state, Command::Withdraw { target: target.id }, &context);
    assert_eq!(given, Err(Refusal::NotFound), "hidden answers as absent");
}
