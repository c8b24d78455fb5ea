//! The whole server with its files on an S3 server.

use std::time::Duration;

use quietroom_tests::support::http::Request;
use quietroom_tests::support::wait::eventually_within;
use quietroom_tests::support::weed::{ACCESS_KEY, BUCKET, SECRET_KEY, Weed};
use quietroom_tests::support::{ServerOptions, TestServer};
use shared_proto::file::ask::{Ask, Told};
use shared_proto::refusal::Refusal;

use super::{CHUNK, ask, fetch, send, share, text};
use crate::given::{device, two_on};

/// A server that keeps files there.
pub fn on(weed: &Weed) -> ServerOptions {
    TestServer::options()
        .unhurried()
        .flag("--s3-endpoint", weed.endpoint())
        .flag("--s3-bucket", BUCKET)
        .variable("QUIETROOM_S3_ACCESS_KEY", ACCESS_KEY)
        .variable("QUIETROOM_S3_SECRET_KEY", SECRET_KEY)
}

async fn ready(server: &TestServer) -> (u16, String) {
    let (socket, host) = (server.address().socket, &server.address().host);
    let answer = Request::get("/readyz").send(socket, host).await.unwrap();
    (answer.status, answer.text())
}

#[tokio::test(flavor = "multi_thread")]
async fn files_on_an_s3_server_are_sent_shared_read_and_there_after_a_restart() {
    let mut weed = Weed::start().await;
    let mut two = two_on(on(&weed)).await;
    let conversation = two.conversation;
    let whole = text(3 * CHUNK + 99);
    let first = send(&two.client, conversation, "b.txt", &whole).await.unwrap();
    share(&two.client, conversation, first, &[]).await.unwrap();
    let left = send(&two.client, conversation, "c.txt", &whole).await.unwrap();
    let cancel = ask(&two.client, Ask::Cancel { conversation, file: left }).await;
    assert_eq!(cancel, Ok(Told::Cancelled));
    assert!(!two.server.data().join("files").exists(), "nothing of it lies here");

    two.server.restart().await;
    let jonas = device(&two.server, &two.jonas).await;
    let dana = device(&two.server, &two.dana).await;
    assert!(fetch(&dana, conversation, first).await.body == whole);
    assert_eq!(ready(&two.server).await.0, 200);

    // While it is away nothing is taken for absent, and messages go on.
    weed.down();
    assert_eq!(fetch(&dana, conversation, first).await.status, 503);
    let late = send(&jonas, conversation, "d.txt", b"late").await;
    assert_eq!(late, Err(Refusal::Unavailable));
    let (status, why) = ready(&two.server).await;
    assert_eq!((status, why.starts_with("files")), (503, true), "{why}");
    jonas.send(conversation, "still here").await;
    weed.up().await;
    // An S3 server that has just come up answers before it finds everything again.
    let patience = Duration::from_secs(60);
    eventually_within(patience, "it to be ready again", async || {
        (ready(&two.server).await.0 == 200).then_some(())
    })
    .await;
    eventually_within(patience, "the file to be there again", async || {
        (fetch(&dana, conversation, first).await.body == whole).then_some(())
    })
    .await;

    two.server.sigterm().await;
    let data = two.server.data().to_str().unwrap().to_owned();
    let endpoint = weed.endpoint();
    let verify = [
        "verify",
        "--data",
        &data,
        "--s3-endpoint",
        &endpoint,
        "--s3-bucket",
        BUCKET,
        "--s3-access-key",
        ACCESS_KEY,
        "--s3-secret-key",
        SECRET_KEY,
    ];
    let printed = two.server.succeed(&verify, "");
    assert!(printed.contains("files 1 ok"), "{printed}");
    assert!(!two.server.log().contains(SECRET_KEY) && !two.server.log().contains(ACCESS_KEY));
}
