//! A session: its start, its end, and what stands across the top.

use quietroom_tests::support::{TestServer, fresh_id};
use shared_proto::conversation::command::{Command, New};
use shared_proto::conversation::event::Event;
use shared_proto::conversation::state::{Ending, List};
use shared_proto::practice::PracticeChange;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::time::Millis;
use shared_proto::wire::{Direction, Due, Reply, Request, ServerEvent};

use super::{act, begin, fold, hears, saying, session, shelf};
use crate::clock::{Clock, HOUR, now};
use crate::given::{device, two, two_on};
use crate::office::{change_practice, practice};

fn at(offset: i64) -> Millis {
    Millis(u64::try_from(now() + offset).unwrap())
}

#[tokio::test]
async fn nobody_writes_before_the_start_and_everybody_at_it_by_the_servers_clock() {
    let clock = Clock::new();
    let two = two_on(clock.options()).await;
    let start = at(HOUR);
    let talk = session(&two.provider, &[two.jonas.id], Some(start)).await.unwrap();
    for client in [&two.provider, &two.client] {
        let refused = client.request(client.message(talk, "early")).await;
        assert_eq!(refused, Err(Refusal::NotStarted { starts_at: start }));
    }
    let row = two.client.open(talk).await.row;
    assert_eq!(row.state.list(two.jonas.id, at(0)), List::Scheduled, "both see the start");
    clock.jump(HOUR - 1_000);
    let refused = two.client.request(two.client.message(talk, "a second early")).await;
    assert_eq!(refused, Err(Refusal::NotStarted { starts_at: start }));
    clock.jump(HOUR + 1_000);
    for person in [&two.dana, &two.jonas] {
        // Who was idle for an hour signs in again.
        let client = device(&two.server, person).await;
        client.open(talk).await;
        client.send(talk, "in time").await;
    }
}

#[tokio::test]
async fn the_host_moves_and_cancels_a_session_and_both_are_told() {
    let two = two().await;
    let talk = session(&two.provider, &[two.jonas.id], Some(at(HOUR))).await.unwrap();
    two.client.open(talk).await;
    let later = at(2 * HOUR);
    let reschedule = Command::Reschedule { starts_at: Some(later) };
    let refused = act(&two.client, talk, reschedule.clone()).await;
    assert_eq!(refused, Err(Refusal::HostOnly));
    act(&two.provider, talk, reschedule).await.unwrap();
    let told = hears(&two.client, talk, "another start", |event| match event {
        Event::Rescheduled(body) => Some(body.starts_at),
        _ => None,
    });
    assert_eq!(told.await, Some(later));
    act(&two.provider, talk, Command::Cancel).await.unwrap();
    let told = hears(&two.client, talk, "that it is off", |event| {
        matches!(event, Event::Cancelled).then_some(())
    });
    told.await;
    for client in [&two.provider, &two.client] {
        let archived = shelf(client, Request::Archive { after: None }).await;
        assert_eq!(archived, [talk]);
        assert!(!shelf(client, Request::Inbox { after: None }).await.contains(&talk));
        assert_eq!(client.request(client.message(talk, "still?")).await, Err(Refusal::Ended));
    }
    let ended = fold(&two.client, talk).await.ended().unwrap();
    assert_eq!(ended.how, Ending::Cancelled);
}

#[tokio::test]
async fn completing_is_rehearsed_can_be_undone_and_then_is_final() {
    let two = two().await;
    let talk = session(&two.provider, &[two.jonas.id], None).await.unwrap();
    two.provider.open(talk).await;
    two.client.open(talk).await;
    two.provider.send(talk, "unread so far").await;
    let phone = device(&two.server, &two.jonas).await;
    two.client.tell(Request::Draft { conversation: talk, text: "half a sentence".into() });
    phone
        .event("the draft", |arrival| {
            matches!(&arrival.event, ServerEvent::Draft { text, .. } if !text.is_empty())
                .then_some(())
        })
        .await;
    let rehearse = Request::Rehearse { conversation: talk };
    assert_eq!(two.client.request(rehearse.clone()).await, Err(Refusal::HostOnly));
    let Ok(Reply::Rehearsal(open)) = two.provider.request(rehearse).await else { panic!() };
    assert_eq!(open.unread, [(two.jonas.id, 1)]);
    assert_eq!(open.drafts, [two.jonas.id]);
    assert_eq!(open.waiting, []);

    let later = |id| Request::Later {
        conversation: talk,
        id,
        due: Due::Undoable,
        command: Command::Complete,
    };
    assert_eq!(two.client.request(later(fresh_id())).await, Err(Refusal::HostOnly));
    let first = fresh_id();
    assert_eq!(two.provider.request(later(first)).await, Ok(Reply::Done));
    // While it can be undone everything goes on.
    two.client.send(talk, "one more thing").await;
    let undo = Request::CallBack { conversation: talk, id: first };
    assert_eq!(two.client.request(undo.clone()).await, Err(Refusal::NotFound), "another's");
    for _ in 0..2 {
        let called_back = two.provider.request(undo.clone()).await;
        assert_eq!(called_back, Ok(Reply::CalledBack(Command::Complete)));
    }
    // A retry of what was undone completes nothing.
    assert_eq!(two.provider.request(later(first)).await, Ok(Reply::Done));
    assert!(!two.provider.inbox().await.rows.iter().any(|row| row.pending));

    let second = fresh_id();
    assert_eq!(two.provider.request(later(second)).await, Ok(Reply::Done));
    hears(&two.client, talk, "that it is completed", |event| {
        matches!(event, Event::Completed).then_some(())
    })
    .await;
    assert_eq!(fold(&two.client, talk).await.ended().unwrap().how, Ending::Completed);
}

