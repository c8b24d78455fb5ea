//! The index goes on where it was, wherever that is: after a stop or a kill, from a store that has
//! none, or one that is damaged.

use quietroom_tests::support::{TestServer, eventually};
use shared_proto::limits;
use shared_proto::search::Search;

use super::{said, search, settled, two};
use crate::audit::tamper::{Records, backup, records};
use crate::given::{Two, device, times};

#[tokio::test]
async fn what_was_found_before_is_found_after_a_stop() {
    let mut two = two().await;
    two.client.send(two.conversation, "before the stop").await;
    settled(&two.provider, two.conversation).await;
    two.client.send(two.conversation, "just before the stop").await;
    two.server.sigterm().await;
    two.server.restart().await;
    let again = two.provider.reconnect().await.unwrap();
    eventually("both to be found", async || {
        let found = said(&again, "before").await;
        (found == ["just before the stop", "before the stop"]).then_some(())
    })
    .await;
    again.send(two.conversation, "after the stop").await;
    settled(&again, two.conversation).await;
    assert_eq!(said(&again, "after").await, ["after the stop"]);
}

#[tokio::test]
async fn a_kill_at_any_moment_loses_and_doubles_nothing_that_can_be_found() {
    let mut two = two().await;
    let mut expected = Vec::new();
    let (conversation, session) = (two.conversation, two.provider.session().clone());
    for run in 0..times(4, 40) {
        let client = quietroom_tests::support::TestClient::connect(&session).await;
        let mut sent = 0;
        for number in 0..30 {
            sent += 1;
            let text = format!("word {run} {number}");
            client.send(conversation, &text).await;
            expected.push(text);
            if fastrand::u8(..) < 12 {
                break;
            }
        }
        if run % 2 == 0 {
            // Within the moments in which the index is written: some of these are found.
            let wanted = fastrand::usize(1..=sent).min(limits::SEARCH_HITS);
            let words = Search { text: format!("\"word {run}\""), ..Search::default() };
            eventually("some to be found", async || {
                let found = super::ask(&client, words.clone()).await.unwrap();
                (found.hits.len() >= wanted).then_some(())
            })
            .await;
        }
        two.server.kill9();
        two.server.restart().await;
    }
    let client = device(&two.server, &two.dana).await;
    client.open(conversation).await;
    settled(&client, conversation).await;
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let search = Search { text: "word".into(), after, ..Default::default() };
        let page = super::ask(&client, search).await.unwrap();
        found.extend(page.hits.iter().map(super::whole));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    found.reverse();
    assert_eq!(found, expected);
}

/// The practice in another data directory, after `edit`.
async fn moved(two: &Two, edit: impl FnOnce(&mut Records)) -> TestServer {
    let path = |name: &str| two.server.folder().join(name);
    let said = |name: &str| path(name).to_str().unwrap().to_owned();
    let (from, store, keys) = (two.server.data().to_str().unwrap(), said("store"), said("keys"));
    two.server.succeed(&["backup", "--data", from, "--to", &store, "--keys-to", &keys], "");
    let mut kept = records(&std::fs::read(&store).unwrap());
    edit(&mut kept);
    std::fs::write(&store, backup(&kept)).unwrap();
    let data = said("moved");
    std::fs::copy(format!("{from}.key"), format!("{data}.key")).unwrap();
    let restore = ["restore", "--from", &store, "--keys", &keys, "--data", &data];
    two.server.succeed(&restore, "");
    two.server.succeed(&["verify", "--data", &data], "");
    TestServer::options().unhurried().data(data).start().await
}

fn is_of_index(record: &(Vec<u8>, Vec<u8>)) -> bool {
    matches!(record.0[0], b'I' | b'W')
}

async fn finds_again(two: &Two, server: &TestServer) {
    let again = device(server, &two.dana).await;
    eventually("it to be found again", async || {
        (said(&again, "found").await == ["to be found"]).then_some(())
    })
    .await;
    again.open(two.conversation).await;
    settled(&again, two.conversation).await;
}

async fn with_a_word() -> Two {
    let two = two().await;
    two.client.send(two.conversation, "to be found").await;
    settled(&two.provider, two.conversation).await;
    two
}

#[tokio::test]
async fn a_store_without_an_index_gets_one() {
    let two = with_a_word().await;
    let server = moved(&two, |records| {
        assert!(records.iter().any(is_of_index));
        records.retain(|record| !is_of_index(record));
    })
    .await;
    finds_again(&two, &server).await;
}

#[tokio::test]
async fn a_damaged_index_is_made_anew_and_is_nobodys_error() {
    for kind in [b'I', b'W'] {
        let two = with_a_word().await;
        let server = moved(&two, |records| {
            for (key, value) in records.iter_mut().filter(|(key, _)| key[0] == kind) {
                assert!(key.len() > 16);
                value[30] ^= 1;
            }
        })
        .await;
        let again = device(&server, &two.dana).await;
        // It finds what there is, and refuses nothing.
        search(&again, "found").await;
        finds_again(&two, &server).await;
        assert!(server.log().contains("made anew"), "{}", server.log());
    }
}

#[tokio::test]
async fn what_is_sealed_anew_is_found_too() {
    let mut two = with_a_word().await;
    two.server.sigterm().await;
    let from = two.server.data().to_str().unwrap().to_owned();
    let to = two.server.folder().join("resealed").to_str().unwrap().to_owned();
    two.server.succeed(&["key", "reseal", "--data", &from, "--to", &to], "");
    std::fs::copy(format!("{from}.key"), format!("{to}.key")).unwrap();
    let server = TestServer::options().unhurried().data(&to).start().await;
    finds_again(&two, &server).await;
}
