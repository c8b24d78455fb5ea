//! Files that are shared with everyone, or with some.

use super::*;
use crate::conversation::command::{Uploaded, Whole};
use crate::conversation::decide::file::audience;
use crate::conversation::event::Shared;
use crate::file::FileKind;
use crate::id::FileId;
use crate::practice::Policies;

const FILE: FileId = FileId::from_bytes([7; 16]);
const MINE: ClientMessageId = ClientMessageId::from_bytes([9; 16]);

fn people() -> [PersonCard; 3] {
    [person(1, Role::Provider), person(2, Role::Client), person(3, Role::Client)]
}

fn uploaded(whole: bool) -> Uploaded {
    let whole = whole.then_some(Whole { pixels: None, hash: [4; 32] });
    Uploaded { file: FILE, name: "a.pdf".into(), kind: FileKind::Pdf, bytes: 3, whole }
}

fn event() -> Event {
    Event::Shared(Shared {
        client_message_id: MINE,
        file: FILE,
        name: "a.pdf".into(),
        kind: FileKind::Pdf,
        bytes: 3,
        pixels: None,
        hash: [4; 32],
    })
}

/// The client Ben shares a file that is known in this way, and hides it from these.
fn given(known: Option<&Uploaded>, hidden_from: &[PersonId]) -> Result<Vec<Decided>, Refusal> {
    let all = people();
    let state = conversation(&all[0], &all[1..]);
    let hidden_from = hidden_from.to_vec();
    let share = Command::Share { client_message_id: MINE, file: FILE, hidden_from };
    decide(&state, share, &Context { file: known, ..Context::of(&all[1]) })
}

#[track_caller]
fn check(hidden_from: &[PersonId], expect: Result<Audience, Rule>) {
    let expect = expect.map(|audience| vec![Decided { audience, event: event() }]);
    let expect = expect.map_err(|rule| Refusal::invalid(Field::Recipients, rule));
    assert_eq!(given(Some(&uploaded(true)), hidden_from), expect);
}

#[test]
fn a_file_is_for_everyone_but_those_it_is_hidden_from() {
    let [host, ben, cara] = people().map(|person| person.id);
    check(&[], Ok(Audience::Members));
    check(&[cara], Ok(Audience::Only(vec![host])));
    check(&[host], Ok(Audience::Only(vec![cara])));
    check(&[host, cara], Err(Rule::Empty));
    check(&[cara, cara], Err(Rule::Duplicate));
    check(&[ben], Err(Rule::Unknown));
    check(&[PersonId::from_random([8; 16])], Err(Rule::Unknown));
}

#[test]
fn who_left_cannot_be_chosen() {
    let all = people();
    let mut state = conversation(&all[0], &all[1..]);
    for decided in decide(&state, Command::Leave, &Context::of(&all[2])).unwrap() {
        apply(&mut state, &entry(2, all[2].id, decided));
    }
    let [_, ben, cara] = all.map(|person| person.id);
    let unknown = Refusal::invalid(Field::Recipients, Rule::Unknown);
    assert_eq!(audience(&state, ben, &[cara]), Err(unknown));
}

#[test]
fn only_ones_own_whole_file_is_shared() {
    assert_eq!(given(None, &[]), Err(Refusal::NotFound));
    assert_eq!(given(Some(&uploaded(false)), &[]), Err(Refusal::NotWhole));
    let other = Uploaded { file: FileId::from_bytes([8; 16]), ..uploaded(true) };
    assert_eq!(given(Some(&other), &[]), Err(Refusal::NotFound));
}

#[test]
fn a_file_is_shared_by_who_may_write_and_while_they_may() {
    let all = people();
    let known = uploaded(true);
    let state = conversation(&all[0], &all[1..]);
    let share = Command::Share { client_message_id: MINE, file: FILE, hidden_from: vec![] };
    let context = Context { file: Some(&known), ..Context::of(&all[1]) };
    let never = Policies { client_start: ClientStart::Never, ..Policies::OPEN };
    for (context, refusal) in [
        (Context { reachable: false, ..context }, Refusal::PortalOff),
        (Context { policies: never, ..context }, Refusal::SessionsOnly),
        (Context { actor: &person(8, Role::Owner), ..context }, Refusal::NotFound),
    ] {
        assert_eq!(decide(&state, share.clone(), &context), Err(refusal));
    }
}

#[test]
fn a_shared_file_is_neither_taken_back_nor_answered_and_hidden_it_is_not_there() {
    let all = people();
    let state = conversation(&all[0], &all[1..]);
    let [host, ben, cara] = [0, 1, 2];
    for (by, audience, refusal) in [
        (ben, Audience::Members, Refusal::FileStays),
        (host, Audience::Members, Refusal::FileStays),
        (cara, Audience::Only(vec![all[host].id]), Refusal::NotFound),
    ] {
        let shared = entry(2, all[ben].id, Decided { audience, event: event() });
        let target = Some(Target { entry: &shared, withdrawn: false });
        let context = Context { target, ..Context::of(&all[by]) };
        let withdraw = Command::Withdraw { target: shared.id };
        assert_eq!(decide(&state, withdraw, &context), Err(refusal));
        let (text, quoted) = ("seen".into(), Some(shared.id));
        let quote = Command::Send { client_message_id: MINE, text, quoted };
        let refusal = if by == cara { Refusal::NotFound } else { Refusal::NotAMessage };
        assert_eq!(decide(&state, quote, &context), Err(refusal));
    }
}
