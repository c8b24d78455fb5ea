//! The practice key: changed while people write; wrong, missing or exposed, nothing starts and
//! nothing is changed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use quietroom_tests::support::TestServer;
use shared_proto::wire::Request;

use crate::given::{contents, device, two, two_on};

fn key_of(server: &TestServer) -> PathBuf {
    server.data().with_extension("key")
}

/// Tries to serve and to verify with this key; both are refused, change nothing and say why.
fn refused(server: &TestServer, key: &str) -> String {
    let before = contents(server.folder());
    let data = server.data().to_str().unwrap();
    let mut said = String::new();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
    for command in [&serve[..], &["verify"]] {
        let arguments = [command, &["--data", data, "--key-file", key]].concat();
        let output = server.command(&arguments, "");
        said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{command:?}: {said}");
        assert!(!said.contains("panicked at"), "{said}");
        assert!(contents(server.folder()) == before, "{command:?} changed something: {said}");
    }
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_changed_while_people_write_and_everything_stays_readable() {
    let mut two = two_on(TestServer::options().unhurried()).await;
    let data = two.server.data().to_str().unwrap().to_owned();
    let key = key_of(&two.server);
    let old = two.server.folder().join("old.key");
    fs::copy(&key, &old).unwrap();
    let mut created = Vec::new();
    for round in 0..3 {
        let send = |number| {
            let text = format!("{round} {number}");
            two.provider.begin(two.provider.message(two.conversation, &text)).unwrap()
        };
        let answers: Vec<_> = (0..50).map(send).collect();
        let printed = tokio::task::block_in_place(|| {
            two.server.succeed(&["key", "rotate", "--data", &data], "")
        });
        assert!(printed.contains(&format!("re-wrapped {} keys", 2 + round)), "{printed}");
        assert!(printed.contains(key.to_str().unwrap()) && printed.contains("copy"), "{printed}");
        for answer in answers {
            let result = answer.await.unwrap().result;
            assert!(result.is_ok(), "{result:?}");
        }
        created.push(two.provider.create(&[two.jonas.id]).await);
        let conversation = created[round];
        two.provider.open(conversation).await;
        two.provider.send(conversation, "in a new conversation").await;
    }
    let history = two.provider.history(two.conversation).await;
    assert_eq!(history.len(), 151, "and who began it");
    assert_ne!(fs::read(&key).unwrap(), fs::read(&old).unwrap());
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    two.server.sigterm().await;
    two.server.succeed(&["verify", "--data", &data], "");
    let said = refused(&two.server, old.to_str().unwrap());
    assert!(said.contains("this key does not open this data"), "{said}");
    two.server.restart().await;
    let reader = device(&two.server, &two.jonas).await;
    reader.open(two.conversation).await;
    assert_eq!(reader.history(two.conversation).await, history);
    for conversation in created {
        assert!(reader.request(Request::Open { conversation }).await.is_ok());
    }
}

#[tokio::test]
async fn the_key_is_changed_while_the_server_is_stopped() {
    let mut two = two().await;
    two.provider.send(two.conversation, "before").await;
    two.server.sigterm().await;
    let data = two.server.data().to_str().unwrap().to_owned();
    let before = fs::read(key_of(&two.server)).unwrap();
    two.server.succeed(&["key", "rotate", "--data", &data], "");
    assert_ne!(fs::read(key_of(&two.server)).unwrap(), before);
    two.server.restart().await;
    let reader = device(&two.server, &two.jonas).await;
    reader.open(two.conversation).await;
    reader.reads(two.conversation, &["before"]).await;
}

#[tokio::test]
async fn a_key_from_the_environment_is_not_changed_and_the_command_says_what_to_do() {
    let key = "0123456789abcdef".repeat(4);
    let server = TestServer::options().variable("QUIETROOM_KEY", key).start().await;
    let data = server.data().to_str().unwrap();
    let before = fs::read(server.data().join("keys")).unwrap();
    let output = server.command(&["key", "rotate", "--data", data], "");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("QUIETROOM_KEY") && said.contains("--key-file"), "{said}");
    assert_eq!(fs::read(server.data().join("keys")).unwrap(), before);
}

