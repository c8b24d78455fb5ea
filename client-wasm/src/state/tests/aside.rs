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

fn draft_is(text: &str) -> ServerEvent {
    ServerEvent::Draft { conversation: room(), text: text.to_owned() }
}

/// A client whose conversation is open, and has been told of this draft.
fn with_draft(text: &str) -> Client {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    client.event(draft_is(text));
    client
}

fn draft(client: &Client) -> Option<String> {
    client.state.drafts.get(&room()).map(|draft| draft.to_string())
}

fn kept(effects: &[Effect]) -> Vec<String> {
    let text = |request: &Request| match request {
        Request::Draft { text, .. } => Some(text.clone()),
        _ => None,
    };
    requests(effects).into_iter().filter_map(text).collect()
}

fn is_draft(request: &Request) -> bool {
    matches!(request, Request::Draft { .. })
}

fn pause(client: &mut Client) -> Vec<Effect> {
    client.act(Action::Elapsed(Timer::Draft(room())))
}

#[test]
fn what_is_typed_while_the_line_is_down_stays_when_it_is_back() {
    let mut client = with_draft("");
    client.close(1006);
    client.act(Action::Draft(room(), "typed meanwhile".to_owned()));
    let effects = client.reconnect();
    assert_eq!(kept(&effects), ["typed meanwhile"]);
    // Of before it was kept, however often.
    client.event(draft_is(""));
    client.event(draft_is(""));
    assert_eq!(draft(&client).as_deref(), Some("typed meanwhile"));
    client.reply(id_of(&effects, is_draft), Ok(Reply::Done));
    // What comes after is another device's.
    client.event(draft_is("on the phone"));
    assert_eq!(draft(&client).as_deref(), Some("on the phone"));
}

#[test]
fn what_is_kept_between_coming_back_and_being_told_stays() {
    let mut client = with_draft("before");
    client.close(1006);
    assert!(kept(&client.reconnect()).is_empty());
    client.act(Action::Draft(room(), "before and more".to_owned()));
    let effects = pause(&mut client);
    assert_eq!(kept(&effects), ["before and more"]);
    client.event(draft_is("before"));
    client.act(Action::Draft(room(), "before and more still".to_owned()));
    assert!(kept(&pause(&mut client)).is_empty(), "one at a time");
    let effects = client.reply(id_of(&effects, is_draft), Ok(Reply::Done));
    assert!(effects.contains(&Effect::After(700, Timer::Draft(room()))));
    assert_eq!(kept(&pause(&mut client)), ["before and more still"]);
    assert_eq!(draft(&client).as_deref(), Some("before and more still"));
}

#[test]
fn what_was_sent_does_not_come_back_into_the_composer() {
    let mut client = with_draft("hello");
    client.close(1006);
    client.reconnect();
    let effects = client.act(Action::Submit(room(), message_id(7)));
    assert_eq!(kept(&effects), [""]);
    client.event(draft_is("hello"));
    assert_eq!(draft(&client), None);
    client.reply(id_of(&effects, is_draft), Ok(Reply::Done));
    assert_eq!(draft(&client), None);
    assert_eq!(client.state.outbox.len(), 1);
}

#[test]
fn what_was_sent_or_removed_without_a_line_is_no_draft_once_it_is_back() {
    for sends in [true, false] {
        let mut client = with_draft("hello");
        client.close(1006);
        client.act(match sends {
            true => Action::Submit(room(), message_id(7)),
            false => Action::Draft(room(), String::new()),
        });
        assert_eq!(kept(&client.reconnect()), [""]);
        client.event(draft_is("hello"));
        assert_eq!(draft(&client), None);
    }
}

#[test]
fn what_was_on_its_way_when_the_line_dropped_is_kept_once_it_is_back() {
    for typed in ["half a sentence", ""] {
        let mut client = with_draft("half");
        client.act(Action::Draft(room(), typed.to_owned()));
        assert_eq!(kept(&pause(&mut client)), [typed]);
        client.close(1006);
        assert_eq!(kept(&client.reconnect()), [typed], "it may not have arrived");
        client.event(draft_is("half"));
        assert_eq!(draft(&client).as_deref().unwrap_or_default(), typed);
    }
}

#[test]
fn what_is_sent_while_its_draft_is_on_its_way_is_taken_back_after_it() {
    let mut client = with_draft("");
    client.act(Action::Draft(room(), "hello".to_owned()));
    let effects = pause(&mut client);
    assert_eq!(kept(&effects), ["hello"]);
    assert!(kept(&client.act(Action::Submit(room(), message_id(7)))).is_empty());
    let effects = client.reply(id_of(&effects, is_draft), Ok(Reply::Done));
    assert_eq!(kept(&effects), [""]);
    assert_eq!(draft(&client), None);
}

#[test]
fn a_draft_refused_for_now_is_tried_again_and_nothing_else_takes_its_place() {
    let mut client = with_draft("before");
    client.act(Action::Draft(room(), "more".to_owned()));
    let id = id_of(&pause(&mut client), is_draft);
    let effects = client.reply(id, Err(Refusal::TooFast { retry_after_ms: 900 }));
    assert!(effects.contains(&Effect::After(900, Timer::Draft(room()))));
    client.event(draft_is("before"));
    assert_eq!(draft(&client).as_deref(), Some("more"));
    assert_eq!(kept(&pause(&mut client)), ["more"]);
}

#[test]
fn a_message_typed_and_sent_at_once_keeps_no_draft() {
    let mut client = with_draft("");
    let effects = client.write(7, "hello");
    assert!(kept(&effects).is_empty());
    assert!(kept(&pause(&mut client)).is_empty());
}

#[test]
fn what_the_server_keeps_is_shown_where_nothing_was_typed() {
    let mut client = with_draft("from the phone");
    assert_eq!(draft(&client).as_deref(), Some("from the phone"));
    client.close(1006);
    client.reconnect();
    client.event(draft_is("changed there meanwhile"));
    assert_eq!(draft(&client).as_deref(), Some("changed there meanwhile"));
}
