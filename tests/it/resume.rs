//! Coming back after a drop: what came since, once, without a gap.

use futures_util::{SinkExt, StreamExt};
use quietroom_tests::support::TestServer;
use quietroom_tests::support::client::{Upgrade, texts};
use shared_proto::codec;
use shared_proto::id::{ClientMessageId, ConversationId, EntryId};
use shared_proto::limits::{RESUME_BYTES, RESUME_CONVERSATIONS, RESUME_ENTRIES};
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::{
    CatchUp, ClientFrame, Held, Reply, Request, ServerEvent, ServerFrame, close,
};
use tokio_tungstenite::tungstenite::Message;

use crate::given::{device, stranger, two, two_on};

#[tokio::test]
async fn a_device_that_was_away_gets_what_it_missed_once() {
    let two = two_on(TestServer::options().unhurried()).await;
    two.provider.send(two.conversation, "before").await;
    two.client.holds(two.conversation, 1).await;
    two.client.hang_up();
    two.client.close_code().await;
    for number in 0..120 {
        two.provider.send(two.conversation, &format!("missed {number}")).await;
    }
    let back = two.client.reconnect().await.unwrap();
    let meanwhile = two.provider.message(two.conversation, "while it resumes");
    let meanwhile = two.provider.begin(meanwhile).unwrap();
    back.resume().await.unwrap();
    meanwhile.await.unwrap().result.unwrap();
    two.provider.send(two.conversation, "after").await;
    back.reads(two.conversation, &["while it resumes", "after"]).await;
    assert_eq!(back.held(two.conversation), two.provider.history(two.conversation).await);
    assert_eq!(back.breaches(), Vec::<String>::new());
}

#[tokio::test]
async fn a_page_of_what_came_since_is_bounded_and_says_whether_there_is_more() {
    let two = two_on(TestServer::options().unhurried()).await;
    let held = two.provider.send(two.conversation, "held").await;
    for number in 0..60 {
        two.provider.send(two.conversation, &number.to_string()).await;
    }
    let ask = |last| Request::Resume { held: vec![Held { conversation: two.conversation, last }] };
    let away = device(&two.server, &two.jonas).await;
    let page = async |last| {
        assert_eq!(away.request(ask(last)).await, Ok(Reply::Done));
        away.event("the catch-up", |arrival| match &arrival.event {
            ServerEvent::CaughtUp { catch_up: CatchUp::Page { page, .. }, .. } => {
                Some(page.clone())
            }
            _ => None,
        })
        .await
    };
    let first = page(held).await;
    assert_eq!((first.entries.len(), first.more), (50, true));
    let second = page(first.entries[49].id).await;
    assert_eq!((second.entries.len(), second.more), (10, false));
    let nothing = page(second.entries[9].id).await;
    assert_eq!((nothing.entries.len(), nothing.more), (0, false));
}

#[tokio::test]
async fn a_device_too_far_behind_is_told_to_start_over() {
    let two = two_on(TestServer::options().unhurried()).await;
    let held = two.provider.send(two.conversation, "held").await;
    let mut next = held;
    let mut answers = Vec::new();
    for number in 0..=RESUME_ENTRIES {
        let request = two.provider.message(two.conversation, &number.to_string());
        answers.push(two.provider.begin(request).unwrap());
        if answers.len() == 32 {
            for answer in answers.drain(..) {
                answer.await.unwrap().result.unwrap();
            }
        }
    }
    for answer in answers {
        answer.await.unwrap().result.unwrap();
    }
    let away = device(&two.server, &two.jonas).await;
    let catch_up = async |last: EntryId| {
        let held = vec![Held { conversation: two.conversation, last }];
        assert_eq!(away.request(Request::Resume { held }).await, Ok(Reply::Done));
        away.event("the catch-up", |arrival| match &arrival.event {
            ServerEvent::CaughtUp { catch_up, .. } => Some(catch_up.clone()),
            _ => None,
        })
        .await
    };
    assert_eq!(catch_up(held).await, CatchUp::StartOver);
    let history = two.provider.history(two.conversation).await;
    next = next.max(history[history.len() - 1 - RESUME_ENTRIES].id);
    let CatchUp::Page { page, .. } = catch_up(next).await else {
        panic!("500 behind is not too far")
    };
    assert!(page.more);
}

