//! What is called back comes back, however often the line drops.

use shared_proto::conversation::command::Command;

use super::*;

fn waits(number: u8) -> Command {
    Command::Send {
        client_message_id: message_id(number),
        text: "not yet".to_owned(),
        quoted: None,
    }
}

fn is_call_back(request: &Request) -> bool {
    matches!(request, Request::CallBack { .. })
}

fn call_backs(effects: &[Effect]) -> usize {
    requests(effects).into_iter().filter(|request| is_call_back(request)).count()
}

#[test]
fn what_was_called_back_when_the_line_dropped_is_asked_for_again() {
    for keep in [true, false] {
        let mut client = Client::live();
        client.open(&[created()], 0, None);
        let effects = client.act(Action::CallBack(room(), message_id(7), keep));
        assert_eq!(call_backs(&effects), 1);
        assert_eq!(client.state.has_unsent(), keep, "its text may be nowhere else");
        let again = client.act(Action::CallBack(room(), message_id(7), keep));
        assert_eq!(call_backs(&again), 0, "it is under way");
        client.close(1006);
        let effects = client.reconnect();
        assert_eq!(call_backs(&effects), 1);
        client.reply(id_of(&effects, is_call_back), Ok(Reply::CalledBack(waits(7))));
        let text = client.state.drafts.get(&room()).map(|draft| draft.to_string());
        assert_eq!(text, keep.then(|| "not yet".to_owned()));
        client.close(1006);
        assert_eq!(call_backs(&client.reconnect()), 0, "it came back");
    }
}

#[test]
fn what_was_sent_meanwhile_is_asked_for_once_and_what_is_unknown_again() {
    for (refusal, then) in [(Refusal::Unavailable, 1), (Refusal::NotFound, 0)] {
        let mut client = Client::live();
        client.open(&[created()], 0, None);
        let effects = client.act(Action::CallBack(room(), message_id(7), true));
        client.reply(id_of(&effects, is_call_back), Err(refusal));
        client.close(1006);
        assert_eq!(call_backs(&client.reconnect()), then);
        assert!(client.state.drafts.is_empty());
    }
}

#[test]
fn it_is_asked_for_by_the_same_person_after_their_session_ended_and_by_no_other() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    client.act(Action::CallBack(room(), message_id(7), true));
    client.close(close::SESSION_ENDED);
    client.act(Action::SignedIn(card(1, Role::Client)));
    assert_eq!(call_backs(&client.hello()), 1);
    client.act(Action::SignedOut);
    client.act(Action::SignedIn(card(1, Role::Client)));
    assert_eq!(call_backs(&client.hello()), 0);
}
