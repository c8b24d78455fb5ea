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

const MINUTE: u64 = 60_000;

fn is_locked(client: &Client) -> bool {
    matches!(&client.state.session, Session::Locked(me) if me.id == person(1))
}

#[test]
fn a_lock_takes_everything_from_the_page_but_what_was_being_written() {
    let mut client = Client::live();
    client.open(&[created(), message(2, 2, 5, "a secret")], 0, Some(2));
    client.act(Action::Draft(room(), "what I wanted to say".into()));
    client.close(close::LOCKED);
    assert!(is_locked(&client));
    assert!(client.state.conversations.is_empty());
    client.act(Action::SignedIn(card(1, Role::Client)));
    client.hello();
    assert_eq!(client.state.drafts[&room()].as_ref(), "what I wanted to say");
}

#[test]
fn somebody_else_who_signs_in_after_a_lock_gets_nothing_of_what_was_written() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    client.act(Action::Draft(room(), "what I wanted to say".into()));
    client.close(close::LOCKED);
    client.act(Action::SignedIn(card(2, Role::Owner)));
    assert!(client.state.drafts.is_empty());
}

#[test]
fn without_a_line_the_page_locks_itself_after_the_practices_silence() {
    let mut client = Client::live();
    client.close(close::GOING_AWAY);
    client.now += 9 * MINUTE;
    client.act(Action::Active);
    client.now += 9 * MINUTE;
    client.act(Action::Elapsed(Timer::Idle));
    assert!(!is_locked(&client), "somebody was there nine minutes ago");
    client.now += MINUTE + shared_proto::limits::ACTIVE_EVERY_MS;
    let effects = client.act(Action::Elapsed(Timer::Idle));
    assert!(is_locked(&client));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::After(_, Timer::Idle))));
}

#[test]
fn a_device_that_slept_without_a_line_is_locked_when_somebody_looks() {
    let mut client = Client::live();
    client.act(Action::Attention(false));
    client.close(close::GOING_AWAY);
    client.now += 60 * MINUTE;
    client.act(Action::Attention(true));
    assert!(is_locked(&client));
}

#[test]
fn while_the_line_is_there_the_server_decides_for_all_windows() {
    let mut client = Client::live();
    client.now += 60 * MINUTE;
    let effects = client.act(Action::Elapsed(Timer::Idle));
    assert!(!is_locked(&client), "they may be active in another window");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::After(_, Timer::Idle))));
}

#[test]
fn why_access_ended_stays_on_the_page() {
    let mut client = Client::live();
    client.close(close::PORTAL_OFF);
    assert_eq!(client.state.session, Session::PortalOff);
    let practice = || "Oak".to_owned();
    let out = || Some(http::Session::SignedOut { practice: practice() });
    client.act(Action::SessionAnswered(out()));
    assert_eq!(client.state.session, Session::PortalOff);
    let me = card(1, Role::Client);
    client.act(Action::SessionAnswered(Some(http::Session::Locked { practice: practice(), me })));
    client.act(Action::SessionAnswered(out()));
    assert_eq!(client.state.session, Session::SignedOut { ended: true });
}
