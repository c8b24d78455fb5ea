//! Answering one message.

use super::*;
use crate::conversation::event::Quoting;

fn people() -> [PersonCard; 3] {
    [person(1, Role::Provider), person(2, Role::Client), person(3, Role::Client)]
}

#[track_caller]
fn check(audience: Audience, event: Event, by: usize, expect: Option<Refusal>) {
    let all = people();
    let state = conversation(&all[0], &all[1..]);
    let quoted = entry(2, all[0].id, Decided { audience, event });
    let target = Some(Target { entry: &quoted, withdrawn: false });
    let client_message_id = ClientMessageId::from_random([9; 16]);
    let send = Command::Send { client_message_id, text: " yes ".into(), quoted: Some(quoted.id) };
    let given = decide(&state, send, &Context { target, ..Context::of(&all[by]) });
    if expect.is_none() {
        let (text, quoted) = ("yes".into(), quoted.id);
        let event = Event::Quoting(Quoting { client_message_id, text, quoted });
        assert_eq!(given, Ok(to_all(event)));
    } else {
        assert_eq!(given.err(), expect);
    }
}

#[test]
fn a_message_everyone_may_see_is_answered_and_nothing_else() {
    let client_message_id = ClientMessageId::from_random([1; 16]);
    let message = Event::Message(Message { client_message_id, text: "well?".into() });
    check(Audience::Members, message.clone(), 1, None);
    check(Audience::Members, message.clone(), 0, None);
    let ben = people()[1].id;
    check(Audience::Only(vec![ben]), message.clone(), 1, Some(Refusal::NotForAll));
    check(Audience::Only(vec![ben]), message, 2, Some(Refusal::NotFound));
    check(Audience::Members, Event::Completed, 1, Some(Refusal::NotAMessage));
}

#[test]
fn an_answer_to_nothing_is_refused() {
    let all = people();
    let state = conversation(&all[0], &all[1..]);
    let client_message_id = ClientMessageId::from_random([9; 16]);
    let quoted = Some(EntryId::MIN);
    let send = Command::Send { client_message_id, text: "yes".into(), quoted };
    assert_eq!(decide(&state, send, &Context::of(&all[1])), Err(Refusal::NotFound));
}
