//! What the operator is told: readiness, the log, and what an operator's own machine may do to the
//! server.

use quietroom_tests::support::http::Request;
use quietroom_tests::support::people::try_sign_in;
use quietroom_tests::support::server::binary;
use quietroom_tests::support::{TestServer, eventually};
use serde_json::Value;

use crate::given::{device, two, two_on};

/// `/readyz` of the metrics listener: its status and what it says.
async fn ready(server: &TestServer) -> Option<(u16, String)> {
    let socket = server.metrics_socket();
    let answer = Request::get("/readyz").send(socket, &socket.to_string()).await.ok()?;
    Some((answer.status, answer.text()))
}

#[tokio::test]
async fn a_server_that_is_stopping_says_that_it_is_not_ready() {
    let folder = tempfile::tempdir().unwrap();
    let hold = folder.path().join("hold");
    let options =
        TestServer::options().variable("QUIETROOM_FAULT_HOLD_SYNC", hold.to_str().unwrap());
    let mut two = two_on(options).await;
    assert_eq!(ready(&two.server).await.unwrap().0, 200);
    std::fs::write(&hold, b"").unwrap();
    let request = two.provider.message(two.conversation, "on its way");
    let _answer = two.provider.begin(request).unwrap();
    let held = hold.with_extension("held");
    eventually("the message to be on its way", async || held.exists().then_some(())).await;
    two.server.signal(libc::SIGTERM);
    eventually("the server to say so", async || {
        (ready(&two.server).await? == (503, "stopping\n".to_owned())).then_some(())
    })
    .await;
    std::fs::remove_file(&hold).unwrap();
    let (status, _) = two.server.sigterm().await;
    assert_eq!(status.code(), Some(0));
}

#[tokio::test]
async fn something_kept_where_no_sync_reaches_it_is_noticed() {
    let two = two().await;
    assert_eq!(ready(&two.server).await.unwrap().0, 200);
    assert!(two.server.metric("quietroom_engine_unsound", &[]).await < 0.5);
    let blob = two.server.data().join("engine/blobs/1");
    std::fs::write(&blob, b"outside the log").unwrap();
    eventually("the server to notice", async || {
        (ready(&two.server).await? == (503, "the store is unsound; see the log\n".to_owned()))
            .then_some(())
    })
    .await;
    assert!(two.server.metric("quietroom_engine_unsound", &[]).await > 0.5);
    assert!(two.server.log().contains("may not survive a power cut"));
    std::fs::remove_file(&blob).unwrap();
    eventually("the server to notice", async || (ready(&two.server).await?.0 == 200).then_some(()))
        .await;
}

#[tokio::test]
async fn every_line_of_a_json_log_is_json_and_tells_by_id_who_came_and_went() {
    let two = two_on(TestServer::options().flag("--log-format", "json")).await;
    let server = &two.server;
    try_sign_in(server.address(), &two.jonas.email, "not the password").await.unwrap();
    try_sign_in(server.address(), "nobody@example.org", "not the password").await.unwrap();
    let phone = device(server, &two.jonas).await;
    phone.hang_up();
    phone.close_code().await;
    let events = eventually("the socket's end in the log", async || {
        let log = server.log();
        let whole = log.rfind('\n').map_or("", |end| &log[..end]);
        let events: Vec<Value> = whole
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
            .collect();
        events.iter().any(|event| event["message"] == "a socket ended").then_some(events)
    })
    .await;
    let jonas = two.jonas.id.to_string();
    let of = |message: &str| -> Vec<&Value> {
        events.iter().filter(|event| event["message"] == message).collect()
    };
    for event in &events {
        assert!(event["timestamp"].is_string() && event["level"].is_string(), "{event}");
    }
    let opened = of("a socket opened");
    assert_eq!(opened.len(), 3);
    let ended = of("a socket ended");
    assert_eq!(ended[0]["person"], jonas);
    assert_eq!(ended[0]["reason"], "left");
    assert!(opened.iter().any(|event| event["socket"] == ended[0]["socket"]));
    assert_eq!(of("a sign-in failed")[0]["person"], jonas);
    assert_eq!(of("a sign-in failed: nobody has this email").len(), 1);
}

#[tokio::test]
async fn the_practice_key_may_come_from_the_environment() {
    let key = "0123456789abcdef".repeat(4);
    let options = TestServer::options().variable("QUIETROOM_KEY", key.as_str());
    let mut server = options.start().await;
    assert!(!server.data().with_extension("key").exists(), "nothing is written beside the data");
    server.restart().await;
    server.kill9();
    let data = server.data().to_str().unwrap();
    let verified = |key: &str| {
        std::process::Command::new(binary())
            .args(["verify", "--data", data])
            .env("QUIETROOM_KEY", key)
            .output()
            .unwrap()
            .status
            .success()
    };
    assert!(!verified(&"f".repeat(64)), "another key does not open it");
    assert!(verified(&key));
}

#[tokio::test]
async fn the_command_line_is_answered_again_after_the_server_ran_out_of_files() {
    let two = two().await;
    let pid = i32::try_from(two.server.pid()).unwrap();
    let mut before = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    let few = |limit: &libc::rlimit| libc::rlimit { rlim_cur: 3, ..*limit };
    #[expect(unsafe_code, reason = "std has no call for the limits of another process")]
    // SAFETY: both limits are live values of this frame, and the process is our own child.
    unsafe {
        assert_eq!(libc::prlimit(pid, libc::RLIMIT_NOFILE, std::ptr::null(), &raw mut before), 0);
        let few = few(&before);
        assert_eq!(
            libc::prlimit(pid, libc::RLIMIT_NOFILE, &raw const few, std::ptr::null_mut()),
            0
        );
    }
    let data = two.server.data().to_str().unwrap().to_owned();
    let asking = std::process::Command::new(binary())
        .args(["person", "list", "--data", &data])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    eventually("the server to say that it cannot", async || {
        two.server.log().contains("the control socket cannot take a command").then_some(())
    })
    .await;
    #[expect(unsafe_code, reason = "std has no call for the limits of another process")]
    // SAFETY: as above.
    unsafe {
        libc::prlimit(pid, libc::RLIMIT_NOFILE, &raw const before, std::ptr::null_mut());
    }
    let output = asking.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).contains(&two.jonas.email));
}
