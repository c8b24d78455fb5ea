//! What the log says of tries to get at what is not one's own (ASVS 16.3.2, 16.3.3).

use futures_util::{SinkExt, StreamExt};
use quietroom_tests::support::client::Upgrade;
use quietroom_tests::support::people::post;
use quietroom_tests::support::{PATIENCE, TestServer, fresh_id};
use shared_proto::audit::AuditFilter;
use shared_proto::http as api;
use shared_proto::office::Ask;
use shared_proto::people::PeopleFilter;
use shared_proto::wire::{Request, close};
use tokio_tungstenite::tungstenite::Message;

use crate::given::{Two, device, stranger, two_on};

/// The lines of the log that say all of `words`.
fn lines(two: &Two, words: &[&str]) -> Vec<String> {
    let log = two.server.log();
    let found = log.lines().filter(|line| words.iter().all(|word| line.contains(word)));
    found.map(str::to_owned).collect()
}

#[tokio::test]
async fn what_a_rule_keeps_from_somebody_is_logged_with_their_id_and_nothing_else() {
    let two = two_on(TestServer::options()).await;
    let mira = stranger(&two.server);
    let curious = device(&two.server, &mira).await;
    let (conversation, text) = (two.conversation, "a word to squeeze in".to_owned());
    let send = Request::Send { conversation, client_message_id: fresh_id(), held: None, text };
    let refused = [
        (&curious, Request::Open { conversation }, "not-found"),
        (&curious, send, "not-found"),
        (&curious, Request::Audit { filter: AuditFilter::default(), before: None }, "owner-only"),
        (
            &two.client,
            Request::Office(Ask::People { filter: PeopleFilter::default(), after: None }),
            "provider-only",
        ),
    ];
    for (client, request, rule) in refused {
        let person = client.me().id;
        let words = ["security=\"refused\"", &format!("rule=\"{rule}\""), &person.to_string()];
        let before = lines(&two, &words).len();
        client.request(request.clone()).await.unwrap_err();
        let after = lines(&two, &words);
        assert_eq!(after.len(), before + 1, "{request:?} {}", two.server.log());
    }
    // A mistake is none.
    two.client.request(two.client.message(conversation, " ")).await.unwrap_err();
    assert!(lines(&two, &["security=", "empty"]).is_empty());
    let said = lines(&two, &["security="]).join("\n");
    for word in ["squeeze", "Mira", "Jonas", "Dana", "example.org", &conversation.to_string()] {
        assert!(!said.contains(word), "{word}: {said}");
    }
}

#[tokio::test]
async fn nobody_fills_the_log_or_hides_another_in_it_by_asking_on_and_on() {
    let two = two_on(TestServer::options().unhurried()).await;
    let curious = device(&two.server, &stranger(&two.server)).await;
    let request = Request::Open { conversation: two.conversation };
    let begun = std::time::Instant::now();
    for _ in 0..300 {
        curious.request(request.clone()).await.unwrap_err();
    }
    let about = |person: &shared_proto::id::PersonId| {
        lines(&two, &["security=\"refused\"", &person.to_string()]).len()
    };
    let counted = two.server.metric("quietroom_refusals_total", &["rule=\"not-found\""]).await;
    assert!(counted >= 300.0, "{counted}");
    let most = 10 + usize::try_from(begun.elapsed().as_secs() / 6).unwrap() + 1;
    let said = about(&curious.me().id);
    assert!((10..=most).contains(&said), "{said} lines, {most} at most");
    let people = Request::Office(Ask::People { filter: PeopleFilter::default(), after: None });
    two.client.request(people).await.unwrap_err();
    assert_eq!(about(&two.client.me().id), 1);
}

#[tokio::test]
async fn what_is_no_frame_is_logged_with_whose_it_was_and_without_what_it_said() {
    let two = two_on(TestServer::options()).await;
    let jonas = two.client.me().id.to_string();
    let sent = [
        (Message::Binary("squeeze this in".into()), "malformed", close::MALFORMED),
        (Message::Text("squeeze this in".into()), "malformed", close::MALFORMED),
        (Message::Binary(vec![b's'; 1 << 20].into()), "too-big", close::TOO_BIG),
    ];
    for (message, reason, code) in sent {
        let words = ["security=\"malformed\"", &format!("reason=\"{reason}\""), &jonas];
        let before = lines(&two, &words).len();
        let upgrade = Upgrade::of(two.client.session());
        let mut socket = upgrade.connect(two.server.address()).await.unwrap();
        let _ = socket.send(message).await;
        let closing = async {
            while let Some(Ok(message)) = socket.next().await {
                if let Message::Close(frame) = message {
                    return frame.map(|frame| u16::from(frame.code));
                }
            }
            None
        };
        let closed = tokio::time::timeout(PATIENCE, closing).await.expect("the socket is closed");
        assert_eq!(closed, Some(code));
        assert_eq!(lines(&two, &words).len(), before + 1, "{}", two.server.log());
    }
    // From nobody, so of nobody.
    let server = two.server.address();
    let answer = post(server, api::SIGN_IN, b"squeeze this in".to_vec(), None).await.unwrap();
    assert_eq!(answer.status, 422);
    let said = lines(&two, &["security=\"malformed\""]);
    assert_eq!(said.iter().filter(|line| !line.contains("person=")).count(), 1, "{said:?}");
    assert!(!two.server.log().contains("squeeze"));
}
