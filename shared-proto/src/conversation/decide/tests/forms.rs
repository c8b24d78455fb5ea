//! Who gives whom a form, and who submits it.

use super::*;
use crate::conversation::apply::is_counted;
use crate::conversation::command::{FormCard, Given};
use crate::conversation::event::{Assigned, Start, Submitted, kind};
use crate::conversation::visible::{project, visible_to};

const INTAKE: FormId = FormId::from_bytes([0xf0; 16]);
const MINE: ClientMessageId = ClientMessageId::from_bytes([0x11; 16]);
const TITLE: &str = "Before we meet";
const CARD: FormCard<'_> = FormCard { title: TITLE, retired: false };

/// A host, two clients in it, and a client who is not.
fn people() -> [PersonCard; 4] {
    [1, 2, 3, 4].map(|n| person(n, if n == 1 { Role::Provider } else { Role::Client }))
}

fn group() -> State {
    let [host, ben, cara, _] = people();
    conversation(&host, &[ben, cara])
}

fn assign(to: &[&PersonCard]) -> Command {
    let to = to.iter().map(|person| person.id).collect();
    Command::Assign { client_message_id: MINE, form: INTAKE, version: 3, to }
}

fn submit() -> Command {
    Command::Submit { client_message_id: MINE, assigned: EntryId::MIN }
}

fn between(one: &PersonCard, other: &PersonCard) -> Audience {
    Audience::Only(vec![one.id.min(other.id), one.id.max(other.id)])
}

