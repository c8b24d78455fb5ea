//! Who is here and who is typing: told to those who look at the conversation, kept nowhere.

use quietroom_tests::support::TestClient;
use shared_proto::id::{ConversationId, PersonId};
use shared_proto::wire::{Request, ServerEvent};

use crate::given::{device, stranger, two};

async fn presence(watcher: &TestClient, conversation: ConversationId, whom: PersonId) -> bool {
    watcher
        .event("presence", |arrival| match arrival.event {
            ServerEvent::Presence { conversation: place, person, here }
                if place == conversation && person == whom =>
            {
                Some(here)
            }
            _ => None,
        })
        .await
}

#[tokio::test]
async fn typing_is_seen_at_once_by_the_others_and_not_by_the_one_who_types() {
    let two = two().await;
    two.client.tell(Request::Typing { conversation: two.conversation });
    two.client.send(two.conversation, "what I typed").await;
    let order_of = async |typing: bool| {
        two.provider
            .event("typing, then the message", |arrival| match &arrival.event {
                ServerEvent::Typing { conversation, person } if typing => {
                    assert_eq!((*conversation, *person), (two.conversation, two.jonas.id));
                    Some(arrival.order)
                }
                ServerEvent::Entries { entries, .. }
                    if !typing && entries.iter().any(|entry| entry.author == two.jonas.id) =>
                {
                    Some(arrival.order)
                }
                _ => None,
            })
            .await
    };
    assert!(
        order_of(true).await < order_of(false).await,
        "typing is not held back behind a commit"
    );
    two.client.settle().await;
    let echoed = two.client.take_events();
    assert!(!echoed.iter().any(|arrival| matches!(arrival.event, ServerEvent::Typing { .. })));
}

#[tokio::test]
async fn typing_reaches_neither_strangers_nor_those_who_do_not_look() {
    let two = two().await;
    let stranger = device(&two.server, &stranger(&two.server)).await;
    let elsewhere = device(&two.server, &two.dana).await;
    two.client.tell(Request::Typing { conversation: two.conversation });
    two.provider
        .event("typing", |arrival| {
            matches!(arrival.event, ServerEvent::Typing { .. }).then_some(())
        })
        .await;
    for other in [&stranger, &elsewhere] {
        other.settle().await;
        let heard = other.take_events();
        assert!(
            heard.iter().all(|arrival| matches!(arrival.event, ServerEvent::Hello(_))),
            "{heard:?}"
        );
    }
}

#[tokio::test]
async fn somebody_is_here_while_any_device_of_theirs_is() {
    let two = two().await;
    let opened = two.provider.open(two.conversation).await;
    assert!(opened.here.contains(&two.jonas.id));
    let phone = device(&two.server, &two.jonas).await;
    two.client.hang_up();
    two.client.close_code().await;
    phone.settle().await;
    two.provider.settle().await;
    assert!(two.provider.open(two.conversation).await.here.contains(&two.jonas.id));
    phone.hang_up();
    loop {
        // The first device came and went too; the last word counts.
        if !presence(&two.provider, two.conversation, two.jonas.id).await {
            break;
        }
    }
    assert!(!two.provider.open(two.conversation).await.here.contains(&two.jonas.id));
    let again = device(&two.server, &two.jonas).await;
    assert!(presence(&two.provider, two.conversation, two.jonas.id).await);
    drop(again);
    assert!(!presence(&two.provider, two.conversation, two.jonas.id).await);
}

#[tokio::test]
async fn leaving_a_conversation_ends_its_typing_and_presence_but_not_its_messages() {
    let two = two().await;
    two.provider.request(Request::Leave { conversation: two.conversation }).await.unwrap();
    let _ = two.provider.take_events();
    two.client.tell(Request::Typing { conversation: two.conversation });
    two.client.hang_up();
    two.client.close_code().await;
    let phone = device(&two.server, &two.jonas).await;
    phone.send(two.conversation, "still here").await;
    two.provider.reads(two.conversation, &["still here"]).await;
    let heard = two.provider.take_events();
    assert!(
        heard.iter().all(|arrival| matches!(arrival.event, ServerEvent::Entries { .. })),
        "{heard:?}"
    );
}

#[tokio::test]
async fn nobody_learns_who_is_here_in_a_conversation_of_others() {
    let two = two().await;
    let stranger = device(&two.server, &stranger(&two.server)).await;
    let refused = stranger.request(Request::Open { conversation: two.conversation }).await;
    assert!(refused.is_err());
    two.client.hang_up();
    presence(&two.provider, two.conversation, two.jonas.id).await;
    stranger.settle().await;
    let heard = stranger.take_events();
    assert!(!heard.iter().any(|arrival| matches!(arrival.event, ServerEvent::Presence { .. })));
}
