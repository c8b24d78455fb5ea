//! What stands in somebody's composer: the same on every device of theirs, and nobody else's.

use quietroom_tests::support::TestClient;
use shared_proto::id::ConversationId;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::{Request, ServerEvent};

use crate::given::{contents, device, stranger, two};

async fn draft(client: &TestClient, conversation: ConversationId) -> String {
    client
        .event("a draft", |arrival| match &arrival.event {
            ServerEvent::Draft { conversation: place, text } if *place == conversation => {
                Some(text.clone())
            }
            _ => None,
        })
        .await
}

fn type_in(client: &TestClient, conversation: ConversationId, text: &str) {
    client.tell(Request::Draft { conversation, text: text.to_owned() });
}

#[tokio::test]
async fn a_draft_is_the_same_on_every_device_and_survives_kill_9() {
    let mut two = two().await;
    assert_eq!(draft(&two.client, two.conversation).await, "", "nothing so far");
    let phone = device(&two.server, &two.jonas).await;
    // Long enough for several stored values, then shorter.
    let long = "ü".repeat(11_999);
    for text in ["half a", long.as_str(), "half a sentence"] {
        type_in(&two.client, two.conversation, text);
        assert_eq!(draft(&phone, two.conversation).await, text);
    }
    let row = phone.inbox().await.rows.remove(0);
    assert!(row.draft, "its row says so before it is opened");
    two.server.kill9();
    two.server.restart().await;
    let tablet = device(&two.server, &two.jonas).await;
    tablet.open(two.conversation).await;
    assert_eq!(draft(&tablet, two.conversation).await, "half a sentence");
    let again = device(&two.server, &two.jonas).await;
    type_in(&tablet, two.conversation, "");
    assert_eq!(draft(&again, two.conversation).await, "", "told at once");
    again.open(two.conversation).await;
    assert_eq!(draft(&again, two.conversation).await, "");
    two.server.sigterm().await;
    two.server.succeed(&["verify", "--data", two.server.data().to_str().unwrap()], "");
}

#[tokio::test]
async fn a_draft_is_nobody_elses_and_sealed() {
    let mut two = two().await;
    let phone = device(&two.server, &two.jonas).await;
    type_in(&two.client, two.conversation, "what I dare not say");
    assert_eq!(draft(&phone, two.conversation).await, "what I dare not say");
    two.provider.settle().await;
    let told = |client: &TestClient| {
        let events = client.take_events();
        events.iter().any(|arrival| format!("{arrival:?}").contains("dare not"))
    };
    two.provider.open(two.conversation).await;
    assert!(!told(&two.provider));
    let stranger = device(&two.server, &stranger(&two.server)).await;
    let refused = stranger
        .request_or_silence(Request::Draft { conversation: two.conversation, text: "mine".into() })
        .await;
    assert_eq!(refused, Some(Err(Refusal::NotFound)));
    let limit = shared_proto::limits::DRAFT_SCALARS as u32;
    let too_long = Request::Draft { conversation: two.conversation, text: "x".repeat(12_001) };
    let refused = two.client.request_or_silence(too_long).await;
    let rule = Refusal::invalid(Field::Text, Rule::TooLong { limit });
    assert_eq!(refused, Some(Err(rule)));
    two.server.sigterm().await;
    for (path, bytes) in contents(two.server.data()) {
        let found = bytes.windows(8).any(|part| part == b"dare not");
        assert!(!found, "{}", path.display());
    }
}
