//! A conversation opened at one of its entries.

use super::*;
use crate::state::around::END;

fn of_others(numbers: std::ops::RangeInclusive<u64>) -> Vec<Entry> {
    numbers.map(|number| message(number, 2, number as u8, &number.to_string())).collect()
}

/// Opens the conversation, of whose log up to 200 the last ten are its newest page, at an entry.
fn aimed_at(client: &mut Client, entry: u64) -> Vec<Effect> {
    let effects = client.act(Action::Aim(room(), entry_id(entry)));
    assert!(effects.contains(&Effect::Go(room())));
    let effects = client.act(Action::Show(Some(room())));
    let id = id_of(&effects, |request| matches!(request, Request::Open { .. }));
    client.reply(id, Ok(newest()))
}

/// What opening the conversation is answered with: thirty are unread, ten are in its newest page.
fn newest() -> Reply {
    let mut log = vec![created()];
    log.extend(of_others(191..=200));
    Reply::Opened(Box::new(Opened {
        row: row(&log, 30, Some(40)),
        page: Page { entries: of_others(191..=200), more: true },
        cursors: Vec::new(),
        here: Vec::new(),
    }))
}

fn around(client: &mut Client, entry: u64) {
    let effects = aimed_at(client, entry);
    assert!(thread(client).seeking.is_some(), "not shown yet");
    let page = Page { entries: of_others(entry..=entry + 9), more: true };
    client.reply(history(&effects, Direction::After, entry - 1), Ok(Reply::Page(page)));
}

fn thread(client: &Client) -> &Thread {
    client.conversation().thread.as_ref().unwrap()
}

/// The request for what lies before or after an entry: just below the next one is as good.
#[track_caller]
fn history(effects: &[Effect], wanted: Direction, entry: u64) -> u32 {
    let exact = [entry_id(entry), entry_id(entry + 1).before()];
    id_of(effects, |request| {
        matches!(request, Request::History { from, direction, .. }
            if *direction == wanted && exact.contains(from))
    })
}

fn first_and_last(client: &Client) -> (String, String) {
    let texts = client.texts();
    (texts[0].clone(), texts[texts.len() - 1].clone())
}

#[test]
fn what_is_far_back_is_shown_with_what_stands_around_it_and_read_on_both_ways() {
    let mut client = Client::live();
    around(&mut client, 50);
    assert_eq!(thread(&client).seeking, None);
    assert_eq!(thread(&client).aimed.map(|aimed| aimed.0), Some(entry_id(50)));
    assert_eq!(first_and_last(&client), ("50".into(), "59".into()));

    let effects = client.act(Action::WantOlder(room()));
    let page = Page { entries: of_others(40..=49), more: true };
    client.reply(history(&effects, Direction::Before, 50), Ok(Reply::Page(page)));
    let effects = client.act(Action::WantNewer(room()));
    assert!(requests(&client.act(Action::WantNewer(room()))).is_empty(), "once at a time");
    let page = Page { entries: of_others(60..=69), more: true };
    client.reply(history(&effects, Direction::After, 59), Ok(Reply::Page(page)));
    assert_eq!(first_and_last(&client), ("40".into(), "69".into()));
    assert!(thread(&client).is_cut());
}

#[test]
fn what_arrives_meanwhile_is_folded_and_joins_when_the_end_is_reached() {
    let mut client = Client::live();
    around(&mut client, 185);
    client.arrives(&of_others(201..=201));
    assert_eq!(client.texts().last().unwrap(), "194", "no gap");
    assert_eq!(client.conversation().unread, 31);
    let effects = client.act(Action::WantNewer(room()));
    let page = Page { entries: of_others(195..=201), more: false };
    client.reply(history(&effects, Direction::After, 194), Ok(Reply::Page(page)));
    client.arrives(&of_others(202..=202));
    assert_eq!(first_and_last(&client), ("185".into(), "202".into()));
    assert!(!thread(&client).is_cut());
}