#[tokio::test]
async fn with_a_wrong_missing_exposed_or_malformed_key_nothing_starts_and_nothing_is_changed() {
    let mut two = two().await;
    two.provider.send(two.conversation, "kept").await;
    two.server.sigterm().await;
    let key = key_of(&two.server);
    let beside = two.server.folder().join("another.key");
    let path = beside.to_str().unwrap();
    let said = refused(&two.server, path);
    assert!(said.contains("is missing") && said.contains(path), "{said}");
    fs::write(&beside, "0f".repeat(32)).unwrap();
    fs::set_permissions(&beside, fs::Permissions::from_mode(0o600)).unwrap();
    let said = refused(&two.server, path);
    assert!(said.contains("this key does not open this data"), "{said}");
    fs::write(&beside, "0f".repeat(31)).unwrap();
    let said = refused(&two.server, path);
    assert!(said.contains("does not hold a key"), "{said}");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    let said = refused(&two.server, key.to_str().unwrap());
    assert!(said.contains("can be read by others") && said.contains("chmod 600"), "{said}");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    two.server.restart().await;
    let reader = device(&two.server, &two.jonas).await;
    reader.open(two.conversation).await;
    reader.reads(two.conversation, &["kept"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_sealed_anew_and_people_go_on_where_they_were() {
    let mut two = two_on(TestServer::options()).await;
    two.provider.send(two.conversation, "before the keys were exchanged").await;
    let history = two.client.history(two.conversation).await;
    let request = two.provider.message(two.conversation, "sent, and asked for again later");
    two.provider.request(request.clone()).await.unwrap();
    let data = two.server.data().to_owned();
    let text = data.to_str().unwrap().to_owned();
    let anew = two.server.folder().join("anew");
    let to = anew.to_str().unwrap().to_owned();
    let reseal = ["key", "reseal", "--data", &text, "--to", &to];
    let running = two.server.command(&reseal, "");
    assert!(!running.status.success(), "not while the server runs");
    assert!(String::from_utf8_lossy(&running.stderr).contains("in use"), "{running:?}");

    two.server.sigterm().await;
    let keys = fs::read(data.join("keys")).unwrap();
    let said = two.server.succeed(&reseal, "");
    assert!(said.contains("conversations 1") && said.contains("people 2"), "{said}");
    assert!(fs::read(data.join("keys")).unwrap() == keys, "what was there is not touched");
    two.server.succeed(&["verify", "--data", &text], "");
    // With the keys of one nothing of the other opens.
    let old = two.server.folder().join("old");
    fs::rename(&data, &old).unwrap();
    fs::rename(&anew, &data).unwrap();
    let mixed = two.server.folder().join("mixed");
    fs::create_dir(&mixed).unwrap();
    fs::copy(old.join("keys"), mixed.join("keys")).unwrap();
    let copied = Command::new("cp").arg("-r").arg(data.join("engine")).arg(&mixed).status();
    assert!(copied.unwrap().success());
    let key = key_of(&two.server);
    let arguments =
        ["verify", "--data", mixed.to_str().unwrap(), "--key-file", key.to_str().unwrap()];
    assert!(!two.server.command(&arguments, "").status.success());

    two.server.restart().await;
    two.server.succeed(&["audit", "show", "--data", &text, "--action", "key-rotated"], "");
    // The same sessions, the same conversation; a message sent again is still sent once.
    let client = two.client.reconnect().await.unwrap();
    client.open(two.conversation).await;
    let provider = two.provider.reconnect().await.unwrap();
    provider.open(two.conversation).await;
    provider.request(request).await.unwrap();
    provider.send(two.conversation, "and after").await;
    let now = client.history(two.conversation).await;
    assert_eq!(now[..history.len()], history);
    assert_eq!(now.len(), history.len() + 2);
    device(&two.server, &two.jonas).await.settle().await;
}
