//! The client leaves, the provider writes, the client signs in later and answers.

use quietroom_tests::support::TestServer;

use super::{mark_of, marked, open, send, sign_out, two_browsers};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_meanwhile_waits_unread_and_is_answered_later() {
    let two = two_browsers(TestServer::options()).await;
    send(&two.client, "I have to go").await;
    two.provider.reads("message-text", &["I have to go"]).await;
    marked(&two.client, "I have to go", "read").await;
    sign_out(&two.client).await;
    two.provider.gone("presence").await;
    send(&two.provider, "See you on Tuesday").await;
    send(&two.provider, "And bring the form").await;
    marked(&two.provider, "And bring the form", "sent").await;
    assert_eq!(mark_of(&two.provider, "And bring the form").await, "sent");

    two.client.sign_in(&two.server, &two.jonas).await;
    two.client.reads("unread", &["2"]).await;
    open(&two.client, two.conversation).await;
    let all = ["I have to go", "See you on Tuesday", "And bring the form"];
    two.client.reads("message-text", &all).await;
    two.client.find("new-divider").await;
    // All of it fits: there is nothing further down to jump to.
    two.client.gone("jump-latest").await;
    two.client.gone("unread").await;
    marked(&two.provider, "And bring the form", "read").await;
    send(&two.client, "I will").await;
    let all = ["I have to go", "See you on Tuesday", "And bring the form", "I will"];
    two.provider.reads("message-text", &all).await;
    two.provider.finish().await;
    two.client.finish().await;
}