#[tokio::test]
async fn a_conversation_goes_on_after_its_room_panicked() {
    let folder = tempfile::tempdir().unwrap();
    let panic = folder.path().join("panic");
    let options = TestServer::options()
        .unhurried()
        .variable("QUIETROOM_FAULT_PANIC_ROOM", panic.to_str().unwrap());
    let two = two_on(options).await;
    two.provider.send(two.conversation, "before").await;
    two.client.reads(two.conversation, &["before"]).await;
    std::fs::write(&panic, b"").unwrap();
    let message = two.provider.message(two.conversation, "meanwhile");
    assert_eq!(two.provider.request(message.clone()).await, Err(Refusal::Unavailable));
    // What the room had under way nobody was shown: whoever is in it comes back and resumes.
    let _ = two.provider.ask(message.clone()).await;
    for socket in [&two.provider, &two.client] {
        assert_eq!(socket.close_code().await, Some(close::GOING_AWAY));
    }
    let provider = two.provider.reconnect().await.unwrap();
    let client = two.client.reconnect().await.unwrap();
    client.resume().await.unwrap();
    provider.request(message).await.unwrap();
    client.reads(two.conversation, &["before", "meanwhile"]).await;
    assert_eq!(texts(&provider.history(two.conversation).await), ["before", "meanwhile"]);
}

/// A device that comes back to many conversations at once and reads slowly.
#[tokio::test]
async fn what_came_since_in_many_conversations_never_overruns_the_line() {
    let two = two_on(TestServer::options().unhurried()).await;
    let large = "x".repeat(7_900);
    let mut held = Vec::new();
    for _ in 0..RESUME_CONVERSATIONS {
        let conversation = two.provider.create(&[two.jonas.id]).await;
        let opened = two.provider.open(conversation).await;
        let last = opened.page.entries[0].id;
        two.provider.request(Request::Leave { conversation }).await.unwrap();
        for _ in 0..6 {
            two.provider.send(conversation, &large).await;
        }
        held.push(Held { conversation, last });
    }
    // 64 pages of 47 KB are 3 MB; nobody reads them while they are put in line.
    let session = two.client.session();
    let mut slow = Upgrade::of(session).connect(&session.server).await.unwrap();
    let mut rounds = 0;
    while !held.is_empty() {
        let request = Request::Resume { held: held.clone() };
        let frame = codec::encode(&ClientFrame { id: rounds, request });
        slow.send(Message::binary(frame)).await.unwrap();
        two.provider.settle().await;
        let (mut rest, mut bytes, mut whole) = (Vec::new(), 0, 0);
        loop {
            let message = slow.next().await.unwrap().unwrap();
            let Message::Binary(frame) = message else { continue };
            match codec::decode(&frame).unwrap() {
                ServerFrame::Reply { id, result } => {
                    assert_eq!((id, result), (rounds, Ok(Reply::Done)));
                    break;
                }
                ServerFrame::Event(ServerEvent::CaughtUp { conversation, catch_up }) => {
                    bytes += frame.len();
                    let CatchUp::Page { page, .. } = catch_up else { panic!("{catch_up:?}") };
                    match page.entries.len() {
                        0 => {
                            assert!(page.more);
                            let behind = held.iter().find(|one| one.conversation == conversation);
                            rest.push(*behind.unwrap());
                        }
                        6 => whole += 1,
                        other => panic!("{other} entries"),
                    }
                }
                ServerFrame::Event(_) => {}
            }
        }
        assert!(whole > 0, "each answer brings some further");
        assert!(bytes < RESUME_BYTES + 64 * 1_024, "{bytes} bytes in one answer");
        held = rest;
        rounds += 1;
    }
    assert!(rounds >= 5, "{rounds}");
}

