//! A conversation being created.

use shared_proto::conversation::command::New;

use super::*;

fn create(client: &mut Client, number: u8) -> Vec<Effect> {
    client.act(Action::Create(message_id(number), Box::new(New::ongoing(vec![person(2)])), vec![]))
}

fn is_create(request: &Request) -> bool {
    matches!(request, Request::Begin { .. })
}

#[test]
fn a_second_press_while_a_conversation_is_created_is_ignored() {
    let mut client = Client::live();
    let id = id_of(&create(&mut client, 1), is_create);
    assert!(requests(&create(&mut client, 2)).is_empty());
    let effects = client.reply(id, Ok(Reply::Created(room())));
    assert_eq!(effects, [Effect::Go(room())]);
}

#[test]
fn a_refused_conversation_can_be_tried_again() {
    let mut client = Client::live();
    let id = id_of(&create(&mut client, 1), is_create);
    client.reply(id, Err(Refusal::ClientCannotStart));
    assert_eq!(requests(&create(&mut client, 2)).len(), 1);
}

#[test]
fn a_conversation_nobody_waits_for_any_more_takes_nobody_anywhere() {
    let mut client = Client::live();
    let id = id_of(&create(&mut client, 1), is_create);
    client.act(Action::LeaveNew);
    assert!(client.reply(id, Ok(Reply::Created(room()))).is_empty());
    let id = id_of(&create(&mut client, 2), is_create);
    client.reply(id, Err(Refusal::ClientCannotStart));
    client.act(Action::LeaveNew);
    assert!(client.state.creating.is_none(), "an old refusal is not shown again");
}
