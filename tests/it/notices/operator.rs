//! What the operator sees and does.

use quietroom_tests::support::smtp::Relay;
use quietroom_tests::support::{TestServer, eventually};
use shared_proto::people::Role;

use super::{SUBJECT, agree, at_once, said, told, two_told};
use crate::given::{device, two_on};
use crate::mail::through;

/// Runs `quietroom notify …`: whether it succeeded, and what it said.
fn notify(server: &TestServer, arguments: &[&str]) -> (bool, String) {
    let data = server.data().to_str().unwrap();
    let all = [&["notify"], arguments, &["--data", data]].concat();
    let output = server.command(&all, "");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[tokio::test]
async fn what_a_relay_never_takes_is_set_aside_and_goes_when_it_is_tried_again() {
    let mut relay = Relay::start().await;
    let options = through(&relay)
        .variable("QUIETROOM_NOTICE_ACTIVE_MS", "0")
        .variable("QUIETROOM_NOTICE_RETRY_MS", "50");
    let server = options.start().await;
    let dana = server.person_add("Dana Whitfield", Role::Owner);
    // The relay knows nobody who is called so.
    let never = server.person(
        &[
            "add",
            "--name",
            "Never",
            "--email",
            "never@example.org",
            "--role",
            "provider",
            "--password-stdin",
        ],
        "Never and a lake in autumn\n",
    );
    let never = never.lines().find_map(|line| line.strip_prefix("added ")).unwrap().to_owned();
    let provider = device(&server, &dana).await;
    let conversation = provider.create(&[never.trim().parse().unwrap()]).await;
    provider.send(conversation, "Good evening").await;
    let email = ["channel=\"email\""];
    eventually("it to be set aside", async || {
        (server.metric("quietroom_notices_set_aside", &email).await == 1.0).then_some(())
    })
    .await;
    let (_, status) = notify(&server, &["status"]);
    assert!(status.contains("1 set aside") && status.contains("550"), "{status}");
    assert!(status.contains(never.trim()) && !status.contains("never@"), "{status}");
    relay.down();
    let (done, said) = notify(&server, &["retry", "--channel", "email"]);
    assert!(done && said.contains("1 tried again"), "{said}");
    eventually("it to wait", async || {
        let (_, status) = notify(&server, &["status"]);
        (status.contains("email") && status.contains("cannot be reached")).then_some(())
    })
    .await;
    assert_eq!(server.metric("quietroom_notices_set_aside", &email).await, 0.0);
    assert!(server.metric("quietroom_notices_waiting", &email).await >= 1.0);
    relay.up().await;
    eventually("it to be set aside again", async || {
        (server.metric("quietroom_notices_set_aside", &email).await == 1.0).then_some(())
    })
    .await;
    let (done, said) = notify(&server, &["retry", "--id", "00"]);
    assert!(!done && said.contains("nothing of that name"), "{said}");
    assert!(!server.log().contains("example.org"), "{}", server.log());
}

#[tokio::test]
async fn notices_wait_for_a_relay_that_is_down_and_the_oldest_is_shown() {
    let mut relay = Relay::start().await;
    let options = through(&relay)
        .variable("QUIETROOM_NOTICE_ACTIVE_MS", "0")
        .variable("QUIETROOM_NOTICE_RETRY_MS", "50");
    let two = two_told(options).await;
    relay.down();
    two.provider.send(two.conversation, "Good evening").await;
    let email = ["channel=\"email\""];
    eventually("the oldest to be a second old", async || {
        let age = two.server.metric("quietroom_notices_oldest_seconds", &email).await;
        (age >= 1.0).then_some(())
    })
    .await;
    let failed = ["channel=\"email\"", "outcome=\"failed\""];
    assert!(two.server.metric("quietroom_notices_total", &failed).await >= 1.0);
    relay.up().await;
    let notice = relay.letter(&two.jonas.email).await;
    assert_eq!(notice.header("subject"), Some(SUBJECT));
    eventually("nothing to wait", async || {
        let waiting = two.server.metric("quietroom_notices_waiting", &email).await;
        let oldest = two.server.metric("quietroom_notices_oldest_seconds", &email).await;
        (waiting == 0.0 && oldest == 0.0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_test_says_what_became_of_it_and_why_says_why_not() {
    let two = two_on(at_once()).await;
    let who = &two.jonas.email;
    // The beginning of their conversation is told to nobody.
    said(&two.server, &[&two.jonas.id.to_string(), "email", "has not agreed"]).await;
    let (sent, said) = notify(&two.server, &["test", "--channel", "email", who]);
    assert!(!sent && said.contains("has not agreed"), "{said}");
    let (_, said) = notify(&two.server, &["why", who]);
    assert!(said.contains("email: is not told: has not agreed"), "{said}");
    agree(&two.client, true, true).await;
    let (sent, said) = notify(&two.server, &["test", "--channel", "email", who]);
    assert!(sent && said.contains(".eml"), "{said}");
    told(&two.server, who, 1).await;
    let (_, said) = notify(&two.server, &["why", who]);
    assert!(said.contains("email: is told"), "{said}");
    assert!(said.contains("sms: is not told: has no address"), "{said}");
    let (_, status) = notify(&two.server, &["status"]);
    assert_eq!(status.matches("0 waiting").count(), 3, "{status}");
}
