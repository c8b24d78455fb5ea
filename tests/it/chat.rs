//! Sending, order, withdrawing, and what is refused.

use quietroom_tests::support::client::{client_message_id, texts};
use quietroom_tests::support::fresh_id;
use shared_proto::conversation::event::{Event, kind};
use shared_proto::id::{ClientMessageId, ConversationId, EntryId, PersonId};
use shared_proto::limits;
use shared_proto::people::Role;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::{Direction, Reply, Request, ServerEvent};

use crate::given::{device, stranger, two};

#[tokio::test]
async fn a_message_reaches_everyone_in_order_and_its_sender_before_the_acknowledgement() {
    let two = two().await;
    let mut sent = Vec::new();
    for number in 0..20 {
        let request = two.provider.message(two.conversation, &format!("message {number}"));
        sent.push(two.provider.begin(request).unwrap());
    }
    let mut replies = Vec::new();
    for answer in sent {
        let answer = answer.await.unwrap();
        let Ok(Reply::Sent { entry, .. }) = answer.result else { panic!("{answer:?}") };
        replies.push((answer.order, entry));
    }
    assert!(replies.is_sorted_by_key(|(_, entry)| *entry), "ids rise in the order of sending");
    let mut echoed = std::collections::HashMap::new();
    for arrival in two.provider.take_events() {
        if let ServerEvent::Entries { entries, .. } = arrival.event {
            echoed.extend(entries.into_iter().map(|entry| (entry.id, arrival.order)));
        }
    }
    for (order, entry) in replies {
        assert!(echoed[&entry] < order, "the entry comes before its acknowledgement");
    }
    two.client.holds(two.conversation, 20).await;
    let expected: Vec<String> = (0..20).map(|number| format!("message {number}")).collect();
    assert_eq!(texts(&two.client.held(two.conversation)), expected);
    assert_eq!(texts(&two.provider.held(two.conversation)), expected);
    assert_eq!(two.client.held(two.conversation), two.client.history(two.conversation).await);
    assert_eq!(two.client.breaches(), Vec::<String>::new());
}

#[tokio::test]
async fn both_sides_talk_and_see_one_order() {
    let two = two().await;
    for round in 0..10 {
        two.provider.send(two.conversation, &format!("question {round}")).await;
        two.client.send(two.conversation, &format!("answer {round}")).await;
    }
    two.provider.holds(two.conversation, 20).await;
    two.client.holds(two.conversation, 20).await;
    assert_eq!(two.provider.held(two.conversation), two.client.held(two.conversation));
}

#[tokio::test]
async fn a_text_is_trimmed_and_nothing_else_of_it_changes() {
    let two = two().await;
    let text = "\u{202e}Ünïcødé \u{0} 👩‍👩‍👧‍👦\r\n\ttabs and <b>marks</b> &amp; e\u{301}";
    two.provider.send(two.conversation, &format!("  \n{text}\t ")).await;
    two.client.reads(two.conversation, &[text]).await;
}

#[tokio::test]
async fn a_withdrawn_message_leaves_no_text_behind() {
    let two = two().await;
    let secret = two.client.send(two.conversation, "I should not have said that").await;
    two.provider.holds(two.conversation, 1).await;
    let request = Request::Withdraw { conversation: two.conversation, target: secret };
    let Ok(Reply::Sent { entry: withdrawal, .. }) = two.client.request(request.clone()).await
    else {
        panic!("one's own message can be withdrawn")
    };
    let target = two
        .provider
        .event("the withdrawal", |arrival| match &arrival.event {
            ServerEvent::Entries { entries, .. } => entries
                .iter()
                .find(|entry| entry.id == withdrawal)
                .map(|entry| Event::decode(entry).unwrap()),
            _ => None,
        })
        .await;
    let Event::Withdrawn(withdrawn) = target else { panic!("{target:?}") };
    assert_eq!(withdrawn.target, secret);
    for reader in [&two.provider, &two.client] {
        let history = reader.history(two.conversation).await;
        let kinds: Vec<u16> = history.iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds, [kind::BEGUN, kind::REDACTED, kind::WITHDRAWN]);
        let opened = reader.open(two.conversation).await;
        assert_eq!(texts(&opened.page.entries), ["[withdrawn]"]);
    }
    assert_eq!(two.client.request(request).await, Err(Refusal::AlreadyWithdrawn));
}

#[tokio::test]
async fn only_ones_own_messages_can_be_withdrawn() {
    let two = two().await;
    let entry = two.provider.send(two.conversation, "mine").await;
    let created = two.client.history(two.conversation).await[0].id;
    let withdraw = |target| Request::Withdraw { conversation: two.conversation, target };
    assert_eq!(two.client.request(withdraw(entry)).await, Err(Refusal::NotAuthor));
    assert_eq!(two.provider.request(withdraw(created)).await, Err(Refusal::NotAMessage));
    assert_eq!(two.provider.request(withdraw(EntryId::MAX)).await, Err(Refusal::NotFound));
}