#[track_caller]
fn check_assign(
    actor: &PersonCard,
    to: &[&PersonCard],
    (form, open_forms): (Option<FormCard<'_>>, usize),
    expect: Option<Refusal>,
) {
    let context = Context { form, open_forms, ..Context::of(actor) };
    assert_eq!(decide(&group(), assign(to), &context).err(), expect);
}

#[test]
fn the_host_gives_members_a_form_that_is_offered() {
    let [host, ben, cara, dan] = &people();
    let there = (Some(CARD), 0);
    check_assign(host, &[ben, cara], there, None);
    check_assign(ben, &[cara], there, Some(Refusal::HostOnly));
    check_assign(dan, &[ben], there, Some(Refusal::NotFound));
    let refused = |rule| Some(Refusal::invalid(Field::Participants, rule));
    check_assign(host, &[], there, refused(Rule::Empty));
    check_assign(host, &[ben, ben], there, refused(Rule::Duplicate));
    check_assign(host, &[host], there, refused(Rule::Duplicate));
    check_assign(host, &[ben, dan], there, refused(Rule::Unknown));
    let many: Vec<&PersonCard> = std::iter::repeat_n(ben, 26).collect();
    check_assign(host, &many, there, refused(Rule::TooMany { limit: 25 }));
    check_assign(host, &[ben], (None, 0), Some(Refusal::NotFound));
    let retired = Some(FormCard { retired: true, ..CARD });
    check_assign(host, &[ben], (retired, 0), Some(Refusal::Retired));
    let full = Refusal::invalid(Field::Form, Rule::TooMany { limit: 200 });
    check_assign(host, &[ben, cara], (Some(CARD), 198), None);
    check_assign(host, &[ben, cara], (Some(CARD), 199), Some(full));
}

#[test]
fn each_is_given_it_in_an_entry_that_is_for_them_and_the_host_alone() {
    let [host, ben, cara, _] = people();
    let mut state = group();
    let context = Context { form: Some(CARD), ..Context::of(&host) };
    let decided = decide(&state, assign(&[&cara, &ben]), &context).expect("given");
    let given = |to: &PersonCard| Decided {
        audience: between(to, &host),
        event: Event::Assigned(Assigned {
            client_message_id: MINE,
            form: INTAKE,
            version: 3,
            title: TITLE.into(),
            to: to.id,
        }),
    };
    assert_eq!(decided, [given(&ben), given(&cara)]);
    let first = entry(2, host.id, decided[0].clone());
    assert!(is_counted(first.kind), "it is news as a message is");
    let [before, after] = [project(&state, cara.id), {
        apply(&mut state, &first);
        project(&state, cara.id)
    }];
    assert_eq!(before, after, "nothing is different for the other");
    let sees = |person: &PersonCard| visible_to(&first, state.member(person.id).expect("a member"));
    assert_eq!([&host, &ben, &cara].map(sees), [true, true, false]);
    assert_eq!(state.tally(ben.id).map(|tally| tally.messages), Some(1));
    assert_eq!(state.tally(host.id).map(|tally| tally.messages), Some(0));
}

#[track_caller]
fn check_submit(actor: &PersonCard, given: Option<(PersonId, bool)>, expect: Result<(), Refusal>) {
    let given = given.map(|(to, submitted)| Given { to, title: TITLE, submitted });
    let context = Context { given, ..Context::of(actor) };
    let decided = decide(&group(), submit(), &context);
    let [host, ..] = &people();
    let submitted = || {
        let (client_message_id, assigned, title) = (MINE, EntryId::MIN, TITLE.into());
        let event = Event::Submitted(Submitted { client_message_id, assigned, title });
        vec![Decided { audience: between(actor, host), event }]
    };
    assert_eq!(decided, expect.map(|()| submitted()));
}

#[test]
fn whom_it_was_given_to_submits_it_once() {
    let [host, ben, cara, dan] = &people();
    check_submit(ben, Some((ben.id, false)), Ok(()));
    check_submit(ben, Some((ben.id, true)), Err(Refusal::Submitted));
    check_submit(cara, Some((ben.id, false)), Err(Refusal::NotFound));
    check_submit(cara, Some((ben.id, true)), Err(Refusal::NotFound));
    check_submit(host, Some((ben.id, false)), Err(Refusal::NotFound));
    check_submit(dan, Some((dan.id, false)), Err(Refusal::NotFound));
    check_submit(ben, None, Err(Refusal::NotFound));
    assert!(is_counted(kind::SUBMITTED), "it is news for the host");
}

#[test]
fn forms_are_given_and_filled_in_before_a_session_starts_and_not_once_it_is_over() {
    let [host, ben, ..] = people();
    let picked = picked(std::slice::from_ref(&ben));
    let (now, starts_at) = (Millis(1_000), Millis(9_000));
    let session = Some(Start { at: Some(starts_at) });
    let new = New { session, ..New::ongoing(vec![ben.id]) };
    let context = Context { now, pickable: &picked, form: Some(CARD), ..Context::of(&host) };
    let mut state = State::absent(Viewer::Everyone);
    let begun = decide(&state, Command::Create(new), &context).expect("begun").remove(0);
    apply(&mut state, &entry(1, host.id, begun));
    let fills = |state: &State, submitted| may_fill(state, ben.id, ben.id, submitted, now);
    assert!(may_write(&state, &ben, &context.policies, true, now).is_err());
    assert_eq!((may_assign(&state, host.id, now), fills(&state, false)), (Ok(()), Ok(())));
    assert!(decide(&state, assign(&[&ben]), &context).is_ok());
    let cancelled = decide(&state, Command::Cancel, &context).expect("cancelled").remove(0);
    apply(&mut state, &entry(2, host.id, cancelled));
    let over = Err(Refusal::Ended);
    assert_eq!((may_assign(&state, host.id, now), fills(&state, false)), (over, over));
    assert_eq!(fills(&state, true), Err(Refusal::Submitted), "that it was is still said");
    assert_eq!(decide(&state, assign(&[&ben]), &context).err(), Some(Refusal::Ended));
    let given = Some(Given { to: ben.id, title: TITLE, submitted: false });
    let context = Context { given, actor: &ben, ..context };
    assert_eq!(decide(&state, submit(), &context).err(), Some(Refusal::Ended));
}

#[test]
fn who_left_fills_nothing_in_any_more() {
    let [_, ben, cara, _] = people();
    let mut state = group();
    let left = decide(&state, Command::Leave, &Context::of(&ben)).expect("left").remove(0);
    apply(&mut state, &entry(2, ben.id, left));
    let now = Millis(3);
    assert_eq!(may_fill(&state, ben.id, ben.id, false, now), Err(Refusal::NoMember));
    assert_eq!(may_assign(&state, ben.id, now), Err(Refusal::NoMember));
    assert_eq!(may_assign(&state, cara.id, now), Err(Refusal::HostOnly));
}