#[test]
fn what_was_passed_over_is_not_read() {
    let mut client = Client::live();
    around(&mut client, 50);
    client.arrives(&of_others(201..=201));
    client.act(Action::Seen(room(), entry_id(59)));
    assert_eq!(client.conversation().read_up_to, Some(entry_id(40)));
    assert_eq!(client.conversation().unread, 31);
}

#[test]
fn the_end_is_one_step_away_and_whoever_writes_goes_there() {
    for written in [false, true] {
        let mut client = Client::live();
        around(&mut client, 50);
        let effects =
            if written { client.write(7, "hello") } else { client.act(Action::Latest(room())) };
        let id = id_of(&effects, |request| matches!(request, Request::Open { .. }));
        assert!(client.conversation().thread.is_none());
        // It is shown at once, however much before it is unread.
        let effects = client.reply(id, Ok(newest()));
        assert_eq!(thread(&client).seeking, None);
        assert_eq!(thread(&client).aimed.map(|aimed| aimed.0), Some(END));
        assert!(!client.state.aims_at(room()));
        let older = |request: &&&Request| matches!(request, Request::History { .. });
        assert_eq!(requests(&effects).iter().find(older), None);
    }
}

#[test]
fn what_is_held_already_is_asked_for_by_nobody_and_can_be_aimed_at_again() {
    let mut client = Client::live();
    client.open(&of_others(1..=9), 0, Some(9));
    let mut numbers = Vec::new();
    for _ in 0..2 {
        let effects = client.act(Action::Aim(room(), entry_id(3)));
        assert!(requests(&effects).is_empty());
        let (entry, number) = thread(&client).aimed.unwrap();
        assert_eq!(entry, entry_id(3));
        numbers.push(number);
    }
    assert_ne!(numbers[0], numbers[1]);
    // Who leaves and comes back is where they stopped, and not there again.
    client.act(Action::Show(None));
    client.act(Action::Show(Some(room())));
    assert_eq!(thread(&client).aimed, None);
}

#[test]
fn a_part_is_let_go_of_when_another_conversation_is_shown_and_found_again_after_a_drop() {
    let mut client = Client::live();
    around(&mut client, 50);
    client.close(close::GOING_AWAY);
    let effects = client.reconnect();
    id_of(&effects, |request| matches!(request, Request::Open { .. }));
    assert!(!requests(&effects).iter().any(|asked| matches!(asked, Request::Resume { .. })));
    assert!(client.state.aims_at(room()), "where they were");

    let mut client = Client::live();
    around(&mut client, 50);
    client.act(Action::Show(None));
    assert!(client.conversation().thread.is_none());
}

#[test]
fn an_answer_about_another_part_changes_nothing() {
    let mut client = Client::live();
    client.open(&of_others(191..=200), 0, Some(200));
    let conversation = client.state.conversation_mut(room()).unwrap();
    conversation.thread.as_mut().unwrap().older = Older::More;
    let older = client.act(Action::WantOlder(room()));
    let after = client.act(Action::Aim(room(), entry_id(50)));
    let page = Page { entries: of_others(50..=59), more: true };
    client.reply(history(&after, Direction::After, 49), Ok(Reply::Page(page)));
    let page = Page { entries: of_others(181..=190), more: false };
    client.reply(history(&older, Direction::Before, 191), Ok(Reply::Page(page)));
    assert_eq!(first_and_last(&client), ("50".into(), "59".into()));
    assert_eq!(thread(&client).older, Older::More);
}

#[test]
fn a_refusal_that_passes_is_waited_for_and_another_shows_what_there_is() {
    let mut client = Client::live();
    let effects = aimed_at(&mut client, 50);
    let id = history(&effects, Direction::After, 49);
    let effects = client.reply(id, Err(Refusal::Busy));
    assert!(effects.contains(&Effect::After(1_000, Timer::Again(room()))));
    let effects = client.act(Action::Elapsed(Timer::Again(room())));
    let id = history(&effects, Direction::After, 49);
    client.reply(id, Err(Refusal::NotFound));
    assert_eq!(thread(&client).seeking, None);
    assert_eq!(client.texts().last().unwrap(), "200");
}
