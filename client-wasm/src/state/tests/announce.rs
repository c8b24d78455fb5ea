//! What a screen reader is told.

use super::*;

/// What is said now, as numbers and the beginning of each.
fn said(client: &Client) -> Vec<(u32, String)> {
    let words = |news: &News| match news {
        News::Here { name, text, .. } => format!("{name}: {text}"),
        News::Elsewhere { name } => format!("elsewhere, {name}"),
        News::Many { count, names } => format!("{count} in {}", names.join(", ")),
        News::Refused(refusal) => format!("refused, {}", refusal.rule()),
        News::Delayed(refusal) => format!("delayed, {}", refusal.rule()),
    };
    client.state.announced.iter().map(|one| (one.number, words(&one.news))).collect()
}

fn one(number: u32, words: &str) -> (u32, String) {
    (number, words.to_owned())
}

#[test]
fn every_message_of_a_batch_is_said_and_the_same_words_twice_are_said_twice() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    client.arrives(&[message(2, 2, 5, "yes"), message(3, 2, 6, "no")]);
    client.arrives(&[message(4, 2, 7, "no")]);
    let all = [one(1, "Person 2: yes"), one(2, "Person 2: no"), one(3, "Person 2: no")];
    assert_eq!(said(&client), all);
    client.arrives(&[message(4, 2, 7, "no"), message(5, 1, 8, "my own")]);
    assert_eq!(said(&client).len(), 3, "what arrives twice is said once, one's own never");
}

#[test]
fn what_was_said_keeps_its_words_when_another_conversation_is_shown() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    client.arrives(&[message(2, 2, 5, "yes")]);
    client.act(Action::Show(None));
    assert_eq!(said(&client), [one(1, "Person 2: yes")]);
    client.arrives(&[message(3, 2, 6, "no")]);
    client.act(Action::Show(Some(room())));
    assert_eq!(said(&client)[1], one(2, "elsewhere, Person 2"));
}

#[test]
fn what_was_said_leaves_the_page_after_a_while_and_numbers_go_on() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let effects = client.arrives(&[message(2, 2, 5, "yes")]);
    assert!(effects.contains(&Effect::After(10_000, Timer::Announced(1))));
    client.act(Action::Elapsed(Timer::Announced(1)));
    assert!(said(&client).is_empty());
    client.arrives(&[message(3, 2, 6, "yes")]);
    assert_eq!(said(&client), [one(2, "Person 2: yes")]);
}

#[test]
fn a_withdrawn_message_is_no_longer_said() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    client.arrives(&[message(2, 2, 5, "oops"), message(3, 2, 6, "sorry")]);
    let withdrawn = Event::Withdrawn(Withdrawn { target: entry_id(2) });
    client.arrives(&[entry(4, 2, &withdrawn)]);
    assert_eq!(said(&client), [one(2, "Person 2: sorry")]);
}

#[test]
fn many_messages_at_once_are_counted() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let many: Vec<Entry> = (2..8).map(|number| message(number, 2, number as u8, "a")).collect();
    client.arrives(&many);
    assert_eq!(said(&client), [one(1, "6 in Person 2")]);
}

#[test]
fn messages_missed_while_the_line_was_down_are_counted_once_all_are_here() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    client.close(1006);
    client.reconnect();
    client.event(caught_up(vec![message(2, 2, 5, "a"), message(3, 1, 6, "own")], true));
    assert!(said(&client).is_empty());
    client.event(caught_up(vec![message(4, 2, 7, "b")], false));
    assert_eq!(said(&client), [one(1, "2 in Person 2")]);
}

#[test]
fn a_refusal_is_said_once() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    let id = id_of(&client.write(7, "a"), is_send);
    client.reply(id, Err(Refusal::Busy));
    client.now += 1_000;
    let id = id_of(&client.act(Action::Elapsed(Timer::Outbox)), is_send);
    client.reply(id, Err(Refusal::Busy));
    client.now += 1_000;
    let id = id_of(&client.act(Action::Elapsed(Timer::Outbox)), is_send);
    client.reply(id, Err(Refusal::NotFound));
    assert_eq!(said(&client), [one(1, "delayed, busy"), one(2, "refused, not-found")]);
}

#[test]
fn a_flood_keeps_the_newest_only() {
    let mut client = Client::live();
    client.open(&[created()], 0, None);
    for number in 2..52 {
        client.arrives(&[message(number, 2, number as u8, "again")]);
    }
    let said = said(&client);
    assert_eq!(said.len(), 20);
    assert_eq!(said.last(), Some(&one(50, "Person 2: again")));
}