#[tokio::test]
async fn a_completed_session_is_read_by_its_members_and_nothing_is_written_also_after_a_restart() {
    let mut two = two().await;
    let talk = session(&two.provider, &[two.jonas.id], None).await.unwrap();
    two.provider.open(talk).await;
    let said = two.provider.send(talk, "goodbye").await;
    // What was begun before the server went down is done when it is back.
    let (id, due, command) = (fresh_id(), Due::Undoable, Command::Complete);
    let later = Request::Later { conversation: talk, id, due, command };
    assert_eq!(two.provider.request(later).await, Ok(Reply::Done));
    two.server.kill9();
    two.server.restart().await;
    let provider = device(&two.server, &two.dana).await;
    let client = device(&two.server, &two.jonas).await;
    provider.open(talk).await;
    hears(&provider, talk, "that it is completed", |event| {
        matches!(event, Event::Completed).then_some(())
    })
    .await;
    let commands = [
        saying("more", fresh_id()),
        Command::Withdraw { target: said },
        Command::Announce { text: "more".into() },
        Command::Reschedule { starts_at: None },
        Command::Cancel,
        Command::Complete,
        Command::Add { person: two.jonas.id },
        Command::Remove { person: two.jonas.id },
        Command::Leave,
    ];
    for device in [&provider, &client] {
        for command in &commands {
            let refused = act(device, talk, command.clone()).await;
            assert_eq!(refused, Err(Refusal::Ended), "{command:?}");
        }
        let history = device.page(talk, said, Direction::After).await;
        assert!(!history.entries.is_empty());
        assert_eq!(shelf(device, Request::Archive { after: None }).await, [talk]);
    }
}

#[tokio::test]
async fn an_announcement_comes_from_the_practice_and_is_edited_live_by_the_host() {
    let two = two().await;
    let settings = practice(&two.provider).await.settings;
    let settings = shared_proto::practice::Settings { announcement: "Call 112".into(), ..settings };
    change_practice(&two.provider, PracticeChange::Settings(Box::new(settings))).await.unwrap();
    let talk = begin(&two.provider, New::ongoing(vec![two.jonas.id])).await.unwrap();
    assert_eq!(fold(&two.client, talk).await.announcement, "Call 112");
    let announce = |text: &str| Command::Announce { text: text.into() };
    assert_eq!(act(&two.client, talk, announce("mine")).await, Err(Refusal::HostOnly));
    let longest = format!("{}{}", "👨‍👩‍👧‍👦".repeat(30), "é".repeat(90));
    act(&two.provider, talk, announce(&longest)).await.unwrap();
    let told = hears(&two.client, talk, "the announcement", |event| match event {
        Event::Announced(body) => Some(body.text),
        _ => None,
    });
    assert_eq!(told.await, longest);
    let too_long = Refusal::invalid(Field::Announcement, Rule::TooLong { limit: 120 });
    assert_eq!(act(&two.provider, talk, announce(&"é".repeat(121))).await, Err(too_long));
    assert_eq!(act(&two.provider, talk, announce(&longest)).await, Ok(None), "it says so already");
}

#[tokio::test]
async fn a_full_group_with_the_longest_announcement_is_kept_over_a_restart() {
    let mut server = TestServer::start().await;
    let host = server.person_add("Hana Host", shared_proto::people::Role::Owner);
    let people: Vec<_> = (0..25)
        .map(|n| server.person_add(&format!("Client {n}"), shared_proto::people::Role::Client))
        .collect();
    let provider = device(&server, &host).await;
    let ids: Vec<_> = people.iter().map(|person| person.id).collect();
    let talk = begin(&provider, New::ongoing(ids.clone())).await.unwrap();
    let one_more = server.person_add("One Too Many", shared_proto::people::Role::Client);
    let add = Command::Add { person: one_more.id };
    let full = Refusal::invalid(Field::Participants, Rule::TooMany { limit: 25 });
    assert_eq!(act(&provider, talk, add).await, Err(full));
    let words = "🧑🏽‍🤝‍🧑🏿".repeat(30);
    act(&provider, talk, Command::Announce { text: words.clone() }).await.unwrap();
    let before = fold(&provider, talk).await;
    server.kill9();
    server.restart().await;
    let again = device(&server, &host).await;
    let after = fold(&again, talk).await;
    assert_eq!((after.announcement.as_str(), after.members.len()), (words.as_str(), 26));
    assert_eq!(after, before);
    server.sigterm().await;
    server.succeed(&["verify", "--data", server.data().to_str().unwrap()], "");
}

#[tokio::test]
async fn only_the_host_is_shown_the_emails_of_the_others() {
    let two = two().await;
    let emails = Request::Emails { conversation: two.conversation };
    let Ok(Reply::Emails(shown)) = two.provider.request(emails.clone()).await else { panic!() };
    assert!(shown.contains(&(two.jonas.id, two.jonas.email.clone())));
    assert_eq!(two.client.request(emails).await, Err(Refusal::HostOnly));
    two.client.open(two.conversation).await;
    act(&two.provider, two.conversation, Command::Announce { text: "hi".into() }).await.unwrap();
    two.client.settle().await;
    for arrival in two.client.take_events() {
        let bytes = format!("{:?}", arrival.event);
        assert!(!bytes.contains(&two.dana.email) || matches!(arrival.event, ServerEvent::Hello(_)));
        assert!(!bytes.contains(&two.dana.email), "not in the hello either");
    }
}