#[tokio::test]
async fn an_empty_or_overlong_text_is_refused_with_its_rule() {
    let two = two().await;
    let send =
        async |text: &str| two.client.request(two.client.message(two.conversation, text)).await;
    let refused = |rule| Err(Refusal::invalid(Field::Text, rule));
    assert_eq!(send("").await, refused(Rule::Empty));
    assert_eq!(send(" \n\u{2003}\t").await, refused(Rule::Empty));
    assert_eq!(send(&"é".repeat(8_001)).await, refused(Rule::TooLong { limit: 8_000 }));
    assert!(send(&format!(" {} ", "𝔸".repeat(8_000))).await.is_ok());
    two.provider.holds(two.conversation, 1).await;
    assert_eq!(two.provider.history(two.conversation).await.len(), 2);
}

#[tokio::test]
async fn the_same_message_sent_again_is_stored_once_and_answered_alike() {
    let mut two = two().await;
    two.client.send(two.conversation, "before").await;
    let request = two.client.message(two.conversation, "only once");
    let first = two.client.request(request.clone()).await;
    assert!(matches!(first, Ok(Reply::Sent { .. })), "{first:?}");
    two.provider.send(two.conversation, "between").await;
    assert_eq!(two.client.request(request.clone()).await, first);
    two.server.kill9();
    two.server.restart().await;
    let again = two.client.reconnect().await.unwrap();
    assert_eq!(again.request(request).await, first, "also after a crash");
    assert_eq!(texts(&again.history(two.conversation).await), ["before", "only once", "between"]);
}

#[tokio::test]
async fn the_same_message_sent_twice_at_once_is_stored_once() {
    let two = two().await;
    let request = two.client.message(two.conversation, "twice in one breath");
    let first = two.client.begin(request.clone()).unwrap();
    let second = two.client.begin(request).unwrap();
    let (first, second) = (first.await.unwrap().result, second.await.unwrap().result);
    assert!(first.is_ok(), "{first:?}");
    assert_eq!(first, second);
    assert_eq!(texts(&two.provider.history(two.conversation).await).len(), 1);
}

#[tokio::test]
async fn one_person_cannot_take_over_the_message_id_of_another() {
    let two = two().await;
    let request = two.client.message(two.conversation, "mine");
    two.client.request(request.clone()).await.unwrap();
    let Request::Send { client_message_id: id, conversation, held, .. } = request else {
        unreachable!()
    };
    let text = "something else".to_owned();
    let other = Request::Send { conversation, client_message_id: id, held, text };
    two.provider.request(other).await.unwrap();
    let history = two.provider.history(two.conversation).await;
    assert_eq!(texts(&history), ["mine", "something else"]);
    assert_eq!(history.iter().filter(|entry| client_message_id(entry) == Some(id)).count(), 2);
}

#[tokio::test]
async fn creating_again_with_the_same_id_answers_the_same_conversation() {
    let two = two().await;
    let request = Request::Create { client_id: fresh_id(), participants: vec![two.jonas.id] };
    let first = two.provider.request(request.clone()).await;
    assert!(matches!(first, Ok(Reply::Created(_))), "{first:?}");
    assert_eq!(two.provider.request(request).await, first);
    assert_eq!(two.provider.inbox().await.rows.len(), 2);
}

#[tokio::test]
async fn a_new_conversation_appears_on_every_device_of_its_members() {
    let two = two().await;
    let second = device(&two.server, &two.jonas).await;
    let conversation = two.provider.create(&[two.jonas.id]).await;
    for reader in [&two.client, &second] {
        let row = reader
            .event("the new row", |arrival| match &arrival.event {
                ServerEvent::Row(row) if row.conversation == conversation => Some(row.clone()),
                _ => None,
            })
            .await;
        let mut names: Vec<&str> = row.people.iter().map(|card| card.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["Dana Whitfield", "Jonas Keller"]);
        assert_eq!(row.unread, 0);
    }
}

