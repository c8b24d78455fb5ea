//! Who is told, and when.

use quietroom_tests::support::smtp::Relay;
use quietroom_tests::support::{TestServer, eventually};
use shared_proto::notice::{Quiet, Wishes};
use shared_proto::people::Role;
use shared_proto::practice::PracticeChange;
use shared_proto::time::Millis;
use shared_proto::wire::Request;

use super::{agree, at_once, notices, read, said, told, two_told, wish};
use crate::given::{Two, device, two_on};
use crate::mail::through;
use crate::office::{change_practice, practice};

#[tokio::test]
async fn a_client_who_agreed_is_told_once_until_they_have_read() {
    let two = two_told(at_once()).await;
    for text in ["Good evening", "Are you there?", "It can wait"] {
        two.provider.send(two.conversation, text).await;
    }
    told(&two.server, &two.jonas.email, 1).await;
    let last = two.provider.send(two.conversation, "Until tomorrow").await;
    // Another conversation is another burst, and comes after what is decided of this one.
    let other = two.provider.create(&[two.jonas.id]).await;
    two.provider.send(other, "About Friday").await;
    told(&two.server, &two.jonas.email, 2).await;
    read(&two.client, two.conversation, last).await;
    // Right after they have read, before the room has kept that they did.
    two.provider.send(two.conversation, "Good morning").await;
    told(&two.server, &two.jonas.email, 3).await;
    // Whoever writes is told of nothing they wrote.
    assert!(notices(&two.server, &two.dana.email).is_empty());
}

#[tokio::test]
async fn nobody_is_told_who_has_not_agreed_and_the_folder_says_why() {
    let two = two_on(at_once()).await;
    two.provider.send(two.conversation, "Good evening").await;
    let line = said(&two.server, &[&two.jonas.id.to_string(), "email", "has not agreed"]).await;
    assert!(!line.contains("example.org"), "{line}");
    said(&two.server, &[&two.jonas.id.to_string(), "sms", "has not agreed"]).await;
    assert!(notices(&two.server, &two.jonas.email).is_empty());
    assert!(!super::why(&two.server).contains("Good evening"));
}

#[tokio::test]
async fn a_provider_is_told_by_email_without_asking_for_it() {
    let two = two_on(at_once()).await;
    two.client.send(two.conversation, "I cannot sleep").await;
    told(&two.server, &two.dana.email, 1).await;
    agree(&two.provider, false, false).await;
    let other = two.provider.create(&[two.jonas.id]).await;
    two.client.send(other, "And now").await;
    said(&two.server, &[&two.dana.id.to_string(), "email", "has not agreed"]).await;
    assert_eq!(notices(&two.server, &two.dana.email).len(), 1);
}

#[tokio::test]
async fn what_the_practice_has_switched_off_is_sent_to_nobody() {
    let two = two_on(at_once()).await;
    agree(&two.client, true, true).await;
    let mut settings = practice(&two.provider).await.settings;
    settings.policies.notify.email = false;
    let change = PracticeChange::Settings(Box::new(settings));
    change_practice(&two.provider, change).await.unwrap();
    two.provider.send(two.conversation, "Good evening").await;
    said(&two.server, &[&two.jonas.id.to_string(), "email", "the practice has switched this off"])
        .await;
    assert!(notices(&two.server, &two.jonas.email).is_empty());
}

#[tokio::test]
async fn somebody_who_is_there_is_told_once_they_have_gone() {
    let two = two_on(TestServer::options().variable("QUIETROOM_NOTICE_ACTIVE_MS", "6000")).await;
    agree(&two.client, true, false).await;
    let sent = two.provider.send(two.conversation, "Good evening").await;
    said(&two.server, &[&two.jonas.id.to_string(), "held", "was active a moment ago"]).await;
    assert!(notices(&two.server, &two.jonas.email).is_empty());
    told(&two.server, &two.jonas.email, 1).await;
    read(&two.client, two.conversation, sent).await;
    // Who signs out is there no more, and does not have to be waited for.
    let fresh = device(&two.server, &two.jonas).await;
    fresh.session().sign_out().await;
    two.client.session().sign_out().await;
    two.provider.send(two.conversation, "Are you gone?").await;
    told(&two.server, &two.jonas.email, 2).await;
    let jonas = two.jonas.id.to_string();
    let why = super::why(&two.server);
    let held = why.lines().filter(|line| line.contains(&jonas) && line.contains("held"));
    assert_eq!(held.count(), 1, "not a second time: {why}");
}

#[tokio::test]
async fn who_reads_in_time_is_not_told() {
    let two = two_on(TestServer::options().variable("QUIETROOM_NOTICE_ACTIVE_MS", "6000")).await;
    agree(&two.client, true, false).await;
    let sent = two.provider.send(two.conversation, "Good evening").await;
    said(&two.server, &[&two.jonas.id.to_string(), "held"]).await;
    read(&two.client, two.conversation, sent).await;
    // Somebody else, who does not read, is told: the time has passed.
    let mira = two.server.person_add("Mira Stranger", Role::Provider);
    // She comes after he was last heard of, so that she is there for longer.
    let _there = device(&two.server, &mira).await;
    let third = two.provider.create(&[mira.id]).await;
    two.provider.send(third, "Good evening").await;
    told(&two.server, &mira.email, 1).await;
    assert!(notices(&two.server, &two.jonas.email).is_empty());
}

