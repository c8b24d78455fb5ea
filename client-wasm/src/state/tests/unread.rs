//! Where a conversation opens, and what counts as read.

use super::*;

/// Opens the conversation with the newest page of a longer log: messages `first..=last`.
fn open_longer(client: &mut Client, first: u64, last: u64, unread: u32, read: u64) -> Vec<Effect> {
    let effects = client.act(Action::Show(Some(room())));
    let id = id_of(&effects, |request| matches!(request, Request::Open { .. }));
    let opened = Opened {
        row: row(&[created()], unread, Some(read)),
        page: Page { entries: of_others(first, last), more: true },
        cursors: Vec::new(),
        here: Vec::new(),
    };
    client.reply(id, Ok(Reply::Opened(Box::new(opened))))
}

fn of_others(first: u64, last: u64) -> Vec<Entry> {
    (first..=last).map(|number| message(number, 2, number as u8, "unread")).collect()
}

fn thread(client: &Client) -> &Thread {
    client.conversation().thread.as_ref().unwrap()
}

fn history_id(effects: &[Effect]) -> u32 {
    id_of(effects, |request| matches!(request, Request::History { .. }))
}

#[test]
fn more_unread_than_a_page_is_fetched_before_anything_is_shown_or_read() {
    let mut client = Client::live();
    let effects = open_longer(&mut client, 60, 69, 30, 40);
    assert!(thread(&client).seeking.is_some(), "not shown yet");
    let page = Page { entries: of_others(50, 59), more: true };
    let effects = client.reply(history_id(&effects), Ok(Reply::Page(page)));
    assert!(thread(&client).seeking.is_some());
    let page = Page { entries: of_others(39, 49), more: true };
    let effects = client.reply(history_id(&effects), Ok(Reply::Page(page)));
    assert_eq!(thread(&client).seeking, None);
    assert_eq!(thread(&client).divider, Some(entry_id(40)));
    assert!(!requests(&effects).iter().any(|asked| matches!(asked, Request::History { .. })));
    assert_eq!(client.conversation().unread, 30, "nothing was seen yet");
}

#[test]
fn a_thread_is_shown_with_what_there_is_when_the_line_drops_while_it_is_fetched() {
    let mut client = Client::live();
    open_longer(&mut client, 60, 69, 30, 40);
    client.close(close::GOING_AWAY);
    assert_eq!(thread(&client).seeking, None);
    assert_eq!(thread(&client).divider, None, "where it belongs is not known");
}

#[test]
fn a_page_refused_in_passing_is_asked_for_again() {
    let mut client = Client::live();
    let effects = open_longer(&mut client, 60, 69, 30, 40);
    let refused = Err(Refusal::TooFast { retry_after_ms: 300 });
    let effects = client.reply(history_id(&effects), refused);
    assert_eq!(effects, [Effect::After(300, Timer::Again(room()))]);
    let effects = client.act(Action::Elapsed(Timer::Again(room())));
    history_id(&effects);
}

#[test]
fn who_is_far_behind_begins_at_the_end() {
    let mut client = Client::live();
    let effects = open_longer(&mut client, 200, 209, 501, 40);
    assert_eq!(thread(&client).seeking, None);
    assert_eq!(thread(&client).divider, None);
    assert!(!requests(&effects).iter().any(|asked| matches!(asked, Request::History { .. })));
}

#[test]
fn an_end_is_put_to_fetching_when_pages_hold_next_to_nothing() {
    let mut client = Client::live();
    let mut effects = open_longer(&mut client, 200, 200, 100, 40);
    let mut asked = 0;
    for number in (100..200).rev() {
        if thread(&client).seeking.is_none() {
            break;
        }
        let page = Page { entries: of_others(number, number), more: true };
        effects = client.reply(history_id(&effects), Ok(Reply::Page(page)));
        asked += 1;
    }
    assert_eq!(asked, 21);
    assert_eq!(thread(&client).seeking, None);
}