#[tokio::test]
async fn who_can_be_in_a_conversation_is_ruled_on() {
    let two = two().await;
    let create =
        |participants: Vec<PersonId>| Request::Create { client_id: fresh_id(), participants };
    let refused = |rule| Err(Refusal::invalid(Field::Participants, rule));
    let provider = &two.provider;
    let crowd = |count: usize| {
        (0..count).map(|_| PersonId::from_random(fastrand::u128(..).to_be_bytes())).collect()
    };
    let (jonas, dana) = (two.jonas.id, two.dana.id);
    assert_eq!(provider.request(create(vec![])).await, refused(Rule::Empty));
    assert_eq!(provider.request(create(crowd(26))).await, refused(Rule::TooMany { limit: 25 }));
    assert_eq!(provider.request(create(vec![jonas, jonas])).await, refused(Rule::Duplicate));
    assert_eq!(provider.request(create(vec![dana])).await, refused(Rule::Duplicate));
    assert_eq!(provider.request(create(crowd(1))).await, refused(Rule::Unknown));
    assert_eq!(
        two.client.request(create(vec![dana])).await,
        Err(Refusal::NotAssigned),
        "a client begins with the providers they are assigned to"
    );
    let find = Request::FindPeople { text: String::new() };
    assert_eq!(two.client.request(find).await, Ok(Reply::People(vec![])), "and finds no others");
}

#[tokio::test]
async fn a_group_of_twenty_six_talks() {
    let two = two().await;
    let mut everyone = vec![two.jonas.id];
    let others: Vec<_> = std::thread::scope(|scope| {
        let server = &two.server;
        let adding: Vec<_> = (0..24)
            .map(|number| {
                scope.spawn(move || server.person_add(&format!("Guest {number}"), Role::Client))
            })
            .collect();
        adding.into_iter().map(|person| person.join().unwrap()).collect()
    });
    everyone.extend(others.iter().map(|person| person.id));
    assert_eq!(everyone.len(), *limits::PARTICIPANTS.end());
    let group = two.provider.create(&everyone).await;
    let guest = device(&two.server, &others[23]).await;
    let opened = guest.open(group).await;
    assert_eq!(opened.row.people.len(), limits::MEMBERS);
    two.provider.send(group, "Good morning, everyone").await;
    guest.reads(group, &["Good morning, everyone"]).await;
    two.client.holds(group, 1).await;
}

#[tokio::test]
async fn people_are_found_by_part_of_their_name() {
    let two = two().await;
    two.server.person_add("Élodie Marchand", Role::Client);
    let find = async |text: &str| match two
        .provider
        .request(Request::FindPeople { text: text.to_owned() })
        .await
    {
        Ok(Reply::People(people)) => people.into_iter().map(|card| card.name).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(find("KELL").await, ["Jonas Keller"]);
    assert_eq!(find("march").await, ["Élodie Marchand"]);
    assert_eq!(find("nobody of that name").await, Vec::<String>::new());
    assert!(find("").await.contains(&"Jonas Keller".to_owned()), "nothing typed lists people");
    let long = Request::FindPeople { text: "a".repeat(101) };
    assert_eq!(
        two.provider.request(long).await,
        Err(Refusal::invalid(Field::Query, Rule::TooLong { limit: 100 }))
    );
}

/// Every request that names a conversation, for one that names `conversation` and `entry`.
fn about(conversation: ConversationId, entry: EntryId) -> Vec<Request> {
    let client_message_id: ClientMessageId = fresh_id();
    vec![
        Request::Open { conversation },
        Request::History { conversation, from: EntryId::MAX, direction: Direction::Before },
        Request::History { conversation, from: EntryId::MIN, direction: Direction::After },
        Request::Send { conversation, client_message_id, held: Some(entry), text: "hello".into() },
        Request::Send { conversation, client_message_id, held: None, text: String::new() },
        Request::Withdraw { conversation, target: entry },
        Request::ReceivedUpTo { conversation, entry },
        Request::ReadUpTo { conversation, entry },
        Request::Typing { conversation },
        Request::Rows { conversations: vec![conversation] },
        Request::Leave { conversation },
    ]
}

#[tokio::test]
async fn a_stranger_is_answered_exactly_as_if_there_were_no_such_conversation() {
    let two = two().await;
    let entry = two.provider.send(two.conversation, "between us").await;
    let stranger = device(&two.server, &stranger(&two.server)).await;
    let absent = ConversationId::from_random(fastrand::u128(..).to_be_bytes());
    for (real, made_up) in about(two.conversation, entry).into_iter().zip(about(absent, entry)) {
        let name = format!("{real:?}");
        let (real, made_up) =
            (stranger.request_or_silence(real).await, stranger.request_or_silence(made_up).await);
        assert_eq!(real, made_up, "{name}");
        assert!(
            matches!(real, None | Some(Err(Refusal::NotFound)) | Some(Ok(Reply::Done)))
                || real == Some(Ok(Reply::Rows(Vec::new()))),
            "{name} is answered {real:?}"
        );
    }
    stranger.settle().await;
    let heard: Vec<_> = stranger
        .take_events()
        .into_iter()
        .filter(|arrival| !matches!(arrival.event, ServerEvent::Hello(_)))
        .collect();
    assert!(heard.is_empty(), "{heard:?}");
    assert_eq!(texts(&two.client.history(two.conversation).await), ["between us"]);
}