/// Where it is two hours after the hour it is now in UTC.
fn hours_from(now: Millis, from: i64, until: i64) -> Quiet {
    let minute = (now.0 / 60_000 % 1_440) as i64;
    let of = |hours: i64| (minute + hours * 60).rem_euclid(1_440) as u16;
    Quiet { from: of(from), until: of(until) }
}

fn now() -> Millis {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Millis(since.as_millis() as u64)
}

#[tokio::test]
async fn quiet_hours_hold_what_comes_until_they_end() {
    let folder = tempfile::tempdir().unwrap();
    let clock = folder.path().join("clock");
    let options = at_once().variable("QUIETROOM_FAULT_CLOCK", clock.to_str().unwrap());
    let two = two_told(options).await;
    let quiet = Some(hours_from(now(), -1, 2));
    wish(&two.client, Wishes { quiet, ..Wishes::default() }).await;
    two.provider.send(two.conversation, "Good evening").await;
    said(&two.server, &[&two.jonas.id.to_string(), "held", "quiet hours"]).await;
    assert!(notices(&two.server, &two.jonas.email).is_empty());
    std::fs::write(&clock, (3 * 60 * 60 * 1_000).to_string()).unwrap();
    // It looks again by itself; another entry has it look now.
    two.provider.send(two.conversation, "Good morning").await;
    told(&two.server, &two.jonas.email, 1).await;
}

#[tokio::test]
async fn a_reminder_comes_once() {
    let two = two_told(at_once().variable("QUIETROOM_NOTICE_HOUR_MS", "400")).await;
    let reminded = Wishes { remind_after: Some(1), ..Wishes::default() };
    wish(&two.client, reminded).await;
    two.provider.send(two.conversation, "Good evening").await;
    told(&two.server, &two.jonas.email, 2).await;
    // Somebody else who is told after that and reminded: another reminder would have come before.
    let mira = two.server.person_add("Mira Stranger", Role::Provider);
    wish(&device(&two.server, &mira).await, reminded).await;
    let other = two.provider.create(&[mira.id]).await;
    two.provider.send(other, "Good evening").await;
    told(&two.server, &mira.email, 2).await;
    told(&two.server, &two.jonas.email, 2).await;
}

/// A server whose relay can be away, and two of whom the client agreed to email.
async fn relayed() -> (Relay, Two) {
    let relay = Relay::start().await;
    let options = through(&relay)
        .variable("QUIETROOM_NOTICE_ACTIVE_MS", "0")
        .variable("QUIETROOM_NOTICE_RETRY_MS", "50");
    let two = two_told(options).await;
    (relay, two)
}

async fn waits(two: &Two) {
    eventually("a notice to wait", async || {
        let failed = ["channel=\"email\"", "outcome=\"failed\""];
        (two.server.metric("quietroom_notices_total", &failed).await >= 1.0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn who_was_not_told_after_all_is_told_of_what_comes_next() {
    let (mut relay, two) = relayed().await;
    let jonas = two.jonas.id.to_string();
    relay.down();
    two.provider.send(two.conversation, "Good evening").await;
    waits(&two).await;
    agree(&two.client, false, false).await;
    said(&two.server, &[&jonas, "email", "dropped", "has not agreed"]).await;
    // Nobody was told: it is decided anew, and what that comes to is said.
    eventually("it to be decided anew", async || {
        let why = super::why(&two.server);
        let dropped = why.find("dropped")?;
        why[dropped..].contains("email  not told").then_some(())
    })
    .await;
    relay.up().await;
    agree(&two.client, true, false).await;
    two.provider.send(two.conversation, "Are you there?").await;
    assert_eq!(relay.letter(&two.jonas.email).await.header("subject"), Some(super::SUBJECT));
}

#[tokio::test]
async fn what_was_withdrawn_before_it_was_sent_is_told_to_nobody() {
    let (mut relay, two) = relayed().await;
    let jonas = two.jonas.id.to_string();
    let read_of = two.provider.send(two.conversation, "Good evening").await;
    relay.letter(&two.jonas.email).await;
    read(&two.client, two.conversation, read_of).await;
    relay.down();
    let sent = two.provider.send(two.conversation, "Are you there?").await;
    waits(&two).await;
    let withdraw = Request::Withdraw { conversation: two.conversation, target: sent };
    two.provider.request(withdraw).await.unwrap();
    said(&two.server, &[&jonas, "email", "dropped", "has been withdrawn"]).await;
    relay.up().await;
    // What comes after that is another thing.
    two.provider.send(two.conversation, "Until tomorrow").await;
    eventually("the next", async || {
        let letters = relay.letters(&two.jonas.email);
        assert!(letters.len() <= 2, "{letters:?}");
        (letters.len() == 2).then_some(())
    })
    .await;
}

#[tokio::test]
async fn who_has_been_told_is_said_to_have_been() {
    let two = two_told(at_once()).await;
    two.provider.send(two.conversation, "Good evening").await;
    told(&two.server, &two.jonas.email, 1).await;
    two.provider.send(two.conversation, "Are you there?").await;
    said(&two.server, &[&two.jonas.id.to_string(), "not told", "since they last read"]).await;
}

#[tokio::test]
async fn an_invitation_to_a_conversation_is_sent_when_it_begins() {
    let two = two_told(at_once()).await;
    two.provider.create(&[two.jonas.id]).await;
    told(&two.server, &two.jonas.email, 1).await;
    let [notice] = &notices(&two.server, &two.jonas.email)[..] else { panic!("one") };
    assert!(notice.body.contains("Visit your account"), "{}", notice.body);
}
