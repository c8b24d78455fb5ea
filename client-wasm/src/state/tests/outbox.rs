//! What is not sent, and where it is shown.

use super::*;

#[test]
fn a_row_says_what_was_refused_before_what_is_on_its_way() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let unsent = |client: &Client| Unsent::of(&client.state.outbox, &[], room());
    assert_eq!(unsent(&client), None);
    let id = id_of(&client.write(7, "first"), is_send);
    client.write(8, "second");
    assert_eq!(unsent(&client), Some(Unsent::Sending("second".into())));
    client.reply(id, Err(Refusal::NotFound));
    assert_eq!(unsent(&client), Some(Unsent::Refused("first".into())));
    client.act(Action::Discard(message_id(7)));
    client.act(Action::Discard(message_id(8)));
    assert_eq!(unsent(&client), None);
}

#[test]
fn what_was_written_for_a_conversation_that_is_gone_can_be_found_and_discarded() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    client.close(1006);
    client.write(7, "a message");
    client.act(Action::Draft(room(), "a draft".to_owned()));
    client.reconnect();
    assert_eq!(client.state.stranded(), None);
    let gone = ServerEvent::CaughtUp { conversation: room(), catch_up: CatchUp::Gone };
    client.event(gone);
    assert_eq!(client.state.stranded(), Some(room()));
    let texts: Vec<_> =
        client.state.left_behind(room()).into_iter().map(|left| left.text.to_string()).collect();
    assert_eq!(texts, ["a message", "a draft"]);
    client.act(Action::Discard(message_id(7)));
    client.act(Action::Draft(room(), String::new()));
    assert_eq!(client.state.stranded(), None);
    assert!(!client.state.has_unsent(), "nothing is left to warn of");
}

#[test]
fn what_is_typed_stays_as_typed_and_blanks_are_nothing_unsent() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    client.act(Action::Draft(room(), "\n  ".to_owned()));
    assert_eq!(&*client.state.drafts[&room()], "\n  ");
    assert!(!client.state.has_unsent());
    client.act(Action::Draft(room(), "\n  a".to_owned()));
    assert!(client.state.has_unsent());
    client.act(Action::Draft(room(), String::new()));
    assert!(client.state.drafts.is_empty());
}

#[test]
fn a_message_nobody_can_tell_the_fate_of_is_new_when_the_person_sends_it_again() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let id = id_of(&client.write(7, "a"), is_send);
    client.arrives(&[message(2, 2, 5, "meanwhile")]);
    client.reply(id, Err(Refusal::TooFarBehind));
    let effects = client.act(Action::Retry(message_id(7)));
    let held = requests(&effects).into_iter().find_map(|request| match request {
        Request::Send { held, .. } => Some(*held),
        _ => None,
    });
    assert_eq!(held, Some(Some(entry_id(2))), "looked for after what is held now");
}
