//! Many people at once.

use std::collections::HashMap;
use std::time::Instant;

use quietroom_tests::support::wait::eventually_within;
use quietroom_tests::support::{PATIENCE, Session, TestClient, TestServer, eventually, outbox};
use shared_proto::id::{ConversationId, PersonId};
use shared_proto::limits;
use shared_proto::people::{PersonCard, Role};

use super::{SUBJECT, at_once};

const GROUPS: usize = 40;
const OF_EACH: usize = 25;

/// Who hosts each group, signed in, and the group.
fn hosts(server: &TestServer, file: &std::path::Path) -> Vec<(Session, ConversationId)> {
    let lines = std::fs::read_to_string(file).unwrap();
    let of = |line: &str| {
        let mut columns = line.split('\t');
        let id: PersonId = columns.next()?.parse().ok()?;
        let cookie = format!("__Host-quietroom={}", columns.next()?);
        let conversation = columns.next()?.parse().ok()?;
        let me = PersonCard { id, name: String::new(), role: Role::Provider };
        Some((Session { me, cookie, server: server.address().clone() }, conversation))
    };
    // Of each group the first is its host.
    lines.lines().step_by(OF_EACH + 1).filter_map(of).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_entries_to_a_thousand_people_are_a_thousand_notices() {
    let prepared = TestServer::options().prepared();
    let data = prepared.folder().join("data");
    let sessions = prepared.folder().join("sessions");
    let people = (GROUPS * (OF_EACH + 1)).to_string();
    let arguments = [
        "seed",
        "--data",
        data.to_str().unwrap(),
        "--people",
        &people,
        "--conversations",
        &GROUPS.to_string(),
        "--members",
        &(OF_EACH + 1).to_string(),
        "--sessions-to",
        sessions.to_str().unwrap(),
    ];
    prepared.succeed(&arguments, "");
    let server = at_once().unhurried().data(&data).start().await;
    let begun = Instant::now();
    let mut writing = Vec::new();
    for (session, conversation) in hosts(&server, &sessions) {
        let host = TestClient::connect(&session).await;
        writing.push(tokio::spawn(async move {
            host.open(conversation).await;
            for number in 0..250 {
                host.send(conversation, &format!("Message {number}")).await;
            }
        }));
    }
    assert_eq!(writing.len(), GROUPS);
    for one in writing {
        one.await.unwrap();
    }
    let sent = ["channel=\"email\"", "outcome=\"sent\""];
    let everyone = (GROUPS * OF_EACH) as f64;
    eventually_within(3 * PATIENCE, "every notice", async || {
        (server.metric("quietroom_notices_total", &sent).await >= everyone).then_some(())
    })
    .await;
    // The disk that messages wait for is not theirs alone.
    let at_once = limits::NOTICES_UNDERWAY as f64;
    let fastest = (everyone - at_once) / f64::from(limits::NOTICE_FILES_PER_SECOND);
    assert!(begun.elapsed().as_secs_f64() >= fastest, "{:?}", begun.elapsed());
    // Somebody who is told after all of them: a second to any would have been on its way before.
    let late = server.pair();
    let host = TestClient::connect(&server.sign_in(&late.0).await).await;
    let conversation = host.create(&[late.1.id]).await;
    super::said(&server, &[&late.1.id.to_string(), "email", "has not agreed"]).await;
    let client = TestClient::connect(&server.sign_in(&late.1).await).await;
    super::agree(&client, true, false).await;
    host.send(conversation, "Good evening").await;
    eventually("theirs", async || {
        let to = format!("To: {}", late.1.email);
        let mut letters = outbox::files(server.data()).into_iter().rev();
        letters.find(|file| std::fs::read_to_string(file).unwrap().contains(&to)).map(|_| ())
    })
    .await;
    let mut of_each: HashMap<String, usize> = HashMap::new();
    for file in outbox::files(server.data()) {
        let letter = std::fs::read_to_string(file).unwrap();
        assert!(letter.contains(SUBJECT));
        let to = letter.lines().find(|line| line.starts_with("To: ")).unwrap();
        *of_each.entry(to.to_owned()).or_default() += 1;
    }
    assert_eq!(of_each.len(), GROUPS * OF_EACH + 1);
    assert!(of_each.values().all(|count| *count == 1), "one each");
}
