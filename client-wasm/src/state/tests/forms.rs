//! Answers to a form that another device keeps.

use shared_proto::form::ask::Happened;

use super::*;

#[test]
fn answers_kept_on_another_device_are_there_for_whoever_has_the_form_open() {
    let mut client = Client::live();
    let kept = |answers: u8| {
        let happened = Happened::Kept {
            conversation: room(),
            entry: entry_id(7),
            answers: vec![answers],
            at: Millis(1),
        };
        ServerEvent::Form(happened)
    };
    client.event(kept(1));
    assert!(client.state.conversations.is_empty(), "of one that is not here");
    client.open(&[created()], 0, None);
    client.event(kept(1));
    client.event(kept(2));
    let last = client.conversation().form_kept.clone().unwrap();
    assert_eq!(*last, (entry_id(7), vec![2]));
}
