//! Whether a page sounds.

use shared_proto::notice::Wishes;
use shared_proto::notice::ask::{Ask as NoticeAsk, Standing};
use shared_proto::office::{Ask, Told};

use super::*;

fn asks(request: &Request) -> bool {
    matches!(request, Request::Office(Ask::Notices(NoticeAsk::Standing)))
}

fn standing(sound: bool) -> Result<Reply, Refusal> {
    let standing = Standing {
        wishes: Wishes { sound, ..Wishes::default() },
        stopped: [None; 3],
        push_key: vec![4; 65],
        browsers: 0,
        this_browser: false,
        mobile_confirmed: false,
    };
    Ok(Reply::Office(Told::Notices(Box::new(standing))))
}

fn sounds(effects: &[Effect]) -> bool {
    effects.contains(&Effect::Sound)
}

/// A client who looks at nothing, with one conversation known.
fn away() -> Client {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    client.act(Action::Attention(false));
    client
}

#[test]
fn whether_to_sound_is_asked_when_something_first_comes_and_then_known() {
    let mut client = away();
    let effects = client.arrives(&[message(2, 2, 5, "one")]);
    let id = id_of(&effects, asks);
    assert!(!requests(&client.arrives(&[message(3, 2, 6, "two")])).into_iter().any(asks));
    assert!(sounds(&client.reply(id, standing(true))));
    client.now += 3_000;
    let effects = client.arrives(&[message(4, 2, 7, "three")]);
    assert!(sounds(&effects) && !requests(&effects).into_iter().any(asks));
    client.now += 2_999;
    assert!(!sounds(&client.arrives(&[message(5, 2, 8, "four")])), "no more than every so often");
}

#[test]
fn who_does_not_wish_it_hears_nothing() {
    let mut client = away();
    let id = id_of(&client.arrives(&[message(2, 2, 5, "one")]), asks);
    assert!(!sounds(&client.reply(id, standing(false))));
    let effects = client.arrives(&[message(3, 2, 6, "two")]);
    assert!(!sounds(&effects) && !requests(&effects).into_iter().any(asks));
    // Until they switch it on in their settings.
    client.act(Action::Sound(true));
    assert!(sounds(&client.arrives(&[message(4, 2, 7, "three")])));
}

#[test]
fn ones_own_messages_and_those_one_looks_at_are_silent() {
    let mut client = away();
    client.act(Action::Sound(true));
    assert!(!sounds(&client.arrives(&[message(2, 1, 5, "my own")])));
    client.act(Action::Attention(true));
    assert!(!sounds(&client.arrives(&[message(3, 2, 6, "here")])));
    client.act(Action::Show(None));
    assert!(sounds(&client.arrives(&[message(4, 2, 7, "elsewhere")])));
}

#[test]
fn a_new_line_asks_anew() {
    let mut client = away();
    client.act(Action::Sound(true));
    client.close(1006);
    client.reconnect();
    client.event(caught_up(Vec::new(), false));
    let effects = client.arrives(&[message(2, 2, 5, "one")]);
    assert!(!sounds(&effects) && requests(&effects).into_iter().any(asks));
}
