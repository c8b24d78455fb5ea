//! Forms are given to chosen members, and nobody else learns of it.

use quietroom_tests::support::{TestClient, fresh_id};
use shared_proto::codec;
use shared_proto::conversation::command::Command;
use shared_proto::conversation::event::Event;
use shared_proto::form::ask::{Ask, Told};
use shared_proto::id::FormId;
use shared_proto::people::Role;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::{Direction, Reply, Request};

use super::{
    answers, ask, assignments, give, group, keep, opened, save, saved, short, submit, template,
};
use crate::conversations::{act, begin, hears};
use crate::given::device;

/// Whether anything that has reached somebody holds these words.
fn told(client: &TestClient, words: &str) -> bool {
    let events = client.take_events();
    let found = |bytes: &[u8]| bytes.windows(words.len()).any(|part| part == words.as_bytes());
    events.iter().any(|arrival| found(&codec::encode(&arrival.event)))
}

#[tokio::test]
async fn only_whom_it_is_given_to_and_the_host_get_a_byte_of_it() {
    let group = group().await;
    let form = saved(&group.host, short("canary-title")).await;
    let entry = give(&group.host, group.talk, form, &[group.ben.id]).await.unwrap();
    let given = hears(&group.bens, group.talk, "that there is a form", |event| match event {
        Event::Assigned(body) => Some(body),
        _ => None,
    });
    let given = given.await;
    assert_eq!((given.form, given.version, given.to), (form, 1, group.ben.id));
    assert_eq!(group.bens.inbox().await.rows[0].unread, 1, "it counts as a message does");
    let said = answers("canary-answer", true);
    keep(&group.bens, group.talk, entry, &said).await.unwrap();
    let Ok(Told::Submitted { entry: submission }) =
        submit(&group.bens, group.talk, entry, &said).await
    else {
        panic!()
    };
    hears(&group.host, group.talk, "that it is submitted", |event| match event {
        Event::Submitted(body) => (body.assigned == entry).then_some(()),
        _ => None,
    })
    .await;
    assert_eq!(group.host.inbox().await.rows[0].unread, 1);

    // By no way there is.
    let after = group.host.send(group.talk, "to all").await;
    group.caras.reads(group.talk, &["to all"]).await;
    let caras = &group.caras;
    let held = caras.held(group.talk);
    assert!(held.iter().all(|held| held.id != entry && held.id != submission));
    assert!(!told(caras, "canary"));
    for request in [
        Request::Inbox { after: None },
        Request::Rows { conversations: vec![group.talk] },
        Request::Open { conversation: group.talk },
        Request::History { conversation: group.talk, from: after, direction: Direction::Before },
        Request::Form(Ask::Assignments { conversation: group.talk, before: None }),
        Request::Accesses { conversation: group.talk, before: None },
    ] {
        let answer = codec::encode(&caras.request(request.clone()).await.unwrap());
        for words in ["canary", "Before", "form"] {
            let found = answer.windows(words.len()).any(|part| part == words.as_bytes());
            assert!(!found, "{words} in the answer to {request:?}");
        }
    }
    assert_eq!(caras.inbox().await.rows[0].unread, 1, "the message alone");
    assert_eq!(assignments(caras, group.talk).await, []);
    // As what is not there.
    let foreign = Ask::Open { conversation: group.talk, entry };
    let absent = Ask::Open { conversation: group.talk, entry: after };
    for ask_for in [foreign, absent] {
        assert_eq!(ask(caras, ask_for).await, Err(Refusal::NotFound));
    }
    for of in [entry, after] {
        assert_eq!(keep(caras, group.talk, of, &said).await, Err(Refusal::NotFound));
        assert_eq!(submit(caras, group.talk, of, &said).await, Err(Refusal::NotFound));
    }
    assert_eq!(keep(&group.host, group.talk, entry, &said).await, Err(Refusal::NotFound));
    assert!(!told(caras, "canary"));
    assert_eq!(caras.breaches(), Vec::<String>::new());
    group.verify().await;
}

#[tokio::test]
async fn what_was_given_is_filled_in_in_that_version_for_good() {
    let group = group().await;
    let mut body = short("Before we meet");
    let form = saved(&group.host, body.clone()).await;
    let entry = give(&group.host, group.talk, form, &[group.ben.id]).await.unwrap();
    body.title = "Something else".into();
    body.items.remove(0);
    let next = save(&group.host, Some(form), 1, &body).await;
    assert_eq!(next, Ok(Told::Saved { form, version: 2 }));
    let (_, shown, _) = opened(&group.bens, group.talk, entry).await.unwrap();
    let first = template(&group.host, form, Some(1)).await;
    assert_eq!((shown.version, &shown.form), (1, &first.form.clone().for_filling()));
    let said = answers("as it was asked", false);
    assert!(matches!(
        submit(&group.bens, group.talk, entry, &said).await,
        Ok(Told::Submitted { .. })
    ));
    let (_, read, found) = opened(&group.host, group.talk, entry).await.unwrap();
    assert_eq!((read, found), (first, said));
    let [assignment] = &assignments(&group.host, group.talk).await[..] else { panic!() };
    assert_eq!((assignment.version, assignment.title.as_str()), (1, "Before we meet"));
}

