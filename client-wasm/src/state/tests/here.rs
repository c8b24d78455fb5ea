//! Who is here: known of who takes part, to who takes part.

use shared_proto::conversation::event::Left;

use super::*;

fn left(number: u64, who: u8) -> Entry {
    entry(number, 2, &Event::Left(Left { person: person(who) }))
}

#[test]
fn who_left_is_here_no_more_and_learns_of_nobody() {
    let mut client = Client::live();
    let participants = vec![person(1), person(3)];
    let created =
        entry(1, 2, &Event::Created(Created { host: person(2), participants, division: None }));
    client.open(&[created], 0, None);
    client.event(ServerEvent::Presence { conversation: room(), person: person(3), here: true });
    assert_eq!(client.conversation().here.len(), 2);
    client.arrives(&[left(2, 3)]);
    assert!(!client.conversation().here.contains(&person(3)));
    assert!(client.conversation().here.contains(&person(2)));
    client.arrives(&[left(3, 1)]);
    assert!(client.conversation().here.is_empty());
}
