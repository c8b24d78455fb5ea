//! A change a client made is told also when they leave the conversation it was to be told in.

use shared_proto::conversation::event::{Event, Left, Part};
use shared_proto::people::Role;

use super::*;
use crate::store::{activity, conversations, people};

/// Hands a change that waits to its room, as the clock does, until what waits is another.
async fn handed_over(hub: &Arc<Hub>, told: activity::Told) -> Option<activity::Told> {
    let (conversation, client, revision) = told;
    let by = By::Clock(Box::new(hub.directory.card(client).unwrap()));
    let message = Message::Write { by, write: Write::Activity { revision } };
    assert!(hub.send(conversation, message).is_ok());
    loop {
        let waiting = activity::waiting(&hub.store, None).unwrap();
        if waiting != [told] {
            return waiting.first().copied();
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_a_client_changed_before_they_left_is_told_in_another_conversation() {
    let store = store();
    let ben = PersonRecord { role: Role::Client, assigned: vec![ANA], ..person(BEN, "b@b") };
    put(&store, people::add(&store, &ben)).await;
    let mut talk = Talk::begin(&store).await;
    let mut batch = Batch::default();
    activity::intend(&store, &ben, &[Part::Phone], &mut batch).unwrap();
    put(&store, batch).await;
    let left = Event::Left(Left { person: BEN });
    talk.append(&store, &[(BEN, Audience::Members, left)]).await;
    let hub = hub(store, &[person(ANA, "a@a"), ben, person(CARA, "c@c")]);

    let first = activity::waiting(&hub.store, None).unwrap()[0];
    assert_eq!(first.0, TALK);
    let second = handed_over(&hub, first).await.expect("it waits still");
    assert_ne!(second.0, TALK);
    assert_eq!((second.1, second.2), (first.1, first.2));
    assert_eq!(handed_over(&hub, second).await, None);
    let made = conversations::load(&hub.store, second.0).unwrap().unwrap().header;
    assert_eq!((made.state.host(), made.entries), (Some(ANA), 2), "that it begins, and the change");
}