#[tokio::test]
async fn the_host_alone_gives_a_form_there_is_to_members_and_once() {
    let group = group().await;
    let form = saved(&group.host, short("Before we meet")).await;
    let ben = [group.ben.id];
    let by_a_client = give(&group.bens, group.talk, form, &[group.cara.id]).await;
    assert_eq!(by_a_client, Err(Refusal::HostOnly));
    let absent = give(&group.host, group.talk, FormId::from_bytes([7; 16]), &ben).await;
    assert_eq!(absent, Err(Refusal::NotFound));
    let later = Command::Assign { client_message_id: fresh_id(), form, version: 2, to: ben.into() };
    assert_eq!(act(&group.host, group.talk, later).await, Err(Refusal::NotFound));
    let dan = group.server.person_add("Dan Client", Role::Client);
    let to_a_stranger = give(&group.host, group.talk, form, &[ben[0], dan.id]).await;
    let unknown = Refusal::invalid(Field::Participants, Rule::Unknown);
    assert_eq!(to_a_stranger, Err(unknown));
    assert_eq!(assignments(&group.host, group.talk).await, []);

    let to = vec![group.ben.id, group.cara.id];
    let command = Command::Assign { client_message_id: fresh_id(), form, version: 1, to };
    let held = group.host.last_held(group.talk);
    let request = Request::Do { conversation: group.talk, held, command };
    let Ok(Reply::Sent { entry, at }) = group.host.request(request.clone()).await else { panic!() };
    let again = group.host.request(request.clone()).await;
    assert_eq!(again, Ok(Reply::Sent { entry, at }), "a retry");
    // Also when one has submitted theirs, and the room was loaded anew.
    let mine = assignments(&group.bens, group.talk).await.remove(0).entry;
    submit(&group.bens, group.talk, mine, &answers("why", false)).await.unwrap();
    let mut server = group.server;
    server.kill9();
    server.restart().await;
    let host = device(&server, &group.hana).await;
    assert_eq!(host.request(request).await, Ok(Reply::Sent { entry, at }));
    assert_eq!(assignments(&host, group.talk).await.len(), 2);
}

#[tokio::test]
async fn a_full_group_is_given_several_forms_at_once() {
    let group = group().await;
    let host = &group.host;
    let people: Vec<_> =
        (0..23).map(|n| group.server.person_add(&format!("Client {n}"), Role::Client)).collect();
    for person in &people {
        act(host, group.talk, Command::Add { person: person.id }).await.unwrap();
    }
    let form = saved(host, short(&"W".repeat(120))).await;
    let mut to = vec![group.ben.id, group.cara.id];
    to.extend(people.iter().map(|person| person.id));
    // More than fit one batch of the room.
    let waiting: Vec<_> = (0..6)
        .map(|_| {
            let to = to.clone();
            let command = Command::Assign { client_message_id: fresh_id(), form, version: 1, to };
            let held = host.last_held(group.talk);
            host.begin(Request::Do { conversation: group.talk, held, command }).unwrap()
        })
        .collect();
    for answer in waiting {
        assert!(matches!(answer.await.unwrap().result, Ok(Reply::Sent { .. })));
    }
    let all = assignments(host, group.talk).await;
    assert_eq!(all.len(), 150);
    assert!(all.windows(2).all(|pair| pair[0].entry > pair[1].entry), "newest first, each once");
    assert_eq!(assignments(&group.bens, group.talk).await.len(), 6);
    let more = give(host, group.talk, form, &to).await;
    assert!(more.is_ok(), "as many as may be open");
    assert!(give(host, group.talk, form, &to).await.is_ok());
    let full = Refusal::invalid(Field::Form, Rule::TooMany { limit: 200 });
    assert_eq!(give(host, group.talk, form, &to[..1]).await, Err(full));
    let mine = assignments(&group.bens, group.talk).await[0].entry;
    submit(&group.bens, group.talk, mine, &answers("why", false)).await.unwrap();
    give(host, group.talk, form, &to[..1]).await.unwrap();
    host.settle().await;
    assert_eq!(host.breaches(), Vec::<String>::new());
    group.verify().await;
}

#[tokio::test]
async fn who_reads_in_an_emergency_sees_no_form() {
    use shared_proto::conversation::command::New;
    use shared_proto::office::Ask as OfficeAsk;
    let three = crate::office::three().await;
    let talk = begin(&three.provider, New::ongoing(vec![three.jonas.id])).await.unwrap();
    let form = saved(&three.provider, short("canary-title")).await;
    let entry = give(&three.provider, talk, form, &[three.jonas.id]).await.unwrap();
    let open = OfficeAsk::EmergencyOpen {
        conversation: talk,
        reason: "The client may be in danger".into(),
    };
    three.owner.request(Request::Office(open)).await.unwrap();
    let page = three.owner.page(talk, shared_proto::id::EntryId::MAX, Direction::Before).await;
    assert!(page.entries.iter().all(|seen| seen.id != entry));
    let shown = ask(&three.owner, Ask::Open { conversation: talk, entry }).await;
    assert_eq!(shown, Err(Refusal::NotFound));
    let refused = keep(&three.owner, talk, entry, &answers("mine", false)).await;
    assert_eq!(refused, Err(Refusal::ReadOnly));
}