#[tokio::test]
async fn a_message_tried_too_long_ago_is_not_taken_for_new() {
    let mut two = two_on(TestServer::options().unhurried()).await;
    let held = two.provider.send(two.conversation, "held").await;
    for chunk in (0..=RESUME_ENTRIES).collect::<Vec<_>>().chunks(32) {
        let texts = chunk.iter().map(|n| two.provider.message(two.conversation, &n.to_string()));
        let sent: Vec<_> = texts.map(|message| two.provider.begin(message).unwrap()).collect();
        for answer in sent {
            answer.await.unwrap().result.unwrap();
        }
    }
    // The room remembers what was sent lately; after a restart only the log does.
    two.server.kill9();
    two.server.restart().await;
    let back = two.client.reconnect().await.unwrap();
    let send = |held| Request::Send {
        conversation: two.conversation,
        client_message_id: ClientMessageId::from_random([3; 16]),
        held,
        text: "tried long ago".to_owned(),
    };
    for held in [Some(held), None] {
        assert_eq!(back.request(send(held)).await, Err(Refusal::TooFarBehind), "{held:?}");
    }
    let last = back.open(two.conversation).await.page.entries.last().unwrap().id;
    let Ok(Reply::Sent { entry, .. }) = back.request(send(Some(last))).await else { panic!() };
    let again = back.request(send(Some(last))).await;
    assert!(matches!(again, Ok(Reply::Sent { entry: same, .. }) if same == entry), "{again:?}");
}

#[tokio::test]
async fn a_conversation_of_others_is_gone_as_an_absent_one_is() {
    let two = two().await;
    let last = two.provider.send(two.conversation, "between us").await;
    let stranger = device(&two.server, &stranger(&two.server)).await;
    let absent = ConversationId::from_random([7; 16]);
    let held = [two.conversation, absent].map(|conversation| Held { conversation, last });
    assert_eq!(stranger.request(Request::Resume { held: held.to_vec() }).await, Ok(Reply::Done));
    for expected in [two.conversation, absent] {
        let catch_up = stranger
            .event("the answer", |arrival| match &arrival.event {
                ServerEvent::CaughtUp { conversation, catch_up } if *conversation == expected => {
                    Some(catch_up.clone())
                }
                _ => None,
            })
            .await;
        assert_eq!(catch_up, CatchUp::Gone);
    }
    two.provider.send(two.conversation, "still between us").await;
    stranger.settle().await;
    let heard = stranger.take_events();
    assert!(
        heard.iter().all(|arrival| matches!(arrival.event, ServerEvent::Hello(_))),
        "{heard:?}"
    );
}

#[tokio::test]
async fn what_came_since_carries_the_unread_count_and_the_read_mark() {
    let two = two().await;
    let held = two.provider.send(two.conversation, "held").await;
    two.client.tell(Request::ReadUpTo { conversation: two.conversation, entry: held });
    two.provider.send(two.conversation, "missed").await;
    two.client.settle().await;
    let away = device(&two.server, &two.jonas).await;
    let ask = vec![Held { conversation: two.conversation, last: held }];
    away.request(Request::Resume { held: ask }).await.unwrap();
    let catch_up = away
        .event("the catch-up", |arrival| match &arrival.event {
            ServerEvent::CaughtUp { catch_up, .. } => Some(catch_up.clone()),
            _ => None,
        })
        .await;
    let CatchUp::Page { page, here, unread, read_up_to, .. } = catch_up else { panic!() };
    assert_eq!(texts(&page.entries), ["missed"]);
    assert_eq!((unread, read_up_to), (1, Some(held)));
    assert!(here.contains(&two.dana.id));
}

#[tokio::test]
async fn more_conversations_than_the_limit_are_refused() {
    let two = two().await;
    let conversation = two.conversation;
    let held = vec![Held { conversation, last: EntryId::MIN }; RESUME_CONVERSATIONS + 1];
    let limit = RESUME_CONVERSATIONS as u32;
    assert_eq!(
        two.client.request(Request::Resume { held }).await,
        Err(Refusal::invalid(Field::Conversations, Rule::TooMany { limit }))
    );
}
