//! What was refused in passing is asked again by itself, when its time has come.

use shared_proto::conversation::command::New;

use super::*;

const BUSY: Refusal = Refusal::TooFast { retry_after_ms: 700 };

/// Refuses the one request of `effects` that `wanted` names, and lets the time pass.
fn refused(
    client: &mut Client,
    effects: &[Effect],
    wanted: impl Fn(&Request) -> bool,
    timer: Timer,
) -> Vec<Effect> {
    let id = id_of(effects, wanted);
    let effects = client.reply(id, Err(BUSY));
    assert_eq!(effects, [Effect::After(700, timer)]);
    client.now += 700;
    client.act(Action::Elapsed(timer))
}

#[test]
fn a_page_of_the_inbox() {
    let mut client = Client::signed_in();
    let effects = client.hello();
    let is_inbox = |request: &Request| matches!(request, Request::Inbox { after: None });
    let effects = refused(&mut client, &effects, is_inbox, Timer::Inbox);
    id_of(&effects, is_inbox);
    assert!(client.act(Action::Elapsed(Timer::Inbox)).is_empty(), "asked once");
}

#[test]
fn a_page_of_the_inbox_refused_before_the_line_dropped_is_not_asked_twice() {
    let mut client = Client::signed_in();
    let effects = client.hello();
    let id = id_of(&effects, |request| matches!(request, Request::Inbox { .. }));
    client.reply(id, Err(BUSY));
    client.close(1006);
    client.reconnect();
    assert!(client.act(Action::Elapsed(Timer::Inbox)).is_empty());
}

#[test]
fn a_page_of_the_inbox_refused_for_good_says_so_and_is_asked_again_on_demand() {
    let mut client = Client::signed_in();
    let effects = client.hello();
    let is_inbox = |request: &Request| matches!(request, Request::Inbox { after: None });
    client.reply(id_of(&effects, is_inbox), Err(Refusal::NotFound));
    assert_eq!(client.state.inbox.refused, Some(Refusal::NotFound));
    let effects = client.act(Action::WantRows(Shelf::Live));
    id_of(&effects, is_inbox);
    assert_eq!(client.state.inbox.refused, None);
}

#[test]
fn a_row() {
    let mut client = Client::live();
    let effects = client.arrives(&[message(2, 2, 5, "a")]);
    let is_rows = |request: &Request| matches!(request, Request::Rows { .. });
    let effects = refused(&mut client, &effects, is_rows, Timer::Row(room()));
    let id = id_of(&effects, is_rows);
    client.reply(id, Ok(Reply::Rows(vec![row(&[created()], 0, None)])));
    assert!(client.act(Action::Elapsed(Timer::Row(room()))).is_empty(), "it is here");
}

#[test]
fn people_looked_for() {
    let mut client = Client::live();
    let effects = client.act(Action::Find("ana".to_owned()));
    let is_find = |request: &Request| matches!(request, Request::FindPeople { .. });
    let effects = refused(&mut client, &effects, is_find, Timer::Find);
    let id = id_of(&effects, is_find);
    client.reply(id, Err(Refusal::ClientCannotStart));
    assert_eq!(client.state.search.refused, Some(Refusal::ClientCannotStart));
    let effects = client.act(Action::Find("ana".to_owned()));
    assert_eq!(client.state.search.refused, None, "asked again on demand");
    client.reply(id_of(&effects, is_find), Ok(Reply::People(Vec::new())));
    assert!(client.act(Action::Elapsed(Timer::Find)).is_empty(), "answered");
}

#[test]
fn a_conversation_being_created() {
    let mut client = Client::live();
    let effects =
        client.act(Action::Create(message_id(1), Box::new(New::ongoing(vec![person(2)])), vec![]));
    let is_create = |request: &Request| matches!(request, Request::Begin { .. });
    let effects = refused(&mut client, &effects, is_create, Timer::Create);
    let creating = client.state.creating.as_ref().unwrap();
    assert_eq!((creating.refused, creating.delayed), (None, Some(BUSY)));
    id_of(&effects, is_create);
    assert!(client.act(Action::Elapsed(Timer::Create)).is_empty(), "asked once");
}

#[test]
fn a_withdrawal() {
    let mut client = Client::live();
    client.open(&[created(), message(2, 1, 5, "a")], 0, None);
    let effects = client.act(Action::Withdraw(room(), entry_id(2)));
    let is_withdraw = |request: &Request| matches!(request, Request::Withdraw { .. });
    let effects = refused(&mut client, &effects, is_withdraw, Timer::Withdraw(room()));
    let id = id_of(&effects, is_withdraw);
    assert!(client.conversation().withdrawing.contains(&entry_id(2)));
    client.reply(id, Err(Refusal::NotAuthor));
    assert!(client.conversation().withdrawing.is_empty());
    let refused = client.conversation().withdraw_refused;
    assert_eq!(refused, Some((entry_id(2), Refusal::NotAuthor)));
}
