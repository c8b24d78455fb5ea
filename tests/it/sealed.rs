//! Nothing anyone wrote can be read in the data directory, the log or the metrics.

use std::path::Path;

use quietroom_tests::support::people::{post, try_sign_in};
use quietroom_tests::support::{Person, TestServer};
use shared_proto::codec;
use shared_proto::http as api;
use shared_proto::people::{PersonCard, Role};
use shared_proto::refusal::Refusal;
use shared_proto::wire::Request;

use crate::given::device;

/// Every file under `folder`, with its path.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for item in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let kind = item.file_type().unwrap();
        if kind.is_dir() {
            found.extend(files(&item.path()));
        } else if kind.is_file() {
            let bytes = std::fs::read(item.path()).unwrap();
            found.push((item.path().display().to_string(), bytes));
        }
    }
    found
}

#[tokio::test]
async fn no_word_of_anyone_is_found_on_disk_in_the_log_or_in_the_metrics() {
    let mut server = TestServer::options().flag("--log-format", "json").start().await;
    let link = server.announced("set-up:").await;
    let address = server.address().clone();
    let form = api::SetUp {
        token: link.split_once('#').unwrap().1.to_owned(),
        practice: "canary-practice".to_owned(),
        name: "canary-owner".to_owned(),
        email: "canary-owner-mail@example.org".to_owned(),
        password: "canary-password-of-the-owner".to_owned(),
        time_zone: "Europe/Berlin".into(),
        ..api::SetUp::default()
    };
    let answer = post(&address, api::SET_UP, codec::encode(&form), None).await.unwrap();
    let owner: Result<PersonCard, Refusal> = codec::decode(&answer.body).unwrap();
    let owner = Person {
        id: owner.unwrap().id,
        name: form.name.clone(),
        role: Role::Owner,
        email: form.email.clone(),
        password: form.password.clone(),
    };
    let client = server.person_add("Canaryclient Name", Role::Client);
    try_sign_in(&address, "canary-unknown@example.org", "canary-wrong-password").await.unwrap();
    try_sign_in(&address, &client.email, "canary-wrong-password").await.unwrap();
    let provider = device(&server, &owner).await;
    let conversation = provider.create(&[client.id]).await;
    provider.open(conversation).await;
    let withdrawn = provider.send(conversation, "canary-withdrawn").await;
    provider.request(Request::Withdraw { conversation, target: withdrawn }).await.unwrap();
    for number in 0..30 {
        provider.send(conversation, &format!("canary-message number {number}")).await;
    }
    let long = provider.message(conversation, &"canary-refused ".repeat(1_000));
    provider.request(long).await.unwrap_err();
    let find = Request::FindPeople { text: "canary-search".to_owned() };
    provider.request(find).await.unwrap();
    let reader = device(&server, &client).await;
    reader.open(conversation).await;
    reader.send(conversation, "canary-answer").await;
    let token = provider.session().cookie.split_once('=').unwrap().1.to_owned();

    let metrics = server.metrics().await;
    let mut places = files(server.folder());
    server.sigterm().await;
    places.extend(files(server.folder()));
    places.push(("the metrics".to_owned(), metrics.into_bytes()));
    assert!(places.len() > 4, "there is something to search: {}", places.len());
    assert!(places.iter().map(|place| place.1.len()).sum::<usize>() > 20_000);
    let words =
        ["canary", "Canary", "lakeside", "example.org", client.name.as_str(), token.as_str()];
    for (place, bytes) in &places {
        for word in words {
            let hit = bytes.windows(word.len()).position(|window| window == word.as_bytes());
            if let Some(hit) = hit {
                let around = &bytes[hit.saturating_sub(60)..(hit + 60).min(bytes.len())];
                panic!("{word:?} in {place}: {:?}", String::from_utf8_lossy(around));
            }
        }
    }
    // UTF-16 and reversed bytes would be seen too if a store kept them so; names of people are the
    // likeliest leak, so look for them in any case.
    for (place, bytes) in &places {
        let lower = bytes.to_ascii_lowercase();
        assert!(!lower.windows(6).any(|window| window == b"canary"), "{place}");
    }
}

#[tokio::test]
async fn the_key_and_the_data_are_for_the_servers_user_only() {
    use std::os::unix::fs::PermissionsExt;
    let server = TestServer::start().await;
    server.person_add("Dana Whitfield", Role::Owner);
    let key = server.data().with_extension("key");
    for path in [server.data(), &key] {
        let mode = std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} is {mode:o}", path.display());
    }
}
