//! The socket, and whether somebody looks.

use super::*;

#[test]
fn a_try_that_is_under_way_starts_anew_when_asked_or_when_a_network_is_there() {
    for action in [Action::TryNow, Action::Network(true)] {
        let mut client = Client::signed_in();
        assert_eq!(client.state.link.phase, Phase::Connecting);
        let effects = client.act(action);
        assert!(matches!(effects[..], [Effect::Connect(2)]), "{effects:?}");
    }
}

#[test]
fn coming_back_to_the_page_leaves_a_try_that_is_under_way_alone() {
    let mut client = Client::signed_in();
    client.act(Action::Attention(false));
    assert!(client.act(Action::Attention(true)).is_empty());
}

#[test]
fn the_divider_outlives_a_locked_phone_while_something_is_unread() {
    let mut client = Client::live();
    let entries = [created(), message(2, 2, 5, "a"), message(3, 2, 6, "b")];
    client.open(&entries, 1, Some(2));
    let divider = |client: &Client| client.conversation().thread.as_ref().unwrap().divider;
    client.act(Action::Attention(false));
    assert_eq!(divider(&client), Some(entry_id(2)));
    client.act(Action::Attention(true));
    client.act(Action::Seen(room(), entry_id(3)));
    client.act(Action::Attention(false));
    assert_eq!(divider(&client), None, "what comes next is new");
}
